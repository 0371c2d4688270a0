"""Boxes and outer surfaces of what every reduction cell has: lining, cathode blocks with their bars, melts, side walls,
shell, lid."""

from collections.abc import Mapping, Sequence
from typing import Any

from oxycell.cell.drawing import around, box, lengths, ring, slab, span, wider
from oxycell.cell.heights import Heights, LiddedHeights, Place, bar_numbers, modelled
from oxycell.mesh.options import Box, Side, Surface

UPRIGHT: tuple[Side, ...] = ("x-", "x+", "y-", "y+")


def lining(cell: Any, at: Heights) -> list[Box]:
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


def cathode(cell: Any, at: Heights) -> list[Box]:
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


def bars(cell: Any, at: Heights) -> list[Box]:
    """Boxes of the collector bars, which cut through all they cross, and of their cast iron."""
    options, found = cell.bars, list[Box]()
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


def lidded(cell: Any, at: LiddedHeights, inserts: Sequence[Box] = ()) -> list[Box]:
    """All boxes of a cell with a lid but its electrodes; inserts : boxes cut into the bars."""
    freeboard, lid = closed_top(cell, at)
    return [
        *lining(cell, at),
        *cathode(cell, at),
        *melt(cell, at, at.lid_bottom),
        *walls(cell, at, at.lid),
        *freeboard,
        *bars(cell, at),
        *inserts,
        *lid,
    ]


def lidded_surfaces(cell: Any, at: LiddedHeights, names: Mapping[str, Place], symmetry: Sequence[str]) -> list[Surface]:
    """Outer surfaces of a cell with a lid through which stems reach; names : anode name → (x, y)."""
    return [
        *lid_surfaces(at),
        *shell_surfaces(cell, at),
        Surface(name="rod_sides", of="anode_*.rod", sides=UPRIGHT),
        Surface(name="stem_sides", of="anode_*.stem", sides=UPRIGHT),
        *rod_tops(names, cell.anodes.disconnected, symmetry),
    ]


def lid_surfaces(at):
    """Outer surfaces of a lid and of the skirt it rests on."""
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
        found.append(Surface.in_si(name=f"shell_{name}", of="shell.*", sides=UPRIGHT, z=lengths(low, high)))
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


def bar_ends(cell: Any, symmetry: Sequence[str]) -> list[Surface]:
    """Ends of the modelled bars."""
    return [
        Surface(name=f"bar_end_{n:02d}", of=f"bar_{n:02d}", sides=("y+",) if sign > 0 else ("y-",))
        for n, (_, x, sign) in bar_numbers(cell).items()
        if modelled(x, sign, symmetry)
    ]
