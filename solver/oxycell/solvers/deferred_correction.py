"""Deferred corrections: what the fluxes of the balances have beyond two-point fluxes, lagged from one iteration to the
next."""

from collections.abc import Mapping, Sequence

import numpy as np

from oxycell.arrays import Floats
from oxycell.numerics.reductions import largest_size, span
from oxycell.physics.balance import Balance
from oxycell.physics.evaluation import Evaluation
from oxycell.physics.skew import Skew
from oxycell.solvers.controls import Controls

_UNIT = 10.0  # errors of all fields are counted in this share of their scales: [K]


class DeferredCorrections:
    """Corrections of all balances, which are kept in the state (`State.corrections`).

    The correction is an unknown of its own in addition to the field: fluxes follow from both, and the residual of the
    correction is what these fluxes ask for less what the state has.

    Parameters
    ----------
    balances : sequence of Balance
    controls : Controls

    Attributes
    ----------
    any, skewed : bool, whether a balance has one, whether one has the non-orthogonal one
    tolerance : largest change of the corrections of a converged run, over the span of the fields
    acceleration : Acceleration
    """

    def __init__(self, balances: Sequence[Balance], controls: Controls) -> None:
        self._balances = [balance for balance in balances if balance.correction is not None]
        self.any = bool(self._balances)
        self.skewed = any(isinstance(balance.correction, Skew) for balance in self._balances)
        staggered, tolerances = controls.staggered, controls.corrections
        self.tolerance = tolerances.non_orthogonal if self.skewed else tolerances.linear_flux
        self.acceleration = staggered.two_point
        if self.any:
            self.acceleration = staggered.non_orthogonal if self.skewed else staggered.linear_flux

    def asked(self, evaluation: Evaluation) -> tuple[dict[str, Floats], float]:
        """Corrections that the fluxes of an Evaluation ask for, as `State.corrections`, and by how much those of its
        state deviate from them, over the span of the fields."""
        state, deviation = evaluation.state, 0.0
        asked = dict(state.corrections)
        for balance in self._balances:
            field, values = balance.field, state[balance.field]
            asked[field] = evaluation[balance.terms_name].asked_correction()
            change = largest_size(asked[field] - state.corrections[field])
            deviation = max(deviation, change / max(span(values), 1e-300))
        return asked, deviation

    def residual(self, evaluation: Evaluation, balance: Balance, asked: Mapping[str, Floats]) -> Floats:
        """Net amount into each row (n_rows,) of a balance; on boxes with the corrections that its fluxes imply, by the
        tangent, not those of the state."""
        residual = evaluation.of(balance, "residual")
        if self.skewed or balance.correction is None:
            return residual
        field, terms = balance.field, evaluation[balance.terms_name]
        change = terms.corrected(balance.correction.on_faces(asked[field] - evaluation.state.corrections[field]))
        change[balance.fixed_rows] = 0.0
        return residual + change

    def flat(self, corrections: Mapping[str, Floats]) -> Floats:
        """Corrections as one array [K], errors of all balances to count alike."""
        parts = [corrections[balance.field].ravel() * (_UNIT / balance.scale) for balance in self._balances]
        return np.concatenate([np.zeros(0), *parts])

    def unflat(self, flat: Floats, like: Mapping[str, Floats]) -> dict[str, Floats]:
        """Corrections from one array, as `flat` wrote it; `like`: corrections of the same shapes."""
        found, start = dict(like), 0
        for balance in self._balances:
            of = like[balance.field]
            found[balance.field] = flat[start : start + of.size].reshape(of.shape) * (balance.scale / _UNIT)
            start += of.size
        return found
