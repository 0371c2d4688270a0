"""Cells with fields → one VTKHDF file (UnstructuredGrid, version 1.0) that ParaView and VTK open without help."""

import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from oxycell.io.files import replaced
from oxycell.runtime import available_cores

if TYPE_CHECKING:
    import h5py

Fields = dict[str, tuple[np.ndarray, dict[str, Any]]]  # name → array and attributes
LIBRARY = ("earliest", "v110")  # versions of HDF5 whose structures are written: old readers know them
_CHUNK_ROWS = 131072
_SMALL = 4096  # entries up to which an array is stored in one piece, uncompressed
_SAMPLE = 4096  # entries of a chunk that are compressed to see whether it is worth while
_NOISE = 0.5  # share of its size that is left of a sample from which on a chunk is stored as it is
_UNFILTERED = 0b11  # neither shuffled nor compressed


def store(group, name, array, **attributes):
    """Store an array, compressed (gzip 1 and shuffle) where it is long and that halves it; returns the dataset.

    Parameters
    ----------
    group : h5py.Group
    name : str
    array : numeric array
    attributes : text, numbers or lists of text
    """
    array = np.ascontiguousarray(array)
    if array.size <= _SMALL:
        dataset = group.create_dataset(name, data=array, track_times=False)
    else:
        rows = -(-array.shape[0] // -(-array.shape[0] // _CHUNK_ROWS))
        dataset = group.create_dataset(
            name,
            array.shape,
            array.dtype,
            track_times=False,
            chunks=(rows, *array.shape[1:]),
            compression="gzip",
            compression_opts=1,
            shuffle=True,
        )
        starts = range(0, array.shape[0], rows)
        packed = threads().map(lambda start: packed_chunk(array[start : start + rows], rows), starts)
        for start, (data, mask) in zip(starts, packed, strict=True):
            dataset.id.write_direct_chunk((start, *[0] * (array.ndim - 1)), data, mask)
    label(dataset, attributes)
    return dataset


def label(dataset: "h5py.Dataset", attributes: dict[str, Any]) -> None:
    """Give a dataset its attributes: text, numbers or lists of text."""
    import h5py  # where fields are written: a solve alone does not load it

    for key, value in attributes.items():
        if isinstance(value, list):
            value = np.array(value, dtype=h5py.string_dtype())
        dataset.attrs[key] = value


@cache
def threads() -> ThreadPoolExecutor:
    """The threads that compress."""
    return ThreadPoolExecutor(available_cores())


def packed_chunk(part: np.ndarray, rows: int) -> tuple[bytes, int]:
    """Bytes of a chunk of so many rows as HDF5 stores them, and the mask of the filters left out; the last chunk is
    padded."""
    if len(part) < rows:
        part = np.concatenate([part, np.zeros((rows - len(part), *part.shape[1:]), part.dtype)])
    shuffled = np.ascontiguousarray(part.reshape(-1).view(np.uint8).reshape(-1, part.itemsize).T)
    middle = max(shuffled.shape[1] - _SAMPLE, 0) // 2
    sample = shuffled[:, middle : middle + _SAMPLE].tobytes()
    if len(zlib.compress(sample, 1)) > _NOISE * len(sample):
        return part.tobytes(), _UNFILTERED
    return zlib.compress(shuffled.data, 1), 0


def write_grid(path, points, connectivity, offsets, types, fields, extra=None):
    """Write a grid with cell fields, completely or not at all.

    Parameters
    ----------
    path : path of the file, named *.hdf
    points : (n_points, 3) [m]
    connectivity, offsets, types : cells in VTK's numbering
    fields : dict name → (array, attributes); arrays (n_cells,) or (n_cells, 3): floats are stored as float32, whole
        numbers as int32
    extra : function (h5py.File) that stores more than the grid, or None

    Raises
    ------
    FileError
        The file cannot be written.
    """
    import h5py

    # Made in memory: a full disk must meet a plain write, the HDF5 library does not survive one.
    with h5py.File(Path(path).name, "w", driver="core", backing_store=False, libver=LIBRARY) as file:
        grid = grid_group(file, (1, 0))
        grid["NumberOfPoints"] = np.array([len(points)], np.int64)
        grid["NumberOfCells"] = np.array([len(types)], np.int64)
        grid["NumberOfConnectivityIds"] = np.array([len(connectivity)], np.int64)
        store(grid, "Points", np.asarray(points, np.float64))
        store(grid, "Connectivity", np.asarray(connectivity, np.int64))
        store(grid, "Offsets", np.asarray(offsets, np.int64))
        store(grid, "Types", np.asarray(types, np.uint8))
        for name, (array, attributes) in fields.items():
            store(grid["CellData"], name, for_viewing(array), **attributes)
        if extra is not None:
            extra(file)
        file.flush()
        image = file.id.get_file_image()
    with replaced(path) as temporary:
        temporary.write_bytes(image)


def grid_group(file: "h5py.File", version: tuple[int, int]) -> "h5py.Group":
    """The group of a grid, with its label and groups for data but without a mesh."""
    grid = file.create_group("VTKHDF")
    grid.attrs["Version"] = np.array(version, np.int64)
    grid.attrs.create("Type", np.bytes_("UnstructuredGrid"))
    for name in ("PointData", "FieldData", "CellData"):
        grid.create_group(name)
    return grid


def for_viewing(array: ArrayLike) -> np.ndarray:
    """A field as it is stored for viewers: floats in float32, whole numbers in int32."""
    array = np.asarray(array)
    return np.ascontiguousarray(array, "<f4" if array.dtype.kind == "f" else "<i4")
