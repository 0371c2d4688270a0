"""Mesh: cells, faces, regions and materials as frozen arrays; no fields, no solvers."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Array, Bools, Floats, Ints
from oxycell.errors import CaseError
from oxycell.mesh.derived import Late, Rows, Shared, pieces

AXES = "xyz"
SAME = 1e-9  # [m] planes this close are one plane written twice
MeshArray = Array | Rows | Shared | Late


@dataclass(frozen=True)
class Lattice:
    """The tensor-product grid a box-built mesh comes from.

    Attributes
    ----------
    x, y, z : (n + 1,) [m], edges of the grid along each axis
    ijk : (n_cells, 3) int, position of each cell on the grid, increasing in C order; positions without a cell are empty
        space
    """

    x: Floats
    y: Floats
    z: Floats
    ijk: Ints

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of grid positions along x, y, z."""
        return self.x.size - 1, self.y.size - 1, self.z.size - 1

    @property
    def edges(self) -> tuple[Floats, Floats, Floats]:
        """Edges of the grid along x, y, z [m]."""
        return self.x, self.y, self.z

    @property
    def widths(self) -> tuple[Floats, Floats, Floats]:
        """Cell widths along x, y, z [m]."""
        return np.diff(self.x), np.diff(self.y), np.diff(self.z)


@dataclass(frozen=True)
class Mesh:
    """Cells and faces; internal faces come first, then boundary faces.

    Attributes
    ----------
    cell_volume : (n_cells,) [m³]
    region, material : (n_cells,) int, index into region_names, material_names
    owner, neighbour : (n_faces,) int32, cells on both sides; neighbour is −1 at a boundary
    area : (n_faces,) [m²]
    distance : (n_faces, 2) [m], normal distance from the face to the owner's and the neighbour's centre; 0 at a
        boundary
    outer : (n_faces,) bool, boundary faces that face outwards; False on internal faces and symmetry planes
    cell_centre : (n_cells, 3) [m]
    normal : (n_faces, 3), unit, from owner to neighbour, outwards at a boundary
    face_centre : (n_faces, 3) [m]
    face_corners : (n_faces, 4, 3) [m]; the fourth of a triangle is its first
    face_points : (n_faces, 4) int, numbers of the corners; the fourth is −1 for a triangle
    points : (n_points, 3) [m]
    connectivity, offsets, types : cells in VTK's numbering
    multiplicity : how many copies of the model make the whole
    symmetry : axes the model is cut at
    lattice : the grid of a box-built mesh, else None

    Notes
    -----
    Of a box-built mesh `cell_centre` and what follows it are no arrays but computed from the lattice where they are
    indexed, and `distance` is a table of the distances there are.
    """

    cell_volume: Floats
    region: Ints
    region_names: list[str]
    material: Ints
    material_names: list[str]
    owner: Ints
    neighbour: Ints
    area: Floats
    distance: MeshArray
    outer: Bools
    cell_centre: MeshArray
    normal: MeshArray
    face_centre: MeshArray
    face_corners: MeshArray
    face_points: MeshArray
    points: MeshArray
    connectivity: MeshArray
    offsets: MeshArray
    types: MeshArray
    multiplicity: int = 1
    symmetry: tuple[str, ...] = ()
    lattice: Lattice | None = None
    face_names: dict[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
                object.__setattr__(self, name, value)

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.cell_volume.size

    @property
    def n_faces(self) -> int:
        """Number of internal and boundary faces."""
        return self.owner.size

    @cached_property
    def n_internal(self) -> int:
        """Number of internal faces."""
        return int(np.count_nonzero(self.neighbour >= 0))

    @cached_property
    def outside(self) -> Ints:
        """Numbers (n,) of the faces that face outwards, increasing."""
        return self.n_internal + np.flatnonzero(self.outer[self.n_internal :])

    @cached_property
    def outside_of(self) -> list[Ints]:
        """Those of each region: list of (n,) int, increasing."""
        from oxycell.mesh.connected import places_of

        order, first = places_of(self.region[self.owner[self.outside]].astype(np.int32), len(self.region_names))
        return [self.outside[order[start:end]] for start, end in zip(first[:-1], first[1:], strict=True)]

    @cached_property
    def between(self) -> Ints:
        """Numbers (n,) of the internal faces between two regions, increasing."""
        return self.faces_where(lambda faces: self.region[self.owner[faces]] != self.region[self.neighbour[faces]])

    @cached_property
    def hash(self) -> str:
        """Identity of the mesh: SHA-256 of its geometry, topology and names."""
        digest = hashlib.sha256()
        grid = self.lattice
        shape = (self.points, self.connectivity, self.offsets) if grid is None else (grid.x, grid.y, grid.z, grid.ijk)
        for array in (*shape, self.region, self.material, self.owner, self.neighbour):
            array = np.asarray(array)
            kind = np.promote_types(array.dtype, np.int32)  # whatever smaller type whole numbers are stored in
            for piece in pieces(len(array)):
                digest.update(np.ascontiguousarray(array[piece], kind).data)
        digest.update("\0".join([*self.region_names, "", *self.material_names]).encode())
        return digest.hexdigest()

    def faces_where(self, test: Callable[[slice], Bools]) -> Ints:
        """Numbers (n,) int32 of the internal faces for which something holds, increasing; `test` gets slices of them,
        returns (k,) bool."""
        found = [faces.start + np.flatnonzero(test(faces)).astype(np.int32) for faces in pieces(self.n_internal)]
        return np.concatenate([np.zeros(0, np.int32), *found])

    def distance_rows(self, faces: Ints) -> tuple[Array, Ints]:
        """Table (k, 2) [m] with the distances of faces (m,) int, and the row of each in it (m,)."""
        if isinstance(self.distance, Shared):
            return self.distance.values, self.distance.number[faces]
        return np.asarray(self.distance), faces

    def whole_area(self, faces: Ints) -> float:
        """Area [m²] of a surface in the whole: a surface that reaches a symmetry plane goes on behind it."""
        copies = 1
        for axis in self.symmetry:
            copies *= 2 if np.min(np.abs(self.face_corners[faces][..., AXES.index(axis)])) < SAME else 1
        return copies * float(self.area[faces].sum())

    def regions(self, pattern: str) -> list[int]:
        """Indices of the regions whose name fits a pattern; CaseError with the nearest name if none does.

        Parameters
        ----------
        pattern : str, a name or a shell pattern such as "anode_*.plate"
        """
        found = [i for i, name in enumerate(self.region_names) if fnmatchcase(name, pattern)]
        if not found:
            raise CaseError(f"no region is called {pattern!r}; {nearest_name(pattern, self.region_names)}")
        return found

    def fitting(self, *patterns: str) -> Bools:
        """Mask (n_regions,) of the regions whose name fits one of the patterns."""
        chosen = np.zeros(len(self.region_names), bool)
        for pattern in patterns:
            chosen[self.regions(pattern)] = True
        return chosen

    def cells(self, *patterns: str) -> Bools:
        """Mask (n_cells,) of the cells whose region fits one of the patterns."""
        return self.fitting(*patterns)[self.region]


def index_type(n: int) -> np.dtype[Any]:
    """The type in which numbers of n things, and −1, are stored."""
    return np.promote_types(np.int16, np.min_scalar_type(-n))


def nearest_name(name: str, names: Sequence[str]) -> str:
    """Hint for an unknown name: the nearest known one."""
    from difflib import get_close_matches

    close = get_close_matches(name, names, 1, 0.0)
    return f"nearest is {close[0]!r}" if close else "there is none"
