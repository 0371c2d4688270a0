"""Cells that do not stand square before their faces: linear fields are exact, on both balances, beside jumps and
contacts."""

import numpy as np
import pytest
from tests.mesh.samples import graded_lattice, halves_file
from tests.verification.checkers import check_ledger

import oxycell
from oxycell.physics import half_cells
from oxycell.physics.skew import find_skew

K, CONTACT = (1.0, 3.0), 0.1
SPAN = 50.0


def linear(x, y, z):
    """Linear in each half, flux density 30 across the joint at x = 0.5, whose contact takes 3."""
    return 400.0 + 20.0 * y - 13.0 * z + np.where(np.asarray(x) < 0.5, 30.0 * (x - 0.5), 3.0 + 10.0 * (x - 0.5))


def posed(path, what, law=None, **more):
    """The cube of `halves_file` with `linear`, or a law of its own, on its skin."""
    kind = {"temperature": "fixed_temperature", "electric_potential": "fixed_potential"}[what]
    own = {"kind": kind, "temperature" if what == "temperature" else "potential": {"field": "outside"}}
    return oxycell.Case.model_validate(
        {
            "mesh": {"file": str(path)},
            "regions": [{"name": "left", "material": "a"}, {"name": "right", "material": "b"}],
            "materials": {
                name: {"thermal_conductivity": f"{k} W/m/K", "electrical_conductivity": f"{k} S/m"}
                for name, k in zip("ab", K, strict=True)
            },
            "interfaces": [
                {
                    "name": "joint",
                    "between": ["left", "right"],
                    "laws": [{"kind": "contact", "thermal": f"{CONTACT} K m2/W", "electric": f"{CONTACT} ohm m2"}],
                }
            ],
            "conditions": [{"on": ["skin"], "laws": [law or own]}],
            "physics": {"electric": what != "temperature", "thermal": what == "temperature"},
        }
        | more
    )


def error(tmp_path, kind, what, n=4, move=0.2):
    path = tmp_path / "cube.msh"
    halves_file(path, n, kind, move)
    solution = oxycell.solve(posed(path, what), fields={"outside": linear})
    check_ledger(solution)
    return np.max(np.abs(solution.record["cells"][what] - linear(*np.asarray(solution.mesh.cell_centre).T)))


@pytest.mark.parametrize("what", ["temperature", "electric_potential"])
@pytest.mark.parametrize("kind", ["tetra", "hexahedron"])
def test_linear_fields_are_exact(tmp_path, kind, what):
    assert error(tmp_path, kind, what) < 1e-9 * SPAN


@pytest.mark.parametrize("what", ["temperature", "electric_potential"])
def test_two_point_fluxes_are_not(tmp_path, what, monkeypatch):
    """Counter-test: without the correction the check above fails by seven decades."""
    monkeypatch.setattr(half_cells, "find_skew", lambda *_: None)
    assert error(tmp_path, "tetra", what) > 1e-2 * SPAN


@pytest.mark.parametrize("kind", ["tetra", "hexahedron"])
@pytest.mark.parametrize("move", [0.0, 0.2])
def test_directions_that_conduct_differently(tmp_path, kind, move):
    """A linear field with flux density −k F grad T, continuous through a joint of two such materials with a contact."""
    factors = [[1.0, 3.0, 0.4], [2.0, 0.5, 1.0]]
    path = tmp_path / "cube.msh"
    halves_file(path, 4, kind, move)
    case = posed(path, "temperature")
    for name, of in zip("ab", factors, strict=True):
        case = case.replaced({f"materials.{name}.thermal_anisotropy": of})

    def field(x, y, z):  # 30 W/m² through the joint: slopes 30/1 and 30/(3·2)
        return 400.0 + 20.0 * y - 13.0 * z + np.where(np.asarray(x) < 0.5, 30.0 * (x - 0.5), 3.0 + 5.0 * (x - 0.5))

    solution = oxycell.solve(case, fields={"outside": field})
    check_ledger(solution)
    off = solution.record["cells"]["temperature"] - field(*np.asarray(solution.mesh.cell_centre).T)
    assert np.max(np.abs(off)) < 1e-9 * SPAN


def read(tmp_path, kind, move=0.2):
    path = tmp_path / "cube.msh"
    halves_file(path, 2, kind, move)
    return oxycell.solve(posed(path, "temperature"), fields={"outside": linear}).mesh


def test_fluxes_to_drops_is_symmetric_and_positive(tmp_path):
    mesh, random = read(tmp_path, "tetra"), np.random.default_rng(3)
    skew = find_skew(mesh, np.arange(mesh.n_faces), np.ones((mesh.n_faces, 2), bool))
    k, inside = random.uniform(0.1, 10.0, mesh.n_cells), skew.cells >= 0

    def drops(flux):
        plain = np.where(inside, skew.distance * flux / skew.area[:, None] / k[skew.cells], 0.0)
        return plain - skew.rises(flux.T, k)

    one, other = (random.normal(size=inside.shape) * inside for _ in range(2))
    assert np.sum(one * drops(other)) == pytest.approx(np.sum(other * drops(one)), rel=1e-10)
    for _ in range(20):
        flux = random.normal(size=inside.shape) * inside
        assert np.sum(flux * drops(flux)) > 0.0


def test_square_cells_need_none(tmp_path):
    mesh = read(tmp_path, "hexahedron", 0.0)
    assert find_skew(mesh, np.arange(mesh.n_faces), np.ones((mesh.n_faces, 2), bool)) is None
    mesh = graded_lattice(np.random.default_rng(0))
    assert find_skew(mesh, np.arange(mesh.n_faces), np.ones((mesh.n_faces, 2), bool)) is None


def test_current_heats_what_it_passes(tmp_path):
    """Both balances on tetrahedra, with film and radiation outside: Joule heat is voltage times current, and leaves by
    the skin."""
    path = tmp_path / "cube.msh"
    halves_file(path, 4, "tetra")
    case = posed(
        path,
        "electric_potential",
        physics={},
        conditions=[
            {
                "on": ["skin"],
                "laws": [
                    {"kind": "fixed_potential", "potential": {"x": ["0 m", "1 m"], "value": [0.0, 40.0]}},
                    {"kind": "convection", "coefficient": "5 W/m2/K", "fluid": "300 K"},
                    {"kind": "radiation", "emissivity": 0.8, "surroundings": "300 K"},
                ],
            }
        ],
    )
    solution = oxycell.solve(case)
    check_ledger(solution)
    report = oxycell.report(solution)
    made = report["heat"]["generated_W"]
    assert made > 500.0
    assert sum(report["heat"]["losses"].values()) == pytest.approx(made, rel=1e-6)


def patch(x, y, z):
    """1 on a disk of the skin and around it, 0 elsewhere."""
    return np.where(np.hypot(x - 0.2, y - 0.3) < 0.2, 1.0, 0.0)


@pytest.mark.parametrize(("stretch", "told"), [(5.0, True), (1.0, False)])
def test_values_beyond_all_surfaces_are_told(tmp_path, stretch, told):
    """On long cells some potential falls below all that the skin is kept at, and the run says so; on others none
    does."""
    path = tmp_path / "cube.msh"
    halves_file(path, 6, "tetra", 0.3 if told else 0.2, stretch=stretch)
    solution = oxycell.solve(posed(path, "electric_potential"), fields={"outside": patch})
    lowest = solution.record["cells"]["electric_potential"].min()
    notes = [note for note in oxycell.report(solution)["warnings"] if "below that of all its surfaces" in note]
    assert (lowest < -1e-3) == told and bool(notes) == told


@pytest.mark.parametrize("volts", [1e-3, 1e3])
def test_linear_problems_of_any_voltage(tmp_path, volts):
    path = tmp_path / "cube.msh"
    halves_file(path, 2, "tetra")
    solution = oxycell.solve(
        posed(path, "electric_potential"), fields={"outside": lambda x, y, z: volts / 50.0 * linear(x, y, z)}
    )
    exact = volts / 50.0 * linear(*np.asarray(solution.mesh.cell_centre).T)
    np.testing.assert_allclose(solution.record["cells"]["electric_potential"], exact, rtol=0, atol=1e-9 * volts)
