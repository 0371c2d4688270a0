"""Fluxes that vary linearly within cells (`solver.fluxes = "linear"`): exact where heat is generated evenly, closer
than others at a corner."""

import numpy as np

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    box,
    cut,
    ends,
    fed,
    fixed,
    held,
    layers,
    lump,
    material,
    on,
    quantity,
    surface,
)

HEATED = "T'' = −q/k (Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed., §3.2), its mean over a cell"
MADE = 1e4  # [W/m³]


def _heated():
    """A layer of 0.3 m with heat generated in it, in three cells, before one of 0.2 m without."""
    return {
        "physics": THERMAL,
        "solver": {"fluxes": "linear"},
        "boxes": layers(("a", "a", 0.3), ("b", "b", 0.2)),
        "materials": {"a": material(k=2.0), "b": material(k=8.0)},
        "mesh": cut((3, 2)),
        "surfaces": ends("a", "b"),
        "sources": [{"name": "made", "regions": ["a"], "heat": quantity(MADE, "W/m3")}],
        "conditions": [on("low", fixed(500.0)), on("high", fixed(400.0))],
    }


Q_LOW = (100.0 - MADE * (0.3**2 / 4.0 + 0.3 * 0.2 / 8.0)) / (0.3 / 2.0 + 0.2 / 8.0)
"""Heat that enters the heated layer [W/m²]."""


@check("thermal", "linear fluxes", HEATED, "K", 1e-7)
def heated_layer_mean(n):
    """Heat generated in a layer of three cells: temperature of its middle cell, which shows its mean"""
    exact = 500.0 - Q_LOW * 0.15 / 2.0 - MADE * (0.2**3 - 0.1**3) / (0.1 * 6.0 * 2.0)
    return Posed(_heated(), exact, lambda a: float(a.temperature[np.argmin(np.abs(a.cells[:, 0] - 0.15))]), 100.0)


@check("thermal", "linear fluxes", HEATED, "W", 1e-8)
def heated_layer_loss(n):
    """The same: heat through its cold end"""
    return Posed(_heated(), Q_LOW + 0.3 * MADE, lambda a: a.loss("high"))


@check("thermal", "linear fluxes", HEATED, "W", 1e-8)
def heated_floor_of_a_held_pool(n):
    """Heat generated in the floor of a pool kept at 1000 K, a cell thick, with a film between: heat that keeps the pool
    at that"""
    case = {
        "physics": THERMAL,
        "solver": {"fluxes": "linear"},
        "boxes": layers(("floor", "m", 0.3), ("pool", "m", 0.2), ("lid", "m", 0.1), axis="z"),
        "materials": {"m": material(k=2.0)},
        "mesh": cut(1, 1, (1, 1, 1)),
        "surfaces": ends("floor", "lid", "z"),
        "sources": [{"name": "made", "regions": ["floor"], "heat": quantity(MADE, "W/m3")}],
        "lumps": [lump("pool", {"floor": 90.0, "lid": 35.0}, temperature="1000 K")],
        "conditions": [on("low", fixed(700.0)), on("high", fixed(400.0))],
    }
    into_floor = (300.0 - MADE * 0.3**2 / (2.0 * 2.0)) / (
        1 / 90.0 + 0.3 / 2.0
    )  # at the low end MADE · 0.3 more leaves it
    return Posed(case, into_floor + 600.0 / (1 / 35.0 + 0.1 / 2.0), lambda a: a.made("pool held"))


CORNER = 1.0 - 2.0 / np.pi * np.log(2.0)
"""Squares that the corner square of a bent strip counts as."""


@check("electric", "linear fluxes", "corner square of a bent strip: 1 − (2/π) ln 2 squares, by conformal "
                                    "map", "V", 2e-3,
       meshes=(4, 8), order=(1.1, 1.5))  # fmt: skip
def bent_strip(n):
    """Strip bent at a right angle, arms of three widths: resistance in squares"""
    case = {
        "physics": ELECTRIC,
        "solver": {"fluxes": "linear"},
        "boxes": [box("bend", "m", (0.0, 4.0), (0.0, 1.0)), box("bend", "m", (3.0, 4.0), (1.0, 4.0))],
        "materials": {"m": material(sigma=1.0)},
        "mesh": {"size_x": quantity(1.0 / n, "m"), "size_y": quantity(1.0 / n, "m"), "size": "1 m"},
        "surfaces": [surface("in", "bend", "x-", x=(-0.1, 0.1)), surface("out", "bend", "y+", y=(3.9, 4.1))],
        "terminals": [fed("in", 1.0), held("out", 0.0)],
    }
    return Posed(case, 6.0 + CORNER, lambda a: a.potential("in"))
