"""How far the default meshes of the shipped cells are off the limit of endless meshes, and what they cost beside an
older commit.

`python -m benchmarks --only accuracy [--cases A B] [--finest 3] [--against COMMIT]`: each cell on its default mesh and
on that with every cell cut in 2, 3, … along each axis; the limit of each figure by Richardson's extrapolation of the
finest three, with their own order where it lies between 1/2 and 2, else with 1. With a commit its sources are checked
out into a temporary folder and solve the same cells in turns with these, two processes by turns, the better of `ROUNDS`
rounds each.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from benchmarks.tables import table

ROOT = Path(__file__).parents[1]
CASES = ("kraz-140ka", "kraz-140ka-cermet", "vertical-140ka", "vertical-140ka-k-bath", "prebake-140ka")
ROUNDS = 3
FIGURES = {  # heading → (unit, times SI, allowed error: absolute, relative)
    "voltage": ("V", 1.0, 3e-3, 0.0),
    "bath": ("°C", 1.0, 0.5, 0.0),
    "ledge mean": ("mm", 1e3, 4.0, 0.0),
    "ledge least": ("mm", 1e3, 4.0, 0.0),
    "anode spread": ("%", 100.0, 0.15, 0.0),
}
LOSS = ("kW", 1e-3, 0.3, 0.015)
_SOLVE = """
import json, sys, time
import oxycell
case = oxycell.load(sys.argv[1])
cut = int(sys.argv[2])
if cut > 1:
    case = case.replaced({"mesh.subdivisions": cut})
times = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    solution = oxycell.solve(case)
    times.append(time.perf_counter() - start)
report = oxycell.report(solution)
print(json.dumps({"seconds": min(times), "report": report}))
"""


def solved(source, case, cut=1, repeats=1):
    """Report and seconds of one solve (the best of `repeats`) in a process of its own, by the sources in a folder."""
    environment = os.environ | {"PYTHONPATH": str(source / "solver")}
    done = subprocess.run(
        [sys.executable, "-c", _SOLVE, case, str(cut), str(repeats)],
        env=environment,
        capture_output=True,
        text=True,
        cwd=tempfile.gettempdir(),
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip() or f"ended by signal {-done.returncode}"
        raise RuntimeError(f"{case}, every cell cut in {cut}: {said.splitlines()[-1]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return found["report"], found["seconds"]


def figures_of(report):
    """Figures of a report: heading → value in the table's unit."""
    pools = report["heat"]["lump_temperatures_K"]
    values = {
        "voltage": report["voltage"]["cell_V"],
        "bath": pools["bath"] - 273.15,
        "ledge mean": report["ledge"]["mean_m"],
        "ledge least": report["ledge"]["min_m"],
        "anode spread": report["anodes"]["non_uniformity"],
    }
    found = {name: values[name] * FIGURES[name][1] for name in FIGURES}
    return found | {f"loss {path}": value * LOSS[1] for path, value in report["heat"]["losses"].items()}


def limit_of(cuts, values):
    """The limit of values on meshes whose cells are cut in `cuts` (rising), and the order it took.

    With three or more the last three are fitted by f + c hᵖ, p between 1/2 and 2 (Roy, J. Comput. Phys. 205 (2005)
    131); where no such p fits, and with two, p is 1.
    """
    h = 1.0 / np.asarray(cuts, float)
    order = 1.0
    if len(values) >= 3:
        (a, b, c), (f, g, k) = h[-3:], values[-3:]

        def off(p):
            return (f - g) * (b**p - c**p) - (g - k) * (a**p - b**p)

        if off(0.5) * off(2.0) < 0.0:
            order = brentq(off, 0.5, 2.0)
    one, two = h[-2] ** order, h[-1] ** order
    return values[-1] + (values[-1] - values[-2]) * two / (one - two), order


def main(cases=CASES, finest=3, commit=None):
    """Print the tables of the cases; finest : the finest mesh has every cell cut in that many; commit : to compare
    times with, or None."""
    for case in cases:
        print(f"\n### {case}\n", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            older = checked_out(commit, Path(folder)) if commit else None
            here, there = [], []
            for _ in range(ROUNDS if older else 1):
                report, seconds = solved(ROOT, case, repeats=2)
                here.append(seconds)
                if older:
                    before, seconds = solved(older, case, repeats=2)
                    there.append(seconds)
        cuts, several = [1], [figures_of(report)]
        for cut in range(2, finest + 1):
            try:
                several.append(figures_of(solved(ROOT, case, cut)[0]))
                cuts.append(cut)
            except RuntimeError as error:
                print(f"left out: {error}")
        rows = [
            (
                "figure",
                *(f"cut in {cut}" for cut in cuts),
                "limit",
                "order",
                *([f"error at {commit[:7]}"] if older else []),
                "error",
                "allowed",
                "",
            )
        ]
        for name, value in several[0].items():
            unit, _, absolute, relative = FIGURES.get(name, LOSS)
            values = [figures[name] for figures in several]
            limit, order = limit_of(cuts, values) if len(cuts) > 1 else (np.nan, np.nan)
            allowed = max(absolute, relative * abs(limit))
            was = figures_of(before)[name] if older else None
            rows.append(
                (
                    f"{name} ({unit})",
                    *(f"{v:.4f}" if unit == "V" else f"{v:.2f}" for v in (*values, limit)),
                    f"{order:.2f}",
                    *([f"{was - limit:+.4f}" if unit == "V" else f"{was - limit:+.2f}"] if older else []),
                    f"{value - limit:+.4f}" if unit == "V" else f"{value - limit:+.2f}",
                    f"{allowed:.4g}",
                    "met" if abs(value - limit) <= allowed else "missed",
                )
            )
        print(table(rows))
        said = (
            f"\n{report['status']['cells']:,} cells, {report['status']['outer_iterations']} iterations, "
            f"{min(here):.2f} s"
        )
        if older:
            said += (
                f"; at {commit[:7]} {before['status']['cells']:,} cells, {min(there):.2f} s: ratio "
                f"{min(here) / min(there):.2f}"
            )
        print(said, flush=True)


def checked_out(commit, folder):
    """The sources and cases of a commit, in a folder."""
    archive = subprocess.run(
        ["git", "archive", commit, "solver", "cases", "meshes"], cwd=ROOT, capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    return folder
