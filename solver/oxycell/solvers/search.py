"""What all stages of a solve share: the last evaluations, the lagged ledge, operators, criteria, and the count of
iterations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from oxycell.arrays import Ints
from oxycell.errors import NotConverged
from oxycell.limits import WIDEST
from oxycell.numerics.operators import Operator
from oxycell.physics.balance import Balance
from oxycell.physics.evaluation import Evaluation
from oxycell.physics.problem import Problem
from oxycell.physics.stage import Stage
from oxycell.solvers.charge_newton import ChargeNotClosed, balance_charge
from oxycell.solvers.controls import Controls
from oxycell.solvers.criteria import Criteria, relative_size, sizes
from oxycell.solvers.deferred_correction import DeferredCorrections
from oxycell.solvers.step_limits import StepLimits
from oxycell.state import State


@dataclass
class Lag:
    """The ledge's front as it is lagged: kept from one iteration or step to the next.

    Attributes
    ----------
    front : Front or None, kept at its value of another state; None before the first, and without a ledge
    of_heat : bool, whether the heat balance sees it too; else currents alone do, and heat has the front of its own
        state
    follow : float, share by which it moves to where it belongs when it is renewed
    """

    front: Any = None
    of_heat: bool = False
    follow: float = 1.0

    def renew(self, front: Any) -> None:
        """Let it follow a front."""
        self.front = front if self.front is None else self.front.towards(front, self.follow)

    def quantities(self, problem: Problem) -> dict[str, Any]:
        """Lagged quantities of an Evaluation."""
        if self.front is None:
            return {}
        lagged = {"front": self.front} if self.of_heat else {}
        return lagged | ({"charge_front": self.front} if problem.electric else {})


@dataclass
class Search:
    """The state of a search for the steady state of a problem.

    Attributes
    ----------
    problem : Problem
    tolerance : float, share of the ledger's limits to reach
    max_iterations : int, staggered iterations, and Newton steps of each stage
    controls : Controls
    report : called with a dict (stage, iteration, state, evaluation, sizes) after every iteration or step, or None
    stage : Stage of a time step, or None for the steady state
    """

    problem: Problem
    tolerance: float
    max_iterations: int
    controls: Controls
    report: Callable[[dict[str, Any]], None] | None = None
    iterations: int = 0
    lag: Lag = field(default_factory=Lag)
    stage: Stage | None = None

    def __post_init__(self) -> None:
        problem = self.problem
        self.criteria = Criteria(self.tolerance)
        self.limits = StepLimits(problem, self.controls.steps)
        self.corrections = DeferredCorrections(problem.balances, self.controls)
        self.operators = {balance.name: balance.operator() for balance in problem.balances}
        self.condensed = [balance for balance in problem.balances if balance.condensed]
        self.stepped = [balance for balance in problem.balances if not balance.condensed]
        self.name = "coupled" if len(problem.balances) > 1 else problem.balances[0].name
        self.reached: State | None = None
        self._latest: Evaluation | None = None
        self._before: Evaluation | None = None
        self._settled: Evaluation | None = None

    def forget(self) -> None:
        """Restart: no lag, no iterations, no evaluation to take anything from."""
        self.lag, self.iterations, self._latest, self._before, self._settled = Lag(), 0, None, None, None

    def rest(self) -> None:
        """Let go of what was evaluated, but for where iterations within quantities may begin."""
        self.reached = self._latest = self._settled = None
        if self._before is not None:
            self._before.keep()

    def begin_stage(self, stage: Stage | None) -> None:
        """Go on to another Stage of a time step, or to the steady state."""
        self.stage, self._latest, self._settled = stage, None, None

    @property
    def _given(self) -> dict[str, Any]:
        """What evaluations of all stages of the search have in common."""
        return {} if self.stage is None else {"stage": self.stage}

    def renew(self, state: State) -> None:
        """Let the ledge follow the state."""
        thermal = self.problem.thermal
        if not (thermal and thermal.freezing):
            return  # what was evaluated at the state still holds
        at_state = self.problem.evaluate(state, self._given, self._before)
        self._latest, self._before = None, at_state
        self.lag.renew(at_state.front)

    def evaluate(self, state: State) -> Evaluation:
        """Evaluation of a state with the ledge as it lags; the last one is kept."""
        latest = self._latest
        if (
            latest is None
            or latest.state.vector is not state.vector
            or latest.state.corrections is not state.corrections
        ):
            latest = self.problem.evaluate(state, self._given | self.lag.quantities(self.problem), self._before)
            self._latest = self._before = latest
            self.reached = state
        return latest

    def final(self, state: State) -> Evaluation:
        """Evaluation of a state with its own ledge; that of the state at which balances were found to close is kept."""
        settled = self._settled
        if (
            settled is not None
            and settled.state.vector is state.vector
            and settled.state.corrections is state.corrections
        ):
            return settled
        return self.problem.evaluate(state, self._given, settled or self._before)

    def keep(self, evaluation: Evaluation) -> State:
        """Keep an Evaluation as the last one; returns its state."""
        self._latest = self._before = evaluation
        return evaluation.state

    def finished(self, state: State) -> bool:
        """Whether all balances close, with the ledge where it belongs."""
        e = self.evaluate(state)
        if self.lag.of_heat or self.lag.follow < 1.0:
            e.release(*self._all_but_temperature)  # the rest is freed
            self._settled = None
            self._settled = e = self.final(state)
        finished = all(self.criteria.closes(e, balance) for balance in self.problem.balances)
        if e is self._settled and not finished:
            e.release("potential")
        return finished

    def tell(self, stage: str, state: State, evaluation: Evaluation) -> None:
        """Count an iteration or step and report it; NotConverged where temperatures diverge."""
        self.iterations += 1
        self.limits.check(stage, state)
        if self.report:
            self.report(
                {
                    "stage": stage,
                    "iteration": self.iterations,
                    "state": state,
                    "evaluation": evaluation,
                    **sizes(evaluation),
                }
            )

    def at(self, error: NotConverged) -> State:
        """The state a NotConverged holds or, where a linear solve failed, the last one that was looked at."""
        return cast(State, self.reached if error.state is None else error.state)

    def fill(self, balance: Balance, evaluation: Evaluation, fixed: Ints | tuple[()] = ()) -> Operator:
        """Operator of a balance with its tangent, other fields lagged; the rows `fixed` (k,) int do not move."""
        operator = self.operators[balance.name]
        balance.fill(operator, evaluation[balance.terms_name], evaluation.of(balance, "storage"))
        if len(fixed):
            operator.shift[fixed] += 1e8 * operator.diagonal[fixed]
            operator.refresh()
        return operator

    def charge(self, state: State, relative: float | None, most: int | None = None) -> State:
        """The state with potentials for its temperatures, these and the ledge lagged.

        Parameters
        ----------
        state : State
        relative : float or None, relative residual to reach; None: the ledger's limits
        most : int or None, most steps, if fewer than those of the solver

        Raises
        ------
        NotConverged
            Its `state` is the best one.
        """
        electric, controls = self.problem.electric, self.controls.charge

        def finished(e):
            found = relative_size(e, electric)
            if found <= (relative or 0.0):
                return True
            may_close = self.corrections.any or not relative or found > WIDEST
            return may_close and self.criteria.closes(e, electric)

        def report(e):
            if not self.stepped:
                self.tell("charge", self.keep(e), e)

        tolerance = controls.loose_tolerance if relative else controls.linear_tolerance
        try:
            e = self.evaluate(state)
            most = min(most or self.max_iterations, self.max_iterations)
            return self.keep(
                balance_charge(e, self.operators["charge"], self.limits, controls, finished, tolerance, most, report)
            )
        except ChargeNotClosed as error:
            self.keep(error.evaluation)
            raise

    def close(self) -> None:
        """Let go of what only solving needs: operators with their levels, the last evaluations."""
        self.operators = {}
        self._latest = None
        if self._before is not None:
            self._before.release(*self._all_but_temperature)

    @property
    def _all_but_temperature(self) -> list[str]:
        fields = self.problem.layout.rows
        return (
            [name for name in fields if name != "temperature"]
            + ["front", "charge_front"]
            + [f"{f}.correction" for f in fields]
        )
