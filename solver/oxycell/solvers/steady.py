"""The steady state of a coupled problem: charge and heat in turns, accelerated; where that stalls, both by Newton's
method."""

from functools import cached_property

import numpy as np

from oxycell.errors import NotConverged
from oxycell.limits import CHARGE_LIMIT, WIDEST
from oxycell.numerics.anderson import Anderson
from oxycell.numerics.linear import solve
from oxycell.numerics.newton import decreases, descends, krylov_direction, newton
from oxycell.physics.problem import OF_FRONTS, OF_TEMPERATURES
from oxycell.solvers.charge_newton import balance_charge
from oxycell.solvers.criteria import Limits, size, sizes
from oxycell.solvers.deferred_correction import Rises
from oxycell.solvers.step_limits import COUNTED, HOT, STEP, TURN, Bounds

_DIFFERENCE = 1e-6, 1e-4  # [V], [K] change over which the residual is differenced
_SCALE = 1.0, 10.0  # [V], [K] errors of these sizes count alike in the line search
_HELD, _SETTLED = 8, 0.1  # most turns with pools held, and relative residual of the other rows at which they are let go
_LOOSE, _CLOSER = 1e-2, 0.1  # largest relative charge residual a turn leaves, and share of what it finds
_CHARGES = 8  # most Newton steps of the charge balance in a turn
_PROGRESS, _WORSE = (
    0.3,
    3.0,
)  # residual over the best before that counts as progress, over the last at which the acceleration starts anew
_NEAR = 1e-3  # relative residual from which on the ledge follows within a step
_MIXED = 2e-2  # relative heat residual from which on turns are accelerated
_DAMPED = 0.5  # share of a turn's step that is taken where turns stall
# share by which the ledge is moved to where it belongs after a step, where following it in full goes to and fro
_FOLLOWED = 0.3
_ROUND, _ROUNDS, _PATIENCE = (
    16,
    2,
    3,
)  # steps of a round of either, rounds, and how many times as long a round is that follows damped
_FREEZING = 0.2  # share of the first guess's superheat below which a pool that lacks heat is given up


class Solver:
    """Finds the state at which the residuals of a coupled problem vanish.

    In turns the charge balance is solved at held temperatures, and the heat balance takes one step with the currents'
    heat and its own properties held; Anderson's method accelerates that. The ledge follows after each turn. Where turns
    stall they are damped; where that does not help, Newton's method on both balances takes over, first with the ledge
    held within a step. There residuals that have to become smaller are compared after division by the square root of
    the tangent's diagonal: a row counts by the error in potential or temperature it stands for, not by its conductance
    (metal and insulation differ by 1e10).

    Parameters
    ----------
    problem : Coupled
    tolerance : float, share of the ledger's limits to reach
    max_iterations : int, turns, and Newton steps of each stage
    report : called with a dict (stage, iteration, state, evaluation, charge, heat) after every turn or step, or None
    """

    def __init__(self, problem, tolerance, max_iterations, report=None):
        self.problem, self.limits, self.max_iterations, self.report = problem, Limits(tolerance), max_iterations, report
        self.n, self.name = problem.n_electric, "coupled" if problem.electric else "heat"
        self.electric_operator = problem.electric.operator() if problem.electric else None
        self.thermal_operator = problem.thermal.operator() if problem.thermal else None
        # [W] what held pools took up at the first guess (< 0: they lose more than they get), and gave to ledges and
        # their walls there
        self.pool_surplus, self.ledge_heat = None, 0.0
        self.iterations, self.weight, self.front = 0, None, None
        self._lagged, self._followed = False, 1.0
        self._latest = self._reached = self._before = self._settled = None
        self.rises = Rises((problem.electric, problem.thermal), _SCALE)
        self.corrected = self.rises.any
        self.turns, self.depth, self.stalled = self.rises.limits
        self.bounds = Bounds(problem)

    @cached_property
    def _differences(self):
        return np.r_[np.full(self.n, _DIFFERENCE[0]), np.full(self.problem.start_temperature.size, _DIFFERENCE[1])]

    def renew(self, u):
        """Let the ledge follow the state u."""
        if not self.problem.freezing:
            return  # what was evaluated at u still holds
        self._latest, self._before = None, self.problem.evaluate(u, rises=self.rises.on_faces, before=self._before)
        front = self._before.front
        self.front = front if self.front is None else self.front.towards(front, self._followed)

    def evaluate(self, u):
        """Evaluation at u with the ledge as last renewed; the last one is kept."""
        if self._latest is None or self._latest[0] is not u:
            self._before = self.problem.evaluate(
                u, self.front, self.front if self._lagged else None, self.rises.on_faces, self._before
            )
            self._latest, self._reached = (u, self._before), u
        return self._latest[1]

    def solve(self, guess=()):
        """The state (n,) at which both ledgers close.

        Parameters
        ----------
        guess : list of a state nearby (n,), taken out of it, or empty: turns begin there, pools free; where they do not
            settle, anew

        Raises
        ------
        NotConverged
            With the last state as its `state`.
        """
        try:
            return self._solve(guess)
        except NotConverged as error:
            error.state = self._at(error)
            raise

    def _at(self, error):
        """The state a NotConverged holds or, where a linear solve failed, the last one that was looked at."""
        return self._reached if error.state is None else error.state

    def _solve(self, guess):
        if guess:
            try:
                return self._polished(self._in_turns(self._charged(guess.pop())))
            except NotConverged:
                self.front, self._latest, self._before, self.iterations = None, None, None, 0
        u = self.problem.start()
        if not self.problem.thermal:
            return self._polished(self._with_rises(u, lambda u, off: self._charge(u, _LOOSE * off)))
        try:
            u = self._in_turns(self._with_pools_held(u, _SETTLED))
        except NotConverged as error:
            reached = self._at(error)
            if self._freezes(reached) or self.bounds.astray(reached) or self.iterations >= self.max_iterations:
                raise
            u = self._with_rises(reached, lambda u, _: self._together(u))
        return self._polished(u)

    def close(self):
        """Let go of what only solving needs: operators with their levels, the last evaluations."""
        self.electric_operator = self.thermal_operator = self._latest = self.weight = None
        if self._before is not None:
            self._before.release(OF_TEMPERATURES)

    def final(self, u):
        """Evaluation of a state with its own ledge, and with the rises last found."""
        return self.problem.evaluate(u, rises=self.rises.on_faces, before=self._settled or self._before)

    def _with_rises(self, u, stage):
        """The state at which the rises agree with the fluxes; `stage` finds it for rises that are held, given how far
        they are off."""
        if not self.corrected:
            return stage(u, 0.0)
        mixer, off = Anderson(self.depth), 1.0
        for _ in range(self.turns):
            u = stage(u, off)
            rises, off = self.rises.asked(self.evaluate(u))
            if off <= self.rises.tolerance:
                return stage(u, 0.0)
            held = self.rises.flat(self.rises.held)
            self.rises.hold(mixer.next(self.rises.flat(rises), self.rises.flat(rises) - held))
            self._latest = None
        raise NotConverged(
            "corrections of two-point fluxes no longer settle; allowed: cells less flat or less oblique", state=u
        )

    def _with_pools_held(self, u, relative):
        """A first state, pools at their guess: a poor one of the rest cannot freeze them. Alone, heat has no such
        approach."""
        held, u = self.problem.thermal.lump_row, self._charged(u)
        for _ in range(_HELD if self.problem.electric else 0):
            e = self.evaluate(u)
            r = e.heat_residual.copy()
            r[held] = 0.0
            self.pool_surplus = float(np.sum(e.heat_residual[held]))
            if self.problem.thermal.ledge is not None:
                self.ledge_heat = float(np.sum(np.abs(e.heat.through[self.problem.thermal.ledge_face]).max(1)))
            if size(r, e.heat_scale) <= relative:
                break
            self._tell("coupled", u, e)
            self._fill_heat(e, held)
            u = self._charged(self.bounds.heated(u, self._temperatures(u, r), self.front))
        return u

    def _charged(self, u):
        """The state with the ledge where it belongs, and with currents for its temperatures."""
        self._lagged = True
        self.renew(u)
        if not self.problem.electric:
            return u
        e = self.evaluate(u)
        relative = min(_LOOSE, max(_CLOSER * size(e.charge, e.charge_scale), self.limits.tolerance * CHARGE_LIMIT))
        try:
            return self._charge(u, relative, _CHARGES)
        except NotConverged as error:  # at these temperatures; later turns go on from what was reached
            return error.state

    def _in_turns(self, u):
        """The state at the ledger's limits, each balance in its turn."""
        name, mixer = self.name, Anderson(self.depth)
        share, best, least, before = 1.0, (np.inf, 0, u), np.inf, np.inf
        for turn in range(min(self.turns, self.max_iterations)):
            e = self.evaluate(u)
            heat = size(e.heat_residual, e.heat_scale)
            rises, off = self.rises.asked(e)
            if off <= self.rises.tolerance and self.limits.heat(e):
                e = None  # makes room
                u = self._charge(u, None) if self.problem.electric else u
                if self._finished(u):
                    return u
                e = self.evaluate(u)
            self._tell(name, u, e)
            found, left = max(heat, off), max(heat * e.heat_scale, off)
            if found < _PROGRESS * best[0] or left < _PROGRESS * least:  # what flows may vanish with the residual
                best, least = (found, turn, u), left
            elif turn - best[1] > self.stalled:
                if share < 1.0:
                    break
                share, mixer.depth, best, least = 1.0 if mixer.depth else _DAMPED, 0, (found, turn, u), left
            if found > _WORSE * before:
                mixer.forget()
            before = found
            self._fill_heat(e)
            residual = self.rises.heat_residual(e, rises)
            e.release(("heat_residual", "heat"))  # the other terms make room
            image = self.bounds.heated(u, self._temperatures(u, residual), self.front, share)
            change = self.bounds.counts(self.front) * (image[self.n :] - u[self.n :])
            if self.corrected:
                held = self.rises.flat(self.rises.held)
                if self.rises.skewed:
                    rises = rises[0], self.rises.asked(self.evaluate(image))[0][1]
                image, change = np.r_[image, self.rises.flat(rises)], np.r_[change, self.rises.flat(rises) - held]
            if heat <= _MIXED:
                image = mixer.next(image, change)
                image[: u.size] = u + self.bounds.shorten(u, image[: u.size] - u, self.front, TURN)
            if self.corrected:
                self.rises.hold(image[u.size :])
                image = image[: u.size]
            u, image = self._charged(image), None
        self.bounds.check(name, u, HOT)
        raise NotConverged(f"{name} balance: turns no longer make the residual smaller", state=best[2])

    def _tell(self, stage, u, e):
        """Count a turn or step and report it; NotConverged where temperatures run away."""
        self.iterations += 1
        self.bounds.check(stage, u)
        if self.report:
            charge, heat = sizes(e)
            self.report(
                {
                    "stage": stage,
                    "iteration": self.iterations,
                    "state": u,
                    "evaluation": e,
                    "charge": charge,
                    "heat": heat,
                }
            )

    def _together(self, u):
        """The state at the ledger's limits by Newton's method, the ledge held within a step until the residuals are
        small."""
        e = self.final(u)
        if size(e.heat_residual, e.heat_scale) > _NEAR:
            u = self._with_pools_held(self.problem.start(), _NEAR)
        self._lagged = True
        try:
            u = self._stage(self.name, u, _NEAR, most=_ROUND)
        except NotConverged as error:
            u = self._at(error)
            if self._freezes(u):
                raise
        return self._followed_closely(self.name, u)

    def _finished(self, u):
        """Whether both ledgers close, with the ledge where it belongs."""
        e = self.evaluate(u)
        if self._lagged or self._followed < 1.0:
            e.release(OF_TEMPERATURES)  # the rest makes room
            self._settled = None
            self._settled = e = self.final(u)
        finished = self.limits.charge(e) and self.limits.heat(e)
        if e is self._settled:
            e.release(OF_FRONTS)
        return finished

    def _freezes(self, u):
        """Whether pools that lack heat have lost most of the superheat of the first guess: no ledge would carry so
        little heat."""
        lacking = self.pool_surplus is not None and self.pool_surplus < 0.0
        return lacking and any(
            u[self.n + row] - liquidus < _FREEZING * self.problem.held_superheat
            for row, liquidus in self.problem.freezing
        )

    def _followed_closely(self, name, u):
        """The state at the ledger's limits, the ledge following within a step; in between, where that stalls, damped
        from step to step."""
        most = None if self.front is None else _ROUND
        for _ in range(_ROUNDS):
            self._lagged, self._followed = False, 1.0
            try:
                return self._stage(name, u, None, most)
            except NotConverged as error:
                if self.front is None or self._freezes(self._at(error)):
                    raise
                u, self._lagged, self._followed = self._at(error), True, _FOLLOWED
            try:
                return self._stage(name, u, None, most and _PATIENCE * most)
            except NotConverged as error:
                u = self._at(error)
        self._lagged, self._followed = False, 1.0
        return self._stage(name, u, None, most)

    def _polished(self, u):
        """The state with its charge residual at round-off, so that currents that should be zero are."""
        self._lagged, self._followed = True, 1.0
        if self.n:
            self.renew(u)  # once: temperatures stay, and with them the ledge
            self._fill_charge(self.evaluate(u))
        for _ in range(3 if self.n else 0):
            residual, trial = self.evaluate(u).charge, u.copy()
            trial[: self.n] += solve(self.electric_operator, residual, 1e-6)
            # At round-off single rows only change their noise; what a whole body gains or loses still shrinks.
            if size(self.evaluate(trial).charge) > 2.0 * size(residual):
                break
            u = trial
        return u

    def _charge(self, u, relative, most=None):
        """The state with potentials for its temperatures, these and the ledge held; arguments: see `_stage`."""

        def finished(e):
            found = size(e.charge, e.charge_scale)
            return (
                found <= (relative or 0.0)
                or (self.corrected or not relative or found > WIDEST)
                and self.limits.charge(e)
            )

        def report(e):
            if not self.problem.thermal:
                self._tell("charge", self._keep(e), e)

        try:
            return self._keep(
                balance_charge(
                    self.evaluate(u),
                    self.electric_operator,
                    self.bounds,
                    finished,
                    1e-2 if relative else 1e-3,
                    min(most or self.max_iterations, self.max_iterations),
                    report,
                )
            )
        except NotConverged as error:
            raise NotConverged(str(error), state=self._keep(error.state)) from None

    def _keep(self, e):
        """The state of an evaluation, which is kept as the last one."""
        self._latest, self._before = (e.state(), e), e
        return self._latest[0]

    def _stage(self, name, u, relative, most=None):
        """Newton's method on the heat balance alone or on both, until the residual is small enough.

        Parameters
        ----------
        name : "heat" or "coupled"
        u : (n,), first guess
        relative : relative residual to reach, or None for the ledger's limits
        most : most steps, if fewer than those of the solver
        """
        n = self.n
        self.renew(u)

        def residual(u):
            e = self.evaluate(u)
            return np.r_[e.charge, e.heat_residual]

        def finished(u, r):
            return max(sizes(self.evaluate(u))) <= relative if relative else self._finished(u)

        def direction(u, r):
            self._fill(u)
            return krylov_direction(
                residual, u, r, self._both(residual, u, r), self._differences, self.weight, 1e-1 if relative else 1e-2
            )

        smaller = decreases(lambda: self.weight)

        def accepts(step, length, r, trial):
            both = descends(step[:n], length, r[:n], trial[:n]) and descends(step[n:], length, r[n:], trial[n:])
            return both or smaller(step, length, r, trial)

        def bounded(u, step):
            return self.bounds.shorten(u, step, self.evaluate(u).front, STEP)

        try:
            most = min(most or self.max_iterations, self.max_iterations)
            return newton(
                residual,
                direction,
                u,
                accepts,
                finished,
                bounded,
                most,
                self.renew,
                lambda _, u, r: self._tell(name, u, self.evaluate(u)),
            )[0]
        except NotConverged as error:
            raise NotConverged(f"{name} balance: {error}", state=error.state) from None

    def _fill_charge(self, e):
        """Tangent of the charge balance."""
        self.problem.electric.fill(self.electric_operator, e.currents)

    def _fill_heat(self, e, held=()):
        """Tangent of the heat balance with properties held; the heat rows `held` do not move."""
        operator = self.thermal_operator
        self.problem.thermal.fill(operator, e.heat)
        if len(held):
            operator.shift[held] += 1e8 * operator.diagonal[held]
            operator.refresh()

    def _fill(self, u):
        """Tangents of both balances at u, and the weights of their rows."""
        e, weights = self.evaluate(u), []
        if self.problem.electric:
            self._fill_charge(e)
            covered = (
                0.0
                if e.front is None
                else self.problem.electric.covered(e.currents, self.problem.frozen_over(self.front), COUNTED)
            )
            diagonal = self.electric_operator.diagonal + covered
            weights.append(1.0 / np.sqrt(diagonal * max(e.charge_scale, 1e-300) * _SCALE[0]))
        if self.problem.thermal:
            self._fill_heat(e)
            diagonal = self.thermal_operator.diagonal * e.heat.slopes()  # that of temperatures
            weights.append(1.0 / np.sqrt(diagonal * max(e.heat_scale, 1e-300) * _SCALE[1]))
        self.weight = np.concatenate(weights)

    def _temperatures(self, u, r):
        return self.evaluate(u).heat.step(self.thermal_operator, r, 1e-2)

    def _both(self, residual, u, r):
        """Block Gauss–Seidel: potentials first, then temperatures with the heat those potentials make."""
        n, slopes = self.n, self.evaluate(u).heat.slopes()

        def precondition(v):
            step = np.r_[solve(self.electric_operator, v[:n], 1e-2) if n else v[:0], np.zeros(v.size - n)]
            largest = np.max(np.abs(step) / self._differences)
            heat = v
            if largest > 0.0:
                heat = v + (residual(u + step / largest) - r) * largest
            step[n:] = solve(self.thermal_operator, heat[n:], 1e-2) / slopes
            return step

        return precondition
