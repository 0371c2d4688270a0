"""The laws of all interfaces as arrays over the faces they act on: decoded once, then brought to temperatures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Bools, Floats, Ints
from oxycell.errors import CaseError
from oxycell.mesh.where import facing_mask
from oxycell.physics.electrode.booking import PLACES, InterfaceLaw
from oxycell.physics.electrode.carbon import limit_at
from oxycell.physics.electrode.drops import (
    CURVED,
    LIMITING_CURRENT,
    RESISTANCE,
    REST,
    REVERSIBLE_HEAT,
    WIDTH,
    LawsAt,
)


class PlacedLaw(NamedTuple):
    """A law of an interface, and where it acts.

    Attributes
    ----------
    law : InterfaceLaw; interface : int, its interface
    at : (k,) int, which of the faces with laws, increasing
    rows : (k,) int, its drops among all
    """

    law: InterfaceLaw
    interface: int
    at: Ints
    rows: Ints


@dataclass(frozen=True)
class LawStack:
    """The laws of all interfaces over the m faces they act on, and their d drops there.

    Attributes
    ----------
    face : (m,) int, position among the faces of the electric domain
    interface : (m,) int, which interface
    sign : (m,) +1 where the owner is on the first side, −1 where it is on the second
    temperature_cell : (m,) int, cell whose temperature the electrode laws take
    second_cell : (m,) int, cell on the second side
    placed : tuple of PlacedLaw, those that drop a voltage or take heat
    first, branch, parameters : (m + 1,) int, (d,) int and (d, WIDTH), see LawsAt; NaN: given by the state
    resistance : (m,) [ohm m²], of all drops proportional to J
    equilibrium : (m,) [V], fixed equilibrium potential; NaN: the reversible potential of the process; 0 where there is
        none
    reversible_place : (m,) int, where reversible heat is taken from, see PLACES
    """

    face: Ints
    interface: Ints
    sign: Ints
    temperature_cell: Ints
    second_cell: Ints
    placed: tuple[PlacedLaw, ...]
    first: Ints
    branch: Ints
    parameters: Floats
    resistance: Floats
    equilibrium: Floats
    reversible_place: Ints

    def has(self, branch: int) -> Bools:
        """Whether a law of this branch of `drop` acts on each face (m,) bool."""
        found = np.zeros(self.face.size, bool)
        for placed in self.placed:
            found[placed.at] |= placed.law.branch == branch
        return found

    @cached_property
    def reacting(self) -> Bools:
        """(m,) bool, faces at which the cell reaction runs: with the reversible potential of the process."""
        return np.isnan(self.equilibrium)

    def limiting_current(self, T: Floats) -> Floats:
        """Limiting current density at T (m,) [K]: (m,) [A/m²], 0 where there is none."""
        found = np.zeros(self.face.size)
        for law, _, at, rows in self.placed:
            if law.branch == LIMITING_CURRENT:
                limit, reference, slope, _ = self.parameters[rows].T
                found[at] = limit_at(limit, reference, slope, T[at])
        return found

    def at(self, temperature: Floats, conductivity: Floats, process: Any) -> tuple[LawsAt, Floats]:
        """The laws at given temperatures.

        Parameters
        ----------
        temperature : (n_cells,) [K]
        conductivity : (n_cells,) [S/m], electric
        process : Process or None

        Returns
        -------
        LawsAt, and the share of the entropic voltage whose heat each face takes (m,) [V]
        """
        T, parameters = temperature[self.temperature_cell], self.parameters.copy()
        rest, peltier = self.equilibrium.copy(), np.zeros(self.face.size)
        for law, _, at, rows in self.placed:
            if law.given == "conductivity":
                parameters[rows, 0] = conductivity[self.second_cell[at]]
            elif law.given and at.size:
                parameters[rows, 0] = over_distinct(getattr(process, law.given), T[at])
            if law.branch == REST:
                rest[at] = parameters[rows, 0]
            elif law.branch == REVERSIBLE_HEAT:
                peltier[at] = parameters[rows, 1] * parameters[rows, 0]
        laws = LawsAt(self.face, self.sign, T, self.resistance, rest, self.first, self.branch, parameters)
        return laws, peltier


def over_distinct(function: Callable[[Floats], tuple[Floats, Floats]], T: Floats) -> Floats:
    """Values of a property function at T (n,), evaluated once for each distinct temperature (a pool has one)."""
    distinct, place = np.unique(T, return_inverse=True)
    return function(distinct)[0][place]


def stack_laws(
    interfaces: Sequence[Any],
    face: Ints,
    interface: Ints,
    sign: Ints,
    temperature_cell: Ints,
    second_cell: Ints,
    facing: Floats,
) -> LawStack:
    """Arrays of all laws over the faces they act on.

    Parameters
    ----------
    interfaces : sequence of Interface
    face, interface, sign, temperature_cell, second_cell : (m,), as in LawStack
    facing : (m,) float, upward component of the normal that leaves the first region

    Returns
    -------
    LawStack

    Raises
    ------
    CaseError
        An interface has two laws of a kind that is allowed only once.
    """
    acting, stated = [], []
    for number, spec in enumerate(interfaces):
        _check_once(spec)
        here = np.flatnonzero(interface == number)
        for law in spec.laws:
            numbers = law.numbers()
            if numbers is not None:
                acting.append((law, number, here[facing_mask(law.looks, facing[here])]))
                stated.append(numbers)
    sizes = [at.size for _, _, at in acting]
    branch = np.repeat(np.array([law.branch for law, _, _ in acting], np.int64), sizes)
    on_face = np.concatenate([np.zeros(0, np.int64), *(at for _, _, at in acting)])
    order = np.lexsort((branch, on_face, branch < CURVED))
    row = np.empty(order.size, np.int64)
    row[order] = np.arange(order.size)
    branch, curved = branch[order], on_face[order[: np.count_nonzero(branch >= CURVED)]]
    rows = np.split(row, np.cumsum(sizes)[:-1]) if sizes else []
    placed = tuple(PlacedLaw(*law, of_law) for law, of_law in zip(acting, rows, strict=True))
    parameters, resistance = np.zeros((order.size, WIDTH)), np.zeros(face.size)
    equilibrium, reversible_place = np.zeros(face.size), np.zeros(face.size, np.int64)
    for (law, _, at, of_law), numbers in zip(placed, stated, strict=True):
        parameters[of_law, : len(numbers)] = numbers
        if law.branch == RESISTANCE:
            resistance[at] += numbers[0]
        elif law.branch == REST:
            equilibrium[at] = numbers[0]
        elif law.branch == REVERSIBLE_HEAT and law.place is not None:
            reversible_place[at] = PLACES[law.place]
    return LawStack(
        face,
        interface,
        sign,
        temperature_cell,
        second_cell,
        placed,
        np.searchsorted(curved, np.arange(face.size + 1)),
        branch,
        parameters,
        resistance,
        equilibrium,
        reversible_place,
    )


def _check_once(spec):
    """CaseError where an interface has more than one law of a kind that is allowed only once."""
    once = [law.once for law in spec.laws if law.once is not None]
    for name in once:
        if once.count(name) > 1:
            raise CaseError(f"interfaces: {spec.name!r} has more than one law of the kind {name}; allowed: one")
