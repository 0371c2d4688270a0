"""Thin bodies that give something off along one side: one ordinary differential equation, integrated from the closed
end."""

from scipy.integrate import solve_ivp
from scipy.optimize import brentq


def closed_end(given_off, conductance, length, top, least, *places):
    """What enters a thin body at its open end, and what passes at places on the way.

    conductance · u″ = given_off(u), u′ = 0 at the closed end and u = `top` at the open one. The value at the closed end
    is the root of what u reaches at the open one; integration is of eighth order (DOP853 of Hairer, Nørsett & Wanner
    1993, Solving Ordinary Differential Equations I).

    Parameters
    ----------
    given_off : u → per area of the side, rising
    conductance : conductivity times thickness
    length : [m]
    top : u at the open end
    least : u below that of the closed end
    places : distances from the open end [m]

    Returns
    -------
    list : flow at the open end and at each place, per metre of width
    """
    far = 4.0 * top

    def course(end, **more):
        return solve_ivp(
            lambda x, u: (u[1], given_off(u[0]) / conductance),
            (0.0, length),
            (end, 0.0),
            method="DOP853",
            rtol=1e-12,
            atol=1e-14,
            events=passed,
            **more,
        )

    def passed(x, u):
        return u[0] - far

    passed.terminal = True

    def surplus(end):
        found = course(end)
        return found.y[0, -1] - top if found.status == 0 else far

    end = brentq(surplus, least, top, xtol=1e-15, rtol=1e-14)
    whole = course(end, dense_output=True)
    return [conductance * float(whole.sol(length - place)[1]) for place in (0.0, *places)]
