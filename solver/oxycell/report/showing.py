"""Figures of a report as people read them: value, unit, error bar and words, from their entries in the registry."""

from typing import Any

from oxycell.report.error_bars import bar_text
from oxycell.report.figure import Figure, Tree
from oxycell.report.registry import FIGURES, figure_of


def at(report: Tree, key: str) -> Any:
    """Number, text or block behind a dotted key of a report, None where it has none; entries of lists by their number.

    A name may hold dots.
    """
    return _at(report, key.split("."))


def _at(node, parts):
    if not parts:
        return node
    if isinstance(node, list):
        inside = parts[0].isdigit() and int(parts[0]) < len(node)
        return _at(node[int(parts[0])], parts[1:]) if inside else None
    if isinstance(node, dict):
        for end in range(1, len(parts) + 1):
            name = ".".join(parts[:end])
            if name in node and (found := _at(node[name], parts[end:])) is not None:
                return found
    return None


def keys_of(report: Tree, figure: Figure) -> list[str]:
    """Dotted keys of a figure in a report, with names in place of `*`: list of str."""
    return list(_keys(report, figure.parts, ""))


def _keys(node, parts, prefix):
    if not parts:
        yield prefix
        return
    first, *rest = parts
    if first == "*":
        entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    else:
        entries = [(first, node[first])] if isinstance(node, dict) and first in node else ()
    for name, inner in entries:
        yield from _keys(inner, rest, f"{prefix}.{name}" if prefix else name)


def words_of(key: str) -> str:
    """What a figure is, in words, by its dotted key; the key itself where no figure is of that key."""
    figure = figure_of(key)
    return key if figure is None else figure.words(key)


def unit_shown(key: str) -> str:
    """Unit that a figure is shown in."""
    figure = figure_of(key)
    return "" if figure is None else figure.display.unit


def shown(key: str, value: float | None) -> float | None:
    """A value of a figure in the unit that it is shown in; None for None."""
    figure = figure_of(key)
    return value if figure is None else figure.display.value(value)


def value_shown(report: Tree, key: str) -> float | None:
    """A figure in the unit that it is shown in, None where the report has none."""
    return shown(key, at(report, key))


def bar_shown(report: Tree, key: str) -> str:
    """The error bar of a figure in the unit that it is shown in; empty without one."""
    figure = figure_of(key)
    return bar_text(report, key, 1.0 if figure is None else figure.display.factor)


def is_number(value: object) -> bool:
    """Whether a value of a report is a number; a truth is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def listed(report: Tree, view: str, *blocks: str) -> list[str]:
    """Dotted keys of the numbers of a report that are listed in a view, in the order of their entries: list of str.

    Parameters
    ----------
    report : dict
    view : str, see Figure
    blocks : of the report, all for none
    """
    return [
        key
        for figure in FIGURES.values()
        if view in figure.views and figure.is_number and (not blocks or figure.parts[0] in blocks)
        for key in keys_of(report, figure)
        if is_number(at(report, key))
    ]
