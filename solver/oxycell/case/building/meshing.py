"""The geometry of a case, boxes or a mesh file, as one Mesh; what the regions are; the surfaces by name."""

from fnmatch import fnmatchcase

from oxycell.errors import CaseError
from oxycell.mesh.build import build_mesh as build_box_mesh
from oxycell.mesh.build import select_surface
from oxycell.mesh.check import check_orthogonal
from oxycell.mesh.mesh import nearest_name


def build_mesh(case, more=0):
    """Mesh of an expanded case.

    Parameters
    ----------
    case : Case without `cell`
    more : memory [bytes] that is wanted for each cell beyond that of a box mesh

    Returns
    -------
    mesh : Mesh
    notes : list of str: of boxes each mesh plane that was merged, of a mesh file what limits its accuracy

    Raises
    ------
    CaseError
        There is no geometry or more than one, or it gives no mesh.
    """
    if case.mesh.file is None:
        if case.regions:
            raise CaseError("regions: are volumes of a mesh file; allowed: with mesh.file")
        if not case.boxes:
            raise CaseError(
                "boxes: a case needs a geometry; allowed: [cell], [[boxes]], or [mesh] with file and [[regions]]"
            )
        return build_box_mesh(case.boxes, case.mesh, more)
    if case.boxes:
        raise CaseError("mesh.file: is given together with boxes; allowed: one kind of geometry")
    if not case.regions:
        raise CaseError("regions: a mesh file needs one for each of its volumes; allowed: name and material")
    from oxycell.mesh.read import read_mesh

    mesh = read_mesh(case.mesh.file, case.regions, case.mesh.scale, case.mesh.symmetry)
    return mesh, check_orthogonal(mesh)


def stated_regions(case):
    """What the case says of its regions, whichever geometry it has: Boxes or Regions, both with name, electric, part,
    anode."""
    return (*case.boxes, *case.regions)


def named_surfaces(case, mesh):
    """Faces of all outer surfaces: name → (n,) int; those of the mesh file first, then those of [[surfaces]].

    Raises
    ------
    CaseError
        A name is used twice or selects nothing; a terminal or condition is on a surface inside the mesh; an outer
        surface of the mesh file is used by none.
    """
    surfaces = {name: faces for name, faces in mesh.face_names.items() if mesh.outer[faces].all()}
    stated = {
        "terminals": [name for spec in case.terminals for name in spec.surfaces],
        "conditions": [name for spec in case.conditions for name in spec.on],
    }
    for key, names in stated.items():
        for name in names:
            if name in mesh.face_names and name not in surfaces:
                raise CaseError(
                    f"{key}: surface {name!r} lies inside the mesh or on a symmetry plane; allowed: outer surfaces"
                )
    patterns = [name for names in (*stated.values(), *(spec.surfaces for spec in case.integrals)) for name in names]
    for name in surfaces:
        if not any(fnmatchcase(name, pattern) for pattern in patterns):
            raise CaseError(
                f"conditions: surface {name!r} of the mesh file has no terminal and no condition; "
                f"{nearest_name(name, patterns)}; allowed: one of them, laws = [] for an insulated surface"
            )
    for surface in case.surfaces:
        if surface.name in surfaces or surface.name in mesh.face_names:
            raise CaseError(f"surfaces: {surface.name!r} is named twice; allowed: once")
        surfaces[surface.name] = select_surface(mesh, surface)
    return surfaces
