"""Boxes that change their size while their mesh keeps its cells: layers between the planes of boxes are stretched."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import CaseError
from oxycell.mesh.build import box_planes, clipped, place_of
from oxycell.mesh.lattice import stretched
from oxycell.mesh.mesh import AXES, SAME, Mesh
from oxycell.mesh.options import Box, MeshOptions

_TOGETHER = 2.0 * SAME
"""Shifts [m] of two boxes on one plane that are one shift: each place is rounded to `SAME`."""


class Shifts(NamedTuple):
    """How far the planes of boxes have moved along an axis.

    Attributes
    ----------
    planes : (n,) [m], increasing, at the start; by : (n,) [m]
    """

    planes: Floats
    by: Floats

    def edges(self, edges: Floats) -> Floats:
        """Cell edges (m,) [m] of the start as they are now: linear between planes."""
        moved: Floats = edges + np.interp(edges, self.planes, self.by)
        return moved


class Ground(NamedTuple):
    """The mesh a run over time began with.

    Attributes
    ----------
    mesh : Mesh
    notes : list of str, see `mesh.build.build_mesh`
    boxes : sequence of Box that it was made of, none of a mesh file
    options : MeshOptions
    """

    mesh: Mesh
    notes: list[str]
    boxes: Sequence[Box]
    options: MeshOptions

    def moved(self, boxes: Sequence[Box]) -> Mesh:
        """The mesh with its boxes as they are now; CaseError: see `shifts`."""
        found = shifts(self.boxes, self.options, boxes)
        if self.mesh.lattice is None or not any(along.by.any() for along in found.values()):
            return self.mesh
        return stretched(
            self.mesh, [found[axis].edges(edges) for axis, edges in zip(AXES, self.mesh.lattice.edges, strict=True)]
        )


def shifts(boxes: Sequence[Box], options: MeshOptions, now: Sequence[Box]) -> dict[str, Shifts]:
    """How far the planes of boxes have moved.

    Parameters
    ----------
    boxes : sequence of Box of which a mesh was made; options : MeshOptions of it
    now : as many boxes, the same in all but their extents

    Returns
    -------
    dict axis → Shifts; empty without boxes

    Raises
    ------
    CaseError
        Boxes on one plane move apart, change their order, or come closer than `options.merge_distance`.
    """
    return {axis: _shifts(boxes, options, now, axis) for axis in AXES} if boxes else {}


def _shifts(boxes: Sequence[Box], options: MeshOptions, now: Sequence[Box], axis: str) -> Shifts:
    planes, merged, _ = box_planes(boxes, options, axis)
    by, first = np.zeros(planes.size), [""] * planes.size
    for box, moved in zip(boxes, now, strict=True):
        (low, high), there = clipped(box, axis, options), clipped(moved, axis, options)
        if (low < high) != (there[0] < there[1]):
            raise CaseError(
                f"box {box.name!r} crosses the plane of symmetry {axis} = 0; allowed: boxes that stay on their side"
            )
        for old, new in ((low, there[0]), (high, there[1])) if low < high else ():
            at = place_of(old, merged, planes)
            if not first[at]:
                by[at], first[at] = new - old, box.name
            elif abs(new - old - by[at]) > _TOGETHER:
                raise CaseError(
                    f"boxes {first[at]!r} and {box.name!r} meet at {axis} = {planes[at]:.6g} m at the start and move "
                    f"apart, by {by[at]:.6g} m and {new - old:.6g} m; allowed: boxes that move together there, or do "
                    "not meet at the start"
                )
    moves = np.array([bool(name) for name in first])  # all but what [mesh] adds
    planes, by, names = planes[moves], by[moves], [name for name in first if name]
    close = np.flatnonzero(np.diff(planes + by) <= options.merge_distance + SAME)
    if close.size:
        low = int(close[0])
        raise CaseError(
            f"planes of boxes {names[low]!r} and {names[low + 1]!r}, at the start {axis} = {planes[low]:.6g} m and "
            f"{planes[low + 1]:.6g} m, move to {planes[low] + by[low]:.6g} m and {planes[low + 1] + by[low + 1]:.6g} "
            f"m; allowed: planes in the same order, more than {options.merge_distance:.6g} "
            "m apart"
        )
    return Shifts(planes, by)
