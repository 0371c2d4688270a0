"""V-cycle on lattice levels: smoothing, transfer, coarse conductances and the dense solve at the bottom, in single precision.

All levels lie one after the other in flat arrays. A level is a grid with one layer of padding, z fastest; `plane` and `row`
are the distances in memory of neighbours along x and y. Cells without a conductor have zero conductances and 1/diagonal.
Segments are runs of flat positions that hold all cells in use; every loop goes over them, plane by plane. A kernel for one
plane is shared by a serial and a parallel loop, so that both give the same bits. Positions are unsigned: no wrap-around.
"""

from collections import namedtuple

import numpy as np
from numba import njit, prange

REASSOCIATE = {"contract", "reassoc", "nsz"}
ONE = np.uint64(1)

Levels = namedtuple("Levels", [
    "n",            # number of levels
    "large",        # (levels,) bool: worth more than one thread
    "plane", "row",  # (levels,) uint64, distances in memory of neighbours along x and y
    "planes",       # (levels + 1,) int, first plane of each level among all planes
    "segments",     # (planes + 1,) int, first segment of each plane
    "begin", "end",  # (n_segments,) uint64, flat positions
    "children",     # (planes + 1,) int, first fine plane of each coarse plane; level 0 is left out
    "parent",       # (positions,) uint32, flat position of the coarse cell
    "couplings",    # (levels + 1,) int, first coupling of each level
    "cell", "lump",  # (n_couplings,) int, flat position and number of the global row a coupling joins
    "merged",       # (n_couplings,) int, coupling of the next level it is part of
    "bottom",       # (n_bottom,) int, flat positions of the coarsest cells in use
    "x", "y", "b",  # (positions,) two iterates and the right-hand side
    "tx", "ty", "tz",  # (positions,) conductance to the next cell along each axis
    "shift", "inverse",  # (positions,) shift with all couplings, 1/diagonal
    "coupling",     # (n_couplings,) conductance to a global row
    "b_lump", "x_lump",  # (n_lumps,) float64
    "factor", "pivot", "work",  # dense factor (m, m), inverse pivots (m,), right-hand side (m,); m = n_bottom + n_lumps
])


@njit(cache=True, fastmath=REASSOCIATE)
def _start_plane(segments, i, begin, end, b, inverse, x, c):
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            x[p] = c * b[p] * inverse[p]


@njit(cache=True, fastmath=REASSOCIATE)
def _fresh_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            v = (b[p] + tx[p - plane] * x[p - plane] + tx[p] * x[p + plane] + ty[p - row] * x[p - row] + ty[p] * x[p + row]
                 + tz[p - ONE] * x[p - ONE] + tz[p] * x[p + ONE])
            u = x[p]
            y[p] = u + c0 * u + c1 * (v * inverse[p] - u)


@njit(cache=True, fastmath=REASSOCIATE)
def _step_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            v = (b[p] + tx[p - plane] * x[p - plane] + tx[p] * x[p + plane] + ty[p - row] * x[p - row] + ty[p] * x[p + row]
                 + tz[p - ONE] * x[p - ONE] + tz[p] * x[p + ONE])
            u = x[p]
            y[p] = u + c0 * (u - y[p]) + c1 * (v * inverse[p] - u)


@njit(cache=True, fastmath=REASSOCIATE)
def _restrict_plane(segments, children, i, begin, end, plane, row, x, y, b, tx, ty, tz, shift, parent):
    """Residual of the fine planes of coarse plane i, in y, summed into their coarse cells; differences avoid cancellation."""
    for s in range(segments[i], segments[i + 1]):
        b[begin[s]:end[s]] = 0.0
    for s in range(segments[children[i]], segments[children[i + 1]]):
        for p in range(begin[s], end[s]):
            u = x[p]
            y[p] = (b[p] - shift[p] * u + tx[p - plane] * (x[p - plane] - u) + tx[p] * (x[p + plane] - u)
                    + ty[p - row] * (x[p - row] - u) + ty[p] * (x[p + row] - u) + tz[p - ONE] * (x[p - ONE] - u)
                    + tz[p] * (x[p + ONE] - u))
        for p in range(begin[s], end[s]):
            b[parent[p]] += y[p]


@njit(cache=True, fastmath=REASSOCIATE)
def _prolong_plane(segments, i, begin, end, parent, coarse, x):
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            x[p] += coarse[parent[p]]


@njit(cache=True)
def _start_serial(first, last, segments, begin, end, b, inverse, x, c):
    for i in range(first, last):
        _start_plane(segments, i, begin, end, b, inverse, x, c)


@njit(cache=True, parallel=True)
def _start_parallel(first, last, segments, begin, end, b, inverse, x, c):
    for i in prange(first, last):
        _start_plane(segments, i, begin, end, b, inverse, x, c)


@njit(cache=True)
def _fresh_serial(first, last, segments, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for i in range(first, last):
        _fresh_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1)


@njit(cache=True, parallel=True)
def _fresh_parallel(first, last, segments, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for i in prange(first, last):
        _fresh_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1)


@njit(cache=True)
def _step_serial(first, last, segments, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for i in range(first, last):
        _step_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1)


@njit(cache=True, parallel=True)
def _step_parallel(first, last, segments, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for i in prange(first, last):
        _step_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1)


@njit(cache=True)
def _restrict_serial(first, last, segments, children, begin, end, plane, row, x, y, b, tx, ty, tz, shift, parent):
    for i in range(first, last):
        _restrict_plane(segments, children, i, begin, end, plane, row, x, y, b, tx, ty, tz, shift, parent)


@njit(cache=True, parallel=True)
def _restrict_parallel(first, last, segments, children, begin, end, plane, row, x, y, b, tx, ty, tz, shift, parent):
    for i in prange(first, last):
        _restrict_plane(segments, children, i, begin, end, plane, row, x, y, b, tx, ty, tz, shift, parent)


@njit(cache=True)
def _prolong_serial(first, last, segments, begin, end, parent, coarse, x):
    for i in range(first, last):
        _prolong_plane(segments, i, begin, end, parent, coarse, x)


@njit(cache=True, parallel=True)
def _prolong_parallel(first, last, segments, begin, end, parent, coarse, x):
    for i in prange(first, last):
        _prolong_plane(segments, i, begin, end, parent, coarse, x)


@njit(cache=True)
def _chebyshev(q):
    """Coefficients of step q of the Chebyshev iteration of the fourth kind on (0, 2], in single precision."""
    return np.float32((2 * q - 3) / (2 * q + 1)), np.float32((4 * q - 2) / (2 * q + 1))


@njit(cache=True)
def _smooth(L, level, x, y, degree, start):
    """`degree` steps on a level, from zero or from x; returns the buffers, the one with the result first."""
    first, last = L.planes[level], L.planes[level + 1]
    plane, row, large = L.plane[level], L.row[level], L.large[level]
    done = 0
    if start:
        c = np.float32(2.0 / 3.0)
        if large:
            _start_parallel(first, last, L.segments, L.begin, L.end, L.b, L.inverse, x, c)
        else:
            _start_serial(first, last, L.segments, L.begin, L.end, L.b, L.inverse, x, c)
        done = 1
    fresh = True
    for q in range(done + 1, degree + 1):
        c0, c1 = _chebyshev(q)
        if q == 1:
            c0 = np.float32(0.0)
        if fresh:
            if large:
                _fresh_parallel(first, last, L.segments, L.begin, L.end, plane, row, x, y, L.b, L.tx, L.ty, L.tz, L.inverse, c0, c1)
            else:
                _fresh_serial(first, last, L.segments, L.begin, L.end, plane, row, x, y, L.b, L.tx, L.ty, L.tz, L.inverse, c0, c1)
        elif large:
            _step_parallel(first, last, L.segments, L.begin, L.end, plane, row, x, y, L.b, L.tx, L.ty, L.tz, L.inverse, c0, c1)
        else:
            _step_serial(first, last, L.segments, L.begin, L.end, plane, row, x, y, L.b, L.tx, L.ty, L.tz, L.inverse, c0, c1)
        fresh = False
        x, y = y, x
    return x, y


@njit(cache=True)
def cycle(L, degree):
    """One V-cycle for the right-hand side `L.b` on level 0 and `L.b_lump`; the result is in `L.y` on level 0 and `L.x_lump`.

    Notes
    -----
    Global rows are unknowns of the bottom only: the smoother holds them, their residual gathers what the cells of every level
    send, and on the way up their correction enters the right-hand side. The smoother is a polynomial in D⁻¹A, the same before and
    after, restriction the transpose of prolongation and the bottom exact, so the cycle is symmetric and positive definite.
    Lottes (2023), "Optimal polynomial smoothers for multigrid V-cycles", Numer. Linear Algebra Appl. 30, e2518.
    """
    bottom = L.n - 1
    for level in range(bottom):
        x, y = _smooth(L, level, L.x, L.y, degree, True)
        for e in range(L.couplings[level], L.couplings[level + 1]):
            L.b_lump[L.lump[e]] += L.coupling[e] * x[L.cell[e]]
        first, last = L.planes[level + 1] + 1, L.planes[level + 2] - 1
        if L.large[level]:
            _restrict_parallel(first, last, L.segments, L.children, L.begin, L.end, L.plane[level], L.row[level], x, y, L.b,
                               L.tx, L.ty, L.tz, L.shift, L.parent)
        else:
            _restrict_serial(first, last, L.segments, L.children, L.begin, L.end, L.plane[level], L.row[level], x, y, L.b,
                             L.tx, L.ty, L.tz, L.shift, L.parent)
    n = L.bottom.size
    for k in range(n):
        L.work[k] = L.b[L.bottom[k]]
    L.work[n:] = L.b_lump
    solve_dense(L.factor, L.pivot, L.work)
    for k in range(n):
        L.y[L.bottom[k]] = L.work[k]
    L.x_lump[:] = L.work[n:]
    for level in range(bottom - 1, -1, -1):
        for e in range(L.couplings[level], L.couplings[level + 1]):
            L.b[L.cell[e]] += L.coupling[e] * np.float32(L.x_lump[L.lump[e]])
        first, last = L.planes[level], L.planes[level + 1]
        x, y = (L.y, L.x) if degree % 2 == 0 else (L.x, L.y)  # where the steps on the way down ended; those up end in L.y
        if L.large[level]:
            _prolong_parallel(first, last, L.segments, L.begin, L.end, L.parent, L.y, x)
        else:
            _prolong_serial(first, last, L.segments, L.begin, L.end, L.parent, L.y, x)
        _smooth(L, level, x, y, degree, False)


@njit(cache=True)
def factor_dense(conductance, shift, factor, pivot):
    """Elimination of a conductance network without subtractions, so that no shift, however small, is lost.

    Parameters
    ----------
    conductance : (m, m), symmetric, ≥ 0, diagonal ignored; overwritten
    shift : (m,), ≥ 0; overwritten
    factor : (m, m), out; column k holds conductance to what is left over pivot
    pivot : (m,), out, 1/pivot; 0 for a row that nothing holds

    Notes
    -----
    Grassmann, Taksar & Heyman (1985), Operations Research 33, 1107.
    """
    m = shift.size
    for k in range(m):
        total = shift[k]
        for j in range(k + 1, m):
            total += conductance[k, j]
        pivot[k] = 1.0 / total if total > 0.0 else 0.0
        for j in range(k + 1, m):
            factor[k, j] = conductance[k, j] * pivot[k]
        held = shift[k]
        for i in range(k + 1, m):
            c = factor[k, i]
            if c > 0.0:
                shift[i] += c * held
                for j in range(k + 1, m):
                    conductance[i, j] += c * conductance[k, j]


@njit(cache=True, fastmath=REASSOCIATE)
def solve_dense(factor, pivot, x):
    """Solution for the right-hand side x (m,), in place."""
    m = x.size
    for k in range(m):
        v = x[k]
        if v != 0.0:
            for j in range(k + 1, m):
                x[j] += factor[k, j] * v
    for k in range(m - 1, -1, -1):
        v = x[k] * pivot[k]
        for j in range(k + 1, m):
            v += factor[k, j] * x[j]
        x[k] = v
