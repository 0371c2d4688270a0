"""Bodies that boxes cannot carry, on mesh files of hexahedra: cylinders, spheres, the disk electrode."""

import numpy as np

from oxycell.verification.check import Posed, check
from oxycell.verification.parts import ELECTRIC, THERMAL, convection, fixed, held, material, on

_CORNERS = ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))


def mapped(shape, place):
    """Writer of a Gmsh file of hexahedra in a volume `body`, with its ends along the first axis named `inner` and
    `outer`.

    Parameters
    ----------
    shape : (int, int, int), cells along each axis
    place : three arrays in 0…1 → points (n, 3) [m]

    Returns
    -------
    function of the file's path
    """

    def write(path):
        import meshio

        points = np.meshgrid(*[np.linspace(0.0, 1.0, n + 1) for n in shape], indexing="ij")
        number = np.arange(points[0].size).reshape(points[0].shape)
        cells = np.stack(
            [number[tuple(slice(i, i + n) for i, n in zip(corner, shape, strict=True))].ravel() for corner in _CORNERS],
            1,
        )
        ends = [
            np.stack([side[:-1, :-1], side[1:, :-1], side[1:, 1:], side[:-1, 1:]], -1).reshape(-1, 4)
            for side in (number[0], number[-1])
        ]
        tags = [np.full(len(block), tag, np.int32) for tag, block in ((1, cells), (2, ends[0]), (3, ends[1]))]
        mesh = meshio.Mesh(
            place(*(p.ravel() for p in points)),
            [("hexahedron", cells), ("quad", ends[0]), ("quad", ends[1])],
            cell_data={"gmsh:physical": tags, "gmsh:geometrical": tags},
            field_data={"body": np.array([1, 3]), "inner": np.array([2, 2]), "outer": np.array([3, 2])},
        )
        meshio.write(path, mesh, file_format="gmsh22", binary=True)

    return write


def _body(physics, filling, **more):
    return {"physics": physics, "regions": [{"name": "body", "material": "m"}], "materials": {"m": filling}, **more}


def _cylinder(n, unit=1.0):
    """A quarter of a pipe, radii 0.1 and 0.3 m, 0.5 m long; `unit` [m] of the file."""

    def place(r, angle, z):
        r, angle = 0.1 + 0.2 * r, np.pi / 2 * angle
        return np.stack([r * np.cos(angle), r * np.sin(angle), 0.5 * z], 1) / unit

    return mapped((n, n, 1), place)


@check("thermal", "curved bodies", "logarithm of the radii (Carslaw & Jaeger §7.2)", "W", 3e-4, meshes=(8, 16, 32))
def pipe(n):
    """A quarter of a pipe between fixed temperatures: heat"""
    conditions = [on("inner", fixed(400.0)), on("outer", fixed(300.0))]
    exact = 2.0 * np.pi / 2 * 0.5 * 100.0 / np.log(3.0)
    return Posed(
        _body(THERMAL, material(k=2.0), conditions=conditions), exact, lambda a: a.loss("outer"), mesh_file=_cylinder(n)
    )


@check(
    "thermal",
    "curved bodies",
    "logarithm of the radii, film in series (Carslaw & Jaeger §7.2)",
    "K",
    3e-5,
    meshes=(8, 16, 32),
)
def pipe_in_air(n):
    """A quarter of a pipe in air, its mesh in millimetres: temperature of its outer surface"""
    conditions = [on("inner", fixed(400.0)), on("outer", convection(15.0, 300.0))]
    share = (1 / (15.0 * 0.3)) / (np.log(3.0) / 2.0 + 1 / (15.0 * 0.3))
    case = _body(THERMAL, material(k=2.0), conditions=conditions, mesh={"scale": 0.001})
    return Posed(case, 300.0 + 100.0 * share, lambda a: a.surface_temperature("outer"), 100.0, _cylinder(n, 0.001))


@check("thermal", "melting", "logarithm of the radii on both sides of the front, Kirchhoff's transform", "W", 2e-4,
       meshes=(11, 21, 41), order=(1.9, 2.3))  # fmt: skip
def melting_pipe(n):
    """A quarter of a pipe melted from within up to a fifth of its wall, conductivity 1.5 and 0.8 W/m/K: heat"""
    front, drop, melts = 0.1 + 0.2 / 5, 400.0, 1228.0
    inner, outer = melts + drop * np.log(front / 0.1) / 0.8, melts - drop * np.log(0.3 / front) / 1.5
    filling = material(k=((melts - 0.5, melts + 0.5), (1.5, 0.8)))
    case = _body(THERMAL, filling, conditions=[on("inner", fixed(inner)), on("outer", fixed(outer))])
    return Posed(case, np.pi / 2 * 0.5 * drop, lambda a: a.loss("outer"), mesh_file=_cylinder(n))


@check(
    "thermal",
    "curved bodies",
    "reciprocals of the radii (Carslaw & Jaeger §9.2)",
    "W",
    3.5e-3,
    meshes=(6, 12, 24),
    slow=True,
)
def shell(n):
    """A piece of a hollow sphere, a quarter round and 60 degrees high: heat"""

    def place(r, angle, height):
        r, angle, polar = 0.1 + 0.2 * r, np.pi / 2 * angle, np.pi / 3 * (1 + height)
        return np.stack([r * np.sin(polar) * np.cos(angle), r * np.sin(polar) * np.sin(angle), -r * np.cos(polar)], 1)

    conditions = [on("inner", fixed(400.0)), on("outer", fixed(300.0))]
    exact = 2.0 * np.pi / 2 * 100.0 / (1 / 0.1 - 1 / 0.3)
    return Posed(
        _body(THERMAL, material(k=2.0), conditions=conditions),
        exact,
        lambda a: a.loss("outer"),
        mesh_file=mapped((n, n, n), place),
    )


@check(
    "electric",
    "curved bodies",
    "oblate spheroids (Holm, Electric Contacts, 4th ed., §3)",
    "A",
    1e-2,
    meshes=(6, 12, 24),
    order=(1.7, 2.0),
)
def disk_electrode(n):
    """Disk of 10 mm radius on a body up to a spheroid, a quarter round without its axis: current; its rim makes the
    error h² ln h"""
    top, far = 1.3, 2.0

    def place(out, up, angle):
        out, up, angle = far * out, top * up, np.pi / 2 * angle
        ring = 0.01 * np.cosh(out) * np.cos(up)
        return np.stack([ring * np.cos(angle), ring * np.sin(angle), 0.01 * np.sinh(out) * np.sin(up)], 1)

    # Current goes along the coordinate from the disk; of all of it sin(top)/4 passes the piece.
    exact = 2 * np.pi * 200.0 * 0.01 * 0.5 / np.arctan(np.sinh(far)) * np.sin(top) / 4
    case = _body(ELECTRIC, material(200.0), terminals=[held("inner", 0.5), held("outer", 0.0)])
    return Posed(case, exact, lambda a: a.current("inner"), mesh_file=mapped((n, n, n), place))
