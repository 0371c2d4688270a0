"""Heat conduction in solids, films to pools, losses to the surroundings, heat made by the current."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oxycell.mesh.derived import pieces
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.linear import solve
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_to_rows
from oxycell.physics.balance import Quantity, RowTerm, StepLimit
from oxycell.physics.half_cells import HalfCells
from oxycell.physics.heat import scales, through
from oxycell.physics.heat.face_heat import LEDGE_NEIGHBOUR, LEDGE_OWNER
from oxycell.physics.heat.fixed_lumps import fixed_rows, hold
from oxycell.physics.heat.heat_flow import PIECE
from oxycell.physics.heat.kirchhoff import Conductivities, slopes_of_rows, step_rows, transform_rows
from oxycell.physics.heat.step_units import StepUnits
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

    name, unit, field, field_unit, terms_name, own_sources = "heat", "W", "temperature", "K", "heat", "volumetric_heat"
    passes, scale, difference, limit, condensed, driven = "heat", 10.0, 1e-4, 1e-8, False, False

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

    @property
    def shared_names(self):
        """List of str, what the shared rows are."""
        return [f"lump {lump.name!r}" for lump in self.lumps]

    def cell_of_row(self, row):
        """A cell that a row belongs to, int."""
        return int(np.flatnonzero((self.row == row) | (self.own == row))[0])

    @property
    def shared_rows(self):
        """(n_lumps,) int, rows of the lumps."""
        return self.lump_row

    def cell_values(self, T):
        """Temperatures of cells with rows of their own (n_cells,) [K], NaN for others, from those of the rows (n_rows,)
        [K]."""
        return np.where(self.own >= 0, T[self.own], np.nan)

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

    @cached_property
    def fixed_rows(self):
        """(k,) int, rows of the lumps of prescribed temperature, in the order of `fixed_names`."""
        return fixed_rows(self)

    @cached_property
    def fixed_names(self):
        """List of str: sources that keep lumps at a prescribed temperature."""
        return [lump.held for lump in self.lumps if lump.held is not None]

    @cached_property
    def freezing(self):
        """Rows of the pools a ledge can grow from, each with the liquidus [K]: list of (row, liquidus)."""
        ledge = self.ledge
        return [(int(row), ledge.liquidus) for row in np.unique(self.row[ledge.pool_cell])] if ledge else []

    def quantities(self):
        """What the heat balance gives: temperatures of cells, the ledge's front, heat through faces, surface
        temperatures."""
        found = {
            "cell_temperature": Quantity(("temperature",), lambda T: T[self.row]),
            "transformed_temperature": Quantity(("temperature",), self.transformed),
            "volumetric_heat": Quantity(("cell_temperature",), self._volumetric),
            "heat": Quantity(
                (
                    "temperature",
                    "transformed_temperature",
                    "front?",
                    "heat_sources",
                    "heat_face_sources",
                    "temperature_correction",
                ),
                self.evaluate,
                lambda heat: heat.surface,
            ),
            "surface_temperature": Quantity(
                ("temperature", "heat", "front?", "temperature_correction"), self.surface_temperatures
            ),
        }
        if self.ledge is not None:
            found["front"] = Quantity(("temperature", "transformed_temperature", "temperature_correction"), self.front)
            found["heat_counted"] = Quantity(("front",), lambda front: self.real)
            found["heat_weights"] = Quantity(("front",), self._weights)
        return found

    def _volumetric(self, temperature):
        """Tuple of RowTerm of the sources in regions [W] at temperatures (n_cells,) [K]."""
        return tuple(
            RowTerm(source.name, self.row[source.cells], source.made(temperature)[0]) for source in self.sources
        )

    def _weights(self, front):
        """How much a change of each row counts (n_rows,): temperatures of bodies, and of frozen bath by its share."""
        weights = self.real.astype(float)
        weights[self.own[self.ledge.cell]] = front.solid
        return weights

    def front(self, T, tau, rise=None):
        """Front of the ledge; see `through.ledge_front`."""
        return through.ledge_front(self, T, tau, rise)

    @cached_property
    def ledge_heat(self):
        """LedgeHeat."""
        return LedgeHeat(self)

    def evaluate(self, T, tau, front, sources=(), face_sources=(), rise=None, nearby=None):
        """Heat through every face; see `through.heat_through`."""
        return through.heat_through(self, T, tau, front, sources, face_sources, rise, nearby)

    def surface_temperatures(self, T, heat, front, rise=None):
        """Surface temperatures on both sides of every face (m, 2) [K]; see `through.surface_temperatures`."""
        return through.surface_temperatures(self, T, heat, front, rise)

    def flow(self, heat, reactions):
        """Heat made or, if larger, the heat that crosses the outside [W]."""
        return scales.flow(heat, reactions)

    def floor(self, heat):
        """RoundOff of Heat [W]."""
        return scales.floor(self, heat)

    def step(self, operator, heat, residual, tolerance):
        """Step in temperature (n_rows,) [K] for a residual (n_rows,) [W]."""
        return heat.step(operator, residual, tolerance)

    def step_limit(self, controls):
        """StepLimit [K]."""
        return StepLimit(controls.longest_temperature, controls.coldest)

    def diagonal(self, operator, heat):
        """Diagonal (n_rows,) [W/K] of the tangent to temperatures."""
        return operator.diagonal * heat.slopes()

    def preconditioner(self, operator, heat, tolerance):
        """Function of a residual (n_rows,) [W] that returns a step in temperature (n_rows,) [K]."""
        slopes = heat.slopes()
        return lambda residual: solve(operator, residual, tolerance) / slopes

    def allowed_share(self, T, step, lost, gained):
        """Share of a step (n_rows,) [K] from T (n_rows,) [K] that leaves the ledges about as thick as they are: their
        thickness goes with one over the superheat, of which a step may take away and add the shares `lost` and
        `gained`."""
        share = 1.0
        for row, liquidus in self.freezing:
            superheat, change = T[row] - liquidus, step[row]
            if superheat > 0.0 and change != 0.0:
                share = min(share, max(lost * superheat / -change, gained * superheat / change))
        return share

    def fill(self, operator, heat, rate=0.0):
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
