"""Where materials are beyond their limits of use: by how much, and what share of each region."""

import re

import numpy as np

from oxycell.io.fields import lump_of_cell
from oxycell.material import LIMITS
from oxycell.mesh.derived import pieces
from oxycell.report.sums import multiplicity, total


_PHASES = ("solidus", "melting", "boiling", "freezing")


def beyond_limits(mesh, record):
    """Limits of use that regions are beyond; those of melting, freezing and boiling first, and each time the farthest beyond.

    Regions whose names differ by their numbers only count as one.

    Parameters
    ----------
    mesh : Mesh
    record : dict

    Returns
    -------
    list of dict : `region`, `hottest_region`, `material`, `limit`, `limit_K`, `extreme_K`, `beyond_K`, `volume_m3` and `share` beyond,
        `basis`, `source`
    """
    limits = record.get("limits")
    if not limits or not limits["material"]:
        return []
    T, stirred = _cell_temperature(record)
    material = np.full(len(mesh.region_names), -1)
    material[mesh.region] = mesh.material
    first = {1: np.full(len(mesh.material_names), np.inf), -1: np.full(len(mesh.material_names), -np.inf)}  # a material is beyond
    for name, kind, limit in zip(*(limits[key] for key in ("material", "kind", "temperature")), strict=True):
        of = mesh.material_names.index(name)
        first[LIMITS[kind]][of] = LIMITS[kind] * min(LIMITS[kind] * first[LIMITS[kind]][of], LIMITS[kind] * limit)
    highest, lowest = _extremes(mesh, record, T, stirred, first[1][material], first[-1][material])
    found = []
    for name, kind, limit, basis, source in zip(*(limits[key] for key in ("material", "kind", "temperature", "basis", "source")), strict=True):
        sign = LIMITS[kind]
        extreme = highest if sign > 0 else lowest
        over = (material == mesh.material_names.index(name)) & (sign * (extreme - limit) > 0.0)
        groups = {}
        for region in np.flatnonzero(over):
            groups.setdefault(re.sub(r"\d+", "*", mesh.region_names[region]), []).append(region)
        for group, regions in groups.items():
            worst = max(regions, key=lambda region: sign * extreme[region])  # noqa: B023  called at once
            alike = [i for i, other in enumerate(mesh.region_names) if material[i] == material[worst] and re.sub(r"\d+", "*", other) == group]
            beyond, whole = _volume_beyond(mesh, record, np.isin(mesh.region, alike), T, stirred, float(limit), sign)
            found.append({
                "region": group if len(alike) > 1 else mesh.region_names[worst], "hottest_region": mesh.region_names[worst],
                "material": name, "limit": kind, "limit_K": float(limit), "extreme_K": float(extreme[worst]),
                "beyond_K": float(sign * (extreme[worst] - limit)), "volume_m3": multiplicity(record) * beyond, "share": beyond / whole,
                "basis": basis, "source": source})
    return sorted(found, key=lambda entry: (entry["limit"] not in _PHASES, -entry["beyond_K"]))


def _cell_temperature(record):
    """Temperature of every cell [K], of a lump's cells the lump's, and whether they are a lump's; (n_cells,) each."""
    T = record["cells"]["temperature"]
    if "thermal" not in record:
        return T, np.zeros(T.size, bool)
    lump = lump_of_cell(record)
    stirred = lump >= 0
    if not stirred.any():
        return T, stirred
    return np.where(stirred, record["thermal"]["lump_temperature"][lump], T), stirred


def _sides(mesh, record):
    """Sides of the faces whose surface temperature is known, piece by piece: (faces, cells, temperatures, which side), each (n,)."""
    if "thermal" not in record:
        return
    thermal = record["thermal"]
    for part in pieces(len(thermal["face"])):
        face = thermal["face"][part]
        for side, cell in enumerate((mesh.owner[face], mesh.neighbour[face])):
            inside = cell >= 0
            yield face[inside], cell[inside], thermal["surface_temperature"][part, side][inside], side


def _extremes(mesh, record, T, stirred, upper, lower):
    """Highest and lowest temperature of each region (n_regions,) [K], of its cells and of their surfaces, of lumps their own, where these
    lie above `upper` or below `lower` (n_regions,); infinite elsewhere."""
    highest, lowest = np.full(upper.size, -np.inf), np.full(upper.size, np.inf)
    for cell, values in ((np.arange(T.size), T), *((cell, surface) for _, cell, surface, _ in _sides(mesh, record))):
        region = mesh.region[cell]
        for extreme, better, beyond in ((highest, np.maximum, values > upper[region]), (lowest, np.minimum, values < lower[region])):
            at = np.flatnonzero(beyond)
            at = at[(values is T) | ~stirred[cell[at]]]
            better.at(extreme, region[at], values[at])
    return highest, lowest


def _volume_beyond(mesh, record, chosen, T, stirred, limit, sign):
    """Volume of chosen cells (n_cells,) bool beyond a limit, and their whole volume [m³], of the model.

    A cell is cut into the pyramids from its centre to its faces. In each the temperature is taken to run straight from that of the
    centre to that of the face, where one is known, and else to be the centre's: of a pyramid with the limit at the fraction s of its
    height the share s³ lies on the side of the centre.
    """
    volume = mesh.cell_volume
    whole = total(volume[chosen])
    beyond = total(volume[chosen & (sign * (T - limit) > 0.0)])  # as if every cell had one temperature
    for face, cell, surface, side in _sides(mesh, record):
        here = chosen[cell] & ~stirred[cell] & np.isfinite(surface)
        face, cell, surface = face[here], cell[here], surface[here]
        inside, outside = sign * (T[cell] - limit), sign * (surface - limit)
        crosses = (inside > 0.0) != (outside > 0.0)
        face, inside, outside = face[crosses], inside[crosses], outside[crosses]
        height = inside / (inside - outside)
        pyramid = mesh.area[face] * mesh.distance[face][:, side] / 3.0
        beyond += total(np.where(inside > 0.0, -1.0, 1.0) * pyramid * (1.0 - height**3))
    return max(beyond, 0.0), whole
