"""Levels of a lattice: which intervals merge, which positions are in use, and where everything lies in memory."""

from typing import NamedTuple

import numpy as np

from oxycell.numerics.lattice_bottom import bandwidth
from oxycell.numerics.lattice_kernels import Levels
from oxycell.numerics.lattice_merging import joint_lengths, merge_axes
from oxycell.numerics.lattice_setup import coarsen

_BOTTOM = 1000    # cells at which coarsening ends: the rest is solved exactly
_GAP = 32         # empty positions a loop runs through rather than stop
_LARGE = 150000   # cells from which a level is worth more than one thread


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


def make_grids(edges, used, arrays):
    """List of Grid, finest first, with the coefficients of the levels below it.

    Parameters
    ----------
    edges : three (n + 1,) [m]
    used : (nx, ny, nz) bool
    arrays : list of three conductances and a shift, flat, in single precision; the finest level is filled, the others follow; those
        that are too short are replaced
    """
    grids, start = [], 0
    while True:
        shape = tuple(n + 2 for n in used.shape)
        end, count = start + int(np.prod(shape)), np.count_nonzero(used)
        for n, array in enumerate(arrays):
            if array.size < end:
                arrays[n] = np.concatenate([array, np.zeros(end - array.size, np.float32)])
        here = [array[start:end].reshape(shape) for array in arrays]
        if grids:
            coarsen(grids[-1].first, *grids[-1].parts, *(grids[-1].view(a) for a in arrays), *here)
        merges = merge_axes(joint_lengths(edges, here[:3])) if count > _BOTTOM else None
        if merges is None:
            grids.append(Grid(start, shape, used, None))
            return grids
        grids.append(Grid(start, shape, used, [np.r_[0, np.repeat(np.arange(1, m.size), np.diff(m)), m.size] for m in merges]))
        for axis, merge in enumerate(merges):
            used = np.logical_or.reduceat(used, merge[:-1], axis=axis)
        edges, start = [e[merge] for e, merge in zip(edges, merges, strict=True)], end


def make_parent(grids):
    """(positions,) uint32, flat position of the cell of the next level that a cell is part of."""
    last = grids[-1]
    parent = np.zeros(last.start + int(np.prod(last.shape)), np.uint32)
    for fine, coarse in zip(grids, grids[1:], strict=False):
        fine.view(parent)[:] = coarse.flat(*np.ix_(*fine.parts))
    return parent


def make_runs(used, start=0):
    """Runs of flat positions that hold all cells in use (nx, ny, nz), none across two planes.

    Returns
    -------
    first, end : (segments,) uint64; count : (nx + 2,) int, how many there are in each plane
    """
    size = (used.shape[1] + 2) * (used.shape[2] + 2)
    at = np.flatnonzero(np.pad(used, 1))
    split = np.flatnonzero((np.diff(at) > _GAP) | (np.diff(at // size) > 0)) + 1
    first = at[np.r_[0, split]] if at.size else at
    end = at[np.r_[split - 1, at.size - 1]] + 1 if at.size else at
    return (start + first).astype(np.uint64), (start + end).astype(np.uint64), np.bincount(first // size, minlength=used.shape[0] + 2)


def make_levels(grids, parent, arrays, cell, lump, n_lumps):
    """Levels with the topology in place and coefficients still to come.

    Parameters
    ----------
    grids : list of Grid; parent : see `make_parent`; arrays : see `make_grids`
    cell, lump : (k,) int, flat position and global row that each coupling of the finest level joins, sorted, each pair once
    n_lumps : int
    """
    runs = [make_runs(grid.used, grid.start) for grid in grids]
    begin, end = (np.concatenate([run[n] for run in runs]) for n in (0, 1))
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
    single = *(np.zeros(parent.size, np.float32) for _ in range(3)), *(a[:parent.size] for a in arrays), np.zeros(parent.size, np.float32)
    m = bottom.size + n_lumps
    large = [np.count_nonzero(grid.used) > _LARGE for grid in grids[:-1]]
    return Levels(
        len(grids), sum(large), np.array([(grid.shape[1] * grid.shape[2], grid.shape[2]) for grid in grids], np.uint64),
        planes, segments, begin, end, children, parent, np.array(couplings), np.concatenate(cells), np.concatenate(lumps),
        np.concatenate(merged), bottom, *single, np.zeros(couplings[-1], np.float32), np.zeros(n_lumps), np.zeros(n_lumps),
        np.zeros((bottom.size, bandwidth(number) + n_lumps)), np.zeros((n_lumps, n_lumps)), np.zeros(m), np.zeros(m))
