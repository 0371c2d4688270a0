"""Coefficients of the lattice levels: conductances of faces onto the grid, then level by level into coarse faces."""

import numpy as np
from numba import njit, prange

ONE = np.uint64(1)


@njit(cache=True)
def scatter(conductance, slot, shift, place, value):
    """value = sums of the conductances in each slot and the shift in each place, in order; places of value are 0 before."""
    value[:] = 0.0
    for f in range(slot.size):
        value[slot[f]] += conductance[f]
    for r in range(place.size):
        value[place[r]] += shift[r]


@njit(cache=True)
def add_couplings(cell, lump, coupling, shift, lump_diagonal):
    """Couplings to global rows also hold the cells and the global rows."""
    for e in range(cell.size):
        shift[cell[e]] += coupling[e]
        lump_diagonal[lump[e]] += coupling[e]


@njit(cache=True)
def _diagonal_plane(segments, i, begin, end, plane, row, tx, ty, tz, shift, diagonal):
    largest = 0.0
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            v = shift[p] + tx[p - plane] + tx[p] + ty[p - row] + ty[p] + tz[p - ONE] + tz[p]
            diagonal[p] = v
            largest = max(largest, v)
    return largest


@njit(cache=True, parallel=True)
def fill_diagonal(planes, segments, begin, end, plane, row, tx, ty, tz, shift, diagonal, part):
    """Diagonal of the finest level; returns its largest entry."""
    for i in prange(planes):
        part[i, 0] = _diagonal_plane(segments, i, begin, end, plane, row, tx, ty, tz, shift, diagonal)
    largest = 0.0
    for i in range(planes):
        largest = max(largest, part[i, 0])
    return largest


@njit(cache=True)
def _reciprocal(v):
    """1/v in single precision, 0 for 0 and bounded."""
    return np.float32(min(1.0 / v, 1e30)) if v > 0.0 else np.float32(0.0)


@njit(cache=True)
def _round_plane(segments, i, begin, end, scale, tx, ty, tz, shift, diagonal, L):
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            L.tx[p], L.ty[p], L.tz[p] = scale * tx[p], scale * ty[p], scale * tz[p]
            L.shift[p] = scale * shift[p]
            L.inverse[p] = _reciprocal(scale * diagonal[p])


@njit(cache=True, parallel=True)
def round_finest(scale, tx, ty, tz, shift, diagonal, coupling, L):
    """Level 0 in single precision, everything times `scale`."""
    segments, begin, end = L.segments, L.begin, L.end
    for i in prange(L.planes[1]):
        _round_plane(segments, i, begin, end, scale, tx, ty, tz, shift, diagonal, L)
    for e in range(coupling.size):
        L.coupling[e] = scale * coupling[e]


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
    for out in (coarse_tx, coarse_ty, coarse_tz, coarse_shift):
        out[plane] = 0.0
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


@njit(cache=True, parallel=True)
def _coarsen_parallel(first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift):
    for plane in prange(1, coarse_tx.shape[0] - 1):
        _coarse_plane(plane, first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift)


@njit(cache=True)
def coarsen(large, first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift, inverse):
    """Coefficients of the next level; all arrays with padding.

    Parameters
    ----------
    large : bool, worth more than one thread
    first : first fine plane of every coarse plane
    at_x, at_y, at_z : coarse index of every fine index along each axis
    tx, ty, tz, shift : of the fine level; coarse_tx, coarse_ty, coarse_tz, coarse_shift, inverse : out
    """
    if large:
        _coarsen_parallel(first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift)
    else:
        for plane in range(1, coarse_tx.shape[0] - 1):
            _coarse_plane(plane, first, at_x, at_y, at_z, tx, ty, tz, shift, coarse_tx, coarse_ty, coarse_tz, coarse_shift)
    for plane in range(1, coarse_tx.shape[0] - 1):
        _inverse_plane(plane, coarse_tx, coarse_ty, coarse_tz, coarse_shift, inverse)


@njit(cache=True)
def count_barriers(t, contrast, weak, faces):
    """Faces across the first axis of t (with padding) between which two cells hang together much less than with what is behind.

    Parameters
    ----------
    contrast : how many times larger the next conductances on both sides are at least
    weak, faces : (n,) int, out, counted for each interval and the next
    """
    for i in range(1, t.shape[0] - 2):
        for j in range(1, t.shape[1] - 1):
            for k in range(1, t.shape[2] - 1):
                v = t[i, j, k]
                if v > 0.0:
                    faces[i - 1] += 1
                    if min(t[i - 1, j, k], t[i + 1, j, k]) > contrast * v:
                        weak[i - 1] += 1


@njit(cache=True)
def assemble_bottom(L, first, number, row_number, row_shift, lumps, scale, conductance, shift):
    """Dense network of the coarsest cells and the global rows.

    Parameters
    ----------
    first : int, flat position at which the coarsest level starts
    number : (positions of the coarsest level,) int, number of a cell in use
    row_number : (n_rows,) int, number of the coarsest cell or global row that a row of the operator is part of
    row_shift : (n_rows,); lumps : (n_lumps, n_lumps), conductances between global rows
    scale : what both are multiplied with
    conductance : (m, m), out; shift : (m,), out, summed from the rows: the levels' shifts hold couplings too
    """
    n, level = L.bottom.size, L.n - 1
    conductance[:] = 0.0
    shift[:] = 0.0
    for r in range(row_number.size):
        shift[row_number[r]] += scale * row_shift[r]
    for k in range(n):
        p = L.bottom[k]
        _join(L.tx, p, L.plane[level], first, number, k, conductance)
        _join(L.ty, p, L.row[level], first, number, k, conductance)
        _join(L.tz, p, ONE, first, number, k, conductance)
    for e in range(L.couplings[level], L.couplings[level + 1]):
        k, g = number[L.cell[e] - first], n + L.lump[e]
        conductance[k, g] += L.coupling[e]
        conductance[g, k] += L.coupling[e]
    for g in range(lumps.shape[0]):
        for h in range(lumps.shape[0]):
            conductance[n + g, n + h] += scale * lumps[g, h]


@njit(cache=True)
def _join(t, p, step, first, number, k, conductance):
    if t[p] > 0.0:
        other = number[p + np.int64(step) - first]
        conductance[k, other] += t[p]
        conductance[other, k] += t[p]
