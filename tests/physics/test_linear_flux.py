"""Fluxes that vary linearly within box cells: exact where they should be, several times closer elsewhere, and never less in balance."""

import numpy as np
import pytest
from tests.verification.checkers import box, check_ledger, fixed, material, surface

import oxycell
from oxycell.errors import CaseError
from oxycell.physics import linear_flux

CORNER = 1.0 - 2.0 / np.pi * np.log(2.0)  # squares that the corner square of a bent strip counts as (conformal map)


def posed(fluxes, **parts):
    return oxycell.Case.model_validate({"physics": {"electric": False, "temperature": "400 K"},
                                        "solver": {"tolerance": 1e-3, "fluxes": fluxes}} | parts)


def heated_wall(fluxes, cells=3):
    """A wall of two layers with heat made in the first, 1 m² across."""
    return posed(
        fluxes, materials={"a": material(k=2.0), "b": material(k=8.0)}, boxes=[box("a", "a", (0.0, 0.3)), box("b", "b", (0.3, 0.5))],
        mesh={"size": "1 m", "cells_x": [cells, 2]}, surfaces=[surface("hot", "a", "x-"), surface("cold", "b", "x+")],
        sources=[{"name": "s", "regions": ["a"], "heat": "1e4 W/m3"}],
        conditions=[{"on": ["hot"], "laws": [fixed(500.0)]}, {"on": ["cold"], "laws": [fixed(400.0)]}])


def means(edges, q0, low, k, made):
    """Means over cells of a layer that starts at 0 with flux q0 and temperature `low` and makes heat."""
    def integral(x):
        return low * x - q0 * x**2 / (2 * k) - made * x**3 / (6 * k)
    return np.diff(integral(edges)) / np.diff(edges)


def test_cells_show_means_of_a_heated_wall():
    """With a source the flux is linear, so means and fluxes are exact in one dimension; two-point fluxes are off by much."""
    solution = oxycell.solve(heated_wall("linear"))
    check_ledger(solution)
    q0 = (500.0 - 400.0 - 1e4 * (0.3**2 / (2 * 2.0) + 0.3 * 0.2 / 8.0)) / (0.3 / 2.0 + 0.2 / 8.0)
    exact = means(solution.mesh.lattice.x[:4], q0, 500.0, 2.0, 1e4)
    found = solution.record["cells"]["temperature"][:3]
    assert found == pytest.approx(exact, abs=1e-5)
    plain = oxycell.solve(heated_wall("two-point")).record["cells"]["temperature"][:3]
    assert np.max(np.abs(plain - exact)) > 1.0


def bent_strip(fluxes, n):
    """Electric resistance of a bent strip, in squares: two arms of 3 widths and a corner."""
    case = oxycell.Case.model_validate({
        "physics": {"thermal": False, "temperature": "400 K"}, "materials": {"m": material(sigma=1.0)},
        "boxes": [box("bend", "m", (0.0, 4.0), (0.0, 1.0)), box("bend", "m", (3.0, 4.0), (1.0, 4.0))],
        "mesh": {"size_x": f"{1 / n} m", "size_y": f"{1 / n} m", "size": "1 m"}, "solver": {"tolerance": 1e-3, "fluxes": fluxes},
        "surfaces": [surface("in", "bend", "x-") | {"x": ["-0.1 m", "0.1 m"]}, surface("out", "bend", "y+") | {"y": ["3.9 m", "4.1 m"]}],
        "terminals": [{"name": "in", "surfaces": ["in"], "current": "1 A"}, {"name": "out", "surfaces": ["out"], "potential": "0 V"}]})
    solution = oxycell.solve(case)
    check_ledger(solution)
    return oxycell.report(solution)["terminals"]["in"]["potential_V"]


@pytest.mark.parametrize("n", [3, 6])
def test_a_reentrant_corner_costs_less_than_half_the_error(n):
    exact = 6.0 + CORNER
    plain, found = (bent_strip(fluxes, n) - exact for fluxes in ("two-point", "linear"))
    assert 0.0 < found < 0.45 * plain  # both from above: currents that balance make more heat than the true ones (Thomson)


def mode(fluxes, n):
    """Largest error of the means of cos(πx) cosh(πz), given on the sides of a square, and its heat through the top, over the exact one."""
    def field(x, y, z):
        return 400.0 + np.cos(np.pi * x) * np.cosh(np.pi * z)
    case = posed(fluxes, materials={"m": material(k=1.0)}, boxes=[box("m", "m", (0.0, 1.0), (0.0, 1.0), (0.0, 1.0))],
                 mesh={"size": "1 m", "cells_x": [n], "cells_z": [n], "cells_y": [1]},
                 surfaces=[surface("skin", "m", "x-", "x+", "z-", "z+")],
                 conditions=[{"on": ["skin"], "laws": [{"kind": "fixed_temperature", "temperature": {"field": "outside"}}]}])
    solution = oxycell.solve(case, fields={"outside": field})
    check_ledger(solution)
    x, _, z = np.asarray(solution.mesh.cell_centre).T
    h = np.pi / n / 2.0
    exact = 400.0 + np.cos(np.pi * x) * np.cosh(np.pi * z) * np.sin(h) / h * np.sinh(h) / h
    return np.sqrt(np.mean((solution.record["cells"]["temperature"] - exact) ** 2))


def test_order_of_a_smooth_field():
    errors = np.array([mode("linear", n) for n in (4, 8, 16)])
    assert np.log2(errors[1] / errors[2]) > 1.85 and errors[2] < 0.5 * mode("two-point", 16)


def test_a_wrong_share_of_the_opposite_flux_is_seen(monkeypatch):
    """Counter-test: half the correction spoils the wall that is exact above."""
    find = linear_flux.find_linear_flux

    def wrong(*arguments):
        found = find(*arguments)
        found.third[:] *= 0.5
        return found

    monkeypatch.setattr("oxycell.physics.half_cells.find_linear_flux", wrong)
    with pytest.raises(AssertionError):
        test_cells_show_means_of_a_heated_wall()


def test_mesh_files_have_fluxes_of_their_own(tmp_path):
    case = heated_wall("linear").model_copy(update={"mesh": oxycell.load("sloped-wall").mesh, "boxes": (), "surfaces": (),
                                                    "regions": oxycell.load("sloped-wall").regions})
    with pytest.raises(CaseError, match="solver.fluxes"):
        oxycell.solve(case)
