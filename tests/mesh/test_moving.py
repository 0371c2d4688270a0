"""Boxes that move while their mesh keeps its cells."""

import re

import numpy as np
import pytest

from oxycell.errors import CaseError
from oxycell.mesh.build import build_mesh
from oxycell.mesh.mesh import Mesh
from oxycell.mesh.moving import Ground, shifts
from oxycell.mesh.options import Box, MeshOptions


def box(name, x, material="m", y=(0.0, 1.0), z=(0.0, 1.0)):
    return Box.in_si(name=name, material=material, x=x, y=y, z=z)


def stack(*places, **more):
    """Boxes one behind the other along x, between places [m]."""
    return tuple(box(f"b{i}", ends, **more) for i, ends in enumerate(zip(places[:-1], places[1:], strict=True)))


def ground(boxes, **options):
    options = MeshOptions.in_si(**{"size": 0.1, "merge_distance": 0.0} | options)
    return Ground(*build_mesh(boxes, options), boxes, options)


def test_nothing_moves():
    """The mesh itself, not one that is equal to it up to rounding."""
    begun = ground(stack(0.0, 0.1, 1.0 / 3.0))
    assert begun.moved(stack(0.0, 0.1, 1.0 / 3.0)) is begun.mesh


def test_equals_the_mesh_of_the_moved_boxes():
    """Cells of one width in each box: the same mesh is made anew, to rounding; all but its coordinates to the bit."""
    cells = {"cells_x": (3, 4), "cells_y": (2,), "cells_z": (1,), "symmetry": ("y",)}
    begun, after = ground(stack(0.0, 0.1, 0.3), **cells), stack(-0.2, 0.4, 0.5)
    moved, made = begun.moved(after), ground(after, **cells).mesh
    assert isinstance(moved, Mesh) and moved.n_cells == begun.mesh.n_cells == 14
    for name in ("region", "material", "owner", "neighbour", "outer"):
        assert np.array_equal(getattr(moved, name), getattr(made, name)), name
        assert np.array_equal(getattr(moved, name), getattr(begun.mesh, name)), name
    for name in ("cell_volume", "area", "distance", "cell_centre", "face_centre", "points"):
        found, right = np.asarray(getattr(moved, name)), np.asarray(getattr(made, name))
        assert found == pytest.approx(right, abs=1e-15), name
        assert found != pytest.approx(np.asarray(getattr(begun.mesh, name)), abs=1e-3) or name == "area", name
    assert (moved.region_names, moved.material_names, moved.multiplicity, moved.symmetry) == (
        made.region_names,
        made.material_names,
        2,
        ("y",),
    )
    assert moved.hash != begun.mesh.hash


def test_edges_between_planes_keep_their_shares():
    """Graded cells, further planes: linear between the planes of boxes, those that [mesh] adds included."""
    begun = ground(stack(0.0, 1.0, 2.0), size=0.3, planes_x=(0.45,), growth=1.5)
    before, after = begun.mesh.lattice.x, begun.moved(stack(0.0, 0.5, 2.0)).lattice.x
    low = before <= 1.0
    assert after[low] == pytest.approx(0.5 * before[low], abs=1e-15)
    assert after[~low] == pytest.approx(0.5 + 1.5 * (before[~low] - 1.0), abs=1e-15)
    assert 0.225 in after.round(12)


def test_what_overlaps_goes_along():
    """A layer within a wall moves through it: the wall keeps its ends, its cells beside the layer are stretched."""
    wall, layer = box("wall", (0.0, 0.1)), box("layer", (0.1, 0.5), z=(0.0, 0.4))
    begun = ground((wall, layer), size=0.2)
    after = begun.moved((wall, box("layer", (0.1, 0.5), z=(0.0, 0.8))))
    assert after.lattice.z == pytest.approx(np.interp(begun.mesh.lattice.z, [0.0, 0.4, 1.0], [0.0, 0.8, 1.0]))
    of_wall = after.cells("wall")
    assert after.cell_volume[of_wall].sum() == pytest.approx(begun.mesh.cell_volume[of_wall].sum(), rel=1e-14)
    assert after.cell_volume[~of_wall].sum() == pytest.approx(2.0 * begun.mesh.cell_volume[~of_wall].sum(), rel=1e-14)


def test_a_merged_plane_goes_where_its_boxes_go():
    """0.5 mm apart at the start, one plane of the mesh; they have to move together."""
    first, second = box("a", (0.0, 0.1)), box("b", (0.1005, 0.2))
    begun = ground((first, second), merge_distance=1e-3)
    assert begun.mesh.lattice.x[-1] == 0.2 and len(begun.notes) == 1
    after = begun.moved((box("a", (0.0, 0.12)), box("b", (0.1205, 0.2))))
    assert 0.12 in after.lattice.x.round(12) or 0.1205 in after.lattice.x.round(12)
    with pytest.raises(CaseError, match="meet at x = 0.1"):
        begun.moved((box("a", (0.0, 0.12)), second))


APART = "boxes 'a' and 'b' meet at x = 0.1 m at the start and move apart, by {} m and {} m; allowed: boxes that move"
NEAR = "planes of boxes '{}' and '{}', at the start x = {} m and {} m, move to {} m and {} m; allowed: planes in the"


@pytest.mark.parametrize(
    ("begun", "after", "message"),
    [
        (((0.0, 0.1), (0.1, 0.3)), ((0.0, 0.2), (0.1, 0.3)), APART.format(0.1, 0)),
        (((0.0, 0.1), (0.1, 0.3)), ((0.0, 0.1), (0.05, 0.3)), APART.format(0, -0.05)),
        (((0.0, 0.2), (0.3, 0.4)), ((0.0, 0.35), (0.3, 0.4)), NEAR.format("a", "b", 0.2, 0.3, 0.35, 0.3)),
        (((0.0, 0.2), (0.3, 0.4)), ((0.0, 0.2), (0.201, 0.4)), NEAR.format("a", "b", 0.2, 0.3, 0.2, 0.201)),
    ],
)
def test_what_cannot_be_followed(begun, after, message):
    names = "ab"
    first = tuple(box(name, ends) for name, ends in zip(names, begun, strict=True))
    options = MeshOptions.in_si(size=0.1, merge_distance=1e-3)
    with pytest.raises(CaseError, match=re.escape(message)):
        shifts(first, options, tuple(box(name, ends) for name, ends in zip(names, after, strict=True)))


def test_a_box_stays_on_its_side_of_a_plane_of_symmetry():
    options = MeshOptions.in_si(size=0.1, symmetry=("x",))
    inside, mirrored = box("a", (0.0, 0.3)), box("b", (-0.3, -0.1))
    shifts((inside, mirrored), options, (inside, box("b", (-0.4, -0.2))))
    with pytest.raises(CaseError, match=r"box 'b' crosses the plane of symmetry x = 0; allowed: boxes that stay"):
        shifts((inside, mirrored), options, (inside, box("b", (-0.3, 0.1))))


def test_a_mesh_file_stands_still():
    assert shifts((), MeshOptions(), ()) == {}
