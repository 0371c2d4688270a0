"""Plane sections: linear fields exactly, jumps kept apart, the ledge's front where its thickness says, lines along the
flux."""

from dataclasses import replace

import numpy as np
import pytest

from oxycell.mesh.build import lattice_mesh
from oxycell.report.planes import cut, fronts, liquid_depth, lookup, nodes, outlines, sample, sides
from oxycell.report.streamlines import streamlines

EDGES = [np.array([0.0, 0.3, 0.5, 1.0]), np.array([0.0, 1.0]), np.array([0.0, 0.1, 0.4, 0.6, 1.0])]


def block(region=None, names=("block",)):
    region = np.zeros((3, 1, 4), int) if region is None else region
    return lattice_mesh(EDGES, region, list(names), ["steel"] * len(names), ())


def linear(points):
    return 2.0 * points[..., 0] - 3.0 * points[..., 2] + 1.0


def test_a_plane_shows_its_cells():
    region = np.arange(12).reshape(3, 1, 4)
    mesh = block(region, [str(i) for i in range(12)])
    plane = cut(mesh, 1, 0.7)
    assert plane.place == 0.5 and plane.axes == (0, 2)
    assert plane.same(mesh.region).tolist() == region[:, 0].T.tolist()
    assert len(outlines(plane, np.zeros((4, 3), int))) == 4
    assert len(outlines(plane, np.array([[0, 0, 1]] * 4))) == 5


def test_empty_space_stays_empty():
    region = np.zeros((3, 1, 4), int)
    region[1] = -1
    plane = cut(block(region), 1, 0.5)
    assert (plane.cell[:, 1] == -1).all() and np.isnan(plane.grid(np.ones(8))[:, 1]).all()
    assert (plane.cell[:, [0, 2]] >= 0).all()


def plane_field(mesh, owner_value, neighbour_value, chosen=None):
    plane = cut(mesh, 1, 0.5)
    face = np.arange(mesh.n_faces)
    ends = sides(plane, mesh, face, owner_value, neighbour_value)
    return plane, nodes(
        plane, plane.grid(linear(mesh.cell_centre)), ends, plane.cell >= 0 if chosen is None else chosen
    )


def test_fields_along_an_axis_are_exact_everywhere():
    mesh = block()
    plane = cut(mesh, 1, 0.5)
    for axis in (0, 2):
        at_face = mesh.face_centre[:, axis]
        a, b, values = nodes(
            plane,
            plane.grid(mesh.cell_centre[:, axis]),
            sides(plane, mesh, np.arange(mesh.n_faces), at_face, at_face),
            plane.cell >= 0,
        )
        at_a, at_b = np.linspace(0.0, 1.0, 23), np.linspace(0.0, 1.0, 17)
        expected = np.broadcast_to(at_a[None] if axis == 0 else at_b[:, None], (17, 23))
        assert sample(a, b, values, at_a, at_b) == pytest.approx(expected, abs=1e-14)


def test_oblique_fields_are_exact_at_centres_and_faces():
    mesh = block()
    value = linear(mesh.face_centre)
    _, (a, b, values) = plane_field(mesh, value, value)
    exact = 2.0 * a[None] - 3.0 * b[:, None] + 1.0
    assert values[1::2] == pytest.approx(exact[1::2], abs=1e-14)
    assert values[:, 1::2] == pytest.approx(exact[:, 1::2], abs=1e-14)


def test_sides_are_told_apart():
    """The owner sees 1, the neighbour 2: a cell has 1 where the normal of its face points outwards, 2 where inwards."""
    mesh = block()
    ends = sides(cut(mesh, 1, 0.5), mesh, np.arange(mesh.n_faces), np.ones(mesh.n_faces), np.full(mesh.n_faces, 2.0))
    assert (ends[0, :, 0] == 1.0).all() and (ends[1, :, 2] == 1.0).all()
    assert (ends[1, :, :2] + ends[0, :, 1:] == 3.0).all() and (ends[3, :3] + ends[2, 1:] == 3.0).all()
    assert (ends[4:] == 1.0).all()


def test_values_of_others_do_not_leak_in():
    mesh = block()
    value = linear(mesh.face_centre)
    chosen = np.zeros((4, 3), bool)
    chosen[:, 0] = True
    plane, (a, b, values) = plane_field(mesh, value, value + 1e6, chosen)
    assert np.isnan(values[:, 3:]).all() and np.nanmax(np.abs(values)) < 1e6 * (1 + 1e-5)
    assert np.isfinite(values[:, :3]).all()
    assert lookup(plane, np.array([0.1, 0.9]), np.array([0.05])).tolist() == [[0, 2]]


def ledge_mesh(wall_region):
    names = ["pool", "wall"]
    edges = [np.linspace(0.0, 1.0, 11), np.linspace(0.0, 1.0, 11), np.linspace(0.0, 0.5, 6)]
    return lattice_mesh(edges, wall_region, names, names, ())


def ledge_record(mesh, thickness):
    """Ledge on every vertical face between pool (0) and wall (1); thickness : function of the face's centre."""
    inner = np.flatnonzero(mesh.neighbour >= 0)
    between = inner[
        (mesh.region[mesh.owner[inner]] != mesh.region[mesh.neighbour[inner]]) & (np.abs(mesh.normal[inner, 2]) < 0.5)
    ]
    return {
        "ledge": {
            "face": between,
            "thickness": thickness(mesh.face_centre[between]),
            "wall_region": np.ones(between.size, int),
        }
    }


def test_front_is_the_wall_less_the_thickness():
    region = np.zeros((10, 10, 5), int)
    region[9:] = 1
    mesh = ledge_mesh(region)
    record = ledge_record(mesh, lambda x: 0.1 + 0.2 * x[:, 2])
    plane = cut(mesh, 1, 0.55)
    (front,) = fronts(plane, mesh, record)
    assert (front.normal, front.towards) == (0, 1.0)
    assert front.surface == pytest.approx(0.9 - 0.1 - 0.2 * front.along, abs=1e-14)
    at_a, at_b = np.linspace(0.0, 0.89, 90), np.linspace(0.05, 0.45, 9)
    depth = liquid_depth([front], at_a, at_b)
    assert depth == pytest.approx((0.8 - 0.2 * at_b)[:, None] - at_a[None], abs=1e-12)  # no steps between the faces


def test_plan_outline_goes_round_the_corner():
    region = np.zeros((10, 10, 5), int)
    region[9:], region[:, 9:] = 1, 1
    mesh = ledge_mesh(region)
    record = ledge_record(mesh, lambda x: np.where(x[:, 0] > 0.899, 0.15, 0.25))
    found = fronts(cut(mesh, 2, 0.25), mesh, record)
    assert {(front.normal, front.towards) for front in found} == {(0, 1.0), (1, 1.0)}
    at = np.linspace(0.005, 0.895, 179)
    frozen = liquid_depth(found, at, at) < 0.0
    expected = (at[None] > 0.75) | (at[:, None] > 0.65)
    near = (np.abs(at[None] - 0.75) < 1e-3) | (np.abs(at[:, None] - 0.65) < 1e-3)
    assert (frozen == expected)[~near].all()


def test_columns_that_meet_another_wall_take_over_the_nearest_front():
    region = np.zeros((10, 10, 5), int)
    region[9:] = 1
    mesh = ledge_mesh(region)
    record = ledge_record(mesh, lambda x: np.where(x[:, 1] > 0.8, 0.01, 0.2))
    plain = liquid_depth(fronts(cut(mesh, 2, 0.25), mesh, record), np.array([0.85]), np.array([0.5, 0.85]))
    assert plain[0, 0] < 0.0 < plain[1, 0]
    record["ledge"]["frozen_through"] = (mesh.face_centre[record["ledge"]["face"]][:, 1] > 0.8).astype(int)
    assert (liquid_depth(fronts(cut(mesh, 2, 0.25), mesh, record), np.array([0.85]), np.array([0.5, 0.85])) < 0.0).all()


def test_steps_of_a_wall_are_one_front_and_walls_behind_each_other_are_two():
    region = np.zeros((10, 10, 5), int)
    region[9:] = 1
    region[8:, :, 0] = 1
    mesh = ledge_mesh(region)
    (front,) = fronts(cut(mesh, 1, 0.5), mesh, ledge_record(mesh, lambda x: np.full(len(x), 0.1)))
    assert front.wall == pytest.approx([0.8, 0.9, 0.9, 0.9, 0.9])
    region[4] = 1
    mesh = ledge_mesh(region)
    found = fronts(cut(mesh, 1, 0.5), mesh, ledge_record(mesh, lambda x: np.full(len(x), 0.1)))
    walls = sorted((front.towards, round(float(front.wall.max()), 9)) for front in found)
    assert walls == [(-1.0, 0.5), (1.0, 0.4), (1.0, 0.8), (1.0, 0.9)]


def flat(plane, along_a, along_b):
    """Flux densities at the faces of a plane from functions of the place."""
    low_a, high_a = along_a(plane.a[:-1])[None], along_a(plane.a[1:])[None]
    low_b, high_b = along_b(plane.b[:-1])[:, None], along_b(plane.b[1:])[:, None]
    return np.stack([np.broadcast_to(end, plane.cell.shape) for end in (low_a, high_a, low_b, high_b)])


def test_lines_of_a_uniform_bar_are_straight_parallel_and_even():
    plane = cut(block(), 1, 0.5)
    lines = streamlines(
        plane, flat(plane, lambda a: np.full(a.size, 3.0), lambda b: np.zeros(b.size)), 0.1, (0.0, 1.0, 0.0, 1.0)
    )
    assert len(lines) >= 6
    heights = np.sort([line[:, 1].mean() for line in lines])
    for line in lines:
        assert np.ptp(line[:, 1]) < 1e-12 and (np.diff(line[:, 0]) > 0).all()
        assert (line[0, 0], line[-1, 0]) == (pytest.approx(0.0, abs=1e-12), pytest.approx(1.0))
    assert np.diff(heights).min() > 0.05


def test_lines_follow_a_field_without_divergence():
    """Flux (a, −b): stagnation-point flow, whose lines are hyperbolas a·b = constant."""
    edges = [np.linspace(0.1, 1.1, 41), np.array([0.0, 1.0]), np.linspace(0.2, 1.2, 31)]
    plane = cut(lattice_mesh(edges, np.zeros((40, 1, 30), int), ["block"], ["steel"], ()), 1, 0.5)
    ends = flat(plane, lambda a: a, lambda b: -b)
    assert (ends[1] - ends[0]) / np.diff(plane.a) + (ends[3] - ends[2]) / np.diff(plane.b)[:, None] == pytest.approx(
        0.0, abs=1e-12
    )
    lines = streamlines(plane, ends, 0.08, (0.1, 1.1, 0.2, 1.2))
    assert len(lines) > 5
    for line in lines:
        product = line.prod(1)
        assert np.ptp(product) < 5e-3 * product.mean()  # points between faces are on chords
        assert line[-1, 0] > line[0, 0] and line[-1, 1] < line[0, 1]


def test_lines_stay_out_of_what_does_not_conduct():
    plane = cut(block(), 1, 0.5)
    ends = flat(plane, lambda a: np.zeros(a.size), lambda b: np.ones(b.size)).copy()
    ends[:, :, 1] = np.nan
    lines = streamlines(plane, ends, 0.1, (0.0, 1.0, 0.0, 1.0))
    assert lines and all(((line[:, 0] < 0.3) | (line[:, 0] > 0.5)).all() for line in lines)
    assert streamlines(plane, np.zeros((4, 4, 3)), 0.1, (0.0, 1.0, 0.0, 1.0)) == []


def test_raster_of_a_mesh_without_a_lattice_finds_every_cell():
    mesh = block(np.arange(12).reshape(3, 1, 4), [str(i) for i in range(12)])
    bare = cut(replace(mesh, lattice=None), 1, 0.5)
    assert not bare.aligned and (bare.cell >= 0).all()
    at = 0.5 * (bare.a[1:] + bare.a[:-1]), 0.5 * (bare.b[1:] + bare.b[:-1])
    true = cut(mesh, 1, 0.5)
    assert (bare.cell == true.cell.reshape(-1)[lookup(true, *at)]).all()
