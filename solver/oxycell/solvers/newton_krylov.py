"""Newton–Krylov method on all balances together: tangents by differences, preconditioned balance by balance."""

from collections.abc import Callable

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.numerics.newton import decreases, descends, krylov_direction, newton
from oxycell.numerics.reductions import largest_size
from oxycell.physics.evaluation import Evaluation
from oxycell.solvers.criteria import sizes
from oxycell.solvers.search import Search
from oxycell.state import State


class NewtonKrylov:
    """Newton's method on all balances of a search, the deferred corrections lagged.

    A residual that has to become smaller is compared after division by the square root of the tangent's diagonal: a row
    counts by the error in its field it stands for, not by its conductance (those of metal and insulation differ by
    1e10).

    Parameters
    ----------
    search : Search
    """

    def __init__(self, search: Search) -> None:
        self.search, self.controls = search, search.controls.newton
        layout = search.problem.layout
        self._differences, self._weight = layout.filled("difference"), np.zeros(0)

    def stage(self, state: State, relative: float | None, most: int | None = None) -> State:
        """Newton's method until the residual is small enough.

        Parameters
        ----------
        state : State, initial guess
        relative : relative residual to reach, or None for the ledger's limits
        most : most steps, if fewer than those of the solver

        Raises
        ------
        NotConverged
            Its `state` is the best one.
        """
        search, controls = self.search, self.controls
        rows = list(search.problem.layout.rows.values())
        search.renew(state)
        known = state

        def at(vector):
            nonlocal known
            if known.vector is not vector:
                known = state.moved(vector)
            return known

        def residual(vector):
            e = search.evaluate(at(vector))
            return np.concatenate([e.of(balance, "residual") for balance in search.problem.balances])

        def finished(vector, r):
            if relative:
                return max(sizes(search.evaluate(at(vector))).values()) <= relative
            return search.finished(at(vector))

        def direction(vector, r):
            e = search.evaluate(at(vector))
            self._fill(e)
            tolerance = controls.loose_tolerance if relative else controls.linear_tolerance
            return krylov_direction(
                residual,
                vector,
                r,
                self._preconditioner(residual, vector, r, e),
                self._differences,
                self._weight,
                tolerance,
            )

        smaller = decreases(lambda: self._weight)

        def accepts(step, length, r, trial):
            each = all(descends(step[here], length, r[here], trial[here]) for here in rows)
            return each or smaller(step, length, r, trial)

        def bounded(vector, step):
            return search.limits.all(at(vector), step, search.evaluate(at(vector)), search.limits.newton)

        def report(_, vector, r):
            search.tell(search.name, at(vector), search.evaluate(at(vector)))

        most = min(most or search.max_iterations, search.max_iterations)
        try:
            found, _ = newton(
                residual,
                direction,
                state.vector,
                accepts,
                finished,
                bounded,
                most,
                lambda vector: search.renew(at(vector)),
                report,
            )
            return at(found)
        except NotConverged as error:
            reached = None if error.state is None else at(error.state)
            raise NotConverged(f"{search.name} balance: {error}", state=reached) from None

    def followed_closely(self, state: State, gives_up: Callable[[State], bool]) -> State:
        """The state at the ledger's limits, the ledge following within a step; in between, where that stalls, damped
        from step to step.

        Parameters
        ----------
        state : State
        gives_up : State → bool, whether a state that was reached is not worth another round
        """
        search, controls, lag = self.search, self.controls, self.search.lag
        most = None if lag.front is None else controls.steps
        for _ in range(controls.rounds):
            lag.of_heat, lag.follow = False, 1.0
            try:
                return self.stage(state, None, most)
            except NotConverged as error:
                if lag.front is None or gives_up(search.at(error)):
                    raise
                state = search.at(error)
            lag.of_heat, lag.follow = True, controls.follow
            try:
                return self.stage(state, None, most and controls.damped_rounds * most)
            except NotConverged as error:
                state = search.at(error)
        lag.of_heat, lag.follow = False, 1.0
        return self.stage(state, None, most)

    def _fill(self, evaluation: Evaluation) -> None:
        """Tangents of all balances, and the weights of their rows."""
        weights = []
        for balance in self.search.problem.balances:
            operator = self.search.fill(balance, evaluation)
            diagonal = balance.diagonal(operator, evaluation[balance.terms_name])
            flow = max(evaluation.of(balance, "flow"), 1e-300)
            weights.append(1.0 / np.sqrt(diagonal * flow * balance.scale))
        self._weight = np.concatenate(weights)

    def _preconditioner(
        self, residual: Callable[[Floats], Floats], vector: Floats, r: Floats, evaluation: Evaluation
    ) -> Callable[[Floats], Floats]:
        """Block Gauss–Seidel: one balance after the other, each with what the steps before it change in its
        residual."""
        search, tolerance = self.search, self.controls.block_tolerance
        blocks = [
            (
                search.problem.layout.rows[balance.field],
                balance.preconditioner(search.operators[balance.name], evaluation[balance.terms_name], tolerance),
            )
            for balance in search.problem.balances
        ]

        def precondition(v):
            step, left = np.zeros(v.size), v
            for number, (here, solve) in enumerate(blocks):
                fastest = largest_size(step / self._differences) if number else 0.0
                if fastest > 0.0:
                    left = v + (residual(vector + step / fastest) - r) * fastest
                step[here] = solve(left[here])
            return step

        return precondition
