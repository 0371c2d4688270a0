"""The flagship on a coarse mesh and the shipped cases as they are, each solved once for all tests of a file that look
at it."""

import pytest

import oxycell

COARSE = {  # 65 thousand cells
    "mesh.size": "600 mm",
    "mesh.growth": 50.0,
    "cell.mesh.gap_cells": 3,
    "cell.mesh.plate_cells": 2,
    "cell.mesh.cover_cells": 1,
    "cell.mesh.edge": "60 mm",
    "cell.mesh.floor": "100 mm",
    "cell.mesh.side": "1 m",
}


@pytest.fixture(scope="session")
def shipped():
    """Reports of shipped cases: name, with its operating point or as it stands → report; each is solved once."""
    solved = {}

    def solve(name, operating_point=False):
        case = oxycell.load(name)
        if not operating_point:
            case = case.replaced({"operating_point": None})
        key = name, case.operating_point is not None
        if key not in solved:
            solved[key] = oxycell.report(oxycell.solve(case))
        return solved[key]

    return solve


@pytest.fixture(scope="session")
def coarse():
    """Solver of variants of the flagship on the coarse mesh: changes → (solution, report); each variant is solved
    once."""
    solved = {}

    def solve(**changes):
        changes = {key.replace("__", "."): value for key, value in changes.items()}
        key = repr(sorted(changes.items()))
        if key not in solved:
            solution = oxycell.solve(oxycell.load("kraz-140ka").replaced(COARSE | changes))
            solved[key] = solution, oxycell.report(solution)
        return solved[key]

    return solve


def anode_currents(report):
    """Anode name → current [A]."""
    return {anode["name"]: anode["current_A"] for anode in report["anodes"]["list"]}
