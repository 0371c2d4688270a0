"""Case → charge balance: which cells conduct, what joins them, where current enters and leaves."""

import numpy as np

from oxycell.case.building.boundary_currents import build_boundary_currents, fixed_references
from oxycell.case.building.materials import by_material, direction_factors, is_ideal
from oxycell.case.building.meshing import stated_regions
from oxycell.case.building.process import process_model
from oxycell.case.building.sources import volumetric
from oxycell.errors import CaseError
from oxycell.mesh.build import find_names
from oxycell.mesh.connected import connected_parts
from oxycell.physics.charge.electric import Electric
from oxycell.physics.charge.gas import find_columns
from oxycell.physics.electrode.booking import OF_PROCESS
from oxycell.physics.electrode.drops import LIMITING_CURRENT, RESISTANCE
from oxycell.physics.electrode.stack import stack_laws
from oxycell.tabulation import varies


def build_electric(case, mesh, materials, surfaces, first_side, interface, fields):
    """The charge balance: conducting cells joined to a terminal, their faces, laws and terminals.

    All cells of a body of ideal conductor share the row of its first one.
    """
    conducts = np.array([materials[name].electrical_conductivity is not None for name in mesh.material_names])[
        mesh.material
    ]
    excluded = {spec.name for spec in stated_regions(case) if not spec.electric}
    conducts &= ~np.isin(mesh.region_names, sorted(excluded))[mesh.region]
    blocked = np.array([any(law.kind == "insulation" for law in spec.laws) for spec in case.interfaces] + [False])
    ideal = conducts & np.array([is_ideal(materials[name]) for name in mesh.material_names])[mesh.material]
    row = np.full(mesh.n_cells, -1, np.int32)
    cells = _first_of_bodies(mesh, conducts, ideal, interface, row)
    joined = mesh.faces_where(
        lambda faces: conducts[mesh.owner[faces]] & conducts[mesh.neighbour[faces]] & ~blocked[interface[faces]]
    )
    if ideal.any():
        joined = joined[row[mesh.owner[joined]] != row[mesh.neighbour[joined]]]
    terminals, parts, used = [], [], np.full(mesh.n_faces, -1, np.int16)
    share = 1.0 / mesh.multiplicity
    for number, spec in enumerate(case.terminals):
        for name in find_names(spec.surfaces, surfaces, f"terminals: {spec.name!r}"):
            faces = surfaces[name]
            if not conducts[mesh.owner[faces]].all():
                raise CaseError(
                    f"terminals: surface {name!r} of {spec.name!r} does not conduct; allowed: surfaces of conductors"
                )
            if (used[faces] >= 0).any():
                other = case.terminals[used[faces].max()].name
                raise CaseError(
                    f"terminals: {spec.name!r} and {other!r} share surface {name!r}; allowed: one terminal per face"
                )
            if ideal[mesh.owner[faces]].any() and spec.surface_resistance == 0.0:
                raise CaseError(
                    f"terminals: surface {name!r} of {spec.name!r} belongs to an ideal conductor; allowed: "
                    "surface_resistance above 0, or the terminal on a body that the conductor touches"
                )
            used[faces] = number
            parts.append((number, faces, np.full(faces.size, spec.surface_resistance * mesh.whole_area(faces))))
        terminals.append(spec.model_copy(update={"current": None if spec.current is None else spec.current * share}))
    at_terminal = np.concatenate([np.zeros(0, int), *(faces for _, faces, _ in parts)]).astype(np.int32)
    number = np.concatenate([np.zeros(0, int), *(np.full(faces.size, i) for i, faces, _ in parts)]).astype(np.int32)
    at_boundary, boundary = build_boundary_currents(
        case, mesh, surfaces, conducts, used, joined.size + at_terminal.size, fields
    )
    n, k = cells.size, at_boundary.size
    a = np.r_[row[mesh.owner[joined]], row[mesh.owner[at_terminal]], row[mesh.owner[at_boundary]]]
    b = np.r_[row[mesh.neighbour[joined]], np.int32(n) + number, np.full(k, -1, np.int32)]
    sources = volumetric(case, mesh, fields, "current")
    for source in sources:
        if not conducts[source.cells].all():
            raise CaseError(
                f"sources: {source.name!r} supplies current to cells that do not conduct; allowed: conductors"
            )
    component = connected_parts(n + len(terminals), a[: a.size - k], b[: a.size - k])
    component = (np.cumsum(component == np.arange(component.size), dtype=np.int32) - 1)[component]  # counted from 0
    pinned = fixed_references(
        mesh, cells, row, component, terminals, at_boundary, boundary, sources, floating_regions(case, mesh)
    )
    face = np.r_[joined, at_terminal, at_boundary]
    lawful = np.flatnonzero(interface[face] >= 0)
    mesh_face = face[lawful]
    sign = first_side[mesh_face]
    second = np.array([spec.temperature_side == "second" for spec in case.interfaces] + [False])[interface[mesh_face]]
    take_owner = (sign > 0) != second
    temperature_cell = np.where(take_owner, mesh.owner[mesh_face], mesh.neighbour[mesh_face])
    electrolyte = [lump for lump in case.lumps if case.process and lump.name == case.process.electrolyte]
    if electrolyte:  # thermochemistry has one temperature, or the energy identity would not hold
        reacts = [any(law.given in OF_PROCESS for law in spec.laws) for spec in case.interfaces]
        temperature_cell[np.array([*reacts, False])[interface[mesh_face]]] = np.argmax(
            mesh.cells(*electrolyte[0].regions)
        )
    _check_resisted(case, mesh, interface[mesh_face], ideal[mesh.owner[mesh_face]] & ideal[mesh.neighbour[mesh_face]])
    if boundary is not None and (ideal[mesh.owner[at_boundary]] & ~np.isnan(boundary.potential)).any():
        raise CaseError(
            "conditions: a fixed_potential is on an ideal conductor; allowed: a terminal with a surface_resistance"
        )
    second_cell = np.where(sign > 0, mesh.neighbour[mesh_face], mesh.owner[mesh_face])
    facing = sign * mesh.normal[mesh_face, 2]
    laws = stack_laws(case.interfaces, lawful, interface[mesh_face], sign, temperature_cell, second_cell, facing)
    if case.process is None and any(placed.law.given in OF_PROCESS and placed.at.size for placed in laws.placed):
        raise CaseError("interfaces: an equilibrium law without a potential, or a reversible_heat law, needs [process]")
    if case.gas and case.process is None:
        raise CaseError("gas: its volume needs process.gas_pressure; allowed: with [process]")
    gas = find_columns(mesh, case.gas, face, case.process.gas_pressure) if case.gas else None
    if gas is not None and np.isin(gas.face, laws.face[laws.has(LIMITING_CURRENT)]).any():
        raise CaseError("gas: its anodes have a limiting_current law; allowed: one of the two")
    terminal = np.full(face.size, -1, np.int16)
    terminal[joined.size : joined.size + number.size] = number
    extra = np.concatenate([*(resistance for _, _, resistance in parts), np.zeros(k)])
    return Electric(
        mesh,
        cells,
        row,
        ideal if ideal.any() else None,
        tuple(terminals),
        face,
        a,
        b,
        extra,
        terminal,
        laws,
        tuple(case.interfaces),
        by_material(mesh, materials, conducts, "electrical_conductivity"),
        _varying(mesh, materials),
        gas,
        boundary,
        sources,
        pinned,
        direction_factors(mesh, materials, "electrical_anisotropy"),
        case.solver.fluxes == "linear",
        process_model(case),
    )


def _varying(mesh, materials):
    """(thermal Property, electric Property) of each material of the mesh whose electric conductivity varies with
    temperature, else None.

    Materials without a thermal conductivity are of pools alone, which have one temperature.
    """
    found = []
    for material in (materials[name] for name in mesh.material_names):
        k, sigma = material.thermal_conductivity, material.electrical_conductivity
        found.append((k, sigma) if k is not None and sigma is not None and varies(sigma) else None)
    return found


def floating_regions(case, mesh):
    """Whether each region may be a conductor whose potential nothing fixes (n_regions,) bool."""
    names = {spec.name for spec in stated_regions(case) if spec.floating}
    return np.isin(np.array(mesh.region_names), sorted(names))


def _first_of_bodies(mesh, conducts, ideal, interface, row):
    """Conducting cells (n,) int, of a body of ideal conductor the first; interfaces part bodies. Rows are written to
    row (n_cells,)."""
    if not ideal.any():
        cells = np.flatnonzero(conducts).astype(np.int32)
        row[cells] = np.arange(cells.size, dtype=np.int32)
        return cells
    within = mesh.faces_where(
        lambda faces: ideal[mesh.owner[faces]] & ideal[mesh.neighbour[faces]] & (interface[faces] < 0)
    )
    first = connected_parts(mesh.n_cells, mesh.owner[within], mesh.neighbour[within])
    cells = np.flatnonzero(conducts & (first == np.arange(mesh.n_cells))).astype(np.int32)
    row[cells] = np.arange(cells.size, dtype=np.int32)
    row[conducts] = row[first[conducts]]
    return cells


def _check_resisted(case, mesh, interface, between):
    """CaseError where nothing resists the current between two bodies of ideal conductor; both (k,), of the faces with
    laws."""
    for number in np.unique(interface[between]):
        spec = case.interfaces[number]
        if not any(law.branch == RESISTANCE and (law.numbers() or (0.0,))[0] > 0.0 for law in spec.laws):
            raise CaseError(
                f"interfaces: {spec.name!r} lies between two ideal conductors and has no resistance; allowed: a "
                "contact or resistance above 0, or no interface"
            )


def check_planes(electric, selected):
    """CaseError for a plane that cuts an ideal conductor: what passes inside it is not known."""
    mesh = electric.mesh
    for name, integral in selected.get("integrals", {}).items():
        if integral["kind"] != "plane":
            continue
        face = integral["face"][integral["face"] < mesh.n_internal]
        one, other = electric.row[mesh.owner[face]], electric.row[mesh.neighbour[face]]
        if ((one == other) & (one >= 0)).any():
            raise CaseError(
                f"integrals: {name!r}: the plane cuts an ideal conductor, in which currents are not defined; allowed: "
                "`of`, adjacent regions"
            )
