"""Which neighbouring intervals of a lattice merge into the next level.

Two intervals merge while their joint length stays under the level's target. That length is their width, made longer by
how badly the cells on both sides hang together: where conductors meet at a contact, an electrolyte or not at all, a
joint cell would take two potentials for one. Thin layers so coarsen first, coarse cells become as wide as they are
high, and what separates two bodies keeps its place down to the levels where everything is small.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import prange

from oxycell.arrays import Floats, Ints
from oxycell.kernel import kernel
from oxycell.numerics.lattice.layout import Network
from oxycell.numerics.lattice.strips import Strips

ONE = np.uint64(1)

_SHRINK = 0.4  # largest share of the grid positions that the next level keeps
_WORST = 500.0  # relative resistance that a face without conductance counts with
_USUAL = 4.0  # mean relative resistance of the faces between two intervals, up to which they merge by width alone
_SLOPE = 3.0  # widths that their joint length gains with every multiple beyond


class Spacing(NamedTuple):
    """Widths of the intervals along each axis, in single precision and with one more at both ends.

    Attributes
    ----------
    between_x, between_y, between_z : (n + 1,) [m], distance of the centres of each interval and the next, 0 at the ends
    inverse_x, inverse_y, inverse_z : (n + 2,) [1/m], 1/width of each interval, 0 beyond the ends
    """

    between_x: np.ndarray
    between_y: np.ndarray
    between_z: np.ndarray
    inverse_x: np.ndarray
    inverse_y: np.ndarray
    inverse_z: np.ndarray


@kernel
def pair(length, target):
    """First interval of every merged interval, and the end: as many pairs up to a target length as fit, of least total
    length.

    Parameters
    ----------
    length : (n − 1,) [m], joint length of each interval and the next
    target : [m]
    """
    n = length.size + 1
    merged, total, last = np.zeros(n + 1, np.int64), np.zeros(n + 1), np.ones(n + 1, np.int64)
    for i in range(1, n + 1):
        merged[i], total[i] = merged[i - 1], total[i - 1]
        if i > 1 and length[i - 2] <= target:
            count, sum_ = merged[i - 2] + 1, total[i - 2] + length[i - 2]
            if count > merged[i] or (count == merged[i] and sum_ < total[i]):
                merged[i], total[i], last[i] = count, sum_, 2
    first = np.empty(n - merged[n] + 1, np.int64)
    i = n
    for k in range(first.size - 1, -1, -1):
        first[k] = i
        i -= last[i]
    return first


def merge_axes(lengths: Sequence[Floats]) -> list[Ints] | None:
    """Merged intervals of the three axes for the smallest target that shrinks the grid enough; None if nothing is left
    to merge.

    Parameters
    ----------
    lengths : three (n − 1,) [m], joint length of each interval and the next
    """
    targets = np.unique(np.concatenate(lengths)) * (1.0 + 1e-9)
    if targets.size == 0:
        return None
    goal = _SHRINK * np.prod([length.size + 1.0 for length in lengths])
    low, high = 0, targets.size - 1
    while low < high:
        middle = (low + high) // 2
        if np.prod([pair(length, targets[middle]).size - 1.0 for length in lengths]) <= goal:
            high = middle
        else:
            low = middle + 1
    return [pair(length, targets[low]) for length in lengths]


def joint_lengths(edges: Sequence[Floats], strips: Strips, network: Network) -> list[Floats]:
    """Joint length of every interval and the next along each axis: their width, longer by the mean resistance of the
    faces between.

    Parameters
    ----------
    edges : three (n + 1,) [m]
    strips : Strips; network : Network

    Returns
    -------
    three (n − 1,) [m]

    Notes
    -----
    The resistance of a face is relative to that of the best faces of its cells, the worse cell's, and bounded. Faces
    without conductance at cells that hang in a line (those of frozen ledge columns) do not count: see `lattice_chains`.
    """
    spacing = Spacing(
        *(np.r_[0.0, 0.5 * (e[2:] - e[:-2]), 0.0].astype(np.float32) for e in edges),
        *(np.r_[0.0, 1.0 / np.diff(e), 0.0].astype(np.float32) for e in edges),
    )
    sums = [np.zeros((edges[0].size, e.size), np.float64) for e in edges]
    faces = [np.zeros((edges[0].size, e.size), np.int64) for e in edges]
    best = np.zeros(strips.end[-1], np.float32)
    _find_best(strips, network, spacing, best)
    _rate_faces(np.float32(_WORST), strips, network, spacing, best, *sums, *faces)
    resistance = [s.sum(0)[1:-1] / np.maximum(f.sum(0)[1:-1], 1) for s, f in zip(sums, faces, strict=True)]
    return [
        (e[2:] - e[:-2]) * (1.0 + _SLOPE * np.maximum(r - _USUAL, 0.0)) for e, r in zip(edges, resistance, strict=True)
    ]


@kernel(parallel=True)
def _find_best(strips, network, spacing, best):
    """Best conductivity at every cell, negative where it hangs in a line: conducts along one axis only."""
    row, start = strips.row, strips.start
    first, begin, end, west, south = strips.first, strips.begin, strips.end, strips.west, strips.south
    tx, ty, tz = network.x, network.y, network.z
    sx, sy, sz = spacing.between_x, spacing.between_y, spacing.between_z
    ix, iy, iz = spacing.inverse_x, spacing.inverse_y, spacing.inverse_z
    for i in prange(first.size - 1):
        for s in range(first[i], first[i + 1]):
            w, v, j = west[s], south[s], row[s]
            k = start[s]
            for p in range(begin[s], end[s]):
                x = max(tx[p + w] * sx[i - 1], tx[p] * sx[i]) * iy[j] * iz[k]
                y = max(ty[p + v] * sy[j - 1], ty[p] * sy[j]) * ix[i] * iz[k]
                z = max(tz[p - ONE] * sz[k - 1], tz[p] * sz[k]) * ix[i] * iy[j]
                lone = (x > 0.0) + (y > 0.0) + (z > 0.0) < 2
                best[p] = -max(x, y, z) if lone else max(x, y, z)
                k += 1


@kernel
def _rate(bound, v, here, there):
    """Resistance of a face of conductivity v relative to the best of both cells, and whether it counts."""
    worse = min(abs(here), abs(there))
    if not worse > 0.0 or (v == 0.0 and (here < 0.0 or there < 0.0)):
        return np.float32(0.0), 0
    return (worse / v if v * bound > worse else bound), 1


@kernel(parallel=True)
def _rate_faces(worst, strips, network, spacing, best, sum_x, sum_y, sum_z, faces_x, faces_y, faces_z):
    """Sums (planes, n + 1) of the relative resistances of the faces between each interval and the next along each axis,
    and how many count, plane by plane."""
    row, start = strips.row, strips.start
    first, begin, end, east, north = strips.first, strips.begin, strips.end, strips.east, strips.north
    tx, ty, tz = network.x, network.y, network.z
    sx, sy, sz = spacing.between_x, spacing.between_y, spacing.between_z
    ix, iy, iz = spacing.inverse_x, spacing.inverse_y, spacing.inverse_z
    for i in prange(1, first.size - 2):
        for s in range(first[i], first[i + 1]):
            e, v, j, k = east[s], north[s], row[s], start[s]
            fx, fy, fz = sx[i] * iy[j], sy[j] * ix[i], ix[i] * iy[j]
            x, y, n_x, n_y = 0.0, 0.0, 0, 0
            for p in range(begin[s], end[s]):
                here = best[p]
                if here != 0.0:
                    if e != 0:
                        r, n = _rate(worst, tx[p] * fx * iz[k], here, best[p + e])
                        x, n_x = x + r, n_x + n
                    if v != 0:
                        r, n = _rate(worst, ty[p] * fy * iz[k], here, best[p + v])
                        y, n_y = y + r, n_y + n
                    goes_on = (
                        s + 1 < first[i + 1] and row[s + 1] == j and begin[s + 1] == end[s] and start[s + 1] == k + 1
                    )
                    if p + ONE < end[s] or goes_on:
                        r, n = _rate(worst, tz[p] * fz * sz[k], here, best[p + ONE])
                        sum_z[i, k] += r
                        faces_z[i, k] += n
                k += 1
            sum_x[i, i] += x
            faces_x[i, i] += n_x
            sum_y[i, j] += y
            faces_y[i, j] += n_y
