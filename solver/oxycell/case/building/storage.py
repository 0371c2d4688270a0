"""Case → what the heat balance stores in a transient: cells, pools with masses of their own, frozen bath."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.case.building.masses import counted_pools, mass_balance
from oxycell.case.transient import Feed, Tapping
from oxycell.cell.bath import SOLUTES, composition
from oxycell.errors import CaseError
from oxycell.material import Constant, Material
from oxycell.mesh.mesh import Mesh
from oxycell.physics.heat.masses import Supply
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
    feed, tapping : Feed, Tapping or None, see `[transient]`
    """

    follows: bool = True
    melts_at: float | None = None
    slush: bool = False
    feed: Feed | None = None
    tapping: Tapping | None = None


def build_storage(
    case: Any, mesh: Mesh, materials: Mapping[str, Material], electric: Any, thermal: Thermal, storing: Storing
) -> HeatStored:
    """What the heat balance stores.

    Parameters
    ----------
    case : Case, expanded; mesh : Mesh; materials : dict name → Material
    electric : Electric or None; thermal : Thermal; storing : Storing

    Returns
    -------
    HeatStored

    Raises
    ------
    CaseError
        A density or heat capacity is missing, a pool is of several materials, or what `[transient]` says of masses
        does not suit the case.
    """
    ledge, first, of_cells = thermal.ledge, thermal.n_rows - len(thermal.lumps), thermal.storage
    assert of_cells is not None
    counted = counted_pools(case, storing.feed, storing.tapping)
    names = [lump.name for lump in thermal.lumps]
    freezes = [row for row, _ in thermal.freezing]
    rows = np.unique([*freezes, *(first + names.index(name) for name in counted)]).astype(np.int64)
    if not rows.size:
        return HeatStored(thermal, of_cells, Pools(rows, Enthalpies.of([]), -1), None, None, None)
    liquids = [_material_of(mesh, materials, thermal, row, names[row - first]) for row in rows]
    bath = _bath(case, thermal, rows, first)
    enthalpies = Enthalpies.of([needed(material, "heat_capacity") for material in liquids])
    cells, pools = replace(of_cells, liquid=np.isin(thermal.row, rows)), Pools(rows, enthalpies, bath)
    of = liquidus_of(case) if storing.follows else None
    balance = None
    if counted:
        numbers = {names[row - first]: number for number, row in enumerate(rows)}
        balance = mass_balance(case, electric, numbers, storing.feed, storing.tapping)
    if storing.slush and (of is None or thermal.liquidus is None):
        raise CaseError(
            'transient.at_liquidus: "slush" needs a liquidus that follows what freezes; allowed: [ledge], [bath] '
            'without ledge.liquidus, and composition = "coupled"'
        )
    if thermal.liquidus is None:
        return HeatStored(thermal, cells, pools, None, None, of, balance=balance)
    solid = Constant(case.ledge.heat_capacity, "J/kg/K", "the case", "E")
    latent = case.ledge.latent_heat or (case.bath.latent_heat if case.bath is not None else _LATENT)
    frozen = FrozenBath(
        case.ledge.density,
        Enthalpies.of([solid, needed(liquids[bath], "heat_capacity")]),
        latent,
        case.ledge.latent_heat_at or storing.melts_at or thermal.liquidus,
    )
    freezing = None if ledge is None else Freezing(mesh, ledge, thermal.own, frozen, int(rows[bath]))
    return HeatStored(thermal, cells, pools, frozen, freezing, of, storing.slush, balance)


def initial_amounts(
    stored: HeatStored,
    materials: Mapping[str, Material],
    state: State,
    evaluation: Any,
    case: Any,
    steady: bool,
    supply: Supply | None = None,
    slow: float | None = None,
) -> dict[str, Floats]:
    """Amounts that do not follow from a state, where a run begins.

    Parameters
    ----------
    stored : HeatStored; materials : dict name → Material
    state, evaluation : State and its Evaluation; case : Case, expanded
    steady : bool, whether shells are there as in a steady state; else faces are bare
    supply : Supply or None, what is fed there; slow : [kg], slow stock of the whole cell that is stated, or None

    Returns
    -------
    dict name → array: "pools", "solutes", "shells" where there can be any and, where masses are counted, "stock", see
        HeatStored

    Raises
    ------
    CaseError
        The bath is saturated, so that no stock dissolves as fast as is fed.
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
    found, balance, frozen = {"pools": mass, "solutes": np.zeros(0)}, stored.balance, 0.0
    if pools.bath >= 0 and case.bath is not None:
        found["solutes"] = 0.01 * mass[pools.bath] * np.array([getattr(case.bath, name) for name in SOLUTES])
    if stored.freezing is not None:
        frozen += stored.freezing.mass(evaluation.front.solid)
    if thermal.shells is not None and stored.bath is not None:
        found["shells"] = stored.bath.density * evaluation.shells.volume * steady
        frozen += float(found["shells"].sum())
    if pools.bath >= 0:
        mass[pools.bath] += frozen
    if balance is not None and supply is not None:
        T = float(state.temperature[pools.rows[pools.bath]])
        fed = supply.fed / balance.copies + supply.relative * balance.turnover(T)[0]
        of_model = None if slow is None else slow / balance.copies
        found["stock"] = balance.stock(fed, T, mass, found["solutes"], frozen, of_model)
        if not np.isfinite(found["stock"]).all():
            raise CaseError(
                "transient.feed.stock: is needed where the bath is saturated at the start; allowed: a mass, or less "
                "bath.alumina"
            )
    return found


def liquidus_of(case: Any) -> Callable[[Floats, float], float] | None:
    """Function of masses of solutes (k,) [kg] and of the liquid bath [kg] → liquidus [K]; None where it is given."""
    if case.bath is None or (case.ledge is not None and case.ledge.liquidus is not None):
        return None

    def liquidus(solutes: Floats, mass: float) -> float:
        return composition(case.bath, solutes, mass).liquidus()

    return liquidus


def _material_of(mesh: Mesh, materials: Mapping[str, Material], thermal: Thermal, row: int, lump: str) -> Material:
    names = {mesh.material_names[number] for number in np.unique(mesh.material[thermal.row == row])}
    if len(names) > 1:
        raise CaseError(
            f"lumps: {lump!r} is of {', '.join(sorted(names))}; allowed for a pool whose bath freezes or whose mass "
            "changes in a transient: one material"
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
