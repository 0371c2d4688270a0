"""Levels of a lattice: which intervals merge, which positions are in use, and where everything lies in memory."""

from typing import NamedTuple

import numpy as np

from oxycell.numerics.lattice_bottom import bandwidth
from oxycell.numerics.lattice_kernels import Levels
from oxycell.numerics.lattice_setup import coarsen, count_barriers

_BOTTOM = 2500    # cells at which coarsening ends: the rest is solved exactly
_SHRINK = 0.4     # largest share of the grid positions that the next level keeps
_STUCK = 0.7      # share of the positions left, from which coarsening counts as stuck
_GAP = 32         # empty positions a loop runs through rather than stop
_LARGE = 150000   # cells from which a level is worth more than one thread
_CONTRAST = 100.0  # conductivity of both cells over that between them, from which a face is a barrier
_SHARE = 0.02     # share of barriers among the faces of a plane, from which nothing merges across it


class Grid(NamedTuple):
    """One level: where it starts, its shape with padding, cells in use (nx, ny, nz), and the next level's index of every index.

    `parts` are three arrays with padding, None on the last level.
    """

    start: int
    shape: tuple
    used: np.ndarray
    parts: list | None

    def flat(self, i, j, k):
        """Flat positions of cells (i, j, k), counted with the padding."""
        return self.start + (i * self.shape[1] + j) * self.shape[2] + k

    def view(self, array):
        """This level in an array of all levels, (nx + 2, ny + 2, nz + 2)."""
        return array[self.start:self.start + int(np.prod(self.shape))].reshape(self.shape)

    @property
    def first(self):
        """First plane of every plane of the next level, with padding."""
        return np.searchsorted(self.parts[0], np.arange(self.parts[0][-1] + 1))


def merge_axis(edges, width, barrier):
    """First interval of every merged interval, and the end: neighbours merge in pairs up to a joint width [m], never across a barrier."""
    first, i, n = [0], 0, edges.size - 1
    while i < n:
        i += 2 if i + 1 < n and edges[i + 2] - edges[i] <= width and not barrier[i] else 1
        first.append(i)
    return np.array(first)


def merge_axes(edges, barriers):
    """Merged intervals of the three axes for the smallest width that shrinks the grid enough; None if nothing is left to merge.

    Parameters
    ----------
    edges : three (n + 1,) [m]
    barriers : three (n − 1,) bool, planes between two intervals that must not merge
    """
    widths = np.unique(np.concatenate([(e[2:] - e[:-2])[~b] for e, b in zip(edges, barriers, strict=True)])) * (1.0 + 1e-9)
    if widths.size == 0:
        return None
    goal = _SHRINK * np.prod([e.size - 1.0 for e in edges])
    low, high = 0, widths.size - 1
    while low < high:
        middle = (low + high) // 2
        if np.prod([merge_axis(e, widths[middle], b).size - 1.0 for e, b in zip(edges, barriers, strict=True)]) <= goal:
            high = middle
        else:
            low = middle + 1
    return [merge_axis(e, widths[low], b) for e, b in zip(edges, barriers, strict=True)]


def _barriers(edges, t):
    """Planes along each axis across which conductors hang together much less than on both sides; t: three arrays with padding."""
    widths = [np.r_[1.0, np.diff(e), 1.0] for e in edges]
    weak, faces = ([np.zeros(e.size - 2, np.int64) for e in edges] for _ in range(2))
    count_barriers(*t, *widths, _CONTRAST, np.zeros(t[0].shape), *weak, *faces)
    return [w > _SHARE * f for w, f in zip(weak, faces, strict=True)]


def _merges(edges, used, coefficients):
    """What merges into the next level, None if nothing does; barriers give way where they would stop coarsening."""
    if np.count_nonzero(used) <= _BOTTOM:
        return None
    merges = merge_axes(edges, _barriers(edges, coefficients[:3]))
    if merges is None or np.prod([m.size - 1.0 for m in merges]) > _STUCK * used.size:
        merges = merge_axes(edges, [np.zeros(e.size - 2, bool) for e in edges])
    return merges


def make_grids(edges, used, coefficients):
    """List of Grid, finest first.

    Parameters
    ----------
    edges : three (n + 1,) [m]
    used : (nx, ny, nz) bool
    coefficients : three conductances and a shift, (nx + 2, ny + 2, nz + 2), in single precision
    """
    grids, start = [], 0
    while True:
        shape = tuple(n + 2 for n in used.shape)
        merges = _merges(edges, used, coefficients)
        if merges is None:
            grids.append(Grid(start, shape, used, None))
            return grids
        parts = [np.r_[0, np.repeat(np.arange(1, m.size), np.diff(m)), m.size] for m in merges]
        grids.append(grid := Grid(start, shape, used, parts))
        for axis, merge in enumerate(merges):
            used = np.logical_or.reduceat(used, merge[:-1], axis=axis)
        edges = [e[merge] for e, merge in zip(edges, merges, strict=True)]
        start += int(np.prod(shape))
        coarse = [np.zeros([n + 2 for n in used.shape], np.float32) for _ in range(4)]
        coarsen(np.count_nonzero(grid.used) > _LARGE, grid.first, parts, coefficients, coarse)
        coefficients = coarse


def make_parent(grids):
    """(positions,) uint32, flat position of the cell of the next level that a cell is part of."""
    last = grids[-1]
    parent = np.zeros(last.start + int(np.prod(last.shape)), np.uint32)
    for fine, coarse in zip(grids, grids[1:], strict=False):
        fine.view(parent)[:] = coarse.flat(*np.ix_(*fine.parts))
    return parent


def _runs(grid):
    """Runs of flat positions that hold all cells in use, none across two planes: first, end, and how many in each plane."""
    size = grid.shape[1] * grid.shape[2]
    at = np.flatnonzero(np.pad(grid.used, 1))
    split = np.flatnonzero((np.diff(at) > _GAP) | (np.diff(at // size) > 0)) + 1
    first = at[np.r_[0, split]] if at.size else at
    end = at[np.r_[split - 1, at.size - 1]] + 1 if at.size else at
    return grid.start + first, grid.start + end, np.bincount(first // size, minlength=grid.shape[0])


def make_levels(grids, parent, cell, lump, n_lumps):
    """Levels with the topology in place and coefficients still to come.

    Parameters
    ----------
    grids : list of Grid; parent : see `make_parent`
    cell, lump : (k,) int, flat position and global row that each coupling of the finest level joins, sorted, each pair once
    n_lumps : int
    """
    runs = [_runs(grid) for grid in grids]
    begin, end = (np.concatenate([run[n] for run in runs]).astype(np.uint64) for n in (0, 1))
    planes = np.r_[0, np.cumsum([grid.shape[0] for grid in grids])]
    segments = np.r_[0, np.cumsum(np.concatenate([run[2] for run in runs]))]
    children = np.zeros(planes[-1] + 1, np.int64)
    couplings, cells, lumps, merged = [0, cell.size], [cell], [lump], []
    for level, fine in enumerate(grids[:-1]):
        children[planes[level + 1]:planes[level + 2]] = planes[level] + fine.first
        pairs, place = np.unique(parent[cell].astype(np.int64) * max(n_lumps, 1) + lump, return_inverse=True)
        merged.append(couplings[-1] + place)
        cell, lump = pairs // max(n_lumps, 1), pairs % max(n_lumps, 1)
        couplings.append(couplings[-1] + cell.size)
        cells.append(cell)
        lumps.append(lump)
    merged.append(np.zeros(cell.size, np.int64))
    # Numbered along the longest axis, which keeps the band narrow.
    last = grids[-1]
    at = np.argwhere(last.used.transpose(2, 0, 1)) + 1
    bottom = last.flat(at[:, 1], at[:, 2], at[:, 0])
    number = np.full(last.shape, -1)
    number[at[:, 1], at[:, 2], at[:, 0]] = np.arange(bottom.size)
    single = [np.zeros(parent.size, np.float32) for _ in range(8)]
    m = bottom.size + n_lumps
    large = [np.count_nonzero(grid.used) > _LARGE for grid in grids[:-1]]
    return Levels(
        len(grids), sum(large), np.array([(grid.shape[1] * grid.shape[2], grid.shape[2]) for grid in grids], np.uint64),
        planes, segments, begin, end, children, parent, np.array(couplings), np.concatenate(cells), np.concatenate(lumps),
        np.concatenate(merged), bottom, *single, np.zeros(couplings[-1], np.float32), np.zeros(n_lumps), np.zeros(n_lumps),
        np.zeros((bottom.size, bandwidth(number) + n_lumps)), np.zeros((n_lumps, n_lumps)), np.zeros(m), np.zeros(m))
