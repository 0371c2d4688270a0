"""Sweeps: one row a case whatever happens on the way, the same bits whoever ran them."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import h5py
import numpy as np
import pytest
from tests.sweep.samples import many, write_study

from oxycell.cli import main
from oxycell.errors import CaseError, SweepFailed
from oxycell.sweep import executors
from oxycell.sweep.runner import sweep
from oxycell.sweep.store import SET_ASIDE, Store
from oxycell.sweep.table import unit_of
from oxycell.sweep.work import run_case

TABLES = ("table.csv", "table.hdf", "sweep.html")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A study of 24 cases and the folder of a sweep of it with two processes."""
    folder = tmp_path_factory.mktemp("sweep")
    study = write_study(folder, many(12))
    counts, done = sweep(study, folder / "two", processes=2)
    assert counts == {"finished": 24}
    return study, done


def test_sweep_over_time(tmp_path):
    """States under the conditions of several instants: one case each."""
    study = write_study(
        tmp_path,
        """
        axes = [{ key = "time", values = ["0 s", "1 h", "1.5 h"] }]
        [changes]
        "terminals.0.current" = { time = ["0 h", "2 h"], value = [100.0, 500.0] }""",
    )
    assert sweep(study, tmp_path / "out", processes=1)[0] == {"finished": 3}
    found = [float(row[key]) for row in rows(tmp_path / "out") for key in ("time_s [s]", "terminals.in.current_A [A]")]
    assert found == pytest.approx([0.0, 100.0, 3600.0, 300.0, 5400.0, 400.0], rel=1e-9)


def same_tables(one, other):
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in TABLES)


def rows(folder):
    with open(folder / "table.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def left_over(folder):
    """Files that a sweep should not leave."""
    return [path for path in folder.rglob("*") if path.name.startswith(".") or path.suffix == ".part"]


def workers_of(folder):
    """Processes that work for a sweep: pids."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if "oxycell.sweep.worker" in command and str(folder) in command:
                found.append(int(entry.name))
    return found


def start(study, folder, processes=2):
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "solver")}
    return subprocess.Popen(
        [sys.executable, "-m", "oxycell", "sweep", str(study), "-o", str(folder), "--processes", str(processes)],
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.mark.parametrize("processes", [1, 3])
def test_as_many_processes_as_you_like(undisturbed, tmp_path, processes):
    study, done = undisturbed
    sweep(study, tmp_path / "other", processes=processes)
    assert same_tables(done, tmp_path / "other") and left_over(tmp_path) == []


def test_table_says_what_the_reports_say(undisturbed):
    """I²R/… by hand: the drop of a rod of 0.2 m and 1 cm² at 1e6 S/m, in CSV and HDF5."""
    _, done = undisturbed
    table = rows(done)
    currents = np.array([float(row["terminals.0.current [A]"]) for row in table])
    volts = np.array([float(row["voltage.cell_V [V]"]) for row in table])
    np.testing.assert_allclose(volts, currents * 0.2 / 1e-4 / 1e6, rtol=1e-8)
    assert [row["state"] for row in table] == ["finished"] * 24 and [int(row["number"]) for row in table] == list(
        range(1, 25)
    )
    with h5py.File(done / "table.hdf") as file:
        assert np.array_equal(file["voltage.cell_V"][:], volts) and file["voltage.cell_V"].attrs["unit"] == "V"
        assert file["state"][0] == b"finished"
    page = (done / "sweep.html").read_text(encoding="utf-8")
    assert "No case failed." in page and "http" not in page.replace("http-equiv", "") and page.count("<tr>") == 25


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("voltage.cell_V", "V"),
        ("voltage.parts.bath_ohmic", "V"),
        ("heat.losses.side_bath", "W"),
        ("heat.lump_temperatures_K.bath", "K"),
        ("productivity.specific_energy_kWh_per_kg", "kWh/kg"),
        ("ledge.mean_m", "m"),
        ("status.cells", ""),
        ("ledge.volume_m3", "m3"),
        ("productivity.cathode_current_density_A_m2", "A/m2"),
        ("anodes.non_uniformity", ""),
    ],
)
def test_units(key, unit):
    assert unit_of(key) == unit


def test_what_is_over_is_not_run_again(undisturbed, tmp_path):
    study, done = undisturbed
    times = {path: path.stat().st_mtime_ns for path in (done / "cases").rglob("report.json")}
    before = (done / "table.csv").read_bytes()
    store = Store(done)
    name = rows(done)[4]["name"]
    store.clear(name)
    store.set_state(name, "waiting")
    seen = []
    sweep(study, done, processes=2, progress=lambda *step: seen.append(step))
    assert [step[2] for step in seen] == [name] and (done / "table.csv").read_bytes() == before
    assert [path for path in times if path.stat().st_mtime_ns != times[path]] == [done / "cases" / name / "report.json"]


def test_job_arrays_give_the_same_table(undisturbed, tmp_path, capsys):
    study, done = undisturbed
    for index in range(1, 25):
        assert main(["sweep", str(study), "-o", str(tmp_path / "index"), "--index", str(index), "-q"]) == 0
    assert main(["sweep", str(study), "-o", str(tmp_path / "index")]) == 0
    assert same_tables(done, tmp_path / "index")
    assert main(["sweep", str(study), "-o", str(tmp_path / "index"), "--index", "25"]) == 2
    assert "allowed: 1 to 24" in capsys.readouterr().err


def test_any_executor_does(undisturbed, tmp_path):
    study, done = undisturbed

    class Here:
        def submit(self, function, *arguments):
            future = Future()
            future.set_result(function(*arguments))
            return future

    sweep(study, tmp_path / "here", executor=Here())
    assert same_tables(done, tmp_path / "here")


def test_other_plans_are_refused(undisturbed, tmp_path):
    study, done = undisturbed
    other = write_study(tmp_path, many(11))
    with pytest.raises(CaseError, match="another plan: .*24 cases, now 22; case 3 has"):
        sweep(other, done)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    assert main(["sweep", str(study), "-o", str(tmp_path / "mine")]) == 4


def test_failures_are_rows(tmp_path, capsys):
    """Two of four cases get one step to converge; the sweep goes on, says so and ends with 5; --retry tries them
    again."""
    study = write_study(
        tmp_path,
        """
        axes = [{ key = "solver.outer_iterations", values = [1, 100] },
                { key = "terminals.0.current", values = ["10 A", "20 A"] }]
        [changes]
        "materials.m.thermal_conductivity" = { temperature = ["200 K", "2000 K"], value = [20.0, 200.0] }""",
    )
    assert main(["sweep", str(study), "-o", str(tmp_path / "out"), "--processes", "2", "-q"]) == 5
    assert "2 of 4 cases failed: number 1, 2; why is in" in capsys.readouterr().err
    table = rows(tmp_path / "out")
    assert [row["state"] for row in table] == ["failed", "failed", "finished", "finished"]
    assert (
        table[0]["message"] and table[0]["voltage.cell_V [V]"] == "" and (tmp_path / "out" / table[0]["log"]).is_file()
    )
    page = (tmp_path / "out" / "sweep.html").read_text(encoding="utf-8")
    assert page.index("Failures") < page.index("Cases</h2>") and page.count(">log</a>") == 2
    seen = []
    with pytest.raises(SweepFailed):
        sweep(study, tmp_path / "out", retry=True, progress=lambda *step: seen.append(step[3]))
    assert seen == ["failed", "failed"]


def test_a_case_that_always_dies_is_set_aside(tmp_path):
    study, doomed, tried = write_study(tmp_path, many(2)), [], []

    class Deadly:
        def submit(self, function, folder, name, keep):
            future, store = Future(), Store(folder)
            doomed.append(name) if not doomed else None
            if name == doomed[0]:
                tried.append(name)
                store.set_state(name, "started")
                future.set_exception(RuntimeError("signal 11"))
            else:
                future.set_result(function(folder, name, keep))
            return future

    with pytest.raises(SweepFailed, match="1 of 4 cases failed, 1 of them set aside: number 1"):
        sweep(study, tmp_path / "out", executor=Deadly())
    assert len(tried) == 3 and rows(tmp_path / "out")[0]["state"] == SET_ASIDE
    assert "died 3 times, the last time: signal 11" in rows(tmp_path / "out")[0]["message"]


def test_job_arrays_count_deaths_themselves(tmp_path):
    """A job that was killed leaves its case started; the third to find that sets it aside."""
    study = write_study(tmp_path, many(1))
    with pytest.raises(SweepFailed, match="2 of 2 cases failed, 2 of them set aside"):
        sweep(study, tmp_path / "out", executor=_Refusing())
    assert "12 processes died before they began it, the last one: no" in rows(tmp_path / "out")[0]["message"]
    store, name = Store(tmp_path / "out"), rows(tmp_path / "out")[0]["name"]
    store.set_state(name, "waiting", deaths=0)
    for _ in range(2):
        store.set_state(name, "started")
        with store.claim(name):
            assert store.state(name)["state"] == "waiting"
    store.set_state(name, "started")
    assert run_case(tmp_path / "out", name) == SET_ASIDE


class _Refusing:
    def submit(self, *_):
        future = Future()
        future.set_exception(RuntimeError("no"))
        return future


def test_time_limit(tmp_path):
    study = write_study(
        tmp_path,
        """
        time_limit = "0.05 s"
        axes = [{ key = "mesh.size", values = ["0.5 mm"] }]""",
    )
    with pytest.raises(SweepFailed):
        sweep(study, tmp_path / "out")
    assert rows(tmp_path / "out")[0]["message"] == "took longer than 0.05 s" and workers_of(tmp_path / "out") == []


def test_workers_and_parent_killed(undisturbed, tmp_path):
    """Workers are killed at random, then the parent, twice; nothing is lost, run twice, left behind, or different."""
    study, done = undisturbed
    folder, dice = tmp_path / "killed", random.Random(5)
    for _ in range(2):
        parent = start(study, folder)
        until(lambda: workers_of(folder))
        for _ in range(3):
            if alive := workers_of(folder):
                os.kill(dice.choice(alive), signal.SIGKILL)
            time.sleep(0.3)
        parent.kill()
        parent.wait()
        until(lambda: not workers_of(folder))
    counts, _ = sweep(study, folder, processes=2)
    assert counts == {"finished": 24} and same_tables(done, folder)
    assert workers_of(folder) == [] and left_over(folder) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_and_gone_on_with(undisturbed, tmp_path, number, code):
    study, done = undisturbed
    folder = tmp_path / "stopped"
    parent = start(study, folder)
    until(lambda: workers_of(folder))
    parent.send_signal(number)
    assert parent.wait(30) == code and workers_of(folder) == []
    assert all(Store(folder).state(row["name"])["deaths"] == 0 for row in rows(done))
    sweep(study, folder, processes=2)
    assert same_tables(done, folder)


def test_one_parent_at_a_time(undisturbed):
    from oxycell.sweep.store import sole

    study, done = undisturbed
    with sole(done), pytest.raises(CaseError, match="another oxycell sweep works in this folder"):
        sweep(study, done)


@pytest.mark.parametrize(("name", "module"), [("slurm", "submitit"), ("dask", "distributed")])
def test_absent_extras_are_one_line(undisturbed, tmp_path, monkeypatch, capsys, name, module):
    monkeypatch.setattr(executors, "find_spec", lambda _: None)
    assert main(["sweep", str(undisturbed[0]), "-o", str(tmp_path / "out"), "--executor", name]) == 2
    said = f"error: --executor {name}: needs {module}, which is not installed; allowed: pip install 'oxycell[{name}]'\n"
    assert capsys.readouterr().err == said
    assert main(["sweep", str(undisturbed[0]), "-o", str(tmp_path / "out"), "--executor", "pbs"]) == 2


def test_dry_run_runs_nothing(undisturbed, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", str(undisturbed[0]), "--dry-run"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 26 and out[24].startswith("24 cases; 20 cells at most") and list(tmp_path.iterdir()) == []


def test_whole_run_folders_on_request(tmp_path):
    study = write_study(tmp_path, many(1, 1), keep="fields")
    _, done = sweep(study, tmp_path / "out")
    folder = done / "cases" / rows(done)[0]["name"]
    assert {"fields.hdf", "report.html", "report.json", "case.toml", "run.log"} <= {
        path.name for path in folder.iterdir()
    }
    assert main(["report", str(folder)]) == 0
