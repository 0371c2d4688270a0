"""The frozen ledge on the walls of stirred pools: conduction in the frozen cells, a front found within them."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import prange
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import splu

from oxycell.arrays import Bools, Floats, Ints
from oxycell.kernel import kernel
from oxycell.material import Property
from oxycell.mesh.derived import Rows
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.reductions import totals
from oxycell.physics.ledge.front import find_front, freeze

_BLEND = 1.0  # [W/m²] width of the smooth change between a frozen and a bare wall
_START_GRADIENT = 5000.0  # [K/m] in the initial guess: 600 W/m²/K · 12 K over 1.5 W/m/K
_CORNER = 1.0 + 2.0 / np.pi * np.log(
    1.0 + np.sqrt(2.0)
)  # distance at which two fronts meet in a corner, in thicknesses
LEAST_OPEN = 1e-8  # share of a frozen face that stays open: keeps frozen cells in the charge balance
_STEEPEST = 4.0  # square of the slope of a front against its wall up to which the slope lengthens it


@kernel
def wall_flux(pool, wall, liquidus, film, behind, melting=0.0):
    """Heat from a stirred pool towards a wall on which bath may freeze.

    Parameters
    ----------
    pool, wall, liquidus : [K], stirred pool, wall cell, temperature of the front
    film, behind : [m² K/W], 1/h between pool and front or bare wall; from the wall's surface to the centre of its cell
    melting : [W/m²], heat that what melts within a time step takes; 0 in a steady state, and where bath freezes

    Returns
    -------
    flux : [W/m²]
    frozen : weight of the frozen branch, 0 to 1: d flux/d pool = frozen/film + (1 − frozen)/(film + behind)

    Notes
    -----
    With a ledge the front stays at the liquidus, so the heat is (pool − liquidus)/film whatever the wall does; without
    one it is (pool − wall)/(film + behind), and what the last of it took to melt. The smaller of the two holds, blended
    over 1 W/m² so that it is C¹. A ledge that melts on a cold wall would never be gone without the heat of melting.
    Steady balance of the front: physics of e.g. Taylor & Welch (1987), Metall. Trans. B 18, 391.
    """
    with_ledge = (pool - liquidus) / film
    bare = (pool - wall) / (film + behind) + melting
    root = np.sqrt((with_ledge - bare) ** 2 + _BLEND**2)
    return 0.5 * (with_ledge + bare - root), 0.5 * (1.0 - (with_ledge - bare) / root)


@dataclass(frozen=True)
class Front:
    """Where the ledge ends, and what it leaves.

    Attributes
    ----------
    thickness : (n,) [m], on the wall face of each column
    share : (n,), area of the front over that of the wall face: more where it slopes, less where the ledge of another
        wall covers it
    solid : (m,), frozen share of each of the columns' cells, see `LedgeColumns.cell`
    open_beside : (k,), share that is not frozen over of each mesh face of the columns' cells, see
        `LedgeColumns.beside`, ≥ 1e-8
    colder : (m,) [K], by how much the frozen part of each of the columns' cells is colder than the line at the cell's
        centre, in the mean
    steepness : (m,) [K/m], slope of the line that reaches the centre of each of these cells
    """

    thickness: np.ndarray
    share: np.ndarray
    solid: np.ndarray
    open_beside: np.ndarray
    colder: np.ndarray
    steepness: np.ndarray

    def towards(self, other: "Front", share: float) -> "Front":
        """This front moved by a share of the way to another one."""
        if share == 1.0:
            return other
        return Front(
            *(share * b + (1.0 - share) * a for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


@dataclass(frozen=True)
class LedgeColumns:
    """Columns of pool cells in front of the walls, in which the ledge conducts.

    A pool cell belongs to the wall face it is nearest to along the face's normal. Its own temperature is that of the
    frozen bath, or beyond the front the straight continuation of it: the film's heat enters a column at its far end and
    passes through, so the liquidus is crossed where the front is, at any place within a cell, and the balance stays
    linear there.

    Attributes
    ----------
    face : (n,) int, mesh faces between pool and wall; pool_cell, wall_cell : (n,) int
    first : (n + 1,) int, where each column begins in the lists of its cells
    cell : (m,) int, cells from the wall outwards; start, end : (m,) [m], their extent along the column
    group : (n,) int, columns of one wall at one height have the same number
    other : (n,) int, group of another wall, at an angle, whose columns a column ends at; −1 without
    apart, breadth : (n,) [m], how far from that wall the wall face is, and how broad it is on the path there
    height : (n,) [m], of the wall face; where the geometry moves that at the start, so that masses stay as it moves
    pair : (p, 2) int, columns side by side; pair_distance : (p,) [m]; pair_offset : (p,) [m], how much farther into the
        pool the second one's wall stands; pair_upright : (p,) bool, whether one stands above the other
    beside : (k,) int, mesh faces of the columns' cells, increasing
    liquidus : [K]; conductivity : Property of the frozen bath; volume : (m,) [m³], which gives them frozen mass
    """

    face: np.ndarray
    pool_cell: np.ndarray
    wall_cell: np.ndarray
    first: np.ndarray
    cell: np.ndarray
    start: np.ndarray
    end: np.ndarray
    group: np.ndarray
    other: np.ndarray
    apart: np.ndarray
    breadth: np.ndarray
    height: np.ndarray
    pair: np.ndarray
    pair_distance: np.ndarray
    pair_offset: np.ndarray
    pair_upright: np.ndarray
    beside: np.ndarray
    liquidus: float
    conductivity: Property
    volume: np.ndarray

    @property
    def last(self) -> Ints:
        """(n,) int, the far end of each column among the columns' cells."""
        return self.first[1:] - 1

    @property
    def last_cell(self) -> Ints:
        """(n,) int, cell at the far end of each column."""
        return self.cell[self.last]

    def first_guess(self, thickness: float) -> Floats:
        """Temperatures of the columns' cells (m,) [K] for a uniform thickness [m]."""
        return self.liquidus + _START_GRADIENT * (0.5 * (self.start + self.end) - thickness)

    def front(
        self, mesh: Mesh, temperature: Floats, wall: Floats, half: Floats, behind: Floats, liquidus: float | None = None
    ) -> Front:
        """The front at given temperatures.

        Parameters
        ----------
        mesh : Mesh
        temperature : (m,) [K], of the columns' cells
        wall : (n,) [K], of the wall cells; half, behind : (n,) [m² K/W], from the wall's surface to the first cell and
            to the wall cell
        liquidus : [K], of the front; None: `liquidus`

        Returns
        -------
        Front
        """
        found = self.located(mesh, temperature, wall, half, behind, liquidus)
        share = self._stretch(found.thickness) * np.maximum(1.0 - self._covered(found.thickness), LEAST_OPEN)
        return replace(found, share=share)

    def located(
        self, mesh: Mesh, temperature: Floats, wall: Floats, half: Floats, behind: Floats, liquidus: float | None = None
    ) -> Front:
        """The Front without the area of what it covers, which counts as that of the walls; see `front`."""
        thickness, steepness = np.empty(self.face.size), np.empty(self.cell.size)
        at = self.liquidus if liquidus is None else liquidus
        find_front(self.first, self.start, self.end, temperature, wall, half, behind, at, thickness, steepness)
        of_cells, open_beside, nearer = np.zeros(mesh.n_cells), np.empty(self.beside.size), np.empty(self.cell.size)
        freeze(
            self.first,
            self.cell,
            self.start,
            self.end,
            self._leans_over,
            thickness,
            self.beside,
            mesh.owner,
            mesh.neighbour,
            of_cells,
            open_beside,
            nearer,
        )
        return Front(
            thickness,
            np.ones(thickness.size),
            of_cells[self.cell],
            np.maximum(open_beside, LEAST_OPEN),
            steepness * nearer,
            steepness,
        )

    def _covered(self, thickness):
        """Share of each wall face (n,) that lies behind the ledge of another wall.

        In a square corner of two walls at one temperature the fronts meet 1 + (2/π) ln(1 + √2) = 1.561 thicknesses
        away from both walls: with |∇T| and T given on the front, ln(dz/dW), W = T + iψ, is harmonic in a half strip,
        and the diagonal is ∫ cot^½(πu/4) du = 2.208 thicknesses long. The thickness is that of the other wall's columns
        away from the corner, so that what freezes there does not feed back on itself.
        """
        free = self.other < 0
        groups = int(self.group.max()) + 1
        number = np.bincount(self.group[free], minlength=groups)
        mean = totals(self.group[free], thickness[free], groups) / np.maximum(number, 1)
        met = ~free
        covered = np.zeros(thickness.size)
        covered[met] = np.clip((_CORNER * mean[self.other[met]] - self.apart[met]) / self.breadth[met] + 0.5, 0.0, 1.0)
        return covered

    def _stretch(self, thickness):
        """√(1 + slope²) of the front against the wall (n,): squares of the slopes to the columns on both sides, their
        mean."""
        square, (one, other) = np.ones(thickness.size), self.pair.T
        grown = np.minimum(1.0, np.minimum(thickness[one] / self.depth[one], thickness[other] / self.depth[other]))
        counts = np.where(one == other, 0.5, 1.0)
        for direction, (solve, mass, offset) in zip(
            (self.pair_upright, ~self.pair_upright), self._smoothing, strict=True
        ):
            smooth = solve(mass * thickness - offset)
            slope = (smooth[other] - smooth[one] + self.pair_offset)[direction] / self.pair_distance[direction]
            sides = self.pair[direction].ravel("F")
            squares = np.tile((counts * grown)[direction] * np.minimum(slope**2, _STEEPEST), 2)
            number = np.bincount(sides, np.tile(counts[direction], 2), thickness.size)
            square += np.bincount(sides, squares, thickness.size) / np.maximum(number, 1e-12)
        return np.sqrt(square)

    @cached_property
    def _smoothing(self):
        """What takes out of a thickness what is finer along the wall than the columns' cells are deep, the scale on
        which a front is known; for columns above each other and side by side.

        Columns that are narrower than deep would feel the slope of their own noise: the bath's heat on a front grows
        with its slope, and what evens it out in the solid is known at cell centres only. Least of ∫(t̃ − t)² + ℓ⁴
        (curvature of t̃)², ℓ half the depth; a straight front stays as it is, up to its ends. The differences of a
        column to its neighbours add up to its curvature times the length it stands for; a column at an end has none.

        Returns
        -------
        list of (solve, mass, offset): t̃ = solve(mass · t − offset), mass the length (n,) [m] and offset (n,) that of
        the walls
        """
        found, n = [], self.face.size
        for direction in (self.pair_upright, ~self.pair_upright):
            (one, other), distance, offset = (
                self.pair[direction].T,
                self.pair_distance[direction],
                self.pair_offset[direction],
            )
            both, counts, rise = (
                np.r_[one, other],
                np.tile(np.where(one == other, 0.5, 1.0), 2),
                np.tile(1.0 / distance, 2),
            )
            length = 0.5 * np.bincount(both, counts * np.tile(distance, 2), n)
            bend = coo_matrix((np.r_[rise, -rise], (np.r_[both, both], np.r_[other, one, both])), shape=(n, n)).tocsc()
            inside = np.clip(np.bincount(both, counts, n) - 1.0, 0.0, 1.0)
            weighted = bend.T @ diags(inside * (self.depth / 2.0) ** 4 / np.maximum(length, 1e-12))
            mass = np.where(length > 0.0, length, 1.0)
            factored = splu((diags(mass, format="csc") + weighted @ bend).tocsc()).solve
            found.append((factored, mass, weighted @ np.bincount(both, rise * np.r_[offset, -offset], n)))
        return found

    @cached_property
    def _leans_over(self):
        """(n,) [m], height over which the front of a column is spread; 0 where another wall's columns go on behind it,
        in a corner."""
        return np.where(self.other < 0, self.height, 0.0)

    @cached_property
    def depth(self) -> Floats:
        """(n,) [m], depth of the first cell of each column."""
        return (self.end - self.start)[self.first[:-1]]


class Links(NamedTuple):
    """What the frozen bath conducts to: along its columns to the wall, to adjacent columns, to other solids it touches.

    Attributes
    ----------
    face : (k,) int, mesh faces; a, b : (k,) int, heat rows of owner and neighbour
    place : (k, 2) int, on each side the place of a column's cell among all of them, −1 for another solid
    through : (k,) bool, along a column: the whole face, whatever is frozen; else the mean of the frozen shares of its
        columns
    contact : (k,) [m² K/W], thermal resistance of the interface
    """

    face: np.ndarray
    a: np.ndarray
    b: np.ndarray
    place: np.ndarray
    through: np.ndarray
    contact: np.ndarray

    @property
    def frozen(self) -> Bools:
        """(k, 2) bool, which side is a cell of a column."""
        return self.place >= 0

    def conductance(self, mesh: Mesh, k_solid: Floats, k_frozen: Floats, solid: Floats) -> Floats:
        """Conductance of each link (k,) [W/K].

        Parameters
        ----------
        mesh : Mesh
        k_solid : (n_cells,), k_frozen : (n_ledge_cells,) [W/m/K], of what is solid anyhow, and of frozen bath in the
            columns' cells
        solid : (n_ledge_cells,), frozen share of these
        """
        found = np.empty(self.face.size)
        distance, row = mesh.distance_rows(self.face)
        link_conductances(
            self,
            mesh.owner,
            mesh.neighbour,
            mesh.area,
            distance,
            row,
            k_solid,
            k_frozen,
            solid,
            found,
        )
        return found


@kernel(parallel=True)
def link_conductances(links, owner, neighbour, area, distance, at, k_solid, k_frozen, solid, found):
    """Conductance of each link (k,) [W/K], out; links : Links; owner, neighbour, area : of the mesh; distance, at : see
    `Mesh.distance_rows`; the rest: see `Links.conductance`."""
    face, place, through, contact = links.face, links.place, links.through, links.contact
    for i in prange(face.size):
        f = face[i]
        one, other = owner[f], neighbour[f]
        first, second = place[i, 0] >= 0, place[i, 1] >= 0
        half = distance[at[i], 0] / (k_frozen[place[i, 0]] if first else k_solid[one])
        half += distance[at[i], 1] / (k_frozen[place[i, 1]] if second else k_solid[other])
        share = 1.0
        if not through[i]:
            share = ((solid[place[i, 0]] if first else 0.0) + (solid[place[i, 1]] if second else 0.0)) / (
                first + second
            )
        found[i] = area[f] * share / (half + contact[i])


def links(mesh: Mesh, ledge: LedgeColumns, row: Ints, lump: Bools, contact: Floats | Rows) -> Links:
    """All links of the columns.

    Parameters
    ----------
    mesh : Mesh
    ledge : LedgeColumns
    row : (n_cells,) int, heat row of a cell of its own, −1 for cells of lumps without one
    lump : (n_cells,) bool, cells of lumps
    contact : (n_faces,) [m² K/W], thermal resistance of the interface on each mesh face, or its Rows
    """
    place = np.full(mesh.n_cells, -1, np.int32)
    place[ledge.cell] = np.arange(ledge.cell.size, dtype=np.int32)
    column = np.repeat(np.arange(ledge.face.size, dtype=np.int32), np.diff(ledge.first))  # of each of their cells
    face = ledge.beside[ledge.beside < mesh.n_internal]
    a, b = mesh.owner[face], mesh.neighbour[face]
    face = face[(place[a] >= 0) & (place[b] >= 0) | ~lump[np.where(place[a] >= 0, b, a)]]
    a, b = mesh.owner[face], mesh.neighbour[face]
    places = np.stack([place[a], place[b]], 1)
    along = (
        (places >= 0).all(1) & (column[places[:, 0]] == column[places[:, 1]]) & (abs(places[:, 0] - places[:, 1]) == 1)
    )
    return Links(face, row[a], row[b], places, along | np.isin(face, ledge.face), contact[face])
