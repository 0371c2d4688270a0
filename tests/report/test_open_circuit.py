"""A body at rest: what divides by current is null, and the ledger closes."""

from dataclasses import replace

import numpy as np
import pytest
from tests.report.synthetic import PROCESS_TEXT, stack_solution

import oxycell
from oxycell.case.case import Case
from oxycell.report import report
from oxycell.verification.electrodes import circulating, pair
from oxycell.verification.parts import charge_transfer, rest


def solved(case):
    return oxycell.report(oxycell.solve(Case.model_validate(case)))


@pytest.mark.parametrize("current", [0.0, 5000.0])
def test_two_rods_at_rest(current):
    """Their potentials differ by what the joint has at equilibrium; parts of a voltage are those of a current."""
    found = solved(pair([rest(-2.2), charge_transfer(resistance=1e-3)], current))
    assert all(member["closed"] for member in found["balance"].values())
    assert found["balance"]["energy"]["solved"]
    voltage = found["voltage"]
    if current:
        assert voltage["open_circuit_V"] is None
        assert sum(voltage["parts"].values()) == pytest.approx(voltage["cell_V"], rel=1e-9)
    else:
        assert voltage["cell_V"] is None and voltage["open_circuit_V"] == pytest.approx(2.2, rel=1e-12)
        assert set(voltage["parts"].values()) == {None} and "reversible" in voltage["parts"]


def test_what_circulates_is_no_current_of_the_cell():
    """What passes between two electrodes at one terminal is none through it, but flows for the charge balance."""
    case, current = circulating()
    solution = oxycell.solve(Case.model_validate(case))
    found = oxycell.report(solution)
    assert found["voltage"]["open_circuit_V"] is None and found["voltage"]["cell_V"] is None
    assert np.max(np.abs(solution.record["electric"]["current"])) == pytest.approx(current / 6.0, rel=1e-9)
    assert found["balance"]["charge"]["closed"] and found["balance"]["charge"]["relative"] < 1e-10


def test_figures_without_current():
    """Of a cell with a process, all currents taken away by hand."""
    cell = stack_solution(text=PROCESS_TEXT)
    assert report(cell)["productivity"]["current_efficiency"] is not None
    electric = cell.record["electric"]
    still = cell.record | {"electric": electric | {"current": np.zeros_like(electric["current"])}}
    figures = report(replace(cell, record=still))
    made = figures["productivity"]
    assert made["aluminium_kg_per_day"] == 0.0
    for key in ("current_efficiency", "specific_energy_kWh_per_kg", "energy_efficiency", "carbon_kg_per_day"):
        assert made[key] is None, key
    assert figures["anodes"]["non_uniformity"] is None and figures["heat"]["process_W"] == 0.0
    assert figures["emissions"]["total_t"] is None and figures["emissions"]["total_kg_per_hour"] == 0.0


@pytest.mark.parametrize("efficiency", ["0.9", "0.0"])
def test_emissions_of_an_hour(efficiency):
    """With metal Scope 1 and 2 of it, without that of electricity alone, whose auxiliaries go by the metal."""
    text = PROCESS_TEXT.replace("current_efficiency = 0.9", f"current_efficiency = {efficiency}")
    text += '[emissions]\ngrid_factor = "0.5 kg/kWh"\nrectifier_efficiency = 0.8\n'
    figures = report(stack_solution(text=text))
    power = sum(each["current_A"] * each["potential_V"] for each in figures["terminals"].values())
    found, made = figures["emissions"], figures["productivity"]["aluminium_kg_per_day"]
    if made:
        assert found["total_kg_per_hour"] == pytest.approx(found["total_t"] * made / 24.0, rel=1e-14)
        expected = 0.5 * (power / 0.8 / 1e3 + 0.4 * made / 24.0)
    else:
        assert found["total_t"] is None
        expected = 0.5 * power / 0.8 / 1e3
    assert power > 0.0 and found["total_kg_per_hour"] == pytest.approx(expected, rel=1e-12)
