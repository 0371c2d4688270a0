"""Conditions in cases: a law of your own is one class and one line, and each balance takes its own laws."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import oxycell
from oxycell.errors import CaseError
from oxycell.physics.heat.boundaries import HEAT_LAWS
from oxycell.verification.parts import box, convection, cut, fixed, held, material, on, surface, wind

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-law.md").read_text(encoding="utf-8")
SCRIPT, WALL = (re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1] for language in ("python", "toml"))
LINE = 'HEAT_LAWS["fan"] = Fan\n'
FIRST = "from oxycell.physics.heat.boundaries import HEAT_LAWS"
LOST = 570.0 / (0.2 / 1.5 + 1.0 / (7.2 * 4.0**0.78))
"""[W], through a wall of 1 m², 0.2 m of 1.5 W/m/K, from 600 °C to air at 30 °C."""


@pytest.fixture
def run(tmp_path):
    """Function that runs a script in a folder with wall.toml, in a process of its own."""
    (tmp_path / "wall.toml").write_text(WALL, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(oxycell.__file__).parents[1])}

    def run(script):
        command = [sys.executable, "-c", script]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


def test_law_of_ones_own(run):
    """The page's script: one class and one line, and the case is read, solved, explained and described."""
    more = """
import json
from oxycell.case.explain import explain, schema

print(json.dumps({
    "explained": [[entry.key, entry.unit, entry.allowed, entry.meaning] for entry in explain("conditions.laws.speed")],
    "schema": "Fan" in json.loads(schema())["$defs"],
    "ledger": oxycell.report(solution)["balance"]["heat"],
    "written": oxycell.load("wall.toml").to_toml(),
}))
"""
    done = run(SCRIPT + more)
    assert done.returncode == 0, done.stderr
    printed, found = done.stdout.splitlines()
    assert float(printed.removesuffix(" W")) == pytest.approx(LOST, rel=1e-9)
    assert f"{LOST / 1e3:.2f} kW" in PAGE
    found = json.loads(found)
    assert ["conditions[].laws[] (fan).speed", "m/s", "> 0", "speed of the air at the surface"] in found["explained"]
    assert found["schema"] and found["ledger"]["relative"] <= 1e-8
    assert '{ kind = "fan", speed = "4 m/s", air = "303.15 K" }' in found["written"]


def test_law_varies_with_position(run):
    """What its options are declared as is all it takes: colder air at one half of the wall."""
    changed = WALL.replace('air = "30 degC"', 'air = { y = ["0.5 m", "0.5001 m"], value = [303.15, 203.15] }')
    halves = "\n[mesh]\ncells_y = [2]\ncells_x = [1]\ncells_z = [1]\nsize = '1 m'\n"
    done = run(SCRIPT.replace('"wall.toml"', '"halves.toml"').replace("import oxycell\n", f"""import oxycell
open("halves.toml", "w").write({changed + halves!r})
"""))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.removesuffix(" W\n")) == pytest.approx(LOST * 620.0 / 570.0, rel=1e-9)


@pytest.mark.parametrize(
    "script",
    [
        SCRIPT.replace(LINE, ""),
        SCRIPT.replace(LINE, "").replace("import oxycell\n", "import oxycell\noxycell.load\n" + LINE),
        "import oxycell\noxycell.Case\n" + SCRIPT,
    ],
    ids=["without the line", "too late", "after the first case"],
)
def test_without_its_line_it_is_refused(run, script):
    """Counter-test: the class alone is unknown, and so is one that is registered when cases are being read."""
    done = run(script)
    assert done.returncode != 0
    assert 'kind = "fan" is not known' in done.stderr and f"allowed: {', '.join(HEAT_LAWS)}" in done.stderr


def test_registered_by_another_name_is_refused(run):
    done = run(SCRIPT.replace(LINE, 'HEAT_LAWS["blower"] = Fan\n'))
    assert done.returncode != 0 and 'Fan is registered as "blower"' in done.stderr


TRACER = """
from typing import Literal

from oxycell.options import Options, Quantity, option
from oxycell.physics.boundary_laws import BOUNDARY_LAWS


class SpeciesFlux(Options):
    kind: Literal["species_flux"] = "species_flux"
    value: Quantity["mol/m2/s"] = option("flux, > 0 enters the body")


TRACER_LAWS = {"species_flux": SpeciesFlux}
BOUNDARY_LAWS["tracer"] = TRACER_LAWS

import oxycell
from oxycell.case.building.conditions import placed_laws, stated_conditions
from oxycell.case.building.meshing import build_mesh, named_surfaces
from oxycell.physics.varying import Fields

case = oxycell.load("wall.toml")
mesh, _ = build_mesh(case, 0)
stated, _ = stated_conditions(case, mesh, named_surfaces(case, mesh), TRACER_LAWS)
for faces, conditions in stated:
    (law,) = placed_laws(mesh, faces, conditions, TRACER_LAWS, Fields())
    print(mesh.area[faces].sum(), law.kind, law.value, end="; ")
print(oxycell.report(oxycell.solve(case))["heat"]["losses"]["outside"])
"""


def test_third_balance_brings_its_registry(run, tmp_path):
    """One entry: a case may state its laws, it is given them with their faces, and heat passes over them."""
    flux = '{ kind = "species_flux", value = "2 mmol/m2/s" }'
    cold = '{ kind = "convection", coefficient = "20 W/m2/K", fluid = "30 degC" }'
    shared = WALL.replace('laws = [{ kind = "fan", speed = "4 m/s", air = "30 degC" }]', f"laws = [{cold}, {flux}]")
    (tmp_path / "wall.toml").write_text(shared, encoding="utf-8")
    done = run(TRACER)
    assert done.returncode == 0, done.stderr
    tracer, lost = done.stdout.split("; ")
    assert tracer == "1.0 species_flux 0.002"
    assert float(lost) == pytest.approx(570.0 / (0.2 / 1.5 + 1.0 / 20.0), rel=1e-9)
    refused = run(TRACER.replace('BOUNDARY_LAWS["tracer"] = TRACER_LAWS', ""))
    assert refused.returncode != 0 and 'kind = "species_flux" is not known' in refused.stderr


def rod(**more):
    """Rod of 1 m along x, 1 m wide, σ 100 S/m and k 2 W/m/K."""
    return {
        "boxes": [box("rod", "m", (0.0, 1.0))],
        "materials": {"m": material(100.0, 2.0)},
        "mesh": cut(4),
        "surfaces": [surface("begin", "rod", "x-"), surface("end", "rod", "x+"), surface("side", "rod", "y+")],
        **more,
    }


def solved(case):
    return oxycell.solve(oxycell.Case.model_validate(case))


def same(one, other):
    """Whether two records have the same fields."""
    cells, others = one.record["cells"], other.record["cells"]
    return cells.keys() == others.keys() and all(
        np.array_equal(cells[key], others[key], equal_nan=True) for key in cells
    )


POTENTIAL = {"kind": "fixed_potential", "potential": "1 V"}
CURRENT = {"kind": "current_density", "value": "3 A/m2"}


def test_laws_of_a_balance_that_is_not_solved_have_no_effect():
    electric = rod(physics={"thermal": False}, terminals=[held("begin", 0.0)], conditions=[on("end", CURRENT)])
    both = electric | {"conditions": [on("end", CURRENT, convection(9.0, 300.0)), on("side", fixed(400.0))]}
    assert same(solved(electric), solved(both))
    thermal = rod(
        physics={"electric": False}, conditions=[on("begin", fixed(300.0)), on("end", convection(5.0, 500.0))]
    )
    more = [on("begin", fixed(300.0), POTENTIAL), on("end", convection(5.0, 500.0)), on("side", CURRENT)]
    assert same(solved(thermal), solved(thermal | {"conditions": more}))


def test_each_balance_takes_its_own_laws():
    """One condition with laws of both: 100 A/m² through 1/100 ohm m², k (T − 300)/1 m behind a film to 310 K."""
    current = {"kind": "current_density", "value": "100 A/m2"}
    case = rod(
        terminals=[held("begin", 0.0)],
        conditions=[on("end", current, convection(2.0, 310.0)), on("begin", fixed(300.0))],
    )
    report = oxycell.report(solved(case))
    assert report["terminals"]["begin"]["current_A"] == pytest.approx(-100.0, rel=1e-9)
    # Joule heat of 100 W: q L²/2 towards each end, and 2 (T − 300) + 2 (T − 310) = 50 at the far one.
    far = (50.0 + 2.0 * 300.0 + 2.0 * 310.0) / 4.0
    assert report["heat"]["losses"]["end"] == pytest.approx(2.0 * (far - 310.0), rel=1e-7)


def test_surface_with_current_alone_books_no_heat():
    """It names no loss path, and is no surface that heat leaves."""
    case = rod(
        terminals=[held("begin", 0.0)],
        conditions=[on("end", CURRENT), on("begin", fixed(300.0)), on("side", flux_none())],
    )
    assert set(oxycell.report(solved(case))["heat"]["losses"]) == {"begin", "side"}


def flux_none():
    return {"kind": "heat_flux", "value": "0 W/m2"}


def test_wind_out_of_range_is_refused():
    case = rod(physics={"electric": False}, conditions=[on("begin", fixed(400.0)), on("end", wind(500.0, 300.0, 1.0))])
    with pytest.raises(
        CaseError, match=r"conditions: surface 'end': wind: Reynolds number 3[.]\d+e[+]07 .* 10 to 1e[+]07"
    ):
        solved(case)
