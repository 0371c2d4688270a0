"""`python -m benchmarks [--quick]`: measure, print the tables, draw, write benchmarks/results/DATE-MACHINE.json as it
goes."""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import oxycell  # noqa: F401  (sets thread counts and cache folder for the processes started here)
from benchmarks.machine import describe, short_name
from benchmarks.suite import PARTS, Suite, say
from benchmarks.tables import as_text

RESULTS = Path(__file__).parent / "results"
PAGE, MARKS = Path(__file__).parents[1] / "docs" / "benchmarks.md", ("<!-- measured -->", "<!-- end -->")
COVERAGE, ACCURACY, REFINEMENTS = ALONE = "error-bars", "accuracy", "refinements"
EMPTY = {"bandwidth": {}, "start": {}, "coupled": {}, "linear": {}, "peers": {}}


def main():
    """Parse the arguments, measure, print, draw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small systems and one round, about two minutes")
    parser.add_argument("--huge", action="store_true", help="ten million cells, too; give it --minutes 60")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=(*PARTS, *ALONE),
        default=PARTS,
        metavar="PART",
        help=f"of {', '.join(PARTS)}; {COVERAGE} (alone): do error bars hold the truth? Four minutes, exit code 1 "
        f"if not; "
        f"{ACCURACY} (alone): default meshes against the limit of endless ones, 20 minutes and 8 GB; "
        f"{REFINEMENTS} (alone): iterations on meshes that are finer here and there, five minutes",
    )
    parser.add_argument(
        "--cases", nargs="+", metavar="CASE", help=f"of {ACCURACY} and {REFINEMENTS}: these shipped cells alone"
    )
    parser.add_argument(
        "--meshes", type=int, default=5, help=f"of {REFINEMENTS}: drawn at random for each cell (default: 5)"
    )
    parser.add_argument(
        "--finest", type=int, default=3, help=f"of {ACCURACY}: cuts of each cell on the finest mesh (default: 3)"
    )
    parser.add_argument(
        "--against", metavar="COMMIT", help=f"of {ACCURACY}: an older commit, solved in turns with this one"
    )
    parser.add_argument(
        "--minutes", type=float, help="time for everything; what does not fit is left out (default: 20; quick: 4)"
    )
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="put what is measured into this result instead of a new one"
    )
    parser.add_argument("--machine", help="name of the machine in the file's name (default: processor and cores)")
    parser.add_argument(
        "--output", type=Path, default=RESULTS, help="folder of the result (default: benchmarks/results)"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "oxycell-benchmarks",
        help="folder for the flagship's linear systems",
    )
    parser.add_argument("--show", type=Path, metavar="FILE", help="print and draw a result and measure nothing")
    parser.add_argument("--publish", action="store_true", help="put the tables and the picture into docs/benchmarks.md")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes started here end, too
    for part in ALONE:
        if part in chosen.only and len(chosen.only) > 1:
            parser.error(f"--only {part} stands alone")
    if COVERAGE in chosen.only:
        from benchmarks.coverage.study import main as coverage

        sys.exit(coverage(chosen.publish))
    if ACCURACY in chosen.only:
        from benchmarks import accuracy

        sys.exit(accuracy.main(chosen.cases or accuracy.CASES, chosen.finest, chosen.against))
    if REFINEMENTS in chosen.only:
        from benchmarks import refinements

        sys.exit(refinements.main(chosen.cases or refinements.CASES, chosen.meshes))
    path = chosen.show
    if path is None:
        path = measure(chosen)
    result = json.loads(path.read_text(encoding="utf-8"))
    from benchmarks.plot import draw

    draw(result, path.with_suffix(".png"))
    if chosen.publish:
        publish(result, path)
    print(as_text(result))


def publish(result, path):
    """Replace what stands between the marks of docs/benchmarks.md by the tables of a result and its picture."""
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    where = Path(os.path.relpath(path.resolve(), PAGE.parent))
    picture = f"![times of the linear solvers and of the coupled solve]({where.with_suffix('.png')})"
    PAGE.write_text(
        f"{before}{MARKS[0]}\n[{path.name}]({where}): {as_text(result)}\n\n{picture}\n{MARKS[1]}{after}",
        encoding="utf-8",
    )


def measure(chosen):
    """Measure what the arguments ask for; the path of the result."""
    machine, now, start = describe(), datetime.now(UTC), time.perf_counter()
    name = f"{now:%Y-%m-%d}-{chosen.machine or short_name(machine)}{'-quick' if chosen.quick else ''}.json"
    path, result = chosen.into or chosen.output / name, {}
    if chosen.into and path.exists():
        result = json.loads(path.read_text(encoding="utf-8"))
    result = {"machine": machine, **EMPTY} | result
    result["created"], result["quick"] = now.isoformat(timespec="seconds"), chosen.quick
    result["machine"] = machine

    def write():
        result["seconds"] = time.perf_counter() - start
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as part:
            part.write(json.dumps(result, indent=1) + "\n")
        os.chmod(part.name, 0o644)
        os.replace(part.name, path)

    threads = (2, 1) if machine["cores"] > 1 else (1,)
    seconds = 60.0 * (chosen.minutes or (4.0 if chosen.quick else 20.0))
    Suite(result, write, chosen.quick, chosen.huge, threads, seconds, chosen.cache).measure(chosen.only)
    machine["sources_changed"] |= describe()["sources_changed"]
    write()
    say(f"written: {path}")
    return path


if __name__ == "__main__":
    main()
