"""The error bars of a shipped cell held against its finest mesh: `python -m benchmarks.coverage.flagship coarse:1,2,4 default:1,2`."""

import argparse
import gc
import sys
import time

import oxycell
from benchmarks.coverage.study import Held, covered
from benchmarks.tables import table
from oxycell.report.error_bars import error_bars, figures_of
from oxycell.run import solve_with_report

BASES = {"coarse": ("mesh.size=600 mm", "mesh.growth=50"), "default": ()}
"""Name → overrides of the mesh that `mesh.subdivisions` cuts."""
SHOWN = ("voltage.cell_V", "heat.generated_W", "heat.lump_temperatures_K.bath", "ledge.mean_m", "ledge.min_m", "ledge.max_m",
         "anodes.non_uniformity", "heat.losses.side_bath", "heat.losses.side_metal", "heat.losses.bottom")
BLOCKS = ("voltage", "heat", "anodes", "ledge", "productivity")


def solved(case, wanted):
    """Reports by (base, subdivisions).

    Parameters
    ----------
    case : str
    wanted : dict, base → list of subdivisions
    """
    reports = {}
    for base, several in wanted.items():
        for n in several:
            start = time.perf_counter()
            reports[base, n] = solve_with_report(oxycell.load(case, [*BASES[base], f"mesh.subdivisions={n}"]))[1]
            gc.collect()
            print(f"{case}, {base} mesh, every cell cut in {n}: {reports[base, n]['status']['cells']:,} cells, "
                  f"{time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
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
    """Every figure held against the finest mesh, which is no truth: its own error, a part of the ± of coarser ones, is left out."""
    for finest, chain in chains(reports):
        block = error_bars([reports[key] for key in chain], [key[1] for key in chain])["figures"]
        truth = figures_of(reports[finest])
        for key, entry in block.items():
            if key in truth and key.split(".")[0] in BLOCKS:
                yield Held(case, chain[0][0], key, len(chain), chain[0][1], entry, truth[key], 0)


def main():
    """Solve, hold, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage.flagship", description=__doc__)
    parser.add_argument("meshes", nargs="+", metavar="BASE:N,N", help=f"bases {', '.join(BASES)}; N cuts along each axis")
    parser.add_argument("--case", default="kraz-140ka")
    chosen = parser.parse_args()
    wanted = {base: [int(n) for n in several.split(",")] for base, several in (one.split(":") for one in chosen.meshes)}
    reports = solved(chosen.case, wanted)
    found = [one for one in held(chosen.case, reports) if not one.exact]
    rows = [("base", "meshes", "coarsest cut in", "figures", "finest mesh inside ±")]
    for name in dict.fromkeys((one.kind, one.meshes, one.number) for one in found):
        here = [one for one in found if (one.kind, one.meshes, one.number) == name]
        rows.append((*map(str, name), str(len(here)), f"{100 * covered(here):.1f} %"))
    print(f"{chosen.case}: ± against the finest mesh, {max(one['status']['cells'] for one in reports.values()):,} cells\n\n{table(rows)}\n")
    print(table([("base", "meshes", "coarsest cut in", "figure", "value ±", "finest mesh", "±/difference"),
                 *((one.kind, str(one.meshes), str(one.number), f"`{one.key}`",
                    f"{one.entry['values'][-1]:.6g} ± {one.entry['uncertainty']:.2g}{' (!)' if one.entry['flag'] else ''}",
                    f"{one.truth:.6g}", f"{one.width:.2f}" + ("" if one.inside else " outside")) for one in found if one.key in SHOWN)]))
    outside = [one for one in found if not one.inside]
    if outside:
        print("\n" + table([("base", "meshes", "coarsest cut in", "outside", "values", "±", "finest mesh"),
                            *((one.kind, str(one.meshes), str(one.number), f"`{one.key}`",
                               ", ".join(f"{value:.6g}" for value in one.entry["values"]),
                               f"{one.entry['uncertainty']:.2g}", f"{one.truth:.6g}") for one in outside)]))


if __name__ == "__main__":
    main()
