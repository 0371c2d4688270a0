"""What the current meets on carbon anodes in addition to activation: the limiting current, and the layer of CO2
bubbles under them.

Haupin, "Interpreting the components of cell voltage", Light Metals 1998 [L: as a public implementation has it]; he
writes current densities in A/cm², lengths in cm and conductivities in S/cm, and so do the formulas here; arguments and
results are SI.
"""

from typing import Any

import numpy as np
from numba.extending import register_jitable

from oxycell.kernel import kernel

LINEAR_ABOVE = 0.95
"""Share of the limiting current above which the concentration overpotential is continued linearly."""

COVERED_UP_TO = 15000.0
"""Current density [A/m²] above which the drop of the bubble layer is continued linearly: the cubic in the coverage is
a fit to cells that run at 0.5 to 1.2 A/cm², and becomes singular near 3 A/cm² [E]."""

_BLEND = 0.02  # width of the smooth floor that keeps a half-covered layer from conducting better than clean bath


@register_jitable
def limit_at(limit: Any, at: Any, slope: Any, T: Any) -> Any:
    """Limiting current density [A/m²] at T [K]: `limit` at the temperature `at`, linear from there, no less than a
    twentieth of it."""
    return np.maximum(limit + slope * (T - at), 0.05 * limit)


@kernel
def overpotential_limiting(J, b, limit):
    """Concentration overpotential b ln(Jc/(Jc − J)): value [V], slope [ohm m²].

    Parameters
    ----------
    J : current density [A/m²]
    b : R T/(n F) [V]
    limit : limiting current density Jc [A/m²]; 0: none

    Notes
    -----
    Haupin (1998), eq. 23. Linear above 0.95 Jc, where current crowds at edges; below 0 unchanged, −b ln(1 +
    |J|/Jc).
    """
    if limit <= 0.0:
        return 0.0, 0.0
    x = J / limit
    curved = min(x, LINEAR_ABOVE)
    rest = 1.0 - curved
    return b * (-np.log1p(-curved) + (x - curved) / rest), b / (limit * rest)


@kernel
def drop_bubbles(J, conductivity, factor, offset):
    """What a layer of CO2 bubbles adds to the drop of clean bath in its place: value [V], slope [ohm m²].

    Parameters
    ----------
    J : current density [A/m²]
    conductivity : of bath without gas [S/m]
    factor, offset : of the coverage, φ = factor·(0.509 + 0.1823 i − 0.1723 i² + 0.05504 i³ + offset); factor 0: no
        layer

    Notes
    -----
    V = (i d/κ)(φ/(1 − φ) − 1) with the thickness d = (0.5517 + i)/(1 + 2.167 i), i in A/cm²; Haupin (1998), eqs. 30 to
    32. The −1 is the clean bath that the mesh keeps where the bubbles are. φ increases with i, so V does. Regularised:
    straight through 0 with the slope it has there, for J < 0; on linearly above 1.5 A/cm²; where φ < 1/2 the layer
    counts as clean bath, smoothly, at most 1 % of i d/κ above.
    """
    if factor <= 0.0:
        return 0.0, 0.0
    i = min(max(J, 0.0), COVERED_UP_TO) * 1e-4
    share = factor * (0.509 + i * (0.1823 + i * (-0.1723 + i * 0.05504)) + offset)
    share_slope = factor * (0.1823 + i * (-0.3446 + i * 0.16512))
    excess, excess_slope = (2.0 * share - 1.0) / (1.0 - share), share_slope / (1.0 - share) ** 2
    root = np.sqrt(excess * excess + _BLEND * _BLEND)
    excess, excess_slope = 0.5 * (excess + root), 0.5 * (1.0 + excess / root) * excess_slope
    below = 1.0 + 2.167 * i
    path, path_slope = i * (0.5517 + i) / below, (0.5517 + i * (2.0 + i * 2.167)) / (below * below)
    kappa = 0.01 * conductivity
    slope = 1e-4 / kappa * (path_slope * excess + path * excess_slope)
    return path * excess / kappa + slope * (J - 1e4 * i), slope


def coverage_at(J: float, factor: float, offset: float) -> float:
    """Share of the anode's bottom that bubbles cover at a current density [A/m²], φ of `drop_bubbles`."""
    i = 1e-4 * J
    return factor * (0.509 + i * (0.1823 + i * (-0.1723 + i * 0.05504)) + offset)
