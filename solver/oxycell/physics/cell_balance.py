"""What a balance has whose rows are cells: the parts of the contract that are the same for all of them."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.linear import solve
from oxycell.numerics.operators import Operator, rows_on_lattice, sum_sizes
from oxycell.numerics.reductions import largest, largest_size, total
from oxycell.physics.balance import RoundOff, StepLimit

_EPS = float(np.finfo(float).eps)


class CellBalance:
    """A balance of some cells with two-point fluxes, as a beginning for one of your own; see `physics/balance.py`.

    It has a field of one value in each cell, no lumps, no rows of given value, no deferred correction, nothing that
    limits a step. What it lacks for a Balance: name, unit, field, field_unit, limit, passes, and `quantities`. Its
    terms have to have `values` (n_rows,), `a`, `b` (m,) int, −1 outside, `slope` (m,) [unit per field_unit], what
    passes faces by the value on either side, and `terms`.

    Parameters
    ----------
    mesh : Mesh
    cells : (n,) int, its cells
    start : (n,), initial guess
    """

    name: str
    scale, difference, condensed, driven, own_sources, correction = 1.0, 1e-6, False, False, None, None

    def __init__(self, mesh: Mesh, cells: Ints, start: Floats) -> None:
        self.mesh, self.cells, self._start, self.n_rows = mesh, cells, start, cells.size
        self.own = np.full(mesh.n_cells, -1, np.int32)
        self.own[cells] = np.arange(cells.size, dtype=np.int32)
        self.fixed_rows = self.shared_rows = np.zeros(0, np.int64)
        self.shared_names: list[str] = []

    @property
    def terms_name(self) -> str:
        """The quantity its terms are."""
        return f"{self.name}_terms"

    @cached_property
    def faces(self) -> Ints:
        """Mesh faces between two of its cells, then those outside the mesh (m,) int."""
        mesh = self.mesh
        inner = np.flatnonzero((self.own[mesh.owner] >= 0) & (mesh.neighbour >= 0) & (self.own[mesh.neighbour] >= 0))
        outer = np.flatnonzero((self.own[mesh.owner] >= 0) & (mesh.neighbour < 0))
        return np.r_[inner, outer]

    @cached_property
    def sides(self) -> tuple[Ints, Ints]:
        """Rows of owner and neighbour of its faces, −1 outside: a, b (m,) int."""
        neighbour = self.mesh.neighbour[self.faces]
        return self.own[self.mesh.owner[self.faces]], np.where(neighbour >= 0, self.own[neighbour], np.int32(-1))

    def start(self) -> Floats:
        """Initial guess (n_rows,)."""
        return np.array(self._start, float)

    def no_correction(self) -> None:
        """None: it has no deferred correction."""

    def cell_of_row(self, row: int) -> int:
        """A cell that a row belongs to, int."""
        return int(self.cells[row])

    def cell_values(self, values: Floats) -> Floats:
        """Values of the cells (n_cells,), NaN outside, from those of the rows (n_rows,)."""
        return np.where(self.own >= 0, values[self.own], np.nan)

    def stored(self, values: Floats) -> tuple[Floats, Floats] | None:
        """None: it stores nothing."""

    def flow(self, terms: Any, reactions: Floats) -> float:
        """Half of the sum of the magnitudes of what crosses the boundary and of what is generated."""
        outside = total(np.abs(terms.flux[terms.b < 0]))
        made = sum(total(np.abs(term.value)) for term in terms.sources)
        return 0.5 * (outside + made)

    def floor(self, terms: Any) -> RoundOff:
        """RoundOff of its terms."""

        def of_rows() -> Floats:
            rows = np.zeros(self.n_rows)
            sum_sizes(terms.a, terms.b, terms.slope, terms.values, True, rows)
            return _EPS * rows

        def crossing() -> float:
            outside = terms.b < 0
            return _EPS * total(terms.slope[outside] * np.abs(terms.values[terms.a[outside]]))

        def bound() -> float:
            return _EPS * largest(terms.slope) * largest_size(terms.values)

        return RoundOff(of_rows, crossing, bound)

    def operator(self) -> Operator:
        """An empty Operator with its connectivity; what passes the outside is a shift."""
        a, b = self.sides
        return Operator(self.n_rows, a[b >= 0], b[b >= 0], rows_on_lattice(self.mesh.lattice, self.own))

    def fill(self, operator: Operator, terms: Any, stored: Any = None) -> None:
        """Tangent of the residual, other fields lagged, into the operator; `stored`: Stored in a time step, or
        None."""
        inside = terms.b >= 0
        operator.conductance[:] = terms.slope[inside]
        operator.shift[:] = np.bincount(terms.a[~inside], terms.slope[~inside], self.n_rows)
        if stored is not None:
            operator.shift += stored.slope
        operator.refresh()

    def step(self, operator: Operator, terms: Any, residual: Floats, tolerance: float, stored: Any = None) -> Floats:
        """Step (n_rows,) of its field for a residual (n_rows,)."""
        return solve(operator, residual, tolerance)

    def diagonal(self, operator: Operator, terms: Any) -> Floats:
        """Diagonal (n_rows,) of the tangent."""
        return operator.diagonal

    def preconditioner(self, operator: Operator, terms: Any, tolerance: float) -> Callable[[Floats], Floats]:
        """Function of a residual (n_rows,) that returns a step (n_rows,)."""
        return lambda residual: solve(operator, residual, tolerance)

    def step_limit(self, controls: Any) -> StepLimit:
        """StepLimit: none."""
        return StepLimit()

    def allowed_share(self, evaluation: Any, values: Floats, step: Floats, lost: float, gained: float) -> float:
        """The whole step."""
        return 1.0
