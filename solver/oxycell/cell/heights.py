"""Where the parts of a reduction cell begin and end, where its anodes and bars are, and what of it is modelled."""

from collections.abc import Mapping, Sequence
from typing import Any

from oxycell.cell.drawing import wider

Place = tuple[float, float]
"""Along x and y [m]."""

SYMMETRY = {"full": (), "half": ("y",), "quarter": ("x", "y")}
"""How much of the cell is modelled → planes it is cut at; a half keeps one long side with all its anodes."""


class Heights:
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

    def __init__(self, cell: Any) -> None:
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


class LiddedHeights(Heights):
    """Heights of a cell closed by a lid.

    Attributes
    ----------
    lid : (float, float), half extents of the lid
    lid_bottom, lid_board_top, lid_top : float, heights
    """

    def __init__(self, cell: Any) -> None:
        super().__init__(cell)
        self.lid = (cell.top.lid_length / 2, cell.top.lid_width / 2)
        self.lid_bottom = cell.top.lid_height
        self.lid_board_top = self.lid_bottom + cell.top.lid_board
        self.lid_top = self.lid_board_top + cell.top.lid_steel


def in_rows(anodes: Any, step: float) -> dict[str, Place]:
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


def half_across(anodes: Any) -> float:
    """Half the width [m] of one row of anodes, or of two with the channel between them."""
    return anodes.length / 2 if anodes.rows == 1 else anodes.length + anodes.centre_channel / 2


def bar_numbers(cell: Any) -> dict[int, tuple[int, float, int]]:
    """Numbers of the half-bars with block and side: number → (block, x of its centre, sign of y); low y first."""
    cathode = cell.cathode
    bars: dict[int, tuple[int, float, int]] = {}
    for sign in (-1, 1):
        for block in range(cathode.blocks):
            bars[len(bars) + 1] = (block, (block - (cathode.blocks - 1) / 2) * cathode.pitch, sign)
    return bars


def modelled(x: float, y: float, symmetry: Sequence[str]) -> bool:
    """Whether something centred at x, y reaches into the modelled part."""
    return not ("x" in symmetry and x < -1e-9) and not ("y" in symmetry and y < -1e-9)


def anode_reach(cell: Any, names: Mapping[str, Place]) -> Place:
    """How far the anodes reach from the middle along x and y [m]."""
    half = getattr(cell.anodes, "width", None) or cell.anodes.thickness
    return max(x for x, _ in names.values()) + half / 2, max(y for _, y in names.values()) + cell.anodes.length / 2
