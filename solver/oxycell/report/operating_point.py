"""The figure of a report that an operating point asks for: by its dotted key or by name, with its unit."""

from difflib import get_close_matches

from oxycell.errors import CaseError
from oxycell.report.sums import number

NAMED = {"superheat": "K", "bath_temperature": "K", "heat_loss": "W"}
"""Targets in addition to the keys of report.json, with their units: bath above its liquidus, bath, sum of all loss
paths."""

DIFFERENCES = ("superheat",)
"""Targets that are differences of temperature, so that 10 degC means 10 K."""

_UNITS = {
    "_kWh_per_kg": "kWh/kg",
    "_kg_per_day": "kg/day",
    "_kg_per_kWh": "kg/kWh",
    "_m_per_year": "m/year",
    "_kg_per_t": "kg/t",
    "_A_m2": "A/m2",
    "_W_m2": "W/m2",
    "_m2": "m2",
    "_m": "m",
    "_V": "V",
    "_A": "A",
    "_W": "W",
    "_K": "K",
}
_BLOCKS = {"voltage.parts": "V", "heat.losses": "W"}


def unit_of_target(key):
    """Unit of a figure by its key, as the report writes it; empty for a pure number."""
    if key in NAMED:
        return NAMED[key]
    block = next((unit for block, unit in _BLOCKS.items() if key.startswith(f"{block}.")), "")
    parts = reversed(key.split("."))
    return next((unit for part in parts for ending, unit in _UNITS.items() if part.endswith(ending)), block)


def target(case, record, figures, key):
    """A figure of a solved case.

    Parameters
    ----------
    case : Case; record : dict; figures : dict, its report
    key : str, dotted key of report.json (entries of lists by their name or number), or one of `NAMED`

    Returns
    -------
    float, or None where the figure is there and has no value

    Raises
    ------
    CaseError
        There is no such number; names the nearest.
    """
    found = dict(_leaves(figures))
    found.update(_named(case, record, figures))
    if key not in found:
        near = get_close_matches(key, found, 1, 0.5) or [
            name for name in found if name.rsplit(".", 1)[-1] == key.rsplit(".", 1)[-1]
        ]
        hint = f", nearest is {near[0]}" if near else ""
        raise CaseError(
            f"operating_point.target: {key}: no number of this case's report is called that{hint}; allowed: "
            f"{', '.join(NAMED)}, or a dotted key of report.json such as ledge.mean_m"
        )
    return found[key]


def trend_when_freezing(key):
    """Sign of the change of a figure as a cell freezes: −1 for temperatures of the bath, +1 for the ledge, 0 where it
    may be either."""
    if key in (
        "superheat",
        "bath_temperature",
        "heat.lump_temperatures_K.bath",
        "productivity.electrolyte_temperature_K",
    ):
        return -1
    return 1 if key in ("ledge.mean_m", "ledge.max_m", "ledge.min_m") else 0


def operating_point(case, record, figures):
    """Block `operating_point`: what was asked, what was reached, and every value that was tried; None where nothing
    was."""
    asked, tried = case.operating_point, record.get("operating_point")
    if asked is None or tried is None:
        return None
    return {
        "unknown": asked.unknown,
        "unknown_unit": tried["unknown_unit"],
        "value": float(tried["value"]),
        "target": asked.target,
        "target_unit": unit_of_target(asked.target),
        "asked": float(tried["asked"]),
        "reached": target(case, record, figures, asked.target),
        "tolerance": float(tried["tolerance"]),
        "evaluations": [
            {"value": float(x), "target": number(y), "outcome": outcome}
            for x, y, outcome in zip(tried["tried"], tried["target"], tried["outcome"], strict=True)
        ],
    }


def _named(case, record, figures):
    bath, losses = figures["productivity"].get("electrolyte_temperature_K"), figures["heat"]["losses"]
    liquidus = record["ledge"]["liquidus"] if "ledge" in record else case.bath.liquidus() if case.bath else None
    if bath is not None:
        yield "bath_temperature", bath
        if liquidus is not None:
            yield "superheat", bath - float(liquidus)
    if losses:
        yield "heat_loss", sum(losses.values())


def _leaves(node, prefix=""):
    """(dotted key, number or None) of every figure; entries of lists by their name, or number from 0."""
    entries = ()
    if isinstance(node, dict):
        entries = node.items()
    elif isinstance(node, list):
        entries = ((entry.get("name", i) if isinstance(entry, dict) else i, entry) for i, entry in enumerate(node))
    elif node is None or (isinstance(node, int | float) and not isinstance(node, bool)):
        yield prefix, node
    for key, entry in entries:
        yield from _leaves(entry, f"{prefix}.{key}" if prefix else str(key))
