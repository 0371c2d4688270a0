"""Heat conduction in solids, films to pools, losses to the surroundings, heat made by the current."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
from numba import njit
from pydantic import Field

from oxycell.constants import STEFAN_BOLTZMANN
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_to_rows
from oxycell.options import Options, option
from oxycell.physics.boundaries import Convection, FixedTemperature, HeatFlux, NaturalConvection, Radiation
from oxycell.physics.conduction import half_resistances
from oxycell.physics.ledge import LedgeColumns, Links, wall_flux
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


SERIES, RADIATING_OWNER, RADIATING_NEIGHBOUR, LEDGE_OWNER, LEDGE_NEIGHBOUR, BOUNDARY = range(6)
"""What a face does: resistances in series; a radiating lump or the film of a freezing pool on one side; the outside."""


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
        """(m,) bool, faces of which the ledge may cover a part: all but its walls and the outside."""
        return (self.kind != LEDGE_OWNER) & (self.kind != LEDGE_NEIGHBOUR) & (self.kind != BOUNDARY)

    @cached_property
    def lump_row(self):
        """(n_lumps,) int."""
        return self.n_rows - len(self.lumps) + np.arange(len(self.lumps))

    def operator(self):
        """An empty Operator with the connectivity of this balance; the outside is a shift."""
        inner = self.b >= 0
        a, b = self.a[inner], self.b[inner]
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

    def evaluate(self, T, k, front, source, rise=None):
        """Heat through every face.

        Parameters
        ----------
        T : (n_rows,) [K]
        k : (n_cells,) [W/m/K], from `cell_conductivity`
        front : Front or None, where the ledge ends
        source : (m, 2) [W], heat made on the owner's and the neighbour's side of each face
        rise : (m, 2) [K] or None, see Skew

        Returns
        -------
        Heat
        """
        half = np.empty(self.film.shape)
        half_resistances(*self.sides, *self.distance, k, self.film, half)
        area = self.mesh.area[self.face]
        if front is not None:
            area *= np.where(self.frozen_over, front.open_faces[self.face], 1.0)
            area[self.ledge_face] *= front.share
        m = self.face.size
        heat, surface, slope, shift = np.empty((m, 2)), np.empty((m, 2)), np.zeros(m), np.zeros((m, 2))
        liquidus = self.ledge.liquidus if self.ledge else 0.0
        face_heat(self.kind, self.a, self.b, T, rise, half, self.contact, self.emissivity, area, source, liquidus,
                  heat, surface, slope, shift)
        conductance, linked = None, None
        if front is not None:
            conductance = self.links.conductance(self.mesh, k, self.frozen_conductivity(T), front.solid)
            linked = conductance * (T[self.links.a] - T[self.links.b])
        for chosen, orientation, laws in self.conditions:
            inside = T[self.a[chosen]] if rise is None else T[self.a[chosen]] + rise[chosen, 0]
            self._outside(inside, half[chosen, 0], area[chosen], source[chosen, 0], orientation, laws,
                          chosen, heat, surface, shift)
        return Heat(self, area, heat, surface, slope, shift, conductance, linked, k)

    def surface_temperatures(self, T, k, heat, front):
        """Surface temperatures (m, 2) [K]: those of `Heat`, and of what frozen bath touches beside its walls that between it and the
        solid, by the share it covers. Arguments as in `evaluate`."""
        if front is None:
            return heat.surface
        tied, surface, frozen = self.links, heat.surface.copy(), self.frozen_conductivity(T)
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
                surface_T = surface_T + step
                if np.max(np.abs(step), initial=0.0) <= 1e-13 * np.max(np.abs(surface_T), initial=1.0):
                    break
        left = (T - surface_T) / half
        if not fixed:  # behind a good conductor that difference is lost in round-off, and the laws say better what leaves
            flux, slope = outer_flux(laws, surface_T, orientation)
            left = np.where(slope * half < 1.0, flux - source / area, left)
        heat[chosen, 0] = area * left
        heat[chosen, 1] = heat[chosen, 0] + source
        surface[chosen] = surface_T[:, None]
        shift[chosen, 0] = area / (half + 1.0 / np.maximum(slope, 1e-300))

    def residual(self, heat, row_source):
        """Net heat into each row [W], (n_rows,); `row_source` (n_rows,) is made inside it."""
        net = row_source.copy()
        sum_to_rows(self.balance_rows[0], -heat.heat[:, 0], net)
        sum_to_rows(self.balance_rows[1], heat.heat[:, 1], net)
        if self.links is not None:
            sum_to_rows(self.links.a, -heat.linked, net)
            sum_to_rows(self.links.b, heat.linked, net)
        return net

    def fill(self, operator, heat):
        """Symmetric part of the tangent with properties held, into the operator."""
        slope = heat.slope[self.b >= 0]
        operator.conductance[:] = slope if self.links is None else np.r_[slope, heat.conductance]
        operator.shift[:] = 0.0
        sum_to_rows(self.a, heat.shift[:, 0], operator.shift)
        sum_to_rows(self.b, heat.shift[:, 1], operator.shift)
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
    surface : (m, 2) [K], surface temperatures on both sides; `Thermal.surface_temperatures` adds what the ledge covers
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


@njit(cache=True)
def radiating_surface(solid, gas, behind, film, emissivity):
    """Temperature of a surface between a solid and a gas space it exchanges heat with by film and radiation.

    Parameters
    ----------
    solid, gas : [K], beyond the resistance `behind` [m² K/W], and of the gas space; heat made on the way raises `solid` by
        that heat times the resistance behind it
    film : [m² K/W]; emissivity : effective, between surface and gas space

    Returns
    -------
    T : [K], root of (solid − T)/behind = (T − gas)/film + ε σ (T⁴ − gas⁴)
    slope : [W/m²/K] of the right-hand side at T

    Notes
    -----
    Newton's method; the right-hand side is convex and rising, so it converges from above without a safeguard.
    """
    T = max(solid, gas)
    if behind == 0.0:
        return solid, 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * abs(solid) ** 3
    for _ in range(60):
        cube = T * T * abs(T)
        slope = 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * cube
        out = (T - gas) / film + emissivity * STEFAN_BOLTZMANN * (T * cube - gas * abs(gas) ** 3)
        step = ((solid - T) / behind - out) / (1.0 / behind + slope)
        T += step
        if abs(step) <= 1e-14 * abs(T):
            break
    return T, 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * abs(T) ** 3


@njit(cache=True)
def face_heat(kind, a, b, T, rise, half, contact, emissivity, area, source, liquidus, heat, surface, slope, shift):
    """Heat through every face that is not at the outside.

    Parameters
    ----------
    kind, a, b, half, contact, emissivity, area, source : see Thermal
    T : (n,) [K]; rise : (m, 2) [K] or None, see Skew
    liquidus : [K]
    heat, surface, slope, shift : out, see Heat

    Notes
    -----
    Half cell, surface, interface, surface, half cell in series; heat made on a surface leaves to both sides by the
    resistances it sees, so the surface temperatures are eliminated exactly. Behind a ledge, whose front is at the liquidus,
    what is made on the wall goes into the wall and what is made on the front into the pool.
    """
    for f in range(a.size):
        if kind[f] == BOUNDARY:
            continue
        A, ra, rb, R = area[f], half[f, 0], half[f, 1], contact[f]
        Ta, Tb = T[a[f]], T[b[f]]
        if rise is not None:
            Ta, Tb = Ta + rise[f, 0], Tb - rise[f, 1]
        if kind[f] == SERIES:
            g = 1.0 / (ra + R + rb)
            slope[f] = A * g
            heat[f, 0] = slope[f] * (Ta - Tb) - g * (source[f, 0] * (R + rb) + source[f, 1] * rb)
            heat[f, 1] = heat[f, 0] + source[f, 0] + source[f, 1]
            surface[f, 0] = Ta - heat[f, 0] * ra / A
            surface[f, 1] = Tb + heat[f, 1] * rb / A
        elif kind[f] == RADIATING_OWNER or kind[f] == RADIATING_NEIGHBOUR:
            lump_first = kind[f] == RADIATING_OWNER
            solid, gas = (Tb, Ta) if lump_first else (Ta, Tb)
            film, half_solid = (ra, rb) if lump_first else (rb, ra)
            at_gas, at_solid = (source[f, 0], source[f, 1]) if lump_first else (source[f, 1], source[f, 0])
            raised = solid + (at_solid * half_solid + at_gas * (half_solid + R)) / A
            Ts, out_slope = radiating_surface(raised, gas, half_solid + R, film, emissivity[f])
            q = (Ts - gas) / film + emissivity[f] * STEFAN_BOLTZMANN * (Ts * abs(Ts) ** 3 - gas * abs(gas) ** 3)
            given = A * q - at_gas - at_solid
            heat[f, 0], heat[f, 1] = (-A * q, -given) if lump_first else (given, A * q)
            slope[f] = A / (half_solid + R + 1.0 / out_slope)
            inner = solid - given / A * half_solid
            surface[f, 0], surface[f, 1] = (Ts, inner) if lump_first else (inner, Ts)
        else:
            pool_first = kind[f] == LEDGE_OWNER
            pool, wall = (Ta, Tb) if pool_first else (Tb, Ta)
            film, half_wall = (ra, rb) if pool_first else (rb, ra)
            q, frozen = wall_flux(pool, wall, liquidus, film, half_wall + R)
            at_pool, at_wall = (source[f, 0], source[f, 1]) if pool_first else (source[f, 1], source[f, 0])
            total = film + half_wall + R
            back = at_pool * (frozen + (1.0 - frozen) * (half_wall + R) / total) + at_wall * (1.0 - frozen) * half_wall / total
            left, entered = A * q - back, A * q - back + at_pool + at_wall
            heat[f, 0], heat[f, 1] = (left, entered) if pool_first else (-entered, -left)
            slope[f] = A * (1.0 - frozen) / total
            shift[f, 0 if pool_first else 1] = A * frozen / film
            front, inner = pool - left / A * film, wall + entered / A * half_wall
            surface[f, 0], surface[f, 1] = (front, inner) if pool_first else (inner, front)
