"""Roots of increasing functions of one current density: the current through a face with laws, and through a face in
front of which gas rises."""

from typing import NamedTuple

import numpy as np

from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.electrode.drops import KINETICS, overpotential, rough_current, row_of

_MOST = 200  # steps; bisection alone takes 60 from anywhere


class Series(NamedTuple):
    """Laws in series on one face: voltage [V] = resistance [ohm m²] · J + η(J).

    Attributes
    ----------
    voltage : potential difference less the equilibrium potential [V], first minus second
    resistance : sum of all area-specific resistances [ohm m²], > 0
    temperature : [K]
    begin, end : int, which of the drops are those of η
    """

    voltage: float
    resistance: float
    temperature: float
    begin: int
    end: int


@inner_kernel(inline="always")
def find_root(excess_at, numbers, branch, parameters, x, low, high, tolerance):
    """Root of an increasing function, by Newton's method inside a bracket.

    Parameters
    ----------
    excess_at : kernel of (x, numbers, branch, parameters) that returns the function's value and slope, > 0
    numbers : named tuple of numbers; branch, parameters : see LawsAt
    x : where to begin
    low, high : bracket of the root
    tolerance : relative size of a step from which on no more are taken

    Returns
    -------
    x, the last one the function was evaluated at; step, which leads from there to the root, x − step, with an error of
    its square; slope at x

    Notes
    -----
    The bracket shrinks with each step; a step that leaves it is replaced by bisection. A bracketed Newton's method, as
    in W. H. Press et al. (2007), Numerical Recipes, 3rd ed., section 9.4.
    """
    step, slope = 0.0, 1.0
    for _ in range(_MOST):
        excess, slope = excess_at(x, numbers, branch, parameters)
        step = excess / slope
        if abs(step) <= tolerance * abs(x):
            break
        if excess > 0.0:
            high = x
        else:
            low = x
        x -= step
        if not low < x < high:
            x = 0.5 * (low + high)
        step = 0.0
    return x, step, slope


@inner_kernel
def _excess(J, series, branch, parameters):
    eta, slope = overpotential(J, series.temperature, series.begin, series.end, branch, parameters)
    return series.resistance * J + eta - series.voltage, series.resistance + slope


@kernel
def current_density(series, branch, parameters, nearby=np.nan):
    """Current density through resistances and electrode laws in series.

    Parameters
    ----------
    series : Series
    branch, parameters : see LawsAt
    nearby : where to begin [A/m²], NaN: unknown

    Returns
    -------
    J [A/m²], the root of voltage = resistance·J + η(J), η the sum of all laws, to round-off
    slope : dJ/d(voltage) [S/m²]

    Notes
    -----
    The right-hand side increases strictly, so a root exists and is unique: `find_root`. It begins where the laws drop
    what they would at most, if that leaves anything, else at the current that kinetics alone would let through (η is
    concave, so it then goes below the root once and increases to it), and ends with a step whose square is below
    round-off.
    """
    voltage, resistance, T, begin, end = series
    J = voltage / resistance
    low, high = min(0.0, J), max(0.0, J)
    if low < nearby < high:
        J = nearby
    elif begin < end and branch[begin] in KINETICS:
        rest = voltage - overpotential(J, T, begin, end, branch, parameters)[0]
        if rest * voltage > 0.0:
            J = rest / resistance
        else:
            J = rough_current(branch[begin], row_of(parameters, begin), voltage, T)
        J = max(low, min(high, J))
    J, step, slope = find_root(_excess, series, branch, parameters, J, low, high, 1e-9)
    return J - step, 1.0 / slope  # the slope one step before: wrong by that step, below 1e-9 of J
