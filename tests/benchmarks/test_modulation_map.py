"""The table of the study modulation-map: superheat between steps, and the time at which the bath freezes."""

import json

import pytest
from benchmarks.modulation_map import freezes, read_sweep, superheat_after, table

CASE = """[transient]
composition = "{composition}"
[transient.schedule]
"operation.line_current" = {{ time = ["0 s", "0 s"], value = ["140 kA", "{current}"] }}
"""
LOG = """oxycell run
state: failed
time 0  end 43200  step None  error None  superheat 7  temperatures {'bath': 1176.4}
time 3600  end 43200  step 3600  error 0.2  superheat 1  temperatures {'bath': 1170.1}
time 7200  end 43200  step 3600  error 0.2  superheat -1  temperatures {'bath': 1166.0}
"""
HISTORY = "time,step_s,superheat_K,frozen_kg\n0.0,,7.0,4000.0\n21600.0,1.0,5.0,4100.0\n43200.0,1.0,4.0,4200.0\n"


@pytest.fixture
def sweep(tmp_path):
    """A sweep of three cases: one ran to its end, one froze, one is under way."""
    for name, state, current, files in (
        ("a", {"state": "finished", "message": ""}, "112 kA", {"history.csv": HISTORY}),
        ("b", {"state": "failed", "message": "the bath freezes"}, "70 kA", {"run.log": LOG}),
        ("c", {"state": "started", "message": ""}, "56 kA", {}),
    ):
        (tmp_path / "states").mkdir(exist_ok=True)
        (tmp_path / "states" / f"{name}.json").write_text(json.dumps(state))
        folder = tmp_path / "cases" / name
        folder.mkdir(parents=True)
        (folder / "case.toml").write_text(CASE.format(composition="coupled", current=current))
        for file, text in files.items():
            (folder / file).write_text(text)
    return tmp_path


def test_cases_that_have_run_are_read_deepest_last(sweep):
    mild, deep = read_sweep(sweep)
    assert mild["share"] == pytest.approx(0.8) and deep["share"] == pytest.approx(0.5)
    assert mild["message"] is None and deep["message"] == "the bath freezes"
    assert mild["frozen"] == [4000.0, 4100.0, 4200.0] and deep["frozen"] is None


def test_superheat_is_interpolated_and_ends_where_the_bath_freezes(sweep):
    mild, deep = read_sweep(sweep)
    assert superheat_after(mild, 3.0) == pytest.approx(6.0) and superheat_after(mild, 12.0) == 4.0
    assert superheat_after(deep, 0.5) == pytest.approx(4.0) and superheat_after(deep, 4.0) is None
    assert freezes(deep) == pytest.approx(5400.0)


def test_table_says_which_survive(sweep):
    rows = table(read_sweep(sweep)).splitlines()[2:]
    assert rows[0].startswith("| − 20 % | coupled | 6.8 |") and rows[0].endswith("| 4.0 | no |")
    assert rows[1] == "| − 50 % | coupled | 4.0 | 1.0 | – | – | – | – | – | 1.5 h |"
