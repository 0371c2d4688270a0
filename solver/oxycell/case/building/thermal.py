"""Case → heat balance: rows of solids and lumps, which faces are plain and which special, ledge, conductivities."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from oxycell.arrays import Bools, Floats, Ints
from oxycell.case.building.conditions import heat_conditions, merged
from oxycell.case.building.films import films_of_lumps, lump_in_regions, pool_paths, wetted_faces
from oxycell.case.building.freezing import FreezingBath, find_shells, freezing_bath
from oxycell.case.building.materials import direction_factors, needed
from oxycell.case.building.sources import volumetric
from oxycell.errors import CaseError
from oxycell.material import Constant, Material, Property, Tabulated
from oxycell.mesh.derived import Rows
from oxycell.mesh.mesh import Mesh
from oxycell.physics.heat.boundaries import HeatFlux
from oxycell.physics.heat.face_heat import BOUNDARY, LEDGE_NEIGHBOUR, LEDGE_OWNER, SERIES
from oxycell.physics.heat.fixed_lumps import fixed_rows
from oxycell.physics.heat.kirchhoff import Conductivities, integrate
from oxycell.physics.heat.storage import HeatStorage
from oxycell.physics.heat.thermal import Thermal
from oxycell.physics.ledge.columns import columns
from oxycell.physics.ledge.ledge import LedgeColumns, links
from oxycell.tabulation import tabulated

_ORIGIN = 900.0  # [K], where τ is T


def build_thermal(
    case: Any,
    mesh: Mesh,
    materials: Mapping[str, Material],
    surfaces: Mapping[str, Ints],
    interface: Ints,
    electric: Any,
    fields: Any,
    volume: Floats,
) -> tuple[Thermal, list[str], Ints]:
    """The heat balance.

    Parameters
    ----------
    case : Case, expanded; mesh : Mesh; materials : dict name → Material
    surfaces : dict name → (n,) int, faces
    interface : (n_faces,) int, interface of each mesh face, −1 without
    electric : Electric or None, the charge balance; fields : Fields
    volume : (n_cells,) [m³], which gives the cells their masses, that at the start of a transient

    Returns
    -------
    Thermal
    paths : list of str, names of the loss paths
    pool_path : (s,) int, path each special face's heat is reported under on a lump's side, −1 without

    Raises
    ------
    CaseError
        Conditions, lumps, films or a ledge that contradict each other or the mesh; heat that cannot leave.
    """
    lump_in = lump_in_regions(case, mesh)
    lump_of, n_internal = lump_in[mesh.region], mesh.n_internal
    solid = lump_of < 0
    freezes = freezing_bath(case)
    ledge = None if freezes is None or not case.ledge.walls else _ledge(case, mesh, lump_in, freezes, volume)
    row, own, n_alone = _rows(solid, lump_of, ledge)
    conditions, path, paths = heat_conditions(case, mesh, surfaces, fields)
    outside, conditions = _outside(mesh, electric, conditions, path)
    resistance = np.array(
        [sum(law.thermal for law in spec.laws if law.kind == "contact") for spec in case.interfaces] + [0.0]
    )
    conductivity = _conductivities(mesh, materials, solid, freezes)
    simple, special = _inside(mesh, electric, lump_of, (resistance > 0.0)[interface], conductivity)
    face, plain, k = np.r_[simple, special, outside], simple.size, simple.size + special.size
    placed = tuple((k + np.searchsorted(outside, faces), orientation, laws) for faces, orientation, laws in conditions)
    kind, path_of = np.full(face.size - plain, SERIES, np.int8), np.full(face.size - plain, -1, np.int16)
    kind[special.size :], path_of[special.size :] = BOUNDARY, path[outside - n_internal]
    contact = np.r_[resistance[interface[special]], np.zeros(outside.size)]
    wetted = wetted_faces(mesh, lump_in, special, outside)
    film, emissivity = films_of_lumps(case, mesh, wetted, kind, np.r_[special, outside])
    linked, ledge_face, n_links = None, np.zeros(0, np.int64), 0
    if ledge is not None:
        at = np.searchsorted(special, ledge.face)
        ledge_face = plain + at
        kind[at] = np.where(mesh.owner[ledge.face] == ledge.pool_cell, LEDGE_OWNER, LEDGE_NEIGHBOUR)
        linked = links(mesh, ledge, own, ~solid, Rows(lambda faces: resistance[interface[faces]], mesh.n_faces))
        n_links = linked.face.size
    _check_films(mesh, special, wetted, kind, film, contact)
    shells = find_shells(case, mesh, lump_in, row, special, kind, film, freezes)
    joined = np.full((2, n_links + face.size), -1, np.int32)
    joined[0, n_links:], joined[1, n_links : n_links + k] = row[mesh.owner[face]], row[mesh.neighbour[face[:k]]]
    if linked is not None:
        joined[:, :n_links] = linked.a, linked.b
        linked = linked._replace(a=joined[0, :n_links], b=joined[1, :n_links])
    thermal = Thermal(
        mesh,
        row,
        own,
        tuple(case.lumps),
        n_alone + len(case.lumps),
        face,
        plain,
        joined,
        kind,
        film,
        contact,
        emissivity,
        placed,
        path_of,
        ledge,
        ledge_face,
        linked,
        conductivity,
        volumetric(case, mesh, fields, "heat"),
        direction_factors(mesh, materials, "thermal_anisotropy"),
        case.solver.fluxes == "linear",
        HeatStorage(
            mesh, row, tuple(materials[name] for name in mesh.material_names), None, freezes is not None, volume
        ),
        shells,
    )
    if ledge is not None and thermal.factors is not None:
        raise CaseError(
            "ledge: is used together with a material whose thermal_anisotropy is not 1; allowed: one of the two"
        )
    if all(isinstance(law, HeatFlux) for _, _, laws in placed for law in laws) and not fixed_rows(thermal).size:
        raise CaseError(
            "conditions: heat cannot leave; at least one surface needs a film, radiation or a fixed temperature, or "
            "a lump a prescribed temperature"
        )
    return thermal, paths, pool_paths(case, mesh, wetted, np.r_[special, outside], paths)


def _rows(solid, lump_of, ledge):
    """Row of each cell (n_cells,) int, the row that belongs to it alone (n_cells,) int, −1 without, and how many of
    those there are; solid (n_cells,) bool, lump_of (n_cells,) int."""
    alone = solid.copy()
    if ledge is not None:
        alone[ledge.cell] = True
    n_alone = int(np.count_nonzero(alone))
    own = np.where(alone, np.cumsum(alone, dtype=np.int32) - np.int32(1), np.int32(-1))
    return np.where(solid, own, np.int32(n_alone) + lump_of), own, n_alone


def _outside(mesh, electric, conditions, path):
    """Outer faces that count (n,) int, increasing: those with a condition, and those of terminals, where current
    generates heat and which are adiabatic without one; and the conditions with that one.

    path : (n_outer,) int, of the outer faces, −1 without a condition
    """
    counts = path >= 0
    if electric is not None:
        counts[electric.face[electric.terminal >= 0] - mesh.n_internal] = True
    outside = mesh.n_internal + np.flatnonzero(counts).astype(np.int32)
    adiabatic = outside[path[outside - mesh.n_internal] < 0]
    if adiabatic.size:
        conditions = [*conditions, (adiabatic, np.zeros(adiabatic.size, np.int64), ())]
    return outside, merged(conditions)


def _inside(mesh, electric, lump_of, resists, conductivity):
    """Plain and special internal faces, (p,) and (n,) int, increasing.

    A face is special where there is an interface with a thermal resistance (`resists`, (n_faces,) bool), where current
    generates heat, where a lump begins, and where the conductivities of two solids bend apart, so that the temperature
    between them is found face by face.
    """
    solid, more = lump_of < 0, resists
    if electric is not None:
        more[electric.face[electric.laws.face]] = True
    more[mesh.between[lump_of[mesh.owner[mesh.between]] != lump_of[mesh.neighbour[mesh.between]]]] = True
    bent = mesh.faces_where(lambda faces: _bends(mesh, conductivity.varies, faces))
    more[bent[solid[mesh.owner[bent]] & solid[mesh.neighbour[bent]]]] = True
    special = np.flatnonzero(more[: mesh.n_internal]).astype(np.int32)
    one, other = lump_of[mesh.owner[special]], lump_of[mesh.neighbour[special]]
    special = special[(one < 0) | (one != other)]  # none within a lump
    return mesh.faces_where(
        lambda faces: solid[mesh.owner[faces]] & solid[mesh.neighbour[faces]] & ~more[faces]
    ), special


def _check_films(mesh, special, wetted, kind, film, contact):
    """CaseError where two lumps touch and nothing resists the heat between them."""
    at = wetted[0][(kind[wetted[0]] == SERIES) & ~np.isnan(film[wetted[0]]).any(1)]  # both sides are lumps
    bare = at[film[at].sum(1) + contact[at] == 0.0]
    if bare.size:
        f = special[bare[0]]
        names = mesh.region_names[mesh.region[mesh.owner[f]]], mesh.region_names[mesh.region[mesh.neighbour[f]]]
        raise CaseError(f"lumps: no film between {names[0]!r} and {names[1]!r}; at least one side needs a coefficient")


def _conductivities(
    mesh: Mesh, materials: Mapping[str, Material], solid: Bools, freezes: FreezingBath | None
) -> Conductivities:
    """Conductivities of the materials that solids (n_cells,) bool are of, constant ones of the others, and of frozen
    bath; freezes : FreezingBath or None."""
    used = set(np.unique(mesh.material[solid]).tolist())
    found = [
        needed(materials[name], "thermal_conductivity") if i in used else Constant(1.0, "W/m/K")
        for i, name in enumerate(mesh.material_names)
    ]
    origins = [_ORIGIN] * len(found)
    if freezes is not None:
        found, origins = [*found, _frozen(freezes)], [*origins, freezes.liquidus]
    return integrate(found, np.array(origins))


def _frozen(freezes: FreezingBath) -> Property:
    """Conductivity of frozen bath, constant above its liquidus: there the columns' temperature is the straight
    continuation of the ledge's."""
    points, values = tabulated(freezes.conductivity)
    below = points < freezes.liquidus
    if points.size == 1 or not below.any():
        return Constant(float(values[0]), "W/m/K")
    return Tabulated(
        np.r_[points[below], freezes.liquidus],
        np.r_[values[below], np.interp(freezes.liquidus, points, values)],
        "W/m/K",
    )


def _bends(mesh, varies, faces):
    """Where faces lie between two materials of which the conductivity of one varies with temperature (k,) bool."""
    one, other = mesh.material[mesh.owner[faces]], mesh.material[mesh.neighbour[faces]]
    return (one != other) & (varies[one] | varies[other])


def _ledge(case: Any, mesh: Mesh, lump_in: Ints, freezes: FreezingBath, volume: Floats) -> LedgeColumns:
    """The columns a ledge can grow in; lump_in (n_regions,) is the lump of each region, volume (n_cells,) [m³] that
    which gives the cells their masses."""
    return columns(
        mesh,
        np.isin(lump_in, freezes.pools)[mesh.region],
        mesh.cells(*case.ledge.walls),
        freezes.conductivity,
        freezes.liquidus,
        case.ledge.reach,
        volume,
    )
