"""Surfaces at the outside: the temperature that balances what comes through the half cell with what the laws of the
surface take."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.numerics.reductions import largest_size
from oxycell.physics.heat.kirchhoff import half_resistances

_SETTLED = 1e-9  # relative change of a surface temperature at which its balance has been found


def balance_outside(
    half_cell: tuple[Any, ...], area: Floats, source: Floats, orientation: Ints, laws: Sequence[Any], surface_T: Floats
) -> tuple[Floats, Floats, Floats]:
    """Boundary faces of one condition: heat that leaves [W], the surface temperature [K] that balances half cell,
    source and laws, and the slope to τ [W/K]; (n,) each, as the arguments: surface_T [K] is where to begin, half_cell
    those of `half_resistances` but for surface temperatures."""
    material, T, distance, film, k = half_cell
    half, more = np.empty(T.size), np.empty(T.size)

    def renew():
        half_resistances(material, T, surface_T, distance, film, k, half, more)

    fixed = [law for law in laws if law.kind == "fixed_temperature"]
    if fixed:
        surface_T = np.full(T.size, fixed[0].temperature)
        renew()
        return (
            area * (T - surface_T) / half,
            surface_T,
            area * np.where(np.isnan(film), k[material, 3] / distance, 1.0 / half),
        )
    for _ in range(50):
        flux, slope = outer_flux(laws, surface_T, orientation)
        renew()
        step = ((T - surface_T) / half + source / area - flux) / (1.0 / more + slope)
        surface_T, flux = surface_T + step, flux + slope * step
        if largest_size(step) <= _SETTLED * largest_size(surface_T, 1.0):
            break  # the next one, and the error of the flux, would be its square
    renew()
    # Behind a good conductor the difference is lost in round-off, and the laws say better what leaves.
    left = np.where(slope * half < 1.0, flux - source / area, (T - surface_T) / half)
    weight = np.where(np.isnan(film), k[material, 3] * more / distance, 1.0)
    return area * left, surface_T, area * weight / (more + 1.0 / np.maximum(slope, 1e-300))


def outer_flux(laws: Sequence[Any], T: Floats, orientation: Ints) -> tuple[Floats, Floats]:
    """Sum of the boundary laws at surface temperatures T (n,): flux [W/m²] and slope [W/m²/K]."""
    flux, slope = np.zeros(T.size), np.zeros(T.size)
    for law in laws:
        q, dq = law.flux(T, orientation)
        flux, slope = flux + q, slope + dq
    return flux, slope
