"""How far one step towards the steady state may go."""

from typing import NamedTuple

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.kernel import kernel
from oxycell.numerics.reductions import largest, largest_where
from oxycell.physics.balance import Balance
from oxycell.physics.evaluation import Evaluation
from oxycell.physics.problem import Problem
from oxycell.solvers.controls import StepControls
from oxycell.state import State


class SuperheatShares(NamedTuple):
    """Shares of a pool's superheat that one step may take away and add."""

    lost: float
    gained: float


class StepLimits:
    """What a step may change, of a problem.

    Parameters
    ----------
    problem : Problem
    controls : StepControls
    """

    def __init__(self, problem: Problem, controls: StepControls) -> None:
        self._problem, self._controls = problem, controls
        self._limits = {balance.field: balance.step_limit(controls) for balance in problem.balances}
        self._longest = {field: limit.longest for field, limit in self._limits.items()}
        self._begin = 2.0 * largest(problem.initial_guess(problem.thermal)) if problem.thermal else 0.0
        self.newton = SuperheatShares(controls.newton_loses, controls.newton_gains)
        self.iteration = SuperheatShares(controls.iteration_loses, controls.iteration_gains)

    def hottest(self, state: State) -> float:
        """Highest temperature of a body [K], 0 where temperature is not solved."""
        thermal = self._problem.thermal
        return largest(state.temperature[thermal.real]) if thermal else 0.0

    def astray(self, state: State) -> bool:
        """Whether a search that makes no progress ends at this state: bodies are too hot; with lumps of prescribed
        temperature Newton's method leads back from there."""
        return self.hottest(state) > self._controls.hottest and not self._problem.thermal.fixed_names

    def check(self, stage: str, state: State, most: float | None = None) -> None:
        """Raise NotConverged where temperatures diverge, beyond `most` [K] and what they began with."""
        if self._problem.thermal is None:
            return
        most = max(self._controls.run_away if most is None else most, self._begin)
        if largest(state.temperature) > most and self.hottest(state) > most:
            raise NotConverged(f"{stage} balance: temperatures diverge", state=state)

    def alone(
        self, balance: Balance, values: Floats, step: Floats, evaluation: Evaluation, shares: SuperheatShares
    ) -> Floats:
        """A step (n_rows,) of one balance alone from values (n_rows,) of its field, shortened.

        Parameters
        ----------
        balance : Balance; values, step : (n_rows,)
        evaluation : Evaluation where it starts
        shares : SuperheatShares
        """
        out = self._limited(balance, values, step, max(self._over(balance, step, evaluation), 1.0), evaluation)
        share = balance.allowed_share(evaluation, values, out, *shares)
        if share < 1.0:
            out *= share
        return out

    def all(self, state: State, step: Floats, evaluation: Evaluation, shares: SuperheatShares) -> Floats:
        """A step (size,) of all fields, shortened; the rest: see `alone`."""
        rows, out = self._problem.layout.rows, np.empty(step.size)
        balances = self._problem.balances
        by = max([1.0, *(self._over(balance, step[rows[balance.field]], evaluation) for balance in balances)])
        share = 1.0
        for balance in balances:
            here, values = rows[balance.field], state[balance.field]
            out[here] = self._limited(balance, values, step[here], by, evaluation)
            share = min(share, balance.allowed_share(evaluation, values, out[here], *shares))
        return share * out if share < 1.0 else out

    def _over(self, balance: Balance, step: Floats, evaluation: Evaluation) -> float:
        """Largest change in the rows that count over what a step may be."""
        return largest_where(step, evaluation.of(balance, "counted")) / self._longest[balance.field]

    def _limited(self, balance: Balance, values: Floats, step: Floats, by: float, evaluation: Evaluation) -> Floats:
        """The step over `by`, limited."""
        field, out = balance.field, np.empty(step.size)
        limit = self._limits[field]
        if limit.clips:
            longest = self._longest[field]
            clip(step, by, -longest, longest, out)
            self._longest[field] = self._controls.growth * longest if by > 1.0 else limit.longest
        else:
            limit_falling(step, by, values, evaluation.of(balance, "counted"), limit.lowest, out)
        return out


@kernel
def clip(step, by, least, most, out):
    """out = step / by (n,), between `least` and `most`."""
    for i in range(step.size):
        out[i] = min(max(step[i] / by, least), most)


@kernel
def limit_falling(step, by, u, counts, lowest, out):
    """out = step / by (n,), where it counts no farther down than to `lowest`."""
    for i in range(step.size):
        out[i] = step[i] / by
        if counts[i]:
            out[i] = max(out[i], lowest - u[i])
