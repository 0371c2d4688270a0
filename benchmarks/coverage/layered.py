"""Layered walls with contacts and films, thermal and electric, whose fields vary along the wall as a cosine."""

from functools import cache

import numpy as np

from benchmarks.coverage.known import Posed, known
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    box,
    contact,
    convection,
    cut,
    film,
    flux,
    held,
    interface,
    lump,
    material,
    on,
    rest,
    surface,
)

KIND = "layers and films"
COSINE = "cosine along the wall, cosh and sinh across each layer, as transfer matrices (Carslaw & Jaeger 1959, §3.7)"


class Layers:
    """What varies as cos(wave · y) through layers and resistances in series, from 1 at the first to 0 behind the last.

    Parameters
    ----------
    parts : sequence of pairs (conductivity, thickness [m]) for layers, numbers for resistances per area
    wave : [1/m]; 0: plain series

    Attributes
    ----------
    entering, leaving : flux into the first and out of the last part
    """

    def __init__(self, parts, wave):
        self._steps = [self._step(part, wave) for part in parts]
        whole = np.linalg.multi_dot(self._steps[::-1]) if len(self._steps) > 1 else self._steps[0]
        self.entering = -whole[0, 0] / whole[0, 1]
        self.leaving = -1.0 / whole[0, 1]  # each step has determinant 1

    @staticmethod
    def _step(part, wave):
        """Value and flux behind a part from those before it."""
        if not isinstance(part, tuple):
            return np.array([[1.0, -part], [0.0, 1.0]])
        k, d = part
        if wave == 0.0:
            return np.array([[1.0, -d / k], [0.0, 1.0]])
        c, s = np.cosh(wave * d), np.sinh(wave * d)
        return np.array([[c, -s / (k * wave)], [-k * wave * s, c]])

    def after(self, number):
        """Value and flux behind so many parts."""
        state = np.array([1.0, self.entering])
        for step in self._steps[:number]:
            state = step @ state
        return float(state[0]), float(state[1])


def halves(layers, height, heights=(0.0, 0.5, 1.0), names=("low", "up")):
    """Boxes of layers (name, material, x), cut at shares of the height so that surfaces can part there."""
    return [
        box(f"{name} {half}", filling, x, (low * height, high * height))
        for name, filling, x in layers
        for half, low, high in zip(names, heights[:-1], heights[1:], strict=True)
    ]


BRICK, SHELL, HEIGHT, AIR, JOINT = (1.5, 0.2), (12.0, 0.1), 0.8, 1.0 / 40.0, 0.02
TWO = (("first", "a", (0.0, 0.2)), ("second", "b", (0.2, 0.3)))
KINDS_OF_WALL = {"a": material(k=BRICK[0]), "b": material(k=SHELL[0])}
MEAN = 2.0 / np.pi
"""Mean of a cosine over a quarter of its wave."""


@known(KIND, COSINE)
def waving_wall(n):
    """Two layers with a contact and a film, hot side a cosine: heat of half of the outside, temperatures at the joint
    and outside"""
    parts = (BRICK, JOINT, SHELL, AIR)
    flat, wavy = Layers(parts, 0.0), Layers(parts, np.pi / HEIGHT)
    case = {
        "physics": THERMAL,
        "boxes": halves(TWO, HEIGHT),
        "materials": KINDS_OF_WALL,
        "mesh": cut((n, n), (n, n)),
        "surfaces": [
            surface("hot", "first *", "x-"),
            surface("lower", "second low", "x+"),
            surface("upper", "second up", "x+"),
        ],
        "interfaces": [interface("joint", "first *", "second *", contact(thermal=JOINT))],
        "conditions": [
            {"on": ["hot"], "laws": [{"kind": "fixed_temperature", "temperature": {"field": "hot"}}]},
            on("lower", convection(40.0, 300.0)),
            on("upper", convection(40.0, 300.0)),
        ],
        "integrals": [{"name": "outside", "surfaces": ["upper"]}, {"name": "joint", "interface": "joint"}],
    }

    def at(number, shape):
        return 300.0 + 600.0 * flat.after(number)[0] + 300.0 * shape * wavy.after(number)[0]

    exact = {
        "heat.losses.upper": 0.5 * HEIGHT * (600.0 * flat.leaving - 300.0 * MEAN * wavy.leaving),
        "integrals.outside.temperature_K.mean": at(3, -MEAN),
        "integrals.outside.temperature_K.min": at(3, -1.0),
        "integrals.joint.first.temperature_K.max": at(1, 1.0),
    }
    return Posed(case, exact, {"hot": lambda x, y, z: 900.0 + 300.0 * np.cos(np.pi * y / HEIGHT)})


@known(KIND, COSINE, bases=(4, 6), halvings=2)
def waving_cube(n):
    """The same in three dimensions, waves along both sides: heat of a quarter of the outside, hottest place outside"""
    parts, wave = (BRICK, JOINT, SHELL, AIR), np.pi / HEIGHT
    flat, wavy = Layers(parts, 0.0), Layers(parts, np.sqrt(2.0) * wave)
    boxes = [{**one, "z": ["0 m", f"{HEIGHT} m"]} for one in halves(TWO, HEIGHT)]
    case = {
        "physics": THERMAL,
        "boxes": boxes,
        "materials": KINDS_OF_WALL,
        "mesh": cut((n, n), (n, n), 2 * n),
        "surfaces": [
            surface("hot", "first *", "x-"),
            surface("quarter", "second low", "x+", z=(0.0, 0.4)),
            surface("beside", "second low", "x+", z=(0.4, 0.8)),
            surface("upper", "second up", "x+"),
        ],
        "interfaces": [interface("joint", "first *", "second *", contact(thermal=JOINT))],
        "conditions": [
            {"on": ["hot"], "laws": [{"kind": "fixed_temperature", "temperature": {"field": "hot"}}]},
            on(["quarter"], convection(40.0, 300.0)),
            on(["beside", "upper"], convection(40.0, 300.0), path="rest"),
        ],
        "integrals": [{"name": "outside", "surfaces": ["quarter"]}],
    }
    exact = {
        "heat.losses.quarter": (0.5 * HEIGHT) ** 2 * (600.0 * flat.leaving + 300.0 * MEAN**2 * wavy.leaving),
        "integrals.outside.temperature_K.max": 300.0 + 600.0 * flat.after(3)[0] + 300.0 * wavy.after(3)[0],
    }
    return Posed(case, exact, {"hot": lambda x, y, z: 900.0 + 300.0 * np.cos(wave * y) * np.cos(wave * z)})


@known(KIND, COSINE)
def wall_of_a_pool(n):
    """Wall with a contact between a stirred pool and a fluid whose temperature is a cosine: the pool, heat of half of
    the wall"""
    boxes = [box("pool", "w", (-0.5, 0.0), (0.0, HEIGHT)), *halves(TWO, HEIGHT)]
    case = {
        "physics": THERMAL | {"temperature": "900 K"},
        "boxes": boxes,
        "materials": KINDS_OF_WALL | {"w": material(k=1.0)},
        "mesh": cut((1, n, n), (n, n)),
        "surfaces": [
            surface("heated", "pool", "x-"),
            surface("lower", "second low", "x+"),
            surface("upper", "second up", "x+"),
        ],
        "lumps": [lump("pool", {"first *": 80.0, "pool": 1000.0})],
        "interfaces": [interface("joint", "first *", "second *", contact(thermal=JOINT))],
        "conditions": [
            on("heated", flux(3000.0)),
            *(
                {"on": [name], "laws": [convection(40.0, 0.0) | {"fluid": {"field": "fluid"}}]}
                for name in ("lower", "upper")
            ),
        ],
        "integrals": [{"name": "inner", "between": ["first up", "pool"]}],
    }
    # From the fluid inwards: its cosine enters through its own film and leaves into the pool, which is at one
    # temperature.
    wavy = Layers((AIR, SHELL, JOINT, BRICK, 1.0 / 80.0), np.pi / HEIGHT)
    exact = {
        "heat.losses.upper": 0.5 * HEIGHT * (3000.0 + MEAN * 100.0 * wavy.entering),
        "integrals.inner.first.temperature_K.min": 400.0
        + 3000.0 * (AIR + 0.1 / 12.0 + JOINT + 0.2 / 1.5)
        - 100.0 * wavy.after(4)[0],
    }
    return Posed(case, exact, {"fluid": lambda x, y, z: 400.0 + 100.0 * np.cos(np.pi * y / HEIGHT)})


BATH, PLATE, LINEAR, SWING = (180.0, 0.05), (900.0, 0.3), 2e-4, 0.4


@known("kinetics", COSINE)
def waving_anode(n):
    """Plate on a bath with linear kinetics, the bath's floor a cosine: peak current density (99th percentile), Joule
    heat, potentials"""
    flat, wavy = Layers((BATH, LINEAR, PLATE), 0.0), Layers((BATH, LINEAR, PLATE), np.pi / HEIGHT)
    case = {
        "physics": ELECTRIC,
        "boxes": [
            box("bath", "bath", (0.0, 0.05), (0.0, HEIGHT)),
            box("plate", "c", (0.05, 0.35), (0.0, HEIGHT), anode="1"),
        ],
        "materials": {"bath": material(BATH[0]), "c": material(PLATE[0])},
        "mesh": cut((n, 2 * n), 2 * n),
        "surfaces": [surface("floor", "bath", "x-"), surface("top", "plate", "x+")],
        "terminals": [held("top", 0.0)],
        "conditions": [{"on": ["floor"], "laws": [{"kind": "fixed_potential", "potential": {"field": "below"}}]}],
        "interfaces": [interface("joint", "plate", "bath", rest(0.0), film(LINEAR))],
        "integrals": [{"name": "joint", "interface": "joint"}, {"name": "plate", "regions": ["plate"]}],
    }
    joint, behind = flat.after(2), wavy.after(2)
    # Below the plate −1 − SWING cos: the anode's current is what the flux of `Layers` carries; Joule heat of the plate
    # is the power that its lower face takes up, its upper being at 0 V.
    exact = {
        "anodes.list.0.peak_current_density_A_m2": joint[1] + SWING * behind[1] * np.cos(0.01 * np.pi),
        "integrals.plate.joule_heat_W": HEIGHT * (joint[0] * joint[1] + 0.5 * SWING**2 * behind[0] * behind[1]),
        "integrals.joint.first.electric_potential_V.min": -joint[0] - SWING * behind[0],
        "integrals.joint.second.electric_potential_V.max": -flat.after(1)[0] + SWING * wavy.after(1)[0],
    }
    return Posed(case, exact, {"below": lambda x, y, z: -1.0 - SWING * np.cos(np.pi * y / HEIGHT)})


@known(
    KIND,
    "cosine series of a strip source on two layers, each term by transfer matrices (Carslaw & Jaeger §3.7)",
    bases=(2, 3),
)
def burner_on_a_wall(n):
    """Two layers with a contact, heated on a quarter of one side, a film on the other: mean and hottest temperature of
    the strip"""
    flow, parts = 8000.0, (BRICK, JOINT, SHELL, AIR)
    case = {
        "physics": THERMAL,
        "boxes": halves(TWO, HEIGHT, (0.0, 0.25, 1.0)),
        "materials": KINDS_OF_WALL,
        "mesh": cut((2 * n, 2 * n), (n, 3 * n)),
        "surfaces": [
            surface("burner", "first low", "x-"),
            surface("near", "second low", "x+"),
            surface("far", "second up", "x+"),
        ],
        "interfaces": [interface("joint", "first *", "second *", contact(thermal=JOINT))],
        "conditions": [
            on("burner", flux(flow)),
            on("near", convection(40.0, 300.0)),
            on("far", convection(40.0, 300.0)),
        ],
        "integrals": [{"name": "burner", "surfaces": ["burner"]}],
    }
    mean, hottest, passed = _burner(flow, parts)
    return Posed(
        case,
        {
            "integrals.burner.temperature_K.mean": 300.0 + mean,
            "integrals.burner.temperature_K.max": 300.0 + hottest,
            "heat.losses.near": 0.25 * HEIGHT * passed,
        },
    )


@cache
def _burner(flow, parts):
    """Rise of the mean and of the hottest place of the heated quarter, and mean flux out of the quarter behind it."""
    mean, hottest, passed = 0.0, 0.0, 0.0
    for i in range(200_000):
        wave = i * np.pi / HEIGHT
        share = float(np.sinc(0.25 * i))  # mean of the wave over the strip
        strength = flow * 0.25 * share * (1.0 if i == 0 else 2.0)
        if wave * BRICK[1] > 17.0:  # the wall is endless for such a wave
            rise, out = strength / (BRICK[0] * wave), 0.0
        else:
            found = Layers(parts, wave)
            rise, out = strength / found.entering, strength * found.leaving / found.entering
        mean, hottest, passed = mean + rise * share, hottest + rise, passed + out * share
    return mean, hottest, passed


@known(
    KIND,
    "the mean of a cube's sides falls to its film as cosh: Layers, wave √(λ² + μ²) of a double cosine series",
    bases=(4, 6),
    halvings=2,
)
def patch_on_a_block(n):
    """Block heated on a square patch, film below, a quarter modelled: mean temperature of the patch and of the side
    below"""
    flow, k, below = 5000.0, 2.5, 1.0 / 60.0
    boxes = [
        box("around", "m", (-0.5, 0.5), (-0.5, 0.5), (0.0, 0.5)),
        box("core", "m", (-0.25, 0.25), (-0.25, 0.25), (0.0, 0.5)),
    ]
    case = {
        "physics": THERMAL,
        "boxes": boxes,
        "materials": {"m": material(k=k)},
        "mesh": cut((n, n), (n, n), 2 * n) | {"symmetry": ["x", "y"]},
        "surfaces": [surface("patch", "core", "z+"), surface("under", "core", "z-"), surface("below", "around", "z-")],
        "conditions": [on("patch", flux(flow)), on(["under", "below"], convection(60.0, 300.0), path="film")],
        "integrals": [{"name": "patch", "surfaces": ["patch"]}, {"name": "under", "surfaces": ["under"]}],
    }
    i = np.arange(400)
    share = np.where(i == 0, 1.0, np.sinc(0.5 * i))  # mean of cos(2πi x) over the patch, half a side wide
    weight = 0.5 * share * np.where(i == 0, 1.0, 2.0)
    wave = 2.0 * np.pi * np.hypot(i[:, None], i[None, :])
    both = weight[:, None] * weight[None, :] * share[:, None] * share[None, :]
    deep = np.minimum(wave * 0.5, 300.0)
    biot = k * wave * below
    # u = (biot-weighted cosh and sinh) of one layer behind a film: surface over flux, and what reaches the film.
    top = (np.tanh(deep) + biot) / (1.0 + biot * np.tanh(deep))
    with np.errstate(divide="ignore", invalid="ignore"):
        patch = np.where(wave == 0.0, 0.5 / k + below, top / (k * wave))
        under = np.where(wave == 0.0, below, below / (np.cosh(deep) * (1.0 + biot * np.tanh(deep))))
    return Posed(
        case,
        {
            "integrals.patch.temperature_K.mean": 300.0 + flow * float(np.sum(both * patch)),
            "integrals.under.temperature_K.mean": 300.0 + flow * float(np.sum(both * under)),
        },
    )


@known(KIND, COSINE)
def sheet_on_insulation(n):
    """Thin metal sheet on insulation, hot side a cosine: heat of half of the outside; layers a hundred times as
    conducting as each other"""
    parts = ((50.0, 0.02), (0.2, 0.1), AIR)
    flat, wavy = Layers(parts, 0.0), Layers(parts, np.pi / HEIGHT)
    layers = (("sheet", "a", (0.0, 0.02)), ("board", "b", (0.02, 0.12)))
    case = {
        "physics": THERMAL,
        "boxes": halves(layers, HEIGHT),
        "materials": {"a": material(k=50.0), "b": material(k=0.2)},
        "mesh": cut((n // 2, n), (n, n)),
        "surfaces": [
            surface("hot", "sheet *", "x-"),
            surface("lower", "board low", "x+"),
            surface("upper", "board up", "x+"),
        ],
        "conditions": [
            {"on": ["hot"], "laws": [{"kind": "heat_flux", "value": {"field": "flow"}}]},
            on("lower", convection(40.0, 300.0)),
            on("upper", convection(40.0, 300.0)),
        ],
        "integrals": [{"name": "outside", "surfaces": ["upper"]}, {"name": "hot", "surfaces": ["hot"]}],
    }
    exact = {
        "heat.losses.upper": 0.5 * HEIGHT * (2000.0 - MEAN * 1000.0 * wavy.leaving / wavy.entering),
        "integrals.hot.temperature_K.max": 300.0 + 2000.0 / flat.entering + 1000.0 / wavy.entering,
    }
    return Posed(case, exact, {"flow": lambda x, y, z: 2000.0 + 1000.0 * np.cos(np.pi * y / HEIGHT)})


PROBLEMS = (
    waving_wall,
    waving_cube,
    wall_of_a_pool,
    waving_anode,
    burner_on_a_wall,
    patch_on_a_block,
    sheet_on_insulation,
)
