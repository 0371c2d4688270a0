"""What `oxycell mesh` and `oxycell compare` show: counts and quality of a mesh, runs side by side."""

import math
from pathlib import Path

import numpy as np

from oxycell.mesh.build import select_surface
from oxycell.run import read_report

_LAST = ("balance", "warnings", "ledge.profile")  # of interest only after the figures themselves
_NOISE = 1e-12  # relative difference below which figures count as equal
_UNSTEADY = ("provenance", "status.wall_seconds", "status.peak_memory_bytes", "sources", "schema")


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
    corners = mesh.points[mesh.connectivity]
    start = mesh.offsets[:-1]
    return np.maximum.reduceat(corners, start, axis=0) - np.minimum.reduceat(corners, start, axis=0)


def volumes(mesh, kind):
    """Rows (name, cells, volume [m³]) of a mesh by "material" or "region"."""
    index, names = (mesh.material, mesh.material_names) if kind == "material" else (mesh.region, mesh.region_names)
    cells = np.bincount(index, minlength=len(names))
    volume = np.bincount(index, mesh.cell_volume, minlength=len(names))
    return [(name, f"{n:,}", f"{v:.6g}") for name, n, v in zip(names, cells, volume, strict=True)]


def surface_rows(mesh, surfaces):
    """Rows (name, region, sides, faces, area [m²]) of the named surfaces of a case and of its mesh file."""
    rows = [(name, "mesh file", "outside" if mesh.outer[faces].all() else "inside", f"{faces.size:,}", f"{mesh.area[faces].sum():.6g}")
            for name, faces in mesh.face_names.items()]
    for surface in surfaces:
        faces = select_surface(mesh, surface)
        rows.append((surface.name, surface.of, " ".join(surface.sides), f"{faces.size:,}", f"{mesh.area[faces].sum():.6g}"))
    return rows


def write_mesh(mesh, path):
    """Write a mesh with its regions and materials as VTKHDF."""
    from oxycell.io.vtkhdf import write_grid

    fields = {
        "material": (mesh.material, {"names": list(mesh.material_names)}),
        "region": (mesh.region, {"names": list(mesh.region_names)}),
    }
    write_grid(Path(path), mesh.points, mesh.connectivity, mesh.offsets, mesh.types, fields)


def compare(folders):
    """Runs side by side, the largest differences first.

    Parameters
    ----------
    folders : sequence of run folders

    Returns
    -------
    rows : list of (key, texts, difference), difference of the last run to the first, relative to the first, as text
    same : int, how many figures are equal in all runs
    """
    reports = [dict(_leaves(read_report(folder), "")) for folder in folders]
    keys = list(dict.fromkeys(key for report in reports for key in report))
    rows, same = [], 0
    for key in keys:
        values = [report.get(key) for report in reports]
        spread = _spread(values)
        if spread <= _NOISE:
            same += 1
        else:
            rows.append((key.startswith(_LAST), -spread, key, [_text(value) for value in values], _change(values)))
    rows.sort(key=lambda row: row[:2])
    return [(key, texts, change) for _, _, key, texts, change in rows], same


def _change(values):
    """Last value against the first, as text; nothing where they are no numbers or start from zero."""
    first, last = values[0], values[-1]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (first, last))
    return f"{100.0 * (last - first) / abs(first):+.3g} %" if numbers and first else ""


def _leaves(node, prefix):
    """(dotted key, value) of all figures that a comparison is about."""
    if prefix.startswith(_UNSTEADY):
        return
    if isinstance(node, dict):
        for key, entry in node.items():
            yield from _leaves(entry, f"{prefix}.{key}" if prefix else key)
    elif isinstance(node, list):
        for number, entry in enumerate(node):
            label = entry.get("name", number) if isinstance(entry, dict) else number
            yield from _leaves(entry, f"{prefix}.{label}")
    else:
        yield prefix, node


def _spread(values):
    """Relative difference of numbers (0 to 2); 3 where other values differ, so that those come first."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        largest = max(abs(value) for value in values)
        return (max(values) - min(values)) / largest if largest > 0.0 else 0.0
    return 0.0 if all(value == values[0] for value in values) else 3.0


def _text(value):
    return "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
