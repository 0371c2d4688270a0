"""A state carried to a finer mesh: exact for fields that are linear in each region, whatever jumps between them."""

import numpy as np
import pytest
from tests.verification.checkers import box, case_of, convection, material, surface

from oxycell.case.building.build import build
from oxycell.solvers.prolongation import prolonged


def built(cells, lump=False):
    """Two blocks side by side and a third on top of one; `cells` in each of the intervals along every axis."""
    parts = {
        "materials": {"m_one": material(1e3, 20.0), "m_two": material(2e4, 5.0)},
        "boxes": [
            box("one", "m_one", (0.0, 0.4), (0.0, 1.0), (0.0, 1.0)),
            box("two", "m_two", (0.4, 1.0), (0.0, 1.0), (0.0, 1.0)),
            box("top", "m_one", (0.4, 1.0), (0.0, 1.0), (1.0, 1.5)),
        ],
        "mesh": {"size": "1 m", "cells_x": [cells] * 2, "cells_y": [cells], "cells_z": [cells] * 2},
        "surfaces": [surface("left", "one", "x-"), surface("right", "two", "x+"), surface("roof", "top", "z+")],
        "terminals": [
            {"name": "in", "surfaces": ["left"], "current": "100 A"},
            {"name": "out", "surfaces": ["right"], "potential": "0 V"},
        ],
        "conditions": [{"on": ["roof"], "laws": [convection(10.0, 300.0)]}],
    }
    if lump:
        parts["lumps"] = [{"name": "pool", "regions": ["top"], "films": {"*": "100 W/m2/K"}, "start": "1000 K"}]
    return build(case_of(**parts))


SLOPES = {"one": (300.0, 50.0, -20.0, 7.0), "two": (900.0, -30.0, 5.0, 80.0), "top": (500.0, 1.0, 2.0, 3.0)}


def linear(mesh, shift=0.0):
    """A field that is linear in each region and jumps between them, at the cells' centres."""
    terms = np.array([SLOPES[name] for name in mesh.region_names])[mesh.region]
    return shift + terms[:, 0] + np.einsum("ij,ij->i", terms[:, 1:], np.asarray(mesh.cell_centre[:]))


def state(one):
    """Potentials and temperatures of `linear`, with 7 V at the first terminal."""
    problem, found = one.problem, one.problem.start()
    cells, own = problem.electric.cells, problem.thermal.own
    found.potential[: cells.size] = linear(one.mesh, 1.0)[cells]
    found.potential[cells.size :] = 7.0, 0.0
    found.temperature[own[own >= 0]] = linear(one.mesh)[own >= 0]
    return found


@pytest.mark.parametrize("coarse,fine", [(2, 3), (2, 4), (3, 7)])
def test_linear_fields_are_carried_exactly(coarse, fine):
    one, other = built(coarse), built(fine)
    found = prolonged(one.problem, state(one), other.problem)
    np.testing.assert_allclose(found.vector, state(other).vector, rtol=1e-12)


def test_a_region_one_cell_across_is_carried_as_it_is():
    """Without a neighbour of its region on an axis there is no slope along it, and never one across to another
    region."""
    one, other = built(1), built(2)
    found = prolonged(one.problem, state(one), other.problem)
    cells = other.problem.electric.cells
    at_centre = linear(one.mesh, 1.0)[[one.mesh.region_names.index(name) for name in other.mesh.region_names]]
    assert one.mesh.n_cells == 3
    np.testing.assert_allclose(found.potential[: cells.size], at_centre[other.mesh.region[cells]], rtol=1e-14)


def test_lumps_keep_their_temperature_and_what_is_not_known_its_guess():
    one, other = built(2, lump=True), built(4, lump=True)
    begun = state(one)
    begun.temperature[-1] = 1234.0
    found = prolonged(one.problem, begun, other.problem)
    assert found.temperature[-1] == 1234.0 and np.isfinite(found.vector).all()
    np.testing.assert_allclose(found.vector[:-1], state(other).vector[:-1], rtol=1e-12)
    one.problem.thermal.own[one.mesh.cells("two")] = -1  # as if they had no temperature of their own
    found, rows = prolonged(one.problem, begun, other.problem), other.problem.thermal.own[other.mesh.cells("two")]
    assert np.all(found.temperature[rows] == other.problem.start().temperature[0])
