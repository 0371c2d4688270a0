"""Heat through every face of the heat balance, surface temperatures, and the front of its ledge."""

from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.numerics.operators import sum_to_rows
from oxycell.physics.balance import RowTerm
from oxycell.physics.heat.face_heat import Exchange, Fronts, Interfaces, face_heat, plain_surfaces
from oxycell.physics.heat.heat_flow import Heat
from oxycell.physics.heat.kirchhoff import risen_rows, slopes_of_rows, transformed_at
from oxycell.physics.heat.surface_balance import balance_outside
from oxycell.physics.ledge.ledge import Front


def ledge_front(thermal: Any, T: Floats, tau: Floats, rise: Floats | None, liquidus: float | None = None) -> Front:
    """The front of the ledge at temperatures T and their τ: both (n_rows,) [K]; rise (m, 2) [K] or None, of τ; liquidus
    [K], that of the ledge if None. Returns Front."""
    return thermal.ledge.front(thermal.mesh, *_along_columns(thermal, T, tau, rise, liquidus))


def located_front(thermal: Any, T: Floats, tau: Floats, rise: Floats | None, liquidus: float) -> Front:
    """The front without the area of what it covers, see `LedgeColumns.located`; arguments: see `ledge_front`."""
    found: Front = thermal.ledge.located(thermal.mesh, *_along_columns(thermal, T, tau, rise, liquidus))
    return found


def _along_columns(
    thermal: Any, T: Floats, tau: Floats, rise: Floats | None, liquidus: float | None
) -> tuple[Floats, Floats, Floats, Floats, float]:
    """What `LedgeColumns.front` asks for: τ of the columns' cells and of their walls, resistances on both sides of
    these, τ of the front."""
    ledge = thermal.ledge
    beside = None
    if rise is not None and thermal.linear_flux:
        beside = np.where(
            thermal.mesh.owner[ledge.face] == ledge.wall_cell, rise[thermal.ledge_face, 0], -rise[thermal.ledge_face, 1]
        )
    wall = thermal.ledge_heat.walls(T, beside)
    nothing = np.zeros(wall.size)
    front = ledge.liquidus if liquidus is None else transformed_at(thermal.frozen, liquidus, thermal.conductivity)
    return tau[thermal.own[ledge.cell]], wall, nothing + 1.0, nothing, front


def heat_through(
    thermal: Any,
    T: Floats,
    tau: Floats,
    front: Front | None,
    sources: tuple[RowTerm, ...],
    face_sources: tuple[tuple[str, Ints, Floats], ...],
    rise: Floats | None,
    liquidus: float,
    melting: Floats | None,
    shells: Any,
    nearby: Floats | None,
) -> Heat:
    """Heat through every face.

    Parameters
    ----------
    T : (n_rows,) [K]
    tau : (n_rows,) [K], from `transformed`
    front : Front or None, where the ledge ends
    sources : tuple of RowTerm [W], heat generated inside rows
    face_sources : tuple of (name, positions (k,) int among the special faces, heat (k, 2) [W] generated on the owner's
        and the neighbour's side)
    rise : (m, 2) [K] or None, of τ, see Skew
    liquidus : [K], of the ledge; 0 without one
    melting : (n,) [W] or None, heat that what melts takes at the front of each column
    shells : Shelled or None, of `thermal.shells`
    nearby : (s, 2) [K] or None, surface temperatures of the special faces at a state nearby

    Returns
    -------
    Heat
    """
    s, source = thermal.special, np.zeros((thermal.kind.size, 2))
    area = open_area(thermal, front)
    for _, place, amounts in face_sources:
        for side in (0, 1):
            sum_to_rows(place, amounts[:, side], source[:, side])
    if front is not None:
        area[thermal.ledge_face - thermal.plain] *= front.share
    exchange = Exchange.empty(area.size)
    distance, p, material, k = thermal.distance[0], thermal.plain, thermal.mesh.material, thermal.conductivity.packed
    at, special_rise = thermal.special_at, None if rise is None else rise[s]
    if front is not None:
        frozen, under, warmer = _shifts(thermal, T, front)
        special_rise = thermal.touched.on_faces(warmer, special_rise, thermal.kind.size)
    owner, neighbour = thermal.special_sides
    interfaces = Interfaces(
        thermal.a[s], thermal.b[s], owner, neighbour, at, thermal.film, thermal.contact, thermal.emissivity, area
    )
    inner = thermal.kind[: thermal.inner.stop - p]
    fronts = Fronts.none(area.size, liquidus)
    if melting is not None:
        at_walls = thermal.ledge_face - thermal.plain
        fronts.melting[at_walls] = melting / area[at_walls]
    if shells is not None:
        here = thermal.shells.at
        fronts.melting[here], fronts.resistance[here], fronts.holds[here] = (
            shells.melting,
            shells.resistance,
            shells.holds,
        )
    face_heat(inner, interfaces, T, special_rise, material, distance, k, source, fronts, exchange)
    leaving, entering, surface, slope, shift = exchange
    links = (None, None, None)
    if front is not None:
        risen = thermal.touched.on_links(frozen, under, thermal.links)
        if rise is not None and thermal.linear_flux:
            linked, position, side = thermal.ledge_heat.linked_solids
            risen[linked, side] += np.where(side == 0, 1.0, -1.0) * rise[position, side]
        links = thermal.ledge_heat.linked(T, tau, front, risen)
    for chosen, orientation, laws in thermal.conditions:
        here = chosen - p
        cells = material[thermal.special_sides[0][here]]
        inside = risen_rows(
            cells,
            T[thermal.a[chosen]],
            None if rise is None or special_rise is None else special_rise[here, 0],
            thermal.film[here, 0],
            k,
        )
        half_cell = cells, inside, distance[at[here], 0], thermal.film[here, 0], k
        leaving[here], surface_T, shift[here, 0] = balance_outside(
            half_cell, area[here], source[here, 0], orientation, laws, inside if nearby is None else nearby[here, 0]
        )
        entering[here], surface[here] = leaving[here] + source[here, 0], surface_T[:, None]
    return Heat(thermal, T, tau, rise, sources, face_sources, area, leaving, entering, surface, slope, shift, *links)


def open_area(thermal: Any, front: Front | None) -> Floats:
    """Area of the special faces (s,) [m²], less what a ledge covers of those that are not its walls."""
    found: Floats = thermal.mesh.area[thermal.face[thermal.special]]
    if front is not None:
        at, beside = thermal.frozen_over
        found[at] *= front.open_beside[beside]
    return found


def special_rise_at(thermal: Any, T: Floats, rise: Floats | None, front: Front | None) -> Floats | None:
    """Corrections of τ (s, 2) [K] on the special faces, with those of what is under open parts of a ledge's cells;
    arguments: see `heat_through`."""
    found = None if rise is None else rise[thermal.special]
    if front is None:
        return found
    return thermal.touched.on_faces(_shifts(thermal, T, front)[2], found, thermal.kind.size)  # type: ignore[no-any-return]


def _shifts(thermal: Any, T: Floats, front: Front) -> tuple[Floats, Floats, Floats]:
    """`Touched.shifts` at temperatures T (n_rows,) [K]."""
    rows = thermal.touched.row
    slopes = np.empty(rows.size)
    slopes_of_rows(thermal.row_material[rows], T[rows], thermal.conductivity.packed, slopes)
    return thermal.touched.shifts(T, slopes, front)


def surface_temperatures(thermal: Any, T: Floats, heat: Heat, front: Front | None, rise: Floats | None) -> Floats:
    """Surface temperatures on both sides of every face (m, 2) [K]; of what frozen bath touches other than its walls
    that between it and
    the solid, by the share it covers. `heat` : Heat at T; the rest as in `evaluate`."""
    surface, p, k = np.empty((thermal.face.size, 2)), thermal.plain, thermal.conductivity.packed
    surface[p:] = heat.surface
    distance, row = thermal.distance
    plain_surfaces(
        thermal.face[:p],
        thermal.a,
        heat.tau,
        rise,
        thermal.mesh.owner,
        thermal.mesh.material,
        distance,
        row,
        thermal.mesh.area,
        heat.leaving,
        k,
        surface,
    )
    if front is None:
        return surface
    inside = thermal.touched.position >= 0
    links, at = thermal.touched.link[inside], p + thermal.touched.position[inside]
    between = thermal.ledge_heat.beside_walls(
        links, T, thermal.touched.on_links(*_shifts(thermal, T, front)[:2], thermal.links)
    )
    covered = 1.0 - front.open_beside[np.searchsorted(thermal.ledge.beside, thermal.links.face[links])]
    surface[at] += covered[:, None] * (between - surface[at])
    return surface
