"""Heat between frozen bath and other solids, where the conductivity of one of them varies with temperature."""

import numpy as np

from oxycell.physics.kirchhoff import risen_rows, transform_rows
from oxycell.physics.series import Series


def touching(mesh, links, at, frozen):
    """Series of links `at` (n,) int between frozen bath, whose number among the materials is `frozen`, and another solid.

    Parameters
    ----------
    mesh : Mesh
    links : Links
    """
    cells = np.stack([mesh.owner[links.face[at]], mesh.neighbour[links.face[at]]], 1)
    material = np.where(links.frozen[at], frozen, mesh.material[cells])
    return Series(material, mesh.distance[links.face[at]], np.full(material.shape, np.nan), links.contact[at])


def between(series, frozen, T, rise, k):
    """Temperatures (n, 2) [K] of both sides of what `touching` made, from those of the cells and the rise of τ (n,) [K] in the solid's half
    cell, from its first side to the second; None: none. k : see Conductivities."""
    if rise is None:
        return T
    found, every = T.copy(), np.arange(rise.size)
    second = series.material[:, 0] == frozen  # the solid is
    solid = second.astype(np.int64)
    found[every, solid] = risen_rows(series.material[every, solid], T[every, solid], np.where(second, -rise, rise), series.film[:, 0], k)
    return found


def link_heat(series, T, conductance, k):
    """Heat through links between frozen bath and another solid, by the integral means of their conductivities.

    Parameters
    ----------
    series : Series; T : (n, 2) [K], of both sides; conductance : (n,) [W/K], with both conductivities k*; k : see Conductivities

    Returns
    -------
    conductance, lean : (n,), of the tangent to τ, see Heat; linked : (n,) [W], from the first row to the second
    """
    reference = series.distance / k[series.material, 3]
    area = conductance * (reference.sum(1) + series.contact)
    q, _, more = series.heat(T, k)
    weight = more / reference
    return area / (more.sum(1) + series.contact) * np.sqrt(weight[:, 0] * weight[:, 1]), np.sqrt(weight[:, 0] / weight[:, 1]), area * q


def wall_surfaces(series, frozen, T, k):
    """τ (n,) [K] of frozen bath at the wall of each column; series : Series of the wall, first, and frozen bath; the rest as in
    `link_heat`."""
    surface, tau = series.heat(T, k)[1][:, 1].copy(), np.empty(series.contact.size)
    transform_rows(series.material[:, 1], surface, k, tau)
    return tau
