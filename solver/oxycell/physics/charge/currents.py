"""Currents through the faces of the electric domain, the resistances they meet, and the heat they generate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Chosen, Floats, Ints
from oxycell.mesh.derived import pieces
from oxycell.physics.balance import FaceTerm, RowTerm
from oxycell.physics.charge.conduction import heat_within
from oxycell.physics.charge.resistivity import HalfConductivity
from oxycell.physics.electrode.booking import PLACES, part_of
from oxycell.physics.electrode.drops import REVERSIBLE_HEAT, LawsAt, drops_of

_LEAST = 1e-18  # derivative over that of the half cells, from which on it is told from nothing


class Drop(NamedTuple):
    """Voltage of one law on the faces of one interface, or of a terminal's surface resistance.

    Attributes
    ----------
    kind, part : str, of the law ("terminal" for a terminal's), voltage part it is reported under; stated : bool,
        whether the case says which
    faces : (k,) int, positions in the electric domain; drop : (k,) [V], along owner → neighbour; sign : (k,), see
        LawStack
    place : str or None, where its heat appears; interface : int, −1 for a terminal
    """

    kind: str
    part: str
    stated: bool
    faces: np.ndarray
    drop: np.ndarray
    sign: np.ndarray
    place: str | None
    interface: int


@dataclass(frozen=True)
class Conduction:
    """Resistances to currents at given temperatures and with a given ledge, whatever the potentials are.

    Attributes
    ----------
    electric : Electric; frozen_over : faces the ledge may cover (k,) int, increasing, and the share it leaves open
        (k,), or None
    law_area : (k,) [m²], open area of the faces with laws
    temperature : (n_cells,) [K]; conductivity : HalfConductivity [S/m], without gas, and halves : what
        `Electric.conduction` was given
    conductance : (m,) [S], of the faces as if they had no laws, without gas
    laws : LawsAt
    peltier : (k,) [V], share of the entropic voltage whose heat the faces with laws take
    """

    electric: Any  # Electric, whose module imports this one
    frozen_over: tuple[Ints, Floats] | None
    law_area: np.ndarray
    conductance: np.ndarray
    temperature: np.ndarray
    conductivity: HalfConductivity
    halves: tuple[Any, Any] | None
    laws: LawsAt
    peltier: np.ndarray

    def area(self, face: Chosen = slice(None)) -> Floats:
        """Open area of faces, by their positions (k,) [m²]; of all without."""
        return open_area(self.electric, self.frozen_over, face)


@dataclass(frozen=True)
class Currents:
    """Currents through the faces of the electric domain, and the heat they generate.

    Attributes
    ----------
    electric : Electric
    conduction : Conduction
    conductivity : HalfConductivity [S/m], with what gas takes of it
    gas_fraction : (n_cells,) or None
    conductance : (m,) [S], as if the faces had no laws
    law_density : (k,) [A/m²], through the faces with laws, from the first side to the second; law_slope : (k,) [S],
        derivative of their currents to the drop, at that gas fraction
    boundary_slope : (j,) [S], of boundary currents, derivative to the potential of the cell; None without
    current : (m,) [A], from owner to neighbour
    rise : (m, 2) [V] or None, see Skew
    phi : (n_rows,) [V], of the rows
    """

    electric: Any  # Electric, whose module imports this one
    conduction: Conduction
    conductivity: HalfConductivity
    gas_fraction: np.ndarray | None
    conductance: np.ndarray
    law_density: np.ndarray
    law_slope: np.ndarray
    boundary_slope: np.ndarray | None
    current: np.ndarray
    rise: np.ndarray | None
    phi: np.ndarray

    @property
    def terms(self) -> tuple[RowTerm | FaceTerm, ...]:
        """Terms of the charge balance [A]: what sources feed, what passes faces, what enters at terminals."""
        electric = self.electric
        into = electric.into_terminals(self.phi)
        fed = [
            RowTerm(source.name, electric.row[source.cells], source.made(electric.mesh.cell_volume)[0])
            for source in electric.sources
        ]
        faces = FaceTerm("current", electric.a, electric.b, self.current, self.current)
        return (*fed, faces, RowTerm("terminals", electric.cells.size + np.arange(into.size), into))

    def area(self, face: Chosen = slice(None)) -> Floats:
        """Open area of faces, by their positions (k,) [m²]; of all without."""
        return self.conduction.area(face)

    def fill_slope(self, out: Floats) -> None:
        """Derivative of the currents to their drops, into `out` [S]: of as many of the first faces as it holds.

        Electrodes at equilibrium may conduct less than numbers can tell from nothing; then what is in front of them
        does a little.
        """
        out[:] = self.conductance[: out.size]
        plain = self.conductance[self.electric.laws.face]
        out[self.electric.laws.face] = np.maximum(self.law_slope, _LEAST * np.where(np.isfinite(plain), plain, 0.0))
        if self.boundary_slope is not None and out.size == self.current.size:
            out[self.electric.boundary_currents.index] = self.boundary_slope

    @property
    def slope(self) -> Floats:
        """(m,) [S]."""
        found = np.empty(self.current.size)
        self.fill_slope(found)
        return found

    def density(self, face: Chosen = slice(None)) -> Floats:
        """Current density through faces, by their positions (k,) [A/m²]; of all without."""
        return self.current[face] / self.area(face)

    @property
    def drops(self) -> Floats:
        """Potential drops in the owner's and the neighbour's half cell (m, 2) [V]; 0 behind a boundary."""
        drops = np.empty((self.current.size, 2))
        for faces in pieces(self.current.size):
            np.multiply(
                self.density(faces)[:, None], self.electric.half_cells(faces, self.conductivity), out=drops[faces]
            )
        return drops if self.rise is None else drops - self.rise

    def asked_correction(self) -> Floats:
        """The deferred corrections that follow from these currents [V]."""
        electric, sigma = self.electric, self.conductivity
        halves = None if electric.skew is None else electric.half_conductivity(slice(None), sigma)
        return electric.correction.rises((self.current, self.current), sigma.cell, halves)

    def joule_heat(self) -> Floats:
        """Joule heat of every mesh cell (n_cells,) [W]: the current times the drop in its half cells."""
        electric, mesh = self.electric, self.electric.mesh
        heat, other = np.zeros(mesh.n_cells), np.zeros(mesh.n_cells)
        heat_within(electric.faces, self.conductivity, self.conductance, self.current, self.rise, heat, other)
        return heat

    def law_drops(self) -> list[Drop]:
        """A list of Drop, for each law of each interface and each terminal's surface resistance; equilibrium potentials
        generate no heat."""
        laws, J, entries = self.conduction.laws, self.law_density, []
        for law, interface, at, rows in self.electric.laws.placed:
            if law.branch == REVERSIBLE_HEAT:
                continue
            drop, sign = drops_of(law.branch, laws.parameters[rows], J[at], laws.temperature[at]), laws.sign[at]
            entries.append(
                Drop(
                    law.kind,
                    part_of(law),
                    law.part is not None,
                    laws.face[at],
                    sign * drop,
                    sign,
                    law.place,
                    interface,
                )
            )
        for i, terminal in enumerate(self.electric.terminals):
            chosen, resistance = self.electric.resisted[i]
            if chosen.size:
                place = None if terminal.part == "external" else "first"
                entries.append(
                    Drop(
                        "terminal",
                        terminal.part,
                        True,
                        chosen,
                        self.density(chosen) * resistance,
                        np.ones(chosen.size),
                        place,
                        -1,
                    )
                )
        return entries

    def surface_heat(self, drops: Sequence[Drop]) -> list[tuple[str, Ints, Floats]]:
        """Heat generated on the two sides of the faces with laws; what is generated in a pool itself is in `pool_heat`.

        Parameters
        ----------
        drops : list, what `law_drops` returned

        Returns
        -------
        list of (name, positions of the faces (k,), heat (k, 2) [W] on the owner's and the neighbour's side)
        """
        entries = []
        for law in drops:
            if law.place not in (None, "pool"):
                entries.append(
                    (law.part, law.faces, share_sides(self.current[law.faces] * law.drop, law.sign, PLACES[law.place]))
                )
        laws = self.electric.laws
        taking = np.flatnonzero((self.conduction.peltier != 0.0) & (laws.reversible_place != PLACES["pool"]))
        for place in np.unique(laws.reversible_place[taking]):
            here = taking[laws.reversible_place[taking] == place]
            sign = laws.sign[here]
            heat = -self.conduction.peltier[here] * sign * self.current[laws.face[here]]
            entries.append(("reversible_heat", laws.face[here], share_sides(heat, sign, place)))
        return entries

    def pool_heat(self, drops: Sequence[Drop]) -> list[tuple[str, Ints, Floats]]:
        """Heat of laws that is generated in the second region itself: list of (name, its cells (k,), heat (k,) [W])."""
        entries = []
        for law in drops:
            if law.place == "pool":
                entries.append((law.part, self._second_cell(law.faces, law.sign), self.current[law.faces] * law.drop))
        laws = self.electric.laws
        here = np.flatnonzero((self.conduction.peltier != 0.0) & (laws.reversible_place == PLACES["pool"]))
        if here.size:
            sign = laws.sign[here]
            heat = -self.conduction.peltier[here] * sign * self.current[laws.face[here]]
            entries.append(("reversible_heat", self._second_cell(laws.face[here], sign), heat))
        return entries

    def _second_cell(self, chosen: Ints, sign: Floats) -> Ints:
        owner, neighbour = self.electric.sides(chosen)
        return np.where(sign > 0, neighbour, owner)


def open_area(electric: Any, frozen_over: tuple[Ints, Floats] | None, face: Chosen) -> Floats:
    """Area that a ledge leaves open of faces, by their positions (k,) [m²]; arguments as in `Conduction`."""
    area = electric.mesh.area[electric.face[face]]
    if frozen_over is not None:
        covered, share = frozen_over
        if isinstance(face, slice):
            start, stop, _ = face.indices(electric.face.size)
            here = slice(*np.searchsorted(covered, (start, stop)))
            area[covered[here] - start] *= share[here]
            return area
        at = np.minimum(np.searchsorted(covered, face), covered.size - 1)
        area *= np.where(covered[at] == face, share[at], 1.0)
    return area


def share_sides(heat: Floats, sign: Floats, place: int) -> Floats:
    """Heat (k,) laid on the owner's and the neighbour's side (k, 2); place 0 first, 1 second, 2 half of an
    interface."""
    on_owner = np.full(heat.size, 0.5) if place == 2 else np.where((sign > 0) == (place == 0), 1.0, 0.0)
    return np.stack([heat * on_owner, heat * (1.0 - on_owner)], 1)
