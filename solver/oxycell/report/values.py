"""Fields at points and on faces, from the record: second order, and from one side of an interface only."""

import numpy as np

from oxycell.io.fields import lump_of_cell
from oxycell.mesh.locate import faces_of
from oxycell.mesh.reconstruct import cell_vectors

SCALARS = ("temperature", "electric_potential")
_FAR_SIDE = (
    1e-6,
    1e-12,
)  # weight of faces that face away from a point; on a lattice the axes do not mix, so it may be less
_ON_FACE = 1.0 - 1e-6  # share of the way to a face from which on a point lies on it
_NEIGHBOUR = 1e-3  # weight of a neighbour's mean relative to what passes the cell's own faces
_FLUXES = {
    "current_density": ("electric", "current", "current"),
    "heat_flux": ("thermal", "heat_owner", "heat_neighbour"),
}


def sides(mesh, record, field, face):
    """A scalar field on both sides of faces.

    Parameters
    ----------
    mesh : Mesh
    record : dict
    field : str, one of SCALARS
    face : (n,) int, mesh faces, each once

    Returns
    -------
    (n, 2) [K or V], at the owner's and the neighbour's surface; NaN outside, and where the field is not defined

    Notes
    -----
    Where nothing passes, the surface is as the cell behind it.
    """
    cells, owner, neighbour = record["cells"][field], mesh.owner[face], mesh.neighbour[face]
    found = np.stack([cells[owner], np.where(neighbour >= 0, cells[neighbour], np.nan)], 1)
    block = "electric" if field == "electric_potential" else "thermal"
    if block in record:
        terms = record[block]
        at, place = _listed(mesh, terms["face"], face)
        if block == "electric":
            found[place, 0] -= terms["drop_owner"][at]
            found[place, 1] += terms["drop_neighbour"][at]
        else:
            found[place] = terms["surface_temperature"][at]
            found[neighbour < 0, 1] = np.nan
    return found


def _listed(mesh, listed, face):
    """Positions of faces in a list of mesh faces, and which of the faces these are."""
    place = np.full(mesh.n_faces, -1, np.int32)
    place[face] = np.arange(face.size)
    at = np.flatnonzero(place[listed] >= 0)
    return at, place[listed[at]]


def scalars_at(mesh, record, field, points, cell):
    """A scalar field at points, each from its own cell.

    Parameters
    ----------
    mesh : Mesh
    record : dict
    field : str, one of SCALARS
    points : (n, 3) [m]
    cell : (n,) int, the cell whose value counts

    Returns
    -------
    (n,) [K or V], NaN where the field is not defined

    Notes
    -----
    The cell's value, and the gradient that fits best the slopes from its centre to its own side of its faces; faces
    count as far as the point lies towards them. Exact for piecewise linear fields whatever jumps lie on the faces;
    second order. A stirred lump has one temperature, and on its faces that of their surface; where it is frozen, the
    means of its cells are all there is.
    """
    values = record["cells"][field]
    known, row = np.unique(cell, return_inverse=True)
    of, face, side = faces_of(mesh, known)
    order = np.argsort(of, kind="stable")
    of, face, side = of[order], face[order], side[order]
    distinct, back = np.unique(face, return_inverse=True)
    surface = sides(mesh, record, field, distinct)[back, side]
    first = np.searchsorted(of, known)[row]
    count = np.searchsorted(of, known, side="right")[row] - first
    point = np.repeat(np.arange(cell.size), count)  # one entry for each face of each point's cell
    entry = np.arange(point.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    arm = points - mesh.cell_centre[cell]
    normal, away = (part[entry] for part in _arms(mesh, record, field, of, face, side))
    rise = surface[entry] - values[cell][point]
    share = np.einsum("ij,ij->i", normal, arm[point]) / away
    weight = np.maximum(share, 0.0) + _FAR_SIDE[mesh.lattice is not None]
    matrix, right = np.zeros((cell.size, 3, 3)), np.zeros((cell.size, 3))
    for i in range(3):
        right[:, i] = np.bincount(point, weight * normal[:, i] * rise / away, cell.size)
        for j in range(3):
            matrix[:, i, j] = np.bincount(point, weight * normal[:, i] * normal[:, j], cell.size)
    gradient = np.linalg.solve(matrix, right[..., None])[..., 0]
    found = values[cell] + np.einsum("ij,ij->i", gradient, arm)
    if field == "temperature" and "thermal" in record:
        stirred = lump_of_cell(record)[cell] >= 0
        found[stirred] = values[cell][stirred]
        liquid = record["cells"].get("liquid_fraction", np.ones(mesh.n_cells))[cell] == 1.0
        at = np.flatnonzero((stirred & liquid)[point] & (share >= _ON_FACE))
        found[point[at]] = surface[entry[at]]
    return found


def _arms(mesh, record, field, of, face, side):
    """Direction (n, 3) and distance (n,) [m] from centres of cells to where on their faces the value stands: the middle
    of the face, but square before the centre where nothing passes, since the value is the cell's there."""
    normal, away = mesh.normal[face] * (1.0 - 2.0 * side)[:, None], mesh.distance[face, side]
    if mesh.lattice is None:
        block = record.get("electric" if field == "electric_potential" else "thermal", {"face": np.zeros(0, int)})
        passed = np.isin(face, block["face"])
        arm = mesh.face_centre[face[passed]] - mesh.cell_centre[of[passed]]
        away[passed] = np.linalg.norm(arm, axis=1)
        normal[passed] = arm / away[passed, None]
    return normal, away


def fluxes_at(mesh, record, field, points, cell):
    """A flux density at points, each from its own cell and its neighbours in the same region.

    Parameters
    ----------
    mesh, record, points, cell : as in `scalars_at`
    field : "current_density" or "heat_flux"

    Returns
    -------
    (n, 3) [A/m² or W/m²]; NaN outside the electric domain and in ideal conductors, and for heat in lumps

    Notes
    -----
    The cell's mean and the gradient that fits best what passes its faces, and the means of its neighbours with a small
    weight: across its own faces the stored flux counts, along them the change from cell to cell.
    """
    block, out, into = _FLUXES[field]
    terms, known = record[block], np.unique(cell)
    of, face, side = faces_of(mesh, known)
    beside = np.where(side == 0, mesh.neighbour[face], mesh.owner[face])
    beside = np.where((beside >= 0) & (mesh.region[beside] == mesh.region[of]), beside, -1)
    ring = np.unique(np.concatenate([known, beside[beside >= 0]]))
    around = np.unique(faces_of(mesh, ring)[1])
    at, place = _listed(mesh, terms["face"], around)
    mean = cell_vectors(mesh, around[place], terms[out][at], terms[into][at])
    through = np.zeros((around.size, 2))
    through[place, 0], through[place, 1] = terms[out][at], -terms[into][at]
    density = through[np.searchsorted(around, face), side] / mesh.area[face]
    normal = mesh.normal[face] * (1.0 - 2.0 * side)[:, None]
    arm = mesh.face_centre[face] - mesh.cell_centre[of]
    gradient = np.zeros((known.size, 3, 3))
    for i, c in enumerate(known):
        own = np.flatnonzero(of == c)
        joined = own[beside[own] >= 0]
        step = mesh.cell_centre[beside[joined]] - mesh.cell_centre[c]
        length, reach = np.linalg.norm(step, axis=1)[:, None], np.linalg.norm(arm[own], axis=1)
        rows = np.einsum("fi,fj->fij", normal[own], arm[own] / reach[:, None]).reshape(-1, 9)
        right = (density[own] - normal[own] @ mean[c]) / reach
        more = np.einsum("ik,fj->fikj", np.eye(3), step / length).reshape(-1, 9)
        rows = np.concatenate([rows, _NEIGHBOUR * more])
        right = np.concatenate([right, _NEIGHBOUR * ((mean[beside[joined]] - mean[c]) / length).ravel()])
        gradient[i] = np.linalg.lstsq(rows, right, rcond=None)[0].reshape(3, 3)
    row = np.searchsorted(known, cell)
    found = mean[cell] + np.einsum("nij,nj->ni", gradient[row], points - mesh.cell_centre[cell])
    cells = record["cells"]
    if block == "electric":
        bare = np.isnan(cells["electric_potential"]) | (cells.get("ideal_body", np.int64(-1)) >= 0)
    else:
        bare = lump_of_cell(record) >= 0
    found[bare[cell]] = np.nan
    return found
