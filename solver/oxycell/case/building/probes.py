"""The cells and faces of the mesh that probes, lines and integrals of a case mean."""

import numpy as np

from oxycell.errors import CaseError
from oxycell.mesh.build import find_names
from oxycell.mesh.locate import cells_along, cells_at
from oxycell.mesh.mesh import AXES, SAME, nearest_name

_BALANCE = {
    "temperature": "thermal",
    "electric_potential": "electric",
    "current_density": "electric",
    "heat_flux": "thermal",
}


def select(case, mesh, surfaces, first_side, interface):
    """Cells and faces that the probes, lines and integrals of a case mean.

    Parameters
    ----------
    case : Case, expanded
    mesh : Mesh
    surfaces : dict name → (n,) int, outer surfaces
    first_side, interface : (n_faces,) int, see `match_interfaces`

    Returns
    -------
    dict to be added to the record; see docs/formats.md

    Raises
    ------
    CaseError
        A name is unknown or is used twice, a point lies in no cell or between several regions, a selection is empty.
    """
    record = {}
    for key, one in (("probes", _probe), ("lines", _line)):
        record[key] = {
            spec.name: one(mesh, spec, f"{key}: {spec.name!r}") | {"quantities": _quantities(case, spec, key)}
            for spec in _named_once(getattr(case, key), key)
        }
    record["integrals"] = {
        spec.name: _integral(case, mesh, spec, surfaces, first_side, interface)
        for spec in _named_once(case.integrals, "integrals")
    }
    return {key: value for key, value in record.items() if value}


def _named_once(specs, key):
    names = [spec.name for spec in specs]
    for name in names:
        if names.count(name) > 1:
            raise CaseError(f"{key}: {name!r} is used twice; allowed: a different name for each")
    return specs


def _quantities(case, spec, key):
    solved = [name for name, balance in _BALANCE.items() if name == "temperature" or getattr(case.physics, balance)]
    for name in spec.quantities:
        if name not in solved:
            raise CaseError(f"{key}: {spec.name!r}: {name} is not solved for; allowed: {', '.join(solved)}")
    return list(spec.quantities) or solved


def _probe(mesh, spec, where):
    chosen = (
        None if spec.region is None else mesh.cells(*find_names([spec.region], mesh.region_names, f"{where}: region"))
    )
    touched = cells_at(mesh, [spec.at])[0]
    place = ", ".join(f"{value:.6g}" for value in spec.at)
    if touched.size == 0:
        raise CaseError(f"{where}: ({place}) m lies {_outside(mesh, spec.at)}")
    regions = np.unique(mesh.region[touched])
    if chosen is not None:
        cells = touched[chosen[touched]]
        if cells.size == 0:
            raise CaseError(
                f"{where}: ({place}) m is not in {spec.region!r} but in {_listed(mesh, regions)}; allowed: that, "
                f"or none"
            )
        touched, regions = cells, np.unique(mesh.region[cells])
    if regions.size > 1:
        raise CaseError(f"{where}: ({place}) m lies between {_listed(mesh, regions)}; allowed: region, one of them")
    return {"at": np.repeat([spec.at], touched.size, 0), "cell": touched}


def _outside(mesh, point):
    """Where a point without a cell lies, and what is allowed."""
    low, high = _box(mesh)
    for axis, name in enumerate(AXES):
        if name in mesh.symmetry and point[axis] < -SAME:
            return f"behind the symmetry plane {name} = 0; allowed: {name} ≥ 0, the part that is modelled"
        if not low[axis] - SAME <= point[axis] <= high[axis] + SAME:
            return f"outside the mesh; allowed: {name} from {low[axis]:.6g} to {high[axis]:.6g} m"
    return "in empty space; allowed: a point in a region"


def _box(mesh):
    if mesh.lattice is not None:
        return [e[0] for e in mesh.lattice.edges], [e[-1] for e in mesh.lattice.edges]
    return np.min(mesh.points, 0), np.max(mesh.points, 0)


def _listed(mesh, regions):
    return " and ".join(repr(mesh.region_names[i]) for i in regions)


def _line(mesh, spec, where):
    """Samples of a line: evenly spaced, and one on each side where it passes from region to region."""
    start, step = np.array(spec.start), np.subtract(spec.end, spec.start)
    chosen = (
        mesh.cells(*find_names(spec.regions, mesh.region_names, f"{where}: regions"))
        if spec.regions
        else np.ones(mesh.n_cells, bool)
    )
    breaks, touched = cells_along(mesh, spec.start, spec.end)
    pieces = [cells[chosen[cells]] for cells in touched]
    for t, cells in zip(breaks, pieces, strict=False):
        if np.unique(mesh.region[cells]).size > 1:
            place = ", ".join(f"{value:.6g}" for value in start + t * step)
            raise CaseError(
                f"{where}: from ({place}) m on it runs between {_listed(mesh, np.unique(mesh.region[cells]))}; "
                "allowed: regions, one of them, or a line within one"
            )
    cell = np.array([cells[0] if cells.size else -1 for cells in pieces])
    if np.all(cell < 0):
        raise CaseError(f"{where}: passes through no cell; the first point lies {_outside(mesh, spec.start)}")
    region = np.where(cell >= 0, mesh.region[cell], -1)
    even, close = np.linspace(0.0, 1.0, spec.points), SAME / np.linalg.norm(step)
    ends = np.flatnonzero(np.diff(region, prepend=-2, append=-2))  # first piece of each run within one region
    at, of = [], []
    for i, j in zip(ends[:-1], ends[1:], strict=True):
        if region[i] >= 0:
            inner = even[(even > breaks[i] + close) & (even < breaks[j] - close)]
            at.append(np.concatenate([[breaks[i]], inner, [breaks[j]]]))
            of.append(cell[np.clip(np.searchsorted(breaks, at[-1], side="right") - 1, i, j - 1)])
    t = np.concatenate(at)
    return {"at": start + t[:, None] * step, "cell": np.concatenate(of), "distance": t * np.linalg.norm(step)}


def _integral(case, mesh, spec, surfaces, first_side, interface):
    """Cells or faces of an integral, as far as they lie where it is wanted."""
    found = _whole_integral(case, mesh, spec, surfaces, first_side, interface)
    if spec.where is None:
        return found
    if found["kind"] in ("region", "plane"):
        points = np.array(mesh.cell_centre[found["cell"]] if spec.regions else mesh.face_centre[found["face"]])
        if spec.plane:
            points[:, found["axis"]] = spec.plane.at
        chosen = spec.where.contains(points)
    else:
        chosen = spec.where.faces(mesh, found["face"], found["sign"])
    if not chosen.any():
        raise CaseError(
            f"integrals: {spec.name!r}: where: nothing of it lies there and faces that way; allowed: an extent with "
            f"the centres of its faces or cells, and a direction it faces"
        )
    return found | {key: found[key][chosen] for key in ("cell", "face", "sign") if key in found}


def _whole_integral(case, mesh, spec, surfaces, first_side, interface):
    where, copies = f"integrals: {spec.name!r}", mesh.multiplicity
    if spec.regions:
        names = find_names(spec.regions, mesh.region_names, where)
        return {"kind": "region", "cell": np.flatnonzero(mesh.cells(*names)), "copies": copies}
    if spec.surfaces:
        face = np.unique(np.concatenate([surfaces[name] for name in find_names(spec.surfaces, list(surfaces), where)]))
        return {"kind": "surface", "face": face, "sign": np.ones(face.size, np.int8), "copies": copies}
    if spec.plane:
        return {
            "kind": "plane",
            **_cut(mesh, spec.plane, where),
            "axis": AXES.index(spec.plane.axis),
            "place": spec.plane.at,
            "copies": copies // 2 if spec.plane.axis in mesh.symmetry else copies,
        }
    if spec.interface:
        names = [one.name for one in case.interfaces]
        if spec.interface not in names:
            raise CaseError(
                f"{where}: no interface is called {spec.interface!r}; {nearest_name(spec.interface, names)}"
            )
        sign = np.where(
            np.isin(interface, [i for i, name in enumerate(names) if name == spec.interface]), first_side, 0
        )
    else:
        first, second = (mesh.cells(*find_names([name], mesh.region_names, where)) for name in spec.between)
        one, other, sign = mesh.owner[mesh.between], mesh.neighbour[mesh.between], np.zeros(mesh.n_faces, np.int8)
        forward = first[one] & second[other]
        sign[mesh.between] = forward.astype(np.int8) - (~forward & first[other] & second[one])
    face = np.flatnonzero(sign)
    if face.size == 0:
        raise CaseError(f"{where}: its regions share no face; allowed: regions that touch")
    return {"kind": "interface", "face": face, "sign": sign[face].astype(np.int8), "copies": copies}


def _cut(mesh, plane, where):
    """Faces between what lies below a plane and what lies above it; cells, and faces at a boundary, lie where their
    centres lie.

    Taken together they close off everything below the plane, so what is conserved passes them as it passes the plane.
    """
    axis, n = AXES.index(plane.axis), mesh.n_internal
    low, high = (ends[axis] for ends in _box(mesh))
    below = np.asarray(mesh.cell_centre[:, axis]) < plane.at
    end = np.concatenate([below[mesh.neighbour[:n]], mesh.face_centre[n:][:, axis] < plane.at - SAME])
    crossing = below[mesh.owner] != end
    if plane.of:
        wanted = mesh.cells(*find_names(plane.of, mesh.region_names, where))
        inside = wanted[mesh.owner]
        inside[:n] |= wanted[mesh.neighbour[:n]]
        crossing &= inside
    face = np.flatnonzero(crossing)
    if face.size == 0:
        raise CaseError(
            f"{where}: the plane {plane.axis} = {plane.at:.6g} m cuts nothing of it; "
            f"allowed: above {low:.6g} m, up to {high:.6g} m{', where its regions are' if plane.of else ''}"
        )
    return {"face": face, "sign": np.where(below[mesh.owner[face]], 1, -1).astype(np.int8)}
