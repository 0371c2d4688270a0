"""Terminals told by what a report gives of them, and alerts: how far a state lies beyond a limit, and how much of a
body."""

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    box,
    convection,
    cut,
    ends,
    fed,
    fixed,
    held,
    interface,
    layers,
    lump,
    material,
    on,
    quantity,
)

OHM = "resistances in series"
STRAIGHT = "temperature is linear"
INSIDE = 0.4 / (3e6 * 0.49) + 2e-6
"""Resistance [ohm] of the bar of `_bar` with that of its surface."""


def _bar(terminal):
    """Bar of 0.4 m between a terminal with resistances at its surface and ahead of it, and 0.5 V; one half of it."""
    return {
        "physics": ELECTRIC,
        "materials": {"m": material(3e6)},
        "surfaces": ends("bar", "bar"),
        "boxes": [box("bar", "m", (0.0, 0.4), (-0.35, 0.35), (0.0, 0.7))],
        "mesh": cut(4, 2, 3) | {"symmetry": ["y"]},
        "terminals": [
            {**terminal, "surface_resistance": "2e-6 ohm", "external_resistance": "7e-6 ohm"},
            held("high", 0.5),
        ],
    }


@check("electric", "terminals", OHM, "A", 1e-9)
def potential_ahead(n):
    """Potential imposed ahead of an external resistance: current, in a model of one half"""
    return Posed(_bar(held("low", 0.6)), 0.1 / (INSIDE + 7e-6), lambda a: a.current("low"))


@check("electric", "terminals", OHM, "A", 1e-9)
def potential_of_the_node(n):
    """Potential imposed behind an external resistance: current, in a model of one half"""
    return Posed(
        _bar({"name": "low", "surfaces": ["low"], "node_potential": "0.6 V"}), 0.1 / INSIDE, lambda a: a.current("low")
    )


@check("electric", "terminals", OHM, "V", 1e-9)
def potential_reported(n):
    """Potential imposed behind an external resistance: that ahead of it"""
    exact = 0.6 + 7e-6 * 0.1 / INSIDE
    return Posed(
        _bar({"name": "low", "surfaces": ["low"], "node_potential": "0.6 V"}), exact, lambda a: a.potential("low")
    )


def _slab(**limits):
    """Slab of 1.2 m between 1000 and 400 K whose material has limits of use [K]."""
    return {
        "physics": THERMAL,
        "boxes": layers(("slab", "m", 1.2), side=0.7),
        "mesh": cut(5, 2, 1),
        "surfaces": ends("slab", "slab"),
        "materials": {"m": material(k=2.0, limits={kind: quantity(T, "K") for kind, T in limits.items()})},
        "conditions": [on("low", fixed(1000.0)), on("high", fixed(400.0))],
    }


def _alert(answer, kind, key):
    """A number of the one alert of a kind."""
    (found,) = (entry for entry in answer.report["alerts"] if entry["kind"] == kind)
    return found[key]


@check("thermal", "alerts", STRAIGHT, "1", 1e-8)
def share_above_a_limit(n):
    """Slab whose hot part is above the limit of use of its material: share of its volume"""
    return Posed(_slab(solidus=815.0), 185.0 / 600.0, lambda a: _alert(a, "limit_of_use", "share"))


@check("thermal", "alerts", STRAIGHT, "1", 1e-8)
def share_below_a_limit(n):
    """Slab whose cold part is below the freezing point of its material: share of its volume"""
    return Posed(_slab(freezing=445.0), 45.0 / 600.0, lambda a: _alert(a, "limit_of_use", "share"))


@check("thermal", "alerts", STRAIGHT, "m3", 1e-8)
def volume_above_a_limit(n):
    """The same slab in a model of one half: volume above the limit, of the whole"""
    case = _slab(service=815.0)
    case["boxes"] = [box("slab", "m", (0.0, 1.2), (-0.35, 0.35), (0.0, 0.7))]
    case["mesh"] = cut(5, 2, 1) | {"symmetry": ["y"]}
    return Posed(case, 1.2 * 0.49 * 185.0 / 600.0, lambda a: _alert(a, "limit_of_use", "volume_m3"))


@check("thermal", "alerts", STRAIGHT, "K", 1e-8)
def hottest_surface(n):
    """Slab above its limit of use: by how much, at its surface"""
    return Posed(_slab(solidus=990.0), 10.0, lambda a: _alert(a, "limit_of_use", "beyond_K"), 600.0)


@check("thermal", "alerts", "resistances in series", "K", 1e-7)
def little_superheat(n):
    """Pool of electrolyte heated to 1.5 K above its liquidus: reported superheat"""
    liquidus = 1150.0
    resistance = (1 / 2e4 + 0.1 / 1.2 + 1 / 400.0) / 0.49
    case = {
        "physics": THERMAL,
        "boxes": layers(("melt", "n", 0.4), ("wall", "m", 0.1), side=0.7),
        "mesh": cut((2, 2), 2, 1),
        "materials": {"m": material(k=1.2), "n": material(k=1.0)},
        "lumps": [lump("bath", {"*": 2e4}, "melt")],
        "surfaces": [ends("melt", "wall")[1]],
        "conditions": [on("high", convection(400.0, 300.0))],
        "sources": [
            {"name": "heater", "regions": ["melt"], "total_heat": quantity((liquidus + 1.5 - 300.0) / resistance, "W")}
        ],
        "ledge": {"pools": ["bath"], "walls": ["wall"], "conductivity": "1.5 W/m/K", "liquidus": "1150 K"},
        "process": {"current_efficiency": 0.9},
    }
    return Posed(case, 1.5, lambda a: _alert(a, "superheat", "superheat_K"), 1000.0)


@check("electric", "alerts", "the current over the area, over the limit", "1", 1e-8)
def limiting_current_passed(n):
    """Electrode that carries more than its limiting current density: how many times"""
    law = {"kind": "limiting_current", "limit": "400 A/m2", "at": "1180 K"}
    case = {
        "physics": ELECTRIC | {"temperature": "1180 K"},
        "boxes": layers(("anode", "m", 0.3), ("bath", "n", 0.1), side=0.7),
        "mesh": cut((2, 2)),
        "materials": {"m": material(4e4), "n": material(200.0)},
        "surfaces": ends("anode", "bath"),
        "interfaces": [interface("face", "anode", "bath", law)],
        "terminals": [fed("low", 0.49 * 500.0), held("high", 0.0)],
    }
    return Posed(case, 1.25, lambda a: _alert(a, "limiting_current", "times"))
