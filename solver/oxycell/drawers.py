"""Figures drawn by two other processes: they import what draws while the case is solved, and draw while the fields are written."""

import contextlib
import os
import pickle
import sys
import threading
import traceback
from functools import partial

from oxycell import beside
from oxycell.errors import FileError

_PROCESSES = 2  # on two cores, too: the process that writes the fields is done before them


@contextlib.contextmanager
def drawers():
    """Have processes at hand that draw the figures of a report, if there is a core to spare; they end with the context.

    Yields
    ------
    function like `here`, to be called once; `here` itself without a core to spare
    """
    if beside.spare_cores() < 1:
        yield here
        return
    processes = []
    try:
        processes += [beside.start("oxycell.drawers", str(first), str(_PROCESSES)) for first in range(_PROCESSES)]
        yield partial(_beside, processes)
    finally:
        for process in processes:
            beside.end(process)


def here(solution, report):
    """Have the figures of a report drawn.

    Parameters
    ----------
    solution : Solution
    report : dict, what `oxycell.report` made of it

    Returns
    -------
    function without arguments → pictures, see `oxycell.report.drawing.draw`; raises what went wrong with them
    """
    from oxycell.report.drawing import draw

    return partial(draw, solution.mesh, solution.record, report)


def _beside(processes, solution, report):
    """As `here`, by the processes."""
    job = pickle.dumps((solution.mesh, solution.record, report), pickle.HIGHEST_PROTOCOL)
    for process in processes:
        with _dies(process):
            process.stdin.write(job)
            process.stdin.flush()
    return partial(_pictures, processes)


def _pictures(processes):
    pictures = {}
    for process in processes:
        with _dies(process):
            drawn, error = pickle.load(process.stdout)
        if error is not None:
            raise error
        pictures |= drawn
    return pictures


@contextlib.contextmanager
def _dies(process):
    """Say how the process died if it did."""
    try:
        yield
    except (BrokenPipeError, EOFError):
        code = process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise FileError(f"the figures cannot be drawn: the process that draws them died of {how}") from None


def main():
    """Draw a share of the figures of the report that comes in, and hand them over, or what went wrong."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    try:
        answer = pickle.dumps((_draw(*map(int, sys.argv[1:])), None))
    except BaseException as error:
        error.add_note(traceback.format_exc())
        answer = pickle.dumps((None, error))
    answers.write(answer)
    answers.flush()
    beside.end_with_the_caller()


def _draw(first, processes):
    from oxycell.report.drawing import draw

    mesh, record, report = pickle.load(sys.stdin.buffer)
    threading.Thread(target=beside.end_with_the_caller, daemon=True).start()
    return draw(mesh, record, report, first, processes)


if __name__ == "__main__":
    main()
