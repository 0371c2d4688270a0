"""Currents through faces: half cells in series with the laws of interfaces, and the heat within the cells."""

import numpy as np
from numba import njit

from oxycell.physics.carbon import drop_bubbles, overpotential_limiting
from oxycell.physics.interfaces import current_density, overpotential_activation, overpotential_concentration


@njit(cache=True)
def half_cells(owner, neighbour, distance, conductivity, extra, half, conductance):
    """Resistance of both half cells of every face, distance over conductivity, and what they conduct in series.

    Parameters
    ----------
    owner, neighbour : (m,) int; distance : (m, 2) [m]
    conductivity : (n_cells,) [S/m]; extra : (m,) [ohm m²], in series with both
    half : (m, 2) [ohm m²], out; conductance : (m,) [S/m²], out
    """
    for f in range(owner.size):
        half[f, 0], half[f, 1] = distance[f, 0] / conductivity[owner[f]], distance[f, 1] / conductivity[neighbour[f]]
        total = half[f, 0] + half[f, 1] + extra[f]
        conductance[f] = 1.0 / total if total > 0.0 else np.inf  # between two ideal conductors


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
def plain_currents(a, b, phi, rise, conductance, density):
    """Current density through every face as if it had no laws.

    Parameters
    ----------
    a, b : (m,) int, rows of the potentials on both sides
    phi : (n,) [V]; rise : (m, 2) [V] or None, see Skew
    conductance : (m,) [S/m²], of both half cells in series
    density : (m,) [A/m²], out, from a to b

    Notes
    -----
    Exact for piecewise linear potentials on orthogonal faces.
    """
    for f in range(a.size):
        drop = phi[a[f]] - phi[b[f]]
        if rise is not None:
            drop += rise[f, 0] + rise[f, 1]
        density[f] = conductance[f] * drop


@njit(cache=True)
def law_currents(face, a, b, phi, rise, sign, resistance, rest, kinetics, exchange, anodic, cathodic, thermal_voltage,
                 concentration_slope, threshold, limiting, layer, density, slope):
    """Current density through the faces with laws, in series with their half cells.

    Parameters
    ----------
    face : (k,) int, positions of these faces among all; a, b, phi, rise : see `plain_currents`
    sign, resistance, rest, kinetics, exchange, anodic, cathodic, thermal_voltage, concentration_slope, threshold : see LawStack
    limiting, layer : see Conduction
    density : (m,) [A/m²], out, from a to b
    slope : (m,) [S/m²], derivative of the density to phi[a] − phi[b]; on entry that of the half cells
    """
    for k in range(face.size):
        f = face[k]
        half, drop = 1.0 / slope[f], phi[a[f]] - phi[b[f]]
        if rise is not None:
            drop += rise[f, 0] + rise[f, 1]
        J, g = current_density(sign[k] * drop - rest[k], half + resistance[k], kinetics[k], exchange[k], anodic[k], cathodic[k],
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
