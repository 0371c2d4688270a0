"""What a ledge stores: frozen mass, its enthalpy, and what passes its front as it freezes and melts."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.kernel import kernel
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.reductions import totals
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

    @property
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
    mass : (m,) [kg]; temperature : (m,) [K], of what is frozen, in the mean
    heat, capacity : (m,) [J], [J/K], of what is frozen
    slope : (m,) [kg/K], by how much the mass of a column falls with the temperatures of its cells
    """

    mass: Floats
    temperature: Floats
    heat: Floats
    capacity: Floats
    slope: Floats


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
        self.ledge, self.bath, self.row, self._volume = ledge, bath, row, mesh.cell_volume[ledge.cell]
        self.rows, self._last_rows = own[ledge.cell], own[ledge.last_cell]
        self._area = mesh.area[ledge.face]
        self._column = np.repeat(np.arange(ledge.face.size), np.diff(ledge.first))

    def frozen(self, front: Front, T: Floats) -> Frozen:
        """Frozen at a Front and temperatures T (n_rows,) [K] of the rows."""
        mass = self.bath.density * self._volume * front.solid
        temperature = T[self.rows] - front.colder
        h, c = self.bath.solid(temperature)
        slope = np.zeros(mass.size)
        spread_slopes(
            self.ledge.first,
            self.ledge.start,
            self.ledge.end,
            front.thickness,
            front.steepness,
            self.bath.density * self._volume,
            slope,
        )
        return Frozen(mass, temperature, mass * h, mass * c, slope)

    def mass(self, solid: Floats) -> float:
        """Frozen mass [kg] for frozen shares (m,) of the columns' cells."""
        return self.bath.density * float(self._volume @ solid)

    def exchanged(self, mass: Floats, liquidus: float, n_rows: int) -> Floats:
        """What rows get (n_rows,) [J] as masses (m,) [kg] freeze in the columns' cells at a liquidus [K]."""
        at = np.array([liquidus])
        solid, liquid = float(self.bath.solid(at)[0][0]), float(self.bath.liquid(at)[0][0])
        found = np.zeros(n_rows)
        found[self.rows] = mass * solid
        found[self._last_rows] += (liquid - solid) * totals(self._column, mass, self._last_rows.size)
        found[self.row] -= liquid * float(mass.sum())
        return found

    def melted(self, front: Front, T: Floats, change: Floats) -> Floats:
        """Masses (m,) [kg] that melt in columns as temperatures T (n_rows,) [K] change by (n_rows,) [K]."""
        return self.frozen(front, T).slope * change[self.rows]

    @cached_property
    def mass_per_thickness(self) -> float:
        """Frozen mass over the mean thickness [kg/m]."""
        return self.bath.density * float(self._area.sum())

    def latent_slope(self, slope: Floats, liquidus: float, n_rows: int) -> Floats:
        """Heat of melting that follows the temperatures of rows (n_rows,) [J/K], for `Frozen.slope` (m,) [kg/K]."""
        found = np.zeros(n_rows)
        found[self.rows] = self.bath.melting(liquidus) * slope
        return found


@kernel
def spread_slopes(first, start, end, thickness, steepness, mass, slope):
    """By how much the frozen mass of each column falls with the temperatures of its cells.

    Parameters
    ----------
    first, start, end : see LedgeColumns; thickness : (n,) [m]; steepness : (m,) [K/m], see `find_front`
    mass : (m,) [kg], of cells that are frozen whole
    slope : (m,) [kg/K], out; 0 on entry
    """
    for c in range(thickness.size):
        t, last = thickness[c], first[c + 1] - 1
        if t <= 0.0 or t >= end[last]:
            continue
        e = first[c]
        while e < last and 0.5 * (start[e] + end[e]) < t:
            e += 1
        inside = e
        while inside > first[c] and start[inside] > t:
            inside -= 1
        found = mass[inside] / (end[inside] - start[inside]) / max(steepness[e], 1e-6)
        centre = 0.5 * (start[e] + end[e])
        if e > first[c] and t < centre:
            before = 0.5 * (start[e - 1] + end[e - 1])
            share = (t - before) / (centre - before)
            slope[e - 1] += (1.0 - share) * found
            slope[e] += share * found
        else:
            slope[e] += found
