"""Temperature gradients in solids: of each cell the largest of those at the centres of its faces."""

import numpy as np

from oxycell.arrays import Floats
from oxycell.kernel import kernel
from oxycell.mesh.derived import pieces
from oxycell.mesh.reconstruct import cell_vectors
from oxycell.physics.evaluation import Evaluation
from oxycell.physics.heat.kirchhoff import conductivity_at


def largest_gradients(evaluation: Evaluation) -> Floats:
    """Largest temperature gradient in each cell (n_cells,) [K/m]; NaN in pools, lumps and where heat is not solved.

    Notes
    -----
    Across a face it is the heat that passes over area and conductivity, at the temperature of the face on the cell's
    side; along a face the mean of the cell. Exact where the temperature varies along one direction, at the skin of a
    body too; across faces with the conductivity along their normal, so exact in anisotropic solids on box meshes only.
    """
    thermal, heat = evaluation.problem.thermal, evaluation.heat
    mesh, face = thermal.mesh, thermal.face
    across = np.stack(heat.conducted(), 1)
    _over_conductivity(
        across,
        mesh.owner[face],
        mesh.neighbour[face],
        mesh.material,
        evaluation.surface_temperature,
        thermal.conductivity.packed,
    )
    if thermal.factors is not None:
        for here in pieces(face.size):
            share = np.asarray(mesh.normal[face[here]]) ** 2
            for side, cells in enumerate((mesh.owner[face[here]], np.maximum(mesh.neighbour[face[here]], 0))):
                across[here, side] /= (share * thermal.factors[cells]).sum(1)
    mean = cell_vectors(mesh, face, across[:, 0], across[:, 1])
    found = np.zeros(mesh.n_cells)
    for here in pieces(face.size):
        at = face[here]
        _largest_at_faces(
            across[here] / mesh.area[at][:, None],
            mesh.owner[at],
            mesh.neighbour[at],
            np.asarray(mesh.normal[at]),
            mean,
            found,
        )
    found[(thermal.own < 0) | (thermal.row != thermal.own)] = np.nan
    return found


@kernel
def _over_conductivity(heat, owner, neighbour, material, surface, k):
    """Divide the heat that leaves owners and enters neighbours (m, 2) [W] by the conductivities there, in place.

    Parameters
    ----------
    owner, neighbour : (m,) int, −1 at a boundary; material : (n_cells,) int
    surface : (m, 2) [K], temperatures of both sides; k : packed Conductivities
    """
    for f in range(owner.size):
        heat[f, 0] /= conductivity_at(material[owner[f]], surface[f, 0], k)
        if neighbour[f] >= 0:
            heat[f, 1] /= conductivity_at(material[neighbour[f]], surface[f, 1], k)


@kernel
def _largest_at_faces(across, owner, neighbour, normal, mean, found):
    """Raise `found` (n_cells,) [K/m] to the size of the gradient at faces.

    Parameters
    ----------
    across : (m, 2) [K/m], along the normal on both sides; owner, neighbour : (m,) int; normal : (m, 3)
    mean : (n_cells, 3) [K/m], of the cells
    """
    for f in range(owner.size):
        for side in range(2):
            cell = owner[f] if side == 0 else neighbour[f]
            if cell < 0:
                continue
            size, along = across[f, side] ** 2, 0.0
            for axis in range(3):
                size += mean[cell, axis] ** 2
                along += mean[cell, axis] * normal[f, axis]
            found[cell] = max(found[cell], np.sqrt(max(size - along**2, 0.0)))
