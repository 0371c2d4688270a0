"""The command line: arguments in, exit code out. Argument parsing only; the work is done by run.py and its
neighbours."""

import contextlib
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from oxycell import runtime
from oxycell.errors import CaseError, FileError, Interrupted, OxycellError, stop_behind

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

# typer parses with a library of its own whose names it does not export; its errors are reached through one that it
# does.
_UsageError = typer.BadParameter.__mro__[2]

CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="a .toml file, a folder with a case.toml, or a shipped case")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="change an option of the case; repeatable")
]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="print the version and stop")] = False,
):
    """oxycell: 3-D simulator of inert-anode aluminium cells."""
    if version:
        print(f"oxycell {runtime.VERSION}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def run(
    case: Annotated[
        str | None, typer.Argument(metavar="CASE", help="a .toml file, a case folder, or a shipped case")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="run folder (default: runs/CASE)")
    ] = None,
    changes: SetOption = None,
    threads: Annotated[int | None, typer.Option(min=1, metavar="N", help="cores to use (default: all)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print report.json on standard output")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress, no summary")] = False,
    resume: Annotated[Path | None, typer.Option(metavar="DIR", help="continue from a run folder")] = None,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="print the case with [cell] expanded; do not solve")
    ] = False,
    error_bars: Annotated[
        bool, typer.Option("--error-bars", help="also on finer meshes, to estimate the discretisation error")
    ] = False,
    meshes: Annotated[
        int, typer.Option(min=2, max=3, help="meshes for --error-bars; cells halve from each to the next")
    ] = 2,
    strict: Annotated[bool, typer.Option("--strict", help="end with exit code 3 if the state raises an alert")] = False,
):
    """Solve a case and write its run folder."""
    if (case is None) == (resume is None):
        raise CaseError("oxycell run: give either CASE or --resume DIR")
    if resume is not None and (changes or output or resolved or error_bars):
        raise CaseError(
            "oxycell run: --resume DIR continues the case in DIR; it takes no --set, -o, --resolved or --error-bars"
        )
    runtime.prepare(threads)
    if resolved:
        from oxycell.inspection import resolved as text

        print(text(case, changes or ()), end="")
        return
    import json

    from oxycell.processes.compiling import compiling
    from oxycell.processes.drawers import drawers

    with compiling():  # other processes begin while this one imports
        with runtime.importing():
            import oxycell.case.solving.solve
            import oxycell.report  # noqa: F401
            from oxycell import run as driver
            from oxycell.console import Progress, summary
            from oxycell.console import output as console

        with drawers() as drawing, Progress(quiet) as progress:  # the drawers import while this one solves
            if resume is not None:
                solution, figures, folder = driver.resume(resume, progress, drawing, strict)
            else:
                solution, figures, folder = driver.run(
                    case, changes or (), output, progress, meshes if error_bars else 1, drawing, strict
                )
    if as_json:
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    elif not quiet:
        console().print(summary(figures, folder, driver.liquidus(solution)))
    if strict:
        driver.refuse(figures, folder)


@app.command()
def report(folder: Annotated[Path, typer.Argument(metavar="DIR", help="run folder")]):
    """Reduce the fields of a finished run to report.json, report.html and figures again."""
    from oxycell.console import output as console
    from oxycell.console import summary
    from oxycell.run import liquidus, report_again

    solution, figures = report_again(folder)
    console().print(summary(figures, folder, liquidus(solution)))


@app.command()
def compare(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="two run folders or more; differences are to the first")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="print every difference as JSON")] = False,
):
    """Show runs side by side, differences first, with the grid factor at which they emit alike."""
    if len(folders) < 2:
        raise CaseError("oxycell compare: give at least two run folders")
    import json

    from oxycell import comparison

    compared = comparison.compare(folders)
    print(json.dumps(compared, indent=2, ensure_ascii=False) if as_json else comparison.text(compared))


@app.command()
def mesh(
    case: CaseArgument,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="write the mesh as VTKHDF")
    ] = None,
    changes: SetOption = None,
):
    """Build or read the mesh only: counts, quality, regions, surfaces."""
    from oxycell import inspection
    from oxycell.console import output as console
    from oxycell.console import plain_table

    expanded, built, notes = inspection.mesh_of(case, changes or ())
    screen = console()
    screen.print(plain_table(("mesh", ""), inspection.mesh_figures(built).items()))
    for kind in ("material", "region"):
        print()
        screen.print(plain_table((kind, "cells", "volume [m3]"), inspection.volumes(built, kind)))
    rows = inspection.surface_rows(built, expanded.surfaces)
    if rows:
        print()
        screen.print(plain_table(("surface", "of", "sides", "faces", "area [m2]"), rows))
    print()
    what = "merged planes" if expanded.mesh.file is None else "limits of accuracy"
    print("\n".join([what, *(f"  {note}" for note in notes)]) if notes else f"{what}: none")
    for key, cells in inspection.cells_between_planes(expanded).items():
        print(f"\n{key} = {cells}")
    if output is not None:
        inspection.write_mesh(built, output)


@app.command()
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="folder of the new case")],
    origin: Annotated[str, typer.Option("--from", metavar="CASE", help="shipped case to start from")] = "kraz-140ka",
):
    """Make a new case folder from a shipped one."""
    from oxycell.run import new_case

    print(new_case(name, origin))


@app.command()
def explain(
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY]", help="option, section or kind, as in a case file")
    ] = None,
):
    """Show options of a case file with unit, range, default and meaning."""
    from oxycell.case.explain import explain as entries

    for entry in entries(key):
        facts = (
            entry.unit,
            entry.allowed,
            f"default {entry.default}" if entry.default not in ("", "required") else entry.default,
        )
        print(f"{entry.key}  [{'; '.join(fact for fact in facts if fact)}]")
        if entry.meaning:
            print(f"    {entry.meaning}")


@app.command()
def schema():
    """Print the JSON schema of a case file, for editors."""
    from oxycell.case.explain import schema as text

    print(text())


@app.command()
def doctor():
    """Show versions, threads, caches, and which optional parts are present."""
    from oxycell.console import output as console
    from oxycell.console import plain_table
    from oxycell.doctor import doctor as rows

    console().print(plain_table(("part", "state"), rows()))


@app.command()
def verify(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="checks, as names or patterns (default: all)")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="leave out the finest meshes")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="write the table as a page (Markdown)")
    ] = None,
):
    """Solve problems with known answers and show exact value, computed value and order of convergence."""
    from oxycell.errors import VerificationFailed
    from oxycell.verification import select, table

    chosen, results = select(names or (), quick), []
    print(table.HEADING)
    for check in chosen:
        results.append(check.run())
        print(table.line(results[-1]), flush=True)
    if output is not None:
        output.write_text(table.page(results), encoding="utf-8")
    failed = [result.check.name for result in results if not result.passed]
    print(f"{len(results) - len(failed)} of {len(results)} checks pass")
    if failed:
        raise VerificationFailed(f"oxycell verify: {len(failed)} of {len(results)} checks fail: {', '.join(failed)}")


@app.command()
def sweep(
    study: Annotated[
        str, typer.Argument(metavar="STUDY", help="a study file, a folder with a study.toml, or a shipped study")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="folder of the sweep (default: runs/STUDY)")
    ] = None,
    executor: Annotated[str, typer.Option(metavar="NAME", help="local, slurm or dask")] = "local",
    processes: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="cases at once (default: one for each core)")
    ] = None,
    index: Annotated[
        int | None, typer.Option(metavar="N", help="run case N (from 1) only, as job arrays do; no table")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="list the cases with predicted time and memory; run none")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="run failed cases again")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress, no summary")] = False,
):
    """Run the cases of a study that are missing, and write one table of all."""
    runtime.prepare(None)
    from oxycell.console import SweepProgress
    from oxycell.sweep import runner

    path = runner.find_study(study)
    if dry_run:
        for line in runner.listing(path, processes):
            print(line)
    elif index is not None:
        state, folder = runner.run_one(path, output, index)
        if not quiet:
            print(f"case {index}: {state}; {folder}")
    else:
        with SweepProgress(quiet) as progress:
            counts, folder = runner.sweep(path, output, executor, processes, retry, progress)
        if not quiet:
            print(
                f"{', '.join(f'{count} {state}' for state, count in counts.items())}; {folder / 'table.csv'}, "
                f"{folder / 'sweep.html'}"
            )


@app.command()
def warmup():
    """Compile the kernels and keep them in the cache."""
    from oxycell.processes.warm_up import warm_up

    print(f"kernels compiled in {warm_up():.1f} s; cache: {runtime.cache_folder()}")


def main(arguments=None):
    """Run the command line.

    Parameters
    ----------
    arguments : list of str or None; None takes those of the process

    Returns
    -------
    int, the exit code
    """
    before = {}
    _STOPPED.clear()
    with contextlib.suppress(ValueError):  # not in the main thread: the caller handles signals
        before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        code = app(args=arguments, prog_name="oxycell", standalone_mode=False)
        sys.stdout.flush()
        if _STOPPED:  # the signal came where Python cannot unwind, and the command ran to its end
            return _fail("interrupted; the command had finished all the same", 128 + _STOPPED[0])
        return code if isinstance(code, int) else 0
    except OxycellError as error:
        return _fail(error, error.exit_code)
    except _UsageError as error:
        command = getattr(error, "ctx", None)
        path = command.command_path if command is not None else "oxycell"
        return _fail(f"{path}: {error.format_message()}; allowed: see {path} --help", 2)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("interrupted", Interrupted.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        return _fail("memory ran out; a coarser mesh needs less", FileError.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}", FileError.exit_code)
    except Exception as error:
        if (stop := stop_behind(error)) is not None:
            return _fail("interrupted", getattr(stop, "exit_code", Interrupted.exit_code))
        return _fail(f"internal error: {type(error).__name__}: {error}; the traceback is in {_log_traceback()}", 1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_STOPPED: list[int] = []
"""Signals that asked this command to stop."""


def _stop(number, frame):
    """SIGINT, SIGTERM: unwind, write what a resume needs, end with 130 or 143."""
    _STOPPED.append(number)
    stopped = Interrupted("interrupted")
    stopped.exit_code = 128 + number
    raise stopped


def _fail(message, code):
    """Print exactly one line on standard error."""
    print("error:", " ".join(str(message).split()), file=sys.stderr)
    return code


def _log_traceback():
    """Write the traceback to the working folder, or to the temporary folder; the path."""
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        path = folder / "oxycell-error.log"
        try:
            path.write_text(traceback.format_exc(), encoding="utf-8")
            return path
        except OSError:
            continue
    return "no file: no folder can be written"
