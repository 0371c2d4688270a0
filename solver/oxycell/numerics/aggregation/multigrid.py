"""Conjugate gradients with a multigrid cycle on aggregates, for operators without a lattice (meshes from files).

Rows that hang together most are gathered, six at a time, level by level, until few enough are left to be solved
directly. Coefficients are renewed when they changed. The aggregates made for the first ones are kept: properties that
change by a few times cost a tenth more iterations. Where iterations grow (cells froze or melted) they are rebuilt.
"""

from typing import Any

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.numerics.aggregation import levels as coefficients
from oxycell.numerics.aggregation.krylov import Finest, Iteration, loops
from oxycell.numerics.aggregation.levels import LANES, Entries, Levels, Topology, fill_bottom, label
from oxycell.numerics.krylov import CONVERGED
from oxycell.numerics.lattice.bottom import factor_banded
from oxycell.numerics.lattice.layout import Bottom
from oxycell.numerics.operators import Operator

_WORSE, _WORST = (
    1.5,
    3.0,
)  # growth of the iterations at which aggregates are rebuilt: for the next coefficients, at once
_FEW = 5  # iterations that may come on top


class Aggregation:
    """The levels of an operator.

    Parameters
    ----------
    operator : Operator
    precision : np.float32, which is enough for coefficients that span twelve orders of magnitude or so, or np.float64

    Raises
    ------
    NotConverged
        A coefficient is negative or not a number.
    """

    def __init__(self, operator: Operator, precision: type[np.floating[Any]] = np.float32) -> None:
        self._version, self.precision = -1, precision
        self._build(operator)

    def _build(self, operator: Operator) -> None:
        _check(operator)
        for name in ("_topology", "_levels", "_finest", "_iteration"):
            if hasattr(self, name):
                delattr(self, name)  # frees memory for the new ones
        T = self._topology = Topology(operator)
        finest, positions, slots = LANES * T.slices[1], LANES * T.slices[-1], T.start[-1]
        n, k = T.bottom.size - T.n_hubs, T.n_hubs
        value = np.zeros(slots, self.precision)
        shift, inverse, x, y, b = (np.zeros(positions, self.precision) for _ in range(5))
        c, v = (np.zeros(positions - finest, self.precision) for _ in range(2))
        self._levels = Levels(
            T.slices.size - 1,
            T.slices,
            Entries(T.wide, T.start, T.column),
            T.first,
            T.last,
            value,
            shift,
            inverse,
            x,
            y,
            b,
            c,
            v,
            Bottom(T.bottom, np.zeros((n, T.width + k)), np.zeros((k, k)), np.zeros(n + k), np.zeros(n + k)),
        )
        self._finest = Finest(np.zeros(T.start[T.slices[1]], self.precision), *(np.zeros(finest) for _ in range(5)))
        self._iteration = Iteration(self._finest, self._levels)
        self._rate, self._stale = None, False  # iterations a digit with the coefficients the aggregates were made for

    def refresh(self, operator: Operator) -> None:
        """Take over the operator's coefficients.

        Raises
        ------
        NotConverged
            One of them is negative or not a number.
        """
        _check(operator)
        T, L, F = self._topology, self._levels, self._finest
        largest = max(np.max(operator.conductance, initial=0.0), np.max(operator.shift, initial=0.0))
        self._iteration.scale = scale = np.ldexp(1.0, -np.frexp(largest)[1])
        F.shift[T.position] = operator.shift
        begin, end = T.slices[:2]
        loops(begin, end, coefficients).fill_finest(
            begin,
            end,
            T.wide,
            T.start,
            T.face,
            operator.conductance,
            scale,
            F.shift,
            F.rest,
            L.value,
            L.shift,
            L.inverse,
        )
        parent = np.empty(LANES * T.slices[-2], np.int32)
        label(T.first, T.last, parent)
        for begin, end in zip(T.slices[1:-1], T.slices[2:], strict=True):
            loops(begin, end, coefficients).fill_coarse(
                begin, end, T.wide, T.start, T.column, T.first, T.last, parent, L.value, L.shift, L.inverse
            )
        shift = np.empty(T.bottom.size)
        _, band, lumps, pivot, _ = L.bottom
        fill_bottom(T.bottom, T.number, T.wide, T.start, T.column, L.value, L.shift, band, lumps, shift)
        factor_banded(band, lumps, shift, pivot)

    def solve(
        self, operator: Operator, b: Floats, x: Floats, tolerance: float, max_iterations: int
    ) -> tuple[int, int, float]:
        """Solve A x = b into x; returns status, iterations (of all attempts) and the residual reached, see
        `Iteration.solve`."""
        if self._version != operator.version:
            if self._stale:
                self._build(operator)
            self.refresh(operator)
            self._version = operator.version
        position = self._topology.position
        if self._rate is None:
            found = self._iteration.solve(position, b, x, tolerance, max_iterations)
            if found[0] == CONVERGED and found[1] > 1:
                self._rate = found[1] / -np.log10(tolerance)
            return found
        expected = self._rate * -np.log10(tolerance)
        found = self._iteration.solve(position, b, x, tolerance, min(max_iterations, int(_WORST * expected) + _FEW))
        self._stale = found[1] > _WORSE * expected + _FEW
        if found[0] == CONVERGED or found[1] == max_iterations:
            return found
        self._build(operator)
        self.refresh(operator)
        status, iterations, reached = self._iteration.solve(
            self._topology.position, b, x, tolerance, max_iterations - found[1]
        )
        return status, found[1] + iterations, reached


def _check(operator: Operator) -> None:
    for values in (operator.conductance, operator.shift):
        if values.size and not (np.min(values) >= 0.0 and np.isfinite(np.max(values))):
            raise NotConverged(
                "linear solve: a conductance or diagonal term of the operator is negative or not a number"
            )
