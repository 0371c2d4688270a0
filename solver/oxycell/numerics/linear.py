"""solve(operator, b): conjugate gradients with multigrid, on the lattice of a box-built mesh or on aggregates of any
other."""

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.numerics.aggregation.multigrid import Aggregation
from oxycell.numerics.krylov import CONVERGED
from oxycell.numerics.lattice.multigrid import Hierarchy
from oxycell.numerics.operators import LatticeRows, Operator
from oxycell.numerics.reductions import anywhere, everywhere

_MOST = 1000  # iterations


def solve(operator: Operator, b: Floats, tolerance: float = 1e-10, max_iterations: int | None = None) -> Floats:
    """Solve A x = b for a symmetric positive definite operator.

    Parameters
    ----------
    operator : Operator, refreshed
    b : (n,)
    tolerance : largest ‖b − A x‖ / ‖b‖ in the norm weighted with 1/diagonal, so that rows of all sizes count; rows that
        nothing touches do not count
    max_iterations : int; default: 1000 in either precision

    Returns
    -------
    (n,)

    Raises
    ------
    NotConverged
        The tolerance is not met in `max_iterations`.

    Notes
    -----
    The operator keeps its levels in `operator.solver`; they are renewed at the first solve after a refresh. The bits of
    the answer do not depend on the number of threads. Levels are in single precision; where coefficients span more than
    that resolves (metals joined by an electrode at equilibrium) or the lattice coarsens badly (cells 5000 times as
    long as thick), aggregates in double precision take over, for this operator from there on.
    """
    b, x = np.ascontiguousarray(b, float), np.zeros(operator.n)
    if not everywhere(np.isfinite(b)):
        raise NotConverged("linear solve: the right-hand side contains values that are not numbers")
    if operator.solver is None:
        placed = operator.lattice is not None and anywhere(operator.lattice.row >= 0)  # not of lumps alone
        operator.solver = Hierarchy(operator) if placed else Aggregation(operator)
    most = max_iterations or _MOST
    status, operator.iterations, reached = operator.solver.solve(operator, b, x, tolerance, most)
    left = _MOST if max_iterations is None else max_iterations - operator.iterations
    if status != CONVERGED and left > 0 and getattr(operator.solver, "precision", np.float32) is np.float32:
        operator.solver, x = Aggregation(operator, np.float64), np.zeros(operator.n)
        status, iterations, reached = operator.solver.solve(operator, b, x, tolerance, left)
        operator.iterations += iterations
    if status != CONVERGED:
        raise NotConverged(
            f"linear solve: residual {reached:.1e} after {operator.iterations} iterations; required: {tolerance:.1e}"
        )
    return x


def load_kernels() -> None:
    """Compile or load the kernels with threads, which only large meshes need: solve a cube of that size, with and
    without its lattice."""
    m = 60
    row, edges = np.arange(m**3).reshape(m, m, m), np.linspace(0.0, 1.0, m + 1)
    a = np.concatenate([np.moveaxis(row, axis, 0)[:-1].ravel() for axis in range(3)])
    b = np.concatenate([np.moveaxis(row, axis, 0)[1:].ravel() for axis in range(3)])
    for lattice in (LatticeRows((edges, edges, edges), row), None):
        operator = Operator(row.size, a, b, lattice)
        operator.conductance[:] = operator.shift[:] = 1.0
        operator.refresh()
        solve(operator, np.arange(row.size, dtype=float))
