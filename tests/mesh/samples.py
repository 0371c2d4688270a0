"""Meshes that several tests use: a graded lattice with regions and holes at random, blocks of skewed tetrahedra and
hexahedra."""

import contextlib
import importlib
import signal
from types import SimpleNamespace

import meshio
import numpy as np
import pytest

from oxycell.mesh.lattice import lattice_mesh
from oxycell.mesh.read import read_mesh

_KUHN = [(0, 1, 3, 7), (0, 1, 7, 5), (0, 5, 7, 4), (0, 3, 2, 7), (0, 6, 4, 7), (0, 2, 6, 7)]


@contextlib.contextmanager
def gmsh_session():
    """Gmsh, silent, for the length of the context; the test is skipped where it or a library of the system is missing.

    Gmsh sets SIGPIPE back to its default, which Python does not notice (findings/gmsh-resets-sigpipe.sh); it is put
    back here, so that what other tests of this process write to pipes meets what they started with.
    """
    try:
        gmsh = importlib.import_module("gmsh")
    except (ImportError, OSError) as error:
        pytest.skip(f"extra [mesh]: gmsh cannot be loaded: {error}")
    before = signal.getsignal(signal.SIGPIPE)
    gmsh.initialize(interruptible=False)
    signal.signal(signal.SIGPIPE, before)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        yield gmsh
    finally:
        gmsh.finalize()


def graded_lattice(random, shape=(5, 6, 7), regions=2, hole=False):
    """Lattice with widths over two decades; each cell of a region at random, some of none."""
    edges = [np.concatenate([[0.0], np.cumsum(10.0 ** random.uniform(-2.0, 0.0, n))]) for n in shape]
    region = random.integers(-1 if hole else 0, regions, shape)
    return lattice_mesh(edges, region, [f"r{i}" for i in range(regions)], ["m"] * regions, ())


def block_of_tetrahedra(path, n, move=0.15):
    """Unit cube of 6 n³ tetrahedra, inner points moved at random; the lower half is the region 1, the upper 2."""
    grid = np.stack(np.meshgrid(*[np.linspace(0.0, 1.0, n + 1)] * 3, indexing="ij"), -1)
    inner = (slice(1, -1),) * 3
    grid[inner] += np.random.default_rng(7).uniform(-move, move, grid[inner].shape) / n
    number = np.arange((n + 1) ** 3).reshape((n + 1,) * 3)
    cells = []
    for i, j, k in np.ndindex(n, n, n):
        corner = number[i : i + 2, j : j + 2, k : k + 2].transpose(2, 1, 0).ravel()
        cells += [corner[list(tet)] for tet in _KUHN]
    cells, points = np.array(cells), grid.reshape(-1, 3)
    low = points[cells].mean(1)[:, 2] < 0.5
    blocks = [("tetra", cells[low]), ("tetra", cells[~low])]
    tags = [np.full(len(block), tag, np.int32) for tag, (_, block) in enumerate(blocks, 1)]
    meshio.write(path, meshio.Mesh(points, blocks, cell_data={"region": tags}))
    return read_mesh(path, [SimpleNamespace(name=name, material="m") for name in ("1", "2")])


def halves_file(path, n, kind, move=0.2, stretch=1.0, one=False):
    """Gmsh file of a unit cube, `stretch` times as high.

    It has the regions `left` and `right` of x = 0.5 (with `one`, all `left`), `joint` between, outer faces `skin`.

    Parameters
    ----------
    n : int, even, bricks along each axis; kind : "tetra" (six of each brick) or "hexahedron"
    move : how far inner points are moved at random, over a brick's width
    """
    grid = np.stack(np.meshgrid(*[np.linspace(0.0, 1.0, n + 1)] * 3, indexing="ij"), -1)
    moves = np.random.default_rng(n).uniform(-move, move, grid.shape) / n
    for axis in range(3):
        still = [0, n] + [n // 2] * (axis == 0)
        np.moveaxis(moves[..., axis], axis, 0)[still] = 0.0
    grid = (grid + moves) * [1.0, 1.0, stretch]
    number = np.arange((n + 1) ** 3).reshape((n + 1,) * 3)
    corners = np.stack(
        [number[i : n + i, j : n + j, k : n + k].ravel() for k in (0, 1) for j in (0, 1) for i in (0, 1)], 1
    )
    if kind == "tetra":
        cells = np.concatenate([corners[:, list(tet)] for tet in _KUHN])
        sides = [(0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)]
    else:
        cells = corners[:, [0, 1, 3, 2, 4, 5, 7, 6]]
        sides = [(0, 1, 2, 3), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    points = grid.reshape(-1, 3)
    faces = np.concatenate([cells[:, list(side)] for side in sides])
    _, first, count = np.unique(np.sort(faces, 1), axis=0, return_index=True, return_counts=True)
    outer = faces[first[count == 1]]
    joint = faces[first[count == 2]]
    joint = joint[(np.abs(points[joint][..., 0] - 0.5) < 1e-12).all(1)]
    region = np.where((points[cells].mean(1)[:, 0] < 0.5) | one, 1, 2).astype(np.int32)
    tags = [region, np.repeat(np.array([3, 4], np.int32), [len(outer), len(joint)])]
    names = {"left": np.array([1, 3]), "right": np.array([2, 3]), "skin": np.array([3, 2]), "joint": np.array([4, 2])}
    meshio.write(
        path,
        meshio.Mesh(
            points,
            [(kind, cells), ("triangle" if kind == "tetra" else "quad", np.concatenate([outer, joint]))],
            cell_data={"gmsh:physical": tags, "gmsh:geometrical": tags},
            field_data={name: value for name, value in names.items() if not (one and name == "right")},
        ),
        file_format="gmsh22",
        binary=True,
    )
