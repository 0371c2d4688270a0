"""Steady solver: staggered iteration with Anderson acceleration, and a Newton–Krylov method on all balances where it
stalls."""

from collections.abc import Callable
from typing import Any

from oxycell.errors import NotConverged
from oxycell.numerics.anderson import Anderson
from oxycell.numerics.linear import solve as solve_linear
from oxycell.physics.evaluation import Evaluation
from oxycell.physics.problem import Problem
from oxycell.solvers.controls import Controls
from oxycell.solvers.criteria import size
from oxycell.solvers.newton_krylov import NewtonKrylov
from oxycell.solvers.search import Search
from oxycell.solvers.staggered import Staggered
from oxycell.state import State


class Solver:
    """Finds the state at which the residuals of a problem vanish.

    Parameters
    ----------
    problem : Problem
    tolerance : float, share of the ledger's limits to reach
    max_iterations : int, staggered iterations, and Newton steps of each stage
    report : called with a dict (stage, iteration, state, evaluation, and the relative residual of each balance by its
        name) after every iteration or step, or None
    controls : Controls or None, the default ones
    """

    def __init__(
        self,
        problem: Problem,
        tolerance: float,
        max_iterations: int,
        report: Callable[[dict[str, Any]], None] | None = None,
        controls: Controls | None = None,
    ) -> None:
        self.problem = problem
        self.search = Search(problem, tolerance, max_iterations, controls or Controls(), report)
        self.staggered, self.newton_krylov = Staggered(self.search), NewtonKrylov(self.search)
        self._guess: State | None = None

    @property
    def iterations(self) -> int:
        """Iterations and steps so far."""
        return self.search.iterations

    @property
    def surplus(self) -> float | None:
        """See Staggered."""
        return self.staggered.surplus

    @property
    def ledge_heat(self) -> float:
        """See Staggered."""
        return self.staggered.ledge_heat

    def begin_at(self, state: State | None) -> None:
        """Begin at a state nearby (State or None), lumps free; it is kept no longer than needed.

        Where iterations do not settle from there, the search restarts.
        """
        self._guess = state

    def solve(self) -> State:
        """The state at which all balances close.

        Returns
        -------
        State

        Raises
        ------
        NotConverged
            With the last state as its `state`.
        """
        try:
            return self._solve()
        except NotConverged as error:
            error.state = self.search.at(error)
            raise

    def close(self) -> None:
        """Let go of what only solving needs."""
        self.search.close()

    def final(self, state: State) -> Evaluation:
        """Evaluation of a state with its own ledge."""
        return self.search.final(state)

    def _solve(self) -> State:
        search, problem = self.search, self.problem
        if self._guess is not None:
            state, self._guess = self._guess, None
            try:
                return self._polished(self.staggered.run(self.staggered.charged(state)))
            except NotConverged:
                search.forget()
        state = problem.start()
        if not search.stepped:
            charge = search.controls.staggered.loosest_charge
            return self._polished(
                self._corrected(state, lambda state, deviation: search.charge(state, charge * deviation))
            )
        try:
            if problem.thermal:
                state = self.staggered.with_lumps_fixed(state, search.controls.staggered.first_residual)
            else:
                state = self.staggered.charged(state)
            state = self.staggered.run(state)
        except NotConverged as error:
            reached = search.at(error)
            exhausted = search.iterations >= search.max_iterations
            if self._freezes(reached) or search.limits.astray(reached) or exhausted:
                raise
            state = self._corrected(reached, lambda state, _: self._together(state))
        return self._polished(state)

    def _corrected(self, state: State, stage: Callable[[State, float], State]) -> State:
        """The state at which the deferred corrections agree with the fluxes; `stage`: function of a state and their
        deviation that finds the state for corrections that are lagged."""
        search, corrections = self.search, self.search.corrections
        if not corrections.any:
            return stage(state, 0.0)
        mixer, deviation = Anderson(corrections.acceleration.depth), 1.0
        for _ in range(corrections.acceleration.iterations):
            state = stage(state, deviation)
            asked, deviation = corrections.asked(search.evaluate(state))
            if deviation <= corrections.tolerance:
                return stage(state, 0.0)
            flat, held = corrections.flat(asked), corrections.flat(state.corrections)
            state = state.corrected(corrections.unflat(mixer.next(flat, flat - held), state.corrections))
        raise NotConverged(
            "deferred corrections of two-point fluxes do not converge; allowed: cells less flat or less oblique",
            state=state,
        )

    def _together(self, state: State) -> State:
        """The state at the ledger's limits by Newton's method, the ledge lagged until the residuals are small."""
        search, near, steps = self.search, self.search.controls.newton.near, self.search.controls.newton.steps
        if self.problem.thermal:
            e = search.final(state)
            if size(e.heat_residual, e.heat_flow) > near:
                state = self.staggered.with_lumps_fixed(self.problem.start().corrected(state.corrections), near)
        search.lag.of_heat = True
        try:
            state = self.newton_krylov.stage(state, near, most=steps)
        except NotConverged as error:
            state = search.at(error)
            if self._freezes(state):
                raise
        return self.newton_krylov.followed_closely(state, self._freezes)

    def _freezes(self, state: State) -> bool:
        """Whether pools that lack heat have lost most of the superheat of the initial guess: no ledge would carry so
        little heat."""
        lacking, thermal = self.surplus is not None and self.surplus < 0.0, self.problem.thermal
        if not lacking or thermal is None or not thermal.freezing:
            return False
        least = self.search.controls.steps.freezing * self.first_superheat
        return any(state.temperature[row] - liquidus < least for row, liquidus in thermal.freezing)

    @property
    def first_superheat(self) -> float:
        """Superheat of the initial guess of the pools [K]."""
        start = self.problem.initial_guess(self.problem.thermal)
        return max(float(start[row]) - liquidus for row, liquidus in self.problem.thermal.freezing)

    def _polished(self, state: State) -> State:
        """The state with its charge residual at round-off, so that currents that should be zero are."""
        search, controls, electric = self.search, self.search.controls.newton, self.problem.electric
        search.lag.of_heat, search.lag.follow = True, 1.0
        if not electric:
            return state
        search.renew(state)  # once: temperatures stay, and with them the ledge
        search.fill(electric, search.evaluate(state))
        for _ in range(controls.polishing_steps):
            residual = search.evaluate(state).charge_residual
            step = solve_linear(search.operators["charge"], residual, controls.polishing_tolerance)
            trial = state.replaced(potential=state.potential + step)
            # At round-off single rows only change their noise; what a whole body gains or loses still shrinks.
            if size(search.evaluate(trial).charge_residual) > 2.0 * size(residual):
                break
            state = trial
        return state
