"""Where a step of a front that freezes and melts puts the nodes of its column."""

import numpy as np
import pytest

from oxycell.physics.ledge.front_tangent import follow

START, END = np.array([0.0, 0.01, 0.02]), np.array([0.01, 0.02, 0.03])
LIQUIDUS, STEEP, BETWEEN = 1034.0, 1000.0, 0.01  # K, K/m, m between nodes; the wall's is 5 mm behind its face


def crossing(T):
    """Place [m] where the straight lines through the nodes of wall and cells cross the liquidus, the last one as far as
    need be."""
    nodes = np.array([-0.005, 0.005, 0.015, 0.025])
    at = min(max(int(np.searchsorted(T, LIQUIDUS)), 1), 3)
    return nodes[at - 1] + BETWEEN * (LIQUIDUS - T[at - 1]) / (T[at] - T[at - 1])


def moved(thickness, warmer, ahead=0.0):
    """Temperatures of wall and cells (4,) [K], on a straight line before, where the place of the front gets warmer, and
    the wall, by so much."""
    T = LIQUIDUS + STEEP * (np.array([-0.005, 0.005, 0.015, 0.025]) - thickness)
    cell = min(int(np.searchsorted(0.5 * (START + END), thickness, side="right")), 2)
    change = np.zeros(4)
    change[0], change[1 + cell] = ahead, warmer
    conductance = np.full(3, 1.0 / BETWEEN)
    columns = START, END, conductance, conductance
    fronts = np.array([thickness]), np.full(3, STEEP), np.array([cell]), np.array([1e4]), np.zeros(4)
    follow(np.array([0, 3]), columns, fronts, np.arange(1, 4), np.arange(3), LIQUIDUS, T, np.zeros(4), change)
    return T + change


@pytest.mark.parametrize("thickness", [0.003, 0.012, 0.0245, 0.029])
@pytest.mark.parametrize("by", [-0.002, -1e-5, 1e-5, 0.0009])
def test_a_front_goes_where_its_heat_of_melting_says(thickness, by):
    """By what it got warmer over the slope of the line, within a cell; beyond it the line goes on straight."""
    T = moved(thickness, -STEEP * by)
    assert crossing(T) == pytest.approx(thickness + by, abs=1e-12)
    at = int(np.searchsorted(T, LIQUIDUS))
    beyond = np.diff(T)[max(min(at, 3) - 1, 0) :]
    assert beyond == pytest.approx(np.full(beyond.size, beyond[0]), rel=1e-9)


def test_a_front_that_reaches_the_end_of_its_column_is_beyond_it():
    """The column is frozen through then: at the end itself it would be held there by its heat of melting for good."""
    assert crossing(moved(0.0299, -3.0)) == pytest.approx(0.0329, abs=1e-12)
    assert crossing(moved(0.0299, -1e3)) == pytest.approx(0.04, abs=1e-12)


def test_a_line_may_change_as_much_as_its_front_asks():
    """A front that comes back to the wall makes the line beyond it steep: the far end by hundreds of kelvin."""
    T = moved(0.0299, 29.0, ahead=-200.0)
    assert crossing(T) == pytest.approx(0.0009, abs=1e-12) and T[3] > LIQUIDUS + 500.0
