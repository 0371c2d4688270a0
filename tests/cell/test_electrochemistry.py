"""Thermochemistry against tabulated values, the energy identity, Faraday rates, activity, kinetics."""

import numpy as np
import pytest

from oxycell.cell.bath import Bath
from oxycell.cell.electrochemistry import (
    KINETICS,
    REACTIONS,
    SPECIES,
    Process,
    alumina_activity,
    enthalpy,
    entropy,
    gibbs,
    heat_capacity,
)
from oxycell.constants import FARADAY, GAS_CONSTANT, MOLAR_MASS

KWH = 3.6e6
ACIDIC = Bath(excess_alf3=20.0, caf2=4.0, alumina=4.0)


def process(name="oxygen", x=1.0, **options):
    return Process(REACTIONS[name], x, **options)


@pytest.mark.parametrize("species", SPECIES)
def test_polynomials_hang_together(species):
    """G = H − TS, dH/dT = cp, dG/dT = −S; neighbouring pieces meet, in G also across fusion."""
    for lower, upper, _ in SPECIES[species]:
        T, step = np.linspace(lower + 2.0, min(upper, 2000.0) - 2.0, 9), 0.5
        assert gibbs(species, T) == pytest.approx(enthalpy(species, T) - T * entropy(species, T), rel=1e-14)
        slope = (enthalpy(species, T + step) - enthalpy(species, T - step)) / (2 * step)
        assert slope == pytest.approx(heat_capacity(species, T), rel=1e-5)
        slope = (gibbs(species, T + step) - gibbs(species, T - step)) / (2 * step)
        assert slope == pytest.approx(-entropy(species, T), rel=1e-6)
    for (_, end, _), (start, _, _) in zip(SPECIES[species], SPECIES[species][1:], strict=False):
        assert end == start
        below, above = gibbs(species, np.array([end - 1e-7, end + 1e-7]))
        assert above == pytest.approx(below, abs=30.0)  # J/mol; 0.05 mV in a cell potential


def test_fusion():
    """Heats of fusion in the same data: aluminium 10.70, cryolite 110.04 kJ/mol."""
    for species, melting, heat in (("Al", 933.61, 10700.0), ("Na3AlF6", 1285.0, 110040.0)):
        solid, liquid = enthalpy(species, np.array([melting - 1e-6, melting + 1e-6]))
        assert liquid - solid == pytest.approx(heat, abs=5.0)


@pytest.mark.parametrize(
    ("T", "potentials", "heats"),
    [
        (298.15, (2.7332, 1.7113, 2.0224), (1675.7, 1085.4, 1344.1)),
        (973.15, (2.3669, 1.3413, 1.3413), (1694.0, 1102.1, 1358.5)),
        (1023.15, (2.3382, 1.3124, 1.2897), (1693.5, 1101.5, 1357.1)),
        (1123.15, (2.2809, 1.2548, 1.1868), (1692.5, 1100.2, 1354.3)),
        (1173.15, (2.2523, 1.2261, 1.1356), (1692.0, 1099.5, 1352.8)),
        (1233.15, (2.2180, 1.1917, 1.0742), (1691.3, 1098.6, 1351.0)),
        (1273.15, (2.1952, 1.1688, 1.0334), (1690.8, 1098.0, 1349.7)),
    ],
)
def test_reactions(T, potentials, heats):
    """Standard potentials [V] and heats [kJ/mol Al2O3] of 2 Al with O2, CO2, CO, from the same data evaluated elsewhere."""
    for name, potential, heat in zip(("oxygen", "carbon", "carbon_monoxide"), potentials, heats, strict=True):
        assert REACTIONS[name].standard_potential(T)[0] == pytest.approx(potential, abs=6e-5)
        assert REACTIONS[name].enthalpy(T)[0] / 1e3 == pytest.approx(heat, abs=0.06)


def test_linear_fits():
    """Published linear forms, 1023 to 1300 K; Haupin (1998) has 1.896 − 5.72e-4 T for CO2."""
    T = np.linspace(1023.0, 1300.0, 50)
    assert REACTIONS["oxygen"].standard_potential(T)[0] == pytest.approx(2.92295 - 5.7163e-4 * T, abs=3e-4)
    assert REACTIONS["carbon"].standard_potential(T)[0] == pytest.approx(1.89962 - 5.7405e-4 * T, abs=3e-4)
    assert REACTIONS["carbon_monoxide"].standard_potential(T)[0] == pytest.approx(2.33764 - 1.0245e-3 * T, abs=3e-4)
    assert REACTIONS["oxygen"].enthalpy_voltage(T)[0] == pytest.approx(2.94480 - 1.8904e-5 * T, abs=3e-4)
    assert REACTIONS["carbon"].enthalpy_voltage(T)[0] == pytest.approx(1.92781 - 2.4394e-5 * T, abs=3e-4)
    assert REACTIONS["carbon"].standard_potential(T)[0] == pytest.approx(1.896 - 5.72e-4 * T, abs=2.5e-3)


def test_reactions_conserve_elements():
    atoms = {"Al": (1, 0, 0), "Al2O3": (2, 3, 0), "O2": (0, 2, 0), "C": (0, 0, 1), "CO2": (0, 2, 1), "CO": (0, 1, 1)}
    for reaction in REACTIONS.values():
        for moles in (reaction.moles, reaction.back):
            assert np.allclose(sum(n * np.array(atoms[species]) for species, n in moles.items()), 0.0)
        assert reaction.moles["Al2O3"] == -1.0 and reaction.back["Al2O3"] == 1.0


@pytest.mark.parametrize(
    "method",
    [
        "reversible_potential", "peltier_voltage", "recombination_voltage", "alumina_feed_voltage",
        "carbon_feed_voltage", "feed_voltage", "equivalent_voltage",
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
        p = process(
            name,
            rng.uniform(0.0, 1.0),
            activity=Bath(excess_alf3=rng.uniform(0, 25), alumina=rng.uniform(1, 8)).activity,
            gas_pressure=rng.uniform(0.5e5, 2e5),
            dissolution_enthalpy=rng.uniform(0.0, 2e5),
            feed_temperature=rng.uniform(300.0, 1200.0),
        )
        total, total_slope = p.equivalent_voltage(T)
        parts = [p.reversible_potential(T), p.peltier_voltage(T), p.recombination_voltage(T), p.feed_voltage(T)]
        weights = np.array([1.0, 1.0, -(1.0 - p.current_efficiency), 1.0])
        assert sum(w * part[0] for w, part in zip(weights, parts, strict=True)) == pytest.approx(total, abs=1e-14)
        assert sum(w * part[1] for w, part in zip(weights, parts, strict=True)) == pytest.approx(total_slope, abs=1e-14)


def test_heat_identity_sees_a_wrong_share():
    """The check fails if the back reaction of the electrode enters Π."""
    p, T = process("oxygen", 0.9), 1233.15
    wrong = p.reversible_potential(T)[0] + 0.9 * p.peltier_voltage(T)[0]
    wrong += -0.1 * p.recombination_voltage(T)[0] + p.feed_voltage(T)[0]
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
    assert p.specific_energy(volts) / KWH == pytest.approx(0.554, abs=5e-4)
    assert p.specific_energy(p.alumina_feed_voltage(1178.15)[0]) / KWH == pytest.approx(0.517, abs=5e-4)
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
        assert process(name).specific_energy(volts) / KWH == pytest.approx(value, abs=5e-3)
    assert process().specific_energy(REACTIONS["oxygen"].standard_potential(1233.15)[0]) / KWH == pytest.approx(6.61, abs=5e-3)
    assert process("oxygen", 0.9).specific_energy(1.0) / KWH == pytest.approx(2.97998 / 0.9, rel=1e-5)


def test_rates():
    """1127.5 kg Al/day at 140 kA; 1.889 kg alumina, 0.8895 kg O2 net per kg Al; primary O2 0.2985 kg/kAh."""
    day, full, real = 86400.0, process(), process("oxygen", 0.887)
    assert full.aluminium_rate(140e3) * day == pytest.approx(1127.5, abs=0.05)
    assert full.aluminium_rate(1e3) * 3600 == pytest.approx(0.335573, abs=1e-6)
    assert real.alumina_rate(1.0) / real.aluminium_rate(1.0) == pytest.approx(1.889, abs=6e-4)
    assert full.gas_rates(1e3)["O2"] * 3600 == pytest.approx(0.2985, abs=5e-5)
    assert real.gas_rates(1.0)["O2"] / real.aluminium_rate(1.0) == pytest.approx(0.88946, abs=1e-5)
    assert real.carbon_rate(140e3) == 0.0


def test_mass_balance_with_carbon():
    """What goes in comes out, with the back reaction turning CO2 into CO."""
    p = process("carbon", 0.9)
    gas = p.gas_rates(1.0)
    assert set(gas) == {"CO2", "CO"}
    assert p.alumina_rate(1.0) + p.carbon_rate(1.0) == pytest.approx(p.aluminium_rate(1.0) + sum(gas.values()), rel=1e-6)
    assert p.carbon_rate(1.0) / p.aluminium_rate(1.0) == pytest.approx(0.3339 / 0.9, rel=1e-3)
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
    assert process("carbon", activity=ordinary.activity).reversible_potential(1236.15)[0] == pytest.approx(1.218, abs=1e-3)


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
