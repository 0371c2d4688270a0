"""The shipped sloped wall lies between two bounds: tubes that exchange nothing, and planes of one temperature."""

import numpy as np

import oxycell

HEIGHT, TOE, DEPTH, HOT = 0.5, 0.12, 0.1, 875.0
BEYOND = 0.03 / 0.3 + 0.012 / 45.0 + 1.0 / 25.0  # [m² K/W] from the block to the air


def test_heat_between_bounds():
    """Thomson's and Dirichlet's principle; the bounds lie 2 % apart."""
    y = (np.arange(10000) + 0.5) / 10000 * HEIGHT
    tubes = DEPTH * HEIGHT * np.mean(HOT / ((0.1 + TOE * (1.0 - y / HEIGHT)) / 20.0 + BEYOND))
    planes = DEPTH * HEIGHT * HOT / (0.1 / 20.0 + BEYOND)  # the toe as warm as the bath
    heat = oxycell.report(oxycell.solve(oxycell.load("sloped-wall")))["heat"]["losses"]["air"]
    assert tubes < heat < planes < 1.03 * tubes
