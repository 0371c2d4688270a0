"""What `oxycell compare` shows: runs side by side with signed differences against the first, and break-even grid
factors."""

import tomllib
from itertools import combinations
from pathlib import Path
from textwrap import wrap

from oxycell.case.published import grids
from oxycell.report.emissions import break_even
from oxycell.report.registry import FIGURES, figure_of
from oxycell.report.showing import at, is_number, keys_of
from oxycell.run import read_report

_LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LAST = ("balance", "alerts", "warnings", "ledge.profile")  # of interest only after the figures themselves
_WORDS, _MESH = (
    ("title", "claims"),
    ("mesh.", "cell.mesh."),
)  # inputs that change no figure; those that should not change them much
_NOISE = 1e-12  # relative difference below which figures count as equal
_UNSTEADY = ("provenance", "status.wall_seconds", "status.peak_memory_bytes", "sources", "schema", "claims")
_HEADLINES, _INPUTS = 8, 12  # rows shown of the largest differences and of the inputs
_COLUMNS, _NAME, _VALUE = 100, 30, 10  # widths of the page and of its columns
_DIGITS = 3  # behind the point, of figures that do not say
_ACROSS = 3  # runs beside the first in one table: 30 + 10 + 3 · 20 = 100 columns


def compare(folders):
    """Runs held against the first.

    Parameters
    ----------
    folders : sequence of run folders

    Returns
    -------
    dict
        `runs`: label, folder, title, converged, alerts (their messages); `inputs`: keys of the case files that differ;
        `largest`: rows of `tables`, largest relative difference first; `tables`: name → rows of figure, unit, digits,
        values, differences (to the first, None where there is none); `differences`: the same for every figure of the
        reports that differs, by its key; `same`: how many do not; `claims`: statements whose verdicts differ;
        `break_even`: what `break_even_rows` gives
    """
    reports = [read_report(folder) for folder in folders]
    runs = [
        {
            "label": label,
            "folder": str(folder),
            "title": report.get("title") or "",
            "converged": at(report, "status.converged"),
            "alerts": [entry["message"] for entry in report.get("alerts", [])],
        }
        for label, folder, report in zip(_LABELS, folders, reports, strict=False)
    ]
    tables = make_tables(reports)
    differences, same = leaf_differences(reports)
    return {
        "runs": runs,
        "inputs": input_differences(folders),
        "largest": largest_differences(tables),
        "tables": tables,
        "differences": differences,
        "same": same,
        "claims": verdict_differences(reports),
        "break_even": break_even_rows(runs, reports),
    }


def largest_differences(tables):
    """The rows of tables that differ most, relative to their size: at most two of a table, so that one cause does not
    fill the list."""

    def spread(row):
        return _relative(row["values"])

    tables = [[row for row in rows if None not in row["values"]] for rows in tables.values()]
    chosen = [row for rows in tables for row in sorted(rows, key=spread, reverse=True)[:2]]
    return [row for row in sorted(chosen, key=spread, reverse=True)[:_HEADLINES] if spread(row) > _NOISE]


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


def make_tables(reports):
    """Name → rows: figures that are listed here, under the headings of their entries, then what is made of several."""
    found = {}
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
"""Rows made of several figures, by the table they stand in."""


def _current(report):
    terminals = at(report, "terminals") or {}
    return sum(abs(entry["current_A"]) for entry in terminals.values()) / 2.0 if terminals else None


def break_even_rows(runs, reports):
    """For each pair of runs the grid factor at which Scope 1 + factor · AC energy is equal, and what it means.

    Returns
    -------
    list of dict : `first`, `second` (labels), `grid_factor_kg_per_kWh` (None where no electricity makes them equal),
        `better` (label of the one that emits less on cleaner electricity or, without a factor, on any; None if they are
        alike), `why`
    """
    rows = []
    for (one, first), (other, second) in combinations(zip(runs, reports, strict=True), 2):
        pairs = [
            (at(report, "emissions.scope1_t"), at(report, "emissions.ac_energy_kWh_per_kg"))
            for report in (first, second)
        ]
        if any(value is None for pair in pairs for value in pair):
            continue
        factor, better = break_even(*pairs)
        labels = one["label"], other["label"]
        rows.append(
            {
                "first": labels[0],
                "second": labels[1],
                "grid_factor_kg_per_kWh": factor,
                "better": None if better is None else labels[better],
                "why": _why(labels, pairs, factor, better),
            }
        )
    return rows


def _why(labels, pairs, factor, better):
    (scope_a, energy_a), (scope_b, energy_b) = pairs
    figures = f"Scope 1 {scope_a:.3f} and {scope_b:.3f} t/t, {energy_a:.3f} and {energy_b:.3f} kWh/kg AC"
    if better is None:
        return f"alike on any electricity ({figures})"
    if factor is None:
        where = "wherever electricity carries CO2" if scope_a == scope_b else "on any electricity"
        return f"{labels[better]} emits less {where} ({figures})"
    below = max((grid for grid in grids().values() if grid.factor < factor), key=lambda grid: grid.factor, default=None)
    above = min((grid for grid in grids().values() if grid.factor > factor), key=lambda grid: grid.factor, default=None)
    beside = ", ".join(
        f"{grid.label} ({1e3 * grid.factor:.0f}) lies {word}"
        for grid, word in ((below, "below"), (above, "above"))
        if grid
    )
    return (
        f"alike at {1e3 * factor:.4g} g/kWh = ({scope_b:.3f} - {scope_a:.3f})/({energy_a:.3f} - {energy_b:.3f}) "
        f"kg/kWh; with cleaner "
        f"electricity {labels[better]} emits less, with dirtier {labels[1 - better]}; {beside}"
    )


def verdict_differences(reports):
    """Statements on which runs that were asked differ: list of `name`, `values` (verdicts, None where a run was not
    asked)."""
    listed = [{claim["name"]: claim["verdict"] for claim in report.get("claims") or ()} for report in reports]
    names = dict.fromkeys(name for claims in listed for name in claims)
    rows = [{"name": name, "values": [claims.get(name) for claims in listed]} for name in names]
    return [row for row in rows if len(set(row["values"]) - {None}) > 1]


def input_differences(folders):
    """Keys of the case files that differ, the mesh's last: list of `key`, `values`; empty where a folder holds no
    case.toml."""
    paths = [Path(folder) / "case.toml" for folder in folders]
    if not all(path.is_file() for path in paths):
        return []
    cases = [dict(_leaves(tomllib.loads(path.read_text(encoding="utf-8")), "", ())) for path in paths]
    rows = [
        {"key": key, "values": [case.get(key) for case in cases]}
        for key in dict.fromkeys(key for case in cases for key in case)
    ]
    rows = [
        row
        for row in rows
        if any(value != row["values"][0] for value in row["values"]) and not row["key"].startswith(_WORDS)
    ]
    return sorted(rows, key=lambda row: row["key"].startswith(_MESH))


def leaf_differences(reports):
    """Figures of the reports that differ, largest relative difference first, ledger and warnings last; and how many do
    not.

    Returns
    -------
    rows : list of dict, `key`, `values`, `differences`
    same : int
    """
    leaves = [dict(_leaves(report, "", _UNSTEADY)) for report in reports]
    rows, same = [], 0
    for key in dict.fromkeys(key for report in leaves for key in report):
        values = [report.get(key) for report in leaves]
        spread = _relative(values)
        if spread <= _NOISE:
            same += 1
            continue
        numbers = all(map(is_number, values))
        rows.append(
            (
                key.startswith(_LAST),
                -spread,
                {
                    "key": key,
                    "values": values,
                    "differences": [value - values[0] for value in values] if numbers else None,
                },
            )
        )
    return [row for _, _, row in sorted(rows, key=lambda row: row[:2])], same


def _leaves(node, prefix, without):
    """(dotted key, value) of everything under a node."""
    if without and prefix.startswith(without):
        return
    if isinstance(node, dict):
        for key, entry in node.items():
            yield from _leaves(entry, f"{prefix}.{key}" if prefix else key, without)
    elif isinstance(node, list):
        for number, entry in enumerate(node):
            label = entry.get("name", number) if isinstance(entry, dict) else number
            yield from _leaves(entry, f"{prefix}.{label}", without)
    else:
        yield prefix, node


def _relative(values):
    """Relative difference of numbers (0 to 2); 3 where other values differ, so that those come first."""
    if all(map(is_number, values)):
        largest = max(abs(value) for value in values)
        return (max(values) - min(values)) / largest if largest > 0.0 else 0.0
    return 0.0 if all(value == values[0] for value in values) else 3.0


def text(compared):
    """What `compare` returned; tables and sentences stay within 100 columns."""
    runs, lines = compared["runs"], []
    for run in runs:
        mark = "" if run["converged"] else "   NOT CONVERGED: not to be used"
        lines.append(f"{run['label']}  {run['folder']}   {run['title']}{mark}".rstrip())
        for message in run["alerts"]:
            lines += wrap(f"   ALERT {message}", _COLUMNS, subsequent_indent=" " * 9)
    if compared["inputs"]:
        lines += ["", "inputs that differ", *_input_lines(compared["inputs"], runs)]
    if compared["largest"]:
        lines += ["", "largest differences", *_table_lines(compared["largest"], runs, relative=True)]
    for row in compared["claims"]:
        verdicts = ", ".join(
            f"{run['label']} {value or 'not asked'}" for run, value in zip(runs, row["values"], strict=True)
        )
        lines.append(f"claim {row['name']}: {verdicts}")
    for name, rows in compared["tables"].items():
        lines += ["", name, *_table_lines(rows, runs)]
    if compared["break_even"]:
        lines += ["", "break-even: the grid factor at which Scope 1 + factor x AC energy is the same"]
        for row in compared["break_even"]:
            lines += wrap(f"{row['first']} and {row['second']}: {row['why']}", _COLUMNS, subsequent_indent=" " * 9)
    count = (
        f"{compared['same']} figures of the reports are equal, {len(compared['differences'])} differ (--json "
        f"lists them)"
    )
    return "\n".join([*lines, "", count])


def _input_lines(rows, runs):
    width = min(max(len(row["key"]) for row in rows[:_INPUTS]), 44)
    for row in rows[:_INPUTS]:
        values = "".join(
            f"  {run['label']} = {_cut(_short(value), 16)}" for run, value in zip(runs, row["values"], strict=True)
        )
        yield from wrap(f"{_cut(row['key'], width):<{width}}{values}", _COLUMNS, subsequent_indent=" " * (width + 2))
    if len(rows) > _INPUTS:
        yield f"and {len(rows) - _INPUTS} more"


def _short(value):
    """An input in few digits: "1.4285714285714286e-06 ohm" → "1.42857e-06 ohm"; - for none."""
    number, _, unit = str("-" if value is None else value).partition(" ")
    try:
        return f"{float(number):g} {unit}".strip()
    except ValueError:
        return " ".join(filter(None, (number, unit)))


def _cut(words, width):
    return words if len(words) <= width else "…" + words[1 - width :]


def _table_lines(rows, runs, relative=False):
    """Lines of a table: the first run, then of each further run its value and its difference."""
    first, others = 0, range(1, len(runs))
    for start in range(0, len(others), _ACROSS):
        chosen = others[start : start + _ACROSS]
        yield (
            " " * _NAME
            + f"{runs[first]['label']:>{_VALUE}}"
            + "".join(
                f"{runs[i]['label']:>{_VALUE}}{runs[i]['label'] + '-' + runs[first]['label']:>{_VALUE}}" for i in chosen
            )
        )
        for row in rows:
            name = f"{row['figure']} [{row['unit']}]" if row["unit"] else row["figure"]
            yield f"{_cut(name, _NAME):<{_NAME}}{_number(row, first)}" + "".join(
                f"{_number(row, i)}{_difference(row, i, relative)}" for i in chosen
            )


def _number(row, i):
    value, digits = row["values"][i], row["digits"]
    return f"{'-':>{_VALUE}}" if value is None else f"{value:>{_VALUE}.{digits}f}"


def _difference(row, i, relative):
    value, first, digits = row["differences"][i], row["values"][0], row["digits"]
    if value is None or (relative and not first):
        return f"{'-':>{_VALUE}}"
    if abs(value) <= _NOISE * abs(row["values"][i]):
        return f"{'=':>{_VALUE}}"
    return f"{100.0 * value / abs(first):>+{_VALUE - 2}.1f} %" if relative else f"{value:>+{_VALUE}.{digits}f}"
