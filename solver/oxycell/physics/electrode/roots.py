"""Roots of rising functions of one current density: the current through a face with laws, and through a face in front
of which gas rises."""

from typing import NamedTuple

import numpy as np

from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.electrode.drops import overpotential, rough_current, row_of

_MOST = 200  # steps; bisection alone takes 60 from anywhere


class Series(NamedTuple):
    """What `current_density` solves: voltage [V] = resistance [ohm m²] · J + η(J) of the laws of face `k`."""

    voltage: float
    resistance: float
    k: int


@inner_kernel(inline="always")
def find_root(excess_at, numbers, laws, x, low, high, tolerance):
    """Root of a function that rises, by Newton's method inside a bracket.

    Parameters
    ----------
    excess_at : kernel of (x, numbers, laws) that returns the function's value and slope, > 0
    numbers, laws : what it takes; named tuples
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
        excess, slope = excess_at(x, numbers, laws)
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
def _excess(J, series, laws):
    eta, slope = overpotential(J, series.k, laws)
    return series.resistance * J + eta - series.voltage, series.resistance + slope


@kernel
def current_density(voltage, resistance, k, laws, nearby=np.nan):
    """Current density through resistances and electrode laws in series.

    Parameters
    ----------
    voltage : potential difference less the potential at rest [V], first minus second
    resistance : sum of all area-specific resistances [ohm m²], > 0
    k : int, which of the faces with laws
    laws : LawsAt
    nearby : where to begin [A/m²], NaN: unknown

    Returns
    -------
    J [A/m²], the root of voltage = resistance·J + η(J), η the sum of all laws, to round-off
    slope : dJ/d(voltage) [S/m²]

    Notes
    -----
    The right-hand side rises strictly, so a root exists and is unique: `find_root`. It begins where the laws drop what
    they would at most, if that leaves anything, else at the current that kinetics alone would let through (η is
    concave, so it then goes below the root once and rises to it), and ends with a step whose square is below round-off.
    """
    J = voltage / resistance
    low, high = min(0.0, J), max(0.0, J)
    if low < nearby < high:
        J = nearby
    elif laws.first[k] < laws.first[k + 1]:
        i = laws.order[laws.first[k]]
        alone = rough_current(laws.branch[i], row_of(laws.parameters, i), voltage, laws.temperature[k])
        if not np.isnan(alone):
            rest = voltage - overpotential(J, k, laws)[0]
            J = max(low, min(high, rest / resistance if rest * voltage > 0.0 else alone))
    J, step, slope = find_root(_excess, Series(voltage, resistance, k), laws, J, low, high, 1e-9)
    return J - step, 1.0 / slope  # the slope one step before: off by that step, below 1e-9 of J
