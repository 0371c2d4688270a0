"""Bodies that exchange no heat with anything: their temperature is not determined, and with heat generated in them
there is no steady state."""

import numpy as np

from oxycell.errors import CaseError
from oxycell.mesh.connected import connected_parts
from oxycell.physics.heat.boundaries import FixedTemperature
from oxycell.physics.heat.fixed_lumps import fixed_rows

_HOT = 1000.0  # [K], where laws tell whether the heat they take depends on the temperature


def bodies_alone(thermal, electric):
    """Cells of bodies without heat exchange.

    A body is what conduction, contacts and films join; it exchanges heat where a law of a surface gives more heat to
    the outside when the surface is hotter, or fixes the surface temperature, and in a lump of prescribed temperature.

    Parameters
    ----------
    thermal : Thermal
    electric : Electric or None

    Returns
    -------
    (k,) int, a cell of each region of each such body

    Raises
    ------
    CaseError
        Heat is generated in such a body, or enters it.
    """
    links = thermal.joined.shape[1] - thermal.face.size
    part = connected_parts(thermal.n_rows, *thermal.joined[:, : links + thermal.inner.stop])
    exchanges, driven = np.zeros(thermal.n_rows, bool), np.zeros(thermal.n_rows, bool)
    for faces, orientation, laws in thermal.conditions:
        body, hot = part[thermal.a[faces]], np.full(faces.size, _HOT)
        for law in laws:
            if isinstance(law, FixedTemperature):
                exchanges[body] = True
                continue
            flux, slope = law.flux(hot, orientation)
            exchanges[body[slope != 0.0]] = True
            driven[body[(slope == 0.0) & (flux != 0.0)]] = True
    exchanges[part[fixed_rows(thermal)]] = True
    alone = ~exchanges[part[thermal.row]]
    if not alone.any():
        return np.zeros(0, np.int64)
    for source in thermal.sources:
        cells = source.cells
        if isinstance(source.density, float | np.ndarray):  # else it varies with temperature
            cells = cells[np.broadcast_to(source.density, cells.size) != 0.0]
        driven[part[thermal.row[cells]]] = True
    if electric is not None:
        driven[part[thermal.row[_carrying(electric)]]] = True
    cells = np.flatnonzero(alone)
    heated = cells[driven[part[thermal.row[cells]]]]
    names = np.array(thermal.mesh.region_names)
    if heated.size:
        listed = sorted(set(names[thermal.mesh.region[heated]]))
        named = ", ".join(listed[:3]) + (" …" if len(listed) > 3 else "")
        raise CaseError(
            f"conditions: heat generated in {named} cannot leave; allowed: a film, radiation or a fixed temperature "
            "on one of its surfaces, a lump of prescribed temperature, a neighbour that has one, or no heat"
        )
    pair = np.stack([part[thermal.row[cells]], thermal.mesh.region[cells]])
    return cells[np.unique(pair, axis=1, return_index=True)[1]]


def _carrying(electric):
    """(n_cells,) bool, cells in conductors that something drives a current through, or may."""
    n, k = electric.cells.size, np.count_nonzero(electric.b < 0)
    part = connected_parts(electric.n_rows, electric.a[: electric.a.size - k], electric.b[: electric.b.size - k])
    driven = np.bincount(part[n:], minlength=electric.n_rows) > 1  # two terminals
    driven[part[electric.a[electric.b < 0]]] = True
    for source in electric.sources:
        driven[part[electric.row[source.cells]]] = True
    return (electric.row >= 0) & driven[part[electric.row]]
