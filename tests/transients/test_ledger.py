"""The ledger of a run over time: models that nothing enters or leaves, and what iterations leave over."""

import math

import numpy as np
import pytest
from tests.transients.tank import write_tank

import oxycell
from oxycell.errors import NotConverged
from oxycell.limits import LEDGER_LIMITS, STAGE_LIMIT
from oxycell.report import report, report_failures
from oxycell.report.transient import RUN
from oxycell.transients import solve
from oxycell.transients.course import STEP
from oxycell.transients.sums import energy, left_over
from oxycell.verification.cooling import cooled
from oxycell.verification.parts import (
    THERMAL,
    contact,
    convection,
    cut,
    interface,
    layers,
    lump,
    on,
    run_to,
    storing,
    surface,
)

ALLOY, BRICK = storing(28.0, 7900.0, 650.0), storing(1.3, 2150.0, 1050.0)


def solved(case):
    solution = oxycell.solve(oxycell.Case.model_validate(case))
    return solution, report(solution)


NOTHING = convection(1e-9, 300.0)  # what is around a model that nothing enters or leaves


def isolated(end, steps, hot):
    """Alloy on brick with a contact between, 40 K apart or alike."""
    start = {"x": ["0.1 m", "0.10000001 m"], "value": [hot, 300.0]}
    return {
        "physics": THERMAL | {"temperature": start},
        "boxes": layers(("hot", "alloy", 0.1), ("cold", "brick", 0.2)),
        "materials": {"alloy": ALLOY, "brick": BRICK},
        "mesh": cut((5, 8)),
        "surfaces": [surface("skin", "hot", "x-")],
        "conditions": [on("skin", NOTHING)],
        "interfaces": [interface("joint", "hot", "cold", contact(thermal=1e-3))],
        "transient": run_to(end, steps),
    }


def pool_at_rest(end, steps):
    case = cooled(end, steps)
    case["lumps"] = [lump("body", {"plate": 2000.0}, start="1200 K")]
    case["conditions"] = [on("skin", NOTHING)]
    return case


@pytest.mark.parametrize(
    "case",
    [
        isolated(3600.0, 6, 340.0),
        isolated(1e-3, 3, 340.0),
        isolated(3600.0, 6, 300.0),
        isolated(1e-3, 3, 300.0),
        pool_at_rest(3600.0, 4),
        pool_at_rest(1e-2, 2),
        pool_at_rest(1e9, 2),
    ],
    ids=["two", "two, short", "alike", "alike, short", "pool", "pool, short", "pool, long"],
)
def test_a_model_that_nothing_enters_or_leaves_closes(case):
    """Its energy is as it was, to the round-off of what it holds."""
    _, figures = solved(case)
    assert report_failures(figures) == []
    ledger = figures["transient"]["ledger"]
    assert ledger[RUN]["closed"] and ledger[STEP]["closed"] and ledger["heat_left_over"]["closed"]
    assert {RUN, STEP, "heat_left_over"} <= ledger.keys()
    assert abs(ledger[RUN]["absolute_J"]) < 1e-12 * 5e8


def test_round_off_stands_for_what_flows_where_less_does():
    """Counter-test: what is lost beyond ten round-offs is found, whatever flows; below them nothing is told."""
    for flows in (0.0, 1e-3, 1.0, 1e9):
        sums = {"given_J": flows, "losses_J.skin": flows}
        for floor in (0.0, 1e-9, 1e-6):
            inside = energy(sums, 0.9 * max(10.0 * floor, LEDGER_LIMITS["energy"] * flows), floor)
            outside = energy(sums, 1.1 * max(10.0 * floor, LEDGER_LIMITS["energy"] * flows), floor)
            assert inside["relative"] <= inside["limit"]
            assert outside["relative"] > outside["limit"] or flows == floor == 0.0
    assert energy({"given_J": 1.0}, 0.0, 1e-16)["limit"] == LEDGER_LIMITS["energy"]
    assert energy({}, 1.0, 0.0)["relative"] == 1.0


def test_what_iterations_leave_over_is_reported(tmp_path, monkeypatch):
    """By hand at every step: enthalpy of its temperatures against what passed, over what flows meanwhile."""
    found = []

    def compared(solved):
        problem, stage = solved.evaluation.problem, solved.evaluation.stage
        left = problem.amounts(solved.state, solved.amounts)["heat"] - solved.amounts["heat"]
        flows = solved.evaluation.of(problem.thermal, "flow") / stage.rate
        found.append((max(abs(left.sum()), np.abs(left).max()) / flows, *left_over(solved)["heat_left_over"]))
        return left_over(solved)

    monkeypatch.setattr(solve, "left_over", compared)
    figures = report(oxycell.solve(oxycell.load(write_tank(tmp_path / "tank.toml"))))
    by_hand, relative, limits = np.array(found).T
    assert relative == pytest.approx(by_hand, rel=1e-3) and (limits == STAGE_LIMIT).all()
    member = figures["transient"]["ledger"]["heat_left_over"]
    assert member["limit"] == STAGE_LIMIT and 0.0 < member["relative"] == relative.max() <= STAGE_LIMIT


@pytest.mark.parametrize("times", [10.0, math.inf])
def test_stages_that_are_left_too_early_open_the_ledger(tmp_path, monkeypatch, times):
    """Counter-test: stages taken as solved at ten times the residual allowed, or at any."""
    from oxycell.solvers.criteria import Criteria

    closes = Criteria.closes

    def early(self, evaluation, balance):
        if self.tolerance <= 1.0:  # the steady state at the start
            return closes(self, evaluation, balance)
        before, self.tolerance = self.tolerance, self.tolerance * times
        try:
            return np.isinf(times) or closes(self, evaluation, balance)
        finally:
            self.tolerance = before

    monkeypatch.setattr(Criteria, "closes", early)
    with pytest.raises(NotConverged, match="heat left over does not close in a step: relative"):
        oxycell.solve(oxycell.load(write_tank(tmp_path / "tank.toml")))


def test_a_jump_has_two_rows(tmp_path):
    """The second with what is there right after it: the temperatures of before, the heats of the new values."""
    course = oxycell.solve(oxycell.load(write_tank(tmp_path / "tank.toml"))).course
    first, second = (
        {name: values[row] for name, values in course.items() if name not in ("step_s", "error")} for row in (0, 1)
    )
    assert first["time"] == second["time"] == 0.0 and (np.diff(course["time"])[1:] > 0.0).all()
    assert np.isnan(course["step_s"][:2]).all() and (course["step_s"][2:] > 0.0).all()
    changed = {name for name in first if first[name] != second[name] and not np.isnan(first[name])}
    hot = "schedule.conditions.0.laws.0.temperature"
    assert changed == {hot, "heat.losses.hot", "heat.stored_W", "regions.plate.gradient_K_per_m"}
    assert (first[hot], second[hot]) == (1380.0, 1340.0)
    # 40 K less on the face of 20 W/m/K, half a cell of 33 mm ahead of its centre
    assert second["heat.stored_W"] == pytest.approx(-40.0 * 20.0 / (0.05 / 3.0), rel=1e-9)
