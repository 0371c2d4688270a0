"""Case → boundary currents: current through outer surfaces that are no terminals; and what fixes the potential of each
conductor."""

import numpy as np

from oxycell.errors import CaseError
from oxycell.mesh.build import find_names
from oxycell.physics.charge.boundary_currents import CHARGE_LAWS, BoundaryCurrents
from oxycell.physics.varying import Places

_BALANCED = 1e-9  # share of the currents of a floating body that may be left over


def build_boundary_currents(case, mesh, surfaces, conducts, terminal, first, fields):
    """Current through surfaces that are no terminals.

    Parameters
    ----------
    surfaces : dict name → (n,) int, faces
    conducts : (n_cells,) bool
    terminal : (n_faces,) int, terminal of each mesh face, −1 without
    first : int, position of the first such face in the electric domain

    Returns
    -------
    face : (k,) int, mesh faces
    boundary : BoundaryCurrents, or None without any
    """
    if not any(spec.laws_of(CHARGE_LAWS) for spec in case.conditions):
        return np.zeros(0, np.int32), None
    names, of_face = [], np.full(mesh.n_faces, -1, np.int32)
    potential, density, given = np.full(mesh.n_faces, np.nan), np.zeros(mesh.n_faces), np.zeros(mesh.n_faces, bool)
    for number, spec in enumerate(case.conditions):
        for law in spec.laws_of(CHARGE_LAWS):
            for name in find_names(spec.on, surfaces, f"conditions.{number}.on"):
                faces, where = surfaces[name], f"conditions.{number}: surface {name!r}"
                if not conducts[mesh.owner[faces]].all():
                    raise CaseError(f"{where} does not conduct; allowed for {law.kind}: surfaces of conductors")
                if (terminal[faces] >= 0).any():
                    other = case.terminals[terminal[faces].max()].name
                    raise CaseError(f"{where} also belongs to the terminal {other!r}; allowed: one of the two")
                fixed = ~np.isnan(potential[faces])
                if fixed.any() or (given[faces].any() and law.kind == "fixed_potential"):
                    raise CaseError(f"{where} has a fixed potential and another law; allowed: one or the other")
                shared = np.setdiff1d(of_face[faces], [-1, names.index(name) if name in names else -1])
                if shared.size:
                    raise CaseError(
                        f"{where} has faces in common with {names[shared[0]]!r}, whose current is also prescribed; "
                        "allowed: surfaces without faces in common"
                    )
                at = Places(mesh, faces, True, fields)
                if law.kind == "fixed_potential":
                    potential[faces] = at.values(law.potential, f"conditions.{number}.potential")
                else:
                    density[faces] += at.values(law.value, f"conditions.{number}.value")
                    given[faces] = True
                if name not in names:
                    names.append(name)
                of_face[faces] = names.index(name)
    face = np.flatnonzero(of_face >= 0).astype(np.int32)
    return face, BoundaryCurrents(names, first + np.arange(face.size), of_face[face], potential[face], density[face])


def fixed_references(mesh, cells, row, component, terminals, at_boundary, boundary, sources, floating):
    """A row of each body whose potential nothing fixes, where that is declared.

    Parameters
    ----------
    cells : (n,) int, conducting cells; row : (n_cells,) int, their rows
    component : (n + n_terminals,) int, connected part each row belongs to, counted from 0
    terminals : list of Terminal, of the model
    at_boundary : (k,) int, mesh faces of boundary currents; boundary : BoundaryCurrents or None
    sources : tuple of Volumetric, of current
    floating : (n_regions,) bool

    Returns
    -------
    (m,) int

    Raises
    ------
    CaseError
        A conductor reaches no known potential and is not declared floating, or more current goes into a floating one
        than out.
    """
    n, parts = cells.size, int(component.max(initial=-1)) + 1
    fixed, allowed = np.zeros(parts, bool), np.zeros(parts, bool)
    fixed[[component[n + i] for i, spec in enumerate(terminals) if spec.given_potential is not None]] = True
    if boundary is not None:
        fixed[component[row[mesh.owner[at_boundary[~np.isnan(boundary.potential)]]]]] = True
    if floating.any():
        allowed[component[:n][floating[mesh.region[cells]]]] = True
    if (fixed | allowed).all():
        loose = np.flatnonzero(~fixed[component[:n]])
        pinned = loose[np.unique(component[loose], return_index=True)[1]]
        _check_balanced(mesh, cells, row, component, terminals, at_boundary, boundary, sources, ~fixed)
        return pinned
    if not fixed.any():
        raise CaseError(
            "terminals: no reference potential; allowed: one terminal with potential instead of current, a "
            "fixed_potential condition, or floating = true on a body"
        )
    with_terminal = np.isin(np.arange(parts), component[n:])
    lost = ~fixed & ~allowed
    for i, spec in enumerate(terminals):
        if lost[component[n + i]]:
            raise CaseError(f"terminals: {spec.name!r} has no path to a terminal with a known potential")
    names = sorted({mesh.region_names[i] for i in mesh.region[cells[(lost & ~with_terminal)[component[:n]]]]})
    raise CaseError(
        f"terminals: {', '.join(names[:3])}{' …' if len(names) > 3 else ''} conducts but reaches no terminal; "
        "allowed: a terminal, electric = false or floating = true on its boxes or region, or an insulating material"
    )


def _check_balanced(mesh, cells, row, component, terminals, at_boundary, boundary, sources, floating):
    """CaseError for a part (n_parts,) bool of `floating` into which more current is fed than drawn."""
    n, parts = cells.size, floating.size
    net, size = np.zeros(parts), np.zeros(parts)
    entries = [
        (component[n + i : n + i + 1], np.array([spec.current]))
        for i, spec in enumerate(terminals)
        if spec.current is not None
    ]
    entries += [(component[row[source.cells]], source.made(mesh.cell_volume)[0]) for source in sources]
    if boundary is not None:
        entries.append((component[row[mesh.owner[at_boundary]]], boundary.density * mesh.area[at_boundary]))
    for part, current in entries:
        net += np.bincount(part, current, parts)
        size += np.bincount(part, np.abs(current), parts)
    for part in np.flatnonzero(floating & (np.abs(net) > _BALANCED * size)):
        name = mesh.region_names[mesh.region[cells[component[:n] == part][0]]]
        raise CaseError(
            f"terminals: {name!r} is floating and {net[part] * mesh.multiplicity:.6g} A more enter it than leave it; "
            f"allowed: a net current of zero, or a known potential"
        )
