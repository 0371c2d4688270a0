"""How far the last of two or three values on meshes whose cells halve is from the mesh-converged value: numbers
only.

Two values tell no order; it is assumed. Three values give one, and also the two shares of an error that is of first and
second order at once; the larger error counts. Grid convergence index after Roache (1994), J. Fluids Eng. 116, 405;
factors calibrated on problems with exact answers, see docs/error-bars.md.
"""

import math
from dataclasses import dataclass

RATIO = 2.0  # of the cell widths of one mesh and the next
LEAST_ORDER, MOST_ORDER = 0.5, 2.0  # bounds of an observed order that is used; the scheme's formal order is 2
SUSPECT_ORDER = 3.0  # observed orders above it are chance
ROUND_OFF = 1e-9  # relative differences below which the solver's tolerance speaks, not the mesh


@dataclass(frozen=True)
class Kind:
    """What is assumed of figures of a kind.

    Attributes
    ----------
    order : assumed from two meshes
    two, three : factors of safety on the error estimated from two and from three meshes
    """

    order: float
    two: float
    three: float


PLAIN = Kind(order=1.0, two=2.0, three=1.25)
LOW_ORDER = Kind(order=0.5, two=1.25, three=2.0)
"""Of the place of a front that passes through cells, whose error has steps and whose order was observed from 0.5 to 1,
and of peaks at edges, which have no bound at the edge itself."""
ACROSS_FRONT = Kind(order=1.0, two=2.0, three=2.0)
"""Of the heat that passes such a front."""
FACTOR_FLAGGED = 1.5


@dataclass(frozen=True)
class Estimate:
    """± of a figure.

    Attributes
    ----------
    uncertainty : ≥ 0, in the figure's unit
    order : observed, None where none can be
    basis : what ± rests on, in words
    flag : why the values do not converge, None where they do or where two cannot tell
    """

    uncertainty: float
    order: float | None
    basis: str
    flag: str | None


def convergence(values, kind=PLAIN):
    """Discretisation error of the last of two or three values from coarse to fine.

    Parameters
    ----------
    values : list of float, on cell widths that halve from each to the next
    kind : Kind

    Returns
    -------
    Estimate

    Notes
    -----
    With d the last difference: two values, factor · |d|/(2^p − 1) for the assumed order p. Three values, the factor
    times the larger of the error by the observed order p, bounded to `LEAST_ORDER` … `MOST_ORDER`, and that of f + a h
    + b h² through all three, |a h + b h²| on the last mesh. Where the differences change sign or do not shrink,
    `FACTOR_FLAGGED` times the largest of them, or of what first and second order together leave. These figures are
    flagged, and those with an order outside `LEAST_ORDER` … `SUSPECT_ORDER`.
    """
    differences = [a - b for a, b in zip(values, values[1:], strict=False)]
    last, widest, size = abs(differences[-1]), max(map(abs, differences)), max(map(abs, values))
    if len(differences) == 1 or widest <= ROUND_OFF * size:
        return Estimate(kind.two * _remaining(last, kind.order), None, f"order {kind.order:g} assumed", None)
    first, second = differences
    mixed = _mixed(first, second)
    if first * second < 0.0:
        return Estimate(FACTOR_FLAGGED * max(widest, mixed), None, "largest difference", "oscillates from mesh to mesh")
    order = math.log(abs(first) / last) / math.log(RATIO) if last and first else math.inf if last == 0.0 else -math.inf
    if order <= 0.0:
        return Estimate(
            FACTOR_FLAGGED * max(widest, mixed),
            order if math.isfinite(order) else None,
            "largest difference",
            "differences do not shrink",
        )
    by_order = _remaining(last, min(max(order, LEAST_ORDER), MOST_ORDER))
    flag = (
        f"observed order below {LEAST_ORDER:g}"
        if order < LEAST_ORDER
        else f"observed order above {SUSPECT_ORDER:g}"
        if order > SUSPECT_ORDER
        else None
    )
    basis = "observed order" if by_order >= mixed else "first and second order together"
    return Estimate(kind.three * max(by_order, mixed), order if math.isfinite(order) else None, basis, flag)


def _remaining(difference, order):
    """Error of the finer of two values that differ so much, by an order."""
    return difference / (RATIO**order - 1.0)


def _mixed(first, second):
    """|a h + b h²| on the finest mesh of three, f = limit + a h + b h²: d1 = 2 a + 12 b, d2 = a + 3 b for h = 1."""
    b = (first - 2.0 * second) / 6.0
    return abs(second - 2.0 * b)
