"""A region for every position of a grid → Mesh; what a solve reads is stored, the rest is computed on demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oxycell.arrays import Array, Bools, Floats, Ints
from oxycell.mesh.derived import Late, Rows, Shared
from oxycell.mesh.mesh import AXES, SAME, Lattice, Mesh, index_type

_HEXAHEDRON = 12  # VTK's number
_CORNERS = np.array(
    [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]
)  # in VTK's order
_RINGS = np.array([[np.insert(pair, axis, 0) for pair in ((0, 0), (1, 0), (1, 1), (0, 1))] for axis in range(3)])
"""Corners of a face normal to each axis, as steps on the grid."""
_NORMALS = np.concatenate([np.eye(3), 0.0 - np.eye(3)])  # along each axis, then against it


def lattice_mesh(
    edges: Sequence[Floats],
    region: Ints,
    region_names: Sequence[str],
    region_material: Sequence[str],
    symmetry: Sequence[str],
) -> Mesh:
    """Mesh of the grid positions whose region is not −1.

    Parameters
    ----------
    edges : three arrays of cell edges [m]
    region : (nx, ny, nz) int, index into region_names, −1 for empty space
    region_names, region_material : list of str, one each for each region
    symmetry : axes whose first plane is a symmetry plane

    Returns
    -------
    Mesh; cells in the order of their positions, faces by axis in the order of the planes they lie on
    """
    shape, filled = region.shape, region >= 0
    n_cells = int(np.count_nonzero(filled))
    ijk = np.empty((3, n_cells), index_type(max(shape)))
    for axis in range(3):
        ijk[axis] = _along(axis, np.arange(shape[axis], dtype=ijk.dtype), shape)[filled]
    x, y, z = (np.asarray(e, float) for e in edges)
    lattice = Lattice(x, y, z, ijk.T)
    cell = np.full([n + 2 for n in shape], -1, np.int32)  # with a rim of empty space
    cell[1:-1, 1:-1, 1:-1][filled] = np.arange(n_cells, dtype=np.int32)
    planes = [_planes(cell, axis) for axis in range(3)]
    chosen = [(low >= 0) & (high >= 0) for low, high in planes] + [(low >= 0) != (high >= 0) for low, high in planes]
    first = np.cumsum([0, *(np.count_nonzero(there) for there in chosen)])
    n_faces, n_internal = int(first[6]), int(first[3])
    owner, neighbour, area = np.empty(n_faces, np.int32), np.full(n_faces, -1, np.int32), np.empty(n_faces)
    outer, low_side = np.zeros(n_faces, bool), np.zeros(n_faces - n_internal, bool)
    distances, begin = _distances(lattice.widths)
    distance = np.empty(n_faces, index_type(len(distances)))
    for group, there in enumerate(chosen):
        axis, at = group % 3, slice(first[group], first[group + 1])
        low, high = (cells[there] for cells in planes[axis])
        plane = _along(axis, np.arange(there.shape[axis], dtype=distance.dtype), there.shape)[there]
        one, other = (_along(a, lattice.widths[a], there.shape) for a in range(3) if a != axis)
        area[at] = one[there] * other[there]
        if group < 3:
            owner[at], neighbour[at], distance[at] = low, high, begin[group] + plane - 1
        else:
            at_low = low < 0
            owner[at], distance[at] = np.where(at_low, high, low), begin[group] + plane - ~at_low
            outer[at] = (plane > 0) | (AXES[axis] not in symmetry) | (abs(lattice.edges[axis][0]) >= SAME)
            low_side[first[group] - n_internal : first[group + 1] - n_internal] = at_low
    geometry = _Geometry(lattice, owner, first, low_side)
    material_names = sorted(set(region_material))
    material_of_region = np.array(
        [material_names.index(name) for name in region_material], index_type(len(material_names))
    )
    cell_region = region[filled].astype(index_type(len(region_names)), copy=False)
    wide = lattice.widths
    return Mesh(
        cell_volume=wide[0][ijk[0]] * wide[1][ijk[1]] * wide[2][ijk[2]],
        region=cell_region,
        region_names=list(region_names),
        material=material_of_region[cell_region],
        material_names=material_names,
        owner=owner,
        neighbour=neighbour,
        area=area,
        distance=Shared(distances, distance),
        outer=outer,
        cell_centre=Rows(geometry.cell_centres, n_cells),
        normal=Rows(geometry.normals, n_faces),
        face_centre=Rows(geometry.centres, n_faces),
        face_corners=Rows(geometry.corners, n_faces),
        face_points=Rows(geometry.points, n_faces),
        points=Late(geometry.all_points),
        connectivity=Late(geometry.connectivity),
        offsets=Late(geometry.offsets),
        types=np.broadcast_to(np.uint8(_HEXAHEDRON), n_cells),
        multiplicity=2 ** len(symmetry),
        symmetry=tuple(symmetry),
        lattice=lattice,
    )


def stretched(mesh: Mesh, edges: Sequence[Floats]) -> Mesh:
    """The mesh of a lattice with other cell edges [m], as many along each axis: cells and faces keep their numbers."""
    assert mesh.lattice is not None
    region = np.full(mesh.lattice.shape, -1, mesh.region.dtype)
    region[tuple(mesh.lattice.ijk.T)] = mesh.region
    first = np.unique(mesh.region, return_index=True)[1]
    material = [mesh.material_names[number] for number in mesh.material[first]]
    return lattice_mesh(edges, region, mesh.region_names, material, mesh.symmetry)


def _distances(widths: Sequence[Floats]) -> tuple[Floats, Ints]:
    """Distances (k, 2) [m] of all faces there can be, and the row (6,) int of the first ones of each axis: internal,
    then at a boundary."""
    half = [0.5 * wide for wide in widths]
    tables = [np.stack([h[:-1], h[1:]], 1) for h in half] + [np.stack([h, np.zeros(h.size)], 1) for h in half]
    return np.concatenate(tables), np.cumsum([0, *(len(table) for table in tables[:-1])])


def _along(axis: int, values: Array, shape: Sequence[int]) -> Array:
    """Values along one axis, spread over a grid without copying."""
    return np.broadcast_to(values.reshape([-1 if a == axis else 1 for a in range(3)]), shape)


def _planes(cell: Ints, axis: int) -> tuple[Ints, Ints]:
    """Cells on the low and on the high side of every place on the planes normal to an axis; `cell` has a rim."""
    low, high = (
        cell[tuple(part if a == axis else slice(1, -1) for a in range(3))] for part in (slice(-1), slice(1, None))
    )
    return low, high


@dataclass(frozen=True)
class _Geometry:
    """Where the cells and faces of a lattice lie.

    Attributes
    ----------
    lattice : Lattice; owner : (n_faces,) int
    first : (7,) int, where the faces of each axis begin, internal ones, then boundary ones
    low : (n_boundary,) bool, boundary faces on the low side of their owner
    """

    lattice: Lattice
    owner: Ints
    first: Ints
    low: Bools

    def cell_centres(self, cells: Ints) -> Floats:
        """(n, 3) [m]."""
        return self._gathered([0.5 * (e[1:] + e[:-1]) for e in self.lattice.edges], self.lattice.ijk[cells])

    def normals(self, faces: Ints) -> Floats:
        """(n, 3)."""
        axis, high = self._side(faces)
        return _NORMALS[np.where(high, axis, axis + 3)]

    def centres(self, faces: Ints) -> Floats:
        """(n, 3) [m]."""
        axis, high = self._side(faces)
        ijk, found = self.lattice.ijk[self.owner[faces]], self.cell_centres(self.owner[faces])
        for a, edges in enumerate(self.lattice.edges):
            here = axis == a
            found[here, a] = edges[ijk[here, a] + high[here]]
        return found

    def corners(self, faces: Ints) -> Floats:
        """(n, 4, 3) [m]."""
        return self._gathered(self.lattice.edges, self._ring(faces))

    def points(self, faces: Ints) -> Ints:
        """(n, 4) int, numbers of the corners."""
        return self._number[tuple(np.moveaxis(self._ring(faces), -1, 0))]

    def all_points(self) -> Floats:
        """(n_points, 3) [m]."""
        return self._gathered(self.lattice.edges, np.argwhere(self._number >= 0))

    def connectivity(self) -> Ints:
        """(8 n_cells,) int32, corners of each cell in VTK's order."""
        i, j, k = self.lattice.ijk.T
        found = np.empty((i.size, 8), np.int32)
        for c, (a, b, d) in enumerate(_CORNERS):
            found[:, c] = self._number[i + a, j + b, k + d]
        return found.ravel()

    def offsets(self) -> Ints:
        """(n_cells + 1,) int, where the corners of each cell begin in `connectivity`."""
        return np.arange(len(self.lattice.ijk) + 1, dtype=np.int64) * 8

    @cached_property
    def _number(self) -> Ints:
        """Number of each corner of the grid (nx + 1, ny + 1, nz + 1), −1 where no cell has it."""
        filled = np.zeros(self.lattice.shape, bool)
        filled[tuple(self.lattice.ijk.T)] = True
        used = np.zeros([n + 1 for n in filled.shape], bool)
        for a, b, d in _CORNERS:
            used[a : a + filled.shape[0], b : b + filled.shape[1], d : d + filled.shape[2]] |= filled
        return np.where(used, np.cumsum(used.ravel(), dtype=np.int32).reshape(used.shape) - 1, -1)

    def _side(self, faces: Ints) -> tuple[Ints, Bools]:
        """Axis each face is normal to, and whether it lies on the high side of its owner."""
        group, high = np.zeros(faces.size, np.int8), np.ones(faces.size, bool)
        for start in self.first[1:6]:
            group += faces >= start
        boundary = np.flatnonzero(group >= 3)
        high[boundary] = ~self.low[faces[boundary] - self.first[3]]
        return group % 3, high

    def _ring(self, faces: Ints) -> Ints:
        """Corners of faces on the grid (n, 4, 3) int."""
        axis, high = self._side(faces)
        ring = self.lattice.ijk[self.owner[faces]][:, None] + _RINGS[axis]
        ring[np.arange(faces.size), :, axis] += high[:, None]
        return ring

    @staticmethod
    def _gathered(values: Sequence[Floats], at: Ints) -> Floats:
        """Values along each axis at grid positions (…, 3)."""
        return np.stack([v[at[..., axis]] for axis, v in enumerate(values)], -1)
