"""Heat conduction in solids, films to pools, losses to the surroundings, heat made by the current."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import Field

from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_through, sum_to_rows
from oxycell.options import Options, option
from oxycell.physics.boundaries import Convection, FixedTemperature, HeatFlux, NaturalConvection, Radiation
from oxycell.physics.face_heat import BOUNDARY, LEDGE_NEIGHBOUR, LEDGE_OWNER, face_heat
from oxycell.physics.ledge import LedgeColumns, Links
from oxycell.physics.skew import find_skew, scaled_distance, sides_of
from oxycell.physics.supplies import CurrentDensity, FixedPotential

BoundaryLaw = Annotated[
    Convection | Radiation | NaturalConvection | HeatFlux | FixedTemperature | CurrentDensity | FixedPotential,
    Field(discriminator="kind")]


class Condition(Options):
    """What passes surfaces; several laws on one surface add up. Without one a surface is adiabatic, without a terminal insulating."""

    on: tuple[str, ...] = option("surfaces, as names or patterns")
    laws: tuple[BoundaryLaw, ...] = option("laws that add up")
    path: str | None = option("loss path the heat is booked under (default: the surface's name)", None)


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
    face : (m,) int, mesh faces heat can cross
    a, b : (m,) int, rows of owner and neighbour; b = −1 at a boundary
    kind : (m,) int, what the face does
    film : (m, 2) [m² K/W], film resistance on the side of a lump, NaN on the side of a solid
    contact : (m,) [m² K/W], thermal resistance of the interface
    emissivity : (m,), of a radiating lump
    conditions : tuple of (positions among the faces, orientation, laws), one for each condition
    path : (m,) int, loss path of boundary faces, −1 elsewhere
    ledge : LedgeColumns or None; ledge_face : (n,) int, positions of its wall faces; links : Links or None, its conduction
    conductivity : tuple of (cells, Property) for each material
    sources : tuple of Volumetric, heat made in regions; factors : (n_cells, 3) on the conductivity along x, y, z, or None
    """

    mesh: Mesh
    row: np.ndarray
    own: np.ndarray
    lumps: tuple
    n_rows: int
    face: np.ndarray
    a: np.ndarray
    b: np.ndarray
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

    @cached_property
    def position(self):
        """(n_faces,) int, position of a mesh face among the thermal faces, −1 where no heat crosses."""
        place = np.full(self.mesh.n_faces, -1, np.int64)
        place[self.face] = np.arange(self.face.size)
        return place

    @cached_property
    def balance_rows(self):
        """Rows (m,) int that a face's heat leaves and enters: a and b, but the far end of its column in place of a wall with a ledge."""
        rows = np.stack([self.a, self.b])
        if self.ledge is not None:
            wall_side = np.where(self.kind[self.ledge_face] == LEDGE_OWNER, 1, 0)
            rows[wall_side, self.ledge_face] = self.own[self.ledge.last_cell]
        return rows

    @cached_property
    def sides(self):
        """Owner and neighbour (the owner at a boundary) of every face (m,) int."""
        return sides_of(self.mesh, self.face)

    @cached_property
    def skew(self):
        """Skew of its faces, or None on an orthogonal mesh."""
        return find_skew(self.mesh, self.face, np.isnan(self.film), self.factors)

    @cached_property
    def distance(self):
        """Distances (k, 2) [m] that take the drops, see `Electric.geometry`, and the row of each face in them (m,)."""
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
        """(k,) int, faces of which the ledge may cover a part: those of its cells, but for its walls and the outside."""
        beside = np.zeros(self.mesh.n_cells, bool)
        beside[self.ledge.cell] = True
        may = (self.kind != LEDGE_OWNER) & (self.kind != LEDGE_NEIGHBOUR) & (self.kind != BOUNDARY)
        return np.flatnonzero(may & (beside[self.sides[0]] | beside[self.sides[1]]))

    @cached_property
    def inner(self):
        """Faces between two rows; those to the outside come last."""
        return slice(0, np.count_nonzero(self.b >= 0))

    @cached_property
    def shifted(self):
        """(k,) int, faces whose tangent acts on one row only: walls behind a ledge and the outside."""
        return np.r_[self.ledge_face, np.arange(self.inner.stop, self.face.size)]

    @cached_property
    def whole_area(self):
        """(m,) [m²], of the faces without a ledge."""
        return self.mesh.area[self.face]

    @cached_property
    def lump_row(self):
        """(n_lumps,) int."""
        return self.n_rows - len(self.lumps) + np.arange(len(self.lumps))

    def operator(self):
        """An empty Operator with the connectivity of this balance; the outside is a shift."""
        a, b = self.a[self.inner], self.b[self.inner]
        if self.links is not None:
            a, b = np.r_[a, self.links.a], np.r_[b, self.links.b]
        return Operator(self.n_rows, a, b, rows_on_lattice(self.mesh.lattice, self.own))

    def cell_conductivity(self, temperature):
        """Thermal conductivity of every cell at temperatures (n_cells,) [K]: (n_cells,) [W/m/K]."""
        k = np.ones(self.mesh.n_cells)
        for cells, prop in self.conductivity:
            k[cells] = prop(temperature[cells])[0]
        return k

    def frozen_conductivity(self, T):
        """Thermal conductivity of frozen bath in the cells of ledge columns, 1 elsewhere (n_cells,) [W/m/K], T (n_rows,) [K]."""
        k = np.ones(self.mesh.n_cells)
        k[self.ledge.cell] = self.ledge.conductivity(np.minimum(T[self.own[self.ledge.cell]], self.ledge.liquidus))[0]
        return k

    def front(self, T, k):
        """The front of the ledge.

        Parameters
        ----------
        T : (n_rows,) [K]
        k : (n_cells,) [W/m/K], thermal conductivity of what is solid anyhow

        Returns
        -------
        Front
        """
        ledge, mesh = self.ledge, self.mesh
        at_owner = mesh.owner[ledge.face] == ledge.pool_cell
        to_pool, to_wall = (np.where(at_owner == first, *mesh.distance[ledge.face].T) for first in (True, False))
        half = to_pool / self.frozen_conductivity(T)[ledge.pool_cell]
        behind = to_wall / k[ledge.wall_cell] + self.contact[self.ledge_face]
        return ledge.front(mesh, T[self.own[ledge.cell]], T[self.own[ledge.wall_cell]], half, behind)

    def evaluate(self, T, k, front, source, rise=None, surfaces=False):
        """Heat through every face.

        Parameters
        ----------
        T : (n_rows,) [K]
        k : (n_cells,) [W/m/K], from `cell_conductivity`
        front : Front or None, where the ledge ends
        source : (m, 2) [W], heat made on the owner's and the neighbour's side of each face
        rise : (m, 2) [K] or None, see Skew
        surfaces : bool, whether surface temperatures are wanted

        Returns
        -------
        Heat
        """
        area, owner = self.whole_area.copy(), self.sides[0]
        if front is not None:
            area[self.frozen_over] *= front.open_faces[self.face[self.frozen_over]]
            area[self.ledge_face] *= front.share
        m = self.face.size
        heat, surface, slope, shift = np.empty((m, 2)), np.empty((m if surfaces else 0, 2)), np.zeros(m), np.zeros((m, 2))
        liquidus = self.ledge.liquidus if self.ledge else 0.0
        distance, at = self.distance
        face_heat(self.kind[self.inner], self.a, self.b, T, rise, *self.sides, distance, at, k, self.film, self.contact, self.emissivity,
                  area, source, liquidus, heat, surface, slope, shift)
        conductance, linked = None, None
        if front is not None:
            conductance = self.links.conductance(self.mesh, k, self.frozen_conductivity(T), front.solid)
            linked = conductance * (T[self.links.a] - T[self.links.b])
        for chosen, orientation, laws in self.conditions:
            inside = T[self.a[chosen]] if rise is None else T[self.a[chosen]] + rise[chosen, 0]
            half = np.where(np.isnan(self.film[chosen, 0]), distance[at[chosen], 0] / k[owner[chosen]], self.film[chosen, 0])
            self._outside(inside, half, area[chosen], source[chosen, 0], orientation, laws, chosen, heat, surface, shift)
        return Heat(self, area, heat, surface, slope, shift, conductance, linked, k)

    def surface_temperatures(self, T, k, front, source, rise=None):
        """Surface temperatures on both sides of every face (m, 2) [K]; of what frozen bath touches beside its walls that between it and
        the solid, by the share it covers. Arguments as in `evaluate`."""
        surface = self.evaluate(T, k, front, source, rise, surfaces=True).surface
        if front is None:
            return surface
        tied, frozen = self.links, self.frozen_conductivity(T)
        touching = np.flatnonzero(~tied.through & ~tied.frozen.all(1) & (self.position[tied.face] >= 0))
        face = tied.face[touching]
        weight = [np.where(tied.frozen[touching, i], frozen[cell], k[cell]) / self.mesh.distance[face, i]
                  for i, cell in enumerate((self.mesh.owner[face], self.mesh.neighbour[face]))]
        between = (weight[0] * T[tied.a[touching]] + weight[1] * T[tied.b[touching]]) / (weight[0] + weight[1])
        surface[self.position[face]] += (1.0 - front.open_faces[face])[:, None] * (between[:, None] - surface[self.position[face]])
        return surface

    @staticmethod
    def _outside(T, half, area, source, orientation, laws, chosen, heat, surface, shift):
        """Boundary faces of one condition: the surface temperature that balances half cell, source and laws."""
        fixed = [law for law in laws if law.kind == "fixed_temperature"]
        if fixed:
            surface_T, slope = np.full(T.size, fixed[0].temperature), np.full(T.size, np.inf)
        else:
            surface_T = T.copy()
            for _ in range(50):
                flux, slope = outer_flux(laws, surface_T, orientation)
                step = ((T - surface_T) / half + source / area - flux) / (1.0 / half + slope)
                surface_T, flux = surface_T + step, flux + slope * step
                if np.max(np.abs(step), initial=0.0) <= 1e-9 * np.max(np.abs(surface_T), initial=1.0):
                    break  # the next one, and what the flux is off by, would be its square
        left = (T - surface_T) / half
        if not fixed:  # behind a good conductor that difference is lost in round-off, and the laws say better what leaves
            left = np.where(slope * half < 1.0, flux - source / area, left)
        heat[chosen, 0] = area * left
        heat[chosen, 1] = heat[chosen, 0] + source
        if surface.size:
            surface[chosen] = surface_T[:, None]
        shift[chosen, 0] = area / (half + 1.0 / np.maximum(slope, 1e-300))

    def residual(self, heat, row_source):
        """Net heat into each row [W], (n_rows,); `row_source` (n_rows,) is made inside it."""
        net = row_source.copy()
        sum_through(*self.balance_rows, heat.heat[:, 0], heat.heat[:, 1], net)
        if self.links is not None:
            sum_through(self.links.a, self.links.b, heat.linked, heat.linked, net)
        return net

    def fill(self, operator, heat):
        """Symmetric part of the tangent with properties held, into the operator."""
        operator.conductance[self.inner] = heat.slope[self.inner]
        if self.links is not None:
            operator.conductance[self.inner.stop:] = heat.conductance
        operator.shift[:] = 0.0
        sum_to_rows(self.a[self.shifted], heat.shift[self.shifted, 0], operator.shift)
        sum_to_rows(self.b[self.shifted], heat.shift[self.shifted, 1], operator.shift)
        operator.refresh()


def outer_flux(laws, T, orientation):
    """Sum of the boundary laws at surface temperatures T (n,): flux [W/m²] and slope [W/m²/K]."""
    flux, slope = np.zeros(T.size), np.zeros(T.size)
    for law in laws:
        q, dq = law.flux(T, orientation)
        flux, slope = flux + q, slope + dq
    return flux, slope


@dataclass(frozen=True)
class Heat:
    """Heat through the faces of the thermal balance.

    Attributes
    ----------
    area : (m,) [m²], wetted area
    heat : (m, 2) [W], leaving the owner, and entering the neighbour or the surroundings
    surface : (m, 2) [K], surface temperatures on both sides but for what the ledge covers, (0, 2) where they were not wanted
    slope : (m,) [W/K], conductance of the tangent
    shift : (m, 2) [W/K], part of the tangent that acts on one row only: the outside, and pools in front of a ledge
    conductance : (k,) [W/K], linked : (k,) [W], of the ledge's links, from their first row to the second; None without a ledge
    conductivity : (n_cells,) [W/m/K]
    """

    thermal: Thermal
    area: np.ndarray
    heat: np.ndarray
    surface: np.ndarray
    slope: np.ndarray
    shift: np.ndarray
    conductance: np.ndarray | None
    linked: np.ndarray | None
    conductivity: np.ndarray

    def next_rise(self):
        """The rise in temperature this heat asks for (m, 2) [K]."""
        return self.thermal.skew.rises(self.heat, self.conductivity)
