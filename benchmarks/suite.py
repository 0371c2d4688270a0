"""What is measured, in which order, within which time; each result is handed on as soon as it is there."""

import math
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.contestants import contestants
from benchmarks.linear import compare
from benchmarks.machine import available_memory, busy_cores
from benchmarks.processes import GaveUp, Process
from benchmarks.start import measure_starts
from oxycell.runtime import source_hash

PARTS = ("bandwidth", "start", "model", "coupled", "flagship", "imported")
PEERS = {"all": ("ranks", "fast", "other"), "some": ("ranks", "fast"), "ranks": ("ranks",), "none": ()}
WORKING_SETS = (3_000_000, 12_000_000, 50_000_000, 1_000_000_000)  # [B]
_LARGE = 2_000_000  # cells from which on a coupled solve waits until the rest is done
_AGAIN, _OTHER = (
    30.0,
    120.0,
)  # [s] a coupled solve that takes longer has one round for each number of threads; one in all
_LEAST = 10.0  # [s] with less left, nothing that may take longer is begun
_ROW_BYTES = 1000  # memory to have for each row of a system
_CELL_BYTES = 1200  # and for each cell of a coupled solve, mesh included


@dataclass(frozen=True)
class System:
    """A linear system to compare solvers on.

    Attributes
    ----------
    part, name : str; what is the same but for its size has one name
    cells : int, about
    peers : a key of PEERS, the kinds of contestants beside oxycell
    maker : method of benchmarks/tasks.py, with `variant` its argument
    """

    part: str
    name: str
    cells: int
    peers: str
    maker: str = "model"
    variant: str = ""


@dataclass(frozen=True)
class Coupled:
    """A mesh of the flagship to solve on: its rough number of cells, the threads of each round, the time [s] for
    one."""

    mesh: str
    cells: int
    threads: tuple
    limit: float


def models(cells, variants, peers):
    """Model problems of one size."""
    return [System("model", f"model {variant}", cells, peers, "model", variant) for variant in variants]


def plan(quick, huge):
    """Systems, coupled solves, and the meshes of the starts.

    Parameters
    ----------
    quick : bool, the small ones only
    huge : bool, the largest, too
    """
    if quick:
        return (
            [
                *models(100_000, ("electric", "thermal"), "all"),
                System("imported", "tetrahedra", 100_000, "some", "tetrahedra", "kuhn"),
            ],
            [Coupled("default", 220_000, (2, 1), 60.0)],
            ("coarse",),
        )
    systems = [
        *models(100_000, ("electric", "thermal"), "all"),
        *models(1_000_000, ("electric", "thermal"), "all"),
        *models(1_000_000, ("harsh",), "some"),
        *models(4_000_000, ("electric", "thermal"), "ranks"),
        System("imported", "tetrahedra", 1_000_000, "some", "tetrahedra", "kuhn"),
        System("imported", "tetrahedra of Gmsh", 200_000, "some", "tetrahedra", "gmsh"),
    ]
    solves = [
        Coupled("default", 220_000, (2, 1, 2), 120.0),
        Coupled("million", 1_010_000, (2, 1, 2), 360.0),
        Coupled("four", 4_150_000, (2, 1), 600.0),
    ]
    if huge:
        systems += models(10_000_000, ("electric", "thermal"), "none")
        solves.append(Coupled("ten", 10_500_000, (2,), 1800.0))
    return systems, solves, ("default",)


class Suite:
    """The measurements of a plan.

    Parameters
    ----------
    result : dict to fill: bandwidth, start, coupled, linear, peers
    written : called after every measurement
    quick, huge : see `plan`
    threads : sequence of int, the largest first
    seconds : time for everything; what does not fit into it is left out, and the result says so
    cache : folder for the flagship's systems
    """

    def __init__(self, result, written, quick, huge, threads, seconds, cache):
        self.result, self.written, self.quick, self.threads = result, written, quick, threads
        self.systems, self.solves, self.starts = plan(quick, huge)
        self.end, self.cache = time.monotonic() + seconds, Path(cache) / source_hash()
        self.patience, self.rounds = (5.0, 1) if quick else (60.0, 2)
        self.there, self.given_up = None, set()

    def measure(self, parts):
        """Measure the parts named, and the bandwidth again at the end."""
        warm = Process("benchmarks.solve_oxycell", self.threads[0])
        say("kernels")
        warm.ask("drop", 600.0)  # what is timed finds its kernels on disk
        warm.close()
        try:
            for part in (*PARTS, "large", "bandwidth"):
                if part in parts or part == "large" and "coupled" in parts:
                    getattr(self, f"_{part}")()
        except GaveUp as error:
            say(str(error))
        finally:
            for one in self.there or ():
                one.process.close()

    def _left(self, wanted):
        """Time for a measurement [s]; GaveUp if there is none."""
        left = self.end - time.monotonic()
        if left < min(wanted, _LEAST):
            raise GaveUp("not tried: the time for the suite was over")
        return min(wanted, left)

    def _bandwidth(self):
        for n in self.threads:
            say(f"bandwidth, {n} threads")
            best = self.result["bandwidth"].setdefault(str(n), {})
            for size, one in zip(
                WORKING_SETS, self._alone("benchmarks.tasks", n, "bandwidths", 60.0, sizes=WORKING_SETS), strict=True
            ):
                best[str(size)] = max(one, best.get(str(size), 0.0))
        self.written()

    def _start(self):
        for mesh in self.starts:
            say(f"cold and warm start, mesh {mesh}")
            try:
                found = measure_starts(mesh, 1 if self.quick else 2, self._left(300.0))
            except GaveUp as error:
                found = {"failed": str(error)}
            self.result["start"][mesh] = stamped(found)
            self.written()

    def _coupled(self):
        for solve in self.solves:
            if solve.cells < _LARGE:
                self._rounds(solve)

    def _large(self):
        for solve in self.solves:
            if solve.cells >= _LARGE:
                self._rounds(solve)

    def _rounds(self, solve):
        """A round for each number of threads; a second one where that is quick, nothing more where the first failed or
        took long."""
        rounds = self.result["coupled"][solve.mesh] = []
        for n in solve.threads:
            longest = _AGAIN if any(one["threads"] == n for one in rounds) else _OTHER
            first = rounds[0].get("seconds", {"total": math.inf})["total"] if rounds else 0.0
            if n in self.threads and first < longest:
                rounds.append({"threads": n, **self._solved(solve, n)})
                self.written()

    def _solved(self, solve, threads):
        """A coupled solve; the one whose systems are wanted stores them."""
        say(f"coupled solve, mesh {solve.mesh}, {threads} threads")
        save = self.cache / solve.mesh
        wanted = solve.cells < _LARGE and threads == self.threads[0] and not save.exists()
        try:
            check_memory(_CELL_BYTES * solve.cells)
            return stamped(
                self._alone(
                    "benchmarks.flagship",
                    threads,
                    "coupled",
                    solve.limit,
                    mesh=solve.mesh,
                    save=str(save) if wanted else None,
                )
            )
        except GaveUp as error:
            return stamped({"failed": str(error)})

    def _alone(self, module, threads, do, limit, **arguments):
        process = Process(module, threads)
        try:
            return process.ask(do, self._left(limit), **arguments)
        finally:
            process.close()

    def _model(self):
        self._compare_all("model")

    def _imported(self):
        self._compare_all("imported")

    def _compare_all(self, part):
        for system in self.systems:
            if system.part != part:
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    check_memory(_ROW_BYTES * system.cells)
                    say(f"making: {system.name}, {system.cells} cells")
                    self._alone(
                        "benchmarks.tasks",
                        1,
                        system.maker,
                        300.0,
                        cells=system.cells,
                        variant=system.variant,
                        folder=folder,
                        with_matrix=bool(PEERS[system.peers]),
                    )
                    self._compare(system.name, folder, system.peers)
                except GaveUp as error:
                    self.result["linear"][f"{system.name} {system.cells}"] = stamped(
                        {"name": system.name, "failed": str(error)}
                    )
                self.written()

    def _flagship(self):
        """The systems of the largest mesh that was solved, now or before with these sources."""
        small = [solve for solve in self.solves if solve.cells < _LARGE]
        if not any((self.cache / solve.mesh).exists() or self.result["coupled"].get(solve.mesh) for solve in small):
            self._solved(small[-1], self.threads[0])
        folder = next((self.cache / solve.mesh for solve in small[::-1] if (self.cache / solve.mesh).exists()), None)
        if folder is None:
            self.result["linear"]["flagship"] = stamped(
                {"name": "flagship", "failed": "no coupled solve gave its systems"}
            )
            self.written()
            return
        for old in self.cache.parent.iterdir():
            if re.fullmatch("[0-9a-f]{20}", old.name) and old != self.cache:  # of other sources
                shutil.rmtree(old)
        for when in ("first", "converged"):
            for physics in ("electric", "thermal"):
                self._compare(
                    f"flagship {physics} {when}", folder / f"{physics} {when}", "ranks" if self.quick else "some"
                )
                self.written()

    def _compare(self, name, folder, peers):
        """All that take part on one system, those left out that were given up on a smaller one."""
        from benchmarks.systems import load

        if self.there is None:
            say("peers")
            self.there, absent, versions = contestants(self.threads)
            self.result["peers"] = {"absent": absent, **versions}
        rows = load(folder, ("rhs",), mmap_mode="r")["rhs"].size
        say(f"linear: {name}, {rows} rows")
        who = [one for one in self.there if one.kind == "oxycell" or one.kind in PEERS[peers]]
        found = compare(
            folder,
            [one for one in who if (name, one.name) not in self.given_up],
            self.rounds,
            self._left,
            self.patience,
        )
        self.given_up |= {(name, solver) for solver, one in found.items() if one.get("failed", "").startswith("not in")}
        skipped = {one.name: {"failed": "not tried, see smaller system"} for one in who if one.name not in found}
        self.result["linear"][f"{name} {rows}"] = stamped({"name": name, "rows": rows, "solvers": found | skipped})


def check_memory(bytes_needed):
    """GaveUp if there is less memory than that."""
    there = available_memory()
    if there is not None and there < bytes_needed:
        raise GaveUp(f"not tried: needs about {bytes_needed / 2**30:.0f} GiB of memory, {there / 2**30:.0f} are free")


def stamped(found):
    """A measurement with its time, and the cores that others keep busy just after it."""
    return {**found, "at": datetime.now(UTC).isoformat(timespec="seconds"), "others": busy_cores()}


def say(what):
    """What is being done, on standard error."""
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)
