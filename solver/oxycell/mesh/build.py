"""Boxes → tensor-product mesh with the material of every cell; near planes merged, widths graded."""

import math

import numpy as np

from oxycell.errors import CaseError
from oxycell.mesh.lattice import lattice_mesh
from oxycell.mesh.mesh import AXES, SAME, index_type, nearest_name
from oxycell.mesh.where import looks
from oxycell.runtime import check_memory

_POSITION_BYTES, _CELL_BYTES = 15, 95  # memory of building a mesh, measured: for each grid position and each cell


def build_mesh(boxes, options):
    """Mesh of a list of boxes.

    Parameters
    ----------
    boxes : sequence of Box; where they overlap the later one counts
    options : MeshOptions

    Returns
    -------
    mesh : Mesh
    moves : list of str, one line for each mesh plane that was merged into another

    Raises
    ------
    CaseError
        A box has no volume left on the mesh, or no box holds a material.
    """
    axes, moves = [], []
    for axis in AXES:
        planes, moved = merge_planes(_planes(boxes, options, axis), options.merge_distance)
        moves += [f"{axis} = {old:.6g} m moved to {new:.6g} m" for old, new in moved]
        axes.append(({_key(old): new for old, new in moved}, _subdivided(_edges(planes, options, axis), options.subdivisions)))
    shape = tuple(edges.size - 1 for _, edges in axes)
    check_memory(_POSITION_BYTES * math.prod(shape), f"mesh: {math.prod(shape):,} grid positions")
    region = np.full(shape, -1, index_type(len(boxes)))
    region_names, region_material = [], {}
    for box in boxes:
        region[_box_slices(box, axes, options)] = _region_index(box, region_names, region_material)
    empty, *count = np.bincount(region.ravel() + 1, minlength=len(region_names) + 1)
    used, cells = np.flatnonzero(count), region.size - int(empty)
    if used.size == 0:
        raise CaseError("boxes: no box holds a material; at least one is needed")
    renumber = np.full(len(region_names) + 1, -1, region.dtype)
    renumber[used] = np.arange(used.size)
    region = renumber[region]
    check_memory(_CELL_BYTES * cells, f"mesh: {cells:,} cells")
    region_names = [region_names[i] for i in used]
    mesh = lattice_mesh([edges for _, edges in axes], region, region_names, [region_material[name] for name in region_names],
                        options.symmetry)
    return mesh, moves


def _region_index(box, names, material):
    """Index of the box's region, −1 for empty space; a region has one material."""
    if box.material == "void":
        return -1
    if box.name not in material:
        names.append(box.name)
        material[box.name] = box.material
    elif material[box.name] != box.material:
        raise CaseError(
            f"boxes: region {box.name!r} is given two materials, {material[box.name]!r} and {box.material!r}; allowed: one")
    return names.index(box.name)


def planes_and_cells(boxes, options):
    """What a mesh of boxes is made of along each axis.

    Parameters
    ----------
    boxes, options : as `build_mesh` takes them

    Returns
    -------
    dict : axis → (planes (n,) [m], cells in each of the n − 1 intervals before `subdivisions`, tuple of int)
    """
    found = {}
    for axis in AXES:
        planes, _ = merge_planes(_planes(boxes, options, axis), options.merge_distance)
        at = np.searchsorted(_edges(planes, options, axis), planes - SAME)
        found[axis] = planes, tuple(int(n) for n in np.diff(at))
    return found


def _clipped(box, axis, options):
    low, high = getattr(box, axis)
    return (max(low, 0.0), high) if axis in options.symmetry else (low, high)


def _planes(boxes, options, axis):
    """All planes asked for along an axis; those of boxes first, so that merging keeps them."""
    planes = []
    for box in boxes:
        low, high = _clipped(box, axis, options)
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


def merge_planes(planes, distance):
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


def _key(plane):
    """Number of a plane, the same for planes that are one plane written twice."""
    return round(plane / SAME)


def _edges(planes, options, axis):
    """Cell edges along one axis: every plane, and in between widths that grow from the smallest interval."""
    lengths, cells = np.diff(planes), getattr(options, f"cells_{axis}")
    if cells and len(cells) != lengths.size:
        raise CaseError(f"mesh.cells_{axis}: {len(cells)} numbers for {lengths.size} intervals between mesh planes; allowed: one for each "
                        "(`oxycell mesh` lists them), or none")
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
    pieces = [planes[:1]]
    for i, length in enumerate(lengths):
        pieces.append(planes[i] + _graded(length, at_plane[i], at_plane[i + 1], cap[i], slope, cells[i] if cells else None))
        pieces[-1][-1] = planes[i + 1]
    return np.concatenate(pieces)


def _subdivided(edges, n):
    return np.interp(np.arange(n * (edges.size - 1) + 1) / n, np.arange(edges.size), edges)


def _graded(length, first, last, cap, slope, n):
    """Edges in (0, length], mirror-symmetric in its arguments: width(s) = min(cap, first + slope·s, last + slope·(length − s)).

    `n` cells of widths in that proportion, or if it is None as many as the widths ask.
    """
    s = np.linspace(0.0, length, 513)
    density = 1.0 / np.minimum(cap, np.minimum(first + slope * s, last + slope * (length - s)))
    count = np.r_[0.0, np.cumsum(0.5 * (density[1:] + density[:-1]))] * (length / 512)
    n = n or max(1, int(np.ceil(count[-1] - 1e-6)))
    return np.interp(np.arange(1, n + 1) * (count[-1] / n), count, s)


def _box_slices(box, axes, options):
    """Cells of the grid that a box covers."""
    slices = []
    for axis, (moved, edges) in zip(AXES, axes, strict=True):
        low, high = _clipped(box, axis, options)
        if low >= high:
            return (slice(0, 0),) * 3
        span = [int(np.argmin(abs(edges - moved.get(_key(value), value)))) for value in (low, high)]
        if span[0] == span[1]:
            raise CaseError(f"boxes: {box.name!r} is thinner along {axis} than the distance within which planes are merged; "
                            "allowed: a thicker box or a smaller mesh.merge_distance")
        slices.append(slice(*span))
    return tuple(slices)


def select_surface(mesh, surface):
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
        raise CaseError(f"surfaces: {surface.name!r} has no face; allowed: a region and sides that look outside")
    return found


def find_names(patterns, names, what):
    """Names that fit any of the patterns, in the order of `names`; CaseError with the nearest name if one fits none."""
    from fnmatch import fnmatchcase

    found = []
    for pattern in patterns:
        hits = [name for name in names if fnmatchcase(name, pattern)]
        if not hits:
            raise CaseError(f"{what}: nothing is called {pattern!r}; {nearest_name(pattern, list(names))}")
        found += [name for name in hits if name not in found]
    return found
