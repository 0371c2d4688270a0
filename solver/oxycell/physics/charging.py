"""The charge balance by Newton's method, temperatures and ledge held."""

from oxycell.errors import NotConverged
from oxycell.numerics.linear import solve
from oxycell.numerics.newton import descends, newton


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
    latest = e

    def at(potentials):
        nonlocal latest
        if latest.potentials is not potentials:
            latest = latest.at_potentials(potentials)
        return latest

    def direction(potentials, r):
        e.problem.electric.fill(operator, at(potentials).currents)
        return solve(operator, r, tolerance)

    try:
        found, _ = newton(lambda potentials: at(potentials).charge, direction, e.potentials, descends,
                          lambda potentials, _: finished(at(potentials)), lambda _, step: bounds.potentials(step, e.front), max_iterations,
                          report=lambda _, potentials, r: report(at(potentials)))
    except NotConverged as error:
        raise NotConverged(f"charge balance: {error}", state=at(error.state)) from None
    return at(found)
