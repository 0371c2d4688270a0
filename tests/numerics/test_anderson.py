"""Anderson's acceleration: a linear iteration ends after as many steps as it has directions; a wrong sign does not
help."""

import numpy as np
import pytest

from oxycell.numerics.anderson import Anderson, _change, _Changes, _combine, _products

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


def test_changes_of_all_sizes_are_kept_to_sixteen_bits():
    """Blocks of potentials and of temperatures beside each other, and changes that are not there: each as exact as its
    block's largest."""
    rng = np.random.default_rng(3)
    scale = np.repeat([1e-7, 1.0, 0.0, 300.0, 1e-3], 32)[:-5]  # the last block is short
    old, change = rng.standard_normal((2, scale.size))
    changes = _Changes(2, scale.size)
    _change(old + scale * change, old, changes.value[1], changes.unit[1])
    found = changes.value[1] * np.repeat(changes.unit[1].astype(float), 32)[: scale.size]
    assert np.all(np.abs(found - scale * change) <= 4.0 * scale / 65000.0 + 1e-15)
    out, image = np.empty(scale.size), rng.standard_normal(scale.size)
    changes.value[0], changes.unit[0] = 0, 0.0
    _combine(image, np.array([5.0, 0.5]), changes.value, changes.unit, out)
    assert out == pytest.approx(image - 0.5 * found, abs=1e-13)
    products, along = _products(changes.value, changes.unit, 1, image).sum(0)
    assert products == pytest.approx([0.0, found @ found], rel=1e-12) and along == pytest.approx(
        [0.0, found @ image], rel=1e-12
    )
