"""Heat conduction in solids, films to pools, losses to the surroundings, heat made by the current."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oxycell.mesh.derived import pieces
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_through, sum_to_rows
from oxycell.physics.half_cells import HalfCells
from oxycell.physics.heat.face_heat import LEDGE_NEIGHBOUR, LEDGE_OWNER, face_heat, plain_surfaces
from oxycell.physics.heat.fixed_lumps import hold
from oxycell.physics.heat.heat_flow import PIECE, Heat
from oxycell.physics.heat.kirchhoff import Conductivities, risen_rows, slopes_of_rows, step_rows, transform_rows
from oxycell.physics.heat.step_units import StepUnits
from oxycell.physics.heat.surface_balance import balance_outside
from oxycell.physics.ledge.floor import touched
from oxycell.physics.ledge.heat import LedgeHeat
from oxycell.physics.ledge.ledge import LedgeColumns, Links
from oxycell.physics.skew import sides_of


@dataclass(frozen=True)
class Thermal(HalfCells):
    """Heat balance of every cell outside the lumps and of every lump.

    Rows are the cells outside lumps and those of ledge columns, then the lumps; all cells of a lump share its row. A
    cell of a ledge column has a row of its own beside that of its lump: one for the frozen bath, one for the liquid.

    Attributes
    ----------
    mesh : Mesh
    row : (n_cells,) int, row of each cell; of a lump's cells that of the lump
    own : (n_cells,) int, row that belongs to the cell alone, −1 in lumps outside ledge columns
    lumps : tuple of Lump; lump i has row n_rows − len(lumps) + i
    n_rows : int
    face : (m,) int, mesh faces heat can cross: plain ones, then those inside that are not, then the outside
    plain : int, how many are plain: nothing stands between two solids, which are one material or have constant
        conductivities both; the others are the special ones, (s,)
    joined : (2, l + m) int, rows that the links join, then of each face those of owner and neighbour, −1 at a boundary
    kind : (s,) int, what the face does
    film : (s, 2) [m² K/W], film resistance on the side of a lump, NaN on the side of a solid
    contact : (s,) [m² K/W], thermal resistance of the interface
    emissivity : (s,), of a radiating lump
    conditions : tuple of (positions among the faces, orientation, laws), one for each condition
    path : (s,) int, loss path of boundary faces, −1 elsewhere
    ledge : LedgeColumns or None; ledge_face : (n,) int, positions of its wall faces; links : Links or None, its
        conduction
    conductivity : Conductivities of the materials of the mesh, of frozen bath behind them; of lumps no matter which
    sources : tuple of Volumetric, heat made in regions; factors : (n_cells, 3) on the conductivity along x, y, z, or
        None
    linear_flux : bool, whether fluxes vary linearly within the solid cells of a lattice, see LinearFlux
    """

    mesh: Mesh
    row: np.ndarray
    own: np.ndarray
    lumps: tuple
    n_rows: int
    face: np.ndarray
    plain: int
    joined: np.ndarray
    kind: np.ndarray
    film: np.ndarray
    contact: np.ndarray
    emissivity: np.ndarray
    conditions: tuple
    path: np.ndarray
    ledge: LedgeColumns | None
    ledge_face: np.ndarray
    links: Links | None
    conductivity: Conductivities
    sources: tuple = ()
    factors: np.ndarray | None = None
    linear_flux: bool = False

    @cached_property
    def a(self):
        """(m,) int, row of each face's owner."""
        return self.joined[0, -self.face.size :]

    @cached_property
    def b(self):
        """(m,) int, row of each face's neighbour, −1 at a boundary."""
        return self.joined[1, -self.face.size :]

    def places(self, faces):
        """Where mesh faces (k,) int stand among the special faces, −1 where they do not."""
        special = self.face[self.special]
        order = np.argsort(special)
        at = order[np.minimum(np.searchsorted(special, faces, sorter=order), special.size - 1)]
        return np.where(special[at] == faces, at, -1)

    @property
    def special(self):
        """Where the special faces stand among all."""
        return slice(self.plain, self.face.size)

    @cached_property
    def special_rows(self):
        """Rows (2, s) int that heat of special faces leaves and enters: a and b, but the far end of its column for a
        wall with a ledge."""
        rows = np.stack([self.a[self.special], self.b[self.special]])
        if self.ledge is not None:
            walls = self.ledge_face - self.plain
            rows[np.where(self.kind[walls] == LEDGE_OWNER, 1, 0), walls] = self.own[self.ledge.last_cell]
        return rows

    @property
    def sides(self):
        """Owner and neighbour (the owner at a boundary) of every face (m,) int."""
        return sides_of(self.mesh, self.face)

    @property
    def _halves(self):
        """(m, 2) bool, sides on which a half cell conducts."""
        solid = np.ones((self.face.size, 2), bool)
        solid[self.special] = np.isnan(self.film)
        return solid

    @cached_property
    def linked_solids(self):
        """Links to cells that are solid anyhow: which they are (k,) int, their positions among the faces (k,) int, the
        solid's side (k,) int."""
        linked = np.flatnonzero(~self.links.frozen.all(1))
        position = self.places(self.links.face[linked])
        linked, position = linked[position >= 0], position[position >= 0] + self.plain
        return linked, position, np.where(self.links.frozen[linked, 0], 1, 0)

    @cached_property
    def touched(self):
        """Touched, of its ledge."""
        return touched(self.ledge, self.links, self.mesh, self.places)

    @cached_property
    def real(self):
        """(n_rows,) bool, rows whose temperature is that of a body wherever the front is: all but those of ledge
        columns."""
        rows = np.ones(self.n_rows, bool)
        if self.ledge is not None:
            rows[self.own[self.ledge.cell]] = False
        return rows

    @cached_property
    def frozen_over(self):
        """Faces of which the ledge may cover a part, all but its walls and the outside: positions among the special
        ones (k,) int, and in `LedgeColumns.beside` (k,) int."""
        at = self.places(self.ledge.beside)
        beside = np.flatnonzero(at >= 0)
        at = at[beside]
        may = (self.kind[at] != LEDGE_OWNER) & (self.kind[at] != LEDGE_NEIGHBOUR) & (at < self.inner.stop - self.plain)
        return at[may], beside[may]

    @cached_property
    def inner(self):
        """Faces between two rows; those to the outside come last."""
        return slice(0, np.count_nonzero(self.b >= 0))

    @cached_property
    def shifted(self):
        """(k,) int, special faces whose tangent acts on one row only: walls behind a ledge and the outside."""
        return np.r_[self.ledge_face, np.arange(self.inner.stop, self.face.size)] - self.plain

    @cached_property
    def special_area(self):
        """(s,) [m²], of the special faces without a ledge."""
        return self.mesh.area[self.face[self.special]]

    @cached_property
    def special_sides(self):
        """Owner and neighbour (the owner at a boundary) of the special faces (s,) int."""
        return sides_of(self.mesh, self.face[self.special])

    @cached_property
    def _special_at(self):
        """Row of each special face in the distances (s,) int."""
        return self.distance[1][self.special].astype(np.int32)

    @cached_property
    def lump_row(self):
        """(n_lumps,) int."""
        return self.n_rows - len(self.lumps) + np.arange(len(self.lumps))

    def operator(self):
        """An empty Operator with the connectivity of this balance, links first; the outside is a shift."""
        between = slice(0, self.joined.shape[1] - self.face.size + self.inner.stop)
        return Operator(self.n_rows, *self.joined[:, between], rows_on_lattice(self.mesh.lattice, self.own))

    @cached_property
    def reference(self):
        """Conductivity k* of every cell's material (n_cells,) [W/m/K], see Conductivities."""
        return self.conductivity.reference[self.mesh.material]

    @cached_property
    def row_material(self):
        """Material of every row (n_rows,) int, −1 of lumps."""
        found = np.full(self.n_rows, -1, np.int16)
        solid = self.row < self.n_rows - len(self.lumps)
        found[self.row[solid]] = self.mesh.material[solid]
        if self.ledge is not None:
            found[self.own[self.ledge.cell]] = self.frozen
        return found

    @property
    def frozen(self):
        """Number of frozen bath among the materials."""
        return len(self.mesh.material_names)

    @cached_property
    def plain_conductance(self):
        """Conductance (plain,) [W/K] of the plain faces, between values of τ: the same at all temperatures."""
        found, mesh, (distance, at) = np.empty(self.plain), self.mesh, self.distance
        for faces in pieces(self.plain, PIECE):
            face, half = self.face[faces], distance[at[faces]]
            k, k_other = self.reference[mesh.owner[face]], self.reference[mesh.neighbour[face]]
            found[faces] = mesh.area[face] / (half[:, 0] / k + half[:, 1] / k_other)
        return found

    def transformed(self, T):
        """τ of all rows (n_rows,) [K] at temperatures T (n_rows,) [K], see `physics/heat/kirchhoff.py`."""
        if not self.conductivity.varies.any():
            return T
        tau = np.empty(self.n_rows)
        transform_rows(self.row_material, T, self.conductivity.packed, tau)
        return tau

    def change(self, T, step):
        """Change of temperatures T (n_rows,) [K] where τ changes by a step (n_rows,) [K]."""
        if not self.conductivity.varies.any():
            return step
        change = np.empty(self.n_rows)
        step_rows(self.row_material, T, step, self.conductivity.packed, change)
        return change

    @cached_property
    def step_units(self):
        """StepUnits."""
        return StepUnits(self)

    def slopes(self, T):
        """dτ/dT of all rows at temperatures T: both (n_rows,), [1] and [K]."""
        slope = np.empty(self.n_rows)
        slopes_of_rows(self.row_material, T, self.conductivity.packed, slope)
        return slope

    def front(self, T, tau, rise=None):
        """The front of the ledge at temperatures T and their τ: both (n_rows,) [K]; rise (m, 2) [K] or None, of τ.
        Returns Front."""
        ledge = self.ledge
        beside = None
        if rise is not None and self.linear_flux:
            beside = np.where(
                self.mesh.owner[ledge.face] == ledge.wall_cell, rise[self.ledge_face, 0], -rise[self.ledge_face, 1]
            )
        wall = self.ledge_heat.walls(T, beside)
        nothing = np.zeros(wall.size)
        return ledge.front(self.mesh, tau[self.own[ledge.cell]], wall, nothing + 1.0, nothing)

    @cached_property
    def ledge_heat(self):
        """LedgeHeat."""
        return LedgeHeat(self)

    def evaluate(self, T, tau, front, source, rise=None, nearby=None):
        """Heat through every face.

        Parameters
        ----------
        T : (n_rows,) [K]
        tau : (n_rows,) [K], from `transformed`
        front : Front or None, where the ledge ends
        source : (s, 2) [W], heat made on the owner's and the neighbour's side of the special faces
        rise : (m, 2) [K] or None, of τ, see Skew
        nearby : (s, 2) [K] or None, surface temperatures of the special faces at a state nearby

        Returns
        -------
        Heat
        """
        area, s = self.special_area, self.special
        if front is not None:
            area, (at, beside) = area.copy(), self.frozen_over
            area[at] *= front.open_beside[beside]
            area[self.ledge_face - self.plain] *= front.share
        leaving, entering = np.empty(area.size), np.empty(area.size)
        surface, slope, shift = np.empty((area.size, 2)), np.zeros((area.size, 2)), np.zeros((area.size, 2))
        liquidus = self.ledge.liquidus if self.ledge else 0.0
        distance, p, material, k = self.distance[0], self.plain, self.mesh.material, self.conductivity.packed
        at, special_rise = self._special_at, None if rise is None else rise[s]
        if front is not None:
            frozen, under, warmer = self._shifts(T, front)
            special_rise = self.touched.on_faces(warmer, special_rise, self.kind.size)
        face_heat(
            self.kind[: self.inner.stop - p],
            self.a[s],
            self.b[s],
            T,
            special_rise,
            *self.special_sides,
            material,
            distance,
            at,
            k,
            self.film,
            self.contact,
            self.emissivity,
            area,
            source,
            liquidus,
            leaving,
            entering,
            surface,
            slope,
            shift,
        )
        links = (None, None, None)
        if front is not None:
            risen = self.touched.on_links(frozen, under, self.links)
            if rise is not None and self.linear_flux:
                linked, position, side = self.linked_solids
                risen[linked, side] += np.where(side == 0, 1.0, -1.0) * rise[position, side]
            links = self.ledge_heat.linked(T, tau, front, risen)
        for chosen, orientation, laws in self.conditions:
            here = chosen - p
            cells = material[self.special_sides[0][here]]
            inside = risen_rows(
                cells, T[self.a[chosen]], None if rise is None else special_rise[here, 0], self.film[here, 0], k
            )
            half_cell = cells, inside, distance[at[here], 0], self.film[here, 0], k
            leaving[here], surface_T, shift[here, 0] = balance_outside(
                half_cell, area[here], source[here, 0], orientation, laws, inside if nearby is None else nearby[here, 0]
            )
            entering[here], surface[here] = leaving[here] + source[here, 0], surface_T[:, None]
        return Heat(self, T, tau, rise, area, leaving, entering, surface, slope, shift, *links)

    def _shifts(self, T, front):
        """`Touched.shifts` at temperatures T (n_rows,) [K]."""
        rows = self.touched.row
        slopes = np.empty(rows.size)
        slopes_of_rows(self.row_material[rows], T[rows], self.conductivity.packed, slopes)
        return self.touched.shifts(T, slopes, front)

    def surface_temperatures(self, T, heat, front, rise=None):
        """Surface temperatures on both sides of every face (m, 2) [K]; of what frozen bath touches beside its walls
        that between it and
        the solid, by the share it covers. `heat` : Heat at T; the rest as in `evaluate`."""
        surface, p, k = np.empty((self.face.size, 2)), self.plain, self.conductivity.packed
        surface[p:] = heat.surface
        plain_surfaces(
            self.face[:p],
            self.a,
            self.b,
            heat.tau,
            rise,
            self.mesh.owner,
            self.mesh.material,
            *self.distance,
            self.mesh.area,
            heat.leaving,
            k,
            surface,
        )
        if front is None:
            return surface
        inside = self.touched.position >= 0
        links, at = self.touched.link[inside], p + self.touched.position[inside]
        between = self.ledge_heat.beside_walls(links, T, self.touched.on_links(*self._shifts(T, front)[:2], self.links))
        covered = 1.0 - front.open_beside[np.searchsorted(self.ledge.beside, self.links.face[links])]
        surface[at] += covered[:, None] * (between - surface[at])
        return surface

    def residual(self, heat, row_source):
        """Net heat into each row [W], (n_rows,); `row_source` (n_rows,) is made inside it."""
        net = row_source.copy()
        for faces in pieces(self.plain, PIECE):
            leaving = heat.plain_leaving(faces)
            sum_through(self.a[faces], self.b[faces], leaving, leaving, net)
        sum_through(*self.special_rows, heat.special_leaving, heat.entering, net)
        if self.links is not None:
            sum_through(self.links.a, self.links.b, heat.linked, heat.linked, net)
        return net

    def fill(self, operator, heat):
        """Tangent to τ in its units, into the operator: exact within a material, elsewhere its symmetric part (theory,
        section 11)."""
        links, units = self.joined.shape[1] - self.face.size, heat.units
        special, slopes = slice(links + self.plain, None), heat.step_slopes
        if links:
            operator.conductance[:links] = heat.step_conductance
        self.step_units.write_plain(operator, slice(links, special.start), units)
        np.sqrt(slopes[:, 0] * slopes[:, 1], out=operator.conductance[special])
        operator.shift[:] = 0.0
        rows = self.shifted + self.plain
        sum_to_rows(self.a[rows], heat.shift[self.shifted, 0], operator.shift)
        sum_to_rows(self.b[rows], heat.shift[self.shifted, 1], operator.shift)
        if units is not None:
            operator.shift *= units[self.row_material]
        hold(self, operator)
