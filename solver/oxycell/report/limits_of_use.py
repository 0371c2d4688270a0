"""Where materials are beyond their limits of use: by how much, and what share of each region."""

import re

import numpy as np

from oxycell.io.fields import lump_of_cell
from oxycell.material import LIMITS
from oxycell.mesh.derived import pieces
from oxycell.mesh.locate import faces_of
from oxycell.report.sums import multiplicity, total
from oxycell.report.values import sides

_COLUMNS = ("material", "kind", "temperature", "basis", "source")
_PHASES = ("solidus", "melting", "boiling", "freezing")


def beyond_limits(mesh, record):
    """Limits of use that regions are beyond; those of melting, freezing and boiling first, and each time the farthest
    beyond.

    Regions whose names differ by their numbers only count as one.

    Parameters
    ----------
    mesh : Mesh
    record : dict

    Returns
    -------
    list of dict : `region`, `hottest_region`, `material`, `limit`, `limit_K`, `extreme_K`, `beyond_K`, `volume_m3` and
        `share` beyond, `basis`, `source`
    """
    limits = record.get("limits")
    if not limits or not limits["material"]:
        return []
    T, stirred = _cell_temperature(record)
    material, found = np.full(len(mesh.region_names), -1), []
    material[mesh.region] = mesh.material
    extremes = _extremes(mesh, record, T, stirred, *(bound[material] for bound in _nearest(mesh, limits)))
    names = [re.sub(r"\d+", "*", name) for name in mesh.region_names]
    for name, kind, limit, basis, source in zip(*(limits[key] for key in _COLUMNS), strict=True):
        sign = LIMITS[kind]
        of, excess = material == mesh.material_names.index(name), sign * (extremes[sign] - limit)
        for group in dict.fromkeys(names[region] for region in np.flatnonzero(of & (excess > 0.0))):
            alike = np.flatnonzero(of & (np.array(names) == group))
            worst = int(alike[np.argmax(excess[alike])])
            beyond, whole = _volume_beyond(mesh, record, np.isin(mesh.region, alike), T, stirred, float(limit), sign)
            found.append(
                {
                    "region": group if alike.size > 1 else mesh.region_names[worst],
                    "hottest_region": mesh.region_names[worst],
                    "material": name,
                    "limit": kind,
                    "limit_K": float(limit),
                    "extreme_K": float(extremes[sign][worst]),
                    "beyond_K": float(excess[worst]),
                    "volume_m3": multiplicity(record) * beyond,
                    "share": beyond / whole,
                    "basis": basis,
                    "source": source,
                }
            )
    return sorted(found, key=lambda entry: (entry["limit"] not in _PHASES, -entry["beyond_K"]))


def _nearest(mesh, limits):
    """The lowest upper and the highest lower limit of each material (n_materials,) [K]; infinite without."""
    upper, lower = np.full(len(mesh.material_names), np.inf), np.full(len(mesh.material_names), -np.inf)
    for name, kind, limit in zip(*(limits[key] for key in _COLUMNS[:3]), strict=True):
        of = mesh.material_names.index(name)
        if LIMITS[kind] > 0:
            upper[of] = min(upper[of], limit)
        else:
            lower[of] = max(lower[of], limit)
    return upper, lower


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
    """Sides of the faces whose surface temperature is known, piece by piece: (faces, cells, temperatures, which side),
    each (n,)."""
    if "thermal" not in record:
        return
    thermal = record["thermal"]
    for part in pieces(len(thermal["face"])):
        face = thermal["face"][part]
        for side, cell in enumerate((mesh.owner[face], mesh.neighbour[face])):
            inside = cell >= 0
            yield face[inside], cell[inside], thermal["surface_temperature"][part, side][inside], side


def _extremes(mesh, record, T, stirred, upper, lower):
    """Highest (1) and lowest (−1) temperature of each region (n_regions,) [K], of its cells and their surfaces, of
    lumps their own, where these lie above `upper` or below `lower` (n_regions,); infinite elsewhere."""
    highest, lowest = np.full(upper.size, -np.inf), np.full(upper.size, np.inf)
    for cell, values in ((np.arange(T.size), T), *((cell, surface) for _, cell, surface, _ in _sides(mesh, record))):
        region = mesh.region[cell]
        for extreme, better, beyond in (
            (highest, np.maximum, values > upper[region]),
            (lowest, np.minimum, values < lower[region]),
        ):
            at = np.flatnonzero(beyond)
            at = at[(values is T) | ~stirred[cell[at]]]
            better.at(extreme, region[at], values[at])
    return {1: highest, -1: lowest}


def _volume_beyond(mesh, record, chosen, T, stirred, limit, sign):
    """Volume of chosen cells (n_cells,) bool beyond a limit, and their whole volume [m³], of the model.

    A cell whose centre and surfaces lie on one side of the limit counts whole; of the others see `_shares_beyond`.
    """
    volume, cut = mesh.cell_volume, np.zeros(mesh.n_cells, bool)
    for _, cell, surface, _ in _sides(mesh, record):
        here = chosen[cell] & ~stirred[cell]
        cell, surface = cell[here], surface[here]
        cut[cell[(sign * (surface - limit) > 0.0) != (sign * (T[cell] - limit) > 0.0)]] = True
    cells, whole = np.flatnonzero(cut), total(volume[chosen])
    beyond = total(volume[chosen & ~cut & (sign * (T - limit) > 0.0)])
    if cells.size:
        beyond += total(volume[cells] * _shares_beyond(mesh, record, cells, T, limit, sign))
    return beyond, whole


def _shares_beyond(mesh, record, cells, T, limit, sign):
    """Share of cells (n,) int, increasing, that lies beyond a limit (n,).

    The cell is divided among its faces, and in the part of each the temperature runs from that of the centre to that of
    the face, evenly by volume; faces without a surface temperature, which no heat passes, have the centre's. With D the
    rise to a face of normal n and p the pyramid over it as a share of the cell, the part of a face goes with p nᵀ S n,
    S = Σ p D² n nᵀ: with the direction temperature changes in. Exact for profiles of one dimension, straight on both
    sides of the centre.
    """
    of, face, side = faces_of(mesh, cells)
    row = np.searchsorted(cells, of)
    distinct, back = np.unique(face, return_inverse=True)
    surface = sides(mesh, record, "temperature", distinct)[back, side]
    rise = np.where(np.isfinite(surface), surface - T[of], 0.0)
    normal = mesh.normal[face]
    pyramid = mesh.area[face] * mesh.distance[face][np.arange(face.size), side]
    spread = np.zeros((cells.size, 3, 3))
    for i in range(3):
        for j in range(3):
            spread[:, i, j] = np.bincount(row, pyramid * rise**2 * normal[:, i] * normal[:, j], cells.size)
    part = pyramid * np.einsum("fi,fij,fj->f", normal, spread[row], normal)
    inside, outside = sign * (T[of] - limit), sign * (T[of] + rise - limit)
    crosses = (inside > 0.0) != (outside > 0.0)
    along = np.where(
        crosses, np.maximum(inside, outside) / np.where(crosses, np.abs(inside - outside), 1.0), inside > 0.0
    )
    return np.bincount(row, part * along, cells.size) / np.bincount(row, part, cells.size)
