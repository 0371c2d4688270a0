"""Heat of contacts and electrodes, on the side and in the amount it belongs; the heat of the cell reaction from tables
of enthalpy."""

from typing import Any

import numpy as np
from scipy.constants import R, physical_constants

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    asinh,
    charge_transfer,
    contact,
    convection,
    cut,
    ends,
    fed,
    film,
    fixed,
    held,
    interface,
    layers,
    lump,
    material,
    on,
    rest,
)

F = physical_constants["Faraday constant"][0]
NETWORK = "thermal network of two surfaces, solved as a matrix"


def pair(laws: Any, current: Any = 5000.0, high: float = 300.0, **more: Any) -> Any:
    """Two rods of 1 m² along x, ends at 300 K and `high`; current from the first to the second; σ 1e7 and 4e6 S/m, k 30
    and 12 W/m/K."""
    return {
        "boxes": layers(("first", "a", 0.2), ("second", "b", 0.1)),
        "materials": {"a": material(1e7, 30.0), "b": material(4e6, 12.0)},
        "mesh": cut((3, 2)),
        "surfaces": ends("first", "second"),
        "terminals": [fed("low", current), held("high", 0.0)],
        "conditions": [on("low", fixed(300.0)), on("high", fixed(high))],
        "interfaces": [interface("joint", "first", "second", *laws)],
        **more,
    }


def circulating() -> Any:
    """A case of two electrodes on a melt, 0.1 V apart at equilibrium, both at one terminal, and the current that
    circulates [A]."""
    case = {
        "boxes": layers(("first", "a", 0.2), ("melt", "m", 0.3), ("second", "a", 0.2)),
        "materials": {"a": material(1e7, 30.0), "m": material(200.0, 5.0)},
        "mesh": cut((3, 4, 3), 2, 3),
        "surfaces": ends("first", "second"),
        "terminals": [held("beam", 0.0, ["low", "high"])],
        "conditions": [on("low", fixed(300.0)), on("high", fixed(300.0))],
        "interfaces": [
            interface("one", "first", "melt", rest(2.3), charge_transfer(resistance=4e-4)),
            interface("other", "second", "melt", rest(2.2), charge_transfer(resistance=1e-4)),
        ],
    }
    return case, 0.1 / (0.4 / 1e7 + 0.3 / 200.0 + 5e-4)


@check("coupled", "electrodes at rest", "Ohm's law, I²R", "W", 1e-9)
def heat_of_circulating_current(n: int) -> Posed:
    """Two electrodes on a melt, 0.1 V apart at equilibrium, at one terminal: heat of the current between them"""
    case, current = circulating()
    return Posed(case, 0.1 * current, lambda a: sum(a.report["heat"]["losses"].values()))


@check("coupled", "electrodes at rest", "the electrodes' potentials times their current", "W", 1e-9)
def power_of_circulating_current(n: int) -> Posed:
    """The same: power that equilibrium potentials give"""
    case, current = circulating()
    return Posed(case, -0.1 * current, lambda a: a.report["heat"]["process_W"])


@check("electric", "electrodes at rest", "the equilibrium potential", "V", 1e-12)
def open_circuit(n: int) -> Posed:
    """Two rods joined by an electrode of 2.2 V, without current: potentials of the terminals apart"""
    case = pair([rest(2.2), charge_transfer(resistance=1e-3)], 0.0)
    return Posed(case, 2.2, lambda a: a.report["voltage"]["open_circuit_V"])


def _network(made_first, made_second, thermal, current=5000.0, high=300.0):
    """Surface temperatures and heat [W] leaving at both ends; Joule heat of a rod counts half on each of its ends."""
    a, b, c = 30.0 / 0.2, 12.0 / 0.1, 1 / thermal
    own = 0.5 * current**2 * np.array([0.2 / 1e7, 0.1 / 4e6])
    T = np.linalg.solve([[a + c, -c], [-c, b + c]], [a * 300.0 + made_first + own[0], b * high + made_second + own[1]])
    return T, a * (T[0] - 300.0) + own[0], b * (T[1] - high) + own[1]


@check("coupled", "heat of contacts", NETWORK, "W", 1e-9)
def contact_heat_first(n):
    """Contact with electric and thermal resistance: heat at the end of the first rod"""
    case = pair([contact(electric=2e-5, thermal=0.02)])
    return Posed(case, _network(250.0, 250.0, 0.02)[1], lambda a: a.loss("low"))


@check("coupled", "heat of contacts", NETWORK, "K", 1e-9)
def contact_surface(n):
    """Contact with electric and thermal resistance: the second's surface temperature"""
    case = pair([contact(electric=2e-5, thermal=0.02)])
    T = _network(250.0, 250.0, 0.02)[0][1]
    return Posed(case, T, lambda a: a.between("first", "second")[1], T - 300.0)


@check("coupled", "heat of contacts", NETWORK, "W", 1e-9)
def film_heat_first(n):
    """Film whose heat appears on the first surface, behind a thermal contact: heat at the end of the second"""
    case = pair([film(2e-5), contact(thermal=0.02)])
    return Posed(case, _network(500.0, 0.0, 0.02)[2], lambda a: a.loss("high"))


@check("coupled", "heat of contacts", NETWORK, "W", 1e-9)
def film_heat_second(n):
    """Film stated from the other side, its heat on what is then the second surface: heat at the end of the second
    rod"""
    case = pair([film(2e-5, heat="second"), contact(thermal=0.02)])
    case["interfaces"][0]["between"] = ["second", "first"]
    return Posed(case, _network(500.0, 0.0, 0.02)[2], lambda a: a.loss("high"))


@check(
    "coupled", "heat of electrodes", f"{NETWORK}; asinh law at the temperature of the end of the second rod", "V", 2e-6
)
def kinetics_of_temperature(n):
    """Asinh kinetics between rods at fixed temperatures of 300 and 700 K: overpotential, which takes the temperature
    of the second"""
    case = pair([asinh(10.0, 2.0), contact(thermal=1e6)], high=700.0) | {
        "materials": {"a": material(1e8, 1e6), "b": material(1e8, 1e6)}
    }
    return Posed(case, R * 700.0 / (2 * F) * np.arcsinh(5000.0 / 20.0), lambda a: a.part("joint"))


@check(
    "coupled", "heat of electrodes", f"{NETWORK}; asinh law at the temperature of the end of the first rod", "V", 2e-6
)
def kinetics_of_first_temperature(n):
    """The same with the temperature of the first side: overpotential"""
    case = kinetics_of_temperature.pose(n).case
    case["interfaces"][0]["temperature_side"] = "first"
    return Posed(case, R * 300.0 / (2 * F) * np.arcsinh(5000.0 / 20.0), lambda a: a.part("joint"))


@check("coupled", "heat of electrodes", f"{NETWORK}; ηJ on the first surface, none of E·J", "W", 2e-6)
def overpotential_heat(n):
    """Asinh kinetics and an equilibrium potential: heat at the end of the first rod; the second, which gives its
    temperature, at 700 K"""
    case = pair([rest(1.5), asinh(10.0, 2.0), contact(thermal=0.05)], high=700.0)
    case["materials"]["b"] = material(4e6, 1e6)
    made = 5000.0 * R * 700.0 / (2 * F) * np.arcsinh(5000.0 / 20.0)
    own = 0.5 * 5000.0**2 * 0.2 / 1e7
    T = (30.0 / 0.2 * 300.0 + 700.0 / 0.05 + made + own) / (30.0 / 0.2 + 1 / 0.05)
    return Posed(case, 150.0 * (T - 300.0) + own, lambda a: a.loss("low"))


@check("coupled", "heat of terminals", "I²R of what lies inside; the external part stays outside", "W", 1e-9)
def clamp_and_flex(n):
    """Bar with a clamp that warms it and a flexible that does not: heat lost"""
    terminals = [
        fed("low", 5000.0, surface_resistance=3e-6, external_resistance=9e-6),
        held("high", 0.0, surface_resistance=4e-6, part="external"),
    ]
    case = pair([], terminals=terminals) | {"conditions": [on("high", convection(500.0, 300.0))]}
    return Posed(case, 5000.0**2 * (3e-6 + 0.2 / 1e7 + 0.1 / 4e6), lambda a: a.loss("high"))


@check("coupled", "heat of terminals", "I²R of what lies inside; the external part stays outside", "W", 1e-9)
def spent_outside(n):
    """The same: power spent outside the heat balance"""
    return Posed(clamp_and_flex.pose(n).case, 5000.0**2 * 13e-6, lambda a: a.report["heat"]["external_W"])


NIST = (
    "Shomate equations, NIST Chemistry WebBook (Chase 1998, JANAF 4th ed.): Al2O3, Al(l), O2; 0.3 kJ/mol from "
    "the solver's"
)
_SHOMATE = {
    "Al2O3": (102.4290, 38.74980, -15.91090, 2.628181, -3.007551, -1717.930, 146.9970),
    "Al": (31.75104, 0.0, 0.0, 0.0, 0.0, -0.945684, 73.39949),
    "O2": (30.03235, 8.772972, -3.988133, 0.788313, -0.741599, -11.32468, 236.1663),
}  # fmt: skip
FORMATION = 1675.690e3
"""Enthalpy [J/mol] set free when Al2O3 forms at 298.15 K (same source)."""


def enthalpy(species, T):
    """From the elements at 298.15 K [J/mol]."""
    A, B, C, D, E, H, _ = _SHOMATE[species]
    t = T / 1000.0
    return 1e3 * (A * t + B * t**2 / 2 + C * t**3 / 3 + D * t**4 / 4 - E / t + H)


def _entropy(species, T):
    """[J/mol/K]"""
    A, B, C, D, E, _, G = _SHOMATE[species]
    t = T / 1000.0
    return A * np.log(t) + B * t + C * t**2 / 2 + D * t**3 / 3 - E / (2 * t**2) + G


def _reaction(quantity, T):
    return 2 * quantity("Al", T) + 1.5 * quantity("O2", T) - quantity("Al2O3", T)


def cell(efficiency=0.9):
    """Anode | bath | metal, current 200 A/m² downwards, both ends held at 1200 K: the bath is within 5 mK of it."""
    return {
        "boxes": layers(("metal", "al", 0.1), ("bath", "melt", 0.04), ("anode", "c", 0.2), axis="z"),
        "materials": {"al": material(3e6, 1e4), "melt": material(180.0), "c": material(1e5, 1e4)},
        "mesh": cut(1, 1, (2, 2, 3)),
        "physics": {"temperature": "1200 K"},
        "surfaces": ends("metal", "anode", "z"),
        "terminals": [fed("high", 200.0), held("low", 0.0)],
        "conditions": [on("low", fixed(1200.0)), on("high", fixed(1200.0))],
        "lumps": [lump("bath", {"*": 1e5})],
        "process": {"current_efficiency": efficiency, "dissolution_enthalpy": "1e5 J/mol"},
        "interfaces": [
            interface("anode", "anode", "bath", {"kind": "equilibrium"}, {"kind": "reversible_heat", "share": 0.75}),
            interface("cathode", "bath", "metal", {"kind": "reversible_heat", "share": 0.25, "heat": "second"}),
        ],
    }


@check("coupled", "cell reaction", NIST, "V", 3e-4)
def reversible_potential(n):
    """Alumina to aluminium and oxygen at 1200 K, saturated: equilibrium potential"""
    exact = (
        FORMATION
        + enthalpy("Al", 1200.0) * 2
        + 1.5 * enthalpy("O2", 1200.0)
        - enthalpy("Al2O3", 1200.0)
        - FORMATION
        - 1200.0 * _reaction(_entropy, 1200.0)
    ) / (6 * F)
    return Posed(cell(), exact, lambda a: a.part("reversible"))


@check("coupled", "cell reaction", NIST, "W", 2.5e-3)
def reversible_heat(n):
    """Alumina to aluminium and oxygen at 1200 K: heat taken up by both electrodes"""
    exact = -200.0 * (1200.0 * _reaction(_entropy, 1200.0) - 1e5) / (6 * F)
    return Posed(cell(), exact, lambda a: a.made("reversible_heat"))


@check("coupled", "cell reaction", NIST, "W", 1e-3)
def recombination_heat(n):
    """A tenth of the aluminium burns back at 1200 K: heat"""
    return Posed(cell(), 20.0 * (_reaction(enthalpy, 1200.0) - 1e5) / (6 * F), lambda a: a.made("recombination"))


@check("coupled", "cell reaction", NIST, "W", 1e-3)
def feed_heat(n):
    """Alumina fed at 298.15 K, warmed and dissolved: heat"""
    warming = enthalpy("Al2O3", 1200.0) + FORMATION
    return Posed(cell(), -180.0 * (warming + 1e5) / (6 * F), lambda a: a.made("feed"))


@check("coupled", "cell reaction", f"{NIST}; I·V = heat lost + I·ΔH/6F", "W", 2e-3)
def heat_of_thecell(n):
    """Cell at full current efficiency: heat lost, as electric power less enthalpy of products at 1200 K over alumina at
    298.15 K"""
    products = 2 * enthalpy("Al", 1200.0) + 1.5 * enthalpy("O2", 1200.0) + FORMATION
    volts = _reaction(enthalpy, 1200.0) / (6 * F) - 1200.0 * _reaction(_entropy, 1200.0) / (6 * F)
    ohmic = 200.0 * (0.1 / 3e6 + 0.04 / 180.0 + 0.2 / 1e5)
    return Posed(cell(1.0), 200.0 * (volts + ohmic - products / (6 * F)), lambda a: a.loss("low") + a.loss("high"))
