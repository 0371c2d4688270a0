"""solve(operator, b): conjugate gradients, with multigrid on a lattice and symmetric Gauss–Seidel without."""

import numpy as np
from numba import njit

from oxycell.errors import NotConverged
from oxycell.numerics.lattice_krylov import CONVERGED, INDEFINITE, STALLED
from oxycell.numerics.lattice_multigrid import Hierarchy
from oxycell.numerics.operators import LatticeRows, Operator


def solve(operator, b, tolerance=1e-10, max_iterations=None):
    """Solve A x = b for a symmetric positive definite operator.

    Parameters
    ----------
    operator : Operator, refreshed
    b : (n,)
    tolerance : largest ‖b − A x‖ / ‖b‖ in the norm weighted with 1/diagonal, so that rows of all sizes count; on a lattice,
        rows that nothing touches do not count
    max_iterations : int; default 200 on a lattice, 20000 without

    Returns
    -------
    (n,)

    Raises
    ------
    NotConverged
        The tolerance is not met in `max_iterations`, or A is not positive definite.

    Notes
    -----
    An operator with a lattice keeps its levels in `operator.solver`; they are renewed at the first solve after a refresh. The
    bits of the answer do not depend on the number of threads.
    """
    b, x = np.ascontiguousarray(b, float), np.zeros(operator.n)
    if not np.isfinite(b).all():
        raise NotConverged("linear solve: the right-hand side holds what is not a number")
    if operator.lattice is not None:
        limit = max_iterations or 200
        if operator.solver is None:
            operator.solver = Hierarchy(operator)
        status, operator.iterations, reached = operator.solver.solve(operator, b, x, tolerance, limit)
    else:
        limit = max_iterations or 20000
        status, operator.iterations, reached = _conjugate_gradients(*operator.sparse(), b, x, tolerance, limit)
    if status == INDEFINITE:
        raise NotConverged(f"linear solve: the operator is not positive definite, seen in iteration {operator.iterations + 1}")
    if status != CONVERGED:
        raise NotConverged(f"linear solve: residual {reached:.1e} after {operator.iterations} iterations; wanted is {tolerance:.1e}")
    return x


def load_kernels():
    """Compile or load the kernels with threads, which only lattices of some hundred thousand cells need: solve a cube of that size."""
    m = 60
    row, edges = np.arange(m**3).reshape(m, m, m), np.linspace(0.0, 1.0, m + 1)
    a = np.concatenate([np.moveaxis(row, axis, 0)[:-1].ravel() for axis in range(3)])
    b = np.concatenate([np.moveaxis(row, axis, 0)[1:].ravel() for axis in range(3)])
    operator = Operator(row.size, a, b, LatticeRows((edges, edges, edges), row))
    operator.conductance[:] = operator.shift[:] = 1.0
    operator.refresh()
    solve(operator, np.arange(row.size, dtype=float))


@njit(cache=True, fastmath={"contract", "reassoc", "nsz"})
def _sweep(indptr, indices, data, diagonal, r, z):
    """z = M⁻¹ r, one forward and one backward Gauss–Seidel sweep; rows are sorted by column."""
    n = r.size
    for i in range(n):
        s = r[i]
        for p in range(indptr[i], indptr[i + 1]):
            j = indices[p]
            if j >= i:
                break
            s -= data[p] * z[j]
        z[i] = s / diagonal[i]
    for k in range(n):
        i = n - 1 - k
        s = 0.0
        for p in range(indptr[i + 1] - 1, indptr[i] - 1, -1):
            j = indices[p]
            if j <= i:
                break
            s += data[p] * z[j]
        z[i] -= s / diagonal[i]


@njit(cache=True, fastmath={"contract", "reassoc", "nsz"})
def _conjugate_gradients(indptr, indices, data, diagonal, b, x, tolerance, max_iterations):
    """CG from zero into x; returns status, iterations and the relative residual reached.

    Saad (2003), Iterative Methods for Sparse Linear Systems, algorithm 9.1 with M = (D + L) D⁻¹ (D + U).
    """
    n = b.size
    r, z, p, q = b.copy(), np.zeros(n), np.zeros(n), np.empty(n)
    target = 0.0
    for i in range(n):
        if not diagonal[i] > 0.0:
            return INDEFINITE, 0, 1.0
        target += b[i] * b[i] / diagonal[i]
    if target == 0.0:
        return CONVERGED, 0, 0.0
    size = target
    target *= tolerance * tolerance
    rz_old, rr = 1.0, size
    for iteration in range(max_iterations):
        _sweep(indptr, indices, data, diagonal, r, z)
        rz = 0.0
        for i in range(n):
            rz += r[i] * z[i]
        beta = rz / rz_old if iteration > 0 else 0.0
        pq = 0.0
        for i in range(n):
            p[i] = z[i] + beta * p[i]
        for i in range(n):
            s = 0.0
            for k in range(indptr[i], indptr[i + 1]):
                s += data[k] * p[indices[k]]
            q[i] = s
            pq += s * p[i]
        if not pq > 0.0:
            return INDEFINITE, iteration, np.sqrt(rr / size)
        alpha = rz / pq
        rr = 0.0
        for i in range(n):
            x[i] += alpha * p[i]
            r[i] -= alpha * q[i]
            rr += r[i] * r[i] / diagonal[i]
        if rr <= target:
            return CONVERGED, iteration + 1, np.sqrt(rr / size)
        rz_old = rz
    return STALLED, max_iterations, np.sqrt(rr / size)
