"""Comparison and claims of the flagship at two currents."""

import json

import pytest

from oxycell.comparison import compare, text

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def two(coarse, tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    for name, changes in (("a", {}), ("b", {"operation__line_current": "150 kA"})):
        solution, report = coarse(**changes)
        (place / name).mkdir()
        (place / name / "report.json").write_text(json.dumps(report))
        (place / name / "case.toml").write_text(solution.case.to_toml())
    return [place / "a", place / "b"]


def test_two_currents(two):
    compared = compare(two)
    tables = {(name, row["figure"]): row for name, rows in compared["tables"].items() for row in rows}
    assert compared["inputs"] == [{"key": "operation.line_current", "values": ["140000 A", "150000 A"]}]
    assert tables["energy", "current"]["differences"] == pytest.approx([0.0, 10.0])
    assert tables["energy", "aluminium"]["differences"][1] == pytest.approx(10 * 8.0537 * 0.887, rel=1e-4)
    parts = [
        row["differences"][1]
        for (name, figure), row in tables.items()
        if name == "voltage" and figure != "cell voltage"
    ]
    assert sum(parts) == pytest.approx(tables["voltage", "cell voltage"]["differences"][1], abs=1e-9)
    lost = [row["differences"][1] for (name, figure), row in tables.items() if figure.startswith("lost by")]
    assert sum(lost) == pytest.approx(tables["heat", "heat generated"]["differences"][1], abs=1e-4)
    assert tables["bath and ledge", "ledge, mean"]["differences"][1] < 0.0
    assert compared["break_even"][0]["better"] == "A" and compared["break_even"][0]["grid_factor_kg_per_kWh"] is None
    assert max(map(len, text(compared).splitlines()[2:])) <= 100


def test_claims_of_the_flagship(coarse):
    verdicts = {claim["name"]: claim["verdict"] for claim in coarse()[1]["claims"]}
    assert verdicts == {
        "metal_per_day": "holds",
        "carbon_footprint": "depends on the boundary",
        "times_below_average": "does not hold",
        "full_scope": "cannot be checked",
        "forest": "depends on the boundary",
        "oxygen_per_tonne": "holds",
        "anode_wear": "holds in part",
        "energy": "not stated",
    }
    numbers = {claim["name"]: claim["numbers"] for claim in coarse()[1]["claims"]}
    assert numbers["metal_per_day"]["implied_current_efficiency"] == pytest.approx(0.887, abs=5e-4)
    assert 2.0 < numbers["energy"]["above_carbon_cell_kWh_per_kg"] < 3.0
