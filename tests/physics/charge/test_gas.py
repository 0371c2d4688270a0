"""Gas in vertical gaps: closed forms of one gap, what the ledger books, where gaps end, and what must raise."""

import h5py
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from tests.verification.checkers import (
    box,
    case_of,
    check_ledger,
    check_slope,
    material,
    observed_orders,
    solved,
    surface,
    terminal_current,
)

import oxycell
from oxycell.case.building.build import build
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError
from oxycell.io.hdf5 import read_run, write_run
from oxycell.physics.charge.gas import gas_making

T, KAPPA, WIDTH, HEIGHT, DEPTH, SLIP, PRESSURE = 1178.0, 180.0, 0.025, 0.5, 0.3, 0.25, 1.2e5
PER_CHARGE = GAS_CONSTANT * T / (4.0 * FARADAY * PRESSURE)
ASINH = {"kind": "asinh", "exchange_current_density": "200 A/m2", "transfer_number": 2}


def gap(volts=0.7, cells=20, laws=(), gas=(), sigma=1e9, across=2, **more):
    """One anode face and one cathode face, a gap of bath between; between terminals at `volts` and 0."""
    z, y = (0.0, HEIGHT), (0.0, DEPTH)
    spec = {
        "electrolyte": "bath",
        "anodes": ["anode"],
        "cathodes": ["cathode"],
        "slip_velocity": f"{SLIP!r} m/s",
    } | dict(gas)
    return {
        "process": {"current_efficiency": 0.9, "gas_pressure": f"{PRESSURE!r} Pa"},
        "materials": {"metal": material(sigma), "melt": material(KAPPA)},
        "boxes": [
            box("anode", "metal", (-0.05, 0.0), y, z, part="anode_ohmic", anode="anode"),
            box("bath", "melt", (0.0, WIDTH), y, z, part="bath_ohmic"),
            box("cathode", "metal", (WIDTH, 0.075), y, z, part="cathode_ohmic"),
        ],
        "mesh": {
            "size": "1 m",
            "refinements": [
                {"axis": "z", "extent": ["0 m", f"{HEIGHT} m"], "cells": cells},
                {"axis": "x", "extent": ["0 m", f"{WIDTH} m"], "cells": across},
            ],
        },
        "interfaces": [{"name": "front", "between": ["anode", "bath"], "laws": list(laws)}],
        "surfaces": [surface("in", "anode", "x-"), surface("out", "cathode", "x+")],
        "terminals": [
            {"name": "in", "surfaces": ["in"], "potential": f"{volts!r} V"},
            {"name": "out", "surfaces": ["out"], "potential": "0 V"},
        ],
        "physics": {"thermal": False, "temperature": f"{T!r} K"},
        "gas": [spec],
    } | more


def closed_form(volts, width=WIDTH, slip=SLIP):
    """Current, ohmic and bubble voltage of a gap between plates at one potential each.

    i = κ V/w (1 + v)^−1.5, dv/dz = i q/(w u_s) with v = U/u_s, hence (1 + v)^2.5 = 1 + 2.5 κ V q z/(w² u_s).
    """
    top = (1.0 + 2.5 * KAPPA * volts * PER_CHARGE * HEIGHT / (width**2 * slip)) ** 0.4
    current = DEPTH * (top - 1.0) * width * slip / PER_CHARGE
    # ∫ i (1 + v)^−1.5 dz over ∫ i dz, with dz along v
    ohmic = volts * (1.0 - top**-0.5) / 0.5 / (top - 1.0)
    return current, ohmic, volts - ohmic


@pytest.mark.parametrize(("slip", "share"), [(SLIP, 0.06), (0.01, 0.6)])
def test_one_gap_has_a_closed_form_and_converges_to_it(slip, share):
    """Slow bubbles fill half the gap: errors far above round-off, falling with the square of the cells' height."""
    current, ohmic, bubbles = closed_form(0.7, slip=slip)
    assert bubbles / 0.7 == pytest.approx(share, rel=0.3)
    sizes, errors = [], []
    for cells in (10, 20, 40):
        solution = solved(**gap(cells=cells, gas={"slip_velocity": f"{slip!r} m/s"}))
        report = check_ledger(solution)
        parts = report["voltage"]["parts"]
        assert sum(parts.values()) == pytest.approx(report["voltage"]["cell_V"], rel=1e-9)
        sizes.append(HEIGHT / cells)
        errors.append([abs(terminal_current(solution, "in") / current - 1.0), abs(parts["bubbles"] / bubbles - 1.0)])
    errors = np.array(errors)
    assert errors[-1].max() < (1e-5 if slip == SLIP else 2e-3)
    assert parts["bath_ohmic"] == pytest.approx(ohmic, rel=2e-3)
    if slip != SLIP:
        assert all(np.all(observed_orders(sizes, column) > 1.8) for column in errors.T), errors


def test_counter_the_closed_form_of_another_gap_is_not_met():
    solution = solved(**gap(cells=40))
    for wrong in (0.9 * WIDTH, 1.1 * WIDTH):
        current = closed_form(0.7, wrong)[0] * wrong / WIDTH
        assert abs(terminal_current(solution, "in") / current - 1.0) > 1e-3


def test_gap_with_kinetics_against_an_integral_along_z():
    """E + η(i) + i w (1 + v)^1.5/κ = V on each height, dv/dz = i q/(w u_s), integrated by another method."""
    rest, volts = 2.2, 3.2

    def current(v):
        def excess(i):
            return (
                rest
                + GAS_CONSTANT * T / (2 * FARADAY) * np.arcsinh(i / 400.0)
                + i * WIDTH / KAPPA * (1 + v) ** 1.5
                - volts
            )

        return brentq(excess, 0.0, 1e5, xtol=1e-10)

    def slope(_, v):
        i = current(v[0])
        return [i * PER_CHARGE / (WIDTH * SLIP), i]

    whole = solve_ivp(slope, (0.0, HEIGHT), [0.0, 0.0], rtol=1e-10, atol=1e-9).y[1, -1] * DEPTH
    laws = [{"kind": "equilibrium", "potential": f"{rest} V"}, ASINH]
    solution = solved(**gap(volts, cells=40, laws=laws))
    assert terminal_current(solution, "in") == pytest.approx(whole, rel=1e-4)
    check_ledger(solution)


def test_order_of_the_regions_turns_the_law():
    """The same electrode, said from the electrolyte's side."""
    resistance = {"kind": "resistance", "resistance": "2e-5 ohm m2"}
    forward = gap(3.2, cells=8, laws=[{"kind": "equilibrium", "potential": "2.2 V"}, ASINH, resistance])
    back = gap(3.2, cells=8, laws=[{"kind": "equilibrium", "potential": "-2.2 V"}, ASINH, resistance])
    back["interfaces"][0]["between"] = ["bath", "anode"]
    one, other = solved(**forward), solved(**back)
    assert terminal_current(other, "in") == pytest.approx(terminal_current(one, "in"), rel=1e-12)
    assert other.record["cells"]["gas_fraction"] == pytest.approx(one.record["cells"]["gas_fraction"], rel=1e-12)


def test_without_current_or_gas_nothing_changes():
    """Reversed current makes no gas; bubbles that rise very fast thin out nothing; without [[gas]] the same to the last
    digit."""
    bare = gap()
    del bare["gas"]
    plain = terminal_current(solved(**bare), "in")
    assert plain == pytest.approx(KAPPA * 0.7 / WIDTH * HEIGHT * DEPTH, rel=1e-6)
    assert terminal_current(solved(**gap(gas={"slip_velocity": "1e12 m/s"})), "in") == pytest.approx(plain, rel=1e-10)
    back = solved(**gap(-0.7))
    assert terminal_current(back, "in") == pytest.approx(-plain, rel=1e-10)
    assert np.all(back.record["cells"]["gas_fraction"] == 0.0)


def test_gas_fraction_rises_and_is_what_the_current_below_makes():
    solution = solved(**gap(cells=10, laws=[{"kind": "equilibrium", "potential": "0.1 V"}, ASINH]))
    record, mesh = solution.record, solution.mesh
    electric = record["electric"]
    face = np.flatnonzero(np.abs(mesh.face_centre[electric["face"], 0]) < 1e-9)
    face = face[np.argsort(mesh.face_centre[electric["face"][face], 2])]
    current = electric["current"][face] / DEPTH
    risen = (np.cumsum(current) - 0.5 * current) * PER_CHARGE / WIDTH
    found = record["cells"]["gas_fraction"][mesh.neighbour[electric["face"][face]]]
    assert found == pytest.approx(risen / (risen + SLIP), rel=1e-12)
    assert np.all(np.diff(found) > 0.0)
    in_bath = mesh.region == mesh.region_names.index("bath")
    assert np.all(record["cells"]["gas_fraction"][~in_bath] == 0.0) and np.all(
        record["cells"]["gas_fraction"][in_bath] > 0.0
    )


def test_parts_are_split_by_the_ratio_in_the_record():
    """Another ratio there moves the drop between gas and bath and leaves the sum."""
    solution = solved(**gap(cells=10))
    parts = oxycell.report(solution)["voltage"]["parts"]
    cells = solution.record["cells"]
    assert np.array_equal(cells["gas_conductivity_ratio"], (1.0 - cells["gas_fraction"]) ** 1.5)
    cells["gas_conductivity_ratio"] = cells["gas_conductivity_ratio"] ** 1.01
    moved = oxycell.report(solution)["voltage"]["parts"]
    assert moved["bubbles"] - parts["bubbles"] == pytest.approx(parts["bath_ohmic"] - moved["bath_ohmic"], rel=1e-9)
    assert 1.005 < moved["bubbles"] / parts["bubbles"] < 1.015
    assert sum(moved.values()) == pytest.approx(sum(parts.values()), rel=1e-12)


def test_runs_of_before_the_ratio_are_read(tmp_path):
    """Their record holds the gas fraction alone; the report made again from it is the same."""
    solution = solved(**gap(cells=10))
    write_run(solution, tmp_path)
    with h5py.File(tmp_path / "fields.hdf", "a") as file:
        del file["oxycell/cells/gas_conductivity_ratio"]
    assert oxycell.report(read_run(tmp_path))["voltage"] == oxycell.report(solution)["voltage"]


def two_anodes(open_width, between=0.06, mirrored=False):
    """Two anodes with a gap and no cathode between them; each has a cathode on its other side and ends above it."""
    half = between / 2
    spans = {"anode_1": (half, half + 0.04), "anode_2": (-half - 0.04, -half)}
    parts = gap()
    parts["boxes"] = [box("bath", "melt", (-0.2, 0.2), (0.0, DEPTH), (0.0, HEIGHT), part="bath_ohmic")]
    parts["boxes"] += [
        box(name, "metal", x, (0.0, DEPTH), (0.0, HEIGHT), part="anode_ohmic", anode=name) for name, x in spans.items()
    ]
    for x in ((0.13, 0.2), (-0.2, -0.13)):
        parts["boxes"].append(box("cathode", "metal", x, (0.0, DEPTH), (0.0, 0.3), part="cathode_ohmic"))
    parts["mesh"] = {"size": "0.02 m", "size_z": "0.05 m", "planes_x": ["0 m"], "symmetry": ["x"] if mirrored else []}
    parts["interfaces"] = [{"name": "front", "between": ["anode_*", "bath"], "laws": []}]
    parts["surfaces"] = [surface("in", "anode_*", "z+"), surface("out", "cathode", "z-")]
    parts["gas"] = [{"electrolyte": "bath", "anodes": ["anode_*"], "cathodes": ["cathode"], "open_width": open_width}]
    return parts


def test_gaps_end_at_cathodes_half_way_to_anodes_and_where_the_case_says():
    columns = build(case_of(**two_anodes("20 mm"))).problem.electric.gas
    mesh = build(case_of(**two_anodes("20 mm"))).mesh
    x, z = mesh.cell_centre[columns.cell, 0], mesh.cell_centre[columns.cell, 2]
    between = np.abs(x) < 0.03
    assert columns.width[columns.closed] == pytest.approx(0.06) and np.array_equal(columns.closed, ~between & (z < 0.3))
    assert columns.width[~columns.closed] == pytest.approx(0.02)
    wide = build(case_of(**two_anodes("1 m"))).problem.electric.gas
    assert wide.width[between] == pytest.approx(0.03)  # half way to the other anode
    assert wide.width[~between & (z > 0.3)] == pytest.approx(0.13)  # as far as the melt
    above = np.flatnonzero(~between & (z > 0.3) & (z < 0.35))
    assert np.all(columns.closed[columns.below[above]])  # what rises out of the gap goes on in the open layer
    none = build(case_of(**two_anodes("0 mm"))).problem.electric.gas
    assert none.closed.all() and none.face.size == np.count_nonzero(columns.closed)


@pytest.mark.parametrize("open_width", ["20 mm", "1 m"])
def test_half_model_has_the_gas_of_the_whole(open_width):
    whole, half = (oxycell.report(solved(**two_anodes(open_width, mirrored=cut))) for cut in (False, True))
    assert half["status"]["cells"] * 2 == whole["status"]["cells"]
    for name in ("bubbles", "bath_ohmic", "anode_ohmic"):
        assert half["voltage"]["parts"][name] == pytest.approx(whole["voltage"]["parts"][name], rel=1e-9)
    assert half["terminals"]["in"]["current_A"] == pytest.approx(whole["terminals"]["in"]["current_A"], rel=1e-9)


def test_slope_of_the_gas_made():
    for J in (-0.5, 0.3, 0.8, 2.0, 5e3):
        check_slope(gas_making, J, (1e-2, 5e-3, 2.5e-3))
    assert gas_making(5e3)[0] == 5e3 and gas_making(-5e3)[0] == 0.0
    for at in (0.0, 1.0):  # once continuously differentiable
        assert gas_making(at - 1e-9) == pytest.approx(gas_making(at + 1e-9), abs=1e-8)


def test_residual_is_a_function_of_the_state_alone():
    problem = build(case_of(**gap(cells=10, laws=[ASINH]))).problem
    rng = np.random.default_rng(7)
    start = problem.start()
    states = [start.moved(start.vector + rng.normal(0.0, 0.5, start.vector.size)) for _ in range(3)]
    first = [problem.residual(state) for state in states]
    again = [problem.residual(state) for state in reversed(states)][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gas": {"anodes": ["anod"]}}, "no region is called 'anod'; nearest is 'anode'"),
        ({"gas": {"electrolyte": "cathode"}}, "gas.0: no vertical face between its anodes and 'cathode'"),
        ({"process": None}, "gas: its volume needs process.gas_pressure"),
    ],
)
def test_bad_gas(change, message):
    parts = gap() | {key: value for key, value in change.items() if key != "gas"}
    parts["gas"] = [parts["gas"][0] | change.get("gas", {})]
    with pytest.raises(CaseError, match=message.replace(".", r"\.")):
        build(case_of(**parts))


def test_one_face_in_two_gas_options_is_refused():
    parts = gap()
    parts["gas"] = parts["gas"] * 2
    with pytest.raises(CaseError, match=r"gas: two gaps share 40 cells"):
        build(case_of(**parts))
