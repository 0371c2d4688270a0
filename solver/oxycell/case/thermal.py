"""Case → heat balance: solids and lumps, films, ledge, what the outside does, and the paths heat is booked under."""

from fnmatch import fnmatchcase

import numpy as np

from oxycell.case.feeding import volumetric
from oxycell.case.materials import build_materials, by_material, direction_factors
from oxycell.errors import CaseError
from oxycell.material import Constant
from oxycell.mesh.build import find_names
from oxycell.physics.face_heat import BOUNDARY, LEDGE_NEIGHBOUR, LEDGE_OWNER, RADIATING_NEIGHBOUR, RADIATING_OWNER, SERIES
from oxycell.physics.ledge import links
from oxycell.physics.ledge_columns import columns
from oxycell.physics.skew import sides_of
from oxycell.physics.supplies import SUPPLIES
from oxycell.physics.thermal import Thermal
from oxycell.physics.varying import Places


def build_thermal(case, mesh, materials, surfaces, interface, electric, fields):
    """The heat balance; returns Thermal, the names of the loss paths, and the pool path of each face."""
    lump_of = np.full(mesh.n_cells, -1, np.int32)
    for i, lump in enumerate(case.lumps):
        try:
            inside = mesh.cells(*lump.regions)
        except CaseError as error:
            raise CaseError(f"lumps: {lump.name!r}: {error}") from None
        if (lump_of[inside] >= 0).any():
            raise CaseError(f"lumps: {lump.name!r} shares a region with another lump; allowed: one lump a region")
        lump_of[inside] = i
    solid = lump_of < 0
    ledge = _ledge(case, mesh, lump_of)
    alone = solid.copy()
    if ledge is not None:
        alone[ledge.cell] = True
    n_alone = int(np.count_nonzero(alone))
    own = np.where(alone, np.cumsum(alone, dtype=np.int32) - np.int32(1), np.int32(-1))
    row = np.where(solid, own, np.int32(n_alone) + lump_of)
    conditions, of_face = [], np.full(mesh.n_faces, -1, np.int16)
    stacked, paths = _stated_conditions(case, mesh, surfaces)
    path = np.full(mesh.n_faces, -1, np.int16)
    for faces, stated in stacked:
        laws = [_placed(law, Places(mesh, faces, True, fields), f"conditions: surface {name!r}: {law.kind}")
                for spec, _, name in stated for law in spec.laws if law.kind not in SUPPLIES]
        if len({label for _, label, _ in stated}) > 1:
            names = " and ".join(repr(label) for label in dict.fromkeys(label for _, label, _ in stated))
            raise CaseError(f"conditions: surface {stated[0][2]!r} is booked under {names}; allowed: one path")
        if len(laws) > 1 and any(law.kind == "fixed_temperature" for law in laws):
            raise CaseError(f"conditions: surface {stated[0][2]!r} has a fixed temperature and another law; allowed: one or the other")
        path[faces] = paths.index(stated[0][1])
        of_face[faces] = len(conditions)
        orientation = np.rint(mesh.normal[faces, 2] * (abs(mesh.normal[faces, 2]) > 0.5)).astype(np.int64)
        conditions.append((faces, orientation, tuple(laws)))
    crossing = np.flatnonzero(row[mesh.owner[:mesh.n_internal]] != row[mesh.neighbour[:mesh.n_internal]])
    resistance = np.array([sum(law.thermal for law in spec.laws if law.kind == "contact") for spec in case.interfaces] + [0.0])
    outside = of_face >= 0
    loose = np.zeros(mesh.n_faces, bool)
    if electric is not None:
        loose[electric.face[electric.terminal >= 0]] = True
    outside = np.flatnonzero(outside | loose)
    adiabatic = outside[of_face[outside] < 0]
    if adiabatic.size:
        conditions.append((adiabatic, np.zeros(adiabatic.size, np.int64), ()))
    special = _special(mesh, crossing, ~solid, interface, resistance, electric)
    plain, inner = int(np.count_nonzero(~special)), crossing.size
    face = np.r_[crossing[~special], crossing[special], outside].astype(np.int32)
    position = np.full(mesh.n_faces, -1, np.int32)
    position[face] = np.arange(face.size, dtype=np.int32)
    conditions = tuple((position[faces], orientation, laws) for faces, orientation, laws in _joined(conditions))
    a, b = row[mesh.owner[face]], np.full(face.size, -1, np.int32)
    b[:inner] = row[mesh.neighbour[face[:inner]]]
    owner, neighbour = sides_of(mesh, face[plain:])
    at_boundary = np.arange(plain, face.size) >= inner
    kind = np.where(at_boundary, BOUNDARY, SERIES).astype(np.int8)
    film, emissivity = np.full((kind.size, 2), np.nan), np.zeros(kind.size)
    for side, (cells, other) in enumerate(((owner, neighbour), (neighbour, owner))):
        for i, lump in enumerate(case.lumps):
            here = np.flatnonzero((lump_of[cells] == i) & (~at_boundary | (side == 0)))
            for region in np.unique(mesh.region[other[here]]):
                at = here[mesh.region[other[here]] == region]
                film[at, side] = _film(lump, mesh.region_names[region])
            closed = here[(film[here, side] == 0.0) & (at_boundary[here] | (lump.emissivity > 0.0))]
            if closed.size:
                touched = mesh.region_names[mesh.region[other[closed[0]]]]
                raise CaseError(f'lumps: film "none" of {lump.name!r} to {touched!r}, but a lump with an outer face or an emissivity '
                                "needs a coefficient there")
            if lump.emissivity > 0.0:
                at = here[~at_boundary[here]]
                kind[at], emissivity[at] = (RADIATING_OWNER, RADIATING_NEIGHBOUR)[side], lump.emissivity
    contact = np.where(at_boundary, 0.0, resistance[interface[face[plain:]]])
    linked = None
    if ledge is not None:
        at, pool_owns = position[ledge.face], mesh.owner[ledge.face] == ledge.pool_cell
        kind[at - plain] = np.where(pool_owns, LEDGE_OWNER, LEDGE_NEIGHBOUR)
        linked = links(mesh, ledge, own, ~solid, resistance[interface])
    both_lumps = ~np.isnan(film).any(1) & (kind == SERIES)
    if (both_lumps & (np.nansum(film, 1) + contact == 0.0)).any():
        f = face[plain + np.flatnonzero(both_lumps & (np.nansum(film, 1) + contact == 0.0))[0]]
        names = mesh.region_names[mesh.region[mesh.owner[f]]], mesh.region_names[mesh.region[mesh.neighbour[f]]]
        raise CaseError(f"lumps: no film between {names[0]!r} and {names[1]!r}; at least one side needs a coefficient")
    thermal = Thermal(
        mesh, row, own, tuple(case.lumps), n_alone + len(case.lumps), face, plain, a, b, kind, film, contact, emissivity, conditions,
        np.r_[np.full(inner, -1, np.int16), path[face[inner:]]], ledge,
        position[ledge.face] if ledge is not None else np.zeros(0, np.int64), linked,
        by_material(mesh, materials, solid, "thermal_conductivity"), volumetric(case, mesh, fields, "heat"),
        direction_factors(mesh, materials, "thermal_anisotropy"))
    if ledge is not None and thermal.factors is not None:
        raise CaseError("ledge: stands with a material whose thermal_anisotropy is not 1; allowed: one of the two")
    if all(law.kind == "heat_flux" for _, _, laws in conditions for law in laws):
        raise CaseError("conditions: heat has no way out; at least one surface needs a film, radiation or a fixed temperature")
    return thermal, paths, pool_paths(case, mesh, face, lump_of, paths)


def _special(mesh, crossing, lump, interface, resistance, electric):
    """Which of the faces heat crosses inside the model have more than two half cells (n,) bool: a lump on a side, a contact, heat made.

    Parameters
    ----------
    crossing : (n,) int, mesh faces
    lump : (n_cells,) bool, cells of lumps
    interface : (n_faces,) int, −1 without; resistance : (n_interfaces + 1,) [m² K/W], of their contacts, 0 at the end
    electric : Electric or None
    """
    made = np.zeros(mesh.n_faces, bool)
    if electric is not None:
        made[electric.face[electric.laws.face]] = True
    return lump[mesh.owner[crossing]] | lump[mesh.neighbour[crossing]] | (resistance[interface[crossing]] > 0.0) | made[crossing]


def _joined(conditions):
    """Conditions with laws of the same kinds as one, their numbers by face; those that vary with temperature stay alone."""
    groups = {}
    for number, (faces, orientation, laws) in enumerate(conditions):
        values = [{name: getattr(law, name) for name in type(law).model_fields if name != "kind"} for law in laws]
        plain = all(isinstance(value, float | np.ndarray) for each in values for value in each.values())
        kinds = tuple(law.kind for law in laws) if plain else number
        groups.setdefault(kinds, []).append((faces, orientation, laws, values))
    for group in groups.values():
        faces, orientation, laws, values = group[0]
        if len(group) > 1:
            laws = tuple(law.model_copy(update={name: np.concatenate([np.broadcast_to(each[n][name], at.size) for at, _, _, each in group])
                                                for name in values[n]}) for n, law in enumerate(laws))
            faces, orientation = (np.concatenate([each[i] for each in group]) for i in (0, 1))
        yield faces, orientation, laws


def _placed(law, places, what):
    """A law with what varies in it as arrays over the faces."""
    placed = places.placed(law, what)
    if law.kind == "convection":
        placed.check(what)
    return placed


def _stated_conditions(case, mesh, surfaces):
    """Faces (n,) that the same conditions are stated for, list of (faces, ((spec, path, surface), …)), and the names of all paths."""
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
    return [(faces[ends[i]:ends[i + 1]], stack) for i, stack in enumerate(stacks) if i and ends[i] < ends[i + 1]], list(paths)


def _ledge(case, mesh, lump_of):
    """The columns a ledge can grow in, None without one."""
    if case.ledge is None:
        return None
    names = [lump.name for lump in case.lumps]
    pools = [names.index(name) for name in find_names(case.ledge.pools, names, "ledge.pools")]
    liquidus = case.ledge.liquidus or (case.bath.liquidus() if case.bath else None)
    if liquidus is None:
        raise CaseError("ledge.liquidus: is needed without [bath]")
    conductivity = Constant(case.ledge.conductivity, "W/m/K", "the case", "E")
    if case.ledge.material is not None:
        conductivity = build_materials(case, [case.ledge.material], "ledge.material")[case.ledge.material].thermal_conductivity
    return columns(mesh, np.isin(lump_of, pools), mesh.cells(*case.ledge.walls), conductivity, liquidus, case.ledge.reach)


def _film(lump, region):
    """Film resistance [m² K/W] between a lump and a region it touches."""
    for pattern, coefficient in lump.films.items():
        if fnmatchcase(region, pattern):
            if coefficient is None:
                return 0.0
            return 1.0 / coefficient
    raise CaseError(f"lumps: {lump.name!r} touches {region!r} and has no film for it; allowed: a pattern that fits, such as \"*\"")


def pool_paths(case, mesh, face, lump_of, paths):
    """Loss path each face of a lump is booked under on the lump's side (m,), −1 without; new names are added to `paths`."""
    found = np.full(face.size, -1, np.int16)
    neighbour = np.where(mesh.neighbour[face] < 0, mesh.owner[face], mesh.neighbour[face])
    for one, other in ((mesh.owner[face], neighbour), (neighbour, mesh.owner[face])):
        for i, lump in enumerate(case.lumps):
            at_lump = np.flatnonzero((lump_of[one] == i) & (lump_of[other] < 0))
            for region in np.unique(mesh.region[other[at_lump]]):
                name = mesh.region_names[region]
                label = next((path for pattern, path in lump.paths.items() if fnmatchcase(name, pattern)), None)
                if label is not None:
                    if label not in paths:
                        paths.append(label)
                    found[at_lump[mesh.region[other[at_lump]] == region]] = paths.index(label)
    return found
