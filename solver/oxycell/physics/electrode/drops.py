"""Voltage that the laws of interfaces drop at a current density: one branch for each kind of drop in one kernel, and
sums of them over the faces.

Current density J > 0 flows from the first region of an interface to the second. Every drop is odd or one-sided,
monotone and C¹ for all real J.
"""

from typing import NamedTuple

import numpy as np

from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.electrode.carbon import drop_bubbles, limit_at, overpotential_limiting
from oxycell.physics.electrode.kinetics import (
    current_sinh,
    current_tafel,
    overpotential_asinh,
    overpotential_butler_volmer,
    overpotential_tafel,
)

REVERSIBLE_HEAT, REST, RESISTANCE = 0, 1, 2  # no voltage; a voltage whatever the current; one proportional to it
ASINH, BUTLER_VOLMER, LINEAR, TAFEL = 3, 4, 5, 6
CONCENTRATION, LIMITING_CURRENT, BUBBLE_LAYER = 7, 8, 9
"""Branches of `drop`. Those from `CURVED` on enter the equation of a face one by one, in increasing order; those before
it are summed once for all."""

CURVED = ASINH
KINETICS = (ASINH, BUTLER_VOLMER, LINEAR, TAFEL)
"""Branches that `rough_current` knows."""

WIDTH = 4
"""Numbers that a drop has at most."""


class LawsAt(NamedTuple):
    """Laws of interfaces at given temperatures, as kernels take them: m faces, d drops of one law on one face.

    Attributes
    ----------
    face : (m,) int, position among the faces of the electric domain
    sign : (m,) +1 where the owner is on the first side, −1 where it is on the second
    temperature : (m,) [K], that the laws take
    resistance : (m,) [ohm m²], of all drops that `RESISTANCE` books
    rest : (m,) [V], equilibrium potential
    first : (m + 1,) int, where the drops of the branches from `CURVED` on begin of each face
    branch : (d,) int; parameters : (d, WIDTH), what `drop` takes: those from `CURVED` on face by face, in each by
        branch, and then all others
    """

    face: np.ndarray
    sign: np.ndarray
    temperature: np.ndarray
    resistance: np.ndarray
    rest: np.ndarray
    first: np.ndarray
    branch: np.ndarray
    parameters: np.ndarray


@inner_kernel(inline="always")
def thermal_voltage_at(T):
    """R T/F [V] at T [K]."""
    return GAS_CONSTANT / FARADAY * T


@kernel
def drop(branch, parameters, J, T):
    """Voltage that one law drops on one face.

    Parameters
    ----------
    branch : int, which kind of drop
    parameters : WIDTH numbers, as `numbers` of the law's class lists them
    J : current density [A/m²], first to second
    T : temperature [K]

    Returns
    -------
    value [V] and slope [ohm m²]; NaN for a branch that does not exist
    """
    p, thermal_voltage = parameters, thermal_voltage_at(T)
    if branch == ASINH:
        return overpotential_asinh(J, p[0], thermal_voltage / p[1])
    if branch == BUTLER_VOLMER:
        return overpotential_butler_volmer(J, p[0], p[1], p[2], thermal_voltage)
    if branch == LINEAR:
        slope = (p[2] if p[2] > 0.0 else thermal_voltage) / (p[1] * p[0])
        return slope * J, slope
    if branch == TAFEL:
        return overpotential_tafel(J, p[0], (p[2] if p[2] > 0.0 else thermal_voltage) / p[1])
    if branch == CONCENTRATION:
        return overpotential_concentration(J, p[0] * T, p[1])
    if branch == LIMITING_CURRENT:
        return overpotential_limiting(J, thermal_voltage / p[3], limit_at(p[0], p[1], p[2], T))
    if branch == BUBBLE_LAYER:
        return drop_bubbles(J, p[0], p[1], p[2])
    if branch == RESISTANCE:
        return p[0] * J, p[0]
    if branch == REST:
        return p[0], 0.0
    if branch == REVERSIBLE_HEAT:
        return 0.0, 0.0
    return np.nan, np.nan


@inner_kernel
def rough_current(branch, parameters, eta, T):
    """Current density [A/m²] at which one of `KINETICS` drops a voltage eta [V] at T [K], roughly: of Butler–Volmer
    kinetics the larger of the two Tafel branches; NaN for other branches."""
    p, thermal_voltage, size = parameters, thermal_voltage_at(T), abs(eta)
    if branch == ASINH:
        J = current_sinh(p[0], p[1] * size / thermal_voltage)
    elif branch == BUTLER_VOLMER:
        J = current_sinh(p[0], (p[2] if eta < 0.0 else p[1]) * size / thermal_voltage)
    elif branch == LINEAR:
        J = p[0] * (p[1] * size / (p[2] if p[2] > 0.0 else thermal_voltage))
    elif branch == TAFEL:
        J = current_tafel(p[0], p[1] * size / (p[2] if p[2] > 0.0 else thermal_voltage))
    else:
        J = np.nan
    return np.copysign(J, eta)


@kernel
def overpotential_concentration(J, b, threshold):
    """Concentration overpotential (b/8) ln(1 + (J/J1)⁸) for J > 0, else 0: value [V], slope [ohm m²].

    A smooth form of max(0, b ln(J/J1)) (Haupin, Light Metals 1998, eq. 28): at most b ln(2)/8 above it.
    """
    if J <= 0.0 or b == 0.0:
        return 0.0, 0.0
    x = J / threshold
    if x > 1e3:
        return b * np.log(x), b / J
    x8 = x**8
    return 0.125 * b * np.log1p(x8), b / J * x8 / (1.0 + x8)


@inner_kernel(inline="always")
def row_of(parameters, i):
    """Parameters of one drop, a tuple."""
    return parameters[i, 0], parameters[i, 1], parameters[i, 2], parameters[i, 3]


@inner_kernel
def overpotential(J, T, begin, end, branch, parameters):
    """Sum of the drops begin … end − 1, those on one face that enter its equation one by one.

    Parameters
    ----------
    J : current density [A/m²], first to second
    T : temperature [K]
    begin, end : int
    branch, parameters : see LawsAt

    Returns
    -------
    value [V] and slope [ohm m²]
    """
    value, slope = 0.0, 0.0
    for i in range(begin, end):
        one, steeper = drop(branch[i], row_of(parameters, i), J, T)
        value, slope = value + one, slope + steeper
    return value, slope


@kernel
def overpotentials(J, laws):
    """As `overpotential`, on every face with laws: J (m,) [A/m²] → (m,) [V]."""
    _, _, temperature, _, _, first, branch, parameters = laws
    found = np.empty(J.size)
    for k in range(J.size):
        found[k], _ = overpotential(J[k], temperature[k], first[k], first[k + 1], branch, parameters)
    return found


@kernel
def drops_of(branch, parameters, J, T):
    """What one law drops on its faces (k,) [V]: parameters (k, WIDTH), J (k,) [A/m²], T (k,) [K]."""
    found = np.empty(J.size)
    for i in range(J.size):
        found[i], _ = drop(branch, row_of(parameters, i), J[i], T[i])
    return found
