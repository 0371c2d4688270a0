"""What an imported mesh must be: closed, connected, conforming, without double points, and orthogonal enough."""

from collections.abc import Sequence

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.errors import CaseError
from oxycell.mesh.connected import connected_parts
from oxycell.mesh.mesh import Mesh
from oxycell.mesh.polyhedra import face_keys

_CLOSED = 1e-9  # gap in the area vectors of a cell, over the area of its faces
_COINCIDENT = 1e-9  # distance of two points, over the extent of the mesh, at which they count as one
NOTED_ANGLE = 75.0  # [degrees]
LARGEST_ANGLE = 88.0  # [degrees]


def check_points(points: Floats, cells: Sequence[Ints]) -> None:
    """CaseError if two points (n, 3) coincide: cells (blocks of (m, k) int) on both sides of them would not be
    joined."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(points).query_pairs(_COINCIDENT * float(np.ptp(points, axis=0).max()), output_type="ndarray")
    if len(pairs):
        pair = pairs[np.argmin(pairs[:, 0])]
        x, having = points[pair[0]], np.concatenate([(block[..., None] == pair).any(1) for block in cells])
        one, other = (int(np.argmax(having[:, i])) for i in (0, 1))
        raise CaseError(
            f"mesh.file: {len(pairs)} pairs of points coincide, one at ({x[0]:.6g}, {x[1]:.6g}, {x[2]:.6g}) m, "
            f"corners of the cells {min(one, other)} and {max(one, other)}; allowed: cells that share their corners "
            "(in Gmsh: Coherence, or Mesh.Duplicates removed)"
        )


def check_closed(mesh: Mesh) -> None:
    """CaseError if the faces of a cell leave a gap, or a cell's centre is not behind all its faces."""
    inside = mesh.neighbour >= 0
    vector = mesh.area[:, None] * mesh.normal
    gap = np.zeros((mesh.n_cells, 3))
    np.add.at(gap, mesh.owner, vector)
    np.add.at(gap, mesh.neighbour[inside], -vector[inside])
    whole = np.bincount(mesh.owner, mesh.area, mesh.n_cells) + np.bincount(
        mesh.neighbour[inside], mesh.area[inside], mesh.n_cells
    )
    worst = np.linalg.norm(gap, axis=1) / whole
    if worst.max() > _CLOSED:
        raise CaseError(
            f"mesh.file: the faces of cell {int(np.argmax(worst))} do not close it; "
            "allowed: cells that order the corners of a shared face alike"
        )
    behind = np.where(inside[:, None], mesh.distance, np.maximum(mesh.distance, [0.0, 1.0])) > 0.0
    if not behind.all():
        face, side = np.argwhere(~behind)[0]
        cell = (mesh.owner, mesh.neighbour)[side][face]
        raise CaseError(
            f"mesh.file: the centre of cell {int(cell)} is not behind one of its faces; allowed: convex cells"
        )


def check_conforming(mesh: Mesh) -> None:
    """CaseError if a quadrilateral boundary face coincides with triangular ones: cells meet there without sharing a
    face."""
    corners = mesh.face_points[mesh.n_internal :]
    quads, triangles = corners[corners[:, 3] >= 0], corners[corners[:, 3] < 0]
    if not len(quads) or not len(triangles):
        return
    known = set(zip(*(key.tolist() for key in face_keys(triangles, len(mesh.points))), strict=True))
    for left_out in range(4):
        part = quads.copy()
        part[:, left_out] = -1
        for i, key in enumerate(zip(*(key.tolist() for key in face_keys(part, len(mesh.points))), strict=True)):
            if key in known:
                x = mesh.points[quads[i]].mean(0)
                raise CaseError(
                    f"mesh.file: triangles lie on a quadrilateral at ({x[0]:.6g}, {x[1]:.6g}, {x[2]:.6g}) m, so the "
                    "cells there share no face; allowed: a pyramid between hexahedra and tetrahedra"
                )


def check_connected(mesh: Mesh) -> None:
    """CaseError if the cells fall into parts that share no face."""
    n = mesh.n_internal
    part = connected_parts(mesh.n_cells, mesh.owner[:n], mesh.neighbour[:n])
    first, sizes = np.unique(part, return_counts=True)
    if first.size > 1:
        cells = np.flatnonzero(part == first[np.argmin(sizes)])
        names = sorted({mesh.region_names[i] for i in mesh.region[cells]})
        raise CaseError(
            f"mesh.file: the mesh falls into {first.size} parts that share no face; one has {cells.size} cells of "
            f"{', '.join(names[:3])}, the first of them cell {int(cells[0])}; allowed: one connected body"
        )


def worst_angle(mesh: Mesh) -> tuple[float, int]:
    """Largest angle [degrees] between a face's normal and the line of the centres on both sides, and that face; (0, −1)
    without."""
    n = mesh.n_internal
    if n == 0:
        return 0.0, -1
    line = mesh.cell_centre[mesh.neighbour[:n]] - mesh.cell_centre[mesh.owner[:n]]
    across = np.linalg.norm(np.cross(line, mesh.normal[:n]), axis=1)
    angle = np.degrees(np.arctan2(across, np.einsum("ij,ij->i", line, mesh.normal[:n])))
    face = int(np.argmax(angle))
    return float(angle[face]), face


def check_orthogonal(mesh: Mesh) -> list[str]:
    """Notes about the orthogonality of a mesh: list of str, empty where its angles are small enough for corrected
    fluxes.

    Raises
    ------
    CaseError
        The line of two centres leaves the normal of their face by more than `LARGEST_ANGLE`.
    """
    angle, face = worst_angle(mesh)
    if angle <= NOTED_ANGLE:
        return []
    cells = f"{mesh.owner[face]} and {mesh.neighbour[face]}"
    where = f"the line between the centres of cells {cells} leaves the normal of their face by {angle:.1f}°"
    if angle > LARGEST_ANGLE:
        raise CaseError(f"mesh.file: {where}; allowed: {LARGEST_ANGLE:.0f}°, by less flat or less oblique cells")
    return [f"{where}; fluxes are corrected for that, less reliably than at {NOTED_ANGLE:.0f}°"]
