"""Points and lines find their cells: inside, on faces, in empty space; on lattices and on tetrahedra, by independent
means."""

import numpy as np
import pytest
from tests.mesh.samples import block_of_tetrahedra, graded_lattice

from oxycell.mesh.locate import cells_along, cells_at, faces_of


def corners_of_cell(mesh, cell):
    return np.asarray(mesh.points)[np.asarray(mesh.connectivity)[mesh.offsets[cell] : mesh.offsets[cell + 1]]]


@pytest.fixture(scope="module", params=["lattice", "tetrahedra"])
def mesh(request, tmp_path_factory):
    if request.param == "lattice":
        return graded_lattice(np.random.default_rng(1), hole=True)
    return block_of_tetrahedra(tmp_path_factory.mktemp("tets") / "a.vtu", 3)


def test_every_point_made_from_a_cell_is_found_in_it(mesh):
    """Convex combinations of a cell's corners with positive weights lie inside it, whatever its shape."""
    random = np.random.default_rng(2)
    cells = random.integers(0, mesh.n_cells, 60)
    points = [random.dirichlet(np.full(len(corners := corners_of_cell(mesh, c)), 2.0)) @ corners for c in cells]
    assert [found.tolist() for found in cells_at(mesh, points)] == [[c] for c in cells]


def test_points_on_faces_touch_both_cells(mesh):
    faces = np.random.default_rng(3).integers(0, mesh.n_internal, 40)
    for face, found in zip(faces, cells_at(mesh, np.asarray(mesh.face_centre)[faces]), strict=True):
        assert found.tolist() == sorted((mesh.owner[face], mesh.neighbour[face]))


def test_points_outside_find_none(mesh):
    high = np.asarray(mesh.points).max(0)
    assert all(found.size == 0 for found in cells_at(mesh, [high + 1e-6, -high, [0.5 * high[0], 2 * high[1], 0.0]]))


def test_empty_space_of_a_lattice_finds_none():
    mesh = graded_lattice(np.random.default_rng(1), hole=True)
    x, y, z = mesh.lattice.edges
    filled = {tuple(at) for at in mesh.lattice.ijk.tolist()}
    hole = next(at for at in np.ndindex(mesh.lattice.shape) if at not in filled)
    centre = [0.5 * (e[i] + e[i + 1]) for e, i in zip((x, y, z), hole, strict=True)]
    assert cells_at(mesh, [centre])[0].size == 0


def test_line_passes_the_cells_its_points_lie_in(mesh):
    """Pieces of a line, against points on it that are looked up one by one; the pieces fill it."""
    random, high = np.random.default_rng(4), np.asarray(mesh.points).max(0)
    for _ in range(5):
        start, end = random.uniform(0.02, 0.98, (2, 3)) * high
        breaks, pieces = cells_along(mesh, start, end)
        assert (
            breaks[0] == 0.0 and breaks[-1] == 1.0 and np.all(np.diff(breaks) > 0.0) and len(pieces) == breaks.size - 1
        )
        shares = random.uniform(0.0, 1.0, 50)
        for t, found in zip(shares, cells_at(mesh, start + shares[:, None] * (end - start)), strict=True):
            assert pieces[np.searchsorted(breaks, t) - 1].tolist() == found.tolist()


def test_faces_of_a_cell_close_it(mesh):
    """Counter-test within: without one of its faces a cell is open."""
    cell = mesh.n_cells // 2
    of, face, side = faces_of(mesh, [cell])
    vectors = (mesh.area[face] * (1.0 - 2.0 * side))[:, None] * np.asarray(mesh.normal)[face]
    assert np.all(of == cell) and np.abs(vectors.sum(0)).max() < 1e-14 * mesh.area.max()
    assert np.abs(vectors[1:].sum(0)).max() > 1e-3 * mesh.area[face].min()
