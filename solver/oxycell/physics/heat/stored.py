"""Coupling: heat that cells, pools and frozen bath store, masses, and the liquidus that follows what freezes."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.numerics.reductions import total
from oxycell.physics.balance import Quantity, RowTerm
from oxycell.physics.heat.storage import Enthalpies, HeatStorage
from oxycell.physics.heat.through import frozen_shares
from oxycell.physics.ledge.freezing import Freezing
from oxycell.physics.ledge.ledge import Front
from oxycell.physics.stage import Stage, Stored

_CLOSE = 1e-10  # [K] change of the liquidus at which it is found
_STEPS = 12  # of the secant method, at most
_APART = 500.0  # [K] from its last steps within which the liquidus lies
_LEAST = 0.1  # share of the bath that counts as liquid at least, in iterates that freeze more


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


class HeatStored:
    """Gives what the heat balance stores.

    Parameters
    ----------
    thermal : Thermal
    cells : HeatStorage, of all that is not in pools
    pools : Pools; freezing : Freezing or None
    liquidus_of : function of masses of solutes (k,) [kg] and of the liquid bath [kg] → liquidus [K]; None: it does not
        change

    Notes
    -----
    Amounts: "heat" (n_rows,) [J], enthalpy of each row, 0 at `storage.REFERENCE`; "frozen" (m,) [kg], in each of the
    ledge columns' cells; "pools" (p,) [kg], mass of each pool, of the bath with all that is frozen of it; "solutes"
    (k,) [kg], in the bath, of which nothing freezes.
    """

    row_sources: dict[str, str] = {}
    face_sources: dict[str, str] = {}

    def __init__(
        self,
        thermal: Any,
        cells: HeatStorage,
        pools: Pools,
        freezing: Freezing | None,
        liquidus_of: Callable[[Floats, float], float] | None,
    ) -> None:
        self.thermal, self.cells, self.pools, self.freezing, self.liquidus_of = (
            thermal,
            cells,
            pools,
            freezing,
            liquidus_of,
        )

    def quantities(self) -> dict[str, Quantity]:
        """`heat_storage`, a Stored; `bath_liquidus` [K]; both None where nothing is stored, in a steady state."""
        state = ("temperature", "transformed_temperature", "temperature_correction")
        return {
            "bath_liquidus": Quantity(("stage", *state), self.liquidus, lambda found: found),
            "heat_storage": Quantity(("stage", "temperature", "own_front?", "liquidus?"), self.stored),
            "ledge_melting": Quantity(("stage", "own_front?", "liquidus?"), self.melting),
        }

    def stored(self, stage: Stage | None, T: Floats, front: Front | None, liquidus: float | None) -> Stored | None:
        """What is stored at a stage.

        Parameters
        ----------
        stage : Stage or None; T : (n_rows,) [K]; front : Front or None, at these temperatures; liquidus : [K] or None
        """
        if stage is None:
            return None
        (heat, slope), pools = self.cells.stored(T), self.pools
        mass = stage.known["pools"].copy()
        amounts = {"heat": heat, "pools": mass, "solutes": stage.known["solutes"]}
        liquid, terms, latent, covered = mass.copy(), [], 0.0, None
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
        h, c = pools.enthalpies.at(np.arange(pools.rows.size), T[pools.rows])
        heat[pools.rows] += liquid * h
        slope[pools.rows] += liquid * c
        terms.insert(0, RowTerm("storage", self._rows, stage.rate * (stage.known["heat"] - heat)))
        there = front if latent else None
        return Stored(amounts, tuple(terms), stage.rate * slope, there, latent, liquidus or 0.0, covered)

    def melting(self, stage: Stage | None, front: Front | None, liquidus: float | None) -> Floats | None:
        """Heat [W] that what melts takes at the front of each column (n,), 0 where bath freezes; None in a steady
        state."""
        if stage is None or self.freezing is None or front is None or liquidus is None:
            return None
        return stage.rate * self.freezing.melted(stage.known["frozen"], front) * self.freezing.bath.melting(liquidus)

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
        there is one solution.
        """
        freezing, of = self.freezing, self.liquidus_of
        if stage is None or of is None or freezing is None:
            return None
        total, solutes = float(stage.known["pools"][self.pools.bath]), stage.known["solutes"]

        def excess(at: float) -> float:
            frozen = freezing.mass(frozen_shares(self.thermal, T, tau, rise, at))
            return of(solutes, max(total - frozen, _LEAST * total)) - at

        one = float(self.thermal.ledge.liquidus) if nearby is None else nearby
        found = excess(one)
        other = one + found
        for _ in range(_STEPS):
            if abs(other - one) <= _CLOSE:
                return other
            now = excess(other)
            slope = (now - found) / (other - one)
            one, found, other = other, now, other - now / min(slope, -1.0)
        # Where what is frozen jumps with the liquidus, as in iterates far from a solution.
        from scipy.optimize import brentq  # 25 MB and an eighth of a second, which few runs need

        low, high = min(one, other) - _APART, max(one, other) + _APART
        return float(brentq(excess, low, high, xtol=_CLOSE))
