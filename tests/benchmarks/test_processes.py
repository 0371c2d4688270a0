"""Processes of the suite: their answers, failures, deaths and time limits; and how contestants are held to one
residual."""

import os
import time

import numpy as np
import pytest
from benchmarks.contestants import Contestant
from benchmarks.linear import RESIDUAL, compare
from benchmarks.processes import GaveUp, Process
from benchmarks.systems import relative_residual, save_system
from benchmarks.tetrahedra import kuhn_mesh, network

PROGRAM = """
import os, time
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import spsolve
from benchmarks.systems import MATRIX, load

class Contestant:
    rank = 0
    def add(self, a, b): return a + b
    def fail(self): raise ValueError("no such thing")
    def die(self): os._exit(3)
    def hang(self): time.sleep(60)
    def process(self): return os.getpid()
    def load(self, folder): self.s = load(folder, (*MATRIX, "rhs"))
    def drop(self): self.s = None
    def solve(self, tolerance, answer, worse, seconds):
        s = self.s
        x = spsolve(csr_matrix((s["data"], s["indices"], s["indptr"])), s["rhs"])
        time.sleep(seconds)
        np.save(answer, x * (1 + worse * tolerance))
        return {"seconds": {"setup": 0.1, "solve": 0.2, "total": 0.3}, "iterations": 1, "memory": 8}
"""


@pytest.fixture
def process(tmp_path, monkeypatch):
    (tmp_path / "pretended.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = Process("pretended")
    yield made
    made.close()


def test_answers(process):
    assert process.ask("add", 20.0, a=2, b=3) == 5
    assert process.ask("add", 20.0, a="x", b="y") == "xy"


def test_failure_is_told_and_the_process_goes_on(process):
    first = process.ask("process", 20.0)
    with pytest.raises(GaveUp, match="ValueError: no such thing"):
        process.ask("fail", 20.0)
    assert process.ask("process", 20.0) == first


@pytest.mark.parametrize(("do", "limit", "why"), [("die", 20.0, "the process ended"), ("hang", 1.0, "not in 1 s")])
def test_process_that_ends_starts_again(process, do, limit, why):
    first = process.ask("process", 20.0)
    with pytest.raises(GaveUp, match=why):
        process.ask(do, limit)
    assert process.ask("process", 20.0) != first


def test_closing_ends_the_process(process):
    number = process.ask("process", 20.0)
    process.close()
    time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.fixture
def system(tmp_path):
    made, rhs = network(kuhn_mesh(400))
    save_system(tmp_path / "system", made, rhs)
    return tmp_path / "system"


def contestant(process, name, worse, seconds=0.0):
    return Contestant(name, "other", process, {"worse": worse, "seconds": seconds})


def test_tolerance_is_tightened_until_the_residual_holds(process, system):
    found = compare(
        system, [contestant(process, "exact", 0.5), contestant(process, "sloppy", 50.0)], 1, lambda wanted: wanted, 20.0
    )
    assert found["exact"]["tolerance"] == pytest.approx(1e-8)
    assert found["sloppy"]["tolerance"] == pytest.approx(1e-10)
    assert all(one["residual"] <= RESIDUAL for one in found.values())


def test_who_never_reaches_it_has_no_time(process, system):
    found = compare(system, [contestant(process, "wrong", 1e9)], 1, lambda wanted: wanted, 20.0)
    assert "seconds" not in found["wrong"]
    assert found["wrong"]["failed"].startswith("residual")


def test_who_is_too_slow_does_not_hold_up_the_others(process, system):
    there = [contestant(process, "slow", 0.1, 30.0), contestant(process, "fast", 0.1)]
    found = compare(system, there, 1, lambda wanted: wanted, 3.0)
    assert found["slow"] == {"failed": "not in 3 s"}
    assert found["fast"]["seconds"]["total"] == 0.3


def test_residual_of_nothing_is_one(system):
    rhs = np.load(system / "rhs.npy")
    assert relative_residual(system, np.zeros(rhs.size)) == 1.0
