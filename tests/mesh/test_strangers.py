"""Meshes made by programs that know nothing of this one: Gmsh in all its formats, MED; they run, or one line says what
is missing."""

import meshio
import numpy as np
import pytest
from tests.mesh.samples import gmsh_session, halves_file
from tests.verification.checkers import check_ledger

import oxycell
from oxycell.errors import CaseError
from oxycell.verification.parts import convection, fed, fixed, held, material, on

CORE, RADIUS, LENGTH = 1e5, 0.02, 0.1


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Wire in a sheath by Gmsh's own solid modeller, tetrahedra: name of the format → file."""
    folder = tmp_path_factory.mktemp("gmsh")
    with gmsh_session() as gmsh:
        wire = gmsh.model.occ.addCylinder(0, 0, 0, 0, 0, LENGTH, RADIUS)
        sheath = gmsh.model.occ.addCylinder(0, 0, 0, 0, 0, LENGTH, 2 * RADIUS)
        _, parts = gmsh.model.occ.fragment([(3, sheath)], [(3, wire)])
        gmsh.model.occ.synchronize()
        inner = {tag for _, tag in parts[1]}
        gmsh.model.addPhysicalGroup(3, sorted(inner), name="wire")
        gmsh.model.addPhysicalGroup(3, [tag for _, tag in gmsh.model.getEntities(3) if tag not in inner], name="sheath")
        ends = {"low": [], "high": [], "side": [], "sheath ends": []}
        for _, surface in gmsh.model.getEntities(2):
            volumes = gmsh.model.getAdjacencies(2, surface)[0]
            x, y, z = gmsh.model.occ.getCenterOfMass(2, surface)
            if len(volumes) == 2:
                continue
            if 1e-6 < z < LENGTH - 1e-6:
                ends["side"].append(surface)
            else:
                ends[("low" if z < 1e-6 else "high") if volumes[0] in inner else "sheath ends"].append(surface)
        for name, surfaces in ends.items():
            gmsh.model.addPhysicalGroup(2, surfaces, name=name)
        gmsh.option.setNumber("Mesh.MeshSizeMax", 0.012)
        gmsh.model.mesh.generate(3)
        found = {}
        for version in (2.2, 4.1):
            for binary in (0, 1):
                gmsh.option.setNumber("Mesh.MshFileVersion", version)
                gmsh.option.setNumber("Mesh.Binary", binary)
                found[f"{version} {'binary' if binary else 'text'}"] = str(folder / f"{version}-{binary}.msh")
                gmsh.write(str(folder / f"{version}-{binary}.msh"))
        gmsh.model.mesh.setOrder(2)
        gmsh.write(str(folder / "curved.msh"))
        found["second order"] = str(folder / "curved.msh")
        return found


def wire(file, **more):
    return oxycell.Case.model_validate(
        {
            "mesh": {"file": file},
            "regions": [{"name": "wire", "material": "core"}, {"name": "sheath", "material": "cover"}],
            "materials": {"core": material(CORE, 20.0), "cover": material(k=0.5)},
            "terminals": [fed("in", 200.0, ["low"]), held("out", 0.0, ["high"])],
            "conditions": [on("side", convection(15.0, 300.0)), on(["low", "high", "sheath ends"])],
        }
        | more
    )


def test_every_format_gives_the_same(made):
    """Voltage by hand, up to the wire's unlike polygons from end to end; heat is voltage times current; the same in all
    four formats."""
    found = []
    for name in ("2.2 text", "2.2 binary", "4.1 text", "4.1 binary"):
        solution = oxycell.solve(wire(made[name]))
        check_ledger(solution)
        report = oxycell.report(solution)
        volume = solution.mesh.cell_volume[solution.mesh.region == 0].sum()
        assert report["voltage"]["cell_V"] == pytest.approx(200.0 * LENGTH**2 / volume / CORE, rel=3e-3)
        assert volume == pytest.approx(np.pi * RADIUS**2 * LENGTH, rel=0.07)
        assert report["heat"]["losses"]["side"] == pytest.approx(200.0 * report["voltage"]["cell_V"], rel=1e-7)
        found.append((report["voltage"]["cell_V"], solution.record["cells"]["temperature"].max()))
    np.testing.assert_allclose(found, [found[0]] * 4, rtol=1e-7)


def test_radial_drop_is_that_of_a_tube(made):
    """q ln(outer/inner)/(2 π k L) through the sheath, its radii those of the middles of the faces of its polygons."""
    solution = oxycell.solve(
        wire(
            made["4.1 binary"],
            integrals=[{"name": "outside", "surfaces": ["side"]}, {"name": "inside", "between": ["wire", "sheath"]}],
        )
    )
    report, mesh = oxycell.report(solution), solution.mesh
    between = np.flatnonzero((mesh.neighbour >= 0) & (mesh.region[mesh.owner] != mesh.region[mesh.neighbour]))
    inner, outer = (
        np.hypot(*np.asarray(mesh.face_centre)[faces, :2].T).mean() for faces in (between, mesh.face_names["side"])
    )
    assert 0.9 * RADIUS < inner < RADIUS < 1.9 * RADIUS < outer < 2.0 * RADIUS
    inside, outside = report["integrals"]["inside"]["first"], report["integrals"]["outside"]
    drop = report["heat"]["losses"]["side"] * np.log(outer / inner) / (2 * np.pi * 0.5 * LENGTH)
    assert inside["temperature_K"]["mean"] - outside["temperature_K"]["mean"] == pytest.approx(
        drop, rel=0.04
    )  # two cells across


def test_what_is_missing_is_one_line(made):
    for changes, message in (
        ({"regions": [{"name": "wire", "material": "core"}]}, "the volume 'sheath' of .* is not declared"),
        (
            {"conditions": [on("side", convection(15.0, 300.0)), on(["low", "high"])]},
            "surface 'sheath ends' of the mesh file has no",
        ),
        (
            {"terminals": [fed("in", 200.0, ["lo"]), held("out", 0.0, ["high"])]},
            "nothing is called 'lo'; nearest is 'low'",
        ),
        (
            {"regions": [{"name": "wire", "material": "core"}, {"name": "sheat", "material": "cover"}]},
            "'sheat'; nearest is 'sheath'",
        ),
    ):
        with pytest.raises(CaseError, match=message) as caught:
            oxycell.solve(wire(made["4.1 text"], **changes))
        assert "\n" not in str(caught.value)
    with pytest.raises(CaseError, match="holds cells of the kind .*; allowed: first-order"):
        oxycell.solve(wire(made["second order"]))


def test_groups_of_med(tmp_path):
    """Volumes and surfaces of a MED file are its groups; an element may be in several."""
    pytest.importorskip("h5py")
    halves_file(tmp_path / "a.msh", 2, "hexahedron", 0.1)
    mesh = meshio.read(tmp_path / "a.msh", "gmsh")
    number = {"left": -1, "right": -2, "skin": -3, "joint": -4}
    titles = {(int(d), int(tag)): name for name, (tag, d) in mesh.field_data.items()}
    tags = [
        np.array([number[titles[3 if block.type == "hexahedron" else 2, int(tag)]] for tag in values])
        for block, values in zip(mesh.cells, mesh.cell_data["gmsh:physical"], strict=True)
    ]
    med = meshio.Mesh(mesh.points, mesh.cells, cell_data={"cell_tags": tags})
    med.cell_tags = {-1: ["left", "metal"], -2: ["right"], -3: ["skin"], -4: ["joint"]}
    meshio.write(tmp_path / "a.med", med)
    with pytest.raises(CaseError, match="the volume 'metal' of a.med is not declared"):
        oxycell.solve(halves(tmp_path / "a.med"))
    med.cell_tags[-1] = ["left"]
    meshio.write(tmp_path / "b.med", med)
    one, other = (oxycell.solve(halves(tmp_path / name)).record["cells"]["temperature"] for name in ("a.msh", "b.med"))
    np.testing.assert_allclose(one, other, rtol=1e-12)


def halves(file, interfaces=(), **more):
    return oxycell.Case.model_validate(
        {
            "mesh": {"file": str(file)},
            "regions": [{"name": "left", "material": "a"}, {"name": "right", "material": "a"}],
            "materials": {"a": material(k=2.0)},
            "physics": {"electric": False},
            "interfaces": list(interfaces),
            "conditions": [on("skin", fixed(300.0) | {"temperature": {"x": ["0 m", "1 m"], "value": [300.0, 400.0]}})],
        }
        | more
    )


def contact(name="joint", **more):
    return {"name": name, "between": ["left", "right"], "laws": [{"kind": "contact", "thermal": "0.3 K m2/W"}]} | more


def test_interfaces_on_surfaces_inside(tmp_path):
    """Limited to a surface that is all of the boundary they are the same; within one region they part it alike; the
    first counts."""
    halves_file(tmp_path / "two.msh", 4, "tetra")
    halves_file(tmp_path / "one.msh", 4, "tetra", one=True)
    single = {"regions": [{"name": "left", "material": "a"}]}

    def temperatures(file, interfaces, **more):
        return oxycell.solve(halves(tmp_path / file, interfaces, **more)).record["cells"]["temperature"]

    plain = temperatures("two.msh", [contact()])
    assert np.array_equal(plain, temperatures("two.msh", [contact(on=["joi*"])]))
    np.testing.assert_allclose(
        plain, temperatures("one.msh", [contact(on=["joint"], between=["left", "left"])], **single), rtol=1e-12
    )
    assert np.abs(plain - temperatures("two.msh", [])).max() > 1.0
    weak = {"laws": [{"kind": "contact", "thermal": "1e-9 K m2/W"}]}
    assert np.array_equal(plain, temperatures("two.msh", [contact(on=["joint"]), contact("later", **weak)]))
    assert np.array_equal(plain, temperatures("two.msh", [contact(), contact("later", on=["joint"], **weak)]))


@pytest.mark.parametrize(
    ("interface", "message"),
    [
        ({"on": ["jont"]}, "nothing is called 'jont'; nearest is 'joint'"),
        ({"on": ["skin"]}, "surface 'skin' lies outside; allowed: surfaces inside the mesh file"),
        ({"on": ["joint"], "between": ["left", "left"]}, "no face of joint lies between 'left' and 'left'"),
        (
            {"on": ["joint"], "between": ["left", "left"], "laws": [{"kind": "equilibrium", "potential": "1 V"}]},
            "law equilibrium needs two sides",
        ),
    ],
)
def test_interfaces_that_fit_nothing(tmp_path, interface, message):
    halves_file(tmp_path / "a.msh", 2, "tetra")
    with pytest.raises(CaseError, match=message):
        oxycell.solve(halves(tmp_path / "a.msh", [contact(**interface)]))


def test_double_points_are_named_by_their_cells(tmp_path):
    halves_file(tmp_path / "a.msh", 2, "hexahedron", 0.0)
    mesh = meshio.read(tmp_path / "a.msh", "gmsh")
    mesh.points = np.concatenate([mesh.points, mesh.points[[0]]])
    mesh.cells[0].data[5][mesh.cells[0].data[5] == mesh.cells[0].data[5][0]] = len(mesh.points) - 1
    mesh.points[-1] = mesh.points[mesh.cells[0].data[0][0]]
    meshio.write(tmp_path / "b.msh", mesh, file_format="gmsh22", binary=True)
    with pytest.raises(CaseError, match="1 pairs of points coincide, one at .* corners of the cells 0 and 5"):
        oxycell.solve(halves(tmp_path / "b.msh"))
