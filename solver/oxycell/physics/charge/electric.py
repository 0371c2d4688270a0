"""Electric potential in all conductors: charge balance, terminals, electrode kinetics."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Bools, Chosen, Floats, Ints
from oxycell.limits import CHARGE_LIMIT
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.linear import solve
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_to_rows
from oxycell.physics.balance import Quantity, RoundOff, StepLimit
from oxycell.physics.charge import scales
from oxycell.physics.charge.boundary_currents import BoundaryCurrents
from oxycell.physics.charge.conduction import Faces, law_currents, plain_conductances, plain_currents
from oxycell.physics.charge.currents import Conduction, Currents, open_area
from oxycell.physics.charge.gas import GasColumns, conductivity_ratio
from oxycell.physics.charge.reaction import CellReaction
from oxycell.physics.charge.resistivity import HalfConductivity
from oxycell.physics.electrode.stack import LawStack
from oxycell.physics.half_cells import HalfCells
from oxycell.physics.ledge.cover import COUNTED
from oxycell.physics.skew import sides_of


@dataclass(frozen=True)
class Electric(HalfCells):
    """Charge balance of every conducting cell and every terminal.

    Rows are the conducting cells, then the terminals: the potential of their node, between surface resistances and
    external resistance. Where that is known its row holds it; where the potential behind an external resistance is, the
    row balances the current from there.

    Attributes
    ----------
    mesh : Mesh
    cells : (n,) int, conducting cells; of a body of ideal conductor the first
    row : (n_cells,) int, row of each cell, −1 outside the domain
    ideal : (n_cells,) bool, cells of ideal conductors; None without any
    terminals : tuple of Terminal; `current`, `surface_resistance` and areas are those of the model, see
        `case/building/build.py`
    face : (m,) int, mesh faces that can carry current
    a, b : (m,) int, rows of the owner and of the neighbour or terminal
    extra : (k,) [ohm m²], resistance between boundary faces, the last ones, and their terminals
    terminal : (m,) int, terminal of a boundary face, −1 inside
    laws : LawStack
    interfaces : tuple of Interface, in the numbering of the stack
    conductivity : tuple of (cells, Property), for each conducting material
    varying : list of (thermal Property, electric Property) or None, for each material of the mesh: those whose
        conductivity varies
    gas : GasColumns or None, vertical anode faces with the gaps their gas rises in
    boundary_currents : BoundaryCurrents or None, outer faces that carry current without a terminal; their b is −1
    sources : tuple of Volumetric, current fed to regions
    pinned : (k,) int, a row of each body whose potential nothing fixes: it stays where it is
    factors : (n_cells, 3), on the conductivity along x, y, z; None where it is the same in all directions
    linear_flux : bool, whether fluxes vary linearly within the cells of a lattice, see LinearFlux
    process : Process or None, whose reversible potential electrodes may have at equilibrium
    """

    mesh: Mesh
    cells: np.ndarray
    row: np.ndarray
    ideal: np.ndarray | None
    terminals: tuple
    face: np.ndarray
    a: np.ndarray
    b: np.ndarray
    extra: np.ndarray
    terminal: np.ndarray
    laws: LawStack
    interfaces: tuple
    conductivity: tuple
    varying: list
    gas: GasColumns | None = None
    boundary_currents: BoundaryCurrents | None = None
    sources: tuple = ()
    pinned: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    factors: np.ndarray | None = None
    linear_flux: bool = False
    process: object = None

    name, unit, field, field_unit, terms_name, own_sources = "charge", "A", "potential", "V", "currents", None
    passes, scale, difference, limit, condensed = "currents", 1.0, 1e-6, CHARGE_LIMIT, True

    @cached_property
    def n_rows(self) -> int:
        """Conducting cells and terminals."""
        return self.cells.size + len(self.terminals)

    @cached_property
    def at_terminals(self) -> Ints:
        """(k,) int, faces to terminals."""
        return np.flatnonzero(self.terminal >= 0)

    @cached_property
    def resisted(self) -> list[tuple[Ints, Floats]]:
        """Faces (k,) int of each terminal with a resistance between them, and that resistance (k,) [ohm m²]: list by
        terminal."""
        first = self.face.size - self.extra.size
        found: list[tuple[Ints, Floats]] = []
        for i in range(len(self.terminals)):
            at = np.flatnonzero((self.terminal[first:] == i) & (self.extra > 0.0))
            found.append((first + at, self.extra[at]))
        return found

    def sides(self, face: Chosen = slice(None)) -> tuple[Ints, Ints]:
        """Owner and neighbour (the owner at a boundary) of faces, by their positions (k,) int; of all without."""
        return sides_of(self.mesh, self.face[face])

    @property
    def _halves(self):
        """(m, 2) bool, sides on which a half cell resists."""
        return (
            np.ones((self.face.size, 2), bool)
            if self.ideal is None
            else ~np.stack([self.ideal[side] for side in self.sides()], 1)
        )

    def operator(self) -> Operator:
        """An empty Operator with the connectivity of this balance; known terminals are shifts."""
        row = self.row if self.ideal is None else np.where(self.ideal, -1, self.row)
        return Operator(self.n_rows, self.a[self.inner], self.b[self.inner], rows_on_lattice(self.mesh.lattice, row))

    @cached_property
    def inner(self) -> slice:
        """Faces between two rows: all but those of boundary currents, which come last."""
        return slice(0, np.count_nonzero(self.b >= 0))

    @cached_property
    def to_known(self) -> Ints:
        """(k,) int, faces to terminals whose potential is known, and those of boundary currents."""
        return np.flatnonzero(np.isin(self.terminal, np.flatnonzero(self.known)) | (self.b < 0))

    @cached_property
    def fed(self) -> Floats:
        """Current that sources feed to each row (n_rows,) [A]."""
        into = np.zeros(self.n_rows)
        for source in self.sources:
            sum_to_rows(self.row[source.cells], source.made(self.mesh.cell_volume)[0], into)
        return into

    @cached_property
    def known(self) -> Bools:
        """(n_terminals,) bool, terminals whose node has a given potential."""
        return np.array([terminal.given_potential is not None for terminal in self.terminals], bool) & (
            self.behind == 0.0
        )

    @cached_property
    def behind(self) -> Floats:
        """Conductance of the model between each node and a potential given outside it (n_terminals,) [S]; 0 where none
        lies between."""
        return np.array(
            [
                0.0
                if terminal.potential is None or terminal.external_resistance == 0.0
                else 1.0 / (self.mesh.multiplicity * terminal.external_resistance)
                for terminal in self.terminals
            ]
        )

    def into_terminals(self, phi: Floats) -> Floats:
        """Current from outside into each terminal (n_terminals,) [A] at potentials (n_rows,) [V]; 0 where the potential
        of its node is given."""
        into = np.zeros(len(self.terminals))
        for i, terminal in enumerate(self.terminals):
            if not self.known[i]:
                given = terminal.current
                into[i] = (
                    self.behind[i] * (terminal.given_potential - phi[self.cells.size + i]) if given is None else given
                )
        return into

    @cached_property
    def driven(self) -> bool:
        """Whether a current is stated anywhere that is not 0, or potentials that differ on one body."""
        return scales.is_driven(self)

    @cached_property
    def reaction(self) -> CellReaction:
        """CellReaction on its electrodes."""
        return CellReaction(self.laws, self.interfaces, self.mesh.multiplicity, self.process)

    @cached_property
    def linear(self) -> bool:
        """Whether no law makes currents other than linear in the potentials at given temperatures."""
        return self.gas is None and all(law.linear for spec in self.interfaces for law in spec.laws)

    @cached_property
    def fixed_rows(self) -> Ints:
        """(k,) int, rows of terminals whose node has a given potential."""
        return self.cells.size + np.flatnonzero(self.known)

    def quantities(self) -> dict[str, Quantity]:
        """What the charge balance gives: conduction, currents, and the drops of laws."""
        return {
            "conduction": Quantity(
                ("cell_temperature", "open_area?", "half_conductivity?"),
                lambda temperature, open_area, halves: self.conduction(temperature, open_area, self.process, halves),
            ),
            "currents": Quantity(
                ("potential", "conduction", "potential_correction"),
                self.evaluate,
                lambda currents: currents.law_density,
            ),
            "law_drops": Quantity(("currents",), lambda currents: currents.law_drops()),
        }

    def start(self) -> Floats:
        """First potentials (n_rows,) [V]: 0, and what is given."""
        phi = np.zeros(self.n_rows)
        for i, terminal in enumerate(self.terminals):
            phi[self.cells.size + i] = terminal.given_potential or 0.0
        return phi

    def conduction(
        self,
        temperature: Floats,
        frozen_over: tuple[Ints, Floats] | None,
        process: Any,
        halves: tuple[Any, Any] | None = None,
    ) -> Conduction:
        """Resistances to currents, whatever the potentials are.

        Parameters
        ----------
        temperature : (n_cells,) [K]
        frozen_over : positions of faces the ledge may cover (k,) int, and the share it leaves open (k,), > 0; or None
        process : Process or None
        halves : (VaryingHalves, its mean), half cells between the temperatures of their ends; None: every cell has one
            temperature

        Returns
        -------
        Conduction
        """
        sigma = np.ones(self.mesh.n_cells)
        for cells, prop in self.conductivity:
            sigma[cells] = prop.at(temperature[cells])
        laws, peltier = self.laws.at(temperature, sigma, process)
        if halves:
            half = halves[0].conductivity(sigma, halves[1])
        else:
            half = HalfConductivity(sigma, self._no_slot, np.zeros((0, 2)))
        area, plain = open_area(self, frozen_over, laws.face), self._plain(half, frozen_over)
        return Conduction(self, frozen_over, area, plain, temperature, half, halves, laws, peltier)

    @cached_property
    def _no_slot(self):
        return np.full(self.face.size, -1, np.int32)

    def _plain(self, sigma, frozen_over):
        """Conductance (m,) [S] of the faces as if they had no laws."""
        found = np.empty(self.face.size)
        plain_conductances(self.faces, sigma, self.mesh.area, found)
        if frozen_over is not None:
            covered, share = frozen_over
            found[covered] *= share
        return found

    @cached_property
    def faces(self) -> Faces:
        """Faces, as kernels take them."""
        distance, row = self.distance
        return Faces(self.face, self.mesh.owner, self.mesh.neighbour, self.a, self.b, distance, row, self.extra)

    def evaluate(
        self, phi: Floats, conduction: Conduction, rise: Floats | None = None, nearby: Floats | None = None
    ) -> Currents:
        """Currents and their effects.

        Parameters
        ----------
        phi : (n_rows,) [V]
        conduction : Conduction
        rise : (m, 2) [V] or None, see Skew
        nearby : (k,) [A/m²] or None, density through the faces with laws at a state nearby

        Returns
        -------
        Currents
        """
        c, sigma, gas_fraction = conduction, conduction.conductivity, None
        conductance = c.conductance
        if self.gas is not None:
            gas_fraction = self.gas.fraction(self, phi, c, rise)
            cell, mean = sigma.cell.copy(), sigma.mean.copy()
            cell[self.gas.across] *= conductivity_ratio(gas_fraction[self.gas.across])
            sigma = c.halves[0].conductivity(cell, mean) if c.halves else sigma._replace(cell=cell)
            conductance = self._plain(sigma, c.frozen_over)
        current, slope, boundary_slope = np.empty(self.face.size), np.empty(c.laws.face.size), None
        density = np.full(slope.size, np.nan) if nearby is None else nearby.copy()
        plain_currents(self.a, self.b, phi, rise, conductance, current)
        law_currents(c.laws, self.faces, sigma, phi, rise, c.law_area, density, current, slope)
        if self.boundary_currents is not None:
            at = self.boundary_currents.index
            inside = phi[self.a[at]] + (0.0 if rise is None else rise[at, 0])
            current[at], boundary_slope = self.boundary_currents.carry(
                inside, self.half_cells(at, sigma)[:, 0], c.area(at)
            )
        return Currents(self, c, sigma, gas_fraction, conductance, density, slope, boundary_slope, current, rise, phi)

    def half_cells(self, face: Chosen, conductivity: HalfConductivity) -> Floats:
        """Resistance of the half cells on both sides of faces (k, 2) [ohm m²] at a HalfConductivity."""
        distance, at = self.distance
        return distance[at[face]] / self.half_conductivity(face, conductivity)

    def half_conductivity(self, face: Chosen, conductivity: HalfConductivity) -> Floats:
        """Conductivity of the half cells on both sides of faces (k, 2) [S/m], of a HalfConductivity."""
        found, slot = np.stack([conductivity.cell[side] for side in self.sides(face)], 1), conductivity.slot[face]
        here = np.flatnonzero(slot >= 0)
        found[here] = conductivity.mean[slot[here]]
        return found

    def diagonal(self, operator: Operator, currents: Currents) -> Floats:
        """Diagonal (n_rows,) [S] of the tangent, with what frozen bath keeps from the rows where it leaves less than a
        share of a face open: a cell on the point of freezing, whose potential soon means nothing, counts by this too
        and does not hold up others."""
        if currents.conduction.frozen_over is None:
            return operator.diagonal
        (face, share), rows = currents.conduction.frozen_over, np.zeros(self.n_rows)
        conductance = np.where(share < COUNTED, currents.slope[face] * (COUNTED / share - 1.0), 0.0)
        sum_to_rows(self.a[face], conductance, rows)
        sum_to_rows(self.b[face], conductance, rows)
        return operator.diagonal + rows

    def preconditioner(self, operator: Operator, currents: Currents, tolerance: float) -> Callable[[Floats], Floats]:
        """Function of a residual (n_rows,) [A] that returns a step in potential (n_rows,) [V]."""
        return lambda residual: solve(operator, residual, tolerance)

    def stored(self, values: Floats) -> None:
        """None: rows hold no charge."""

    def flow(self, currents: Currents, reactions: Floats) -> float:
        """Half of all currents into and out of the body [A]."""
        return scales.flow(self, currents)

    def floor(self, currents: Currents) -> RoundOff:
        """RoundOff of Currents [A]."""
        return scales.floor(self, currents)

    def step(
        self, operator: Operator, currents: Currents, residual: Floats, tolerance: float, stored: Any = None
    ) -> Floats:
        """Step in potential (n_rows,) [V] for a residual (n_rows,) [A]."""
        return solve(operator, residual, tolerance)

    def step_limit(self, controls: Any) -> StepLimit:
        """StepLimit [V]: none where currents are linear in potentials."""
        return StepLimit(np.inf if self.linear else controls.longest_potential, clips=True)

    def allowed_share(self, evaluation: Any, values: Floats, step: Floats, lost: float, gained: float) -> float:
        """The whole step."""
        return 1.0

    def fill(self, operator: Operator, currents: Currents, stored: Any = None) -> None:
        """Tangent of the residual with properties lagged, into the operator; nothing is stored."""
        currents.fill_slope(operator.conductance)
        slope = (
            currents.slope[self.to_known] if self.boundary_currents is not None else operator.conductance[self.to_known]
        )
        operator.conductance[self.to_known[self.to_known < self.inner.stop]] = 0.0
        operator.shift[:] = 0.0
        operator.shift[self.cells.size :] = self.behind
        sum_to_rows(self.a[self.to_known], slope, operator.shift)
        if self.pinned.size:
            operator.shift[self.pinned] += operator.diagonal[self.pinned]
        operator.refresh()

    @cached_property
    def own(self) -> Ints:
        """(n_cells,) int, row of each cell, of a body of ideal conductor of the first one alone; −1 without."""
        own = np.full(self.mesh.n_cells, -1, np.int32)
        own[self.cells] = np.arange(self.cells.size, dtype=np.int32)
        return own

    @property
    def shared_names(self) -> list[str]:
        """List of str, what the shared rows are."""
        return [f"terminal {terminal.name!r}" for terminal in self.terminals]

    def cell_of_row(self, row: int) -> int:
        """A cell that a row belongs to, int."""
        return int(self.cells[row])

    @property
    def shared_rows(self) -> Ints:
        """(n_terminals,) int, rows of the terminals."""
        return self.cells.size + np.arange(len(self.terminals))

    def cell_values(self, phi: Floats) -> Floats:
        """Potential of every mesh cell [V], (n_cells,); NaN outside the electric domain."""
        return np.where(self.row >= 0, phi[self.row], np.nan)
