"""Case → Solution: status, history, record, warnings, provenance; what is left when a solve fails; the same bits
again."""

import gc
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from tests.flagship.conftest import COARSE
from tests.verification.checkers import box, case_of, check_ledger, convection, fixed, layers, material, surface

import oxycell
from oxycell.case.case import Case
from oxycell.case.load import load
from oxycell.case.solving import solve as solving
from oxycell.case.solving.solve import first_guess, frozen_message, solve_case
from oxycell.errors import CaseError, NotConverged

BAR = dict(
    materials={"m": material(10.0, 2.0), "n": material(([300.0, 400.0], [5.0, 6.0]), 1.0)},
    boxes=layers(("a", "m", 0.5), ("b", "n", 0.5)),
    mesh={"size": "0.25 m"},
    surfaces=[surface("begin", "a", "x-"), surface("end", "b", "x+")],
    physics={"temperature": "350 K"},
    terminals=[
        {"name": "in", "surfaces": ["begin"], "current": "90 A"},
        {"name": "out", "surfaces": ["end"], "potential": "0 V"},
    ],
    conditions=[{"on": ["begin", "end"], "path": "ends", "laws": [convection(5.0, 300.0)]}],
)


def solve(progress=None, **changes):
    return solve_case(case_of(**BAR | changes), progress)


def test_status_and_history():
    rows = []
    solution = solve(rows.append)
    status = solution.status
    assert (
        solution.converged
        and status["message"] == "converged"
        and status["cells"] == status["lattice_cells"] == solution.mesh.n_cells
    )
    assert (
        status["unknowns"] == 2 * solution.mesh.n_cells + 2
        and status["wall_seconds"] > 0.0
        and status["peak_memory_bytes"] > 1e6
    )
    assert solution.history == rows and status["outer_iterations"] == len(rows) > 1
    assert rows[-1]["charge"] <= 1e-10 and rows[-1]["heat"] <= 1e-8
    assert rows[-1]["cell_voltage"] == pytest.approx(oxycell.report(solution)["voltage"]["cell_V"], rel=1e-8)
    assert [row["iteration"] for row in rows] == list(range(1, len(rows) + 1))
    check_ledger(solution)


def test_record_holds_every_cell_and_face():
    solution = solve()
    record, mesh = solution.record, solution.mesh
    cells = record["cells"]
    assert all(cells[name].shape == (mesh.n_cells,) for name in cells)
    assert (
        record["electric"]["current"].shape == record["electric"]["face"].shape == record["electric"]["terminal"].shape
    )
    assert record["thermal"]["heat_owner"].shape == record["thermal"]["path"].shape
    assert (
        record["names"]["regions"] == ["a", "b"]
        and record["names"]["terminals"] == ["in", "out"]
        and record["multiplicity"] == 1
    )
    assert np.all(np.isfinite(cells["electric_potential"])) and cells["temperature"].min() > 300.0


def test_without_heat_and_without_current():
    cold = solve(physics={"thermal": False, "temperature": "350 K"})
    assert "thermal" not in cold.record and np.all(cold.record["cells"]["temperature"] == 350.0)
    check_ledger(cold)
    still = solve(
        physics={"electric": False},
        conditions=[{"on": ["begin"], "laws": [fixed(500.0)]}, {"on": ["end"], "laws": [fixed(300.0)]}],
    )
    assert "electric" not in still.record and np.all(np.isnan(still.record["cells"]["electric_potential"]))
    check_ledger(still)


def test_resolved_case_gives_the_same_bits(tmp_path):
    """The text a solution keeps, read back, solves to the same fields."""
    one = solve()
    path = tmp_path / "case.toml"
    path.write_text(one.case_text, encoding="utf-8")
    other = solve_case(load(str(path)))
    assert other.case_text == one.case_text
    for name, value in one.record["cells"].items():
        assert np.array_equal(value, other.record["cells"][name], equal_nan=value.dtype.kind == "f"), name


def test_properties_out_of_range_are_reported():
    solution = solve(
        physics={"temperature": "350 K"}, terminals=[dict(BAR["terminals"][0], current="400 A"), BAR["terminals"][1]]
    )
    T = solution.record["cells"]["temperature"][solution.mesh.region == 1].max()
    assert T > 400.0 and any("n: electrical_conductivity is used" in line for line in solution.warnings)
    assert not any("m:" in line for line in solution.warnings)


def test_merged_planes_are_reported():
    solution = solve(boxes=[*BAR["boxes"], box("c", "m", (0.5004, 0.7), (0.0, 0.5))])
    assert any("1 planes merged: x = 0.5004 m moved to 0.5 m" in line for line in solution.warnings)


def test_provenance():
    solution = solve()
    assert (
        solution.provenance["oxycell"] == oxycell.__version__ and solution.provenance["mesh_hash"] == solution.mesh.hash
    )
    assert {"created", "python", "system", "numpy", "scipy", "numba"} <= set(solution.provenance)


def test_failure_keeps_the_last_state():
    with pytest.raises(NotConverged) as error:
        solve(solver={"outer_iterations": 1, "tolerance": 1e-3})
    left = error.value.solution
    assert left is not None and not left.converged and left.status["message"] in str(error.value)
    assert left.record["cells"]["temperature"].shape == (left.mesh.n_cells,) and left.history
    assert any("not converged" in line for line in oxycell.report.report_failures(oxycell.report(left)))


def test_case_is_a_case():
    assert isinstance(case_of(**BAR), Case)


def test_a_material_may_refuse_to_be_used_beyond_its_table():
    case = {
        "physics": {"electric": False, "temperature": "400 K"},
        "materials": {
            "m": {"thermal_conductivity": {"temperature": ["300 K", "500 K"], "value": [1.0, 2.0]}, "outside": "error"}
        },
        "boxes": [{"name": "a", "material": "m", "x": ["0 m", "1 m"], "y": ["0 m", "1 m"], "z": ["0 m", "1 m"]}],
        "surfaces": [{"name": "hot", "of": "a", "sides": ["x-"]}, {"name": "cold", "of": "a", "sides": ["x+"]}],
        "conditions": [
            {"on": ["hot"], "laws": [{"kind": "fixed_temperature", "temperature": "900 K"}]},
            {"on": ["cold"], "laws": [{"kind": "fixed_temperature", "temperature": "400 K"}]},
        ],
    }
    with pytest.raises(CaseError, match="materials.m.outside: m: thermal_conductivity is used"):
        solve_case(Case.model_validate(case))
    case["materials"]["m"]["outside"] = "hold"
    assert any("outside its range" in line for line in solve_case(Case.model_validate(case)).warnings)


def test_insulators_alone_are_heat_alone():
    """Where nothing conducts there is no current to find, whatever `physics.electric` says."""
    case = oxycell.Case.model_validate(
        {
            "mesh": {"size": "0.5 m"},
            "materials": {"board": {"thermal_conductivity": "2 W/m/K", "insulator": True}},
            "boxes": [
                {"name": "wall", "material": "board", "x": ["0 m", "1 m"], "y": ["0 m", "1 m"], "z": ["0 m", "1 m"]}
            ],
            "surfaces": [
                {"name": "hot", "of": "wall", "sides": ["x-"]},
                {"name": "cold", "of": "wall", "sides": ["x+"]},
            ],
            "conditions": [
                {"on": ["hot"], "laws": [{"kind": "fixed_temperature", "temperature": "400 K"}]},
                {"on": ["cold"], "laws": [{"kind": "fixed_temperature", "temperature": "300 K"}]},
            ],
        }
    )
    report = oxycell.report(oxycell.solve(case))
    assert report["heat"]["losses"] == pytest.approx({"hot": -200.0, "cold": 200.0})
    assert report["voltage"]["cell_V"] is None


@pytest.mark.parametrize(("superheat", "said"), [(12.0, None), (8.0, "near freezing"), (0.0, "the bath freezes")])
def test_a_search_that_kept_its_superheat_is_not_near_freezing(superheat, said):
    """Heat was lacking with pools held 10 K above the liquidus; what the last state has of that decides what is
    said."""
    problem = SimpleNamespace(thermal=SimpleNamespace(freezing=[(0, 1150.0)]), electric=None)
    built = SimpleNamespace(problem=problem, mesh=SimpleNamespace(multiplicity=1))
    solver = SimpleNamespace(surplus=-10.0, ledge_heat=100.0, first_superheat=10.0)
    state = SimpleNamespace(temperature=np.array([1150.0 + superheat]))
    message = frozen_message(built, state, SimpleNamespace(front=None), [], solver, "stalled")
    assert message is None if said is None else said in message


def test_a_first_guess_makes_no_deferred_corrections_and_is_freed_at_once(monkeypatch):
    """A search for an operating point begins with one: what stays of it adds to the memory of the first solve."""
    case, seen = load("kraz-140ka").replaced(COARSE), []
    first_guess(case)  # with what the first use of kernels keeps

    def make_record(built, *more):
        parts = (built.mesh, built.problem, *built.problem.balances)
        assert built.problem.electric.linear_flux and built.problem.thermal.linear_flux
        seen.extend((part, "correction" in vars(part)) for part in map(weakref.proxy, parts))
        return record(built, *more)

    record = solving.make_record
    monkeypatch.setattr(solving, "make_record", make_record)
    gc.collect()
    gc.disable()  # no cycle may keep it
    try:
        first_guess(case)
        assert len(seen) == 4 and not any(corrected for _, corrected in seen)
        for part, _ in seen:
            with pytest.raises(ReferenceError):
                vars(part)
    finally:
        gc.enable()
