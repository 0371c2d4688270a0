"""Differences between the reports and the case files of runs: of every figure, of the inputs, of verdicts."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from oxycell.report.figure import Tree
from oxycell.report.showing import is_number

_LAST = ("balance", "alerts", "warnings", "ledge.profile")  # of interest only after the figures themselves
_WORDS = ("title", "claims")  # inputs that change no figure
_MESH = ("mesh.", "cell.mesh.")  # inputs that should not change the figures much
NOISE = 1e-12  # relative difference below which figures count as equal
_UNSTEADY = ("provenance", "status.wall_seconds", "status.peak_memory_bytes", "sources", "schema", "claims")
_HEADLINES = 8  # rows shown of the largest differences


def largest_differences(tables: dict[str, list[Tree]]) -> list[Tree]:
    """The rows of tables that differ most, relative to their size: at most two of a table, so that one cause does not
    fill the list."""

    def spread(row):
        return _relative(row["values"])

    whole = [[row for row in rows if None not in row["values"]] for rows in tables.values()]
    chosen = [row for rows in whole for row in sorted(rows, key=spread, reverse=True)[:2]]
    return [row for row in sorted(chosen, key=spread, reverse=True)[:_HEADLINES] if spread(row) > NOISE]


def verdict_differences(reports: list[Tree]) -> list[Tree]:
    """Statements on which runs that were asked differ: list of `name`, `values` (verdicts, None where a run was not
    asked)."""
    listed = [{claim["name"]: claim["verdict"] for claim in report.get("claims") or ()} for report in reports]
    names = dict.fromkeys(name for claims in listed for name in claims)
    rows = [{"name": name, "values": [claims.get(name) for claims in listed]} for name in names]
    return [row for row in rows if len(set(row["values"]) - {None}) > 1]


def input_differences(folders: Sequence[str | Path]) -> list[Tree]:
    """Keys of the case files that differ, the mesh's last: list of `key`, `values`; empty where a folder contains no
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


def leaf_differences(reports: list[Tree]) -> tuple[list[Tree], int]:
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
        values: list[Any] = [report.get(key) for report in leaves]
        spread = _relative(values)
        if spread <= NOISE:
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
