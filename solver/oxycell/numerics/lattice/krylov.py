"""Conjugate gradients on the lattice in double precision, preconditioned by the V-cycle; sums run in one order, plane
by plane."""

import weakref
from typing import NamedTuple

import numpy as np
from numba import get_num_threads, prange, set_num_threads

from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.krylov import CONVERGED, ROUNDING, conjugate_gradients
from oxycell.numerics.lattice.kernels import ONE, REASSOCIATE, WEIGHTS, cycle
from oxycell.numerics.lattice.strips import NONE


class Finest(NamedTuple):
    """What the finest level needs beside its share of Levels.

    Attributes
    ----------
    planes : int
    face : (3, positions) uint32, the operator's face to the next cell along each axis, NONE for none
    row : (positions,) uint32, the operator's row, NONE for none
    shared, shared_low, shared_high : (k,) int, faces whose cells another face joins already, and the positions of those
        cells
    first : (planes + 1,) int, first coupling of each plane; cell, lump : (couplings,) int, what couplings join;
        coupling : (couplings,), their conductances times the scale
    excess : (couplings,), what single precision lost of a cell's shift with all its couplings, at its first coupling
    lumps : (n_lumps, n_lumps), block of the global rows times the scale; lump_inverse : (n_lumps,) 1/diagonal of it
    lump_row : (n_lumps,) int, the operator's rows
    x_lump, r_lump, p_lump, q_lump : (n_lumps,)
    part : (planes, 2 + n_lumps), sums of each plane
    """

    planes: int
    face: np.ndarray
    row: np.ndarray
    shared: np.ndarray
    shared_low: np.ndarray
    shared_high: np.ndarray
    first: np.ndarray
    cell: np.ndarray
    lump: np.ndarray
    coupling: np.ndarray
    excess: np.ndarray
    lumps: np.ndarray
    lump_inverse: np.ndarray
    lump_row: np.ndarray
    x_lump: np.ndarray
    r_lump: np.ndarray
    p_lump: np.ndarray
    q_lump: np.ndarray
    part: np.ndarray


class Vectors:
    """Vectors of one solve, shared by all operators: they hold nothing between solves but finite numbers.

    Parameters
    ----------
    cells : int, positions of the finest level; positions : int, those of all levels
    """

    def __init__(self, cells, positions):
        self.x, self.r, self.p, self.q = (np.zeros(cells) for _ in range(4))
        self.single = tuple(np.zeros(positions, np.float32) for _ in range(3))
        self.sound = True

    @classmethod
    def shared(cls, cells, positions):
        """Those that are there, or longer ones."""
        global _vectors
        there = _vectors() if _vectors is not None else None
        if there is None or there.x.size < cells or there.single[0].size < positions:
            if there is not None:
                cells, positions = max(cells, there.x.size), max(positions, there.single[0].size)
            there = cls(cells, positions)
            _vectors = weakref.ref(there)
        return there

    def clear(self):
        for vector in (self.x, self.r, self.p, self.q, *self.single):
            vector[:] = 0.0


_vectors = None  # a weak reference to the Vectors in use


@inner_kernel(fastmath=REASSOCIATE)
def _dots_plane(runs, i, begin, end, z, r, q, part):
    zr, zq = 0.0, 0.0
    for s in range(runs[i], runs[i + 1]):
        for p in range(begin[s], end[s]):
            zr += z[p] * r[p]
            zq += z[p] * q[p]
    part[i, 0], part[i, 1] = zr, zq


@inner_kernel(fastmath=REASSOCIATE)
def _direct_plane(runs, i, begin, end, z, beta, p):
    for s in range(runs[i], runs[i + 1]):
        for n in range(begin[s], end[s]):
            p[n] = z[n] + beta * p[n]


@inner_kernel(fastmath=REASSOCIATE)
def _apply_plane(
    runs,
    i,
    begin,
    end,
    west,
    east,
    south,
    north,
    tx,
    ty,
    tz,
    shift,
    first,
    cell,
    lump,
    coupling,
    excess,
    x,
    x_lump,
    out,
    part,
):
    """out = A x on one plane; partial sums of x·A x and of what the plane sends to the global rows."""
    total = 0.0
    for s in range(runs[i], runs[i + 1]):
        w, e, v, u = west[s], east[s], south[s], north[s]
        for p in range(begin[s], end[s]):
            here = x[p]
            value = (
                shift[p] * here
                + tx[p + w] * (here - x[p + w])
                + tx[p] * (here - x[p + e])
                + ty[p + v] * (here - x[p + v])
                + ty[p] * (here - x[p + u])
                + tz[p - ONE] * (here - x[p - ONE])
                + tz[p] * (here - x[p + ONE])
            )
            out[p] = value
            total += here * value
    for g in range(x_lump.size):
        part[i, 2 + g] = 0.0
    for n in range(first[i], first[i + 1]):
        p, g = cell[n], lump[n]
        value = excess[n] * x[p] - coupling[n] * x_lump[g]
        out[p] += value
        total += x[p] * value
        part[i, 2 + g] += coupling[n] * x[p]
    part[i, 0] = total


@inner_kernel(fastmath=REASSOCIATE)
def _update_plane(runs, i, begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    total = 0.0
    for s in range(runs[i], runs[i + 1]):
        for n in range(begin[s], end[s]):
            x[n] += alpha * p[n]
            v = r[n] - alpha * q[n]
            r[n] = v
            b[n] = scale * v
            total += v * v * inverse[n]
    part[i, 0] = total


@kernel(parallel=True)
def _dots(planes, runs, begin, end, z, r, q, part):
    for i in prange(planes):
        _dots_plane(runs, np.int64(i), begin, end, z, r, q, part)


@kernel(parallel=True)
def _direct(planes, runs, begin, end, z, beta, p):
    for i in prange(planes):
        _direct_plane(runs, np.int64(i), begin, end, z, beta, p)


@kernel(parallel=True)
def _apply(
    planes,
    runs,
    begin,
    end,
    west,
    east,
    south,
    north,
    tx,
    ty,
    tz,
    shift,
    first,
    cell,
    lump,
    coupling,
    excess,
    x,
    x_lump,
    out,
    part,
):
    for i in prange(planes):
        _apply_plane(
            runs,
            np.int64(i),
            begin,
            end,
            west,
            east,
            south,
            north,
            tx,
            ty,
            tz,
            shift,
            first,
            cell,
            lump,
            coupling,
            excess,
            x,
            x_lump,
            out,
            part,
        )


@kernel(parallel=True)
def _update(planes, runs, begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    for i in prange(planes):
        _update_plane(runs, np.int64(i), begin, end, alpha, scale, p, q, inverse, x, r, b, part)


@kernel(parallel=True)
def _load(planes, runs, begin, end, row, inverse, b, scale, x, r, part):
    """x = 0 and r = scale · b, 0 in rows that nothing touches."""
    for i in prange(planes):
        total = 0.0
        for s in range(runs[i], runs[i + 1]):
            for p in range(begin[s], end[s]):
                held = row[p] == NONE or inverse[p] == 0.0
                x[p], r[p] = 0.0, 0.0 if held else scale * b[row[p]]
                total += r[p] * r[p] * inverse[p]
        part[i, 0] = total


@kernel(parallel=True)
def _store(planes, runs, begin, end, row, inverse, b, x, out):
    """out from the grid; rows that nothing touches are the identity."""
    for i in prange(planes):
        for s in range(runs[i], runs[i + 1]):
            for p in range(begin[s], end[s]):
                if row[p] != NONE:
                    out[row[p]] = x[p] if inverse[p] > 0.0 else b[row[p]]


@inner_kernel
def _flow(f, conductance, difference):
    """Through the operator's face f."""
    return conductance[f] * difference if f != NONE else 0.0


@kernel(parallel=True)
def _renew_planes(
    planes,
    runs,
    begin,
    end,
    west,
    east,
    south,
    north,
    face,
    row,
    inverse,
    conductance,
    shift,
    b,
    scale,
    x,
    r,
    p,
    q,
    part,
):
    """r = scale · (b − A x) with the operator's own coefficients, without shared faces and couplings; partial sums of
    x·D x.

    Flows to the next cells along x and y go through p and q, so that the coefficients of a face are fetched once.
    """
    face_x, face_y, face_z = face[0], face[1], face[2]
    for i in prange(planes):
        total = 0.0
        for s in range(runs[i], runs[i + 1]):
            e, u = east[s], north[s]
            before = _flow(face_z[begin[s] - ONE], conductance, x[begin[s] - ONE] - x[begin[s]])
            for n in range(begin[s], end[s]):
                here = x[n]
                p[n] = _flow(face_x[n], conductance, here - x[n + e])
                q[n] = _flow(face_y[n], conductance, here - x[n + u])
                behind = _flow(face_z[n], conductance, here - x[n + ONE])
                r[n] = before - behind
                before = behind
                if row[n] != NONE and inverse[n] > 0.0:
                    r[n] += b[row[n]] - shift[row[n]] * here
                    total += here * here / inverse[n]
        part[i, 0] = total
    for i in prange(planes):
        for s in range(runs[i], runs[i + 1]):
            w, v = west[s], south[s]
            for n in range(begin[s], end[s]):
                r[n] = scale * (r[n] - p[n] + p[n + w] - q[n] + q[n + v])


@kernel
def _renew_rest(shared, low, high, conductance, scale, cell, lump, coupling, x, x_lump, r):
    """What shared faces and couplings add to r."""
    for n in range(shared.size):
        flow = scale * conductance[shared[n]] * (x[low[n]] - x[high[n]])
        r[low[n]] -= flow
        r[high[n]] += flow
    for n in range(cell.size):
        r[cell[n]] -= coupling[n] * (x[cell[n]] - x_lump[lump[n]])


@kernel
def _sum(part, column):
    """Sum of a column, in order."""
    total = 0.0
    for i in range(part.shape[0]):
        total += part[i, column]
    return total


class Iteration:
    """The steps of the method, each a pass over the finest level and over the global rows.

    Parameters
    ----------
    operator : Operator; scale : float, what it is multiplied with
    F : Finest; L : Levels; V : Vectors; chains : Chains
    b : (n,)
    """

    def __init__(self, operator, scale, F, L, V, chains, b):
        self.operator, self.scale, self.F, self.L, self.V, self.b = operator, scale, F, L, V, b
        self.chains, self.runs, self.around = (
            chains,
            (F.planes, L.runs, L.begin, L.end),
            (L.west, L.east, L.south, L.north),
        )

    def start(self):
        """x = 0 and r = scale · b; returns r·D⁻¹r."""
        F, V = self.F, self.V
        if not V.sound:
            V.clear()
        V.sound = False
        for vector in (F.x_lump, F.p_lump, F.q_lump):
            vector[:] = 0.0
        _load(*self.runs, F.row, self.L.inverse, self.b, self.scale, V.x, V.r, F.part)
        F.r_lump[:] = self.scale * np.where(F.lump_inverse > 0.0, self.b[F.lump_row], 0.0)
        return self._size()

    def _size(self):
        F = self.F
        return _sum(F.part, 0) + F.r_lump @ (F.lump_inverse * F.r_lump)

    def cycle(self):
        cycle(self.L, self.chains, WEIGHTS)

    def dots(self):
        """z·r and z·q of the cycle's result z."""
        F, L, V = self.F, self.L, self.V
        _dots(*self.runs, L.y, V.r, V.q, F.part)
        return _sum(F.part, 0) + L.x_lump @ F.r_lump, _sum(F.part, 1) + L.x_lump @ F.q_lump

    def direct(self, beta):
        """p = z + β p."""
        F, L = self.F, self.L
        _direct(*self.runs, L.y, beta, self.V.p)
        F.p_lump[:] = L.x_lump + beta * F.p_lump

    def curvature(self):
        """q = A p; returns p·A p."""
        return self.apply(self.V.p, self.F.p_lump)

    def apply(self, x, x_lump):
        """q = A x, times the scale and with the conductances of the cycle; returns x·A x."""
        F, L = self.F, self.L
        _apply(
            *self.runs,
            *self.around,
            L.tx,
            L.ty,
            L.tz,
            L.shift,
            F.first,
            F.cell,
            F.lump,
            F.coupling,
            F.excess,
            x,
            x_lump,
            self.V.q,
            F.part,
        )
        F.q_lump[:] = F.lumps @ x_lump
        for g in range(x_lump.size):
            F.q_lump[g] -= _sum(F.part, 2 + g)
        return _sum(F.part, 0) + x_lump @ F.q_lump

    def update(self, alpha, scale):
        """x += α p, r −= α q, right-hand side of the cycle = scale · r; returns r·D⁻¹r."""
        F, L, V = self.F, self.L, self.V
        _update(*self.runs, alpha, scale, V.p, V.q, L.inverse, V.x, V.r, L.b, F.part)
        F.x_lump[:] += alpha * F.p_lump
        F.r_lump[:] -= alpha * F.q_lump
        L.b_lump[:] = scale * F.r_lump
        return self._size()

    def renew(self):
        """r = b − A x anew, with the operator's own conductances; returns r·D⁻¹r and the part of it that rounding of x
        explains."""
        F, L, V, A = self.F, self.L, self.V, self.operator
        _renew_planes(
            *self.runs,
            *self.around,
            F.face,
            F.row,
            L.inverse,
            A.conductance,
            A.shift,
            self.b,
            self.scale,
            V.x,
            V.r,
            V.p,
            V.q,
            F.part,
        )
        _renew_rest(
            F.shared,
            F.shared_low,
            F.shared_high,
            A.conductance,
            self.scale,
            F.cell,
            F.lump,
            F.coupling,
            V.x,
            F.x_lump,
            V.r,
        )
        rounded = _sum(F.part, 0) + np.diagonal(F.lumps) @ F.x_lump**2
        F.r_lump[:] = self.scale * np.where(F.lump_inverse > 0.0, self.b[F.lump_row], 0.0) - F.lumps @ F.x_lump
        np.add.at(F.r_lump, F.lump, F.coupling * V.x[F.cell])
        return self.update(0.0, 0.0), rounded * ROUNDING**2

    def solve(self, x, tolerance, max_iterations):
        """Solve A x = b from zero into x (n,); returns what `conjugate_gradients` does."""
        F, V, threads = self.F, self.V, get_num_threads()
        if not self.L.large:
            set_num_threads(1)
        try:
            found = conjugate_gradients(self, tolerance, max_iterations)
            V.sound = found[0] == CONVERGED
            _store(*self.runs, F.row, self.L.inverse, self.b, V.x, x)
        finally:
            set_num_threads(threads)
        x[F.lump_row] = np.where(F.lump_inverse > 0.0, F.x_lump, self.b[F.lump_row])
        return found
