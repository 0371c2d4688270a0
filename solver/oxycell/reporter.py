"""The report written by a second process: it imports what draws while the case is solved, and draws while the fields are written."""

import contextlib
import os
import pickle
import sys
import threading
import traceback
from functools import partial

from oxycell import beside
from oxycell.errors import FileError


@contextlib.contextmanager
def reporter():
    """Have a process at hand that writes a report.

    Yields
    ------
    function (solution, report, folder) → context in which that process does what `oxycell.report.render.write_report` does, to be used
    once; leaving it waits for the process and raises what it raised. Where there is no core to spare, `afterwards`
    """
    if beside.spare_cores() < 1:
        yield afterwards
        return
    process = beside.start("oxycell.reporter")
    try:
        yield partial(_beside, process)
    finally:
        beside.end(process)


@contextlib.contextmanager
def afterwards(solution, report, folder):
    """Context at whose end this process writes the report."""
    yield
    from oxycell.report.render import write_report

    write_report(solution, report, folder)


@contextlib.contextmanager
def _beside(process, solution, report, folder):
    """Context in which the process writes the report; it is gone afterwards."""
    try:
        with _dies(process, folder):
            pickle.dump((solution.mesh, solution.record, report, folder), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
        yield
        with _dies(process, folder):
            error = pickle.load(process.stdout)
    finally:
        beside.end(process)
    if error is not None:
        raise error


@contextlib.contextmanager
def _dies(process, folder):
    """Say how the process died if it did."""
    try:
        yield
    except (BrokenPipeError, EOFError):
        code = process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise FileError(f"{folder}: the process that writes the report died of {how}") from None


def main():
    """Write the report that comes in, and say what went wrong."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    error = None
    try:
        _write()
    except BaseException as caught:
        caught.add_note(traceback.format_exc())
        error = caught
    answers.write(pickle.dumps(error))
    answers.flush()
    beside.end_with_the_caller()


def _write():
    from oxycell.report.render import write_report
    from oxycell.solution import Solution

    mesh, record, report, folder = pickle.load(sys.stdin.buffer)
    threading.Thread(target=beside.end_with_the_caller, daemon=True).start()
    write_report(Solution(None, "", mesh, record), report, folder)


if __name__ == "__main__":
    main()
