"""Greenhouse gas of a tonne of aluminium: what leaves the cell, and what its electricity carries; totals of a section
of cells."""

from oxycell.case.building.emissions import AUXILIARY_ENERGY
from oxycell.case.published import grids
from oxycell.constants import MOLAR_MASS
from oxycell.report.productivity import DAY, KWH, YEAR
from oxycell.report.sums import number

BOUNDARY = (
    "Scope 1: CO2 of anode carbon, perfluorocarbons and fuel at the cell. Scope 2: electricity on the AC side, DC "
    "energy at the "
    "cell voltage over rectifier efficiency plus auxiliaries, times the grid factor. Alumina, anode making, "
    "casting, transport and "
    "construction are outside."
)
KEYS = (
    "scope1_t",
    "scope2_t",
    "total_t",
    "pfc_t",
    "grid_factor_kg_per_kWh",
    "boundary",
    "ac_energy_kWh_per_kg",
    "grid_source",
    "grid",
)


def emissions(case, productivity):
    """Block `emissions`, t CO2 equivalent per t aluminium; None without a process.

    Scope 1 = M_CO2/M_C · net carbon · its carbon content + perfluorocarbons + fuel; Scope 2 = grid factor · AC energy.
    `inventory` is the one list of gases, masses and warming potentials behind Scope 1.
    """
    made, energy = productivity["aluminium_kg_per_day"], productivity["specific_energy_kWh_per_kg"]
    if not made or energy is None:
        return {**dict.fromkeys(KEYS), "scope1_parts_t": {}, "inventory": {}, "by_grid": {}}
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


def auxiliary_energy(case, aluminium):
    """AC energy of auxiliaries per aluminium [kWh/kg], for a cell that produces `aluminium` [kg/day]."""
    if case.section is not None and case.section.auxiliary_power is not None:
        return case.section.auxiliary_power * DAY / KWH / (case.section.cells * aluminium)
    return AUXILIARY_ENERGY if case.emissions.auxiliary_energy is None else case.emissions.auxiliary_energy


def break_even(first, second):
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


def section(case, voltage, productivity, gases):
    """Block `section`: totals of the case's cells in series while all work, and of a year; empty without [section].

    Parameters
    ----------
    case : Case
    voltage, productivity, gases : the blocks `voltage`, `productivity` and `emissions`
    """
    made, energy = productivity["aluminium_kg_per_day"], gases["ac_energy_kWh_per_kg"]
    if case.section is None or energy is None:
        return {}
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
