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
def _joined(t, p, step, parent):
    """What the face from p to p + step adds to the face between its two coarse cells; 0 if they are one.

    Half of the merged cells' inner resistances lies between the coarse centres; the result is bounded below by the sum that
    piecewise-constant transfer asks for, over 2.2. An inner face without conductance has nothing behind it.
    """
    v, q, next_q = np.float64(t[p]), parent[p], parent[p + step]
    if v == 0.0 or q == next_q:
        return 0.0
    resistance = 0.0
    if parent[p - step] == q and t[p - step] > 0.0:
        resistance += 1.0 / t[p - step]
    if parent[p + step + step] == next_q and t[p + step] > 0.0:
        resistance += 1.0 / t[p + step]
    return v / min(1.0 + 0.5 * resistance * v, 2.2)


@njit(cache=True)
def _coarse_plane(children, i, segments, begin, end, plane, row, parent, tx, ty, tz, shift):
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            tx[p], ty[p], tz[p], shift[p] = 0.0, 0.0, 0.0, 0.0
    for s in range(segments[children[i]], segments[children[i + 1]]):
        for p in range(begin[s], end[s]):
            q = parent[p]
            shift[q] += shift[p]
            tx[q] += _joined(tx, p, plane, parent)
            ty[q] += _joined(ty, p, row, parent)
            tz[q] += _joined(tz, p, ONE, parent)


@njit(cache=True)
def _inverse_plane(i, segments, begin, end, plane, row, tx, ty, tz, shift, inverse):
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            inverse[p] = _reciprocal(np.float64(shift[p]) + tx[p - plane] + tx[p] + ty[p - row] + ty[p] + tz[p - ONE] + tz[p])


@njit(cache=True, parallel=True)
def _coarse_parallel(first, last, children, segments, begin, end, plane, row, parent, tx, ty, tz, shift):
    for i in prange(first, last):
        _coarse_plane(children, i, segments, begin, end, plane, row, parent, tx, ty, tz, shift)


@njit(cache=True)
def _coarse_serial(first, last, children, segments, begin, end, plane, row, parent, tx, ty, tz, shift):
    for i in range(first, last):
        _coarse_plane(children, i, segments, begin, end, plane, row, parent, tx, ty, tz, shift)


@njit(cache=True)
def coarsen(L):
    """Conductances, shifts and couplings of all levels below the finest."""
    for level in range(L.n - 1):
        first, last = L.planes[level + 1] + 1, L.planes[level + 2] - 1
        if L.large[level]:
            _coarse_parallel(first, last, L.children, L.segments, L.begin, L.end, L.plane[level], L.row[level], L.parent,
                             L.tx, L.ty, L.tz, L.shift)
        else:
            _coarse_serial(first, last, L.children, L.segments, L.begin, L.end, L.plane[level], L.row[level], L.parent,
                           L.tx, L.ty, L.tz, L.shift)
        for i in range(first, last):
            _inverse_plane(i, L.segments, L.begin, L.end, L.plane[level + 1], L.row[level + 1], L.tx, L.ty, L.tz, L.shift, L.inverse)
        for e in range(L.couplings[level + 1], L.couplings[level + 2]):
            L.coupling[e] = 0.0
        for e in range(L.couplings[level], L.couplings[level + 1]):
            L.coupling[L.merged[e]] += L.coupling[e]


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
