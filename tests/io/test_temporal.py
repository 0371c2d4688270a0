"""Steps come back as they were written, by h5py and by VTK, and a file of steps is whole whenever its writer dies."""

import errno
import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from steps import box, fields, problems, seen_by_vtk, static
from synthetic import stack_solution

import oxycell
from oxycell.errors import FileError
from oxycell.io import growing
from oxycell.io.checkpoint import latest_checkpoint
from oxycell.io.fields import state_fields, static_fields, volume_fields
from oxycell.io.hdf5 import read_run
from oxycell.io.temporal import TemporalGrid, read_fields, read_times
from oxycell.report import report

VTK = importlib.util.find_spec("vtkmodules") is not None
N = 4
CELLS = N**3


def written(path, times, expected=2):
    grid = TemporalGrid.create(path, box(N), static(box(N)), expected)
    for at in times:
        grid.append(at, fields(CELLS, at))
    return grid


def front(path):
    """Temperature that readers see which know no steps."""
    with h5py.File(path) as file:
        return float(np.unique(file["VTKHDF/CellData/temperature"][:CELLS])[0])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "fields.hdf"


@pytest.mark.parametrize("finished", [False, True])
def test_steps_come_back(path, finished):
    """More of them than there was room for at first, to the last bit of what float32 holds, NaN included."""
    random = np.random.default_rng(7)
    grid = TemporalGrid.create(path, box(N), static(box(N)), 2)
    given = []
    for k in range(5):
        scalar, vector = random.random(CELLS), random.random((CELLS, 3))
        scalar[::7], vector[::5] = np.nan, np.nan
        given.append({"a b": scalar.astype("f4"), "c": vector.astype("f4"), "d": random.integers(-9, 9, CELLS)})
        grid.append(60.0 * k, {"a b": (scalar, {"units": "K"}), "c": (vector, {}), "d": given[-1]["d"]})
        assert read_times(path) == grid.times == [60.0 * i for i in range(k + 1)]
    if finished:
        grid.finish(stack_solution())
        assert read_times(path) == grid.times
    for k, expected in enumerate(given):
        found = read_fields(path, k)
        assert found.keys() == expected.keys()
        for name in found:
            assert (
                found[name].shape == expected[name].shape
                and found[name].tobytes() == expected[name].astype(found[name].dtype).tobytes()
            ), name
    assert read_fields(path, -1)["c"].tobytes() == given[-1]["c"].tobytes()
    with h5py.File(path) as file:
        assert file["VTKHDF/CellData/a b"].attrs["units"] == "K"
        assert file["VTKHDF/CellData/a b"][:CELLS].tobytes() == given[-1]["a b"].tobytes()  # the last step is in front
        assert list(file["VTKHDF/CellData/region"].attrs["names"]) == ["low", "high"]
        assert file["VTKHDF/CellData/region"].shape == (CELLS,)


@pytest.mark.parametrize("finished", [False, True])
def test_vtk_reads_every_step(path, finished):
    """Of a file with room for many more, too."""
    pytest.importorskip("vtkmodules.vtkIOHDF")
    times = [0.0, 60.0, 90.5, 3600.0]
    grid = written(path, times, 300)
    if finished:
        grid.finish(stack_solution())
    assert problems(path) == []
    seen = seen_by_vtk(path)
    assert [at for at, _ in seen] == times
    for at, arrays in seen:
        assert arrays.keys() == {"region", *fields(1, 0.0)}
        assert arrays["region"].tolist() == box(N).region.tolist()
        for name, (expected, _) in fields(CELLS, at).items():
            assert np.array_equal(arrays[name], expected), (name, at)


def test_vtk_shows_a_single_step_without_a_time(path):
    pytest.importorskip("vtkmodules.vtkIOHDF")
    written(path, [60.0], 300)
    [(at, arrays)] = seen_by_vtk(path)
    assert at is None and np.array_equal(arrays["temperature"], np.full(CELLS, 60.0))


def test_before_the_first_step_the_mesh_can_be_seen(path):
    TemporalGrid.create(path, box(N), static(box(N)))
    assert read_times(path) == []
    with h5py.File(path) as file:
        assert list(file["VTKHDF"].attrs["Version"]) == [1, 0] and file["VTKHDF/Types"].shape == (CELLS,)


@pytest.mark.parametrize("finished", [False, True])
def test_nothing_forbidden_is_stored(path, finished):
    grid = written(path, [0.0, 1.0, 2.0])
    if finished:
        grid.finish(stack_solution())
    with h5py.File(path) as file:
        assert list(file["VTKHDF"].attrs["Version"]) == [2, 0]
        kind = file["VTKHDF"].attrs.get_id("Type").get_type()
        assert not kind.is_variable_str() and kind.get_cset() == h5py.h5t.CSET_ASCII
        assert isinstance(file.get("VTKHDF/Steps", getlink=True), h5py.HardLink) == finished
        table = file["VTKHDF/Steps"]
        assert set(table["CellDataOffsets"]) == set(file["VTKHDF/CellData"])
        for name in ("CellOffsets", "ConnectivityIdOffsets"):
            assert table[name].ndim == 2 and table[name].shape[1] == 1 and not table[name][...].any()
        assert set(table["NumberOfParts"][...]) == {1}
        for name, data in file["VTKHDF/CellData"].items():
            assert data.dtype.str in ("<f4", "<i4") and data.compression in (None, "gzip"), name
            assert not (data.ndim == 2 and data.shape[1] == 1), name


def stack_steps(path, finish=True):
    """A run of the stack of three cells, 0 K warmer at the end than in its record."""
    solution = stack_solution()
    grid = TemporalGrid.create(path, solution.mesh, static_fields(solution.mesh, solution.record))
    shown = state_fields(solution.mesh, solution.record)
    temperature = solution.record["cells"]["temperature"]
    for at, warmer in ((0.0, 20.0), (60.0, 10.0), (120.0, 0.0)):
        grid.append(at, {**shown, "temperature": (temperature + warmer, {"units": "K"})})
    if finish:
        grid.finish(solution)
    return solution, grid


def test_the_last_state_is_a_run(path):
    solution, _ = stack_steps(path)
    again = read_run(path.parent)
    assert report(again) == report(solution)
    assert again.mesh.hash == solution.mesh.hash and again.case == solution.case
    shown = volume_fields(again.mesh, again.record)
    for name, array in read_fields(path, -1).items():
        assert np.array_equal(array, shown[name][0].astype("f4"), equal_nan=True), name
    assert read_fields(path, 0)["temperature"] == pytest.approx(again.record["cells"]["temperature"] + 20.0)
    assert read_times(path) == [0.0, 60.0, 120.0]


def test_static_and_changing_fields_are_all_of_a_run():
    solution = stack_solution()
    parts = static_fields(solution.mesh, solution.record), state_fields(solution.mesh, solution.record)
    assert list(parts[0] | parts[1]) == list(volume_fields(solution.mesh, solution.record))
    assert not parts[0].keys() & parts[1].keys()


def test_an_unfinished_run_says_so(path):
    stack_steps(path, finish=False)
    with pytest.raises(FileError, match="has not finished"):
        read_run(path.parent)


@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize("expected", [3, 40])
def test_resumed_without_the_steps_after(path, finished, expected):
    grid = written(path, [0.0, 10.0, 20.0, 30.0, 40.0], expected)
    if finished:
        grid.finish(stack_solution())
    grid = TemporalGrid.resumed(path, 20.0, 6)
    assert grid.times == read_times(path) == [0.0, 10.0, 20.0] and problems(path) == [] and front(path) == 20.0
    with pytest.raises(FileError, match="has not finished"):
        read_run(path.parent)
    for at in (25.0, 50.0, 75.0, 80.0):
        grid.append(at, fields(CELLS, at))
        assert problems(path) == [] and front(path) == at
    assert read_times(path) == [0.0, 10.0, 20.0, 25.0, 50.0, 75.0, 80.0]
    grid.finish(stack_solution())
    assert problems(path) == [] and front(path) == 80.0
    with pytest.raises(ValueError, match="do not fit"):
        grid.append(90.0, {"temperature": np.zeros(CELLS)})


def test_going_on_after_the_end(path):
    grid = written(path, [0.0, 1.0])
    grid.finish(stack_solution())
    grid.append(2.0, fields(CELLS, 2.0))
    assert read_times(path) == [0.0, 1.0, 2.0] and problems(path) == []


@pytest.mark.parametrize("finished", [False, True])
def test_resumed_before_the_first_step(path, finished):
    grid = written(path, [5.0, 10.0])
    if finished:
        grid.finish(stack_solution())
    grid = TemporalGrid.resumed(path, 1.0)
    assert read_times(path) == []
    grid.append(2.0, {"other": np.zeros(CELLS)})
    assert read_times(path) == [2.0] and list(read_fields(path, 0)) == ["other"]


def test_what_a_killed_process_leaves_is_removed(path):
    written(path, [0.0])
    (path.parent / ".fields.hdf.abc.part").write_text("")
    (path.parent / "other.part").write_text("")
    TemporalGrid.resumed(path, 0.0)
    assert sorted(item.name for item in path.parent.iterdir()) == ["fields.hdf", "other.part"]


@pytest.mark.parametrize(
    ("at", "given", "message"),
    [
        (1.0, fields(CELLS, 1.0), "cannot follow"),
        (0.5, fields(CELLS, 1.0), "cannot follow"),
        (float("nan"), fields(CELLS, 1.0), "cannot follow"),
        (2.0, {"temperature": np.zeros(CELLS)}, "do not fit"),
        (2.0, {**fields(CELLS, 2.0), "temperature": np.zeros((CELLS, 3))}, "do not fit"),
        (2.0, {**fields(CELLS, 2.0), "temperature": np.zeros(CELLS, int)}, "do not fit"),
        (2.0, {**fields(CELLS, 2.0), "temperature": np.zeros(CELLS - 1)}, "no field of a step"),
        (2.0, {**fields(CELLS, 2.0), "region": np.zeros(CELLS)}, "no field of a step"),
    ],
)
def test_what_does_not_fit_is_refused(path, at, given, message):
    grid = written(path, [0.0, 1.0])
    before = path.read_bytes()
    with pytest.raises(ValueError, match=message):
        grid.append(at, given)
    assert path.read_bytes() == before and grid.times == [0.0, 1.0]


def test_a_run_without_steps_cannot_finish(path):
    with pytest.raises(ValueError, match="no step"):
        TemporalGrid.create(path, box(N), static(box(N))).finish(stack_solution())


def test_missing_and_damaged_files_are_named(path):
    with pytest.raises(FileError, match=r"fields.hdf: there is no such file"):
        TemporalGrid.resumed(path, 0.0)
    written(path, [0.0, 1.0])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FileError, match=r"fields.hdf: is damaged or incomplete"):
        TemporalGrid.resumed(path, 0.0)
    with pytest.raises(FileError, match="nowhere"):
        TemporalGrid.create(path.parent / "nowhere" / "fields.hdf", box(N), static(box(N)))


def test_a_file_that_another_program_changed_is_left_alone(path):
    first = written(path, [0.0, 1.0], 8)
    other = TemporalGrid.resumed(path, 0.0)
    with pytest.raises(FileError, match="changed by another program"):
        first.append(2.0, fields(CELLS, 2.0))
    other.append(5.0, fields(CELLS, 5.0))
    assert read_times(path) == [0.0, 5.0] and problems(path) == []
    path.unlink()
    with pytest.raises(FileError, match="cannot be written"):
        other.append(6.0, fields(CELLS, 6.0))


def test_a_reader_does_not_stop_the_run(path):
    grid = written(path, [0.0], 8)
    with h5py.File(path, "r"):
        grid.append(1.0, fields(CELLS, 1.0))
    assert read_times(path) == [0.0, 1.0] and problems(path) == []


class Killed(BaseException):
    """Stands for the end of the process."""


def dying(after, half):
    """os.pwrite that ends the process at a write: before anything or, of the data that no reader goes by, in the
    middle."""
    real, left = os.pwrite, [after]

    def pwrite(handle, data, address):
        left[0] -= 1
        if left[0] < 0:
            if half and len(data) > 8:
                real(handle, bytes(data)[: len(data) // 2], address)
            raise Killed
        return real(handle, data, address)

    return pwrite


def moments(path, monkeypatch, half):
    """What is wrong with a file after death at each of the writes of a step, a list for each."""
    found = []
    for after in range(100):
        grid = written(path, [0.0, 1.0, 2.0], 8)
        try:
            with monkeypatch.context() as patch:
                patch.setattr(growing.os, "pwrite", dying(after, half))
                grid.append(3.0, fields(CELLS, 3.0))
        except Killed:
            found.append([*problems(path), *([] if read_times(path)[:3] == [0.0, 1.0, 2.0] else ["steps before"])])
            again = TemporalGrid.resumed(path, 1.0)
            assert problems(path) == [] and read_times(path) == [0.0, 1.0] and front(path) == 1.0
            again.finish(stack_solution())
            assert problems(path) == []
        else:
            return found
    raise AssertionError("no end of writes")


@pytest.mark.parametrize("half", [False, True])
def test_death_at_every_write_leaves_whole_steps(path, monkeypatch, half):
    found = moments(path, monkeypatch, half)
    assert len(found) == 8 and found == [[]] * 8  # three fields, times, number, three fields in front


def count_first(self, path, times, arrays):
    """A writer of steps with the number of steps written before the fields."""
    handle = os.open(path, os.O_RDWR)
    self.state(handle, times, arrays)
    self.fill(handle, len(times) - 1, arrays)
    os.close(handle)


def test_a_writer_that_counts_first_is_found_out(path, monkeypatch):
    monkeypatch.setattr(growing.Room, "write", count_first)
    found = moments(path, monkeypatch, half=False)
    assert sum(map(bool, found)) >= 3 and "temperature at step 3" in found[-3]


@pytest.mark.parametrize(("count", "times"), [(4, 3), (3, 4)])
def test_times_and_number_of_steps_that_differ_are_found_out(path, count, times):
    """What a writer that lets HDF5 change both, one after the other, leaves if it is killed in between."""
    written(path, [0.0, 1.0, 2.0]).finish(stack_solution())
    with h5py.File(path, "r+") as file:
        del file["VTKHDF/Steps/Values"]
        file["VTKHDF/Steps/Values"] = np.arange(float(times))
        file["VTKHDF/Steps"].attrs["NSteps"] = count
    assert any("VTK" in line for line in problems(path))


def test_full_disk(path, monkeypatch):
    """Nothing of the step is there, all before it is, and the run can go on where there is room again."""
    grid = written(path, [0.0, 1.0], 8)
    real = os.pwrite

    def full(handle, data, address):
        if len(data) > 4 * CELLS:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data, address)

    with monkeypatch.context() as patch:
        patch.setattr(growing.os, "pwrite", full)
        with pytest.raises(FileError, match=r"fields.hdf: cannot be written: No space left"):
            grid.append(2.0, fields(CELLS, 2.0))
    assert read_times(path) == [0.0, 1.0] and problems(path) == []
    grid.append(2.0, fields(CELLS, 2.0))
    assert read_times(path) == [0.0, 1.0, 2.0] and problems(path) == []


def test_a_disk_too_full_to_make_room_or_to_finish(path, monkeypatch):
    """HDF5 is not asked to write what has no room; the file stays as it was."""
    grid = written(path, [0.0, 1.0], 2)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("oxycell.io.files.shutil.disk_usage", lambda folder: SimpleNamespace(free=100_000))
        for write in (lambda: grid.append(2.0, fields(CELLS, 2.0)), lambda: grid.finish(stack_solution())):
            with pytest.raises(FileError, match=r"fields.hdf: cannot be written: No space left"):
                write()
    assert path.read_bytes() == before and [item.name for item in path.parent.iterdir()] == ["fields.hdf"]
    grid.append(2.0, fields(CELLS, 2.0))
    grid.finish(stack_solution())
    assert read_times(path) == [0.0, 1.0, 2.0] and problems(path) == []


_WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
import numpy as np
from steps import box, fields, static
from synthetic import stack_solution
from oxycell.io.checkpoint import latest_checkpoint, write_checkpoint
from oxycell.io.history import HistoryFile
from oxycell.io.temporal import TemporalGrid

folder, waits, mesh, solution = Path(sys.argv[1]), int(sys.argv[2]), box(20), stack_solution()
found = latest_checkpoint(folder)
if found is None:
    step, number = 0, 0
    grid = TemporalGrid.create(folder / "fields.hdf", mesh, static(mesh), 3)
    history = HistoryFile(folder / "history.csv")
else:
    step, number = found.content["step"], found.number
    grid = TemporalGrid.resumed(folder / "fields.hdf", float(step), 3)
    history = HistoryFile.resumed(folder / "history.csv", float(step), step)
steps = 0
while True:
    step, number, steps = step + 1, number + 1, steps + 1
    grid.append(float(step), fields(mesh.n_cells, float(step)))
    history.append({"time": float(step), "third": step / 3})
    print("step", flush=True)
    if steps == waits:
        sys.stdin.read()
    write_checkpoint(folder, number, {"step": step, "state": np.full(20000, step / 3)})
    print("checkpoint", flush=True)
    if step % 7 == 0:
        grid.finish(solution)
"""


@pytest.mark.slow
def test_killed_again_and_again(tmp_path):
    """SIGKILL at 20 moments under way; each run goes on where the one before was killed. Every fourth run waits for it
    between a step and its checkpoint, the others go on meanwhile."""
    environment = {**os.environ, "PYTHONPATH": str(Path(next(iter(oxycell.__path__))).parent)}
    helpers = [str(Path(sys.modules[name].__file__).parent) for name in ("steps", "synthetic")]
    random, path, reached = np.random.default_rng(20), tmp_path / "fields.hdf", 0
    for attempt in range(20):
        waits = 2 if attempt % 4 == 0 else 0
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), str(waits), *helpers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        try:
            for _ in range(3 if waits else 3 + random.integers(6)):
                assert writer.stdout.readline() in (b"step\n", b"checkpoint\n")
            time.sleep(0.0 if waits else random.uniform(0.0, 0.02))
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            writer.stdin.close()
            writer.stdout.close()
        found, times = latest_checkpoint(tmp_path), read_times(path)
        step = found.content["step"]
        assert times == [float(k + 1) for k in range(len(times))] and step <= len(times) <= step + 1
        assert step > reached and found.damaged == () and problems(path) == []
        assert found.content["state"].tobytes() == np.full(20000, step / 3).tobytes()
        rows = (tmp_path / "history.csv").read_text().splitlines()[1:]
        assert rows[:step] == [f"{float(k)!r},{k / 3!r}" for k in range(1, step + 1)]
        if waits:
            assert len(times) == step + 1 == reached + 2
        reached = step
        if VTK:
            assert [at for at, _ in seen_by_vtk(path)] == (times if len(times) > 1 else [None])
