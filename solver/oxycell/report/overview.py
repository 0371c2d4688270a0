"""What a report says of itself: format, title, origin, how the solve ended, warnings, sources of figures."""

from oxycell.report.figure import TEXT, TRUTH, Figure, Tree
from oxycell.report.solved import Solved
from oxycell.report.sums import multiplicity

SCHEMA = "oxycell-report/1"

FORMER = {
    "anodes.list.current_A": "anodes.list.*.current_A",
    "anodes.list.max_temperature_K": "anodes.list.*.max_temperature_K",
    "anodes.list.mean_current_density_A_m2": "anodes.list.*.mean_current_density_A_m2",
    "anodes.list.mean_temperature_K": "anodes.list.*.mean_temperature_K",
    "anodes.list.peak_current_density_A_m2": "anodes.list.*.peak_current_density_A_m2",
    "emissions.by_grid": "emissions.by_grid.*.total_t",
    "emissions.inventory": "emissions.inventory.*.kg_per_t",
    "heat.losses": "heat.losses.*",
    "heat.lump_temperatures_K": "heat.lump_temperatures_K.*",
    "heat.pool_W": "heat.pool_W.*",
    "heat.sources_W": "heat.sources_W.*",
    "integrals.*.temperature_K": "integrals.*.temperature_K.mean",
    "ledge.profile": "ledge.profile.*.mean_m",
    "status": "status.converged",
    "voltage.interfaces": "voltage.interfaces.*.overpotential_V",
    "voltage.parts": "voltage.parts.*",
}
"""Keys that `sources` had for blocks of figures, which it keeps, and the figure whose formula they show."""


def provenance(solved: Solved) -> Tree:
    """Block `provenance`."""
    return {
        **solved.provenance,
        "mesh_hash": solved.mesh.hash,
        "multiplicity": multiplicity(solved.record),
        "validation": "not validated against plant data",
    }


def warnings(solved: Solved) -> list[str]:
    """What the solve warned of, then properties out of range; each once."""
    ranges = solved.record.get("ranges", {}).get("messages", [])
    return list(dict.fromkeys([*solved.warnings, *ranges]))


def sources(solved: Solved) -> dict[str, str]:
    """Key of a figure → its formula."""
    found = {key: figure.formula for key, figure in solved.figures.items()}
    return found | {old: found[key] for old, key in FORMER.items() if key in found}


def _status(key, unit, label, **more):
    return Figure(
        f"status.{key}",
        unit,
        label,
        f"status/{key}",
        compute=lambda solved: solved.record["status"].get(key),
        views=(),
        **more,
    )


HEAD = (
    Figure("schema", TEXT, "format", "stated here", compute=lambda solved: SCHEMA, note=f"`{SCHEMA}`", views=()),
    Figure("title", TEXT, "title", "title of the case", compute=lambda solved: solved.case.title, views=()),
    Figure(
        "time_s",
        "s",
        "instant",
        "time of the case",
        compute=lambda solved: solved.case.time,
        note="at which tables over time are evaluated",
        views=(),
    ),
    Figure(
        "provenance.*",
        TEXT,
        "origin",
        "run/provenance, mesh/hash",
        compute=provenance,
        note="versions, `created`, `mesh_hash`, `multiplicity`, `validation`",
        views=(),
    ),
    Figure("provenance.multiplicity", "", "copies of the model in the whole cell", "multiplicity", views=()),
    _status("converged", TRUTH, "converged"),
    _status("outer_iterations", "", "steps of the solve"),
    _status("cells", "", "cells", note="with a material"),
    _status("lattice_cells", "", "positions of the grid"),
    _status("unknowns", "", "unknowns"),
    _status("wall_seconds", "s", "time of the solve"),
    _status("peak_memory_bytes", "B", "peak memory"),
    _status("message", TEXT, "reason for the end"),
    Figure(
        "status.strict",
        TRUTH,
        "whether alerts count as failure",
        "status/strict",
        compute=lambda solved: bool(solved.record["status"].get("strict", False)),
        views=(),
    ),
)

TAIL = (
    Figure(
        "warnings",
        TEXT,
        "warnings",
        "run/warnings, ranges/messages",
        compute=warnings,
        note="properties out of range, merged mesh planes, surfaces below the liquidus without a ledge",
        views=(),
    ),
    Figure(
        "sources",
        TEXT,
        "where figures come from",
        "formulas of all figures, in terms of /oxycell",
        compute=sources,
        note="key of the figure → formula; `*` stands for a name or an entry of a list",
        views=(),
    ),
    Figure("sources.*", TEXT, "formula", "stated with the figure", views=()),
)
