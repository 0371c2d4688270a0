"""Units of the unknowns of a step: what makes the tangent of the heat balance nearly symmetric."""

from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.numerics.operators import Operator
from oxycell.numerics.reductions import largest_size, totals

_OFF = 0.1  # share by which units may deviate before they are renewed


class StepUnits:
    """Units of τ for each material: its conductivity at the mean of its rows' temperatures over k*.

    Parameters
    ----------
    thermal : Thermal

    Notes
    -----
    Heat through a surface between two materials follows each τ by k* over the conductivity at that surface. In these
    units both of that is about 1, wherever T* is, and the tangent is about symmetric.
    """

    def __init__(self, thermal: Any) -> None:
        self.thermal, self.conductivity = thermal, thermal.conductivity
        self._given: Floats | None = None
        self._written: WeakKeyDictionary[Operator, Any] = WeakKeyDictionary()

    def at(self, T: Floats) -> Floats | None:
        """Units of all materials, of frozen bath and lumps behind them (n + 1,), at temperatures T (n_rows,) [K]: those
        given before unless one of them deviates too much; None where nothing varies."""
        if not self.conductivity.varies.any():
            return None
        rows, number = self._rows
        mean = totals(rows, T, number.size + 1)[1:] / number
        found = np.r_[self.conductivity.over_reference(mean), np.ones(self.conductivity.origin.size + 1 - mean.size)]
        if self._given is None or largest_size(found / self._given - 1.0) > _OFF:
            self._given = found
        return self._given

    @cached_property
    def _rows(self):
        """Material of every row and 1 (n_rows,) int, and how many rows there are of each of them, at least one."""
        rows = self.thermal.row_material.astype(np.int64) + 1
        return rows, np.maximum(np.bincount(rows)[1:], 1)

    @cached_property
    def special_materials(self) -> Ints:
        """Materials of the rows on both sides of the special faces inside (k, 2) int, −1 of lumps."""
        inside = slice(self.thermal.plain, self.thermal.inner.stop)
        return self.thermal.row_material[np.stack([self.thermal.a[inside], self.thermal.b[inside]], 1)]

    @cached_property
    def _plain_materials(self):
        return self.thermal.row_material[self.thermal.a[: self.thermal.plain]]

    def write_plain(self, operator: Operator, place: slice, units: Floats | None) -> None:
        """Conductances of the plain faces into a place of an operator, unless they are there in these units."""
        if operator not in self._written or self._written[operator] is not units:
            factor = 1.0 if units is None else units[self._plain_materials]
            np.multiply(self.thermal.plain_conductance, factor, out=operator.conductance[place])
            self._written[operator] = units
