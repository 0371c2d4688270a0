"""Plan of a cell at mid-gap: current density between the electrodes, the ledge round them, and the current of each
anode."""

import re

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from oxycell.report.planes import beside, cut
from oxycell.report.sections import plane_current
from oxycell.report.style import BLUE, INK, ORANGE, headline, open_axes, signed
from oxycell.report.views import FLOW, LEFT, colour_bar, image_of, look, panel

_CHART, _ROOM = 1.15, 6.2  # inch, height of the bars and width of the plan


def plan_figures(mesh, record, report):
    """Plan at mid-gap with the anodes and their currents: list of one (file name, title, caption, Figure); none without
    anodes."""
    entries = report["anodes"]["list"]
    if not entries or "electrodes" not in record:
        return []
    height, downward = mid_gap(mesh, record)
    plane = cut(mesh, 2, height)
    conducts, ends = plane_current(plane, mesh, beside(plane, mesh, record))
    ends = np.nan_to_num(ends)
    parts = [0.5 * (ends[2 * i] + ends[2 * i + 1]) for i in range(3)]
    electrolyte = np.isin(plane.same(mesh.region), electrolyte_regions(mesh, record))
    density = np.where(
        conducts & electrolyte, -parts[2] if downward else np.sqrt(sum(part**2 for part in parts)), np.nan
    )
    view = look(mesh, record, plane, "plan at mid-gap", room=_ROOM)
    values = view.pixels(density)
    shown = values[np.isfinite(values) & (True if view.ice is None else ~view.ice)]
    if not shown.size:
        return []
    norm = Normalize(min(0.0, float(np.quantile(shown, 0.001))), float(np.quantile(shown, 0.999)))
    title = f"Current density {'down through' if downward else 'at'} mid-gap, z = {signed(plane.place, 3)} m"
    figure, axes, _ = panel(
        view, title, headline(report), image_of(view, values, norm, FLOW), _CHART + 1.24, names=False
    )
    boxes = [plan_box(mesh, record, entry["name"]) for entry in entries]
    for entry, box in zip(entries, boxes, strict=True):
        axes.add_patch(
            Rectangle(
                box[:2], box[2] - box[0], box[3] - box[1], fill=False, edgecolor="white", linewidth=0.8, linestyle="--"
            )
        )
        narrow = (box[2] - box[0]) * view.scale < 0.3
        axes.text(
            0.5 * (box[0] + box[2]),
            0.5 * (box[1] + box[3]),
            short(entry["name"]),
            fontsize=8,
            ha="center",
            va="center",
            rotation=90 if narrow else 0,
        )
    width, tall = figure.get_size_inches()
    wide = (view.window[1] - view.window[0]) * view.scale
    chart = figure.add_axes((LEFT / width, (0.62 + 0.45) / tall, wide / width, _CHART / tall))
    _bars(chart, entries, np.array(boxes), view.window, wide)
    colour_bar(figure, [(norm, FLOW, "current density (A/cm²)", 6)], view.ledge_handles())
    spread = 100.0 * (report["anodes"]["non_uniformity"] or 0.0)
    caption = (
        "Above: dashed, the anodes by number, and the ledge at this height. Below: current of each anode and its "
        f"deviation from the mean; largest less smallest is {spread:.2g} % of the mean."
    )
    return [("plan", title, caption, figure)]


CATHODIC = ("concentration", "cathode_concentration")
"""Kind of the laws on the cathode, and their part in records without kinds."""


def mid_gap(mesh, record):
    """Height [m] of the middle of the gap, and whether the current crosses it downwards."""
    electrodes, electric = record["electrodes"], record["electric"]
    active = electrodes["active"].astype(bool)
    face = electric["face"][electrodes["index"][active if active.any() else slice(None)]]
    level, area = mesh.face_centre[face, 2], mesh.area[face]
    if (np.abs(mesh.normal[face, 2]) * area).sum() < 0.5 * area.sum():
        return float((level * area).sum() / area.sum()), False
    lowest = float(level.min())
    cathode = [law["index"] for law in electric["laws"].values() if law.get("kind", law["part"]) in CATHODIC]
    below = [float(z) for index in cathode for z in mesh.face_centre[electric["face"][index], 2] if z < lowest]
    return 0.5 * (lowest + max(below)) if below else lowest - 1e-6, True


def electrolyte_regions(mesh, record):
    """Regions (n,) on the other side of the faces that anodes touch the electrolyte with."""
    face = record["electric"]["face"][record["electrodes"]["index"]]
    owner, neighbour = mesh.owner[face], mesh.neighbour[face]
    return np.unique(mesh.region[np.where(record["cells"]["anode"][owner] >= 0, neighbour, owner)])


def plan_box(mesh, record, name):
    """Extent in plan of the faces an anode touches the electrolyte with: x low, y low, x high, y high [m]."""
    electrodes = record["electrodes"]
    mine = electrodes["index"][electrodes["anode"] == record["names"]["anodes"].index(name)]
    points = mesh.face_corners[record["electric"]["face"][mine]][..., :2]
    return np.concatenate([points.min((0, 1)), points.max((0, 1))])


def short(name):
    """Number of an anode where its name ends with one, else the name."""
    found = re.search(r"(\d+)$", name)
    return found.group(1) if found else name


def _bars(axes, entries, boxes, window, inches):
    """Bars of the anode currents, each below its anode where no two stand behind each other, else side by side;
    `inches` wide in all."""
    currents = np.array([entry["current_A"] for entry in entries])
    mean, count = float(currents.mean()), len(entries)
    off = 100.0 * (currents / mean - 1.0) if mean else np.zeros(count)
    at, wide, span = 0.5 * (boxes[:, 0] + boxes[:, 2]), 0.8 * (boxes[:, 2] - boxes[:, 0]).min(), window[:2]
    if count > 1 and np.diff(np.sort(at)).min() < wide:
        at, wide, span = np.arange(count), 0.7, (-0.6, count - 0.4)
    pitch = np.diff(np.sort(at)).min(initial=span[1] - span[0]) / (span[1] - span[0]) * inches
    axes.bar(at, off, width=wide, color=[ORANGE if value > 0 else BLUE for value in off])
    reach, crowded = max(0.5, float(np.abs(off).max())), pitch < 0.55
    for place, current, value in zip(at, currents, off, strict=True):
        text = f"{current / 1e3:.2f}" + ("" if crowded else " kA")
        above = value >= 0
        axes.text(
            place,
            value + (0.05 if above else -0.05) * reach,
            text,
            fontsize=7.5,
            ha="center",
            va="bottom" if above else "top",
            rotation=90 if crowded else 0,
        )
    room = 0.75 if crowded else 0.4
    axes.set_ylim(min(0.0, off.min()) - room * reach, max(0.0, off.max()) + room * reach)
    axes.set_xlim(*span)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.set_xticks(at, [short(entry["name"]) for entry in entries], rotation=90 if pitch < 0.2 else 0)
    axes.set_xlabel("anode" + (" (its current in kA at its bar)" if crowded else ""), labelpad=1)
    axes.set_ylabel(f"deviation from {mean / 1e3:.4g} kA (%)")
    axes.tick_params(axis="x", length=0)
    open_axes(axes, "y")
