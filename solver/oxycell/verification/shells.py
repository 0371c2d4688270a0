"""Shells: bath frozen on plates and floors in layers that take up no cells, in a steady state and over time."""

from functools import cache
from typing import Any

from scipy.integrate import solve_ivp

from oxycell.verification.check import IN_TIME, Posed, check
from oxycell.verification.freezing import AROUND, DENSITY, FILM, FULL, KELVIN, LATENT, LIQUIDUS, NOTHING, RESISTANCE, K
from oxycell.verification.freezing_pools import AREA, ENTHALPIES, MASS, coupled_bath, coupled_density, coupled_exact
from oxycell.verification.parts import (
    THERMAL,
    box,
    contact,
    convection,
    cut,
    fed,
    held,
    interface,
    lump,
    on,
    quantity,
    run_to,
    storing,
    surface,
)

_PLATE = "ρ L dS/dt = (T_liq − T)/(S/k + R) − h (T_pool − T_liq) and the plate's heat, two equations"
_FLOOR = "ρ L dS/dt = (T_liq − T_a)/(S/k + R) − q: one equation"
_HEAVY = (2e6, 1.8)  # kg/m³, J/kg/K: a bath of which what freezes is no share to speak of
_STEADY = K * ((LIQUIDUS - AROUND) / FULL - RESISTANCE)  # m


def _on_plate(transient: Any, plate: Any, liquid: Any = _HEAVY, pool: float | None = None, **more: Any) -> Any:
    """Bath over 1 m² of a plate along x; plate : thermal conductivity, density, heat capacity; pool [°C], kept."""
    kept = {} if pool is None else {"temperature": quantity(pool + KELVIN, "K")}
    return (
        {
            "physics": THERMAL | {"temperature": quantity(20.0 + KELVIN, "K")},
            "boxes": [box("plate", "plate", (0.0, 0.05)), box("bath", "liquid", (0.05, 0.15))],
            "materials": {"liquid": storing(1.0, *liquid), "plate": storing(*plate)},
            "mesh": cut((1, 1)),
            "surfaces": [surface("cold", "plate", "x-")],
            "lumps": [lump("bath", {"plate": FILM}) | kept],
            "ledge": {
                "pools": ["bath"],
                "shells": ["plate"],
                "liquidus": quantity(LIQUIDUS + KELVIN, "K"),
                "conductivity": quantity(K, "W/m/K"),
                "density": quantity(DENSITY, "kg/m3"),
                "heat_capacity": quantity(NOTHING, "J/kg/K"),
                "latent_heat": quantity(LATENT, "J/kg"),
            },
        }
        | ({"transient": {"composition": "fixed"} | transient} if transient else {})
        | more
    )


def _thickness(answer: Any) -> float:
    return float(answer.record["shells"]["thickness"][0])


# A cold plate plunged into bath, dossier of transients, case 15

_JOINT = 1e-4  # m²K/W
_STORES = 2.5675e5  # J/m²/K
_BATH = 905.0  # °C
_CRYOLITE = 2800.0  # kg/m³


@cache
def _plunged(end: float) -> tuple[float, float]:
    """Thickness [m] of the shell on a plate of 20 °C plunged into bath, and the plate's temperature [°C], at a time
    [s]; the unknown is the square of the thickness, which is smooth at the start."""

    def rate(t: float, state: Any) -> list[float]:
        square, plate = state
        S = max(square, 0.0) ** 0.5
        q = (LIQUIDUS - plate) / (S / K + _JOINT)
        return [2.0 * S * (q - FILM * (_BATH - LIQUIDUS)) / (_CRYOLITE * LATENT), q / _STORES]

    start = 1e-14
    found = solve_ivp(rate, (0.0, end), [start, 20.0], "LSODA", rtol=1e-11, atol=(1e-16, 1e-9), max_step=end / 200.0)
    return float(max(found.y[0, -1], 0.0) ** 0.5), float(found.y[1, -1])


def _plunge(end: float) -> Any:
    """The plunge until a time [s], its steps controlled."""
    transient = {
        "end": quantity(end, "s"),
        "initial": "uniform",
        "tolerance": "0.02 K",
        "first_step": "1 ms",
        "outputs": [quantity(end, "s")],
    }
    case = _on_plate(
        transient,
        (1e7, _STORES / 0.05 / 650.0, 650.0),
        pool=_BATH,
        interfaces=[interface("joint", "plate", "bath", contact(thermal=_JOINT))],
    )
    case["ledge"]["density"] = quantity(_CRYOLITE, "kg/m3")
    del case["surfaces"]
    return case


@check("time", "shells", f"{_PLATE}: 28.2370398 mm", "m", 1e-3)
def shell_on_a_cold_plate(n: int) -> Posed:
    """Plate of 20 °C plunged into bath of 905 °C: thickness of the shell after ten minutes"""
    return Posed(_plunge(600.0), _plunged(600.0)[0], _thickness)


@check("time", "shells", f"{_PLATE}: 59.4034349 mm at 7703.04 s", "m", 5e-4)
def thickest_shell_on_a_plate(n: int) -> Posed:
    """The same: its greatest thickness, after two hours"""
    return Posed(_plunge(7703.04), _plunged(7703.04)[0], _thickness)


@check("time", "shells", f"{_PLATE}; the shell is gone at 29156.749 s", "K", 1e-4)
def plate_when_its_shell_is_gone(n: int) -> Posed:
    """The same: temperature of the plate when its shell has melted, after eight hours"""
    return Posed(_plunge(29156.749), 892.147365 + KELVIN, lambda a: float(a.record["cells"]["temperature"][0]), 872.2)


# A floor cooled from behind

_BEHIND = (1e10, 1.0, NOTHING)


def _floor(n: int, end: float) -> Any:
    """Floor behind 0.05 m²K/W to 60 °C, bare at first, under a bath that gives a front 7680 W/m²."""
    case = _on_plate(run_to(end, n), _BEHIND, pool=LIQUIDUS + FULL / FILM)
    case["conditions"] = [on("cold", convection(1.0 / RESISTANCE, AROUND + KELVIN))]
    case["physics"]["temperature"] = quantity(AROUND + KELVIN, "K")
    return case


@check("time", "shells", f"{_FLOOR}: 18.206129175 mm", "m", 1e-3, meshes=(6, 12, 24), order=IN_TIME)
def shell_that_grows(n: int) -> Posed:
    """Cold floor under bath that gives it 7680 W/m², bare at the start: thickness after an hour"""
    return Posed(_floor(n, 3600.0), 0.018206129175, _thickness)


@check("time", "shells", f"{_FLOOR}: 57.905652750 mm", "m", 1e-3, meshes=(12, 24, 48), order=IN_TIME)
def shell_after_six_hours(n: int) -> Posed:
    """The same after six hours"""
    return Posed(_floor(n, 21600.0), 0.057905652750, _thickness)


@check("time", "shells", "its own steady state, (T_liq − T_a)/q = S/k + R", "m", 1e-8)
def shell_after_a_long_step(n: int) -> Posed:
    """The same after a single step of 1e14 s"""
    return Posed(_floor(1, 1e14), _STEADY, _thickness)


@check("time", "shells", f"{_FLOOR}: 68.897771895 mm", "m", 2e-3, meshes=(6, 12, 24), order=IN_TIME)
def shell_that_melts(n: int) -> Posed:
    """Steady shell of 0.1 m that is given 20 kW/m²: thickness after an hour"""
    steady = (LIQUIDUS - AROUND) / (0.1 / K + RESISTANCE)
    warm = [quantity(LIQUIDUS + KELVIN + q / FILM, "K") for q in (steady, 2e4)]
    case = _floor(n, 3600.0)
    case["lumps"][0]["temperature"] = warm[0]
    case["transient"]["initial"] = "steady"
    case["transient"]["schedule"] = {"lumps.0.temperature": {"time": ["0 s", "0 s"], "value": warm}}
    return Posed(case, 0.068897771895, _thickness)


@check("thermal", "shells", "(T_liq − T_a)/q = S/k + R", "m", 1e-6)
def steady_shell(n: int) -> Posed:
    """Cold floor under bath that is given 7680 W/m²: thickness of its shell"""
    return Posed(_heated(FULL), _STEADY, _thickness)


@check("thermal", "shells", "resistances in series", "K", 1e-6)
def no_shell_on_a_warm_floor(n: int) -> Posed:
    """Floor that takes 20 kW/m² from the bath over it, which does not freeze: temperature of the bath"""
    exact = AROUND + 2e4 * (RESISTANCE + 1.0 / FILM) + KELVIN
    return Posed(_heated(2e4), exact, lambda a: a.lump("bath"), exact - KELVIN - AROUND)


def _heated(flux: float) -> Any:
    """Bath that is given a flux [W/m²] over the floor."""
    case = _on_plate(None, _BEHIND)
    case["conditions"] = [on("cold", convection(1.0 / RESISTANCE, AROUND + KELVIN))]
    case["sources"] = [{"name": "heat", "regions": ["bath"], "total_heat": quantity(flux, "W")}]
    case["lumps"][0]["start"] = quantity(LIQUIDUS + KELVIN + 10.0, "K")
    return case


# Bath of 9390 kg over a floor, with composition


def _bath_over_floor(n: int, end: float) -> Any:
    """The bath of `freezing_pools.cell`, its 11.26 m² a floor with a shell in place of a wall with a ledge."""
    case = coupled_bath(n, end)
    depth = MASS / coupled_density() / AREA
    across = (0.0, AREA)
    case["boxes"] = [box("bath", "bath", (0.0, depth), across), box("side", "wall", (depth, depth + 0.1), across)]
    case["ledge"]["shells"], case["ledge"]["walls"] = ["side"], []
    return case


@check("time", "shells", ENTHALPIES, "K", 1e-3, meshes=(12, 24, 48), order=IN_TIME, successive=True)
def pool_of_a_bath_under_shells(n: int) -> Posed:
    """Bath of 9390 kg over 11.26 m² of shell, given 80 % of its heat: temperature after six hours"""
    exact = coupled_exact(False, (21600.0,))[0] + KELVIN
    return Posed(_bath_over_floor(n, 21600.0), exact, lambda a: a.lump("bath"), FULL / FILM)


@check("time", "shells", ENTHALPIES, "wt %", 1e-4)
def fluoride_of_a_bath_under_shells(n: int) -> Posed:
    """The same: excess AlF3 after six hours, beyond the 20 wt % at the start"""
    exact = 20.0 * 9390.0 / coupled_exact(False, (21600.0,))[2]
    return Posed(_bath_over_floor(48, 21600.0), exact, lambda a: a.history("bath.excess_alf3")[-1], exact - 20.0)


@check("time", "ledger", "the first law", "1", 1e-8)
def ledger_of_a_bath_under_shells(n: int) -> Posed:
    """The same: heat in, less heat out, less heat stored, over the heat in"""
    return Posed(_bath_over_floor(12, 21600.0), 0.0, lambda a: a.record["course"]["energy"]["relative"], 1.0)


# Current through an electrode under a shell

_DROP = 1e-3  # Ω m², at the electrode


@check("coupled", "shells", "a shell of 0.4 mm leaves 60 % of a face to the current", "V", 1e-4)
def current_past_a_thin_shell(n: int) -> Posed:
    """Electrode under a shell of 0.4 mm that 1 A enters through 1e-3 Ω m²: potential"""
    case = _on_plate(None, (1e7, 1.0, 1.0), pool=LIQUIDUS + FULL / FILM)
    case["physics"] = {"temperature": quantity(LIQUIDUS + KELVIN, "K")}
    for name, sigma in (("plate", 1e8), ("liquid", 1e8)):
        case["materials"][name]["electrical_conductivity"] = quantity(sigma, "S/m")
    case["boxes"].append(box("warm", "plate", (0.15, 0.2)))
    case["mesh"] = cut((1, 1, 1))
    case["lumps"][0]["films"]["warm"] = quantity(FILM, "W/m2/K")
    case["surfaces"] += [surface("warm", "warm", "x+")]
    behind = (LIQUIDUS - AROUND) / FULL - 0.4e-3 / K
    case["conditions"] = [on("cold", convection(1.0 / behind, AROUND + KELVIN))]
    case["interfaces"] = [interface("drop", "plate", "bath", contact(_DROP))]
    case["terminals"] = [fed("in", 1.0, ["warm"]), held("out", 0.0, ["cold"])]
    return Posed(case, _DROP / 0.6, lambda a: a.potential("in"))
