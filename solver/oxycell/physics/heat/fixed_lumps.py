"""Lumps of prescribed temperature: which rows of the heat balance are fixed, and the effect on its tangent."""

from typing import Any

import numpy as np

from oxycell.arrays import Ints
from oxycell.numerics.operators import Operator, sum_to_rows


def fixed_rows(thermal: Any) -> Ints:
    """Rows (k,) int of the lumps of a heat balance whose temperature is known, in the order of the lumps."""
    return thermal.shared_rows[[lump.held is not None for lump in thermal.lumps]]


def hold(thermal: Any, operator: Operator) -> None:
    """Renew a tangent, after making its fixed rows act as the identity; what joins them to others is a shift of those.

    Parameters
    ----------
    thermal : Thermal
    operator : Operator, filled with the tangent of that balance as if nothing were fixed
    """
    row = fixed_rows(thermal)
    if row.size:
        _part(thermal, operator, row)
    operator.refresh()


def _part(thermal, operator, row):
    """Take rows (k,) int out of the network."""
    faces = np.arange(thermal.plain, thermal.inner.stop)  # lumps have films on all of theirs
    a, b = thermal.a[faces], thermal.b[faces]
    first, second = np.isin(a, row), np.isin(b, row)
    beside = first | second
    at = thermal.joined.shape[1] - thermal.face.size + faces[beside]
    sum_to_rows(np.where(first, np.where(second, -1, b), a)[beside], operator.conductance[at], operator.shift)
    operator.conductance[at], operator.shift[row] = 0.0, 0.0
