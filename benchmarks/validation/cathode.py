"""The shipped case `cathode-block` compared with the published model: three bars, three meshes, a study of inputs the
paper does not specify."""

import math

from scipy.optimize import brentq

import oxycell
from benchmarks.validation.comparison import EVENLY_LIKELY, against, published, study

CASE = "cathode-block"
BARS = {"160x160": (0.160, 0.160), "160x174": (0.160, 0.174), "174x174": (0.174, 0.174)}
"""Width and height [m] of the bar; the slot stays, so that cast iron gives way."""

BASE = "160x160"
BAR_LENGTH, BLOCK_END, FLOOR = 2.175, 1.835, -0.480  # m
MESHES = 1, 2, 3
"""`mesh.subdivisions`; the last has some half a million cells."""


def bar(name):
    """Changes of the case that make its bar this one."""
    width, height = BARS[name]
    section = {"x": [-width / 2, width / 2], "z": [FLOOR, FLOOR + height]}
    return {f"boxes.{box}.{axis}": _metres(extent) for box in (2, 3) for axis, extent in section.items()}


def overhang(length):
    """Changes that let the bar stand out of the block this far [m]; it keeps its length, so its inner end moves
    along."""
    inner, outer = BLOCK_END + length - BAR_LENGTH, BLOCK_END + length
    return {
        "boxes.1.y": _metres((inner, BLOCK_END)),
        "boxes.2.y": _metres((inner, BLOCK_END)),
        "boxes.3.y": _metres((BLOCK_END, outer)),
        "surfaces.5.y": _metres((BLOCK_END + 0.3, outer)),
    }


def resistivity(material, factor):
    """Changes that multiply the resistivity of a material of the case."""
    return {f"materials.{material}.electrical_anisotropy": [1.0 / factor] * 3}


def _film(condition, coefficient):
    return {f"conditions.{condition}.laws.0.coefficient": f"{coefficient!r} W/m2/K"}


def _contact(factor):
    return {f"interfaces.0.laws.{i}.resistance": f"{factor * value!r} uohm m2" for i, value in ((0, 8.0), (1, 4.0))}


def _metres(extent):
    return [f"{value!r} m" for value in extent]


INPUTS = {
    "grade: resistivity of graphitized blocks ± 15 % [M]": (
        resistivity("block", 0.85),
        resistivity("block", 1.15),
        1.0,
    ),
    "overhang of the bars 0.40 to 0.55 m [E]": (overhang(0.40), overhang(0.55), EVENLY_LIKELY),
    "resistivity of the bars ± 5 % [E]": (resistivity("bar", 0.95), resistivity("bar", 1.05), 1.0),
    "resistivity of cast iron ± 20 % [E]": (resistivity("cast_iron", 0.8), resistivity("cast_iron", 1.2), 1.0),
    "film at the bar's end, to the flexible, 20 to 100 W/m2/K [E]": (_film(5, 20.0), _film(5, 100.0), EVENLY_LIKELY),
    "film at the bar in air 15 to 40 W/m2/K [E]": (_film(4, 15.0), _film(4, 40.0), EVENLY_LIKELY),
    "film at the bar in the lining 0.1 to 10 W/m2/K [E]": (_film(3, 0.1), _film(3, 10.0), EVENLY_LIKELY),
    "film under the block 0.5 to 1.5 W/m2/K [E]": (_film(1, 0.5), _film(1, 1.5), EVENLY_LIKELY),
    "metal 950 to 970 °C [E]": (
        {"conditions.0.laws.0.fluid": "950 degC"},
        {"conditions.0.laws.0.fluid": "970 degC"},
        EVENLY_LIKELY,
    ),
    "top of the block bare of metal for 0 to 0.2 m at its end [E]": (
        {},
        {"surfaces.0.y": _metres((0.0, BLOCK_END - 0.2)), "mesh.planes_y": _metres((BLOCK_END - 0.2, 2.135))},
        EVENLY_LIKELY,
    ),
}
"""Inputs the paper does not specify: changes at the lower and upper bound, and what half the difference of the answers
counts."""

UNCOUNTED = {
    "contacts a quarter better or worse (the paper states them)": (_contact(0.75), _contact(1.25)),
    "graphitic block in place of the graphitized one": ({}, {"materials.block.like": "cathode_graphitic"}),
    "anthracitic block in place of the graphitized one": ({}, {"materials.block.like": "cathode_anthracitic"}),
}
"""Studied, not counted."""


def figures(changes=None, subdivisions=1):
    """Cathode drops [mV] of the three bars and what the second and third save against the first.

    Returns
    -------
    dict, `drop_BAR` and `saved_BAR` → float [mV]
    """
    case = oxycell.load(CASE)
    drops = {}
    for name in BARS:
        solved = oxycell.solve(case.replaced(bar(name) | (changes or {}) | {"mesh.subdivisions": subdivisions}))
        drops[name] = 1e3 * oxycell.report(solved)["voltage"]["cell_V"]
    return {f"drop_{name}": drop for name, drop in drops.items()} | {
        f"saved_{name}": drops[BASE] - drop for name, drop in drops.items() if name != BASE
    }


def cathode(say=lambda text: None):
    """Comparisons of drops and savings on the shipped mesh, and the studies behind their uncertainty.

    Parameters
    ----------
    say : function (text), told what is done

    Returns
    -------
    rows : list of Comparison
    details : dict with `meshes` (figures on each of `MESHES`), `limits` (mesh-converged value and order of each
        figure), `inputs` and `uncounted` (effect of each input on each figure [mV])
    """
    values = published("cathode-block")
    meshes = []
    for n in MESHES:
        say(f"cathode-block: three bars, cells cut in {n}")
        meshes.append(figures(subdivisions=n))
    limits = {key: limit([one[key] for one in meshes]) for key in values}
    effects = {}
    for name, one in INPUTS.items():
        say(f"cathode-block: {name}")
        effects[name] = study(figures, [one], {})[0]
    uncounted = {}
    for name, (low, high) in UNCOUNTED.items():
        a, b = figures(low), figures(high)
        uncounted[name] = {key: (a[key] - meshes[0][key], b[key] - meshes[0][key]) for key in values}
    rows = [
        against(
            f"cathode-{key.replace('_', '-')}",
            values[key],
            meshes[0][key],
            u_num=limits[key]["u_num"],
            u_input=math.hypot(*(effect[key] for effect in effects.values())),
            digits=1,
        )
        for key in values
    ]
    return rows, {"meshes": meshes, "limits": limits, "inputs": effects, "uncounted": uncounted}


def limit(values):
    """Mesh-converged limit of three values on cells divided in 1, 2 and 3, and the standard uncertainty of the first.

    Parameters
    ----------
    values : (3,) on widths h, h/2, h/3

    Returns
    -------
    dict with `limit`, `order` (None where the values do not fall into one between 0.5 and 3) and `u_num`

    Notes
    -----
    f = f0 + b h^p through all three (Roache 1998); u_num = 1.25 |f1 − f0|/1.15, the grid convergence index over the
    factor that makes it a standard uncertainty (ASME V&V 20-2009, §2-4.1). Without an order, three times the largest
    difference.
    """
    a, b, c = values
    ratio = (a - b) / (b - c) if b != c else math.inf

    def excess(p):
        return (1.0 - 2.0**-p) / (2.0**-p - 3.0**-p) - ratio

    widest = 3.0 * (max(values) - min(values))
    if not math.isfinite(ratio) or excess(0.5) * excess(3.0) >= 0.0:
        return {"limit": c, "order": None, "u_num": widest}
    p = brentq(excess, 0.5, 3.0)
    f0 = c - (b - c) / ((3.0 / 2.0) ** p - 1.0)
    return {"limit": f0, "order": p, "u_num": 1.25 * abs(a - f0) / 1.15}


def graphitized():
    """What graphitized blocks save where anthracitic or graphitic ones were: the case with either, the current as it
    is."""
    entry = published("graphitized-blocks")["saved"]
    case, drops = oxycell.load(CASE), {}
    for grade in ("cathode_graphitized", "cathode_graphitic", "cathode_anthracitic"):
        for factor in (0.85, 1.0, 1.15):
            changes = {"materials.block.like": grade} | resistivity("block", factor)
            drops[grade, factor] = 1e3 * oxycell.report(oxycell.solve(case.replaced(changes)))["voltage"]["cell_V"]
    spread = [
        (drops[grade, 1.15] - drops[grade, 0.85]) / 2.0 for grade in ("cathode_graphitized", "cathode_anthracitic")
    ]
    saved = drops["cathode_anthracitic", 1.0] - drops["cathode_graphitized", 1.0]
    other_blocks = 0.2 * saved  # current through a block, its height over the bar: those of another cell [E]
    return [against("graphitized-saved", entry, saved, u_input=math.hypot(other_blocks, *spread), digits=1)]
