"""Heat balance of small cases against closed forms: walls, films, radiation, fins, lumps, and heat generated on
surfaces."""

import numpy as np
import pytest
from scipy.optimize import brentq, fsolve
from tests.verification.checkers import (
    boundary_heat,
    box,
    case_of,
    check_ledger,
    check_slope,
    convection,
    fixed,
    layers,
    material,
    observed_orders,
    solved,
    surface,
)

from oxycell.constants import STEFAN_BOLTZMANN
from oxycell.errors import CaseError, NotConverged
from oxycell.material import Constant, Tabulated
from oxycell.physics.heat.face_heat import (
    BOUNDARY,
    RADIATING_NEIGHBOUR,
    RADIATING_OWNER,
    SERIES,
    Exchange,
    Fronts,
    Interfaces,
    face_heat,
    radiating_surface,
)
from oxycell.physics.heat.kirchhoff import integrate, step_rows

HEAT_ONLY = {"electric": False, "temperature": "600 K"}
TIGHT = {"tolerance": 1e-3}


def wall(stack, hot, cold, materials, **more):
    """A row of layers along x, 1 m² across, with the laws `hot` at its begin and `cold` at its end."""
    return (
        dict(
            materials=materials,
            boxes=layers(*stack),
            physics=HEAT_ONLY,
            mesh={"size": "1 m"},
            solver=TIGHT,
            surfaces=[surface("hot", stack[0][0], "x-"), surface("cold", stack[-1][0], "x+")],
            conditions=[{"on": ["hot"], "laws": hot}, {"on": ["cold"], "laws": cold}],
        )
        | more
    )


@pytest.mark.parametrize("size", ["1 m", "0.06 m"])
def test_composite_wall_with_contact_and_films(size):
    stack = (("steel", "s", 0.02), ("board", "b", 0.1), ("brick", "c", 0.4))
    solution = solved(
        **wall(
            stack,
            [convection(40.0, 1200.0)],
            [convection(8.0, 300.0)],
            {"s": material(k=45.0), "b": material(k=0.2), "c": material(k=1.3)},
            mesh={"size": size, "size_y": "1 m", "size_z": "1 m"},
            interfaces=[
                {"name": "i", "between": ["board", "steel"], "laws": [{"kind": "contact", "thermal": "0.03 K m2/W"}]}
            ],
        )
    )
    q = 900.0 / (1 / 40.0 + 0.02 / 45.0 + 0.03 + 0.1 / 0.2 + 0.4 / 1.3 + 1 / 8.0)
    assert boundary_heat(solution, "cold") == pytest.approx(q, rel=1e-9)
    assert boundary_heat(solution, "hot") == pytest.approx(-q, rel=1e-9)
    thermal, mesh = solution.record["thermal"], solution.mesh
    joint = np.flatnonzero(
        (mesh.neighbour[thermal["face"]] >= 0) & (np.abs(np.diff(thermal["surface_temperature"], axis=1)[:, 0]) > 1e-6)
    )
    assert np.diff(thermal["surface_temperature"][joint]).ravel() == pytest.approx(-0.03 * q, rel=1e-8)
    check_ledger(solution)


def test_walls_of_the_wrong_order_are_seen():
    """Counter-test: temperatures in the wall tell layers that change places, though the flux does not."""
    ends = [fixed(1000.0)], [fixed(300.0)]
    means = []
    for names in (("s", "b"), ("b", "s")):
        solution = solved(
            **wall(
                (("one", names[0], 0.2), ("two", names[1], 0.2)), *ends, {"s": material(k=10.0), "b": material(k=1.0)}
            )
        )
        assert boundary_heat(solution, "cold") == pytest.approx(700.0 / 0.22, rel=1e-9)
        means.append(solution.record["cells"]["temperature"].mean())
    assert abs(means[0] - means[1]) > 100.0


def test_exact_for_linear_fields_on_a_graded_mesh():
    solution = solved(
        **wall(
            (("a", "m", 1.0),),
            [fixed(900.0)],
            [fixed(300.0)],
            {"m": material(k=3.0)},
            mesh={"size": "0.2 m", "growth": 1.4, "planes_x": ["0.31 m", "0.32 m"]},
        )
    )
    assert solution.record["cells"]["temperature"] == pytest.approx(
        900.0 - 600.0 * solution.mesh.cell_centre[:, 0], abs=1e-5
    )


def test_conductivity_that_changes_with_temperature():
    """Kirchhoff's transform: the flux is the integral of k over the temperatures, whatever the cells are."""
    k = ([300.0, 600.0, 1500.0], [5.0, 1.0, 4.0])
    exact = 0.5 * (5.0 + 1.0) * 300.0 + 1.0 * 600.0 + 0.5 * (4.0 - 1.0) / 900.0 * 600.0**2
    for cells in (1, 8, 33):
        solution = solved(
            **wall(
                (("a", "m", 1.0),),
                [fixed(1200.0)],
                [fixed(300.0)],
                {"m": material(k=k)},
                physics={"electric": False, "temperature": "900 K"},
                mesh={"size": f"{1.0 / cells!r} m", "size_y": "1 m", "size_z": "1 m"},
            )
        )
        assert boundary_heat(solution, "cold") == pytest.approx(exact, rel=1e-10)


def test_fin():
    """A thin bar cooled along its sides: q = √(h P k A) θ tanh(m L), second order."""
    h, k, width, length = 30.0, 20.0, 0.01, 0.3
    film = 1.0 / (1.0 / h + 0.5 * width / k)
    m = np.sqrt(4 * film / (k * width))
    exact = np.sqrt(4 * film * width**3 * k) * 500.0 * np.tanh(m * length)
    n, errors = np.array([6, 12, 24, 48]), []
    for cells in n.tolist():
        solution = solved(
            materials={"m": material(k=k)},
            boxes=[box("a", "m", (0.0, length), (0.0, width), (0.0, width))],
            physics=HEAT_ONLY,
            solver=TIGHT,
            mesh={"size": f"{length / cells!r} m", "size_y": "1 m", "size_z": "1 m"},
            surfaces=[surface("root", "a", "x-"), surface("sides", "a", "y-", "y+", "z-", "z+")],
            conditions=[{"on": ["root"], "laws": [fixed(800.0)]}, {"on": ["sides"], "laws": [convection(h, 300.0)]}],
        )
        assert boundary_heat(solution, "sides") == pytest.approx(-boundary_heat(solution, "root"), rel=1e-8)
        errors.append(abs(boundary_heat(solution, "sides") - exact))
    assert observed_orders(1.0 / n, errors)[1:] == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("emissivity", [0.05, 0.8, 1.0])
def test_radiating_wall(emissivity):
    solution = solved(
        **wall(
            (("a", "m", 0.2),),
            [fixed(1300.0)],
            [{"kind": "radiation", "emissivity": emissivity, "surroundings": "300 K"}, convection(5.0, 310.0)],
            {"m": material(k=2.0)},
        )
    )
    surface_T = brentq(
        lambda T: 2.0 / 0.2 * (1300.0 - T) - emissivity * STEFAN_BOLTZMANN * (T**4 - 300.0**4) - 5.0 * (T - 310.0),
        300.0,
        1300.0,
        xtol=1e-12,
    )
    assert boundary_heat(solution, "cold") == pytest.approx(10.0 * (1300.0 - surface_T), rel=1e-9)


def test_given_flux_enters():
    solution = solved(
        **wall(
            (("a", "m", 0.2),),
            [{"kind": "heat_flux", "value": "700 W/m2"}],
            [convection(5.0, 300.0)],
            {"m": material(k=2.0)},
            mesh={"size": "0.05 m", "size_y": "1 m", "size_z": "1 m"},
        )
    )
    assert boundary_heat(solution, "cold") == pytest.approx(700.0, rel=1e-9)
    x = solution.mesh.cell_centre[:, 0]
    assert solution.record["cells"]["temperature"] == pytest.approx(300.0 + 140.0 + 350.0 * (0.2 - x), rel=1e-9)
    check_ledger(solution)


def lumped(films, **more):
    """Slab | lump | slab between fixed temperatures."""
    stack = (("left", "m", 0.3), ("pool", "n", 0.5), ("right", "m", 0.1))
    return solved(
        **wall(
            stack,
            [fixed(1400.0)],
            [fixed(400.0)],
            {"m": material(k=2.0), "n": material(k=1.0)},
            mesh={"size": "0.1 m", "size_y": "1 m", "size_z": "1 m"},
            lumps=[{"name": "lump", "regions": ["pool"], "films": films} | more],
        )
    )


def test_lump_between_two_films():
    solution = lumped({"left": "50 W/m2/K", "right": "20 W/m2/K"})
    q = 1000.0 / (0.15 + 1 / 50.0 + 1 / 20.0 + 0.05)
    assert boundary_heat(solution, "cold") == pytest.approx(q, rel=1e-9)
    assert solution.record["thermal"]["lump_temperature"] == pytest.approx([1400.0 - q * 0.17], rel=1e-9)
    inside = solution.mesh.region == 1
    assert np.ptp(solution.record["cells"]["temperature"][inside]) == 0.0
    check_ledger(solution)


def test_lump_without_film_on_one_side_takes_its_temperature():
    solution = lumped({"left": None, "*": "20 W/m2/K"})
    q = 1000.0 / (0.15 + 1 / 20.0 + 0.05)
    assert boundary_heat(solution, "cold") == pytest.approx(q, rel=1e-9)


def test_gas_space_radiates():
    solution = lumped({"*": "8 W/m2/K"}, emissivity=0.8)

    def leaves(T, gas):
        return 8.0 * (T - gas) + 0.8 * STEFAN_BOLTZMANN * (T**4 - gas**4)

    def balance(unknown):
        hot, gas, cold = unknown
        return (
            (1400.0 - hot) / 0.15 - leaves(hot, gas),
            leaves(hot, gas) + leaves(cold, gas),
            (400.0 - cold) / 0.05 - leaves(cold, gas),
        )

    hot, gas, _ = fsolve(balance, (1000.0, 800.0, 600.0), xtol=1e-13)
    assert solution.record["thermal"]["lump_temperature"] == pytest.approx([gas], rel=1e-8)
    assert boundary_heat(solution, "cold") == pytest.approx((1400.0 - hot) / 0.15, rel=1e-8)
    check_ledger(solution)


STEEP = Tabulated([800.0, 850.0, 950.0], [4.0, 2.0, 9.0], "W/m/K")


def heat_of_a_face(kind, T, half, rows=(0, 1), film=None, contact=0.0, area=2.0, source=(0.0, 0.0), k=None):
    """Exchange of one face between two rows at T (2,) [K], its half cells resisting by `half` (1, 2) [m² K/W] at 2
    W/m/K, by `film` (1, 2) [m² K/W] where that is not NaN; emissivity 0.8; k : of Conductivities."""
    if k is None:
        k = integrate((Constant(2.0, "W/m/K"),) * 2, [900.0, 900.0]).packed
    first, second, out = np.array([0]), np.array([1]), Exchange.empty(1)
    interfaces = Interfaces(
        np.array([rows[0]]),
        np.array([rows[1]]),
        first,
        second,
        np.array([0]),
        np.full((1, 2), np.nan) if film is None else film,
        np.array([contact]),
        np.array([0.8]),
        np.array([area]),
    )
    made = np.array([source])
    face_heat(np.array([kind]), interfaces, T, None, np.array([0, 1]), 2.0 * half, k, made, Fronts.none(1), out)
    return out


@pytest.mark.parametrize("conductivity", [Constant(2.0, "W/m/K"), STEEP])
@pytest.mark.parametrize("behind", [1e-4, 0.02, 1.0])
@pytest.mark.parametrize("gas", [300.0, 900.0, 1500.0])
@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("to", ["solid", "gas"])
def test_slopes_of_a_radiating_face(gas, behind, row, conductivity, to):
    """Heat of a face between solid and radiating gas: its tangent to the solid's τ and to the gas, both complete."""
    network = integrate((conductivity, conductivity), [900.0, 900.0]).packed

    def flow(x):
        T = np.array([900.0, gas])
        material = np.array([0, -1])
        change = np.empty(2)
        step_rows(material, T, np.array([x, 0.0]) if to == "solid" else np.array([0.0, x]), network, change)
        T += change
        half = np.array([[behind, 0.1]]) if row == 0 else np.array([[0.1, behind]])
        out = heat_of_a_face(
            RADIATING_NEIGHBOUR if row == 0 else RADIATING_OWNER,
            T,
            np.where(half == 0.1, np.nan, half),
            (0, 1) if row == 0 else (1, 0),
            np.where(half == 0.1, half, np.nan),
            k=network,
        )
        owners = (row == 0) == (to == "solid")
        return (out.leaving[0], out.slope[0, 0]) if owners else (-out.leaving[0], out.slope[0, 1])

    check_slope(flow, 0.0, (8.0, 4.0, 2.0))


def test_radiating_surface_is_a_root():
    for solid, gas, behind in ((1500.0, 300.0, 0.5), (300.0, 1500.0, 1e-3), (700.0, 700.0, 0.1), (1000.0, 400.0, 0.0)):
        T, slope = radiating_surface(solid, gas, behind, 0.125, 0.8)
        out = (T - gas) / 0.125 + 0.8 * STEFAN_BOLTZMANN * (T**4 - gas**4)
        assert behind * out == pytest.approx(solid - T, abs=1e-9)
        assert slope == pytest.approx(8.0 + 3.2 * STEFAN_BOLTZMANN * T**3, rel=1e-12)


def test_a_plain_face_shares_its_sources():
    """Half cell, surface, contact, surface, half cell: what four equations with both surface temperatures give."""
    ra, R, rb, A, sources, T = 0.2, 0.5, 0.1, 2.0, (30.0, -12.0), (900.0, 700.0)
    leaving, entering, surfaces, slope, shift = heat_of_a_face(
        SERIES, np.array(T), np.array([[ra, rb]]), contact=R, area=A, source=sources
    )
    # unknown: surface temperatures of both sides
    matrix = np.array([[A / ra + A / R, -A / R], [-A / R, A / R + A / rb]])
    first, second = np.linalg.solve(matrix, [A / ra * T[0] + sources[0], A / rb * T[1] + sources[1]])
    assert surfaces[0] == pytest.approx([first, second], rel=1e-12)
    assert [leaving[0], entering[0]] == pytest.approx([A * (T[0] - first) / ra, A * (second - T[1]) / rb], rel=1e-12)
    assert entering[0] - leaving[0] == pytest.approx(sum(sources), rel=1e-12)
    assert slope[0] == pytest.approx([A / (ra + R + rb)] * 2) and not shift.any() and BOUNDARY not in (SERIES,)


def heated_pair(laws, current=100.0):
    """Two bars of one and two cells, 1 m² across, with laws between them, 500 K at both ends; current 100 A."""
    return solved(
        materials={"a": material(40.0, 2.0), "b": material(25.0, 5.0)},
        boxes=layers(("one", "a", 0.2), ("two", "b", 0.4)),
        mesh={"size_x": "0.2 m", "size": "1 m"},
        surfaces=[surface("begin", "one", "x-"), surface("end", "two", "x+")],
        solver=TIGHT,
        interfaces=[{"name": "i", "between": ["one", "two"], "laws": laws}],
        physics={"temperature": "500 K"},
        terminals=[
            {"name": "in", "surfaces": ["begin"], "current": f"{current} A"},
            {"name": "out", "surfaces": ["end"], "potential": "0 V"},
        ],
        conditions=[{"on": ["begin"], "laws": [fixed(500.0)]}, {"on": ["end"], "laws": [fixed(500.0)]}],
    )


def nodes(first, second, contact=0.02):
    """Cells and the two surfaces between them as one network: W made on both surfaces; temperatures of cell, surfaces,
    cells."""
    g = np.array([20.0, 20.0, 1.0 / contact, 50.0, 25.0, 50.0])  # end, cell 1, s1, s2, cell 2, cell 3, end
    matrix = np.zeros((5, 5))
    for i in range(5):
        matrix[i, i] = g[i] + g[i + 1]
        if i < 4:
            matrix[i, i + 1] = matrix[i + 1, i] = -g[i + 1]
    joule = 100.0**2 * np.array([0.2 / 40.0, 0.0, 0.0, 0.2 / 25.0, 0.2 / 25.0])
    return np.linalg.solve(
        matrix, joule + [0.0, first, second, 0.0, 0.0] + np.array([20.0, 0.0, 0.0, 0.0, 50.0]) * 500.0
    )


CONTACT = {"kind": "contact", "electric": "0.03 ohm m2", "thermal": "0.02 K m2/W"}
THERMAL_CONTACT = {"kind": "contact", "thermal": "0.02 K m2/W"}


@pytest.mark.parametrize(
    ("laws", "made"),
    [
        ([CONTACT], (150.0, 150.0)),
        ([CONTACT | {"heat": "first"}], (300.0, 0.0)),
        ([CONTACT | {"heat": "second"}], (0.0, 300.0)),
        ([THERMAL_CONTACT, {"kind": "resistance", "resistance": "0.01 ohm m2"}], (100.0, 0.0)),
        ([THERMAL_CONTACT, {"kind": "resistance", "resistance": "0.01 ohm m2", "heat": "second"}], (0.0, 100.0)),
        ([THERMAL_CONTACT, {"kind": "equilibrium", "potential": "1 V"}], (0.0, 0.0)),
    ],
)
def test_heat_made_on_surfaces_lands_where_it_belongs(laws, made):
    solution = heated_pair(laws)
    T = nodes(*made)
    assert solution.record["cells"]["temperature"] == pytest.approx(T[[0, 3, 4]], rel=1e-9)
    thermal, mesh = solution.record["thermal"], solution.mesh
    joint = np.flatnonzero(
        (mesh.neighbour[thermal["face"]] >= 0)
        & (mesh.region[mesh.owner[thermal["face"]]] != mesh.region[mesh.neighbour[thermal["face"]]])
    )
    assert thermal["surface_temperature"][joint[0]] == pytest.approx(T[1:3], rel=1e-9)
    assert boundary_heat(solution, "begin") + boundary_heat(solution, "end") == pytest.approx(
        210.0 + sum(made), rel=1e-9
    )
    check_ledger(solution)


def test_kinetics_heat_the_first_side():
    """At 500 K: η J on the side of the first region, at the temperature of the second."""
    solution = heated_pair(
        [THERMAL_CONTACT, {"kind": "asinh", "exchange_current_density": "3 A/m2", "transfer_number": 2}]
    )
    record = solution.record
    cell = record["cells"]["temperature"][1]
    eta = 8.31446261815324 * cell / (2 * 96485.33212) * np.arcsinh(100.0 / 6.0)
    assert record["cells"]["temperature"] == pytest.approx(nodes(100.0 * eta, 0.0)[[0, 3, 4]], rel=1e-9)
    swapped = nodes(0.0, 100.0 * eta)[[0, 3, 4]]
    assert np.abs(record["cells"]["temperature"] - swapped).max() > 1e-3


def test_joule_heated_bar():
    """T = T0 + J² x (L − x)/(2 σ k): parabolic, second order."""
    n, errors = np.array([4, 8, 16, 32]), []
    for cells in n.tolist():
        solution = solved(
            materials={"m": material(50.0, 4.0)},
            boxes=layers(("a", "m", 1.0)),
            mesh={"size_x": f"{1.0 / cells!r} m", "size": "1 m"},
            solver=TIGHT,
            surfaces=[surface("begin", "a", "x-"), surface("end", "a", "x+")],
            physics={"temperature": "400 K"},
            terminals=[
                {"name": "in", "surfaces": ["begin"], "current": "200 A"},
                {"name": "out", "surfaces": ["end"], "potential": "0 V"},
            ],
            conditions=[{"on": ["begin"], "laws": [fixed(400.0)]}, {"on": ["end"], "laws": [fixed(400.0)]}],
        )
        x = solution.mesh.cell_centre[:, 0]
        errors.append(np.abs(solution.record["cells"]["temperature"] - 400.0 - 4e4 * x * (1.0 - x) / 400.0).max())
        check_ledger(solution)
    assert observed_orders(1.0 / n, errors) == pytest.approx(2.0, abs=0.1)


def test_clamp_heat_lands_at_the_terminal_and_external_heat_does_not():
    for part, share in (("contacts", 1.0), ("external", 0.0)):
        solution = solved(
            materials={"m": material(1e6, 4.0)},
            boxes=layers(("a", "m", 1.0)),
            mesh={"size": "1 m"},
            physics={"temperature": "400 K"},
            solver=TIGHT,
            surfaces=[surface("begin", "a", "x-"), surface("end", "a", "x+")],
            terminals=[
                {
                    "name": "in",
                    "surfaces": ["begin"],
                    "current": "200 A",
                    "surface_resistance": "0.01 ohm",
                    "part": part,
                },
                {"name": "out", "surfaces": ["end"], "potential": "0 V"},
            ],
            conditions=[{"on": ["end"], "laws": [convection(10.0, 300.0)]}],
        )
        assert boundary_heat(solution, "end") == pytest.approx(400.0 * share + 0.04, rel=1e-8)
        report = check_ledger(solution)
        assert report["voltage"]["external_V"] == pytest.approx(2.0 * (1.0 - share), abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_heat_is_kept_in_a_heap_of_boxes(seed):
    """Random solids around a pool and a gas space: every row's balance summed here from the faces."""
    rng = np.random.default_rng(seed)
    boxes = [
        box("ground", "m", (0.0, 1.0)),
        box("pool", "n", (0.2, 0.6), (0.2, 0.8), (0.2, 0.5)),
        box("gas", "n", (0.2, 0.6), (0.2, 0.8), (0.5, 0.7)),
    ]
    for i in range(3):
        low = rng.uniform(0.0, 0.5, 3).round(2)
        boxes.insert(1, box(f"b{i}", "mn"[i % 2], *((float(a), float(a) + 0.4) for a in low)))
    solution = solved(
        materials={"m": material(k=([300.0, 1500.0], [1.0, 2.0])), "n": material(k=30.0)},
        boxes=boxes,
        mesh={"size": "0.2 m"},
        physics=HEAT_ONLY,
        surfaces=[surface("hot", "*", "x-"), surface("cold", "*", "x+", "z+")],
        lumps=[
            {"name": "pool", "regions": ["pool"], "films": {"gas": "5 W/m2/K", "*": "200 W/m2/K"}},
            {"name": "gas", "regions": ["gas"], "films": {"*": "8 W/m2/K"}, "emissivity": 0.7},
        ],
        conditions=[
            {"on": ["hot"], "laws": [fixed(1300.0)]},
            {
                "on": ["cold"],
                "laws": [convection(9.0, 300.0), {"kind": "radiation", "emissivity": 0.5, "surroundings": "300 K"}],
            },
        ],
    )
    thermal, mesh = solution.record["thermal"], solution.mesh
    inner = mesh.neighbour[thermal["face"]] >= 0
    net = np.bincount(thermal["row_of_cell"][mesh.owner[thermal["face"]]], thermal["heat_owner"], thermal["n_rows"])
    net -= np.bincount(
        thermal["row_of_cell"][mesh.neighbour[thermal["face"]][inner]],
        thermal["heat_neighbour"][inner],
        thermal["n_rows"],
    )
    assert np.abs(net).max() <= 1e-7 * boundary_heat(solution, "cold")
    assert boundary_heat(solution, "hot") == pytest.approx(-boundary_heat(solution, "cold"), rel=1e-7)
    T = solution.record["cells"]["temperature"]
    assert 300.0 < T.min() and T.max() < 1300.0
    check_ledger(solution)


@pytest.mark.parametrize(
    ("start", "steep"),
    [
        (310.0, 3.0),
        (600.0, 3.0),
        (1290.0, 3.0),
        (1290.0, 10.0),
        (310.0, 0.1),
        (600.0, 0.1),
        (310.0, 10.0),
        (600.0, 10.0),
        (1290.0, 0.1),
    ],
)
def test_steep_conductivity_from_any_start(start, steep):
    """k changes by a factor over the wall: exact by Kirchhoff's transform on a fine wall, found from cold and hot
    starts."""
    solution = solved(
        **wall(
            (("a", "m", 1.0),),
            [fixed(1300.0)],
            [fixed(300.0)],
            {"m": material(k=([300.0, 1300.0], [1.0, steep]))},
            mesh={"size": "0.02 m", "size_y": "1 m", "size_z": "1 m"},
            physics={"electric": False, "temperature": f"{start} K"},
        )
    )
    assert boundary_heat(solution, "cold") == pytest.approx(500.0 * (1.0 + steep), rel=2e-3)


def test_two_laws_on_a_surface_add_up_once():
    """A face named twice by one condition counts once; two conditions with one path add up."""
    parts = wall((("a", "m", 0.2),), [fixed(900.0)], [convection(6.0, 300.0)], {"m": material(k=2.0)})
    parts["surfaces"].append(surface("same", "a", "x+"))
    twice = parts | {
        "conditions": [
            parts["conditions"][0],
            {"on": ["cold", "same"], "path": "out", "laws": [convection(6.0, 300.0)]},
        ]
    }
    added = parts | {
        "conditions": [
            parts["conditions"][0],
            *({"on": ["cold"], "path": "out", "laws": [convection(3.0, 300.0)]} for _ in range(2)),
        ]
    }
    for case in (twice, added):
        assert boundary_heat(solved(**case), "out") == pytest.approx(600.0 / (0.1 + 1 / 6.0), rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"conditions": []}, "heat cannot leave"),
        (
            {"conditions": [{"on": ["cold"], "laws": [fixed(1.0), convection(1.0, 300.0)]}]},
            "'cold' has a fixed temperature and another law",
        ),
        (
            {
                "conditions": [
                    {"on": ["cold"], "laws": [fixed(1.0)], "path": "a"},
                    {"on": ["cold"], "laws": [fixed(1.0)], "path": "b"},
                ]
            },
            "'cold' is reported under 'a' and 'b'",
        ),
        ({"conditions": [{"on": ["could"], "laws": [fixed(1.0)]}]}, "nothing is called 'could'; nearest is 'cold'"),
        (
            {"lumps": [{"name": "l", "regions": ["two"], "films": {"x*": "1 W/m2/K"}}]},
            "'l' touches 'one' and has no film|'l' touches 'two' and has no film",
        ),
        ({"lumps": [{"name": "l", "regions": ["three"], "films": {}}]}, "'l': no region is called 'three'"),
        (
            {"lumps": [{"name": name, "regions": ["two"], "films": {"*": "1 W/m2/K"}} for name in "lm"]},
            "'m' shares a region with another lump",
        ),
        (
            {
                "lumps": [
                    {"name": "l", "regions": ["one"], "films": {"two": None, "*": "1 W/m2/K"}},
                    {"name": "m", "regions": ["two"], "films": {"one": None, "*": "1 W/m2/K"}},
                ]
            },
            "no film between",
        ),
        ({"lumps": [{"name": "l", "regions": ["two"], "films": {"*": None}}]}, "film \"none\" of 'l'"),
        ({"ledge": {"pools": ["l"], "walls": ["two"]}}, "ledge.pools"),
        ({"materials": {"m": {"density": "1 kg/m3"}}}, "thermal_conductivity: is needed"),
    ],
)
def test_errors(changes, message):
    parts = wall((("one", "m", 0.2), ("two", "m", 0.2)), [fixed(900.0)], [fixed(300.0)], {"m": material(k=2.0)})
    with pytest.raises(CaseError, match=message):
        solved(**parts | changes)


def test_only_given_fluxes_have_no_steady_state():
    parts = wall(
        (("a", "m", 0.2),),
        [{"kind": "heat_flux", "value": "700 W/m2"}],
        [{"kind": "heat_flux", "value": "-600 W/m2"}],
        {"m": material(k=2.0)},
    )
    with pytest.raises((CaseError, NotConverged)):
        solved(**parts)
    assert case_of(**parts).conditions[0].laws[0].value == 700.0
