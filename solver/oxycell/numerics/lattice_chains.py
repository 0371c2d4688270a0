"""Cells that hang in a line, solved exactly within the smoothing of the finest level.

A cell that conducts along one axis only belongs to a chain: frozen bath in the columns of a ledge, a rod one cell wide. Lines that
lie side by side without touching merge into one coarse cell all the same; what differs between them no coarse level sees, and
smoothing needs as many steps as a line has cells. Elimination along the line needs two.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

_GROUPS = 16  # parts that threads share: fixed, so that nothing depends on their number


class Chains(NamedTuple):
    """Cells of all chains, one position of every chain of a group after the other, so that none waits for its neighbour.

    Attributes
    ----------
    group : (groups + 1,) int, first cell of each group
    at : (n,) uint32, flat position; step : (n,) uint32, distance in memory along the chain
    low : (n,) share of the right-hand side of the cell before that this one takes; at the first cell, conductance to the one before
    up : (n,) conductance to the cell behind; inverse : (n,) 1/pivot
    """

    group: np.ndarray
    at: np.ndarray
    step: np.ndarray
    low: np.ndarray
    up: np.ndarray
    inverse: np.ndarray


@njit(cache=True)
def _axis(p, plane, row, tx, ty, tz):
    """Distance in memory along the one axis a cell conducts along; 0 if there is none or more than one."""
    x, y, z = tx[p - plane] + tx[p] > 0.0, ty[p - row] + ty[p] > 0.0, tz[p - 1] + tz[p] > 0.0
    if x:
        return 0 if y or z else plane
    if y:
        return 0 if z else row
    return 1 if z else 0


@njit(cache=True)
def find_chains(begin, end, plane, row, tx, ty, tz, shift):
    """Chains of two cells and more of the finest level.

    Parameters
    ----------
    begin, end : (segments,) runs of flat positions that hold all cells
    plane, row : int, distances in memory of neighbours along x and y
    tx, ty, tz : (positions,) conductance to the next cell along each axis; shift : (positions,), with couplings to global rows

    Returns
    -------
    the attributes of Chains

    Notes
    -----
    Elimination adds only, see `lattice_bottom`. The cells beyond both ends are held.
    """
    cells, count = 0, 0
    first = np.empty(1024, np.int64)
    along = np.empty(1024, np.int64)
    for s in range(begin.size):
        for p in range(np.int64(begin[s]), np.int64(end[s])):
            step = _axis(p, plane, row, tx, ty, tz)
            if step == 0:
                continue
            t = tx if step == plane else ty if step == row else tz
            starts = not (t[p - step] > 0.0 and _axis(p - step, plane, row, tx, ty, tz) == step)
            goes_on = t[p] > 0.0 and _axis(p + step, plane, row, tx, ty, tz) == step
            cells += goes_on or not starts
            if starts and goes_on:
                if count == first.size:
                    first, along = np.append(first, np.empty_like(first)), np.append(along, np.empty_like(along))
                first[count], along[count] = p, step
                count += 1
    group = np.zeros(_GROUPS + 1, np.int64)
    at, stride = np.empty(cells, np.uint32), np.empty(cells, np.uint32)
    low, up, inverse = np.empty(cells, np.float32), np.empty(cells, np.float32), np.empty(cells, np.float32)
    held, share = np.empty(count), np.empty(count)
    n = 0
    for g in range(_GROUPS):
        begins, left = count * g // _GROUPS, count * (g + 1) // _GROUPS
        for c in range(begins, left):
            step = along[c]
            t = tx if step == plane else ty if step == row else tz
            share[c] = t[first[c] - step]
            held[c] = share[c]
        start = True
        while left > begins:
            kept = begins
            for c in range(begins, left):
                p, step = first[c], along[c]
                t = tx if step == plane else ty if step == row else tz
                h = shift[p] + (held[c] if start else share[c] * held[c])
                pivot = h + t[p]
                at[n], stride[n], low[n], up[n] = p, step, share[c], t[p]
                inverse[n] = min(1.0 / pivot, 1e30) if pivot > 0.0 else 0.0
                if t[p] > 0.0 and _axis(p + step, plane, row, tx, ty, tz) == step:
                    first[kept], along[kept], held[kept] = p + step, step, h
                    share[kept] = t[p] * np.float64(inverse[n])
                    kept += 1
                n += 1
            left, start = kept, False
        group[g + 1] = n
    return group, at, stride, low, up, inverse


@njit(cache=True)
def _solve_group(g, group, at, step, low, up, inverse, b, x):
    for n in range(group[g], group[g + 1]):
        p = at[n]
        x[p] = b[p] + low[n] * x[p - step[n]]
    for n in range(group[g + 1] - 1, group[g] - 1, -1):
        p = at[n]
        x[p] = inverse[n] * (x[p] + up[n] * x[p + step[n]])


@njit(cache=True)
def solve_chains(group, at, step, low, up, inverse, b, x):
    """x on all chains for the right-hand side b and what lies beyond their ends."""
    for g in range(group.size - 1):
        _solve_group(g, group, at, step, low, up, inverse, b, x)


@njit(cache=True, parallel=True)
def solve_chains_parallel(group, at, step, low, up, inverse, b, x):
    """As `solve_chains`, with threads."""
    for g in prange(group.size - 1):
        _solve_group(np.int64(g), group, at, step, low, up, inverse, b, x)
