"""Levels of aggregates laid out in memory: their topology from a network, their coefficients from conductances and
shifts.

All levels lie one after the other in flat arrays of positions, 16 to a slice. The rows of an aggregate stand side by
side, and so do the aggregates of an aggregate. The entries of a slice are stored entry by entry, 16 rows at a time,
filled up with zeros: loops over them have a fixed length. A row with many entries (a hub: a terminal, a pool) has a
slice of its own, its entries over all 16 lanes. Positions are unsigned: no wrap-around.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.aggregation.graph import aggregate, entry_weights, join, members, sparse_rows
from oxycell.numerics.lattice.layout import Bottom
from oxycell.numerics.operators import Operator

LANES = 16
_LANES = np.uint64(LANES)
_HUB, _HUBS = 64, 256  # entries from which on a row is a hub, and how many hubs there are at most
_MOST, _LEAST, _LARGEST, _STRONG = 6, 3, 12, 0.25  # see `aggregate`
_BOTTOM = 400  # rows that are solved directly
_LEAST_DIAGONAL = 1e-30  # over the largest coefficient; its inverse has to fit into single precision


class Entries(NamedTuple):
    """Which entries the rows of all levels have, slice by slice.

    Attributes
    ----------
    wide : (n_slices,) bool, slices of one row, a hub
    start : (n_slices + 1,) int, first slot of each slice
    column : (n_slots,) uint32, position a slot joins to; its own where there is none
    """

    wide: np.ndarray
    start: np.ndarray
    column: np.ndarray


class Levels(NamedTuple):
    """All levels, with the vectors of one cycle.

    Attributes
    ----------
    n : int, number of levels
    slices : (n + 1,) int, first slice of each level
    entries : Entries
    first, last : (positions without level 0,) int32, finer positions a position is made of
    value : (n_slots,) conductances
    shift, inverse : (positions,) shift and 1/diagonal, 0 where nothing touches a row
    x, y, b : (positions,) two iterates and the right-hand side
    c, v : (positions without level 0,) direction of the coarse iteration and its product
    bottom : Bottom, hubs last
    """

    n: int
    slices: np.ndarray
    entries: Entries
    first: np.ndarray
    last: np.ndarray
    value: np.ndarray
    shift: np.ndarray
    inverse: np.ndarray
    x: np.ndarray
    y: np.ndarray
    b: np.ndarray
    c: np.ndarray
    v: np.ndarray
    bottom: Bottom


class Topology:
    """What does not change with the coefficients.

    Parameters
    ----------
    operator : Operator; its conductances decide what is gathered

    Attributes
    ----------
    slices, wide, start, column, first, last : see Levels
    position : (n,) int32, position of every row on level 0
    face : (slots of level 0,) int32, face of every slot, −1 for none
    n_hubs : int
    """

    position: Ints

    def __init__(self, operator: Operator) -> None:
        n, largest = operator.n, np.max(operator.conductance, initial=0.0)
        start, neighbour, face = sparse_rows(n, operator.a, operator.b)
        degree = np.diff(start)
        hub = np.flatnonzero(degree > _HUB)
        hub = np.sort(hub[np.argsort(-degree[hub], kind="stable")[:_HUBS]])
        self.n_hubs = hub.size
        if not np.array_equal(hub, np.arange(n - hub.size, n)):  # hubs last
            order = np.r_[np.delete(np.arange(n), hub), hub]
            number = np.empty(n, np.int64)
            number[order] = np.arange(n)
            start, neighbour, face = sparse_rows(n, number[operator.a], number[operator.b])
        else:
            number = None
        networks, parts = [(start, neighbour)], []
        weight = entry_weights(face, operator.conductance, 1.0 / largest if largest > 0.0 else 1.0)
        while start.size - 1 - hub.size > _BOTTOM:
            part, m = _gathered(start, neighbour, weight, start.size - 1 - hub.size)
            start, neighbour, weight = join(start, neighbour, weight, part, m)
            networks.append((start, neighbour))
            parts.append(part)
        self._order(networks, parts, face)
        self.position = self.position if number is None else self.position[number]

    def _order(self, networks: Sequence[tuple[Ints, Ints]], parts: Sequence[Ints], face: Ints) -> None:
        """Positions from the coarsest level to the finest, the rows of an aggregate side by side; then slots."""
        orders = [_bottom_order(*networks[-1], self.n_hubs)]
        for part in reversed(parts):
            place = np.empty(orders[0].size, np.int32)
            place[orders[0]] = np.arange(orders[0].size)
            orders.insert(0, members(place[part], place.size)[1])
        plain = [-(-(order.size - self.n_hubs) // LANES) for order in orders]
        self.slices = np.r_[0, np.cumsum([count + self.n_hubs for count in plain])]
        self.wide = np.zeros(self.slices[-1], bool)
        self.first, self.last = np.zeros((2, LANES * (self.slices[-1] - self.slices[1])), np.int32)
        positions = []
        for order, slices, count in zip(orders, self.slices[:-1], plain, strict=True):
            position = np.empty(order.size, np.int32)
            plain_rows = order.size - self.n_hubs
            position[order[:plain_rows]] = LANES * slices + np.arange(plain_rows)
            position[order[plain_rows:]] = LANES * (slices + count + np.arange(self.n_hubs))
            self.wide[slices + count : slices + count + self.n_hubs] = True
            positions.append(position)
        self.start = np.zeros(self.slices[-1] + 1, np.int64)
        for (start, _), position in zip(networks, positions, strict=True):
            _count_slots(start, position, self.wide, self.start)
        np.cumsum(self.start, out=self.start)
        self.column = np.empty(self.start[-1], np.uint32)
        self.face = np.full(self.start[self.slices[1]], -1, np.int32)
        no_face = np.empty(0, np.int32)
        for level, ((start, neighbour), position) in enumerate(zip(networks, positions, strict=True)):
            _own_columns(self.slices[level], self.slices[level + 1], self.wide, self.start, self.column)
            _fill_slots(
                start, neighbour, no_face if level else face, position, self.wide, self.start, self.column, self.face
            )
        for fine, coarse, part in zip(positions[:-1], positions[1:], parts, strict=True):
            _span(fine, coarse[part] - LANES * self.slices[1], self.first, self.last)
        self.position, self.bottom = positions[0], positions[-1][orders[-1]]
        self.number = np.full(LANES * (self.slices[-1] - self.slices[-2]), -1)
        self.number[self.bottom - LANES * self.slices[-2]] = np.arange(self.bottom.size)
        self.width = _bandwidth(self.bottom, self.number, self.n_hubs, self.wide, self.start, self.column)


def _gathered(start: Ints, neighbour: Ints, weight: Floats, first_hub: int) -> tuple[Ints, int]:
    """Aggregates of a level, see `aggregate`; where too many rows are left, aggregates may grow larger, then any tie
    serves."""
    hubs = start.size - 1 - first_hub
    for largest, strong, enough in ((_LARGEST, _STRONG, 0.5), (start.size, _STRONG, 0.9), (start.size, 0.0, 1.0)):
        part, m = aggregate(start, neighbour, weight, first_hub, _MOST, _LEAST, largest, np.float32(strong))
        if m - hubs <= enough * first_hub:
            break
    return part, m


def _bottom_order(start, neighbour, n_hubs):
    """Rows of the coarsest level so that neighbours are close (Cuthill & McKee 1969), hubs last."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    n = start.size - 1
    graph = csr_matrix((np.ones(neighbour.size), neighbour, start), shape=(n, n))[: n - n_hubs, : n - n_hubs]
    return np.r_[reverse_cuthill_mckee(graph, symmetric_mode=True), np.arange(n - n_hubs, n)].astype(np.int64)


@kernel
def _count_slots(start, position, wide, slots):
    """Number of slots of each slice, in the place of the slice that follows."""
    for i in range(position.size):
        s, degree = position[i] // LANES, start[i + 1] - start[i]
        wanted = -(-degree // LANES) * LANES if wide[s] else degree * LANES
        slots[s + 1] = max(slots[s + 1], wanted)


@kernel
def _own_columns(begin, end, wide, start, column):
    """Slots that join a position to itself, filled in before the others."""
    for s in range(begin, end):
        for p in range(start[s], start[s + 1]):
            column[p] = s * LANES if wide[s] else s * LANES + p % LANES


@inner_kernel
def _slot(s, lane, k, wide, start):
    """Slot of entry k of a row."""
    return start[s] + k if wide[s] else start[s] + k * LANES + lane


@kernel
def _fill_slots(start, neighbour, face, position, wide, slot_start, column, slot_face):
    for i in range(position.size):
        s, lane = position[i] // LANES, position[i] % LANES
        for p in range(start[i], start[i + 1]):
            slot = _slot(s, lane, p - start[i], wide, slot_start)
            column[slot] = position[neighbour[p]]
            if face.size:
                slot_face[slot] = face[p]


@kernel
def _span(fine, coarse, first, last):
    """The run of fine positions each coarse position is made of; fine, coarse (n,) of the same rows, coarse without
    level 0."""
    for i in range(fine.size):
        c, p = coarse[i], fine[i]
        if last[c] == 0:
            first[c], last[c] = p, p + 1
        else:
            first[c], last[c] = min(first[c], p), max(last[c], p + 1)


@kernel
def row_slots(r, wide, start):
    """First slot of a position, the one to stop at, and the step from one to the next."""
    s = r // LANES
    if wide[s]:
        return (start[s], start[s + 1], 1) if r % LANES == 0 else (start[s], start[s], 1)
    return start[s] + r % LANES, start[s + 1], LANES


@kernel
def _bandwidth(bottom, number, n_hubs, wide, start, column):
    """Largest distance of the numbers of two neighbours on the coarsest level, hubs left out."""
    widest, n, offset = 0, bottom.size - n_hubs, bottom.min()
    for i in range(n):
        low, high, step = row_slots(bottom[i], wide, start)
        for p in range(low, high, step):
            j = number[column[p] - offset]
            if j < n:
                widest = max(widest, j - i)
    return widest


@kernel
def fill_finest(begin, end, wide, start, face, conductance, scale, shift, rest, value, shift_out, inverse):
    """Coefficients of the slices begin to end of level 0, scaled, in the precision of the levels and what that leaves
    out.

    Parameters
    ----------
    face : (slots,) int; conductance : (m,); scale : power of two, about 1/largest; 1e-45 of the largest counts as
        nothing
    shift : (positions,), scaled in place; rest : (slots,) float32, out; value, shift_out, inverse : out, see Levels
    """
    for p in range(start[begin], start[end]):
        g = scale * conductance[face[p]] if face[p] >= 0 else 0.0
        value[p] = g
        rest[p] = g - np.float64(value[p])
    for r in range(begin * LANES, end * LANES):
        low, high, step = row_slots(r, wide, start)
        shift[r] *= scale
        total = shift[r]
        for p in range(low, high, step):
            total += value[p]
        shift_out[r] = shift[r]
        inverse[r] = 1.0 / max(total, _LEAST_DIAGONAL) if total > 0.0 else 0.0


@kernel
def label(first, last, parent):
    """Coarser position, without level 0, of every position; parent : (positions of all levels but the coarsest,) int32,
    out."""
    for c in range(first.size):
        for r in range(first[c], last[c]):
            parent[r] = c


@kernel
def fill_coarse(begin, end, wide, start, column, first, last, parent, value, shift, inverse):
    """Coefficients of the slices begin to end of a coarser level, summed from the finer one; parent : see `label`."""
    slot, skip = np.empty(first.size, np.int32), shift.size - first.size  # slot that joins a row to each other
    for p in range(start[begin], start[end]):
        value[p] = 0.0
    for c in range(begin * LANES, end * LANES):
        low, high, step = row_slots(c, wide, start)
        for p in range(low, high, step):
            slot[column[p] - skip] = p
        total = shift.dtype.type(0.0)
        for r in range(first[c - skip], last[c - skip]):
            total += shift[r]
            fine_low, fine_high, fine_step = row_slots(r, wide, start)
            for p in range(fine_low, fine_high, fine_step):
                d = parent[column[p]]
                if d != c - skip:
                    value[slot[d]] += value[p]
        shift[c] = total
        diagonal = np.float64(total)
        for p in range(low, high, step):
            diagonal += value[p]
        inverse[c] = 1.0 / max(diagonal, _LEAST_DIAGONAL) if diagonal > 0.0 else 0.0


@kernel
def fill_bottom(bottom, number, wide, start, column, value, shift, band, lumps, out):
    """Network of the coarsest level for `factor_banded`: band (n, width + n_hubs), lumps (n_hubs, n_hubs), shifts out
    (n + n_hubs,)."""
    n, width = band.shape[0], band.shape[1] - lumps.shape[0]
    band[:], lumps[:] = 0.0, 0.0
    offset = bottom.min()
    for i in range(bottom.size):
        out[i] = shift[bottom[i]]
        low, high, step = row_slots(bottom[i], wide, start)
        for p in range(low, high, step):
            j = number[column[p] - offset]
            if i >= n and j >= n:
                if i != j:
                    lumps[i - n, j - n] += value[p]
            elif j >= n:
                band[i, width + j - n] += value[p]
            elif i < j:
                band[i, j - i - 1] += value[p]
