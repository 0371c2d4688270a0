"""Where the cells of a level stand in memory: line after line without the empty space, in strips whose neighbours are
at fixed distances.

A strip is a stretch of one line along z; its neighbours along x and y are as far away in memory at its end as at its
beginning. Strips that follow each other with the same distances make one run, the loops of smoothing are over those.
Nothing is stored around a level: a neighbour that is not there is a cell of the zeros that begin all arrays, or, where
only its conductance to the next cell would be read, the cell itself.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel

ZEROS = 2048  # zeros at the beginning of all arrays, and the most cells of a run
NONE = np.uint32(2**32 - 1)  # no row, no face
_FIRST = 1  # the first of them that stands for a neighbour
_GAP = 8  # empty positions along z stored with the cells on both sides rather than end a strip


class Strips(NamedTuple):
    """Strips of a level.

    Attributes
    ----------
    plane : (planes + 1,) int, first strip of each plane; planes are counted from 1, the first and last one are empty
    begin, end : (n,) uint64, flat positions
    west, east, south, north : (n,) uint64, distance in memory of the neighbours along x and y, modulo 2⁶⁴
    row, start : (n,) int, index along y, and along z of the first cell
    """

    plane: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    west: np.ndarray
    east: np.ndarray
    south: np.ndarray
    north: np.ndarray
    row: np.ndarray
    start: np.ndarray


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
def _find_strips(position, plane, begin, end, west, east, south, north, row, start):
    """Write the strips of a level; returns how many there are."""
    n = 0
    for i in range(1, position.shape[0] - 1):
        for j in range(1, position.shape[1] - 1):
            last, w, e, s, v = -2, 0, 0, 0, 0
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
        plane[i + 1] = n
    plane[position.shape[0]] = n
    return n


def find_strips(position):
    """Strips of a level from the flat positions of its cells; see `number_cells`."""
    plane, kinds = np.zeros(position.shape[0] + 1, np.int64), 6 * (np.uint64,) + 2 * (np.int64,)
    strips = Strips(
        plane, *(np.empty(position.size, kind) for kind in kinds)
    )  # pages behind the last strip are never touched
    n = _find_strips(position, *strips)
    return Strips(plane, *(array[:n].copy() for array in strips[1:]))


def merge_strips(strips):
    """Runs: strips of a plane that follow each other, with the same distances of neighbours, as one.

    Returns
    -------
    plane, begin, end, west, east, south, north : as those of strips
    """
    keep, run, stop = np.empty(strips.begin.size, np.int64), np.zeros_like(strips.plane), np.empty_like(strips.end)
    n = _merge_strips(*strips[:7], keep, run, stop)
    begin, _, *around = (array[keep[:n]] for array in strips[1:7])
    return run, begin, stop[:n].copy(), *around


@kernel
def _merge_strips(plane, begin, end, west, east, south, north, keep, run, stop):
    """First strip of each run, number of runs before each plane, and the end of each run; returns how many there
    are."""
    n = 0
    for i in range(plane.size - 1):
        for s in range(plane[i], plane[i + 1]):
            joins = s > plane[i] and begin[s] == stop[n - 1] and end[s] - begin[keep[n - 1]] <= ZEROS - _FIRST
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
        run[i + 1] = n
    return n


@kernel(parallel=True)
def join_levels(plane, begin, end, row, start, part_x, part_y, part_z, coarse, parent):
    """Position of the coarse cell that each cell is part of.

    Parameters
    ----------
    plane, begin, end, row, start : see Strips
    part_x, part_y, part_z : coarse index of every index along each axis, with the border
    coarse : (nx + 2, ny + 2, nz + 2) int, positions of the coarse level
    parent : (positions,) uint32, out
    """
    for i in prange(plane.size - 1):
        for s in range(plane[i], plane[i + 1]):
            first = np.int64(begin[s])
            for p in range(first, np.int64(end[s])):
                parent[p] = coarse[part_x[i], part_y[row[s]], part_z[start[s] + p - first]]


@kernel(parallel=True)
def join_rows(plane, begin, end, row_of, start, rows, row, at):
    """Which row stands where.

    Parameters
    ----------
    plane, begin, end, row_of, start : Strips of the finest level
    rows : (nx, ny, nz) int, row of each grid position, −1 for none
    row : (positions,) uint32, filled with NONE, out, the row at each position
    at : (n,) int, filled with −1, out, place of each row in the grid with its border

    Returns
    -------
    how many rows were found
    """
    found = 0
    ny, nz = rows.shape[1] + 2, rows.shape[2] + 2
    for i in prange(plane.size - 1):
        for s in range(plane[i], plane[i + 1]):
            j, k, first = row_of[s], start[s], np.int64(begin[s])
            for p in range(first, np.int64(end[s])):
                r = rows[i - 1, j - 1, k - 1]
                if 0 <= r < at.size:
                    row[p], at[r] = r, (i * ny + j) * nz + k
                    found += 1
                k += 1
    return found
