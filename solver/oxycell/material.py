"""Materials as property functions of temperature: value, slope, valid range, source. Knows nothing of meshes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from oxycell.arrays import Floats

BASES = ("L", "M", "E", "D", "user")
"""What a number rests on: looked up, from memory, estimated, derived from looked-up data, given by the user."""


LIMITS = {"freezing": -1, "softening": 1, "solidus": 1, "melting": 1, "boiling": 1, "oxidation": 1, "service": 1}
"""Kinds of limits of use, and whether what lies above (1) or below (−1) is beyond."""


@dataclass(frozen=True)
class Limit:
    """A temperature beyond which a material is not what its properties say, or does not last.

    Attributes
    ----------
    kind : str, one of `LIMITS`
    temperature : float [K]
    source : str
    basis : str, one of `BASES`
    """

    kind: str
    temperature: float
    source: str = "given"
    basis: str = "user"


class Property(Protocol):
    """A property as a function of absolute temperature.

    Attributes
    ----------
    lower, upper : float [K], range in which the source gives the property
    unit, source : str
    basis : str, one of `BASES`
    """

    lower: float
    upper: float
    unit: str
    source: str
    basis: str

    def __call__(self, T: ArrayLike) -> tuple[Floats, Floats]:
        """Value [unit] and slope [unit/K] at T [K]; both of the shape of T."""
        ...

    def at(self, T: ArrayLike) -> Floats | float:
        """Value [unit] alone, at T [K]; of the shape of T, or one number for all."""
        return self(T)[0]

    def excess(self, T: ArrayLike) -> float:
        """Distance [K] of the T farthest outside the valid range; 0 if all lie inside."""
        T = np.asarray(T, dtype=float)
        if T.size == 0:
            return 0.0
        return max(0.0, self.lower - float(T.min()), float(T.max()) - self.upper)


@dataclass(frozen=True)
class Constant(Property):
    """The same value at every temperature; `lower` and `upper` say where it was found."""

    value: float
    unit: str
    source: str = "given"
    basis: str = "user"
    lower: float = 0.0
    upper: float = np.inf

    def __call__(self, T: ArrayLike) -> tuple[Floats, Floats]:
        T = np.asarray(T, dtype=float)
        return np.full(T.shape, self.value), np.zeros(T.shape)

    def at(self, T: ArrayLike) -> float:
        return self.value


@dataclass(frozen=True, eq=False)
class Tabulated(Property):
    """Linear between tabulated points, constant outside them.

    The slope is that of the interval (of the one above at a point), 0 outside.

    Parameters
    ----------
    temperatures : (m,) [K], increasing, m > 1
    values : (m,) [unit]
    """

    temperatures: Sequence[float]
    values: Sequence[float]
    unit: str
    source: str = "given"
    basis: str = "user"
    lower: float = field(init=False)
    upper: float = field(init=False)
    _steps: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        points = np.array(self.temperatures, dtype=float)
        values = np.array(self.values, dtype=float)
        if points.ndim != 1 or points.size < 2 or points.shape != values.shape:
            raise ValueError("a table needs at least two temperatures and as many values")
        if not (np.all(np.isfinite(points)) and np.all(np.isfinite(values)) and np.all(np.diff(points) > 0.0)):
            raise ValueError("the temperatures of a table must increase, all its numbers be finite")
        points.flags.writeable = values.flags.writeable = False
        set_once = object.__setattr__
        set_once(self, "temperatures", points)
        set_once(self, "values", values)
        set_once(self, "lower", float(points[0]))
        set_once(self, "upper", float(points[-1]))
        set_once(self, "_steps", np.concatenate(([0.0], np.diff(values) / np.diff(points), [0.0])))

    def __call__(self, T: ArrayLike) -> tuple[Floats, Floats]:
        T = np.asarray(T, dtype=float)
        above = np.searchsorted(self.temperatures, T, side="right")
        return self.at(T), self._steps[above]

    def at(self, T: ArrayLike) -> Floats:
        T = np.asarray(T, dtype=float)
        return np.interp(T, self.temperatures, self.values)


def joined(below: Constant | Tabulated, above: Constant | Tabulated, T: float, width: float) -> Tabulated:
    """Two properties as one: the first below a temperature, the second above, a straight line between them over a range
    about it.

    Parameters
    ----------
    below, above : Constant or Tabulated
    T : [K]; width : [K], of the range

    Returns
    -------
    Tabulated, valid where they are
    """
    low, high = T - 0.5 * width, T + 0.5 * width
    cold, warm = (np.asarray(getattr(prop, "temperatures", ())) for prop in (below, above))
    cold, warm = cold[cold < low], warm[warm > high]
    found = Tabulated(
        [*cold, low, high, *warm], [*below(np.r_[cold, low])[0], *above(np.r_[high, warm])[0]], below.unit
    )
    object.__setattr__(found, "lower", below.lower)
    object.__setattr__(found, "upper", above.upper)
    return found


@dataclass(frozen=True)
class Formula(Property):
    """A formula constant outside `hold`.

    Parameters
    ----------
    function : T (n,) [K] → (value, slope), both (n,)
    lower, upper : [K], the range its source gives
    hold : (float, float) [K], where the formula is used; wider than the valid range only if it extrapolates
        sensibly. None: the valid range.
    """

    function: Callable[[Floats], tuple[Floats, Floats]]
    unit: str
    lower: float
    upper: float
    source: str = "given"
    basis: str = "user"
    hold: tuple[float, float] | None = None

    def __call__(self, T: ArrayLike) -> tuple[Floats, Floats]:
        T = np.asarray(T, dtype=float)
        low, high = self.hold or (self.lower, self.upper)
        value, slope = self.function(np.clip(T, low, high))
        inside = (T >= low) & (T < high)
        return np.broadcast_to(value, T.shape) + 0.0, np.where(inside, slope, 0.0)


@dataclass(frozen=True)
class Reciprocal(Property):
    """1/property: a conductivity from a resistivity. A table stays linear in what was tabulated."""

    of: Property
    unit: str
    lower: float = field(init=False)
    upper: float = field(init=False)
    source: str = field(init=False)
    basis: str = field(init=False)

    def __post_init__(self) -> None:
        for name in ("lower", "upper", "source", "basis"):
            object.__setattr__(self, name, getattr(self.of, name))

    def __call__(self, T: ArrayLike) -> tuple[Floats, Floats]:
        value, slope = self.of(T)
        return 1.0 / value, -slope / value**2

    def at(self, T: ArrayLike) -> Floats | float:
        return 1.0 / self.of.at(T)


@dataclass(frozen=True)
class Scaled(Property):
    """factor · property, for sensitivities and calibration."""

    of: Property
    factor: float
    lower: float = field(init=False)
    upper: float = field(init=False)
    unit: str = field(init=False)
    source: str = field(init=False)
    basis: str = field(init=False)

    def __post_init__(self) -> None:
        for name in ("lower", "upper", "unit", "basis"):
            object.__setattr__(self, name, getattr(self.of, name))
        object.__setattr__(self, "source", f"{self.factor:g} × {self.of.source}")

    def __call__(self, T: ArrayLike) -> tuple[Floats, Floats]:
        value, slope = self.of(T)
        return self.factor * value, self.factor * slope

    def at(self, T: ArrayLike) -> Floats | float:
        return self.factor * self.of.at(T)


def polynomial(
    coefficients: Sequence[float],
    unit: str,
    lower: float,
    upper: float,
    source: str = "given",
    basis: str = "user",
    reference: float = 0.0,
    hold: tuple[float, float] | None = None,
) -> Formula:
    """Property c0 + c1 (T − reference) + c2 (T − reference)² + …

    Parameters
    ----------
    coefficients : (m,) [unit/K^power], lowest power first
    unit, source, basis : str
    lower, upper, reference : float [K]
    hold : (float, float) [K], as for Formula

    Returns
    -------
    Formula
    """
    powers = tuple(float(c) for c in coefficients)
    return Formula(partial(_polynomial, powers, reference), unit, lower, upper, source, basis, hold)


def least_of_polynomial(
    coefficients: Sequence[float], reference: float, lower: float, upper: float
) -> tuple[float, float]:
    """Where a polynomial as `polynomial` takes it is least between two temperatures, ends included.

    Parameters
    ----------
    coefficients : (m,) [unit/K^power], lowest power first
    reference, lower, upper : float [K]

    Returns
    -------
    T : float [K]
    value : float [unit]; NaN where the polynomial is not a finite number somewhere between

    Notes
    -----
    Least is an end or a root of the derivative, found in the variable that runs from −1 to 1 between the ends.
    """
    middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
    with np.errstate(over="ignore", invalid="ignore"):
        between = np.polynomial.Polynomial(coefficients)(np.polynomial.Polynomial([middle - reference, half]))
        slope = between.deriv()
        if not (np.isfinite(between.coef).all() and np.isfinite(slope.coef).all()):
            return upper, np.nan
        turns = slope.roots().real
        T = np.concatenate([[lower, upper], middle + half * turns[np.abs(turns) < 1.0]])
        values = _polynomial(tuple(coefficients), reference, T)[0]
    at = int(np.argmin(values))  # of the first NaN, where there is one
    return float(T[at]), float(values[at]) if np.isfinite(values).all() else np.nan


def _polynomial(powers: tuple[float, ...], reference: float, T: Floats) -> tuple[Floats, Floats]:
    """Value and slope by Horner's rule."""
    value, slope, shifted = np.zeros_like(T), np.zeros_like(T), T - reference
    for c in reversed(powers):
        slope = slope * shifted + value
        value = value * shifted + c
    return value, slope


@dataclass(frozen=True)
class Material:
    """What a region is made of.

    Attributes
    ----------
    name : str
    electrical_conductivity : Property or None [S/m]; None is an insulator
    thermal_conductivity : Property or None [W/m/K]; None is not stated, which will do where only currents are solved
    density, heat_capacity : Property or None [kg/m³], [J/kg/K]; where heat is stored
    note : str, what the properties do not say
    electrical_anisotropy, thermal_anisotropy : (3,), factors on the conductivities along x, y, z
    melting : float or None [K], where its conductivities change and a front is looked for
    limits : tuple of Limit, of use; at most one of a kind
    """

    name: str
    electrical_conductivity: Property | None
    thermal_conductivity: Property | None
    density: Property | None = None
    heat_capacity: Property | None = None
    note: str = ""
    electrical_anisotropy: tuple[float, float, float] = (1.0, 1.0, 1.0)
    thermal_anisotropy: tuple[float, float, float] = (1.0, 1.0, 1.0)
    melting: float | None = None
    limits: tuple[Limit, ...] = ()

    def properties(self) -> dict[str, Property]:
        """The properties it has, by name."""
        names = ("electrical_conductivity", "thermal_conductivity", "density", "heat_capacity")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def warnings(self, T: ArrayLike, used: Sequence[str] | None = None) -> list[str]:
        """One line for each property (of those `used`, or all) that T (n,) [K] takes outside its valid range."""
        found = []
        for name, prop in self.properties().items():
            excess = prop.excess(T) if used is None or name in used else 0.0
            if excess > 0.0:
                found.append(
                    f"{self.name}: {name} is used {excess:.0f} K outside its range "
                    f"{prop.lower:.0f} to {prop.upper:.0f} K ({prop.basis}: {prop.source})"
                )
        return found
