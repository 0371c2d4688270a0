"""Case → what lumps touch: their films and emissivities there, and the loss paths their heat is reported under."""

from fnmatch import fnmatchcase

import numpy as np

from oxycell.errors import CaseError
from oxycell.mesh.mesh import index_type
from oxycell.physics.heat.face_heat import RADIATING_NEIGHBOUR, RADIATING_OWNER


def lump_in_regions(case, mesh):
    """Lump of each region (n_regions,) int, −1 without."""
    found = np.full(len(mesh.region_names), -1, index_type(len(case.lumps)))
    for i, lump in enumerate(case.lumps):
        try:
            inside = mesh.fitting(*lump.regions)
        except CaseError as error:
            raise CaseError(f"lumps: {lump.name!r}: {error}") from None
        if (found[inside] >= 0).any():
            raise CaseError(f"lumps: {lump.name!r} shares a region with another lump; allowed: one lump per region")
        found[inside] = i
    return found


def wetted_faces(mesh, lump_in, special, outside):
    """Faces of lumps.

    Parameters
    ----------
    lump_in : (n_regions,) int, lump of each region, −1 without
    special, outside : (k,), (j,) int, mesh faces heat crosses inside, those of lumps among them, and to the outside,
        increasing

    Returns
    -------
    at : (n,) int, positions among these faces, increasing
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


def films_of_lumps(case, mesh, wetted, kind, face):
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
                    "outer face or an emissivity needs a coefficient there"
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
                    f"lumps: {lump.name!r}: films_at.{number}: no face that the lump touches lies there and faces "
                    "that way, or earlier entries have them all; allowed: an extent with the centres of such faces, "
                    "and a direction they face"
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


def _film(lump, region):
    """Film resistance [m² K/W] between a lump and a region it touches."""
    for pattern, coefficient in lump.films.items():
        if fnmatchcase(region, pattern):
            if coefficient is None:
                return 0.0
            return 1.0 / coefficient
    raise CaseError(
        f'lumps: {lump.name!r} touches {region!r} and has no film for it; allowed: a matching pattern, such as "*"'
    )


def pool_paths(case, mesh, wetted, face, paths):
    """Loss path each special face (m,) is reported under on a lump's side (m,), −1 without; new names are added to
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
