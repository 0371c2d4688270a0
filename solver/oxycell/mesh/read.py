"""Mesh file → Mesh: volume names become regions, surface names named faces."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.errors import CaseError
from oxycell.mesh.check import check_closed, check_conforming, check_connected, check_points
from oxycell.mesh.derived import corners_of
from oxycell.mesh.files import SURFACES, Blocks, Names, find_mesh, read_file
from oxycell.mesh.mesh import Mesh, nearest_name
from oxycell.mesh.polyhedra import CORNERS, VTK_TYPE, face_keys, join_faces, measure_faces, orient

_IGNORED = ("vertex", "line", "line3")
_ON_PLANE = 1e-9  # distance of a corner from a symmetry plane over the extent of the mesh


class NamedVolume(Protocol):
    """What a mesh has to know of a volume of the file: the options `Region`, or anything alike."""

    @property
    def name(self) -> str:
        """Name of the volume in the file."""

    @property
    def material(self) -> str:
        """Name of its material."""


def read_mesh(
    path: str | Path, regions: Sequence[NamedVolume], scale: float = 1.0, symmetry: Sequence[str] = ()
) -> Mesh:
    """Mesh of a file.

    Parameters
    ----------
    path : str or Path, a file, or the name of a mesh that comes with oxycell
    regions : sequence of Region (anything with `name` and `material`), one for each volume of the file
    scale : [m], what one unit of length of the file is
    symmetry : axes whose plane 0 the mesh is cut at

    Returns
    -------
    Mesh, without a lattice; `face_names` holds the faces of each named surface, outside or inside

    Raises
    ------
    CaseError
        The file cannot be read, its names are not those of the regions, or its cells make no sound mesh.
    """
    path = find_mesh(path)
    points, blocks, names = read_file(path)
    volumes = [(kind, cells, number) for number, (kind, cells) in enumerate(blocks) if kind in CORNERS]
    for kind, cells in blocks:
        if cells.shape[1:] != ((CORNERS | SURFACES).get(kind, cells.shape[-1]),):
            raise CaseError(f"mesh.file: {path.name}: a {kind} has {cells.shape[-1]} corners; allowed: a complete file")
        if kind not in CORNERS and kind not in SURFACES and kind not in _IGNORED and len(cells):
            raise CaseError(
                f"mesh.file: {path.name}: holds cells of the kind {kind}; allowed: first-order {', '.join(CORNERS)}"
            )
    if not sum(len(cells) for _, cells, _ in volumes):
        raise CaseError(f"mesh.file: {path.name}: holds no volume cell; allowed: {', '.join(CORNERS)}")
    if points.shape[1] != 3 or not np.isfinite(points).all():
        raise CaseError(
            f"mesh.file: {path.name}: points are not three finite coordinates each; allowed: points in space"
        )
    region = _regions_of_cells(path, volumes, names, regions)
    used = np.zeros(len(points), bool)
    for _, cells, _ in volumes:
        if cells.size and (cells.min() < 0 or cells.max() >= len(points)):
            raise CaseError(
                f"mesh.file: {path.name}: a cell names a point that is not in the file; allowed: a complete file"
            )
        used[cells] = True
    number = np.where(used, np.cumsum(used) - 1, -1)
    points = np.ascontiguousarray(points[used] * scale)
    check_points(points, [number[cells] for _, cells, _ in volumes])
    oriented, volume, centre, first = [], [], [], 0
    for kind, cells, _ in volumes:
        cells, v, c = orient(points, kind, number[cells], first)
        oriented.append((kind, cells))
        volume.append(v)
        centre.append(c)
        first += len(cells)
    mesh = _assemble(points, oriented, np.concatenate(volume), np.concatenate(centre), region, regions, symmetry)
    mesh = replace(mesh, face_names=_named_faces(path, mesh, blocks, names, number))
    check_closed(mesh)
    check_conforming(mesh)
    check_connected(mesh)
    return mesh


def _regions_of_cells(
    path: Path, volumes: Sequence[tuple[str, Ints, int]], names: Names, regions: Sequence[NamedVolume]
) -> Ints:
    """Region (n_cells,) int of every cell; every volume of the file is declared, every declared one is in the file."""
    declared = [region.name for region in regions]
    for name in declared:
        if declared.count(name) > 1:
            raise CaseError(f"regions: {name!r} is declared twice; allowed: once")
    there = {name for dimension, name in names if dimension == 3}
    for name in declared:
        if name not in there:
            near = nearest_name(name, sorted(there - {*declared}) or sorted(there))
            raise CaseError(f"regions: no volume of {path.name} is called {name!r}; {near}")
    for name in sorted(there):
        if name not in declared:
            raise CaseError(
                f"regions: the volume {name!r} of {path.name} is not declared; allowed: a region of that name for "
                f"each volume"
            )
    found = []
    for _, cells, number in volumes:
        region = np.full(len(cells), -1, np.int32)
        for i, name in enumerate(declared):
            chosen = names[3, name].get(number, np.empty(0, np.int64))
            twice = chosen[region[chosen] >= 0]
            if twice.size:
                raise CaseError(
                    f"mesh.file: {path.name}: cells belong to the volumes {declared[region[twice[0]]]!r} and {name!r}; "
                    "allowed: one"
                )
            region[chosen] = i
        found.append(region)
    region = np.concatenate(found)
    if (region < 0).any():
        raise CaseError(
            f"mesh.file: {path.name}: {np.count_nonzero(region < 0)} cells belong to no named volume, the first is "
            f"cell {int(np.argmax(region < 0))}; allowed: a volume name for every cell (in Gmsh: Physical Volume)"
        )
    for i, name in enumerate(declared):
        if not (region == i).any():
            raise CaseError(f"mesh.file: {path.name}: the volume {name!r} has no cell; allowed: no empty volume")
    return region


def _assemble(
    points: Floats,
    blocks: Blocks,
    volume: Floats,
    centre: Floats,
    region: Ints,
    regions: Sequence[NamedVolume],
    symmetry: Sequence[str],
) -> Mesh:
    corners, owner, neighbour = join_faces(blocks, len(points))
    area, normal, face_centre = measure_faces(points, corners)
    inside = neighbour >= 0
    distance = np.zeros((owner.size, 2))
    distance[:, 0] = np.einsum("ij,ij->i", face_centre - centre[owner], normal)
    distance[inside, 1] = np.einsum("ij,ij->i", centre[neighbour[inside]] - face_centre[inside], normal[inside])
    outer = ~inside
    near = _ON_PLANE * float(np.ptp(points, axis=0).max())
    for axis in symmetry:
        place = points[:, "xyz".index(axis)]
        if place.min() < -near:
            raise CaseError(
                f"mesh.symmetry: the mesh reaches to {axis} = {place.min():.6g} m; "
                f"allowed: {axis} ≥ 0 with a symmetry plane there"
            )
        on_plane = ~inside & np.all((np.abs(place[corners]) <= near) | (corners < 0), 1)
        if not on_plane.any():
            raise CaseError(
                f"mesh.symmetry: no face of the mesh lies on {axis} = 0; allowed: planes the mesh is cut at"
            )
        outer &= ~on_plane
    material_names = sorted({spec.material for spec in regions})
    material_of_region = np.array([material_names.index(spec.material) for spec in regions], np.int32)
    sizes = np.concatenate([np.full(len(cells), CORNERS[kind]) for kind, cells in blocks])
    return Mesh(
        cell_centre=centre,
        cell_volume=volume,
        region=region,
        region_names=[spec.name for spec in regions],
        material=material_of_region[region],
        material_names=material_names,
        owner=owner.astype(np.int32),
        neighbour=neighbour.astype(np.int32),
        area=area,
        normal=normal,
        face_centre=face_centre,
        distance=distance,
        outer=outer,
        face_corners=corners_of(points, corners),
        face_points=corners,
        points=points,
        connectivity=np.concatenate([cells.ravel() for _, cells in blocks]).astype(np.int64),
        offsets=np.r_[0, np.cumsum(sizes)].astype(np.int64),
        types=np.concatenate([np.full(len(cells), VTK_TYPE[kind], np.uint8) for kind, cells in blocks]),
        multiplicity=2 ** len(symmetry),
        symmetry=tuple(symmetry),
    )


def _named_faces(path: Path, mesh: Mesh, blocks: Blocks, names: Names, number: Ints) -> dict[str, Ints]:
    """Faces of each named surface: name → (n,) int, increasing."""
    high, low = face_keys(np.asarray(mesh.face_points), len(mesh.points))
    order = np.lexsort((low, high))
    known = np.rec.fromarrays([high[order], low[order]])
    found: dict[str, Ints] = {}
    for (dimension, name), elements in names.items():
        if dimension != 2:
            continue
        faces = []
        for block, chosen in elements.items():
            kind, cells = blocks[block]
            if kind not in SURFACES:
                continue
            corners = np.full((chosen.size, 4), -1, np.int64)
            corners[:, : SURFACES[kind]] = number[cells[chosen]]
            wanted = np.rec.fromarrays(face_keys(corners, len(mesh.points)), dtype=known.dtype)
            at = np.minimum(np.searchsorted(known, wanted), known.size - 1)
            lost = known[at] != wanted
            if lost.any():
                raise CaseError(
                    f"mesh.file: {path.name}: {np.count_nonzero(lost)} elements of the surface {name!r} are no face "
                    "of a cell; allowed: surfaces that bound volumes"
                )
            faces.append(order[at])
        if not faces or not sum(part.size for part in faces):
            raise CaseError(f"mesh.file: {path.name}: the surface {name!r} has no face; allowed: no empty surface")
        found[name] = np.unique(np.concatenate(faces))
    return found
