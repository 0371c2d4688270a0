"""Currents through faces: half cells in series with the laws of interfaces, and the heat within the cells."""

import numpy as np
from numba import njit, prange

from oxycell.physics.carbon import drop_bubbles, overpotential_limiting
from oxycell.physics.interfaces import current_density, overpotential_activation, overpotential_concentration


@njit(cache=True)
def _half_cells(f, owner, neighbour, distance, conductivity):
    """Resistances of the half cells of a face on both sides [ohm m²], distance over conductivity."""
    return distance[f, 0] / conductivity[owner[f]], distance[f, 1] / conductivity[neighbour[f]]


@njit(cache=True)
def _in_series(f, owner, neighbour, distance, conductivity, extra):
    """Resistance of both half cells of a face and of what stands in series with them [ohm m²]."""
    one, other = _half_cells(f, owner, neighbour, distance, conductivity)
    return one + other + extra[f]


@njit(cache=True)
def heat_within(owner, neighbour, distance, conductivity, current, density, rise, heat):
    """Joule heat of both half cells of every face, added to their cells: heat (n_cells,) [W]; the rest: see Currents, `plain_currents`."""
    for f in range(owner.size):
        made, (one, other) = current[f] * density[f], _half_cells(f, owner, neighbour, distance, conductivity)
        heat[owner[f]] += made * one
        heat[neighbour[f]] += made * other
        if rise is not None:
            heat[owner[f]] -= current[f] * rise[f, 0]
            heat[neighbour[f]] -= current[f] * rise[f, 1]


@njit(cache=True)
def _drop(f, a, b, phi, rise):
    drop = phi[a[f]] - phi[b[f]]
    if rise is not None:
        drop += rise[f, 0] + rise[f, 1]
    return drop


@njit(cache=True, parallel=True)
def plain_currents(a, b, phi, rise, owner, neighbour, distance, conductivity, extra, area, density, current, slope):
    """Current through every face as if it had no laws.

    Parameters
    ----------
    a, b : (m,) int, rows of the potentials on both sides
    phi : (n,) [V]; rise : (m, 2) [V] or None, see Skew
    owner, neighbour : (m,) int, cells; distance : (m, 2) [m]; conductivity : (n_cells,) [S/m]
    extra : (m,) [ohm m²], in series with both half cells; area : (m,) [m²]
    density : (m,) [A/m²], out, from a to b; current : (m,) [A], out; slope : (m,) [S], out, derivative of the current to phi[a] − phi[b]

    Notes
    -----
    Exact for piecewise linear potentials on orthogonal faces.
    """
    for f in prange(a.size):
        resistance = _in_series(f, owner, neighbour, distance, conductivity, extra)
        conductance = 1.0 / resistance if resistance > 0.0 else np.inf  # between two ideal conductors
        density[f] = conductance * _drop(f, a, b, phi, rise)
        current[f], slope[f] = density[f] * area[f], conductance * area[f]


@njit(cache=True, parallel=True)
def law_currents(face, a, b, phi, rise, owner, neighbour, distance, conductivity, extra, area, sign, resistance, rest, kinetics, exchange,
                 anodic, cathodic, thermal_voltage, concentration_slope, threshold, limiting, layer, density, current, slope):
    """Current through the faces with laws, in series with their half cells.

    Parameters
    ----------
    face : (k,) int, positions of these faces among all; a, b, …, area : see `plain_currents`
    sign, resistance, rest, kinetics, exchange, anodic, cathodic, thermal_voltage, concentration_slope, threshold : see LawStack
    limiting, layer : see Conduction
    density, current, slope : out, see `plain_currents`
    """
    for k in prange(face.size):
        f = face[k]
        half = _in_series(f, owner, neighbour, distance, conductivity, extra)
        J, g = current_density(sign[k] * _drop(f, a, b, phi, rise) - rest[k], half + resistance[k], kinetics[k], exchange[k], anodic[k],
                               cathodic[k], thermal_voltage[k], concentration_slope[k], threshold[k], limiting[k], layer[k])
        density[f] = sign[k] * J
        current[f], slope[f] = density[f] * area[f], g * area[f]


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
