"""Where a function of one number is zero, when each value is a whole solve and some arguments have no value at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy.optimize import brentq

_EDGE = 1e-3  # share of the interval to which the edge between arguments with and without a value is found
_NARROWEST = 1e-9  # share of the interval to which a sign change is narrowed before the function is taken to jump there


@dataclass(frozen=True)
class Trial:
    """One argument that was tried.

    Attributes
    ----------
    x : float
    y : float or None, value of the function; None where it has none
    side : int, sign of y; without y the sign of what the function tends to there, 0 if nobody knows
    """

    x: float
    y: float | None
    side: int

    @property
    def value(self) -> float:
        """Its y, of one that has one."""
        assert self.y is not None
        return self.y


class _NoValue(Exception):
    """The function has no value at an argument inside the bracket."""


def find_root(
    ask: Callable[[float], Trial],
    low: float,
    high: float,
    start: float | None = None,
    tolerance: float = 0.0,
    limit: int = 25,
) -> list[Trial]:
    """Find x with |y(x)| ≤ tolerance for a function that is continuous and monotone where it has values.

    Parameters
    ----------
    ask : x → Trial; called once for each x
    low, high : float, interval
    start : float or None, tried first where it lies in the interval
    tolerance : float
    limit : int, most calls

    Returns
    -------
    list of Trial, in the order they were tried; the last is the root if its |y| ≤ tolerance, and else none was found

    Notes
    -----
    Between two values of opposite sign: Brent (1973), "Algorithms for Minimization without Derivatives", chapter 4, as
    SciPy has it. Where one end has no value, the next argument is taken where the straight line through the nearest two
    values crosses zero, or in the middle, until the signs differ or the edge is known to a thousandth of the interval.
    """
    trials: dict[float, Trial] = {}

    def value(x: float) -> float:
        if x not in trials:
            trials[x] = ask(x)
        if trials[x].y is None:
            raise _NoValue
        return 0.0 if abs(trials[x].value) <= tolerance else trials[x].value

    while len(trials) < limit:
        ordered = sorted(trials.values(), key=lambda trial: trial.x)
        ends = next(((a.x, b.x) for a, b in pairwise(ordered) if None not in (a.y, b.y) and a.side * b.side < 0), None)
        try:
            if ends:
                brentq(
                    value, *ends, xtol=_NARROWEST * (high - low), rtol=1e-12, maxiter=limit - len(trials), disp=False
                )
                break
            x = _further(ordered, low, high, start)
            if x is None or value(x) == 0.0:
                break
        except _NoValue:
            continue
    return list(trials.values())


def _further(ordered: Sequence[Trial], low: float, high: float, start: float | None) -> float | None:
    """Argument to try while no two values have opposite signs; None when there is nothing left to try.

    Parameters
    ----------
    ordered : list of Trial, by x
    low, high, start : as in `find_root`
    """
    if not ordered and start is not None and low <= start <= high:
        return start
    edges = [pair for pair in pairwise(ordered) if (pair[0].y is None) != (pair[1].y is None)]
    known = [(a, b) for a, b in edges if a.side * b.side < 0]
    untried = [x for x in (low, high) if x not in [trial.x for trial in ordered]]
    if untried and not known:
        return untried[0]
    for a, b in known or [pair for pair in edges if 0 in (pair[0].side, pair[1].side)]:
        if b.x - a.x > _EDGE * (high - low):
            x = _towards_edge(ordered, *((a, b.x) if b.y is None else (b, a.x)), bool(known))
            if x is not None:
                return x
    return None


def _towards_edge(ordered: Sequence[Trial], last: Trial, beyond: float, crosses: bool) -> float | None:
    """Argument between the last one with a value and one without: where the function seems to be zero, or the middle.

    None where the function leads away from zero that way, unless it is known to cross (`crosses`).
    """
    others = [trial for trial in ordered if trial.y is not None and trial is not last]
    middle = 0.5 * (last.x + beyond)
    if not others:
        return middle
    other = min(others, key=lambda trial: abs(trial.x - last.x))
    if abs(other.value) <= abs(last.value):
        return middle if crosses else None
    share = last.value / (other.value - last.value) * (last.x - other.x) / (beyond - last.x)
    return last.x + share * (beyond - last.x) if _EDGE < share < 1.0 - _EDGE else middle
