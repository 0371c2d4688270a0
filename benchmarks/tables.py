"""The tables of a result, as text that Markdown reads too."""

import math

from benchmarks.machine import BYTES_PER_CELL


def print_tables(result):
    """Print all tables of a result."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items() if number)
    changed = ", sources changed" if machine["sources_changed"] else ""
    print(f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB; python {machine['python']}, {versions}; "
          f"commit {(machine['commit'] or 'unknown')[:10]}{changed}; load at the start {machine['load_average']:.1f}; {result['created']}")
    for title, rows in (("Bandwidth of the triad [GB/s], by bytes of the three arrays", bandwidth_rows(result)),
                        ("Linear problems to a true residual of 1e-8, set-up and solve from a zero start", linear_rows(result)),
                        ("oxycell's part of it [ms], by threads", phase_rows(result)),
                        ("Coupled solve [s], fastest round", coupled_rows(result)),
                        ("Command to report [s]", start_rows(result))):
        if len(rows) > 1:
            print(f"\n{title}\n")
            print(table(rows))


def table(rows):
    """Rows of text as a table; the first are its titles."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def best_bandwidth(result):
    """(threads, size [B]) → bandwidth [B/s], the best of the rounds."""
    best = {}
    for row in result["bandwidth"]:
        key = row["threads"], row["size"]
        best[key] = max(row["bandwidth"], best.get(key, 0.0))
    return best


def work_unit(result, rows):
    """Time [s] of one ideal residual: its bytes at the bandwidth of the working set nearest in size, whatever the threads."""
    best, size = best_bandwidth(result), BYTES_PER_CELL * rows
    nearest = min((key[1] for key in best), key=lambda other: abs(math.log(other / size)))
    return size / max(found for (_, other), found in best.items() if other == nearest)


def bandwidth_rows(result):
    """Threads down, working sets across."""
    best = best_bandwidth(result)
    sizes = sorted({size for _, size in best})
    return [("threads", *(f"{size / 1e6:.0f} MB" for size in sizes)),
            *((str(n), *(f"{best[n, size] / 1e9:.1f}" for size in sizes)) for n in sorted({n for n, _ in best}))]


def compared(result):
    """(mesh, threads, problem, comparison) of all runs that have them."""
    return [(run["mesh"], run["threads"], name, found) for run in result["runs"] for name, found in run.get("linear", {}).items()]


def linear_rows(result):
    """One row for each problem and solver, with ratios to oxycell on the same problem."""
    rows = [("mesh", "problem", "rows", "solver", "set-up [s]", "solve [s]", "iterations", "work units", "time / oxycell's")]
    for mesh, threads, name, found in compared(result):
        if len(found["solvers"]) == 1:
            continue
        ours = found["solvers"]["oxycell"].get("seconds", {}).get("total", math.nan)
        for solver, one in found["solvers"].items():
            label = f"oxycell, {threads} threads" if solver == "oxycell" else solver
            head = (mesh, name, str(found["rows"]), label)
            if "failed" in one:
                rows.append((*head, "–", "–", "–", "–", one["failed"]))
                continue
            total, solving = one["seconds"]["total"], one["seconds"]["solve"]
            units = total / work_unit(result, found["rows"])
            rows.append((*head, f"{total - solving:.3f}", f"{solving:.3f}", str(one["iterations"]), f"{units:.0f}",
                         f"{total / ours:.1f}"))
    return rows


def phase_rows(result):
    """Topology, refresh and solve of oxycell on every problem."""
    rows = [("mesh", "problem", "threads", "topology", "refresh", "solve", "solve in work units", "work unit")]
    for mesh, threads, name, found in compared(result):
        one = found["solvers"]["oxycell"]
        if "failed" not in one:
            seconds, unit = one["seconds"], work_unit(result, found["rows"])
            rows.append((mesh, name, str(threads), *(f"{1e3 * seconds[phase]:.1f}" for phase in ("topology", "refresh", "solve")),
                         f"{seconds['solve'] / unit:.0f}", f"{1e3 * unit:.3f}"))
    return rows


def coupled_rows(result):
    """The coupled solve on each mesh and number of threads."""
    phases = ("build", "charge", "heat", "coupled", "polish", "total")
    rows = [("mesh", "cells", "threads", *phases, "Newton steps", "peak [MB]", "peak [B/cell]")]
    best = {}
    for run in result["runs"]:
        key, seconds = (run["mesh"], run["threads"]), run["coupled"]["seconds"]["total"]
        if key not in best or seconds < best[key]["seconds"]["total"]:
            best[key] = run["coupled"]
    for (mesh, threads), one in best.items():
        steps = one["newton_steps"]
        rows.append((mesh, str(one["cells"]), str(threads), *(f"{one['seconds'][phase]:.2f}" for phase in phases),
                     " + ".join(str(steps.get(stage, 0)) for stage in ("charge", "heat", "coupled")),
                     f"{one['peak_memory_bytes'] / 1e6:.0f}", f"{one['peak_memory_bytes'] / one['cells']:.0f}"))
    return rows


def start_rows(result):
    """Cold and warm start."""
    return [("mesh", "empty cache", "warm cache"),
            *((one["mesh"], f"{one['cold']:.1f}", f"{one['warm']:.1f}") for one in result["starts"])]
