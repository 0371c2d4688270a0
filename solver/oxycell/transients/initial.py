"""The state at the start of a run over time: uniform, or from the folder of another run."""

from pathlib import Path
from typing import Any

from oxycell.case.building.build import build
from oxycell.case.building.problem import start
from oxycell.case.load import load
from oxycell.case.solving.coarser import state_on_coarser_mesh
from oxycell.errors import CaseError, NotConverged
from oxycell.io.checkpoint import latest_checkpoint
from oxycell.solvers.steady import Solver
from oxycell.state import State


def uniform(built: Any) -> State:
    """The state at the temperatures of [physics] and the lumps, whatever a first guess makes of the bath."""
    state, case, thermal = built.problem.start(), built.case, built.problem.thermal
    if case.bath is None or thermal is None:
        return state
    return state.replaced(temperature=start(case, thermal, case.physics.temperature))


def state_of_folder(folder: Path, built: Any) -> State:
    """The last state of a run that is over.

    A run over time has it in its last checkpoint. A steady run keeps its fields for viewing and its terms, but not its
    unknowns with their deferred corrections: its case is solved once more.

    Parameters
    ----------
    folder : path of the run
    built : Built, whose mesh and unknowns the state must have

    Raises
    ------
    CaseError
        The run has another mesh or other unknowns, or its state cannot be had.
    NotConverged
        The case of a steady run does not converge.
    """
    case = load(folder)
    if case.transient is None:
        return _steady(folder, case, built)
    found = latest_checkpoint(folder)
    if found is None or not found.content.get("ended"):
        raise _refused(folder, "keeps no last state", "a run over time that `oxycell run` has written to its end")
    _check(folder, built, found.content["mesh_now"], found.content["vector"].size)
    return State(built.problem.layout, found.content["vector"], found.content["corrections"])


def _steady(folder: Path, case: Any, built: Any) -> State:
    """The state of a steady run, solved once more."""
    if case.operating_point is not None:
        raise _refused(folder, "has an [operating_point]", "a run of the case at the value that it found")
    there = build(case)
    _check(folder, built, there.mesh.hash, there.problem.layout.size)
    options = there.case.solver
    solver = Solver(there.problem, options.tolerance, options.outer_iterations, None, options.controls)
    solver.begin_at(state_on_coarser_mesh(there)[0])
    try:
        state = solver.solve()
    except NotConverged as error:
        raise NotConverged(f"transient.initial: {folder}: {error}") from error
    finally:
        solver.close()
    return State(built.problem.layout, state.vector, state.corrections)


def _check(folder: Path, built: Any, mesh: str, size: int) -> None:
    if mesh != built.mesh.hash:
        raise _refused(folder, "is a run on another mesh", "one of the same boxes and mesh, or of the same mesh file")
    if size != built.problem.layout.size:
        raise _refused(
            folder,
            f"has a state of {size:,} unknowns, this case one of {built.problem.layout.size:,}",
            "a run with the same balances and lumps",
        )


def _refused(folder: Path, what: str, allowed: str) -> CaseError:
    return CaseError(f"transient.initial: {folder} {what}; allowed: {allowed}")
