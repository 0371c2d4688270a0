"""Electrode laws between plates, one dimension: each law, in series, from both sides, by current and by potential."""

import numpy as np
from scipy.constants import R, physical_constants
from scipy.optimize import brentq

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    ELECTRIC,
    asinh,
    butler_volmer,
    charge_transfer,
    contact,
    cut,
    ends,
    fed,
    film,
    held,
    interface,
    layers,
    material,
    rest,
    tafel,
)

F = physical_constants["Faraday constant"][0]
T = 1178.15
THERMAL_VOLTAGE = R * T / F
OHMIC = (0.2 / 1e5 + 0.04 / 180.0 + 0.1 / 3e6) / 0.49
"""Resistance [ohm] of anode, bath and metal between the terminals of `_cell`."""

LAW = "the law itself, implemented independently"


def _cell(anodic=(), cathodic=(), *, current=None, voltage=None, axis="z", **more):
    """Metal | bath | anode from 0 up, 0.7 m wide; laws on anode → bath and on bath → metal; current enters at the
    anode."""
    supply = held("high", voltage) if current is None else fed("high", current)
    return {
        "physics": ELECTRIC | {"temperature": f"{T} K"},
        "boxes": layers(("metal", "al", 0.1), ("bath", "bath", 0.04), ("anode", "c", 0.2), axis=axis, side=0.7),
        "materials": {"al": material(3e6), "bath": material(180.0), "c": material(1e5)},
        "mesh": cut(2, 1, (2, 3, 2)) if axis == "z" else cut((2, 3, 2)),
        "surfaces": ends("metal", "anode", axis),
        "terminals": [supply, held("low", 0.0)],
        "interfaces": [
            interface("anodic", "anode", "bath", *anodic),
            interface("cathodic", "bath", "metal", *cathodic),
        ],
        **more,
    }


def _drop(case, exact, part="anodic"):
    """Voltage part of an interface."""
    return Posed(case, exact, lambda a: a.part(part))


CURRENT = 3430.0
J = CURRENT / 0.49


@check("electric", "kinetics", LAW, "V", 1e-10)
def asinh_large(n):
    """Asinh law far in its Tafel range, current prescribed: overpotential"""
    return _drop(_cell([asinh(50.0, 2.0)], current=CURRENT), THERMAL_VOLTAGE / 2 * np.arcsinh(J / 100.0))


@check("electric", "kinetics", LAW, "V", 1e-9)
def asinh_small(n):
    """Asinh law in its linear range, current reversed: overpotential (positive: a loss)"""
    return _drop(_cell([asinh(7e4, 1.5)], current=-CURRENT, axis="x"), THERMAL_VOLTAGE / 1.5 * np.arcsinh(J / 1.4e5))


@check("electric", "kinetics", "Tafel's law: one decade of current is ln 10 · RT/nF", "V", 4e-9)
def tafel_decade(n):
    """Asinh law at an exchange current density 1e-5 of the current: overpotential as Tafel's law has it"""
    return _drop(_cell([asinh(0.07, 2.0)], current=CURRENT), np.log(10.0) * THERMAL_VOLTAGE / 2 * 5.0)


@check("electric", "kinetics", LAW, "A", 1e-9)
def asinh_potential(n):
    """Asinh law, voltage prescribed: current"""

    def surplus(I):
        return I * OHMIC + THERMAL_VOLTAGE / 2 * np.arcsinh(I / 0.49 / 100.0) - 3.0

    return Posed(
        _cell([asinh(50.0, 2.0)], voltage=3.0), brentq(surplus, 0.0, 1e4, xtol=1e-12), lambda a: a.current("high")
    )


@check("electric", "kinetics", f"{LAW}; a root", "V", 1e-9)
def butler_volmer_anodic(n):
    """Butler–Volmer with unequal coefficients, anodic current: overpotential"""
    exact = brentq(
        lambda eta: 80.0 * (np.exp(1.4 * eta / THERMAL_VOLTAGE) - np.exp(-0.6 * eta / THERMAL_VOLTAGE)) - J,
        0.0,
        3.0,
        xtol=1e-15,
    )
    return _drop(_cell([butler_volmer(80.0, 1.4, 0.6)], current=CURRENT), exact)


@check("electric", "kinetics", f"{LAW}; a root", "V", 1e-9)
def butler_volmer_cathodic(n):
    """Butler–Volmer stated from the metal, so that the current is cathodic to it: overpotential (positive: a loss)"""
    exact = -brentq(
        lambda eta: 80.0 * (np.exp(1.4 * eta / THERMAL_VOLTAGE) - np.exp(-0.6 * eta / THERMAL_VOLTAGE)) + J,
        -3.0,
        0.0,
        xtol=1e-15,
    )
    case = _cell(current=CURRENT)
    case["interfaces"] = [interface("plating", "metal", "bath", butler_volmer(80.0, 1.4, 0.6))]
    return _drop(case, exact, "plating")


@check("electric", "kinetics", "Butler–Volmer with equal coefficients is 2 J0 sinh", "V", 1e-9)
def butler_volmer_equal(n):
    """Butler–Volmer with equal coefficients: overpotential"""
    return _drop(_cell([butler_volmer(80.0, 0.5, 0.5)], current=CURRENT), 2 * THERMAL_VOLTAGE * np.arcsinh(J / 160.0))


@check("electric", "kinetics", LAW, "V", 1e-10)
def linear_kinetics(n):
    """Linear kinetics on both electrodes, stated with the current and against it: voltage"""
    case = _cell([film(4e-5)], current=CURRENT)
    case["interfaces"][1] = interface("cathodic", "metal", "bath", film(6e-5))
    return Posed(case, CURRENT * (OHMIC + 1e-4 / 0.49), lambda a: a.potential("high"))


@check("electric", "kinetics", "RT/(n F J0), Butler–Volmer's slope at rest", "V", 1e-9)
def charge_transfer_resistance(n):
    """Linear kinetics by exchange current density and transfer number, stated against the current: overpotential
    (positive: a loss)"""
    case = _cell(current=CURRENT)
    case["interfaces"] = [interface("plating", "metal", "bath", charge_transfer(exchange=600.0, number=1.5))]
    return _drop(case, THERMAL_VOLTAGE / (1.5 * 600.0) * J, "plating")


@check("electric", "kinetics", "Tafel's law: 120 mV a decade", "V", 1e-10)
def tafel_slope(n):
    """Tafel's law with its slope per decade stated, four decades above the exchange current density: overpotential"""
    return _drop(_cell([tafel(J * 1e-4, slope=0.12)], current=CURRENT), 0.48)


@check("electric", "kinetics", "Tafel's law: b ln(J/J0), b = RT/nF", "V", 1e-10)
def tafel_reversed(n):
    """Tafel's law by its transfer number, current reversed: overpotential (positive: a loss)"""
    return _drop(_cell([tafel(50.0, number=0.5)], current=-CURRENT, axis="x"), THERMAL_VOLTAGE / 0.5 * np.log(J / 50.0))


@check("electric", "kinetics", "the line through 0 that touches b ln(J/J0), at J = e J0", "V", 1e-9)
def tafel_below(n):
    """Tafel's law at its exchange current density, where its continuation to 0 holds: overpotential"""
    return _drop(_cell([tafel(J, number=2.0)], current=CURRENT), THERMAL_VOLTAGE / 2 / np.e)


@check("electric", "kinetics", "Tafel's law and Ohm's, a root", "A", 1e-9)
def tafel_potential(n):
    """Tafel's law on the anode and a charge-transfer resistance on the cathode, voltage prescribed: current"""

    def surplus(I):
        return I * (OHMIC + 2e-5 / 0.49) + 0.09 * np.log10(I / 0.49 / 8.0) - 1.5

    case = _cell([tafel(8.0, slope=0.09)], [charge_transfer(2e-5)], voltage=1.5)
    return Posed(case, brentq(surplus, 100.0, 1e4, xtol=1e-12), lambda a: a.current("high"))


@check("coupled", "kinetics", "work of the overpotentials, RJ² + J·b ln(J/J0)", "W", 1e-9)
def kinetics_heat(n):
    """Tafel's law and a charge-transfer resistance, stated slopes, the cell cooled from below: heat"""
    case = _cell([tafel(50.0, slope=0.1)], [charge_transfer(3e-5)], current=CURRENT) | {
        "physics": {"temperature": f"{T} K"}
    }
    case["conditions"] = [{"on": ["low"], "laws": [{"kind": "fixed_temperature", "temperature": "700 K"}]}]
    return Posed(case, CURRENT**2 * (OHMIC + 3e-5 / 0.49) + CURRENT * 0.1 * np.log10(J / 50.0), lambda a: a.loss("low"))


@check("electric", "kinetics", f"{LAW} (Haupin, Light Metals 1998, eq. 28, smoothed)", "V", 1e-9)
def concentration(n):
    """Concentration overpotential of the cathode at 2.7 times its threshold"""
    law = {"kind": "concentration", "slope": "6e-5 V/K", "threshold": "2570 A/m2"}
    return _drop(_cell([], [law], current=CURRENT), 6e-5 * T / 8 * np.log1p((J / 2570.0) ** 8), "cathodic")


@check("electric", "kinetics", "Ohm's law: there is none where the metal dissolves", "V", 1e-9)
def concentration_reversed(n):
    """The same law with the current reversed: voltage of the cell"""
    law = {"kind": "concentration", "slope": "6e-5 V/K", "threshold": "2570 A/m2"}
    return Posed(_cell([], [law], current=-CURRENT), -CURRENT * OHMIC, lambda a: a.potential("high"))


@check("electric", "kinetics", LAW, "V", 1e-9)
def limiting_current(n):
    """Current at 0.71 of a limiting current that increases with temperature: overpotential"""
    law = {"kind": "limiting_current", "limit": "9500 A/m2", "at": "1150 K", "slope": "13 A/m2/K", "electrons": 2.0}
    limit = 9500.0 + 13.0 * (T - 1150.0)
    return _drop(_cell([law], current=CURRENT), THERMAL_VOLTAGE / 2 * np.log(limit / (limit - J)))


@check("electric", "kinetics", f"{LAW} (Haupin, Light Metals 1998)", "V", 1e-4)
def bubble_layer(n):
    """Bubbles under a carbon anode: what they add to the drop of clean bath (kept from below 0 within 1e-4 here)"""
    law = {"kind": "bubble_layer", "coverage_offset": 0.15, "coverage_factor": 1.05}
    i, kappa = J / 1e4, 1.80  # A/cm², S/cm
    share = 1.05 * (0.509 + 0.15 + 0.1823 * i - 0.1723 * i**2 + 0.05504 * i**3)
    thickness = (0.5517 + i) / (1 + 2.167 * i)
    return _drop(_cell([law], current=CURRENT), i * thickness / kappa * (share / (1 - share) - 1))


@check("electric", "equilibrium potentials", "Ohm's law", "A", 1e-10)
def galvanic(n):
    """Cell with an equilibrium potential, short-circuited: its current, against the direction of electrolysis"""
    return Posed(_cell([rest(1.2)], voltage=0.0), -1.2 / OHMIC, lambda a: a.current("high"))


@check(
    "coupled",
    "equilibrium potentials",
    "Ohm's law; the work of the equilibrium potential is all turned into heat",
    "W",
    1e-9,
)
def galvanic_heat(n):
    """The same, cooled from below: heat"""
    case = galvanic.pose(n).case | {"physics": {"temperature": f"{T} K"}}
    case["conditions"] = [{"on": ["low"], "laws": [{"kind": "fixed_temperature", "temperature": f"{T} K"}]}]
    return Posed(case, 1.44 / OHMIC, lambda a: a.loss("low"))


@check("electric", "equilibrium potentials", "Ohm's law", "V", 1e-10)
def electrolysis(n):
    """Equilibrium potential, contact and film in series: cell voltage"""
    case = _cell([rest(2.25), film(1e-5), contact(electric=2e-6)], current=CURRENT)
    return Posed(case, 2.25 + CURRENT * (OHMIC + 1.2e-5 / 0.49), lambda a: a.potential("high"))


@check("electric", "equilibrium potentials", "Ohm's law; power of the equilibrium potentials", "W", 1e-9)
def opposed_potentials(n):
    """Equilibrium potentials on both electrodes, of which one is stated against the current: power turned into heat"""
    case = _cell([rest(2.0)], current=CURRENT) | {"physics": {"temperature": f"{T} K"}}
    case["interfaces"][1] = interface("cathodic", "metal", "bath", rest(0.7))
    case["conditions"] = [{"on": ["low"], "laws": [{"kind": "fixed_temperature", "temperature": f"{T} K"}]}]
    return Posed(case, CURRENT**2 * OHMIC, lambda a: a.loss("low"))


@check("electric", "kinetics", "sum of the laws, each implemented independently", "V", 1e-9)
def laws_in_series(n):
    """Equilibrium potential, asinh, film, limiting current and contact on one anode: cell voltage"""
    limit = {"kind": "limiting_current", "limit": "12000 A/m2", "at": "1178.15 K"}
    case = _cell([rest(2.2), asinh(300.0, 2.0), film(5e-6), limit, contact(electric=1e-6)], current=CURRENT)
    exact = (
        2.2
        + CURRENT * (OHMIC + 6e-6 / 0.49)
        + THERMAL_VOLTAGE / 2 * (np.arcsinh(J / 600.0) + np.log(12000.0 / (12000.0 - J)))
    )
    return Posed(case, exact, lambda a: a.potential("high"))


@check("electric", "floating bodies", "sum of the laws, each implemented independently", "V", 1e-9)
def bipolar_with_kinetics(n):
    """Bipolar plate with asinh kinetics on one face and Butler–Volmer on the other: cell voltage"""
    stack = [
        ("metal", "al", 0.1),
        ("lower", "bath", 0.03),
        ("plate", "c", 0.02),
        ("upper", "bath", 0.04),
        ("anode", "c", 0.2),
    ]
    case = _cell(current=CURRENT) | {"boxes": layers(*stack, axis="z", side=0.7), "mesh": cut(1, 2, (1, 2, 2, 3, 2))}
    case["interfaces"] = [
        interface("anode", "anode", "upper", asinh(300.0, 2.0)),
        interface("plate below", "plate", "lower", rest(2.0), asinh(50.0, 2.0)),
        interface("plate above", "plate", "upper", butler_volmer(2000.0, 0.5, 0.5)),
    ]
    ohmic = (0.1 / 3e6 + 0.07 / 180.0 + 0.22 / 1e5) / 0.49
    activation = THERMAL_VOLTAGE * (np.arcsinh(J / 600.0) / 2 + np.arcsinh(J / 100.0) / 2 + 2 * np.arcsinh(J / 4000.0))
    return Posed(case, 2.0 + CURRENT * ohmic + activation, lambda a: a.potential("high"))
