"""Shipped cases of problems that are no cell: against what follows by hand."""

import numpy as np
import pytest

import oxycell

CONTACT = {"kind": "contact", "electric": "10 nohm m2", "part": "joint"}


def figures(name, **changes):
    return oxycell.report(oxycell.solve(oxycell.load(name).replaced(changes)))


def aluminium(celsius):
    """Resistivity of the conductor [ohm m], 2.80e-8 (1 + 0.0040 (t − 20)): the source of the library's material."""
    return 2.80e-8 * (1.0 + 0.0040 * (celsius - 20.0))


@pytest.mark.parametrize("contact", [1e-8, 1e-7])
def test_lap_joint_is_two_bars_coupled_along_their_overlap(contact):
    """Contact everywhere: i'' = k² (i − I/2), k² = 2 r g, for the current i of one bar; the overlap takes I r L/2 + I
    k/(2 g) coth(k L/2).

    The bars are thin against 1/k (42 and 133 mm): what bends the current within them adds less than two halves of a
    bar's thickness.
    """
    law = CONTACT | {"electric": f"{contact} ohm m2"}
    found = figures(
        "bolted-busbar",
        **{
            "interfaces.0.laws": [law],
            "interfaces.1.laws": [law],
            "physics.thermal": False,
            "physics.temperature": "60 degC",
        },
    )
    r, g, length = aluminium(60.0) / 1e-3, 0.1 / contact, 0.1
    k = np.sqrt(2.0 * r * g)
    exact = 1200.0 * (2.0 * 0.45 * r + r * length / 2.0 + k / (2.0 * g) / np.tanh(k * length / 2.0))
    assert exact < found["voltage"]["cell_V"] < exact + 1200.0 * r * 0.010
    assert found["voltage"]["cell_V"] == pytest.approx(exact, rel=5e-3)


def test_lap_joint_without_its_ends_would_not_pass():
    """The counter-test: the overlap counted as one bar, without the transfer, is off by more than the bound above."""
    r, g, length = aluminium(60.0) / 1e-3, 0.1 / 1e-8, 0.1
    k = np.sqrt(2.0 * r * g)
    assert k / (2.0 * g) / np.tanh(k * length / 2.0) > 2.0 * r * 0.010


def test_bolted_joint_costs_what_its_pressed_faces_and_bars_cost():
    found = figures("bolted-busbar")
    pressed = 4 * 0.03**2
    assert found["voltage"]["parts"]["joint"] == pytest.approx(
        1200.0 * 1e-8 / pressed, rel=0.02
    )  # nearly evenly spread
    assert found["voltage"]["parts"]["joint"] >= 1200.0 * 1e-8 / pressed * (1.0 - 1e-9)  # the even spread costs least
    assert found["heat"]["generated_W"] == pytest.approx(1200.0 * found["voltage"]["cell_V"], rel=1e-9)
    assert found["heat"]["sources_W"]["joint"] == pytest.approx(1200.0 * found["voltage"]["parts"]["joint"], rel=1e-9)
    assert found["heat"]["losses"]["air"] == pytest.approx(found["heat"]["generated_W"], rel=1e-8)


def test_clamp_takes_its_share_by_the_rule_of_parallel_paths():
    found = figures("clamp-joint")
    seat, steel = 6.1e-8 / 0.0266, 1e-5 / (2 * 0.040 * 0.100)  # of the seat, and of the clamp's two feet on the beam
    share = seat / (seat + steel)
    assert found["voltage"]["parts"]["seat"] == pytest.approx(4375.0 * seat * (1.0 - share) ** 2, rel=3e-3)
    rod = 4375.0 * 1.25 * aluminium(100.0) / 0.133**2  # to the middle of the seat
    assert found["voltage"]["parts"]["rod"] == pytest.approx(rod, rel=0.05)
    assert found["heat"]["losses"]["along_rod"] < 0.0 < found["heat"]["losses"]["air"]


@pytest.mark.parametrize("name", ["bolted-busbar", "clamp-joint"])
def test_ledgers_close(name):
    found = figures(name)
    assert found["status"]["converged"] and found["warnings"] == []
    for key in ("charge", "electric_power", "heat"):
        assert found["balance"][key]["closed"], key
