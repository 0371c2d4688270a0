"""The foot of a frozen ledge over a floor, and its head under a lip: closed forms on cells about as broad as the ledge
is thick."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    THERMAL,
    box,
    contact,
    cut,
    fixed,
    interface,
    lump,
    material,
    on,
    quantity,
    surface,
)

LIQUIDUS, COLD, POOL, FROZEN = 1150.0, 800.0, 1650.0, 1.5
TOE, HEIGHT, INTO = 0.15, 0.1, 0.4
"""Thickness of the ledge where it meets the floor [m], its height [m], share of a cell by which that lies beyond the
last whole one."""
SHUT = 1e-9
"""Film [W/m²/K] where the pool gives no heat."""


@dataclass(frozen=True)
class Foot:
    """A temperature that fulfils Laplace's equation in a ledge and in the floor it stands on.

    T = T0 + G sinh(κx) Z(z), x from a wall held at T0; in the ledge, 0 < z < HEIGHT, Z = cos κ(HEIGHT − z): no heat
    through its top. Z goes on in the floor so that temperature and flux are continuous, down to where it vanishes; or
    the floor is kept at T0 all over and a contact between has the resistance that belongs to κ. The front is where T
    crosses the liquidus; the film there is k |∇T|/superheat, and that on the open floor what the flux into it asks for.
    The pool is hot enough for that to be positive up to a cell or two beyond the front.

    Parameters
    ----------
    kappa : κ [1/m]
    floor : [W/m/K], conductivity of the floor, or None where it is kept at T0
    """

    kappa: float
    floor: float | None

    @property
    def turn(self):
        """κ HEIGHT."""
        return self.kappa * HEIGHT

    @cached_property
    def scale(self):
        """G [K]."""
        return (LIQUIDUS - COLD) / (np.sinh(self.kappa * TOE) * np.cos(self.turn))

    @property
    def depth(self):
        """Of the floor [m]: where Z vanishes."""
        return 0.1 if self.floor is None else float(np.arctan(self.floor / FROZEN / np.tan(self.turn)) / self.kappa)

    @property
    def resistance(self):
        """Of the contact [m² K/W] between the ledge and a floor held at T0."""
        return 1.0 / (FROZEN * self.kappa * np.tan(self.turn))

    def in_floor(self, x, z):
        """Temperature in the floor [K], z ≤ 0."""
        if self.floor is None:
            return COLD + 0.0 * x
        Z = np.cos(self.turn) * np.cos(self.kappa * z) + FROZEN / self.floor * np.sin(self.turn) * np.sin(
            self.kappa * z
        )
        return COLD + self.scale * np.sinh(self.kappa * x) * Z

    def front(self, z):
        """Thickness of the ledge [m]."""
        return np.arcsinh((LIQUIDUS - COLD) / self.scale / np.cos(self.kappa * (HEIGHT - z))) / self.kappa

    def film(self, z):
        """Between pool and front [W/m²/K]."""
        x, up = self.kappa * self.front(z), self.kappa * (HEIGHT - z)
        steep = np.hypot(np.cosh(x) * np.cos(up), np.sinh(x) * np.sin(up))
        return FROZEN * self.scale * self.kappa * steep / (POOL - LIQUIDUS)

    def into_floor(self, low, high):
        """Heat into the floor [W/m], from x = low to x = high."""
        return FROZEN * self.scale * np.sin(self.turn) * (np.cosh(self.kappa * high) - np.cosh(self.kappa * low))

    def film_on_floor(self, low, high):
        """Between pool and floor [W/m²/K], from x = low to x = high: that of the middle."""
        middle = 0.5 * (low + high)
        flux = FROZEN * self.scale * self.kappa * np.sinh(self.kappa * middle) * np.sin(self.turn)
        return flux / (POOL - self.in_floor(middle, 0.0))


CONDUCTING, HELD = Foot(2.0, 3.0), Foot(1.5, None)


def _edges(n):
    """Edges of cells along the floor (m,) [m], n of them whole within the ledge's toe, one that its front is in, one
    more."""
    return TOE / (n + INTO) * np.arange(n + 3)


def _case(foot, n, lip, fluxes):
    """The foot on cells of a width TOE/(n + INTO), 4 n rows high; `lip`: upside down, the floor above the ledge.

    The floor has 6 n layers, 2 n with linear fluxes, where what they add to two-point fluxes counts.
    """
    edges, rows = _edges(n), HEIGHT * np.arange(4 * n + 1) / (4 * n)
    sign = -1.0 if lip else 1.0

    def extent(low, high):
        return (-high, -low) if lip else (low, high)

    walls = [box(f"wall {j}", "w", (-0.1, 0.0), z=extent(*rows[j : j + 2])) for j in range(rows.size - 1)]
    floors = [
        box(f"floor {i}", "f", tuple(edges[i : i + 2]), z=extent(-foot.depth, 0.0)) for i in range(edges.size - 1)
    ]
    films = {f"wall {j}": foot.film(0.5 * (rows[j] + rows[j + 1])) for j in range(rows.size - 1)}
    for i, (low, high) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        open_floor = foot.floor is not None and high > TOE
        films[f"floor {i}"] = foot.film_on_floor(max(low, TOE), high) if open_floor else SHUT
    ends = (
        [] if foot.floor is None else [on("beside", {"kind": "fixed_temperature", "temperature": {"field": "beside"}})]
    )
    deep = [(2 if fluxes == "linear" else 6) * n, *[1] * (rows.size - 1)]
    return {
        "physics": THERMAL | {"temperature": quantity(LIQUIDUS, "K")},
        "solver": {"tolerance": 1e-3, "fluxes": fluxes},
        "materials": {"w": material(k=1e7), "f": material(k=foot.floor or 1e7), "n": material(k=1.0)},
        "boxes": [box("bath", "n", (0.0, edges[-1]), z=extent(0.0, HEIGHT)), *walls, *floors],
        "mesh": cut([1] * edges.size, 1, deep[:: int(sign)]),
        "surfaces": [
            surface("cold", "wall *", "x-"),
            surface("under", "floor *", "z+" if lip else "z-"),
            surface("beside", "floor *", "x-", "x+"),
        ],
        "interfaces": [] if foot.floor else [interface("joint", "bath", "floor *", contact(thermal=foot.resistance))],
        "lumps": [lump("bath", films, temperature=quantity(POOL, "K"))],
        "ledge": {
            "pools": ["bath"],
            "walls": ["wall *"],
            "liquidus": quantity(LIQUIDUS, "K"),
            "conductivity": quantity(FROZEN, "W/m/K"),
        },
        "conditions": [on("cold", fixed(COLD)), on("under", fixed(COLD)), *ends],
    }


def _posed(foot, n, exact, measured, lip=False, fluxes="two-point", scale=None):
    """Posed; what it takes from Python is the temperature at the ends of a floor that conducts."""
    fields = None if foot.floor is None else {"beside": lambda x, y, z: foot.in_floor(x, -np.abs(z))}
    return Posed(_case(foot, n, lip, fluxes), exact, measured, scale, fields=fields)


def _off(foot):
    """Function of an Answer: error of the ledge's thickness, root mean square over its rows [m]."""

    def measured(answer):
        ledge = answer.record["ledge"]
        height = np.abs(np.asarray(answer.mesh.face_centre[ledge["face"]])[:, 2])
        return float(np.sqrt(np.mean((ledge["thickness"] - foot.front(height)) ** 2)))

    return measured


def _given_by_pool(region):
    """Function of an Answer: heat from the pool to a region [W]."""

    def measured(answer):
        mesh, thermal = answer.mesh, answer.record["thermal"]
        face = thermal["face"][mesh.neighbour[thermal["face"]] >= 0]
        sides = np.stack([mesh.region[mesh.owner[face]], mesh.region[mesh.neighbour[face]]], 1)
        here = (np.sort(sides, 1) == sorted(mesh.region_names.index(name) for name in ("bath", region))).all(1)
        return float(np.sum(np.abs(thermal["heat_owner"][: face.size][here])))

    return measured


BOTH = "harmonic temperature in ledge and floor, sinh κx times a cosine across each, its isotherm and the fluxes there"
MODES = "harmonic temperature, sinh κx cos κ(H − z), κ tan κH = 1/(k R)"


@check("thermal", "freezing fronts", BOTH, "m", 3e-4, meshes=(2, 4, 8), order=(1.7, 2.3))
def toe_over_a_floor(n):
    """Ledge over a floor that conducts, in cells of 62 to 18 mm at a toe of 150 mm: error of its thickness, root mean
    square"""
    return _posed(CONDUCTING, n, 0.0, _off(CONDUCTING), scale=TOE)


@check("thermal", "freezing fronts", BOTH, "m", 3.5e-4, meshes=(2, 4, 8), order=(1.7, 2.1))
def toe_with_linear_fluxes(n):
    """The same with fluxes that vary linearly within the cells of a floor cut into a third as many layers"""
    return _posed(CONDUCTING, n, 0.0, _off(CONDUCTING), fluxes="linear", scale=TOE)


@check("thermal", "freezing fronts", BOTH, "m", 8e-4, meshes=(2, 4), order=(1.7, 2.3))
def ledge_under_a_lip(n):
    """The same upside down, beneath a lip that conducts"""
    return _posed(CONDUCTING, n, 0.0, _off(CONDUCTING), lip=True, scale=TOE)


def _open_part(n, lip):
    exact = CONDUCTING.into_floor(TOE, _edges(n)[n + 1])
    return _posed(CONDUCTING, n, exact, _given_by_pool(f"floor {n}"), lip)


@check("thermal", "freezing fronts", BOTH, "W", 1e-2)
def floor_beside_a_toe(n):
    """Floor cell of 107 mm that a ledge covers 43 mm of: heat it takes from the pool on the rest"""
    return _open_part(n, False)


@check("thermal", "freezing fronts", BOTH, "W", 1e-2)
def lip_beside_a_ledge(n):
    """The same upside down: heat that a lip takes from the pool beside a ledge"""
    return _open_part(n, True)


@check("thermal", "freezing fronts", MODES, "W", 1e-2)
def toe_on_a_cold_floor(n):
    """Ledge on a floor of one temperature behind a contact, in cells of 107 mm at a toe of 150 mm: heat to the floor"""
    return _posed(HELD, n, HELD.into_floor(0.0, TOE), lambda a: a.loss("under"))


@check("thermal", "freezing fronts", MODES, "W", 1e-2)
def ledge_under_a_cold_lip(n):
    """The same upside down: heat to a lip of one temperature"""
    return _posed(HELD, n, HELD.into_floor(0.0, TOE), lambda a: a.loss("under"), lip=True)
