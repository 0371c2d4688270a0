"""Properties of the bath and thermochemistry compared with published ones; closed formulas, a second in all."""

from itertools import product

import numpy as np

from benchmarks.validation.comparison import EVENLY_LIKELY, against, against_set, published
from oxycell.cell.bath import Bath
from oxycell.cell.thermochemistry import REACTIONS, entropy, heat_capacity
from oxycell.constants import MOLAR_MASS, ZERO_CELSIUS


def liquidus():
    """Default liquidus (Solheim et al. 1996) and the equation that another laboratory fitted to its own thermal
    analysis."""
    values, points = published("liquidus"), []
    for A, alumina, caf2 in product(np.arange(0.0, 14.1, 1.0), (2.0, 3.0, 4.0), (0.0, 3.5, 7.0)):
        bath = Bath(excess_alf3=float(A), alumina=alumina, caf2=caf2)
        if 2.2 <= bath.cryolite_ratio <= 3.0:
            measured = (
                1011.0 + 0.7 * A - 0.232 * A**2 - 7.65 * alumina + 0.523 * alumina**2 - 3.28 * caf2 + 0.037 * caf2**2
            )
            points.append((_where(bath), bath.liquidus() - ZERO_CELSIUS, measured + 0.084 * A * caf2))
    of_alprg = Bath(excess_alf3=10.0, caf2=6.5, alumina=3.0, mgf2=0.3).liquidus() - ZERO_CELSIUS
    return [
        against_set("liquidus", values["jmm2014"], points, digits=1),
        against("liquidus-alprg", values["alprg"], of_alprg, digits=2),
    ]


def conductivity():
    """Default conductivity (Híveš et al. 1996) and two other sets of measurements and a measured melt."""
    values, by_1993, by_2021 = published("conductivity"), [], []
    for caf2, alumina, T in product((0.0, 4.0, 8.0), (0.0, 2.0, 4.0, 6.0), (1258.15, 1288.15, 1318.15)):
        bath = Bath(excess_alf3=0.0, alumina=alumina, caf2=caf2)
        if bath.liquidus() <= T:
            by_1993.append((f"{_where(bath)}, {T - ZERO_CELSIUS:.0f} °C", _conductivity(bath, T), _hives1993(bath, T)))
    for A, caf2, alumina in product((0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0), (0.0, 4.0, 8.0), (0.0, 2.0, 4.0, 6.0)):
        bath = Bath(excess_alf3=A, alumina=alumina, caf2=caf2)
        T = bath.liquidus() + 10.0
        if 2.1 <= bath.cryolite_ratio <= 3.0 and T <= 1300.0:
            measured = (
                -1.87 + 3.23e-3 * (T - ZERO_CELSIUS) - 2.99e-2 * alumina + 0.470 * bath.cryolite_ratio - 4.37e-2 * caf2
            )
            by_2021.append((f"{_where(bath)}, {T - ZERO_CELSIUS:.0f} °C", _conductivity(bath, T), measured))
    half, more = (
        Bath(excess_alf3=100.0 - share / 0.6, alumina=0.0) for share in (50.0, 49.5)
    )  # cryolite is 60 % NaF by weight
    rounding = EVENLY_LIKELY * abs(_conductivity(more, 1273.15) - _conductivity(half, 1273.15))
    return [
        against_set("conductivity-1993", values["hives1993"], by_1993),
        against("conductivity-1974", values["jilm1974"], _conductivity(half, 1273.15), u_input=rounding),
        against_set("conductivity-2021", values["arkhipov2021"], by_2021),
    ]


def _where(bath):
    return f"{bath.excess_alf3:g} AlF3, {bath.caf2:g} CaF2, {bath.alumina:g} Al2O3 wt %"


def _conductivity(bath, T):
    """[S/cm]"""
    return 0.01 * float(bath.conductivity.at(T))


def _hives1993(bath, T):
    """[S/cm] at T [K], of the mole fractions as the abstract prints it."""
    moles = {"Na3AlF6": bath.cryolite, "Al2O3": bath.alumina, "CaF2": bath.caf2}
    moles = {name: weight / MOLAR_MASS[name] for name, weight in moles.items()}
    x = {name: n / sum(moles.values()) for name, n in moles.items()}
    return 7.22 * np.exp(-1204.3 / T) - 2.53 * x["Al2O3"] - 0.76 * x["CaF2"] - 1.80 * x["Al2O3"] * x["CaF2"]


def fusion():
    """Heat of fusion of the bath, taken as that of cryolite; it enters nothing that is at rest."""
    of_bath = Bath(excess_alf3=0.0, alumina=0.0).latent_heat * MOLAR_MASS["Na3AlF6"]
    return [against("fusion", published("heat-of-fusion")["cryolite"], 1e-3 * of_bath, digits=1)]


def thermochemistry():
    """Decomposition voltages, heat of formation, entropy and heat capacity and JANAF's tables."""
    values, rows = published("thermochemistry"), []
    for name, reaction in (
        ("oxygen_1000", "oxygen"),
        ("oxygen_1200", "oxygen"),
        ("oxygen_1400", "oxygen"),
        ("carbon_1200", "carbon"),
        ("carbon_monoxide_1200", "carbon_monoxide"),
    ):
        entry = values[name]
        rows.append(
            against(
                name.replace("_", "-"),
                entry,
                float(REACTIONS[reaction].standard_potential(entry.more["temperature"])[0]),
                digits=4,
            )
        )
    T = values["formation_1200"].more["temperature"]
    rows.append(
        against("formation", values["formation_1200"], -1e-3 * float(REACTIONS["oxygen"].enthalpy(T)[0]), digits=2)
    )
    rows.append(against("entropy", values["entropy_1200"], float(entropy("Al2O3", T)), digits=2))
    rows.append(against("heat-capacity", values["heat_capacity_1200"], float(heat_capacity("Al2O3", T)), digits=2))
    return rows
