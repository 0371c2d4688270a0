"""Mesh files: where they are, and what is in them, read by meshio in a child process with limits.

What the reader library does (it may exit, ask for terabytes, never come back), the user sees one line.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.errors import CaseError, FileError
from oxycell.mesh.mesh import nearest_name
from oxycell.mesh.polyhedra import CORNERS

SURFACES = {"triangle": 3, "quad": 4}
"""Corners of an element of a surface."""
_TAGS = ("gmsh:physical", "region")  # cell data that say which volume or surface an element belongs to
_PACKAGE = Path(__file__).resolve().parents[1]

Blocks: TypeAlias = list[tuple[str, Ints]]
"""Elements (n, k) of each kind."""
Names: TypeAlias = dict[tuple[int, str], dict[int, Ints]]
"""Dimension and name of what the file names → elements of each block that belong to it."""


def find_mesh(path: str | Path) -> Path:
    """Path of a mesh file that a user's mesh.file means: a file, or the name of a shipped one."""
    path = Path(path)
    if path.is_file():
        return path
    shipped = shipped_meshes()
    if str(path) in shipped:
        return shipped[str(path)]
    hint = f"; of the shipped ones {nearest_name(path.name, list(shipped))}" if shipped else ""
    raise CaseError(
        f"mesh.file: {path}: there is no such file{hint}; allowed: a file next to the case, or one of meshes/"
    )


def shipped_meshes() -> dict[str, Path]:
    """Mesh files that come with oxycell: name → path."""
    installed = _PACKAGE / "shipped" / "meshes"
    folder = installed if installed.is_dir() else _PACKAGE.parents[1] / "meshes"
    return {path.name: path for path in sorted(folder.glob("*")) if path.suffix in (".msh", ".vtu")}


def read_file(path: Path, memory: int | None = None, seconds: int | None = None) -> tuple[Floats, Blocks, Names]:
    """Points, elements and names of a mesh file, read in a child process.

    Parameters
    ----------
    path : Path
    memory : [bytes] and seconds : [s], limits of the child; by default generous for the size of the file

    Returns
    -------
    points : (n, 3)
    blocks : list of (kind, (n, k) int), elements of any kind and dimension
    names : dict (dimension, name) → dict block → (n,) int, elements of that block

    Raises
    ------
    CaseError
        With one line, whatever the reader did.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None
    memory = memory or 4 * 2**30 + 60 * size
    seconds = seconds or 60 + size // 2**20
    paths = os.pathsep.join(filter(None, [str(_PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory(prefix="oxycell-") as folder:
        out = Path(folder) / "mesh.npz"
        command = [sys.executable, "-P", "-m", "oxycell.mesh.files", str(path), str(out), str(memory), str(seconds)]
        with open(Path(folder) / "said", "w+b") as said:
            # A session of its own, so that whatever the reader starts ends with it.
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": paths},
            )
            try:
                status = child.wait(2 * seconds)
            except subprocess.TimeoutExpired:
                raise CaseError(
                    f"mesh.file: {path.name}: reading took more than {2 * seconds} s; allowed: {_KNOWN}"
                ) from None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            said.seek(max(0, said.seek(0, os.SEEK_END) - _HEARD))
            heard = said.read().decode(errors="replace")
        if status != 0 or not out.is_file():
            raise CaseError(
                f"mesh.file: {path.name}: cannot be read: {_reason(status, heard, seconds)}; allowed: {_KNOWN}"
            )
        with np.load(out, allow_pickle=False) as data:
            kinds = data["kinds"].tolist()
            blocks = [(kind, data[f"cells {i}"].astype(np.int64)) for i, kind in enumerate(kinds)]
            names = {}
            for j, (dimension, name) in enumerate(
                zip(data["dimensions"].tolist(), data["names"].tolist(), strict=True)
            ):
                names[dimension, name] = {i: data[f"set {j} {i}"] for i in range(len(kinds)) if f"set {j} {i}" in data}
            return np.array(data["points"], float), blocks, names


def _reason(status: int, said: str, seconds: float) -> str:
    """Why a child failed: its own last line where it has one, else what the reader library printed, else how it
    ended."""
    if -status in (signal.SIGXCPU, signal.SIGKILL):
        return f"reading took more than {seconds} s of computing or too much memory"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    own = [line.removeprefix(_MARK) for line in lines if line.startswith(_MARK)]
    text = " ".join(" ".join(own or lines).split()).removeprefix("Error: ")
    return text[:200] or f"the reader ended with status {status}"


_MARK = "oxycell: "
_HEARD = 10_000  # bytes from the end of what a reader prints
_KNOWN = "Gmsh 2.2 or 4.1, VTU, MED, as meshio reads them"


def _main(path: str, out: str, memory: str, seconds: str) -> str | None:
    """The child: read with meshio under limits, write plain arrays; status 0, or one line and status 1."""
    import resource

    import meshio

    for what, limit in (
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):
            continue  # a tighter limit is in force
    try:
        np.savez(out, **_packed(meshio.read(path, "gmsh" if path.endswith(".msh") else None)))
    except MemoryError:
        return f"it asks for more than {int(memory) / 2**30:.0f} GiB of memory"
    except Exception as error:  # whatever a reader may raise
        text = (str(error) or type(error).__name__).splitlines()[0]
        if "cell data" in text.lower():
            text += " (in Gmsh: every element saved needs a physical name)"
        return text
    return None


def _packed(read: Any) -> dict[str, Any]:
    """Points, elements and names of a meshio mesh as flat arrays."""
    arrays = {"points": read.points, "kinds": np.array([block.type for block in read.cells], dtype=str)}
    names: Names = {}
    for i, block in enumerate(read.cells):
        arrays[f"cells {i}"] = block.data
    dimension = {"vertex": 0, "line": 1, **dict.fromkeys(SURFACES, 2), **dict.fromkeys(CORNERS, 3)}
    titles = (
        {(int(d), int(tag)): name for name, (tag, d) in read.field_data.items()} if _are_titles(read.field_data) else {}
    )
    for (d, _), name in titles.items():
        names[d, name] = {}
    for name, parts in read.cell_sets.items():
        for i, chosen in enumerate(parts):
            if not name.startswith("gmsh:") and chosen is not None and len(chosen) and read.cells[i].type in dimension:
                names.setdefault((dimension[read.cells[i].type], name), {})[i] = np.asarray(chosen, np.int64)
    groups = getattr(read, "cell_tags", {})  # of MED: number of a family → names of the groups it belongs to
    for i, block in enumerate(read.cells if "cell_tags" in read.cell_data else ()):
        for tag in np.unique(read.cell_data["cell_tags"][i]):
            for name in groups.get(int(tag), []):
                chosen = names.setdefault((dimension[block.type], name), {}) if block.type in dimension else {}
                chosen[i] = np.union1d(
                    chosen.get(i, np.empty(0, np.int64)), np.flatnonzero(read.cell_data["cell_tags"][i] == tag)
                )
    source = next((key for key in _TAGS if key in read.cell_data), None)
    tags = read.cell_data.get(source)
    for i, block in enumerate(read.cells if source else ()):
        if block.type not in dimension:
            continue
        d = dimension[block.type]
        for tag in np.unique(tags[i]):
            if tag == 0 and source == "gmsh:physical":
                continue  # Gmsh's way to say: no physical group
            name = titles.get((d, int(tag)), str(int(tag)))
            names.setdefault((d, name), {}).setdefault(i, np.flatnonzero(np.ravel(tags[i]) == tag))
    kept = [key for key in names if key[0] >= 2]
    arrays["dimensions"], arrays["names"] = (
        np.array([d for d, _ in kept], int),
        np.array([name for _, name in kept], dtype=str),
    )
    for j, key in enumerate(kept):
        for i, chosen in names[key].items():
            arrays[f"set {j} {i}"] = chosen
    return arrays


def _are_titles(field_data: dict[str, Any]) -> bool:
    """Whether field data are Gmsh's (tag, dimension) pairs."""
    return all(np.shape(value) == (2,) for value in field_data.values())


if __name__ == "__main__":
    failure = _main(*sys.argv[1:])
    if failure is not None:
        print(_MARK + failure)  # noqa: T201
        sys.exit(1)
