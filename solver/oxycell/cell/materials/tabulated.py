"""How the library writes its entries: handbook tables in °C and resistivities become properties in kelvin."""

import numpy as np

from oxycell.constants import ZERO_CELSIUS
from oxycell.material import Constant, Formula, Limit, Reciprocal, Tabulated, polynomial


def constant(value, unit, origin):
    """A property known at no particular temperature; `origin` is "basis: source"."""
    basis, source = origin.split(": ", 1)
    return Constant(value, unit, source, basis)


def single(celsius, value, unit, origin):
    """A property known at one temperature [°C] only; used everywhere, out of range everywhere else."""
    basis, source = origin.split(": ", 1)
    return Constant(value, unit, source, basis, celsius + ZERO_CELSIUS, celsius + ZERO_CELSIUS)


def table(celsius, values, unit, origin):
    """Linear between the temperatures [°C], constant outside them."""
    basis, source = origin.split(": ", 1)
    return Tabulated([t + ZERO_CELSIUS for t in celsius], values, unit, source, basis)


def activated(celsius, values, unit, origin):
    """Through two points [°C] as a semiconductor goes, its logarithm linear in 1/T; constant outside them.

    Straight lines between points a thousand kelvin apart would be several times too high in between.
    """
    basis, source = origin.split(": ", 1)
    low, high = (t + ZERO_CELSIUS for t in celsius)
    energy = np.log(values[0] / values[1]) / (1.0 / low - 1.0 / high)

    def function(T):
        value = values[1] * np.exp(energy * (1.0 / T - 1.0 / high))
        return value, -value * energy / T**2

    return Formula(function, unit, low, high, source, basis)


def linear(value, slope, celsius, lower, upper, unit, origin, hold=None):
    """value + slope (t − celsius), valid from `lower` to `upper`, held outside `hold`; all [°C]."""
    basis, source = origin.split(": ", 1)
    zero = ZERO_CELSIUS
    used = None if hold is None else (hold[0] + zero, hold[1] + zero)
    return polynomial((value, slope), unit, lower + zero, upper + zero, source, basis, celsius + zero, used)


def limit(kind, celsius, origin):
    """A limit of use at a temperature [°C]; `origin` is "basis: source"."""
    basis, source = origin.split(": ", 1)
    return Limit(kind, celsius + ZERO_CELSIUS, source, basis)


def conductivity(resistivity):
    """Electrical conductivity [S/m] from a resistivity [Ω·m]."""
    return Reciprocal(resistivity, "S/m")
