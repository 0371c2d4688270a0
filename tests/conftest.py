"""Settings of a test process that must stand before the package is imported: workers side by side share the cores."""

import os

_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

if _WORKERS > 1:  # tests of threads start processes of their own and say how many
    os.environ.setdefault("NUMBA_NUM_THREADS", str(max(1, _CORES // _WORKERS)))
