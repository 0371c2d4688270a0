"""What every reduction cell asks of its mesh."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from oxycell.cell.drawing import DIGITS, lengths, span
from oxycell.cell.heights import Heights, Place, anode_reach
from oxycell.mesh.options import MeshOptions, Refinement, Width


def refinement(low: float, high: float, cells: int, axis: str = "z") -> Refinement:
    """A minimum number of cells between two heights, or two places along another axis [m]."""
    return Refinement.in_si(axis=axis, extent=lengths(low, high), cells=cells)


def width(axis: str, at: float, value: float, **more: Any) -> Width:
    """A width [m] of the cells on both sides of a plane."""
    return Width.in_si(axis=axis, at=lengths(at)[0], width=lengths(value)[0], **more)


def mesh(
    cell: Any,
    at: Heights,
    names: Mapping[str, Place],
    symmetry: Sequence[str],
    refinements: Sequence[Refinement],
    widths: Sequence[Width] = (),
) -> MeshOptions:
    """What every cell asks of its mesh: the middle planes, so that parts of it mesh as the whole does, and those next
    to anode ends.

    Parameters
    ----------
    cell : options with `anodes` and `mesh`, a VesselMesh
    at : Heights of the cell
    names : anode name → (x, y)
    symmetry : axes
    refinements, widths : what a kind of cell asks for besides

    Returns
    -------
    MeshOptions
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
    return MeshOptions.in_si(
        planes_x=lengths(0.0),
        planes_y=lengths(0.0, *across),
        refinements=tuple(refinements),
        widths=(*narrow, *widths),
        symmetry=symmetry,
    )
