"""Block `error_bars`: the discretisation error of each figure of a report, from the same case on two or three
meshes."""

import re
from dataclasses import replace
from statistics import median

from oxycell.report.convergence import (
    ACROSS_FRONT,
    FACTOR_FLAGGED,
    LEAST_ORDER,
    LOW_ORDER,
    MOST_ORDER,
    PLAIN,
    ROUND_OFF,
    convergence,
)
from oxycell.report.figure import AS_NAMED, TEXT, Figure

NO_RESULTS = (
    "schema",
    "title",
    "time_s",
    "provenance",
    "status",
    "alerts",
    "balance",
    "claims",
    "lines",
    "warnings",
    "sources",
    "error_bars",
)
"""Blocks of a report whose numbers have no error bars: they say how it was found, or have other rows on each mesh."""

LEAST_OF_LIKE = 0.5  # of the median ± of figures of one kind: less than that is taken for chance

METHOD = {
    2: f"grid convergence index of two meshes, which give no order: {PLAIN.two:g} |f_h - f_(h/2)| (order "
    f"{PLAIN.order:g} assumed); position of a ledge and peak current density "
    f"{LOW_ORDER.two / (2**LOW_ORDER.order - 1):.3g} |f_h - f_(h/2)| (order {LOW_ORDER.order:g} assumed)",
    3: f"three meshes: {PLAIN.three:g} times the larger of |f_(h/2) - f_(h/4)| / (2^p - 1), p the observed order "
    f"within {LEAST_ORDER:g} and {MOST_ORDER:g}, and the error of first and second order together (figures of a ledge "
    f"and peaks {LOW_ORDER.three:g} times); where values oscillate or do not come closer {FACTOR_FLAGGED:g} times the "
    "largest difference",
}


def error_bars(reports, subdivisions):
    """Uncertainty of every figure that all meshes have and that changes with them.

    Parameters
    ----------
    reports : list of two or three report dicts, from coarse to fine; cell widths halve from each to the next
    subdivisions : list of int, `mesh.subdivisions` of each

    Returns
    -------
    dict with `method`, `meshes` and `figures`: dotted key → `values` (coarse to fine), `uncertainty` (± of the last
    value, same unit), `order` (observed, None where it was assumed), `basis` (what ± rests on) and `flag` (why the
    figure does not converge, None where it does)
    """
    found = [figures_of(report) for report in reports]
    shared = [
        key
        for key, value in found[-1].items()
        if all(key in one for one in found) and any(one[key] != value for one in found)
    ]
    meshes = [
        {"cells": report["status"]["cells"], "subdivisions": n} for report, n in zip(reports, subdivisions, strict=True)
    ]
    values = {key: [one[key] for one in found] for key in shared}
    return {"method": METHOD[len(reports)], "meshes": meshes, "figures": _entries(values, reports[-1])}


def renewed(block, report):
    """The block with the values of its finest mesh taken from a report that was recomputed."""
    now = figures_of(report)
    values = {key: [*entry["values"][:-1], now[key]] for key, entry in block["figures"].items() if key in now}
    return block | {"figures": _entries(values, report)}


def _entries(values, report):
    """Key → entry, from key → values on all meshes and the report on the finest."""
    found = {key: convergence(several, kind_of(key)) for key, several in values.items()}
    found = _not_by_chance(found, values)
    _spread(found, report)
    return {
        key: {
            "values": values[key],
            "uncertainty": one.uncertainty,
            "order": one.order,
            "basis": one.basis,
            "flag": one.flag,
        }
        for key, one in found.items()
    }


def kind_of(key):
    """What is assumed of a figure: place of a front or peak at an edge, heat that passes a front, or any other."""
    if key in _PLACES or key.startswith("melting.") or key.endswith(".peak_current_density_A_m2"):
        return LOW_ORDER
    return ACROSS_FRONT if key.startswith("ledge.") else PLAIN


_PLACES = ("ledge.mean_m", "ledge.min_m", "ledge.max_m", "ledge.volume_m3")


def _not_by_chance(found, values):
    """Estimates with that of a figure which changes much less than others of its kind raised to half of what is usual
    among them.

    Figures of a kind differ only in their position: the same quantity of all anodes; mean, minimum and maximum
    thickness of the ledge. What is usual is the median of their ±. Figures that no mesh changes take no part.
    """
    kinds = {}
    for key in found:
        if max(values[key]) - min(values[key]) > ROUND_OFF * max(map(abs, values[key])) and _ALIKE.search(key):
            kinds.setdefault(_ALIKE.sub("", key), []).append(key)
    raised = dict(found)
    for like in kinds.values():
        usual = LEAST_OF_LIKE * median(found[key].uncertainty for key in like)
        for key in like:
            if found[key].uncertainty < usual:
                raised[key] = replace(found[key], uncertainty=usual, basis="figures of its kind")
    return raised


_ALIKE = re.compile(r"(?<=^anodes\.list\.)\d+|(?<=^ledge\.)(mean|min|max)(?=_m$)")
"""What tells figures of a kind apart in their keys."""


def _spread(found, report):
    """Raise ± of the anodes' spread to the errors of the currents of its two anodes: their difference may pass
    through zero."""
    key, listed = "anodes.non_uniformity", report.get("anodes", {}).get("list", [])
    if key not in found or not listed:
        return
    currents = [entry["current_A"] for entry in listed]
    counts = [entry["count"] for entry in listed]
    mean = sum(one * count for one, count in zip(currents, counts, strict=True)) / sum(counts)
    ends = {currents.index(max(currents)), currents.index(min(currents))}
    open_in = sum(
        found[f"anodes.list.{i}.current_A"].uncertainty for i in ends if f"anodes.list.{i}.current_A" in found
    ) / abs(mean)
    if found[key].uncertainty < open_in:
        found[key] = replace(found[key], uncertainty=open_in, basis="currents of its two anodes")


def bar_text(report, key, scale=1.0):
    """The error bar of a figure with two digits, in the unit that `scale` turns it into; empty without one, or within
    round-off."""
    entry = report.get("error_bars", {"figures": {}})["figures"].get(key)
    if entry is None or entry["uncertainty"] <= ROUND_OFF * abs(entry["values"][-1]):
        return ""
    rounded = float(f"{scale * entry['uncertainty']:.1e}")
    return f" ± {f'{rounded:.0f}' if rounded >= 10.0 else f'{rounded:g}'}" + (" (!)" if entry["flag"] else "")


def figures_of(report):
    """Dotted key → number, of the blocks that hold results."""
    blocks = dict.fromkeys(("operating_point", *report))
    return dict(
        item
        for block in blocks
        if block in report and block not in NO_RESULTS
        for item in _numbers(report[block], block)
    )


def _numbers(node, key):
    if isinstance(node, dict | list):
        for name, entry in node.items() if isinstance(node, dict) else enumerate(node):
            if name not in _GIVEN:
                yield from _numbers(entry, f"{key}.{name}")
    elif isinstance(node, float):
        yield key, node


_GIVEN = ("at_m", "by_grid", "profile", "evaluations", "asked", "tolerance", "faces_off_m")
"""What is stated, follows from other figures, or has other rows on each mesh."""


def _figure(key, unit, label, formula, **more):
    return Figure(f"error_bars.{key}", unit, label, formula, views=(), **more)


FIGURES = (
    _figure(
        "method",
        TEXT,
        "method",
        "stated here",
        note="block only with `oxycell run --error-bars`; see [error bars](error-bars.md)",
    ),
    _figure("meshes.*.cells", "", "cells", "status.cells on each mesh, coarse to fine"),
    _figure("meshes.*.subdivisions", "", "subdivisions", "mesh.subdivisions of each case"),
    _figure("figures.*.values", AS_NAMED, "values", "the figure on each mesh, in its own unit", note="by dotted key"),
    _figure("figures.*.uncertainty", AS_NAMED, "±", "of the last value, by `method`, in its own unit"),
    _figure(
        "figures.*.order",
        "",
        "observed order",
        "log2 of the ratio of the differences of values; `null` where it was assumed",
    ),
    _figure("figures.*.basis", TEXT, "basis", "what ± rests on: the order assumed or observed, figures of its kind"),
    _figure("figures.*.flag", TEXT, "flag", "why the values do not converge; `null` where they do"),
)
