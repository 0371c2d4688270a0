"""Case → Solution: build, solve, judge what the answer means, keep every term."""

import platform
import re
import resource
import time
from datetime import UTC, datetime
from importlib.metadata import version

import numpy as np

from oxycell.case.building.build import build
from oxycell.case.solving.coarser import state_on_coarser_mesh
from oxycell.case.solving.diagnosis import explained, unresolved
from oxycell.case.solving.extremes import beyond_surfaces
from oxycell.case.solving.process import process_warnings
from oxycell.case.solving.record import make_record
from oxycell.case.writing import plain_data, write_toml
from oxycell.errors import CaseError, Frozen, NotConverged
from oxycell.physics.heat import scales
from oxycell.runtime import VERSION
from oxycell.solution import Solution
from oxycell.solvers.steady import Solver

FROZEN_SHARE = 0.05  # share of the anode faces under the ledge from which on a cell counts as frozen
STEADY_PROPERTIES = {
    "electric": "electrical_conductivity",
    "thermal": "thermal_conductivity",
}  # those a steady state depends on
LEAST_SUPERHEAT = 0.01  # [K] below which a pool counts as frozen


def solve_case(case, progress=None, fields=None):
    """Solve a case.

    Parameters
    ----------
    case : Case
    progress : function called with a dict after each outer step, or None
    fields : mapping name → function of position or array, for the fields the case asks for; None: none

    Returns
    -------
    Solution

    Raises
    ------
    CaseError
        The case contradicts itself.
    NotConverged
        No steady state was found, or it is one in which the bath is frozen; `solution` holds the last state.
    """
    start = time.perf_counter()
    built = build(case, fields)
    history = []

    def report(step):
        row = {
            "stage": step["stage"],
            "iteration": step["iteration"],
            "charge": step.get("charge", 0.0),
            "heat": step.get("heat", 0.0),
            **_watched(built, step["state"]),
            **_made(built, step["evaluation"]),
            "seconds": time.perf_counter() - start,
        }
        history.append(row)
        if progress:
            progress(row)

    options = case.solver
    solver = Solver(built.problem, options.tolerance, options.outer_iterations, report, options.controls)
    guess, coarse_cells = (None, 0) if fields else state_on_coarser_mesh(built)
    solver.begin_at(guess)
    guess = failure = None
    try:
        state = solver.solve()
    except NotConverged as error:
        state, failure = error.state, str(error)
        if state is None:
            raise
    solver.close()
    evaluation = solver.final(state)
    frozen = frozen_message(built, state, evaluation, history, solver, failure)
    failure = frozen or (failure and explained(built, evaluation, failure))
    status = {
        "converged": failure is None,
        "message": failure or "converged",
        "outer_iterations": solver.iterations,
        "cells": built.mesh.n_cells,
        "lattice_cells": int(np.prod(built.mesh.lattice.shape)) if built.mesh.lattice else built.mesh.n_cells,
        "unknowns": state.vector.size,
        "wall_seconds": time.perf_counter() - start,
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    record = make_record(built, state, evaluation, status)
    solution = Solution(
        case,
        write_toml(plain_data(case)),
        built.mesh,
        record,
        status,
        history,
        warnings(built, state, evaluation),
        provenance(built, fields, coarse_cells),
    )
    if failure:
        raise (Frozen if frozen else NotConverged)(failure, solution=solution)
    return solution


def first_guess(case):
    """Solution of a case before its first step: its report has every figure, none of which means anything."""
    built = build(case)
    state = built.problem.start(correctable=False)
    record = make_record(built, state, built.problem.evaluate(state), {"converged": False})
    return Solution(case, write_toml(plain_data(case)), built.mesh, record)


def _watched(built, state):
    """Terminal potential and lump temperatures worth watching during a solve."""
    problem, found = built.problem, {}
    if problem.electric:
        fed = [i for i, terminal in enumerate(problem.electric.terminals) if terminal.current is not None]
        if fed:
            terminal = problem.electric.terminals[fed[0]]
            found["cell_voltage"] = float(
                state.potential[problem.electric.cells.size + fed[0]]
                + terminal.external_resistance * terminal.current * built.mesh.multiplicity
            )
    if problem.thermal:
        for lump, row in zip(problem.thermal.lumps, problem.thermal.shared_rows, strict=True):
            found[f"{lump.name}_temperature"] = float(state.temperature[row])
    return found


def _made(built, evaluation):
    """Heat the whole cell generates [W] and the share of its anode faces under the ledge."""
    made = sum(float(np.sum(terms)) for terms in heat_made(evaluation))
    return {"heat_made": made * built.mesh.multiplicity, "anodes_frozen": frozen_share(built, evaluation)}


def heat_made(evaluation):
    """Arrays of all heat that is generated [W], empty where heat is not solved."""
    return scales.made(evaluation.heat, evaluation.heat_reactions) if evaluation.problem.thermal else []


def frozen_share(built, evaluation):
    """Share of the faces that carry the cell reaction which is frozen over."""
    electric, thermal = built.problem.electric, built.problem.thermal
    if electric is None or thermal is None or thermal.liquidus is None:
        return 0.0
    reacting = electric.laws.face[np.isnan(electric.laws.equilibrium)]
    area = float(built.mesh.area[electric.face[reacting]].sum())
    return 1.0 - float(evaluation.currents.area(reacting).sum()) / area if area else 0.0


def frozen_message(built, state, evaluation, history, solver, failure):
    """Why the cell is frozen or near it, or None.

    Frozen: a pool at or below the liquidus, the ledge over the working faces of the anodes, or with lumps at their
    initial guess a lack of heat that even walls without superheat, which take nothing, would not cover. Near it: no
    steady state was found, heat was lacking, and superheat of the initial guess has been lost.
    """
    thermal, surplus = built.problem.thermal, solver.surplus
    if not (thermal and thermal.freezing):
        return None
    superheat = min(float(state.temperature[row]) - liquidus for row, liquidus in thermal.freezing)
    covered = frozen_share(built, evaluation)
    lacking = failure is not None and surplus is not None and surplus < 0.0
    frozen = superheat <= LEAST_SUPERHEAT or covered >= FROZEN_SHARE or (lacking and surplus + solver.ledge_heat < 0.0)
    if not frozen and not (lacking and superheat < solver.first_superheat):
        return None
    made = [row["heat_made"] for row in history if row["stage"] == "charge"]
    heat = ""
    if made and surplus is not None:
        lost = made[-1] - surplus * built.mesh.multiplicity
        heat = (
            f" (with its bath kept {solver.first_superheat:.0f} K above the liquidus, it generates "
            f"{made[-1] / 1e3:.0f} kW and loses {lost / 1e3:.0f})"
        )
    what = (
        "the bath freezes: at this current, gap and insulation the cell loses more heat than it generates"
        if frozen
        else "no steady state was found near freezing: with less superheat the cell may still close or not"
    )
    return (
        f"{what}{heat}; at the last state the superheat is {superheat:.2g} K above "
        f"{thermal.freezing[0][1] - 273.15:.1f} degC and "
        f"the ledge covers {100 * covered:.0f} % of the anode faces"
    )


def warnings(built, state, evaluation):
    """What the user should know: properties out of range, surfaces below the liquidus that the model does not
    freeze."""
    found = list(built.moves and [f"mesh: {len(built.moves)} planes merged: {'; '.join(built.moves)}"])
    if built.case.mesh.file is not None:
        found = [f"mesh: {note}" for note in built.moves]
    mesh, temperature = built.mesh, evaluation.cell_temperature
    thermal = built.problem.thermal
    used = [what for balance, what in STEADY_PROPERTIES.items() if getattr(built.problem, balance) is not None]
    for i, name in enumerate(mesh.material_names):
        cells = temperature[mesh.material == i]
        if name != "bath":  # it knows its models' ranges itself, below
            outside = built.materials[name].warnings(cells, used)
            if outside and name in built.case.materials and built.case.materials[name].outside == "error":
                raise CaseError(
                    f'materials.{name}.outside: {outside[0]}; allowed: a table that reaches as far, or outside = "hold"'
                )
            found += outside
    found += process_warnings(built.case, built.problem, state, evaluation) + beyond_surfaces(built, evaluation)
    found += unresolved(built, evaluation)
    if thermal and thermal.ledge is not None:
        found = _cold_surfaces(built, evaluation) + found
    return found


def _cold_surfaces(built, evaluation):
    """Area of pool surfaces without a ledge that lie below the liquidus, by the region they belong to."""
    thermal, mesh, heat = built.problem.thermal, built.mesh, evaluation.heat
    pools = np.isin(mesh.region, np.unique(mesh.region[thermal.ledge.pool_cell]))
    owner, neighbour = thermal.special_sides
    beside = pools[owner] ^ pools[neighbour]
    beside[thermal.ledge_face - thermal.plain] = False
    if thermal.shells is not None:
        beside[thermal.shells.at] = False
    beside = np.flatnonzero(beside)
    areas = {}
    for side, (one, other) in enumerate(((owner[beside], neighbour[beside]), (neighbour[beside], owner[beside]))):
        cold = pools[one] & (evaluation.surface_temperature[thermal.plain + beside, side] < thermal.ledge.liquidus)
        for region in np.unique(mesh.region[other[cold]]):
            here = beside[cold & (mesh.region[other] == region)]
            name = re.sub(r"_\d+", "_*", mesh.region_names[region])
            areas[name] = areas.get(name, 0.0) + float(heat.area[here].sum()) * mesh.multiplicity
    return [
        f"ledge: {area:.2g} m2 of the bath's or metal's surface towards {name} lies below the liquidus; the model "
        f"freezes nothing there"
        for name, area in areas.items()
        if area > 0.005
    ]


def provenance(built, fields, coarse_cells):
    """Where the numbers come from: versions, mesh, machine, time; what was given from Python and is not in the case."""
    found = {
        "oxycell": VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "mesh_hash": built.mesh.hash,
    }
    if coarse_cells:
        found["first_guess"] = f"the state on a coarser mesh of {coarse_cells} cells"
    if fields:
        found["fields"] = f"given from Python, not part of the case: {', '.join(sorted(fields))}"
    return found | {package: version(package) for package in ("numpy", "scipy", "numba", "h5py")}
