"""States that no engineer would accept, distinct from warnings: each with where, how far and what share."""

import re

import numpy as np

from oxycell.constants import ZERO_CELSIUS
from oxycell.mesh.connected import connected_parts
from oxycell.report.figure import TEXT, Figure
from oxycell.report.limits_of_use import beyond_limits
from oxycell.report.masses import beyond_saturation
from oxycell.report.productivity import bath_temperature
from oxycell.report.sums import multiplicity, number, terminal_currents, total
from oxycell.report.transient import met_before

LEAST_SUPERHEAT = 2.0
"""Superheat of the electrolyte [K] below which a run alerts: less than a cell's bath varies by between two tappings
[E]."""

_NO_CURRENT, _ROUND_OFF = (
    1e-9,
    10.0,
)  # share of the largest current of a terminal, and round-offs of their sum, that count as none


def alerts(case, mesh, record):
    """Block `alerts`: list of dict with `kind`, `message` and the numbers behind it; empty for a state without.

    Of a run over time those of its last state, then those that only states before it had, with `time_s`.

    Parameters
    ----------
    case : Case
    mesh : Mesh
    record : dict
    """
    found = [
        *_limits(mesh, record),
        *_superheat(case, record),
        *beyond_saturation(record),
        *_limiting(mesh, record),
        *_no_current(record),
        *_alone(mesh, record),
    ]
    return found + met_before(record, found)


def alert_failures(figures):
    """Why a run under --strict does not count, in one line; empty where it does, or was not strict."""
    return [strict_message(figures["alerts"])] if figures["status"].get("strict") and figures["alerts"] else []


def strict_message(entries):
    """What --strict says of alerts, at least one."""
    count = len(entries)
    return f"--strict: {count} alert{'s' if count > 1 else ''}: {entries[0]['message']}{' …' if count > 1 else ''}"


def _limits(mesh, record):
    for entry in beyond_limits(mesh, record):
        above = entry["extreme_K"] > entry["limit_K"]
        yield {
            "kind": "limit_of_use",
            "message": (
                f"{entry['region']} ({entry['material']}) {'reaches' if above else 'falls to'} "
                f"{_celsius(entry['extreme_K'])}, "
                f"{_digits(entry['beyond_K'])} K {'above' if above else 'below'} its {_words(entry['limit'])} of "
                f"{_celsius(entry['limit_K'])}; "
                f"{_percent(entry['share'])} of its volume ({entry['volume_m3']:.2g} m3) "
                f"{'above' if above else 'below'} "
                f"[{entry['basis']}: {entry['source']}]"
            ),
        } | entry


def _words(kind):
    return {
        "service": "maximum service temperature",
        "solidus": "solidus",
        "freezing": "freezing point",
        "melting": "melting point",
        "boiling": "boiling point",
        "oxidation": "limit of oxidation",
        "softening": "softening temperature",
    }[kind]


def _superheat(case, record):
    """The electrolyte less than `LEAST_SUPERHEAT` above its liquidus."""
    names = record["names"]
    if case.process is None or (
        "thermal" in record and case.process.electrolyte not in names["lumps"] + names["regions"]
    ):
        return  # the cell is empty
    T = bath_temperature(case, record)
    liquidus = record.get("ledge", {}).get("liquidus")
    if liquidus is None and case.bath is not None:
        liquidus = case.bath.liquidus()
    if T is None or liquidus is None or T - liquidus >= LEAST_SUPERHEAT:
        return
    superheat = float(T - liquidus)
    yield {
        "kind": "superheat",
        "superheat_K": superheat,
        "limit_K": LEAST_SUPERHEAT,
        "liquidus_K": float(liquidus),
        "message": (
            f"the electrolyte is {_digits(superheat)} K above its liquidus of {_celsius(liquidus)}; below "
            f"{LEAST_SUPERHEAT:g} K it freezes "
            "at the slightest disturbance"
        ),
    }


def _limiting(mesh, record):
    """Faces that carry more than their limiting current."""
    if "limiting" not in record:
        return
    faces = record["limiting"]
    J = faces["sign"] * record["electric"]["current"][faces["index"]] / faces["area"]
    names = np.array([re.sub(r"\d+", "*", name) for name in mesh.region_names])
    over = J > faces["density"]
    for group in dict.fromkeys(names[np.unique(faces["region"][over])]):
        here = names[faces["region"]] == group
        share = total(faces["area"][here & over]) / total(faces["area"][here])
        times = float(np.max(J[here] / faces["density"][here]))
        limit = float(faces["density"][here][np.argmax(J[here] / faces["density"][here])])
        yield {
            "kind": "limiting_current",
            "region": str(group),
            "share": share,
            "times": times,
            "limit_A_m2": limit,
            "message": (
                f"{group}: {_percent(share)} of its working area carries more than the limiting current density, up "
                f"to {times:.3g} times {limit / 1e4:.3g} A/cm2"
            ),
        }


def _no_current(record):
    """Terminals and surfaces of given potential that no conductor joins to another one."""
    if "terminal_held" not in record.get("electric", {}):
        return
    electric, faces, names = record["electric"], record["faces"], record["names"]["terminals"]
    currents = np.abs(terminal_currents(record))
    boundary = electric.get("supplies")
    least = max(
        _NO_CURRENT * currents.max(initial=0.0),
        _ROUND_OFF * multiplicity(record) * float(record["floor"].get("charge_sum", 0.0)),
    )
    idle = [i for i in np.flatnonzero(electric["terminal_held"]) if currents[i] <= least]
    n_cells, n_nodes = (
        len(record["cells"]["volume"]),
        len(names) + (0 if boundary is None else len(record["names"]["supplies"])),
    )
    if not idle or n_nodes < 2:
        return
    owner, neighbour = (
        faces["owner"][electric["face"]].astype(np.int32),
        faces["neighbour"][electric["face"]].astype(np.int32),
    )
    terminal = electric["terminal"] >= 0
    neighbour[terminal] = n_cells + electric["terminal"][terminal].astype(np.int32)
    if boundary is not None:
        neighbour[boundary["index"]] = n_cells + len(names) + boundary["surface"].astype(np.int32)
    body = record["cells"].get("ideal_body")
    pairs = [owner, neighbour]
    if body is not None:
        inside = np.flatnonzero(body >= 0)
        pairs = [np.r_[owner, inside], np.r_[neighbour, body[inside]]]
    part = connected_parts(n_cells + n_nodes, *(ends.astype(np.int32) for ends in pairs))
    fed = {int(part[source["cell"][0]]) for source in electric.get("sources", {}).values()}
    nodes = part[n_cells:]
    for i in idle:
        potential = number(electric["terminal_node_potential"][i])
        if np.count_nonzero(nodes == nodes[i]) < 2 and int(nodes[i]) not in fed:
            yield {
                "kind": "no_current",
                "terminal": names[i],
                "potential_V": potential,
                "message": (
                    f"no current passes terminal {names[i]!r} at {potential:.4g} V: no conductor connects it to another"
                ),
            }


def _alone(mesh, record):
    """Bodies without heat exchange: their temperature is the initial guess."""
    cells = record.get("thermal", {}).get("alone", ())
    for cell in cells:
        T, region = float(record["cells"]["temperature"][cell]), mesh.region_names[mesh.region[cell]]
        yield {
            "kind": "no_heat_exchange",
            "region": region,
            "temperature_K": T,
            "message": (
                f"{region} exchanges no heat with anything: its temperature of {_celsius(T)} is the initial guess, not "
                f"a result"
            ),
        }


def _celsius(kelvin):
    return f"{kelvin - ZERO_CELSIUS:.4g} °C"


def _digits(value):
    return f"{value:.2g}" if abs(value) < 10.0 else f"{value:.0f}"


def _percent(share):
    return f"{100.0 * share:.2g} %" if share < 0.995 else "100 %"


def _figure(key, unit, label, formula, kinds):
    return Figure(f"alerts.*.{key}", unit, label, formula, note=f"of {kinds}", views=())


FIGURES = (
    Figure(
        "alerts",
        TEXT,
        "states that no engineer would accept",
        "cells/temperature, thermal/surface_temperature and lump_temperature against limits; electric/current over "
        "limiting/area against limiting/density; the electrolyte's temperature against ledge/liquidus; masses/alumina "
        "over masses/bath against masses/saturation; terminals that "
        "no electric/face joins; thermal/alone",
        compute=lambda solved: alerts(solved.case, solved.mesh, solved.record),
        note="see [alerts](#alerts)",
        views=(),
    ),
    _figure("kind", TEXT, "kind of alert", "what was found", "every kind"),
    _figure("message", TEXT, "one line", "composed of the numbers of the entry", "every kind"),
    _figure("region", TEXT, "region", "names/regions", "`limit_of_use`, `limiting_current`, `no_heat_exchange`"),
    _figure("hottest_region", TEXT, "region farthest beyond", "names/regions", "`limit_of_use`"),
    _figure("material", TEXT, "material", "limits/material", "`limit_of_use`"),
    _figure("limit", TEXT, "kind of limit", "limits/kind", "`limit_of_use`"),
    _figure("limit_K", "K", "limit", "limits/temperature; 2 K of superheat", "`limit_of_use`, `superheat`"),
    _figure(
        "extreme_K",
        "K",
        "temperature farthest beyond",
        "extreme of cells/temperature, thermal/surface_temperature and lump_temperature",
        "`limit_of_use`",
    ),
    _figure("beyond_K", "K", "how far beyond", "|extreme_K − limit_K|", "`limit_of_use`"),
    _figure(
        "volume_m3",
        "m3",
        "volume beyond",
        "multiplicity × Σ cells/volume × share of the cell beyond the limit",
        "`limit_of_use`",
    ),
    _figure(
        "share",
        "",
        "share beyond",
        "volume beyond over Σ cells/volume; limiting/area with more current than the limit over Σ limiting/area",
        "`limit_of_use`, `limiting_current`",
    ),
    _figure("basis", TEXT, "basis of the limit", "limits/basis", "`limit_of_use`"),
    _figure("source", TEXT, "source of the limit", "limits/source", "`limit_of_use`"),
    _figure("superheat_K", "K", "superheat", "temperature of the electrolyte − liquidus_K", "`superheat`"),
    _figure("liquidus_K", "K", "liquidus", "ledge/liquidus, or that of the bath of the case", "`superheat`"),
    _figure(
        "times",
        "",
        "largest ratio to the limit",
        "largest current density over limit; alumina in the bath over saturation",
        "`limiting_current`, `saturation`",
    ),
    _figure("limit_A_m2", "A/m2", "limiting current density", "limiting/density where times is", "`limiting_current`"),
    _figure("terminal", TEXT, "terminal", "names/terminals", "`no_current`"),
    _figure("potential_V", "V", "potential", "electric/terminal_node_potential", "`no_current`"),
    _figure(
        "time_s",
        "s",
        "instant farthest beyond",
        "course/alerts/*/time_s",
        "every kind that a run over time met, and its last state has not",
    ),
    _figure("temperature_K", "K", "initial guess", "cells/temperature of thermal/alone", "`no_heat_exchange`"),
)
