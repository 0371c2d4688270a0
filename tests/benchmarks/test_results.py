"""Results become tables, a picture and a page, whole or with parts missing: what 20 minutes measured must not be lost
in the end."""

import json

import benchmarks.__main__ as command
import pytest
from benchmarks.plot import draw
from benchmarks.suite import Suite
from benchmarks.tables import as_text, fastest, work_unit

MACHINE = {
    "cpu": "some cpu",
    "cores": 2,
    "memory_bytes": 2**34,
    "python": "3.11",
    "versions": {"numpy": "1.0", "pyamg": None},
    "commit": None,
    "sources_changed": True,
    "load_average": 0.1,
}
OURS = {
    "iterations": 12,
    "tolerance": 1e-8,
    "residual": 1e-9,
    "memory": 100_000_000,
    "seconds": {"topology": 0.1, "refresh": 0.05, "solve": 0.25, "total": 0.4},
}
PEER = {
    "iterations": 16,
    "tolerance": 1e-8,
    "residual": 1e-9,
    "memory": None,
    "seconds": {"setup": 1.0, "solve": 2.2, "total": 3.2},
}
SOLVED = {
    "threads": 2,
    "cells": 1000,
    "seconds": {"build": 1.0, "charge": 1.0, "heat": 1.0, "coupled": 5.0, "rest": 1.0, "linear": 3.0, "total": 9.0},
    "turns": {"charge": 3},
    "linear_solves": {"electric": 4, "electric first guess": 7},
    "linear_iterations": {"electric": 40, "electric first guess": 70},
    "peak_memory_bytes": 900_000,
}
FAILED = {"threads": 1, "failed": "not in 300 s"}
EMPTY = {"machine": MACHINE, **command.EMPTY, "created": "now", "seconds": 60.0}
FULL = EMPTY | {
    "bandwidth": {"2": {"3000000": 2e10, "50000000": 1e10}, "1": {"3000000": 1e10, "50000000": 1e10}},
    "start": {"default": {"cold": 20.0, "warm": 3.0}, "coarse": FAILED},
    "coupled": {
        "default": [SOLVED, SOLVED | {"seconds": SOLVED["seconds"] | {"total": 8.0}}, FAILED],
        "million": [FAILED],
    },
    "linear": {
        "model electric 1000000": {
            "name": "model electric",
            "rows": 1_000_000,
            "solvers": {
                "oxycell, 2 threads": OURS,
                "oxycell, 1 thread": {"failed": "not in 60 s"},
                "petsc + hypre, 2 ranks": PEER,
                "pyamg pairwise": {"failed": "not tried"},
            },
        },
        "flagship thermal 1000": {
            "name": "flagship thermal",
            "rows": 1000,
            "solvers": {"oxycell, 2 threads": {"failed": "no"}},
        },
        "tetrahedra": {"name": "tetrahedra", "failed": "no memory"},
    },
    "peers": {"absent": {"petsc + hypre, 1 rank": "no mpiexec"}, "petsc": "3.18", "options": {"P_max": 4}},
}


def test_tables_hold_ratios_and_reasons():
    text = as_text(FULL)
    for expected in (
        "3.20 (16) 8.0 ×",
        "0.400 (12)",
        "not in 60 s",
        "not in 300 s",
        "no memory",
        "no mpiexec",
        "20.0",
        "sources changed",
        "4 (40)",
        "7 (70) + 0 (0)",
    ):
        assert expected in text, expected
    assert "busy, seen" not in text
    busy = FULL | {"start": {"default": {"cold": 20.0, "warm": 3.0, "others": 1.5}, "coarse": FAILED | {"others": 0.5}}}
    assert "1.00 on average, 1.50 at most" in as_text(busy)


def test_fastest_round_counts():
    assert fastest(FULL)["default", 2][0]["seconds"]["total"] == 8.0
    assert fastest(FULL)["default", 1] == ("not in 300 s", None)


def test_work_unit_is_bytes_over_bandwidth():
    assert work_unit(FULL, 1_000_000) == pytest.approx(56e6 / 1e10)
    assert work_unit(FULL, 50_000) == pytest.approx(56 * 50_000 / 2e10)


@pytest.mark.parametrize("result", [EMPTY, FULL], ids=["nothing measured", "some failed"])
def test_every_result_can_be_shown_and_drawn(result, tmp_path):
    again = json.loads(json.dumps(result))
    assert "some cpu" in as_text(again)
    draw(again, tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 10_000


def test_page_keeps_what_is_outside_the_marks(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{command.MARKS[0]}\nold\n{command.MARKS[1]}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(command, "PAGE", page)
    for _ in range(2):
        command.publish(FULL, tmp_path / "result.json")
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{command.MARKS[0]}\n[result.json](result.json): some cpu")
    assert text.endswith(f"{command.MARKS[1]}\nafter\n")
    assert "old" not in text
    assert text.count("8.0 ×") == 1


def test_page_of_the_repository_has_the_marks():
    text = command.PAGE.read_text(encoding="utf-8")
    assert [text.count(mark) for mark in command.MARKS] == [1, 1]


def test_suite_without_time_measures_nothing_and_says_so(tmp_path, monkeypatch):
    result = json.loads(json.dumps(EMPTY))
    suite = Suite(result, lambda: None, True, False, (1,), 0.0, tmp_path)
    monkeypatch.setattr("benchmarks.suite.Process.ask", lambda *_, **__: None)  # kernels
    suite.measure(("start", "model", "coupled", "flagship", "imported"))
    for one in (*result["start"].values(), *result["linear"].values(), *result["coupled"]["default"]):
        assert "not tried" in one["failed"] or "no coupled solve" in one["failed"]
    assert result["start"]
    assert result["linear"]
