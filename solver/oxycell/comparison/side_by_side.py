"""Runs compared with the first: the tables, what differs most, inputs, verdicts and break-even factors."""

from collections.abc import Sequence
from pathlib import Path

from oxycell.comparison.break_even import break_even_rows
from oxycell.comparison.differences import input_differences, largest_differences, leaf_differences, verdict_differences
from oxycell.comparison.tables import make_tables
from oxycell.report.figure import Tree
from oxycell.report.showing import at
from oxycell.run_folder import read_report

_LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compare(folders: Sequence[str | Path]) -> Tree:
    """Runs compared with the first.

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
