"""Heat that cells store: enthalpies from tables of the heat capacity."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Bools, Floats, Ints
from oxycell.errors import CaseError
from oxycell.kernel import inner_kernel, kernel
from oxycell.material import Material, Property
from oxycell.mesh.mesh import Mesh
from oxycell.tabulation import tabulated

REFERENCE = 298.15
"""Temperature [K] whose density gives the mass of a solid cell, and at which enthalpies are 0."""


class Enthalpies(NamedTuple):
    """Specific enthalpies of materials, from tables of their heat capacity: linear between points, constant outside.

    Attributes
    ----------
    first : (n + 1,) int, where the table of each material begins
    points, values : (m,) [K], [J/kg/K]
    before : (m,) [J/kg], enthalpy at each point, 0 at `REFERENCE`
    """

    first: Ints
    points: Floats
    values: Floats
    before: Floats

    @classmethod
    def of(cls, capacities: "list[Property]") -> "Enthalpies":
        """Those of heat capacities, a list of n Property [J/kg/K]."""
        tables = [tabulated(prop) for prop in capacities]
        first = np.cumsum([0, *(points.size for points, _ in tables)])
        before = []
        for points, values in tables:
            whole = np.r_[0.0, np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(points))]
            at = np.zeros(1, np.int64)
            zero = cls(np.array([0, points.size]), points, values, whole)
            before.append(whole - zero.at(at, np.array([REFERENCE]))[0])
        nothing = np.zeros(0)
        return cls(
            first,
            np.concatenate([nothing, *(points for points, _ in tables)]),
            np.concatenate([nothing, *(values for _, values in tables)]),
            np.concatenate([nothing, *before]),
        )

    def at(self, material: Ints, T: Floats) -> tuple[Floats, Floats]:
        """Enthalpy [J/kg] and heat capacity [J/kg/K] of materials (k,) int at temperatures T (k,) [K]: (k,) each.

        Notes
        -----
        h(T) = ∫ c dT, exact for the table c is stated by: differences of enthalpies are the heat that passes, whatever
        c(T) is.
        """
        h, c = np.empty(T.size), np.empty(T.size)
        enthalpy_of(material, T, self.first, self.points, self.values, self.before, h, c)
        return h, c


@kernel
def enthalpy_of(material, T, first, points, values, before, h, c):
    """h, c (k,), out, of materials (k,) int at T (k,) [K]; the tables: see Enthalpies."""
    for i in range(T.size):
        h[i], c[i] = _looked_up(first[material[i]], first[material[i] + 1], points, values, before, T[i])


@kernel
def store(row, material, mass, T, first, points, values, before, heat, capacity):
    """Add enthalpy [J] and heat capacity [J/K] of cells to those of rows (n_rows,).

    Parameters
    ----------
    row, material : (k,) int, of the cells; mass : (k,) [kg]; T : (n_rows,) [K]; the tables: see Enthalpies
    """
    for i in range(row.size):
        h, c = _looked_up(first[material[i]], first[material[i] + 1], points, values, before, T[row[i]])
        heat[row[i]] += mass[i] * h
        capacity[row[i]] += mass[i] * c


@inner_kernel
def _looked_up(low, end, points, values, before, T):
    """Enthalpy and heat capacity at T [K] by the table from low to end."""
    last = end - 1
    if T <= points[low]:
        return before[low] + values[low] * (T - points[low]), values[low]
    if T >= points[last]:
        return before[last] + values[last] * (T - points[last]), values[last]
    high = last
    while high - low > 1:
        middle = (low + high) // 2
        if points[middle] <= T:
            low = middle
        else:
            high = middle
    share = (T - points[low]) / (points[high] - points[low])
    value = values[low] + share * (values[high] - values[low])
    return before[low] + 0.5 * (values[low] + value) * (T - points[low]), value


@dataclass(frozen=True)
class HeatStorage:
    """What cells store by their heat capacity; masses do not change with temperature.

    Attributes
    ----------
    mesh : Mesh
    row : (n_cells,) int, heat row of each cell; of a lump's cells that of the lump
    materials : tuple of Material, one for each of the mesh
    liquid : (n_cells,) bool or None, cells of pools whose mass is counted apart, see `physics/heat/stored.py`
    freezes : bool, whether bath freezes in some of the cells, whose latent heat this does not know
    volume : (n_cells,) [m³] or None, which gives the cells their masses: that at the start, where the geometry moves;
        None: that of the mesh
    """

    mesh: Mesh
    row: Ints
    materials: tuple[Material, ...]
    liquid: Bools | None = None
    freezes: bool = False
    volume: Floats | None = None

    def enthalpy(self, T: Floats) -> Floats:
        """Enthalpy of the rows (n_rows,) [J], 0 at `REFERENCE`, at temperatures T (n_rows,) [K]; see `stored`."""
        return self.stored(T)[0]

    def capacity(self, T: Floats) -> Floats:
        """Heat capacity of the rows (n_rows,) [J/K], the slope of the enthalpy; see `stored`."""
        return self.stored(T)[1]

    def stored(self, T: Floats) -> tuple[Floats, Floats]:
        """Enthalpy [J] and heat capacity [J/K] of the rows (n_rows,) at temperatures T (n_rows,) [K].

        Raises
        ------
        CaseError
            A material states no density or heat capacity, or bath freezes that is not counted apart.
        """
        if self.freezes and self.liquid is None:
            raise CaseError(
                "ledge: heat stored by bath that freezes needs a [transient] run; allowed: a steady state, or no ledge"
            )
        heat, capacity = np.zeros(T.size), np.zeros(T.size)
        store(*self._cells, T, *self._enthalpies, heat, capacity)
        return heat, capacity

    @cached_property
    def _enthalpies(self) -> Enthalpies:
        return Enthalpies.of([needed(material, "heat_capacity") for material in self._used])

    @cached_property
    def _numbers(self) -> Ints:
        """Materials (k,) int of the mesh that store here."""
        stores = np.ones(self.mesh.n_cells, bool) if self.liquid is None else ~self.liquid
        return np.unique(self.mesh.material[stores])

    @property
    def _used(self) -> list[Material]:
        return [self.materials[number] for number in self._numbers]

    @cached_property
    def _cells(self) -> tuple[Ints, Ints, Floats]:
        """Rows (k,) int, materials among those used (k,) int, and masses (k,) [kg] of the cells that store here."""
        at = slice(None) if self.liquid is None else np.flatnonzero(~self.liquid)
        material = np.searchsorted(self._numbers, self.mesh.material[at])
        density = np.array([float(needed(m, "density")(np.array([REFERENCE]))[0][0]) for m in self._used])
        volume = self.mesh.cell_volume if self.volume is None else self.volume
        return self.row[at], material, volume[at] * density[material]


def needed(material: Material, what: str) -> Property:
    """Density or heat capacity of a material, by the name of the attribute; CaseError where it is not stated."""
    found: Property | None = getattr(material, what)
    if found is None:
        raise CaseError(
            f"materials.{material.name}.{what}: is needed where heat is stored; allowed: a value or a table"
        )
    return found
