"""The grid factor at which two runs emit the same."""

from itertools import combinations

from oxycell.case.published import grids
from oxycell.report.emissions import break_even
from oxycell.report.figure import Tree
from oxycell.report.showing import at


def break_even_rows(runs: list[Tree], reports: list[Tree]) -> list[Tree]:
    """For each pair of runs the grid factor at which Scope 1 + factor · AC energy is equal, and what it means.

    Returns
    -------
    list of dict : `first`, `second` (labels), `grid_factor_kg_per_kWh` (None where no electricity makes them equal),
        `better` (label of the one that emits less on cleaner electricity or, without a factor, on any; None if they are
        alike), `why`
    """
    rows = []
    for (one, first), (other, second) in combinations(zip(runs, reports, strict=True), 2):
        pairs = [
            (at(report, "emissions.scope1_t"), at(report, "emissions.ac_energy_kWh_per_kg"))
            for report in (first, second)
        ]
        if any(value is None for pair in pairs for value in pair):
            continue
        factor, better = break_even(*pairs)
        labels = one["label"], other["label"]
        rows.append(
            {
                "first": labels[0],
                "second": labels[1],
                "grid_factor_kg_per_kWh": factor,
                "better": None if better is None else labels[better],
                "why": _why(labels, pairs, factor, better),
            }
        )
    return rows


def _why(labels, pairs, factor, better):
    (scope_a, energy_a), (scope_b, energy_b) = pairs
    figures = f"Scope 1 {scope_a:.3f} and {scope_b:.3f} t/t, {energy_a:.3f} and {energy_b:.3f} kWh/kg AC"
    if better is None:
        return f"alike on any electricity ({figures})"
    if factor is None:
        where = "wherever electricity carries CO2" if scope_a == scope_b else "on any electricity"
        return f"{labels[better]} emits less {where} ({figures})"
    below = max((grid for grid in grids().values() if grid.factor < factor), key=lambda grid: grid.factor, default=None)
    above = min((grid for grid in grids().values() if grid.factor > factor), key=lambda grid: grid.factor, default=None)
    beside = ", ".join(
        f"{grid.label} ({1e3 * grid.factor:.0f}) lies {word}"
        for grid, word in ((below, "below"), (above, "above"))
        if grid
    )
    return (
        f"alike at {1e3 * factor:.4g} g/kWh = ({scope_b:.3f} - {scope_a:.3f})/({energy_a:.3f} - {energy_b:.3f}) "
        f"kg/kWh; with cleaner "
        f"electricity {labels[better]} emits less, with dirtier {labels[1 - better]}; {beside}"
    )
