"""Who takes part: oxycell with one and two threads, and the public solvers that are installed."""

import importlib.util
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import GaveUp, Process

DEBIAN_PYTHON = "/usr/bin/python3"
_PYAMG = {
    "pyamg ruge-stuben": ("ruge_stuben_solver", "fast"),
    "pyamg smoothed aggregation": ("smoothed_aggregation_solver", "other"),
    "pyamg pairwise": ("pairwise_solver", "fast"),
    "scipy cg + jacobi": ("jacobi", "other"),
}


@dataclass(frozen=True)
class Contestant:
    """A way to solve a linear system.

    Attributes
    ----------
    name : str
    kind : "oxycell", "ranks" (most ranks), "fast" or "other"
    process : Process; several contestants may share one
    options : dict, further arguments of its `solve`
    first_tolerance : where its search for the loosest tolerance begins; its own norm may be another than ours
    """

    name: str
    kind: str
    process: Process
    options: dict = field(default_factory=dict)
    first_tolerance: float = 1e-8


def contestants(threads):
    """All that can run here.

    Parameters
    ----------
    threads : sequence of int, of oxycell; the largest first

    Returns
    -------
    list of Contestant; dict name → why it is left out; dict of the peers' versions and options
    """
    there = [
        Contestant(
            f"oxycell, {n} thread{'s' if n > 1 else ''}", "oxycell", Process("benchmarks.solve_oxycell", n), {}, 1e-7
        )
        for n in threads
    ]
    absent, versions = {}, {}
    how = petsc_environment()
    ranks = sorted({1, max(threads)}, reverse=True)
    for n in ranks:
        name = f"petsc + hypre, {n} rank{'s' if n > 1 else ''}"
        if isinstance(how, str):
            absent[name] = how
            continue
        process = Process("benchmarks.solve_hypre", 1, ("mpiexec", "-n", str(n), DEBIAN_PYTHON), how)
        try:
            versions = process.ask("versions", 60.0)
        except GaveUp as error:
            absent[name] = f"does not start: {error}"
        else:
            there.append(Contestant(name, "ranks" if n == ranks[0] else "other", process))
    if importlib.util.find_spec("pyamg"):
        process = Process("benchmarks.solve_pyamg")
        there += [Contestant(name, kind, process, {"method": method}) for name, (method, kind) in _PYAMG.items()]
    else:
        absent |= dict.fromkeys(_PYAMG, "PyAMG is not installed")
    return there, absent, versions


def petsc_environment():
    """What the system's Python needs to find its PETSc, as a dict; or why there is none, as text."""
    if not shutil.which("mpiexec") or not Path(DEBIAN_PYTHON).exists():
        return "there is no mpiexec"
    own = os.environ.get("PETSC_DIR")
    places = [Path(own)] if own else sorted(Path("/usr/lib/petscdir").glob("petsc*/*-real"))
    places = [place for place in places if (place / "lib/python3/dist-packages/petsc4py").is_dir()]
    if not places:
        return "the system's Python has no petsc4py (Debian: python3-petsc4py)"
    path = os.pathsep.join([str(Path(__file__).parents[1]), str(places[-1] / "lib/python3/dist-packages")])
    return {
        "PETSC_DIR": str(places[-1]),
        "PYTHONPATH": path,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    }
