"""Processes that work in parallel with this one: they end with it, whatever either is doing, and print nothing."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys

from oxycell import runtime

_PIPE = 1 << 20  # bytes a pipe holds, where the system lets it: what is handed over is large


def spare_cores():
    """Cores that are left for other processes while this one solves."""
    return min(runtime.available_cores(), int(os.environ["NUMBA_NUM_THREADS"])) - 1


def start(module, *arguments):
    """Start a module as a process: Popen with pipes for input and output; signals of the terminal do not reach it."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with contextlib.suppress(AttributeError, OSError):  # not on every system, and no more than a user may have in all
        fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, _PIPE)
    return process


def end(process):
    """End a process, whatever it is doing."""
    process.kill()
    close_pipes(process)
    process.wait()


def close_pipes(process):
    """Close both pipes to a process that may be gone."""
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError), broken_pipe_raises():
            pipe.close()


@contextlib.contextmanager
def broken_pipe_raises():
    """Within the context, a write of this thread to a pipe that nobody reads raises BrokenPipeError and does no more.

    Python ignores SIGPIPE, but a library may undo that without Python's knowledge, after which such a write ends the
    process without a word (Gmsh does, see findings/gmsh-resets-sigpipe.sh). The system sends the signal to the thread
    that writes, so it is blocked there, and one that came is taken off before the thread's mask is put back.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
    try:
        yield
    finally:
        if signal.SIGPIPE not in before and signal.SIGPIPE in signal.sigpending():
            signal.sigwait({signal.SIGPIPE})
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_the_caller():
    """Wait for the end of the input, then end this process at once."""
    while os.read(0, 1 << 20):  # what still comes is of no use
        pass
    os._exit(0)
