"""Current distribution in two dimensions: constrictions and bends, strip electrodes, pits and walls with electrode
kinetics."""

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import ellipj, ellipk

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import ELECTRIC, asinh, box, cut, fed, film, held, interface, material, surface
from oxycell.verification.plates import eigenvalues

SINGULAR = (0.9, 1.15)
"""Order where an electrode ends on an insulator: potential as the root of the distance."""

HALL = "conformal map of an L: 1 − (2/π) ln 2 squares for the corner (Hall, Thin Solid Films 1 (1968) 277)"


@check("electric", "primary distribution", HALL, "A", 2e-3, meshes=(4, 8, 16), order=(1.25, 1.45))
def bend_of_a_bar(n):
    """Bar with a right-angled bend: current; the re-entrant corner makes the order 4/3"""
    legs = [
        box("foot", "m", (0.0, 3.0), z=(0.0, 1.0)),
        box("corner", "m", (3.0, 4.0), z=(0.0, 1.0)),
        box("head", "m", (3.0, 4.0), z=(1.0, 4.0)),
    ]
    case = {
        "physics": ELECTRIC,
        "boxes": legs,
        "materials": {"m": material(2e4)},
        "mesh": cut((3 * n, n), 1, (n, 3 * n)),
        "surfaces": [surface("low", "foot", "x-"), surface("high", "head", "z+")],
        "terminals": [held("low", 0.3), held("high", 0.1)],
    }
    return Posed(case, 2e4 * 0.2 / (7.0 - 2 / np.pi * np.log(2.0)), lambda a: a.current("low"))


@check(
    "electric",
    "primary distribution",
    "rectangle → half plane → rectangle by elliptic functions (Nehari, Conformal Mapping, ch. VI)",
    "A",
    1e-2,
    meshes=(8, 16, 32),
    order=SINGULAR,
)
def strips_on_one_side(n):
    """Trough with two strip electrodes on its floor, half of it each: current"""
    half, height, inner = 1.0, 0.5, 0.5  # K'/K = height/half
    m = brentq(lambda m: ellipk(1.0 - m) / ellipk(m) - height / half, 1e-6, 1.0 - 1e-9, xtol=1e-15)
    s = float(ellipj(inner / half * ellipk(m), m)[0])
    squares = 2.0 * ellipk(s**2) / ellipk(1.0 - s**2)
    boxes = [
        box("left", "m", (-half, -inner), (0.0, height)),
        box("middle", "m", (-inner, inner), (0.0, height)),
        box("right", "m", (inner, half), (0.0, height)),
    ]
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"m": material(150.0)},
        "mesh": cut((n, 2 * n, n), n),
        "surfaces": [surface("anode", "left", "y-"), surface("cathode", "right", "y-")],
        "terminals": [held("anode", 2.0), held("cathode", 0.0)],
    }
    return Posed(case, 150.0 * 2.0 / squares, lambda a: a.current("anode"))


@check(
    "electric",
    "primary distribution",
    "(1/πσ) ln(1/sin(πa/2b)) in addition to the channel (Sneddon, Mixed Boundary Value Problems, 1966)",
    "V",
    6e-3,
    meshes=(16, 32, 64),
    order=SINGULAR,
)
def constriction(n):
    """Channel that ends on an electrode a quarter as wide: voltage"""
    case = {
        "physics": ELECTRIC,
        "boxes": [box("a", "m", (0.0, 0.25), (0.0, 2.0)), box("b", "m", (0.25, 1.0), (0.0, 2.0))],
        "materials": {"m": material(300.0)},
        "mesh": cut((n // 4, 3 * n // 4), 2 * n),
        "surfaces": [surface("strip", "a", "y-"), surface("far", "*", "y+")],
        "terminals": [held("far", 0.0), fed("strip", 100.0)],
    }
    return Posed(
        case, 100.0 / 300.0 * (2.0 + 2 / np.pi * np.log(1 / np.sin(np.pi / 8))), lambda a: a.potential("strip")
    )


def _pit(n, width, laws, cells_across):
    """Pit 0.1 m deep, half of its width: mouth at x = 0 at 0.5 V, its side a metal at 0 V, in two halves."""
    boxes = [
        box("mouth", "bath", (0.0, 0.05), (0.0, width)),
        box("end", "bath", (0.05, 0.1), (0.0, width)),
        box("near", "metal", (0.0, 0.05), (width, 1.1 * width)),
        box("far", "metal", (0.05, 0.1), (width, 1.1 * width)),
    ]
    return {
        "physics": ELECTRIC | {"temperature": "1200 K"},
        "boxes": boxes,
        "materials": {"bath": material(200.0), "metal": material(1e12)},
        "mesh": cut((4 * n, 4 * n), (cells_across, 1)),
        "surfaces": [surface("open", "mouth", "x-"), surface("first", "near", "y+"), surface("second", "far", "y+")],
        "terminals": [held("open", 0.5), held("first", 0.0), held("second", 0.0)],
        "interfaces": [
            interface("between", "near", "far", {"kind": "insulation"}),
            interface("one", "mouth", "near", *laws),
            interface("two", "end", "far", *laws),
        ],
    }


@check(
    "electric",
    "secondary distribution",
    "two-dimensional series, Biot number 0.13 (as a fin: Carslaw & Jaeger §5.3)",
    "A",
    3e-5,
    meshes=(4, 8, 16),
)
def pit_linear(n):
    """Pit whose wall has linear kinetics: current on its deeper half"""
    resistance = 0.01 / 200.0 / 0.13
    lam = eigenvalues(0.01 / 200.0 / resistance, 200)
    weight = 4 * np.sin(lam) / (2 * lam + np.sin(2 * lam))
    exact = (
        0.5
        * 200.0
        * np.sum(weight * np.sin(lam) * np.exp(-5.0 * lam) * np.expm1(-10.0 * lam) / -(1.0 + np.exp(-20.0 * lam)))
    )
    return Posed(_pit(n, 0.01, [film(resistance)], n), -exact, lambda a: a.current("second"))


def _thin_pit(exchange, width, slope):
    """Current at the mouth: first integral of σ w φ″ = 2 J0 sinh(φ/b), depth by quadrature, φ at the end by a root."""
    sigma, depth, top = 200.0, 0.1, 0.5

    scale = 8 * exchange * slope / (sigma * width)  # of φ′² = scale · sinh((φ + end)/2b) sinh((φ − end)/2b)

    def gradient(above, end):
        return np.sqrt(scale * np.sinh(end / slope + above / (2 * slope)) * np.sinh(above / (2 * slope)))

    def reach(end):
        # s² = φ − end takes the root at the end out of the integrand.
        return (
            quad(lambda s: 2 * s / gradient(s * s, end), 0.0, np.sqrt(top - end), epsabs=0, epsrel=1e-11, limit=200)[0]
            - depth
        )

    end = brentq(reach, 1e-6, top - 1e-6, xtol=1e-14)
    return sigma * width * gradient(top - end, end)


@check(
    "electric",
    "secondary distribution",
    "first integral of the pit's equation, by quadrature (de Levie, Adv. Electrochem. 6 (1967) 329)",
    "A",
    3e-4,
    meshes=(32, 64, 128),
)
def pit_asinh(n):
    """Thin pit whose wall has asinh kinetics, ten thermal voltages deep: current at its mouth"""
    slope = 8.31446261815324 * 1200.0 / (2.0 * 96485.33212)
    exact = _thin_pit(2e-3, 1e-5, slope)
    return Posed(_pit(n, 1e-5, [asinh(2e-3, 2.0)], 1), exact, lambda a: a.current("open"))
