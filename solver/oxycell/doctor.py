"""What is installed and how it is set: versions, threads, caches, optional parts."""

import importlib
import os
import platform
import sys
from importlib import metadata
from pathlib import Path

from oxycell import runtime
from oxycell.case.load import shipped_cases

NEEDED = ("numpy", "scipy", "numba", "h5py", "meshio", "pydantic", "pint", "typer", "rich", "matplotlib", "jinja2")
OPTIONAL = {
    "pyvista": "views, extra [view]",
    "gmsh": "mesh recipes, extra [mesh]",
    "submitit": "Slurm, extra [slurm]",
    "dask": "Dask, extra [dask]",
    "mpi4py": "MPI, from the system",
    "petsc4py": "huge cases, from the system",
}


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


def missing():
    """Needed packages that are not installed."""
    return [name for name in NEEDED if name not in sys.modules and _version(name) is None]
