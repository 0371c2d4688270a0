"""Whether an iteration still gets somewhere: progress, stall, growth of its residual."""

from oxycell.state import State


class Progress:
    """What the residuals of an iteration say.

    Parameters
    ----------
    enough : float, ratio of the residual to the best one before that counts as progress
    worse : float, residual over the last one from which on it has grown
    patience : int, iterations without progress that count as stalled
    state : State, where the iteration begins

    Attributes
    ----------
    best : the state with the smallest residual that counted as progress
    stalled : bool, at the last iteration
    grown : bool, whether the last residual is much larger than the one before it
    """

    def __init__(self, enough: float, worse: float, patience: int, state: State) -> None:
        self._enough, self._worse, self._patience = enough, worse, patience
        self._least, self._last, self._since = float("inf"), float("inf"), 0
        self._absolute: tuple[float, ...] | None = None
        self._now: tuple[int, float, tuple[float, ...], State] | None = None
        self.best, self.stalled, self.grown = state, False, False

    def see(self, iteration: int, relative: float, absolute: tuple[float, ...], state: State) -> None:
        """Take note of an iteration.

        Parameters
        ----------
        iteration : int
        relative : float, largest relative residual
        absolute : tuple of float, of each balance; what flows may vanish with the residual, so that either counts
        state : State
        """
        self._now = iteration, relative, absolute, state
        progress = relative < self._enough * self._least or self._all_fell(absolute)
        self.stalled = not progress and iteration - self._since > self._patience
        if progress:
            self.restart()
        self.grown = relative > self._worse * self._last
        self._last = relative

    def restart(self) -> None:
        """Look for progress from the last iteration on."""
        assert self._now is not None, "no iteration has been seen"
        self._since, self._least, self._absolute, self.best = self._now

    def _all_fell(self, absolute: tuple[float, ...]) -> bool:
        before = self._absolute
        return before is None or all(now < self._enough * then for now, then in zip(absolute, before, strict=True))
