"""What is installed and how it is set: versions, threads, caches, optional parts; compiling the kernels ahead."""

import importlib
import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path

from oxycell import runtime
from oxycell.case.load import shipped_cases
from oxycell.processes.compiling import compile_kernel, compiling
from oxycell.processes.compiling import missing as missing_kernels

NEEDED = ("numpy", "scipy", "numba", "h5py", "meshio", "pydantic", "pint", "typer", "rich", "matplotlib", "jinja2")
OPTIONAL = {
    "pyvista": "views, extra [view]",
    "gmsh": "mesh recipes, extra [mesh]",
    "submitit": "Slurm, extra [slurm]",
    "dask": "Dask, extra [dask]",
    "mpi4py": "MPI, from the system",
    "petsc4py": "huge cases, from the system",
}

_WARM_UP = """
title = "warm-up"
boxes = [
  { name = "plate", material = "steel_low_carbon", x = ["0 m", "1 m"], y = ["0 m", "1 m"], z = ["0 m", "0.2 m"] },
  { name = "block", material = "steel_low_carbon", x = ["0 m", "1 m"], y = ["0 m", "1 m"], z = ["0.2 m", "0.4 m"] },
]
surfaces = [{ name = "top", of = "block", sides = ["z+"] }, { name = "bottom", of = "plate", sides = ["z-"] }]
[mesh]
size = "0.1 m"
[[interfaces]]
name = "contact"
between = ["block", "plate"]
laws = [{ kind = "contact", electric = "1e-6 ohm m2" }]
[[terminals]]
name = "in"
surfaces = ["top"]
current = "1 kA"
[[terminals]]
name = "out"
surfaces = ["bottom"]
potential = "0 V"
[[conditions]]
on = ["top", "bottom"]
laws = [{ kind = "convection", coefficient = "10 W/m2/K", fluid = "300 K" }]
"""


def doctor():
    """Rows (what, state) about this machine and installation."""
    rows = [
        ("oxycell", runtime.VERSION),
        ("python", f"{platform.python_version()} on {platform.platform()}"),
    ]
    rows += [(name, _version(name) or "MISSING") for name in NEEDED]
    rows += [
        ("cores", f"{runtime.available_cores()} usable, {os.cpu_count()} in the machine"),
        ("threads", os.environ.get("NUMBA_NUM_THREADS", "")),
        ("threading layer", _threading_layer()),
        ("cache folder", _cache()),
        ("shipped cases", ", ".join(shipped_cases()) or "MISSING"),
    ]
    rows += [(name, _version(name) or f"not installed ({use})") for name, use in OPTIONAL.items()]
    return rows


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
    try:
        return str(getattr(importlib.import_module(name), "__version__", "present"))
    except ImportError:
        return None


def _threading_layer():
    """The layer numba chooses, found by running a parallel loop."""
    try:
        import numba
        import numpy as np

        @numba.njit(parallel=True)
        def fill(out):
            for i in numba.prange(out.size):
                out[i] = i

        fill(np.empty(8))
        layer = numba.threading_layer()
    except Exception as error:
        return f"NONE: {' '.join(str(error).split())[:80]}"
    return layer if layer != "workqueue" else "workqueue (install libgomp1 for omp)"


def _cache():
    folder = Path(runtime.cache_folder())
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    kept = "" if folder.name == runtime.source_hash() else ", temporary: the user's cache folder cannot be written"
    return f"{folder} ({size / 1e6:.1f} MB{kept})"


def warm_up():
    """Compile the kernels into the cache: those of cells from their list, the others by solving a small case, two of
    non-orthogonal cells, and one large operator; seconds it took."""
    import tomllib

    started = time.monotonic()
    with compiling() as wait:
        from oxycell.case.case import Case
        from oxycell.case.load import load
        from oxycell.numerics.linear import load_kernels
        from oxycell.run import solve

        solve(Case.model_validate(tomllib.loads(_WARM_UP)))
        for name in ("hull-cell", "sloped-wall"):
            solve(load(name))
        load_kernels()
        for kernel in missing_kernels():
            compile_kernel(*kernel)
        wait()
    return time.monotonic() - started


def missing():
    """Needed packages that are not installed."""
    return [name for name in NEEDED if name not in sys.modules and _version(name) is None]
