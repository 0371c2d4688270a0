"""Charge and heat balances as one residual, with the ledge between them, on the state they share."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import sum_sizes, sum_to_rows
from oxycell.physics.charge.electric import Electric
from oxycell.physics.charge.resistivity import VaryingHalves
from oxycell.physics.heat.fixed_lumps import held_rows
from oxycell.physics.heat.thermal import Thermal

_EPS = float(np.finfo(float).eps)
_GIVEN = ("problem", "T", "rises", "_electric_front", "_front")
OF_TEMPERATURES = ("temperature", "transformed", "halves")
OF_FRONTS = (*OF_TEMPERATURES, "front", "conduction")
"""What stands in an evaluation from the start, what follows from its temperatures alone, and what from these and the
fronts."""


class Evaluation:
    """Everything the balances give at one state, each worked out when it is first asked for.

    Parameters
    ----------
    problem : Coupled
    u : (n,), the state
    electric_front, front : Front of a state nearby, if the areas that carry current, or heat, are to be held there;
        else that of u
    rises : ((m, 2) [V] or None, (k, 2) [K] or None), of the charge and of the heat balance, see Skew
    before : Evaluation or None, of a state nearby; where its temperatures are those of u, what follows from them alone
        is taken from it
    """

    def __init__(self, problem, u, electric_front=None, front=None, rises=(None, None), before=None):
        self.problem, self._electric_front, self._front, self.rises = problem, electric_front, front, rises
        self.potentials, self.T = u[: problem.n_electric], u[problem.n_electric :]
        self._nearby = (None, None) if before is None else before.nearby()
        if before is not None and np.array_equal(before.T, self.T):
            same_fronts = before._electric_front is electric_front and before._front is front
            self._take(before, OF_FRONTS if same_fronts else OF_TEMPERATURES)

    def _take(self, other, names):
        """Take over what another evaluation has under these names."""
        self.__dict__ |= {name: other.__dict__[name] for name in names if name in other.__dict__}

    def at_potentials(self, potentials):
        """Evaluation at other potentials (n_electric,), at the same temperatures and with the same fronts, to which
        this one's terms make room."""
        self.release(OF_FRONTS)
        found = Evaluation.__new__(Evaluation)
        found._take(self, (*_GIVEN, *OF_FRONTS))
        found.potentials, found._nearby = potentials, self._nearby
        return found

    def release(self, kept=()):
        """Let go of what was worked out, but for these names and where iterations at a state nearby begin; asked for it
        comes anew."""
        self._nearby = self.nearby()
        for name in self.__dict__.keys() - {*_GIVEN, "potentials", "_nearby", *kept}:
            del self.__dict__[name]

    def state(self):
        """The state (n,), of which potentials and temperatures of this evaluation are parts from here on."""
        u, n = np.r_[self.potentials, self.T], self.problem.n_electric
        self.potentials, self.T = u[:n], u[n:]
        return u

    def nearby(self):
        """Where iterations at a state nearby begin: current density of the faces with laws, surface temperatures of the
        special faces, of this state or the last before it that has them; None without."""
        known = self.__dict__
        return (
            self.currents.law_density if known.get("currents") else self._nearby[0],
            self.heat.surface if known.get("heat") else self._nearby[1],
        )

    @cached_property
    def temperature(self):
        """(n_cells,) [K]."""
        problem = self.problem
        return (
            self.T[problem.thermal.row]
            if problem.thermal
            else np.full(problem.mesh.n_cells, problem.uniform_temperature)
        )

    @cached_property
    def front(self):
        """Front of the ledge, or None."""
        problem = self.problem
        if self._front is not None or not (problem.thermal and problem.thermal.ledge):
            return self._front
        return problem.thermal.front(self.T, self.transformed, self.rises[1])

    @cached_property
    def transformed(self):
        """τ of the heat balance's rows (n_rows,) [K], see `physics/heat/kirchhoff.py`."""
        return self.problem.thermal.transformed(self.T)

    @cached_property
    def conduction(self):
        """Conduction of the charge balance."""
        front = self._electric_front or self.front
        return self.problem.electric.conduction(
            self.temperature, self.problem.frozen_over(front), self.problem.process, self.halves
        )

    @cached_property
    def halves(self):
        """What `Electric.conduction` takes of the half cells between the temperatures of their ends, None where none
        varies."""
        varying = self.problem.varying_halves
        return varying and (varying, varying.mean(self.T, self.transformed))

    @cached_property
    def currents(self):
        """Currents, or None."""
        electric = self.problem.electric
        return electric.evaluate(self.potentials, self.conduction, self.rises[0], self._nearby[0]) if electric else None

    @cached_property
    def charge(self):
        """Net current into each row of the charge balance (n_rows,) [A]."""
        return self.problem.electric.residual(self.currents) if self.currents else np.zeros(0)

    @cached_property
    def drops(self):
        """List of `Currents.law_drops`."""
        return self.currents.law_drops() if self.currents else []

    @cached_property
    def surface_heat(self):
        """List of `Currents.surface_heat`."""
        return self.currents.surface_heat(self.drops) if self.currents and self.problem.thermal else []

    @cached_property
    def sources(self):
        """Dict name → (rows, heat [W]), made inside rows of the heat balance, or given to lumps of known temperature:
        what these give through their faces less what is made in them."""
        found = dict(self._made_inside)
        for name, row in self.problem.held.items():
            found[name] = np.array([row]), -self._net[row : row + 1]
        return found

    @cached_property
    def _made_inside(self):
        """The sources made inside rows."""
        problem, thermal, found = self.problem, self.problem.thermal, {}
        if thermal is None:
            return found
        for source in thermal.sources:
            found[source.name] = thermal.row[source.cells], source.made(self.temperature)[0]
        if self.currents is None:
            return found
        for name, cells, made in self.currents.pool_heat(self.drops):
            found[f"{name} {len(found)}" if name in found else name] = (thermal.row[cells], made)
        found["joule"] = (thermal.row, self.currents.joule_heat())
        found |= problem.process_heat(self.currents, self.T)
        for name, chosen, made in self.surface_heat:
            inside = problem.thermal_place(chosen) < 0
            if inside.any():
                cells = problem.mesh.owner[problem.electric.face[chosen[inside]]]
                found[f"{name} within lumps"] = thermal.row[cells], made[inside].sum(1)
        return found

    @cached_property
    def heat(self):
        """Heat, or None."""
        thermal = self.problem.thermal
        return thermal and thermal.evaluate(
            self.T, self.transformed, self.front, self._heat_on_faces(), self.rises[1], self._nearby[1]
        )

    @cached_property
    def surface_temperatures(self):
        """(m, 2) [K], on both sides of the thermal faces."""
        return self.problem.thermal.surface_temperatures(self.T, self.heat, self.front, self.rises[1])

    def _heat_on_faces(self):
        """Heat made on the owner's and the neighbour's side of the special thermal faces (s, 2) [W]."""
        thermal = self.problem.thermal
        on_faces = np.zeros((thermal.kind.size, 2))
        for _, chosen, made in self.surface_heat:
            place = self.problem.thermal_place(chosen)
            for side in (0, 1):
                sum_to_rows(place, made[:, side], on_faces[:, side])
        return on_faces

    @cached_property
    def heat_residual(self):
        """Net heat into each row of the heat balance (n_rows,) [W]; 0 in lumps of known temperature, which are given
        what they lack."""
        if not self.problem.held:
            return self._net
        residual = self._net.copy()
        residual[list(self.problem.held.values())] = 0.0
        return residual

    @cached_property
    def _net(self):
        """Net heat into each row of the heat balance (n_rows,) [W], without what keeps lumps at a known temperature."""
        thermal = self.problem.thermal
        if thermal is None:
            return np.zeros(0)
        made = np.zeros(thermal.n_rows)
        for rows, heat in self._made_inside.values():
            sum_to_rows(rows, heat, made)
        return thermal.residual(self.heat, made)

    def heat_made(self):
        """Arrays of all heat terms [W]: those inside rows, then those on faces."""
        return [made for _, made in self.sources.values()] + [made for _, _, made in self.surface_heat]

    @cached_property
    def charge_scale(self):
        """What the charge residual is compared with [A]: half of all currents into and out of the body."""
        electric = self.problem.electric
        if electric is None:
            return 0.0
        at = electric.at_terminals
        through = np.bincount(electric.terminal[at], self.currents.current[at], len(electric.terminals))
        stated = max((abs(terminal.current or 0.0) for terminal in electric.terminals), default=0.0)
        beside = float(np.sum(np.abs(electric.fed)))
        if electric.supplies is not None:
            beside += float(np.sum(np.abs(self.currents.current[electric.supplies.index])))
        return max(0.5 * (float(np.sum(np.abs(through))) + beside), stated)

    @cached_property
    def heat_scale(self):
        """What the heat residual is compared with [W]: heat sources or, if larger, the heat crossing."""
        thermal = self.problem.thermal
        if thermal is None:
            return 0.0
        made = sum(float(np.sum(np.abs(terms))) for terms in self.heat_made())
        return max(made, 0.5 * float(np.sum(np.abs(self.heat.outwards))))

    @cached_property
    def charge_round_off(self):
        """Estimated round-off of the net current into each row of the charge balance (n_rows,) [A]; 0 in those of known
        terminals."""
        electric = self.problem.electric
        rows = np.zeros(electric.n_rows)
        sum_sizes(electric.a, electric.b, self.currents.slope, self.potentials, True, rows)
        rows[electric.cells.size :] += electric.behind * np.abs(self.potentials[electric.cells.size :])
        rows[electric.cells.size :][electric.known] = 0.0
        return _EPS * rows

    @property
    def charge_round_off_crossing(self):
        """Estimated round-off of what crosses the terminals and the surfaces of supplies [A]."""
        electric, phi = self.problem.electric, np.abs(self.potentials)
        at = (
            electric.at_terminals
            if electric.supplies is None
            else np.r_[electric.at_terminals, electric.supplies.index]
        )
        return _EPS * float(
            np.sum(self.currents.conductance[at] * np.maximum(phi[electric.a[at]], phi[electric.b[at]]))
        )

    @property
    def charge_round_off_outside(self):
        """Estimated round-off of the sum of all rows of the charge balance [A]: of what crosses the boundary, and of
        the rows' own sums."""
        return self.charge_round_off_crossing + _EPS * float(np.sum(self.charge_round_off))

    @cached_property
    def heat_round_off(self):
        """Estimated round-off of the net heat into each row of the heat balance (n_rows,) [W]."""
        thermal, heat = self.problem.thermal, self.heat
        rows = np.zeros(thermal.n_rows)
        sum_sizes(thermal.a, thermal.b, heat.slope, self.transformed, False, rows)
        if thermal.links is not None:
            sum_sizes(thermal.links.a, thermal.links.b, heat.conductance, self.transformed, False, rows)
        at = thermal.shifted
        for row, side in ((thermal.a, 0), (thermal.b, 1)):
            here = row[at + thermal.plain]
            sum_to_rows(here, heat.shift[at, side] * np.abs(self.T[here]), rows)
        return _EPS * rows

    @property
    def heat_round_off_outside(self):
        """Estimated round-off of the sum of all rows of the heat balance [W]: of what crosses the boundary, and of the
        rows' own sums."""
        thermal, out = self.problem.thermal, slice(self.problem.thermal.inner.stop, None)
        crossing = self.heat.shift[thermal.inner.stop - thermal.plain :, 0] * np.abs(self.T[thermal.a[out]])
        return _EPS * float(np.sum(crossing) + np.sum(self.heat_round_off))

    @property
    def floors(self):
        """Estimated round-off of the balances, of the model: dict with charge, charge_sum [A], power, heat, heat_sum
        [W]."""
        electric, found = (
            self.problem.electric,
            dict.fromkeys(("charge", "charge_sum", "power", "heat", "heat_sum"), 0.0),
        )
        if electric:
            rows, n = self.charge_round_off, electric.cells.size
            power = np.sqrt(np.sum((rows[:n] * self.potentials[:n]) ** 2))
            found |= {
                "charge": float(np.max(rows, initial=0.0)),
                "charge_sum": self.charge_round_off_outside,
                "power": float(power),
            }
        if self.problem.thermal:
            found |= {"heat": float(np.max(self.heat_round_off, initial=0.0)), "heat_sum": self.heat_round_off_outside}
        return found


@dataclass(frozen=True)
class Coupled:
    """The steady problem: find potentials and temperatures whose charge and heat residuals vanish.

    Attributes
    ----------
    mesh : Mesh
    electric : Electric or None; thermal : Thermal or None
    process : Process or None; its voltages at the electrolyte's temperature make the feed and recombination heat
    electrolyte : lump that takes them, −1 without
    uniform_temperature : [K], where temperature is not solved
    start_temperature : (n_thermal_rows,) [K], first guess
    """

    mesh: Mesh
    electric: Electric | None
    thermal: Thermal | None
    process: object
    electrolyte: int
    uniform_temperature: float
    start_temperature: np.ndarray

    @cached_property
    def n_electric(self):
        """Rows of the charge balance; the heat balance follows them in the state."""
        return self.electric.n_rows if self.electric else 0

    @cached_property
    def held(self):
        """What keeps lumps at a known temperature: name of the source → heat row."""
        names = [lump.held for lump in self.thermal.lumps if lump.held is not None] if self.thermal else []
        return dict(zip(names, held_rows(self.thermal).tolist(), strict=True)) if names else {}

    @cached_property
    def varying_halves(self):
        """VaryingHalves, or None where one temperature is given, or no conductivity varies with it."""
        if not (self.electric and self.thermal and any(self.electric.varying)):
            return None
        return VaryingHalves(self.electric, self.thermal)

    @cached_property
    def freezing(self):
        """Heat rows of the pools a ledge can grow from, each with the liquidus [K]: list of (row, liquidus)."""
        ledge = self.thermal.ledge if self.thermal else None
        return [(int(row), ledge.liquidus) for row in np.unique(self.thermal.row[ledge.pool_cell])] if ledge else []

    def thermal_place(self, faces):
        """Where faces of the charge balance on which heat is made (k,) int stand among the special faces of the heat
        balance, −1: they do not, both sides being one lump's."""
        return self._thermal_places[faces]

    @cached_property
    def _thermal_places(self):
        electric = self.electric
        places, hot = (
            np.full(electric.face.size, -1, np.int32),
            np.concatenate([electric.laws.face, *(at for at, _ in electric.resisted)]),
        )
        places[hot] = self.thermal.places(electric.face[hot])
        return places

    def frozen_over(self, front):
        """Faces of the charge balance that a ledge may cover, and the share it leaves open: positions (k,) int, (k,);
        None without."""
        if front is None:
            return None
        at, place = self._covered
        return at, front.open_beside[place]

    @cached_property
    def _covered(self):
        beside = self.thermal.ledge.beside
        place = np.minimum(np.searchsorted(beside, self.electric.face), beside.size - 1)
        at = np.flatnonzero(beside[place] == self.electric.face)
        return at, place[at]

    @property
    def held_superheat(self):
        """Superheat of the first guess of the pools [K]."""
        return max(float(self.start_temperature[row]) - liquidus for row, liquidus in self.freezing)

    def start(self):
        """First guess of the state (n,)."""
        return np.r_[self.electric.start() if self.electric else np.zeros(0), self.start_temperature]

    def evaluate(self, u, electric_front=None, front=None, rises=(None, None), before=None):
        """Evaluation of the state u; see there."""
        return Evaluation(self, u, electric_front, front, rises, before)

    def reaction_current(self, currents):
        """Current through the faces that carry the cell reaction [A], of the model."""
        laws = self.electric.laws
        reacting = np.isnan(laws.equilibrium)
        return float(np.sum(laws.sign[reacting] * currents.current[laws.face[reacting]]))

    def process_heat(self, currents, T):
        """Heat that alumina and carbon take up, in the electrolyte and in the anodes, and what recombination gives back
        in the first."""
        if self.process is None or self.electrolyte < 0 or currents is None:
            return {}
        row = self.thermal.lump_row[self.electrolyte]
        current, bath = self.reaction_current(currents), T[row]
        rows, process = np.array([row]), self.process_at(currents)
        found = {
            "feed": (rows, np.array([-current * float(process.alumina_feed_voltage(bath)[0])])),
            "recombination": (rows, np.array([current * float(process.recombination_heat(bath)[0])])),
        }
        carbon = float(process.carbon_feed_voltage(bath)[0])
        if carbon:
            laws = self.electric.laws
            reacting = np.isnan(laws.equilibrium)
            face, sign = laws.face[reacting], laws.sign[reacting]
            anode = np.where(sign > 0, *self.electric.sides(face))
            found["carbon_feed"] = self.thermal.row[anode], -carbon * sign * currents.current[face]
        return found

    @cached_property
    def cathode(self):
        """Faces on which the metal is made (k,) int, positions in the electric domain: an electrode law, no rest
        potential."""
        kinds = [{law.kind for law in spec.laws} for spec in self.electric.interfaces]
        made = [bool(kind & {"concentration", "reversible_heat"}) and "equilibrium" not in kind for kind in kinds]
        return self.electric.laws.face[np.array([*made, False])[self.electric.laws.interface]]

    def process_at(self, currents):
        """The process at the current density on the cathode, for models of the current efficiency that depend on it."""
        copies = self.mesh.multiplicity
        return self.process.at(
            copies * self.reaction_current(currents), copies * float(np.sum(currents.area(self.cathode)))
        )
