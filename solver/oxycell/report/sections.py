"""Plane sections through a lattice mesh: temperature, potential and current density on the true cells."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, LogNorm, Normalize
from matplotlib.figure import Figure

from oxycell.constants import ZERO_CELSIUS
from oxycell.io.fields import current_density, temperature

CLIP = 1.0  # m, rods above this height are left out of the sections
DECADES = 5.0  # shown below the largest current density
ISOTHERMS = np.arange(100.0, 2000.0, 100.0)  # °C
_AXES = "xyz"
_INK = "#26323b"
_ICE = ListedColormap(["#cde6f5"])


def section_figures(mesh, record):
    """Figures of every field: list of (file name, title, caption, Figure); empty for a mesh without a lattice."""
    if mesh.lattice is None:
        return []
    planes = choose_planes(mesh, record)
    where = ", ".join(f"{_AXES[axis]} = {place:.3f} m".replace("-", "−") for axis, place, _ in planes)
    clipped = " Parts above z = 1 m are not drawn." if mesh.lattice.z[-1] > CLIP else ""
    frozen = record["cells"].get("liquid_fraction")
    frozen = None if frozen is None or not (frozen < 0.5).any() else frozen < 0.5
    caption = f"Sections at {where}; lines are boundaries of regions{'' if frozen is None else ', pale blue is frozen'}.{clipped}"

    def draw(values, norm, colours, label, levels=()):
        return _figure(mesh, planes, (values, frozen), norm, colours, label, levels)

    figures = []
    if "thermal" in record:
        values = temperature(record) - ZERO_CELSIUS
        norm = Normalize(np.nanmin(values), np.nanmax(values))
        note = f"{caption} White: isotherms every 100 °C."
        figures.append(("temperature", "Temperature", note, draw(values, norm, "inferno", "temperature (°C)", ISOTHERMS)))
    if "electric" in record:
        values = np.array(record["cells"]["electric_potential"])
        norm = Normalize(np.nanmin(values), np.nanmax(values))
        figures.append(("potential", "Electric potential", caption, draw(values, norm, "cividis", "potential (V)")))
        values = np.linalg.norm(current_density(mesh, record), axis=1) / 1e4
        top = np.nanmax(values, initial=0.0)
        if top > 0.0:
            norm = LogNorm(top / 10**DECADES, top)
            note = f"{caption} Colours span five decades; less is drawn as the lowest."
            values = np.where(values < norm.vmin, norm.vmin, values)
            figures.append(("current_density", "Current density", note,
                            draw(values, norm, "viridis", "current density (A/cm²)")))
    return figures


def choose_planes(mesh, record):
    """Where to cut: list of (axis, place [m], title).

    With anodes: along and across through the anode nearest to the middle, horizontally through the gap and through the
    terminal the current leaves by. Without: through the middle, each plane that shows more than a row of cells.
    """
    lattice, planes = mesh.lattice, []
    electrodes = record.get("electrodes")
    if electrodes is None or not len(electrodes["index"]):
        cells = lattice.shape
        cuts = [axis for axis in range(3) if all(n > 1 for a, n in enumerate(cells) if a != axis)]
        for axis in cuts or [1 if cells[1] == 1 else 2]:
            edges = (lattice.x, lattice.y, lattice.z)[axis]
            planes.append((axis, _inside(edges, 0.5 * (edges[0] + edges[-1])), "middle"))
        return planes
    electric = record["electric"]
    face = electric["face"][electrodes["index"]]
    centre, anode = mesh.face_centre[face], electrodes["anode"]
    places = np.array([centre[anode == i].mean(0) for i in np.unique(anode)])
    spot = places[np.argmin(np.sum((places - 0.5 * (places.min(0) + places.max(0)))[:, :2] ** 2, 1))]
    planes.append((1, _inside(lattice.y, spot[1]), "along, through a row of anodes"))
    planes.append((0, _inside(lattice.x, spot[0]), "across, through an anode"))
    active = electrodes["active"].astype(bool)
    bottom = centre[active, 2].min() if active.any() else centre[:, 2].min()
    planes.append((2, _inside(lattice.z, bottom - 1e-6), "just below the anodes"))
    leaving = electric["current"] * (electric["terminal"] >= 0) > 0
    if leaving.any():
        planes.append((2, _inside(lattice.z, float(np.median(mesh.face_centre[electric["face"][leaving], 2]))), "through the collectors"))
    return planes


def _inside(edges, place):
    """Centre of the grid interval that holds a place."""
    i = min(max(int(np.searchsorted(edges, place, side="right")) - 1, 0), edges.size - 2)
    return float(0.5 * (edges[i] + edges[i + 1]))


def slice_of(mesh, values, axis, place):
    """Cell values (n_cells,) on the grid of a plane: edges of the first and second axis, (n_second, n_first) with NaN where empty."""
    lattice = mesh.lattice
    edges = (lattice.x, lattice.y, lattice.z)
    first, second = [a for a in range(3) if a != axis]
    level = min(int(np.searchsorted(edges[axis], place, side="right")) - 1, edges[axis].size - 2)
    at = lattice.ijk[:, axis] == level
    grid = np.full((edges[second].size - 1, edges[first].size - 1), np.nan)
    grid[lattice.ijk[at, second], lattice.ijk[at, first]] = values[at]
    return edges[first], edges[second], grid


def outlines(a, b, labels):
    """Line segments between cells of a plane whose labels differ; NaN counts as a label. (n, 2, 2)."""
    labels = np.nan_to_num(labels, nan=-1.0)
    rows, columns = np.nonzero(np.diff(labels, axis=1, prepend=-1.0, append=-1.0))
    upright = np.stack([np.stack([a[columns], b[rows]], 1), np.stack([a[columns], b[rows + 1]], 1)], 1)
    rows, columns = np.nonzero(np.diff(labels, axis=0, prepend=-1.0, append=-1.0))
    level = np.stack([np.stack([a[columns], b[rows]], 1), np.stack([a[columns + 1], b[rows]], 1)], 1)
    return np.concatenate([upright, level])


def _extent(mesh, axis):
    edges = (mesh.lattice.x, mesh.lattice.y, mesh.lattice.z)[axis]
    top = min(edges[-1], CLIP) if axis == 2 else edges[-1]
    return float(edges[0]), float(max(top, edges[0] + 1e-3))


def _figure(mesh, planes, values, norm, colours, label, levels=()):
    """One panel for each plane, stacked, in the same scale; colour bar below. values: of cells, and which are frozen or None."""
    spans = []
    for axis, _, _ in planes:
        first, second = [a for a in range(3) if a != axis]
        spans.append((_extent(mesh, first), _extent(mesh, second)))
    width = 7.2
    longest = max(a[1] - a[0] for a, _ in spans)
    tallest = sum(b[1] - b[0] for _, b in spans)
    scale = min((width - 1.0) / longest, 9.0 / tallest)
    heights = [max((b[1] - b[0]) * scale, 0.3) for _, b in spans]
    gap, bottom, top = 0.82, 1.2, 0.38
    height = sum(heights) + gap * (len(planes) - 1) + bottom + top
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    y = height - top
    for (axis, place, title), (a, b), tall in zip(planes, spans, heights, strict=True):
        y -= tall
        wide = max((a[1] - a[0]) * scale, 0.3)
        axes = figure.add_axes((0.75 / width, y / height, wide / width, tall / height))
        image = _panel(mesh, axes, axis, place, values, norm, colours, levels)
        axes.set_xlim(*a)
        axes.set_ylim(*b)
        axes.set_title(f"{_AXES[axis]} = {place:.3f} m, {title}".replace("-", "−"), loc="left", fontsize=9.5, color=_INK, pad=5)
        y -= gap
    bar = figure.add_axes((0.75 / width, 0.55 / height, 4.2 / width, 0.14 / height))
    figure.colorbar(image, cax=bar, orientation="horizontal")
    bar.set_xlabel(label, fontsize=9.5, color=_INK)
    bar.tick_params(labelsize=9, colors=_INK)
    return figure


def _panel(mesh, axes, axis, place, values, norm, colours, levels):
    first, second = [a for a in range(3) if a != axis]
    a, b, grid = slice_of(mesh, values[0], axis, place)
    _, _, regions = slice_of(mesh, mesh.region.astype(float), axis, place)
    axes.set_facecolor("#f3f4f5")
    solid = np.where(np.isfinite(regions) & ~np.isfinite(grid), 0.0, np.nan)
    axes.pcolormesh(a, b, np.ma.masked_invalid(solid), cmap="Greys", vmin=-0.3, vmax=1.0, rasterized=True)
    image = axes.pcolormesh(a, b, np.ma.masked_invalid(grid), cmap=colours, norm=norm, rasterized=True)
    levels = [level for level in levels if norm.vmin < level < norm.vmax]
    if levels and min(grid.shape) > 1:
        middle = 0.5 * (a[1:] + a[:-1]), 0.5 * (b[1:] + b[:-1])
        axes.contour(*middle, np.ma.masked_invalid(grid), levels=levels, colors="white", linewidths=0.5, alpha=0.8)
    if values[1] is not None:
        ice = slice_of(mesh, np.where(values[1], 0.0, np.nan), axis, place)[2]
        axes.pcolormesh(a, b, np.ma.masked_invalid(ice), cmap=_ICE, rasterized=True)
    axes.add_collection(LineCollection(outlines(a, b, regions), colors=_INK, linewidths=0.35, alpha=0.75))
    axes.set_aspect("equal")
    axes.set_xlabel(f"{_AXES[first]} (m)", fontsize=9, color=_INK, labelpad=1)
    axes.set_ylabel(f"{_AXES[second]} (m)", fontsize=9, color=_INK)
    axes.tick_params(labelsize=8.5, colors=_INK, length=3)
    for side in axes.spines.values():
        side.set_color("#c3cad0")
    return image
