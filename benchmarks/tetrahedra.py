"""Systems on tetrahedra, as an imported mesh gives them: no lattice, two-point fluxes, graded, coefficients that
jump."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.model_problem import Network

_CONDUCTIVITY = 1e-3, 5e4, 2.2e2, 3.3e6  # [S/m] insulation, carbon, electrolyte, metal
_LAYERS = 0.30, 0.55, 0.62  # upper ends of the metal under the electrolyte under the carbon, as shares of the height
_KUHN = [
    (0, 1, 3, 7),
    (0, 1, 5, 7),
    (0, 2, 3, 7),
    (0, 2, 6, 7),
    (0, 4, 5, 7),
    (0, 4, 6, 7),
]  # corners are x + 2 y + 4 z


@dataclass(frozen=True)
class Tetrahedra:
    """Points (m, 3) [m] and corners (n, 4) of a mesh in the unit cube."""

    points: np.ndarray
    corners: np.ndarray


def kuhn_mesh(cells):
    """About that many tetrahedra: boxes graded to the walls along each axis, six to a box; Kuhn (1960), no gaps between
    boxes."""
    m = max(round((cells / 6) ** (1 / 3)), 2)
    edge = 0.5 * (1.0 + np.tanh(2.0 * np.linspace(-1.0, 1.0, m + 1)) / np.tanh(2.0))
    points = np.stack(np.meshgrid(edge, edge, edge, indexing="ij"), -1).reshape(-1, 3)
    number = np.arange((m + 1) ** 3).reshape(m + 1, m + 1, m + 1)
    of_box = [number[x : m + x, y : m + y, z : m + z].ravel() for z in (0, 1) for y in (0, 1) for x in (0, 1)]
    return Tetrahedra(points, np.stack([np.stack([of_box[c] for c in four], -1) for four in _KUHN], 1).reshape(-1, 4))


def gmsh_mesh(cells):
    """About that many tetrahedra from Gmsh, finer in the electrolyte; needs the module gmsh and meshio."""
    import gmsh
    import meshio

    size = 2.4 * (6 * 0.1178 / cells) ** (1 / 3)
    gmsh.initialize(interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        solids = [
            gmsh.model.occ.addBox(0, 0, low, 1, 1, high - low)
            for low, high in zip((0, *_LAYERS), (*_LAYERS, 1), strict=True)
        ]
        gmsh.model.occ.fragment([(3, solids[0])], [(3, solid) for solid in solids[1:]])
        gmsh.model.occ.synchronize()
        gmsh.option.setNumber("Mesh.MeshSizeMax", size)
        gmsh.model.mesh.setSize(
            [
                point
                for point in gmsh.model.getEntities(0)
                if _LAYERS[0] <= gmsh.model.getValue(0, point[1], [])[2] <= _LAYERS[1] + 1e-9
            ],
            0.6 * size,
        )
        gmsh.model.mesh.generate(3)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "box.msh"
            gmsh.write(str(path))
            read = meshio.read(path)
    finally:
        gmsh.finalize()
    return Tetrahedra(
        read.points, np.concatenate([block.data for block in read.cells if block.type == "tetra"]).astype(np.int64)
    )


def network(mesh):
    """Network and right-hand side: metal, electrolyte and two rows of carbon in insulation; top held at 4.2 V, bottom
    at 0.

    Parameters
    ----------
    mesh : Tetrahedra

    Returns
    -------
    Network, (n,) rhs [A]; cells are numbered by reverse Cuthill–McKee, so that blocks of rows hang together
    """
    n, corner = len(mesh.corners), mesh.points[mesh.corners]
    centre = corner.mean(1)
    keys = np.concatenate([np.sort(np.delete(mesh.corners, i, 1), 1) for i in range(4)])
    cell = np.tile(np.arange(n), 4)
    order = np.lexsort(keys.T[::-1])
    keys, cell = keys[order], cell[order]
    twice = np.flatnonzero((keys[1:] == keys[:-1]).all(1))
    once = np.setdiff1d(np.arange(4 * n), np.concatenate([twice, twice + 1]), assume_unique=True)
    sigma = np.array(_CONDUCTIVITY)[_material(centre)]
    a, b = cell[twice], cell[twice + 1]
    area, resistance_a = _half(mesh.points[keys[twice]], centre[a], sigma[a])
    _, resistance_b = _half(mesh.points[keys[twice]], centre[b], sigma[b])
    conductance = area / (resistance_a + resistance_b)
    held, face = cell[once], mesh.points[keys[once]]
    area, resistance = _half(face, centre[held], sigma[held])
    top, bottom = (np.all(np.abs(face[..., 2] - z) < 1e-9, axis=1) for z in (1.0, 0.0))
    g = np.where(top | bottom, area / resistance, 0.0)
    shift, rhs = np.bincount(held, g, n), np.bincount(held, np.where(top, 4.2 * g, 0.0), n)
    number = _numbering(n, a, b)
    place = np.empty(n, np.int64)
    place[number] = np.arange(n)
    return Network(n, place[a], place[b], conductance, shift[number], None), rhs[number]


def _half(face, centre, sigma):
    """Area [m²] of triangles (m, 3, 3) and the resistance times area [m²/S] from each to a cell's centre."""
    normal = 0.5 * np.cross(face[:, 1] - face[:, 0], face[:, 2] - face[:, 0])
    area = np.linalg.norm(normal, axis=1)
    return area, np.abs(np.einsum("ij,ij->i", face[:, 0] - centre, normal)) / (area * sigma)


def _material(centre):
    """0 insulation, 1 carbon, 2 electrolyte, 3 metal."""
    x, y, z = centre.T
    within = (np.abs(x - 0.5) < 0.4) & (np.abs(y - 0.5) < 0.4)
    anode = within & (z > _LAYERS[1]) & (np.abs(np.mod(4 * x, 1) - 0.5) < 0.45) & (np.abs(y - 0.5) > 0.03)
    inner = within & (z <= _LAYERS[2])
    return np.select([z <= _LAYERS[0], anode, inner], [np.where(within, 3, 1), 1, 2], 0)


def _numbering(n, a, b):
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    ends = np.concatenate([a, b]), np.concatenate([b, a])
    return reverse_cuthill_mckee(
        coo_matrix((np.ones(2 * a.size, np.int8), ends), shape=(n, n)).tocsr(), symmetric_mode=True
    )
