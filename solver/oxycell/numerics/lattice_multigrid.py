"""Conjugate gradients with a multigrid cycle for operators on a lattice; matrix-free, global rows kept exact.

Which cells merge into coarse ones is chosen along each axis from widths and first coefficients, see `lattice_merging`; this
topology is kept as long as the operator. Coefficients are renewed when they changed.
"""

import numpy as np

from oxycell.errors import NotConverged
from oxycell.numerics.lattice_bottom import assemble_bottom, factor_banded
from oxycell.numerics.lattice_chains import Chains, find_chains
from oxycell.numerics.lattice_krylov import Finest, solve_on_lattice
from oxycell.numerics.lattice_levels import make_grids, make_levels, make_parent, make_runs
from oxycell.numerics.lattice_setup import (
    IDLE,
    OUTER,
    STRAY,
    add_couplings,
    add_up_couplings,
    coarsen,
    fill_finest,
    fill_inverse,
    place_faces,
    scatter,
)

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
    NotConverged
        A coefficient is negative or not a number.
    """

    def __init__(self, operator):
        row, n = operator.lattice.row, operator.n
        edges = [np.asarray(e, float) for e in operator.lattice.edges]
        if row.shape != tuple(e.size - 1 for e in edges):
            raise ValueError(f"lattice: rows of shape {row.shape} do not fit the edges")
        # Long rows are fast: the longest axis runs fastest in memory, the next one counts planes.
        order = np.argsort(row.shape)[[1, 0, 2]]
        row, edges = row.transpose(order), [edges[axis] for axis in order]
        shape = tuple(m + 2 for m in row.shape)
        index = np.int32 if 5 * np.prod(shape) + operator.a.size < 2**31 else np.int64
        padded = np.full(shape, -1, index)
        padded[1:-1, 1:-1, 1:-1] = row
        self._position = np.flatnonzero(padded >= 0).astype(index)
        self._row = padded.ravel()[self._position]
        del padded
        of_row = np.full(n, -1, index)
        if np.max(self._row, initial=-1) < n:
            of_row[self._row] = self._position
        if np.count_nonzero(of_row >= 0) != self._row.size:
            raise ValueError("lattice: each of the operator's rows stands at one position at most")
        self._lump_row = np.flatnonzero(of_row < 0)
        lump = np.full(n, -1, index)
        lump[self._lump_row] = np.arange(self._lump_row.size)
        cell, cell_lump = self._place(operator, of_row, lump, shape)
        self._finest = self._make_finest(row >= 0, cell, cell_lump)
        arrays = [np.zeros(int(2.2 * np.prod(shape)), np.float32) for _ in range(4)]  # pages that no level uses are never touched
        inverse = np.zeros(int(np.prod(shape)), np.float32)
        self._fill_finest(operator, arrays, inverse)
        self._grids = make_grids(edges, row >= 0, arrays)
        self._levels = make_levels(self._grids, make_parent(self._grids), arrays, cell, cell_lump, self._lump_row.size)
        self._finest = self._finest._replace(inverse=self._levels.inverse)
        self._levels.inverse[:inverse.size] = inverse
        self._number_bottom(lump)
        self._finish(operator)
        self._version = operator.version

    def _place(self, operator, of_row, lump, shape):
        """Slot of every face and shift among the coefficients; returns cell and global row of each coupling."""
        size, k = int(np.prod(shape)), self._lump_row.size
        slot = np.empty(operator.a.size, of_row.dtype)
        place_faces(operator.a, operator.b, of_row, shape[1] * shape[2], shape[2], size, slot)
        if np.any(slot == STRAY):
            raise ValueError("lattice: a face joins two cells that are not neighbours")
        outer = np.flatnonzero(slot == OUTER)
        a, b = operator.a[outer], operator.b[outer]
        at = np.maximum(of_row[a], of_row[b]).astype(np.int64)
        low, high = np.minimum(lump[a], lump[b]), np.maximum(lump[a], lump[b])
        across = at >= 0
        pairs, place = np.unique(at[across] * max(k, 1) + high[across], return_inverse=True)
        start = 3 * size + pairs.size
        slot[outer] = start + low * k + high
        slot[outer[across]] = 3 * size + place
        self._shift_start = start + k * k
        self._value = np.zeros(self._shift_start + size + k + 1)
        idle = self._value.size - 1
        slot[slot == IDLE] = idle
        alone = np.bincount(slot[slot < 3 * size], minlength=3 * size) == 1
        self._shared = np.flatnonzero((slot >= 3 * size) & (slot < idle) | (slot < 3 * size) & ~alone[np.minimum(slot, 3 * size - 1)])
        self._shared_slot = slot[self._shared]
        slot[self._shared] = idle
        self._slot = slot
        self._shift_place = self._shift_start + np.where(of_row >= 0, of_row, size + lump)
        return pairs // max(k, 1), pairs % max(k, 1)

    def _number_bottom(self, lump):
        """Numbers of the coarsest cells and of what each row is part of there."""
        bottom, grid = self._levels.bottom, self._grids[-1]
        self._number = np.full(int(np.prod(grid.shape)), -1, lump.dtype)
        self._number[bottom - grid.start] = np.arange(bottom.size)
        parts = [np.arange(n) for n in self._grids[0].shape]
        for level in self._grids[:-1]:
            parts = [part[p] for part, p in zip(level.parts, parts, strict=True)]
        of_position = self._number.reshape(grid.shape)[np.ix_(*parts)].ravel()
        self._row_number = np.where(lump >= 0, bottom.size + lump, -1).astype(lump.dtype)
        self._row_number[self._row] = of_position[self._position]
        self._bottom_shift = np.empty(bottom.size + self._lump_row.size)

    def _make_finest(self, used, cell, cell_lump):
        shape = tuple(m + 2 for m in used.shape)
        k, size, planes = self._lump_row.size, int(np.prod(shape)), shape[0]
        begin, end, count = make_runs(used)
        tx, ty, tz = self._value[:3 * size].reshape(3, size)
        coupling = self._value[3 * size:3 * size + cell.size]
        first = np.searchsorted(cell // (shape[1] * shape[2]), np.arange(planes + 1))
        return Finest(
            planes, np.r_[0, np.cumsum(count)], begin, end, np.uint64(shape[1] * shape[2]), np.uint64(shape[2]), tx, ty, tz, np.zeros(size),
            np.zeros(0, np.float32), first, cell, cell_lump, coupling, np.zeros((k, k)), np.zeros(k), *(np.zeros(size) for _ in range(4)),
            *(np.zeros(k) for _ in range(4)), np.zeros((planes, 2 + k)), np.ones(1, bool))

    def _fill_finest(self, operator, arrays, inverse):
        """Coefficients of the finest level in double and, scaled, in single precision."""
        F, k, shift = self._finest, self._lump_row.size, operator.shift
        largest = scatter(operator.conductance, self._slot, self._shared, self._shared_slot, shift, self._shift_place, self._value)
        if largest < 0.0:
            raise NotConverged("linear solve: a conductance or shift of the operator is negative or not a number")
        self._scale = 1.0 / largest if largest > 0.0 else 1.0
        pairs = self._value[self._shift_start - k * k:self._shift_start].reshape(k, k)
        pairs = pairs + pairs.T
        cell_shift = self._value[self._shift_start:self._shift_start + F.x.size]
        diagonal = shift[self._lump_row] + pairs.sum(1)
        add_couplings(F.cell, F.lump, F.coupling, cell_shift, diagonal)
        F.lumps[:] = np.diag(diagonal) - pairs
        F.lump_inverse[:] = np.where(diagonal > 0.0, 1.0 / np.maximum(self._scale * diagonal, 1e-30), 0.0)
        fill_finest(F.planes, F.segments, F.begin, F.end, F.plane, F.row, F.tx, F.ty, F.tz, cell_shift, F.diagonal, self._scale, *arrays,
                    inverse)

    def _finish(self, operator):
        """What follows from the coefficients of all levels: chains, couplings, diagonals, the bottom."""
        F, L, scale = self._finest, self._levels, self._scale
        arrays = L.tx, L.ty, L.tz, L.shift
        self._chains = Chains(*find_chains(F.begin, F.end, int(F.plane), int(F.row), *arrays))
        np.multiply(F.coupling, scale, out=L.coupling[:F.coupling.size], casting="same_kind")
        for grid in self._grids[1:]:
            fill_inverse(*(grid.view(a) for a in arrays), grid.view(L.inverse))
        add_up_couplings(L.couplings, L.merged, L.coupling)
        last, grid = slice(L.couplings[-2], None), self._grids[-1]
        assemble_bottom(L.bottom, grid.start, self._number, grid.shape[1] * grid.shape[2], grid.shape[2], *arrays[:3], L.cell[last],
                        L.lump[last], L.coupling[last], self._row_number, operator.shift, scale, L.factor, self._bottom_shift)
        np.multiply(F.lumps, -scale, out=L.lump_factor)
        np.fill_diagonal(L.lump_factor, 0.0)
        factor_banded(L.factor, L.lump_factor, self._bottom_shift, L.pivot)

    def refresh(self, operator):
        """Take over the operator's coefficients.

        Raises
        ------
        NotConverged
            One of them is negative or not a number.
        """
        L = self._levels
        arrays = L.tx, L.ty, L.tz, L.shift
        self._fill_finest(operator, arrays, L.inverse)
        for fine, coarse in zip(self._grids, self._grids[1:], strict=False):
            coarsen(fine.first, *fine.parts, *(fine.view(a) for a in arrays), *(coarse.view(a) for a in arrays))
        self._finish(operator)
        self._version = operator.version

    def solve(self, operator, b, x, tolerance, max_iterations):
        """Solve A x = b into x; returns status, iterations and the residual reached, see `conjugate_gradients`."""
        if self._version != operator.version:
            self.refresh(operator)
        return solve_on_lattice(self._finest, self._levels, self._chains, _DEGREE, self._position, self._row, self._lump_row, b, x,
                                   tolerance, max_iterations)
