"""Cold and warm start of the command, seen from outside."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.meshes import CASE, MESHES


def measure_starts(mesh, warm):
    """Wall time of `oxycell run` from command to report: first with an empty cache folder, then again.

    Parameters
    ----------
    mesh : str
    warm : int, runs with the filled cache

    Returns
    -------
    dict : cold, warm [s]; warm is the fastest

    Notes
    -----
    The cache folder also holds matplotlib's list of fonts: a cold start is the very first run of a user.
    """
    with tempfile.TemporaryDirectory() as folder:
        changes = [word for change in MESHES[mesh] for word in ("--set", change)]
        command = [sys.executable, "-m", "oxycell", "run", CASE, "--quiet", "--output", str(Path(folder) / "run"), *changes]
        environment = os.environ | {"XDG_CACHE_HOME": str(Path(folder) / "cache")}
        environment.pop("NUMBA_CACHE_DIR", None)
        seconds = []
        for _ in range(1 + warm):
            start = time.perf_counter()
            subprocess.run(command, check=True, env=environment)
            seconds.append(time.perf_counter() - start)
    return {"mesh": mesh, "cold": seconds[0], "warm": min(seconds[1:])}
