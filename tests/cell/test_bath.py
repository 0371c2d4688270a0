"""The electrolyte: bookkeeping and every correlation against worked values; ranges and refusals."""

import pickle

import numpy as np
import pytest
from pydantic import ValidationError

from oxycell.cell.bath import Bath
from oxycell.cell.bath_models import CONDUCTIVITY, DENSITY, DISSOLVED, LIQUIDUS, SATURATION, VISCOSITY


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


@pytest.mark.parametrize(
    ("celsius", "A", "Ca", "percent"), [(963, 12, 5, 8.28), (905, 20, 4, 5.88), (885, 22, 3, 5.34)]
)
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
        ("wang_plant", 2.19, 1.89, 2.866),
    ],
)
def test_conductivity(model, industrial, acidic, cryolite):
    """S/cm at (12, 5, 3; 963 °C), (20, 4, 4; 905 °C) and pure cryolite at 1300 K.

    The notes this was checked with print 2.08 for choudhary1973 and 1.95 for arkhipov2021 in the first column; the
    formulas they give are 2.074 and 1.958.
    """
    for composition, T, value in (
        ((12, 5, 3), 1236.15, industrial),
        ((20, 4, 4), 1178.15, acidic),
        ((0, 0, 0), 1300.0, cryolite),
    ):
        kappa = bath(*composition, conductivity_model=model).conductivity(T)[0] / 100.0
        assert kappa == pytest.approx(value, abs=6e-3)


def test_conductivity_of_ternaries():
    """Híveš 1993: cryolite with 5 mol % CaF2 and 3 mol % Al2O3 at 1270 K, by hand; with excess AlF3 it says that it
    does not hold."""
    weights = {"cryolite": 0.92 * 209.941267, "caf2": 0.05 * 78.075, "alumina": 0.03 * 101.961276}
    share = {name: 100.0 * weight / sum(weights.values()) for name, weight in weights.items()}
    melt = Bath(excess_alf3=0.0, caf2=share["caf2"], alumina=share["alumina"], conductivity_model="hives1993")
    expected = 7.22 * np.exp(-1204.3 / 1270.0) - 2.53 * 0.03 - 0.76 * 0.05 - 1.80 * 0.03 * 0.05
    assert melt.conductivity(1270.0)[0] / 100.0 == pytest.approx(expected, abs=1e-6)
    assert bath(0, 0, 0, conductivity_model="hives1993").conductivity(1300.0)[0] == pytest.approx(285.9, abs=0.1)
    assert not any("hives1993" in line for line in melt.warnings(1270.0))
    acidic = bath(20, 4, 4, conductivity_model="hives1993")
    assert any("hives1993: excess AlF3 20 wt % is 20 above" in line for line in acidic.warnings(1270.0))


def cold_potassium(alumina=4.4):
    """KF–AlF3 of cryolite ratio 1.3."""
    kf = (100.0 - alumina) * 1.3 * 58.0967 / (1.3 * 58.0967 + 83.976748)
    models = {
        "liquidus_model": "kf_alf3",
        "conductivity_model": "kf_alf3",
        "saturation_model": "kf_alf3",
        "density_model": "naalf4_kalf4",
    }
    return Bath(excess_alf3=100.0 - alumina - kf, kf=kf, alumina=alumina, **models)


def test_potassium_bath():
    """At 760 °C 1.12 S/cm (a hand value of 1.15 is 2 % off), saturation 5.4 wt % inside 5 to 7, 110 S/m at 1023 K."""
    melt = cold_potassium()
    assert melt.total_cryolite_ratio == pytest.approx(1.3, rel=1e-6)
    assert melt.conductivity(1023.15)[0] == pytest.approx(110.0, rel=0.01)
    assert melt.conductivity(1033.15)[0] == pytest.approx(112.2, abs=0.1)
    assert [float(melt.saturation(t + 273.15)[0]) for t in (750.0, 760.0, 800.0)] == pytest.approx([5.0, 5.4, 7.0])
    assert [
        any(model in line for line in melt.warnings(1033.15)) for model in ("conductivity", "saturation", "liquidus")
    ] == [0, 0, 1]


def test_density():
    assert bath(12, 4.1, 3).density(1236.15)[0] == pytest.approx(2072.0, abs=0.5)
    assert bath(20, 4, 4).density(1178.15)[0] == pytest.approx(2085.0, abs=0.5)
    assert 2070.0 <= bath(10, 5, 3).density(1233.15)[0] <= 2090.0


def test_density_with_potassium():
    """2.5321 − 9.598e-4 t g/cm³: 1812 at 750 °C, 500 to 540 kg/m³ less than aluminium (2349)."""
    melt = cold_potassium()
    assert melt.density(1023.15)[0] == pytest.approx(1812.25, abs=0.01)
    assert 2377.23 - 0.311 * (1023.15 - 933.47) - melt.density(1023.15)[0] == pytest.approx(537.0, abs=1.0)
    lines = melt.warnings(1023.15)
    assert any(
        "naalf4_kalf4: cryolite ratio with KF and LiF 1.3 is 0.25 above its range 0.95 to 1.05" in line
        for line in lines
    )


def test_viscosity():
    """2.5 mPa s at 960 °C, 3 to 5 in cold baths."""
    assert bath(12, 5, 3).viscosity(1233.15)[0] == pytest.approx(2.5e-3)
    for celsius in (740.0, 800.0, 890.0):
        assert 2.9e-3 < cold_potassium().viscosity(celsius + 273.15)[0] < 5.0e-3


def test_heats():
    """With sodium 1800 J/kg/K and 520 kJ/kg; per mole of cryolite the same with potassium; JANAF and Dewing bracket the
    latent heat."""
    sodium, potassium_cryolite = bath(0, 0, 0), potassium(0.0, 100.0)
    assert (sodium.heat_capacity, sodium.latent_heat) == (1800.0, 5.2e5)
    assert 110.04e3 / 0.209941 * 0.97 < sodium.latent_heat < 119.33e3 / 0.209941
    for name in ("heat_capacity", "latent_heat"):
        assert getattr(potassium_cryolite, name) * 0.258267 == pytest.approx(
            getattr(sodium, name) * 0.209941267, rel=1e-6
        )
    assert cold_potassium().material().heat_capacity(1000.0)[0] == pytest.approx(1574.0, abs=1.0)


def test_dissolved_aluminium():
    """Yoshida & Dewing's line from 969 °C on (within 2 %), 0.015 wt % where it would turn negative; lithium and
    calcium lower it."""
    for celsius in (980.0, 1000.0, 1050.0):
        for melt in (bath(0, 0, 3), bath(12, 5, 3)):
            line = -0.2877 + 0.0268 * melt.weight_ratio + 2.992e-4 * celsius - 0.00192 * melt.caf2
            assert melt.dissolved_aluminium(celsius + 273.15)[0] == pytest.approx(line, rel=0.02)
    assert bath(20, 4, 4).dissolved_aluminium(1178.15)[0] == pytest.approx(0.0151, abs=1e-4)
    lithium = bath(0, 0, 0).dissolved_aluminium(1273.15)[0] - bath(0, 0, 0, lif=2.0).dissolved_aluminium(1273.15)[0]
    assert lithium == pytest.approx(
        0.00174 * 2.0 * 161.794 / 77.817 + 0.0268 * (1.5 - bath(0, 0, 0, lif=2.0).weight_ratio), rel=0.01
    )
    T = np.array([1100.0, 1178.15, 1240.0, 1300.0])
    for law in (bath(12, 5, 3).dissolved_aluminium, bath(12, 5, 3).viscosity):
        assert (law(T + 0.01)[0] - law(T - 0.01)[0]) / 0.02 == pytest.approx(law(T)[1], rel=1e-5, abs=1e-12)
    assert np.all(bath(20, 4, 4).dissolved_aluminium(np.linspace(900.0, 1400.0, 51))[0] > 0.0149)


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
    assert bath(12, 5, 3).warnings(1243.15) == []
    lines = bath(24, 4, 7).warnings(1178.15)
    assert "bath: conductivity model hives1996: temperature 1178 K is 41.8 below its range 1220 to 1320 K" in lines
    assert "bath: liquidus model solheim1996: excess AlF3 24 wt % is 4 above its range 0 to 20 wt %" in lines
    assert any("alumina 7 wt % lies" in line and "above saturation" in line for line in lines)
    assert any("kvande1985: temperature 1178 K is 25 below" in line for line in lines)
    assert any("yoshida1972: temperature 1178 K is 64 below" in line for line in lines)
    fewer = bath(24, 4, 7).warnings(1178.15, without=("density", "dissolved aluminium"))
    assert fewer == [line for line in lines if "density" not in line and "dissolved" not in line]
    assert any(
        "is 30 above its range 1220 to 1320 K" in line for line in bath(12, 5, 3).warnings(np.array([1230.0, 1350.0]))
    )


RANGES = [
    (kind, name, quantity, side)
    for kind, table in (
        ("liquidus", LIQUIDUS),
        ("saturation", SATURATION),
        ("conductivity", CONDUCTIVITY),
        ("density", DENSITY),
    )
    for name, model in table.items()
    for quantity in model.limits
    for side in (0, 1)
    if model.limits[quantity][side] > 0.0 or side == 1
]


@pytest.mark.parametrize(("kind", "name", "quantity", "side"), RANGES)
def test_each_range_of_composition_warns(kind, name, quantity, side, monkeypatch):
    """A number just outside a range is told, with the excess; one just inside is not."""
    table = {"liquidus": LIQUIDUS, "saturation": SATURATION, "conductivity": CONDUCTIVITY, "density": DENSITY}[kind]
    melt, end = bath(5, 1, 1, **{f"{kind}_model": name}), table[name].limits[quantity][side]
    lines = []
    for step in (-1e-3, 1e-3):
        value = max(0.0, end + (step if side else -step))
        monkeypatch.setattr(Bath, quantity, property(lambda _, value=value: value), raising=False)
        lines.append([line for line in melt.warnings(1200.0) if f"{kind} model {name}: " in line])
    told = [sum(f"is 0.001 {'above' if side else 'below'} its range" in line for line in each) for each in lines]
    assert told == [0, 1]


@pytest.mark.parametrize("name", list(LIQUIDUS) + list(SATURATION) + list(CONDUCTIVITY) + list(DENSITY))
def test_correlations_say_where_they_come_from(name):
    assert all(model.basis and len(model.source) > 10 for model in (DISSOLVED, VISCOSITY))
    for table in (LIQUIDUS, SATURATION, CONDUCTIVITY, DENSITY):
        if name in table:
            model = table[name]
            assert model.basis in ("L", "M", "E", "D") and len(model.source) > 10 and model.lower < model.upper
            assert all(
                hasattr(bath(0, 0, 0), quantity) and low <= high for quantity, (low, high) in model.limits.items()
            )


def test_refusals():
    with pytest.raises(ValidationError, match="more than 100 wt %"):
        bath(50, 10, 10, kf=40.0)
    with pytest.raises(ValidationError, match="conductivity_model"):
        bath(12, 5, 3, conductivity_model="guess")
    with pytest.raises(ValidationError, match="alumina"):
        bath(12, 5, -1)
    with pytest.raises(ValidationError, match="excess_alf3"):
        Bath(alumina=3.0)
