"""The processes that draw: the same bytes, the errors told, and they never outlive whoever started them."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import oxycell
from oxycell import report, runtime
from oxycell.case.case import Case
from oxycell.errors import FileError
from oxycell.mesh.lattice import lattice_mesh
from oxycell.processes import helpers
from oxycell.processes.drawers import drawers, here
from oxycell.run import solve
from oxycell.solution import Solution

PLATE = {
    "title": "a plate",
    "boxes": [
        {
            "name": "plate",
            "material": "steel_low_carbon",
            "x": ["0 m", "1 m"],
            "y": ["0 m", "1 m"],
            "z": ["0 m", "0.2 m"],
        }
    ],
    "surfaces": [{"name": "top", "of": "plate", "sides": ["z+"]}, {"name": "bottom", "of": "plate", "sides": ["z-"]}],
    "mesh": {"size": "0.1 m"},
    "terminals": [
        {"name": "in", "surfaces": ["top"], "current": "1 kA"},
        {"name": "out", "surfaces": ["bottom"], "potential": "0 V"},
    ],
    "conditions": [{"on": ["top"], "laws": [{"kind": "convection", "coefficient": "10 W/m2/K", "fluid": "300 K"}]}],
}


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    """Cores to spare, and the package under test for processes that are started."""
    monkeypatch.setattr(runtime, "available_cores", lambda: 2)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(Path(oxycell.__file__).parents[1]), str(Path(__file__).parents[2])])
    )


@pytest.fixture(scope="module")
def plate():
    solution = solve(Case.model_validate(PLATE))
    return solution, report(solution)


SLOW = (
    Solution(None, "", lattice_mesh([np.arange(3.0)] * 3, np.zeros((2, 2, 2), int), ["a"], ["a"], ()), {"cells": {}}),
    defaultdict(partial(time.sleep, 600.0)),
)
"""A report that takes ten minutes to draw."""


def gone(number):
    """Whether a process ends within ten seconds."""
    for _ in range(1000):
        try:
            os.kill(number, 0)
            with open(
                f"/proc/{number}/stat", encoding="ascii"
            ) as file:  # nobody may be there to take notice of its end
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


def child(number):
    """The child that a process has within ten seconds."""
    for _ in range(1000):
        children = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii").split()
        if children:
            return int(children[0])
        time.sleep(0.01)
    raise TimeoutError


def test_pictures_are_those_of_one_process(plate):
    with drawers() as drawing:
        pictures = drawing(*plate)()
    assert pictures == here(*plate)()
    assert [name for name, *_ in (pictures[key] for key in sorted(pictures))] == [
        "voltage",
        "heat",
        "temperature_xy",
        "current_xy",
        "potential_xy",
        "temperature_yz",
        "current_yz",
    ]


def test_a_system_that_grants_no_larger_pipe(plate, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(helpers.fcntl, "fcntl", refuse)
    with drawers() as drawing:
        assert drawing(*plate)() == here(*plate)()


def test_one_core_starts_no_process(monkeypatch):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    with drawers() as drawing:
        assert drawing is here


def test_errors_say_where(plate):
    with drawers() as drawing, pytest.raises(KeyError) as caught:
        drawing(plate[0], {})()
    assert "drawing.py" in caught.value.__notes__[0]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_is_an_error(when):
    with drawers() as drawing, pytest.raises(FileError, match="died of signal 9"):
        process = drawing.args[0]
        if when == "before":
            process.kill()
            process.wait()
        drawn = drawing(*SLOW)
        process.kill()
        drawn()


RESET = """
import os
import signal
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
"""
"""What Gmsh does to a process that initialises it (findings/gmsh-resets-sigpipe.sh)."""


def ends(code):
    """Exit status and what was said of a process that has its SIGPIPE reset and then runs a code."""
    done = subprocess.run([sys.executable, "-c", RESET + code], capture_output=True, text=True, timeout=60.0)
    return done.returncode, done.stdout.strip()


def test_a_process_that_dies_is_an_error_where_broken_pipes_kill():
    code = """
from oxycell.errors import FileError
from oxycell.processes.drawers import drawers
from tests.processes.test_drawers import SLOW
try:
    with drawers() as drawing:
        drawing.args[0].kill()
        drawing.args[0].wait()
        drawing(*SLOW)
except FileError as error:
    print(error)
"""
    assert ends(code) == (0, "the figures cannot be drawn: the process that draws them died of signal 9")


@pytest.mark.parametrize(
    ("guard", "status"), [("contextlib.nullcontext", -signal.SIGPIPE), ("helpers.broken_pipe_raises", 0)]
)
def test_broken_pipes_raise_and_leave_nothing_behind(guard, status):
    """With its counter-test: without the guard the process dies; after it the signal does what it did before."""
    code = f"""
import contextlib
from oxycell.processes import helpers
reader, writer = os.pipe()
os.close(reader)
for _ in range(2):
    with contextlib.suppress(BrokenPipeError), {guard}():
        os.write(writer, b"a")
        print("nobody was missed")
assert not signal.sigpending() and not signal.pthread_sigmask(signal.SIG_BLOCK, ())
print("raised", flush=True)
"""
    assert ends(code) == (status, "raised" if status == 0 else "")
    assert ends(code + "os.write(writer, b'a')") == (-signal.SIGPIPE, "raised" if status == 0 else "")


def test_a_child_that_dies_is_an_error(plate):
    with drawers() as drawing, pytest.raises(FileError, match="a process that draws them died"):
        drawn = drawing(*plate)
        os.kill(child(drawing.args[0].pid), signal.SIGKILL)
        drawn()


def test_they_end_with_the_block():
    with drawers() as idle:
        pass
    with pytest.raises(ZeroDivisionError), drawers() as busy:
        busy(*SLOW)
        raise ZeroDivisionError
    assert idle.args[0].returncode == busy.args[0].returncode == -signal.SIGKILL


@pytest.mark.parametrize("busy", [False, True])
def test_they_end_with_whoever_started_them(busy):
    code = f"""
import time
from oxycell.processes.drawers import drawers
from tests.processes.test_drawers import SLOW, child
with drawers() as drawing:
    numbers = [drawing.args[0].pid]
    if {busy}:
        drawing(*SLOW)
        numbers.append(child(*numbers))
    print(*numbers, flush=True)
    time.sleep(600.0)
"""
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    numbers = caller.stdout.readline().split()
    time.sleep(1.0)  # they have begun
    caller.kill()
    caller.wait()
    caller.stdout.close()
    assert len(numbers) == 1 + busy and all(gone(int(number)) for number in numbers)
