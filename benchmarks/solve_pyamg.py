"""PyAMG's hierarchies with conjugate gradients, and SciPy's with the diagonal, on a stored system; one thread, default
options."""

import time
import warnings

import numpy as np
import pyamg
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator, cg

from benchmarks.systems import MATRIX, load
from benchmarks.worker import PeakMemory, give_back

warnings.simplefilter("ignore")


class Contestant:
    """Commands of the worker."""

    rank = 0

    def load(self, folder):
        """Hold a system."""
        self.drop()
        s = load(folder, (*MATRIX, "rhs"))
        self._b = s["rhs"]
        self._matrix = csr_matrix((s["data"], s["indices"], s["indptr"]), shape=(self._b.size, self._b.size))

    def drop(self):
        """Hold nothing."""
        self._matrix, self._b, self._seen = None, None, set()
        give_back()

    def solve(self, tolerance, answer, method):
        """Solve from nothing into a file, by a hierarchy named as in PyAMG or by "jacobi"; as
        `solve_oxycell.Contestant.solve`."""
        if method not in self._seen:
            self._seen.add(method)
            give_back()  # what the one before has freed
        memory, start = PeakMemory(), time.perf_counter()
        if method == "jacobi":
            built, x, iterations = self._jacobi(tolerance)
        else:
            residuals, hierarchy = [], getattr(pyamg, method)(self._matrix)
            built = time.perf_counter()
            x = hierarchy.solve(self._b, tol=tolerance, maxiter=500, accel="cg", residuals=residuals)
            iterations = len(residuals) - 1
        end, added = time.perf_counter(), memory.added()
        np.save(answer, x)
        return {
            "seconds": {"setup": built - start, "solve": end - built, "total": end - start},
            "iterations": iterations,
            "memory": added,
        }

    def _jacobi(self, tolerance):
        iterations = 0

        def count(_):
            nonlocal iterations
            iterations += 1

        inverse = 1.0 / self._matrix.diagonal()
        built = time.perf_counter()
        M = LinearOperator(self._matrix.shape, lambda v: inverse * v, dtype=float)
        x, _ = cg(self._matrix, self._b, rtol=tolerance, atol=0.0, maxiter=100_000, M=M, callback=count)
        return built, x, iterations
