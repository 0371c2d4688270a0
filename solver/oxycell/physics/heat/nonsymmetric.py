"""Steps of the heat balance where its tangent is not symmetric: surfaces between materials whose conductivities vary
differently."""

from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator, gcrotmk

from oxycell.arrays import Floats
from oxycell.kernel import kernel
from oxycell.numerics.linear import solve
from oxycell.numerics.operators import Operator
from oxycell.numerics.reductions import total

_LEANS = 0.7  # share of the residual that the symmetric part may leave in a step
_STRAIGHT = 0.1  # share of the conductance by which slopes to both sides may differ without being counted
_MOST = 30  # Krylov vectors


@kernel
def _through(a, b, conductance, y, out):
    """Adds conductances between rows times y (n,) to out (n,)."""
    for f in range(conductance.size):
        flux = conductance[f] * (y[a[f]] - y[b[f]])
        out[a[f]] += flux
        out[b[f]] -= flux


def solve_leaning(operator: Operator, heat: Any, r: Floats, tolerance: float) -> Floats:
    """Step in τ, in its units (n_rows,) [K], for a residual (n_rows,) [W].

    Parameters
    ----------
    operator : Operator, the symmetric part as `Thermal.fill` left it
    heat : Heat, of the same state
    r : (n_rows,) [W]; tolerance : of the linear solve

    Returns
    -------
    (n_rows,), by the symmetric part alone where that is near enough, else by a Krylov method that has it as
    preconditioner
    """
    step = solve(operator, r, tolerance)
    a, b, first, second = _leaning(operator, heat)
    if not a.size:
        return step

    def leaning(y):
        return first * y[a] - second * y[b]

    if total(np.abs(leaning(step))) <= _LEANS * total(np.abs(r)):
        return step
    weight = 1.0 / np.sqrt(operator.diagonal)

    def tangent(y):
        flux = leaning(y)
        out = operator.shift * y + np.bincount(a, flux, y.size) - np.bincount(b, flux, y.size)
        _through(operator.a, operator.b, operator.conductance, y, out)
        return weight * out

    n = r.size
    return gcrotmk(
        LinearOperator((n, n), tangent, dtype=float),
        weight * r,
        step,
        rtol=tolerance,
        atol=0.0,
        maxiter=1,
        m=_MOST,
        k=0,
        M=LinearOperator((n, n), lambda v: solve(operator, v / weight, tolerance), dtype=float),
    )[0]


def _leaning(operator, heat):
    """Where the tangent is non-symmetric: rows on both sides (n,) int, and what its slopes to both have beyond its
    symmetric part (n,) [W/K]."""
    thermal, slopes = heat.thermal, heat.step_slopes
    special = operator.conductance[operator.conductance.size - len(slopes) :]
    at = np.flatnonzero(np.abs(slopes[:, 0] - slopes[:, 1]) > _STRAIGHT * special)
    beyond = slopes[at] - special[at, None]
    found = [(thermal.a[thermal.plain + at], thermal.b[thermal.plain + at], beyond[:, 0], beyond[:, 1])]
    if heat.link_lean is not None:
        lean, bent = heat.step_link_lean, thermal.ledge_heat.bent
        here = np.flatnonzero(np.abs(lean - 1.0 / lean) > _STRAIGHT)
        conductance, lean, bent = operator.conductance[bent[here]], lean[here], bent[here]
        found.append(
            (thermal.links.a[bent], thermal.links.b[bent], conductance * (lean - 1.0), conductance * (1.0 / lean - 1.0))
        )
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))
