"""Fronts in materials that melt without flowing: where they cross the ways from centres of cells to faces, and what is
liquid."""

import numpy as np

from oxycell.material import Scaled, Tabulated
from oxycell.mesh.locate import faces_of


def melting(built, evaluation):
    """What the record holds of materials that melt: name → its front; see docs/formats.md.

    Parameters
    ----------
    built : Built
    evaluation : Evaluation

    Returns
    -------
    dict, empty where there is no such material outside lumps

    Notes
    -----
    Between the centre of a cell and its surface the integral of k over temperature is straight (Kirchhoff), and the
    front lies where that of the melting point is: exact where heat flows along one axis, else as good as the
    temperatures. A cell's liquid share is the mean over these ways, each by the heat that flows along it.
    """
    thermal, mesh, found = built.problem.thermal, built.mesh, {}
    if thermal is None:
        return found
    solid = thermal.row < thermal.n_rows - len(thermal.lumps)
    for number, name in enumerate(mesh.material_names):
        melts = built.materials[name].melting
        cells = np.flatnonzero((mesh.material == number) & solid) if melts is not None else np.zeros(0, np.int64)
        if cells.size:
            found[name] = _front(mesh, thermal, evaluation, cells, melts, built.materials[name].thermal_conductivity)
    return found


def _front(mesh, thermal, evaluation, cells, melts, conductivity):
    """Liquid share of cells (n,), and the points (k, 3) [m] in which the front crosses ways to faces of an area (k,)
    [m²] across `axis`."""
    cell, face, side = faces_of(mesh, cells)
    surface = np.full((mesh.n_faces, 2), np.nan)
    surface[thermal.face] = evaluation.surface_temperature
    inside = evaluation.cell_temperature[cell]
    at_face = np.where(
        np.isnan(surface[face, side]), inside, surface[face, side]
    )  # nothing flows where no face of the balance is
    one, other = (rise(conductivity, melts, T) for T in (inside, at_face))
    crossed = (one > 0.0) != (other > 0.0)
    share = np.where(
        crossed, one / np.where(crossed, one - other, 1.0), 1.0
    )  # of the way from the centre that is as the centre is
    liquid = np.where(one > 0.0, share, 1.0 - share)
    place, flow = np.searchsorted(cells, cell), np.abs(one - other)
    flows = np.bincount(place, flow, cells.size)
    own = (evaluation.cell_temperature[cells] > melts).astype(float)
    fraction = np.where(
        flows > 0.0, np.bincount(place, flow * liquid, cells.size) / np.where(flows > 0.0, flows, 1.0), own
    )
    centre, away = np.asarray(mesh.cell_centre[cell[crossed]]), np.asarray(mesh.face_centre[face[crossed]])
    return {
        "temperature": melts,
        "cell": cells,
        "liquid_fraction": fraction,
        "point": centre + share[crossed, None] * (away - centre),
        "face": face[crossed],
        "area": mesh.area[face[crossed]],
    }


def rise(conductivity, start, T):
    """Integral of a conductivity from one temperature to others: `start` [K], T (n,) [K]; (n,) [W/m], of a constant one
    [K]."""
    while isinstance(conductivity, Scaled):
        conductivity = conductivity.of
    if not isinstance(conductivity, Tabulated):
        return T - start
    points = np.unique(np.r_[conductivity.temperatures, start])
    values = conductivity.at(points)
    whole = np.r_[0.0, np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(points))]
    below = np.clip(np.searchsorted(points, T, side="right") - 1, 0, points.size - 1)
    return whole[below] + 0.5 * (T - points[below]) * (values[below] + conductivity.at(T)) - whole[points == start][0]
