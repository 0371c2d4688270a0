"""Cold and warm start of the command, seen from outside."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.flagship import CASE, MESHES
from benchmarks.processes import ROOT, GaveUp


def measure_starts(mesh, warm, limit):
    """Wall time of `oxycell run` from command to report: first with an empty cache folder, then again.

    Parameters
    ----------
    mesh : str
    warm : int, runs with the filled cache
    limit : [s], for all of it

    Returns
    -------
    dict : cold, warm [s]; warm is the fastest

    Raises
    ------
    GaveUp
        A run failed, or they took longer than the limit.

    Notes
    -----
    The cache folder also holds matplotlib's list of fonts: a cold start is the very first run of a user.
    """
    with tempfile.TemporaryDirectory() as folder:
        changes = [word for change in MESHES[mesh] for word in ("--set", change)]
        command = [
            sys.executable,
            "-m",
            "oxycell",
            "run",
            CASE,
            "--quiet",
            "--output",
            str(Path(folder) / "run"),
            *changes,
        ]
        path = os.pathsep.join(filter(None, (str(ROOT / "solver"), os.environ.get("PYTHONPATH", ""))))
        environment = os.environ | {"XDG_CACHE_HOME": str(Path(folder) / "cache"), "PYTHONPATH": path}
        environment.pop("NUMBA_CACHE_DIR", None)
        seconds = []
        for _ in range(1 + warm):
            start = time.perf_counter()
            try:
                subprocess.run(command, check=True, env=environment, timeout=max(limit - sum(seconds), 1.0))
            except subprocess.TimeoutExpired:
                raise GaveUp(f"not in {limit:.0f} s") from None
            except subprocess.CalledProcessError as error:
                raise GaveUp(f"exit code {error.returncode}") from None
            seconds.append(time.perf_counter() - start)
    return {"cold": seconds[0], "warm": min(seconds[1:])}
