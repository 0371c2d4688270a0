"""The charge balance by Newton's method, temperatures and ledge held; from chords where electrodes at rest hardly
conduct."""

from dataclasses import replace

import numpy as np

from oxycell.errors import NotConverged
from oxycell.numerics.linear import solve
from oxycell.numerics.newton import descends, newton
from oxycell.physics.electrode.drops import overpotentials
from oxycell.solvers.criteria import size

_AT_REST = 1e-8  # conductance of an electrode over that of its half cells below which a tangent leads nowhere
_FAR = 0.1  # relative residual from which on a state counts as a first guess
_CHORDS = 6
_LINEAR = 30  # most steps where currents are linear in potentials: more are of no use
_FAINT = 1e-9  # current density over the largest one below which a chord is no longer followed


def balance_charge(e, operator, bounds, finished, tolerance, max_iterations, report):
    """Potentials at which the charge balance closes.

    Parameters
    ----------
    e : Evaluation, where to start
    operator : Operator, of the charge balance
    bounds : Bounds
    finished : Evaluation → bool
    tolerance : of the linear solves
    max_iterations : int
    report : called with an Evaluation after every step

    Returns
    -------
    Evaluation

    Raises
    ------
    NotConverged
        Its `state` is the best Evaluation.
    """
    latest = e = by_chords(e, operator, tolerance)
    most = min(max_iterations, _LINEAR) if e.problem.electric.linear else max_iterations

    def at(potentials):
        nonlocal latest
        if latest.potentials is not potentials:
            latest = latest.at_potentials(potentials)
        return latest

    def direction(potentials, r):
        e.problem.electric.fill(operator, at(potentials).currents)
        return solve(operator, r, tolerance)

    try:
        found, _ = newton(
            lambda potentials: at(potentials).charge,
            direction,
            e.potentials,
            descends,
            lambda potentials, _: finished(at(potentials)),
            lambda _, step: bounds.potentials(step, e.front),
            most,
            report=lambda _, potentials, r: report(at(potentials)),
        )
    except NotConverged as error:
        raise NotConverged(f"charge balance: {error}", state=at(error.state)) from None
    return at(found)


def by_chords(e, operator, tolerance):
    """A better first guess where electrodes at rest conduct next to nothing (small J0), else the Evaluation itself.

    Parameters
    ----------
    e : Evaluation; operator : Operator, of the charge balance; tolerance : of the linear solves

    Notes
    -----
    Each electrode counts as the resistance η(J)/J it has at a current density J: none at first, then that at the
    density the resistances before let through. In series with anything that decides the current this settles at once,
    because η goes with the logarithm of J; the tangent at rest, b/(2 J0), would ask for 1e300 V.
    """
    electric = e.problem.electric
    currents, laws = e.currents, e.currents.conduction.laws
    plain = currents.conductance[laws.face]
    if size(e.charge, e.charge_scale) < _FAR or not np.any(
        currents.law_slope < _AT_REST * np.where(np.isfinite(plain), plain, 0.0)
    ):
        return e
    area, rise = currents.conduction.law_area, 0.0 if currents.rise is None else currents.rise[laws.face].sum(1)
    phi, resistance = e.potentials.copy(), np.zeros(laws.face.size)
    for _ in range(_CHORDS):
        conductance = 1.0 / (1.0 / plain + (laws.resistance + resistance) / area)

        def linear(phi, conductance=conductance):
            current = electric.evaluate(phi, currents.conduction, currents.rise, currents.law_density).current
            drop = phi[electric.a[laws.face]] - phi[electric.b[laws.face]] + rise
            current[laws.face] = conductance * (drop - laws.sign * laws.rest)
            return replace(currents, current=current, law_slope=conductance, node_potential=phi[electric.cells.size :])

        start = linear(phi)
        electric.fill(operator, start)
        phi += solve(operator, electric.residual(start), tolerance)
        J = laws.sign * linear(phi).current[laws.face] / area
        J = np.where(np.abs(J) > _FAINT * np.max(np.abs(J), initial=0.0), J, _FAINT * np.max(np.abs(J), initial=1e-300))
        resistance = np.maximum(overpotentials(J, laws) / J, 0.0)
    return e.at_potentials(phi)
