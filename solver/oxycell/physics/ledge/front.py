"""Position of the front of a ledge in columns of cells, and what is frozen there."""

from oxycell.kernel import inner_kernel, kernel

_FLATTEST = 0.1  # least slope of a line that is searched for the front, over the column's mean slope
_SHARP = 1e-6  # share of a cell's depth from which on a front is spread


@kernel
def find_front(first, start, end, temperature, wall, half, behind, liquidus, thickness, steepness):
    """Length of each column that is below the liquidus, by straight lines between cell centres.

    Parameters
    ----------
    first, start, end : see LedgeColumns; temperature, wall, half, behind : see `LedgeColumns.front`
    thickness : (n,) [m], out; 0 where the wall is too hot for a ledge, the column's length where all of it is frozen
    steepness : (m,) [K/m], out, slope of the line that reaches the centre of each of the columns' cells

    Notes
    -----
    A line counts as at least a tenth as steep as the column in the mean: where it is flat, as behind the ledge of
    another wall, the front would jump from place to place.
    """
    for c in range(thickness.size):
        e, last = first[c], first[c + 1] - 1
        x, T = 0.0, (wall[c] * half[c] + temperature[e] * behind[c]) / (half[c] + behind[c])
        if T >= liquidus:
            thickness[c] = 0.0
            steepness[e : last + 1] = 0.0
            continue
        length = end[last]
        flattest = max(_FLATTEST * (max(temperature[last], liquidus) - T) / length, 1e-6)
        frozen, gradient = 0.0, flattest
        for e in range(first[c], last + 1):
            centre = 0.5 * (start[e] + end[e])
            gradient = max((temperature[e] - T) / (centre - x), flattest)
            frozen += min(centre - x, max(0.0, (liquidus - T) / gradient))
            steepness[e] = gradient
            x, T = centre, temperature[e]
        thickness[c] = frozen + min(length - x, max(0.0, (liquidus - T) / gradient))


@kernel
def freeze(first, cell, start, end, height, thickness, beside, owner, neighbour, solid, open_beside, nearer):
    """What is frozen for the thickness (n,) [m] of each column.

    Parameters
    ----------
    first, cell, start, end : see LedgeColumns; height : (n,) [m], over which a front is spread; owner, neighbour : see
        Mesh
    solid : (n_cells,), out, frozen share of every cell; 0 on entry
    open_beside : (k,), out, open share of the faces `beside`
    nearer : (m,) [m], out, how much nearer to the wall than its centre the middle of what is frozen in each of the
        columns' cells is

    Notes
    -----
    The front is not at one position over the height of a wall face, but spread evenly about its mean: shares
    then follow the thickness without a kink where the front passes from one cell to the next, and iterations do not
    stop at each of them. The spread is half a cell's depth, less in rows that are lower than that (by the square: a
    foot spread over low rows would creep along a cold floor, iteration by iteration), and ends at the wall and at the
    column's far end. The shares still add up to the thickness.
    """
    for c in range(thickness.size):
        low, last, t = first[c], first[c + 1] - 1, thickness[c]
        spread = min(_spread_at(start, end, low, last, t, height[c]), 2.0 * t, 2.0 * max(end[last] - t, 0.0))
        for e in range(low, last + 1):
            width = end[e] - start[e]
            length, moment = _frozen_part(t - start[e], width, spread)
            share = min(max(length / width, 0.0), 1.0)
            solid[cell[e]] = share
            nearer[e] = 0.5 * width - (t - start[e]) + moment / length if 0.0 < share < 1.0 else 0.0
    for i in range(beside.size):
        f = beside[i]
        frozen = solid[owner[f]]
        if neighbour[f] >= 0:
            frozen = max(frozen, solid[neighbour[f]])
        open_beside[i] = 1.0 - frozen


@inner_kernel
def _spread_at(start, end, low, last, t, height):
    """Length [m] over which the front of a column with cells low to last is spread, for its thickness t; linear between
    their centres."""
    e = low
    while e < last and 0.5 * (start[e] + end[e]) < t:
        e += 1
    depth, centre = end[e] - start[e], 0.5 * (start[e] + end[e])
    if e > low and t < centre:
        before = end[e - 1] - start[e - 1]
        depth += (before - depth) * (centre - t) / (centre - 0.5 * (start[e - 1] + end[e - 1]))
    return 0.5 * min(depth, height * height / depth)


@inner_kernel
def _frozen_part(t, width, spread):
    """Mean frozen length of a cell [m], and the mean of that length times the distance from its middle to the front
    [m²].

    Parameters
    ----------
    t, width : [m], from the cell's near end to the mean position of the front, and to its far end; spread : [m], over
        which it is spread
    """
    if spread < _SHARP * width:
        length = min(max(t, 0.0), width)
        return length, length * (t - 0.5 * length)
    length, moment = 0.0, 0.0
    for sign in (-1.0, 1.0):
        u = max(t + 0.5 * sign * spread, 0.0)
        within = min(u, width)
        length += sign / spread * within * (u - 0.5 * within)
        moment += sign / spread * within * (within * within / 6.0 + 0.5 * u * (u - within))
    return length, moment
