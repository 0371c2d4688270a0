"""Named fields on one vector."""

import numpy as np
import pytest

from oxycell.state import Field, Layout, State


@pytest.fixture
def layout():
    return Layout([Field("potential", "V", 3, 1.0, 1e-6), Field("temperature", "K", 2, 10.0, 1e-4)])


def test_fields_are_views_on_the_vector(layout):
    state = State(layout, np.arange(5.0))
    assert np.array_equal(state.potential, [0.0, 1.0, 2.0]) and np.array_equal(state["temperature"], [3.0, 4.0])
    state.temperature[1] = 9.0
    assert state.vector[4] == 9.0 and state.temperature.base is state.vector
    assert "potential" in state and "concentration" not in state
    with pytest.raises(AttributeError, match="no field 'concentration'; it has potential, temperature"):
        getattr(state, "concentration")  # noqa: B009


def test_replaced_moves_one_field_and_leaves_the_old_state(layout):
    state = State(layout, np.arange(5.0), {"potential": np.ones(1)}, 7.0)
    other = state.replaced(temperature=np.array([5.0, 6.0]))
    assert np.array_equal(other.vector, [0.0, 1.0, 2.0, 5.0, 6.0]) and np.array_equal(state.vector, np.arange(5.0))
    assert other.corrections is state.corrections and other.time == 7.0
    assert state.moved(other.vector).vector is other.vector


def test_layout_fills_rows_field_by_field(layout):
    assert layout.size == 5 and layout.rows["temperature"] == slice(3, 5)
    assert np.array_equal(layout.filled("scale"), [1.0, 1.0, 1.0, 10.0, 10.0])
    with pytest.raises(KeyError):
        layout.vector({"potential": np.zeros(3)})
