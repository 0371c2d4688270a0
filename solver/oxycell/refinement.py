"""The same case on meshes whose cells halve from each to the next: the driver behind `oxycell run --error-bars`."""

from oxycell.case.building.build import SOLVE_BYTES, build_mesh, expand
from oxycell.errors import CaseError, NotConverged
from oxycell.report.error_bars import error_bars
from oxycell.runtime import check_memory

MOST_SUBDIVISIONS = 16


def solve_refined(case, solve, meshes, progress=None):
    """Solve a case as stated and with its cells halved once or twice.

    Parameters
    ----------
    case : Case, of boxes or a cell
    solve : function (case, progress) → (Solution, report)
    meshes : int, 2 or 3
    progress : callback, or None; its method `say`, if it has one, is told the sizes first

    Returns
    -------
    solution : Solution on the finest mesh
    figures : dict, its report with the block `error_bars`

    Raises
    ------
    CaseError
        The mesh is a file, or would be cut too finely.
    FileError
        The finest mesh needs more memory than there is.
    NotConverged
        The case has no solution on one of the meshes.
    """
    subdivisions = [case.mesh.subdivisions * 2**i for i in range(meshes)]
    if case.mesh.file is not None:
        raise CaseError("mesh.file: error bars need a mesh that can be refined; allowed: boxes or [cell]")
    if subdivisions[-1] > MOST_SUBDIVISIONS:
        raise CaseError(
            f"mesh.subdivisions: error bars on {meshes} meshes need {subdivisions[-1]}; allowed: up to "
            f"{MOST_SUBDIVISIONS}"
        )
    coarse = build_mesh(expand(case))[0].n_cells
    fine = coarse * 8 ** (meshes - 1)
    if hasattr(progress, "say"):
        progress.say(
            f"error bars: {meshes} meshes of {coarse:,} to {fine:,} cells, about {SOLVE_BYTES * fine / 1e9:.1f} GB"
        )
    check_memory(SOLVE_BYTES * fine, f"error bars: {fine:,} cells on the finest of {meshes} meshes")
    reports = []
    for n in subdivisions:
        try:
            solution, figures = solve(case.replaced({"mesh.subdivisions": n}), progress)
        except NotConverged as error:
            raise NotConverged(f"mesh.subdivisions = {n}: {error}", solution=error.solution) from error
        reports.append(figures)
    return solution, figures | {"error_bars": error_bars(reports, subdivisions)}
