"""How laws of interfaces are reported: the voltage part of their drop, and the surface on which their heat is
released."""

from typing import Literal

from oxycell.options import option

Place = Literal["first", "second", "half", "pool"]

PLACES = {"first": 0, "second": 1, "half": 2, "pool": 3}
"""Where the heat of a law appears: on the surface of a region, half on each, or in the second region itself, beyond its
film."""


def part_option(default, without="; without [process] the interface's name"):
    """The option `part` of a law.

    Parameters
    ----------
    default : str, voltage part of a law that states none
    without : str, what holds without a process, where interfaces are parts themselves, but for equilibrium potentials
    """
    return option(f"voltage part it is reported under, with [process] or without (default: {default}{without})", None)


def part_of(law):
    """Voltage part of a law: what it states, or that of its class."""
    return law.part or law.default_part
