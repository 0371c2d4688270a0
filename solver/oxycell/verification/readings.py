"""What is read off a solution: points on either side of a joint, anywhere in a smooth field, planes, joints, means of
bodies."""

from oxycell.verification.check import Posed, check
from oxycell.verification.grids import graded, uniform
from oxycell.verification.manufactured import constant, discontinuous, halves, harmonic, robin
from oxycell.verification.parts import at, ends, fed, fixed, held, layers, material, on, quantity
from oxycell.verification.walls import SERIES, two_with_contact

FIELD = "the field itself, a formula that satisfies the equations"


def _at(case, *points):
    """The case with probes `p0`, `p1`, …; a point is (x, y, z) or (x, y, z, region)."""
    return case | {"probes": [at(f"p{i}", *point) for i, point in enumerate(points)]}


@check("thermal", "probes", SERIES, "K", 1e-10)
def probe_before_contact(n):
    """Point on a contact, on its warm side"""
    case, q = two_with_contact()
    return Posed(
        _at(case, (0.08, 0.2, 0.3, "first")), 900.0 - q * 0.01, lambda a: a.probe("p0")["temperature_K"], 500.0
    )


@check("thermal", "probes", SERIES, "K", 1e-10)
def probe_behind_contact(n):
    """Point on a contact, on its cold side"""
    case, q = two_with_contact()
    return Posed(
        _at(case, (0.08, 0.2, 0.3, "second")), 400.0 + q * 0.05, lambda a: a.probe("p0")["temperature_K"], 500.0
    )


@check("thermal", "probes", SERIES, "W/m2", 1e-9)
def probe_heat_flux(n):
    """Point right behind a contact: heat flux there"""
    case, q = two_with_contact()
    return Posed(_at(case, (0.081, 0.2, 0.3)), q, lambda a: a.probe("p0")["heat_flux_W_m2"][0])


def _probed(family, field, grid, point):
    """Temperature at a point of a chosen field."""
    posed = family()(grid)
    exact = float(field(point[0], point[1]))
    return Posed(_at(posed.case, (*point, 0.5)), exact, lambda a: a.probe("p0")["temperature_K"], 100.0)


def _smooth(x, y):
    return 500.0 + 100.0 * harmonic(x, y)


@check("thermal", "probes", FIELD, "K", 5e-6, meshes=(8, 16, 32))
def probe_inside(n):
    """Point where four cells meet, in a harmonic field"""
    return _probed(constant, _smooth, uniform(n), (0.25, 0.75))


@check("thermal", "probes", FIELD, "K", 4e-4, meshes=(8, 16, 32))
def probe_at_a_corner(n):
    """Corner of a body with convection on both sides, in a harmonic field on a graded mesh"""
    return _probed(robin, _smooth, graded(n), (1.0, 0.0))


@check("thermal", "probes", FIELD, "K", 8e-6, meshes=(8, 16, 32))
def probe_at_a_joint(n):
    """Point where conductivities 1 and 8 W/m/K meet, half way up"""
    posed = discontinuous()(uniform(n))
    exact = 500.0 + 100.0 * float(halves(1.0, 8.0, 0.0, 0.5, 0.5))
    return Posed(_at(posed.case, (0.5, 0.5, 0.5, "right")), exact, lambda a: a.probe("p0")["temperature_K"], 100.0)


def _integral(case, **what):
    return case | {"integrals": [{"name": "sum", **what}]}


@check("thermal", "integrals", SERIES, "W", 1e-10)
def heat_through_a_plane(n):
    """Plane across a wall, between faces of the mesh: heat"""
    case, q = two_with_contact()
    case = _integral(case, plane={"axis": "x", "at": "0.05 m"})
    return Posed(case, 0.49 * q, lambda a: a.integral("sum")["heat_W"])


@check("thermal", "integrals", SERIES, "K", 1e-10)
def jump_of_a_joint(n):
    """Contact: jump of temperature over it"""
    case, q = two_with_contact()
    return Posed(
        _integral(case, interface="gap"), 0.03 * q, lambda a: a.integral("sum")["jump"]["temperature_K"], 500.0
    )


@check("thermal", "integrals", "linear in each layer", "K", 1e-10)
def mean_of_a_wall(n):
    """Two layers in cells of different size: mean temperature of both together"""
    case, q = two_with_contact()
    exact = 0.8 * (900.0 - 0.005 * q) + 0.2 * (400.0 + 0.025 * q)
    return Posed(_integral(case, regions=["*"]), exact, lambda a: a.integral("sum")["temperature_K"]["mean"], 500.0)


def _bar(cells, current):
    """Bar 0.4 m long of σ 2e5 S/m and k 40 W/m/K, cold at both ends."""
    return {
        "boxes": layers(("bar", "m", 0.4), side=0.05),
        "materials": {"m": material(2e5, 40.0)},
        "mesh": {"size": quantity(0.4 / cells, "m"), "merge_distance": "0 m"},
        "surfaces": ends("bar", "bar"),
        "terminals": [fed("low", current), held("high", 0.0)],
        "conditions": [on("low", fixed(300.0)), on("high", fixed(300.0))],
    }


@check(
    "coupled",
    "integrals",
    "slab with uniform heat: two thirds of σV²/8k (Carslaw & Jaeger §3.14)",
    "K",
    3e-3,
    meshes=(8, 16, 32),
)
def mean_of_a_bar(n):
    """Bar heated by its current, cold at both ends: mean temperature"""
    rise = (400.0 / 0.0025) ** 2 / 2e5 * 0.4**2 / 12 / 40.0
    case = _integral(_bar(n, 400.0), regions=["bar"])
    return Posed(case, 300.0 + rise, lambda a: a.integral("sum")["temperature_K"]["mean"], rise)


@check("coupled", "integrals", "I²R", "W", 1e-9)
def heat_of_a_bar(n):
    """Bar heated by its current: Joule heat of its region"""
    case = _integral(_bar(5, 400.0), regions=["bar"])
    return Posed(case, 400.0**2 * 0.4 / (2e5 * 0.0025), lambda a: a.integral("sum")["joule_heat_W"])


@check("coupled", "integrals", "Ohm's law", "A", 1e-10)
def current_through_a_plane(n):
    """Bar heated by its current: current through a plane, along its axis"""
    return Posed(
        _integral(_bar(5, 400.0), plane={"axis": "x", "at": "0.1 m"}), 400.0, lambda a: a.integral("sum")["current_A"]
    )


@check("coupled", "probes", "Ohm's law", "A/m2", 1e-9)
def probe_current_density(n):
    """Bar heated by its current: current density at a point of its side"""
    return Posed(
        _at(_bar(5, -400.0), (0.13, 0.05, 0.02)), -400.0 / 0.0025, lambda a: a.probe("p0")["current_density_A_m2"][0]
    )


@check("coupled", "probes", "slab with uniform heat (Carslaw & Jaeger §3.14)", "K", 8e-4, meshes=(8, 16, 32))
def probe_of_a_parabola(n):
    """Bar heated by its current: temperature at a third of its length"""
    rise = (400.0 / 0.0025) ** 2 / 2e5 / 40.0 / 2 * (0.4 / 3) * (0.8 / 3)
    case = _at(_bar(n, 400.0), (0.4 / 3, 0.02, 0.02))
    return Posed(case, 300.0 + rise, lambda a: a.probe("p0")["temperature_K"], rise)
