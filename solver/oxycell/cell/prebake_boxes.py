"""Prebake cell → boxes, outer surfaces and mesh planes; the whole cell, all four quarters."""

import math

from oxycell.cell import heights, vessel, vessel_fit, vessel_mesh
from oxycell.cell.drawing import around, box, ring, slab, wider
from oxycell.cell.vessel import UPRIGHT
from oxycell.cell.vessel_mesh import refinement
from oxycell.mesh.options import Surface

MEAN_SHARE = math.sqrt(math.pi) / 2.0
"""Side of a square over the diameter of the circle of the same area; also the circle's circumference over the
square's."""


class PrebakeHeights(heights.Heights):
    """Heights of a prebake cell.

    Attributes
    ----------
    anode, anode_top : float, heights of the blocks' bottoms and tops
    crust, crust_top, shoulder, cover_top : float, heights of the crust's two faces, of the cover over channels and
        anodes
    yoke, yoke_top : float, heights
    stub, iron : float, half sides of the squares drawn for a stub and for its cast iron
    panel : (float, float), half extents of the rectangle around all anodes
    """

    def __init__(self, cell):
        super().__init__(cell)
        anodes, rods, cover = cell.anodes, cell.rods, cell.cover
        self.anode = self.metal + anodes.gap
        self.anode_top = self.anode + anodes.height
        self.crust = self.bath + cover.cavity
        self.crust_top = self.crust + cover.crust_thickness
        self.cover_top = self.anode_top + cover.thickness
        self.shoulder = self.cover_top - cover.step
        self.yoke = self.anode_top + rods.stub_length
        self.yoke_top = self.yoke + rods.yoke_height
        self.stub = MEAN_SHARE * rods.stub_diameter / 2
        self.iron = MEAN_SHARE * (rods.stub_diameter / 2 + rods.cast_iron)
        along = (anodes.per_row - 1) / 2 * anodes.pitch + anodes.width / 2
        self.panel = (along, heights.half_across(anodes))


def anode_names(cell):
    """Names of the anodes with their centres: name → (x, y); rows from low to high y, in a row from low to high x."""
    return heights.in_rows(cell.anodes, cell.anodes.length + cell.anodes.centre_channel)


def stub_places(cell):
    """Centres of an anode's stubs along y, from its own centre [m]."""
    return [(n - (cell.rods.stubs - 1) / 2) * cell.rods.stub_pitch for n in range(cell.rods.stubs)]


def boxes(cell):
    """All boxes; where they overlap the later one counts.

    Parameters
    ----------
    cell : PrebakeCell

    Returns
    -------
    tuple of Box
    """
    at, cover = PrebakeHeights(cell), cell.cover
    found = [
        *vessel.lining(cell, at),
        *vessel.cathode(cell, at),
        *vessel.melt(cell, at, at.crust),
        *vessel.walls(cell, at, at.face, cover.material),
        *vessel.bars(cell, at),
        *ring("cover.rim", cover.crust, wider(at.face, -cover.rim), at.face, (at.bath, at.crust)),
        *slab("cover.crust", cover.crust, at.face, (at.crust, at.crust_top)),
        *slab("cover.channels", cover.material, at.face, (at.crust_top, at.shoulder)),
        *slab("cover.anodes", cover.material, at.panel, (at.crust_top, at.cover_top)),
    ]
    for name, (x, y) in anode_names(cell).items():
        found += _anode(cell, at, name, x, y)
    return tuple(found)


def _anode(cell, at, name, x, y):
    anodes, rods = cell.anodes, cell.rods
    rise = anodes.raised.get(name, 0.0)
    more = {"part": "anode_ohmic", "anode": name}
    top, hole = at.anode_top + rise, at.anode_top + rise - rods.hole_depth
    stubs = [y + place for place in stub_places(cell)]
    block = around(x, anodes.width / 2), around(y, anodes.length / 2), (at.anode + rise, top)
    found = box(f"{name}.carbon", anodes.material, *block, **more)
    for centre in stubs:
        found += box(f"{name}.iron", "cast_iron", around(x, at.iron), around(centre, at.iron), (hole, top), **more)
        found += box(f"{name}.stub", rods.steel, around(x, at.stub), around(centre, at.stub), (hole, at.yoke), **more)
    across = (stubs[0] - at.stub, stubs[-1] + at.stub)
    return [
        *found,
        *box(f"{name}.yoke", rods.steel, around(x, at.stub), across, (at.yoke, at.yoke_top), **more),
        *box(
            f"{name}.rod",
            "rod",
            around(x, at.stub),
            around(y, at.stub),
            (at.yoke_top, at.yoke_top + rods.length),
            **more,
        ),
    ]


def surfaces(cell, symmetry):
    """Outer surfaces of the modelled part of the cell.

    Parameters
    ----------
    cell : PrebakeCell
    symmetry : tuple of "x" and "y", planes the model is cut at; what lies at negative x or y of them has no surface

    Returns
    -------
    tuple of Surface
    """
    at = PrebakeHeights(cell)
    return (
        Surface(name="cover_top", of="cover.*", sides=("z+",)),
        Surface(name="cover_sides", of="cover.*", sides=UPRIGHT),
        *vessel.shell_surfaces(cell, at),
        Surface(name="stub_sides", of="anode_*.stub", sides=UPRIGHT),
        Surface(name="yoke_sides", of="anode_*.yoke", sides=UPRIGHT),
        *([Surface(name="yoke_flats", of="anode_*.yoke", sides=("z-", "z+"))] if cell.rods.stubs > 1 else []),
        Surface(name="rod_sides", of="anode_*.rod", sides=UPRIGHT),
        *vessel.rod_tops(anode_names(cell), cell.anodes.disconnected, symmetry),
        *vessel.bar_ends(cell, symmetry),
    )


def mesh(cell, symmetry):
    """What the cell asks of its mesh: the middle planes, so that parts of the cell mesh as the whole does, and a fine
    gap."""
    at = PrebakeHeights(cell)
    bottoms = [at.anode + rise for rise in (0.0, *cell.anodes.raised.values())]
    refinements = [
        refinement(at.metal, min(bottoms), cell.mesh.gap_cells),
        refinement(at.anode, at.bath, cell.mesh.bath_cells),
    ]
    return vessel_mesh.mesh(cell, at, anode_names(cell), symmetry, refinements)


def check(cell):
    """Whether the parts fit together.

    Raises
    ------
    ValueError
        Names the option that does not fit and what is allowed.
    """
    at, anodes, rods = PrebakeHeights(cell), cell.anodes, cell.rods
    names = anode_names(cell)
    vessel_fit.check_names("anodes.raised", anodes.raised, names)
    vessel_fit.check_names("anodes.disconnected", anodes.disconnected, names)
    rises = [0.0, *anodes.raised.values()]
    row = (rods.stubs - 1) * rods.stub_pitch + 2 * at.iron
    vessel_fit.check_limits(
        [
            ("anodes.width", anodes.width, "at most anodes.pitch", anodes.pitch),
            ("anodes: half the length of a row", at.panel[0], "less than half of pools.length", at.face[0]),
            ("anodes: half the width of the rows", at.panel[1], "less than half of pools.width", at.face[1]),
            ("rods.stub_diameter with cast iron", 2 * at.iron, "at most anodes.width", anodes.width),
            ("rods: the stubs with cast iron, drawn square,", row, "at most anodes.length", anodes.length),
            (
                "rods.stub_diameter with cast iron",
                2 * at.iron,
                "at most rods.stub_pitch",
                rods.stub_pitch if rods.stubs > 1 else math.inf,
            ),
            ("rods.hole_depth", rods.hole_depth, "less than anodes.height", anodes.height),
            ("highest anode bottom", at.anode + max(rises), "below the bath surface", at.bath),
            (
                "metal surface",
                at.metal,
                "below the lowest anode bottom; see anodes.gap and anodes.raised",
                at.anode + min(rises) - 1e-3,
            ),
            (
                "half the width of the rows with cover.rim",
                at.panel[1] + cell.cover.rim,
                "less than half of pools.width",
                at.face[1],
            ),
            (
                "half the length of a row with cover.rim",
                at.panel[0] + cell.cover.rim,
                "less than half of pools.length",
                at.face[0],
            ),
            (
                "top of the cover on the anodes",
                at.cover_top,
                "at most the yoke's bottom; see rods.stub_length",
                at.yoke,
            ),
            (
                "top of the crust",
                at.crust_top,
                "at most the cover's top over the channels; see cover.step",
                at.shoulder,
            ),
            ("deck top", at.deck_top, "at most the cover's top over the channels; see cover.step", at.shoulder),
            (
                "top of the highest anode",
                at.anode_top + max(rises),
                "at most the cover's top over the channels; see cover.step",
                at.shoulder,
            ),
            ("bath surface with cover.cavity", at.crust, "at most side.top", cell.side.top),
            *vessel_fit.vessel_limits(cell, at),
        ]
    )
    vessel_fit.check_connected(anodes, names)
    vessel_fit.check_slope(cell, at)
    vessel_fit.check_symmetry(cell, names, lambda name: (anodes.raised.get(name, 0.0), name in anodes.disconnected))
