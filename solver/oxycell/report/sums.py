"""The sums every figure of a report is made of: terms of the record, added in stored order, of the whole cell."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.io.fields import at_rest
from oxycell.limits import CHARGE_LIMIT, ROUND_OFF, WIDEST
from oxycell.report.figure import Tree

_VANISHING = ROUND_OFF / WIDEST  # round-offs that count as what flows, where less does


def number(value: Any) -> float | None:
    """Python float, or None where the value is not finite (JSON knows neither NaN nor infinity)."""
    value = float(value)
    return value + 0.0 if math.isfinite(value) else None  # + 0.0 turns −0.0 into 0.0


def total(terms: Any) -> float:
    """Sum of terms (n,) in stored order; 0 for none."""
    return float(np.sum(np.ascontiguousarray(terms, np.float64)))


def ratio(absolute: float, scale: float) -> float:
    """absolute/scale; 0 where the absolute value is 0, infinite where only the scale is."""
    if absolute == 0.0:
        return 0.0
    return absolute / scale if scale else math.inf


def greatest(*values: float) -> float:
    """The largest; NaN if there is one."""
    return float(np.max(values))


def judged(offs: Sequence[float], flows: float, floors: Sequence[float], limit: float) -> tuple[float, float, float]:
    """How far something is from balancing: relative residual, round-off over the same scale, and the limit.

    Parameters
    ----------
    offs, floors : (n,), residuals in each way, and estimated round-off of each; flows : what flows, in the same unit
    limit : largest relative residual, unless round-off is larger

    Notes
    -----
    Where less flows than round-off allows to tell to 1e-6, round-off takes the place of what flows. Ten round-offs
    widen the limit, up to 1e-6.
    """
    scales = [max(flows, _VANISHING * floor) for floor in floors]
    relative = greatest(*(ratio(off, scale) for off, scale in zip(offs, scales, strict=True)))
    floor = max(ratio(floor, scale) for floor, scale in zip(floors, scales, strict=True))
    if ROUND_OFF * floor > limit:
        limit = min(ROUND_OFF * floor, WIDEST)
    return relative, floor, limit


def multiplicity(record: Tree) -> int:
    """How many copies of the model make the whole cell."""
    return int(record["multiplicity"])


def by_name(names: Sequence[str], index: Ints, values: Floats) -> dict[str, float]:
    """Sums of values (n,) by index (n,) into names; those of index −1 are left out. dict name → float."""
    chosen = index >= 0
    sums = np.bincount(index[chosen], np.asarray(values, float)[chosen], len(names))
    return {name: float(value) for name, value in zip(names, sums, strict=True)}


def terminal_currents(record: Tree) -> Floats:
    """Current into the model at each terminal (n_terminals,) [A], of the whole cell."""
    electric = record["electric"]
    at, count = electric["terminal"] >= 0, len(record["names"]["terminals"])
    into = np.asarray(np.bincount(electric["terminal"][at], electric["current"][at], count), np.float64)
    return -multiplicity(record) * into


def terminal_potentials(record: Tree) -> Floats:
    """Potential of each terminal outside its external resistance (n_terminals,) [V]."""
    electric = record["electric"]
    return electric["terminal_node_potential"] + electric["terminal_external_resistance"] * terminal_currents(record)


def supplied(record: Tree) -> tuple[Floats, Floats]:
    """What enters the body other than by terminals: currents [A] of the whole cell and the potentials [V] they enter
    at, (n,) each.

    One entry for each face with a boundary current, then one for each cell of a current source.
    """
    electric, scale = record["electric"], multiplicity(record)
    currents, potentials = [np.zeros(0)], [np.zeros(0)]
    if "supplies" in electric:
        currents.append(-scale * electric["current"][electric["supplies"]["index"]])
        potentials.append(electric["supplies"]["potential"])
    for _, source in sorted(electric.get("sources", {}).items()):
        currents.append(scale * source["current"])
        potentials.append(record["cells"]["electric_potential"][source["cell"]])
    return np.concatenate(currents), np.concatenate(potentials)


def entering(record: Tree) -> tuple[Floats, Floats]:
    """Currents into the body [A] and the potentials they enter at [V], (n,) each, of the whole cell: terminals, then
    what is `supplied`."""
    currents, potentials = supplied(record)
    return np.r_[terminal_currents(record), currents], np.r_[terminal_potentials(record), potentials]


def cell_current(record: Tree) -> float:
    """Current through the whole cell [A]: half the sum of the sizes of all currents into and out of it."""
    return 0.5 * total(np.abs(entering(record)[0]))


def circulating(record: Tree) -> float:
    """Largest current through a face with laws [A], of the whole cell: it may circulate where none enters."""
    current = record["electric"]["current"]
    return multiplicity(record) * max(
        (float(np.max(np.abs(current[law["index"]]), initial=0.0)) for law in laws(record)), default=0.0
    )


def at_open_circuit(record: Tree) -> bool:
    """Whether no current enters: no more than the round-off of what crosses the boundary, or than closes as none beside
    what circulates."""
    least = ROUND_OFF * multiplicity(record) * float(record["floor"].get("charge_sum", 0.0))
    return cell_current(record) <= max(least, CHARGE_LIMIT * circulating(record))


def laws(record: Tree) -> list[Tree]:
    """Laws on electric faces, in the order of their keys."""
    return [record["electric"]["laws"][key] for key in sorted(record["electric"]["laws"])]


def spent_power(record: Tree) -> tuple[float, float]:
    """Power turned into heat, outside too, and power of the equilibrium potentials, both [W], of the whole cell."""
    electric, scale = record["electric"], multiplicity(record)
    dissipated = scale * total(electric["current"] * (electric["drop_owner"] + electric["drop_neighbour"]))
    dissipated += total(electric["terminal_external_resistance"] * terminal_currents(record) ** 2)
    reversible = 0.0
    for law in laws(record):
        work = scale * total(electric["current"][law["index"]] * law["drop"])
        if at_rest(law):
            reversible += work
        else:
            dissipated += work
    return dissipated, reversible


def sources(record: Tree) -> list[tuple[str, Floats]]:
    """Heat generated, [(name, W of the model per term (n,))]: balance rows first, then faces, each in the order of its
    keys.

    A source is called by its own `name`, or by its key where it has none.
    """
    thermal = record["thermal"]
    return [
        (group[key].get("name", key), group[key]["heat"])
        for group in (thermal["sources"], thermal["face_sources"])
        for key in sorted(group)
    ]


def lump_temperature(record: Tree, name: str) -> float | None:
    """Temperature of a lump [K], or of the cells of the region of that name by volume; None if there is neither."""
    if "thermal" in record and name in record["names"]["lumps"]:
        return float(record["thermal"]["lump_temperature"][record["names"]["lumps"].index(name)])
    if name in record["names"]["regions"]:
        cells = record["cells"]
        inside = cells["region"] == record["names"]["regions"].index(name)
        return total((cells["temperature"] * cells["volume"])[inside]) / total(cells["volume"][inside])
    return None
