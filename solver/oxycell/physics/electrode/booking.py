"""What every law of an interface states of itself: its drop, and how that is reported: its voltage part and the surface
on which its heat is released."""

from typing import Any, ClassVar, Literal

from oxycell.options import Options, option

Place = Literal["first", "second", "half", "pool"]

PLACES = {"first": 0, "second": 1, "half": 2, "pool": 3}
"""Where the heat of a law appears: on the surface of a region, half on each, or in the second region itself, beyond its
film."""

GIVEN = float("nan")
"""Stands for a number that is not known before the state is: the one a law calls `given`."""

OF_PROCESS = ("reversible_potential", "peltier_voltage")
"""What is `given` by [process]."""


class InterfaceLaw(Options):
    """What every law states; a law without a drop of voltage leaves it at this.

    Attributes
    ----------
    branch : its number in `drop`
    linear : whether currents stay linear in potentials
    once : what an interface has one of at most; None: any number, which add up
    default_part : voltage part it is reported under where a case states none
    """

    branch: ClassVar[int | None] = None
    linear: ClassVar[bool] = True
    once: ClassVar[str | None] = None
    default_part: ClassVar[str | None] = None

    def numbers(self) -> tuple[float, ...] | None:
        """Parameters of its branch of `drop`, at most `WIDTH`; None where it drops nothing."""
        return None

    @property
    def given(self) -> str | None:
        """What of the state its first number is: "conductivity" of the second region, "reversible_potential" or
        "peltier_voltage" of the process; None where it is stated."""
        return None

    @property
    def looks(self) -> str:
        """Way the first region's face looks where the law acts."""
        return "any"

    @property
    def place(self) -> str | None:
        """Where its heat is released, None: it makes none."""
        return getattr(self, "heat", None)


def part_option(default: str, without: str = "; without [process] the interface's name") -> Any:
    """The option `part` of a law.

    Parameters
    ----------
    default : str, voltage part of a law that states none
    without : str, what holds without a process, where interfaces are parts themselves, but for equilibrium potentials
    """
    return option(f"voltage part it is reported under, with [process] or without (default: {default}{without})", None)


def part_of(law: Any) -> str:
    """Voltage part of a law: what it states, or that of its class."""
    return law.part or law.default_part
