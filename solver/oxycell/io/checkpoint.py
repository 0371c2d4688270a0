"""State of a run ↔ checkpoint-N.h5: comes back bit for bit and with its types, or is found to be damaged."""

import hashlib
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
    """Write checkpoint-N.h5, wholly or not at all, and remove all others but the one before it.

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
        digest = hashlib.sha256()
        file.create_group("arrays")
        structure = json.dumps(_stored(file["arrays"], digest, "content", content), ensure_ascii=False)
        digest.update(structure.encode())
        file.create_dataset("structure", data=np.frombuffer(structure.encode(), np.uint8), track_times=False)
        file.attrs["format"], file.attrs["sha256"] = FORMAT, digest.hexdigest()
        file.flush()
        image = file.id.get_file_image()
    with replaced(path) as temporary:
        temporary.write_bytes(image)
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
        with h5py.File(path, "r") as file:
            if file.attrs.get("format") != FORMAT:
                raise FileError(f"{path}: is no checkpoint of this version ({FORMAT})")
            digest = hashlib.sha256()
            structure = file["structure"][...].tobytes().decode()
            content = _loaded(file["arrays"], digest, json.loads(structure))
            digest.update(structure.encode())
            if digest.hexdigest() != file.attrs["sha256"]:
                raise FileError(f"{path}: is damaged: its digest is not that of its content")
            return content
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such file") from None
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FileError(f"{path}: is damaged or incomplete: {reason}") from None


def latest_checkpoint(folder: str | Path) -> Checkpoint | None:
    """The newest checkpoint of a folder that is whole; None if there are no files of checkpoints.

    Raises
    ------
    FileError
        There are some, and all are damaged.
    """
    damaged: list[str] = []
    for number, path in sorted(_numbered(Path(folder)).items(), reverse=True):
        try:
            return Checkpoint(number, read_checkpoint(path), tuple(damaged))
        except FileError as error:
            damaged.append(str(error))
    if damaged:
        raise FileError("; ".join(damaged))
    return None


def _numbered(folder: Path) -> dict[int, Path]:
    """Files of checkpoints by their numbers."""
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob("checkpoint-*.h5"))
    return {int(match[1]): path for match, path in found if match}


def _stored(group: h5py.Group, digest: Any, key: str, value: Any) -> Any:
    """Store the arrays of a value; returns what JSON keeps of it: leaves as they are, all else as [kind, parts]."""
    if type(value) is dict:
        if not all(type(name) is str for name in value):
            raise TypeError(f"{group.name}/{key}: keys must be text, not {list(value)!r}")
        inner = group.create_group(_escaped(key))
        return ["dict", {name: _stored(inner, digest, name, part) for name, part in value.items()}]
    if type(value) in (list, tuple):
        inner = group.create_group(_escaped(key))
        return [type(value).__name__, [_stored(inner, digest, str(i), part) for i, part in enumerate(value)]]
    if type(value) in _LEAVES:
        return value
    if isinstance(value, np.generic) or type(value) is np.ndarray:
        kind = "scalar" if isinstance(value, np.generic) else "array"
        array = np.asarray(value)
        if array.dtype.kind not in "biufc":
            raise TypeError(f"{group.name}/{key}: cannot store an array of {array.dtype}")
        dataset = group.create_dataset(_escaped(key), data=array, track_times=False)
        _digest(digest, dataset.name, array)
        return [kind, [_escaped(key), array.dtype.str]]
    raise TypeError(f"{group.name}/{key}: cannot store a {type(value).__name__}")


def _loaded(group: h5py.Group, digest: Any, stored: Any, key: str = "content") -> Any:
    """What `_stored` stored."""
    if not isinstance(stored, list):
        return stored
    kind, parts = stored
    if kind == "dict":
        return {name: _loaded(group[_escaped(key)], digest, part, name) for name, part in parts.items()}
    if kind in ("list", "tuple"):
        values = [_loaded(group[_escaped(key)], digest, part, str(i)) for i, part in enumerate(parts)]
        return values if kind == "list" else tuple(values)
    dataset = group[parts[0]]
    array = np.asarray(dataset[...], np.dtype(parts[1]))
    _digest(digest, dataset.name, array)
    return array if kind == "array" else array[()]


def _digest(digest: Any, name: str, array: np.ndarray) -> None:
    digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
    digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8))


def _escaped(name: str) -> str:
    """A key as HDF5 can hold it: no slash, not a dot alone, not empty."""
    return name.replace("%", "%25").replace("/", "%2F").replace(".", "%2E").replace("\0", "%00") or "%"
