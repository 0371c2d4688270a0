"""The flagship on a coarse mesh, solved once for all tests that look at it."""

import pytest

import oxycell

COARSE = {"mesh.size": "400 mm", "mesh.growth": 20.0}


@pytest.fixture(scope="session")
def coarse():
    """Solver of variants of the flagship on the coarse mesh: changes → (solution, report); each variant is solved once."""
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
