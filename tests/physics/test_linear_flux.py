"""Fluxes that vary linearly within box cells: exact where they should be, several times closer elsewhere, and never
less in balance."""

from dataclasses import replace

import numpy as np
import pytest
from tests.verification.checkers import box, check_ledger, material, surface

import oxycell
from oxycell.errors import CaseError
from oxycell.physics import linear_flux
from oxycell.verification import CHECKS, linear


def posed(fluxes, **parts):
    return oxycell.Case.model_validate(
        {"physics": {"electric": False, "temperature": "400 K"}, "solver": {"tolerance": 1e-3, "fluxes": fluxes}}
        | parts
    )


def answer(name, fluxes, n=1):
    """Solution of a verification problem, with fluxes of its own or others."""
    problem = CHECKS[name].pose(n)
    return replace(problem, case=problem.case | {"solver": {"tolerance": 1e-3, "fluxes": fluxes}}).answer().solution


def means(edges, q0, low, k, made):
    """Means over cells of a layer that starts at 0 with flux q0 and temperature `low` and makes heat."""

    def integral(x):
        return low * x - q0 * x**2 / (2 * k) - made * x**3 / (6 * k)

    return np.diff(integral(edges)) / np.diff(edges)


def test_cells_show_means_of_a_heated_wall():
    """With a source the flux is linear, so means and fluxes are exact in one dimension; two-point fluxes are off by
    much."""
    solution = answer("heated-layer-mean", "linear")
    check_ledger(solution)
    exact = means(solution.mesh.lattice.x[:4], linear.Q_LOW, 500.0, 2.0, linear.MADE)
    found = solution.record["cells"]["temperature"][:3]
    assert found == pytest.approx(exact, abs=1e-5)
    plain = answer("heated-layer-mean", "two-point").record["cells"]["temperature"][:3]
    assert np.max(np.abs(plain - exact)) > 1.0


def bent_strip(fluxes, n):
    """Electric resistance of a bent strip, in squares: two arms of 3 widths and a corner."""
    solution = answer("bent-strip", fluxes, n)
    check_ledger(solution)
    return oxycell.report(solution)["terminals"]["in"]["potential_V"]


@pytest.mark.parametrize("n", [3, 6])
def test_a_reentrant_corner_costs_less_than_half_the_error(n):
    exact = 6.0 + linear.CORNER
    plain, found = (bent_strip(fluxes, n) - exact for fluxes in ("two-point", "linear"))
    assert (
        0.0 < found < 0.45 * plain
    )  # both from above: currents that balance make more heat than the true ones (Thomson)


def mode(fluxes, n):
    """Largest error of the means of cos(πx) cosh(πz), given on the sides of a square, and its heat through the top,
    over the exact one."""

    def field(x, y, z):
        return 400.0 + np.cos(np.pi * x) * np.cosh(np.pi * z)

    case = posed(
        fluxes,
        materials={"m": material(k=1.0)},
        boxes=[box("m", "m", (0.0, 1.0), (0.0, 1.0), (0.0, 1.0))],
        mesh={"size": "1 m", "cells_x": [n], "cells_z": [n], "cells_y": [1]},
        surfaces=[surface("skin", "m", "x-", "x+", "z-", "z+")],
        conditions=[{"on": ["skin"], "laws": [{"kind": "fixed_temperature", "temperature": {"field": "outside"}}]}],
    )
    solution = oxycell.solve(case, fields={"outside": field})
    check_ledger(solution)
    x, _, z = np.asarray(solution.mesh.cell_centre).T
    h = np.pi / n / 2.0
    exact = 400.0 + np.cos(np.pi * x) * np.cosh(np.pi * z) * np.sin(h) / h * np.sinh(h) / h
    return np.sqrt(np.mean((solution.record["cells"]["temperature"] - exact) ** 2))


def test_order_of_a_smooth_field():
    errors = np.array([mode("linear", n) for n in (4, 8, 16)])
    assert np.log2(errors[1] / errors[2]) > 1.85 and errors[2] < 0.5 * mode("two-point", 16)


@pytest.mark.parametrize("share", [0.5, 1.5])
def test_a_wrong_share_of_the_opposite_flux_is_seen(monkeypatch, share):
    """Counter-test: less or more of the correction spoils the wall that is exact above."""
    find = linear_flux.find_linear_flux

    def wrong(*arguments):
        found = find(*arguments)
        found.third[:] *= share
        return found

    monkeypatch.setattr("oxycell.physics.half_cells.find_linear_flux", wrong)
    with pytest.raises(AssertionError):
        test_cells_show_means_of_a_heated_wall()
    assert not CHECKS["heated-layer-mean"].run().passed


@pytest.mark.parametrize("name", ["heated-layer-mean", "bent-strip"])
def test_two_point_fluxes_are_seen(name):
    """Where linear ones are asked for: means and a corner are off by more than is allowed."""
    check = CHECKS[name]

    def plain(n):
        problem = check.pose(n)
        return replace(problem, case=problem.case | {"solver": {"fluxes": "two-point"}})

    assert not replace(check, pose=plain).run().passed


def test_mesh_files_have_fluxes_of_their_own(tmp_path):
    other = oxycell.load("sloped-wall")
    case = oxycell.Case.model_validate(CHECKS["heated-layer-mean"].pose(1).case)
    with pytest.raises(CaseError, match="solver.fluxes"):
        oxycell.solve(
            case.model_copy(update={"mesh": other.mesh, "boxes": (), "surfaces": (), "regions": other.regions})
        )
