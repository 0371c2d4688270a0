"""Heat between frozen bath and other solids, where the conductivity of one of them varies with temperature."""

import numpy as np
from numba import prange

from oxycell.kernel import kernel
from oxycell.physics.kirchhoff import half_cells_in_series, risen, transformed


def bent_links(mesh, links, at, frozen):
    """Material on both sides (n, 2) int of links `at` (n,) int; `frozen` is the number of frozen bath.

    Parameters
    ----------
    mesh : Mesh
    links : Links
    """
    cells = np.stack([mesh.owner[links.face[at]], mesh.neighbour[links.face[at]]], 1)
    return np.where(links.frozen[at], frozen, mesh.material[cells])


@kernel(parallel=True)
def link_heat(at, T, rise, frozen, material, a, b, distance, contact, k, conductance, lean, linked, surface):
    """Heat through links between frozen bath and another solid, by the integral means of their conductivities.

    Parameters
    ----------
    at : (n,) int, which links; frozen : int, number of frozen bath among the materials
    material : (n, 2) int, distance : (n, 2) [m], on both sides
    T : (n_rows,) [K]; rise : (n,) [K], of τ, from owner to neighbour, in the solid's half cell
    a, b : (m,) int, rows of all links; contact : (m,) [m² K/W]; k : see Conductivities
    conductance : (m,) [W/K], with both conductivities k*; out: of the tangent to τ; lean : (n,), out, see Heat
    linked : (m,) [W], out, from the first row to the second; surface : (n, 2) [K], out, temperatures of both surfaces
    """
    for n in prange(at.size):
        i, m, m2 = at[n], material[n, 0], material[n, 1]
        Ta, Tb, d, d2, R = T[a[i]], T[b[i]], distance[n, 0], distance[n, 1], contact[i]
        if m == frozen:
            Tb = risen(m2, Tb, -rise[n], k)
        else:
            Ta = risen(m, Ta, rise[n], k)
        area = conductance[i] * (d / k[m, 3] + R + d2 / k[m2, 3])
        ra, rb, more, more2 = half_cells_in_series((m, Ta, d, np.nan), (m2, Tb, d2, np.nan), R, 0.0, 0.0, k)
        q = (Ta - Tb) / (ra + R + rb)
        linked[i] = area * q
        weight, weight2 = more * k[m, 3] / d, more2 * k[m2, 3] / d2
        conductance[i], lean[n] = area / (more + R + more2) * np.sqrt(weight * weight2), np.sqrt(weight / weight2)
        surface[n, 0], surface[n, 1] = Ta - q * ra, Tb + q * rb


@kernel
def wall_surfaces(T, first, wall, rise, material, frozen, to_first, to_wall, contact, k, tau):
    """τ (n,) [K], out, of frozen bath at the wall of each column.

    Parameters
    ----------
    T : (n_rows,) [K]; first, wall : (n,) int, rows of the first cell of each column and of the wall's cell
    rise : (n,) [K], of τ in the wall's half cell; material : (n,) int, of the wall's cells; frozen : int, of frozen bath
    to_first, to_wall : (n,) [m], distances of the wall from these cells' centres; contact : (n,) [m² K/W]; k : see Conductivities
    """
    for c in range(first.size):
        cold, beside = risen(material[c], T[wall[c]], rise[c], k), T[first[c]]
        behind, half, _, _ = half_cells_in_series((material[c], cold, to_wall[c], np.nan),
                                                  (frozen, beside, to_first[c], np.nan), contact[c], 0.0, 0.0, k)
        tau[c] = transformed(frozen, (cold * half + beside * (behind + contact[c])) / (half + behind + contact[c]), k)
