"""A plane of a cell ready to be drawn, and the drawing that all its fields share: pixels, parts and their names, ledge,
colour bars."""

from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, LogNorm, to_rgba_array
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from oxycell.io.fields import lump_of_cell
from oxycell.report.labels import Layout, label_parts, part_index, spread
from oxycell.report.planes import AXES, fronts, liquid_depth, lookup, middle, nodes, outlines, sample, sides
from oxycell.report.style import DPI, EMPTY, FRONT, ICE, INK, SOLID, canvas, signed

LEFT, ROOM, TALL = 0.68, 5.15, 5.4  # inch: margin, widest and tallest drawing
_THIN = 0.35  # rows of a section with less than this share of the widest row are rods that stick out: mostly cut off
_NAME, VALUE = 7.5, 7.0  # point, sizes of lettering
FLOW = ListedColormap(
    colormaps["viridis"](np.linspace(0.0, 0.84, 256))
)  # without the yellow on which white lines vanish
_COARSE = slice(1, None, 3)  # pixels of the raster that lettering is placed on


@dataclass(frozen=True)
class View:
    """A plane ready to be drawn: its pixels, parts, ledge and the places of its lettering.

    Attributes
    ----------
    plane : Plane; title : str; window : (a low, a high, b low, b high) [m]; scale : [inch/m]
    at_a, at_b : pixel centres [m]; position : (n_b, n_a) int, flat position of each pixel in the plane
    solid : (n_b, n_a) bool, pixels with a cell that belongs to no pool; ice : bool or None; depth : [m] or None
    lines : (n, 2, 2) [m], boundaries of parts; layout : Layout; inside, beside : see `label_parts`; symmetry : axes
    """

    plane: object
    title: str
    window: tuple
    scale: float
    at_a: np.ndarray
    at_b: np.ndarray
    position: np.ndarray
    solid: np.ndarray
    ice: np.ndarray
    depth: np.ndarray
    lines: np.ndarray
    layout: Layout
    inside: list
    beside: list
    symmetry: tuple

    def ledge_handles(self):
        """Legend entry of the ledge, none where there is none."""
        return (
            []
            if self.ice is None or not self.ice.any()
            else [Patch(facecolor=ICE, edgecolor=FRONT, label="frozen ledge")]
        )

    def pixels(self, flat):
        """What is at each pixel, of an array (n_b, n_a) over the plane's cells."""
        return flat.reshape(-1)[self.position]


def look(mesh, record, plane, words, room=ROOM):
    """View of a plane: see `View`."""
    low, high = plane.a[0], plane.a[-1]
    bottom, top = plane.b[0], _top(plane)
    scale = min(room / (high - low), TALL / (top - bottom))
    count = [max(16, int(round(span * scale * DPI))) for span in (high - low, top - bottom)]
    at_a = low + (np.arange(count[0]) + 0.5) * (high - low) / count[0]
    at_b = bottom + (np.arange(count[1]) + 0.5) * (top - bottom) / count[1]
    position = lookup(plane, at_a, at_b)
    part_of_region, names = part_index(mesh.region_names)
    parts_plane = plane.same(part_of_region[mesh.region])
    pool = plane.same(lump_of_cell(record)) if "thermal" in record else np.full(plane.cell.shape, -1)
    there = (plane.cell >= 0).reshape(-1)[position]
    solid = there & (pool < 0).reshape(-1)[position]
    ice = depth = None
    if plane.aligned and "ledge" in record and len(record["ledge"]["face"]):
        depth = liquid_depth(fronts(plane, mesh, record), at_a, at_b)
        pools = np.isin(pool, np.unique(record["ledge"]["lump"])).reshape(-1)[position]
        depth = np.where(pools, depth, np.inf)
        ice = depth < 0.0
    elif "liquid_fraction" in record["cells"]:
        ice = (plane.grid(record["cells"]["liquid_fraction"]) < 0.5).reshape(-1)[position]
    parts = parts_plane.reshape(-1)[position]
    if ice is not None:
        names, parts = [*names, "ledge"], np.where(ice, len(names), parts)
    layout = Layout(at_a[_COARSE], at_b[_COARSE], scale)
    inside, beside = label_parts(
        layout, parts[_COARSE, _COARSE], names, _NAME, int((top - bottom) * scale / (1.3 * _NAME / 72.0)) - 1
    )
    title = f"{words}, {AXES[plane.axis]} = {signed(plane.place, 3)} m"
    return View(
        plane,
        title,
        (low, high, bottom, top),
        scale,
        at_a,
        at_b,
        position,
        solid,
        ice,
        depth,
        outlines(plane, parts_plane),
        layout,
        inside,
        beside,
        mesh.symmetry,
    )


def _top(plane):
    """Height up to which a section is drawn: a sixth above its last row that is more than a few rods."""
    if plane.axis == 2 or not plane.aligned:
        return plane.b[-1]
    share = ((plane.cell >= 0) * np.diff(plane.a)).sum(1)
    last = plane.b[np.flatnonzero(share >= _THIN * share.max())[-1] + 1]
    return min(plane.b[-1], last + (last - plane.b[0]) / 6.0)


def field(view, mesh, centre, face, at_owner, at_neighbour, chosen):
    """A field in the plane, from cell values (n_cells,) and the values on both sides of faces, in chosen positions
    (n_b, n_a).

    Returns
    -------
    a, b, values : grid for contours; pixels : (n_b, n_a) values at the pixels, meaningless where not chosen
    """
    plane = view.plane
    if plane.aligned:
        grid = nodes(plane, plane.grid(centre), sides(plane, mesh, face, at_owner, at_neighbour), chosen)
        return *grid, sample(*grid, view.at_a, view.at_b)
    inside = mesh.neighbour[face] >= 0
    cell = np.concatenate([mesh.owner[face], mesh.neighbour[face][inside]])
    above = np.concatenate([at_owner - centre[mesh.owner[face]], (at_neighbour - centre[mesh.neighbour[face]])[inside]])
    arm = mesh.normal[face] * mesh.area[face][:, None]
    arm = np.concatenate([arm, -arm[inside]])
    slope = (
        np.stack([np.bincount(cell, above * arm[:, i], mesh.n_cells) for i in plane.axes], 1)
        / mesh.cell_volume[:, None]
    )
    a, b = middle(plane.a), middle(plane.b)
    offset = (
        a[None] - mesh.cell_centre[plane.cell, plane.axes[0]],
        b[:, None] - mesh.cell_centre[plane.cell, plane.axes[1]],
    )
    values = np.where(
        chosen, centre[plane.cell] + slope[plane.cell, 0] * offset[0] + slope[plane.cell, 1] * offset[1], np.nan
    )
    return a, b, values, view.pixels(values)


def image_of(view, values, norm, name):
    """Colours of the pixels (n_b, n_a, 4): the field, else grey for a solid, pale for nothing, blue for the ledge."""
    palette = colormaps.get_cmap(name)(np.linspace(0.0, 1.0, 256), bytes=True)
    palette = np.concatenate([palette, to_rgba_array([EMPTY, SOLID, ICE]) * 255.0]).astype(np.uint8)
    shade = np.where(view.pixels(view.plane.cell) >= 0, 257, 256)
    shown = np.isfinite(values)
    shade[shown] = np.clip(np.asarray(norm(values[shown])) * 256.0, 0, 255)
    if view.ice is not None:
        shade[view.ice] = 258
    return palette[shade]


def panel(view, title, note, image, below=0.62, names=True):
    """Figure with the pixels of a view, its outlines and names; returns it, its axes and the room that is left."""
    low, high, bottom, top = view.window
    wide, tall = (max(span * view.scale, 0.35) for span in (high - low, top - bottom))
    figure, place = canvas(tall + 0.48 + below, title[0].upper() + title[1:], note)
    axes = place(LEFT, 0.48 + below, wide, tall)
    axes.imshow(image, extent=view.window, origin="lower", interpolation="nearest", aspect="auto")
    axes.add_collection(LineCollection(view.lines, colors=INK, linewidths=0.45, alpha=0.8, zorder=2.4))
    if view.depth is not None and view.ice.any():
        shown = np.ma.masked_invalid(np.where(np.isfinite(view.depth), view.depth, np.nan)[::2, ::2])
        axes.contourf(view.at_a[::2], view.at_b[::2], shown, levels=[shown.min() - 1.0, 0.0], colors=[ICE], zorder=2.2)
        axes.contour(view.at_a[::2], view.at_b[::2], shown, levels=[0.0], colors=FRONT, linewidths=1.8, zorder=2.5)
    for text, a, b, turned in view.inside if names else []:
        behind = image[
            min(np.searchsorted(view.at_b, b), image.shape[0] - 1),
            min(np.searchsorted(view.at_a, a), image.shape[1] - 1),
        ]
        _write(axes, (a, b), text, _NAME, contrast(behind / 255.0), turned)
    beside = sorted(view.beside if names else [], key=lambda item: item[2])
    heights = spread([b for _, _, b in beside], 1.3 * _NAME / 72.0 / view.scale, bottom, top)
    edge = high + 0.16 / view.scale
    gap = 0.03 / view.scale
    bends = [[(a, b), (high + gap, at), (edge - gap, at)] for (_, a, b), at in zip(beside, heights, strict=True)]
    axes.add_collection(LineCollection(bends, colors=INK, linewidths=0.5, clip_on=False, zorder=4), autolim=False)
    axes.plot([a for _, a, _ in beside], [b for _, _, b in beside], "o", color=INK, markersize=1.8, zorder=4)
    for (text, _, _), at in zip(beside, heights, strict=True):
        axes.text(edge, at, text, fontsize=_NAME, va="center", clip_on=False)
    axes.set_xlim(low, high)
    axes.set_ylim(bottom, top)
    first, second = (AXES[axis] for axis in view.plane.axes)
    for write, axis, length in ((axes.set_xlabel, first, wide), (axes.set_ylabel, second, tall)):
        write(
            f"{axis} (m)" + (f", symmetry plane at {axis} = 0" if axis in view.symmetry and length > 2.3 else ""),
            labelpad=2,
        )
    layout = Layout(view.layout.a, view.layout.b, view.scale)
    layout.taken = view.layout.taken.copy()
    return figure, axes, layout


def contours(axes, layout, grid, levels, allowed, norm, colours, form):
    """Contours of a grid, each with its value where there is room; dark on light colours and light on dark ones."""
    a, b, values = grid
    if min(values.shape) < 2 or not np.isfinite(values).any():
        return
    levels = [level for level in levels if np.nanmin(values) < level < np.nanmax(values)]
    if not levels:
        return
    shades = [contrast(colormaps[colours](norm(level))) for level in levels]
    drawn = axes.contour(a, b, np.ma.masked_invalid(values), levels=levels, colors=shades, linewidths=0.6)
    for level, shade, lines in zip(levels, shades, drawn.allsegs, strict=True):
        lines = [line for line in lines if len(line) > 1]
        spot = layout.along(lines, form.format(level), VALUE, allowed[_COARSE, _COARSE]) if lines else None
        if spot is not None:
            _write(axes, spot, form.format(level).replace("-", "−"), VALUE, shade)


def _write(axes, place, text, size, colour, turned=False):
    """Text on a picture, with a thin rim that keeps it apart from lines."""
    rim = withStroke(linewidth=1.8, foreground="black" if colour == "white" else "white", alpha=0.6)
    axes.text(
        *place,
        text,
        fontsize=size,
        color=colour,
        ha="center",
        va="center",
        rotation=90 if turned else 0,
        path_effects=[rim],
        zorder=5,
    )


def contrast(colour):
    """Dark lettering on light colours, white on dark ones."""
    return INK if float(np.dot(colour[:3], (0.3, 0.59, 0.11))) > 0.5 else "white"


def colour_bar(figure, scales, handles):
    """Colour bars below a view, side by side, and a legend to their right."""
    width, height = figure.get_size_inches()
    room = min(ROOM, 6.3) if len(scales) > 1 else 3.5
    each = room / len(scales)
    for i, (norm, colours, label, most) in enumerate(scales):
        wide = each - (0.25 if len(scales) > 1 else 0.0)
        axes = figure.add_axes(((LEFT + i * each) / width, 0.42 / height, wide / width, 0.12 / height))
        axes.imshow(np.linspace(0.0, 1.0, 256)[None], extent=(0.0, 1.0, 0.0, 1.0), aspect="auto", cmap=colours)
        if isinstance(norm, LogNorm):
            ticks = 10.0 ** np.arange(np.ceil(np.log10(norm.vmin)), np.floor(np.log10(norm.vmax)) + 1)
        else:
            ticks = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(norm.vmin, norm.vmax)
        ticks = [tick for tick in ticks if norm.vmin <= tick <= norm.vmax]
        axes.set_xticks([float(norm(tick)) for tick in ticks], [f"{tick:.6g}".replace("-", "−") for tick in ticks])
        axes.set_yticks([])
        axes.set_xlabel(label, labelpad=1)
    if handles:
        figure.legend(
            handles=handles,
            loc="center left",
            bbox_to_anchor=((LEFT + room + 0.25) / width, 0.40 / height),
            borderaxespad=0.0,
        )
