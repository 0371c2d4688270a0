"""load → build → solve → write: the driver behind `oxycell run` and `oxycell.solve`."""

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

from oxycell.case.load import find_case, load_with_source, parse_toml, read_text, shipped_cases
from oxycell.errors import CaseError, FileError, Interrupted, NotConverged, Refused, one_line, stop_behind
from oxycell.processes.drawers import here
from oxycell.run_folder import (
    check_folder,
    interrupted_message,
    read_report,
    staged,
    write_folder,
    write_interrupted,
)


def solve(case, progress=None, fields=None):
    """Solve a case.

    Parameters
    ----------
    case : Case
    progress : function called with a dict after each outer step, or None
    fields : mapping or None, what the case asks for by `field = "NAME"`: name → function (x, y, z), each (n,) [m], to
        (n,) [SI], or an array with one value for each cell (on surfaces: for each mesh face); see docs/generic-cases.md

    Returns
    -------
    Solution; of a case with `[transient]` its last state, and `solution.course` is what it went through

    Raises
    ------
    NotConverged
        No converged state, or the ledger does not close; its `solution` is the last state, or None.
    CaseError
        The case contradicts itself.
    """
    return solve_with_report(case, progress, fields)[0]


def solve_with_report(case, progress=None, fields=None):
    """As `solve`, with the report that decided that the ledger closes."""
    if case.operating_point is not None:
        from oxycell.operating_point import solve_operating_point

        return solve_operating_point(case, partial(_solve_as_stated, fields=fields), progress)
    return _solve_as_stated(case, progress, fields)


def _solve_as_stated(case, progress, fields=None):
    from oxycell.case.solving.solve import solve_case
    from oxycell.report import report, report_failures

    try:
        if case.transient is not None:
            from oxycell.transients.solve import solve_transient

            solution, figures = solve_transient(case, progress=progress, fields=fields)
        else:
            solution = solve_case(case, progress, fields)
            figures = report(solution)
    except NotConverged as error:
        if error.solution is not None:
            error.solution = replace(error.solution, writer=write_folder)
        raise
    solution = replace(solution, writer=write_folder)
    failures = report_failures(figures)
    if failures:
        raise NotConverged("; ".join(failures), solution=solution.failed(failures))
    return solution, figures


def run(case, overrides=(), folder=None, progress=None, meshes=1, drawing=here, strict=False):
    """Load, solve and write a case.

    Parameters
    ----------
    case : str, file, folder or name of a shipped case
    overrides : sequence of str, KEY=VALUE
    folder : path or None; None: `runs/` and the name of the case
    progress : callback with a `history`, or None
    meshes : int, 2 or 3 for error bars: the cells are halved once or twice, and the finest mesh is what is written
    drawing : function that has the figures drawn, see `oxycell.processes.drawers`
    strict : bool, mark a state with alerts as one that does not count; see `refuse`

    Returns
    -------
    solution : Solution
    figures : dict, the report
    folder : Path
    """
    source_path = find_case(case)
    loaded, source = load_with_source(case, overrides)
    folder = Path(folder) if folder is not None else Path("runs") / case_name(source_path)
    if loaded.transient is not None:
        if meshes > 1:
            raise CaseError("--error-bars: belongs to a steady state; allowed: a case without [transient]")
        check_folder(folder)
        from oxycell.transients.running import run_into

        return *run_into(loaded, source, folder, progress, drawing, strict), folder
    check_folder(folder)
    try:
        if meshes > 1:
            from oxycell.refinement import solve_refined

            solution, figures = solve_refined(loaded, solve_with_report, meshes, progress)
        else:
            solution, figures = solve_with_report(loaded, progress)
    except CaseError as error:
        raise source.located(error) from error
    except NotConverged as error:
        if error.solution is None:
            raise
        from oxycell.report import report

        write_folder(error.solution, folder, report(error.solution), drawing)
        failed = NotConverged(f"{one_line(error)}; the last state is in {folder}", solution=error.solution)
        raise failed from error
    except (KeyboardInterrupt, Interrupted, SystemError) as error:
        stop = stop_behind(error)
        if stop is None:
            raise
        history = getattr(progress, "history", [])
        write_interrupted(loaded, history, folder)
        stopped = Interrupted(interrupted_message(history, folder))
        stopped.exit_code = getattr(stop, "exit_code", Interrupted.exit_code)
        raise stopped from error
    if strict and figures["alerts"]:
        solution, figures = _marked(solution, figures)
    write_folder(solution, folder, figures, drawing)
    return solution, figures, folder


def _marked(solution, figures):
    """Solution and report, marked as failed if it has alerts."""
    return solution.strict(), figures | {"status": figures["status"] | {"strict": True}}


def refuse(figures, folder):
    """Raise Refused for a report with alerts, after it has been written and shown."""
    from oxycell.report.alerts import strict_message

    if figures["alerts"]:
        raise Refused(f"{strict_message(figures['alerts'])}; the state is in {folder}")


def resume(folder, progress=None, drawing=here, strict=False):
    """Go on from a run folder: leave what is over, go on with a run over time from its last checkpoint, solve a steady
    one that did not converge again.

    Returns
    -------
    solution, figures, folder : as `run` gives them
    """
    folder = Path(folder)
    if not (folder / "case.toml").is_file():
        raise FileError(f"{folder}: is not a run folder, it contains no case.toml")
    say = getattr(progress, "note", lambda text: None)
    if "transient" in parse_toml(folder / "case.toml", read_text(folder / "case.toml")):
        from oxycell.transients.running import resume_in

        return *resume_in(folder, progress, drawing, strict, say), folder
    figures = read_report(folder) if (folder / "report.json").is_file() else None
    if figures is None or not figures.get("status", {}).get("converged"):
        say(f"{folder}: a steady run keeps no intermediate state: it starts over")
        return run(folder, folder=folder, progress=progress, drawing=drawing, strict=strict)
    from oxycell.io.hdf5 import read_run

    solution = read_run(folder)
    if strict and figures.get("alerts") and not figures["status"].get("strict"):
        solution, figures = _marked(solution, figures)
        write_folder(solution, folder, figures, drawing)
    return solution, figures, folder


def report_again(folder):
    """Reduce the fields of a finished run to its report, figures and report.html again.

    Returns
    -------
    solution : Solution
    figures : dict
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileError(f"{folder}: there is no such folder")
    from oxycell.io.hdf5 import read_run
    from oxycell.report import report, report_failures
    from oxycell.report.render import write_report

    solution = read_run(folder)
    figures = report(solution)
    failures = report_failures(figures)
    if failures and figures["status"]["converged"] and not figures["status"]["strict"]:
        solution = solution.failed(failures)
        figures = report(solution)
    if (folder / "report.json").is_file() and "error_bars" in (before := read_report(folder)):
        from oxycell.report.error_bars import renewed

        figures["error_bars"] = renewed(before["error_bars"], figures)
    with staged(folder) as staging:
        write_report(figures, here(solution, figures), staging)
    if failures:
        raise NotConverged("; ".join(failures), solution=solution)
    return solution, figures


def case_name(path):
    """Name of the run folder of a case file."""
    path = Path(path)
    return path.resolve().parent.name if path.name == "case.toml" else path.stem


def new_case(name, origin):
    """Copy a shipped case to a new folder.

    Parameters
    ----------
    name : str, the folder to make
    origin : str, name of a shipped case

    Returns
    -------
    Path of the new folder
    """
    shipped = shipped_cases()
    if origin not in shipped:
        raise CaseError(
            f"--from: {origin}: is not a shipped case; allowed: {', '.join(shipped) or 'none is installed'}"
        )
    folder = Path(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileError(f"{folder}: exists already; give another name")
    with staged(folder) as staging:
        for entry in shipped[origin].parent.iterdir():
            if entry.is_file():
                shutil.copyfile(entry, staging / entry.name)
    return folder


def liquidus(solution):
    """Liquidus of the bath [K] at the state of a solution, or None without a bath."""
    if "ledge" in solution.record:
        return float(solution.record["ledge"]["liquidus"])
    found = getattr(getattr(solution.case, "bath", None), "liquidus", None)
    return found() if callable(found) else found
