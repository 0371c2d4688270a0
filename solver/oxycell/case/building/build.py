"""Case → mesh, materials and the coupled problem: the one place where the floors meet."""

from dataclasses import dataclass

import numpy as np
from pydantic import ValidationError

from oxycell.arrays import Ints
from oxycell.case.building.bodies import bodies_alone
from oxycell.case.building.conditions import placed_laws, stated_conditions
from oxycell.case.building.electric import build_electric, check_planes
from oxycell.case.building.emissions import check_emissions
from oxycell.case.building.materials import build_materials
from oxycell.case.building.meshing import build_mesh, named_surfaces, stated_regions
from oxycell.case.building.probes import select
from oxycell.case.building.problem import assemble
from oxycell.case.building.process import check_process
from oxycell.case.building.storage import Storing, build_storage
from oxycell.case.building.thermal import build_thermal
from oxycell.case.case import Case, MaterialOptions
from oxycell.case.messages import as_stated
from oxycell.cell.geometry import expand as expand_cell
from oxycell.errors import CaseError
from oxycell.mesh.build import find_names
from oxycell.mesh.mesh import Mesh, index_type
from oxycell.mesh.moving import Ground
from oxycell.physics.balances import Site, modules
from oxycell.physics.heat.stored import HeatStored
from oxycell.physics.heat.thermal import Thermal
from oxycell.physics.problem import Problem
from oxycell.physics.varying import Fields, Places, Varying, at_instant
from oxycell.runtime import check_memory

SOLVE_BYTES, FILE_SOLVE_BYTES = 1000, 4000
"""Memory of a coupled solve for each cell beyond that of the mesh, of boxes and from a file. Measured: 780 to 920 on
the flagship at 0.2 to 4 million cells; 3500 on non-orthogonal tetrahedra, 4000 on non-orthogonal hexahedra."""


def expand(case):
    """The same case with `[cell]` written out as boxes, surfaces, interfaces, lumps, terminals and conditions.

    What the case states in addition to the cell is added; its ledge and its materials win over the cell's.
    """
    if case.cell is None:
        return case
    for name in ("operation", "process", "bath"):
        if getattr(case, name) is None:
            raise CaseError(f"{name}: a [cell] needs [{name}]")
    try:
        parts = expand_cell(case.cell, case.operation, case.process, case.bath)
    except ValidationError as error:
        raise CaseError(f"cell: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
    # What the patterns of its interfaces mean depends on the parts its parameters make.
    parts["interfaces"] = [spec.model_copy(update={"optional": True}) for spec in parts["interfaces"]]
    merged = {}
    for name in ("boxes", "surfaces", "interfaces", "gas", "lumps", "terminals", "conditions"):
        made, stated = tuple(parts.get(name, ())), tuple(getattr(case, name))
        taken = {spec.name for spec in made if name not in ("boxes", "gas", "conditions")}
        for number, spec in enumerate(stated if taken else ()):
            if spec.name in taken:
                raise CaseError(
                    f'{name}.{number}.name: "{spec.name}" is the name of one that [cell] generates; allowed: another'
                )
        merged[name] = made + stated
    merged["ledge"] = case.ledge or parts["ledge"]
    merged["materials"] = {
        name: MaterialOptions.in_si(**spec) for name, spec in parts["materials"].items()
    } | case.materials
    own = parts["mesh"]
    if case.mesh.symmetry not in ((), own.symmetry):
        raise CaseError("mesh.symmetry: contradicts cell.symmetry; allowed: leave it to cell.symmetry")
    added = {
        name: getattr(own, name) + getattr(case.mesh, name)
        for name in ("planes_x", "planes_y", "planes_z", "refinements", "widths")
    }
    merged["mesh"] = case.mesh.model_copy(update=added | {"symmetry": own.symmetry})
    merged["physics"] = case.physics.model_copy(update=parts.get("physics", {}))
    merged["solver"] = case.solver.model_copy(update={"fluxes": case.solver.fluxes or "linear"})
    return case.model_copy(update=merged | {"cell": None, "operating_point": None})


@dataclass(frozen=True)
class Built:
    """An expanded case, values over time at its time, with everything made from it.

    Attributes
    ----------
    case : Case; mesh : Mesh; materials : dict name → Material; problem : Problem
    moves : list of str, merged mesh planes, or what limits the accuracy of a mesh file
    anodes, parts, paths : lists of names; cell_anode, cell_part : (n_cells,) int into them, −1 without
    pool_path : (s,) int, loss path on which a special thermal face's heat counts at the pool, −1 without
    selected : dict, cells and faces of probes, lines and integrals
    alone : (k,) int, a cell of each region of bodies that exchange no heat
    stored : HeatStored or None, what the heat balance stores in a transient
    """

    case: Case
    mesh: Mesh
    materials: dict
    problem: Problem
    moves: list
    anodes: list
    parts: list
    paths: list
    cell_anode: np.ndarray
    cell_part: np.ndarray
    pool_path: np.ndarray
    selected: dict
    alone: np.ndarray
    stored: HeatStored | None = None


def build(case, fields=None, stores: Storing | None = None, ground: Ground | None = None):
    """Build the coupled problem of a case.

    Parameters
    ----------
    case : Case, expanded or not
    fields : mapping name → function of position or array, for the fields the case asks for; None: none
    stores : Storing or None, how heat is stored in a transient
    ground : Ground or None, the mesh a transient began with, which is kept; None: one is made

    Returns
    -------
    Built

    Raises
    ------
    CaseError
        Names that do not exist, conditions that contradict each other, conductors without a terminal, lumps without
        films.
    """
    if case.process is not None and isinstance(case.physics.temperature, Varying):
        raise CaseError("physics.temperature: varies; allowed with [process]: one temperature")
    check_emissions(case)
    expanded = expand(case)
    try:
        return _build_expanded(expanded, fields, stores, ground)
    except CaseError as error:
        raise as_stated(error, case, expanded) from error


def _build_expanded(case, fields, stores: Storing | None = None, ground: Ground | None = None):
    """`build` of a case without `cell`."""
    if case.solver.fluxes == "linear" and case.mesh.file is not None:
        raise CaseError('solver.fluxes: "linear" applies to box meshes only; allowed with mesh.file: leave it out')
    case = case.model_copy(
        update={
            name: at_instant(getattr(case, name), case.time, name)
            for name in ("terminals", "lumps", "conditions", "sources", "physics")
        }
    )
    mesh, moves = build_mesh(case, SOLVE_BYTES) if ground is None else (ground.moved(case.boxes), ground.notes)
    fields = Fields(dict(fields or {}))
    check_memory(solve_bytes(mesh), f"solve: {mesh.n_cells:,} cells")
    materials = build_materials(case, mesh.material_names)
    surfaces = named_surfaces(case, mesh)
    first_side, interface = match_interfaces(mesh, case.interfaces)
    selected = select(case, mesh, surfaces, first_side, interface)
    conducting = bool(case.terminals) or any(
        material.electrical_conductivity is not None for material in materials.values()
    )
    solves = case.physics.electric and conducting  # where nothing conducts there is no current to find
    electric = build_electric(case, mesh, materials, surfaces, first_side, interface, fields) if solves else None
    if electric is not None and electric.ideal is not None:
        check_planes(electric, selected)
    thermal: Thermal | None = None
    paths: list[str] = []
    pool_path: Ints = np.zeros(0, np.int64)
    if case.physics.thermal:
        volume = mesh.cell_volume if ground is None else ground.mesh.cell_volume
        thermal, paths, pool_path = build_thermal(case, mesh, materials, surfaces, interface, electric, fields, volume)
    alone = bodies_alone(thermal, electric) if thermal is not None else np.zeros(0, np.int64)
    more = [
        module.build(getattr(case, name), Site(mesh, _conditions_of(case, mesh, surfaces, module.LAWS, fields), fields))
        for name, module in modules().items()
        if getattr(case, name) is not None
    ]
    if electric is None and thermal is None and not more:
        raise CaseError("physics: nothing is solved; allowed: electric or thermal or both")
    everywhere = Places(mesh, np.arange(mesh.n_cells), False, fields)
    temperature = everywhere.placed(case.physics, "physics").temperature
    stored = build_storage(case, mesh, materials, electric, thermal, stores) if stores and thermal is not None else None
    problem = assemble(case, mesh, electric, thermal, temperature, more, stored)
    fields.check_used()
    check_process(case, problem)
    by_region = {spec.name: spec for spec in stated_regions(case)}
    anodes = sorted({spec.anode for spec in stated_regions(case) if spec.anode and spec.name in mesh.region_names})
    regions = [by_region[name] for name in mesh.region_names]
    parts = list(dict.fromkeys(box.part or box.name for box in regions))
    anode_of = np.array([anodes.index(box.anode) if box.anode else -1 for box in regions], index_type(len(anodes)))
    part_of = np.array([parts.index(box.part or box.name) for box in regions], index_type(len(parts)))
    return Built(
        case,
        mesh,
        materials,
        problem,
        moves,
        anodes,
        parts,
        paths,
        anode_of[mesh.region],
        part_of[mesh.region],
        pool_path,
        selected,
        alone,
        stored,
    )


def _conditions_of(case, mesh, surfaces, registry, fields):
    """Conditions of one balance: list of (faces (n,) int, laws)."""
    stated, _ = stated_conditions(case, mesh, surfaces, registry)
    return [(faces, placed_laws(mesh, faces, stack, registry, fields)) for faces, stack in stated]


def solve_bytes(mesh):
    """Memory [bytes] a coupled solve takes beyond that of the mesh."""
    return (FILE_SOLVE_BYTES if mesh.lattice is None else SOLVE_BYTES) * mesh.n_cells


def match_interfaces(mesh, interfaces):
    """Interface each internal face belongs to.

    Returns
    -------
    first_side : (n_faces,) int, +1 where the owner is on the first side, −1 where the neighbour is, 0 without interface
    interface : (n_faces,) int, −1 without
    """
    n = len(mesh.region_names)
    first_side, interface = np.zeros(mesh.n_faces, np.int8), np.full(mesh.n_faces, -1, np.int16)
    side, number = np.zeros((n, n), np.int8), np.full((n, n), -1, np.int16)  # for every pair of regions
    for i, spec in enumerate(interfaces):
        try:
            first, second = (mesh.fitting(pattern) for pattern in spec.between)
        except CaseError as error:
            raise CaseError(f"interfaces: {spec.name!r}: {error}") from None
        forward = first[:, None] & second
        backward = ~forward & second[:, None] & first
        if spec.on is None and spec.where is None:
            free = (number < 0) & ~np.eye(n, dtype=bool)
            number[free & (forward | backward)] = i
            side[free & forward], side[free & backward] = 1, -1
            continue
        faces = mesh.between if spec.on is None else _inner_faces(mesh, spec)
        pair = mesh.region[mesh.owner[faces]], mesh.region[mesh.neighbour[faces]]
        taken = (interface[faces] >= 0) | (number[pair] >= 0)
        fits = (forward | backward)[pair]
        if not fits.any():
            if spec.on is not None and not spec.optional:
                raise CaseError(
                    f"interfaces: {spec.name!r}: no face of {', '.join(spec.on)} lies between {spec.between[0]!r} and "
                    f"{spec.between[1]!r}; allowed: surfaces that do"
                )
            continue  # `_check_used` says what the regions touch instead
        sign = np.where(forward[pair], 1, -1)
        if spec.where is not None:
            fits[fits] = spec.where.faces(mesh, faces[fits], sign[fits])
            if not fits.any() and not spec.optional:
                raise CaseError(
                    f"interfaces: {spec.name!r}: where: no face between {spec.between[0]!r} and {spec.between[1]!r} "
                    "lies there and faces that way; allowed: an extent with the centres of faces, and a direction "
                    "they face, out of the first"
                )
        chosen = fits & ~taken
        first_side[faces[chosen]], interface[faces[chosen]] = sign[chosen], i
    rest = mesh.between[interface[mesh.between] < 0]
    pair = mesh.region[mesh.owner[rest]], mesh.region[mesh.neighbour[rest]]
    first_side[rest], interface[rest] = side[pair], number[pair]
    _check_used(mesh, interfaces, interface)
    return first_side, interface


def _check_used(mesh, interfaces, interface):
    """CaseError for an interface between regions that do not touch, unless it is optional; `interface` (n_faces,) : of
    each face."""
    used = np.zeros(len(interfaces) + 1, bool)
    used[interface[mesh.between]] = True  # the last is that of faces without one
    for i in np.flatnonzero(~used[:-1]):
        spec = interfaces[i]
        if spec.optional or spec.on is not None:  # that there are faces on its surfaces is known already
            continue
        first, second = (mesh.fitting(pattern) for pattern in spec.between)
        pair = mesh.region[np.stack([mesh.owner[mesh.between], mesh.neighbour[mesh.between]])]
        fits = (first[pair[0]] & second[pair[1]]) | (first[pair[1]] & second[pair[0]])
        if fits.any():  # an earlier interface has these faces
            continue
        beside = sorted({mesh.region_names[n] for n in np.unique(pair[::-1][first[pair]])})
        near = ", ".join(beside[:4]) + (" …" if len(beside) > 4 else "") if beside else "no other region"
        raise CaseError(
            f"interfaces.{i}.between: {spec.between[0]!r} and {spec.between[1]!r} of {spec.name!r} do not touch, "
            f"{spec.between[0]!r} touches {near}; allowed: regions with faces in common, or optional = true"
        )


def _inner_faces(mesh, spec):
    """Internal faces (k,) int of the surfaces an interface is limited to."""
    for name in (found := find_names(spec.on, mesh.face_names, f"interfaces: {spec.name!r}: on")):
        if (mesh.face_names[name] >= mesh.n_internal).any():
            raise CaseError(
                f"interfaces: {spec.name!r}: surface {name!r} lies outside; allowed: surfaces inside the mesh file"
            )
    sided = {law.kind for law in spec.laws} - {"contact", "resistance", "insulation"}
    if spec.between[0] == spec.between[1] and sided:
        raise CaseError(
            f"interfaces: {spec.name!r}: law {min(sided)} needs two sides; allowed within one region: contact, "
            "resistance, insulation"
        )
    return np.unique(np.concatenate([mesh.face_names[name] for name in found]))
