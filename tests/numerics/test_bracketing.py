"""Roots of functions that have no value somewhere: found, or given up for the right reason and soon."""

import math

import pytest

from oxycell.numerics.bracketing import Trial, find_root


def asked(function, side=0):
    """The function as `find_root` asks it, and the list of what was asked; where it is None it has no value."""
    calls = []

    def ask(x):
        calls.append(x)
        y = function(x)
        return Trial(x, y, side) if y is None else Trial(x, y, (y > 0) - (y < 0))

    return ask, calls


def ledge(wanted, edge=59.37):
    """A ledge that grows towards the edge below which a cell freezes, less what is wanted."""
    return lambda gap: None if gap < edge else 1.0 / (gap - 55.0) - wanted


def solve(function, low, high, start=None, side=0, limit=25, tolerance=1e-6):
    ask, calls = asked(function, side)
    trials = find_root(ask, low, high, start, tolerance, limit)
    assert [trial.x for trial in trials] == calls and len(set(calls)) == len(calls), "each argument is solved once"
    return trials


@pytest.mark.parametrize("start", [None, 1.2, 9.0])
@pytest.mark.parametrize(
    ("function", "root"),
    [(lambda x: x**3 - 2.0, 2.0 ** (1 / 3)), (lambda x: 5.0 - math.exp(x), math.log(5.0)), (lambda x: x - 1.5, 1.5)],
)
def test_smooth_functions(function, root, start):
    trials = solve(function, 0.0, 3.0, start)
    assert abs(trials[-1].y) <= 1e-6 and trials[-1].x == pytest.approx(root, abs=1e-6)
    assert len(trials) <= 11


def test_the_start_ends_it_and_the_second_end_is_not_asked_without_need():
    assert len(solve(lambda x: x - 1.5, 0.0, 3.0, 1.5)) == 1
    assert 3.0 not in [trial.x for trial in solve(lambda x: x**3 - 1.0, 0.0, 3.0, 2.0)]


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("start", [None, 65.0])
@pytest.mark.parametrize("wanted", [0.08, 0.1, 0.2, 0.22])
def test_an_end_without_value_narrows_the_interval(wanted, start, side):
    trials = solve(ledge(wanted), 58.0, 75.0, start, side)
    assert trials[-1].x == pytest.approx(55.0 + 1.0 / wanted, abs=1e-3) and abs(trials[-1].y) <= 1e-6
    assert len(trials) <= 12


@pytest.mark.parametrize("side", [0, 1])
def test_a_root_beyond_the_edge_is_given_up_with_the_edge_found(side):
    trials = solve(ledge(0.3), 58.0, 75.0, None, side)
    assert len(trials) < 20 and abs(trials[-1].y or 1.0) > 0.05
    frozen, alive = (max(t.x for t in trials if t.y is None), min(t.x for t in trials if t.y is not None))
    assert frozen < 59.37 <= alive and alive - frozen <= 17e-3 * 1.01


def test_no_edge_is_sought_where_the_function_leads_away_from_zero():
    assert [trial.x for trial in solve(ledge(0.01), 58.0, 75.0, 65.0)] == [65.0, 58.0, 75.0]


def test_no_sign_change_and_no_value_at_all():
    assert len(solve(lambda x: x + 1.0, 0.0, 3.0)) == 2
    assert len(solve(lambda x: None, 0.0, 3.0, side=-1)) == 2


def test_a_jump_is_not_a_root():
    trials = solve(lambda x: -1.0 if x < 1.234 else 1.0, 0.0, 3.0)
    assert len(trials) == 25 and all(abs(trial.y) == 1.0 for trial in trials)


def test_a_hole_inside_the_bracket():
    """Arguments without a value between two of opposite sign: the search goes on beside them."""
    trials = solve(lambda x: None if 1.0 < x < 1.6 else x - 1.9, 0.0, 3.0, side=-1)
    assert trials[-1].x == pytest.approx(1.9, abs=1e-6)


def test_the_limit_holds():
    needed = len(solve(lambda x: x**3 - 2.0, 0.0, 3.0))
    for limit in range(1, needed + 2):
        assert len(solve(lambda x: x**3 - 2.0, 0.0, 3.0, limit=limit)) == min(limit, needed)
    assert len(solve(ledge(0.3), 58.0, 75.0, limit=5)) == 5
