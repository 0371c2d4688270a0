"""How far one step towards the steady state may go."""

from functools import cached_property

import numpy as np

from oxycell.errors import NotConverged
from oxycell.kernel import kernel

STEP, TURN = (0.2, 1.0), (0.5, 4.0)
"""Shares of a pool's superheat that one Newton step, and one turn, may take away and add."""

HOT = 4000.0
"""Temperature [K] above which a search that makes no progress is given up: no body of a cell is left, carbon sublimes
near 3900 K [M]."""

COUNTED = 0.01
"""Open share of a face from which on a charge row counts by the tangent alone."""

_LONGEST = 3.0, 400.0  # [V], [K] largest change in one step; of potentials only where there is a law that is not linear
_LONGER = 2.0  # times as long as the last one a step in potential may be, where that was shortened
_COLDEST = 200.0  # [K] no iterate goes below
_RUN_AWAY = 2e4  # [K] from which nothing comes back


class Bounds:
    """What a step may change, of a coupled problem.

    Parameters
    ----------
    problem : Coupled
    """

    def __init__(self, problem):
        self._problem, self._n = problem, problem.n_electric
        self._first = np.inf if problem.electric is None or problem.electric.linear else _LONGEST[0]
        self._longest = self._first  # [V]
        self._begin = 2.0 * float(np.max(problem.start_temperature, initial=0.0))
        self._all = np.ones(self._n, bool), np.ones(problem.start_temperature.size, bool)

    def hottest(self, u):
        """Highest temperature of a body at the state u (n,) [K], 0 where temperature is not solved."""
        return float(np.max(u[self._n :][self._problem.thermal.real], initial=0.0)) if self._problem.thermal else 0.0

    def astray(self, u):
        """Whether a search that makes no progress ends at the state u (n,): bodies are too hot; beside pools of known
        temperature Newton's method leads back from there."""
        return self.hottest(u) > HOT and not self._problem.held

    def check(self, stage, u, most=_RUN_AWAY):
        """Raise NotConverged where temperatures of the state u (n,) run away, beyond `most` [K] and what they began
        with."""
        most = max(most, self._begin)
        if np.max(u[self._n :], initial=0.0) > most and self.hottest(u) > most:
            raise NotConverged(f"{stage} balance: temperatures run away", state=u)

    def potentials(self, step, front):
        """A step in potential alone (n_electric,), shortened; `front`: Front or None, where it starts."""
        return self._potentials(step, max(self._over_potentials(step, front), 1.0))

    def temperatures(self, T, step, front, superheat):
        """A step in temperature alone (n_heat,) from T (n_heat,), shortened; the rest: see `shorten`."""
        return self._temperatures(T, step, max(self._over_temperatures(step, front), 1.0), front, superheat)[0]

    def heated(self, u, step, front, share=1.0):
        """The state u (n,) after a share of a turn's step in temperature (n_heat,), shortened to what a turn may
        change."""
        image, T = u.copy(), u[self._n :]
        image[self._n :] += share * self.temperatures(T, step, front, TURN)
        return image

    def counts(self, front):
        """Heat rows (n,) whose change says how far a turn is from the last: temperatures of bodies, and of frozen bath
        by its share."""
        thermal = self._problem.thermal
        counts = thermal.real.astype(float)
        if front is not None:
            counts[thermal.own[thermal.ledge.cell]] = front.solid
        return counts

    def shorten(self, u, step, front, superheat):
        """The step (n,) from the state u (n,), shortened.

        Parameters
        ----------
        u, step : (n,)
        front : Front or None, at u
        superheat : shares of a pool's superheat that may be taken away and added
        """
        n, shortened = self._n, np.empty(step.size)
        by = max(self._over_potentials(step[:n], front), self._over_temperatures(step[n:], front), 1.0)
        shortened[n:], share = self._temperatures(u[n:], step[n:], by, front, superheat)
        shortened[:n] = share * self._potentials(step[:n], by)
        return shortened

    def _over_potentials(self, step, front):
        return largest_change(step, self._conducts(front)) / self._longest

    def _over_temperatures(self, step, front):
        return largest_change(step, self._bodies(front)) / _LONGEST[1]

    def _potentials(self, step, by):
        out = np.empty(step.size)
        limit(step, by, -self._longest, self._longest, out)
        self._longest = _LONGER * self._longest if by > 1.0 else self._first
        return out

    def _temperatures(self, T, step, by, front, superheat):
        """The step over `by`, shortened, and by what share pools shortened it."""
        out = np.empty(step.size)
        limit_falling(step, by, T, self._bodies(front), _COLDEST, out)
        share = self._within_superheat(T, out, *superheat)
        if share < 1.0:
            out *= share
        return out, share

    def _within_superheat(self, T, step, lost, gained):
        """Share of a step that leaves the ledges about as thick as they are: their thickness goes with one over the
        superheat."""
        share = 1.0
        for row, liquidus in self._problem.freezing:
            superheat, change = T[row] - liquidus, step[row]
            if superheat > 0.0 and change != 0.0:
                share = min(share, max(lost * superheat / -change, gained * superheat / change))
        return share

    def _conducts(self, front):
        """Charge rows whose value means something (bool): not potentials of frozen cells."""
        conducts, electric = self._all[0], self._problem.electric
        if front is not None and electric is not None:
            conducts, (at, row) = conducts.copy(), self._frozen_rows
            conducts[row] = front.solid[at] < 1.0 - COUNTED
        return conducts

    @cached_property
    def _frozen_rows(self):
        """Which of the ledge columns' cells conduct (k,) int, and their charge rows (k,) int."""
        row = self._problem.electric.row[self._problem.thermal.ledge.cell]
        return np.flatnonzero(row >= 0), row[row >= 0]

    def _bodies(self, front):
        """Heat rows whose value means something (bool): not the lines of ledge columns beyond the front."""
        return self._all[1] if front is None else self._problem.thermal.real


@kernel
def largest_change(step, counts):
    """Largest size of a change (n,) in the rows that count (n,) bool."""
    largest = 0.0
    for i in range(step.size):
        if counts[i]:
            largest = max(largest, abs(step[i]))
    return largest


@kernel
def limit(step, by, least, most, out):
    """out = step / by (n,), between `least` and `most`."""
    for i in range(step.size):
        out[i] = min(max(step[i] / by, least), most)


@kernel
def limit_falling(step, by, u, counts, coldest, out):
    """out = step / by (n,), where it counts no farther down than to `coldest`."""
    for i in range(step.size):
        out[i] = step[i] / by
        if counts[i]:
            out[i] = max(out[i], coldest - u[i])
