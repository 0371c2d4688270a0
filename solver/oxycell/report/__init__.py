"""From a solution to the figures people ask for: sums of stored terms, nothing solved again."""

from oxycell.report.alerts import alert_failures, alerts
from oxycell.report.anodes import anodes
from oxycell.report.balances import balances, closed
from oxycell.report.claims import claims
from oxycell.report.emissions import emissions, section
from oxycell.report.heat import heat
from oxycell.report.integrals import integrals
from oxycell.report.ledge import ledge
from oxycell.report.melting import melting
from oxycell.report.operating_point import operating_point
from oxycell.report.probes import lines, probes
from oxycell.report.productivity import bath_temperature, process_of, productivity
from oxycell.report.sources import WHERE
from oxycell.report.sums import multiplicity
from oxycell.report.voltage import terminals, voltage

SCHEMA = "oxycell-report/1"
STATUS = (
    "converged",
    "outer_iterations",
    "cells",
    "lattice_cells",
    "unknowns",
    "wall_seconds",
    "peak_memory_bytes",
    "message",
    "strict",
)

__all__ = ["SCHEMA", "closed", "report", "report_failures"]


def report(solution):
    """All figures of a solution, from memory or read back from its file.

    Parameters
    ----------
    solution : Solution

    Returns
    -------
    dict with the blocks of report.json; values are of the whole cell, in SI unless the key says otherwise
    """
    case, mesh, record = solution.case, solution.mesh, solution.record
    volts = voltage(record, case.process is not None)
    process = process_of(case, record)
    taken = None if process is None else float(process.equivalent_voltage(bath_temperature(case, record))[0])
    warmth = heat(record, volts, taken)
    carriers, ends = anodes(mesh, record), terminals(record)
    made = productivity(case, record, volts, carriers)
    gases = emissions(case, made)
    compared = {"productivity": made, "emissions": gases, "anodes": carriers, "terminals": ends, "voltage": volts}
    ranges = list(record.get("ranges", {}).get("messages", []))
    figures = {
        "schema": SCHEMA,
        "title": case.title,
        "time_s": case.time,
        "provenance": {
            **solution.provenance,
            "mesh_hash": mesh.hash,
            "multiplicity": multiplicity(record),
            "validation": "not validated against plant data",
        },
        "status": {key: record["status"].get(key) for key in STATUS}
        | {"strict": bool(record["status"].get("strict", False))},
        "alerts": alerts(case, mesh, record),
        "balance": balances(record, volts, warmth),
        "terminals": ends,
        "voltage": volts,
        "heat": warmth,
        "anodes": carriers,
        "ledge": ledge(mesh, record),
        "melting": melting(mesh, record),
        "productivity": made,
        "emissions": gases,
        "section": section(case, volts, made, gases),
        "claims": claims(case, compared),
        "probes": probes(mesh, record),
        "lines": lines(mesh, record),
        "integrals": integrals(mesh, record),
        "warnings": list(dict.fromkeys([*solution.warnings, *ranges])),
        "sources": dict(WHERE),
    }
    asked = operating_point(case, record, figures)
    return figures if asked is None else figures | {"operating_point": asked}


def report_failures(figures):
    """Why a run does not count, one line each: not converged, ledger open, alerts under --strict; empty when it does
    (exit code 0)."""
    status = figures["status"]
    failures = [] if status["converged"] else [f"not converged: {status.get('message') or 'the solve gave up'}"]
    return failures + closed(figures) + alert_failures(figures)
