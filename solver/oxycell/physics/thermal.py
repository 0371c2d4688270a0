"""Heat conduction in solids, films to pools, losses to the surroundings, heat made by the current."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import Field

from oxycell.mesh.derived import pieces
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_through, sum_to_rows
from oxycell.options import Name, Options, option
from oxycell.physics.boundaries import Convection, FixedTemperature, HeatFlux, NaturalConvection, Radiation
from oxycell.physics.conduction import plain_conductances, plain_currents
from oxycell.physics.face_heat import LEDGE_NEIGHBOUR, LEDGE_OWNER, face_heat, plain_surfaces
from oxycell.physics.heat import Heat
from oxycell.physics.held import hold
from oxycell.physics.ledge import LedgeColumns, Links
from oxycell.physics.ledge_floor import touched
from oxycell.physics.linear_flux import find_linear_flux
from oxycell.physics.skew import find_skew, scaled_distance, sides_of
from oxycell.physics.supplies import CurrentDensity, FixedPotential

BoundaryLaw = Annotated[
    Convection | Radiation | NaturalConvection | HeatFlux | FixedTemperature | CurrentDensity | FixedPotential,
    Field(discriminator="kind")]

_NOTHING = np.zeros(0)  # in series with plain faces
_PIECE = 1 << 17  # faces whose heat is summed at once


class Condition(Options):
    """What passes surfaces; several laws on one surface add up. Without one a surface is adiabatic, without a terminal insulating."""

    on: tuple[str, ...] = option("surfaces, as names or patterns", min_length=1)
    laws: tuple[BoundaryLaw, ...] = option("laws that add up")
    path: Name | None = option("loss path the heat is booked under (default: the surface's name)", None)


@dataclass(frozen=True)
class Thermal:
    """Heat balance of every cell outside the lumps and of every lump.

    Rows are the cells outside lumps and those of ledge columns, then the lumps; all cells of a lump share its row. A cell of
    a ledge column has a row of its own beside that of its lump: one for the frozen bath, one for the liquid.

    Attributes
    ----------
    mesh : Mesh
    row : (n_cells,) int, row of each cell; of a lump's cells that of the lump
    own : (n_cells,) int, row that belongs to the cell alone, −1 in lumps outside ledge columns
    lumps : tuple of Lump; lump i has row n_rows − len(lumps) + i
    n_rows : int
    face : (m,) int, mesh faces heat can cross: plain ones, with nothing between two solids, then those with something, then the outside
    plain : int, how many are plain; the others are the special ones, (s,)
    joined : (2, l + m) int, rows that the links join, then of each face those of owner and neighbour, −1 at a boundary
    kind : (s,) int, what the face does
    film : (s, 2) [m² K/W], film resistance on the side of a lump, NaN on the side of a solid
    contact : (s,) [m² K/W], thermal resistance of the interface
    emissivity : (s,), of a radiating lump
    conditions : tuple of (positions among the faces, orientation, laws), one for each condition
    path : (s,) int, loss path of boundary faces, −1 elsewhere
    ledge : LedgeColumns or None; ledge_face : (n,) int, positions of its wall faces; links : Links or None, its conduction
    conductivity : tuple of (cells, Property) for each material
    sources : tuple of Volumetric, heat made in regions; factors : (n_cells, 3) on the conductivity along x, y, z, or None
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
    conductivity: tuple
    sources: tuple = ()
    factors: np.ndarray | None = None
    linear_flux: bool = False

    @cached_property
    def a(self):
        """(m,) int, row of each face's owner."""
        return self.joined[0, -self.face.size:]

    @cached_property
    def b(self):
        """(m,) int, row of each face's neighbour, −1 at a boundary."""
        return self.joined[1, -self.face.size:]

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
        """Rows (2, s) int that heat of special faces leaves and enters: a and b, but the far end of its column for a wall with a ledge."""
        rows = np.stack([self.a[self.special], self.b[self.special]])
        if self.ledge is not None:
            walls = self.ledge_face - self.plain
            rows[np.where(self.kind[walls] == LEDGE_OWNER, 1, 0), walls] = self.own[self.ledge.last_cell]
        return rows

    @property
    def sides(self):
        """Owner and neighbour (the owner at a boundary) of every face (m,) int."""
        return sides_of(self.mesh, self.face)

    @cached_property
    def skew(self):
        """Skew of its faces, or None on an orthogonal mesh."""
        return find_skew(self.mesh, self.face, self._halves, self.factors)

    @cached_property
    def correction(self):
        """Skew or LinearFlux of its faces, None where two-point fluxes are all there is."""
        if self.linear_flux and self.mesh.lattice is not None:
            return find_linear_flux(self.mesh, self.face, self._halves, self.factors)
        return self.skew

    @property
    def _halves(self):
        """(m, 2) bool, sides on which a half cell conducts."""
        solid = np.ones((self.face.size, 2), bool)
        solid[self.special] = np.isnan(self.film)
        return solid

    @cached_property
    def linked_solids(self):
        """Links to cells that are solid anyhow: which they are (k,) int, their positions among the faces (k,) int, the solid's side
        (k,) int."""
        linked = np.flatnonzero(~self.links.frozen.all(1))
        position = self.places(self.links.face[linked])
        linked, position = linked[position >= 0], position[position >= 0] + self.plain
        return linked, position, np.where(self.links.frozen[linked, 0], 1, 0)

    @cached_property
    def touched(self):
        """Touched, of its ledge."""
        return touched(self.ledge, self.links, self.mesh, self.places)

    @cached_property
    def distance(self):
        """Distances (k, 2) [m] that take the drops, see `Electric.distance`, and the row of each face in them (m,)."""
        if self.skew is not None:
            return self.skew.distance, np.arange(self.face.size)
        return scaled_distance(self.mesh, self.face, self.factors)

    @cached_property
    def real(self):
        """(n_rows,) bool, rows whose temperature is that of a body wherever the front is: all but those of ledge columns."""
        rows = np.ones(self.n_rows, bool)
        if self.ledge is not None:
            rows[self.own[self.ledge.cell]] = False
        return rows

    @cached_property
    def frozen_over(self):
        """Faces of which the ledge may cover a part, all but its walls and the outside: positions among the special ones (k,) int, and in
        `LedgeColumns.beside` (k,) int."""
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
    def lump_row(self):
        """(n_lumps,) int."""
        return self.n_rows - len(self.lumps) + np.arange(len(self.lumps))

    def operator(self):
        """An empty Operator with the connectivity of this balance, links first; the outside is a shift."""
        between = slice(0, self.joined.shape[1] - self.face.size + self.inner.stop)
        return Operator(self.n_rows, *self.joined[:, between], rows_on_lattice(self.mesh.lattice, self.own))

    def cell_conductivity(self, temperature):
        """Thermal conductivity of every cell at temperatures (n_cells,) [K]: (n_cells,) [W/m/K]."""
        k = np.ones(self.mesh.n_cells)
        for cells, prop in self.conductivity:
            k[cells] = prop.at(temperature[cells])
        return k

    def frozen_conductivity(self, T):
        """Thermal conductivity of frozen bath in the cells of ledge columns (n_ledge_cells,) [W/m/K], T (n_rows,) [K]."""
        T = np.minimum(T[self.own[self.ledge.cell]], self.ledge.liquidus)
        return np.broadcast_to(self.ledge.conductivity.at(T), T.shape)

    def front(self, T, k, rise=None):
        """The front of the ledge.

        Parameters
        ----------
        T : (n_rows,) [K]
        k : (n_cells,) [W/m/K], thermal conductivity of what is solid anyhow
        rise : (m, 2) [K] or None, see LinearFlux

        Returns
        -------
        Front
        """
        ledge, (to_pool, to_wall) = self.ledge, self._wall_distances
        half = to_pool / self.frozen_conductivity(T)[ledge.first[:-1]]
        behind = to_wall / k[ledge.wall_cell] + self.contact[self.ledge_face - self.plain]
        wall = T[self.own[ledge.wall_cell]]
        if rise is not None and self.linear_flux:
            beside = rise[self.ledge_face]
            wall += np.where(self.mesh.owner[ledge.face] == ledge.wall_cell, beside[:, 0], -beside[:, 1])
        return ledge.front(self.mesh, T[self.own[ledge.cell]], wall, half, behind)

    @cached_property
    def _wall_distances(self):
        """Distances (2, n) [m] of the ledge's wall faces to the pool's and the wall's cell."""
        mesh, ledge = self.mesh, self.ledge
        at_owner = mesh.owner[ledge.face] == ledge.pool_cell
        return np.stack([np.where(at_owner == first, *mesh.distance[ledge.face].T) for first in (True, False)])

    def evaluate(self, T, k, front, source, rise=None, nearby=None):
        """Heat through every face.

        Parameters
        ----------
        T : (n_rows,) [K]
        k : (n_cells,) [W/m/K], from `cell_conductivity`
        front : Front or None, where the ledge ends
        source : (s, 2) [W], heat made on the owner's and the neighbour's side of the special faces
        rise : (m, 2) [K] or None, see Skew
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
            frozen, under, open_part = self.touched.shifts(T, front)
        leaving, slope = np.empty(area.size), np.empty(self.face.size)
        slope[self.inner.stop:] = 0.0
        entering, surface, shift = np.empty(area.size), np.empty((area.size, 2)), np.zeros((area.size, 2))
        liquidus = self.ledge.liquidus if self.ledge else 0.0
        (distance, at), p, mesh = self.distance, self.plain, self.mesh
        plain_conductances(self.face[:p], mesh.owner, mesh.neighbour, distance, at, k, _NOTHING, mesh.area, slope)
        at, special_rise = at[s], self._special_rise(rise, open_part if front is not None else None)
        face_heat(self.kind[:self.inner.stop - p], self.a[s], self.b[s], T, special_rise, *self.special_sides, distance, at, k, self.film,
                  self.contact, self.emissivity, area, source, liquidus, leaving, entering, surface, slope[s], shift)
        conductance, linked = None, None
        if front is not None:
            conductance = self.links.conductance(self.mesh, k, self.frozen_conductivity(T), front.solid)
            linked = T[self.links.a] - T[self.links.b]
            linked[self.touched.link] += np.where(self.touched.side == 0, 1.0, -1.0) * (frozen - under)
            if rise is not None and self.linear_flux:
                touching, position, side = self.linked_solids
                linked[touching] += rise[position, side]
            linked *= conductance
        for chosen, orientation, laws in self.conditions:
            here, film = chosen - p, self.film[chosen - p, 0]
            inside = T[self.a[chosen]] if rise is None else T[self.a[chosen]] + special_rise[here, 0]
            half = np.where(np.isnan(film), distance[at[here], 0] / k[self.special_sides[0][here]], film)
            leaving[here], surface_T, shift[here, 0] = self._outside(
                inside, half, area[here], source[here, 0], orientation, laws, inside if nearby is None else nearby[here, 0])
            entering[here], surface[here] = leaving[here] + source[here, 0], surface_T[:, None]
        return Heat(self, T, rise, area, leaving, entering, surface, slope, shift, conductance, linked, k)

    def _special_rise(self, rise, open_part):
        """Rises of the special faces (s, 2) [K] or None; under what a ledge leaves open of a cell the solid is warmer than at its centre."""
        rise = None if rise is None else rise[self.special]
        if open_part is None:
            return rise
        rise, at = np.zeros((self.kind.size, 2)) if rise is None else rise.copy(), self.touched.position
        sides = self.touched.side[at >= 0]
        rise[at[at >= 0], sides] += np.where(sides == 0, 1.0, -1.0) * open_part[at >= 0]
        return rise

    def surface_temperatures(self, T, heat, front, rise=None):
        """Surface temperatures on both sides of every face (m, 2) [K]; of what frozen bath touches beside its walls that between it and
        the solid, by the share it covers. `heat` : Heat at T; the rest as in `evaluate`."""
        surface, k, p = np.empty((self.face.size, 2)), heat.conductivity, self.plain
        surface[p:] = heat.surface
        plain_surfaces(self.face[:p], self.a, self.b, T, rise, self.mesh.owner, self.mesh.neighbour, *self.distance, k, self.mesh.area,
                       heat.leaving, surface)
        if front is None:
            return surface
        tied, frozen, touching, at = self.links, self.frozen_conductivity(T), self.touched.link, self.touched.position
        colder = np.stack(self.touched.shifts(T, front)[:2], 1)
        colder = np.where((self.touched.side == 0)[:, None], colder[:, ::-1], colder)[at >= 0]
        touching, at = touching[at >= 0], p + at[at >= 0]
        face, place = tied.face[touching], tied.place[touching]
        weight = [np.where(place[:, i] >= 0, frozen[place[:, i]], k[cell]) / self.mesh.distance[face, i]
                  for i, cell in enumerate((self.mesh.owner[face], self.mesh.neighbour[face]))]
        between = (weight[0] * (T[tied.a[touching]] - colder[:, 0]) + weight[1] * (T[tied.b[touching]] - colder[:, 1])) / (weight[0] + weight[1])
        covered = 1.0 - front.open_beside[np.searchsorted(self.ledge.beside, face)]
        surface[at] += covered[:, None] * (between[:, None] - surface[at])
        return surface

    @staticmethod
    def _outside(T, half, area, source, orientation, laws, surface_T):
        """Boundary faces of one condition: heat that leaves [W], the surface temperature [K] that balances half cell, source and laws, and
        the slope [W/K]; (n,) each, as the arguments: surface_T [K] is where to begin."""
        fixed = [law for law in laws if law.kind == "fixed_temperature"]
        if fixed:
            surface_T = np.full(T.size, fixed[0].temperature)
            return area * (T - surface_T) / half, surface_T, area / half
        for _ in range(50):
            flux, slope = outer_flux(laws, surface_T, orientation)
            step = ((T - surface_T) / half + source / area - flux) / (1.0 / half + slope)
            surface_T, flux = surface_T + step, flux + slope * step
            if np.max(np.abs(step), initial=0.0) <= 1e-9 * np.max(np.abs(surface_T), initial=1.0):
                break  # the next one, and what the flux is off by, would be its square
        # Behind a good conductor the difference is lost in round-off, and the laws say better what leaves.
        left = np.where(slope * half < 1.0, flux - source / area, (T - surface_T) / half)
        return area * left, surface_T, area / (half + 1.0 / np.maximum(slope, 1e-300))

    def residual(self, heat, row_source):
        """Net heat into each row [W], (n_rows,); `row_source` (n_rows,) is made inside it."""
        net = row_source.copy()
        for faces in pieces(self.plain, _PIECE):
            leaving = heat.plain_leaving(faces)
            sum_through(self.a[faces], self.b[faces], leaving, leaving, net)
        sum_through(*self.special_rows, heat.special_leaving, heat.entering, net)
        if self.links is not None:
            sum_through(self.links.a, self.links.b, heat.linked, heat.linked, net)
        return net

    def raised(self, heat, rise):
        """Net heat into each row [W], (n_rows,), that a change of the rises on the faces (m, 2) [K] makes, with the tangent held."""
        net, still = np.zeros(self.n_rows), np.zeros(self.n_rows)
        for faces in pieces(self.face.size, _PIECE):
            more = np.empty(faces.stop - faces.start)
            plain_currents(self.a[faces], self.b[faces], still, rise[faces], heat.slope[faces], more)
            sum_through(self.a[faces], self.b[faces], more, more, net)
        outside = slice(self.inner.stop, None)
        np.subtract.at(net, self.a[outside], heat.shift[self.inner.stop - self.plain:, 0] * rise[outside, 0])
        if self.links is not None:
            linked, position, side = self.linked_solids
            more = heat.conductance[linked] * rise[position, side]
            sum_through(self.links.a[linked], self.links.b[linked], more, more, net)
        return net

    def fill(self, operator, heat):
        """Symmetric part of the tangent with properties held, into the operator; lumps of known temperature are shifts."""
        links = self.joined.shape[1] - self.face.size
        if links:
            operator.conductance[:links] = heat.conductance
        operator.conductance[links:] = heat.slope[self.inner]
        operator.shift[:] = 0.0
        rows = self.shifted + self.plain
        sum_to_rows(self.a[rows], heat.shift[self.shifted, 0], operator.shift)
        sum_to_rows(self.b[rows], heat.shift[self.shifted, 1], operator.shift)
        hold(self, operator)


def outer_flux(laws, T, orientation):
    """Sum of the boundary laws at surface temperatures T (n,): flux [W/m²] and slope [W/m²/K]."""
    flux, slope = np.zeros(T.size), np.zeros(T.size)
    for law in laws:
        q, dq = law.flux(T, orientation)
        flux, slope = flux + q, slope + dq
    return flux, slope
