"""Processes of benchmarks/worker.py as the suite sees them: asked, timed out, ended."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PAUSE = 0.01  # [s] between two looks


class GaveUp(Exception):
    """A measurement that has no result, and why."""


class Process:
    """A worker that starts when it is first asked, and again after it was ended.

    Parameters
    ----------
    module : str, with the class `Contestant` whose methods are the commands
    threads : int
    launcher : words before `-m`; environment : what it needs beside the threads
    """

    def __init__(self, module, threads=1, launcher=(sys.executable,), environment=None):
        self.module, self.launcher = module, launcher
        self.environment = os.environ | {
            "NUMBA_NUM_THREADS": str(threads),
            "OMP_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": "1",
        }
        paths = [str(ROOT), str(ROOT / "solver"), os.environ.get("PYTHONPATH", "")]
        self.environment |= {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | (environment or {})
        self.system = None  # what it has loaded
        self._running = self._folder = None

    def ask(self, do, limit, **arguments):
        """The answer to a command.

        Parameters
        ----------
        do : str, the method
        limit : [s]
        arguments : of the method, plain data

        Raises
        ------
        GaveUp
            The command failed, the process died, or it took longer than the limit and was ended.
        """
        if self._running is None or self._running.poll() is not None:
            self._start()
        folder = Path(self._folder.name)
        command = folder / f"{self._number}.part"
        command.write_text(json.dumps({"do": do, **arguments}), encoding="utf-8")
        command.replace(folder / f"{self._number}.command")
        answer, end = folder / f"{self._number}.answer", time.monotonic() + limit
        self._number += 1
        while not answer.exists():
            if self._running.poll() is not None:
                lines = (folder / "errors").read_text(encoding="utf-8", errors="replace").strip().splitlines()
                self.close()
                raise GaveUp(f"the process ended: {lines[-1][:200] if lines else 'killed'}")
            if time.monotonic() > end:
                self.close()
                raise GaveUp(f"not in {limit:.0f} s")
            time.sleep(_PAUSE)
        said = json.loads(answer.read_text(encoding="utf-8"))
        if "failed" in said:
            raise GaveUp(said["failed"])
        return said["found"]

    def _start(self):
        self.close()
        self._folder, self._number = tempfile.TemporaryDirectory(), 0
        command = [*self.launcher, "-m", "benchmarks.worker", self.module, self._folder.name, str(os.getpid())]
        with open(Path(self._folder.name) / "errors", "wb") as errors:
            self._running = subprocess.Popen(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                start_new_session=True,
            )

    def close(self):
        """End the process."""
        if self._running is not None:
            if self._running.poll() is None:
                os.killpg(self._running.pid, signal.SIGTERM)  # mpiexec ends its ranks
                try:
                    self._running.wait(3.0)
                except subprocess.TimeoutExpired:
                    os.killpg(self._running.pid, signal.SIGKILL)
                    self._running.wait()
            self._folder.cleanup()
        self._running = self._folder = self.system = None
