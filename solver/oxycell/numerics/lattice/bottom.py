"""The bottom of the hierarchy: a small conductance network solved exactly, in bands, the global rows last.

Elimination adds only, so that no shift, however small, is lost: Grassmann, Taksar & Heyman (1985), Operations Research
33, 1107.
"""

import numpy as np

from oxycell.arrays import Ints
from oxycell.kernel import inner_kernel, kernel
from oxycell.numerics.lattice.strips import NONE


def bandwidth(number: Ints) -> int:
    """Largest distance of the numbers of two neighbours; number (nx, ny, nz) int, −1 for none."""
    widest = 0
    for axis in range(3):
        low, high = np.moveaxis(number, axis, 0)[:-1], np.moveaxis(number, axis, 0)[1:]
        both = (low >= 0) & (high >= 0)
        widest = max(widest, np.max(np.abs(high - low)[both], initial=0))
    return int(widest)


@inner_kernel
def _join(k, other, t, band):
    if t > 0.0:
        band[min(k, other), abs(other - k) - 1] += t


@kernel
def add_shifts(strips, part_x, part_y, part_z, number, row, row_shift, scale, shift):
    """Shifts of the operator's rows summed to the coarsest cells: the shifts of the levels hold couplings too.

    Parameters
    ----------
    strips : Strips of the finest level
    part_x, part_y, part_z : coarsest index of every index along each axis, with the border
    number : (nx + 2, ny + 2, nz + 2) int, of the coarsest cells
    row : (positions,) uint32, the operator's row at each position, NONE for none
    row_shift : (n_rows,); scale : what it is multiplied with
    shift : (n + n_lumps,), added to
    """
    row_of, start = strips.row, strips.start
    first_of, begin, end = strips.first, strips.begin, strips.end
    for i in range(first_of.size - 1):
        for s in range(first_of[i], first_of[i + 1]):
            j, k, first = part_y[row_of[s]], start[s], begin[s]
            for p in range(first, end[s]):
                if row[p] != NONE and row_shift[row[p]] > 0.0:
                    shift[number[part_x[i], j, part_z[k + np.int64(p - first)]]] += scale * row_shift[row[p]]


@kernel
def assemble_bottom(number, runs, network, band):
    """Conductances between the coarsest cells; those to the global rows come later.

    Parameters
    ----------
    number : (cells of the level,) int, of each cell in the order of memory
    runs : Runs of the level; network : Network of all levels
    band : (n, width + n_lumps), out, conductances to the cells that follow; those to the global rows, behind, are 0
    """
    band[:] = 0.0
    begin, end, all_east, all_north = runs.begin, runs.end, runs.east, runs.north
    tx, ty, tz = network.x, network.y, network.z
    start, last = begin[0], np.uint64(number.size - 1)
    for s in range(begin.size):
        east, north = all_east[s], all_north[s]
        for p in range(begin[s] - start, end[s] - start):
            _join(number[p], number[p + east], tx[p + start], band)
            _join(number[p], number[p + north], ty[p + start], band)
            if p < last:
                _join(number[p], number[p + np.uint64(1)], tz[p + start], band)


@kernel
def factor_banded(band, lumps, shift, pivot):
    """Factors in place of the network.

    Parameters
    ----------
    band : (n, width + n_lumps), of `assemble_bottom`, with those to the global rows
    lumps : (n_lumps, n_lumps), conductances between global rows
    shift : (n + n_lumps,), overwritten
    pivot : (n + n_lumps,), out, 1/pivot; 0 for a row that nothing holds
    """
    n, columns = band.shape
    n_lumps = shift.size - n
    width = columns - n_lumps
    for k in range(n):
        total = shift[k]
        for j in range(columns):
            total += band[k, j]
        pivot[k] = 1.0 / total if total > 0.0 else 0.0
        for d in range(min(width, n - 1 - k)):
            if band[k, d] > 0.0:
                c, i = band[k, d] * pivot[k], k + 1 + d
                shift[i] += c * shift[k]
                for e in range(d + 1, width):
                    band[i, e - d - 1] += c * band[k, e]
                for e in range(width, columns):
                    band[i, e] += c * band[k, e]
        for g in range(n_lumps):
            c = band[k, width + g] * pivot[k]
            shift[n + g] += c * shift[k]
            for h in range(n_lumps):
                lumps[g, h] += c * band[k, width + h]
        for j in range(columns):
            band[k, j] *= pivot[k]
    for g in range(n_lumps):
        total = shift[n + g]
        for h in range(g + 1, n_lumps):
            total += lumps[g, h]
        pivot[n + g] = 1.0 / total if total > 0.0 else 0.0
        for h in range(g + 1, n_lumps):
            c = lumps[g, h] * pivot[n + g]
            shift[n + h] += c * shift[n + g]
            for other in range(g + 1, n_lumps):
                lumps[h, other] += c * lumps[g, other]
        for h in range(g + 1, n_lumps):
            lumps[g, h] *= pivot[n + g]


@inner_kernel(fastmath={"contract", "reassoc", "nsz"})
def solve_banded(band, lumps, pivot, x):
    """Solution for the right-hand side x (n + n_lumps,), in place, with the factors of `factor_banded`."""
    n, columns = band.shape
    n_lumps = x.size - n
    width = columns - n_lumps
    for k in range(n):
        v = x[k]
        for d in range(min(width, n - 1 - k)):
            x[k + 1 + d] += band[k, d] * v
        for g in range(n_lumps):
            x[n + g] += band[k, width + g] * v
    for g in range(n_lumps):
        for h in range(g + 1, n_lumps):
            x[n + h] += lumps[g, h] * x[n + g]
    for g in range(n_lumps - 1, -1, -1):
        v = x[n + g] * pivot[n + g]
        for h in range(g + 1, n_lumps):
            v += lumps[g, h] * x[n + h]
        x[n + g] = v
    for k in range(n - 1, -1, -1):
        v = x[k] * pivot[k]
        for d in range(min(width, n - 1 - k)):
            v += band[k, d] * x[k + 1 + d]
        for g in range(n_lumps):
            v += band[k, width + g] * x[n + g]
        x[k] = v
