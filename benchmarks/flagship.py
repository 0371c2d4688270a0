"""The flagship's coupled solve, phase by phase, and the linear systems it meets on the way."""

import resource
import time
from collections import Counter
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

CASE = "kraz-140ka"

MESHES = {
    "coarse": (
        "mesh.size=400 mm",
        "cell.mesh.cover_cells=1",
        "mesh.growth=20",
        "cell.mesh.gap_cells=1",
        "cell.mesh.plate_cells=1",
        "cell.mesh.edge=200 mm",
    ),
    "default": (),
    "million": ("cell.symmetry=full", "mesh.size=115 mm"),
    "four": ("cell.symmetry=full", "mesh.size=45 mm", "mesh.growth=1.5"),
    "ten": ("cell.symmetry=full", "mesh.size=26 mm", "mesh.growth=1.4"),
}
"""Name → overrides of the case's mesh and symmetry alone; the last three are the whole cell."""


GUESS = "first guess"
"""Phase: the same case on a coarser mesh, built and solved."""


class Watch:
    """Times what passes through the functions that build a case, find a first guess on a coarser mesh and solve linear
    systems.

    It has to be there before the modules that import them. A solve counts by the balance that made its operator,
    electric or thermal; those on the coarser mesh count apart. If asked to keep, `first` holds copies of what each
    system of the mesh itself was at its first solve, `last` its operators.
    """

    def __init__(self):
        from oxycell.numerics import linear

        self._solve, linear.solve = linear.solve, self.solve
        from oxycell.case.building import build as building  # imports it
        from oxycell.physics.charge.electric import Electric
        from oxycell.physics.heat.thermal import Thermal

        self._build, building.build = building.build, self.build
        from oxycell.case.solving import coarser  # imports both

        self._guess, coarser.state_on_coarser_mesh = coarser.state_on_coarser_mesh, self.guess
        self._balance, self._guessing = WeakKeyDictionary(), False
        for name, balance in (("electric", Electric), ("thermal", Thermal)):
            balance.operator = self._named(name, balance.operator)
        self.restart()

    def restart(self, keep=False):
        """Forget; systems are kept if `keep`, and what the solver would let go of with them."""
        self.keep, self.seconds, self.iterations, self.solves, self.first, self.last = (
            keep,
            Counter(),
            Counter(),
            Counter(),
            {},
            {},
        )

    def _named(self, name, make):
        """The method `operator` of a balance, with a note of whose operator it is."""

        def operator(balance):
            made = make(balance)
            self._balance[made] = name
            return made

        return operator

    def build(self, *arguments):
        """`oxycell.case.building.build.build`; what is built for the first guess belongs to that."""
        return self._build(*arguments) if self._guessing else self._timed("build", self._build, *arguments)

    def guess(self, built):
        """`oxycell.case.solving.coarser.state_on_coarser_mesh`."""
        self._guessing = True
        try:
            return self._timed(GUESS, self._guess, built)
        finally:
            self._guessing = False

    def solve(self, operator, b, *arguments, **named):
        """`oxycell.numerics.linear.solve`."""
        try:
            return self._timed("linear", self._solve, operator, b, *arguments, **named)
        finally:
            if operator in self._balance:  # else it is no balance's: kernels are loaded
                self._count(self._balance[operator], operator, b)

    def _count(self, name, operator, b):
        if self.keep and not self._guessing:
            if name not in self.first:
                self.first[name] = operator.conductance.copy(), operator.shift.copy(), np.array(b, float)
            self.last[name] = operator
        where = f"{name} {GUESS}" if self._guessing else name
        self.solves[where] += 1
        self.iterations[where] += operator.iterations

    def _timed(self, phase, function, *arguments, **named):
        start = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            self.seconds[phase] += time.perf_counter() - start


class Contestant:
    """Commands of the worker."""

    rank = 0

    def __init__(self):
        self._watch = Watch()

    def coupled(self, mesh, save=None):
        """Solve the flagship cold to closed ledgers, writing nothing; kernels are loaded first by the same on a coarse
        mesh.

        Parameters
        ----------
        mesh : str
        save : folder for the linear systems it met at a million cells, or None

        Returns
        -------
        dict : cells, seconds of each phase, turns of each stage, linear solves and iterations, peak memory of the
            process

        Notes
        -----
        The phases: *build* (mesh and problem), *first guess* (on a coarser mesh, where the mesh is fine), the stages of
        the history, *rest* (what comes after their last turn: record, report that closes the ledgers). A turn's time is
        from the one before it to its own. *linear* is part of the others.
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
        seconds, turns, last = Counter(), Counter(), 0.0

        def progress(row):
            nonlocal last
            now = time.perf_counter() - start
            seconds[row["stage"]] += now - last
            turns[row["stage"]] += 1
            last = now

        case = oxycell.load(CASE, MESHES[mesh])
        start = time.perf_counter()
        solution = oxycell.solve(case, progress)
        total = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        seconds[next(iter(turns))] -= watch.seconds["build"] + watch.seconds[GUESS]  # the first turn comes after them
        status = solution.status
        return {
            "cells": status["cells"],
            "lattice_cells": status["lattice_cells"],
            "unknowns": status["unknowns"],
            "seconds": {**watch.seconds, **seconds, "rest": total - last, "total": total},
            "turns": dict(turns),
            "linear_solves": dict(watch.solves),
            "linear_iterations": dict(watch.iterations),
            "peak_memory_bytes": peak,
        }

    def _save(self, folder):
        """Write the systems as they were first and as they are at the end; the right-hand side is the first one of
        each."""
        from benchmarks.model_problem import Network
        from benchmarks.systems import save_system

        for name, operator in self._watch.last.items():
            conductance, shift, rhs = self._watch.first[name]
            for when, g, s in (("first", conductance, shift), ("converged", operator.conductance, operator.shift)):
                save_system(
                    folder / f"{name} {when}", Network(operator.n, operator.a, operator.b, g, s, operator.lattice), rhs
                )
