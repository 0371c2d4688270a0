"""Materials that melt without flowing: the position of the front between solid and liquid, and what it makes of heat
and current."""

import numpy as np

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import THERMAL, box, cut, ends, fed, fixed, held, layers, on, quantity, surface

MELTS = 1178.15


def melts(solid, liquid, at=MELTS, **more):
    """A material that melts at a temperature [K]: k [W/m/K] of solid and liquid, or (k, σ [S/m]) of both."""
    units = ("thermal_conductivity", "W/m/K"), ("electrical_conductivity", "S/m")
    phases = [
        {key: quantity(value, unit) for (key, unit), value in zip(units, np.atleast_1d(phase), strict=False)}
        for phase in (solid, liquid)
    ]
    return {"melting": {"temperature": quantity(at, "K"), "solid": phases[0], "liquid": phases[1], **more}}


def _crust(cells=10, solid=1.5, liquid=0.8):
    """Bath at rest 0.25 m deep, frozen 0.15 m from below: 700 W/m² up to the melting point and on; with ten cells on a
    face of the mesh."""
    return {
        "physics": THERMAL,
        "boxes": layers(("bath", "m", 0.25), axis="z", side=0.7),
        "materials": {"m": melts(solid, liquid)},
        "mesh": cut(1, 1, cells),
        "surfaces": ends("bath", "bath", "z"),
        "conditions": [on("low", fixed(MELTS - 700.0 * 0.15 / solid)), on("high", fixed(MELTS + 700.0 * 0.1 / liquid))],
    }


KIRCHHOFF = "Kirchhoff's transform: (k₁ΔT₁ + k₂ΔT₂)/L, linear on both sides of the front"


@check("thermal", "melting", KIRCHHOFF, "W", 1e-7)
def melting_point_heat(n):
    """Bath at rest, frozen from below, by its melting point and two conductivities: heat"""
    return Posed(_crust(), 0.49 * 700.0, lambda a: a.loss("low"))


@check("thermal", "melting", KIRCHHOFF, "m", 1e-5)
def melting_front(n):
    """The same: position of the front, less the 2 µm that a hundredth of a kelvin is worth"""
    return Posed(_crust(), 0.15, lambda a: a.report["melting"]["m"]["front"]["z_m"]["mean"])


@check("thermal", "melting", KIRCHHOFF, "m3", 1e-5)
def melting_volume(n):
    """The same: volume that is frozen"""
    return Posed(_crust(), 0.15 * 0.49, lambda a: a.report["melting"]["m"]["solid_m3"])


@check("thermal", "melting", KIRCHHOFF, "W", 1e-9)
def melting_within_a_cell(n):
    """Bath at rest in seven cells, frozen up to a fifth of one, which conducts 16 times as well as molten: heat"""
    return Posed(_crust(7, 8.0, 0.5), 0.49 * 700.0, lambda a: a.loss("low"))


@check(
    "thermal", "melting", f"{KIRCHHOFF}; including the linear variation of k over a hundredth of a kelvin", "m", 1e-8
)
def melting_front_within_a_cell(n):
    """The same: position of the front"""
    return Posed(
        _crust(7, 8.0, 0.5),
        0.15 - 0.01 / 8 * (8.0 - 0.5) / 700.0,
        lambda a: a.report["melting"]["m"]["front"]["z_m"]["mean"],
    )


def _tilted():
    """A square in which T rises along both axes, 200 K/m and 100 K/m, and melts at 1200 K on 2x + y = 1.5;
    conductivities are alike."""
    edge = [{"x": ["0 m", "1 m"], "value": [1050.0, 1250.0]}, {"y": ["0 m", "1 m"], "value": [1050.0, 1150.0]}]
    sides = {"y-": edge[0], "x-": edge[1]}
    sides["y+"] = {"x": ["0 m", "1 m"], "value": [1150.0, 1350.0]}
    sides["x+"] = {"y": ["0 m", "1 m"], "value": [1250.0, 1350.0]}
    return {
        "physics": THERMAL,
        "boxes": [box("bath", "m", (0.0, 1.0))],
        "materials": {"m": melts(2.0, 2.0, 1200.0)},
        "mesh": cut(7, 9, 1),
        "surfaces": [surface(f"at {side}", "bath", side) for side in sides],
        "conditions": [on(f"at {side}", {"kind": "fixed_temperature", "temperature": T}) for side, T in sides.items()],
    }


@check("thermal", "melting", "a plane, on which T = 1200 K", "m", 1e-8)
def melting_front_tilted(n):
    """Front across the cells of a square with a linear temperature: its farthest point off the plane"""

    def off(a):
        point = a.record["melting"]["m"]["point"]
        return float(np.max(np.abs(2.0 * point[:, 0] + point[:, 1] - 1.5)))

    return Posed(_tilted(), 0.0, off, 1.0)


@check("electric", "melting", "resistances of both layers in series", "V", 1e-9)
def melting_voltage(n):
    """Current through bath at rest, frozen from below, at a temperature that is prescribed: voltage"""
    given = {"z": ["0 m", "0.15 m", "0.25 m"], "value": [MELTS - 70.0, MELTS, MELTS + 87.5]}
    case = _crust() | {
        "physics": {"thermal": False, "temperature": given},
        "terminals": [fed("low", 49.0), held("high", 0.0)],
    }
    case["materials"] = {"m": melts((1.5, 0.5), (0.8, 200.0))}
    return Posed(
        {key: value for key, value in case.items() if key != "conditions"}, 100.0 * (0.15 / 0.5 + 0.1 / 200.0), _voltage
    )


def _voltage(answer):
    return answer.potential("low")
