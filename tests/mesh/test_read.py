"""Mesh files: what is in them arrives whole, what is wrong with them is said in a line, and they give the numbers of
boxes."""

import contextlib
import os
import tomllib
from pathlib import Path
from types import SimpleNamespace

import meshio
import numpy as np
import pytest
from tests.mesh.samples import gmsh_session

import oxycell
from oxycell.case.building.build import build, expand
from oxycell.case.building.meshing import build_mesh
from oxycell.case.case import Case
from oxycell.case.load import load, shipped_cases
from oxycell.case.solving.solve import solve_case
from oxycell.errors import CaseError
from oxycell.mesh.build import select_surface
from oxycell.mesh.check import check_orthogonal, worst_angle
from oxycell.mesh.files import read_file, shipped_meshes
from oxycell.mesh.read import read_mesh

# Two unit cubes on each other: the lower a hexahedron, the upper two wedges.
POINTS = np.array([(x, y, z) for z in (0, 1, 2) for y in (0, 1) for x in (0, 1)], float)
HEXAHEDRON = [[0, 1, 3, 2, 4, 5, 7, 6]]
WEDGES = [[4, 5, 9, 6, 7, 11], [4, 9, 8, 6, 11, 10]]
QUADS = [[0, 1, 3, 2], [5, 4, 0, 1]]
TRIANGLES = [[4, 5, 9], [8, 4, 9]]
PYRAMIDS = [[0, 1, 3, 2, 8], [4, 6, 7, 5, 8], [0, 4, 5, 1, 8], [1, 5, 7, 3, 8], [3, 7, 6, 2, 8], [2, 6, 4, 0, 8]]
TETRAHEDRA = [[0, 1, 3, 7], [0, 1, 7, 5], [0, 5, 7, 4], [0, 3, 2, 7], [0, 6, 4, 7], [0, 2, 6, 7]]
CUBE = POINTS[:8]
NAMES = {"low": (1, 3), "high": (2, 3), "base": (1, 2), "front": (3, 2)}


def regions(*names, material="steel_low_carbon"):
    return [SimpleNamespace(name=name, material=material) for name in names]


def write(path, points, blocks, names=None, **how):
    """A mesh file; blocks are (kind, cells, tag or tags)."""
    tags = [np.broadcast_to(np.asarray(tag), len(cells)).astype(np.int32) for _, cells, tag in blocks]
    key = ("gmsh:physical", "gmsh:geometrical") if path.suffix == ".msh" else ("region",)
    meshio.write(
        path,
        meshio.Mesh(
            np.asarray(points, float),
            [(kind, np.asarray(cells)) for kind, cells, _ in blocks],
            cell_data={name: tags for name in key},
            field_data={name: np.array(pair) for name, pair in (names or {}).items()},
        ),
        **how,
    )
    return path


def towers(path, points=POINTS, names=NAMES, blocks=None, **how):
    blocks = blocks or [
        ("hexahedron", HEXAHEDRON, 1),
        ("wedge", WEDGES, 2),
        ("quad", QUADS[:1], 1),
        ("triangle", TRIANGLES, 3),
    ]
    return write(
        path,
        points,
        blocks,
        names,
        **({"file_format": "gmsh22", "binary": True} | how if path.suffix == ".msh" else how),
    )


def check_geometry(mesh, volume):
    """Closed cells, outward normals, and the volume of the whole by the divergence theorem."""
    vector = mesh.area[:, None] * mesh.normal
    inside = mesh.neighbour >= 0
    gap, divergence = np.zeros((mesh.n_cells, 3)), np.zeros(mesh.n_cells)
    through = np.einsum("ij,ij->i", mesh.face_centre, vector) / 3.0
    for sign, cell, faces in ((1, mesh.owner, slice(None)), (-1, mesh.neighbour[inside], inside)):
        np.add.at(gap, cell, sign * vector[faces])
        np.add.at(divergence, cell, sign * through[faces])
    assert np.abs(gap).max() < 1e-12 * mesh.area.max()
    np.testing.assert_allclose(divergence, mesh.cell_volume, rtol=1e-10)
    assert mesh.cell_volume.sum() == pytest.approx(volume, rel=1e-12)
    assert (mesh.owner[inside] < mesh.neighbour[inside]).all() and inside[: mesh.n_internal].all()
    assert (
        (mesh.distance[:, 0] > 0).all()
        and (mesh.distance[inside, 1] > 0).all()
        and (mesh.distance[~inside, 1] == 0).all()
    )
    np.testing.assert_allclose(np.linalg.norm(mesh.normal, axis=1), 1.0, rtol=1e-14)


# ---- formats ----


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.msh", {"binary": True}),
        ("a.msh", {"binary": False}),
        ("a.vtu", {}),
        ("a.vtu", {"binary": False}),
        ("a.vtk", {}),
    ],
)
def test_formats_give_the_same_mesh(tmp_path, name, how):
    path = towers(tmp_path / name, **how)
    titles = ("low", "high", "base", "front") if path.suffix == ".msh" else ("1", "2", "1", "3")
    mesh = read_mesh(path, regions(*titles[:2]))
    assert mesh.n_cells == 3 and mesh.lattice is None and mesh.multiplicity == 1
    np.testing.assert_allclose(mesh.cell_volume, [1.0, 0.5, 0.5], rtol=1e-14)
    np.testing.assert_allclose(
        mesh.cell_centre, [[0.5, 0.5, 0.5], [2 / 3, 0.5, 4 / 3], [1 / 3, 0.5, 5 / 3]], rtol=1e-14
    )
    assert (
        mesh.region.tolist() == [0, 1, 1]
        and mesh.types.tolist() == [12, 13, 13]
        and mesh.offsets.tolist() == [0, 8, 14, 20]
    )
    base, front = mesh.face_names[titles[2]], mesh.face_names[titles[3]]
    assert (
        mesh.normal[base].tolist() == [[0, 0, -1]]
        and mesh.area[front].tolist() == [0.5, 0.5]
        and mesh.outer[base].all()
    )
    assert (mesh.face_points[front, 3] == -1).all() and (mesh.face_points[base, 3] >= 0).all()


def broken_pipe():
    """Write to a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        os.write(writer, b"a")
    finally:
        os.close(writer)


def test_gmsh_leaves_broken_pipes_to_python():
    """Where it does not, the drawers' tests of the same process end pytest without a word."""
    with gmsh_session():
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BrokenPipeError):
                broken_pipe()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    with pytest.raises(BrokenPipeError):
        broken_pipe()


def test_gmsh_4_1_in_text_and_binary(tmp_path):
    path = shipped_meshes()["stem-transition.msh"]
    with gmsh_session() as gmsh:
        gmsh.open(str(path))
        gmsh.option.setNumber("Mesh.Binary", 1)
        gmsh.write(str(tmp_path / "binary.msh"))
    meshes = [read_mesh(file, regions(*STEM), 1e-3, ("x", "y")) for file in (path, tmp_path / "binary.msh")]
    assert meshes[0].hash == meshes[1].hash
    assert {name: faces.tolist() for name, faces in meshes[0].face_names.items()} == {
        name: faces.tolist() for name, faces in meshes[1].face_names.items()
    }


def test_numbers_serve_where_the_file_has_no_names(tmp_path):
    mesh = read_mesh(towers(tmp_path / "a.msh", names=None), regions("2", "1"))
    assert mesh.region_names == ["2", "1"] and mesh.region.tolist() == [1, 0, 0] and {*mesh.face_names} == {"1", "3"}


def test_scale_and_unused_points(tmp_path):
    mesh = read_mesh(towers(tmp_path / "a.msh", points=np.r_[POINTS, [[9.0, 9.0, 9.0]]]), regions("low", "high"), 1e-3)
    assert mesh.cell_volume.sum() == pytest.approx(2e-9, rel=1e-12) and len(mesh.points) == 12


# ---- geometry ----


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("kind", "cells", "points", "inside"),
    [
        ("hexahedron", HEXAHEDRON, CUBE, 0),
        ("pyramid", PYRAMIDS, [*CUBE, [0.5, 0.4, 0.6]], 12),
        ("tetra", TETRAHEDRA, CUBE, 6),
        ("wedge", [[0, 1, 3, 4, 5, 7], [0, 3, 2, 4, 7, 6]], CUBE, 1),
    ],
)
def test_each_kind_fills_a_cube(tmp_path, kind, cells, points, inside, mirrored):
    turned = {
        "hexahedron": [4, 5, 6, 7, 0, 1, 2, 3],
        "pyramid": [0, 3, 2, 1, 4],
        "tetra": [1, 0, 2, 3],
        "wedge": [3, 4, 5, 0, 1, 2],
    }[kind]
    cells = np.array(cells)[:, turned] if mirrored else np.array(cells)
    points = np.asarray(points, float) * [1.0, 2.0, 3.0]
    mesh = read_mesh(write(tmp_path / "a.vtu", points, [(kind, cells, 1)]), regions("1"))
    check_geometry(mesh, 6.0)
    assert mesh.n_internal == inside
    assert mesh.area[mesh.outer].sum() == pytest.approx(22.0, rel=1e-12)
    centre = mesh.cell_volume @ mesh.cell_centre / 6.0
    np.testing.assert_allclose(centre, [0.5, 1.0, 1.5], rtol=1e-12)


def test_mixed_kinds_and_warped_hexahedra(tmp_path):
    mesh = read_mesh(towers(tmp_path / "a.msh"), regions("low", "high"))
    check_geometry(mesh, 2.0)
    assert mesh.n_internal == 2
    points, cells = grid(5, 4, 3)
    middle = np.all((points > 0.0) & (points < [5, 4, 3]), 1)
    points[middle] += np.random.default_rng(7).uniform(-0.2, 0.2, (np.count_nonzero(middle), 3))
    mesh = read_mesh(write(tmp_path / "warped.vtu", points, [("hexahedron", cells, 1)]), regions("1"))
    check_geometry(mesh, 60.0)


def grid(nx, ny, nz):
    """Points and hexahedra of a box of unit cubes."""
    shape = (nx + 1, ny + 1, nz + 1)
    points = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), -1).reshape(-1, 3).astype(float)
    at = np.stack(np.meshgrid(*(np.arange(n) for n in (nx, ny, nz)), indexing="ij"), -1).reshape(-1, 1, 3)
    shift = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)])
    return points, np.ravel_multi_index(tuple((at + shift).reshape(-1, 3).T), shape).reshape(-1, 8)


@pytest.mark.parametrize(("lean", "notes"), [(0.0, 0), (0.7, 0), (4.0, 1), (40.0, None)])
def test_leaning_cells_are_noted_and_then_refused(tmp_path, lean, notes):
    points, cells = grid(3, 2, 2)
    points[:, 0] += lean * points[:, 2]
    mesh = read_mesh(write(tmp_path / "a.vtu", points, [("hexahedron", cells, 1)]), regions("1"))
    assert worst_angle(mesh)[0] == pytest.approx(np.degrees(np.arctan(lean)), abs=1e-9)
    if notes is None:
        with pytest.raises(CaseError, match=r"mesh.file: the line .* by 88.6°; allowed: 88°"):
            check_orthogonal(mesh)
    else:
        assert len(check_orthogonal(mesh)) == notes


# ---- faults ----

BARE = [("hexahedron", HEXAHEDRON, 1), ("wedge", WEDGES, 2)]
FAULTS = {
    "regions: no volume .* 'lwo'; nearest is 'low'": {"regions": ("lwo", "high")},
    "regions: the volume 'high' .* is not declared": {"regions": ("low",)},
    "regions: 'low' is declared twice": {"regions": ("low", "high", "low")},
    "2 cells belong to no named volume, the first is cell 1": {
        "blocks": [*BARE[:1], ("wedge", WEDGES, 0)],
        "names": {"low": (1, 3)},
        "regions": ("low",),
    },
    "the volume 'rest' has no cell": {
        "names": {"low": (1, 3), "high": (2, 3), "rest": (9, 3)},
        "blocks": BARE,
        "regions": ("low", "high", "rest"),
    },
    "the surface 'base' has no face": {"blocks": BARE},
    "surface 'base' are no face of a cell": {"blocks": [*BARE, ("quad", [[0, 1, 7, 6]], 1)]},
    "triangles lie on a quadrilateral": {
        "blocks": [BARE[0], ("wedge", [[4, 5, 7, 8, 9, 11], [4, 7, 6, 8, 11, 10]], 2)]
    },
    "pairs of points coincide": {
        "points": np.r_[POINTS, POINTS[4:8]],
        "blocks": [BARE[0], ("wedge", [[12, 13, 9, 14, 15, 11], [12, 9, 8, 14, 11, 10]], 2)],
    },
    "cell 1 .wedge. uses a corner twice": {"blocks": [BARE[0], ("wedge", [[4, 5, 9, 6, 7, 9]], 2)]},
    "cell 1 .tetra. has no volume": {"blocks": [BARE[0], ("tetra", [[8, 9, 10, 11]], 2)]},
    "cell 0 .hexahedron. is tangled": {"blocks": [("hexahedron", [[0, 1, 3, 2, 5, 4, 7, 6]], 1), BARE[1]]},
    "cells 0, 1, 2 share one face": {
        "blocks": [("hexahedron", HEXAHEDRON, 1), ("pyramid", [[4, 5, 7, 6, 8], [4, 5, 7, 6, 11]], 2)]
    },
    "falls into 2 parts .* one has 1 cells of low, the first of them cell 0": {
        "points": np.r_[POINTS, POINTS[:8] + 5.0],
        "blocks": [BARE[0], ("hexahedron", np.array(HEXAHEDRON) + 12, 2)],
    },
    "holds no volume cell": {"blocks": [("quad", QUADS[:1], 1)], "regions": ("1",)},
    "kind tetra10; allowed: first-order": {"blocks": [("tetra10", [[*range(10)]], 1)], "regions": ("1",)},
    "not three finite coordinates": {"points": np.where(POINTS == 2.0, np.nan, POINTS), "blocks": BARE},
}


@pytest.mark.parametrize("message", FAULTS)
def test_faults_are_one_line(tmp_path, message):
    fault = dict(FAULTS[message])
    names = fault.pop("regions", ("low", "high"))
    given = {"names": NAMES if "base" in message else {key: NAMES[key] for key in ("low", "high")}, **fault}
    with pytest.raises(CaseError, match=message) as caught:
        read_mesh(towers(tmp_path / "a.msh", **given), regions(*names))
    assert "\n" not in str(caught.value) and str(caught.value).startswith(("mesh.file: ", "regions: "))


def test_symmetry_planes_must_be_there(tmp_path):
    path = towers(tmp_path / "a.msh")
    mesh = read_mesh(path, regions("low", "high"), symmetry=("x",))
    assert mesh.multiplicity == 2 and mesh.area[~mesh.outer & (mesh.neighbour < 0)].sum() == pytest.approx(2.0)
    for shift, message in ((-0.5, "reaches to x = -0.5 m"), (0.5, "no face of the mesh lies on x = 0")):
        with pytest.raises(CaseError, match=f"mesh.symmetry: .*{message}"):
            read_mesh(
                towers(tmp_path / "b.msh", points=POINTS + [shift, 0, 0]), regions("low", "high"), symmetry=("x",)
            )


GARBAGE = {
    "text.msh": b"hello world\n",
    "empty.msh": b"",
    "zeros.msh": b"\0" * 100,
    "text.vtu": b"hello",
    "bad.vtu": b"<VTKFile type='x'></VTKFile>",
    "hello.unknown": b"hello",
    "terabytes.msh": b"$MeshFormat\n4.1 0 8\n$EndMeshFormat\n$Nodes\n1 900000000000 1 900000000000\n$EndNodes\n",
}


@pytest.mark.parametrize("name", [*GARBAGE, "cut.msh"])
def test_garbage_is_one_line(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(
        GARBAGE.get(name) if name in GARBAGE else shipped_meshes()["stem-transition.msh"].read_bytes()[:200000]
    )
    with pytest.raises(CaseError, match=f"^mesh.file: {name}: [^\n]*; allowed: [^\n]*$"):
        read_mesh(path, regions("a"))


READERS = {
    "sys.exit(1)": "the reader ended with status 1",
    "print('oh dear'); sys.exit(3)": "oh dear",
    "os.abort()": "the reader ended with status -6",
    "raise KeyError('what')": "what",
    "raise MemoryError": "GiB of memory",
    "bytearray(2**33)": "more than 1 GiB of memory",
    "time.sleep(60)": "took more than 2 s",
    "[None for _ in iter(int, 1)]": "took more than [12] s",
}


@pytest.mark.parametrize("deed", READERS)
def test_whatever_the_reader_does(tmp_path, monkeypatch, deed):
    (tmp_path / "meshio.py").write_text(f"import os, sys, time\ndef read(path, kind):\n    {deed}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "a.msh").write_text("x")
    with pytest.raises(CaseError, match=f"^mesh.file: a.msh: [^\n]*{READERS[deed]}[^\n]*$"):
        read_file(tmp_path / "a.msh", memory=2**30, seconds=1)


# ---- cases on mesh files ----

STEM = ("aluminium_rod", "steel_flange", "steel_stem")
BOXES = {
    "boxes": [
        {
            "name": "bar",
            "material": "steel_low_carbon",
            "x": ["0 m", "0.6 m"],
            "y": ["0 m", "0.1 m"],
            "z": ["0 m", "0.1 m"],
        },
        {
            "name": "foot",
            "material": "aluminium_conductor",
            "x": ["0 m", "0.2 m"],
            "y": ["0 m", "0.1 m"],
            "z": ["-0.15 m", "0 m"],
        },
    ],
    "mesh": {"size": "30 mm"},
    "surfaces": [
        {"name": "end", "of": "bar", "sides": ["x+"]},
        {"name": "sole", "of": "foot", "sides": ["z-"]},
        {"name": "top", "of": "bar", "sides": ["z+"]},
    ],
    "interfaces": [
        {
            "name": "bolted",
            "between": ["bar", "foot"],
            "laws": [{"kind": "contact", "electric": "1e-7 ohm m2", "thermal": "1e-4 K m2/W"}],
        }
    ],
    "terminals": [
        {"name": "in", "surfaces": ["end"], "current": "2 kA"},
        {"name": "out", "surfaces": ["sole"], "potential": "0 V"},
    ],
    "conditions": [
        {"on": ["sole"], "laws": [{"kind": "fixed_temperature", "temperature": "400 K"}]},
        {
            "on": ["top"],
            "laws": [
                {"kind": "convection", "coefficient": "10 W/m2/K", "fluid": "300 K"},
                {"kind": "radiation", "emissivity": 0.8, "surroundings": "300 K"},
            ],
        },
    ],
}


def as_file(case, folder):
    """The same problem with the mesh of its boxes written to a file."""
    built = build(case)
    mesh = built.mesh
    named = {spec.name: np.flatnonzero(chosen) for spec in case.surfaces for chosen in [_surface(mesh, spec)]}
    blocks = [("hexahedron", np.asarray(mesh.connectivity).reshape(-1, 8), mesh.region + 1)]
    blocks += [("quad", mesh.face_points[faces], i) for i, faces in enumerate(named.values(), 1)]
    names = {name: (i, 3) for i, name in enumerate(mesh.region_names, 1)} | {
        name: (i, 2) for i, name in enumerate(named, 1)
    }
    write(folder / "boxes.msh", np.asarray(mesh.points) * 1e3, blocks, names, file_format="gmsh22", binary=True)
    data = {key: value for key, value in BOXES.items() if key in ("interfaces", "terminals", "conditions")}
    spec = [{"name": box.name, "material": box.material} for box in case.boxes]
    return Case.model_validate(data | {"mesh": {"file": str(folder / "boxes.msh"), "scale": 0.001}, "regions": spec})


def _surface(mesh, spec):
    side = "xyz".index(spec.sides[0][0])
    return (
        mesh.outer
        & mesh.cells(spec.of)[mesh.owner]
        & (mesh.normal[:, side] * (1 if spec.sides[0][1] == "+" else -1) > 0.9)
    )


def test_boxes_and_their_mesh_file_give_the_same_numbers(tmp_path):
    case = Case.model_validate(BOXES)
    imported = as_file(case, tmp_path)
    mesh, notes = build_mesh(imported)
    assert notes == []
    check_geometry(mesh, 0.6 * 0.01 + 0.15 * 0.02)
    a, b = oxycell.report(solve_case(case)), oxycell.report(solve_case(imported))
    for key in ("cell_V", "parts"):
        assert b["voltage"][key] == pytest.approx(a["voltage"][key], rel=1e-9)
    for key in ("generated_W", "losses", "sources_W"):
        assert b["heat"][key] == pytest.approx(a["heat"][key], rel=1e-9)
    assert a["heat"]["generated_W"] > 10.0


def stem(**changes):
    return load("stem-transition").replaced(changes)


def test_stem_voltage_lies_between_its_bounds():
    """At one temperature: Rayleigh's bounds, planes of one potential below, tubes without exchange above; 1.1 mV apart
    in 58."""
    case = stem(**{"physics.thermal": False, "physics.temperature": "100 degC"})
    report = oxycell.report(solve_case(case))
    materials = build(case).materials
    steel, aluminium = (
        1.0 / materials[name].electrical_conductivity(np.array([373.15]))[0][0]
        for name in ("steel_low_carbon", "aluminium_conductor")
    )
    assert steel == pytest.approx(1.90e-7, rel=1e-3) and aluminium == pytest.approx(
        3.70e-8, rel=5e-3
    )  # tables at 100 °C
    polygon = 16.0 * np.sin(np.pi / 16.0)  # area of 32 sides over the radius squared
    section, wide = polygon * 0.07528**2, polygon * 0.120**2
    assert section == pytest.approx(0.133**2, rel=1e-4)
    column = 4375.0 * (2.0 * aluminium + 0.34 * steel + 8.84e-8) / section
    low, high = (column + 4375.0 * 0.04 * steel / area for area in (wide, section))
    assert low < report["voltage"]["cell_V"] < high
    assert report["voltage"]["parts"]["rod"] == pytest.approx(4375.0 * 2.0 * aluminium / section, rel=1e-3)
    assert report["terminals"]["clamp"]["current_A"] == pytest.approx(4375.0, rel=1e-9)


def test_stem_runs_from_its_file_with_closed_ledgers():
    solution = solve_case(load("stem-transition"))
    report = oxycell.report(solution)
    assert report["voltage"]["parts"]["joint"] == pytest.approx(4375.0 * 8.84e-8 / 0.133**2, rel=1e-3)
    for entry in tomllib.loads((shipped_cases()["stem-transition"].parent / "expected.toml").read_text())["expected"]:
        value = report
        for key in entry["key"].split("."):
            value = value[key]
        assert value == pytest.approx(entry["value"], rel=entry["tolerance"]), entry["key"]
    assert solution.mesh.lattice is None and solution.mesh.multiplicity == 4 and {*solution.mesh.types} == {12, 13}
    for entry in report["balance"].values():
        assert entry["closed"], entry
    heat, volts = report["heat"], report["voltage"]
    assert heat["generated_W"] == pytest.approx(4375.0 * volts["cell_V"], rel=1e-8)
    assert sum(heat["losses"].values()) == pytest.approx(heat["generated_W"], rel=1e-8)
    assert report["warnings"] == []
    # The steel at 240 °C at its foot: hotter than the air everywhere, and the steel side loses more than the longer,
    # blanker rod.
    T = solution.record["cells"]["temperature"]
    assert 303.15 < T.min() and T.max() < 513.15 and heat["losses"]["steel"] > heat["losses"]["rod"] > 0.0


def test_cooling_fin_on_the_stem_mesh():
    """Without current, one constant film: a straight fin from a fixed end to a fixed end; m² = h P/(k A); the flange
    without film."""
    h, k = 5.0, 40.0
    film = [{"kind": "convection", "coefficient": f"{h} W/m2/K", "fluid": "300 K"}]
    ends = [
        {"on": [name], "laws": [{"kind": "fixed_temperature", "temperature": f"{T} K"}]}
        for name, T in (("stem_end", 400.0), ("rod_end", 300.0))
    ]
    plain = {"thermal_conductivity": f"{k} W/m/K"}
    case = stem(
        **{
            "physics.electric": False,
            "terminals": [],
            "interfaces": [],
            "materials": {"aluminium_conductor": plain, "steel_low_carbon": plain},
            "conditions": [
                *ends,
                {"on": ["stem_side", "rod_side"], "laws": film, "path": "side"},
                {"on": ["flange_*"], "laws": []},
            ],
        }
    )
    solution = solve_case(case)
    losses = oxycell.report(solution)["heat"]["losses"]
    polygon = 16.0 * np.sin(np.pi / 16.0)
    section, perimeter = polygon * 0.07528**2, 64.0 * np.sin(np.pi / 32.0) * 0.07528
    m = np.sqrt(h * perimeter / (k * section))

    def entering(flange):
        """Heat [W] into the foot of fin (2 m) + lossless flange of that section + fin (0.34 m), the far end at the
        fluid's temperature."""
        g = k * section * m
        seen = 1.0 / np.tanh(m * 2.0) * g
        seen = 1.0 / (1.0 / seen + 0.04 / (k * flange))
        t = np.tanh(m * 0.34)
        return 100.0 * g * (seen + g * t) / (g + seen * t)

    low, high = entering(section), entering(polygon * 0.12**2)
    assert low < high < 1.02 * low
    # The film is on the rim of the section, not at its mean: Biot number h R/(2 k) = 0.5 % lowers the heat by half of
    # that at most.
    assert 0.995 * low < -losses["stem_end"] < 1.001 * high
    assert sum(losses.values()) == pytest.approx(0.0, abs=1e-7 * -losses["stem_end"])


def test_file_is_found_beside_the_case_from_any_folder(tmp_path, monkeypatch):
    towers(tmp_path / "own.msh")
    text = """
mesh = { file = "own.msh" }
regions = [{ name = "low", material = "steel_low_carbon" }, { name = "high", material = "steel_low_carbon" }]
"""
    (tmp_path / "case.toml").write_text(text)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    case = load(tmp_path)
    assert Path(case.mesh.file) == (tmp_path / "own.msh").resolve()
    assert build_mesh(case)[0].n_cells == 3
    (tmp_path / "again.toml").write_text(case.to_toml())
    assert load(tmp_path / "again.toml") == case
    assert load("stem-transition").mesh.file == "stem-transition.msh"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mesh.file": "stem-transitoin.msh"}, "^mesh.file: .* no such file; .* nearest is 'stem-transition.msh'"),
        ({"mesh.file": None, "mesh.scale": None}, "^regions: are volumes of a mesh file"),
        ({"regions": []}, "^regions: a mesh file needs one for each of its volumes"),
        ({"boxes": BOXES["boxes"]}, "^mesh.file: is given together with boxes"),
        ({"regions.0.name": "aluminum_rod"}, "^regions: no volume .* nearest is 'aluminium_rod'"),
        ({"regions.0.material": "aluminum_conductor"}, "^regions: no material .* nearest is 'aluminium_conductor'"),
        (
            {"conditions.3.on": ["flange_rim"]},
            "^conditions: surface 'flange_below' of the mesh file has no terminal and no condition",
        ),
        ({"conditions.3.on": ["flange_*", "joint"]}, "^conditions: surface 'joint' lies inside"),
        ({"terminals.0.surfaces": ["rodend"]}, "^terminals: .*nearest is 'rod_end'"),
        ({"surfaces": [{"name": "rod_end", "of": "aluminium_rod"}]}, "^surfaces: 'rod_end' is named twice"),
        ({"mesh.size": "1 mm"}, "size says how boxes are divided; allowed with file: scale, symmetry"),
        ({"mesh.scale": 0.0}, "mesh.scale: 0 is out of range"),
    ],
)
def test_case_errors(changes, message):
    with pytest.raises(CaseError, match=message):
        build(expand(stem(**changes)))


def test_surfaces_by_region_and_side_work_on_a_file():
    case = stem(**{"surfaces": [{"name": "mantle", "of": "aluminium_rod"}]})
    mesh = build(case).mesh
    faces = select_surface(mesh, case.surfaces[0])
    want = np.isin(mesh.owner, np.flatnonzero(mesh.cells("aluminium_rod"))) & mesh.outer
    assert faces.tolist() == np.flatnonzero(want).tolist()
