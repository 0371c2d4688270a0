"""Geometry that moves in runs over time: what it keeps, where it ends, what it writes, what it refuses."""

import csv
from pathlib import Path

import h5py
import numpy as np
import pytest
from tests.transients.tank import TANK, differences
from tests.transients.test_folder import fails, stopping

import oxycell
from oxycell.case.building.build import build
from oxycell.case.building.timeline import Timeline
from oxycell.case.load import load_text
from oxycell.cli import main
from oxycell.io.hdf5 import read_run
from oxycell.transients.system import CaseSystem

HOUR = 3600.0
HEIGHTS = ("boxes.0.z.1", "boxes.1.z.1", "boxes.2.z.1")
CELLS = {"mesh.cells_x": [3, 10, 4], "mesh.cells_y": [1], "mesh.cells_z": [1]}


def moving(heights=("1 m", "1.5 m"), wall=("0.6 m", "0.7 m"), end="4 h", times=("0 h", "2 h"), **transient):
    """The tank, its height and the outside of its wall over time; tables are constant from their last point on."""
    tables = {key: {"time": list(times), "value": list(heights)} for key in HEIGHTS}
    tables["boxes.2.x.1"] = {"time": list(times), "value": list(wall)}
    section = {"end": end, "outputs": "2 h", "composition": "fixed", "schedule": tables} | transient
    return load_text(TANK).replaced(CELLS | {"transient": section})


def numbers(solution):
    """What a state is compared by."""
    report = oxycell.report(solution)
    return np.r_[
        solution.record["cells"]["temperature"],
        report["heat"]["lump_temperatures_K"]["bath"],
        report["ledge"]["mean_m"],
        list(report["heat"]["losses"].values()),
    ]


def test_ends_at_the_steady_state_of_the_moved_boxes(monkeypatch):
    """The cells of both are the same; a ledge follows to a thicker wall and to 1.5 m² of it."""
    monkeypatch.setattr(
        "oxycell.transients.solve.STAGE_LIMIT", 1e-10
    )  # both solved far below what they are compared to
    closely = CELLS | {"solver.tolerance": 1e-2}
    case = moving(end="1e14 s", times=("0 s", "1e13 s"), outputs="1e14 s", step="1e13 s")
    moved = {key: "1.5 m" for key in HEIGHTS} | {"boxes.2.x.1": "0.7 m"}
    steady = oxycell.solve(load_text(TANK).replaced(closely | moved))
    ended, begun = numbers(oxycell.solve(case)), numbers(oxycell.solve(load_text(TANK).replaced(CELLS)))
    assert ended == pytest.approx(numbers(steady), rel=1e-8)
    assert abs(ended / begun - 1.0).max() > 0.1
    fresh = oxycell.solve(load_text(TANK).replaced(moved))  # its wall has other cells
    assert fresh.mesh.n_cells != steady.mesh.n_cells
    assert ended[-3:] == pytest.approx(numbers(fresh)[-3:], rel=1e-4)


def test_there_and_back_within_no_time_changes_nothing():
    """What is stored is that of the masses at the start: pools, walls and frozen bath keep heat and temperature."""
    times = ["1 h", "1 h", "3603 s", "3606 s", "3606 s"]
    case = moving(["1 m", "1 m", "1.5 m", "1 m", "1 m"], ["0.6 m"] * 5, end="3610 s", times=times)
    course = oxycell.solve(case).course
    assert course["bath_kg"] + course["frozen_kg"] == pytest.approx(course["bath_kg"][0] + course["frozen_kg"][0])
    assert course["heat.lump_temperatures_K.bath"] == pytest.approx(
        course["heat.lump_temperatures_K.bath"][0], rel=2e-7
    )
    assert course["frozen_kg"] == pytest.approx(course["frozen_kg"][0], rel=2e-4)


def test_cells_keep_their_heat():
    """At one state; against masses of the moved mesh, which is what a steady case of that time has."""
    case = moving()
    timeline = Timeline(case)
    system = CaseSystem(case, timeline)
    begun = system.built(0.0)
    T = np.linspace(500.0, 1300.0, begun.problem.thermal.n_rows)
    held = begun.stored.cells.enthalpy(T)
    moved = system.built(2.0 * HOUR)
    assert moved.mesh.cell_volume.sum() == pytest.approx(1.5 * 0.8, rel=1e-12) and moved.mesh is not begun.mesh
    assert np.array_equal(moved.stored.cells.enthalpy(T), held)
    assert np.array_equal(moved.stored.freezing.ledge.volume, begun.stored.freezing.ledge.volume)
    anew = build(timeline.case_at(2.0 * HOUR), stores=system.storing)
    walls = held != 0.0
    assert anew.stored.cells.enthalpy(T)[walls] / held[walls] == pytest.approx(
        np.where(np.arange(walls.sum()) < 3, 1.5, 2.25)
    )


def test_goes_on_bitwise_while_it_moves(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("tank.toml").write_text(moving(times=("0 h", "3 h"), outputs="1 h").to_toml())
    assert main(["run", "tank.toml", "-o", "whole", "-q"]) == 0
    stops = []
    stopping(monkeypatch, lambda content: not content["ended"] and (stops.append(content["time"]) or True))
    assert main(["run", "tank.toml", "-o", "out", "-q"]) == 130
    while (code := main(["run", "--resume", "out", "-q"])) == 130:
        pass
    assert code == 0 and stops == [0.0, HOUR, 2 * HOUR, 3 * HOUR]
    assert differences(Path("whole"), Path("out")) == []


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Folder of a run that has moved."""
    place = tmp_path_factory.mktemp("moved")
    (place / "tank.toml").write_text(moving().to_toml())
    assert main(["run", str(place / "tank.toml"), "-o", str(place / "run"), "-q"]) == 0
    return place / "run"


def test_the_file_shows_the_mesh_of_the_start_and_keeps_that_of_the_end(whole):
    with h5py.File(whole / "fields.hdf") as file:
        assert file["VTKHDF/Points"][:].max(0) == pytest.approx([0.6, 1.0, 1.0])
    solution = read_run(whole)
    assert solution.mesh.points[:].max(0) == pytest.approx([0.7, 1.0, 1.5])
    assert solution.record["cells"]["volume"] == pytest.approx(solution.mesh.cell_volume, rel=1e-14)


def test_the_history_has_what_is_scheduled(whole):
    with open(whole / "history.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    time, height, wall = (np.array([float(row[key]) for row in rows]) for key in (
        "time", "schedule.boxes.0.z.1", "schedule.boxes.2.x.1",
    ))  # fmt: skip
    assert height == pytest.approx(1.0 + 0.5 * np.minimum(time / (2 * HOUR), 1.0))
    assert wall == pytest.approx(0.6 + 0.1 * np.minimum(time / (2 * HOUR), 1.0))


def test_a_run_that_moved_is_no_start_of_one_on_the_mesh_it_began_with(whole, capsys):
    case = load_text(TANK).replaced(CELLS | {"transient": {"end": "1 h", "initial": str(whole)}})
    (whole.parent / "next.toml").write_text(case.to_toml())
    said = fails(capsys, ["run", str(whole.parent / "next.toml"), "-o", str(whole.parent / "next"), "-q"], 2)
    assert "is a run on another mesh; allowed: one of the same boxes and mesh, or of the same mesh file" in said


def test_boxes_that_do_not_stay_in_order(tmp_path, capsys):
    case = moving().to_toml().replace('value = ["0.6 m", "0.7 m"]', 'value = ["0.6 m", "0.41 m"]')
    (tmp_path / "tank.toml").write_text(case.replace('value = ["1 m", "1.5 m"]', 'value = ["1 m", "2 mm"]', 1))
    said = fails(capsys, ["run", str(tmp_path / "tank.toml"), "-o", str(tmp_path / "out"), "-q"], 2)
    assert 'transient.schedule."boxes.0.z.1": 0.002 m at 7200 s, with "boxes.1.z.1" = 1.5 m' in said
    assert (
        "boxes 'plate' and 'bath' meet at z = 1 m at the start and move apart, by -0.998 m and 0.5 m; allowed" in said
    )


def test_surfaces_that_lose_their_faces(tmp_path, capsys):
    """The lower half of the wall by a place that does not move with it."""
    case = moving().replaced({"mesh.cells_z": [4], "surfaces.1.z": ["0 m", "0.5 m"]})
    (tmp_path / "tank.toml").write_text(case.to_toml())
    said = fails(capsys, ["run", str(tmp_path / "tank.toml"), "-o", str(tmp_path / "out"), "-q"], 2)
    assert "surfaces, laws or columns of the ledge are on other faces than at the start; allowed: lengths" in said
