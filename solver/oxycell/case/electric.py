"""Case → charge balance: which cells conduct, what joins them, where current enters and leaves."""

import numpy as np

from oxycell.case.materials import by_material
from oxycell.case.meshing import stated_regions
from oxycell.errors import CaseError
from oxycell.mesh.build import find_names
from oxycell.mesh.connected import connected_parts
from oxycell.physics.electric import Electric
from oxycell.physics.gas import find_columns
from oxycell.physics.interfaces import stack_laws


def build_electric(case, mesh, materials, surfaces, first_side, interface):
    """The charge balance: conducting cells joined to a terminal, their faces, laws and terminals."""
    conducts = np.array([materials[name].electrical_conductivity is not None for name in mesh.material_names])[mesh.material]
    excluded = {spec.name for spec in stated_regions(case) if not spec.electric}
    conducts &= ~np.isin(mesh.region, [i for i, name in enumerate(mesh.region_names) if name in excluded])
    blocked = np.array([any(law.kind == "insulation" for law in spec.laws) for spec in case.interfaces] + [False])
    inner = slice(0, mesh.n_internal)
    joined = np.flatnonzero(conducts[mesh.owner[inner]] & conducts[mesh.neighbour[inner]] & ~blocked[interface[inner]]).astype(np.int32)
    cells = np.flatnonzero(conducts)
    row = np.full(mesh.n_cells, -1, np.int32)
    row[cells] = np.arange(cells.size, dtype=np.int32)
    if not case.terminals:
        raise CaseError("terminals: no reference potential; at least one terminal with a potential is needed")
    if all(terminal.potential is None for terminal in case.terminals):
        raise CaseError("terminals: no reference potential; one terminal needs potential instead of current")
    terminals, parts, used = [], [], np.full(mesh.n_faces, -1, np.int16)
    share = 1.0 / mesh.multiplicity
    for number, spec in enumerate(case.terminals):
        for name in find_names(spec.surfaces, surfaces, f"terminals: {spec.name!r}"):
            faces = surfaces[name]
            if not conducts[mesh.owner[faces]].all():
                raise CaseError(f"terminals: surface {name!r} of {spec.name!r} does not conduct; allowed: surfaces of conductors")
            if (used[faces] >= 0).any():
                other = case.terminals[used[faces].max()].name
                raise CaseError(f"terminals: {spec.name!r} and {other!r} share surface {name!r}; allowed: one terminal a face")
            used[faces] = number
            parts.append((number, faces, np.full(faces.size, spec.surface_resistance * mesh.whole_area(faces))))
        terminals.append(spec.model_copy(update={"current": None if spec.current is None else spec.current * share}))
    at_terminal = np.concatenate([faces for _, faces, _ in parts]).astype(np.int32)
    number = np.concatenate([np.full(faces.size, i, np.int32) for i, faces, _ in parts])
    n = cells.size
    a = np.r_[row[mesh.owner[joined]], row[mesh.owner[at_terminal]]]
    b = np.r_[row[mesh.neighbour[joined]], np.int32(n) + number]
    component = connected_parts(n + len(terminals), a, b)
    loose = ~np.isin(component[:n], component[n:])
    if loose.any():
        names = sorted({mesh.region_names[i] for i in mesh.region[cells[loose]]})
        raise CaseError(f"terminals: {', '.join(names[:3])}{' …' if len(names) > 3 else ''} conducts but reaches no terminal; "
                        "allowed: a terminal, electric = false on its boxes or region, or an insulating material")
    grounded = {component[n + i] for i, spec in enumerate(terminals) if spec.potential is not None}
    for i, spec in enumerate(terminals):
        if component[n + i] not in grounded:
            raise CaseError(f"terminals: {spec.name!r} has no path to a terminal with a known potential")
    face = np.r_[joined, at_terminal]
    lawful = np.flatnonzero(interface[face] >= 0)
    mesh_face = face[lawful]
    sign = first_side[mesh_face]
    second = np.array([spec.temperature_side == "second" for spec in case.interfaces] + [False])[interface[mesh_face]]
    take_owner = (sign > 0) != second
    temperature_cell = np.where(take_owner, mesh.owner[mesh_face], mesh.neighbour[mesh_face])
    electrolyte = [lump for lump in case.lumps if case.process and lump.name == case.process.electrolyte]
    if electrolyte:  # thermochemistry has one temperature, or the energy identity would not hold
        reacts = [any(law.kind == "reversible_heat" or (law.kind == "equilibrium" and law.potential is None) for law in spec.laws)
                  for spec in case.interfaces]
        temperature_cell[np.array([*reacts, False])[interface[mesh_face]]] = np.flatnonzero(mesh.cells(*electrolyte[0].regions))[0]
    laws = stack_laws(case.interfaces, lawful, interface[mesh_face], sign, temperature_cell, sign * mesh.normal[mesh_face, 2])
    if (np.isnan(laws.equilibrium).any() or (laws.reversible_share > 0.0).any()) and case.process is None:
        raise CaseError("interfaces: an equilibrium law without a potential, or a reversible_heat law, needs [process]")
    if case.gas and case.process is None:
        raise CaseError("gas: its volume needs process.gas_pressure; allowed: with [process]")
    gas = find_columns(mesh, case.gas, face, case.process.gas_pressure) if case.gas else None
    if gas is not None and np.isin(gas.face, laws.face[laws.limit > 0.0]).any():
        raise CaseError("gas: its anodes have a limiting_current law; allowed: one of the two")
    return Electric(
        mesh, cells, tuple(terminals), face, a, b, np.r_[np.zeros(joined.size), np.concatenate([r for _, _, r in parts])],
        np.r_[np.full(joined.size, -1, np.int32), number], laws, tuple(case.interfaces),
        by_material(mesh, materials, conducts, "electrical_conductivity"), gas)
