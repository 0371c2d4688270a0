"""Temperature gradients and heating rates of solids, as reports of runs over time have them; as `warming`."""

from typing import Any

import numpy as np

from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.parts import (
    THERMAL,
    box,
    convection,
    cut,
    fixed,
    flux,
    on,
    quantity,
    run_to,
    storing,
    surface,
)
from oxycell.verification.slabs import Slab
from oxycell.verification.warming import ALLOY, BRICK, CERMET, HALF, KELVIN, layer, one
from oxycell.verification.waves import RAMP

_RATE = 1.0 / 36.0  # K/s


def _last(a: Any) -> float:
    """Largest gradient of the last state [K/m]."""
    return float(a.history("regions.solid.gradient_K_per_m")[-1])


def _largest(a: Any, key: str = "gradient_K_per_m") -> float:
    """Largest of the run, as its report says."""
    return float(a.report["transient"]["regions"]["solid"][key])


# A plate whose skin warms by 100 K/h


def _ramp(n: int, end: float, cells: int = 20) -> Any:
    law = {
        "kind": "fixed_temperature",
        "temperature": {"time": ["0 s", quantity(end, "s")], "value": [300.0, 300.0 + _RATE * end]},
    }
    return one(HALF, cells, CERMET, None, law, 300.0 - KELVIN, run_to(end, n))


@check("time", "gradients", RAMP, "K/m", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def gradient_of_a_ramp(n: int) -> Posed:
    """Cermet plate of 0.1 m whose surfaces warm by 100 K/h: temperature gradient at the surface after an hour"""
    end, (k, rho, c) = 3600.0, CERMET
    root = (np.arange(200) + 0.5) * np.pi
    fall = (2.0 / root**2 * np.exp(-k / (rho * c) / HALF**2 * root**2 * end)).sum()
    slab = Slab([layer(20, HALF, CERMET)], high=0.0)
    T = slab.follow(0.0, (0.0, end), ((0.0, 0.0), (0.0, _RATE * end)))[-1]
    limit = (_RATE * end - T[-1]) / (0.5 * slab.width[-1])
    return Posed(_ramp(n, end), _RATE * HALF * rho * c / k * (1.0 - fall), _largest, limit=limit)


@check("time", "gradients", "rL/α, once the start is forgotten", "K/m", 1e-5)
def gradient_of_a_long_ramp(n: int) -> Posed:
    """The same after ten hours, in ten steps and five cells"""
    k, rho, c = CERMET
    return Posed(_ramp(10, 36000.0, 5), _RATE * HALF * rho * c / k, _last)


@check("time", "gradients", "the rate of the skin, once the start is forgotten", "K/h", 1e-5)
def heating_rate_of_a_long_ramp(n: int) -> Posed:
    """The same: heating rate in the last hour"""
    return Posed(_ramp(10, 36000.0, 5), 100.0, lambda a: a.history("regions.solid.heating_K_per_h")[-1])


# Cold bodies in a hot surrounding


@check("time", "gradients", "ΔT/√(παt) (Carslaw & Jaeger §2.4)", "K/m", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def gradient_of_a_quench(n: int) -> Posed:
    """Brick whose surface goes from 20 to 900 °C at once: temperature gradient at the surface after an hour"""
    k, rho, c = BRICK
    slab = Slab([layer(250, 0.4, BRICK)], low=0.0)
    limit = (900.0 - slab.after(20.0, 3600.0, low=900.0)[0]) / (0.5 * slab.width[0])
    case = one(0.4, 250, BRICK, fixed(900.0 + KELVIN), None, 20.0, run_to(3600.0, n))
    return Posed(case, 880.0 / np.sqrt(np.pi * k / (rho * c) * 3600.0), _last, limit=limit)


@check(
    "time",
    "gradients",
    "film and conductivity at the skin of a series",
    "K/m",
    3e-4,
    meshes=(24, 48, 96),
    order=IN_TIME,
)
def gradient_of_a_plunge(n: int) -> Posed:
    """Alloy plate of 0.1 m at 20 °C plunged into 905 °C, film 1100 W/m²/K: temperature gradient at the surface after
    60 s"""
    slab = Slab([layer(40, HALF, ALLOY)], high=1.0 / 1100.0)
    T = slab.after(20.0, 60.0, high=905.0)
    limit = (slab.skin(T, 905.0) - T[-1]) / (0.5 * slab.width[-1])
    case = one(HALF, 40, ALLOY, None, convection(1100.0, 905.0 + KELVIN), 20.0, run_to(60.0, n))
    return Posed(case, 1100.0 * (905.0 - 443.22671566) / 28.0, _last, limit=limit)


# Steady states, which a run begins at


def _steady(**case: Any) -> Any:
    return {"physics": THERMAL, "transient": run_to(1.0, 1, initial="steady"), **case}


@check("time", "gradients", "a field that is linear along both axes", "K/m", 1e-7)
def gradient_across_cells(n: int) -> Posed:
    """Brick in which the temperature rises by 300 K/m along x and by 400 K/m along y: temperature gradient"""
    k = BRICK[0]
    sides = {"y": ["0 m", "1 m"], "value": [500.0, 900.0]}
    case = _steady(
        boxes=[box("solid", "m", (0.0, 1.0))],
        materials={"m": storing(*BRICK)},
        mesh=cut(3, 4),
        surfaces=[surface(name, "solid", name) for name in ("x-", "x+", "y-", "y+")],
        conditions=[
            on("x-", {"kind": "fixed_temperature", "temperature": sides}),
            on("x+", flux(300.0 * k)),
            on("y-", flux(-400.0 * k)),
            on("y+", flux(400.0 * k)),
        ],
    )
    return Posed(case, 500.0, _last)


@check("time", "gradients", "Kirchhoff's transform", "K/m", 1e-7)
def gradient_where_conductivity_is_least(n: int) -> Posed:
    """Wall between 300 and 1300 K whose conductivity doubles from the cold to the hot side, in three cells: largest
    temperature gradient"""
    solid = (((300.0, 1300.0), (2.0, 4.0)), 1000.0, 1000.0)
    case = one(0.1, 3, solid, fixed(300.0), fixed(1300.0), 500.0 - KELVIN, run_to(1.0, 1, initial="steady"))
    return Posed(case, 3.0 * 1000.0 / 0.1 / 2.0, _last)
