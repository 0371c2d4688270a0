"""Coefficients of the lattice levels: conductances of faces onto the grid, then level by level into coarse faces."""

import numpy as np
from numba import njit, prange

ONE = np.uint64(1)

OUTER, IDLE, STRAY = -1, -2, -3
"""Faces without a place on the grid: of a global row; of a row with itself, which carries nothing; of cells that are not neighbours."""


@njit(cache=True)
def place_faces(a, b, position, plane, row, size, slot):
    """Place of every face among the conductances along x, then y, then z, each (size,); or OUTER, IDLE, STRAY.

    Parameters
    ----------
    a, b : (m,) int; position : (n,) int, flat position of a row on the grid, −1 for a global row
    plane, row : int, distances in memory of neighbours along x and y
    slot : (m,) int, out
    """
    for f in range(a.size):
        low, high = min(position[a[f]], position[b[f]]), max(position[a[f]], position[b[f]])
        if a[f] == b[f]:
            slot[f] = IDLE
        elif low < 0:
            slot[f] = OUTER
        elif high - low == plane:
            slot[f] = low
        elif high - low == row:
            slot[f] = size + low
        elif high - low == 1:
            slot[f] = 2 * size + low
        else:
            slot[f] = STRAY


@njit(cache=True)
def _sound(v):
    return 0.0 <= v < np.inf


@njit(cache=True, parallel=True)
def _spread(given, slot, value):
    largest, bad = 0.0, 0
    for f in prange(slot.size):
        v = given[f]
        value[slot[f]] = v
        bad += 0 if _sound(v) else 1
        largest = max(largest, v)
    return largest, bad


@njit(cache=True)
def _add_shared(conductance, shared, slot, value):
    for s in slot:
        value[s] = 0.0
    for n in range(shared.size):
        value[slot[n]] += conductance[shared[n]]


def scatter(conductance, slot, shared, shared_slot, shift, place, value):
    """Conductances and shifts written to their places.

    Parameters
    ----------
    conductance : (m,); slot : (m,) int, the place of each in `value`, of its own but for one that is never read
    shared : (k,) int, those that have a place with others; shared_slot : (k,) int, where they add up
    shift : (n,); place : (n,) int
    value : out

    Returns
    -------
    the largest of them, or −1 if one is not a number ≥ 0
    """
    (largest, bad), (largest_shift, bad_shift) = _spread(conductance, slot, value), _spread(shift, place, value)
    _add_shared(conductance, shared, shared_slot, value)
    return -1.0 if bad or bad_shift else max(largest, largest_shift)


@njit(cache=True)
def add_couplings(cell, lump, coupling, shift, lump_diagonal):
    """Couplings to global rows also hold the cells and the global rows."""
    for e in range(cell.size):
        shift[cell[e]] += coupling[e]
        lump_diagonal[lump[e]] += coupling[e]


@njit(cache=True)
def _reciprocal(v):
    """1/v in single precision, 0 for 0 and bounded."""
    return np.float32(min(1.0 / v, 1e30)) if v > 0.0 else np.float32(0.0)


@njit(cache=True, parallel=True)
def fill_finest(planes, segments, begin, end, plane, row, tx, ty, tz, shift, diagonal, scale, out_x, out_y, out_z, out_shift, inverse):
    """Diagonal of the finest level; the operator times `scale` in single precision.

    Parameters
    ----------
    planes, segments, begin, end, plane, row, tx, ty, tz : see Finest; shift : (positions,)
    diagonal : (positions,), out
    scale : float
    out_x, out_y, out_z, out_shift, inverse : (positions,), conductances, shift and 1/diagonal in single precision, out
    """
    for i in prange(planes):
        for s in range(segments[i], segments[i + 1]):
            for p in range(begin[s], end[s]):
                v = shift[p] + tx[p - plane] + tx[p] + ty[p - row] + ty[p] + tz[p - ONE] + tz[p]
                diagonal[p], inverse[p] = v, _reciprocal(scale * v)
                out_x[p], out_y[p], out_z[p], out_shift[p] = scale * tx[p], scale * ty[p], scale * tz[p], scale * shift[p]


@njit(cache=True)
def _joined(v, low, before, high, behind):
    """What a fine face of conductance v adds to the face between its two coarse cells.

    `before` and `behind` are the faces inside the coarse cells on its two sides, where `low` and `high` say that there is one.
    Half of their resistance lies between the coarse centres; the result is bounded below by the sum that piecewise-constant
    transfer asks for, over 2.2. An inner face without conductance has nothing behind it.
    """
    resistance = 0.0
    if low and before > 0.0:
        resistance += 1.0 / before
    if high and behind > 0.0:
        resistance += 1.0 / behind
    return v / min(1.0 + 0.5 * resistance * v, 2.2)


@njit(cache=True)
def _coarse_plane(plane, first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift):
    """Conductances and shifts of one coarse plane from its fine planes; what an axis merges is the same in all lines."""
    for row in range(coarse_tx.shape[1]):
        for k in range(coarse_tx.shape[2]):
            coarse_tx[plane, row, k], coarse_ty[plane, row, k], coarse_tz[plane, row, k], coarse_shift[plane, row, k] = 0.0, 0.0, 0.0, 0.0
    for i in range(first[plane], first[plane + 1]):
        across = at_x[i + 1] != plane
        low_x, high_x = at_x[i - 1] == plane, across and i + 2 < at_x.size and at_x[i + 2] == at_x[i + 1]
        for j in range(1, at_y.size - 1):
            row = at_y[j]
            along = at_y[j + 1] != row
            low_y, high_y = at_y[j - 1] == row, along and j + 2 < at_y.size and at_y[j + 2] == at_y[j + 1]
            for k in range(1, at_z.size - 1):
                K = at_z[k]
                coarse_shift[plane, row, K] += shift[i, j, k]
                v = tx[i, j, k]
                if across and v > 0.0:
                    coarse_tx[plane, row, K] += _joined(v, low_x, tx[i - 1, j, k], high_x, tx[i + 1, j, k])
                v = ty[i, j, k]
                if along and v > 0.0:
                    coarse_ty[plane, row, K] += _joined(v, low_y, ty[i, j - 1, k], high_y, ty[i, j + 1, k])
                v = tz[i, j, k]
                if v > 0.0 and at_z[k + 1] != K:
                    coarse_tz[plane, row, K] += _joined(v, at_z[k - 1] == K, tz[i, j, k - 1],
                                                        k + 2 < at_z.size and at_z[k + 2] == at_z[k + 1], tz[i, j, k + 1])


@njit(cache=True)
def _inverse_plane(i, tx, ty, tz, shift, inverse):
    for j in range(1, tx.shape[1] - 1):
        for k in range(1, tx.shape[2] - 1):
            inverse[i, j, k] = _reciprocal(np.float64(shift[i, j, k]) + tx[i - 1, j, k] + tx[i, j, k] + ty[i, j - 1, k] + ty[i, j, k]
                                           + tz[i, j, k - 1] + tz[i, j, k])


@njit(cache=True)
def fill_inverse(tx, ty, tz, shift, inverse):
    """1/diagonal of a level, 0 where nothing touches a cell."""
    for plane in range(1, tx.shape[0] - 1):
        _inverse_plane(plane, tx, ty, tz, shift, inverse)


@njit(cache=True, parallel=True)
def coarsen(first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift):
    """Coefficients of the next level.

    Parameters
    ----------
    first : first fine plane of every coarse plane
    at_x, at_y, at_z : coarse index of every fine index along each axis
    tx, ty, tz, shift : with padding; coarse_tx, coarse_ty, coarse_tz, coarse_shift : the same of the next level, out
    """
    for plane in prange(1, coarse_tx.shape[0] - 1):
        _coarse_plane(plane, first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift)


@njit(cache=True)
def add_up_couplings(couplings, merged, coupling):
    """Couplings of all levels below the finest; see Levels."""
    for e in range(couplings[1], coupling.size):
        coupling[e] = 0.0
    for e in range(couplings[couplings.size - 2]):
        coupling[merged[e]] += coupling[e]
