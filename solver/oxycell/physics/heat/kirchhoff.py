"""Conductivities that vary with temperature, by their integrals: what a half cell conducts between two temperatures.

Kirchhoff's transform: along a half cell of length d heat q flows as q d = ∫ k dT between the temperatures of its ends,
whatever k(T) is (Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed., §1.6). Here it has the unit of a temperature,

    τ(T) = T* + (1/k*) ∫ k dT from T* to T,    k* = k(T*)

so that τ is T where k is constant, and q = k* (τ − τ_surface)/d.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import prange

from oxycell.arrays import Bools, Floats, Ints
from oxycell.kernel import inner_kernel, kernel
from oxycell.material import Property
from oxycell.tabulation import tabulated


@dataclass(frozen=True)
class Conductivities:
    """Thermal conductivities of all materials as tables over temperature, with their integrals.

    Attributes
    ----------
    first : (n + 1,) int, where the table of each material begins; one point: a constant
    points : (m,) [K]; values : (m,) [W/m/K], linear between the points and constant outside them
    integral : (m,) [W/m], of the conductivity from T* to each point
    origin : (n,) [K], T*; reference : (n,) [W/m/K], k*
    """

    first: np.ndarray
    points: np.ndarray
    values: np.ndarray
    integral: np.ndarray
    origin: np.ndarray
    reference: np.ndarray

    @cached_property
    def packed(self) -> Floats:
        """All in one array (n + m, 4), as the kernels take it: of each material the rows of its first point and of the
        one after its last, T* and k*, behind them points, values, integrals and the slopes up to the next point, 0 of
        the last one."""
        n, last = self.origin.size, self.first[1:] - 1
        found = np.zeros((n + self.points.size, 4))
        found[:n] = np.stack([n + self.first[:-1], n + self.first[1:], self.origin, self.reference], 1)
        found[n:, :3] = np.stack([self.points, self.values, self.integral], 1)
        inside = np.setdiff1d(np.arange(self.points.size), last)
        found[n + inside, 3] = (self.values[inside + 1] - self.values[inside]) / (
            self.points[inside + 1] - self.points[inside]
        )
        return found

    @cached_property
    def varies(self) -> Bools:
        """(n,) bool, materials whose conductivity is not the same at all temperatures."""
        return np.diff(self.first) > 1

    def over_reference(self, T: Floats) -> Floats:
        """Conductivity of the first k materials at temperatures T (k,) [K], over k*: (k,)."""
        tables = [slice(*self.first[i : i + 2]) for i in range(T.size)]
        return np.array(
            [np.interp(T[i], self.points[at], self.values[at]) / self.reference[i] for i, at in enumerate(tables)]
        )


def integrate(properties: Sequence[Property], origins: Floats) -> Conductivities:
    """Conductivities from properties of temperature.

    Parameters
    ----------
    properties : sequence of Property [W/m/K], one for each material
    origins : (n,) [K], T* of each
    """
    points, values, integrals, references = [], [], [], []
    for prop, origin in zip(properties, origins, strict=True):
        at, value = tabulated(prop)
        if at.size == 1:
            total, shift = np.zeros(1), 0.0
        else:
            total = np.r_[0.0, np.cumsum(0.5 * (value[1:] + value[:-1]) * np.diff(at))]
            shift = _integral_to(at, value, total, origin)
        points.append(at)
        values.append(value)
        integrals.append(total - shift)
        references.append(float(np.interp(origin, at, value)))
    first = np.cumsum([0, *(at.size for at in points)])
    return Conductivities(
        first,
        np.concatenate(points),
        np.concatenate(values),
        np.concatenate(integrals),
        np.array(origins, float),
        np.array(references),
    )


def _integral_to(points: Floats, values: Floats, total: Floats, T: float) -> float:
    """Integral [W/m] of a table from its first point to T [K]."""
    inside = min(max(T, points[0]), points[-1])
    i = min(max(int(np.searchsorted(points, inside, side="right")), 1), points.size - 1)
    value = np.interp(inside, points, values)
    return total[i - 1] + 0.5 * (inside - points[i - 1]) * (values[i - 1] + value) + (T - inside) * value


@inner_kernel
def is_constant(m, k):
    """Whether the table of material m has one point."""
    return k[m, 1] - k[m, 0] == 1.0


@inner_kernel
def _first_above(m, column, value, k):
    """The first row of the table of material m that is above a value in an increasing column; one past its last where
    none is."""
    low, high = int(k[m, 0]), int(k[m, 1])
    while low < high:
        middle = (low + high) // 2
        if k[middle, column] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@inner_kernel
def interval(m, T, k):
    """The first point of the table of material m that lies above T [K]; one past its last where none does."""
    return _first_above(m, 0, T, k)


@inner_kernel
def _value_in(i, m, T, k):
    """Conductivity [W/m/K] at T [K], which lies in interval i."""
    if i == int(k[m, 0]):
        return k[i, 1]
    if i == int(k[m, 1]):
        return k[i - 1, 1]
    return k[i - 1, 1] + (T - k[i - 1, 0]) * k[i - 1, 3]


@inner_kernel
def conductivity_at(m, T, k):
    """Conductivity [W/m/K] of material m at T [K]."""
    if is_constant(m, k):
        return k[int(k[m, 0]), 1]
    return _value_in(interval(m, T, k), m, T, k)


@inner_kernel
def mean_conductivity(m, one, other, k):
    """Integral mean of the conductivity of material m between two temperatures [K]; a sum of positive terms, so that
    nothing cancels however near they are.

    Notes
    -----
    Trapezoids over the pieces of the table, over which it is exact.
    """
    if is_constant(m, k):
        return k[int(k[m, 0]), 1]
    low, high = min(one, other), max(one, other)
    i, j = interval(m, low, k), interval(m, high, k)
    at_low, at_high = _value_in(i, m, low, k), _value_in(j, m, high, k)
    if i == j:
        return 0.5 * (at_low + at_high)
    total = 0.5 * ((k[i, 0] - low) * (at_low + k[i, 1]) + (high - k[j - 1, 0]) * (k[j - 1, 1] + at_high))
    if j - i > 16:
        total += k[j - 1, 2] - k[i, 2]
    else:
        for p in range(i, j - 1):
            total += 0.5 * (k[p + 1, 0] - k[p, 0]) * (k[p, 1] + k[p + 1, 1])
    return total / (high - low)


@inner_kernel
def transformed(m, T, k):
    """τ [K] of material m at T [K]."""
    first, last = int(k[m, 0]), int(k[m, 1])
    if last - first == 1:
        return T
    i = interval(m, T, k)
    edge = max(i - 1, first)
    total = k[edge, 2] + 0.5 * (T - k[edge, 0]) * (k[edge, 1] + _value_in(i, m, T, k))
    return k[m, 2] + total / k[m, 3]


@inner_kernel
def _at_integral(m, total, k):
    """Temperature [K] of material m at an integral from T* [W/m]."""
    first, last = int(k[m, 0]), int(k[m, 1])
    i = _first_above(m, 2, total, k)
    edge = max(i - 1, first)
    rest, value = total - k[edge, 2], k[edge, 1]
    if i in (first, last):
        return k[edge, 0] + rest / value
    slope = k[edge, 3]
    return k[edge, 0] + 2.0 * rest / (value + np.sqrt(max(value * value + 2.0 * slope * rest, 0.0)))


@inner_kernel
def temperature_at(m, tau, k):
    """Temperature [K] of material m at τ [K]."""
    if is_constant(m, k):
        return tau
    return _at_integral(m, (tau - k[m, 2]) * k[m, 3], k)


@inner_kernel
def beyond(m, T, taken, k):
    """Temperature [K] at the end of a way along which ∫ k dT falls by `taken` [W/m], from T [K], in material m."""
    first, last = int(k[m, 0]), int(k[m, 1])
    if last - first == 1:
        return T - taken / k[first, 1]
    i = interval(m, T, k)
    value = _value_in(i, m, T, k)
    if i in (first, last):
        found, slope = T - taken / value, 0.0
    else:
        slope = k[i - 1, 3]
        found = T - 2.0 * taken / (value + np.sqrt(max(value * value - 2.0 * slope * taken, 0.0)))
    if (i == first or found >= k[i - 1, 0]) and (i == last or found <= k[i, 0]):
        return found
    edge = max(i - 1, first)
    return _at_integral(m, k[edge, 2] + 0.5 * (T - k[edge, 0]) * (k[edge, 1] + value) - taken, k)


@inner_kernel
def risen(m, T, rise, k):
    """Temperature [K] of material m, whose τ is that of T [K] and a correction [K]."""
    return T if rise == 0.0 else beyond(m, T, -rise * k[m, 3], k)


@inner_kernel
def piece_at(m, T, k):
    """Conductivity [W/m/K] of material m at T [K], its slope [W/m/K²], and the temperatures [K] between which that
    holds."""
    return piece_in(interval(m, T, k), m, T, k)


@inner_kernel
def piece_in(i, m, T, k):
    """As `piece_at`, in interval i, which T [K] lies in or at an end of."""
    first, last = int(k[m, 0]), int(k[m, 1])
    if last - first == 1:
        return k[first, 1], 0.0, -np.inf, np.inf
    if i == first:
        return k[first, 1], 0.0, -np.inf, k[first, 0]
    if i == last:
        return k[last - 1, 1], 0.0, k[last - 1, 0], np.inf
    slope = k[i - 1, 3]
    return k[i - 1, 1] + slope * (T - k[i - 1, 0]), slope, k[i - 1, 0], k[i, 0]


@kernel
def _risen(material, T, rise, film, k, found):
    for i in range(T.size):
        found[i] = risen(material[i], T[i], rise[i], k) if np.isnan(film[i]) else T[i]


def risen_rows(material: Ints, T: Floats, rise: Floats | None, film: Floats, k: Floats) -> Floats:
    """Temperatures (n,) [K] of half cells whose τ is that of T (n,) [K] and a correction (n,) [K] or None; of films
    T."""
    if rise is None:
        return T
    found = np.empty(T.size)
    _risen(material, T, rise, film, k, found)
    return found


@kernel(parallel=True)
def transform_rows(material, T, k, tau):
    """τ (n,) [K], out, of rows of materials (n,) int, −1 where τ is T, at T (n,) [K]."""
    for i in prange(T.size):
        tau[i] = T[i] if material[i] < 0 else transformed(material[i], T[i], k)


@kernel(parallel=True)
def step_rows(material, T, step, k, change):
    """Change (n,) [K], out, of temperatures T (n,) where τ changes by `step` (n,) [K]; material: see
    `transform_rows`."""
    for i in prange(T.size):
        m = material[i]
        if m < 0 or is_constant(m, k):
            change[i] = step[i]
        else:
            change[i] = beyond(m, T[i], -step[i] * k[m, 3], k) - T[i]


@kernel(parallel=True)
def slopes_of_rows(material, T, k, slope):
    """dτ/dT (n,), out; the rest: see `transform_rows`."""
    for i in prange(T.size):
        m = material[i]
        slope[i] = 1.0 if m < 0 else conductivity_at(m, T[i], k) / k[m, 3]


@kernel
def half_resistances(material, T, surface, distance, film, k, mean, more):
    """Resistances (n,) [m² K/W], out, of half cells between the temperatures of their ends, and to more heat."""
    for i in range(T.size):
        if np.isnan(film[i]):
            m, d, there = material[i], distance[i], surface[i]
            value, slope, low, high = piece_at(m, T[i], k)
            if low <= there <= high:
                at_surface = value + slope * (there - T[i])
                mean[i], more[i] = 2.0 * d / (value + at_surface), d / at_surface
            else:
                mean[i], more[i] = d / mean_conductivity(m, T[i], there, k), d / conductivity_at(m, there, k)
        else:
            mean[i] = more[i] = film[i]


def transformed_at(material: int, T: float, conductivity: Conductivities) -> float:
    """τ [K] of one material at T [K]."""
    if not conductivity.varies[material]:
        return T
    tau = np.empty(1)
    transform_rows(np.array([material], np.int16), np.array([T]), conductivity.packed, tau)
    return float(tau[0])
