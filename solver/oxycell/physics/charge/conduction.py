"""Currents through faces: half cells in series with the laws of interfaces, and the heat within the cells."""

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.electrode.carbon import drop_bubbles, overpotential_limiting
from oxycell.physics.electrode.interfaces import current_density, overpotential_activation, overpotential_concentration


@inner_kernel(inline="always")
def _half_cells(f, face, owner, neighbour, distance, at, conductivity, slots, mean):
    """Resistances of the half cells of a face on both sides [ohm m²], distance over conductivity; 0 behind a
    boundary."""
    slot, one, other = slots[f], owner[face[f]], neighbour[face[f]]
    if slot >= 0:
        return distance[at[f], 0] / mean[slot, 0], distance[at[f], 1] / mean[slot, 1]
    return distance[at[f], 0] / conductivity[one], distance[at[f], 1] / conductivity[other] if other >= 0 else 0.0


@inner_kernel(inline="always")
def _in_series(f, face, owner, neighbour, distance, at, conductivity, slots, mean, extra):
    """Resistance of both half cells of a face and of what is in series with them [ohm m²], the latter of the last
    faces."""
    one, other = _half_cells(f, face, owner, neighbour, distance, at, conductivity, slots, mean)
    last = f - (face.size - extra.size)
    return one + other + extra[last] if last >= 0 else one + other


@inner_kernel(inline="always")
def _heat_within_some(
    begin, end, face, owner, neighbour, distance, at, conductivity, slots, mean, extra, conductance, current, rise, heat
):
    """As `heat_within`, of some of the faces."""
    first = face.size - extra.size
    for f in range(begin, end):
        one, other = _half_cells(f, face, owner, neighbour, distance, at, conductivity, slots, mean)
        total = one + other
        if total > 0.0:
            if f >= first:
                total += extra[f - first]
            made = current[f] * current[f] / (conductance[f] * total)
            before, behind = made * one, made * other
            if rise is not None:
                before, behind = before - current[f] * rise[f, 0], behind - current[f] * rise[f, 1]
            heat[owner[face[f]]] += before
            if neighbour[face[f]] >= 0:
                heat[neighbour[face[f]]] += behind


@kernel(parallel=True)
def heat_within(
    face, owner, neighbour, distance, at, conductivity, slots, mean, extra, conductance, current, rise, heat, other
):
    """Joule heat of both half cells of every face, added to their cells.

    Parameters
    ----------
    face, …, extra, conductance : see `plain_conductances`; current : (m,) [A]; rise : see `plain_currents`
    heat, other : (n_cells,) [W], 0 on entry; out: the heat in the first one. Two halves of the faces are summed apart,
        so that the bits do not depend on the number of threads.
    """
    middle = face.size // 2
    for n in prange(2):
        part = np.int64(n)
        _heat_within_some(
            part * middle,
            face.size if part else middle,
            face,
            owner,
            neighbour,
            distance,
            at,
            conductivity,
            slots,
            mean,
            extra,
            conductance,
            current,
            rise,
            other if part else heat,
        )
    for i in prange(heat.size):
        heat[i] += other[i]


@inner_kernel(inline="always")
def _drop(f, a, b, phi, rise):
    drop = phi[a[f]] - phi[b[f]]
    if rise is not None:
        drop += rise[f, 0] + rise[f, 1]
    return drop


@kernel(parallel=True)
def plain_conductances(face, owner, neighbour, distance, at, conductivity, slots, mean, extra, area, conductance):
    """Conductance of every face as if it had no laws.

    Parameters
    ----------
    face : (m,) int, mesh faces; owner, neighbour : their cells; distance, at : see `Electric.distance`
    conductivity, slots, mean : see HalfConductivity; area : of the mesh faces [m²]
    extra : (k,) [ohm m²], in series with the half cells of the last faces
    conductance : (m,) [S], out; infinite between two ideal conductors

    Notes
    -----
    Half cells in series: exact for piecewise linear potentials on orthogonal faces.
    """
    for f in prange(face.size):
        resistance = _in_series(f, face, owner, neighbour, distance, at, conductivity, slots, mean, extra)
        conductance[f] = area[face[f]] / resistance if resistance > 0.0 else np.inf


@kernel(parallel=True)
def plain_currents(a, b, phi, rise, conductance, current):
    """Current through every face as if it had no laws.

    Parameters
    ----------
    a, b : (m,) int, rows of the potentials on both sides
    phi : (n,) [V]; rise : (m, 2) [V] or None, see Skew
    conductance : (m,) [S]; current : (m,) [A], out, from a to b
    """
    for f in prange(a.size):
        current[f] = conductance[f] * _drop(f, a, b, phi, rise)


@kernel(parallel=True)
def law_currents(
    lawful,
    face,
    owner,
    neighbour,
    distance,
    at,
    conductivity,
    slots,
    mean,
    extra,
    a,
    b,
    phi,
    rise,
    area,
    sign,
    resistance,
    rest,
    kinetics,
    exchange,
    anodic,
    cathodic,
    thermal_voltage,
    concentration_slope,
    threshold,
    limiting,
    layer,
    density,
    current,
    slope,
):
    """Current through the faces with laws, in series with their half cells.

    Parameters
    ----------
    lawful : (k,) int, positions of these faces among all
    face, owner, neighbour, distance, at, conductivity, slots, mean, extra : see `plain_conductances`
    a, b, phi, rise : see `plain_currents`
    area : (k,) [m²], open area of these faces
    sign, resistance, rest, kinetics, exchange, anodic, cathodic, thermal_voltage, concentration_slope, threshold : see
        LawStack
    limiting, layer : see Conduction
    density : (k,) [A/m²], from the first side to the second, of these faces; where to begin, NaN: unknown; out
    current : (m,) [A], slope : (k,) [S], of these faces, out
    """
    for k in prange(lawful.size):
        f = lawful[k]
        half = _in_series(f, face, owner, neighbour, distance, at, conductivity, slots, mean, extra)
        J, g = current_density(
            sign[k] * _drop(f, a, b, phi, rise) - rest[k],
            half + resistance[k],
            kinetics[k],
            exchange[k],
            anodic[k],
            cathodic[k],
            thermal_voltage[k],
            concentration_slope[k],
            threshold[k],
            limiting[k],
            layer[k],
            density[k],
        )
        density[k], current[f], slope[k] = J, sign[k] * J * area[k], g * area[k]


@kernel
def activation_drops(J, kinetics, exchange, anodic, cathodic, thermal_voltage):
    """Activation overpotential of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = overpotential_activation(J[f], kinetics[f], exchange[f], anodic[f], cathodic[f], thermal_voltage[f])
    return out


@kernel
def concentration_drops(J, b, threshold):
    """Concentration overpotential of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = overpotential_concentration(J[f], b[f], threshold[f])
    return out


@kernel
def limiting_drops(J, limiting):
    """Concentration overpotential at a limiting current, of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = overpotential_limiting(J[f], limiting[f, 0], limiting[f, 1])
    return out


@kernel
def bubble_drops(J, layer):
    """Drop of the bubble layer of many faces (k,) [V]."""
    out = np.empty(J.size)
    for f in range(J.size):
        out[f], _ = drop_bubbles(J[f], layer[f, 0], layer[f, 1], layer[f, 2])
    return out
