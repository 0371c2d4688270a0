"""Solids over time whose surfaces swing or warm evenly, and one that its current heats; as `warming`."""

from functools import cache

import numpy as np

from oxycell.arrays import Floats
from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.parts import Parts, cut, ends, fed, fixed, held, layers, on, quantity, run_to, storing
from oxycell.verification.slabs import Slab
from oxycell.verification.warming import BRICK, CERMET, HALF, KELVIN, at, layer, one

# NAFEMS T3: a bar whose end swings, about 500 K instead of 0 °C, where nothing is too cold for a solver of cells

_BAR, _STEEL, _POINT, _MEAN = 0.1, (35.0, 7200.0, 440.5), 0.08, 500.0


def _swinging(times: Floats, amplitude: float = 100.0) -> Parts:
    """Law of an end: 100 sin(πt/40) about the mean, straight between the times (m,) [s]."""
    values = _MEAN + amplitude * np.sin(np.pi * times / 40.0)
    return {
        "kind": "fixed_temperature",
        "temperature": {"time": [quantity(t, "s") for t in times], "value": values.tolist()},
    }


def _bar(n: int, end: float, apart: float, exact: float, cells: int) -> Posed:
    """`n` steps, points of the table as many seconds apart; temperature at the place [K above the mean]."""
    times = np.arange(0.0, end + 0.5 * apart, apart)
    slab = Slab([layer(cells, _BAR, _STEEL)], low=0.0, high=0.0)
    swing = np.c_[np.zeros(times.size), 100.0 * np.sin(np.pi * times / 40.0)]
    limit = slab.at(slab.follow(0.0, times, swing)[-1], _POINT)
    case = one(_BAR, cells, _STEEL, fixed(_MEAN), _swinging(times), _MEAN - KELVIN, run_to(end, n))
    return Posed(case, _MEAN + exact, lambda a: at(a, _POINT), 100.0, limit=_MEAN + limit)


@check("time", "waves", "NAFEMS, Selected benchmarks for thermal analysis, test T3: 36.60 K", "K", 1e-3, slow=True)
def nafems_t3(n: int) -> Posed:
    """Bar with one end at 500 K + 100 K sin(πt/40), the other at 500 K: temperature at 0.08 m after 32 s, published to
    0.01 K"""
    return _bar(64, 32.0, 0.5, 36.60, 80)


@check("time", "waves", "sine series; NAFEMS T3", "K", 1e-3, meshes=(32, 64, 128), order=IN_TIME)
def nafems_t3_sharp(n: int) -> Posed:
    """The same, sharply; the table is straight between points 1 s apart"""
    return _bar(n, 32.0, 1.0, 36.603115959, 80)


@check("time", "waves", "sine series; NAFEMS T3", "K", 1e-3, meshes=(72, 144, 288), order=IN_TIME, slow=True)
def nafems_t3_later(n: int) -> Posed:
    """The same after 72 s"""
    return _bar(n, 72.0, 1.0, -26.493659569, 80)


# A daily wave: the third day, when the start is forgotten

_DAY, _WALL, _POINTS = 86400.0, 0.13, 48


def _daily(n: int, end: float, place: float, exact: float, cells: int = 26) -> Posed:
    """Brick that swings by 100 K at one side; a table straight between 48 points a day, whose first harmonic is 100."""
    times = np.linspace(0.0, end, int(round(end / _DAY * _POINTS)) + 1)
    swing = 100.0 / np.sinc(1.0 / _POINTS) ** 2 * np.sin(2.0 * np.pi * times / _DAY)
    slab = Slab([layer(cells, _WALL, BRICK)], low=0.0)
    T = slab.follow(0.0, times, np.c_[swing, np.zeros(times.size)])[-1]
    law = {
        "kind": "fixed_temperature",
        "temperature": {"time": [quantity(t, "s") for t in times], "value": (500.0 + swing).tolist()},
    }
    case = one(_WALL, cells, BRICK, law, None, 500.0 - KELVIN, run_to(end, (times.size - 1) * n))
    limit = slab.at(T, place)
    return Posed(case, 500.0 + exact, lambda a: at(a, place), 100.0, limit=500.0 + limit)


WAVE = "cosh(√(iω/α)(L − x))/cosh(√(iω/α)L) (Carslaw & Jaeger §3.8)"


@cache
def _response(x: float) -> complex:
    """Complex, over the surface's."""
    k, rho, c = BRICK
    q = np.sqrt(2j * np.pi / _DAY * rho * c / k)
    return np.cosh(q * (_WALL - x)) / np.cosh(q * _WALL)


@check("time", "waves", WAVE, "K", 1e-3, meshes=(1, 2, 4), order=IN_TIME, slow=True)
def daily_wave_in_phase(n: int) -> Posed:
    """Brick of 0.13 m, insulated behind, one side of which swings by 100 K daily: middle, when the side is hottest"""
    return _daily(n, 2.25 * _DAY, 0.065, 100.0 * _response(0.065).real)


@check("time", "waves", WAVE, "K", 1e-3, meshes=(1, 2, 4), order=IN_TIME, slow=True)
def daily_wave_behind(n: int) -> Posed:
    """The same: insulated side, when the other passes its mean"""
    return _daily(n, 2.0 * _DAY, 0.13, 100.0 * _response(0.13).imag)


# A ramp


def _ramp(n: int, end: float, cells: int = 20) -> Posed:
    k, rho, c = CERMET
    m = np.arange(100)
    late = 2.0 * (-1.0) ** m / ((m + 0.5) * np.pi) ** 3
    rate = k / (rho * c) / HALF**2
    exact = end / 36.0 - (0.5 - (late * np.exp(-rate * ((m + 0.5) * np.pi) ** 2 * end)).sum()) / rate / 36.0
    law = {
        "kind": "fixed_temperature",
        "temperature": {"time": ["0 s", quantity(end, "s")], "value": [300.0, 300.0 + end / 36.0]},
    }
    slab = Slab([layer(cells, HALF, CERMET)], high=0.0)
    T = slab.follow(0.0, (0.0, end), ((0.0, 0.0), (0.0, end / 36.0)))[-1]
    case = one(HALF, cells, CERMET, None, law, 300.0 - KELVIN, run_to(end, n))
    return Posed(case, 300.0 + exact, lambda a: at(a, 0.0), 100.0, limit=300.0 + T[0])


RAMP = "series of the slab with a surface that warms evenly (Carslaw & Jaeger §3.4)"


@check("time", "ramps", RAMP, "K", 2e-4, meshes=(12, 24, 48), order=IN_TIME)
def ramp_at_first(n: int) -> Posed:
    """Cermet of 0.1 m whose surfaces warm by 100 K/h: temperature of its middle after 600 s"""
    return _ramp(n, 600.0)


@check("time", "ramps", RAMP, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def ramp_later(n: int) -> Posed:
    """The same after an hour"""
    return _ramp(n, 3600.0)


# A bar that its current heats


@check(
    "time",
    "joule heat",
    "series of the slab with uniform heat (Carslaw & Jaeger §3.14)",
    "K",
    1e-3,
    meshes=(12, 24, 48),
    order=IN_TIME,
    slow=True,
)
def bar_heated_by_its_current(n: int) -> Posed:
    """Bar of 0.4 m with both ends at 300 K, 400 A from the start on: mean temperature after 20 minutes"""
    sigma, solid, area, cells, end = 2e5, (40.0, 7800.0, 500.0), 0.05**2, 64, 1200.0
    q = (400.0 / area) ** 2 / sigma
    k, rho, c = solid
    odd = 2 * np.arange(200) + 1
    fall = (96.0 / (odd * np.pi) ** 4 * np.exp(-k / (rho * c) * (odd * np.pi / 0.4) ** 2 * end)).sum()
    rise = q * 0.4**2 / 12.0 / k
    slab = Slab([layer(cells, 0.4, solid)], low=0.0, high=0.0, heated=q)
    case = {
        "physics": {"temperature": "300 K"},
        "boxes": layers(("bar", "m", 0.4), side=0.05),
        "materials": {"m": storing(*solid) | {"electrical_conductivity": quantity(sigma, "S/m")}},
        "mesh": cut(cells),
        "surfaces": ends("bar", "bar"),
        "terminals": [fed("low", 400.0), held("high", 0.0)],
        "conditions": [on("low", fixed(300.0)), on("high", fixed(300.0))],
        "transient": run_to(end, n),
    }
    limit = 300.0 + float(slab.after(0.0, end).mean())
    return Posed(case, 300.0 + rise * (1.0 - fall), lambda a: float(np.mean(a.temperature)), rise, limit=limit)
