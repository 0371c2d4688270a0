"""Charts along the lines of a report, one panel for each quantity, broken where a line passes from region to region."""

import numpy as np

from oxycell.constants import ZERO_CELSIUS
from oxycell.report.style import BLUE, FAINT, WIDTH, canvas, headline, open_axes

_TALL, _GAP, _LEFT = 1.25, 0.16, 0.85  # inch
_CONSTANT = 1e-6  # range of values, over their size, below which they are drawn as constant
_APART = 0.05  # share of the line that the names of regions keep apart


def line_figures(mesh, record, report):
    """One chart for each line: list of (file name, title, caption, Figure)."""
    figures = []
    for name, line in report["lines"].items():
        title = f"Along the line {name.replace('_', ' ')}"
        ends = [", ".join(f"{value:.4g}" for value in line[key]) for key in ("start_m", "end_m")]
        words = (
            f"From ({ends[0]}) m to ({ends[1]}) m; fluxes are those along the line. Nothing is averaged over "
            f"a boundary of regions."
        )
        figures.append((f"line_{name}", title, words, _figure(line, title, headline(report))))
    return figures


def panels(line):
    """What is drawn of a line: list of (label, values (n,))."""
    step = np.subtract(line["end_m"], line["start_m"])
    along = step / np.linalg.norm(step)
    found = []
    if "temperature_K" in line:
        found.append(("temperature (°C)", np.array(line["temperature_K"], float) - ZERO_CELSIUS))
    if "electric_potential_V" in line:
        found.append(("potential (V)", np.array(line["electric_potential_V"], float)))
    for key, unit, label in (
        ("current_density", "A_m2", "current density (A/m²)"),
        ("heat_flux", "W_m2", "heat flux (W/m²)"),
    ):
        parts = [line.get(f"{key}_{axis}_{unit}") for axis in "xyz"]
        if None not in parts:
            found.append((label, along @ np.array(parts, float)))
    return [(label, values) for label, values in found if np.isfinite(values).any()]


def runs(line):
    """Stretches of a line within one region: list of (region, slice)."""
    names, distance = line["region"], line["distance_m"]
    starts = [i for i in range(len(names)) if i == 0 or names[i] != names[i - 1] or distance[i] == distance[i - 1]]
    return [(names[i], slice(i, j)) for i, j in zip(starts, [*starts[1:], len(names)], strict=True)]


def _figure(line, title, note):
    shown, distance = panels(line), np.array(line["distance_m"])
    figure, place = canvas(0.72 + len(shown) * (_TALL + _GAP), title, note)
    length, named = distance[-1] - distance[0], -np.inf
    for i, (label, values) in enumerate(shown):
        axes = place(_LEFT, 0.45 + (len(shown) - 1 - i) * (_TALL + _GAP), WIDTH - _LEFT - 0.5, _TALL)
        open_axes(axes)
        for name, part in runs(line):
            low, high = distance[part][0], distance[part][-1]
            axes.plot(distance[part], values[part], color=BLUE, linewidth=1.4)
            axes.axvline(high, color=FAINT, linewidth=0.7, zorder=0.5)
            if i == 0 and 0.5 * (low + high) > named + _APART * length:
                named = 0.5 * (low + high)
                axes.text(
                    named, 1.03, name, transform=axes.get_xaxis_transform(), rotation=20, fontsize=7.0, clip_on=False
                )
        axes.set_xlim(distance[0], distance[-1])
        size = float(np.nanmax(np.abs(values)))
        if np.nanmax(values) - np.nanmin(values) <= _CONSTANT * size:
            axes.set_ylim(*(np.nanmean(values) + np.array([-0.1, 0.1]) * (size or 1.0)))
        axes.set_ylabel(label, fontsize=7.5)
        if i < len(shown) - 1:
            axes.set_xticklabels([])
        else:
            axes.set_xlabel("distance along the line (m)")
    return figure
