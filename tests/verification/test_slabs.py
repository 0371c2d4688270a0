"""Heat in a row of cells, exact in time: what problems over time are held against."""

import numpy as np
import pytest
from tests.verification import references_time
from tests.verification.references_time import integrated

from oxycell.verification.slabs import Slab

LAYERS = [(3, 0.1, 5.0, 2e6), (2, 0.05, 0.4, 1e6)]
TABLE = ((0.0, 600.0, 900.0), ((0.0, 10.0), (50.0, 10.0), (50.0, -20.0)))


def integrate(slab, half_cells=(0.1 / 6 / 5.0, 0.05 / 4 / 0.4), contact=0.03, film=0.02):
    """The same by an implicit Runge–Kutta method, resistances written out anew."""
    ha, hb = half_cells
    between = [2 * ha, 2 * ha, ha + contact + hb, 2 * hb]
    capacity = np.array([2e6 * 0.1 / 3] * 3 + [1e6 * 0.025] * 2)
    state, (times, ends) = np.full(5, 7.0), TABLE
    for begin, end, first, last in zip(times[:-1], times[1:], ends[:-1], ends[1:], strict=True):

        def rate(t, T, first=first, last=last, length=end - begin):
            low, high = (a + (b - a) * t / length for a, b in zip(first, last, strict=True))
            q = np.r_[(low - T[0]) / ha, (T[:-1] - T[1:]) / between, (T[-1] - high) / (film + hb)]
            return (q[:-1] - q[1:] + 3e3 * np.array([0.1 / 3] * 3 + [0.025] * 2)) / capacity

        state = integrated(rate, state, [end - begin])[:, -1]
    return state


def test_follows_tables():
    slab = Slab(LAYERS, low=0.0, high=0.02, contacts=[0.03], heated=3e3)
    assert slab.follow(7.0, *TABLE)[-1] == pytest.approx(integrate(slab), rel=1e-9)
    assert Slab(LAYERS, low=0.0, high=0.02, contacts=[0.031], heated=3e3).follow(7.0, *TABLE)[-1] != pytest.approx(
        integrate(slab), rel=1e-5
    )


def test_second_order_in_space():
    """Towards the series of the undivided plate."""
    k, rho, c = references_time.ALLOY
    exact, errors = references_time.plate(), []
    for cells in (10, 20, 40):
        slab = Slab([(cells, 0.05, k, rho * c)], high=1 / 1100)
        T = slab.after(20.0, 600.0, high=905.0)
        heat = 2.0 * slab.stored(T, 20.0) / exact["heat 600"] - 1.0
        errors.append([T[0] - exact["centre 600"], slab.skin(T, 905.0) - exact["skin 600"], heat])
    orders = np.log2(np.abs(np.array(errors[:-1]) / np.array(errors[1:])))
    assert orders == pytest.approx(2.0, abs=0.05)


def test_insulated_keeps_its_heat():
    slab = Slab(LAYERS)
    start = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    late = slab.after(start, 1e9)
    assert slab.stored(late, start) == pytest.approx(0.0, abs=1e-9 * slab.stored(late, 0.0))
    assert late == pytest.approx(late.mean(), rel=1e-9)
