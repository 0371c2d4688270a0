"""What the residual of the heat balance is compared with: heat generated or passed, and the round-off of what was
summed."""

import numpy as np

from oxycell.numerics.operators import sum_sizes, sum_to_rows
from oxycell.physics.balance import RoundOff

_EPS = float(np.finfo(float).eps)


def made(heat, reactions):
    """Arrays of all that is generated [W]: inside rows, for lumps of prescribed temperature (k,), on faces; `heat`:
    Heat."""
    inside = [term.value for term in heat.sources] + list(reactions.reshape(-1, 1))
    return inside + [amounts for _, _, amounts in heat.face_sources]


def flow(heat, reactions):
    """Heat generated or, if larger, the heat that crosses the outside [W]; arguments: see `made`."""
    total = sum(float(np.sum(np.abs(terms))) for terms in made(heat, reactions))
    return max(total, 0.5 * float(np.sum(np.abs(heat.outwards))))


def floor(thermal, heat):
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
        return _EPS * float(np.sum(shift * np.abs(heat.T[thermal.a[out]])))

    def bound():
        largest = max(float(np.max(heat.slope, initial=0.0)), float(np.max(heat.shift, initial=0.0)))
        return _EPS * largest * float(np.max(np.abs(heat.T)))

    return RoundOff(of_rows, crossing, bound)
