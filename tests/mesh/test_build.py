"""Box meshes: closed, exact, symmetric, refined where asked; planes merged as listed; errors that name the box."""

import numpy as np
import pytest
from tests.verification.checkers import box, check_geometry

from oxycell.errors import CaseError
from oxycell.mesh.build import build_mesh, find_names, merge_planes, select_surface
from oxycell.mesh.options import Box, MeshOptions, Surface

WIDER = 1.05
"""A row of cells is not divided once more for a twentieth of a cell."""


def built(boxes, **options):
    return build_mesh([Box(**b) for b in boxes], MeshOptions(**options))


def mesh_of(boxes, **options):
    return built(boxes, **options)[0]


def volumes(mesh):
    return {name: float(mesh.cell_volume[mesh.region == i].sum()) for i, name in enumerate(mesh.region_names)}


def pick(mesh, of, *sides, **extents):
    return select_surface(
        mesh, Surface(name="s", of=of, sides=sides or ("x-", "x+", "y-", "y+", "z-", "z+"), **extents)
    )


def random_boxes(seed, n=6):
    """Boxes over the middle of a block, on a 5 cm raster so that nothing merges; one of them empty."""
    rng = np.random.default_rng(seed)
    boxes = [box("ground", "a", (-1.0, 1.0), (-0.5, 1.0), (0.0, 2.0))]
    for i in range(n):
        low = rng.integers([-20, -10, 0], [15, 15, 35])
        high = low + rng.integers(2, 9, 3)
        boxes.append(
            box(
                f"b{i}",
                "void" if i == 2 else "ab"[i % 2],
                *((0.05 * float(a), 0.05 * float(b)) for a, b in zip(low, high, strict=True)),
            )
        )
    return boxes


def painted(boxes):
    """Volume of each region by painting the boxes on the 5 cm raster, later ones last."""
    at = {axis: 0.05 * np.arange(-40, 60) + 0.025 for axis in "xyz"}
    paint = np.full((100, 100, 100), -1)
    for i, b in enumerate(boxes):
        inside = [(at[axis] > float(b[axis][0][:-2])) & (at[axis] < float(b[axis][1][:-2])) for axis in "xyz"]
        paint[np.ix_(*inside)] = -1 if b["material"] == "void" else i
    return {b["name"]: np.count_nonzero(paint == i) * 0.05**3 for i, b in enumerate(boxes) if (paint == i).any()}


@pytest.mark.parametrize("seed", range(4))
def test_cells_are_closed_and_volumes_exact(seed):
    boxes = random_boxes(seed)
    mesh = mesh_of(boxes, size="0.15 m")
    check_geometry(mesh)
    assert volumes(mesh) == pytest.approx(painted(boxes), rel=1e-12)
    assert volumes(mesh) != pytest.approx(painted(boxes[::-1]), rel=1e-3)  # the order of the boxes counts


@pytest.mark.parametrize("seed", range(2))
def test_corners_in_vtk_order(seed):
    mesh = mesh_of(random_boxes(seed), size="0.2 m")
    corners = mesh.points[np.asarray(mesh.connectivity).reshape(-1, 8)]
    assert np.all(mesh.types == 12)
    edges = [corners[:, i] - corners[:, 0] for i in (1, 3, 4)]
    assert np.einsum("ij,ij->i", np.cross(edges[0], edges[1]), edges[2]) == pytest.approx(mesh.cell_volume, rel=1e-9)
    assert corners.mean(1) == pytest.approx(mesh.cell_centre, abs=1e-12)
    assert mesh.points[mesh.face_points].mean(1) == pytest.approx(mesh.face_centre, abs=1e-12)


def test_later_box_counts():
    both = box("a", "m", (0.0, 1.0)), box("b", "n", (0.25, 0.75))
    assert volumes(mesh_of(both)) == pytest.approx({"a": 0.5, "b": 0.5})
    assert volumes(mesh_of(both[::-1])) == pytest.approx({"a": 1.0})


def test_boxes_of_one_name_are_one_region():
    mesh = mesh_of([box("a", "m", (0.0, 1.0)), box("a", "m", (2.0, 3.0))])
    assert mesh.region_names == ["a"] and volumes(mesh) == pytest.approx({"a": 2.0})


def test_empty_space_has_outer_faces():
    """A hole: its walls look outside, and are part of the surface of what surrounds it."""
    mesh = mesh_of(
        [box("a", "m", (0.0, 3.0), (0.0, 3.0), (0.0, 3.0)), box("hole", "void", (1.0, 2.0), (1.0, 2.0), (1.0, 2.0))],
        size="0.5 m",
    )
    check_geometry(mesh)
    assert volumes(mesh) == pytest.approx({"a": 26.0})
    assert mesh.area[pick(mesh, "a")].sum() == pytest.approx(6 * 9.0 + 6.0)
    assert mesh.area[pick(mesh, "a", "x+")].sum() == pytest.approx(9.0 + 1.0)
    assert mesh.area[pick(mesh, "a", "x+", x=("0.9 m", "1.1 m"))].sum() == pytest.approx(1.0)
    assert "hole" not in mesh.region_names


@pytest.mark.parametrize(("symmetry", "copies"), [(("x",), 2), (("x", "y"), 4), (("y",), 2)])
def test_symmetry_cuts_the_model_and_keeps_the_totals(symmetry, copies):
    boxes = [box("a", "m", (-1.0, 1.0), (-1.0, 1.0)), box("b", "m", (-0.2, 0.2), (-0.3, 0.3), (0.5, 2.0))]
    planes = {f"planes_{axis}": ("0 m",) for axis in symmetry}
    full, cut = mesh_of(boxes, size="0.25 m", **planes), mesh_of(boxes, size="0.25 m", symmetry=symmetry)
    check_geometry(cut)
    assert cut.multiplicity == copies and full.multiplicity == 1
    assert cut.n_cells * copies == full.n_cells
    assert {name: copies * v for name, v in volumes(cut).items()} == pytest.approx(volumes(full), rel=1e-12)
    assert copies * cut.area[pick(cut, "*")].sum() == pytest.approx(full.area[pick(full, "*")].sum(), rel=1e-12)
    for axis in symmetry:
        number = "xyz".index(axis)
        on_plane = (np.abs(cut.face_centre[:, number]) < 1e-12) & (cut.neighbour < 0)
        assert on_plane.any() and not cut.outer[on_plane].any()
        with pytest.raises(CaseError, match="has no face"):
            pick(cut, "a", f"{axis}-")


def test_body_away_from_the_symmetry_plane_keeps_its_faces():
    """Two bars on both sides of x = 0: what looks at the plane from afar is an outer face."""
    mesh = mesh_of([box("a", "m", (0.5, 1.0))], symmetry=("x",))
    assert mesh.multiplicity == 2
    assert mesh.area[pick(mesh, "a", "x-")].sum() == pytest.approx(1.0)


def test_edges_are_mirror_symmetric():
    halves = [
        box("l", "m", (-1.0, -0.93)),
        box("r", "m", (0.93, 1.0)),
        box("i", "m", (-0.02, 0.02)),
        box("j", "m", (-0.5, 0.5)),
    ]
    boxes = [box("a", "m", (-1.0, 1.0)), *halves]
    full = mesh_of(boxes, size="0.1 m", growth=1.4, planes_x=("0 m",)).lattice.x
    assert full == pytest.approx(-full[::-1], abs=1e-13)
    cut = mesh_of(boxes, size="0.1 m", growth=1.4, symmetry=("x",)).lattice.x
    assert cut == pytest.approx(full[full > -1e-12], abs=1e-13)


@pytest.mark.parametrize("thin", [1e-3, 0.004, 0.02])
@pytest.mark.parametrize("growth", [1.2, 1.5, 2.0])
def test_grading_grows_away_from_a_thin_box(growth, thin):
    """Widths grow by about `growth` and no faster than aimed at, never beyond `size`, from the thin box on both
    sides."""
    boxes = [box("a", "m", (0.0, 2.0)), box("thin", "m", (1.0, 1.0 + thin))]
    x = mesh_of(boxes, size="0.2 m", growth=growth, merge_distance="0 mm").lattice.x
    widths = np.diff(x)
    ratio = np.maximum(widths[1:], widths[:-1]) / np.minimum(widths[1:], widths[:-1])
    assert ratio.max() <= growth * 1.25
    assert widths.max() <= 0.2 * WIDER
    assert widths[np.argmin(abs(x[:-1] - 1.0))] == pytest.approx(thin)
    uniform = np.ceil(2.0 / widths.min())
    assert widths.size < 0.6 * uniform


@pytest.mark.parametrize("length", [0.3, 1.0, 1.04, 1.51, 2.03])
@pytest.mark.parametrize("size", [0.1, 0.5, 1.0])
def test_no_cell_is_wider_than_asked(size, length):
    widths = np.diff(mesh_of([box("a", "m", (0.0, length))], size=f"{size} m").lattice.x)
    assert widths.sum() == pytest.approx(length) and widths.max() <= size * WIDER


@pytest.mark.parametrize("cells", [1, 6, 13])
def test_refinement_gives_at_least_its_cells(cells):
    boxes = [box("a", "m", (0.0, 2.0)), box("b", "m", (0.4, 0.43))]
    x = mesh_of(
        boxes, size="0.5 m", refinements=[{"axis": "x", "extent": ("1.2 m", "1.255 m"), "cells": cells}]
    ).lattice.x
    inside = x[(x > 1.2 - 1e-9) & (x < 1.255 + 1e-9)]
    assert inside.size - 1 >= cells
    assert inside[[0, -1]] == pytest.approx([1.2, 1.255])
    if inside.size - 1 == cells:
        assert np.diff(inside) == pytest.approx(np.full(cells, 0.055 / cells))


def test_further_planes_and_sizes_by_axis():
    mesh = mesh_of([box("a", "m", (0.0, 1.0))], size="1 m", size_y="0.25 m", planes_z=("0.3 m",), planes_x=("5 m",))
    assert mesh.lattice.shape[:2] == (1, 4) and np.min(abs(mesh.lattice.z - 0.3)) < 1e-12


def test_one_cell_thick():
    mesh = mesh_of([box("a", "m", (0.0, 1.0), (0.0, 0.01), (0.0, 0.02))], size="0.1 m")
    assert mesh.lattice.shape == (10, 1, 1)
    check_geometry(mesh)


def test_near_planes_are_merged_and_listed():
    boxes = [
        box("a", "m", (0.0, 1.0)),
        box("b", "m", (0.5, 1.0), (0.0, 0.4), (0.0, 0.3)),
        box("c", "m", (0.5006, 1.0), (0.4, 0.7), (0.0, 0.3)),
    ]
    mesh, moves = built(boxes, size="0.5 m")
    assert moves == ["x = 0.5006 m moved to 0.5 m"]
    exact = {"a": 1.0 - 0.5 * 0.12 - 0.4994 * 0.09, "b": 0.5 * 0.12, "c": 0.4994 * 0.09}
    assert volumes(mesh)["b"] == pytest.approx(exact["b"], rel=1e-12)
    assert volumes(mesh)["c"] == pytest.approx(0.5 * 0.09, rel=1e-12)
    kept, none = built(boxes, size="0.5 m", merge_distance="0 mm")
    assert none == [] and volumes(kept) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_merged_planes_move_less_than_the_distance(seed):
    rng = np.random.default_rng(seed)
    planes = np.round(rng.choice(np.linspace(0.0, 0.02, 60), 40), 6)
    merged, moves = merge_planes(planes, 1e-3)
    assert np.all(np.diff(merged) > 0.0) and set(np.round(merged, 9)) <= set(np.round(planes, 9))
    for old, new in moves:
        assert 0.0 < abs(old - new) <= 1e-3 + 1e-9 and np.min(abs(merged - new)) < 1e-9
    stayed = [p for p in np.unique(planes) if all(abs(p - old) > 1e-9 for old, _ in moves)]
    assert stayed == pytest.approx(merged, abs=1e-9)


def test_a_box_goes_where_its_merged_plane_went():
    """A plane that moves to 0 takes its box to 0, though another plane is nearer."""
    boxes = [
        box("a", "m", (0.0, 1.0)),
        box("b", "m", (0.0, 0.5), (0.0, 0.5)),
        box("late", "m", (0.00095, 0.5)),
        box("c", "m", (0.00185, 0.4), (0.0, 0.3)),
    ]
    mesh, moves = built(boxes, size="0.5 m")
    assert moves == ["x = 0.00095 m moved to 0 m"]
    assert volumes(mesh)["late"] + volumes(mesh)["c"] == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize(
    ("boxes", "options", "message"),
    [
        ([box("a", "m", (0.0, 1.0)), box("a", "n", (1.0, 2.0))], {}, "'a' is given two materials, 'm' and 'n'"),
        ([box("a", "m", (0.0, 1.0)), box("thin", "m", (0.5, 0.5005))], {}, "'thin' is thinner along x"),
        ([box("a", "void", (0.0, 1.0))], {}, "no box has a material"),
        ([box("a", "m", (-2.0, -1.0))], {"symmetry": ("x",)}, "nothing is left"),
    ],
)
def test_errors(boxes, options, message):
    with pytest.raises(CaseError, match=message):
        built(boxes, **options)


@pytest.mark.parametrize("extent", [("1 m", "0.5 m"), ("1 m", "1 m")])
def test_negative_thickness(extent):
    with pytest.raises(ValueError, match="'a' has no positive thickness"):
        Box(**{**box("a", "m", (0.0, 1.0)), "x": extent})


def test_merge_distance_is_bounded():
    with pytest.raises(ValueError, match="at most 1 mm"):
        MeshOptions(merge_distance="2 mm")


def test_unknown_names_say_the_nearest():
    mesh = mesh_of([box("anode_1.plate", "m", (0.0, 1.0)), box("bath", "m", (1.0, 2.0))])
    with pytest.raises(CaseError, match="no region is called 'anod_1.plate'; nearest is 'anode_1.plate'"):
        mesh.regions("anod_1.plate")
    with pytest.raises(CaseError, match="'s'.*'anodes_.*nearest is 'anode_1.plate'"):
        pick(mesh, "anodes_*")
    with pytest.raises(CaseError, match="'s' has no face"):
        pick(mesh, "bath", "x-")
    with pytest.raises(CaseError, match="what: nothing is called 'lidd'; nearest is 'lid'"):
        find_names(["lidd"], ["lid", "rod"], "what")
    assert find_names(["r*", "lid", "*"], ["lid", "rod"], "what") == ["rod", "lid"]
    assert mesh.cells("anode_*").tolist() == [mesh.region_names[i] == "anode_1.plate" for i in mesh.region]


def test_arrays_are_frozen():
    mesh = mesh_of([box("a", "m", (0.0, 1.0))])
    with pytest.raises(ValueError, match="read-only"):
        mesh.area[0] = 2.0


def test_hash_follows_names_and_geometry():
    a = mesh_of([box("a", "m", (0.0, 1.0))])
    assert a.hash == mesh_of([box("a", "m", (0.0, 1.0))]).hash
    assert len({a.hash, mesh_of([box("b", "m", (0.0, 1.0))]).hash, mesh_of([box("a", "m", (0.0, 1.1))]).hash}) == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "1 nm"}, "1,000,000,000 x 1,000,000,000 x 1,000,000,000 = 1e+27 grid positions"),
        ({"size": "1e-300 m"}, "1e+18 x 1e+18 x 1e+18"),
        ({"size": "1 m", "subdivisions": 16, "cells_x": [10**9]}, "16,000,000,000 x 16 x 16 ="),
        (
            {"size": "1 m", "refinements": [{"axis": "y", "extent": ["0 m", "1 m"], "cells": 10**9}]},
            "solve: 1,000,000,000 cells need about 1000.0 GB",
        ),
    ],
)
def test_a_mesh_beyond_all_memory_is_refused_before_an_edge_is_made(monkeypatch, options, said):
    """With a hundred gigabytes free; the mesh of the last row would fit in them, what solves on it would not."""
    from oxycell import runtime
    from oxycell.errors import FileError
    from oxycell.mesh import build as module

    monkeypatch.setattr(runtime, "memory_left", lambda: 1e11)
    monkeypatch.setattr(module._Widths, "edges", lambda *_: pytest.fail("edges were made"))
    one = Box(name="a", material="m", x=("0 m", "1 m"), y=("0 m", "1 m"), z=("0 m", "1 m"))
    with pytest.raises(FileError, match=r"GB of memory, 100\.0 GB are free") as error:
        build_mesh([one], MeshOptions.model_validate(options), 1000)
    assert said in str(error.value)


@pytest.mark.parametrize("symmetry", [(), ("x",), ("x", "y")])
@pytest.mark.parametrize("seed", range(4))
def test_size_is_foretold(symmetry, seed):
    """Boxes at random, some of them void and over others: as many positions and cells as the mesh then has."""
    from oxycell.mesh import build as module

    rng = np.random.default_rng(seed)
    boxes = [box("a", "m", (-1.0, 1.0), (-1.0, 1.0), (0.0, 1.0))]
    for name in "bcdef":
        ends = [np.sort(rng.choice(np.linspace(-1.5, 1.5, 13), 2, replace=False)) for _ in range(3)]
        boxes.append(box(name, "void" if name in "ce" else "m", *(tuple(map(float, pair)) for pair in ends)))
    boxes = [Box.model_validate(one) for one in boxes]
    options = MeshOptions(size=f"{rng.uniform(0.05, 0.3)} m", growth=1.3, symmetry=symmetry, subdivisions=1 + seed % 2)
    merged = {
        axis: (merge_planes(module._planes(boxes, options, axis), options.merge_distance)[0], {}) for axis in "xyz"
    }
    mesh, _ = build_mesh(boxes, options)
    assert module.foretold(boxes, merged, options) == (mesh.lattice.shape, mesh.n_cells)


@pytest.mark.parametrize(("free", "what"), [(1e4, "grid positions"), (5e4, "cells")])
def test_a_mesh_too_large_for_the_memory_is_refused_before_it_is_built(monkeypatch, free, what):
    """1000 cells need 15 kB of grid and 95 kB of cells."""
    from oxycell import runtime
    from oxycell.errors import FileError

    monkeypatch.setattr(runtime, "memory_left", lambda: free)
    one = Box(name="a", material="m", x=("0 m", "1 m"), y=("0 m", "1 m"), z=("0 m", "1 m"))
    with pytest.raises(FileError, match=what) as error:
        build_mesh([one], MeshOptions(size="0.1 m"))
    assert error.value.exit_code == 4
    monkeypatch.setattr(runtime, "memory_left", lambda: 1e5)
    assert build_mesh([one], MeshOptions(size="0.1 m"))[0].n_cells == 1000


def test_cells_beside_a_plane_are_narrow_and_grow_from_there():
    narrow = {"axis": "x", "at": "0.4 m", "width": "10 mm", "growth": 2.0}
    mesh = mesh_of([box("a", "m", (0.0, 0.4)), box("b", "m", (0.4, 1.0))], size="0.2 m", growth=50.0, widths=[narrow])
    widths, edges = np.diff(mesh.lattice.x), mesh.lattice.x
    plane = int(np.argmin(abs(edges - 0.4)))
    assert max(widths[plane - 1], widths[plane]) < 0.015
    assert np.all(widths[plane + 1 :] / widths[plane:-1] < 2.1) and np.all(widths[: plane - 1] / widths[1:plane] < 2.1)
    plain = mesh_of([box("a", "m", (0.0, 0.4)), box("b", "m", (0.4, 1.0))], size="0.2 m", growth=50.0)
    assert plain.lattice.x.size < edges.size
    with pytest.raises(ValueError, match="growth"):
        mesh_of([box("a", "m", (0.0, 0.4))], widths=[narrow | {"growth": 1.0}])
