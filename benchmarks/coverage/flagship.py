"""The error bars of a shipped cell held against its finest mesh: `python -m benchmarks.coverage.flagship coarse:1,2,4
default:1,2`."""

import argparse
import gc
import json
import statistics
import sys
import time
from pathlib import Path

import oxycell
from benchmarks.coverage.study import Held, covered
from benchmarks.tables import table
from oxycell.report.error_bars import error_bars, figures_of
from oxycell.run import solve_with_report
from oxycell.runtime import source_hash

BASES = {
    "rough": (
        "mesh.size=600 mm",
        "mesh.growth=50",
        "cell.mesh.gap_cells=1",
        "cell.mesh.plate_cells=1",
        "cell.mesh.cover_cells=1",
        "cell.mesh.edge=200 mm",
    ),
    "coarse": ("mesh.size=600 mm", "mesh.growth=50"),
    "default": (),
}
"""Name → overrides of the mesh that `mesh.subdivisions` cuts."""
SHOWN = (
    "voltage.cell_V",
    "heat.generated_W",
    "heat.lump_temperatures_K.bath",
    "ledge.mean_m",
    "ledge.min_m",
    "ledge.max_m",
    "anodes.non_uniformity",
    "heat.losses.side_bath",
    "heat.losses.side_metal",
    "heat.losses.bottom",
)
BLOCKS = ("voltage", "heat", "anodes", "ledge", "productivity")


def solved(case, wanted, folder=None):
    """Reports by (base, subdivisions).

    Parameters
    ----------
    case : str
    wanted : dict, base → list of subdivisions
    folder : Path or None, where reports are kept from call to call, apart by the sources that made them
    """
    reports = {}
    for base, several in wanted.items():
        for n in several:
            kept = folder and folder / f"{case}-{base}-{n}-{source_hash()}.json"
            if kept and kept.exists():
                reports[base, n] = json.loads(kept.read_text(encoding="utf-8"))
                continue
            start = time.perf_counter()
            reports[base, n] = solve_with_report(oxycell.load(case, [*BASES[base], f"mesh.subdivisions={n}"]))[1]
            if kept:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(json.dumps(reports[base, n]), encoding="utf-8")
            gc.collect()
            print(
                f"{case}, {base} mesh, every cell cut in {n}: {reports[base, n]['status']['cells']:,} cells, "
                f"{time.perf_counter() - start:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    return reports


def chains(reports):
    """Pairs and triples of meshes that halve and do not hold the finest of all, as lists of keys of `reports`."""
    finest = max(reports, key=lambda key: reports[key]["status"]["cells"])
    for base, n in reports:
        for length in (2, 3):
            chain = [(base, n * 2**i) for i in range(length)]
            if all(key in reports and key != finest for key in chain):
                yield finest, chain


def held(case, reports):
    """Every figure held against the finest mesh, which is no truth: its own error, a part of the ± of coarser ones, is
    left out."""
    for finest, chain in chains(reports):
        block = error_bars([reports[key] for key in chain], [key[1] for key in chain])["figures"]
        truth = figures_of(reports[finest])
        for key, entry in block.items():
            if key in truth and key.split(".")[0] in BLOCKS:
                yield Held(case, chain[0][0], key, len(chain), chain[0][1], entry, truth[key], 0)


def _counts(found):
    """How many, how many inside, how wide."""
    return str(len(found)), f"{100 * covered(found):.1f} %", f"{statistics.median(one.width for one in found):.1f}"


def main():
    """Solve, hold, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage.flagship", description=__doc__)
    parser.add_argument(
        "meshes", nargs="+", metavar="BASE:N,N", help=f"bases {', '.join(BASES)}; N cuts along each axis"
    )
    parser.add_argument("--case", default="kraz-140ka")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep reports there; what the same sources solved is not solved again"
    )
    chosen = parser.parse_args()
    wanted = {base: [int(n) for n in several.split(",")] for base, several in (one.split(":") for one in chosen.meshes)}
    reports = solved(chosen.case, wanted, chosen.keep)
    found = [one for one in held(chosen.case, reports) if not one.exact]
    rows = [("base", "meshes", "coarsest subdivided by", "figures", "finest mesh inside ±", "median of ±/difference")]
    for name in dict.fromkeys((one.kind, one.meshes, one.number) for one in found):
        here = [one for one in found if (one.kind, one.meshes, one.number) == name]
        rows.append((*map(str, name), *_counts(here)))
    rows.append(("all", "", "", *_counts(found)))
    print(
        f"{chosen.case}: ± against the finest mesh, {max(one['status']['cells'] for one in reports.values()):,} "
        f"cells\n\n{table(rows)}\n"
    )
    print(
        table(
            [
                ("base", "meshes", "coarsest subdivided by", "figure", "value ±", "finest mesh", "±/difference"),
                *(
                    (
                        one.kind,
                        str(one.meshes),
                        str(one.number),
                        f"`{one.key}`",
                        f"{one.entry['values'][-1]:.6g} ± "
                        f"{one.entry['uncertainty']:.2g}{' (!)' if one.entry['flag'] else ''}",
                        f"{one.truth:.6g}",
                        f"{one.width:.2f}" + ("" if one.inside else " outside"),
                    )
                    for one in found
                    if one.key in SHOWN
                ),
            ]
        )
    )
    outside = [one for one in found if not one.inside]
    if outside:
        print(
            "\n"
            + table(
                [
                    ("base", "meshes", "coarsest subdivided by", "outside", "values", "±", "finest mesh"),
                    *(
                        (
                            one.kind,
                            str(one.meshes),
                            str(one.number),
                            f"`{one.key}`",
                            ", ".join(f"{value:.6g}" for value in one.entry["values"]),
                            f"{one.entry['uncertainty']:.2g}",
                            f"{one.truth:.6g}",
                        )
                        for one in outside
                    ),
                ]
            )
        )


if __name__ == "__main__":
    main()
