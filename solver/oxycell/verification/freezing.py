"""Ledges over time, the heat at the front given: of Stefan and Neumann, with latent heat only, with heat capacity."""

from functools import cache
from typing import Any

import numpy as np
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import erf

from oxycell.arrays import Floats
from oxycell.verification.answer import Answer
from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.parts import (
    THERMAL,
    Parts,
    box,
    convection,
    cut,
    fixed,
    lump,
    on,
    quantity,
    run_to,
    storing,
    surface,
)

KELVIN = 273.15
LIQUIDUS, AROUND, RESISTANCE, FILM = 892.2, 60.0, 0.05, 600.0  # °C, °C, m²K/W, W/m²/K
K, DENSITY, HEAT_CAPACITY, LATENT = 1.5, 2700.0, 1400.0, 5.2e5  # of frozen bath
KNOWN = DENSITY * LATENT
FULL = 7680.0  # W/m²
STEADY = K * ((LIQUIDUS - AROUND) / FULL - RESISTANCE)  # m of ledge under it
_LEAST = 0.02  # W/m² to the front of a bath as good as at its liquidus, through a film of 1 W/m²/K
NOTHING = 1e-9  # J/kg/K: a wall and a frozen bath that store nothing to speak of


def thickness(answer: Answer) -> float:
    """Mean of the ledge [m]."""
    return float(answer.record["ledge"]["thickness"].mean())


def tank(
    depth: float,
    size: float,
    transient: Parts,
    liquid: tuple[float, float] = (1e5, 1000.0),
    frozen: float = HEAT_CAPACITY,
    **more: Any,
) -> Parts:
    """Bath along x in cells of a size [m] before a wall of 0.01 m²K/W; 1 m² of it.

    Parameters
    ----------
    depth, size : [m], of the bath and of its cells along the column
    transient : dict, the section
    liquid : density [kg/m³] and heat capacity [J/kg/K] of the bath
    frozen : heat capacity of the frozen bath [J/kg/K]
    more : sections of the case; without `conditions` the wall is cooled through 0.04 m²K/W
    """
    cooled = {"conditions": [on("cold", convection(1.0 / (RESISTANCE - 0.01), AROUND + KELVIN))]}
    return {
        "physics": THERMAL | {"temperature": quantity(LIQUIDUS + KELVIN, "K")},
        "boxes": [box("bath", "liquid", (0.0, depth)), box("side", "wall", (depth, depth + 0.1))],
        "materials": {"liquid": storing(1.0, *liquid), "wall": storing(10.0, 1.0, NOTHING)},
        "mesh": cut((round(depth / size), 1)),
        "surfaces": [surface("cold", "side", "x+")],
        "lumps": [lump("bath", {"side": FILM})],
        "ledge": {
            "pools": ["bath"],
            "walls": ["side"],
            "liquidus": quantity(LIQUIDUS + KELVIN, "K"),
            "reach": quantity(depth, "m"),
            "conductivity": quantity(K, "W/m/K"),
            "density": quantity(DENSITY, "kg/m3"),
            "heat_capacity": quantity(frozen, "J/kg/K"),
            "latent_heat": quantity(LATENT, "J/kg"),
        },
        "transient": {"composition": "fixed"} | transient,
    } | (cooled | more)


def _held(case: Parts, *fluxes: float) -> Parts:
    """The case with a bath kept at what gives a flux [W/m²] to the front; of two, the first until the start."""
    film = 1.0 if fluxes[-1] == _LEAST else FILM
    case["lumps"][0]["films"] = {"side": quantity(film, "W/m2/K")}
    first, last = (quantity(LIQUIDUS + KELVIN + q / film, "K") for q in (fluxes[0], fluxes[-1]))
    case["lumps"][0]["temperature"] = first
    if first != last:
        jump = {"time": ["0 s", "0 s"], "value": [first, last]}
        case["transient"] |= {"initial": "steady", "schedule": {"lumps.0.temperature": jump}}
    return case


def _uniform(case: Parts) -> Parts:
    """The case from a bare wall, in the columns before it nothing colder than the liquidus."""
    case["physics"]["temperature"] = quantity(LIQUIDUS + KELVIN + 20.0, "K")
    case["ledge"]["start"] = "0 m"
    return case


# Stefan and Neumann: a bath at its liquidus on a cold wall


@cache
def _neumann() -> tuple[float, float]:
    """λ of S = 2λ√(αt), α."""
    number = HEAT_CAPACITY * (LIQUIDUS - 600.0) / LATENT
    root = brentq(lambda z: np.sqrt(np.pi) * z * np.exp(z * z) * erf(z) - number, 0.1, 2.0, xtol=1e-15)
    return root, K / (DENSITY * HEAT_CAPACITY)


NEUMANN = "Neumann's similarity solution (Carslaw & Jaeger §11.2)"


def _on_a_cold_wall(end: float, steps: int, size: float) -> Posed:
    root, diffusivity = _neumann()
    exact = 2.0 * root * np.sqrt(diffusivity * end)
    case = tank(0.05, size, run_to(end, steps), conditions=[on("cold", fixed(600.0 + KELVIN))])
    case["materials"]["wall"] = storing(1e6, 1.0, NOTHING)
    return Posed(_uniform(_held(case, _LEAST)), exact, thickness)


@check("time", "freezing", NEUMANN, "m", 1e-2, slow=True)
def freezing_on_a_cold_wall(n: int) -> Posed:
    """Bath at its liquidus on a wall 292 K colder: thickness of the ledge after an hour, in cells of 2 mm"""
    return _on_a_cold_wall(3600.0, 60, 2e-3)


@check("time", "freezing", NEUMANN, "m", 2e-3, slow=True)
def freezing_in_thin_cells(n: int) -> Posed:
    """The same in cells of 1 mm and steps of 30 s"""
    return _on_a_cold_wall(3600.0, 120, 1e-3)


@check("time", "freezing", NEUMANN, "m", 5e-3)
def freezing_in_thin_cells_at_first(n: int) -> Posed:
    """The same after ten minutes"""
    return _on_a_cold_wall(600.0, 20, 1e-3)


@check("time", "freezing", NEUMANN, "J/m2", 1e-2)
def heat_of_freezing_on_a_cold_wall(n: int) -> Posed:
    """In cells of 2 mm: heat through the wall after an hour, three quarters of it of melting"""
    root, diffusivity = _neumann()
    exact = 2.0 * K * (LIQUIDUS - 600.0) * np.sqrt(3600.0 / (np.pi * diffusivity)) / erf(root)
    return Posed(freezing_on_a_cold_wall.pose(n).case, exact, lambda a: a.summed("losses_J.cold"))


# Latent heat only


def _out(S: float) -> float:
    return (LIQUIDUS - AROUND) / (RESISTANCE + S / K)


def _until(S: float, q: float, begin: float) -> float:
    """Time [s] from a thickness [m] to another at a flux [W/m²]."""
    return float(quad(lambda s: KNOWN / (_out(s) - q), begin, S, epsabs=1e-8, epsrel=1e-12)[0])


def _grown(time: float, q: float, begin: float, low: float, high: float) -> float:
    return float(brentq(lambda S: _until(S, q, begin) - time, low, high, xtol=1e-14))


LATENT_ONLY = "∫ ρL dS/(q_out − q), one integral"


def _latent(n: int, end: float, size: float, *fluxes: float) -> Parts:
    case = tank(0.15, size, run_to(end, n), frozen=NOTHING)
    case = _held(case, *fluxes)
    return _uniform(case) if len(fluxes) == 1 else case


@check("time", "freezing", LATENT_ONLY, "m", 2e-3, meshes=(12, 24, 48), order=IN_TIME, slow=True)
def ledge_that_begins(n: int) -> Posed:
    """Bare wall, 7680 W/m² to the front, latent heat only: thickness after an hour"""
    return Posed(_latent(n, 3600.0, 0.01, FULL), _grown(3600.0, FULL, 0.0, 0.0, 0.08), thickness)


@check("time", "freezing", LATENT_ONLY, "m", 2e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def ledge_that_grows(n: int) -> Posed:
    """The same after six hours"""
    return Posed(_latent(n, 21600.0, 0.01, FULL), _grown(21600.0, FULL, 0.0, 0.0, 0.0875), thickness)


@check("time", "freezing", LATENT_ONLY, "m", 1e-3, meshes=(12, 24, 48), order=IN_TIME, slow=True)
def ledge_without_superheat(n: int) -> Posed:
    """Bare wall, bath at its liquidus, latent heat only: thickness after an hour"""
    exact = K * (np.sqrt(RESISTANCE**2 + 2.0 * (LIQUIDUS - AROUND) * 3600.0 / KNOWN / K) - RESISTANCE)
    limit = _grown(3600.0, _LEAST, 0.0, 0.0, 0.08)
    return Posed(_latent(n, 3600.0, 0.01, _LEAST), exact, thickness, exact, limit=limit)


_STEADY_OF_100 = (LIQUIDUS - AROUND) / (RESISTANCE + 0.1 / K)


@check("time", "freezing", LATENT_ONLY, "m", 2e-4, meshes=(12, 24, 48), order=IN_TIME)
def ledge_that_melts(n: int) -> Posed:
    """Steady ledge of 0.1 m, then 20 kW/m² to the front, latent heat only: thickness after an hour"""
    case = _latent(n, 3600.0, 0.01, _STEADY_OF_100, 20000.0)
    return Posed(case, _grown(3600.0, 20000.0, 0.10, 0.0, 0.10), thickness)


@check("time", "freezing", LATENT_ONLY, "s", 6e-5)
def ledge_that_vanishes(n: int) -> Posed:
    """The same: time at which the wall is bare, from the thickness two minutes before"""
    case = _latent(120, 16500.0, 0.005, _STEADY_OF_100, 20000.0)
    return Posed(case, _until(0.0, 20000.0, 0.10), lambda a: 16500.0 + _until(0.0, 20000.0, thickness(a)))


@check("time", "freezing", "dt → ∞: the steady ledge", "m", 1e-7)
def ledge_after_a_long_step(n: int) -> Posed:
    """Bare wall, 7680 W/m² to the front: thickness after a single step of 1e14 s"""
    return Posed(_uniform(_held(tank(0.15, 0.01, run_to(1e14, 1)), FULL)), STEADY, thickness)


# With heat capacity


def _chebyshev(n: int) -> tuple[Floats, Floats]:
    """Points of [0, 1], the first 1, and the matrix of the derivative there (Trefethen 2000, ch. 6)."""
    x = np.cos(np.pi * np.arange(n + 1) / n)
    c = np.r_[2.0, np.ones(n - 1), 2.0] * (-1.0) ** np.arange(n + 1)
    D = np.outer(c, 1.0 / c) / (x[:, None] - x[None, :] + np.eye(n + 1))
    return 0.5 * (1.0 + x), 2.0 * (D - np.diag(D.sum(axis=1)))


@cache
def moving(
    fluxes: tuple[float, ...], ends: tuple[float, ...], pool: float | None = None, n: int = 16
) -> tuple[float, float]:
    """Front and pool over time, of Chebyshev points between wall and front, from the steady ledge at `FULL`.

    Parameters
    ----------
    fluxes, ends : tuple of float, heat given [W/m²] until times [s]
    pool : heat capacity of the pool it is given to [J/m²/K]; None: given to the front

    Returns
    -------
    thickness [m] and pool temperature [°C] (NaN without) at the last time
    """
    y, D = _chebyshev(n)
    diffusivity = K / (DENSITY * HEAT_CAPACITY)

    def rate(t: float, state: Floats, given: float) -> list[float]:
        S, warm = state[n - 1], state[n] if pool else np.nan
        T = np.r_[LIQUIDUS, state[: n - 1], 0.0]
        T[-1] = (AROUND / RESISTANCE + K / S * (D[-1, :-1] @ T[:-1])) / (1.0 / RESISTANCE - K / S * D[-1, -1])
        slope, q = D @ T / S, FILM * (warm - LIQUIDUS) if pool else given
        moved = (K * slope[0] - q) / KNOWN
        change = (diffusivity * (D @ slope / S) + y * moved * slope)[1:-1]
        return [*change, moved, *([(given - q) / pool] if pool else [])]

    S = STEADY
    state = np.r_[LIQUIDUS - FULL / K * S * (1.0 - y[1:-1]), S, [LIQUIDUS + FULL / FILM] if pool else []]
    begin = 0.0
    for given, end in zip(fluxes, ends, strict=True):
        state = solve_ivp(rate, (begin, end), state, "Radau", args=(given,), rtol=1e-11, atol=1e-12).y[:, -1]
        begin = end
    return float(state[n - 1]), float(state[n]) if pool else np.nan


SPECTRAL = "moving front by collocation at Chebyshev points (Trefethen, Spectral Methods in MATLAB)"


def _from_steady(n: int, end: float, flux: float, size: float = 0.01) -> Parts:
    return _held(tank(0.25, size, run_to(end, n)), FULL, flux)


@check("time", "freezing", SPECTRAL, "m", 7.5e-4)
def ledge_with_heat_capacity_melts(n: int) -> Posed:
    """Steady ledge at 7680 W/m², then 20 kW/m²: thickness after an hour, in cells of 10 mm (to 0.05 mm)"""
    return Posed(_from_steady(24, 3600.0, 20000.0), moving((20000.0,), (3600.0,))[0], thickness)


@check("time", "freezing", SPECTRAL, "m", 5e-4)
def ledge_melts_in_long_steps(n: int) -> Posed:
    """The same in cells of 5 mm and three steps of 20 minutes"""
    return Posed(_from_steady(3, 3600.0, 20000.0, 0.005), moving((20000.0,), (3600.0,))[0], thickness)


@check("time", "freezing", SPECTRAL, "m", 2e-4)
def ledge_with_heat_capacity_grows_at_first(n: int) -> Posed:
    """Steady ledge at 7680 W/m², then half of it: thickness after an hour, in cells of 10 mm (to 0.05 mm)"""
    return Posed(_from_steady(24, 3600.0, 3840.0), moving((3840.0,), (3600.0,))[0], thickness)


@check("time", "freezing", SPECTRAL, "m", 4e-4, meshes=(24, 48, 96), order=IN_TIME, successive=True, slow=True)
def ledge_with_heat_capacity_grows(n: int) -> Posed:
    """The same after six hours"""
    return Posed(_from_steady(n, 21600.0, 3840.0), moving((3840.0,), (21600.0,))[0], thickness)


@check("time", "freezing", SPECTRAL, "m", 3e-4, slow=True)
def ledge_with_heat_capacity_grows_for_a_day(n: int) -> Posed:
    """The same after a day"""
    return Posed(_from_steady(96, 86400.0, 3840.0), moving((3840.0,), (86400.0,))[0], thickness)
