"""Solids over time: half space, plates, conductivity and heat capacity that vary, contact of two bodies.

What an answer approaches as steps get shorter is found by `slabs.Slab` for the same cells; the exact answer is that of
the undivided solid.
"""

from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import erfc, erfcx

from oxycell.arrays import Floats
from oxycell.verification.answer import Answer
from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.parts import (
    THERMAL,
    Parts,
    contact,
    convection,
    cut,
    ends,
    fixed,
    interface,
    layers,
    on,
    quantity,
    run_to,
    storing,
    surface,
)
from oxycell.verification.slabs import Layer, Slab

KELVIN = 273.15
BRICK = (1.3, 2150.0, 1050.0)  # k [W/m/K], ρ [kg/m³], c [J/kg/K]
ALLOY = (28.0, 7900.0, 650.0)
CERMET = (6.0, 6050.0, 800.0)


def layer(cells: int, thickness: float, solid: tuple[float, float, float]) -> Layer:
    return (cells, thickness, solid[0], solid[1] * solid[2])


def at(answer: Answer, x: float) -> float:
    """Temperature [K] at a place along x [m], straight between the centres of cells."""
    centres, values = answer.cells[:, 0], answer.temperature
    order = np.argsort(centres)
    return float(np.interp(x, centres[order], values[order]))


def one(
    thickness: float,
    cells: int,
    solid: tuple[Any, Any, Any],
    low: Parts | None,
    high: Parts | None,
    start: float,
    transient: Parts,
) -> Parts:
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
def _deep(resistance: float) -> float:
    """Temperature [°C] at the place and cells after an hour, exact on the mesh."""
    slab = Slab([layer(_CELLS, _DEEP, BRICK)], low=resistance)
    return slab.at(slab.after(20.0, 3600.0, low=900.0), _PLACE)


def _half_space(n: int, law: Parts, resistance: float, exact: float) -> Posed:
    case = one(_DEEP, _CELLS, BRICK, law, None, 20.0, run_to(3600.0, n))
    return Posed(case, exact + KELVIN, lambda a: at(a, _PLACE), 880.0, limit=_deep(resistance) + KELVIN)


HALF_SPACE = "error function (Carslaw & Jaeger §2.4, §2.7)"


@check("time", "half space", HALF_SPACE, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME)
def half_space_at_once(n: int) -> Posed:
    """Brick whose surface goes from 20 to 900 °C at once: temperature 20 mm below after an hour"""
    reach = 2.0 * np.sqrt(BRICK[0] / (BRICK[1] * BRICK[2]) * 3600.0)
    return _half_space(n, fixed(900.0 + KELVIN), 0.0, 20.0 + 880.0 * erfc(_PLACE / reach))


def _behind_film(h: float) -> float:
    """[°C] after an hour."""
    k, rho, c = BRICK
    root = np.sqrt(k / (rho * c) * 3600.0)
    y, z = _PLACE / (2.0 * root), h * root / k
    return float(20.0 + 880.0 * (erfc(y) - erfcx(y + z) * np.exp(-(y**2))))


@check("time", "half space", HALF_SPACE, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def half_space_behind_film(n: int) -> Posed:
    """Brick at 20 °C in a fluid of 900 °C, film 10 W/m²/K: temperature 20 mm below the surface after an hour"""
    return _half_space(n, convection(10.0, 900.0 + KELVIN), 0.1, _behind_film(10.0))


@check("time", "half space", HALF_SPACE, "K", 1e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def half_space_behind_thin_film(n: int) -> Posed:
    """The same with a film of 1000 W/m²/K"""
    return _half_space(n, convection(1000.0, 900.0 + KELVIN), 1e-3, _behind_film(1000.0))


@check("time", "half space", HALF_SPACE, "J/m2", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def half_space_heat(n: int) -> Posed:
    """Brick whose surface goes from 20 to 900 °C at once: heat it has taken up after an hour"""
    case = _half_space(n, fixed(900.0 + KELVIN), 0.0, 0.0).case
    k, rho, c = BRICK
    exact = 2.0 * 880.0 * np.sqrt(k * rho * c * 3600.0 / np.pi)
    slab = Slab([layer(_CELLS, _DEEP, BRICK)], low=0.0)
    limit = slab.stored(slab.after(20.0, 3600.0, low=900.0), 20.0)
    return Posed(case, exact, lambda a: -a.summed("losses_J.low"), exact, limit=limit)


def _controlled() -> Parts:
    """Half space with steps whose error is controlled, to 0.3 K."""
    case = _half_space(1, fixed(900.0 + KELVIN), 0.0, 0.0).case
    return case | {"transient": {key: value for key, value in case["transient"].items() if key != "step"}}


@check("time", "step control", HALF_SPACE, "K", 5e-4)
def quench_by_controlled_steps(n: int) -> Posed:
    """Brick whose surface goes from 20 to 900 °C at once, error of a step 0.3 K: temperature 20 mm below after an
    hour"""
    exact = half_space_at_once.pose(24).exact
    return Posed(_controlled(), exact, lambda a: at(a, _PLACE), 880.0)


# Plate between two films, half of it

HALF, _FILM = 0.05, 1100.0


@cache
def _series() -> tuple[Floats, Floats, float]:
    k, rho, c = ALLOY
    biot = _FILM * HALF / k
    roots = np.array(
        [
            brentq(lambda z: z * np.sin(z) - biot * np.cos(z), n * np.pi + 1e-9, (n + 0.5) * np.pi, xtol=1e-14)
            for n in range(40)
        ]
    )
    return roots, 4.0 * np.sin(roots) / (2.0 * roots + np.sin(2.0 * roots)), k / (rho * c) / HALF**2


def _plate(n: int, end: float, place: int, cells: int = 40) -> Posed:
    """Centre (0) or skin (1) of the plate."""
    roots, weight, rate = _series()
    exact = 905.0 - 885.0 * (weight * np.exp(-(roots**2) * rate * end) * np.cos(roots * place)).sum()
    slab = Slab([layer(cells, HALF, ALLOY)], high=1.0 / _FILM)
    T = slab.after(20.0, end, high=905.0)
    case = one(HALF, cells, ALLOY, None, convection(_FILM, 905.0 + KELVIN), 20.0, run_to(end, n))
    limit = slab.skin(T, 905.0) if place else T[0]
    return Posed(
        case,
        exact + KELVIN,
        lambda a: a.surface_temperature("high") if place else at(a, 0.0),
        885.0,
        limit=limit + KELVIN,
    )


PLATE = "series of the plate between films (Carslaw & Jaeger §3.11)"


@check("time", "plates", PLATE, "K", 2e-4, meshes=(12, 24, 48), order=IN_TIME)
def plate_centre_at_first(n: int) -> Posed:
    """Alloy plate of 0.1 m at 20 °C plunged into 905 °C, film 1100 W/m²/K: temperature of its middle after 60 s"""
    return _plate(n, 60.0, 0)


@check("time", "plates", PLATE, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def plate_skin_at_first(n: int) -> Posed:
    """The same: temperature of its surface after 60 s"""
    return _plate(n, 60.0, 1)


@check("time", "plates", PLATE, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def plate_centre_later(n: int) -> Posed:
    """The same: temperature of its middle after 600 s"""
    return _plate(n, 600.0, 0)


@check("time", "plates", PLATE, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def plate_skin_later(n: int) -> Posed:
    """The same: temperature of its surface after 600 s"""
    return _plate(n, 600.0, 1)


@check("time", "plates", PLATE, "J/m2", 2e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def plate_heat(n: int) -> Posed:
    """The same: heat that both its sides have taken up after 600 s"""
    roots, weight, rate = _series()
    k, rho, c = ALLOY
    exact = (
        2.0
        * HALF
        * rho
        * c
        * 885.0
        * (1.0 - (weight * np.exp(-(roots**2) * rate * 600.0) * np.sin(roots) / roots).sum())
    )
    slab = Slab([layer(40, HALF, ALLOY)], high=1.0 / _FILM)
    limit = 2.0 * slab.stored(slab.after(20.0, 600.0, high=905.0), 20.0)
    return Posed(_plate(n, 600.0, 0).case, exact, lambda a: -2.0 * a.summed("losses_J.high"), exact, limit=limit)


# Conductivity and heat capacity that vary alike: ∫ k dT obeys a linear equation

_VARYING = (((300.0, 1300.0), (2.0, 4.0)), 1000.0, ((300.0, 1300.0), (2000.0, 4000.0)))


def _kirchhoff(U: float) -> float:
    return float(300.0 + (-2.0 + np.sqrt(4.0 + 4e-3 * U)) / 2e-3)


def _slab(n: int, end: float, cells: int = 50) -> Posed:
    m = np.arange(200) + 0.5
    fall = 2.0 * np.exp(-1e-6 * (m * np.pi / 0.1) ** 2 * end) / (m * np.pi)
    exact = _kirchhoff(3000.0 * (1.0 - (fall * np.sin(m * np.pi)).sum()))
    U = Slab([(cells, 0.1, 1.0, 1e6)], low=0.0).after(0.0, end, low=3000.0)
    case = one(0.1, cells, _VARYING, fixed(1300.0), None, 300.0 - KELVIN, run_to(end, n))
    return Posed(case, exact, lambda a: at(a, 0.1), 1000.0, limit=_kirchhoff(U[-1]))


KIRCHHOFF = "Kirchhoff's transform; series of the slab (Carslaw & Jaeger §3.4)"


@check("time", "properties that vary", KIRCHHOFF, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def varying_slab_at_first(n: int) -> Posed:
    """Slab whose conductivity and heat capacity double over 1000 K, heated by 1000 K on one side: the other side after
    half an hour"""
    return _slab(n, 1800.0)


@check("time", "properties that vary", KIRCHHOFF, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def varying_slab_later(n: int) -> Posed:
    """The same after an hour"""
    return _slab(n, 3600.0)


@check("time", "properties that vary", KIRCHHOFF, "J/m2", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def varying_slab_heat(n: int) -> Posed:
    """The same: heat it has taken up after an hour"""
    m = np.arange(200) + 0.5
    fall = 2.0 * np.exp(-1e-6 * (m * np.pi / 0.1) ** 2 * 3600.0) / (m * np.pi) ** 2
    exact = 3e8 * (1.0 - fall.sum())
    slab = Slab([(50, 0.1, 1.0, 1e6)], low=0.0)
    limit = slab.stored(slab.after(0.0, 3600.0, low=3000.0), 0.0)
    return Posed(_slab(n, 3600.0).case, exact, lambda a: -a.summed("losses_J.low"), exact, limit=limit)


@check("time", "ledger", "the first law", "1", 1e-8)
def ledger_of_long_steps(n: int) -> Posed:
    """The same in three steps: heat in, less heat out, less heat stored, over the heat in"""
    return Posed(_slab(3, 3600.0).case, 0.0, lambda a: a.record["course"]["energy"]["relative"], 1.0)


# Two bodies in contact

_CONTACT = 1e-3


def _meeting(n: int, cells: tuple[int, int] = (120, 160)) -> Parts:
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
def _met(cells: tuple[int, int] = (120, 160)) -> tuple[tuple[float, float], tuple[float, float]]:
    """Faces [°C], hot and cold, exact and on the mesh."""
    ea, eb = (np.sqrt(k * rho * c) for k, rho, c in (ALLOY, BRICK))
    jump = 880.0 * erfcx((ea + eb) / (ea * eb) / _CONTACT * np.sqrt(600.0))
    meet = (ea * 900.0 + eb * 20.0) / (ea + eb)
    slab = Slab([layer(cells[0], 0.6, ALLOY), layer(cells[1], 0.2, BRICK)], contacts=[_CONTACT])
    m = cells[0]
    T = slab.after(np.r_[np.full(m, 900.0), np.full(cells[1], 20.0)], 600.0)
    q = (T[m - 1] - T[m]) * slab.between[m - 1]
    on_mesh = (T[m - 1] - q * slab.half[m - 1], T[m] + q * slab.half[m])
    return (meet + jump * eb / (ea + eb), meet - jump * ea / (ea + eb)), on_mesh


MEETING = "two half spaces with a contact between (Carslaw & Jaeger §2.16), by Laplace transform"


@check("time", "contacts", MEETING, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME)
def contact_hot_face(n: int) -> Posed:
    """Alloy of 900 °C on brick of 20 °C, contact of 1e-3 m²K/W: face of the alloy after 600 s"""
    exact, on_mesh = _met()
    return Posed(
        _meeting(n), exact[0] + KELVIN, lambda a: a.between("hot", "cold")[0], 880.0, limit=on_mesh[0] + KELVIN
    )


@check("time", "contacts", MEETING, "K", 2e-4, meshes=(24, 48, 96), order=IN_TIME, slow=True)
def contact_cold_face(n: int) -> Posed:
    """The same: face of the brick"""
    exact, on_mesh = _met()
    return Posed(
        _meeting(n), exact[1] + KELVIN, lambda a: a.between("hot", "cold")[1], 880.0, limit=on_mesh[1] + KELVIN
    )
