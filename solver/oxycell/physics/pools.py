"""Stirred pools and gas spaces: regions with one temperature, and films on what they wet."""

from typing import Annotated

from pydantic import Field

from oxycell.options import Name, Options, Quantity, fraction, option

Film = Annotated[Quantity["W/m2/K"], Field(gt=0.0)]


class Lump(Options):
    """Regions that share one temperature; every face to another region carries a film."""

    name: Name = option("name of the lump")
    regions: tuple[str, ...] = option("its regions, as names or patterns", min_length=1)
    films: dict[str, Film | None] = option(
        "region name or pattern → film coefficient; the first that fits counts; none = no resistance on this side")
    emissivity: float = fraction("effective emissivity of radiation between the lump and what it touches, beside the film", 0.0)
    start: Quantity["K"] | None = option("first guess of its temperature", None, gt=0.0)
    paths: dict[str, Name] = option(
        "region name or pattern → loss path the lump's heat to it is booked under; the first that fits counts", {})
