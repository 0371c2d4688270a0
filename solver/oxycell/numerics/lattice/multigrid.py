"""Conjugate gradients with a multigrid cycle for operators on a lattice; matrix-free, global rows kept exact.

Which cells merge into coarse ones is chosen along each axis from widths and first coefficients, see `lattice_merging`;
this topology is kept as long as the operator. Coefficients are renewed when they changed.
"""

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.errors import NotConverged
from oxycell.numerics.lattice.bottom import add_shifts, assemble_bottom, factor_banded
from oxycell.numerics.lattice.chains import find_chains
from oxycell.numerics.lattice.finest import Finest, Vectors
from oxycell.numerics.lattice.krylov import Iteration
from oxycell.numerics.lattice.layout import Couplings, Network
from oxycell.numerics.lattice.levels import Grid, make_finest_grid, make_grids, make_levels
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
from oxycell.numerics.lattice.strips import NONE, Runs, join_rows
from oxycell.numerics.operators import Operator


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

    def __init__(self, operator: Operator) -> None:
        if operator.lattice is None:
            raise ValueError("lattice: the operator carries none")
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
        stored = join_rows(grid.strips, rows, row, at)
        if np.max(rows, initial=-1) >= n or stored > np.count_nonzero(at >= 0):
            raise ValueError("lattice: each row of the operator has at most one position")
        self._finest = self._place(operator, at, position, grid, row)
        del at
        reserved = int(2.2 * size)  # pages that no level uses are never touched
        network = Network(*(np.zeros(reserved, np.float32) for _ in range(4)))
        self._fill_finest(operator, grid.strips.runs, network)
        self._grids, parent, network, position = make_grids(
            edges, used, position, grid, np.zeros(reserved, np.uint32), network
        )
        _, cell, lump, _ = self._finest.couplings
        n_lumps = self._finest.lump_row.size
        self._number, self._levels = make_levels(self._grids, position, parent, network, cell, lump, n_lumps)
        self._parts = [np.arange(m + 2) for m in rows.shape]
        for level in self._grids[:-1]:
            self._parts = [part[p] for part, p in zip(level.parts or (), self._parts, strict=True)]
        self._bottom_shift = np.empty(self._levels.bottom.pivot.size)
        self._finish(operator)
        self._version = operator.version

    def _place(self, operator: Operator, at: Ints, position: Ints, grid: Grid, row: Ints) -> Finest:
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
        low, high = np.sort(position.ravel()[np.stack([at[operator.a[shared]], at[operator.b[shared]]])], axis=0)
        distance = np.abs(at[operator.a[shared]] - at[operator.b[shared]])
        self._shared_axis = np.where(distance == plane, 0, np.where(distance == line, 1, 2))
        (cell, lump), planes = (n.astype(np.int32) for n in np.divmod(pairs, max(k, 1))), grid.bounds.size - 1
        return Finest(
            planes,
            face,
            row,
            shared,
            low,
            high,
            Couplings(np.searchsorted(cell, grid.bounds), cell, lump, np.zeros(cell.size)),
            np.zeros(cell.size),
            np.zeros((k, k)),
            np.zeros(k),
            lump_row,
            x_lump=np.zeros(k),
            r_lump=np.zeros(k),
            p_lump=np.zeros(k),
            q_lump=np.zeros(k),
            part=np.zeros((planes, 2 + k)),
        )

    def _fill_finest(self, operator: Operator, runs: Runs, network: Network) -> None:
        """Coefficients of the finest level, scaled, into the Network; `runs`: Runs, all its cells plane by plane."""
        F, conductance, shift = self._finest, operator.conductance, operator.shift
        largest = find_largest(conductance), find_largest(shift)
        if min(largest) < 0.0:
            raise NotConverged(
                "linear solve: a conductance or diagonal term of the operator is negative or not a number"
            )
        self._scale = scale = 1.0 / max(largest) if max(largest) > 0.0 else 1.0
        k, n = F.lump_row.size, F.couplings.cell.size
        sums = scale * np.bincount(self._outer_slot, conductance[self._outer], n + k * k)
        F.couplings.conductance[:] = sums[:n]
        pairs = sums[n:].reshape(k, k) + sums[n:].reshape(k, k).T
        np.fill_diagonal(pairs, 0.0)
        diagonal = scale * shift[F.lump_row] + pairs.sum(1)
        fill_finest(F.planes, *runs.spans, F.face, F.row, conductance, shift, scale, network)
        add_shared(F.shared, self._shared_axis, F.shared_low, conductance, scale, network)
        add_couplings(F.couplings, F.row, shift, scale, network.shift, F.excess, diagonal)
        F.lumps[:] = np.diag(diagonal) - pairs
        F.lump_inverse[:] = np.where(diagonal > 0.0, 1.0 / np.maximum(diagonal, 1e-30), 0.0)

    def _finish(self, operator: Operator) -> None:
        """What follows from the conductances and shifts of all levels: chains, couplings, diagonals, the bottom."""
        F, L, scale = self._finest, self._levels, self._scale
        fill_inverse(0, L.planes[-1], L.runs, L.network, L.inverse)
        self._chains = find_chains(F.planes, L.runs, L.network)
        L.couplings.conductance[: F.couplings.cell.size] = F.couplings.conductance
        add_up_couplings(L.couplings, L.merged)
        n, bottom = L.bottom.position.size, L.bottom
        self._bottom_shift[:n], self._bottom_shift[n:] = 0.0, scale * operator.shift[F.lump_row]
        x, y, z = self._parts
        add_shifts(self._grids[0].strips, x, y, z, self._number, F.row, operator.shift, scale, self._bottom_shift)
        number, width = self._number[self._number >= 0], bottom.factor.shape[1] - F.lump_row.size
        grid, last = self._grids[-1], slice(*L.couplings.first[-2:])
        assemble_bottom(number, grid.strips.runs, L.network, bottom.factor)
        place = number[L.couplings.cell[last] - grid.bounds[0]], width + L.couplings.lump[last]
        np.add.at(bottom.factor, place, L.couplings.conductance[last])
        np.multiply(F.lumps, -1.0, out=bottom.lump_factor)
        np.fill_diagonal(bottom.lump_factor, 0.0)
        factor_banded(bottom.factor, bottom.lump_factor, self._bottom_shift, bottom.pivot)

    def refresh(self, operator: Operator) -> None:
        """Take over the operator's coefficients.

        Raises
        ------
        NotConverged
            One of them is negative or not a number.
        """
        L = self._levels
        self._fill_finest(operator, L.runs, L.network)
        for fine, coarse in zip(self._grids, self._grids[1:], strict=False):
            fine.coarsen(coarse, L.parent, L.network)
        self._finish(operator)
        self._version = operator.version

    def iteration(self, operator: Operator, b: Floats) -> Iteration:
        """The iteration for a right-hand side (n,)."""
        F, L = self._finest, self._levels
        self._vectors = Vectors.shared(F.row.size, L.parent.size)
        x, y, right_hand_side = self._vectors.single
        self._levels = L = L._replace(x=x, y=y, b=right_hand_side)
        return Iteration(operator, self._scale, F, L, self._vectors, self._chains, b)

    def solve(
        self, operator: Operator, b: Floats, x: Floats, tolerance: float, max_iterations: int
    ) -> tuple[int, int, float]:
        """Solve A x = b into x; returns status, iterations and the residual reached, see `conjugate_gradients`."""
        if self._version != operator.version:
            self.refresh(operator)
        return self.iteration(operator, b).solve(x, tolerance, max_iterations)
