"""One row a case: what it changes, what came of it, and every figure of its report, with units; the same bits whoever
ran the cases."""

import csv
import io
import json
import os

import numpy as np

from oxycell.report.registry import is_stated, unit_of
from oxycell.report.showing import is_number
from oxycell.sweep.store import FINISHED, write_at_once
from oxycell.sweep.study import split

_LEFT_OUT = (
    "provenance",
    "schema",
    "title",
    "status.wall_seconds",
    "status.peak_memory_bytes",
    "warnings",
    "sources",
    "claims",
    "lines",
)


def write_tables(store, plan):
    """Write `table.csv`, `table.hdf` and `sweep.html` from the states and reports of the cases that are there."""
    from oxycell.sweep.page import page

    columns = make_columns(store, plan)
    write_at_once(store.folder / "table.csv", csv_text(columns))
    write_hdf(store.folder / "table.hdf", columns)
    write_at_once(store.folder / "sweep.html", page(plan, columns))


def make_columns(store, plan):
    """The table, column by column.

    Returns
    -------
    dict heading → (unit, list with one value for each case: number, text, or None)
    """
    states = [store.state(case.name) for case in plan.cases]
    columns = {
        "number": ("", [case.number for case in plan.cases]),
        "name": ("", [case.name for case in plan.cases]),
        "state": ("", [state["state"] for state in states]),
        "message": ("", [state["message"] for state in states]),
        "log": ("", [f"cases/{case.name}/run.log" for case in plan.cases]),
    }
    for key in plan.cases[0].changes:
        columns[key] = _of_axis([case.changes[key] for case in plan.cases], key)
    reports, alerts = [], []
    for case, state in zip(plan.cases, states, strict=True):
        path = store.run_folder(case.name) / "report.json"
        report = json.loads(path.read_text(encoding="utf-8")) if state["state"] == FINISHED else {}
        reports.append(dict(leaves(report)))
        alerts.append("; ".join(entry["message"] for entry in report.get("alerts", [])))
    columns["alerts"] = "", alerts
    for key in dict.fromkeys(key for report in reports for key in report):
        values = [report.get(key) for report in reports]
        columns[f"report.{key}" if key in columns else key] = _unit(key, reports), values
    return columns


def _of_axis(values, key):
    """Numbers in one unit where all values of an axis have it, else texts."""
    try:
        numbers, units = zip(*(split(value, key) for value in values), strict=True)
    except Exception:
        return "", [value if isinstance(value, str) else json.dumps(value) for value in values]
    if len(set(units)) > 1:
        return "", [str(value) for value in values]
    return units[0], list(numbers)


def leaves(node, prefix=""):
    """(dotted key, value) of all numbers, truths and texts of a report that belong to the state, not to how it was
    found."""
    if prefix.startswith(_LEFT_OUT):
        return
    if isinstance(node, dict):
        for key, entry in node.items():
            yield from leaves(entry, f"{prefix}.{key}" if prefix else key)
    elif isinstance(node, bool | int | float | str):
        yield prefix, node


def _unit(key, reports):
    """Unit of a figure by its entry in the registry, or as the reports state it next to the figure."""
    stated = f"{key.rpartition('.')[0]}.unit"
    if is_stated(key):
        return next((report[stated] for report in reports if stated in report), "")
    return unit_of(key)


def heading(name, unit):
    """Heading of a column."""
    return f"{name} [{unit}]" if unit else name


def csv_text(columns):
    """The table as CSV; numbers with all their digits, nothing where there is no value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([heading(name, unit) for name, (unit, _) in columns.items()])
    for row in zip(*(values for _, values in columns.values()), strict=True):
        writer.writerow(["" if value is None else repr(value) if isinstance(value, float) else value for value in row])
    return out.getvalue()


def write_hdf(path, columns):
    """The table as HDF5: a dataset for each column, its unit as attribute; NaN where a number is missing."""
    import h5py

    staged = path.with_name(f".{path.name}.{os.getpid()}")
    with h5py.File(staged, "w", track_order=True) as file:
        for name, (unit, values) in columns.items():
            present = [value for value in values if value is not None]
            if present and all(map(is_number, present)):
                data = np.array([np.nan if value is None else float(value) for value in values])
            else:
                data = np.array(["" if value is None else str(value) for value in values], dtype=h5py.string_dtype())
            dataset = file.create_dataset(name.replace("/", "∕"), data=data, track_times=False)
            dataset.attrs["unit"] = unit
    os.replace(staged, path)
