"""Case → what the heat balance stores in a transient: cells, pools with masses of their own, frozen bath."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.cell.bath import SOLUTES, Bath
from oxycell.errors import CaseError
from oxycell.material import Constant, Material
from oxycell.mesh.mesh import Mesh
from oxycell.physics.heat.storage import Enthalpies, needed
from oxycell.physics.heat.stored import HeatStored, Pools
from oxycell.physics.heat.thermal import Thermal
from oxycell.physics.ledge.freezing import Freezing, FrozenBath
from oxycell.state import State

LEAST_BATH = 0.3
"""Share of all bath below which what is left of it liquid no longer counts as a pool [E]."""

MOST_ALF3 = 28.0
"""Excess AlF3 [wt %] beyond which something else than cryolite freezes [D: Solheim et al. 1996, field of cryolite]."""

_LATENT = 5.2e5  # [J/kg] of cryolite, 5.1 to 5.7e5 [L: JANAF; Dewing 1997]


class Storing(NamedTuple):
    """How a transient stores heat, the same at all times.

    Attributes
    ----------
    follows : bool, whether the liquidus follows the composition of what is left of the bath
    melts_at : float or None [K], liquidus at the start, where the heat of melting is stated; None: that of the case
    slush : bool, whether the bath goes on at its liquidus, crystals in it
    """

    follows: bool = True
    melts_at: float | None = None
    slush: bool = False


def build_storage(
    case: Any, mesh: Mesh, materials: Mapping[str, Material], thermal: Thermal, storing: Storing
) -> HeatStored:
    """What the heat balance stores.

    Parameters
    ----------
    case : Case, expanded; mesh : Mesh; materials : dict name → Material; thermal : Thermal; storing : Storing

    Returns
    -------
    HeatStored

    Raises
    ------
    CaseError
        A density or heat capacity is missing, or a pool that freezes is of several materials.
    """
    ledge, first, of_cells = thermal.ledge, thermal.n_rows - len(thermal.lumps), thermal.storage
    assert of_cells is not None
    if thermal.liquidus is None:
        pools = Pools(np.zeros(0, np.int64), Enthalpies.of([]), -1)
        return HeatStored(thermal, of_cells, pools, None, None, None)
    rows = np.array([row for row, _ in thermal.freezing], np.int64)
    liquids = [_material_of(mesh, materials, thermal, row, thermal.lumps[row - first].name) for row in rows]
    bath = _bath(case, thermal, rows, first)
    enthalpies = Enthalpies.of([needed(material, "heat_capacity") for material in liquids])
    solid = Constant(case.ledge.heat_capacity, "J/kg/K", "the case", "E")
    latent = case.ledge.latent_heat or (case.bath.latent_heat if case.bath is not None else _LATENT)
    frozen = FrozenBath(
        case.ledge.density,
        Enthalpies.of([solid, needed(liquids[bath], "heat_capacity")]),
        latent,
        case.ledge.latent_heat_at or storing.melts_at or thermal.liquidus,
    )
    cells = replace(of_cells, liquid=np.isin(thermal.row, rows))
    freezing = None if ledge is None else Freezing(mesh, ledge, thermal.own, frozen, int(rows[bath]))
    of = liquidus_of(case) if storing.follows else None
    if storing.slush and of is None:
        raise CaseError(
            'transient.at_liquidus: "slush" needs a liquidus that follows what freezes; allowed: [bath] without '
            'ledge.liquidus, and composition = "coupled"'
        )
    return HeatStored(thermal, cells, Pools(rows, enthalpies, bath), frozen, freezing, of, storing.slush)


def initial_amounts(
    stored: HeatStored, materials: Mapping[str, Material], state: State, evaluation: Any, case: Any, steady: bool
) -> dict[str, Floats]:
    """Amounts that do not follow from a state, where a run begins.

    Parameters
    ----------
    stored : HeatStored; materials : dict name → Material
    state, evaluation : State and its Evaluation; case : Case, expanded
    steady : bool, whether shells are there as in a steady state; else faces are bare

    Returns
    -------
    dict name → array: "pools", "solutes", and "shells" where there can be any, see HeatStored
    """
    thermal, pools, mesh = stored.thermal, stored.pools, stored.thermal.mesh
    mass = np.zeros(pools.rows.size)
    liquid = np.ones(mesh.n_cells)
    if evaluation.front is not None:
        liquid[thermal.ledge.cell] -= evaluation.front.solid
    for number, row in enumerate(pools.rows):
        cells = np.flatnonzero(thermal.row == row)
        material = materials[mesh.material_names[mesh.material[cells[0]]]]
        density = float(needed(material, "density")(state.temperature[[row]])[0][0])
        mass[number] = density * float(mesh.cell_volume[cells] @ liquid[cells])
    found = {"pools": mass, "solutes": np.zeros(0)}
    if stored.bath is not None and case.bath is not None:
        found["solutes"] = 0.01 * mass[pools.bath] * np.array([getattr(case.bath, name) for name in SOLUTES])
    if stored.freezing is not None:
        mass[pools.bath] += stored.freezing.mass(evaluation.front.solid)
    if thermal.shells is not None and stored.bath is not None:
        found["shells"] = stored.bath.density * evaluation.shells.volume * steady
        mass[pools.bath] += float(found["shells"].sum())
    return found


def composition(bath: Bath, solutes: Floats, mass: float) -> Bath:
    """The Bath with masses of solutes (k,) [kg] in a mass [kg] of it."""
    return bath.model_copy(update=dict(zip(SOLUTES, (100.0 * solutes / mass).tolist(), strict=True)))


def liquidus_of(case: Any) -> Callable[[Floats, float], float] | None:
    """Function of masses of solutes (k,) [kg] and of the liquid bath [kg] → liquidus [K]; None where it is given."""
    if case.ledge.liquidus is not None or case.bath is None:
        return None

    def liquidus(solutes: Floats, mass: float) -> float:
        return composition(case.bath, solutes, mass).liquidus()

    return liquidus


def _material_of(mesh: Mesh, materials: Mapping[str, Material], thermal: Thermal, row: int, lump: str) -> Material:
    names = {mesh.material_names[number] for number in np.unique(mesh.material[thermal.row == row])}
    if len(names) > 1:
        raise CaseError(
            f"lumps: {lump!r} is of {', '.join(sorted(names))}; allowed for a pool whose bath freezes in a transient: "
            "one material"
        )
    return materials[names.pop()]


def _bath(case: Any, thermal: Thermal, rows: Ints, first: int) -> int:
    """Which of the pools (p,) int, heat rows, what is frozen melts into: that of the process, or the only one."""
    names = [thermal.lumps[row - first].name for row in rows]
    if case.process is not None and case.process.electrolyte in names:
        return names.index(case.process.electrolyte)
    if len(names) > 1:
        raise CaseError(
            f"ledge.pools: {', '.join(names)}: which of them freezes is not known; allowed in a transient: one pool, "
            "or process.electrolyte"
        )
    return 0
