"""Coupling: the area that frozen bath leaves open to currents."""

from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.physics.balance import Quantity
from oxycell.physics.ledge.ledge import LEAST_OPEN, Front
from oxycell.physics.ledge.shells import Shelled

INSULATES = 1e-3
"""Thickness [m] from which on a shell lets no current pass; a thinner one covers its face in proportion to it [E]."""

COUNTED = 0.01
"""Open share of a face from which on a charge row counts by the tangent alone."""


class LedgeCover:
    """Gives the open area of the faces of the charge balance, from the front of the ledge and shells on faces.

    Parameters
    ----------
    electric : Electric; thermal : Thermal, with a ledge or shells
    """

    row_sources: dict[str, str] = {}
    face_sources: dict[str, str] = {}

    def __init__(self, electric: Any, thermal: Any) -> None:
        self.electric, self.thermal, self.ledge = electric, thermal, thermal.ledge

    def quantities(self) -> dict[str, Quantity]:
        """`charge_front`, that currents see, which may lag behind the front; `open_area`; charge rows that count."""
        found = {"open_area": Quantity(("charge_front?", "shells?"), self.open_area)}
        if self.ledge is not None:
            found["charge_front"] = Quantity(("front",), lambda front: front)
            found["charge_counted"] = Quantity(("front",), self._counted)
        return found

    def open_area(self, front: Front | None, shells: Shelled | None) -> tuple[Ints, Floats]:
        """Faces of the charge balance that may freeze over, and the share that is open: positions (k,) int, increasing,
        (k,)."""
        positions, of_ledge, of_shells = self._covered
        share = np.ones(positions.size)
        if front is not None:
            at, place = of_ledge
            share[at] *= front.open_beside[place]
        if shells is not None:
            at, place = of_shells
            share[at] *= np.maximum(1.0 - shells.thickness[place] / INSULATES, LEAST_OPEN)
        return positions, share

    def _counted(self, front):
        """Charge rows whose value means something (n_rows,) bool: not potentials of frozen cells."""
        counted, (at, row) = np.ones(self.electric.n_rows, bool), self._frozen_rows
        counted[row] = front.solid[at] < 1.0 - COUNTED
        return counted

    @cached_property
    def _covered(self):
        """Faces of the charge balance that may freeze over: positions (k,) int, increasing; of the ledge and of shells,
        which of these (n,) int, and places in `LedgeColumns.beside` or among the shells (n,) int."""
        nothing = np.zeros(0, np.int64)
        beside = nothing if self.ledge is None else self.ledge.beside
        on = nothing if self.thermal.shells is None else self.thermal.shells.faces(self.thermal)
        face = self.electric.face
        positions = np.flatnonzero(np.isin(face, beside) | np.isin(face, on))
        found = []
        for some in (beside, on):
            at = np.flatnonzero(np.isin(face[positions], some))
            order = np.argsort(some)
            found.append((at, order[np.searchsorted(some, face[positions[at]], sorter=order)]))
        return positions, *found

    @cached_property
    def _frozen_rows(self):
        """Which of the ledge columns' cells conduct (k,) int, and their charge rows (k,) int."""
        row = self.electric.row[self.ledge.cell]
        return np.flatnonzero(row >= 0), row[row >= 0]
