"""Half cells, or films, in series on both sides of an interface, their conductivities varying with temperature."""

import numpy as np

from oxycell.kernel import inner_kernel
from oxycell.physics.heat.kirchhoff import beyond, conductivity_at, interval, mean_conductivity, piece_at, piece_in

# relative change of a heat flux by Newton's method, within straight pieces, after which the next is lost in round-off
_NEAR = 1e-6
_POINTS = 8  # most points of tables on the way to a surface


@inner_kernel
def _half_cell(side, piece, q, k):
    """Half cell, or film, that heat q [W/m²] leaves.

    Parameters
    ----------
    side : (material, temperature [K], distance [m], film [m² K/W] or NaN); piece : of `piece_at`, at that temperature

    Returns
    -------
    surface : [K]; behind, more : [m² K/W], see `half_cells_in_series`
    """
    m, T, distance, film = side
    if not np.isnan(film):
        return T - q * film, film, film
    value, slope, low, high = piece
    square = (
        value * value - 2.0 * slope * q * distance
    )  # of the conductivity at the surface, which is straight in the integral
    if square > 0.0:
        at_surface = np.sqrt(square)
        behind = 2.0 * distance / (value + at_surface)
        surface = T - q * behind
        if low <= surface <= high:
            return surface, behind, distance / at_surface
    surface = beyond(m, T, q * distance, k)
    return surface, distance / mean_conductivity(m, T, surface, k), distance / conductivity_at(m, surface, k)


@inner_kernel
def half_cells_in_series(one, other, contact, made_one, made_other, k):
    """Resistances of the half cells, or films, on both sides of an interface.

    Parameters
    ----------
    one, other : (material, temperature [K], distance [m], film [m² K/W] or NaN)
    contact : [m² K/W]; made_one, made_other : [W/m²], heat generated on both surfaces

    Returns
    -------
    behind_one, behind_other : [m² K/W], of the temperature drops there: distance over the integral mean of the
        conductivity
    more_one, more_other : [m² K/W], of a change of them: distance over the conductivity at the surface

    Notes
    -----
    Without a contact both surfaces have one temperature. Where both conductivities go straight from P and P' to it, the
    way x from P is a root of a parabola: F + (g − b x) x + made = F' + (g' + b' (D − x)) (D − x), g and g' being
    conductances at P and P', b and b' half their slopes, D = P − P', F and F' what the half cells conduct up to there.
    P and P' begin at the centres and go on from point to point of the tables until both conductivities go straight.
    """
    piece, piece_other = _straight(one, k), _straight(other, k)
    i, g, b, low, high = piece
    i_other, g_other, b_other, low_other, high_other = piece_other
    if low == -np.inf and high == np.inf and low_other == -np.inf and high_other == np.inf:
        behind = 1.0 / g if np.isnan(one[3]) else one[3]
        behind_other = 1.0 / g_other if np.isnan(other[3]) else other[3]
        return behind, behind_other, behind, behind_other
    if contact == 0.0:
        P, P_other, flux, flux_other = one[1], other[1], 0.0, 0.0
        for _ in range(_POINTS):
            way = P - P_other
            linear = g + g_other + 2.0 * b_other * way
            constant = (g_other + b_other * way) * way - made_one - made_other - flux + flux_other
            root = linear * linear - 4.0 * (b + b_other) * constant
            if not (linear > 0.0 and root > 0.0):
                break
            x = 2.0 * constant / (linear + np.sqrt(root))
            surface, y = P - x, way - x
            here, there = low <= surface <= high, low_other <= surface <= high_other
            if here and there:
                bx, by = b * x, b_other * y
                behind, behind_other = 1.0 / (g - bx), 1.0 / (g_other + by)
                if flux != 0.0:
                    behind = (one[1] - P + x) / (flux + x / behind)
                if flux_other != 0.0:
                    behind_other = (P_other - other[1] + y) / (flux_other + y / behind_other)
                return behind, behind_other, 1.0 / (g - 2.0 * bx), 1.0 / (g_other + 2.0 * by)
            if not here:
                x = P - (low if surface < low else high)
                flux += (g - b * x) * x
                P, i, g, b, low, high = _beyond_point(one, i, surface < low, k)
            if not there:
                y = (low_other if surface < low_other else high_other) - P_other
                flux_other += (g_other + b_other * y) * y
                P_other, i_other, g_other, b_other, low_other, high_other = _beyond_point(
                    other, i_other, surface < low_other, k
                )
    return _search_heat(one, other, contact, made_one, made_other, k)


@inner_kernel(inline="always")
def _straight(side, k):
    """Interval of a side's temperature, conductance there [W/m²/K], half its slope [W/m²/K²], and where it goes
    straight [K]; NaN of a film without resistance."""
    m, T, distance, film = side
    if not np.isnan(film):
        return 0, 1.0 / film if film > 0.0 else np.nan, 0.0, -np.inf, np.inf
    i = interval(m, T, k)
    value, slope, low, high = piece_in(i, m, T, k)
    over = 1.0 / distance
    return i, value * over, 0.5 * slope * over, low, high


@inner_kernel
def _beyond_point(side, i, down, k):
    """The point of the table at the lower, or upper, end of interval i [K], and what `_straight` returns, beyond it."""
    m, distance = side[0], side[2]
    point = i - 1 if down else i
    i = i - 1 if down else i + 1
    value, slope, low, high = piece_in(i, m, k[point, 0], k)
    over = 1.0 / distance
    return k[point, 0], i, value * over, 0.5 * slope * over, low, high


@inner_kernel
def _search_heat(one, other, contact, made_one, made_other, k):
    """As `half_cells_in_series`, whatever the tables are, with heat as the unknown.

    Notes
    -----
    The heat that leaves the first side is the root of a function that decreases strictly, since k > 0: one root
    whatever the tables are. Newton's method inside a bracket that shrinks.
    """
    piece, piece_other = piece_at(one[0], one[1], k), piece_at(other[0], other[1], k)
    behind = one[2] / piece[0] if np.isnan(one[3]) else one[3]
    behind_other = other[2] / piece_other[0] if np.isnan(other[3]) else other[3]
    T, T_other, low, high = one[1], other[1], -np.inf, np.inf
    q = (T - T_other - made_one * (contact + behind_other) - made_other * behind_other) / (
        behind + contact + behind_other
    )
    if np.isnan(one[3]):  # resistances as they are in the middle, to the first order
        behind *= 1.0 + 0.5 * piece[1] * q * behind / piece[0]
    if np.isnan(other[3]):
        behind_other *= 1.0 - 0.5 * piece_other[1] * (q + made_one + made_other) * behind_other / piece_other[0]
    if behind > 0.0 and behind_other >= 0.0:
        q = (T - T_other - made_one * (contact + behind_other) - made_other * behind_other) / (
            behind + contact + behind_other
        )
    for _ in range(100):
        surface, behind, more = _half_cell(one, piece, q, k)
        surface_other, behind_other, more_other = _half_cell(other, piece_other, -(q + made_one + made_other), k)
        off = surface - surface_other - contact * (q + made_one)
        if abs(off) <= 1e-14 * (abs(T) + abs(T_other)):
            break
        if off > 0.0:
            low = q
        else:
            high = q
        change = off / (more + contact + more_other)
        if (
            abs(change) <= _NEAR * abs(q)
            and piece[2] <= min(surface, surface - more * change)
            and max(surface, surface - more * change) <= piece[3]
            and piece_other[2] <= min(surface_other, surface_other + more_other * change)
            and max(surface_other, surface_other + more_other * change) <= piece_other[3]
        ):  # the next change would be its square
            behind += change / q * (more - behind)
            behind_other += change / q * (more_other - behind_other)
            break
        if not low < q + change < high:
            change = 0.5 * (low + high) - q
        if q + change == q:
            break
        q += change
    return behind, behind_other, more, more_other
