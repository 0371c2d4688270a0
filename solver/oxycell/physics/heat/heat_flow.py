"""Heat through the faces of the thermal balance, and what follows from it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Chosen, Floats, Ints
from oxycell.mesh.derived import pieces
from oxycell.numerics.operators import Operator, sum_through
from oxycell.physics.balance import FaceTerm, RowTerm
from oxycell.physics.charge.conduction import plain_currents
from oxycell.physics.heat.nonsymmetric import solve_leaning

PIECE = 1 << 17
"""Faces whose heat is summed at once."""


class PlainHeat(NamedTuple):
    """Heat through plain faces as a term of the balance, computed piece by piece: it needs no array of all faces."""

    heat: "Heat"

    @property
    def name(self) -> str:
        """What it is called among the terms."""
        return "conduction"

    def add_to(self, net: Floats) -> None:
        """Add it to what enters each row (n_rows,) [W]."""
        thermal = self.heat.thermal
        for faces in pieces(thermal.plain, PIECE):
            leaving = self.heat.plain_leaving(faces)
            sum_through(thermal.a[faces], thermal.b[faces], leaving, leaving, net)


@dataclass(frozen=True)
class Heat:
    """Heat through the faces of the thermal balance.

    Attributes
    ----------
    T, tau, rise, sources, face_sources : what `Thermal.evaluate` was given
    area : (s,) [m²], wetted area of the special faces
    special_leaving : (s,) [W], leaving the owner through special faces
    entering : (s,) [W], through special faces into the neighbour or the surroundings; through plain ones what leaves
        enters
    surface : (s, 2) [K], surface temperatures on both sides but for what the ledge covers
    special_slope : (s, 2) [W/K], of the heat that leaves the owner, to τ of the owner and, counted down, of the
        neighbour
    shift : (s, 2) [W/K], part of the tangent that acts on one row only: the outside, and pools in front of a ledge
    conductance : (k,) [W/K], of the tangent of the ledge's links to τ, its symmetric part; link_lean : of the bent
        ones, the first side counts that much as much, the second one over that; linked : (k,) [W], heat through all,
        from their first row to the second; None without a ledge
    """

    thermal: Any  # Thermal, whose module imports this one
    T: np.ndarray
    tau: np.ndarray
    rise: np.ndarray | None
    sources: tuple[RowTerm, ...]
    face_sources: tuple[tuple[str, Ints, Floats], ...]
    area: np.ndarray
    special_leaving: np.ndarray
    entering: np.ndarray
    surface: np.ndarray
    special_slope: np.ndarray
    shift: np.ndarray
    conductance: np.ndarray | None
    link_lean: np.ndarray | None
    linked: np.ndarray | None

    @property
    def terms(self) -> tuple[RowTerm | FaceTerm | PlainHeat, ...]:
        """Terms of the heat balance [W]: sources, heat through plain and special faces, conduction of the ledge."""
        thermal = self.thermal
        a, b = thermal.special_rows
        found: list[RowTerm | FaceTerm | PlainHeat] = [*self.sources, PlainHeat(self)]
        found.append(FaceTerm("surfaces", a, b, self.special_leaving, self.entering))
        if self.linked is not None:
            found.append(FaceTerm("ledge", thermal.links.a, thermal.links.b, self.linked, self.linked))
        return tuple(found)

    @property
    def slope(self) -> Floats:
        """(m,) [W/K], conductance of the tangent to τ."""
        return np.r_[self.thermal.plain_conductance, np.sqrt(self.special_slope[:, 0] * self.special_slope[:, 1])]

    def plain_leaving(self, faces: slice) -> Floats:
        """Heat through a slice of the plain faces (k,) [W], leaving the owner."""
        found, rise = np.empty(faces.stop - faces.start), None if self.rise is None else self.rise[faces]
        plain_currents(
            self.thermal.a[faces], self.thermal.b[faces], self.tau, rise, self.thermal.plain_conductance[faces], found
        )
        return found

    @property
    def leaving(self) -> Floats:
        """(m,) [W], leaving the owner."""
        return np.r_[self.plain_leaving(slice(0, self.thermal.plain)), self.special_leaving]

    @property
    def through(self) -> Floats:
        """(m, 2) [W], leaving the owner, and entering the neighbour or the surroundings."""
        leaving = self.leaving
        found = np.stack([leaving, leaving], 1)
        found[self.thermal.special, 1] = self.entering
        return found

    @property
    def outwards(self) -> Floats:
        """(k,) [W], through the faces to the outside, the last ones."""
        return self.entering[self.thermal.inner.stop - self.thermal.plain :]

    @property
    def wetted_area(self) -> Floats:
        """(m,) [m²]."""
        found = self.thermal.mesh.area[self.thermal.face]
        found[self.thermal.special] = self.area
        return found

    def conducted(self) -> tuple[Floats, Floats]:
        """Heat that solids conduct out of the owner and into the neighbour (m,) [W]: what a ledge conducts to solids
        it touches in place of the film's heat, which enters a column at its far end."""
        leaving, entering = self.through.T.copy()
        if self.linked is not None:
            leaving[self.thermal.ledge_face] = entering[self.thermal.ledge_face] = 0.0
            touching, position, side = self.thermal.ledge_heat.linked_solids
            np.add.at(leaving, position[side == 0], self.linked[touching[side == 0]])
            np.add.at(entering, position[side == 1], self.linked[touching[side == 1]])
        return leaving, entering

    def asked_correction(self) -> Floats:
        """The deferred correction of τ that follows from this heat [K]."""
        thermal = self.thermal
        through = self.conducted() if thermal.linear_flux else tuple(self.through.T.copy())
        return thermal.correction.rises(through, thermal.reference)

    def corrected(self, rise: Floats) -> Floats:
        """Net heat into each row [W], (n_rows,), that a change of the corrections of τ on the faces (m, 2) [K] makes,
        with the tangent fixed."""
        thermal, slope = self.thermal, self.slope
        net, still = np.zeros(thermal.n_rows), np.zeros(thermal.n_rows)
        for faces in pieces(slope.size, PIECE):
            more = np.empty(faces.stop - faces.start)
            plain_currents(thermal.a[faces], thermal.b[faces], still, rise[faces], slope[faces], more)
            sum_through(thermal.a[faces], thermal.b[faces], more, more, net)
        outside = slice(thermal.inner.stop, None)
        np.subtract.at(net, thermal.a[outside], self.shift[thermal.inner.stop - thermal.plain :, 0] * rise[outside, 0])
        if self.linked is not None and self.conductance is not None:
            linked, position, side = thermal.ledge_heat.linked_solids
            more = self.conductance[linked] * rise[position, side]
            sum_through(thermal.links.a[linked], thermal.links.b[linked], more, more, net)
        return net

    @cached_property
    def units(self) -> Floats | None:
        """What τ changes by, for each material, where the unknown of a step changes by 1, see StepUnits."""
        return self.thermal.step_units.at(self.T)

    @cached_property
    def step_slopes(self) -> Floats:
        """`special_slope` of the faces inside, to the unknowns of a step."""
        inside = self.special_slope[: self.thermal.inner.stop - self.thermal.plain]
        return inside if self.units is None else inside * self.units[self.thermal.step_units.special_materials]

    @property
    def step_conductance(self) -> Floats | None:
        """`conductance`, of the tangent to the unknowns of a step."""
        if self.units is None or self.conductance is None:
            return self.conductance
        found = self.conductance.copy()
        at, units = self._link_units
        found[at] *= np.sqrt(units[:, 0] * units[:, 1])
        return found

    @property
    def step_link_lean(self) -> Floats | None:
        """`link_lean`, of the tangent to the unknowns of a step."""
        if self.units is None or self.link_lean is None:
            return self.link_lean
        units = self.units[self.thermal.ledge_heat.bent_materials]
        return self.link_lean * np.sqrt(units[:, 0] / units[:, 1])

    @property
    def _link_units(self) -> tuple[Chosen, Floats]:
        """Links of which one side has a unit that is not 1, slice or (n,) int, and the units of both sides (n, 2)."""
        assert self.units is not None
        ledge = self.thermal.ledge_heat
        if ledge.bends:
            return slice(None), self.units[ledge.materials]
        return ledge.bent, self.units[ledge.bent_materials]

    def step(self, operator: Operator, r: Floats, tolerance: float) -> Floats:
        """Step in temperature (n_rows,) [K] for a residual (n_rows,) [W]; `operator` is filled with this heat's
        tangent."""
        step = solve_leaning(operator, self, r, tolerance)
        return self.thermal.change(self.T, step if self.units is None else step * self.units[self.thermal.row_material])

    def slopes(self) -> Floats:
        """What the unknown of a step changes by with the temperature, (n_rows,)."""
        found = self.thermal.slopes(self.T)
        return found if self.units is None else found / self.units[self.thermal.row_material]
