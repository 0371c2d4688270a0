"""Forced convection in air: what a surface gives to air that blows along it."""

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.heat.natural_convection import PRANDTL_AIR, air

REYNOLDS_RANGE = 10.0, 1e7
"""Reynolds numbers over which the correlation of `nusselt_along` is stated."""

_LAMINAR = 0.664 * PRANDTL_AIR ** (1.0 / 3.0)
_TURBULENT = 0.037 * PRANDTL_AIR
_SUBLAYER = 2.443 * (PRANDTL_AIR ** (2.0 / 3.0) - 1.0)
_COLDEST, _HOTTEST = (
    100.0,
    3000.0,
)  # [K], temperatures of air beyond which its properties are constant: iterates go anywhere


@inner_kernel
def nusselt_along(reynolds):
    """Mean Nusselt number of a plane surface along which air blows, and Re dNu/dRe.

    Parameters
    ----------
    reynolds : on the length along the flow, within REYNOLDS_RANGE

    Returns
    -------
    nusselt, rise

    Notes
    -----
    Nu = (Nu_lam² + Nu_turb²)^(1/2), within 10 < Re < 1e7: Gnielinski, Forsch. Ing.-Wes. 41 (1975) 145, as in VDI Heat
    Atlas, chapter G4. Laminar: Pohlhausen's 0.664 Re^(1/2) Pr^(1/3). Turbulent: 0.037 Re^0.8 Pr / (1 + 2.443 Re^(−0.1)
    (Pr^(2/3) − 1)), Petukhov & Popov. C¹ for all Re: there is no switch at a critical Reynolds number.
    """
    laminar = _LAMINAR * np.sqrt(reynolds)
    sublayer = _SUBLAYER * reynolds**-0.1
    turbulent = _TURBULENT * reynolds**0.8 / (1.0 + sublayer)
    nusselt = np.sqrt(laminar**2 + turbulent**2)
    rise = 0.5 * laminar**2 + (0.8 + 0.1 * sublayer / (1.0 + sublayer)) * turbulent**2
    return nusselt, rise / nusselt


@kernel(parallel=True)
def given_to_wind(T, fluid, speed, length, flux, slope):
    """Heat given to air that blows along a surface, its properties at the mean of both temperatures.

    Parameters
    ----------
    T, fluid : (n,) [K], of the surfaces and of the air
    speed : (n,) [m/s], > 0; length : (n,) [m], along the flow
    flux : (n,) [W/m²], slope : (n,) [W/m²/K], out
    """
    for i in prange(T.size):
        difference = T[i] - fluid[i]
        mean = 0.5 * (T[i] + fluid[i])
        film = min(max(mean, _COLDEST), _HOTTEST)
        film_slope = 0.5 if film == mean else 0.0
        viscosity, conductivity, viscosity_slope, conductivity_slope = air(film)
        nusselt, rise = nusselt_along(speed[i] * length[i] / viscosity)
        coefficient = conductivity * nusselt / length[i]
        change = (conductivity_slope * nusselt - conductivity * rise * viscosity_slope / viscosity) / length[i]
        flux[i] = coefficient * difference
        slope[i] = coefficient + film_slope * change * difference
