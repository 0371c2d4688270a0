"""Shells: heat and thickness at a face, what they cover, limits, and what is refused."""

import numpy as np
import pytest

import oxycell
from oxycell.case.building.build import build
from oxycell.case.solving import record
from oxycell.errors import CaseError
from oxycell.physics.ledge.cover import INSULATES
from oxycell.state import State
from oxycell.verification import CHECKS

KELVIN, LATENT = 273.15, 2800.0 * 5.2e5


def posed(name, n=1):
    return CHECKS[name].pose(n).case


def solve(case):
    return oxycell.solve(oxycell.Case.model_validate(case))


@pytest.fixture(scope="module")
def floor():
    """Problem of bath over a cold floor, and its thermal balance."""
    built = build(oxycell.Case.model_validate(posed("steady-shell")))
    return built.problem, built.problem.thermal


def shelled(thermal, pool, solid, latent=0.0, known=0.0, liquidus=892.2):
    T = np.empty(thermal.n_rows)
    T[:], T[thermal.shared_rows] = solid + KELVIN, pool + KELVIN
    return thermal.shells.shelled(thermal, T, None, None, liquidus + KELVIN, latent, np.array([known]))


@pytest.mark.parametrize("known", [0.0, 0.002, 0.05])
@pytest.mark.parametrize("pool", [893.0, 905.0, 1000.0])
@pytest.mark.parametrize("solid", [20.0, 600.0, 880.0, 891.0, 950.0])
@pytest.mark.parametrize("rate", [1e-4, 1e-2, 10.0])
def test_balance_of_the_front(floor, rate, solid, pool, known):
    """latent (S − known) = q − h (T_pool − T_liq) where there is a shell; else the bare face takes more than that and
    what was there has melted."""
    _, thermal = floor
    behind, film, k = 0.025 / 1e10, 1 / 600.0, 1.5
    found = shelled(thermal, pool, solid, rate * LATENT, known)
    S, given = found.thickness[0], (pool - 892.2) / film
    if S > 0.0:
        q = (892.2 - solid) / (behind + (S / k if solid < 892.2 else 0.0))
        assert rate * LATENT * (S - known) == pytest.approx(q - given, rel=1e-7, abs=1e-6 * (abs(q) + given))
        assert found.melting[0] == 0.0 and found.resistance[0] == pytest.approx(S / k, rel=1e-12)
    else:
        assert found.melting[0] == rate * LATENT * known
        surface = pool - film * ((pool - solid - film * found.melting[0]) / (film + behind) + found.melting[0])
        assert surface >= 892.2 - 1e-6


def test_tangent_of_what_the_solid_takes(floor):
    """Heat into the solid falls with its temperature by what `shift` says, the shell growing meanwhile."""
    problem, thermal = floor
    start = problem.start()

    def heat(solid):
        T = start.temperature.copy()
        T[:], T[thermal.shared_rows] = solid + KELVIN, 905.0 + KELVIN
        state = State(problem.layout, problem.layout.vector({"temperature": T}), start.corrections)
        evaluation = problem.evaluate(state)
        shells = thermal.shells.shelled(thermal, T, None, None, 892.2 + KELVIN, 0.01 * LATENT, np.array([0.01]))
        found = thermal.evaluate(T, T, None, shells=shells, rise=evaluation.temperature_correction)
        return found.special_leaving[0] * np.where(thermal.shells.side[0] == 0, 1.0, -1.0), found.shift[0]

    q, shift = heat(600.0)
    slope = (heat(600.1)[0] - heat(599.9)[0]) / 0.2
    assert q > 0.0 and -slope == pytest.approx(shift[1 - thermal.shells.side[0]], rel=1e-6)
    assert shift[thermal.shells.side[0]] == pytest.approx(600.0, rel=1e-12)  # the pool, through its film alone


def test_layer_of_varying_conductivity(floor):
    """A steady shell of conductivity 1 + (T − 300 K)/1000 W/m/K: ∫ k dT = q S."""
    case = posed("steady-shell")
    case["materials"]["crust"] = {"thermal_conductivity": {"temperature": ["300 K", "1300 K"], "value": [1.0, 2.0]}}
    case["ledge"] |= {"material": "crust"}
    found = solve(case).record["shells"]["thickness"][0]
    hot, cold = 892.2 + KELVIN - 300.0, 60.0 + 0.05 * 7680.0 + KELVIN - 300.0
    integral = hot - cold + 0.5e-3 * (hot**2 - cold**2)
    assert found == pytest.approx(integral / 7680.0, rel=1e-6)


def test_two_faces_freeze_apart():
    """Two halves of a floor behind films of their own: each has the shell of its own balance, and the report tells them
    apart by region."""
    case = posed("steady-shell")
    case["boxes"] = [
        {"name": f"plate_{i}", "material": "plate", "x": ["0 m", "0.05 m"], "y": [f"{i / 2} m", f"{(i + 1) / 2} m"],
         "z": ["0 m", "1 m"]} for i in (0, 1)
    ] + [case["boxes"][1]]  # fmt: skip
    case["mesh"] = {"size": "1e-9 m", "merge_distance": "0 m", "cells_x": [1, 1], "cells_y": [1, 1], "cells_z": [1]}
    case["materials"]["plate"]["thermal_conductivity"] = "1e-3 W/m/K"
    case["ledge"]["shells"] = ["plate_*"]
    case["lumps"][0]["films"] = {"plate_*": "600 W/m2/K"}
    case["surfaces"] = [{"name": n, "of": f"plate_{i}", "sides": ["x-"]} for i, n in enumerate(("cold", "warm"))]
    case["conditions"] = [
        {"on": [name], "laws": [{"kind": "convection", "coefficient": f"{h} W/m2/K", "fluid": "60 degC"}]}
        for name, h in (("cold", 1e6), ("warm", 1e6))
    ]
    case["materials"]["plate"]["thermal_conductivity"] = "0.5 W/m/K"
    case["sources"][0]["total_heat"] = "7000 W"
    solution = solve(case)
    figures = oxycell.report(solution)["shells"]
    assert [row["region"] for row in figures["by_region"]] == ["plate_0", "plate_1"]
    assert figures["frozen_area_m2"] == pytest.approx(1.0) and figures["by_region"][0]["area_m2"] == pytest.approx(0.5)
    steady = 1.5 * ((892.2 - 60.0) / 7000.0 - 0.05 / 0.5)
    assert solution.record["shells"]["thickness"] == pytest.approx(steady, rel=1e-3)


@pytest.mark.parametrize("shell", [0.1e-3, 0.9e-3])
def test_cover(shell):
    """The open share falls with the thickness, to nothing at INSULATES."""
    case = posed("current-past-a-thin-shell")
    behind = (892.2 - 60.0) / 7680.0 - shell / 1.5
    case["conditions"][0]["laws"][0]["coefficient"] = f"{1.0 / behind!r} W/m2/K"
    solution = solve(case)
    found = solution.record["shells"]["thickness"][0]
    assert found == pytest.approx(shell, abs=2e-7)
    share = 1.0 - found / INSULATES
    assert oxycell.report(solution)["terminals"]["in"]["potential_V"] == pytest.approx(1e-3 / share, rel=1e-3)


def test_under_a_ledge_a_shell_has_a_volume_and_no_thickness(monkeypatch):
    """What is frozen on a face that a ledge has covered is as thick as its mass over next to no area: no thickness to
    report."""
    built = build(oxycell.Case.model_validate(posed("steady-shell")))
    evaluation = built.problem.evaluate(built.problem.start())
    shelled = evaluation.shells._replace(thickness=np.array([50.0]), area=np.array([1e-3]))
    monkeypatch.setitem(evaluation._known, "shells", shelled)
    found = record._shells(built, evaluation)
    assert found["thickness"] == [0.0] and found["volume"] == [0.05]
    monkeypatch.setitem(evaluation._known, "shells", shelled._replace(area=np.array([0.02])))
    assert record._shells(built, evaluation)["thickness"] == [50.0]


def test_bare_where_it_is_warm():
    solution = solve(posed("no-shell-on-a-warm-floor"))
    assert oxycell.report(solution)["shells"] == {
        "mean_m": 0.0,
        "max_m": 0.0,
        "frozen_area_m2": 0.0,
        "volume_m3": 0.0,
        "by_region": [{"region": "plate", "mean_m": 0.0, "max_m": 0.0, "area_m2": 1.0, "frozen_area_m2": 0.0}],
    }


@pytest.mark.parametrize(
    "change, message",
    [
        ({"shells": []}, "neither walls nor shells are stated"),
        ({"shells": ["nowhere"]}, "nowhere"),
        ({"shells": ["bath"]}, "none of these regions has a face towards ledge.pools"),
    ],
)
def test_refused(change, message):
    case = posed("steady-shell")
    case["ledge"] |= change
    with pytest.raises((CaseError, ValueError), match=message):
        solve(case)


def test_refused_without_a_film():
    case = posed("steady-shell")
    case["lumps"][0]["films"] = {"plate": "none"}
    with pytest.raises(CaseError, match="film"):
        solve(case)


def test_slush_needs_a_liquidus_that_follows():
    case = posed("slush-in-a-bath")
    case["transient"]["composition"] = "fixed"
    with pytest.raises(CaseError, match="transient.at_liquidus"):
        solve(case)
