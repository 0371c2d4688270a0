"""The numbers of the solver as options."""

import numpy as np
import pytest
from tests.verification.checkers import case_of

import oxycell
from oxycell.case.explain import explain
from oxycell.options import Options
from oxycell.solvers.controls import Controls


def numbers(options, key="solver.controls"):
    """Dotted key → default of every number."""
    found = {}
    for name in type(options).model_fields:
        value = getattr(options, name)
        found |= numbers(value, f"{key}.{name}") if isinstance(value, Options) else {f"{key}.{name}": value}
    return found


def test_every_number_is_explained():
    """`oxycell explain solver` has each with range, default and meaning."""
    entries = {entry.key: entry for entry in explain("solver")}
    assert len(numbers(Controls())) > 34
    for key in numbers(Controls()):
        assert entries[key].meaning
        assert entries[key].allowed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": {"growth": 0.5}}, "growth"),
        ({"newton": {"follow": 1.5}}, "follow"),
        ({"steps": {"longest_potential": 3.0}}, "longest_potential"),
        ({"staggered": {"deapth": 3}}, "deapth"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Controls.model_validate(changes)


def test_controls_change_the_way_not_the_answer():
    """A slab that radiates: without acceleration, with half the length of a step, it ends at the same temperatures."""
    slab = {
        "physics": {"electric": False},
        "boxes": [{"name": "slab", "material": "m", "x": ["0 m", "0.1 m"], "y": ["0 m", "1 m"], "z": ["0 m", "1 m"]}],
        "materials": {"m": {"thermal_conductivity": "2 W/m/K"}},
        "mesh": {"size_x": "10 mm", "size": "1 m"},
        "surfaces": [{"name": "in", "of": "slab", "sides": ["x-"]}, {"name": "out", "of": "slab", "sides": ["x+"]}],
        "conditions": [
            {"on": ["in"], "laws": [{"kind": "fixed_temperature", "temperature": "1500 K"}]},
            {"on": ["out"], "laws": [{"kind": "radiation", "emissivity": 0.8, "surroundings": "300 K"}]},
        ],
    }
    one = oxycell.solve(case_of(**slab))
    changed = {"staggered": {"two_point": {"iterations": 60, "depth": 0, "patience": 8}}}
    changed["steps"] = {"longest_temperature": "100 K"}
    other = oxycell.solve(case_of(**slab, solver={"controls": changed}))
    assert other.status["outer_iterations"] > one.status["outer_iterations"]
    assert np.allclose(one.record["cells"]["temperature"], other.record["cells"]["temperature"], rtol=1e-8)
