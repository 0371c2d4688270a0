"""What a reduction cell has beside conductors and electrodes: gas in gaps, heat on both sides of a melt, ledges,
output."""

import numpy as np
from scipy.constants import R, physical_constants

from oxycell.verification.check import Posed, check
from oxycell.verification.electrodes import cell
from oxycell.verification.parts import (
    ELECTRIC,
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
    surface,
)

F = physical_constants["Faraday constant"][0]
DRIFT = (
    "drift flux and Bruggeman's law between plates at one potential each, integrated: (1 + U/u)^2.5 = 1 + "
    "2.5 κVqz/(w²u)"
)
GAP, KAPPA, SLIP = 0.025, 180.0, 0.01


def _gap(n):
    """Vertical gap 25 mm wide, 0.5 m high and 0.3 m deep between plates 0.7 V apart, at 1178 K and 1.2 bar; slow
    bubbles."""
    plates = [("anode", (-0.05, 0.0)), ("cathode", (GAP, 0.075))]
    case = {
        "physics": ELECTRIC | {"temperature": "1178 K"},
        "boxes": [
            box(name, "metal", x, (0.0, 0.3), (0.0, 0.5), part=f"{name}_ohmic", anode=name) for name, x in plates
        ],
        "materials": {"metal": material(1e9), "melt": material(KAPPA)},
        "mesh": cut((1, 2, 1), 1, n),
        "surfaces": ends("anode", "cathode"),
        "terminals": [held("low", 0.7), held("high", 0.0)],
        "interfaces": [interface("front", "anode", "bath")],
        "process": {"current_efficiency": 0.9, "gas_pressure": "1.2e5 Pa"},
        "gas": [{"electrolyte": "bath", "anodes": ["anode"], "cathodes": ["cathode"], "slip_velocity": f"{SLIP} m/s"}],
    }
    case["boxes"].append(box("bath", "melt", (0.0, GAP), (0.0, 0.3), (0.0, 0.5), part="bath_ohmic"))
    return case


def _risen():
    """1 + U/u at the top, and gas [m³] for each coulomb."""
    volume = R * 1178.0 / (4 * F * 1.2e5)
    return (1.0 + 2.5 * KAPPA * 0.7 * volume * 0.5 / (GAP**2 * SLIP)) ** 0.4, volume


@check("electric", "gas in gaps", DRIFT, "A", 2e-4, meshes=(10, 20, 40))
def gap_current(n):
    """Vertical gap that fills with gas: current"""
    top, volume = _risen()
    return Posed(_gap(n), 0.3 * (top - 1.0) * GAP * SLIP / volume, lambda a: a.current("low"))


@check("electric", "gas in gaps", DRIFT, "V", 1e-3, meshes=(10, 20, 40))
def gap_bubbles(n):
    """Vertical gap that fills with gas: voltage part of the bubbles"""
    top, _ = _risen()
    return Posed(_gap(n), 0.7 - 0.7 * (1.0 - top**-0.5) / 0.5 / (top - 1.0), lambda a: a.part("bubbles"))


@check(
    "electric",
    "gas in gaps",
    "Ohm's law under the anode: gas of a face facing down does not rise in a gap",
    "A",
    1e-8,
)
def sole_without_gas(n):
    """Anode over a floor, and beside a cathode where its gas rises: current to the floor"""
    case = _gap((1, 2, 4))
    case["boxes"] += [
        box("bath below", "melt", (-0.05, 0.0), (0.0, 0.3), (-0.03, 0.0)),
        box("floor", "metal", (-0.05, 0.0), (0.0, 0.3), (-0.08, -0.03)),
    ]
    case["materials"]["metal"] = material(1e12)
    case["surfaces"].append(surface("floor", "floor", "z-"))
    case["terminals"].append(held("floor", 0.0))
    case["gas"][0] |= {"electrolyte": "bath*", "cathodes": ["cathode", "floor"]}
    return Posed(case, 0.7 * KAPPA * 0.05 * 0.3 / 0.03, lambda a: -a.current("floor"))


@check("electric", "gas in gaps", "drift flux U = qJz/w, the gap's width shared by both", "1", 1e-7)
def gap_of_two_anodes(n):
    """Two anodes face each other across 40 mm of bath, each with a given, even current: share of gas half way up"""
    case = _gap(5)
    case["boxes"] = [
        box(name, filling, x, (0.0, 0.3), (0.0, 0.5))
        for name, filling, x in (
            ("one", "metal", (-0.05, 0.0)),
            ("bath", "melt", (0.0, 0.04)),
            ("other", "metal", (0.04, 0.09)),
        )
    ]
    case["materials"] = {"metal": material(1e4), "melt": material(1e9)}
    case["surfaces"] = [*ends("one", "other"), surface("out", "bath", "z-")]
    case["terminals"] = [fed("low", 600.0), fed("high", 600.0), held("out", 0.0)]
    case["interfaces"] = [interface(name, name, "bath", film(0.1)) for name in ("one", "other")]  # so that it is even
    case["gas"][0] |= {"anodes": ["one", "other"], "cathodes": [], "open_width": "0.025 m"}
    v = R * 1178.0 / (4 * F * 1.2e5) * 600.0 / 0.15 * 0.25 / (0.02 * SLIP)

    def measured(answer):
        bath = np.isin(answer.record["cells"]["region"], [answer.mesh.region_names.index("bath")])
        return np.mean(answer.record["cells"]["gas_fraction"][bath & (np.abs(answer.cells[:, 2] - 0.25) < 1e-9)])

    return Posed(case, v / (1.0 + v), measured)


def _melt(laws, second=(), **more):
    """Anode | melt | metal from above, 6000 A/m² downwards; films 900 W/m²/K on the anode and 1500 on the metal."""
    case = {
        "boxes": layers(("metal", "al", 0.1), ("melt", "bath", 0.05), ("anode", "c", 0.2), axis="z"),
        "materials": {"al": material(1e8, 50.0), "bath": material(250.0), "c": material(1e8, 20.0)},
        "mesh": cut(1, 1, (2, 2, 3)),
        "surfaces": ends("metal", "anode", "z"),
        "terminals": [fed("high", 6000.0), held("low", 0.0)],
        "lumps": [lump("melt", {"anode": 900.0, "metal": 1500.0})],
        "conditions": [on("low", fixed(1000.0)), on("high", fixed(1100.0))],
        "interfaces": [interface("upper", "anode", "melt", *laws), interface("lower", "melt", "metal", *second)],
    }
    return case | more


def _melt_heat(at_anode=0.0, in_melt=0.0, at_metal=0.0):
    """Heat [W/m²] that leaves through the metal and the melt's temperature, for heat generated on the anode, in the
    melt and on the metal."""
    anode, metal = 20.0 / 0.2, 50.0 / 0.1
    # Joule heat of a rod counts half on each of its ends.
    own_anode, own_metal = 0.5 * 6000.0**2 * np.array([0.2, 0.1]) / 1e8
    system = np.array([[anode + 900.0, -900.0, 0.0], [-900.0, 2400.0, -1500.0], [0.0, -1500.0, 1500.0 + metal]])
    joule = 6000.0**2 * 0.05 / 250.0
    made = [anode * 1100.0 + at_anode + own_anode, in_melt + joule, metal * 1000.0 + at_metal + own_metal]
    _, melt, top = np.linalg.solve(system, made)
    return metal * (top - 1000.0) + own_metal, melt


NETWORK = "thermal network of anode, melt and metal, solved as a matrix"


@check("coupled", "heat of electrodes", NETWORK, "W", 1e-8)
def heat_before_the_film(n):
    """Film law whose heat lies on the melt's side, which is the wall's side of the melt's film: heat through the
    metal"""
    return Posed(_melt([film(4e-5, heat="second")]), _melt_heat(at_anode=1440.0)[0], lambda a: a.loss("low"))


@check("coupled", "heat of electrodes", NETWORK, "K", 1e-8)
def heat_in_the_pool(n):
    """Film law whose heat is the melt's itself: temperature of the melt"""
    return Posed(_melt([film(4e-5, heat="pool")]), _melt_heat(in_melt=1440.0)[1], lambda a: a.lump("melt"), 100.0)


@check("coupled", "heat of electrodes", f"{NETWORK}; (b/8) ln(1 + (J/J1)^8) at the melt's temperature", "W", 1e-7)
def concentration_heat(n):
    """Concentration overpotential, its heat on the metal: heat through the metal"""
    law = {"kind": "concentration", "slope": "6e-5 V/K", "threshold": "2570 A/m2"}
    case = _melt([], [law])
    case["interfaces"][1]["temperature_side"] = "first"
    melt = 1100.0
    for _ in range(60):  # the overpotential follows the melt by 6e-5 V/K times a few: a contraction by 1e-3
        eta = 6e-5 * melt / 8 * np.log1p((6000.0 / 2570.0) ** 8)
        heat, melt = _melt_heat(at_metal=6000.0 * eta)
    return Posed(case, heat, lambda a: a.loss("low"))


def _bare_electrode(heat):
    """The same along x with the metal as a vertical wall on which the melt might freeze, were it not far too hot."""
    case = _melt(
        [],
        ledge={
            "pools": ["melt"],
            "walls": ["metal"],
            "liquidus": "700 K",
            "reach": "0.04 m",
            "conductivity": "1.5 W/m/K",
        },
    )
    stack = ("metal", "al", 0.1), ("melt", "bath", 0.05), ("anode", "c", 0.2)
    case |= {
        "boxes": layers(*stack),
        "mesh": cut((2, 2, 3)),
        "surfaces": ends("metal", "anode"),
        "solver": {"tolerance": 1e-3},
    }
    case |= {"physics": {"temperature": "1050 K"}}
    case["interfaces"][1] = interface("lower", "metal", "melt", film(4e-5, heat=heat), contact(thermal=1e-3))
    return case


def _beside_contact(on_metal, on_melt):
    """Heat [W/m²] through the metal and the melt's temperature: 1e-3 m²K/W between the metal and the melt's film."""
    own = 0.5 * 6000.0**2 * np.array([0.2 / 1e8, 0.1 / 1e8])
    system = [
        [1000.0, -900.0, 0.0, 0.0],
        [-900.0, 2400.0, -1500.0, 0.0],
        [0.0, -1500.0, 2500.0, -1000.0],
        [0.0, 0.0, -1000.0, 1500.0],
    ]
    made = [100.0 * 1100.0 + own[0], 6000.0**2 * 0.05 / 250.0, on_melt, 500.0 * 1000.0 + on_metal + own[1]]
    _, melt, _, top = np.linalg.solve(system, made)
    return 500.0 * (top - 1000.0) + own[1], melt


@check("coupled", "freezing fronts", f"{NETWORK}; the wall is bare", "K", 1e-7)
def bare_wall_heated(n):
    """Vertical electrode that could freeze over and does not, its overpotential on the wall: temperature of the melt"""
    return Posed(_bare_electrode("first"), _beside_contact(1440.0, 0.0)[1], lambda a: a.lump("melt"), 100.0)


@check("coupled", "freezing fronts", f"{NETWORK}; the wall is bare", "K", 1e-7)
def bare_front_heated(n):
    """Vertical electrode that could freeze over and does not, its overpotential on the melt's side: temperature of the
    melt"""
    return Posed(_bare_electrode("second"), _beside_contact(0.0, 1440.0)[1], lambda a: a.lump("melt"), 100.0)


def _frozen_electrode(heat):
    """Melt heated from a plate, before a wall at 300 K on which it freezes; current from the plate to the melt's far
    side."""
    case = {
        "physics": {"temperature": "1200 K"},
        "solver": {"tolerance": 1e-3},
        "boxes": [
            box("wall", "w", (1.0, 1.2)),
            box("melt", "bath", (0.0, 1.0)),
            box("plate", "c", (0.2, 0.4), (0.0, 1.0), (-0.1, 0.0)),
        ],
        "materials": {"w": material(k=20.0), "bath": material(1e9), "c": material(1e9, 10.0)},
        "mesh": cut((2, 2, 6, 2), 1, (1, 3)),
        "surfaces": [
            {"name": "below", "of": "plate", "sides": ["z-"]},
            {"name": "cold", "of": "wall", "sides": ["x+"]},
            {"name": "top", "of": "melt", "sides": ["z+"], "x": ["0.2 m", "0.4 m"]},
        ],
        "terminals": [fed("below", 400.0), held("top", 0.0)],
        "lumps": [lump("melt", {"plate": 700.0, "*": 600.0})],
        "interfaces": [interface("electrode", "plate", "melt", film(0.003, heat=heat))],
        "ledge": {
            "pools": ["melt"],
            "walls": ["wall"],
            "liquidus": "1150 K",
            "reach": "0.6 m",
            "conductivity": "1.5 W/m/K",
        },
        "conditions": [on("cold", convection(25.0, 300.0)), on("below", flux(2e4))],
    }
    return case, 0.2 * 2e4 + 400.0**2 * 0.003 / 0.2  # W, all of which leaves through the wall


@check("coupled", "freezing fronts", "all heat leaves through the ledge", "m", 1e-6)
def ledge_of_electrode_heat(n):
    """Melt heated by a plate and by the overpotential on it, before a wall it freezes on: thickness of the ledge"""
    case, q = _frozen_electrode("first")
    return Posed(case, 1.5 * (850.0 / q - 0.01 - 1 / 25.0), lambda a: float(a.record["ledge"]["thickness"].mean()))


@check("coupled", "cell output", "Faraday's law, 26.98154 g/mol and 3 electrons (IUPAC 2021)", "kg", 3e-9)
def aluminium_per_day(n):
    """Cell at a current efficiency of 0.9: aluminium per day"""
    exact = 0.9 * 200.0 * 86400.0 * 0.0269815385 / (3 * F)
    return Posed(cell(0.9), exact, lambda a: a.report["productivity"]["aluminium_kg_per_day"])


@check(
    "coupled",
    "cell output",
    "Faraday's law, 31.998 g/mol and 4 electrons (IUPAC 2021), less what the back reaction takes",
    "kg",
    1e-4,
)
def oxygen_per_day(n):
    """Cell at a current efficiency of 0.9: oxygen per day"""
    return Posed(
        cell(0.9), 0.9 * 200.0 * 86400.0 * 0.031998 / (4 * F), lambda a: a.report["productivity"]["oxygen_kg_per_day"]
    )


@check("coupled", "cell output", "voltage times 3F over the molar mass", "kWh/kg", 3e-9)
def energy_per_kilogram(n):
    """Cell at a current efficiency of 0.9: electric energy, against its own voltage; 2.9806 kAh/kg (Grjotheim & Welch
    1988)"""
    ohmic = 200.0 * (0.1 / 3e6 + 0.04 / 180.0 + 0.2 / 1e5)

    def measured(answer):
        production = answer.report["productivity"]
        return (
            production["specific_energy_kWh_per_kg"] - answer.part("reversible") * 3 * F / (0.9 * 0.0269815385) / 3.6e6
        )

    return Posed(cell(0.9), ohmic * 3 * F / (0.9 * 0.0269815385) / 3.6e6, measured, 9.0)
