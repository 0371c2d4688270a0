"""The frozen ledge: thickness by area, heat into and out of it, and its profile by level.

In a corner, columns that are frozen through to those of the other wall have no front of their own: they count for heat
only.
"""

import numpy as np

from oxycell.report.figure import ABSENT, PLACE, TEXT, Figure, Tree
from oxycell.report.solved import Solved
from oxycell.report.sums import multiplicity, number, total


def _front(solved):
    """Area (n,) [m²], thickness (n,) [m] and whether they have a front of their own (n,) bool, of all columns."""
    front = solved.record["ledge"]
    return solved.record["faces"]["area"][front["face"]], front["thickness"], front["frozen_through"] == 0


def _mean(solved):
    area, thickness, ended = solved.once(_front)
    return number(total((area * thickness)[ended]) / total(area[ended]) if ended.any() else np.nan)


def _least(solved):
    _, thickness, ended = solved.once(_front)
    return number(thickness[ended].min(initial=np.inf))


def _most(solved):
    _, thickness, ended = solved.once(_front)
    return number(thickness[ended].max(initial=0.0))


def _heat_out(solved):
    front = solved.record["ledge"]
    return number(multiplicity(solved.record) * total(front["link_leaves"] * front["link_heat"]))


def _volume(solved):
    cells = solved.record["cells"]
    return number(multiplicity(solved.record) * total((1.0 - cells["liquid_fraction"]) * cells["volume"]))


def profile(solved: Solved) -> list[Tree]:
    """A row for each pool and level, from below."""
    area, _, ended = solved.once(_front)
    return _profile(solved.mesh, solved.record, solved.record["ledge"], area, ended)


def _profile(mesh, record, front, area, ended):
    level = np.round(mesh.face_centre[front["face"], 2], 9)
    rows = []
    for z, lump in sorted({(float(z), int(lump)) for z, lump in zip(level[ended], front["lump"][ended], strict=True)}):
        at = ended & (level == z) & (front["lump"] == lump)
        rows.append(
            {
                "z_m": z,
                "pool": record["names"]["lumps"][lump],
                "mean_m": number(total((area * front["thickness"])[at]) / total(area[at])),
                "min_m": number(front["thickness"][at].min()),
                "max_m": number(front["thickness"][at].max()),
                "heat_flux_W_m2": number(total(front["heat"][at]) / total(area[at])),
            }
        )
    return rows


def _row(key, unit, label, formula, **more):
    return Figure(
        f"ledge.profile.*.{key}",
        unit,
        label,
        formula,
        ("heat", "ledge"),
        lambda solved: [row[key] for row in solved.once(profile)],
        absent=[],
        views=("html",),
        **more,
    )


_NEEDS = ("heat", "ledge")
_STATE = "bath and ledge"
_LEVEL = "by level (face centre z) and pool"

FIGURES = (
    Figure(
        "ledge.mean_m",
        "m",
        "ledge, mean",
        "ledge/thickness by faces/area, of columns that are not frozen_through",
        _NEEDS,
        _mean,
        table=_STATE,
    ),
    Figure("ledge.min_m", "m", "ledge, min", "minimum of ledge/thickness", _NEEDS, _least, table=_STATE),
    Figure("ledge.max_m", "m", "ledge, max", "maximum of ledge/thickness", _NEEDS, _most, table=_STATE),
    Figure(
        "ledge.heat_W",
        "W",
        "heat into the ledge",
        "multiplicity × Σ ledge/heat",
        _NEEDS,
        lambda solved: number(multiplicity(solved.record) * total(solved.record["ledge"]["heat"])),
        note="from the pools",
        views=("html",),
    ),
    Figure(
        "ledge.heat_out_W",
        "W",
        "heat out of the ledge",
        "multiplicity × Σ ledge/link_leaves × ledge/link_heat",
        _NEEDS,
        _heat_out,
        absent=ABSENT,
        note="to walls and other solids",
        views=(),
    ),
    Figure(
        "ledge.volume_m3",
        "m3",
        "volume of the ledge",
        "multiplicity × Σ (1 − cells/liquid_fraction) × cells/volume",
        _NEEDS,
        _volume,
        absent=ABSENT,
        views=(),
    ),
    Figure(
        "ledge.wall_area_m2",
        "m2",
        "wall behind the ledge",
        "multiplicity × Σ faces/area of ledge/face",
        _NEEDS,
        lambda solved: number(multiplicity(solved.record) * total(solved.once(_front)[0])),
        absent=ABSENT,
        views=(),
    ),
    _row("z_m", "m", "z", "height of the centres of ledge/face", shown=PLACE),
    _row("pool", TEXT, "pool", "names/lumps of ledge/lump"),
    _row("mean_m", "m", "mean", f"ledge/thickness by faces/area, {_LEVEL}"),
    _row("min_m", "m", "smallest", f"minimum of ledge/thickness, {_LEVEL}"),
    _row("max_m", "m", "largest", f"maximum of ledge/thickness, {_LEVEL}"),
    _row("heat_flux_W_m2", "W/m2", "heat flux", f"Σ ledge/heat over Σ faces/area, {_LEVEL}"),
)
