"""A case on two or three meshes: the error bar contains exact values, coarse meshes that tell nothing are flagged,
limits are kept."""

import json
import math
import re

import pytest
from tests.verification.checkers import box, case_of, fixed, layers, material, surface

from oxycell import runtime
from oxycell.case.load import shipped_cases
from oxycell.cli import main
from oxycell.errors import CaseError, FileError
from oxycell.refinement import solve_refined
from oxycell.run import report_again, solve_with_report

CORNER = 1.0 - 2.0 / math.pi * math.log(2.0)
"""Resistance of the corner of a bent strip in squares, 0.5587: conformal map, Hall (1968), Thin Solid Films 1, 277."""


def refined(case, meshes):
    return solve_refined(case, solve_with_report, meshes)


def bent_strip(h):
    """Strip 1 m wide with two arms of 3 squares and 1 Ω a square; the inner edge of the corner is a singularity of
    order 4/3."""
    return case_of(
        materials={"m": material(1.0)},
        boxes=[box("a", "m", (0.0, 4.0)), box("b", "m", (0.0, 1.0), (1.0, 4.0))],
        mesh={"size": f"{h!r} m", "size_z": "1 m"},
        physics={"thermal": False},
        surfaces=[surface("begin", "a", "x+"), surface("end", "b", "y+")],
        terminals=[
            {"name": "in", "surfaces": ["begin"], "current": "1 A"},
            {"name": "out", "surfaces": ["end"], "potential": "0 V"},
        ],
    )


@pytest.mark.parametrize(("meshes", "width"), [(2, 0.25), (3, 0.5)])
def test_error_bar_contains_the_exact_resistance(meshes, width):
    solution, figures = refined(bent_strip(width), meshes)
    bar = figures["error_bars"]["figures"]["voltage.cell_V"]
    error = abs(bar["values"][-1] - (6.0 + CORNER))
    assert 0.1 * bar["uncertainty"] < error <= bar["uncertainty"] and bar["flag"] is None
    assert figures["voltage"]["cell_V"] == bar["values"][-1] and len(bar["values"]) == meshes
    assert [mesh["cells"] for mesh in figures["error_bars"]["meshes"]] == [
        solution.mesh.n_cells // 8**i for i in reversed(range(meshes))
    ]
    if meshes == 3:
        assert 1.2 < bar["order"] < 1.6
    else:
        assert bar["order"] is None and bar["basis"] == "order 1 assumed"


def heated_bar(n, x):
    """T = 300 + 200 x (1 − x) K in a bar of 1 m, on n cells."""
    return case_of(
        materials={"m": material(1.0, 1.0)},
        boxes=layers(("bar", "m", 1.0)),
        mesh={"size": "2 m", "size_x": f"{1 / n!r} m"},
        surfaces=[surface("begin", "bar", "x-"), surface("end", "bar", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["begin"], "potential": "20 V"},
            {"name": "out", "surfaces": ["end"], "potential": "0 V"},
        ],
        conditions=[{"on": ["begin", "end"], "path": "ends", "laws": [fixed(300.0)]}],
        probes=[{"name": "p", "at": [f"{x} m", "0.5 m", "0.5 m"]}],
        integrals=[{"name": "bar", "regions": ["bar"]}],
    )


def test_mean_temperature_of_second_order():
    bar = refined(heated_bar(4, 0.4), 3)[1]["error_bars"]["figures"]["integrals.bar.temperature_K.mean"]
    assert abs(bar["values"][-1] - (300.0 + 200.0 / 6.0)) <= bar["uncertainty"] and bar["order"] == pytest.approx(
        2.0, abs=0.01
    )


def test_mesh_too_coarse_to_tell_is_flagged():
    """Two and four cells give 350 K at x = 0.4 m, eight 348.125 K; exact 348 K. Two meshes are sure of themselves,
    three are not."""

    def bar(meshes):
        return refined(heated_bar(2, 0.4), meshes)[1]["error_bars"]["figures"]["probes.p.temperature_K"]

    few, more = bar(2), bar(3)
    assert abs(few["values"][-1] - 348.0) > few["uncertainty"], "if this holds the example has lost its point"
    assert more["flag"] == "differences do not shrink" and abs(more["values"][-1] - 348.0) <= more["uncertainty"]


def test_mesh_files_are_refused(capsys, tmp_path):
    assert "stem-transition" in shipped_cases()
    assert main(["run", "stem-transition", "--error-bars", "-q", "-o", str(tmp_path / "run")]) == 2
    said = capsys.readouterr().err
    assert (
        said.count("\n") == 1
        and "mesh.file: error bars need a mesh that can be refined; allowed: boxes or [cell]" in said
    )
    assert not (tmp_path / "run").exists()


def test_limits(monkeypatch):
    with pytest.raises(CaseError, match="mesh.subdivisions: error bars on 3 meshes need 32; allowed: up to 16"):
        refined(heated_bar(2, 0.4).replaced({"mesh.subdivisions": 8}), 3)
    monkeypatch.setattr(runtime, "memory_left", lambda: 100_000)
    with pytest.raises(FileError, match="error bars: 128 cells on the finest of 3 meshes need about"):
        refined(heated_bar(2, 0.4), 3)


def test_command_writes_the_finest_mesh_and_report_keeps_the_bars(tmp_path, capsys):
    (tmp_path / "case.toml").write_text(heated_bar(4, 0.3).to_toml(), encoding="utf-8")
    assert main(["run", str(tmp_path / "case.toml"), "--error-bars", "-o", str(tmp_path / "run")]) == 0
    said = capsys.readouterr()
    assert "error bars: 2 meshes of 4 to 32 cells" in said.err
    assert re.search(r"heat generated +400\.0 W *\n", said.out), "a figure that no mesh changes has no ±"
    assert re.search(r"± +discretisation error, from meshes of 4 and 32 cells; two give no order", said.out)
    written = json.loads((tmp_path / "run" / "report.json").read_text(encoding="utf-8"))
    assert written["status"]["cells"] == 32 and "subdivisions = 2" in (tmp_path / "run" / "case.toml").read_text(
        encoding="utf-8"
    )
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert 'id="error_bars"' in page and " ± " in page and "order 1 assumed" in page
    assert report_again(tmp_path / "run")[1]["error_bars"] == written["error_bars"] != {}
    assert main(["run", "--resume", str(tmp_path / "run"), "--error-bars"]) == 2
