"""Heat through faces inside the model: half cells, contacts, films, radiating gas spaces and walls with a ledge."""

import numpy as np
from numba import prange

from oxycell.constants import STEFAN_BOLTZMANN
from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.ledge import wall_flux

SERIES, RADIATING_OWNER, RADIATING_NEIGHBOUR, LEDGE_OWNER, LEDGE_NEIGHBOUR, BOUNDARY = range(6)
"""What a face does: resistances in series; a radiating lump or the film of a freezing pool on one side; the outside."""


@kernel
def radiating_surface(solid, gas, behind, film, emissivity):
    """Temperature of a surface between a solid and a gas space it exchanges heat with by film and radiation.

    Parameters
    ----------
    solid, gas : [K], beyond the resistance `behind` [m² K/W], and of the gas space; heat made on the way raises `solid` by
        that heat times the resistance behind it
    film : [m² K/W]; emissivity : effective, between surface and gas space

    Returns
    -------
    T : [K], root of (solid − T)/behind = (T − gas)/film + ε σ (T⁴ − gas⁴)
    slope : [W/m²/K] of the right-hand side at T

    Notes
    -----
    Newton's method; the right-hand side is convex and rising, so it converges from above without a safeguard.
    """
    T = max(solid, gas)
    if behind == 0.0:
        return solid, 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * abs(solid) ** 3
    for _ in range(60):
        cube = T * T * abs(T)
        slope = 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * cube
        out = (T - gas) / film + emissivity * STEFAN_BOLTZMANN * (T * cube - gas * abs(gas) ** 3)
        step = ((solid - T) / behind - out) / (1.0 / behind + slope)
        T += step
        if abs(step) <= 1e-14 * abs(T):
            break
    return T, 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * abs(T) ** 3


@inner_kernel
def _plain_resistances(f, face, owner, neighbour, distance, at, k):
    """Resistances of the half cells of a plain face on both sides [m² K/W]."""
    return distance[at[f], 0] / k[owner[face[f]]], distance[at[f], 1] / k[neighbour[face[f]]]


@inner_kernel
def _temperatures_beside(f, a, b, T, rise):
    Ta, Tb = T[a[f]], T[b[f]]
    if rise is not None:
        Ta, Tb = Ta + rise[f, 0], Tb - rise[f, 1]
    return Ta, Tb


@kernel(parallel=True)
def plain_surfaces(face, a, b, T, rise, owner, neighbour, distance, at, k, area, leaving, surface):
    """Surface temperatures of the faces between two solids with nothing in between.

    Parameters
    ----------
    face : (p,) int, mesh faces; a, b : (m,) int, rows on both sides, of these faces first
    T : (n,) [K]; rise : (m, 2) [K] or None, see Skew
    owner, neighbour, area : of the mesh faces; distance, at : see `Thermal.distance`; k : (n_cells,) [W/m/K]
    leaving : (m,) [W]; surface : (m, 2) [K], out
    """
    for f in prange(face.size):
        ra, rb = _plain_resistances(f, face, owner, neighbour, distance, at, k)
        Ta, Tb = _temperatures_beside(f, a, b, T, rise)
        density = leaving[f] / area[face[f]]
        surface[f, 0], surface[f, 1] = Ta - density * ra, Tb + density * rb


@kernel(parallel=True)
def face_heat(kind, a, b, T, rise, owner, neighbour, distance, at, k, film, contact, emissivity, area, source, liquidus, leaving, entering,
              surface, slope, shift):
    """Heat through every special face that is not at the outside.

    Parameters
    ----------
    kind : (n_inner,) int, of those faces; a, b, film, contact, emissivity, area, source : (s,), see Thermal
    T : (n,) [K]; rise : (s, 2) [K] or None, see Skew
    owner, neighbour : (s,) int; distance, at : see `Thermal.distance`; k : (n_cells,) [W/m/K]
    liquidus : [K]
    leaving, entering, slope, shift : (s,), out, see Heat; surface : (s, 2) [K], out, surface temperatures on both sides

    Notes
    -----
    Half cell, surface, interface, surface, half cell in series; heat made on a surface leaves to both sides by the
    resistances it sees, so the surface temperatures are eliminated exactly. Behind a ledge, whose front is at the liquidus,
    what is made on the wall goes into the wall and what is made on the front into the pool.
    """
    for f in prange(kind.size):
        A, ra, rb, R = area[f], film[f, 0], film[f, 1], contact[f]
        if np.isnan(ra):
            ra = distance[at[f], 0] / k[owner[f]]
        if np.isnan(rb):
            rb = distance[at[f], 1] / k[neighbour[f]]
        Ta, Tb = _temperatures_beside(f, a, b, T, rise)
        if kind[f] == SERIES:
            g = 1.0 / (ra + R + rb)
            slope[f] = A * g
            leaving[f] = slope[f] * (Ta - Tb) - g * (source[f, 0] * (R + rb) + source[f, 1] * rb)
            entering[f] = leaving[f] + source[f, 0] + source[f, 1]
            surface[f, 0], surface[f, 1] = Ta - leaving[f] * ra / A, Tb + entering[f] * rb / A
            continue
        # From the lump, gas or freezing pool, to the solid, whichever comes first.
        first = kind[f] == RADIATING_OWNER or kind[f] == LEDGE_OWNER
        one, other = (0, 1) if first else (1, 0)
        lump, solid, film_lump, half_solid = (Ta, Tb, ra, rb) if first else (Tb, Ta, rb, ra)
        behind, at_lump, at_solid = half_solid + R, source[f, one], source[f, other]
        if kind[f] == RADIATING_OWNER or kind[f] == RADIATING_NEIGHBOUR:
            raised = solid + (at_solid * half_solid + at_lump * behind) / A
            front, out_slope = radiating_surface(raised, lump, behind, film_lump, emissivity[f])
            q = (front - lump) / film_lump + emissivity[f] * STEFAN_BOLTZMANN * (front * abs(front) ** 3 - lump * abs(lump) ** 3)
            left = -A * q
            entered = left + at_lump + at_solid
            slope[f] = A / (behind + 1.0 / out_slope)
        else:
            q, frozen = wall_flux(lump, solid, liquidus, film_lump, behind)
            total = film_lump + behind
            left = A * q - at_lump * (frozen + (1.0 - frozen) * behind / total) - at_solid * (1.0 - frozen) * half_solid / total
            entered = left + at_lump + at_solid
            slope[f], shift[f, one] = A * (1.0 - frozen) / total, A * frozen / film_lump
            front = lump - left / A * film_lump
        leaving[f], entering[f] = (left, entered) if first else (-entered, -left)
        surface[f, one], surface[f, other] = front, solid + entered / A * half_solid
