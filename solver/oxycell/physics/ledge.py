"""The frozen ledge on the walls of stirred pools, one thickness for each wall face, in series with the wall."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from oxycell.options import Options, Quantity, option, positive


class Ledge(Options):
    """Bath frozen on upright wall faces of pools; its front is at the liquidus temperature."""

    pools: tuple[str, ...] = option("lumps beside whose walls it can form")
    walls: tuple[str, ...] = option("regions it can form on, as names or patterns")
    conductivity: Quantity["W/m/K"] = positive("thermal conductivity of frozen bath", 1.5)
    liquidus: Quantity["K"] | None = option("temperature of its front; left out: the liquidus of [bath]", None, gt=0.0)


_BLEND = 1.0  # [W/m²] width of the smooth change between a frozen and a bare wall
_THICKEST = 10.0  # [m] thickness where no heat is left to hold the front


@njit(cache=True)
def wall_flux(pool, wall, liquidus, film, behind):
    """Heat from a stirred pool into a wall on which bath may freeze.

    Parameters
    ----------
    pool, wall, liquidus : [K], stirred pool, wall cell, temperature of the front
    film : [m² K/W], 1/h between pool and front or bare wall
    behind : [m² K/W], from the wall's surface to the centre of its cell

    Returns
    -------
    flux : [W/m²]
    frozen : weight of the frozen branch, 0 to 1: d flux/d pool = frozen/film + (1 − frozen)/(film + behind)

    Notes
    -----
    With a ledge the front stays at the liquidus, so the heat is (pool − liquidus)/film whatever the wall does; without
    one it is (pool − wall)/(film + behind). The smaller of the two holds, blended over 1 W/m² so that it is C¹.
    Steady balance of the front: physics of e.g. Taylor & Welch (1987), Metall. Trans. B 18, 391.
    """
    with_ledge = (pool - liquidus) / film
    bare = (pool - wall) / (film + behind)
    root = np.sqrt((with_ledge - bare) ** 2 + _BLEND**2)
    return 0.5 * (with_ledge + bare - root), 0.5 * (1.0 - (with_ledge - bare) / root)


@njit(cache=True)
def wall_thickness(pool, wall, liquidus, film, behind, conductivity):
    """Ledge thickness [m] between a front at the liquidus and the wall that carries the heat of the film.

    s = k ((liquidus − wall)/q − behind) with q = (pool − liquidus)/film; none in front of a wall too hot for one, and at
    most 10 m where the pool has no superheat left.
    """
    if wall >= liquidus:
        return 0.0
    superheat = pool - liquidus
    if superheat <= 0.0:
        return _THICKEST
    return min(_THICKEST, max(0.0, conductivity * ((liquidus - wall) * film / superheat - behind)))


@dataclass(frozen=True)
class LedgeColumns:
    """Wall faces a ledge can grow from, and the pool cells in front of each.

    Attributes
    ----------
    face : (n,) int, mesh faces between pool and wall; pool_cell, wall_cell : (n,) int
    cell, column : (m,) int, cells in front of the walls and the column each entry belongs to
    start, end : (m,) [m], extent of the cell along the column, from the wall
    conductivity : [W/m/K]; liquidus : [K]
    """

    face: np.ndarray
    pool_cell: np.ndarray
    wall_cell: np.ndarray
    cell: np.ndarray
    column: np.ndarray
    start: np.ndarray
    end: np.ndarray
    conductivity: float
    liquidus: float

    def open_fraction(self, mesh, thickness):
        """Share of every mesh face that is not frozen over, and of every cell.

        Parameters
        ----------
        mesh : Mesh
        thickness : (n,) [m], ledge on each wall face

        Returns
        -------
        faces : (n_faces,), at least 1e-8, which keeps frozen cells in the balance and lets nothing through
        cells : (n_cells,)

        Notes
        -----
        A cell is frozen by the share of its width the ledge covers; where two walls meet, the liquid shares multiply.
        A face is as open as the more frozen of its two cells.
        """
        liquid = np.ones(mesh.n_cells)
        _freeze(self.cell, self.column, self.start, self.end, thickness, liquid)
        neighbour = np.where(mesh.neighbour < 0, mesh.owner, mesh.neighbour)
        return np.maximum(np.minimum(liquid[mesh.owner], liquid[neighbour]), 1e-8), liquid


@njit(cache=True)
def _freeze(cell, column, start, end, thickness, liquid):
    """Multiply each cell's liquid share by what its columns leave of it."""
    for e in range(cell.size):
        frozen = (thickness[column[e]] - start[e]) / (end[e] - start[e])
        liquid[cell[e]] *= 1.0 - min(1.0, max(0.0, frozen))


def columns(mesh, pool, walls, conductivity, liquidus):
    """Columns of pool cells in front of upright wall faces.

    Parameters
    ----------
    mesh : Mesh; on a mesh without a lattice a column holds only the cell at the wall
    pool, walls : (n_cells,) bool
    conductivity : [W/m/K]; liquidus : [K]

    Returns
    -------
    LedgeColumns
    """
    inner = np.arange(mesh.n_internal)
    owner, neighbour = mesh.owner[inner], mesh.neighbour[inner]
    upright = np.abs(mesh.normal[inner, 2]) < 0.5
    at_owner, at_neighbour = upright & pool[owner] & walls[neighbour], upright & walls[owner] & pool[neighbour]
    face = inner[at_owner | at_neighbour]
    from_owner = at_owner[face]
    pool_cell = np.where(from_owner, mesh.owner[face], mesh.neighbour[face])
    wall_cell = np.where(from_owner, mesh.neighbour[face], mesh.owner[face])
    width = 2.0 * np.where(from_owner, mesh.distance[face, 0], mesh.distance[face, 1])
    entries = [(pool_cell, np.arange(face.size), np.zeros(face.size), width)]
    if mesh.lattice is not None:
        grid = np.full(np.array(mesh.lattice.shape) + 2, -1, np.int64)
        grid[tuple(mesh.lattice.ijk.T + 1)] = np.arange(mesh.n_cells)
        inward = np.rint(np.where(from_owner, -1, 1)[:, None] * mesh.normal[face]).astype(np.int64)
        axis = np.argmax(abs(inward), 1)
        at, column, end = mesh.lattice.ijk[pool_cell] + 1, np.arange(face.size), width
        while column.size:
            at = at + inward[column]
            cell = grid[tuple(at.T)]
            on = (cell >= 0) & pool[cell]
            at, column, end, cell = at[on], column[on], end[on], cell[on]
            widths = np.choose(axis[column], [w[i - 1] for w, i in zip(mesh.lattice.widths, at.T, strict=True)])
            entries.append((cell, column, end, end + widths))
            end = end + widths
    cell, column, start, stop = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    return LedgeColumns(face, pool_cell, wall_cell, cell, column, start, stop, conductivity, liquidus)
