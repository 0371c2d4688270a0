"""Frozen ledges in two dimensions: a front that waves because its film does, and the corner of two cold walls."""

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import THERMAL, box, fixed, lump, material, on, quantity, surface

LIQUIDUS, SUPERHEAT, GRADIENT, HEIGHT = 1150.0, 12.0, 3000.0, 0.4


def harmonic(amplitude):
    """A temperature that fulfils Laplace's equation in wall and ledge, and what follows from it.

    T = T0 + G ξ + B sinh(κξ) cos(κz), ξ from the cold face of a wall 0.1 m thick; no heat through z = 0 and z = HEIGHT.
    The front is where it crosses the liquidus, the film there is k |∇T|/superheat, k = 1.5 W/m/K.

    Parameters
    ----------
    amplitude : float, B sinh(κ · 0.25 m)/G

    Returns
    -------
    cold : float [K], T0; front : z [m] → ξ [m]; film : z [m] → coefficient [W/m²/K]
    """
    kappa = np.pi / HEIGHT
    b = amplitude * GRADIENT / np.sinh(0.25 * kappa)
    cold = LIQUIDUS - 0.25 * GRADIENT

    def front(z):
        return brentq(
            lambda x: cold + GRADIENT * x + b * np.sinh(kappa * x) * np.cos(kappa * z) - LIQUIDUS, 0.0, 0.36, xtol=1e-14
        )

    def film(z):
        x = front(z)
        across = GRADIENT + b * kappa * np.cosh(kappa * x) * np.cos(kappa * z)
        return 1.5 * float(np.hypot(across, b * kappa * np.sinh(kappa * x) * np.sin(kappa * z))) / SUPERHEAT

    return cold, front, film


COLD, _front, _film = harmonic(0.03)


def _thickness_error(answer):
    """Root mean square [m] over the wall."""
    ledge = answer.record["ledge"]
    exact = np.array([_front(z) - 0.1 for z in np.asarray(answer.mesh.face_centre[ledge["face"]])[:, 2]])
    return float(np.sqrt(np.mean((ledge["thickness"] - exact) ** 2)))


@check(
    "thermal",
    "freezing fronts",
    "harmonic temperature, its isotherm and the flux there",
    "m",
    1e-3,
    meshes=(16, 32),
    order=(1.0, 1.5),
)
def ledge_waving(n):
    """Ledge that is thicker where the film is weaker, by up to a third: error of its thickness, root mean square"""
    edges = HEIGHT * np.arange(n + 1) / n
    walls = [box(f"side {i}", "w", (0.5, 0.6), z=edges[i : i + 2]) for i in range(n)]
    films = {f"side {i}": _film(0.5 * (edges[i] + edges[i + 1])) for i in range(n)}
    size = quantity(1.0001 * HEIGHT / n, "m")
    case = {
        "physics": THERMAL | {"temperature": quantity(LIQUIDUS + SUPERHEAT, "K")},
        "solver": {"tolerance": 1e-3},
        "materials": {"w": material(k=1.5), "n": material(k=1.0)},
        "boxes": [box("bath", "n", (0.0, 0.5), z=(0.0, HEIGHT)), *walls],
        "mesh": {"size_x": size, "size_y": "1 m", "size": size, "merge_distance": "0 m"},
        "surfaces": [surface("hot", "bath", "x-"), surface("cold", "side *", "x+")],
        "lumps": [lump("bath", films | {"bath": 1e5})],
        "ledge": {
            "pools": ["bath"],
            "walls": ["side *"],
            "liquidus": quantity(LIQUIDUS, "K"),
            "conductivity": "1.5 W/m/K",
        },
        # The bath is kept at its superheat by what stands before it: the heat of the front is 1.5 G a square metre.
        "conditions": [on("hot", fixed(LIQUIDUS + SUPERHEAT + 1.5 * GRADIENT / 1e5)), on("cold", fixed(COLD))],
    }
    return Posed(case, 0.0, _thickness_error, 0.15)


HODOGRAPH = "∫ cot^½(πu/4) du thicknesses, by hodograph: ln(dz/dW), W = T + iψ, is harmonic in a half strip"


@check("thermal", "freezing fronts", HODOGRAPH, "1", 1e-2, meshes=(120,))
def ledge_in_a_corner(n):
    """Square corner of two walls at one temperature, 19 cells per thickness: frozen diagonal over the flat thickness"""
    case = {
        "physics": THERMAL | {"temperature": "1162 K"},
        "solver": {"tolerance": 1e-2},
        "materials": {"w": material(k=2000.0), "n": material(k=1.0)},
        "boxes": [box("wall", "w", (0.0, 0.62), (0.0, 0.62)), box("bath", "n", (0.0, 0.6), (0.0, 0.6))],
        "mesh": {"size": quantity(0.6 / n, "m"), "size_z": "1 m"},
        "surfaces": [surface("hot", "bath", "x-"), surface("cold", "wall", "x+", "y+")],
        "lumps": [lump("bath", {"bath": 1e5, "*": 600.0})],
        "ledge": {
            "pools": ["bath"],
            "walls": ["wall"],
            "liquidus": quantity(LIQUIDUS, "K"),
            "conductivity": "1.5 W/m/K",
        },
        "conditions": [on("hot", fixed(1162.0)), on("cold", fixed(700.0))],
    }

    def measured(a):
        flat = 1.5 * (LIQUIDUS - 700.0) / (600.0 * (a.lump("bath") - LIQUIDUS))
        x, y, _ = a.cells.T
        diagonal = (np.abs(x - y) < 1e-9) & (x < 0.6)
        return float(np.sum(1.0 - a.record["cells"]["liquid_fraction"][diagonal])) * np.sqrt(2.0) * 0.6 / n / flat

    return Posed(case, quad(lambda u: np.sqrt(1.0 / np.tan(np.pi * u / 4.0)), 0.0, 1.0)[0], measured)
