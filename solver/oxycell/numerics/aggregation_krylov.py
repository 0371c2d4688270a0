"""Conjugate gradients in double precision on the finest level, preconditioned by the cycle of aggregation levels."""

from typing import NamedTuple

import numpy as np

from oxycell.numerics import aggregation_kernels as serial
from oxycell.numerics import aggregation_parallel as parallel
from oxycell.numerics.aggregation_kernels import C1, C2, D2, ENOUGH, cycle_below, second_step
from oxycell.numerics.lattice_krylov import CONVERGED, INDEFINITE, STALLED

_LARGE = 2048  # slices from which on a level is worth more than one thread
_ROUNDING = 2.0 * np.finfo(np.float64).eps
_ZERO = np.float32(0.0)


class Finest(NamedTuple):
    """The operator on level 0 in double precision, and the vectors of the iteration.

    Attributes
    ----------
    value : (slots,) conductances; shift : (positions,)
    x, r, p, q : (positions,)
    """

    value: np.ndarray
    shift: np.ndarray
    x: np.ndarray
    r: np.ndarray
    p: np.ndarray
    q: np.ndarray


def loops(begin, end, without=serial):
    """The module of the kernels for a range of slices: with threads, or the one without."""
    return parallel if end - begin >= _LARGE else without


class Iteration:
    """The steps of the iteration and of the cycle on large levels.

    Parameters
    ----------
    F : Finest; L : Levels
    """

    def __init__(self, F, L):
        self.F, self.L = F, L
        self.rows = L.wide, L.start, L.column
        self.sums = np.empty((-(-int(L.slices[-1]) // parallel.BLOCK), 3))
        self.visit, self.kept = np.empty(L.n, np.int64), np.empty((L.n, 2))

    def sum(self, name, begin, end, *arguments):
        """Run a kernel that leaves sums; (3,)."""
        kernel = loops(begin, end)
        if kernel is serial:
            getattr(serial, name)(begin, end, *arguments, self.sums[0])
            return self.sums[0].copy()
        getattr(parallel, name)(begin, end, *arguments, self.sums)
        return self.sums[:-(-(end - begin) // parallel.BLOCK)].sum(0)

    def cycle(self, level=0):
        """One cycle for the right-hand side `L.b` of a level; the result is in `L.y`."""
        L = self.L
        begin, end = L.slices[level], L.slices[level + 1]
        k = loops(begin, end)
        if level == L.n - 1 or k is serial:
            cycle_below(level, L.n, L.slices, *self.rows, L.first, L.last, L.value, L.shift, L.inverse, L.x, L.y, L.b, L.c, L.v, L.bottom,
                        L.factor, L.lump_factor, L.pivot, L.work, self.visit, self.kept, self.sums[0])
            return
        coarse_end = L.slices[level + 2]
        k.begin_smoothing(begin, end, L.b, L.inverse, L.x, L.y)
        k.smooth(begin, end, *self.rows, L.value, L.inverse, L.b, L.x, L.y, D2, C2)
        k.residual(begin, end, *self.rows, L.value, L.shift, L.b, L.y, L.x)
        k.restrict(end, coarse_end, L.first, L.last, L.x, L.b)
        self._coarse(level + 1)
        k.prolong(end, coarse_end, L.first, L.last, L.y, L.y)
        k.smooth(begin, end, *self.rows, L.value, L.inverse, L.b, L.y, L.x, _ZERO, C1)
        k.smooth(begin, end, *self.rows, L.value, L.inverse, L.b, L.x, L.y, D2, C2)

    def _coarse(self, level):
        """One or two steps of conjugate gradients on a coarse level, the cycle its preconditioner; the result is in `L.y`."""
        L = self.L
        begin, end = L.slices[level], L.slices[level + 1]
        self.cycle(level)
        if level == L.n - 1:
            return
        k, matrix = loops(begin, end), (*self.rows, L.value, L.shift)
        yay, yb, _ = self.sum("product", begin, end, *matrix, L.y, L.v, L.b, L.b)
        if not yay > 0.0:
            return
        alpha = np.float32(yb / yay)
        after, before, _ = self.sum("take_step", begin, end, alpha, L.y, L.v, L.c, L.b)
        if after <= ENOUGH * ENOUGH * before:
            k.combine(begin, end, alpha, L.c, _ZERO, L.y)
            return
        self.cycle(level)
        second = self.sum("product", begin, end, *matrix, L.y, L.x, L.b, L.v)
        f, g = second_step((yay, yb), tuple(second))
        k.combine(begin, end, f, L.c, g, L.y)

    def solve(self, position, b, x, tolerance, max_iterations):
        """Solve A x = b from zero.

        The residual is computed anew before it is believed. What rounding of x alone makes of it counts as met.

        Parameters
        ----------
        position : (n,) int, where each row stands
        b : (n,); x : (n,), out

        Returns
        -------
        status : CONVERGED, STALLED or INDEFINITE
        iterations : int
        reached : ‖b − A x‖ / ‖b‖ weighted with 1/diagonal

        Notes
        -----
        Polak–Ribière form of β, tolerant of a preconditioner in single precision that changes: Notay (2000), SIAM J. Sci. Comput. 22, 1444.
        """
        F, L, end = self.F, self.L, self.L.slices[1]
        k, inverse = loops(0, end), self.L.inverse
        held = inverse[position] == 0.0
        for vector in F[2:]:
            vector[:] = 0.0
        F.r[position] = np.where(held, 0.0, b)
        update = F.p, F.q, inverse, F.x, F.r, L.b
        size = self.sum("update", 0, end, 0.0, 1.0, *update)[0]
        status, iterations, rr, alpha, zr_old = STALLED, 0, size, 0.0, 1.0
        if size == 0.0:
            status, max_iterations, size = CONVERGED, 0, 1.0
        scale, target = 1.0 / np.sqrt(size), size * tolerance * tolerance
        self.sum("update", 0, end, 0.0, scale, *update)
        while iterations < max_iterations:
            self.cycle()
            zr, zq, _ = self.sum("dots", 0, end, L.y, F.r, F.q)
            k.direct(0, end, L.y, -alpha * zq / zr_old, F.p)
            curvature = self.sum("apply", 0, end, *self.rows, F.value, F.shift, F.p, F.q)[0]
            if not (zr > 0.0 and curvature > 0.0):
                status = INDEFINITE
                break
            alpha, zr_old = zr / curvature, zr
            rr = self.sum("update", 0, end, alpha, scale, *update)[0]
            iterations += 1
            if rr <= target:
                rr, rounded = self._renew(position, held, b)
                if rr <= max(target, rounded):
                    status = CONVERGED
                    break
                self.sum("update", 0, end, 0.0, scale, *update)
                alpha = 0.0
        x[:] = np.where(held, b, F.x[position])
        return status, iterations, np.sqrt(rr / size)

    def _renew(self, position, held, b):
        """r = b − A x computed anew, p and q cleared; returns r·D⁻¹r and the part of it that rounding of x explains."""
        F, inverse = self.F, self.L.inverse
        self.sum("apply", 0, self.L.slices[1], *self.rows, F.value, F.shift, F.x, F.q)
        F.r[position] = np.where(held, 0.0, b - F.q[position])
        diagonal = np.divide(1.0, inverse[:F.x.size], out=np.zeros(F.x.size), where=inverse[:F.x.size] > 0.0)
        rounded = float(np.sum(F.x * F.x * diagonal)) * _ROUNDING ** 2
        rr = float(np.sum(F.r * F.r * inverse[:F.x.size]))
        F.p[:], F.q[:] = 0.0, 0.0
        return rr, rounded
