"""The bottom of the hierarchy: a small conductance network solved exactly, in bands, the global rows last.

Elimination adds only, so that no shift, however small, is lost: Grassmann, Taksar & Heyman (1985), Operations Research 33, 1107.
"""

import numpy as np
from numba import njit


def bandwidth(number):
    """Largest distance of the numbers of two neighbours; number (nx, ny, nz) int, −1 for none."""
    widest = 0
    for axis in range(3):
        low, high = np.moveaxis(number, axis, 0)[:-1], np.moveaxis(number, axis, 0)[1:]
        both = (low >= 0) & (high >= 0)
        widest = max(widest, np.max(np.abs(high - low)[both], initial=0))
    return int(widest)


@njit(cache=True)
def _join(t, bottom, step, start, number, band):
    for k in range(bottom.size):
        p = bottom[k]
        if t[p] > 0.0:
            other = number[p + step - start]
            band[min(k, other), abs(other - k) - 1] += t[p]


@njit(cache=True)
def assemble_bottom(bottom, start, number, plane, row, tx, ty, tz, cell, lump, coupling, row_number, row_shift, scale, band, shift):
    """Network of the coarsest cells and the global rows.

    Parameters
    ----------
    bottom : (n,) int, flat positions of the coarsest cells in use; start : int, flat position at which their level starts
    number : (positions of the level,) int, number of a cell in use
    plane, row : int, distances in memory of neighbours along x and y; tx, ty, tz : conductances of all levels
    cell, lump, coupling : of the coarsest level
    row_number : (n_rows,) int, number of the coarsest cell or global row that a row of the operator is part of
    row_shift : (n_rows,); scale : what it is multiplied with
    band : (n, width + n_lumps), out, conductances to the cells that follow and to the global rows
    shift : (n + n_lumps,), out, summed from the rows: the shifts of the levels hold couplings too
    """
    n, columns = band.shape
    width = columns - (shift.size - n)
    for i in range(n):
        for j in range(columns):
            band[i, j] = 0.0
    for i in range(shift.size):
        shift[i] = 0.0
    for r in range(row_number.size):
        shift[row_number[r]] += scale * row_shift[r]
    _join(tx, bottom, plane, start, number, band)
    _join(ty, bottom, row, start, number, band)
    _join(tz, bottom, 1, start, number, band)
    for e in range(cell.size):
        band[number[cell[e] - start], width + lump[e]] += coupling[e]


@njit(cache=True)
def factor_banded(band, lumps, shift, pivot):
    """Factors in place of the network.

    Parameters
    ----------
    band : (n, width + n_lumps), see `assemble_bottom`; lumps : (n_lumps, n_lumps), conductances between global rows
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


@njit(cache=True, fastmath={"contract", "reassoc", "nsz"})
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
