"""Conductances of plane bodies by conformal map: closed forms and quadrature, nothing of the solver's.

The conductance between two arcs of a boundary is the same in every shape that maps onto another (Nehari 1952, Conformal
Mapping, ch. VI): on the upper half plane with electrodes (x1, x2) and (x3, x4) it is K(m)/K(1 − m) times σ and depth,
m = (x2 − x1)(x4 − x3)/((x3 − x1)(x4 − x2)).
"""

from functools import cache

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq, fsolve
from scipy.special import ellipj, ellipk, ellipkm1


def between(x1, x2, x3, x4):
    """Conductance over σ and depth between the arcs (x1, x2) and (x3, x4) of the real line, x1 < x2 < x3 < x4."""
    m = (x2 - x1) * (x4 - x3) / ((x3 - x1) * (x4 - x2))
    rest = (x3 - x2) * (x4 - x1) / ((x3 - x1) * (x4 - x2))
    return float(ellipkm1(rest) / ellipkm1(m))


def floor_strips(half, height, inner):
    """Rectangle 2 `half` wide: conductance between two strips on its floor, from its sides up to `inner` from the
    middle.

    The elliptic sine maps the rectangle onto the half plane (Nehari, ch. VI).
    """
    m = brentq(lambda m: ellipk(1.0 - m) / ellipk(m) - height / half, 1e-9, 1.0 - 1e-12, xtol=1e-15)
    s = float(ellipj(inner / half * ellipk(m), m)[0])
    return between(-1.0, -s, s, 1.0)


def constriction(share, length):
    """Channel 1 wide and `length` long that ends on a strip of a `share` of its width: resistance in squares, for
    length ≥ 1.

    (2/π) ln(1/sin(π share/2)) squares in addition to the channel (Sneddon 1966, Mixed Boundary Value Problems, §5);
    what a finite length changes is below exp(−2π length).
    """
    return length + 2.0 / np.pi * np.log(1.0 / np.sin(0.5 * np.pi * share))


@cache
def corner_points(foot, thick, neck, high):
    """Points of the real line that Schwarz and Christoffel's map takes to the corners of an L.

    Parameters
    ----------
    foot, high : its extents along x and y
    thick : height of the arm along x
    neck : width of the arm along y

    Returns
    -------
    (6,), rising: images of (0, 0), (foot, 0), (foot, thick), the re-entrant (neck, thick), (neck, high), (0, high)

    Notes
    -----
    f'(x) = Π (x − x_k)^(α_k − 1), α = 1/2 at right angles and 3/2 at the re-entrant corner (Driscoll & Trefethen 2002,
    Schwarz–Christoffel Mapping, ch. 2); (0, high) lies at infinity, where its factor drops out, (0, 0) and (foot, 0) at
    0 and 1. The other three follow from ratios of the sides, whose integrals sin θ frees of the roots at both ends.
    """
    powers = np.array([-0.5, -0.5, -0.5, 0.5, -0.5])

    def points(unknown):
        return np.concatenate([[0.0, 1.0], 1.0 + np.cumsum(np.exp(unknown))])

    def side(x, k):
        middle, radius = 0.5 * (x[k] + x[k + 1]), 0.5 * (x[k + 1] - x[k])
        others = [j for j in range(5) if j not in (k, k + 1)]

        def integrand(theta):
            at = middle + radius * np.sin(theta)
            # (x − x_k) and (x_{k+1} − x) are radius (1 ± sin θ); with powers −1/2 they cancel dx = radius cos θ dθ.
            near = [radius * (1.0 + np.sin(theta)), radius * (1.0 - np.sin(theta))]
            extra = np.prod([near[i] for i in (0, 1) if powers[k + i] > 0.0])
            return extra * np.prod([abs(at - x[j]) ** powers[j] for j in others])

        return quad(integrand, -0.5 * np.pi, 0.5 * np.pi, epsabs=0.0, epsrel=1e-13, limit=200)[0]

    wanted = np.log(np.array([thick, foot - neck, high - thick]) / foot)

    def mismatch(unknown):
        x = points(unknown)
        lengths = [side(x, k) for k in range(4)]
        return np.log(np.array(lengths[1:]) / lengths[0]) - wanted

    found, _, success, message = fsolve(mismatch, np.zeros(3), xtol=1e-13, full_output=True)
    if success != 1:
        raise ArithmeticError(f"no map onto an L of {foot}, {thick}, {neck}, {high}: {message}")
    x = points(found)
    turned = -1.0 / (x + 1.0)  # rising; infinity becomes 0
    return (*turned, 0.0)


def l_shape(foot, thick, neck, high, first, second):
    """Conductance of an L over σ and depth between two arcs of its boundary.

    Parameters
    ----------
    foot, thick, neck, high : see `corner_points`
    first, second : pairs of corner numbers 0 to 5, an arc runs from its first to its second against the clock
    """
    x = corner_points(foot, thick, neck, high)
    a, b, c, d = (x[i] for i in (*first, *second))
    while not a < b < c < d:  # a turn of the half plane onto itself puts the arcs in order
        shift = 0.5 * (min(a, b, c, d) + sorted((a, b, c, d))[1])
        a, b, c, d = (-1.0 / (value - shift) for value in (a, b, c, d))
    return between(a, b, c, d)


def edge_percentile(foot, thick, neck, high, share):
    """Current density on a plate that is the inner corner of an L, over σ V, below which a share of its face lies.

    The other electrode is the side (0, 0) to (foot, 0). With the potential W of the half plane and the map z onto the
    L, |dW/dz| is proportional to |x − x5|^½ |x − x3|^(−½): the factors of the electrodes' ends cancel (corners as in
    `corner_points`).

    Returns
    -------
    float [1/m]
    """
    x = np.array(corner_points(foot, thick, neck, high))
    powers = np.array([-0.5, -0.5, -0.5, 0.5, -0.5, -0.5])

    def density(at):
        return np.sqrt(abs(at - x[5]) / abs(at - x[3]))

    def over(low, high, weight):
        """∫ weight |dz/dx| dx between two points of one side; s² = distance from the edge takes the root there out."""
        sign = 1.0 if high > x[3] else -1.0
        far = x[4] if sign > 0.0 else x[2]

        def integrand(t):  # at = x3 + (far − x3) sin² t: roots at both ends of the side cancel
            at = x[3] + (far - x[3]) * np.sin(t) ** 2
            speed = (
                np.prod([abs(at - x[k]) ** powers[k] for k in (0, 1, 2, 4, 5) if x[k] != far]) * abs(at - x[3]) ** 0.5
            )
            return weight(at) * speed * abs(far - x[3]) ** 0.5 * 2.0 * np.sin(t)

        ends = sorted(np.arcsin(np.sqrt(min(abs((value - x[3]) / (far - x[3])), 1.0))) for value in (low, high))
        return quad(integrand, *ends, epsabs=0.0, epsrel=1e-11, limit=200)[0]

    sides = [(x[2], x[3]), (x[3], x[4])]
    length = [over(*side, lambda at: 1.0) for side in sides]
    current = (
        sum(over(*side, density) for side in sides) * (foot - neck + high - thick) / sum(length)
    )  # per metre of the face itself
    conductance = l_shape(foot, thick, neck, high, (2, 4), (0, 1))

    def beyond(level):
        """Share of the face with more than a level: from the edge to where |x − x5| = level² |x − x3|, on both sides of
        it."""
        square = level**2
        left = max((square * x[3] - x[5]) / (square - 1.0), x[2]) if square > 1.0 else x[2]
        right = min((square * x[3] + x[5]) / (square + 1.0), x[4])
        return (over(left, x[3], lambda at: 1.0) + over(x[3], right, lambda at: 1.0)) / sum(length)

    level = brentq(lambda level: beyond(level) - (1.0 - share), 1e-6, 1e6, xtol=1e-12)
    return conductance * level / current
