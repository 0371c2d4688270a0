"""Case → sources in regions: heat generated there, current supplied to them."""

import numpy as np

from oxycell.errors import CaseError
from oxycell.physics.sources import Volumetric
from oxycell.physics.varying import Places


def volumetric(case, mesh, fields, what):
    """Sources of one kind.

    Parameters
    ----------
    case : Case; mesh : Mesh; fields : Fields
    what : "heat" or "current"

    Returns
    -------
    tuple of Volumetric

    Raises
    ------
    CaseError
        A name that is used twice or is taken, or regions that do not exist.
    """
    found, held = [], {lump.held: lump.name for lump in case.lumps if lump.held is not None}
    for number, spec in enumerate(case.sources):
        if [other.name for other in case.sources].count(spec.name) > 1:
            raise CaseError(f"sources.{number}.name: {spec.name!r} is named twice; allowed: once")
        if spec.name in held:
            raise CaseError(
                f"sources.{number}.name: {spec.name!r} is the heat that keeps the lump {held[spec.name]!r} at its "
                "temperature; allowed: another name"
            )
        try:
            cells = np.flatnonzero(mesh.cells(*spec.regions))
        except CaseError as error:
            raise CaseError(f"sources.{number}.regions: {error}") from None
        volume = mesh.cell_volume[cells]
        density, total = getattr(spec, what), getattr(spec, f"total_{what}")
        if total is not None:
            density = total / (mesh.multiplicity * float(volume.sum()))
        if density is not None:
            density = Places(mesh, cells, False, fields).values(density, f"sources.{number}.{what}")
            found.append(Volumetric(spec.name, cells, volume, density))
    return tuple(found)
