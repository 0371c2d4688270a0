"""Arrays that are computed where they are indexed behave like the arrays they stand for."""

import pickle

import numpy as np
import pytest
from tests.mesh.samples import block_of_tetrahedra, graded_lattice

from oxycell.mesh.derived import Late, Rows, Shared, corners_of

WHOLE = np.arange(24.0).reshape(6, 4)
INDICES = [
    3,
    -1,
    slice(None),
    slice(1, 5, 2),
    np.array([4, 0, 4]),
    np.array([[1, 2], [3, -6]]),
    WHOLE[:, 0] > 5.0,
    np.empty(0, int),
    (slice(None), 2),
    (np.array([5, 1]), 0),
    (np.array([5, 1]), slice(1, 3)),
    (..., 1),
    Ellipsis,
    (WHOLE[:, 0] > 5.0, 3),
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_rows_are_indexed_like_the_array(index):
    rows = Rows(lambda numbers: WHOLE[numbers], 6)
    assert np.array_equal(rows[index], WHOLE[index]) and np.shape(rows[index]) == WHOLE[index].shape
    assert np.array_equal(np.asarray(rows), WHOLE) and len(rows) == 6
    assert np.array_equal(2.0 * np.ones((6, 1)) * rows, 2.0 * WHOLE)


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_shared_rows_are_indexed_like_the_array(index):
    number = np.array([2, 0, 1, 1, 0, 2], np.int16)
    whole, rows = WHOLE[number], Shared(WHOLE[:3].copy(), number)
    assert np.array_equal(rows[index], whole[index]) and np.shape(rows[index]) == whole[index].shape
    assert np.array_equal(np.asarray(rows), whole) and len(rows) == 6


def test_only_the_rows_asked_for_are_computed():
    asked = []
    rows = Rows(lambda numbers: asked.append(numbers) or WHOLE[numbers], 6)
    rows[np.array([2, 5])]
    rows[1:3, 0]
    assert [numbers.tolist() for numbers in asked] == [[2, 5], [1, 2]]
    with pytest.raises(IndexError):
        rows[6]


def test_late_is_made_once_and_frozen():
    made = []
    late = Late(lambda: made.append(1) or WHOLE.copy())
    assert not made
    assert np.array_equal(late[2:], WHOLE[2:]) and len(late) == 6 and np.array_equal(np.asarray(late), WHOLE)
    assert made == [1]
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(late)[0] = 1.0


def test_corners_of_a_triangle_repeat_its_first():
    points = np.arange(15.0).reshape(5, 3)
    corners = corners_of(points, np.array([[0, 1, 2, 3], [4, 2, 1, -1]]))
    assert np.array_equal(corners[np.array([1, 0])], points[[[4, 2, 1, 4], [0, 1, 2, 3]]])


@pytest.mark.parametrize("lattice", [True, False])
def test_a_mesh_can_be_handed_to_another_process(tmp_path, lattice):
    mesh = graded_lattice(np.random.default_rng(1)) if lattice else block_of_tetrahedra(tmp_path / "block.vtu", 2)
    other = pickle.loads(pickle.dumps(mesh))
    for name in ("cell_centre", "normal", "face_centre", "face_corners", "points", "connectivity", "offsets"):
        assert np.array_equal(getattr(other, name), getattr(mesh, name)), name
    assert other.hash == mesh.hash
