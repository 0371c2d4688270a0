"""Case with `[transient]` → states from its start to its end, written as they come."""

import resource
import time as clock
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from oxycell.case.building.build import build
from oxycell.case.building.timeline import Timeline
from oxycell.case.solving.coarser import state_on_coarser_mesh
from oxycell.case.solving.solve import provenance
from oxycell.case.writing import plain_data, write_toml
from oxycell.errors import NotConverged
from oxycell.limits import HEAT_LIMIT, MASS_LIMIT, STAGE_LIMIT
from oxycell.report import report, report_failures
from oxycell.report.figure import Tree
from oxycell.solution import Solution
from oxycell.solvers.steady import Solver
from oxycell.solvers.transient.integrate import Integrator, Moment, Step, StepSizes, Tolerance
from oxycell.solvers.transient.stages import Solved, StageSolver
from oxycell.state import State
from oxycell.transients.course import STEP, Course
from oxycell.transients.initial import state_of_folder, uniform
from oxycell.transients.inventory import ending, inventory, ledgers, use_of_alumina
from oxycell.transients.regions import Heating
from oxycell.transients.sums import added, energy, left_over, round_off, row
from oxycell.transients.system import CaseSystem

THICKNESS = 1e-3
"""Error of the mean ledge [m] that counts as 1 K."""

AFTER_KINK = 0.15
"""Size of the first step after values change, over that of the one before, if that is longer than `first_step`."""

FREE = 1e9  # share of the superheat by which an iteration may change it, where a bath may go on without


class Sink(Protocol):
    """Takes what a run writes while it goes on."""

    def output(self, time: float, solution: Solution) -> None:
        """Fields at a time [s]."""

    def row(self, row: dict[str, Any]) -> None:
        """A row of the history."""

    def checkpoint(self, content: dict[str, Any]) -> None:
        """What a run can go on from; the last one has `ended`, at the last state."""


class Ended(Exception):
    """The run ends before its time, at the last state, for a reason."""

    def __init__(self, reason: NotConverged) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Run:
    """A run over time.

    Parameters
    ----------
    case : Case with `transient`
    sink : Sink or None
    progress : function called with a dict after each step, or None
    fields : mapping or None, see `oxycell.solve`
    """

    def __init__(
        self,
        case: Any,
        sink: Sink | None = None,
        progress: Callable[[dict[str, Any]], None] | None = None,
        fields: Any = None,
    ) -> None:
        self.case, self.sink, self.progress, self.fields = case, sink, progress, fields
        self.timeline = Timeline(case)
        self.system = CaseSystem(case, self.timeline, fields, self._released)
        options, solver = case.transient, case.solver
        controls = solver.controls
        if options.at_liquidus == "slush":  # steps may use up all superheat
            steps = controls.steps.model_copy(update={"iteration_loses": FREE, "iteration_gains": FREE})
            controls = controls.model_copy(update={"steps": steps})
        self.solver = StageSolver(STAGE_LIMIT / HEAT_LIMIT, solver.outer_iterations, controls)
        self.integrator = Integrator(
            self.system,
            self.solver,
            Tolerance(options.tolerance, THICKNESS * options.tolerance),
            StepSizes(options.first_step, options.longest_step, options.step),
        )
        self.course, self.heating = Course(), Heating()
        self._first_step = options.step or options.first_step
        self._began = clock.perf_counter()
        self._enthalpy = 0.0
        self._last: tuple[float, Solved] | None = None  # while the problem it was solved with is there
        self._written: float = self.timeline.start  # time of the last output

    def solve(self, content: dict[str, Any] | None = None) -> tuple[Solution, Tree]:
        """The last state, after everything before it; `content`: of a checkpoint to go on from, or None.

        Returns
        -------
        Solution, and its report

        Raises
        ------
        NotConverged
            Steps become too short, or the bath freezes (Frozen); `solution` is the last state.
        """
        moment = self._reached = self._begin() if content is None else self._resume(content)
        failure, kind = "", NotConverged
        try:
            while moment.time < self.timeline.end:
                event = next(time for time in self.timeline.events if time > moment.time)
                moment = self.integrator.until(moment, event, self._accepted, ends=self._ending)
                moment = self._passed(moment)
        except Ended as ended:
            failure, kind = str(ended.reason), type(ended.reason)
        except NotConverged as error:
            failure = str(error)
        if self._last is None:
            self._last = self._reached.time, self.integrator.at_once(self._reached, "before")
        return self._finish(*self._last, failure, kind)

    def _begin(self) -> Moment:
        """The first moment, with its row and output."""
        start = self.timeline.start
        case = self.timeline.case_at(start, "before").model_copy(update={"time": start})
        built = build(case, self.fields, ground=self.system.ground)
        if self.timeline.supply is not None:  # what it needs of the case, before anything is solved
            self.system.built(start, "before")
            self.system.forget()
        state = self._initial(built)
        amounts = self.system.start(built, state)
        del built  # makes room
        moment = Moment(start, state, amounts, self._first_step)
        solved = self.integrator.at_once(moment, "before")
        moment = moment._replace(state=solved.state)
        self._enthalpy = self.course.begun = self._heat(solved, amounts)
        held = inventory(self.system.of(solved), solved)
        self.course.inventory = {} if held is None else held.kept()
        self._last = start, solved
        self._write(start, solved, None)
        self._output(start, solved)
        solved.evaluation.keep("liquidus", "own_front")
        del solved  # makes room
        self._jumped(moment)
        self._checkpoint(moment)
        return moment

    def _initial(self, built: Any) -> State:
        initial = self.case.transient.initial
        if initial == "uniform":
            return uniform(built)
        folder = self.case.transient.initial_folder()
        if folder is not None:
            return state_of_folder(folder, built)
        options = built.case.solver
        solver = Solver(built.problem, options.tolerance, options.outer_iterations, None, options.controls)
        solver.begin_at(None if self.fields else state_on_coarser_mesh(built)[0])
        try:
            return solver.solve()
        except NotConverged as error:
            raise NotConverged(f"the steady state at the start, {self.timeline.start:.6g} s: {error}") from error
        finally:
            solver.close()

    def _accepted(self, step: Step) -> None:
        solved = step.solved
        course = self.course
        course.count(step.sums, step.rejected, self.solver.iterations)
        enthalpy, floor = self._heat(solved, solved.amounts), round_off(solved, step.end - step.start)
        found = energy(step.sums, enthalpy - self._enthalpy, floor)
        course.close(STEP, found["relative"], found["limit"])
        course.floor, self._enthalpy = course.floor + floor, enthalpy
        for name, (relative, limit) in left_over(solved).items():
            course.close(name, relative, limit)
        for name, member in self.system.figures(solved)["balance"].items():
            if member["solved"]:
                course.close(name, member["relative"], member["limit"])
        built = self.system.of(solved)
        held = inventory(built, solved)
        for name, relative in ledgers(course.inventory, held, course.sums) if held is not None else ():
            course.close(f"mass_of_{name}", relative, MASS_LIMIT)
        for relative, limit in use_of_alumina(self.system.figures(solved)):
            course.close("use_of_alumina", relative, limit)
        self._last, self._reached = (step.end, solved), Moment(step.end, solved.state, solved.amounts, 0.0)
        self._write(step.end, solved, step)
        reason = self._ending(step.end, solved)
        if reason:
            raise Ended(reason)
        self.system.follow(solved)
        if step.end not in self.timeline.outputs:
            solved.evaluation.keep("liquidus", "own_front")

    def _ending(self, time: float, solved: Solved) -> NotConverged | None:
        """Why the run ends at a stage at a time [s]; None where it goes on."""
        built = self.system.of(solved)
        held = inventory(built, solved)
        hours = (time - self.timeline.start) / 3600.0
        return None if held is None else ending(built, solved, held, self.course.inventory, self.system.bath, hours)

    def _passed(self, moment: Moment) -> Moment:
        """The moment from which a run goes on after `until`; outputs are written."""
        self.solver.forget()
        if moment.time in self.timeline.outputs and self._last is not None:
            self._output(*self._last)
            self._last[1].evaluation.keep("liquidus", "own_front")
        supply = self.timeline.supply
        if moment.time in self.timeline.kinks:
            moment = moment._replace(dt=max(self._first_step, AFTER_KINK * moment.dt))
        if supply is not None and moment.time in supply.doses:
            dose = supply.doses[moment.time]
            stock = moment.amounts["stock"] + dose / self.system.built(moment.time).mesh.multiplicity
            moment = moment._replace(amounts={**moment.amounts, "stock": stock})
            self.course.sums = added(self.course.sums, {"fed_kg": float(dose.sum())})
        if moment.time < self.timeline.end:
            reason = self._jumped(moment)
            if reason:
                raise Ended(reason)
            self._checkpoint(moment)
        return moment

    def _jumped(self, moment: Moment) -> NotConverged | None:
        """A second row at the time of a jump, right after it: the currents of the values there. Why the run ends
        there, or None."""
        if moment.time not in self.timeline.jumps:
            return None
        solved = self.integrator.at_once(moment)
        self._write(moment.time, solved, None, "after")
        reason = self._ending(moment.time, solved)
        if reason:
            self._last = moment.time, solved
        self.solver.forget()
        return reason

    def _released(self) -> None:
        """Let go of the problem before another one is built."""
        self._last = None
        self.solver.release()

    def _heat(self, solved: Solved, amounts: Any) -> float:
        """Enthalpy of the whole cell [J]."""
        heat = amounts.get("heat")
        return 0.0 if heat is None else float(np.sum(heat)) * solved.evaluation.problem.mesh.multiplicity

    def _write(self, time: float, solved: Solved, step: Step | None, side: str = "before") -> None:
        """A row of the history, of what is on a side of a jump, and progress."""
        found = self._row(time, solved, step, side)
        kept = self.course.add(found)
        self.course.alert(time, self.system.figures(solved)["alerts"])
        if self.sink is not None:
            self.sink.row(kept)
        if self.progress is not None:
            thermal = solved.evaluation.problem.thermal
            lumps = (
                {}
                if thermal is None
                else {
                    lump.name: float(solved.state.temperature[r])
                    for lump, r in zip(thermal.lumps, thermal.shared_rows, strict=True)
                }
            )
            self.progress(
                {
                    "time": time,
                    "end": self.timeline.end,
                    "step": None if step is None else step.end - step.start,
                    "error": None if step is None else step.error,
                    "rejected": self.course.rejected,
                    "steps": self.course.steps,
                    "superheat": found.get("superheat_K"),
                    "temperatures": lumps,
                    "seconds": clock.perf_counter() - self._began,
                }
            )

    def _row(self, time: float, solved: Solved, step: Step | None, side: str) -> dict[str, Any]:
        found: dict[str, Any] = {
            "time": time,
            "step_s": None if step is None else step.end - step.start,
            "error": None if step is None else step.error,
            "iterations": self.solver.iterations,
            **{f"schedule.{key}": value for key, value in self.timeline.values_at(time, side).items()},
        }
        held = inventory(self.system.of(solved), solved)
        if held is not None:
            found |= held.row()
        nothing = dict.fromkeys(self.system.flows(solved), 0.0) if step is None else {}
        found |= {f"sums.{name}": value for name, value in (nothing | self.course.sums).items()}
        found |= self.heating.columns(solved, found["step_s"])
        return found | row(self.system.figures(solved))

    def _output(self, time: float, solved: Solved) -> None:
        self._written = time
        if self.sink is not None:
            self.sink.output(time, self.system.solution(solved, gradients=True))

    def _checkpoint(self, moment: Moment, ended: bool = False) -> None:
        if self.sink is None:
            return
        state = moment.state
        self.sink.checkpoint(
            {
                "ended": ended,
                "time": moment.time,
                "dt": moment.dt,
                "written": self._written,
                "seconds": clock.perf_counter() - self._began,
                "vector": state.vector,
                "corrections": dict(state.corrections),
                "amounts": dict(moment.amounts),
                "enthalpy": self._enthalpy,
                "iterations": self.solver.iterations,
                "course": self.course.content(),
                **self.system.content(),
            }
        )

    def _resume(self, content: dict[str, Any]) -> Moment:
        self.system.resume(content)
        self.course, self._enthalpy = Course.of(content["course"]), content["enthalpy"]
        self.solver.iterations = content["iterations"]
        self._written = content["written"]
        self._began -= content["seconds"]
        built = self.system.built(content["time"], "after")
        state = State(built.problem.layout, content["vector"], content["corrections"])
        self.heating.begin(state)
        return Moment(content["time"], state, content["amounts"], content["dt"])

    def _finish(self, time: float, solved: Solved, failure: str, kind: Any) -> tuple[Solution, Tree]:
        """Solution and report of the last state; raises where the run failed."""
        self.solver.forget()  # makes room
        built = self.system.of(solved)
        if time > self._written:
            self._output(time, solved)
        self._checkpoint(Moment(time, solved.state, solved.amounts, 0.0), ended=True)
        status = {
            "converged": not failure,
            "message": failure or "converged",
            "outer_iterations": self.solver.iterations,
            "cells": built.mesh.n_cells,
            "lattice_cells": int(np.prod(built.mesh.lattice.shape)) if built.mesh.lattice else built.mesh.n_cells,
            "unknowns": solved.state.vector.size,
            "wall_seconds": clock.perf_counter() - self._began,
            "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
        here = self.system.solution(solved, status, gradients=True)
        course = self.course.record() | {
            "start": self.timeline.start,
            "end": time,
            "energy": self.course.energy(self._heat(solved, solved.amounts)),
        }
        solution = Solution(
            self.case,
            write_toml(plain_data(self.case)),
            here.mesh,
            here.record | {"course": course},
            status,
            self.course.rows,
            self.system.warnings(solved),
            provenance(built, self.fields, 0),
        )
        del built, solved, here  # makes room
        self.system.forget()
        figures = report(solution)
        if failure:
            raise kind(failure, solution=solution)
        failures = report_failures(figures)
        if failures:
            raise NotConverged("; ".join(failures), solution=solution.failed(failures))
        return solution, figures


def solve_transient(
    case: Any,
    sink: Sink | None = None,
    progress: Callable[[dict[str, Any]], None] | None = None,
    fields: Any = None,
    content: dict[str, Any] | None = None,
) -> tuple[Solution, Tree]:
    """Solve a case over time; see `Run`."""
    return Run(case, sink, progress, fields).solve(content)
