"""Loops with threads over blocks of slices, for large levels: each is the kernel of its name, block by block."""

from numba import prange

from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.aggregation import kernels, levels

BLOCK = 256
"""Slices a thread takes at a time; sums are taken over them first."""


@inner_kernel
def _blocks(begin, end):
    return (end - begin + BLOCK - 1) // BLOCK


@kernel(parallel=True)
def begin_smoothing(begin, end, b, inverse, x, y):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.begin_smoothing(low, min(low + BLOCK, end), b, inverse, x, y)


@kernel(parallel=True)
def smooth(begin, end, wide, start, column, value, inverse, b, x, y, d, c):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.smooth(low, min(low + BLOCK, end), wide, start, column, value, inverse, b, x, y, d, c)


@kernel(parallel=True)
def residual(begin, end, wide, start, column, value, shift, b, x, out):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.residual(low, min(low + BLOCK, end), wide, start, column, value, shift, b, x, out)


@kernel(parallel=True)
def restrict(begin, end, first, last, fine, b):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.restrict(low, min(low + BLOCK, end), first, last, fine, b)


@kernel(parallel=True)
def prolong(begin, end, first, last, coarse, x):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.prolong(low, min(low + BLOCK, end), first, last, coarse, x)


@kernel(parallel=True)
def product(begin, end, wide, start, column, value, shift, x, out, b, v, part):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.product(low, min(low + BLOCK, end), wide, start, column, value, shift, x, out, b, v, part[k])


@kernel(parallel=True)
def take_step(begin, end, alpha, x, v, c, b, part):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.take_step(low, min(low + BLOCK, end), alpha, x, v, c, b, part[k])


@kernel(parallel=True)
def combine(begin, end, f, c, g, x):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.combine(low, min(low + BLOCK, end), f, c, g, x)


@kernel(parallel=True)
def dots(begin, end, z, r, q, part):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.dots(low, min(low + BLOCK, end), z, r, q, part[k])


@kernel(parallel=True)
def direct(begin, end, z, beta, p):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.direct(low, min(low + BLOCK, end), z, beta, p)


@kernel(parallel=True)
def apply(begin, end, wide, start, column, value, rest, shift, x, out, part):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.apply(low, min(low + BLOCK, end), wide, start, column, value, rest, shift, x, out, part[k])


@kernel(parallel=True)
def update(begin, end, alpha, scale, p, q, inverse, x, r, b, part):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.update(low, min(low + BLOCK, end), alpha, scale, p, q, inverse, x, r, b, part[k])


@kernel(parallel=True)
def size(begin, end, inverse, x, part):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        kernels.size(low, min(low + BLOCK, end), inverse, x, part[k])


@kernel(parallel=True)
def fill_finest(begin, end, wide, start, face, conductance, scale, shift, rest, value, shift_out, inverse):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        levels.fill_finest(
            low, min(low + BLOCK, end), wide, start, face, conductance, scale, shift, rest, value, shift_out, inverse
        )


@kernel(parallel=True)
def fill_coarse(begin, end, wide, start, column, first, last, parent, value, shift, inverse):
    for k in prange(_blocks(begin, end)):
        low = begin + k * BLOCK
        levels.fill_coarse(low, min(low + BLOCK, end), wide, start, column, first, last, parent, value, shift, inverse)
