"""Conductors that the current heats: bars, films at their sides, the relation of potential and temperature, molten
pools."""

import numpy as np
from scipy.constants import Stefan_Boltzmann as SIGMA
from scipy.optimize import brentq

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    box,
    convection,
    cut,
    ends,
    fed,
    fixed,
    held,
    layers,
    lump,
    material,
    metal,
    on,
    radiation,
    surface,
)

SLAB = "slab with uniform heat (Carslaw & Jaeger §3.14)"
LORENZ = 2.44e-8  # V²/K²


def _bar(mesh, filling, terminals, conditions, length=0.4, side=0.05, **more):
    """Bar along x between `low` and `high`."""
    return {
        "boxes": layers(("bar", "m", length), side=side),
        "materials": {"m": filling},
        "mesh": mesh,
        "surfaces": ends("bar", "bar"),
        "terminals": terminals,
        "conditions": conditions,
        **more,
    }


COLD = [on("low", fixed(300.0)), on("high", fixed(300.0))]


@check("coupled", "heated bars", "half of I²R leaves at each end", "W", 1e-9)
def bar_heat(n):
    """Bar with cold ends: heat at one end"""
    case = _bar(cut(5), material(2e5, 40.0), [fed("low", 400.0), held("high", 0.0)], COLD)
    return Posed(case, 0.5 * 400.0**2 * 0.4 / (2e5 * 0.0025), lambda a: a.loss("low"))


@check("coupled", "heated bars", f"{SLAB}: V²σ/8k", "K", 1e-9)
def bar_middle(n):
    """Bar with cold ends: temperature of its middle plane"""
    case = _bar(cut(6), material(2e5, 40.0), [held("low", 0.6), held("high", 0.0)], COLD)
    rise = 0.36 * 2e5 / 320.0
    return Posed(case, 300.0 + rise, lambda a: a.across("x", 0.2), rise)


@check("coupled", "heated bars", f"{SLAB}, ends at different temperature", "W", 1e-9)
def bar_unequal_ends(n):
    """Bar with one end at 300 K, the other in a fluid at 900 K: heat at the cold end"""
    case = _bar(
        cut(4, 2),
        material(2e5, 40.0),
        [held("low", 0.3), held("high", 0.0)],
        [on("low", fixed(300.0)), on("high", convection(150.0, 900.0))],
    )
    joule, rod, film = 0.09 * 2e5 / 0.4, 0.4 / 40.0, 1 / 150.0  # W/m², m²K/W
    return Posed(case, 0.0025 * (joule * (rod / 2 + film) + 600.0) / (rod + film), lambda a: a.loss("low"))


def _cosine(current):
    """x = mL/2 of a bar whose resistivity is 2e-6 (1 + 0.004 (T − 300)) ohm m; k = 40 W/m/K."""
    return np.sqrt((current / 0.0025) ** 2 * 2e-6 * 0.004 / 40.0) * 0.2


RISING = metal(((300.0, 1300.0), (2e-6, 1e-5)), 40.0)


@check("coupled", "heated bars", "θ″ = −m²θ (Carslaw & Jaeger §4.10)", "V", 1e-3, meshes=(8, 16, 32))
def bar_rising_voltage(n):
    """Bar whose resistivity increases with temperature, current prescribed: voltage"""
    case = _bar(cut(n), RISING, [fed("low", 900.0), held("high", 0.0)], COLD)
    x = _cosine(900.0)
    return Posed(case, 900.0 / 0.0025 * 2e-6 * 0.4 * np.tan(x) / x, lambda a: a.potential("low"))


@check("coupled", "heated bars", "θ″ = −m²θ (Carslaw & Jaeger §4.10)", "K", 1e-3, meshes=(8, 16, 32))
def bar_rising_middle(n):
    """Bar whose resistivity increases with temperature, current prescribed: temperature of its middle plane"""
    case = _bar(cut(n), RISING, [fed("low", 900.0), held("high", 0.0)], COLD)
    rise = 250.0 * (1 / np.cos(_cosine(900.0)) - 1)
    return Posed(case, 300.0 + rise, lambda a: a.across("x", 0.2), rise)


@check("coupled", "heated bars", "fin with uniform heat (Carslaw & Jaeger §4.10)", "W", 1.5e-3, meshes=(16, 32, 64))
def bar_with_convection(n):
    """Strip 1 mm thick between cold ends, air on one side: heat to the air"""
    strip = [box("bar", "m", (0.0, 0.4), (0.0, 0.05), (0.0, 0.001))]
    case = _bar(
        cut(n), material(2e5, 40.0), [held("low", 0.6), held("high", 0.0)], [*COLD, on("air", convection(60.0, 300.0))]
    )
    case |= {"boxes": strip, "surfaces": [*case["surfaces"], surface("air", "bar", "z+")]}
    made, aside = 0.36 * 2e5 / 0.16 * 0.001, 1 / (1 / 60.0 + 0.0005 / 40.0)  # W/m² of strip, W/m²/K
    x = np.sqrt(aside / (40.0 * 0.001)) * 0.2
    return Posed(case, made * 0.4 * 0.05 * (1 - np.tanh(x) / x), lambda a: a.loss("air"))


@check("coupled", "heated bars", "balance of a wire, root of one scalar equation", "K", 2e-6)
def wire_radiating(n):
    """Wire that radiates to 350 K, resistivity increasing with temperature, current prescribed: temperature"""
    case = {
        "boxes": [box("wire", "m", (0.0, 0.1), (0.0, 0.002), (0.0, 0.002))],
        "materials": {"m": metal(((300.0, 1300.0), (2e-6, 1e-5)), 1e7)},
        "mesh": cut(3),
        "surfaces": [*ends("wire", "wire"), surface("sides", "wire", "y-", "y+", "z-", "z+")],
        "terminals": [fed("low", 14.0), held("high", 0.0)],
        "conditions": [on("sides", radiation(0.7, 350.0))],
    }

    def surplus(T):
        return (14.0 / 4e-6) ** 2 * 2e-6 * (1 + 0.004 * (T - 300.0)) * 4e-6 - 0.008 * 0.7 * SIGMA * (T**4 - 350.0**4)

    T = brentq(surplus, 350.0, 1300.0, xtol=1e-11)
    return Posed(case, T, lambda a: a.surface_temperature("sides"), T - 350.0)


KOHLRAUSCH = (
    "potential and temperature of equal surfaces, L T² + φ² linear in φ (Kohlrausch 1900; Holm, "
    "Electric Contacts, 4th ed., §13)"
)
METAL = metal(((300.0, 3000.0), (3e-8, 3e-7)), LORENZ / 1e-10)
"""Of Wiedemann and Franz: ρ = 1e-10 T, k = L/1e-10, so that kρ = L T."""


@check("coupled", "potential and temperature", f"{KOHLRAUSCH}: T² = T₀² + V²/4L", "K", 1e-3, meshes=(8, 16, 32))
def kohlrausch_bar(n):
    """Metal bar, both ends at 300 K and 0.2 V apart: temperature of its middle plane"""
    case = _bar(cut(n), METAL, [held("low", 0.2), held("high", 0.0)], COLD)
    exact = np.sqrt(300.0**2 + 0.04 / (4 * LORENZ))
    return Posed(case, exact, lambda a: a.across("x", 0.2), exact - 300.0)


def _notched(n, filling, warm):
    """Bar with a neck of half its height, 0.25 V along it, one end at 300 K, the other at `warm`."""
    boxes = [
        box("left", "m", (0.0, 1.0), (0.0, 1.0)),
        box("neck", "m", (1.0, 1.5), (0.0, 0.5)),
        box("right", "m", (1.5, 3.0), (0.0, 1.0)),
    ]
    return {
        "boxes": boxes,
        "materials": {"m": filling},
        "mesh": cut((2 * n, n, 3 * n), (n, n)),
        "surfaces": [surface("low", "left", "x-"), surface("high", "right", "x+")],
        "terminals": [held("low", 0.25), held("high", 0.0)],
        "conditions": [on("low", fixed(300.0)), on("high", fixed(warm))],
    }


def _off_relation(warm, conduction):
    """Answer → root mean square [K] of T − T(φ), where conduction(T) + φ²/2 is linear in φ; conduction and its inverse
    are given."""
    forward, back = conduction

    def measured(a):
        phi = a.electric_potential
        line = forward(warm) + (forward(300.0) + 0.25**2 / 2 - forward(warm)) * phi / 0.25
        return a.norm(a.temperature - back(line - phi**2 / 2))

    return measured


@check("coupled", "potential and temperature", KOHLRAUSCH, "K", 1e-4, meshes=(4, 8, 16))
def kohlrausch_neck(n):
    """Necked metal bar, ends at 300 and 450 K: departure of T(φ) from the relation, over all cells"""
    conduction = (lambda T: LORENZ * T**2 / 2, lambda u: np.sqrt(2 * u / LORENZ))
    return Posed(_notched(n, METAL, 450.0), 0.0, _off_relation(450.0, conduction), 500.0)


@check(
    "coupled", "potential and temperature", f"{KOHLRAUSCH}, for any k(T) with constant σ", "K", 3e-5, meshes=(4, 8, 16)
)
def kohlrausch_any_k(n):
    """Necked bar with k = 4 + 0.01 T and σ = 2e5 S/m, ends at 300 and 450 K: departure of T(φ) from the relation, over
    all cells"""

    def forward(T):
        return (4.0 * T + 0.005 * T**2) / 2e5

    def back(u):
        return (-4.0 + np.sqrt(16.0 + 0.02 * 2e5 * u)) / 0.01

    return Posed(
        _notched(n, material(2e5, ((300.0, 2300.0), (7.0, 27.0))), 450.0),
        0.0,
        _off_relation(450.0, (forward, back)),
        500.0,
    )


@check("coupled", "molten pools", "resistances in series", "K", 1e-9)
def pool_heated(n):
    """Melt between two plates that the current heats, the films alike: its temperature"""
    case = {
        "boxes": layers(("below", "m", 0.1), ("melt", "bath", 0.05), ("above", "m", 0.1), axis="z"),
        "materials": {"m": material(1e12, 20.0), "bath": material(200.0)},
        "mesh": cut(1, 2, (2, 3, 2)),
        "surfaces": ends("below", "above", "z"),
        "terminals": [held("low", 0.0), fed("high", 4000.0)],
        "lumps": [lump("melt", {"*": 800.0})],
        "conditions": [on("low", convection(50.0, 300.0)), on("high", convection(50.0, 300.0))],
    }
    return Posed(
        case,
        300.0 + 0.5 * 4000.0**2 * 0.05 / 200.0 * (1 / 800.0 + 0.1 / 20.0 + 1 / 50.0),
        lambda a: a.lump("melt"),
        50.0,
    )


def _freezing():
    """Trough 0.8 m wide and 1 m long, fed along its length; it freezes on one wall, where it cools."""
    case = {
        "boxes": [
            box("bath", "bath", (0.0, 0.8), (0.0, 1.0), (0.0, 0.5)),
            box("wall", "m", (0.8, 0.9), (0.0, 1.0), (0.0, 0.5)),
        ],
        "materials": {"bath": material(200.0), "m": material(k=10.0)},
        "mesh": cut((30, 2), 2),
        "physics": {"temperature": "1200 K"},
        "solver": {"tolerance": 1e-3},
        "surfaces": [surface("low", "bath", "y-"), surface("high", "bath", "y+"), surface("cold", "wall", "x+")],
        "terminals": [held("low", 0.0), held("high", 8.0)],
        "lumps": [lump("bath", {"*": 600.0})],
        "ledge": {
            "pools": ["bath"],
            "walls": ["wall"],
            "liquidus": "1150 K",
            "reach": "0.6 m",
            "conductivity": "1.5 W/m/K",
        },
        "conditions": [on("cold", convection(40.0, 300.0))],
    }

    def surplus(t):
        q = 64.0 * 200.0 * (0.8 - t)  # W/m² of wall
        return 1.5 * (850.0 / q - 0.01 - 1 / 40.0) - t

    return case, brentq(surplus, 0.0, 0.4, xtol=1e-14)


@check(
    "coupled", "freezing fronts", "heat generated in the open section, carried off through the ledge; a root", "m", 1e-6
)
def freezing_thickness(n):
    """Melt heated by a prescribed voltage that freezes on its wall, the ledge insulating: thickness"""
    case, t = _freezing()
    return Posed(case, t, lambda a: float(a.record["ledge"]["thickness"].mean()))


@check(
    "coupled", "freezing fronts", "heat generated in the open section, carried off through the ledge; a root", "A", 1e-6
)
def freezing_current(n):
    """Melt heated by a prescribed voltage that freezes on its wall, the ledge insulating: current"""
    case, t = _freezing()
    return Posed(case, 8.0 * 200.0 * (0.8 - t) * 0.5, lambda a: a.current("high"))
