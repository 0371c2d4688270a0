"""Operator: a symmetric conductance network with shifts, filled in place; what `solve` works on."""

import numpy as np
from numba import njit


class Operator:
    """Rows joined by conductances, and a shift on each row: (A x)_i = shift_i x_i + Σ_f g_f (x_i − x_j).

    The connectivity is fixed, the coefficients are filled in place. Rows are cells and lumps alike. A row that nothing
    touches (zero conductances and zero shift) is held: it acts as the identity.

    Parameters
    ----------
    n : int, number of rows
    a, b : (m,) int, rows each face joins
    lattice : grid of the cells and the row of each grid position, or None

    Attributes
    ----------
    conductance : (m,) [S or W/K], ≥ 0, written by the physics
    shift : (n,) [S or W/K], ≥ 0, written by the physics
    """

    def __init__(self, n, a, b, lattice=None):
        self.n, self.lattice = n, lattice
        self.a, self.b = np.ascontiguousarray(a, np.int64), np.ascontiguousarray(b, np.int64)
        self.conductance, self.shift = np.zeros(self.a.size), np.zeros(n)
        rows, columns = np.r_[self.a, self.b, np.arange(n)], np.r_[self.b, self.a, np.arange(n)]
        order = np.lexsort((columns, rows))
        starts = np.r_[True, (np.diff(rows[order]) != 0) | (np.diff(columns[order]) != 0)]
        slot = np.cumsum(starts) - 1
        self.indices = columns[order][starts].astype(np.int32)
        self.indptr = np.searchsorted(rows[order][starts], np.arange(n + 1)).astype(np.int64)
        place = np.empty(order.size, np.int64)
        place[order] = slot
        m = self.a.size
        self._ab, self._ba, self._diagonal = place[:m], place[m:2 * m], place[2 * m:]
        self.data = np.zeros(self.indices.size)

    def refresh(self):
        """Write the coefficients into the sparse rows; call after `conductance` or `shift` changed."""
        _fill(self.a, self.b, self.conductance, self.shift, self._ab, self._ba, self._diagonal, self.data)

    @property
    def diagonal(self):
        """Diagonal (n,)."""
        return self.data[self._diagonal]

    def apply(self, x):
        """A x, (n,) from (n,)."""
        out = np.empty(self.n)
        multiply(self.indptr, self.indices, self.data, x, out)
        return out

    def to_csr(self):
        """The operator as a SciPy matrix."""
        import scipy.sparse

        return scipy.sparse.csr_matrix((self.data.copy(), self.indices.copy(), self.indptr.copy()), shape=(self.n, self.n))


@njit(cache=True)
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


@njit(cache=True)
def multiply(indptr, indices, data, x, out):
    """out = A x for sparse rows; (n,)."""
    for i in range(indptr.size - 1):
        s = 0.0
        for p in range(indptr[i], indptr[i + 1]):
            s += data[p] * x[indices[p]]
        out[i] = s


@njit(cache=True)
def sum_to_rows(row, value, out):
    """out[row] += value, in order; rows < 0 are left out."""
    for f in range(row.size):
        if row[f] >= 0:
            out[row[f]] += value[f]
