"""Shipped cases over time: the cell of the steady case they name, their events, and the first minutes after a jump on a
coarse mesh. The whole runs against expected.toml are in test_cases.py."""

import pytest

import oxycell
from oxycell.case.building.timeline import Timeline
from oxycell.case.load import load, shipped_cases

HOUR = 3600.0
CASES = {  # name → steady case, (time [s], current before, current after [A]) of every jump
    "kraz-140ka-modulation": ("kraz-140ka", [(2 * HOUR, 140e3, 112e3), (6 * HOUR, 112e3, 140e3)]),
    "kraz-140ka-line-loss": ("kraz-140ka", [(0.0, 140e3, 0.0), (1 * HOUR, 0.0, 140e3)]),
    "prebake-140ka-modulation": ("prebake-140ka", [(2 * HOUR, 140e3, 112e3), (6 * HOUR, 112e3, 140e3)]),
}
CURRENT = "operation.line_current"


def test_every_shipped_case_over_time_is_tested():
    over_time = {name for name in shipped_cases() if load(name).transient is not None}
    assert over_time == {*CASES, "kraz-140ka-preheat", "anode-plunge"}


@pytest.mark.parametrize("name", CASES)
def test_the_cell_is_that_of_the_steady_case(name):
    """Each case file is complete; what it does not say about time is what the steady case says."""
    given, steady = load(name), load(CASES[name][0])
    same = {"transient": None, "title": steady.title}
    assert given.replaced(same | {"claims": list(steady.claims)}) == steady


def test_the_empty_cell_is_that_of_the_steady_case():
    """But for the gas, its start, and the ends of rods and bars, which are as cold as the air without current."""
    given, steady = load("kraz-140ka-preheat"), load("kraz-140ka")
    same = {key: None for key in ("transient", "cell.preheat")} | {"claims": list(steady.claims), "title": steady.title}
    same |= {CURRENT: "140 kA", "physics.temperature": "298.15 K"}
    same |= {"cell.stems.clamp_temperature": "60 degC", "cell.bars.end_temperature": "80 degC"}
    assert given.replaced(same) == steady


@pytest.mark.parametrize("name", CASES)
def test_the_current_jumps_when_the_readme_says(name):
    timeline = Timeline(load(name))
    assert list(timeline.jumps) == [time for time, _, _ in CASES[name][1]]
    for time, before, after in CASES[name][1]:
        assert timeline.values_at(time, "before")[CURRENT] == before
        assert timeline.values_at(time, "after")[CURRENT] == after


def test_films_of_the_bath_fall_with_the_gas():
    timeline = Timeline(load("kraz-140ka-line-loss"))
    films = {key for key in timeline.values_at(0.0) if "film_bath" in key}
    assert len(films) == 4
    stated, lost = timeline.values_at(0.0, "before"), timeline.values_at(0.0, "after")
    assert all(lost[key] < 0.5 * stated[key] for key in films)
    assert timeline.values_at(timeline.end) == stated
    cell = load("kraz-140ka").cell
    assert {key: stated[key] for key in films} == {key: getattr(cell.pools, key.rpartition(".")[2]) for key in films}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kraz-140ka-modulation", "kraz-140ka-line-loss"])
def test_first_minutes_after_the_jump(name):
    """Pools cool at the rate of what is no longer generated, over what swings with them: 10 to 80 MJ/K in the first
    minutes, when pools and anodes cool before blocks and lining; bath and energy close."""
    from tests.flagship.conftest import COARSE

    case = load(name)
    steps = {"transient.end": "10 min", "transient.outputs": "10 min"}
    times = {f'transient.schedule."{key}".time': ["0 h", "0 h", "1 h", "1 h"] for key in Timeline(case).values_at(0.0)}
    report = oxycell.report(oxycell.solve(case.replaced(COARSE | steps | times)))
    course, ledger = report["transient"]["course"], report["transient"]["ledger"]
    assert all(member["closed"] for member in ledger.values()), ledger
    missing = course["generated_W"]["first"] - course["generated_W"]["last"]
    fallen = course["bath_K"]["first"] - course["bath_K"]["last"]
    assert 10e6 < missing * 600.0 / fallen < 80e6
    assert course["liquidus_K"]["last"] < course["liquidus_K"]["first"]
    assert course["frozen_kg"]["last"] > course["frozen_kg"]["first"]
