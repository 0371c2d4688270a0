"""The state on a coarser mesh as initial guess: the same solution, less far to go; and what happens where there is
none."""

import numpy as np
import pytest
from tests.physics.test_problem import stack

import oxycell
from oxycell.case.building.build import build
from oxycell.case.solving import coarser
from oxycell.case.solving.coarser import state_on_coarser_mesh
from oxycell.errors import NotConverged
from oxycell.solvers.steady import Solver

FINE = {"mesh.size": "0.1 m", "mesh.size_z": "0.01 m"}
"""About ten thousand cells: ten across, a hundred up."""


def the_case(changes=FINE, **options):
    return stack(**options).case.replaced(changes)


def solved_cold(built):
    solver = Solver(built.problem, 0.1, 50)
    return solver.solve(), solver


@pytest.fixture(scope="module")
def fine():
    return build(the_case())


@pytest.fixture(scope="module")
def cold(fine):
    return solved_cold(fine)[0]


def test_a_small_mesh_starts_cold(fine):
    assert state_on_coarser_mesh(fine) == (None, 0)


def test_guess_is_near_and_the_answer_the_same(fine, cold, monkeypatch):
    monkeypatch.setattr(coarser, "_LEAST", 1000)
    monkeypatch.setattr(coarser, "_AIM", 500)
    guess, cells = state_on_coarser_mesh(fine)
    assert 0 < cells <= 1000
    start = np.abs(fine.problem.start().vector - cold.vector).max()
    assert np.abs(guess.vector - cold.vector).max() < 0.05 * start
    warm, again = Solver(fine.problem, 0.1, 50), solved_cold(fine)[1]
    warm.begin_at(guess)
    np.testing.assert_allclose(warm.solve().vector, cold.vector, atol=1e-5)
    assert warm.iterations < again.iterations


def test_the_report_says_where_it_began(monkeypatch):
    monkeypatch.setattr(coarser, "_LEAST", 1000)
    monkeypatch.setattr(coarser, "_AIM", 500)
    found = oxycell.solve(the_case()).provenance
    assert found["first_guess"].startswith("the state on a coarser mesh of")
    assert "first_guess" not in stack().provenance


def test_subdivisions_are_counted(monkeypatch):
    monkeypatch.setattr(coarser, "_LEAST", 1000)
    monkeypatch.setattr(coarser, "_AIM", 1000)
    halved = build(the_case({"mesh.size": "0.2 m", "mesh.size_z": "0.02 m", "mesh.subdivisions": 2}))
    assert halved.mesh.n_cells > 1000
    guess, cells = state_on_coarser_mesh(halved)
    assert guess.vector.size == halved.problem.layout.size and cells < halved.mesh.n_cells / 4


def test_a_coarser_mesh_without_a_solution_is_no_obstacle(fine, monkeypatch):
    monkeypatch.setattr(coarser, "_LEAST", 1000)

    def fails(*_):
        raise NotConverged("no")

    monkeypatch.setattr(coarser.Solver, "solve", fails)
    assert state_on_coarser_mesh(fine) == (None, 0)


def test_one_balance_alone_starts_cold(monkeypatch):
    monkeypatch.setattr(coarser, "_LEAST", 10)
    assert state_on_coarser_mesh(build(the_case(thermal=False))) == (None, 0)


@pytest.mark.parametrize("guess", ["hot", "wrong potentials"])
def test_a_poor_guess_leads_to_the_same_state(fine, cold, guess):
    """From afar iterations may fail; the solve then restarts and finds what it finds cold."""
    state, n = fine.problem.start(), fine.problem.electric.cells.size
    if guess == "hot":
        state.temperature[:] = 4000.0
    else:
        state.potential[:n] = 1e3 * np.sin(np.arange(n))
    solver = Solver(fine.problem, 0.1, 50)
    solver.begin_at(state)
    np.testing.assert_allclose(solver.solve().vector, cold.vector, atol=1e-5)
