"""What a run over time keeps while it goes on: one problem at a time, and of earlier states no more than it needs."""

import gc
import weakref

from tests.transients.tank import write_tank

import oxycell
from oxycell.solvers.staggered import Staggered
from oxycell.state import State
from oxycell.transients import system
from oxycell.transients.solve import Run

MOST = 7
"""States at most within an iteration: four of the past, and what an iteration of a steady state has."""


def problems_kept(monkeypatch, path):
    """For each problem that a run of the tank builds, how many of those before it are still there."""
    kept, known, build = [], [], system.build

    def counted(*args):
        gc.collect()
        kept.append(sum(one() is not None for one in known))
        built = build(*args)
        known.append(weakref.ref(built.problem))
        return built

    monkeypatch.setattr(system, "build", counted)
    Run(oxycell.load(write_tank(path / "case.toml", "1300 K"))).solve()
    return kept


def test_a_problem_is_gone_before_another_one_is_built(monkeypatch, tmp_path):
    kept = problems_kept(monkeypatch, tmp_path)
    assert len(kept) > 3 and set(kept) == {0}


def test_one_that_a_run_holds_on_to_is_counted(monkeypatch, tmp_path):
    monkeypatch.setattr(Run, "_released", lambda run: None)
    assert max(problems_kept(monkeypatch, tmp_path)) > 0


def states_within(monkeypatch, path):
    """Largest number of states that there are within an iteration of a run of the tank, beyond those before it."""
    most, stepped = [], Staggered._stepped
    gc.collect()
    before = {id(one) for one in gc.get_objects() if type(one) is State}

    def counted(staggered, *args):
        there = {id(one.vector) for one in gc.get_objects() if type(one) is State and id(one) not in before}
        most.append(len(there))
        return stepped(staggered, *args)

    monkeypatch.setattr(Staggered, "_stepped", counted)
    Run(oxycell.load(write_tank(path / "case.toml", "1300 K"))).solve()
    return max(most)


def test_few_states_are_kept_within_an_iteration(monkeypatch, tmp_path):
    assert states_within(monkeypatch, tmp_path) <= MOST


def test_one_more_for_each_step_is_noticed(monkeypatch, tmp_path):
    kept, accepted = [], Run._accepted

    def keeping(run, step):
        kept.append(step.solved.state)
        accepted(run, step)

    monkeypatch.setattr(Run, "_accepted", keeping)
    assert states_within(monkeypatch, tmp_path) > MOST
