"""Operator: symmetric, positive, renewed when said so; rows of a lattice."""

import numpy as np
import pytest

from oxycell.mesh.mesh import Lattice
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_to_rows


def network(seed=0, n=40, m=120):
    rng = np.random.default_rng(seed)
    operator = Operator(n, rng.integers(0, n, m), rng.integers(0, n, m))
    operator.conductance[:] = 10.0 ** rng.uniform(-6, 6, m)
    operator.shift[:] = np.where(rng.random(n) < 0.3, rng.random(n), 0.0)
    operator.refresh()
    return operator


def dense(operator):
    matrix = np.diag(operator.shift)
    for a, b, g in zip(operator.a, operator.b, operator.conductance, strict=True):
        matrix[a, a] += g
        matrix[b, b] += g
        matrix[a, b] -= g
        matrix[b, a] -= g
    return matrix


def test_rows_are_the_network():
    operator = network()
    matrix = operator.to_csr().toarray()
    assert matrix == pytest.approx(dense(operator), rel=1e-13, abs=1e-9)
    assert np.array_equal(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > -1e-9 * matrix.max()
    assert operator.diagonal == pytest.approx(np.diag(matrix))
    x = np.random.default_rng(1).standard_normal(operator.n)
    assert operator.apply(x) == pytest.approx(matrix @ x, rel=1e-12, abs=1e-6)


def test_new_coefficients_count_from_refresh_on():
    operator = network()
    before = operator.to_csr().toarray()
    operator.conductance *= 2.0
    operator.shift *= 2.0
    assert np.array_equal(operator.to_csr().toarray(), before)
    operator.refresh()
    assert operator.to_csr().toarray() == pytest.approx(2.0 * before)


def test_untouched_row_is_the_identity():
    operator = Operator(3, [0], [1])
    operator.conductance[:], operator.shift[0] = 1.0, 1.0
    operator.refresh()
    assert operator.apply(np.array([0.0, 0.0, 7.0])) == pytest.approx([0.0, 0.0, 7.0])


def test_rows_on_lattice():
    lattice = Lattice(np.arange(3.0), np.arange(2.0), np.arange(3.0), np.array([[0, 0, 0], [1, 0, 0], [1, 0, 1]]))
    rows = rows_on_lattice(lattice, np.array([5, -1, 7]))
    assert rows.row.tolist() == [[[5, -1]], [[-1, 7]]]
    assert [e.size for e in rows.edges] == [3, 2, 3]
    assert rows_on_lattice(None, np.array([0])) is None


def test_sum_to_rows_leaves_out_the_negative():
    out = np.zeros(2)
    sum_to_rows(np.array([0, 1, -1, 1]), np.array([1.0, 2.0, 4.0, 8.0]), out)
    assert out.tolist() == [1.0, 10.0]
