"""The layout of a VTKHDF file of steps that grows by plain writes, and that of one which is complete.

While it grows, a field is one unbroken piece of the file with room for many steps; file systems that know holes spend
no space on what is empty. The tables of one step, of two, of three … are all there from the start, under /series, and
`VTKHDF/Steps` is a link to one of them: a step becomes part of the file when eight digits in the text of that link are
overwritten. Nothing else that describes the file changes, so there is no moment at which it cannot be read. (A table
with more times than steps makes VTK write beyond its memory, so the two have to change at once.) A complete file has
its fields compressed, one table and no empty room.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from oxycell.io.files import check_space
from oxycell.io.vtkhdf import LIBRARY, grid_group, label, packed_chunk, threads

_MESH = ("NumberOfPoints", "NumberOfCells", "NumberOfConnectivityIds", "Points", "Connectivity", "Offsets", "Types")
_SERIES = "/series/"  # tables by their number of steps, in eight digits; as long as these, which so never cross a page
_COUNT = "address"  # attribute of these: where the digits stand in the file [bytes]
_HEADERS = 1 << 17  # bytes that HDF5 needs at most to describe the fields of a file
_CHANGING = "changing"  # attribute of the file: names of the fields that change


@dataclass(frozen=True)
class Column:
    """A field that changes: its type, (3,) for vectors and () for scalars, and its attributes."""

    dtype: str
    width: tuple[int, ...]
    attributes: dict[str, Any]

    def size(self, n_cells: int) -> int:
        """Bytes of one step."""
        return n_cells * int(np.prod(self.width, dtype=int)) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True)
class Room:
    """Where in a growing file everything stands that a step writes.

    Attributes
    ----------
    capacity : number of steps that there is room for
    count : address of the digits of the number of steps [bytes]
    times : addresses of the times of the table of one step, of two … [bytes]
    fields : name → (address, bytes of a step)
    """

    capacity: int
    count: int
    times: tuple[int, ...]
    fields: dict[str, tuple[int, int]]

    def holds(self, path: Path, n_steps: int) -> bool:
        """Whether the file still is the one with so many steps."""
        with open(path, "rb") as file:
            file.seek(self.count)
            return file.read(8) == _digits(n_steps)

    def write(self, path: Path, times: list[float], arrays: dict[str, np.ndarray]) -> None:
        """Write the step of the last of the times and only then that it is there."""
        handle = os.open(path, os.O_RDWR)
        try:
            self.fill(handle, len(times) - 1, arrays)
            self.state(handle, times, arrays)
        finally:
            os.close(handle)

    def cut(self, path: Path, times: list[float], last: dict[str, np.ndarray]) -> None:
        """Let only the steps of these times count; `last` are the fields of the last of them."""
        handle = os.open(path, os.O_RDWR)
        try:
            self.state(handle, times, last)
        finally:
            os.close(handle)

    def fill(self, handle: int, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Write a step into the room that no reader looks at yet."""
        for name, array in arrays.items():
            address, size = self.fields[name]
            _write(handle, array, address + (step + 1) * size)

    def state(self, handle: int, times: list[float], last: dict[str, np.ndarray]) -> None:
        """Write the times of the steps that are filled, and then that they count; the fields of the last one go to the
        front, too, where readers that know no steps find them."""
        _write(handle, np.array(times, "<f8"), self.times[len(times) - 1])
        os.fsync(handle)
        _write(handle, np.frombuffer(_digits(len(times)), np.uint8), self.count)
        for name, array in last.items():
            _write(handle, array, self.fields[name][0])


def _digits(number: int) -> bytes:
    return f"{number:08d}".encode()


def _write(handle: int, data: np.ndarray, address: int) -> None:
    view = data.data.cast("B")
    while view:
        written = os.pwrite(handle, view, address)
        view, address = view[written:], address + written


def find_room(file: h5py.File) -> Room | None:
    """The room of a growing file; None for one that is complete or has no steps."""
    link = file.get("VTKHDF/Steps", getlink=True)
    if not isinstance(link, h5py.SoftLink):
        return None
    series, cells = file[_SERIES], file["VTKHDF/CellData"]
    n_cells = int(file["VTKHDF/NumberOfCells"][0])
    fields = {name: (cells[name].id.get_offset(), column.size(n_cells)) for name, column in columns_of(file).items()}
    times = tuple(table["Values"].id.get_offset() for table in series.values())
    return Room(len(times), int(series.attrs[_COUNT]), times, fields)


def _size(columns: dict[str, Column], n_cells: int) -> int:
    return sum(column.size(n_cells) for column in columns.values())


def columns_of(file: h5py.File) -> dict[str, Column]:
    """The fields of a file of steps that change, by name."""
    cells = file["VTKHDF/CellData"]
    return {
        name: Column(cells[name].dtype.str, cells[name].shape[1:], {k: _plain(v) for k, v in cells[name].attrs.items()})
        for name in file.attrs.get(_CHANGING, ())
    }


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) and value.dtype.kind == "O" else value


def times_of(file: h5py.File) -> list[float]:
    """Times of the steps of a file [s]."""
    if "VTKHDF/Steps" not in file:
        return []
    steps = file["VTKHDF/Steps"]
    return steps["Values"][: int(steps.attrs["NSteps"])].tolist()


def fields_of(file: h5py.File, step: int) -> dict[str, np.ndarray]:
    """Changing fields of a step of a file, as they are stored."""
    n_cells, found = int(file["VTKHDF/NumberOfCells"][0]), {}
    for name in file.attrs.get(_CHANGING, ()):
        row = int(file["VTKHDF/Steps/CellDataOffsets"][name][step])
        found[name] = file["VTKHDF/CellData"][name][row : row + n_cells]
    return found


def write_growing(path: Path, source: h5py.File, columns: dict[str, Column], n_steps: int, capacity: int) -> Room:
    """Write a file with room for steps and the first ones of another, of which it takes the mesh, too.

    Parameters
    ----------
    path : path of the file to write
    source : file with the mesh, the static fields and at least n_steps steps
    columns : fields that change
    n_steps : number of steps to take over
    capacity : number of steps to make room for
    """
    n_cells = int(source["VTKHDF/NumberOfCells"][0])
    offsets = (np.arange(capacity) + 1) * n_cells
    image = _image(source, columns, lambda file, static: _series(file, columns, static, offsets))
    path.write_bytes(image)
    check_space(path.parent, _HEADERS + (n_steps + 2) * _size(columns, n_cells))
    link = _SERIES.encode() + _digits(1)
    if image.count(link) != 1:
        raise RuntimeError("the text of the link to the steps is not unique")
    with h5py.File(path, "r+", libver=LIBRARY) as file:
        file[_SERIES].attrs[_COUNT] = image.index(link) + len(_SERIES)
        for name, column in columns.items():
            _reserve(file["VTKHDF/CellData"], name, column, (capacity + 1) * n_cells)
        room = find_room(file)
        assert room is not None
    if n_steps:
        handle = os.open(path, os.O_RDWR)
        try:
            for step in range(n_steps):
                arrays = fields_of(source, step)
                room.fill(handle, step, arrays)
            room.state(handle, times_of(source)[:n_steps], arrays)
        finally:
            os.close(handle)
    return room


def _series(file: h5py.File, columns: dict[str, Column], static: list[str], offsets: np.ndarray) -> None:
    """The tables of one step, of two … up to the number of offsets; they share all but their number and times."""
    series = file.create_group(_SERIES)
    series.attrs[_COUNT] = 0
    for number in range(1, offsets.size + 1):
        table = series.create_group(_digits(number))
        if number == 1:
            _table(table, columns, static, offsets)
            shared = dict(table)
        else:
            for name, item in shared.items():
                table[name] = item
        table["Values"] = np.zeros(number)
        table.attrs["NSteps"] = np.int64(number)
    file["VTKHDF/Steps"] = h5py.SoftLink(f"{_SERIES}{_digits(1).decode()}")


def write_static(path: Path, source: h5py.File) -> None:
    """Write the mesh and the static fields of a file of steps."""
    path.write_bytes(_image(source, columns_of(source)))


def _reserve(group: h5py.Group, name: str, column: Column, rows: int) -> None:
    """A dataset that is one piece of the file, of which nothing is written."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.CONTIGUOUS)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    properties.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    properties.set_obj_track_times(False)
    kind, space = h5py.h5t.py_create(np.dtype(column.dtype)), h5py.h5s.create_simple((rows, *column.width))
    label(h5py.Dataset(h5py.h5d.create(group.id, name.encode(), kind, space, properties)), column.attributes)


def write_complete(path: Path, source: h5py.File, extra: Callable[[h5py.File], None]) -> None:
    """Write all steps of a file compressed and without empty room; the last one stands first.

    Parameters
    ----------
    path : path of the file to write
    source : file of steps
    extra : function (file) that stores more
    """
    n_cells, times, columns = int(source["VTKHDF/NumberOfCells"][0]), times_of(source), columns_of(source)
    last = len(times) - 1
    offsets = (np.arange(last + 1) + 1) * n_cells
    offsets[last] = 0

    def more(file: h5py.File, static: list[str]) -> None:
        steps = file.create_group("VTKHDF/Steps")
        _table(steps, columns, static, offsets)
        steps["Values"] = np.array(times)
        steps.attrs["NSteps"] = np.int64(len(times))
        extra(file)

    path.write_bytes(_image(source, columns, more))
    check_space(path.parent, _HEADERS + len(times) * _size(columns, n_cells))
    with h5py.File(path, "r+", libver=LIBRARY) as file:
        datasets = {name: _chunked(file["VTKHDF/CellData"], name, columns[name], n_cells, last + 1) for name in columns}
        for step in range(last + 1):
            arrays = fields_of(source, step)
            packed = threads().map(lambda array: packed_chunk(array, n_cells), arrays.values())
            for (name, array), (data, mask) in zip(arrays.items(), packed, strict=True):
                datasets[name].id.write_direct_chunk((int(offsets[step]), *[0] * (array.ndim - 1)), data, mask)


def _chunked(group: h5py.Group, name: str, column: Column, n_cells: int, n_steps: int) -> h5py.Dataset:
    """A dataset of compressed pieces, one for each step."""
    dataset = group.create_dataset(
        name,
        (n_steps * n_cells, *column.width),
        column.dtype,
        chunks=(n_cells, *column.width),
        compression="gzip",
        compression_opts=1,
        shuffle=True,
        track_times=False,
    )
    label(dataset, column.attributes)
    return dataset


def _table(steps: h5py.Group, columns: dict[str, Column], static: list[str], offsets: np.ndarray) -> None:
    """What a table of steps holds besides their number and times."""
    rows = offsets.size
    steps["NumberOfParts"] = np.ones(rows, np.int64)
    for name in ("PartOffsets", "PointOffsets"):
        steps[name] = np.zeros(rows, np.int64)
    for name in ("CellOffsets", "ConnectivityIdOffsets"):
        steps[name] = np.zeros((rows, 1), np.int64)
    for name in ("PointDataOffsets", "FieldDataOffsets", "FieldDataSizes", "CellDataOffsets"):
        steps.create_group(name)
    for name in columns:
        steps["CellDataOffsets"][name] = offsets
    for name in static:
        steps["CellDataOffsets"][name] = np.zeros(rows, np.int64)


def _image(
    source: h5py.File,
    columns: dict[str, Column],
    more: Callable[[h5py.File, list[str]], None] | None = None,
) -> bytes:
    """Bytes of a file with the mesh and the static fields of another, and with what `more` (file, names of the static
    fields) adds."""
    with h5py.File("image", "w", driver="core", backing_store=False, libver=LIBRARY) as file:
        old, grid = source["VTKHDF"], grid_group(file, (1, 0) if more is None else (2, 0))
        for name in _MESH:
            source.copy(old[name], grid, name)
        static = [name for name in old["CellData"] if name not in columns]
        for name in static:
            source.copy(old["CellData"][name], grid["CellData"], name)
        if more is not None:
            file.attrs[_CHANGING] = np.array(list(columns), dtype=h5py.string_dtype())
            more(file, static)
        file.flush()
        image = file.id.get_file_image()
    return image
