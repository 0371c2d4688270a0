"""Electrode kinetics of the simplest forms, a constant slope and Tafel's law; what kinetics of every kind have in
common.

Each is odd in the current, monotone and C¹ for all real currents. Both are told by a voltage b and a current density
J0: b is R T/(n F), or a stated one that does not vary with temperature.
"""

from typing import Literal

import numpy as np
from pydantic import model_validator

from oxycell.kernel import inner_kernel, kernel
from oxycell.options import Name, Options, Quantity, option
from oxycell.physics.electrode.booking import Place, part_option

ASINH, BUTLER_VOLMER, LINEAR, TAFEL = 1, 2, 3, 4
KINETICS = {"asinh": ASINH, "butler_volmer": BUTLER_VOLMER, "linear": LINEAR, "tafel": TAFEL}
"""Laws of which an interface has one at most: kind → its number in the kernels; 0 is none."""

PER_DECADE = 1.0 / np.log(10.0)
"""b over the Tafel slope per decade of current."""


class Linear(Options):
    """Activation overpotential with a constant slope, η = R'' J: kinetics close to equilibrium, or a line fitted to
    measurements."""

    kind: Literal["linear"] = "linear"
    resistance: Quantity["ohm m2"] | None = option("slope dη/dJ, the charge-transfer resistance R''", None, gt=0.0)
    exchange_current_density: Quantity["A/m2"] | None = option("instead of it: J0 in R'' = R T/(n F J0)", None, gt=0.0)
    transfer_number: float | None = option(
        "number n in R'' = R T/(n F J0): the sum of both transfer coefficients", None, gt=0.0
    )
    part: Name | None = part_option("linear")
    heat: Place = option("surface on which its heat is released", "first")

    @model_validator(mode="after")
    def _one_form(self):
        stated = self.exchange_current_density is not None, self.transfer_number is not None
        if (self.resistance is not None) == any(stated) or stated[0] != stated[1]:
            raise ValueError("needs resistance, or exchange_current_density and transfer_number")
        return self

    def numbers(self):
        """J0 [A/m²], n, and b [V] where it is stated, else 0, of η = b J/(n J0)."""
        if self.resistance is not None:
            return 1.0, 1.0, self.resistance
        return self.exchange_current_density, self.transfer_number, 0.0


class Tafel(Options):
    """Tafel's law η = b ln(|J|/J0) against the current, exact above e·J0; below, where it would change its sign, b J/(e
    J0)."""

    kind: Literal["tafel"] = "tafel"
    exchange_current_density: Quantity["A/m2"] = option(
        "exchange current density J0, where the Tafel line meets 0", gt=0.0
    )
    slope: Quantity["V"] | None = option(
        "Tafel slope per decade of current, b ln 10, the same at every temperature", None, gt=0.0
    )
    transfer_number: float | None = option("instead of it: number n in b = R T/(n F)", None, gt=0.0)
    part: Name | None = part_option("tafel")
    heat: Place = option("surface on which its heat is released", "first")

    @model_validator(mode="after")
    def _one_form(self):
        if (self.slope is None) == (self.transfer_number is None):
            raise ValueError("needs one of slope and transfer_number")
        return self

    def numbers(self):
        """J0 [A/m²], n, and b [V] where it is stated, else 0, of η = b/n ln(|J|/J0)."""
        if self.slope is not None:
            return self.exchange_current_density, 1.0, self.slope * PER_DECADE
        return self.exchange_current_density, self.transfer_number, 0.0


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
def current_at_overpotential(eta, kinetics, exchange, anodic, cathodic, thermal_voltage):
    """Current density [A/m²] at an overpotential [V], roughly: of Butler–Volmer kinetics the larger of its Tafel
    branches."""
    x = (cathodic if eta < 0.0 and kinetics == BUTLER_VOLMER else anodic) * abs(eta) / thermal_voltage
    if kinetics == LINEAR:
        J = exchange * x
    elif x < 20.0 and kinetics == TAFEL:
        J = exchange * (np.exp(x) if x > 1.0 else np.e * x)
    else:
        J = 2.0 * exchange * np.sinh(x) if x < 20.0 else np.exp(min(np.log(exchange) + x, 700.0))
    return np.copysign(J, eta)
