"""Conjugate gradients on the lattice in double precision, preconditioned by the V-cycle; sums run in one order, plane by plane."""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from oxycell.numerics.krylov import CONVERGED, ROUNDING, conjugate_gradients
from oxycell.numerics.lattice_kernels import ONE, REASSOCIATE, cycle


class Finest(NamedTuple):
    """The operator on the finest level in double precision, and the vectors of the iteration.

    Attributes
    ----------
    planes : int; segments, begin, end : see Levels
    plane, row : uint64, distances in memory of neighbours along x and y
    tx, ty, tz : (positions,) conductance to the next cell along each axis
    diagonal, inverse : (positions,), and 1/(scale · diagonal) in single precision, 0 where nothing touches a cell
    first : (planes + 1,) int, first coupling of each plane; cell, lump, coupling : what couplings join, their conductances
    lumps : (n_lumps, n_lumps), block of the global rows; lump_inverse : (n_lumps,)
    x, r, p, q : (positions,); x_lump, r_lump, p_lump, q_lump : (n_lumps,)
    part : (planes, 2 + n_lumps), sums of each plane
    sound : (1,) bool, whether p and q are finite, from a solve that converged
    """

    planes: int
    segments: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    plane: np.uint64
    row: np.uint64
    tx: np.ndarray
    ty: np.ndarray
    tz: np.ndarray
    diagonal: np.ndarray
    inverse: np.ndarray
    first: np.ndarray
    cell: np.ndarray
    lump: np.ndarray
    coupling: np.ndarray
    lumps: np.ndarray
    lump_inverse: np.ndarray
    x: np.ndarray
    r: np.ndarray
    p: np.ndarray
    q: np.ndarray
    x_lump: np.ndarray
    r_lump: np.ndarray
    p_lump: np.ndarray
    q_lump: np.ndarray
    part: np.ndarray
    sound: np.ndarray


@njit(cache=True, fastmath=REASSOCIATE)
def _dots_plane(segments, i, begin, end, z, r, q, part):
    zr, zq = 0.0, 0.0
    for s in range(segments[i], segments[i + 1]):
        for p in range(begin[s], end[s]):
            zr += z[p] * r[p]
            zq += z[p] * q[p]
    part[i, 0], part[i, 1] = zr, zq


@njit(cache=True, fastmath=REASSOCIATE)
def _direct_plane(segments, i, begin, end, z, beta, p):
    for s in range(segments[i], segments[i + 1]):
        for n in range(begin[s], end[s]):
            p[n] = z[n] + beta * p[n]


@njit(cache=True, fastmath=REASSOCIATE)
def _apply_plane(segments, i, begin, end, plane, row, tx, ty, tz, diagonal, first, cell, lump, coupling, x, x_lump, out, part):
    """out = A x on one plane; partial sums of x·A x and of what the plane sends to the global rows."""
    for s in range(segments[i], segments[i + 1]):
        for n in range(begin[s], end[s]):
            out[n] = (diagonal[n] * x[n] - tx[n - plane] * x[n - plane] - tx[n] * x[n + plane] - ty[n - row] * x[n - row]
                      - ty[n] * x[n + row] - tz[n - ONE] * x[n - ONE] - tz[n] * x[n + ONE])
    for g in range(x_lump.size):
        part[i, 2 + g] = 0.0
    for e in range(first[i], first[i + 1]):
        out[cell[e]] -= coupling[e] * x_lump[lump[e]]
        part[i, 2 + lump[e]] += coupling[e] * x[cell[e]]
    total = 0.0
    for s in range(segments[i], segments[i + 1]):
        for n in range(begin[s], end[s]):
            total += x[n] * out[n]
    part[i, 0] = total


@njit(cache=True, fastmath=REASSOCIATE)
def _update_plane(segments, i, begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    total = 0.0
    for s in range(segments[i], segments[i + 1]):
        for n in range(begin[s], end[s]):
            x[n] += alpha * p[n]
            v = r[n] - alpha * q[n]
            r[n] = v
            b[n] = scale * v
            total += v * v * inverse[n]
    part[i, 0] = total


@njit(cache=True)
def _dots_serial(planes, segments, begin, end, z, r, q, part):
    for i in range(planes):
        _dots_plane(segments, i, begin, end, z, r, q, part)


@njit(cache=True, parallel=True)
def _dots_parallel(planes, segments, begin, end, z, r, q, part):
    for i in prange(planes):
        _dots_plane(segments, np.int64(i), begin, end, z, r, q, part)


@njit(cache=True)
def _direct_serial(planes, segments, begin, end, z, beta, p):
    for i in range(planes):
        _direct_plane(segments, i, begin, end, z, beta, p)


@njit(cache=True, parallel=True)
def _direct_parallel(planes, segments, begin, end, z, beta, p):
    for i in prange(planes):
        _direct_plane(segments, np.int64(i), begin, end, z, beta, p)


@njit(cache=True)
def _apply_serial(planes, segments, begin, end, plane, row, tx, ty, tz, diagonal, first, cell, lump, coupling, x, x_lump, out, part):
    for i in range(planes):
        _apply_plane(segments, i, begin, end, plane, row, tx, ty, tz, diagonal, first, cell, lump, coupling, x, x_lump, out, part)


@njit(cache=True, parallel=True)
def _apply_parallel(planes, segments, begin, end, plane, row, tx, ty, tz, diagonal, first, cell, lump, coupling, x, x_lump, out, part):
    for i in prange(planes):
        _apply_plane(segments, np.int64(i), begin, end, plane, row, tx, ty, tz, diagonal, first, cell, lump, coupling, x, x_lump, out, part)


@njit(cache=True)
def _update_serial(planes, segments, begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    for i in range(planes):
        _update_plane(segments, i, begin, end, alpha, scale, p, q, inverse, x, r, b, part)


@njit(cache=True, parallel=True)
def _update_parallel(planes, segments, begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    for i in prange(planes):
        _update_plane(segments, np.int64(i), begin, end, alpha, scale, p, q, inverse, x, r, b, part)


@njit(cache=True)
def _load(position, row, inverse, b, r):
    """r = b on the grid, 0 in rows that nothing touches."""
    for n in range(position.size):
        r[position[n]] = b[row[n]] if inverse[position[n]] > 0.0 else 0.0


@njit(cache=True)
def _store(position, row, inverse, on_grid, b, x):
    """x from the grid; rows that nothing touches are the identity."""
    for n in range(position.size):
        x[row[n]] = on_grid[position[n]] if inverse[position[n]] > 0.0 else b[row[n]]


@njit(cache=True)
def _measure(position, row, diagonal, inverse, b, x, q, r):
    """r = b − q, 0 in rows that nothing touches; returns r·D⁻¹r and (D x)·D⁻¹(D x)."""
    size, rounded = 0.0, 0.0
    for n in range(position.size):
        m = position[n]
        r[m] = b[row[n]] - q[m] if inverse[m] > 0.0 else 0.0
        size += r[m] ** 2 * inverse[m]
        rounded += (diagonal[m] * x[m]) ** 2 * inverse[m]
    return size, rounded


@njit(cache=True)
def _sum(part, column):
    """Sum of a column, in order."""
    total = 0.0
    for i in range(part.shape[0]):
        total += part[i, column]
    return total


class _Iteration:
    """The steps of the method on F, each a pass over the grid and over the global rows."""

    def __init__(self, F, L, chains, degree, position, row, lump_row, b):
        self.F, self.L, self.runs = F, L, (F.planes, F.segments, F.begin, F.end)
        self.chains, self.degree, self.position, self.row, self.lump_row, self.b = chains, degree, position, row, lump_row, b
        large = L.large > 0
        self.kernels = ((_dots_parallel, _direct_parallel, _apply_parallel, _update_parallel) if large else
                        (_dots_serial, _direct_serial, _apply_serial, _update_serial))

    def start(self):
        F = self.F
        self._clear(F.x, F.x_lump)
        if not F.sound[0]:
            self._clear(F.p, F.q, F.p_lump, F.q_lump)
        F.sound[0] = False
        _load(self.position, self.row, F.inverse, self.b, F.r)
        F.r_lump[:] = np.where(F.lump_inverse > 0.0, self.b[self.lump_row], 0.0)

    def _clear(self, *vectors):
        for vector in vectors:
            vector[:] = 0.0

    def cycle(self):
        cycle(self.L, self.chains, self.degree)

    def dots(self):
        """z·r and z·q of the cycle's result z."""
        F, L = self.F, self.L
        self.kernels[0](*self.runs, L.y, F.r, F.q, F.part)
        return _sum(F.part, 0) + L.x_lump @ F.r_lump, _sum(F.part, 1) + L.x_lump @ F.q_lump

    def direct(self, beta):
        """p = z + β p."""
        F, L = self.F, self.L
        self.kernels[1](*self.runs, L.y, beta, F.p)
        F.p_lump[:] = L.x_lump + beta * F.p_lump

    def curvature(self):
        """q = A p; returns p·A p."""
        return self.apply(self.F.p, self.F.p_lump)

    def apply(self, x, x_lump):
        """q = A x; returns x·A x."""
        F = self.F
        self.kernels[2](*self.runs, F.plane, F.row, F.tx, F.ty, F.tz, F.diagonal, F.first, F.cell, F.lump, F.coupling, x, x_lump, F.q,
                        F.part)
        F.q_lump[:] = F.lumps @ x_lump
        for g in range(x_lump.size):
            F.q_lump[g] -= _sum(F.part, 2 + g)
        return _sum(F.part, 0) + x_lump @ F.q_lump

    def update(self, alpha, scale):
        """x += α p, r −= α q, right-hand side of the cycle = scale · r; returns r·D⁻¹r."""
        F, L = self.F, self.L
        self.kernels[3](*self.runs, alpha, scale, F.p, F.q, F.inverse, F.x, F.r, L.b, F.part)
        F.x_lump[:] += alpha * F.p_lump
        F.r_lump[:] -= alpha * F.q_lump
        L.b_lump[:] = scale * F.r_lump
        return _sum(F.part, 0) + F.r_lump @ (F.lump_inverse * F.r_lump)

    def renew(self):
        """r = b − A x computed anew, p and q cleared; returns r·D⁻¹r and the part of it that rounding of x explains."""
        F = self.F
        self.apply(F.x, F.x_lump)
        size, rounded = _measure(self.position, self.row, F.diagonal, F.inverse, self.b, F.x, F.q, F.r)
        F.r_lump[:] = np.where(F.lump_inverse > 0.0, self.b[self.lump_row], 0.0) - F.q_lump
        size += F.r_lump @ (F.lump_inverse * F.r_lump)
        rounded += ((np.diagonal(F.lumps) * F.x_lump) ** 2) @ F.lump_inverse
        return size, rounded * ROUNDING ** 2


def solve_on_lattice(F, L, chains, degree, position, row, lump_row, b, x, tolerance, max_iterations):
    """Solve A x = b from zero; returns what `conjugate_gradients` does.

    Parameters
    ----------
    F : Finest; L : Levels; chains : Chains; degree : see `cycle`
    position, row : (n_cells,) int, flat positions on the grid and the rows that stand there; lump_row : (n_lumps,) int
    b : (n,); x : (n,), out
    tolerance, max_iterations : see `conjugate_gradients`
    """
    found = conjugate_gradients(_Iteration(F, L, chains, degree, position, row, lump_row, b), tolerance, max_iterations)
    F.sound[0] = found[0] == CONVERGED
    _store(position, row, F.inverse, F.x, b, x)
    x[lump_row] = np.where(F.lump_inverse > 0.0, F.x_lump, b[lump_row])
    return found
