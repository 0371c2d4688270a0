"""V-cycle on lattice levels in single precision: smoothing and transfer.

All levels lie one after the other in flat arrays, each in the order of `lattice_strips`. Every loop goes over runs,
plane by plane. A kernel for one plane is shared by a serial and a parallel loop, so that both give the same bits.
Positions are unsigned: no wrap-around.
"""

from collections import namedtuple

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.lattice.bottom import solve_banded
from oxycell.numerics.lattice.chains import solve_chains, solve_chains_parallel
from oxycell.numerics.lattice.strips import ZEROS

REASSOCIATE = {"contract", "reassoc", "nsz"}
ONE = np.uint64(1)

WEIGHTS = (1.0 / (1.0 - np.cos(np.array([1, 5, 3, 2, 4]) * 2.0 * np.pi / 11.0))).astype(np.float32)
"""Of the smoothing steps: 1/roots of the polynomial of degree 5 in D⁻¹A that the Chebyshev iteration of the fourth kind
makes on (0, 2].

The largest comes first, the others follow as far from those before as they can, so that steps smooth what rounding
adds. Lottes (2023), "Optimal polynomial smoothers for multigrid V-cycles", Numer. Linear Algebra Appl. 30, e2518.
"""

Levels = namedtuple(
    "Levels",
    [
        "n",
        "large",  # number of levels; how many of the finest are worth more than one thread
        "planes",  # (levels + 1,) int, first plane of each level among all planes
        "runs",  # (planes + 1,) int, first run of each plane
        "begin",
        "end",  # (n_runs,) uint64, flat positions
        "west",
        "east",
        "south",
        "north",  # (n_runs,) uint64, distances in memory of the neighbours along x and y
        "children",  # (planes + 1,) int, first fine plane of each coarse plane; level 0 is left out
        "parent",  # (positions,) uint32, flat position of the coarse cell
        "couplings",  # (levels + 1,) int, first coupling of each level
        "cell",
        "lump",  # (n_couplings,) int, flat position and number of the global row a coupling joins
        "merged",  # (n_couplings,) int, coupling of the next level it is part of
        "bottom",  # (n_bottom,) int, flat positions of the coarsest cells in use
        "x",
        "y",
        "b",  # (positions,) two iterates and the right-hand side
        "tx",
        "ty",
        "tz",  # (positions,) conductance to the next cell along each axis
        "shift",
        "inverse",  # (positions,) shift with all couplings, 1/diagonal
        "coupling",  # (n_couplings,) conductance to a global row
        "b_lump",
        "x_lump",  # (n_lumps,) float64
        "factor",
        "lump_factor",
        "pivot",
        "work",  # what `factor_banded` makes, and its right-hand side
    ],
)


@inner_kernel(fastmath=REASSOCIATE)
def _start_plane(runs, i, begin, end, west, east, south, north, y, b, tx, ty, tz, inverse, first, second):
    """The first two steps from zero at once, into y."""
    for s in range(runs[i], runs[i + 1]):
        w, e, v, u = west[s], east[s], south[s], north[s]
        for p in range(begin[s], end[s]):
            total = (
                tx[p + w] * (b[p + w] * inverse[p + w])
                + tx[p] * (b[p + e] * inverse[p + e])
                + ty[p + v] * (b[p + v] * inverse[p + v])
                + ty[p] * (b[p + u] * inverse[p + u])
                + tz[p - ONE] * (b[p - ONE] * inverse[p - ONE])
                + tz[p] * (b[p + ONE] * inverse[p + ONE])
            )
            y[p] = inverse[p] * ((first + second - first * second) * b[p] + first * second * total)


@inner_kernel(fastmath=REASSOCIATE)
def _step_plane(runs, i, begin, end, west, east, south, north, x, y, b, tx, ty, tz, inverse, weight):
    """One step from x, into y."""
    for s in range(runs[i], runs[i + 1]):
        w, e, v, u = west[s], east[s], south[s], north[s]
        for p in range(begin[s], end[s]):
            total = (
                b[p]
                + tx[p + w] * x[p + w]
                + tx[p] * x[p + e]
                + ty[p + v] * x[p + v]
                + ty[p] * x[p + u]
                + tz[p - ONE] * x[p - ONE]
                + tz[p] * x[p + ONE]
            )
            y[p] = x[p] + weight * (total * inverse[p] - x[p])


@inner_kernel(fastmath=REASSOCIATE)
def _restrict_plane(runs, children, i, begin, end, west, east, south, north, x, b, tx, ty, tz, shift, parent):
    """Residual of the fine planes of coarse plane i summed into their coarse cells; differences avoid cancellation."""
    residual = np.empty(ZEROS, np.float32)
    for s in range(runs[i], runs[i + 1]):
        for p in range(begin[s], end[s]):
            b[p] = 0.0
    for s in range(runs[children[i]], runs[children[i + 1]]):
        w, e, v, u, first = west[s], east[s], south[s], north[s], begin[s]
        for p in range(first, end[s]):
            here = x[p]
            residual[p - first] = (
                b[p]
                - shift[p] * here
                + tx[p + w] * (x[p + w] - here)
                + tx[p] * (x[p + e] - here)
                + ty[p + v] * (x[p + v] - here)
                + ty[p] * (x[p + u] - here)
                + tz[p - ONE] * (x[p - ONE] - here)
                + tz[p] * (x[p + ONE] - here)
            )
        for p in range(first, end[s]):
            b[parent[p]] += residual[p - first]


@inner_kernel(fastmath=REASSOCIATE)
def _prolong_plane(runs, i, begin, end, parent, coarse, x):
    for s in range(runs[i], runs[i + 1]):
        for p in range(begin[s], end[s]):
            x[p] += coarse[parent[p]]


@inner_kernel
def _smooth_plane(start, q, i, runs, begin, end, west, east, south, north, x, y, b, tx, ty, tz, inverse, weights):
    """Pass q, from 1, over one plane: from x into y or, every second one, back; from zero, the first pass makes two
    steps."""
    if start and q == 1:
        _start_plane(runs, i, begin, end, west, east, south, north, y, b, tx, ty, tz, inverse, weights[0], weights[1])
    else:
        u, v = (x, y) if q % 2 == 1 else (y, x)
        _step_plane(
            runs, i, begin, end, west, east, south, north, u, v, b, tx, ty, tz, inverse, weights[q if start else q - 1]
        )


@kernel(parallel=True)
def _smooth_parallel(
    seams, start, first, last, runs, begin, end, west, east, south, north, x, y, b, tx, ty, tz, inverse, weights
):
    """All passes over a level at once, so that a plane is in the cache for the next one when one has left it.

    Blocks of planes lose one plane at every inner end with every pass. A second call, for the `seams`, makes up for it
    where blocks meet.
    """
    passes, planes = weights.size - start, last - first
    blocks = max(2 * (planes // (4 * passes)), 1)
    for k in prange(blocks - seams):
        left, right = first + planes * k // blocks, first + planes * (k + 1) // blocks
        fronts = range(right, right + 2 * passes - 2) if seams else range(left, right + passes)
        for front in fronts:
            for q in range(1, passes + 1):
                i, lost = front - q + 1, q - 1
                low, high = (
                    (right - lost, right + lost) if seams else (left + lost * (k > 0), right - lost * (k < blocks - 1))
                )
                if low <= i < high:
                    _smooth_plane(
                        start, q, i, runs, begin, end, west, east, south, north, x, y, b, tx, ty, tz, inverse, weights
                    )


@inner_kernel
def _smooth_serial(
    start, first, last, runs, begin, end, west, east, south, north, x, y, b, tx, ty, tz, inverse, weights
):
    """The same with one thread, pass by pass."""
    for q in range(1, weights.size + 1 - start):
        for i in range(first, last):
            _smooth_plane(
                start, q, i, runs, begin, end, west, east, south, north, x, y, b, tx, ty, tz, inverse, weights
            )


@kernel(parallel=True)
def _restrict_parallel(
    first, last, runs, children, begin, end, west, east, south, north, x, b, tx, ty, tz, shift, parent
):
    for i in prange(first, last):
        _restrict_plane(
            runs, children, np.int64(i), begin, end, west, east, south, north, x, b, tx, ty, tz, shift, parent
        )


@kernel(parallel=True)
def _prolong_parallel(first, last, runs, begin, end, parent, coarse, x):
    for i in prange(first, last):
        _prolong_plane(runs, np.int64(i), begin, end, parent, coarse, x)


@kernel
def _send_up(first, last, cell, lump, coupling, x, b_lump):
    """What cells x send to the global rows, added to their residual."""
    for e in range(first, last):
        b_lump[lump[e]] += coupling[e] * x[cell[e]]


@kernel
def _send_down(first, last, cell, lump, coupling, x_lump, b):
    """What global rows send to the cells, added to the right-hand side."""
    for e in range(first, last):
        b[cell[e]] += coupling[e] * np.float32(x_lump[lump[e]])


@kernel
def _cycle_below(
    top,
    levels,
    weights,
    chains,
    planes,
    runs,
    begin,
    end,
    west,
    east,
    south,
    north,
    children,
    parent,
    couplings,
    cell,
    lump,
    bottom,
    x,
    y,
    b,
    tx,
    ty,
    tz,
    shift,
    inverse,
    coupling,
    b_lump,
    x_lump,
    factor,
    lump_factor,
    pivot,
    work,
):
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
        first, last = planes[level], planes[level + 1]
        u, v = (x, y) if down or weights.size % 2 == 1 else (y, x)
        if not down:
            _send_down(couplings[level], couplings[level + 1], cell, lump, coupling, x_lump, b)
            for i in range(first, last):
                _prolong_plane(runs, i, begin, end, parent, y, u)
            if level == 0:
                solve_chains(*chains, b, u)
        _smooth_serial(
            down, first, last, runs, begin, end, west, east, south, north, u, v, b, tx, ty, tz, inverse, weights
        )
        if down:
            u = x if weights.size % 2 == 1 else y
            if level == 0:
                solve_chains(*chains, b, u)
            _send_up(couplings[level], couplings[level + 1], cell, lump, coupling, u, b_lump)
            for i in range(last + 1, planes[level + 2] - 1):
                _restrict_plane(
                    runs, children, i, begin, end, west, east, south, north, u, b, tx, ty, tz, shift, parent
                )


def cycle(L, chains, weights):
    """One V-cycle for the right-hand side `L.b` on level 0 and `L.b_lump`; the result is in `L.y` on level 0 and
    `L.x_lump`.

    Parameters
    ----------
    L : Levels; chains : Chains
    weights : (n,) float32, of the smoothing steps before and after, two at least

    Notes
    -----
    Global rows are unknowns of the bottom only: the smoother holds them, their residual gathers what the cells of every
    level send, and on the way up their correction enters the right-hand side. Chains are solved last before and first
    after the coarse levels, on the finest one. The smoother is a polynomial in D⁻¹A, the same before and
    after, restriction the transpose of prolongation and the bottom exact, so the cycle is symmetric and positive
    definite.
    """
    runs, network = (L.runs, L.begin, L.end, L.west, L.east, L.south, L.north), (L.b, L.tx, L.ty, L.tz)
    u, v = (
        (L.y, L.x) if weights.size % 2 == 0 else (L.x, L.y)
    )  # after the steps before the coarse levels; those after end in y
    for level in range(L.large):
        first, last, below = L.planes[level], L.planes[level + 1], L.couplings[level : level + 2]
        for seams in (False, True):
            _smooth_parallel(seams, True, first, last, *runs, L.x, L.y, *network, L.inverse, weights)
        if level == 0:
            solve_chains_parallel(*chains, L.b, u)
        _send_up(*below, L.cell, L.lump, L.coupling, u, L.b_lump)
        _restrict_parallel(
            last + 1, L.planes[level + 2] - 1, L.runs, L.children, *runs[1:], u, *network, L.shift, L.parent
        )
    _cycle_below(
        L.large,
        L.n,
        weights,
        tuple(chains),
        L.planes,
        *runs,
        L.children,
        L.parent,
        L.couplings,
        L.cell,
        L.lump,
        L.bottom,
        L.x,
        L.y,
        *network,
        L.shift,
        L.inverse,
        L.coupling,
        L.b_lump,
        L.x_lump,
        L.factor,
        L.lump_factor,
        L.pivot,
        L.work,
    )
    for level in range(L.large - 1, -1, -1):
        first, last, below = L.planes[level], L.planes[level + 1], L.couplings[level : level + 2]
        _send_down(*below, L.cell, L.lump, L.coupling, L.x_lump, L.b)
        _prolong_parallel(first, last, *runs[:3], L.parent, L.y, u)
        if level == 0:
            solve_chains_parallel(*chains, L.b, u)
        for seams in (False, True):
            _smooth_parallel(seams, False, first, last, *runs, u, v, *network, L.inverse, weights)
