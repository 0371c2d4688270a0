"""Current efficiency x of the cell as a function of its state: given, after Dewing, or by mass transfer of dissolved
metal."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oxycell.constants import FARADAY, MOLAR_MASS, ZERO_CELSIUS

PLANTS = (940.0 + ZERO_CELSIUS, 985.0 + ZERO_CELSIUS)
"""Temperatures [K] of the plants that Dewing's coefficients come from [E]; the abstract names none."""


@dataclass(frozen=True)
class Given:
    """A number, whatever the state.

    Like every model here it is called with the temperature of the bath T, scalar or (n,) [K], and the current density
    on the cathode [A/m²], and returns x and dx/dT [1/K], like T.
    """

    value: float = 1.0

    def __call__(self, T, cathode_density):
        T = np.asarray(T, dtype=float)
        return np.full(T.shape, self.value), np.zeros(T.shape)

    def warnings(self, T, cathode_density):
        """Nothing to say about a number."""
        return []


@dataclass(frozen=True)
class Dewing:
    """log₁₀(100 (1 − x)) = 0.0095 (T − T_liquidus) − 0.019 A − 0.060 Li + constant, x limited to 0…1.

    Dewing, Metall. Trans. B 22 (1991) 177 [L: abstract]; coefficients of plant experiments, none for CaF2. There the
    superheat counts from the eutectic with alumina, here from the bath's own liquidus, as in the public plant model
    that the constant 0.982 is from [L]. For one composition the two differ by a number that the constant, which belongs
    to the design of a cell, takes up.

    Attributes
    ----------
    liquidus : float [K]
    excess_alf3, lif : float [wt %]
    constant : float
    """

    liquidus: float
    excess_alf3: float
    lif: float = 0.0
    constant: float = 0.982

    def __call__(self, T, cathode_density):
        T = np.asarray(T, dtype=float)
        exponent = 0.0095 * (T - self.liquidus) - 0.019 * self.excess_alf3 - 0.060 * self.lif + self.constant - 2.0
        return _held(10.0 ** np.minimum(exponent, 1.0), 0.0095 * np.log(10.0))

    def warnings(self, T, cathode_density):
        """One line for each thing outside what plants do."""
        start, T = "process: current efficiency model dewing1991", float(T)
        found = outside(start, "temperature", T, *PLANTS, " K")
        found += outside(start, "excess AlF3", self.excess_alf3, 4.0, 14.0, " wt %")
        found += outside(start, "superheat", T - self.liquidus, 0.0, 30.0, " K")
        return found + _at_bound(start, self(T, cathode_density)[0])


@dataclass(frozen=True)
class MassTransfer:
    """1 − x = 0.01 + 3F k ρ (w/100)/(M_Al j): dissolved metal w leaves the cathode through a boundary layer; x limited
    to 0…1.

    Form after Sterten & Solli and Solheim, Light Metals 2014 and 2018 [L: abstracts: the efficiency falls linearly with
    the mass-transfer coefficient, from 99 %].

    Attributes
    ----------
    coefficient : float [m/s], k
    dissolved, density : T → (value, slope) [wt %], [kg/m³]
    """

    coefficient: float
    dissolved: Callable
    density: Callable

    def __call__(self, T, cathode_density):
        T = np.asarray(T, dtype=float)
        (w, w_slope), (rho, rho_slope) = self.dissolved(T), self.density(T)
        lost = 3.0 * FARADAY * self.coefficient * rho * w / (100.0 * MOLAR_MASS["Al"] * max(cathode_density, 1e-6))
        return _held(0.01 + lost, w_slope / w + rho_slope / rho, lost)

    def warnings(self, T, cathode_density):
        """Lines for a cathode that works outside the range the model was set for."""
        start = "process: current efficiency model mass_transfer"
        found = outside(start, "cathode current density", cathode_density, 3000.0, 10000.0, " A/m2")
        return found + _at_bound(start, self(T, cathode_density)[0])


def _held(loss, relative_slope, varying=None):
    """Efficiency and slope from the loss, its relative slope and the part of it that varies (all of it by default)."""
    varying = loss if varying is None else varying
    return np.clip(1.0 - loss, 0.0, 1.0), np.where(loss < 1.0, -relative_slope * varying, 0.0)


def _at_bound(start, x):
    return [f"{start}: gives {100.0 * float(x):.0f} %, limited to that"] if not 0.0 < x < 1.0 else []


def outside(start, what, value, low, high, unit=""):
    """One line if a value lies outside a range by more than round-off, else none: a list of text."""
    slack = 1e-9 * max(1.0, abs(value))
    if low - slack <= value <= high + slack:
        return []
    beyond, side = (low - value, "below") if value < low else (value - high, "above")
    return [f"{start}: {what} {value:.4g}{unit} is {beyond:.3g} {side} its range {low:.4g} to {high:.4g}{unit}"]
