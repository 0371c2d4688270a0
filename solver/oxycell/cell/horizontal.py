"""Cell with horizontal anodes over a metal pad → boxes, outer surfaces and mesh planes; the whole cell, all four quarters."""

from oxycell.mesh.options import Box, Surface
from oxycell.units import format_quantity

SYMMETRY = {"full": (), "half": ("y",), "quarter": ("x", "y")}
"""How much of the cell is modelled → planes it is cut at; a half keeps one long side with all its anodes."""

_DIGITS = 9
"""Decimals [m] planes are rounded to, so that planes meant to coincide are the same number."""


class Levels:
    """Where the parts of a cell begin and end [m]; x along the cell, y across, z = 0 at the cathode surface.

    Attributes
    ----------
    face, side_outside, shell_inside, shell_outside : (float, float), half extents along x and y of the inner faces of the
        side walls, of the outer ones, and of the shell
    lid, blocks, seam : (float, float), half extents of the lid, of the block row, of the paste around it
    metal, bath, anode : float, heights of the melt surfaces and of the anode bottoms
    lid_bottom, lid_board_top, lid_top, deck_top : float, heights
    block_bottom, refractory_bottom, insulation_bottom, shell_floor, shell_bottom : float, heights, falling
    bar_top, bar_end : float, height of the bars and their reach along y
    """

    def __init__(self, cell):
        side = cell.side
        self.metal = cell.pools.metal_depth
        self.bath = self.metal + cell.pools.bath_depth
        self.anode = self.metal + cell.anodes.gap
        self.face = (cell.pools.length / 2, cell.pools.width / 2)
        self.side_outside = _wider(self.face, side.thickness)
        self.shell_inside = _wider(self.side_outside, side.joint_thickness)
        self.shell_outside = _wider(self.shell_inside, side.shell_thickness)
        self.lid = (cell.top.lid_length / 2, cell.top.lid_width / 2)
        self.lid_bottom = cell.top.lid_height
        self.lid_board_top = self.lid_bottom + cell.top.lid_board
        self.lid_top = self.lid_board_top + cell.top.lid_steel
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


def _wider(half, by):
    return half[0] + by, half[1] + by


def _lengths(*values):
    """Lengths as text; rounded, and without a negative zero."""
    return tuple(format_quantity(round(float(value), _DIGITS) + 0.0, "m") for value in values)


def _box(name, material, x, y, z, **more):
    """The box, in a list; no box where a thickness is zero."""
    if any(high - low < 0.5 * 10.0**-_DIGITS for low, high in (x, y, z)):
        return []
    return [Box(name=name, material=material, x=_lengths(*x), y=_lengths(*y), z=_lengths(*z), **more)]


def _slab(name, material, half, z, **more):
    """A box centred on the cell's axis."""
    return _box(name, material, (-half[0], half[0]), (-half[1], half[1]), z, **more)


def _ring(name, material, inner, outer, z, **more):
    """Four boxes between two rectangles centred on the cell's axis."""
    (a, b), (c, d) = inner, outer
    boxes = []
    for sign in (-1, 1):
        boxes += _box(name, material, _span(sign, a, c), (-d, d), z, **more)
        boxes += _box(name, material, (-a, a), _span(sign, b, d), z, **more)
    return boxes


def _span(sign, near, far):
    return (near, far) if sign > 0 else (-far, -near)


def _around(centre, half):
    return centre - half, centre + half


def anode_names(cell):
    """Names of the anodes with their centres: name → (x, y); rows from low to high y, in a row from low to high x."""
    anodes = cell.anodes
    rows = (0.0,) if anodes.rows == 1 else (-0.5, 0.5)
    step = anodes.length + anodes.centre_channel
    places = [((i - (anodes.per_row - 1) / 2) * anodes.pitch, row * step) for row in rows for i in range(anodes.per_row)]
    return {f"anode_{n:02d}": place for n, place in enumerate(places, 1)}


def bar_numbers(cell):
    """Numbers of the half-bars with block and side: number → (block, x of its centre, sign of y); low y first."""
    cathode = cell.cathode
    bars = {}
    for sign in (-1, 1):
        for block in range(cathode.blocks):
            bars[len(bars) + 1] = (block, (block - (cathode.blocks - 1) / 2) * cathode.pitch, sign)
    return bars


def boxes(cell):
    """All boxes; where they overlap the later one counts.

    Parameters
    ----------
    cell : Cell

    Returns
    -------
    tuple of Box
    """
    at = Levels(cell)
    found = [*_lining(cell, at), *_cathode(cell, at), *_melt(cell, at), *_walls(cell, at), *_top(cell, at)]
    for name, (x, y) in anode_names(cell).items():
        found += _anode(cell, at, name, x, y)
    return tuple(found)


def _lining(cell, at):
    lining, inside = cell.lining, at.shell_inside
    insulation = cell.side.thickness + cell.side.joint_thickness
    refractory = _wider(inside, -insulation)
    return [
        *_slab("shell.bottom", cell.side.shell, at.shell_outside, (at.shell_bottom, at.shell_floor), electric=False),
        *_slab("lining.slab", lining.slab, inside, (at.shell_floor, at.insulation_bottom)),
        *_slab("lining.insulation", lining.insulation, inside, (at.insulation_bottom, 0.0)),
        *_slab("lining.refractory", lining.refractory, refractory, (at.refractory_bottom, 0.0)),
    ]


def _cathode(cell, at):
    cathode = cell.cathode
    part = {"part": "cathode_ohmic"}
    height = (at.block_bottom, 0.0)
    found = [
        *_slab("cathode.seam", cathode.paste, at.seam, height, **part),
        *_slab("cathode.joint", cathode.paste, at.blocks, height, **part),
    ]
    for block in range(cathode.blocks):
        x = _around((block - (cathode.blocks - 1) / 2) * cathode.pitch, cathode.width / 2)
        found += _box(f"cathode.block_{block + 1:02d}", cathode.material, x, (-at.blocks[1], at.blocks[1]), height, **part)
    return found


def _bars(cell, at):
    bars, found = cell.bars, []
    part = {"part": "cathode_ohmic"}
    for n, (_, x, sign) in bar_numbers(cell).items():
        inside = _span(sign, bars.centre_gap / 2, at.blocks[1])
        iron = (at.block_bottom, at.bar_top + bars.cast_iron)
        found += _box(f"cast_iron_{n:02d}", "cast_iron", _around(x, bars.width / 2 + bars.cast_iron), inside, iron, **part)
        length = _span(sign, bars.centre_gap / 2, at.bar_end)
        found += _box(f"bar_{n:02d}", bars.material, _around(x, bars.width / 2), length, (at.block_bottom, at.bar_top), **part)
    return found


def _melt(cell, at):
    found = [
        *_slab("metal", "aluminium_liquid", at.face, (0.0, at.metal), part="cathode_ohmic"),
        *_slab("bath", "bath", at.face, (at.metal, at.bath), part="bath_ohmic"),
        *_slab("gas", "gas", at.face, (at.bath, at.lid_bottom)),
    ]
    bottom = 0.0
    for step in cell.cathode.slope:
        inner = _wider(at.face, -step.width)
        found += _ring("cathode.slope", cell.cathode.paste, inner, at.face, (bottom, step.top), part="cathode_ohmic")
        bottom = step.top
    return found


def _walls(cell, at):
    side, top = cell.side, cell.top
    found = [
        *_ring("side.block", side.material, at.face, at.side_outside, (0.0, side.top)),
        *_ring("side.joint", "side_joint", at.side_outside, at.shell_inside, (0.0, side.top)),
        *_ring("freeboard.fill", "fibre_board", at.face, at.shell_inside, (side.top, side.shell_top)),
        *_ring("shell.side", side.shell, at.shell_inside, at.shell_outside, (at.shell_floor, side.shell_top), electric=False),
        *_ring("deck", side.shell, at.lid, at.shell_outside, (side.shell_top, at.deck_top), electric=False),
        *_ring("freeboard.skirt", "fibre_board", at.face, at.lid, (side.shell_top, at.lid_bottom)),
        *_ring("freeboard.board", "fibre_board", _wider(at.face, -top.board), at.face, (at.bath, at.lid_bottom)),
    ]
    lip = _wider(at.face, -top.lip_width)
    return [*found, *_ring("freeboard.lip", "ledge", lip, at.face, (at.bath, at.bath + top.lip_height)), *_bars(cell, at)]


def _top(cell, at):
    return [
        *_slab("lid.board", "lid_board", at.lid, (at.lid_bottom, at.lid_board_top)),
        *_slab("lid.steel", cell.side.shell, at.lid, (at.lid_board_top, at.lid_top), electric=False),
    ]


def _anode(cell, at, name, x, y):
    anodes, stems = cell.anodes, cell.stems
    bottom = at.anode + anodes.raised.get(name, 0.0)
    top = bottom + anodes.thickness
    more = {"part": "anode_ohmic", "anode": name}
    square = _around(x, stems.side / 2), _around(y, stems.side / 2)
    plate = _around(x, anodes.width / 2), _around(y, anodes.length / 2)
    return [
        *_box(f"{name}.plate", anodes.material, *plate, (bottom, top), **more),
        *_box(f"{name}.stem", stems.material, *square, (top, stems.top), **more),
        *_box(f"{name}.rod", "rod", *square, (stems.top, stems.top + stems.rod_length), **more),
    ]


UPRIGHT = ("x-", "x+", "y-", "y+")


def surfaces(cell, symmetry):
    """Outer surfaces of the modelled part of the cell.

    Parameters
    ----------
    cell : Cell
    symmetry : tuple of "x" and "y", planes the model is cut at; what lies at negative x or y of them has no surface

    Returns
    -------
    tuple of Surface
    """
    at = Levels(cell)
    heights = [at.shell_bottom, 0.0, at.metal, at.bath, cell.side.shell_top]
    found = [Surface(name="lid_top", of="lid.steel", sides=("z+",)), Surface(name="lid_edges", of="lid.*", sides=UPRIGHT)]
    if at.lid_bottom > at.deck_top:
        found.append(Surface(name="skirt", of="freeboard.skirt", sides=UPRIGHT))
    found += [Surface(name="deck_top", of="deck", sides=("z+",)), Surface(name="deck_edges", of="deck", sides=UPRIGHT)]
    for name, low, high in zip(("lower", "metal", "bath", "upper"), heights[:-1], heights[1:], strict=True):
        found.append(Surface(name=f"shell_{name}", of="shell.*", sides=UPRIGHT, z=_lengths(low, high)))
    found += [
        Surface(name="shell_bottom", of="shell.bottom", sides=("z-",)),
        Surface(name="bar_sides", of="bar_*", sides=("x-", "x+")),
        Surface(name="bar_flats", of="bar_*", sides=("z-", "z+")),
        Surface(name="rod_sides", of="anode_*.rod", sides=UPRIGHT),
        Surface(name="stem_sides", of="anode_*.stem", sides=UPRIGHT),
    ]
    for name, (x, y) in anode_names(cell).items():
        if _modelled(x, y, symmetry):
            kind = "rod_open" if name in cell.anodes.disconnected else "rod_top"
            found.append(Surface(name=f"{kind}_{name[-2:]}", of=f"{name}.rod", sides=("z+",)))
    for n, (_, x, sign) in bar_numbers(cell).items():
        if _modelled(x, sign, symmetry):
            found.append(Surface(name=f"bar_end_{n:02d}", of=f"bar_{n:02d}", sides=("y+",) if sign > 0 else ("y-",)))
    return tuple(found)


def _modelled(x, y, symmetry):
    """Whether something centred at x, y reaches into the modelled part."""
    return not ("x" in symmetry and x < -1e-9) and not ("y" in symmetry and y < -1e-9)


def mesh(cell, symmetry):
    """What the cell asks of its mesh: the middle planes, so that parts of the cell mesh as the whole does, and a fine gap."""
    at = Levels(cell)
    bottoms = [at.anode + rise for rise in (0.0, *cell.anodes.raised.values())]
    refinements = [
        _refinement(at.metal, min(bottoms), cell.mesh.gap_cells),
        _refinement(at.anode, at.anode + cell.anodes.thickness, cell.mesh.plate_cells),
    ]
    top = at.anode + cell.anodes.thickness
    if at.bath - top > 1e-3:
        refinements.append(_refinement(top, at.bath, cell.mesh.cover_cells))
    ends = {y + side * cell.anodes.length / 2 for _, y in anode_names(cell).values() for side in (-1, 1)}
    beside = sorted({round(end + side * cell.mesh.edge, _DIGITS) for end in ends for side in (-1, 1)})
    across = [y for y in beside if abs(y) < at.face[1] and all(abs(abs(y) - abs(end)) > 0.9 * cell.mesh.edge for end in ends)]
    return {"planes_x": _lengths(0.0), "planes_y": _lengths(0.0, *across), "refinements": refinements, "symmetry": symmetry}


def _refinement(low, high, cells):
    return {"axis": "z", "extent": _lengths(low, high), "cells": cells}


def check(cell):
    """Whether the parts fit together.

    Raises
    ------
    ValueError
        Names the option that does not fit and what is allowed.
    """
    at, anodes, bars = Levels(cell), cell.anodes, cell.bars
    names = anode_names(cell)
    for key, given in (("raised", anodes.raised), ("disconnected", anodes.disconnected)):
        for name in given:
            if name not in names:
                raise ValueError(f'anodes.{key}: no anode is called "{name}"; allowed: anode_01 to anode_{len(names):02d}')
    along = (anodes.per_row - 1) / 2 * anodes.pitch + anodes.width / 2
    across = anodes.length / 2 if anodes.rows == 1 else anodes.length + anodes.centre_channel / 2
    reach = bars.cast_iron + bars.width / 2
    wall_board = max(cell.top.board, cell.top.lip_width)
    limits = [
        ("anodes.width", anodes.width, "at most anodes.pitch", anodes.pitch),
        ("anodes: half the length of a row", along, "less than half of pools.length", at.face[0]),
        ("anodes: half the width of the rows", across, "less than half of pools.width", at.face[1]),
        ("stems.side", cell.stems.side, "at most the smaller side of an anode", min(anodes.width, anodes.length)),
        ("lid top", at.lid_top, "below stems.top", cell.stems.top),
        ("cathode.width", cell.cathode.width, "at most cathode.pitch", cell.cathode.pitch),
        ("cathode: half length of the seam", at.seam[0], "at most half of pools.length", at.face[0]),
        ("cathode: half width of the seam", at.seam[1], "at most half of pools.width", at.face[1]),
        ("bars.width with cast iron", 2 * reach, "less than cathode.width", cell.cathode.width),
        ("bars.height with cast iron", bars.height + bars.cast_iron, "less than cathode.height", cell.cathode.height),
        ("bars.centre_gap", bars.centre_gap, "less than cathode.length", cell.cathode.length),
        ("half the shell's width", at.shell_outside[1], "less than the reach of the bars; see bars.outside", at.bar_end),
        ("anodes.gap with anodes.thickness: the top of the plates", at.anode + anodes.thickness, "at most the bath surface", at.bath),
        ("bath surface", at.bath, "at most side.top", cell.side.top),
        ("side.top", cell.side.top, "at most side.shell_top", cell.side.shell_top),
        ("deck top", at.deck_top, "at most top.lid_height", at.lid_bottom),
        ("half of pools.length", at.face[0], "less than half of top.lid_length", at.lid[0]),
        ("half of pools.width", at.face[1], "less than half of top.lid_width", at.lid[1]),
        ("half of top.lid_length", at.lid[0], "less than half the shell's length", at.shell_outside[0]),
        ("half of top.lid_width", at.lid[1], "less than half the shell's width", at.shell_outside[1]),
        ("bath surface with top.lip_height", at.bath + cell.top.lip_height, "at most top.lid_height", at.lid_bottom),
        ("top.board or top.lip_width", wall_board, "less than half of pools.width", at.face[1]),
    ]
    for name, value, allowed, limit in limits:
        if value > limit + 1e-9:
            raise ValueError(f"{name} is {value:.6g} m; allowed: {allowed}, {limit:.6g} m")
    for name, rise in anodes.raised.items():
        bottom, top = at.anode + rise, at.anode + rise + anodes.thickness
        if bottom <= at.metal or top >= at.lid_bottom:
            raise ValueError(f"anodes.raised: {name} would reach from {bottom:.6g} to {top:.6g} m; allowed: between the metal "
                             f"surface, {at.metal:.6g} m, and the lid, {at.lid_bottom:.6g} m")
    if len(set(anodes.disconnected)) == len(names):
        raise ValueError("anodes.disconnected: no anode is left on the beam; allowed: all but one")
    bottom = 0.0
    for step in cell.cathode.slope:
        if step.top <= bottom or step.top > at.bath or step.width >= at.face[1]:
            raise ValueError(f"cathode.slope: step to {step.top:.6g} m; allowed: rising tops, none above the bath surface")
        bottom = step.top
    _check_symmetry(cell, names)


def _check_symmetry(cell, names):
    """Whether the two sides of every symmetry plane are alike."""
    for axis in SYMMETRY[cell.symmetry]:
        if axis == "x" and (cell.anodes.per_row % 2 or cell.cathode.blocks % 2):
            raise ValueError('symmetry: the plane x = 0 would cut an anode or a block; allowed: "half" or "full"')
        if axis == "y" and cell.anodes.rows == 1:
            raise ValueError('symmetry: the plane y = 0 would cut the anodes; allowed: "full"')
        for name, (x, y) in names.items():
            mirrored = (-x, y) if axis == "x" else (x, -y)
            twin = next(n for n, place in names.items() if abs(place[0] - mirrored[0]) + abs(place[1] - mirrored[1]) < 1e-9)
            same = cell.anodes.raised.get(name, 0.0) == cell.anodes.raised.get(twin, 0.0)
            if not same or (name in cell.anodes.disconnected) != (twin in cell.anodes.disconnected):
                raise ValueError(f'symmetry: "{cell.symmetry}" needs {name} and {twin} alike; allowed: symmetry = "full"')
