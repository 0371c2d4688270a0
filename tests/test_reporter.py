"""The process that writes the report: the same bytes, the same errors, and it never outlives whoever started it."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path

import pytest

import oxycell
from oxycell import report, runtime
from oxycell.case.case import Case
from oxycell.errors import FileError
from oxycell.reporter import afterwards, reporter
from oxycell.run import solve
from oxycell.solution import Solution

PLATE = {
    "title": "a plate",
    "boxes": [{"name": "plate", "material": "steel_low_carbon", "x": ["0 m", "1 m"], "y": ["0 m", "1 m"], "z": ["0 m", "0.2 m"]}],
    "surfaces": [{"name": "top", "of": "plate", "sides": ["z+"]}, {"name": "bottom", "of": "plate", "sides": ["z-"]}],
    "mesh": {"size": "0.1 m"},
    "terminals": [{"name": "in", "surfaces": ["top"], "current": "1 kA"}, {"name": "out", "surfaces": ["bottom"], "potential": "0 V"}],
    "conditions": [{"on": ["top"], "laws": [{"kind": "convection", "coefficient": "10 W/m2/K", "fluid": "300 K"}]}],
}


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    """Cores to spare, and the package under test for processes that are started."""
    monkeypatch.setattr(runtime, "available_cores", lambda: 2)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    monkeypatch.setenv("PYTHONPATH", str(Path(oxycell.__file__).parents[1]))


@pytest.fixture(scope="module")
def plate():
    solution = solve(Case.model_validate(PLATE))
    return solution, report(solution)


SLOW = Solution(None, "", None, {}), defaultdict(partial(time.sleep, 600.0))
"""A report that takes ten minutes to draw."""


def gone(number):
    """Whether a process ends within ten seconds."""
    for _ in range(1000):
        try:
            os.kill(number, 0)
            with open(f"/proc/{number}/stat", encoding="ascii") as file:  # nobody may be there to take notice of its end
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_are_those_of_one_process(plate, tmp_path):
    with afterwards(*plate, tmp_path / "one"):
        pass
    with reporter() as reporting, reporting(*plate, tmp_path / "two"):
        pass
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert {"report.json", "report.html"} < set(files(tmp_path / "two"))


def test_one_core_starts_no_process(monkeypatch):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    with reporter() as reporting:
        assert reporting is afterwards


def test_errors_are_those_of_one_process(plate, tmp_path):
    (tmp_path / "file").write_text("")
    messages = []
    for kind in (afterwards, None):
        with reporter() as reporting, pytest.raises(FileError) as caught, (kind or reporting)(*plate, tmp_path / "file"):
            pass
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_internal_errors_say_where(plate, tmp_path):
    with reporter() as reporting, pytest.raises(KeyError) as caught, reporting(plate[0], {}, tmp_path / "out"):
        pass
    assert "render.py" in caught.value.__notes__[0]


def test_a_process_that_dies_is_an_error(tmp_path):
    with reporter() as reporting, pytest.raises(FileError, match="died of signal 9"):
        with reporting(*SLOW, tmp_path / "out"):
            os.kill(reporting.args[0].pid, signal.SIGKILL)


def test_it_ends_with_the_block(tmp_path):
    with reporter() as idle:
        pass
    with pytest.raises(ZeroDivisionError), reporter() as busy, busy(*SLOW, tmp_path / "out"):
        raise ZeroDivisionError
    assert idle.args[0].returncode == busy.args[0].returncode == -signal.SIGKILL


@pytest.mark.parametrize("busy", [False, True])
def test_it_ends_with_whoever_started_it(tmp_path, busy):
    code = f"""
import contextlib, sys, time
from collections import defaultdict
from functools import partial
from oxycell.reporter import reporter
from oxycell.solution import Solution
slow = Solution(None, "", None, {{}}), defaultdict(partial(time.sleep, 600.0))
with reporter() as reporting:
    with reporting(*slow, {str(tmp_path / 'out')!r}) if {busy} else contextlib.nullcontext():
        print(reporting.args[0].pid, flush=True)
        time.sleep(600.0)
"""
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    number = int(caller.stdout.readline())
    if busy:
        while not (tmp_path / "out").exists():  # it has begun
            time.sleep(0.01)
    caller.kill()
    caller.wait()
    caller.stdout.close()
    assert gone(number)
