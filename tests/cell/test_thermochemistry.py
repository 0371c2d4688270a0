"""Thermochemical data against tabulated values: polynomials, reactions, linear fits, and the other things an anode can
do."""

import numpy as np
import pytest

from oxycell.cell.thermochemistry import LIMITS, REACTIONS, SPECIES, enthalpy, entropy, gibbs, heat_capacity, potential
from oxycell.constants import FARADAY


@pytest.mark.parametrize("species", SPECIES)
def test_polynomials_hang_together(species):
    """G = H − TS, dH/dT = cp, dG/dT = −S; neighbouring pieces meet, in G also across fusion."""
    for lower, upper, _ in SPECIES[species]:
        T, step = np.linspace(lower + 2.0, min(upper, 2000.0) - 2.0, 9), 0.1
        assert gibbs(species, T) == pytest.approx(enthalpy(species, T) - T * entropy(species, T), rel=1e-14)
        slope = (enthalpy(species, T + step) - enthalpy(species, T - step)) / (2 * step)
        assert slope == pytest.approx(heat_capacity(species, T), rel=1e-5)
        slope = (gibbs(species, T + step) - gibbs(species, T - step)) / (2 * step)
        assert slope == pytest.approx(-entropy(species, T), rel=1e-6)
    gap = 180.0 if species == "Fe" else 30.0  # J/mol; 0.05 mV in a cell potential, for iron 1 mV in that of its oxides
    for (_, end, _), (start, _, _) in zip(SPECIES[species], SPECIES[species][1:], strict=False):
        assert end == start
        below, above = gibbs(species, np.array([end - 1e-7, end + 1e-7]))
        assert above == pytest.approx(below, abs=gap)


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
    """Standard potentials [V] and heats [kJ/mol Al2O3] of 2 Al with O2, CO2, CO, from the same data evaluated
    elsewhere."""
    for name, volts, heat in zip(("oxygen", "carbon", "carbon_monoxide"), potentials, heats, strict=True):
        assert REACTIONS[name].standard_potential(T)[0] == pytest.approx(volts, abs=6e-5)
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


@pytest.mark.parametrize(("celsius", "volts"), [(750.0, 4.30), (900.0, 4.16), (960.0, 4.11)])
def test_fluorine(celsius, volts):
    """AlF3 → Al + 3/2 F2, pure AlF3; an activity of 1e-3 to 1e-4 adds 0.2 to 0.3 V."""
    T = celsius + 273.15
    assert potential(LIMITS["fluorine"], T)[0] == pytest.approx(volts, abs=5e-3)
    for activity, least, most in ((1e-3, 0.19, 0.25), (1e-4, 0.26, 0.33)):
        assert least < -8.314462618 * T / (3 * FARADAY) * np.log(activity) < most


@pytest.mark.parametrize(
    ("oxide", "volts"), [("FeO", 1.24), ("Fe3O4", 1.29), ("Fe2O3", 1.36), ("Cu2O", 1.82), ("CuO", 1.98)]
)
def test_oxides_of_anode_metals(oxide, volts):
    """Against Al2O3 and Al at 905 °C; oxygen needs 0.27 to 1.01 V more."""
    T = 1178.15
    assert potential(LIMITS[oxide], T)[0] == pytest.approx(volts, abs=6e-3)
    assert 0.25 < REACTIONS["oxygen"].standard_potential(T)[0] - potential(LIMITS[oxide], T)[0] < 1.02


def test_limits_conserve_elements_and_charge():
    atoms = {
        "Al": (1, 0, 0, 0, 0),
        "Al2O3": (2, 3, 0, 0, 0),
        "AlF3": (1, 0, 3, 0, 0),
        "F2": (0, 0, 2, 0, 0),
        "Fe": (0, 0, 0, 1, 0),
        "FeO": (0, 1, 0, 1, 0),
        "Fe2O3": (0, 3, 0, 2, 0),
        "Fe3O4": (0, 4, 0, 3, 0),
        "Cu": (0, 0, 0, 0, 1),
        "CuO": (0, 1, 0, 0, 1),
        "Cu2O": (0, 1, 0, 0, 2),
    }
    for moles in LIMITS.values():
        assert np.allclose(sum(n * np.array(atoms[species]) for species, n in moles.items()), 0.0)
        assert moles["Al"] == 2.0  # six electrons


def test_one_temperature_is_as_many():
    """A pool's single temperature takes a short cut to the polynomial; it gives the same bits."""
    T = np.linspace(290.0, 1660.0, 138)
    for species in SPECIES:
        for function in (heat_capacity, enthalpy, entropy, gibbs):
            many = function(species, T)
            assert np.array_equal(many, [function(species, float(t)) for t in T])
            assert np.array_equal(many, [function(species, np.array([t]))[0] for t in T])
