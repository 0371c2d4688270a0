"""Sources in bodies, boundary currents through surfaces that are no terminals, values that vary."""

import numpy as np

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    convection,
    cut,
    ends,
    fixed,
    flux,
    held,
    layers,
    material,
    on,
    surface,
)

SLAB = "slab with uniform heat (Carslaw & Jaeger §3.14)"
SUM = "the prescribed sum"


def _rod(physics, mesh, **more):
    """Rod of two pieces, 0.3 m and 0.2 m long and 0.7 m wide, σ 200 S/m and k 5 W/m/K."""
    return {
        "physics": physics,
        "boxes": layers(("first", "m", 0.3), ("second", "m", 0.2), side=0.7),
        "materials": {"m": material(200.0, 5.0)},
        "mesh": mesh,
        "surfaces": ends("first", "second"),
        **more,
    }


def _heated(mesh, high, **source):
    conditions = [on("low", fixed(300.0)), on("high", high)]
    return _rod(THERMAL, mesh, conditions=conditions, sources=[{"name": "heater", "regions": ["*"], **source}])


@check("thermal", "sources", f"{SLAB}: qL²/2k", "K", 1e-9)
def source_by_volume(n):
    """Rod heated evenly, in cells of different size, cold at one end: temperature of the other"""
    rise = 2e4 * 0.25 / 10.0
    return Posed(
        _heated(cut((1, 4)), flux(0.0), heat="2e4 W/m3"), 300.0 + rise, lambda a: a.surface_temperature("high"), rise
    )


@check("thermal", "sources", f"{SLAB}, and a linear field added to it", "W", 1e-9)
def source_total(n):
    """Half of a rod, heated with a total that is stated for the whole, ends at 300 and 400 K: heat at the colder one"""
    case = _heated(cut((2, 3), 2) | {"symmetry": ["y"]}, fixed(400.0), total_heat="400 W")
    return Posed(case, 200.0 + 2 * 0.49 * 5.0 * 100.0 / 0.5, lambda a: a.loss("low"))


@check("thermal", "sources", "balance of a body at one temperature", "K", 1e-6)
def source_of_temperature(n):
    """Good conductor whose heat falls from 3e4 W/m³ at 300 K to none at 900 K, in air: its temperature"""
    case = _heated(cut((1, 1)), flux(0.0), heat={"temperature": ["300 K", "900 K"], "value": [3e4, 0.0]})
    case |= {"materials": {"m": material(k=1e9)}, "conditions": [on("low", convection(40.0, 300.0))]}
    rise = 3e4 * 0.5 / (40.0 + 50.0 * 0.5)
    return Posed(case, 300.0 + rise, lambda a: a.surface_temperature("low"), rise)


def _held(mesh, **more):
    return _rod(ELECTRIC, mesh, terminals=[held("high", 0.0)], **more)


@check("electric", "sources", SUM, "A", 1e-9)
def current_source(n):
    """Half of a rod, supplied with current in one piece, the total stated for the whole: current that leaves it"""
    case = _held(
        cut((2, 3), 2) | {"symmetry": ["y"]}, sources=[{"name": "beam", "regions": ["first"], "total_current": "30 A"}]
    )
    return Posed(case, -30.0, lambda a: a.current("high"))


def _density(value):
    return {"kind": "current_density", "value": value}


@check("electric", "boundary currents", "Ohm's law", "V", 1e-9)
def current_densities(n):
    """Rod with two prescribed current densities: potential at its other end, below that of its terminal"""
    case = _held(cut((2, 3)), conditions=[on("low", _density("-400 A/m2"), _density("150 A/m2"))])
    case["probes"] = [{"name": "end", "at": ["0 m", "0.3 m", "0.3 m"], "quantities": ["electric_potential"]}]
    return Posed(case, -250.0 * 0.5 / 200.0, lambda a: a.probe("end")["electric_potential_V"])


RISING = {"y": ["0 m", "0.7 m"], "value": [0.0, 600.0]}


@check("electric", "boundary currents", SUM, "A", 1e-9)
def current_density_by_place(n):
    """Rod with a prescribed current density that increases across its end: current"""
    return Posed(
        _held(cut((2, 3), 5), conditions=[on("low", _density(RISING))]), -300.0 * 0.49, lambda a: a.current("high")
    )


@check("electric", "boundary currents", "a linear potential satisfies the equations", "V", 1e-10)
def potential_by_place(n):
    """Rod with a potential linear in y on all sides: departure from it, over all cells"""
    case = _rod(ELECTRIC, cut((2, 3), 5), surfaces=[surface("around", "*", "x-", "x+", "y-", "y+")])
    case["conditions"] = [on("around", {"kind": "fixed_potential", "potential": RISING})]
    return Posed(case, 0.0, lambda a: a.norm(a.electric_potential - 600.0 * a.cells[:, 1] / 0.7), 600.0)


@check("thermal", "values that vary", SUM, "W", 1e-9)
def heat_flux_by_place(n):
    """Rod with a heat flux that increases across its end: heat that leaves it at the other"""
    case = _rod(
        THERMAL,
        cut((2, 3), 5),
        conditions=[on("low", {"kind": "heat_flux", "value": RISING}), on("high", fixed(300.0))],
    )
    return Posed(case, 300.0 * 0.49, lambda a: a.loss("high"))


@check("thermal", "values that vary", "surface balance, root of a quadratic", "K", 1e-9)
def film_of_temperature(n):
    """Wall heated with 9 kW/m² before a film whose coefficient increases with the temperature of its surface:
    temperature of that surface"""
    film = convection(1.0, 300.0) | {"coefficient": {"temperature": ["300 K", "1300 K"], "value": [10.0, 60.0]}}
    case = _rod(THERMAL, cut((2, 3)), conditions=[on("low", flux(9000.0)), on("high", film)])
    rise = (-10.0 + np.sqrt(100.0 + 0.2 * 9000.0)) / 0.1
    return Posed(case, 300.0 + rise, lambda a: a.surface_temperature("high"), rise)


@check("thermal", "symmetry", SUM, "W", 1e-9)
def heat_beside_symmetry(n):
    """Half of a rod that is heated evenly and cold at both ends: heat through a plane across it"""
    case = _heated(cut((3, 2)) | {"symmetry": ["x"]}, fixed(300.0), heat="2e4 W/m3")
    case |= {"surfaces": [surface("high", "second", "x+")], "conditions": [on("high", fixed(300.0))]}
    case |= {"integrals": [{"name": "sum", "plane": {"axis": "x", "at": "0.2 m"}}]}
    return Posed(case, 2e4 * 0.2 * 0.49, lambda a: a.integral("sum")["heat_W"])
