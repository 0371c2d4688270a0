"""solve(operator, b): conjugate gradients with a symmetric Gauss–Seidel preconditioner."""

import numpy as np
from numba import njit

from oxycell.errors import NotConverged


def solve(operator, b, tolerance=1e-10, max_iterations=20000):
    """Solve A x = b for a symmetric positive definite operator.

    Parameters
    ----------
    operator : Operator, refreshed
    b : (n,)
    tolerance : largest ‖b − A x‖ / ‖b‖ in the norm weighted with 1/diagonal, so that rows of all sizes count
    max_iterations : int

    Returns
    -------
    (n,)

    Raises
    ------
    NotConverged
        The tolerance is not met in `max_iterations`, or A is not positive definite.

    Notes
    -----
    Saad (2003), Iterative Methods for Sparse Linear Systems, algorithm 9.1 with M = (D + L) D⁻¹ (D + U).
    """
    x = np.zeros(b.size)
    status = _conjugate_gradients(operator.indptr, operator.indices, operator.data, operator.diagonal, b, x, tolerance, max_iterations)
    if status < 0:
        raise NotConverged("linear solve: the operator is not positive definite" if status == -2 else
                           f"linear solve: no convergence in {max_iterations} iterations")
    return x


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
    """CG from zero into x; returns the number of iterations, −1 without convergence, −2 on a non-positive curvature."""
    n = b.size
    r, z, p, q = b.copy(), np.zeros(n), np.zeros(n), np.empty(n)
    target = 0.0
    for i in range(n):
        target += b[i] * b[i] / diagonal[i]
    if target == 0.0:
        return 0
    target *= tolerance * tolerance
    rz_old = 1.0
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
            return -2
        alpha = rz / pq
        rr = 0.0
        for i in range(n):
            x[i] += alpha * p[i]
            r[i] -= alpha * q[i]
            rr += r[i] * r[i] / diagonal[i]
        if rr <= target:
            return iteration + 1
        rz_old = rz
    return -1
