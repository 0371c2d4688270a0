"""The steady state of a coupled problem: each balance alone first, pools held, then both by Newton's method."""

import numpy as np

from oxycell.errors import NotConverged
from oxycell.numerics.linear import solve
from oxycell.numerics.newton import decreases, descends, krylov_direction, newton
from oxycell.numerics.operators import sum_to_rows

CHARGE_LIMIT, HEAT_LIMIT = 1e-10, 1e-8
"""Largest relative residual of a converged run, of any row and of the sum."""

_DIFFERENCE = 1e-6, 1e-4  # [V], [K] change over which the residual is differenced
_LONGEST = 3.0, 400.0  # [V], [K] largest change in one step
_COLDEST = 200.0  # [K] no iterate goes below
_SCALE = 1.0, 10.0  # [V], [K] errors of these sizes count alike in the line search
_ROUND_OFF, _WIDEST = 10.0, 1e-6  # round-off that counts as converged, and how far it may widen a limit
_APPROACH = 15  # most steps of a first approach
_NEAR = 1e-3  # relative residual from which on the ledge follows within a step
_COUNTED = 0.01  # open share of a face from which on a charge row counts by the tangent alone
_FOLLOWED = 0.3  # share by which the ledge is moved to where it belongs after a step, where following it in full goes to and fro
_ROUND, _ROUNDS = 16, 2  # steps of a round of either, and rounds
_FREEZING = 0.2  # share of the first guess's superheat below which a pool that lacks heat is given up
_LOST_SUPERHEAT, _GAINED_SUPERHEAT = 0.2, 1.0  # shares of a pool's superheat that one step may take away and add


def size(r):
    """The larger of the largest row and the sum of a residual."""
    return max(float(np.max(np.abs(r), initial=0.0)), abs(float(np.sum(r))))


class Solver:
    """Finds the state at which the residuals of a coupled problem vanish.

    Within a step the ledge holds the areas it leaves open and they are renewed after each, so that a front that enters or leaves
    a cell cannot upset the step; what they feed back is small (about a tenth). Near the solution the areas follow within the step.
    Where a step has to make residuals smaller they are compared after division by the square root of the tangent's diagonal: a
    row counts by the error in potential or temperature it stands for, not by its conductance (metal and insulation differ by 1e10).

    Parameters
    ----------
    problem : Coupled
    tolerance : float, share of the ledger's limits to reach
    max_iterations : int, Newton steps of each stage
    report : called with a dict (stage, iteration, state, evaluation, charge, heat) after every step, or None
    """

    def __init__(self, problem, tolerance, max_iterations, report=None):
        self.problem, self.tolerance, self.max_iterations, self.report = problem, tolerance, max_iterations, report
        self.n = problem.n_electric
        self.electric_operator = problem.electric.operator() if problem.electric else None
        self.thermal_operator = problem.thermal.operator() if problem.thermal else None
        self.pool_surplus = None  # [W] what held pools took up at the first guess; < 0: they lose more than they get
        self.ledge_heat = 0.0  # [W] what they gave to ledges and their walls there, which goes with the superheat
        self.iterations, self.weight, self.front = 0, None, None
        self._lagged, self._followed = True, 1.0
        self._latest = None

    def renew(self, u):
        """Let the ledge and the scales follow the state u."""
        front = self.problem.front(u)
        if front is not None:  # else what was evaluated at u still holds
            self.front = front if self.front is None else self.front.towards(front, self._followed)
            self._latest = None
        self.scales = self.problem.scales(self.evaluate(u))

    def evaluate(self, u):
        """Evaluation at u with the ledge as last renewed; the last one is kept."""
        if self._latest is None or self._latest[0] is not u:
            self._latest = (u, self.problem.evaluate(u, self.front, self.front if self._lagged else None))
        return self._latest[1]

    def solve(self):
        """The state (n,) at which both ledgers close.

        Raises
        ------
        NotConverged
            With the last state as its `state`.
        """
        u, problem = self.problem.start(), self.problem
        if problem.electric and problem.thermal:
            pools = self.n + problem.thermal.lump_row
            for relative in (1e-2, 1e-3):
                u = self._stage("charge", u, relative)
                u = self._approached("heat", u, relative, held=pools)
            e = self.evaluate(u)
            self.pool_surplus = float(np.sum(e.heat_residual[problem.thermal.lump_row]))
            if problem.thermal.ledge is not None:
                self.ledge_heat = float(np.sum(np.abs(e.heat.heat[problem.thermal.ledge_face]).max(1)))
            try:
                u = self._stage("coupled", u, _NEAR, most=_ROUND)
            except NotConverged as error:
                if self._freezes(error.state):
                    raise
                u = error.state
            u = self._followed_closely("coupled", u)
        elif problem.electric:
            u = self._stage("charge", u, None)
        else:
            u = self._approached("heat", u, _NEAR)
            try:
                u = self._followed_closely("heat", u)
            except NotConverged:
                u = self._stage("heat", u, None, held_properties=True)
        return self._polished(u)

    def _freezes(self, u):
        """Whether pools that lack heat have lost most of the superheat of the first guess: no ledge would carry so little heat."""
        lacking = self.pool_surplus is not None and self.pool_surplus < 0.0
        return lacking and any(u[self.n + row] - liquidus < _FREEZING * self.problem.held_superheat
                               for row, liquidus in self.problem.freezing)

    def _followed_closely(self, name, u):
        """The state at the ledger's limits, the ledge following within a step; in between, where that stalls, damped from step to step."""
        for last in (False,) * _ROUNDS + (True,):
            self._lagged, self._followed = False, 1.0
            try:
                return self._stage(name, u, None, most=None if self.front is None else _ROUND)
            except NotConverged as error:
                if last or self.front is None or self._freezes(error.state):
                    raise
                u, self._lagged, self._followed = error.state, True, _FOLLOWED
            try:
                return self._stage(name, u, None, most=_ROUND)
            except NotConverged as error:
                u = error.state
        raise AssertionError("the last round returns or raises")

    def _approached(self, name, u, relative, **how):
        """The state after a first approach with properties held in the tangent, which is safe far from the solution."""
        try:
            return self._stage(name, u, relative, held_properties=True, most=_APPROACH, **how)
        except NotConverged as error:
            return error.state

    def _polished(self, u):
        """The state with its charge residual at round-off, so that currents that should be zero are."""
        for _ in range(3 if self.n else 0):
            self._fill(u)
            residual = self.evaluate(u).charge
            trial = u + np.r_[solve(self.electric_operator, residual, 1e-6), np.zeros(u.size - self.n)]
            # At round-off single rows only change their noise; what a whole body gains or loses still shrinks.
            if size(self.evaluate(trial).charge) > 2.0 * size(residual):
                break
            u = trial
            self.renew(u)
        return u

    def _stage(self, name, u, relative, held=(), held_properties=False, most=None):
        """One balance alone or both, until the residual is small enough.

        Parameters
        ----------
        name : "charge", "heat" or "coupled"
        u : (n,), first guess
        relative : relative residual to reach, or None for the ledger's limits
        held : rows that keep their value: a first solve with pools at a guess cannot freeze them by accident
        held_properties : whether the tangent leaves out the slopes of properties (heat alone): slower, and always safe
        most : most steps, if fewer than those of the solver
        """
        alone = {"charge": slice(0, self.n), "heat": slice(self.n, u.size), "coupled": slice(0, u.size)}[name]
        self.renew(u)

        def residual(u):
            e, r = self.evaluate(u), np.zeros(u.size)
            r[alone] = np.r_[e.charge, e.heat_residual][alone]
            r[list(held)] = 0.0
            return r

        def sizes(r):
            return tuple(size(part) / max(scale, 1e-300) for part, scale in zip((r[:self.n], r[self.n:]), self.scales, strict=True))

        def finished(u, r):
            if relative:
                return max(sizes(r)) <= relative
            if not all(found <= limit for found, limit in zip(sizes(r), self._limits(u), strict=True)):
                return False
            if self._followed == 1.0:
                return True
            e = self.problem.evaluate(u)
            return all(found <= limit for found, limit in zip(sizes(np.r_[e.charge, e.heat_residual]), self._limits(u), strict=True))

        def report(_, u, r):
            self.iterations += 1
            if self.report:
                charge, heat = sizes(r)
                self.report({"stage": name, "iteration": self.iterations, "state": u, "evaluation": self.evaluate(u),
                             "charge": charge, "heat": heat})

        def direction(u, r):
            self._fill(u, held)
            inner = 1e-2 if relative else 1e-3
            if name == "charge":
                return np.r_[self._potentials(r, inner), np.zeros(u.size - self.n)]
            if held_properties:
                return self._heat_only(r)
            precondition = self._heat_only if name == "heat" else self._both(residual, u, r)
            return krylov_direction(residual, u, r, precondition, self._differences, self.weight, 1e-1 if relative else 1e-2)

        smaller, n = decreases(lambda: self.weight), self.n

        def accepts(step, length, r, trial):
            if held_properties:
                return True
            both = descends(step[:n], length, r[:n], trial[:n]) and descends(step[n:], length, r[n:], trial[n:])
            return both or (name != "charge" and smaller(step, length, r, trial))

        try:
            most = min(most or self.max_iterations, self.max_iterations)
            return newton(residual, direction, u, accepts, finished, self._bounded, most, self.renew, report)[0]
        except NotConverged as error:
            raise NotConverged(f"{name} balance: {error}", state=error.state) from None

    def _limits(self, u):
        """Relative residuals to reach: a share of the ledger's limits, or ten times the round-off where that is more."""
        floors = self.problem.floors(u, self.evaluate(u))
        return tuple(max(self.tolerance * limit, min(_ROUND_OFF * floors[name] / max(scale, 1e-300), _WIDEST))
                     for name, limit, scale in zip(("charge", "heat"), (CHARGE_LIMIT, HEAT_LIMIT), self.scales, strict=True))

    def _bounded(self, u, step):
        """The step, shortened to what one step may change."""
        body = self._bodies(u)
        volts, kelvin = body.copy(), body.copy()
        volts[self.n:], kelvin[:self.n] = False, False
        longest = max(np.max(np.abs(step[volts]), initial=0.0) / _LONGEST[0], np.max(np.abs(step[kelvin]), initial=0.0) / _LONGEST[1])
        step = step / max(longest, 1.0)
        step[:self.n] = np.clip(step[:self.n], -_LONGEST[0], _LONGEST[0])
        step[kelvin] = np.maximum(step[kelvin], _COLDEST - u[kelvin])
        return step * self._within_superheat(u, step)

    def _within_superheat(self, u, step):
        """Share of a step that leaves the ledges about as thick as they are: their thickness goes with one over the superheat."""
        share = 1.0
        for row, liquidus in self.problem.freezing:
            superheat, change = u[self.n + row] - liquidus, step[self.n + row]
            if superheat > 0.0 and change != 0.0:
                share = min(share, max(_LOST_SUPERHEAT * superheat / -change, _GAINED_SUPERHEAT * superheat / change))
        return share

    def _bodies(self, u):
        """(n,) bool, rows whose value means something: not potentials of frozen cells, nor the lines of ledge columns beyond the front."""
        problem, front = self.problem, self.evaluate(u).front
        rows = np.ones(u.size, bool)
        if front is not None:
            if problem.electric:
                rows[:problem.electric.cells.size] = front.solid[problem.electric.cells] < 1.0 - _COUNTED
            rows[self.n:] = problem.thermal.real
        return rows

    def _fill(self, u, held=()):
        """Tangents of both balances at u, and the weights of their rows; held rows do not move."""
        e, parts, differences = self.evaluate(u), [], []
        for operator, physics, terms, scale, error, difference in (
                (self.electric_operator, self.problem.electric, e.currents, self.scales[0], _SCALE[0], _DIFFERENCE[0]),
                (self.thermal_operator, self.problem.thermal, e.heat, self.scales[1], _SCALE[1], _DIFFERENCE[1])):
            if operator is not None:
                physics.fill(operator, terms)
                diagonal = operator.diagonal
                if terms is e.currents and e.front is not None:
                    diagonal = diagonal + self._covered(terms)
                parts.append(1.0 / np.sqrt(diagonal * max(scale, 1e-300) * error))
                differences.append(np.full(operator.n, difference))
        self.weight, self._differences = np.concatenate(parts), np.concatenate(differences)
        if len(held):
            rows = np.asarray(held) - self.n
            self.thermal_operator.shift[rows] += 1e8 * self.thermal_operator.diagonal[rows]
            self.thermal_operator.refresh()

    def _covered(self, currents):
        """Part of the conductance the ledge covers that a charge row counts by all the same [S]: a cell on the point of freezing, whose
        potential soon means nothing, does not hold up the others."""
        electric = self.problem.electric
        share = self.front.open_faces[electric.face]
        conductance = np.where(share < _COUNTED, currents.slope * (_COUNTED / share - 1.0), 0.0)
        rows = np.zeros(electric.n_rows)
        sum_to_rows(electric.a, conductance, rows)
        sum_to_rows(electric.b, conductance, rows)
        return rows

    def _potentials(self, r, tolerance):
        return solve(self.electric_operator, r[:self.n], tolerance)

    def _heat_only(self, r):
        return np.r_[np.zeros(self.n), solve(self.thermal_operator, r[self.n:], 1e-2)]

    def _both(self, residual, u, r):
        """Block Gauss–Seidel: potentials first, then temperatures with the heat those potentials make."""
        def precondition(v):
            step = np.r_[self._potentials(v, 1e-2), np.zeros(u.size - self.n)]
            largest = np.max(np.abs(step) / self._differences)
            heat = v
            if largest > 0.0:
                heat = v + (residual(u + step / largest) - r) * largest
            return step + self._heat_only(heat)

        return precondition
