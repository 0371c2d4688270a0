"""Meshes that several tests use: a graded lattice with regions and holes at random, a block of skewed tetrahedra."""

from types import SimpleNamespace

import meshio
import numpy as np

from oxycell.mesh.lattice import lattice_mesh
from oxycell.mesh.read import read_mesh

_KUHN = [(0, 1, 3, 7), (0, 1, 7, 5), (0, 5, 7, 4), (0, 3, 2, 7), (0, 6, 4, 7), (0, 2, 6, 7)]


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
