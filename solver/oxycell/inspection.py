"""What `oxycell run --resolved` and `oxycell mesh` show: a case written out; counts and quality of its
mesh, its regions and surfaces."""

import math
from pathlib import Path

import numpy as np

from oxycell.case.building.build import expand
from oxycell.case.building.meshing import build_mesh
from oxycell.case.building.timeline import Timeline
from oxycell.case.load import load_with_source
from oxycell.case.messages import Source
from oxycell.case.overrides import parse_key
from oxycell.errors import CaseError
from oxycell.mesh.build import planes_and_cells, select_surface


def resolved(case, overrides=()):
    """Text of a case with `[cell]` expanded; a comment says which schedules need the `[cell]` it was."""
    loaded, source = load_with_source(case, overrides)
    text = _with_place(source, expand, loaded).to_toml()
    if loaded.transient is None:
        return text
    _with_place(source, Timeline, loaded)
    bound = [key for key in loaded.transient.schedule if parse_key(key)[0] in ("cell", "operation")]
    if loaded.cell is None or not bound:
        return text
    keys = ", ".join(bound)
    return f"# Schedules of {keys} act through [cell], which is written out below: run the case itself.\n{text}"


def mesh_of(case, overrides=()):
    """Case (expanded), mesh and notes of a case, for `oxycell mesh`."""
    loaded, source = load_with_source(case, overrides)
    expanded = _with_place(source, expand, loaded)
    mesh, notes = _with_place(source, build_mesh, expanded)
    return expanded, mesh, notes


def _with_place(source: Source, step, *arguments):
    """Result of a step; its CaseError with the place in the case file."""
    try:
        return step(*arguments)
    except CaseError as error:
        raise source.located(error) from error


def mesh_figures(mesh):
    """Counts and quality of a mesh.

    Returns
    -------
    dict : label → text
    """
    widths = cell_widths(mesh)
    aspect = widths.max(axis=1) / widths.min(axis=1)
    figures = {
        "cells": f"{mesh.n_cells:,}",
        "faces": f"{mesh.n_faces:,}, {mesh.n_internal:,} of them inside",
        "model": f"1/{mesh.multiplicity} of the whole" if mesh.multiplicity > 1 else "the whole",
        "smallest width": f"{1e3 * widths.min():.4g} mm",
        "largest width": f"{1e3 * widths.max():.4g} mm",
        "largest aspect": f"{aspect.max():.4g}",
        "volume": f"{mesh.cell_volume.sum():.6g} m3",
    }
    if mesh.lattice is not None:
        shape = mesh.lattice.shape
        figures["lattice"] = " x ".join(map(str, shape)) + f" = {math.prod(shape):,} positions"
    return figures


def cell_widths(mesh):
    """Extents of every cell along x, y, z [m]; (n_cells, 3)."""
    if mesh.lattice is not None:
        return np.stack([wide[at] for wide, at in zip(mesh.lattice.widths, mesh.lattice.ijk.T, strict=True)], 1)
    corners = mesh.points[mesh.connectivity]
    start = mesh.offsets[:-1]
    return np.maximum.reduceat(corners, start, axis=0) - np.minimum.reduceat(corners, start, axis=0)


def cells_between_planes(case):
    """Cells in each interval between mesh planes, as options that keep them: mesh.cells_x, … → list of int; empty for a
    mesh file."""
    if case.mesh.file is not None:
        return {}
    return {f"mesh.cells_{axis}": list(cells) for axis, (_, cells) in planes_and_cells(case.boxes, case.mesh).items()}


def volumes(mesh, kind):
    """Rows (name, cells, volume [m³]) of a mesh by "material" or "region"."""
    index, names = (mesh.material, mesh.material_names) if kind == "material" else (mesh.region, mesh.region_names)
    cells = np.bincount(index, minlength=len(names))
    volume = np.bincount(index, mesh.cell_volume, minlength=len(names))
    return [(name, f"{n:,}", f"{v:.6g}") for name, n, v in zip(names, cells, volume, strict=True)]


def surface_rows(mesh, surfaces):
    """Rows (name, region, sides, faces, area [m²]) of the named surfaces of a case and of its mesh file."""
    rows = [
        (
            name,
            "mesh file",
            "outside" if mesh.outer[faces].all() else "inside",
            f"{faces.size:,}",
            f"{mesh.area[faces].sum():.6g}",
        )
        for name, faces in mesh.face_names.items()
    ]
    for surface in surfaces:
        faces = select_surface(mesh, surface)
        rows.append(
            (surface.name, surface.of, " ".join(surface.sides), f"{faces.size:,}", f"{mesh.area[faces].sum():.6g}")
        )
    return rows


def write_mesh(mesh, path):
    """Write a mesh with its regions and materials as VTKHDF."""
    from oxycell.io.vtkhdf import write_grid

    fields = {
        "material": (mesh.material, {"names": list(mesh.material_names)}),
        "region": (mesh.region, {"names": list(mesh.region_names)}),
    }
    write_grid(Path(path), mesh.points, mesh.connectivity, mesh.offsets, mesh.types, fields)
