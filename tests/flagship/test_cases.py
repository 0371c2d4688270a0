"""Every shipped case does what its expected.toml says, raises no alert, and answers the same to current and to
voltage."""

import tomllib
from functools import reduce

import pytest

import oxycell
from oxycell.case.building.build import expand
from oxycell.case.load import shipped_cases, shipped_folder
from oxycell.case.overrides import parse_key
from oxycell.errors import NotConverged
from oxycell.report.unregistered import unregistered

pytestmark = pytest.mark.slow

CELLS = ("kraz-140ka", "kraz-140ka-cermet", "prebake-140ka", "vertical-140ka", "vertical-140ka-k-bath")
OVER_TIME = ("kraz-140ka-modulation", "kraz-140ka-line-loss", "prebake-140ka-modulation")
CONDUCTORS = ("bolted-busbar", "cathode-block", "clamp-joint", "stem-transition", "hull-cell")
ROUND = 1e-8


def expectation(name):
    with open(shipped_folder("cases") / name / "expected.toml", "rb") as file:
        return tomllib.load(file)


def figure(report, key):
    """Number behind a dotted key of the report; names with dots are quoted, as in `--set`."""
    return reduce(lambda block, part: block[part], parse_key(key), report)


@pytest.mark.parametrize("name", sorted(shipped_cases()))
def test_shipped_case(shipped, name):
    expected = expectation(name)
    if "message" in expected:
        with pytest.raises(NotConverged, match=expected["message"]) as caught:
            oxycell.solve(oxycell.load(name))
        assert caught.value.exit_code == expected["exit_code"]
        return
    report = shipped(name, operating_point=True)
    assert unregistered(report) == []
    assert expected["expected"], "an expectation without figures expects nothing"
    for entry in expected["expected"]:
        assert figure(report, entry["key"]) == pytest.approx(entry["value"], rel=entry["tolerance"]), entry["key"]


@pytest.mark.parametrize("name", [*CELLS, *(name for name in CONDUCTORS if name != "stem-transition"), "sloped-wall"])
def test_no_alert(shipped, name):
    assert name in shipped_cases()
    assert shipped(name)["alerts"] == []


def test_every_shipped_case_with_terminals_is_tested():
    """All but the one that has no steady state and those over time, see test_transient_cases.py."""
    with_terminals = {name for name, path in shipped_cases().items() if expand(oxycell.load(path)).terminals}
    assert with_terminals == {*CELLS, *CONDUCTORS, *OVER_TIME, "kraz-140ka-naked"}


@pytest.mark.parametrize("name", [*CELLS, *CONDUCTORS])
def test_imposed_terminal_potentials_return_the_current(shipped, name):
    case = expand(oxycell.load(name).replaced({"operating_point": None}))
    stated = shipped(name)
    fed = [(i, terminal.name) for i, terminal in enumerate(case.terminals) if terminal.current is not None]
    imposed = {}
    for i, terminal in fed:
        imposed |= {
            f"terminals.{i}.current": None,
            f"terminals.{i}.potential": f"{stated['terminals'][terminal]['potential_V']!r} V",
        }
    again = oxycell.report(oxycell.solve(case.replaced(imposed)))
    tolerance = max(
        ROUND, 2.0 * stated["balance"]["charge"]["limit"]
    )  # round-off of electrodes that conduct far better than the rest
    for _, terminal in fed:
        assert again["terminals"][terminal]["current_A"] == pytest.approx(
            stated["terminals"][terminal]["current_A"], rel=tolerance
        )
    for key in ("cell_V", "internal_V", "external_V"):
        assert again["voltage"][key] == pytest.approx(stated["voltage"][key], rel=tolerance, abs=1e-12)
