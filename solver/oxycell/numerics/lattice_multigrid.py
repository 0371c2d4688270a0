"""Conjugate gradients with a multigrid cycle for operators on a lattice; matrix-free, global rows kept exact.

Two neighbouring intervals of an axis merge only while their joint width stays under the level's target: thin layers coarsen
first and coarse cells become as wide as they are high, whatever the grading. Topology is kept as long as the operator;
coefficients are renewed when they changed.
"""

import numpy as np

from oxycell.numerics.lattice_krylov import Finest, conjugate_gradients
from oxycell.numerics.lattice_kernels import factor_dense
from oxycell.numerics.lattice_levels import make_grids, make_levels, make_parent
from oxycell.numerics.lattice_setup import add_couplings, assemble_bottom, coarsen, fill_diagonal, round_finest, scatter

_DEGREE = 4  # smoothing steps before and after


class Hierarchy:
    """The levels of an operator that carries a lattice.

    Parameters
    ----------
    operator : Operator

    Raises
    ------
    ValueError
        A face joins two cells that are not neighbours on the lattice, or a position's row is not the operator's.
    """

    def __init__(self, operator):
        row, n = operator.lattice.row, operator.n
        edges = [np.asarray(e, float) for e in operator.lattice.edges]
        if row.shape != tuple(e.size - 1 for e in edges):
            raise ValueError(f"lattice: rows of shape {row.shape} do not fit the edges")
        # Long rows are fast: the longest axis runs fastest in memory, the next one counts planes.
        order = np.argsort(row.shape)[[1, 0, 2]]
        row, edges = row.transpose(order), [edges[axis] for axis in order]
        grids = make_grids(edges, row >= 0)
        parent = make_parent(grids)
        finest = grids[0]
        at = np.nonzero(row >= 0)
        self._row, self._position = row[at], finest.flat(*at)
        if np.unique(self._row).size < self._row.size or np.max(self._row, initial=-1) >= n:
            raise ValueError("lattice: each row stands at one position")
        of_row = np.full(n, -1)
        of_row[self._row] = self._position
        self._lump_row = np.flatnonzero(of_row < 0)
        lump = np.full(n, -1)
        lump[self._lump_row] = np.arange(self._lump_row.size)
        cell, cell_lump = self._place(operator, of_row, lump, finest.shape)
        self._levels = make_levels(grids, parent, cell, cell_lump, self._lump_row.size)
        self._number_bottom(operator, grids[-1], of_row, lump, len(grids) - 1)
        self._make_finest(finest.shape, cell, cell_lump)
        self._version = -1

    def _place(self, operator, of_row, lump, shape):
        """Slot of every face and shift among the coefficients; returns cell and global row of each coupling."""
        size, k = int(np.prod(shape)), self._lump_row.size
        a, b = operator.a, operator.b
        low, high = np.minimum(of_row[a], of_row[b]), np.maximum(of_row[a], of_row[b])
        lump_low, lump_high = np.minimum(lump[a], lump[b]), np.maximum(lump[a], lump[b])
        slot = np.full(a.size, -1)
        inside = low >= 0
        for axis, step in enumerate((shape[1] * shape[2], shape[2], 1)):
            here = inside & (high - low == step)
            slot[here] = axis * size + low[here]
        across = (low < 0) & (high >= 0)
        pairs, place = np.unique(high[across] * max(k, 1) + lump_high[across], return_inverse=True)
        slot[across] = 3 * size + place
        start = 3 * size + pairs.size
        between = lump_low >= 0
        slot[between] = start + lump_low[between] * k + lump_high[between]
        self._shift_start = start + k * k
        self._value = np.zeros(self._shift_start + size + k + 1)
        slot[a == b] = self._value.size - 1  # a face of a row with itself carries nothing
        if np.any(slot < 0):
            raise ValueError("lattice: a face joins two cells that are not neighbours")
        self._slot = slot
        self._shift_place = self._shift_start + np.where(of_row >= 0, of_row, size + lump)
        return pairs // max(k, 1), pairs % max(k, 1)

    def _number_bottom(self, operator, grid, of_row, lump, depth):
        """Numbers of the coarsest cells and of what each row is part of there."""
        bottom = self._levels.bottom
        self._bottom_start = grid.start
        self._number = np.full(int(np.prod(grid.shape)), -1)
        self._number[bottom - grid.start] = np.arange(bottom.size)
        at = self._position
        for _ in range(depth):
            at = self._levels.parent[at].astype(np.int64)
        self._row_number = np.where(lump >= 0, bottom.size + lump, -1)
        self._row_number[self._row] = self._number[at - grid.start]
        m = bottom.size + self._lump_row.size
        self._network, self._network_shift = np.empty((m, m)), np.empty(m)

    def _make_finest(self, shape, cell, cell_lump):
        L, k, size = self._levels, self._lump_row.size, int(np.prod(shape))
        planes = shape[0]
        coupling = self._value[3 * size:3 * size + cell.size]
        plane_of = cell // (shape[1] * shape[2])
        self._finest = Finest(
            bool(L.large[0]), planes, L.plane[0], L.row[0], L.segments, L.begin, L.end,
            self._value[:size], self._value[size:2 * size], self._value[2 * size:3 * size], np.zeros(size), L.inverse,
            np.searchsorted(plane_of, np.arange(planes + 1)), cell, cell_lump, coupling, np.zeros((k, k)), np.zeros(k),
            *(np.zeros(size) for _ in range(4)), *(np.zeros(k) for _ in range(4)), np.zeros((planes, 2 + k)))

    def refresh(self, operator):
        """Take over the operator's coefficients."""
        conductance, shift = operator.conductance, operator.shift
        F, L, k = self._finest, self._levels, self._lump_row.size
        size = F.x.size
        scatter(conductance, self._slot, shift, self._shift_place, self._value)
        pairs = self._value[self._shift_start - k * k:self._shift_start].reshape(k, k)
        pairs = pairs + pairs.T
        cell_shift = self._value[self._shift_start:self._shift_start + size]
        diagonal = shift[self._lump_row] + pairs.sum(1)
        add_couplings(F.cell, F.lump, F.coupling, cell_shift, diagonal)
        F.lumps[:] = np.diag(diagonal) - pairs
        largest = fill_diagonal(F.planes, F.segments, F.begin, F.end, F.plane, F.row, F.tx, F.ty, F.tz, cell_shift, F.diagonal, F.part)
        largest = max(largest, np.max(diagonal, initial=0.0))
        scale = 1.0 / largest if largest > 0.0 else 1.0
        F.lump_inverse[:] = np.where(diagonal > 0.0, 1.0 / np.maximum(scale * diagonal, 1e-30), 0.0)
        round_finest(scale, F.tx, F.ty, F.tz, cell_shift, F.diagonal, F.coupling, L)
        coarsen(L)
        assemble_bottom(L, self._bottom_start, self._number, self._row_number, shift, pairs, scale, self._network, self._network_shift)
        factor_dense(self._network, self._network_shift, L.factor, L.pivot)

    def solve(self, operator, b, x, tolerance, max_iterations):
        """Solve A x = b into x; returns status, iterations and the residual reached, see `conjugate_gradients`."""
        if self._version != operator.version:
            self.refresh(operator)
            self._version = operator.version
        return conjugate_gradients(self._finest, self._levels, _DEGREE, self._position, self._row, self._lump_row, b, x,
                                   tolerance, max_iterations)
