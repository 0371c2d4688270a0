"""The cell voltage and its parts, each Σ I_f Δφ_f / I over the faces it is reported under."""

import numpy as np

from oxycell.io.fields import at_rest, resists
from oxycell.physics.charge.gas import BRUGGEMAN
from oxycell.report.sums import (
    cell_current,
    entering,
    laws,
    multiplicity,
    number,
    terminal_currents,
    terminal_potentials,
    total,
)

PARTS = (
    "reversible",
    "anode_activation",
    "anode_concentration",
    "anode_film",
    "bubbles",
    "cathode_concentration",
    "bath_ohmic",
    "anode_ohmic",
    "cathode_ohmic",
    "contacts",
    "external",
)


def terminals(record):
    """Block `terminals`: name → current into the cell, potential outside its external resistance, both of the whole
    cell."""
    if "electric" not in record:
        return {}
    values = zip(
        record["names"]["terminals"],
        terminal_currents(record),
        terminal_potentials(record),
        record["electric"]["terminal_node_potential"],
        strict=True,
    )
    return {
        name: {"current_A": number(current), "potential_V": number(potential), "node_potential_V": number(node)}
        for name, current, potential, node in values
    }


def voltage(record, vocabulary):
    """Block `voltage`.

    Parameters
    ----------
    record : dict
    vocabulary : bool, True for a cell with a process: the parts of `PARTS`, 0 where absent; False: parts by region and
        interface, but for laws that state a part, and equilibrium potentials, which are of the part reversible
    """
    if "electric" not in record:
        return {"cell_V": None, "external_V": None, "parts": {}, "interfaces": {}}
    current = cell_current(record)
    parts = dict.fromkeys(PARTS, 0.0) if vocabulary else {"external": 0.0}
    if current == 0.0:
        return {"cell_V": None, "external_V": None, "parts": parts, "interfaces": {}}
    for name, power in powers(record, vocabulary):
        parts[name] = parts.get(name, 0.0) + power / current
    cell = cell_voltage(record)
    return {
        "cell_V": number(cell),
        "internal_V": number(cell - parts["external"]),
        "external_V": number(parts["external"]),
        "parts": {name: number(value) for name, value in parts.items()},
        "interfaces": interfaces(record, current),
    }


def interfaces(record, current):
    """What each interface with laws has of the cell voltage, Σ I_f Δφ_f / I [V]: equilibrium, overpotential and
    contacts apart.

    Parameters
    ----------
    record : dict
    current : float [A], through the whole cell

    Returns
    -------
    dict name → {rest_V, overpotential_V, contact_V}; activation, concentration, films and bubbles are overpotentials
    """
    electric, found = record["electric"], {}
    for law in laws(record):
        kind = "rest_V" if at_rest(law) else "contact_V" if resists(law) else "overpotential_V"
        work = multiplicity(record) * electric["current"][law["index"]] * law["drop"] / current
        for interface in np.unique(law["interface"][law["interface"] >= 0]):
            of = found.setdefault(
                record["names"]["interfaces"][interface], {"rest_V": 0.0, "overpotential_V": 0.0, "contact_V": 0.0}
            )
            of[kind] += total(work[law["interface"] == interface])
    return {name: {kind: number(value) for kind, value in of.items()} for name, of in found.items()}


def cell_voltage(record):
    """Mean potential the current enters at, less that it leaves at, weighted by current [V].

    With one terminal of each kind this is the difference of their potentials.
    """
    currents, potentials = entering(record)

    def mean(weights):
        weights = np.maximum(weights, 0.0)
        return total(weights * potentials) / total(weights) if total(weights) > 0.0 else 0.0

    return mean(currents) - mean(-currents)


def powers(record, vocabulary):
    """(part, W of the whole cell) of every group of terms: half-face drops, laws, external resistances; fixed order."""
    electric, faces, names, scale = record["electric"], record["faces"], record["names"], multiplicity(record)
    owner, neighbour = faces["owner"][electric["face"]], faces["neighbour"][electric["face"]]
    inside, part = neighbour >= 0, record["cells"]["part"]
    from_owner, into_neighbour = (
        electric["current"] * electric["drop_owner"],
        (electric["current"] * electric["drop_neighbour"])[inside],
    )
    if "gas_fraction" in record["cells"]:
        liquid = (1.0 - record["cells"]["gas_fraction"]) ** BRUGGEMAN
        excess = total(from_owner * (1.0 - liquid[owner])) + total(into_neighbour * (1.0 - liquid[neighbour[inside]]))
        yield "bubbles", scale * excess
        from_owner, into_neighbour = from_owner * liquid[owner], into_neighbour * liquid[neighbour[inside]]
    ohmic, carries = np.zeros(len(names["parts"])), np.zeros(len(names["parts"]), np.int64)
    for of, power in ((part[owner], from_owner), (part[neighbour[inside]], into_neighbour)):
        ohmic += np.bincount(of, power, ohmic.size)
        carries += np.bincount(of, minlength=ohmic.size)
    yield from (
        (name, scale * float(value)) for name, value, used in zip(names["parts"], ohmic, carries, strict=True) if used
    )
    for law in laws(record):
        work = electric["current"][law["index"]] * law["drop"]
        if vocabulary or law.get("stated", law["part"] == "external") or at_rest(law):
            yield law["part"], scale * total(work)
            continue
        for interface in np.unique(law["interface"]):
            name = names["interfaces"][interface] if interface >= 0 else law["part"]
            yield name, scale * total(work[law["interface"] == interface])
    yield "external", total(electric["terminal_external_resistance"] * terminal_currents(record) ** 2)
