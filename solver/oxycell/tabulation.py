"""Properties of materials as tables, and whether they vary with temperature at all."""

import numpy as np

from oxycell.arrays import Floats
from oxycell.material import Constant, Property, Reciprocal, Scaled, Tabulated

_DEVIATION = 1e-8  # largest relative deviation of a table from a formula
_HALVINGS = 20  # of an interval on the path to that, at most


def tabulated(prop: Property) -> tuple[Floats, Floats]:
    """A property as a table: linear between its points, constant outside them.

    Parameters
    ----------
    prop : Property

    Returns
    -------
    temperatures : (m,) [K], increasing; values : (m,) [unit]; one point where the property is constant

    Notes
    -----
    Tables stay what they are, and so do polynomials of the first degree. Other formulas get as many points as keep them
    within 1e-8 of their value; outside the range where a formula is used it is constant, as the property itself is.
    """
    if isinstance(prop, Constant):
        return np.zeros(1), np.array([prop.value])
    if isinstance(prop, Scaled):
        points, values = tabulated(prop.of)
        return points, prop.factor * values
    if isinstance(prop, Tabulated):
        points, values = np.array(prop.temperatures), np.array(prop.values)
    else:
        points, values = _followed(prop, _kinks(prop))
    if np.all(values == values[0]):
        return points[:1], values[:1]
    return points, values


def varies(prop: Property) -> bool:
    """Whether a property is not the same at all temperatures."""
    while isinstance(prop, Scaled | Reciprocal):
        prop = prop.of
    return not isinstance(prop, Constant) and tabulated(prop)[0].size > 1


def _kinks(prop: Property) -> Floats:
    """Temperatures (n,) [K] between which a property is smooth, the ends of the range in which it is used among
    them."""
    if isinstance(prop, Scaled | Reciprocal):
        return _kinks(prop.of)
    if isinstance(prop, Tabulated):
        return np.array(prop.temperatures)
    return np.array(getattr(prop, "hold", None) or (prop.lower, prop.upper), float)


def _followed(prop: Property, points: Floats) -> tuple[Floats, Floats]:
    """Points (m,) [K] and values (m,) of a table that follows a property between given points (n,)."""
    values = np.array(np.broadcast_to(prop.at(points), points.shape), float)
    for _ in range(_HALVINGS):
        middle = 0.5 * (points[1:] + points[:-1])
        found = np.asarray(prop.at(middle))
        off = np.flatnonzero(np.abs(found - 0.5 * (values[1:] + values[:-1])) > _DEVIATION * np.abs(found))
        if not off.size:
            break
        points, values = np.insert(points, off + 1, middle[off]), np.insert(values, off + 1, found[off])
    return points, values
