"""Every shipped case does what its expected.toml says: figures of its report, or the error it must end with."""

import tomllib
from functools import reduce

import pytest

import oxycell
from oxycell.case.load import shipped_cases, shipped_folder
from oxycell.errors import NotConverged

pytestmark = pytest.mark.slow


def expectation(name):
    with open(shipped_folder("cases") / name / "expected.toml", "rb") as file:
        return tomllib.load(file)


def figure(report, key):
    """Number behind a dotted key of the report."""
    return reduce(lambda block, part: block[part], key.split("."), report)


@pytest.mark.parametrize("name", sorted(shipped_cases()))
def test_shipped_case(name):
    expected = expectation(name)
    if "message" in expected:
        with pytest.raises(NotConverged, match=expected["message"]) as caught:
            oxycell.solve(oxycell.load(name))
        assert caught.value.exit_code == expected["exit_code"]
        return
    report = oxycell.report(oxycell.solve(oxycell.load(name)))
    assert expected["expected"], "an expectation without figures expects nothing"
    for entry in expected["expected"]:
        assert figure(report, entry["key"]) == pytest.approx(entry["value"], rel=entry["tolerance"]), entry["key"]
