"""Coupling: the area that a frozen ledge leaves open to currents."""

from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.physics.balance import Quantity
from oxycell.physics.ledge.ledge import Front, LedgeColumns

COUNTED = 0.01
"""Open share of a face from which on a charge row counts by the tangent alone."""


class LedgeCover:
    """Gives the open area of the faces of the charge balance, from the front of the ledge.

    Parameters
    ----------
    electric : Electric
    ledge : LedgeColumns
    """

    row_sources: dict[str, str] = {}
    face_sources: dict[str, str] = {}

    def __init__(self, electric: Any, ledge: LedgeColumns) -> None:
        self.electric, self.ledge = electric, ledge

    def quantities(self) -> dict[str, Quantity]:
        """`charge_front`, that currents see, which may lag behind the front; `open_area`; charge rows that count."""
        return {
            "charge_front": Quantity(("front",), lambda front: front),
            "open_area": Quantity(("charge_front",), self.open_area),
            "charge_counted": Quantity(("front",), self._counted),
        }

    def open_area(self, front: Front) -> tuple[Ints, Floats]:
        """Faces of the charge balance that the ledge may cover, and the share it leaves open: positions (k,) int,
        (k,)."""
        at, place = self._covered
        return at, front.open_beside[place]

    def _counted(self, front):
        """Charge rows whose value means something (n_rows,) bool: not potentials of frozen cells."""
        counted, (at, row) = np.ones(self.electric.n_rows, bool), self._frozen_rows
        counted[row] = front.solid[at] < 1.0 - COUNTED
        return counted

    @cached_property
    def _covered(self):
        beside = self.ledge.beside
        place = np.minimum(np.searchsorted(beside, self.electric.face), beside.size - 1)
        at = np.flatnonzero(beside[place] == self.electric.face)
        return at, place[at]

    @cached_property
    def _frozen_rows(self):
        """Which of the ledge columns' cells conduct (k,) int, and their charge rows (k,) int."""
        row = self.electric.row[self.ledge.cell]
        return np.flatnonzero(row >= 0), row[row >= 0]
