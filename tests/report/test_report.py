"""Every total of the hand-made stack is known; a changed term must show in the ledger."""

import copy
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from synthetic import CASE_TEXT, CURRENT, PROCESS_TEXT, stack_solution

from oxycell.processes.drawers import here
from oxycell.report import closed, report, report_failures
from oxycell.report.anodes import area_percentile
from oxycell.report.render import figure_text, html, write_report
from oxycell.report.voltage import PARTS

BLOCKS = (
    "provenance",
    "status",
    "balance",
    "terminals",
    "voltage",
    "heat",
    "anodes",
    "ledge",
    "productivity",
    "emissions",
    "claims",
    "probes",
    "integrals",
    "alerts",
    "warnings",
)


def changed(solution, change):
    """The solution with `change` applied to a copy of its record."""
    record = copy.deepcopy(solution.record)
    change(record)
    return replace(solution, record=record)


@pytest.fixture(scope="module")
def plain():
    return stack_solution()


@pytest.fixture(scope="module")
def cell():
    return stack_solution(text=PROCESS_TEXT)


def test_blocks_and_schema(cell):
    figures = report(cell)
    assert figures["schema"] == "oxycell-report/1"
    assert all(block in figures for block in BLOCKS)
    assert set(figures["voltage"]["parts"]) == set(PARTS)
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


def test_voltage_by_hand(cell):
    volts = report(cell)["voltage"]
    expected = {
        "reversible": 2.2,
        "anode_activation": 0.1,
        "anode_concentration": 0.0,
        "anode_film": 0.0,
        "bubbles": 0.0,
        "cathode_concentration": 0.01,
        "bath_ohmic": 0.4,
        "anode_ohmic": 0.1,
        "cathode_ohmic": 0.1,
        "contacts": 0.1,
        "external": 0.24,
    }
    assert volts["parts"] == pytest.approx(expected, abs=1e-14)
    assert volts["cell_V"] == pytest.approx(3.25, abs=1e-14)
    assert volts["external_V"] == pytest.approx(0.24, abs=1e-14)


def test_parts_by_region_and_interface_without_a_process(plain):
    parts = report(plain)["voltage"]["parts"]
    assert parts["anode|bath"] == pytest.approx(0.1) and parts["bath|metal"] == pytest.approx(0.01)
    assert parts["reversible"] == pytest.approx(2.2) and sum(parts.values()) == pytest.approx(3.25, abs=1e-14)


def test_part_of_a_law_counts_without_a_process(plain):
    """What a law states of its part; others go by their interface's name. An equilibrium potential stays one whatever
    its part is called."""

    def state(record):
        for key, law in record["electric"]["laws"].items():
            if "|" in key:
                law.update(kind=key.split("/")[0], stated=1, part={"equilibrium/anode|bath": "emf"}.get(key, "losses"))

    figures = report(changed(plain, state))
    parts = figures["voltage"]["parts"]
    assert (
        parts["emf"] == pytest.approx(2.2)
        and parts["losses"] == pytest.approx(0.1)
        and parts["bath|metal"] == pytest.approx(0.01)
    )
    assert "anode|bath" not in parts and "reversible" not in parts and figures["balance"]["electric_power"]["closed"]


@pytest.mark.parametrize(
    ("kind", "part", "where"),
    [
        ("resistance", "anode_film", "overpotential_V"),
        ("resistance", "contacts", "contact_V"),
        ("contact", "joint", "contact_V"),
        ("tafel", "contacts of old", "overpotential_V"),
        ("equilibrium", "contacts", "rest_V"),
    ],
)
def test_what_counts_as_contact(kind, part, where, cell):
    """A contact by its kind, or by the part it is reported under; an equilibrium potential whatever that is."""

    def state(record):
        record["electric"]["laws"]["concentration"].update(kind=kind, part=part, stated=1)

    found = report(changed(cell, state))["voltage"]["interfaces"]["bath|metal"]
    assert found == pytest.approx({"rest_V": 0.0, "overpotential_V": 0.0, "contact_V": 0.0} | {where: 0.01}, abs=1e-14)


@pytest.mark.parametrize("process", [True, False])
def test_interfaces_at_rest_and_over(process, plain, cell):
    """Equilibrium potential and overpotential of each interface, with a process and without."""
    found = report(cell if process else plain)["voltage"]["interfaces"]
    assert found["anode|bath"] == pytest.approx({"rest_V": 2.2, "overpotential_V": 0.1, "contact_V": 0.0}, abs=1e-14)
    assert found["bath|metal"] == pytest.approx({"rest_V": 0.0, "overpotential_V": 0.01, "contact_V": 0.0}, abs=1e-14)


def test_heat_by_hand(plain):
    heat = report(plain)["heat"]
    assert heat["sources_W"] == {
        "feed": 0.0,
        "joule": 60.0,
        "anode_activation": 10.0,
        "cathode_concentration": 1.0,
        "contacts": 10.0,
    }
    assert heat["generated_W"] == 81.0
    assert heat["losses"] == {"rods": 18.0, "bottom": 11.0, "side_bath": 52.0}
    assert list(heat["losses"]) == ["rods", "side_bath", "bottom"]
    assert heat["pool_W"] == {"rods": 0.0, "bottom": 0.0, "side_bath": 52.0}
    assert heat["process_W"] == pytest.approx(2.2 * CURRENT)
    assert heat["external_W"] == pytest.approx(24.0)


def test_ledger_closes(plain, cell):
    for solution in (plain, cell):
        figures = report(solution)
        assert report_failures(figures) == []
        for name in ("charge", "electric_power", "heat", "voltage", "energy"):
            assert figures["balance"][name]["relative"] < 1e-14, name


def test_generated_heat_is_what_the_process_and_the_outside_leave(cell):
    figures = report(cell)
    volts, heat = figures["voltage"], figures["heat"]
    assert heat["generated_W"] == pytest.approx(
        CURRENT * (volts["cell_V"] - volts["external_V"]) - heat["process_W"], rel=1e-13
    )


def test_productivity_by_faraday(cell):
    made = report(cell)["productivity"]
    assert made["aluminium_kg_per_day"] == pytest.approx(8.0537e-3 * CURRENT * 0.9, rel=1e-4)
    assert made["oxygen_kg_per_day"] / made["aluminium_kg_per_day"] == pytest.approx(0.88946, rel=1e-4)
    assert made["carbon_kg_per_day"] == 0.0
    assert made["specific_energy_kWh_per_kg"] == pytest.approx(2.97998 * 3.25 / 0.9, rel=1e-4)
    assert made["minimum_energy_kWh_per_kg"] == pytest.approx(9.23, abs=0.05)
    assert figures_none(report(stack_solution())["productivity"])


def figures_none(block):
    return all(value is None for value in block.values())


def test_emissions(cell):
    figures = report(cell)
    energy = figures["productivity"]["specific_energy_kWh_per_kg"]
    assert figures["emissions"]["scope2_t"] == pytest.approx(0.024 * (energy / 0.98 + 0.4), rel=1e-12)
    assert figures["emissions"]["scope1_t"] == 0.0 and figures["emissions"]["pfc_t"] == 0.0
    carbon = report(stack_solution(text=PROCESS_TEXT.replace("[process]", '[process]\nreaction = "carbon"')))
    made = carbon["productivity"]
    assert made["carbon_theoretical_kg_per_day"] / made["aluminium_kg_per_day"] == pytest.approx(
        0.33387 / 0.9, rel=1e-3
    )
    assert made["carbon_kg_per_day"] > made["carbon_theoretical_kg_per_day"]
    assert carbon["emissions"]["scope1_t"] > carbon["emissions"]["pfc_t"] > 0.0


def test_quarter_gives_totals_of_the_whole(plain):
    whole, quarter = report(plain), report(stack_solution(("x", "y")))
    assert quarter["terminals"]["beam"]["current_A"] == 4 * whole["terminals"]["beam"]["current_A"]
    assert quarter["heat"]["generated_W"] == 4 * whole["heat"]["generated_W"]
    assert quarter["voltage"]["parts"] == pytest.approx(whole["voltage"]["parts"], abs=1e-14)
    anode = quarter["anodes"]["list"][0]
    assert (anode["current_A"], anode["count"]) == (4 * CURRENT, 1)  # both planes cut it
    assert anode["mean_current_density_A_m2"] == CURRENT
    assert closed(quarter) == []


def test_scaled_anode_current_fails_the_charge_ledger(plain):
    def scale(record):
        record["electric"]["current"][record["electrodes"]["index"]] *= 1.01

    figures = report(changed(plain, scale))
    assert figures["anodes"]["list"][0]["current_A"] == pytest.approx(1.01 * CURRENT)
    assert not figures["balance"]["charge"]["closed"]
    assert figures["balance"]["charge"]["absolute"] == pytest.approx(0.01 * CURRENT)
    assert any(line.startswith("charge") for line in report_failures(figures))


@pytest.mark.parametrize("law", ["equilibrium/anode|bath", "concentration", "clamp", "flex"])
def test_a_millivolt_fails_the_voltage_sum(cell, law):
    def perturb(record):
        record["electric"]["laws"][law]["drop"] += 1e-3

    figures = report(changed(cell, perturb))
    assert not figures["balance"]["voltage"]["closed"]
    assert figures["balance"]["voltage"]["absolute"] == pytest.approx(1e-3, rel=1e-9)
    assert not figures["balance"]["electric_power"]["closed"]


def test_dropped_heat_source_fails_the_heat_ledger(plain):
    for group, name in (("sources", "joule"), ("face_sources", "contacts")):
        figures = report(changed(plain, lambda record, g=group, n=name: record["thermal"][g].pop(n)))
        assert not figures["balance"]["heat"]["closed"], name
        assert closed(figures)


def test_errors_that_cancel_in_the_sum_are_seen_in_the_rows(plain):
    def swap(record):
        record["thermal"]["sources"]["joule"]["heat"][:] = [10.0, 10.0, 40.0]

    heat = report(changed(plain, swap))["balance"]["heat"]
    assert heat["absolute"] == pytest.approx(30.0) and not heat["closed"]


def test_not_a_number_never_closes(plain):
    def spoil(record):
        record["thermal"]["heat_owner"][0] = math.nan

    figures = report(changed(plain, spoil))
    assert not figures["balance"]["heat"]["closed"]
    json.dumps(figures, allow_nan=False)


def test_round_off_widens_a_limit_but_not_beyond_1e_6(plain):
    def rough(record):
        record["floor"]["heat"] = 81e-8

    def rougher(record):
        record["floor"]["heat"] = 81.0

    assert report(changed(plain, rough))["balance"]["heat"]["limit"] == pytest.approx(1e-7)
    assert report(changed(plain, rougher))["balance"]["heat"]["limit"] == 1e-6


def test_not_converged_is_marked(plain):
    def stop(record):
        record["status"].update(converged=False, message="the bath freezes")

    figures = report(changed(plain, stop))
    assert closed(figures) == [] and report_failures(figures) == ["not converged: the bath freezes"]
    assert "must not be used" in html(figures, [])


def test_only_electric_or_only_thermal(plain):
    cold = report(changed(plain, lambda record: [record.pop(key) for key in ("thermal", "ledge")]))
    assert closed(cold) == [] and cold["heat"]["losses"] == {} and not cold["balance"]["heat"]["solved"]
    dead = report(changed(plain, lambda record: [record.pop(key) for key in ("electric", "electrodes")]))
    assert closed(dead) == [] and dead["voltage"]["cell_V"] is None and dead["heat"]["generated_W"] == 81.0
    for figures in (cold, dead):
        assert "<html" in html(figures, [])


def test_ledge_and_anode_figures(plain):
    figures = report(plain)
    assert figures["ledge"]["mean_m"] == figures["ledge"]["min_m"] == 0.1
    assert figures["ledge"]["profile"] == [
        {"z_m": 1.5, "pool": "bath", "mean_m": 0.1, "min_m": 0.1, "max_m": 0.1, "heat_flux_W_m2": 52.0}
    ]
    anode = figures["anodes"]["list"][0]
    assert anode["mean_temperature_K"] == anode["max_temperature_K"] == 1100.0
    assert figures["warnings"] == ["made by hand", "steel: 2 K above its range"]


def test_area_percentile():
    values, area = np.array([3.0, 1.0, 2.0]), np.array([0.02, 0.5, 0.48])
    assert area_percentile(values, area, 0.99) == 3.0
    assert area_percentile(values, area, 0.9) == 2.0


def test_report_is_written_and_stands_alone(cell, tmp_path):
    figures = report(cell)
    write_report(figures, here(cell, figures), tmp_path)
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == figures
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "not validated against plant data" in page and "http" not in page.split("</style>")[1]
    assert page.count("data:image/png;base64,") == len(list((tmp_path / "figures").glob("*.png"))) >= 4
    assert not list(tmp_path.glob(".*"))


def test_text_of_the_case_is_escaped():
    solution = stack_solution(text=CASE_TEXT.replace("stack", "<script>alert(1)</script>"))
    assert "<script>" not in html(report(solution), [])


def test_numbers_in_words():
    assert figure_text(None) == "–" and figure_text(True) == "True"
    assert figure_text(1234.5678) == "1\u202f234.6" and figure_text(0.88712) == "0.8871"
    assert figure_text(-1e-11) == "−1.000e−11" and figure_text(140000) == "140\u202f000"
