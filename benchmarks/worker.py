"""A process of its own: `python -m benchmarks.worker MODULE FOLDER PARENT` does commands found in the folder and
answers there.

Commands come as files so that all ranks of a parallel process see them while they sleep; nobody spins while another is
timed. Nothing but the standard library is imported here: a peer may run under another Python.
"""

import contextlib
import ctypes
import importlib
import json
import os
import sys
import time
from pathlib import Path

_PAUSE = 0.01  # [s] between two looks


def serve(contestant, folder, parent):
    """Do what N.command says, N = 0, 1, …, by the contestant's methods, and answer in N.answer, until the parent has
    gone.

    Parameters
    ----------
    contestant : object with the methods that commands name, and `rank`; rank 0 answers
    folder : Path
    parent : int, process
    """
    number = 0
    while _alive(parent):
        command = folder / f"{number}.command"
        if not command.exists():
            time.sleep(_PAUSE)
            continue
        asked = json.loads(command.read_text(encoding="utf-8"))
        try:
            answer = {"found": getattr(contestant, asked.pop("do"))(**asked)}
        except Exception as error:  # whatever a solver raises is its result
            answer = {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
        if contestant.rank == 0:
            part = folder / f"{number}.part"
            part.write_text(json.dumps(answer), encoding="utf-8")
            part.replace(folder / f"{number}.answer")
        number += 1


def give_back():
    """Return freed memory to the system, so that what comes next is seen in full; where the C library cannot, nothing
    happens."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


class PeakMemory:
    """Memory a piece of work takes beyond what the process held before it; None where the system does not tell."""

    def __init__(self):
        try:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
            self._before = _status("VmRSS")
        except OSError:
            self._before = None

    def added(self):
        """Bytes at the peak since then, less those held before."""
        return None if self._before is None else max(_status("VmHWM") - self._before, 0)


def _status(key):
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    raise OSError(key)


def _alive(process):
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    serve(importlib.import_module(sys.argv[1]).Contestant(), Path(sys.argv[2]), int(sys.argv[3]))
