"""Electrodes with kinetics: pits along which the current dies away, a plate of nonlinear kinetics on a bath, anodes
that share."""

from functools import cache

import numpy as np
from scipy.constants import R, physical_constants
from scipy.integrate import quad
from scipy.optimize import brentq

from benchmarks.coverage.conformal import l_shape
from benchmarks.coverage.edges import MAP
from benchmarks.coverage.known import Posed, borrowed, known
from benchmarks.coverage.thin import closed_end
from oxycell.verification import distribution
from oxycell.verification.parts import (
    ELECTRIC,
    asinh,
    box,
    butler_volmer,
    cut,
    fed,
    film,
    held,
    interface,
    material,
    rest,
    surface,
)

KIND = "kinetics"
T = 1200.0
THERMAL_VOLTAGE = R * T / physical_constants["Faraday constant"][0]
PIT = "the pit's equation as an initial value problem from its end (de Levie 1967, Adv. Electrochem. 6, 329)"


def _pit(n, laws, sigma, width, depth, top):
    """Pit half of whose width is `width`, mouth at x = 0 at `top` V, its side a metal at 0 V in two halves that touch
    nothing."""
    half = 0.5 * depth
    boxes = [
        box("mouth", "bath", (0.0, half), (0.0, width)),
        box("end", "bath", (half, depth), (0.0, width)),
        box("near", "metal", (0.0, half), (width, 2.0 * width)),
        box("far", "metal", (half, depth), (width, 2.0 * width)),
    ]
    return {
        "physics": ELECTRIC | {"temperature": f"{T} K"},
        "boxes": boxes,
        "materials": {"bath": material(sigma), "metal": material(1e12)},
        "mesh": cut((n, n), (1, 1)),
        "surfaces": [surface("open", "mouth", "x-"), surface("first", "near", "y+"), surface("second", "far", "y+")],
        "terminals": [held("open", top), held("first", 0.0), held("second", 0.0)],
        "interfaces": [
            interface("between", "near", "far", {"kind": "insulation"}),
            interface("one", "mouth", "near", *laws),
            interface("two", "end", "far", *laws),
        ],
    }


def _passed(law, sigma, width, depth, top):
    """Exact currents at the mouth and into the deeper half."""
    whole, deeper = closed_end(law, sigma * width, depth, top, 1e-9, 0.5 * depth)
    return {"terminals.open.current_A": whole, "terminals.second.current_A": -deeper}


@cache
def _butler_volmer_pit():
    return _passed(
        lambda u: 0.01 * (np.exp(1.4 * u / THERMAL_VOLTAGE) - np.exp(-0.6 * u / THERMAL_VOLTAGE)), 200.0, 1e-5, 0.1, 0.4
    )


@known(KIND, PIT)
def butler_volmer_pit(n):
    """Thin pit with Butler–Volmer kinetics of unequal coefficients: current at its mouth and in its deeper half"""
    return Posed(_pit(n, [butler_volmer(0.01, 1.4, 0.6)], 200.0, 1e-5, 0.1, 0.4), _butler_volmer_pit())


@cache
def _filmed_pit():
    @cache
    def law(u):
        return brentq(
            lambda j: 0.5 * j + THERMAL_VOLTAGE / 2.0 * np.arcsinh(j / 0.02) - u, 0.0, 10.0, xtol=1e-16, rtol=1e-14
        )

    return _passed(lambda u: law(float(u)) if u > 0.0 else 0.0, 200.0, 1e-5, 0.1, 1.0)


@known(KIND, PIT)
def filmed_pit(n):
    """Thin pit with a film of linear drop before asinh kinetics: current at its mouth and in its deeper half"""
    return Posed(_pit(n, [film(0.5), asinh(0.01, 2.0)], 200.0, 1e-5, 0.1, 1.0), _filmed_pit())


BATH, DEPTH, HEIGHT, GAIN, SWING = 180.0, 0.05, 0.8, 30.0, 1.2
REST, EXCHANGE, NUMBER = 2.2, 400.0, 2.0


@known(KIND, "chosen potential, Gx + b sinh κx cos κy in the bath, from which the plate's follows by the law itself")
def plate_with_asinh_kinetics(n):
    """Plate with asinh kinetics and an equilibrium potential, its current density varying fourfold: halves of the
    current, mean overpotential"""
    kappa = np.pi / HEIGHT
    b = SWING / kappa / np.cosh(kappa * DEPTH) * GAIN / 2.0

    def density(y):
        return BATH * (GAIN + b * kappa * np.cosh(kappa * DEPTH) * np.cos(kappa * y))

    def activation(y):
        return THERMAL_VOLTAGE / NUMBER * np.arcsinh(density(y) / (2.0 * EXCHANGE))

    def above(x, y, z):
        return (
            GAIN * DEPTH
            + b * np.sinh(kappa * DEPTH) * np.cos(kappa * y)
            + REST
            + activation(y)
            + density(y) * 0.1 / 1e5
        )

    boxes = [
        box("bath low", "bath", (0.0, DEPTH), (0.0, 0.4)),
        box("bath up", "bath", (0.0, DEPTH), (0.4, 0.8)),
        box("plate", "c", (DEPTH, DEPTH + 0.1), (0.0, HEIGHT)),
    ]
    case = {
        "physics": ELECTRIC | {"temperature": f"{T} K"},
        "boxes": boxes,
        "materials": {"bath": material(BATH), "c": material(1e5) | {"electrical_anisotropy": [1.0, 1e-12, 1.0]}},
        "mesh": cut((n, 2), (n, n)),
        "surfaces": [surface("low", "bath low", "x-"), surface("up", "bath up", "x-"), surface("top", "plate", "x+")],
        "terminals": [held("low", 0.0), held("up", 0.0)],
        "conditions": [{"on": ["top"], "laws": [{"kind": "fixed_potential", "potential": {"field": "above"}}]}],
        "interfaces": [interface("joint", "plate", "bath *", rest(REST), asinh(EXCHANGE, NUMBER))],
        "integrals": [{"name": "joint", "interface": "joint"}],
    }
    exact = {
        "terminals.low.current_A": -BATH * (0.5 * GAIN * HEIGHT + b),
        "terminals.up.current_A": -BATH * (0.5 * GAIN * HEIGHT - b),
        "integrals.joint.jump.electric_potential_V": REST
        + quad(activation, 0.0, HEIGHT, epsabs=0.0, epsrel=1e-12)[0] / HEIGHT,
    }
    return Posed(case, exact, {"above": above})


def _anodes(n, widths, feet=(1.5, 1.5, 1.5)):
    """L-shaped branches in parallel, 2400 A in all: anodes 1 m wide on channels that narrow to each width and end at
    `feet` [m]."""
    boxes, shift = [], 0.0
    for number, width in enumerate(widths):
        name = f"{number}"
        boxes += [
            box(f"anode {name}", "m", (0.0, 0.5), (shift, shift + 1.0), anode=name),
            box(f"wide {name}", "m", (0.5, 1.0), (shift, shift + 1.0)),
            box(f"narrow {name}", "m", (1.0, feet[number]), (shift, shift + width)),
        ]
        shift += 1.25
    # Mesh planes of all branches cut all of them: a grid of eighths of a metre.
    case = {
        "physics": ELECTRIC,
        "boxes": boxes,
        "materials": {"m": material(800.0)},
        "mesh": {"size": f"{0.125 / n!r} m", "size_z": "1 m", "merge_distance": "0 m"},
        "surfaces": [surface("beam", "anode *", "x-"), surface("floor", "narrow *", "x+")],
        "terminals": [fed("beam", 2400.0), held("floor", 0.0)],
        "interfaces": [interface(f"joint {i}", f"anode {i}", f"wide {i}", rest(0.0)) for i in range(len(widths))],
    }
    conductance = np.array(
        [l_shape(foot, width, 1.0, 1.0, (1, 2), (5, 0)) for width, foot in zip(widths, feet, strict=False)]
    )
    currents = 2400.0 * conductance / conductance.sum()
    exact = {f"anodes.list.{i}.current_A": float(current) for i, current in enumerate(currents)}
    exact["anodes.non_uniformity"] = float((currents.max() - currents.min()) / currents.mean())
    return Posed(case, exact | {"terminals.beam.potential_V": float(2400.0 / 800.0 / conductance.sum())})


@known("singular edge", MAP, bases=(1, 3))
def anodes_unlike(n):
    """Three anodes over channels of different width: their currents, spread, voltage; order 4/3"""
    return _anodes(n, (0.75, 0.5, 0.25))


@known("singular edge", MAP, bases=(1, 3))
def anodes_alike(n):
    """Three anodes over channels nearly alike: the spread is that of small differences; order 4/3"""
    return _anodes(n, (0.625, 0.75, 0.625))


@known("singular edge", MAP, bases=(1, 3))
def anodes_level(n):
    """Two anodes over channels that differ in width and length, of nearly one resistance: their spread is that of small
    differences"""
    return _anodes(n, (0.5, 0.75), (1.5, 1.875))


pit_asinh = borrowed(distribution.pit_asinh, KIND, "terminals.open.current_A", (1, 3), 3)
pit_linear = borrowed(distribution.pit_linear, KIND, "terminals.second.current_A", (1, 3), 2)

PROBLEMS = (
    butler_volmer_pit,
    filmed_pit,
    plate_with_asinh_kinetics,
    anodes_unlike,
    anodes_alike,
    anodes_level,
    pit_asinh,
    pit_linear,
)
