"""Cycle on levels of aggregates, in the precision of its arrays: smoothing, transfer, two steps of conjugate gradients
on coarse levels.

Kernels work on a range of slices and are shared by serial and parallel loops, so that both give the same bits. Arrays
that only coarse levels need lack level 0: they are shorter by what is skipped.
"""

import numpy as np

from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.aggregation.levels import LANES
from oxycell.numerics.lattice.bottom import solve_banded

FAST = {"contract", "reassoc", "nsz"}
_LANES, _TWO, _THREE, _FOUR = (np.uint64(k * LANES) for k in (1, 2, 3, 4))
ENOUGH = 0.1  # residual after the first of two coarse steps below which there is no second
C1, C2, D2 = np.float32(2.0 / 3.0), np.float32(6.0 / 5.0), np.float32(1.0 / 5.0)
"""Two steps of the Chebyshev iteration of the fourth kind on (0, 2]: x1 = x0 + c1 D⁻¹ r0, x2 = x1 + d2 (x1 − x0) + c2
D⁻¹ r1."""


@inner_kernel(fastmath=FAST)
def gather_slice(s, wide, start, column, value, x, sums):
    """sums (16,) += value · x of the entries of a slice, four at a time; those of a hub all in the first."""
    p, end = np.uint64(start[s]), np.uint64(start[s + 1])
    while p + _FOUR <= end:
        q1, q2, q3 = p + _LANES, p + _TWO, p + _THREE
        for lane in range(_LANES):
            sums[lane] += (
                value[p + lane] * x[column[p + lane]]
                + value[q1 + lane] * x[column[q1 + lane]]
                + value[q2 + lane] * x[column[q2 + lane]]
                + value[q3 + lane] * x[column[q3 + lane]]
            )
        p += _FOUR
    while p < end:
        for lane in range(_LANES):
            sums[lane] += value[p + lane] * x[column[p + lane]]
        p += _LANES
    if wide[s]:
        for lane in range(1, LANES):
            sums[0] += sums[lane]
            sums[lane] = 0.0


@inner_kernel(fastmath=FAST)
def flow_slice(s, wide, start, column, value, x, sums):
    """sums (16,) += value · (x there − x here) of the entries of a slice; those of a hub all in the first."""
    r, p, end = np.uint64(s * LANES), np.uint64(start[s]), np.uint64(start[s + 1])
    if wide[s]:
        u = x[r]
        while p < end:
            sums[0] += value[p] * (x[column[p]] - u)
            p += np.uint64(1)
        return
    while p + _FOUR <= end:
        q1, q2, q3 = p + _LANES, p + _TWO, p + _THREE
        for lane in range(_LANES):
            u = x[r + lane]
            sums[lane] += (
                value[p + lane] * (x[column[p + lane]] - u)
                + value[q1 + lane] * (x[column[q1 + lane]] - u)
                + value[q2 + lane] * (x[column[q2 + lane]] - u)
                + value[q3 + lane] * (x[column[q3 + lane]] - u)
            )
        p += _FOUR
    while p < end:
        for lane in range(_LANES):
            sums[lane] += value[p + lane] * (x[column[p + lane]] - x[r + lane])
        p += _LANES


@kernel(fastmath=FAST)
def begin_smoothing(begin, end, b, inverse, x, y):
    """First step from zero, in x; y = 0."""
    for r in range(np.uint64(begin * LANES), np.uint64(end * LANES)):
        x[r] = C1 * b[r] * inverse[r]
        y[r] = 0.0


@kernel(fastmath=FAST)
def smooth(begin, end, wide, start, column, value, inverse, b, x, y, d, c):
    """y = x + d (x − y) + c D⁻¹ (b − A x)."""
    sums = np.empty(LANES, x.dtype)
    for s in range(begin, end):
        r = np.uint64(s * LANES)
        for lane in range(_LANES):
            sums[lane] = b[r + lane]
        gather_slice(s, wide, start, column, value, x, sums)
        for lane in range(_LANES):
            u = x[r + lane]
            y[r + lane] = u + d * (u - y[r + lane]) + c * (sums[lane] * inverse[r + lane] - u)


@kernel(fastmath=FAST)
def residual(begin, end, wide, start, column, value, shift, b, x, out):
    """out = b − A x; differences avoid cancellation."""
    sums = np.empty(LANES, x.dtype)
    for s in range(begin, end):
        r = np.uint64(s * LANES)
        for lane in range(_LANES):
            sums[lane] = b[r + lane] - shift[r + lane] * x[r + lane]
        flow_slice(s, wide, start, column, value, x, sums)
        for lane in range(_LANES):
            out[r + lane] = sums[lane]


@kernel(fastmath=FAST)
def restrict(begin, end, first, last, fine, b):
    """b of coarse slices = sum of the finer values."""
    skip = b.size - first.size
    for c in range(begin * LANES, end * LANES):
        total = fine.dtype.type(0.0)
        for r in range(np.uint64(first[c - skip]), np.uint64(last[c - skip])):
            total += fine[r]
        b[c] = total


@kernel(fastmath=FAST)
def prolong(begin, end, first, last, coarse, x):
    """Finer x += value of the coarse slices."""
    skip = coarse.size - first.size
    for c in range(begin * LANES, end * LANES):
        v = coarse[c]
        for r in range(np.uint64(first[c - skip]), np.uint64(last[c - skip])):
            x[r] += v


@kernel(fastmath=FAST)
def product(begin, end, wide, start, column, value, shift, x, out, b, v, part):
    """out = A x; part = x·out, x·b, x·v."""
    sums, skip_out, skip_v = np.empty(LANES, x.dtype), np.uint64(x.size - out.size), np.uint64(x.size - v.size)
    xax, xb, xv = 0.0, 0.0, 0.0
    for s in range(begin, end):
        r = np.uint64(s * LANES)
        for lane in range(_LANES):
            sums[lane] = -shift[r + lane] * x[r + lane]
        flow_slice(s, wide, start, column, value, x, sums)
        for lane in range(_LANES):
            u = np.float64(x[r + lane])
            out[r + lane - skip_out] = -sums[lane]
            xax -= u * sums[lane]
            xb += u * b[r + lane]
            xv += u * v[r + lane - skip_v]
    part[0], part[1], part[2] = xax, xb, xv


@kernel(fastmath=FAST)
def take_step(begin, end, alpha, x, v, c, b, part):
    """c = x, b −= α v; part = b·b after and before."""
    after, before, skip = 0.0, 0.0, np.uint64(b.size - c.size)
    for r in range(np.uint64(begin * LANES), np.uint64(end * LANES)):
        u = b[r]
        w = u - alpha * v[r - skip]
        c[r - skip], b[r] = x[r], w
        after += np.float64(w) * w
        before += np.float64(u) * u
    part[0], part[1] = after, before


@kernel(fastmath=FAST)
def combine(begin, end, f, c, g, x):
    """x = f c + g x."""
    skip = np.uint64(x.size - c.size)
    for r in range(np.uint64(begin * LANES), np.uint64(end * LANES)):
        x[r] = f * c[r - skip] + g * x[r]


@kernel(fastmath=FAST)
def dots(begin, end, z, r, q, part):
    """part = z·r, z·q."""
    zr, zq = 0.0, 0.0
    for i in range(np.uint64(begin * LANES), np.uint64(end * LANES)):
        zr += z[i] * r[i]
        zq += z[i] * q[i]
    part[0], part[1] = zr, zq


@kernel(fastmath=FAST)
def direct(begin, end, z, beta, p):
    """p = z + β p."""
    for i in range(np.uint64(begin * LANES), np.uint64(end * LANES)):
        p[i] = z[i] + beta * p[i]


@kernel(fastmath=FAST)
def apply(begin, end, wide, start, column, value, rest, shift, x, out, part):
    """out = A x in double precision, conductances value + rest; part = x·out."""
    sums, total = np.empty(LANES), 0.0
    for s in range(begin, end):
        r, p, last = np.uint64(s * LANES), np.uint64(start[s]), np.uint64(start[s + 1])
        for lane in range(_LANES):
            sums[lane] = -shift[r + lane] * x[r + lane]
        if wide[s]:
            while p < last:
                sums[0] += (np.float64(value[p]) + rest[p]) * (x[column[p]] - x[r])
                p += np.uint64(1)
        while p < last:
            for lane in range(_LANES):
                sums[lane] += (np.float64(value[p + lane]) + rest[p + lane]) * (x[column[p + lane]] - x[r + lane])
            p += _LANES
        for lane in range(_LANES):
            out[r + lane] = -sums[lane]
            total -= sums[lane] * x[r + lane]
    part[0] = total


@kernel(fastmath=FAST)
def update(begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    """x += α p, r −= α q, b = scale · r; part = r·D⁻¹r."""
    total = 0.0
    for i in range(np.uint64(begin * LANES), np.uint64(end * LANES)):
        x[i] += alpha * p[i]
        v = r[i] - alpha * q[i]
        r[i] = v
        b[i] = scale * v
        total += v * v * inverse[i]
    part[0] = total


@kernel(fastmath=FAST)
def size(begin, end, inverse, x, part):
    """part = x·Dx."""
    total = 0.0
    for i in range(np.uint64(begin * LANES), np.uint64(end * LANES)):
        if inverse[i] > 0.0:
            total += x[i] * x[i] / inverse[i]
    part[0] = total


@kernel
def remainder(position, inverse, scale, b, q, r):
    """r = scale · b − q, 0 in rows that nothing touches; b (n,) in the order of the rows."""
    for i in range(position.size):
        p = position[i]
        r[p] = scale * b[i] - q[p] if inverse[p] > 0.0 else 0.0


@kernel
def answer(position, inverse, b, x, out):
    """x in the order of the rows, b in those that nothing touches."""
    for i in range(position.size):
        p = position[i]
        out[i] = x[p] if inverse[p] > 0.0 else b[i]


@kernel
def second_step(first, second):
    """Factors of the two directions c, d from (c·Ac, c·b) and (d·Ad, d·r, d·Ac); r = b after the first step."""
    cac, cb = first
    dad, dr, dac = second
    rest = dad - dac * dac / cac
    if not rest > 0.0:
        return np.float32(cb / cac), np.float32(0.0)
    return np.float32(cb / cac - dac * dr / (cac * rest)), np.float32(dr / rest)


@kernel
def cycle_below(top, levels, visit, kept, part):
    """The cycle from level `top` to the bottom and back, one thread; the result is in y.

    Parameters
    ----------
    levels : Levels
    visit : (n,) int, scratch; kept : (n, 2), scratch; part : (3,), scratch
    """
    n, slices, first, last = levels.n, levels.slices, levels.first, levels.last
    wide, start, column = levels.entries.wide, levels.entries.start, levels.entries.column
    value, shift, inverse = levels.value, levels.shift, levels.inverse
    x, y, b, c, v = levels.x, levels.y, levels.b, levels.c, levels.v
    position, factor, lump_factor, pivot, work = levels.bottom
    level, down = top, True
    while True:
        s0, s1 = slices[level], slices[level + 1]
        if down and level < n - 1:
            begin_smoothing(s0, s1, b, inverse, x, y)
            smooth(s0, s1, wide, start, column, value, inverse, b, x, y, D2, C2)
            residual(s0, s1, wide, start, column, value, shift, b, y, x)
            restrict(s1, slices[level + 2], first, last, x, b)
            level += 1
            visit[level] = 0
            continue
        if level == n - 1:
            for k in range(position.size):
                work[k] = b[position[k]]
            solve_banded(factor, lump_factor, pivot, work)
            for k in range(position.size):
                y[position[k]] = work[k]
        else:
            prolong(s1, slices[level + 2], first, last, y, y)
            smooth(s0, s1, wide, start, column, value, inverse, b, y, x, np.float32(0.0), C1)
            smooth(s0, s1, wide, start, column, value, inverse, b, x, y, D2, C2)
        down = False
        if level == top:
            return
        if level < n - 1:
            if visit[level] == 0:
                product(s0, s1, wide, start, column, value, shift, y, v, b, b, part)
                kept[level, 0], kept[level, 1] = part[0], part[1]
                if not part[0] > 0.0:
                    level -= 1
                    continue
                alpha = np.float32(part[1] / part[0])
                take_step(s0, s1, alpha, y, v, c, b, part)
                if part[0] > ENOUGH * ENOUGH * part[1]:
                    visit[level], down = 1, True
                    continue
                combine(s0, s1, alpha, c, np.float32(0.0), y)
            else:
                product(s0, s1, wide, start, column, value, shift, y, x, b, v, part)
                f, g = second_step((kept[level, 0], kept[level, 1]), (part[0], part[1], part[2]))
                combine(s0, s1, f, c, g, y)
        level -= 1
