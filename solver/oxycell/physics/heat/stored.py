"""Coupling: heat that cells, pools and frozen bath store, masses, and the liquidus that follows what freezes."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.errors import NotConverged
from oxycell.numerics.reductions import total, totals
from oxycell.physics.balance import Quantity, RowTerm
from oxycell.physics.heat.masses import LEAST, MassBalance, Masses, liquid_bath
from oxycell.physics.heat.storage import Enthalpies, HeatStorage
from oxycell.physics.heat.through import located_front
from oxycell.physics.ledge.freezing import Freezing, FrozenBath
from oxycell.physics.ledge.ledge import Front
from oxycell.physics.ledge.shells import Shelled
from oxycell.physics.stage import Stage, Stored

_CLOSE = 1e-10  # [K] change of the liquidus at which it is found
_STEPS = 12  # of the secant method, at most
_APART = 500.0  # [K] from its last steps within which the liquidus lies
_HELD = 1e100  # [W/m³] heat of melting over time where nothing freezes or melts


class Pools(NamedTuple):
    """Lumps of liquid whose mass is an amount of its own, not that of their cells.

    Attributes
    ----------
    rows : (p,) int, heat rows
    enthalpies : Enthalpies of their p liquids
    bath : int, which of them freezes on walls, −1 without
    """

    rows: Ints
    enthalpies: Enthalpies
    bath: int


def frozen_bath(amounts: Mapping[str, Floats]) -> float:
    """Bath that is frozen [kg], in columns of a ledge, in shells and in crystals; `amounts`: see HeatStored."""
    return float(sum(total(amounts[name]) for name in ("frozen", "shells", "slush") if name in amounts))


class HeatStored:
    """Gives what the heat balance stores.

    Parameters
    ----------
    thermal : Thermal
    cells : HeatStorage, of all that is not in pools
    pools : Pools
    bath : FrozenBath or None, what freezes; freezing : Freezing or None, in the columns of a ledge
    liquidus_of : function of masses of solutes (k,) [kg] and of the liquid bath [kg] → liquidus [K]; None: it does not
        change
    slush : bool, whether the bath goes on at its liquidus, crystals in it; needs `liquidus_of`
    balance : MassBalance or None: as much is fed as is used and tapped as is made, so that no mass changes

    Notes
    -----
    Amounts: "heat" (n_rows,) [J], enthalpy of each row, 0 at `storage.REFERENCE`; "frozen" (m,) [kg], in each of the
    ledge columns' cells; "shells" (k,) [kg], frozen on each face that can have a shell; "pools" (p,) [kg], mass of each
    pool, of the bath with all that is frozen of it; "solutes" (k,) [kg], in the bath, of which nothing freezes; "slush"
    (1,) [kg], crystals in the bath, where these may be; with `balance` "stock" (2,) [kg], alumina not dissolved yet.
    The enthalpy of shells counts among that of the bath's row.
    """

    row_sources: dict[str, str] = {}
    face_sources: dict[str, str] = {}

    def __init__(
        self,
        thermal: Any,
        cells: HeatStorage,
        pools: Pools,
        bath: FrozenBath | None,
        freezing: Freezing | None,
        liquidus_of: Callable[[Floats, float], float] | None,
        slush: bool = False,
        balance: MassBalance | None = None,
    ) -> None:
        self.thermal, self.cells, self.pools = thermal, cells, pools
        self.bath, self.freezing, self.liquidus_of, self.balance = bath, freezing, liquidus_of, balance
        self.slush = slush and bath is not None and liquidus_of is not None

    def quantities(self) -> dict[str, Quantity]:
        """`heat_storage`, a Stored; `masses`, Masses; `bath_liquidus` [K]; all None where nothing is stored, in a
        steady state."""
        state = ("temperature", "transformed_temperature", "temperature_correction")
        return {
            "bath_liquidus": Quantity(("stage", *state), self.liquidus, lambda found: found),
            "masses": Quantity(("stage", "temperature", "own_front?", "shells?"), self.masses),
            "heat_storage": Quantity(
                ("stage", "temperature", "own_front?", "liquidus?", "masses", "shells?"), self.stored
            ),
            "ledge_melting": Quantity(("stage", "own_front?", "liquidus?"), self.melting),
            "shells_before": Quantity(("stage", "liquidus?"), self.shells_before),
        }

    def masses(self, stage: Stage | None, T: Floats, front: Front | None, shells: Shelled | None) -> Masses | None:
        """Masses of the pools at a stage, see `stored`."""
        if stage is None:
            return None
        frozen = 0.0 if self.freezing is None or front is None else self.freezing.mass(front.solid)
        if shells is not None and self.bath is not None:
            frozen += self.bath.density * total(shells.volume)
        return self._masses(stage, T, frozen)

    def _masses(self, stage: Stage, T: Floats, frozen: float) -> Masses:
        """Masses with so much of the bath [kg] frozen."""
        if self.balance is None:
            return Masses(stage.known["pools"].copy(), stage.known["solutes"], np.zeros(2))
        return self.balance.at(stage, float(T[self.pools.rows[self.pools.bath]]), frozen)

    def carried(self, masses: Masses, T: Floats) -> Floats:
        """Enthalpy [W] (p,) that what enters each pool brings, less what that which leaves it takes.

        Notes
        -----
        Alumina is bath as soon as it is dissolved: it comes and goes with the enthalpy of the bath, and what it takes
        from the bath to warm and dissolve is heat of its own. Metal comes at the temperature of the bath, at which the
        process counts it, and goes at that of its pool.
        """
        found, balance = np.zeros(self.pools.rows.size), self.balance
        if balance is not None:
            at = T[self.pools.rows]
            found[balance.bath] = (masses.dissolved - masses.used) * self.enthalpy(balance.bath, at[balance.bath])
            if balance.metal >= 0:
                comes, goes = (self.enthalpy(balance.metal, at[pool]) for pool in (balance.bath, balance.metal))
                found[balance.metal] = masses.made * comes - masses.tapped * goes
        return found

    def enthalpy(self, pool: int, T: float) -> float:
        """Enthalpy of a pool's liquid [J/kg] at T [K]."""
        return float(self.pools.enthalpies.at(np.array([pool]), np.array([T]))[0][0])

    def stored(
        self,
        stage: Stage | None,
        T: Floats,
        front: Front | None,
        liquidus: float | None,
        masses: Masses | None,
        shells: Shelled | None = None,
    ) -> Stored | None:
        """What is stored at a stage.

        Parameters
        ----------
        stage : Stage or None; T : (n_rows,) [K]; front : Front or None, at these temperatures; liquidus : [K] or None
        masses : Masses, at these temperatures; shells : Shelled; or None
        """
        if stage is None or masses is None:
            return None
        (heat, slope), pools = self.cells.stored(T), self.pools
        mass = masses.pools
        amounts = {"heat": heat, "pools": mass, "solutes": masses.solutes}
        liquid, terms, latent, covered = mass.copy(), [], 0.0, None
        if self.balance is not None:
            amounts["stock"] = masses.stock
            terms.append(RowTerm("carried", pools.rows, self.carried(masses, T)))
        if self.freezing is not None and front is not None and liquidus is not None:
            frozen = self.freezing.frozen(front, T)
            heat[self.freezing.rows] = frozen.heat
            slope[self.freezing.rows] = frozen.capacity
            liquid[pools.bath] -= total(frozen.mass)
            freezes = stage.rate * (frozen.mass - stage.known["frozen"])
            exchanged = self.freezing.exchanged(freezes, liquidus, heat.size)
            terms.append(RowTerm("freezing", self._rows, exchanged))
            amounts["frozen"] = frozen.mass
            covered = self.freezing.covered(stage.known["frozen"])
            latent = stage.rate * self.freezing.bath.density * self.freezing.bath.melting(liquidus)
        if shells is not None and self.bath is not None and liquidus is not None:
            amounts["shells"] = self.bath.density * shells.volume
            on_faces = total(amounts["shells"])
            liquid[pools.bath] -= on_faces
            heat[pools.rows[pools.bath]] += on_faces * float(self.bath.solid(np.array([liquidus]))[0][0])
            terms.append(RowTerm("shells", self._rows, self._of_shells(stage, amounts["shells"], liquidus)))
        if self.slush and liquidus is not None:
            crystals, more = self._crystals(masses.solutes, float(liquid[pools.bath]), liquidus)
            amounts["slush"] = np.array([crystals])
            at, row = np.array([liquidus]), pools.rows[pools.bath]
            heat[row] += crystals * float(self.bath.solid(at)[0][0]) if self.bath is not None else 0.0
            liquid[pools.bath] -= crystals
            slope[row] += more
        h, c = pools.enthalpies.at(np.arange(pools.rows.size), T[pools.rows])
        heat[pools.rows] += liquid * h
        slope[pools.rows] += liquid * c
        terms.insert(0, RowTerm("storage", self._rows, stage.rate * (stage.known["heat"] - heat)))
        there = front if latent else None
        return Stored(amounts, tuple(terms), stage.rate * slope, there, latent, liquidus or 0.0, covered)

    def _crystals(self, solutes: Floats, bath: float, T: float) -> tuple[float, float]:
        """Crystals [kg] in a bath [kg] at a temperature [K], 0 above its liquidus, and the heat of melting that they
        take up by the temperature [J/K].

        Notes
        -----
        What is liquid has its liquidus at the temperature of the bath: T = T_liq(solutes, bath − crystals). The less is
        liquid the lower that is, so there is one solution.
        """
        from scipy.optimize import brentq  # see `liquidus`

        of, of_bath = self.liquidus_of, self.bath
        assert of is not None and of_bath is not None
        if bath <= 0.0 or of(solutes, bath) <= T:
            return 0.0, 0.0

        def excess(liquid: float) -> float:
            return of(solutes, liquid) - T

        least = LEAST * bath
        liquid = float(brentq(excess, least, bath, xtol=1e-12 * bath, rtol=1e-14)) if excess(least) < 0.0 else least
        apart = 1e-6 * liquid
        slope = (of(solutes, liquid + apart) - of(solutes, liquid - apart)) / (2.0 * apart)
        return bath - liquid, of_bath.melting(T) / max(slope, 1e-12)

    def melting(self, stage: Stage | None, front: Front | None, liquidus: float | None) -> Floats | None:
        """Heat [W] that what melts takes at the front of each column (n,), 0 where bath freezes; None in a steady
        state."""
        if stage is None or self.freezing is None or front is None or liquidus is None:
            return None
        return stage.rate * self.freezing.melted(stage.known["frozen"], front) * self.freezing.bath.melting(liquidus)

    def shells_before(self, stage: Stage | None, liquidus: float | None) -> tuple[float, Floats] | None:
        """Heat of melting by volume times the rate of a stage [W/m³] and what shells hold if none freezes or melts (k,)
        [m³]; None in a steady state."""
        if stage is None or self.bath is None or liquidus is None:
            return None
        latent = stage.rate * self.bath.density * self.bath.melting(liquidus)
        return latent or _HELD, stage.known["shells"] / self.bath.density

    def unexplained(self, error: Mapping[str, Floats], liquidus: float) -> Floats:
        """What errors of the amounts leave to the temperatures (n_rows,) [J], at a liquidus [K]: heat less what frozen
        masses bring and take. Thicknesses of shells follow temperatures within their own balance."""
        found = error["heat"].copy()
        if self.freezing is not None:
            found -= self.freezing.exchanged(error["frozen"], liquidus, found.size)
        if "shells" in error and self.bath is not None:
            found[self.pools.rows[self.pools.bath]] += self.bath.melting(liquidus) * total(error["shells"])
        return found

    def _of_shells(self, stage: Stage, mass: Floats, liquidus: float) -> Floats:
        """Heat of melting (n_rows,) [W] that pools get as shells of these masses (k,) [kg] freeze on faces in them, and
        that the bath gives."""
        assert self.bath is not None
        freed = stage.rate * self.bath.melting(liquidus) * (mass - stage.known["shells"])
        found = totals(self.thermal.shells.row, freed, self.thermal.n_rows)
        found[self.pools.rows[self.pools.bath]] -= total(freed)
        return found

    @cached_property
    def _rows(self) -> Ints:
        return np.arange(self.thermal.n_rows)

    def liquidus(
        self, stage: Stage | None, T: Floats, tau: Floats, rise: Floats | None, nearby: float | None = None
    ) -> float | None:
        """Liquidus [K] of what is left of the bath when all below it is frozen; None where it does not change.

        Notes
        -----
        Bath freezes as pure cryolite, so what stays is richer in everything else and freezes at a lower temperature:
        T = T_liq(composition(frozen mass(T))), by the secant method, else between bounds. It falls as more freezes, so
        there is one solution. Iterates far from one may have none: NotConverged.
        """
        of = self.liquidus_of
        if stage is None or of is None or self.bath is None:
            return None

        def excess(at: float) -> float:
            frozen = self._frozen(stage, T, tau, rise, at)
            masses = self._masses(stage, T, frozen)
            return of(masses.solutes, liquid_bath(float(masses.pools[self.pools.bath]), frozen)) - at

        one = float(self.thermal.liquidus) if nearby is None else nearby
        found = excess(one)
        other = one + found
        for _ in range(_STEPS):
            if abs(other - one) <= _CLOSE:
                return self._with_slush(other, T)
            now = excess(other)
            slope = (now - found) / (other - one)
            one, found, other = other, now, other - now / min(slope, -1.0)
        # Where what is frozen jumps with the liquidus, as in iterates far from a solution.
        from scipy.optimize import brentq  # 25 MB and an eighth of a second, which few runs need

        low, high = min(one, other) - _APART, max(one, other) + _APART
        if not excess(low) * excess(high) <= 0.0:
            raise NotConverged("temperatures diverge: so much of the bath freezes or melts that it has no liquidus")
        return self._with_slush(float(brentq(excess, low, high, xtol=_CLOSE)), T)

    def _with_slush(self, liquidus: float, T: Floats) -> float:
        """Liquidus [K] of a bath in which there may be crystals: its own temperature, T (n_rows,) [K], where that is
        lower."""
        return min(liquidus, float(T[self.pools.rows[self.pools.bath]])) if self.slush else liquidus

    def _frozen(self, stage: Stage, T: Floats, tau: Floats, rise: Floats | None, liquidus: float) -> float:
        """Mass of all bath that is frozen [kg] with fronts at a liquidus [K]; the rest: see `liquidus`."""
        found, front = 0.0, None
        if self.freezing is not None:
            front = located_front(self.thermal, T, tau, rise, liquidus)
            found += self.freezing.mass(front.solid)
        if self.thermal.shells is not None and self.bath is not None:
            before = self.shells_before(stage, liquidus)
            assert before is not None
            shells = self.thermal.shells.shelled(self.thermal, T, rise, front, liquidus, *before)
            found += self.bath.density * total(shells.volume)
        return found
