"""What counts as converged where nothing flows, or next to nothing, and what never does."""

import copy
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import oxycell
from oxycell.case.building.build import build
from oxycell.case.case import Case
from oxycell.solvers.criteria import Criteria

AMBIENT = 303.15  # [K]
SIGMA, SECTION, SKIN = 3e7, 1e-3, 0.22  # [S/m], [m²], [m²]


def bar(current, laws, **more):
    """A bar of 1 m × 0.1 m × 0.01 m with `laws` on its four long sides."""
    return Case.model_validate(
        {
            "mesh": {"size": "50 mm"},
            "materials": {"bar": {"electrical_conductivity": "3e7 S/m", "thermal_conductivity": "200 W/m/K"}},
            "boxes": [
                {"name": "bar", "material": "bar", "x": ["0 m", "1 m"], "y": ["0 m", "0.1 m"], "z": ["0 m", "0.01 m"]}
            ],
            "surfaces": [
                {"name": "begin", "of": "bar", "sides": ["x-"]},
                {"name": "end", "of": "bar", "sides": ["x+"]},
                {"name": "skin", "of": "bar", "sides": ["y-", "y+", "z-", "z+"]},
            ],
            "terminals": [
                {"name": "in", "surfaces": ["begin"], "current": f"{current!r} A"},
                {"name": "out", "surfaces": ["end"], "potential": "0 V"},
            ],
            "conditions": [{"on": ["skin"], "laws": laws}],
            **more,
        }
    )


CONVECTION = {"kind": "convection", "coefficient": "8 W/m2/K", "fluid": "30 degC"}
RADIATION = {"kind": "radiation", "emissivity": 0.8, "surroundings": "30 degC"}
NATURAL = {"kind": "natural_convection", "fluid": "30 degC", "length": "0.1 m"}


@pytest.mark.parametrize("start", ["25 degC", "30 degC", "700 degC"])
@pytest.mark.parametrize(
    "laws",
    [[CONVECTION, RADIATION], [NATURAL], [NATURAL, RADIATION], [CONVECTION], [RADIATION]],
    ids=["both", "natural", "natural and radiation", "convection", "radiation"],
)
def test_unheated_bar_takes_the_temperature_of_its_surroundings(laws, start):
    solution = oxycell.solve(bar(0.0, laws, physics={"temperature": start}))
    figures = oxycell.report(solution)
    T = solution.record["cells"]["temperature"]
    # Laws whose slope vanishes with the difference (natural convection between horizontal faces) would take longer to
    # be exact.
    assert np.allclose(T, AMBIENT, rtol=0.0, atol=1e-9)
    assert abs(figures["heat"]["losses"]["skin"]) < 1e-10 and figures["heat"]["generated_W"] == 0.0
    assert all(member["closed"] for member in figures["balance"].values())


@pytest.mark.parametrize("current", [1e-6, 1e-3, 1e-2, 1.0, 100.0])
def test_heat_of_small_currents(current):
    """I² L/(σ A) is lost, to the round-off of 300 K: h A · ε · 300 K ≈ 1e-13 W of each face."""
    solution = oxycell.solve(bar(current, [CONVECTION, RADIATION]))
    figures = oxycell.report(solution)
    exact = current**2 / (SIGMA * SECTION)
    assert math.isclose(figures["heat"]["generated_W"], exact, rel_tol=1e-10)
    assert math.isclose(figures["heat"]["losses"]["skin"], exact, rel_tol=1e-7, abs_tol=2e-12)
    assert math.isclose(figures["voltage"]["cell_V"], current / (SIGMA * SECTION), rel_tol=1e-10)
    slope = 8.0 + 4.0 * 0.8 * 5.670374419e-8 * AMBIENT**3
    rise = solution.record["cells"]["temperature"].mean() - AMBIENT
    assert math.isclose(rise, exact / (slope * SKIN), rel_tol=1e-2, abs_tol=2e-11)


@pytest.mark.parametrize("current", ["1 uA", "1 mA"])
def test_bolted_busbar_at_the_current_of_a_micro_ohmmeter(current):
    """Resistance is a property of the cold joint: the same at any small current."""
    joint = oxycell.load("bolted-busbar")
    small = oxycell.report(oxycell.solve(joint.replaced({"terminals.0.current": current})))["voltage"]["cell_V"]
    one = oxycell.report(oxycell.solve(joint.replaced({"terminals.0.current": "1 A"})))["voltage"]["cell_V"]
    assert math.isclose(small / {"1 uA": 1e-6, "1 mA": 1e-3}[current], one, rel_tol=1e-5)


def test_heat_that_passes_beside_little_current():
    """The energy ledger is held against what flows: 13 kW of heat along a bar that carries a microampere."""
    ends = [
        {"on": ["begin"], "laws": [{"kind": "fixed_temperature", "temperature": "500 degC"}]},
        {"on": ["end"], "laws": [{"kind": "fixed_temperature", "temperature": "30 degC"}]},
    ]
    figures = oxycell.report(oxycell.solve(bar(1e-6, [CONVECTION, RADIATION]).replaced({"conditions": ends})))
    assert math.isclose(figures["heat"]["losses"]["end"], 200.0 * SECTION * 470.0, rel_tol=1e-9)
    energy = figures["balance"]["energy"]
    assert energy["closed"] and energy["limit"] <= 1e-6 and energy["relative"] < 1e-8


def test_ledger_does_not_excuse_what_is_not_round_off():
    """Counter-test: 1e-9 W too much through one face of the bar that nothing heats is seen, and so is 1e-9 W that is
    lost."""
    solution = oxycell.solve(bar(0.0, [CONVECTION, RADIATION]))
    figures = oxycell.report(solution)
    assert figures["balance"]["heat"]["closed"]
    for face, sides in ((5, ("heat_owner", "heat_neighbour")), (-1, ("heat_owner", "heat_neighbour"))):
        record = copy.deepcopy(solution.record)
        for side in sides:
            record["thermal"][side][face] += 1e-9
        assert not oxycell.report(replace(solution, record=record))["balance"]["heat"]["closed"]


def test_sum_is_held_against_what_crosses_the_boundary():
    """Counter-test: rows lost in the round-off of a huge conductance do not excuse a sum that is off by what flows."""

    balance = SimpleNamespace(name="heat", limit=1e-8, driven=False, condensed=False)
    floor = SimpleNamespace(rows=np.array([4e4, 4e4]), outside=1e-10, crossing=1e-10, bound=4e4)

    def closes(*residual):
        found = {"residual": np.array(residual), "flow": 500.0, "floor": floor}
        return Criteria(0.1).closes(SimpleNamespace(of=lambda _, what: found[what]), balance)

    assert closes(4e4, -4e4)
    assert not closes(4e4, -4e4 + 0.1)
    assert not closes(8e5, -8e5)


@pytest.mark.parametrize("size", ["50 mm", "10 mm"])
@pytest.mark.parametrize("volts", [1.0, 4.32, 1e3])
@pytest.mark.parametrize(
    "stated", [{"key": "potential"}, {"key": "node_potential"}, {"key": "potential", "external_resistance": "1 mohm"}]
)
def test_nothing_flows_between_equal_potentials(volts, size, stated):
    """A bar with both ends at one potential, which no current is to be resolved in: round-off of 1e3 V in it is 1e-7
    A."""
    key, more = stated["key"], {name: value for name, value in stated.items() if name != "key"}
    ends = [
        {"name": name, "surfaces": [on], key: f"{volts!r} V", **more} for name, on in (("in", "begin"), ("out", "end"))
    ]
    case = bar(0.0, [CONVECTION]).replaced({"terminals": ends, "mesh.size": size, "physics.thermal": False})
    report = oxycell.report(oxycell.solve(case))
    assert all(abs(terminal["current_A"]) < 1e-4 for terminal in report["terminals"].values())
    assert not case_is_driven(case) and case_is_driven(case.replaced({f"terminals.0.{key}": f"{volts + 1.0!r} V"}))


def case_is_driven(case):
    return build(case).problem.electric.driven


def test_insulation_parts_what_potentials_drive():
    """Two bodies with a potential each: no current, whatever round-off makes of it, and no potentials that differ on
    one body."""
    laws = [{"name": "gap", "between": ["one", "two"], "laws": [{"kind": "insulation"}]}]
    case = Case.model_validate(
        {
            "mesh": {"size": "10 mm"},
            "physics": {"thermal": False},
            "interfaces": laws,
            "materials": {"bar": {"electrical_conductivity": "1e6 S/m", "thermal_conductivity": "1 W/m/K"}},
            "boxes": [
                {"name": name, "material": "bar", "x": x, "y": ["0 m", "0.05 m"], "z": ["0 m", "0.05 m"]}
                for name, x in (("one", ["0 m", "0.1 m"]), ("two", ["0.1 m", "0.2 m"]))
            ],
            "surfaces": [
                {"name": "begin", "of": "one", "sides": ["x-"]},
                {"name": "end", "of": "two", "sides": ["x+"]},
            ],
            "terminals": [
                {"name": "in", "surfaces": ["begin"], "potential": "4.32 V"},
                {"name": "out", "surfaces": ["end"], "potential": "0 V"},
            ],
        }
    )
    assert not case_is_driven(case) and case_is_driven(case.replaced({"interfaces": []}))
    report = oxycell.report(oxycell.solve(case))
    assert all(abs(terminal["current_A"]) < 1e-6 for terminal in report["terminals"].values())
