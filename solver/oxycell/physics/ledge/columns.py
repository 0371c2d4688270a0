"""Columns of pool cells in front of walls, found on the mesh: which cells a ledge on each wall face can take up."""

import numpy as np

from oxycell.arrays import Bools, Floats, Ints
from oxycell.errors import CaseError
from oxycell.kernel import kernel
from oxycell.material import Property
from oxycell.mesh.connected import places_of
from oxycell.mesh.mesh import Mesh
from oxycell.physics.ledge.ledge import LedgeColumns


def columns(
    mesh: Mesh,
    pool: Bools,
    walls: Bools,
    conductivity: Property,
    liquidus: float,
    reach: float = 0.5,
    volume: Floats | None = None,
) -> LedgeColumns:
    """Columns of pool cells in front of vertical wall faces.

    Parameters
    ----------
    mesh : Mesh
    pool, walls : (n_cells,) bool
    conductivity : Property of the frozen bath
    liquidus : [K]
    reach : [m], how far from the wall cells are looked for; the cell at the wall is always taken
    volume : (n_cells,) [m³], which gives frozen cells their masses; None: that of the mesh

    Returns
    -------
    LedgeColumns

    Raises
    ------
    CaseError
        No wall face is adjacent to a pool.
    """
    owner, neighbour = mesh.owner[mesh.between], mesh.neighbour[mesh.between]
    face = mesh.between[(pool[owner] & walls[neighbour]) | (walls[owner] & pool[neighbour])]
    face = face[np.abs(mesh.normal[face, 2]) < 0.5]
    if not face.size:
        raise CaseError(
            "ledge.walls: none of these regions has a vertical face towards ledge.pools; allowed: regions adjacent "
            "to the pools"
        )
    from_owner = pool[mesh.owner[face]] & walls[mesh.neighbour[face]]
    pool_cell = np.where(from_owner, mesh.owner[face], mesh.neighbour[face])
    wall_cell = np.where(from_owner, mesh.neighbour[face], mesh.owner[face])
    inward = np.where(from_owner, -1.0, 1.0)[:, None] * mesh.normal[face]
    column, cell, start, end = _walked(mesh, pool, face, pool_cell, inward, reach)
    # Each cell belongs to the wall nearest to it; where two are as near, to the one across x.
    axis = np.argmax(np.abs(inward), 1)
    order = np.lexsort((column, axis[column], np.round(0.5 * (start + end), 9), cell))
    best = order[np.r_[True, np.diff(cell[order]) != 0]]
    own = np.zeros(cell.size, bool)
    own[best] = True
    owner_column = np.full(mesh.n_cells, -1, np.int32)
    owner_column[cell[best]] = column[best]
    stop, beyond = np.full(face.size, cell.size), np.full(face.size, -1)
    lost = np.flatnonzero(~own)[::-1]  # a column ends where it first meets a cell of another one
    stop[column[lost]], beyond[column[lost]] = lost, cell[lost]
    kept = np.arange(cell.size) < stop[column]
    column, cell, start, end = column[kept], cell[kept], start[kept], end[kept]
    used = np.unique(column)
    number = np.full(face.size, -1)
    number[used] = np.arange(used.size)
    first = np.asarray(np.searchsorted(column, np.r_[used, face.size]))
    met = beyond >= 0
    facing = np.where(met, owner_column[beyond], 0)  # a column of the wall met
    met &= np.abs(np.einsum("ij,ij->i", inward, inward[facing])) < 0.5
    apart = np.einsum("ij,ij->i", mesh.face_centre[face] - mesh.face_centre[face[facing]], inward[facing])
    breadth = np.ptp(np.einsum("ijk,ik->ij", mesh.face_corners[face], inward[facing]), axis=1)
    volume = mesh.cell_volume if volume is None else volume
    height = np.ptp(mesh.face_corners[face, :, 2], axis=1) * (volume / mesh.cell_volume)[pool_cell]  # as at the start
    group = np.unique(np.round(np.c_[inward, mesh.face_centre[face, 2]], 6), axis=0, return_inverse=True)[1].ravel()
    other = np.where(met, group[facing], -1)
    mine = np.zeros(mesh.n_cells, bool)
    mine[cell] = True
    beside = np.r_[
        mesh.faces_where(lambda faces: mine[mesh.owner[faces]] | mine[mesh.neighbour[faces]]),
        mesh.n_internal + np.flatnonzero(mine[mesh.owner[mesh.n_internal :]]).astype(np.int32),
    ]
    pair, pair_distance, pair_offset, pair_upright = _pairs(
        mesh, face[used], inward[used], number[column], cell, beside
    )
    return LedgeColumns(
        face[used],
        pool_cell[used],
        wall_cell[used],
        first,
        cell,
        start,
        end,
        group[used],
        other[used],
        apart[used],
        np.maximum(breadth, 1e-9)[used],
        height[used],
        pair,
        pair_distance,
        pair_offset,
        pair_upright,
        beside,
        liquidus,
        conductivity,
        volume[cell],
    )


def _walked(mesh, pool, face, pool_cell, inward, reach):
    """Cells met on the way from each wall face into the pool, by columns: column, cell, start and end of each."""
    inner = mesh.faces_where(lambda faces: pool[mesh.owner[faces]] & pool[mesh.neighbour[faces]])
    owner, neighbour, normal = mesh.owner[inner], mesh.neighbour[inner], mesh.normal[inner]
    sides, first = places_of(np.r_[owner, neighbour], mesh.n_cells)
    column, at, entered = np.arange(face.size), pool_cell.astype(np.int64), mesh.face_centre[face]
    start, steps = np.zeros(face.size), []
    while column.size:
        width = 2.0 * np.einsum("ij,ij->i", mesh.cell_centre[at] - entered, inward[column])
        steps.append((column, at, start, start + width))
        across, other = _opposite(first, sides, owner, neighbour, normal, at, inward[column])
        on = (other >= 0) & (start + width < reach)
        start = (start + width)[on]
        column, at, entered = column[on], other[on], mesh.face_centre[inner[across[on]]]
    count = np.bincount(np.concatenate([column for column, *_ in steps]), minlength=face.size)
    begin, m = np.cumsum(count) - count, int(count.sum())
    cell, start, end = np.empty(m, np.int32), np.empty(m), np.empty(m)
    for step, (column, *met) in enumerate(steps):  # each column has one cell of each step up to its last
        cell[begin[column] + step], start[begin[column] + step], end[begin[column] + step] = met
    return np.repeat(np.arange(face.size, dtype=np.int32), count), cell, start, end


@kernel
def _opposite(first, sides, owner, neighbour, normal, cell, direction):
    """The face each cell is left by in a direction, within 37° of it, and the cell behind; −1 where there is none."""
    across, other = np.full(cell.size, -1), np.full(cell.size, -1)
    for i in range(cell.size):
        best = 0.8
        for side in sides[first[cell[i]] : first[cell[i] + 1]]:
            owns = side < owner.size
            f, sign = (side, 1.0) if owns else (side - owner.size, -1.0)
            along = sign * (
                normal[f, 0] * direction[i, 0] + normal[f, 1] * direction[i, 1] + normal[f, 2] * direction[i, 2]
            )
            if along > best:
                best, across[i], other[i] = along, f, neighbour[f] if owns else owner[f]
    return across, other


def _pairs(
    mesh: Mesh, face: Ints, inward: Floats, column: Ints, cell: Ints, beside: Ints
) -> tuple[Ints, Floats, Floats, Bools]:
    """Columns side by side on parallel walls: their numbers, distance, offset of their walls, which stand above each
    other.

    A column at a symmetry plane has its mirror image next to it: a pair with itself.
    """
    of_cell = np.full(mesh.n_cells, -1, np.int32)
    of_cell[cell] = column
    inner = beside[beside < mesh.n_internal]
    one, other = of_cell[mesh.owner[inner]], of_cell[mesh.neighbour[inner]]
    joins = (one >= 0) & (other >= 0) & (one != other)
    one, other = one[joins], other[joins]
    code = np.unique(np.minimum(one, other) * np.int64(face.size) + np.maximum(one, other))
    pair = np.stack(np.divmod(code, face.size), 1)
    pair = pair[np.einsum("ij,ij->i", inward[pair[:, 0]], inward[pair[:, 1]]) > 0.99]
    apart = mesh.face_centre[face[pair[:, 1]]] - mesh.face_centre[face[pair[:, 0]]]
    offset = np.einsum("ij,ij->i", apart, inward[pair[:, 0]])
    along = apart - offset[:, None] * inward[pair[:, 0]]
    distance = np.linalg.norm(along, axis=1)
    upright = np.abs(along[:, 2]) > 0.5 * distance
    plane = beside[inner.size :]
    plane = plane[~mesh.outer[plane]]
    mirrored = of_cell[mesh.owner[plane]]
    square = np.abs(np.einsum("ij,ij->i", inward[mirrored], mesh.normal[plane])) < 0.5
    mirrored, first = np.unique(mirrored[square], return_index=True)
    away, none = 2.0 * mesh.distance[plane[square][first], 0], np.zeros(mirrored.size)
    return (
        np.r_[pair, np.stack([mirrored, mirrored], 1)],
        np.r_[distance, away],
        np.r_[offset, none],
        np.r_[upright, np.zeros(mirrored.size, bool)],
    )
