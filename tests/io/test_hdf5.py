"""What is written comes back bit for bit; what cannot be read or written says so and leaves nothing half done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from synthetic import PROCESS_TEXT, stack_solution

from oxycell.errors import FileError
from oxycell.io.files import replaced, write_text
from oxycell.io.hdf5 import load_item, read_run, store_item, write_run
from oxycell.report import report, report_failures


def same(a, b):
    """Whether two nested records are equal to the last bit, types included."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("text", [PROCESS_TEXT, None])
def test_round_trip(tmp_path, text):
    solution = stack_solution() if text is None else stack_solution(text=text)
    write_run(solution, tmp_path)
    again = read_run(tmp_path)
    assert same(solution.record, again.record)
    assert report(again) == report(solution)
    assert again.case == solution.case and again.case_text == solution.case_text
    assert again.mesh.hash == solution.mesh.hash
    for name in ("cell_centre", "normal", "face_points", "outer", "owner", "points"):
        assert same(np.asarray(getattr(solution.mesh, name)), np.asarray(getattr(again.mesh, name))), name
    assert same(solution.mesh.lattice.ijk, again.mesh.lattice.ijk)
    assert (again.history, again.warnings, again.provenance, again.log) == (
        solution.history,
        solution.warnings,
        solution.provenance,
        solution.log,
    )


def test_files_of_a_run(tmp_path):
    write_run(stack_solution(), tmp_path / "deep" / "run")
    folder = tmp_path / "deep" / "run"
    assert {path.name for path in folder.iterdir()} == {
        "case.toml",
        "fields.hdf",
        "surfaces.hdf",
        "history.csv",
        "run.log",
    }
    assert (folder / "history.csv").read_text().splitlines() == ["iteration,residual,note", "1,0.1,", "2,1e-12,done"]
    assert (folder / "run.log").read_text() == "log line\n"


def test_record_items_of_every_kind(tmp_path):
    record = {
        "a/b|c%.": {"x": np.arange(3), "empty": np.empty(0), "none": {}},
        "flag": True,
        "count": 3,
        "size": 2.5,
        "word": "grün",
        "names": ["a", "β"],
        "nothing": [],
        "mask": np.array([True, False]),
        ".": "dot",
        "nan": np.array([np.nan, -0.0]),
    }
    with h5py.File(tmp_path / "a.h5", "w") as file:
        store_item(file, "record", record)
        assert same(load_item(file["record"]), record)
        with pytest.raises(TypeError, match="cannot store"):
            store_item(file, "bad", {1, 2})


def test_tampered_currents_show(tmp_path):
    write_run(stack_solution(), tmp_path)
    assert report_failures(report(read_run(tmp_path))) == []
    with h5py.File(tmp_path / "fields.hdf", "r+") as file:
        at = int(file["oxycell/electrodes/index"][0])
        file["oxycell/electric/current"][at] *= 1.01
    figures = report(read_run(tmp_path))
    assert figures["anodes"]["list"][0]["current_A"] == pytest.approx(101.0)
    assert any("charge" in line for line in report_failures(figures))


def test_no_figure_of_the_report_is_stored(tmp_path):
    solution = stack_solution()
    write_run(solution, tmp_path)
    stored = set()
    with h5py.File(tmp_path / "fields.hdf") as file:

        def collect(name, item):
            if not name.startswith("names"):
                stored.update([name.split("/")[-1], *item.attrs])

        file["oxycell"].visititems(collect)
    figures = report(solution)
    keys = {
        key for block in ("voltage", "heat", "anodes", "ledge", "productivity", "emissions") for key in figures[block]
    }
    assert len(stored) > 40 and not keys & stored


def test_missing_file_is_named(tmp_path):
    with pytest.raises(FileError, match="fields.hdf: there is no such file"):
        read_run(tmp_path)
    assert FileError.exit_code == 4


@pytest.mark.parametrize("damage", ["cut", "text", "foreign", "array gone"])
def test_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "fields.hdf"
    write_run(stack_solution(), tmp_path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif damage == "text":
        path.write_text("not HDF5")
    elif damage == "foreign":
        with h5py.File(path, "w") as file:
            file["x"] = 1
    else:
        with h5py.File(path, "r+") as file:
            del file["oxycell/mesh/lattice/x"]
    with pytest.raises(FileError) as error:
        read_run(tmp_path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_unwritable_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="file"):
        write_run(stack_solution(), tmp_path / "file" / "run")


def test_failure_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), replaced(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]


_WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from synthetic import stack_solution
from oxycell.io.hdf5 import write_run
solution = stack_solution()
write_run(solution, sys.argv[1])
print("ready", flush=True)
while True:
    write_run(solution, sys.argv[1])
"""


def test_a_killed_writer_leaves_whole_files(tmp_path):
    import oxycell

    environment = {**os.environ, "PYTHONPATH": str(Path(next(iter(oxycell.__path__))).parent)}
    helpers = Path(sys.modules["synthetic"].__file__).parent
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path), str(helpers)], stdout=subprocess.PIPE, env=environment
    )
    try:
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(0.3)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    expected = report(stack_solution())
    assert report(read_run(tmp_path)) == expected
    with h5py.File(tmp_path / "surfaces.hdf") as file:
        assert "VTKHDF" in file
