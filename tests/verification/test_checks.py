"""The problems with known answers are answered rightly, their judgement fails where it should, and their page is that
of the checks."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

import oxycell.mesh.read as reading
import oxycell.verification as verification
from oxycell.cli import main
from oxycell.errors import CaseError, Interrupted
from oxycell.verification import CHECKS, select, table
from oxycell.verification.check import PHYSICS, Posed

PAGE = Path(__file__).parents[2] / "docs" / "verification.md"
EXACT = CHECKS["wall-heat"]
ORDERED = CHECKS["fin-tip"]


@pytest.fixture(scope="module", autouse=True)
def meshes_read_once():
    """Mesh files of the same bytes are read once: many checks stand on the same tetrahedra, and each reading starts a
    process."""
    known, read = {}, reading.read_file

    def read_once(path, *limits):
        key = path.read_bytes(), path.suffix, limits
        if key not in known:
            known[key] = read(path, *limits)
        return deepcopy(known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_file", read_once)
        yield


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if check.slow else []) for name, check in CHECKS.items()]
)
def test_answer(name):
    assert CHECKS[name].run().failures == ()


def test_enough_of_each_kind():
    count = {kind: sum(check.physics == kind for check in CHECKS.values()) for kind in PHYSICS}
    assert sum(count.values()) == len(CHECKS) >= 60
    assert count["thermal"] >= 25 and count["electric"] >= 20 and count["coupled"] >= 10


@pytest.mark.parametrize("name", CHECKS)
def test_stated_whole(name):
    check = CHECKS[name]
    assert check.title and check.source and check.kind and check.unit and 0.0 < check.tolerance <= 1e-2
    assert list(check.meshes) == sorted(set(check.meshes)) and check.order[0] < check.order[1]
    if check.unit == "K" and check.name != "ledge-superheat":  # a kelvin more or less is nothing beside 1000 K
        assert check.pose(check.meshes[0]).scale is not None


def posed(check, **changes):
    """The same check with something of what it poses changed."""
    return replace(check, pose=lambda n: replace(check.pose(n), **changes))


def test_wrong_answer_fails():
    exact = EXACT.pose(1).exact
    assert "error" in posed(EXACT, exact=exact * (1.0 + 2.0 * EXACT.tolerance)).run().failures[0]
    assert posed(EXACT, exact=exact * (1.0 + 0.5 * EXACT.tolerance)).run().passed


def test_no_number_fails():
    assert not posed(EXACT, measured=lambda answer: float("nan")).run().passed


def test_wrong_order_fails():
    """An answer a thousandth beside the right one converges to the wrong value: its order falls to 0."""
    off = ORDERED.pose(4)
    result = replace(posed(ORDERED, exact=off.exact + 1e-3 * off.scale), tolerance=1.0).run()
    assert result.order < 1.0 and "order" in result.failures[0]
    assert "order" in replace(ORDERED, order=(0.9, 1.1)).run().failures[0]


def test_order_towards_a_limit():
    """On the mesh an answer approaches another one than the exact: the order is judged by that, the error is not."""
    off = ORDERED.pose(4)
    far = replace(off, exact=off.exact + off.scale)
    result = replace(ORDERED, tolerance=2.0, pose=lambda n: replace(far, case=ORDERED.pose(n).case, limit=off.exact))
    assert result.run().passed and result.run().errors[-1] == pytest.approx(1.0, rel=1e-3)
    assert result.run().order == pytest.approx(ORDERED.run().order)
    wrong = replace(result, pose=lambda n: replace(result.pose(n), limit=off.exact + 1e-3 * off.scale))
    assert "order" in wrong.run().failures[0]


def test_order_of_successive_answers():
    """Where the limit is not known, three answers say how fast they approach it."""
    wrong = replace(posed(ORDERED, exact=ORDERED.pose(4).exact + 1e-2), successive=True, tolerance=1.0)
    assert 1.9 < wrong.run().order < 2.1 and wrong.run().passed
    assert "order" in replace(wrong, order=(0.9, 1.1)).run().failures[0]
    assert "order nan" in replace(wrong, meshes=(4, 8)).run().failures[0]


def test_order_needs_a_number():
    assert len(ORDERED.judge([1e-9, 0.0])) == 1 and len(ORDERED.judge([float("nan"), float("nan")])) == 2


def test_solve_that_fails_is_a_failure():
    def broken(n):
        return Posed({**EXACT.pose(n).case, "conditions": []}, 1.0, lambda answer: 1.0)

    result = replace(EXACT, pose=broken).run()
    assert not result.passed and result.order is None and "CaseError" in result.failures[0]


def test_stop_is_no_failure():
    def stopped(answer):
        raise Interrupted("interrupted")

    with pytest.raises(Interrupted):
        posed(EXACT, measured=stopped).run()


def test_select():
    assert [check.name for check in select(["wall-*"])] == [name for name in CHECKS if name.startswith("wall-")]
    assert select() == list(CHECKS.values()) and all(not check.slow for check in select(quick=True))
    with pytest.raises(CaseError, match="wall-heat"):
        select(["wall-hept"])


def test_command(capsys, tmp_path, monkeypatch):
    assert main(["verify", "wall-heat", "--quick", "-o", str(tmp_path / "page.md")]) == 0
    out = capsys.readouterr().out
    assert "679.67086" in out and "1 of 1 checks pass" in out and "`wall-heat`" in (tmp_path / "page.md").read_text()
    assert main(["verify", "wall-hept"]) == 2 and "nearest" in capsys.readouterr().err
    monkeypatch.setitem(verification.CHECKS, "wall-heat", posed(EXACT, exact=680.0))
    assert main(["verify", "wall-heat"]) == 6
    printed = capsys.readouterr()
    assert "FAILED: error" in printed.out and printed.err == "error: oxycell verify: 1 of 1 checks fail: wall-heat\n"


def rows(text):
    """Cells of the table's rows that do not depend on a run: all but computed value, error and observed order."""
    found = [[cell.strip() for cell in line.split(" | ")] for line in text.splitlines() if line.startswith("| `")]
    return [[cell for i, cell in enumerate(row) if i not in (4, 7, 9)] for row in found]


def test_page_is_up_to_date():
    """Every check stands in the page with its source, exact value, meshes and what is allowed: written by `oxycell
    verify -o`."""
    text = PAGE.read_text(encoding="utf-8")
    results = [
        verification.check.Result(c, c.pose(c.meshes[-1]).exact, 0.0, (0.0,) * len(c.meshes), (), 0.0)
        for c in CHECKS.values()
    ]
    assert rows(text) == rows(table.page(results))
    assert "FAILED" not in text and text.startswith(table.PAGE)
