"""Charts of a report: voltage and heat as waterfalls, current by anode over the plan of the cell, profile of the
ledge."""

import numpy as np
from matplotlib.collections import LineCollection

from oxycell.report.labels import readable
from oxycell.report.planes import free_columns
from oxycell.report.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    WIDTH,
    YELLOW,
    canvas,
    headline,
    open_axes,
    signed,
)

_LINES = (BLUE, ORANGE, GREEN, PINK, YELLOW)
_ROW = 0.25  # inch


def chart_figures(mesh, record, report):
    """Charts that this report has data for: list of (file name, title, caption, Figure)."""
    figures, note = [], headline(report)
    if report["voltage"]["cell_V"] is not None and report["voltage"]["parts"]:
        title = "Where the voltage goes"
        figures.append(
            (
                "voltage",
                title,
                "Parts of the cell voltage and their share in it; they sum to the cell voltage.",
                waterfall(title, note, voltage_steps(report), "V", share=True),
            )
        )
    if report["heat"]["losses"]:
        title = "Where the heat comes from and where it goes"
        figures.append(("heat", title, _heat_words(report), waterfall(title, note, heat_steps(report), "W")))
    if "ledge" in record and len(record["ledge"]["face"]):
        title = "Thickness of the frozen ledge"
        figures.append(
            (
                "ledge",
                title,
                "Left: over the height, in the middle of each side. Right: along the wall, counter-clockwise from "
                "the x+ side, at mid-height of each pool; where the ledges of two sides meet, neither has a thickness.",
                ledge_figure(mesh, record, title, note),
            )
        )
    return figures


def voltage_steps(report):
    """Rows of the voltage waterfall, [(name, from, to, kind)] in V: parts add up to the cell voltage, what is external
    last."""
    parts, steps, at = report["voltage"]["parts"], [], 0.0
    for name, value in parts.items():
        if name == "external" and value:
            steps.append(("inside the cell", 0.0, at, "sum"))
        if value:
            steps.append((readable(name), at, at + value, "reversible" if name == "reversible" else "part"))
            at += value
    return [*steps, ("cell voltage", 0.0, report["voltage"]["cell_V"], "sum")]


def heat_steps(report):
    """Rows of the heat waterfall, [(name, from, to, kind)] in W: sources add up to the heat generated, losses are
    subtracted from it to zero."""
    heat, steps, at = report["heat"], [], 0.0
    for name, value in sorted(heat["sources_W"].items(), key=lambda item: -item[1]):
        if value:
            steps.append((readable(name), at, at + value, "source" if value > 0.0 else "taken"))
            at += value
    steps.append(("heat generated", 0.0, heat["generated_W"], "sum"))
    at = heat["generated_W"]
    for name, value in [("stored", heat["stored_W"]), *heat["losses"].items()]:
        if value:
            steps.append((readable(name), at, at - value, "loss" if value > 0.0 else "source"))
            at -= value
    return steps


def _heat_words(report):
    heat, volts = report["heat"], report["voltage"]["cell_V"]
    words = (
        "Sources add up to the heat generated, losses by path are subtracted; the ledger closes where the "
        "last bar ends at zero."
    )
    if volts is not None:
        power = 0.5 * sum(abs(entry["current_A"]) for entry in report["terminals"].values()) * volts
        factor, unit, digits = _unit(power, "W")
        power, process, outside = (
            signed(value * factor, digits) for value in (power, heat["process_W"], heat["external_W"])
        )
        words += (
            f" Of {power} {unit} of electric power, {process} are taken up by the process and {outside} are "
            f"dissipated outside."
        )
    return words


def _unit(size, unit):
    """Factor, name and digits in which a quantity of this size reads well."""
    for factor, prefix, digits in ((1e-3, "k", 1), (1.0, "", 3 if unit == "V" else 1), (1e3, "m", 3)):
        if abs(size) * factor >= 1.0 and (unit != "V" or prefix != "k"):
            return factor, prefix + unit, digits
    return 1e3, "m" + unit, 3


def waterfall(title, note, steps, unit, share=False):
    """Horizontal waterfall; steps as `voltage_steps` gives them, each with its number and, if asked for, its share in
    the last."""
    factor, unit, digits = _unit(max(max(abs(start), abs(end)) for _, start, end, _ in steps), unit)
    colours = {"part": BLUE, "reversible": ORANGE, "source": ORANGE, "taken": GREEN, "loss": BLUE, "sum": GREY}
    tall = _ROW * len(steps)
    figure, place = canvas(tall + 0.55, title, note)
    left = 0.25 + 0.068 * max(len(name) for name, *_ in steps)
    axes = place(left, 0.45, WIDTH - left - 0.15, tall)
    ends = factor * np.array([(start, end) for _, start, end, _ in steps])
    low, high = min(0.0, ends.min()), max(ends.max(), 1e-12)
    span = high - low
    axes.barh(
        range(len(steps)),
        ends[:, 1] - ends[:, 0],
        left=ends[:, 0],
        height=0.68,
        color=[colours[kind] for *_, kind in steps],
    )
    for row, (_, _, _, kind) in enumerate(steps):
        change = ends[row, 1] - ends[row, 0]
        text = ("+" if kind == "source" else "") + signed(change, digits)
        text += f"   {100 * change / ends[-1, 1]:.1f} %" if share and ends[-1, 1] and kind != "sum" else ""
        axes.text(
            ends[row].max() + 0.01 * span,
            row,
            text,
            va="center",
            fontsize=8.5,
            fontweight="bold" if kind == "sum" else "normal",
        )
    axes.add_collection(
        LineCollection(
            [[(ends[row, 1], row - 0.34), (ends[row, 1], row + 1.34)] for row in range(len(steps) - 1)],
            colors=GREY,
            linewidths=0.7,
            zorder=0.5,
        )
    )
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(steps)), [name for name, *_ in steps])
    axes.set_ylim(len(steps) - 0.5, -0.5)
    axes.set_xlim(low, high + (0.2 if share else 0.12) * span)
    axes.set_xlabel(unit, labelpad=1)
    axes.tick_params(axis="y", length=0)
    open_axes(axes, "x")
    return figure


def ledge_figure(mesh, record, title, note):
    """Ledge thickness over the height in the middle of each side, and along the walls at mid-height of each pool."""
    front, names = record["ledge"], record["names"]["lumps"]
    centre, towards = mesh.face_centre[front["face"]], wall_normals(mesh, front)
    thickness = np.where(free_columns(front), 1e3 * front["thickness"], np.nan)
    figure, place = canvas(3.35, title, note)
    upright, along = place(0.68, 0.5, 2.3, 2.75), place(3.65, 0.5, 3.4, 2.75)
    for colour, (side, at) in zip(_LINES, mid_sides(centre, towards, mesh.symmetry).items(), strict=False):
        order = at[np.argsort(centre[at, 2])]
        upright.plot(
            thickness[order], centre[order, 2], "o-", color=colour, markersize=2.8, linewidth=1.4, label=f"side {side}"
        )
    where = wall_position(centre, towards)
    levels = {}
    for colour, lump in zip(_LINES, np.unique(front["lump"]), strict=False):
        mine = front["lump"] == lump
        heights = np.unique(np.round(centre[mine, 2], 9))
        level = heights[np.argmin(abs(heights - 0.5 * (heights[0] + heights[-1])))]
        at = np.flatnonzero(mine & (abs(centre[:, 2] - level) < 1e-8))
        order = at[np.argsort(where[at])]
        along.plot(
            where[order],
            thickness[order],
            color=colour,
            linewidth=1.5,
            label=f"at {names[lump]}, z = {signed(level, 3)} m",
        )
        levels[names[lump]] = float(mesh.face_corners[front["face"][mine]][..., 2].max())
    right = 1.12 * float(np.nanmax(thickness, initial=1.0))
    for name, level in levels.items():
        upright.axhline(level, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
        upright.text(0.02 * right, level, f"{name} level", fontsize=7.5, va="bottom", color="#5b6872")
    upright.set(xlabel="thickness (mm)", ylabel="height z (m)", xlim=(0.0, right))
    upright.margins(y=0.1)
    along.set(xlabel="position along the wall (m)", ylabel="thickness (mm)", ylim=(0.0, right))
    for corner in corners(centre, towards):
        along.axvline(corner, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
        along.text(corner, 0.97 * right, " corner", fontsize=7.5, color="#5b6872", va="center")
    for axes in (upright, along):
        axes.legend(loc="best" if axes is upright else "lower left", handlelength=1.5)
        open_axes(axes)
    return figure


def wall_normals(mesh, front):
    """Normals (n, 3) of the wall faces of a ledge, from the pool to the wall."""
    pool_owns = mesh.region[mesh.owner[front["face"]]] != front["wall_region"]
    return mesh.normal[front["face"]] * np.where(pool_owns, 1.0, -1.0)[:, None]


def mid_sides(centre, towards, symmetry):
    """Wall faces in the middle of each side of the whole cell: dict x+, y+, x−, y− → indices, one for each height.

    Parameters
    ----------
    centre, towards : (n, 3) [m], 1
    symmetry : axes the model is cut at: there the middle of a side is on the cut
    """
    found = {}
    for axis, sign in ((0, 1.0), (1, 1.0), (0, -1.0), (1, -1.0)):
        at = np.flatnonzero(sign * towards[:, axis] > 0.5)
        if not at.size:
            continue
        along = centre[at, 1 - axis]
        middle = 0.0 if "xy"[1 - axis] in symmetry else 0.5 * (along.min() + along.max())
        best = {}
        for i, off in zip(at, np.abs(along - middle), strict=True):
            key = round(float(centre[i, 2]), 9)
            if key not in best or off < best[key][0] - 1e-12:
                best[key] = off, i
        found["xy"[axis] + ("+" if sign > 0 else "−")] = np.array([i for _, i in best.values()])
    return found


def wall_position(centre, towards):
    """Distance along the walls of faces, counter-clockwise in plan from the low end of the x+ wall [m].

    Parameters
    ----------
    centre : (n, 3) [m]
    towards : (n, 3), normals that point from the pool to the wall

    Returns
    -------
    (n,) [m]; steps of one wall that lie behind each other share their place
    """
    place, start = np.zeros(len(centre)), 0.0
    for chosen, along in _sides(centre, towards):
        if chosen.any():
            place[chosen] = start + along[chosen] - along[chosen].min()
            start = place[chosen].max()
    return place


def corners(centre, towards):
    """Places along the walls, as `wall_position` counts them, where one side of the pool ends and the next begins
    [m]."""
    place = wall_position(centre, towards)
    return [float(place[chosen].max()) for chosen, _ in _sides(centre, towards) if chosen.any()][:-1]


def _sides(centre, towards):
    """The four sides, counter-clockwise from x+: which faces (n,) lie there, and where along it [m]."""
    x, y = np.round(centre[:, 0], 9), np.round(centre[:, 1], 9)
    across = np.abs(towards[:, 0]) >= np.abs(towards[:, 1])
    return [
        (across & (towards[:, 0] > 0), y),
        (~across & (towards[:, 1] > 0), -x),
        (across & (towards[:, 0] <= 0), -y),
        (~across & (towards[:, 1] <= 0), x),
    ]
