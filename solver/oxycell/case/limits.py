"""Limits of use of a material, as a case states them."""

from typing import Literal

from oxycell.options import Options, Quantity, option, positive


class LimitOptions(Options):
    """Temperatures beyond which a run alerts; those not stated are the library material's."""

    freezing: Quantity["K"] | None = positive("below it a melt freezes", None)
    softening: Quantity["K"] | None = positive("above it it loses its strength or shape", None)
    solidus: Quantity["K"] | None = positive("above it some of it is liquid", None)
    melting: Quantity["K"] | None = positive("above it it is liquid", None)
    boiling: Quantity["K"] | None = positive("above it it boils", None)
    oxidation: Quantity["K"] | None = positive("above it it burns or scales", None)
    service: Quantity["K"] | None = positive("maximum service temperature", None)
    ignore: tuple[Literal["freezing", "softening", "solidus", "melting", "boiling", "oxidation", "service"], ...] = (
        option('limits of the library material that do not apply here, such as "oxidation" under inert gas', ())
    )
    source: str = option("where these temperatures come from", "the case")
