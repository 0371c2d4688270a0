"""Correlations of the electrolyte: liquidus, saturation, conductivity, density, dissolved metal, each with where it
holds."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from oxycell.constants import GAS_CONSTANT, MOLAR_MASS, ZERO_CELSIUS

_M = MOLAR_MASS


@dataclass(frozen=True)
class Correlation:
    """A published correlation and where it holds.

    Attributes
    ----------
    function : bath → liquidus [°C], or (bath, T (n,) [K]) → (value, slope)
    basis, source : str, as for properties
    lower, upper : float [K]
    limits : name of a number of Bath → (low, high)
    hold : (float, float) [K], as for Formula
    """

    function: Callable
    basis: str
    source: str
    lower: float = 0.0
    upper: float = np.inf
    limits: dict[str, tuple[float, float]] = field(default_factory=dict)
    hold: tuple[float, float] = (873.15, 1473.15)


def liquidus_solheim1996(bath):
    """Liquidus [°C], primary field of cryolite."""
    A, Ca, Al, Li = bath.excess_alf3, bath.caf2, bath.alumina, bath.lif
    return (
        1011.0 + 0.50 * A - 0.13 * A**2.2
        - 3.45 * Ca / (1.0 + 0.0173 * Ca) + 0.124 * Ca * A - 0.00542 * (Ca * A) ** 1.5
        - 7.93 * Al / (1.0 + 0.0936 * Al - 0.0017 * Al**2 - 0.0023 * A * Al)
        - 8.90 * Li / (1.0 + 0.0047 * Li + 0.0010 * A**2)
        - 3.95 * bath.mgf2 - 3.95 * bath.kf
    )  # fmt: skip


def liquidus_jmm2014(bath):
    """Liquidus [°C] with KF and LiF, ordinary cryolite ratios."""
    A, Ca, Al, Li, K = bath.excess_alf3, bath.caf2, bath.alumina, bath.lif, bath.kf
    return (
        1011.0 + 0.7 * A - 0.232 * A**2 - 7.65 * Al + 0.523 * Al**2 - 8.96 * Li + 0.043 * Li**2
        - 3.32 * K - 0.12 * K**2 - 3.28 * Ca + 0.037 * Ca**2
        + 0.091 * A * Li + 0.074 * A * K + 0.084 * A * Ca - 0.27 * Al * Li
    )  # fmt: skip


def liquidus_na_k(bath):
    """Liquidus [°C] of Na3AlF6–K3AlF6–AlF3, less 4.5 K per wt % alumina (estimate, the slope of solheim1996 near A =
    20)."""
    A, B = max(bath.free_alf3, 0.0), bath.potassium_ratio
    pure = 1003.5 - 0.081 * A**2.3159 - 5.87 * B**0.657 - 0.024 * A**2.22 * B**1.14 + 0.035 * A**2.17 * B**1.084
    return pure - 4.5 * bath.alumina


def liquidus_kf_alf3(bath):
    """Liquidus [°C] of KF–AlF3 between five anchors, by cryolite ratio; the effect of alumina is not known."""
    fraction = 1.0 / (1.0 + bath.total_cryolite_ratio)
    return float(np.interp(fraction, (0.25, 0.333, 0.40, 0.435, 0.45), (995.0, 860.0, 715.0, 615.0, 565.0)))


def saturation_skybakmoen1997(bath, T):
    """Alumina at saturation [wt %] and slope, A0 (t/1000 °C)^B0; constant below 600 °C."""
    A, Li = bath.excess_alf3, bath.lif
    level = (
        11.9
        - 0.062 * A
        - 0.0031 * A**2
        - 0.50 * Li
        - 0.20 * bath.caf2
        - 0.30 * bath.mgf2
        + 42.0 * Li * A / (2000.0 + Li * A)
    )
    power = 4.8 - 0.048 * A + 2.2 * Li**1.5 / (10.0 + Li + 0.001 * A**3)
    celsius = T - ZERO_CELSIUS
    t = np.maximum(celsius, 600.0)
    value = max(level, 0.1) * (t / 1000.0) ** power
    return value, np.where(celsius >= 600.0, power * value / t, 0.0)


def saturation_kf_alf3(bath, T):
    """Alumina at saturation [wt %] and slope: 5 at 750 °C, 7 at 800 °C, constant 50 K beyond."""
    low, high = 700.0 + ZERO_CELSIUS, 850.0 + ZERO_CELSIUS
    return 3.0 + 0.04 * (np.clip(T, low, high) - low), np.where((T >= low) & (T < high), 0.04, 0.0)


def _arrhenius(exponent, activation, T):
    """100 exp(exponent − activation/T), S/cm to S/m."""
    value = 100.0 * np.exp(exponent - activation / T)
    return value, value * activation / T**2


def conductivity_hives1996(bath, T):
    """Conductivity [S/m] and slope."""
    exponent = 1.977 - 0.0200 * bath.alumina - 0.0131 * bath.excess_alf3 - 0.0060 * bath.caf2
    return _arrhenius(exponent - 0.0106 * bath.mgf2 - 0.0019 * bath.kf + 0.0121 * bath.lif, 1204.3, T)


def conductivity_wang1992(bath, T):
    """Conductivity [S/m] and slope; molar cryolite ratio."""
    exponent = 1.9105 + 0.1620 * bath.cryolite_ratio - 0.01738 * bath.alumina - 0.003955 * bath.caf2
    return _arrhenius(exponent - 0.009227 * bath.mgf2 + 0.02155 * bath.lif, 1745.7, T)


def conductivity_choudhary1973(bath, T):
    """Conductivity [S/m] and slope; weight ratio."""
    exponent = 2.0156 - 0.0207 * bath.alumina - 0.0050 * bath.caf2 - 0.0166 * bath.mgf2
    return _arrhenius(exponent + 0.0178 * bath.lif + 0.4349 * bath.weight_ratio, 2068.4, T)


def conductivity_wang_plant(bath, T):
    """Conductivity [S/m] and slope; weight ratio."""
    exponent = 1.9362 + 0.3092 * bath.weight_ratio - 0.01755 * bath.alumina - 0.004132 * bath.caf2
    return _arrhenius(exponent - 0.00398 * bath.mgf2 + 0.008123 * bath.lif, 1751.1, T)


def conductivity_hives1993(bath, T):
    """Conductivity [S/m] and slope, cryolite with Al2O3, CaF2 and MgF2 by mole fraction."""
    moles = {
        "Na3AlF6": bath.cryolite,
        "AlF3": bath.excess_alf3,
        "Al2O3": bath.alumina,
        "CaF2": bath.caf2,
        "MgF2": bath.mgf2,
    }
    moles = {name: weight / _M[name] for name, weight in moles.items()}
    Al, Ca, Mg = (moles[name] / sum(moles.values()) for name in ("Al2O3", "CaF2", "MgF2"))
    pure, slope = _arrhenius(np.log(7.22), 1204.3, T)
    return pure - 100.0 * (2.53 * Al + 0.76 * Ca + 1.07 * Mg + 1.80 * Al * Ca + 2.59 * Al * Mg), slope


def conductivity_arkhipov2021(bath, T):
    """Conductivity [S/m] and slope, linear in °C."""
    composition = -1.87 - 2.99e-2 * bath.alumina + 0.470 * bath.cryolite_ratio - 4.37e-2 * bath.caf2
    return 100.0 * (composition + 3.23e-3 * (T - ZERO_CELSIUS)), np.full_like(T, 0.323)


def conductivity_chrenkova(bath, T):
    """Conductivity [S/m] and slope of low-melting baths, quadratic in °C."""
    A, Al, Li, t = bath.excess_alf3, bath.alumina, bath.lif, T - ZERO_CELSIUS
    composition = -7.332 - 1.866e-4 * A**2 + 4.613e-2 * Li + 2.046e-4 * Li**2
    composition += 2.462e-4 * A * Li + 2.003e-3 * A * Al - 5.546e-5 * A * Li * Al
    rise = 1.742e-2 - 2.824e-5 * A - 4.695e-5 * Al
    return 100.0 * (composition + t * (rise - 7.313e-6 * t)), 100.0 * (rise - 1.4626e-5 * t)


def conductivity_kf_alf3(bath, T):
    """Conductivity [S/m] and slope of KF–AlF3 with cryolite ratio near 1.3."""
    return _arrhenius(np.log(9.44), 2200.0, T)


def density_kvande1985(bath, T):
    """Density [kg/m³] and slope: specific volumes add up; KF counts as cryolite."""
    A, Ca, Al, Li, Mg = bath.excess_alf3, bath.caf2, bath.alumina, bath.lif, bath.mgf2
    parts = (  # weight percent, g/cm³ at 0 K, slope per K
        (bath.cryolite + bath.kf, 3.305, -0.000937),
        (A, 1.987 + 0.0094 * A, -0.000319),
        (Ca, 3.177 + 0.0005 * Ca**2, -0.000391),
        (Mg, 3.392 - 0.01407 * Mg, -0.000525),
        (Li, 2.358, -0.00049),
        (Al, 1.449 + 0.0128 * Al, 0.0),
    )
    volume = sum(weight / (at_zero + slope * T) for weight, at_zero, slope in parts)
    volume_slope = sum(-weight * slope / (at_zero + slope * T) ** 2 for weight, at_zero, slope in parts)
    return 1e5 / volume, -1e5 * volume_slope / volume**2


def density_naalf4_kalf4(bath, T):
    """Density [kg/m³] and slope of NaAlF4 + KAlF4, half and half, saturated with alumina."""
    return 1e3 * (2.5321 - 9.598e-4 * (T - ZERO_CELSIUS)), np.full_like(T, -0.9598)


def dissolved_yoshida1972(bath, T):
    """Aluminium at saturation [wt %] and slope: linear in °C, joined smoothly to 0.015 wt % below, where it would
    turn negative."""
    lithium = bath.lif * (_M["AlF3"] / (3.0 * _M["LiF"]) + 1.0)  # as Li3AlF6
    line = (
        -0.2877 + 0.0268 * bath.weight_ratio + 2.992e-4 * (T - ZERO_CELSIUS) - 0.00192 * bath.caf2 - 0.00174 * lithium
    )
    above = line - LEAST_DISSOLVED
    root = np.sqrt(above**2 + 0.002**2)
    return LEAST_DISSOLVED + 0.5 * (above + root), 0.5 * 2.992e-4 * (1.0 + above / root)


def viscosity_hertzberg1980(bath, T):
    """Viscosity [Pa s] and slope: 2.5 mPa s at 960 °C, 30 kJ/mol; the effect of composition is not known."""
    value = 2.5e-3 * np.exp(30e3 / GAS_CONSTANT * (1.0 / T - 1.0 / 1233.15))
    return value, -value * 30e3 / GAS_CONSTANT / T**2


LEAST_DISSOLVED = 0.015
"""Aluminium [wt %] that cold baths dissolve [E: 0.01 to 0.02]."""

_NONE = (0.0, 0.0)

LIQUIDUS = {
    "solheim1996": Correlation(
        liquidus_solheim1996,
        "L",
        "Solheim et al., Metall. Mater. Trans. B 27 (1996) 739; 2 K, 5 to 10 K near 20 wt % AlF3",
        limits={
            "excess_alf3": (0.0, 20.0),
            "caf2": (0.0, 20.0),
            "lif": (0.0, 20.0),
            "mgf2": (0.0, 5.0),
            "kf": (0.0, 5.0),
        },
    ),
    "jmm2014": Correlation(
        liquidus_jmm2014,
        "L",
        "J. Min. Metall. B (2014), liquidus of Na3AlF6-AlF3-CaF2-KF-LiF-Al2O3 melts",
        limits={
            "cryolite_ratio": (2.2, 3.0),
            "alumina": (2.0, 4.0),
            "mgf2": _NONE,
            "lif": (0.0, 7.0),
            "kf": (0.0, 7.0),
            "caf2": (0.0, 7.0),
        },
    ),
    "na_k": Correlation(
        liquidus_na_k,
        "L",
        "published fit of Na3AlF6-K3AlF6-AlF3; alumina estimated",
        limits={"free_alf3": (0.0, 30.0), "potassium_ratio": (0.0, 50.0), "caf2": _NONE, "lif": _NONE, "mgf2": _NONE},
    ),
    "kf_alf3": Correlation(
        liquidus_kf_alf3,
        "E",
        "anchors after Danielik & Gabčová, J. Therm. Anal. Calorim. 76 (2004) 763, ±20 K",
        limits={
            "total_cryolite_ratio": (1.22, 3.0),
            "cryolite": _NONE,
            "alumina": _NONE,
            "caf2": _NONE,
            "lif": _NONE,
            "mgf2": _NONE,
        },
    ),
}
"""Liquidus correlations: bath → °C."""

SATURATION = {
    "skybakmoen1997": Correlation(
        saturation_skybakmoen1997, "L", "Skybakmoen, Solheim & Sterten, Metall. Mater. Trans. B 28 (1997) 81; "
                                        "0.29 wt %",
        850.0 + ZERO_CELSIUS, 1050.0 + ZERO_CELSIUS, {"excess_alf3": (0.0, 25.0), "kf": _NONE},  # AlF3 [E]
    ),
    "kf_alf3": Correlation(
        saturation_kf_alf3, "E",
        "5 to 7 wt % at 750 to 800 °C and CR 1.3 to 1.5, Yang, Hryn et al., Light Metals 2006 (from memory)",
        750.0 + ZERO_CELSIUS, 800.0 + ZERO_CELSIUS, {"total_cryolite_ratio": (1.29, 1.51), "cryolite": (0.0, 10.0)},
    ),
}  # fmt: skip
"""Alumina at saturation: (bath, T) → wt % and slope."""

CONDUCTIVITY = {
    "hives1996": Correlation(
        conductivity_hives1996, "L", "Híveš et al., Metall. Mater. Trans. B 27 (1996) 255; ±8 % below its range "
                                     "down to 1150 K",
        1220.0, 1320.0, {"excess_alf3": (0.0, 25.0), "kf": (0.0, 10.0)},  # [E]
    ),
    "wang1992": Correlation(
        conductivity_wang1992, "M", "Wang, Peterson & Tabereaux, Light Metals 1992, industrial baths (range of "
                                    "the ratio estimated)",
        limits={"cryolite_ratio": (2.0, 3.0), "kf": _NONE},
    ),
    "wang_plant": Correlation(
        conductivity_wang_plant, "L", "form of Wang et al. 1992 by weight ratio, as a public plant model uses it",
        limits={"cryolite_ratio": (2.0, 3.0), "kf": _NONE},
    ),
    "hives1993": Correlation(
        conductivity_hives1993, "L", "Híveš et al., Electrochim. Acta 38 (1993) 2165, 1.8 S/m; mole fractions up "
                                     "to 26 % CaF2, 35 % MgF2",
        940.0 + ZERO_CELSIUS, 1050.0 + ZERO_CELSIUS,
        {"excess_alf3": _NONE, "lif": _NONE, "kf": _NONE, "caf2": (0.0, 11.0), "mgf2": (0.0, 13.0)},
    ),
    "choudhary1973": Correlation(
        conductivity_choudhary1973, "M", "Choudhary, J. Electrochem. Soc. 120 (1973) 381", limits={"kf": _NONE}
    ),
    "arkhipov2021": Correlation(
        conductivity_arkhipov2021, "L", "Arkhipov & Tkacheva, Materials 14 (2021) 7419; from the liquidus up",
        upper=1300.0,
        limits={
            "cryolite_ratio": (2.1, 3.0), "caf2": (0.0, 8.0), "alumina": (0.0, 8.0),
            "lif": _NONE, "mgf2": _NONE, "kf": _NONE,
        },
    ),
    "chrenkova": Correlation(
        conductivity_chrenkova, "L", "Chrenková et al., low-melting baths, as implemented publicly",
        limits={"caf2": _NONE, "mgf2": _NONE, "kf": _NONE}, hold=(873.15, 1373.15),
    ),
    "kf_alf3": Correlation(
        conductivity_kf_alf3, "E", "level after Híveš & Thonstad 2004, 110 S/m at 1023 K, ±15 %",
        limits={"total_cryolite_ratio": (1.2, 1.4), "cryolite": (0.0, 10.0)},
    ),
}  # fmt: skip
"""Electrical conductivity: (bath, T) → S/m and slope. They differ by 4 % in ordinary and 9 % in acidic cold baths."""

DENSITY = {
    "kvande1985": Correlation(
        density_kvande1985,
        "M",
        "after Kvande & Rørvik 1985, ±1 %",
        930.0 + ZERO_CELSIUS,
        1030.0 + ZERO_CELSIUS,
        {"kf": _NONE},
    ),
    "naalf4_kalf4": Correlation(
        density_naalf4_kalf4,
        "L",
        "J. Chem. Eng. Data 55 (2010) 3438, NaAlF4 with KAlF4, saturated with alumina",
        650.0 + ZERO_CELSIUS,
        750.0 + ZERO_CELSIUS,
        {"total_cryolite_ratio": (0.95, 1.05), "caf2": _NONE, "lif": _NONE, "mgf2": _NONE},
        hold=(873.15, 1273.15),
    ),
}
"""Density: (bath, T) → kg/m³ and slope."""

DISSOLVED = Correlation(
    dissolved_yoshida1972, "L", "Yoshida & Dewing, Metall. Trans. 3 (1972) 1817, melts saturated with alumina",
    969.0 + ZERO_CELSIUS, 1054.0 + ZERO_CELSIUS, {"mgf2": _NONE, "kf": _NONE},
)  # fmt: skip
"""Aluminium dissolved at the metal: (bath, T) → wt % and slope."""

VISCOSITY = Correlation(
    viscosity_hertzberg1980, "E", "level of Hertzberg, Tørklep & Øye, Light Metals 1980; 2.0 to 3.5 mPa s at 960 "
                                  "°C, 3 to 5 in cold baths",
    930.0 + ZERO_CELSIUS, 1030.0 + ZERO_CELSIUS,
)  # fmt: skip
"""Viscosity: (bath, T) → Pa s and slope."""
