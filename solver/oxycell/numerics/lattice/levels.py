"""Levels of a lattice: which intervals merge, which positions are in use, and where everything lies in memory."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Array, Bools, Floats, Ints
from oxycell.numerics.lattice.bottom import bandwidth
from oxycell.numerics.lattice.layout import Bottom, Couplings, Levels, Network
from oxycell.numerics.lattice.merging import joint_lengths, merge_axes
from oxycell.numerics.lattice.setup import coarsen
from oxycell.numerics.lattice.strips import ZEROS, Runs, Strips, find_strips, join_levels, merge_runs, number_cells

_BOTTOM = 1000  # cells at which coarsening ends: the rest is solved exactly
_LARGE = 150000  # cells from which a level is worth more than one thread


class Grid(NamedTuple):
    """One level.

    Attributes
    ----------
    strips : Strips
    bounds : (planes + 1,) int, first position of each plane
    parts : three arrays, the next level's index of every index along each axis, with a border; None on the last level
    first : first plane of every plane of the next level; None on the last level
    """

    strips: Strips
    bounds: np.ndarray
    parts: list[Ints] | None
    first: np.ndarray | None

    def coarsen(self, coarse: "Grid", parent: Ints, network: Network) -> None:
        """Coefficients of the next level, a Grid, from those of this one, in the Network of all levels."""
        assert self.parts is not None, "the last level has no next one"
        along_x, along_y, _ = self.parts
        coarsen(self.first, along_x, along_y, self.strips, coarse.bounds, parent, network)


def make_finest_grid(used: Bools) -> tuple[Ints, Grid, int]:
    """The finest level.

    Parameters
    ----------
    used : (nx, ny, nz) bool

    Returns
    -------
    position : see `number_cells`; grid : Grid; size : int, length of arrays over its positions
    """
    shape = tuple(n + 2 for n in used.shape)
    position = np.full(shape, -1, np.int32 if np.prod(shape) < 2**31 - ZEROS else np.int64)
    size = number_cells(used, ZEROS, position) + 2
    return position, _make_grid(position), size


def _make_grid(position: Ints) -> Grid:
    strips = find_strips(position)
    return Grid(strips, np.r_[strips.begin, strips.end[-1:]].astype(np.int64)[strips.first], None, None)


def _fit(array: Array, size: int) -> Array:
    """The array, or a longer one that begins with it; pages that nothing uses are never touched."""
    return array if array.size >= size else np.concatenate([array, np.zeros(size - array.size, array.dtype)])


def make_grids(
    edges: Sequence[Floats], used: Bools, position: Ints, grid: Grid, parent: Ints, network: Network
) -> tuple[list[Grid], Ints, Network, Ints]:
    """The levels below the finest one, with their coefficients.

    Parameters
    ----------
    edges : three (n + 1,) [m]
    used : (nx, ny, nz) bool; position : see `number_cells`; grid : Grid of the finest level
    parent : see Levels; network : Network, the finest level filled

    Returns
    -------
    grids : list of Grid, finest first
    parent, network : of all levels, longer ones where those given were too short
    position : of the last level
    """
    grids: list[Grid] = []
    while True:
        count, end = np.count_nonzero(used), grid.bounds[-1]
        merges = merge_axes(joint_lengths(edges, grid.strips, network)) if count > _BOTTOM else None
        if merges is None:
            return [*grids, grid], parent, network, position
        parts = [np.r_[0, np.repeat(np.arange(1, m.size), np.diff(m)), m.size] for m in merges]
        grids.append(grid._replace(parts=parts, first=np.searchsorted(parts[0], np.arange(parts[0][-1] + 1))))
        for axis, merge in enumerate(merges):  # into one come two intervals at most
            used = used.take(merge[:-1], axis) | used.take(merge[1:] - 1, axis)
        edges = [e[merge] for e, merge in zip(edges, merges, strict=True)]
        position = np.full(tuple(n + 2 for n in used.shape), -1, position.dtype)
        size = number_cells(used, end, position) + 2
        parent, network = _fit(parent, size), Network(*(_fit(array, size) for array in network))
        grid = _make_grid(position)
        along_x, along_y, along_z = parts
        join_levels(grids[-1].strips, along_x, along_y, along_z, position, parent)
        grids[-1].coarsen(grid, parent, network)


def make_levels(
    grids: Sequence[Grid], position: Ints, parent: Ints, network: Network, cell: Ints, lump: Ints, n_lumps: int
) -> tuple[Ints, Levels]:
    """Levels with the topology and conductances in place and other coefficients and vectors still to come.

    Parameters
    ----------
    grids, position, parent, network : see `make_grids`
    cell, lump : (k,) int, flat position and global row that each coupling of the finest level joins, sorted, each pair
        once
    n_lumps : int
    """
    runs = [merge_runs(grid.strips.runs) for grid in grids]
    size = grids[-1].bounds[-1] + 2
    planes = np.r_[0, np.cumsum([grid.bounds.size - 1 for grid in grids])]
    counts = np.r_[0, np.cumsum(np.concatenate([np.diff(run.first) for run in runs]))]
    children = np.zeros(planes[-1] + 1, np.int64)
    couplings, cells, lumps, merged = [0, cell.size], [cell], [lump], []
    for level, fine in enumerate(grids[:-1]):
        children[planes[level + 1] : planes[level + 2]] = planes[level] + fine.first
        pairs, place = np.unique(parent[cell].astype(np.int64) * max(n_lumps, 1) + lump, return_inverse=True)
        merged.append((couplings[-1] + place).astype(np.int32))
        cell, lump = (n.astype(np.int32) for n in np.divmod(pairs, max(n_lumps, 1)))
        couplings.append(couplings[-1] + cell.size)
        cells.append(cell)
        lumps.append(lump)
    merged.append(np.zeros(cell.size, np.int32))
    # Numbered along the longest axis, which keeps the band narrow.
    along = position.transpose(np.argsort(position.shape)[::-1]).ravel()
    bottom = along[along >= 0]
    number = np.full(position.shape, -1)
    number[position >= 0] = np.argsort(bottom)
    m, none = bottom.size + n_lumps, np.zeros(0, np.float32)
    large = [grid.bounds[-1] - grid.bounds[0] > _LARGE for grid in grids[:-1]]
    return number, Levels(
        n=len(grids),
        large=sum(large),
        planes=planes,
        runs=Runs(counts, *(np.concatenate(arrays) for arrays in list(zip(*runs, strict=True))[1:])),
        children=children,
        parent=parent[:size],
        network=Network(*(array[:size] for array in network)),
        inverse=np.zeros(size, np.float32),
        couplings=Couplings(
            np.array(couplings), np.concatenate(cells), np.concatenate(lumps), np.zeros(couplings[-1], np.float32)
        ),
        merged=np.concatenate(merged),
        bottom=Bottom(
            bottom,
            np.zeros((bottom.size, bandwidth(number) + n_lumps)),
            np.zeros((n_lumps, n_lumps)),
            np.zeros(m),
            np.zeros(m),
        ),
        x=none,
        y=none,
        b=none,
        x_lump=np.zeros(n_lumps),
        b_lump=np.zeros(n_lumps),
    )
