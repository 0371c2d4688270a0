"""The expansion of a vertical cell: areas, heights, names, laws, gas, symmetry, what does not fit."""

from collections import Counter

import numpy as np
import pytest
from pydantic import ValidationError

import oxycell
from oxycell.case.building.build import build
from oxycell.case.case import Case
from oxycell.case.solving.solve import solve_case
from oxycell.case.writing import plain_data
from oxycell.cell.geometry import expand
from oxycell.mesh.build import build_mesh
from oxycell.mesh.options import MeshOptions

HEAD = {
    "operation": {"line_current": "140 kA"},
    "process": {"current_efficiency": 0.90},
    "bath": {"excess_alf3": 20, "caf2": 4, "alumina": 4},
}
COARSE = {"gap_cells": 2, "plate_cells": 1, "height_cells": 5, "foot_cells": 1, "cover_cells": 1}
SMALL = {
    "anodes": {"per_row": 2},
    "cathode": {"blocks": 2},
    "pools": {"length": "0.97 m"},
    "top": {"lid_length": "1.07 m"},
}
"""A short cell of 4 anodes: everything is there and a whole one can be solved in a test."""


def case(**cell):
    return Case.model_validate({**HEAD, "cell": {"electrodes": "vertical", **cell}})


def expanded(**cell):
    given = case(**cell)
    return expand(given.cell, given.operation, given.process, given.bath)


@pytest.fixture(scope="module")
def default():
    return expanded()


@pytest.fixture(scope="module")
def mesh(default):
    given = {"size": "300 mm", "growth": 8.0, **plain_data(default["mesh"], stated_only=True)}
    mesh, moves = build_mesh(default["boxes"], MeshOptions.model_validate(given))
    assert moves == []
    return mesh


def contact_area(mesh, first, second, z=(-9.0, 9.0)):
    """Area between two sets of regions at these heights, of the whole cell."""
    inner = np.flatnonzero((mesh.neighbour >= 0) & (mesh.face_centre[:, 2] > z[0]) & (mesh.face_centre[:, 2] < z[1]))
    a, b = mesh.cells(first), mesh.cells(second)
    owner, neighbour = mesh.owner[inner], mesh.neighbour[inner]
    fits = (a[owner] & b[neighbour]) | (b[owner] & a[neighbour])
    return mesh.area[inner[fits]].sum() * mesh.multiplicity


def volume(mesh, pattern):
    return mesh.cell_volume[mesh.cells(pattern)].sum() * mesh.multiplicity


def test_counts_and_heights(default):
    kinds = Counter(box.name.split(".")[-1] if box.anode else box.name.rsplit("_", 1)[0] for box in default["boxes"])
    assert kinds["plate"] == 28 and kinds["stem"] == kinds["rod"] == 56 and kinds["cathode_plate"] == 30
    assert kinds["cast_iron"] == 12 and sum(box.name.endswith(".insert") for box in default["boxes"]) == 12
    plate = next(box for box in default["boxes"] if box.name == "anode_28.plate")
    assert plate.y == (0.1, 1.1) and plate.z == (0.2, 0.8) and plate.x[1] - plate.x[0] == pytest.approx(0.045)
    beside = [box for box in default["boxes"] if box.name in ("cathode_plate_29", "cathode_plate_30")]
    assert all(box.z == (0.0, 0.7) for box in beside)
    assert plate.x[0] - beside[0].x[1] == pytest.approx(0.030) and beside[1].x[0] - plate.x[1] == pytest.approx(0.030)
    stud = next(box for box in default["boxes"] if box.name == "anode_28.stem")
    assert stud.z == (0.7, 1.25) and (stud.x[1] - stud.x[0]) ** 2 == pytest.approx(np.pi / 4 * 0.040**2, rel=1e-5)


def test_areas_of_electrodes_and_contacts(mesh):
    upright = 28 * (2 * 1.00 + 2 * 0.045) * 0.60
    assert contact_area(mesh, "anode_*.plate", "bath") == pytest.approx(upright + 28 * 0.045 * 1.00, rel=1e-9)
    assert contact_area(mesh, "cathode_plate_*", "metal") == pytest.approx(30 * 0.10 * 2.05, rel=1e-9)
    assert contact_area(mesh, "cathode_plate_*", "cathode.*") == pytest.approx(30 * 0.025, rel=1e-9)
    assert contact_area(mesh, "bath", "cathode_plate_*") == pytest.approx(30 * (0.60 * 2.05 + 0.025), rel=1e-9)
    assert contact_area(mesh, "bath", "metal") == pytest.approx(2.53 * 2.78 - 30 * 0.025, rel=1e-9)
    assert contact_area(mesh, "bar_*.insert", "bar_*") >= 12 * 1.44 * 2 * (0.05 + 0.09)
    assert volume(mesh, "anode_*.plate") == pytest.approx(28 * (0.045 * 0.60 - 2 * 0.10 * 0.0354491**2), rel=1e-9)
    assert volume(mesh, "metal") == pytest.approx(0.10 * (2.53 * 2.78 - 30 * 0.025), rel=1e-9)
    assert volume(mesh, "bar_*.insert") == pytest.approx(12 * 0.05 * 0.09 * (1.35 - 0.15 + 0.24), rel=1e-9)


def test_gas_rises_between_28_m2_of_anodes_and_the_cathode_plates():
    columns = build(case(mesh=COARSE).replaced({"mesh.size": "300 mm", "mesh.growth": 20.0})).problem.electric.gas
    mesh = build(case(mesh=COARSE).replaced({"mesh.size": "300 mm", "mesh.growth": 20.0}))
    area = 4 * mesh.mesh.area[mesh.problem.electric.face[columns.face]]
    assert area[columns.closed].sum() == pytest.approx(28.0, rel=1e-9)
    assert 140e3 / area[columns.closed].sum() == pytest.approx(5000.0)  # 0.500 A/cm², cells.md B
    assert columns.width[columns.closed] == pytest.approx(0.030, rel=1e-9)
    assert columns.width[~columns.closed] == pytest.approx(0.025, rel=1e-9)


def test_reaction_faces_have_the_laws_of_both_electrodes(default):
    laws = {spec.name: {law.kind for law in spec.laws} for spec in default["interfaces"]}
    assert {"equilibrium", "asinh", "reversible_heat"} <= laws["anode_bath"]
    assert laws["bath_plate"] == laws["bath_metal"] == {"concentration", "reversible_heat"}
    shares = [law.share for spec in default["interfaces"] for law in spec.laws if law.kind == "reversible_heat"]
    assert shares == pytest.approx([0.8, 0.2, 0.2])


@pytest.fixture(scope="module")
def small():
    """Reports of the short cell, cut in quarters, halves and not at all."""
    found = {}
    for symmetry in ("quarter", "half", "full"):
        short = case(symmetry=symmetry, mesh=COARSE, **SMALL).replaced(
            {
                "mesh.size": "600 mm",
                "mesh.growth": 50.0,
                "operation.line_current": "20 kA",
                "physics.thermal": False,
                "physics.temperature": "1170 K",
            }
        )
        found[symmetry] = oxycell.report(solve_case(short))
    return found


@pytest.mark.parametrize("symmetry", ["half", "full"])
def test_parts_of_the_cell_give_the_whole(small, symmetry):
    quarter, whole = small["quarter"], small[symmetry]
    assert whole["status"]["cells"] == quarter["status"]["cells"] * {"half": 2, "full": 4}[symmetry]
    assert whole["voltage"]["cell_V"] == pytest.approx(quarter["voltage"]["cell_V"], rel=1e-9)
    for part, volts in quarter["voltage"]["parts"].items():
        assert whole["voltage"]["parts"][part] == pytest.approx(volts, rel=1e-9, abs=1e-12), part
    assert not oxycell.report.closed(whole)


def test_every_part_of_the_voltage_is_there(small):
    parts = small["quarter"]["voltage"]["parts"]
    for name in (
        "reversible",
        "anode_activation",
        "anode_film",
        "bubbles",
        "cathode_concentration",
        "bath_ohmic",
        "anode_ohmic",
        "cathode_ohmic",
        "contacts",
        "external",
    ):
        assert parts[name] > 0.0, name
    assert sum(parts.values()) == pytest.approx(small["quarter"]["voltage"]["cell_V"], rel=1e-9)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            {"anodes": {"gap": "80 mm"}},
            "half the length of a row is 1.6225 m; allowed: less than half of pools.length, 1.265 m",
        ),
        ({"anodes": {"height": "0.61 m"}}, "the top of the anodes is 0.81 m; allowed: at most the bath surface, 0.8 m"),
        ({"plates": {"height": "0.15 m"}}, "the bottom of the anodes is 0.2 m; allowed: below plates.height"),
        ({"stems": {"side": "0.05 m"}}, "stems.side is 0.05 m; allowed: at most anodes.thickness, 0.045 m"),
        ({"stems": {"set_in": "0.6 m"}}, "stems.set_in is 0.6 m; allowed: less than anodes.height"),
        ({"bars": {"insert_width": "0.2 m"}}, "bars.insert_width is 0.2 m; allowed: less than bars.width"),
        ({"anodes": {"per_row": 13}}, 'the plane x = 0 would cut an anode or a block; allowed: "half" or "full"'),
        ({"anodes": {"disconnected": ["anode_29"]}}, 'no anode is called "anode_29"; allowed: anode_01 to anode_28'),
        ({"anodes": {"disconnected": ["anode_01"]}}, '"quarter" needs anode_01 and anode_14 alike'),
        ({"anodes": {"width": "1 m"}}, "width"),
    ],
)
def test_what_does_not_fit_is_refused(cell, message):
    with pytest.raises(ValidationError) as caught:
        case(**cell)
    assert message in str(caught.value)
