"""`[operating_point]`: the number is found, the question is checked before anything is solved, a failure says what was
seen."""

import csv
import json
import re

import pytest
from tests.case.solving.test_solve import BAR
from tests.verification.checkers import case_of, check_ledger

import oxycell
from oxycell import operating_point as module
from oxycell.case.building.build import expand
from oxycell.cli import main
from oxycell.console import step_line, summary
from oxycell.errors import CaseError, Frozen, NotConverged
from oxycell.report.operating_point import target
from oxycell.report.registry import unit_of
from oxycell.report.render import html

ASKED = {
    "unknown": "terminals.0.current",
    "between": ["10 A", "200 A"],
    "target": "heat_loss",
    "value": "3 kW",
    "tolerance": "0.1 W",
}


def bar(changes=None, **asked):
    return case_of(**BAR | (changes or {}), operating_point=ASKED | asked)


def found(case, **more):
    rows = []
    solution = oxycell.solve(case, rows.append)
    return solution, oxycell.report(solution), rows


def test_finds_the_number_and_says_how():
    """All that is put into a bar of resistance R(T) leaves as heat; here the current is asked for that makes it 3
    kW."""
    solution, report, rows = found(bar())
    check_ledger(solution)
    block = report["operating_point"]
    assert sum(report["heat"]["losses"].values()) == pytest.approx(3000.0, abs=0.1) == block["reached"]
    assert report["terminals"]["in"]["current_A"] == pytest.approx(block["value"], rel=1e-9)
    assert block["unknown"] == "terminals.0.current" and block["unknown_unit"] == "A" and block["target_unit"] == "W"
    assert block["asked"] == 3000.0 and block["tolerance"] == 0.1
    assert [entry["value"] for entry in block["evaluations"][:2]] == [90.0, 10.0], "the case's own number first"
    assert block["evaluations"][-1] == {"value": block["value"], "target": block["reached"], "outcome": "solved"}
    assert solution.case.terminals[0].current == block["value"]
    assert {row["solve"] for row in solution.history} == set(range(1, len(block["evaluations"]) + 1))
    assert solution.status["outer_iterations"] == len(solution.history)
    lines = [step_line(row, 0.0) for row in rows]
    assert (
        f"solve {len(block['evaluations'])}   terminals.0.current = {block['value']:.6g} A: heat_loss = 3 kW, "
        f"asked 3 kW" in lines[-1]
    )
    assert all(line.startswith("solve ") for line in lines)
    page = html(report, [])
    assert page.count("<td>solved</td>") == len(block["evaluations"]) and "heat_loss is 3" in page


def test_the_answer_is_repeated_by_a_plain_run_and_by_its_own_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bar.toml").write_text(bar().to_toml(), encoding="utf-8")
    assert main(["run", "bar.toml", "-o", "one"]) == 0
    assert re.search(
        r"operating point +terminals.0.current = [\d.]+ A gives heat_loss = 3000 W, after \d solves",
        capsys.readouterr().out,
    )
    one = json.loads((tmp_path / "one/report.json").read_text())
    assert main(["run", "one", "-o", "two", "--quiet"]) == 0
    two = json.loads((tmp_path / "two/report.json").read_text())
    assert len(two["operating_point"]["evaluations"]) == 1 < len(one["operating_point"]["evaluations"])
    plain = oxycell.report(oxycell.solve(oxycell.load("one").replaced({"operating_point": None})))
    assert one["voltage"] == two["voltage"] == plain["voltage"] and one["heat"] == two["heat"] == plain["heat"]
    assert "operating_point" not in plain
    assert main(["report", "one"]) == 0
    assert json.loads((tmp_path / "one/report.json").read_text())["operating_point"] == one["operating_point"]
    with open(tmp_path / "one/history.csv", encoding="utf-8") as file:
        assert {row["solve"] for row in csv.DictReader(file)} == {
            str(n + 1) for n in range(len(one["operating_point"]["evaluations"]))
        }


def test_the_same_bits_again():
    one, two = found(bar())[1], found(bar())[1]
    assert one["operating_point"] == two["operating_point"] and one["voltage"] == two["voltage"]


def test_a_number_of_the_geometry_moves_the_mesh_without_jumps():
    """The bar's first half grows; the cells between planes stay those of the middle of the interval, stated in the
    case."""
    boxes = [dict(box) for box in BAR["boxes"]]
    case = bar(
        {"boxes": boxes}, unknown="boxes.1.x.1", between=["0.8 m", "1.5 m"], target="voltage.cell_V", value="12.5 V"
    )
    assert expand(case).mesh.cells_x == ()
    solution, report, _ = found(case.replaced({"operating_point.tolerance": "1 mV"}))
    assert report["voltage"]["cell_V"] == pytest.approx(12.5, abs=1e-3)
    assert solution.case.mesh.cells_x == (2, 3) and solution.case.mesh.cells_y == ()
    again = found(solution.case)[1]
    assert again["voltage"] == report["voltage"] and len(again["operating_point"]["evaluations"]) == 1


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"unknown": "terminals.0.curent"},
            r"operating_point.unknown: terminals.0.curent: .*nearest is terminals.0.current; ",
        ),
        (
            {"unknown": "solver.outer_iterations"},
            "operating_point.unknown: solver.outer_iterations: is not a number that can vary continuously",
        ),
        ({"unknown": "boxes.0.material"}, "operating_point.unknown: boxes.0.material: is not a number that can vary"),
        (
            {"unknown": "operating_point.value"},
            "operating_point.unknown: operating_point.value: the case gives no value",
        ),
        (
            {"between": ["200 A", "10 A"]},
            "operating_point.between: 200 A to 10 A is not an interval; allowed: the smaller first",
        ),
        (
            {"between": ["10 V", "200 A"]},
            'operating_point.between: "V" is not a unit of this quantity; allowed: any unit that converts to A',
        ),
        ({"between": [10.0, 200.0]}, "operating_point.between: 10.0: allowed: text with a unit that converts to A"),
        (
            {"target": "voltage.cel_V"},
            "operating_point.target: voltage.cel_V: .*nearest is voltage.cell_V; allowed: superheat",
        ),
        ({"target": "title"}, "operating_point.target: title: no number of this case's report"),
        ({"target": "superheat"}, "operating_point.target: superheat: no number of this case's report"),
        (
            {"value": "3 V"},
            'operating_point.value: "V" is not a unit of this quantity; allowed: any unit that converts to W',
        ),
        ({"value": 3.0}, "operating_point.value: 3.0: allowed: text with a unit that converts to W"),
        ({"tolerance": "0 W"}, "operating_point.tolerance: must be more than 0"),
        (
            {"tolerance": "1e-7 W"},
            "operating_point.tolerance: 1e-07 W is below the accuracy of a solve.*: 3e-06 W; allowed: that or",
        ),
        ({"unknown": "interfaces.0.name"}, "operating_point.unknown"),
        (
            {"unknown": "boxes.0.x.1", "between": ["-1 m", "0.4 m"]},
            "operating_point.between: -1 m is not possible: .*no positive thickness",
        ),
        (
            {"unknown": "boxes.1.x.0", "between": ["0.4 m", "0.6 m"]},
            "operating_point.between: 0.4 m to 0.6 m: mesh planes across x merge",
        ),
    ],
)
def test_questions_without_sense_are_refused_before_any_solve(monkeypatch, asked, message):
    def solve(case, progress):
        raise AssertionError("nothing may be solved")

    with pytest.raises(CaseError, match=message) as caught:
        module.solve_operating_point(bar(**asked), solve)
    assert "\n" not in str(caught.value)


def test_bad_questions_are_one_line_with_the_place(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bar.toml").write_text(bar(target="heat_los").to_toml(), encoding="utf-8")
    line = next(
        n for n, text in enumerate((tmp_path / "bar.toml").read_text().splitlines(), 1) if text.startswith("target")
    )
    assert main(["run", "bar.toml", "-o", "out"]) == 2
    assert capsys.readouterr().err.startswith(f"error: bar.toml:{line}: operating_point.target: heat_los: ")
    assert not (tmp_path / "out").exists()


def test_what_is_not_between_the_limits_fails_with_what_was_seen(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bar.toml").write_text(bar(between=["100 A", "200 A"], value="1 kW").to_toml(), encoding="utf-8")
    assert main(["run", "bar.toml", "-o", "out", "--quiet"]) == 3
    error = capsys.readouterr().err
    assert (
        re.search(
            r"in 2 solves no terminals.0.current from 100 A to 200 A was found that gives heat_loss = 1 kW; at "
            r"100 A it is "
            r"[\d.]+ kW; at 200 A it is [\d.]+ kW; the last state is in out",
            error,
        )
        and error.count("\n") == 1
    )
    left = json.loads((tmp_path / "out/report.json").read_text())
    assert not left["status"]["converged"] and left["operating_point"]["value"] == 100.0, "the nearest is kept"
    assert len(left["operating_point"]["evaluations"]) == 2


class Cell:
    """Stands in for a cell that freezes below 120 A: `solve` as the driver takes it, on the bar's solution."""

    def __init__(self, freezes_below, error=Frozen):
        self.solution, self.freezes_below, self.error, self.asked = (
            oxycell.solve(case_of(**BAR)),
            freezes_below,
            error,
            [],
        )

    def __call__(self, case, progress):
        current = case.terminals[0].current
        self.asked.append(current)
        if current < self.freezes_below:
            raise self.error("the bath freezes: …", solution=self.solution)
        return self.solution, {
            "heat": {"losses": {}},
            "productivity": {},
            "ledge": {"mean_m": 10.0 / (current - 100.0)},
        }


@pytest.fixture
def guess(monkeypatch):
    """An initial guess whose report has a ledge."""
    figures = {"heat": {"losses": {}}, "productivity": {}, "ledge": {"mean_m": None}}
    monkeypatch.setattr(module, "report", lambda solution: figures)
    return figures


LEDGE = {"target": "ledge.mean_m", "value": "250 mm", "tolerance": "0.1 mm", "between": ["80 A", "300 A"]}


def test_a_frozen_end_narrows_the_interval(guess):
    cell = Cell(120.0)
    case = bar({"terminals": [dict(BAR["terminals"][0], current="260 A"), BAR["terminals"][1]]}, **LEDGE)
    solution, _ = module.solve_operating_point(case, cell)
    tried = solution.record["operating_point"]
    assert tried["value"] == pytest.approx(140.0, abs=0.05) and cell.asked[0] == 260.0
    assert "the bath freezes" in tried["outcome"] and 300.0 not in cell.asked, (
        "a frozen end has a sign: the other end is not needed"
    )


def test_the_edge_of_freezing_is_told(guess):
    cell = Cell(120.0)
    with pytest.raises(NotConverged) as caught:
        module.solve_operating_point(bar(**LEDGE | {"value": "900 mm"}), cell)
    seen = re.search(
        r"at 80 A the bath freezes; at ([\d.]+) A the bath freezes; at ([\d.]+) A it is ([\d.]+) mm; at 300 A it "
        r"is 50 mm$",
        str(caught.value),
    )
    frozen, alive, thickness = (float(text) for text in seen.groups())
    assert frozen < 120.0 <= alive and alive - frozen <= 0.23 and thickness == pytest.approx(500.0, rel=0.02)
    assert not caught.value.solution.converged and str(caught.value) in caught.value.solution.warnings


def test_nothing_but_freezing(guess):
    with pytest.raises(NotConverged, match="at 80 A the bath freezes; at 300 A the bath freezes$") as caught:
        module.solve_operating_point(bar(**LEDGE), Cell(1000.0))
    assert caught.value.solution is not None


def test_other_failures_have_no_sign(guess):
    """A solve that gives up says nothing about the ledge: the other end is asked before the gap between them is
    searched."""
    cell = Cell(120.0, NotConverged)
    solution, _ = module.solve_operating_point(bar(**LEDGE | {"between": ["80 A", "300 A"]}), cell)
    assert 300.0 in cell.asked[:3] and solution.record["operating_point"]["value"] == pytest.approx(140.0, abs=0.05)


def test_units_of_figures():
    units = {
        "ledge.mean_m": "m",
        "ledge.wall_area_m2": "m2",
        "voltage.parts.bath_ohmic": "V",
        "heat.losses.lid": "W",
        "superheat": "K",
        "heat.lump_temperatures_K.metal": "K",
        "productivity.specific_energy_kWh_per_kg": "kWh/kg",
        "anodes.non_uniformity": "",
        "productivity.aluminium_kg_per_day": "kg/day",
        "anodes.list.anode_01.mean_current_density_A_m2": "A/m2",
    }
    for key, unit in units.items():
        assert unit_of(key) == unit, key


def test_a_superheat_in_celsius_is_a_difference(monkeypatch):
    figures = {"heat": {"losses": {}}, "productivity": {"electrolyte_temperature_K": 1178.15}}
    record = {"ledge": {"liquidus": 1168.15}}
    assert target(None, record, figures, "superheat") == pytest.approx(10.0)
    monkeypatch.setattr(module, "report", lambda solution: figures)
    monkeypatch.setattr(module, "target", lambda *arguments: 10.0)
    asked = {"target": "superheat", "value": "12 degC", "tolerance": "0.5 degC"}
    question = module.check(bar(**asked))
    assert question.value == 12.0 and question.tolerance == 0.5 and question.target.shown(12.0) == "12 K"
    question = module.check(bar(target="bath_temperature", value="905 degC", tolerance="0.5 degC"))
    assert (
        question.value == pytest.approx(1178.15)
        and question.tolerance == 0.5
        and question.target.shown(1178.15) == "905 degC"
    )


def test_summary_has_no_row_without_it():
    table = summary(oxycell.report(oxycell.solve(case_of(**BAR))))
    assert "status" in list(table.columns[0].cells) and "operating point" not in list(table.columns[0].cells)
