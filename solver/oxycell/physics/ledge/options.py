"""`[ledge]` of a case: bath that freezes."""

from typing import Self

from pydantic import model_validator

from oxycell.options import Options, Quantity, non_negative, option, positive


class Ledge(Options):
    """Bath frozen on vertical wall faces of pools, and in shells on other faces; its front is at the liquidus
    temperature."""

    pools: tuple[str, ...] = option("lumps on whose walls it can form", min_length=1)
    walls: tuple[str, ...] = option("regions it can form on, as names or patterns", ())
    shells: tuple[str, ...] = option(
        "regions, as names or patterns, on whose other faces towards the pools bath can freeze in a shell: a layer "
        "that takes up no cells, insulates and lets no current pass",
        (),
    )
    conductivity: Quantity["W/m/K"] = positive("thermal conductivity of frozen bath", 1.5)
    material: str | None = option(
        "material whose thermal conductivity it has instead, which may vary with temperature", None
    )
    liquidus: Quantity["K"] | None = option("temperature of its front; default: the liquidus of [bath]", None, gt=0.0)
    reach: Quantity["m"] = positive("maximum thickness of the ledge", 0.5)
    start: Quantity["m"] = non_negative("initial guess of its thickness", 0.05)
    density: Quantity["kg/m3"] = positive("density of frozen bath, in a transient [L]", 2800.0)
    heat_capacity: Quantity["J/kg/K"] = positive(
        "heat capacity of frozen bath, in a transient [L: cryolite 1188 to 1519]", 1400.0
    )
    latent_heat: Quantity["J/kg"] | None = option(
        "heat of melting, in a transient; default: that of [bath], else 520 kJ/kg [L: 510 to 570]", None, gt=0.0
    )
    latent_heat_at: Quantity["K"] | None = option(
        "temperature the heat of melting is stated at; default: the liquidus at the start", None, gt=0.0
    )

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.walls and not self.shells:
            raise ValueError("neither walls nor shells are stated; allowed: regions for one of them, or both")
        return self
