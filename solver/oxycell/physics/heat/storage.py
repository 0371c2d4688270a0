"""Heat that rows store: enthalpies from tables of the heat capacity."""

from dataclasses import dataclass

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.errors import CaseError
from oxycell.material import Property
from oxycell.mesh.mesh import Mesh
from oxycell.tabulation import tabulated

REFERENCE = 298.15
"""Temperature [K] whose density gives the mass of a cell, and at which the enthalpy is 0."""


@dataclass(frozen=True)
class HeatStorage:
    """What cells store by their heat capacity; masses do not change with temperature.

    Attributes
    ----------
    mesh : Mesh
    row : (n_cells,) int, heat row of each cell; of a lump's cells that of the lump
    materials : tuple of (density [kg/m³], heat capacity [J/kg/K] or None), Property each, one for each material of the
        mesh
    freezes : bool, whether bath freezes in some of the cells, whose latent heat this does not know
    """

    mesh: Mesh
    row: Ints
    materials: tuple[tuple[Property, Property | None], ...]
    freezes: bool = False

    def enthalpy(self, T: Floats) -> Floats:
        """Enthalpy of the rows (n_rows,) [J], 0 at `REFERENCE`, at temperatures T (n_rows,) [K].

        Raises
        ------
        CaseError
            A material states no heat capacity, or bath freezes.

        Notes
        -----
        h(T) = ∫ c dT, exact for the table c is stated by: differences of enthalpies are the heat that passes, whatever
        c(T) is.
        """
        stored = np.zeros(T.size)
        for rows, mass, points, values in self._parts():
            stored += np.bincount(rows, mass * _integral(points, values, T[rows]), T.size)
        return stored

    def capacity(self, T: Floats) -> Floats:
        """Heat capacity of the rows (n_rows,) [J/K], the slope of the enthalpy; the rest: see `enthalpy`."""
        found = np.zeros(T.size)
        for rows, mass, points, values in self._parts():
            found += np.bincount(rows, mass * np.interp(T[rows], points, values), T.size)
        return found

    def _parts(self):
        """Of each material rows (k,) int and masses (k,) [kg] of its cells, and its heat capacity as a table (m,) [K],
        [J/kg/K]."""
        if self.freezes:
            raise CaseError(
                "ledge: heat stored by bath that freezes is not modelled; allowed: a steady state, or no ledge"
            )
        for number, (density, capacity) in enumerate(self.materials):
            cells = np.flatnonzero(self.mesh.material == number)
            if capacity is None:
                name = self.mesh.material_names[number]
                raise CaseError(
                    f"materials.{name}.heat_capacity: is needed where heat is stored; allowed: a value or a table"
                )
            mass = self.mesh.cell_volume[cells] * float(density(np.array([REFERENCE]))[0][0])
            yield self.row[cells], mass, *tabulated(capacity)


def _integral(points: Floats, values: Floats, T: Floats) -> Floats:
    """∫ c dT from `REFERENCE` to T (n,) [K], of a table (m,) [K], [J/kg/K] that is constant outside its points: (n,)
    [J/kg]."""

    def from_first(T: Floats) -> Floats:
        inside = np.clip(T, points[0], points[-1])
        whole = np.r_[0.0, np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(points))]
        at = np.clip(np.searchsorted(points, inside, side="right") - 1, 0, points.size - 1)
        value = np.interp(inside, points, values)
        return whole[at] + 0.5 * (values[at] + value) * (inside - points[at]) + value * (T - inside)

    return from_first(T) - from_first(np.array([REFERENCE]))
