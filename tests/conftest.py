"""Settings of a test process that must stand before the package is imported: workers side by side share the cores."""

import os
import sys

import pytest

_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

if _WORKERS > 1:  # tests of threads start processes of their own and say how many
    os.environ.setdefault("NUMBA_NUM_THREADS", str(max(1, _CORES // _WORKERS)))


@pytest.fixture(autouse=True)
def _solved_anew(request):
    """Problems that `oxycell verify` solves once are solved anew around tests that change what is solved."""
    changes = "monkeypatch" in request.fixturenames
    if changes:
        _forget_answers()
    yield
    if changes:
        _forget_answers()


def _forget_answers():
    check = sys.modules.get("oxycell.verification.check")
    if check is not None:
        check.solved_once.cache_clear()
