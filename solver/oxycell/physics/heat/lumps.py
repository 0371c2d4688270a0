"""Stirred pools and gas spaces: regions with one temperature, and films on what they wet."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from oxycell.mesh.where import Where
from oxycell.options import Name, Options, Quantity, fraction, option
from oxycell.physics.varying import ByTime

Film = Annotated[Quantity["W/m2/K"], Field(gt=0.0)]

Known = Annotated[Quantity["K"], Field(gt=0.0)]


class FilmAt(Options):
    """A film on a part of what a lump touches."""

    on: tuple[str, ...] = option("regions it is on, as names or patterns (default: all)", ("*",), min_length=1)
    where: Where = option("limits it to faces in an extent, or facing in a direction, out of their region")
    coefficient: Film | Literal["none"] = option("film coefficient; none = no resistance on this side")
    path: Name | None = option(
        "loss path the lump's heat through it is reported under (default: as `paths` has it)", None
    )

    @property
    def resistance(self) -> Any:
        """[m² K/W]"""
        return 0.0 if self.coefficient == "none" else 1.0 / self.coefficient


class Lump(Options):
    """Regions that share one temperature; every face to another region carries a film."""

    name: Name = option("name of the lump")
    regions: tuple[str, ...] = option("its regions, as names or patterns", min_length=1)
    films: dict[str, Film | None] = option(
        "region name or pattern → film coefficient; the first that matches is used; none = no resistance on this side"
    )
    films_at: tuple[FilmAt, ...] = option(
        "films by location and orientation; the first that matches is used, before those of films", ()
    )
    emissivity: float = fraction(
        "effective emissivity of radiation between the lump and the surfaces it touches, in addition to the film", 0.0
    )
    start: Quantity["K"] | None = option("initial guess of its temperature", None, gt=0.0)
    temperature: Known | ByTime | None = option(
        'prescribed temperature, or a table over time; the heat this takes is the source "NAME held", '
        "< 0 where it cools",
        None,
    )
    paths: dict[str, Name] = option(
        "region name or pattern → loss path the lump's heat to it is reported under; the first that matches is used", {}
    )

    @model_validator(mode="after")
    def _known_or_guessed(self):
        if self.temperature is not None and self.start is not None:
            raise ValueError(
                f"lump {self.name!r} states its temperature and an initial guess of it; allowed: one of them"
            )
        return self

    @property
    def held(self) -> str | None:
        """Name of the source that keeps it at its temperature; None where that is solved for."""
        return None if self.temperature is None else f"{self.name} held"
