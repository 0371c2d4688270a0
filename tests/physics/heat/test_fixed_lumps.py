"""Lumps of prescribed temperature: what they are given, how it is booked, and what is refused."""

import numpy as np
import pytest
from pydantic import ValidationError

import oxycell
from oxycell.errors import CaseError
from oxycell.numerics.operators import Operator
from oxycell.physics.heat.fixed_lumps import hold
from oxycell.physics.heat.lumps import Lump
from oxycell.verification import CHECKS, electrodes, pools
from oxycell.verification.parts import convection, flux, on


def reported(case):
    return oxycell.report(oxycell.solve(oxycell.Case.model_validate(case)))


def between_plates(**more):
    return pools._between_plates({"floor": 90.0, "lid": 35.0}, **more)


def test_heat_given_closes_the_ledger():
    """Heat out of the lid less heat in from the floor, as a source that counts as given; the pool stays at its
    temperature."""
    figures = reported(between_plates(temperature="1000 K"))
    up, down = 0.49 * 600.0 / (1 / 35.0 + 0.05), 0.49 * 400.0 / (0.15 + 1 / 90.0)
    assert figures["heat"]["sources_W"] == {"pool held": pytest.approx(up - down, rel=1e-12)}
    assert figures["heat"]["given_W"] == pytest.approx(up - down, rel=1e-12)
    assert figures["heat"]["losses"] == pytest.approx({"low": -down, "high": up}, rel=1e-12)
    assert figures["heat"]["lump_temperatures_K"]["pool"] == 1000.0 and figures["balance"]["heat"]["closed"]


def test_at_the_temperature_it_would_have_nothing_is_given():
    free = reported(between_plates())["heat"]
    figures = reported(between_plates(temperature=f"{free['lump_temperatures_K']['pool']!r} K"))
    assert abs(figures["heat"]["given_W"]) < 1e-9 * free["losses"]["high"]
    assert figures["heat"]["losses"] == pytest.approx(free["losses"], rel=1e-12)


def test_linear_fluxes_do_not_move_it():
    """Beside a ledge, whose floor has rises that change from one iteration to the next."""
    posed = CHECKS["toe-with-linear-fluxes"].pose(2)
    figures = oxycell.report(posed.answer().solution)
    assert figures["heat"]["lump_temperatures_K"]["bath"] == 1650.0 and figures["balance"]["heat"]["closed"]


def test_a_loose_linear_solve_does_not_move_it():
    """Between two plates, one of which touches nothing else: a loose solve for the steps of the plates moved the lump
    by a share of them, of which acceleration made 0.8 K."""
    posed = CHECKS["current-past-a-thin-shell"].pose(1)
    case = {key: value for key, value in posed.case.items() if key != "ledge"}
    figures = reported(case)
    assert figures["heat"]["lump_temperatures_K"]["bath"] == 905.0 + 273.15 and figures["balance"]["heat"]["closed"]


def test_temperature_over_time():
    table = {"time": ["0 h", "2 h"], "value": [900.0, 1100.0]}
    figures = reported(between_plates(temperature=table) | {"time": "1 h"})
    assert figures["heat"]["lump_temperatures_K"]["pool"] == 1000.0


def test_only_given_fluxes_have_a_steady_state_beside_it():
    """A pool of known temperature takes what nothing else would."""
    case = between_plates(temperature="1000 K") | {"conditions": [on("low", flux(500.0)), on("high", flux(-200.0))]}
    assert reported(case)["heat"]["sources_W"]["pool held"] == pytest.approx(-0.49 * 300.0, rel=1e-9)
    with pytest.raises(CaseError, match="heat cannot leave"):
        oxycell.solve(oxycell.Case.model_validate(between_plates() | {"conditions": case["conditions"]}))


def test_a_heated_body_has_its_way_out_there():
    """No condition at all, heat generated in one plate: the pool takes it, and nothing is said of bodies that exchange
    no heat."""
    made = [{"name": "wire", "regions": ["floor"], "total_heat": "70 W"}]
    figures = reported(between_plates(temperature="1000 K") | {"conditions": [], "sources": made})
    assert figures["heat"]["sources_W"]["pool held"] == pytest.approx(-70.0, rel=1e-9) and figures["alerts"] == []
    with pytest.raises(CaseError, match="heat cannot leave"):
        oxycell.solve(oxycell.Case.model_validate(between_plates() | {"conditions": [], "sources": made}))


def test_energy_of_a_cell_reaction_in_it():
    """Feed, recombination and reversible heat in a bath that is kept warm: electric power and what is given equal
    losses and uptake."""
    case = electrodes.cell()
    case["lumps"][0]["temperature"] = "1220 K"
    figures = reported(case)
    heat, power = figures["heat"], figures["voltage"]["cell_V"] * 200.0
    assert (
        heat["given_W"] > 1e5
        and figures["balance"]["energy"]["closed"]
        and figures["balance"]["energy"]["relative"] < 1e-10
    )
    assert power + heat["given_W"] == pytest.approx(sum(heat["losses"].values()) + heat["process_W"], rel=1e-10)
    assert figures["productivity"]["electrolyte_temperature_K"] == 1220.0


def test_tangent_of_a_held_row_is_the_identity():
    """Two rows joined to a held one: shifts in the place of conductances. One that is left joined is seen."""

    class Network:
        lumps, plain, a, b = (
            (Lump(name="l", regions=("r",), films={}, temperature="900 K"),),
            0,
            np.array([0, 2]),
            np.array([2, 1]),
        )
        shared_rows, inner, joined, face = np.array([2]), slice(0, 2), np.zeros((2, 2)), np.zeros(2)

    operator = Operator(3, Network.a, Network.b)
    operator.conductance[:], operator.shift[:] = (3.0, 5.0), (0.5, 0.0, 7.0)
    joined = operator.to_csr().toarray()
    hold(Network, operator)
    held = operator.to_csr().toarray()
    assert np.array_equal(held, np.diag([3.5, 5.0, 1.0])) and not np.array_equal(joined, held)


@pytest.mark.parametrize(
    "changes", [{"start": "900 K"}, {"temperature": "0 K"}, {"temperature": "900 W"}, {"temperature": 900}]
)
def test_bad_input(changes):
    with pytest.raises(ValidationError):
        Lump(name="l", regions=("r",), films={}, **{"temperature": "900 K"} | changes)


def test_bath_held_at_its_liquidus_is_refused():
    case = pools._tank(7, conditions=[on("low", flux(9000.0)), on("high", convection(30.0, 300.0))])
    case["lumps"][0]["temperature"] = f"{pools.LIQUIDUS} K"
    with pytest.raises(CaseError, match="'bath' is kept at 1150 K, at which bath freezes"):
        oxycell.solve(oxycell.Case.model_validate(case))
