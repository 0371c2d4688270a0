"""The deferred correction is an unknown of the state: the residual is a function of the state on every mesh."""

import numpy as np
import pytest
from tests.mesh.samples import halves_file
from tests.physics.test_skew import SPAN, linear, posed

from oxycell.case.building.build import build
from oxycell.solvers.controls import Controls
from oxycell.solvers.criteria import size
from oxycell.solvers.deferred_correction import DeferredCorrections
from oxycell.solvers.steady import Solver

FIELD = {"temperature": "temperature", "electric_potential": "potential"}


@pytest.fixture(params=list(FIELD))
def solved(request, tmp_path):
    """Problem on non-orthogonal tetrahedra whose answer is linear, its balance and its converged State."""
    path = tmp_path / "cube.msh"
    halves_file(path, 4, "tetra", 0.2)
    problem = build(posed(path, request.param), fields={"outside": linear}).problem
    (balance,) = problem.balances
    assert balance.field == FIELD[request.param] and balance.correction is not None
    return problem, balance, Solver(problem, 0.1, 200).solve()


def relative(problem, balance, state):
    return size(problem.residual(state), problem.evaluate(state).of(balance, "flow"))


def test_both_residuals_vanish_at_the_answer(solved):
    """The answer is a State whose balance closes with the corrections it holds, and whose fluxes ask for these
    corrections."""
    problem, balance, state = solved
    assert relative(problem, balance, state) < 1e-8
    (asked,) = problem.correction_residual(state).values()
    assert np.max(np.abs(asked)) < 1e-9 * SPAN


def test_corrections_are_part_of_the_state(solved):
    """Counter-tests: without them neither residual vanishes, and with half of them neither."""
    problem, balance, state = solved
    for share in (0.0, 0.5):
        other = state.corrected({balance.field: share * state.corrections[balance.field]})
        assert relative(problem, balance, other) > 1e-4
        assert np.max(np.abs(problem.correction_residual(other)[balance.field])) > 1e-4 * SPAN


def test_residual_does_not_depend_on_what_was_evaluated_before(solved):
    problem, balance, state = solved
    rng = np.random.default_rng(3)
    states = [state.moved(state.vector + rng.normal(0.0, 1.0, state.vector.size)) for _ in range(2)]
    states += [one.corrected({balance.field: 0.3 * one.corrections[balance.field]}) for one in states]
    first = [problem.residual(one) for one in states]
    again = [problem.residual(one) for one in states[::-1]][::-1]
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert not np.array_equal(first[0], first[2])


def test_flat_and_back(solved):
    problem, balance, state = solved
    corrections = DeferredCorrections(problem.balances, Controls())
    back = corrections.unflat(corrections.flat(state.corrections), state.corrections)
    assert back[balance.field] == pytest.approx(state.corrections[balance.field], rel=1e-15)
