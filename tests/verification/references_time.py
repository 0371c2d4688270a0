"""Problems that depend on time, each solved in two ways that share nothing with each other or with the solver: closed
forms and series first, numerical inversion of Laplace transforms or high-order integration in time second.

A function returns {name: number}; temperatures as the problem has them (°C or K), lengths [m], times [s], heats [J or
J/m²]; `test_references.py` holds them against what is stated.
"""

import numpy as np
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm, solve
from scipy.optimize import brentq
from scipy.special import erf, erfc, erfcx

GAMMA = 2.0 - np.sqrt(2.0)
SIGMA = 5.670374419e-8
LIQUIDUS, LATENT, FROZEN_K, FROZEN_DENSITY, FROZEN_C = 892.2, 5.2e5, 1.5, 2700.0, 1400.0
BRICK = (1.3, 2150.0, 1050.0)  # k, ρ, c
ALLOY = (28.0, 7900.0, 650.0)
CERMET = (6.0, 6050.0, 800.0)
DAY = 86400.0


def inverted(transform, time, n=28):
    """f(t) from its Laplace transform by the trapezium rule on Weideman and Trefethen's parabola, `transform` real on
    the real axis (SIAM J. Numer. Anal. 44 (2007) 2342, μ and h for a fixed t)."""
    h, mu = 3.0 / n, np.pi * n / (12.0 * time)
    u = (np.arange(n) + 0.5) * h
    s = mu * (1j * u + 1.0) ** 2
    weights = np.exp(s * time) * 2.0 * mu * 1j * (1j * u + 1.0)
    values = np.array([transform(z) for z in s])
    return float(h / np.pi * (weights * values).imag.sum())


def integrated(rate, start, times, **more):
    """States at increasing times (n,), of an ordinary differential equation, by an implicit Runge–Kutta method of order
    5 with tight tolerances."""
    found = solve_ivp(
        rate, (0.0, times[-1]), np.atleast_1d(np.asarray(start, float)), "Radau", t_eval=times, rtol=1e-12, atol=1e-12,
        **more,
    )  # fmt: skip
    assert found.success
    return found.y


def chebyshev(n):
    """Points on [−1, 1], decreasing (n + 1,), and the matrix of the derivative there (Trefethen, Spectral Methods in
    MATLAB, ch. 6)."""
    x = np.cos(np.pi * np.arange(n + 1) / n)
    c = np.r_[2.0, np.ones(n - 1), 2.0] * (-1.0) ** np.arange(n + 1)
    apart = x[:, None] - x[None, :]
    D = np.outer(c, 1.0 / c) / (apart + np.eye(n + 1))
    return x, D - np.diag(D.sum(axis=1))


# 1 A lump behind a film


def lump():
    """C 2e7 J/K, G 500 W/K, 1200 → 300 K."""
    rate = 500.0 / 2e7
    return {f"T {t}": 300.0 + 900.0 * np.exp(-rate * t) for t in (3600, 86400)} | lump_in_steps()


def lump_in_steps():
    """Ten steps of an hour, by the stability functions of the methods."""
    z = -500.0 / 2e7 * 3600.0
    d = 1.0 - np.sqrt(0.5)
    second = (1.0 + (1.0 - 2.0 * d) * z) / (1.0 - d * z) ** 2
    trapezium = (1.0 + 0.5 * GAMMA * z) / (1.0 - 0.5 * GAMMA * z)
    with_bdf2 = (trapezium - (1.0 - GAMMA) ** 2) / (GAMMA * (2.0 - GAMMA)) / (1.0 - (1.0 - GAMMA) / (2.0 - GAMMA) * z)
    return {
        "SDIRK2": 300.0 + 900.0 * second**10,
        "TR-BDF2": 300.0 + 900.0 * with_bdf2**10,
        "BE": 300.0 + 900.0 / (1.0 - z) ** 10,
    }


def lump_second():
    T = integrated(lambda t, T: -500.0 / 2e7 * (T - 300.0), 1200.0, [3600.0, 86400.0])[0]
    return {"T 3600": T[0], "T 86400": T[1]}


# 2 Two pools that exchange heat

POOLS = np.array([[-(3.8e4 + 8e3) / 1.76e7, 3.8e4 / 1.76e7], [3.8e4 / 1.89e7, -(3.8e4 + 5e3) / 1.89e7]])
POOLS_GIVEN = np.array([(2e5 + 8e3 * 1150.0) / 1.76e7, 5e3 * 1150.0 / 1.89e7])


def pools():
    """C 1.76e7 and 1.89e7 J/K, 3.8e4 W/K between, 8e3 and 5e3 W/K to 1150, 2e5 W in the first; from 1178 and 1175."""
    steady = -np.linalg.solve(POOLS, POOLS_GIVEN)
    found = {}
    for t in (300, 3600):
        T = steady + expm(POOLS * t) @ (np.array([1178.0, 1175.0]) - steady)
        found |= {f"T1 {t}": T[0], f"T2 {t}": T[1]}
    return found | {"T1 ∞": steady[0], "T2 ∞": steady[1]}


def pools_second():
    T = integrated(lambda t, T: POOLS @ T + POOLS_GIVEN, [1178.0, 1175.0], [300.0, 3600.0, 1e6])
    return {f"T{i + 1} {t}": T[i, j] for i in (0, 1) for j, t in enumerate((300, 3600, "∞"))}


# 3 Half space


def half_space():
    """Brick from 20 to 900 °C at its surface, at once or through a film; x 0.02 m after an hour."""
    k, rho, c = BRICK
    a, t, x = k / (rho * c), 3600.0, 0.02
    y = x / (2.0 * np.sqrt(a * t))
    found = {"step": 20.0 + 880.0 * erfc(y), "heat": 2.0 * k * 880.0 * np.sqrt(t / (np.pi * a))}
    for h in (1000, 10):
        z = h * np.sqrt(a * t) / k
        # exp(hx/k + z²) erfc(y + z), the exponent less y² + 2yz + z² in erfcx
        behind = erfcx(y + z) * np.exp(-(y**2))
        found[f"film {h}"] = 20.0 + 880.0 * (erfc(y) - behind)
    return found


def half_space_second():
    k, rho, c = BRICK
    a, t, x = k / (rho * c), 3600.0, 0.02
    found = {
        "step": 20.0 + 880.0 * inverted(lambda s: np.exp(-x * np.sqrt(s / a)) / s, t),
        "heat": 880.0 * inverted(lambda s: k * np.sqrt(s / a) / s**2, t),
    }
    for h in (1000, 10):
        found[f"film {h}"] = 20.0 + 880.0 * inverted(
            lambda s, h=h: np.exp(-x * np.sqrt(s / a)) / (s * (1.0 + k * np.sqrt(s / a) / h)), t
        )
    return found


# 4 Plate cooled or heated on both sides


def plate():
    """Alloy ± 0.05 m, h 1100 W/m²/K, from 20 to 905 °C."""
    k, rho, c = ALLOY
    a, half, h = k / (rho * c), 0.05, 1100.0
    biot = h * half / k
    roots = np.array(
        [
            brentq(lambda z: z * np.sin(z) - biot * np.cos(z), n * np.pi + 1e-9, (n + 0.5) * np.pi, xtol=1e-15)
            for n in range(60)
        ]
    )
    weight = 4.0 * np.sin(roots) / (2.0 * roots + np.sin(2.0 * roots))
    found = {}
    for t in (60, 600):
        fall = weight * np.exp(-(roots**2) * a * t / half**2)
        found |= {f"centre {t}": 905.0 - 885.0 * fall.sum()}
        found |= {f"skin {t}": 905.0 - 885.0 * (fall * np.cos(roots)).sum()}
    return found | {"heat 600": 2.0 * half * rho * c * 885.0 * (1.0 - (fall * np.sin(roots) / roots).sum())}


def plate_second():
    k, rho, c = ALLOY
    a, half, h = k / (rho * c), 0.05, 1100.0

    def inside(s, x):
        q = np.sqrt(s / a)
        return np.cosh(q * x) / (np.cosh(q * half) + k * q / h * np.sinh(q * half)) / s

    found = {}
    for t in (60, 600):
        for name, x in (("centre", 0.0), ("skin", half)):
            found[f"{name} {t}"] = 20.0 + 885.0 * inverted(lambda s, x=x: inside(s, x), float(t))
    heat = 885.0 * inverted(lambda s: 2.0 * h * (1.0 / s - inside(s, half)) / s, 600.0)
    return found | {"heat 600": heat}


# 5 NAFEMS T3


def nafems_t3():
    """Bar 0.1 m, 0 °C at one end, 100 sin(πt/40) at the other, from 0; x 0.08 m at 32 and 72 s."""
    length, a, omega, x = 0.1, 35.0 / (7200.0 * 440.5), np.pi / 40.0, 0.08
    n = np.arange(1, 16001)
    rate = a * (n * np.pi / length) ** 2
    # T = 100 sin(ωt) x/L + Σ b sin(nπx/L), b' = −rate b − f ω cos ωt, f of 100 x/L
    f = -200.0 * (-1.0) ** n / (n * np.pi)
    found = {}
    for t in (32, 72):
        driven = (rate * np.cos(omega * t) + omega * np.sin(omega * t) - rate * np.exp(-rate * t)) / (
            rate**2 + omega**2
        )
        b = -f * omega * driven
        found[f"T {t}"] = 100.0 * np.sin(omega * t) * x / length + (b * np.sin(n * np.pi * x / length)).sum()
    return found


def nafems_t3_second():
    """By a Laplace transform; the poles of the steady oscillation, which stand beside the contour, are taken out."""
    length, a, omega, x = 0.1, 35.0 / (7200.0 * 440.5), np.pi / 40.0, 0.08

    def inside(s):
        q = np.sqrt(s / a)
        return np.exp(-q * (length - x)) * (1.0 - np.exp(-2.0 * q * x)) / (1.0 - np.exp(-2.0 * q * length))

    steady = inside(1j * omega)

    def passing(s):
        return (inside(s) * omega - steady.real * omega - steady.imag * s) / (s**2 + omega**2)

    return {f"T {t}": 100.0 * ((steady * np.exp(1j * omega * t)).imag + inverted(passing, float(t))) for t in (32, 72)}


# 6 Daily wave


def daily_wave():
    """Brick 0.13 m, insulated behind; ratio of amplitudes and lag [°] at 0.065 and 0.13 m."""
    k, rho, c = BRICK
    q = np.sqrt(2j * np.pi / DAY * rho * c / k)
    found = {}
    for x in (0.065, 0.13):
        response = np.cosh(q * (0.13 - x)) / np.cosh(q * 0.13)
        found |= {f"ratio {x}": abs(response), f"lag {x}": -np.degrees(np.angle(response))}
    return found


def daily_wave_second():
    """By collocation at Chebyshev points."""
    k, rho, c = BRICK
    y, D = chebyshev(24)  # y = 1: x = 0.13
    D = D * 2.0 / 0.13
    A = (D @ D - 2j * np.pi / DAY * rho * c / k * np.eye(25)).astype(complex)
    A[0], A[-1] = D[0], np.eye(25)[-1]
    found = solve(A, np.r_[np.zeros(24), 1.0])
    return {
        name: value
        for x, at in ((0.065, 12), (0.13, 0))
        for name, value in ((f"ratio {x}", abs(found[at])), (f"lag {x}", -np.degrees(np.angle(found[at]))))
    }


# 7 Stefan and Neumann


def stefan_neumann():
    """Melt at its liquidus 892.2 °C on a wall at 600 °C."""
    k, rho, c, drop, t = FROZEN_K, FROZEN_DENSITY, FROZEN_C, LIQUIDUS - 600.0, 3600.0
    a, stefan = k / (rho * c), c * drop / LATENT
    root = brentq(lambda z: np.sqrt(np.pi) * z * np.exp(z * z) * erf(z) - stefan, 0.1, 2.0, xtol=1e-15)
    S = 2.0 * root * np.sqrt(a * t)
    heat = 2.0 * k * drop * np.sqrt(t / (np.pi * a)) / erf(root)
    return {"λ": root, "S 3600": S, "heat": heat, "latent": rho * LATENT * S, "sensible": heat - rho * LATENT * S}


def stefan_neumann_second():
    """By the profile in the similarity variable, integrated: θ'' + 2ηθ' = 0 from the wall to the front."""
    k, rho, c, drop, t = FROZEN_K, FROZEN_DENSITY, FROZEN_C, LIQUIDUS - 600.0, 3600.0
    a = k / (rho * c)

    def open_heat(z):  # what the front lacks: k θ'(z) − 2 z ρ L a / drop
        slope = 1.0 / quad(lambda e: np.exp(-e * e), 0.0, z, epsabs=1e-14, epsrel=1e-12)[0]
        return k * drop * slope * np.exp(-z * z) - 2.0 * z * rho * LATENT * a

    root = brentq(open_heat, 0.1, 2.0, xtol=1e-15)
    S = 2.0 * root * np.sqrt(a * t)
    area = quad(lambda e: np.exp(-e * e), 0.0, root, epsabs=1e-14, epsrel=1e-12)[0]
    cold = (
        drop
        * 2.0
        * np.sqrt(a * t)
        * quad(lambda e: 1.0 - quad(lambda f: np.exp(-f * f), 0.0, e, epsrel=1e-14)[0] / area, 0.0, root, epsrel=1e-13)[
            0
        ]
    )
    return {
        "λ": root,
        "S 3600": S,
        "heat": rho * LATENT * S + rho * c * cold,
        "latent": rho * LATENT * S,
        "sensible": rho * c * cold,
    }


# 8 A ledge with latent heat only

RESISTANCE, AROUND = 0.05, 60.0


def _out(S):
    return (LIQUIDUS - AROUND) / (RESISTANCE + S / FROZEN_K)


def latent_ledge():
    """ρL dS/dt = (T_liq − T_a)/(R + S/k) − q, by the integral of dS over its rate."""
    known = FROZEN_DENSITY * LATENT

    def until(S, q, begin):
        return quad(lambda s: known / (_out(s) - q), begin, S, epsabs=1e-9, epsrel=1e-13)[0]

    def thickness(t, q, begin, low, high):
        return brentq(lambda S: until(S, q, begin) - t, low, high, xtol=1e-15, rtol=1e-14)

    def growing(t):  # without a film's heat: a quadratic
        drop = LIQUIDUS - AROUND
        return FROZEN_K * (np.sqrt(RESISTANCE**2 + 2.0 * drop * t / known / FROZEN_K) - RESISTANCE)

    return {
        "7680 3600": thickness(3600.0, 7680.0, 0.0, 0.0, 0.08),
        "7680 21600": thickness(21600.0, 7680.0, 0.0, 0.0, 0.0875),
        "0 3600": growing(3600.0),
        "20000 3600": thickness(3600.0, 20000.0, 0.10, 0.0, 0.10),
        "gone": until(0.0, 20000.0, 0.10),
    }


def latent_ledge_second():
    known = FROZEN_DENSITY * LATENT

    def run(q, begin, times, **more):
        return integrated(lambda t, S: (_out(S) - q) / known, begin, times, **more)[0]

    from_bare, bare = run(7680.0, 0.0, [3600.0, 21600.0]), run(0.0, 0.0, [3600.0])
    # time as a function of thickness: the front passes the wall at a finite speed
    gone = solve_ivp(lambda S, t: known / (_out(S) - 20000.0), (0.10, 0.0), [0.0], "DOP853", rtol=1e-13, atol=1e-9).y[
        0, -1
    ]
    return {
        "7680 3600": from_bare[0],
        "7680 21600": from_bare[1],
        "0 3600": bare[0],
        "20000 3600": run(20000.0, 0.10, [3600.0])[0],
        "gone": gone,
    }


# 9 and 10 A ledge with heat capacity, and before a pool

HEAVY = 3e6  # [J/m²/K]


def ledge_with_capacity(n=16, pool=None):
    """From the steady ledge at 7680 W/m² to another flux: front fixed by y = x/S, Chebyshev points in y."""
    found = {}
    for q, times in ((20000.0, [3600.0]), (3840.0, [3600.0, 21600.0, DAY])):
        S = _moving(lambda t, T, q=q: q, None, times, n)[0]
        found |= {f"{q:.0f} {t:.0f}": value for t, value in zip(times, S, strict=True)}
    return found


def ledge_before_pool(n=16):
    """The same before a pool of 3e6 J/m²/K behind h 600, given 7680, then 5000 for 6 h, then 7680 W/m²."""
    T0 = LIQUIDUS + 7680.0 / 600.0
    first = _moving(lambda t, T: 600.0 * (T - LIQUIDUS), (T0, 5000.0), [3600.0, 21600.0], n)
    second = _moving(lambda t, T: 600.0 * (T - LIQUIDUS), (None, 7680.0), [DAY - 21600.0], n, first[2])
    found = {}
    for t, S, T in (
        (3600, first[0][0], first[1][0]),
        (21600, first[0][1], first[1][1]),
        (86400, second[0][0], second[1][0]),
    ):
        found |= {f"S {t}": S, f"T {t}": T}
    return found


def _moving(flux, pool, times, n, begin=None):
    """Thickness and pool temperature at times, and the last state; unknowns: inner temperatures, thickness, pool."""
    y, D = chebyshev(n)
    y, D = 0.5 * (1.0 + y), 2.0 * D  # y = 1: the front, first point
    known, diffusivity = FROZEN_DENSITY * LATENT, FROZEN_K / (FROZEN_DENSITY * FROZEN_C)

    def profile(inner, S):
        """Temperatures with the front's and the wall's: k dT/dx = (T − T_a)/R at the wall."""
        T = np.r_[LIQUIDUS, inner, 0.0]
        rest = D[-1, :-1] @ T[:-1]
        T[-1] = (AROUND / RESISTANCE + FROZEN_K / S * rest) / (1.0 / RESISTANCE - FROZEN_K / S * D[-1, -1])
        return T

    def rate(t, state):
        inner, S = state[: n - 1], state[n - 1]
        warm = state[n] if pool else 0.0
        T = profile(inner, S)
        slope = D @ T / S
        q = flux(t, warm)
        moved = (FROZEN_K * slope[0] - q) / known
        change = diffusivity * (D @ slope / S) + y * moved * slope
        found = [*change[1:-1], moved]
        return np.array([*found, (pool[1] - q) / HEAVY] if pool else found)

    if begin is None:
        S = FROZEN_K * ((LIQUIDUS - AROUND) / 7680.0 - RESISTANCE)
        begin = np.r_[LIQUIDUS - 7680.0 / FROZEN_K * S * (1.0 - y[1:-1]), S, [pool[0]] if pool else []]
    states = integrated(rate, begin, times)
    return states[n - 1], states[n] if pool else None, states[:, -1]


def ledge_with_capacity_second():
    return ledge_with_capacity(23)


def ledge_before_pool_second():
    return ledge_before_pool(23)


# 11 Pool, ledge and composition


def liquidus(A, Ca, Al):
    """Of cryolite with A % AlF3, Ca % CaF2, Al % Al2O3 [°C] (Solheim et al., Metall. Mater. Trans. B 27 (1996) 739)."""
    return (
        1011.0 + 0.50 * A - 0.13 * A**2.2 - 3.45 * Ca / (1.0 + 0.0173 * Ca) + 0.124 * Ca * A - 0.00542 * (Ca * A) ** 1.5
        - 7.93 * Al / (1.0 + 0.0936 * Al - 0.0017 * Al**2 - 0.0023 * A * Al)
    )  # fmt: skip


CELL = {"mass": 9390.0, "c": 1800.0, "area": 11.26, "h": 600.0, "R": 0.05, "T_a": 30.0, "rho": 2800.0, "k": 1.5}


def coupled_pool(fixed=False, method="Radau"):
    """Power 7680 W/m², 80 % of it for 6 h; frozen cryolite alone, so that the solutes stay in the pool."""
    p, start = CELL, liquidus(20.0, 4.0, 4.0)
    S0 = p["k"] * ((start - p["T_a"]) / 7680.0 - p["R"])

    def line(m):
        return start if fixed else liquidus(*(w * p["mass"] / m for w in (20.0, 4.0, 4.0)))

    def rate(t, state, power):
        T, S, m = state
        front = line(m)
        q = p["h"] * (T - front)
        latent = LATENT + p["c"] * (front - start)
        grown = ((front - p["T_a"]) / (p["R"] + S / p["k"]) - q) / (p["rho"] * latent)
        melted = -p["rho"] * p["area"] * grown
        heat = power * 7680.0 * p["area"] - q * p["area"] - melted * p["c"] * (T - front)
        return [heat / (m * p["c"]), grown, melted]

    more = {"method": method, "rtol": 1e-12, "atol": 1e-11}
    low = solve_ivp(rate, (0.0, 21600.0), [start + 12.8, S0, p["mass"]], args=(0.8,), **more).y[:, -1]
    end = solve_ivp(rate, (0.0, DAY - 21600.0), low, args=(1.0,), **more).y[:, -1]
    if fixed:
        return {"fixed T 21600": low[0], "fixed S 21600": low[1]}
    return {
        "T_liq": start,
        "S 0": S0,
        "T 21600": low[0],
        "S 21600": low[1],
        "AlF3 21600": 20.0 * p["mass"] / low[2],
        "T 86400": end[0],
        "S 86400": end[1],
    }


def coupled():
    return coupled_pool() | coupled_pool(fixed=True)


def coupled_second():
    return coupled_pool(method="DOP853") | coupled_pool(fixed=True, method="DOP853")


# 12 Conductivity and heat capacity that vary


def varying_slab():
    """Slab of 0.1 m, insulated behind, k = 2 (1 + 1e-3 θ), ρc = k/1e-6, 300 → 1300 K: Kirchhoff's transform."""
    a, length, surface = 1e-6, 0.1, 3000.0
    n = np.arange(400) + 0.5
    found = {}
    for t in (1800, 3600):
        fall = 2.0 * np.exp(-a * (n * np.pi / length) ** 2 * t) / (n * np.pi)
        U = surface * (1.0 - (fall * np.sin(n * np.pi)).sum())
        found[f"centre {t}"] = 300.0 + (-2.0 + np.sqrt(4.0 + 4e-3 * U)) / 2e-3
    return found | {"stored 3600": surface * length / a * (1.0 - (fall / (n * np.pi)).sum())}


def varying_slab_second():
    """∫ k dT as the unknown, by a Laplace transform."""
    a, length, surface = 1e-6, 0.1, 3000.0
    found = {}
    for t in (1800, 3600):
        U = surface * inverted(lambda s: 1.0 / (s * np.cosh(np.sqrt(s / a) * length)), float(t))
        found[f"centre {t}"] = 300.0 + (-2.0 + np.sqrt(4.0 + 4e-3 * U)) / 2e-3
    stored = inverted(lambda s: np.tanh(np.sqrt(s / a) * length) * np.sqrt(a / s) / (s * a), 3600.0)
    return found | {"stored 3600": surface * stored}


# 13 Lumps that radiate, or whose heat capacity varies


def nonlinear_lumps():
    """2e5 J/K, ε 0.8, 1 m², 1200 → 300 K by radiation; 1000 kg, c = 800 (1 + 5e-4 (T − 300 K)), G 500 W/K."""

    def cooling(T, around=300.0):
        """∫ dT/(T⁴ − T_a⁴) from T to 1200 K."""

        def part(x):
            return (0.5 * np.log((x + around) / (x - around)) + np.arctan(x / around)) / (2.0 * around**3)

        return part(T) - part(1200.0)

    found = {
        f"radiating {t}": brentq(lambda T, t=t: cooling(T) - 0.8 * SIGMA / 2e5 * t, 300.001, 1200.0, xtol=1e-12)
        for t in (600, 3600)
    }
    # dθ (1 + 5e-4 θ)/θ = −G/(m c) dt
    theta = brentq(lambda x: np.log(x / 900.0) + 5e-4 * (x - 900.0) + 500.0 / 8e5 * 1800.0, 1.0, 900.0, xtol=1e-13)
    heat = 8e5 * (theta - 900.0 + 2.5e-4 * (theta**2 - 900.0**2))
    return found | {"varying 1800": 300.0 + theta, "ΔH": heat}


def nonlinear_lumps_second():
    T = integrated(lambda t, T: -0.8 * SIGMA / 2e5 * (T**4 - 300.0**4), 1200.0, [600.0, 3600.0])[0]
    both = integrated(
        lambda t, y: [-500.0 * y[0] / (8e5 * (1.0 + 5e-4 * y[0])), -500.0 * y[0]], [900.0, 0.0], [1800.0]
    )[:, 0]
    return {"radiating 600": T[0], "radiating 3600": T[1], "varying 1800": 300.0 + both[0], "ΔH": both[1]}


# 14 Contact of two half spaces


def contact():
    """Alloy at 900 °C on brick at 20 °C, contact of 1e-3 m²K/W, after 600 s."""
    ea, eb = (np.sqrt(k * rho * c) for k, rho, c in (ALLOY, BRICK))
    t, R = 600.0, 1e-3
    slope = (ea + eb) / (ea * eb) / R
    jump = 880.0 * erfcx(slope * np.sqrt(t))
    meet = (ea * 900.0 + eb * 20.0) / (ea + eb)
    return {"q": jump / R, "hot": meet + jump * eb / (ea + eb), "cold": meet - jump * ea / (ea + eb)}


def contact_second():
    ea, eb = (np.sqrt(k * rho * c) for k, rho, c in (ALLOY, BRICK))
    t, R = 600.0, 1e-3

    def flux(s):
        return 880.0 / s / (R + 1.0 / (ea * np.sqrt(s)) + 1.0 / (eb * np.sqrt(s)))

    return {
        "q": inverted(flux, t),
        "hot": 900.0 - inverted(lambda s: flux(s) / (ea * np.sqrt(s)), t),
        "cold": 20.0 + inverted(lambda s: flux(s) / (eb * np.sqrt(s)), t),
    }


# 15 A plate plunged, with a shell


def plunge():
    """Plate 2.5675e5 J/m²K at 20 °C behind a contact of 1e-4 in bath of 905 °C, liquidus 892.2 °C, h 600; frozen shell
    ρ 2800, k 1.5, latent only. Closed in pieces: integrated in time, and in thickness where it vanishes."""
    return _plunge("Radau")


def plunge_second():
    return _plunge("DOP853")


def _plunge(method):
    film = 600.0 * (905.0 - LIQUIDUS)

    def rate(t, y):
        S, T = y
        q = (LIQUIDUS - T) / (1e-4 + S / 1.5)
        return [(q - film) / (2800.0 * LATENT), q / 2.5675e5]

    def turned(t, y):
        return rate(t, y)[0]

    def gone(t, y):
        return y[0]

    turned.direction, gone.direction, gone.terminal = -1.0, -1.0, True
    found = solve_ivp(
        rate, (0.0, 40000.0), [0.0, 20.0], method, events=(turned, gone), t_eval=[600.0], rtol=1e-12, atol=1e-13,
        dense_output=True,
    )  # fmt: skip
    (top,), (end,) = found.t_events
    return {
        "S 600": found.y[0, 0],
        "S max": found.y_events[0][0, 0],
        "t max": top,
        "gone": end,
        "T gone": found.y_events[1][0, 1],
    }


# 16 A ramp


def ramp():
    """Cermet ± 0.05 m, both skins rise by 100 K/h: rise of the centre [K]."""
    k, rho, c = CERMET
    a, half, rise = k / (rho * c), 0.05, 100.0 / 3600.0
    n = np.arange(200) + 0.5
    found = {}
    for t in (600, 3600):
        late = 2.0 * (-1.0) ** np.arange(200) / (n * np.pi) ** 3 * np.exp(-a * (n * np.pi / half) ** 2 * t)
        found[f"T {t}"] = rise * (t - half**2 / a * (0.5 - late.sum()))
    return found


def ramp_second():
    k, rho, c = CERMET
    a, half, rise = k / (rho * c), 0.05, 100.0 / 3600.0
    return {
        f"T {t}": rise * inverted(lambda s: 1.0 / (s**2 * np.cosh(np.sqrt(s / a) * half)), float(t))
        for t in (600, 3600)
    }
