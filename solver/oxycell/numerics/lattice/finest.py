"""The finest level in double precision: what it has beyond its share of the levels, and the passes of conjugate
gradients over it; sums run in one order, plane by plane."""

import weakref
from typing import NamedTuple

import numpy as np
from numba import prange

from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.lattice.kernels import ONE, REASSOCIATE
from oxycell.numerics.lattice.layout import Couplings
from oxycell.numerics.lattice.strips import NONE


class Finest(NamedTuple):
    """What the finest level needs in addition to its share of Levels.

    Attributes
    ----------
    planes : int
    face : (3, positions) uint32, the operator's face to the next cell along each axis, NONE for none
    row : (positions,) uint32, the operator's row, NONE for none
    shared, shared_low, shared_high : (k,) int, faces whose cells another face joins already, and the positions of those
        cells
    couplings : Couplings, plane by plane, their conductances times the scale
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
    couplings: Couplings
    excess: np.ndarray
    lumps: np.ndarray
    lump_inverse: np.ndarray
    lump_row: np.ndarray
    x_lump: np.ndarray
    r_lump: np.ndarray
    p_lump: np.ndarray
    q_lump: np.ndarray
    part: np.ndarray


class Search(NamedTuple):
    """Vectors of conjugate gradients on the finest level.

    Attributes
    ----------
    x, r, p, q : (positions,), iterate, residual, direction of the search and its product A p
    """

    x: np.ndarray
    r: np.ndarray
    p: np.ndarray
    q: np.ndarray


class Vectors:
    """Vectors of one solve, shared by all operators: they hold nothing between solves but finite numbers.

    Parameters
    ----------
    cells : int, positions of the finest level; positions : int, those of all levels

    Attributes
    ----------
    search : Search; single : three (positions,) float32, those of a cycle
    sound : bool, whether the last solve left finite numbers
    """

    def __init__(self, cells: int, positions: int) -> None:
        self.search = Search(*(np.zeros(cells) for _ in range(4)))
        self.single = tuple(np.zeros(positions, np.float32) for _ in range(3))
        self.sound = True

    @classmethod
    def shared(cls, cells: int, positions: int) -> "Vectors":
        """Those that are there, or longer ones."""
        global _vectors
        there = _vectors() if _vectors is not None else None
        if there is None or there.search.x.size < cells or there.single[0].size < positions:
            if there is not None:
                cells, positions = max(cells, there.search.x.size), max(positions, there.single[0].size)
            there = cls(cells, positions)
            _vectors = weakref.ref(there)
        return there

    def clear(self) -> None:
        for vector in (*self.search, *self.single):
            vector[:] = 0.0


_vectors: weakref.ref[Vectors] | None = None  # those in use


@inner_kernel(fastmath=REASSOCIATE)
def _dots_plane(first, begin, end, i, z, r, q, part):
    zr, zq = 0.0, 0.0
    for s in range(first[i], first[i + 1]):
        for p in range(begin[s], end[s]):
            zr += z[p] * r[p]
            zq += z[p] * q[p]
    part[i, 0], part[i, 1] = zr, zq


@inner_kernel(fastmath=REASSOCIATE)
def _direct_plane(first, begin, end, i, z, beta, p):
    for s in range(first[i], first[i + 1]):
        for n in range(begin[s], end[s]):
            p[n] = z[n] + beta * p[n]


@inner_kernel(fastmath=REASSOCIATE)
def _apply_plane(runs, i, network, couplings, excess, x, x_lump, out, part):
    """out = A x on one plane; partial sums of x·A x and of what the plane sends to the global rows."""
    first_of, begin, end, west, east, south, north = runs
    tx, ty, tz, shift = network
    first, cell, lump, coupling = couplings
    total = 0.0
    for s in range(first_of[i], first_of[i + 1]):
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
def _update_plane(first, begin, end, i, alpha, scale, search, inverse, b, part):
    x, r, p, q = search.x, search.r, search.p, search.q
    total = 0.0
    for s in range(first[i], first[i + 1]):
        for n in range(begin[s], end[s]):
            x[n] += alpha * p[n]
            v = r[n] - alpha * q[n]
            r[n] = v
            b[n] = scale * v
            total += v * v * inverse[n]
    part[i, 0] = total


@kernel(parallel=True)
def dots(planes, first, begin, end, z, r, q, part):
    """Partial sums of z·r and z·q, plane by plane."""
    for i in prange(planes):
        _dots_plane(first, begin, end, np.int64(i), z, r, q, part)


@kernel(parallel=True)
def direct(planes, first, begin, end, z, beta, p):
    """p = z + β p."""
    for i in prange(planes):
        _direct_plane(first, begin, end, np.int64(i), z, beta, p)


@kernel(parallel=True)
def apply(planes, runs, network, couplings, excess, x, x_lump, out, part):
    """out = A x; partial sums of x·A x and of what each plane sends to the global rows.

    Parameters
    ----------
    planes, couplings, excess, part : see Finest; runs, network : see Levels
    x, out : (positions,); x_lump : (n_lumps,)
    """
    for i in prange(planes):
        _apply_plane(runs, np.int64(i), network, couplings, excess, x, x_lump, out, part)


@kernel(parallel=True)
def update(planes, first, begin, end, alpha, scale, search, inverse, b, part):
    """x += α p, r −= α q, b = scale · r; partial sums of r·D⁻¹r."""
    for i in prange(planes):
        _update_plane(first, begin, end, np.int64(i), alpha, scale, search, inverse, b, part)


@kernel(parallel=True)
def load(planes, first, begin, end, row, inverse, b, scale, x, r, part):
    """x = 0 and r = scale · b, 0 in rows that nothing touches."""
    for i in prange(planes):
        total = 0.0
        for s in range(first[i], first[i + 1]):
            for p in range(begin[s], end[s]):
                held = row[p] == NONE or inverse[p] == 0.0
                x[p], r[p] = 0.0, 0.0 if held else scale * b[row[p]]
                total += r[p] * r[p] * inverse[p]
        part[i, 0] = total


@kernel(parallel=True)
def store(planes, first, begin, end, row, inverse, b, x, out):
    """out from the grid; rows that nothing touches are the identity."""
    for i in prange(planes):
        for s in range(first[i], first[i + 1]):
            for p in range(begin[s], end[s]):
                if row[p] != NONE:
                    out[row[p]] = x[p] if inverse[p] > 0.0 else b[row[p]]


@inner_kernel
def _flow(f, conductance, difference):
    """Through the operator's face f."""
    return conductance[f] * difference if f != NONE else 0.0


@kernel(parallel=True)
def renew_planes(planes, runs, face, row, inverse, conductance, shift, b, scale, search, part):
    """r = scale · (b − A x) with the operator's own coefficients, without shared faces and couplings; partial sums of
    x·D x.

    Flows to the next cells along x and y go through p and q, so that the coefficients of a face are fetched once.
    """
    first, begin, end = runs.first, runs.begin, runs.end
    west, east, south, north = runs.west, runs.east, runs.south, runs.north
    x, r, p, q = search.x, search.r, search.p, search.q
    face_x, face_y, face_z = face[0], face[1], face[2]
    for i in prange(planes):
        total = 0.0
        for s in range(first[i], first[i + 1]):
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
        for s in range(first[i], first[i + 1]):
            w, v = west[s], south[s]
            for n in range(begin[s], end[s]):
                r[n] = scale * (r[n] - p[n] + p[n + w] - q[n] + q[n + v])


@kernel
def renew_rest(shared, low, high, conductance, scale, couplings, x, x_lump, r):
    """What shared faces and couplings add to r."""
    for n in range(shared.size):
        flow = scale * conductance[shared[n]] * (x[low[n]] - x[high[n]])
        r[low[n]] -= flow
        r[high[n]] += flow
    cell, lump, coupling = couplings.cell, couplings.lump, couplings.conductance
    for n in range(cell.size):
        r[cell[n]] -= coupling[n] * (x[cell[n]] - x_lump[lump[n]])


@kernel
def sum_planes(part, column):
    """Sum of a column of partial sums, in order."""
    total = 0.0
    for i in range(part.shape[0]):
        total += part[i, column]
    return total
