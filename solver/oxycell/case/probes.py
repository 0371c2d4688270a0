"""Probes, lines and integrals as a case states them."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from oxycell.mesh.mesh import SAME
from oxycell.mesh.where import Where
from oxycell.options import Options, Quantity, option


def _plain(name):
    if re.fullmatch(r"[A-Za-z0-9_-]+", name) is None:
        raise ValueError(f"{name!r} is also a key and a file name; allowed: letters, digits, _ and -")
    return name


Name = Annotated[str, AfterValidator(_plain)]


Point = tuple[Quantity["m"], Quantity["m"], Quantity["m"]]


Quantities = tuple[Literal["temperature", "electric_potential", "current_density", "heat_flux"], ...]


class Probe(Options):
    """A point at which the report gives values."""

    name: Name = option("name of the probe")
    at: Point = option("the point")
    region: str | None = option("region, or pattern, whose side is used if the point lies between several", None)
    quantities: Quantities = option("what is reported (default: all that is solved)", ())


class Line(Options):
    """A straight line along which the report gives values, on both sides of every boundary of regions it crosses."""

    name: Name = option("name of the line and of its file")
    start: Point = option("its first point")
    end: Point = option("its last point")
    points: int = option("evenly spaced points along it, both ends included", 101, ge=2, le=100_000)
    regions: tuple[str, ...] = option(
        "only where it passes through these regions, as names or patterns; for lines along a boundary", ()
    )
    quantities: Quantities = option("what is reported (default: all that is solved)", ())

    @model_validator(mode="after")
    def _long(self):
        if max(abs(a - b) for a, b in zip(self.start, self.end, strict=True)) <= SAME:
            raise ValueError(f"line {self.name!r} has no length; allowed: two different points")
        return self


class Cut(Options):
    """A plane across one axis."""

    axis: Literal["x", "y", "z"] = option("axis it is normal to")
    at: Quantity["m"] = option("where it cuts that axis")
    of: tuple[str, ...] = option("only the part of it in these regions, as names or patterns (default: all)", ())


class Integral(Options):
    """Totals and means over one of: surfaces, regions, an interface, the boundary between regions, a plane."""

    name: Name = option("name of the integral")
    surfaces: tuple[str, ...] = option("outer surfaces, as names or patterns", ())
    regions: tuple[str, ...] = option("regions, as names or patterns", ())
    interface: str | None = option("name of one of [[interfaces]]", None)
    between: tuple[str, str] | None = option(
        "all faces from the first to the second region, as names or patterns", None
    )
    plane: Cut | None = option("a plane; current and heat are > 0 along its axis", None)
    where: Where | None = option(
        "only its part in an extent, or facing in a direction, out of the body or the first region", None
    )

    @model_validator(mode="after")
    def _one(self):
        kinds = ("surfaces", "regions", "interface", "between", "plane")
        if sum(bool(getattr(self, kind)) for kind in kinds) != 1:
            raise ValueError(f"integral {self.name!r} needs exactly one of {', '.join(kinds)}")
        if self.where is not None and self.where.facing != "any" and (self.regions or self.plane):
            raise ValueError(
                f"integral {self.name!r} is over {'regions' if self.regions else 'a plane'} and has no orientation; "
                "allowed with facing: surfaces, interface, between"
            )
        return self
