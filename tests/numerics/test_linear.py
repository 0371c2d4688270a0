"""solve without a lattice: answer, tolerance and failure."""

import numpy as np
import pytest
from scipy.sparse.linalg import spsolve

from oxycell.errors import NotConverged
from oxycell.numerics.linear import solve
from oxycell.numerics.operators import Operator


def chain(n=300, shift=1e-3):
    operator = Operator(n, np.arange(n - 1), np.arange(1, n))
    operator.conductance[:] = 10.0 ** np.random.default_rng(3).uniform(-3, 3, n - 1)
    operator.shift[:] = shift
    operator.refresh()
    return operator


def weighted(operator, r):
    return np.sqrt(np.sum(r * r / operator.diagonal))


def test_answer():
    operator, b = chain(), np.random.default_rng(4).standard_normal(300)
    x = solve(operator, b, tolerance=1e-12)
    assert x == pytest.approx(spsolve(operator.to_csr().tocsc(), b), rel=1e-8, abs=1e-8 * np.abs(x).max())


@pytest.mark.parametrize("tolerance", [1e-2, 1e-6])
def test_tolerance_is_kept_in_the_weighted_norm(tolerance):
    operator, b = chain(), np.random.default_rng(4).standard_normal(300)
    x = solve(operator, b, tolerance=tolerance)
    assert weighted(operator, b - operator.apply(x)) <= 1.001 * tolerance * weighted(operator, b)


def test_too_few_iterations_are_an_error():
    with pytest.raises(NotConverged, match=r"residual .* after 3 iterations; required: 1\.0e-10"):
        solve(chain(9000), np.ones(9000), max_iterations=3)


def test_negative_shift_is_an_error():
    operator = chain()
    operator.shift[:10] = -1e4
    operator.refresh()
    with pytest.raises(NotConverged, match="negative"):
        solve(operator, np.ones(300))


def test_right_hand_side_without_numbers_is_an_error():
    with pytest.raises(NotConverged, match="values that are not numbers"):
        solve(chain(), np.full(300, np.nan))


def test_zero_right_hand_side():
    assert not solve(chain(), np.zeros(300)).any()
