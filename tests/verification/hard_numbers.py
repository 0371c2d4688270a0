"""A generator of problems whose numbers are far from usual, each with its closed form.

All are two bars in line along x, of 0.1 m each, with what lies between them and at their ends: what passes them
follows from resistances in series and from the kinetics between them. Numbers are drawn over what users may write, not
over what is sensible.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from oxycell.case.case import Case

FARADAY, GAS_CONSTANT = 96485.33212, 8.31446261815324
LENGTH, SIDE = 0.1, 0.05  # [m] of each bar
SECTION = SIDE**2
COLD, HOT = 300.0, 400.0  # [K] at the two ends


@dataclass
class Hard:
    """A problem and what its report must say.

    Attributes
    ----------
    name : str; case : Case
    expected : dict name → (value, round-off): cell_V [V], current [A] out of the cold end, heat [W] through it. The
        round-off is that of the potentials or temperatures there, times what conducts from them: nothing computed from
        these can be better
    numbers : dict, what was drawn
    """

    name: str
    case: Case
    expected: dict
    numbers: dict = field(default_factory=dict)


def _bars(mesh, materials, thermal, interfaces=(), conditions=(), terminals=(), **more):
    return Case.model_validate(
        {
            "mesh": mesh,
            "materials": materials,
            "boxes": [
                {
                    "name": "one",
                    "material": "one",
                    "x": ["0 m", f"{LENGTH} m"],
                    "y": ["0 m", f"{SIDE} m"],
                    "z": ["0 m", f"{SIDE} m"],
                },
                {
                    "name": "two",
                    "material": "two",
                    "x": [f"{LENGTH} m", f"{2 * LENGTH} m"],
                    "y": ["0 m", f"{SIDE} m"],
                    "z": ["0 m", f"{SIDE} m"],
                },
            ],
            "surfaces": [
                {"name": "begin", "of": "one", "sides": ["x-"]},
                {"name": "end", "of": "two", "sides": ["x+"]},
            ],
            "interfaces": list(interfaces),
            "conditions": list(conditions),
            "terminals": list(terminals),
            **more,
            "physics": {"thermal": thermal, "temperature": f"{COLD!r} K", **more.get("physics", {})},
        }
    )


def _mesh(random):
    """Cells of usual size, thin across or thin along: down to 10 µm × 50 mm."""
    kind = random.integers(4)
    if kind == 0:
        return {"size": "50 mm", "size_z": "10 um", "growth": 1000.0}
    if kind == 1:
        return {"size": "50 mm", "size_x": "100 um", "growth": 1000.0}
    return {"size": "12.5 mm" if kind == 2 else "25 mm"}


def _log(random, low, high):
    return float(10.0 ** random.uniform(math.log10(low), math.log10(high)))


def _materials(sigma, k):
    return {
        name: {"electrical_conductivity": f"{s!r} S/m", "thermal_conductivity": f"{c!r} W/m/K"}
        for name, s, c in zip(("one", "two"), sigma, k, strict=True)
    }


def _terminals(drive):
    return [{"name": "in", "surfaces": ["begin"], **drive}, {"name": "out", "surfaces": ["end"], "potential": "0 V"}]


def _joint(*laws):
    return [{"name": "joint", "between": ["one", "two"], "laws": list(laws)}] if laws else []


def contact(random):
    """Two conductors and a contact, current given or potential given."""
    sigma = [_log(random, 1e-4, 1e12) for _ in range(2)]
    resistance = _log(random, 1e-12, 1e6) if random.random() < 0.8 else 0.0
    current = _log(random, 1e-9, 1e6)
    volts = current / SECTION * (LENGTH / sigma[0] + resistance + LENGTH / sigma[1])
    drive = {"current": f"{current!r} A"} if random.random() < 0.5 else {"potential": f"{volts!r} V"}
    case = _bars(
        _mesh(random),
        _materials(sigma, (1.0, 1.0)),
        False,
        _joint({"kind": "contact", "electric": f"{resistance!r} ohm m2"}),
        terminals=_terminals(drive),
    )
    return case, {"cell_V": (volts, 0.0), "current": (current, 0.0)}, {"sigma": sigma, "R": resistance, "I": current}


def kinetics(random):
    """Two conductors and an electrode law, at currents from far below J0 to far above it."""
    sigma = [_log(random, 1.0, 1e8) for _ in range(2)]
    exchange = 10.0 ** random.uniform(-300, -8) if random.random() < 0.5 else _log(random, 1e-8, 1e4)
    density = _log(random, 1e-3, 1e6)
    T = random.uniform(290.0, 1300.0)
    if random.random() < 0.5:
        transfer = random.uniform(0.3, 4.0)
        law = {"kind": "asinh", "exchange_current_density": f"{exchange!r} A/m2", "transfer_number": transfer}
    else:  # symmetrical Butler–Volmer is asinh with twice the coefficient
        transfer = random.uniform(0.6, 4.0)
        law = {
            "kind": "butler_volmer",
            "exchange_current_density": f"{exchange!r} A/m2",
            "anodic": transfer,
            "cathodic": transfer,
        }
    x = math.log(density) - math.log(exchange)
    overpotential = GAS_CONSTANT * T / (FARADAY * transfer) * (x if x > 20.0 else math.asinh(math.exp(x) / 2.0))
    volts = overpotential + density * (LENGTH / sigma[0] + LENGTH / sigma[1])
    current = density * SECTION
    drive = {"current": f"{current!r} A"} if random.random() < 0.5 else {"potential": f"{volts!r} V"}
    case = _bars(
        _mesh(random),
        _materials(sigma, (1.0, 1.0)),
        False,
        _joint(law),
        terminals=_terminals(drive),
        physics={"temperature": f"{T!r} K"},
    )
    return (
        case,
        {"cell_V": (volts, 0.0), "current": (current, 0.0)},
        {"sigma": sigma, "J0": exchange, "J": density, "V": volts},
    )


def conduction(random):
    """Two bodies, a contact, a film or a held temperature at the ends."""
    k = [_log(random, 1e-6, 1e6) for _ in range(2)]
    if random.random() < 0.3:
        k[random.integers(2)] = _log(random, 1e6, 1e20)
    contact_resistance = _log(random, 1e-9, 1e4) if random.random() < 0.7 else 0.0
    films = [_log(random, 1e-6, 1e12) if random.random() < 0.7 else math.inf for _ in range(2)]
    series = [1.0 / films[0], LENGTH / k[0], contact_resistance, LENGTH / k[1], 1.0 / films[1]]
    heat = (HOT - COLD) * SECTION / sum(series)
    conditions = [
        {
            "on": [on],
            "laws": [
                {"kind": "fixed_temperature", "temperature": f"{T!r} K"}
                if math.isinf(film)
                else {"kind": "convection", "coefficient": f"{film!r} W/m2/K", "fluid": f"{T!r} K"}
            ],
        }
        for on, T, film in zip(("begin", "end"), (HOT, COLD), films, strict=True)
    ]
    case = _bars(
        _mesh(random),
        _materials((1.0, 1.0), k),
        True,
        _joint({"kind": "contact", "thermal": f"{contact_resistance!r} K m2/W"}),
        conditions,
        physics={"electric": False},
    )
    return case, {"heat": (heat, _round_off(case, k[1], films[1]))}, {"k": k, "R": contact_resistance, "h": films}


def joule(random):
    """Currents that heat two bars, cooled at one end by a film; what is lost is what the current makes."""
    sigma = [_log(random, 1e2, 1e12) for _ in range(2)]
    k = [_log(random, 1.0, 1e4) for _ in range(2)]
    film = _log(random, 10.0, 1e12)
    resistance = LENGTH / sigma[0] + LENGTH / sigma[1]
    # So that the ends stay below 1500 K: q (1/h + L/k + L/k) < 1000 K with q = J² R.
    most = math.sqrt(1000.0 / (1.0 / film + LENGTH / k[0] + LENGTH / k[1]) / resistance)
    density = most * _log(random, 1e-9, 1.0)
    current = density * SECTION
    case = _bars(
        _mesh(random),
        _materials(sigma, k),
        True,
        terminals=_terminals({"current": f"{current!r} A"}),
        conditions=[
            {"on": ["end"], "laws": [{"kind": "convection", "coefficient": f"{film!r} W/m2/K", "fluid": f"{COLD!r} K"}]}
        ],
    )
    heat = current**2 * resistance / SECTION
    return (
        case,
        {"cell_V": (current * resistance / SECTION, 0.0), "heat": (heat, _round_off(case, k[1], film))},
        {"sigma": sigma, "k": k, "h": film, "I": current},
    )


def _round_off(case, k, film):
    """Of the heat through the cold end [W]: that of a temperature, times film and half cell in series."""
    widest = float(case.mesh.size_x or case.mesh.size)
    return np.finfo(float).eps * HOT * SECTION / (1.0 / film + 0.5 * widest / k)


FAMILIES = {"contact": contact, "kinetics": kinetics, "conduction": conduction, "joule": joule}


def hard(number, each=15):
    """Problem `number` of the generator: the families in turn, `each` of one family; the same numbers every time."""
    family = list(FAMILIES)[number // each]
    case, expected, numbers = FAMILIES[family](np.random.default_rng([20, number]))
    return Hard(f"{family} {number % each}", case, expected, numbers=numbers)
