"""Anderson's acceleration: a linear iteration ends after as many steps as it has directions; a wrong sign does not help."""

import numpy as np
import pytest

from oxycell.numerics.anderson import Anderson

RATES = np.array([0.9, -0.8, 0.5, 0.0, 0.0, 0.0])


def iterations(depth, rates=RATES, sign=1.0, most=400):
    """Steps of x → rates·x + 1 until the step is below 1e-10."""
    mixer, x = Anderson(depth), np.zeros(rates.size)
    for count in range(most):
        image = rates * x + 1.0
        if np.abs(image - x).max() < 1e-10:
            assert x == pytest.approx(1.0 / (1.0 - rates), rel=1e-8)
            return count
        x = mixer.next(image, sign * (image - x))
    return most


def test_as_many_changes_as_directions_end_the_iteration():
    plain, mixed = iterations(0), iterations(3)
    assert plain > 200
    assert mixed < 15


def test_less_depth_helps_less():
    assert iterations(3) < iterations(1) < iterations(0)


def test_the_sign_of_the_steps_does_not_matter_but_their_direction_does():
    assert iterations(3, sign=-1.0) == iterations(3)
    mixer, x = Anderson(3), np.zeros(RATES.size)
    wrong = np.random.default_rng(1).standard_normal((400, RATES.size))
    for direction in wrong[:15]:
        x = mixer.next(RATES * x + 1.0, direction)
    assert np.abs(RATES * x + 1.0 - x).max() > 1e-3


def test_steps_that_repeat_each_other_are_left_out():
    mixer, x = Anderson(5), np.zeros(2)
    for _ in range(20):
        image = 0.5 * x + 1.0
        x = mixer.next(image, image - x)
    assert x == pytest.approx([2.0, 2.0], rel=1e-12)


def test_forgets():
    mixer = Anderson(3)
    mixer.next(np.ones(2), np.ones(2))
    mixer.forget()
    image = np.array([3.0, 4.0])
    assert np.array_equal(mixer.next(image, np.ones(2)), image)
