"""Heat in two and three dimensions: plates, bars, fins and small sources, against series, symmetry and conformal
maps."""

import numpy as np
from scipy.optimize import brentq

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import THERMAL, at, box, convection, cut, fixed, flux, layers, material, on, surface


def eigenvalues(biot, count):
    """First roots of x tan x = biot, (count,)."""
    return np.array(
        [
            brentq(lambda x: x * np.sin(x) - biot * np.cos(x), i * np.pi, (i + 0.5) * np.pi, xtol=1e-14)
            for i in range(count)
        ]
    )


def _block(x, y, z, mesh, k, conditions, *surfaces):
    return {
        "physics": THERMAL,
        "boxes": [box("a", "m", (0.0, x), (0.0, y), (0.0, z))],
        "materials": {"m": material(k=k)},
        "mesh": mesh,
        "surfaces": list(surfaces),
        "conditions": conditions,
    }


def _t4(n):
    """NAFEMS T4: AB at 100 °C, BC and CD in a fluid at 0 °C, DA adiabatic; mesh plane at E's height."""
    case = _block(
        0.6,
        1.0,
        0.1,
        cut((6 * n,), (2 * n, 8 * n)),
        52.0,
        [on("AB", fixed(373.15)), on(["BC", "CD"], convection(750.0, 273.15))],
        surface("AB", "*", "y-"),
        surface("BC", "*", "x+"),
        surface("CD", "*", "y+"),
    )
    case["boxes"] = [
        box("a", "m", (0.0, 0.6), (0.0, 0.2), (0.0, 0.1)),
        box("b", "m", (0.0, 0.6), (0.2, 1.0), (0.0, 0.1)),
    ]
    case["probes"] = [at("E", 0.6, 0.2, 0.05, "a")]
    return case


def _at_e(answer):
    return answer.probe("E")["temperature_K"]


@check("thermal", "plates", "NAFEMS, Selected benchmarks for thermal analysis, test T4: 18.3 °C at E", "K", 1e-3)
def nafems_t4(n):
    """Plate with convection on two sides: temperature at E, published to 0.1 K"""
    return Posed(_t4(16), 273.15 + 18.3, _at_e, 100.0)


def _t4_exact():
    """Σ over x λ tan λ = Bi: cos in x, hyperbolic in y with convection at the top."""
    a, height, y, k, h = 0.6, 1.0, 0.2, 52.0, 750.0
    lam = eigenvalues(h * a / k, 400)
    weight = 4 * np.sin(lam) / (2 * lam + np.sin(2 * lam)) * np.cos(lam)
    m = lam / a
    ratio = (1 - h / (k * m)) / (1 + h / (k * m))  # θ ∝ e^{−m y} + ratio e^{−2 m height + m y}
    return 100.0 * np.sum(
        weight * (np.exp(-m * y) + ratio * np.exp(-m * (2 * height - y))) / (1 + ratio * np.exp(-2 * m * height))
    )


@check("thermal", "plates", "eigenfunction series (Carslaw & Jaeger §5.3); NAFEMS T4", "K", 1.5e-4, meshes=(4, 8, 16))
def nafems_t4_sharp(n):
    """The same, against the series: 18.25 °C"""
    return Posed(_t4(n), 273.15 + _t4_exact(), _at_e, 100.0)


@check("thermal", "plates", "symmetry: the mean of the six sides", "K", 1e-10)
def cube_middle(n):
    """Cube with a temperature on each side: its middle cell"""
    sides, temperatures = ("x-", "x+", "y-", "y+", "z-", "z+"), (400.0, 310.0, 730.0, 520.0, 610.0, 345.0)
    case = _block(
        1.0,
        1.0,
        1.0,
        cut(5, 5, 5),
        3.0,
        [on(f"s{i}", fixed(T)) for i, T in enumerate(temperatures)],
        *[surface(f"s{i}", "a", side) for i, side in enumerate(sides)],
    )
    return Posed(case, float(np.mean(temperatures)), lambda answer: float(answer.temperature[62]), 420.0)


@check("thermal", "plates", "sine series in y (Carslaw & Jaeger §5.2)", "K", 2e-4, meshes=(9, 15, 27))
def plate_one_hot_side(n):
    """Plate twice as high as wide, one short side hot, the others cold: temperature of the middle cell"""
    case = _block(
        1.0,
        2.0,
        0.3,
        cut(n, 2 * n - 1),
        7.0,
        [on("hot", fixed(400.0)), on("cold", fixed(300.0))],
        surface("hot", "a", "y-"),
        surface("cold", "a", "x-", "x+", "y+"),
    )
    i = np.arange(1, 60, 2)
    exact = 300.0 + 100.0 * float(
        np.sum(4 / (np.pi * i) * np.sin(i * np.pi / 2) * np.sinh(i * np.pi) / np.sinh(2 * i * np.pi))
    )

    def middle(answer):
        return float(answer.temperature[np.argmin(np.sum((answer.cells - [0.5, 1.0, 0.15]) ** 2, axis=1))])

    return Posed(case, exact, middle, 100.0)


def _fin(n):
    """Half of a fin 20 mm thick, 0.1 m long, k 15, h 200 on its side: base at x = 0, adiabatic tip."""
    conditions = [on("base", fixed(500.0)), on("side", convection(200.0, 300.0))]
    return _block(
        0.1, 0.01, 1.0, cut(8 * n, n), 15.0, conditions, surface("base", "a", "x-"), surface("side", "a", "y+")
    )


FIN = "two-dimensional series of the fin (Carslaw & Jaeger §5.3)"


@check("thermal", "fins", FIN, "W", 3e-4, meshes=(4, 8, 16), order=(1.7, 2.0))
def fin_heat(n):
    """Thick fin: heat through its base; a logarithm where base and side meet makes the error h² ln h"""
    lam = eigenvalues(200.0 * 0.01 / 15.0, 4000)
    weight = 4 * np.sin(lam) / (2 * lam + np.sin(2 * lam))
    exact = 200.0 * 15.0 * np.sum(weight * np.tanh(10.0 * lam) * np.sin(lam))
    return Posed(_fin(n), -exact, lambda answer: answer.loss("base"))


@check("thermal", "fins", FIN, "K", 3e-5, meshes=(4, 8, 16))
def fin_tip(n):
    """Thick fin: mean temperature of its tip"""
    lam = eigenvalues(200.0 * 0.01 / 15.0, 20)
    exact = 300.0 + 200.0 * np.sum(
        4 * np.sin(lam) / (2 * lam + np.sin(2 * lam)) / np.cosh(10.0 * lam) * np.sin(lam) / lam
    )
    case = _fin(n)
    case["surfaces"].append(surface("tip", "a", "x+"))
    case["conditions"].append(on("tip", flux(0.0)))
    return Posed(case, exact, lambda answer: answer.surface_temperature("tip"), 200.0)


def _thin_fin(cells, length, half, k, h):
    """Half of a fin, one cell thick: its base at x = 0, films of h [W/m²/K] on its side and its tip."""
    conditions = [on("base", fixed(400.0)), on(["side", "tip"], convection(h, 300.0))]
    surfaces = surface("base", "a", "x-"), surface("side", "a", "y+"), surface("tip", "a", "x+")
    return _block(length, half, 1.0, cut(cells), k, conditions, *surfaces)


@check(
    "thermal",
    "fins",
    "one-dimensional fin with a convecting tip (Incropera & DeWitt, table 3.4, A), differences of its cells",
    "W",
    1e-9,
)
def fin_one_cell_thick(n):
    """Fin one cell thick: heat through its base, against the recurrence its cells make"""
    k, h, half, length, cells = 200.0, 30.0, 0.002, 0.12, 12
    case = _thin_fin(cells, length, half, k, h)
    dx = length / cells
    along, aside = k * half / dx, dx / (1 / h + half / (2 * k))
    system = np.diag(np.full(cells, 2 * along + aside)) - along * (np.eye(cells, k=1) + np.eye(cells, k=-1))
    system[0, 0] += along
    system[-1, -1] += half / (1 / h + dx / (2 * k)) - along
    theta = np.linalg.solve(system, 2 * along * 100.0 * np.eye(cells)[0])
    return Posed(case, -2 * along * (100.0 - theta[0]), lambda answer: answer.loss("base"))


@check("thermal", "fins", "thin fin, convecting tip (Incropera & DeWitt, table 3.4, A)", "W", 1e-4, meshes=(16, 32, 64))
def fin_thin(n):
    """Thin fin with a convecting tip: heat through its base"""
    k, h, half, length = 400.0, 30.0, 0.0005, 0.12
    case = _thin_fin(n, length, half, k, h)
    aside = 1 / (1 / h + half / (2 * k))  # the cell's own half thickness stands before the film
    m = np.sqrt(aside / (k * half))
    tip = h / (m * k)
    exact = (
        100.0
        * k
        * half
        * m
        * (np.sinh(m * length) + tip * np.cosh(m * length))
        / (np.cosh(m * length) + tip * np.sinh(m * length))
    )
    return Posed(case, -exact, lambda answer: answer.loss("base"))


def _source(n, ratio):
    """Cube of side 1 cooled below, heated on a central square of its top, a quarter modelled; source half side
    `ratio`/2."""
    boxes = [box("core", "m", (-ratio / 2, ratio / 2), (-ratio / 2, ratio / 2), (0.0, 1.0))]
    around = box("around", "m", (-0.5, 0.5), (-0.5, 0.5), (0.0, 1.0))
    counts = (round(ratio * n), n - round(ratio * n))
    mesh = {**cut(counts, counts, 2 * n), "symmetry": ["x", "y"]}
    return {
        "physics": THERMAL,
        "boxes": [around, *boxes],
        "materials": {"m": material(k=2.5)},
        "mesh": mesh,
        "surfaces": [surface("top", "core", "z+"), surface("bottom", "*", "z-")],
    }


def _square_source(ratio):
    """Mean temperature of the source times k over its heat, on a cube of side 1 cooled below: double cosine series."""
    i = np.arange(0, 400)
    wave = i * np.pi * 2  # of the half side 0.5: cos(2 π i x) is even and adiabatic at ±0.5
    mean = np.where(i == 0, 1.0, np.sqrt(2.0) * np.sinc(i * ratio))
    both = np.hypot(wave[:, None], wave[None, :])
    both[0, 0] = 1.0
    gain = np.tanh(both) / both
    gain[0, 0] = 1.0
    return float(np.sum((mean[:, None] * mean[None, :]) ** 2 * gain))


SPREADING = "double cosine series (Yovanovich, in Rohsenow, Handbook of Heat Transfer, 3rd ed., ch. 3)"


@check("thermal", "spreading", SPREADING, "K", 1e-2, meshes=(8, 16, 32), order=(1.6, 1.9))
def spreading_square(n):
    """Square source of prescribed flux on a cube, a quarter modelled: mean temperature of the source; its edge makes
    the error h² ln h"""
    case = _source(n, 0.25) | {"conditions": [on("top", flux(1600.0)), on("bottom", fixed(300.0))]}
    rise = 1600.0 * 0.0625 / 2.5 * _square_source(0.25)
    return Posed(case, 300.0 + rise, lambda answer: answer.surface_temperature("top"), rise)


@check(
    "thermal",
    "spreading",
    "(1/πk) ln(1/sin(πa/2b)) in addition to the channel (Sneddon, Mixed Boundary Value Problems, 1966)",
    "W",
    6e-3,
    meshes=(16, 32, 64),
    order=(0.9, 1.1),
)
def spreading_strip(n):
    """Isothermal strip on a quarter of a channel: heat; the corner singularity of the strip's edge makes the order 1"""
    case = {
        "physics": THERMAL,
        "boxes": [box("a", "m", (0.0, 0.25), (0.0, 2.0)), box("b", "m", (0.25, 1.0), (0.0, 2.0))],
        "materials": {"m": material(k=3.0)},
        "mesh": cut((n // 4, 3 * n // 4), 2 * n),
        "surfaces": [surface("strip", "a", "y-"), surface("far", "*", "y+")],
        "conditions": [on("strip", fixed(350.0)), on("far", fixed(300.0))],
    }
    exact = 3.0 * 50.0 / (2.0 + 2 / np.pi * np.log(1 / np.sin(np.pi / 8)))
    return Posed(case, exact, lambda answer: answer.loss("far"))


@check(
    "thermal",
    "spreading",
    "conformal map of an L: 1 − (2/π) ln 2 squares for the corner (Hall, Thin Solid Films 1 (1968) 277)",
    "W",
    2e-3,
    meshes=(4, 8, 16),
    order=(1.25, 1.45),
)
def corner_of_a_strip(n):
    """Strip with a right-angled bend: heat along it; the re-entrant corner makes the order 4/3"""
    legs = [
        box("foot", "m", (0.0, 3.0), (0.0, 1.0)),
        box("corner", "m", (3.0, 4.0), (0.0, 1.0)),
        box("head", "m", (3.0, 4.0), (1.0, 4.0)),
    ]
    case = {
        "physics": THERMAL,
        "boxes": legs,
        "materials": {"m": material(k=2.0)},
        "mesh": cut((3 * n, n), (n, 3 * n)),
        "surfaces": [surface("low", "foot", "x-"), surface("high", "head", "y+")],
        "conditions": [on("low", fixed(400.0)), on("high", fixed(300.0))],
    }
    return Posed(case, 2.0 * 100.0 / (7.0 - 2 / np.pi * np.log(2.0)), lambda answer: answer.loss("high"))


@check(
    "thermal",
    "spreading",
    "√(k₁k₂) (Dykhne, Sov. Phys. JETP 32 (1971) 63)",
    "W",
    3e-3,
    meshes=(8, 16, 32),
    order=(1.1, 1.3),
)
def checkerboard(n):
    """Square of two quarters of k = 1 and two of k = 4: heat across; order 2·(4/π) atan ½ = 1.18 from the middle's
    singularity"""
    quarters = [
        box(f"{i}{j}", "a" if i == j else "b", (i * 0.5, 0.5 + i * 0.5), (j * 0.5, 0.5 + j * 0.5))
        for i in (0, 1)
        for j in (0, 1)
    ]
    case = {
        "physics": THERMAL,
        "boxes": quarters,
        "materials": {"a": material(k=1.0), "b": material(k=4.0)},
        "mesh": cut((n, n), (n, n)),
        "surfaces": [surface("low", "*", "x-"), surface("high", "*", "x+")],
        "conditions": [on("low", fixed(400.0)), on("high", fixed(300.0))],
    }
    return Posed(case, 200.0, lambda answer: answer.loss("high"))


@check("thermal", "plates", "one dimension whatever the mesh across it", "W", 1e-9)
def graded_mesh(n):
    """Bar along z on a mesh graded from 1 mm to 0.2 m along all axes: heat"""
    case = {
        "physics": THERMAL,
        "boxes": layers(("a", "m", 0.001), ("b", "m", 0.6), ("c", "w", 0.002), axis="z"),
        "materials": {"m": material(k=2.0), "w": material(k=0.05)},
        "mesh": {
            "size": "0.2 m",
            "growth": 1.7,
            "merge_distance": "0 m",
            "planes_x": ["0.01 m", "0.97 m"],
            "planes_y": ["0.3 m"],
        },
        "surfaces": [surface("low", "a", "z-"), surface("high", "c", "z+")],
        "conditions": [on("low", fixed(700.0)), on("high", fixed(300.0))],
    }
    return Posed(case, 400.0 / (0.601 / 2.0 + 0.002 / 0.05), lambda answer: answer.loss("high"))
