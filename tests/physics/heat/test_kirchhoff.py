"""Conductivities that vary with temperature: integral means, one answer on any mesh, steps that lead to it."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from tests.verification.checkers import boundary_heat, box, convection, fixed, material, solved, surface

from oxycell.material import Constant, Formula, Reciprocal, Scaled, Tabulated, polynomial
from oxycell.physics.heat.kirchhoff import half_resistances, integrate, step_rows, transform_rows
from oxycell.tabulation import tabulated, varies
from oxycell.verification.parts import contact, interface, lump

WIDTHS = {"a step": 1e-6, "1 K": 1.0, "3 K": 3.0, "10 K": 10.0}


def graded(cells, seed):
    """Planes of a mesh of 1 m whose cells differ in width by up to a thousand times."""
    widths = np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.7, cells)))
    return np.cumsum(widths)[:-1] / widths.sum()


def melting_slab(width, planes, start="900 K", fluxes="two-point", **more):
    """1 m between 1300 and 700 K; k grows sixteenfold over a width around 1000 K."""
    return solved(
        physics={"electric": False, "temperature": start},
        solver={"fluxes": fluxes},
        materials={"m": material(k=([1000.0 - width / 2, 1000.0 + width / 2], [1.0, 16.0]))},
        boxes=[box("wall", "m", (0.0, 1.0))],
        mesh={"size": "10 m", "merge_distance": "0 m", "planes_x": [f"{float(x)!r} m" for x in planes]},
        surfaces=[surface("hot", "wall", "x-"), surface("cold", "wall", "x+")],
        conditions=[{"on": ["hot"], "laws": [fixed(1300.0)]}, {"on": ["cold"], "laws": [fixed(700.0)]}],
        **more,
    )


@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize("width", WIDTHS)
def test_a_melting_slab_has_one_answer(width, seed):
    """Heat on meshes graded at random, from initial guesses on either side of the melting point, against ∫ k dT = 5100
    W/m."""
    planes = graded(20 + 7 * seed, seed)
    for start in ("750 K", "1250 K"):
        solution = melting_slab(WIDTHS[width], planes, start)
        assert boundary_heat(solution, "cold") == pytest.approx(
            5100.0, rel=1e-7
        )  # round-off of cells that differ ten-thousandfold
        assert solution.status["outer_iterations"] <= 4


@pytest.mark.parametrize("width", WIDTHS)
def test_a_melting_slab_has_one_answer_with_linear_fluxes(width):
    for seed in range(3):
        solution = melting_slab(WIDTHS[width], graded(20 + 7 * seed, seed), fluxes="linear")
        assert boundary_heat(solution, "cold") == pytest.approx(5100.0, rel=1e-7)


def integral(table, T):
    """∫ k dT [W/m] from the first point of a table (temperatures, values), held outside it, to T [K]."""
    if T < table[0][0]:
        return table[1][0] * (T - table[0][0])
    points = np.unique(np.r_[table[0][0], [t for t in table[0] if t < T], T])
    return float(np.trapezoid(np.interp(points, *table), points))


def test_linear_fluxes_are_exact_where_heat_is_made_evenly():
    """∫ k dT is a parabola then, of which cells show the mean, on meshes graded at random; two-point fluxes miss it;
    with the rise in temperature instead of τ, or the flux divided by k instead of k*, it is off as well."""
    heater, planes = [{"name": "heater", "regions": ["wall"], "heat": "4000 W/m3"}], graded(12, 5)

    def whole(x):
        return 5100.0 * x - 2550.0 * x**2 + 2000.0 * (x**2 / 2.0 - x**3 / 3.0)

    for width in WIDTHS.values():
        table = [1000.0 - width / 2, 1000.0 + width / 2], [1.0, 16.0]
        for fluxes, off in (("linear", 1e-5), ("two-point", 10.0)):
            slab = melting_slab(width, planes, fluxes=fluxes, sources=heater)
            widths = slab.mesh.lattice.widths[0]
            ends = np.r_[0.0, np.cumsum(widths)]
            exact = np.diff(whole(ends)) / widths + integral(table, 700.0)
            found = np.array([integral(table, T) for T in slab.record["cells"]["temperature"]])
            assert boundary_heat(slab, "cold") == pytest.approx(5100.0 + 2000.0, rel=1e-7)
            assert (np.max(np.abs(found - exact)) <= off) == (fluxes == "linear")


@pytest.mark.parametrize("fluxes", ["two-point", "linear"])
def test_a_ledge_of_varying_conductivity(fluxes):
    """Film, ledge of k(T) and wall of k(T) in series, cells of 80 mm; with heat generated in the wall, fluxes vary
    linearly there."""
    wall, frozen = ([600.0, 700.0], [3.0, 20.0]), ([400.0, 900.0, 1000.0, 1150.0], [0.6, 0.8, 2.0, 2.4])

    def at_integral(table, total):
        return brentq(lambda T: integral(table, T) - total, table[0][0], 3000.0, xtol=1e-12, rtol=1e-15)

    for made in (0.0, 3e4) if fluxes == "linear" else (0.0,):  # [W/m³]
        q = 12.0 / (1.0 / 600.0 + 1.0 / 1e5)
        out = q + 0.12 * made
        beside = at_integral(wall, integral(wall, 300.0 + out / 30.0) + 0.12 * q + 0.5 * 0.12**2 * made) + 0.01 * q
        thickness = (integral(frozen, 1150.0) - integral(frozen, beside)) / q
        sources = {"sources": [{"name": "heater", "regions": ["side"], "heat": f"{made} W/m3"}]} if made else {}
        solution = solved(
            physics={"electric": False, "temperature": "1162 K"},
            solver={"tolerance": 1e-3, "fluxes": fluxes},
            materials={"w": material(k=wall), "n": material(k=1.0), "frozen": material(k=frozen)},
            boxes=[box("bath", "n", (0.0, 0.48)), box("side", "w", (0.48, 0.6))],
            mesh={"size_x": "0.081 m", "size": "1 m", "merge_distance": "0 m"},
            surfaces=[surface("hot", "bath", "x-"), surface("cold", "side", "x+")],
            lumps=[lump("bath", {"side": 600.0, "bath": 1e5})],
            interfaces=[interface("joint", "bath", "side", contact(thermal=0.01))],
            ledge={"pools": ["bath"], "walls": ["side"], "liquidus": "1150 K", "material": "frozen", "reach": "0.47 m"},
            conditions=[{"on": ["hot"], "laws": [fixed(1162.0)]}, {"on": ["cold"], "laws": [convection(30.0, 300.0)]}],
            **sources,
        )
        assert float(solution.record["ledge"]["thickness"][0]) == pytest.approx(thickness, abs=1e-7)


def test_temperatures_of_a_melting_slab():
    """On 100 uniform cells: straight on both sides of a front where 4800 of the 5100 W/m have been led through the
    melt."""
    solution = melting_slab(1e-6, np.arange(1, 100) / 100.0)
    x, front = solution.mesh.cell_centre[:, 0], 4800.0 / 5100.0
    exact = np.where(x < front, 1300.0 - 300.0 * x / front, 1000.0 - 300.0 * (x - front) / (1.0 - front))
    assert solution.record["cells"]["temperature"] == pytest.approx(exact, abs=1e-5)


PROPERTIES = (
    Constant(3.0, "W/m/K"),
    Tabulated([500.0, 700.0, 700.001, 1200.0], [4.0, 1.0, 16.0, 2.0], "W/m/K"),
    Scaled(Tabulated([400.0, 900.0], [1.0, 5.0], "W/m/K"), 0.4),
    polynomial((2.0, 3e-3, 4e-6), "W/m/K", 400.0, 1100.0),
)


@pytest.mark.parametrize("prop", PROPERTIES)
def test_half_cells_conduct_by_the_integral_mean(prop):
    """Between temperatures far apart, near each other and equal, on both sides of kinks and beyond the table: against
    quadrature."""
    network = integrate([prop], [900.0]).packed
    points = tabulated(prop)[0]
    kinks = [*points] if points.size < 9 else [points[0], points[-1]]
    pairs = [
        (300.0, 1500.0),
        (690.0, 710.0),
        (699.9999, 700.0005),
        (650.0, 650.0),
        (650.0, 650.0 + 1e-10),
        (1300.0, 350.0),
    ]
    one, other = np.array(pairs).T
    mean, more = np.empty(one.size), np.empty(one.size)
    half_resistances(
        np.zeros(one.size, int), one, other, np.full(one.size, 0.02), np.full(one.size, np.nan), network, mean, more
    )
    for i, (a, b) in enumerate(pairs):
        points = [a, *(T for T in (kinks if a < b else kinks[::-1]) if min(a, b) < T < max(a, b)), b]
        exact = prop.at(a)
        if abs(b - a) > 1e-6:
            exact = sum(
                quad(prop.at, p, q, epsabs=0.0, epsrel=1e-12)[0] for p, q in zip(points[:-1], points[1:], strict=True)
            ) / (b - a)
        assert 0.02 / mean[i] == pytest.approx(exact, rel=2e-8)
        assert 0.02 / more[i] == pytest.approx(prop.at(b), rel=2e-8)


@pytest.mark.parametrize("prop", PROPERTIES)
def test_steps_in_the_transform(prop):
    """A step in τ changes τ by itself, however far it leads; T* stays where it is."""
    network, material_of = integrate([prop], [900.0]).packed, np.zeros(5, int)
    T, step = np.array([350.0, 650.0, 900.0, 699.9995, 1500.0]), np.array([600.0, 80.0, -350.0, 1e-6, -900.0])
    before, after, change = (np.empty(5) for _ in range(3))
    transform_rows(material_of, T, network, before)
    step_rows(material_of, T, step, network, change)
    transform_rows(material_of, T + change, network, after)
    assert after - before == pytest.approx(step, abs=1e-9)
    assert before[2] == pytest.approx(900.0, rel=1e-14)


def test_tables_that_follow_formulas():
    """Within 1e-8 of the formula between the points; tables keep theirs; what does not vary is one point."""
    formula = Formula(lambda T: (1e5 * np.exp(-4000.0 / T), 0.0 * T), "S/m", 600.0, 1300.0)
    points, values = tabulated(formula)
    T = np.linspace(600.0, 1300.0, 777)
    assert np.interp(T, points, values) == pytest.approx(formula.at(T), rel=2e-8)
    assert tabulated(PROPERTIES[1])[0].tolist() == [500.0, 700.0, 700.001, 1200.0]
    assert tabulated(polynomial((2.0, 3e-3), "W/m/K", 400.0, 1100.0))[0].tolist() == [400.0, 1100.0]
    assert tabulated(Tabulated([400.0, 500.0], [2.0, 2.0], "W/m/K"))[0].size == 1
    assert varies(Reciprocal(Tabulated([400.0, 500.0], [2.0, 3.0], "ohm m"), "S/m")) and not varies(
        Scaled(Constant(1.0, "S/m"), 2.0)
    )
