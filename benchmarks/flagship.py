"""The flagship's coupled solve, phase by phase; and its own linear problems."""

import resource
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.meshes import CASE, MESHES
from oxycell.case.build import build
from oxycell.case.load import load
from oxycell.numerics.linear import load_kernels
from oxycell.physics.steady import Solver


@dataclass(frozen=True)
class Solved:
    """A solved flagship.

    Attributes
    ----------
    problem : Coupled
    state : (n,), the converged state
    figures : dict, cells, rows, seconds of each phase, Newton steps of each stage, peak memory
    """

    problem: Any
    state: np.ndarray
    figures: dict


def solve_flagship(overrides):
    """Solve the flagship cold, without writing anything.

    Parameters
    ----------
    overrides : sequence of str, KEY=VALUE

    Returns
    -------
    Solved

    Notes
    -----
    The phases are those of `Solver.solve`: charge and heat balance alone in turns, then both, then the polish of the charge.
    A step's time is from the report before it to its own. The peak is that of the process: one process, one solve.
    """
    seconds, steps = {}, {}
    start = last = time.perf_counter()

    def lap(name):
        nonlocal last
        now = time.perf_counter()
        seconds[name] = seconds.get(name, 0.0) + now - last
        last = now

    def report(step):
        lap(step["stage"])
        steps[step["stage"]] = steps.get(step["stage"], 0) + 1

    case = load(CASE, overrides)
    built = build(case)
    lap("build")
    state = Solver(built.problem, case.solver.tolerance, case.solver.outer_iterations, report).solve()
    lap("polish")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    problem = built.problem
    figures = {
        "cells": built.mesh.n_cells, "lattice_cells": int(np.prod(built.mesh.lattice.shape)),
        "electric_rows": problem.electric.n_rows, "thermal_rows": problem.thermal.n_rows,
        "seconds": seconds | {"total": last - start}, "newton_steps": steps, "peak_memory_bytes": peak}
    return Solved(problem, state, figures)


def warm_up():
    """Load or compile all kernels: the coarse mesh, and a cube of cells that is large enough for those with threads."""
    solve_flagship(MESHES["coarse"])
    load_kernels()


def linear_problems(problem, state):
    """The flagship's own operators with a right-hand side each: what its first and its last Newton step meet.

    Parameters
    ----------
    problem : Coupled
    state : (n,), the converged one

    Yields
    ------
    name : str
    operator : Operator, filled
    b : (n,), the residual at the first iterate [A or W], for all of them: the converged one has none left
    """
    first = problem.evaluate(problem.start())
    for when, at in (("first", first), ("converged", problem.evaluate(state))):
        for name, physics, terms, b in (("electric", problem.electric, at.currents, first.charge),
                                        ("thermal", problem.thermal, at.heat, first.heat_residual)):
            operator = physics.operator()
            physics.fill(operator, terms)
            yield f"{name} {when}", operator, b
