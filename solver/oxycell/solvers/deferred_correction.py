"""What the fluxes of two balances leave out of two-point fluxes, held from one iteration to the next."""

import numpy as np

from oxycell.physics.heat.fixed_lumps import held_rows
from oxycell.physics.skew import Skew

_TWO_POINT, _ON_BOXES, _ON_SKEW = (
    (60, 8, 8),
    (150, 8, 12),
    (200, 15, 30),
)  # `limits` without rises, on boxes, on skew cells
_BOX_TOLERANCE, _SKEW_TOLERANCE = (
    3e-9,
    1e-10,
)  # two-point fluxes are second order on boxes already, and not even exact on skew cells


class Rises:
    """Rises of both balances, held from one iteration to the next.

    Parameters
    ----------
    balances : (Electric or None, Thermal or None)
    scale : (float, float) [V], [K], errors of these sizes count alike

    Attributes
    ----------
    held : pair of arrays [V], [K], as the corrections keep them; None for a balance that needs none
    on_faces : pair of (m, 2) [V], [K], the same on both sides of the faces; None for a balance that needs none
    any, skewed : bool, whether one does, whether one does for skew cells
    tolerance : largest change of the rises of a converged run, over the span of potentials or temperatures
    limits : most iterations, changes the acceleration looks back on, iterations without progress that count as stalled
    """

    def __init__(self, balances, scale):
        self.scale, self._corrections = scale, [None if balance is None else balance.correction for balance in balances]
        nothing = [
            None if of is None else of.rises((np.zeros(of.area.size),) * 2, np.ones(balance.mesh.n_cells))
            for of, balance in zip(self._corrections, balances, strict=True)
        ]
        self._keep(nothing)
        self.any = any(rise is not None for rise in self.held)
        self.skewed = any(isinstance(of, Skew) for of in self._corrections)
        self.tolerance = _SKEW_TOLERANCE if self.skewed else _BOX_TOLERANCE
        self.limits = _ON_SKEW if self.skewed else _ON_BOXES if self.any else _TWO_POINT

    def _keep(self, rises):
        self.held = tuple(rises)
        self.on_faces = tuple(
            None if rise is None else of.on_faces(rise) for of, rise in zip(self._corrections, rises, strict=True)
        )

    def asked(self, e):
        """Rises that the fluxes of an Evaluation ask for, and by how much those held are off, over the span of the
        unknowns."""
        asked, off = list(self.held), 0.0
        for i, (fluxes, unknowns) in enumerate(((e.currents, e.potentials), (e.heat, e.T))):
            if self.held[i] is not None:
                asked[i] = fluxes.next_rise()
                off = max(off, float(np.max(np.abs(asked[i] - self.held[i]))) / max(float(np.ptp(unknowns)), 1e-300))
        return tuple(asked), off

    def heat_residual(self, e, rises):
        """Net heat into each row (n_rows,) [W] of an Evaluation, 0 in lumps of known temperature; on boxes with the
        rises asked for, by the tangent, not those held."""
        of, held = self._corrections[1], self.held[1]
        if held is None or self.skewed:
            return e.heat_residual
        change = e.heat.raised(of.on_faces(rises[1] - held))
        change[held_rows(e.heat.thermal)] = 0.0
        return e.heat_residual + change

    def flat(self, rises):
        """Rises as one array [K], errors in both balances to count alike."""
        parts = [
            rise.ravel() * (self.scale[1] / scale)
            for rise, scale in zip(rises, self.scale, strict=True)
            if rise is not None
        ]
        return np.concatenate([np.zeros(0), *parts])

    def hold(self, flat):
        """Hold rises, as `flat` wrote them."""
        rises, start = [], 0
        for held, scale in zip(self.held, self.scale, strict=True):
            stop = start + (0 if held is None else held.size)
            rises.append(None if held is None else flat[start:stop].reshape(held.shape) * (scale / self.scale[1]))
            start = stop
        self._keep(rises)
