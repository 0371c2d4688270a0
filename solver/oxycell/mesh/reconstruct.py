"""Fields of cells from what is known on their faces: mean flux densities from fluxes."""

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.mesh.mesh import Mesh


def cell_vectors(mesh: Mesh, face: Ints, from_owner: Floats, into_neighbour: Floats) -> Floats:
    """Mean flux density of each cell from what passes its faces, (1/V) Σ F_f (x_f − x_P), F_f > 0 outwards.

    Parameters
    ----------
    mesh : Mesh
    face : (n,) int, mesh faces that carry something
    from_owner, into_neighbour : (n,) [A or W], what leaves the owner and what enters the neighbour

    Returns
    -------
    (n_cells, 3) [A/m² or W/m²]

    Notes
    -----
    Exact for a constant flux density on any closed cell, by the divergence theorem.
    """
    owner, neighbour, found = mesh.owner[face], mesh.neighbour[face], np.empty((mesh.n_cells, 3))
    inside = neighbour >= 0
    if mesh.lattice is None:
        centre, cell = mesh.face_centre[face], np.concatenate([owner, neighbour[inside]])
        flux = np.concatenate([from_owner, -np.asarray(into_neighbour)[inside]])
        arm = np.concatenate([centre, centre[inside]]) - mesh.cell_centre[cell]
        for axis in range(3):
            found[:, axis] = np.bincount(cell, flux * arm[:, axis], mesh.n_cells)
    else:  # all of the arm is along the normal
        normal, arm = mesh.normal[face], mesh.distance[face]
        for axis in range(3):
            at = np.flatnonzero(normal[:, axis])
            found[:, axis] = np.bincount(owner[at], from_owner[at] * arm[at, 0] * normal[at, axis], mesh.n_cells)
            at = at[inside[at]]
            found[:, axis] += np.bincount(
                neighbour[at], into_neighbour[at] * arm[at, 1] * normal[at, axis], mesh.n_cells
            )
    return np.divide(found, mesh.cell_volume[:, None], out=found)
