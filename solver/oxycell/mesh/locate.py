"""Where points and lines lie in a mesh: the cells a point touches, the cells a line passes through."""

from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from oxycell.arrays import Floats, Ints
from oxycell.mesh.mesh import SAME, Lattice, Mesh


def faces_of(mesh: Mesh, cells: Ints) -> tuple[Ints, Ints, Ints]:
    """Every face of some cells.

    Parameters
    ----------
    mesh : Mesh
    cells : (n,) int

    Returns
    -------
    cell, face : (k,) int
    side : (k,) int, 0 where the cell owns the face, 1 where it is the neighbour
    """
    chosen = np.zeros(mesh.n_cells, bool)
    chosen[cells] = True
    owned = np.flatnonzero(chosen[mesh.owner])
    taken = np.flatnonzero(chosen[mesh.neighbour[: mesh.n_internal]])
    cell = np.concatenate([mesh.owner[owned], mesh.neighbour[taken]])
    return cell, np.concatenate([owned, taken]), np.repeat([0, 1], [owned.size, taken.size])


def cells_at(mesh: Mesh, points: ArrayLike, among: Ints | None = None) -> list[Ints]:
    """Cells that points touch: one inside a cell, several on a face, none in empty space.

    Parameters
    ----------
    mesh : Mesh
    points : (n, 3) [m]
    among : (k,) int, cells to look at where the mesh has no lattice, or None for all

    Returns
    -------
    list of (k,) int, increasing, one for each point
    """
    points = np.asarray(points, float).reshape(-1, 3)
    if mesh.lattice is not None:
        return _at_lattice(mesh.lattice, points)
    cells = np.arange(mesh.n_cells) if among is None else among
    low, high = _extents(mesh, cells)
    near = [cells[np.all((low <= x + SAME) & (high >= x - SAME), axis=1)] for x in points]
    of, face, side = faces_of(mesh, np.concatenate([*near, np.empty(0, np.int64)]))
    order = np.argsort(of, kind="stable")
    of, face, outwards = of[order], face[order], 1.0 - 2.0 * side[order]
    normal, centre = mesh.normal[face] * outwards[:, None], mesh.face_centre[face]
    found = []
    for x, candidates in zip(points, near, strict=True):
        first, last = np.searchsorted(of, candidates), np.searchsorted(of, candidates, side="right")
        within = [
            bool(np.all(np.einsum("ij,ij->i", x - centre[i:j], normal[i:j]) <= SAME))
            for i, j in zip(first, last, strict=True)
        ]
        found.append(candidates[np.array(within, bool)])
    return found


def _at_lattice(lattice: Lattice, points: Floats) -> list[Ints]:
    """As `cells_at`."""
    number = np.ravel_multi_index(tuple(lattice.ijk.T), lattice.shape)
    found = []
    for x in points:
        spans = [
            range(
                max(int(np.searchsorted(e, v - SAME)) - 1, 0),
                min(int(np.searchsorted(e, v + SAME, side="right")), e.size - 1),
            )
            for e, v in zip(lattice.edges, x, strict=True)
        ]
        spot = np.array([np.ravel_multi_index(at, lattice.shape) for at in product(*spans)], np.int64)
        at = np.minimum(np.searchsorted(number, spot), number.size - 1)
        found.append(at[number[at] == spot])
    return found


def _extents(mesh: Mesh, cells: Ints) -> tuple[Floats, Floats]:
    """Lowest and highest coordinates of cells (n, 3) [m], both."""
    if cells.size == 0:
        return np.empty((0, 3)), np.empty((0, 3))
    first, count = np.asarray(mesh.offsets)[cells], np.diff(mesh.offsets)[cells]
    begin = np.cumsum(count) - count
    corners = np.asarray(mesh.points)[
        np.asarray(mesh.connectivity)[np.repeat(first - begin, count) + np.arange(count.sum())]
    ]
    return np.minimum.reduceat(corners, begin), np.maximum.reduceat(corners, begin)


def cells_along(mesh: Mesh, start: ArrayLike, end: ArrayLike) -> tuple[Floats, list[Ints]]:
    """Cells that a line passes through.

    Parameters
    ----------
    mesh : Mesh
    start, end : (3,) [m]

    Returns
    -------
    breaks : (n + 1,), shares of the line at which it passes from cell to cell, from 0 to 1
    cells : list of n arrays of int, the cells each piece touches: one within a cell, several in a face, none in empty
        space
    """
    start, end = np.asarray(start, float), np.asarray(end, float)
    step = end - start
    if mesh.lattice is not None:
        among, at = (
            None,
            [
                (edges[(edges > min(a, b)) & (edges < max(a, b))] - a) / (b - a)
                for edges, a, b in zip(mesh.lattice.edges, start, end, strict=True)
                if a != b
            ],
        )
    else:
        among, at = _crossed(mesh, start, step)
    breaks = np.unique(np.concatenate([[0.0, 1.0], *at]))
    breaks = np.concatenate([[0.0], breaks[1:-1][np.diff(breaks)[:-1] > SAME / np.linalg.norm(step)], [1.0]])
    middle = 0.5 * (breaks[1:] + breaks[:-1])
    return breaks, cells_at(mesh, start + middle[:, None] * step, among)


def _crossed(mesh: Mesh, start: Floats, step: Floats) -> tuple[Ints, list[Floats]]:
    """Cells of a mesh without a lattice that a line may pass, and the shares of the line at which it enters and leaves
    them."""
    low, high = _extents(mesh, np.arange(mesh.n_cells))
    near = np.all(
        (low <= np.maximum(start, start + step) + SAME) & (high >= np.minimum(start, start + step) - SAME), axis=1
    )
    cell, face, side = faces_of(mesh, np.flatnonzero(near))
    normal = mesh.normal[face] * (1.0 - 2.0 * side)[:, None]
    height, rate = np.einsum("ij,ij->i", start - mesh.face_centre[face], normal), normal @ step
    across = np.abs(rate) > 1e-12 * np.linalg.norm(step)
    t = -height / np.where(across, rate, 1.0)
    enter, leave = np.zeros(mesh.n_cells), np.ones(mesh.n_cells)
    np.maximum.at(enter, cell[across & (rate < 0.0)], t[across & (rate < 0.0)])
    np.minimum.at(leave, cell[across & (rate > 0.0)], t[across & (rate > 0.0)])
    near[cell[~across & (height > SAME)]] = False
    passed = np.flatnonzero(near & (leave > enter))
    return passed, [enter[passed], leave[passed]]
