"""Cell with horizontal plates over a metal pad → boxes, outer surfaces and mesh planes; the whole cell, all four
quarters."""

from oxycell.cell import heights, vessel, vessel_fit, vessel_mesh
from oxycell.cell.drawing import DIGITS, around, box
from oxycell.cell.vessel_mesh import refinement

# how much wider than those at a plate's side cells along it may be: what crowds there is in the gaps between plates
_BESIDE = 10.0


class HorizontalHeights(heights.LiddedHeights):
    """Heights of a cell with a lid, and of its plates.

    Attributes
    ----------
    anode : float, height of the anode bottoms
    """

    def __init__(self, cell):
        super().__init__(cell)
        self.anode = self.metal + cell.anodes.gap


def anode_names(cell):
    """Names of the anodes with their centres: name → (x, y); rows from low to high y, in a row from low to high x."""
    return heights.in_rows(cell.anodes, cell.anodes.length + cell.anodes.centre_channel)


def boxes(cell):
    """All boxes; where they overlap the later one counts.

    Parameters
    ----------
    cell : HorizontalCell

    Returns
    -------
    tuple of Box
    """
    at = HorizontalHeights(cell)
    found = vessel.lidded(cell, at)
    for name, (x, y) in anode_names(cell).items():
        found += _anode(cell, at, name, x, y)
    return tuple(found)


def _anode(cell, at, name, x, y):
    anodes, stems = cell.anodes, cell.stems
    bottom = at.anode + anodes.raised.get(name, 0.0)
    top = bottom + anodes.thickness
    more = {"part": "anode_ohmic", "anode": name}
    square = around(x, stems.side / 2), around(y, stems.side / 2)
    plate = around(x, anodes.width / 2), around(y, anodes.length / 2)
    found, foot = box(f"{name}.plate", anodes.material, *plate, (bottom, top), **more), top
    if anodes.core is not None:
        cover, foot = anodes.core.cover, top - anodes.core.cover
        inside = around(x, anodes.width / 2 - cover), around(y, anodes.length / 2 - cover)
        found += box(f"{name}.core", anodes.core.material, *inside, (bottom + cover, foot), **more)
    return [
        *found,
        *box(f"{name}.stem", stems.material, *square, (foot, stems.top), **more),
        *box(f"{name}.rod", "rod", *square, (stems.top, stems.top + stems.rod_length), **more),
    ]


def surfaces(cell, symmetry):
    """Outer surfaces of the modelled part of the cell.

    Parameters
    ----------
    cell : HorizontalCell
    symmetry : tuple of "x" and "y", planes the model is cut at; what lies at negative x or y of them has no surface

    Returns
    -------
    tuple of Surface
    """
    found = vessel.lidded_surfaces(cell, HorizontalHeights(cell), anode_names(cell), symmetry)
    return (*found, *vessel.bar_ends(cell, symmetry))


def mesh(cell, symmetry):
    """What the cell asks of its mesh: the middle planes, so that parts of the cell mesh as the whole does, and a fine
    gap."""
    at = HorizontalHeights(cell)
    bottoms = [at.anode + rise for rise in (0.0, *cell.anodes.raised.values())]
    refinements = [
        refinement(at.metal, min(bottoms), cell.mesh.gap_cells),
        refinement(at.anode, at.anode + cell.anodes.thickness, cell.mesh.plate_cells),
    ]
    top = at.anode + cell.anodes.thickness
    if at.bath - top > 1e-3:
        refinements.append(refinement(top, at.bath, cell.mesh.cover_cells))
    names, half = anode_names(cell), cell.anodes.width / 2
    sides = sorted({round(x + side * half, DIGITS) for x, _ in names.values() for side in (-1, 1)})
    beside = [
        vessel_mesh.width("x", x, cell.mesh.edge, growth=_BESIDE) for x in sides if "x" not in symmetry or x > 0.0
    ]
    return vessel_mesh.mesh(cell, at, names, symmetry, refinements, beside)


def check(cell):
    """Whether the parts fit together.

    Raises
    ------
    ValueError
        Names the option that does not fit and what is allowed.
    """
    at, anodes = HorizontalHeights(cell), cell.anodes
    names = anode_names(cell)
    vessel_fit.check_names("anodes.raised", anodes.raised, names)
    vessel_fit.check_names("anodes.disconnected", anodes.disconnected, names)
    along = (anodes.per_row - 1) / 2 * anodes.pitch + anodes.width / 2
    across = heights.half_across(anodes)
    if anodes.core is not None:
        shell, least = (
            2.0 * anodes.core.cover,
            min(anodes.thickness, anodes.width - cell.stems.side, anodes.length - cell.stems.side),
        )
        if shell >= least - 1e-3:
            raise ValueError(
                f"anodes.core.cover on both sides is {shell:.6g} m; allowed: less than the plate's thickness and what "
                f"the stem leaves of its sides, {least:.6g} m"
            )
    vessel_fit.check_limits(
        [
            ("anodes.width", anodes.width, "at most anodes.pitch", anodes.pitch),
            ("anodes: half the length of a row", along, "less than half of pools.length", at.face[0]),
            ("anodes: half the width of the rows", across, "less than half of pools.width", at.face[1]),
            ("stems.side", cell.stems.side, "at most the smaller side of an anode", min(anodes.width, anodes.length)),
            ("lid top", at.lid_top, "below stems.top", cell.stems.top),
            (
                "anodes.gap with anodes.thickness: the top of the plates",
                at.anode + anodes.thickness,
                "at most the bath surface",
                at.bath,
            ),
            *vessel_fit.vessel_limits(cell, at),
            *vessel_fit.lid_limits(cell, at),
        ]
    )
    for name, rise in anodes.raised.items():
        bottom, top = at.anode + rise, at.anode + rise + anodes.thickness
        if bottom <= at.metal or top >= at.lid_bottom:
            raise ValueError(
                f"anodes.raised: {name} would reach from {bottom:.6g} to {top:.6g} m; allowed: between the metal "
                f"surface, {at.metal:.6g} m, and the lid, {at.lid_bottom:.6g} m"
            )
    vessel_fit.check_connected(anodes, names)
    vessel_fit.check_slope(cell, at)
    vessel_fit.check_symmetry(cell, names, lambda name: (anodes.raised.get(name, 0.0), name in anodes.disconnected))
