"""Numbers of a report that no figure stands for."""

from oxycell.report.figure import Tree
from oxycell.report.registry import figure_of
from oxycell.report.showing import is_number


def unregistered(report: Tree) -> list[str]:
    """Dotted keys of the numbers of a report without a figure of a number, or whose figure has no formula: list of str.

    Parameters
    ----------
    report : dict, as in report.json
    """
    return [key for key in _numbers(report, "") if not _stands(figure_of(key))]


def _stands(figure):
    return figure is not None and figure.is_number and bool(figure.formula)


def _numbers(node, prefix):
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, inner in entries:
        yield from _numbers(inner, f"{prefix}.{name}" if prefix else str(name))
    if is_number(node):
        yield prefix
