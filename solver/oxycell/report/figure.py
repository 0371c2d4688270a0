"""What a figure of the report is: its key, its unit, what it means, what it is summed from, and how people read it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from oxycell.constants import ZERO_CELSIUS

Tree: TypeAlias = dict[str, Any]
"""A report, a block of it, or a group of a record: dicts in dicts."""

TEXT, TRUTH, STATED, AS_NAMED = "text", "true or false", "as stated", "as its name ends"
"""What replaces a unit: words, a truth, a number whose unit another entry of the report or its
own name states."""


class _Absent:
    """Stands for a key that a report does not have."""

    def __repr__(self):
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True)
class Shown:
    """How a number is shown to people: factor · value + shift in a unit, with so many digits behind the point.

    Attributes
    ----------
    unit : str
    factor, shift : float
    digits : int, None: five in all
    fine : int or None, digits on the page of a report below 0.1 in this unit; None: as many as else
    """

    unit: str
    factor: float = 1.0
    shift: float = 0.0
    digits: int | None = None
    fine: int | None = None

    def value(self, number: float | None) -> float | None:
        """The number as it is shown; None for None."""
        if number is None or (self.factor, self.shift) == (1.0, 0.0):
            return number
        return self.factor * number + self.shift


SHOWN = {
    "A": Shown("kA", 1e-3),
    "A/m2": Shown("A/cm²", 1e-4),
    "K": Shown("°C", shift=-ZERO_CELSIUS, digits=1),
    "V": Shown("V", digits=3),
    "W": Shown("kW", 1e-3, digits=1, fine=5),
    "W/m2": Shown("kW/m²", 1e-3, digits=2),
    "kg/day": Shown("kg/day", digits=1),
    "kWh/kg": Shown("kWh/kg", digits=3),
    "kg/kWh": Shown("g/kWh", 1e3, digits=1),
    "t/t": Shown("t/t", digits=3),
    "K/m": Shown("K/m", digits=0),
    "K/h": Shown("K/h", digits=1),
    "m": Shown("mm", 1e3, digits=1),
    "m2": Shown("m²", digits=3),
    "m3": Shown("m³", digits=4),
}
"""How figures of a unit are shown where they do not say otherwise; a unit that is not listed is shown as it is."""

PERCENT = Shown("%", 100.0, digits=2)
PLACE = Shown("m", digits=4)
FINE_VOLT = Shown("V", digits=4)

EVERYWHERE = ("html", "compare")


@dataclass(frozen=True)
class Figure:
    """One figure of report.json, or, where its key holds `*`, one of each name or entry of a list.

    Attributes
    ----------
    key : str, dotted; `*` stands for a name or for an entry of a list
    unit : str, of the value in report.json: SI unless the key says otherwise, "" for a pure number, or one of `TEXT`,
        `TRUTH`, `STATED`, `AS_NAMED`
    label : str, what it is in a few words; of a key that ends in `*` with `{}` for the name
    formula : str, what is summed, in terms of the record (/oxycell of fields.hdf) and of other figures
    needs : tuple of str, names of `oxycell.report.solved.NEEDS` or of balances; where one is missing, `absent` stands
        in the report
    compute : function of a `Solved` → value; dict or list for each `*` of the key, entries that are `ABSENT` left out;
        None where an entry with the beginning of this key gives it
    absent : content of the report where a need is missing; `ABSENT`: nothing
    note : str, more about it, for docs/formats.md
    shown : Shown or None, how people read it; None: as `SHOWN` says of its unit
    table : str, heading it is listed under by `oxycell compare`; "": that of the first part of its key
    views : tuple of str, where it is listed: "html" (section of report.html), "compare", "console" (summary of a run)
    """

    key: str
    unit: str
    label: str
    formula: str
    needs: tuple[str, ...] = ()
    compute: Callable | None = None
    absent: object = None
    note: str = ""
    shown: Shown | None = None
    table: str = ""
    views: tuple[str, ...] = EVERYWHERE

    @property
    def parts(self) -> list[str]:
        """Parts of its key."""
        return self.key.split(".")

    @property
    def is_number(self) -> bool:
        """Whether its value is a number."""
        return self.unit not in (TEXT, TRUTH)

    @property
    def fixed_unit(self) -> str:
        """Its unit; "" for a pure number, and for what has none of its own."""
        return "" if self.unit in (TEXT, TRUTH, STATED, AS_NAMED) else self.unit

    @property
    def display(self) -> Shown:
        """How people read it (Shown)."""
        return self.shown or SHOWN.get(self.unit, Shown(self.fixed_unit))

    @property
    def heading(self) -> str:
        """Heading of its tables."""
        return self.table or self.parts[0].replace("_", " ")

    def words(self, key: str) -> str:
        """Its label, with the last name in a dotted key of it in the place that it leaves for one."""
        return self.label.replace("{}", (self.names(key) or ("",))[-1].replace("_", " "))

    def fits(self, key: str) -> bool:
        """Whether a dotted key is one of this figure's; a name may hold dots."""
        if "*" not in self.key:
            return key == self.key
        return key.startswith(self._begin) and self._pattern.fullmatch(key) is not None

    @cached_property
    def _begin(self):
        return self.key.partition("*")[0]

    @cached_property
    def _pattern(self):
        return re.compile(re.escape(self.key).replace(r"\*", "(.+)"))

    def names(self, key: str) -> tuple[str, ...]:
        """Names that a dotted key of this figure has in place of `*`, as a tuple."""
        found = self._pattern.fullmatch(key)
        return () if found is None else found.groups()


def find(figures: Mapping[str, Figure], key: str) -> Figure | None:
    """The figure that a dotted key of a report is of; None where no figure is.

    Parameters
    ----------
    figures : dict key → Figure
    key : str; components of a vector and rows of a column by their number, from 0
    """
    if key in figures:
        return figures[key]
    fitting = [figure for figure in figures.values() if figure.fits(key)]
    if fitting:
        return max(fitting, key=lambda figure: len(figure.key.replace("*", "")))
    whole, _, last = key.rpartition(".")
    return find(figures, whole) if whole and last.isdigit() else None


def entry(tree: Any, parts: Sequence[str]) -> Any:
    """What a nested dict holds under parts of a key: dict or list for each `*`; `ABSENT` where it holds nothing."""
    if not parts:
        return tree
    first, *rest = parts
    if first != "*":
        return entry(tree[first], rest) if isinstance(tree, dict) and first in tree else ABSENT
    if isinstance(tree, dict):
        return {name: entry(inner, rest) for name, inner in tree.items()}
    return [entry(inner, rest) for inner in tree]


def put(tree: Tree, parts: Sequence[str], value: Any) -> None:
    """Put a value under parts of a key into a nested dict; the inverse of `entry`."""
    first, *rest = parts
    if value is ABSENT:
        return
    if not rest:
        tree[first] = value
    elif rest[0] != "*":
        put(tree.setdefault(first, {}), rest, value)
    elif isinstance(value, list):
        inner = tree.setdefault(first, [])
        inner.extend({} for _ in range(len(value) - len(inner)))
        for one, part in zip(inner, value, strict=True):
            put(one, rest[1:], part)
    else:
        inner = tree.setdefault(first, {})
        for name, part in value.items():
            if len(rest) == 1 and part is not ABSENT:
                inner[name] = part
            elif len(rest) > 1:
                put(inner.setdefault(name, {}), rest[1:], part)
