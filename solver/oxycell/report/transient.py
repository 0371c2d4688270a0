"""Block `transient`: what a run over time adds up to, where its quantities began, ended and went between, and whether
that closes."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from oxycell.arrays import Floats
from oxycell.limits import LEDGER_LIMITS, MASS_LIMIT
from oxycell.report.course import CURVES, Columns, Curve, curves
from oxycell.report.figure import ABSENT, TEXT, TRUTH, Figure, Tree, entry
from oxycell.report.productivity import KWH
from oxycell.report.solved import Solved
from oxycell.report.sums import number
from oxycell.report.transient_words import hours, sentences

NEEDS = ("course",)

RUN = "energy_of_the_run"
"""Name of the energy identity of the whole run among the ledgers."""

COUNTED = {"alumina_fed_kg": "fed_kg", "alumina_dissolved_kg": "dissolved_kg", "metal_tapped_kg": "tapped_kg"}
"""Totals of a run whose masses are counted → sum."""

_SAME = 1e-9  # share of the largest value of a quantity up to which values count as equal: the first of them is taken
_MASS = "mass_of_"
_HTML: dict[str, Any] = {"views": ("html",)}
_LOST = "losses_J."


def _course(solved: Solved) -> Tree:
    """Key of a Curve → {first, last, least, least_at_s, most, most_at_s}."""
    time, found = curves(solved.record)
    return {key: _extremes(time, values) for key, values in found.items()}


def _extremes(time: Floats, values: Floats) -> Tree:
    same = _SAME * float(np.nanmax(np.abs(values)))
    least = int(np.flatnonzero(values <= np.nanmin(values) + same)[0])
    most = int(np.flatnonzero(values >= np.nanmax(values) - same)[0])
    return {
        "first": number(values[0]),
        "last": number(values[-1]),
        "least": number(values[least]),
        "least_at_s": number(time[least]),
        "most": number(values[most]),
        "most_at_s": number(time[most]),
    }


def _totals(solved: Solved) -> Tree:
    """What a run adds up to; figures that the run has not are left out."""
    course, made = solved.record["course"], solved.case.process is not None
    sums = course["sums"]
    found: Tree = {
        "electric_kWh": _kwh(sums.get("electric_J")),
        "given_kWh": _kwh(sums.get("given_J")),
        "losses_kWh": {name[len(_LOST) :]: _kwh(value) for name, value in sums.items() if name.startswith(_LOST)},
        "process_kWh": _kwh(sums.get("process_J")),
        "external_kWh": _kwh(sums.get("external_J")),
        "stored_kWh": _kwh(course["energy"]["stored_J"]),
    }
    if not made:
        return found
    for key in ("aluminium_kg", "alumina_kg", "oxygen_kg", "co2e_kg"):
        if key != "co2e_kg" or Columns(course)["emissions.total_kg_per_hour"] is not None:
            found[key] = number(sums.get(key, 0.0))
    for key, name in COUNTED.items():
        if name in sums:
            found[key] = number(sums[name])
    if found["aluminium_kg"]:
        found["specific_energy_kWh_per_kg"] = number(found["electric_kWh"] / found["aluminium_kg"])
    return found


def _kwh(joules: float | None) -> float | None:
    return None if joules is None else number(joules / KWH)


def _ledger(solved: Solved) -> Tree:
    """Name → {relative, limit, closed}: the energy identity of the run, then the step of each ledger that is farthest
    from its limit."""
    course = solved.record["course"]
    whole = course["energy"]
    found = {RUN: _member(whole["relative"], whole.get("limit", LEDGER_LIMITS["energy"]))}
    found[RUN] |= {key: number(whole[key]) for key in ("absolute_J", "in_J", "out_J", "stored_J")}
    limits = course.get("limits", {})
    for name, relative in course["worst"].items():
        usual = MASS_LIMIT if name.startswith(_MASS) else LEDGER_LIMITS.get(name, LEDGER_LIMITS["energy"])
        found[name] = _member(relative, limits.get(name, usual))
    return found


def _member(relative: float, limit: float) -> Tree:
    return {"relative": number(relative), "limit": number(limit), "closed": bool(relative <= limit)}


def open_over_time(report: Tree) -> list[str]:
    """Ledgers of a run over time that do not close, one line each; none of a report without one."""
    return [
        f"{name.replace('_', ' ')} does not close{'' if name == RUN else ' in a step'}: relative "
        f"{'no number' if member['relative'] is None else format(member['relative'], '.3e')}, "
        f"limit {member['limit']:.1e}"
        for name, member in report.get("transient", {}).get("ledger", {}).items()
        if not member["closed"]
    ]


def met_before(record: Tree, now: list[Tree]) -> list[Tree]:
    """Alerts of states of a run over time that its last state has not.

    Parameters
    ----------
    record : dict
    now : alerts of the last state

    Returns
    -------
    list of dict, as those of a state, with `time_s` and the time in their message
    """
    there = {alert_name(found) for found in now}
    met = record.get("course", {}).get("alerts", {})
    start = float(record["course"]["start"]) if met else 0.0
    return [
        {key: value for key, value in found.items() if key not in ("farthest", "first_s", "last_s")}
        | {"message": f"after {hours(found['time_s'] - start)}: {found['message']}"}
        for name, found in met.items()
        if name not in there
    ]


def alert_name(found: Tree) -> str:
    """What tells an alert from others: kind, place and limit."""
    return " ".join(str(found[key]) for key in ("kind", "region", "limit", "terminal") if key in found)


def _regions(solved: Solved) -> Tree:
    """Name of a region of solids, or of those alike → largest temperature gradient and heating rate, with times."""
    course = solved.record["course"]
    columns, found = Columns(course), dict[str, Tree]()
    for key in ("gradient_K_per_m", "heating_K_per_h"):
        for name, values in columns.under("regions.", f".{key}").items():
            extremes = _extremes(np.asarray(course["values"])[:, columns.names.index("time")], values)
            found.setdefault(name, {}).update(
                {key: extremes["most"], f"{key.partition('_')[0]}_at_s": extremes["most_at_s"]}
            )
    return found


def _statements(solved: Solved) -> list[str]:
    ledger = solved.once(_ledger)
    steps = {name: member for name, member in ledger.items() if name != RUN}
    return sentences(solved.record["course"], solved.once(_totals), solved.once(_course), ledger[RUN], _worst(steps))


def _worst(ledger: Tree) -> tuple[str, Tree] | None:
    """The ledger that is farthest from its limit, and its name."""
    if not ledger:
        return None
    name = max(ledger, key=lambda name: _share(ledger[name]))
    return name.replace("_", " "), ledger[name]


def _share(member: Tree) -> float:
    return math.inf if member["relative"] is None else float(member["relative"] / member["limit"])


def _figure(
    key: str, unit: str, label: str, formula: str, compute: Callable[[Solved], Any] | None, **more: Any
) -> Figure:
    return Figure(f"transient.{key}", unit, label, formula, NEEDS, compute, absent=ABSENT, **more)


def _stated(key: str) -> Callable[[Solved], Any]:
    """What a figure takes of the course itself."""
    return lambda solved: number(solved.record["course"][key])


def _entry(found: Callable[[Solved], Tree], *parts: str) -> Callable[[Solved], Any]:
    return lambda solved: entry(solved.once(found), parts)


def _count(key: str, label: str) -> Figure:
    return _figure(key, "", label, f"course/{key}", lambda solved: int(solved.record["course"][key]), views=("html",))


def _total(key: str, unit: str, label: str, formula: str, **more: Any) -> Figure:
    return _figure(f"totals.{key}", unit, label, formula, _entry(_totals, *key.split(".")[:1]), **more)


def _over_time(curve: Curve) -> list[Figure]:
    at = ("least", "smallest", "at the ends of steps"), ("most", "largest", "at the ends of steps")
    told = (("first", "start", ""), ("last", "end", ""), *at)
    return [
        _figure(
            f"course.{curve.key}.{which}",
            curve.unit,
            f"{curve.label}, {words}",
            f"column of course/values: {curve.formula}",
            _entry(_course, curve.key, which),
            note=note,
            shown=curve.shown,
            table="course over time",
        )
        for which, words, note in told
    ]


FIGURES = (
    _figure("start_s", "s", "start", "course/start", _stated("start"), views=()),
    _figure("end_s", "s", "end", "course/end", _stated("end"), views=()),
    _count("steps", "steps"),
    _count("rejected", "steps rejected"),
    _count("iterations", "iterations of all steps"),
    _figure(
        "statements",
        TEXT,
        "the run in sentences",
        "composed of the numbers of this block",
        _statements,
        note="list of sentences",
        views=(),
    ),
    _total("electric_kWh", "kWh", "electric energy", "course/sums/electric_J: ∫ Σ I_t φ_t dt"),
    _total("given_kWh", "kWh", "heat given by sources", "course/sums/given_J: ∫ heat.given_W dt"),
    _total("losses_kWh.*", "kWh", "lost by {}", "course/sums/losses_J.*: ∫ heat.losses dt"),
    _total("process_kWh", "kWh", "taken by the process", "course/sums/process_J: ∫ heat.process_W dt"),
    _total("external_kWh", "kWh", "dissipated outside", "course/sums/external_J: ∫ heat.external_W dt"),
    _total(
        "stored_kWh",
        "kWh",
        "stored",
        "course/energy/stored_J: enthalpy at the end − at the start, less what masses brought that came and left",
    ),
    _total("aluminium_kg", "kg", "aluminium produced", "course/sums: ∫ productivity.aluminium_kg_per_day dt"),
    _total("alumina_kg", "kg", "alumina consumed", "course/sums: ∫ productivity.alumina_kg_per_day dt"),
    _total("alumina_fed_kg", "kg", "alumina fed", "course/sums/fed_kg: ∫ masses.fed_kg_per_h dt, and single doses"),
    _total(
        "alumina_dissolved_kg", "kg", "alumina dissolved", "course/sums/dissolved_kg: ∫ masses.dissolved_kg_per_h dt"
    ),
    _total("metal_tapped_kg", "kg", "metal tapped", "course/sums/tapped_kg: ∫ masses.tapped_kg_per_h dt"),
    _total("oxygen_kg", "kg", "oxygen evolved", "course/sums: ∫ productivity.oxygen_kg_per_day dt"),
    _total(
        "co2e_kg",
        "kg",
        "CO2 equivalent",
        "course/sums: ∫ emissions.total_kg_per_hour dt",
        note="that of electricity also while no metal is produced",
    ),
    _total(
        "specific_energy_kWh_per_kg",
        "kWh/kg",
        "specific energy",
        "electric_kWh over aluminium_kg",
    ),
    *(figure for curve in CURVES for figure in _over_time(curve)),
    *(
        _figure(
            f"course.*.{which}_at_s",
            "s",
            f"{{}}, time of the {words}",
            "time of course/values where it is",
            _entry(_course, "*", f"{which}_at_s"),
            views=("html",),
        )
        for which, words in (("least", "smallest"), ("most", "largest"))
    ),
    *(
        _figure(f"regions.*.{key}", unit, label, formula, _entry(_regions, "*", key), table="regions over time", **more)
        for key, unit, label, formula, more in (
            (
                "gradient_K_per_m",
                "K/m",
                "largest temperature gradient in {}",
                "largest of column regions.*.gradient_K_per_m of course/values, of the centres of cells' faces",
                {"note": "regions of solids; those whose names differ by their numbers only count as one"},
            ),
            ("gradient_at_s", "s", "{}, time of the largest gradient", "time of course/values where it is", _HTML),
            (
                "heating_K_per_h",
                "K/h",
                "largest heating or cooling rate in {}",
                "largest of column regions.*.heating_K_per_h of course/values, of any cell from step to step",
                {},
            ),
            ("heating_at_s", "s", "{}, time of the largest rate", "time of course/values where it is", _HTML),
        )
    ),
    _figure(
        "ledger.*.relative",
        "",
        "relative residual over time of {}",
        "course/energy/relative of the energy of the run; else course/worst: of the step that is farthest from its "
        "limit, masses over those at the start",
        _entry(_ledger, "*", "relative"),
        note=f"`{RUN}`: |in_J − out_J − stored_J| over the largest of them",
        views=(),
    ),
    _figure(
        "ledger.*.limit",
        "",
        "limit",
        "course/limits: limit of the balance in that step, widened to ten round-offs; 1e-8 of energy, 1e-10 of masses",
        _entry(_ledger, "*", "limit"),
        views=(),
    ),
    _figure(
        "ledger.*.closed",
        TRUTH,
        "closed",
        "relative ≤ limit",
        _entry(_ledger, "*", "closed"),
        views=(),
    ),
    *(
        _figure(f"ledger.{RUN}.{key}", "J", label, formula, _entry(_ledger, RUN, key), views=())
        for key, label, formula in (
            ("absolute_J", "residual of the energy of the run", "|in_J − out_J − stored_J|"),
            ("in_J", "energy that came in", "course/sums: electric_J + given_J"),
            ("out_J", "energy that went out", "course/sums: Σ losses_J + external_J + process_J"),
            ("stored_J", "energy stored", "enthalpy at the end − at the start − course/sums/carried_J"),
        )
    ),
)
