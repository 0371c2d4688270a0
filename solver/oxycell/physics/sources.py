"""Sources inside regions: heat, and current from outside the model."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import model_validator

from oxycell.arrays import Floats, Ints
from oxycell.material import Property
from oxycell.options import Name, Options, Quantity, option
from oxycell.physics.balance import RowTerm
from oxycell.physics.varying import ByPosition, Varying, value_and_slope

RESERVED = ("joule", "feed", "carbon_feed", "recombination", "reversible_heat")
"""Names the heat balance gives its own terms."""


class Source(Options):
    """Heat generated in regions, or current supplied to them; each is a term of its balance under this name."""

    name: Name = option("name of the source")
    regions: tuple[str, ...] = option("regions it lies in, as names or patterns", min_length=1)
    heat: Quantity["W/m3"] | Varying | None = option(
        "heat generated per volume, < 0: removed; table over T, time, x, y, z, or a field", None
    )
    total_heat: Quantity["W"] | None = option(
        "total heat generated in the regions of the whole model, uniform by volume", None
    )
    current: Quantity["A/m3"] | ByPosition | None = option(
        "current supplied per volume, < 0: drawn; table over time, x, y, z, or a field", None
    )
    total_current: Quantity["A"] | None = option(
        "total current supplied to the regions of the whole model, uniform by volume", None
    )

    @model_validator(mode="after")
    def _one_of_each(self):
        if self.name in RESERVED or self.name.endswith(" within lumps"):
            raise ValueError(f"source {self.name!r} has the name of a term of the balance; allowed: any other name")
        for what in ("heat", "current"):
            if getattr(self, what) is not None and getattr(self, f"total_{what}") is not None:
                raise ValueError(f"source {self.name!r} states {what} and total_{what}; allowed: one of them")
        if all(value is None for value in (self.heat, self.total_heat, self.current, self.total_current)):
            raise ValueError(f"source {self.name!r} has no value; allowed: heat, total_heat, current or total_current")
        return self


@dataclass(frozen=True)
class Volumetric:
    """A source over cells.

    Attributes
    ----------
    name : str
    cells : (n,) int
    volume : (n,) [m³]
    density : float, (n,) or Property of temperature [W/m³ or A/m³]
    """

    name: str
    cells: Ints
    volume: Floats
    density: float | Floats | Property

    def made(self, temperature: Floats) -> tuple[Floats, Floats]:
        """What each of its cells generates (n,) [W or A] and its slope (n,) [per K] at temperatures (n_cells,) [K]."""
        value, slope = value_and_slope(self.density, temperature[self.cells])
        return value * self.volume, slope * self.volume


def generated(sources: Sequence[Volumetric], row: Ints, temperature: Floats) -> tuple[RowTerm, ...]:
    """What sources generate [W or A], each as a term of its own, in the rows (n_cells,) of their cells at temperatures
    (n_cells,) [K]."""
    return tuple(RowTerm(source.name, row[source.cells], source.made(temperature)[0]) for source in sources)
