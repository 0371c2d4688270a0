"""Masses of pools that change: alumina that is fed, dissolves and is used, metal that is made and tapped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Floats
from oxycell.physics.stage import Stage

LEAST = 0.1
"""Share of all bath that counts as liquid at least, in iterates that freeze more."""

_CLOSE = 1e-14  # of the undersaturation


class Supply(NamedTuple):
    """What is fed and tapped at an instant, of the whole cell.

    Attributes
    ----------
    fed : [kg/s], alumina; relative : alumina over what is used, in addition; tapped : [kg/s], metal
    """

    fed: float = 0.0
    relative: float = 0.0
    tapped: float = 0.0


class Masses(NamedTuple):
    """Masses at a stage and what changes them, of the model.

    Attributes
    ----------
    pools : (p,) [kg], of the bath with all that is frozen of it; solutes : (k,) [kg], in the bath
    stock : (2,) [kg], alumina that is not dissolved yet, fast and slow
    saturation : [wt %], alumina that the bath can dissolve
    fed, dissolved, used, made, tapped : [kg/s], alumina to the stock, from it to the bath, out of the bath; metal
    counted : bool, whether there is a MassBalance; without it nothing changes and these are 0
    """

    pools: Floats
    solutes: Floats
    stock: Floats
    saturation: float = np.nan
    fed: float = 0.0
    dissolved: float = 0.0
    used: float = 0.0
    made: float = 0.0
    tapped: float = 0.0
    counted: bool = False


@dataclass(frozen=True)
class MassBalance:
    """Balance of the alumina in the bath and of the metal, each well mixed.

    Attributes
    ----------
    bath, metal : int, positions among the pools; metal −1: what is made leaves at once
    alumina : int, position among the solutes
    copies : int, of the model in the whole cell
    turnover : T [K] of the bath → alumina used, metal made [kg/s], of the model
    saturation : solutes (k,) [kg], liquid bath [kg], T [K] → alumina it can dissolve [wt %]
    fast_share : share of the feed that dissolves fast; fast_time : [s], 0: at once; slow_rate : [1/s]

    Notes
    -----
    Fast stock F and slow stock U, w of w_sat the alumina in the bath:

        dF/dt = f·fed − F/τ,   dU/dt = (1 − f) fed − k U max(1 − w/w_sat, 0),
        d(m w)/dt = dm/dt = dissolved − used,   dM/dt = made − tapped.

    Nothing precipitates. At a stage, where every amount is known + (its rate of change)/rate, these are equations of
    one unknown, the undersaturation, whose right side falls as it rises: there is one solution.
    """

    bath: int
    metal: int
    alumina: int
    copies: int
    turnover: Callable[[float], tuple[float, float]]
    saturation: Callable[[Floats, float, float], float]
    fast_share: float
    fast_time: float
    slow_rate: float

    def at(self, stage: Stage, T: float, frozen: float) -> Masses:
        """Masses at a stage, with a bath at T [K] of which a mass [kg] is frozen."""
        supply, rate, known = stage.supply or Supply(), stage.rate, stage.known
        used, made = self.turnover(T)
        fed, tapped = supply.fed / self.copies + supply.relative * used, supply.tapped / self.copies
        fast, slow = self.fast_share * fed, (1.0 - self.fast_share) * fed
        if self.fast_time > 0.0:
            fast_stock = _held(known["stock"][0], fast, 1.0 / self.fast_time, rate)
            fast = fast_stock / self.fast_time
        else:
            fast_stock = 0.0

        def found(lacking: float) -> Masses:
            """Masses at an undersaturation 1 − w/w_sat."""
            decay = self.slow_rate * lacking
            slow_stock = _held(known["stock"][1], slow, decay, rate)
            dissolved = fast + decay * slow_stock
            pools, solutes = known["pools"].copy(), known["solutes"].copy()
            if rate > 0.0:
                pools[self.bath] += (dissolved - used) / rate
                solutes[self.alumina] += (dissolved - used) / rate
                if self.metal >= 0:
                    pools[self.metal] += (made - tapped) / rate
            saturation = self.saturation(solutes, liquid_bath(pools[self.bath], frozen), T)
            stock = np.array([fast_stock, slow_stock])
            leaves = tapped if self.metal >= 0 else made
            return Masses(pools, solutes, stock, saturation, fed, dissolved, used, made, leaves, True)

        def lacking(masses: Masses) -> float:
            share = 100.0 * masses.solutes[self.alumina] / liquid_bath(masses.pools[self.bath], frozen)
            return max(1.0 - float(share / masses.saturation), 0.0)

        most = lacking(found(0.0))
        if most == 0.0 or (slow == 0.0 and known["stock"][1] == 0.0):
            return found(0.0)
        if rate == 0.0:
            return found(most)
        from scipy.optimize import brentq  # 25 MB and an eighth of a second, which few runs need

        # Beyond `most`: what is known of a stock that has dissolved may be below 0 by the error of a step.
        return found(float(brentq(lambda one: lacking(found(one)) - one, 0.0, 1.0 + 2.0 * most, xtol=_CLOSE)))

    def stock(self, fed: float, T: float, pools: Floats, solutes: Floats, frozen: float, slow: float | None) -> Floats:
        """Fast and slow stock (2,) [kg] from which as much dissolves as is fed [kg/s].

        Parameters
        ----------
        fed : [kg/s], of the model; T : [K]; pools, solutes, frozen : [kg], of it
        slow : [kg], the slow one where it is stated, or None
        """
        if slow is None:
            mass = liquid_bath(pools[self.bath], frozen)
            lacking = 1.0 - 100.0 * float(solutes[self.alumina]) / mass / self.saturation(solutes, mass, T)
            into = (1.0 - self.fast_share) * fed
            slow = into / (self.slow_rate * lacking) if lacking > 0.0 else np.inf if into else 0.0
        return np.array([self.fast_share * fed * self.fast_time, slow])


def liquid_bath(bath: float, frozen: float) -> float:
    """Liquid bath [kg] of all of it [kg] with a mass [kg] that is frozen."""
    return max(bath - frozen, LEAST * bath)


def _held(known: float, inflow: float, decay: float, rate: float) -> float:
    """Amount with an inflow that decays, at a stage."""
    return float(known if rate == 0.0 else (known + inflow / rate) / (1.0 + decay / rate))
