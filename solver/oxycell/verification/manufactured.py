"""Chosen fields: a formula that satisfies the equations gives what stands at every outer face, and is found again
inside.

A unit square of two halves, one cell thick, meets every outer face with a value of its own. Each family is solved on
uniform and on graded bricks and on tetrahedra; the error is the root mean square over all cells, which has to fall with
the square of their width.
"""

from collections.abc import Callable

import numpy as np
from scipy.constants import R, physical_constants
from scipy.constants import Stefan_Boltzmann as SIGMA

from oxycell.verification.check import SECOND_ORDER, Check, Posed, title_of
from oxycell.verification.grids import graded, tetrahedra, uniform
from oxycell.verification.parts import (
    ELECTRIC,
    THERMAL,
    asinh,
    contact,
    convection,
    film,
    fixed,
    flux,
    held,
    interface,
    material,
    on,
    radiation,
)

COUNTS = (4, 8, 16, 32)
WAVE = 2.0
WARM = 500.0


def square(grid, fillings, **more):
    """Case of the square, `left` of the first material and `right` of the second."""
    return grid.geometry() | {"materials": dict(zip("ab", fillings, strict=True)), **more}


def temperature_error(field):
    """Answer → root mean square [K] of computed less chosen temperature."""
    return lambda answer: answer.norm(answer.temperature - field(answer.cells[:, 0], answer.cells[:, 1]))


def harmonic(x, y):
    """e^x cos y, which satisfies Laplace's equation; 0.54 to 2.72 on the square."""
    return np.exp(x) * np.cos(y)


def halves(first, second, jump, x, y):
    """cos(wy) times what is continuous in its flux at x = 0.5, with conductivities `first` and `second`, and falls by
    `jump` times it."""
    s = WAVE * (x - 0.5)
    left = np.cosh(s) - 0.8 * np.sinh(s)
    right = (1.0 - 0.8 * WAVE * first * jump) * np.cosh(s) - 0.8 * first / second * np.sinh(s)
    return np.cos(WAVE * y) * np.where(np.real(x) < 0.5, left, right)


def conduction(field, fillings, law, which=None, fields=None, **more):
    """Poser of a thermal family: `field`(x, y) [K]; `law`(side) is what stands on a face, a fixed temperature on those
    not in `which`."""

    def pose(grid):
        conditions = [
            on(f.name, law(f) if which is None or f.name[:2] in which else fixed(field(f.x, f.y))) for f in grid.faces
        ]
        case = square(grid, fillings, physics=THERMAL, conditions=conditions, **more)
        return Posed(case, 0.0, temperature_error(field), 100.0, grid.mesh_file, fields)

    return pose


def constant():
    """Constant conductivity, fixed temperatures"""
    return conduction(
        lambda x, y: WARM + 100.0 * harmonic(x, y),
        (material(k=3.0),) * 2,
        lambda f: fixed(WARM + 100.0 * harmonic(f.x, f.y)),
    )


def discontinuous():
    """Conductivities 1 and 8 W/m/K side by side, fixed temperatures"""

    def field(x, y):
        return WARM + 100.0 * halves(1.0, 8.0, 0.0, x, y)

    return conduction(field, (material(k=1.0), material(k=8.0)), lambda f: fixed(field(f.x, f.y)))


def contact_between():
    """Conductivities 1 and 8 W/m/K with a contact resistance between"""

    def field(x, y):
        return WARM + 100.0 * halves(1.0, 8.0, 0.15, x, y)

    joint = interface("joint", "left", "right", contact(thermal=0.15))
    return conduction(field, (material(k=1.0), material(k=8.0)), lambda f: fixed(field(f.x, f.y)), interfaces=[joint])


def varying():
    """Conductivity 2 + 0.004 (T − 300), by Kirchhoff's transform"""

    def field(x, y):
        return 300.0 + (-2.0 + np.sqrt(4.0 + 0.008 * (200.0 + 800.0 * harmonic(x, y)))) / 0.004

    return conduction(field, (material(k=((300.0, 1300.0), (2.0, 6.0))),) * 2, lambda f: fixed(field(f.x, f.y)))


def robin():
    """Convection on all sides, fluids of different temperature"""

    def field(x, y):
        return WARM + 100.0 * harmonic(x, y)

    return conduction(
        field, (material(k=3.0),) * 2, lambda f: convection(12.0, field(f.x, f.y) + 3.0 * f.slope(field) / 12.0)
    )


def radiating():
    """Radiation on the sides across y to surroundings of different temperature"""

    def field(x, y):
        return WARM + 100.0 * harmonic(x, y)

    def law(f):
        return radiation(0.8, (field(f.x, f.y) ** 4 + 3.0 * f.slope(field) / (0.8 * SIGMA)) ** 0.25)

    return conduction(field, (material(k=3.0),) * 2, law, ("y-", "y+"))


def fluxes():
    """Prescribed heat fluxes on the sides across y"""

    def field(x, y):
        return WARM + 100.0 * halves(1.0, 8.0, 0.0, x, y)

    def law(f):
        return flux((1.0 if f.x < 0.5 else 8.0) * f.slope(field))

    return conduction(field, (material(k=1.0), material(k=8.0)), law, ("y-", "y+"))


def source():
    """Heat generation, a product of sine and cosine, given from Python"""

    def rise(x, y):
        return 100.0 * np.sin(WAVE * x) * np.cos(WAVE * (y - 0.5))

    made = {"name": "reaction", "regions": ["*"], "heat": {"field": "made"}}
    return conduction(
        lambda x, y: WARM + rise(x, y),
        (material(k=3.0),) * 2,
        lambda f: fixed(WARM + rise(f.x, f.y)),
        sources=[made],
        fields={"made": lambda x, y, z: 3.0 * 2.0 * WAVE**2 * rise(x, y)},
    )


def anisotropic():
    """Conductivity four times as large along y as along x"""

    def field(x, y):
        return WARM + 100.0 * np.exp(x) * np.cos(0.5 * y)

    return conduction(
        field, (material(k=3.0, thermal_anisotropy=[1.0, 4.0, 2.0]),) * 2, lambda f: fixed(field(f.x, f.y))
    )


def potentials(faces, field):
    """A terminal of known potential on every face."""
    return [held(f.name, field(f.x, f.y)) for f in faces]


def kinetics(field, law, scale):
    """Poser of an electric family: conductivities 200 and 900 S/m at 1200 K with a law between; `field`(x, y) [V],
    `scale` [V]."""

    def pose(grid):
        case = square(
            grid,
            (material(200.0), material(900.0)),
            physics=ELECTRIC | {"temperature": "1200 K"},
            terminals=potentials(grid.faces, field),
            interfaces=[interface("joint", "left", "right", law)],
        )
        return Posed(
            case,
            0.0,
            lambda a: a.norm(a.electric_potential - field(a.cells[:, 0], a.cells[:, 1])),
            scale,
            grid.mesh_file,
        )

    return pose


def linear_kinetics():
    """Current through conductivities 200 and 900 S/m with linear kinetics between, potentials on all sides"""
    return kinetics(lambda x, y: halves(200.0, 900.0, 1e-3, x, y), film(1e-3), 1.0)


def asinh_kinetics():
    """Current through conductivities 200 and 900 S/m with asinh kinetics between, reversed at one end, potentials on
    all sides"""
    slope = R * 1200.0 / (2.0 * physical_constants["Faraday constant"][0])

    def field(x, y):
        # A current density 2 J0 sinh(p) at x = 0.5 makes the jump slope·p, harmonic too; sinh(p) sin(2 s) is, and
        # vanishes there.
        p, s = 1.5 - 2.0 * y, x - 0.5
        flow = 20.0 * np.sinh(p) * np.sin(2.0 * s)
        return np.where(s < 0.0, -flow / 200.0, -flow / 900.0 - slope * p)

    return kinetics(field, asinh(20.0, 2.0), 0.2)


def heated(field, potential, filling):
    """Poser of a coupled family: temperature and potential given on all sides."""

    def pose(grid):
        case = square(grid, (filling, filling), terminals=potentials(grid.faces, potential),
                      conditions=[on(f.name, fixed(field(f.x, f.y))) for f in grid.faces])  # fmt: skip
        return Posed(case, 0.0, temperature_error(field), 100.0, grid.mesh_file)

    return pose


def joule():
    """Heat of the current, constant properties: T = harmonic − σφ²/2k"""

    def potential(x, y):
        return 0.1 * harmonic(x, y)

    return heated(
        lambda x, y: 900.0 + 100.0 * harmonic(y, x) - 2e4 * potential(x, y) ** 2 / 10.0, potential, material(2e4, 5.0)
    )


def joule_varying():
    """Heat of the current, thermal conductivity proportional to temperature: L T² + φ² harmonic"""
    lorenz = 2.44e-8

    def potential(x, y):
        return 0.03 * harmonic(x, y)

    def field(x, y):
        return np.sqrt((0.01 + 0.004 * harmonic(y, x) - potential(x, y) ** 2) / lorenz)

    return heated(field, potential, material(1e6, ((100.0, 2000.0), (100.0 * lorenz * 1e6, 2000.0 * lorenz * 1e6))))


MESHES = {"uniform": uniform, "graded": graded, "tetrahedra": tetrahedra}
ORDERS = {"tetrahedra": (1.8, 2.3)}

FAMILIES: dict[str, tuple[Callable, str, str, tuple[float, ...]]] = {
    "constant": (constant, "thermal", "K", (1.5e-4, 4e-4, 1.2e-4)),
    "discontinuous": (discontinuous, "thermal", "K", (4e-4, 1e-3, 3e-4)),
    "contact": (contact_between, "thermal", "K", (4e-4, 9e-4, 2.6e-4)),
    "varying": (varying, "thermal", "K", (4e-4, 9e-4, 2.4e-4)),
    "robin": (robin, "thermal", "K", (8e-5, 3.5e-4, 8e-5)),
    "radiation": (radiating, "thermal", "K", (1.5e-4, 4e-4, 1.2e-4)),
    "flux": (fluxes, "thermal", "K", (5e-4, 1.3e-3, 4e-4)),
    "anisotropic": (anisotropic, "thermal", "K", (1.2e-4, 3.5e-4, 9e-5)),
    "source": (source, "thermal", "K", (4.5e-4, 8e-4, 9e-5)),
    "linear-kinetics": (linear_kinetics, "electric", "V", (4e-4, 9e-4, 2.6e-4)),
    "asinh-kinetics": (asinh_kinetics, "electric", "V", (8e-5, 2e-4, 7e-5)),
    "joule": (joule, "coupled", "K", (3e-4, 9e-4, 2.1e-4)),
    "joule-varying": (joule_varying, "coupled", "K", (4.5e-4, 1.3e-3, 2.7e-4)),
}
"""Name → poser, physics, unit, largest error on the last mesh of each kind."""


def _checks():
    for name, (family, physics, unit, allowed) in FAMILIES.items():
        for tolerance, (mesh, grid) in zip(allowed, MESHES.items(), strict=True):
            yield Check(
                lambda n, pose=family(), grid=grid: pose(grid(n)),
                f"chosen-{name}-{mesh}",
                f"{title_of(family)}; {mesh} mesh: error",
                physics,
                "manufactured solutions",
                "the field itself, a formula that satisfies the equations",
                unit,
                tolerance,
                COUNTS,
                ORDERS.get(mesh, SECOND_ORDER),
            )


MANUFACTURED = tuple(_checks())
