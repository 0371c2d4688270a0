"""Problems with a singular edge: the order of convergence is that of the edge's exponent, from 0.6 to 4/3, or h² ln
h."""

import numpy as np

from benchmarks.coverage.conformal import constriction, edge_percentile, floor_strips, l_shape
from benchmarks.coverage.known import Posed, borrowed, known
from oxycell.verification import plates
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    box,
    cut,
    fed,
    fixed,
    held,
    interface,
    material,
    on,
    rest,
    surface,
)

MAP = "conformal map (Schwarz–Christoffel, Nehari 1952, ch. VI)"
KIND = "singular edge"


def l_case(n, foot, thick, neck, high, first, second, unit=0.25):
    """An L of σ = 200 S/m, 1 m deep, cells of `unit`/n: boxes `foot`, `corner`, `head`; `first` and `second`, lists of
    (box, side)."""
    boxes = [
        box("corner", "m", (0.0, neck), (0.0, thick)),
        box("foot", "m", (neck, foot), (0.0, thick)),
        box("head", "m", (0.0, neck), (thick, high)),
    ]
    counts = [round(length / unit * n) for length in (neck, foot - neck, thick, high - thick)]
    stated = []
    for name, faces in (("first", first), ("second", second)):
        stated += [surface(f"{name} {i}", region, side) for i, (region, side) in enumerate(faces)]
    names = [[f"{name} {i}" for i in range(len(faces))] for name, faces in (("first", first), ("second", second))]
    return {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"m": material(200.0)},
        "mesh": cut(tuple(counts[:2]), tuple(counts[2:])),
        "surfaces": stated,
        "terminals": [held("first", 1.5, names[0]), held("second", 0.0, names[1])],
    }


@known(KIND, MAP, bases=(2, 3))
def bend_of_unequal_arms(n):
    """Current round a corner from an arm 0.5 m to one 1 m wide; re-entrant corner, order 4/3"""
    case = l_case(n, 2.0, 0.5, 1.0, 1.5, [("foot", "x+")], [("head", "y+")])
    return Posed(case, {"terminals.first.current_A": 300.0 * l_shape(2.0, 0.5, 1.0, 1.5, (1, 2), (4, 5))})


@known(KIND, MAP, bases=(2, 3))
def step_of_a_channel(n):
    """Current through a channel that narrows from 1 to 0.75 m; re-entrant corner, order 4/3"""
    case = l_case(n, 2.0, 0.75, 1.0, 1.0, [("foot", "x+")], [("corner", "x-"), ("head", "x-")])
    return Posed(case, {"terminals.first.current_A": 300.0 * l_shape(2.0, 0.75, 1.0, 1.0, (1, 2), (5, 0))})


@known(KIND, MAP, bases=(2, 3))
def plate_in_a_trough(n):
    """Quarter of a plate hung in a trough whose walls and floor are the other electrode; the plate's edge, order 4/3"""
    case = l_case(
        n,
        1.0,
        0.25,
        0.5,
        0.75,
        [("foot", "y+"), ("head", "x+")],
        [
            (
                "corner",
                "y-",
            ),
            ("foot", "y-"),
            ("corner", "x-"),
            ("head", "x-"),
        ],
    )
    return Posed(case, {"terminals.first.current_A": 300.0 * l_shape(1.0, 0.25, 0.5, 0.75, (2, 4), (5, 1))})


@known(KIND, MAP, bases=(2, 3))
def plate_over_a_pad(n):
    """Plate over a pad, conducting on its underside and its side, bath between; the plate's edge, order 4/3"""
    case = l_case(n, 1.5, 0.25, 0.5, 0.75, [("foot", "y+"), ("head", "x+")], [("corner", "y-"), ("foot", "y-")])
    return Posed(case, {"terminals.first.current_A": 300.0 * l_shape(1.5, 0.25, 0.5, 0.75, (2, 4), (0, 1))})


@known(KIND, MAP, bases=(4, 6))
def peak_at_a_plates_edge(n):
    """The same with a plate that is an anode: its current and peak current density (99th percentile), which has no
    bound at the edge"""
    case = l_case(n, 1.5, 0.25, 0.5, 0.75, [], [("corner", "y-"), ("foot", "y-")])
    case["boxes"].append(box("plate", "metal", (0.5, 1.5), (0.25, 0.75), anode="1"))
    case["materials"]["metal"] = material(1e12)
    case["surfaces"].append(surface("top", "plate", "x+"))
    case |= {
        "terminals": [held("top", 1.5), case["terminals"][1]],
        "interfaces": [interface("face", "plate", "*", rest(0.0))],
    }
    shape = 1.5, 0.25, 0.5, 0.75
    return Posed(
        case,
        {
            "terminals.top.current_A": 300.0 * l_shape(*shape, (2, 4), (0, 1)),
            "anodes.list.0.peak_current_density_A_m2": 300.0 * edge_percentile(*shape, 0.99),
        },
    )


@known(KIND, MAP, bases=(2, 3))
def insulated_plate_over_a_pad(n):
    """Plate over a pad whose side insulates: exponent 1/3 at its edge, order 2/3"""
    case = l_case(n, 1.5, 0.25, 0.5, 0.75, [("foot", "y+")], [("corner", "y-"), ("foot", "y-")])
    return Posed(case, {"terminals.first.current_A": 300.0 * l_shape(1.5, 0.25, 0.5, 0.75, (2, 3), (0, 1))})


@known(KIND, MAP, bases=(2, 3))
def heat_from_a_block(n):
    """Heat from the inner corner of a wall round a hot block, outer faces cold, a hot strip ends on insulation; orders
    4/3 and 1"""
    case = l_case(n, 1.0, 0.5, 0.5, 1.0, [], [])
    case |= {
        "physics": THERMAL,
        "materials": {"m": material(k=3.0)},
        "terminals": [],
        "surfaces": [surface("hot", "foot", "y+"), surface("hot too", "head", "x+"), surface("cold", "*", "y-", "x-")],
        "conditions": [on(["hot", "hot too"], fixed(900.0), path="in"), on("cold", fixed(400.0), path="out")],
    }
    return Posed(case, {"heat.losses.out": 1500.0 * l_shape(1.0, 0.5, 0.5, 1.0, (2, 4), (5, 1))})


def _strips(n, half, height, inner, unit):
    boxes = [
        box("left", "m", (-half, -inner), (0.0, height)),
        box("middle", "m", (-inner, inner), (0.0, height)),
        box("right", "m", (inner, half), (0.0, height)),
    ]
    side, middle = round((half - inner) / unit * n), round(2 * inner / unit * n)
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"m": material(150.0)},
        "mesh": cut((side, middle, side), round(height / unit * n)),
        "surfaces": [surface("anode", "left", "y-"), surface("cathode", "right", "y-")],
        "terminals": [held("anode", 2.0), held("cathode", 0.0)],
    }
    return Posed(case, {"terminals.anode.current_A": 300.0 * floor_strips(half, height, inner)})


@known(KIND, MAP, bases=(2, 3))
def strips_on_a_floor(n):
    """Two strip electrodes on the floor of a trough, a quarter of it each; exponent 1/2, order 1"""
    return _strips(n, 1.0, 0.5, 0.5, 0.25)


@known(KIND, MAP, bases=(2, 3))
def strips_close_together(n):
    """Two strip electrodes on a floor, an eighth of it between; exponent 1/2, order 1"""
    return _strips(n, 1.0, 0.75, 0.25, 0.25)


def _channel(n, share, unit):
    counts = (round(share / unit * n), round((1.0 - share) / unit * n))
    return {
        "boxes": [box("a", "m", (0.0, share), (0.0, 1.5)), box("b", "m", (share, 1.0), (0.0, 1.5))],
        "mesh": cut(counts, round(1.5 / unit * n)),
        "surfaces": [surface("strip", "a", "y-"), surface("far", "*", "y+")],
    }


MIXED = "(2/π) ln(1/sin(πa/2)) squares in addition to the channel (Sneddon 1966, Mixed Boundary Value Problems)"


@known(KIND, MIXED, bases=(2, 3))
def channel_onto_half(n):
    """Channel that ends on an electrode half as wide, current prescribed: voltage; order 1"""
    case = _channel(n, 0.5, 0.25) | {
        "physics": ELECTRIC,
        "materials": {"m": material(300.0)},
        "terminals": [held("far", 0.0), fed("strip", 100.0)],
    }
    return Posed(case, {"terminals.strip.potential_V": constriction(0.5, 1.5) / 3.0})


@known(KIND, MIXED, bases=(2, 3))
def wall_held_at_a_quarter(n):
    """Wall held at a temperature on a quarter of one side: heat; order 1"""
    case = _channel(n, 0.25, 0.25) | {
        "physics": THERMAL,
        "materials": {"m": material(k=3.0)},
        "conditions": [on("strip", fixed(350.0)), on("far", fixed(300.0))],
    }
    return Posed(case, {"heat.losses.far": 150.0 / constriction(0.25, 1.5)})


@known(KIND, f"the plane of the gap is at one potential, each side as: {MIXED}", bases=(2, 3))
def channel_with_a_baffle(n):
    """Channel half closed by a thin baffle: current; exponent 1/2 at its end, order 1"""
    boxes = [
        box(f"{side} {name}", "m", x, y)
        for name, y in (("open", (0.0, 0.5)), ("shut", (0.5, 1.0)))
        for side, x in (("left", (-1.5, 0.0)), ("right", (0.0, 1.5)))
    ]
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"m": material(300.0)},
        "mesh": cut((6 * n, 6 * n), (2 * n, 2 * n)),
        "surfaces": [surface("low", "*", "x-", x=(-1.6, -1.4)), surface("high", "*", "x+", x=(1.4, 1.6))],
        "interfaces": [interface("baffle", "left shut", "right shut", {"kind": "insulation"})],
        "terminals": [held("low", 1.0), held("high", 0.0)],
    }
    return Posed(case, {"terminals.low.current_A": 300.0 / (2.0 * constriction(0.5, 1.5))})


def _board(n, k, other):
    quarters = [
        box(f"{i}{j}", "a" if i == j else "b", (i * 0.5, 0.5 + i * 0.5), (j * 0.5, 0.5 + j * 0.5))
        for i in (0, 1)
        for j in (0, 1)
    ]
    case = {
        "physics": THERMAL,
        "boxes": quarters,
        "materials": {"a": material(k=k), "b": material(k=other)},
        "mesh": cut((n, n), (n, n)),
        "surfaces": [surface("low", "*", "x-"), surface("high", "*", "x+")],
        "conditions": [on("low", fixed(400.0)), on("high", fixed(300.0))],
    }
    return Posed(case, {"heat.losses.high": 100.0 * float(np.sqrt(k * other))})


DYKHNE = "√(k₁k₂) (Dykhne 1971, Sov. Phys. JETP 32, 63)"


@known(KIND, DYKHNE, bases=(4, 6))
def four_quarters(n):
    """Square of quarters of k = 1 and 4: heat; exponent (4/π) atan ½ at its middle, order 1.18"""
    return _board(n, 1.0, 4.0)


@known(KIND, DYKHNE, bases=(4, 6))
def four_unequal_quarters(n):
    """Square of quarters of k = 1 and 16: heat; exponent (4/π) atan ¼, order 0.62"""
    return _board(n, 1.0, 16.0)


square_source = borrowed(
    plates.spreading_square,
    KIND,
    "integrals.source.temperature_K.mean",
    (4, 12),
    2,
    integrals=[{"name": "source", "surfaces": ["top"]}],
)
thick_fin = borrowed(plates.fin_heat, KIND, "heat.losses.base", (1, 3))

PROBLEMS = (
    bend_of_unequal_arms,
    step_of_a_channel,
    plate_in_a_trough,
    plate_over_a_pad,
    peak_at_a_plates_edge,
    insulated_plate_over_a_pad,
    heat_from_a_block,
    strips_on_a_floor,
    strips_close_together,
    channel_onto_half,
    wall_held_at_a_quarter,
    channel_with_a_baffle,
    four_quarters,
    four_unequal_quarters,
    square_source,
    thick_fin,
)
