"""What counts as converged: residuals over what flows or over the round-off of what was summed, and how small they have
to become."""

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.limits import ROUND_OFF, WIDEST
from oxycell.numerics.reductions import everywhere, largest, smallest, total
from oxycell.physics.balance import Balance
from oxycell.physics.evaluation import Evaluation

_RESOLVED = (
    1e-3  # share of what flows up to which round-off may widen the limit of the sum of currents that terminals drive
)
_NEAR = 1e4  # bounds of the round-off of any row from which on it is worth estimating row by row


def size(r: Floats, scale: float = 1.0) -> float:
    """The larger of the largest row and the sum of a residual, over what it is compared with."""
    return max(largest(r), -smallest(r), abs(total(r))) / max(scale, 1e-300)


def sizes(evaluation: Evaluation) -> dict[str, float]:
    """Relative residuals of all balances at an Evaluation: dict name → float."""
    return {balance.name: relative_size(evaluation, balance) for balance in evaluation.problem.balances}


def relative_size(evaluation: Evaluation, balance: Balance) -> float:
    """Relative residual of a balance at an Evaluation."""
    return size(evaluation.of(balance, "residual"), evaluation.of(balance, "flow"))


class Criteria:
    """Tells whether the balances of an Evaluation close.

    A row closes where its residual is at most a share of what flows, or ten times the round-off of what was summed in
    it. The sum of all rows closes at the same share of what flows, or at ten times the round-off of what crosses the
    boundary: what rows inside the body make of round-off cancels in the sum, so a body in which nothing flows closes,
    and one whose currents are lost in the round-off of its conductances (1e20 W/m/K) closes only where its own balance
    does. Currents that terminals drive have to stand out of the round-off of what crosses these; heat need not:
    temperatures are known even where little more than nothing flows.

    Parameters
    ----------
    tolerance : float, share of the ledger's limits to reach; above 1 (in a time step) not of condensed balances
    """

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self._bounds: dict[str, float] = {}  # of the round-off of any row of a balance, from where it was first needed

    def closes(self, evaluation: Evaluation, balance: Balance) -> bool:
        """Whether a balance closes.

        Raises
        ------
        NotConverged
            It cannot: what drives it is lost in the round-off of its field.
        """
        residual, flow = evaluation.of(balance, "residual"), evaluation.of(balance, "flow")
        lost = balance.driven and flow < ROUND_OFF * evaluation.of(balance, "floor").crossing
        share = (min(self.tolerance, 0.1) if balance.condensed else self.tolerance) * balance.limit
        if not lost and size(residual, flow) <= share:
            return True
        if not self._near(evaluation, balance):
            return False
        floor = evaluation.of(balance, "floor")
        outside = floor.outside
        if balance.driven and not lost:
            outside = min(outside, _RESOLVED * flow / ROUND_OFF)
        closes = _closes(residual, share, flow, floor.rows, outside)
        if closes and lost:
            raise NotConverged(f"what flows is lost in the round-off of {balance.field}s", state=evaluation.state)
        return closes

    def _near(self, evaluation: Evaluation, balance: Balance) -> bool:
        """Whether a residual is small enough for its round-off to matter."""
        worst = size(evaluation.of(balance, "residual"))
        if worst <= WIDEST * evaluation.of(balance, "flow"):
            return True
        if self._bounds.get(balance.name, 0.0) == 0.0:
            self._bounds[balance.name] = evaluation.of(balance, "floor").bound
        return worst <= _NEAR * self._bounds[balance.name]


def _closes(r: Floats, share: float, scale: float, rows: Floats, outside: float) -> bool:
    """Whether rows (n,) and their sum are within a share of `scale`, or the round-off of the rows (n,) and of what
    crosses."""
    most = share * scale
    widest = max(most, min(ROUND_OFF * largest(rows), WIDEST * scale))
    if abs(total(r)) > max(widest, ROUND_OFF * outside):
        return False
    return everywhere(np.abs(r) <= np.maximum(most, ROUND_OFF * rows))
