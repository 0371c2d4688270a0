"""Natural convection in air: what a wall or plate loses, and the properties of air it depends on."""

import numpy as np
from numba import prange

from oxycell.constants import GAS_CONSTANT, MOLAR_MASS_AIR, STANDARD_ATMOSPHERE, STANDARD_GRAVITY
from oxycell.kernel import inner_kernel, kernel

PRANDTL_AIR = 0.69
"""Dry air, 0.68 to 0.71 between 300 and 900 K (Incropera & DeWitt, table A.4)."""

_PLATE_UP = (0.54**20, 0.15**20)  # 20 is the exponent of the Churchill–Usagi blend of plate correlations
_PLATE_DOWN = (0.27**20, 0.0)
_LN_10 = np.log(10.0)
_PRANDTL_FACTOR = 0.387 / (1.0 + (0.492 / PRANDTL_AIR) ** (9.0 / 16.0)) ** (8.0 / 27.0)


@kernel
def air(T):
    """Kinematic viscosity and thermal conductivity of dry air at one atmosphere, with slopes.

    Parameters
    ----------
    T : [K], > 0

    Returns
    -------
    viscosity : [m²/s]
    conductivity : [W/m/K]
    viscosity_slope, conductivity_slope : [per K]

    Notes
    -----
    Sutherland's viscosity and the conductivity formula of U.S. Standard Atmosphere 1976 (NOAA/NASA/USAF), ideal gas.
    """
    root = T * np.sqrt(T)
    density = STANDARD_ATMOSPHERE * MOLAR_MASS_AIR / (GAS_CONSTANT * T)
    viscosity = 1.458e-6 * root / (T + 110.4) / density
    viscosity_slope = viscosity * (2.5 / T - 1.0 / (T + 110.4))
    shift = 245.4 * np.exp(-12.0 * _LN_10 / T)
    conductivity = 2.64638e-3 * root / (T + shift)
    shift_slope = shift * _LN_10 * 12.0 / T**2
    conductivity_slope = conductivity * (1.5 / T - (1.0 + shift_slope) / (T + shift))
    return viscosity, conductivity, viscosity_slope, conductivity_slope


@inner_kernel
def nusselt_vertical(rayleigh):
    """Nusselt number of a vertical wall in air and Ra dNu/dRa. Churchill & Chu (1975), all Ra."""
    share = _PRANDTL_FACTOR * np.sqrt(np.cbrt(rayleigh))
    return (0.825 + share) ** 2, (0.825 + share) * share / 3.0


@kernel
def nusselt_plate(rayleigh, upward):
    """Nusselt number of a horizontal plate in air and Ra dNu/dRa.

    Parameters
    ----------
    rayleigh : on area over perimeter
    upward : int, +1 where the heated air can rise freely (hot face up, cold face down), else −1

    Returns
    -------
    nusselt, rise
    """
    quarter, third = _PLATE_UP if upward > 0 else _PLATE_DOWN
    laminar = quarter * rayleigh**5
    turbulent = third * np.cbrt(rayleigh) ** 20
    total = 1.0 + laminar + turbulent
    nusselt = np.exp(np.log(total) / 20.0)
    return nusselt, nusselt * (laminar / 4.0 + turbulent / 3.0) / total


@kernel(parallel=True)
def given_to_air(T, fluid, length, orientation, flux, slope):
    """Heat given to still air.

    Parameters
    ----------
    T, fluid : (n,) [K], of the surfaces and of the air
    length : (n,) [m]; orientation : (n,) int, 0 vertical, +1 facing up, −1 facing down
    flux : (n,) [W/m²], slope : (n,) [W/m²/K], out
    """
    for i in prange(T.size):
        difference = T[i] - fluid[i]
        mean = 0.5 * (T[i] + fluid[i])
        film = max(mean, 100.0)  # an iterate may visit any temperature
        film_slope = 0.5 if mean > 100.0 else 0.0
        viscosity, conductivity, viscosity_slope, conductivity_slope = air(film)
        # Rayleigh number and, from d ln(Ra/|difference|)/d film, its elasticity to the difference.
        rayleigh = STANDARD_GRAVITY * length[i] ** 3 * PRANDTL_AIR / (film * viscosity**2) * abs(difference)
        elasticity = 1.0 - film_slope * difference * (1.0 / film + 2.0 * viscosity_slope / viscosity)
        if orientation[i] == 0:
            nusselt, rise = nusselt_vertical(rayleigh)
        else:
            nusselt, rise = nusselt_plate(rayleigh, -orientation[i] if difference < 0.0 else orientation[i])
        coefficient = conductivity * nusselt / length[i]
        coefficient_slope = film_slope * conductivity_slope * nusselt / length[i]
        flux[i] = coefficient * difference
        slope[i] = coefficient + coefficient_slope * difference + conductivity * rise * elasticity / length[i]
