"""Laws of outer surfaces: slopes, monotony, continuity, known values."""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from oxycell.errors import CaseError
from oxycell.physics.heat.boundaries import HEAT_LAWS, FixedTemperature, NaturalConvection, Radiation, Wind
from oxycell.physics.heat.natural_convection import air, nusselt_plate

OPTIONS = {
    "convection": {"coefficient": "12 W/m2/K", "fluid": "30 degC"},
    "radiation": {"emissivity": 0.8, "surroundings": "30 degC", "view_factor": 0.7},
    "natural_convection": {"fluid": "30 degC", "length": "0.8 m"},
    "wind": {"speed": "6 m/s", "fluid": "30 degC", "length": "0.8 m"},
    "heat_flux": {"value": "2 kW/m2"},
    "fixed_temperature": {"temperature": "400 degC"},
}
LAWS = [name for name in HEAT_LAWS if name != "fixed_temperature"]


def law(name, **changes):
    return HEAT_LAWS[name](**(OPTIONS[name] | changes))


def test_every_law_is_here():
    assert set(OPTIONS) == set(HEAT_LAWS)
    assert all(law(name).kind == name for name in HEAT_LAWS)


@pytest.mark.parametrize("orientation", [0, 1, -1])
@pytest.mark.parametrize("name", LAWS)
def test_slope_taylor(name, orientation):
    T = np.array([250.0, 295.0, 310.0, 333.0, 480.0, 700.0, 1200.0])
    facing = np.full(T.size, orientation)
    value, slope = law(name).flux(T, facing)
    assert value.shape == slope.shape == T.shape
    remainder = [np.abs(law(name).flux(T + step, facing)[0] - value - step * slope).max() for step in (0.4, 0.2, 0.1)]
    if remainder[0] > 1e-9:
        orders = np.log2(np.array(remainder[:-1]) / remainder[1:])
        assert np.all(np.abs(orders - 2.0) < 0.1)


@pytest.mark.parametrize("length", ["5 cm", "0.8 m", "5 m"])
@pytest.mark.parametrize("orientation", [0, 1, -1])
@pytest.mark.parametrize("name", LAWS)
def test_monotone_with_continuous_slope(name, orientation, length):
    changes = {"length": length} if "length" in OPTIONS[name] else {}
    T = np.linspace(-200.0, 3000.0, 32001)  # an iterate may leave physics
    value, slope = law(name, **changes).flux(T, np.full(T.size, orientation))
    assert np.all(np.isfinite(value)) and np.all(np.diff(value) >= 0.0) and np.all(slope >= 0.0)
    physical = T > 150.0
    assert np.abs(np.diff(slope[physical])).max() <= 0.15 * slope.max()


@pytest.mark.parametrize("orientation", [0, 1, -1])
def test_natural_convection_at_rest(orientation):
    """No flux, and the same positive slope from both sides, where the face is as warm as the air."""
    T = 303.15 + np.array([-1e-13, 0.0, 1e-13])
    value, slope = law("natural_convection").flux(T, np.full(3, orientation))
    assert value[1] == 0.0 and np.all(slope > 0.0)
    assert slope[0] == pytest.approx(slope[2], rel=1e-6)
    assert slope == pytest.approx(np.full(3, slope[1]), rel=0.15)  # the rest is |ΔT|^(1/6), vertical


def test_cold_face_up_is_hot_face_down():
    """In air of one film temperature the plate laws swap when the difference changes sign."""
    hot = law("natural_convection", fluid="300 K").flux(np.array([400.0]), np.array([-1]))[0]
    cold = law("natural_convection", fluid="400 K").flux(np.array([300.0]), np.array([1]))[0]
    assert hot[0] == pytest.approx(-cold[0], rel=1e-13)


def test_plate_correlations_away_from_the_blend():
    nusselt = np.array([nusselt_plate(rayleigh, up)[0] for rayleigh, up in ((1e5, 1), (1e10, 1), (1e6, -1))])
    assert nusselt == pytest.approx([0.54 * 1e5**0.25, 0.15 * 1e10 ** (1 / 3), 0.27 * 1e6**0.25], rel=3e-3)
    joined = np.array([nusselt_plate(rayleigh, 1)[0] for rayleigh in np.logspace(4, 11, 701)])
    larger = np.maximum(0.54 * np.logspace(4, 11, 701) ** 0.25, 0.15 * np.logspace(4, 11, 701) ** (1 / 3))
    assert np.all(joined >= larger) and np.max(joined / larger) < 1.036


def test_air_against_tables():
    """Incropera & DeWitt, table A.4 (its density is that of 1 bar: the viscosity is brought to one atmosphere)."""
    viscosity, conductivity, _, _ = np.transpose([air(T) for T in (300.0, 400.0, 500.0, 700.0)])
    bar = 1e5 / 101325.0
    assert viscosity == pytest.approx(np.array([15.89e-6, 26.41e-6, 38.79e-6, 68.10e-6]) * bar, rel=0.02)
    assert conductivity == pytest.approx([0.0263, 0.0338, 0.0407, 0.0524], rel=0.03)


def test_radiation():
    value, slope = Radiation(emissivity=1.0, surroundings="300 K").flux(np.array([300.0, 1000.0]), np.zeros(2, int))
    assert value == pytest.approx([0.0, 5.670374419e-8 * (1e12 - 8.1e9)], rel=1e-12)
    assert slope == pytest.approx(4 * 5.670374419e-8 * np.array([2.7e7, 1e9]), rel=1e-12)


def test_shell():
    """Vertical shell 0.8 m high, emissivity 0.8, surroundings 30 °C: total loss by hand with tables of air, within 1
    %."""
    T = np.array([100.0, 200.0, 250.0, 300.0, 350.0, 400.0]) + 273.15
    upright = np.zeros(T.size, int)
    convected, _ = NaturalConvection(fluid="30 degC", length="0.8 m").flux(T, upright)
    radiated, _ = Radiation(emissivity=0.8, surroundings="30 degC").flux(T, upright)
    assert (convected + radiated) / 1e3 == pytest.approx([0.87, 3.01, 4.53, 6.43, 8.78, 11.66], rel=0.01)
    coefficient = convected / (T - 303.15)
    assert np.all((coefficient > 5.35) & (coefficient < 7.55)) and np.all(np.diff(coefficient) > 0.0)


def film_coefficient(T, air, speed, length):
    """[W/m²/K], of wind along a surface."""
    flux, _ = Wind(speed=f"{speed} m/s", fluid=f"{air} K", length=f"{length} m").flux(np.array([T]), np.zeros(1, int))
    return flux[0] / (T - air)


def test_wind_by_hand():
    """A surface at 400 K in air at 300 K that blows at 10 m/s along 1 m, with air at 350 K from Incropera & DeWitt,
    table A.4 (20.92e-6 m²/s, 0.0300 W/m/K, Pr 0.700): Re 478 000, Nu_lam 407.6, Nu_turb 905.5/0.8602 = 1053."""
    assert film_coefficient(400.0, 300.0, 10.0, 1.0) == pytest.approx(0.0300 * np.hypot(407.6, 1053.0), rel=0.01)


@pytest.mark.parametrize("speed", [5.0, 7.5, 10.0, 15.0, 20.0, 30.0])
def test_wind_against_measurement(speed):
    """Jürges (1924) on a smooth plate half a metre long, as McAdams (Heat Transmission, 3rd ed., 1954) gives it from 16
    to 100 ft/s: 0.50 Btu/h/ft²/°F × (speed in ft/s)^0.78."""
    measured = 0.50 * 5.678 * (speed / 0.3048) ** 0.78
    assert film_coefficient(320.0, 295.0, speed, 0.5) == pytest.approx(measured, rel=0.06)


def test_wind_has_its_range():
    """Reynolds numbers from 10 to 1e7, with air at its own temperature, wherever on the surface."""
    law("wind").check("here")
    law("wind", speed="0.2 mm/s").check("here")  # Re 10.0 to one digit
    with pytest.raises(CaseError, match="here: Reynolds number 2e[+]07 is out of range; allowed: 10 to 1e[+]07"):
        law("wind", speed="400 m/s").check("here")
    with pytest.raises(CaseError, match="Reynolds number 0.0501 is out of range"):
        law("wind", speed="1 um/s").check("here")
    somewhere = law("wind").model_copy(update={"speed": np.array([6.0, 400.0])})
    with pytest.raises(CaseError, match="out of range"):
        somewhere.check("here")


def test_wind_by_face():
    """Options as arrays over the faces, as a case's tables over position make them, are those of each face."""
    T, facing = np.array([350.0, 400.0, 900.0]), np.zeros(3, int)
    speeds = np.array([1.0, 6.0, 20.0])
    together = law("wind").model_copy(update={"speed": speeds}).flux(T, facing)
    apart = [law("wind", speed=f"{speed} m/s").flux(T[i : i + 1], facing[:1]) for i, speed in enumerate(speeds)]
    assert np.array_equal(np.stack(together), np.concatenate(apart, axis=1))


def test_heat_flux_enters():
    value, slope = law("heat_flux").flux(np.array([300.0, 400.0]), np.zeros(2, int))
    assert value.tolist() == [-2000.0, -2000.0] and slope.tolist() == [0.0, 0.0]


def test_fixed_temperature_has_no_flux():
    assert law("fixed_temperature").temperature == pytest.approx(673.15)
    assert not hasattr(FixedTemperature, "flux")


def test_bad_input_is_named():
    convection = TypeAdapter(HEAT_LAWS["convection"])
    with pytest.raises(ValidationError, match="coefficient"):
        convection.validate_python({"coefficient": "12 K", "fluid": "30 degC"})
    with pytest.raises(ValidationError, match="emissivity"):
        law("radiation", emissivity=1.2)
    with pytest.raises(ValidationError, match="extra"):
        law("convection", emisivity=0.5)
