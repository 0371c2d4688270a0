"""From a solution to the figures people ask for: sums of stored terms, nothing solved again."""

from oxycell.case.process import process_model
from oxycell.report.anodes import anodes
from oxycell.report.balances import balances, closed
from oxycell.report.emissions import emissions
from oxycell.report.heat import heat
from oxycell.report.ledge import ledge
from oxycell.report.productivity import bath_temperature, productivity
from oxycell.report.sources import WHERE
from oxycell.report.sums import multiplicity
from oxycell.report.voltage import terminals, voltage

SCHEMA = "oxycell-report/1"
STATUS = ("converged", "outer_iterations", "cells", "lattice_cells", "unknowns", "wall_seconds", "peak_memory_bytes", "message")

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
    process = process_model(case)
    taken = None if process is None else float(process.equivalent_voltage(bath_temperature(case, record))[0])
    warmth = heat(record, volts, taken)
    made = productivity(case, record, volts)
    ranges = list(record.get("ranges", {}).get("messages", []))
    return {
        "schema": SCHEMA,
        "title": case.title,
        "provenance": {**solution.provenance, "mesh_hash": mesh.hash, "multiplicity": multiplicity(record),
                       "validation": "not validated against plant data"},
        "status": {key: record["status"].get(key) for key in STATUS},
        "balance": balances(record, volts, warmth),
        "terminals": terminals(record),
        "voltage": volts,
        "heat": warmth,
        "anodes": anodes(mesh, record),
        "ledge": ledge(mesh, record),
        "productivity": made,
        "emissions": emissions(case, made),
        "claims": [],
        "probes": {},
        "integrals": {},
        "warnings": list(dict.fromkeys([*solution.warnings, *ranges])),
        "sources": dict(WHERE),
    }


def report_failures(figures):
    """Why a run does not count, one line each: not converged, ledger not closed; empty when it does (exit code 0)."""
    status = figures["status"]
    failures = [] if status["converged"] else [f"not converged: {status.get('message') or 'the solve gave up'}"]
    return failures + closed(figures)
