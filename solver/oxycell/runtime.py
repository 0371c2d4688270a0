"""Settings of the process that must be set before numpy, numba and matplotlib are imported: threads, cache folders."""

import atexit
import contextlib
import gc
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from oxycell.errors import FileError

VERSION = "0.1.0"

_KEPT = 4
_DAY = 86400.0
_KEY = re.compile(r"[0-9a-f]{20}")


def prepare(threads=None):
    """Set thread counts and numba's cache folder.

    Parameters
    ----------
    threads : int or None; None takes what the environment says, else the cores this process may use

    Notes
    -----
    Called when the package is imported and again by `--threads`. Once numba is loaded its pool can only shrink.
    """
    if threads is not None:
        os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(threads)
    else:
        chosen = os.environ.setdefault("NUMBA_NUM_THREADS", str(available_cores()))
        os.environ.setdefault("OMP_NUM_THREADS", chosen)
    # Level-1 work in numpy gains nothing from threads, and the order of its sums must not depend on them.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ.setdefault(
        "OMP_WAIT_POLICY", "PASSIVE"
    )  # threads that spin while others work slow a shared machine several times
    loaded = sys.modules.get("numba")
    if loaded is not None and threads is not None:
        loaded.set_num_threads(min(threads, loaded.config.NUMBA_NUM_THREADS))
    folder = cache_folder()
    if os.environ.get("NUMBA_CACHE_DIR") != folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        if loaded is not None:
            loaded.config.CACHE_DIR = folder
    base = _user_cache()
    if base is None or not folder.startswith(str(base)) or not _can_make(_user_folder("XDG_CONFIG_HOME", ".config")):
        # matplotlib would say on every run that it cannot write there
        os.environ.setdefault("MPLCONFIGDIR", str(Path(folder) / "matplotlib"))


@contextlib.contextmanager
def importing():
    """Context of a process's first imports: Python does not look for garbage meanwhile, nor ever after among what they
    made."""
    if "numba" in sys.modules:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _can_make(folder):
    """Whether a folder of this name is there and can be written, or could be made."""
    while folder is not None and not folder.exists():
        folder = folder.parent
    return folder is not None and os.access(folder, os.W_OK)


def available_cores():
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def source_hash():
    """Hash of all source files of the package: 20 hexadecimal digits.

    Compiled kernels are kept per hash, because numba itself notices a change in a kernel's own file only.
    """
    return hash_sources(Path(__file__).parent)


def hash_sources(root):
    """The same of the package in another folder."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


@cache
def cache_folder():
    """Folder for compiled kernels, created if missing; a private temporary one if the user's cannot be written."""
    base = _user_cache()
    if base is not None:
        folder = base / source_hash()
        try:
            fresh = not folder.is_dir()
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            os.utime(folder)
            if fresh:
                prune(base, keep=folder.name)
            return str(folder)
        except OSError:
            pass
    folder = tempfile.mkdtemp(prefix="oxycell-cache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def kept_numbers(name):
    """Numbers kept in the cache folder under a name: dict of text → list of float; empty if there are none."""
    try:
        kept = json.loads((Path(cache_folder()) / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    fits = isinstance(kept, dict) and all(
        isinstance(v, list) and all(isinstance(x, float) for x in v) for v in kept.values()
    )
    return kept if fits else {}


def keep_numbers(name, numbers):
    """Keep numbers for `kept_numbers`; a folder that cannot be written keeps none."""
    with contextlib.suppress(OSError):
        handle, path = tempfile.mkstemp(dir=cache_folder())
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(numbers, file)
        os.replace(path, Path(cache_folder()) / f"{name}.json")


def _user_cache():
    """The user's cache folder for oxycell, or None without a home."""
    base = _user_folder("XDG_CACHE_HOME", ".cache")
    return None if base is None else base / "oxycell"


def _user_folder(variable, name):
    """The folder a variable names, else the one of this name in the user's home; None without a home."""
    given = os.environ.get(variable, "")
    if given.startswith("/"):
        return Path(given)
    try:
        return Path.home() / name
    except RuntimeError:
        return None


def prune(base, keep):
    """Delete compiled kernels of source versions no longer used.

    The newest few stay, and so does whatever was used within a day: it may belong to a running process.

    Parameters
    ----------
    base : Path, the folder that holds one folder for each version
    keep : str, name of the version in use
    """
    found = []
    for entry in base.iterdir():
        if _KEY.fullmatch(entry.name) and entry.name != keep and entry.is_dir() and not entry.is_symlink():
            found.append((entry.stat().st_mtime, entry))
    found.sort(reverse=True, key=lambda pair: pair[0])
    for used, entry in found[_KEPT:]:
        if time.time() - used > _DAY:
            shutil.rmtree(entry, ignore_errors=True)


def check_memory(needed, what):
    """FileError if `needed` bytes are more than the machine has left; `what` begins the message."""
    free = memory_left()
    if free is not None and needed > free:
        size = f"{needed / 1e9:.1f}" if needed < 1e15 else f"{needed / 1e9:.1e}"
        raise FileError(f"{what} need about {size} GB of memory, {free / 1e9:.1f} GB are free; allowed: a coarser mesh")


def memory_left():
    """Memory [bytes] that can be had without swapping, None where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return None
