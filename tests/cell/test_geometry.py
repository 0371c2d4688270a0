"""The expansion of a horizontal cell: areas, names, heights, symmetry, what does not fit."""

from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from oxycell.case.building.build import expand as expand_case
from oxycell.case.case import Case
from oxycell.case.load import load
from oxycell.case.writing import plain_data
from oxycell.cell.geometry import expand
from oxycell.cell.options import CellMesh
from oxycell.errors import CaseError
from oxycell.mesh.build import build_mesh, select_surface
from oxycell.mesh.options import MeshOptions

CASES = Path(__file__).resolve().parents[2] / "cases"
HEAD = {
    "operation": {"line_current": "140 kA"},
    "process": {"current_efficiency": 0.887},
    "bath": {"excess_alf3": 20, "caf2": 4, "alumina": 4},
}
PATHS = {"lid", "rods", "side_bath", "side_metal", "side_lower", "deck", "bottom", "bars"}


def case(**cell):
    return Case.model_validate({**HEAD, "cell": cell})


def expanded(**cell):
    given = case(**cell)
    return expand(given.cell, given.operation, given.process, given.bath)


def meshed(sections, **options):
    """The mesh of an expansion, coarse enough for a test."""
    given = {"size": "300 mm", "growth": 8.0, **plain_data(sections["mesh"], stated_only=True), **options}
    return build_mesh(sections["boxes"], MeshOptions.model_validate(given))


def named(sections, name):
    return [box for box in sections["boxes"] if box.name == name]


def width(box, axis):
    low, high = getattr(box, axis)
    return high - low


@pytest.fixture(scope="module")
def default():
    return expanded()


@pytest.fixture(scope="module")
def mesh(default):
    return meshed(default)[0]


def contact_area(mesh, first, second):
    """Area between two sets of regions, of the whole cell."""
    inner = np.flatnonzero(mesh.neighbour >= 0)
    a, b = mesh.cells(first), mesh.cells(second)
    owner, neighbour = mesh.owner[inner], mesh.neighbour[inner]
    fits = (a[owner] & b[neighbour]) | (b[owner] & a[neighbour])
    return mesh.area[inner[fits]].sum() * mesh.multiplicity


def check_outside(sections, mesh):
    """Every outer face belongs to one surface, every surface to one condition."""
    found = np.zeros(mesh.n_faces, int)
    for surface in sections["surfaces"]:
        found[select_surface(mesh, surface)] += 1
    assert np.array_equal(found == 1, mesh.outer)
    for surface in sections["surfaces"]:
        fits = [c for c in sections["conditions"] if any(fnmatchcase(surface.name, pattern) for pattern in c.on)]
        assert len(fits) == 1, surface.name


def test_counts(default):
    kinds = Counter(
        box.name.split("_")[0] if "." not in box.name else box.name.split(".")[-1] for box in default["boxes"]
    )
    assert kinds["plate"] == kinds["stem"] == kinds["rod"] == 32
    assert kinds["bar"] == kinds["cast"] == 32
    assert len({box.name for box in default["boxes"] if box.name.startswith("cathode.block_")}) == 16
    assert {box.anode for box in default["boxes"] if box.anode} == {f"anode_{n:02d}" for n in range(1, 33)}


def test_areas_of_plates_blocks_and_bars(default):
    plates = [box for box in default["boxes"] if box.name.endswith(".plate")]
    assert sum(width(box, "x") * width(box, "y") for box in plates) == pytest.approx(23.296, rel=1e-12)
    assert 140e3 / 23.296 == pytest.approx(6010, rel=1e-3)  # 0.601 A/cm², cells.md A
    block = named(default, "cathode.block_01")[0]
    assert width(block, "x") * width(block, "y") == pytest.approx(0.52 * 3.30)
    for bar in (box for box in default["boxes"] if box.name.startswith("bar_")):
        assert width(bar, "x") * width(bar, "z") == pytest.approx(0.115 * 0.230)
        assert width(bar, "y") == pytest.approx(2.0)


def test_heights_and_extents(default):
    plate = named(default, "anode_32.plate")[0]
    assert plate.x == (3.94, 4.46) and plate.y == (0.1, 1.5) and plate.z == (0.285, 0.385)
    assert named(default, "anode_32.stem")[0].z == (0.385, 0.83)
    assert named(default, "anode_32.rod")[0].z == (0.83, 2.83)
    shell = named(default, "shell.bottom")[0]
    assert shell.x == (-4.751, 4.751) and shell.y == (-1.951, 1.951) and shell.z == (-0.771, -0.755)
    floors = [named(default, f"lining.{name}")[0].z[0] for name in ("slab", "insulation", "refractory")]
    assert floors == [-0.755, -0.71, -0.58]
    assert named(default, "bar_32")[0].y == (0.15, 2.15) and named(default, "bar_32")[0].z == (-0.45, -0.22)
    assert named(default, "lid.steel")[0].z == (0.68, 0.7)


def test_wetted_and_contact_areas_on_the_mesh(mesh):
    plate = 2 * (0.52 * 1.40) + 2 * 0.10 * (0.52 + 1.40) - 0.133**2
    assert contact_area(mesh, "anode_*.plate", "bath") == pytest.approx(32 * plate, rel=1e-9)
    assert contact_area(mesh, "bath", "metal") == pytest.approx(9.30 * 3.70, rel=1e-9)
    assert contact_area(mesh, "cathode.block_*", "metal") == pytest.approx(16 * 0.52 * 3.30, rel=1e-9)
    assert contact_area(mesh, "bath", "side.block") == pytest.approx(26.0 * 0.22, rel=1e-9)
    iron = 1.50 * (0.139 + 2 * 0.242) + 0.139 * 0.242 - 0.115 * 0.230
    assert contact_area(mesh, "cast_iron_*", "cathode.block_*") == pytest.approx(32 * iron, rel=1e-9)
    assert contact_area(mesh, "bar_*", "shell.side") == pytest.approx(32 * 0.016 * (2 * 0.115 + 2 * 0.230), rel=1e-9)
    assert contact_area(mesh, "anode_*.rod", "anode_*.stem") == pytest.approx(32 * 0.133**2, rel=1e-9)


def test_no_planes_nearly_coincide(default):
    assert meshed(default)[1] == []
    for axis in "xyz":
        planes = np.unique([value for box in default["boxes"] for value in getattr(box, axis)])
        assert np.diff(planes).min() > 2e-3


def test_every_outer_face_has_one_surface_and_every_surface_one_condition(default, mesh):
    check_outside(default, mesh)


def test_loss_paths_are_those_of_a_cell(default):
    assert {condition.path for condition in default["conditions"]} == PATHS


def test_interfaces_meet_on_the_mesh(default, mesh):
    for interface in default["interfaces"]:
        assert contact_area(mesh, *interface.between) > 0.0, interface.name


def test_bars_carry_no_current_but_through_cast_iron(default):
    laws = {interface.name: [law.kind for law in interface.laws] for interface in default["interfaces"]}
    assert laws["bar_block"] == laws["bar_seam"] == laws["cast_iron_seam"] == ["insulation"]
    assert laws["bar_shell"] == ["insulation", "contact"]


def test_electrode_laws(default):
    laws = {interface.name: interface.laws for interface in default["interfaces"]}
    assert [law.kind for law in laws["anode_bath"]] == [
        "equilibrium",
        "asinh",
        "resistance",
        "resistance",
        "reversible_heat",
    ]
    asinh, scale, bubbles, heat = laws["anode_bath"][1:]
    assert (asinh.exchange_current_density, asinh.transfer_number, scale.resistance) == (200.0, 2.0, 2.0e-6)
    assert (bubbles.resistance, bubbles.facing, bubbles.part, bubbles.heat) == (1.67e-5, "down", "bubbles", "pool")
    concentration, rest = laws["bath_metal"]
    assert heat.share + rest.share == pytest.approx(1.0)
    # 0.040 V at 0.440 A/cm² and 905 °C (cells.md A.3)
    eta = concentration.slope * 1178.15 / 8 * np.log1p((4400.0 / concentration.threshold) ** 8)
    assert eta == pytest.approx(0.034, abs=0.006)
    joint = next(i for i in default["interfaces"] if i.name == "rod_stem").laws[0]
    assert joint.electric / 0.133**2 == pytest.approx(5.0e-6)


def test_raised_anode_shifts_plate_and_shortens_stem():
    sections = expanded(symmetry="full", anodes={"raised": {"anode_20": "10 mm"}})
    assert named(sections, "anode_20.plate")[0].z == (0.295, 0.395)
    assert named(sections, "anode_20.stem")[0].z == (0.395, 0.83)
    assert named(sections, "anode_20.rod")[0].z == named(sections, "anode_21.rod")[0].z
    assert named(sections, "anode_21.plate")[0].z == (0.285, 0.385)


def test_lowered_anode_keeps_the_gap_resolved():
    raised = {name: "-20 mm" for name in ("anode_01", "anode_16", "anode_17", "anode_32")}
    mesh, moves = meshed(expanded(anodes={"raised": raised}))
    z = mesh.lattice.z
    assert moves == [] and np.sum((z >= 0.22 - 1e-9) & (z < 0.265 - 1e-9)) >= CellMesh().gap_cells


def test_disconnected_rod_leaves_the_beam():
    sections = expanded(symmetry="full", anodes={"disconnected": ["anode_05"]})
    names = [surface.name for surface in sections["surfaces"]]
    assert "rod_top_05" not in names and "rod_open_05" in names
    assert sum(name.startswith("rod_top_") for name in names) == 31
    assert any("rod_open_*" in condition.on and condition.path == "rods" for condition in sections["conditions"])


@pytest.mark.parametrize(
    ("symmetry", "planes", "tops", "ends"),
    [("full", (), 32, 32), ("half", ("y",), 16, 16), ("quarter", ("x", "y"), 8, 8)],
)
def test_symmetry_is_a_choice_of_planes_only(default, symmetry, planes, tops, ends):
    sections = expanded(symmetry=symmetry)
    assert sections["boxes"] == default["boxes"]
    assert sections["mesh"].symmetry == planes
    names = [surface.name for surface in sections["surfaces"]]
    assert sum(name.startswith("rod_top_") for name in names) == tops
    assert sum(name.startswith("bar_end_") for name in names) == ends


def test_boxes_and_mesh_mirror(default, mesh):
    def key(box, flip):
        spans = [
            tuple(sorted(-v for v in getattr(box, axis))) if axis == flip else getattr(box, axis) for axis in "xyz"
        ]
        return (box.material, box.part, *np.round(spans, 9).ravel())

    for axis in "xy":
        assert Counter(key(box, "") for box in default["boxes"]) == Counter(key(box, axis) for box in default["boxes"])
    full, _ = meshed(expanded(symmetry="full"))
    for axis in "xy":
        edges = getattr(full.lattice, axis)
        np.testing.assert_allclose(edges, -edges[::-1], atol=1e-12)
        np.testing.assert_allclose(edges[edges > -1e-12], getattr(mesh.lattice, axis), atol=1e-12)
    assert full.cell_volume.sum() == pytest.approx(4 * mesh.cell_volume.sum(), rel=1e-12)


def test_gap_has_its_cells(mesh):
    z = mesh.lattice.z
    assert np.sum((z > 0.22 - 1e-9) & (z < 0.285 - 1e-9)) == CellMesh().gap_cells


def test_expansion_is_a_case(default):
    whole = expand_case(case())
    assert whole.boxes == default["boxes"]
    assert whole.materials["lid_board"].thermal_conductivity == 0.12
    assert whole.materials["rod"].area_factor == pytest.approx((0.13 / 0.133) ** 2)
    again = Case.model_validate_json(whole.model_dump_json(by_alias=True, exclude_none=True))
    assert again.boxes == whole.boxes and again.interfaces == whole.interfaces and again.conditions == whole.conditions


def test_gap_material_and_current_reach_the_sections():
    given = Case.model_validate(
        {
            **HEAD,
            "operation": {"line_current": "150 kA"},
            "cell": {"anodes": {"gap": "70 mm", "material": "inert_nife2o4_17cu_cermet"}},
        }
    )
    sections = expand(given.cell, given.operation, given.process, given.bath)
    assert sections["terminals"][0].current == 150e3
    plate = named(sections, "anode_01.plate")[0]
    assert plate.z == (0.29, 0.39) and plate.material == "inert_nife2o4_17cu_cermet"
    assert sections["interfaces"][0].laws[1].exchange_current_density == 700.0


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({"anodes": {"raised": {"anode_33": "10 mm"}}}, "anode_33"),
        ({"anodes": {"raised": {"anode_20": "10 mm"}}}, "symmetry"),
        ({"anodes": {"disconnected": ["anode_20"]}}, "symmetry"),
        ({"anodes": {"pitch": "0.50 m"}}, "anodes.pitch"),
        ({"anodes": {"per_row": 15}}, "symmetry"),
        ({"symmetry": "full", "anodes": {"raised": {"anode_01": "-70 mm"}}}, "metal surface"),
        ({"cathode": {"blocks": 20}}, "pools.length"),
        ({"bars": {"width": "0.51 m"}}, "cathode.width"),
        ({"side": {"top": "0.40 m"}}, "side.top"),
        ({"cathode": {"slope": [{"width": "0.1 m", "top": "0.5 m"}]}}, "slope"),
        ({"bars": {"width": "-1 mm"}}, "greater than 0"),
    ],
)
def test_what_does_not_fit_is_named(cell, message):
    with pytest.raises(ValidationError, match=message):
        case(**cell)


def test_unknown_kinetics_are_asked_for():
    with pytest.raises(CaseError, match="has no kinetics for"):
        expanded(anodes={"material": "cast_iron"})
    with pytest.raises(CaseError, match="kinetics.like"):
        expanded(anodes={"kinetics": {"like": "unobtainium"}})


@pytest.mark.parametrize("name", ["kraz-140ka", "kraz-140ka-naked"])
def test_shipped_cases_mesh(name):
    given = load(CASES / name)
    whole = expand_case(given)
    mesh, moves = build_mesh(whole.boxes, whole.mesh)
    assert moves == [] and 120_000 < mesh.cell_volume.size < 260_000
    for interface in whole.interfaces:
        assert contact_area(mesh, *interface.between) > 0.0, interface.name
    for surface in whole.surfaces:
        select_surface(mesh, surface)


def test_flagship_is_the_default_cell():
    assert load(CASES / "kraz-140ka").cell == case().cell
