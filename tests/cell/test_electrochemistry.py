"""Reversible potentials, the energy identity, Faraday rates, activity, kinetics, limiting current; worked values of the
sources."""

import numpy as np
import pytest

from oxycell.cell.bath import Bath
from oxycell.cell.current_efficiency import Dewing, Given
from oxycell.cell.electrochemistry import KINETICS, Process, alumina_activity, limiting_current_density
from oxycell.cell.thermochemistry import LIMITS, REACTIONS, potential
from oxycell.constants import FARADAY, GAS_CONSTANT, MOLAR_MASS

KWH = 3.6e6
ACIDIC = Bath(excess_alf3=20.0, caf2=4.0, alumina=4.0)


def process(name="oxygen", x=1.0, **options):
    return Process(REACTIONS[name], Given(x), **options)


@pytest.mark.parametrize(
    "method",
    [
        "reversible_potential", "peltier_voltage", "recombination_voltage", "alumina_feed_voltage",
        "carbon_feed_voltage", "recombination_heat", "equivalent_voltage",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["oxygen", "carbon"])
def test_slope_taylor(name, method):
    law = getattr(process(name, 0.9, activity=ACIDIC.activity, gas_pressure=0.9e5), method)
    T = np.array([1075.0, 1178.15, 1233.15])
    value, slope = law(T)
    assert value.shape == slope.shape == T.shape and law(1178.15)[0] == pytest.approx(value[1], rel=1e-15)
    first, second = (np.abs(law(T + step)[0] - value - step * slope).max() for step in (8.0, 4.0))
    if first > 1e-12:
        assert abs(np.log2(first / second) - 2.0) < 0.1


@pytest.mark.parametrize("name", REACTIONS)
def test_heat_identity(name):
    """V_eq = E_rev + Π − (1 − x) E_rec + feed, for any T, x, activity, pressure, feed and heat of dissolution."""
    rng = np.random.default_rng(1998)
    for _ in range(50):
        T = rng.uniform(950.0, 1350.0, 20)
        x = rng.uniform(0.0, 1.0)
        p = process(
            name,
            x,
            activity=Bath(excess_alf3=rng.uniform(0, 25), alumina=rng.uniform(1, 8)).activity,
            gas_pressure=rng.uniform(0.5e5, 2e5),
            dissolution_enthalpy=rng.uniform(0.0, 2e5),
            feed_temperature=rng.uniform(300.0, 1200.0),
        )
        total, total_slope = p.equivalent_voltage(T)
        parts = [p.reversible_potential(T), p.peltier_voltage(T), p.recombination_voltage(T)]
        parts += [p.alumina_feed_voltage(T), p.carbon_feed_voltage(T)]
        weights = np.array([1.0, 1.0, -(1.0 - x), 1.0, 1.0])
        assert sum(w * part[0] for w, part in zip(weights, parts, strict=True)) == pytest.approx(total, abs=1e-14)
        assert sum(w * part[1] for w, part in zip(weights, parts, strict=True)) == pytest.approx(total_slope, abs=1e-14)


def test_heat_identity_sees_a_wrong_share():
    """The check fails if the back reaction of the electrode enters Π."""
    p, T = process("oxygen", 0.9), 1233.15
    wrong = p.reversible_potential(T)[0] + 0.9 * p.peltier_voltage(T)[0]
    wrong += -0.1 * p.recombination_voltage(T)[0] + p.alumina_feed_voltage(T)[0]
    assert abs(wrong - p.equivalent_voltage(T)[0]) > 0.01


def test_back_reaction_of_carbon():
    """846.3 kJ/mol Al2O3 is commonly used; the data give 846.25 at 960 °C, 845.9 at 750 °C."""
    assert REACTIONS["carbon"].back_heat(1233.15)[0] == pytest.approx(846.25e3, abs=10.0)
    assert REACTIONS["carbon"].back_heat(1023.15)[0] == pytest.approx(845.89e3, abs=10.0)
    assert REACTIONS["oxygen"].back_heat(1200.0)[0] == pytest.approx(REACTIONS["oxygen"].enthalpy(1200.0)[0], rel=1e-15)


@pytest.mark.parametrize(
    ("name", "T", "x", "volts"),
    [
        ("oxygen", 1233.15, 1.0, 3.107),
        ("oxygen", 1233.15, 0.95, 2.952),
        ("oxygen", 1233.15, 0.93, 2.890),
        ("oxygen", 1233.15, 0.90, 2.797),
        ("oxygen", 1233.15, 0.887, 2.756),
        ("oxygen", 1178.15, 0.90, 2.787),
        ("oxygen", 1178.15, 0.887, 2.746),
        ("carbon", 1233.15, 1.0, 2.128),
        ("carbon", 1233.15, 0.95, 2.045),
        ("carbon", 1233.15, 0.93, 2.012),
        ("carbon", 1233.15, 0.90, 1.963),
        ("carbon", 1233.15, 0.887, 1.941),
    ],
)
def test_equivalent_voltage(name, T, x, volts):
    assert process(name, x).equivalent_voltage(T)[0] == pytest.approx(volts, abs=6e-4)


def test_warming_of_the_feed():
    """Alumina 107.54 kJ/mol, 0.1858 V, 0.554 kWh/kg (0.517 at 905 °C); 1.5 C 25.47 kJ, 0.0440 V; 25 to 960 °C."""
    p = process("carbon", dissolution_enthalpy=0.0)
    volts = p.alumina_feed_voltage(1233.15)[0]
    assert volts * 6 * FARADAY == pytest.approx(107.54e3, abs=10.0)
    assert volts == pytest.approx(0.1858, abs=5e-5)
    assert p.specific_energy(volts, 1233.15) / KWH == pytest.approx(0.554, abs=5e-4)
    assert p.specific_energy(p.alumina_feed_voltage(1178.15)[0], 1178.15) / KWH == pytest.approx(0.517, abs=5e-4)
    assert p.carbon_feed_voltage(1233.15)[0] == pytest.approx(0.0440, abs=5e-5)
    assert process("oxygen").carbon_feed_voltage(1233.15)[0] == 0.0


def test_published_200_ka_cell():
    """Entner's AlPrg: 200 kA, 4.2 V, 95 %, 960 °C: the process takes 409 kW = 36 alumina + 9 anode + 365 reaction."""
    p = process("carbon", 0.95, dissolution_enthalpy=0.0)
    total = 200.0 * p.equivalent_voltage(1233.15)[0]
    alumina, carbon = 200.0 * p.alumina_feed_voltage(1233.15)[0], 200.0 * p.carbon_feed_voltage(1233.15)[0]
    assert total == pytest.approx(409.0, abs=0.5)
    assert (alumina, carbon) == (pytest.approx(35.3, abs=0.05), pytest.approx(8.8, abs=0.05))
    assert total - alumina - carbon == pytest.approx(364.9, abs=0.1)


def test_minimum_energy():
    """9.26 kWh/kg at 960 °C and 9.13 at 750 °C with oxygen, 6.34 with carbon; isothermal 8.71 and 5.66; Gibbs 6.61."""
    oxygen, carbon = process("oxygen", 0.887, activity=ACIDIC.activity), process("carbon", 0.93)
    assert oxygen.minimum_energy(1233.15) / KWH == pytest.approx(9.26, abs=5e-3)
    assert oxygen.minimum_energy(1023.15) / KWH == pytest.approx(9.13, abs=5e-3)
    assert carbon.minimum_energy(1233.15) / KWH == pytest.approx(6.34, abs=5e-3)
    for name, value in (("oxygen", 8.71), ("carbon", 5.66)):
        volts = REACTIONS[name].enthalpy_voltage(1233.15)[0]
        assert process(name).specific_energy(volts, 1233.15) / KWH == pytest.approx(value, abs=5e-3)
    gibbs = REACTIONS["oxygen"].standard_potential(1233.15)[0]
    assert process().specific_energy(gibbs, 1233.15) / KWH == pytest.approx(6.61, abs=5e-3)
    assert process("oxygen", 0.9).specific_energy(1.0, 1233.15) / KWH == pytest.approx(2.97998 / 0.9, rel=1e-5)


def test_rates():
    """1127.5 kg Al/day at 140 kA; 1.889 kg alumina, 0.8895 kg O2 net per kg Al; primary O2 0.2985 kg/kAh."""
    day, T, full, real = 86400.0, 1178.15, process(), process("oxygen", 0.887)
    assert full.aluminium_rate(140e3, T) * day == pytest.approx(1127.5, abs=0.05)
    assert full.aluminium_rate(1e3, T) * 3600 == pytest.approx(0.335573, abs=1e-6)
    assert real.alumina_rate(1.0, T) / real.aluminium_rate(1.0, T) == pytest.approx(1.889, abs=6e-4)
    assert full.gas_rates(1e3, T)["O2"] * 3600 == pytest.approx(0.2985, abs=5e-5)
    assert real.gas_rates(1.0, T)["O2"] / real.aluminium_rate(1.0, T) == pytest.approx(0.88946, abs=1e-5)
    assert real.carbon_rate(140e3) == 0.0


def test_mass_balance_with_carbon():
    """What goes in comes out, with the back reaction turning CO2 into CO."""
    p, T = process("carbon", 0.9), 1233.15
    gas = p.gas_rates(1.0, T)
    assert set(gas) == {"CO2", "CO"}
    assert p.alumina_rate(1.0, T) + p.carbon_rate(1.0) == pytest.approx(
        p.aluminium_rate(1.0, T) + sum(gas.values()), rel=1e-6
    )
    assert p.carbon_rate(1.0) / p.aluminium_rate(1.0, T) == pytest.approx(0.3339 / 0.9, rel=1e-3)
    carbon = MOLAR_MASS["C"] * (gas["CO2"] / MOLAR_MASS["CO2"] + gas["CO"] / MOLAR_MASS["CO"])
    assert carbon == pytest.approx(p.carbon_rate(1.0), rel=1e-12)


def test_reversible_potential():
    """Acidic bath at 905 °C: 2.259 V, Π 0.456 V and TΔS/6F 0.673 V; carbon cell at 963 °C: 1.218 V."""
    cold = process("oxygen", 0.887, activity=ACIDIC.activity)
    assert cold.reversible_potential(1178.15)[0] == pytest.approx(2.259, abs=5e-4)
    assert cold.peltier_voltage(1178.15)[0] == pytest.approx(0.456, abs=5e-4)
    assert 140.0 * cold.peltier_voltage(1178.15)[0] == pytest.approx(64.0, abs=0.5)
    isothermal = process("oxygen", dissolution_enthalpy=0.0)
    assert isothermal.peltier_voltage(1233.15)[0] == pytest.approx(0.7035, abs=5e-5)
    assert isothermal.peltier_voltage(1178.15)[0] == pytest.approx(0.673, abs=5e-4)
    for T, volts in ((1233.15, 0.706), (1178.15, 0.676)):
        assert process("carbon", dissolution_enthalpy=0.0).peltier_voltage(T)[0] == pytest.approx(volts, abs=5e-4)
    ordinary = Bath(excess_alf3=12.0, caf2=5.0, alumina=3.0)
    assert process("carbon", activity=ordinary.activity).reversible_potential(1236.15)[0] == pytest.approx(
        1.218, abs=1e-3
    )


@pytest.mark.parametrize(("name", "per_mole"), [("oxygen", 4.0), ("carbon", 4.0), ("carbon_monoxide", 2.0)])
def test_gas_pressure(name, per_mole):
    """RT/nF ln p, n electrons per mole of gas; ±10 % of O2 pressure make ±3 mV."""
    T = 1233.15
    rise = process(name, gas_pressure=1.1e5).reversible_potential(T)[0] - process(name).reversible_potential(T)[0]
    assert rise == pytest.approx(GAS_CONSTANT * T / (per_mole * FARADAY) * np.log(1.1), rel=1e-9)
    if per_mole == 4.0:
        assert rise == pytest.approx(3e-3, abs=1e-3)


@pytest.mark.parametrize("model", ["haupin", "power"])
def test_activity(model):
    r = np.linspace(0.06, 0.98, 24)
    value, slope = alumina_activity(r, model)
    assert np.all(np.diff(value) > 0.0) and np.all(slope > 0.0)
    step = 1e-6
    assert (alumina_activity(r + step, model)[0] - alumina_activity(r - step, model)[0]) / (2 * step) == pytest.approx(
        slope, rel=1e-6
    )
    held, flat = alumina_activity(np.array([0.0, 0.05, 1.0, 3.0]), model)
    assert held[0] == held[1] and held[2] == held[3] == pytest.approx(1.0, abs=1e-3) and flat[0] == flat[3] == 0.0


def test_activity_models_differ():
    """At r = 0.36 0.20 and 0.06, 22 mV in the potential."""
    haupin, power = alumina_activity(0.36)[0], alumina_activity(0.36, "power")[0]
    assert (haupin, power) == (pytest.approx(0.205, abs=5e-3), pytest.approx(0.059, abs=1e-3))
    assert GAS_CONSTANT * 1233.15 / (6 * FARADAY) * np.log(haupin / power) == pytest.approx(22e-3, abs=1e-3)
    with pytest.raises(ValueError, match="haupin, power"):
        alumina_activity(0.5, "hopeful")


@pytest.mark.parametrize(
    ("name", "T", "at_5000", "at_8000"),
    [
        ("inert_nife2o4_cermet", 1233.15, 0.10, 0.13),
        ("inert_sno2", 1233.15, 0.09, 0.11),
        ("inert_fe_alloy", 1173.15, 0.16, 0.19),
        ("inert_cu_al", 1023.15, 0.17, 0.19),
    ],
)
def test_kinetics(name, T, at_5000, at_8000):
    """Overpotentials at 0.5 and 0.8 A/cm² as the sources are read, to the hundredth of a volt."""
    k = KINETICS[name]
    b = GAS_CONSTANT * T / (k.transfer_number * FARADAY)
    for i, eta in ((5000.0, at_5000), (8000.0, at_8000)):
        assert b * np.arcsinh(i / (2 * k.exchange_current_density)) == pytest.approx(eta, abs=6e-3)
    assert k.exchange_range[0] <= k.exchange_current_density <= k.exchange_range[1]
    assert k.film_range[0] <= k.film_resistance <= k.film_range[1] and k.basis == "E" and k.source


POTASSIUM = Bath(
    excess_alf3=95.6 * 0.526479, kf=95.6 * 0.473521, alumina=4.4,
    liquidus_model="kf_alf3", conductivity_model="kf_alf3", saturation_model="kf_alf3", density_model="naalf4_kalf4",
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "name", "bath", "celsius", "ratio", "volts"),
    [
        ("A, horizontal inert", "oxygen", ACIDIC, 905.0, 0.68, 2.259),
        ("B, vertical inert, the same bath", "oxygen", ACIDIC, 905.0, 0.68, 2.259),
        ("C, carbon", "carbon", Bath(excess_alf3=12.0, caf2=5.0, alumina=3.0), 963.0, 0.362, 1.218),
        ("K, KF–AlF3 of cryolite ratio 1.3", "oxygen", POTASSIUM, 760.0, 0.815, 2.337),
    ],
)
def test_reversible_potential_of_the_reference_cells(case, name, bath, celsius, ratio, volts):
    """Alumina over saturation and rest potential of cells A, B, C and of the potassium bath, whose 2.337 V means 81 %
    of saturation."""
    T = celsius + 273.15
    assert bath.alumina / float(bath.saturation(T)[0]) == pytest.approx(ratio, abs=2e-3), case
    assert process(name, activity=bath.activity).reversible_potential(T)[0] == pytest.approx(volts, abs=6e-4)


def test_reversible_potential_with_pressure():
    """0.9 to 1.1 bar of oxygen: RT/4F ln p, 3 mV either way; CO2 the same."""
    T = 1233.15
    for name in ("oxygen", "carbon"):
        at_one = process(name).reversible_potential(T)[0]
        for bar in (0.9, 1.1):
            moved = process(name, gas_pressure=bar * 1e5).reversible_potential(T)[0] - at_one
            assert (
                moved == pytest.approx(GAS_CONSTANT * T / (4 * FARADAY) * np.log(bar), rel=1e-9)
                and 2e-3 < abs(moved) < 3.5e-3
            )
    assert GAS_CONSTANT * T / (6 * FARADAY) == pytest.approx(17.7e-3, abs=5e-5)
    assert REACTIONS["oxygen"].standard_potential(T)[0] - REACTIONS["carbon"].standard_potential(T)[0] == pytest.approx(
        1.026, abs=1e-3
    )


def test_anode_metals_oxidise_below_oxygen():
    """At the rest potential of cell A every oxide of iron and copper forms, by 0.3 to 1 V."""
    T = 1178.15
    rest = process(activity=ACIDIC.activity).reversible_potential(T)[0]
    below = [rest - potential(LIMITS[oxide], T)[0] for oxide in ("FeO", "Fe3O4", "Fe2O3", "Cu2O", "CuO")]
    assert min(below) > 0.27 and max(below) < 1.03


def test_entropic_voltages():
    """TΔS/6F at 960 and 905 °C: 0.704 and 0.673 V for oxygen, 0.706 and 0.676 for CO2; case A: Π 0.456 V, 64 kW, 93
    without ΔH_diss."""
    for name, hot, cold in (("oxygen", 0.704, 0.673), ("carbon", 0.706, 0.676)):
        for T, volts in ((1233.15, hot), (1178.15, cold)):
            entropic = -T * REACTIONS[name].standard_potential(T)[1]
            assert entropic == pytest.approx(volts, abs=6e-4)
    p = process(activity=ACIDIC.activity)
    assert p.peltier_voltage(1178.15)[0] == pytest.approx(0.456, abs=5e-4)
    assert 140.0 * p.peltier_voltage(1178.15)[0] == pytest.approx(64.0, abs=0.5)
    undissolved = process(activity=ACIDIC.activity, dissolution_enthalpy=0.0)
    assert 140.0 * undissolved.peltier_voltage(1178.15)[0] == pytest.approx(93.0, abs=0.5)
    assert 1.2e5 / (6 * FARADAY) == pytest.approx(0.21, abs=5e-3)


@pytest.mark.parametrize("name", ["oxygen", "carbon"])
def test_identity_with_an_efficiency_that_depends_on_temperature(name):
    """With Dewing's model V_eq, recombination and feed take the same efficiency, and their slopes follow it."""
    p = Process(REACTIONS[name], Dewing(1165.3, 20.0, 0.0, 1.4), ACIDIC.activity)
    T = np.linspace(1100.0, 1210.0, 45)
    x, slope = p.efficiency(T)
    assert np.all((x > 0.5) & (x < 1.0)) and np.all(slope < 0.0)
    for i in range(2):
        parts = p.reversible_potential(T)[i] + p.peltier_voltage(T)[i] - p.recombination_heat(T)[i]
        parts += p.alumina_feed_voltage(T)[i] + p.carbon_feed_voltage(T)[i]
        assert parts == pytest.approx(p.equivalent_voltage(T)[i], abs=1e-14)
    for law in (p.equivalent_voltage, p.recombination_heat, p.alumina_feed_voltage):
        assert (law(T + 0.01)[0] - law(T - 0.01)[0]) / 0.02 == pytest.approx(law(T)[1], rel=1e-6, abs=1e-10)
    assert p.aluminium_rate(1e5, T) == pytest.approx(x * process(name).aluminium_rate(1e5, T))


def test_limiting_current():
    """6 F k ρ w/M: 2.84 A/cm² with 4 wt % at 905 °C and 6e-5 m/s, six times less in a small stagnant cell; linear in
    each."""
    density = float(ACIDIC.density(1178.15)[0])
    limit = limiting_current_density(6e-5, density, 4.0)
    assert limit == pytest.approx(6 * FARADAY * 6e-5 * density * 0.04 / MOLAR_MASS["Al2O3"], rel=1e-14)
    assert limit / 1e4 == pytest.approx(2.84, abs=5e-3)
    assert limiting_current_density(1e-5, density, 4.0) / 1e4 == pytest.approx(0.47, abs=5e-3)


def test_limiting_current_meets_the_carbon_anode():
    """6e-5 m/s gives the critical density of Grjotheim & Welch 1988, 2.08 A/cm² at 3 wt %, 1236 K and an anode of 1.03
    m²."""
    critical = 1e-4 * (5.5e5 + 1800.0 * (1236.0 - 1323.0)) * (np.sqrt(0.03) - 0.04) * 10295.0**-0.1
    assert critical == pytest.approx(2.08, abs=0.02)
    density = float(Bath(excess_alf3=12.0, caf2=5.0, alumina=3.0).density(1236.15)[0])
    assert limiting_current_density(6e-5, density, 3.0) / 1e4 == pytest.approx(critical, rel=0.03)
