"""Conductivities that change steeply with temperature, as where a material melts: one answer on any mesh, in closed
form."""

import numpy as np
from scipy.constants import Stefan_Boltzmann as SIGMA
from scipy.integrate import quad
from scipy.optimize import brentq

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    box,
    contact,
    convection,
    cut,
    ends,
    fed,
    fixed,
    flux,
    held,
    interface,
    layers,
    lump,
    material,
    metal,
    on,
    quantity,
    radiation,
    surface,
)

INTEGRAL = "∫ k dT (Carslaw & Jaeger §1.6), linear segments of it in series"


class Straight:
    """A property that is linear between points and constant outside them, its integral and the inverse of that."""

    def __init__(self, temperatures, values):
        self.table = list(temperatures), list(values)

    def __call__(self, T):
        return float(np.interp(T, *self.table))

    def integral(self, T):
        """From the first point to T [K]."""
        first, last = self.table[0][0], self.table[0][-1]
        points = np.array([t for t in self.table[0] if t < T] + [min(T, last)]) if T > first else np.array([first])
        values = np.interp(points, *self.table)
        inside = float(np.sum(0.5 * (values[1:] + values[:-1]) * np.diff(points)))
        return inside + (T - points[-1]) * self(T)

    def at_integral(self, total):
        """Temperature [K] at an integral from the first point."""
        return brentq(lambda T: self.integral(T) - total, -1e5, 1e5, xtol=1e-12, rtol=1e-15)


def melts(at, width, solid, liquid):
    """A conductivity that changes from `solid` to `liquid` [W/m/K] over a width [K] around a temperature [K]."""
    return Straight((at - 0.5 * width, at + 0.5 * width), (solid, liquid))


def _graded(cells, seed, length, begin=0.0):
    """Mesh planes (cells − 1,) [m] of cells whose widths differ by up to a few hundred, in an order that a seed
    gives."""
    widths = np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.6, cells)))
    return begin + length * np.cumsum(widths)[:-1] / np.sum(widths)


def _on_planes(*planes):
    return {"size": "10 m", "merge_distance": "0 m", "planes_x": [quantity(x, "m") for x in np.concatenate(planes)]}


def _slab(filling, conditions, mesh, length=0.2, **more):
    return {
        "physics": THERMAL | {"temperature": "900 K"},
        "boxes": [box("wall", "m", (0.0, length))],
        "materials": {"m": filling},
        "mesh": mesh,
        "surfaces": ends("wall", "wall"),
        "conditions": conditions,
        **more,
    }


METAL = melts(933.0, 1.0, 200.0, 100.0)
MELTED = [on("low", fixed(833.0)), on("high", fixed(1333.0))]
"""A wall of 0.2 m that melts at 933 K, where k falls from 200 to 100 W/m/K within 1 K: front at a third of it."""


@check("thermal", "melting", INTEGRAL, "W", 1e-9)
def melting_wall_heat(n):
    """Wall melted from one side, its conductivity halved beyond the front: heat"""
    return Posed(
        _slab(material(k=METAL.table), MELTED, cut(10)), (200.0 * 100.0 + 100.0 * 400.0) / 0.2, lambda a: a.loss("low")
    )


@check("thermal", "melting", INTEGRAL, "K", 1e-9)
def melting_wall_middle(n):
    """Wall melted from one side, its conductivity halved beyond the front: temperature of the middle plane"""
    return Posed(_slab(material(k=METAL.table), MELTED, cut(10)), 1033.0, lambda a: a.across("x", 0.1), 500.0)


@check("thermal", "melting", INTEGRAL, "W", 1e-9)
def melting_range_heat(n):
    """Wall that melts between 1020 and 1180 K, its conductivity halved there: heat"""
    case = _slab(
        material(k=((1020.0, 1180.0), (200.0, 100.0))), [on("low", fixed(900.0)), on("high", fixed(1420.0))], cut(10)
    )
    return Posed(case, (200.0 * 120.0 + 150.0 * 160.0 + 100.0 * 240.0) / 0.2, lambda a: a.loss("low"))


def _two_layers(one, other):
    """Two layers of 0.1 m and one cell each, nothing between them, 1300 K on one and 300 K on the other: case and
    heat."""
    conditions = [on("low", fixed(1300.0)), on("high", fixed(300.0))]
    case = _slab(
        material(k=one.table),
        conditions,
        cut((1, 1)),
        materials={"m": material(k=one.table), "n": material(k=other.table)},
        boxes=[box("hot", "m", (0.0, 0.1)), box("cold", "n", (0.1, 0.2))],
        surfaces=ends("hot", "cold"),
    )
    whole = one.integral(1300.0) + other.integral(300.0)
    between = brentq(lambda T: whole - one.integral(T) - other.integral(T), 300.0, 1300.0, xtol=1e-12)
    return case, (other.integral(between) - other.integral(300.0)) / 0.1


@check("thermal", "temperature-dependent conductivity", INTEGRAL, "W", 1e-9)
def layers_of_varying_heat(n):
    """Two layers without a contact, one whose conductivity increases with temperature and one whose conductivity
    decreases, a cell each: heat"""
    case, heat = _two_layers(Straight((250.0, 1350.0), (2.0, 6.0)), Straight((250.0, 1350.0), (10.0, 4.0)))
    return Posed(case, heat, lambda a: a.loss("high"))


@check("thermal", "temperature-dependent conductivity", INTEGRAL, "W", 1e-9)
def layers_of_many_points_heat(n):
    """The same with four and three points in the tables, several of them within a half cell: heat"""
    one, other = (
        Straight((400.0, 900.0, 1000.0, 1200.0), (1.0, 8.0, 3.0, 5.0)),
        Straight((350.0, 420.0, 1100.0), (9.0, 2.0, 6.0)),
    )
    case, heat = _two_layers(one, other)
    return Posed(case, heat, lambda a: a.loss("high"))


@check("electric", "temperature-dependent conductivity", "Ohm's law", "A", 1e-9)
def metal_of_given_temperature(n):
    """Bar of a metal whose resistivity is a table, at 800 K throughout: current"""
    case = _slab(
        metal(((300.0, 1300.0), (2e-7, 7e-7)), 40.0),
        [],
        cut(3),
        physics=ELECTRIC | {"temperature": "800 K"},
        terminals=[held("first", 0.15, ["low"]), held("second", 0.0, ["high"])],
    )
    return Posed(case, 0.15 / (4.5e-7 * 0.2), lambda a: a.current("first"))


BATH = {width: melts(1000.0, width, 1.0, 16.0) for width in (1e-6, 1.0, 10.0)}


def _sixteenfold(width, seed):
    """Slab whose conductivity increases sixteenfold at 1000 K, on a mesh graded at random."""
    k = BATH[width]
    case = _slab(
        material(k=k.table), [on("low", fixed(1300.0)), on("high", fixed(700.0))], _on_planes(_graded(40, seed, 0.2))
    )
    return Posed(case, (k.integral(1300.0) - k.integral(700.0)) / 0.2, lambda a: a.loss("high"))


@check("thermal", "melting", INTEGRAL, "W", 1e-9)
def melting_at_a_point(n):
    """Slab whose conductivity increases sixteenfold within a millionth of a kelvin, cells of all sizes: heat"""
    return _sixteenfold(1e-6, 1)


@check("thermal", "melting", INTEGRAL, "W", 1e-9)
def melting_within_a_kelvin(n):
    """Slab whose conductivity increases sixteenfold within 1 K, cells of all sizes: heat"""
    return _sixteenfold(1.0, 2)


@check("thermal", "melting", INTEGRAL, "W", 1e-9)
def melting_within_ten_kelvin(n):
    """Slab whose conductivity increases sixteenfold within 10 K, cells of all sizes: heat"""
    return _sixteenfold(10.0, 3)


@check("thermal", "melting", f"{INTEGRAL}, with surface balances", "K", 1e-9)
def melting_before_radiation(n):
    """Slab heated with a prescribed flux whose front and whose radiating surface follow from it: temperature of the
    heated surface"""
    k, q = BATH[1.0], 12e3
    outer = (q / (0.8 * SIGMA) + 300.0**4) ** 0.25
    case = _slab(
        material(k=k.table), [on("low", flux(q)), on("high", radiation(0.8, 300.0))], _on_planes(_graded(30, 4, 0.2))
    )
    hot = k.at_integral(k.integral(outer) + 0.2 * q)
    return Posed(case, hot, lambda a: a.surface_temperature("low"), hot - 300.0)


@check("thermal", "melting", f"{INTEGRAL}, with the contact between", "W", 1e-8)
def melting_on_both_sides_of_a_joint(n):
    """Two materials that melt at different temperatures with a contact between, behind a film: heat"""
    one, other = BATH[1.0], melts(850.0, 5.0, 20.0, 2.0)
    case = {
        "physics": THERMAL | {"temperature": "900 K"},
        "boxes": layers(("hot", "m", 0.1), ("cold", "n", 0.1)),
        "materials": {"m": material(k=one.table), "n": material(k=other.table)},
        "mesh": _on_planes(_graded(17, 5, 0.1), _graded(11, 6, 0.1, 0.1)),
        "surfaces": ends("hot", "cold"),
        "interfaces": [interface("gap", "hot", "cold", contact(thermal=0.004))],
        "conditions": [on("low", convection(150.0, 1350.0)), on("high", fixed(600.0))],
    }

    def surplus(q):
        before = one.at_integral(one.integral(1350.0 - q / 150.0) - 0.1 * q)
        return other.integral(before - 0.004 * q) - other.integral(600.0) - 0.1 * q

    return Posed(case, brentq(surplus, 0.0, 1e5, xtol=1e-10), lambda a: a.loss("high"))


@check("thermal", "melting", f"{INTEGRAL}, films and radiation between", "K", 1e-8)
def melting_beside_a_gas_space(n):
    """Two walls that melt on both sides of a gas space that radiates: temperature of the gas"""
    one, other = BATH[1.0], melts(700.0, 1.0, 20.0, 2.0)
    case = {
        "physics": THERMAL | {"temperature": "900 K"},
        "boxes": [box("hot", "m", (0.0, 0.1)), box("gas", "c", (0.1, 0.2)), box("cold", "n", (0.2, 0.3))],
        "materials": {"m": material(k=one.table), "n": material(k=other.table), "c": material(k=1.0)},
        "mesh": _on_planes(_graded(9, 7, 0.1), _graded(9, 8, 0.1, 0.2)),
        "surfaces": ends("hot", "cold"),
        "lumps": [lump("gas", {"*": 5.0}, emissivity=0.7)],
        "conditions": [on("low", fixed(1500.0)), on("high", fixed(500.0))],
    }

    def exchanged(surface, gas):
        return 5.0 * (surface - gas) + 0.7 * SIGMA * (surface**4 - gas**4)

    def hot(gas):
        return brentq(
            lambda T: (one.integral(1500.0) - one.integral(T)) / 0.1 - exchanged(T, gas), gas, 1500.0, xtol=1e-12
        )

    def cold(gas):
        return brentq(
            lambda T: (other.integral(T) - other.integral(500.0)) / 0.1 + exchanged(T, gas), 500.0, gas, xtol=1e-12
        )

    gas = brentq(lambda gas: exchanged(hot(gas), gas) + exchanged(cold(gas), gas), 500.0, 1500.0, xtol=1e-12)
    return Posed(case, gas, lambda a: a.lump("gas"), 1000.0)


LEDGE = Straight((400.0, 900.0, 1000.0, 1150.0), (0.6, 0.8, 2.0, 2.4))


@check("thermal", "melting", f"{INTEGRAL}: the film's heat goes through wall and ledge", "m", 1e-8)
def ledge_of_varying_conductivity(n):
    """Ledge of frozen bath whose conductivity varies fourfold, on a wall whose conductivity varies, cells of 80 mm:
    thickness"""
    wall = Straight((600.0, 700.0), (3.0, 20.0))
    case = {
        "physics": THERMAL | {"temperature": "1162 K"},
        "solver": {"tolerance": 1e-3},
        "materials": {"w": material(k=wall.table), "n": material(k=1.0), "frozen": material(k=LEDGE.table)},
        "boxes": [box("bath", "n", (0.0, 0.48)), box("side", "w", (0.48, 0.6))],
        "mesh": {"size_x": "0.081 m", "size": "1 m", "merge_distance": "0 m"},
        "surfaces": [surface("hot", "bath", "x-"), surface("cold", "side", "x+")],
        "lumps": [lump("bath", {"side": 600.0, "bath": 1e5})],
        "interfaces": [interface("joint", "bath", "side", contact(thermal=0.01))],
        "ledge": {"pools": ["bath"], "walls": ["side"], "liquidus": "1150 K", "material": "frozen", "reach": "0.47 m"},
        "conditions": [on("hot", fixed(1162.0)), on("cold", convection(30.0, 300.0))],
    }
    q = 12.0 / (1.0 / 600.0 + 1.0 / 1e5)
    inside = wall.at_integral(wall.integral(300.0 + q / 30.0) + 0.12 * q) + 0.01 * q
    thickness = (LEDGE.integral(1150.0) - LEDGE.integral(inside)) / q
    return Posed(case, thickness, lambda a: float(a.record["ledge"]["thickness"][0]))


RELATION = (
    "with u = q/J: u² = u₀² + 2 ∫ kρ dT and J L = ∫ k/u dT; the energy balance, integrated once (after "
    "Kohlrausch, 1900)"
)


def _voltage(k, resistivity, hot, cold, length, density, kinks):
    """Voltage [V] of a bar between two temperatures [K] that a current density [A/m²] passes and heats, from its hot
    end to its cold one.

    Heat q [W/m²] and current J obey q′ = ρJ² and q = −kT′ along the bar, φ′ = −ρJ: u = q/J falls by what the potential
    falls, so that u du = −kρ dT; and dx = −k dT/q.
    """
    kinks = [T for T in sorted(kinks) if cold < T < hot]
    product = {}

    def over(f, low, high):
        inside = [low, *(T for T in kinks if low < T < high), high]
        return sum(quad(f, a, b, epsabs=0.0, epsrel=1e-13)[0] for a, b in zip(inside[:-1], inside[1:], strict=True))

    def fallen(T):
        if T not in product:
            product[T] = over(lambda t: k(t) * resistivity(t), T, hot) if T < hot else 0.0
        return product[T]

    def reached(start):
        return over(lambda T: k(T) / np.sqrt(start**2 + 2.0 * fallen(T)), cold, hot) - density * length

    most = over(k, cold, hot) / (density * length)
    start = brentq(reached, 0.1 * most, 1.001 * most, rtol=1e-14)
    return np.sqrt(start**2 + 2.0 * fallen(cold)) - start


def _bar(k, filling, electric, current, mesh):
    """Bar of 1 m² and 0.2 m between 1300 and 700 K that a current passes."""
    points = [1300.0, 700.0, *(T for each in (k, electric) if isinstance(each, Straight) for T in each.table[0])]
    case = {
        "solver": {"tolerance": 1e-4},
        "boxes": [box("bar", "m", (0.0, 0.2))],
        "materials": {"m": filling},
        "mesh": mesh,
        "surfaces": ends("bar", "bar"),
        "terminals": [fed("low", current), held("high", 0.0)],
        "conditions": [on("low", fixed(1300.0)), on("high", fixed(700.0))],
    }
    return case, points


@check("coupled", "melting", RELATION, "V", 1e-6)
def melting_conductor(n):
    """Bar that melts in the middle, thermal conductivity and resistivity changing sixteenfold within 1 K, cells of all
    sizes: voltage"""
    k, resistivity = BATH[1.0], Straight((999.5, 1000.5), (1.6e-3, 1e-4))
    case, points = _bar(k, metal(resistivity.table, k.table), resistivity, 40.0, _on_planes(_graded(24, 9, 0.2)))
    return Posed(case, _voltage(k, resistivity, 1300.0, 700.0, 0.2, 40.0, points), lambda a: a.potential("low"))


@check("coupled", "melting", RELATION, "V", 1e-6)
def conductor_of_varying_conductivity(n):
    """Bar whose conductivity increases a thousandfold along it, eight cells: voltage"""
    k, sigma = Straight((700.0, 1300.0), (2.0, 9.0)), Straight((700.0, 1300.0), (1.0, 1000.0))
    case, points = _bar(k, material(sigma.table, k.table), sigma, 10.0, cut(8))
    return Posed(
        case, _voltage(k, lambda T: 1.0 / sigma(T), 1300.0, 700.0, 0.2, 10.0, points), lambda a: a.potential("low")
    )


@check("coupled", "melting", f"{RELATION}; heat generated in cells has an error of order h²", "V", 1e-5, meshes=(16,))
def conductor_that_heats_itself(n):
    """Bar that its current heats, k and resistivity tables with kinks, sixteen cells: voltage"""
    k, resistivity = (
        Straight((700.0, 1000.0, 1300.0), (9.0, 2.0, 6.0)),
        Straight((700.0, 900.0, 1300.0), (1e-3, 4e-3, 2e-3)),
    )
    case, points = _bar(k, metal(resistivity.table, k.table), resistivity, 1000.0, cut(n))
    return Posed(case, _voltage(k, resistivity, 1300.0, 700.0, 0.2, 1000.0, points), lambda a: a.potential("low"))
