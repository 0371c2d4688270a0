"""Tetrahedra, hexahedra, wedges and pyramids → volumes, centroids, and the faces they share."""

from collections.abc import Sequence

import numpy as np

from oxycell.arrays import Bools, Floats, Ints
from oxycell.errors import CaseError

CORNERS = {"tetra": 4, "pyramid": 5, "wedge": 6, "hexahedron": 8}
VTK_TYPE = {"tetra": 10, "hexahedron": 12, "wedge": 13, "pyramid": 14}

# Corners of each face, anticlockwise seen from outside, for a cell whose corners 0, 1, 2 are anticlockwise seen from
# inside.
_FACES = {
    "tetra": ((0, 2, 1), (0, 1, 3), (1, 2, 3), (2, 0, 3)),
    "pyramid": ((0, 3, 2, 1), (0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)),
    "wedge": ((0, 2, 1), (3, 4, 5), (0, 1, 4, 3), (1, 2, 5, 4), (2, 0, 3, 5)),
    "hexahedron": ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)),
}
_MIRRORED = {
    "tetra": (0, 2, 1, 3),
    "pyramid": (0, 3, 2, 1, 4),
    "wedge": (3, 4, 5, 0, 1, 2),
    "hexahedron": (4, 5, 6, 7, 0, 1, 2, 3),
}
_FLAT = 1e-12  # share of the cube of a cell's extent below which its volume counts as none


def orient(points: Floats, kind: str, cells: Ints, first: int) -> tuple[Ints, Floats, Floats]:
    """Cells with their corners in the usual order, their volumes and centroids.

    Parameters
    ----------
    points : (n_points, 3) [m]
    kind : str, one of CORNERS
    cells : (n, k) int
    first : int, number of the first of these cells, for messages

    Returns
    -------
    cells : (n, k) int, those in mirrored order turned round
    volume : (n,) [m³], > 0
    centre : (n, 3) [m], centroids

    Raises
    ------
    CaseError
        A cell repeats a corner, is flat, or is so tangled that its faces are not all seen from its middle.

    Notes
    -----
    Each cell is cut into tetrahedra between its middle and its faces; a quadrilateral into four triangles about its
    own middle, so that cells on both sides of a warped face cut it alike.
    """
    in_order = np.sort(cells, 1)
    _refuse(
        np.any(in_order[:, 1:] == in_order[:, :-1], 1),
        first,
        kind,
        "uses a corner twice; allowed: four to eight distinct corners",
    )
    x = points[cells]
    middle = x.mean(1)
    volumes, moments = [], np.zeros((len(cells), 3))
    for face in _FACES[kind]:
        corners = x[:, face]
        for a, b, c in _triangles(corners):
            part = np.einsum("ij,ij->i", a - middle, np.cross(b - middle, c - middle)) / 6.0
            volumes.append(part)
            moments += part[:, None] * (middle + a + b + c) / 4.0
    parts = np.stack(volumes, 1)
    volume = parts.sum(1)
    size = np.ptp(x, axis=1).max(1)
    _refuse(~(np.abs(volume) > _FLAT * size**3), first, kind, "has no volume")
    turned = volume < 0.0
    parts[turned] *= -1.0
    _refuse(
        np.any(parts <= 0.0, 1),
        first,
        kind,
        "is tangled: not all its faces are visible from its middle; allowed: convex cells",
    )
    cells = np.where(turned[:, None], cells[:, _MIRRORED[kind]], cells)
    return cells, np.abs(volume), moments / volume[:, None]


def _refuse(wrong: Bools, first: int, kind: str, what: str) -> None:
    if wrong.any():
        cell = int(np.argmax(wrong))
        more = f" (and {int(np.count_nonzero(wrong)) - 1} more)" if np.count_nonzero(wrong) > 1 else ""
        raise CaseError(f"mesh.file: cell {first + cell} ({kind}) {what}{more}")


def _triangles(corners: Floats) -> list[tuple[Floats, Floats, Floats]]:
    """Triangles (a, b, c), each (n, 3), of faces (n, 3 or 4, 3); a quadrilateral is cut about its middle."""
    m = corners.shape[1]
    if m == 3:
        return [(corners[:, 0], corners[:, 1], corners[:, 2])]
    middle = corners.mean(1)
    return [(middle, corners[:, i], corners[:, (i + 1) % m]) for i in range(m)]


def join_faces(blocks: Sequence[tuple[str, Ints]], n_points: int) -> tuple[Ints, Ints, Ints]:
    """Faces of all cells, each once.

    Parameters
    ----------
    blocks : sequence of (kind, (n, k) int), oriented cells, numbered through
    n_points : int

    Returns
    -------
    corners : (n_faces, 4) int, anticlockwise seen from outside the owner; the fourth is −1 for a triangle
    owner, neighbour : (n_faces,) int; neighbour is −1 at a boundary
        Internal faces first, by owner and neighbour; then boundary faces, by owner. owner < neighbour.

    Raises
    ------
    CaseError
        More than two cells share a face.
    """
    corner_blocks, cell_blocks, start = [], [], 0
    for kind, cells in blocks:
        sides = np.full((len(cells), len(_FACES[kind]), 4), -1, np.int64)
        for i, face in enumerate(_FACES[kind]):
            sides[:, i, : len(face)] = cells[:, face]
        corner_blocks.append(sides.reshape(-1, 4))
        cell_blocks.append(np.repeat(np.arange(start, start + len(cells)), sides.shape[1]))
        start += len(cells)
    corners, cell = np.concatenate(corner_blocks), np.concatenate(cell_blocks)
    high, low = face_keys(corners, n_points)
    order = np.lexsort((low, high))
    high, low = high[order], low[order]
    first = np.flatnonzero(np.r_[True, (high[1:] != high[:-1]) | (low[1:] != low[:-1])])
    count = np.diff(np.r_[first, order.size])
    if (count > 2).any():
        at = first[int(np.argmax(count > 2))]
        raise CaseError(
            f"mesh.file: cells {', '.join(map(str, cell[order[at : at + 3]]))} share one face; allowed: two cells "
            f"at a face"
        )
    pair, single = first[count == 2], first[count == 1]
    side, other = order[pair], cell[order[np.minimum(pair + 1, order.size - 1)]]
    ranking = np.lexsort((other, cell[side]))
    outside = np.sort(order[single])
    chosen = np.r_[side[ranking], outside]
    return corners[chosen], cell[chosen], np.r_[other[ranking], np.full(outside.size, -1)]


def face_keys(corners: Ints, n_points: int) -> tuple[Ints, Ints]:
    """Two integers (n,) that are the same for faces (n, 4) with the same corners, in whatever order."""
    a, b, c, d = (np.sort(corners, 1) + 1).T.astype(np.int64)
    return a * (n_points + 1) + b, c * (n_points + 1) + d


def measure_faces(points: Floats, corners: Ints) -> tuple[Floats, Floats, Floats]:
    """Area (n,) [m²], unit normal (n, 3) and centroid (n, 3) [m] of faces (n, 4).

    Of a warped quadrilateral: the size of its area vector, that vector's direction, and the centroid of its projection.

    Raises
    ------
    CaseError
        A face has no area.
    """
    triangle = corners[:, 3] < 0
    x = points[np.where(triangle[:, None] & (np.arange(4) == 3), corners[:, [0]], corners)]
    vector = 0.5 * np.cross(x[:, 2] - x[:, 0], x[:, 3] - x[:, 1])
    vector[triangle] = 0.5 * np.cross(x[triangle, 1] - x[triangle, 0], x[triangle, 2] - x[triangle, 0])
    area = np.linalg.norm(vector, axis=1)
    if not (area > 0.0).all():
        x0 = points[corners[int(np.argmin(area)), 0]]
        raise CaseError(
            f"mesh.file: a face at ({x0[0]:.6g}, {x0[1]:.6g}, {x0[2]:.6g}) m has no area; "
            "allowed: cells whose faces have some"
        )
    normal = vector / area[:, None]
    centre = x[:, :3].mean(1)
    quads = np.flatnonzero(~triangle)
    moment = np.zeros((quads.size, 3))
    for a, b, c in _triangles(x[quads]):
        weight = 0.5 * np.einsum("ij,ij->i", np.cross(b - a, c - a), normal[quads])
        moment += weight[:, None] * (a + b + c) / 3.0
    centre[quads] = moment / area[quads, None]
    return area, normal, centre
