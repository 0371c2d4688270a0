"""Heat given to air: still air by the orientation of the surface, air that blows along it."""

from scipy.constants import R as GAS_CONSTANT
from scipy.constants import atm, g
from scipy.optimize import brentq

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import THERMAL, cut, flux, layers, material, on, still_air, wind


def _air(T):
    """Kinematic viscosity and conductivity of air at 1 atm: U.S. Standard Atmosphere 1976, equations 51 and 53, and the
    gas law."""
    viscosity = 1.458e-6 * T**1.5 / (T + 110.4)
    return viscosity * GAS_CONSTANT * T / (atm * 0.0289644), 2.64638e-3 * T**1.5 / (T + 245.4 * 10 ** (-12 / T))


def _given_to_air(T, air, length, nusselt):
    """Heat flux [W/m²] of a surface at T in still air, Pr 0.69, properties at the mean temperature."""
    viscosity, conductivity = _air(0.5 * (T + air))
    rayleigh = g * abs(T - air) * length**3 * 0.69 / (0.5 * (T + air) * viscosity**2)
    return conductivity * nusselt(rayleigh) / length * (T - air)


def _plate_in_air(q, axis, side, law):
    """Case of a plate heated with q from one side, in air at 300 K on the other."""
    heated, free = (f"{axis}-", f"{axis}+") if side == "+" else (f"{axis}+", f"{axis}-")
    return {
        "physics": THERMAL,
        "boxes": layers(("plate", "m", 0.02), axis=axis),
        "materials": {"m": material(k=30.0)},
        "mesh": cut(),
        "surfaces": [
            {"name": "heated", "of": "plate", "sides": [heated]},
            {"name": "free", "of": "plate", "sides": [free]},
        ],
        "conditions": [on("heated", flux(q)), on("free", law)],
    }


def _in_still_air(q, axis, side, length, low, high, nusselt):
    """Temperature of the free surface of a plate in still air, the root of its balance between `low` and `high` [K]."""
    case = _plate_in_air(q, axis, side, still_air(300.0, length))
    exact = brentq(lambda T: _given_to_air(T, 300.0, length, nusselt) - q, low, high, xtol=1e-12)
    return Posed(case, exact, lambda answer: answer.surface_temperature("free"), abs(exact - 300.0))


@check("thermal", "still air", "Churchill & Chu, Int. J. Heat Mass Transfer 18 (1975) 1323, eq. 9", "K", 1e-9)
def air_upright(n):
    """Vertical plate 0.4 m high that gives 700 W/m² to still air: surface temperature"""

    def nusselt(rayleigh):
        return (0.825 + 0.387 * rayleigh ** (1 / 6) / (1 + (0.492 / 0.69) ** (9 / 16)) ** (8 / 27)) ** 2

    return _in_still_air(700.0, "x", "+", 0.4, 301.0, 600.0, nusselt)


@check("thermal", "still air", "Incropera & DeWitt, eq. 9.31 (0.15 Ra^1/3), Ra 1e9", "K", 1e-4)
def air_hot_plate_up(n):
    """Hot plate facing up, turbulent: surface temperature (branches of the law are blended within 1e-4 here)"""
    return _in_still_air(900.0, "z", "+", 0.6, 301.0, 600.0, lambda rayleigh: 0.15 * rayleigh ** (1 / 3))


@check("thermal", "still air", "Incropera & DeWitt, eq. 9.30 (0.54 Ra^1/4), Ra 1e5", "K", 1e-3)
def air_small_plate_up(n):
    """Small hot plate facing up, laminar: surface temperature (branches of the law are blended within 1e-4 here)"""
    return _in_still_air(900.0, "z", "+", 0.03, 301.0, 600.0, lambda rayleigh: 0.54 * rayleigh**0.25)


@check("thermal", "still air", "Incropera & DeWitt, eq. 9.32 (0.27 Ra^1/4)", "K", 1e-8)
def air_hot_plate_down(n):
    """Hot plate facing down: surface temperature"""
    return _in_still_air(300.0, "z", "-", 0.3, 301.0, 700.0, lambda rayleigh: 0.27 * rayleigh**0.25)


@check("thermal", "still air", "Incropera & DeWitt, eq. 9.32 (0.27 Ra^1/4)", "K", 1e-8)
def air_cold_plate_up(n):
    """Cold plate facing up, which behaves as a hot one facing down: surface temperature"""
    return _in_still_air(-80.0, "z", "+", 0.3, 210.0, 299.0, lambda rayleigh: 0.27 * rayleigh**0.25)


GNIELINSKI = "Gnielinski, Forsch. Ing.-Wes. 41 (1975) 145: root of the squares of laminar and turbulent Nusselt number"


def _in_wind(q, speed, length):
    """Temperature of the free surface of a plate along which air at 300 K blows, Pr 0.69, properties at the mean."""

    def surplus(T):
        viscosity, conductivity = _air(0.5 * (T + 300.0))
        reynolds = speed * length / viscosity
        laminar = 0.664 * reynolds**0.5 * 0.69 ** (1 / 3)
        turbulent = 0.037 * reynolds**0.8 * 0.69 / (1.0 + 2.443 * reynolds**-0.1 * (0.69 ** (2 / 3) - 1.0))
        return conductivity * (laminar**2 + turbulent**2) ** 0.5 / length * (T - 300.0) - q

    exact = brentq(surplus, 301.0, 1500.0, xtol=1e-12)
    case = _plate_in_air(q, "y", "+", wind(speed, 300.0, length))
    return Posed(case, exact, lambda answer: answer.surface_temperature("free"), abs(exact - 300.0))


@check("thermal", "wind", f"{GNIELINSKI}, Re 4e4", "K", 1e-9)
def wind_along_small_plate(n):
    """Plate that gives 9 kW/m² to air at 6 m/s along 0.2 m, as much laminar as turbulent: surface temperature"""
    return _in_wind(9e3, 6.0, 0.2)


@check("thermal", "wind", f"{GNIELINSKI}, Re 2e6", "K", 1e-9)
def wind_along_shell(n):
    """Plate that gives 6 kW/m² to air at 15 m/s along 3 m, turbulent: surface temperature"""
    return _in_wind(6e3, 15.0, 3.0)
