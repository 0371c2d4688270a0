"""Stirred pools and gas spaces: regions with one temperature, and films on what they wet."""

from typing import Annotated

from pydantic import Field, model_validator

from oxycell.options import Options, Quantity, fraction, option
from oxycell.physics.varying import ByTime

Film = Annotated[Quantity["W/m2/K"], Field(gt=0.0)]

Known = Annotated[Quantity["K"], Field(gt=0.0)]


class Lump(Options):
    """Regions that share one temperature; every face to another region carries a film."""

    name: str = option("name of the lump")
    regions: tuple[str, ...] = option("its regions, as names or patterns")
    films: dict[str, Film | None] = option(
        "region name or pattern → film coefficient; the first that fits counts; none = no resistance on this side")
    emissivity: float = fraction("effective emissivity of radiation between the lump and what it touches, beside the film", 0.0)
    start: Quantity["K"] | None = option("first guess of its temperature", None, gt=0.0)
    temperature: Known | ByTime | None = option(
        'its temperature where it is known, or a table over time; the heat that takes is the source "NAME held", < 0 where it cools', None)
    paths: dict[str, str] = option(
        "region name or pattern → loss path the lump's heat to it is booked under; the first that fits counts", {})

    @model_validator(mode="after")
    def _known_or_guessed(self):
        if self.temperature is not None and self.start is not None:
            raise ValueError(f"lump {self.name!r} states its temperature and a first guess of it; allowed: one of them")
        return self

    @property
    def held(self):
        """Name of the source that keeps it at its temperature; None where that is solved for."""
        return None if self.temperature is None else f"{self.name} held"
