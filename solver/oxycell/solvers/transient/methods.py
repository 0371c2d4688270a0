"""Implicit one-step methods of second order, L-stable and stiffly accurate, with estimates of their error."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Floats

DIAGONAL = float(1.0 - 1.0 / np.sqrt(2.0))
"""Coefficient of every implicit stage of both methods, so that they share a stability function."""

_WEIGHT = float(np.sqrt(2.0) / 4.0)

Amounts = Mapping[str, Floats]


class Method(NamedTuple):
    """A diagonally implicit Runge–Kutta method whose last stage is the end of the step.

    Attributes
    ----------
    name : str
    nodes : (s,), times of the stages as shares of the step
    weights : (s, s), lower triangular; the last row is that of the step
    first : int, number of the first stage that is solved; those before it are known from the step before
    error : (s,), weights of the estimate of the error
    error_order : int, power of the step with which that estimate goes
    """

    name: str
    nodes: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    first: int
    error: tuple[float, ...]
    error_order: int


def _error(nodes: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    """Weights of the step less those of the quadrature of third order on the start, the stages between and the end."""
    powers = np.array([[node**power for node in nodes] for power in range(len(nodes))])
    third = np.linalg.solve(powers, 1.0 / np.arange(1.0, len(nodes) + 1.0))
    return tuple((np.array(weights) - third).tolist())


_TR_NODES = (0.0, 2.0 * DIAGONAL, 1.0)
_TR_WEIGHTS = (_WEIGHT, _WEIGHT, DIAGONAL)

TR_BDF2 = Method(
    "TR-BDF2",
    _TR_NODES,
    ((0.0, 0.0, 0.0), (DIAGONAL, DIAGONAL, 0.0), _TR_WEIGHTS),
    1,
    _error(_TR_NODES, _TR_WEIGHTS),
    3,
)
"""Trapezoidal rule and second backward difference: Bank et al. (1985), IEEE Trans. Electron Devices 32, 1992; the
estimate of its error: Hosea & Shampine (1996), Appl. Numer. Math. 20, 21."""

SDIRK2 = Method(
    "SDIRK2",
    (DIAGONAL, 1.0),
    ((DIAGONAL, 0.0), (1.0 - DIAGONAL, DIAGONAL)),
    0,
    (-DIAGONAL, DIAGONAL),
    1,
)
"""Two implicit stages, none of which needs rates at the start: after a jump and where a run goes on. Alexander (1977),
SIAM J. Numer. Anal. 14, 1006. Its error is compared with the first-order method of its first stage, so it is
overestimated; after a jump, while what is fast is not resolved, that difference goes with the step itself."""


def combined(start: Amounts, dt: float, weights: Sequence[float], rates: Sequence[Amounts]) -> dict[str, Floats]:
    """Amounts start + dt Σ weight · rate, name by name; `rates`: of the stages, as many as weights or fewer."""
    found = {name: amount.copy() for name, amount in start.items()}
    for weight, rate in zip(weights, rates, strict=False):
        if weight:
            for name, amount in found.items():
                amount += dt * weight * rate[name]
    return found
