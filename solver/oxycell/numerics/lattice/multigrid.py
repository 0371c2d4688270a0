"""Conjugate gradients with a multigrid cycle for operators on a lattice; matrix-free, global rows kept exact.

Which cells merge into coarse ones is chosen along each axis from widths and first coefficients, see `lattice_merging`;
this topology is kept as long as the operator. Coefficients are renewed when they changed.
"""

import numpy as np

from oxycell.errors import NotConverged
from oxycell.numerics.lattice.bottom import add_shifts, assemble_bottom, factor_banded
from oxycell.numerics.lattice.chains import Chains, find_chains
from oxycell.numerics.lattice.krylov import Finest, Iteration, Vectors
from oxycell.numerics.lattice.levels import make_finest_grid, make_grids, make_levels
from oxycell.numerics.lattice.setup import (
    OUTER,
    SHARED,
    add_couplings,
    add_shared,
    add_up_couplings,
    fill_finest,
    fill_inverse,
    find_largest,
    place_faces,
    settle_shared,
)
from oxycell.numerics.lattice.strips import NONE, join_rows


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
        rows, n = operator.lattice.row, operator.n
        edges = [np.asarray(e, float) for e in operator.lattice.edges]
        if rows.shape != tuple(e.size - 1 for e in edges):
            raise ValueError(f"lattice: rows of shape {rows.shape} do not fit the edges")
        # Rows and faces follow each other along the last axis; long runs are worth more than that where another one is
        # much longer.
        order = [0, 1, 2] if max(rows.shape) < 2 * rows.shape[2] else np.argsort(rows.shape)[[1, 0, 2]]
        rows, edges = rows.transpose(order), [edges[axis] for axis in order]
        used = np.ascontiguousarray(rows >= 0)
        position, grid, size = make_finest_grid(used)
        row, at = np.full(size, NONE), np.full(n, -1, position.dtype)
        s = grid.strips
        stored = join_rows(s.plane, s.begin, s.end, s.row, s.start, rows, row, at)
        if np.max(rows, initial=-1) >= n or stored > np.count_nonzero(at >= 0):
            raise ValueError("lattice: each of the operator's rows stands at one position at most")
        self._finest = self._place(operator, at, position, grid, row)
        del at
        arrays = [np.zeros(int(2.2 * size), np.float32) for _ in range(4)]  # pages that no level uses are never touched
        self._fill_finest(operator, (s.plane, s.begin, s.end), arrays)
        self._grids, parent, arrays, position = make_grids(
            edges, used, position, grid, np.zeros(arrays[0].size, np.uint32), arrays
        )
        F = self._finest
        self._number, self._levels = make_levels(self._grids, position, parent, arrays, F.cell, F.lump, F.lump_row.size)
        self._parts = [np.arange(m + 2) for m in rows.shape]
        for level in self._grids[:-1]:
            self._parts = [part[p] for part, p in zip(level.parts, self._parts, strict=True)]
        self._bottom_shift = np.empty(self._levels.pivot.size)
        self._finish(operator)
        self._version = operator.version

    def _place(self, operator, at, position, grid, row):
        """Finest, without coefficients: the place of every face; `at` (n,): where rows stand in the grid `position`, −1
        for global rows."""
        face, kind = np.full((3, row.size), NONE), np.empty(operator.a.size, np.int8)
        plane, line = position.shape[1] * position.shape[2], position.shape[2]
        network = operator.a, operator.b, at, plane, line, position.ravel(), face, kind
        strays, shared = place_faces(*network)
        if strays > 0:
            raise ValueError("lattice: a face joins two cells that are not neighbours")
        if shared > 0:
            settle_shared(*network)
        lump_row = np.flatnonzero(at < 0)
        k, lump = lump_row.size, np.zeros(at.size, at.dtype)
        lump[lump_row] = np.arange(k)
        outer, shared = np.flatnonzero(kind == OUTER), np.flatnonzero(kind == SHARED)
        a, b = operator.a[outer], operator.b[outer]
        at_cell, whole = (
            np.maximum(at[a], at[b]),
            np.where(at[a] < at[b], a, b),
        )  # the cell, if there is one, and the global row
        across, other = at_cell >= 0, np.where(at[a] < at[b], b, a)
        pairs, place = np.unique(
            position.ravel()[at_cell[across]].astype(np.int64) * max(k, 1) + lump[whole[across]], return_inverse=True
        )
        self._outer, self._outer_slot = (
            outer.astype(np.int32),
            (pairs.size + lump[whole] * k + lump[other]).astype(np.int32),
        )
        self._outer_slot[across] = place
        ends = np.sort(position.ravel()[np.stack([at[operator.a[shared]], at[operator.b[shared]]])], axis=0)
        distance = np.abs(at[operator.a[shared]] - at[operator.b[shared]])
        self._shared_axis = np.where(distance == plane, 0, np.where(distance == line, 1, 2))
        (cell, lump), planes = (n.astype(np.int32) for n in np.divmod(pairs, max(k, 1))), grid.bounds.size - 1
        return Finest(
            planes,
            face,
            row,
            shared,
            *ends,
            np.searchsorted(cell, grid.bounds),
            cell,
            lump,
            np.zeros(cell.size),
            np.zeros(cell.size),
            np.zeros((k, k)),
            np.zeros(k),
            lump_row,
            *(np.zeros(k) for _ in range(4)),
            np.zeros((planes, 2 + k)),
        )

    def _fill_finest(self, operator, runs, arrays):
        """Coefficients of the finest level, scaled; `runs`: all its cells, plane by plane."""
        F, conductance, shift = self._finest, operator.conductance, operator.shift
        largest = find_largest(conductance), find_largest(shift)
        if min(largest) < 0.0:
            raise NotConverged("linear solve: a conductance or shift of the operator is negative or not a number")
        self._scale = scale = 1.0 / max(largest) if max(largest) > 0.0 else 1.0
        k, n = F.lump_row.size, F.cell.size
        sums = scale * np.bincount(self._outer_slot, conductance[self._outer], n + k * k)
        F.coupling[:] = sums[:n]
        pairs = sums[n:].reshape(k, k) + sums[n:].reshape(k, k).T
        np.fill_diagonal(pairs, 0.0)
        diagonal = scale * shift[F.lump_row] + pairs.sum(1)
        fill_finest(F.planes, *runs, F.face, F.row, conductance, shift, scale, *arrays)
        add_shared(F.shared, self._shared_axis, F.shared_low, conductance, scale, *arrays[:3])
        add_couplings(F.cell, F.lump, F.coupling, F.row, shift, scale, arrays[3], F.excess, diagonal)
        F.lumps[:] = np.diag(diagonal) - pairs
        F.lump_inverse[:] = np.where(diagonal > 0.0, 1.0 / np.maximum(diagonal, 1e-30), 0.0)

    def _finish(self, operator):
        """What follows from the conductances and shifts of all levels: chains, couplings, diagonals, the bottom."""
        F, L, scale = self._finest, self._levels, self._scale
        conductances, around = (L.tx, L.ty, L.tz), (L.west, L.east, L.south, L.north)
        fill_inverse(0, L.planes[-1], L.runs, L.begin, L.end, L.west, L.south, *conductances, L.shift, L.inverse)
        self._chains = Chains(*find_chains(F.planes, L.runs, L.begin, L.end, *around, *conductances, L.shift))
        L.coupling[: F.cell.size] = F.coupling
        add_up_couplings(L.couplings, L.merged, L.coupling)
        s, n = self._grids[0].strips, L.bottom.size
        self._bottom_shift[:n], self._bottom_shift[n:] = 0.0, scale * operator.shift[F.lump_row]
        add_shifts(
            s.plane,
            s.begin,
            s.end,
            s.row,
            s.start,
            *self._parts,
            self._number,
            F.row,
            operator.shift,
            scale,
            self._bottom_shift,
        )
        last, s = slice(L.couplings[-2], None), self._grids[-1].strips
        assemble_bottom(
            self._number[self._number >= 0],
            s.begin,
            s.end,
            s.east,
            s.north,
            *conductances,
            L.cell[last],
            L.lump[last],
            L.coupling[last],
            L.factor.shape[1] - F.lump_row.size,
            L.factor,
        )
        np.multiply(F.lumps, -1.0, out=L.lump_factor)
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
        self._fill_finest(operator, (L.runs, L.begin, L.end), arrays)
        for fine, coarse in zip(self._grids, self._grids[1:], strict=False):
            fine.coarsen(coarse, L.parent, arrays)
        self._finish(operator)
        self._version = operator.version

    def iteration(self, operator, b):
        """The iteration for a right-hand side (n,)."""
        F, L = self._finest, self._levels
        self._vectors = Vectors.shared(F.row.size, L.parent.size)
        self._levels = L = L._replace(**dict(zip("xyb", self._vectors.single, strict=True)))
        return Iteration(operator, self._scale, F, L, self._vectors, self._chains, b)

    def solve(self, operator, b, x, tolerance, max_iterations):
        """Solve A x = b into x; returns status, iterations and the residual reached, see `conjugate_gradients`."""
        if self._version != operator.version:
            self.refresh(operator)
        return self.iteration(operator, b).solve(x, tolerance, max_iterations)
