"""Figures drawn by two other processes: one imports what draws while the case is solved, then both draw while the
fields are written."""

import contextlib
import os
import pickle
import sys
import threading
import traceback
from functools import partial

from oxycell.errors import FileError
from oxycell.processes import helpers


@contextlib.contextmanager
def drawers():
    """Have a process at hand that draws the figures of a report, if there is a core to spare; it ends with the context.

    Yields
    ------
    function like `here`, to be called once; `here` itself without a core to spare
    """
    if helpers.spare_cores() < 1:
        yield here
        return
    process = helpers.start("oxycell.processes.drawers")
    try:
        yield partial(_beside, process)
    finally:
        helpers.end(process)


def here(solution, report):
    """Have the figures of a report drawn.

    Parameters
    ----------
    solution : Solution
    report : dict, the result of `oxycell.report` for it

    Returns
    -------
    function without arguments → pictures, see `oxycell.report.drawing.draw`; raises what went wrong with them
    """
    from oxycell.report.drawing import draw

    return partial(draw, solution.mesh, solution.record, report)


def _beside(process, solution, report):
    """As `here`, by the process."""
    with _dies(process), helpers.broken_pipe_raises():
        pickle.dump((solution.mesh, solution.record, report), process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
    return partial(_pictures, process)


def _pictures(process):
    with _dies(process):
        drawn, error = pickle.load(process.stdout)
    if error is not None:
        raise error
    return drawn


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
    """Draw the figures of the report that comes in and hand them over, or what went wrong."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    _answer(answers, partial(_draw, answers))
    helpers.end_with_the_caller()


def _answer(answers, step):
    """Hand over what a step returns, or what went wrong."""
    try:
        answer = pickle.dumps((step(), None))
    except BaseException as error:
        error.add_note(traceback.format_exc())
        answer = pickle.dumps((None, error))
    answers.write(answer)
    answers.flush()


def _draw(answers):
    """Draw all figures; a child, which needs no imports of its own, takes every group that this process does not."""
    from oxycell.report.drawing import draw

    mesh, record, report = pickle.load(sys.stdin.buffer)
    (turns, turn), (child_answers, child_answer) = os.pipe(), os.pipe()
    os.write(turn, bytes(range(32)))  # the one who reads a number draws that group
    os.close(turn)
    groups = iter(partial(os.read, turns, 1), b"")
    half = partial(draw, mesh, record, report, (number for (number,) in groups))
    if os.fork() == 0:
        answers.close()
        threading.Thread(target=helpers.end_with_the_caller, daemon=True).start()
        with os.fdopen(child_answer, "wb") as file:
            _answer(file, half)
        os._exit(0)
    os.close(child_answer)
    threading.Thread(target=helpers.end_with_the_caller, daemon=True).start()
    drawn = half()
    with os.fdopen(child_answers, "rb") as file:
        try:
            others, error = pickle.load(file)
        except EOFError:
            raise FileError("the figures cannot be drawn: a process that draws them died") from None
    if error is not None:
        raise error
    return drawn | others


if __name__ == "__main__":
    main()
