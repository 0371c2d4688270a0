"""Meshes that are finer at random: what is drawn, and what counts as missed."""

from types import SimpleNamespace

import numpy as np

import oxycell
from benchmarks import refinements
from oxycell.errors import NotConverged


def test_drawn_meshes_are_finer_and_the_same_every_time():
    case = oxycell.load("kraz-140ka")
    drawn = [refinements.at_random(case, np.random.default_rng(3)) for _ in range(2)]
    assert drawn[0] == drawn[1] and len(drawn[0][0].split(", ")) == 6
    assert refinements.lattice_cells(case.replaced(drawn[0][1])) > refinements.lattice_cells(case)
    stated = case.replaced(refinements.stated(refinements.STATED["kraz-140ka"]["under the metal"]))
    assert refinements.lattice_cells(stated) > refinements.lattice_cells(case)


def test_too_many_iterations_and_no_answer_are_missed(monkeypatch, capsys):
    iterations = iter([20, 30, 31, None])

    def solve(case):
        found = next(iterations)
        if found is None:
            raise NotConverged("no progress")
        return SimpleNamespace(status={"cells": 1, "outer_iterations": found})

    monkeypatch.setattr(oxycell, "solve", solve)
    monkeypatch.setattr(refinements, "LARGEST", 1e9)
    assert refinements.main(("kraz-140ka-cermet",), 3) == 1
    said = capsys.readouterr().out
    assert said.count("missed") == 2 and "| met" in said and "no progress" in said
    iterations = iter([20, 30])
    assert refinements.main(("kraz-140ka-cermet",), 1) == 0
