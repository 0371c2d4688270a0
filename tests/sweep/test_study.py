"""Study files: what they say, what they refuse, and the points they stand for."""

import numpy as np
import pytest
from tests.sweep.samples import CASE, write_study

from oxycell.errors import CaseError
from oxycell.sweep.plan import make_plan, predict
from oxycell.sweep.study import load_study


def points(tmp_path, text):
    return load_study(write_study(tmp_path, text)).points()


def test_axes_multiply_and_keys_go_together(tmp_path):
    found = points(
        tmp_path,
        """
        axes = [{ key = "a.b", values = ["1 mm", "2 mm"] }, { together = { c = [1, 2, 3], "d.0" = ["x", "y", "z"] } },
                { key = "e", range = ["10 kA", "20 kA"], count = 3 }]""",
    )
    assert len(found) == 18
    assert found[0] == {"a.b": "1 mm", "c": 1, "d.0": "x", "e": "10.0 kA"}
    assert [point["e"] for point in found[:3]] == ["10.0 kA", "15.0 kA", "20.0 kA"]
    assert found[-1] == {"a.b": "2 mm", "c": 3, "d.0": "z", "e": "20.0 kA"}


def test_log_spacing(tmp_path):
    found = points(tmp_path, 'axes = [{ key = "a", range = [1.0, 100.0], count = 3, spacing = "log" }]')
    assert [point["a"] for point in found] == pytest.approx([1.0, 10.0, 100.0])


@pytest.mark.parametrize("method", ["sobol", "latin-hypercube"])
def test_samples_follow_their_distributions(tmp_path, method):
    text = f"""
        [samples]
        method = "{method}"
        count = 256
        seed = 3
        over = [{{ key = "u", low = "1 mm", high = "3 mm" }},
                {{ key = "l", distribution = "log-uniform", low = 1.0, high = 100.0 }},
                {{ key = "t", distribution = "triangular", low = 0.0, mode = 1.0, high = 4.0 }},
                {{ key = "n", distribution = "normal", mean = "10 W", deviation = "2 W" }},
                {{ key = "c", distribution = "normal", mean = 0.0, deviation = 1.0, low = -0.5, high = 0.5 }}]"""
    found = points(tmp_path, text)
    values = {key: np.array([float(str(point[key]).split()[0]) for point in found]) for key in "ultnc"}
    assert len(found) == 256 and found[0]["u"].endswith(" mm") and found == points(tmp_path, text)
    assert found != points(tmp_path, text.replace("seed = 3", "seed = 4"))
    assert values["u"].min() >= 1.0 and values["u"].max() <= 3.0 and values["u"].mean() == pytest.approx(2.0, abs=0.01)
    assert np.log10(values["l"]).mean() == pytest.approx(1.0, abs=0.01)
    assert values["t"].mean() == pytest.approx(5.0 / 3.0, abs=0.01)
    assert values["n"].mean() == pytest.approx(10.0, abs=0.05) and values["n"].std() == pytest.approx(2.0, rel=0.03)
    assert abs(values["c"]).max() <= 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing varies; allowed: axes, samples or both"),
        ('axes = [{ key = "a" }]', "an axis needs key with values"),
        ('axes = [{ key = "a", values = [1], range = [1, 2] }]', "an axis needs key with values"),
        ('axes = [{ key = "a", range = ["1 mm", "2 m"], count = 3 }]', "range in mm and m; allowed: one unit"),
        ('axes = [{ key = "a", range = ["1 mm", "2 mm"] }]', "range and count go together"),
        ("axes = [{ together = { a = [1, 2], b = [1] } }]", "as many values of every key"),
        ('axes = [{ key = "a", values = [1] }, { key = "a", values = [2] }]', "key 'a' varies twice"),
        ('axes = [{ key = "a b", values = [1] }]', "is not a dotted key"),
        ('axis = [{ key = "a", values = [1] }]', 'study.toml:.*axis: unknown key, did you mean "axes"'),
        ('axes = [{ key = "a", range = ["low", "high"], count = 3 }]', "'low' is not a number with a unit"),
        ('[samples]\nseed = 1\ncount = 4\nover = [{ key = "a", low = 1 }]', "needs low, high"),
        ('[samples]\nseed = 1\ncount = 4\nover = [{ key = "a", low = 2, high = 1 }]', "allowed: low < high"),
        (
            '[samples]\nseed = 1\ncount = 4\nover = [{ key = "a", low = 1, high = 2, mean = 1 }]',
            "a uniform distribution has no mean",
        ),
        ('[samples]\ncount = 4\nover = [{ key = "a", low = 1, high = 2 }]', "seed"),
    ],
)
def test_faults_are_one_line(tmp_path, text, message):
    with pytest.raises(CaseError, match=message) as caught:
        points(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_faults_in_a_case_name_its_number(tmp_path):
    study = load_study(
        write_study(tmp_path, 'axes = [{ key = "materials.m.thermal_conductivity", values = ["1 W/m/K", "1 W"] }]')
    )
    with pytest.raises(CaseError, match=r"case 2 \(materials.m.thermal_conductivity = 1 W\).*W/m/K"):
        make_plan(study)
    with pytest.raises(CaseError, match="there is no such study"):
        load_study(tmp_path / "none.toml")


def test_names_are_those_of_complete_cases(tmp_path):
    """The same value in another unit is the same case; another value is another one."""
    key = "terminals.0.current"
    plan = make_plan(
        load_study(write_study(tmp_path, f'axes = [{{ key = "{key}", values = ["1 A", "1000 mA", "2 A"] }}]'))
    )
    names = [case.name for case in plan.cases]
    assert names[0] == names[1] != names[2] and len(plan.texts) == 2
    found = predict(plan, list(plan.texts))
    assert found["cells"] == 20 and found["built"] == 2 and found["bytes"] > 2e8


def test_changes_hold_for_all(tmp_path):
    """What the study changes in the base case is not what its cases say they change."""
    study = load_study(
        write_study(
            tmp_path, 'axes = [{ key = "terminals.0.current", values = ["1 A"] }]\n[changes]\n"mesh.size" = "5 mm"'
        )
    )
    plan = make_plan(study)
    assert predict(plan, list(plan.texts))["cells"] == 160 and list(plan.cases[0].changes) == ["terminals.0.current"]
    assert CASE in (tmp_path / "tiny.toml").read_text()


@pytest.mark.parametrize("name", ["gap-current-map", "material-temperature", "cathode-spread", "modulation-map"])
def test_shipped_studies_plan(name):
    """Every case of a shipped study is a valid case."""
    from oxycell.sweep.runner import find_study

    plan = make_plan(load_study(find_study(name)))
    assert len(plan.cases) == len(plan.texts) >= 12 and plan.study.figures
