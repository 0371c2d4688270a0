"""Boundary currents, through outer surfaces that are no terminals: a prescribed current density (Neumann condition),
or a prescribed potential that may vary over the surface (Dirichlet condition)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.options import Options, Quantity, option
from oxycell.physics.varying import ByPosition


class CurrentDensity(Options):
    """A prescribed current density into the body, whatever the potential."""

    kind: Literal["current_density"] = "current_density"
    value: Quantity["A/m2"] | ByPosition = option(
        "current density, > 0 enters the body; table over time, x, y, z, or a field"
    )


class FixedPotential(Options):
    """A prescribed potential of the surface, which may differ from place to place; a terminal has one potential."""

    kind: Literal["fixed_potential"] = "fixed_potential"
    potential: Quantity["V"] | ByPosition = option("potential of the surface; table over time, x, y, z, or a field")


CHARGE_LAWS: dict[str, type[Options]] = {"current_density": CurrentDensity, "fixed_potential": FixedPotential}
"""Laws of outer surfaces in the charge balance: kind → class."""


@dataclass(frozen=True)
class BoundaryCurrents:
    """Outer faces that carry current without belonging to a terminal.

    Attributes
    ----------
    names : list of str, of the surfaces
    index : (k,) int, positions among the faces of the electric domain
    surface : (k,) int, index into names
    potential : (k,) [V], NaN where the current density is prescribed
    density : (k,) [A/m²], into the body; 0 where the potential is prescribed
    """

    names: list[str]
    index: Ints
    surface: Ints
    potential: Floats
    density: Floats

    def carry(self, inside: Floats, behind: Floats, area: Floats) -> tuple[Floats, Floats]:
        """Current outwards (k,) [A], and its derivative to the potential inside (k,) [S].

        Parameters
        ----------
        inside : (k,) [V], potentials of the cells behind the faces
        behind : (k,) [ohm m²], of the half cells behind the faces; area : (k,) [m²]
        """
        fixed = ~np.isnan(self.potential)
        density = np.where(fixed, (inside - self.potential) / behind, -self.density)
        return area * density, area * np.where(fixed, 1.0 / behind, 0.0)
