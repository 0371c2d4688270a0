"""The figure of a report that an operating point asks for: by its dotted key or by name, with its unit."""

from difflib import get_close_matches

from oxycell.errors import CaseError
from oxycell.report.figure import ABSENT, STATED, TEXT, Figure
from oxycell.report.sums import number

NAMED = {"superheat": "K", "bath_temperature": "K", "heat_loss": "W"}
"""Targets in addition to the keys of report.json, with their units: bath above its liquidus, bath, sum of all loss
paths."""

DIFFERENCES = ("superheat",)
"""Targets that are differences of temperature, so that 10 degC means 10 K."""


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


def operating_point(solved):
    """Block `operating_point`: what was asked, what was reached, and every value that was tried; `ABSENT` where nothing
    was."""
    case, record = solved.case, solved.record
    asked, tried = case.operating_point, record.get("operating_point")
    if asked is None or tried is None:
        return ABSENT
    figures = solved.tree(*(name for name in solved.blocks if name != "operating_point"))
    return {
        "unknown": asked.unknown,
        "unknown_unit": tried["unknown_unit"],
        "value": float(tried["value"]),
        "target": asked.target,
        "target_unit": NAMED.get(asked.target) or solved.unit_of(asked.target),
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


def _figure(key, unit, label, formula):
    return Figure(f"operating_point.{key}", unit, label, formula, views=())


FIGURES = (
    Figure(
        "operating_point",
        TEXT,
        "operating point",
        "operating_point/ of the record",
        compute=operating_point,
        note="only with `[operating_point]`; see [operating point](operating-point.md)",
        views=(),
    ),
    _figure("unknown", TEXT, "unknown", "operating_point.unknown of the case"),
    _figure("unknown_unit", TEXT, "unit of the unknown", "operating_point/unknown_unit"),
    _figure("value", STATED, "value found", "operating_point/value, in unknown_unit"),
    _figure("target", TEXT, "target", "operating_point.target of the case"),
    _figure("target_unit", TEXT, "unit of the target", "that of the figure"),
    _figure("asked", STATED, "value asked", "operating_point/asked, in target_unit"),
    _figure("reached", STATED, "value reached", "the figure of this report, in target_unit"),
    _figure("tolerance", STATED, "tolerance", "operating_point/tolerance, in target_unit"),
    _figure("evaluations.*.value", STATED, "value tried", "operating_point/tried, in unknown_unit"),
    _figure("evaluations.*.target", STATED, "figure with it", "operating_point/target, in target_unit"),
    _figure("evaluations.*.outcome", TEXT, "outcome", "operating_point/outcome"),
)
