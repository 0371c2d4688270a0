"""The charge balance by Newton's method at lagged temperatures and ledge; from secants where electrodes at equilibrium
hardly conduct."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from oxycell.errors import NotConverged
from oxycell.numerics.linear import solve
from oxycell.numerics.newton import descends, newton
from oxycell.numerics.operators import Operator
from oxycell.numerics.reductions import anywhere, largest_size
from oxycell.physics.balance import closed
from oxycell.physics.electrode.drops import overpotentials
from oxycell.physics.evaluation import Evaluation
from oxycell.solvers.controls import ChargeControls
from oxycell.solvers.criteria import relative_size
from oxycell.solvers.step_limits import StepLimits
from oxycell.state import State


class ChargeNotClosed(NotConverged):
    """The charge balance alone did not close; `evaluation` is the best Evaluation."""

    def __init__(self, message: str, evaluation: Evaluation) -> None:
        super().__init__(message, state=evaluation.state)
        self.evaluation = evaluation


def balance_charge(
    evaluation: Evaluation,
    operator: Operator,
    limits: StepLimits,
    controls: ChargeControls,
    finished: Callable[[Evaluation], bool],
    tolerance: float,
    max_iterations: int,
    report: Callable[[Evaluation], None],
) -> Evaluation:
    """Potentials at which the charge balance closes.

    Parameters
    ----------
    evaluation : Evaluation, where to start
    operator : Operator, of the charge balance
    limits : StepLimits
    controls : ChargeControls
    finished : Evaluation → bool
    tolerance : of the linear solves
    max_iterations : int
    report : called with an Evaluation after every step

    Returns
    -------
    Evaluation

    Raises
    ------
    ChargeNotClosed
        With the best Evaluation.
    """
    electric = evaluation.problem.electric
    first = by_chords(evaluation, operator, controls, tolerance)
    most = min(max_iterations, controls.linear_steps) if electric.linear else max_iterations
    start = first.state.potential
    latest = start, first

    def at(potential):
        nonlocal latest
        if latest[0] is not potential:
            latest = potential, latest[1].replaced("potential", potential)
        return latest[1]

    def direction(potential, r):
        electric.fill(operator, at(potential).currents)
        return solve(operator, r, tolerance)

    try:
        found, _ = newton(
            lambda potential: at(potential).charge_residual,
            direction,
            start,
            descends,
            lambda potential, _: finished(at(potential)),
            lambda potential, step: limits.alone(electric, potential, step, first, limits.newton),
            most,
            report=lambda _, potential, r: report(at(potential)),
        )
    except NotConverged as error:
        reached = latest[1] if isinstance(error.state, State) else at(error.state)
        raise ChargeNotClosed(f"charge balance: {error}", reached) from None
    return at(found)


def by_chords(e: Evaluation, operator: Operator, controls: ChargeControls, tolerance: float) -> Evaluation:
    """A better initial guess where electrodes at equilibrium conduct next to nothing (small J0), else the Evaluation
    itself.

    Parameters
    ----------
    e : Evaluation; operator : Operator, of the charge balance; controls : ChargeControls; tolerance : of the linear
        solves

    Notes
    -----
    Each electrode counts as the resistance η(J)/J it has at a current density J: none at first, then that at the
    density the resistances before let through. In series with anything that decides the current this settles at once,
    because η varies with the logarithm of J; the tangent at equilibrium, b/(2 J0), would ask for 1e300 V.
    """
    electric = e.problem.electric
    currents, laws = e.currents, e.currents.conduction.laws
    plain = currents.conductance[laws.face]
    if relative_size(e, electric) < controls.far or not anywhere(
        currents.law_slope < controls.at_rest * np.where(np.isfinite(plain), plain, 0.0)
    ):
        return e
    area, rise = currents.conduction.law_area, 0.0 if currents.rise is None else currents.rise[laws.face].sum(1)
    phi, resistance = e.state.potential.copy(), np.zeros(laws.face.size)
    for _ in range(controls.chords):
        conductance = 1.0 / (1.0 / plain + (laws.resistance + resistance) / area)

        def linear(phi, conductance=conductance):
            current = electric.evaluate(phi, currents.conduction, currents.rise, currents.law_density).current
            drop = phi[electric.a[laws.face]] - phi[electric.b[laws.face]] + rise
            current[laws.face] = conductance * (drop - laws.sign * laws.rest)
            return replace(currents, current=current, law_slope=conductance, phi=phi)

        start = linear(phi)
        electric.fill(operator, start)
        phi += solve(operator, closed(start, electric.n_rows, electric.fixed_rows)[0], tolerance)
        J = laws.sign * linear(phi).current[laws.face] / area
        faint = controls.faint * largest_size(J)
        J = np.where(np.abs(J) > faint, J, max(faint, controls.faint * 1e-300))
        resistance = np.maximum(overpotentials(J, laws) / J, 0.0)
    return e.replaced("potential", phi)
