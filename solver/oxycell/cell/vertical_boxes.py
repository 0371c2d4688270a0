"""Cell with vertical plates over a metal sump → boxes, outer surfaces and mesh planes; the whole cell, all four
quarters."""

from types import SimpleNamespace

from oxycell.cell import heights, vessel, vessel_fit, vessel_mesh
from oxycell.cell.drawing import around, box, span
from oxycell.cell.vessel_mesh import refinement


class VerticalHeights(heights.LiddedHeights):
    """Heights of a cell with a lid, and of its plates.

    Attributes
    ----------
    pitch : float, distance of anode centres along x [m]
    anode, anode_top, plate_top : float, heights of the anodes' bottoms and tops and of the cathode plates' tops
    """

    def __init__(self, cell):
        super().__init__(cell)
        self.pitch = cell.anodes.thickness + 2.0 * cell.anodes.gap + cell.plates.thickness
        self.anode = self.metal + cell.anodes.clearance
        self.anode_top = self.anode + cell.anodes.height
        self.plate_top = cell.plates.height


def _row_step(cell):
    return cell.anodes.length + cell.anodes.centre_channel


def anode_names(cell):
    """Names of the anodes with their centres: name → (x, y); rows from low to high y, in a row from low to high x."""
    anodes = SimpleNamespace(rows=cell.anodes.rows, per_row=cell.anodes.per_row, pitch=VerticalHeights(cell).pitch)
    return heights.in_rows(anodes, _row_step(cell))


def plate_names(cell):
    """Names of the cathode plates with their centres, in the same order; each row begins and ends with one."""
    plates = SimpleNamespace(rows=cell.anodes.rows, per_row=cell.anodes.per_row + 1, pitch=VerticalHeights(cell).pitch)
    return {
        name.replace("anode", "cathode_plate"): place
        for name, place in heights.in_rows(plates, _row_step(cell)).items()
    }


def stud_places(cell, y):
    """Centres along y of the studs of an anode centred at y."""
    count = cell.stems.per_anode
    return [y + ((i + 0.5) / count - 0.5) * cell.anodes.length for i in range(count)]


def boxes(cell):
    """All boxes; where they overlap the later one counts.

    Parameters
    ----------
    cell : VerticalCell

    Returns
    -------
    tuple of Box
    """
    at = VerticalHeights(cell)
    found = vessel.lidded(cell, at, _inserts(cell, at))
    across = cell.anodes.length / 2
    for name, (x, y) in plate_names(cell).items():
        found += box(
            name,
            cell.plates.material,
            around(x, cell.plates.thickness / 2),
            around(y, across),
            (0.0, at.plate_top),
            part="cathode_ohmic",
        )
    for name, (x, y) in anode_names(cell).items():
        found += _anode(cell, at, name, x, y)
    return tuple(found)


def _inserts(cell, at):
    bars, found = cell.bars, []
    height = around(at.block_bottom + bars.height / 2, bars.insert_height / 2)
    for n, (_, x, sign) in heights.bar_numbers(cell).items():
        length = span(sign, bars.centre_gap / 2, at.bar_end)
        found += box(
            f"bar_{n:02d}.insert", bars.insert, around(x, bars.insert_width / 2), length, height, part="cathode_ohmic"
        )
    return found


def _anode(cell, at, name, x, y):
    anodes, stems = cell.anodes, cell.stems
    more = {"part": "anode_ohmic", "anode": name}
    plate = around(x, anodes.thickness / 2), around(y, anodes.length / 2)
    found = box(f"{name}.plate", anodes.material, *plate, (at.anode, at.anode_top), **more)
    for centre in stud_places(cell, y):
        square = around(x, stems.side / 2), around(centre, stems.side / 2)
        found += box(f"{name}.stem", stems.material, *square, (at.anode_top - stems.set_in, stems.top), **more)
        found += box(f"{name}.rod", "rod", *square, (stems.top, stems.top + stems.rod_length), **more)
    return found


def surfaces(cell, symmetry):
    """Outer surfaces of the modelled part of the cell.

    Parameters
    ----------
    cell : VerticalCell
    symmetry : tuple of "x" and "y", planes the model is cut at; what lies at negative x or y of them has no surface

    Returns
    -------
    tuple of Surface
    """
    found = vessel.lidded_surfaces(cell, VerticalHeights(cell), anode_names(cell), symmetry)
    ends = [end.model_copy(update={"of": f"{end.of}*"}) for end in vessel.bar_ends(cell, symmetry)]  # with the insert's
    return (*found, *ends)


def mesh(cell, symmetry):
    """What the cell asks of its mesh: the middle planes, so that parts of the cell mesh as the whole does, fine gaps
    and plates."""
    at, options = VerticalHeights(cell), cell.mesh
    low, high = at.anode, min(at.anode_top, at.plate_top)
    refinements = [refinement(at.metal, low, options.foot_cells), refinement(low, high, options.height_cells)]
    if at.bath - high > 1e-3:
        refinements.append(refinement(high, at.bath, options.cover_cells))
    half, gap = cell.anodes.thickness / 2, cell.anodes.gap
    for x in sorted({x for x, _ in anode_names(cell).values()}):
        for start, end, cells in (
            (x - half - gap, x - half, options.gap_cells),
            (x - half, x + half, options.plate_cells),
            (x + half, x + half + gap, options.gap_cells),
        ):
            if not ("x" in symmetry and x < 0.0):
                refinements.append(refinement(start, end, cells, "x"))
    return vessel_mesh.mesh(cell, at, anode_names(cell), symmetry, refinements)


def check(cell):
    """Whether the parts fit together.

    Raises
    ------
    ValueError
        Names the option that does not fit and what is allowed.
    """
    at, anodes, stems, bars = VerticalHeights(cell), cell.anodes, cell.stems, cell.bars
    names = anode_names(cell)
    vessel_fit.check_names("anodes.disconnected", anodes.disconnected, names)
    along = anodes.per_row / 2 * at.pitch + cell.plates.thickness / 2
    across = heights.half_across(anodes)
    vessel_fit.check_limits(
        [
            ("anodes and plates: half the length of a row", along, "less than half of pools.length", at.face[0]),
            ("anodes: half the width of the rows", across, "less than half of pools.width", at.face[1]),
            (
                "anodes.clearance with anodes.height: the top of the anodes",
                at.anode_top,
                "at most the bath surface",
                at.bath,
            ),
            ("plates.height", at.plate_top, "at most the bath surface", at.bath),
            ("the bottom of the anodes", at.anode, "below plates.height", at.plate_top - 1e-6),
            ("stems.side", stems.side, "at most anodes.thickness", anodes.thickness),
            ("stems.side times stems.per_anode", stems.side * stems.per_anode, "at most anodes.length", anodes.length),
            ("stems.set_in", stems.set_in, "less than anodes.height", anodes.height - 1e-6),
            ("lid top", at.lid_top, "below stems.top", stems.top),
            ("bars.insert_width", bars.insert_width, "less than bars.width", bars.width - 1e-6),
            ("bars.insert_height", bars.insert_height, "less than bars.height", bars.height - 1e-6),
            *vessel_fit.vessel_limits(cell, at),
            *vessel_fit.lid_limits(cell, at),
        ]
    )
    vessel_fit.check_connected(anodes, names)
    vessel_fit.check_slope(cell, at)
    vessel_fit.check_symmetry(cell, names, lambda name: name in anodes.disconnected)
