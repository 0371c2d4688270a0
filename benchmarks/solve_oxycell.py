"""oxycell's `solve` on a stored system: the first solve, one after new coefficients, one more."""

import time

import numpy as np

from benchmarks.systems import LATTICE, NETWORK, load
from benchmarks.worker import PeakMemory, give_back
from oxycell.numerics.linear import load_kernels, solve
from oxycell.numerics.operators import LatticeRows, Operator


class Contestant:
    """Commands of the worker; its threads are those of the process."""

    rank = 0

    def __init__(self):
        load_kernels()

    def load(self, folder):
        """Hold a system; a rough solve of it loads the kernels it needs."""
        self.drop()
        self._system = load(folder, NETWORK + LATTICE)
        solve(self._operator(), self._system["rhs"], 0.1)
        give_back()

    def drop(self):
        """Hold nothing."""
        self._system = None
        give_back()

    def solve(self, tolerance, answer):
        """Solve from nothing into a file.

        Returns
        -------
        dict : seconds (topology, refresh, solve; total is the first solve as it is), iterations, memory [B] added by it
        """
        operator, rhs = self._operator(), self._system["rhs"]
        times, memory, added = [], PeakMemory(), None
        for _ in range(3):
            if len(times) == 1:
                operator.refresh()
            start = time.perf_counter()
            x = solve(operator, rhs, tolerance)
            times.append(time.perf_counter() - start)
            added = memory.added() if added is None else added
        np.save(answer, x)
        first, again, solving = times
        return {
            "seconds": {
                "topology": max(first - again, 0.0),
                "refresh": max(again - solving, 0.0),
                "solve": solving,
                "total": first,
            },
            "iterations": operator.iterations,
            "memory": added,
        }

    def _operator(self):
        s = self._system
        lattice = LatticeRows(tuple(s[name] for name in LATTICE[:3]), s["row"]) if "row" in s else None
        operator = Operator(s["rhs"].size, s["a"], s["b"], lattice)
        operator.conductance[:], operator.shift[:] = s["conductance"], s["shift"]
        operator.refresh()
        return operator
