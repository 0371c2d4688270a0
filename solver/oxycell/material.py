"""Materials: properties, and limits of use. Knows nothing of meshes."""

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from oxycell.properties import Property

LIMITS = {"freezing": -1, "softening": 1, "solidus": 1, "melting": 1, "boiling": 1, "oxidation": 1, "service": 1}
"""Kinds of limits of use, and whether what lies above (1) or below (−1) is beyond."""


@dataclass(frozen=True)
class Limit:
    """A temperature beyond which a material is not what its properties say, or does not last.

    Attributes
    ----------
    kind : str, one of `LIMITS`
    temperature : float [K]
    source : str
    basis : str, one of `BASES`
    """

    kind: str
    temperature: float
    source: str = "given"
    basis: str = "user"


@dataclass(frozen=True)
class Material:
    """What a region is made of.

    Attributes
    ----------
    name : str
    electrical_conductivity : Property or None [S/m]; None is an insulator
    thermal_conductivity : Property or None [W/m/K]; None is not stated, which will do where only currents are solved
    density : Property [kg/m³]
    heat_capacity : Property or None [J/kg/K]; needed by transients only
    note : str, what the properties do not say
    electrical_anisotropy, thermal_anisotropy : (3,), factors on the conductivities along x, y, z
    melting : float or None [K], where its conductivities change and a front is looked for
    limits : tuple of Limit, of use; at most one of a kind
    """

    name: str
    electrical_conductivity: Property | None
    thermal_conductivity: Property | None
    density: Property
    heat_capacity: Property | None = None
    note: str = ""
    electrical_anisotropy: tuple[float, float, float] = (1.0, 1.0, 1.0)
    thermal_anisotropy: tuple[float, float, float] = (1.0, 1.0, 1.0)
    melting: float | None = None
    limits: tuple[Limit, ...] = ()

    def properties(self) -> dict[str, Property]:
        """The properties it has, by name."""
        names = ("electrical_conductivity", "thermal_conductivity", "density", "heat_capacity")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def warnings(self, T: ArrayLike, used: Sequence[str] | None = None) -> list[str]:
        """One line for each property (of those `used`, or all) that T (n,) [K] takes outside its valid range."""
        found = []
        for name, prop in self.properties().items():
            excess = prop.excess(T) if used is None or name in used else 0.0
            if excess > 0.0:
                found.append(
                    f"{self.name}: {name} is used {excess:.0f} K outside its range "
                    f"{prop.lower:.0f} to {prop.upper:.0f} K ({prop.basis}: {prop.source})"
                )
        return found
