"""Temperature gradients of cells: exact for linear fields on any mesh, and not by accident."""

import numpy as np
import pytest

from oxycell.case.building.build import build
from oxycell.case.case import Case
from oxycell.physics.heat.gradient import largest_gradients
from oxycell.solvers.steady import Solver
from oxycell.verification.manufactured import MESHES, conduction
from oxycell.verification.parts import fixed, material


def field(x, y):
    return 500.0 + 300.0 * x + 400.0 * y


def evaluated(mesh, filling, folder):
    posed = conduction(field, (filling,) * 2, lambda f: fixed(field(f.x, f.y)))(MESHES[mesh](12))
    case = posed.case
    if posed.mesh_file is None:  # no cells beyond those of the grid, whose faces have a temperature each
        case |= {"mesh": case["mesh"] | {"growth": 50.0}}
    else:
        posed.mesh_file(folder / "mesh.msh")
        case |= {"mesh": {"file": str(folder / "mesh.msh")}}
    solver = Solver(build(Case.model_validate(case)).problem, 0.1, 200)
    return solver.final(solver.solve())


@pytest.mark.parametrize("mesh", MESHES)
def test_linear_field(mesh, tmp_path):
    gradient = largest_gradients(evaluated(mesh, material(k=3.0), tmp_path))
    assert gradient == pytest.approx(np.full(gradient.size, 500.0), rel=1e-6)


@pytest.mark.parametrize("mesh", ["uniform", "graded"])
def test_anisotropic_conductor(mesh, tmp_path):
    """Heat does not flow along the gradient then."""
    gradient = largest_gradients(evaluated(mesh, material(k=3.0, thermal_anisotropy=[4.0, 1.0, 1.0]), tmp_path))
    assert gradient == pytest.approx(np.full(gradient.size, 500.0), rel=1e-6)


def test_a_field_that_is_not_linear_is_noticed(tmp_path):
    """Counter-test: the largest of a cell's faces is not its mean."""
    evaluation = evaluated("uniform", material(k=((300.0, 1300.0), (1.0, 4.0))), tmp_path)
    gradient = largest_gradients(evaluation)
    assert np.ptp(gradient) > 50.0
