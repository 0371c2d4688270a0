"""The command line: one line on standard error for every fault, the documented exit codes, nothing half-written."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import oxycell.io.hdf5
import oxycell.processes.drawers
import oxycell.report
import oxycell.report.render
import oxycell.run as driver
from oxycell.case.load import load, shipped_cases
from oxycell.cli import main
from oxycell.errors import CaseError, FileError, Interrupted, NotConverged

CASE = """\
title = "a plate"
[operation]
line_current = "140 kA"
[[boxes]]
name = "a"
material = "steel_low_carbon"
x = ["0 m", "1 m"]
y = ["0 m", "1 m"]
z = ["0 m", "5 cm"]
"""

BALANCE = {"absolute": 0.0, "relative": 0.0, "floor": 0.0, "limit": 1e-8, "closed": True, "unit": "W", "solved": True}
FIGURES = {
    "schema": "oxycell-report/1",
    "title": "a plate",
    "status": {"converged": True, "outer_iterations": 3, "cells": 10, "wall_seconds": 0.1, "peak_memory_bytes": 1},
    "balance": {"charge": BALANCE, "electric_power": BALANCE, "heat": BALANCE},
    "voltage": {"cell_V": 4.9, "external_V": 0.2, "parts": {"reversible": 2.26, "external": 0.2}},
    "heat": {
        "generated_W": 270e3,
        "process_W": 300e3,
        "equivalent_voltage_V": 2.7,
        "losses": {"lid": 40e3, "rods": 230e3},
        "lump_temperatures_K": {"bath": 1178.15},
    },
    "ledge": {"mean_m": 0.1, "min_m": 0.08, "max_m": 0.12},
    "anodes": {"list": [{"name": "a", "current_A": 4375.0}], "non_uniformity": 0.0},
    "productivity": {"aluminium_kg_per_day": 1000.0, "oxygen_kg_per_day": 890.0, "specific_energy_kWh_per_kg": 16.5},
    "emissions": {"total_t": 0.4, "scope1_t": 0.0, "scope2_t": 0.4, "grid_factor_kg_per_kWh": 0.024},
    "alerts": [],
    "warnings": [],
}


@dataclass(frozen=True)
class FakeSolution:
    """What the driver needs of a solution."""

    case: object
    status: dict = field(default_factory=dict)
    record: dict = field(default_factory=dict)
    warnings: tuple = ()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty working folder with a case; solving and writing replaced by stand-ins."""
    monkeypatch.chdir(tmp_path)
    Path("case.toml").write_text(CASE)

    def solve(case, progress=None):
        if progress is not None:
            progress({"stage": "newton", "iteration": 1, "charge": 1e-3, "heat": 1e-2, "cell_voltage": 4.9})
        return FakeSolution(case), FIGURES

    def write_run(solution, folder):
        (Path(folder) / "case.toml").write_text(solution.case.to_toml())
        (Path(folder) / "fields.hdf").write_text("fields")

    def write_report(figures, drawn, folder):
        (Path(folder) / "report.json").write_text(json.dumps(figures))
        (Path(folder) / "figures").mkdir()
        (Path(folder) / "figures" / "a.png").write_text("")

    monkeypatch.setattr(driver, "solve_with_report", solve)
    monkeypatch.setattr(oxycell.io.hdf5, "write_run", write_run)
    monkeypatch.setattr(oxycell.report.render, "write_report", write_report)
    monkeypatch.setattr(
        oxycell.processes.drawers, "drawers", lambda: contextlib.nullcontext(lambda solution, figures: dict)
    )
    return tmp_path


def fails(capsys, arguments, code):
    """Run the command line; its one line on standard error."""
    assert main(arguments) == code
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1 and err.endswith(lines[0] + "\n")
    return lines[0]


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_run_writes_the_folder_and_prints_a_summary(place, capsys):
    assert main(["run", "case.toml", "-o", "out"]) == 0
    out, err = capsys.readouterr()
    assert "4.9000 V" in out and "1000 kg aluminium" in out and "905.0 °C" in out
    assert "newton" in err
    assert everything(place / "out") == [
        "case.toml",
        "fields.hdf",
        "figures",
        "figures/a.png",
        "report.json",
        "run.log",
    ]
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []
    assert load("out/case.toml") == load("case.toml")


def test_default_folder_is_named_after_the_case(place):
    assert main(["run", "case.toml", "--quiet"]) == 0
    assert (place / "runs" / place.name / "report.json").is_file()


def test_json_is_all_that_is_printed(place, capsys):
    assert main(["run", ".", "-o", "out", "--json", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == FIGURES and err == ""


def test_quiet_prints_nothing(place, capsys):
    assert main(["run", ".", "-o", "out", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_second_run_replaces_the_first_and_leaves_files_of_others(place):
    assert main(["run", ".", "-o", "out", "--quiet"]) == 0
    (place / "out" / "notes.txt").write_text("mine")
    assert main(["run", ".", "-o", "out", "--quiet", "--set", "title=second"]) == 0
    assert load("out").title == "second"
    assert (place / "out" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("line_current", "line_curent", "case.toml:3: operation.line_curent: "),
        ("140 kA", "140 km", "case.toml:3: operation.line_current: "),
        ('"140 kA"', "140", "case.toml:3: operation.line_current: "),
        ('["0 m", "5 cm"]', '["5 cm", "0 m"]', "case.toml:4: boxes.0: "),
        ("[[boxes]]", "[[boxes]", "case.toml:4: not valid TOML: "),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(place, capsys, old, new, where):
    Path("case.toml").write_text(CASE.replace(old, new))
    assert fails(capsys, ["run", "case.toml", "-o", "out/deep"], 2).startswith(f"error: {where}")
    assert everything(place) == ["case.toml"]


def test_contradiction_found_while_building_is_placed_in_the_file(place, capsys, monkeypatch):
    def solve(case, progress):
        raise CaseError("boxes: no terminal gives\na reference potential")

    monkeypatch.setattr(driver, "solve_with_report", solve)
    line = fails(capsys, ["run", "case.toml", "-o", "out"], 2)
    assert line == "error: case.toml:4: boxes: no terminal gives a reference potential"
    assert everything(place) == ["case.toml"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "case.toml", "--resume", "out"],
        ["run", "--resume", "out", "--set", "title=x"],
        ["run", "case.toml", "--no"],
        ["run", "case.toml", "--threads", "0"],
        ["run", "case.toml", "--set", "title"],
        ["run", "case.toml", "-o"],
        ["runn"],
        ["compare", "."],
        ["mesh"],
        ["explain", "nothing.of.this.kind"],
        ["init", "x", "--from", "y"],
        ["run", "no-such-case"],
    ],
)
def test_usage_errors(place, capsys, arguments):
    fails(capsys, arguments, 2)
    assert everything(place) == ["case.toml"]


def test_not_converged_writes_the_last_state(place, capsys, monkeypatch):
    figures = {**FIGURES, "status": {**FIGURES["status"], "converged": False}}

    def solve(case, progress):
        raise NotConverged("the bath freezes", solution=FakeSolution(case))

    monkeypatch.setattr(driver, "solve_with_report", solve)
    monkeypatch.setattr(oxycell.report, "report", lambda solution: figures)
    line = fails(capsys, ["run", "case.toml", "-o", "out"], 3)
    assert line == "error: the bath freezes; the last state is in out"
    assert json.loads(Path("out/report.json").read_text())["status"]["converged"] is False


def test_not_converged_without_a_state(place, capsys, monkeypatch):
    def solve(case, progress):
        raise NotConverged("gave up")

    monkeypatch.setattr(driver, "solve_with_report", solve)
    assert fails(capsys, ["run", "case.toml", "-o", "out"], 3) == "error: gave up"
    assert everything(place) == ["case.toml"]


def test_unusable_folders(place, capsys):
    Path("file").write_text("")
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("")
    for folder in ("file", "file/below", "mine", "/proc/oxycell/x"):
        assert folder.split("/")[-1] in fails(capsys, ["run", "case.toml", "-o", folder], 4)
    assert everything(place) == ["case.toml", "file", "mine", "mine/letter.txt"]


def test_case_folder_is_never_overwritten(place, capsys):
    assert "contains files not written by oxycell" in fails(capsys, ["run", ".", "-o", "."], 4)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), FileError("fields.hdf: cannot be written")])
def test_failing_write_leaves_nothing(place, capsys, monkeypatch, error):
    def refuse(solution, folder):
        (Path(folder) / "case.toml").write_text("half")
        raise error

    monkeypatch.setattr(oxycell.io.hdf5, "write_run", refuse)
    fails(capsys, ["run", "case.toml", "-o", "a/b"], 4)
    assert everything(place) == ["case.toml"]


def test_failing_write_keeps_the_earlier_run(place, capsys, monkeypatch):
    assert main(["run", ".", "-o", "out", "--quiet"]) == 0

    def refuse(solution, folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(oxycell.io.hdf5, "write_run", refuse)
    fails(capsys, ["run", "case.toml", "-o", "out"], 4)
    assert json.loads(Path("out/report.json").read_text()) == FIGURES


def test_memory(place, capsys, monkeypatch):
    def solve(case, progress):
        raise MemoryError

    monkeypatch.setattr(driver, "solve_with_report", solve)
    assert "memory" in fails(capsys, ["run", "case.toml"], 4)


def test_internal_error_leaves_a_traceback(place, capsys, monkeypatch):
    def solve(case, progress):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(driver, "solve_with_report", solve)
    assert "oxycell-error.log" in fails(capsys, ["run", "case.toml"], 1)
    assert "ZeroDivisionError: oh" in Path("oxycell-error.log").read_text()
    assert everything(place) == ["case.toml", "oxycell-error.log"]


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_leave_a_run_that_goes_on(place, capsys, monkeypatch, number, code, hidden):
    """Also where compiled code, which the signal met, hides it behind SystemErrors."""
    good = driver.solve_with_report

    def solve(case, progress):
        try:
            os.kill(os.getpid(), number)
            raise AssertionError("the signal should have come")
        except Interrupted as stop:
            if not hidden:
                raise
            try:
                raise SystemError("returned a result with an exception set") from stop
            except SystemError as first:
                raise SystemError("returned a result with an exception set") from first

    monkeypatch.setattr(driver, "solve_with_report", solve)
    assert "--resume out" in fails(capsys, ["run", "case.toml", "-o", "out", "--set", "title=changed"], code)
    assert everything(place / "out") == ["case.toml", "run.log"]
    monkeypatch.setattr(driver, "solve_with_report", good)
    assert main(["run", "--resume", "out", "--quiet"]) == 0
    assert load("out").title == "changed"
    assert (place / "out" / "report.json").is_file()


def over_time(progress, stop_after):
    """A fake run over time: a steady solve for its initial state, then steps until it is stopped."""
    progress({"stage": "newton", "iteration": 1, "charge": 1e-3, "heat": 1e-2, "cell_voltage": 4.9})
    for number in range(1, stop_after + 1):
        row = {"time": 600.0 * number, "end": 24 * 3600.0, "step": 600.0, "error": 0.3, "rejected": 0, "steps": number}
        progress(row | {"superheat": 5.0, "temperatures": {"bath": 1178.15}, "seconds": 2.0 * number})
    raise KeyboardInterrupt


@pytest.mark.parametrize(("steps", "said"), [(20, "stopped at 3 h 20 min"), (0, "interrupted")])
def test_a_stopped_run_over_time_says_when_and_how_to_go_on(place, capsys, monkeypatch, steps, said):
    monkeypatch.setattr(driver, "solve_with_report", lambda case, progress: over_time(progress, steps))
    assert main(["run", "case.toml", "-o", "out"]) == 130
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == "" and len(lines) == 1 + steps + 1  # no terminal: a line a step
    assert lines[-1] == f'error: {said}; continue with "oxycell run --resume out"'
    if steps:
        assert lines[-2].startswith("3 h 20 min of 24 h  ") and lines[-2].endswith(
            "20 steps  40 s, about 4 min 8 s left"
        )
    assert "error: " + said in fails(capsys, ["run", "case.toml", "-o", "out", "--quiet"], 130)


def test_a_stop_is_told_from_an_error_of_compiled_code(place, capsys, monkeypatch):
    def solve(case, progress):
        raise SystemError("returned a result with an exception set")

    monkeypatch.setattr(driver, "solve_with_report", solve)
    assert "internal error: SystemError" in fails(capsys, ["run", "case.toml"], 1)


def test_interrupted_has_its_own_code():
    assert (Interrupted.exit_code, NotConverged.exit_code, FileError.exit_code, CaseError.exit_code) == (130, 3, 4, 2)


def test_resume_needs_a_run_folder(place, capsys):
    fails(capsys, ["run", "--resume", "nowhere"], 4)


def test_report_needs_a_folder(place, capsys):
    fails(capsys, ["report", "nowhere"], 4)


def test_compare_shows_differences_first(place, capsys):
    for name, volts in (("a", 4.9), ("b", 5.0)):
        Path(name).mkdir()
        figures = {**FIGURES, "voltage": {"cell_V": volts, "parts": {"reversible": 2.26}}}
        Path(name, "report.json").write_text(json.dumps(figures))
    assert main(["compare", "a", "b"]) == 0
    out = capsys.readouterr().out
    assert out.index("largest differences") < out.index("+2.0 %") < out.index("+0.100") and "equal" in out
    fails(capsys, ["compare", "a", "c"], 4)


def test_init_copies_a_shipped_case(place, capsys):
    origin = sorted(shipped_cases())[0]
    assert main(["init", "new", "--from", origin]) == 0
    assert load("new") == load(origin)
    fails(capsys, ["init", "new", "--from", origin], 4)


def test_explain_and_schema(capsys):
    assert main(["explain", "line_current"]) == 0
    assert "operation.line_current  [A; ≥ 0; required]" in capsys.readouterr().out
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["schema"]


def test_mesh_prints_and_writes(place, capsys):
    assert main(["mesh", "case.toml", "-o", "mesh.hdf", "--set", "mesh.size=50 cm"]) == 0
    out = capsys.readouterr().out
    assert "steel_low_carbon" in out and "0.05" in out and "merged planes: none" in out
    assert Path("mesh.hdf").is_file()


def test_resolved_prints_a_case_that_reads_back(place, capsys):
    assert main(["run", "case.toml", "--resolved"]) == 0
    Path("resolved.toml").write_text(capsys.readouterr().out)
    assert load("resolved.toml") == load("case.toml")


def test_doctor(capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "threading layer" in out and "numpy" in out


def test_first_imports_are_left_alone_by_the_collector():
    code = (
        "import gc, oxycell\n"
        "with oxycell.runtime.importing(): import numba; assert not gc.isenabled()\n"
        "kept = gc.get_freeze_count(); assert gc.isenabled() and kept > 10000\n"
        "with oxycell.runtime.importing(): assert gc.isenabled()\n"
        "assert gc.get_freeze_count() == kept"
    )
    source = str(Path(oxycell.__file__).parents[1])
    subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env={**os.environ, "PYTHONPATH": source}
    )


def test_help_needs_no_numpy():
    code = (
        "import sys, oxycell.cli; oxycell.cli.main(['--help']); assert not {'numpy', 'numba', 'pydantic'} & "
        "set(sys.modules)"
    )
    source = str(Path(oxycell.__file__).parents[1])
    subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env={**os.environ, "PYTHONPATH": source}
    )


def test_no_validator_is_built_for_parts_of_a_case_alone():
    """That of the case holds those of its parts; building each for itself as well takes 30 ms at every start."""
    code = (
        "from oxycell.case.case import Case; from oxycell.case.load import load; from oxycell.mesh.options import Box\n"
        "from oxycell.physics.heat.boundaries import Convection\n"
        "assert load('bolted-busbar').boxes and Case.__pydantic_complete__\n"
        "assert not (Box.__pydantic_complete__ or Convection.__pydantic_complete__)\n"
        "assert Box.model_validate({'name': 'b', 'material': 'm', 'x': ['0 m', '1 m'], 'y': ['0 m', '1 m'], "
        "'z': ['0 m', '1 m']}).x == (0.0, 1.0) and Box.__pydantic_complete__"
    )
    source = str(Path(oxycell.__file__).parents[1])
    subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env={**os.environ, "PYTHONPATH": source}
    )


def test_sample_output_of_the_first_run_is_what_comes_out(tmp_path, monkeypatch, capsys):
    """The bar of docs/first-run.md, from the command line and from Python; round-off and times may differ."""
    page = (Path(__file__).parents[1] / "docs" / "first-run.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(toml|python)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    shown = re.search(r"^\$ oxycell run bar\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1]
    (tmp_path / "bar").mkdir()
    (tmp_path / "bar" / "case.toml").write_text(blocks["toml"])
    monkeypatch.chdir(tmp_path)
    assert main(["run", "bar"]) == 0
    out = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    wanted = [" ".join(line.split()) for line in shown.splitlines()]
    assert wanted[0].split(",")[:3] == out[1].split(",")[:3]  # converged, steps, cells
    assert wanted[1].startswith("balances ") and wanted[2:] == out[3:-1]
    exec(blocks["python"], {})
    assert capsys.readouterr().out == blocks["python"].split("\n# ")[1].split("\n")[0] + "\n"


def test_a_solve_loads_no_optimisers():
    code = (
        "import sys, oxycell.case.solving.solve, oxycell.solvers.transient.integrate; "
        "assert 'scipy.optimize' not in sys.modules"
    )
    source = str(Path(oxycell.__file__).parents[1])
    subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env={**os.environ, "PYTHONPATH": source}
    )
