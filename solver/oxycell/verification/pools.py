"""Stirred pools, gas spaces and frozen ledges: films in series, radiation through a lump, the position of the front."""

from scipy.constants import Stefan_Boltzmann as SIGMA
from scipy.optimize import fsolve

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import (
    THERMAL,
    box,
    contact,
    convection,
    cut,
    ends,
    fed,
    film,
    fixed,
    flux,
    held,
    interface,
    layers,
    lump,
    material,
    on,
)

SERIES = "resistances in series"
LIQUIDUS = 1150.0


def _between_plates(films, **more):
    """Hot plate | pool | cold plate, 0.7 m wide, at 1400 and 400 K."""
    return {
        "physics": THERMAL,
        "boxes": layers(("floor", "m", 0.3), ("pool", "n", 0.5), ("lid", "m", 0.1), axis="z", side=0.7),
        "materials": {"m": material(k=2.0), "n": material(k=1.0)},
        "mesh": cut(2, 1, (3, 4, 2)),
        "surfaces": ends("floor", "lid", "z"),
        "conditions": [on("low", fixed(1400.0)), on("high", fixed(400.0))],
        "lumps": [lump("pool", films, **more)],
    }


@check("thermal", "pools", SERIES, "K", 1e-10)
def pool_between_films(n):
    """Pool between two plates, a film on each: temperature of the pool"""
    before, behind = 0.15 + 1 / 90.0, 1 / 35.0 + 0.05
    return Posed(
        _between_plates({"floor": 90.0, "lid": 35.0}),
        1400.0 - 1000.0 * before / (before + behind),
        lambda a: a.lump("pool"),
        1000.0,
    )


@check("thermal", "pools", SERIES, "W", 1e-10)
def pool_without_film(n):
    """Pool without a film on one side: heat through it"""
    return Posed(
        _between_plates({"floor": None, "*": 35.0}), 490.0 / (0.15 + 1 / 35.0 + 0.05), lambda a: a.loss("high")
    )


@check("thermal", "pools", SERIES, "W", 1e-10)
def pool_heat_taken(n):
    """Pool between two plates: heat it gives to the hot one, as reported by path (negative: it takes it)"""
    case = _between_plates({"floor": 90.0, "lid": 35.0}, paths={"floor": "below", "lid": "above"})
    return Posed(case, -490.0 / (0.15 + 1 / 90.0 + 1 / 35.0 + 0.05), lambda a: a.report["heat"]["pool_W"]["below"])


@check("thermal", "pools", SERIES, "K", 1e-10)
def pool_wall_side(n):
    """Pool between two plates, a film on each: temperature of the plate's surface behind the film"""
    q = 1000.0 / (0.15 + 1 / 90.0 + 1 / 35.0 + 0.05)
    return Posed(
        _between_plates({"floor": 90.0, "lid": 35.0}),
        1400.0 - 0.15 * q,
        lambda a: a.between("floor", "pool")[0],
        1000.0,
    )


@check("thermal", "pools", SERIES, "K", 1e-10)
def pools_in_contact(n):
    """Bath on metal, films on both sides of where they touch: temperature of the metal"""
    case = {
        "physics": THERMAL,
        "boxes": layers(("floor", "m", 0.4), ("metal", "n", 0.2), ("bath", "n", 0.3), axis="z"),
        "materials": {"m": material(k=5.0), "n": material(k=1.0)},
        "mesh": cut(1, 1, (3, 2, 2)),
        "surfaces": ends("floor", "bath", "z"),
        "conditions": [on("low", convection(20.0, 300.0)), on("high", flux(9000.0))],
        "lumps": [lump("bath", {"metal": 1200.0, "*": 400.0}), lump("metal", {"bath": 2000.0, "floor": 1250.0})],
    }
    return Posed(case, 300.0 + 9000.0 * (1 / 20.0 + 0.4 / 5.0 + 1 / 1250.0), lambda a: a.lump("metal"), 1000.0)


@check("thermal", "pools", SERIES, "K", 1e-10)
def pools_in_contact_above(n):
    """Bath on metal, films on both sides of where they touch: temperature of the bath"""
    return Posed(
        pools_in_contact.pose(n).case,
        300.0 + 9000.0 * (0.13 + 1 / 1250.0 + 1 / 2000.0 + 1 / 1200.0),
        lambda a: a.lump("bath"),
        1000.0,
    )


@check("thermal", "pools", SERIES, "K", 1e-10)
def pools_alone(n: int) -> Posed:
    """Three pools one behind the other and nothing else, heated at one end and cooled at the other: temperature of the
    heated one"""
    names = [f"pool {i}" for i in range(3)]
    case = {
        "physics": THERMAL,
        "boxes": layers(*((name, "n", 1.0) for name in names)),
        "materials": {"n": material(k=1.0)},
        "mesh": cut((1, 2, 1)),
        "surfaces": ends(names[0], names[-1]),
        "conditions": [on("low", flux(9000.0)), on("high", convection(20.0, 300.0))],
        "lumps": [lump(name, {"*": 50.0}) for name in names],
    }
    return Posed(case, 300.0 + 9000.0 * (1 / 20.0 + 5 / 50.0), lambda a: a.lump(names[0]), 1000.0)


@check("thermal", "pools of prescribed temperature", SERIES, "W", 1e-10)
def pool_held(n):
    """Pool kept at 1000 K between two plates, a film on each: heat that has to be supplied"""
    case = _between_plates({"floor": 90.0, "lid": 35.0}, temperature="1000 K")
    given = 600.0 / (1 / 35.0 + 0.05) - 400.0 / (0.15 + 1 / 90.0)
    return Posed(case, 0.49 * given, lambda a: a.made("pool held"))


@check("thermal", "pools of prescribed temperature", SERIES, "W", 1e-9)
def pool_held_apart(n):
    """Bath kept at 1250 K on a stirred metal whose temperature is solved for: heat to the floor"""
    case = pools_in_contact.pose(n).case
    case["lumps"][0]["temperature"] = "1250 K"
    return Posed(case, 950.0 / (1 / 20.0 + 0.08 + 1 / 1250.0 + 1 / 2000.0 + 1 / 1200.0), lambda a: a.loss("low"))


def _gas(floor_made=0.0, gas_made=0.0, contact_made=0.0, resistance=0.0, made=0.0):
    """Temperatures of the floor's top, of the gas and of the lid's underside: floor at 1400 K below 0.15 m²K/W, lid at
    400 K above 0.05.

    Heat [W/m²] made on the floor's side of its contact, on the gas's side, half of `contact_made` on each, and `made`
    in the gas.
    """

    def leaves(T, gas):
        return 8.0 * (T - gas) + 0.7 * SIGMA * (T**4 - gas**4)

    def balance(unknown):
        up, hot, gas, cold = unknown
        return (
            (1400.0 - hot - resistance * up) / 0.15 + floor_made + contact_made / 2 - up,
            up + gas_made + contact_made / 2 - leaves(hot, gas),
            leaves(hot, gas) + leaves(cold, gas) + made,
            (400.0 - cold) / 0.05 - leaves(cold, gas),
        )

    up, hot, gas, cold = fsolve(balance, (3000.0, 1000.0, 800.0, 600.0), xtol=1e-13)
    return hot + resistance * up, hot, gas, cold


@check("thermal", "gas spaces", "balance of two surfaces and the gas, three equations", "K", 1e-9)
def gas_temperature(n):
    """Gas space with film and radiation between a hot floor and a lid: temperature of the gas"""
    return Posed(_between_plates({"*": 8.0}, emissivity=0.7), _gas()[2], lambda a: a.lump("pool"), 1000.0)


@check("thermal", "gas spaces", "balance of two surfaces and the gas, three equations", "W", 1e-9)
def gas_heat(n):
    """Gas space with film and radiation between a hot floor and a lid: heat"""
    return Posed(
        _between_plates({"*": 8.0}, emissivity=0.7), 0.49 * (1400.0 - _gas()[0]) / 0.15, lambda a: a.loss("high")
    )


def _gas_with_contact():
    case = _between_plates({"*": 8.0}, emissivity=0.7)
    return case | {"interfaces": [interface("skin", "floor", "pool", contact(thermal=0.04))]}


@check("thermal", "gas spaces", "balance of three surfaces and the gas, four equations", "K", 1e-9)
def gas_behind_contact(n):
    """Gas space over a floor with a skin of thermal resistance: temperature of the gas"""
    return Posed(_gas_with_contact(), _gas(resistance=0.04)[2], lambda a: a.lump("pool"), 1000.0)


@check("thermal", "gas spaces", "balance of three surfaces and the gas, four equations", "K", 1e-9)
def gas_under_contact(n):
    """Gas space over a floor with a skin of thermal resistance: temperature under the skin"""
    return Posed(_gas_with_contact(), _gas(resistance=0.04)[0], lambda a: a.between("floor", "pool")[0], 1000.0)


def _arc():
    """The gas conducts: 50 A/m² upwards, a film on the floor's side and a contact that heats both sides of the skin."""
    case = _gas_with_contact() | {"physics": {}, "terminals": [fed("low", 0.49 * 50.0), held("high", 0.0)]}
    case["materials"] = {"m": material(1e8, 2.0), "n": material(50.0)}
    case["interfaces"] = [
        interface("skin", "floor", "pool", contact(electric=0.2, thermal=0.04), film(0.3, heat="second"), film(0.1))
    ]
    return case, _gas(2500.0 * 0.1, 2500.0 * 0.3, 2500.0 * 0.2, 0.04, 2500.0 * 0.5 / 50.0)


@check("coupled", "gas spaces", "balance of three surfaces and the gas, four equations", "K", 1e-7)
def arc_gas(n):
    """Gas that conducts, with a film and a contact that heat both sides of a skin on the floor: temperature of the
    gas"""
    case, exact = _arc()
    return Posed(case, exact[2], lambda a: a.lump("pool"), 1000.0)


@check("coupled", "gas spaces", "balance of three surfaces and the gas, four equations", "K", 1e-7)
def arc_skin(n):
    """The same: temperature of the skin on its gas side"""
    case, exact = _arc()
    return Posed(case, exact[1], lambda a: a.between("floor", "pool")[1], 1000.0)


@check("coupled", "pools of prescribed temperature", "balance of two surfaces of the skin; I²R of the gas", "W", 1e-7)
def arc_held(n):
    """Gas that conducts, kept at 1000 K, over a skin that its current heats on both sides: heat that has to be
    supplied"""
    case, _ = _arc()
    case["lumps"][0] |= {"temperature": "1000 K", "emissivity": 0.0}
    under, over = (
        2500.0 * 0.2,
        2500.0 * 0.4,
    )  # half of the contact and the plain film; half of the contact and the film on the second side
    up = (400.0 / (0.15 + 0.04 + 1 / 8.0)) + (under * 0.15 + over * (0.15 + 0.04)) / (0.15 + 0.04 + 1 / 8.0)
    return Posed(case, 0.49 * (600.0 / (0.05 + 1 / 8.0) - up - 2500.0 * 0.5 / 50.0), lambda a: a.made("pool held"))


def _tank(n, film=600.0, ledge=None, **more):
    """Hot plate | bath | wall along x; a ledge grows from the wall against x. Heated with `heat` W/m²."""
    return {
        "physics": THERMAL | {"temperature": "1200 K"},
        "solver": {"tolerance": 1e-3},
        "boxes": [box("plate", "m", (-0.1, 0.0)), box("bath", "n", (0.0, 1.0)), box("side", "m", (1.0, 1.2))],
        "materials": {"m": material(k=20.0), "n": material(k=1.0)} | more.pop("materials", {}),
        "mesh": cut((2, n, 3)),
        "surfaces": ends("plate", "side"),
        "lumps": [lump("bath", {"plate": 100.0, "side": film})],
        "interfaces": [interface("joint", "bath", "side", contact(thermal=1e-3))],
        "ledge": {"pools": ["bath"], "walls": ["side"], "liquidus": f"{LIQUIDUS} K", "reach": "1 m"}
        | (ledge or {"conductivity": "1.5 W/m/K"}),
        **more,
    }


FRONT = "heat of the film at the front, conducted through the ledge (Taylor & Welch, Metall. Trans. B 18 (1987) 391)"


def _front(a):
    return float(a.record["ledge"]["thickness"].mean())


@check("thermal", "freezing fronts", FRONT, "m", 1e-7)
def ledge_thickness(n):
    """Bath heated with a prescribed flux before a cooled wall: thickness of the ledge, a front within a cell"""
    case = _tank(7, conditions=[on("low", flux(9000.0)), on("high", convection(30.0, 300.0))])
    return Posed(case, 1.5 * ((LIQUIDUS - 300.0) / 9000.0 - 1e-3 - 0.01 - 1 / 30.0), _front)


@check("thermal", "pools of prescribed temperature", FRONT, "m", 1e-7)
def ledge_of_a_held_bath(n):
    """Bath kept 10 K above its liquidus before a cooled wall: thickness of the ledge"""
    case = _tank(7, conditions=[on("low", flux(9000.0)), on("high", convection(30.0, 300.0))])
    case["lumps"][0]["temperature"] = f"{LIQUIDUS + 10.0} K"
    return Posed(case, 1.5 * ((LIQUIDUS - 300.0) / 6000.0 - 1e-3 - 0.01 - 1 / 30.0), _front)


@check("thermal", "freezing fronts", FRONT, "K", 1e-6)
def ledge_superheat(n):
    """Bath heated with a prescribed flux before a cooled wall: superheat"""
    case = _tank(7, conditions=[on("low", flux(9000.0)), on("high", convection(30.0, 300.0))])
    return Posed(case, 9000.0 / 600.0, lambda a: a.lump("bath") - LIQUIDUS)


@check("thermal", "freezing fronts", FRONT, "m", 1e-6)
def ledge_beside_hot_plate(n):
    """Bath between a plate at 1400 K and a cooled wall: thickness of the ledge"""
    case = _tank(20, conditions=[on("low", fixed(1400.0)), on("high", convection(100.0, 300.0))])
    q = (1400.0 - LIQUIDUS) / (0.005 + 1 / 100.0 + 1 / 600.0)
    return Posed(case, 1.5 * ((LIQUIDUS - 300.0) / q - 1e-3 - 0.01 - 1 / 100.0), _front)


@check("thermal", "freezing fronts", f"{FRONT}; Kirchhoff's transform", "m", 5e-4)
def ledge_of_varying_conductivity(n):
    """Ledge whose conductivity increases from 1 W/m/K at 300 K to 2 at 1300 K: thickness, in cells of 1 % of the
    bath"""
    frozen = material(k=((300.0, 1300.0), (1.0, 2.0)))
    case = _tank(
        100,
        ledge={"material": "frozen"},
        materials={"frozen": frozen},
        conditions=[on("low", flux(9000.0)), on("high", fixed(500.0))],
    )
    wall = 500.0 + 9000.0 * (1e-3 + 0.01)
    return Posed(case, ((LIQUIDUS - wall) + 0.0005 * ((LIQUIDUS - 300.0) ** 2 - (wall - 300.0) ** 2)) / 9000.0, _front)


@check("thermal", "freezing fronts", SERIES, "K", 1e-6)
def ledge_bare_wall(n):
    """Bath too hot to freeze: its temperature, film and wall in series"""
    case = _tank(7, conditions=[on("low", flux(9000.0)), on("high", convection(9.0, 300.0))])
    return Posed(case, 300.0 + 9000.0 * (1 / 9.0 + 0.01 + 1e-3 + 1 / 600.0), lambda a: a.lump("bath"), 1000.0)


@check("thermal", "freezing fronts", f"{FRONT}, at both walls; the superheat is one unknown", "m", 1e-6)
def ledge_on_two_walls(n):
    """Two walls that cool differently next to one heated pool: thickness at the better cooled one"""
    case = {
        "physics": THERMAL | {"temperature": "1200 K"},
        "solver": {"tolerance": 1e-3},
        "boxes": [
            box("left", "m", (-0.2, 0.0)),
            box("bath", "n", (0.0, 1.5)),
            box("right", "m", (1.5, 1.6)),
            box("heater", "m", (0.6, 0.9), (0.0, 1.0), (-0.1, 0.0)),
        ],
        "materials": {"m": material(k=20.0), "n": material(k=1.0)},
        "mesh": cut((2, 6, 3, 6, 2), 1, (1, 3)),
        "surfaces": [
            {"name": "below", "of": "heater", "sides": ["z-"]},
            {"name": "far", "of": "left", "sides": ["x-"]},
            {"name": "near", "of": "right", "sides": ["x+"]},
        ],
        "lumps": [lump("bath", {"heater": 100.0, "left": 500.0, "right": 800.0})],
        "ledge": {
            "pools": ["bath"],
            "walls": ["left", "right"],
            "liquidus": f"{LIQUIDUS} K",
            "reach": "0.6 m",
            "conductivity": "1.5 W/m/K",
        },
        "conditions": [
            on("below", flux(40000.0)),
            on("far", convection(40.0, 300.0)),
            on("near", convection(60.0, 320.0)),
        ],
    }
    superheat = 40000.0 * 0.3 / (500.0 + 800.0)
    exact = 1.5 * ((LIQUIDUS - 320.0) / (800.0 * superheat) - 0.1 / 20.0 - 1 / 60.0)
    return Posed(
        case,
        exact,
        lambda a: float(
            a.record["ledge"]["thickness"][
                a.record["ledge"]["wall_region"] == a.mesh.region_names.index("right")
            ].mean()
        ),
    )
