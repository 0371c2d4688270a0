"""Current through conductors in series and in parallel, contacts, terminals, bodies without a terminal of their own."""

import numpy as np

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    ELECTRIC,
    box,
    contact,
    cut,
    ends,
    fed,
    film,
    held,
    interface,
    layers,
    material,
    surface,
)

OHM = "resistances in series and parallel"


def _stack(stack, terminals, mesh, axis="x", **more):
    """Case of layers (name, σ [S/m], thickness [m]), 0.7 m wide, with surfaces `low` and `high`."""
    return {
        "physics": ELECTRIC,
        "boxes": layers(*[(name, name, d) for name, _, d in stack], axis=axis, side=0.7),
        "materials": {name: material(sigma) for name, sigma, _ in stack},
        "mesh": mesh,
        "surfaces": ends(stack[0][0], stack[-1][0], axis),
        "terminals": terminals,
        **more,
    }


def _resistance(stack):
    return sum(d / sigma for _, sigma, d in stack) / 0.49


PLAIN = [("rod", 3e6, 0.4), ("carbon", 3e4, 0.3), ("bath", 180.0, 0.05)]


@check("electric", "series", OHM, "A", 1e-10)
def series_current(n):
    """Three layers between known potentials: current"""
    case = _stack(PLAIN, [held("low", 3.0), held("high", 0.5)], cut((4, 3, 2), 2))
    return Posed(case, 2.5 / _resistance(PLAIN), lambda a: a.current("low"))


@check("electric", "series", OHM, "V", 1e-10)
def series_potential(n):
    """Three layers supplied with a current, along z: potential of the terminal"""
    case = _stack(PLAIN, [fed("low", 9000.0), held("high", -0.5)], cut(1, 2, (4, 3, 2)), axis="z")
    return Posed(case, 9000.0 * _resistance(PLAIN) - 0.5, lambda a: a.potential("low"))


@check("electric", "series", OHM, "V", 1e-10)
def series_part(n):
    """Three layers supplied with a current: voltage part of the second"""
    case = _stack(PLAIN, [fed("low", 9000.0), held("high", 0.0)], cut((4, 3, 2)))
    return Posed(case, 9000.0 * 0.3 / 3e4 / 0.49, lambda a: a.part("carbon"))


@check("electric", "series", OHM, "W", 1e-9)
def series_power(n):
    """Three layers supplied with a current, cooled: Joule heat of all, as the heat balance sees it"""
    case = _stack(PLAIN, [fed("low", 9000.0), held("high", 0.0)], cut((4, 3, 2)))
    case |= {
        "physics": {},
        "conditions": [{"on": ["high"], "laws": [{"kind": "fixed_temperature", "temperature": "300 K"}]}],
    }
    return Posed(case, 9000.0**2 * _resistance(PLAIN), lambda a: a.loss("high"))


@check("electric", "jumps of 1e12", OHM, "A", 1e-8)
def series_jumps(n):
    """Seven layers, conductivities 1e-6 to 1e6 S/m, one cell per layer: current"""
    stack = [(f"layer {i}", sigma, 0.1) for i, sigma in enumerate((1e-6, 1e6, 1e-2, 1e3, 1e-5, 1e5, 1e-3))]
    case = _stack(stack, [held("low", 4.0), held("high", 0.0)], cut((1,) * 7, 3, 2))
    return Posed(case, 4.0 / _resistance(stack), lambda a: a.current("low"))


@check("electric", "jumps of 1e12", OHM, "V", 1e-10)
def series_jump_fine(n):
    """Insulator of 1e-6 S/m on a conductor of 1e6 S/m that is grounded, many cells: voltage part of the conductor"""
    stack = [("insulator", 1e-6, 0.01), ("conductor", 1e6, 0.5)]
    case = _stack(stack, [held("low", 4.0), held("high", 0.0)], cut((6, 9), 2))
    return Posed(case, 4.0 * 0.5 / 1e6 / 0.49 / _resistance(stack), lambda a: a.part("conductor"))


@check("electric", "contacts", OHM, "V", 1e-10)
def contact_part(n):
    """Contact and film in series between two conductors: the voltage part of their interface"""
    laws = [contact(electric=8e-6), film(3e-5)]
    case = _stack(
        PLAIN,
        [fed("low", 9000.0), held("high", 0.0)],
        cut((4, 3, 2)),
        interfaces=[interface("joint", "rod", "carbon", *laws)],
    )
    return Posed(case, 9000.0 * 3.8e-5 / 0.49, lambda a: a.part("joint"))


@check("electric", "contacts", OHM, "A", 1e-10)
def contact_current(n):
    """Two joints stated from either side: current"""
    joints = [
        interface("one", "carbon", "rod", contact(electric=8e-5)),
        interface("two", "carbon", "bath", contact(electric=2e-5)),
    ]
    case = _stack(PLAIN, [held("low", 1.0), held("high", 0.0)], cut((4, 3, 2)), interfaces=joints)
    return Posed(case, 1.0 / (_resistance(PLAIN) + 1e-4 / 0.49), lambda a: a.current("low"))


@check("electric", "contacts", OHM, "V", 1e-10)
def contact_facing_down(n):
    """Block in a bath on five sides, a film only where it faces down, the sides left open: voltage"""
    boxes = [
        box("bath", "bath", (0.0, 1.0), (0.0, 1.0), (0.0, 0.2)),
        box("block", "metal", (0.0, 1.0), (0.0, 1.0), (0.2, 0.5)),
        box("cover", "bath", (0.0, 1.0), (0.0, 1.0), (0.5, 0.6)),
    ]
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"bath": material(200.0), "metal": material(1e6)},
        "mesh": cut(1, 2, (3, 3, 2)),
        "surfaces": [surface("top", "cover", "z+"), surface("bottom", "bath", "z-")],
        "terminals": [fed("top", 500.0), held("bottom", 0.0)],
        "interfaces": [interface("layer", "block", "*", film(1e-4, facing="down"))],
    }
    return Posed(case, 500.0 * (0.3 / 200.0 + 0.3 / 1e6 + 1e-4), lambda a: a.potential("top"))


@check("electric", "terminals", OHM, "V", 1e-10)
def terminal_resistances(n):
    """Resistance at a surface and ahead of the terminal: potential outside both"""
    terminals = [
        fed("low", 9000.0, surface_resistance=2e-6, external_resistance=7e-6),
        held("high", 0.0, surface_resistance=3e-6),
    ]
    case = _stack(PLAIN, terminals, cut((4, 3, 2), 2, 3))
    return Posed(case, 9000.0 * (_resistance(PLAIN) + 12e-6), lambda a: a.potential("low"))


def _branches():
    """Five anodes of different length and contact, side by side on one bath, the bath so thin that it joins nothing."""
    lengths, joints = (0.3, 0.4, 0.5, 0.6, 0.7), (1e-6, 5e-6, 1e-5, 2e-6, 0.0)
    boxes = [
        box(f"anode {i}", "anode", (0.2 * i, 0.2 * i + 0.15), (0.0, 0.5), (0.0, length))
        for i, length in enumerate(lengths)
    ]
    boxes += [box(f"pad {i}", "pad", (0.2 * i, 0.2 * i + 0.15), (0.0, 0.5), (-0.1, 0.0)) for i in range(5)]
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"anode": material(2e4), "pad": material(5e3)},
        "mesh": {"size": "0.05 m"},
        "surfaces": [surface("beam", "anode *", "z+"), surface("floor", "pad *", "z-")],
        "terminals": [fed("beam", 4000.0), held("floor", 0.0)],
        "interfaces": [
            interface(f"joint {i}", f"anode {i}", f"pad {i}", contact(electric=r)) for i, r in enumerate(joints)
        ],
    }
    return case, np.array([length / 2e4 + 0.1 / 5e3 + r for length, r in zip(lengths, joints, strict=True)]) / (
        0.15 * 0.5
    )


@check("electric", "parallel", OHM, "V", 1e-10)
def parallel_voltage(n):
    """Five unequal anodes in parallel: voltage"""
    case, resistances = _branches()
    return Posed(case, 4000.0 / np.sum(1 / resistances), lambda a: a.potential("beam"))


@check("electric", "parallel", OHM, "A", 1e-10)
def parallel_share(n):
    """Five unequal anodes in parallel: current of the third"""
    case, resistances = _branches()
    for number, part in enumerate(case["boxes"][:5]):
        part["anode"] = f"{number}"
    case["interfaces"] = [
        {**joint, "laws": [*joint["laws"], {"kind": "equilibrium", "potential": "0 V"}]} for joint in case["interfaces"]
    ]
    exact = 4000.0 / resistances[2] / np.sum(1 / resistances)
    return Posed(case, exact, lambda a: a.report["anodes"]["list"][2]["current_A"])


@check("electric", "parallel", "Kirchhoff's laws of a star", "A", 1e-9)
def star(n):
    """Three terminals at known potentials on three strips of different width in a row: current of the middle one"""
    boxes = [
        box("left", "m", (0.0, 1.0)),
        box("hub", "hub", (1.0, 1.001)),
        box("right", "m", (1.001, 3.001)),
        box("up", "m", (1.0, 1.001), (1.0, 1.5)),
    ]
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"m": material(1e3), "hub": material(1e14)},
        "mesh": cut((5, 1, 4), (2, 3)),
        "surfaces": [surface("a", "left", "x-"), surface("b", "right", "x+"), surface("c", "up", "y+")],
        "terminals": [held("a", 5.0), held("b", 1.0), held("c", 2.0)],
    }
    conductances = np.array([1e3 / 1.0, 1e3 / 2.0, 1e3 * 0.001 / 0.5])
    middle = np.sum(conductances * [5.0, 1.0, 2.0]) / conductances.sum()
    return Posed(case, conductances[2] * (2.0 - middle), lambda a: a.current("c"))


@check("electric", "floating bodies", "symmetry: the mean of both electrodes", "V", 1e-9)
def floating_probe(n):
    """Electrode without net current on the side of a trough, half way: its potential"""
    case = {
        "physics": ELECTRIC,
        "boxes": [box("bath", "bath", (-1.0, 1.0), (0.0, 0.5))],
        "materials": {"bath": material(150.0)},
        "mesh": {"size": "0.05 m", "size_z": "1 m", "planes_x": ["-0.25 m", "0.25 m"], "merge_distance": "0 m"},
        "surfaces": [
            surface("low", "bath", "x-"),
            surface("high", "bath", "x+"),
            surface("probe", "bath", "y+", x=(-0.25, 0.25)),
        ],
        "terminals": [held("low", 3.0), held("high", -1.0), fed("probe", 0.0)],
    }
    return Posed(case, 1.0, lambda a: a.potential("probe"), 4.0)


@check("electric", "floating bodies", OHM, "V", 1e-9)
def bipolar_plate(n):
    """Bipolar plate between two baths, a linear film on both of its faces: cell voltage"""
    stack = [("anode side", 200.0, 0.03), ("plate", 1e6, 0.01), ("cathode side", 180.0, 0.02)]
    joints = [
        interface("anodic", "plate", "cathode side", film(2e-5)),
        interface("cathodic", "anode side", "plate", film(3e-5)),
    ]
    case = _stack(stack, [fed("low", 2000.0), held("high", 0.0)], cut((3, 1, 2)), interfaces=joints)
    return Posed(case, 2000.0 * (_resistance(stack) + 5e-5 / 0.49), lambda a: a.potential("low"))


def _two_ways(second, **more):
    """A strip of 0.4 m beside one of 0.3 m, 2e4 S/m each, 1 m long, on one terminal each end."""
    boxes = [box("one", "m", (0.0, 1.0), (0.0, 0.4)), box("two", second, (0.0, 1.0), (0.4, 0.7), **more)]
    return {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"m": material(2e4)},
        "mesh": cut(5, (3, 2)),
        "surfaces": [
            surface("low", "one", "x-"),
            surface("high", "one", "x+"),
            surface("end", "*", "x+", y=(0.4, 0.7)),
        ],
        "terminals": [held("low", 0.1), held("high", 0.0)],
    }


@check("electric", "insulation", OHM, "A", 1e-10)
def excluded_region(n):
    """Conductor taken out of the electric domain next to one that is in it: current"""
    return Posed(_two_ways("m", electric=False), 2e4 * 0.1 * 0.4, lambda a: a.current("low"))


@check("electric", "insulation", OHM, "A", 1e-10)
def insulated_joint(n):
    """Two strips side by side with insulation between, one of them at a potential of its own: current of the other"""
    case = _two_ways("m")
    case["terminals"].append(held("end", 5.0))
    case["interfaces"] = [interface("sleeve", "two", "one", {"kind": "insulation"})]
    return Posed(case, 2e4 * 0.1 * 0.4, lambda a: a.current("low"))


@check("electric", "series", OHM, "A", 1e-10)
def scaled_section(n):
    """Rod drawn with 2.5 times its section, its resistivity from a table between two points: current"""
    table = {"temperature": ["300 K", "500 K"], "value": [1e-6, 3e-6]}
    case = _stack([("rod", 1.0, 0.4)], [held("low", 0.1), held("high", 0.0)], cut(3)) | {
        "physics": ELECTRIC | {"temperature": "350 K"}
    }
    case["materials"]["rod"] = {"thermal_conductivity": "1 W/m/K", "electrical_resistivity": table, "area_factor": 0.4}
    return Posed(case, 0.4 * 0.1 * 0.49 / (1.5e-6 * 0.4), lambda a: a.current("low"))


@check("electric", "symmetry", OHM, "V", 1e-10)
def quarter_model(n):
    """A quarter of a bar with resistances at its end and ahead of it, supplied with the current of the whole:
    potential"""
    case = {
        "physics": ELECTRIC,
        "boxes": [box("bar", "m", (-0.5, 0.5), (-0.3, 0.3), (0.0, 2.0))],
        "materials": {"m": material(1e4)},
        "mesh": cut(3, 2, 5) | {"symmetry": ["x", "y"]},
        "surfaces": [surface("top", "bar", "z+"), surface("bottom", "bar", "z-")],
        "terminals": [fed("top", 800.0, external_resistance=1e-4, surface_resistance=3e-4), held("bottom", 0.0)],
    }
    return Posed(case, 800.0 * (2.0 / (1e4 * 0.6) + 4e-4), lambda a: a.potential("top"))


IDEAL = {"thermal_conductivity": "1 W/m/K", "ideal_conductor": True}


@check("electric", "ideal conductors", OHM, "V", 1e-10)
def ideal_in_series(n):
    """Three layers, the middle one an ideal conductor behind a contact, supplied with a current: potential of the
    terminal"""
    case = _stack(
        PLAIN,
        [fed("low", 9000.0), held("high", 0.0)],
        cut((4, 3, 2), 2),
        interfaces=[interface("joint", "rod", "carbon", contact(electric=2e-6))],
    )
    case["materials"]["carbon"] = IDEAL
    return Posed(case, 9000.0 * (0.4 / 3e6 + 2e-6 + 0.05 / 180.0) / 0.49, lambda a: a.potential("low"))


@check("electric", "ideal conductors", OHM, "A", 1e-10)
def ideal_short(n):
    """Bars of steps (1 and 3 wide) side by side whose ends an ideal conductor joins, in two places: current"""
    # Above and below the joint two bars of 200 and 50 S/m in parallel, of which the joint shares out the current anew.
    upper, lower = (200.0 * 1.0 + 50.0 * 3.0) / 0.5, (50.0 * 1.0 + 200.0 * 3.0) / 0.8
    boxes = [
        box("a", "good", (0.0, 1.0), z=(0.9, 1.4)),
        box("b", "poor", (1.0, 4.0), z=(0.9, 1.4)),
        box("joint", "ideal", (0.0, 4.0), z=(0.8, 0.9)),
        box("c", "poor", (0.0, 1.0), z=(0.0, 0.8)),
        box("d", "good", (1.0, 4.0), z=(0.0, 0.8)),
    ]
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"good": material(200.0), "poor": material(50.0), "ideal": IDEAL},
        "mesh": {"size": "0.2 m"},
        "surfaces": [
            surface("up", "a", "z+"),
            surface("beside", "b", "z+"),
            surface("down", "c", "z-"),
            surface("under", "d", "z-"),
        ],
        "terminals": [held("top", 2.0, ["up", "beside"]), held("foot", 0.0, ["down", "under"])],
    }
    return Posed(case, 2.0 / (1.0 / upper + 1.0 / lower), lambda a: a.current("top"))
