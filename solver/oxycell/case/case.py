"""What the user asked: the one reader of case.toml, and the vocabulary a case is written in."""

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StrictFloat, create_model, field_validator, model_validator
from pydantic_core import PydanticKnownError

from oxycell.case.emissions import AnodeWear, Emissions, Section, check_claims
from oxycell.case.limits import LimitOptions
from oxycell.case.messages import Source, validate
from oxycell.case.overrides import changed, parse_key
from oxycell.case.probes import Integral, Line, Probe
from oxycell.case.transient import Transient
from oxycell.case.writing import plain_data, write_toml
from oxycell.cell.bath import Bath
from oxycell.cell.geometry import Cell
from oxycell.material import least_of_polynomial
from oxycell.mesh.options import Box, MeshOptions, Region, Surface
from oxycell.options import Misplaced, Name, Options, Quantity, fraction, non_negative, option, positive
from oxycell.physics.balances import modules
from oxycell.physics.charge.gas import Gas
from oxycell.physics.charge.terminals import Terminal
from oxycell.physics.conditions import Condition
from oxycell.physics.electrode.interfaces import Interface
from oxycell.physics.heat.boundaries import Temperature
from oxycell.physics.heat.lumps import Lump
from oxycell.physics.ledge.options import Ledge
from oxycell.physics.sources import Source as VolumeSource
from oxycell.solvers.controls import Controls


class Operation(Options):
    """What the operator sets."""

    line_current: Quantity["A"] = non_negative("current through the cell; 0 A: a cell at rest")
    ambient_temperature: Quantity["K"] = positive("air and surroundings of the cell", 303.15)


class Process(Options):
    """The cell reaction and its energy accounting."""

    reaction: Literal["oxygen", "carbon"] = option(
        "cell reaction: Al2O3 → 2 Al + 3/2 O2, or with carbon to CO2", "oxygen"
    )
    current_efficiency_model: Literal["given", "dewing1991", "mass_transfer"] = option(
        "how the current efficiency follows from the state", "given"
    )
    current_efficiency: float | None = option(
        "aluminium produced relative to Faraday's law; with the model given",
        None,
        ge=0.0,
        le=1.0,
        validate_default=True,
    )
    dewing_constant: float = option(
        "constant of dewing1991, of a cell's design [L: 0.982 in a public plant model]", 0.982
    )
    metal_transfer: Quantity["m/s"] = positive(
        "mass transfer of dissolved metal, for mass_transfer [E: 6e-5 to 1e-4]", 8e-5
    )
    cathode_area: Quantity["m2"] | None = option(
        "area on which metal is produced, for mass_transfer; default: that in contact with the bath", None
    )
    alumina_transfer: Quantity["m/s"] = positive(
        "mass transfer of alumina to inert anodes, for their limiting current [D]", 6e-5
    )
    gas_pressure: Quantity["Pa"] = positive("pressure of the anode gas", 1e5)
    feed_temperature: Quantity["K"] = positive("temperature of the alumina feed", 298.15)
    dissolution_enthalpy: Quantity["J/mol"] = positive(
        "heat of dissolution of alumina, per mole Al2O3 [M: 1.0e5 to 1.7e5]", 1.2e5
    )
    anode_heat_fraction: float = fraction("share of the reversible heat absorbed at the anode [E: 0.4 to 1.0]", 0.8)
    electrolyte: str = option("lump that receives the feed and whose temperature the thermochemistry uses", "bath")

    @field_validator("current_efficiency")
    @classmethod
    def _needed(cls, value, info):
        model = info.data.get("current_efficiency_model")
        if value is None and model == "given":
            raise PydanticKnownError("missing")
        if value is not None and model not in ("given", None):
            raise ValueError(f"is not used by the model {model}; allowed: leave it out")
        return value

    @field_validator("cathode_area")
    @classmethod
    def _positive(cls, value):
        if value is not None and value <= 0.0:
            raise ValueError("out of range; allowed: > 0 m2")
        return value


Absolute = Annotated[Quantity["K"], Field(ge=0.0)]
Positive = Annotated[float, Field(gt=0.0)]


class Table(Options):
    """A property over temperature, above 0 and constant outside its range: linear interpolation between points, or a
    polynomial."""

    temperature: tuple[Absolute, ...] | None = option(
        "temperatures in increasing order; at least two", None, min_length=2
    )
    value: tuple[Positive, ...] | None = option("values in SI: S/m, ohm m, W/m/K, kg/m3 or J/kg/K", None)
    polynomial: tuple[float, ...] | None = option(
        "instead: c0, c1, ... of c0 + c1 (T - reference) + ..., in SI", None, min_length=1
    )
    reference: Quantity["K"] = option("reference temperature of the polynomial", 0.0)
    between: tuple[Absolute, Absolute] | None = option("minimum and maximum temperature of the polynomial", None)

    @field_validator("temperature")
    @classmethod
    def _rising(cls, points):
        for number, (low, high) in enumerate(pairwise(points or ())):
            if not low < high:
                raise Misplaced(
                    (number + 1,),
                    f"{high:.6g} K after {low:.6g} K; allowed: temperatures that increase from point to point, "
                    "for a jump two close together",
                )
        return points

    @model_validator(mode="after")
    def _one_form(self):
        table, formula = (self.temperature, self.value), (self.polynomial, self.between)
        if any(part is not None for part in table) == any(part is not None for part in formula) or None in (
            table if self.polynomial is None and self.between is None else formula
        ):
            raise ValueError("needs temperature and value, or polynomial and between; allowed: one of the two forms")
        if self.polynomial is None:
            if len(self.temperature) != len(self.value):
                raise ValueError(
                    f"{len(self.temperature)} temperatures and {len(self.value)} values; allowed: as many of both"
                )
            return self
        low, high = self.between
        if not low < high:
            raise Misplaced(
                ("between",), f"between must increase; allowed: two temperatures, not {low:.6g} K and then {high:.6g} K"
            )
        T, least = self.least()
        if not least > 0.0:
            where = f"is {least:.6g} at {T:.6g} K" if math.isfinite(least) else "is not a finite number"
            raise Misplaced(("polynomial",), f"{where}; allowed: > 0 everywhere from {low:.6g} to {high:.6g} K")
        return self

    def least(self):
        """Temperature [K] of its minimum, and the minimum [value]."""
        if self.polynomial is None:
            return min(zip(self.temperature, self.value, strict=True), key=lambda point: point[1])
        return least_of_polynomial(self.polynomial, self.reference, *self.between)


Factors = tuple[Positive, Positive, Positive]


def _invertible(value):
    """A resistivity whose inverse is a number."""
    least = value.least()[1] if isinstance(value, Table) else value
    if least is not None and not math.isfinite(1.0 / least):
        raise ValueError(f"{least:.6g} ohm m is out of range; allowed: > 1e-300 ohm m, or ideal_conductor = true")
    return value


class Phase(Options):
    """Conductivities of a material below its melting point, or above."""

    thermal_conductivity: Annotated[Quantity["W/m/K"], Field(gt=0.0)] | Table | None = option(
        "thermal conductivity", None
    )
    electrical_conductivity: Annotated[Quantity["S/m"], Field(gt=0.0)] | Table | None = option(
        "electrical conductivity", None
    )


class Melting(Options):
    """A material that melts without flowing: two conductivities with a front between them, whose position is found and
    reported."""

    temperature: Quantity["K"] = positive("melting point")
    width: Quantity["K"] = positive(
        "range of temperature about the melting point over which conductivities change", 0.01
    )
    solid: Phase = option("conductivities below")
    liquid: Phase = option("conductivities above")

    @model_validator(mode="after")
    def _both(self):
        for name in Phase.model_fields:
            stated = [getattr(phase, name) for phase in (self.solid, self.liquid)]
            if (stated[0] is None) != (stated[1] is None):
                where = "below" if stated[1] is None else "above"
                raise ValueError(f"{name} is stated {where} the melting point only; allowed: both, or neither")
            if any(isinstance(value, Table) and value.polynomial is not None for value in stated):
                raise ValueError(
                    f"{name} is a polynomial; allowed together with melting: a number, or temperature and value"
                )
        if self.solid == Phase():
            raise ValueError(
                "states no conductivity; allowed: thermal_conductivity, electrical_conductivity, below and above"
            )
        if self.width >= 2.0 * self.temperature:
            raise ValueError("width reaches to 0 K; allowed: less than twice the melting point")
        return self


class MaterialOptions(Options):
    """A new material, or changes to one of the library."""

    like: Name | None = option("library material it starts from", None)
    electrical_conductivity: Annotated[Quantity["S/m"], Field(gt=0.0)] | Table | None = option(
        "electrical conductivity; default, and with insulator = true: none", None
    )
    electrical_resistivity: Annotated[
        Annotated[Quantity["ohm m"], Field(gt=0.0)] | Table | None, AfterValidator(_invertible)
    ] = option("electrical resistivity, instead of the conductivity", None)
    insulator: bool = option("no current passes, whatever `like` says", False)
    ideal_conductor: bool = option(
        "one potential throughout each body, whatever `like` says; no drop and no Joule heat in it", False
    )
    thermal_conductivity: Annotated[Quantity["W/m/K"], Field(gt=0.0)] | Table | None = option(
        "thermal conductivity; needed where the temperature is solved, except in lumps", None
    )
    melting: Melting | None = option(
        "melting point, and conductivities below and above it instead of single ones", None
    )
    density: Annotated[Quantity["kg/m3"], Field(gt=0.0)] | Table | None = option("density", None)
    heat_capacity: Annotated[Quantity["J/kg/K"], Field(gt=0.0)] | Table | None = option("specific heat capacity", None)
    area_factor: float = option("factor on both conductivities, for a section drawn larger than it is", 1.0, gt=0.0)
    electrical_anisotropy: Factors = option("factors on the electrical conductivity along x, y, z", (1.0, 1.0, 1.0))
    thermal_anisotropy: Factors = option("factors on the thermal conductivity along x, y, z", (1.0, 1.0, 1.0))
    limits: LimitOptions = option(
        "limits of use: temperatures beyond which a run raises an alert, overriding those of the library",
        LimitOptions(),
    )
    outside: Literal["hold", "error"] = option("beyond the stated range: keep the last value and warn, or stop", "hold")


class Physics(Options):
    """Which balances are solved."""

    electric: bool = option("solve for the electric potential", True)
    thermal: bool = option("solve for the temperature", True)
    temperature: Temperature = option(
        "temperature where it is not solved, and the initial guess where it is; table or field", 298.15
    )


class SolverOptions(Options):
    """The nonlinear solve: limits, fluxes, controls."""

    outer_iterations: int = option(
        "maximum number of staggered iterations and Newton steps before the run counts as not converged", 200, ge=1
    )
    tolerance: float = option(
        "target residuals relative to the limits of the ledger (1 = the limits)", 0.1, gt=0.0, le=1.0
    )
    fluxes: Literal["linear", "two-point"] | None = option(
        'how fluxes vary within the cells of box meshes: "two-point", constant up to the centre; "linear" '
        "(Raviart-Thomas), several times "
        'more accurate on the same mesh, for a third more time; default: "linear" with [cell], else "two-point"',
        None,
    )
    controls: Controls = option("numerical controls of the solver; they do not change the solution", Controls())


class OperatingPoint(Options):
    """A number of the case to solve for, such that a figure of the report takes a stated value."""

    unknown: str = option('the number to find: dotted key of this case, such as "cell.anodes.gap"')
    between: tuple[str | StrictFloat, str | StrictFloat] = option("minimum and maximum value, with the unit")
    target: str = option(
        'the figure: superheat, bath_temperature, heat_loss, or a dotted key of report.json such as "ledge.mean_m"'
    )
    value: str | StrictFloat = option("required value of the figure, with its unit")
    tolerance: str | StrictFloat | None = option("permitted deviation (default: 1e-4 of the value)", None)
    solves: int = option("maximum number of solves before the search counts as failed", 25, ge=1)


if TYPE_CHECKING:
    MoreSections = Options
else:
    MoreSections = create_model(
        "MoreSections",
        __base__=Options,
        **{name: (module.Section | None, option(module.__doc__, None)) for name, module in modules().items()},
    )
"""Sections of the balances beyond charge and heat."""


class Case(MoreSections):
    """One case: geometry by `cell` or `boxes` or `mesh`, and everything said about names."""

    format: Literal["oxycell-case/1"] = Field("oxycell-case/1", alias="schema", description="version of this format")
    title: str = option("title of the case, one line", "")
    time: Quantity["s"] = option(
        "instant at which tables over time are evaluated; the state is steady under these values, with [transient] the "
        "run begins then",
        0.0,
    )
    claims: tuple[str, ...] = option(
        'sets of published statements with which the report compares the run, for example "rusal_2021"', ()
    )
    operation: Operation | None = option("operating conditions", None)
    process: Process | None = option("the cell reaction", None)
    bath: Bath | None = option('composition of the electrolyte; gives the material "bath"', None)
    cell: Cell | None = option("parameters of a reduction cell, expanded into the sections below", None)
    materials: dict[Name, MaterialOptions] = option("new or changed materials", {})
    boxes: tuple[Box, ...] = option("geometry", ())
    mesh: MeshOptions = option("how the boxes are divided into cells, or the mesh file instead of boxes", MeshOptions())
    regions: tuple[Region, ...] = option("volumes of the mesh file", ())
    surfaces: tuple[Surface, ...] = option("named outer surfaces", ())
    interfaces: tuple[Interface, ...] = option("laws between regions; the first that matches a face is used", ())
    gas: tuple[Gas, ...] = option("gas that rises along vertical anodes", ())
    lumps: tuple[Lump, ...] = option("stirred pools and gas spaces", ())
    ledge: Ledge | None = option("frozen bath on walls", None)
    terminals: tuple[Terminal, ...] = option("where current enters and leaves", ())
    conditions: tuple[Condition, ...] = option(
        "boundary conditions of outer surfaces: heat, and current where there is no terminal", ()
    )
    sources: tuple[VolumeSource, ...] = option("heat generated in regions, current supplied to them", ())
    probes: tuple[Probe, ...] = option("points for which the report gives values", ())
    lines: tuple[Line, ...] = option("lines along which the report gives values", ())
    integrals: tuple[Integral, ...] = option("totals and means over surfaces, regions, interfaces and planes", ())
    physics: Physics = option("which balances are solved", Physics())
    emissions: Emissions = option("electricity, auxiliaries, carbon and perfluorocarbons", Emissions())
    anode_wear: AnodeWear | None = option("loss of inert anodes; without it wear and purity are not reported", None)
    section: Section | None = option("cells of this case in series, for the totals of a section", None)
    solver: SolverOptions = option("limits of the nonlinear solve", SolverOptions())
    operating_point: OperatingPoint | None = option(
        "a number to solve for, so that a figure takes a stated value", None
    )
    transient: Transient | None = option("a run over time instead of a steady state", None)

    @field_validator("regions", "interfaces", "lumps", "terminals")
    @classmethod
    def _named_once(cls, specs):
        known = set()
        for number, spec in enumerate(specs):
            if spec.name in known:
                raise Misplaced((number, "name"), f'"{spec.name}" is named twice; allowed: a different name for each')
            known.add(spec.name)
        return specs

    @field_validator("claims")
    @classmethod
    def _known_claims(cls, names):
        return check_claims(names)

    @model_validator(mode="before")
    @classmethod
    def _read_none(cls, data):
        """TOML has no null: the film coefficient "none" of a lump means no resistance."""
        if not isinstance(data, dict) or not isinstance(data.get("lumps"), list | tuple):
            return data
        return {**data, "lumps": [_without_text_none(lump) for lump in data["lumps"]]}

    def replaced(self, changes):
        """This case with some options changed.

        Parameters
        ----------
        changes : dict, dotted key → value as in the case file, for example {"operation.line_current": "150 kA"};
            None takes an optional entry away

        Returns
        -------
        Case

        Raises
        ------
        CaseError
            A key or value is not allowed.
        """
        data, paths = plain_data(self, stated_only=True), []
        for key, value in changes.items():
            value = plain_data(value) if isinstance(value, Options) else value
            data, path = changed(data, parse_key(key), value)
            paths.append(path)
        return validate(type(self), data, Source(overrides=tuple(paths), label="replaced"))

    def to_toml(self):
        """The complete case as TOML text, every default written out; it reads back to an equal case."""
        return write_toml(plain_data(self))


def _without_text_none(lump):
    films = lump.get("films") if isinstance(lump, dict) else None
    if not isinstance(films, dict):
        return lump
    return {**lump, "films": {name: None if film == "none" else film for name, film in films.items()}}
