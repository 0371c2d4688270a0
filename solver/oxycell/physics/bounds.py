"""How far one step towards the steady state may go."""

import numpy as np
from numba import njit

STEP, TURN = (0.2, 1.0), (0.5, 4.0)
"""Shares of a pool's superheat that one Newton step, and one turn, may take away and add."""

COUNTED = 0.01
"""Open share of a face from which on a charge row counts by the tangent alone."""

_LONGEST = 3.0, 400.0  # [V], [K] largest change in one step; of potentials only where there is a law that is not linear
_COLDEST = 200.0  # [K] no iterate goes below


class Bounds:
    """What a step may change, of a coupled problem.

    Parameters
    ----------
    problem : Coupled
    """

    def __init__(self, problem):
        self._problem, self._n = problem, problem.n_electric
        self._longest = np.inf if problem.electric is None or problem.electric.linear else _LONGEST[0], _LONGEST[1]
        self._all = np.ones(self._n, bool), np.ones(problem.start_temperature.size, bool)

    def shorten(self, u, step, front, superheat):
        """The step (n,) from the state u (n,), shortened.

        Parameters
        ----------
        u, step : (n,)
        front : Front or None, at u
        superheat : shares of a pool's superheat that may be taken away and added
        """
        n, (most, hottest) = self._n, self._longest
        conducts, bodies = self._bodies(front)
        by = max(largest_change(step[:n], conducts) / most, largest_change(step[n:], bodies) / hottest, 1.0)
        shortened = np.empty(step.size)
        limit(step[:n], by, -most, most, shortened[:n])
        limit_falling(step[n:], by, u[n:], bodies, _COLDEST, shortened[n:])
        share = self._within_superheat(u, shortened, *superheat)
        if share < 1.0:
            shortened *= share
        return shortened

    def _within_superheat(self, u, step, lost, gained):
        """Share of a step that leaves the ledges about as thick as they are: their thickness goes with one over the superheat."""
        share = 1.0
        for row, liquidus in self._problem.freezing:
            superheat, change = u[self._n + row] - liquidus, step[self._n + row]
            if superheat > 0.0 and change != 0.0:
                share = min(share, max(lost * superheat / -change, gained * superheat / change))
        return share

    def _bodies(self, front):
        """Rows whose value means something (bool): not potentials of frozen cells, nor the lines of ledge columns beyond the front."""
        if front is None:
            return self._all
        electric = self._problem.electric
        conducts = self._all[0]
        if electric is not None:
            conducts = conducts.copy()
            conducts[:electric.cells.size] = front.solid[electric.cells] < 1.0 - COUNTED
        return conducts, self._problem.thermal.real


@njit(cache=True)
def largest_change(step, counts):
    """Largest size of a change (n,) in the rows that count (n,) bool."""
    largest = 0.0
    for i in range(step.size):
        if counts[i]:
            largest = max(largest, abs(step[i]))
    return largest


@njit(cache=True)
def limit(step, by, least, most, out):
    """out = step / by (n,), between `least` and `most`."""
    for i in range(step.size):
        out[i] = min(max(step[i] / by, least), most)


@njit(cache=True)
def limit_falling(step, by, u, counts, coldest, out):
    """out = step / by (n,), where it counts no farther down than to `coldest`."""
    for i in range(step.size):
        out[i] = step[i] / by
        if counts[i]:
            out[i] = max(out[i], coldest - u[i])
