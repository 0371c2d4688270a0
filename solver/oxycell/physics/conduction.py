"""Currents through faces: half cells in series with the laws of interfaces, and the heat within the cells."""

import numpy as np
from numba import njit

from oxycell.physics.carbon import drop_bubbles, overpotential_limiting
from oxycell.physics.interfaces import current_density, overpotential_activation, overpotential_concentration


@njit(cache=True)
def half_cells(owner, neighbour, distance, conductivity, half):
    """Resistance of both half cells of every face, distance over conductivity.

    Parameters
    ----------
    owner, neighbour : (m,) int; distance : (m, 2) [m]
    conductivity : (n_cells,) [S/m]; half : (m, 2) [ohm m²], out
    """
    for f in range(owner.size):
        half[f, 0], half[f, 1] = distance[f, 0] / conductivity[owner[f]], distance[f, 1] / conductivity[neighbour[f]]


@njit(cache=True)
def half_resistances(owner, neighbour, distance, face, k, film, half):
    """Resistance of both sides of every face: the film where there is one, else distance over conductivity.

    Parameters
    ----------
    owner, neighbour : (m,) int; face : (m,) int, rows of `distance` (n_faces, 2) [m]
    k : (n_cells,) [W/m/K]
    film : (m, 2) [m² K/W], NaN on the side of a solid
    half : (m, 2) [m² K/W], out
    """
    for f in range(face.size):
        half[f, 0] = distance[face[f], 0] / k[owner[f]] if np.isnan(film[f, 0]) else film[f, 0]
        half[f, 1] = distance[face[f], 1] / k[neighbour[f]] if np.isnan(film[f, 1]) else film[f, 1]


@njit(cache=True)
def heat_within(owner, neighbour, current, density, half, rise, heat):
    """Joule heat of both half cells of every face, added to their cells: heat (n_cells,) [W]; the rest: see Currents."""
    for f in range(owner.size):
        made = current[f] * density[f]
        heat[owner[f]] += made * half[f, 0]
        heat[neighbour[f]] += made * half[f, 1]
        if rise is not None:
            heat[owner[f]] -= current[f] * rise[f, 0]
            heat[neighbour[f]] -= current[f] * rise[f, 1]


@njit(cache=True)
def face_currents(a, b, phi, rise, half, extra, law_of_face, sign, resistance, rest, kinetics, exchange, anodic, cathodic,
                  thermal_voltage, concentration_slope, threshold, limiting, layer, density, slope):
    """Current density through every face of the electric domain.

    Parameters
    ----------
    a, b : (m,) int, rows of the potentials on both sides
    phi : (n,) [V]; rise : (m, 2) [V] or None, see Skew
    half : (m, 2) [ohm m²], half cells; extra : (m,) [ohm m²]
    law_of_face : (m,) int, row of the arrays that follow, −1: none
    sign, resistance, rest, kinetics, exchange, anodic, cathodic, thermal_voltage, concentration_slope, threshold : see LawStack
    limiting, layer : see Currents
    density : (m,) [A/m²], out, from a to b
    slope : (m,) [S/m²], out, derivative of the density to phi[a] − phi[b]

    Notes
    -----
    Half cells in series with the interface laws; exact for piecewise linear potentials on orthogonal faces.
    """
    for f in range(a.size):
        drop = phi[a[f]] - phi[b[f]]
        if rise is not None:
            drop += rise[f, 0] + rise[f, 1]
        total = half[f, 0] + half[f, 1] + extra[f]
        k = law_of_face[f]
        if k < 0:
            density[f], slope[f] = drop / total, 1.0 / total
            continue
        total += resistance[k]
        J, g = current_density(sign[k] * drop - rest[k], total, kinetics[k], exchange[k], anodic[k], cathodic[k],
                               thermal_voltage[k], concentration_slope[k], threshold[k], limiting[k], layer[k])
        density[f], slope[f] = sign[k] * J, g


@njit(cache=True)
def activation_drops(J, kinetics, exchange, anodic, cathodic, thermal_voltage):
    """Activation overpotential of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = overpotential_activation(J[f], kinetics[f], exchange[f], anodic[f], cathodic[f], thermal_voltage[f])
    return out


@njit(cache=True)
def concentration_drops(J, b, threshold):
    """Concentration overpotential of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = overpotential_concentration(J[f], b[f], threshold[f])
    return out


@njit(cache=True)
def limiting_drops(J, limiting):
    """Concentration overpotential at a limiting current, of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = overpotential_limiting(J[f], limiting[f, 0], limiting[f, 1])
    return out


@njit(cache=True)
def bubble_drops(J, layer):
    """Drop of the bubble layer of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = drop_bubbles(J[f], layer[f, 0], layer[f, 1], layer[f, 2])
    return out
