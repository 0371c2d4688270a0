"""Operator: a symmetric conductance network with shifts, filled in place; what `solve` works on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.kernel import kernel
from oxycell.mesh.mesh import Lattice

if TYPE_CHECKING:
    import scipy.sparse


class Solver(Protocol):
    """What `solve` keeps of an operator between calls: the levels of a multigrid method."""

    def solve(
        self, operator: "Operator", b: Floats, x: Floats, tolerance: float, max_iterations: int
    ) -> tuple[int, int, float]:
        """Solve A x = b from zero, into x; as `conjugate_gradients` returns it: status, iterations and what was
        reached."""


@dataclass(frozen=True)
class LatticeRows:
    """Positions of rows on a tensor-product grid; rows without a position are global rows (terminals, pools, gas
    spaces).

    Attributes
    ----------
    edges : three (n + 1,) [m]
    rows : (nx, ny, nz) int, row of each grid position; −1 in empty space and where a global row's cells are; or (k,)
        int, rows of some
    at : (3, k) int, the positions of these; None: rows are those of all
    """

    edges: tuple[Floats, Floats, Floats]
    rows: Ints
    at: Ints | None = None

    @property
    def row(self) -> Ints:
        """(nx, ny, nz) int, rebuilt each time from the rows of some positions."""
        if self.at is None:
            return self.rows
        grid = np.full([e.size - 1 for e in self.edges], -1, np.int32)
        grid[tuple(self.at)] = self.rows
        return grid


def rows_on_lattice(lattice: Lattice | None, row: Ints) -> LatticeRows | None:
    """LatticeRows for a mesh's lattice, None if it has none.

    Parameters
    ----------
    lattice : Lattice or None
    row : (n_cells,) int, row of each mesh cell; −1 for cells without one and for those that share a global row
    """
    return None if lattice is None else LatticeRows(lattice.edges, row, lattice.ijk.T)


class Operator:
    """Rows joined by conductances, and a shift on each row: (A x)_i = shift_i x_i + Σ_f g_f (x_i − x_j).

    The connectivity is fixed, the coefficients are filled in place. Rows are cells and lumps alike. A row that nothing
    touches (zero conductances and zero shift) is fixed: it acts as the identity.

    Parameters
    ----------
    n : int, number of rows
    a, b : (m,) int, rows each face joins
    lattice : LatticeRows or None; with one, faces join neighbours on the grid or go to global rows

    Attributes
    ----------
    conductance : (m,) [S or W/K], ≥ 0, written by the physics
    shift : (n,) [S or W/K], ≥ 0, written by the physics
    version : int, how often the coefficients were renewed
    solver : what `solve` keeps between calls
    iterations : int, of the last solve
    """

    def __init__(self, n: int, a: Ints, b: Ints, lattice: LatticeRows | None = None) -> None:
        self.n, self.lattice = n, lattice
        self.a, self.b = np.ascontiguousarray(a, np.int32), np.ascontiguousarray(b, np.int32)
        self.conductance, self.shift = np.zeros(self.a.size), np.zeros(n)
        self.solver: Solver | None = None
        self.version = self.iterations = 0
        self._sparse: tuple[Ints, Ints, Floats, Ints, Ints, Ints] | None = None
        self._sparse_version = -1

    def joins_like(self, other: "Operator") -> bool:
        """Whether another operator joins the same rows, at the same positions on a grid."""
        if self.n != other.n or not (np.array_equal(self.a, other.a) and np.array_equal(self.b, other.b)):
            return False
        if self.lattice is None or other.lattice is None:
            return self.lattice is other.lattice
        return np.array_equal(self.lattice.rows, other.lattice.rows)

    def refresh(self) -> None:
        """Say that `conductance` or `shift` changed."""
        self.version += 1

    def sparse(self) -> tuple[Ints, Ints, Floats]:
        """The operator as sparse rows, built when first needed.

        Returns
        -------
        indptr (n + 1,), indices, data
        """
        if self._sparse is None:
            self._sparse = _sparse_pattern(self.n, self.a, self.b)
        indptr, indices, data, ab, ba, diagonal = self._sparse
        if self._sparse_version != self.version:
            _fill(self.a, self.b, self.conductance, self.shift, ab, ba, diagonal, data)
            self._sparse_version = self.version
        return indptr, indices, data

    @property
    def diagonal(self) -> Floats:
        """Diagonal (n,)."""
        out = self.shift.copy()
        _add_conductances(self.a, self.b, self.conductance, out)
        return out

    def apply(self, x: Floats) -> Floats:
        """A x, (n,) from (n,)."""
        out = np.empty(self.n)
        multiply(*self.sparse(), x, out)
        return out

    def to_csr(self) -> "scipy.sparse.csr_matrix":
        """The operator as a SciPy matrix."""
        import scipy.sparse

        indptr, indices, data = self.sparse()
        return scipy.sparse.csr_matrix((data.copy(), indices.copy(), indptr.copy()), shape=(self.n, self.n))


def _sparse_pattern(n: int, a: Ints, b: Ints) -> tuple[Ints, Ints, Floats, Ints, Ints, Ints]:
    """Sorted sparse rows of the network, and the place of every face and diagonal in them."""
    rows, columns = np.r_[a, b, np.arange(n)], np.r_[b, a, np.arange(n)]
    order = np.lexsort((columns, rows))
    starts = np.r_[True, (np.diff(rows[order]) != 0) | (np.diff(columns[order]) != 0)]
    indices = columns[order][starts].astype(np.int32)
    indptr = np.searchsorted(rows[order][starts], np.arange(n + 1)).astype(np.int64)
    place = np.empty(order.size, np.int64)
    place[order] = np.cumsum(starts) - 1
    m = a.size
    return indptr, indices, np.zeros(indices.size), place[:m], place[m : 2 * m], place[2 * m :]


@kernel
def _fill(a, b, conductance, shift, ab, ba, diagonal, data):
    """Scatter conductances and shifts into the sparse rows, in face order."""
    data[:] = 0.0
    for i in range(shift.size):
        data[diagonal[i]] = shift[i]
    for f in range(a.size):
        g = conductance[f]
        data[ab[f]] -= g
        data[ba[f]] -= g
        data[diagonal[a[f]]] += g
        data[diagonal[b[f]]] += g
    for i in range(shift.size):
        if data[diagonal[i]] == 0.0:
            data[diagonal[i]] = 1.0


@kernel
def _add_conductances(a, b, conductance, out):
    """Conductances of all faces added to the shifts of their rows, 1 in rows that nothing touches; a row joined to
    itself gets nothing."""
    for f in range(a.size):
        if a[f] != b[f]:
            out[a[f]] += conductance[f]
            out[b[f]] += conductance[f]
    for i in range(out.size):
        if out[i] == 0.0:
            out[i] = 1.0


@kernel
def multiply(indptr, indices, data, x, out):
    """out = A x for sparse rows; (n,)."""
    for i in range(indptr.size - 1):
        s = 0.0
        for p in range(indptr[i], indptr[i + 1]):
            s += data[p] * x[indices[p]]
        out[i] = s


@kernel
def sum_to_rows(row, value, out):
    """out[row] += value, in order; rows < 0 are left out."""
    for f in range(row.size):
        if row[f] >= 0:
            out[row[f]] += value[f]


@kernel
def sum_through(a, b, leaving, entering, out):
    """out[a] −= leaving, out[b] += entering, in order; rows < 0 are left out."""
    for f in range(a.size):
        if a[f] >= 0:
            out[a[f]] -= leaving[f]
        if b[f] >= 0:
            out[b[f]] += entering[f]


@kernel
def sum_sizes(a, b, slope, x, both, out):
    """Size of the terms slope · x of every face, added to its two rows; x of row a, or with `both` the larger one of
    its rows."""
    for f in range(a.size):
        size = abs(x[a[f]])
        if both and b[f] >= 0:
            size = max(size, abs(x[b[f]]))
        out[a[f]] += slope[f] * size
        if b[f] >= 0:
            out[b[f]] += slope[f] * size
