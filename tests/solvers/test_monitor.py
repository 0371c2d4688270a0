"""Whether an iteration gets somewhere."""

from oxycell.solvers.monitor import Progress


def seen(residuals, patience=2, absolute=None):
    """Iterations at which a Progress says stalled, and grown; and the best state."""
    progress, stalled, grown = Progress(0.3, 3.0, patience, "start"), [], []
    for iteration, relative in enumerate(residuals):
        progress.see(iteration, relative, (absolute or residuals)[iteration : iteration + 1], iteration)
        if progress.stalled:
            stalled.append(iteration)
        if progress.grown:
            grown.append(iteration)
    return stalled, grown, progress.best


def test_a_contraction_never_stalls():
    assert seen([0.2**k for k in range(30)]) == ([], [], 29)


def test_slow_decrease_counts_from_the_last_progress():
    """0.5 a time is progress every second iteration; 0.9 a time is less than one within the patience."""
    assert seen([0.5**k for k in range(20)])[0] == []
    assert seen([0.9**k for k in range(6)])[0] == [3, 4, 5]


def test_oscillation_stalls_and_the_best_state_is_kept():
    stalled, grown, best = seen([1.0, 0.1, 0.5, 0.11, 0.5, 0.12])
    assert stalled == [4, 5] and grown == [2, 4] and best == 1


def test_what_flows_may_vanish_with_the_residual():
    """The relative residual stays, the absolute one of every balance falls: progress."""
    assert seen([0.1] * 8, absolute=[10.0**-k for k in range(8)])[0] == []
    assert seen([0.1] * 8, absolute=[1.0] * 8)[0] == [3, 4, 5, 6, 7]


def test_restart_gives_it_its_patience_again():
    progress = Progress(0.3, 3.0, 1, None)
    for iteration in range(3):
        progress.see(iteration, 1.0, (1.0,), None)
    assert progress.stalled
    progress.restart()
    progress.see(3, 1.0, (1.0,), None)
    assert not progress.stalled
