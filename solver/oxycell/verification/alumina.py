"""Alumina in the bath: what it does to the limiting current and to the reversible potential."""

from typing import Any

import numpy as np
from scipy.constants import R, physical_constants

from oxycell.verification.answer import Answer
from oxycell.verification.check import Posed, check
from oxycell.verification.electrodes import cell
from oxycell.verification.parts import Parts, fixed, on

F = physical_constants["Faraday constant"][0]
T = 1178.15
ALF3, CAF2 = 20.0, 4.0  # wt %


def _cell(alumina: float, **process: Any) -> Parts:
    """A cell at 905 °C over a bath with alumina [wt %]."""
    case = cell()
    case["physics"] = {"temperature": f"{T} K"}
    case["conditions"] = [on(name, fixed(T)) for name in ("low", "high")]
    case["bath"] = {"excess_alf3": ALF3, "caf2": CAF2, "alumina": alumina}
    case["process"] |= process
    return case


def _density(alumina: float) -> float:
    """[kg/m³] of the bath (Kvande & Rørvik 1985)."""
    parts = (  # wt %, g/cm³
        (100.0 - ALF3 - CAF2 - alumina, 3.305 - 0.000937 * T),
        (ALF3, 1.987 + 0.0094 * ALF3 - 0.000319 * T),
        (CAF2, 3.177 + 0.0005 * CAF2**2 - 0.000391 * T),
        (alumina, 1.449 + 0.0128 * alumina),
    )
    return 1e5 / sum(weight / dense for weight, dense in parts)


@check("coupled", "cell reaction", "film: 6 F k ρ w/M; density after Kvande & Rørvik (1985)", "A/m2", 1e-6)
def alumina_limiting_current(n: int) -> Posed:
    """Inert anode in 4 wt % of alumina, whose film passes as much as 6e-5 m/s in 2085 kg/m³ do: its limiting current
    density"""
    case = _cell(4.0, alumina_transfer=f"{6e-5 * 2085.0 / _density(4.0)!r} m/s")
    exact = 6 * F * 6e-5 * 2085.0 * 0.04 / 0.1019612772
    return Posed(case, exact, lambda a: float(np.nanmax(a.record["limiting"]["density"])))


def _activity(alumina: float) -> float:
    """Haupin, Light Metals 1998, eq. 10, over the saturation of Skybakmoen et al. (1997)."""
    level = 11.9 - 0.062 * ALF3 - 0.0031 * ALF3**2 - 0.20 * CAF2
    r = alumina / (level * ((T - 273.15) / 1000.0) ** (4.8 - 0.048 * ALF3))
    return float(r * (-0.03791 + r * (2.364 + r * (-2.194 + r * 0.8686))))


def _shift(alumina: float) -> Posed:
    """Potential with alumina [wt %] beyond that with 4 wt %."""
    exact = R * T / (6 * F) * np.log(_activity(4.0) / _activity(alumina))
    least = Posed(_cell(4.0), 0.0, lambda a: a.part("reversible"))

    def measured(answer: Answer) -> float:
        return float(answer.part("reversible")) - least.measured(least.answer())

    return Posed(_cell(alumina), exact, measured)


ACTIVITY = "RT/6F ln a; activity of Haupin (1998), saturation of Skybakmoen et al. (1997)"


@check("coupled", "cell reaction", ACTIVITY, "V", 1e-5)
def potential_over_little_alumina(n: int) -> Posed:
    """Equilibrium potential with 1 wt % of alumina at 905 °C less that with 4 wt %"""
    return _shift(1.0)


@check("coupled", "cell reaction", ACTIVITY, "V", 1e-5)
def potential_over_much_alumina(n: int) -> Posed:
    """The same with 5 wt %, less"""
    return _shift(5.0)
