"""What counts as converged: residuals over what they are compared with, and how small they have to become."""

import numpy as np

CHARGE_LIMIT, HEAT_LIMIT = 1e-10, 1e-8
"""Largest relative residual of a converged run, of any row and of the sum."""

WIDEST = 1e-6
"""Relative residual up to which round-off may widen a limit."""

_ROUND_OFF = 10.0  # round-off that counts as converged


def size(r, scale=1.0):
    """The larger of the largest row and the sum of a residual, over what it is compared with."""
    return max(float(np.max(r, initial=0.0)), -float(np.min(r, initial=0.0)), abs(float(np.sum(r)))) / max(scale, 1e-300)


def sizes(e):
    """Relative residuals of charge and heat of an Evaluation."""
    return size(e.charge, e.charge_scale), size(e.heat_residual, e.heat_scale)


def charge_limit(e, tolerance):
    """Relative charge residual to reach: a share `tolerance` of the ledger's limit, or ten times the round-off where that is more."""
    return _limit(tolerance * CHARGE_LIMIT, e.charge_floors[0], e.charge_scale)


def heat_limit(e, tolerance):
    """The same of heat."""
    return _limit(tolerance * HEAT_LIMIT, e.heat_floor, e.heat_scale)


def _limit(most, floor, scale):
    return max(most, min(_ROUND_OFF * floor / max(scale, 1e-300), WIDEST))
