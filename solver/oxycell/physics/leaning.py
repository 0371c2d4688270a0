"""Steps of the heat balance where its tangent is not symmetric: surfaces between materials whose conductivities vary differently."""

import numpy as np
from scipy.sparse.linalg import LinearOperator, gcrotmk

from oxycell.kernel import kernel
from oxycell.numerics.linear import solve

_LEANS = 0.75  # share of the residual that the symmetric part may leave in a step
_MOST = 30  # Krylov vectors


@kernel
def _lean(begin, a, b, slope, lean, y, out):
    """Adds what the tangent has beyond its symmetric part, times y (n,), of faces from `begin` on, to out (n,); rows < 0 are left out."""
    for i in range(lean.size):
        f = begin + i
        if b[f] >= 0 and lean[i] != 1.0:
            flux = slope[i] * ((lean[i] - 1.0) * y[a[f]] - (1.0 / lean[i] - 1.0) * y[b[f]])
            out[a[f]] += flux
            out[b[f]] -= flux


@kernel
def _through(a, b, conductance, y, out):
    """Adds conductances between rows times y (n,) to out (n,)."""
    for f in range(conductance.size):
        flux = conductance[f] * (y[a[f]] - y[b[f]])
        out[a[f]] += flux
        out[b[f]] -= flux


def solve_leaning(operator, heat, r, tolerance):
    """Step in τ (n_rows,) [K] for a residual (n_rows,) [W].

    Parameters
    ----------
    operator : Operator, the symmetric part as `Thermal.fill` left it
    heat : Heat, of the same state
    r : (n_rows,) [W]; tolerance : of the linear solve

    Returns
    -------
    (n_rows,), by the symmetric part alone where that is near enough, else by a Krylov method that has it as preconditioner
    """
    step = solve(operator, r, tolerance)
    thermal = heat.thermal

    def rest(y):
        out = np.zeros(y.size)
        _lean(thermal.plain, thermal.a, thermal.b, heat.special_slope, heat.lean, y, out)
        if heat.link_lean is not None:
            bent = thermal.bent
            _lean(0, thermal.links.a[bent], thermal.links.b[bent], heat.conductance[bent], heat.link_lean, y, out)
        return out

    weight = 1.0 / np.sqrt(operator.diagonal)
    if np.linalg.norm(weight * rest(step)) <= _LEANS * np.linalg.norm(weight * r):
        return step

    def tangent(y):
        out = operator.shift * y + rest(y)
        _through(operator.a, operator.b, operator.conductance, y, out)
        return weight * out

    n = r.size
    return gcrotmk(LinearOperator((n, n), tangent, dtype=float), weight * r, step, rtol=tolerance, atol=0.0, maxiter=1, m=_MOST, k=0,
                   M=LinearOperator((n, n), lambda v: solve(operator, v / weight, tolerance), dtype=float))[0]
