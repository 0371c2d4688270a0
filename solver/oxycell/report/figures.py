"""Charts of a report: voltage and heat as waterfalls, anodes, ledge, loss paths. Colours hold for colour-blind readers."""

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

BLUE, ORANGE, GREEN, GREY, INK = "#0072b2", "#d55e00", "#009e73", "#8a949c", "#26323b"
_LINES = (BLUE, ORANGE, GREEN, "#cc79a7", "#e69f00")


def chart_figures(mesh, record, report):
    """Charts that this report has data for: list of (file name, title, caption, Figure)."""
    figures = []
    if report["voltage"]["cell_V"] is not None and report["voltage"]["parts"]:
        figures.append(("voltage", "Where the voltage goes", "Parts of the cell voltage, in the order they are stacked.",
                        voltage_waterfall(report)))
    if report["heat"]["losses"]:
        figures.append(("heat", "Where the power goes",
                        "From the electric power down to the last loss path; the ledger closes where the bars end at zero.",
                        heat_waterfall(report)))
    if len(report["anodes"]["list"]) > 1:
        figures.append(("anodes", "Anode currents", "Plan view: current of each anode and its deviation from the mean.",
                        anode_map(mesh, record, report)))
    if "ledge" in record and len(record["ledge"]["face"]):
        figures.append(("ledge", "Frozen ledge", "Thickness by height, and along the walls, counter-clockwise from the x+ wall; "
                        "lines are means by area, bands go from the smallest to the largest.",
                        ledge_profile(mesh, record)))
    return figures


def _new(width, height):
    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _clean(axes):
    axes.tick_params(labelsize=9, colors=INK, length=3)
    for name, side in axes.spines.items():
        side.set_visible(name in ("left", "bottom"))
        side.set_color("#c3cad0")


def readable(name):
    """A key as words: anode_ohmic → anode ohmic."""
    return name.replace("_", " ")


def _waterfall(steps, unit, digits):
    """Horizontal waterfall; steps: list of (name, start, change, colour), one row each."""
    figure = _new(7.2, 0.34 * len(steps) + 0.9)
    axes = figure.add_subplot()
    span = max((max(abs(start), abs(start + change)) for _, start, change, _ in steps), default=1.0) or 1.0
    for row, (_, start, change, colour) in enumerate(steps):
        axes.barh(row, change, left=start, height=0.62, color=colour)
        edge = max(start, start + change)
        axes.text(edge + 0.012 * span, row, f"{change:.{digits}f}".replace("-", "−"), va="center", fontsize=9, color=INK)
        if row + 1 < len(steps):
            end = start + change if row or steps[0][3] != GREY else steps[1][1]
            axes.plot([end, end], [row - 0.31, row + 1.31], color=GREY, linewidth=0.7, zorder=0)
    axes.set_yticks(range(len(steps)), [readable(name) for name, *_ in steps], fontsize=9)
    axes.invert_yaxis()
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_xlim(right=1.12 * span)
    axes.set_xlabel(unit, fontsize=9.5, color=INK)
    axes.grid(axis="x", color="#e6e9eb", linewidth=0.7)
    axes.set_axisbelow(True)
    _clean(axes)
    return figure


def voltage_waterfall(report):
    """Parts of the cell voltage stacked to its total."""
    steps, at = [], 0.0
    for name, value in report["voltage"]["parts"].items():
        if value:
            steps.append((name, at, value, ORANGE if name == "reversible" else BLUE))
            at += value
    steps.append(("cell voltage", 0.0, report["voltage"]["cell_V"], GREY))
    return _waterfall(steps, "V", 3)


def heat_waterfall(report):
    """Electric power less the process, what is spent outside, and each loss path; in kW."""
    heat, volts = report["heat"], report["voltage"]["cell_V"]
    spent = [("process", heat["process_W"], ORANGE), ("external", heat["external_W"], GREEN), ("stored", heat["stored_W"], GREEN)]
    spent = [item for item in spent if item[1]] + [(name, value, BLUE) for name, value in heat["losses"].items()]
    if volts is None:
        start, first = heat["generated_W"], "heat generated"
    else:
        current = sum(abs(entry["current_A"]) for entry in report["terminals"].values()) / 2.0
        start, first = current * volts, "electric power"
    steps, at = [(first, 0.0, start / 1e3, GREY)], start
    for name, value, colour in spent:
        steps.append((name, at / 1e3, -value / 1e3, colour))
        at -= value
    return _waterfall(steps, "kW", 1)


def anode_map(mesh, record, report):
    """Plan view of the anodes, coloured by the deviation of their current from the mean."""
    entries = report["anodes"]["list"]
    currents = np.array([entry["current_A"] for entry in entries])
    mean = currents.mean()
    deviation = 100.0 * (currents / mean - 1.0) if mean else np.zeros(currents.size)
    boxes = [_plan_box(mesh, record, entry["name"]) for entry in entries]
    low, high = np.min([box[:2] for box in boxes], 0), np.max([box[2:] for box in boxes], 0)
    span = np.maximum(high - low, 1e-6)
    figure = _new(7.2, float(np.clip(6.4 * span[1] / span[0], 1.5, 7.0)) + 0.85)
    axes = figure.add_subplot()
    reach = max(1.0, 1.4 * float(np.abs(deviation).max()))  # leaves out the darkest colours
    norm = TwoSlopeNorm(0.0, -reach, reach)
    colours = colormaps["PuOr_r"]
    narrow = min(box[2] - box[0] for box in boxes) / span[0] < 0.1
    for entry, box, percent in zip(entries, boxes, deviation, strict=True):
        colour = colours(norm(percent))
        axes.add_patch(Rectangle(box[:2], box[2] - box[0], box[3] - box[1], facecolor=colour, edgecolor=INK, linewidth=0.6))
        dark = np.dot(colour[:3], (0.3, 0.59, 0.11)) < 0.55
        text = f"{entry['current_A'] / 1e3:.{2 if mean < 1e5 else 1}f} kA\n{percent:+.1f} %".replace("-", "−")
        axes.text(0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3]), text, ha="center", va="center", fontsize=8,
                  rotation=90 if narrow else 0, color="white" if dark else INK)
    axes.set_xlim(low[0] - 0.03 * span[0], high[0] + 0.03 * span[0])
    axes.set_ylim(low[1] - 0.05 * span[1], high[1] + 0.05 * span[1])
    axes.set_aspect("equal")
    axes.set_xlabel("x (m)", fontsize=9, color=INK)
    axes.set_ylabel("y (m)", fontsize=9, color=INK)
    axes.set_title(f"mean {mean / 1e3:.4g} kA, (max − min)/mean {100 * (report['anodes']['non_uniformity'] or 0.0):.2g} %", loc="left",
                   fontsize=9.5, color=INK)
    _clean(axes)
    return figure


def _plan_box(mesh, record, name):
    """Extent in plan of the faces an anode touches the electrolyte with: x low, y low, x high, y high [m]."""
    electrodes = record["electrodes"]
    mine = electrodes["index"][electrodes["anode"] == record["names"]["anodes"].index(name)]
    corners = mesh.face_points[record["electric"]["face"][mine]]
    points = mesh.points[corners[corners >= 0]][:, :2]
    return np.concatenate([points.min(0), points.max(0)])


def ledge_profile(mesh, record):
    """Ledge thickness by height, and along the wall from the end of the long side round the corner."""
    front, names = record["ledge"], record["names"]["lumps"]
    centre, area = mesh.face_centre[front["face"]], mesh.area[front["face"]]
    pool_owns = mesh.region[mesh.owner[front["face"]]] != front["wall_region"]
    place = wall_position(centre, mesh.normal[front["face"]] * np.where(pool_owns, 1.0, -1.0)[:, None])
    figure = _new(7.2, 3.6)
    by_height, along = figure.subplots(1, 2, width_ratios=(2, 3))
    for colour, lump in zip(_LINES * len(names), np.unique(front["lump"]), strict=False):
        at = front["lump"] == lump
        level, mean, low, high = _grouped(np.round(centre[at, 2], 9), front["thickness"][at], area[at])
        by_height.fill_betweenx(level, 1e3 * low, 1e3 * high, color=colour, alpha=0.2, linewidth=0)
        by_height.plot(1e3 * mean, level, color=colour, marker="o", markersize=3, linewidth=1.4, label=f"beside {names[lump]}")
        spot, mean, low, high = _grouped(np.round(place[at], 9), front["thickness"][at], area[at])
        along.plot(spot, 1e3 * mean, color=colour, linewidth=1.4)
        along.fill_between(spot, 1e3 * low, 1e3 * high, color=colour, alpha=0.2, linewidth=0)
    by_height.set_xlabel("thickness (mm)", fontsize=9.5, color=INK)
    by_height.set_ylabel("height z (m)", fontsize=9.5, color=INK)
    by_height.set_xlim(left=0.0)
    by_height.legend(fontsize=9, frameon=False)
    along.set_xlabel("along the wall (m)", fontsize=9.5, color=INK)
    along.set_ylabel("thickness (mm)", fontsize=9.5, color=INK)
    along.set_ylim(bottom=0.0)
    for axes in (by_height, along):
        axes.grid(color="#e6e9eb", linewidth=0.7)
        _clean(axes)
    return figure


def _grouped(key, values, weight):
    """Sorted keys with the weighted mean, smallest and largest of the values at each."""
    keys, group = np.unique(key, return_inverse=True)
    mean = np.bincount(group, values * weight) / np.bincount(group, weight)
    low, high = np.full(keys.size, np.inf), np.full(keys.size, -np.inf)
    np.minimum.at(low, group, values)
    np.maximum.at(high, group, values)
    return keys, mean, low, high


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
    x, y = np.round(centre[:, 0], 9), np.round(centre[:, 1], 9)
    across = np.abs(towards[:, 0]) >= np.abs(towards[:, 1])
    sides = [(across & (towards[:, 0] > 0), y), (~across & (towards[:, 1] > 0), -x), (across & (towards[:, 0] <= 0), -y),
             (~across & (towards[:, 1] <= 0), x)]
    place, start = np.zeros(x.size), 0.0
    for chosen, along in sides:
        if chosen.any():
            place[chosen] = start + along[chosen] - along[chosen].min()
            start = place[chosen].max()
    return place
