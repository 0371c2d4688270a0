"""V-cycle on lattice levels in single precision: smoothing and transfer.

All levels lie one after the other in flat arrays, each in the order of `lattice_strips`. Every loop goes over runs,
plane by plane. A kernel for one plane is shared by a serial and a parallel loop, so that both give the same bits.
Positions are unsigned: no wrap-around.
"""

import numpy as np
from numba import prange

from oxycell.arrays import Array
from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.lattice.bottom import solve_banded
from oxycell.numerics.lattice.chains import Chains, solve_chains, solve_chains_parallel
from oxycell.numerics.lattice.layout import Levels
from oxycell.numerics.lattice.strips import ZEROS

REASSOCIATE = {"contract", "reassoc", "nsz"}
ONE = np.uint64(1)

WEIGHTS = (1.0 / (1.0 - np.cos(np.array([1, 5, 3, 2, 4]) * 2.0 * np.pi / 11.0))).astype(np.float32)
"""Of the smoothing steps: 1/roots of the polynomial of degree 5 in D⁻¹A that the Chebyshev iteration of the fourth kind
makes on (0, 2].

The largest comes first, the others follow as far from those before as they can, so that steps smooth what rounding
adds. Lottes (2023), "Optimal polynomial smoothers for multigrid V-cycles", Numer. Linear Algebra Appl. 30, e2518.
"""


@inner_kernel(fastmath=REASSOCIATE)
def _start_plane(runs, i, y, b, tx, ty, tz, inverse, first, second):
    """The first two steps from zero at once, into y."""
    first_of, begin, end, west, east, south, north = runs
    for s in range(first_of[i], first_of[i + 1]):
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
def _step_plane(runs, i, x, y, b, tx, ty, tz, inverse, weight):
    """One step from x, into y."""
    first_of, begin, end, west, east, south, north = runs
    for s in range(first_of[i], first_of[i + 1]):
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
def _restrict_plane(runs, children, i, x, b, network, parent):
    """Residual of the fine planes of coarse plane i summed into their coarse cells; differences avoid cancellation."""
    first_of, begin, end, west, east, south, north = runs
    tx, ty, tz, shift = network
    residual = np.empty(ZEROS, np.float32)
    for s in range(first_of[i], first_of[i + 1]):
        for p in range(begin[s], end[s]):
            b[p] = 0.0
    for s in range(first_of[children[i]], first_of[children[i + 1]]):
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
def _prolong_plane(first, begin, end, i, parent, coarse, x):
    for s in range(first[i], first[i + 1]):
        for p in range(begin[s], end[s]):
            x[p] += coarse[parent[p]]


@inner_kernel
def _smooth_plane(start, q, i, runs, x, y, b, tx, ty, tz, inverse, weights):
    """Pass q, from 1, over one plane: from x into y or, every second one, back; from zero, the first pass makes two
    steps."""
    if start and q == 1:
        _start_plane(runs, i, y, b, tx, ty, tz, inverse, weights[0], weights[1])
    else:
        u, v = (x, y) if q % 2 == 1 else (y, x)
        _step_plane(runs, i, u, v, b, tx, ty, tz, inverse, weights[q if start else q - 1])


@kernel(parallel=True)
def _smooth_parallel(seams, start, first, last, runs, x, y, b, network, inverse, weights):
    """All passes over a level at once, so that a plane is in the cache for the next one when one has left it.

    Blocks of planes lose one plane at every inner end with every pass. A second call, for the `seams`, makes up for it
    where blocks meet.
    """
    passes, planes = weights.size - start, last - first
    tx, ty, tz = network.x, network.y, network.z
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
                    _smooth_plane(start, q, i, runs, x, y, b, tx, ty, tz, inverse, weights)


@inner_kernel
def _smooth_serial(start, first, last, runs, x, y, b, tx, ty, tz, inverse, weights):
    """The same with one thread, pass by pass."""
    for q in range(1, weights.size + 1 - start):
        for i in range(first, last):
            _smooth_plane(start, q, i, runs, x, y, b, tx, ty, tz, inverse, weights)


@kernel(parallel=True)
def _restrict_parallel(first, last, runs, children, x, b, network, parent):
    for i in prange(first, last):
        _restrict_plane(runs, children, np.int64(i), x, b, network, parent)


@kernel(parallel=True)
def _prolong_parallel(first, last, first_of, begin, end, parent, coarse, x):
    for i in prange(first, last):
        _prolong_plane(first_of, begin, end, np.int64(i), parent, coarse, x)


@kernel
def _send_up(level, couplings, x, b_lump):
    """What cells x of a level send to the global rows, added to their residual."""
    first, cell, lump, conductance = couplings
    for e in range(first[level], first[level + 1]):
        b_lump[lump[e]] += conductance[e] * x[cell[e]]


@kernel
def _send_down(level, couplings, x_lump, b):
    """What global rows send to the cells of a level, added to the right-hand side."""
    first, cell, lump, conductance = couplings
    for e in range(first[level], first[level + 1]):
        b[cell[e]] += conductance[e] * np.float32(x_lump[lump[e]])


@kernel
def _cycle_below(top, levels, chains, weights):
    """The cycle from level `top` to the bottom and back, one thread; the result is in y."""
    runs, network, inverse = levels.runs, levels.network, levels.inverse
    first_of, begin, end = runs.first, runs.begin, runs.end
    tx, ty, tz = network.x, network.y, network.z
    planes, children, parent, couplings = levels.planes, levels.children, levels.parent, levels.couplings
    x, y, b, x_lump, b_lump = levels.x, levels.y, levels.b, levels.x_lump, levels.b_lump
    position, factor, lump_factor, pivot, work = levels.bottom
    deepest = levels.n - 1 - top
    for visit in range(2 * deepest + 1):
        if visit == deepest:
            n = position.size
            for k in range(n):
                work[k] = b[position[k]]
            for g in range(b_lump.size):
                work[n + g] = b_lump[g]
            solve_banded(factor, lump_factor, pivot, work)
            for k in range(n):
                y[position[k]] = work[k]
            for g in range(b_lump.size):
                x_lump[g] = work[n + g]
            continue
        down = visit < deepest
        level = top + (visit if down else 2 * deepest - visit)
        first, last = planes[level], planes[level + 1]
        u, v = (x, y) if down or weights.size % 2 == 1 else (y, x)
        if not down:
            _send_down(level, couplings, x_lump, b)
            for i in range(first, last):
                _prolong_plane(first_of, begin, end, i, parent, y, u)
            if level == 0:
                solve_chains(chains, b, u)
        _smooth_serial(down, first, last, runs, u, v, b, tx, ty, tz, inverse, weights)
        if down:
            u = x if weights.size % 2 == 1 else y
            if level == 0:
                solve_chains(chains, b, u)
            _send_up(level, couplings, u, b_lump)
            for i in range(last + 1, planes[level + 2] - 1):
                _restrict_plane(runs, children, i, u, b, network, parent)


def cycle(L: Levels, chains: Chains, weights: Array) -> None:
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
    runs, network = L.runs, L.network
    # After the steps before the coarse levels; those after end in y.
    u, v = (L.y, L.x) if weights.size % 2 == 0 else (L.x, L.y)
    for level in range(L.large):
        first, last = L.planes[level], L.planes[level + 1]
        for seams in (False, True):
            _smooth_parallel(seams, True, first, last, runs, L.x, L.y, L.b, network, L.inverse, weights)
        if level == 0:
            solve_chains_parallel(chains, L.b, u)
        _send_up(level, L.couplings, u, L.b_lump)
        _restrict_parallel(last + 1, L.planes[level + 2] - 1, runs, L.children, u, L.b, network, L.parent)
    _cycle_below(L.large, L, chains, weights)
    for level in range(L.large - 1, -1, -1):
        first, last = L.planes[level], L.planes[level + 1]
        _send_down(level, L.couplings, L.x_lump, L.b)
        _prolong_parallel(first, last, *runs.spans, L.parent, L.y, u)
        if level == 0:
            solve_chains_parallel(chains, L.b, u)
        for seams in (False, True):
            _smooth_parallel(seams, False, first, last, runs, u, v, L.b, network, L.inverse, weights)
