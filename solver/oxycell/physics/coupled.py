"""Charge and heat balances as one residual, with the ledge between them, on the state they share."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import sum_to_rows
from oxycell.physics.electric import Currents, Electric
from oxycell.physics.ledge import Front
from oxycell.physics.thermal import Heat, Thermal


@dataclass(frozen=True)
class Evaluation:
    """Everything the balances give at one state.

    Attributes
    ----------
    temperature : (n_cells,) [K]
    currents : Currents or None; drops : list of `Currents.law_drops`; surface_heat : list of `Currents.surface_heat`
    heat : Heat or None; sources : dict name → (rows, heat [W]), made inside rows
    front : Front of the ledge, or None
    charge : (n_rows,) [A]; heat_residual : (n_rows,) [W]
    """

    temperature: np.ndarray
    currents: Currents | None
    drops: list
    surface_heat: list
    heat: Heat | None
    sources: dict
    front: Front | None
    charge: np.ndarray
    heat_residual: np.ndarray

    def heat_made(self):
        """Arrays of all heat terms [W]: those inside rows, then those on faces."""
        return [made for _, made in self.sources.values()] + [made for _, _, made in self.surface_heat]


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
    def freezing(self):
        """Heat rows of the pools a ledge can grow from, each with the liquidus [K]: list of (row, liquidus)."""
        ledge = self.thermal.ledge if self.thermal else None
        return [(int(row), ledge.liquidus) for row in np.unique(self.thermal.row[ledge.pool_cell])] if ledge else []

    @property
    def held_superheat(self):
        """Superheat of the first guess of the pools [K]."""
        return max(float(self.start_temperature[row]) - liquidus for row, liquidus in self.freezing)

    def start(self):
        """First guess of the state (n,)."""
        return np.r_[self.electric.start() if self.electric else np.zeros(0), self.start_temperature]

    def temperatures(self, u):
        """Temperature of every cell (n_cells,) [K]."""
        return u[self.n_electric:][self.thermal.row] if self.thermal else np.full(self.mesh.n_cells, self.uniform_temperature)

    def front(self, u):
        """Front of the ledge at a state; None without one."""
        if not (self.thermal and self.thermal.ledge):
            return None
        return self.thermal.front(u[self.n_electric:], self.thermal.half_cells(self.temperatures(u))[0])

    def evaluate(self, u, electric_front=None, front=None):
        """All terms of both balances at a state.

        Parameters
        ----------
        u : (n,)
        electric_front, front : Front of a state nearby, if the areas that carry current, or heat, are to be held there; else that of u

        Returns
        -------
        Evaluation
        """
        phi, T = u[:self.n_electric], u[self.n_electric:]
        temperature = self.temperatures(u)
        k, half = self.thermal.half_cells(temperature) if self.thermal else (None, None)
        if front is None and self.thermal and self.thermal.ledge:
            front = self.thermal.front(T, k)
        open_faces = None if front is None else (electric_front or front).open_faces
        currents, drops, surface_heat, charge = None, [], [], np.zeros(0)
        sources = {}
        if self.electric:
            currents = self.electric.evaluate(phi, temperature, open_faces, self.process)
            charge, drops = self.electric.residual(currents), currents.law_drops()
            if self.thermal:
                surface_heat = currents.surface_heat(drops)
                for name, cells, made in currents.pool_heat(drops):
                    sources[f"{name} {len(sources)}" if name in sources else name] = (self.thermal.row[cells], made)
                sources["joule"] = (self.thermal.row, currents.joule_heat())
        heat, residual = None, np.zeros(0)
        if self.thermal:
            on_faces = np.zeros((self.thermal.face.size, 2))
            row_source = np.zeros(self.thermal.n_rows)
            sources |= self._process_heat(currents, T)
            for name, chosen, made in surface_heat:
                place = self.thermal.position[self.electric.face[chosen]]
                inside = place < 0
                if inside.any():
                    rows = self.thermal.row[self.mesh.owner[self.electric.face[chosen[inside]]]]
                    sources[f"{name} within lumps"] = (rows, made[inside].sum(1))
                for side in (0, 1):
                    sum_to_rows(place, made[:, side], on_faces[:, side])
            for rows, made in sources.values():
                sum_to_rows(rows, made, row_source)
            heat = self.thermal.evaluate(T, k, half, front, on_faces)
            residual = self.thermal.residual(heat, row_source)
        return Evaluation(temperature, currents, drops, surface_heat, heat, sources, front, charge, residual)

    def reaction_current(self, currents):
        """Current through the faces that carry the cell reaction [A], of the model."""
        laws = self.electric.laws
        reacting = np.isnan(laws.equilibrium)
        return float(np.sum(laws.sign[reacting] * currents.current[laws.face[reacting]]))

    def _process_heat(self, currents, T):
        """Heat that alumina and carbon take up, in the electrolyte and in the anodes, and what recombination gives back in the first."""
        if self.process is None or self.electrolyte < 0 or currents is None:
            return {}
        row = self.thermal.lump_row[self.electrolyte]
        current, bath = self.reaction_current(currents), T[row]
        rows, process = np.array([row]), self.process_at(currents)
        found = {"feed": (rows, np.array([-current * float(process.alumina_feed_voltage(bath)[0])])),
                 "recombination": (rows, np.array([current * float(process.recombination_heat(bath)[0])]))}
        carbon = float(process.carbon_feed_voltage(bath)[0])
        if carbon:
            laws, (_, _, owner, neighbour) = self.electric.laws, self.electric.geometry
            reacting = np.isnan(laws.equilibrium)
            face, sign = laws.face[reacting], laws.sign[reacting]
            anode = np.where(sign > 0, owner[face], neighbour[face])
            found["carbon_feed"] = self.thermal.row[anode], -carbon * sign * currents.current[face]
        return found

    @cached_property
    def cathode(self):
        """Faces on which the metal is made (k,) int, positions in the electric domain: an electrode law, no rest potential."""
        kinds = [{law.kind for law in spec.laws} for spec in self.electric.interfaces]
        made = [bool(kind & {"concentration", "reversible_heat"}) and "equilibrium" not in kind for kind in kinds]
        return self.electric.laws.face[np.array([*made, False])[self.electric.laws.interface]]

    def process_at(self, currents):
        """The process at the current density on the cathode, for models of the current efficiency that depend on it."""
        copies = self.mesh.multiplicity
        return self.process.at(copies * self.reaction_current(currents), copies * float(np.sum(currents.area[self.cathode])))

    def scales(self, evaluation):
        """What the residuals are compared with: half the terminal currents [A]; heat sources or, if larger, the heat crossing [W]."""
        charge = heat = 0.0
        if self.electric:
            at = self.electric.terminal >= 0
            through = np.bincount(self.electric.terminal[at], evaluation.currents.current[at], len(self.electric.terminals))
            given = [abs(terminal.current or 0.0) for terminal in self.electric.terminals]
            charge = max(0.5 * float(np.sum(np.abs(through))), max(given))
        if self.thermal:
            made = sum(float(np.sum(np.abs(terms))) for terms in evaluation.heat_made())
            lost = evaluation.heat.heat[self.thermal.b < 0, 1]
            heat = max(made, 0.5 * float(np.sum(np.abs(lost))))
        return charge, heat

    def floors(self, u, evaluation):
        """Estimated round-off of the three balances: charge [A], power [W], heat [W], of the model."""
        eps = np.finfo(float).eps
        charge = power = heat = 0.0
        if self.electric:
            phi = u[:self.n_electric]
            size = evaluation.currents.slope * np.maximum(abs(phi[self.electric.a]), abs(phi[self.electric.b]))
            rows = np.zeros(self.electric.n_rows)
            sum_to_rows(self.electric.a, size, rows)
            sum_to_rows(self.electric.b, size, rows)
            rows[self.electric.cells.size:][self.electric.known] = 0.0
            charge = eps * float(rows.max())
            power = eps * float(np.sqrt(np.sum((rows[:self.electric.cells.size] * phi[:self.electric.cells.size]) ** 2)))
        if self.thermal:
            T = u[self.n_electric:]
            size = evaluation.heat.slope * abs(T[self.thermal.a])
            rows = np.zeros(self.thermal.n_rows)
            sum_to_rows(self.thermal.a, size, rows)
            sum_to_rows(self.thermal.b, size, rows)
            if self.thermal.links is not None:
                size = evaluation.heat.conductance * abs(T[self.thermal.links.a])
                sum_to_rows(self.thermal.links.a, size, rows)
                sum_to_rows(self.thermal.links.b, size, rows)
            heat = eps * float(rows.max())
        return {"charge": charge, "power": power, "heat": heat}
