"""What a tonne of metal is charged with: electricity, carbon, perfluorocarbons, wear of the anodes; and the section of
cells."""

from typing import Literal

from pydantic import field_validator, model_validator

from oxycell.case.published import grids, statement_sets
from oxycell.errors import CaseError
from oxycell.options import Misplaced, Options, Quantity, fraction, non_negative, option, positive

DEFAULT_GRID = "hydro_lifecycle"


AUXILIARY_ENERGY = 0.4  # kWh/kg AC [E]


CARBON_BEYOND_REACTION = 0.051
"""Carbon lost to airburn and dust [kg per kg Al]: 0.41 net of a prebake cell less 0.359 of its reaction at CE 0.93 [M,
D]."""


class Emissions(Options):
    """Electricity, auxiliaries, carbon and perfluorocarbons behind the emissions of the report."""

    grid: str | None = option(
        f"electricity by name, from the table of published grids; {DEFAULT_GRID} by default", None
    )
    grid_factor: Quantity["kg/kWh"] | None = option("CO2 equivalent of electricity, instead of a grid", None, ge=0.0)
    grid_source: str | None = option("where the grid factor comes from", None)
    rectifier_efficiency: float = option("DC over AC energy [E]", 0.98, gt=0.0, le=1.0)
    auxiliary_energy: Quantity["kWh/kg"] | None = option(
        f"AC energy of auxiliaries per kg aluminium; {AUXILIARY_ENERGY:g} kWh/kg by default [E: 0.3 to 0.5]",
        None,
        ge=0.0,
    )
    fuel: Quantity["kg/kg"] = non_negative("CO2 of fuel burnt per kg aluminium", 0.0)
    net_carbon: Quantity["kg/kg"] | None = option(
        f"carbon consumed per kg aluminium, airburn and dust included; by default {CARBON_BEYOND_REACTION:g} kg/kg "
        "beyond the reaction, 0.41 kg/kg at current efficiency 0.93 [M]",
        None,
        gt=0.0,
    )
    carbon_content: float = fraction("carbon in the anodes by weight [M: usual assay of baked anodes]", 0.985)
    anode_effects: Quantity["min/day"] | None = option(
        "anode-effect minutes of a cell in a day, instead of cf4 and c2f6", None, ge=0.0
    )
    anode_effect_cf4: Quantity["kg/kg"] = positive(
        "CF4 per kg aluminium for each anode-effect minute of a cell in a day, with anode_effects [L: Welch 2008, "
        "0.14 kg/t]",
        1.4e-4,
    )
    anode_effect_c2f6: Quantity["kg/kg"] = non_negative(
        "C2F6 per kg aluminium for each anode-effect minute of a cell in a day, with anode_effects [L: Welch "
        "2008, 0.018 kg/t]",
        1.8e-5,
    )
    cf4: Quantity["kg/kg"] | None = option(
        "CF4 per kg aluminium; by default 0.05 kg/t with carbon anodes [M: modern cells]", None, ge=0.0
    )
    c2f6: Quantity["kg/kg"] | None = option(
        "C2F6 per kg aluminium; by default a tenth of the CF4 [M: IPCC 2006, 0.4 and 0.04 kg/t]", None, ge=0.0
    )
    cf4_warming: float = option("100-year warming potential of CF4 [L: IPCC AR4]", 7390.0, gt=0.0)
    c2f6_warming: float = option("100-year warming potential of C2F6 [L: IPCC AR4]", 12200.0, gt=0.0)

    @field_validator("grid")
    @classmethod
    def _known(cls, name):
        if name is not None and name not in grids():
            raise ValueError(
                f'"{name}" is not a grid of the table; allowed: {", ".join(grids())}, or grid_factor instead'
            )
        return name

    @model_validator(mode="before")
    @classmethod
    def _without_slope(cls, data):
        """Runs of before have the default of an option that counted gases at the warming potentials of 1995; any other
        value is refused."""
        if not isinstance(data, dict) or "anode_effect_slope" not in data:
            return data
        if data["anode_effect_slope"] != "1.0756 kg/kg":
            raise Misplaced(
                ("anode_effect_slope",),
                "is no longer an option; allowed: anode_effect_cf4 and anode_effect_c2f6, masses weighted "
                "by cf4_warming and c2f6_warming",
            )
        return {name: value for name, value in data.items() if name != "anode_effect_slope"}

    @model_validator(mode="after")
    def _one_of_each(self):
        if self.grid is not None and self.grid_factor is not None:
            raise ValueError("grid and grid_factor contradict each other; allowed: one of them")
        if self.grid_source is not None and self.grid_factor is None:
            raise ValueError(
                "grid_source belongs to a grid_factor; allowed: with grid_factor, a named grid has its source"
            )
        if self.anode_effects is not None and not (self.cf4 is None and self.c2f6 is None):
            raise ValueError(
                "anode_effects and the gases cf4, c2f6 contradict each other; allowed: one way of stating them"
            )
        for name in ("anode_effect_cf4", "anode_effect_c2f6"):
            if self.anode_effects is None and self.changed(name):
                raise Misplaced((name,), "states the emission of an anode-effect minute; allowed: with anode_effects")
        return self

    def changed(self, name):
        """Whether an option differs from its default."""
        return getattr(self, name) != type(self).model_fields[name].default

    def electricity(self):
        """Grid factor [kg/kWh], its source in words, and its name in the table of grids (None where the case gives the
        factor)."""
        if self.grid_factor is not None:
            return self.grid_factor, self.grid_source or "as the case states, without a source", None
        name = self.grid or DEFAULT_GRID
        grid = grids()[name]
        return grid.factor, f"{grid.label}: {grid.source} ({grid.year}) [{grid.tag}]", name

    def carbon_consumed(self, reaction):
        """Carbon per kg aluminium [kg/kg], given what the reaction takes of it [kg/kg]; 0 where the reaction takes
        none.

        Raises
        ------
        CaseError
            The case states less than the reaction burns.
        """
        if reaction == 0.0:
            return 0.0
        if self.net_carbon is None:
            return reaction + CARBON_BEYOND_REACTION
        if self.net_carbon < reaction:
            raise CaseError(
                f"emissions.net_carbon: {self.net_carbon:.4g} kg/kg is less than the reaction consumes at this current "
                f"efficiency; allowed: at least {reaction:.4g} kg/kg"
            )
        return self.net_carbon

    def gases(self):
        """Perfluorocarbons of a carbon cell, however they are stated: gas → (kg per kg aluminium, warming
        potential)."""
        if self.anode_effects is not None:
            cf4, c2f6 = self.anode_effects * self.anode_effect_cf4, self.anode_effects * self.anode_effect_c2f6
        else:
            cf4 = 5e-5 if self.cf4 is None else self.cf4
            c2f6 = 0.1 * cf4 if self.c2f6 is None else self.c2f6
        return {"CF4": (cf4, self.cf4_warming), "C2F6": (c2f6, self.c2f6_warming)}


class AnodeWear(Options):
    """Loss of inert anodes, all of whose metal ends in the pad."""

    rate: Quantity["m/year"] = positive("thickness lost [L: 1.5 to 2 cm/year of a 3 kA bench cell, Rusal 2011]")
    density: Quantity["kg/m3"] = positive("density of the anode [E: iron alloy; 6000 for a ferrite cermet]", 7900.0)
    metal_share: float = fraction(
        "share of the lost mass that ends in the aluminium: 1 for an alloy, the metal's share for an oxide", 1.0
    )
    surface: Literal["active", "wetted"] = option("faces that wear: the nominal area or every wetted face", "active")


class Section(Options):
    """Cells of this case in series."""

    cells: int = option("cells in series", ge=1)
    availability: float = option("fraction of the year in which a cell operates [E]", 1.0, gt=0.0, le=1.0)
    auxiliary_power: Quantity["W"] | None = option(
        "AC power of the section's auxiliaries, instead of emissions.auxiliary_energy", None, ge=0.0
    )


def check_claims(names):
    """The names of sets of statements, if all are known."""
    for name in names:
        if name not in statement_sets():
            raise ValueError(f'"{name}" is not a set of published statements; allowed: {", ".join(statement_sets())}')
    return names
