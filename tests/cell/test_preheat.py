"""An empty cell that hot gas heats up: what is left of a cell, what it refuses, and where a run of it begins."""

import numpy as np
import pytest

from oxycell.case.building.build import build, expand
from oxycell.case.building.timeline import Timeline
from oxycell.case.load import load
from oxycell.errors import CaseError
from oxycell.transients.initial import uniform

COARSE = {"mesh.size": "800 mm", "mesh.growth": 50.0, "cell.mesh.edge": "200 mm", "cell.mesh.floor": "200 mm"}
COARSE |= {"cell.mesh.side": "1 m", "cell.mesh.gap_cells": 1, "cell.mesh.plate_cells": 1, "cell.mesh.cover_cells": 1}
PREHEAT = {"temperature": "700 degC", "film": "15 W/m2/K", "emissivity": 0.4}


@pytest.fixture(scope="module")
def case():
    return load("kraz-140ka-preheat")


def test_gas_is_where_the_melts_were(case):
    filled, empty = expand(load("kraz-140ka")), expand(case)
    names = {box.name for box in empty.boxes}
    assert {box.name for box in filled.boxes} - names == {"bath", "metal", "freeboard.lip"}
    melts = [(box.x, box.y, box.z) for box in filled.boxes if box.name in ("bath", "metal", "gas")]
    assert [(box.x, box.y, box.z) for box in empty.boxes if box.name == "gas"] == melts
    assert {box.material for box in empty.boxes if box.name == "gas"} == {"gas"}


def test_nothing_conducts_and_nothing_freezes(case):
    empty = expand(case.replaced({"cell.preheat": PREHEAT}))
    assert (empty.terminals, empty.ledge, empty.physics.electric) == ((), None, False)
    (gas,) = empty.lumps
    assert (gas.temperature, gas.films["*"], gas.emissivity, gas.held) == (973.15, 15.0, 0.4, "gas held")
    assert not any({"bath", "metal"} & {*spec.between} for spec in empty.interfaces)


def test_conditions_are_those_of_the_filled_cell(case):
    """But for the ends of rods and bars, which carry no current and are as cold as the air."""
    filled, empty = expand(load("kraz-140ka")), expand(case)
    ends = ("rod_top_*", "bar_end_*")
    kept = [[spec for spec in each.conditions if spec.on[0] not in ends] for each in (filled, empty)]
    assert kept[0] == kept[1] and len(empty.conditions) == len(filled.conditions)


def test_a_current_is_refused(case):
    with pytest.raises(CaseError, match=r"operation\.line_current: 140000 A, .* allowed with \[cell\.preheat\]: 0 A"):
        expand(case.replaced({"operation.line_current": "140 kA"}))


def test_the_gas_follows_the_schedule(case):
    timeline = Timeline(case)
    for hours, celsius in ((0.0, 30.0), (30.0, 465.0), (60.0, 900.0), (72.0, 900.0)):
        (gas,) = expand(timeline.case_at(3600.0 * hours)).lumps
        assert gas.temperature == pytest.approx(celsius + 273.15)


def test_uniform_is_the_temperature_of_physics(case):
    """Also with [bath], of which a first guess is 10 K above its liquidus."""
    built = build(case.replaced(COARSE | {"transient": None, "physics.temperature": "40 degC"}))
    first, state = built.problem.start(), uniform(built)
    gas = built.problem.thermal.shared_rows
    assert state.temperature[gas] == pytest.approx(303.15)  # that of the gas is prescribed
    assert np.delete(state.temperature, gas) == pytest.approx(313.15)
    assert np.delete(first.temperature, gas) == pytest.approx(case.bath.liquidus() + 10.0)


def test_nothing_is_said_about_a_bath_that_is_not_there(case):
    from oxycell import report, solve

    solution = solve(case.replaced(COARSE | {"transient": None, "cell.preheat.temperature": "850 degC"}))
    figures = report(solution)
    assert figures["status"]["converged"] and figures["heat"]["sources_W"]["gas held"] > 5e4
    assert not any("bath" in line for line in figures["warnings"]), figures["warnings"]
    assert not any(alert["kind"] == "superheat" for alert in figures["alerts"])
