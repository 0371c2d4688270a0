"""Electrode kinetics: activation overpotential of one face against its current density, and roughly back again.

Each is odd in the current or, for unequal coefficients, of the sign of the current; monotone and C¹ for all real
currents.
"""

import numpy as np

from oxycell.kernel import inner_kernel, kernel

PER_DECADE = 1.0 / np.log(10.0)
"""b over the Tafel slope per decade of current."""

_TAFEL = 1e8
"""Current density over J0 from which on logarithms are taken: their argument may not fit into a number (J0 of 1e-300
A/m²)."""


@kernel
def overpotential_asinh(J, exchange, b):
    """Activation overpotential b asinh(J/2J0): value [V], slope [ohm m²].

    Parameters
    ----------
    J : current density [A/m²]
    exchange : J0 [A/m²]
    b : R T/(n F) [V]

    Notes
    -----
    The inverse of J = 2 J0 sinh(nFη/RT). Newman & Thomas-Alyea (2004), Electrochemical Systems, ch. 8. Far beyond J0 it
    goes over into Tafel's law: what is left out is below (J0/J)² = 1e-16.
    """
    x = J / (2.0 * exchange)
    if abs(x) > _TAFEL:
        return np.copysign(b, J) * (np.log(abs(J)) - np.log(exchange)), b / abs(J)
    return b * np.arcsinh(x), b / (2.0 * exchange * np.sqrt(1.0 + x * x))


@kernel
def overpotential_butler_volmer(J, exchange, anodic, cathodic, thermal_voltage):
    """Activation overpotential η of J = J0 (exp(α_a F η/RT) − exp(−α_c F η/RT)): value [V], slope [ohm m²].

    Parameters
    ----------
    J : current density [A/m²]
    exchange : J0 [A/m²]
    anodic, cathodic : α_a, α_c
    thermal_voltage : R T/F [V]

    Notes
    -----
    Inverted by Newton's method from the larger of its two Tafel branches, to round-off. Newman & Thomas-Alyea (2004),
    Electrochemical Systems, ch. 8. Far beyond J0 it goes over into Tafel's law, with the back reaction to first order:
    what is left out is below (J0/J)² = 1e-16.
    """
    x = J / exchange
    if abs(x) > _TAFEL:
        a, c = (anodic, cathodic) if x > 0.0 else (cathodic, anodic)
        y = (np.log(abs(J)) - np.log(exchange)) / a
        back = np.exp(-c * y) * exchange
        slope = thermal_voltage / (a * abs(J) + (a + c) * back)
        return np.copysign(thermal_voltage, J) * (y + back / (a * abs(J))), slope
    y = np.arcsinh(x / 2.0) / (anodic if x > 0.0 else cathodic)
    for _ in range(100):
        p, m = np.exp(anodic * y), np.exp(-cathodic * y)
        step = (x - (p - m)) / (anodic * p + cathodic * m)
        step = min(max(step, -1.0), 1.0)
        y += step
        if abs(step) <= 1e-15 * (1.0 + abs(y)):
            break
    p, m = np.exp(anodic * y), np.exp(-cathodic * y)
    return thermal_voltage * y, thermal_voltage / (exchange * (anodic * p + cathodic * m))


@kernel
def overpotential_tafel(J, exchange, b):
    """Tafel's law extended to all real currents: value [V], slope [ohm m²].

    Parameters
    ----------
    J : current density [A/m²]
    exchange : J0 [A/m²]
    b : [V], change over a factor e of current

    Notes
    -----
    sign(J) b ln(|J|/J0) for |J| ≥ e J0, from where on it is Tafel's law to the last digit (J. Tafel, Z. phys. Chem. 50
    (1905) 641). Below, b J/(e J0): of all straight lines through 0 the one that touches the logarithm, at J = e J0
    where η = b, so that value and slope are continuous and the slope is positive. It lies at most b/e above max(0, b
    ln(J/J0)), at J = J0.
    """
    if abs(J) <= np.e * exchange:
        slope = b / (np.e * exchange)
        return slope * J, slope
    return np.copysign(b, J) * (np.log(abs(J)) - np.log(exchange)), b / abs(J)  # their ratio may not fit into a number


@inner_kernel
def current_tafel(exchange, x):
    """Current density [A/m²] of Tafel's law at x = η/b ≥ 0, the inverse of `overpotential_tafel`."""
    if x < 20.0:
        return exchange * (np.exp(x) if x > 1.0 else np.e * x)
    return np.exp(min(np.log(exchange) + x, 700.0))


@inner_kernel
def current_sinh(exchange, x):
    """Current density 2 J0 sinh(x) [A/m²] at x = η/b ≥ 0, of both branches that of the larger."""
    return 2.0 * exchange * np.sinh(x) if x < 20.0 else np.exp(min(np.log(exchange) + x, 700.0))
