"""The electrolyte: bookkeeping and every correlation against worked values; ranges and refusals."""

import pickle

import numpy as np
import pytest
from pydantic import ValidationError

from oxycell.cell.bath import CONDUCTIVITY, LIQUIDUS, SATURATION, Bath


def bath(A, Ca, Al, **options):
    return Bath(excess_alf3=A, caf2=Ca, alumina=Al, **options)


def potassium(A, B, **options):
    """A melt with A wt % AlF3 in Na3AlF6–K3AlF6–AlF3 and B wt % K3AlF6 in the cryolites."""
    cryolite, potassium_cryolite = (100.0 - A) * (1.0 - B / 100.0), (100.0 - A) * B / 100.0
    kf = potassium_cryolite * 3 * 58.0967 / 258.267
    return Bath(excess_alf3=100.0 - cryolite - kf, kf=kf, alumina=0.0, **options)


def test_bookkeeping():
    assert bath(12, 5, 3).weight_ratio == pytest.approx(1.091, abs=5e-4)
    assert bath(12, 5, 3).cryolite_ratio == pytest.approx(2.182, abs=5e-4)
    assert bath(20, 4, 4).cryolite_ratio == pytest.approx(1.7705, abs=5e-5)
    assert bath(0, 0, 0).cryolite_ratio == pytest.approx(3.0, abs=1e-9)
    for ratio, A in ((1.5, 0.0), (1.15, 10.9), (1.0, 16.7)):  # A = 100 (0.6 − 0.4 BR)/(0.6 + 0.6 BR)
        assert bath(A, 0, 0).weight_ratio == pytest.approx(ratio, abs=3e-3)
    assert bath(12, 5, 3).total_cryolite_ratio == pytest.approx(bath(12, 5, 3).cryolite_ratio, rel=1e-12)
    assert Bath(excess_alf3=52.7, kf=47.3, alumina=0).total_cryolite_ratio == pytest.approx(1.30, abs=5e-3)
    melt = potassium(20.0, 30.0)
    assert (melt.free_alf3, melt.potassium_ratio) == (pytest.approx(20.0), pytest.approx(30.0))


@pytest.mark.parametrize(
    ("A", "Ca", "Al", "celsius"),
    [(0, 0, 0, 1011.0), (11, 5, 3, 959.8), (12, 5, 3, 955.2), (18, 4, 4, 910.8), (20, 4, 4, 892.2), (22, 3, 4, 873.0)],
)
def test_liquidus_solheim(A, Ca, Al, celsius):
    assert bath(A, Ca, Al).liquidus() - 273.15 == pytest.approx(celsius, abs=0.06)


def test_liquidus_against_another_program():
    """Entner's AlPrg prints 959.4 °C for 10 AlF3, 6.5 CaF2, 3 Al2O3, 0.3 MgF2."""
    assert bath(10, 6.5, 3, mgf2=0.3).liquidus() - 273.15 == pytest.approx(959.4, abs=0.05)


def test_liquidus_second_opinion():
    """Within 2 to 3 K of the default at 12 wt % AlF3, 12 K above it at 20, outside its range."""
    for A, Ca, Al, gap in ((11, 5, 3, 1.7), (12, 5, 3, 2.1), (20, 4, 4, 12.0)):
        other = bath(A, Ca, Al, liquidus_model="jmm2014").liquidus()
        assert other - bath(A, Ca, Al).liquidus() == pytest.approx(gap, abs=0.2)
    assert any("jmm2014" in line for line in bath(20, 4, 4, liquidus_model="jmm2014").warnings(1178.15))


@pytest.mark.parametrize(("A", "B", "celsius"), [(20, 20, 912.8), (25, 30, 847.3), (30, 30, 772.5), (30, 50, 666.9)])
def test_liquidus_sodium_potassium(A, B, celsius):
    melt = potassium(A, B, liquidus_model="na_k")
    assert melt.liquidus() - 273.15 == pytest.approx(celsius, abs=0.06)


@pytest.mark.parametrize(("ratio", "celsius"), [(3.0, 995.0), (1.5, 715.0), (1.3, 615.0)])
def test_liquidus_potassium(ratio, celsius):
    kf = 100.0 * ratio * 58.0967 / (ratio * 58.0967 + 83.977)
    melt = Bath(excess_alf3=100.0 - kf, kf=kf, alumina=0.0, liquidus_model="kf_alf3")
    assert melt.liquidus() - 273.15 == pytest.approx(celsius, abs=1.0)


@pytest.mark.parametrize(("celsius", "A", "Ca", "percent"), [(963, 12, 5, 8.28), (905, 20, 4, 5.88), (885, 22, 3, 5.34)])
def test_saturation(celsius, A, Ca, percent):
    assert bath(A, Ca, 3).saturation(celsius + 273.15)[0] == pytest.approx(percent, abs=6e-3)


@pytest.mark.parametrize(
    ("model", "industrial", "acidic", "cryolite"),
    [
        ("hives1996", 2.13, 1.80, 2.859),
        ("wang1992", 2.18, 1.88, 2.868),
        ("choudhary1973", 2.07, 1.72, 2.935),
        ("arkhipov2021", 1.96, 1.59, 2.857),
        ("chrenkova", 2.245, 1.85, 2.845),
    ],
)
def test_conductivity(model, industrial, acidic, cryolite):
    """S/cm at (12, 5, 3; 963 °C), (20, 4, 4; 905 °C) and pure cryolite at 1300 K."""
    for composition, T, value in (
        ((12, 5, 3), 1236.15, industrial),
        ((20, 4, 4), 1178.15, acidic),
        ((0, 0, 0), 1300.0, cryolite),
    ):
        kappa = bath(*composition, conductivity_model=model).conductivity(T)[0] / 100.0
        assert kappa == pytest.approx(value, abs=6e-3)


def test_conductivity_potassium():
    melt = Bath(excess_alf3=52.7, kf=47.3, alumina=0.0, conductivity_model="kf_alf3")
    assert melt.conductivity(1023.15)[0] == pytest.approx(110.0, rel=0.01)


def test_density():
    assert bath(12, 4.1, 3).density(1236.15)[0] == pytest.approx(2072.0, abs=0.5)
    assert bath(20, 4, 4).density(1178.15)[0] == pytest.approx(2085.0, abs=0.5)


@pytest.mark.parametrize("model", SATURATION)
@pytest.mark.parametrize("activity", ["haupin", "power"])
def test_slope_of_saturation_and_activity(model, activity):
    electrolyte, T = bath(20, 4, 2, saturation_model=model, activity_model=activity), np.array([1010.0, 1040.0, 1060.0])
    for law in (electrolyte.saturation, electrolyte.activity):
        _, slope = law(T)
        central = (law(T + 0.01)[0] - law(T - 0.01)[0]) / 0.02
        assert np.all(slope != 0.0) and central == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("model", CONDUCTIVITY)
def test_slope_of_properties(model):
    material = bath(20, 4, 4, lif=1.0, mgf2=0.5, conductivity_model=model, conductivity_factor=1.1).material()
    T = np.array([1100.0, 1178.15, 1240.0])
    for prop in material.properties().values():
        value, slope = prop(T)
        assert value.shape == slope.shape == T.shape and np.all(value > 0.0) and prop.source and prop.basis
        central = (prop(T + 0.01)[0] - prop(T - 0.01)[0]) / 0.02
        assert central == pytest.approx(slope, rel=1e-6, abs=1e-12)


def test_material():
    material = bath(20, 4, 4).material()
    assert material.name == "bath" and set(material.properties()) == {
        "electrical_conductivity", "thermal_conductivity", "density", "heat_capacity",
    }  # fmt: skip
    T = np.array([1178.15])
    assert material.electrical_conductivity(T)[0][0] == pytest.approx(180.2, abs=0.05)
    assert bath(20, 4, 4, conductivity_factor=0.9).conductivity(T)[0][0] == pytest.approx(0.9 * 180.2, abs=0.05)
    assert pickle.loads(pickle.dumps(material)).electrical_conductivity(T)[0][0] == pytest.approx(180.2, abs=0.05)


def test_warnings_name_model_and_excess():
    assert bath(12, 5, 3).warnings(1236.15) == []
    lines = bath(24, 4, 7).warnings(1178.15)
    assert any("hives1996 is used 42 K outside its range 1220 to 1320 K" in line for line in lines)
    assert any("solheim1996 is used with excess_alf3 24, 4 outside its range 0 to 20" in line for line in lines)
    assert any("alumina 7 wt % lies" in line and "above saturation" in line for line in lines)
    assert any("kvande1985" in line for line in lines)


@pytest.mark.parametrize("name", list(LIQUIDUS) + list(SATURATION) + list(CONDUCTIVITY))
def test_correlations_say_where_they_come_from(name):
    for table in (LIQUIDUS, SATURATION, CONDUCTIVITY):
        if name in table:
            model = table[name]
            assert model.basis in ("L", "M", "E", "D") and len(model.source) > 10 and model.lower < model.upper
            assert all(hasattr(bath(0, 0, 0), quantity) and low <= high for quantity, (low, high) in model.limits.items())


def test_refusals():
    with pytest.raises(ValidationError, match="more than 100 wt %"):
        bath(50, 10, 10, kf=40.0)
    with pytest.raises(ValidationError, match="conductivity_model"):
        bath(12, 5, 3, conductivity_model="guess")
    with pytest.raises(ValidationError, match="alumina"):
        bath(12, 5, -1)
    with pytest.raises(ValidationError, match="excess_alf3"):
        Bath(alumina=3.0)
