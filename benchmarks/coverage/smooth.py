"""Smooth problems in one to three dimensions: second order in the fields, less in what is taken from them by minimum
and maximum."""

import numpy as np
from scipy.constants import Stefan_Boltzmann as SIGMA

from benchmarks.coverage.known import Posed, borrowed, known
from benchmarks.coverage.thin import closed_end
from oxycell.verification import plates, readings
from oxycell.verification.parts import (
    THERMAL,
    at,
    box,
    cut,
    ends,
    fixed,
    flux,
    held,
    layers,
    material,
    metal,
    on,
    radiation,
    surface,
)

KIND = "smooth"
SERIES = "eigenfunction series (Carslaw & Jaeger 1959, Conduction of Heat in Solids, 2nd ed., ch. 5)"


@known(KIND, "T = 300 + 200 x (1 − x) K: uniform heat between cold ends (Carslaw & Jaeger §3.14)")
def heated_bar(n):
    """Bar heated by its current: mean and hottest temperature, a point"""
    case = {
        "materials": {"m": material(1.0, 1.0)},
        "boxes": layers(("bar", "m", 1.0)),
        "mesh": cut(n),
        "surfaces": ends("bar", "bar"),
        "terminals": [held("low", 20.0), held("high", 0.0)],
        "conditions": [on(["low", "high"], fixed(300.0), path="ends")],
        "probes": [at("p", 0.3, 0.5, 0.5)],
        "integrals": [{"name": "bar", "regions": ["bar"]}],
    }
    return Posed(
        case,
        {
            "integrals.bar.temperature_K.mean": 300.0 + 200.0 / 6.0,
            "integrals.bar.temperature_K.max": 350.0,
            "probes.p.temperature_K": 342.0,
        },
    )


OHMIC_END, OHMIC_VOLTAGE = 400.0, 0.9
KOHLRAUSCH = (
    "∫ k/σ dT = φ (V − φ)/2 (Kohlrausch 1900, Ann. Phys. 306, 132); ∫ σ dφ is harmonic: its drop over "
    "the shape is the current"
)


def warmed_conductor(volts, k=60.0, low=(300.0, 1e-6), high=(1900.0, 5e-6)):
    """A body of k const and resistivity linear in T whose electrodes are at 400 K: material, ∫ σ dφ [A/m], hottest
    temperature [K].

    k (a (T − T0) + b (T² − T0²)/2) = φ (V − φ)/2 for a resistivity a + b T, a quadratic for T.
    """
    b = (high[1] - low[1]) / (high[0] - low[0])
    a = low[1] - b * low[0]

    def temperature(phi):
        right = phi * (volts - phi) / (2.0 * k) + a * OHMIC_END + b * OHMIC_END**2 / 2.0
        return (-a + np.sqrt(a * a + 2.0 * b * right)) / b

    nodes, weights = np.polynomial.legendre.leggauss(60)
    phi = 0.5 * volts * (nodes + 1.0)
    total = 0.5 * volts * float(np.sum(weights / (a + b * temperature(phi))))
    return metal(((low[0], high[0]), (low[1], high[1])), k), total, float(temperature(0.5 * volts))


@known(KIND, KOHLRAUSCH)
def ohmic_bar(n):
    """Bar whose resistivity rises with its temperature: current, hottest temperature"""
    stated, total, hottest = warmed_conductor(OHMIC_VOLTAGE)
    case = {
        "materials": {"m": stated},
        "boxes": layers(("bar", "m", 0.5), side=0.1),
        "mesh": cut(n),
        "surfaces": ends("bar", "bar"),
        "physics": {"temperature": "600 K"},
        "terminals": [held("low", OHMIC_VOLTAGE), held("high", 0.0)],
        "conditions": [on(["low", "high"], fixed(OHMIC_END), path="ends")],
        "integrals": [{"name": "bar", "regions": ["bar"]}],
    }
    return Posed(case, {"terminals.low.current_A": total * 0.02, "integrals.bar.temperature_K.max": hottest})


@known(KIND, f"{KOHLRAUSCH}; 7 − (2/π) ln 2 squares (Hall 1968, Thin Solid Films 1, 277)", bases=(1, 3), halvings=3)
def ohmic_bend(n):
    """The same round a bend, whose corner makes the order 4/3: current, hottest temperature"""
    stated, total, hottest = warmed_conductor(OHMIC_VOLTAGE)
    boxes = [box("foot", "m", (0.0, 3.0)), box("corner", "m", (3.0, 4.0)), box("head", "m", (3.0, 4.0), (1.0, 4.0))]
    case = {
        "materials": {"m": stated},
        "boxes": boxes,
        "mesh": cut((3 * n, n), (n, 3 * n)),
        "physics": {"temperature": "600 K"},
        "surfaces": [surface("low", "foot", "x-"), surface("high", "head", "y+")],
        "terminals": [held("low", OHMIC_VOLTAGE), held("high", 0.0)],
        "conditions": [on(["low", "high"], fixed(OHMIC_END), path="ends")],
        "integrals": [{"name": "all", "regions": ["*"]}],
    }
    return Posed(
        case,
        {
            "terminals.low.current_A": total / (7.0 - 2.0 / np.pi * np.log(2.0)),
            "integrals.all.temperature_K.max": hottest,
        },
    )


@known(KIND, "the fin's equation as an initial value problem from its end (Carslaw & Jaeger §4.11 for the linear one)")
def radiating_fin(n):
    """Thin fin that radiates: heat through its base"""
    k, half, length, emissivity = 2e4, 1e-4, 0.4, 0.8

    def made(T):
        return emissivity * SIGMA * (T**4 - 300.0**4)

    exact = closed_end(made, k * half, length, 1300.0, 305.0)[0]
    case = {
        "physics": THERMAL | {"temperature": "900 K"},
        "boxes": [box("a", "m", (0.0, length), (0.0, half))],
        "materials": {"m": material(k=k)},
        "mesh": cut(n),
        "surfaces": [surface("base", "a", "x-"), surface("side", "a", "y+")],
        "conditions": [on("base", fixed(1300.0)), on("side", radiation(emissivity, 300.0))],
    }
    return Posed(case, {"heat.losses.side": exact})


def _square(y, centre=False):
    """−∇²θ = 1 on a unit square with cold sides: mean, centre (Timoshenko & Goodier 1951, Theory of Elasticity,
    §106)."""
    i = np.arange(1, 200, 2) * np.pi
    # θ = Σ 4/i³ (1 − cosh(i (y − ½))/cosh(i/2)) sin(i x); cosh ratios in a form that does not overflow.
    ratio = (np.exp(i * (abs(y - 0.5) - 0.5)) + np.exp(-i * (abs(y - 0.5) + 0.5))) / (1.0 + np.exp(-i))
    if centre:
        return float(np.sum(4.0 / i**3 * (1.0 - ratio) * np.sin(0.5 * i)))
    return float(np.sum(8.0 / i**4 * (1.0 - 2.0 * np.tanh(0.5 * i) / i)))


@known(KIND, "series of the heated square (Timoshenko & Goodier 1951, Theory of Elasticity, §106, torsion)")
def heated_square(n):
    """Square heated evenly within cold sides: mean and hottest temperature, a quarter of the heat"""
    case = {
        "physics": THERMAL,
        "boxes": [box("a", "m", (0.0, 1.0))],
        "materials": {"m": material(k=2.0)},
        "mesh": cut(n, n),
        "sources": [{"name": "s", "regions": ["a"], "heat": "4000 W/m3"}],
        "integrals": [{"name": "a", "regions": ["a"]}],
        "surfaces": [surface("cold", "a", "x-", "x+", "y-", "y+")],
        "conditions": [on("cold", fixed(300.0))],
        "probes": [at("p", 0.5, 0.25, 0.5)],
    }
    return Posed(
        case,
        {
            "integrals.a.temperature_K.mean": 300.0 + 2000.0 * _square(0.5),
            "probes.p.temperature_K": 300.0 + 2000.0 * _square(0.25, True),
            "integrals.a.temperature_K.max": 300.0 + 2000.0 * _square(0.5, True),
        },
    )


@known(KIND, f"{SERIES}, double sine series", bases=(4, 6), halvings=2)
def hot_lid(n):
    """Cube with one hot side, the others cold: heat through the side opposite, temperature of its middle"""
    case = {
        "physics": THERMAL,
        "boxes": [box("a", "m", (0.0, 1.0))],
        "materials": {"m": material(k=5.0)},
        "mesh": cut(n, n, n),
        "surfaces": [
            surface("hot", "a", "z+"),
            surface("beside", "a", "x-", "x+", "y-", "y+"),
            surface("far", "a", "z-"),
        ],
        "conditions": [on("hot", fixed(500.0)), on("beside", fixed(300.0)), on("far", fixed(300.0))],
        "probes": [at("p", 0.5, 0.5, 0.5)],
    }
    i = np.arange(1, 80, 2)
    a, b = np.meshgrid(i, i)
    wave = np.pi * np.hypot(a, b)
    weight = 16.0 / (np.pi**2 * a * b)
    sign = np.sin(0.5 * np.pi * a) * np.sin(0.5 * np.pi * b)
    middle = float(np.sum(weight * sign / (2.0 * np.cosh(0.5 * wave))))
    heat = float(np.sum(weight * wave / np.sinh(wave) * 4.0 / (np.pi**2 * a * b)))
    return Posed(case, {"heat.losses.far": 1000.0 * heat, "probes.p.temperature_K": 300.0 + 200.0 * middle})


@known(
    KIND,
    "the field itself, T = 300 + 100 sin(πx/2) cos(πy) cos(πz/2): its Laplacian is the heat generated",
    bases=(4, 6),
    halvings=2,
)
def chosen_field_of_three_dimensions(n):
    """Cube heated within as a chosen field wants it: heat through a side, means of a side and of a half"""
    wave = np.pi**2 * 1.5
    case = {
        "physics": THERMAL,
        "boxes": [box("a", "m", (0.0, 1.0), (0.0, 0.5)), box("b", "m", (0.0, 1.0), (0.5, 1.0))],
        "materials": {"m": material(k=3.0)},
        "mesh": cut(2 * n, (n, n), 2 * n),
        "sources": [{"name": "s", "regions": ["*"], "heat": {"field": "made"}}],
        "surfaces": [surface("cold", "*", "x-"), surface("top", "*", "z+"), surface("end", "a", "x+")],
        "conditions": [on("cold", fixed(300.0)), on("top", fixed(300.0))],
        "integrals": [
            {"name": "a", "regions": ["a"]},
            {"name": "end", "surfaces": ["end"]},
            {"name": "b", "regions": ["b"]},
        ],
    }
    made = {
        "made": lambda x, y, z: 300.0 * wave * np.sin(0.5 * np.pi * x) * np.cos(np.pi * y) * np.cos(0.5 * np.pi * z)
    }
    return Posed(
        case,
        {
            "integrals.a.temperature_K.mean": 300.0 + 100.0 * (2.0 / np.pi) ** 3,
            "integrals.a.temperature_K.max": 400.0,
            "integrals.end.temperature_K.mean": 300.0 + 100.0 * (2.0 / np.pi) ** 2,
            "integrals.b.temperature_K.min": 200.0,
        },
        made,
    )


@known(
    KIND,
    "T = 300 + 500 cosh(mx)/cosh(mL), m² = 40 /m²: heat that falls with temperature (a fin's equation)",
    bases=(1, 2),
)
def cooled_within(n):
    """Bar cooled within in proportion to its temperature, cells growing to its end: heat at its base, temperature of
    its end"""
    m, length = np.sqrt(40.0), 0.6
    case = {
        "physics": THERMAL,
        "boxes": layers(("a", "m", length)),
        "materials": {"m": material(k=2.0)},
        "mesh": {
            "size": "1 m",
            "size_x": "0.2 m",
            "growth": 1.8,
            "subdivisions": n,
            "merge_distance": "0 m",
            "planes_x": ["0.02 m"],
        },
        "sources": [
            {
                "name": "s",
                "regions": ["a"],
                "heat": {"temperature": ["300 K", "900 K"], "value": [0.0, -2.0 * 40.0 * 600.0]},
            }
        ],
        "surfaces": ends("a", "a"),
        "conditions": [on("low", fixed(800.0)), on("high", flux(0.0))],
        "integrals": [{"name": "end", "surfaces": ["high"]}],
    }
    return Posed(
        case,
        {
            "heat.losses.low": -1000.0 * m * np.tanh(m * length),
            "integrals.end.temperature_K.mean": 300.0 + 500.0 / np.cosh(m * length),
        },
    )


nafems_t4 = borrowed(plates.nafems_t4_sharp, KIND, "probes.E.temperature_K", (1, 3))
fin_tip = borrowed(
    plates.fin_tip, KIND, "integrals.tip.temperature_K.mean", (1, 3), integrals=[{"name": "tip", "surfaces": ["tip"]}]
)
fin_thin = borrowed(plates.fin_thin, KIND, "heat.losses.base", (4, 6))
probe_inside = borrowed(readings.probe_inside, KIND, "probes.p0.temperature_K", (4, 6))
probe_at_a_corner = borrowed(readings.probe_at_a_corner, KIND, "probes.p0.temperature_K", (4, 6))
probe_at_a_joint = borrowed(readings.probe_at_a_joint, KIND, "probes.p0.temperature_K", (4, 6))

PROBLEMS = (
    heated_bar,
    ohmic_bar,
    ohmic_bend,
    radiating_fin,
    heated_square,
    hot_lid,
    chosen_field_of_three_dimensions,
    cooled_within,
    nafems_t4,
    fin_tip,
    fin_thin,
    probe_inside,
    probe_at_a_corner,
    probe_at_a_joint,
)
