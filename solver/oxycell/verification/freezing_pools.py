"""Ledges over time before a pool that is heated: of one composition, and with a composition and a liquidus that follow
what freezes."""

from functools import cache

import numpy as np
from scipy.integrate import solve_ivp

from oxycell.arrays import Floats
from oxycell.cell.bath import Bath
from oxycell.verification.answer import Answer
from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.freezing import (
    FILM,
    FULL,
    KELVIN,
    LATENT,
    LIQUIDUS,
    NOTHING,
    RESISTANCE,
    SPECTRAL,
    STEADY,
    K,
    moving,
    tank,
    thickness,
)
from oxycell.verification.parts import Parts, box, convection, on, quantity, run_to

_HEAVY = 3e6  # [J/m²/K]


def _pool(n: int, end: float, size: float = 0.01) -> Parts:
    """A pool so heavy, and of so small a heat capacity, that what melts does not count in it: 7680, then 5000 W/m² for
    six hours, then 7680."""
    depth, given = 0.25, [quantity(q, "W") for q in (FULL, 5000.0, 5000.0, FULL)]
    case = tank(depth, size, run_to(end, n), liquid=(_HEAVY / 1e-3 / (depth - STEADY), 1e-3))
    case["lumps"][0]["start"] = quantity(LIQUIDUS + KELVIN + FULL / FILM, "K")
    case["sources"] = [{"name": "heat", "regions": ["bath"], "total_heat": quantity(FULL, "W")}]
    jumps = {"time": ["0 s", "0 s", "6 h", "6 h"], "value": given}
    case["transient"] |= {"initial": "steady", "schedule": {"sources.0.total_heat": jumps}}
    return case


@check("time", "freezing", SPECTRAL, "m", 1.5e-4, meshes=(12, 24, 48), order=IN_TIME, successive=True, slow=True)
def ledge_before_a_pool(n: int) -> Posed:
    """Pool of 3e6 J/m²/K before a ledge, given 5000 W/m² instead of 7680: thickness after six hours"""
    return Posed(_pool(n, 21600.0), moving((5000.0,), (21600.0,), _HEAVY)[0], thickness)


@check("time", "freezing", SPECTRAL, "K", 4e-3, meshes=(12, 24, 48), order=IN_TIME, successive=True)
def pool_before_a_ledge(n: int) -> Posed:
    """The same: temperature of the pool after six hours, over the superheat at the start"""
    exact = moving((5000.0,), (21600.0,), _HEAVY)[1] + KELVIN
    return Posed(_pool(n, 21600.0), exact, lambda a: a.lump("bath"), FULL / FILM)


@check("time", "freezing", SPECTRAL, "m", 1.5e-4, slow=True)
def ledge_before_a_pool_after_a_day(n: int) -> Posed:
    """The same, given 7680 W/m² again after six hours: thickness after a day"""
    exact = moving((5000.0, FULL), (21600.0, 86400.0), _HEAVY)[0]
    return Posed(_pool(96, 86400.0), exact, thickness)


@check("time", "freezing", SPECTRAL, "K", 4e-3, slow=True)
def pool_before_a_ledge_after_a_day(n: int) -> Posed:
    """The same: temperature of the pool after a day"""
    exact = moving((5000.0, FULL), (21600.0, 86400.0), _HEAVY)[1] + KELVIN
    return Posed(_pool(96, 86400.0), exact, lambda a: a.lump("bath"), FULL / FILM)


@check("time", "freezing", SPECTRAL, "m", 1.5e-4)
def ledge_before_a_pool_after_an_hour(n: int) -> Posed:
    """The same: thickness after an hour"""
    return Posed(_pool(12, 3600.0), moving((5000.0,), (3600.0,), _HEAVY)[0], thickness)


@check("time", "freezing", SPECTRAL, "K", 4e-3)
def pool_before_a_ledge_after_an_hour(n: int) -> Posed:
    """The same: temperature of the pool after an hour"""
    exact = moving((5000.0,), (3600.0,), _HEAVY)[1] + KELVIN
    return Posed(_pool(12, 3600.0), exact, lambda a: a.lump("bath"), FULL / FILM)


@check("time", "ledger", "the first law", "1", 1e-8)
def ledger_before_a_pool(n: int) -> Posed:
    """The same in 6 steps of an hour: heat in, less heat out, less heat stored, over the heat in"""
    return Posed(_pool(6, 21600.0), 0.0, lambda a: a.record["course"]["energy"]["relative"], 1.0)


@check("time", "freezing", "dt → ∞: the steady pool", "K", 1e-6)
def pool_after_a_long_step(n: int) -> Posed:
    """Pool before a ledge, given 6000 W/m² instead of 7680: its temperature after a single step of 1e14 s"""
    case = _pool(1, 1e14)
    given = [quantity(q, "W") for q in (FULL, 6000.0)]
    case["transient"]["schedule"] = {"sources.0.total_heat": {"time": ["0 s", "0 s"], "value": given}}
    return Posed(case, LIQUIDUS + KELVIN + 6000.0 / FILM, lambda a: a.lump("bath"), FULL / FILM)


# Pool, ledge with latent heat only, composition

MASS, AREA, _COLD, _FROZEN_DENSITY, _BATH_HEAT = 9390.0, 11.26, 30.0, 2800.0, 1800.0
_SOLUTES = np.array([20.0, 4.0, 4.0])  # AlF3, CaF2, Al2O3, wt %


def _solheim(A: float, Ca: float, Al: float) -> float:
    """Liquidus [°C]."""
    return (
        1011.0 + 0.50 * A - 0.13 * A**2.2 - 3.45 * Ca / (1.0 + 0.0173 * Ca) + 0.124 * Ca * A - 0.00542 * (Ca * A) ** 1.5
        - 7.93 * Al / (1.0 + 0.0936 * Al - 0.0017 * Al**2 - 0.0023 * A * Al)
    )  # fmt: skip


_LIQUIDUS_0 = _solheim(*_SOLUTES)
_S_0 = K * ((_LIQUIDUS_0 - _COLD) / FULL - RESISTANCE)


@cache
def coupled_exact(fixed: bool, ends: tuple[float, ...]) -> tuple[float, ...]:
    """Temperature [°C], thickness [m], mass [kg] of the bath after 80 % of the heat until the first time [s], all of it
    then."""

    def rate(t: float, state: Floats, share: float) -> list[float]:
        T, S, m = state
        front = _LIQUIDUS_0 if fixed else _solheim(*(_SOLUTES * MASS / m))
        q = FILM * (T - front)
        latent = LATENT + _BATH_HEAT * (front - _LIQUIDUS_0)
        grown = ((front - _COLD) / (RESISTANCE + S / K) - q) / (_FROZEN_DENSITY * latent)
        melted = -_FROZEN_DENSITY * AREA * grown
        heat = (share * FULL - q) * AREA - melted * _BATH_HEAT * (T - front)
        return [heat / (m * _BATH_HEAT), grown, melted]

    state, begin = [_LIQUIDUS_0 + FULL / FILM, _S_0, MASS], 0.0
    for share, end in zip((0.8, 1.0), ends, strict=False):
        state = solve_ivp(rate, (begin, end), state, "DOP853", args=(share,), rtol=1e-12, atol=1e-11).y[:, -1]
        begin = end
    return tuple(state)


_STATED = {"excess_alf3": 20.0, "caf2": 4.0, "alumina": 4.0}
_WARM = _LIQUIDUS_0 + KELVIN + FULL / FILM


def coupled_density() -> float:
    """Density of the bath at the start [kg/m³]."""
    return float(Bath.model_validate(_STATED).density(np.array([_WARM]))[0][0])


def coupled_bath(n: int, end: float, composition: str = "coupled", size: float = 0.01) -> Parts:
    """The bath of a cell before 11.26 m² of ledge, at 80 % of its heat for six hours."""
    depth = MASS / coupled_density() / AREA + _S_0
    across = (0.0, AREA)
    case = tank(depth, size, run_to(end, n), frozen=NOTHING)
    case["boxes"] = [box("bath", "bath", (0.0, depth), across), box("side", "wall", (depth, depth + 0.1), across)]
    case["bath"] = _STATED
    del case["materials"]["liquid"], case["ledge"]["liquidus"]
    case["ledge"]["density"] = quantity(_FROZEN_DENSITY, "kg/m3")
    case["physics"]["temperature"] = quantity(_WARM, "K")
    case["conditions"] = [on("cold", convection(1.0 / (RESISTANCE - 0.01), _COLD + KELVIN))]
    given = [quantity(share * FULL * AREA, "W") for share in (1.0, 0.8, 0.8, 1.0)]
    case["sources"] = [{"name": "heat", "regions": ["bath"], "total_heat": given[0]}]
    jumps = {"time": ["0 s", "0 s", "6 h", "6 h"], "value": given}
    case["transient"] |= {
        "initial": "steady",
        "composition": composition,
        "schedule": {"sources.0.total_heat": jumps},
    }
    return case


ENTHALPIES = "three equations with absolute enthalpies; liquidus of Solheim et al. (1996)"


@check("time", "composition", ENTHALPIES, "K", 1e-3, meshes=(12, 24, 48), order=IN_TIME, successive=True)
def pool_of_a_bath_that_freezes(n: int) -> Posed:
    """Bath of 9390 kg before 11.26 m² of ledge, given 80 % of its heat: temperature after six hours"""
    exact = coupled_exact(False, (21600.0,))[0] + KELVIN
    return Posed(coupled_bath(n, 21600.0), exact, lambda a: a.lump("bath"), FULL / FILM)


@check("time", "composition", ENTHALPIES, "m", 2e-4, meshes=(12, 24, 48), order=IN_TIME, successive=True, slow=True)
def ledge_of_a_bath_that_freezes(n: int) -> Posed:
    """The same: thickness of the ledge after six hours"""
    return Posed(coupled_bath(n, 21600.0), coupled_exact(False, (21600.0,))[1], thickness)


@check("time", "composition", ENTHALPIES, "wt %", 1e-4, meshes=(12, 24, 48), order=IN_TIME, successive=True, slow=True)
def fluoride_of_a_bath_that_freezes(n: int) -> Posed:
    """The same: excess AlF3 after six hours, beyond the 20 wt % at the start"""
    exact = _SOLUTES[0] * MASS / coupled_exact(False, (21600.0,))[2]
    return Posed(coupled_bath(n, 21600.0), exact, lambda a: a.history("bath.excess_alf3")[-1], exact - _SOLUTES[0])


@check("time", "composition", ENTHALPIES, "K", 1e-3, meshes=(12, 24, 48), order=IN_TIME, successive=True, slow=True)
def liquidus_of_a_bath_that_freezes(n: int) -> Posed:
    """The same: liquidus after six hours, over its fall"""
    exact = _solheim(*(_SOLUTES * MASS / coupled_exact(False, (21600.0,))[2]))
    return Posed(coupled_bath(n, 21600.0), exact + KELVIN, lambda a: a.history("liquidus_K")[-1], exact - _LIQUIDUS_0)


@check("time", "ledger", "the first law", "1", 1e-8)
def ledger_of_a_bath_that_freezes(n: int) -> Posed:
    """The same: heat in, less heat out, less heat stored, over the heat in"""
    return Posed(coupled_bath(12, 21600.0), 0.0, lambda a: a.record["course"]["energy"]["relative"], 1.0)


@check("time", "ledger", "nothing is lost", "1", 1e-10)
def masses_of_a_bath_that_freezes(n: int) -> Posed:
    """The same: mass of bath, liquid and frozen, AlF3, CaF2 and alumina: largest change over what there was"""

    def measured(a: Answer) -> float:
        return max(float(value) for name, value in a.record["course"]["worst"].items() if name.startswith("mass_of"))

    return Posed(coupled_bath(12, 21600.0), 0.0, measured, 1.0)


@check("time", "composition", ENTHALPIES, "K", 1e-3, slow=True)
def pool_of_a_bath_after_a_day(n: int) -> Posed:
    """The same, given all its heat again after six hours: temperature after a day"""
    exact = coupled_exact(False, (21600.0, 86400.0))[0] + KELVIN
    return Posed(coupled_bath(96, 86400.0), exact, lambda a: a.lump("bath"), FULL / FILM)


@check("time", "composition", ENTHALPIES, "m", 2e-4, slow=True)
def ledge_of_a_bath_after_a_day(n: int) -> Posed:
    """The same: thickness of the ledge after a day"""
    return Posed(coupled_bath(96, 86400.0), coupled_exact(False, (21600.0, 86400.0))[1], thickness)


@check("time", "composition", ENTHALPIES, "K", 1e-3, slow=True)
def pool_of_a_bath_of_fixed_liquidus(n: int) -> Posed:
    """The same with the composition held: temperature after six hours"""
    exact = coupled_exact(True, (21600.0,))[0] + KELVIN
    return Posed(coupled_bath(48, 21600.0, "fixed"), exact, lambda a: a.lump("bath"), FULL / FILM)


@check("time", "composition", ENTHALPIES, "m", 2e-4, slow=True)
def ledge_of_a_bath_of_fixed_liquidus(n: int) -> Posed:
    """The same: thickness of the ledge after six hours"""
    return Posed(coupled_bath(48, 21600.0, "fixed"), coupled_exact(True, (21600.0,))[1], thickness)
