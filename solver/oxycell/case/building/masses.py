"""Case → balance of the alumina that is fed, dissolves and is used, and of the metal that is made and tapped."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from oxycell.arrays import Floats
from oxycell.case.building.process import process_model
from oxycell.case.transient import Feed, Tapping
from oxycell.cell.bath import SOLUTES, composition
from oxycell.errors import CaseError
from oxycell.mesh.mesh import nearest_name
from oxycell.physics.heat.masses import MassBalance

AS_USED = Feed.in_si(relative=1.0, fast_share=1.0, fast_time=0.0, stock=0.0)
"""What holds where nothing is stated of the feed."""

ALUMINA = SOLUTES.index("alumina")


def counted_pools(case: Any, feed: Feed | None, tapping: Tapping | None) -> list[str]:
    """Names of the lumps whose masses change: of the bath, then of the metal where it is tapped.

    Raises
    ------
    CaseError
        The case has no process, bath or lump that it needs.
    """
    if feed is None and tapping is None:
        return []
    section = "transient.feed" if feed is not None else "transient.tapping"
    for name, there in (("[process]", case.process), ("[bath]", case.bath)):
        if there is None:
            raise CaseError(f"{section}: needs {name}; allowed: a case with it")
    if not (case.physics.electric and case.physics.thermal):
        raise CaseError(f"{section}: needs currents and heat; allowed: physics.electric and physics.thermal = true")
    names, found = [lump.name for lump in case.lumps], [case.process.electrolyte]
    if tapping is not None:
        if tapping.pool not in names or tapping.pool == case.process.electrolyte:
            near = nearest_name(tapping.pool, [name for name in names if name not in found])
            raise CaseError(f'transient.tapping.pool: no lump of metal is called "{tapping.pool}"; {near}')
        found.append(tapping.pool)
    return found


def mass_balance(
    case: Any, electric: Any, pools: Mapping[str, int], feed: Feed | None, tapping: Tapping | None
) -> MassBalance:
    """MassBalance of a case.

    Parameters
    ----------
    case : Case, expanded; electric : Electric
    pools : name of a lump → int, which of the pools with masses of their own
    feed, tapping : Feed, Tapping or None

    Raises
    ------
    CaseError
        What passes the cell reaction does not follow from the currents that are given.
    """
    stated = feed or AS_USED
    copies = electric.mesh.multiplicity
    current = _given_current(electric)
    if case.process.current_efficiency_model == "mass_transfer" and case.process.cathode_area is None:
        raise CaseError("process.cathode_area: is needed where alumina is counted; allowed: an area, or another model")
    process = process_model(case).at(copies * current, 0.0)

    def turnover(T: float) -> tuple[float, float]:
        return float(process.alumina_rate(current, T)), float(process.aluminium_rate(current, T))

    def saturation(solutes: Floats, mass: float, T: float) -> float:
        return float(composition(case.bath, solutes, mass).saturation(np.array([T]))[0][0])

    return MassBalance(
        pools[case.process.electrolyte],
        -1 if tapping is None else pools[tapping.pool],
        ALUMINA,
        copies,
        turnover,
        saturation,
        stated.fast_share,
        stated.fast_time,
        stated.slow_rate,
    )


def _given_current(electric: Any) -> float:
    """Current through the model [A] where it does not depend on the state."""
    given = [terminal.current for terminal in electric.terminals if terminal.current is not None]
    if len(electric.terminals) - len(given) > 1 or electric.boundary_currents or electric.sources:
        raise CaseError(
            "transient: alumina is counted by the currents of the terminals; allowed with [transient.feed] and "
            "[transient.tapping]: terminals of given current, but for one"
        )
    return 0.5 * (float(np.sum(np.abs(given))) + abs(float(np.sum(given))))
