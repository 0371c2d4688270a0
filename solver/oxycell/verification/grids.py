"""The unit square of two halves on meshes of several kinds, one cell thick, with a surface of its own for every outer
face."""

from dataclasses import dataclass

import numpy as np

from oxycell.verification.parts import box, quantity, surface

_SIDES = {"x-": (0, 0.0), "x+": (0, 1.0), "y-": (1, 0.0), "y+": (1, 1.0)}
"""Side of the square → axis it is normal to, place."""


@dataclass(frozen=True)
class Side:
    """One outer face: name of its surface, which begins with that of the side; centre; outward normal."""

    name: str
    x: float
    y: float
    normal: tuple[float, float]

    def slope(self, field):
        """∂field/∂n, by a complex step (Squire & Trapp, SIAM Rev. 40 (1998) 110); exact to round-off."""
        step = 1e-30j
        return float(np.imag(field(self.x + step * self.normal[0], self.y + step * self.normal[1])) / 1e-30)


class Bricks:
    """The square cut into bricks.

    Parameters
    ----------
    xs, ys : edges of the cells, one of `xs` at 0.5
    """

    mesh_file = None

    def __init__(self, xs, ys):
        self.xs, self.ys = xs, ys
        self.faces, self.surfaces = [], []
        for side, (axis, place) in _SIDES.items():
            edges = (ys, xs)[axis]
            for low, high in zip(edges[:-1], edges[1:], strict=True):
                self._add(side, axis, place, 0.5 * (low + high), **{"yx"[axis]: (low, high)})

    def _add(self, side, axis, place, along, **extents):
        name, normal = f"{side} {len(self.faces)}", [0.0, 0.0]
        normal[axis] = 2.0 * place - 1.0
        self.faces.append(Side(name, *((place, along), (along, place))[axis], tuple(normal)))
        self.surfaces.append(surface(name, "*", side, **extents))

    def geometry(self):
        """Parts of a case: regions `left` of material a and `right` of b, and the surfaces."""
        planes = {
            f"planes_{axis}": [quantity(edge, "m") for edge in edges[1:-1]]
            for axis, edges in (("x", self.xs), ("y", self.ys))
        }
        boxes = [box("left", "a", (0.0, 0.5)), box("right", "b", (0.5, 1.0))]
        return {
            "boxes": boxes,
            "mesh": {"size": "10 m", "merge_distance": "0 m", **planes},
            "surfaces": list(self.surfaces),
        }


_KUHN = ((0, 1, 3, 7), (0, 1, 7, 5), (0, 5, 7, 4), (0, 3, 2, 7), (0, 6, 4, 7), (0, 2, 6, 7))
"""Corners of a brick, numbered x + 2 y + 4 z, of six tetrahedra that fill it."""


class Tetrahedra:
    """The square cut into bricks of six tetrahedra each, one brick thick, with inner corners moved by up to a fifth of
    a brick.

    Parameters
    ----------
    n : int, even, bricks along x and along y
    """

    def __init__(self, n):
        grid = np.stack(np.meshgrid(*[np.linspace(0.0, 1.0, n + 1)] * 2, indexing="ij"), -1)
        move = np.random.default_rng(n).uniform(-0.2, 0.2, grid.shape) / n
        move[[0, n // 2, n], :, 0] = move[:, [0, n], 1] = 0.0
        flat = (grid + move).reshape(-1, 2)
        self._points = np.concatenate([np.c_[flat, np.full(len(flat), z)] for z in (0.0, 1.0 / n)])
        number = np.arange(len(self._points)).reshape(2, n + 1, n + 1)
        corners = np.stack([number[k, i : n + i, j : n + j].ravel() for k in (0, 1) for j in (0, 1) for i in (0, 1)], 1)
        self._cells = np.concatenate([corners[:, list(tet)] for tet in _KUHN])
        self._right = np.tile(np.repeat(np.arange(n) >= n // 2, n), len(_KUHN))
        triangles = np.sort(
            np.concatenate([self._cells[:, list(side)] for side in ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3))]), 1
        )
        triangles, count = np.unique(triangles, axis=0, return_counts=True)
        self.faces, self._outer = [], []
        for side, (axis, place) in _SIDES.items():
            normal = [0.0, 0.0]
            normal[axis] = 2.0 * place - 1.0
            at = triangles[(count == 1) & (np.abs(self._points[triangles][:, :, axis] - place) < 1e-12).all(1)]
            for triangle, (x, y, _) in zip(at, self._points[at].mean(1), strict=True):
                self.faces.append(Side(f"{side} {len(self.faces)}", x, y, tuple(normal)))
                self._outer.append(triangle)

    def geometry(self):
        """Parts of a case: regions `left` of material a and `right` of b."""
        return {"regions": [{"name": "left", "material": "a"}, {"name": "right", "material": "b"}]}

    def mesh_file(self, path):
        """Write the Gmsh file, every outer face a surface."""
        import meshio

        names = ["left", "right", *(face.name for face in self.faces)]
        tags = [self._right + 1, np.arange(3, 3 + len(self.faces))]
        tags = [block.astype(np.int32) for block in tags]
        known = {name: np.array([tag, 3 if tag < 3 else 2]) for tag, name in enumerate(names, 1)}
        mesh = meshio.Mesh(self._points, [("tetra", self._cells), ("triangle", np.array(self._outer))],
                           cell_data={"gmsh:physical": tags, "gmsh:geometrical": tags}, field_data=known)  # fmt: skip
        meshio.write(path, mesh, file_format="gmsh22", binary=True)


def _uniform(n):
    return np.linspace(0.0, 1.0, n + 1), np.linspace(0.0, 1.0, n + 1)


def _graded(n):
    """Widths that vary smoothly, by 4 along x and by 4.5 along y; one edge stays at x = 0.5."""
    s = np.linspace(0.0, 1.0, n + 1)
    return s + 0.6 * np.sin(2 * np.pi * s) / (2 * np.pi), np.expm1(1.5 * s) / np.expm1(1.5)


def uniform(n):
    """Equal bricks, n along each axis."""
    return Bricks(*_uniform(n))


def graded(n):
    """Bricks of smoothly varying width."""
    return Bricks(*_graded(n))


def tetrahedra(n):
    """Tetrahedra, moved, n bricks of six along each axis."""
    return Tetrahedra(n)
