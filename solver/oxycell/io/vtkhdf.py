"""Cells with fields → one VTKHDF file (UnstructuredGrid, version 1.0) that ParaView and VTK open without help."""

import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from oxycell.io.files import replaced
from oxycell.runtime import available_cores

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
    import h5py  # where fields are written: a solve alone does not load it

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
        packed = _threads().map(lambda start: _packed(array[start : start + rows], rows), starts)
        for start, (data, mask) in zip(starts, packed, strict=True):
            dataset.id.write_direct_chunk((start, *[0] * (array.ndim - 1)), data, mask)
    for key, value in attributes.items():
        if isinstance(value, list):
            value = np.array(value, dtype=h5py.string_dtype())
        dataset.attrs[key] = value
    return dataset


@cache
def _threads():
    return ThreadPoolExecutor(available_cores())


def _packed(part, rows):
    """Bytes of a chunk of so many rows as HDF5 stores them, and the mask of the filters left out; the last chunk is
    padded."""
    if len(part) < rows:
        part = np.concatenate([part, np.zeros((rows - len(part), *part.shape[1:]), part.dtype)])
    shuffled = np.ascontiguousarray(part.reshape(-1).view(np.uint8).reshape(-1, part.itemsize).T)
    middle = max(shuffled.shape[1] - _SAMPLE, 0) // 2
    sample = shuffled[:, middle : middle + _SAMPLE].tobytes()
    if len(zlib.compress(sample, 1)) > _NOISE * len(sample):
        return part.tobytes(), _UNFILTERED
    return zlib.compress(shuffled, 1), 0


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
    with h5py.File(Path(path).name, "w", driver="core", backing_store=False, libver=("earliest", "v110")) as file:
        grid = file.create_group("VTKHDF")
        grid.attrs["Version"] = np.array([1, 0], np.int64)
        grid.attrs.create("Type", np.bytes_("UnstructuredGrid"))
        grid["NumberOfPoints"] = np.array([len(points)], np.int64)
        grid["NumberOfCells"] = np.array([len(types)], np.int64)
        grid["NumberOfConnectivityIds"] = np.array([len(connectivity)], np.int64)
        store(grid, "Points", np.asarray(points, np.float64))
        store(grid, "Connectivity", np.asarray(connectivity, np.int64))
        store(grid, "Offsets", np.asarray(offsets, np.int64))
        store(grid, "Types", np.asarray(types, np.uint8))
        grid.create_group("PointData")
        grid.create_group("FieldData")
        cells = grid.create_group("CellData")
        for name, (array, attributes) in fields.items():
            array = np.asarray(array)
            kind = np.float32 if array.dtype.kind == "f" else np.int32
            store(cells, name, array.astype(kind), **attributes)
        if extra is not None:
            extra(file)
        file.flush()
        image = file.id.get_file_image()
    with replaced(path) as temporary:
        temporary.write_bytes(image)
