"""Systems as the suite stores them: the matrix is the operator, the residual is true, the meshes have no gaps."""

import numpy as np
import pytest
from benchmarks.model_problem import VARIANTS, Network, model_problem
from benchmarks.systems import LATTICE, MATRIX, NETWORK, load, relative_residual, save_system
from benchmarks.tetrahedra import kuhn_mesh, network
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import spsolve

from oxycell.numerics.linear import solve
from oxycell.numerics.operators import Operator


def made(name, cells=3000):
    return network(kuhn_mesh(cells)) if name == "tetrahedra" else model_problem(cells, VARIANTS[name])


@pytest.fixture(params=[*VARIANTS, "tetrahedra"])
def stored(request, tmp_path):
    """Network, right-hand side, folder, operator and matrix of a system."""
    system, rhs = made(request.param)
    save_system(tmp_path, system, rhs)
    operator = Operator(system.n, system.a, system.b, system.lattice)
    operator.conductance[:], operator.shift[:] = system.conductance, system.shift
    operator.refresh()
    s = load(tmp_path, MATRIX)
    return (
        system,
        rhs,
        tmp_path,
        operator,
        csr_matrix((s["data"], s["indices"], s["indptr"]), shape=(system.n, system.n)),
    )


def test_matrix_is_the_operator(stored):
    system, _, folder, operator, A = stored
    difference = abs(A - operator.to_csr()).max()
    assert difference <= 1e-14 * abs(A).max()
    found = load(folder, NETWORK + LATTICE)
    assert (system.lattice is None) == ("row" not in found)
    np.testing.assert_array_equal(found["conductance"], system.conductance)


def test_residual_is_that_of_the_matrix(stored):
    _, rhs, folder, _, A = stored
    x = np.random.default_rng(1).normal(size=rhs.size)
    assert relative_residual(folder, x) == pytest.approx(np.linalg.norm(rhs - A @ x) / np.linalg.norm(rhs), rel=1e-10)


def test_residual_tells_a_wrong_answer(tmp_path):
    """Counter-test: what is off by a millionth is seen."""
    system, rhs = made("tetrahedra")
    save_system(tmp_path, system, rhs)
    s = load(tmp_path, MATRIX)
    x = spsolve(csr_matrix((s["data"], s["indices"], s["indptr"])), rhs)
    assert relative_residual(tmp_path, x) < 1e-11
    assert relative_residual(tmp_path, x * (1.0 + 1e-6)) == pytest.approx(1e-6, rel=1e-4)


def test_untouched_row_is_the_identity(tmp_path):
    system = Network(3, np.array([0]), np.array([1]), np.array([2.0]), np.array([1.0, 0.0, 0.0]), None)
    save_system(tmp_path, system, np.array([1.0, 0.0, 5.0]))
    assert relative_residual(tmp_path, np.array([1.0, 1.0, 5.0])) == 0.0
    assert relative_residual(tmp_path, np.array([1.0, 1.0, 0.0])) > 0.9


def test_systems_can_be_solved(stored):
    _, rhs, folder, operator, _ = stored
    assert relative_residual(folder, solve(operator, rhs, 1e-11)) < 1e-8


def test_jumps_and_aspect_ratios():
    system, _ = model_problem(100_000, VARIANTS["electric"])
    diagonal = (
        system.shift
        + np.bincount(system.a, system.conductance, system.n)
        + np.bincount(system.b, system.conductance, system.n)
    )
    assert diagonal.max() / diagonal.min() > 1e11
    widths = [np.diff(edges) for edges in model_problem(1_000_000, VARIANTS["harsh"])[0].lattice.edges]
    assert max(w.max() for w in widths) / min(w.min() for w in widths) > 490


def test_tetrahedra_fill_the_box():
    mesh = kuhn_mesh(3000)
    corner = mesh.points[mesh.corners]
    volume = np.abs(np.linalg.det(corner[:, 1:] - corner[:, :1])) / 6
    assert volume.min() > 0.0
    assert volume.sum() == pytest.approx(1.0, rel=1e-12)
    system, _ = network(mesh)
    outside = 4 * system.n - 2 * system.a.size
    boxes = round((system.n / 6) ** (1 / 3))
    assert outside == 6 * 2 * boxes**2  # no face inside is left alone
