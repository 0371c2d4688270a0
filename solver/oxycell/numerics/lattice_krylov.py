"""Conjugate gradients on the lattice in double precision, preconditioned by the V-cycle; sums run in one order, plane by plane."""

from collections import namedtuple

import numpy as np
from numba import njit, prange

from oxycell.numerics.lattice_kernels import ONE, REASSOCIATE, cycle

Finest = namedtuple("Finest", [
    "large",        # bool: worth more than one thread
    "planes",       # number of planes
    "plane", "row",  # uint64, distances in memory of neighbours along x and y
    "segments", "begin", "end",  # see Levels
    "tx", "ty", "tz",  # (positions,) conductance to the next cell along each axis
    "diagonal", "inverse",  # (positions,) diagonal; 1/(scale · diagonal) in single precision
    "couplings", "cell", "lump", "coupling",  # couplings to global rows, sorted; first one of each plane (planes + 1,)
    "lumps",        # (n_lumps, n_lumps) block of the global rows
    "lump_inverse",  # (n_lumps,) 1/(scale · diagonal), 0 for a row that nothing touches
    "x", "r", "p", "q",  # (positions,)
    "x_lump", "r_lump", "p_lump", "q_lump",  # (n_lumps,)
    "part",         # (planes, 2 + n_lumps) sums of each plane
])

CONVERGED, STALLED, INDEFINITE = range(3)
"""How the iteration ended."""


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
def _apply_plane(segments, i, begin, end, plane, row, tx, ty, tz, diagonal, couplings, cell, lump, coupling, x, x_lump, out, part):
    """out = A x on one plane; partial sums of x·A x and of what the plane sends to the global rows."""
    for s in range(segments[i], segments[i + 1]):
        for n in range(begin[s], end[s]):
            out[n] = (diagonal[n] * x[n] - tx[n - plane] * x[n - plane] - tx[n] * x[n + plane] - ty[n - row] * x[n - row]
                      - ty[n] * x[n + row] - tz[n - ONE] * x[n - ONE] - tz[n] * x[n + ONE])
    part[i, 2:] = 0.0
    for e in range(couplings[i], couplings[i + 1]):
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
        _dots_plane(segments, i, begin, end, z, r, q, part)


@njit(cache=True)
def _direct_serial(planes, segments, begin, end, z, beta, p):
    for i in range(planes):
        _direct_plane(segments, i, begin, end, z, beta, p)


@njit(cache=True, parallel=True)
def _direct_parallel(planes, segments, begin, end, z, beta, p):
    for i in prange(planes):
        _direct_plane(segments, i, begin, end, z, beta, p)


@njit(cache=True)
def _apply_serial(planes, segments, begin, end, plane, row, tx, ty, tz, diagonal, couplings, cell, lump, coupling, x, x_lump, out, part):
    for i in range(planes):
        _apply_plane(segments, i, begin, end, plane, row, tx, ty, tz, diagonal, couplings, cell, lump, coupling, x, x_lump, out, part)


@njit(cache=True, parallel=True)
def _apply_parallel(planes, segments, begin, end, plane, row, tx, ty, tz, diagonal, couplings, cell, lump, coupling, x, x_lump, out, part):
    for i in prange(planes):
        _apply_plane(segments, i, begin, end, plane, row, tx, ty, tz, diagonal, couplings, cell, lump, coupling, x, x_lump, out, part)


@njit(cache=True)
def _update_serial(planes, segments, begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    for i in range(planes):
        _update_plane(segments, i, begin, end, alpha, scale, p, q, inverse, x, r, b, part)


@njit(cache=True, parallel=True)
def _update_parallel(planes, segments, begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    for i in prange(planes):
        _update_plane(segments, i, begin, end, alpha, scale, p, q, inverse, x, r, b, part)


@njit(cache=True)
def _sum(part, column):
    total = 0.0
    for i in range(part.shape[0]):
        total += part[i, column]
    return total


@njit(cache=True)
def _apply(F, x, x_lump, out, out_lump):
    """out = A x; returns x·A x."""
    if F.large:
        _apply_parallel(F.planes, F.segments, F.begin, F.end, F.plane, F.row, F.tx, F.ty, F.tz, F.diagonal, F.couplings, F.cell, F.lump,
                        F.coupling, x, x_lump, out, F.part)
    else:
        _apply_serial(F.planes, F.segments, F.begin, F.end, F.plane, F.row, F.tx, F.ty, F.tz, F.diagonal, F.couplings, F.cell, F.lump,
                      F.coupling, x, x_lump, out, F.part)
    total = _sum(F.part, 0)
    for g in range(x_lump.size):
        v = -_sum(F.part, 2 + g)
        for h in range(x_lump.size):
            v += F.lumps[g, h] * x_lump[h]
        out_lump[g] = v
        total += v * x_lump[g]
    return total


@njit(cache=True)
def _update(F, L, alpha, scale):
    """x += α p, r −= α q, right-hand side of the cycle = scale · r; returns r·D⁻¹r."""
    if F.large:
        _update_parallel(F.planes, F.segments, F.begin, F.end, alpha, scale, F.p, F.q, F.inverse, F.x, F.r, L.b, F.part)
    else:
        _update_serial(F.planes, F.segments, F.begin, F.end, alpha, scale, F.p, F.q, F.inverse, F.x, F.r, L.b, F.part)
    total = _sum(F.part, 0)
    for g in range(F.x_lump.size):
        F.x_lump[g] += alpha * F.p_lump[g]
        F.r_lump[g] -= alpha * F.q_lump[g]
        L.b_lump[g] = scale * F.r_lump[g]
        total += F.r_lump[g] ** 2 * F.lump_inverse[g]
    return total


@njit(cache=True)
def _load(F, position, row, lump_row, b, x):
    """Residual of x = 0: the right-hand side on the grid; rows that nothing touches are answered at once. All else is cleared."""
    F.x[:] = 0.0
    F.p[:] = 0.0
    F.q[:] = 0.0
    F.p_lump[:] = 0.0
    F.q_lump[:] = 0.0
    F.x_lump[:] = 0.0
    for n in range(position.size):
        F.r[position[n]] = b[row[n]] if F.inverse[position[n]] > 0.0 else 0.0
    for g in range(lump_row.size):
        F.r_lump[g] = b[lump_row[g]] if F.lump_inverse[g] > 0.0 else 0.0


@njit(cache=True)
def _store(F, position, row, lump_row, b, x):
    for n in range(position.size):
        x[row[n]] = F.x[position[n]] if F.inverse[position[n]] > 0.0 else b[row[n]]
    for g in range(lump_row.size):
        x[lump_row[g]] = F.x_lump[g] if F.lump_inverse[g] > 0.0 else b[lump_row[g]]


@njit(cache=True)
def conjugate_gradients(F, L, degree, position, row, lump_row, b, x, tolerance, max_iterations):
    """Solve A x = b from zero.

    Returns
    -------
    status : CONVERGED, STALLED or INDEFINITE
    iterations : int
    reached : ‖b − A x‖ / ‖b‖ weighted with 1/diagonal

    Notes
    -----
    Polak–Ribière form of β, tolerant of a preconditioner in single precision: Notay (2000), SIAM J. Sci. Comput. 22, 1444.
    """
    _load(F, position, row, lump_row, b, x)
    size = _update(F, L, 0.0, 1.0)
    status, iteration, reached = CONVERGED, 0, 0.0
    if size > 0.0:
        factor = 1.0 / np.sqrt(size)
        _update(F, L, 0.0, factor)
        target = size * tolerance * tolerance
        status, alpha, zr_old = STALLED, 0.0, 0.0
        rr = size
        while iteration < max_iterations:
            cycle(L, degree)
            if F.large:
                _dots_parallel(F.planes, F.segments, F.begin, F.end, L.y, F.r, F.q, F.part)
            else:
                _dots_serial(F.planes, F.segments, F.begin, F.end, L.y, F.r, F.q, F.part)
            zr, zq = _sum(F.part, 0), _sum(F.part, 1)
            for g in range(F.x_lump.size):
                zr += L.x_lump[g] * F.r_lump[g]
                zq += L.x_lump[g] * F.q_lump[g]
            beta = -alpha * zq / zr_old if iteration > 0 else 0.0
            if F.large:
                _direct_parallel(F.planes, F.segments, F.begin, F.end, L.y, beta, F.p)
            else:
                _direct_serial(F.planes, F.segments, F.begin, F.end, L.y, beta, F.p)
            F.p_lump[:] = L.x_lump + beta * F.p_lump
            curvature = _apply(F, F.p, F.p_lump, F.q, F.q_lump)
            if not (zr > 0.0 and curvature > 0.0):
                status = INDEFINITE
                break
            alpha, zr_old = zr / curvature, zr
            rr = _update(F, L, alpha, factor)
            iteration += 1
            if rr <= target:
                status = CONVERGED
                break
        reached = np.sqrt(rr / size)
    _store(F, position, row, lump_row, b, x)
    return status, iteration, reached
