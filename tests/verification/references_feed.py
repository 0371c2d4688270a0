"""Alumina in a well-mixed bath over time, each problem solved in two ways; as `references_time`."""

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.optimize import brentq, minimize_scalar
from tests.verification.references_time import integrated

from oxycell.constants import FARADAY, GAS_CONSTANT, MOLAR_MASS

USE, BATH, SATURATION = 0.0218712885774, 9750.0, 5.88
DOSE, FAST, SLOW, AT_ONCE = 2.0, 1.0 / 20.0, 0.003, 0.6


# 1 Doses


def feed_cycle():
    """Doses of 2 kg as often as they are used up, 60 % dissolving at 1/20 per second, 40 % at 0.003: geometric series
    of what is left of all doses before."""
    period = DOSE / USE
    stock = np.array([AT_ONCE * DOSE / -np.expm1(-FAST * period), (1.0 - AT_ONCE) * DOSE / -np.expm1(-SLOW * period)])
    rates = np.array([FAST, SLOW])

    def gained(t):
        return float((stock * -np.expm1(-rates * t)).sum() - USE * t)

    top = brentq(lambda t: (stock * rates * np.exp(-rates * t)).sum() - USE, 1.0, period - 1.0, xtol=1e-13)
    mean = float((stock * (1.0 + np.expm1(-rates * period) / (rates * period))).sum() - 0.5 * DOSE)
    return {
        "undissolved": float(stock.sum()),
        "slow": float(stock[1]),
        "t highest": top,
        "highest": gained(top),
        "mean": mean,
    }


def feed_cycle_second():
    """Integrated dose by dose until nothing changes, then once more with the mean."""
    period, A = DOSE / USE, np.zeros((4, 4))
    A[0, 0], A[1, 1], A[2, :2] = -FAST, -SLOW, (FAST, SLOW)  # fast, slow, dissolved; its integral
    A[3, 2] = 1.0

    def after(t, stock):
        """Fast and slow stock, dissolved and its integral a time after a dose."""
        found = expm(A * t) @ np.r_[stock, 0.0, 0.0]
        return found - np.array([0.0, 0.0, USE * t, 0.5 * USE * t**2])

    stock = np.zeros(2)
    for _ in range(400):
        stock = stock + np.array([AT_ONCE, 1.0 - AT_ONCE]) * DOSE
        full, stock = stock, after(period, stock)[:2]
    best = minimize_scalar(lambda t: -after(t, full)[2], bounds=(1.0, period), options={"xatol": 1e-9})
    return {
        "undissolved": full.sum(),
        "slow": full[1],
        "t highest": best.x,
        "highest": after(best.x, full)[2],
        "mean": after(period, full)[3] / period,
    }


# 2 No feed


def no_feed():
    """4 → 2 wt % with the alumina that is used leaving the mass of the bath."""
    return {"t": (0.04 - 0.02) * BATH / (1.0 - 0.02) / USE}


def no_feed_second():
    def left(t):
        return integrated(lambda s, w: -USE * (1.0 - w) / (BATH - USE * s), 0.04, [t])[0, 0]

    return {"t": brentq(lambda t: left(t) - 0.02, 8e3, 1e4)}


# 3 Overfeed


def overfeed(method="LSODA"):
    """1.4 times what is used for 2 h from 390 kg dissolved; 60 % dissolves at once, the rest at 0.003 (1 − w/5.88)."""

    def rate(t, y):
        dissolved, stock = y
        slow = SLOW * stock * (1.0 - 100.0 * dissolved / BATH / SATURATION)
        return [AT_ONCE * 1.4 * USE + slow - USE, (1.0 - AT_ONCE) * 1.4 * USE - slow]

    y = solve_ivp(rate, (0.0, 7200.0), [390.0, 0.0], method, rtol=1e-13, atol=1e-12).y[:, -1]
    return {"dissolved": float(y[0]), "stock": float(y[1])}


def overfeed_second():
    return overfeed("DOP853")


# 4 Two zones


def two_zones():
    """3250 and 6500 kg that exchange 15 kg/s; all the feed in the first, used by mass."""
    first, second, exchange = 3250.0, 6500.0, 15.0
    lag = 1.0 / (exchange * (1.0 / first + 1.0 / second))
    steady = USE * second / (first + second) / exchange * 100.0
    return {"Δw": steady, "τ": lag, "Δw 300": -steady * np.expm1(-300.0 / lag)}


def two_zones_second():
    def rate(t, w):
        flow = 15.0 * (w[0] - w[1])
        return [(USE * 2.0 / 3.0 - flow) / 3250.0, (flow - USE * 2.0 / 3.0) / 6500.0]

    w = integrated(rate, [0.0, 0.0], [300.0, 500.0, 1e5])
    apart = w[0] - w[1]
    lag = -200.0 / np.log((apart[2] - apart[1]) / (apart[2] - apart[0]))
    return {"Δw": 100.0 * apart[2], "τ": lag, "Δw 300": 100.0 * apart[0]}


# 8 Film, and 10 reversible potential: laws of one state


def film():
    """Limiting current density [A/m²] of 4 wt % through 6e-5 m/s; alumina at the anode [wt %] at two current
    densities."""
    limit = 6.0 * FARADAY * 6e-5 * 2085.0 * 0.04 / (MOLAR_MASS["Al2O3"])
    return {"limit": limit, "6010": 4.0 * (1.0 - 6010.0 / limit), "20000": 4.0 * (1.0 - 20000.0 / limit)}


def reversible_shift():
    """RT/6F ln a against 4 wt % [mV], Haupin's activity (Light Metals 1998, eq. 10), saturation 5.88, 1178.15 K."""

    def activity(w):
        r = w / SATURATION
        return -0.03791 * r + 2.364 * r**2 - 2.194 * r**3 + 0.8686 * r**4

    scale = -1e3 * GAS_CONSTANT * 1178.15 / (6.0 * FARADAY)
    return {f"{w}": scale * np.log(activity(w) / activity(4)) for w in (5, 3, 2, 1)}
