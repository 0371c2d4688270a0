"""Processes of this machine as an executor: `submit` gives a future; a process that dies fails its future and is
replaced."""

import contextlib
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from oxycell.errors import OxycellError
from oxycell.processes import helpers


class WorkerDied(OxycellError):
    """A process died with a case in hand."""


class OutOfTime(WorkerDied):
    """A process was ended because its case took too long."""


class LocalExecutor:
    """Processes that are started when needed and keep their imports and kernels from case to case.

    Parameters
    ----------
    folder, keep : of the sweep, see `run_case`
    processes : int; threads : int, of each
    time_limit : float [s], of a case
    """

    def __init__(self, folder, keep, processes, threads, time_limit):
        self.folder, self.keep, self.threads, self.time_limit = str(folder), keep, threads, time_limit
        self._feeders = ThreadPoolExecutor(processes)
        self._own = threading.local()
        self._started: set = set()
        self._over = False

    def submit(self, _, folder, name, keep):
        """Future of a case; see `run_case`."""
        return self._feeders.submit(self._run, name)

    def _run(self, name):
        process = getattr(self._own, "process", None)
        if process is None or process.poll() is not None:
            process = self._own.process = self._start()
        late = threading.Event()

        def stop():
            late.set()
            process.kill()

        watch = threading.Timer(self.time_limit, stop)
        watch.daemon = True
        watch.start()
        try:
            with helpers.broken_pipe_raises():
                process.stdin.write(f"{name}\n")
                process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = ""
        finally:
            watch.cancel()
        if answer.endswith("\n"):
            return answer.strip()
        code = process.wait()
        self._started.discard(process)
        helpers.close_pipes(process)
        if late.is_set():
            raise OutOfTime(f"took longer than {self.time_limit:g} s")
        raise WorkerDied(f"signal {-code}" if code < 0 else f"exit code {code}")

    def _start(self):
        count = str(self.threads)
        environment = os.environ | {"NUMBA_NUM_THREADS": count, "OMP_NUM_THREADS": count}
        if self._over:
            raise WorkerDied("the sweep was stopped")
        with open(os.path.join(self.folder, "workers.log"), "ab") as log:  # where a process says what killed it
            process = subprocess.Popen(
                [sys.executable, "-m", "oxycell.sweep.worker", self.folder, self.keep],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
                start_new_session=True,
            )
        self._started.add(process)
        return process

    def shutdown(self):
        """End all processes; cases in hand are left waiting."""
        self._over = True
        for process in list(self._started):
            with contextlib.suppress(OSError), helpers.broken_pipe_raises():
                process.stdin.close()  # it sees that, puts its case back, and ends
        for process in list(self._started):
            try:
                process.wait(10.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._feeders.shutdown(wait=True, cancel_futures=True)
