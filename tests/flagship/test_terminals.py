"""Imposing the terminal potential that a shipped cell reports returns its current."""

import pytest

import oxycell
from oxycell.case.build import expand
from oxycell.case.load import shipped_cases

pytestmark = pytest.mark.slow

CELLS = ("kraz-140ka", "kraz-140ka-cermet", "prebake-140ka", "vertical-140ka", "vertical-140ka-k-bath")
CONDUCTORS = ("bolted-busbar", "cathode-block", "clamp-joint", "stem-transition", "hull-cell")
ROUND = 1e-8


def test_every_shipped_case_with_terminals_is_tested():
    """All but the one that has no steady state."""
    with_terminals = {name for name, path in shipped_cases().items() if expand(oxycell.load(path)).terminals}
    assert with_terminals == {*CELLS, *CONDUCTORS, "kraz-140ka-naked"}


TWO_LEDGES = pytest.mark.xfail(reason="a ledge column in a corner of this mesh has two states, frozen through or not: 8e-8 of the current")


@pytest.mark.parametrize("name", [pytest.param(name, marks=[TWO_LEDGES] if name == "vertical-140ka" else [])
                                  for name in (*CELLS, *CONDUCTORS)])
def test_current_to_voltage_to_current(name):
    case = expand(oxycell.load(name).replaced({"operating_point": None}))
    stated = oxycell.report(oxycell.solve(case))
    fed = [(i, terminal.name) for i, terminal in enumerate(case.terminals) if terminal.current is not None]
    imposed = {}
    for i, terminal in fed:
        imposed |= {f"terminals.{i}.current": None, f"terminals.{i}.potential": f"{stated['terminals'][terminal]['potential_V']!r} V"}
    again = oxycell.report(oxycell.solve(case.replaced(imposed)))
    tolerance = max(ROUND, 2.0 * stated["balance"]["charge"]["limit"])  # round-off of electrodes that conduct far better than the rest
    for _, terminal in fed:
        assert again["terminals"][terminal]["current_A"] == pytest.approx(stated["terminals"][terminal]["current_A"], rel=tolerance)
    for key in ("cell_V", "internal_V", "external_V"):
        assert again["voltage"][key] == pytest.approx(stated["voltage"][key], rel=tolerance, abs=1e-12)
