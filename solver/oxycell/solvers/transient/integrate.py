"""Integration in time: steps of adaptive size between events, each with an estimate of its error."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.numerics.reductions import largest, total
from oxycell.physics.problem import Problem
from oxycell.physics.stage import Stage
from oxycell.solvers.transient.methods import DIAGONAL, SDIRK2, TR_BDF2, Method, combined
from oxycell.solvers.transient.stages import Solved, StageSolver
from oxycell.state import State

SAFETY, LEAST, MOST = 0.9, 0.2, 4.0
"""Factor on the step that the error would allow, and by how much a step may differ from the one before."""

FAILED = 0.25
"""Factor on a step whose iterations stall."""

SHORTEST = 1e-6
"""Share of the first step after an event below which a step is given up."""


class System(Protocol):
    """What is integrated."""

    def problem(self, time: float, side: str) -> Problem:
        """Problem as it is at a time [s]; side: "before" or "after" a jump there. The same object while nothing
        differs."""

    def supply(self, time: float, side: str) -> Any:
        """What is fed and tapped then, as a Stage has it, or None."""

    def flows(self, solved: Solved) -> dict[str, float]:
        """What is summed over time, per second, at a stage."""


class Tolerance(NamedTuple):
    """Error of a step that is accepted.

    Attributes
    ----------
    temperature : [K], of lumps, and of cells in the mean weighted by their heat capacity
    thickness : [m], of the ledge in the mean
    """

    temperature: float
    thickness: float


class StepSizes(NamedTuple):
    """How long steps are [s].

    Attributes
    ----------
    first : after an event; longest : at most
    fixed : of all steps, without control of their error; None: controlled
    """

    first: float
    longest: float
    fixed: float | None = None


class Step(NamedTuple):
    """A step that was accepted.

    Attributes
    ----------
    start, end : [s]
    solved : Solved, at its end
    sums : dict name → float, flows over the step
    error : float, over the tolerance
    rejected : int, attempts before it
    method : str
    """

    start: float
    end: float
    solved: Solved
    sums: dict[str, float]
    error: float
    rejected: int
    method: str


class Moment(NamedTuple):
    """Where an integration stands: all that goes on from it depends on.

    Attributes
    ----------
    time : float [s]; state : State; amounts : mapping name → array; dt : float [s], size of the next step
    """

    time: float
    state: State
    amounts: Mapping[str, Floats]
    dt: float


class Integrator:
    """Integrates a system from event to event.

    Parameters
    ----------
    system : System
    solver : StageSolver
    tolerance : Tolerance
    sizes : StepSizes

    Notes
    -----
    TR-BDF2; SDIRK2 for the first step from where nothing is remembered. A rate is what the method makes of amounts,
    (y − known)/(d dt), not the residual of the state: they are conserved to round-off whatever iterations leave.
    """

    def __init__(self, system: System, solver: StageSolver, tolerance: Tolerance, sizes: StepSizes) -> None:
        self.system, self.solver, self.tolerance, self.sizes = system, solver, tolerance, sizes

    def at_once(self, moment: Moment, side: str = "after") -> Solved:
        """The moment with the currents of its temperatures: what a jump changes at once."""
        problem, supply = self.system.problem(moment.time, side), self.system.supply(moment.time, side)
        return self.solver.at_once(problem, moment.state, moment.amounts, supply)

    def until(
        self,
        moment: Moment,
        end: float,
        accepted: Callable[[Step], None],
        most: int = 25,
        ends: Callable[[float, Solved], object] = lambda time, solved: None,
    ) -> Moment:
        """Go on to a time, with no event in between, or a number of steps towards it.

        Parameters
        ----------
        moment : Moment where it begins, from which nothing but this is remembered
        end : float [s], which is met exactly
        accepted : called with every Step
        most : steps at most
        ends : says whether, or why, a run ends at a time [s] and a stage. Steps that reach beyond that are taken again,
            halved, until the one that does is no longer than the first after an event.

        Returns
        -------
        Moment at `end` or before it, `dt` the step it would go on with

        Raises
        ------
        NotConverged
            Steps became too short.
        """
        self.solver.forget()
        past = [(moment.time, moment.state)]
        time, amounts, dt = moment.time, moment.amounts, moment.dt
        rates: dict[str, Floats] | None = None
        flows: dict[str, float] = {}
        rejected = 0
        steps = 0
        latest: float | None = None  # when the run ends at the latest
        while time < end and steps < most:
            goal = end if latest is None else latest
            left = goal - time
            if latest is not None:
                dt = min(dt, left if left <= self.sizes.first else 0.5 * left)
            now, cut = self._cut(dt, left)
            method = SDIRK2 if rates is None else TR_BDF2
            try:
                solved, stages, of_stages = self._step(
                    method, time, now, end, amounts, [] if rates is None else [rates], past
                )
                error = self._error(method, solved, now, stages)
            except NotConverged as failed:
                rejected, dt = rejected + 1, FAILED * now
                if dt < SHORTEST * self.sizes.first or self.sizes.fixed is not None:
                    raise NotConverged(f"time step at {time:.6g} s: {failed}", state=past[-1][1]) from failed
                continue
            if error > 1.0 and self.sizes.fixed is None:
                del solved  # makes room
                rejected, dt = rejected + 1, now * _factor(method, error)
                if dt < SHORTEST * self.sizes.first:
                    raise NotConverged(f"time step at {time:.6g} s: its error does not fall below the tolerance")
                continue
            reached = goal if cut and now == left else time + now
            if self.sizes.fixed is None and now > self.sizes.first and ends(reached, solved):
                del solved  # makes room
                rejected, latest = rejected + 1, reached
                continue
            weights = method.weights[-1]
            summed = [flows] * method.first + [*of_stages, self.system.flows(solved)]
            sums = {
                name: now * sum(w * flow[name] for w, flow in zip(weights, summed, strict=True)) for name in summed[-1]
            }
            accepted(Step(time, reached, solved, sums, error, rejected, method.name))
            time, amounts, rates, flows, rejected = reached, solved.amounts, stages[-1], summed[-1], 0
            steps += 1
            past = [*(past[-2:] if method is not SDIRK2 else []), (time, solved.state)]
            del solved
            if self.sizes.fixed is None:
                proposed = min(now * _factor(method, error), self.sizes.longest)
                dt = max(dt, proposed) if cut else proposed
        return Moment(time, past[-1][1], amounts, dt)

    def _cut(self, dt: float, left: float) -> tuple[float, bool]:
        """Size of a step that meets an end, and whether it was changed for that: no sliver is left before it."""
        if dt >= 0.999999 * left:
            return left, True
        if self.sizes.fixed is None and 2.0 * dt > left:
            return 0.5 * left, True
        return dt, False

    def _step(
        self,
        method: Method,
        time: float,
        dt: float,
        end: float,
        amounts: Mapping[str, Floats],
        rates: list[dict[str, Floats]],
        past: list[tuple[float, State]],
    ) -> tuple[Solved, list[dict[str, Floats]], list[dict[str, float]]]:
        """The last stage of a step, rates of all, and flows of those before it that were solved."""
        flows: list[dict[str, float]] = []
        rate, past = 1.0 / (DIAGONAL * dt), list(past)
        for node, weights in list(zip(method.nodes, method.weights, strict=True))[method.first :]:
            at = end if node == 1.0 and dt == end - time else time + node * dt
            known = combined(amounts, dt, weights, rates)
            stage = Stage(rate, known, self.system.supply(at, "before"))
            guess = partial(_latest if method is SDIRK2 else _extrapolated, past, at)
            found = self.solver.solve(self.system.problem(at, "before"), stage, guess)
            past.append((at, found.state))
            rates = [*rates, {name: rate * (amount - known[name]) for name, amount in found.amounts.items()}]
            if node < 1.0:
                flows.append(self.system.flows(found))
                del found  # makes room
        return found, rates, flows

    def _error(
        self,
        method: Method,
        last: Solved,
        dt: float,
        rates: list[dict[str, Floats]],
    ) -> float:
        """Error of a step over the tolerance.

        Notes
        -----
        The error of the amounts, taken through the tangent of the last stage: what is stiff does not count.
        """
        problem = last.evaluation.problem
        thermal = problem.thermal
        if thermal is None:
            return 0.0
        names = [name for name in ("heat", "frozen", "shells") if name in rates[-1]]
        error = {name: combined({name: 0.0 * rates[-1][name]}, dt, method.error, rates)[name] for name in names}
        stored, rate = last.evaluation.heat_storage, 1.0 / (DIAGONAL * dt)
        coupling = _storing(problem)
        residual = rate * (error["heat"] if coupling is None else coupling.unexplained(error, last.evaluation.liquidus))
        residual[thermal.fixed_rows] = 0.0
        change = self.solver.step(last, residual)
        capacity = stored.slope / rate
        found = float(np.sqrt(total(capacity * change**2) / max(total(capacity), 1e-300))) / self.tolerance.temperature
        holds = capacity[thermal.shared_rows] > 0.0
        lumps = np.abs(change[thermal.shared_rows][holds])
        found = max(found, largest(lumps) / self.tolerance.temperature)
        freezing = None if coupling is None else coupling.freezing
        if freezing is not None:
            pinned = thermal.pinned(last.evaluation.heat, stored)
            molten = freezing.bath.density * float(pinned.slope @ thermal.front_tangent.at_front(pinned, change))
            found = max(found, abs(molten) / freezing.mass_per_thickness / self.tolerance.thickness)
        if "shells" in error:
            per_thickness = coupling.bath.density * total(last.evaluation.shells.area)
            found = max(found, abs(total(error["shells"])) / per_thickness / self.tolerance.thickness)
        return found


def _storing(problem: Problem) -> Any:
    """HeatStored of a problem in which bath freezes, None in others."""
    for coupling in problem.couplings:
        if getattr(coupling, "bath", None) is not None:
            return coupling
    return None


def _factor(method: Method, error: float) -> float:
    """By how much the next step may differ in size, as the error of a method goes with it."""
    return min(max(SAFETY * max(error, 1e-10) ** (-1.0 / method.error_order), LEAST), MOST)


def _latest(past: list[tuple[float, State]], time: float) -> State:
    """The last state."""
    return past[-1][1]


def _extrapolated(past: list[tuple[float, State]], time: float) -> State:
    """The state at a time by the polynomial through those before, the last of them the nearest in everything else."""
    points = past[-3:]
    if len({t for t, _ in points}) < len(points) or len(points) == 1:
        return points[-1][1]
    shares = []
    for i, (t, _) in enumerate(points):
        others = [other for j, (other, _) in enumerate(points) if j != i]
        shares.append(float(np.prod([(time - other) / (t - other) for other in others])))
    last = points[-1][1]
    vector = sum(share * state.vector for share, (_, state) in zip(shares, points, strict=True))
    corrections = {}
    for field, kept in last.corrections.items():
        corrections[field] = (
            None
            if kept is None
            else sum(share * state.corrections[field] for share, (_, state) in zip(shares, points, strict=True))
        )
    return State(last.layout, np.asarray(vector), corrections, time)
