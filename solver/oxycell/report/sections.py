"""Sections through a cell: temperature with liquidus and ledge, current density with streamlines, potential by
conductor."""

import numpy as np
from matplotlib import colormaps
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LogNorm, Normalize
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from oxycell.constants import ZERO_CELSIUS
from oxycell.io.fields import current_density, lump_of_cell
from oxycell.report.labels import part_index, readable
from oxycell.report.planes import AXES, beside, cut, middle, sides
from oxycell.report.streamlines import streamlines
from oxycell.report.style import FRONT, headline
from oxycell.report.views import FLOW, colour_bar, contours, field, image_of, look, panel

DECADES = 4.0  # of current density shown below the largest
_GROUPS = (
    ("anode_ohmic", "anodes", "Oranges"),
    ("bath_ohmic", "bath", "cividis"),
    ("cathode_ohmic", "cathode", "Blues"),
)
_NOTE = "Names are those of the regions, without their numbers."


def section_figures(mesh, record, report):
    """Figures of every solved field in every plane: list of (file name, title, caption, Figure)."""
    planes = enumerate(choose_planes(mesh, record))
    return [made for number, chosen in planes for made in plane_figures(mesh, record, report, number, chosen)]


def plane_figures(mesh, record, report, number, chosen):
    """Those of one plane, given its number and what `choose_planes` says of it; the potential is shown in the first
    plane only."""
    figures, note, (axis, place, key, words) = [], headline(report), chosen
    plane = cut(mesh, axis, place)
    view, shown = look(mesh, record, plane, words), beside(plane, mesh, record)
    for name, draw, needs in (
        ("temperature", temperature_figure, "thermal"),
        ("current", current_figure, "electric"),
        ("potential", potential_figure, "electric"),
    ):
        if needs in record and (name != "potential" or number == 0):
            made = draw(view, mesh, shown, note)
            figures += [] if made is None else [(f"{name}_{key}", *made)]
    return figures


def choose_planes(mesh, record):
    """Where to cut: list of (axis, place [m], short name, words).

    With anodes: across and along the cell through an anode, where that shows the most parts, near the middle of an
    anode and of the cell. Without: the two largest planes that show more than a row of cells; of a lattice where they
    show the most parts, near the middle or the plane of symmetry.
    """
    if mesh.lattice is None:
        points = np.asarray(mesh.points)
        low, high = points.min(0), points.max(0)
        whole = np.array([axis not in mesh.symmetry for axis in AXES])
        shape, planes = (2, 2, 2), low + (0.5 * whole + 1e-4) * (high - low)
    else:
        edges, shape = (mesh.lattice.x, mesh.lattice.y, mesh.lattice.z), mesh.lattice.shape
        low, high = np.array([e[0] for e in edges]), np.array([e[-1] for e in edges])
        parts = np.full(shape, -1, np.int16)
        parts[tuple(mesh.lattice.ijk.T)] = part_index(mesh.region_names)[0][mesh.region]
        planes = [
            _most_parts(
                parts, axis, middle(edges[axis]), low[axis] if AXES[axis] in mesh.symmetry else 0.5 * (low + high)[axis]
            )
            for axis in range(3)
        ]
    electrodes = record.get("electrodes")
    if mesh.lattice is None or electrodes is None or not len(electrodes["index"]):
        flat = [axis for axis in range(3) if all(shape[other] > 1 for other in range(3) if other != axis)]
        flat = sorted(flat or [1 if shape[1] == 1 else 2], key=lambda axis: high[axis] - low[axis])[:2]
        return [
            (axis, float(planes[axis]), name, f"in the {name} plane")
            for axis in flat
            for name in [("yz", "xz", "xy")[axis]]
        ]
    centre, anode = mesh.face_centre[record["electric"]["face"][electrodes["index"]]], electrodes["anode"]
    reach = np.array([(centre[anode == i].min(0), centre[anode == i].max(0)) for i in np.unique(anode)])
    found = []
    for axis, name in ((0, "across"), (1, "along")):
        at, (first, last) = middle(edges[axis]), reach[:, :, axis].T
        levels = np.flatnonzero(((at[:, None] >= first) & (at[:, None] <= last)).any(1))
        shown = [np.unique(parts.take(level, axis)).size for level in levels]
        off = np.abs(at[levels, None] - 0.5 * (first + last)).min(1)
        aside = np.abs(at[levels] - 0.5 * (first.min() + last.max()))
        best = max(zip(shown, -np.round(off, 2), -aside, levels, strict=True))[3]
        found.append((axis, float(at[best]), name, f"{name} the cell"))
    return found


def _most_parts(parts, axis, at, wanted):
    """Place normal to an axis whose cells belong to the most parts; of several that nearest to the one wanted."""
    shown = [np.unique(parts.take(level, axis)).size for level in range(at.size)]
    return at[np.lexsort((abs(at - wanted), -np.array(shown)))[0]]


def temperature_figure(view, mesh, record, note):
    """Temperature with isotherms, the liquidus and the ledge."""
    plane, thermal = view.plane, record["thermal"]
    celsius, belongs = np.array(record["cells"]["temperature"]) - ZERO_CELSIUS, lump_of_cell(record)
    celsius[belongs >= 0] = thermal["lump_temperature"][belongs[belongs >= 0]] - ZERO_CELSIUS
    surface = thermal["surface_temperature"] - ZERO_CELSIUS
    lump, known = plane.same(belongs), np.isfinite(plane.grid(celsius))
    if not known.any():
        return None
    *grid, pixels = field(view, mesh, celsius, thermal["face"], surface[:, 0], surface[:, 1], known & (lump < 0))
    values = np.where(view.pixels(lump) >= 0, view.pixels(plane.grid(celsius)), pixels)
    values = np.where(view.pixels(known), values, np.nan)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    step = next((s for s in (5.0, 10.0, 20.0, 50.0, 100.0) if (high - low) / s <= 12.0), 200.0)
    norm = Normalize(low, high if high > low else low + step)
    title = f"Temperature {view.title}"
    figure, axes, layout = panel(view, title, note, image_of(view, values, norm, "inferno"))
    levels = np.append(
        np.arange(step * np.ceil(low / step), high, step), step * (np.floor(2.0 * high / step) / 2.0 - 0.5)
    )
    contours(axes, layout, grid, np.unique(levels), view.solid, norm, "inferno", "{:.0f}")
    handles = view.ledge_handles()
    liquidus = record.get("ledge", {}).get("liquidus")
    if liquidus is not None:
        liquidus = float(np.ravel(liquidus)[0]) - ZERO_CELSIUS
        if np.isfinite(grid[2]).any() and np.nanmin(grid[2]) < liquidus < np.nanmax(grid[2]):
            axes.contour(*grid[:2], np.ma.masked_invalid(grid[2]), levels=[liquidus], colors=FRONT, linewidths=1.5)
        handles.append(Line2D([], [], color=FRONT, linewidth=1.8, label=f"liquidus, {liquidus:.0f} °C"))
    handles += [_melting_front(axes, view, mesh, record, name, celsius, surface) for name in record.get("melting", {})]
    colour_bar(figure, [(norm, "inferno", "temperature (°C)", 8)], handles)
    return title, f"Isotherms every {step:.0f} °C, and one more where it is hottest. {_NOTE}", figure


def _melting_front(axes, view, mesh, record, name, celsius, surface):
    """Draw the front of a material that melts, where the plane shows it; its entry in the legend."""
    melts = float(record["melting"][name]["temperature"]) - ZERO_CELSIUS
    mine = np.zeros(mesh.n_cells, bool)
    mine[record["melting"][name]["cell"]] = True
    thermal, plane = record["thermal"], view.plane
    chosen = (plane.cell >= 0) & mine[plane.cell]
    a, b, values, _ = field(view, mesh, celsius, thermal["face"], surface[:, 0], surface[:, 1], chosen)
    if chosen.any() and min(values.shape) > 1 and np.nanmin(values) < melts < np.nanmax(values):
        axes.contour(
            a,
            b,
            np.ma.masked_invalid(values),
            levels=[melts],
            colors=FRONT,
            linewidths=1.8,
            linestyles="--",
            zorder=2.6,
        )
    return Line2D([], [], color=FRONT, linewidth=1.8, linestyle="--", label=f"{readable(name)} melts, {melts:.0f} °C")


def current_figure(view, mesh, record, note):
    """Size of the current density, and lines along its part in the plane."""
    plane = view.plane
    conducts, ends = plane_current(plane, mesh, record)
    if not np.nanmax(np.abs(ends), initial=0.0) > 0.0 or min(plane.cell.shape) == 1:
        return None
    across = np.nan_to_num(0.5 * (np.nan_to_num(ends[4]) + np.nan_to_num(ends[5])))
    size = view.pixels(across) ** 2
    for i, edges, at in ((0, plane.a, view.at_a[None]), (1, plane.b, view.at_b[:, None])):
        index = view.position % (plane.a.size - 1) if i == 0 else view.position // (plane.a.size - 1)
        share = np.clip((at - edges[index]) / np.diff(edges)[index], 0.0, 1.0)
        low, high = view.pixels(np.nan_to_num(ends[2 * i])), view.pixels(np.nan_to_num(ends[2 * i + 1]))
        size += (low + share * (high - low)) ** 2
    size = np.sqrt(size)
    top = float(np.nanmax(np.where(view.pixels(conducts), size, np.nan)))
    inside = view.pixels(conducts)
    even = float(np.quantile(size[inside], 0.05)) > 0.1 * top
    norm = Normalize(0.0, top) if even else LogNorm(top / 10**DECADES, top)
    values = np.where(inside, np.maximum(size, norm.vmin), np.nan)
    title = f"Current density {view.title}"
    figure, axes, _ = panel(view, title, note, image_of(view, values, norm, FLOW))
    lines = streamlines(plane, ends, 0.085 / view.scale, view.window)
    axes.add_collection(LineCollection(lines, colors="white", linewidths=0.75))
    axes.add_collection(PolyCollection(arrows(lines, 0.08 / view.scale), facecolors="white", linewidths=0))
    colour_bar(figure, [(norm, FLOW, "current density (A/cm²)" + ("" if even else ", logarithmic"), 6)], [])
    return (
        title,
        (
            "Lines follow the current in the plane from the anodes to the cathode, evenly spaced and not by "
            "amount; colours hold "
            f"the component normal to the plane too. {_NOTE}"
        ),
        figure,
    )


def plane_current(plane, mesh, record):
    """Where a plane conducts (n_b, n_a) bool, and the current density through the faces of its cells (6, n_b, n_a)
    [A/cm²].

    Along +a at both ends of a, along +b at both ends of b, along the normal of the plane at both ends.
    """
    electric = record["electric"]
    conducts = np.isfinite(plane.grid(record["cells"]["electric_potential"]))
    if plane.aligned:
        density = electric["current"] / mesh.area[electric["face"]] / 1e4
        inwards = np.array([-1.0, 1.0] * 3)[:, None, None]
        return conducts, sides(plane, mesh, electric["face"], density, -density) * inwards
    vectors, ends = current_density(mesh, record) / 1e4, np.zeros((6, *plane.cell.shape))
    for i, axis in enumerate((*plane.axes, plane.axis)):
        value = np.nan_to_num(plane.grid(vectors[:, axis]))
        ends[2 * i] = ends[2 * i + 1] = value
        if i < 2:
            between = 0.5 * (value[:, 1:] + value[:, :-1]) if i == 0 else 0.5 * (value[1:] + value[:-1])
            low, high = (np.s_[:, 1:], np.s_[:, :-1]) if i == 0 else (np.s_[1:], np.s_[:-1])
            ends[2 * i][low], ends[2 * i + 1][high] = between, between
    return conducts, ends


def arrows(lines, size):
    """A triangle (3, 2) [m] of a given size half-way along each line (n, 2) [m]."""
    found = []
    for line in lines:
        at = len(line) // 2
        along = line[min(at + 1, len(line) - 1)] - line[at - 1]
        along = along / max(float(np.hypot(*along)), 1e-30) * size
        across = np.array([-along[1], along[0]]) * 0.38
        found.append(
            np.array([line[at] + 0.5 * along, line[at] - 0.5 * along + across, line[at] - 0.5 * along - across])
        )
    return found


def potential_figure(view, mesh, record, note):
    """Electric potential, with colours of their own for anodes, bath and cathode: the drops differ a hundredfold."""
    plane, electric = view.plane, record["electric"]
    potential = np.asarray(record["cells"]["electric_potential"])
    known = np.isfinite(plane.grid(potential))
    if not known.any():
        return None
    with np.errstate(invalid="ignore"):
        at_owner = potential[mesh.owner[electric["face"]]] - electric["drop_owner"]
        at_neighbour = potential[mesh.neighbour[electric["face"]]] + electric["drop_neighbour"]
    kinds = record["names"].get("parts", [])
    part = plane.same(record["cells"]["part"]) if "part" in record["cells"] else np.full(plane.cell.shape, -1)
    groups = [
        (known & (part == kinds.index(name)), words, colours) for name, words, colours in _GROUPS if name in kinds
    ]
    groups = [group for group in groups if group[0].any()]
    if len(groups) < 2:
        groups = [(known, "potential", "cividis")]
    image = image_of(view, np.full(view.position.shape, np.nan), Normalize(0, 1), "cividis")
    drawn, frozen = [], np.zeros(view.solid.shape, bool) if view.ice is None else view.ice
    for chosen, words, colours in groups:
        *grid, pixels = field(view, mesh, potential, electric["face"], at_owner, at_neighbour, chosen)
        mask = view.pixels(chosen) & ~frozen
        if not mask.any():
            continue
        low, high = float(pixels[mask].min()), float(pixels[mask].max())
        high = high if high - low > 1e-9 else low + 1e-9
        norm = Normalize(low, high)
        image[mask] = colormaps[colours](norm(pixels[mask]), bytes=True)
        drawn.append((grid, mask, norm, colours, words))
    title = f"Electric potential {view.title}"
    figure, axes, layout = panel(view, title, note, image)
    for grid, mask, norm, colours, _ in drawn:
        levels = MaxNLocator(9, steps=[1, 2, 5, 10]).tick_values(norm.vmin, norm.vmax)
        digits = max(0, int(np.ceil(-np.log10(levels[1] - levels[0]) - 1e-9)))
        contours(axes, layout, grid, levels, mask, norm, colours, f"{{:.{digits}f}}")
    colour_bar(
        figure,
        [(norm, colours, f"{words} (V)", 3 if len(drawn) > 1 else 8) for _, _, norm, colours, words in drawn],
        [],
    )
    split = " Each conductor has its own scale." if len(drawn) > 1 else ""
    return title, f"Lines of equal potential in volt.{split} {_NOTE}", figure
