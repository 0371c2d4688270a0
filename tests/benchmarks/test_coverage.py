"""Do error bars hold the truth? On quick problems of the coverage study, with counter-tests; the closed forms against
known ones."""

import math

import numpy as np
import pytest
from benchmarks.coverage import conformal, fronts, layered, smooth, study, thin
from benchmarks.coverage.known import KINDS

from oxycell.case.case import Case
from oxycell.refinement import solve_refined
from oxycell.report.error_bars import error_bars
from oxycell.run import solve_with_report

QUICK = (
    "bend-of-unequal-arms",
    "insulated-plate-over-a-pad",
    "strips-on-a-floor",
    "anodes-level",
    "heated-square",
    "ohmic-bar",
    "cooled-within",
    "waving-wall",
    "sheet-on-insulation",
    "filmed-pit",
    "ledge-behind-a-contact",
    "ledge-on-steel",
    "melting-bend",
)
PROBLEMS = [problem for problem in study.PROBLEMS if problem.name in QUICK]


@pytest.fixture(scope="module")
def found():
    return study.study(PROBLEMS)


@pytest.mark.parametrize("meshes", [2, 3])
def test_truth_lies_inside(found, meshes):
    here = [one for one in found if one.meshes == meshes]
    assert {one.problem for one in here} == set(QUICK) and len(here) > 60
    assert study.covered(here) >= study.WANTED, study.missed_rows(here)


def narrowed(share):
    """Error bars a share as wide."""

    def bars(reports, subdivisions):
        block = error_bars(reports, subdivisions)
        for entry in block["figures"].values():
            entry["uncertainty"] *= share
        return block

    return bars


def test_bars_too_narrow_are_noticed():
    """Counter-test: a third of ± covers too few."""
    few = [one for problem in PROBLEMS[:6] for one in study.held(problem, 0, narrowed(1 / 3))]
    for meshes in (2, 3):
        assert study.covered(one for one in few if one.meshes == meshes) < study.WANTED


def test_bars_as_they_were_are_noticed(found):
    """Counter-test: one difference as ± of two meshes, as it was, misses edges of order 2/3 on every mesh."""
    edge = [one for one in found if one.problem == "insulated-plate-over-a-pad" and one.meshes == 2]
    assert edge and study.covered(edge) == 1.0
    assert all(one.error > abs(one.entry["values"][0] - one.entry["values"][1]) for one in edge)


def test_not_uselessly_wide(found):
    for meshes, most in ((2, 8.0), (3, 3.0)):
        widths = sorted(one.width for one in found if one.meshes == meshes)
        assert widths[len(widths) // 2] < most


def test_problems_are_many_and_of_all_kinds():
    assert len(study.PROBLEMS) >= 40 and len({problem.name for problem in study.PROBLEMS}) == len(study.PROBLEMS)
    assert {problem.kind for problem in study.PROBLEMS} == set(KINDS)
    assert all(problem.source and len(problem.numbers) >= 2 for problem in study.PROBLEMS)


def test_meshes_of_the_study_are_those_of_the_command():
    """`mesh.subdivisions` of `oxycell run --error-bars` cuts the mesh of n as the problem of 2n does."""
    problem = next(problem for problem in PROBLEMS if problem.name == "bend-of-unequal-arms")
    key = "terminals.first.current_A"
    ours = solve_refined(Case.model_validate(problem.pose(2).case), solve_with_report, 2)[1]["error_bars"]["figures"][
        key
    ]["values"]
    theirs = [
        solve_with_report(Case.model_validate(problem.pose(n).case))[1]["terminals"]["first"]["current_A"]
        for n in (2, 4)
    ]
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_conformal_maps_against_closed_forms():
    bend = 1.0 / conformal.l_shape(4.0, 1.0, 1.0, 4.0, (1, 2), (4, 5))
    assert bend == pytest.approx(
        7.0 - 2.0 / math.pi * math.log(2.0), rel=1e-8
    )  # Hall (1968); arms of 3 squares end the map within 1e-8
    coaxial = 4.0 * conformal.l_shape(1.0, 0.5, 0.5, 1.0, (2, 4), (5, 1))
    assert coaxial == pytest.approx(
        10.23409256936, rel=1e-11
    )  # square coaxial line, 1 in 2: a benchmark of field solvers
    for ratio in (2.0, 4.0 / 3.0):  # step of a channel, Hall (1968)
        excess = (
            (ratio + 1 / ratio) * math.log((ratio + 1) / (ratio - 1)) - 2 * math.log(4 * ratio / (ratio**2 - 1))
        ) / math.pi
        stepped = 1.0 / conformal.l_shape(6.0, 1.0, 3.0, ratio, (1, 2), (5, 0))
        assert stepped == pytest.approx(3.0 / ratio + 3.0 + excess, rel=1e-5)  # 1.5 squares end the map within exp(−3π)
    large, small = (conformal.l_shape(2.0 * by, 0.75 * by, by, by * 1.25, (1, 2), (5, 0)) for by in (2.0, 1.0))
    assert large == pytest.approx(small, rel=1e-9), "a map knows no scale"


def test_arcs_of_a_boundary():
    """Even arcs make a square; a turn of the half plane changes nothing; what electrodes pass times what the gaps would
    pass is 1."""
    points = -1.0, 0.2, 1.7, 5.0
    assert conformal.between(-1.0, 0.0, 1.0, 1e12) == pytest.approx(1.0, rel=1e-9)
    turned = [-1.0 / (value - 0.5) for value in (1.7, 5.0, -1.0, 0.2)]
    assert conformal.between(*turned) == pytest.approx(conformal.between(*points), rel=1e-12)
    gaps = [-1.0 / (value + 0.5) for value in (*points[1:], points[0])]
    assert conformal.between(*gaps) * conformal.between(*points) == pytest.approx(1.0, rel=1e-12)


def test_ends_of_thin_bodies_against_the_fin():
    """Linear: k w u″ = h u gives √(h k w) tanh(mL) at the base (Carslaw & Jaeger §4.11)."""
    m = math.sqrt(30.0 / (400.0 * 5e-4))
    whole, half = thin.closed_end(lambda u: 30.0 * u, 400.0 * 5e-4, 0.12, 100.0, 1e-9, 0.06)
    assert whole == pytest.approx(100.0 * 0.2 * m * math.tanh(0.12 * m), rel=1e-10)
    assert half == pytest.approx(100.0 * 0.2 * m * math.sinh(0.06 * m) / math.cosh(0.12 * m), rel=1e-10)


def test_layers_against_one_slab():
    wave, k, d = 3.0, 2.0, 0.4
    found = layered.Layers(((k, d), 0.0), wave)
    assert found.entering == pytest.approx(k * wave / math.tanh(wave * d), rel=1e-12)
    assert found.leaving == pytest.approx(k * wave / math.sinh(wave * d), rel=1e-12)
    cut = layered.Layers(((k, 0.3 * d), (k, 0.7 * d)), wave)
    assert (cut.entering, cut.leaving) == pytest.approx((found.entering, found.leaving), rel=1e-12)


def test_waving_ledges_are_harmonic():
    """Five-point Laplacian in the ledge, the flux through the contact on both sides, and the liquidus at the front."""
    field, step, z = fronts.LINED, 1e-4, 0.13

    def ledge(s, z):
        even = field.cold + field.flux * (0.1 / field.wall + field.joint)
        return even + field.flux * s / 1.5 + field._wave(s)[0] * np.cos(field.kappa * z)

    around = ledge(0.05 + step, z) + ledge(0.05 - step, z) + ledge(0.05, z + step) + ledge(0.05, z - step)
    assert abs(around - 4.0 * ledge(0.05, z)) < 1e-7
    assert ledge(field.front(z), z) == pytest.approx(fronts.LIQUIDUS, abs=1e-9)
    inside = field._b * np.sinh(field.kappa * 0.1), field.wall * field._b * field.kappa * np.cosh(field.kappa * 0.1)
    assert 1.5 * field._wave(0.0)[1] == pytest.approx(inside[1], rel=1e-12)
    assert field._wave(0.0)[0] - inside[0] == pytest.approx(field.joint * inside[1], rel=1e-12)


def test_corner_front_loses_heat_and_no_area():
    area, heat, diagonal = fronts.corner_front()
    assert area == pytest.approx(0.0, abs=1e-6) and heat < -1.0 and diagonal == pytest.approx(2.2077, abs=1e-4)


def test_heat_of_a_warmed_conductor_is_its_power():
    """∫ σ dφ over the length times the voltage is what leaves at both ends: k dT/dx there, from the relation's own
    slope."""
    _, total, hottest = smooth.warmed_conductor(0.9)
    # At φ = 0: (1/σ) k dT = (V/2) dφ, so that k dT/dx = (V/2) σ dφ/dx = (V/2) I/A; twice that is V I/A.
    assert hottest > smooth.OHMIC_END and total == pytest.approx(0.9 / _mean_resistivity(0.9), rel=1e-9)


def _mean_resistivity(volts):
    """V / ∫ σ dφ by a plain trapezoidal sum, of the relation solved by bisection instead of the quadratic."""
    from scipy.optimize import brentq

    b = (5e-6 - 1e-6) / 1600.0
    a = 1e-6 - b * 300.0

    def temperature(phi):
        return brentq(
            lambda T: 60.0 * (a * (T - 400.0) + b * (T * T - 160000.0) / 2.0) - phi * (volts - phi) / 2.0, 400.0, 4000.0
        )

    phi = np.linspace(0.0, volts, 2001)
    sigma = np.array([1.0 / (a + b * temperature(one)) for one in phi])
    simpson = np.sum(sigma[:-1:2] + 4.0 * sigma[1::2] + sigma[2::2]) * (phi[1] - phi[0]) / 3.0
    return volts / simpson
