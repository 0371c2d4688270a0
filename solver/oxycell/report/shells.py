"""Shells: layers of frozen bath that take up no cells, on plates, on the floor."""

import numpy as np

from oxycell.report.figure import ABSENT, TEXT, Figure, Tree
from oxycell.report.solved import Solved
from oxycell.report.sums import multiplicity, number, total

_NEEDS = ("heat", "shells")
_STATE = "bath and ledge"


def _mean(solved: Solved) -> float | None:
    shells = solved.record["shells"]
    return number(total(shells["area"] * shells["thickness"]) / total(shells["area"]))


def _frozen_area(solved: Solved) -> float | None:
    shells = solved.record["shells"]
    return number(multiplicity(solved.record) * total(shells["area"] * (shells["thickness"] > 0.0)))


def by_region(solved: Solved) -> list[Tree]:
    """A row for each region with faces on which shells can freeze, in the order of the regions."""
    shells, copies = solved.record["shells"], multiplicity(solved.record)
    area, thickness, rows = shells["area"], shells["thickness"], []
    for region in np.unique(shells["region"]):
        at = shells["region"] == region
        rows.append(
            {
                "region": solved.record["names"]["regions"][region],
                "mean_m": number(total((area * thickness)[at]) / total(area[at])),
                "max_m": number(thickness[at].max()),
                "area_m2": number(copies * total(area[at])),
                "frozen_area_m2": number(copies * total((area * (thickness > 0.0))[at])),
            }
        )
    return rows


def _row(key: str, unit: str, label: str, formula: str) -> Figure:
    return Figure(
        f"shells.by_region.*.{key}",
        unit,
        label,
        f"{formula}, by shells/region",
        _NEEDS,
        lambda solved: [row[key] for row in solved.once(by_region)],
        absent=ABSENT,
        views=("html",),
    )


FIGURES = (
    Figure(
        "shells.mean_m",
        "m",
        "shells, mean",
        "shells/thickness by shells/area",
        _NEEDS,
        _mean,
        absent=ABSENT,
        table=_STATE,
    ),
    Figure(
        "shells.max_m",
        "m",
        "shells, max",
        "maximum of shells/thickness",
        _NEEDS,
        lambda solved: number(solved.record["shells"]["thickness"].max()),
        absent=ABSENT,
        table=_STATE,
    ),
    Figure(
        "shells.frozen_area_m2",
        "m2",
        "area under shells",
        "multiplicity × Σ shells/area where shells/thickness > 0",
        _NEEDS,
        _frozen_area,
        absent=ABSENT,
        table=_STATE,
    ),
    Figure(
        "shells.volume_m3",
        "m3",
        "volume of shells",
        "multiplicity × Σ shells/volume",
        _NEEDS,
        lambda solved: number(multiplicity(solved.record) * total(solved.record["shells"]["volume"])),
        absent=ABSENT,
        views=(),
    ),
    _row("region", TEXT, "region", "names/regions of shells/region"),
    _row("mean_m", "m", "mean", "shells/thickness by shells/area"),
    _row("max_m", "m", "largest", "maximum of shells/thickness"),
    _row("area_m2", "m2", "area", "multiplicity × Σ shells/area"),
    _row("frozen_area_m2", "m2", "frozen over", "multiplicity × Σ shells/area where shells/thickness > 0"),
)
