"""Run a case over time in a folder, or go on with one that is there."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from oxycell.case.case import Case
from oxycell.case.load import load_with_source
from oxycell.case.messages import Source
from oxycell.errors import CaseError, Interrupted, NotConverged, one_line, stop_behind
from oxycell.io.checkpoint import Checkpoint, latest_checkpoint
from oxycell.io.hdf5 import read_run
from oxycell.processes.drawers import here
from oxycell.report import report, report_failures
from oxycell.report.figure import Tree
from oxycell.run_folder import read_report
from oxycell.runtime import VERSION
from oxycell.solution import Solution
from oxycell.transients.folder import CASE, Drawing, FolderSink, mark
from oxycell.transients.solve import Run
from oxycell.units import format_duration

Progress = Callable[[dict[str, Any]], None]
Say = Callable[[str], None]

_NAMED = 3  # differences of two cases that a message names


def run_into(
    case: Case,
    source: Source,
    folder: str | Path,
    progress: Progress | None = None,
    drawing: Drawing = here,
    strict: bool = False,
    found: Checkpoint | None = None,
) -> tuple[Solution, Tree]:
    """Run a case over time in a folder.

    Parameters
    ----------
    case : Case with `transient`
    source : Source of it, which places errors
    folder, progress, drawing, strict : see `oxycell.run.run`
    found : Checkpoint to go on from, or None

    Returns
    -------
    Solution of the last state, and its report

    Raises
    ------
    NotConverged
        The run ended before its time, or its ledger does not close; everything is written.
    Interrupted
        It was stopped.
    """
    sink = FolderSink(folder, case)
    try:
        run = Run(case, sink, progress)
        sink.expected = len(run.timeline.outputs)
        if found is not None:
            sink.go_on(found)
        solution, figures = run.solve(None if found is None else found.content)
        del run  # makes room
    except CaseError as error:
        raise source.located(error) from error
    except NotConverged as error:
        if error.solution is None:
            raise
        sink.finish(error.solution, report(error.solution), drawing)
        raise type(error)(f"{one_line(error)}; the last state is in {folder}", solution=error.solution) from error
    except (KeyboardInterrupt, Interrupted, SystemError) as error:
        stop = stop_behind(error)
        if stop is None:
            raise
        stopped = Interrupted(sink.interrupted(getattr(progress, "history", [])))
        stopped.exit_code = getattr(stop, "exit_code", Interrupted.exit_code)
        raise stopped from error
    failures = report_failures(figures)
    if failures:
        solution = solution.failed(failures)
        sink.finish(solution, report(solution), drawing)
        raise NotConverged(f"{'; '.join(failures)}; the last state is in {folder}", solution=solution)
    if strict and figures["alerts"]:
        solution, figures = _strict(solution, figures)
    sink.finish(solution, figures, drawing)
    return solution, figures


def resume_in(
    folder: str | Path,
    progress: Progress | None = None,
    drawing: Drawing = here,
    strict: bool = False,
    say: Say = lambda text: None,
) -> tuple[Solution, Tree]:
    """Go on with the run over time in a folder; one that is over stays as it is.

    Parameters
    ----------
    folder : path with a case.toml that has [transient]
    progress, drawing, strict : see `oxycell.run.run`
    say : called with a line about where it goes on

    Raises
    ------
    CaseError
        The case, its mesh or oxycell has changed since the run began.
    NotConverged
        The run is over and ended before its time; or see `run_into`.
    """
    folder = Path(folder)
    case, source = load_with_source(folder)
    if (folder / "report.json").is_file():
        return _over(folder, case, drawing, strict)
    found = latest_checkpoint(folder)
    if found is not None and found.content.get("ended"):  # stopped while its report was made
        found = latest_checkpoint(folder, found.number)
    if found is None:
        say(f"{folder}: holds no checkpoint: the run starts over")
    else:
        check_unchanged(folder, case, found.content["case"], found.content["version"])
        for line in found.damaged:
            say(f"{line}; passed over")
        say(f"{folder}: goes on from {format_duration(found.content['time'])}")
    return run_into(case, source, folder, progress, drawing, strict, found)


def _over(folder: Path, case: Case, drawing: Drawing, strict: bool) -> tuple[Solution, Tree]:
    """What a run that is over ended with."""
    figures, solution = read_report(folder), read_run(folder)
    check_unchanged(folder, case, solution.case_text)
    status = figures["status"]
    if not status["converged"]:
        raise NotConverged(f"{folder}: the run has ended: {status.get('message')}", solution=solution)
    if strict and figures["alerts"] and not status.get("strict"):
        solution, figures = _strict(solution, figures)
        mark(solution, figures, folder, drawing)
    return solution, figures


def _strict(solution: Solution, figures: Tree) -> tuple[Solution, Tree]:
    return solution.strict(), figures | {"status": figures["status"] | {"strict": True}}


def check_unchanged(folder: Path, case: Case, begun: str, version: str = VERSION) -> None:
    """Raise CaseError unless a run can go on as it began.

    Parameters
    ----------
    folder : path of the run; case : Case in it now
    begun : text of the case with which it began; version : of oxycell with which it began
    """
    if version != VERSION:
        raise CaseError(
            f"{folder}: the run began with oxycell {version}, this is {VERSION}; allowed: the version it began with, "
            "or a new run"
        )
    now = case.to_toml()
    if now == begun:
        return
    before, after = dict(_leaves(tomllib.loads(begun))), dict(_leaves(tomllib.loads(now)))
    changed = [key for key in before | after if before.get(key) != after.get(key)]
    named = "; ".join(
        f"{key} is {after.get(key, 'not stated')}, was {before.get(key, 'not stated')}" for key in changed[:_NAMED]
    )
    more = f"; {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    raise CaseError(
        f"{folder / CASE}: the case has changed since the run began: {named}{more}; allowed: the case it began with, "
        "or a new run"
    )


def _leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Dotted keys and values of nested tables and lists."""
    if isinstance(node, dict | list) and node:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _leaves(value, (*path, str(key)))
    else:
        yield ".".join(path), node
