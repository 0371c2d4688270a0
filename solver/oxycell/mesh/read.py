"""Mesh file → Mesh: read by meshio in a child process with limits; volume names become regions, surface names named
faces.

What the reader library does (it may exit, ask for terabytes, never come back), the user sees one line.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from oxycell.errors import CaseError, FileError
from oxycell.mesh.check import check_closed, check_conforming, check_connected, check_points
from oxycell.mesh.derived import corners_of
from oxycell.mesh.mesh import Mesh, nearest_name
from oxycell.mesh.polyhedra import CORNERS, VTK_TYPE, face_keys, join_faces, measure_faces, orient

_SURFACES = {"triangle": 3, "quad": 4}
_IGNORED = ("vertex", "line", "line3")
_TAGS = ("gmsh:physical", "region")  # cell data that say which volume or surface an element belongs to
_ON_PLANE = 1e-9  # distance of a corner from a symmetry plane over the extent of the mesh
_PACKAGE = Path(__file__).resolve().parents[1]


def read_mesh(path, regions, scale=1.0, symmetry=()):
    """Mesh of a file.

    Parameters
    ----------
    path : str or Path, a file, or the name of a mesh that comes with oxycell
    regions : sequence of Region (anything with `name` and `material`), one for each volume of the file
    scale : [m], what one unit of length of the file is
    symmetry : axes whose plane 0 the mesh is cut at

    Returns
    -------
    Mesh, without a lattice; `face_names` holds the faces of each named surface, outside or inside

    Raises
    ------
    CaseError
        The file cannot be read, its names are not those of the regions, or its cells make no sound mesh.
    """
    path = find_mesh(path)
    points, blocks, names = read_file(path)
    volumes = [(kind, cells, number) for number, (kind, cells) in enumerate(blocks) if kind in CORNERS]
    for kind, cells in blocks:
        if cells.shape[1:] != ((CORNERS | _SURFACES).get(kind, cells.shape[-1]),):
            raise CaseError(f"mesh.file: {path.name}: a {kind} has {cells.shape[-1]} corners; allowed: a complete file")
        if kind not in CORNERS and kind not in _SURFACES and kind not in _IGNORED and len(cells):
            raise CaseError(
                f"mesh.file: {path.name}: holds cells of the kind {kind}; allowed: first-order {', '.join(CORNERS)}"
            )
    if not sum(len(cells) for _, cells, _ in volumes):
        raise CaseError(f"mesh.file: {path.name}: holds no volume cell; allowed: {', '.join(CORNERS)}")
    if points.shape[1] != 3 or not np.isfinite(points).all():
        raise CaseError(
            f"mesh.file: {path.name}: points are not three finite coordinates each; allowed: points in space"
        )
    region = _regions_of_cells(path, volumes, names, regions)
    used = np.zeros(len(points), bool)
    for _, cells, _ in volumes:
        if cells.size and (cells.min() < 0 or cells.max() >= len(points)):
            raise CaseError(
                f"mesh.file: {path.name}: a cell names a point that is not in the file; allowed: a complete file"
            )
        used[cells] = True
    number = np.where(used, np.cumsum(used) - 1, -1)
    points = np.ascontiguousarray(points[used] * scale)
    check_points(points, [number[cells] for _, cells, _ in volumes])
    oriented, volume, centre, first = [], [], [], 0
    for kind, cells, _ in volumes:
        cells, v, c = orient(points, kind, number[cells], first)
        oriented.append((kind, cells))
        volume.append(v)
        centre.append(c)
        first += len(cells)
    mesh = _assemble(points, oriented, np.concatenate(volume), np.concatenate(centre), region, regions, symmetry)
    mesh = replace(mesh, face_names=_named_faces(path, mesh, blocks, names, number))
    check_closed(mesh)
    check_conforming(mesh)
    check_connected(mesh)
    return mesh


def find_mesh(path):
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


def shipped_meshes():
    """Mesh files that come with oxycell: name → path."""
    installed = _PACKAGE / "shipped" / "meshes"
    folder = installed if installed.is_dir() else _PACKAGE.parents[1] / "meshes"
    return {path.name: path for path in sorted(folder.glob("*")) if path.suffix in (".msh", ".vtu")}


def _regions_of_cells(path, volumes, names, regions):
    """Region (n_cells,) int of every cell; every volume of the file is declared, every declared one is in the file."""
    declared = [region.name for region in regions]
    for name in declared:
        if declared.count(name) > 1:
            raise CaseError(f"regions: {name!r} is declared twice; allowed: once")
    there = {name for dimension, name in names if dimension == 3}
    for name in declared:
        if name not in there:
            near = nearest_name(name, sorted(there - {*declared}) or sorted(there))
            raise CaseError(f"regions: no volume of {path.name} is called {name!r}; {near}")
    for name in sorted(there):
        if name not in declared:
            raise CaseError(
                f"regions: the volume {name!r} of {path.name} is not declared; allowed: a region of that name for "
                f"each volume"
            )
    found = []
    for _, cells, number in volumes:
        region = np.full(len(cells), -1, np.int32)
        for i, name in enumerate(declared):
            chosen = names[3, name].get(number, np.empty(0, np.int64))
            twice = chosen[region[chosen] >= 0]
            if twice.size:
                raise CaseError(
                    f"mesh.file: {path.name}: cells belong to the volumes {declared[region[twice[0]]]!r} and {name!r}; "
                    "allowed: one"
                )
            region[chosen] = i
        found.append(region)
    region = np.concatenate(found)
    if (region < 0).any():
        raise CaseError(
            f"mesh.file: {path.name}: {np.count_nonzero(region < 0)} cells belong to no named volume, the first is "
            f"cell {int(np.argmax(region < 0))}; allowed: a volume name for every cell (in Gmsh: Physical Volume)"
        )
    for i, name in enumerate(declared):
        if not (region == i).any():
            raise CaseError(f"mesh.file: {path.name}: the volume {name!r} has no cell; allowed: no empty volume")
    return region


def _assemble(points, blocks, volume, centre, region, regions, symmetry):
    corners, owner, neighbour = join_faces(blocks, len(points))
    area, normal, face_centre = measure_faces(points, corners)
    inside = neighbour >= 0
    distance = np.zeros((owner.size, 2))
    distance[:, 0] = np.einsum("ij,ij->i", face_centre - centre[owner], normal)
    distance[inside, 1] = np.einsum("ij,ij->i", centre[neighbour[inside]] - face_centre[inside], normal[inside])
    outer = ~inside
    near = _ON_PLANE * float(np.ptp(points, axis=0).max())
    for axis in symmetry:
        place = points[:, "xyz".index(axis)]
        if place.min() < -near:
            raise CaseError(
                f"mesh.symmetry: the mesh reaches to {axis} = {place.min():.6g} m; "
                f"allowed: {axis} ≥ 0 with a symmetry plane there"
            )
        on_plane = ~inside & np.all((np.abs(place[corners]) <= near) | (corners < 0), 1)
        if not on_plane.any():
            raise CaseError(
                f"mesh.symmetry: no face of the mesh lies on {axis} = 0; allowed: planes the mesh is cut at"
            )
        outer &= ~on_plane
    material_names = sorted({spec.material for spec in regions})
    material_of_region = np.array([material_names.index(spec.material) for spec in regions], np.int32)
    sizes = np.concatenate([np.full(len(cells), CORNERS[kind]) for kind, cells in blocks])
    return Mesh(
        cell_centre=centre,
        cell_volume=volume,
        region=region,
        region_names=[spec.name for spec in regions],
        material=material_of_region[region],
        material_names=material_names,
        owner=owner.astype(np.int32),
        neighbour=neighbour.astype(np.int32),
        area=area,
        normal=normal,
        face_centre=face_centre,
        distance=distance,
        outer=outer,
        face_corners=corners_of(points, corners),
        face_points=corners,
        points=points,
        connectivity=np.concatenate([cells.ravel() for _, cells in blocks]).astype(np.int64),
        offsets=np.r_[0, np.cumsum(sizes)].astype(np.int64),
        types=np.concatenate([np.full(len(cells), VTK_TYPE[kind], np.uint8) for kind, cells in blocks]),
        multiplicity=2 ** len(symmetry),
        symmetry=tuple(symmetry),
    )


def _named_faces(path, mesh, blocks, names, number):
    """Faces of each named surface: name → (n,) int, increasing."""
    high, low = face_keys(mesh.face_points, len(mesh.points))
    order = np.lexsort((low, high))
    known = np.rec.fromarrays([high[order], low[order]])
    found = {}
    for (dimension, name), elements in names.items():
        if dimension != 2:
            continue
        faces = []
        for block, chosen in elements.items():
            kind, cells = blocks[block]
            if kind not in _SURFACES:
                continue
            corners = np.full((chosen.size, 4), -1, np.int64)
            corners[:, : _SURFACES[kind]] = number[cells[chosen]]
            wanted = np.rec.fromarrays(face_keys(corners, len(mesh.points)), dtype=known.dtype)
            at = np.minimum(np.searchsorted(known, wanted), known.size - 1)
            lost = known[at] != wanted
            if lost.any():
                raise CaseError(
                    f"mesh.file: {path.name}: {np.count_nonzero(lost)} elements of the surface {name!r} are no face "
                    "of a cell; allowed: surfaces that bound volumes"
                )
            faces.append(order[at])
        if not faces or not sum(part.size for part in faces):
            raise CaseError(f"mesh.file: {path.name}: the surface {name!r} has no face; allowed: no empty surface")
        found[name] = np.unique(np.concatenate(faces))
    return found


def read_file(path, memory=None, seconds=None):
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
        command = [sys.executable, "-P", "-m", "oxycell.mesh.read", str(path), str(out), str(memory), str(seconds)]
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


def _reason(status, said, seconds):
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


def _main(path, out, memory, seconds):
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


def _packed(read):
    """Points, elements and names of a meshio mesh as flat arrays."""
    arrays = {"points": read.points, "kinds": np.array([block.type for block in read.cells], dtype=str)}
    names = {}
    for i, block in enumerate(read.cells):
        arrays[f"cells {i}"] = block.data
    dimension = {"vertex": 0, "line": 1, **dict.fromkeys(_SURFACES, 2), **dict.fromkeys(CORNERS, 3)}
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
        d = dimension.get(block.type)
        for tag in np.unique(tags[i]) if d is not None else ():
            if tag == 0 and source.startswith("gmsh:"):
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


def _are_titles(field_data):
    """Whether field data are Gmsh's (tag, dimension) pairs."""
    return all(np.shape(value) == (2,) for value in field_data.values())


if __name__ == "__main__":
    failure = _main(*sys.argv[1:])
    if failure is not None:
        print(_MARK + failure)  # noqa: T201
        sys.exit(1)
