"""Heat through plane walls: layers, contacts, films, radiation, conductivities that vary with temperature."""

import numpy as np
from scipy.constants import Stefan_Boltzmann as SIGMA
from scipy.optimize import brentq

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    THERMAL,
    contact,
    convection,
    cut,
    ends,
    fixed,
    flux,
    interface,
    layers,
    material,
    on,
    radiation,
    surface,
)

SERIES = "resistances in series (Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed., §3.2)"
KIRCHHOFF = "Kirchhoff's transform, integral of k dT (Carslaw & Jaeger §1.6)"
BALANCE = "surface balance, root of one scalar equation"


def _wall(stack, conditions, materials, mesh, **more):
    """Case of a wall 0.7 m wide; conditions on its ends `low` and `high`."""
    return {
        "physics": THERMAL,
        "boxes": layers(*stack, side=0.7),
        "materials": materials,
        "mesh": mesh,
        "surfaces": ends(stack[0][0], stack[-1][0]),
        "conditions": conditions,
        **more,
    }


def _three_layers():
    stack = [("brick", "b", 0.23), ("board", "i", 0.05), ("shell", "s", 0.012)]
    conditions = [on("low", convection(35.0, 1250.0)), on("high", convection(11.0, 305.0))]
    case = _wall(
        stack, conditions, {"b": material(k=1.3), "i": material(k=0.13), "s": material(k=45.0)}, cut((4, 3, 2), 2, 1)
    )
    resistances = np.array([1 / 35.0, 0.23 / 1.3, 0.05 / 0.13, 0.012 / 45.0, 1 / 11.0])
    return case, resistances, (1250.0 - 305.0) / resistances.sum()


@check("thermal", "composite walls", SERIES, "W", 1e-10)
def wall_heat(n):
    """Three layers between two fluids: heat"""
    case, _, q = _three_layers()
    return Posed(case, 0.49 * q, lambda answer: answer.loss("high"))


@check("thermal", "composite walls", SERIES, "W", 1e-10)
def wall_heat_in(n):
    """Three layers between two fluids: heat on the side it enters"""
    case, _, q = _three_layers()
    return Posed(case, -0.49 * q, lambda answer: answer.loss("low"))


@check("thermal", "composite walls", SERIES, "K", 1e-10)
def wall_joint(n):
    """Three layers between two fluids: temperature of the second joint"""
    case, resistances, q = _three_layers()
    return Posed(case, 1250.0 - q * resistances[:3].sum(), lambda answer: answer.between("board", "shell")[0], 945.0)


@check("thermal", "composite walls", SERIES, "K", 1e-10)
def wall_surface(n):
    """Three layers between two fluids: temperature of the cold surface"""
    case, resistances, q = _three_layers()
    return Posed(case, 305.0 + q * resistances[-1], lambda answer: answer.surface_temperature("high"), 945.0)


def two_with_contact():
    stack = [("first", "a", 0.08), ("second", "b", 0.02)]
    conditions = [on("low", fixed(900.0)), on("high", fixed(400.0))]
    case = _wall(
        stack,
        conditions,
        {"a": material(k=8.0), "b": material(k=0.4)},
        cut((3, 5)),
        interfaces=[interface("gap", "first", "second", contact(thermal=0.03))],
    )
    return case, 500.0 / (0.08 / 8.0 + 0.03 + 0.02 / 0.4)


@check("thermal", "contacts", SERIES, "W", 1e-10)
def contact_heat(n):
    """Two layers with a contact resistance: heat"""
    case, q = two_with_contact()
    return Posed(case, 0.49 * q, lambda answer: answer.loss("high"))


@check("thermal", "contacts", SERIES, "K", 1e-10)
def contact_warm_side(n):
    """Two layers with a contact resistance: temperature before it"""
    case, q = two_with_contact()
    return Posed(case, 900.0 - q * 0.01, lambda answer: answer.between("first", "second")[0], 500.0)


@check("thermal", "contacts", SERIES, "K", 1e-10)
def contact_cold_side(n):
    """Two layers with a contact resistance: temperature behind it"""
    case, q = two_with_contact()
    return Posed(case, 400.0 + q * 0.05, lambda answer: answer.between("first", "second")[1], 500.0)


@check("thermal", "contacts", SERIES, "W", 1e-10)
def contacts_on_one_joint(n):
    """Two contacts stated for one joint: heat"""
    case, _ = two_with_contact()
    case["interfaces"][0]["laws"].append(contact(thermal=0.01))
    return Posed(case, 0.49 * 500.0 / (0.08 / 8.0 + 0.04 + 0.02 / 0.4), lambda answer: answer.loss("high"))


@check("thermal", "contacts", SERIES, "K", 1e-9)
def contact_from_both_sides(n):
    """Two contacts stated from either side of a plate, along z: temperature between them"""
    stack = [("a", "m", 0.1), ("b", "m", 0.02), ("c", "m", 0.1)]
    case = {
        "physics": THERMAL,
        "boxes": layers(*stack, axis="z"),
        "materials": {"m": material(k=5.0)},
        "mesh": cut(1, 2, (3, 1, 2)),
        "surfaces": ends("a", "c", "z"),
        "conditions": [on("low", fixed(600.0)), on("high", fixed(300.0))],
        "interfaces": [
            interface("one", "b", "a", contact(thermal=0.01)),
            interface("two", "b", "c", contact(thermal=0.04)),
        ],
    }
    q = 300.0 / (0.22 / 5.0 + 0.05)
    return Posed(case, 600.0 - q * (0.02 + 0.01), lambda answer: answer.between("a", "b")[1], 300.0)


def _jumps():
    """One cell a layer: behind an insulator a second cell of a conductor would differ from the first by less than its
    last digit."""
    conductivities = (1e-6, 1e6, 1e-2, 1e3, 1e-5, 1e5, 1e-3)
    stack = [(f"layer {i}", f"m{i}", 0.1) for i in range(7)]
    materials = {f"m{i}": material(k=k) for i, k in enumerate(conductivities)}
    case = _wall(stack, [on("low", fixed(1000.0)), on("high", fixed(300.0))], materials, cut((1,) * 7, 2, 3))
    resistances = 0.1 / np.array(conductivities)
    return case, resistances, 700.0 / resistances.sum()


@check("thermal", "jumps of 1e12", SERIES, "W", 1e-8)
def jumps_heat(n):
    """Seven layers, conductivities 1e-6 to 1e6 W/m/K: heat"""
    case, _, q = _jumps()
    return Posed(case, 0.49 * q, lambda answer: answer.loss("high"))


@check("thermal", "jumps of 1e12", SERIES, "K", 1e-8)
def jumps_joint(n):
    """Seven layers, conductivities 1e-6 to 1e6 W/m/K: temperature of the fourth joint"""
    case, resistances, q = _jumps()
    return Posed(
        case, 1000.0 - q * resistances[:4].sum(), lambda answer: answer.between("layer 3", "layer 4")[0], 700.0
    )


@check("thermal", "jumps of 1e12", "resistances in parallel", "W", 1e-9)
def jumps_beside(n):
    """Three strips side by side, conductivities 1e-6, 1e6 and 1 W/m/K: heat through all"""
    strips = [("a", 1e-6, 0.3), ("b", 1e6, 0.1), ("c", 1.0, 0.6)]
    case = {
        "physics": THERMAL,
        "boxes": [{**strip, "x": ["0 m", "0.2 m"]} for strip in layers(*[(s, s, w) for s, _, w in strips], axis="y")],
        "materials": {name: material(k=k) for name, k, _ in strips},
        "mesh": cut(4, (3, 2, 2)),
        "surfaces": [surface("low", "*", "x-"), surface("high", "*", "x+")],
        "conditions": [on("low", fixed(320.0)), on("high", fixed(300.0))],
    }
    return Posed(case, 100.0 * sum(k * w for _, k, w in strips), lambda answer: answer.loss("high"))


@check("thermal", "surface laws", BALANCE, "K", 1e-10)
def surface_radiating(n):
    """A prescribed heat flux radiated by a grey surface: temperature of the surface"""
    stack, q = [("plate", "m", 0.03)], 42e3
    case = _wall(stack, [on("low", flux(q)), on("high", radiation(0.8, 310.0))], {"m": material(k=20.0)}, cut(3))
    return Posed(case, (q / (0.8 * SIGMA) + 310.0**4) ** 0.25, lambda answer: answer.surface_temperature("high"), 600.0)


@check("thermal", "surface laws", BALANCE, "K", 1e-10)
def surface_heated(n):
    """A prescribed heat flux radiated by a grey surface: temperature of the heated surface"""
    stack, q = [("plate", "m", 0.03)], 42e3
    case = _wall(stack, [on("low", flux(q)), on("high", radiation(0.8, 310.0))], {"m": material(k=20.0)}, cut(3))
    exact = (q / (0.8 * SIGMA) + 310.0**4) ** 0.25 + q * 0.03 / 20.0
    return Posed(case, exact, lambda answer: answer.surface_temperature("low"), 600.0)


@check("thermal", "surface laws", BALANCE, "W", 1e-10)
def surface_two_laws(n):
    """Convection and radiation, to surroundings of different temperature, behind a wall: heat"""
    stack = [("wall", "m", 0.15)]
    case = _wall(
        stack,
        [on("low", fixed(1100.0)), on("high", convection(9.0, 330.0), radiation(0.6, 290.0))],
        {"m": material(k=1.1)},
        cut(2),
    )

    def surplus(T):
        return 1.1 / 0.15 * (1100.0 - T) - 9.0 * (T - 330.0) - 0.6 * SIGMA * (T**4 - 290.0**4)

    T = brentq(surplus, 290.0, 1100.0, xtol=1e-12)
    return Posed(case, 0.49 * 1.1 / 0.15 * (1100.0 - T), lambda answer: answer.loss("high"))


@check("thermal", "surface laws", BALANCE, "K", 1e-10)
def surface_half_seen(n):
    """A prescribed heat flux, radiated by a surface that sees a third of its surroundings: temperature of the
    surface"""
    seen = {**radiation(0.8, 310.0), "view_factor": 0.35}
    case = _wall([("plate", "m", 0.03)], [on("low", flux(9e3)), on("high", seen)], {"m": material(k=20.0)}, cut(3))
    return Posed(
        case, (9e3 / (0.28 * SIGMA) + 310.0**4) ** 0.25, lambda answer: answer.surface_temperature("high"), 600.0
    )


@check("thermal", "composite walls", SERIES, "W", 1e-10)
def wall_thinner_than_drawn(n):
    """Rod drawn with 2.5 times its section, its conductivity a table constant outside its range, before an adiabatic
    side: heat"""
    filling = material(k=((500.0, 600.0), (5.0, 5.0))) | {"area_factor": 0.4}
    case = _wall(
        [("rod", "m", 0.5)], [on("low", fixed(400.0)), on("high", convection(20.0, 300.0))], {"m": filling}, cut(4)
    )
    return Posed(case, 0.49 * 100.0 / (0.5 / 2.0 + 1 / 20.0), lambda answer: answer.loss("high"))


@check(
    "thermal",
    "surface laws",
    "NAFEMS, Selected benchmarks for thermal analysis, test T2 (1-D radiation): 927.0 K at B",
    "K",
    1e-4,
)
def nafems_t2(n):
    """Bar with one end at 1000 K that radiates at the other to 300 K: temperature of the free end, published to 0.1
    K"""
    case = _wall(
        [("bar", "m", 0.1)],
        [on("low", fixed(1000.0)), on("high", radiation(0.98, 300.0))],
        {"m": material(k=55.6)},
        cut(10),
    )
    return Posed(case, 927.0, lambda answer: answer.surface_temperature("high"), 700.0)


@check("thermal", "surface laws", f"{BALANCE}; NAFEMS T2", "K", 1e-10)
def nafems_t2_sharp(n):
    """The same, against the root of its surface balance"""
    case = nafems_t2.pose(n).case
    T = brentq(lambda T: 556.0 * (1000.0 - T) - 0.98 * SIGMA * (T**4 - 300.0**4), 300.0, 1000.0, xtol=1e-12)
    return Posed(case, T, lambda answer: answer.surface_temperature("high"), 700.0)


def _varying(n):
    """k = 2 + 0.004 (T − 300) between 300 and 1300 K, stated as a table of two points."""
    return _wall(
        [("wall", "m", 0.2)],
        [on("low", fixed(1300.0)), on("high", fixed(300.0))],
        {"m": material(k=((300.0, 1300.0), (2.0, 6.0)))},
        cut(n),
    )


@check("thermal", "temperature-dependent conductivity", KIRCHHOFF, "W", 3e-9)
def kirchhoff_heat(n):
    """Wall with k increasing from 2 to 6 W/m/K: heat"""
    return Posed(_varying(5), 0.49 * 4.0 * 1000.0 / 0.2, lambda answer: answer.loss("high"))


@check("thermal", "temperature-dependent conductivity", KIRCHHOFF, "K", 3e-9)
def kirchhoff_middle(n):
    """Wall with k increasing from 2 to 6 W/m/K: temperature of the middle plane"""
    # The integral of k from 300 K to T is half of 4000 W/m: 2 s + 0.002 s² = 2000, s = T − 300.
    exact = 300.0 + (-2.0 + np.sqrt(4.0 + 0.008 * 2000.0)) / 0.004
    return Posed(_varying(4), exact, lambda answer: answer.across("x", 0.1), 1000.0)


@check("thermal", "temperature-dependent conductivity", KIRCHHOFF, "K", 3e-9)
def kirchhoff_joint(n):
    """Two layers of which one varies, with a contact between: temperature behind the contact"""
    stack = [("hot", "a", 0.1), ("cold", "b", 0.1)]
    case = _wall(
        stack,
        [on("low", fixed(1300.0)), on("high", fixed(300.0))],
        {"a": material(k=((300.0, 1300.0), (2.0, 6.0))), "b": material(k=1.7)},
        cut((3, 1)),
        interfaces=[interface("gap", "hot", "cold", contact(thermal=0.02))],
    )

    def surplus(T):
        return (2.0 * (1300.0 - T) + 0.002 * ((1300.0 - 300.0) ** 2 - (T - 300.0) ** 2)) / 0.1 - (T - 300.0) / (
            0.02 + 0.1 / 1.7
        )

    q = (brentq(surplus, 300.0, 1300.0, xtol=1e-12) - 300.0) / (0.02 + 0.1 / 1.7)
    return Posed(case, 300.0 + q * 0.1 / 1.7, lambda answer: answer.between("hot", "cold")[1], 1000.0)


@check("thermal", "temperature-dependent conductivity", KIRCHHOFF, "W", 3e-9)
def kirchhoff_table(n):
    """Wall with k from a table of four points, falling and rising: heat"""
    points, values = (300.0, 500.0, 800.0, 1300.0), (10.0, 4.0, 3.0, 9.0)
    case = _wall(
        [("wall", "m", 0.2)],
        [on("low", fixed(1300.0)), on("high", fixed(300.0))],
        {"m": material(k=(points, values))},
        cut(7),
    )
    return Posed(case, 0.49 * (7.0 * 200.0 + 3.5 * 300.0 + 6.0 * 500.0) / 0.2, lambda answer: answer.loss("high"))
