"""Initial guess for a fine mesh: the state of the same case on a coarser one."""

import math

from oxycell.case.building.build import build
from oxycell.errors import CaseError, NotConverged
from oxycell.mesh.build import planes_and_cells
from oxycell.mesh.mesh import AXES
from oxycell.solvers.prolongation import prolonged
from oxycell.solvers.steady import Solver

_LEAST = 400_000  # cells from which a coarser mesh saves more than it takes
_AIM = 100_000  # cells of the coarser mesh, about
_COARSEST = 8  # times as wide as the cells of the fine mesh
_ROUGH = 1e5  # tolerance of its state: 1e-3 of the heat, less than what the meshes differ by


def state_on_coarser_mesh(built):
    """Initial guess from the same case on a mesh with wider cells between the same planes.

    Parameters
    ----------
    built : Built, without fields from Python

    Returns
    -------
    guess : State, or None: the mesh is not one of boxes or not fine, not both balances are solved, or the coarser mesh
        has no solution
    cells : int, of the coarser mesh, 0 without a guess
    """
    problem = built.problem
    if built.mesh.lattice is None or built.mesh.n_cells < _LEAST or not (problem.electric and problem.thermal):
        return None, 0
    try:
        coarse = build(built.case.model_copy(update={"mesh": _wider(built)}))
        state = Solver(
            coarse.problem, _ROUGH, built.case.solver.outer_iterations, controls=built.case.solver.controls
        ).solve()
    except (
        CaseError,
        NotConverged,
    ):  # two gaps in one cell, no steady state: what is wrong with the case the fine mesh says itself
        return None, 0
    return prolonged(coarse.problem, state, problem), coarse.mesh.n_cells


def _wider(built):
    """MeshOptions with fewer cells between the planes of the mesh."""
    options = built.case.mesh
    fine = {
        axis: [n * options.subdivisions for n in cells]
        for axis, (_, cells) in planes_and_cells(built.case.boxes, options).items()
    }
    share = 1.0 / built.mesh.n_cells
    for by in range(2, _COARSEST + 1):
        wide = {f"cells_{axis}": tuple(-(-n // by) for n in fine[axis]) for axis in AXES}
        left = math.prod(sum(wide[f"cells_{axis}"]) / sum(fine[axis]) for axis in AXES)
        if left <= _AIM * share:
            break
    return options.model_copy(update=wide | {"subdivisions": 1})
