"""Boxes → tensor-product mesh with the material of every cell; near planes merged, widths graded."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.errors import CaseError
from oxycell.mesh.lattice import lattice_mesh
from oxycell.mesh.mesh import AXES, SAME, Mesh, index_type, nearest_name
from oxycell.mesh.options import Box, MeshOptions, Surface
from oxycell.mesh.where import looks
from oxycell.runtime import check_memory

_POSITION_BYTES, _CELL_BYTES = 15, 95  # memory of building a mesh, measured: for each grid position and each cell
_EDGE_BYTES = (
    32  # for each cell edge along an axis: what `_Widths.edges` interpolates at, the edges, those of subdivided cells
)
_MOST = 1e18  # cells of an interval above which only their size is told, so that no width can overflow


def build_mesh(boxes: Sequence[Box], options: MeshOptions, more: float = 0) -> tuple[Mesh, list[str]]:
    """Mesh of a list of boxes.

    Parameters
    ----------
    boxes : sequence of Box; where they overlap the later one counts
    options : MeshOptions
    more : memory [bytes] that is wanted for each cell beyond that of the mesh

    Returns
    -------
    mesh : Mesh
    moves : list of str, one line for each mesh plane that was merged into another

    Raises
    ------
    CaseError
        A box has no volume left on the mesh, or no box has a material.
    FileError
        The mesh, with what is needed in addition, would take more memory than there is; reported before anything is
        built.
    """
    merged, moves = {}, []
    for axis in AXES:
        planes, places, moved = box_planes(boxes, options, axis)
        merged[axis] = planes, places
        moves += [f"{axis} = {old:.6g} m moved to {new:.6g} m" for old, new in moved]
    shape, cells = foretold(boxes, merged, options)
    positions = math.prod(shape)
    check_memory(
        _POSITION_BYTES * positions + _EDGE_BYTES * sum(shape),
        f"mesh: {' x '.join(map(_counted, shape))} = {_counted(positions)} grid positions",
    )
    check_memory(_CELL_BYTES * cells, f"mesh: {_counted(cells)} cells")
    check_memory(more * cells, f"solve: {_counted(cells)} cells")
    axes = [
        (places, _subdivided(_edges(planes, options, axis), options.subdivisions))
        for axis, (planes, places) in merged.items()
    ]
    region = np.full(shape, -1, index_type(len(boxes)))
    region_names: list[str] = []
    region_material: dict[str, str] = {}
    for box in boxes:
        region[_box_slices(box, axes, options)] = _region_index(box, region_names, region_material)
    _, *count = np.bincount(region.ravel() + 1, minlength=len(region_names) + 1)
    used = np.flatnonzero(count)
    if used.size == 0:
        raise CaseError("boxes: no box has a material; at least one is needed")
    renumber = np.full(len(region_names) + 1, -1, region.dtype)
    renumber[used] = np.arange(used.size)
    region = renumber[region]
    region_names = [region_names[i] for i in used]
    mesh = lattice_mesh(
        [edges for _, edges in axes],
        region,
        region_names,
        [region_material[name] for name in region_names],
        options.symmetry,
    )
    return mesh, moves


def foretold(
    boxes: Sequence[Box], merged: Mapping[str, tuple[Floats, dict[int, float]]], options: MeshOptions
) -> tuple[tuple[int, ...], int]:
    """Size of a mesh before any of it is built.

    Parameters
    ----------
    boxes, options : as `build_mesh` takes them
    merged : dict axis → (planes (n,) [m], dict with the planes that were moved to them)

    Returns
    -------
    shape : (3,) int, grid positions along each axis
    cells : int, positions that a box fills; rounded above 1e15
    """
    counts = []
    for axis, (planes, _) in merged.items():
        widths = _Widths.between(planes, options, axis)
        counts.append([options.subdivisions * widths.cells(i) for i in range(planes.size - 1)])
    filled = np.zeros([len(count) for count in counts], bool)
    for box in boxes:
        filled[_box_slices(box, [(moved, planes) for planes, moved in merged.values()], options)] = (
            box.material != "void"
        )
    cells = int(np.einsum("ijk,i,j,k", filled, *(np.array(count, float) for count in counts), optimize=True))
    return tuple(sum(count) for count in counts), cells


def _counted(n: float) -> str:
    """A number of cells as text: all its digits, or only its size where it is beyond any mesh."""
    return f"{n:,}" if n < 1e15 else f"{float(n):.2g}"


def _region_index(box: Box, names: list[str], material: dict[str, str]) -> int:
    """Index of the box's region, −1 for empty space; a region has one material."""
    if box.material == "void":
        return -1
    if box.name not in material:
        names.append(box.name)
        material[box.name] = box.material
    elif material[box.name] != box.material:
        raise CaseError(
            f"boxes: region {box.name!r} is given two materials, {material[box.name]!r} and {box.material!r}; "
            f"allowed: one"
        )
    return names.index(box.name)


def planes_and_cells(boxes: Sequence[Box], options: MeshOptions) -> dict[str, tuple[Floats, tuple[int, ...]]]:
    """What a box mesh is made of along each axis.

    Parameters
    ----------
    boxes, options : as `build_mesh` takes them

    Returns
    -------
    dict : axis → (planes (n,) [m], cells in each of the n − 1 intervals before `subdivisions`, tuple of int)
    """
    found = {}
    for axis in AXES:
        planes, *_ = box_planes(boxes, options, axis)
        at = np.searchsorted(_edges(planes, options, axis), planes - SAME)
        found[axis] = planes, tuple(int(n) for n in np.diff(at))
    return found


def box_planes(
    boxes: Sequence[Box], options: MeshOptions, axis: str
) -> tuple[Floats, dict[int, float], list[tuple[float, float]]]:
    """Mesh planes (n,) [m] along an axis, where others were merged into them, for `place_of`, and the moves of
    `merge_planes`."""
    planes, moves = merge_planes(_planes(boxes, options, axis), options.merge_distance)
    return planes, {_key(old): new for old, new in moves}, moves


def place_of(value: float, merged: Mapping[int, float], edges: Floats) -> int:
    """Number of the edge or plane (n,) [m] that the end of a box [m] lies on."""
    return int(np.argmin(abs(edges - merged.get(_key(value), value))))


def clipped(box: Box, axis: str, options: MeshOptions) -> tuple[float, float]:
    """Extent of a box in the modelled part [m]; low is not below high where nothing of it is modelled."""
    low, high = getattr(box, axis)
    return (max(low, 0.0), high) if axis in options.symmetry else (low, high)


def _planes(boxes: Sequence[Box], options: MeshOptions, axis: str) -> list[float]:
    """All planes asked for along an axis; those of boxes first, so that merging keeps them."""
    planes = []
    for box in boxes:
        low, high = clipped(box, axis, options)
        if low < high:
            planes += [low, high]
    if not planes:
        raise CaseError("boxes: nothing is left of the geometry on the modelled side of the symmetry planes")
    low, high = min(planes), max(planes)
    extra = [*getattr(options, f"planes_{axis}")]
    for refinement in options.refinements:
        if refinement.axis == axis:
            extra += refinement.extent
    return planes + [plane for plane in extra if low < plane < high]


def merge_planes(planes: Sequence[float], distance: float) -> tuple[Floats, list[tuple[float, float]]]:
    """Sorted planes, those nearer than `distance` to each other merged into the one that is used most.

    Returns
    -------
    merged : (n,) [m]
    moves : list of (old, new) [m], each at most `distance`
    """
    values, counts = np.unique([_key(plane) * SAME for plane in planes], return_counts=True)
    merged, moves, start = [], [], 0
    while start < values.size:
        end = start + 1
        while end < values.size and values[end] - values[start] <= distance + SAME:
            end += 1
        keep = values[start + int(np.argmax(counts[start:end]))]
        moves += [(float(value), float(keep)) for value in values[start:end] if value != keep]
        merged.append(float(keep))
        start = end
    return np.array(merged), moves


def _key(plane: float) -> int:
    """Number of a plane, the same for planes that are one plane written twice."""
    return round(plane / SAME)


@dataclass(frozen=True)
class _Widths:
    """What widths the cells between mesh planes may have along one axis.

    Attributes
    ----------
    length : (n,) [m], of the intervals; cap : (n,) [m], largest width in each; at_plane : (n + 1,) [m], at their ends
    slope : growth of the width per length
    narrow : list of (interval's start to plane (n,) [m], width [m], growth per length), of planes at which cells
        are narrow
    stated : cells of each interval, where the case states them, else ()
    """

    length: Floats
    cap: Floats
    at_plane: Floats
    slope: float
    narrow: list[tuple[Floats, float, float]]
    stated: tuple[int, ...]

    @classmethod
    def between(cls, planes: Floats, options: MeshOptions, axis: str) -> Self:
        """Those between planes (n + 1,) [m]."""
        lengths, stated = np.diff(planes), getattr(options, f"cells_{axis}")
        if stated and len(stated) != lengths.size:
            raise CaseError(
                f"mesh.cells_{axis}: {len(stated)} numbers for {lengths.size} intervals between mesh planes; allowed: "
                "one for each (`oxycell mesh` lists them), or none"
            )
        centre = 0.5 * (planes[1:] + planes[:-1])
        cap = np.full(lengths.size, getattr(options, f"size_{axis}") or options.size)
        for refinement in options.refinements:
            if refinement.axis == axis:
                low, high = refinement.extent
                inside = (centre > low) & (centre < high)
                cap[inside] = np.minimum(cap[inside], (high - low) / refinement.cells)
        slope = np.log(options.growth)
        natural = np.minimum(cap, lengths)
        at_plane = np.minimum(np.r_[natural, np.inf], np.r_[np.inf, natural])
        for order in (range(1, planes.size), range(planes.size - 2, -1, -1)):
            for j in order:
                i = j - 1 if order.step == 1 else j + 1
                at_plane[j] = min(at_plane[j], at_plane[i] + slope * abs(planes[j] - planes[i]))
        narrow: list[tuple[Floats, float, float]] = [
            (planes[np.argmin(abs(planes - entry.at))] - planes[:-1], entry.width, np.log(entry.growth))
            for entry in options.widths
            if entry.axis == axis and not (axis in options.symmetry and entry.at < -SAME)
        ]
        return cls(lengths, cap, at_plane, slope, narrow, stated)

    def counted(self, i: int) -> tuple[Floats, Floats]:
        """Places (513,) [m] along interval i and the number of cells up to them, fractions counted, mirror-symmetric.

        width(s) = min(cap, first + slope·s, last + slope·(length − s)), and at most width + growth·|s − at| next to
        narrow planes
        """
        length, first, last = self.length[i], self.at_plane[i], self.at_plane[i + 1]
        s = np.linspace(0.0, length, 513)
        width = np.minimum(self.cap[i], np.minimum(first + self.slope * s, last + self.slope * (length - s)))
        for at, least, growth in self.narrow:
            width = np.minimum(width, least + growth * np.abs(s - at[i]))
        density = 1.0 / np.maximum(width, length / _MOST)
        return s, np.r_[0.0, np.cumsum(0.5 * (density[1:] + density[:-1]))] * (length / 512)

    def cells(self, i: int, count: Floats | None = None) -> int:
        """Number of cells of interval i: what the case states, or as many as the widths ask; `count` : (513,) as
        `counted` gives it."""
        if self.stated:
            return self.stated[i]
        count = self.counted(i)[1] if count is None else count
        return max(1, int(np.ceil(count[-1] - 1e-6)))

    def edges(self, i: int) -> Floats:
        """Edges in (0, length] of interval i, of cells with widths in that proportion."""
        s, count = self.counted(i)
        n = self.cells(i, count)
        return np.interp(np.arange(1, n + 1) * (count[-1] / n), count, s)


def _edges(planes: Floats, options: MeshOptions, axis: str) -> Floats:
    """Cell edges along one axis: every plane, and in between widths that grow from the smallest interval."""
    widths, pieces = _Widths.between(planes, options, axis), [planes[:1]]
    for i in range(planes.size - 1):
        pieces.append(planes[i] + widths.edges(i))
        pieces[-1][-1] = planes[i + 1]
    return np.concatenate(pieces)


def _subdivided(edges: Floats, n: int) -> Floats:
    return np.interp(np.arange(n * (edges.size - 1) + 1) / n, np.arange(edges.size), edges)


def _box_slices(box: Box, axes: Iterable[tuple[dict[int, float], Floats]], options: MeshOptions) -> tuple[slice, ...]:
    """Cells of the grid that a box covers."""
    slices = []
    for axis, (merged, edges) in zip(AXES, axes, strict=True):
        low, high = clipped(box, axis, options)
        if low >= high:
            return (slice(0, 0),) * 3
        span = [place_of(value, merged, edges) for value in (low, high)]
        if span[0] == span[1]:
            raise CaseError(
                f"boxes: {box.name!r} is thinner along {axis} than the distance within which planes are merged; "
                "allowed: a thicker box or a smaller mesh.merge_distance"
            )
        slices.append(slice(*span))
    return tuple(slices)


def select_surface(mesh: Mesh, surface: Surface) -> Ints:
    """Outer faces of a named surface.

    Parameters
    ----------
    mesh : Mesh
    surface : Surface

    Returns
    -------
    (n,) int, face indices

    Raises
    ------
    CaseError
        No region has that name, or no outer face fits.
    """
    try:
        found = np.sort(np.concatenate([mesh.outside_of[region] for region in mesh.regions(surface.of)]))
    except CaseError as error:
        raise CaseError(f"surfaces: {surface.name!r}: {error}") from None
    if len(set(surface.sides)) < 6:
        normal, chosen = mesh.normal[found], np.zeros(found.size, bool)
        for name in surface.sides:
            chosen |= normal[:, AXES.index(name[0])] * (1 if name[1] == "+" else -1) > 0.7
        found = found[chosen]
    if surface.facing != "any":
        found = found[looks(surface.facing, mesh.normal[found])]
    spans = [(axis, getattr(surface, name)) for axis, name in enumerate(AXES) if getattr(surface, name) is not None]
    if spans:
        centre, chosen = mesh.face_centre[found], np.ones(found.size, bool)
        for axis, (low, high) in spans:
            chosen &= (centre[:, axis] > low - SAME) & (centre[:, axis] < high + SAME)
        found = found[chosen]
    if found.size == 0:
        raise CaseError(f"surfaces: {surface.name!r} has no face; allowed: a region and sides that face outwards")
    return found


def find_names(patterns: Iterable[str], names: Collection[str], what: str) -> list[str]:
    """Names that fit any of the patterns, in the order of `names`; CaseError with the nearest name if one fits none."""
    from fnmatch import fnmatchcase

    found = []
    for pattern in patterns:
        hits = [name for name in names if fnmatchcase(name, pattern)]
        if not hits:
            raise CaseError(f"{what}: nothing is called {pattern!r}; {nearest_name(pattern, list(names))}")
        found += [name for name in hits if name not in found]
    return found
