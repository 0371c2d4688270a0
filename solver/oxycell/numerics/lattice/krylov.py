"""Conjugate gradients on the lattice in double precision, preconditioned by the V-cycle."""

import numpy as np
from numba import get_num_threads, set_num_threads

from oxycell.arrays import Floats, Ints
from oxycell.numerics.krylov import CONVERGED, ROUNDING, conjugate_gradients
from oxycell.numerics.lattice import finest
from oxycell.numerics.lattice.chains import Chains
from oxycell.numerics.lattice.finest import Finest, Vectors, sum_planes
from oxycell.numerics.lattice.kernels import WEIGHTS, cycle
from oxycell.numerics.lattice.layout import Levels
from oxycell.numerics.operators import Operator


class Iteration:
    """The steps of the method, each a pass over the finest level and over the global rows.

    Parameters
    ----------
    operator : Operator; scale : float, what it is multiplied with
    F : Finest; L : Levels; V : Vectors; chains : Chains
    b : (n,)
    """

    def __init__(
        self, operator: Operator, scale: float, F: Finest, L: Levels, V: Vectors, chains: Chains, b: Floats
    ) -> None:
        self.operator, self.scale, self.b = operator, scale, b
        self.F, self.L, self.V, self.chains = F, L, V, chains
        self.spans: tuple[int, Ints, Ints, Ints] = F.planes, *L.runs.spans

    def start(self) -> float:
        """x = 0 and r = scale · b; returns r·D⁻¹r."""
        F, V = self.F, self.V
        if not V.sound:
            V.clear()
        V.sound = False
        for vector in (F.x_lump, F.p_lump, F.q_lump):
            vector[:] = 0.0
        finest.load(*self.spans, F.row, self.L.inverse, self.b, self.scale, V.search.x, V.search.r, F.part)
        F.r_lump[:] = self.scale * np.where(F.lump_inverse > 0.0, self.b[F.lump_row], 0.0)
        return self._size()

    def _size(self) -> float:
        F = self.F
        return sum_planes(F.part, 0) + F.r_lump @ (F.lump_inverse * F.r_lump)

    def cycle(self) -> None:
        cycle(self.L, self.chains, WEIGHTS)

    def dots(self) -> tuple[float, float]:
        """z·r and z·q of the cycle's result z."""
        F, L, search = self.F, self.L, self.V.search
        finest.dots(*self.spans, L.y, search.r, search.q, F.part)
        return sum_planes(F.part, 0) + L.x_lump @ F.r_lump, sum_planes(F.part, 1) + L.x_lump @ F.q_lump

    def direct(self, beta: float) -> None:
        """p = z + β p."""
        F, L = self.F, self.L
        finest.direct(*self.spans, L.y, beta, self.V.search.p)
        F.p_lump[:] = L.x_lump + beta * F.p_lump

    def curvature(self) -> float:
        """q = A p; returns p·A p."""
        return self.apply(self.V.search.p, self.F.p_lump)

    def apply(self, x: Floats, x_lump: Floats) -> float:
        """q = A x, times the scale and with the conductances of the cycle; returns x·A x."""
        F, L, q = self.F, self.L, self.V.search.q
        finest.apply(F.planes, L.runs, L.network, F.couplings, F.excess, x, x_lump, q, F.part)
        F.q_lump[:] = F.lumps @ x_lump
        for g in range(x_lump.size):
            F.q_lump[g] -= sum_planes(F.part, 2 + g)
        return sum_planes(F.part, 0) + x_lump @ F.q_lump

    def update(self, alpha: float, scale: float) -> float:
        """x += α p, r −= α q, right-hand side of the cycle = scale · r; returns r·D⁻¹r."""
        F, L = self.F, self.L
        finest.update(*self.spans, alpha, scale, self.V.search, L.inverse, L.b, F.part)
        F.x_lump[:] += alpha * F.p_lump
        F.r_lump[:] -= alpha * F.q_lump
        L.b_lump[:] = scale * F.r_lump
        return self._size()

    def renew(self) -> tuple[float, float]:
        """r = b − A x recomputed with the operator's own conductances; returns r·D⁻¹r and the part of it that rounding
        of x explains."""
        F, L, A, scale, search = self.F, self.L, self.operator, self.scale, self.V.search
        finest.renew_planes(
            F.planes, L.runs, F.face, F.row, L.inverse, A.conductance, A.shift, self.b, scale, search, F.part
        )
        finest.renew_rest(
            F.shared, F.shared_low, F.shared_high, A.conductance, scale, F.couplings, search.x, F.x_lump, search.r
        )
        rounded = sum_planes(F.part, 0) + np.diagonal(F.lumps) @ F.x_lump**2
        F.r_lump[:] = scale * np.where(F.lump_inverse > 0.0, self.b[F.lump_row], 0.0) - F.lumps @ F.x_lump
        np.add.at(F.r_lump, F.couplings.lump, F.couplings.conductance * search.x[F.couplings.cell])
        return self.update(0.0, 0.0), rounded * ROUNDING**2

    def solve(self, x: Floats, tolerance: float, max_iterations: int) -> tuple[int, int, float]:
        """Solve A x = b from zero into x (n,); returns what `conjugate_gradients` does."""
        F, V, threads = self.F, self.V, get_num_threads()
        if not self.L.large:
            set_num_threads(1)
        try:
            found = conjugate_gradients(self, tolerance, max_iterations)
            V.sound = found[0] == CONVERGED
            finest.store(*self.spans, F.row, self.L.inverse, self.b, V.search.x, x)
        finally:
            set_num_threads(threads)
        x[F.lump_row] = np.where(F.lump_inverse > 0.0, F.x_lump, self.b[F.lump_row])
        return found
