"""Boxes that move over time: a gap that closes between electrodes, bodies and walls that are stretched, a ledge whose
wall grows."""

from functools import cache
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.freezing import (
    AROUND,
    FILM,
    FULL,
    KELVIN,
    KNOWN,
    LIQUIDUS,
    NOTHING,
    RESISTANCE,
    STEADY,
    K,
    tank,
    thickness,
)
from oxycell.verification.parts import (
    THERMAL,
    convection,
    cut,
    ends,
    fed,
    fixed,
    held,
    layers,
    lump,
    on,
    quantity,
    run_to,
    storing,
)

_CURRENT, _CONDUCTIVITY = 2e4, 200.0  # A, S/m
_WIDE, _NARROW, _HOUR = 0.2, 0.05, 3600.0  # m, m, s


def moved(end: float, first: float, last: float, *keys: str) -> Any:
    """Schedule of places that move together from the start to a time [s], from a place [m] to another."""
    table = {"time": ["0 s", quantity(end, "s")], "value": [quantity(first, "m"), quantity(last, "m")]}
    return {f"boxes.{key}": table for key in keys}


# Electrolyte of 400 kg between plates, in a gap that closes from 0.2 to 0.05 m within an hour

_HEAT_CAPACITY = 2000.0 * _WIDE * 1500.0  # J/K, of the mass at the start
_OUT = 500.0  # W/K, through film, plate and air
_OHM = 1.0 / _CONDUCTIVITY  # ohm per metre of gap
_PLATES = 1e-7, 3e-7  # ohm, of the plate that is cooled and of the other one


def _gap(n: int) -> Any:
    plate = storing(100.0, 1.0, 1e-6, electrical_conductivity="1e6 S/m")
    transient = run_to(_HOUR, n)
    transient["schedule"] = (
        moved(_HOUR, 0.1 + _WIDE, 0.1 + _NARROW, "1.x.1", "2.x.0")
        | moved(_HOUR, 0.4 + _WIDE, 0.4 + _NARROW, "2.x.1")
    )  # fmt: skip
    return {
        "physics": {"temperature": "300 K"},
        "boxes": layers(("low", "plate", 0.1), ("melt", "melt", _WIDE), ("high", "plate", 0.3)),
        "materials": {
            "plate": plate,
            "melt": storing(1.0, 2000.0, 1500.0, electrical_conductivity=quantity(_CONDUCTIVITY, "S/m")),
        },
        "mesh": cut((1, 4, 1)),
        "surfaces": ends("low", "high"),
        "terminals": [fed("low", _CURRENT), held("high", 0.0)],
        "conditions": [on("low", convection(2000.0, 300.0))],
        "lumps": [lump("melt", {"low": 2000.0, "high": 2000.0}, start="300 K")],
        "transient": transient,
    }


@check("time", "moving boxes", "I d(t)/(σA)", "V", 1e-9)
def voltage_of_a_closing_gap(n: int) -> Posed:
    """Electrolyte of 200 S/m between plates that approach each other from 0.2 to 0.05 m: voltage in the end"""
    return Posed(_gap(4), _CURRENT * (_OHM * _NARROW + sum(_PLATES)), lambda a: a.potential("low"))


@check(
    "time",
    "moving boxes",
    "C dT/dt = I² d(t)/(σA) − G (T − T_a), d(t) linear",
    "K",
    5e-5,
    meshes=(12, 24, 48),
    order=IN_TIME,
)
def heat_of_a_closing_gap(n: int) -> Posed:
    """The same, 6e5 J/K of it whatever the gap is, cooled through a plate by 500 W/K: temperature in the end"""
    rate, plates = _OUT / _HEAT_CAPACITY, 0.5 * _PLATES[0] + _PLATES[1]  # half of the first one's goes to the air
    first = _CURRENT**2 * (_OHM * _WIDE + plates) / _HEAT_CAPACITY  # K/s
    rise = _CURRENT**2 * _OHM * (_NARROW - _WIDE) / _HOUR / _HEAT_CAPACITY  # K/s²
    steady = first / rate - rise / rate**2
    exact = steady + rise / rate * _HOUR - steady * np.exp(-rate * _HOUR)
    return Posed(_gap(n), 300.0 + exact, lambda a: a.lump("melt"), 800.0)


# Solids that are stretched

_LONG = 1e14  # s


def _stretched(low: Any, high: Any, start: float) -> Any:
    """A solid of 0.1 m that becomes 0.25 m thick within a tenth of a very long time."""
    transient = run_to(_LONG, 10, schedule=moved(0.1 * _LONG, 0.1, 0.25, "0.x.1"))
    return {
        "physics": THERMAL | {"temperature": quantity(start, "K")},
        "boxes": layers(("wall", "m", 0.1)),
        "materials": {"m": storing(1.3, 2150.0, 1050.0)},
        "mesh": cut(5),
        "surfaces": ends("wall", "wall"),
        "conditions": [on("low", low), on("high", high)],
        "transient": transient,
    }


@check("time", "moving boxes", "heat capacity times change of temperature", "J/m2", 1e-8)
def heat_of_a_stretched_wall(n: int) -> Posed:
    """Wall of 0.1 m that cools from 900 to 300 K while it is stretched to 0.25 m: heat it gives off"""
    air = convection(10.0, 300.0)
    exact = 2150.0 * 1050.0 * 0.1 * 600.0
    return Posed(_stretched(air, air, 900.0), exact, lambda a: a.summed("losses_J.low") + a.summed("losses_J.high"))


@check("time", "moving boxes", "resistances in series", "W/m2", 1e-8)
def steady_heat_of_a_stretched_wall(n: int) -> Posed:
    """The same between 900 K and air of 300 K: heat through it in the end"""
    case = _stretched(fixed(900.0), convection(10.0, 300.0), 300.0)
    return Posed(case, 600.0 / (0.25 / 1.3 + 0.1), lambda a: a.loss("high"))


# Ledge on a wall that shrinks: as heavy as it was, it grows by the heat of a wall that has less and less area


@cache
def _behind(share: float, end: float) -> float:
    """Thickness [m] of a ledge of latent heat only that begins on a bare wall, after a share of a time [s]."""

    def missing(S: float) -> float:
        def per_metre(s: float) -> float:
            return KNOWN / ((LIQUIDUS - AROUND) / (RESISTANCE + s / K) - FULL)

        return float(quad(per_metre, 0.0, S, epsabs=1e-8, epsrel=1e-12)[0]) - share * end

    return float(brentq(missing, 0.0, 0.999 * STEADY, xtol=1e-14))


@check("time", "moving boxes", "∫ ρL dS/(q_out − q) = ∫ A/A_0 dt", "m", 1e-3, meshes=(12, 24, 48), order=IN_TIME)
def ledge_on_a_shrinking_wall(n: int) -> Posed:
    """Bare wall that shrinks to half its height in six hours, 7680 W/m² to the front, latent heat only: thickness in
    the end"""
    end = 6.0 * _HOUR
    case = tank(0.15, 0.01, run_to(end, n), frozen=NOTHING)
    case["transient"]["schedule"] = moved(end, 1.0, 0.5, "0.z.1", "1.z.1")
    case["lumps"][0]["temperature"] = quantity(LIQUIDUS + KELVIN + FULL / FILM, "K")
    case["physics"]["temperature"] = quantity(LIQUIDUS + KELVIN + 20.0, "K")
    case["ledge"]["start"] = "0 m"
    return Posed(case, _behind(0.75, end), thickness)
