"""The frozen ledge: thickness by area, heat into and out of it, and its profile by level.

In a corner, columns that are frozen through to those of the other wall have no front of their own: they count for heat
only.
"""

import numpy as np

from oxycell.report.sums import multiplicity, number, total


def ledge(mesh, record):
    """Block `ledge`; empty values without one. `profile` has a row for each pool and level."""
    if "ledge" not in record or not len(record["ledge"]["face"]):
        return {"mean_m": None, "min_m": None, "max_m": None, "heat_W": None, "profile": []}
    front, scale = record["ledge"], multiplicity(record)
    area, thickness, ended = record["faces"]["area"][front["face"]], front["thickness"], front["frozen_through"] == 0
    mean = total((area * thickness)[ended]) / total(area[ended]) if ended.any() else np.nan
    frozen = (1.0 - record["cells"]["liquid_fraction"]) * record["cells"]["volume"]
    return {
        "mean_m": number(mean),
        "min_m": number(thickness[ended].min(initial=np.inf)),
        "max_m": number(thickness[ended].max(initial=0.0)),
        "heat_W": number(scale * total(front["heat"])),
        "heat_out_W": number(scale * total(front["link_leaves"] * front["link_heat"])),
        "volume_m3": number(scale * total(frozen)),
        "wall_area_m2": number(scale * total(area)),
        "profile": _profile(mesh, record, front, area, ended),
    }


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
