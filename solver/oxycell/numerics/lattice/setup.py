"""Coefficients of the lattice levels: conductances of faces onto the finest level, then level by level into coarse
faces."""

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.lattice.strips import NONE

ONE = np.uint64(1)

OUTER, SHARED = 1, 2
"""Faces without a place of their own among the conductances: of a global row; of cells that another face joins
already."""

_IDLE, _GLOBAL, _STRAY = (
    3,
    4,
    5,
)  # instead of an axis: of a row with itself, of a global row, of cells that are not neighbours


@kernel
def _place(a, b, at, plane, row, position):
    """Axis of a face between rows a and b, and the flat position of the cell before it."""
    if a == b:
        return _IDLE, 0
    low, high = min(at[a], at[b]), max(at[a], at[b])
    if low < 0:
        return _GLOBAL, 0
    distance = high - low
    return 0 if distance == plane else 1 if distance == row else 2 if distance == 1 else _STRAY, position[low]


@kernel(parallel=True)
def place_faces(a, b, at, plane, row, position, face, kind):
    """The face between every cell and the next one along each axis.

    Parameters
    ----------
    a, b : (m,) int; at : (n,) int, place of a row in the grid of positions, −1 for a global row
    plane, row : int, distances in that grid of neighbours along x and y; position : (grid,) int, see `number_cells`
    face : (3, positions) uint32, out, filled with NONE
    kind : (m,) int8, out, OUTER where a face goes to a global row, 0 elsewhere

    Returns
    -------
    how many faces join neither neighbours nor a global row; how many have no place because another face has it, see
    `settle_shared`
    """
    strays, placed, places = 0, 0, 0
    for f in prange(a.size):
        axis, p = _place(a[f], b[f], at, plane, row, position)
        kind[f] = OUTER if axis == _GLOBAL else 0
        strays += axis == _STRAY
        if axis < 3:
            face[axis, p] = f
            placed += 1
    for p in prange(face.shape[1]):
        places += (face[0, p] != NONE) + (face[1, p] != NONE) + (face[2, p] != NONE)
    return strays, placed - places


@kernel
def settle_shared(a, b, at, plane, row, position, face, kind):
    """Give each place to the first of its faces and mark the others SHARED; arguments of `place_faces`."""
    for f in range(a.size):
        axis, p = _place(a[f], b[f], at, plane, row, position)
        if axis < 3 and face[axis, p] != f:
            other = face[axis, p]
            if f < other:
                face[axis, p], kind[other] = f, SHARED
            else:
                kind[f] = SHARED


@kernel(parallel=True)
def find_largest(value):
    """The largest of values, or −1 if one is not a number ≥ 0."""
    largest, bad = 0.0, 0
    for n in prange(value.size):
        v = value[n]
        bad += 0 if 0.0 <= v < np.inf else 1
        largest = max(largest, v)
    return -1.0 if bad else largest


@kernel(parallel=True)
def fill_finest(planes, first, begin, end, face, row, conductance, shift, scale, network):
    """The operator times `scale` in single precision on the finest level; shared faces and couplings are added later.

    Parameters
    ----------
    planes : int, of the finest level; first, begin, end : see Runs, those of the finest level first
    face, row : see Finest
    conductance, shift : of the operator
    scale : float
    network : Network, out
    """
    tx, ty, tz, out_shift = network.x, network.y, network.z, network.shift
    for i in prange(planes):
        for s in range(first[i], first[i + 1]):
            for p in range(begin[s], end[s]):
                x, y, z, r = face[0, p], face[1, p], face[2, p], row[p]
                tx[p] = scale * conductance[x] if x != NONE else 0.0
                ty[p] = scale * conductance[y] if y != NONE else 0.0
                tz[p] = scale * conductance[z] if z != NONE else 0.0
                out_shift[p] = scale * shift[r] if r != NONE else 0.0


@kernel
def add_shared(face, axis, low, conductance, scale, network):
    """Faces whose cells another face joins already, added to its conductance."""
    tx, ty, tz = network.x, network.y, network.z
    for n in range(face.size):
        t = tx if axis[n] == 0 else ty if axis[n] == 1 else tz
        t[low[n]] += scale * conductance[face[n]]


@kernel
def add_couplings(couplings, row, shift, scale, out_shift, excess, lump_diagonal):
    """Couplings to global rows also hold the cells and the global rows.

    Parameters
    ----------
    couplings, row, excess : see Finest; excess : out
    shift : of the operator; scale : float
    out_shift : (positions,), of the finest level in single precision, out
    lump_diagonal : (n_lumps,), added to
    """
    cell, lump, coupling = couplings.cell, couplings.lump, couplings.conductance
    e = 0
    while e < cell.size:
        first, total = e, scale * shift[row[cell[e]]]
        while e < cell.size and cell[e] == cell[first]:
            total += coupling[e]
            lump_diagonal[lump[e]] += coupling[e]
            excess[e] = 0.0
            e += 1
        out_shift[cell[first]] = total
        excess[first] = total - np.float64(out_shift[cell[first]])


@inner_kernel
def _reciprocal(v):
    """1/v in single precision, 0 for 0 and bounded."""
    return np.float32(min(1.0 / v, 1e30)) if v > 0.0 else np.float32(0.0)


@kernel(parallel=True)
def fill_inverse(first, last, runs, network, inverse):
    """1/diagonal of the planes of some levels, 0 where nothing touches a cell."""
    first_of, begin, end, west, south = runs.first, runs.begin, runs.end, runs.west, runs.south
    tx, ty, tz, shift = network.x, network.y, network.z, network.shift
    for i in prange(first, last):
        for s in range(first_of[i], first_of[i + 1]):
            w, v = west[s], south[s]
            for p in range(begin[s], end[s]):
                inverse[p] = _reciprocal(
                    np.float64(shift[p]) + tx[p + w] + tx[p] + ty[p + v] + ty[p] + tz[p - ONE] + tz[p]
                )


@kernel
def _joined(v, low, before, high, behind):
    """What a fine face of conductance v adds to the face between its two coarse cells.

    `before` and `behind` are the faces inside the coarse cells on its two sides, where `low` and `high` say that there
    is one. Half of their resistance lies between the coarse centres; the result is bounded below by the sum that
    piecewise-constant transfer asks for, over 2.2. An inner face without conductance has nothing behind it.
    """
    resistance = 0.0
    if low and before > 0.0:
        resistance += 1.0 / before
    if high and behind > 0.0:
        resistance += 1.0 / behind
    return v / min(1.0 + 0.5 * resistance * v, 2.2)


@kernel(parallel=True)
def coarsen(first, at_x, at_y, strips, bounds, parent, network):
    """Coefficients of the next level; what an axis merges is the same in all lines.

    Parameters
    ----------
    first : first fine plane of every coarse plane
    at_x, at_y : coarse index of every fine index along x and y
    strips : Strips of this level
    bounds : (coarse planes + 1,) int, first position of every plane of the next level
    parent : see Levels; network : Network of all levels, that of the next one is written
    """
    first_of, begin, end, row = strips.first, strips.begin, strips.end, strips.row
    west, east, south, north = strips.west, strips.east, strips.south, strips.north
    tx, ty, tz, shift = network.x, network.y, network.z, network.shift
    for coarse in prange(1, bounds.size - 2):
        for p in range(bounds[coarse], bounds[coarse + 1]):
            tx[p], ty[p], tz[p], shift[p] = 0.0, 0.0, 0.0, 0.0
        for i in range(first[coarse], first[coarse + 1]):
            across = at_x[i + 1] != coarse
            low_x, high_x = at_x[i - 1] == coarse, across and i + 2 < at_x.size and at_x[i + 2] == at_x[i + 1]
            for s in range(first_of[i], first_of[i + 1]):
                j, w, e, v, u = row[s], west[s], east[s], south[s], north[s]
                along = at_y[j + 1] != at_y[j]
                low_y, high_y = at_y[j - 1] == at_y[j], along and j + 2 < at_y.size and at_y[j + 2] == at_y[j + 1]
                for p in range(begin[s], end[s]):
                    P = parent[p]
                    shift[P] += shift[p]
                    t = tx[p]
                    if across and t > 0.0:
                        tx[P] += _joined(t, low_x, tx[p + w], high_x, tx[p + e])
                    t = ty[p]
                    if along and t > 0.0:
                        ty[P] += _joined(t, low_y, ty[p + v], high_y, ty[p + u])
                    t = tz[p]
                    if t > 0.0 and parent[p + ONE] != P:
                        tz[P] += _joined(
                            t, parent[p - ONE] == P, tz[p - ONE], parent[p + ONE + ONE] == parent[p + ONE], tz[p + ONE]
                        )


@kernel
def add_up_couplings(couplings, merged):
    """Couplings of all levels below the finest; see Levels."""
    first, coupling = couplings.first, couplings.conductance
    for e in range(first[1], coupling.size):
        coupling[e] = 0.0
    for e in range(first[first.size - 2]):
        coupling[merged[e]] += coupling[e]
