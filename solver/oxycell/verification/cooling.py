"""Pools over time: one that cools behind a film, two that exchange heat, one that radiates, one whose heat capacity
varies."""

from typing import Any

import numpy as np
from scipy.constants import Stefan_Boltzmann as SIGMA
from scipy.linalg import expm
from scipy.optimize import brentq

from oxycell.arrays import Floats
from oxycell.verification.answer import Answer
from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.parts import (
    THERMAL,
    Parts,
    convection,
    cut,
    ends,
    fixed,
    layers,
    lump,
    on,
    run_to,
    storing,
    surface,
)

EXPONENTIAL = "exponential of time"
PLATE = storing(100.0, 1.0, 1e-6)  # 0.1 m of it resists as 1e-3 m²K/W does and stores nothing to speak of


def cooled(end: float, steps: int, heat_capacity: float = 2000.0, density: float = 1e4) -> Parts:
    """Lump of 1 m³ behind 2e-3 m²K/W, 500 W/K, from 1200 to 300 K."""
    return {
        "physics": THERMAL | {"temperature": "1200 K"},
        "boxes": layers(("body", "m", 1.0), ("plate", "plate", 0.1)),
        "materials": {"m": storing(1.0, density, heat_capacity), "plate": PLATE},
        "mesh": cut((1, 1)),
        "surfaces": [surface("skin", "plate", "x+")],
        "conditions": [on("skin", convection(2000.0, 300.0))],
        "lumps": [lump("body", {"plate": 2000.0}, start="1200 K")],
        "transient": run_to(end, steps),
    }


@check("time", "lumps", EXPONENTIAL, "K", 1e-7, slow=True)
def lump_after_an_hour(n: int) -> Posed:
    """Lump of 2e7 J/K that cools through 500 W/K from 1200 to 300 K: temperature after an hour, in 60 steps"""
    return Posed(cooled(3600.0, 60), 1122.5380667441, lambda a: a.lump("body"), 900.0)


@check("time", "lumps", EXPONENTIAL, "K", 5e-5, meshes=(12, 24, 48), order=IN_TIME)
def lump_after_a_day(n: int) -> Posed:
    """The same: temperature after a day"""
    exact = 300.0 + 900.0 * np.exp(-500.0 / 2e7 * 86400.0)
    return Posed(cooled(86400.0, n), exact, lambda a: a.lump("body"), 900.0)


@check("time", "lumps", "stability function of TR-BDF2 and SDIRK2 (Bank et al. 1985; Alexander 1977)", "K", 1e-9)
def lump_in_ten_steps(n: int) -> Posed:
    """The same: temperature after ten steps of an hour, as the method has it"""
    z, d = -500.0 / 2e7 * 3600.0, 1.0 - np.sqrt(0.5)
    exact = 300.0 + 900.0 * ((1.0 + (1.0 - 2.0 * d) * z) / (1.0 - d * z) ** 2) ** 10
    return Posed(cooled(36000.0, 10), exact, lambda a: a.lump("body"), 900.0)


def _two(end: float, steps: int) -> Parts:
    """Pools of 1.76e7 and 1.89e7 J/K with 3.8e4 W/K between them, 8e3 and 5e3 W/K to 1150 K, 2e5 W in the first."""
    pools = [
        lump("bath", {"left": 1.6e4, "metal": 7.6e4}, start="1178 K"),
        lump("metal", {"bath": 7.6e4, "right": 1e4}, start="1175 K"),
    ]
    return {
        "physics": THERMAL | {"temperature": "1150 K"},
        "solver": {"tolerance": 1e-3},
        "boxes": layers(
            ("left", "plate", 0.1), ("bath", "bath", 1.0), ("metal", "metal", 1.0), ("right", "plate", 0.1)
        ),
        "materials": {
            "bath": storing(1.0, 1e4, 1760.0),
            "metal": storing(1.0, 1e4, 1890.0),
            "plate": storing(1e6, 1.0, 1e-6),
        },
        "mesh": cut((1, 1, 1, 1)),
        "surfaces": ends("left", "right"),
        # 0.1 m of the plate resist as 1e-7 m²K/W do; what is lacking for 8e3 and 5e3 W/K is the film outside.
        "conditions": [
            on("low", convection(1.0 / (1.0 / 8e3 - 1.0 / 1.6e4 - 1e-7), 1150.0)),
            on("high", convection(1.0 / (1.0 / 5e3 - 1.0 / 1e4 - 1e-7), 1150.0)),
        ],
        "lumps": pools,
        "sources": [{"name": "heater", "regions": ["bath"], "total_heat": "2e5 W"}],
        "transient": run_to(end, steps),
    }


_RATES = np.array([[-(3.8e4 + 8e3) / 1.76e7, 3.8e4 / 1.76e7], [3.8e4 / 1.89e7, -(3.8e4 + 5e3) / 1.89e7]])
_STEADY = -np.linalg.solve(_RATES, [(2e5 + 8e3 * 1150.0) / 1.76e7, 5e3 * 1150.0 / 1.89e7])


def _pools(time: float) -> Floats:
    found: Floats = _STEADY + expm(_RATES * time) @ (np.array([1178.0, 1175.0]) - _STEADY)
    return found


@check("time", "lumps", EXPONENTIAL, "K", 1e-4, meshes=(6, 12, 24), order=IN_TIME)
def two_pools_at_first(n: int) -> Posed:
    """Bath and metal that exchange heat, heated and cooled: temperature of the metal after 300 s"""
    return Posed(_two(300.0, n), _pools(300.0)[1], lambda a: a.lump("metal"), 10.0)


@check("time", "lumps", EXPONENTIAL, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def two_pools_later(n: int) -> Posed:
    """The same: temperature of the bath after an hour"""
    return Posed(_two(3600.0, n), _pools(3600.0)[0], lambda a: a.lump("bath"), 10.0)


@check("time", "lumps", "two equations", "K", 1e-7)
def two_pools_at_last(n: int) -> Posed:
    """The same: temperature of the bath after a single step of 1e14 s, the steady one"""
    return Posed(_two(1e14, 1), _STEADY[0], lambda a: a.lump("bath"), 10.0)


@check("time", "step control", "what follows at once is seen through the tangent", "1", 1e-9)
def steps_beside_a_fast_lump(n: int) -> Posed:
    """The same with a metal of 2 kJ/K, in balance within a second, steps whose error is controlled: attempts beyond ten
    in an hour"""
    case = _two(3600.0, 1)
    case["materials"]["metal"] = storing(1.0, 1.0, 2000.0)
    del case["transient"]["step"]

    def beyond(a: Answer) -> float:
        course = a.record["course"]
        return max(0.0, float(course["steps"] + course["rejected"]) - 10.0)

    return Posed(case, 0.0, beyond, 1.0)


def _radiating(end: float, steps: int) -> Parts:
    """Lump of 2e5 J/K that radiates to a plate at 300 K with ε 0.8."""
    return {
        "physics": THERMAL | {"temperature": "300 K"},
        "boxes": layers(("body", "m", 1.0), ("plate", "plate", 0.1)),
        "materials": {"m": storing(1.0, 200.0, 1000.0), "plate": storing(1e7, 1.0, 1e-6)},
        "mesh": cut((1, 1)),
        "surfaces": [surface("skin", "plate", "x+")],
        "conditions": [on("skin", fixed(300.0))],
        "lumps": [lump("body", {"plate": 1e-9}, emissivity=0.8, start="1200 K")],
        "transient": run_to(end, steps),
    }


def _after_radiating(time: float) -> float:
    """Temperature [K]: ∫ dT/(T⁴ − 300⁴) is elementary."""

    def part(T: float) -> float:
        return float(0.5 * np.log((T + 300.0) / (T - 300.0)) + np.arctan(T / 300.0)) / (2.0 * 300.0**3)

    return float(brentq(lambda T: part(T) - part(1200.0) - 0.8 * SIGMA / 2e5 * time, 300.1, 1200.0, xtol=1e-12))


RADIATING = "∫ dT/(T⁴ − T_a⁴) (Carslaw & Jaeger §1.9)"


@check("time", "lumps", RADIATING, "K", 1e-4, meshes=(12, 24, 48), order=IN_TIME)
def radiating_lump_at_first(n: int) -> Posed:
    """Lump of 2e5 J/K that radiates from 1200 K to 300 K with ε 0.8: temperature after 600 s"""
    return Posed(_radiating(600.0, n), _after_radiating(600.0), lambda a: a.lump("body"), 900.0)


@check("time", "lumps", RADIATING, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def radiating_lump_later(n: int) -> Posed:
    """The same: temperature after an hour"""
    return Posed(_radiating(3600.0, n), _after_radiating(3600.0), lambda a: a.lump("body"), 900.0)


def _varying(steps: int) -> tuple[Parts, float]:
    """Lump of 1000 kg, c = 800 (1 + 5e-4 (T − 300 K)), and its temperature above 300 K after 1800 s."""
    rising = {"polynomial": [800.0, 0.4], "reference": "300 K", "between": ["300 K", "1300 K"]}
    case = cooled(1800.0, steps, density=1000.0)
    case["materials"]["m"]["heat_capacity"] = rising
    return case, brentq(lambda x: np.log(x / 900.0) + 5e-4 * (x - 900.0) + 500.0 / 8e5 * 1800.0, 1.0, 900.0, xtol=1e-13)


VARYING = "∫ c dT/(T − T_a), logarithm and straight line"


@check("time", "lumps", VARYING, "K", 1e-4, meshes=(12, 24, 48), order=IN_TIME)
def lump_of_varying_heat_capacity(n: int) -> Posed:
    """Lump of 1000 kg whose heat capacity rises from 800 to 1200 J/kg/K over 1000 K, 500 W/K: temperature after half
    an hour"""
    case, above = _varying(n)
    return Posed(case, 300.0 + above, lambda a: a.lump("body"), 900.0)


@check("time", "lumps", VARYING, "J", 1e-4, meshes=(12, 24, 48), order=IN_TIME)
def enthalpy_of_varying_heat_capacity(n: int) -> Posed:
    """The same: heat it has lost after half an hour"""
    case, above = _varying(n)
    lost = 8e5 * (900.0 - above + 2.5e-4 * (900.0**2 - above**2))
    return Posed(case, lost, lambda a: a.summed("losses_J.skin"))


def _pulse(**heat: Any) -> Parts:
    """A lump of 2e7 J/K at 1200 K that loses nothing, in three steps, and a source in it."""
    case = cooled(3600.0, 3)
    case["conditions"] = [on("skin", convection(1e-9, 1200.0))]
    case["sources"] = [{"name": "pulse", "regions": ["body"], **heat}]
    return case


_TRIANGLE = {"time": ["0 s", "1495 s", "1505 s", "1515 s"], "value": [0.0, 0.0, 4e6, 0.0]}


@check("time", "events", "heat over heat capacity", "K", 1e-6)
def pulse_within_a_step(n: int) -> Posed:
    """Lump of 2e7 J/K that loses nothing, 4 MW for 10 s in the midst of a step of 20 minutes: its rise"""
    case = _pulse(total_heat="0 W")
    pulse = {"time": ["1500 s", "1500 s", "1510 s", "1510 s"], "value": ["0 W", "4 MW", "4 MW", "0 W"]}
    case["transient"]["schedule"] = {"sources.0.total_heat": pulse}
    return Posed(case, 2.0, lambda a: a.lump("body") - 1200.0, 2.0)


@check("time", "events", "heat over heat capacity", "K", 1e-6)
def triangle_within_a_step(n: int) -> Posed:
    """The same with heat that rises to 4 MW within 10 s and falls again"""
    return Posed(_pulse(heat=_TRIANGLE), 2.0, lambda a: a.lump("body") - 1200.0, 2.0)


@check("time", "events", "heat over time", "J", 1e-8)
def heat_of_a_pulse(n: int) -> Posed:
    """The same pulse: heat that was put in"""
    return Posed(_pulse(heat=_TRIANGLE), 4e7, lambda a: a.summed("given_J"))


@check("time", "events", "heat over heat capacity", "K", 1e-6)
def lump_that_rests_first(n: int) -> Posed:
    """Lump in balance with what is around it, heated by 10 kW for 1000 s after ten minutes of nothing: its rise"""
    case = cooled(1600.0, 8)
    case["physics"]["temperature"], case["lumps"][0]["start"] = "300 K", "300 K"
    case["conditions"] = [on("skin", convection(1e-9, 300.0))]
    case["sources"] = [{"name": "heater", "regions": ["body"], "total_heat": "0 W"}]
    case["transient"]["schedule"] = {"sources.0.total_heat": {"time": ["600 s", "600 s"], "value": ["0 W", "10 kW"]}}
    return Posed(case, 300.5, lambda a: a.lump("body"), 0.5)
