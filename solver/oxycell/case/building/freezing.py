"""Case → bath that freezes: which pools, its liquidus and conductivity, and the faces on which it does so in shells."""

from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.case.building.materials import build_materials, needed
from oxycell.errors import CaseError
from oxycell.material import Constant, Property
from oxycell.mesh.build import find_names
from oxycell.mesh.mesh import Mesh
from oxycell.physics.heat.face_heat import SERIES, SHELL_NEIGHBOUR, SHELL_OWNER
from oxycell.physics.ledge.shells import Shells


class FreezingBath(NamedTuple):
    """Bath that freezes.

    Attributes
    ----------
    pools : list of int, lumps it freezes from
    liquidus : [K]; conductivity : Property, of frozen bath
    """

    pools: list[int]
    liquidus: float
    conductivity: Property


def freezing_bath(case: Any) -> FreezingBath | None:
    """What `[ledge]` of a case says of the bath; None without the section.

    Raises
    ------
    CaseError
        The liquidus is not known, or a pool is kept below it.
    """
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
                f"lumps: {lump.name!r} is kept at {lump.temperature:.6g} K, at which bath freezes; allowed with "
                f"[ledge]: above the liquidus, {liquidus:.6g} K"
            )
    conductivity: Property = Constant(case.ledge.conductivity, "W/m/K", "the case", "E")
    if case.ledge.material is not None:
        material = build_materials(case, [case.ledge.material], "ledge.material")[case.ledge.material]
        conductivity = needed(material, "thermal_conductivity")
    return FreezingBath(pools, liquidus, conductivity)


def find_shells(
    case: Any,
    mesh: Mesh,
    lump_in: Ints,
    row: Ints,
    special: Ints,
    kind: Ints,
    film: Floats,
    freezes: FreezingBath | None,
) -> Shells | None:
    """Faces on which bath freezes in shells, None without any; their kind is set.

    Parameters
    ----------
    case : Case, expanded; mesh : Mesh
    lump_in : (n_regions,) int, lump of each region, −1 without; row : (n_cells,) int, heat rows
    special : (k,) int, special mesh faces inside; kind, film : (s,), (s, 2), of these first, see Thermal
    freezes : FreezingBath or None

    Raises
    ------
    CaseError
        None of the regions touches a pool that freezes by a face that is no wall of the ledge, or the pool has no film
        there.
    """
    if freezes is None or not case.ledge.shells:
        return None
    pool, on = np.isin(lump_in, freezes.pools), mesh.fitting(*case.ledge.shells) & (lump_in < 0)
    one, other = mesh.region[mesh.owner[special]], mesh.region[mesh.neighbour[special]]
    owner = pool[one] & on[other]
    at = np.flatnonzero((owner | (on[one] & pool[other])) & (kind[: special.size] == SERIES))
    if not at.size:
        raise CaseError(
            "ledge.shells: none of these regions has a face towards ledge.pools that is no wall of the ledge and takes "
            "no radiation; allowed: regions with such faces"
        )
    side = np.where(owner[at], 0, 1)
    if (film[at, side] == 0.0).any():
        raise CaseError(
            'ledge.shells: a pool has the film "none" to one of these regions; allowed: a coefficient, through which '
            "the front of a shell gets its heat"
        )
    kind[at] = np.where(owner[at], SHELL_OWNER, SHELL_NEIGHBOUR)
    cell = np.where(owner[at], mesh.owner[special[at]], mesh.neighbour[special[at]])
    return Shells(at, side, row[cell], len(mesh.material_names), freezes.liquidus)
