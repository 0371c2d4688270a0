"""Emissions, carbon, wear and section against hand calculation; contradictions in the case are errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import CURRENT, PROCESS_TEXT, stack_solution

from oxycell.case.building.emissions import check_emissions
from oxycell.case.case import Case
from oxycell.case.messages import Source, validate
from oxycell.case.published import grids
from oxycell.errors import CaseError
from oxycell.report import report
from oxycell.report.emissions import auxiliary_energy, break_even, emissions, section
from oxycell.report.productivity import impurity

DC_ONLY = {"rectifier_efficiency": 1.0, "auxiliary_energy": "0 kWh/kg"}


def case_of(reaction="oxygen", efficiency=0.93, **sections):
    return validate(Case, {"process": {"reaction": reaction, "current_efficiency": efficiency}, **sections}, Source())


def block(specific_energy=13.8, carbon=0.0, **sections):
    """Block `emissions` of a cell that makes a kilogram a day, with its carbon [kg/kg]."""
    made = {"aluminium_kg_per_day": 1.0, "specific_energy_kWh_per_kg": specific_energy, "carbon_kg_per_day": carbon}
    return emissions(case_of("carbon" if carbon else "oxygen", **sections), made)


def test_scope_1_of_a_carbon_cell_by_hand():
    gases = block(carbon=0.41, emissions={"cf4": "0 kg/t", "fuel": "30 kg/t"})
    assert gases["scope1_parts_t"]["anode_carbon"] == pytest.approx(44.01 / 12.011 * 0.41 * 0.985, rel=1e-4)
    assert gases["scope1_parts_t"]["anode_carbon"] == pytest.approx(1.48, abs=0.005)
    assert gases["scope1_t"] == pytest.approx(sum(gases["scope1_parts_t"].values()), rel=1e-15)
    assert gases["scope1_parts_t"]["fuel"] == 0.03 and gases["pfc_t"] == 0.0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 0.05 * 7.390 + 0.005 * 12.2),  # 0.4 t/t of a modern cell
        ({"cf4": "0.4 kg/t", "c2f6": "0.04 kg/t"}, 3.444),  # IPCC Tier 1, printed as 3.4
        ({"cf4": "0.4 kg/t"}, 3.444),
        ({"cf4": "0.05 kg/t", "c2f6": "0 kg/t", "cf4_warming": 6500.0}, 0.325),
        ({"anode_effects": "0.1 min/day"}, 0.12542),  # as the same gases by mass, at the potentials of AR4
        ({"cf4": "0.014 kg/t", "c2f6": "0.0018 kg/t"}, 0.12542),
        (
            {"anode_effects": "0.1 min/day", "cf4_warming": 6500.0, "c2f6_warming": 9200.0},
            0.10756,
        ),  # of 1995: Welch's own 1.0756
        ({"cf4": "0.014 kg/t", "c2f6": "0.0018 kg/t", "cf4_warming": 6500.0, "c2f6_warming": 9200.0}, 0.10756),
        (
            {"anode_effects": "0.5 min/day", "anode_effect_cf4": "0.143 kg/t", "anode_effect_c2f6": "0.0173 kg/t"},
            0.5 * (0.143 * 7.39 + 0.0173 * 12.2),
        ),
        ({"anode_effects": "0 min/day"}, 0.0),
    ],
)
def test_perfluorocarbons(options, expected):
    assert block(carbon=0.41, emissions=options)["pfc_t"] == pytest.approx(expected, rel=1e-12)


@given(st.floats(0.0, 5.0), st.floats(100.0, 2e4), st.floats(100.0, 2e4), st.floats(1e-5, 1e-3), st.floats(0.0, 1e-3))
def test_one_inventory_however_it_is_stated(minutes, cf4_warming, c2f6_warming, cf4, c2f6):
    """Anode-effect minutes and masses give the same tonnes, whatever the potentials; counter-case: without C2F6 they
    differ."""
    warming = {"cf4_warming": cf4_warming, "c2f6_warming": c2f6_warming}
    slopes = {"anode_effect_cf4": f"{cf4!r} kg/kg", "anode_effect_c2f6": f"{c2f6!r} kg/kg"}
    by_time = block(carbon=0.41, emissions=warming | slopes | {"anode_effects": f"{minutes!r} min/day"})
    by_mass = block(
        carbon=0.41, emissions=warming | {"cf4": f"{minutes * cf4!r} kg/kg", "c2f6": f"{minutes * c2f6!r} kg/kg"}
    )
    assert by_time["pfc_t"] == pytest.approx(by_mass["pfc_t"], rel=1e-12) and by_time["inventory"].keys() == {
        "CO2",
        "CF4",
        "C2F6",
    }
    for gases in (by_time, by_mass):
        assert sum(gas["co2e_t"] for gas in gases["inventory"].values()) == pytest.approx(gases["scope1_t"], rel=1e-12)
        assert gases["inventory"]["CF4"]["kg_per_t"] == pytest.approx(1e3 * minutes * cf4, rel=1e-12)
    if minutes * c2f6 > 1e-6:
        assert (
            block(carbon=0.41, emissions=warming | {"cf4": f"{minutes * cf4!r} kg/kg", "c2f6": "0 kg/kg"})["pfc_t"]
            < by_time["pfc_t"]
        )


def test_published_slope_carries_the_warming_potentials_of_1995():
    assert 0.14 * 6500 + 0.018 * 9200 == pytest.approx(1075.6, rel=1e-12)
    assert 0.14 * 7390 + 0.018 * 12200 == pytest.approx(1254.2, rel=1e-12)  # the same gas with those of AR4


def test_runs_written_before_can_be_read():
    """Their case.toml has the default of the slope that was, which no inert cell uses."""
    assert case_of("oxygen", emissions={"anode_effect_slope": "1.0756 kg/kg"}).emissions == case_of("oxygen").emissions


def test_inert_cell_has_no_direct_emissions_but_fuel():
    gases = block(emissions={"fuel": "20 kg/t"})
    assert (
        gases["scope1_t"] == 0.02
        and gases["pfc_t"] == 0.0
        and gases["inventory"] == {"CO2": {"kg_per_t": 20.0, "warming": 1.0, "co2e_t": 0.02}}
    )


@pytest.mark.parametrize(
    ("energy", "printed"),
    [
        (12.6, (0.0076, 0.15, 0.30, 3.8, 6.1, 10.3)),
        (13.8, (0.0083, 0.17, 0.33, 4.1, 6.6, 11.3)),
        (16.6, (0.0100, 0.20, 0.40, 5.0, 8.0, 13.6)),
    ],
)
def test_scope_2_of_the_dossiers_table(energy, printed):
    for grams, expected in zip((0.6, 12, 24, 300, 481, 820), printed, strict=True):
        direct = block(energy, emissions={**DC_ONLY, "grid_factor": f"{grams} kg/MWh"})
        assert direct["scope2_t"] == pytest.approx(expected, abs=0.5 * 10.0 ** -len(str(expected).partition(".")[2]))
        on_ac = block(energy, emissions={"grid_factor": f"{grams} kg/MWh"})
        assert 1.04 <= on_ac["scope2_t"] / direct["scope2_t"] < 1.0525


def test_every_grid_by_name_and_as_a_block():
    for name, grid in grids().items():
        gases = block(emissions={"grid": name})
        assert gases["grid_factor_kg_per_kWh"] == grid.factor and gases["grid"] == name
        assert grid.source in gases["grid_source"] and str(grid.year) in gases["grid_source"]
        assert (
            gases["scope2_t"]
            == gases["by_grid"][name]["scope2_t"]
            == pytest.approx(grid.factor * (13.8 / 0.98 + 0.4), rel=1e-12)
        )
        assert 0.0 <= grid.at_plant <= grid.factor <= grid.life_cycle <= 0.82 and grid.tag and grid.source
    grams = {name: round(1e3 * grid.factor) for name, grid in grids().items()}
    assert grams == {
        "hydro_zero": 0,
        "hydro_lifecycle": 24,
        "hydro_reservoirs": 273,
        "wind": 11,
        "nuclear": 12,
        "solar": 48,
        "gas": 490,
        "coal": 820,
        "world": 481,
        "norway": 30,
        "india": 713,
        "china": 582,
    }
    assert block()["grid"] == "hydro_lifecycle"
    assert block(emissions={"grid_factor": "100 kg/MWh"})["grid_source"] == "as the case states, without a source"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"grid": "hydro_zero", "grid_factor": "0 kg/kWh"}, "grid and grid_factor contradict"),
        ({"grid": "peat"}, "emissions.grid: .*peat.* is not a grid of the table; allowed: hydro_zero, hydro_lifecycle"),
        ({"grid_source": "a letter"}, "grid_source belongs to a grid_factor"),
        ({"anode_effects": "1 min/day", "cf4": "0.1 kg/t"}, "contradict each other"),
        (
            {"anode_effect_cf4": "0.2 kg/t"},
            "emissions.anode_effect_cf4: states the emission of an anode-effect minute; allowed: with anode_effects",
        ),
        (
            {"anode_effect_slope": "1.2542 kg/kg"},
            "emissions.anode_effect_slope: is no longer an option; allowed: anode_effect_cf4",
        ),
        (
            {"grid_factor": "0.4 ton/MWh"},
            'emissions.grid_factor: "ton" has several meanings; allowed: "t" .* or "short_ton"',
        ),
        ({"cf4_warming": float("nan")}, "emissions.cf4_warming: nan is not a finite number"),
        ({"grid_factor": "-1 kg/kWh"}, "emissions.grid_factor: .*out of range"),
        ({"carbon_content": 1.2}, "emissions.carbon_content"),
    ],
)
def test_contradictions_within_emissions(options, words):
    with pytest.raises(CaseError, match=words):
        case_of("carbon", emissions=options)


@pytest.mark.parametrize(
    ("reaction", "sections", "words"),
    [
        ("oxygen", {"emissions": {"net_carbon": "0.4 kg/kg"}}, "emissions.net_carbon: an oxygen-evolving anode"),
        ("oxygen", {"emissions": {"anode_effects": "1 min/day"}}, "emissions.anode_effects"),
        (
            "oxygen",
            {"emissions": {"cf4_warming": 6500.0}},
            "emissions.cf4_warming: an oxygen-evolving anode emits no such gas",
        ),
        (
            "carbon",
            {"emissions": {"net_carbon": "0.3 kg/kg"}},
            "emissions.net_carbon: 0.3 kg/kg is less .* at least 0.359 kg/kg",
        ),
        ("carbon", {"anode_wear": {"rate": "1 cm/year"}}, "anode_wear: carbon leaves as gas"),
        (
            "oxygen",
            {"section": {"cells": 2, "auxiliary_power": "1 kW"}, "emissions": {"auxiliary_energy": "0.4 kWh/kg"}},
            "section.auxiliary_power: contradicts emissions.auxiliary_energy",
        ),
    ],
)
def test_contradictions_with_the_rest_of_the_case(reaction, sections, words):
    with pytest.raises(CaseError, match=words):
        check_emissions(case_of(reaction, **sections))
    check_emissions(case_of(reaction))


def test_metal_needs_a_process():
    for name, options in (("section", {"cells": 8}), ("anode_wear", {"rate": "1 cm/year"})):
        with pytest.raises(CaseError, match=f"{name}: .*allowed: with"):
            check_emissions(validate(Case, {name: options}, Source()))


def test_complete_case_reads_back_whatever_was_stated():
    case = case_of(
        "carbon",
        emissions={"grid": "world", "anode_effects": "0.2 min/day"},
        section={"cells": 8, "auxiliary_power": "1 MW"},
        claims=["rusal_2021"],
    )
    import tomllib

    assert validate(Case, tomllib.loads(case.to_toml()), Source()) == case


def test_net_carbon_and_what_the_reaction_takes():
    text = PROCESS_TEXT.replace("[process]", '[process]\nreaction = "carbon"').replace("0.9\n", "0.93\n")
    made = report(stack_solution(text=text))["productivity"]
    assert made["carbon_theoretical_kg_per_day"] / made["aluminium_kg_per_day"] == pytest.approx(0.359, abs=5e-4)
    assert made["carbon_kg_per_day"] / made["aluminium_kg_per_day"] == pytest.approx(0.41, abs=5e-4)
    made = report(stack_solution(text=text + '[emissions]\nnet_carbon = "430 kg/t"\n'))["productivity"]
    assert made["carbon_kg_per_day"] / made["aluminium_kg_per_day"] == pytest.approx(0.43, rel=1e-12)


def test_break_even_of_the_dossier():
    factor, better = break_even((0.0, 16.6), (1.96, 13.8))
    assert factor == pytest.approx(0.70, rel=1e-12) and better == 0
    assert break_even((1.96, 13.8), (0.0, 16.6)) == (factor, 1)
    assert break_even((0.0, 12.6), (1.96, 13.8)) == (None, 0)  # a vertical cell is better on any grid
    assert break_even((1.96, 13.8), (0.0, 13.8)) == (None, 1)
    assert break_even((0.0, 16.6), (0.0, 13.8)) == (None, 1)
    assert break_even((1.0, 14.0), (1.0, 14.0)) == (None, None)


energies = st.integers(8000, 20000).map(lambda n: n / 1000)  # in thousandths, so that no two differ by rounding alone
scopes = st.integers(0, 4000).map(lambda n: n / 1000)


@given(scopes, energies, scopes, energies)
def test_break_even_makes_totals_equal_and_parts_better_from_worse(scope_a, energy_a, scope_b, energy_b):
    pair = (scope_a, energy_a), (scope_b, energy_b)
    factor, better = break_even(*pair)

    def total(i, grid):
        return pair[i][0] + grid * pair[i][1]

    if better is None:
        assert pair[0] == pair[1]
    elif factor is None:
        assert all(total(better, grid) <= total(1 - better, grid) for grid in (0.0, 0.3, 1.0, 5.0))
    else:
        assert total(0, factor) == pytest.approx(total(1, factor), rel=1e-9)
        assert total(better, 0.5 * factor) < total(1 - better, 0.5 * factor)
        assert total(better, 2.0 * factor) > total(1 - better, 2.0 * factor)


def test_wear_gives_the_printed_impurity():
    """0.50 to 0.61 wt % for each cm a year at 0.6 and 0.5 A/cm²; 0.61 needs current efficiency 0.887, at 0.89 it is
    0.60."""
    assert impurity(0.01, 6000.0, 0.89, 7900.0, 1.0) == pytest.approx(0.50, abs=0.005)
    assert impurity(0.01, 5000.0, 0.887, 7900.0, 1.0) == pytest.approx(0.61, abs=0.005)
    assert impurity(0.01, 5000.0, 0.89, 7900.0, 1.0) == pytest.approx(0.6035, abs=5e-5)
    assert impurity(0.015, 6000.0, 0.887, 7900.0, 1.0) == pytest.approx(0.8, abs=0.05)
    assert impurity(0.02, 5000.0, 0.887, 7900.0, 1.0) == pytest.approx(1.2, abs=0.05)


def test_wear_of_a_run():
    text = PROCESS_TEXT + '[anode_wear]\nrate = "1.75 cm/year"\nmetal_share = 0.5\ndensity = "6 g/cm3"\n'
    figures = report(stack_solution(text=text))
    made, anode = figures["productivity"], figures["anodes"]["list"][0]
    density = anode["current_A"] / anode["active_area_m2"]
    assert density == CURRENT and made["anode_wear_m_per_year"] == 0.0175
    lost = 0.5 * 6000.0 * 0.0175 * anode["active_area_m2"]  # kg a year
    assert made["metal_impurity_wt_percent"] == pytest.approx(
        100.0 * lost / (365.25 * made["aluminium_kg_per_day"]), rel=1e-12
    )
    assert report(stack_solution(text=PROCESS_TEXT))["productivity"]["metal_impurity_wt_percent"] is None


def test_section_of_cells():
    whole = report(stack_solution(text=PROCESS_TEXT + "[section]\ncells = 8\navailability = 0.95\n"))
    made, gases, totals = whole["productivity"], whole["emissions"], whole["section"]
    assert totals["line_voltage_V"] == pytest.approx(8 * 3.25, rel=1e-12)
    assert totals["dc_power_W"] == pytest.approx(8 * 3.25 * CURRENT, rel=1e-12)
    assert totals["ac_power_W"] == pytest.approx(totals["dc_power_W"] / 0.98 + totals["auxiliary_power_W"], rel=1e-12)
    assert totals["aluminium_t_per_year"] == pytest.approx(
        8 * 0.95 * 365.25e-3 * made["aluminium_kg_per_day"], rel=1e-12
    )
    assert totals["oxygen_t_per_year"] / totals["aluminium_t_per_year"] == pytest.approx(0.88946, rel=1e-4)
    assert totals["scope2_t_per_year"] == pytest.approx(gases["scope2_t"] * totals["aluminium_t_per_year"], rel=1e-12)
    assert report(stack_solution(text=PROCESS_TEXT))["section"] == {}


def test_auxiliaries_of_a_section_replace_those_by_metal():
    case = case_of(section={"cells": 8, "auxiliary_power": "100 kW"})
    assert auxiliary_energy(case, 1000.0) == pytest.approx(100.0 * 24 / 8000.0, rel=1e-12)
    made = {
        "aluminium_kg_per_day": 1000.0,
        "specific_energy_kWh_per_kg": 16.6,
        "carbon_kg_per_day": 0.0,
        "alumina_kg_per_day": 1889.0,
        "oxygen_kg_per_day": 889.0,
    }
    gases = emissions(case, made)
    assert gases["ac_energy_kWh_per_kg"] == pytest.approx(16.6 / 0.98 + 0.3, rel=1e-12)
    assert section(case, {"cell_V": 4.9}, made, gases)["auxiliary_power_W"] == pytest.approx(100e3, rel=1e-12)
