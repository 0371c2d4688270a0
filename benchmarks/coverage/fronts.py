"""Fronts: frozen ledges whose thickness varies along the wall, the corner of two cold walls, bodies that melt."""

from functools import cache

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from benchmarks.coverage.conformal import constriction, l_shape
from benchmarks.coverage.edges import l_case
from benchmarks.coverage.known import Posed, known
from oxycell.verification.parts import (
    THERMAL,
    box,
    contact,
    cut,
    fixed,
    interface,
    lump,
    material,
    on,
    quantity,
    surface,
)

KIND = "front"
LIQUIDUS, SUPERHEAT, HEIGHT, CLEAR = 1150.0, 12.0, 0.4, 0.4
"""[K], [K], of the wall and thickness of the bath before it [m]."""
HARMONIC = "harmonic temperature in wall and ledge, its isotherm at the liquidus and the flux there"


class Waving:
    """A temperature that fulfils Laplace's equation in a wall 0.1 m thick and in the ledge on it, and what follows.

    T = T0 + q ξ/k_w + b sinh(κξ) cos(κz) in the wall, ξ from its cold face and q the even part of the heat; behind a
    contact, linear, cosh and sinh in the ledge, whose conductivity is 1.5 W/m/K. No heat through z = 0 and z = HEIGHT.
    The front is the isotherm of the liquidus, the film there |q|/superheat.

    Parameters
    ----------
    wall : conductivity [W/m/K]
    joint : contact resistance [m²K/W]
    amplitude : of the wave, over the even part, at the mean front
    flux : even part of the heat [W/m²]
    thickness : of the even ledge [m]
    waves : half waves over the height
    """

    def __init__(self, wall, joint, amplitude, flux, thickness, waves=1):
        self.wall, self.joint, self.flux, self.waves, self.kappa = wall, joint, flux, waves, waves * np.pi / HEIGHT
        self._most = (
            1.6 * thickness
        )  # far from the wall the wave outgrows the even part: the isotherm next to it counts
        s, c = np.sinh(self.kappa * 0.1), np.cosh(self.kappa * 0.1)
        # Of one unit of b: value behind the joint, slope there over κ.
        self._value, self._slope = s + joint * wall * self.kappa * c, wall / 1.5 * c
        at = self.kappa * thickness
        self._b = amplitude * flux * thickness / 1.5 / (self._value * np.cosh(at) + self._slope * np.sinh(at))
        self.cold = LIQUIDUS - flux * (0.1 / wall + joint + thickness / 1.5)

    def _wave(self, s):
        """Amplitude of the cosine at s [m] in the ledge, and its slope."""
        c, h = np.cosh(self.kappa * s), np.sinh(self.kappa * s)
        return self._b * (self._value * c + self._slope * h), self._b * self.kappa * (self._value * h + self._slope * c)

    def front(self, z):
        """Thickness at z [m]."""
        even = self.cold + self.flux * (0.1 / self.wall + self.joint)

        def above(s):
            return even + self.flux * s / 1.5 + self._wave(s)[0] * np.cos(self.kappa * z) - LIQUIDUS

        return brentq(above, 0.0, self._most, xtol=1e-14)

    def film(self, z):
        """Coefficient at z [W/m²/K]."""
        wave, slope = self._wave(self.front(z))
        across = self.flux / 1.5 + slope * np.cos(self.kappa * z)
        return 1.5 * float(np.hypot(across, wave * self.kappa * np.sin(self.kappa * z))) / SUPERHEAT

    @property
    def mean(self):
        """Mean thickness [m]."""
        return quad(self.front, 0.0, HEIGHT, epsabs=0.0, epsrel=1e-10)[0] / HEIGHT


def _waving(n, field):
    """The ledge on a wall of n boxes, each with the film of its middle; the bath held at its superheat by what stands
    before it."""
    edges = HEIGHT * np.arange(n + 1) / n
    sides = [box(f"side {i}", "w", (CLEAR, CLEAR + 0.1), z=edges[i : i + 2]) for i in range(n)]
    films = {f"side {i}": field.film(0.5 * (edges[i] + edges[i + 1])) for i in range(n)}
    case = {
        "physics": THERMAL | {"temperature": quantity(LIQUIDUS + SUPERHEAT, "K")},
        "solver": {"tolerance": 1e-3},
        "materials": {"w": material(k=field.wall), "n": material(k=1.0)},
        "boxes": [box("bath", "n", (0.0, CLEAR), z=(0.0, HEIGHT)), *sides],
        "mesh": cut((n, max(1, n // 4)), 1, (1,) * n),
        "surfaces": [surface("hot", "bath", "x-"), surface("cold", "side *", "x+")],
        "lumps": [lump("bath", films | {"bath": 1e5})],
        "ledge": {
            "pools": ["bath"],
            "walls": ["side *"],
            "liquidus": quantity(LIQUIDUS, "K"),
            "conductivity": "1.5 W/m/K",
        },
        "conditions": [on("hot", fixed(LIQUIDUS + SUPERHEAT + field.flux / 1e5)), on("cold", fixed(field.cold))],
    }
    if field.joint:
        case["interfaces"] = [interface("joint", "bath", "side *", contact(thermal=field.joint))]
    return Posed(
        case,
        {
            "ledge.mean_m": field.mean,
            "ledge.min_m": field.front(0.0),
            "ledge.max_m": field.front(HEIGHT / field.waves),
            "heat.losses.cold": field.flux * HEIGHT,
        },
    )


PLAIN, LINED, STEEL = (
    Waving(1.5, 0.0, 0.15, 4500.0, 0.15),
    Waving(8.0, 0.01, 0.2, 5000.0, 0.12),
    Waving(40.0, 0.0, 0.1, 6000.0, 0.09),
)
THIN, SHORT = Waving(3.0, 0.005, 0.15, 9000.0, 0.05), Waving(6.0, 0.0, 0.05, 8000.0, 0.07, waves=2)


@known(KIND, HARMONIC, bases=(8, 12), halvings=2)
def ledge_on_its_like(n):
    """Ledge on a wall that conducts as it does: mean, least and greatest thickness, heat"""
    return _waving(n, PLAIN)


@known(KIND, HARMONIC, bases=(8, 12), halvings=2)
def ledge_behind_a_contact(n):
    """Ledge on a better conducting wall behind a contact: the same"""
    return _waving(n, LINED)


@known(KIND, HARMONIC, bases=(8, 12), halvings=2)
def ledge_on_steel(n):
    """Ledge on a wall that conducts 27 times as well: the same"""
    return _waving(n, STEEL)


@known(KIND, HARMONIC, bases=(8, 12), halvings=2)
def thin_ledge(n):
    """Ledge of about a cell to four, thicker by half at its ends: the same"""
    return _waving(n, THIN)


@known(KIND, HARMONIC, bases=(8, 12), halvings=2)
def ledge_of_short_waves(n):
    """Ledge that waves twice as often: the same"""
    return _waving(n, SHORT)


HODOGRAPH = "hodograph: dz/dw = d √cot(πw/4), w = (T − T_wall)/ΔT + iψ; the front is at w = 1 + iψ"


@cache
def corner_front():
    """Front in the corner of two walls of length L, d the flat thickness far from it and q the heat of the flat walls.

    Returns
    -------
    area : (frozen area − 2 L d)/d²
    heat : (heat of a wall − q L)/(q d), < 0: the corner gets less
    diagonal : frozen diagonal over d

    Notes
    -----
    Along the wall w = iψ, so that √cot is √(coth(πψ/4)) e^(−iπ/4) and x(ψ) = d ∫ √coth; at ψ → ∞ the fields are flat
    and x → ψ d + shift. On the front |cot| = 1. The heat of a wall between the corner and x is q d ψ(x). The area lies
    between the front's points and the wall.
    """
    far = 10.0

    def wall(psi):  # of ψ = s², which takes the root at the corner out
        return quad(
            lambda s: 2.0 * s * np.sqrt(1.0 / np.tanh(0.25 * np.pi * s * s)),
            0.0,
            np.sqrt(psi),
            epsabs=0.0,
            epsrel=1e-12,
        )[0]

    # z(w) with z(0) = 0: along w = u to 1, then w = 1 + iψ; turned so that the wall lies along +x and the bisector at
    # 45°.
    start = quad(lambda s: 2.0 * s * np.sqrt(1.0 / np.tan(0.25 * np.pi * s * s)), 0.0, 1.0, epsabs=0.0, epsrel=1e-12)[0]
    psi = np.linspace(0.0, far, 20001)
    slope = np.sqrt(1.0 / np.tan(0.25 * np.pi * (1.0 + 1j * psi)))
    step = psi[1] - psi[0]
    parts = (slope[:-1:2] + 4.0 * slope[1::2] + slope[2::2]) * step / 3.0  # Simpson
    z = start + 1j * np.concatenate([[0.0], np.cumsum(parts)])
    z = z * np.exp(0.25j * np.pi)
    z = z if z[-1].real > z[-1].imag else 1j * np.conj(z)
    x, y = z.real, z.imag
    # Frozen between wall (y = 0), bisector and front, up to x_end, less d times x_end: one half of the corner.
    area = 0.5 * x[0] * y[0] + float(np.sum(0.5 * (y[1:] + y[:-1]) * np.diff(x)))
    return 2.0 * (area - x[-1]), far - wall(far), start


def _corner(n, film_of, cold):
    """Bath 0.6 m wide, its walls at `cold` [K]; at six flat thicknesses and more from the corner the ledge is flat
    within 1e-4."""
    side, hot = 0.6, 1162.0
    area, lost, _ = corner_front()

    def thickness(bath):
        return 1.5 * (LIQUIDUS - cold) / (film_of * (bath - LIQUIDUS))

    def heat(bath):
        d = thickness(bath)
        return 2.0 * film_of * (bath - LIQUIDUS) * (side + lost * d)

    # Through the bath's own film 1e5 W/m²/K on its warm side, 0.6 m high, from 1162 K.
    bath = brentq(lambda bath: 1e5 * side * (hot - bath) - heat(bath), LIQUIDUS + 1.0, hot, xtol=1e-12)
    d = thickness(bath)
    case = {
        "physics": THERMAL | {"temperature": "1162 K"},
        "solver": {"tolerance": 1e-2},
        "materials": {"w": material(k=1e6), "n": material(k=1.0)},
        "boxes": [box("wall", "w", (0.0, side + 0.02), (0.0, side + 0.02)), box("bath", "n", (0.0, side), (0.0, side))],
        "mesh": cut((n, 1), (n, 1)),
        "surfaces": [surface("hot", "bath", "x-"), surface("cold", "wall", "x+", "y+")],
        "lumps": [lump("bath", {"bath": 1e5, "*": film_of})],
        "ledge": {
            "pools": ["bath"],
            "walls": ["wall"],
            "liquidus": quantity(LIQUIDUS, "K"),
            "conductivity": "1.5 W/m/K",
        },
        "conditions": [on("hot", fixed(hot)), on("cold", fixed(cold))],
    }
    return Posed(case, {"ledge.volume_m3": 2.0 * side * d + area * d * d, "ledge.heat_W": heat(bath)})


@known(KIND, HODOGRAPH, bases=(15, 20), halvings=2)
def corner_of_cold_walls(n):
    """Corner of two walls at one temperature, the ledge 2 to 3 cells thick on the coarsest meshes: frozen volume,
    heat"""
    return _corner(n, 600.0, 700.0)


@known(KIND, HODOGRAPH, bases=(15, 20), halvings=2)
def corner_of_warmer_walls(n):
    """The same with a ledge two thirds as thick"""
    return _corner(n, 500.0, 900.0)


def _jump(T, low, high):
    return material(k=((T - 0.5, T + 0.5), (low, high)))


def _integral(T, low, high, begin, end):
    """∫ k dT of `_jump` between temperatures on either side of its melting point."""
    return low * (T - 0.5 - begin) + 0.5 * (low + high) + high * (end - T - 0.5)


KIRCHHOFF = "Kirchhoff's transform: ∫ k dT is harmonic, so that the heat is its difference over the shape's squares"


@known(KIND, f"{KIRCHHOFF} (conformal map)", bases=(2, 3))
def melting_bend(n):
    """Bend that melts within 1 K, its conductivity falling by a third, in two dimensions: heat"""
    boxes = [
        box("foot", "m", (0.0, 1.5), (0.0, 0.5)),
        box("corner", "m", (1.5, 2.5), (0.0, 0.5)),
        box("head", "m", (1.5, 2.5), (0.5, 1.5)),
    ]
    case = {
        "physics": THERMAL,
        "boxes": boxes,
        "materials": {"m": _jump(933.0, 30.0, 20.0)},
        "mesh": cut((6 * n, 4 * n), (2 * n, 4 * n)),
        "surfaces": [surface("low", "foot", "x-"), surface("high", "head", "y+")],
        "conditions": [on("low", fixed(800.0)), on("high", fixed(1200.0))],
    }
    shape = l_shape(2.5, 0.5, 1.0, 1.5, (1, 2), (4, 5))
    return Posed(case, {"heat.losses.low": _integral(933.0, 30.0, 20.0, 800.0, 1200.0) * shape})


@known(KIND, f"{KIRCHHOFF} (Sneddon 1966)", bases=(2, 3))
def melting_before_a_strip(n):
    """Channel cooled on half of its end, melting over 60 K, its conductivity halved: heat"""
    boxes = [box("a", "m", (0.0, 0.5), (0.0, 1.5)), box("b", "m", (0.5, 1.0), (0.0, 1.5))]
    k = material(k=((900.0, 960.0), (30.0, 15.0)))
    case = {
        "physics": THERMAL,
        "boxes": boxes,
        "materials": {"m": k},
        "mesh": cut((2 * n, 2 * n), 6 * n),
        "surfaces": [surface("strip", "a", "y-"), surface("far", "*", "y+")],
        "conditions": [on("strip", fixed(800.0)), on("far", fixed(1100.0))],
    }
    return Posed(case, {"heat.losses.strip": (30.0 * 100.0 + 22.5 * 60.0 + 15.0 * 140.0) / constriction(0.5, 1.5)})


def _melting_l(n, shape, hot, cold):
    """An L whose conductivity is halved between 1020 and 1180 K: sides (region, side) held at 1420 K and at 900 K."""
    case = l_case(n, *shape, hot, cold)
    held = [
        on([one["name"] for one in case["surfaces"] if one["name"].startswith(name)], fixed(T), path=name)
        for name, T in (("first", 1420.0), ("second", 900.0))
    ]
    return case | {
        "physics": THERMAL,
        "materials": {"m": material(k=((1020.0, 1180.0), (200.0, 100.0)))},
        "terminals": [],
        "conditions": held,
    }


_OVER_THE_RANGE = 200.0 * 120.0 + 150.0 * 160.0 + 100.0 * 240.0
"""∫ k dT of `_melting_l` [W/m]."""


@known(KIND, f"{KIRCHHOFF} (conformal map)", bases=(2, 3))
def melting_lining(n):
    """Inner corner of a lining round a hot block, melting over 160 K, its conductivity halved: heat"""
    cold = [("corner", "y-"), ("foot", "y-"), ("corner", "x-"), ("head", "x-")]
    case = _melting_l(n, (1.0, 0.5, 0.5, 1.0), [("foot", "y+"), ("head", "x+")], cold)
    return Posed(case, {"heat.losses.second": _OVER_THE_RANGE * l_shape(1.0, 0.5, 0.5, 1.0, (2, 4), (5, 1))})


@known(KIND, f"{KIRCHHOFF} (conformal map)", bases=(2, 3))
def melting_step(n):
    """Channel that widens by a third, melting over 160 K, its conductivity halved: heat"""
    case = _melting_l(n, (2.0, 0.75, 1.0, 1.0), [("foot", "x+")], [("corner", "x-"), ("head", "x-")])
    return Posed(case, {"heat.losses.second": _OVER_THE_RANGE * l_shape(2.0, 0.75, 1.0, 1.0, (1, 2), (5, 0))})


PROBLEMS = (
    ledge_on_its_like,
    ledge_behind_a_contact,
    ledge_on_steel,
    thin_ledge,
    ledge_of_short_waves,
    corner_of_cold_walls,
    corner_of_warmer_walls,
    melting_bend,
    melting_before_a_strip,
    melting_lining,
    melting_step,
)
