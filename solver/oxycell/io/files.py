"""Files that are there completely or not at all, and errors that name the file."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oxycell.errors import FileError


def make_folder(folder):
    """Make a folder with its parents; FileError if that fails."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot make this folder: {reason_of(error)}") from None
    return folder


@contextmanager
def replaced(path):
    """Give a temporary path in the folder of `path`; on leaving without an error it becomes `path`, else it is removed.

    Parameters
    ----------
    path : path of the file to write

    Yields
    ------
    Path, to be written and closed inside the block

    Raises
    ------
    FileError
        The system refuses to write; the old file, if any, is untouched.
    """
    path = Path(path)
    temporary = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        raise FileError(f"{path}: cannot be written: {reason_of(error)}") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextmanager
def reading(path: Path, absent: str = "there is no such file") -> Iterator[None]:
    """FileError with the name of an HDF5 file that is not there (`absent`: what is said then), or cannot be read."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise FileError(f"{path}: {absent}") from None
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FileError(
            f"{path}: is damaged or incomplete: {reason}; if another program holds it open, "
            "close that or set HDF5_USE_FILE_LOCKING=FALSE"
        ) from None


def write_text(path, text):
    """Write a text file in UTF-8, completely or not at all."""
    with replaced(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk before going on: a file renamed before is there after a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_parts(path: Path) -> None:
    """Remove what a killed process left of its `replaced` of a path."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        part.unlink(missing_ok=True)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def reason_of(error: Exception) -> str:
    """What the system says of an error, in one line."""
    return getattr(error, "strerror", None) or str(error).splitlines()[0]


def check_space(folder: Path, needed: int) -> None:
    """Raise the OSError of a full disk if so many bytes are not free: once it is full, HDF5 says so less clearly."""
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
