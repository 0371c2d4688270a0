"""Charts of a run over time: its quantities below each other on one axis of time, heat by path, and currents of
anodes."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oxycell.arrays import Floats
from oxycell.constants import ZERO_CELSIUS
from oxycell.mesh.mesh import Mesh
from oxycell.report.course import Columns, curves
from oxycell.report.figure import Tree
from oxycell.report.labels import readable, spread
from oxycell.report.style import BLUE, FAINT, GREEN, GREY, INK, ORANGE, PINK, WIDTH, YELLOW, canvas, headline, open_axes

_TALL, _GAP, _LEFT, _RIGHT = 1.25, 0.22, 0.72, 0.78  # inch
_COLOURS = (BLUE, ORANGE, GREEN, PINK, YELLOW, INK, "#56b4e9", "#7b4b94")
_NAMED = 14  # anodes up to which each has a name in the chart
_SPANS = ((2.0 * 3600.0, 60.0, "min"), (5.0 * 86400.0, 3600.0, "h"), (np.inf, 86400.0, "days"))


def course_figures(mesh: Mesh, record: Tree, report: Tree) -> list[tuple[str, str, str, Figure]]:
    """Charts of a run over time: list of (file name, title, caption, Figure); none for one that is not.

    Parameters
    ----------
    mesh : Mesh
    record : dict, with `course` for a run over time
    report : dict
    """
    if "course" not in record or len(record["course"]["values"]) < 2:
        return []
    time, found = curves(record)
    unit, axis = _axis(time)
    note, columns, made = headline(report), Columns(record["course"]), []
    for name, title, caption, figure in (
        ("course", "Course over time", _COURSE, _course(axis, unit, found, "Course over time", note)),
        ("course_heat", *_HEAT, _heat(axis, unit, columns, _HEAT[0], note)),
        ("course_anodes", *_ANODES, _anodes(axis, unit, columns, _ANODES[0], note)),
    ):
        if figure is not None:
            made.append((name, title, caption, figure))
    return made


_COURSE = (
    "Points are the start, the ends of steps, and what is there right after each jump. Shaded: by how much the bath is "
    "above its liquidus; the superheat is that of the "
    "coldest pool. Heat stored counts positive where the cell warms up or bath melts."
)
_HEAT = (
    "Heat lost and temperatures over time",
    "Top: heat lost to the surroundings by path, each against its value at the start. Bottom: temperatures of pools "
    "and gas spaces.",
)
_ANODES = (
    "Currents of the anodes over time",
    "Top: current of each anode and, dashed, their mean. Bottom: by how much each differs from the mean at that time.",
)


def _axis(time: Floats) -> tuple[str, Floats]:
    """Unit of the axis of time, and times since the start (n,) in it."""
    span = time[-1] - time[0]
    size, unit = next((size, unit) for limit, size, unit in _SPANS if span <= limit)
    return unit, (time - time[0]) / size


class _Line(NamedTuple):
    """Values (n,) over time, what they are called, and their colour."""

    values: Floats
    label: str
    colour: str


class _Stack:
    """Panels below each other on one axis of time."""

    def __init__(self, count: int, time: Floats, unit: str, title: str, note: str) -> None:
        self.time, self.count, self.row = time, count, 0
        self.figure, self._place = canvas(0.5 + count * (_TALL + _GAP), title, note)
        self._unit = unit

    def panel(self, label: str) -> Axes:
        """The next panel from the top."""
        bottom = 0.45 + (self.count - 1 - self.row) * (_TALL + _GAP)
        axes = self._place(_LEFT, bottom, WIDTH - _LEFT - _RIGHT, _TALL)
        open_axes(axes)
        axes.set_xlim(self.time[0], self.time[-1])
        axes.set_ylabel(label, fontsize=8.0)
        axes.locator_params(axis="y", nbins=5)
        axes.ticklabel_format(axis="y", useOffset=False)
        self.row += 1
        if self.row < self.count:
            axes.set_xticklabels([])
        else:
            axes.set_xlabel(f"time since the start ({self._unit})")
        return axes

    def line(self, axes: Axes, values: Floats, label: str | None, colour: str, **more: Any) -> None:
        """Values (n,) over time."""
        style: dict[str, Any] = {"linewidth": 1.3, "marker": "o", "markersize": 2.0} | more
        axes.plot(self.time, values, color=colour, label=label, **style)

    def beside(self, axes: Axes, label: str, colour: str) -> Axes:
        """A second scale on the right of a panel."""
        other = axes.twinx()
        for name, side in other.spines.items():
            side.set_visible(name == "right")
        other.set_ylabel(label, fontsize=8.0, color=colour)
        other.tick_params(axis="y", colors=colour)
        other.locator_params(axis="y", nbins=5)
        other.ticklabel_format(axis="y", useOffset=False)
        return other


def _room(axes: Axes, values: Floats, least: float) -> None:
    """Limits of a scale that leave room above and below values, which may be constant."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    half = 0.5 * max(1.2 * (high - low), least)
    axes.set_ylim(0.5 * (low + high) - half, 0.5 * (low + high) + half)


def _legend(*axes: Axes) -> None:
    """One legend above a panel for the lines of it and of its second scale."""
    entries = [pair for each in axes for pair in zip(*each.get_legend_handles_labels(), strict=True)]
    axes[0].legend(
        *zip(*entries, strict=True),
        loc="lower left",
        bbox_to_anchor=(0.0, 0.97),
        ncols=len(entries),
        fontsize=7.5,
        borderpad=0.1,
        borderaxespad=0.0,
        handlelength=1.6,
        columnspacing=1.4,
    )


def _course(time: Floats, unit: str, found: dict[str, Floats], title: str, note: str) -> Figure | None:
    """The main quantities; None where the run has none of them."""
    wanted = {
        _supply: {"current_A", "cell_V"},
        _temperatures: {"bath_K", "liquidus_K"},
        _ledge: {"ledge_mean_m", "frozen_kg"},
        _shells: {"shell_mean_m"},
        _flows: {"generated_W", "lost_W"},
        _composition: {"excess_alf3", "alumina"},
        _stock: {"stock_kg"},
    }
    drawn = [draw for draw, keys in wanted.items() if keys & set(found)]
    if not drawn:
        return None
    stack = _Stack(len(drawn), time, unit, title, note)
    for draw in drawn:
        draw(stack, found)
    return stack.figure


def _scales(
    stack: _Stack, name: str, lines: list[_Line], room: float, other: "tuple[str, _Line, float] | None"
) -> Axes:
    """A panel with lines, its scale `room` at least; `other`: name, line and room of a second scale, or None."""
    axes = stack.panel(name)
    for values, label, colour in lines:
        stack.line(axes, values, label, colour)
    if lines:
        _room(axes, np.array([line.values for line in lines]), room)
    if other is None:
        _legend(axes)
        return axes
    other_name, line, other_room = other
    beside = stack.beside(axes, other_name, line.colour)
    stack.line(beside, line.values, line.label, line.colour, linestyle="--")
    _room(beside, line.values, other_room)
    _legend(axes, beside)
    return axes


def _supply(stack: _Stack, found: dict[str, Floats]) -> None:
    volts = _Line(found["cell_V"], "cell voltage", ORANGE) if "cell_V" in found else None
    other = None if volts is None else ("cell voltage (V)", volts, 0.02)
    if "current_A" in found:
        current = 1e-3 * found["current_A"]
        room = 1e-4 * float(np.nanmax(current)) or 1.0
        _scales(stack, "current (kA)", [_Line(current, "current", BLUE)], room, other)
    elif volts is not None:
        _scales(stack, "cell voltage (V)", [volts], 0.02, None)


def _temperatures(stack: _Stack, found: dict[str, Floats]) -> None:
    lines = [
        _Line(found[key] - ZERO_CELSIUS, label, colour)
        for key, label, colour in (("bath_K", "bath", ORANGE), ("liquidus_K", "liquidus", BLUE))
        if key in found
    ]
    heat = _Line(found["superheat_K"], "superheat", GREEN) if "superheat_K" in found else None
    axes = _scales(stack, "temperature (°C)", lines, 2.0, None if heat is None else ("superheat (K)", heat, 2.0))
    if len(lines) == 2:
        axes.fill_between(stack.time, lines[0].values, lines[1].values, color=ORANGE, alpha=0.12, linewidth=0)


def _ledge(stack: _Stack, found: dict[str, Floats]) -> None:
    lines = [
        _Line(1e3 * found[key], label, colour)
        for key, label, colour in (("ledge_mean_m", "ledge, mean", BLUE), ("ledge_min_m", "ledge, thinnest", GREEN))
        if key in found
    ]
    frozen = _Line(found["frozen_kg"], "frozen bath", ORANGE) if "frozen_kg" in found else None
    if not lines and frozen is not None:
        _scales(stack, "frozen bath (kg)", [frozen], 20.0, None)
        return
    _scales(stack, "ledge (mm)", lines, 2.0, None if frozen is None else ("frozen bath (kg)", frozen, 20.0))


def _shells(stack: _Stack, found: dict[str, Floats]) -> None:
    axes, drawn = stack.panel("shells (mm)"), []
    for key, label, colour in (("shell_mean_m", "shells, mean", BLUE), ("shell_max_m", "shells, thickest", GREEN)):
        drawn.append(1e3 * found[key])
        stack.line(axes, drawn[-1], label, colour)
    _room(axes, np.array(drawn), 2.0)
    other = stack.beside(axes, "area under shells (m²)", ORANGE)
    stack.line(other, found["shell_area_m2"], "area under shells", ORANGE, linestyle="--")
    _room(other, found["shell_area_m2"], 0.1)
    return _legend(axes, other)


def _flows(stack: _Stack, found: dict[str, Floats]) -> None:
    axes = stack.panel("heat (kW)")
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    for key, label, colour in (
        ("generated_W", "generated", ORANGE),
        ("lost_W", "lost", BLUE),
        ("stored_W", "stored", GREEN),
    ):
        if key in found:
            stack.line(axes, 1e-3 * found[key], label, colour)
    return _legend(axes)


def _composition(stack: _Stack, found: dict[str, Floats]) -> None:
    salts = [
        (found[key], name) for key, name in (("excess_alf3", "excess AlF3"), ("alumina", "alumina")) if key in found
    ]
    (first, name), *more = salts
    other = [(f"{name} (wt %)", _Line(values, name, ORANGE), 0.1) for values, name in more]
    _scales(stack, f"{name} (wt %)", [_Line(first, name, BLUE)], 0.1, other[0] if other else None)


def _stock(stack: _Stack, found: dict[str, Floats]) -> None:
    scales = [stack.panel("not dissolved (kg)")]
    stack.line(scales[0], found["stock_kg"], "alumina not dissolved", BLUE)
    _room(scales[0], found["stock_kg"], 1.0)
    if "metal_kg" in found:
        scales.append(stack.beside(scales[0], "metal (t)", ORANGE))
        stack.line(scales[1], 1e-3 * found["metal_kg"], "metal", ORANGE, linestyle="--")
        _room(scales[1], 1e-3 * found["metal_kg"], 0.1)
    return _legend(*scales)


def _heat(time: Floats, unit: str, columns: Columns, title: str, note: str) -> Figure | None:
    """Losses by path against those at the start, and temperatures of lumps; None without losses."""
    losses, lumps = columns.under("heat.losses."), columns.under("heat.lump_temperatures_K.")
    if not losses:
        return None
    stack = _Stack(1 + bool(lumps), time, unit, title, note)
    axes = stack.panel("change of heat lost (kW)")
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    ends = {name: 1e-3 * (values - values[0]) for name, values in losses.items()}
    for (name, values), colour in zip(ends.items(), _repeated(len(ends)), strict=True):
        stack.line(axes, values, None, colour)
        ends[name] = values, colour
    _names_at_the_end(axes, {readable(name): (values[-1], colour) for name, (values, colour) in ends.items()})
    if lumps:
        axes = stack.panel("temperature (°C)")
        for (_, values), colour in zip(lumps.items(), _repeated(len(lumps)), strict=True):
            stack.line(axes, values - ZERO_CELSIUS, None, colour)
        named = zip(lumps.items(), _repeated(len(lumps)), strict=True)
        _names_at_the_end(
            axes, {readable(name): (values[-1] - ZERO_CELSIUS, colour) for (name, values), colour in named}
        )
    return stack.figure


def _anodes(time: Floats, unit: str, columns: Columns, title: str, note: str) -> Figure | None:
    """Currents of anodes and how they differ from the mean; None without anodes that differ."""
    found = {name: np.abs(values) for name, values in columns.under("anodes.", ".current_A").items()}
    if len(found) < 2:
        return None
    values = np.array(list(found.values()))
    mean = values.mean(axis=0)
    stack = _Stack(2, time, unit, title, note)
    colours = _repeated(len(found)) if len(found) <= _NAMED else [FAINT] * len(found)
    axes = stack.panel("current (kA)")
    for each, colour in zip(values, colours, strict=True):
        stack.line(axes, 1e-3 * each, None, colour, linewidth=0.9, markersize=0.0)
    stack.line(axes, 1e-3 * mean, "mean", INK, linestyle="--", markersize=0.0)
    axes.set_ylim(0.0, 1.08e-3 * float(np.nanmax(values)) or 1.0)
    _legend(axes)
    axes = stack.panel("from the mean (%)")
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(mean > 0.0, 100.0 * (values / mean - 1.0), np.nan)
    for each, colour in zip(share, colours, strict=True):
        stack.line(axes, each, None, colour, linewidth=0.9, markersize=0.0)
    last = {
        readable(name): (each[-1], colour)
        for name, each, colour in zip(found, share, colours, strict=True)
        if np.isfinite(each[-1])
    }
    if len(last) > _NAMED:
        order = sorted(last, key=lambda name: last[name][0])
        last = {name: (last[name][0], INK) for name in (order[0], order[-1])}
    _names_at_the_end(axes, last)
    return stack.figure


def _repeated(count: int) -> list[str]:
    """So many colours, from the beginning again where they are used up."""
    return [_COLOURS[i % len(_COLOURS)] for i in range(count)]


def _names_at_the_end(axes: Axes, last: dict[str, tuple[float, str]]) -> None:
    """Names right of a panel at the last values of its lines; last : dict name → (value, colour)."""
    low, high = axes.get_ylim()
    order = sorted(last, key=lambda name: last[name][0])
    places = spread([last[name][0] for name in order], 0.1 * (high - low), low, high)
    for name, place in zip(order, places, strict=True):
        axes.annotate(
            name,
            (axes.get_xlim()[1], place),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=7.0,
            color=last[name][1],
            va="center",
            annotation_clip=False,
        )
