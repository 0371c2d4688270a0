"""Cells that hang in a line, solved exactly within the smoothing of the finest level.

A cell that conducts along one axis only belongs to a chain: frozen bath in the columns of a ledge, a rod one cell wide.
Lines that lie side by side without touching merge into one coarse cell all the same; what differs between them no
coarse level sees, and smoothing needs as many steps as a line has cells. Elimination along the line needs two.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel

ONE = np.uint64(1)

_GROUPS = 16  # parts that threads share: fixed, so that nothing depends on their number


class Chains(NamedTuple):
    """Cells of all chains, one position of every chain of a group after the other, so that none waits for its
    neighbour.

    Attributes
    ----------
    group : (groups + 1,) int, first cell of each group
    at : (n,) uint32, flat position; before, behind : (n,) uint32, those of the neighbours along the chain
    low : (n,) share of the right-hand side of the cell before that this one takes; at the first cell, conductance to
        the one before
    up : (n,) conductance to the cell behind; inverse : (n,) 1/pivot
    """

    group: np.ndarray
    at: np.ndarray
    before: np.ndarray
    behind: np.ndarray
    low: np.ndarray
    up: np.ndarray
    inverse: np.ndarray


@inner_kernel
def _find_axes(planes, runs, network, axis):
    """The one axis a cell conducts along, 1 to 3; 0 if there is none or more than one. Returns how many cells have
    one."""
    tx, ty, tz = network.x, network.y, network.z
    first, begin, end, west, south = runs.first, runs.begin, runs.end, runs.west, runs.south
    found = 0
    for i in range(planes):
        for s in range(first[i], first[i + 1]):
            w, v = west[s], south[s]
            for p in range(begin[s], end[s]):
                x, y, z = tx[p + w] + tx[p] > 0.0, ty[p + v] + ty[p] > 0.0, tz[p - ONE] + tz[p] > 0.0
                axis[p] = (1 * x + 2 * y + 3 * z) * (x + y + z == 1)
                found += axis[p] > 0
    return found


@inner_kernel
def _run_of(p, begin, n):
    """The one of the first n runs that a position is in."""
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        if begin[middle] <= p:
            low = middle
        else:
            high = middle
    return low


@inner_kernel
def _neighbours(p, along, s, west, east, south, north):
    """Flat positions of the neighbours along an axis of a cell in run s."""
    if along == 1:
        return p + west[s], p + east[s]
    if along == 2:
        return p + south[s], p + north[s]
    return p - ONE, p + ONE


@kernel
def find_chains(planes, runs, network):
    """Chains of two cells and more of the finest level.

    Parameters
    ----------
    planes : int, of the finest level; runs : Runs, those of the finest level first
    network : Network, its shifts with the couplings to global rows

    Returns
    -------
    Chains

    Notes
    -----
    Elimination adds only, see `lattice/bottom.py`. The cells beyond both ends are fixed.
    """
    first_of, begin, end, west, east, south, north = runs
    n_runs = first_of[planes]
    tx, ty, tz, shift = network
    axis = np.zeros(end[n_runs - 1] + ONE, np.int8)
    cells, count = 0, 0
    first = np.empty(_find_axes(planes, runs, network, axis), np.uint64)
    for s in range(n_runs):
        for p in range(begin[s], end[s]):
            along = axis[p]
            if along == 0:
                continue
            t = tx if along == 1 else ty if along == 2 else tz
            before, behind = _neighbours(p, along, s, west, east, south, north)
            starts = not (t[before] > 0.0 and axis[before] == along)
            goes_on = t[p] > 0.0 and axis[behind] == along
            cells += goes_on or not starts
            if starts and goes_on:
                first[count] = p
                count += 1
    group = np.zeros(_GROUPS + 1, np.int64)
    at, lower, upper = np.empty(cells, np.uint32), np.empty(cells, np.uint32), np.empty(cells, np.uint32)
    low, up, inverse = np.empty(cells, np.float32), np.empty(cells, np.float32), np.empty(cells, np.float32)
    held, share = np.empty(count), np.empty(count)
    n = 0
    for g in range(_GROUPS):
        begins, left = count * g // _GROUPS, count * (g + 1) // _GROUPS
        start = True
        while left > begins:
            kept = begins
            for c in range(begins, left):
                p = first[c]
                along = axis[p]
                t = tx if along == 1 else ty if along == 2 else tz
                before, behind = _neighbours(p, along, _run_of(p, begin, n_runs), west, east, south, north)
                if start:
                    share[c] = held[c] = t[before]
                h = shift[p] + (held[c] if start else share[c] * held[c])
                pivot = h + t[p]
                at[n], lower[n], upper[n], low[n], up[n] = p, before, behind, share[c], t[p]
                inverse[n] = min(1.0 / pivot, 1e30) if pivot > 0.0 else 0.0
                if t[p] > 0.0 and axis[behind] == along:
                    first[kept], held[kept] = behind, h
                    share[kept] = t[p] * np.float64(inverse[n])
                    kept += 1
                n += 1
            left, start = kept, False
        group[g + 1] = n
    return Chains(group, at, lower, upper, low, up, inverse)


@inner_kernel
def _solve_group(g, chains, b, x):
    group, at, before, behind = chains.group, chains.at, chains.before, chains.behind
    low, up, inverse = chains.low, chains.up, chains.inverse
    for n in range(group[g], group[g + 1]):
        p = at[n]
        x[p] = b[p] + low[n] * x[before[n]]
    for n in range(group[g + 1] - 1, group[g] - 1, -1):
        p = at[n]
        x[p] = inverse[n] * (x[p] + up[n] * x[behind[n]])


@kernel
def solve_chains(chains, b, x):
    """x on all chains for the right-hand side b and what lies beyond their ends."""
    for g in range(chains.group.size - 1):
        _solve_group(g, chains, b, x)


@kernel(parallel=True)
def solve_chains_parallel(chains, b, x):
    """As `solve_chains`, with threads."""
    for g in prange(chains.group.size - 1):
        _solve_group(np.int64(g), chains, b, x)
