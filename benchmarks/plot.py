"""A picture of a result: linear solvers over rows, the coupled solve and its memory over cells."""

import math

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot, ticker

from benchmarks.tables import compared, fastest

_MODELS = "model electric", "model thermal"
_COLOURS = {
    "oxycell, 2 threads": "C3",
    "oxycell, 1 thread": "C1",
    "petsc + hypre, 2 ranks": "C0",
    "petsc + hypre, 1 rank": "C9",
    "pyamg ruge-stuben": "C2",
    "pyamg smoothed aggregation": "C7",
    "pyamg pairwise": "C4",
    "scipy cg + jacobi": "C5",
}


def draw(result, path):
    """Draw a result into a PNG file."""
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 7.6), layout="constrained")
    for at, system in zip(axes[0], _MODELS, strict=True):
        _linear(at, result, system)
    if axes[0, 0].lines:
        axes[0, 0].legend(fontsize=7)
    _coupled(axes[1, 0], result)
    _others(axes[1, 1], result)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _linear(axes, result, system):
    for solver, colour in _COLOURS.items():
        points = sorted(
            (n, solvers[solver]["seconds"]["total"])
            for name, n, solvers in compared(result)
            if name == system and "seconds" in solvers.get(solver, {})
        )
        if points:
            axes.loglog(*zip(*points, strict=True), "o-", color=colour, label=solver)
    if axes.lines:
        axes.set(xlim=(9e4, 1.2e7), ylim=_decades([t for line in axes.lines for t in line.get_ydata()]))
    axes.set(xlabel="rows", ylabel="set-up + solve [s]", title=f"{system}, true residual 1e-8")
    _grid(axes)


def _coupled(axes, result):
    found = [(threads, one) for (_, threads), (one, peak) in fastest(result).items() if peak is not None]
    for threads in sorted({threads for threads, _ in found}):
        points = sorted((one["cells"], one["seconds"]["total"]) for n, one in found if n == threads)
        name = f"oxycell, {threads} thread{'s' if threads > 1 else ''}"
        axes.loglog(*zip(*points, strict=True), "o-", color=_COLOURS.get(name), label=name)
    axes.set(xlabel="cells", ylabel="[s]", title="coupled solve of the flagship, mesh included")
    if found:
        axes.legend(fontsize=7)
        axes.set(xlim=(9e4, 1.2e7), ylim=_decades([one["seconds"]["total"] for _, one in found]))
    _grid(axes)


def _others(axes, result):
    """A row of dots for every system that is no model problem of its own size."""
    systems = [(name, n, solvers) for name, n, solvers in compared(result) if name not in _MODELS]
    for solver, colour in _COLOURS.items():
        dots = [
            (found[solver]["seconds"]["total"], at)
            for at, (_, _, found) in enumerate(systems)
            if "seconds" in found.get(solver, {})
        ]
        if dots:
            axes.plot(*zip(*dots, strict=True), "o", color=colour, label=solver)
    axes.set(xlabel="set-up + solve [s]", title="other systems", xscale="log")
    if axes.lines:
        axes.set(xlim=_decades([t for line in axes.lines for t in line.get_xdata()]), ylim=(-0.5, len(systems) - 0.5))
    axes.set_yticks(range(len(systems)), [f"{name}\n{n / 1e6:.2g} M rows" for name, n, _ in systems], fontsize=7)
    axes.invert_yaxis()
    _grid(axes)


def _grid(axes):
    axes.grid(which="both", alpha=0.3)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter(ticker.NullFormatter())


def _decades(values):
    """Whole decades around values."""
    return 10.0 ** math.floor(math.log10(min(values))), 10.0 ** math.ceil(math.log10(max(values)))
