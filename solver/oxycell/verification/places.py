"""Films, interfaces and integrals on a part of what regions share: by location and orientation."""

import numpy as np
from scipy.constants import R, physical_constants

from oxycell.verification import curved
from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    box,
    contact,
    cut,
    ends,
    fed,
    film,
    fixed,
    held,
    interface,
    layers,
    lump,
    material,
    on,
    rest,
    tafel,
)

PARALLEL = "resistances in series, in two bars side by side"


def _bars(**more):
    """Two bars 0.3 and 0.5 m wide of the same two regions, 900 K at one end and 400 K at the other; contact of 0.03 in
    the first only."""
    boxes = [
        box(name, "m", x, y) for y in ((0.0, 0.3), (0.5, 1.0)) for name, x in (("a", (0.0, 0.2)), ("b", (0.2, 0.3)))
    ]
    here = {"y": ["0 m", "0.3 m"]}
    return {
        "physics": THERMAL,
        "boxes": boxes,
        "materials": {"m": material(k=4.0)},
        "mesh": cut((3, 2), (2, 1, 2)),
        "surfaces": ends("a", "b"),
        "interfaces": [
            interface("here", "a", "b", contact(thermal=0.03), where=here),
            interface("there", "a", "b", contact(thermal=0.1)),
        ],
        "conditions": [on("low", fixed(900.0)), on("high", fixed(400.0))],
        **more,
    }


FIRST, SECOND = 0.3 * 500.0 / (0.3 / 4.0 + 0.03), 0.5 * 500.0 / (0.3 / 4.0 + 0.1)


@check("thermal", "places", PARALLEL, "W", 1e-10)
def interface_by_place(n):
    """Contact between two regions that differs from place to place: heat"""
    return Posed(_bars(), FIRST + SECOND, lambda a: a.loss("high"))


@check("thermal", "places", PARALLEL, "W", 1e-10)
def integral_by_place(n):
    """The same: heat from the one region into the other in one place"""
    case = _bars(integrals=[{"name": "sum", "between": ["b", "a"], "where": {"y": ["0.5 m", "1 m"]}}])
    return Posed(case, -SECOND, lambda a: a.integral("sum")["first"]["heat_W"])


@check("thermal", "places", "linear in each bar", "K", 1e-10)
def mean_by_place(n):
    """The same: mean temperature of a part of a region"""
    case = _bars(integrals=[{"name": "sum", "regions": ["a"], "where": {"y": ["0 m", "0.4 m"]}}])
    return Posed(case, 900.0 - FIRST / 0.3 * 0.1 / 4.0, lambda a: a.integral("sum")["temperature_K"]["mean"], 500.0)


def _case_of(axis):
    """Pool within one body: a film of 90 W/m²/K on one end across an axis, of 35 on the other, body 0.3 and 0.1 m thick
    there."""
    ways = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    ways[0]["xyz".index(axis)], ways[1]["xyz".index(axis)] = 1.0, -1.0
    if axis == "z":
        ways = ["up", "down"]
    films = [{"on": ["wall"], "where": {"facing": way}, "coefficient": f"{h} W/m2/K", "path": path}
             for way, h, path in zip(ways, (90, 35), ("from_hot", "to_cold"), strict=True)]  # fmt: skip
    counts = {name: (3, 4, 2) if name == axis else 1 for name in "xyz"}
    stack = layers(("wall", "m", 0.3), ("pool", "n", 0.5), ("wall", "m", 0.1), axis=axis, side=0.7)
    return {
        "physics": THERMAL,
        "boxes": stack,
        "materials": {"m": material(k=2.0), "n": material(k=1.0)},
        "mesh": cut(**counts),
        "surfaces": ends("wall", "wall", axis),
        "conditions": [on("low", fixed(1400.0)), on("high", fixed(400.0))],
        "lumps": [lump("pool", {}, films_at=films)],
    }


FACED = 1000.0 / (0.15 + 1 / 90.0 + 1 / 35.0 + 0.05)


@check("thermal", "places", "resistances in series", "K", 1e-10)
def film_facing_up(n):
    """Pool within one body, a film on faces that face up and another on faces that face down: temperature of the
    pool"""
    return Posed(_case_of("z"), 1400.0 - FACED * (0.15 + 1 / 90.0), lambda a: a.lump("pool"), 1000.0)


@check("thermal", "places", "resistances in series", "W", 1e-10)
def film_facing_a_vector(n):
    """The same along y, the ways given by vectors: heat of the pool to one side, as reported by path"""
    return Posed(_case_of("y"), 0.49 * FACED, lambda a: a.report["heat"]["pool_W"]["to_cold"])


@check("thermal", "places", "resistances in series", "W", 1e-10)
def integral_facing(n):
    """The same along x: heat out of all of the body's surface that faces against the axis"""
    case = _case_of("x")
    case["surfaces"].append({"name": "all", "of": "wall"})
    case["integrals"] = [
        {"name": "sum", "surfaces": ["all"], "where": {"facing": [-2.0, 0.0, 0.0], "within": "30 deg"}}
    ]
    return Posed(case, -0.49 * FACED, lambda a: a.integral("sum")["heat_W"])


@check("thermal", "places", "half of a quarter round, by symmetry", "1", 1e-9)
def integral_facing_curved(n):
    """A quarter of a pipe from a mesh file: share of its heat that leaves where its outside faces within 45 degrees of
    the x axis"""
    conditions = [on("inner", fixed(400.0)), on("outer", fixed(300.0))]
    part = {"name": "sum", "surfaces": ["outer"], "where": {"facing": [1.0, 0.0, 0.0], "within": "45 deg"}}
    case = curved._body(THERMAL, material(k=2.0), conditions=conditions, integrals=[part])
    return Posed(case, 0.5, lambda a: a.integral("sum")["heat_W"] / a.loss("outer"), mesh_file=curved._cylinder(8))


def _plating():
    """Electrodes of one region above and below a bath, 0.49 m², 900 A upwards; Tafel where they look up, a film where
    the bath does."""
    up = {"facing": "up"}
    return {
        "physics": ELECTRIC | {"temperature": "1100 K"},
        "boxes": layers(("c", "c", 0.1), ("bath", "bath", 0.05), ("c", "c", 0.1), axis="z", side=0.7),
        "materials": {"c": material(1e5), "bath": material(200.0)},
        "mesh": cut(1, 2, (2, 3, 2)),
        "surfaces": ends("c", "c", "z"),
        "terminals": [fed("low", 900.0), held("high", 0.0)],
        "interfaces": [
            interface("foot", "c", "bath", rest(1.5), tafel(20.0, number=0.5), contact(electric=1e-5), where=up),
            interface("head", "bath", "c", film(4e-5), where=up | {"x": ["0 m", "0.7 m"]}),
        ],
    }  # fmt: skip


_OVER = R * 1100.0 / (0.5 * physical_constants["Faraday constant"][0]) * np.log(900.0 / 0.49 / 20.0)


@check("electric", "places", "sum of the laws, each implemented independently", "V", 1e-9)
def interface_facing(n):
    """Electrodes of one region below and above a bath, laws by the way they face, out of the first region: cell
    voltage"""
    exact = 1.5 + _OVER + 900.0 / 0.49 * (5e-5 + 0.2 / 1e5 + 0.05 / 200.0)
    return Posed(_plating(), exact, lambda a: a.potential("low"))


@check("electric", "equilibrium potentials", "the law itself, implemented independently", "V", 1e-10)
def overpotential_apart(n):
    """The same: overpotential of the lower electrode, apart from its equilibrium potential and its contact"""
    return Posed(_plating(), _OVER, lambda a: a.report["voltage"]["interfaces"]["foot"]["overpotential_V"])


@check("electric", "equilibrium potentials", "what is stated", "V", 1e-10)
def rest_apart(n):
    """The same: equilibrium potential there, as a part of the voltage without a process"""
    return Posed(_plating(), 1.5, lambda a: a.part("reversible"))


@check("electric", "equilibrium potentials", "R″J", "V", 1e-10)
def part_of_a_law(n):
    """The same: what a law states as its part, in a case without a process"""
    case = _plating()
    case["interfaces"][1]["laws"][0]["part"] = "scale"
    return Posed(case, 900.0 / 0.49 * 4e-5, lambda a: a.part("scale"))
