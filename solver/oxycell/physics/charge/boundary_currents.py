"""Current through outer surfaces that are no terminals: a given density, or a potential that may vary over the
surface."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from oxycell.options import Options, Quantity, option
from oxycell.physics.varying import ByPosition


class CurrentDensity(Options):
    """A given current density into the body."""

    kind: Literal["current_density"] = "current_density"
    value: Quantity["A/m2"] | ByPosition = option(
        "current density, > 0 enters the body; table over time, x, y, z, or a field"
    )


class FixedPotential(Options):
    """A given potential at the surface, that may differ from place to place: no terminal, which has one potential."""

    kind: Literal["fixed_potential"] = "fixed_potential"
    potential: Quantity["V"] | ByPosition = option("potential of the surface; table over time, x, y, z, or a field")


SUPPLIES = {"current_density": CurrentDensity, "fixed_potential": FixedPotential}


@dataclass(frozen=True)
class Supplies:
    """Outer faces that carry current without belonging to a terminal.

    Attributes
    ----------
    names : list of str, of the surfaces
    index : (k,) int, positions among the faces of the electric domain
    surface : (k,) int, index into names
    potential : (k,) [V], NaN where the density is given
    density : (k,) [A/m²], into the body; 0 where the potential is given
    """

    names: list
    index: np.ndarray
    surface: np.ndarray
    potential: np.ndarray
    density: np.ndarray

    def carry(self, inside, behind, area):
        """Current outwards (k,) [A], and its derivative to the potential inside (k,) [S].

        Parameters
        ----------
        inside : (k,) [V], potentials of the cells behind the faces
        behind : (k,) [ohm m²], of the half cells behind the faces; area : (k,) [m²]
        """
        held = ~np.isnan(self.potential)
        return area * np.where(held, (inside - self.potential) / behind, -self.density), area * np.where(
            held, 1.0 / behind, 0.0
        )
