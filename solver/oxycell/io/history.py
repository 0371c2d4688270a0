"""history.csv of a transient run: one line for each step, on the disk's side as soon as the step is done."""

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oxycell.errors import FileError
from oxycell.io.files import reason_of, write_text


class HistoryFile:
    """A table in a text file to which rows are appended; its first row says which columns there are.

    Numbers are written with all digits: they come back bit for bit. The file is not held open between rows.

    Attributes
    ----------
    path : Path
    rows : int, number of rows in the file
    """

    def __init__(self, path: str | Path, time: str = "time") -> None:
        """Start a new file, or replace an old one.

        Parameters
        ----------
        path : path of the file
        time : name of the column that holds the time [s]

        Raises
        ------
        FileError
            The file cannot be written.
        """
        self.path, self.rows = Path(path), 0
        self._time, self._columns = time, list[str]()
        write_text(self.path, "")

    @classmethod
    def resumed(cls, path: str | Path, until: float, rows: int | None = None, time: str = "time") -> "HistoryFile":
        """Go on with a file; rows after a time are cut off, and so is a row that was not written to its end.

        Parameters
        ----------
        path : path of the file
        until : time up to which rows stay [s]
        rows : number of rows that stay at most, for several at the same time; all by default
        time : name of the column that holds the time [s]

        Raises
        ------
        FileError
            The file is missing, is no such table, or has fewer rows than are to stay.
        """
        path = Path(path)
        try:
            text = path.read_bytes().decode("utf-8")
            whole = text[: text.rfind("\n") + 1]
            table = list(csv.reader(io.StringIO(whole, newline=""), strict=True))
            columns = table[0] if table else []
            place = columns.index(time) if columns else 0
            kept = [row for row in table[1:] if float(row[place]) <= until][:rows]
            if any(len(row) != len(columns) for row in kept):
                raise ValueError("rows of different lengths")
        except OSError as error:
            raise FileError(f"{path}: cannot be read: {reason_of(error)}") from None
        except (ValueError, IndexError, csv.Error) as error:
            raise FileError(f"{path}: is no history of a transient run: {error}") from None
        if rows is not None and len(kept) < rows:
            raise FileError(f"{path}: has {len(kept)} rows up to {until} s where the checkpoint says {rows}")
        text = "".join(_line(row) for row in [columns, *kept]) if kept else ""
        history = cls.__new__(cls)
        history.path, history.rows = path, len(kept)
        history._time, history._columns = time, columns if kept else []
        write_text(path, text)
        return history

    def append(self, row: Mapping[str, Any]) -> None:
        """Write a row.

        Parameters
        ----------
        row : column → number, text or None (left empty); the first row fixes the columns, later ones may leave some out

        Raises
        ------
        ValueError
            There is no time, a column that the first row does not have, or text of several lines.
        FileError
            The file cannot be written.
        """
        columns = self._columns or list(row)
        unknown = [name for name in row if name not in columns]
        if unknown or self._time not in row:
            raise ValueError(f"{self.path}: {unknown[0] if unknown else self._time}: allowed: {', '.join(columns)}")
        values = [_plain(row.get(name)) for name in columns]
        line = _line(values)
        if line.count("\n") > 1 or "\r" in line:
            raise ValueError(f"{self.path}: text of several lines: {line!r}")
        if not self._columns:
            line = _line(columns) + line
        try:
            with open(self.path, "ab", buffering=0) as file:
                file.write(line.encode("utf-8"))
                os.fsync(file.fileno())
        except OSError as error:
            raise FileError(f"{self.path}: cannot be written: {reason_of(error)}") from None
        self._columns, self.rows = columns, self.rows + 1


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _line(values: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()
