"""From a solution to the figures people ask for: sums of stored terms, nothing solved again."""

from oxycell.report.alerts import alert_failures
from oxycell.report.balances import closed
from oxycell.report.overview import SCHEMA
from oxycell.report.registry import FIGURES
from oxycell.report.solved import Solved
from oxycell.solution import Solution

__all__ = ["SCHEMA", "closed", "figures_of", "report", "report_failures"]


def report(solution):
    """All figures of a solution, from memory or read back from its file.

    Parameters
    ----------
    solution : Solution

    Returns
    -------
    dict with the blocks of report.json; values are of the whole cell, in SI unless the key says otherwise
    """
    return figures_of(solution).tree()


def figures_of(solution: Solution) -> Solved:
    """The figures of a solution, each computed when it is first needed: Solved."""
    return Solved(
        _at_its_time(solution),
        solution.mesh,
        solution.record,
        solution.provenance,
        solution.warnings,
        FIGURES.values(),
    )


def _at_its_time(solution):
    """The case of a solution, of a run over time as it is at its last state."""
    if solution.case.transient is None or "course" not in solution.record:
        return solution.case
    from oxycell.case.building.timeline import Timeline

    end = float(solution.record["course"]["end"])
    return Timeline(solution.case).case_at(end, "before").model_copy(update={"time": end})


def report_failures(figures):
    """Why a run does not count, one line each: not converged, ledger open, alerts under --strict; empty when it does
    (exit code 0)."""
    status = figures["status"]
    failures = [] if status["converged"] else [f"not converged: {status.get('message') or 'the solve gave up'}"]
    return failures + closed(figures) + alert_failures(figures)
