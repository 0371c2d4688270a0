"""Heat generated, taken up by the process, dissipated outside, stored and lost, each from its own terms."""

import numpy as np

from oxycell.report.balances import spent_power
from oxycell.report.sums import by_name, cell_current, multiplicity, number, sources, total

PATHS = ("lid", "rods", "side_bath", "side_metal", "side_lower", "deck", "bottom", "bars")


def heat(record, voltage, equivalent_voltage):
    """Block `heat`, of the whole cell.

    Parameters
    ----------
    record : dict
    voltage : the block of that name
    equivalent_voltage : float [V], V_eq of the process at the electrolyte's temperature; None without a process: then
        what the equilibrium potentials take up stands for it
    """
    current = cell_current(record) if "electric" in record else 0.0
    if equivalent_voltage is None:
        equivalent_voltage = spent_power(record)[1] / current if current else 0.0
    block = {
        "generated_W": 0.0,
        "process_W": number(current * equivalent_voltage),
        "external_W": number(current * (voltage["external_V"] or 0.0)),
        "given_W": 0.0,
        "stored_W": 0.0,
        "losses": {},
        "pool_W": {},
        "equivalent_voltage_V": number(equivalent_voltage),
        "sources_W": {},
        "lump_temperatures_K": {},
    }
    if "thermal" not in record:
        return block
    scale, thermal = multiplicity(record), record["thermal"]
    made = {}
    for name, terms in sources(record):
        made[name] = made.get(name, 0.0) + scale * total(terms)
    block["sources_W"] = {name: number(value) for name, value in made.items()}
    block["given_W"] = number(sum(made[name] for name in thermal.get("given", ())))
    block["generated_W"] = number(sum(made.values()))
    block["stored_W"] = number(scale * float(thermal["stored"]))
    block["losses"] = losses(record)
    block["pool_W"] = pool_losses(record)
    names = record["names"]["lumps"]
    block["lump_temperatures_K"] = {name: number(T) for name, T in zip(names, thermal["lump_temperature"], strict=True)}
    return block


def losses(record):
    """Heat to the surroundings by loss path [W], of the whole cell; what has no path is reported under `other`."""
    thermal, scale = record["thermal"], multiplicity(record)
    boundary = record["faces"]["neighbour"][thermal["face"]] < 0
    path, lost = thermal["path"][boundary], scale * thermal["heat_neighbour"][boundary]
    sums = by_name(record["names"]["paths"], path, lost)
    if (path < 0).any() and (other := total(lost[path < 0])) != 0.0:
        sums["other"] = sums.get("other", 0.0) + other
    return {name: number(sums[name]) for name in sorted(sums, key=_rank)}


def pool_losses(record):
    """Heat that lumps give to what they wet, by loss path [W], of the whole cell."""
    thermal = record["thermal"]
    at = np.flatnonzero(thermal["pool_path"] >= 0)
    given = multiplicity(record) * np.where(
        thermal["pool_sign"][at] > 0, thermal["heat_owner"][at], -thermal["heat_neighbour"][at]
    )
    sums = by_name(record["names"]["paths"], thermal["pool_path"][at], given)
    return {name: number(sums[name]) for name in sorted(sums, key=_rank)}


def _rank(path):
    """Order of loss paths: those of a cell from the top down, then the others as they stand."""
    return PATHS.index(path) if path in PATHS else len(PATHS)
