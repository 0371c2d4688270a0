"""Greenhouse gas of a tonne of aluminium: what leaves the cell, and what its electricity carries; totals of a section
of cells."""

from typing import Any

from oxycell.case.emissions import AUXILIARY_ENERGY
from oxycell.case.published import grids
from oxycell.constants import MOLAR_MASS
from oxycell.report.figure import ABSENT, PERCENT, TEXT, Figure, Shown, Tree, entry
from oxycell.report.productivity import DAY, KWH, YEAR
from oxycell.report.solved import Solved
from oxycell.report.sums import entering, number, total

HOURS = 24.0  # of a day

BOUNDARY = (
    "Scope 1: CO2 of anode carbon, perfluorocarbons and fuel at the cell. Scope 2: electricity on the AC side, DC "
    "energy at the cell voltage over rectifier efficiency plus auxiliaries, times the grid factor. Alumina, anode "
    "making, casting, transport and construction are outside."
)


def emissions(case: Any, productivity: Tree) -> Tree | None:
    """Block `emissions`, t CO2 equivalent per t aluminium; None without metal or energy.

    Scope 1 = M_CO2/M_C · net carbon · its carbon content + perfluorocarbons + fuel; Scope 2 = grid factor · AC energy.
    `inventory` is the one list of gases, masses and warming potentials behind Scope 1.
    """
    made, energy = productivity["aluminium_kg_per_day"], productivity["specific_energy_kWh_per_kg"]
    if not made or energy is None:
        return None
    options = case.emissions
    carbon = productivity["carbon_kg_per_day"] / made
    burnt = carbon * options.carbon_content * MOLAR_MASS["CO2"] / MOLAR_MASS["C"]
    gases = options.gases() if carbon > 0.0 else {}
    pfc = sum(mass * warming for mass, warming in gases.values())
    scope1 = burnt + pfc + options.fuel
    electricity = energy / options.rectifier_efficiency + auxiliary_energy(case, made)
    factor, source, name = options.electricity()
    return {
        "scope1_t": number(scope1),
        "scope2_t": number(factor * electricity),
        "total_t": number(scope1 + factor * electricity),
        "pfc_t": number(pfc),
        "grid_factor_kg_per_kWh": factor,
        "boundary": BOUNDARY,
        "ac_energy_kWh_per_kg": number(electricity),
        "grid_source": source,
        "grid": name,
        "scope1_parts_t": {
            "anode_carbon": number(burnt),
            "perfluorocarbons": number(pfc),
            "fuel": number(options.fuel),
        },
        "inventory": {
            gas: {"kg_per_t": number(1e3 * mass), "warming": warming, "co2e_t": number(mass * warming)}
            for gas, (mass, warming) in ({"CO2": (burnt + options.fuel, 1.0)} | gases).items()
        },
        "by_grid": {
            key: {
                "label": grid.label,
                "grid_factor_kg_per_kWh": grid.factor,
                "scope2_t": number(grid.factor * electricity),
                "total_t": number(scope1 + grid.factor * electricity),
                "source": f"{grid.source} ({grid.year})",
            }
            for key, grid in grids().items()
        },
    }


def per_hour(solved: Solved) -> float | None:
    """Scope 1 and 2 of an hour of this state [kg CO2 equivalent]: of the metal produced; while none is, of electricity
    alone."""
    made, gases = solved["productivity.aluminium_kg_per_day"], solved.once(_gases)
    if gases is not None:
        return number(gases["total_t"] * made / HOURS)
    currents, potentials = entering(solved.record)
    options, cells = solved.case.emissions, solved.case.section
    auxiliaries = 0.0 if cells is None else (cells.auxiliary_power or 0.0) / cells.cells
    power = total(currents * potentials) / options.rectifier_efficiency + auxiliaries
    return number(options.electricity()[0] * power * DAY / HOURS / KWH)


def auxiliary_energy(case: Any, aluminium: float) -> float:
    """AC energy of auxiliaries per aluminium [kWh/kg], for a cell that produces `aluminium` [kg/day]."""
    if case.section is not None and case.section.auxiliary_power is not None:
        return case.section.auxiliary_power * DAY / KWH / (case.section.cells * aluminium)
    return AUXILIARY_ENERGY if case.emissions.auxiliary_energy is None else case.emissions.auxiliary_energy


def break_even(first: tuple[float, float], second: tuple[float, float]) -> tuple[float | None, int | None]:
    """Grid factor at which two cells emit alike.

    Parameters
    ----------
    first, second : (Scope 1 [kg per kg aluminium], AC energy [kWh per kg aluminium])

    Returns
    -------
    factor : float [kg/kWh], (S1_second − S1_first)/(E_first − E_second): Scope 1 + factor · energy is equal there; None
        where no factor ≥ 0 does that
    better : int, 0 or 1: the one that emits less on cleaner electricity or, without a factor, on any; None: they are
        alike on any
    """
    scope, energy = second[0] - first[0], first[1] - second[1]
    if scope == 0.0 and energy == 0.0:
        return None, None
    if scope * energy > 0.0:
        return scope / energy, 0 if scope > 0.0 else 1
    return None, 0 if scope > 0.0 or energy < 0.0 else 1


def section(case: Any, voltage: Tree, productivity: Tree, gases: Tree) -> Tree | None:
    """Block `section`: totals of the case's cells in series while all work, and of a year; None without [section].

    Parameters
    ----------
    case : Case
    voltage, productivity, gases : the blocks `voltage`, `productivity` and `emissions`
    """
    made, energy = productivity["aluminium_kg_per_day"], gases["ac_energy_kWh_per_kg"]
    if case.section is None or energy is None:
        return None
    cells = case.section.cells
    per_year = case.section.availability * cells * YEAR / DAY / 1e3  # t/year of the section for each kg/day of a cell
    metal = made * per_year
    auxiliaries = auxiliary_energy(case, made) * cells * made * KWH / DAY
    return {
        "cells": cells,
        "availability": case.section.availability,
        "line_voltage_V": number(cells * voltage["cell_V"]),
        "dc_power_W": number(productivity["specific_energy_kWh_per_kg"] * cells * made * KWH / DAY),
        "auxiliary_power_W": number(auxiliaries),
        "ac_power_W": number(energy * cells * made * KWH / DAY),
        "ac_energy_kWh_per_year": number(1e3 * energy * metal),
        "aluminium_t_per_year": number(metal),
        "alumina_t_per_year": number(productivity["alumina_kg_per_day"] * per_year),
        "oxygen_t_per_year": number(productivity["oxygen_kg_per_day"] * per_year),
        "carbon_t_per_year": number(productivity["carbon_kg_per_day"] * per_year),
        "scope1_t_per_year": number(gases["scope1_t"] * metal),
        "scope2_t_per_year": number(gases["scope2_t"] * metal),
    }


def _gases(solved):
    return emissions(solved.case, solved.block("productivity"))


def _section(solved):
    return section(solved.case, solved.block("voltage"), solved.block("productivity"), solved.block("emissions"))


def _entry_of(block, key, absent):
    """What a figure takes of a block that may be None: its entry, else `absent`."""

    def compute(solved):
        found = solved.once(block)
        return absent if found is None else entry(found, key.split("."))

    return compute


def _gas(key, unit, label, formula, **more):
    absent = {} if "*" in key else None
    return Figure(f"emissions.{key}", unit, label, formula, compute=_entry_of(_gases, key, absent), **more)


def _total(key, unit, label, formula, **more):
    compute = _entry_of(_section, key, ABSENT)
    return Figure(f"section.{key}", unit, label, formula, compute=compute, table="section", **more)


_ROUGH = Shown("t/t", digits=2)
_KILOWATT, _MEGAWATT_HOUR = Shown("kW", 1e-3), Shown("MWh/year", 1e-3)
_YEARLY = "cells · availability · 365.25 days"

FIGURES = (
    _gas(
        "scope1_t",
        "t/t",
        "Scope 1",
        "carbon_kg_per_day/aluminium · carbon_content · 44.01/12.01 + pfc_t + emissions.fuel of the case",
        note="CO2 equivalent per t of aluminium, at the cell",
    ),
    _gas("scope2_t", "t/t", "Scope 2", "grid_factor · ac_energy_kWh_per_kg", note="of the electricity, AC side"),
    _gas("total_t", "t/t", "Scope 1 + 2", "scope1_t + scope2_t"),
    _gas(
        "pfc_t",
        "t/t",
        "of which perfluorocarbons",
        "0 without carbon anodes; else cf4 · cf4_warming + c2f6 · c2f6_warming, whose masses are those of the case, or "
        "anode_effects · anode_effect_cf4 and anode_effects · anode_effect_c2f6",
    ),
    Figure(
        "emissions.total_kg_per_hour",
        "kg/h",
        "Scope 1 + 2 of an hour",
        "total_t · aluminium_kg_per_day/24; while no metal is produced grid_factor · (Σ I φ of terminals and supplies "
        "over rectifier_efficiency + section.auxiliary_power over cells)",
        ("charge", "process"),
        per_hour,
        note="CO2 equivalent of a cell",
        views=(),
    ),
    _gas(
        "grid_factor_kg_per_kWh",
        "kg/kWh",
        "grid factor",
        "emissions.grid_factor of the case, or that of emissions.grid in the table of published grids",
    ),
    _gas("boundary", TEXT, "boundary", "what Scope 1 and 2 hold, in words", views=()),
    _gas(
        "ac_energy_kWh_per_kg",
        "kWh/kg",
        "specific energy, AC",
        "specific_energy/rectifier_efficiency + auxiliary_energy",
        table="energy",
    ),
    _gas("grid_source", TEXT, "source of the grid factor", "of emissions.grid, or of the case", views=()),
    _gas("grid", TEXT, "grid", "emissions.grid of the case; `null` for a stated factor", views=()),
    _gas(
        "scope1_parts_t.*",
        "t/t",
        "{}",
        "the members of scope1_t: carbon_kg_per_day/aluminium · carbon_content · 44.01/12.01; pfc_t; emissions.fuel",
        note="`anode_carbon`, `perfluorocarbons`, `fuel`",
        views=(),
    ),
    _gas(
        "inventory.*.kg_per_t",
        "kg/t",
        "mass of {}",
        "CO2: anode carbon and fuel; CF4 and C2F6: masses of pfc_t",
        note="gases of scope1_t",
        views=(),
    ),
    _gas(
        "inventory.*.warming",
        "",
        "warming potential of {}",
        "1 for CO2; emissions.cf4_warming and c2f6_warming of the case",
        views=(),
    ),
    _gas("inventory.*.co2e_t", "t/t", "{} as CO2", "kg_per_t · warming / 1000", views=()),
    _gas("by_grid.*.label", TEXT, "electricity", "table of published grids", views=()),
    _gas(
        "by_grid.*.grid_factor_kg_per_kWh",
        "kg/kWh",
        "grid factor",
        "table of published grids",
        shown=Shown("g/kWh", 1e3, digits=0),
        views=("html",),
    ),
    _gas(
        "by_grid.*.scope2_t",
        "t/t",
        "Scope 2",
        "by_grid.*.grid_factor_kg_per_kWh · ac_energy_kWh_per_kg",
        shown=_ROUGH,
        views=("html",),
    ),
    _gas("by_grid.*.total_t", "t/t", "Scope 1 + 2", "scope1_t + by_grid.*.scope2_t", shown=_ROUGH, views=("html",)),
    _gas("by_grid.*.source", TEXT, "source", "table of published grids", views=()),
)

SECTION_FIGURES = (
    Figure(
        "section",
        "",
        "section of cells",
        "cells in series: cells · cell_V, cells · powers; a year is 365.25 days · availability",
        compute=lambda solved: {},
        note="empty without `[section]`; powers while all cells work",
        views=(),
    ),
    _total("cells", "", "cells in series", "section.cells of the case", views=()),
    _total("availability", "", "availability", "section.availability of the case", shown=PERCENT, views=("html",)),
    _total("line_voltage_V", "V", "line voltage", "cells · voltage.cell_V", shown=Shown("V")),
    _total("dc_power_W", "W", "power, DC", "cells · specific_energy · aluminium", shown=_KILOWATT),
    _total(
        "auxiliary_power_W",
        "W",
        "auxiliaries, AC",
        "section.auxiliary_power of the case, or cells · auxiliary_energy · aluminium",
        shown=_KILOWATT,
    ),
    _total("ac_power_W", "W", "power, AC", "cells · ac_energy_kWh_per_kg · aluminium", shown=_KILOWATT),
    _total(
        "ac_energy_kWh_per_year",
        "kWh/year",
        "energy, AC",
        "ac_energy_kWh_per_kg · aluminium_t_per_year",
        shown=_MEGAWATT_HOUR,
    ),
    *(
        _total(
            f"{name}_t_per_year", "t/year", label, f"productivity.{name}_kg_per_day · {_YEARLY}", shown=Shown("t/year")
        )
        for name, label in (
            ("aluminium", "aluminium"),
            ("alumina", "alumina"),
            ("oxygen", "oxygen"),
            ("carbon", "carbon"),
        )
    ),
    *(
        _total(
            f"scope{number}_t_per_year",
            "t/year",
            f"CO₂ equivalent, Scope {number}",
            f"emissions.scope{number}_t · aluminium_t_per_year",
            shown=Shown("t/year"),
        )
        for number in (1, 2)
    ),
)
