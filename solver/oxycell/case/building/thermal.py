"""Case → heat balance: solids and lumps, films, ledge, what the outside does, and the paths heat is booked under."""

from dataclasses import replace
from fnmatch import fnmatchcase

import numpy as np

from oxycell.case.building.materials import build_materials, direction_factors, needed
from oxycell.case.building.sources import volumetric
from oxycell.errors import CaseError
from oxycell.material import Constant, Table, tabulated
from oxycell.mesh.build import find_names
from oxycell.mesh.derived import Rows
from oxycell.mesh.mesh import index_type
from oxycell.physics.charge.boundary_currents import SUPPLIES
from oxycell.physics.heat.face_heat import (
    BOUNDARY,
    LEDGE_NEIGHBOUR,
    LEDGE_OWNER,
    RADIATING_NEIGHBOUR,
    RADIATING_OWNER,
    SERIES,
)
from oxycell.physics.heat.fixed_lumps import fixed_rows
from oxycell.physics.heat.kirchhoff import integrate
from oxycell.physics.heat.thermal import Thermal
from oxycell.physics.ledge.columns import columns
from oxycell.physics.ledge.ledge import links
from oxycell.physics.varying import Places

_ORIGIN = 900.0  # [K], where τ is T


def build_thermal(case, mesh, materials, surfaces, interface, electric, fields):
    """The heat balance; returns Thermal, the names of the loss paths, and the pool path of each special face."""
    lump_in = _lump_in_regions(case, mesh)
    lump_of, n_internal = lump_in[mesh.region], mesh.n_internal
    solid = lump_of < 0
    ledge = _ledge(case, mesh, lump_in)
    alone = solid.copy()
    if ledge is not None:
        alone[ledge.cell] = True
    n_alone = int(np.count_nonzero(alone))
    own = np.where(alone, np.cumsum(alone, dtype=np.int32) - np.int32(1), np.int32(-1))
    row = np.where(solid, own, np.int32(n_alone) + lump_of)
    conditions, of_face = [], np.full(mesh.n_faces - n_internal, -1, np.int16)
    stacked, paths = _stated_conditions(case, mesh, surfaces)
    path = np.full(mesh.n_faces - n_internal, -1, np.int16)
    for faces, stated in stacked:
        laws = [
            _placed(law, Places(mesh, faces, True, fields), f"conditions: surface {name!r}: {law.kind}")
            for spec, _, name in stated
            for law in spec.laws
            if law.kind not in SUPPLIES
        ]
        if len({label for _, label, _ in stated}) > 1:
            names = " and ".join(repr(label) for label in dict.fromkeys(label for _, label, _ in stated))
            raise CaseError(f"conditions: surface {stated[0][2]!r} is booked under {names}; allowed: one path")
        _check_apart(case, stated)
        if len(laws) > 1 and any(law.kind == "fixed_temperature" for law in laws):
            raise CaseError(
                f"conditions: surface {stated[0][2]!r} has a fixed temperature and another law; allowed: one or "
                f"the other"
            )
        path[faces - n_internal] = paths.index(stated[0][1])
        of_face[faces - n_internal] = len(conditions)
        upwards = mesh.normal[faces, 2]
        conditions.append((faces, np.rint(upwards * (abs(upwards) > 0.5)).astype(np.int64), tuple(laws)))
    counts = of_face >= 0
    if electric is not None:
        counts[electric.face[electric.terminal >= 0] - n_internal] = True
    outside = n_internal + np.flatnonzero(counts).astype(np.int32)
    adiabatic = outside[of_face[outside - n_internal] < 0]
    if adiabatic.size:
        conditions.append((adiabatic, np.zeros(adiabatic.size, np.int64), ()))
    resistance = np.array(
        [sum(law.thermal for law in spec.laws if law.kind == "contact") for spec in case.interfaces] + [0.0]
    )
    more = (resistance > 0.0)[interface]  # than two half cells
    if electric is not None:
        more[electric.face[electric.laws.face]] = True  # currents make heat there
    more[mesh.between[lump_of[mesh.owner[mesh.between]] != lump_of[mesh.neighbour[mesh.between]]]] = True
    conductivity = _conductivities(mesh, materials, solid, ledge)
    bent = mesh.faces_where(lambda faces: _bends(mesh, conductivity.varies, faces))
    more[bent[solid[mesh.owner[bent]] & solid[mesh.neighbour[bent]]]] = (
        True  # what the surface between them has is found face by face
    )
    special = np.flatnonzero(more[:n_internal]).astype(np.int32)
    one, other = lump_of[mesh.owner[special]], lump_of[mesh.neighbour[special]]
    special = special[(one < 0) | (one != other)]  # none within a lump
    simple = mesh.faces_where(lambda faces: solid[mesh.owner[faces]] & solid[mesh.neighbour[faces]] & ~more[faces])
    face, plain, k = np.r_[simple, special, outside], simple.size, simple.size + special.size
    conditions = tuple(
        (k + np.searchsorted(outside, faces), orientation, laws) for faces, orientation, laws in _joined(conditions)
    )
    kind, path_of = np.full(face.size - plain, SERIES, np.int8), np.full(face.size - plain, -1, np.int16)
    kind[special.size :], path_of[special.size :] = BOUNDARY, path[outside - n_internal]
    contact = np.r_[resistance[interface[special]], np.zeros(outside.size)]
    wetted = _wetted(mesh, lump_in, special, outside)
    film, emissivity = _films(case, mesh, wetted, kind, np.r_[special, outside])
    linked, ledge_face, n_links = None, np.zeros(0, np.int64), 0
    if ledge is not None:
        at = np.searchsorted(special, ledge.face)
        ledge_face = plain + at
        kind[at] = np.where(mesh.owner[ledge.face] == ledge.pool_cell, LEDGE_OWNER, LEDGE_NEIGHBOUR)
        linked = links(mesh, ledge, own, ~solid, Rows(lambda faces: resistance[interface[faces]], mesh.n_faces))
        n_links = linked.face.size
    joined = np.full((2, n_links + face.size), -1, np.int32)
    joined[0, n_links:], joined[1, n_links : n_links + k] = row[mesh.owner[face]], row[mesh.neighbour[face[:k]]]
    if linked is not None:
        joined[:, :n_links] = linked.a, linked.b
        linked = replace(linked, a=joined[0, :n_links], b=joined[1, :n_links])
    at = wetted[0][(kind[wetted[0]] == SERIES) & ~np.isnan(film[wetted[0]]).any(1)]  # both sides are lumps
    bare = at[film[at].sum(1) + contact[at] == 0.0]
    if bare.size:
        f = special[bare[0]]
        names = mesh.region_names[mesh.region[mesh.owner[f]]], mesh.region_names[mesh.region[mesh.neighbour[f]]]
        raise CaseError(f"lumps: no film between {names[0]!r} and {names[1]!r}; at least one side needs a coefficient")
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
        conditions,
        path_of,
        ledge,
        ledge_face,
        linked,
        conductivity,
        volumetric(case, mesh, fields, "heat"),
        direction_factors(mesh, materials, "thermal_anisotropy"),
        case.solver.fluxes == "linear",
    )
    if ledge is not None and thermal.factors is not None:
        raise CaseError("ledge: stands with a material whose thermal_anisotropy is not 1; allowed: one of the two")
    if all(law.kind == "heat_flux" for _, _, laws in conditions for law in laws) and not fixed_rows(thermal).size:
        raise CaseError(
            "conditions: heat has no way out; at least one surface needs a film, radiation or a fixed "
            "temperature, or a lump "
            "a known temperature"
        )
    return thermal, paths, pool_paths(case, mesh, wetted, np.r_[special, outside], paths)


def _conductivities(mesh, materials, solid, ledge):
    """Conductivities of the materials that solids (n_cells,) bool are of, constant ones of the others, and of the
    ledge's frozen bath."""
    used = set(np.unique(mesh.material[solid]).tolist())
    found = [
        needed(materials[name], "thermal_conductivity") if i in used else Constant(1.0, "W/m/K")
        for i, name in enumerate(mesh.material_names)
    ]
    origins = [_ORIGIN] * len(found)
    if ledge is not None:
        found, origins = [*found, _frozen(ledge)], [*origins, ledge.liquidus]
    return integrate(found, origins)


def _frozen(ledge):
    """Conductivity of frozen bath, held above its liquidus: there the columns' temperature is the straight continuation
    of the ledge's."""
    points, values = tabulated(ledge.conductivity)
    below = points < ledge.liquidus
    if points.size == 1 or not below.any():
        return Constant(float(values[0]), "W/m/K")
    return Table(
        np.r_[points[below], ledge.liquidus], np.r_[values[below], np.interp(ledge.liquidus, points, values)], "W/m/K"
    )


def _bends(mesh, varies, faces):
    """Where faces stand between two materials of which the conductivity of one varies with temperature (k,) bool."""
    one, other = mesh.material[mesh.owner[faces]], mesh.material[mesh.neighbour[faces]]
    return (one != other) & (varies[one] | varies[other])


def _lump_in_regions(case, mesh):
    """Lump of each region (n_regions,) int, −1 without."""
    found = np.full(len(mesh.region_names), -1, index_type(len(case.lumps)))
    for i, lump in enumerate(case.lumps):
        try:
            inside = mesh.fitting(*lump.regions)
        except CaseError as error:
            raise CaseError(f"lumps: {lump.name!r}: {error}") from None
        if (found[inside] >= 0).any():
            raise CaseError(f"lumps: {lump.name!r} shares a region with another lump; allowed: one lump a region")
        found[inside] = i
    return found


def _wetted(mesh, lump_in, special, outside):
    """Faces of lumps.

    Parameters
    ----------
    lump_in : (n_regions,) int, lump of each region, −1 without
    special, outside : (k,), (j,) int, mesh faces heat crosses inside, those of lumps among them, and to the outside,
        rising

    Returns
    -------
    at : (n,) int, positions among these faces, rising
    region : (n, 2) int, of the owner and of the neighbour, −1 at a boundary
    lump : (n, 2) int, on both sides, −1 for none
    """
    between = mesh.between
    region = np.stack([mesh.region[mesh.owner[between]], mesh.region[mesh.neighbour[between]]], 1)
    lump = lump_in[region]
    here = lump[:, 0] != lump[:, 1]
    beyond = mesh.region[mesh.owner[outside]]
    wet = lump_in[beyond] >= 0
    at = np.r_[np.searchsorted(special, between[here]), special.size + np.flatnonzero(wet)]
    region = np.concatenate([region[here], np.stack([beyond[wet], np.full_like(beyond[wet], -1)], 1)])
    return at, region, np.where(region < 0, lump_in.dtype.type(-1), lump_in[region])


def _films(case, mesh, wetted, kind, face):
    """Film resistance (s, 2) [m² K/W] on the sides of lumps, NaN on others, and emissivity (s,); kind (s,) is set where
    faces radiate.

    `face` (s,) int are the mesh faces.
    """
    film, emissivity, used = np.full((kind.size, 2), np.nan), np.zeros(kind.size), set()
    at, region, lumps = wetted
    for side in (0, 1):
        for i, lump in enumerate(case.lumps):
            here = np.flatnonzero(lumps[:, side] == i)
            outer = region[here, 1] < 0
            touched = np.where(outer, region[here, 0], region[here, 1 - side])
            found = np.full(here.size, np.nan)
            for number, (spec, meant) in enumerate(
                _films_at(lump, mesh, face[at[here]], touched, np.where(outer, 1, 2 * side - 1))
            ):
                found[meant] = spec.resistance
                used |= {(i, number)} if meant.any() else set()
            for number in np.unique(touched[np.isnan(found)]):
                found[np.isnan(found) & (touched == number)] = _film(lump, mesh.region_names[number])
            film[at[here], side] = found
            closed = touched[(found == 0.0) & (outer | (lump.emissivity > 0.0))]
            if closed.size:
                raise CaseError(
                    f'lumps: film "none" of {lump.name!r} to {mesh.region_names[closed[0]]!r}, but a lump with an '
                    f"outer face "
                    "or an emissivity needs a coefficient there"
                )
            if lump.emissivity > 0.0:
                kind[at[here[~outer]]], emissivity[at[here[~outer]]] = (
                    (RADIATING_OWNER, RADIATING_NEIGHBOUR)[side],
                    lump.emissivity,
                )
    for i, lump in enumerate(case.lumps):
        for number in range(len(lump.films_at)):
            if (i, number) not in used:
                raise CaseError(
                    f"lumps: {lump.name!r}: films_at.{number}: no face that the lump touches lies there and looks "
                    f"that way, or "
                    "earlier ones have them all; allowed: a place with the centres of such faces, and a way they look"
                )
    return film, emissivity


def _films_at(lump, mesh, face, touched, sign):
    """Films of a lump that hold at a place, each with the faces (k,) bool of those given that it is the first to fit.

    face : (k,) int, mesh faces; touched : (k,) int, region a film is on; sign : (k,), +1 where the normal leaves that
        region
    """
    free, found = np.ones(face.size, bool), []
    for spec in lump.films_at:
        try:
            fits = free & np.isin(touched, np.flatnonzero(mesh.fitting(*spec.on)))
        except CaseError as error:
            raise CaseError(f"lumps: {lump.name!r}: films_at: {error}") from None
        fits[fits] = spec.where.faces(mesh, face[fits], sign[fits])
        free &= ~fits
        found.append((spec, fits))
    return found


def _joined(conditions):
    """Conditions with laws of the same kinds as one, their numbers by face; those that vary with temperature stay
    alone."""
    groups = {}
    for number, (faces, orientation, laws) in enumerate(conditions):
        values = [{name: getattr(law, name) for name in type(law).model_fields if name != "kind"} for law in laws]
        plain = all(isinstance(value, float | np.ndarray) for each in values for value in each.values())
        kinds = tuple(law.kind for law in laws) if plain else number
        groups.setdefault(kinds, []).append((faces, orientation, laws, values))
    for group in groups.values():
        faces, orientation, laws, values = group[0]
        if len(group) > 1:
            laws = tuple(
                law.model_copy(
                    update={
                        name: np.concatenate([np.broadcast_to(each[n][name], at.size) for at, _, _, each in group])
                        for name in values[n]
                    }
                )
                for n, law in enumerate(laws)
            )
            faces, orientation = (np.concatenate([each[i] for each in group]) for i in (0, 1))
        yield faces, orientation, laws


def _check_apart(case, stated):
    """CaseError where faces are under two conditions as part of two surfaces; those of conditions on one surface are
    meant to add up.

    stated : tuple of (spec, path, surface), what is stated for some faces
    """
    number = {id(spec): i for i, spec in enumerate(case.conditions)}
    first, _, surface = stated[0]
    for spec, path, name in stated:
        if name != surface:
            raise CaseError(
                f"conditions.{number[id(spec)]}.on: surface {name!r} has faces in common with {surface!r} of condition "
                f"{number[id(first)]}, both booked under {path!r}; allowed: surfaces without faces in common"
            )


def _placed(law, places, what):
    """A law with what varies in it as arrays over the faces."""
    placed = places.placed(law, what)
    if law.kind == "convection":
        placed.check(what)
    return placed


def _stated_conditions(case, mesh, surfaces):
    """Faces (n,) that the same conditions are stated for, list of (faces, ((spec, path, surface), …)), and the names of
    all paths."""
    stacks, number, paths = [()], {}, {}
    at = np.zeros(mesh.n_faces, np.int32)
    for spec in case.conditions:
        if spec.laws and all(law.kind in SUPPLIES for law in spec.laws):
            continue
        for name in find_names(spec.on, surfaces, "conditions"):
            entry, before = (spec, spec.path or name, name), at[surfaces[name]]
            paths[entry[1]] = None
            for old in np.unique(before):
                if any(other is spec for other, _, _ in stacks[old]):
                    continue
                key = int(old), id(spec), entry[1]
                if key not in number:
                    number[key] = len(stacks)
                    stacks.append((*stacks[old], entry))
                at[surfaces[name][before == old]] = number[key]
    order = np.argsort(at[mesh.outside], kind="stable")
    faces = mesh.outside[order]
    ends = np.searchsorted(at[faces], np.arange(len(stacks) + 1))
    return [
        (faces[ends[i] : ends[i + 1]], stack) for i, stack in enumerate(stacks) if i and ends[i] < ends[i + 1]
    ], list(paths)


def _ledge(case, mesh, lump_in):
    """The columns a ledge can grow in, None without one; lump_in (n_regions,) is the lump of each region."""
    if case.ledge is None:
        return None
    names = [lump.name for lump in case.lumps]
    pools = [names.index(name) for name in find_names(case.ledge.pools, names, "ledge.pools")]
    liquidus = case.ledge.liquidus or (case.bath.liquidus() if case.bath else None)
    if liquidus is None:
        raise CaseError("ledge.liquidus: is needed without [bath]")
    for lump in (case.lumps[i] for i in pools):
        if lump.temperature is not None and lump.temperature <= liquidus:
            raise CaseError(
                f"lumps: {lump.name!r} is held at {lump.temperature:.6g} K, which freezes; allowed beside "
                f"[ledge]: above the "
                f"liquidus, {liquidus:.6g} K"
            )
    conductivity = Constant(case.ledge.conductivity, "W/m/K", "the case", "E")
    if case.ledge.material is not None:
        material = build_materials(case, [case.ledge.material], "ledge.material")[case.ledge.material]
        conductivity = needed(material, "thermal_conductivity")
    return columns(
        mesh,
        np.isin(lump_in, pools)[mesh.region],
        mesh.cells(*case.ledge.walls),
        conductivity,
        liquidus,
        case.ledge.reach,
    )


def _film(lump, region):
    """Film resistance [m² K/W] between a lump and a region it touches."""
    for pattern, coefficient in lump.films.items():
        if fnmatchcase(region, pattern):
            if coefficient is None:
                return 0.0
            return 1.0 / coefficient
    raise CaseError(
        f'lumps: {lump.name!r} touches {region!r} and has no film for it; allowed: a pattern that fits, such as "*"'
    )


def pool_paths(case, mesh, wetted, face, paths):
    """Loss path each special face (m,) is booked under on a lump's side (m,), −1 without; new names are added to
    `paths`.

    `face` (m,) int are the mesh faces.
    """
    found = np.full(face.size, -1, np.int16)
    at, region, lumps = wetted

    def number(label):
        if label not in paths:
            paths.append(label)
        return paths.index(label)

    for side in (0, 1):
        for i, lump in enumerate(case.lumps):
            here = np.flatnonzero((lumps[:, side] == i) & (lumps[:, 1 - side] < 0) & (region[:, 1] >= 0))
            touched, booked = region[here, 1 - side], np.full(here.size, -1, np.int16)
            for one in np.unique(touched):
                name = mesh.region_names[one]
                label = next((path for pattern, path in lump.paths.items() if fnmatchcase(name, pattern)), None)
                if label is not None:
                    booked[touched == one] = number(label)
            for spec, meant in _films_at(lump, mesh, face[at[here]], touched, np.full(here.size, 2 * side - 1)):
                if spec.path is not None and meant.any():
                    booked[meant] = number(spec.path)
            found[at[here[booked >= 0]]] = booked[booked >= 0]
    return found
