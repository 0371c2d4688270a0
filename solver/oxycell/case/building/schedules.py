"""`[transient.schedule]` of a case, checked against the case it changes: each table as a Course in SI."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from oxycell.case.building.build import expand
from oxycell.case.case import Case
from oxycell.case.messages import Source, dotted, field_of, option_names, unknown_key, validate
from oxycell.case.overrides import changed, parse_key
from oxycell.case.transient import Schedule
from oxycell.case.writing import plain_data
from oxycell.errors import CaseError
from oxycell.mesh.options import Box, MeshOptions
from oxycell.mesh.where import Where
from oxycell.options import TAGS, Options
from oxycell.physics.balances import modules
from oxycell.physics.varying import Varying
from oxycell.units import format_quantity, unit_of_text

Value: TypeAlias = float | bool | str
Path: TypeAlias = tuple[str | int, ...]

OVER_TIME = ("transient.feed.rate", "transient.feed.relative")
"""Keys of `[transient.schedule]` that are no values of a steady case: see `building/supply.py`."""

_CHOICES = ("operation", "process", "bath", "emissions")
_NUMBERS = ("cell", "boxes", "materials", "interfaces", "gas", "lumps", "ledge", "terminals", "conditions", "sources")
_MADE_BY_CELL = (
    "boxes",
    "surfaces",
    "materials",
    "interfaces",
    "gas",
    "lumps",
    "ledge",
    "terminals",
    "conditions",
    "sources",
)


def sections() -> tuple[str, ...]:
    """Sections of a case with values that may change over time."""
    return (*_CHOICES, *_NUMBERS, *modules())


@dataclass(frozen=True)
class Course:
    """One value of the case over time: linear between points, constant beyond them.

    Attributes
    ----------
    key : str, dotted key of the value
    times : (n,) [s], never decreasing; two equal ones are a jump
    values : (n,) numbers in SI, or true/false and choices
    unit : str, the SI unit; empty for pure numbers and choices
    moves : bool, whether it moves the geometry
    """

    key: str
    times: tuple[float, ...]
    values: tuple[Value, ...]
    unit: str = ""
    moves: bool = False

    def at(self, time: float, side: str) -> Value:
        """Value at a time [s]; at a jump that "before" or "after" it."""
        number = (bisect_right if side == "after" else bisect_left)(self.times, time)
        if number == 0:
            return self.values[0]
        if number == len(self.times):
            return self.values[-1]
        if time == self.times[number]:
            return self.values[number]
        low, high = self.values[number - 1], self.values[number]
        if low == high or isinstance(low, str) or isinstance(high, str):
            return low
        begin, end = self.times[number - 1], self.times[number]
        return low + (high - low) * ((time - begin) / (end - begin))

    def stated(self, value: Value) -> Value:
        """A value as a case file states it, to full precision."""
        return format_quantity(value, self.unit) if self.unit and isinstance(value, float) else value

    def kinks(self) -> Iterator[float]:
        """Times [s] of points at which it may not go on as before: all but those within constant stretches."""
        last = len(self.values) - 1
        for number, (time, value) in enumerate(zip(self.times, self.values, strict=True)):
            if not self.values[max(number - 1, 0)] == value == self.values[min(number + 1, last)]:
                yield time


def scheduled(case: Case) -> list[Course]:
    """Tables of `[transient.schedule]`, in SI.

    Parameters
    ----------
    case : Case with `transient`, not expanded

    Returns
    -------
    list of Course, in the order of the case, without those of `OVER_TIME`

    Raises
    ------
    CaseError
        A key is unknown, not a value that may change, or changes the mesh; a value is not allowed.
    """
    assert case.transient is not None
    found: dict[Path, str] = {}
    courses = []
    for key, table in case.transient.schedule.items():
        if key in OVER_TIME:
            continue
        path = _checked_path(case, key)
        if path in found:
            raise _error(key, (), f"is the same as {found[path]}; allowed: one table for each")
        found[path] = key
        courses.append(_course(case, key, path, table))
    return courses


def without_schedule(case: Case, changes: dict[str, Value]) -> Case:
    """The case as a steady one with some values changed: dotted key → value as in the case file."""
    return case.replaced({**changes, "transient": None})


def over_time(options: Any, path: Path = ()) -> Iterator[Course]:
    """Tables over time that options state themselves.

    Parameters
    ----------
    options : Options, or tuples and dicts of them
    path : of these options in the case
    """
    if isinstance(options, Varying):
        if options.time is not None:
            yield Course(dotted(path), options.time, options.numbers)
    elif isinstance(options, Options):
        for name, declared in type(options).model_fields.items():
            yield from over_time(getattr(options, name), (*path, declared.alias or name))
    elif isinstance(options, tuple | dict):
        for key, part in options.items() if isinstance(options, dict) else enumerate(options):
            yield from over_time(part, (*path, key))


class Layout(NamedTuple):
    """What a case is made of.

    Attributes
    ----------
    boxes : tuple of Box; mesh : MeshOptions
    parts : all that is stated of regions, surfaces and materials but numbers; comparable
    """

    boxes: tuple[Box, ...]
    mesh: MeshOptions
    parts: Any


def layout(case: Case) -> Layout:
    """Layout of a case."""
    expanded = expand(case)
    parts = tuple(_without_numbers(getattr(expanded, name)) for name in _MADE_BY_CELL)
    return Layout(expanded.boxes, expanded.mesh, (parts, expanded.regions))


def check_layout(found: Layout, first: Layout) -> None:
    """CaseError where two layouts differ in what has to stand still during a run."""
    if found.parts != first.parts:
        raise CaseError(
            "changes which parts, laws or names the cell consists of; allowed: values that change numbers only"
        )
    if found.mesh != first.mesh and found.boxes == first.boxes:
        raise CaseError("changes the mesh, whose cells have to stay the same during a run; allowed: values that do not")


def _without_numbers(options: Any) -> Any:
    if isinstance(options, Options):
        return type(options), *(_without_numbers(getattr(options, name)) for name in type(options).model_fields)
    if isinstance(options, dict):
        return {key: _without_numbers(part) for key, part in options.items()}
    if isinstance(options, tuple):
        return tuple(_without_numbers(part) for part in options)
    return "number" if isinstance(options, int | float) and not isinstance(options, bool) else options


def _checked_path(case: Case, key: str) -> Path:
    """Path of a key whose value may change over time."""
    try:
        path = parse_key(key)
    except CaseError:
        raise _error(key, (), 'is not a dotted key; allowed: for example "operation.line_current"') from None
    section = path[0]
    if section not in option_names(Case):
        raise _error(key, (), unknown_key(section, list(sections())))
    if section not in sections() or len(path) == 1:
        raise _error(key, (), f"cannot change over time; allowed: values of {', '.join(sections())}")
    if section in ("cell", "boxes") and not getattr(case, section):
        raise _error(key, (), f"the case has no [{section}]; allowed: values it has")
    if section == "operation" and case.cell is None:
        raise _error(
            key,
            (),
            "acts through [cell], which the case does not have; allowed: values of terminals, conditions, lumps",
        )
    assert case.transient is not None
    if section == "bath" and path[-1] != "conductivity_factor" and case.transient.composition == "coupled":
        raise _error(
            key, (), 'follows from what freezes, is fed and used; allowed with transient.composition = "fixed"'
        )
    numbered = tuple(int(part) if part.isdecimal() else part for part in path)
    node: Any = case
    for depth, part in enumerate(numbered):
        if isinstance(node, Where):
            raise _error(key, (), "says to which faces a law applies, which cannot change over time")
        node = _inside(node, part)
        if isinstance(node, Varying) and node.time is not None:
            raise _error(key, (), f"{dotted(path[: depth + 1])} is a table over time already; allowed: one of the two")
    if isinstance(node, Options | tuple | dict) and not isinstance(node, Varying):
        raise _error(key, (), "is a table or list; allowed: the dotted key of one number in it")
    return numbered


def _inside(node: Any, part: str | int) -> Any:
    """What options hold under a key or index, None without."""
    if isinstance(node, Options):
        found = field_of(type(node), str(part))
        names = [name for name, declared in type(node).model_fields.items() if declared is found]
        return getattr(node, names[0]) if names else None
    if isinstance(node, dict):
        return node.get(part, node.get(str(part)))
    return node[part] if isinstance(node, tuple) and isinstance(part, int) and part < len(node) else None


def _value_at(case: Case, path: Path) -> Any:
    node: Any = case
    for part in path:
        node = _inside(node, part)
    return node


def _course(case: Case, key: str, path: Path, table: Schedule) -> Course:
    """A table with its values in SI, each tried in the case."""
    tried: dict[tuple[type, Value], tuple[Value, str]] = {}
    values, unit, first, moves = [], "", None, False
    for number, stated in enumerate(table.value):
        if (type(stated), stated) not in tried:
            there = _tried(case, key, path, stated, number)
            try:
                found = layout(there)
            except CaseError as error:
                raise _error(key, ("value", number), f"is not possible: {error}") from None
            first = first or found
            moves |= found.boxes != first.boxes
            try:
                check_layout(found, first)
            except CaseError as error:
                raise _error(key, (), str(error)) from None
            tried[type(stated), stated] = _number_or_choice(there, key, path, number)
        value, unit = tried[type(stated), stated]
        values.append(value)
    for number in range(1, len(values)):
        before, here = values[number - 1], values[number]
        if not isinstance(here, float) and before != here and table.time[number - 1] != table.time[number]:
            raise _error(
                key,
                ("value", number),
                f"{_shown(here)} after {_shown(before)} is not a number and can only jump; allowed: two equal times",
            )
    return Course(key, table.time, tuple(values), unit, moves)


def _tried(case: Case, key: str, path: Path, value: Value, number: int) -> Case:
    """The case with one value of a table put in."""
    data = {name: entry for name, entry in plain_data(case, stated_only=True).items() if name != "transient"}
    try:
        data, place = changed(data, tuple(map(str, path)), value)
    except CaseError as error:
        raise _error(key, (), str(error)) from None
    label = "value"
    try:
        return validate(Case, data, Source(overrides=(place,), label=label))
    except CaseError as error:
        message = str(error).removeprefix(f"{label}: ")
    own = message.removeprefix(f"{dotted(place)}: ")
    raise _error(key, () if "unknown key" in message else ("value", number), own)


def _number_or_choice(case: Case, key: str, path: Path, number: int) -> tuple[Value, str]:
    """SI value and unit of what stands at a path."""
    value = _value_at(case, path)
    plain: Any = plain_data(case)
    for part in path:
        plain = plain[int(part)] if isinstance(plain, list) else plain[str(part)]
    if isinstance(value, float):
        return value, unit_of_text(plain) if isinstance(plain, str) else ""
    owner = _value_at(case, path[:-1])
    choice = isinstance(owner, Options) and path[0] in _CHOICES and path[-1] not in TAGS
    declared = field_of(type(owner), str(path[-1])) if choice else None
    if declared is not None and (isinstance(value, bool) or _is_choice(declared.annotation)):
        return value, ""
    raise _error(
        key,
        ("value", number),
        f"{_shown(value)} cannot vary continuously; allowed: keys of numbers, in {', '.join(_CHOICES)} also of "
        "true/false and choices",
    )


def _shown(value: Value | None) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else f"{value}"


def _is_choice(annotation: Any) -> bool:
    parts = getattr(annotation, "__args__", ())
    return bool(parts) and all(isinstance(part, str) for part in parts)


def _error(key: str, below: Path, message: str) -> CaseError:
    path = ("transient", "schedule", key, *below)
    error = CaseError(f"{dotted(path)}: {message}")
    error.place = path
    return error
