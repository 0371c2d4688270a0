"""What the numbers were measured on: the machine, the versions, its memory bandwidth."""

import os
import platform
import re
import subprocess
import time
from importlib import metadata
from pathlib import Path

VERSIONS = ("numpy", "scipy", "numba", "pyamg")
BYTES_PER_CELL = 56
"""Traffic of one ideal double-precision residual on a lattice: three conductances, shift, unknown and right-hand side
read, one written."""


def describe():
    """Dict of the machine, the versions and the commit."""
    return {
        "cpu": _first_line("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "last_level_cache_bytes": _last_level_cache(),
        "load_average": os.getloadavg()[0],
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in VERSIONS},
        "commit": _git("rev-parse", "HEAD"),
        "sources_changed": bool(_git("status", "--porcelain", "--", "solver", "cases")),
    }


def available_memory():
    """Memory [B] that is free or can be freed, None where the system does not say."""
    text = _first_line("/proc/meminfo", "MemAvailable")
    return int(text.split()[0]) * 1024 if text else None


def busy_cores(seconds=0.3):
    """Cores that are busy while this process sleeps, None where the system does not say."""

    def ticks():
        text = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
        return sum(int(text[i]) for i in (0, 1, 2, 5, 6, 7))  # all but idle and waiting

    try:
        before = ticks()
    except OSError:
        return None
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


def short_name(machine):
    """Name of the machine for a file: its processor and cores."""
    words = re.sub(r"\((R|TM)\)|CPU|Processor|@.*", " ", machine["cpu"] or "unknown")
    return "-".join([*re.findall(r"[a-z0-9]+", words.lower()), f"{machine['cores']}cores"])


def bandwidth(size, seconds=0.3):
    """Memory bandwidth of this process with the threads it has.

    Parameters
    ----------
    size : int, bytes of the three arrays together
    seconds : float, how long to measure

    Returns
    -------
    float [B/s], the best pass of a = b + s c; 24 bytes an element
    """
    import numpy as np

    from benchmarks.triad import triad

    n = max(size // 24, 1000)
    a, b, c = np.zeros(n), np.ones(n), np.ones(n)
    passes = max(1, 2_000_000 // n)  # the clock ticks too coarsely for one pass over a small array
    triad(a, b, c, 1)
    best, end = 0.0, time.perf_counter() + seconds
    while best == 0.0 or time.perf_counter() < end:
        start = time.perf_counter()
        triad(a, b, c, passes)
        best = max(best, 24.0 * n * passes / (time.perf_counter() - start))
    return best


def _first_line(path, key):
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), None)


def _last_level_cache():
    """Size of the last level cache [B], None where the system does not say."""
    found = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size"))
    text = found[-1].read_text().strip() if found else ""
    return int(text[:-1]) * 1024 if text.endswith("K") else None


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _git(*arguments):
    try:
        done = subprocess.run(
            ("git", *arguments), capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
