"""The cell voltage and its parts, each Σ I_f Δφ_f / I over the faces it is reported under."""

import math
from collections.abc import Iterator

import numpy as np

from oxycell.io.fields import at_rest, resists
from oxycell.report.figure import ABSENT, FINE_VOLT, Figure, Shown, Tree
from oxycell.report.solved import Solved
from oxycell.report.sums import (
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


def parts(solved: Solved) -> dict[str, float]:
    """Parts of the cell voltage, name → V, NaN without current: those of `PARTS` for a cell with a process, 0 where
    absent; without one by region and interface, but for laws that state a part, and equilibrium potentials, which are
    of the part reversible."""
    vocabulary = solved.case.process is not None
    found = dict.fromkeys(PARTS, 0.0) if vocabulary else {"external": 0.0}
    for name, power in powers(solved.record, vocabulary):
        found[name] = found.get(name, 0.0) + (power / solved.current if solved.current else 0.0)
    return found if solved.current else dict.fromkeys(found, math.nan)


def interfaces(record: Tree, current: float) -> dict[str, dict[str, float]]:
    """What each interface with laws has of the cell voltage, Σ I_f Δφ_f / I [V]: equilibrium, overpotential and
    contacts apart.

    Parameters
    ----------
    record : dict
    current : float [A], through the whole cell

    Returns
    -------
    dict name → {rest_V, overpotential_V, contact_V} [V]; activation, concentration, films and bubbles are
    overpotentials
    """
    electric, found = record["electric"], dict[str, dict[str, float]]()
    for law in laws(record):
        kind = "rest_V" if at_rest(law) else "contact_V" if resists(law) else "overpotential_V"
        work = multiplicity(record) * electric["current"][law["index"]] * law["drop"] / current
        for interface in np.unique(law["interface"][law["interface"] >= 0]):
            of = found.setdefault(
                record["names"]["interfaces"][interface], {"rest_V": 0.0, "overpotential_V": 0.0, "contact_V": 0.0}
            )
            of[kind] += total(work[law["interface"] == interface])
    return found


def cell_voltage(record: Tree) -> float:
    """Mean potential the current enters at, less that it leaves at, weighted by current [V].

    With one terminal of each kind this is the difference of their potentials.
    """
    currents, potentials = entering(record)

    def mean(weights):
        weights = np.maximum(weights, 0.0)
        return total(weights * potentials) / total(weights) if total(weights) > 0.0 else 0.0

    return mean(currents) - mean(-currents)


def open_circuit(solved: Solved) -> float | None:
    """What two terminals have between them while no current passes [V]; None with current or other terminals."""
    potentials = terminal_potentials(solved.record)
    if solved.current or potentials.size != 2:
        return None
    return number(abs(potentials[0] - potentials[1]))


def powers(record: Tree, vocabulary: bool) -> Iterator[tuple[str, float]]:
    """(part, W of the whole cell) of every group of terms: half-face drops, laws, external resistances; fixed order."""
    electric, faces, names, scale = record["electric"], record["faces"], record["names"], multiplicity(record)
    owner, neighbour = faces["owner"][electric["face"]], faces["neighbour"][electric["face"]]
    inside, part = neighbour >= 0, record["cells"]["part"]
    from_owner, into_neighbour = (
        electric["current"] * electric["drop_owner"],
        (electric["current"] * electric["drop_neighbour"])[inside],
    )
    if "gas_conductivity_ratio" in record["cells"]:
        liquid = record["cells"]["gas_conductivity_ratio"]
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


def _of_terminals(values):
    """What a figure of every terminal takes from a function of a record with a value for each."""
    return lambda solved: {
        name: number(value)
        for name, value in zip(solved.record["names"]["terminals"], values(solved.record), strict=True)
    }


def _by_interface(solved):
    return interfaces(solved.record, solved.current)


def _of_interfaces(kind):
    """What a figure of every interface takes of one kind of drop."""
    return lambda solved: {name: number(of[kind]) for name, of in solved.once(_by_interface).items()}


def _cell(solved):
    return cell_voltage(solved.record)


FIGURES = (
    Figure(
        "terminals.*.current_A",
        "A",
        "current into the cell",
        "−multiplicity × Σ electric/current over the faces of electric/terminal",
        ("charge",),
        _of_terminals(terminal_currents),
        absent={},
        shown=Shown("A", digits=None),
        views=("html",),
    ),
    Figure(
        "terminals.*.potential_V",
        "V",
        "potential",
        "electric/terminal_node_potential + electric/terminal_external_resistance × current_A",
        ("charge",),
        _of_terminals(terminal_potentials),
        absent={},
        note="outside the external resistance",
        shown=FINE_VOLT,
        views=("html",),
    ),
    Figure(
        "terminals.*.node_potential_V",
        "V",
        "potential of the node",
        "electric/terminal_node_potential",
        ("charge",),
        _of_terminals(lambda record: record["electric"]["terminal_node_potential"]),
        absent={},
        note="between surface resistances and external resistance",
        views=(),
    ),
    Figure(
        "voltage.cell_V",
        "V",
        "cell voltage",
        "mean of terminals.*.potential_V where current enters, less that where it leaves, by current",
        ("charge", "current"),
        lambda solved: number(solved.once(_cell)),
        note="with one terminal of each kind the difference of their potentials",
    ),
    Figure(
        "voltage.open_circuit_V",
        "V",
        "open-circuit voltage",
        "|difference of the two terminals.*.potential_V|",
        ("charge",),
        open_circuit,
        absent=ABSENT,
        note="`null` while a current passes, and without exactly two terminals",
        views=("html",),
    ),
    Figure(
        "voltage.internal_V",
        "V",
        "without external",
        "voltage.cell_V − voltage.external_V",
        ("charge", "current"),
        lambda solved: number(solved.once(_cell) - solved.once(parts)["external"]),
        absent=ABSENT,
        views=(),
    ),
    Figure(
        "voltage.external_V",
        "V",
        "external",
        "voltage.parts.external",
        ("charge", "current"),
        lambda solved: number(solved.once(parts)["external"]),
        views=(),
    ),
    Figure(
        "voltage.parts.*",
        "V",
        "{}",
        "multiplicity × Σ electric/current × drop / I: half-face drops (drop_owner, drop_neighbour) by cells/part, "
        "electric/laws/*/drop by the law's part; external also Σ R I_t² / I; of drops in cells with "
        "gas_conductivity_ratio r the share 1 − r in bubbles",
        ("charge",),
        lambda solved: {name: number(value) for name, value in solved.once(parts).items()},
        absent={},
        note="`null` without current; with `[process]`: "
        + ", ".join(f"`{name}`" for name in PARTS)
        + ", zero where there is none; without: "
        "parts by region and interface, equilibrium potentials under `reversible`; a `part` that a law, box or region "
        "states counts in both",
    ),
    Figure(
        "voltage.interfaces.*.rest_V",
        "V",
        "equilibrium potential",
        "multiplicity × Σ electric/current × drop / I of electric/laws/* of the interface that are equilibrium "
        "potentials",
        ("charge", "current"),
        _of_interfaces("rest_V"),
        absent={},
        note="what an interface has of the cell voltage",
        shown=FINE_VOLT,
        views=("html",),
    ),
    Figure(
        "voltage.interfaces.*.overpotential_V",
        "V",
        "overpotential",
        "multiplicity × Σ electric/current × drop / I of electric/laws/* of the interface that are neither "
        "equilibrium potentials nor "
        "contacts",
        ("charge", "current"),
        _of_interfaces("overpotential_V"),
        absent={},
        note="activation, concentration, films and bubbles",
        shown=FINE_VOLT,
        views=("html",),
    ),
    Figure(
        "voltage.interfaces.*.contact_V",
        "V",
        "contact",
        "multiplicity × Σ electric/current × drop / I of electric/laws/* of the interface that are contacts",
        ("charge", "current"),
        _of_interfaces("contact_V"),
        absent={},
        shown=FINE_VOLT,
        views=("html",),
    ),
)
