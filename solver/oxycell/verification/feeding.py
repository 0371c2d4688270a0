"""Alumina that is fed, dissolves and is used in a well-mixed bath, and metal that is made and tapped, over time."""

from functools import cache
from typing import Any

import numpy as np
from scipy.integrate import quad, solve_ivp

from oxycell.cell.bath import Bath
from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.electrodes import FORMATION, enthalpy
from oxycell.verification.parts import (
    cut,
    ends,
    fed,
    fixed,
    held,
    interface,
    layers,
    lump,
    on,
    quantity,
    run_to,
    storing,
)

USE = 0.0218712885774
"""Alumina that 140 kA use at a current efficiency of 0.887 [kg/s]."""

BATH, METAL = 9750.0, 11500.0  # kg
DOSE, FAST, SLOW, AT_ONCE = 2.0, 1.0 / 20.0, 0.003, 0.6  # kg, 1/s, 1/s
_T, _ALF3, _CAF2, _ALUMINA = 1178.15, 20.0, 4.0, 4.0  # K, wt %
_METAL_HEAT, _BATH_HEAT, _MOLE, _DISSOLVING = 1180.0, 1800.0, 0.101961276, 1.2e5  # J/kg/K, J/kg/K, kg/mol, J/mol
_NO_FILM = 1e-9  # W/m²/K


def _cell(
    transient: Any,
    current: float = 140e3,
    bath: float = BATH,
    side: float = 5.0,
    alumina: float = _ALUMINA,
    pools: Any = None,
) -> Any:
    """Anode over bath over metal over a block, all at 905 °C.

    Parameters
    ----------
    transient : dict, the section
    current : [A]; bath : [kg]; side : [m], of the square that all have in common; alumina : [wt %]
    pools : lumps of bath and metal; without it both are kept at 905 °C
    """
    stated = {"excess_alf3": _ALF3, "caf2": _CAF2, "alumina": alumina}
    density = float(Bath.model_validate(stated).density(np.array([_T]))[0][0])
    kept = {"temperature": quantity(_T, "K")}
    stack = (("block", "solid", 0.2), ("metal", "aluminium", METAL / 2300.0 / side**2))
    return {
        "boxes": layers(
            *stack, ("bath", "bath", bath / density / side**2), ("anode", "solid", 0.2), axis="z", side=side
        ),
        "materials": {
            "aluminium": storing(100.0, 2300.0, _METAL_HEAT, electrical_conductivity="1e8 S/m"),
            "solid": storing(100.0, 2000.0, 1500.0, electrical_conductivity="1e5 S/m"),
        },
        "mesh": cut(1, 1, (2, 1, 1, 2)),
        "physics": {"temperature": quantity(_T, "K")},
        "surfaces": ends("block", "anode", "z"),
        "bath": stated,
        "terminals": [fed("high", current), held("low", 0.0)],
        "conditions": [on(name, fixed(_T)) for name in ("low", "high")],
        "lumps": pools or [lump(name, {"*": 1e3}, **kept) for name in ("bath", "metal")],
        "process": {"current_efficiency": 0.887},
        "interfaces": [
            interface("anode", "anode", "bath", {"kind": "equilibrium"}, {"kind": "reversible_heat", "share": 1.0})
        ],
        "transient": transient,
    }


def _dissolved(answer: Any) -> Any:
    """Alumina in the bath [kg] at the ends of steps (steps + 1,)."""
    return 0.01 * answer.history("bath.alumina") * answer.history("bath_kg")


# No feed


@check("time", "alumina", "the alumina that is used leaves the mass of the bath", "wt %", 1e-8)
def alumina_without_feed(n: int) -> Posed:
    """Bath of 9750 kg with 4 wt % of alumina, fed nothing at 140 kA: alumina after (0.04 − 0.02) 9750 kg/0.98 over what
    is used, 9097.753483 s"""
    end = 0.02 * BATH / 0.98 / USE
    case = _cell(run_to(end, 10, feed={"rate": "0 kg/h", "stock": "0 kg"}))
    return Posed(case, 2.0, lambda a: a.history("bath.alumina")[-1])


# More feed than use


def saturation(alf3: Any, caf2: Any) -> Any:
    """Alumina that dissolves at 905 °C [wt %] (Skybakmoen et al. 1997)."""
    level = 11.9 - 0.062 * alf3 - 0.0031 * alf3**2 - 0.20 * caf2
    return level * ((_T - 273.15) / 1000.0) ** (4.8 - 0.048 * alf3)


@cache
def overfed(constant: float | None = None) -> Any:
    """Alumina dissolved and not [kg] after 2 h of 1.4 times what is used, 60 % of which dissolves at once; `constant`:
    saturation [wt %] in a bath that stays at 9750 kg, None: in one that grows and thins."""

    def rate(t: Any, y: Any) -> Any:
        dissolved, stock = y
        mass = BATH + (dissolved - 390.0 if constant is None else 0.0)
        most = constant or saturation(_ALF3 * BATH / mass, _CAF2 * BATH / mass)
        slow = SLOW * stock * (1.0 - 100.0 * dissolved / mass / most)
        return [AT_ONCE * 1.4 * USE + slow - USE, (1.0 - AT_ONCE) * 1.4 * USE - slow]

    return tuple(solve_ivp(rate, (0.0, 7200.0), [390.0, 0.0], "DOP853", rtol=1e-13, atol=1e-12).y[:, -1])


def _overfed(n: int) -> Any:
    feed = {"relative": 1.4, "fast_share": AT_ONCE, "fast_time": "0 s", "slow_rate": "0.003 1/s", "stock": "0 kg"}
    return _cell(run_to(7200.0, n, feed=feed))


OVERFED = "two equations, the slow one times 1 − w/w_sat; saturation of Skybakmoen et al. (1997)"


@check("time", "alumina", OVERFED, "kg", 1e-5, meshes=(12, 24, 48), order=IN_TIME)
def alumina_of_a_bath_overfed(n: int) -> Posed:
    """The bath fed 40 % more than it uses for two hours, 40 % of which dissolves slowly: alumina in it, beyond the 390
    kg at the start"""
    exact = overfed()[0]
    return Posed(_overfed(n), exact, lambda a: _dissolved(a)[-1], exact - 390.0)


@check("time", "alumina", OVERFED, "kg", 1e-4, meshes=(12, 24, 48), order=IN_TIME)
def stock_of_a_bath_overfed(n: int) -> Posed:
    """The same: alumina that is not dissolved"""
    return Posed(_overfed(n), overfed()[1], lambda a: a.history("stock_kg")[-1])


# Single doses

PERIOD = DOSE / USE
_LEFT = np.array([AT_ONCE * DOSE / -np.expm1(-FAST * PERIOD), (1.0 - AT_ONCE) * DOSE / -np.expm1(-SLOW * PERIOD)])
"""Fast and slow alumina [kg] just after a dose: geometric series of what is left of all before."""

DOSES = "geometric series of what is left of all doses before"


def _dosed(n: int, beyond: float, periods: int = 3) -> Any:
    """Doses as often as they are used up, from the slow stock just after one on, a time [s] beyond the last of some; in
    a bath so large that its alumina stays what it is."""
    slow = SLOW / (1.0 - _ALUMINA / saturation(_ALF3, _CAF2))
    feed = {
        "dose": quantity(DOSE, "kg"),
        "interval": quantity(PERIOD, "s"),
        "fast_share": AT_ONCE,
        "fast_time": quantity(1.0 / FAST, "s"),
        "slow_rate": quantity(slow, "1/s"),
        "stock": quantity(_LEFT[1], "kg"),
    }
    end = periods * PERIOD + beyond
    return _cell(run_to(end, 1, feed=feed) | {"step": quantity(PERIOD / n, "s")}, bath=1e5 * BATH, side=1500.0)


def _since(answer: Any) -> Any:
    """Times [s] and by how much the alumina in the bath has grown [kg] since the last dose, (steps,) each."""
    time, gained = answer.history("time"), answer.history("sums.dissolved_kg") - answer.history("sums.used_kg")
    last = int(np.flatnonzero(np.abs(time - 3.0 * PERIOD) < 1e-6)[0])
    return time[last:] - time[last], gained[last:] - gained[last]


@check("time", "alumina", DOSES, "kg", 2e-5, meshes=(12, 24, 48), order=IN_TIME, slow=True)
def stock_before_a_dose(n: int) -> Posed:
    """Doses of 2 kg as often as they are used up, 60 % dissolving at 1/20 per second, the rest at 0.003: what is not
    dissolved just before one, 2 kg less than after it, 4.546969429 kg"""
    exact = float(_LEFT.sum()) - DOSE
    return Posed(_dosed(n, PERIOD), exact, lambda a: a.history("stock_kg")[-1])


@check("time", "alumina", DOSES, "kg", 1e-3, meshes=(12, 24, 48), order=IN_TIME)
def most_alumina_after_a_dose(n: int) -> Posed:
    """The same: alumina dissolved 31.166955501 s after a dose, when it is most, beyond that at the dose"""
    rates, after = np.array([FAST, SLOW]), 31.166955501
    exact = float((_LEFT * -np.expm1(-rates * after)).sum() - USE * after)
    return Posed(_dosed(n, after), exact, lambda a: _since(a)[1][-1])


@check("time", "alumina", DOSES, "kg", 1e-3, meshes=(12, 24, 48), order=IN_TIME, slow=True)
def mean_alumina_between_doses(n: int) -> Posed:
    """The same: alumina dissolved in the mean between two doses, beyond that at the dose"""
    rates = np.array([FAST, SLOW])
    exact = float((_LEFT * (1.0 + np.expm1(-rates * PERIOD) / (rates * PERIOD))).sum() - 0.5 * DOSE)

    def measured(answer: Any) -> Any:
        time, gained = _since(answer)
        return np.trapezoid(gained, time) / PERIOD

    return Posed(_dosed(n, PERIOD), exact, measured)


# Heat of what is fed and tapped

FED = 200.0 / 3600.0  # kg/s


def _alone(name: str, start: float) -> Any:
    """A pool that nothing warms or cools from outside."""
    return lump(name, {"metal": _NO_FILM, "*": _NO_FILM}, start=quantity(start, "K"))


@cache
def _cooled(end: float) -> float:
    """Bath [K] that alumina is fed to, from the heat that it takes and the mass it adds."""

    def rate(t: Any, T: Any) -> Any:
        taken = (enthalpy("Al2O3", T) + FORMATION + _DISSOLVING) / _MOLE
        return -FED * taken / ((BATH + FED * t) * _BATH_HEAT)

    return float(solve_ivp(rate, (0.0, end), [_T], "DOP853", rtol=1e-12, atol=1e-10).y[0, -1])


@check("time", "alumina", "alumina after NIST (Chase 1998), 1.2e5 J/mol of dissolution", "K", 1e-3)
def bath_that_is_fed(n: int) -> Posed:
    """Bath of 9750 kg alone, fed 200 kg of alumina in an hour: its temperature, over the fall from 905 °C"""
    feed = {"rate": "200 kg/h", "fast_share": 1.0, "fast_time": "0 s", "stock": "0 kg"}
    pools = [_alone("bath", _T), lump("metal", {"*": _NO_FILM}, temperature=quantity(_T, "K"))]
    case = _cell(run_to(3600.0, 12, feed=feed), current=1.0, alumina=1.0, pools=pools)
    exact = _cooled(3600.0)
    return Posed(case, exact, lambda a: a.lump("bath"), _T - exact)


def _tapped(n: int, current: float) -> Any:
    tapping = {"mass": "5 t", "times": ["0 s"], "duration": "2 h"}
    pools = [
        lump("bath", {"metal": 100.0, "*": 1e3}, temperature=quantity(_T, "K")),
        lump("metal", {"block": _NO_FILM, "bath": None}, start=quantity(_T - 100.0, "K")),
    ]
    return _cell(run_to(7200.0, n, tapping=tapping), current=current, pools=pools)


def _metal(current: float) -> float:
    """Metal [K] after two hours below a bath at 905 °C through 100 W/m²/K, while 5 t of it are tapped: what is made is
    as warm as the bath."""
    made = 0.887 * current * 0.0269815385 / (3.0 * 96485.33212)
    passes = 100.0 * 25.0 / _METAL_HEAT + made

    def exponent(t: float) -> float:
        return passes / (METAL + (made - 5000.0 / 7200.0) * t)

    return float(_T - 100.0 * np.exp(-quad(exponent, 0.0, 7200.0, epsabs=0.0, epsrel=1e-13)[0]))


@check("time", "metal", "what leaves takes its own enthalpy", "K", 1e-4, meshes=(6, 12, 24), order=IN_TIME)
def metal_that_is_tapped(n: int) -> Posed:
    """Metal 100 K colder than the bath over it while 5 of its 11.5 t are tapped in two hours and 140 kA make 83 kg: its
    temperature after that, over the 100 K"""
    return Posed(_tapped(n, 140e3), _metal(140e3), lambda a: a.lump("metal"), 100.0)


# Ledgers


def _both(n: int) -> Any:
    """A cell that is fed 1.4 times what it uses and tapped twice, its pools free to warm."""
    pools = [lump(name, {"*": 1e3}, start=quantity(_T, "K")) for name in ("bath", "metal")]
    tapping = {"mass": "500 kg", "times": ["30 min", "90 min"]}
    transient = run_to(7200.0, n, feed={"relative": 1.4, "stock": "5 kg"}, tapping=tapping)
    return _cell(transient, pools=pools)


@check("time", "ledger", "the first law", "1", 1e-8)
def ledger_of_a_cell_fed_and_tapped(n: int) -> Posed:
    """Cell that is fed 1.4 times what it uses and tapped twice: heat in, less heat out, less heat stored, over the heat
    in"""
    return Posed(_both(12), 0.0, lambda a: a.record["course"]["energy"]["relative"], 1.0)


@check("time", "ledger", "nothing is lost", "1", 1e-10)
def masses_of_a_cell_fed_and_tapped(n: int) -> Posed:
    """The same: bath, alumina dissolved and not, metal, aluminium in all, AlF3 and CaF2: largest change beyond what
    came and went, over what there was"""

    def measured(answer: Any) -> Any:
        found = {name: value for name, value in answer.record["course"]["worst"].items() if name.startswith("mass_of")}
        assert len(found) == 7, "each mass is counted"
        return max(found.values())

    return Posed(_both(12), 0.0, measured, 1.0)
