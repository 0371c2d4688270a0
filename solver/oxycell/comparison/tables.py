"""Tables of a comparison: the figures of a report that are shown side by side."""

from oxycell.case.published import grids
from oxycell.report.figure import Tree
from oxycell.report.registry import FIGURES, figure_of
from oxycell.report.showing import at, keys_of

_DIGITS = 3  # behind the point, of figures that do not say


def _row(reports, key, label, values, digits=None):
    """One line of a table.

    Parameters
    ----------
    reports : list of dict
    key : str, dotted key of the figure whose unit the values have
    label : str
    values : list, of each report in the unit of report.json, None where it has none
    digits : int, other than those of the figure
    """
    display = figure_of(key).display
    values = [display.value(value) for value in values]
    first, digits = values[0], display.digits if digits is None else digits
    return {
        "figure": label,
        "unit": display.unit,
        "digits": _DIGITS if digits is None else digits,
        "values": values,
        "differences": [None if value is None or first is None else value - first for value in values],
    }


def _shown(rows):
    """Rows in which some run has a figure that is not zero."""
    return [row for row in rows if any(row["values"])]


def make_tables(reports: list[Tree]) -> dict[str, list[Tree]]:
    """Name → rows: figures that are listed here, under the headings of their entries, then what is made of several."""
    found: dict[str, list[Tree]] = {}
    for figure in FIGURES.values():
        if "compare" in figure.views and figure.is_number:
            for key in dict.fromkeys(key for report in reports for key in keys_of(report, figure)):
                values = [at(report, key) for report in reports]
                found.setdefault(figure.heading, []).append(_row(reports, key, figure.words(key), values))
    for name, make in DERIVED.items():
        found.setdefault(name, []).extend(make(reports))
    return {name: shown for name, rows in found.items() if (shown := _shown(rows))}


def _energy(reports):
    yield _row(reports, "anodes.list.*.current_A", "current", [_current(report) for report in reports], 2)


def _emissions(reports):
    for name in ("hydro_lifecycle", "world", "coal"):
        key = f"emissions.by_grid.{name}.total_t"
        yield _row(reports, key, f"on {grids()[name].label}", [at(report, key) for report in reports])


def _anodes(reports):
    def count(report):
        return sum(anode.get("count", 1) for anode in at(report, "anodes.list") or ()) or None

    def mean(report):
        listed = at(report, "anodes.list") or ()
        return sum(anode.get("count", 1) * anode["current_A"] for anode in listed) / count(report) if listed else None

    def over(key, reduction):
        return lambda report: reduction(
            (anode[key] for anode in at(report, "anodes.list") or () if anode.get(key) is not None), default=None
        )

    yield _row(reports, "anodes.list.*.count", "anodes", [count(report) for report in reports], 0)
    for label, key, read in (
        ("mean current", "current_A", mean),
        ("largest current", "current_A", over("current_A", max)),
        ("smallest current", "current_A", over("current_A", min)),
        ("largest mean density", "mean_current_density_A_m2", over("mean_current_density_A_m2", max)),
        ("largest peak density", "peak_current_density_A_m2", over("peak_current_density_A_m2", max)),
        ("hottest point", "max_temperature_K", over("max_temperature_K", max)),
    ):
        digits = 1 if key == "max_temperature_K" else 3
        yield _row(reports, f"anodes.list.*.{key}", label, [read(report) for report in reports], digits)


DERIVED = {"energy": _energy, "emissions": _emissions, "anodes": _anodes}
"""Rows made of several figures, by the table that contains them."""


def _current(report):
    terminals = at(report, "terminals") or {}
    return sum(abs(entry["current_A"]) for entry in terminals.values()) / 2.0 if terminals else None
