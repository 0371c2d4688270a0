"""Charge balance of small cases against closed forms: resistors, electrodes, terminals, a smooth field, and what must
raise."""

import numpy as np
import pytest
from scipy.optimize import brentq
from tests.verification.checkers import (
    box,
    case_of,
    check_ledger,
    layers,
    material,
    observed_orders,
    solved,
    surface,
    terminal_current,
    terminal_potential,
)

import oxycell
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError

ISOTHERMAL = {"thermal": False, "temperature": "1180 K"}
VT = GAS_CONSTANT * 1180.0 / FARADAY


def through(first, last, current, axis="x", **more):
    """Surfaces and terminals that send a current through a row of layers, out at 0 V."""
    return {
        "surfaces": [surface("begin", first, f"{axis}-"), surface("end", last, f"{axis}+")],
        "terminals": [
            {"name": "in", "surfaces": ["begin"], "current": f"{current!r} A"} | more,
            {"name": "out", "surfaces": ["end"], "potential": "0 V"},
        ],
        "physics": ISOTHERMAL,
    }


def row(laws, current=30.0, sigma=(200.0, 50.0), **more):
    """Two layers of 0.4 and 0.1 m, 0.25 m², with laws in between; current from the first to the second."""
    return solved(
        materials={"m": material(sigma[0]), "n": material(sigma[1])},
        boxes=layers(("a", "m", 0.4), ("b", "n", 0.1), side=0.5),
        mesh={"size": "0.1 m"},
        interfaces=[{"name": "i", "between": ["a", "b"], "laws": laws}],
        **through("a", "b", current, **more),
    )


OHMIC = (0.4 / 200.0 + 0.1 / 50.0) / 0.25


@pytest.mark.parametrize("size", ["1 m", "0.07 m"])
@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_resistors_in_series(axis, size):
    """Four layers over eight decades of σ, contact, resistances of terminal and surface, in every direction, on every
    mesh."""
    stack = (("a", "copper", 0.3), ("b", "bath", 0.05), ("c", "carbon", 0.4), ("d", "poor", 0.002))
    sigma = {"copper": 3e7, "bath": 180.0, "carbon": 3e4, "poor": 0.5}
    parts = through("a", "d", 50.0, axis, surface_resistance="2e-3 ohm", external_resistance="1e-3 ohm")
    solution = solved(
        materials={name: material(value) for name, value in sigma.items()},
        boxes=layers(*stack, axis=axis, side=0.5),
        mesh={"size": size},
        interfaces=[{"name": "i", "between": ["b", "c"], "laws": [{"kind": "contact", "electric": "3e-4 ohm m2"}]}],
        **parts,
    )
    resistance = sum(length / sigma[name] for _, name, length in stack) / 0.25 + 3e-4 / 0.25 + 2e-3
    assert terminal_potential(solution, "in") == pytest.approx(50.0 * resistance, rel=1e-11)
    report = check_ledger(solution)
    assert report["voltage"]["cell_V"] == pytest.approx(50.0 * (resistance + 1e-3), rel=1e-11)
    assert report["voltage"]["external_V"] == pytest.approx(0.05, rel=1e-11)
    assert terminal_current(solution, "out") == pytest.approx(-50.0, rel=1e-12)


BEHIND = {"surface_resistance": "2e-3 ohm", "external_resistance": "5e-3 ohm"}


def _between_resistances(symmetry, **terminal):
    """A bar with a Tafel-like electrode inside, resistances at both ends; the terminal `in` is given as stated."""
    return solved(
        materials={"m": material(40.0), "n": material(90.0)},
        boxes=[
            box("a", "m", (0.0, 0.4), (-0.2, 0.2), (-0.2, 0.2)),
            box("b", "n", (0.4, 0.6), (-0.2, 0.2), (-0.2, 0.2)),
        ],
        mesh={"size": "0.1 m", "symmetry": symmetry, "planes_y": ["0 m"]},
        interfaces=[{"name": "i", "between": ["a", "b"], "laws": [ASINH]}],
        surfaces=[surface("begin", "a", "x-"), surface("end", "b", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["begin"]} | BEHIND | terminal,
            {"name": "out", "surfaces": ["end"], "potential": "0.3 V", "external_resistance": "1e-3 ohm"},
        ],
        physics=ISOTHERMAL,
    )


@pytest.mark.parametrize("symmetry", [[], ["y"]])
def test_imposing_what_was_reported_gives_the_same_state(symmetry):
    """Current, potential outside and inside the external resistance: each, imposed, returns the two others."""
    given = check_ledger(_between_resistances(symmetry, current="100 A"))["terminals"]
    outside, inside = (given["in"][key] for key in ("potential_V", "node_potential_V"))
    assert outside == pytest.approx(inside + 0.5, rel=1e-12)  # 100 A through 5 mΩ
    assert given["out"]["potential_V"] == pytest.approx(0.3, rel=1e-12)
    assert given["out"]["node_potential_V"] == pytest.approx(0.4, rel=1e-9)
    for imposed in ({"potential": f"{outside!r} V"}, {"node_potential": f"{inside!r} V"}):
        again = check_ledger(_between_resistances(symmetry, **imposed))["terminals"]
        for name, entry in given.items():
            assert again[name] == pytest.approx(entry, rel=1e-9), (imposed, name)


def test_potential_inside_is_not_the_one_outside():
    """Counter-test: the figure of the node, imposed outside, gives another current."""
    inside = oxycell.report(_between_resistances([], current="100 A"))["terminals"]["in"]["node_potential_V"]
    assert terminal_current(_between_resistances([], potential=f"{inside!r} V"), "in") < 95.0


@pytest.mark.parametrize("resistance", ["1e-9 ohm", "1e-4 ohm", "100 ohm"])
def test_potential_behind_a_small_or_large_resistance(resistance):
    """The closed form, whether the resistance ahead is next to nothing or all there is."""
    solution = solved(
        materials={"m": material(40.0)},
        boxes=layers(("a", "m", 0.4), side=0.5),
        mesh={"size": "0.1 m"},
        surfaces=[surface("begin", "a", "x-"), surface("end", "a", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["begin"], "potential": "7 V", "external_resistance": resistance},
            {"name": "out", "surfaces": ["end"], "potential": "-1 V"},
        ],
        physics=ISOTHERMAL,
    )
    check_ledger(solution)
    assert terminal_current(solution, "in") == pytest.approx(8.0 / (float(resistance.split()[0]) + 0.04), rel=1e-9)


def test_conductivity_of_the_wrong_layer_is_seen():
    """Counter-test of the one before: the closed form is not met when two conductivities change places."""
    one, other = row([], sigma=(200.0, 50.0)), row([], sigma=(50.0, 200.0))
    assert terminal_potential(one, "in") == pytest.approx(30.0 * OHMIC, rel=1e-12)
    assert abs(terminal_potential(other, "in") / (30.0 * OHMIC) - 1.0) > 0.1


def test_two_paths_share_the_current():
    bars = [box("a", "m", (0.0, 2.0), (0.0, 0.3)), box("b", "n", (0.0, 2.0), (0.3, 1.0))]
    solution = solved(
        materials={"m": material(10.0), "n": material(90.0)},
        boxes=bars,
        mesh={"size": "0.25 m"},
        physics=ISOTHERMAL,
        surfaces=[surface("left_a", "a", "x-"), surface("left_b", "b", "x-"), surface("right", "*", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["left_*"], "current": "12 A"},
            {"name": "out", "surfaces": ["right"], "potential": "1 V"},
        ],
    )
    conductance = (10.0 * 0.3 + 90.0 * 0.7) / 2.0
    assert terminal_potential(solution, "in") == pytest.approx(1.0 + 12.0 / conductance, rel=1e-12)
    electric, mesh = solution.record["electric"], solution.mesh
    at_a = (electric["terminal"] == 0) & (mesh.region[mesh.owner[electric["face"]]] == 0)
    assert -electric["current"][at_a].sum() == pytest.approx(12.0 * 3.0 / 66.0, rel=1e-12)
    check_ledger(solution)


def test_surface_resistances_share_the_current():
    """One rod on each of two equal blocks, clamps of 1 and 3 mΩ in series with 2 mΩ of block: the clamps decide."""
    solution = solved(
        materials={"m": material(500.0)},
        boxes=[box("a", "m", (0.0, 1.0), (0.0, 1.0)), box("b", "m", (0.0, 1.0), (2.0, 3.0))],
        mesh={"size": "0.5 m"},
        physics=ISOTHERMAL,
        surfaces=[surface("left_a", "a", "x-"), surface("left_b", "b", "x-"), surface("right", "*", "x+")],
        terminals=[
            {"name": "one", "surfaces": ["left_a"], "potential": "1 V", "surface_resistance": "1e-3 ohm"},
            {"name": "two", "surfaces": ["left_b"], "potential": "1 V", "surface_resistance": "3e-3 ohm"},
            {"name": "out", "surfaces": ["right"], "current": "-500 A"},
        ],
    )
    level = terminal_potential(solution, "out")
    assert level == pytest.approx(1.0 - 500.0 / (1 / 3e-3 + 1 / 5e-3), rel=1e-11)
    assert terminal_current(solution, "one") == pytest.approx((1.0 - level) / 3e-3, rel=1e-10)
    assert terminal_current(solution, "two") == pytest.approx((1.0 - level) / 5e-3, rel=1e-10)


def test_conductivity_at_the_temperature():
    """σ from a table at the uniform temperature, and from a table of resistivity."""
    sigma = ([1000.0, 1200.0], [100.0, 300.0])
    resistivity = {
        "electrical_resistivity": {"temperature": ["1000 K", "1400 K"], "value": [0.01, 0.03]},
        "thermal_conductivity": "1 W/m/K",
    }
    solution = solved(
        materials={"m": material(sigma), "n": resistivity},
        boxes=layers(("a", "m", 0.5), ("b", "n", 0.25)),
        **through("a", "b", 8.0),
    )
    assert terminal_potential(solution, "in") == pytest.approx(8.0 * (0.5 / 280.0 + 0.25 * 0.019), rel=1e-12)


@pytest.fixture(scope="module")
def plate():
    """What the uncut model gave."""
    return {}


@pytest.mark.parametrize("symmetry", [[], ["x"], ["x", "y"]])
def test_symmetric_models_give_the_whole(symmetry, plate):
    """A plate between two electrodes, cut in half and quarter through electrodes and terminals."""
    planes = {"planes_x": ["0 m"], "planes_y": ["0 m"]}
    boxes = [box("a", "m", (-0.5, 0.5), (-0.4, 0.4), (0.0, 0.3)), box("top", "m", (-0.2, 0.2), (-0.4, 0.4), (0.3, 0.5))]
    solution = solved(
        materials={"m": material(40.0)},
        boxes=boxes,
        mesh={"size": "0.1 m", "symmetry": symmetry} | planes,
        physics=ISOTHERMAL,
        surfaces=[surface("up", "top", "z+"), surface("down", "a", "z-")],
        terminals=[
            {
                "name": "in",
                "surfaces": ["up"],
                "current": "100 A",
                "surface_resistance": "1e-2 ohm",
                "external_resistance": "2e-2 ohm",
            },
            {"name": "out", "surfaces": ["down"], "potential": "0 V", "surface_resistance": "3e-2 ohm"},
        ],
    )
    report = check_ledger(solution)
    assert report["terminals"]["in"]["current_A"] == pytest.approx(100.0, rel=1e-10)
    assert report["terminals"]["out"]["current_A"] == pytest.approx(-100.0, rel=1e-10)
    assert solution.mesh.multiplicity * solution.mesh.cell_volume.sum() == pytest.approx(
        1.0 * 0.8 * 0.3 + 0.4 * 0.8 * 0.2
    )
    parts = report["voltage"]["parts"]
    assert parts["external"] == pytest.approx(100.0 * 0.02, rel=1e-9)
    assert 1.0 < parts["contacts"] / (100.0 * 0.04) < 1.01  # a little more than of an even current
    plate.setdefault("voltage", report["voltage"]["cell_V"])
    assert report["voltage"]["cell_V"] == pytest.approx(plate["voltage"], rel=1e-9)


ASINH = {"kind": "asinh", "exchange_current_density": "70 A/m2", "transfer_number": 2}
CONCENTRATION = {"kind": "concentration", "slope": "5e-5 V/K", "threshold": "100 A/m2"}


def asinh(J):
    return VT / 2.0 * np.arcsinh(J / 140.0)


@pytest.mark.parametrize("current", [1e-3, 30.0, 5000.0, -30.0])
@pytest.mark.parametrize(
    ("laws", "drop"),
    [
        ([ASINH], asinh),
        ([{"kind": "equilibrium", "potential": "2.2 V"}, ASINH], lambda J: 2.2 + asinh(J)),
        ([CONCENTRATION], lambda J: 1180.0 * 5e-5 / 8 * np.log1p((J / 100.0) ** 8) if J > 0 else 0.0),
        (
            [
                {"kind": "resistance", "resistance": "1e-3 ohm m2"},
                ASINH,
                CONCENTRATION,
                {"kind": "contact", "electric": "2e-3 ohm m2"},
            ],
            lambda J: 3e-3 * J + asinh(J) + (1180.0 * 5e-5 / 8 * np.log1p((J / 100.0) ** 8) if J > 0 else 0.0),
        ),
    ],
)
def test_electrode_between_two_resistors(laws, drop, current):
    solution = row(laws, current)
    assert terminal_potential(solution, "in") == pytest.approx(
        current * OHMIC + drop(current / 0.25), rel=1e-9, abs=1e-12
    )
    check_ledger(solution)


@pytest.mark.parametrize("eta", [-0.3, 0.02, 0.35])
def test_butler_volmer_electrode(eta):
    J = 20.0 * (np.exp(0.6 * eta / VT) - np.exp(-0.9 * eta / VT))
    solution = row(
        [{"kind": "butler_volmer", "exchange_current_density": "20 A/m2", "anodic": 0.6, "cathodic": 0.9}],
        float(0.25 * J),
    )
    assert terminal_potential(solution, "in") == pytest.approx(0.25 * J * OHMIC + eta, rel=1e-9)


def test_order_of_the_regions_turns_the_law():
    """Between (b, a) the current from a to b is negative: an equilibrium potential and a one-sided law act the other
    way."""
    laws = [{"kind": "equilibrium", "potential": "1 V"}, CONCENTRATION]
    solution = solved(
        materials={"m": material(200.0), "n": material(50.0)},
        boxes=layers(("a", "m", 0.4), ("b", "n", 0.1), side=0.5),
        mesh={"size": "0.1 m"},
        interfaces=[{"name": "i", "between": ["b", "a"], "laws": laws}],
        **through("a", "b", 90.0),
    )
    assert terminal_potential(solution, "in") == pytest.approx(90.0 * OHMIC - 1.0, rel=1e-10)


@pytest.mark.parametrize(
    ("facing", "axis", "counts"),
    [("down", "z", False), ("up", "z", True), ("side", "x", True), ("side", "z", False), ("any", "x", True)],
)
def test_resistance_of_faces_that_look_one_way(facing, axis, counts):
    """a lies below or left of b: the face of a that looks at b looks up or sideways."""
    solution = solved(
        materials={"m": material(100.0)},
        boxes=layers(("a", "m", 0.5), ("b", "m", 0.5), axis=axis),
        mesh={"size": "0.25 m"},
        interfaces=[
            {
                "name": "i",
                "between": ["a", "b"],
                "laws": [{"kind": "resistance", "resistance": "0.02 ohm m2", "facing": facing, "part": "bubbles"}],
            }
        ],
        **through("a", "b", 10.0, axis),
    )
    assert terminal_potential(solution, "in") == pytest.approx(0.1 + 0.2 * counts, rel=1e-11)
    check_ledger(solution)


def two_gaps(**law):
    """One anode over two cathodes 2 and 5 cm below it, walls in between: two channels in parallel behind kinetics."""
    boxes = [
        box("anode", "metal", (0.0, 1.0), (0.0, 1.0), (0.05, 0.1)),
        box("near", "bath", (0.0, 0.5), (0.0, 1.0), (0.03, 0.05)),
        box("far", "bath", (0.5, 1.0), (0.0, 1.0), (0.0, 0.05)),
    ]
    between = [{"name": name, "between": ["anode", name], "laws": [ASINH | law]} for name in ("near", "far")]
    return solved(
        materials={"metal": material(1e8), "bath": material(200.0)},
        boxes=boxes,
        mesh={"size": "0.25 m", "size_z": "5 mm"},
        physics=ISOTHERMAL,
        interfaces=[*between, {"name": "wall", "between": ["near", "far"], "laws": [{"kind": "insulation"}]}],
        surfaces=[surface("top", "anode", "z+"), surface("bottom", "*", "z-", z=(-0.01, 0.04))],
        terminals=[
            {"name": "in", "surfaces": ["top"], "current": "5000 A"},
            {"name": "out", "surfaces": ["bottom"], "potential": "0 V"},
        ],
    )


@pytest.mark.parametrize("exchange", [1e4, 1e3, 70.0, 1e-3])
def test_secondary_distribution_over_two_gaps(exchange):
    """The anode is at one potential: each channel carries the root of V = J d/σ + η(J), and the two make the
    current."""

    def density(V, gap):
        return brentq(
            lambda J: J * gap / 200.0 + VT / 2.0 * np.arcsinh(J / (2 * exchange)) - V,
            0.0,
            200.0 / gap * V + 1.0,
            xtol=1e-12,
        )

    V = brentq(lambda V: 0.5 * (density(V, 0.02) + density(V, 0.05)) - 5000.0, 0.1, 5.0, xtol=1e-14)
    solution = two_gaps(exchange_current_density=f"{exchange!r} A/m2")
    electric, mesh = solution.record["electric"], solution.mesh
    inner = mesh.neighbour[electric["face"]] >= 0
    owner, neighbour = (
        mesh.region[mesh.owner[electric["face"][inner]]],
        mesh.region[mesh.neighbour[electric["face"][inner]]],
    )
    names = solution.record["names"]["regions"]
    for name, gap in (("near", 0.02), ("far", 0.05)):
        at = ((owner == names.index(name)) & (neighbour == names.index("anode"))) | (
            (neighbour == names.index(name)) & (owner == names.index("anode"))
        )
        assert abs(electric["current"][inner][at].sum()) == pytest.approx(0.5 * density(V, gap), rel=1e-5)
    assert terminal_potential(solution, "in") == pytest.approx(V, abs=1e-5)


def test_kinetics_even_out_the_current():
    """The current under the edge of an electrode shorter than its bath: falls towards the mean as Wagner's number
    rises."""
    peaks = []
    for resistance in (1e-7, 1e-4, 1e-3, 1e-1):
        solution = solved(
            materials={"metal": material(1e6), "bath": material(200.0)},
            physics=ISOTHERMAL,
            mesh={"size": "0.02 m", "size_y": "1 m"},
            boxes=[box("anode", "metal", (0.0, 0.2), z=(0.06, 0.1)), box("bath", "bath", (0.0, 0.4), z=(0.0, 0.06))],
            interfaces=[
                {
                    "name": "i",
                    "between": ["anode", "bath"],
                    "laws": [{"kind": "resistance", "resistance": f"{resistance} ohm m2"}],
                }
            ],
            surfaces=[surface("top", "anode", "z+"), surface("bottom", "bath", "z-")],
            terminals=[
                {"name": "in", "surfaces": ["top"], "current": "100 A"},
                {"name": "out", "surfaces": ["bottom"], "potential": "0 V"},
            ],
        )
        law = next(iter(solution.record["electric"]["laws"].values()))
        through = np.abs(solution.record["electric"]["current"][law["index"]])
        assert through.sum() == pytest.approx(100.0, rel=1e-10) and np.argmax(through) == through.size - 1
        peaks.append(through.max() / through.mean())
    assert np.all(np.diff(peaks) < 0.0) and peaks[0] > 1.5 and peaks[-1] < 1.05


def cosine(n):
    """φ = cos πx cosh πy / cosh π on the unit square by n terminals along y = 1; walls and y = 0 insulated."""
    edges = np.linspace(0.0, 1.0, n + 1)
    middle = 0.5 * (edges[1:] + edges[:-1])
    solution = solved(
        materials={"m": material(1.0)},
        boxes=[box("a", "m", (0.0, 1.0))],
        mesh={"size": f"{float(1 / n)!r} m", "size_z": "1 m"},
        physics=ISOTHERMAL,
        surfaces=[
            surface(f"s{i}", "a", "y+", x=(float(low), float(high)))
            for i, (low, high) in enumerate(zip(edges[:-1], edges[1:], strict=True))
        ],
        terminals=[
            {"name": f"t{i}", "surfaces": [f"s{i}"], "potential": f"{float(np.cos(np.pi * x))!r} V"}
            for i, x in enumerate(middle)
        ],
    )
    x, y = solution.mesh.cell_centre[:, 0], solution.mesh.cell_centre[:, 1]
    exact = np.cos(np.pi * x) * np.cosh(np.pi * y) / np.cosh(np.pi)
    error = np.sqrt(np.mean((solution.record["cells"]["electric_potential"] - exact) ** 2))
    return error, abs(sum(terminal_current(solution, f"t{i}") for i in range(n // 2)) - np.tanh(np.pi))


def test_second_order_on_a_smooth_field():
    n = np.array([6, 12, 24, 48])
    errors, currents = np.array([cosine(k) for k in n]).T
    assert observed_orders(1.0 / n, errors)[1:] == pytest.approx(2.0, abs=0.1)
    assert observed_orders(1.0 / n, currents)[1:] == pytest.approx(2.0, abs=0.15)


def test_exact_for_linear_fields_on_a_graded_mesh():
    """A potential linear in x and in z, through layers of σ 1 and 1e6 parallel to it: patch test."""
    solution = solved(
        materials={"m": material(1.0), "n": material(1e6)},
        physics=ISOTHERMAL,
        mesh={"size": "0.3 m", "growth": 1.3, "planes_x": ["0.01 m"]},
        boxes=[box("a", "m", (0.0, 1.0), z=(0.0, 0.7)), box("b", "n", (0.0, 1.0), z=(0.7, 1.0))],
        surfaces=[surface("left", "*", "x-"), surface("right", "*", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["left"], "potential": "2 V"},
            {"name": "out", "surfaces": ["right"], "potential": "-1 V"},
        ],
    )
    assert solution.record["cells"]["electric_potential"] == pytest.approx(
        2.0 - 3.0 * solution.mesh.cell_centre[:, 0], abs=1e-9
    )
    assert terminal_current(solution, "in") == pytest.approx(3.0 * (0.7 + 0.3e6), rel=1e-9)
    check_ledger(solution)


@pytest.mark.parametrize(("volts", "sigma"), [(5.0, 5.8e7), (1.0, 1.0), (1e-3, 1e-6), (1e-9, 1e-9)])
def test_potentials_given_for_any_size_of_current(volts, sigma):
    solution = solved(
        materials={"m": material(sigma)},
        boxes=[*layers(("a", "m", 0.5), ("b", "m", 0.5))],
        mesh={"size": "0.1 m"},
        physics=ISOTHERMAL,
        interfaces=[
            {"name": "i", "between": ["a", "b"], "laws": [{"kind": "contact", "electric": f"{1.0 / sigma!r} ohm m2"}]}
        ],
        surfaces=[surface("left", "a", "x-"), surface("right", "b", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["left"], "potential": f"{volts!r} V"},
            {"name": "out", "surfaces": ["right"], "potential": "0 V"},
        ],
    )
    assert terminal_current(solution, "in") == pytest.approx(0.5 * volts * sigma, rel=1e-9)
    check_ledger(solution)


@pytest.mark.parametrize("seed", range(3))
def test_charge_is_kept_in_a_heap_of_boxes(seed):
    """Random conductors with contacts and kinetics between them; a floating plate and an insulated island of another
    kind."""
    rng = np.random.default_rng(seed)
    boxes = [box("ground", "m", (0.0, 1.0))]
    for i in range(4):
        low = rng.uniform(0.0, 0.5, 3).round(2)
        boxes.append(box(f"b{i}", "mn"[i % 2], *((float(a), float(a) + 0.4) for a in low)))
    solution = solved(
        materials={"m": material(10.0), "n": material(1e5)},
        boxes=boxes,
        mesh={"size": "0.2 m"},
        physics=ISOTHERMAL,
        interfaces=[
            {"name": "i", "between": ["ground", "b?"], "laws": [ASINH, {"kind": "contact", "electric": "1e-4 ohm m2"}]}
        ],
        surfaces=[surface("left", "*", "x-"), surface("right", "*", "x+"), surface("top", "*", "z+")],
        terminals=[
            {"name": "in", "surfaces": ["left"], "current": "40 A"},
            {"name": "plate", "surfaces": ["top"], "current": "0 A"},
            {"name": "out", "surfaces": ["right"], "potential": "0 V"},
        ],
    )
    electric, mesh = solution.record["electric"], solution.mesh
    net = np.bincount(mesh.owner[electric["face"]], electric["current"], mesh.n_cells)
    inner = mesh.neighbour[electric["face"]] >= 0
    net -= np.bincount(mesh.neighbour[electric["face"]][inner], electric["current"][inner], mesh.n_cells)
    assert np.abs(net).max() <= 40e-10
    assert (
        terminal_current(solution, "out") == pytest.approx(-40.0, rel=1e-10)
        and abs(terminal_current(solution, "plate")) < 1e-8
    )
    top = electric["current"][electric["terminal"] == 1]
    assert np.abs(top).max() > 1e-3  # the plate carries current across
    check_ledger(solution)


def bar(**changes):
    """A bar between two terminals; parts replaced."""
    return (
        dict(
            materials={"m": material(10.0)},
            boxes=[box("a", "m", (0.0, 1.0)), box("b", "m", (1.0, 2.0))],
            **through("a", "b", 1.0),
        )
        | changes
    )


CLAMP = [{"name": "in", "surfaces": ["begin"], "current": "1 A"}]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"terminals": []}, "no reference potential"),
        ({"terminals": [*CLAMP, {"name": "out", "surfaces": ["end"], "current": "-1 A"}]}, "no reference potential"),
        (
            {"boxes": [box("a", "m", (0.0, 1.0)), box("b", "m", (1.0, 2.0)), box("island", "m", (3.0, 4.0))]},
            "island conducts but reaches no terminal",
        ),
        (
            {"interfaces": [{"name": "i", "between": ["a", "b"], "laws": [{"kind": "insulation"}]}]},
            "'in' has no path to a terminal with a known potential",
        ),
        (
            {"terminals": [*CLAMP, {"name": "out", "surfaces": ["ennd"], "potential": "0 V"}]},
            "'out': nothing is called 'ennd'; nearest is 'end'",
        ),
        (
            {"terminals": [*CLAMP, {"name": "out", "surfaces": ["begin"], "potential": "0 V"}]},
            "'out' and 'in' share surface 'begin'",
        ),
        (
            {"interfaces": [{"name": "i", "between": ["a", "bb"], "laws": []}]},
            "'i': no region is called 'bb'; nearest is 'b'",
        ),
        (
            {"interfaces": [{"name": "i", "between": ["a", "b"], "laws": [{"kind": "equilibrium"}]}]},
            r"needs \[process\]",
        ),
        (
            {"interfaces": [{"name": "i", "between": ["a", "b"], "laws": [{"kind": "reversible_heat", "share": 0.5}]}]},
            r"needs \[process\]",
        ),
        ({"materials": {"m": {"insulator": True, "thermal_conductivity": "1 W/m/K"}}}, "does not conduct"),
        ({"physics": {"electric": False, "thermal": False}}, "nothing is solved"),
    ],
)
def test_errors(changes, message):
    with pytest.raises(CaseError, match=message):
        oxycell.case.solving.solve.solve_case(case_of(**bar(**changes)))


def test_terminal_knows_current_or_potential():
    for known in ({}, {"current": "1 A", "potential": "1 V"}, {"potential": "1 V", "node_potential": "1 V"}):
        with pytest.raises(ValueError, match="'in' needs one of current, potential and node_potential"):
            case_of(**bar(terminals=[{"name": "in", "surfaces": ["begin"]} | known]))
