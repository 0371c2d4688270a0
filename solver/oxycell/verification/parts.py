"""Parts of a case file, written short: boxes, meshes, materials, surfaces, laws; plain data in the public
vocabulary."""

from typing import Any

Parts = dict[str, Any]
"""Parts of a case file by their keys."""

ELECTRIC = {"thermal": False}
THERMAL = {"electric": False}
"""Which balances are solved, for `physics` of a case."""


def quantity(value, unit):
    """A number with its unit as a case file states it."""
    return f"{float(value)!r} {unit}"


def box(name, material, x, y=(0.0, 1.0), z=(0.0, 1.0), **more):
    """A box; extents [m]."""
    return {"name": name, "material": material, **more} | {
        axis: [quantity(low, "m"), quantity(high, "m")] for axis, (low, high) in zip("xyz", (x, y, z), strict=True)
    }


def layers(*stack, axis="x", side=1.0):
    """Boxes (name, material, thickness [m]) one behind the other along an axis, `side` wide across, from 0 on."""
    boxes, place = [], 0.0
    for name, filling, thickness in stack:
        extent = {a: (0.0, side) for a in "xyz"} | {axis: (place, place + thickness)}
        boxes.append(box(name, filling, **extent))
        place += thickness
    return boxes


def cut(x=1, y=1, z=1):
    """Mesh of equal cells: how many in each interval between box faces along an axis, a number where there is one
    interval."""
    counts = {f"cells_{axis}": [n] if isinstance(n, int) else list(n) for axis, n in zip("xyz", (x, y, z), strict=True)}
    return {"size": "1e-9 m", "merge_distance": "0 m", **counts}


def material(sigma=None, k=1.0, **more):
    """A material; σ [S/m] and k [W/m/K], numbers or tables as two lists (temperatures [K], values)."""

    found = {"thermal_conductivity": _stated(k, "W/m/K"), **more}
    return found | ({"electrical_conductivity": _stated(sigma, "S/m")} if sigma is not None else {})


def storing(k: float, density: float, heat_capacity: float, **more: Any) -> dict[str, Any]:
    """A material that stores heat; k [W/m/K], ρ [kg/m³], c [J/kg/K], numbers or tables as two lists."""
    return material(k=k, density=_stated(density, "kg/m3"), heat_capacity=_stated(heat_capacity, "J/kg/K"), **more)


def run_to(end: float, steps: int, **more: Any) -> dict[str, Any]:
    """`[transient]` that ends at a time [s] after as many equal steps, without control of their error."""
    return {
        "end": quantity(end, "s"),
        "outputs": [quantity(end, "s")],
        "step": quantity(end / steps, "s"),
        "initial": "uniform",
        **more,
    }


def metal(resistivity, k):
    """A material stated by its resistivity [ohm m] and k [W/m/K], numbers or tables."""
    return {"thermal_conductivity": _stated(k, "W/m/K"), "electrical_resistivity": _stated(resistivity, "ohm m")}


def _stated(value, unit):
    if isinstance(value, tuple):
        return {"temperature": [quantity(T, "K") for T in value[0]], "value": [float(v) for v in value[1]]}
    return quantity(value, unit)


def surface(name, of, *sides, **extents):
    """A named surface; extents [m]."""
    return {"name": name, "of": of, "sides": list(sides)} | {
        axis: [quantity(low, "m"), quantity(high, "m")] for axis, (low, high) in extents.items()
    }


def ends(first, last, axis="x"):
    """Surfaces `low` and `high`: the two ends along an axis of a stack of regions."""
    return [surface("low", first, f"{axis}-"), surface("high", last, f"{axis}+")]


def on(surfaces, *laws, path=None):
    """Condition: laws on a surface or several."""
    stated = {"on": [surfaces] if isinstance(surfaces, str) else list(surfaces), "laws": list(laws)}
    return stated | ({"path": path} if path else {})


def convection(h, fluid):
    """Law of a condition: h [W/m²/K], fluid [K]."""
    return {"kind": "convection", "coefficient": quantity(h, "W/m2/K"), "fluid": quantity(fluid, "K")}


def radiation(emissivity, surroundings):
    """Law of a condition: surroundings [K]."""
    return {"kind": "radiation", "emissivity": emissivity, "surroundings": quantity(surroundings, "K")}


def still_air(fluid, length):
    """Law of a condition, natural convection: fluid [K], length [m]."""
    return {"kind": "natural_convection", "fluid": quantity(fluid, "K"), "length": quantity(length, "m")}


def wind(speed, fluid, length):
    """Law of a condition, air that blows along the surface: speed [m/s], fluid [K], length [m]."""
    return {
        "kind": "wind",
        "speed": quantity(speed, "m/s"),
        "fluid": quantity(fluid, "K"),
        "length": quantity(length, "m"),
    }


def flux(q):
    """Law of a condition: heat into the body [W/m²]."""
    return {"kind": "heat_flux", "value": quantity(q, "W/m2")}


def fixed(T):
    """Law of a condition: a surface temperature [K]."""
    return {"kind": "fixed_temperature", "temperature": quantity(T, "K")}


def interface(name, first, second, *laws, **more):
    """Laws in series between two regions."""
    return {"name": name, "between": [first, second], "laws": list(laws), **more}


def contact(electric=0.0, thermal=0.0, **more):
    """Law of an interface: electric [ohm m²], thermal [K m²/W]."""
    return {"kind": "contact", "electric": quantity(electric, "ohm m2"), "thermal": quantity(thermal, "K m2/W"), **more}


def film(resistance, **more):
    """Law of an interface, linear drop: resistance [ohm m²]."""
    return {"kind": "resistance", "resistance": quantity(resistance, "ohm m2"), **more}


def asinh(exchange, number, **more):
    """Law of an interface: exchange current density [A/m²], transfer number."""
    return {"kind": "asinh", "exchange_current_density": quantity(exchange, "A/m2"), "transfer_number": number, **more}


def butler_volmer(exchange, anodic, cathodic, **more):
    """Law of an interface: exchange current density [A/m²], transfer coefficients."""
    return {
        "kind": "butler_volmer",
        "exchange_current_density": quantity(exchange, "A/m2"),
        "anodic": anodic,
        "cathodic": cathodic,
        **more,
    }


def charge_transfer(resistance=None, exchange=None, number=None, **more):
    """Law of an interface, linear kinetics: resistance [ohm m²], or exchange current density [A/m²] and transfer
    number."""
    if resistance is not None:
        return {"kind": "linear", "resistance": quantity(resistance, "ohm m2"), **more}
    return {"kind": "linear", "exchange_current_density": quantity(exchange, "A/m2"), "transfer_number": number, **more}


def tafel(exchange, slope=None, number=None, **more):
    """Law of an interface: exchange current density [A/m²], Tafel slope [V per decade] or transfer number."""
    stated = {"transfer_number": number} if slope is None else {"slope": quantity(slope, "V")}
    return {"kind": "tafel", "exchange_current_density": quantity(exchange, "A/m2"), **stated, **more}


def rest(potential):
    """Law of an interface: equilibrium potential [V]."""
    return {"kind": "equilibrium", "potential": quantity(potential, "V")}


def held(name, potential, surfaces=None, **more):
    """Terminal of known potential [V], on the surface of its own name unless others are given."""
    return _terminal(name, surfaces, {"potential": quantity(potential, "V")}, more)


def fed(name, current, surfaces=None, **more):
    """Terminal of known current [A], on the surface of its own name unless others are given."""
    return _terminal(name, surfaces, {"current": quantity(current, "A")}, more)


def _terminal(name, surfaces, known, more):
    more = {key: quantity(value, "ohm") if key.endswith("resistance") else value for key, value in more.items()}
    return {"name": name, "surfaces": list(surfaces or [name]), **known, **more}


def lump(name, films, *regions, **more):
    """Stirred pool or gas space: region → film [W/m²/K] or None, its regions (default: the one of its name)."""
    stated = {region: None if h is None else quantity(h, "W/m2/K") for region, h in films.items()}
    return {"name": name, "regions": list(regions or [name]), "films": stated, **more}


def at(name, x, y, z, region=None):
    """Probe at a point [m], on the side of a region where several meet."""
    found = {"name": name, "at": [quantity(value, "m") for value in (x, y, z)]}
    return found if region is None else found | {"region": region}
