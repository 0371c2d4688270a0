"""What every reduction cell has: lining, cathode blocks with their bars, melts, side walls, shell; boxes, surfaces,
what fits."""

import math
from itertools import pairwise

from oxycell.mesh.options import Box, Surface
from oxycell.units import format_quantity

SYMMETRY = {"full": (), "half": ("y",), "quarter": ("x", "y")}
"""How much of the cell is modelled → planes it is cut at; a half keeps one long side with all its anodes."""

UPRIGHT = ("x-", "x+", "y-", "y+")

DIGITS = 9
"""Decimals [m] planes are rounded to, so that planes meant to coincide are the same number."""


class Levels:
    """Where the parts of a cell begin and end [m]; x along the cell, y across, z = 0 at the cathode surface.

    Attributes
    ----------
    face, side_outside, shell_inside, shell_outside : (float, float), half extents along x and y of the inner faces of
        the side walls, of the outer ones, and of the shell
    blocks, seam : (float, float), half extents of the block row and of the paste around it
    metal, bath : float, heights of the melt surfaces
    deck_top : float, height
    block_bottom, refractory_bottom, insulation_bottom, shell_floor, shell_bottom : float, heights, falling
    bar_top, bar_end : float, height of the bars and their reach along y
    """

    def __init__(self, cell):
        side = cell.side
        self.metal = cell.pools.metal_depth
        self.bath = self.metal + cell.pools.bath_depth
        self.face = (cell.pools.length / 2, cell.pools.width / 2)
        self.side_outside = wider(self.face, side.thickness)
        self.shell_inside = wider(self.side_outside, side.joint_thickness)
        self.shell_outside = wider(self.shell_inside, side.shell_thickness)
        cathode = cell.cathode
        self.blocks = ((cathode.blocks - 1) * cathode.pitch / 2 + cathode.width / 2, cathode.length / 2)
        self.seam = (self.blocks[0] + cathode.seam_ends, self.blocks[1] + cathode.seam)
        self.block_bottom = -cathode.height
        self.refractory_bottom = self.block_bottom - cell.lining.refractory_thickness
        self.insulation_bottom = self.refractory_bottom - cell.lining.insulation_thickness
        self.shell_floor = self.insulation_bottom - cell.lining.slab_thickness
        self.shell_bottom = self.shell_floor - side.shell_thickness
        self.bar_top = self.block_bottom + cell.bars.height
        self.bar_end = self.blocks[1] + cell.bars.outside
        self.deck_top = side.shell_top + side.shell_thickness


class LiddedLevels(Levels):
    """Levels of a cell closed by a lid.

    Attributes
    ----------
    lid : (float, float), half extents of the lid
    lid_bottom, lid_board_top, lid_top : float, heights
    """

    def __init__(self, cell):
        super().__init__(cell)
        self.lid = (cell.top.lid_length / 2, cell.top.lid_width / 2)
        self.lid_bottom = cell.top.lid_height
        self.lid_board_top = self.lid_bottom + cell.top.lid_board
        self.lid_top = self.lid_board_top + cell.top.lid_steel


def wider(half, by):
    """A rectangle, by its half extents, grown on all sides."""
    return half[0] + by, half[1] + by


def lengths(*values):
    """Lengths as text; rounded, and without a negative zero."""
    return tuple(format_quantity(round(float(value), DIGITS) + 0.0, "m") for value in values)


def box(name, material, x, y, z, **more):
    """The box, in a list; no box where a thickness is zero."""
    if any(high - low < 0.5 * 10.0**-DIGITS for low, high in (x, y, z)):
        return []
    return [Box(name=name, material=material, x=lengths(*x), y=lengths(*y), z=lengths(*z), **more)]


def slab(name, material, half, z, **more):
    """A box centred on the cell's axis."""
    return box(name, material, (-half[0], half[0]), (-half[1], half[1]), z, **more)


def ring(name, material, inner, outer, z, **more):
    """Four boxes between two rectangles centred on the cell's axis."""
    (a, b), (c, d) = inner, outer
    boxes = []
    for sign in (-1, 1):
        boxes += box(name, material, span(sign, a, c), (-d, d), z, **more)
        boxes += box(name, material, (-a, a), span(sign, b, d), z, **more)
    return boxes


def span(sign, near, far):
    """The interval from `near` to `far`, or its mirror image at the negative side."""
    return (near, far) if sign > 0 else (-far, -near)


def around(centre, half):
    """The interval of this half width around a centre."""
    return centre - half, centre + half


def in_rows(anodes, step):
    """Names of anodes in one row or two along x, with their centres: name → (x, y).

    Parameters
    ----------
    anodes : options with `rows`, `per_row` and `pitch`
    step : float, distance of the centres of two rows [m]

    Returns
    -------
    dict, rows from low to high y, in a row from low to high x
    """
    rows = (0.0,) if anodes.rows == 1 else (-0.5, 0.5)
    places = [
        ((i - (anodes.per_row - 1) / 2) * anodes.pitch, row * step) for row in rows for i in range(anodes.per_row)
    ]
    return {f"anode_{n:02d}": place for n, place in enumerate(places, 1)}


def bar_numbers(cell):
    """Numbers of the half-bars with block and side: number → (block, x of its centre, sign of y); low y first."""
    cathode = cell.cathode
    bars = {}
    for sign in (-1, 1):
        for block in range(cathode.blocks):
            bars[len(bars) + 1] = (block, (block - (cathode.blocks - 1) / 2) * cathode.pitch, sign)
    return bars


def lining(cell, at):
    """Boxes of the shell's bottom and of the layers on it; they reach up to z = 0 wherever nothing else is put."""
    parts, inside = cell.lining, at.shell_inside
    insulation = cell.side.thickness + cell.side.joint_thickness
    refractory = wider(inside, -insulation)
    return [
        *slab("shell.bottom", cell.side.shell, at.shell_outside, (at.shell_bottom, at.shell_floor), electric=False),
        *slab("lining.slab", parts.slab, inside, (at.shell_floor, at.insulation_bottom)),
        *slab("lining.insulation", parts.insulation, inside, (at.insulation_bottom, 0.0)),
        *slab("lining.refractory", parts.refractory, refractory, (at.refractory_bottom, 0.0)),
    ]


def cathode(cell, at):
    """Boxes of the carbon blocks, their joints and the seam around them."""
    options = cell.cathode
    part = {"part": "cathode_ohmic"}
    height = (at.block_bottom, 0.0)
    found = [
        *slab("cathode.seam", options.paste, at.seam, height, **part),
        *slab("cathode.joint", options.paste, at.blocks, height, **part),
    ]
    for block in range(options.blocks):
        x = around((block - (options.blocks - 1) / 2) * options.pitch, options.width / 2)
        found += box(
            f"cathode.block_{block + 1:02d}", options.material, x, (-at.blocks[1], at.blocks[1]), height, **part
        )
    return found


def bars(cell, at):
    """Boxes of the collector bars, which cut through all they cross, and of their cast iron."""
    options, found = cell.bars, []
    part = {"part": "cathode_ohmic"}
    for n, (_, x, sign) in bar_numbers(cell).items():
        inside = span(sign, options.centre_gap / 2, at.blocks[1])
        iron = (at.block_bottom, at.bar_top + options.cast_iron)
        found += box(
            f"cast_iron_{n:02d}", "cast_iron", around(x, options.width / 2 + options.cast_iron), inside, iron, **part
        )
        length = span(sign, options.centre_gap / 2, at.bar_end)
        found += box(
            f"bar_{n:02d}",
            options.material,
            around(x, options.width / 2),
            length,
            (at.block_bottom, at.bar_top),
            **part,
        )
    return found


def melt(cell, at, gas_top):
    """Boxes of metal and bath, of the gas above them up to `gas_top` [m], and of the paste slope along the walls."""
    found = [
        *slab("metal", "aluminium_liquid", at.face, (0.0, at.metal), part="cathode_ohmic"),
        *slab("bath", "bath", at.face, (at.metal, at.bath), part="bath_ohmic"),
        *slab("gas", "gas", at.face, (at.bath, gas_top)),
    ]
    bottom = 0.0
    for step in cell.cathode.slope:
        inner = wider(at.face, -step.width)
        found += ring("cathode.slope", cell.cathode.paste, inner, at.face, (bottom, step.top), part="cathode_ohmic")
        bottom = step.top
    return found


def walls(cell, at, deck_inside, filling="fibre_board"):
    """Boxes of the side walls, the filling above them, the shell, and the deck from `deck_inside` (half extents)
    outwards."""
    side = cell.side
    return [
        *ring("side.block", side.material, at.face, at.side_outside, (0.0, side.top)),
        *ring("side.joint", "side_joint", at.side_outside, at.shell_inside, (0.0, side.top)),
        *ring("freeboard.fill", filling, at.face, at.shell_inside, (side.top, side.shell_top)),
        *ring(
            "shell.side",
            side.shell,
            at.shell_inside,
            at.shell_outside,
            (at.shell_floor, side.shell_top),
            electric=False,
        ),
        *ring("deck", side.shell, deck_inside, at.shell_outside, (side.shell_top, at.deck_top), electric=False),
    ]


def closed_top(cell, at):
    """Boxes of what closes a cell with a lid: (on the walls of the gas space, the lid itself)."""
    top = cell.top
    lip = wider(at.face, -top.lip_width)
    freeboard = [
        *ring("freeboard.skirt", "fibre_board", at.face, at.lid, (cell.side.shell_top, at.lid_bottom)),
        *ring("freeboard.board", "fibre_board", wider(at.face, -top.board), at.face, (at.bath, at.lid_bottom)),
        *ring("freeboard.lip", "ledge", lip, at.face, (at.bath, at.bath + top.lip_height)),
    ]
    lid = [
        *slab("lid.board", "lid_board", at.lid, (at.lid_bottom, at.lid_board_top)),
        *slab("lid.steel", cell.side.shell, at.lid, (at.lid_board_top, at.lid_top), electric=False),
    ]
    return freeboard, lid


def lid_surfaces(at):
    """Outer surfaces of a lid and of the skirt it stands on."""
    found = [
        Surface(name="lid_top", of="lid.steel", sides=("z+",)),
        Surface(name="lid_edges", of="lid.*", sides=UPRIGHT),
    ]
    if at.lid_bottom > at.deck_top:
        found.append(Surface(name="skirt", of="freeboard.skirt", sides=UPRIGHT))
    return found


def shell_surfaces(cell, at):
    """Outer surfaces of deck, shell and bars, without the bars' ends."""
    heights = [at.shell_bottom, 0.0, at.metal, at.bath, cell.side.shell_top]
    found = [Surface(name="deck_top", of="deck", sides=("z+",)), Surface(name="deck_edges", of="deck", sides=UPRIGHT)]
    for name, low, high in zip(("lower", "metal", "bath", "upper"), heights[:-1], heights[1:], strict=True):
        found.append(Surface(name=f"shell_{name}", of="shell.*", sides=UPRIGHT, z=lengths(low, high)))
    return [
        *found,
        Surface(name="shell_bottom", of="shell.bottom", sides=("z-",)),
        Surface(name="bar_sides", of="bar_*", sides=("x-", "x+")),
        Surface(name="bar_flats", of="bar_*", sides=("z-", "z+")),
    ]


def rod_tops(names, disconnected, symmetry):
    """Tops of the modelled rods, by whether they are clamped to the beam; names : anode name → (x, y)."""
    found = []
    for name, (x, y) in names.items():
        if modelled(x, y, symmetry):
            kind = "rod_open" if name in disconnected else "rod_top"
            found.append(Surface(name=f"{kind}_{name[-2:]}", of=f"{name}.rod", sides=("z+",)))
    return found


def bar_ends(cell, symmetry):
    """Ends of the modelled bars."""
    return [
        Surface(name=f"bar_end_{n:02d}", of=f"bar_{n:02d}", sides=("y+",) if sign > 0 else ("y-",))
        for n, (_, x, sign) in bar_numbers(cell).items()
        if modelled(x, sign, symmetry)
    ]


def modelled(x, y, symmetry):
    """Whether something centred at x, y reaches into the modelled part."""
    return not ("x" in symmetry and x < -1e-9) and not ("y" in symmetry and y < -1e-9)


def refinement(low, high, cells, axis="z"):
    """A least number of cells between two heights, or two places along another axis [m], as `mesh.refinements` wants
    it."""
    return {"axis": axis, "extent": lengths(low, high), "cells": cells}


def width(axis, at, value, **more):
    """Cells of a width [m] beside a plane, as `mesh.widths` wants it."""
    return {"axis": axis, "at": lengths(at)[0], "width": lengths(value)[0], **more}


def vessel_limits(cell, at):
    """What has to fit in every cell: list of (option, its value, what is allowed, the limit), lengths in m."""
    bars = cell.bars
    reach = bars.cast_iron + bars.width / 2
    return [
        ("cathode.width", cell.cathode.width, "at most cathode.pitch", cell.cathode.pitch),
        ("cathode: half length of the seam", at.seam[0], "at most half of pools.length", at.face[0]),
        ("cathode: half width of the seam", at.seam[1], "at most half of pools.width", at.face[1]),
        ("bars.width with cast iron", 2 * reach, "less than cathode.width", cell.cathode.width),
        ("bars.height with cast iron", bars.height + bars.cast_iron, "less than cathode.height", cell.cathode.height),
        ("bars.centre_gap", bars.centre_gap, "less than cathode.length", cell.cathode.length),
        (
            "half the shell's width",
            at.shell_outside[1],
            "less than the reach of the bars; see bars.outside",
            at.bar_end,
        ),
        ("bath surface", at.bath, "at most side.top", cell.side.top),
        ("side.top", cell.side.top, "at most side.shell_top", cell.side.shell_top),
    ]


def lid_limits(cell, at):
    """What has to fit in a cell with a lid, as `vessel_limits`."""
    wall_board = max(cell.top.board, cell.top.lip_width)
    return [
        ("deck top", at.deck_top, "at most top.lid_height", at.lid_bottom),
        ("half of pools.length", at.face[0], "less than half of top.lid_length", at.lid[0]),
        ("half of pools.width", at.face[1], "less than half of top.lid_width", at.lid[1]),
        ("half of top.lid_length", at.lid[0], "less than half the shell's length", at.shell_outside[0]),
        ("half of top.lid_width", at.lid[1], "less than half the shell's width", at.shell_outside[1]),
        ("bath surface with top.lip_height", at.bath + cell.top.lip_height, "at most top.lid_height", at.lid_bottom),
        ("top.board or top.lip_width", wall_board, "less than half of pools.width", at.face[1]),
    ]


def mesh(cell, at, names, symmetry, refinements):
    """What every cell asks of its mesh: the middle planes, so that parts of it mesh as the whole does, and those beside
    anode ends.

    Parameters
    ----------
    cell : options with `anodes` and `mesh`: `edge`, the width of the cells on both sides of the anodes' ends, `floor`
        and `side`
    at : Levels of the cell
    names : anode name → (x, y)
    symmetry : axes; refinements : list of dict
    """
    options = cell.mesh
    layer = 2.0 * options.floor
    refinements = [*refinements, refinement(-layer, 0.0, 2)]
    levels = sorted(
        {0.0, *(step.top for step in cell.cathode.slope), at.metal, at.bath, max(at.bath, cell.side.shell_top)}
    )
    refinements += [
        refinement(low, high, math.ceil((high - low) / options.side - 1e-9)) for low, high in pairwise(levels)
    ]
    for axis, reach, face in zip("xy", anode_reach(cell, names), at.face, strict=True):
        cells = math.ceil((face - reach) / options.side - 1e-9)
        for sign in (1,) if axis in symmetry else (1, -1):
            if cells:
                refinements.append(refinement(*span(sign, reach, face), cells, axis))
    edge, ends = cell.mesh.edge, {y + side * cell.anodes.length / 2 for _, y in names.values() for side in (-1, 1)}
    beside = sorted({round(end + side * edge, DIGITS) for end in ends for side in (-1, 1)})
    across = [y for y in beside if abs(y) < at.face[1] and all(abs(abs(y) - abs(end)) > 0.9 * edge for end in ends)]
    narrow = [width("z", -layer, options.floor)]
    narrow += [width("y", end, edge) for end in sorted(ends)]
    return {
        "planes_x": lengths(0.0),
        "planes_y": lengths(0.0, *across),
        "refinements": refinements,
        "widths": narrow,
        "symmetry": symmetry,
    }


def anode_reach(cell, names):
    """How far the anodes reach from the middle along x and y [m]."""
    half = getattr(cell.anodes, "width", None) or cell.anodes.thickness
    return max(x for x, _ in names.values()) + half / 2, max(y for _, y in names.values()) + cell.anodes.length / 2


def check_limits(limits):
    """Raise ValueError for the first of the limits that is passed."""
    for name, value, allowed, limit in limits:
        if value > limit + 1e-9:
            raise ValueError(f"{name} is {value:.6g} m; allowed: {allowed}, {limit:.6g} m")


def check_slope(cell, at):
    """Whether the steps of the paste slope rise, and none reaches above the bath."""
    bottom = 0.0
    for step in cell.cathode.slope:
        if step.top <= bottom or step.top > at.bath or step.width >= at.face[1]:
            raise ValueError(
                f"cathode.slope: step to {step.top:.6g} m; allowed: rising tops, none above the bath surface"
            )
        bottom = step.top


def check_names(key, given, names):
    """Whether all anodes an option speaks of exist."""
    for name in given:
        if name not in names:
            raise ValueError(f'{key}: no anode is called "{name}"; allowed: anode_01 to anode_{len(names):02d}')


def check_symmetry(cell, names, state):
    """Whether the two sides of every symmetry plane are alike.

    Parameters
    ----------
    cell : options with `symmetry`, `anodes` and `cathode`
    names : anode name → (x, y)
    state : function, anode name → what must be the same for anodes that mirror each other
    """
    for axis in SYMMETRY[cell.symmetry]:
        if axis == "x" and (cell.anodes.per_row % 2 or cell.cathode.blocks % 2):
            raise ValueError('symmetry: the plane x = 0 would cut an anode or a block; allowed: "half" or "full"')
        if axis == "y" and cell.anodes.rows == 1:
            raise ValueError('symmetry: the plane y = 0 would cut the anodes; allowed: "full"')
        for name, (x, y) in names.items():
            mirrored = (-x, y) if axis == "x" else (x, -y)
            twin = next(
                n for n, place in names.items() if abs(place[0] - mirrored[0]) + abs(place[1] - mirrored[1]) < 1e-9
            )
            if state(name) != state(twin):
                raise ValueError(
                    f'symmetry: "{cell.symmetry}" needs {name} and {twin} alike; allowed: symmetry = "full"'
                )
