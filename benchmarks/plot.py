"""A picture of a result: time of the linear solvers over rows, time of the coupled solve over cells."""

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot, ticker

from benchmarks.tables import compared


def draw(result, path):
    """Draw a result into a PNG file."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    lines = {}
    for _, _, name, found in compared(result):
        if name != "electric converged" or len(found["solvers"]) == 1:
            continue
        for solver, one in found["solvers"].items():
            if "failed" not in one:
                lines.setdefault(solver, []).append((found["rows"], one["seconds"]["total"]))
    for solver, points in lines.items():
        left.loglog(*zip(*sorted(points), strict=True), "o-", label=solver)
    left.set(xlabel="rows", ylabel="set-up + solve [s]", title="electric operator, converged, residual 1e-8")
    left.legend(fontsize=7)
    by_threads = {}
    for run in result["runs"]:
        points = by_threads.setdefault(run["threads"], {})
        cells, seconds = run["coupled"]["cells"], run["coupled"]["seconds"]["total"]
        points[cells] = min(seconds, points.get(cells, seconds))
    for threads, points in sorted(by_threads.items()):
        right.loglog(*zip(*sorted(points.items()), strict=True), "o-", label=f"{threads} thread{'s' if threads > 1 else ''}")
    right.set(xlabel="cells", ylabel="[s]", title="coupled solve, cold start, mesh included")
    right.legend(fontsize=7)
    for axes in (left, right):
        axes.grid(which="both", alpha=0.3)
        axes.xaxis.set_minor_formatter(ticker.NullFormatter())
    figure.savefig(path, dpi=110)
