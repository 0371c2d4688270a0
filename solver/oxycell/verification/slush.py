"""Bath that goes on at its liquidus, crystals in it: its heat is that of what is liquid and of what floats in it."""

from typing import Any

import numpy as np
from scipy.optimize import brentq

from oxycell.cell.bath import Bath
from oxycell.verification.check import Posed, check
from oxycell.verification.freezing import LATENT
from oxycell.verification.freezing_pools import coupled_bath
from oxycell.verification.parts import (
    THERMAL,
    box,
    contact,
    cut,
    fixed,
    interface,
    lump,
    on,
    quantity,
    run_to,
    storing,
    surface,
)

_STATED = {"excess_alf3": 20.0, "caf2": 4.0, "alumina": 4.0}
_MASS, _HEAT, _SOLID_HEAT = 9390.0, 1800.0, 1400.0  # kg, J/kg/K, J/kg/K
_SUPERHEAT = 5.0  # K
_TAKEN = 2e5  # W


def _liquidus(share: float) -> float:
    """Liquidus [K] of a bath of which a share is liquid, the rest pure cryolite."""
    return float(Bath.model_validate({name: value / share for name, value in _STATED.items()}).liquidus())


_FIRST = _liquidus(1.0)


def _temperature(taken: float) -> float:
    """Temperature [K] of the bath after heat [J] was taken from it: m_l h_l(T) + m_s h_s(T) with m_l = m where T is
    above the liquidus of that, else with T the liquidus of m_l; h_l − h_s is the heat of melting, at the first
    liquidus LATENT."""

    def heat(share: float) -> float:
        T = _liquidus(share)
        solid = _SOLID_HEAT * (T - _FIRST) - LATENT
        return _MASS * (share * _HEAT * (T - _FIRST) + (1.0 - share) * solid)

    had = _MASS * _HEAT * _SUPERHEAT - taken
    if had >= 0.0:
        return _FIRST + had / (_MASS * _HEAT)
    return _liquidus(float(brentq(lambda share: heat(share) - had, 0.6, 1.0, xtol=1e-15)))


def _bath(n: int, end: float, **more: Any) -> Any:
    """Bath of 9390 kg, 5 K above its liquidus, from which 200 kW are taken."""
    warm = _FIRST + _SUPERHEAT
    density = float(Bath.model_validate(_STATED).density(np.array([warm]))[0][0])
    depth = _MASS / density
    return {
        "physics": THERMAL | {"temperature": quantity(warm, "K")},
        "boxes": [box("plate", "plate", (-0.1, 0.0)), box("bath", "bath", (0.0, depth))],
        "materials": {"plate": storing(1e-9, 1.0, 1e-9)},
        "bath": _STATED,
        "mesh": cut((1, 1)),
        "surfaces": [surface("cold", "plate", "x-")],
        "conditions": [on("cold", fixed(warm))],
        "interfaces": [interface("joint", "plate", "bath", contact(thermal=1e12))],
        "lumps": [lump("bath", {"plate": 600.0}) | {"start": quantity(warm, "K")}],
        "sources": [{"name": "taken", "regions": ["bath"], "total_heat": quantity(-_TAKEN, "W")}],
        "ledge": {
            "pools": ["bath"],
            "shells": ["plate"],
            "heat_capacity": quantity(_SOLID_HEAT, "J/kg/K"),
            "latent_heat": quantity(LATENT, "J/kg"),
        },
        "transient": run_to(end, n, at_liquidus="slush") | more,
    }


_SOURCE = "m_l h_l + m_s h_s less the heat taken, m_l by the liquidus of Solheim et al. (1996)"


@check("time", "slush", _SOURCE, "K", 1e-7)
def slush_in_a_bath(n: int) -> Posed:
    """Bath 5 K above its liquidus from which 200 kW are taken for two hours: temperature, below the first liquidus"""
    case = _bath(8, 7200.0)
    exact = _temperature(7200.0 * _TAKEN)
    return Posed(case, exact, lambda a: a.lump("bath"), _FIRST - exact)


@check("time", "slush", _SOURCE, "kg", 1e-7)
def crystals_in_a_bath(n: int) -> Posed:
    """The same: mass of the crystals in it"""
    share = float(brentq(lambda share: _liquidus(share) - _temperature(7200.0 * _TAKEN), 0.5, 1.0, xtol=1e-15))
    return Posed(_bath(8, 7200.0), _MASS * (1.0 - share), lambda a: a.history("slush_kg")[-1])


@check("time", "slush", "heat given back melts them", "K", 1e-7)
def slush_that_melts(n: int) -> Posed:
    """The same, given back half of what was taken: temperature, below the first liquidus"""
    case = _bath(8, 14400.0)
    given = [quantity(share * _TAKEN, "W") for share in (-1.0, -1.0, 0.5, 0.5)]
    jumps = {"time": ["0 s", "2 h", "2 h", "4 h"], "value": given}
    case["transient"]["schedule"] = {"sources.0.total_heat": jumps}
    exact = _temperature(3600.0 * _TAKEN)
    return Posed(case, exact, lambda a: a.lump("bath"), _FIRST - exact)


@check("time", "ledger", "the first law", "1", 1e-8)
def ledger_of_slush_before_a_ledge(n: int) -> Posed:
    """Bath before a ledge that is cooled until it is slush, and heated again: heat in, less heat out, less heat stored,
    over the heat in"""
    case = coupled_bath(12, 21600.0)
    given = case["sources"][0]["total_heat"]
    jumps = {"time": ["0 s", "0 s", "2 h", "2 h"], "value": [given, f"-{given}", f"-{given}", given]}
    case["transient"] |= {"at_liquidus": "slush", "schedule": {"sources.0.total_heat": jumps}}
    return Posed(case, 0.0, _whole_ledger, 1.0)


def _whole_ledger(answer: Any) -> float:
    """Relative residual of the run's energy; infinite where there never was slush."""
    if not answer.history("slush_kg").max() > 10.0:
        return np.inf
    return float(answer.record["course"]["energy"]["relative"])
