"""Sweeps under fire: workers and the parent are killed, the sweep is started again, and its table is held against an
undisturbed one.

python -m benchmarks.sweep_kills tiny|coarse|quarter -o FOLDER
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

TINY = """schema = "oxycell-study/1"
title = "200 small cases"
case = "case.toml"
axes = [{ key = "terminals.0.current", range = ["10 A", "100 A"], count = 40 },
        { key = "materials.m.thermal_conductivity", range = ["1 W/m/K", "9 W/m/K"], count = 5 }]
"""
CASE = """schema = "oxycell-case/1"
boxes = [{ name = "rod", material = "m", x = ["0 m", "0.2 m"], y = ["0 m", "0.05 m"], z = ["0 m", "0.05 m"] }]
surfaces = [{ name = "begin", of = "rod", sides = ["x-"] }, { name = "end", of = "rod", sides = ["x+"] }]
terminals = [{ name = "in", surfaces = ["begin"], current = "500 A" },
             { name = "out", surfaces = ["end"], potential = "0 V" }]
conditions = [{ on = ["begin", "end"], laws = [{ kind = "fixed_temperature", temperature = "300 K" }] }]
[mesh]
size = "4 mm"
[materials.m]
thermal_conductivity = "0.5 W/m/K"
electrical_conductivity = "1e5 S/m"
"""
QUARTER = """schema = "oxycell-study/1"
title = "64 quarters of the flagship"
case = "kraz-140ka"
axes = [{ key = "operation.line_current", range = ["138 kA", "145 kA"], count = 8 },
        { key = "cell.anodes.gap", range = ["62 mm", "69 mm"], count = 8 }]
"""
COARSE = (
    QUARTER
    + """[changes]
"mesh.size" = "600 mm"
"mesh.growth" = 50
"cell.mesh.gap_cells" = 3
"cell.mesh.plate_cells" = 2
"cell.mesh.cover_cells" = 1
"""
)
WATCHDOG = 1800.0  # [s]


def start(study, folder):
    """A sweep with two workers."""
    return subprocess.Popen(
        [sys.executable, "-m", "oxycell", "sweep", str(study), "-o", str(folder), "--processes", "2", "-q"],
        stderr=subprocess.DEVNULL,
    )


def workers(folder):
    """Pids of the processes that work for a sweep."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if (
                entry.name.isdecimal()
                and f"oxycell.sweep.worker\0{folder}\0".encode() in (entry / "cmdline").read_bytes()
            ):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def under_fire(study, folder, kills, parents, pause, dice):
    """Run a sweep to its end while `kills` workers and `parents` parents are killed; numbers of both that were."""
    began, killed, orphans, parent = time.monotonic(), 0, 0, start(study, folder)
    at = sorted(dice.sample(range(kills), parents))
    while True:
        assert time.monotonic() - began < WATCHDOG, "the sweep hangs"
        if parent.poll() is not None:
            if parent.returncode in (0, 5):
                break
            parent = start(study, folder)
        time.sleep(dice.uniform(0.2, 1.0) * pause)
        alive = workers(folder)
        if killed < kills and alive:
            os.kill(dice.choice(alive), signal.SIGKILL)
            killed += 1
            if at and killed >= at[0]:
                at.pop(0)
                parent.kill()
                parent.wait()
                time.sleep(8.0)
                orphans += len(workers(folder))
    return killed, orphans, parent.returncode


def main():
    """Run it and print what came of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("which", choices=("tiny", "coarse", "quarter"))
    options.add_argument("-o", "--output", type=Path, required=True)
    chosen = options.parse_args()
    folder = chosen.output
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text(CASE, encoding="utf-8")
    study = folder / "study.toml"
    study.write_text({"tiny": TINY, "coarse": COARSE, "quarter": QUARTER}[chosen.which], encoding="utf-8")
    began = time.monotonic()
    code = start(study, folder / "calm").wait()
    calm = time.monotonic() - began
    began = time.monotonic()
    kills, parents, pause = {"tiny": (50, 5, 1.2), "coarse": (6, 2, 20.0), "quarter": (6, 2, 50.0)}[chosen.which]
    killed, orphans, last = under_fire(study, folder / "fire", kills, parents, pause, random.Random(1))
    fire = time.monotonic() - began
    same = all(
        (folder / "calm" / name).read_bytes() == (folder / "fire" / name).read_bytes()
        for name in ("table.csv", "table.hdf", "sweep.html")
    )
    left = [
        path.name for path in (folder / "fire").rglob("*") if path.name.startswith(".") or path.name.endswith(".part")
    ]
    reports = len(list((folder / "fire" / "cases").glob("*/report.json")))
    lines = (folder / "calm" / "table.csv").read_text(encoding="utf-8").count("\n") - 1
    print(
        f"{chosen.which}: {lines} rows, {reports} reports; undisturbed {calm:.0f} s (exit {code});",
        f"{killed} workers and {parents} parents killed: {fire:.0f} s (exit {last});",
        f"tables bitwise equal: {same}; orphans after a parent's death: {orphans}; left over: {left or 'nothing'}",
    )
    return 0 if same and not left and not orphans else 1


if __name__ == "__main__":
    sys.exit(main())
