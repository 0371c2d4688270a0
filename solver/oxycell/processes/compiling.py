"""Where the cache has no kernels yet, other processes compile those that a cell needs, and this one finds them there.

`kernels.txt` names them in the order in which a solve meets them, with the types of their arguments; a named tuple is
`named("module.Class", (types of its fields))`. This process compiles what it needs when it needs it; the others begin
at the end of the list, and they meet somewhere between. The list serves speed alone: a kernel that is not in it is
compiled by whoever calls it. `tests/processes/test_compiling.py` says what it lacks, and writes it.
"""

import contextlib
import gc
import sys
import threading
from functools import partial
from importlib import import_module
from pathlib import Path

from oxycell import runtime
from oxycell.processes import helpers

LIST = Path(__file__).with_name("kernels.txt")
_MOST = 3  # processes; more have too little to do


@contextlib.contextmanager
def compiling():
    """Context in which other processes compile what the cache lacks, if cores are to spare; they end with it.

    Yields
    ------
    function that waits until they are done
    """
    processes, thresholds = [], gc.get_threshold()
    if missing():
        gc.set_threshold(100_000, 20, 100)  # else looking for garbage takes a tenth of compiling
        count = min(helpers.spare_cores(), _MOST)
        processes += [helpers.start("oxycell.processes.compiling", str(first), str(count)) for first in range(count)]
    try:
        yield partial(_wait, processes)
    finally:
        gc.set_threshold(*thresholds)
        for process in processes:
            helpers.end(process)


def _wait(processes):
    for process in processes:
        process.stdout.read()


def listed():
    """Kernels of the list: [(module, name, signature)], as a solve meets them."""
    return [tuple(line.split(maxsplit=2)) for line in LIST.read_text(encoding="ascii").splitlines()]


def missing():
    """Those of the list that the cache has not: [(module, name, signature)]."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    names = {path.name.partition("-")[0] for path in Path(runtime.cache_folder()).glob(f"*/*.{version}.nbi")}
    return [kernel for kernel in listed() if f"{kernel[0].rpartition('.')[2]}.{kernel[1]}" not in names]


def compile_kernel(module, name, signature):
    """Compile a kernel into the cache, or load it from there."""
    getattr(import_module(module), name).compile(read_types(signature))


def read_types(signature):
    """Types of numba that a line of the list spells out; the cache knows a kernel by these, not by their text.

    Parameters
    ----------
    signature : str, a tuple of types such as `(float64[:, ::1], named("oxycell.module.Class", (int64, int64,)),)`

    Returns
    -------
    tuple of numba types

    Raises
    ------
    NameError, ImportError, AttributeError for a type, module or class that does not exist
    """
    from numba import types

    return eval(signature, vars(types) | {"named": _named})


def _named(path, kinds):
    """numba's type of a named tuple, by the path of its class and the types of its fields."""
    from numba import types

    module, _, name = path.rpartition(".")
    return types.BaseTuple.from_types(kinds, getattr(import_module(module), name))


def main():
    """Compile every n-th of the missing kernels, the last ones first."""
    threading.Thread(target=helpers.end_with_the_caller, daemon=True).start()
    gc.disable()
    first, count = map(int, sys.argv[1:])
    for kernel in missing()[::-1][first::count]:
        compile_kernel(*kernel)


if __name__ == "__main__":
    main()
