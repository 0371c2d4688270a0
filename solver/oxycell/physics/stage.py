"""Storage as a term of a balance: what rows hold at a stage of a time step."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats
from oxycell.physics.balance import RowTerm


class Stage(NamedTuple):
    """A stage of an implicit time step, at which every amount is known + (its rate of change)/rate.

    Attributes
    ----------
    rate : float [1/s]
    known : mapping name → array, of `Stored.amounts`
    supply : Supply or None, what is fed and tapped at its time, see `physics/heat/masses.py`
    """

    rate: float
    known: Mapping[str, Floats]
    supply: Any = None


class Stored(NamedTuple):
    """What is stored at a stage, and what that makes in the rows of a balance.

    Attributes
    ----------
    amounts : dict name → array, each conserved
    terms : tuple of RowTerm [unit of the balance]
    slope : (n_rows,) [unit of the balance over that of its field], by how much the terms fall with each row's value
    front : Front or None, that freezes and melts
    latent : float [W/m³], heat of melting of frozen bath times the rate of the stage; liquidus : [K]
    covered : (n,) bool, columns that had a ledge before the step
    """

    amounts: dict[str, Floats]
    terms: tuple[RowTerm, ...]
    slope: Floats
    front: Any = None
    latent: float = 0.0
    liquidus: float = 0.0
    covered: Any = None


def stored_by(balance: Any, stage: Stage | None, values: Floats) -> Stored | None:
    """Stored of a Balance that stores by its own field alone, at values (n_rows,); None where there is no stage, or
    nothing is stored."""
    if stage is None or (held := balance.stored(values)) is None:
        return None
    amount, slope = held
    change = stage.rate * (stage.known[balance.name] - amount)
    term = RowTerm("storage", np.arange(balance.n_rows), change)
    return Stored({balance.name: amount}, (term,), stage.rate * slope)
