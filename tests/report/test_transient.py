"""A run over time in its report: every number of a course made by hand is known on paper, an open ledger is a failure,
and a small run that is solved says the same of itself."""

import copy
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib import rc_context
from rich.console import Console
from synthetic import CASE_TEXT, PROCESS_TEXT, stack_solution

import oxycell
from oxycell.case.load import load_text
from oxycell.comparison import compare, text
from oxycell.console import summary
from oxycell.errors import NotConverged
from oxycell.io.hdf5 import read_run, write_run
from oxycell.processes.drawers import here
from oxycell.report import closed, report, report_failures
from oxycell.report.alerts import LEAST_SUPERHEAT
from oxycell.report.course import CURVES
from oxycell.report.course_figures import course_figures
from oxycell.report.render import html, write_report
from oxycell.report.style import RC
from oxycell.report.transient import RUN
from oxycell.report.unregistered import unregistered
from oxycell.transients.course import STEP, Course

H = 3600.0
NAN = float("nan")

# Three hours of a cell: off after the first hour, back after the second. Sums and energy are made to close: 8 kWh in,
# 3 kWh lost by two paths, 4 kWh taken by the process, 0.5 kWh outside, 0.5 kWh stored.
TIMES = [0.0, H, 2 * H, 3 * H]
COLUMNS = {
    "time": TIMES,
    "step_s": [NAN, H, H, H],
    "terminals.beam.current_A": [100.0, 100.0, 50.0, 100.0],
    "terminals.ground.current_A": [-100.0, -100.0, -50.0, -100.0],
    "voltage.cell_V": [4.0, 4.1, 3.0, 4.05],
    "productivity.electrolyte_temperature_K": [1180.0, 1180.0, 1172.0, 1176.0],
    "liquidus_K": [1168.0, 1168.0, 1166.0, 1166.5],
    "superheat_K": [12.0, 12.0, 6.0, 9.5],
    "ledge.mean_m": [0.050, 0.050, 0.060, 0.055],
    "ledge.min_m": [0.020, 0.020, 0.030, 0.025],
    "shells.mean_m": [0.0, 0.0, 0.002, 0.001],
    "shells.max_m": [0.0, 0.0, 0.004, 0.003],
    "shells.frozen_area_m2": [0.0, 0.0, 2.0, 1.0],
    "bath_kg": [1000.0, 1000.0, 960.0, 980.0],
    "frozen_kg": [500.0, 500.0, 540.0, 520.0],
    "bath.excess_alf3": [20.0, 20.0, 20.8, 20.4],
    "bath.alumina": [4.0, 4.0, 4.2, 4.1],
    "saturation": [5.9, 5.9, 5.8, 5.8],
    "stock_kg": [10.0, 10.0, 12.0, 11.0],
    "metal_kg": [9000.0, 9040.0, 9060.0, 9100.0],
    "heat.generated_W": [300.0, 300.0, 200.0, 310.0],
    "heat.stored_W": [0.0, 0.0, -90.0, 20.0],
    "heat.losses.rods": [100.0, 100.0, 95.0, 97.0],
    "heat.losses.bottom": [200.0, 200.0, 195.0, 193.0],
    "heat.lump_temperatures_K.bath": [1180.0, 1180.0, 1172.0, 1176.0],
    "anodes.a1.current_A": [60.0, 61.0, 30.0, 60.0],
    "anodes.a1.max_temperature_K": [1181.0, 1182.0, 1173.0, 1177.0],
    "anodes.a2.current_A": [40.0, 39.0, 20.0, 40.0],
    "anodes.a2.max_temperature_K": [1179.0, 1180.0, 1172.0, 1178.0],
    "emissions.total_kg_per_hour": [2.0, 2.0, 2.0, 2.0],
    "regions.wall.gradient_K_per_m": [0.0, 900.0, 800.0, 100.0],
    "regions.wall.heating_K_per_h": [np.nan, 20.0, 30.0, 10.0],
}
KWH = 3.6e6
SUMS = {
    "electric_J": 7.5 * KWH,
    "given_J": 0.5 * KWH,
    "process_J": 4.0 * KWH,
    "external_J": 0.5 * KWH,
    "stored_J": 0.5 * KWH,
    "losses_J.rods": 1.0 * KWH,
    "losses_J.bottom": 2.0 * KWH,
    "aluminium_kg": 0.5,
    "alumina_kg": 0.95,
    "oxygen_kg": 0.45,
    "co2e_kg": 1.0,
}
WORST = {
    STEP: (2e-9, 1e-8),
    "charge": (3e-11, 1e-10),
    "electric_power": (1e-12, 1e-8),
    "heat": (1e-14, 1e-8),
    "voltage": (1e-13, 1e-9),
    "energy": (1e-12, 1e-8),
    "mass_of_bath": (1e-16, 1e-10),
    "mass_of_excess_alf3": (2e-16, 1e-10),
}


def course(columns=COLUMNS, worst=WORST, alerts=(), residual=0.0):
    """The course by hand; `residual` [J] is missing from what is stored."""
    made = Course()
    for row in zip(*columns.values(), strict=True):
        made.add(dict(zip(columns, row, strict=True)))
    for _ in TIMES[1:]:
        made.count({name: value / 3.0 for name, value in SUMS.items()}, 0, 60)
    made.rejected = 1
    for name, (relative, limit) in worst.items():
        made.close(name, relative, limit)
    for time, entry in alerts:
        made.alert(time, [entry])
    return made.record() | {"start": 0.0, "end": 3 * H, "energy": made.energy(0.5 * KWH - residual)}


def run(text=PROCESS_TEXT, **more):
    stack = stack_solution(text=text)
    return replace(stack, record=stack.record | {"course": course(**more)})


@pytest.fixture(scope="module")
def figures():
    return report(run())


def test_totals_of_the_run(figures):
    totals = figures["transient"]["totals"]
    expected = {
        "electric_kWh": 7.5,
        "given_kWh": 0.5,
        "process_kWh": 4.0,
        "external_kWh": 0.5,
        "stored_kWh": 0.5,
        "aluminium_kg": 0.5,
        "alumina_kg": 0.95,
        "oxygen_kg": 0.45,
        "co2e_kg": 1.0,
        "specific_energy_kWh_per_kg": 15.0,
    }
    assert {key: totals[key] for key in expected} == pytest.approx(expected, rel=1e-14)
    assert totals["losses_kWh"] == pytest.approx({"rods": 1.0, "bottom": 2.0}, rel=1e-14)
    head = figures["transient"]
    assert (head["start_s"], head["end_s"], head["steps"], head["rejected"]) == (0.0, 3 * H, 3, 1)


def test_where_quantities_begin_end_and_turn(figures):
    found = figures["transient"]["course"]
    assert list(found) == [curve.key for curve in CURVES]
    assert found["current_A"] == {
        "first": 100.0, "last": 100.0, "least": 50.0, "least_at_s": 2 * H, "most": 100.0, "most_at_s": 0.0,
    }  # fmt: skip
    assert found["superheat_K"]["least"] == 6.0 and found["superheat_K"]["least_at_s"] == 2 * H
    assert found["cell_V"]["most"] == 4.1 and found["cell_V"]["most_at_s"] == H
    assert found["lost_W"]["first"] == 300.0 and found["lost_W"]["last"] == 290.0
    assert found["hottest_anode_K"]["most"] == 1182.0 and found["hottest_anode_K"]["last"] == 1178.0
    assert found["bath_K"]["last"] == 1176.0 and found["frozen_kg"]["most"] == 540.0


def test_a_steady_state_has_no_course():
    stack = stack_solution(text=PROCESS_TEXT)
    assert "transient" not in report(stack) and stack.course == {}
    assert "Course over time" not in html(report(stack), [])
    assert course_figures(stack.mesh, stack.record, report(stack)) == []


def test_what_a_run_has_not_is_left_out():
    kept = {name: values for name, values in COLUMNS.items() if name == "time" or name.startswith("heat.")}
    found = report(run(CASE_TEXT, columns=kept))["transient"]
    assert list(found["course"]) == ["generated_W", "lost_W", "stored_W"]
    assert "aluminium_kg" not in found["totals"] and found["totals"]["electric_kWh"] == pytest.approx(7.5)
    dead = {name: [NAN] * 4 if name == "superheat_K" else values for name, values in COLUMNS.items()}
    assert "superheat_K" not in report(run(columns=dead))["transient"]["course"]


def test_every_number_has_an_entry(figures):
    assert unregistered(figures) == []
    other = copy.deepcopy(figures)
    other["transient"]["totals"]["more_kWh"] = 1.0
    assert unregistered(other) == ["transient.totals.more_kWh"], "counter-test"


def test_a_ledger_that_closes_is_no_failure(figures):
    assert report_failures(figures) == []
    ledger = figures["transient"]["ledger"]
    assert list(ledger) == [RUN, *WORST] and all(member["closed"] for member in ledger.values())
    assert ledger[RUN] == {
        "relative": 0.0, "limit": 1e-8, "closed": True,
        "absolute_J": 0.0, "in_J": 8 * KWH, "out_J": 7.5 * KWH, "stored_J": 0.5 * KWH,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"residual": 9e-8 * KWH}, "energy of the run does not close: relative 1.125e-08, limit 1.0e-08"),
        ({"worst": WORST | {STEP: (1.1e-8, 1e-8)}}, "energy of a step does not close in a step: relative 1.100e-08"),
        ({"worst": WORST | {"charge": (2e-10, 1e-10)}}, "charge does not close in a step: relative 2.000e-10"),
        ({"worst": WORST | {"mass_of_bath": (2e-10, 1e-10)}}, "mass of bath does not close in a step"),
        ({"worst": WORST | {"voltage": (NAN, 1e-9)}}, "voltage does not close in a step: relative no number"),
        ({"worst": WORST | {"heat": (None, 1e-8)}}, "heat does not close in a step: relative no number"),
    ],
)
def test_a_ledger_that_does_not_close_is_one(changes, said):
    """Counter-test: each of them off by a little more than its limit; one that is just inside is none."""
    found = report(run(**changes))
    (line,) = report_failures(found)
    assert line.startswith(said) and closed(found) == [line]
    page = html(found, [])
    assert "ledger does not close" in page and "These figures must not be used" in page
    json.dumps(found, allow_nan=False)
    assert report_failures(report(run(residual=7e-8 * KWH))) == []


def test_a_course_without_limits_has_those_of_the_ledger():
    solution = run(worst=WORST | {"mass_of_bath": (2e-10, 1e-9)})
    assert closed(report(solution)) == []
    del solution.record["course"]["limits"]
    assert [line[:12] for line in closed(report(solution))] == ["mass of bath"]


def test_the_step_farthest_from_its_limit_counts():
    made = Course()
    for relative, limit in ((5e-9, 1e-8), (6e-8, 1e-6), (1e-9, 1e-10)):
        made.close("charge", relative, limit)
    assert (made.worst["charge"], made.limits["charge"]) == (1e-9, 1e-10)
    made.close("charge", 2e-10, 1e-10)
    assert made.worst["charge"] == 1e-9
    again = Course.of(made.content())
    again.close("charge", None, 1e-6)
    assert again.worst["charge"] == np.inf


COLD = {"kind": "superheat", "superheat_K": 1.5, "limit_K": LEAST_SUPERHEAT, "liquidus_K": 1166.0, "message": "1.5 K"}
HOT = {"kind": "limit_of_use", "region": "anode", "limit": "service", "beyond_K": 3.0, "message": "3 K above"}


def test_what_was_met_on_the_way_is_an_alert():
    """The farthest of each kind and place, with its time; what the last state has itself is said once."""
    met = [(H, COLD), (2 * H, COLD | {"superheat_K": 0.5, "message": "0.5 K"}), (2 * H, HOT), (3 * H, COLD)]
    found = report(run(alerts=met))
    assert [(entry["kind"], entry["time_s"], entry["message"]) for entry in found["alerts"]] == [
        ("superheat", 2 * H, "after 2 h: 0.5 K"),
        ("limit_of_use", 2 * H, "after 2 h: 3 K above"),
    ]
    assert found["alerts"][0]["superheat_K"] == 0.5 and unregistered(found) == []
    assert "after 2 h: 0.5 K" in html(found, []) and report_failures(found) == []
    strict = report(run(alerts=met).strict())
    assert report_failures(strict) == ["--strict: 2 alerts: after 2 h: 0.5 K …"]
    cold = run(alerts=met[:1])
    cold.record["ledge"]["liquidus"] = 1177.0
    assert [entry["kind"] for entry in report(cold)["alerts"]] == ["superheat"]
    assert report(run(alerts=[]))["alerts"] == []


def test_sentences_are_made_of_the_numbers(figures):
    said = "\n".join(figures["transient"]["statements"])
    for words in (
        "covers 3 h in 3 steps; 1 attempt at a step was rejected",
        "took 8.00 kWh; 3.00 kWh were lost",
        "0.500 kg of aluminium at 15.00 kWh/kg, with 1.00 kg of CO2",
        "current was 100 A at the start and 100 A at the end (least after 2 h, 50 A)",
        "(least after 2 h, 3.000 V; most after 1 h, 4.100 V)",
        "bath was 906.9 °C at the start and 902.9 °C at the end (least after 2 h, 898.9 °C)",
        "superheat of the coldest pool was least after 2 h, 6.00 K, and is 9.50 K at the end",
        "ledge was 50.0 mm at the start and 55.0 mm at the end (most after 2 h, 60.0 mm) in the mean",
        "20.0 kg of bath froze from start to end, 40.0 kg lie between most and least",
        "AlF3 in the liquid bath was 20.00 wt % at the start and 20.40 wt % at the end, 20.00 to 20.80 wt %",
        "reached 908.9 °C after 1 h",
        "closes: residual 0.0e+00 of what flowed, limit 1.0e-08",
        "charge comes nearest to its limit, 3.0e-11 against 1.0e-10",
    ):
        assert words in said
    steady = {name: [values[0]] * 4 if name != "time" else values for name, values in COLUMNS.items()}
    said = "\n".join(report(run(columns=steady))["transient"]["statements"])
    assert "current stayed at 100 A; the cell voltage stayed at 4.000 V" in said and "AlF3" not in said
    opened = report(run(worst=WORST | {"charge": (2e-10, 1e-10)}, residual=KWH))["transient"]["statements"][-1]
    assert "DOES NOT CLOSE" in opened and "charge IS BEYOND ITS LIMIT, 2.0e-10" in opened


def test_summary_tells_the_course(figures):
    buffer = io.StringIO()
    Console(file=buffer, width=400, highlight=False, markup=False).print(summary(figures))
    assert all(sentence in buffer.getvalue() for sentence in figures["transient"]["statements"])


def test_page_shows_the_course(figures, tmp_path):
    solution = run()
    write_report(figures, here(solution, figures), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("Course over time") >= 3 and 'href="#transient"' in page
    for words in ("specific energy", "liquid bath", "oxygen evolved", "lost by rods", "mass of bath"):
        assert f"<td>{words}</td>" in page
    for name in ("course", "course_heat", "course_anodes"):
        assert (tmp_path / "figures" / f"{name}.png").stat().st_size > 10_000 and f'id="figure-{name}"' in page
    cells = "".join(f'<td class="n">{value}</td>' for value in ("12.00", "9.50", "6.00", "2.00", "12.00", "0.00"))
    assert f"<td>superheat, coldest pool</td><td>K</td>{cells}" in page


def drawn(solution):
    with rc_context(RC):
        return {name: figure for name, _, _, figure in course_figures(solution.mesh, solution.record, report(solution))}


def test_figures_show_the_columns():
    found = drawn(run())
    lines = {
        line.get_label(): line.get_ydata() for axes in found["course"].axes for line in axes.lines if line.get_label()
    }
    for label, values in (
        ("current", [0.1, 0.1, 0.05, 0.1]),
        ("cell voltage", COLUMNS["voltage.cell_V"]),
        ("superheat", COLUMNS["superheat_K"]),
        ("liquidus", np.array(COLUMNS["liquidus_K"]) - 273.15),
        ("ledge, thinnest", [20.0, 20.0, 30.0, 25.0]),
        ("frozen bath", COLUMNS["frozen_kg"]),
        ("lost", [0.3, 0.3, 0.29, 0.29]),
        ("excess AlF3", COLUMNS["bath.excess_alf3"]),
        ("alumina", COLUMNS["bath.alumina"]),
    ):
        assert lines[label] == pytest.approx(np.array(values), rel=1e-12)
    shares = [line.get_ydata() for line in found["course_anodes"].axes[1].lines[1:]]
    assert shares[0] == pytest.approx([20.0, 22.0, 20.0, 20.0]) and shares[1] == pytest.approx(
        [-20.0, -22.0, -20.0, -20.0]
    )
    changes = [line.get_ydata() for line in found["course_heat"].axes[0].lines[1:]]
    assert changes[0] == pytest.approx([0.0, 0.0, -5e-3, -3e-3])
    for figure in found.values():
        names = [axes.get_xlabel() for axes in figure.axes if axes.get_xlabel()]
        assert names == ["time since the start (h)"] and all(axes.lines for axes in figure.axes)
    few = {name: values for name, values in COLUMNS.items() if name in ("time", "voltage.cell_V")}
    assert list(drawn(run(columns=few))) == ["course"]
    assert drawn(run(columns={name: values[:1] for name, values in COLUMNS.items()})) == {}


def test_course_of_a_solution_and_of_its_file(tmp_path):
    solution = run(alerts=[(H, COLD)])
    assert list(solution.course) == list(COLUMNS)
    assert solution.course["superheat_K"].tolist() == COLUMNS["superheat_K"]
    write_run(solution, tmp_path)
    back = read_run(tmp_path)
    assert back.course["ledge.mean_m"].tolist() == COLUMNS["ledge.mean_m"]
    assert report(back) == report(solution)


def test_runs_are_compared(figures, tmp_path):
    colder = {
        name: [value - 2.0 for value in values] if name == "superheat_K" else values for name, values in COLUMNS.items()
    }
    for name, made in (("a", figures), ("b", report(run(columns=colder)))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text(json.dumps(made), encoding="utf-8")
    said = text(compare([tmp_path / "a", tmp_path / "b"]))
    (line,) = [line for line in said.partition("course over time")[2].splitlines() if "coldest pool, smallest" in line]
    assert line.split()[-3:] == ["6.00", "4.00", "-2.00"]


BAR = """\
schema = "oxycell-case/1"
title = "a bar that heats up"
boxes = [
    { name = "rod", material = "steel_low_carbon", x = ["0 m", "0.3 m"], y = ["0 m", "0.05 m"], z = ["0 m", "0.05 m"] },
]
surfaces = [
    { name = "begin", of = "rod", sides = ["x-"] },
    { name = "far", of = "rod", sides = ["x+"] },
    { name = "top", of = "rod", sides = ["z+"] },
]
terminals = [
    { name = "in", surfaces = ["begin"], current = "500 A" },
    { name = "out", surfaces = ["far"], potential = "0 V" },
]
conditions = [
    { on = ["top"], path = "lid", laws = [
        { kind = "convection", coefficient = "9 W/m2/K", fluid = "300 K" },
    ] },
]

[mesh]
size = "5 cm"

[physics]
temperature = "300 K"

[transient]
end = "2 h"
outputs = "1 h"
initial = "uniform"

[transient.schedule]
"terminals.0.current" = { time = ["0 h", "1 h", "1 h"], value = ["500 A", "500 A", "2000 A"] }
"""


@pytest.fixture(scope="module")
def bar():
    return oxycell.solve(load_text(BAR, "bar"))


def test_a_run_says_what_it_went_through(bar):
    """The heat of a bar over two hours by hand, from its own columns: what is stored is what came less what left."""
    figures, course = report(bar), bar.course
    assert report_failures(figures) == [] and unregistered(figures) == []
    found, totals = figures["transient"]["course"], figures["transient"]["totals"]
    assert found["current_A"]["first"] == pytest.approx(500.0) and found["current_A"]["most"] == pytest.approx(2000.0)
    assert course["time"][0] == 0.0 and course["time"][-1] == 7200.0 and H in course["time"]
    power = course["voltage.cell_V"] * course["terminals.in.current_A"]
    assert power.min() * 2 / 1000 < totals["electric_kWh"] < power.max() * 2 / 1000
    # a trapezium through the rows errs by the curvature of the voltage and by the jump, which takes one step of 60 s
    by_rows = float(np.sum(0.5 * (power[1:] + power[:-1]) * np.diff(course["time"]))) / KWH
    assert totals["electric_kWh"] == pytest.approx(by_rows, rel=0.03)
    assert totals["stored_kWh"] == pytest.approx(totals["electric_kWh"] - sum(totals["losses_kWh"].values()), rel=1e-10)
    assert figures["time_s"] == 7200.0 and figures["transient"]["ledger"][RUN]["relative"] < 1e-10


def test_an_open_ledger_fails_the_run(monkeypatch):
    """Counter-test: the same run, of whose losses a millionth is not summed, ends as not converged."""
    from oxycell.transients import system

    def short(self, solved):
        from oxycell.transients.sums import flows

        found = flows(self.figures(solved))
        return found | {name: value * (1.0 - 1e-6) for name, value in found.items() if name.startswith("losses_J.")}

    monkeypatch.setattr(system.CaseSystem, "flows", short)
    with pytest.raises(NotConverged, match="energy of the run does not close: relative") as failed:
        oxycell.solve(load_text(BAR, "bar"))
    assert not failed.value.solution.converged and failed.value.exit_code == 3


def test_gradients_and_rates_of_regions(figures):
    """Largest of each column with its time; the first row has no rate."""
    assert figures["transient"]["regions"]["wall"] == {
        "gradient_K_per_m": 900.0,
        "gradient_at_s": float(TIMES[1]),
        "heating_K_per_h": 30.0,
        "heating_at_s": float(TIMES[2]),
    }
