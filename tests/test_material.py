"""Property functions: values, slopes, ranges, and the warnings of a material."""

import pickle

import numpy as np
import pytest

from oxycell.material import Constant, Formula, Material, Reciprocal, Scaled, Tabulated, polynomial

TABLE = Tabulated([300.0, 500.0, 900.0], [1.0, 3.0, 2.0], "W/m/K", "test", "E")
PROPERTIES = {
    "constant": Constant(2.0, "W/m/K"),
    "table": TABLE,
    "formula": Formula(lambda T: (np.exp(T / 500.0), np.exp(T / 500.0) / 500.0), "S/m", 300.0, 900.0),
    "polynomial": polynomial([1.0, 2e-3, -1e-6, 3e-9], "S/m", 300.0, 900.0, reference=600.0),
    "reciprocal": Reciprocal(TABLE, "m*K/W"),
    "scaled": Scaled(TABLE, 1.5),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_slope_taylor(name):
    """The remainder of the first-order Taylor series falls with the square of the step, inside each interval."""
    prop, T = PROPERTIES[name], np.array([350.0, 420.0, 600.0, 800.0])
    value, slope = prop(T)
    remainder = [np.abs(prop(T + step)[0] - value - step * slope).max() for step in (16.0, 8.0, 4.0)]
    if remainder[0] > 1e-12:
        orders = np.log2(np.array(remainder[:-1]) / remainder[1:])
        assert np.all(orders > 1.9) and np.all(orders < 2.2)


@pytest.mark.parametrize("name", PROPERTIES)
def test_shapes_and_metadata(name):
    prop = PROPERTIES[name]
    for T in (np.array([400.0]), np.linspace(200.0, 1000.0, 7), np.zeros(0)):
        value, slope = prop(T)
        assert value.shape == slope.shape == T.shape
        assert value.dtype == slope.dtype == np.float64
    assert prop.lower <= prop.upper and prop.unit and prop.source and prop.basis in ("E", "user")


@pytest.mark.parametrize("name", PROPERTIES)
def test_value_alone(name):
    """`at` is the value of a call, within the range and outside."""
    prop, T = PROPERTIES[name], np.array([200.0, 350.0, 420.0, 800.0, 3000.0])
    assert np.array_equal(np.broadcast_to(prop.at(T), T.shape), prop(T)[0])


def test_table_holds_outside():
    value, slope = TABLE(np.array([100.0, 300.0, 400.0, 500.0, 900.0, 1500.0]))
    assert value.tolist() == [1.0, 1.0, 2.0, 3.0, 2.0, 2.0]
    assert slope.tolist() == [0.0, 0.01, 0.01, -0.0025, 0.0, 0.0]
    assert (TABLE.lower, TABLE.upper) == (300.0, 900.0)


def test_formula_holds_outside_hold_only():
    formula = polynomial([0.0, 1.0], "K", 300.0, 400.0, hold=(200.0, 500.0))
    value, slope = formula(np.array([100.0, 250.0, 450.0, 600.0]))
    assert value.tolist() == [200.0, 250.0, 450.0, 500.0]
    assert slope.tolist() == [0.0, 1.0, 1.0, 0.0]
    assert formula.excess(np.array([250.0, 450.0])) == 50.0


def test_reciprocal_is_linear_in_what_was_tabulated():
    assert Reciprocal(TABLE, "m*K/W")(np.array([400.0]))[0][0] == 0.5


def test_excess():
    assert TABLE.excess(np.array([300.0, 900.0])) == 0.0
    assert TABLE.excess(np.array([250.0, 910.0])) == 50.0
    assert TABLE.excess(np.zeros(0)) == 0.0
    assert Constant(1.0, "S/m").excess(np.array([1.0, 5000.0])) == 0.0


@pytest.mark.parametrize(
    ("T", "v"),
    [([300.0], [1.0]), ([300.0, 300.0], [1.0, 2.0]), ([300.0, 400.0], [1.0]), ([300.0, 400.0], [1.0, np.nan])],
)
def test_table_refuses(T, v):
    with pytest.raises(ValueError, match="table"):
        Tabulated(T, v, "S/m")


def test_material_warns_and_names_the_source():
    material = Material("stuff", None, TABLE, Constant(1000.0, "kg/m3"))
    assert list(material.properties()) == ["thermal_conductivity", "density"]
    assert material.warnings(np.array([400.0])) == []
    (line,) = material.warnings(np.array([400.0, 1000.0]))
    assert line == "stuff: thermal_conductivity is used 100 K outside its range 300 to 900 K (E: test)"


def test_material_survives_pickling():
    """Sweeps send cases to other processes."""
    material = Material("stuff", None, TABLE, polynomial([1.0, 2.0], "kg/m3", 0.0, 1000.0))
    again = pickle.loads(pickle.dumps(material))
    assert again.density(np.array([10.0]))[0][0] == 21.0
    assert again.thermal_conductivity(np.array([400.0]))[0][0] == 2.0
