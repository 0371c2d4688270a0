"""PETSc's conjugate gradients with hypre's BoomerAMG on a stored system, over the ranks of mpiexec."""

import sys
import time

import numpy as np
import petsc4py

petsc4py.init(sys.argv[:1])

from petsc4py import PETSc  # noqa: E402

from benchmarks.systems import MATRIX, load  # noqa: E402
from benchmarks.worker import PeakMemory, give_back  # noqa: E402

OPTIONS = {"strong_threshold": 0.5, "coarsen_type": "HMIS", "interp_type": "ext+i", "P_max": 4, "agg_nl": 1}


class Contestant:
    """Commands of the worker; all ranks do them together."""

    def __init__(self):
        self._all = PETSc.COMM_WORLD
        self.rank, self._matrix = self._all.rank, None

    def versions(self):
        """Versions of PETSc and petsc4py."""
        return {
            "petsc": ".".join(str(n) for n in PETSc.Sys.getVersion()),
            "petsc4py": petsc4py.__version__,
            "options": OPTIONS,
        }

    def load(self, folder):
        """Hold a system; each rank has a block of rows."""
        self.drop()
        s = load(folder, (*MATRIX, "rhs"), mmap_mode="r")
        n = s["rhs"].size
        low, high = (n * self.rank) // self._all.size, (n * (self.rank + 1)) // self._all.size
        first, last = int(s["indptr"][low]), int(s["indptr"][high])
        rows = np.asarray(s["indptr"][low : high + 1] - first, PETSc.IntType)
        self._matrix = PETSc.Mat().createAIJ(
            size=((high - low, n), (high - low, n)),
            comm=self._all,
            csr=(rows, np.asarray(s["indices"][first:last], PETSc.IntType), np.array(s["data"][first:last])),
        )
        self._matrix.setOption(PETSc.Mat.Option.SPD, True)
        self._b, self._x = self._matrix.createVecs()
        self._b.setArray(s["rhs"][low:high])

    def drop(self):
        """Hold nothing."""
        if self._matrix is not None:
            for held in (self._matrix, self._b, self._x):
                held.destroy()
        self._matrix = None
        give_back()

    def solve(self, tolerance, answer):
        """Solve from nothing into a file; as `solve_oxycell.Contestant.solve`, memory of all ranks."""
        options = PETSc.Options("hypre_")
        for name, value in OPTIONS.items():
            options[f"pc_hypre_boomeramg_{name}"] = value
        self._x.set(0.0)
        self._all.barrier()
        memory, start = PeakMemory(), time.perf_counter()
        ksp = PETSc.KSP().create(self._all)
        ksp.setOptionsPrefix("hypre_")
        ksp.setOperators(self._matrix)
        ksp.setType("cg")
        ksp.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
        ksp.setTolerances(rtol=tolerance, atol=0.0, max_it=1000)
        ksp.getPC().setType("hypre")
        ksp.getPC().setHYPREType("boomeramg")
        ksp.setFromOptions()
        ksp.setUp()
        self._all.barrier()
        built = time.perf_counter()
        ksp.solve(self._b, self._x)
        self._all.barrier()
        end = time.perf_counter()
        added, iterations = self._sum(memory.added() or 0), ksp.getIterationNumber()
        ksp.destroy()
        scatter, whole = PETSc.Scatter.toZero(self._x)
        scatter.scatter(self._x, whole)
        if self.rank == 0:
            np.save(answer, whole.getArray())
        for held in (scatter, whole):
            held.destroy()
        return {
            "seconds": {"setup": built - start, "solve": end - built, "total": end - start},
            "iterations": iterations,
            "memory": int(added),
        }

    def _sum(self, value):
        total = PETSc.Vec().createMPI((1, self._all.size), comm=self._all)
        total.set(float(value))
        total.setValue(self.rank, float(value))
        total.assemble()
        return total.sum()
