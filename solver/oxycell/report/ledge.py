"""The frozen ledge: thickness by area, heat through it, and its profile by level."""

import numpy as np

from oxycell.report.sums import multiplicity, number, total


def ledge(mesh, record):
    """Block `ledge`; empty values without one. `profile` has a row for each pool and level."""
    if "ledge" not in record or not len(record["ledge"]["face"]):
        return {"mean_m": None, "min_m": None, "max_m": None, "heat_W": None, "profile": []}
    front = record["ledge"]
    area, thickness = record["faces"]["area"][front["face"]], front["thickness"]
    return {
        "mean_m": number(total(area * thickness) / total(area)), "min_m": number(thickness.min()), "max_m": number(thickness.max()),
        "heat_W": number(multiplicity(record) * total(front["heat"])), "wall_area_m2": number(multiplicity(record) * total(area)),
        "profile": _profile(mesh, record, front, area),
    }


def _profile(mesh, record, front, area):
    level = np.round(mesh.face_centre[front["face"], 2], 9)
    rows = []
    for z, lump in sorted({(float(z), int(lump)) for z, lump in zip(level, front["lump"], strict=True)}):
        at = (level == z) & (front["lump"] == lump)
        rows.append({
            "z_m": z, "pool": record["names"]["lumps"][lump], "mean_m": number(total((area * front["thickness"])[at]) / total(area[at])),
            "min_m": number(front["thickness"][at].min()), "max_m": number(front["thickness"][at].max()),
            "heat_flux_W_m2": number(total(front["heat"][at]) / total(area[at])),
        })
    return rows
