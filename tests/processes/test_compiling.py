"""The list of kernels to compile beside the first solve: complete, valid, and no process outlives the one that started
it.

`python tests/processes/test_compiling.py > kernels.txt` regenerates it, once the cache has all of them; then it takes
the place of the old list.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np
import pytest

import oxycell
from oxycell import runtime
from oxycell.processes import compiling, helpers


def needed():
    """Kernels that a solve of a cell calls, as lines of the list."""
    from numba.core.dispatcher import Dispatcher

    from oxycell.case.load import load
    from oxycell.run import solve

    lines, depth, original = [], [], Dispatcher.compile

    def compile(self, signature):
        if not depth and self.py_func.__module__.startswith("oxycell."):
            lines.append(f"{self.py_func.__module__} {self.py_func.__name__} ({', '.join(map(short, signature))},)")
        depth.append(self)
        try:
            return original(self, signature)
        finally:
            depth.pop()

    Dispatcher.compile = compile
    solve(load("kraz-140ka"))
    return lines


def short(kind):
    """A type of numba as numba reads it: float64[:, ::1]."""
    from numba import types

    if isinstance(kind, types.Array) and kind.mutable and kind.layout in "CA":
        return f"{short(kind.dtype)}[{', '.join([':'] * (kind.ndim - 1) + ['::1' if kind.layout == 'C' else ':'])}]"
    if isinstance(kind, types.Array):
        return f"Array({short(kind.dtype)}, {kind.ndim}, {kind.layout!r}, {not kind.mutable})"
    if isinstance(kind, types.BaseNamedTuple):
        path = f"{kind.instance_class.__module__}.{kind.instance_class.__qualname__}"
        return f'named("{path}", ({", ".join(map(short, kind))},))'
    if isinstance(kind, types.BaseTuple):
        return f"Tuple(({', '.join(map(short, kind))},))"
    return "boolean" if kind == types.boolean else str(kind)


class Pair(NamedTuple):
    """A named tuple of arrays, as kernels take it."""

    first: np.ndarray
    second: np.ndarray


class Other(NamedTuple):
    """One of the same fields, and yet another type."""

    first: np.ndarray
    second: np.ndarray


class Nest(NamedTuple):
    """One that holds another."""

    pair: Pair
    number: float


@pytest.fixture
def empty(monkeypatch, tmp_path):
    """An empty cache, for this process and for those it starts, and cores to spare."""
    folder = tmp_path / "oxycell" / runtime.source_hash()
    folder.mkdir(parents=True)
    monkeypatch.setattr(runtime, "cache_folder", lambda: str(folder))
    monkeypatch.setattr(runtime, "available_cores", lambda: 2)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(Path(oxycell.__file__).parents[1]))


def test_list_holds_what_a_solve_of_a_cell_needs():
    environment = os.environ | {"NUMBA_NUM_THREADS": "2", "PYTHONPATH": str(Path(oxycell.__file__).parents[1])}
    found = subprocess.run([sys.executable, __file__], env=environment, capture_output=True, text=True, check=True)
    assert set(found.stdout.splitlines()) <= set(compiling.LIST.read_text(encoding="ascii").splitlines())


def test_all_of_the_list_can_be_compiled():
    for kernel in compiling.listed():
        compiling.compile_kernel(*kernel)


@pytest.mark.parametrize(
    "value",
    [
        Pair(np.zeros(1), np.zeros(1)),  # of one type
        Pair(np.zeros(1), np.zeros((1, 1), np.float32)),
        Pair(np.zeros(1), np.broadcast_to(1.0, 3)),  # read only, and no row of memory
        Nest(Pair(np.zeros((2, 2))[:, :1], np.zeros(1, bool)), 1.0),
        (Pair(np.zeros(1), np.zeros(1)), (1, 2)),
        np.zeros((2, 2, 2), np.uint64).T,
        np.zeros((2, 2, 2), np.int8),
    ],
)
def test_types_are_read_back_from_their_text(value):
    kind = numba.typeof(value)
    assert compiling.read_types(f"(int64, {short(kind)},)") == (numba.int64, kind)


def test_text_of_a_named_tuple_tells_its_class_and_fields():
    one, another = Pair(np.zeros(1), np.zeros(1)), Other(np.zeros(1), np.zeros(1))
    assert short(numba.typeof(one)) == f'named("{__name__}.Pair", (float64[::1], float64[::1],))'
    (kind,) = compiling.read_types(f"({short(numba.typeof(another))},)")
    assert kind != numba.typeof(one)  # the counter-test
    assert kind != numba.typeof(Other(np.zeros(1), np.zeros((1, 1))))


def test_class_that_does_not_exist_is_refused():
    with pytest.raises(AttributeError, match="Missing"):
        compiling.read_types('(named("oxycell.runtime.Missing", (int64,)),)')


def test_processes_compile_what_is_missing(empty):
    kernels = compiling.listed()
    assert compiling.missing() == kernels
    process = helpers.start("oxycell.processes.compiling", "0", str(len(kernels) - 3))  # the last one and the third
    assert process.stdout.read() == b""
    helpers.end(process)
    there = {kernel[:2] for kernel in kernels if kernel not in compiling.missing()}
    assert {kernels[2][:2], kernels[-1][:2]} <= there and len(there) < 6  # with those that they call


def test_they_end_with_the_block(empty):
    with compiling.compiling() as wait:
        started = wait.args[0]
        assert [process.poll() for process in started] == [None]
    assert all(process.poll() is not None for process in started)


def test_they_end_with_whoever_started_them(empty):
    process = helpers.start("oxycell.processes.compiling", "0", "1")
    time.sleep(2.0)  # it compiles by now
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(10.0) == 0
    process.stdout.close()


@pytest.mark.parametrize("reason", ["one core", "nothing missing"])
def test_none_is_started_without_need(empty, monkeypatch, reason):
    if reason == "one core":
        monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    else:
        monkeypatch.setattr(compiling, "missing", list)
    with compiling.compiling() as wait:
        assert wait.args == ([],)


if __name__ == "__main__":
    print("\n".join(needed()))
