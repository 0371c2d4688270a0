"""solve(operator, b): conjugate gradients with multigrid, on the lattice of a box-built mesh or on aggregates of any other."""

import numpy as np

from oxycell.errors import NotConverged
from oxycell.numerics.aggregation_multigrid import Aggregation
from oxycell.numerics.krylov import CONVERGED, INDEFINITE
from oxycell.numerics.lattice_multigrid import Hierarchy
from oxycell.numerics.operators import LatticeRows, Operator


def solve(operator, b, tolerance=1e-10, max_iterations=None):
    """Solve A x = b for a symmetric positive definite operator.

    Parameters
    ----------
    operator : Operator, refreshed
    b : (n,)
    tolerance : largest ‖b − A x‖ / ‖b‖ in the norm weighted with 1/diagonal, so that rows of all sizes count; rows that nothing
        touches do not count
    max_iterations : int, default 1000

    Returns
    -------
    (n,)

    Raises
    ------
    NotConverged
        The tolerance is not met in `max_iterations`, or A is not positive definite.

    Notes
    -----
    The operator keeps its levels in `operator.solver`; they are renewed at the first solve after a refresh. The bits of the answer
    do not depend on the number of threads.
    """
    b, x = np.ascontiguousarray(b, float), np.zeros(operator.n)
    if not np.isfinite(b).all():
        raise NotConverged("linear solve: the right-hand side holds what is not a number")
    if operator.solver is None:
        operator.solver = Aggregation(operator) if operator.lattice is None else Hierarchy(operator)
    status, operator.iterations, reached = operator.solver.solve(operator, b, x, tolerance, max_iterations or 1000)
    if status == INDEFINITE:
        raise NotConverged(f"linear solve: the operator is not positive definite, seen in iteration {operator.iterations + 1}")
    if status != CONVERGED:
        raise NotConverged(f"linear solve: residual {reached:.1e} after {operator.iterations} iterations; wanted is {tolerance:.1e}")
    return x


def load_kernels():
    """Compile or load the kernels with threads, which only large meshes need: solve a cube of that size, with and without its lattice."""
    m = 60
    row, edges = np.arange(m**3).reshape(m, m, m), np.linspace(0.0, 1.0, m + 1)
    a = np.concatenate([np.moveaxis(row, axis, 0)[:-1].ravel() for axis in range(3)])
    b = np.concatenate([np.moveaxis(row, axis, 0)[1:].ravel() for axis in range(3)])
    for lattice in (LatticeRows((edges, edges, edges), row), None):
        operator = Operator(row.size, a, b, lattice)
        operator.conductance[:] = operator.shift[:] = 1.0
        operator.refresh()
        solve(operator, np.arange(row.size, dtype=float))
