"""The checks on the foot of a ledge fail where what it touches has another temperature than it should."""

from dataclasses import replace

import numpy as np
import pytest

from oxycell.physics.heat.thermal import Thermal
from oxycell.physics.ledge.floor import Touched
from oxycell.solvers.deferred_correction import DeferredCorrections
from oxycell.verification import CHECKS
from oxycell.verification.toes import CONDUCTING, FROZEN, HEIGHT, HELD, LIQUIDUS, TOE

SHIFTS = {
    "line beyond the front": (
        (0.0, 1.0, 1.0),
        "toe-on-a-cold-floor",
        "ledge-under-a-cold-lip",
        "toe-over-a-floor",
        "ledge-under-a-lip",
    ),
    "hotter than the centre": (
        (-1.0, 1.0, 1.0),
        "toe-on-a-cold-floor",
        "ledge-under-a-cold-lip",
        "toe-over-a-floor",
        "ledge-under-a-lip",
    ),
    "floor no colder": ((1.0, 0.0, 1.0), "toe-over-a-floor", "ledge-under-a-lip", "floor-beside-a-toe"),
    "floor's slope reversed": ((1.0, -1.0, -1.0), "toe-over-a-floor", "ledge-under-a-lip", "floor-beside-a-toe"),
    "floor no warmer": ((1.0, 1.0, 0.0), "floor-beside-a-toe", "lip-beside-a-ledge"),
    "temperatures of the cells": ((0.0, 0.0, 0.0), "toe-on-a-cold-floor", "floor-beside-a-toe", "lip-beside-a-ledge"),
}


@pytest.mark.parametrize("fault", SHIFTS)
def test_wrong_temperatures_are_seen(monkeypatch, fault):
    factors, *names = SHIFTS[fault]
    original = Touched.shifts
    monkeypatch.setattr(
        Touched, "shifts", lambda self, *given: [f * s for f, s in zip(factors, original(self, *given), strict=True)]
    )
    for name in names:
        check = CHECKS[name]
        result = replace(check, meshes=check.meshes[:2]).run()
        assert not result.passed and result.errors[-1] > 5.0 * check.tolerance, name


@pytest.mark.parametrize("foot", [CONDUCTING, HELD])
def test_the_field_is_a_solution(foot):
    """Laplace's equation in ledge and floor, no heat through the top, one flux and one temperature where they meet, by
    differences."""

    def ledge(x, z):
        return foot.in_floor(0.0, 0.0) + foot.scale * np.sinh(foot.kappa * x) * np.cos(foot.kappa * (HEIGHT - z))

    h, x = 1e-4, 0.11
    parts = ((ledge, 0.06), (foot.in_floor, -0.07))
    for field, z in parts:
        bend = (field(x + h, z) + field(x - h, z) + field(x, z + h) + field(x, z - h) - 4.0 * field(x, z)) / h**2
        assert abs(bend) < 1e-3 * foot.kappa**2 * LIQUIDUS
    assert ledge(x, HEIGHT + h) == pytest.approx(ledge(x, HEIGHT - h), rel=1e-14)
    down = FROZEN * (ledge(x, h) - ledge(x, -h)) / (2.0 * h)
    assert down == pytest.approx((foot.into_floor(0.0, x + h) - foot.into_floor(0.0, x - h)) / (2.0 * h), rel=1e-6)
    if foot.floor is None:
        assert down == pytest.approx((ledge(x, 0.0) - foot.in_floor(x, 0.0)) / foot.resistance, rel=1e-6)
    else:
        assert ledge(x, 0.0) == pytest.approx(foot.in_floor(x, 0.0), rel=1e-14)
        assert down == pytest.approx(foot.floor * (foot.in_floor(x, h) - foot.in_floor(x, -h)) / (2.0 * h), rel=1e-6)
        assert foot.in_floor(x, -foot.depth) == pytest.approx(foot.in_floor(0.0, 0.0), rel=1e-12)
    assert ledge(foot.front(0.03), 0.03) == pytest.approx(LIQUIDUS, rel=1e-12) and foot.front(0.0) == pytest.approx(TOE)


def test_pool_that_linear_fluxes_move_is_seen(monkeypatch):
    """As it was: what new rises make in the row of a pool of known temperature moved it."""

    def moved(self, e, balance, asked):
        change = asked["temperature"] - e.state.corrections["temperature"]
        return e.heat_residual + e.heat.corrected(balance.correction.on_faces(change))

    def all_rows(self, operator, heat, residual, tolerance, stored=None):
        return heat.step(operator, residual, tolerance)

    monkeypatch.setattr(DeferredCorrections, "residual", moved)
    monkeypatch.setattr(Thermal, "step", all_rows)  # which leaves fixed rows where they are, whatever is asked of them
    check = CHECKS["toe-with-linear-fluxes"]
    result = replace(check, meshes=check.meshes[:2]).run()
    assert not result.passed and result.errors[-1] > 5.0 * check.tolerance
