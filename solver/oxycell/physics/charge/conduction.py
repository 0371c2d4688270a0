"""Currents through faces: half cells in series with the laws of interfaces, and the heat within the cells."""

from typing import NamedTuple

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.electrode.roots import Series, current_density


class Faces(NamedTuple):
    """Faces of the electric domain, as kernels take them.

    Attributes
    ----------
    face : (m,) int, mesh faces
    owner, neighbour : their cells, by mesh face
    a, b : (m,) int, rows of the potentials on both sides
    distance, at : see `HalfCells.distance`
    extra : (k,) [ohm m²], in series with the half cells of the last faces
    """

    face: np.ndarray
    owner: np.ndarray
    neighbour: np.ndarray
    a: np.ndarray
    b: np.ndarray
    distance: np.ndarray
    at: np.ndarray
    extra: np.ndarray


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


@kernel(parallel=True)
def heat_within(faces, sigma, conductance, current, rise, heat, other):
    """Joule heat of both half cells of every face, added to their cells.

    Parameters
    ----------
    faces, sigma, conductance : see `plain_conductances`; current : (m,) [A]; rise : see `plain_currents`
    heat, other : (n_cells,) [W], 0 on entry; out: the heat in the first one. Two halves of the faces are summed apart,
        so that the bits do not depend on the number of threads.
    """
    face, owner, neighbour, _, _, distance, at, extra = faces
    conductivity, slots, mean = sigma
    middle, first = face.size // 2, face.size - extra.size
    for n in prange(2):
        part = np.int64(n)
        into = other if part else heat
        for f in range(part * middle, face.size if part else middle):
            one, behind = _half_cells(f, face, owner, neighbour, distance, at, conductivity, slots, mean)
            total = one + behind
            if total > 0.0:
                if f >= first:
                    total += extra[f - first]
                made = current[f] * current[f] / (conductance[f] * total)
                one, behind = made * one, made * behind
                if rise is not None:
                    one, behind = one - current[f] * rise[f, 0], behind - current[f] * rise[f, 1]
                into[owner[face[f]]] += one
                if neighbour[face[f]] >= 0:
                    into[neighbour[face[f]]] += behind
    for i in prange(heat.size):
        heat[i] += other[i]


@inner_kernel(inline="always")
def _voltage(f, a, b, phi, rise):
    """Potential difference that drives the current through a face [V], owner less neighbour."""
    voltage = phi[a[f]] - phi[b[f]]
    if rise is not None:
        voltage += rise[f, 0] + rise[f, 1]
    return voltage


@kernel(parallel=True)
def plain_conductances(faces, sigma, area, conductance):
    """Conductance of every face as if it had no laws.

    Parameters
    ----------
    faces : Faces
    sigma : HalfConductivity
    area : of the mesh faces [m²]
    conductance : (m,) [S], out; infinite between two ideal conductors

    Notes
    -----
    Half cells in series: exact for piecewise linear potentials on orthogonal faces.
    """
    face, owner, neighbour, _, _, distance, at, extra = faces
    conductivity, slots, mean = sigma
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
        current[f] = conductance[f] * _voltage(f, a, b, phi, rise)


@kernel(parallel=True)
def law_currents(laws, faces, sigma, phi, rise, area, density, current, slope):
    """Current through the faces with laws, in series with their half cells.

    Parameters
    ----------
    laws : LawsAt, of k faces
    faces, sigma : see `plain_conductances`
    phi, rise : see `plain_currents`
    area : (k,) [m²], open area of these faces
    density : (k,) [A/m²], from the first side to the second, of these faces; where to begin, NaN: unknown; out
    current : (m,) [A], slope : (k,) [S], of these faces, out
    """
    face, owner, neighbour, a, b, distance, at, extra = faces
    conductivity, slots, mean = sigma
    lawful, signs, temperature, resistance, rest, first, branch, parameters = laws
    for k in prange(lawful.size):
        f, sign = lawful[k], signs[k]
        half = _in_series(f, face, owner, neighbour, distance, at, conductivity, slots, mean, extra)
        series = Series(
            sign * _voltage(f, a, b, phi, rise) - rest[k], half + resistance[k], temperature[k], first[k], first[k + 1]
        )
        J, g = current_density(series, branch, parameters, density[k])
        density[k], current[f], slope[k] = J, sign * J * area[k], g * area[k]
