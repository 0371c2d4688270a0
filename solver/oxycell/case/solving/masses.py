"""What a record holds of the masses of pools at a stage of a time step."""

from typing import Any

from oxycell.numerics.reductions import total
from oxycell.physics.heat.stored import HeatStored, frozen_bath
from oxycell.state import State


def masses_record(stored: HeatStored, state: State, evaluation: Any) -> dict[str, float]:
    """Group `masses` of a record, of the model; see docs/formats.md.

    Parameters
    ----------
    stored : HeatStored, with pools of masses of their own
    state, evaluation : State and its Evaluation at a Stage
    """
    masses, pools, stage, balance = evaluation.masses, stored.pools, evaluation.stage, stored.balance
    frozen = frozen_bath(evaluation.heat_storage.amounts)
    found = {"bath": float(masses.pools[pools.bath] - frozen), "frozen": frozen}
    found["freezing"] = float(stage.rate * (frozen - frozen_bath(stage.known)))
    if balance is None:
        return found
    T = state.temperature[pools.rows]
    for name in ("saturation", "fed", "dissolved", "used", "made", "tapped"):
        found[name] = float(getattr(masses, name))
    found |= {"alumina": float(masses.solutes[balance.alumina]), "stock": total(masses.stock)}
    found["bath_enthalpy"] = stored.enthalpy(pools.bath, T[pools.bath])
    if balance.metal >= 0:
        found["metal"] = float(masses.pools[balance.metal])
        found["made_enthalpy"] = stored.enthalpy(balance.metal, T[pools.bath])
        found["metal_enthalpy"] = stored.enthalpy(balance.metal, T[balance.metal])
    return found
