"""The unit square of two halves on meshes of several kinds, one cell thick, with a surface of its own for every outer face."""

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

    def on(self, *sides):
        """Faces on some of the sides."""
        return [face for face in self.faces if face.name[:2] in sides]

    def geometry(self):
        """Parts of a case: regions `left` of material a and `right` of b, and the surfaces."""
        planes = {f"planes_{axis}": [quantity(edge, "m") for edge in edges[1:-1]] for axis, edges in (("x", self.xs), ("y", self.ys))}
        boxes = [box("left", "a", (0.0, 0.5)), box("right", "b", (0.5, 1.0))]
        return {"boxes": boxes, "mesh": {"size": "10 m", "merge_distance": "0 m", **planes}, "surfaces": list(self.surfaces)}


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
