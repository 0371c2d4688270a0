"""Laws of carbon anodes: printed values, closed forms, slopes, limits; where their heat lands, and what the carbon
takes up."""

import numpy as np
import pytest
from tests.physics.charge.test_gas import gap
from tests.physics.test_problem import BATH, random_process, stack
from tests.verification.checkers import check_ledger, check_slope, solved

import oxycell
from oxycell.cell.electrochemistry import REACTIONS, Process
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError
from oxycell.physics.electrode.carbon import COVERED_UP_TO, coverage_at, drop_bubbles, overpotential_limiting
from oxycell.physics.electrode.drops import BUBBLE_LAYER, LIMITING_CURRENT
from oxycell.physics.electrode.interfaces import Interface
from oxycell.physics.electrode.stack import stack_laws

B, LIMIT = GAS_CONSTANT * 1236.0 / (2 * FARADAY), 20800.0
OFFSET = 0.03349  # bath of weight ratio 1.09, 3 wt % alumina, anode effect at 1.8
LAWS = {
    "limiting": lambda J: overpotential_limiting(J, B, LIMIT),
    "bubbles": lambda J: drop_bubbles(J, 213.0, 1.0, OFFSET),
    "bubbles, scaled": lambda J: drop_bubbles(J, 213.0, 0.9, OFFSET),
    "bubbles, thin": lambda J: drop_bubbles(J, 180.0, 0.9, -0.05),  # covers less than half at low currents
}


@pytest.mark.parametrize("J", [-1e6, -3e3, -1.0, 1.0, 50.0, 3e3, 7870.0, 1.2e4, 1.9e4, 2.5e4, 1e6])
@pytest.mark.parametrize("law", LAWS)
def test_slopes(law, J):
    check_slope(LAWS[law], J, [0.04 * abs(J), 0.02 * abs(J), 0.01 * abs(J)], noise=1e-17)


@pytest.mark.parametrize("law", LAWS)
def test_monotone_with_continuous_slope_for_all_currents(law):
    J = np.unique(np.r_[0.0, np.outer([-1.0, 1.0], 10.0 ** np.linspace(-6, 7, 12001)).ravel()])
    value, slope = np.array([LAWS[law](x) for x in J]).T
    assert np.all(slope > 0.0) and np.all(np.diff(value) > 0.0) and LAWS[law](0.0)[0] == 0.0
    for edge in (0.0, COVERED_UP_TO, 0.95 * LIMIT):
        below, above = LAWS[law](edge * (1 - 1e-9) - 1e-9), LAWS[law](edge * (1 + 1e-9) + 1e-9)
        assert below[1] == pytest.approx(above[1], rel=1e-6) and below[0] == pytest.approx(above[0], abs=1e-8)
    mean = 0.5 * (slope[1:] + slope[:-1]) * np.diff(J)
    assert np.abs(np.diff(value) - mean).max() <= 1e-4 * np.abs(value).max()


def test_limiting_current_in_closed_form():
    """0.025 V at 0.79 of 2.08 A/cm² (Haupin's example); linear beyond 0.95 with the slope it has there."""
    assert overpotential_limiting(7900.0, B, LIMIT)[0] == pytest.approx(0.0254, abs=5e-5)
    assert overpotential_limiting(7900.0, B, LIMIT)[0] == pytest.approx(B * np.log(LIMIT / (LIMIT - 7900.0)), rel=1e-13)
    assert overpotential_limiting(1.5 * LIMIT, B, LIMIT)[0] == pytest.approx(
        B * (np.log(20.0) + 0.55 / 0.05), rel=1e-12
    )
    assert overpotential_limiting(-LIMIT, B, LIMIT)[0] == pytest.approx(-B * np.log(2.0), rel=1e-13)
    assert overpotential_limiting(1e5, B, 0.0) == (0.0, 0.0)


def bubble_voltage(i, kappa, offset, factor=1.0):
    """Haupin's formulas written anew, A/cm², cm, S/cm: V_bub, thickness, coverage."""
    d = (0.5517 + i) / (1 + 2.167 * i)
    share = factor * (0.509 + 0.1823 * i - 0.1723 * i**2 + 0.05504 * i**3 + offset)
    return i * d / kappa * share / (1 - share), d, share


def test_bubbles_give_the_printed_values():
    """0.787 A/cm², 2.13 S/cm: 0.495 cm, coverage 0.606, 0.281 V; the law is that less the clean bath in the layer's
    place."""
    volts, d, share = bubble_voltage(0.787, 2.13, OFFSET)
    assert (volts, d, share) == (
        pytest.approx(0.281, abs=6e-4),
        pytest.approx(0.495, abs=6e-4),
        pytest.approx(0.606, abs=6e-4),
    )
    assert coverage_at(7870.0, 1.0, OFFSET) == pytest.approx(share, rel=1e-13)
    assert drop_bubbles(7870.0, 213.0, 1.0, OFFSET)[0] == pytest.approx(volts - 0.787 * d / 2.13, abs=1e-4)


@pytest.mark.parametrize("i", [0.3, 0.6, 0.85, 1.2])
@pytest.mark.parametrize("factor", [0.95, 1.0, 1.1])
def test_bubbles_follow_the_formulas_where_they_cover_more_than_half(i, factor):
    volts, d, share = bubble_voltage(i, 2.0, OFFSET, factor)
    clean = i * d / 2.0
    assert share > 0.5
    assert volts - clean <= drop_bubbles(1e4 * i, 200.0, factor, OFFSET)[0] <= volts - clean + 0.01 * clean


def test_thin_layers_count_as_clean_bath():
    volts, d, share = bubble_voltage(0.3, 1.8, -0.05, 0.9)
    assert share < 0.5 and volts < 0.3 * d / 1.8  # the formula would conduct better than clean bath
    assert 0.0 < drop_bubbles(3000.0, 180.0, 0.9, -0.05)[0] < 0.01 * 0.3 * d / 1.8


def stacked(law, facing):
    spec = Interface(name="i", between=("a", "b"), laws=[law])
    m = len(facing)
    return stack_laws([spec], np.arange(m), np.zeros(m, int), np.ones(m, int), *np.zeros((2, m), int), np.array(facing))


def test_bubbles_lie_under_faces_that_look_down():
    laws = stacked({"kind": "bubble_layer", "coverage_offset": OFFSET}, (-1.0, 0.0, 1.0))
    assert laws.has(BUBBLE_LAYER).tolist() == [True, False, False] and not laws.has(LIMITING_CURRENT).any()
    assert laws.limiting_current(np.full(3, 1236.0)).tolist() == [0.0] * 3


def test_limit_follows_the_temperature_and_never_vanishes():
    laws = stacked(
        {"kind": "limiting_current", "limit": "3 A/cm2", "at": "1323 K", "slope": "100 A/m2/K"}, (0.0, 0.0, 0.0)
    )
    found = laws.limiting_current(np.array([1236.0, 1323.0, 300.0]))
    assert found.tolist() == [pytest.approx(3e4 - 8700.0), pytest.approx(3e4), pytest.approx(1500.0)]


CARBON = [
    {"kind": "equilibrium"},
    {"kind": "asinh", "exchange_current_density": "53.7 A/m2", "transfer_number": 1.08},
    {"kind": "limiting_current", "limit": "2.08 A/cm2", "at": "1236 K"},
    {"kind": "bubble_layer", "coverage_offset": OFFSET},
    {"kind": "reversible_heat", "share": 0.8},
]


def carbon_stack(laws=CARBON, **changes):
    interfaces = [
        {"name": "anode_bath", "between": ["anode", "bath"], "laws": laws},
        {
            "name": "bath_metal",
            "between": ["bath", "metal"],
            "temperature_side": "first",
            "laws": [
                {"kind": "concentration", "slope": "4.7e-5 V/K", "threshold": "2570 A/m2"},
                {"kind": "reversible_heat", "share": 0.2, "heat": "second"},
            ],
        },
    ]
    return stack(current=7870.0, interfaces=interfaces, bath=BATH, **{"process": {"reaction": "carbon"}} | changes)


def test_parts_of_the_isothermal_stack():
    """Each law's part in closed form: 1 m² of one current density."""
    parts = check_ledger(carbon_stack(thermal=False, temperature=1236.0))["voltage"]["parts"]
    T, kappa = 1236.0, 1.80  # SIGMA of the stack's bath, S/cm
    assert parts["anode_activation"] == pytest.approx(
        GAS_CONSTANT * T / (1.08 * FARADAY) * np.arcsinh(7870.0 / 107.4), rel=1e-9
    )
    assert parts["anode_concentration"] == pytest.approx(B * np.log(LIMIT / (LIMIT - 7870.0)), rel=1e-9)
    volts, d, _ = bubble_voltage(0.787, kappa, OFFSET)
    assert parts["bubbles"] == pytest.approx(volts - 0.787 * d / kappa, abs=1e-4)


def test_bubbles_and_overvoltage_heat_where_they_say():
    """Heat of the bubbles in the bath's own row; the overvoltages on the anode's face: their sums are I times the
    drops."""
    solution = carbon_stack()
    report = check_ledger(solution)
    parts, made = report["voltage"]["parts"], report["heat"]["sources_W"]
    current = report["terminals"]["in"]["current_A"]
    for part in ("bubbles", "anode_concentration", "anode_activation"):
        assert made[part] == pytest.approx(current * parts[part], rel=1e-9), part
    sources, on_faces = solution.record["thermal"]["sources"], solution.record["thermal"]["face_sources"]
    assert any(name.startswith("bubbles") for name in sources) and not any("bubbles" in name for name in on_faces)
    assert any("anode_concentration" in name for name in on_faces)


def test_carbon_warms_at_the_expense_of_the_anode():
    """The carbon's share of the feed is taken from the anode cells at the reacting face, the alumina's from the
    bath."""
    solution = carbon_stack()
    report = check_ledger(solution)
    bath = solution.record["thermal"]["lump_temperature"][0]
    built = solution.record["thermal"]["sources"]
    process = Process(REACTIONS["carbon"], feed_temperature=298.15)
    assert float(process.carbon_feed_voltage(1233.15)[0]) == pytest.approx(0.0440, abs=5e-5)
    carbon = float(process.carbon_feed_voltage(bath)[0])
    assert report["heat"]["sources_W"]["carbon_feed"] == pytest.approx(-7870.0 * carbon, rel=1e-9)
    row = built["carbon_feed"]["row"]
    assert row.size == 1 and row[0] not in built["feed"]["row"]


def test_inert_anodes_take_nothing():
    report = check_ledger(stack())
    assert "carbon_feed" not in report["heat"]["sources_W"]


@pytest.mark.parametrize("seed", range(6))
def test_energy_identity_with_carbon_laws(seed):
    given = random_process(seed)
    given["process"]["reaction"] = "carbon"
    given.pop("current"), given.pop("bath")
    report = check_ledger(carbon_stack(**given, solver={"tolerance": 1e-3}))
    heat, volts = report["heat"], report["voltage"]["cell_V"]
    assert sum(heat["losses"].values()) + heat["external_W"] + heat["process_W"] == pytest.approx(
        7870.0 * volts, rel=1e-10
    )


def test_identity_sees_a_carbon_sink_left_out(monkeypatch):
    monkeypatch.setattr(Process, "carbon_feed_voltage", lambda self, T: (0.0 * T, 0.0 * T))
    failures = oxycell.report.closed(oxycell.report(carbon_stack()))
    assert any(failure.startswith("energy does not close") for failure in failures), failures


def test_beyond_the_laws_is_told():
    laws = [*CARBON[:2], {"kind": "limiting_current", "limit": "0.9 A/cm2", "at": "1236 K"}, *CARBON[3:]]
    solution = carbon_stack(laws)
    told = [text for text in solution.warnings if text.startswith("anode_concentration")]
    assert len(told) == 1 and "0.8 of the limiting current density" in told[0] and "100 %" in told[0]
    laws[2] = {"kind": "limiting_current", "limit": "0.8 A/cm2", "at": "1236 K"}
    told = [text for text in carbon_stack(laws).warnings if text.startswith("anode_concentration")]
    assert len(told) == 2 and "is continued linearly" in told[1]


def test_gas_beside_a_limiting_current_is_refused():
    with pytest.raises(CaseError, match="limiting_current"):
        solved(**gap(laws=[CARBON[2]]))
    assert solved(**gap(laws=[CARBON[1]])).record["cells"]["gas_fraction"].max() > 0.0
