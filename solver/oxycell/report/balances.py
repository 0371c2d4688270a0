"""The ledger: charge, electric power and heat, each the sum of its own stored terms, compared with its limit."""

import numpy as np

from oxycell.io.fields import at_rest
from oxycell.report.sums import (
    cell_current,
    entering,
    laws,
    multiplicity,
    number,
    ratio,
    sources,
    terminal_currents,
    total,
)

LIMITS = {"charge": 1e-10, "electric_power": 1e-8, "heat": 1e-8, "voltage": 1e-9, "energy": 1e-8}
WIDEST = 1e-6  # to which round-off may widen a limit
ROUND_OFF_FACTOR = 10.0
_VANISHING = ROUND_OFF_FACTOR / WIDEST  # round-offs that count as what flows, where less does
FLOORS = ("charge", "charge_sum", "power", "heat", "heat_sum")
"""Estimated round-off a record holds [A, A, W, W, W]: of the worst row and of the sum over all rows, and of electric
power."""


def balances(record, voltage, heat):
    """Block `balance`: name → {absolute, relative, floor, limit, closed, unit, solved}.

    Parameters
    ----------
    record : dict
    voltage, heat : the blocks of these names

    Returns
    -------
    dict with charge [A], electric_power [W], heat [W], voltage [V] (parts against cell voltage) and energy [W]
    (electric input against losses, external heat, stored heat and process uptake)
    """
    electric, thermal = "electric" in record, "thermal" in record
    floors = {name: multiplicity(record) * float(record["floor"].get(name, 0.0)) for name in FLOORS}
    for name in ("charge", "heat"):  # records of earlier versions hold no floor of the sum
        floors[f"{name}_sum"] = floors[f"{name}_sum"] or floors[name]
    block = {
        "charge": _member("charge", charge(record), (floors["charge_sum"], floors["charge"]), "A")
        if electric
        else _absent("A"),
        "electric_power": _member("electric_power", power(record), (floors["power"],), "W")
        if electric
        else _absent("W"),
        "heat": _member("heat", heat_balance(record), (floors["heat_sum"], floors["heat"]), "W")
        if thermal
        else _absent("W"),
        "voltage": _absent("V"),
        "energy": _absent("W"),
    }
    if electric and voltage["cell_V"] is not None:
        current = cell_current(record)
        gap = abs(sum(voltage["parts"].values()) - voltage["cell_V"])
        largest = max(
            abs(part) for part in (voltage["cell_V"], *voltage["parts"].values())
        )  # a cell shorted has parts, and no voltage
        block["voltage"] = _member("voltage", (gap, largest), (floors["power"] / current,), "V")
        if thermal:
            spent = sum(heat["losses"].values()) + heat["external_W"] + heat["stored_W"] + heat["process_W"]
            power_in = current * voltage["cell_V"] + heat["given_W"]
            largest = max(
                abs(current * voltage["cell_V"]), abs(heat["given_W"]), abs(heat["process_W"]), heat_balance(record)[-1]
            )
            block["energy"] = _member(
                "energy", (abs(power_in - spent), largest), (floors["power"] + floors["heat"],), "W"
            )
    return block


def _member(name, found, floors, unit):
    """A member of the block.

    Parameters
    ----------
    name : str
    found : tuple of float, residuals of the balance in each way, then what flows; floors : estimated round-off of
        each way

    Notes
    -----
    Where less flows than round-off allows to tell to 1e-6, round-off takes the place of what flows.
    """
    *offs, flows = found
    scales = [max(flows, _VANISHING * floor) for floor in floors]
    relative = _worst(*(ratio(off, scale) for off, scale in zip(offs, scales, strict=True)))
    floor = max(ratio(floor, scale) for floor, scale in zip(floors, scales, strict=True))
    limit = LIMITS[name]
    if ROUND_OFF_FACTOR * floor > limit:
        limit = min(ROUND_OFF_FACTOR * floor, WIDEST)
    return {
        "absolute": number(_worst(*offs)),
        "relative": number(relative),
        "floor": number(floor),
        "limit": limit,
        "closed": bool(relative <= limit),
        "unit": unit,
        "solved": True,
    }


def _absent(unit):
    return {
        "absolute": 0.0,
        "relative": 0.0,
        "floor": 0.0,
        "limit": None,
        "closed": True,
        "unit": unit,
        "solved": False,
    }


def closed(report):
    """Failures of the ledger, one line each; an empty list means that it closes."""
    return [
        f"{name} does not close: residual {_text(member['absolute'])} {member['unit']}, relative "
        f"{_text(member['relative'])}, limit {member['limit']:.1e}"
        for name, member in report["balance"].items()
        if not member["closed"]
    ]


def _text(value):
    return "no number" if value is None else f"{value:.3e}"


def charge(record):
    """|Σ currents into the body| and the largest of the cells' charge residuals [A], and half the sum of the sizes of
    those currents [A].

    A body of ideal conductor counts as one cell.
    """
    electric, faces = record["electric"], record["faces"]
    owner, neighbour = faces["owner"][electric["face"]], faces["neighbour"][electric["face"]]
    inside, cells = neighbour >= 0, len(record["cells"]["volume"])
    residual = np.bincount(owner, electric["current"], cells)
    residual -= np.bincount(neighbour[inside], electric["current"][inside], cells)
    # Current that ends at a boundary face without a terminal or a supply has left the ledger.
    lost = ~inside & (electric["terminal"] < 0)
    if "supplies" in electric:
        lost[electric["supplies"]["index"]] = False
    for name in sorted(electric.get("sources", {})):
        source = electric["sources"][name]
        residual -= np.bincount(source["cell"], source["current"], cells)
    if "ideal_body" in record["cells"]:
        body = record["cells"]["ideal_body"]
        residual = np.bincount(np.where(body >= 0, body, np.arange(cells)), residual, cells)
    worst = max(_largest(residual), _largest(electric["current"][lost]))
    return abs(total(entering(record)[0])), worst, cell_current(record)


def power(record):
    """|Σ I φ − Σ dissipation − Σ I_f E_rev| over what enters, and the larger of Σ |I φ| and |Σ I_f E_rev|; both [W], of
    the whole cell."""
    currents, potentials = entering(record)
    fed = currents * potentials
    dissipated, reversible = spent_power(record)
    return abs(total(fed) - dissipated - reversible), max(total(np.abs(fed)), abs(reversible))


def spent_power(record):
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


def heat_balance(record):
    """|Σ sources − Σ losses − stored|, the largest of the rows' and the faces' residuals, and what they are relative
    to, all [W].

    That is Σ |sources|, or half of all heat that crosses the boundary where that is more: heat may also come in from
    outside.
    """
    thermal, faces, scale = record["thermal"], record["faces"], multiplicity(record)
    made = sources(record)
    boundary = faces["neighbour"][thermal["face"]] < 0
    lost = total(thermal["heat_neighbour"][boundary])
    balance = scale * (sum(total(heat) for _, heat in made) - lost - float(thermal["stored"]))
    worst = scale * _largest(face_residual(record))
    if float(thermal["stored"]) == 0.0:
        worst = _worst(worst, scale * _largest(row_residual(record)))
    crossing = 0.5 * total(np.abs(thermal["heat_neighbour"][boundary]))
    return abs(balance), worst, scale * max(sum(total(np.abs(heat)) for _, heat in made), crossing)


def row_residual(record):
    """Σ sources − Σ heat out of each balance row (n_rows,) [W], of the model."""
    thermal = record["thermal"]
    rows, owner, neighbour = thermal["n_rows"], thermal["row_owner"], thermal["row_neighbour"]
    inside = neighbour >= 0
    residual = -np.bincount(owner, thermal["heat_owner"], rows)
    residual += np.bincount(neighbour[inside], thermal["heat_neighbour"][inside], rows)
    if "ledge" in record:
        residual -= np.bincount(record["ledge"]["link_from"], record["ledge"]["link_heat"], rows)
        residual += np.bincount(record["ledge"]["link_to"], record["ledge"]["link_heat"], rows)
    for name in sorted(thermal["sources"]):
        residual += np.bincount(thermal["sources"][name]["row"], thermal["sources"][name]["heat"], rows)
    return residual


def face_residual(record):
    """Heat that enters the neighbour − heat that leaves the owner − heat generated on the face (n_faces,) [W], of the
    model."""
    thermal = record["thermal"]
    residual = thermal["heat_neighbour"] - thermal["heat_owner"]
    for name in sorted(thermal["face_sources"]):
        source = thermal["face_sources"][name]
        face, place = np.unique(source["index"], return_inverse=True)
        residual[face] -= np.bincount(place, source["heat"], face.size)
    return residual


def _largest(values):
    """Largest magnitude; NaN if there is one, 0 for none."""
    return float(np.max(np.abs(values))) if len(values) else 0.0


def _worst(*values):
    """The largest; NaN if there is one."""
    return float(np.max(values))
