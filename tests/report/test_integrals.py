"""Totals and means against closed forms; what passes a plane is what passes the terminals, wherever the plane lies."""

import numpy as np
import pytest
from tests.mesh.test_read import write
from tests.verification.checkers import box, convection, fixed, layers, material, solved, surface, terminal_current

import oxycell
from oxycell.report.integrals import integrals

ELBOW = dict(
    materials={"m": material(1e6, 20.0), "n": material(2e5, 5.0)},
    boxes=[
        box("leg", "m", (0.0, 0.4), z=(0.0, 1.0)),
        box("foot", "n", (0.4, 1.3), z=(0.0, 0.35)),
        box("fin", "n", (0.0, 0.4), z=(1.0, 1.2)),
    ],
    mesh={"size": "0.12 m"},
    interfaces=[
        {
            "name": "bolt",
            "between": ["leg", "foot"],
            "laws": [{"kind": "contact", "electric": "1 uohm m2", "thermal": "1e-3 m2 K/W"}],
        }
    ],
    surfaces=[surface("top", "leg", "x-"), surface("end", "foot", "x+"), surface("sides", "*", "y-", "y+")],
    terminals=[
        {"name": "in", "surfaces": ["top"], "current": "5 kA"},
        {"name": "out", "surfaces": ["end"], "potential": "0 V"},
    ],
    conditions=[
        {"on": ["top", "end"], "path": "ends", "laws": [fixed(330.0)]},
        {"on": ["sides"], "path": "air", "laws": [convection(20.0, 300.0)]},
    ],
)


def plane(name, axis, at, *of):
    return {"name": name, "plane": {"axis": axis, "at": f"{float(at)!r} m", "of": list(of)}}


@pytest.fixture(scope="module")
def elbow():
    cuts = np.random.default_rng(8).uniform(0.41, 1.29, 6)
    return solved(
        **ELBOW,
        integrals=[
            *(plane(f"cut_{i}", "x", at) for i, at in enumerate(cuts)),
            plane("at_joint", "x", 0.4, "foot"),
            plane("whole_leg", "x", 0.2),
            {"name": "joint", "interface": "bolt"},
            {"name": "back", "between": ["foot", "leg"]},
            {"name": "inlet", "surfaces": ["top"]},
            {"name": "outlet", "surfaces": ["end"]},
            {"name": "walls", "surfaces": ["top", "end", "sides"]},
            {"name": "body", "regions": ["*"]},
        ],
    )


def test_every_plane_across_the_current_carries_all_of_it(elbow):
    found, current = oxycell.report(elbow)["integrals"], terminal_current(elbow, "in")
    for name in (*(f"cut_{i}" for i in range(6)), "at_joint", "joint", "outlet"):
        assert found[name]["current_A"] == pytest.approx(current, rel=1e-10), name
    assert found["back"]["current_A"] == pytest.approx(-current, rel=1e-10)
    assert found["inlet"]["current_A"] == pytest.approx(-current, rel=1e-10)


def test_a_plane_that_misses_a_face_is_seen(elbow):
    """Counter-test: one face less, and the current is no longer that of the terminals."""
    chosen = elbow.record["integrals"]["cut_0"]
    short = elbow.record | {"integrals": {"cut": chosen | {"face": chosen["face"][1:], "sign": chosen["sign"][1:]}}}
    found = integrals(elbow.mesh, short)["cut"]["current_A"]
    assert found != pytest.approx(terminal_current(elbow, "in"), rel=1e-3)


def test_heat_through_a_closed_cut_balances_what_lies_beyond(elbow):
    """Heat in through a plane and Joule heat beyond it leave through the walls beyond it; summed here cell by cell."""
    mesh, record, found = elbow.mesh, elbow.record, oxycell.report(elbow)["integrals"]
    thermal, at = record["thermal"], found["cut_2"]["at_m"]
    beyond = np.asarray(mesh.cell_centre)[:, 0] >= at
    made = sum(
        source["heat"][beyond[np.argsort(thermal["row_of_cell"])][source["row"]]].sum()
        for source in thermal["sources"].values()
    )
    boundary = mesh.neighbour[thermal["face"]] < 0
    lost = thermal["heat_owner"][boundary & beyond[mesh.owner[thermal["face"]]]].sum()
    assert found["cut_2"]["heat_W"] + made == pytest.approx(lost, abs=1e-7 * abs(made))
    assert found["cut_2"]["heat_made_W"] == 0.0


def test_walls_carry_the_losses_and_the_body_makes_the_heat(elbow):
    figures = oxycell.report(elbow)
    found, sources = figures["integrals"], figures["heat"]["sources_W"]
    assert found["walls"]["heat_W"] == pytest.approx(sum(figures["heat"]["losses"].values()), rel=1e-12)
    assert found["body"]["joule_heat_W"] == pytest.approx(sources["joule"], rel=1e-12)
    assert found["body"]["volume_m3"] == pytest.approx(0.4 * 1.2 + 0.9 * 0.35)
    joint = found["joint"]
    assert joint["second"]["heat_W"] - joint["first"]["heat_W"] == pytest.approx(sources["contacts"], rel=1e-12)
    assert found["at_joint"]["heat_made_W"] == pytest.approx(sources["contacts"], rel=1e-12)


def test_jump_of_a_contact(elbow):
    joint = oxycell.report(elbow)["integrals"]["joint"]
    assert joint["jump"]["electric_potential_V"] == pytest.approx(1e-6 * 5000.0 / 0.35, rel=1e-10)
    assert joint["area_m2"] == pytest.approx(0.35)
    assert (
        joint["first"]["temperature_K"]["mean"] - joint["second"]["temperature_K"]["mean"]
        == joint["jump"]["temperature_K"]
        != 0.0
    )


def test_values_on_a_plane_between_the_faces_are_those_on_the_plane():
    """Linear potential: exact at any place of the plane, though its faces lie up to half a cell away."""
    bar = dict(
        materials={"m": material(1.0)},
        boxes=layers(("a", "m", 1.0)),
        mesh={"size": "0.5 m", "size_x": "0.2 m"},
        physics={"thermal": False},
        surfaces=[surface("begin", "a", "x-"), surface("end", "a", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["begin"], "potential": "1 V"},
            {"name": "out", "surfaces": ["end"], "potential": "0 V"},
        ],
    )
    places = (0.03, 0.27, 0.4, 0.91, 1.0)
    found = oxycell.report(solved(**bar, integrals=[plane(f"p{i}", "x", at) for i, at in enumerate(places)]))[
        "integrals"
    ]
    for i, at in enumerate(places):
        entry = found[f"p{i}"]
        assert entry["electric_potential_V"]["mean"] == pytest.approx(1.0 - at, abs=1e-9) and entry[
            "area_m2"
        ] == pytest.approx(1.0)
        assert entry["faces_off_m"] <= 0.1 + 1e-12 and entry["current_A"] == pytest.approx(1.0, rel=1e-10)
    with pytest.raises(oxycell.errors.CaseError, match="cuts nothing"):
        solved(**bar, integrals=[plane("p", "x", 0.0)])


def test_symmetric_model_gives_the_totals_of_the_whole():
    """A cube of 1 m³ whole, and its quarter: the same totals; a plane across a symmetry axis is one of two alike."""

    def figures(symmetry):
        low = 0.0 if symmetry else -0.5
        body = box("a", "m", (low, 0.5), (low, 0.5), (0.0, 1.0))
        solution = solved(
            materials={"m": material(1.0, 1.0)},
            boxes=[body],
            mesh={"size": "0.125 m", "symmetry": list(symmetry)},
            surfaces=[surface("top", "a", "z+"), surface("bottom", "a", "z-"), surface("right", "a", "x+")],
            terminals=[
                {"name": "in", "surfaces": ["top"], "current": "8 A"},
                {"name": "out", "surfaces": ["bottom"], "potential": "0 V"},
            ],
            conditions=[{"on": ["top"], "laws": [fixed(300.0)]}, {"on": ["bottom"], "laws": [fixed(310.0)]}],
            integrals=[
                plane("level", "z", 0.3),
                plane("vertical", "x", 0.25),
                {"name": "all", "regions": ["a"]},
                {"name": "top", "surfaces": ["top"]},
            ],
        )
        return oxycell.report(solution)["integrals"]

    whole, quarter = figures(()), figures(("x", "y"))
    assert [quarter[name]["copies"] for name in ("level", "vertical", "all")] == [4, 2, 4]
    for name, key in (
        ("level", "current_A"),
        ("level", "area_m2"),
        ("level", "heat_W"),
        ("vertical", "area_m2"),
        ("all", "volume_m3"),
        ("all", "joule_heat_W"),
        ("top", "heat_W"),
    ):
        assert quarter[name][key] == pytest.approx(whole[name][key], rel=1e-7), (name, key)
    assert quarter["level"]["current_A"] == pytest.approx(-8.0, rel=1e-10)


def test_plane_through_an_imported_mesh_carries_all_the_current(tmp_path):
    """A row of wedges along z; the plane lies between their centres, not on their faces."""
    levels = np.linspace(0.0, 2.0, 9) ** 1.3
    points = np.array([(x, y, z) for z in levels for y in (0, 1) for x in (0, 1)], float)
    wedges = [
        [a + corner for corner in wedge] for a in range(0, 32, 4) for wedge in ((0, 1, 3, 4, 5, 7), (0, 3, 2, 4, 7, 6))
    ]
    path = write(
        tmp_path / "a.msh",
        points,
        [("wedge", wedges, 1), ("triangle", [[0, 1, 3], [0, 3, 2]], 1), ("triangle", [[32, 33, 35], [32, 35, 34]], 2)],
        {"body": (1, 3), "bottom": (1, 2), "top": (2, 2)},
        file_format="gmsh22",
        binary=True,
    )
    solution = solved(
        materials={"m": material(3.0)},
        mesh={"file": str(path)},
        regions=[{"name": "body", "material": "m"}],
        physics={"thermal": False},
        terminals=[
            {"name": "in", "surfaces": ["top"], "current": "7 A"},
            {"name": "out", "surfaces": ["bottom"], "potential": "0 V"},
        ],
        integrals=[plane(f"p{i}", "z", at) for i, at in enumerate((0.2, 0.55, 1.1, 2.2))]
        + [{"name": "top", "surfaces": ["top"]}],
        probes=[{"name": "p", "at": ["0.3 m", "0.6 m", "1.234 m"]}],
    )
    found = oxycell.report(solution)
    for i, at in enumerate((0.2, 0.55, 1.1, 2.2)):
        assert found["integrals"][f"p{i}"]["current_A"] == pytest.approx(-7.0, rel=1e-10)
        assert found["integrals"][f"p{i}"]["electric_potential_V"]["mean"] == pytest.approx(7.0 / 3.0 * at, rel=1e-9)
    assert found["probes"]["p"]["electric_potential_V"] == pytest.approx(7.0 / 3.0 * 1.234, rel=1e-9)
    assert found["integrals"]["top"]["electric_potential_V"]["mean"] == pytest.approx(7.0 / 3.0 * levels[-1], rel=1e-9)


def test_shipped_case_on_a_mesh_file():
    """All the current passes a plane that lies on no face, and the jump of the joint is the voltage part."""
    figures = oxycell.report(oxycell.solve(oxycell.load("stem-transition")))
    found, part = figures["integrals"], figures["voltage"]["parts"]["joint"]
    assert found["stem"]["current_A"] == pytest.approx(-4375.0, rel=1e-10) and 0.0 < found["stem"]["faces_off_m"] < 0.01
    assert found["joint"]["jump"]["electric_potential_V"] == pytest.approx(part, rel=1e-4)
    assert found["joint"]["second"]["heat_W"] - found["joint"]["first"]["heat_W"] == pytest.approx(
        4375.0 * part, rel=1e-9
    )
    line = figures["lines"]["upwards"]
    at = line["region"].index("aluminium_rod")
    assert line["electric_potential_V"][at] - line["electric_potential_V"][at - 1] == pytest.approx(part, rel=0.02)
