"""Solids over time: half space, plates, waves, conductivity and heat capacity that vary, contact of two bodies, a ramp.

What an answer approaches as steps get shorter is found by `slabs.Slab` for the same cells; the exact answer is that of
the undivided solid.
"""

from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import erfc, erfcx

from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.parts import (
    THERMAL,
    contact,
    convection,
    cut,
    ends,
    fed,
    fixed,
    held,
    interface,
    layers,
    on,
    quantity,
    run_to,
    storing,
    surface,
)
from oxycell.verification.slabs import Slab

KELVIN = 273.15
BRICK = (1.3, 2150.0, 1050.0)  # k [W/m/K], ρ [kg/m³], c [J/kg/K]
ALLOY = (28.0, 7900.0, 650.0)
CERMET = (6.0, 6050.0, 800.0)


def _layer(cells, thickness, solid):
    return (cells, thickness, solid[0], solid[1] * solid[2])


def at(answer, x):
    """Temperature [K] at a place along x [m], straight between the centres of cells."""
    centres, values = answer.cells[:, 0], answer.temperature
    order = np.argsort(centres)
    return float(np.interp(x, centres[order], values[order]))


def _one(thickness, cells, solid, low, high, start, transient):
    """One solid along x with laws on its ends, None: insulated; starts at a temperature [°C]."""
    conditions = [on(name, law) for name, law in (("low", low), ("high", high)) if law is not None]
    named = [name for name, law in (("low", low), ("high", high)) if law is not None]
    return {
        "physics": THERMAL | {"temperature": quantity(start + KELVIN, "K")},
        "boxes": layers(("solid", "m", thickness)),
        "materials": {"m": storing(*solid)},
        "mesh": cut(cells),
        "surfaces": [side for side in ends("solid", "solid") if side["name"] in named],
        "conditions": conditions,
        "transient": transient,
    }


# Half space: 0.4 m of it, which an hour does not reach through

_DEEP, _CELLS, _PLACE = 0.4, 250, 0.02


@cache
def _deep(resistance):
    """Temperature [°C] at the place and cells after an hour, exact on the mesh."""
    slab = Slab([_layer(_CELLS, _DEEP, BRICK)], low=resistance)
    return slab.at(slab.after(20.0, 3600.0, low=905.0 - 5.0), _PLACE)


def _half_space(n, law, resistance, exact):
    case = _one(_DEEP, _CELLS, BRICK, law, None, 20.0, run_to(3600.0, n))
    return Posed(case, exact + KELVIN, lambda a: at(a, _PLACE), 880.0, _deep(resistance) + KELVIN)


HALF_SPACE = "error function (Carslaw & Jaeger §2.4, §2.7)"


@check("time", "half space", HALF_SPACE, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME)
def half_space_at_once(n):
    """Brick whose surface goes from 20 to 900 °C at once: temperature 20 mm below after an hour"""
    reach = 2.0 * np.sqrt(BRICK[0] / (BRICK[1] * BRICK[2]) * 3600.0)
    return _half_space(n, fixed(900.0 + KELVIN), 0.0, 20.0 + 880.0 * erfc(_PLACE / reach))


def _behind_film(h):
    """[°C] after an hour."""
    k, rho, c = BRICK
    root = np.sqrt(k / (rho * c) * 3600.0)
    y, z = _PLACE / (2.0 * root), h * root / k
    return 20.0 + 880.0 * (erfc(y) - erfcx(y + z) * np.exp(-(y**2)))


@check("time", "half space", HALF_SPACE, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME)
def half_space_behind_film(n):
    """Brick at 20 °C in a fluid of 900 °C, film 10 W/m²/K: temperature 20 mm below the surface after an hour"""
    return _half_space(n, convection(10.0, 900.0 + KELVIN), 0.1, _behind_film(10.0))


@check("time", "half space", HALF_SPACE, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME)
def half_space_behind_thin_film(n):
    """The same with a film of 1000 W/m²/K"""
    return _half_space(n, convection(1000.0, 900.0 + KELVIN), 1e-3, _behind_film(1000.0))


# Plate between two films, half of it

_HALF, _FILM = 0.05, 1100.0


@cache
def _series():
    k, rho, c = ALLOY
    biot = _FILM * _HALF / k
    roots = np.array(
        [
            brentq(lambda z: z * np.sin(z) - biot * np.cos(z), n * np.pi + 1e-9, (n + 0.5) * np.pi, xtol=1e-14)
            for n in range(40)
        ]
    )
    return roots, 4.0 * np.sin(roots) / (2.0 * roots + np.sin(2.0 * roots)), k / (rho * c) / _HALF**2


def _plate(n, end, place, cells=40):
    """Centre (0) or skin (1) of the plate."""
    roots, weight, rate = _series()
    exact = 905.0 - 885.0 * (weight * np.exp(-(roots**2) * rate * end) * np.cos(roots * place)).sum()
    slab = Slab([_layer(cells, _HALF, ALLOY)], high=1.0 / _FILM)
    T = slab.after(20.0, end, high=905.0)
    case = _one(_HALF, cells, ALLOY, None, convection(_FILM, 905.0 + KELVIN), 20.0, run_to(end, n))
    limit = slab.skin(T, 905.0) if place else T[0]
    return Posed(
        case,
        exact + KELVIN,
        lambda a: a.surface_temperature("high") if place else at(a, 0.0),
        885.0,
        limit + KELVIN,
    )


PLATE = "series of the plate between films (Carslaw & Jaeger §3.11)"


@check("time", "plates", PLATE, "K", 2e-4, meshes=(12, 24, 48), order=IN_TIME)
def plate_centre_at_first(n):
    """Alloy plate of 0.1 m at 20 °C plunged into 905 °C, film 1100 W/m²/K: temperature of its middle after 60 s"""
    return _plate(n, 60.0, 0)


@check("time", "plates", PLATE, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def plate_skin_at_first(n):
    """The same: temperature of its surface after 60 s"""
    return _plate(n, 60.0, 1)


@check("time", "plates", PLATE, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def plate_centre_later(n):
    """The same: temperature of its middle after 600 s"""
    return _plate(n, 600.0, 0)


@check("time", "plates", PLATE, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def plate_skin_later(n):
    """The same: temperature of its surface after 600 s"""
    return _plate(n, 600.0, 1)


# NAFEMS T3: a bar whose end swings, about 500 K instead of 0 °C, where nothing is too cold for a solver of cells

_BAR, _STEEL, _POINT, _MEAN = 0.1, (35.0, 7200.0, 440.5), 0.08, 500.0


def _swinging(times, amplitude=100.0):
    """Law of an end: 100 sin(πt/40) about the mean, straight between the times (m,) [s]."""
    values = _MEAN + amplitude * np.sin(np.pi * times / 40.0)
    return {
        "kind": "fixed_temperature",
        "temperature": {"time": [quantity(t, "s") for t in times], "value": values.tolist()},
    }


def _bar(n, end, apart, exact, cells):
    """`n` steps, points of the table as many seconds apart; temperature at the place [K above the mean]."""
    times = np.arange(0.0, end + 0.5 * apart, apart)
    slab = Slab([_layer(cells, _BAR, _STEEL)], low=0.0, high=0.0)
    swing = np.c_[np.zeros(times.size), 100.0 * np.sin(np.pi * times / 40.0)]
    limit = slab.at(slab.follow(0.0, times, swing)[-1], _POINT)
    case = _one(_BAR, cells, _STEEL, fixed(_MEAN), _swinging(times), _MEAN - KELVIN, run_to(end, n))
    return Posed(case, _MEAN + exact, lambda a: at(a, _POINT), 100.0, _MEAN + limit)


@check("time", "waves", "NAFEMS, Selected benchmarks for thermal analysis, test T3: 36.60 K", "K", 1e-3)
def nafems_t3(n):
    """Bar with one end at 500 K + 100 K sin(πt/40), the other at 500 K: temperature at 0.08 m after 32 s, published to
    0.01 K"""
    return _bar(64, 32.0, 0.5, 36.60, 80)


@check("time", "waves", "sine series; NAFEMS T3", "K", 1e-3, meshes=(32, 64, 128), order=IN_TIME)
def nafems_t3_sharp(n):
    """The same, sharply; the table is straight between points 1 s apart"""
    return _bar(n, 32.0, 1.0, 36.603115959, 80)


@check("time", "waves", "sine series; NAFEMS T3", "K", 1e-3, meshes=(72, 144, 288), order=IN_TIME)
def nafems_t3_later(n):
    """The same after 72 s"""
    return _bar(n, 72.0, 1.0, -26.493659569, 80)


# A daily wave: the third day, when the start is forgotten

_DAY, _WALL, _POINTS = 86400.0, 0.13, 48


def _daily(n, end, place, exact, cells=26):
    """Brick that swings by 100 K at one side; a table straight between 48 points a day, whose first harmonic is 100."""
    times = np.linspace(0.0, end, int(round(end / _DAY * _POINTS)) + 1)
    swing = 100.0 / np.sinc(1.0 / _POINTS) ** 2 * np.sin(2.0 * np.pi * times / _DAY)
    slab = Slab([_layer(cells, _WALL, BRICK)], low=0.0)
    T = slab.follow(0.0, times, np.c_[swing, np.zeros(times.size)])[-1]
    law = {
        "kind": "fixed_temperature",
        "temperature": {"time": [quantity(t, "s") for t in times], "value": (500.0 + swing).tolist()},
    }
    case = _one(_WALL, cells, BRICK, law, None, 500.0 - KELVIN, run_to(end, (times.size - 1) * n))
    limit = slab.at(T, place)
    return Posed(case, 500.0 + exact, lambda a: at(a, place), 100.0, 500.0 + limit)


WAVE = "cosh(√(iω/α)(L − x))/cosh(√(iω/α)L) (Carslaw & Jaeger §3.8)"


@cache
def _response(x):
    """Complex, over the surface's."""
    k, rho, c = BRICK
    q = np.sqrt(2j * np.pi / _DAY * rho * c / k)
    return np.cosh(q * (_WALL - x)) / np.cosh(q * _WALL)


@check("time", "waves", WAVE, "K", 1e-3, meshes=(1, 2, 4), order=IN_TIME)
def daily_wave_in_phase(n):
    """Brick of 0.13 m, insulated behind, one side of which swings by 100 K daily: middle, when the side is hottest"""
    return _daily(n, 2.25 * _DAY, 0.065, 100.0 * _response(0.065).real)


@check("time", "waves", WAVE, "K", 1e-3, meshes=(1, 2, 4), order=IN_TIME)
def daily_wave_behind(n):
    """The same: insulated side, when the other passes its mean"""
    return _daily(n, 2.0 * _DAY, 0.13, 100.0 * _response(0.13).imag)


# Conductivity and heat capacity that vary alike: ∫ k dT obeys a linear equation

_VARYING = (((300.0, 1300.0), (2.0, 4.0)), 1000.0, ((300.0, 1300.0), (2000.0, 4000.0)))


def _kirchhoff(U):
    return 300.0 + (-2.0 + np.sqrt(4.0 + 4e-3 * U)) / 2e-3


def _slab(n, end, cells=50):
    m = np.arange(200) + 0.5
    fall = 2.0 * np.exp(-1e-6 * (m * np.pi / 0.1) ** 2 * end) / (m * np.pi)
    exact = _kirchhoff(3000.0 * (1.0 - (fall * np.sin(m * np.pi)).sum()))
    U = Slab([(cells, 0.1, 1.0, 1e6)], low=0.0).after(0.0, end, low=3000.0)
    case = _one(0.1, cells, _VARYING, fixed(1300.0), None, 300.0 - KELVIN, run_to(end, n))
    return Posed(case, exact, lambda a: at(a, 0.1), 1000.0, _kirchhoff(U[-1]))


KIRCHHOFF = "Kirchhoff's transform; series of the slab (Carslaw & Jaeger §3.4)"


@check("time", "properties that vary", KIRCHHOFF, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def varying_slab_at_first(n):
    """Slab whose conductivity and heat capacity double over 1000 K, heated by 1000 K on one side: the other side after
    half an hour"""
    return _slab(n, 1800.0)


@check("time", "properties that vary", KIRCHHOFF, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def varying_slab_later(n):
    """The same after an hour"""
    return _slab(n, 3600.0)


# Two bodies in contact

_CONTACT = 1e-3


def _meeting(n, cells=(120, 160)):
    hot, cold = layers(("hot", "alloy", 0.6), ("cold", "brick", 0.2))
    return {
        "physics": THERMAL
        | {"temperature": {"x": ["0.6 m", "0.60000001 m"], "value": [900.0 + KELVIN, 20.0 + KELVIN]}},
        "boxes": [hot, cold],
        "materials": {"alloy": storing(*ALLOY), "brick": storing(*BRICK)},
        "mesh": cut(cells),
        "surfaces": [surface("low", "hot", "x-")],
        "conditions": [on("low", convection(1e-9, 900.0 + KELVIN))],
        "interfaces": [interface("joint", "hot", "cold", contact(thermal=_CONTACT))],
        "transient": run_to(600.0, n),
    }


@cache
def _met(cells=(120, 160)):
    """Faces [°C], hot and cold, exact and on the mesh."""
    ea, eb = (np.sqrt(k * rho * c) for k, rho, c in (ALLOY, BRICK))
    jump = 880.0 * erfcx((ea + eb) / (ea * eb) / _CONTACT * np.sqrt(600.0))
    meet = (ea * 900.0 + eb * 20.0) / (ea + eb)
    slab = Slab([_layer(cells[0], 0.6, ALLOY), _layer(cells[1], 0.2, BRICK)], contacts=[_CONTACT])
    m = cells[0]
    T = slab.after(np.r_[np.full(m, 900.0), np.full(cells[1], 20.0)], 600.0)
    q = (T[m - 1] - T[m]) * slab.between[m - 1]
    on_mesh = (T[m - 1] - q * slab.half[m - 1], T[m] + q * slab.half[m])
    return (meet + jump * eb / (ea + eb), meet - jump * ea / (ea + eb)), on_mesh


MEETING = "two half spaces with a contact between (Carslaw & Jaeger §2.16), by Laplace transform"


@check("time", "contacts", MEETING, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def contact_hot_face(n):
    """Alloy of 900 °C on brick of 20 °C, contact of 1e-3 m²K/W: face of the alloy after 600 s"""
    exact, on_mesh = _met()
    return Posed(_meeting(n), exact[0] + KELVIN, lambda a: a.between("hot", "cold")[0], 880.0, on_mesh[0] + KELVIN)


@check("time", "contacts", MEETING, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def contact_cold_face(n):
    """The same: face of the brick"""
    exact, on_mesh = _met()
    return Posed(_meeting(n), exact[1] + KELVIN, lambda a: a.between("hot", "cold")[1], 880.0, on_mesh[1] + KELVIN)


# A ramp


def _ramp(n, end, cells=20):
    k, rho, c = CERMET
    m = np.arange(100)
    late = 2.0 * (-1.0) ** m / ((m + 0.5) * np.pi) ** 3
    rate = k / (rho * c) / _HALF**2
    exact = end / 36.0 - (0.5 - (late * np.exp(-rate * ((m + 0.5) * np.pi) ** 2 * end)).sum()) / rate / 36.0
    law = {
        "kind": "fixed_temperature",
        "temperature": {"time": ["0 s", quantity(end, "s")], "value": [300.0, 300.0 + end / 36.0]},
    }
    slab = Slab([_layer(cells, _HALF, CERMET)], high=0.0)
    T = slab.follow(0.0, (0.0, end), ((0.0, 0.0), (0.0, end / 36.0)))[-1]
    case = _one(_HALF, cells, CERMET, None, law, 300.0 - KELVIN, run_to(end, n))
    return Posed(case, 300.0 + exact, lambda a: at(a, 0.0), 100.0, 300.0 + T[0])


RAMP = "series of the slab with a surface that warms evenly (Carslaw & Jaeger §3.4)"


@check("time", "ramps", RAMP, "K", 2e-4, meshes=(12, 24, 48), order=IN_TIME)
def ramp_at_first(n):
    """Cermet of 0.1 m whose surfaces warm by 100 K/h: temperature of its middle after 600 s"""
    return _ramp(n, 600.0)


@check("time", "ramps", RAMP, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def ramp_later(n):
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
)
def bar_heated_by_its_current(n):
    """Bar of 0.4 m with both ends at 300 K, 400 A from the start on: mean temperature after 20 minutes"""
    sigma, solid, area, cells, end = 2e5, (40.0, 7800.0, 500.0), 0.05**2, 32, 1200.0
    q = (400.0 / area) ** 2 / sigma
    k, rho, c = solid
    odd = 2 * np.arange(200) + 1
    fall = (96.0 / (odd * np.pi) ** 4 * np.exp(-k / (rho * c) * (odd * np.pi / 0.4) ** 2 * end)).sum()
    rise = q * 0.4**2 / 12.0 / k
    slab = Slab([_layer(cells, 0.4, solid)], low=0.0, high=0.0, heated=q)
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
    return Posed(case, 300.0 + rise * (1.0 - fall), lambda a: float(np.mean(a.temperature)), rise, limit)
