"""How laws of interfaces are reported: the voltage part of their drop, and the surface on which their heat is
released."""

from typing import Literal

from oxycell.options import option

Place = Literal["first", "second", "half", "pool"]

PLACES = {"first": 0, "second": 1, "half": 2, "pool": 3}
"""Where the heat of a law appears: on the surface of a region, half on each, or in the second region itself, beyond its
film."""

DEFAULT_PARTS = {
    "contact": "contacts",
    "equilibrium": "reversible",
    "asinh": "anode_activation",
    "butler_volmer": "anode_activation",
    "linear": "anode_activation",
    "tafel": "anode_activation",
    "resistance": "anode_film",
    "concentration": "cathode_concentration",
    "limiting_current": "anode_concentration",
    "bubble_layer": "bubbles",
}
"""Voltage part of laws that state none, by kind."""


def part_option(kind):
    """The option `part` of a law; without a process, interfaces are parts themselves, but for equilibrium
    potentials."""
    without = "" if kind == "equilibrium" else "; without [process] the interface's name"
    return option(
        f"voltage part it is reported under, with [process] or without (default: {DEFAULT_PARTS[kind]}{without})", None
    )


def part_of(law):
    """Voltage part of a law: what it states, or that of its kind."""
    return law.part or DEFAULT_PARTS[law.kind]
