"""What a cell holds at a stage of a run over time: masses, whether they are those that passed, and when they end."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from oxycell.case.building.storage import LEAST_BATH, MOST_ALF3
from oxycell.case.solving.solve import FROZEN_SHARE, LEAST_SUPERHEAT, frozen_share
from oxycell.cell.bath import SOLUTES
from oxycell.constants import MOLAR_MASS, ZERO_CELSIUS
from oxycell.errors import Frozen, NotConverged
from oxycell.physics.heat.stored import frozen_bath
from oxycell.report.figure import Tree
from oxycell.solvers.transient.stages import Solved

ALUMINIUM = 2.0 * MOLAR_MASS["Al"] / MOLAR_MASS["Al2O3"]
"""Share of aluminium in alumina."""


LEAST_METAL = 0.1
"""Share of the metal at the start below which there is no longer a pool of it [E]."""

FLOWS = ("fed", "dissolved", "used", "made", "tapped", "frozen")
"""What passes, as `physics.heat.masses.Masses` and reports call it."""


class Inventory(NamedTuple):
    """Masses of the whole cell [kg].

    Attributes
    ----------
    liquid, frozen : of the bath
    solutes : dict name → what is in the bath
    stock, metal : alumina not dissolved yet, and metal; None where they are not counted
    saturation : [wt %], alumina the bath can dissolve; None where it is not counted
    superheat, liquidus : [K], of the coldest pool; of the bath
    slush : crystals in the bath, of what is frozen; None where there can be none
    """

    liquid: float
    frozen: float
    solutes: dict[str, float]
    stock: float | None
    metal: float | None
    saturation: float | None
    superheat: float | None
    liquidus: float | None
    slush: float | None = None

    @property
    def shares(self) -> dict[str, float]:
        """Solutes in the liquid bath [wt %]."""
        return {name: 100.0 * mass / self.liquid for name, mass in self.solutes.items()}

    def kept(self) -> dict[str, float]:
        """Masses whose change is that of what passes, by the names of `passed`."""
        found = {"bath": self.liquid} | {name: mass for name, mass in self.solutes.items() if mass}
        if self.stock is not None:
            found |= {"alumina": self.solutes["alumina"], "stock": self.stock}
            found["aluminium"] = ALUMINIUM * (self.solutes["alumina"] + self.stock) + (self.metal or 0.0)
        return found | ({} if self.metal is None else {"metal": self.metal})

    def row(self) -> dict[str, float]:
        """Columns of a history."""
        found: dict[str, float] = {}
        if self.liquidus is not None and self.superheat is not None:
            found = {"liquidus_K": self.liquidus, "superheat_K": self.superheat}
        found |= {"bath_kg": self.liquid, "frozen_kg": self.frozen}
        found |= {f"bath.{name}": share for name, share in self.shares.items()}
        more = {"slush_kg": self.slush, "stock_kg": self.stock, "metal_kg": self.metal, "saturation": self.saturation}
        return found | {name: value for name, value in more.items() if value is not None}


def liquid_bath(stored: Any, solved: Solved) -> float:
    """Mass of the liquid bath of the model [kg]; `stored`: HeatStored."""
    return float(solved.amounts["pools"][stored.pools.bath]) - frozen_bath(solved.amounts)


def inventory(built: Any, solved: Solved) -> Inventory | None:
    """What a cell holds at a stage; None where no pool has a mass of its own. `built`: Built it was solved with."""
    stored, evaluation, amounts = built.stored, solved.evaluation, solved.amounts
    if stored is None or stored.pools.bath < 0:
        return None
    copies, pools, balance = built.mesh.multiplicity, stored.pools, stored.balance
    superheat, liquidus = None, None
    if stored.bath is not None:
        liquidus = float(evaluation.liquidus)
        superheat = min(float(solved.state.temperature[row]) for row in pools.rows) - liquidus
    solutes = {name: copies * float(mass) for name, mass in zip(SOLUTES, amounts["solutes"], strict=False)}
    counted = balance is not None
    return Inventory(
        copies * liquid_bath(stored, solved),
        copies * frozen_bath(amounts),
        solutes,
        copies * float(amounts["stock"].sum()) if counted else None,
        copies * float(amounts["pools"][balance.metal]) if counted and balance.metal >= 0 else None,
        float(evaluation.masses.saturation) if counted else None,
        superheat,
        liquidus,
        copies * float(amounts["slush"][0]) if "slush" in amounts else None,
    )


def passed(sums: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """What entered each mass of `Inventory.kept` that changes, and what left it [kg].

    Parameters
    ----------
    sums : mapping, of `transients.sums.flows`
    """
    fed, dissolved, used, made, tapped, frozen = (sums.get(f"{name}_kg", 0.0) for name in FLOWS)
    return {
        "bath": (dissolved, used + frozen),
        "alumina": (dissolved, used),
        "stock": (fed, dissolved),
        "metal": (made, tapped),
        "aluminium": (ALUMINIUM * fed, tapped),
    }


def ledgers(begun: Mapping[str, float], now: Inventory, sums: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Each mass and by how much its change is not what passed, over the largest of what there was, is, came and went.

    Parameters
    ----------
    begun : mapping, `kept` of the Inventory at the start; now : Inventory
    sums : mapping, of `transients.sums.flows` since then
    """
    through = passed(sums)
    for name, mass in now.kept().items():
        before, (came, went) = begun.get(name, 0.0), through.get(name, (0.0, 0.0))
        largest = max(abs(before), abs(mass), abs(came), abs(went), 1e-300)
        yield name, abs(mass - before - came + went) / largest


def use_of_alumina(figures: Tree) -> float | None:
    """By how much, relatively, the alumina that is taken from the bath is not what the currents of the fields use; None
    where it is not counted. `figures`: the report of a stage."""
    taken = figures.get("masses", {}).get("used_kg_per_h")
    if taken is None:
        return None
    used = figures["productivity"]["alumina_kg_per_day"] / 24.0
    return abs(taken - used) / max(abs(used), abs(taken), 1e-300)


def carries_current(built: Any) -> bool:
    """Whether a current is led through a cell; anodes at rest may freeze over."""
    stated = [terminal.current for terminal in built.case.terminals if terminal.current is not None]
    return len(stated) < len(built.case.terminals) - 1 or any(current != 0.0 for current in stated)


def ending(
    built: Any, solved: Solved, held: Inventory, begun: Mapping[str, float], bath: Any, hours: float
) -> NotConverged | None:
    """Why a run cannot go on from a stage; None where it can.

    Parameters
    ----------
    built : Built it was solved with; solved : Solved; held : Inventory there
    begun : mapping, `kept` of the Inventory at the start
    bath : Bath in use; hours : [h], since the start
    """
    where = f"after {hours:.3g} h"
    masses = f"{held.liquid:.0f} kg of the bath are liquid and {held.frozen:.0f} kg frozen"
    if held.stock is not None and held.solutes["alumina"] <= 0.0:
        return NotConverged(
            f"the alumina is used up: {where} none is dissolved in the bath; {held.stock:.3g} kg lie in it"
        )
    if held.metal is not None and held.metal < LEAST_METAL * begun["metal"]:
        return NotConverged(
            f"the metal is used up: {where} {held.metal:.0f} kg are left of {begun['metal']:.0f} at the start"
        )
    if held.superheat is None or held.liquidus is None:
        return None
    covered = frozen_share(built, solved.evaluation)
    if held.superheat <= LEAST_SUPERHEAT and held.slush is None:
        at = f"{held.liquidus - ZERO_CELSIUS:.1f} degC"
        return Frozen(f"the bath freezes: {where} a pool is at the liquidus, {at}; {masses}")
    if covered >= FROZEN_SHARE and carries_current(built):
        return Frozen(f"the anodes freeze in: {where} {100 * covered:.0f} % of their faces are frozen over; {masses}")
    if held.liquid < LEAST_BATH * (held.liquid + held.frozen):
        return Frozen(f"the bath freezes: {where} {masses}")
    if bath is not None and bath.excess_alf3 > MOST_ALF3:
        return Frozen(
            f"the bath freezes: {where} what is left of it holds {bath.excess_alf3:.1f} % excess AlF3, beyond "
            f"the field of cryolite; {masses}"
        )
    return None
