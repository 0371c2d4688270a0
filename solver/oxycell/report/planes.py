"""What a plane section shows: the cells it cuts, fields on both sides of their faces, pixels, and the front of the
ledge."""

from dataclasses import dataclass

import numpy as np

AXES = "xyz"
_NEAREST = (
    24,
    200,
)  # cells whose faces are tried for a pixel of a mesh without a lattice, and for pixels that found none


@dataclass(frozen=True)
class Plane:
    """Cells that a plane normal to one axis cuts, on the grid of that plane.

    Attributes
    ----------
    axis : int, normal of the plane; place : [m]
    a, b : (n_a + 1,), (n_b + 1,) [m], edges along the first and the second of the other two axes
    cell : (n_b, n_a) int, mesh cell at each position, −1 where there is none
    aligned : whether the positions are the mesh's own cells; else they are points of a raster that looks up its cells
    """

    axis: int
    place: float
    a: np.ndarray
    b: np.ndarray
    cell: np.ndarray
    aligned: bool = True

    @property
    def axes(self):
        """The two axes in the plane."""
        return tuple(axis for axis in range(3) if axis != self.axis)

    def grid(self, values):
        """Values of cells (n_cells,) at the positions of the plane, NaN where there is no cell."""
        return np.where(self.cell >= 0, np.asarray(values, float)[self.cell], np.nan)

    def same(self, index):
        """Indices of cells (n_cells,) at the positions of the plane, −1 where there is no cell."""
        return np.where(self.cell >= 0, np.asarray(index)[self.cell], -1)

    def positions(self, mesh):
        """Position (n_cells,) of every mesh cell in the flat plane, −1 for those it does not cut."""
        spot = np.full(mesh.n_cells, -1, np.int64)
        spot[self.cell[self.cell >= 0]] = np.flatnonzero(self.cell >= 0)
        return spot


def cut(mesh, axis, place):
    """Plane through a mesh at a place [m]; on a lattice it lies in the middle of the cells it cuts."""
    if mesh.lattice is None:
        return _cut_raster(mesh, axis, place)
    lattice = mesh.lattice
    edges = (lattice.x, lattice.y, lattice.z)
    level = min(max(int(np.searchsorted(edges[axis], place, side="right")) - 1, 0), edges[axis].size - 2)
    first, second = (i for i in range(3) if i != axis)
    cell = np.full((edges[second].size - 1, edges[first].size - 1), -1, np.int64)
    at = np.flatnonzero(lattice.ijk[:, axis] == level)
    cell[lattice.ijk[at, second], lattice.ijk[at, first]] = at
    return Plane(axis, float(0.5 * (edges[axis][level] + edges[axis][level + 1])), edges[first], edges[second], cell)


def _cut_raster(mesh, axis, place, across=240):
    """Plane through convex cells of any shape: each point of a raster belongs to the cell whose faces it lies
    within."""
    first, second = (i for i in range(3) if i != axis)
    corners = np.asarray(mesh.points)
    low, high = corners.min(0), corners.max(0)
    step = max(high[first] - low[first], high[second] - low[second]) / across
    a, b = (np.linspace(low[i], high[i], max(2, int(np.ceil((high[i] - low[i]) / step)) + 1)) for i in (first, second))
    from scipy.spatial import cKDTree

    points = np.empty(((b.size - 1) * (a.size - 1), 3))
    points[:, axis] = place
    points[:, first] = np.tile(middle(a), b.size - 1)
    points[:, second] = np.repeat(middle(b), a.size - 1)
    inside = mesh.neighbour >= 0
    cell_of = np.concatenate([mesh.owner, mesh.neighbour[inside]])
    sign = np.concatenate([np.ones(mesh.n_faces), -np.ones(np.count_nonzero(inside))])
    face_of = np.concatenate([np.arange(mesh.n_faces), np.flatnonzero(inside)])
    order = np.argsort(cell_of, kind="stable")
    cell_of, sign, face_of = cell_of[order], sign[order], face_of[order]
    start = np.searchsorted(cell_of, np.arange(mesh.n_cells + 1))
    found = np.full(len(points), -1, np.int64)
    tree, tried = cKDTree(mesh.cell_centre), 0
    for most in _NEAREST:
        left = np.flatnonzero(found < 0)
        near = tree.query(points[left], min(most, mesh.n_cells))[1].reshape(left.size, min(most, mesh.n_cells))
        for column in range(tried, near.shape[1]):
            still = found[left] < 0
            at, cell = left[still], near[still, column]
            within = np.ones(at.size, bool)
            for turn in range(int(np.diff(start).max())):
                entry = np.minimum(start[cell] + turn, start[cell + 1] - 1)
                face = face_of[entry]
                out = np.einsum("ij,ij->i", points[at] - mesh.face_centre[face], mesh.normal[face]) * sign[entry]
                within &= out <= 1e-9 * step
            found[at[within]] = cell[within]
        tried = most
    return Plane(axis, float(place), a, b, found.reshape(b.size - 1, a.size - 1), aligned=False)


def beside(plane, mesh, record):
    """The record with its electric and thermal faces cut down to those of cells in the plane, if that is aligned: what
    it shows."""
    if not plane.aligned:
        return record
    found, inside = dict(record), np.zeros(mesh.n_cells, bool)
    inside[plane.cell[plane.cell >= 0]] = True
    for name, keys in (
        ("electric", ("face", "current", "drop_owner", "drop_neighbour")),
        ("thermal", ("face", "surface_temperature")),
    ):
        if name in record:
            face = record[name]["face"]
            neighbour = mesh.neighbour[face]
            at = np.flatnonzero(inside[mesh.owner[face]] | ((neighbour >= 0) & inside[neighbour]))
            found[name] = record[name] | {key: record[name][key][at] for key in keys}
    return found


def middle(edges):
    """Centres of the intervals between edges."""
    return 0.5 * (edges[1:] + edges[:-1])


def sides(plane, mesh, face, at_owner, at_neighbour):
    """What a field is at the faces of the cells of a plane, each seen from the cell itself.

    Parameters
    ----------
    plane : Plane, aligned; mesh : Mesh
    face : (n,) int, mesh faces that carry something
    at_owner, at_neighbour : (n,), the value on each side

    Returns
    -------
    (6, n_b, n_a) : at the low and high end along the first axis, along the second, and normal to the plane; NaN where
    nothing
        is carried
    """
    out = np.full((6, plane.cell.size), np.nan)
    spot = plane.positions(mesh)
    for cells, values, outwards in ((mesh.owner, at_owner, 1.0), (mesh.neighbour, at_neighbour, -1.0)):
        cell = cells[face]
        place = np.where(cell >= 0, spot[cell], -1)
        seen = np.flatnonzero(place >= 0)
        normal = outwards * mesh.normal[face[seen]]
        for i, axis in enumerate((*plane.axes, plane.axis)):
            for end, there in ((2 * i, normal[:, axis] < -0.5), (2 * i + 1, normal[:, axis] > 0.5)):
                out[end, place[seen[there]]] = np.asarray(values)[seen[there]]
    return out.reshape(6, *plane.cell.shape)


def nodes(plane, centre, ends, chosen):
    """A field of chosen cells on the grid of their corners, edges and centres, for contours and pixels.

    Parameters
    ----------
    plane : Plane
    centre : (n_b, n_a), values of the cells
    ends : (4 or 6, n_b, n_a) as `sides` gives them; NaN stands for the value of the cell
    chosen : (n_b, n_a) bool; where chosen cells meet, a node has the mean of what they say

    Returns
    -------
    a, b : (2 n_a + 1,), (2 n_b + 1,) [m]
    values : (2 n_b + 1, 2 n_a + 1), NaN away from the chosen cells

    Notes
    -----
    Exact for fields that are linear along one axis and whose face values are known; a corner never exceeds what its
    cells say. A jump between chosen cells is spread over half a cell on both sides.
    """
    low_a, high_a, low_b, high_b = (np.where(np.isfinite(end), end, centre) for end in ends[:4])
    total, count = (np.zeros((2 * centre.shape[0] + 1, 2 * centre.shape[1] + 1)) for _ in range(2))
    low, mid, high = slice(0, -1, 2), slice(1, None, 2), slice(2, None, 2)
    lowest, highest = (pick.reduce([centre, low_a, high_a, low_b, high_b]) for pick in (np.minimum, np.maximum))

    def corner(one, other):
        return np.clip(one + other - centre, lowest, highest)

    for row, column, value in (
        (mid, mid, centre),
        (mid, low, low_a),
        (mid, high, high_a),
        (low, mid, low_b),
        (high, mid, high_b),
        (low, low, corner(low_a, low_b)),
        (low, high, corner(high_a, low_b)),
        (high, low, corner(low_a, high_b)),
        (high, high, corner(high_a, high_b)),
    ):
        total[row, column] += np.where(chosen, value, 0.0)
        count[row, column] += chosen
    a, b = np.empty(total.shape[1]), np.empty(total.shape[0])
    a[::2], a[1::2], b[::2], b[1::2] = plane.a, middle(plane.a), plane.b, middle(plane.b)
    with np.errstate(invalid="ignore"):
        return a, b, total / np.where(count > 0, count, np.nan)


def sample(a, b, values, at_a, at_b):
    """Bilinear values of a grid (n_b, n_a) with nodes a, b at every pair of points at_a, at_b: (n_at_b, n_at_a)."""
    column = np.clip(np.searchsorted(a, at_a, side="right") - 1, 0, a.size - 2)
    along = np.clip((at_a - a[column]) / (a[column + 1] - a[column]), 0.0, 1.0)
    row = np.clip(np.searchsorted(b, at_b, side="right") - 1, 0, b.size - 2)
    up = np.clip((at_b - b[row]) / (b[row + 1] - b[row]), 0.0, 1.0)[:, None]
    wide = values[:, column] * (1.0 - along) + values[:, column + 1] * along
    return wide[row] * (1.0 - up) + wide[row + 1] * up


def lookup(plane, at_a, at_b):
    """Flat positions of the plane's cells at every pair of points: (n_at_b, n_at_a); points outside take the
    nearest."""
    column = np.clip(np.searchsorted(plane.a, at_a, side="right") - 1, 0, plane.a.size - 2)
    row = np.clip(np.searchsorted(plane.b, at_b, side="right") - 1, 0, plane.b.size - 2)
    return row[:, None] * (plane.a.size - 1) + column


def outlines(plane, labels):
    """Line segments (n, 2, 2) [m] between positions of a plane whose labels (n_b, n_a) differ; the outside is −1."""
    a, b, runs = plane.a, plane.b, []
    upright = np.diff(labels, axis=1, prepend=-1, append=-1) != 0
    level = np.diff(labels, axis=0, prepend=-1, append=-1) != 0
    for marks, along, across, turned in ((upright.T, b, a, True), (level, a, b, False)):
        step = np.diff(marks.astype(np.int8), axis=1, prepend=0, append=0)
        line, start = np.nonzero(step > 0)
        end = np.nonzero(step < 0)[1]
        ends = np.stack([along[start], across[line], along[end], across[line]], 1).reshape(-1, 2, 2)
        runs.append(ends[:, :, ::-1] if turned else ends)
    return np.concatenate(runs)


@dataclass(frozen=True)
class Front:
    """The ledge on one wall of a plane: where its surface is, as a function of the place along the wall.

    Attributes
    ----------
    normal : 0 or 1, the axis of the plane the wall is normal to; towards : +1 or −1, from the pool to the wall
    along, ends : (n,), (n, 2) [m], middle and ends of each face along the wall; wall, surface : (n,) [m], on the other
        axis
    """

    normal: int
    towards: float
    along: np.ndarray
    ends: np.ndarray
    wall: np.ndarray
    surface: np.ndarray


def fronts(plane, mesh, record):
    """Fronts of the ledge in an aligned plane: one for each side of the pool, one for each wall where several stand
    behind each other.

    A column that meets the ledge of another wall has no front of its own; the front goes on from the nearest that has
    one.
    """
    ledge, found = record["ledge"], []
    owner, neighbour = mesh.owner[ledge["face"]], mesh.neighbour[ledge["face"]]
    pool_owns = mesh.region[owner] != ledge["wall_region"]
    spot, free = plane.positions(mesh)[np.where(pool_owns, owner, neighbour)], free_columns(ledge)
    towards = mesh.normal[ledge["face"]] * np.where(pool_owns, 1.0, -1.0)[:, None]
    for normal, axis in enumerate(plane.axes):
        other, edges = plane.axes[1 - normal], plane.a if normal else plane.b
        for sign in (-1.0, 1.0):
            at = np.flatnonzero((spot >= 0) & (sign * towards[:, axis] > 0.5))
            centre = mesh.face_centre[ledge["face"][at]]
            wall, along = centre[:, axis], centre[:, other]
            deep = np.unique(np.round(along, 9)).size < at.size
            for group in np.unique(np.round(wall, 9)) if deep else [None]:
                chosen = np.flatnonzero(np.round(wall, 9) == group) if deep else np.arange(at.size)
                chosen = chosen[np.argsort(along[chosen])]
                if not chosen.size:
                    continue
                ends_free = free[at[chosen]]
                level = np.searchsorted(edges, along[chosen]) - 1
                surface = wall[chosen] - sign * ledge["thickness"][at[chosen]]
                if ends_free.any():
                    surface = np.interp(along[chosen], along[chosen][ends_free], surface[ends_free])
                found.append(
                    Front(
                        normal,
                        sign,
                        along[chosen],
                        np.stack([edges[level], edges[level + 1]], 1),
                        wall[chosen],
                        surface,
                    )
                )
    return found


def free_columns(ledge):
    """Which columns (n,) of a ledge end in the liquid, and not, as in corners, in the ledge of another wall."""
    return ~np.asarray(ledge.get("frozen_through", np.zeros(len(ledge["face"]))), bool)


def liquid_depth(fronts_found, at_a, at_b):
    """Distance to the nearest front [m] at every pair of points, > 0 in the liquid: (n_at_b, n_at_a); infinite next to
    no wall."""
    depth = np.full((at_b.size, at_a.size), np.inf)
    for front in fronts_found:
        across, along = (at_b[:, None], at_a[None]) if front.normal else (at_a[None], at_b[:, None])
        surface = np.interp(along, front.along, front.surface)
        face = np.clip(np.searchsorted(front.ends[:, 0], along, side="right") - 1, 0, front.along.size - 1)
        beside = (along >= front.ends[face, 0]) & (along <= front.ends[face, 1])
        behind = front.towards * across <= front.towards * front.wall[face] + 1e-9
        depth = np.minimum(depth, np.where(beside & behind, front.towards * (surface - across), np.inf))
    return depth
