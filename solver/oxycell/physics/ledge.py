"""The frozen ledge on the walls of stirred pools: conduction in the frozen cells, a front found within them."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from oxycell.options import Options, Quantity, non_negative, option, positive


class Ledge(Options):
    """Bath frozen on upright wall faces of pools; its front is at the liquidus temperature."""

    pools: tuple[str, ...] = option("lumps beside whose walls it can form")
    walls: tuple[str, ...] = option("regions it can form on, as names or patterns")
    conductivity: Quantity["W/m/K"] = positive("thermal conductivity of frozen bath", 1.5)
    material: str | None = option("material whose thermal conductivity it takes instead, which may vary with temperature", None)
    liquidus: Quantity["K"] | None = option("temperature of its front; left out: the liquidus of [bath]", None, gt=0.0)
    reach: Quantity["m"] = positive("thickest ledge that is looked for", 0.5)
    start: Quantity["m"] = non_negative("first guess of its thickness", 0.05)


_BLEND = 1.0  # [W/m²] width of the smooth change between a frozen and a bare wall
_START_GRADIENT = 5000.0  # [K/m] in the first guess: 600 W/m²/K · 12 K over 1.5 W/m/K
_LEAST_OPEN = 1e-8  # share of a frozen face that stays open: keeps frozen cells in the charge balance


@njit(cache=True)
def wall_flux(pool, wall, liquidus, film, behind):
    """Heat from a stirred pool towards a wall on which bath may freeze.

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


@dataclass(frozen=True)
class Front:
    """Where the ledge ends, and what it leaves.

    Attributes
    ----------
    thickness : (n,) [m], on the wall face of each column
    share : (n,), area of the front over that of the wall face: more where it slopes, less where the ledge of another wall covers it
    solid : (n_cells,), frozen share of each cell
    open_faces : (n_faces,), share of each mesh face that is not frozen over, ≥ 1e-8
    """

    thickness: np.ndarray
    share: np.ndarray
    solid: np.ndarray
    open_faces: np.ndarray


@dataclass(frozen=True)
class LedgeColumns:
    """Columns of pool cells in front of the walls, in which the ledge conducts.

    A pool cell belongs to the wall face it is nearest to along the face's normal. Its own temperature is that of the frozen
    bath, or beyond the front the straight continuation of it: the film's heat enters a column at its far end and passes
    through, so the liquidus is crossed where the front is, at any place within a cell, and the balance stays linear there.

    Attributes
    ----------
    face : (n,) int, mesh faces between pool and wall; pool_cell, wall_cell : (n,) int
    first : (n + 1,) int, where each column begins in the lists of its cells
    cell : (m,) int, cells from the wall outwards; start, end : (m,) [m], their extent along the column
    beyond : (n,) int, cell of a column of another wall, at an angle, that a column ends at; −1 without
    pair : (p, 2) int, columns side by side; pair_distance : (p,) [m]; pair_offset : (p,) [m], how much farther into the pool
        the second one's wall stands; pair_upright : (p,) bool, whether one stands above the other
    liquidus : [K]; conductivity : Property of the frozen bath
    """

    face: np.ndarray
    pool_cell: np.ndarray
    wall_cell: np.ndarray
    first: np.ndarray
    cell: np.ndarray
    start: np.ndarray
    end: np.ndarray
    beyond: np.ndarray
    pair: np.ndarray
    pair_distance: np.ndarray
    pair_offset: np.ndarray
    pair_upright: np.ndarray
    liquidus: float
    conductivity: object

    @property
    def last_cell(self):
        """(n,) int, cell at the far end of each column."""
        return self.cell[self.first[1:] - 1]

    def first_guess(self, thickness):
        """Temperatures of the columns' cells (m,) [K] for a uniform thickness [m]."""
        return self.liquidus + _START_GRADIENT * (0.5 * (self.start + self.end) - thickness)

    def front(self, mesh, temperature, wall, half, behind):
        """The front at given temperatures.

        Parameters
        ----------
        mesh : Mesh
        temperature : (m,) [K], of the columns' cells
        wall : (n,) [K], of the wall cells; half, behind : (n,) [m² K/W], from the wall's surface to the first cell and to the wall cell

        Returns
        -------
        Front
        """
        thickness = np.empty(self.face.size)
        find_front(self.first, self.start, self.end, temperature, wall, half, behind, self.liquidus, thickness)
        column = np.repeat(np.arange(self.face.size), np.diff(self.first))
        solid = np.zeros(mesh.n_cells)
        solid[self.cell] = np.clip((thickness[column] - self.start) / (self.end - self.start), 0.0, 1.0)
        liquid = 1.0 - solid
        neighbour = np.where(mesh.neighbour < 0, mesh.owner, mesh.neighbour)
        open_faces = np.maximum(np.minimum(liquid[mesh.owner], liquid[neighbour]), _LEAST_OPEN)
        met = self.beyond >= 0
        covered = np.where(met, solid[self.beyond], 0.0)
        ended = np.where(met, liquid[self.last_cell], 1.0)
        share = self._stretch(thickness, ended) * np.maximum(1.0 - covered, _LEAST_OPEN)
        return Front(thickness, share, solid, open_faces)

    def _stretch(self, thickness, ended):
        """√(1 + slope²) of the front against the wall (n,): squares of the slopes to the columns on both sides, their mean.

        `ended` (n,) is 0 for columns that are frozen through to those of another wall: their front is not theirs.
        """
        square = np.ones(thickness.size)
        width = (self.end - self.start)[self.first[:-1]]
        one, other = self.pair.T
        slope = (thickness[other] - thickness[one] + self.pair_offset) / self.pair_distance
        grown = np.minimum(1.0, np.minimum(thickness[one] / width[one], thickness[other] / width[other]))
        counts = ended[one] * ended[other] * np.where(one == other, 0.5, 1.0)
        for direction in (self.pair_upright, ~self.pair_upright):
            sides = self.pair[direction].ravel("F")
            squares = np.tile((counts * grown * slope**2)[direction], 2)
            number = np.bincount(sides, np.tile(counts[direction], 2), thickness.size)
            square += np.bincount(sides, squares, thickness.size) / np.maximum(number, 1e-12)
        return np.sqrt(square)


@njit(cache=True)
def find_front(first, start, end, temperature, wall, half, behind, liquidus, thickness):
    """Distance from the wall at which each column first crosses the liquidus, by straight lines between cell centres.

    Parameters
    ----------
    first, start, end : see LedgeColumns; temperature, wall, half, behind : see `LedgeColumns.front`
    thickness : (n,) [m], out; 0 where the wall is too hot for a ledge, the column's length where all of it is frozen
    """
    for c in range(thickness.size):
        e = first[c]
        surface = (wall[c] * half[c] + temperature[e] * behind[c]) / (half[c] + behind[c])
        x, T, gradient, found = 0.0, surface, 0.0, surface >= liquidus
        thickness[c] = 0.0
        while not found and e < first[c + 1]:
            centre = 0.5 * (start[e] + end[e])
            if temperature[e] > liquidus:
                thickness[c] = x + (centre - x) * (liquidus - T) / (temperature[e] - T)
                found = True
            gradient = (temperature[e] - T) / (centre - x)
            x, T = centre, temperature[e]
            e += 1
        if not found:
            length = end[first[c + 1] - 1]
            thickness[c] = length if gradient <= 0.0 else min(length, x + (liquidus - T) / gradient)


@dataclass(frozen=True)
class Links:
    """What the frozen bath conducts to: along its columns to the wall, to columns beside, to other solids it touches.

    Attributes
    ----------
    face : (k,) int, mesh faces; a, b : (k,) int, heat rows of owner and neighbour
    frozen : (k, 2) bool, which side is a cell of a column
    through : (k,) bool, along a column: the whole face, whatever is frozen; else the mean of the frozen shares of its columns
    contact : (k,) [m² K/W], thermal resistance of the interface, at the walls
    """

    face: np.ndarray
    a: np.ndarray
    b: np.ndarray
    frozen: np.ndarray
    through: np.ndarray
    contact: np.ndarray

    def conductance(self, mesh, k_solid, k_frozen, solid):
        """Conductance of each link (k,) [W/K].

        Parameters
        ----------
        mesh : Mesh
        k_solid, k_frozen : (n_cells,) [W/m/K], of what is solid anyhow, and of frozen bath
        solid : (n_cells,), frozen share of each cell
        """
        sides = mesh.owner[self.face], mesh.neighbour[self.face]
        half = [mesh.distance[self.face, i] / np.where(self.frozen[:, i], k_frozen[cell], k_solid[cell]) for i, cell in enumerate(sides)]
        share = sum(np.where(self.frozen[:, i], solid[cell], 0.0) for i, cell in enumerate(sides)) / self.frozen.sum(1)
        return mesh.area[self.face] * np.where(self.through, 1.0, share) / (half[0] + self.contact + half[1])


def links(mesh, ledge, row, lump, contact):
    """All links of the columns.

    Parameters
    ----------
    mesh : Mesh
    ledge : LedgeColumns
    row : (n_cells,) int, heat row of a cell of its own, −1 for cells of lumps without one
    lump : (n_cells,) bool, cells of lumps
    contact : (n_faces,) [m² K/W], thermal resistance of the interface on each mesh face
    """
    mine = np.zeros(mesh.n_cells, bool)
    mine[ledge.cell] = True
    owner, neighbour = mesh.owner[:mesh.n_internal], mesh.neighbour[:mesh.n_internal]
    both, one = mine[owner] & mine[neighbour], mine[owner] ^ mine[neighbour]
    other = np.where(mine[owner], neighbour, owner)
    face = np.flatnonzero(both | (one & ~lump[other]))
    at_wall = np.zeros(mesh.n_faces, bool)
    at_wall[ledge.face] = True
    column, place = np.full(mesh.n_cells, -1), np.zeros(mesh.n_cells, np.int64)
    column[ledge.cell] = np.repeat(np.arange(ledge.face.size), np.diff(ledge.first))
    place[ledge.cell] = np.arange(ledge.cell.size)
    a, b = mesh.owner[face], mesh.neighbour[face]
    along = both[face] & (column[a] == column[b]) & (abs(place[a] - place[b]) == 1)
    return Links(face, row[a], row[b], np.stack([mine[a], mine[b]], 1), along | at_wall[face], np.where(at_wall[face], contact[face], 0.0))


def columns(mesh, pool, walls, conductivity, liquidus, reach=0.5):
    """Columns of pool cells in front of upright wall faces.

    Parameters
    ----------
    mesh : Mesh
    pool, walls : (n_cells,) bool
    conductivity : Property of the frozen bath
    liquidus : [K]
    reach : [m], how far from the wall cells are looked for; the cell at the wall is always taken

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
    inward = np.where(from_owner, -1.0, 1.0)[:, None] * mesh.normal[face]
    column, cell, start, end = _walked(mesh, pool, face, pool_cell, inward, reach)
    # Each cell belongs to the wall nearest to it; where two are as near, to the one across x.
    axis = np.argmax(np.abs(inward), 1)
    order = np.lexsort((column, axis[column], np.round(0.5 * (start + end), 9), cell))
    best = order[np.r_[True, np.diff(cell[order]) != 0]]
    own = np.zeros(cell.size, bool)
    own[best] = True
    owner_column = np.full(mesh.n_cells, -1)
    owner_column[cell[best]] = column[best]
    kept, beyond = np.zeros(cell.size, bool), np.full(face.size, -1)
    for e in range(cell.size):  # a column ends where it meets a cell of another one
        c = column[e]
        kept[e] = beyond[c] < 0 and own[e]
        if beyond[c] < 0 and not own[e]:
            beyond[c] = cell[e]
    column, cell, start, end = column[kept], cell[kept], start[kept], end[kept]
    used = np.unique(column)
    number = np.full(face.size, -1)
    number[used] = np.arange(used.size)
    first = np.searchsorted(column, np.r_[used, face.size])
    met = beyond >= 0
    met[met] = np.abs(np.einsum("ij,ij->i", inward[met], inward[owner_column[beyond[met]]])) < 0.5
    pairs = _pairs(mesh, face[used], inward[used], number[column], cell)
    return LedgeColumns(face[used], pool_cell[used], wall_cell[used], first, cell, start, end, np.where(met, beyond, -1)[used],
                        *pairs, liquidus, conductivity)


def _walked(mesh, pool, face, pool_cell, inward, reach):
    """Cells met on the way from each wall face into the pool, by columns: column, cell, start and end of each."""
    inner = np.flatnonzero(pool[mesh.owner[:mesh.n_internal]] & pool[mesh.neighbour[:mesh.n_internal]])
    cells = np.r_[mesh.owner[inner], mesh.neighbour[inner]]
    faces, sign = np.r_[inner, inner], np.r_[np.ones(inner.size), -np.ones(inner.size)]
    order = np.argsort(cells, kind="stable")
    first = np.searchsorted(cells[order], np.arange(mesh.n_cells + 1))
    faces, sign = faces[order], sign[order]
    column, at, entered = np.arange(face.size), pool_cell, mesh.face_centre[face]
    start, steps = np.zeros(face.size), []
    while column.size:
        width = 2.0 * np.einsum("ij,ij->i", mesh.cell_centre[at] - entered, inward[column])
        steps.append((column, at, start, start + width))
        across, other = _opposite(first, faces, sign, mesh.normal, mesh.owner, mesh.neighbour, at, inward[column])
        on = (other >= 0) & (start + width < reach)
        start = (start + width)[on]
        column, at, entered = column[on], other[on], mesh.face_centre[across[on]]
    column, cell, start, end = (np.concatenate(parts) for parts in zip(*steps, strict=True))
    order = np.argsort(column, kind="stable")
    return column[order], cell[order], start[order], end[order]


@njit(cache=True)
def _opposite(first, faces, sign, normal, owner, neighbour, cell, direction):
    """The face each cell is left by in a direction, within 37° of it, and the cell behind; −1 where there is none."""
    across, other = np.full(cell.size, -1), np.full(cell.size, -1)
    for i in range(cell.size):
        best = 0.8
        for p in range(first[cell[i]], first[cell[i] + 1]):
            f = faces[p]
            along = sign[p] * (normal[f, 0] * direction[i, 0] + normal[f, 1] * direction[i, 1] + normal[f, 2] * direction[i, 2])
            if along > best:
                best, across[i] = along, f
                other[i] = neighbour[f] if sign[p] > 0 else owner[f]
    return across, other


def _pairs(mesh, face, inward, column, cell):
    """Columns side by side on parallel walls: their numbers, distance, offset of their walls, which stand above each other.

    A column at a symmetry plane has its mirror image beside it: a pair with itself.
    """
    of_cell = np.full(mesh.n_cells, -1)
    of_cell[cell] = column
    inner = slice(0, mesh.n_internal)
    pair = np.sort(np.stack([of_cell[mesh.owner[inner]], of_cell[mesh.neighbour[inner]]], 1), 1)
    pair = np.unique(pair[(pair[:, 0] >= 0) & (pair[:, 0] != pair[:, 1])], axis=0)
    pair = pair[np.einsum("ij,ij->i", inward[pair[:, 0]], inward[pair[:, 1]]) > 0.99]
    apart = mesh.face_centre[face[pair[:, 1]]] - mesh.face_centre[face[pair[:, 0]]]
    offset = np.einsum("ij,ij->i", apart, inward[pair[:, 0]])
    along = apart - offset[:, None] * inward[pair[:, 0]]
    distance = np.linalg.norm(along, axis=1)
    upright = np.abs(along[:, 2]) > 0.5 * distance
    plane = np.flatnonzero((mesh.neighbour < 0) & ~mesh.outer)
    plane = plane[of_cell[mesh.owner[plane]] >= 0]
    mirrored = of_cell[mesh.owner[plane]]
    mirrored = np.unique(mirrored[np.abs(np.einsum("ij,ij->i", inward[mirrored], mesh.normal[plane])) < 0.5])
    none = np.zeros(mirrored.size)
    return (np.r_[pair, np.stack([mirrored, mirrored], 1)], np.r_[distance, none + 1.0], np.r_[offset, none],
            np.r_[upright, np.zeros(mirrored.size, bool)])
