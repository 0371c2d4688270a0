"""The state at a stage of a time step, by the iterations that find a steady state."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from oxycell.arrays import Floats
from oxycell.numerics.operators import Operator
from oxycell.physics.evaluation import Evaluation
from oxycell.physics.problem import Problem
from oxycell.physics.stage import Stage
from oxycell.solvers.controls import Controls
from oxycell.solvers.search import Search
from oxycell.solvers.staggered import Staggered
from oxycell.state import State


class Solved(NamedTuple):
    """A stage that was solved.

    Attributes
    ----------
    state : State; evaluation : Evaluation with its own ledge
    amounts : dict name → array, what is stored by what passes: what iterations leave over is in them, and is made up
        for in the next step
    """

    state: State
    evaluation: Evaluation
    amounts: dict[str, Floats]


class StageSolver:
    """Solves stages of time steps, of one problem after the other.

    Parameters
    ----------
    tolerance : float, over the ledger's limits of a steady state, to which stages are solved
    max_iterations : int, staggered iterations of a stage
    controls : Controls
    report : called after every iteration, see Search; or None

    Attributes
    ----------
    iterations : int, of all stages so far
    """

    def __init__(
        self,
        tolerance: float,
        max_iterations: int,
        controls: Controls,
        report: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self._options = tolerance, max_iterations, controls, report
        self._search: Search | None = None
        self._operators: dict[str, Operator] = {}
        self.iterations = 0

    def forget(self) -> None:
        """Let go of everything that remembers earlier states: iterations go on as in a new run."""
        self._search, self._operators = None, {}

    def release(self) -> None:
        """Let go of the problem: of another one of the same connectivity the operators go on."""
        self._search = None

    def solve(self, problem: Problem, stage: Stage, guess: Callable[[], State]) -> Solved:
        """The state at a stage.

        Parameters
        ----------
        problem : Problem, as it is at the time of the stage
        stage : Stage
        guess : function that makes a State nearby, which is kept no longer than needed

        Raises
        ------
        NotConverged
            The iterations stall.
        """
        search = self._of(problem)
        search.lag, search.iterations = type(search.lag)(), 0
        search.begin_stage(stage)
        staggered = Staggered(search)
        try:
            if search.stepped:
                state = staggered.run(staggered.charged(_given(problem, guess())))
            else:
                state = search.charge(_given(problem, guess()), None)
        finally:
            self.iterations += search.iterations
        evaluation = search.final(state)
        amounts: dict[str, Floats] = {}
        for balance in problem.balances:
            stored = evaluation.of(balance, "storage")
            if stored is not None:
                amounts |= stored.amounts
                amounts[balance.name] = stored.amounts[balance.name] + evaluation.of(balance, "residual") / stage.rate
        search.rest()
        return Solved(state, evaluation, amounts)

    def at_once(self, problem: Problem, state: State, amounts: Mapping[str, Floats], supply: Any = None) -> Solved:
        """A State with the currents of its temperatures; amounts : mapping name → array, which it keeps; supply : as of
        a Stage."""
        search, state = self._of(problem), _given(problem, state)
        search.begin_stage(Stage(0.0, amounts, supply))
        search.lag = type(search.lag)()
        if problem.electric:
            search.lag.of_heat = True
            search.renew(state)
            state = search.charge(state, None)
        evaluation = search.final(state)
        search.rest()
        return Solved(state, evaluation, dict(amounts))

    def step(self, solved: Solved, residual: Floats) -> Floats:
        """Change of temperature (n_rows,) [K] that an amount of heat per time (n_rows,) [W] makes at a stage that was
        solved last."""
        problem = solved.evaluation.problem
        search, thermal = self._of(problem), problem.thermal
        operator = search.fill(thermal, solved.evaluation)
        e = solved.evaluation
        change: Floats = thermal.step(operator, e.heat, residual, 1e-2, e.heat_storage)
        return change

    def _of(self, problem: Problem) -> Search:
        if self._search is None or self._search.problem is not problem:
            self._search = Search(problem, *self._options)
            self._search.corrections.tolerance *= max(self._options[0], 1.0)
            if _alike(self._operators, self._search.operators):
                self._search.operators = self._operators
            self._operators = self._search.operators
        return self._search


def _given(problem: Problem, state: State) -> State:
    """The state with lumps at the temperatures a problem prescribes."""
    thermal = problem.thermal
    if thermal is None or not thermal.fixed_rows.size:
        return state
    temperature = state.temperature.copy()
    temperature[thermal.fixed_rows] = problem.initial_guess(thermal)[thermal.fixed_rows]
    return state.replaced(temperature=temperature)


def _alike(some: Mapping[str, Operator], others: Mapping[str, Operator]) -> bool:
    """Whether operators of two problems, by the names of their balances, have the same connectivity."""
    return some.keys() == others.keys() and all(some[name].joins_like(others[name]) for name in some)
