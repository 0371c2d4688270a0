"""Conjugate gradients in double precision on the finest level, preconditioned by the cycle of aggregation levels."""

from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.numerics.aggregation import kernels as serial
from oxycell.numerics.aggregation import parallel as parallel
from oxycell.numerics.aggregation.kernels import C1, C2, D2, ENOUGH, cycle_below, second_step
from oxycell.numerics.aggregation.levels import Levels
from oxycell.numerics.krylov import ROUNDING, conjugate_gradients

_LARGE = 2048  # slices from which on a level is worth more than one thread
_ZERO = np.float32(0.0)


class Finest(NamedTuple):
    """What the operator on level 0 has beyond single precision, and the vectors of the iteration.

    Attributes
    ----------
    rest : (slots,) float32, conductances less those of the level; shift : (positions,)
    x, r, p, q : (positions,)
    """

    rest: np.ndarray
    shift: np.ndarray
    x: np.ndarray
    r: np.ndarray
    p: np.ndarray
    q: np.ndarray


def loops(begin: int, end: int, without: ModuleType = serial) -> ModuleType:
    """The module of the kernels for a range of slices: with threads, or the one without."""
    return parallel if end - begin >= _LARGE else without


class Iteration:
    """The steps of the iteration and of the cycle on large levels.

    Parameters
    ----------
    F : Finest; L : Levels

    Attributes
    ----------
    scale : float, power of two by which the coefficients of both and r are smaller than the operator's and b
    """

    def __init__(self, F: Finest, L: Levels) -> None:
        self.F, self.L, self.scale = F, L, 1.0
        self.rows = L.entries
        self.sums = np.zeros((-(-int(L.slices[-1]) // parallel.BLOCK), 3))
        self.visit, self.kept = np.empty(L.n, np.int64), np.empty((L.n, 2))

    def sum(self, name: str, begin: int, end: int, *arguments: Any) -> Floats:
        """Run a kernel that leaves sums; (3,)."""
        kernel = loops(begin, end)
        if kernel is serial:
            getattr(serial, name)(begin, end, *arguments, self.sums[0])
            return self.sums[0].copy()
        getattr(parallel, name)(begin, end, *arguments, self.sums)
        return self.sums[: -(-(end - begin) // parallel.BLOCK)].sum(0)

    def cycle(self, level: int = 0) -> None:
        """One cycle for the right-hand side `L.b` of a level; the result is in `L.y`."""
        L = self.L
        begin, end = L.slices[level], L.slices[level + 1]
        k = loops(begin, end)
        if level == L.n - 1 or k is serial:
            cycle_below(level, L, self.visit, self.kept, self.sums[0])
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

    def _coarse(self, level: int) -> None:
        """One or two steps of conjugate gradients on a coarse level, the cycle its preconditioner; the result is in
        `L.y`."""
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

    def solve(
        self, position: Ints, b: Floats, x: Floats, tolerance: float, max_iterations: int
    ) -> tuple[int, int, float]:
        """Solve A x = b from zero; returns what `conjugate_gradients` does.

        Parameters
        ----------
        position : (n,) int, position of each row
        b : (n,); x : (n,), out
        tolerance, max_iterations : see `conjugate_gradients`
        """
        self.position, self.b = position, b
        found = conjugate_gradients(self, tolerance, max_iterations)
        serial.answer(position, self.L.inverse, b, self.F.x, x)
        return found

    def start(self) -> float:
        """x = p = q = 0, r = b; returns r·D⁻¹r."""
        self.F.x[:], self.F.q[:] = 0.0, 0.0
        return self._remainder()

    def _remainder(self) -> float:
        """r = b − q, then p = q = 0; returns r·D⁻¹r."""
        F = self.F
        serial.remainder(self.position, self.L.inverse, self.scale, self.b, F.q, F.r)
        F.p[:], F.q[:] = 0.0, 0.0
        return self.update(0.0, 1.0)

    def dots(self) -> tuple[float, float]:
        """z·r and z·q of the cycle's result z."""
        zr, zq, _ = self.sum("dots", 0, self.L.slices[1], self.L.y, self.F.r, self.F.q)
        return zr, zq

    def direct(self, beta: float) -> None:
        """p = z + β p."""
        end = self.L.slices[1]
        loops(0, end).direct(0, end, self.L.y, beta, self.F.p)

    def curvature(self) -> float:
        """q = A p; returns p·A p."""
        return self._apply(self.F.p)

    def _apply(self, x: Floats) -> float:
        """q = A x; returns x·A x."""
        F = self.F
        return self.sum("apply", 0, self.L.slices[1], *self.rows, self.L.value, F.rest, F.shift, x, F.q)[0]

    def update(self, alpha: float, scale: float) -> float:
        """x += α p, r −= α q, right-hand side of the cycle = scale · r; returns r·D⁻¹r."""
        F, L = self.F, self.L
        return self.sum("update", 0, L.slices[1], alpha, scale, F.p, F.q, L.inverse, F.x, F.r, L.b)[0]

    def renew(self) -> tuple[float, float]:
        """r = b − A x recomputed, p and q cleared; returns r·D⁻¹r and the part of it that rounding of x explains."""
        self._apply(self.F.x)
        return self._remainder(), self.sum("size", 0, self.L.slices[1], self.L.inverse, self.F.x)[0] * ROUNDING**2
