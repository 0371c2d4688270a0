"""Electric potential in all conductors: charge balance, terminals, electrode kinetics."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from pydantic import model_validator

from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_to_rows
from oxycell.options import Options, Quantity, non_negative, option
from oxycell.physics.conduction import (
    activation_drops,
    bubble_drops,
    concentration_drops,
    face_currents,
    half_cells,
    heat_within,
    limiting_drops,
)
from oxycell.physics.gas import BRUGGEMAN, GasColumns
from oxycell.physics.interfaces import PLACES, LawStack, facing_mask
from oxycell.physics.skew import find_skew, scaled_distance, sides_of
from oxycell.physics.supplies import Supplies


class Terminal(Options):
    """Boundary surfaces at one potential; either the potential or the total current is known."""

    name: str = option("name of the terminal")
    surfaces: tuple[str, ...] = option("surfaces it contacts, as names or patterns")
    current: Quantity["A"] | None = option("total current into the body, of the whole model", None)
    potential: Quantity["V"] | None = option("potential", None)
    surface_resistance: Quantity["ohm"] = non_negative("resistance between the terminal and each of its surfaces (clamp, flex)", 0.0)
    part: str = option('voltage part of that resistance; "external" spends its heat outside the thermal domain', "contacts")
    external_resistance: Quantity["ohm"] = non_negative("resistance ahead of the terminal, of the whole model (busbars)", 0.0)

    @model_validator(mode="after")
    def _one_known(self):
        if (self.current is None) == (self.potential is None):
            raise ValueError(f"terminal {self.name!r} needs either a current or a potential")
        return self


@dataclass(frozen=True)
class Electric:
    """Charge balance of every conducting cell and every terminal.

    Rows are the conducting cells, then the terminals. The row of a terminal with a known potential holds it.

    Attributes
    ----------
    mesh : Mesh
    cells : (n,) int, conducting cells
    terminals : tuple of Terminal; `current`, `surface_resistance` and areas are those of the model, see `case/build.py`
    face : (m,) int, mesh faces that can carry current
    a, b : (m,) int, rows of the owner and of the neighbour or terminal
    extra : (m,) [ohm m²], resistance between a boundary face and its terminal
    terminal : (m,) int, terminal of a boundary face, −1 inside
    laws : LawStack
    interfaces : tuple of Interface, in the numbering of the stack
    conductivity : tuple of (cells, Property), for each conducting material
    gas : GasColumns or None, upright anode faces with the gaps their gas rises in
    supplies : Supplies or None, outer faces that carry current without a terminal; their b is −1
    sources : tuple of Volumetric, current fed to regions
    pinned : (k,) int, a row of each body whose potential nothing fixes: it stays where it is
    factors : (n_cells, 3), on the conductivity along x, y, z; None where it is the same in all directions
    """

    mesh: Mesh
    cells: np.ndarray
    terminals: tuple
    face: np.ndarray
    a: np.ndarray
    b: np.ndarray
    extra: np.ndarray
    terminal: np.ndarray
    laws: LawStack
    interfaces: tuple
    conductivity: tuple
    gas: GasColumns | None = None
    supplies: Supplies | None = None
    sources: tuple = ()
    pinned: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    factors: np.ndarray | None = None

    @cached_property
    def n_rows(self):
        """Conducting cells and terminals."""
        return self.cells.size + len(self.terminals)

    @cached_property
    def law_of_face(self):
        """(m,) int, position of a face's laws in the stack, −1 without."""
        place = np.full(self.face.size, -1, np.int64)
        place[self.laws.face] = np.arange(self.laws.face.size)
        return place

    @cached_property
    def geometry(self):
        """Area (m,) [m²], distances to both cell centres (m, 2) [m], owner (m,) and neighbour (m,; the owner at a boundary).

        Distances are those that take the drop: over the factor of the conductivity along them, and of skew cells θ times as long.
        """
        if self.skew is not None:
            distance = self.skew.distance
        else:
            distance, at = scaled_distance(self.mesh, self.face, self.factors)
            distance = distance[at]
        return self.mesh.area[self.face], distance, *sides_of(self.mesh, self.face)

    @cached_property
    def skew(self):
        """Skew of its faces, or None on an orthogonal mesh."""
        return find_skew(self.mesh, self.face, np.ones((self.face.size, 2), bool), self.factors)

    def operator(self):
        """An empty Operator with the connectivity of this balance; known terminals are shifts."""
        row = np.full(self.mesh.n_cells, -1, np.int64)
        row[self.cells] = np.arange(self.cells.size)
        return Operator(self.n_rows, self.a[self.inner], self.b[self.inner], rows_on_lattice(self.mesh.lattice, row))

    @cached_property
    def inner(self):
        """Faces between two rows: all but those of supplies."""
        return slice(None) if self.supplies is None else self.b >= 0

    @cached_property
    def fed(self):
        """Current that sources feed to each row (n_rows,) [A]."""
        into, row = np.zeros(self.n_rows), np.full(self.mesh.n_cells, -1, np.int64)
        row[self.cells] = np.arange(self.cells.size)
        for source in self.sources:
            sum_to_rows(row[source.cells], source.made(self.mesh.cell_volume)[0], into)
        return into

    @cached_property
    def known(self):
        """(n_terminals,) bool, terminals whose potential is given."""
        return np.array([terminal.potential is not None for terminal in self.terminals], bool)

    @cached_property
    def linear(self):
        """Whether no law makes currents other than linear in the potentials at given temperatures."""
        return self.gas is None and all(law.kind in ("contact", "insulation", "equilibrium", "resistance", "reversible_heat")
                                        for spec in self.interfaces for law in spec.laws)

    def start(self):
        """First potentials (n_rows,) [V]: 0, and what is known."""
        phi = np.zeros(self.n_rows)
        for i, terminal in enumerate(self.terminals):
            phi[self.cells.size + i] = terminal.potential or 0.0
        return phi

    def evaluate(self, phi, temperature, open_fraction, process, rise=None):
        """Currents and what they make, for given potentials and temperatures.

        Parameters
        ----------
        phi : (n_rows,) [V]
        temperature : (n_cells,) [K]
        open_fraction : (n_faces,) or None, share of each mesh face that is not frozen over, > 0
        process : Process or None
        rise : (m, 2) [V] or None, see Skew

        Returns
        -------
        Currents
        """
        area, distance, owner, neighbour = self.geometry
        if open_fraction is not None:
            area = area * open_fraction[self.face]
        sigma = np.ones(self.mesh.n_cells)
        for cells, prop in self.conductivity:
            sigma[cells] = prop(temperature[cells])[0]
        laws = self.laws
        T_law = temperature[laws.temperature_cell]
        rest = np.where(np.isnan(laws.equilibrium), 0.0, laws.equilibrium)
        peltier = np.zeros(laws.face.size)
        reacting = np.isnan(laws.equilibrium)
        if reacting.any():
            rest[reacting] = over_distinct(process.reversible_potential, T_law[reacting])
        taking = laws.reversible_share > 0.0
        if taking.any():
            peltier[taking] = laws.reversible_share[taking] * over_distinct(process.peltier_voltage, T_law[taking])
        thermal_voltage, slope_c = GAS_CONSTANT / FARADAY * T_law, laws.concentration_slope * T_law
        limiting = np.stack([thermal_voltage / laws.limit_electrons, laws.limiting_current(T_law)], 1)
        second = np.where(laws.sign > 0, neighbour[laws.face], owner[laws.face])
        layer = np.stack([sigma[second], laws.coverage_factor, laws.coverage_offset], 1)
        half, gas_fraction = np.empty(distance.shape), None
        half_cells(owner, neighbour, distance, sigma, half)
        if self.gas is not None:
            share = np.ones(self.face.size) if open_fraction is None else open_fraction[self.face]
            gas_fraction = self.gas.fraction(self, phi, half, share, temperature, rest, thermal_voltage, slope_c, limiting, layer)
            sigma *= (1.0 - gas_fraction) ** BRUGGEMAN
            half_cells(owner, neighbour, distance, sigma, half)
        density, slope = np.empty(self.face.size), np.empty(self.face.size)
        face_currents(self.a, self.b, phi, rise, half, self.extra, self.law_of_face, laws.sign, laws.resistance, rest, laws.kinetics,
                      laws.exchange, laws.anodic, laws.cathodic, thermal_voltage, slope_c, laws.concentration_threshold, limiting,
                      layer, density, slope)
        if self.supplies is not None:
            inside = phi[self.a[self.supplies.index]] + (0.0 if rise is None else rise[self.supplies.index, 0])
            self.supplies.carry(inside, half, density, slope)
        return Currents(self, area, half, rest, thermal_voltage, slope_c, peltier, limiting, layer, density, density * area, slope * area,
                        gas_fraction, sigma, rise)

    def covered(self, currents, open_fraction, least):
        """Conductance (n_rows,) [S] that frozen bath keeps from the rows, where it leaves less than the share `least` of a face open: a
        cell on the point of freezing, whose potential soon means nothing, counts by this too and does not hold up the others."""
        share, rows = open_fraction[self.face], np.zeros(self.n_rows)
        conductance = np.where(share < least, currents.slope * (least / share - 1.0), 0.0)
        sum_to_rows(self.a, conductance, rows)
        sum_to_rows(self.b, conductance, rows)
        return rows

    def residual(self, currents):
        """Net current into each row [A], (n_rows,); rows of known terminals are 0."""
        net = self.fed.copy()
        sum_to_rows(self.b, currents.current, net)
        sum_to_rows(self.a, -currents.current, net)
        for i, terminal in enumerate(self.terminals):
            net[self.cells.size + i] = 0.0 if self.known[i] else net[self.cells.size + i] + terminal.current
        return net

    def fill(self, operator, currents):
        """Tangent of the residual with properties held, into the operator."""
        held = np.zeros(self.n_rows, bool)
        held[self.cells.size:] = self.known
        to_known = held[self.b] | (self.b < 0)
        operator.conductance[:] = np.where(to_known, 0.0, currents.slope)[self.inner]
        operator.shift[:] = 0.0
        sum_to_rows(np.where(to_known, self.a, -1), currents.slope, operator.shift)
        if self.pinned.size:
            operator.shift[self.pinned] += operator.diagonal[self.pinned]
        operator.refresh()

    def potential(self, phi):
        """Potential of every mesh cell [V], (n_cells,); NaN outside the electric domain."""
        out = np.full(self.mesh.n_cells, np.nan)
        out[self.cells] = phi[:self.cells.size]
        return out


def over_distinct(function, T):
    """Values of a property function at T (n,), evaluated once for each distinct temperature (a pool has one)."""
    distinct, place = np.unique(T, return_inverse=True)
    return function(distinct)[0][place]


@dataclass(frozen=True)
class Currents:
    """Currents through the faces of the electric domain, and the heat they make.

    Attributes
    ----------
    area : (m,) [m²], open area
    half : (m, 2) [ohm m²], resistance of the half cells on both sides
    rest, thermal_voltage, concentration_slope, peltier : (k,) [V], of the faces with laws
    limiting : (k, 2), R T/(n F) [V] and limiting current density [A/m²]; layer : (k, 3), of `drop_bubbles`
    density : (m,) [A/m²], from owner to neighbour; current : (m,) [A]; slope : (m,) [S], at that gas fraction
    gas_fraction : (n_cells,) or None
    conductivity : (n_cells,) [S/m]
    rise : (m, 2) [V] or None, see Skew
    """

    electric: Electric
    area: np.ndarray
    half: np.ndarray
    rest: np.ndarray
    thermal_voltage: np.ndarray
    concentration_slope: np.ndarray
    peltier: np.ndarray
    limiting: np.ndarray
    layer: np.ndarray
    density: np.ndarray
    current: np.ndarray
    slope: np.ndarray
    gas_fraction: np.ndarray | None
    conductivity: np.ndarray
    rise: np.ndarray | None

    @property
    def drops(self):
        """Potential drops in the owner's and the neighbour's half cell (m, 2) [V]; 0 behind a boundary."""
        drops = self.density[:, None] * self.half
        return drops if self.rise is None else drops - self.rise

    def next_rise(self):
        """The rise these currents ask for (m, 2) [V]."""
        return self.electric.skew.rises(np.stack([self.current, self.current], 1), self.conductivity)

    def joule_heat(self):
        """Joule heat of every mesh cell (n_cells,) [W]: the current times the drop in its half cells."""
        _, _, owner, neighbour = self.electric.geometry
        heat = np.zeros(self.electric.mesh.n_cells)
        heat_within(owner, neighbour, self.current, self.density, self.half, self.rise, heat)
        return heat

    def law_drops(self):
        """Voltage of each law: (part, positions of the faces (k,), drop along owner → neighbour (k,) [V], heat place or None).

        One entry for each law of each interface and each terminal's surface resistance; equilibrium potentials make no heat.
        """
        laws = self.electric.laws
        J = laws.sign * self.density[laws.face]
        facing = self.electric.mesh.normal[self.electric.face[laws.face], 2] * laws.sign
        entries = []
        for number, spec in enumerate(self.electric.interfaces):
            here = np.flatnonzero(laws.interface == number)
            for law in spec.laws:
                chosen, place = here, getattr(law, "heat", None)
                if law.kind in ("asinh", "butler_volmer"):
                    drop = activation_drops(J[chosen], laws.kinetics[chosen], laws.exchange[chosen], laws.anodic[chosen],
                                       laws.cathodic[chosen], self.thermal_voltage[chosen])
                elif law.kind == "concentration":
                    drop = concentration_drops(J[chosen], self.concentration_slope[chosen], laws.concentration_threshold[chosen])
                elif law.kind == "limiting_current":
                    drop = limiting_drops(J[chosen], self.limiting[chosen])
                elif law.kind == "bubble_layer":
                    chosen = here[facing_mask("down", facing[here])]
                    drop = bubble_drops(J[chosen], self.layer[chosen])
                elif law.kind == "equilibrium":
                    drop = self.rest[chosen]
                elif law.kind == "contact" and law.electric > 0.0:
                    drop = J[chosen] * law.electric
                elif law.kind == "resistance":
                    chosen = here[facing_mask(law.facing, facing[here])]
                    drop = J[chosen] * law.resistance
                else:
                    continue
                entries.append((law.part, laws.face[chosen], laws.sign[chosen] * drop, laws.sign[chosen], place, number))
        for i, terminal in enumerate(self.electric.terminals):
            chosen = np.flatnonzero((self.electric.terminal == i) & (self.electric.extra > 0.0))
            if chosen.size:
                place = None if terminal.part == "external" else "first"
                entries.append((terminal.part, chosen, self.density[chosen] * self.electric.extra[chosen],
                                np.ones(chosen.size), place, -1))
        return entries

    def surface_heat(self, drops):
        """Heat made on the two sides of the faces with laws; what is made in a pool itself is in `pool_heat`.

        Parameters
        ----------
        drops : list, what `law_drops` returned

        Returns
        -------
        list of (name, positions of the faces (k,), heat (k, 2) [W] on the owner's and the neighbour's side)
        """
        entries = []
        for part, chosen, drop, sign, place, _ in drops:
            if place not in (None, "pool"):
                entries.append((part, chosen, share_sides(self.current[chosen] * drop, sign, PLACES[place])))
        laws = self.electric.laws
        taking = np.flatnonzero((self.peltier != 0.0) & (laws.reversible_place != PLACES["pool"]))
        for place in np.unique(laws.reversible_place[taking]):
            here = taking[laws.reversible_place[taking] == place]
            sign = laws.sign[here]
            heat = -self.peltier[here] * sign * self.current[laws.face[here]]
            entries.append(("reversible_heat", laws.face[here], share_sides(heat, sign, place)))
        return entries

    def pool_heat(self, drops):
        """Heat of laws that is made in the second region itself: list of (name, its cells (k,), heat (k,) [W])."""
        entries = []
        for part, chosen, drop, sign, place, _ in drops:
            if place == "pool":
                entries.append((part, self._second_cell(chosen, sign), self.current[chosen] * drop))
        laws = self.electric.laws
        here = np.flatnonzero((self.peltier != 0.0) & (laws.reversible_place == PLACES["pool"]))
        if here.size:
            sign = laws.sign[here]
            heat = -self.peltier[here] * sign * self.current[laws.face[here]]
            entries.append(("reversible_heat", self._second_cell(laws.face[here], sign), heat))
        return entries

    def _second_cell(self, chosen, sign):
        _, _, owner, neighbour = self.electric.geometry
        return np.where(sign > 0, neighbour[chosen], owner[chosen])


def share_sides(heat, sign, place):
    """Heat (k,) laid on the owner's and the neighbour's side (k, 2); place 0 first, 1 second, 2 half of an interface."""
    on_owner = np.full(heat.size, 0.5) if place == 2 else np.where((sign > 0) == (place == 0), 1.0, 0.0)
    return np.stack([heat * on_owner, heat * (1.0 - on_owner)], 1)
