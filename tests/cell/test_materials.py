"""The material library, entry by entry: positive, slopes right, sources said; and values printed by the sources."""

import numpy as np
import pytest

from oxycell.cell.electrochemistry import KINETICS
from oxycell.cell.horizontal_laws import KINETICS_OF
from oxycell.cell.materials import MATERIALS
from oxycell.material import BASES
from oxycell.units import parse_quantity

UNITS = {
    "electrical_conductivity": "S/m",
    "thermal_conductivity": "W/m/K",
    "density": "kg/m3",
    "heat_capacity": "J/kg/K",
}
ENTRIES = [(name, key) for name, material in MATERIALS.items() for key in material.properties()]
INSULATORS = {
    "sic_si3n4", "chamotte_brick", "moler_brick", "calcium_silicate", "vermiculite_slab",
    "alumina_cover_loose", "anode_cover_crushed_bath", "crust", "ledge",
}  # fmt: skip


def test_names():
    assert len(MATERIALS) == 27
    assert all(material.name == name for name, material in MATERIALS.items())
    assert {name for name, material in MATERIALS.items() if material.electrical_conductivity is None} == INSULATORS
    assert "insulator" in MATERIALS["sic_si3n4"].note and "insulator" in MATERIALS["ledge"].note


@pytest.mark.parametrize(("name", "key"), ENTRIES)
def test_entry(name, key):
    prop = MATERIALS[name].properties()[key]
    assert prop.unit == UNITS[key]
    assert parse_quantity(f"1 {prop.unit}", UNITS[key]) == 1.0
    assert prop.basis in BASES[:4] and len(prop.source) > 4
    assert 0.0 <= prop.lower <= prop.upper
    value, slope = prop(np.linspace(200.0, 2000.0, 181))
    assert np.all(value > 0.0) and np.all(np.isfinite(value)) and np.all(np.isfinite(slope))


@pytest.mark.parametrize(("name", "key"), ENTRIES)
def test_slope_taylor(name, key):
    """First-order Taylor remainder of order two, at temperatures away from table points (which are whole °C)."""
    prop = MATERIALS[name].properties()[key]
    T = np.arange(293.65, 1273.15, 10.0)
    value, slope = prop(T)
    first, second = (np.abs(prop(T + step)[0] - value - step * slope) for step in (0.2, 0.1))
    rough = first > 1e-9 * np.abs(value)
    assert np.all(np.abs(np.log2(first[rough] / second[rough]) - 2.0) < 0.1)


@pytest.mark.parametrize(
    ("name", "key", "celsius", "value", "digits"),
    [
        ("aluminium_liquid", "electrical_conductivity", 960.0, 1 / 0.286e-6, 2e-3),
        ("aluminium_liquid", "thermal_conductivity", 960.0, 104.0, 1e-12),
        ("aluminium_liquid", "density", 960.0, 2284.0, 1e-4),
        ("steel_low_carbon", "electrical_conductivity", 500.0, 1 / 0.584e-6, 1e-12),
        ("steel_low_carbon", "thermal_conductivity", 900.0, 27.6, 1e-12),
        ("steel_low_carbon", "heat_capacity", 100.0, 487.6, 1e-4),
        ("steel_low_carbon", "heat_capacity", 735.0, 5000.0, 1e-12),
        ("steel_low_carbon", "heat_capacity", 1000.0, 650.0, 1e-12),
        ("copper", "electrical_conductivity", 950.0, 1 / 0.080e-6, 1e-12),
        ("inert_nife2o4_17cu_cermet", "electrical_conductivity", 960.0, 1 / 110e-6, 1e-12),
        ("inert_fe_ni_cu", "electrical_conductivity", 900.0, 1 / 1.17e-6, 1e-12),
        ("cathode_graphitic", "electrical_conductivity", 950.0, 1 / 18e-6, 1e-12),
        ("tib2_carbon_composite", "electrical_conductivity", 960.0, 1 / 45e-6, 1e-12),
    ],
)
def test_printed_values(name, key, celsius, value, digits):
    assert MATERIALS[name].properties()[key](np.array([celsius + 273.15]))[0][0] == pytest.approx(value, rel=digits)


def test_resistivity_is_interpolated():
    """Halfway between two tabulated resistivities lies their mean."""
    sigma = MATERIALS["steel_low_carbon"].electrical_conductivity
    assert 1.0 / sigma(np.array([450.0 + 273.15]))[0][0] == pytest.approx(0.5 * (4.58e-7 + 5.84e-7), rel=1e-12)


def test_steel_heat_capacity_has_no_large_step():
    heat = MATERIALS["steel_low_carbon"].heat_capacity
    for celsius in (600.0, 735.0, 900.0):
        low, high = heat(np.array([celsius - 1e-6, celsius + 1e-6]) + 273.15)[0]
        assert abs(high - low) < 1e-3 * low


def test_anode_materials_are_complete():
    """Cermets, tin oxide and alloys conduct current and heat and have kinetics; they say what every number rests on."""
    anodes = [name for name in MATERIALS if name.startswith("inert_")]
    assert set(anodes) == set(KINETICS_OF) and set(KINETICS_OF.values()) == set(KINETICS)
    for name in anodes:
        assert set(MATERIALS[name].properties()) == set(UNITS)
        for prop in MATERIALS[name].properties().values():
            assert prop.basis in BASES[:4] and prop.source
