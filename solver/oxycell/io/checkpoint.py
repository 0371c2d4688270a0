"""State of a run ↔ checkpoint-N.h5: comes back bit for bit and with its types, or is found to be damaged.

The file is HDF5 behind a first block of text, as the format allows: name of the format and digest of all that follows.
"""

import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np

from oxycell.errors import FileError
from oxycell.io.files import reason_of, replaced, sync_folder
from oxycell.io.vtkhdf import LIBRARY

FORMAT = "oxycell-checkpoint/1"
_BLOCK = 512  # bytes of text in front, the least that HDF5 allows
_KEPT = 2
_NAME = re.compile(r"checkpoint-(\d+)\.h5")
_LEAVES = (bool, int, float, str, type(None))


class Checkpoint(NamedTuple):
    """A state that was found.

    Attributes
    ----------
    number : its number
    content : what was written
    damaged : what is wrong with newer files that were passed over, one line each
    """

    number: int
    content: dict[str, Any]
    damaged: tuple[str, ...]


def write_checkpoint(folder: str | Path, number: int, content: dict[str, Any]) -> Path:
    """Write checkpoint-N.h5, completely or not at all, and remove all others but the one before it.

    The number of the one that a run went on from, plus one, keeps that one; a damaged one that was passed over is then
    replaced.

    Parameters
    ----------
    folder : path of a folder that exists
    number : int, ≥ 0, larger than that of the checkpoint before
    content : nested dict of arrays, numbers, text, None, lists and tuples

    Returns
    -------
    Path of the file

    Raises
    ------
    TypeError
        A value of any other kind, or a key that is no text.
    FileError
        The file cannot be written; those before are still there.
    """
    folder = Path(folder)
    path = folder / f"checkpoint-{number}.h5"
    with h5py.File(path.name, "w", driver="core", backing_store=False, libver=LIBRARY) as file:
        structure = json.dumps(_stored(file.create_group("arrays"), "content", content))
        file.create_dataset("structure", data=np.frombuffer(structure.encode(), np.uint8), track_times=False)
        file.flush()
        image = file.id.get_file_image()
    with replaced(path) as temporary, open(temporary, "wb") as opened:
        opened.write(_front(image))
        opened.write(image)
    try:
        sync_folder(folder)
        numbered = _numbered(folder)
        older = sorted(other for other in numbered if other < number)
        for other, old in numbered.items():
            if other != number and other not in older[1 - _KEPT :]:
                old.unlink(missing_ok=True)
        for part in folder.glob(".checkpoint-*.part"):
            part.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be written: {reason_of(error)}") from None
    return path


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """What `write_checkpoint` wrote; FileError if the file is missing, damaged or of another kind."""
    try:
        data = memoryview(Path(path).read_bytes())
        if not bytes(data[: len(FORMAT)]) == FORMAT.encode():
            raise FileError(f"{path}: is no checkpoint of this version ({FORMAT})")
        if data[:_BLOCK] != _front(data[_BLOCK:]):
            raise FileError(f"{path}: is damaged or incomplete: its digest is not that of its content")
        with h5py.File(io.BytesIO(data[_BLOCK:]), "r") as file:
            return _loaded(file["arrays"], "content", json.loads(file["structure"][...].tobytes()))
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {reason_of(error)}") from None


def latest_checkpoint(folder: str | Path, below: int | None = None) -> Checkpoint | None:
    """The newest checkpoint of a folder that is whole; None if there are no files of checkpoints.

    Parameters
    ----------
    folder : path
    below : int or None, only those with a lower number count

    Raises
    ------
    FileError
        There are some, and all are damaged.
    """
    damaged: list[str] = []
    for number, path in sorted(_numbered(Path(folder)).items(), reverse=True):
        if below is not None and number >= below:
            continue
        try:
            return Checkpoint(number, read_checkpoint(path), tuple(damaged))
        except FileError as error:
            damaged.append(str(error))
    if damaged:
        raise FileError("; ".join(damaged))
    return None


def remove_checkpoints(folder: str | Path) -> None:
    """Remove all checkpoints of a folder."""
    for path in _numbered(Path(folder)).values():
        path.unlink(missing_ok=True)


def _numbered(folder: Path) -> dict[int, Path]:
    """Files of checkpoints by their numbers."""
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob("checkpoint-*.h5"))
    return {int(match[1]): path for match, path in found if match}


def _front(image: bytes | memoryview) -> bytes:
    """The first block of a file with this content behind it."""
    return f"{FORMAT}\nsha256 {hashlib.sha256(image).hexdigest()}\n".ljust(_BLOCK).encode()


def _stored(group: h5py.Group, key: str, value: Any) -> Any:
    """Store the arrays of a value; returns what JSON keeps of it: leaves as they are, all else as [kind, parts]."""
    if type(value) is dict:
        if not all(type(name) is str for name in value):
            raise TypeError(f"{group.name}/{key}: keys must be text, not {list(value)!r}")
        inner = group.create_group(_escaped(key))
        return ["dict", {name: _stored(inner, name, part) for name, part in value.items()}]
    if type(value) in (list, tuple):
        inner = group.create_group(_escaped(key))
        return [type(value).__name__, [_stored(inner, str(i), part) for i, part in enumerate(value)]]
    if type(value) in _LEAVES:
        return value
    if isinstance(value, np.generic) or type(value) is np.ndarray:
        array = np.asarray(value)
        if array.dtype.kind not in "biufc":
            raise TypeError(f"{group.name}/{key}: cannot store an array of {array.dtype}")
        group.create_dataset(_escaped(key), data=array, track_times=False)
        return ["array" if type(value) is np.ndarray else "scalar", array.dtype.str]
    raise TypeError(f"{group.name}/{key}: cannot store a {type(value).__name__}")


def _loaded(group: h5py.Group, key: str, stored: Any) -> Any:
    """What `_stored` stored."""
    if not isinstance(stored, list):
        return stored
    kind, parts = stored
    item = group[_escaped(key)]
    if kind == "dict":
        return {name: _loaded(item, name, part) for name, part in parts.items()}
    if kind in ("list", "tuple"):
        values = [_loaded(item, str(i), part) for i, part in enumerate(parts)]
        return values if kind == "list" else tuple(values)
    array = np.asarray(item[...], np.dtype(parts))
    return array if kind == "array" else array[()]


def _escaped(name: str) -> str:
    """A key as HDF5 can hold it: no slash, not a dot alone, not empty."""
    return name.replace("%", "%25").replace("/", "%2F").replace(".", "%2E").replace("\0", "%00") or "%"
