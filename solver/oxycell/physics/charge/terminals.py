"""Where current enters and leaves: surfaces at one potential, with the resistances between them and the outside."""

from typing import Any

from pydantic import model_validator

from oxycell.options import Name, Options, Quantity, non_negative, option
from oxycell.physics.varying import ByTime


class Terminal(Options):
    """Boundary surfaces at one potential: its total current is known, or its potential outside or inside
    `external_resistance`."""

    name: Name = option("name of the terminal")
    surfaces: tuple[str, ...] = option("surfaces it contacts, as names or patterns", min_length=1)
    current: Quantity["A"] | ByTime | None = option(
        "total current into the body, of the whole model; or a table over time", None
    )
    potential: Quantity["V"] | ByTime | None = option(
        "potential outside external_resistance, potential_V of the report; or a table over time", None
    )
    node_potential: Quantity["V"] | ByTime | None = option(
        "instead: potential between external_resistance and the surfaces, node_potential_V of the report; or a "
        "table over time",
        None,
    )
    surface_resistance: Quantity["ohm"] = non_negative(
        "resistance between the terminal and each of its surfaces (clamp, flex)", 0.0
    )
    part: Name = option(
        'voltage part of that resistance; "external" spends its heat outside the thermal domain', "contacts"
    )
    external_resistance: Quantity["ohm"] = non_negative(
        "resistance in series with the terminal, of the whole model (busbars)", 0.0
    )

    @model_validator(mode="after")
    def _one_known(self):
        if (self.current, self.potential, self.node_potential).count(None) != 2:
            raise ValueError(f"terminal {self.name!r} needs one of current, potential and node_potential")
        return self

    @property
    def given_potential(self) -> float | None:
        """The potential that is given [V], outside or inside; None where the current is."""
        given: Any = self.potential if self.node_potential is None else self.node_potential
        return given
