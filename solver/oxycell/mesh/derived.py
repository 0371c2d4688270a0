"""Arrays of a mesh that are not there as such: they are indexed like arrays, `np.asarray` gives all of one; arrays in
pieces.

What they are made from can be pickled, so a mesh can be handed to another process.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from oxycell.arrays import Array, Floats, Ints

_PIECE = 1 << 15


def pieces(length: int, most: int = _PIECE) -> list[slice]:
    """Slices of an array of this length, one after the other, so small that what is made of one stays in the
    processor's cache."""
    return [slice(start, min(start + most, length)) for start in range(0, length, most)]


class Rows:
    """An array whose rows are computed each time, only those that are needed.

    Parameters
    ----------
    rows : function (m,) int → (m, …), the rows of these numbers
    length : int, how many rows there are
    """

    def __init__(self, rows: Callable[[Ints], Array], length: int) -> None:
        self.rows, self.length = rows, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: Any) -> Array:
        if index is Ellipsis or (isinstance(index, tuple) and any(part is Ellipsis for part in index)):
            return np.asarray(self)[index]
        first, rest = (index[0], index[1:]) if isinstance(index, tuple) else (index, ())
        if isinstance(first, slice):
            first = np.arange(*first.indices(self.length))
        first = np.asarray(first)
        if first.dtype == bool:
            first = np.flatnonzero(first)
        elif first.size and first.min() < 0:
            first = np.where(first < 0, first + self.length, first)
        found = self.rows(first.ravel())[(slice(None), *rest)]
        return found.reshape(first.shape + found.shape[1:])

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.asarray(self.rows(np.arange(self.length)), dtype)


class Shared:
    """An array in which many rows are the same: those that differ, and which of them each row is.

    Parameters
    ----------
    values : (k, …)
    number : (n,) int, row in values
    """

    def __init__(self, values: Array, number: Ints) -> None:
        self.values, self.number = values, number
        for array in (values, number):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.number)

    def __getitem__(self, index: Any) -> Array:
        first, rest = (index[0], index[1:]) if isinstance(index, tuple) else (index, ())
        return self.values[(self.number[first], *rest)]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.asarray(self.values[self.number], dtype)


class Late:
    """An array that is computed when it is first needed.

    Parameters
    ----------
    make : function without arguments → array
    """

    def __init__(self, make: Callable[[], Array]) -> None:
        self.make = make
        self.made: Array | None = None

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        if self.made is None:
            made = self.make()
            made.setflags(write=False)
            self.made = made
        return np.asarray(self.made, dtype)

    def __len__(self) -> int:
        return len(np.asarray(self))

    def __getitem__(self, index: Any) -> Array:
        return np.asarray(self)[index]


def corners_of(points: Floats, numbers: Ints) -> Rows:
    """Corners (n, 4, 3) of faces from the numbers (n, 4) of their points; the fourth of a triangle, −1, is its first.

    Parameters
    ----------
    points : (n_points, 3) [m]
    numbers : (n, 4) int
    """
    return Rows(partial(_corners, points, numbers), len(numbers))


def _corners(points: Floats, numbers: Ints, faces: Ints) -> Floats:
    found = numbers[faces]
    return points[np.where(found >= 0, found, found[:, :1])]
