"""Solution ↔ run folder: the float64 record and the viewing copies in fields.hdf, history and log as text."""

import csv
import io
import json
import tomllib
from pathlib import Path

import h5py
import numpy as np

from oxycell.case.case import Case
from oxycell.errors import FileError
from oxycell.io.fields import volume_fields, write_surfaces
from oxycell.io.files import make_folder, reading, write_text
from oxycell.io.vtkhdf import store, write_grid
from oxycell.mesh.derived import corners_of
from oxycell.mesh.lattice import lattice_mesh
from oxycell.mesh.mesh import AXES, Mesh
from oxycell.physics.charge.gas import conductivity_ratio
from oxycell.solution import Solution

FORMAT = "oxycell-fields/1"
FIELDS, SURFACES = "fields.hdf", "surfaces.hdf"
_RESERVED = ("mesh", "run")  # groups of /oxycell that are no part of the record
_MESH_ARRAYS = (
    "cell_centre",
    "cell_volume",
    "normal",
    "face_centre",
    "distance",
    "outer",
    "face_points",
)  # where no lattice says them
_TEXT = h5py.string_dtype()


def write_run(solution, folder):
    """Write case.toml, fields.hdf, surfaces.hdf, history.csv and run.log; each file is complete or not there.

    Parameters
    ----------
    solution : Solution
    folder : path, created if it does not exist

    Raises
    ------
    FileError
        The folder or a file in it cannot be written.
    """
    folder = make_folder(folder)
    mesh, record = solution.mesh, solution.record
    write_text(folder / "case.toml", solution.case_text)
    write_grid(
        folder / FIELDS,
        mesh.points,
        mesh.connectivity,
        mesh.offsets,
        mesh.types,
        volume_fields(mesh, record),
        lambda file: store_solution(file, solution),
    )
    write_surfaces(mesh, record, folder / SURFACES)
    write_text(folder / "history.csv", _table(solution.history))
    if solution.log:
        write_text(folder / "run.log", solution.log)


def read_run(folder):
    """Solution of a run folder; only its fields.hdf is read.

    Parameters
    ----------
    folder : path of a run folder

    Returns
    -------
    Solution, whose report equals that of the one that was written

    Raises
    ------
    FileError
        The file is missing, damaged, or was not written by oxycell.
    """
    path = Path(folder) / FIELDS
    with reading(path, "there is no such file; a run folder holds one"):
        with h5py.File(path, "r") as file:
            if "oxycell" not in file and "VTKHDF/Steps" in file:
                raise FileError(f"{path}: is of a transient run that has not finished: it has steps but no record")
            if "oxycell" not in file or file["oxycell"].attrs.get("format") != FORMAT:
                raise FileError(f"{path}: contains no run of oxycell ({FORMAT})")
            root = file["oxycell"]
            record = {name: load_item(root[name]) for name in root if name not in _RESERVED}
            record.update(_load_attributes(root, ("format",)))
            run = load_item(root["run"])
            mesh = _load_mesh(file["VTKHDF"], root["mesh"], record)
        _complete(record)
        case = Case.model_validate(tomllib.loads(run["case_text"]))
    return Solution(
        case,
        run["case_text"],
        mesh,
        record,
        dict(record.get("status", {})),
        json.loads(run["history"]),
        run["warnings"],
        run["provenance"],
        run["log"],
    )


def _complete(record):
    """Add what records of earlier versions lack."""
    cells = record["cells"]
    if "gas_fraction" in cells and "gas_conductivity_ratio" not in cells:
        cells["gas_conductivity_ratio"] = conductivity_ratio(cells["gas_fraction"])


def store_solution(file: h5py.File, solution: Solution) -> None:
    """Everything under /oxycell: record, mesh, and what is known about the run."""
    root = file.create_group("oxycell")
    root.attrs["format"] = FORMAT
    for name, value in solution.record.items():
        store_item(root, name, value)
    mesh = root.create_group("mesh")
    if solution.mesh.lattice is None:
        for name in _MESH_ARRAYS:
            store(mesh, name, getattr(solution.mesh, name))
    else:
        store_item(mesh, "lattice", {name: getattr(solution.mesh.lattice, name) for name in ("x", "y", "z", "ijk")})
    store_item(mesh, "region_names", list(solution.mesh.region_names))
    store_item(mesh, "material_names", list(solution.mesh.material_names))
    store_item(mesh, "symmetry", list(solution.mesh.symmetry))
    mesh.attrs["multiplicity"] = solution.mesh.multiplicity
    mesh.attrs["hash"] = solution.mesh.hash
    run = {
        "case_text": solution.case_text,
        "history": json.dumps(solution.history, default=_plain),
        "log": solution.log,
        "warnings": list(solution.warnings),
        "provenance": dict(solution.provenance),
    }
    store_item(root, "run", run)
    for key, value in solution.provenance.items():
        file.attrs[key] = value


def _load_mesh(grid, group, record):
    """The mesh: from its lattice if it has one, else from the viewing grid, the stored arrays and the record's
    faces."""
    names = {name: load_item(group[name]) for name in ("region_names", "material_names")}
    region, material = grid["CellData/region"][...], grid["CellData/material"][...]
    symmetry = tuple(load_item(group["symmetry"]))
    if "lattice" in group:
        lattice = load_item(group["lattice"])
        edges = [lattice[axis] for axis in AXES]
        whole = np.full([e.size - 1 for e in edges], -1, np.int32)
        whole[tuple(lattice["ijk"].T)] = region
        first = np.unique(region, return_index=True)[1]
        return lattice_mesh(
            edges, whole, names["region_names"], [names["material_names"][i] for i in material[first]], symmetry
        )
    arrays = {name: group[name][...] for name in _MESH_ARRAYS}
    return Mesh(
        region=region,
        material=material,
        **names,
        **arrays,
        owner=record["faces"]["owner"],
        neighbour=record["faces"]["neighbour"],
        area=record["faces"]["area"],
        face_corners=corners_of(grid["Points"][...], arrays["face_points"]),
        points=grid["Points"][...],
        connectivity=grid["Connectivity"][...],
        offsets=grid["Offsets"][...],
        types=grid["Types"][...],
        multiplicity=int(group.attrs["multiplicity"]),
        symmetry=symmetry,
    )


def store_item(group, name, value):
    """Store a value of a nested dict: dicts as groups, arrays and lists of text as datasets, text and numbers as
    attributes.

    Long text becomes a dataset. A slash in a key is written %2F, a per cent sign %25.

    Raises
    ------
    TypeError
        A value of any other kind, or a key that is no text.
    """
    key = _escaped(name)
    if isinstance(value, dict):
        inner = group.create_group(key)
        for inner_name, inner_value in value.items():
            store_item(inner, inner_name, inner_value)
    elif isinstance(value, np.ndarray) and value.ndim > 0:
        store(group, key, value)
    elif isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        group.create_dataset(
            key, data=np.array(value, dtype=object), dtype=_TEXT, shape=(len(value),), track_times=False
        )
    elif isinstance(value, str):
        group.create_dataset(key, data=value, dtype=_TEXT, track_times=False)
    elif isinstance(value, bool | int | float | np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        group.attrs[key] = value
    else:
        raise TypeError(f"{group.name}/{name}: cannot store a {type(value).__name__}")


def load_item(item):
    """What `store_item` stored: dict, array, list of text or text; numbers come back as Python's own."""
    if isinstance(item, h5py.Group):
        values = {_unescaped(name): load_item(item[name]) for name in item}
        return values | _load_attributes(item)
    if h5py.check_string_dtype(item.dtype) is not None:
        return item.asstr()[()] if item.shape == () else list(item.asstr()[...])
    return item[...]


def _load_attributes(group, without=()):
    return {
        _unescaped(name): value.item() if hasattr(value, "item") else value
        for name, value in group.attrs.items()
        if name not in without
    }


def _escaped(name):
    if not isinstance(name, str) or not name:
        raise TypeError(f"keys must be text, not {name!r}")
    return name.replace("%", "%25").replace("/", "%2F").replace(".", "%2E")


def _unescaped(name):
    return name.replace("%2E", ".").replace("%2F", "/").replace("%25", "%")


def _plain(value):
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _table(rows):
    """CSV text of a list of dict; columns in the order they first appear."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
