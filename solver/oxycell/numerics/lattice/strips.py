"""Layout of the cells of a level in memory: line after line without the empty space, in strips whose neighbours are
at fixed distances.

A strip is a stretch of one line along z; its neighbours along x and y are as far away in memory at its end as at its
beginning. Strips that follow each other with the same distances make one run, the loops of smoothing are over those.
Nothing is stored around a level: a neighbour that is not there is a cell of the zeros that begin all arrays, or, where
only its conductance to the next cell would be read, the cell itself.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from oxycell.arrays import Ints
from oxycell.kernel import inner_kernel, kernel

ZEROS = 2048  # zeros at the beginning of all arrays, and the most cells of a run
NONE = np.uint32(2**32 - 1)  # no row, no face
_FIRST = 1  # the first of them that stands for a neighbour
_GAP = 8  # empty positions along z stored with the cells on both sides rather than end a strip


class Runs(NamedTuple):
    """Stretches of memory whose cells have their neighbours at fixed distances: strips, or several of them as one.

    Attributes
    ----------
    first : (planes + 1,) int, first run of each plane; in every level the first and last plane are empty
    begin, end : (n,) uint64, flat positions
    west, east, south, north : (n,) uint64, distance in memory of the neighbours along x and y, modulo 2⁶⁴
    """

    first: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    west: np.ndarray
    east: np.ndarray
    south: np.ndarray
    north: np.ndarray

    @property
    def spans(self) -> tuple[Ints, Ints, Ints]:
        """Where they are: first, begin and end, for kernels that need no neighbours."""
        return self.first, self.begin, self.end


class Strips(NamedTuple):
    """Strips of a level: runs of one line each, and where on the line they are.

    Attributes
    ----------
    first, begin, end, west, east, south, north : see Runs
    row, start : (n,) int, index along y, and along z of the first cell
    """

    first: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    west: np.ndarray
    east: np.ndarray
    south: np.ndarray
    north: np.ndarray
    row: np.ndarray
    start: np.ndarray

    @property
    def runs(self) -> Runs:
        """The same as Runs."""
        return Runs(*self[:-2])


@kernel
def number_cells(used, start, position):
    """Flat positions of the cells of a level, from `start` on.

    Parameters
    ----------
    used : (nx, ny, nz) bool
    position : (nx + 2, ny + 2, nz + 2) int, out, filled with −1, which stays where nothing is stored

    Returns
    -------
    position behind the last one
    """
    p = start
    for i in range(used.shape[0]):
        for j in range(used.shape[1]):
            last = used.shape[2]
            for k in range(used.shape[2]):
                if used[i, j, k]:
                    if last < k <= last + _GAP + 1:
                        for gap in range(last + 1, k):
                            position[i + 1, j + 1, gap + 1] = p
                            p += 1
                    position[i + 1, j + 1, k + 1] = p
                    p += 1
                    last = k
    return p


@inner_kernel
def _distance(position, p):
    """Distance from p, 0 to nowhere."""
    return np.int64(position) - p if position >= 0 else np.int64(0)


@kernel
def _find_strips(position, strips):
    """Write the strips of a level; returns how many there are."""
    first_of, begin, end = strips.first, strips.begin, strips.end
    row, start = strips.row, strips.start
    west, east, south, north = strips.west, strips.east, strips.south, strips.north
    n = 0
    for i in range(1, position.shape[0] - 1):
        for j in range(1, position.shape[1] - 1):
            last, w, e, s, v = np.int64(-2), 0, 0, 0, 0
            first = last
            for k in range(1, position.shape[2] - 1):
                p = np.int64(position[i, j, k])
                if p < 0:
                    continue
                a, b = _distance(position[i - 1, j, k], p), _distance(position[i + 1, j, k], p)
                c, d = _distance(position[i, j - 1, k], p), _distance(position[i, j + 1, k], p)
                if (
                    p != last + 1
                    or position[i, j, k - 1] < 0
                    or a != w
                    or b != e
                    or c != s
                    or d != v
                    or p - first >= ZEROS - _FIRST
                ):
                    first, w, e, s, v = p, a, b, c, d
                    begin[n], row[n], start[n] = p, j, k
                    west[n], east[n] = np.uint64(a if a != 0 else _FIRST - p), np.uint64(b)
                    south[n], north[n] = np.uint64(c if c != 0 else _FIRST - p), np.uint64(d)
                    n += 1
                last = p
                end[n - 1] = p + 1
        first_of[i + 1] = n
    first_of[position.shape[0]] = n
    return n


def find_strips(position: Ints) -> Strips:
    """Strips of a level from the flat positions of its cells; see `number_cells`."""
    first = np.zeros(position.shape[0] + 1, np.int64)
    # Pages behind the last strip are never touched.
    kinds = 6 * (np.uint64,) + 2 * (np.int64,)
    strips = Strips(first, *(np.empty(position.size, kind) for kind in kinds))
    n = _find_strips(position, strips)
    return Strips(first, *(array[:n].copy() for array in strips[1:]))


def merge_runs(runs: Runs) -> Runs:
    """Runs of a plane that follow each other, with the same distances of neighbours, as one."""
    keep, first, stop = np.empty(runs.begin.size, np.int64), np.zeros_like(runs.first), np.empty_like(runs.end)
    n = _merge_runs(runs, keep, first, stop)
    begin, _, *around = (array[keep[:n]] for array in runs[1:])
    return Runs(first, begin, stop[:n].copy(), *around)


@kernel
def _merge_runs(runs, keep, first, stop):
    """First of those that each joint run is made of, number of joint runs before each plane, and the end of each;
    returns how many there are."""
    first_of, begin, end = runs.first, runs.begin, runs.end
    west, east, south, north = runs.west, runs.east, runs.south, runs.north
    n = 0
    for i in range(first_of.size - 1):
        for s in range(first_of[i], first_of[i + 1]):
            joins = s > first_of[i] and begin[s] == stop[n - 1] and end[s] - begin[keep[n - 1]] <= ZEROS - _FIRST
            if joins:
                f = keep[n - 1]
                no_west, no_south = west[s] + begin[s] == _FIRST, south[s] + begin[s] == _FIRST
                joins = (
                    east[s] == east[f]
                    and north[s] == north[f]
                    and (west[s] == west[f] or (no_west and west[f] + begin[f] == _FIRST))
                    and (south[s] == south[f] or (no_south and south[f] + begin[f] == _FIRST))
                )
            if not joins:
                keep[n] = s
                n += 1
            stop[n - 1] = end[s]
        first[i + 1] = n
    return n


@kernel(parallel=True)
def join_levels(strips, part_x, part_y, part_z, coarse, parent):
    """Position of the coarse cell that each cell is part of.

    Parameters
    ----------
    strips : Strips
    part_x, part_y, part_z : coarse index of every index along each axis, with the border
    coarse : (nx + 2, ny + 2, nz + 2) int, positions of the coarse level
    parent : (positions,) uint32, out
    """
    row, start = strips.row, strips.start
    first_of, begin, end = strips.first, strips.begin, strips.end
    for i in prange(first_of.size - 1):
        for s in range(first_of[i], first_of[i + 1]):
            first = np.int64(begin[s])
            for p in range(first, np.int64(end[s])):
                parent[p] = coarse[part_x[i], part_y[row[s]], part_z[start[s] + p - first]]


@kernel(parallel=True)
def join_rows(strips, rows, row, at):
    """Position of each row.

    Parameters
    ----------
    strips : Strips of the finest level
    rows : (nx, ny, nz) int, row of each grid position, −1 for none
    row : (positions,) uint32, filled with NONE, out, the row at each position
    at : (n,) int, filled with −1, out, place of each row in the grid with its border

    Returns
    -------
    how many rows were found
    """
    row_of, start = strips.row, strips.start
    first_of, begin, end = strips.first, strips.begin, strips.end
    found = 0
    ny, nz = rows.shape[1] + 2, rows.shape[2] + 2
    for i in prange(first_of.size - 1):
        for s in range(first_of[i], first_of[i + 1]):
            j, k, first = row_of[s], start[s], np.int64(begin[s])
            for p in range(first, np.int64(end[s])):
                r = rows[i - 1, j - 1, k - 1]
                if 0 <= r < at.size:
                    row[p], at[r] = r, (i * ny + j) * nz + k
                    found += 1
                k += 1
    return found
