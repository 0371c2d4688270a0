"""Each checker fails on what it is there to catch."""

from dataclasses import replace

import numpy as np
import pytest
from tests.verification.checkers import (
    box,
    check_geometry,
    check_ledger,
    check_slope,
    layers,
    material,
    observed_orders,
    solved,
    surface,
)

from oxycell.mesh.build import build_mesh
from oxycell.mesh.options import Box, MeshOptions

STEPS = (0.02, 0.01, 0.005)


def test_observed_orders():
    sizes = np.array([0.4, 0.2, 0.1])
    assert observed_orders(sizes, 3.0 * sizes**2) == pytest.approx([2.0, 2.0])
    assert observed_orders(sizes, 3.0 * sizes) == pytest.approx([1.0, 1.0])


def test_check_slope_fails_on_a_wrong_slope():
    check_slope(lambda x: (np.sin(x), np.cos(x)), 0.7, STEPS)
    check_slope(lambda x: (3.0 * x, 3.0), 0.7, STEPS)
    for wrong in (1.001, -1.0, 0.0):
        with pytest.raises(AssertionError, match="slope is wrong"):
            check_slope(lambda x, wrong=wrong: (np.sin(x), wrong * np.cos(x)), 0.7, STEPS)
    with pytest.raises(AssertionError, match="slope is wrong"):
        check_slope(lambda x: (3.0 * x, 3.0001), 0.7, STEPS)


@pytest.fixture
def mesh():
    return build_mesh(
        [Box(**box("a", "m", (0.0, 1.0))), Box(**box("b", "m", (0.3, 0.7), (0.2, 0.5)))], MeshOptions(size="0.3 m")
    )[0]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("normal", lambda v: np.vstack([-v[:1], v[1:]])),
        ("area", lambda v: np.r_[1.001 * v[0], v[1:]]),
        ("cell_volume", lambda v: np.r_[v[:-1], 1.001 * v[-1]]),
        ("distance", lambda v: np.vstack([1.001 * v[:1], v[1:]])),
        ("owner", lambda v: np.r_[v[1], v[1:]]),
    ],
)
def test_check_geometry_fails_on_a_wrong_mesh(mesh, name, change):
    check_geometry(mesh)
    with pytest.raises(AssertionError):
        check_geometry(replace(mesh, **{name: change(np.array(getattr(mesh, name)))}))


def test_check_ledger_fails_on_a_wrong_record():
    """Scaling one face's current, or one face's heat, or one drop, by 1e-6 is seen."""

    def solution():
        return solved(
            materials={"m": material(100.0, 5.0)},
            boxes=layers(("a", "m", 1.0), ("b", "m", 0.5)),
            mesh={"size": "0.5 m"},
            surfaces=[surface("left", "a", "x-"), surface("right", "b", "x+")],
            interfaces=[{"name": "i", "between": ["a", "b"], "laws": [{"kind": "contact", "electric": "1e-3 ohm m2"}]}],
            terminals=[
                {"name": "in", "surfaces": ["left"], "current": "20 A"},
                {"name": "out", "surfaces": ["right"], "potential": "0 V"},
            ],
            conditions=[
                {
                    "on": ["*"],
                    "laws": [{"kind": "convection", "coefficient": "5 W/m2/K", "fluid": "300 K"}],
                    "path": "all",
                }
            ],
        )

    check_ledger(solution())
    for block, key, failure in (
        ("electric", "current", "charge"),
        ("electric", "drop_owner", "electric_power"),
        ("thermal", "heat_owner", "heat"),
    ):
        wrong = solution()
        values = wrong.record[block][key].copy()
        values[np.argmax(np.abs(values))] *= 1.0 + 1e-6
        wrong.record[block][key] = values
        with pytest.raises(AssertionError, match=f"{failure} does not close"):
            check_ledger(wrong)
