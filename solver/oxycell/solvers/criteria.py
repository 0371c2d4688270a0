"""What counts as converged: residuals over what flows or over the round-off of what was summed, and how small they have
to become."""

import numpy as np

from oxycell.errors import NotConverged
from oxycell.limits import CHARGE_LIMIT, HEAT_LIMIT, ROUND_OFF, WIDEST

_RESOLVED = (
    1e-3  # share of what flows up to which round-off may widen the limit of the sum of currents that terminals drive
)
_EPS = float(np.finfo(float).eps)
_NEAR = 1e4  # bounds of the round-off of any row from which on it is worth estimating row by row


def charge_round_off_bound(e):
    """Roughly the most that `charge_round_off` of an Evaluation can be in a row [A], in one pass over the
    potentials."""
    return _EPS * float(np.max(e.currents.slope, initial=0.0)) * float(np.max(np.abs(e.potentials), initial=0.0))


def heat_round_off_bound(e):
    """Roughly the most that `heat_round_off` of an Evaluation can be in a row [W]."""
    largest = max(float(np.max(e.heat.slope, initial=0.0)), float(np.max(e.heat.shift, initial=0.0)))
    return _EPS * largest * float(np.max(np.abs(e.T)))


def size(r, scale=1.0):
    """The larger of the largest row and the sum of a residual, over what it is compared with."""
    return max(float(np.max(r, initial=0.0)), -float(np.min(r, initial=0.0)), abs(float(np.sum(r)))) / max(
        scale, 1e-300
    )


def sizes(e):
    """Relative residuals of charge and heat of an Evaluation."""
    return size(e.charge, e.charge_scale), size(e.heat_residual, e.heat_scale)


class Limits:
    """Tells whether the balances of an Evaluation close.

    A row closes where its residual is at most a share of what flows, or ten times the round-off of what was summed in
    it. The sum of all rows closes at the same share of what flows, or at ten times the round-off of what crosses the
    boundary: what rows inside the body make of round-off cancels in the sum, so a body in which nothing flows closes,
    and one whose currents are lost in the round-off of its conductances (1e20 W/m/K) closes only where its own balance
    does. Currents that terminals drive have to stand out of the round-off of what crosses these; heat need not:
    temperatures are known even where little more than nothing flows.

    Parameters
    ----------
    tolerance : float, share of the ledger's limits to reach
    """

    def __init__(self, tolerance):
        self.tolerance = tolerance
        self._bounds = {}  # of the round-off of any row of a balance, from where it was first asked for

    def charge(self, e):
        """Whether the charge balance closes.

        Raises
        ------
        NotConverged
            It cannot: what terminals drive is lost in the round-off of their potentials. Its `state` are the
            potentials.
        """
        driven = e.problem.electric is not None and e.problem.electric.driven
        lost = driven and e.charge_scale < ROUND_OFF * e.charge_round_off_crossing
        share = self.tolerance * CHARGE_LIMIT
        if not lost and size(e.charge, e.charge_scale) <= share:
            return True
        if not self._near("charge", e.charge, e.charge_scale, lambda: charge_round_off_bound(e)):
            return False
        outside = e.charge_round_off_outside
        if driven and not lost:
            outside = min(outside, _RESOLVED * e.charge_scale / ROUND_OFF)
        closes = _closes(e.charge, share, e.charge_scale, e.charge_round_off, outside)
        if closes and lost:
            raise NotConverged("what flows is lost in the round-off of potentials", state=e.potentials)
        return closes

    def heat(self, e):
        """Whether the heat balance closes."""
        if size(e.heat_residual, e.heat_scale) <= self.tolerance * HEAT_LIMIT:
            return True
        return self._near("heat", e.heat_residual, e.heat_scale, lambda: heat_round_off_bound(e)) and _closes(
            e.heat_residual, self.tolerance * HEAT_LIMIT, e.heat_scale, e.heat_round_off, e.heat_round_off_outside
        )

    def _near(self, name, r, scale, bound):
        """Whether a residual is small enough for its round-off to matter; `bound`: function without arguments, asked
        once."""
        largest = size(r)
        if largest <= WIDEST * scale:
            return True
        if self._bounds.get(name, 0.0) == 0.0:
            self._bounds[name] = bound()
        return largest <= _NEAR * self._bounds[name]


def _closes(r, share, scale, rows, outside):
    """Whether rows (n,) and their sum are within a share of `scale`, or the round-off of the rows (n,) and of what
    crosses."""
    most = share * scale
    widest = max(most, min(ROUND_OFF * float(np.max(rows, initial=0.0)), WIDEST * scale))
    if abs(float(np.sum(r))) > max(widest, ROUND_OFF * outside):
        return False
    return bool(np.all(np.abs(r) <= np.maximum(most, ROUND_OFF * rows)))
