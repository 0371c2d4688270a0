"""Whole cells beside published ones: the energy balance of 200 kA, metal of 175 kA, the voltage that is left without current."""

import math
import tomllib

import oxycell
from benchmarks.validation.comparison import EVENLY_LIKELY, against, published, study
from oxycell.case.build import expand
from oxycell.case.load import load_text
from oxycell.case.writing import write_toml
from oxycell.cell.current_efficiency import Given
from oxycell.cell.electrochemistry import Process
from oxycell.cell.thermochemistry import REACTIONS
from oxycell.constants import MOLAR_MASS, ZERO_CELSIUS, faraday_rate

CURRENT, INSIDE = 200.0, 786.0  # kA, kW
BATH, BATH_BOUNDS = 960.0, (950.0, 970.0)  # °C; the pages name none [E]


def energy_balance():
    """What the process takes of the 200 kA cell, and what is left to be lost."""
    values = published("energy-balance")
    open_input = [({"bath": BATH_BOUNDS[0]}, {"bath": BATH_BOUNDS[1]}, EVENLY_LIKELY)]
    powers = _powers({"bath": BATH})
    effects = study(_powers, open_input, {"bath": BATH})[0]
    return [against(f"balance-{name}", values[name], powers[name], u_input=abs(effects[name]), digits=1) for name in values]


def _powers(inputs):
    """Powers [kW] by name, the bath at `bath` [°C]; without heat of dissolution, which moves heat between electrodes only."""
    T = inputs["bath"] + ZERO_CELSIUS
    process = Process(REACTIONS["carbon"], Given(0.95), dissolution_enthalpy=0.0)
    taken = CURRENT * float(process.equivalent_voltage(T)[0])
    alumina, anodes = (CURRENT * float(feed(T)[0]) for feed in (process.alumina_feed_voltage, process.carbon_feed_voltage))
    return {"consumption": taken, "alumina": alumina, "anodes": anodes, "reaction": taken - alumina - anodes, "lost": INSIDE - taken}


def production():
    """Metal of the 175 kA cell; its current efficiency is printed to 1 %."""
    full = 86400.0 * faraday_rate(175e3, MOLAR_MASS["Al"], 3.0)
    return [against("metal", published("production")["metal"], 0.93 * full, u_input=0.005 * EVENLY_LIKELY * full, digits=1)]


def back_emf():
    """Tangent of the current–voltage line of a carbon cell, extrapolated to no current: laws of `prebake-140ka` in one dimension."""
    value = published("back-emf")["extrapolated"]
    nominal = {"alumina": 3.0, "density": 0.7}
    open_inputs = [
        ({"alumina": 2.5}, {"alumina": 6.0}, EVENLY_LIKELY),
        ({"density": 0.6}, {"density": 0.8}, EVENLY_LIKELY),
    ]
    u_input = math.hypot(*study(_extrapolated, open_inputs, nominal))
    return [against("back-emf", value, _extrapolated(nominal), u_input=u_input)]


def _extrapolated(inputs):
    """Voltage [V] at no current of the tangent at `density` [A/cm²], with `alumina` [wt %]."""
    case = oxycell.load("prebake-140ka").replaced({"bath.alumina": inputs["alumina"]})
    cell = tomllib.loads(expand(case).to_toml())
    column = {"boxes": [_layer("metal", "aluminium_liquid", 0.0, 0.1), _layer("bath", "bath", 0.1, 0.14),
                        _layer("carbon", "carbon_prebaked_anode", 0.14, 0.34)],
              "mesh": {"size": "10 mm", "size_x": "1 m", "size_y": "1 m"},
              "physics": {"thermal": False, "temperature": "963 degC"},
              "surfaces": [{"name": "low", "of": "metal", "sides": ["z-"]}, {"name": "high", "of": "carbon", "sides": ["z+"]}],
              "terminals": [{"name": "high", "surfaces": ["high"], "current": "1 A"},
                            {"name": "low", "surfaces": ["low"], "potential": "0 V"}],
              "process": cell["process"], "bath": cell["bath"], "interfaces": []}
    for interface, between in (("anode_bath", ["carbon", "bath"]), ("bath_metal", ["bath", "metal"])):
        laws = next(one["laws"] for one in cell["interfaces"] if one["name"] == interface)
        column["interfaces"].append({"name": interface, "between": between,
                                     "laws": [law for law in laws if law["kind"] != "reversible_heat"]})
    column = load_text(write_toml(column))
    i, step = 1e4 * inputs["density"], 0.01
    low, middle, high = (_voltage(column, i * factor) for factor in (1.0 - step, 1.0, 1.0 + step))
    return middle - (high - low) / (2.0 * step)


def _voltage(case, current):
    """Cell voltage [V] at a current [A] through 1 m²."""
    solution = oxycell.solve(case.replaced({"terminals.0.current": f"{current!r} A"}))
    return oxycell.report(solution)["voltage"]["cell_V"]


def _layer(name, material, low, high):
    return {"name": name, "material": material, "x": ["0 m", "1 m"], "y": ["0 m", "1 m"], "z": [f"{low!r} m", f"{high!r} m"]}
