"""V-cycle on lattice levels in single precision: smoothing and transfer.

All levels lie one after the other in flat arrays. A level is a grid with one layer of padding, z fastest; `plane` and `row`
are the distances in memory of neighbours along x and y. Cells without a conductor have zero conductances and 1/diagonal.
Segments are runs of flat positions that hold all cells in use; every loop goes over them, plane by plane. A kernel for one
plane is shared by a serial and a parallel loop, so that both give the same bits. Positions are unsigned: no wrap-around.
"""

from collections import namedtuple

import numpy as np
from numba import njit, prange

from oxycell.numerics.lattice_bottom import solve_banded
from oxycell.numerics.lattice_chains import solve_chains, solve_chains_parallel

REASSOCIATE = {"contract", "reassoc", "nsz"}
ONE = np.uint64(1)

START, FRESH, STEP = range(3)
"""Smoothing step from zero, from an iterate without a predecessor, and from two iterates."""

Levels = namedtuple("Levels", [
    "n", "large",   # number of levels; how many of the finest are worth more than one thread
    "strides",      # (levels, 2) uint64, distances in memory of neighbours along x and y
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
    "factor", "lump_factor", "pivot", "work",  # what `factor_banded` makes, and its right-hand side
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
        for p in range(begin[s], end[s]):
            b[p] = 0.0
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
def chebyshev(q):
    """Coefficients of step q of the Chebyshev iteration of the fourth kind on (0, 2], in single precision."""
    return np.float32((2 * q - 3) / (2 * q + 1)), np.float32((4 * q - 2) / (2 * q + 1))


@njit(cache=True)
def _smooth_plane(kind, segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    if kind == START:
        _start_plane(segments, i, begin, end, b, inverse, y, c1)
    elif kind == FRESH:
        _fresh_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1)
    else:
        _step_plane(segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1)


@njit(cache=True, parallel=True)
def _smooth_parallel(kind, first, last, segments, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for i in prange(first, last):
        _smooth_plane(kind, segments, np.int64(i), begin, end, plane, row, x, y, b, tx, ty, tz, inverse, np.float32(c0), np.float32(c1))


@njit(cache=True)
def _smooth_serial(kind, first, last, segments, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1):
    for i in range(first, last):
        _smooth_plane(kind, segments, i, begin, end, plane, row, x, y, b, tx, ty, tz, inverse, c0, c1)


@njit(cache=True, parallel=True)
def _restrict_parallel(first, last, segments, children, begin, end, plane, row, x, y, b, tx, ty, tz, shift, parent):
    for i in prange(first, last):
        _restrict_plane(segments, children, np.int64(i), begin, end, plane, row, x, y, b, tx, ty, tz, shift, parent)


@njit(cache=True, parallel=True)
def _prolong_parallel(first, last, segments, begin, end, parent, coarse, x):
    for i in prange(first, last):
        _prolong_plane(segments, np.int64(i), begin, end, parent, coarse, x)


@njit(cache=True)
def _send_up(first, last, cell, lump, coupling, x, b_lump):
    """What cells x send to the global rows, added to their residual."""
    for e in range(first, last):
        b_lump[lump[e]] += coupling[e] * x[cell[e]]


@njit(cache=True)
def _send_down(first, last, cell, lump, coupling, x_lump, b):
    """What global rows send to the cells, added to the right-hand side."""
    for e in range(first, last):
        b[cell[e]] += coupling[e] * np.float32(x_lump[lump[e]])


@njit(cache=True)
def _cycle_below(top, levels, degree, chains, planes, strides, segments, begin, end, children, parent, couplings, cell, lump, bottom,
                 x, y, b, tx, ty, tz, shift, inverse, coupling, b_lump, x_lump, factor, lump_factor, pivot, work):
    """The cycle from level `top` to the bottom and back, one thread; the result is in y."""
    deepest = levels - 1 - top
    for visit in range(2 * deepest + 1):
        if visit == deepest:
            n = bottom.size
            for k in range(n):
                work[k] = b[bottom[k]]
            for g in range(b_lump.size):
                work[n + g] = b_lump[g]
            solve_banded(factor, lump_factor, pivot, work)
            for k in range(n):
                y[bottom[k]] = work[k]
            for g in range(b_lump.size):
                x_lump[g] = work[n + g]
            continue
        down = visit < deepest
        level = top + (visit if down else 2 * deepest - visit)
        first, last, plane, row = planes[level], planes[level + 1], strides[level, 0], strides[level, 1]
        u, v = (y, x) if down or degree % 2 == 0 else (x, y)
        if not down:
            _send_down(couplings[level], couplings[level + 1], cell, lump, coupling, x_lump, b)
            for i in range(first, last):
                _prolong_plane(segments, i, begin, end, parent, y, u)
            if level == 0:
                solve_chains(*chains, b, u)
        for q in range(1, degree + 1):
            u, v = v, u
            c0, c1 = chebyshev(q)
            kind = STEP if q > 2 or (q == 2 and not down) else FRESH if q == 2 or not down else START
            _smooth_serial(kind, first, last, segments, begin, end, plane, row, v, u, b, tx, ty, tz, inverse,
                           c0 if down or q > 1 else np.float32(0.0), c1)
        if down:
            if level == 0:
                solve_chains(*chains, b, u)
            _send_up(couplings[level], couplings[level + 1], cell, lump, coupling, u, b_lump)
            for i in range(last + 1, planes[level + 2] - 1):
                _restrict_plane(segments, children, i, begin, end, plane, row, u, v, b, tx, ty, tz, shift, parent)


def cycle(L, chains, degree):
    """One V-cycle for the right-hand side `L.b` on level 0 and `L.b_lump`; the result is in `L.y` on level 0 and `L.x_lump`.

    Parameters
    ----------
    L : Levels; chains : Chains
    degree : int, smoothing steps before and after, at least 2

    Notes
    -----
    Global rows are unknowns of the bottom only: the smoother holds them, their residual gathers what the cells of every level
    send, and on the way up their correction enters the right-hand side. Chains are solved last before and first after the coarse
    levels, on the finest one. The smoother is a polynomial in D⁻¹A, the same before and
    after, restriction the transpose of prolongation and the bottom exact, so the cycle is symmetric and positive definite.
    Lottes (2023), "Optimal polynomial smoothers for multigrid V-cycles", Numer. Linear Algebra Appl. 30, e2518.
    """
    runs, network = (L.segments, L.begin, L.end), (L.b, L.tx, L.ty, L.tz)
    for level in range(L.large):
        first, last, below = L.planes[level], L.planes[level + 1], L.couplings[level:level + 2]
        u, v = L.y, L.x
        for q in range(1, degree + 1):
            u, v = v, u
            _smooth_parallel(min(q - 1, STEP), first, last, *runs, *L.strides[level], v, u, *network, L.inverse, *chebyshev(q))
        if level == 0:
            solve_chains_parallel(*chains, L.b, u)
        _send_up(*below, L.cell, L.lump, L.coupling, u, L.b_lump)
        _restrict_parallel(last + 1, L.planes[level + 2] - 1, L.segments, L.children, L.begin, L.end, *L.strides[level], u, v, *network,
                           L.shift, L.parent)
    _cycle_below(L.large, L.n, degree, tuple(chains), L.planes, L.strides, *runs, L.children, L.parent, L.couplings, L.cell, L.lump,
                 L.bottom, L.x, L.y, *network, L.shift, L.inverse, L.coupling, L.b_lump, L.x_lump, L.factor, L.lump_factor, L.pivot, L.work)
    for level in range(L.large - 1, -1, -1):
        first, last, below = L.planes[level], L.planes[level + 1], L.couplings[level:level + 2]
        _send_down(*below, L.cell, L.lump, L.coupling, L.x_lump, L.b)
        u, v = (L.y, L.x) if degree % 2 == 0 else (L.x, L.y)
        _prolong_parallel(first, last, *runs, L.parent, L.y, u)
        if level == 0:
            solve_chains_parallel(*chains, L.b, u)
        for q in range(1, degree + 1):
            u, v = v, u
            c0, c1 = chebyshev(q)
            _smooth_parallel(STEP if q > 1 else FRESH, first, last, *runs, *L.strides[level], v, u, *network, L.inverse,
                             c0 if q > 1 else 0.0, c1)
