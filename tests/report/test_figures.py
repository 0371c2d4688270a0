"""What the figures show: their numbers are those of the record, the ledge is where it was put, no axes are empty."""

import os
import re
import struct
import subprocess
import sys

import numpy as np
import pytest
from matplotlib import rc_context
from synthetic import PROCESS_TEXT, stack_solution

from oxycell.mesh.build import lattice_mesh
from oxycell.processes.drawers import here
from oxycell.report import report
from oxycell.report.charts import chart_figures, corners, heat_steps, mid_sides, voltage_steps, wall_position
from oxycell.report.labels import Layout, label_parts, part_name, spread
from oxycell.report.plan import mid_gap, plan_figures
from oxycell.report.planes import cut
from oxycell.report.render import write_report
from oxycell.report.sections import choose_planes, section_figures
from oxycell.report.style import RC
from oxycell.report.views import look


@pytest.fixture(scope="module")
def cell():
    return stack_solution(text=PROCESS_TEXT)


def empty_record(mesh):
    """Record of a solved temperature and nothing else, rising along x."""
    return {
        "thermal": {
            "row_of_cell": np.arange(mesh.n_cells),
            "n_rows": mesh.n_cells,
            "lump_row": np.empty(0, int),
            "lump_temperature": np.empty(0),
            "face": np.arange(mesh.n_faces),
            "surface_temperature": (300.0 + 50.0 * mesh.face_centre[:, 0])[:, None].repeat(2, 1),
        },
        "cells": {"temperature": 300.0 + 50.0 * mesh.cell_centre[:, 0]},
        "names": {},
    }


def all_figures(solution):
    figures = report(solution)
    with rc_context(RC):
        return [
            item
            for make in (chart_figures, plan_figures, section_figures)
            for item in make(solution.mesh, solution.record, figures)
        ]


def test_voltage_waterfall_ends_at_the_cell_voltage(cell):
    figures = report(cell)
    steps = voltage_steps(figures)
    parts = [step for step in steps if step[3] != "sum"]
    assert sum(end - start for _, start, end, _ in parts) == pytest.approx(3.25, abs=1e-14)
    assert all(after[1] == before[2] for before, after in zip(parts, parts[1:], strict=False))
    assert steps[-1] == ("cell voltage", 0.0, figures["voltage"]["cell_V"], "sum")
    inside = next(end for name, _, end, _ in steps if name == "inside the cell")
    assert inside == pytest.approx(figures["voltage"]["cell_V"] - figures["voltage"]["external_V"], abs=1e-14)


def test_heat_waterfall_rises_to_what_is_made_and_falls_to_zero(cell):
    figures = report(cell)
    steps = heat_steps(figures)
    total = next(i for i, step in enumerate(steps) if step[3] == "sum")
    assert steps[total - 1][2] == pytest.approx(figures["heat"]["generated_W"], rel=1e-14) == steps[total][2]
    assert steps[-1][2] == pytest.approx(0.0, abs=1e-10)
    assert {name: start - end for name, start, end, _ in steps[total + 1 :]} == pytest.approx(
        {name.replace("_", " "): value for name, value in figures["heat"]["losses"].items()}
    )
    assert all((end < start) == (kind in ("loss", "taken")) for _, start, end, kind in steps)
    assert {kind for *_, kind in steps} == {"source", "taken", "sum", "loss"}


def test_heat_that_comes_in_is_no_loss(cell):
    figures = report(cell)
    figures["heat"]["losses"]["bottom"] *= -1.0
    assert [kind for name, *_, kind in heat_steps(figures) if name == "bottom"] == ["source"]


def test_every_figure_has_a_file_and_no_axes_are_empty(cell, tmp_path):
    made = all_figures(cell)
    names = [name for name, *_ in made]
    assert len(set(names)) == len(names) and {"voltage", "heat", "ledge"} <= set(names)
    for name, title, caption, figure in made:
        assert title and caption, name
        assert all(axes.has_data() for axes in figure.axes), name
        written = [text.get_text() for text in figure.texts]
        assert any("stack" in text and "3.250 V" in text for text in written), name
    figures = report(cell)
    write_report(figures, here(cell, figures), tmp_path)
    for name in names:
        data = (tmp_path / "figures" / f"{name}.png").read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n" and 900 <= struct.unpack(">I", data[16:20])[0] <= 1300, name
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(f'id="figure-{name}"' in page for name in names)


def test_a_run_that_does_not_count_says_so_on_every_figure(cell):
    figures = report(cell)
    figures["status"]["converged"] = False
    with rc_context(RC):
        made = [*chart_figures(cell.mesh, cell.record, figures), *section_figures(cell.mesh, cell.record, figures)]
    assert made and all(any("NOT CONVERGED" in text.get_text() for text in figure.texts) for *_, figure in made)


@pytest.mark.parametrize(
    ("shape", "axes"), [((3, 4, 5), [0, 1]), ((3, 4, 1), [2]), ((1, 4, 5), [0]), ((1, 1, 5), [1]), ((1, 4, 1), [2])]
)
def test_sections_of_a_block_without_anodes(shape, axes):
    edges = [np.linspace(0.0, 1.0, n + 1) for n in shape]
    mesh = lattice_mesh(edges, np.zeros(shape, int), ["block"], ["steel"], ())
    assert [axis for axis, *_ in choose_planes(mesh, {})] == axes
    figures = {"title": "", "voltage": {"cell_V": None}, "status": {"converged": True}}
    made = section_figures(mesh, empty_record(mesh), figures)
    assert [name for name, *_ in made] == [f"temperature_{('yz', 'xz', 'xy')[axis]}" for axis in axes]


def test_plane_through_an_anode_shows_the_most_parts():
    """Two anodes; only the second stands over a bar, and only in its middle has it a stem."""
    region = np.zeros((7, 3, 3), int)
    region[1:3, :, 2], region[4:, :, 2] = 1, 2
    region[5, 1, 2] = 3
    region[5, :, 0] = 4
    edges = [np.linspace(0.0, n, n + 1) for n in region.shape]
    mesh = lattice_mesh(
        edges, region, ["bath", "anode_1.plate", "anode_2.plate", "anode_2.stem", "bar_1"], ["m"] * 5, ()
    )
    first, second = mesh.region[mesh.owner] == 1, (mesh.region[mesh.owner] == 2) | (mesh.region[mesh.owner] == 3)
    face = np.flatnonzero(first | second)
    record = {
        "electric": {"face": face},
        "electrodes": {"index": np.arange(face.size), "anode": np.where(first[face], 0, 1)},
    }
    assert [(axis, place) for axis, place, *_ in choose_planes(mesh, record)] == [(0, 5.5), (1, 1.5)]


def test_rods_that_stick_out_are_cut_off():
    region = np.zeros((9, 1, 9), int)
    region[:4, :, 3:], region[5:, :, 3:] = -1, -1
    mesh = lattice_mesh([np.linspace(0.0, 1.0, n + 1) for n in region.shape], region, ["block"], ["steel"], ())
    view = look(mesh, empty_record(mesh), cut(mesh, 1, 0.5), "here")
    assert view.window == pytest.approx((0.0, 1.0, 0.0, 3.5 / 9.0))


def test_mid_gap_lies_between_anode_and_metal(cell):
    assert mid_gap(cell.mesh, cell.record) == (pytest.approx(1.5), True)


def test_wall_position_runs_round_the_corner():
    centre = np.array([[2.0, 0.5, 0.1], [1.9, 0.5, 0.9], [2.0, 1.0, 0.1], [1.5, 1.2, 0.1], [0.5, 1.1, 0.1]])
    towards = np.array([[1.0, 0, 0]] * 3 + [[0, 1.0, 0]] * 2)
    assert wall_position(centre, towards) == pytest.approx([0.0, 0.0, 0.5, 0.5, 1.5])
    assert corners(centre, towards) == pytest.approx([0.5])


def test_the_middle_of_a_side_is_on_the_cut_of_a_symmetric_cell():
    centre = np.array([[2.0, y, z] for z in (0.1, 0.3) for y in (0.2, 0.6, 1.0)])
    towards = np.tile([1.0, 0.0, 0.0], (6, 1))
    assert mid_sides(centre, towards, ("y",))["x+"].tolist() == [0, 3]
    assert mid_sides(centre, towards, ())["x+"].tolist() == [1, 4]


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("anode_28.plate", "anode plate"),
        ("cathode.block_12", "cathode block"),
        ("bar_3", "bar"),
        ("cathode.plate_4", "cathode plate"),
        ("cast_iron_25", "cast iron"),
        ("7", "7"),
        ("lid", "lid"),
        ("layer_2b", "layer 2b"),
    ],
)
def test_names_of_parts(region, name):
    assert part_name(region) == name


def test_names_stay_in_their_parts_and_apart():
    """A broad part has its name inside, a tall one has it turned, a thin one beside the section."""
    at = np.linspace(0.0, 1.0, 101)
    parts = np.zeros((101, 101), int)
    parts[:, 80:86], parts[:2] = 1, 2
    layout = Layout(at, at, scale=3.0)
    inside, beside = label_parts(layout, parts, ["block", "wall", "shell"], 7.5, most=10)
    assert {text: turned for text, _, _, turned in inside} == {"wall": True, "block": False}
    for text, a, b, _ in inside:
        assert parts[round(b * 100), round(a * 100)] == ["block", "wall", "shell"].index(text)
    assert [text for text, *_ in beside] == ["shell"] and beside[0][1] > 0.9
    assert layout.put(parts == 9, "nowhere", 7.5) is None


def test_spread_keeps_order_distance_and_limits():
    out = spread([0.1, 0.1, 0.12, 0.9, 1.5], 0.2, 0.0, 1.0)
    assert np.all(np.diff(out) >= 0.2 - 1e-12) and out[0] >= 0.0 and out[-1] <= 1.0
    crowded = spread(np.zeros(11), 0.2, 0.0, 1.0)
    assert crowded == pytest.approx(np.linspace(0.0, 1.0, 11))


def test_matplotlib_says_nothing_without_a_home():
    keep = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    }
    script = "import oxycell, matplotlib; matplotlib.get_configdir(); matplotlib.get_cachedir()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**keep, "HOME": "/proc/nobody", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_captions_have_no_leftovers(cell):
    for _, title, caption, _ in all_figures(cell):
        assert not re.search(r"[{}]|None|nan", title + caption)
