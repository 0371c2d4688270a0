"""Cells with fields at several times → fields.hdf of a transient run; a process that dies leaves whole steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from oxycell.errors import FileError
from oxycell.io.files import reading, reason_of, remove_parts, replaced
from oxycell.io.growing import (
    Column,
    Room,
    columns_of,
    fields_of,
    find_room,
    times_of,
    write_complete,
    write_growing,
    write_static,
)
from oxycell.io.vtkhdf import Fields, for_viewing, write_grid
from oxycell.mesh.mesh import Mesh
from oxycell.solution import Solution

_FEW = 16  # steps that there is room for if nobody says how many will come


class TemporalGrid:
    """A file of cells with fields at several times, to which steps are appended.

    `create` starts one, `resumed` goes on with one. The file is not held open between steps. Until `finish` it is
    larger than need be, and holds no record.

    Attributes
    ----------
    path : Path
    times : list of float, times of the steps in the file [s]
    """

    def __init__(self, path: Path, n_cells: int, expected: int) -> None:
        self.path, self.times = path, list[float]()
        self._n_cells, self._expected = n_cells, expected
        self._columns: dict[str, Column] = {}
        self._static: frozenset[str] = frozenset()
        self._room: Room | None = None

    @classmethod
    def create(cls, path: str | Path, mesh: Mesh, static: Fields, expected: int = _FEW) -> "TemporalGrid":
        """Write a file with a mesh and its static fields, and without steps.

        Parameters
        ----------
        path : path of the file, named *.hdf
        mesh : Mesh
        static : name → (array, attributes) of what no step changes, see `static_fields`
        expected : number of steps to make room for; more may come

        Raises
        ------
        FileError
            The file cannot be written.
        """
        grid = cls(Path(path), len(mesh.types), expected)
        grid._static = frozenset(static)
        write_grid(grid.path, mesh.points, mesh.connectivity, mesh.offsets, mesh.types, static)
        return grid

    @classmethod
    def resumed(cls, path: str | Path, time: float, expected: int = _FEW) -> "TemporalGrid":
        """Go on with a file at a time; its steps after that are dropped, and its record if it is complete.

        Parameters
        ----------
        path : path of the file
        time : time up to which steps stay [s]
        expected : number of steps to make room for, those that stay included

        Raises
        ------
        FileError
            The file is missing, damaged or cannot be written.
        """
        path = Path(path)
        remove_parts(path)
        with _open(path) as file:
            grid = cls(path, int(file["VTKHDF/NumberOfCells"][0]), expected)
            grid._columns = columns_of(file)
            grid._static = frozenset(file["VTKHDF/CellData"]) - grid._columns.keys()
            grid.times = [value for value in times_of(file) if value <= time]
            room, kept = find_room(file), len(grid.times)
            if room is not None and kept and room.holds(path, len(times_of(file))):
                last = fields_of(file, kept - 1)
            else:
                room = None
                with replaced(path) as temporary:
                    if kept:
                        grid._room = write_growing(temporary, file, grid._columns, kept, max(expected, kept + 1))
                    else:
                        write_static(temporary, file)
                        grid._columns = {}
        if room is not None:
            with _writing(path):
                room.cut(path, grid.times, last)
            grid._room = room
        return grid

    def append(self, time: float, fields: dict[str, np.ndarray] | Fields) -> None:
        """Add a step; it is in the file wholly or not at all, whenever the process ends.

        Parameters
        ----------
        time : later than all times before [s]
        fields : name → array or (array, attributes), (n_cells,) or (n_cells, 3), stored as float32 or int32; the same
            ones at each step

        Raises
        ------
        ValueError
            The time is not later, or the fields do not fit those before.
        FileError
            The file cannot be written, or is no longer the one that was; the steps before are still there.
        """
        arrays, columns = self._checked(time, fields)
        step, times = len(self.times), [*self.times, float(time)]
        if self._room is None or step == self._room.capacity:
            with _writing(self.path), h5py.File(self.path, "r") as source, replaced(self.path) as temporary:
                room = write_growing(temporary, source, columns, step, max(self._expected, 2 * step, step + 1))
                room.write(temporary, times, arrays)
            self._room, self._columns = room, columns
        else:
            with _writing(self.path):
                if not self._room.holds(self.path, step):
                    raise FileError(f"{self.path}: was changed by another program while this run wrote to it")
                self._room.write(self.path, times, arrays)
        self.times = times

    def _checked(
        self, time: float, fields: dict[str, np.ndarray] | Fields
    ) -> tuple[dict[str, np.ndarray], dict[str, Column]]:
        """Fields of a step as they are stored, and their columns."""
        if not np.isfinite(time) or (self.times and time <= self.times[-1]):
            raise ValueError(f"{self.path}: a step at {time} s cannot follow those at {self.times[-1:]} s")
        arrays, columns = {}, {}
        for name, field in fields.items():
            array, attributes = field if isinstance(field, tuple) else (field, {})
            array = for_viewing(array)
            if array.shape not in ((self._n_cells,), (self._n_cells, 3)) or name in self._static:
                raise ValueError(f"{self.path}: {name} of shape {array.shape} is no field of a step")
            arrays[name] = array
            columns[name] = Column(array.dtype.str, array.shape[1:], dict(attributes))
        if self._columns and _kinds(columns) != _kinds(self._columns):
            raise ValueError(
                f"{self.path}: fields {_kinds(columns)} do not fit those of before {_kinds(self._columns)}"
            )
        return arrays, self._columns or columns

    def finish(self, solution: Solution) -> None:
        """Compress the steps and add the record of the last state: what `read_run` reads.

        Parameters
        ----------
        solution : Solution at the time of the last step

        Raises
        ------
        ValueError
            There is no step.
        FileError
            The file cannot be written; the one without the record is still there.
        """
        from oxycell.io.hdf5 import store_solution

        if not self.times:
            raise ValueError(f"{self.path}: there is no step to finish with")
        with _writing(self.path), h5py.File(self.path, "r") as source, replaced(self.path) as temporary:
            write_complete(temporary, source, lambda file: store_solution(file, solution))
        self._room = None


def _kinds(columns: dict[str, Column]) -> dict[str, tuple[str, tuple[int, ...]]]:
    return {name: (column.dtype, column.width) for name, column in sorted(columns.items())}


def read_times(path: str | Path) -> list[float]:
    """Times of the steps of a file of cells [s]; empty for a steady run."""
    with _open(Path(path)) as file:
        return times_of(file)


def read_fields(path: str | Path, step: int) -> dict[str, np.ndarray]:
    """Changing fields of a step, counted from 0 or, below 0, from the end: name → (n_cells,) or (n_cells, 3)."""
    with _open(Path(path)) as file:
        return fields_of(file, range(len(times_of(file)))[step])


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    """Open a file of cells to read it; FileError with its name if that fails."""
    with reading(path), h5py.File(path, "r") as file:
        yield file


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """FileError with the name of a file that cannot be written."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # HDF5 has both
        raise FileError(f"{path}: cannot be written: {reason_of(error)}") from None
