"""A run over time in its folder: what it writes and when, that it goes on as if it had never stopped, and what it
refuses."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.transients.tank import differences, write_tank

import oxycell
from oxycell.cli import main
from oxycell.errors import NotConverged
from oxycell.io.checkpoint import latest_checkpoint, write_checkpoint
from oxycell.io.hdf5 import read_run
from oxycell.io.temporal import read_fields, read_times
from oxycell.report import report
from oxycell.transients.folder import FolderSink
from oxycell.transients.solve import Run

HOUR = 3600.0
WRITTEN = ["case.toml", "fields.hdf", "figures", "history.csv", "report.html", "report.json", "run.log", "surfaces.hdf"]


def entries(folder):
    """Names in a folder; checkpoints as one."""
    return sorted({"checkpoint" if path.name.startswith("checkpoint-") else path.name for path in folder.iterdir()})


def read_rows(folder):
    with open(Path(folder) / "history.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def stopping(monkeypatch, after):
    """Have runs stopped right after checkpoints for which `after(content)` is true."""
    write = FolderSink.checkpoint

    def checkpoint(sink, content):
        write(sink, content)
        if after(content):
            raise KeyboardInterrupt

    monkeypatch.setattr(FolderSink, "checkpoint", checkpoint)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Folder of a run without interruption."""
    place = tmp_path_factory.mktemp("whole")
    case = write_tank(place / "tank.toml")
    assert main(["run", case, "-o", str(place / "run"), "-q"]) == 0
    return place / "run"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty working folder with the case."""
    monkeypatch.chdir(tmp_path)
    write_tank(tmp_path / "tank.toml")
    return tmp_path


@pytest.fixture
def stopped(place, monkeypatch, capsys):
    """A run that was stopped after its second checkpoint, at 1 h; its folder."""
    with monkeypatch.context() as patch:
        stopping(patch, lambda content: content["time"] == HOUR)
        assert main(["run", "tank.toml", "-o", "out", "-q"]) == 130
    capsys.readouterr()
    return Path("out")


def fails(capsys, arguments, code):
    """The one line on standard error of a command that fails."""
    capsys.readouterr()
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("error: ") and len(err.splitlines()) == 1, err
    return err


def test_what_is_written(whole):
    assert entries(whole) == sorted([*WRITTEN, "checkpoint"])
    assert read_times(whole / "fields.hdf") == [0.0, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]
    rows = read_rows(whole)
    assert next(iter(rows[0])) == "time" and float(rows[0]["time"]) == 0.0 and float(rows[-1]["time"]) == 4 * HOUR
    figures = json.loads((whole / "report.json").read_text())
    solution = read_run(whole)
    assert report(solution) == figures and figures["status"]["converged"]
    assert figures["heat"]["lump_temperatures_K"]["bath"] == float(rows[-1]["heat.lump_temperatures_K.bath"])
    assert read_fields(whole / "fields.hdf", -1)["temperature"] == pytest.approx(
        solution.record["cells"]["temperature"], rel=1e-6
    )
    assert "converged: True" in (whole / "run.log").read_text()


def test_goes_on_bitwise_from_every_checkpoint(whole, place, monkeypatch, capsys):
    stops = []
    stopping(monkeypatch, lambda content: not content["ended"] and (stops.append(content["time"]) or True))
    assert main(["run", "tank.toml", "-o", "out", "-q"]) == 130
    while (code := main(["run", "--resume", "out", "-q"])) == 130:
        assert "oxycell run --resume out" in capsys.readouterr().err
        assert entries(Path("out")) == ["case.toml", "checkpoint", "fields.hdf", "history.csv", "run.log"]
        assert "state: interrupted" in Path("out/run.log").read_text()
    assert code == 0 and stops == [0.0, HOUR, 2 * HOUR, 3 * HOUR]
    assert differences(whole, Path("out")) == []


def test_what_was_written_after_the_checkpoint_is_dropped(whole, place, monkeypatch, capsys):
    """Stopped in the third hour, with rows and then an output behind the last checkpoint; twice."""
    for stop_at in ("row", "output"):
        with monkeypatch.context() as patch:
            write = getattr(FolderSink, stop_at)

            def stop(sink, *given, write=write, stop_at=stop_at):
                write(sink, *given)
                at = given[0]["time"] if stop_at == "row" else given[0]
                if at > 2 * HOUR + 1000.0:
                    raise KeyboardInterrupt

            patch.setattr(FolderSink, stop_at, stop)
            assert (
                main([*(["run", "tank.toml", "-o"] if stop_at == "row" else ["run", "--resume"]), "out", "-q"]) == 130
            )
        assert latest_checkpoint("out").content["time"] == 2 * HOUR
        assert 'continue from 2 h with "oxycell run --resume out"' in capsys.readouterr().err
    assert len(read_times("out/fields.hdf")) == 4
    assert main(["run", "--resume", "out", "-q"]) == 0
    assert differences(whole, Path("out")) == []


def test_a_bit_that_is_lost_is_noticed(whole, stopped):
    """Counter-test: another step size, a guess of the first state that is off by its last digits."""
    found = latest_checkpoint(stopped)
    for key, change in (("dt", 0.3), ("vector", 1.0 + 1e-9)):
        shutil.copytree(stopped, "changed")
        write_checkpoint("changed", found.number + 1, found.content | {key: found.content[key] * change})
        assert main(["run", "--resume", "changed", "-q"]) == 0
        assert "history.csv" in differences(whole, Path("changed"))
        shutil.rmtree("changed")


def test_stopped_while_the_report_is_made(whole, place):
    """All steps are there, the report is not: the last of them are taken again."""
    shutil.copytree(whole, "out")
    Path("out/report.json").unlink()
    assert main(["run", "--resume", "out", "-q"]) == 0
    assert differences(whole, Path("out")) == []


def test_a_run_that_is_over_stays_as_it_is(whole, place, capsys):
    shutil.copytree(whole, "out")
    before = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*")}
    assert main(["run", "--resume", "out"]) == 0
    assert "converged" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in Path("out").rglob("*")} == before


def test_a_report_is_made_again(whole, place):
    shutil.copytree(whole, "out")
    before = json.loads(Path("out/report.json").read_text())
    Path("out/report.json").unlink()
    assert main(["report", "out"]) == 0
    assert json.loads(Path("out/report.json").read_text()) == before
    assert differences(whole, Path("out")) == []
    assert main(["compare", str(whole), "out"]) == 0


def test_an_unfinished_run_has_no_report(stopped, capsys):
    assert "transient run that has not finished" in fails(capsys, ["report", "out"], 4)


def test_the_bath_freezes(place, capsys):
    """Ends with exit code 3; the state at the end is there, and nothing to go on with."""
    write_tank(place / "tank.toml", hot="1000 K")
    message = fails(capsys, ["run", "tank.toml", "-o", "out", "-q"], 3)
    assert "the bath freezes" in message and message.endswith("the last state is in out\n")
    assert entries(Path("out")) == sorted([*WRITTEN, "checkpoint"])
    rows = read_rows("out")
    assert float(rows[-1]["time"]) == read_times("out/fields.hdf")[-1] not in (0.0, 4 * HOUR)
    assert not json.loads(Path("out/report.json").read_text())["status"]["converged"]
    assert "out: the run has ended: the bath freezes" in fails(capsys, ["run", "--resume", "out", "-q"], 3)


def test_when_a_bath_freezes_does_not_depend_on_steps(place, capsys):
    write_tank(place / "tank.toml", hot="1000 K")
    ended = []
    for longest in ("2 h", "10 s"):
        options = ["--set", "transient.first_step=10 s", "--set", f"transient.longest_step={longest}"]
        fails(capsys, ["run", "tank.toml", "-o", "out", "-q", *options], 3)
        ended.append(float(read_rows("out")[-1]["time"]))
    assert abs(ended[0] - ended[1]) <= 10.0, "found to within `first_step`"


def test_steps_that_fail_right_after_a_checkpoint(stopped, monkeypatch, capsys):
    run = Run.__init__

    def failing(self, *given):
        run(self, *given)

        def until(*moment, **options):
            raise NotConverged("time step at 3600 s: steps became too short")

        self.integrator.until = until

    monkeypatch.setattr(Run, "__init__", failing)
    assert "too short; the last state is in out" in fails(capsys, ["run", "--resume", "out", "-q"], 3)
    assert read_times(stopped / "fields.hdf") == [0.0, HOUR] and (stopped / "report.json").is_file()


def test_another_case_is_refused(stopped, capsys):
    text = (stopped / "case.toml").read_text()
    (stopped / "case.toml").write_text(text.replace("1385.0 K", "1390.0 K").replace("1385 K", "1390 K"))
    message = fails(capsys, ["run", "--resume", "out"], 2)
    assert "case.toml: the case has changed since the run began: transient.schedule." in message
    assert "1390 K" in message and "was 1385 K" in message
    assert read_times(stopped / "fields.hdf") == [0.0, HOUR]
    (stopped / "case.toml").write_text(text)
    assert main(["run", "--resume", "out", "-q"]) == 0


@pytest.mark.parametrize(
    ("key", "said"),
    [("version", "the run began with oxycell 0.0.1, this is "), ("mesh", "the mesh has changed since the run began")],
)
def test_another_version_or_mesh_is_refused(stopped, capsys, key, said):
    found = latest_checkpoint(stopped)
    write_checkpoint(stopped, found.number, found.content | {key: "0.0.1"})
    assert said in fails(capsys, ["run", "--resume", "out", "-q"], 2)


def test_a_damaged_checkpoint_is_passed_over(whole, place, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        stopping(patch, lambda content: content["time"] == 2 * HOUR)
        assert main(["run", "tank.toml", "-o", "out", "-q"]) == 130
    with open("out/checkpoint-2.h5", "r+b") as file:
        file.truncate(5000)
    assert main(["run", "--resume", "out"]) == 0
    said = capsys.readouterr().err
    assert "checkpoint-2.h5: is damaged" in said and "out: goes on from 1 h" in said
    assert differences(whole, Path("out")) == []


def test_the_run_of_before_stands_until_the_first_output(whole, place, monkeypatch, capsys):
    shutil.copytree(whole, "out")
    before = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*")}

    def stop(run, built):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Run, "_initial", stop)
        assert "out is as it was" in fails(capsys, ["run", "tank.toml", "-o", "out", "-q"], 130)
        assert {path: path.stat().st_mtime_ns for path in Path("out").rglob("*")} == before
        assert "--resume new" in fails(capsys, ["run", "tank.toml", "-o", "new", "-q"], 130)
        assert entries(Path("new")) == ["case.toml", "run.log"]
    stopping(monkeypatch, lambda content: content["time"] == HOUR)
    assert main(["run", "--resume", "new"]) == 130
    assert "new: holds no checkpoint: the run starts over" in capsys.readouterr().err
    assert main(["run", "tank.toml", "-o", "out", "-q"]) == 130
    assert entries(Path("out")) == ["case.toml", "checkpoint", "fields.hdf", "history.csv", "run.log"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--set", "transient.end=0 h"], "transient.end: 0 s is not after the start"),
        (["--error-bars"], "--error-bars: belongs to a steady state"),
        (["--set", "transient.initial=nowhere"], 'transient.initial: "nowhere" is not the folder of a finished run'),
    ],
)
def test_nothing_is_written_of_a_case_with_a_fault(place, capsys, more, said):
    assert said in fails(capsys, ["run", "tank.toml", "-o", "out", "-q", *more], 2)
    assert entries(place) == ["tank.toml"]


def test_strict_marks_a_run_and_keeps_its_steps(place, capsys):
    """At the end, and later."""
    limit = ["--set", 'materials.wall.limits={service="500 K"}']
    assert main(["run", "tank.toml", "-o", "out", "-q", *limit]) == 0
    steps = [read_fields("out/fields.hdf", k)["temperature"].tobytes() for k in range(5)]
    assert "--strict: 1 alert" in fails(capsys, ["run", "--resume", "out", "--strict", "-q"], 3)
    assert json.loads(Path("out/report.json").read_text())["status"]["strict"]
    assert "--strict: 1 alert" in fails(capsys, ["report", "out"], 3)
    assert "--strict: 1 alert" in fails(capsys, ["run", "tank.toml", "-o", "other", "-q", "--strict", *limit], 3)
    for folder in ("out", "other"):
        assert [read_fields(f"{folder}/fields.hdf", k)["temperature"].tobytes() for k in range(5)] == steps


def test_begins_with_the_last_state_of_another_run(whole, place, monkeypatch):
    stopping(monkeypatch, lambda content: content["time"] == HOUR)
    assert main(["run", "tank.toml", "-o", "out", "-q", "--set", f"transient.initial={whole}"]) == 130
    bath = json.loads((whole / "report.json").read_text())["heat"]["lump_temperatures_K"]["bath"]
    assert float(read_rows("out")[0]["heat.lump_temperatures_K.bath"]) == bath


def test_begins_with_a_steady_run(place, monkeypatch):
    write_tank(place / "steady.toml", steady=True)
    hot = ["--set", "conditions.0.laws.0.temperature=1385 K"]
    assert main(["run", "steady.toml", "-o", "before", "-q", *hot]) == 0
    stopping(monkeypatch, lambda content: content["time"] == HOUR)
    assert main(["run", "tank.toml", "-o", "out", "-q", "--set", "transient.initial=before"]) == 130
    bath = json.loads(Path("before/report.json").read_text())["heat"]["lump_temperatures_K"]["bath"]
    assert float(read_rows("out")[0]["heat.lump_temperatures_K.bath"]) == pytest.approx(bath, abs=1e-6)


def test_a_state_of_another_mesh_is_refused(whole, place, capsys):
    other = ["--set", f"transient.initial={whole}", "--set", "mesh.size_x=20 mm"]
    assert "is a run on another mesh" in fails(capsys, ["run", "tank.toml", "-o", "out", "-q", *other], 2)
    (place / "unfinished").mkdir()
    for name in ("case.toml", "fields.hdf", "report.json"):
        shutil.copy(whole / name, place / "unfinished")
    other[1] = "transient.initial=unfinished"
    assert "keeps no last state" in fails(capsys, ["run", "tank.toml", "-o", "out", "-q", *other[:2]], 2)


def test_a_steady_run_that_starts_over_says_so(place, capsys):
    write_tank(place / "steady.toml", steady=True)
    assert main(["run", "steady.toml", "-o", "out", "-q"]) == 0
    Path("out/report.json").unlink()
    capsys.readouterr()
    assert main(["run", "--resume", "out"]) == 0
    assert "out: a steady run keeps no intermediate state: it starts over" in capsys.readouterr().err


def test_from_python_the_last_state_is_written(whole, place):
    solution = oxycell.solve(oxycell.load("tank.toml"))
    solution.write("out")
    before, after = (json.loads((folder / "report.json").read_text()) for folder in (whole, Path("out")))
    assert after["heat"] == before["heat"] and read_times("out/fields.hdf") == []
    assert len(Path("out/history.csv").read_text().splitlines()) == len(
        (whole / "history.csv").read_text().splitlines()
    )


def test_a_sweep_takes_runs_over_time(place):
    Path("study.toml").write_text(
        'schema = "oxycell-study/1"\ncase = "tank.toml"\ntitle = "tanks"\nkeep = "fields"\n'
        'axes = [{ key = "transient.end", values = ["30 min", "1 h"] }]\n'
    )
    assert main(["sweep", "study.toml", "-o", "out", "-q", "--processes", "1"]) == 0
    assert len(Path("out/table.csv").read_text().splitlines()) >= 3


@pytest.mark.slow
def test_sigkill_at_any_time(whole, place):
    """Killed while it starts, steps, writes and ends, with one and two threads in turn: every file is readable, and the
    end is as if nothing had happened."""
    at, kills, tried = random.Random(20), 0, 0
    while True:
        begun = Path("out/case.toml").is_file()
        command = [
            sys.executable,
            "-m",
            "oxycell",
            "run",
            *(["--resume", "out"] if begun else ["tank.toml", "-o", "out"]),
        ]
        process = subprocess.Popen(
            [*command, "--threads", str(1 + tried % 2)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        tried += 1
        if kills < 8:
            for line in process.stderr:  # it steps, or ends
                if " of 4 h" in line:
                    break
            time.sleep(at.uniform(0.0, 0.9))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
                process.communicate()
                for step in range(len(read_times("out/fields.hdf"))):
                    read_fields("out/fields.hdf", step)
                assert latest_checkpoint("out") is not None
                continue
        process.communicate()
        assert process.returncode == 0
        if kills < 8:
            shutil.rmtree("out")
            continue
        break
    assert differences(whole, Path("out")) == []
