"""Case → problem: interfaces matched, names checked, cells expanded, laws and lumps where they were asked."""

import numpy as np
import pytest
from tests.mesh.samples import halves_file
from tests.verification.checkers import box, case_of, convection, layers, material, surface

import oxycell
from oxycell import runtime
from oxycell.case.building.build import build, expand, match_interfaces
from oxycell.errors import CaseError, FileError

ROW = dict(
    materials={"m": material(10.0, 2.0), "n": material(20.0, 1.0), "i": material(k=0.1)},
    boxes=[
        *layers(("anode_1.plate", "m", 0.2), ("bath", "n", 0.1), ("metal", "m", 0.2)),
        box("cover", "i", (0.0, 0.5), (1.0, 1.2)),
    ],
    mesh={"size": "0.5 m"},
    surfaces=[surface("begin", "anode_1.plate", "x-"), surface("end", "metal", "x+")],
    terminals=[
        {"name": "in", "surfaces": ["begin"], "current": "8 A"},
        {"name": "out", "surfaces": ["end"], "potential": "0 V"},
    ],
    conditions=[{"on": ["begin", "end"], "path": "ends", "laws": [convection(5.0, 300.0)]}],
)


def built(**changes):
    return build(case_of(**ROW | changes))


def interface(name, first, second, *laws):
    return {"name": name, "between": [first, second], "laws": list(laws)}


def matched(*interfaces):
    """Names of the interface and side of the first region of every internal face, by the names of the two regions."""
    made = built(interfaces=list(interfaces))
    mesh = made.mesh
    first_side, number = match_interfaces(mesh, made.case.interfaces)
    inner = np.arange(mesh.n_internal)
    names = [mesh.region_names[i] for i in mesh.region]
    assert np.all(number[mesh.n_internal :] == -1) and np.all((first_side == 0) == (number < 0))
    return {
        tuple(sorted((names[mesh.owner[f]], names[mesh.neighbour[f]]))): (
            made.case.interfaces[number[f]].name,
            names[mesh.owner[f] if first_side[f] > 0 else mesh.neighbour[f]],
        )
        if number[f] >= 0
        else None
        for f in inner
    }


def test_first_interface_that_fits_counts():
    found = matched(interface("one", "anode_*", "bath"), interface("two", "metal", "*"), interface("three", "*", "*"))
    assert found[("anode_1.plate", "bath")] == ("one", "anode_1.plate")
    assert found[("bath", "metal")] == ("two", "metal")
    assert found[("anode_1.plate", "cover")][0] == "three"
    assert found.get(("bath", "bath")) is None


def test_order_of_the_two_regions_is_kept():
    assert matched(interface("i", "bath", "anode_*"))[("anode_1.plate", "bath")] == ("i", "bath")
    assert matched(interface("i", "anode_*", "bath"))[("anode_1.plate", "bath")] == ("i", "anode_1.plate")
    assert matched(interface("i", "metal", "bath"))[("anode_1.plate", "bath")] is None


def test_what_conducts():
    """Insulators and boxes left out of the electric domain have no row; the thermal problem has all cells."""
    made = built()
    names = np.array(made.mesh.region_names)[made.mesh.region]
    assert set(names[made.problem.electric.cells]) == {"anode_1.plate", "bath", "metal"}
    assert made.problem.thermal.n_rows == made.mesh.n_cells
    boxes = [
        dict(b, electric=False) if b["name"] == "extra" else b
        for b in [*ROW["boxes"], box("extra", "m", (0.0, 0.5), (1.2, 1.3))]
    ]
    made = built(boxes=boxes)
    assert "extra" not in set(np.array(made.mesh.region_names)[made.mesh.region[made.problem.electric.cells]])
    with pytest.raises(CaseError, match="extra conducts but reaches no terminal"):
        built(boxes=[*ROW["boxes"], box("extra", "m", (0.0, 0.5), (1.2, 1.3))])


def test_lump_shares_a_row():
    made = built(
        lumps=[{"name": "pool", "regions": ["bath", "metal"], "films": {"*": "100 W/m2/K"}, "start": "1000 K"}]
    )
    thermal, mesh = made.problem.thermal, made.mesh
    inside = mesh.cells("bath", "metal")
    assert np.all(thermal.row[inside] == thermal.n_rows - 1) and thermal.n_rows == np.count_nonzero(~inside) + 1
    assert np.unique(thermal.row[~inside]).size == np.count_nonzero(~inside)
    owner, neighbour = thermal.row[mesh.owner[thermal.face]], thermal.row[mesh.neighbour[thermal.face]]
    assert not np.any((mesh.neighbour[thermal.face] >= 0) & (owner == neighbour))
    assert made.problem.start().temperature[-1] == 1000.0


def test_first_film_that_fits_counts():
    made = built(
        lumps=[
            {"name": "pool", "regions": ["bath"], "films": {"metal": None, "anode_*": "50 W/m2/K", "*": "10 W/m2/K"}}
        ]
    )
    thermal, mesh = made.problem.thermal, made.mesh
    film = np.r_[np.full(thermal.plain, -1.0), np.nanmax(np.where(np.isnan(thermal.film), -1.0, thermal.film), axis=1)]
    other = [
        {mesh.region_names[mesh.region[c]] for c in (mesh.owner[f], mesh.neighbour[f])} - {"bath"} for f in thermal.face
    ]
    for name, resistance in (("metal", 0.0), ("anode_1.plate", 0.02), ("cover", 0.1)):
        at = [i for i, found in enumerate(other) if found == {name} and film[i] >= 0.0]
        assert at and np.all(film[at] == resistance), name


def test_surfaces_of_one_condition_are_paths_of_their_own():
    """A condition without a path books each of its surfaces under that surface's name."""
    made = built(conditions=[{"on": ["begin", "end"], "laws": [convection(5.0, 300.0)]}])
    thermal = made.problem.thermal
    names = [made.paths[path] for path in thermal.path[thermal.path >= 0]]
    faces = thermal.face[thermal.special][thermal.path >= 0]
    regions = [made.mesh.region_names[made.mesh.region[made.mesh.owner[face]]] for face in faces]
    assert set(zip(names, regions, strict=True)) == {("begin", "anode_1.plate"), ("end", "metal")}


def test_parts_and_anodes():
    boxes = [dict(b, part="anode_ohmic", anode="A1") if b["name"].startswith("anode") else b for b in ROW["boxes"]]
    made = built(boxes=boxes)
    names = np.array(made.mesh.region_names)[made.mesh.region]
    assert made.anodes == ["A1"]
    assert {made.anodes[i] if i >= 0 else None for i in made.cell_anode[names == "anode_1.plate"]} == {"A1"}
    assert np.all(made.cell_anode[names != "anode_1.plate"] == -1)
    assert {made.parts[i] for i in made.cell_part[names == "anode_1.plate"]} == {"anode_ohmic"} and "bath" in made.parts


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"boxes": []}, "boxes: a case needs a geometry"),
        (
            {"boxes": [*ROW["boxes"], box("odd", "mm", (0.0, 0.1), (2.0, 3.0))]},
            "no material is called \"mm\"; nearest is 'm'",
        ),
        ({"surfaces": [*ROW["surfaces"], surface("begin", "bath", "y-")]}, "'begin' is named twice"),
        ({"surfaces": [*ROW["surfaces"], surface("no", "bth", "y-")]}, "'no'.*'bth'; nearest is 'bath'"),
        (
            {"interfaces": [interface("i", "anode_2*", "bath")]},
            "'i': no region is called 'anode_2.'; nearest is 'anode_1.plate'",
        ),
        (
            {
                "process": {"current_efficiency": 0.9, "electrolyte": "bth"},
                "lumps": [{"name": "bath", "regions": ["bath"], "films": {"*": "1 W/m2/K"}}],
            },
            "no lump is called 'bth'; nearest is 'bath'",
        ),
        ({"process": {"current_efficiency": 0.9}}, "process"),
        ({"regions": [{"name": "a", "material": "m"}]}, "regions: are volumes of a mesh file"),
        (
            {"materials": ROW["materials"] | {"m": {"like": "steele", "thermal_conductivity": "1 W/m/K"}}},
            'materials.m.like: no material is called "steele"',
        ),
        (
            {
                "materials": ROW["materials"]
                | {
                    "m": {
                        "electrical_conductivity": "1 S/m",
                        "electrical_resistivity": "1 ohm m",
                        "thermal_conductivity": "1 W/m/K",
                    }
                }
            },
            "states conductivity and resistivity",
        ),
        (
            {
                "ledge": {"pools": ["bath"], "walls": ["cover"]},
                "lumps": [{"name": "bath", "regions": ["bath"], "films": {"*": "1 W/m2/K"}}],
            },
            "ledge.liquidus: is needed",
        ),
    ],
)
def test_errors(changes, message):
    with pytest.raises(CaseError, match=message):
        built(**changes)


def test_process_without_a_pool_is_an_error():
    """Feed and recombination need a lump to take them from; left out silently they would be missing in the balance."""
    laws = interface("i", "anode_*", "bath", {"kind": "equilibrium"}, {"kind": "reversible_heat", "share": 1.0})
    with pytest.raises(CaseError, match="lump"):
        built(process={"current_efficiency": 0.9}, interfaces=[laws])


def test_boxes_expand_to_themselves():
    case = case_of(**ROW)
    assert expand(case) is case


@pytest.fixture(scope="module")
def flagship():
    return oxycell.load("kraz-140ka").replaced({"mesh.size": "400 mm", "mesh.growth": 20})


def test_expanded_cell_builds_the_same_problem(flagship):
    """[cell] and its expansion, through text and back, give bitwise the same mesh, rows, faces, laws and first
    state."""
    whole = expand(flagship)
    assert whole.cell is None and whole.boxes and whole.terminals and whole.lumps and whole.ledge
    assert expand(whole) is whole
    one, other = build(flagship), build(whole)
    assert one.mesh.hash == other.mesh.hash and one.moves == other.moves
    for part in ("electric", "thermal"):
        for name, value in vars(getattr(one.problem, part)).items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(
                    value, getattr(getattr(other.problem, part), name), equal_nan=value.dtype.kind == "f"
                ), (part, name)
    assert np.array_equal(one.problem.start().vector, other.problem.start().vector)


def test_cell_needs_its_blocks(flagship):
    with pytest.raises(CaseError, match=r"bath: a \[cell\] needs \[bath\]"):
        expand(flagship.replaced({"bath": None}))


def test_what_the_case_states_beside_the_cell_wins(flagship):
    """A condition, a material and a surface added to a cell stand beside the cell's own."""
    case = flagship.replaced({"materials.side_joint": {"insulator": True, "thermal_conductivity": "9 W/m/K"}})
    assert build(case).materials["side_joint"].thermal_conductivity(np.array([500.0]))[0][0] == 9.0
    whole = expand(case)
    assert {s.name for s in whole.surfaces} >= {s.name for s in expand(flagship).surfaces}


@pytest.mark.parametrize(("kind", "needed"), [("boxes", 1000), ("file", 4000)])
def test_a_solve_too_large_for_the_memory_is_refused(tmp_path, monkeypatch, kind, needed):
    """A cell of a mesh file takes four times the memory of one of boxes."""
    case = case_of(**ROW)
    if kind == "file":
        halves_file(tmp_path / "cube.msh", 4, "hexahedron")
        case = case_of(
            materials={"m": material(10.0, 2.0)},
            regions=[{"name": name, "material": "m"} for name in ("left", "right")],
            mesh={"file": str(tmp_path / "cube.msh")},
            physics={"electric": False},
            interfaces=[{"name": "joint", "between": ["left", "right"], "laws": []}],
            conditions=[{"on": ["skin"], "laws": [convection(5.0, 300.0)]}],
        )
    cells = build(case).mesh.n_cells
    monkeypatch.setattr(runtime, "memory_left", lambda: needed * cells - 1)
    with pytest.raises(FileError, match=f"solve: {cells:,} cells need about .* of memory"):
        build(case)
    monkeypatch.setattr(runtime, "memory_left", lambda: needed * cells)
    build(case)
