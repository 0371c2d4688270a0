"""`python -m benchmarks [--quick]`: measure, print the tables, write benchmarks/results/DATE-MACHINE.json."""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import oxycell  # noqa: F401  (sets thread counts and cache folder for the processes started here)
from benchmarks.machine import describe, short_name
from benchmarks.meshes import FULL, MESHES, QUICK
from benchmarks.start import measure_starts
from benchmarks.tables import print_tables

RESULTS = Path(__file__).parent / "results"
WORKING_SETS = (3_000_000, 12_000_000, 50_000_000, 1_000_000_000)  # [B]
QUICK_PATIENCE, PATIENCE = 2.0, 20.0  # [s] after which a linear solver is given up
TWICE = ("coarse", "default")  # meshes whose coupled solve is timed in two rounds


def in_child(threads, **task):
    """Result of a task of benchmarks/child.py in a process with that many threads."""
    environment = os.environ | {"NUMBA_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-m", "benchmarks.child", json.dumps(task)], env=environment, check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(meshes, threads, quick):
    """All measurements, one process each.

    Parameters
    ----------
    meshes : sequence of str
    threads : sequence of int, the largest is used against the peers
    quick : bool, fewer rounds, less patience

    Returns
    -------
    dict : bandwidth, runs (one for each mesh, thread count and round), starts
    """
    most, patience = max(threads), QUICK_PATIENCE if quick else PATIENCE
    found, skip = {"bandwidth": [], "runs": [], "starts": []}, {}
    measure_bandwidth(threads, found["bandwidth"])
    for mesh in meshes:
        for again in range(2 if mesh in TWICE and not quick else 1):
            for n in (most,) if quick and mesh == meshes[0] else sorted(threads, reverse=True):
                say(f"mesh {mesh}, {n} threads")
                run = in_child(n, task="flagship", mesh=mesh, rounds=1 if quick else 2, compared=not again,
                               peers=n == most, patience=patience, skip=skip)
                found["runs"].append({"mesh": mesh, "threads": n, **run})
                for name, compared in run.get("linear", {}).items():
                    skip.setdefault(name, []).extend(solver for solver, one in compared["solvers"].items() if "failed" in one)
    measure_bandwidth(threads, found["bandwidth"])
    for mesh in ("coarse",) if quick else ("coarse", "default"):
        say(f"cold and warm start, mesh {mesh}")
        found["starts"].append(measure_starts(mesh, 1 if quick else 2))
    return found


def measure_bandwidth(threads, rows):
    """Add a row (threads, size [B], bandwidth [B/s]) for each number of threads and working set."""
    for n in threads:
        say(f"bandwidth, {n} threads")
        rows += [{"threads": n, "size": int(size), "bandwidth": best}
                 for size, best in in_child(n, task="bandwidths", sizes=WORKING_SETS).items()]


def say(what):
    """What is being done, on standard error."""
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


def main():
    """Parse the arguments, measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the two small meshes and one round, under two minutes")
    parser.add_argument("--meshes", nargs="+", choices=MESHES, metavar="MESH", help=f"of {', '.join(MESHES)}")
    parser.add_argument("--machine", help="name of the machine in the file's name (default: processor and cores)")
    parser.add_argument("--output", type=Path, default=RESULTS, help="folder of the result (default: benchmarks/results)")
    parser.add_argument("--show", type=Path, metavar="FILE", help="print the tables of a result and measure nothing")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw the result, too")
    chosen = parser.parse_args()
    if chosen.show:
        result = json.loads(chosen.show.read_text(encoding="utf-8"))
    else:
        machine, now, start = describe(), datetime.now(UTC), time.perf_counter()
        meshes = chosen.meshes or (QUICK if chosen.quick else FULL)
        threads = (1, 2) if machine["cores"] > 1 else (1,)
        result = {"created": now.isoformat(timespec="seconds"), "quick": chosen.quick, "machine": machine,
                  **measure(meshes, threads, chosen.quick)}
        machine["sources_changed"] |= describe()["sources_changed"]
        result["seconds"] = time.perf_counter() - start
        path = chosen.output / f"{now:%Y-%m-%d}-{chosen.machine or short_name(machine)}{'-quick' if chosen.quick else ''}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        say(f"written: {path}")
    print_tables(result)
    if chosen.plot:
        from benchmarks.plot import draw

        draw(result, chosen.plot)


if __name__ == "__main__":
    main()
