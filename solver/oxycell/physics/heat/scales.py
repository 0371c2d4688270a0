"""What the residual of the heat balance is compared with: heat generated or passed, and the round-off of what was
summed."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from oxycell.arrays import Floats
from oxycell.numerics.operators import sum_sizes, sum_to_rows
from oxycell.numerics.reductions import largest, largest_size, total
from oxycell.physics.balance import RoundOff

_EPS = float(np.finfo(float).eps)


def made(heat: Any, reactions: Floats) -> list[Floats]:
    """Arrays of all that is generated [W]: inside rows, for lumps of prescribed temperature (k,), on faces; `heat`:
    Heat."""
    inside = [term.value for term in heat.sources] + list(reactions.reshape(-1, 1))
    return inside + [amounts for _, _, amounts in heat.face_sources]


def flow(heat: Any, reactions: Floats) -> float:
    """Heat generated or, if larger, the heat that crosses the outside [W]; arguments: see `made`."""
    inside = sum(total(np.abs(terms)) for terms in made(heat, reactions))
    return max(inside, 0.5 * total(np.abs(heat.outwards)))


def floor(thermal: Any, heat: Any) -> RoundOff:
    """RoundOff [W] of Heat of a Thermal: of the net heat into each row, and of what crosses the outside."""

    def of_rows():
        rows = np.zeros(thermal.n_rows)
        sum_sizes(thermal.a, thermal.b, heat.slope, heat.tau, False, rows)
        if thermal.links is not None:
            sum_sizes(thermal.links.a, thermal.links.b, heat.conductance, heat.tau, False, rows)
        at = thermal.shifted
        for row, side in ((thermal.a, 0), (thermal.b, 1)):
            here = row[at + thermal.plain]
            sum_to_rows(here, heat.shift[at, side] * np.abs(heat.T[here]), rows)
        return _EPS * rows

    def crossing():
        out = slice(thermal.inner.stop, None)
        shift = heat.shift[thermal.inner.stop - thermal.plain :, 0]
        return _EPS * total(shift * np.abs(heat.T[thermal.a[out]]))

    def bound():
        return _EPS * max(largest(heat.slope), largest(heat.shift)) * largest_size(heat.T)

    return RoundOff(of_rows, crossing, bound)


def superheat_share(rows: Sequence[int], liquidus: float, T: Floats, step: Floats, lost: float, gained: float) -> float:
    """Share of a step (n_rows,) [K] from temperatures T (n_rows,) [K] that changes the superheat of no pool too much.

    Parameters
    ----------
    rows : list of int, of the pools; liquidus : [K]; T, step : (n_rows,) [K]
    lost, gained : shares of its superheat that a pool may lose and gain
    """
    share = 1.0
    for row in rows:
        superheat, change = T[row] - liquidus, step[row]
        if superheat > 0.0 and change != 0.0:
            share = min(share, max(lost * superheat / -change, gained * superheat / change))
    return share
