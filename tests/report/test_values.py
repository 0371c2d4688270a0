"""Values at points: exact for fields that are linear in each region, on any mesh, whatever jumps stand between; second
order else."""

import numpy as np
import pytest
from tests.mesh.samples import block_of_tetrahedra, graded_lattice
from tests.verification.checkers import box, case_of, fixed, layers, material, observed_orders, solved, surface

import oxycell
from oxycell.mesh.locate import faces_of
from oxycell.report.values import fluxes_at, scalars_at, sides


def linear_record(mesh, random):
    """A potential linear in each region, with values of their own that lie up to 1e12 apart; the function (points,
    cells) → values."""
    size = np.array([1.0, 1e12, 1e-6])[: len(mesh.region_names)]
    level, slope = size * random.normal(size=size.size), size[:, None] * random.normal(size=(size.size, 3))

    def exact(points, cells):
        region = mesh.region[cells]
        return level[region] + np.einsum("ij,ij->i", slope[region], points)

    centre, normal = np.asarray(mesh.cell_centre), np.asarray(mesh.normal)
    potential = exact(centre, np.arange(mesh.n_cells))
    inner = mesh.neighbour >= 0
    skew = mesh.lattice is None  # on mesh files drops end in the middle of faces
    foot = mesh.face_centre if skew else centre[mesh.owner] + normal * mesh.distance[:, :1]
    drop_owner, drop_neighbour = potential[mesh.owner] - exact(foot, mesh.owner), np.zeros(mesh.n_faces)
    foot = mesh.face_centre if skew else centre[mesh.neighbour] - normal * mesh.distance[:, 1:]
    drop_neighbour[inner] = (exact(foot, mesh.neighbour) - potential[mesh.neighbour])[inner]
    record = {
        "cells": {"electric_potential": potential, "temperature": np.full(mesh.n_cells, 300.0)},
        "electric": {"face": np.arange(mesh.n_faces), "drop_owner": drop_owner, "drop_neighbour": drop_neighbour},
    }
    return record, exact


def points_in_cells(mesh, random, n=200):
    """Points on segments between a cell's centre and one of its own faces' centres, ends included."""
    cells = random.integers(0, mesh.n_cells, n)
    of, face, _ = faces_of(mesh, cells)
    chosen = np.array([random.choice(face[of == c]) for c in cells])
    share = random.choice([0.0, 0.3, 0.9, 1.0], n)[:, None]
    return (1.0 - share) * np.asarray(mesh.cell_centre)[cells] + share * np.asarray(mesh.face_centre)[chosen], cells


def worst(mesh, record, exact, points, cells):
    scale = np.array([1.0, 1e12, 1e-6])[mesh.region[cells]]
    return np.max(np.abs(scalars_at(mesh, record, "electric_potential", points, cells) - exact(points, cells)) / scale)


@pytest.mark.parametrize("kind", ["lattice", "tetrahedra"])
def test_linear_fields_are_exact_beside_any_jump(kind, tmp_path):
    random = np.random.default_rng(5)
    mesh = (
        graded_lattice(random, regions=3, hole=True)
        if kind == "lattice"
        else block_of_tetrahedra(tmp_path / "a.vtu", 4)
    )
    record, exact = linear_record(mesh, random)
    assert worst(mesh, record, exact, *points_in_cells(mesh, random)) < (1e-13 if kind == "lattice" else 1e-9)


def test_a_value_smeared_over_the_interface_is_seen():
    """Counter-test: with the drops of the two sides exchanged, as if the other side's slope counted, the check above
    fails."""
    random = np.random.default_rng(5)
    mesh = graded_lattice(random, regions=3)
    record, exact = linear_record(mesh, random)
    terms = record["electric"]
    record["electric"] = terms | {"drop_owner": terms["drop_neighbour"], "drop_neighbour": terms["drop_owner"]}
    assert worst(mesh, record, exact, *points_in_cells(mesh, random)) > 1e-3


def test_fluxes_linear_in_space_are_exact_on_lattices():
    random = np.random.default_rng(6)
    mesh = graded_lattice(random, regions=1)
    constant, slope = random.normal(size=3), random.normal(size=(3, 3))
    current = (
        np.einsum("ij,ij->i", constant + np.asarray(mesh.face_centre) @ slope.T, np.asarray(mesh.normal)) * mesh.area
    )
    record = {
        "cells": {"electric_potential": np.zeros(mesh.n_cells)},
        "electric": {"face": np.arange(mesh.n_faces), "current": current},
    }
    points, cells = points_in_cells(mesh, random, 100)
    found = fluxes_at(mesh, record, "current_density", points, cells)
    np.testing.assert_allclose(found, constant + points @ slope.T, rtol=0, atol=1e-9)


def test_constant_fluxes_are_exact_on_tetrahedra(tmp_path):
    mesh, random = block_of_tetrahedra(tmp_path / "a.vtu", 3), np.random.default_rng(6)
    current = mesh.normal @ np.array([1.0, -2.0, 3.0]) * mesh.area
    record = {
        "cells": {"electric_potential": np.zeros(mesh.n_cells)},
        "electric": {"face": np.arange(mesh.n_faces), "current": current},
    }
    points, cells = points_in_cells(mesh, random, 50)
    found = fluxes_at(mesh, record, "current_density", points, cells)
    np.testing.assert_allclose(found, np.broadcast_to([1.0, -2.0, 3.0], found.shape), atol=1e-10)


def heated_bar(n):
    """Bar of 1 m and 1 m² with 1 S/m and 1 W/m/K, 20 V from end to end, both ends at 300 K: T = 300 + 200 x (1 − x)."""
    return solved(
        materials={"m": material(1.0, 1.0)},
        boxes=layers(("bar", "m", 1.0)),
        mesh={"size": "2 m", "size_x": f"{1 / n!r} m"},
        surfaces=[surface("begin", "bar", "x-"), surface("end", "bar", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["begin"], "potential": "20 V"},
            {"name": "out", "surfaces": ["end"], "potential": "0 V"},
        ],
        conditions=[{"on": ["begin", "end"], "path": "ends", "laws": [fixed(300.0)]}],
        lines=[{"name": "along", "start": ["0 m", "0.3 m", "0.6 m"], "end": ["1 m", "0.3 m", "0.6 m"], "points": 257}],
    )


def test_quadratic_temperature_converges_with_order_two():
    """T'' = −σ (dφ/dx)²/k = −400 K/m²; heat flux −200 (1 − 2x) W/m²."""
    sizes, errors = (8, 16, 32, 64), []
    for n in sizes:
        line = oxycell.report(heated_bar(n))["lines"]["along"]
        x = np.array(line["x_m"])
        errors.append(np.max(np.abs(np.array(line["temperature_K"]) - 300.0 - 200.0 * x * (1.0 - x))))
        np.testing.assert_allclose(line["electric_potential_V"], 20.0 * (1.0 - x), atol=1e-11)
        np.testing.assert_allclose(line["heat_flux_x_W_m2"], -200.0 * (1.0 - 2.0 * x), atol=1e-6)
        np.testing.assert_allclose(line["current_density_x_A_m2"], 20.0, rtol=1e-10)
    orders = observed_orders(1.0 / np.array(sizes), errors)
    assert np.all(np.abs(orders - 2.0) < 0.1), orders


JOINT = dict(
    materials={"good": material(1e7), "bad": material(1e-5)},
    boxes=[box("a", "good", (0.0, 0.5)), box("b", "bad", (0.5, 1.0))],
    mesh={"size": "0.3 m"},
    physics={"thermal": False},
    interfaces=[{"name": "joint", "between": ["a", "b"], "laws": [{"kind": "contact", "electric": "1e4 ohm m2"}]}],
    surfaces=[surface("begin", "a", "x-"), surface("end", "b", "x+")],
    terminals=[
        {"name": "in", "surfaces": ["end"], "current": "20 uA"},
        {"name": "out", "surfaces": ["begin"], "potential": "0 V"},
    ],
)


def test_both_sides_of_a_contact_between_conductors_1e12_apart():
    """20 µA: 1e-12 V over 0.5 m of the good conductor, 0.2 V over the contact, 1 V over the bad one."""
    probes = [{"name": side, "at": ["0.5 m", "0.2 m", "0.7 m"], "region": side} for side in "ab"]
    found = oxycell.report(solved(**JOINT, probes=probes))["probes"]
    assert found["a"]["electric_potential_V"] == pytest.approx(1e-12, rel=1e-9)
    assert found["b"]["electric_potential_V"] == pytest.approx(0.2, rel=1e-10)
    assert found["a"]["current_density_A_m2"] == pytest.approx([-2e-5, 0.0, 0.0], abs=1e-14)


def test_line_has_two_rows_at_a_boundary_of_regions():
    line = oxycell.report(
        solved(
            **JOINT,
            lines=[{"name": "l", "start": ["0 m", "0.2 m", "0.2 m"], "end": ["1 m", "0.2 m", "0.2 m"], "points": 5}],
        )
    )["lines"]["l"]
    assert line["region"] == ["a"] * 3 + ["b"] * 3 and line["x_m"] == [0.0, 0.25, 0.5, 0.5, 0.75, 1.0]
    np.testing.assert_allclose(line["electric_potential_V"], [0.0, 5e-13, 1e-12, 0.2, 0.7, 1.2], rtol=1e-9, atol=1e-20)


def test_lump_has_one_temperature_and_the_surface_it_touches():
    """Pool between walls: 1 W/m/K and 0.5 m on both sides, films of 10 W/m²/K, ends at 400 and 300 K; 100 K/(0.5 + 0.1)
    m²K/W/2."""
    flux = 100.0 / (2 * 0.5 + 2 * 0.1)
    solution = solved(
        materials={"m": material(k=1.0)},
        boxes=layers(("a", "m", 0.5), ("pool", "m", 0.5), ("b", "m", 0.5)),
        mesh={"size": "0.25 m"},
        physics={"electric": False},
        lumps=[{"name": "pool", "regions": ["pool"], "films": {"*": "10 W/m2/K"}}],
        surfaces=[surface("hot", "a", "x-"), surface("cold", "b", "x+")],
        conditions=[{"on": ["hot"], "laws": [fixed(400.0)]}, {"on": ["cold"], "laws": [fixed(300.0)]}],
        probes=[
            {"name": name, "at": [f"{x} m", "0.3 m", "0.3 m"], "region": region}
            for name, x, region in (("middle", 0.8, "pool"), ("wall", 0.5, "pool"), ("solid", 0.5, "a"))
        ],
        integrals=[
            {"name": "through", "plane": {"axis": "x", "at": "0.8 m"}},
            {"name": "wall", "between": ["a", "pool"]},
        ],
    )
    found = oxycell.report(solution)
    temperature = {name: probe["temperature_K"] for name, probe in found["probes"].items()}
    assert temperature["middle"] == pytest.approx(350.0) and temperature["solid"] == pytest.approx(400.0 - 0.5 * flux)
    assert temperature["wall"] == pytest.approx(350.0 + 0.1 * flux)
    assert found["probes"]["middle"]["heat_flux_W_m2"] == [None] * 3
    assert found["integrals"]["through"]["heat_W"] is None, "stirring carries what no term says"
    assert found["integrals"]["wall"]["first"]["heat_W"] == pytest.approx(flux)


def test_sides_of_faces_nothing_passes_are_as_their_cells():
    solution = solved(**JOINT)
    mesh, record = solution.mesh, solution.record
    bare = np.setdiff1d(np.arange(mesh.n_faces), record["electric"]["face"])
    found = sides(mesh, record, "electric_potential", bare)
    assert (
        np.array_equal(found[:, 0], record["cells"]["electric_potential"][mesh.owner[bare]])
        and np.isnan(found[:, 1]).all()
    )


def test_case_without_probes_has_empty_blocks():
    found = oxycell.report(solved(**JOINT))
    assert found["probes"] == found["lines"] == found["integrals"] == {} and case_of(**JOINT).probes == ()
