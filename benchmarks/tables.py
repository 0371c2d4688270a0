"""The tables of a result, as text that Markdown reads too."""

import math

from benchmarks.machine import BYTES_PER_CELL

OURS = "oxycell, 2 threads", "oxycell, 1 thread"
_BALANCES = "electric", "thermal"
_SHORT = {
    "petsc + hypre, 2 ranks": "hypre, 2 ranks",
    "petsc + hypre, 1 rank": "hypre, 1 rank",
    "pyamg ruge-stuben": "Ruge–Stüben",
    "pyamg smoothed aggregation": "smoothed aggregation",
    "pyamg pairwise": "pairwise",
    "scipy cg + jacobi": "Jacobi-CG",
}


def as_text(result):
    """All tables of a result."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items() if number)
    changed = ", sources changed" if machine["sources_changed"] else ""
    parts = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB; "
        f"python {machine['python']}, {versions}; commit {(machine['commit'] or 'unknown')[:10]}{changed}; "
        f"load at the start {machine['load_average']:.1f}; {result['created']}; {result['seconds'] / 60:.0f} min"
    ]
    others = [one["others"] for one in measurements(result) if one.get("others") is not None]
    if others:
        parts.append(
            f"Cores that other processes kept busy, seen after each measurement: {sum(others) / len(others):.2f} "
            f"on average, "
            f"{max(others):.2f} at most."
        )
    peers = result["peers"]
    if peers:
        known = [f"{name} {value}" for name, value in peers.items() if name not in ("absent", "options")]
        if "options" in peers:
            known.append("BoomerAMG " + ", ".join(f"{name} {value}" for name, value in peers["options"].items()))
        parts.append(
            "Peers: " + "; ".join(known + [f"{name} left out: {why}" for name, why in peers["absent"].items()])
        )
    for title, rows in (
        ("Bandwidth of the triad [GB/s], by bytes of the three arrays", bandwidth_rows(result)),
        (
            "Set-up and solve to a true residual of 1e-8 [s] (iterations), multiple of oxycell's time",
            linear_rows(result),
        ),
        ("oxycell's part of it [ms]", phase_rows(result)),
        (
            "Set-up and solve of the peers [s], and memory both take beyond the matrix or network [B/row]",
            peer_rows(result),
        ),
        ("Coupled solve [s], fastest round", coupled_rows(result)),
        ("Linear algebra in it", work_rows(result)),
        ("Command to report [s]", start_rows(result)),
    ):
        if len(rows) > 1:
            parts += [title + ":", table(rows)]
    return "\n\n".join(parts)


def measurements(result):
    """All that was measured, one after the other."""
    return [
        *result["start"].values(),
        *result["linear"].values(),
        *(one for rounds in result["coupled"].values() for one in rounds),
    ]


def table(rows):
    """Rows of text as a table; the first are its titles."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def work_unit(result, rows):
    """Time [s] of one ideal residual: its bytes at the best bandwidth of the working set nearest in size; NaN where
    none is known."""
    size, best = BYTES_PER_CELL * rows, {}
    for found in result["bandwidth"].values():
        for set_size, bandwidth in found.items():
            best[int(set_size)] = max(bandwidth, best.get(int(set_size), 0.0))
    if not best:
        return math.nan
    return size / best[min(best, key=lambda other: abs(math.log(other / size)))]


def bandwidth_rows(result):
    """Threads down, working sets across."""
    sizes = sorted({int(size) for found in result["bandwidth"].values() for size in found})
    return [
        ("threads", *(f"{size / 1e6:.0f} MB" for size in sizes)),
        *(
            (n, *(f"{found[str(size)] / 1e9:.1f}" for size in sizes))
            for n, found in sorted(result["bandwidth"].items())
        ),
    ]


def compared(result):
    """(name, rows, solvers) of all systems that were measured."""
    return [
        (found["name"], found["rows"], found["solvers"]) for found in result["linear"].values() if "solvers" in found
    ]


def best_of_ours(solvers):
    """oxycell's result with the most threads that was measured; {} without."""
    return next((solvers[name] for name in OURS if name in solvers and "seconds" in solvers[name]), {})


def linear_rows(result):
    """Systems down, solvers across."""
    systems = compared(result)
    others = [name for name in _SHORT if any(name in solvers for _, _, solvers in systems)]
    rows = [("system", "rows", "oxycell", "work units", *(_SHORT[name] for name in others))]
    for system, n, solvers in systems:
        ours = best_of_ours(solvers)
        total = ours.get("seconds", {}).get("total", math.nan)
        unit = total / work_unit(result, n)
        mine = f"{total:.3f} ({ours['iterations']})" if ours else solvers.get(OURS[0], {}).get("failed", "–")
        rows.append(
            (
                system,
                str(n),
                mine,
                f"{unit:.0f}" if unit == unit else "–",
                *(_cell(solvers.get(name), total) for name in others),
            )
        )
    for found in result["linear"].values():
        if "failed" in found:
            rows.append((found["name"], "–", found["failed"], *["–"] * (len(rows[0]) - 3)))
    return rows


def _cell(one, ours):
    if one is None:
        return ""
    if "failed" in one:
        return one["failed"]
    total = one["seconds"]["total"]
    return f"{total:.2f} ({one['iterations']})" + (f" {total / ours:.1f} ×" if ours == ours else "")


def phase_rows(result):
    """Topology, refresh and solve of oxycell on every system with one and two threads, what the second gains,
    memory."""
    rows = [
        (
            "system",
            "rows",
            "threads",
            "topology",
            "refresh",
            "solve",
            "total",
            "1 : 2 threads",
            "iterations",
            "tolerance",
            "B/row",
        )
    ]
    for system, n, solvers in compared(result):
        for name in OURS:
            one = solvers.get(name)
            if one is None:
                continue
            if "failed" in one:
                rows.append((system, str(n), name.split()[1], one["failed"], *["–"] * 7))
                continue
            seconds, other = one["seconds"], solvers.get(OURS[1], {}).get("seconds")
            gain = f"{other['total'] / seconds['total']:.2f} ×" if other and name == OURS[0] else ""
            times = [f"{1e3 * seconds[phase]:.0f}" for phase in ("topology", "refresh", "solve", "total")]
            rows.append(
                (
                    system,
                    str(n),
                    name.split()[1],
                    *times,
                    gain,
                    str(one["iterations"]),
                    f"{one['tolerance']:.0e}",
                    _bytes(one, n),
                )
            )
    return rows


def peer_rows(result):
    """Set-up and solve apart, and memory, of all but oxycell."""
    rows = [("system", "rows", "solver", "set-up", "solve", "iterations", "B/row", "oxycell's B/row")]
    for system, n, solvers in compared(result):
        for name, short in _SHORT.items():
            one = solvers.get(name, {})
            if "seconds" in one:
                times = [f"{one['seconds'][phase]:.2f}" for phase in ("setup", "solve")]
                rows.append(
                    (
                        system,
                        str(n),
                        short,
                        *times,
                        str(one["iterations"]),
                        _bytes(one, n),
                        _bytes(best_of_ours(solvers), n),
                    )
                )
    return rows


def _bytes(one, n):
    return f"{one['memory'] / n:.0f}" if one.get("memory") else "–"


def fastest(result):
    """(mesh, threads) → (fastest round, smallest peak [B]); or (why there is none, None)."""
    found = {}
    for mesh, rounds in result["coupled"].items():
        for n in sorted({one["threads"] for one in rounds}, reverse=True):
            done = [one for one in rounds if one["threads"] == n and "seconds" in one]
            if done:
                found[mesh, n] = (
                    min(done, key=lambda one: one["seconds"]["total"]),
                    min(one["peak_memory_bytes"] for one in done),
                )
            else:
                found[mesh, n] = next(one["failed"] for one in rounds if one["threads"] == n), None
    return found


def coupled_rows(result):
    """The coupled solve on each mesh and number of threads."""
    stages = dict.fromkeys(
        stage for one, peak in fastest(result).values() if peak is not None for stage in one["turns"]
    )
    phases = ("build", "first guess", *stages, "rest", "total")
    rows = [("mesh", "cells", "threads", *phases, "turns", "peak [MB]", "peak [B/cell]")]
    for (mesh, threads), (one, peak) in fastest(result).items():
        if peak is None:
            rows.append((mesh, "–", str(threads), *["–"] * (len(phases) - 1), one, "–", "–", "–"))
            continue
        turns = one["turns"]
        rows.append(
            (
                mesh,
                str(one["cells"]),
                str(threads),
                *(f"{one['seconds'].get(phase, 0.0):.2f}" for phase in phases),
                " + ".join(str(turns.get(stage, 0)) for stage in stages),
                f"{peak / 1e6:.0f}",
                f"{peak / one['cells']:.0f}",
            )
        )
    return rows


def work_rows(result):
    """Linear solves and iterations in the coupled solve and the time they take."""
    rows = [
        (
            "mesh",
            "threads",
            "linear solves [s]",
            "share",
            *(f"{name} solves (iterations)" for name in _BALANCES),
            "in the first guess",
        )
    ]
    for (mesh, threads), (one, peak) in fastest(result).items():
        if peak is not None:
            seconds = one["seconds"]
            counts = [_counts(one, name) for name in _BALANCES]
            counts.append(" + ".join(_counts(one, f"{name} first guess") for name in _BALANCES))
            linear = seconds.get("linear", 0.0)
            rows.append((mesh, str(threads), f"{linear:.2f}", f"{100 * linear / seconds['total']:.0f} %", *counts))
    return rows


def _counts(one, name):
    return f"{one['linear_solves'].get(name, 0)} ({one['linear_iterations'].get(name, 0)})"


def start_rows(result):
    """Cold and warm start."""
    return [
        ("mesh", "empty cache", "warm cache"),
        *(
            (mesh, *([f"{one['cold']:.1f}", f"{one['warm']:.1f}"] if "cold" in one else [one["failed"], "–"]))
            for mesh, one in result["start"].items()
        ),
    ]
