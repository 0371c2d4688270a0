"""Operating points of the flagship on the coarse mesh: what a run gives is found again from what it was made with."""

import pytest
from tests.flagship.conftest import COARSE

import oxycell
from oxycell.case.building.build import expand
from oxycell.errors import NotConverged
from oxycell.mesh.build import planes_and_cells

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def known():
    """The case with a gap of 67.3 mm, on cells that do not follow the gap, and its report."""
    case = oxycell.load("kraz-140ka").replaced(COARSE)
    middle = expand(case.replaced({"cell.anodes.gap": "66.5 mm"}))
    cells = list(planes_and_cells(middle.boxes, middle.mesh)["z"][1])
    case = case.replaced({"mesh.cells_z": cells, "cell.anodes.gap": "67.3 mm"})
    return case, oxycell.report(oxycell.solve(case))


def found(case, unknown, between, target, value, tolerance=None, **changes):
    asked = {"unknown": unknown, "between": between, "target": target, "value": value, "solves": 12}
    asked |= {"tolerance": tolerance} if tolerance else {}
    return oxycell.report(oxycell.solve(case.replaced({"operating_point": asked} | changes)))


def test_the_gap_that_gives_a_stated_ledge(known):
    case, report = known
    ledge = f"{report['ledge']['mean_m']!r} m"
    again = found(
        case, "cell.anodes.gap", ["61 mm", "75 mm"], "ledge.mean_m", ledge, "0.1 mm", **{"cell.anodes.gap": "63 mm"}
    )
    assert again["operating_point"]["value"] == pytest.approx(0.0673, abs=1e-4)
    assert again["ledge"]["mean_m"] == pytest.approx(report["ledge"]["mean_m"], abs=1e-4)
    assert len(again["operating_point"]["evaluations"]) > 2


def test_the_same_on_a_mesh_that_the_search_holds(known):
    """Without cells stated in the case the search keeps those of the middle of its interval, 66.5 mm here."""
    case, report = known
    again = found(
        case.replaced({"mesh.cells_z": None, "cell.anodes.gap": "63 mm"}),
        "cell.anodes.gap",
        ["58 mm", "75 mm"],
        "heat_loss",
        f"{sum(report['heat']['losses'].values())!r} W",
    )
    assert again["operating_point"]["value"] == pytest.approx(0.0673, abs=1e-5)
    assert again["voltage"]["cell_V"] == pytest.approx(report["voltage"]["cell_V"], rel=1e-4)


def test_the_current_that_gives_a_stated_superheat(known):
    case, report = known
    liquidus = case.bath.liquidus()
    superheat = report["productivity"]["electrolyte_temperature_K"] - liquidus
    again = found(
        case,
        "operation.line_current",
        ["135 kA", "150 kA"],
        "superheat",
        f"{superheat!r} K",
        "0.01 K",
        **{"operation.line_current": "146 kA"},
    )
    assert again["operating_point"]["value"] == pytest.approx(140e3, rel=1e-4)


@pytest.mark.parametrize(
    ("unknown", "value", "between", "start"),
    [
        ("cell.top.lid_board", 0.080, ["60 mm", "120 mm"], "100 mm"),
        ("cell.top.lid_board_conductivity", 0.12, ["0.05 W/m/K", "0.2 W/m/K"], "0.08 W/m/K"),
        ("cell.stems.sleeve_resistance", 0.2, ["0.05 K m2/W", "1 K m2/W"], "0.5 K m2/W"),
    ],
)
def test_the_insulation_that_gives_a_stated_bath_temperature(known, unknown, value, between, start):
    case, report = known
    if unknown == "cell.top.lid_board":  # it moves mesh planes; the interval's middle is 90 mm
        middle = expand(case.replaced({unknown: "90 mm", "mesh.cells_z": None}))
        case = case.replaced({"mesh.cells_z": list(planes_and_cells(middle.boxes, middle.mesh)["z"][1])})
        report = oxycell.report(oxycell.solve(case))
    bath = report["heat"]["lump_temperatures_K"]["bath"]
    again = found(case, unknown, between, "bath_temperature", f"{bath!r} K", "1 mK", **{unknown: start})
    assert again["operating_point"]["value"] == pytest.approx(value, rel=5e-3)


def test_a_ledge_that_no_gap_gives(known):
    """Far thinner than the thinnest of the interval: the failure tells both ends."""
    case, _ = known
    seen = "in 3 solves no cell.anodes.gap from 64 mm to 68 mm .* = 5 mm; at 64 mm it is .*; at 68 mm it is"
    with pytest.raises(NotConverged, match=seen) as caught:
        found(case, "cell.anodes.gap", ["64 mm", "68 mm"], "ledge.mean_m", "5 mm")
    assert caught.value.exit_code == 3 and not caught.value.solution.converged
