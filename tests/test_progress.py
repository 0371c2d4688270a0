"""Progress of a run over time: a line a step, one live line on a terminal, time left by the pace of its steps."""

import io

import pytest
from rich.console import Console

from oxycell.console import STOP_HINT, Progress, time_left, time_line

STEP = {
    "time": 12_000.0,
    "end": 86_400.0,
    "step": 720.0,
    "error": 0.4242,
    "rejected": 2,
    "steps": 38,
    "superheat": 5.17,
    "temperatures": {"bath": 1170.55, "metal": 1169.95},
    "seconds": 45.3,
}


def rows(number, size=600.0, seconds=2.0, before=0.0):
    """Steps of one size and pace, after a steady solve of `before` seconds."""
    return [
        STEP | {"time": size * i, "step": size, "steps": i, "seconds": before + seconds * i}
        for i in range(1, number + 1)
    ]


def test_line_has_every_number():
    assert time_line(STEP, 252.4) == (
        "3 h 20 min of 24 h  step 12 min  error 0.42  bath 897.4 °C  metal 896.8 °C  superheat 5.2 K  "
        "38 steps, 2 rejected  45.3 s, about 4 min 12 s left"
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"rejected": 0, "steps": 1}, "3 h 20 min of 24 h  step 12 min  error 0.42  superheat 5.2 K  1 step  45.3 s"),
        ({"superheat": None, "rejected": 0}, "3 h 20 min of 24 h  step 12 min  error 0.42  38 steps  45.3 s"),
        ({"error": float("nan"), "superheat": None}, "3 h 20 min of 24 h  step 12 min  38 steps, 2 rejected  45.3 s"),
        (
            {"seconds": 4000.0, "error": None},
            "3 h 20 min of 24 h  step 12 min  superheat 5.2 K  38 steps, 2 rejected  1 h 7 min",
        ),
    ],
)
def test_numbers_it_does_not_have_are_left_out(changes, line):
    assert time_line(STEP | {"temperatures": {}} | changes) == line


def test_lines_of_steps_that_know_little():
    assert time_line({"time": 0.25, "end": 1.0}) == "0.25 s of 1 s"


def test_time_left_by_simulated_time():
    """Of 144 steps of 10 min and 2 s 100 are left, whatever the initial state took."""
    assert time_left(rows(44, before=500.0)) == pytest.approx(200.0)


def test_time_left_follows_the_later_half():
    """Small steps at the start say nothing about long ones later."""
    first = rows(10, size=6.0)
    later = [row | {"time": 60.0 + row["time"], "seconds": 20.0 + row["seconds"]} for row in rows(10, size=600.0)]
    assert time_left(first + later) == pytest.approx((86_400.0 - 6060.0) / 300.0)


def test_no_time_left_before_there_is_a_pace():
    steady = {"stage": "newton", "iteration": 3, "seconds": 9.0}
    assert time_left([steady] * 10 + rows(4)) is None and time_left([]) is None
    assert time_left([steady] * 10 + rows(5)) is not None
    assert time_left([STEP] * 6) is None  # time stands still


def test_nothing_left_at_the_end():
    assert time_left(rows(144)) == 0.0


def shown(quiet, terminal, steps):
    """What a progress writes to its console."""
    buffer, progress = io.StringIO(), Progress(quiet)
    if terminal:
        progress.console = Console(file=buffer, force_terminal=True, width=200)
    with progress:
        for step in steps:
            progress(step)
        if progress.live is not None:
            progress.console.print(progress.live.status)
    assert progress.history == steps
    return buffer.getvalue()


def test_terminal_shows_the_last_step_and_what_ctrl_c_does():
    text = shown(False, True, rows(6))
    assert "1 h of 24 h" in text and "6 steps" in text and STOP_HINT in text


def test_lines_elsewhere(capsys):
    assert shown(False, False, rows(3)) == ""
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["10 min of 24 h", "20 min of 24 h", "30 min of 24 h"]
    assert not any("Ctrl-C" in line for line in lines)


def test_quiet_says_nothing(capsys):
    assert shown(True, True, rows(3)) == shown(True, False, rows(3)) == ""
    assert capsys.readouterr() == ("", "")
