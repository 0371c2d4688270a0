"""Newton's method with line search; and the inexact step for residuals whose tangent is only known by blocks."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from scipy.sparse.linalg import LinearOperator, gcrotmk

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.numerics.reductions import dot, everywhere, largest_size, norm

Residual: TypeAlias = Callable[[Floats], Floats]
Direction: TypeAlias = Callable[[Floats, Floats], Floats]
Accepts: TypeAlias = Callable[[Floats, float, Floats, Floats], bool]


def newton(
    residual: Residual,
    direction: Direction,
    u: Floats,
    accepts: Accepts,
    finished: Callable[[Floats, Floats], bool],
    bounded: Direction,
    max_iterations: int,
    renew: Callable[[Floats], None] | None = None,
    report: Callable[[int, Floats, Floats], None] | None = None,
) -> tuple[Floats, int]:
    """Find u with residual(u) = 0.

    Parameters
    ----------
    residual : u → r, both (n,)
    direction : (u, r) → step (n,), an approximate solution of −(dr/du) step = r
    u : (n,), initial guess
    accepts : (step, length, r, trial r) → bool, whether a step of that length is short enough: see `decreases`,
        `descends`
    finished : (u, r) → bool
    bounded : (u, step) → step, shortened so that u + step stays where the laws hold
    max_iterations : int
    renew : called with u after every step, where the residual holds something that follows the state, or None
    report : called with (iteration, u, r) after every step, or None

    Returns
    -------
    u : (n,); iterations : int

    Raises
    ------
    NotConverged
        No step length reduces the residual, or `max_iterations` are used up. Its `state` is the best u.
    """
    r = residual(u)
    for iteration in range(1, max_iterations + 1):
        if finished(u, r):
            return u, iteration - 1
        try:
            step = bounded(u, direction(u, r))
        except NotConverged as error:
            raise NotConverged(str(error), state=u) from None
        length = 1.0
        while True:
            trial = u + length * step
            trial_r = residual(trial)
            if everywhere(np.isfinite(trial_r)) and accepts(step, length, r, trial_r):
                break
            length *= 0.5
            if length < 2.0**-10:
                raise NotConverged("no length of the Newton step reduces the residual", state=u)
        u, r = trial, trial_r
        if renew:
            renew(u)
            r = residual(u)
        if report:
            report(iteration, u, r)
    if finished(u, r):
        return u, max_iterations
    raise NotConverged(f"the residual is not small enough after {max_iterations} Newton steps", state=u)


def decreases(weight: Callable[[], Floats]) -> Accepts:
    """Accept a step that reduces the weighted norm of the residual, enough for its length (Armijo's rule).

    Parameters
    ----------
    weight : () → (n,), factor on each row, asked for at every step
    """

    def accepts(step: Floats, length: float, r: Floats, trial_r: Floats) -> bool:
        w = weight()
        return norm(w * trial_r) <= (1.0 - 1e-4 * length) * norm(w * r)

    return accepts


def descends(step: Floats, length: float, r: Floats, trial_r: Floats) -> bool:
    """Accept a step that does not go far beyond the lowest point along its direction.

    For a residual that is minus the gradient of a convex function (currents through monotone laws are): its product
    with the step is the slope along the step, which falls from step·r and is zero at the lowest point.
    """
    return dot(step, trial_r) >= -0.5 * dot(step, r)


def krylov_direction(
    residual: Residual,
    u: Floats,
    r: Floats,
    precondition: Residual,
    size: Floats,
    weight: Floats,
    tolerance: float,
    max_iterations: int = 30,
) -> Floats:
    """Newton step from residuals alone: the tangent acts by differences, a preconditioner makes that fast.

    Parameters
    ----------
    residual : u → r, both (n,)
    u, r : (n,), where the step starts and its residual
    precondition : r → step (n,), from the blocks of the tangent
    size : (n,), size of change in u over which the residual is differenced
    weight : (n,), factor on each row in the norm that is minimised
    tolerance : relative residual of the linear system in that norm
    max_iterations : int

    Returns
    -------
    step : (n,), with −(dr/du) step ≈ r; the best found even where the tolerance is missed (the line search judges it)

    Notes
    -----
    Knoll & Keyes (2004), J. Comput. Phys. 193, 357, with the flexible Krylov method of Hicken & Zingg (2010),
    SIAM J. Sci. Comput. 32, 1672, as SciPy has it: the preconditioner solves inexactly and so changes between calls.
    """

    def tangent(v: Floats) -> Floats:
        fastest = largest_size(v / size)
        if fastest == 0.0:
            return np.zeros_like(v)
        epsilon = 1.0 / fastest
        return weight * (r - residual(u + epsilon * v)) / epsilon

    n = u.size
    step, _ = gcrotmk(
        LinearOperator((n, n), tangent, dtype=float),
        weight * r,
        rtol=tolerance,
        atol=0.0,
        maxiter=1,
        m=max_iterations,
        k=0,
        M=LinearOperator((n, n), lambda v: precondition(v / weight), dtype=float),
    )
    return step
