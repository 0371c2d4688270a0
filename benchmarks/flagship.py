"""The flagship's coupled solve, phase by phase, and the linear systems it meets on the way."""

import resource
import time
from collections import Counter
from pathlib import Path

import numpy as np

CASE = "kraz-140ka"

MESHES = {
    "coarse": ("mesh.size=400 mm", "cell.mesh.cover_cells=1", "mesh.growth=20", "cell.mesh.gap_cells=1", "cell.mesh.plate_cells=1",
               "cell.mesh.edge=200 mm"),
    "default": (),
    "million": ("cell.symmetry=full", "mesh.size=115 mm"),
    "four": ("cell.symmetry=full", "mesh.size=45 mm", "mesh.growth=1.5"),
    "ten": ("cell.symmetry=full", "mesh.size=26 mm", "mesh.growth=1.4"),
}
"""Name → overrides of the case's mesh and symmetry alone; the last three are the whole cell."""


class Watch:
    """Times what passes through the public functions that build a case and solve linear systems.

    It has to be there before the modules that import them. The systems are those of the charge balance, met first, and of the heat
    balance; `first` holds copies of what each was at its first solve, `last` the operators as they are now.
    """

    def __init__(self):
        from oxycell.case import build as building
        from oxycell.numerics import linear

        self._build, self._solve = building.build, linear.solve
        building.build, linear.solve = self.build, self.solve
        self.restart()

    def restart(self, keep=False):
        """Forget; copies are kept if `keep`."""
        self.keep, self.seconds, self.iterations, self.solves, self.first, self.last = keep, Counter(), Counter(), Counter(), {}, {}

    def build(self, *arguments):
        """`oxycell.case.build.build`."""
        start = time.perf_counter()
        try:
            return self._build(*arguments)
        finally:
            self.seconds["build"] += time.perf_counter() - start

    def solve(self, operator, b, *arguments, **named):
        """`oxycell.numerics.linear.solve`."""
        start = time.perf_counter()
        try:
            return self._solve(operator, b, *arguments, **named)
        finally:
            self.seconds["linear"] += time.perf_counter() - start
            name = next((name for name, seen in self.last.items() if seen.n == operator.n), "thermal" if self.last else "electric")
            if self.keep and name not in self.first:
                self.first[name] = operator.conductance.copy(), operator.shift.copy(), np.array(b, float)
            self.last[name] = operator
            self.solves[name] += 1
            self.iterations[name] += operator.iterations


class Contestant:
    """Commands of the worker."""

    rank = 0

    def __init__(self):
        self._watch = Watch()

    def coupled(self, mesh, save=None):
        """Solve the flagship cold to closed ledgers, writing nothing; kernels are loaded first by the same on a coarse mesh.

        Parameters
        ----------
        mesh : str
        save : folder for the linear systems it met at a million cells, or None

        Returns
        -------
        dict : cells, seconds of each phase, Newton steps of each stage, linear solves and iterations, peak memory of the process

        Notes
        -----
        The phases: *build* (mesh and problem), the stages of the history, *rest* (what comes after their last step: record, report
        that closes the ledgers). A step's time is from the one before it to its own. *linear* is part of the others.
        """
        from oxycell.numerics.linear import load_kernels

        self._solve("coarse", False)
        load_kernels()
        found = self._solve(mesh, save is not None)
        if save is not None:
            self._save(Path(save))
        return found

    def _solve(self, mesh, keep):
        import oxycell

        watch = self._watch
        watch.restart(keep)
        seconds, steps, solution, last = Counter(), Counter(), None, 0.0

        def progress(row):
            nonlocal last
            now = time.perf_counter() - start
            seconds[row["stage"]] += now - last
            steps[row["stage"]] += 1
            last = now

        case = oxycell.load(CASE, MESHES[mesh])
        start = time.perf_counter()
        solution = oxycell.solve(case, progress)
        total = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        seconds[next(iter(steps))] -= watch.seconds["build"]  # the first step comes after it
        status = solution.status
        return {"cells": status["cells"], "lattice_cells": status["lattice_cells"], "unknowns": status["unknowns"],
                "seconds": {**watch.seconds, **seconds, "rest": total - last, "total": total}, "newton_steps": dict(steps),
                "linear_solves": dict(watch.solves), "linear_iterations": dict(watch.iterations), "peak_memory_bytes": peak}

    def _save(self, folder):
        """Write the systems as they were first and as they are at the end; the right-hand side is the first one of each."""
        from benchmarks.model_problem import Network
        from benchmarks.systems import save_system

        for name, operator in self._watch.last.items():
            conductance, shift, rhs = self._watch.first[name]
            for when, g, s in (("first", conductance, shift), ("converged", operator.conductance, operator.shift)):
                save_system(folder / f"{name} {when}", Network(operator.n, operator.a, operator.b, g, s, operator.lattice), rhs)
