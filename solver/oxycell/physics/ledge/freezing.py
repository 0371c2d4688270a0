"""What a ledge stores: frozen mass, its enthalpy, and what passes its front as it freezes and melts."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Bools, Floats, Ints
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.reductions import dot, total, totals
from oxycell.physics.heat.storage import Enthalpies
from oxycell.physics.ledge.ledge import Front, LedgeColumns

_SOLID, _LIQUID = 0, 1


@dataclass(frozen=True)
class FrozenBath:
    """Enthalpies of frozen and liquid bath.

    Attributes
    ----------
    density : [kg/m³], of frozen bath
    enthalpies : Enthalpies of the frozen bath, then of the liquid
    latent, at : [J/kg], [K], heat of melting, and the temperature it is stated at

    Notes
    -----
    Enthalpies are absolute, so that the heat of melting is that at the temperature of the front: L(T) = L(T₀) + ∫ (c_l
    − c_s) dT from T₀. With a constant one, a liquidus that moves would leave the energy balance open.
    """

    density: float
    enthalpies: Enthalpies
    latent: float
    at: float

    def solid(self, T: Floats) -> tuple[Floats, Floats]:
        """Enthalpy [J/kg] and heat capacity [J/kg/K] of frozen bath at T (n,) [K]: (n,) each."""
        h, c = self.enthalpies.at(np.full(T.size, _SOLID), T)
        return h + self._offset, c

    def liquid(self, T: Floats) -> tuple[Floats, Floats]:
        """The same of liquid bath."""
        return self.enthalpies.at(np.full(T.size, _LIQUID), T)

    def melting(self, T: float) -> float:
        """Heat of melting [J/kg] at T [K]."""
        at = np.array([T])
        return float(self.liquid(at)[0][0] - self.solid(at)[0][0])

    @cached_property
    def _offset(self) -> float:
        at = np.array([self.at])
        return (
            float((self.enthalpies.at(np.array([_LIQUID]), at)[0] - self.enthalpies.at(np.array([_SOLID]), at)[0])[0])
            - self.latent
        )


class Frozen(NamedTuple):
    """What is frozen in the cells of the columns at a front.

    Attributes
    ----------
    mass : (m,) [kg]
    heat, capacity : (m,) [J], [J/K], of what is frozen
    """

    mass: Floats
    heat: Floats
    capacity: Floats


class Freezing:
    """Frozen mass and enthalpy of a ledge.

    Parameters
    ----------
    mesh : Mesh; ledge : LedgeColumns; own : (n_cells,) int, heat row of each of the columns' cells
    bath : FrozenBath; row : int, heat row of the pool the melt goes to and comes from

    Notes
    -----
    Liquid crosses the front at the liquidus both ways. What freezes brings the enthalpy of the solid at the liquidus to
    the cell it freezes in, the heat of melting to the far end of its column, where the film's heat enters, and takes
    that of the liquid from the pool; the three add up to nothing. With the heat of melting at the far end, what passes
    a column beyond its front stays the same everywhere, so the front is found as in a steady state.
    """

    def __init__(self, mesh: Mesh, ledge: LedgeColumns, own: Ints, bath: FrozenBath, row: int) -> None:
        self.ledge, self.bath, self.row, self._volume = ledge, bath, row, ledge.volume
        self.rows, self._last_rows = own[ledge.cell], own[ledge.last_cell]
        self._area = mesh.area[ledge.face]
        self._column = np.repeat(np.arange(ledge.face.size), np.diff(ledge.first))

    def frozen(self, front: Front, T: Floats) -> Frozen:
        """Frozen at a Front and temperatures T (n_rows,) [K] of the rows."""
        mass = self.bath.density * self._volume * front.solid
        temperature = T[self.rows] - front.colder
        h, c = self.bath.solid(temperature)
        return Frozen(mass, mass * h, mass * c)

    def melted(self, before: Floats, front: Front) -> Floats:
        """Mass [kg] that melts in each column (n,), of what was frozen in its cells (m,) [kg], at a Front; 0 where bath
        freezes."""
        less = before - self.bath.density * self._volume * front.solid
        return np.maximum(totals(self._column, less, self._last_rows.size), 0.0)

    def covered(self, mass: Floats) -> Bools:
        """Columns (n,) bool with a ledge, for frozen masses (m,) [kg] in their cells."""
        there: Bools = mass[self.ledge.first[:-1]] > 0.0
        return there

    def mass(self, solid: Floats) -> float:
        """Frozen mass [kg] for frozen shares (m,) of the columns' cells."""
        return self.bath.density * dot(self._volume, solid)

    def exchanged(self, mass: Floats, liquidus: float, n_rows: int) -> Floats:
        """What rows get (n_rows,) [J] as masses (m,) [kg] freeze in the columns' cells at a liquidus [K]."""
        at = np.array([liquidus])
        solid, liquid = float(self.bath.solid(at)[0][0]), float(self.bath.liquid(at)[0][0])
        found = np.zeros(n_rows)
        found[self.rows] = mass * solid
        found[self._last_rows] += (liquid - solid) * totals(self._column, mass, self._last_rows.size)
        found[self.row] -= liquid * total(mass)
        return found

    @cached_property
    def mass_per_thickness(self) -> float:
        """Frozen mass over the mean thickness [kg/m]."""
        return self.bath.density * total(self._area)
