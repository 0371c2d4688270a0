"""Staggered iteration: the charge balance solved at lagged temperatures, then one linear step of every other balance;
accelerated."""

from collections.abc import Mapping

import numpy as np

from oxycell.arrays import Floats
from oxycell.errors import NotConverged
from oxycell.numerics.anderson import Anderson
from oxycell.numerics.reductions import total
from oxycell.physics.evaluation import Evaluation
from oxycell.solvers.criteria import relative_size, size
from oxycell.solvers.monitor import Progress
from oxycell.solvers.search import Search
from oxycell.state import State


class Staggered:
    """Staggered iterations of a search, the ledge lagged within each of them.

    Anderson's method accelerates them, on the fields that step and on the deferred corrections together. Where they
    stall they go on without it, which with deferred corrections leaves errors that fall slowly and evenly, then with it
    again; in the end damped.

    Parameters
    ----------
    search : Search

    Attributes
    ----------
    surplus : float or None [W], what lumps took up at their initial guess; < 0: they lost more than they got
    ledge_heat : float [W], what they gave to ledges and their walls there
    """

    def __init__(self, search: Search) -> None:
        self.search, self.controls = search, search.controls.staggered
        self.surplus: float | None = None
        self.ledge_heat = 0.0

    def charged(self, state: State) -> State:
        """The state with the ledge where it belongs, and with currents for its temperatures."""
        search, controls = self.search, self.controls
        search.lag.of_heat = True
        search.renew(state)
        electric = search.problem.electric
        if not electric:
            return state
        found = relative_size(search.evaluate(state), electric)
        closing = search.tolerance * electric.limit
        relative = min(controls.loosest_charge, max(controls.charge_share * found, closing))
        try:
            return search.charge(state, relative, controls.charge_steps)
        except NotConverged as error:  # at these temperatures; later iterations go on from what was reached
            return error.state

    def with_lumps_fixed(self, state: State, relative: float) -> State:
        """A first state, lumps at their initial guess: a poor one of the rest cannot freeze them. Alone, heat has no
        such approach."""
        search, thermal = self.search, self.search.problem.thermal
        fixed, state = thermal.shared_rows, self.charged(state)
        for _ in range(self.controls.first_iterations if search.condensed else 0):
            e = search.evaluate(state)
            residual = e.heat_residual.copy()
            residual[fixed] = 0.0
            self.surplus = total(e.heat_residual[fixed])
            if thermal.ledge is not None:
                self.ledge_heat = total(np.abs(e.heat.through[thermal.ledge_face]).max(1))
            if size(residual, e.heat_flow) <= relative:
                break
            search.tell("coupled", state, e)
            operator = search.fill(thermal, e, fixed)
            step = thermal.step(operator, e.heat, residual, self.controls.linear_tolerance)
            step = search.limits.alone(thermal, state.temperature, step, e, search.limits.iteration)
            state = self.charged(state.replaced(temperature=state.temperature + step))
        return state

    def run(self, state: State) -> State:
        """The state at which all balances close.

        Raises
        ------
        NotConverged
            Iterations stall, or there are too many. Its `state` is the best one.
        """
        search, corrections = self.search, self.search.corrections
        acceleration = corrections.acceleration
        plain, accelerated, damped = (0, 1.0), (acceleration.depth, 1.0), (0, self.controls.damping)
        after_stalls = iter([plain, accelerated, plain, accelerated, damped] if corrections.any else [plain, damped])
        share = 1.0
        mixer = Anderson(acceleration.depth)
        progress = Progress(self.controls.progress, self.controls.restart_above, acceleration.patience, state)
        for iteration in range(min(acceleration.iterations, search.max_iterations)):
            e = search.evaluate(state)
            found = [relative_size(e, balance) for balance in search.stepped]
            asked, deviation = corrections.asked(e)
            if deviation <= corrections.tolerance and all(search.criteria.closes(e, b) for b in search.stepped):
                del e  # makes room
                state = search.charge(state, None) if search.condensed else state
                if search.finished(state):
                    return state
                e = search.evaluate(state)
            search.tell(search.name, state, e)
            absolute = tuple(
                max(relative * e.of(balance, "flow"), deviation)
                for relative, balance in zip(found, search.stepped, strict=True)
            )
            progress.see(iteration, max(*found, deviation), absolute, state)
            if progress.stalled:
                following = next(after_stalls, None)
                if following is None:
                    break
                mixer.depth, share = following
                mixer.forget()
                progress.restart()
            if progress.grown:
                mixer.forget()
            del e
            state = self._next(state, asked, share, mixer if max(found) <= self.controls.accelerate_below else None)
        search.limits.check(search.name, state, search.controls.steps.hottest)
        raise NotConverged(
            f"{search.name} balance: staggered iterations no longer reduce the residual", state=progress.best
        )

    def _next(self, state: State, asked: dict[str, Floats], share: float, mixer: Anderson | None) -> State:
        """The next state, after a share of a step of each balance that steps, and with the corrections its fluxes
        imply.

        Parameters
        ----------
        state : State; asked : the corrections that its fluxes imply; share : float
        mixer : Anderson or None, which accelerates it
        """
        search, corrections = self.search, self.search.corrections
        e = search.evaluate(state)
        image, changes = self._stepped(state, e, asked, share)
        if corrections.any:
            held = corrections.flat(state.corrections)
            if corrections.skewed:
                at_image = corrections.asked(search.evaluate(image))[0]
                asked = asked | {balance.field: at_image[balance.field] for balance in search.stepped}
            after = corrections.flat(asked)
            vector, change = np.r_[image.vector, after], np.concatenate([*changes, after - held])
        else:
            vector, change = image.vector, np.concatenate(changes)
        n = state.vector.size
        if mixer is not None:
            vector = mixer.next(vector, change)
            step = vector[:n] - state.vector
            vector[:n] = state.vector + search.limits.all(state, step, e, search.limits.iteration)
        if corrections.any:
            state = state.corrected(corrections.unflat(vector[n:], state.corrections)).moved(vector[:n])
        else:
            state = state.moved(vector)
        return self.charged(state)

    def _stepped(
        self, state: State, e: Evaluation, asked: Mapping[str, Floats], share: float
    ) -> tuple[State, list[Floats]]:
        """The state after a share of a step of each balance that steps, and the changes of these, (n_rows,) each [K],
        as they count; `e`: Evaluation of the state, of which nothing is left."""
        search, rows = self.search, self.search.problem.layout.rows
        vector, changes, steps = state.vector.copy(), [], []
        for balance in search.stepped:
            search.fill(balance, e)
            steps.append(search.corrections.residual(e, balance, asked))
        parts = ("balance", "residual", "storage")
        kept = [f"{b.name}_{part}" for b in search.stepped for part in parts] + [b.terms_name for b in search.stepped]
        e.keep("liquidus", *kept)
        for balance, residual in zip(search.stepped, steps, strict=True):
            terms, values = e[balance.terms_name], state[balance.field]
            operator, tolerance = search.operators[balance.name], self.controls.linear_tolerance
            step = balance.step(operator, terms, residual, tolerance, e.of(balance, "storage"))
            step = search.limits.alone(balance, values, step, e, search.limits.iteration)
            here = rows[balance.field]
            vector[here] += share * step
            change, weights = vector[here] - values, e.of(balance, "weights")
            if weights is not None:
                change = weights * change
            changes.append(change)
        e.keep("liquidus")
        return state.moved(vector), changes
