"""One linear problem, zero start, to the same true residual: oxycell's `solve` and public solvers in turns."""

import signal
import time
import warnings
from contextlib import contextmanager

import numpy as np

from oxycell.errors import NotConverged
from oxycell.numerics.lattice_multigrid import Hierarchy
from oxycell.numerics.linear import solve

RESIDUAL = 1e-8
"""‖b − A x‖₂ / ‖b‖₂ that every solver has to reach, computed here."""

_TIGHTER = 10.0**-0.5
_ONCE = 0.2  # share of the patience: what takes longer is timed once


@contextmanager
def patience(seconds):
    """Give up, with NotConverged, what takes longer."""
    def give_up(number, frame):
        raise NotConverged(f"not in {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


class Ours:
    """`oxycell.numerics.linear.solve`, fed with face conductances; topology, refresh and solve apart."""

    name = "oxycell"

    def __init__(self, operator, b):
        self.operator, self.b = operator, b

    def run(self, tolerance):
        """Solve from nothing.

        Returns
        -------
        x : (n,)
        seconds : dict
        iterations : int
        """
        start = time.perf_counter()
        hierarchy = Hierarchy(self.operator)
        topology = time.perf_counter()
        hierarchy.refresh(self.operator)
        refresh = time.perf_counter()
        self.operator.solver = hierarchy
        solve(self.operator, self.b, tolerance)  # takes the coefficients over once more: not counted
        before = time.perf_counter()
        x = solve(self.operator, self.b, tolerance)
        end = time.perf_counter()
        return x, {"topology": topology - start, "refresh": refresh - topology, "solve": end - before}, self.operator.iterations


class PyAMG:
    """A hierarchy of PyAMG with its default options, and conjugate gradients; one thread."""

    def __init__(self, name, make, matrix, b):
        self.name, self.make, self.matrix, self.b = name, make, matrix, b

    def run(self, tolerance):
        """As `Ours.run`."""
        start = time.perf_counter()
        hierarchy = self.make(self.matrix)
        built = time.perf_counter()
        residuals = []
        x = hierarchy.solve(self.b, tol=tolerance, maxiter=500, accel="cg", residuals=residuals)
        return x, {"setup": built - start, "solve": time.perf_counter() - built}, len(residuals) - 1


class Jacobi:
    """SciPy's conjugate gradients with the diagonal as preconditioner; one thread."""

    name = "scipy cg + jacobi"

    def __init__(self, matrix, b):
        self.matrix, self.b = matrix, b

    def run(self, tolerance):
        """As `Ours.run`."""
        from scipy.sparse.linalg import LinearOperator, cg

        iterations = 0

        def count(_):
            nonlocal iterations
            iterations += 1

        start = time.perf_counter()
        inverse = 1.0 / self.matrix.diagonal()
        built = time.perf_counter()
        M = LinearOperator(self.matrix.shape, lambda v: inverse * v, dtype=float)
        x, _ = cg(self.matrix, self.b, rtol=tolerance, atol=0.0, maxiter=100_000, M=M, callback=count)
        return x, {"setup": built - start, "solve": time.perf_counter() - built}, iterations


def solvers(operator, b, peers):
    """The matrix of a problem, and all its solvers; without `peers` or PyAMG only those that are there."""
    matrix, ours = operator.to_csr(), Ours(operator, b)
    if not peers:
        return matrix, [ours]
    try:
        import pyamg
    except ImportError:
        return matrix, [ours, Jacobi(matrix, b)]
    return matrix, [ours, PyAMG("pyamg smoothed aggregation", pyamg.smoothed_aggregation_solver, matrix, b),
                    PyAMG("pyamg ruge-stuben", pyamg.ruge_stuben_solver, matrix, b),
                    PyAMG("pyamg pairwise", pyamg.pairwise_solver, matrix, b), Jacobi(matrix, b)]


def compare(operator, b, rounds, peers, wait, skip=()):
    """Time all solvers on one problem, in turns.

    Parameters
    ----------
    operator : Operator, filled
    b : (n,)
    rounds : int, after the one that finds each solver's own tolerance; slow solvers take no part
    peers : bool, whether others than oxycell run
    wait : float [s], after which a solver is given up
    skip : names of solvers not to try

    Returns
    -------
    dict : rows, and for each solver its fastest round with iterations, tolerance and residual; or why it failed
    """
    matrix, contestants = solvers(operator, b, peers)
    runs, found = {}, {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for solver in contestants:
            if solver.name in skip:
                found[solver.name] = {"failed": "not tried, see smaller mesh"}
                continue
            try:
                with patience(wait):
                    tolerance, residual, first = _calibrate(solver, matrix, b)
            except NotConverged as error:
                found[solver.name] = {"failed": str(error)}
            else:
                found[solver.name] = {"iterations": first[1], "residual": residual, "tolerance": tolerance}
                runs[solver.name] = [first[0]]
        for _ in range(rounds):
            for solver in contestants:
                if solver.name in runs and sum(runs[solver.name][0].values()) < _ONCE * wait:
                    runs[solver.name].append(solver.run(found[solver.name]["tolerance"])[1])
    for name, done in runs.items():
        seconds = {phase: min(one[phase] for one in done) for phase in done[0]}
        found[name]["seconds"] = seconds | {"total": sum(seconds.values())}
    return {"rows": operator.n, "solvers": found}


def _calibrate(solver, matrix, b):
    """Loosest tolerance, in steps of √10 from 1e-8, at which a solver's answer has the residual wanted; that residual and run."""
    tolerance, size = RESIDUAL, float(np.linalg.norm(b))
    while tolerance > 1e-14:
        x, seconds, iterations = solver.run(tolerance)
        residual = float(np.linalg.norm(b - matrix @ x)) / size
        if residual <= RESIDUAL:
            return tolerance, residual, (seconds, iterations)
        tolerance *= _TIGHTER
    raise NotConverged(f"residual {residual:.1e}")
