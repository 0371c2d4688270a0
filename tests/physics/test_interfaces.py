"""Interface laws: slopes, monotony for every real current, inverses, limits, and the current through laws in series."""

import numpy as np
import pytest
from pydantic import ValidationError
from tests.verification.checkers import check_slope

from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError
from oxycell.mesh.where import facing_mask
from oxycell.physics.charge.conduction import law_currents, plain_conductances, plain_currents
from oxycell.physics.charge.resistivity import HalfConductivity
from oxycell.physics.electrode.interfaces import (
    Interface,
    current_density,
    drop_bubbles,
    overpotential_activation,
    overpotential_concentration,
    overpotential_limiting,
    stack_laws,
)

VT = GAS_CONSTANT * 1180.0 / FARADAY
ACTIVATION = {  # kinetics, J0, anodic, cathodic
    "asinh": (1, 200.0, 2.0, 1.0),
    "asinh, slow": (1, 1e-3, 0.5, 1.0),
    "butler_volmer": (2, 200.0, 0.5, 0.5),
    "butler_volmer, lopsided": (2, 50.0, 0.3, 1.4),
    "butler_volmer, slow": (2, 1e-6, 1.5, 0.5),
    "linear": (3, 200.0, 1.5, 1.0),
    "tafel": (4, 700.0, 0.5, 1.0),
    "tafel, slow": (4, 1e-6, 2.0, 1.0),
}
B, THRESHOLD = 0.058, 2570.0
CURRENTS = [-1e8, -3e4, -700.0, -1.0, -1e-3, 1e-3, 1.0, 700.0, 2000.0, 2570.0, 4000.0, 3e4, 1e8]


def activation(name):
    return lambda J: overpotential_activation(J, *ACTIVATION[name], VT)


def concentration(J):
    return overpotential_concentration(J, B, THRESHOLD)


LAWS = {name: activation(name) for name in ACTIVATION} | {"concentration": concentration}


def steps(J):
    return [0.04 * abs(J), 0.02 * abs(J), 0.01 * abs(J)]


@pytest.mark.parametrize("J", CURRENTS)
@pytest.mark.parametrize("law", LAWS)
def test_slopes(law, J):
    check_slope(LAWS[law], J, steps(J), noise=1e-17)


@pytest.mark.parametrize("law", LAWS)
def test_a_wrong_slope_is_seen(law):
    with pytest.raises(AssertionError):
        check_slope(lambda J: (LAWS[law](J)[0], 1.01 * LAWS[law](J)[1]), 3e3, steps(3e3))


@pytest.mark.parametrize("law", LAWS)
def test_monotone_with_continuous_slope_for_all_currents(law):
    """On a fine net of currents over ±1e8 A/m², close around 0 and the threshold, neither value nor slope jumps."""
    J = np.unique(np.r_[0.0, np.outer([-1.0, 1.0], 10.0 ** np.linspace(-9, 8, 12001)).ravel()])
    value, slope = np.array([LAWS[law](x) for x in J]).T
    assert np.all(np.isfinite(value)) and np.all(np.isfinite(slope)) and np.all(slope >= 0.0)
    assert np.all(np.diff(value) >= -1e-16)
    change = np.abs(np.diff(slope))
    assert np.all(change <= 0.03 * np.maximum(slope[1:], slope[:-1]) + 1e-12 * slope.max())
    mean = 0.5 * (slope[1:] + slope[:-1]) * np.diff(J)
    assert np.abs(np.diff(value) - mean).max() <= 1e-4 * np.abs(value).max()
    assert LAWS[law](0.0)[0] == 0.0


@pytest.mark.parametrize("name", [name for name in ACTIVATION if name.startswith("butler")])
@pytest.mark.parametrize("eta", [-0.9, -0.2, -1e-3, 1e-6, 0.03, 0.4, 1.1])
def test_butler_volmer_inverts_its_formula(name, eta):
    _, exchange, anodic, cathodic = ACTIVATION[name]
    J = exchange * (np.expm1(anodic * eta / VT) - np.expm1(-cathodic * eta / VT))
    value, slope = LAWS[name](J)
    assert value == pytest.approx(eta, rel=1e-11)
    exact = VT / exchange / (anodic * np.exp(anodic * eta / VT) + cathodic * np.exp(-cathodic * eta / VT))
    assert slope == pytest.approx(exact, rel=1e-10)


def test_butler_volmer_with_equal_coefficients_is_asinh():
    for J in CURRENTS:
        assert overpotential_activation(J, 2, 200.0, 1.0, 1.0, VT) == pytest.approx(
            overpotential_activation(J, 1, 200.0, 1.0, 0.0, VT), rel=1e-12
        )


def test_tafel_is_exact_above_and_a_line_below():
    """Tafel's law itself from e·J0 on, the line through 0 that touches it below, in both directions; at most b/e above
    max(0, Tafel)."""
    _, exchange, n, _ = ACTIVATION["tafel"]
    b, law = VT / n, LAWS["tafel"]
    for J in (np.e * exchange, 3.0 * exchange, 1e6, 1e12):
        assert law(J)[0] == pytest.approx(b * np.log(J / exchange), rel=1e-14) and law(-J)[0] == -law(J)[0]
        assert law(J)[1] == pytest.approx(b / J, rel=1e-14)
    for J in (-2.0 * exchange, -1e-9, 0.0, 0.3 * exchange, 2.7 * exchange):
        assert law(J) == pytest.approx((b * J / (np.e * exchange), b / (np.e * exchange)), rel=1e-14)
    J = np.linspace(0.0, 5.0 * exchange, 5001)
    over = np.array([law(x)[0] for x in J]) - b * np.log(np.maximum(J / exchange, 1.0))
    assert (
        over.min() >= -1e-15
        and over.max() == pytest.approx(b / np.e, rel=1e-12)
        and J[over.argmax()] == pytest.approx(exchange)
    )


def test_numbers_of_linear_and_tafel_kinetics():
    """Stated slopes hold at any temperature: [ohm m²], and [V] per decade."""
    stated = stack_of([{"kind": "linear", "resistance": "4e-5 ohm m2"}])
    assert overpotential_activation(
        -250.0,
        3,
        *(column[0] for column in (stated.exchange, stated.anodic, stated.cathodic)),
        stated.kinetic_voltage[0],
    ) == (-0.01, 4e-5)
    stated = stack_of([{"kind": "tafel", "exchange_current_density": "2 A/m2", "slope": "120 mV"}])
    value, _ = overpotential_activation(2000.0, 4, 2.0, stated.anodic[0], 1.0, stated.kinetic_voltage[0])
    assert value == pytest.approx(0.36, rel=1e-14) and np.all(stated.kinetics == 4)
    thermal = stack_of([{"kind": "tafel", "exchange_current_density": "2 A/m2", "transfer_number": 0.5}])
    assert thermal.kinetic_voltage[0] == 0.0 and thermal.anodic[0] == 0.5


def test_asinh_has_its_limits():
    """Linear R T J/(2 n F J0) at small currents, Tafel (R T/n F) ln(J/J0) at large ones; physics notes: 0.117 V per
    decade."""
    kinetics, exchange, n, _ = ACTIVATION["asinh"]
    small, large = LAWS["asinh"](1e-2)[0], LAWS["asinh"](1e7)[0]
    assert small == pytest.approx(VT / n * 1e-2 / (2 * exchange), rel=1e-8)
    assert large == pytest.approx(VT / n * np.log(1e7 / exchange), rel=1e-9)
    assert LAWS["asinh"](1e8)[0] - large == pytest.approx(0.117, abs=0.0005)
    assert LAWS["asinh"](5000.0)[0] == pytest.approx(0.16, abs=0.005) and LAWS["asinh"](8000.0)[0] == pytest.approx(
        0.19, abs=0.005
    )


def test_concentration_stays_close_to_the_floored_logarithm():
    J = np.linspace(-5000.0, 30000.0, 3501)
    smooth = np.array([concentration(x)[0] for x in J])
    floored = B * np.log(np.maximum(J / THRESHOLD, 1.0))
    assert np.all(smooth >= floored) and np.max(smooth - floored) <= 6e-3
    assert np.max(smooth - floored) == pytest.approx(B * np.log(2.0) / 8.0, rel=1e-4)
    far = J > 1.5 * THRESHOLD
    assert np.max((smooth - floored)[far]) <= 3.1e-4
    assert concentration(1e9) == pytest.approx((B * np.log(1e9 / THRESHOLD), B / 1e9), rel=1e-12)


NO_LIMIT, NO_LAYER = (0.0, 0.0), (1.0, 0.0, 0.0)
CARBON = (VT / 2, 20800.0), (213.0, 1.0, 0.0335)
SERIES = {  # resistance, kinetics, J0, anodic, cathodic, V_T, b, threshold, limit, bubbles
    "ohmic": (2e-5, 0, 1.0, 1.0, 1.0, VT, 0.0, 1.0, NO_LIMIT, NO_LAYER),
    "asinh": (2e-5, 1, 200.0, 2.0, 1.0, VT, 0.0, 1.0, NO_LIMIT, NO_LAYER),
    "slow asinh": (1e-9, 1, 1e-3, 2.0, 1.0, VT, 0.0, 1.0, NO_LIMIT, NO_LAYER),
    "all": (1e-6, 1, 200.0, 2.0, 1.0, VT, B, THRESHOLD, NO_LIMIT, NO_LAYER),
    "butler_volmer": (2e-5, 2, 50.0, 0.3, 1.4, VT, B, THRESHOLD, NO_LIMIT, NO_LAYER),
    "tafel": (2e-5, 4, 700.0, 0.5, 1.0, VT, 0.0, 1.0, NO_LIMIT, NO_LAYER),
    "slow tafel": (1e-9, 4, 1e-3, 2.0, 1.0, VT, 0.0, 1.0, NO_LIMIT, NO_LAYER),
    "linear": (2e-5, 3, 200.0, 2.0, 1.0, VT, B, THRESHOLD, NO_LIMIT, NO_LAYER),
    "only concentration": (1e-7, 0, 1.0, 1.0, 1.0, VT, B, THRESHOLD, NO_LIMIT, NO_LAYER),
    "carbon": (2e-5, 1, 53.65, 1.08, 1.0, VT, 0.0, 1.0, *CARBON),
}


def series_drop(J, resistance, kinetics, exchange, anodic, cathodic, thermal_voltage, b, threshold, limiting, layer):
    """Drop of the laws in series, written anew for J of one sign."""
    drop = resistance * J
    if kinetics == 1:
        x = abs(J) / (2 * exchange)
        drop += np.sign(J) * thermal_voltage / anodic * np.log(x + np.sqrt(x * x + 1.0))
    if kinetics == 3:
        drop += thermal_voltage / (anodic * exchange) * J
    if kinetics == 4:
        x = abs(J) / exchange
        drop += np.sign(J) * thermal_voltage / anodic * (np.log(x) if x > np.e else x / np.e)
    if b and J > 0.0:
        drop += b / 8.0 * np.log1p((J / threshold) ** 8)
    return drop + overpotential_limiting(J, *limiting)[0] + drop_bubbles(J, *layer)[0]


@pytest.mark.parametrize("stack", [name for name in SERIES if name != "butler_volmer"])
@pytest.mark.parametrize("J", [-2e5, -30.0, 0.0, 0.4, 2000.0, 2800.0, 6000.0, 1e6])
def test_current_through_a_series_of_laws(stack, J):
    found, _ = current_density(series_drop(J, *SERIES[stack]), *SERIES[stack])
    assert found == pytest.approx(J, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("stack", SERIES)
@pytest.mark.parametrize("drop", [-4.0, -0.3, -1e-3, 1e-3, 0.05, 0.3, 3.0])
def test_slope_of_the_current(stack, drop):
    check_slope(lambda v: current_density(v, *SERIES[stack]), drop, steps(drop))


def test_a_wrong_slope_of_the_current_is_seen():
    with pytest.raises(AssertionError):
        check_slope(lambda v: (current_density(v, *SERIES["all"])[0], 1.0 / SERIES["all"][0]), 0.3, steps(0.3))


@pytest.mark.parametrize("stack", SERIES)
def test_current_rises_with_the_drop_however_large(stack):
    drops = np.unique(np.r_[0.0, np.outer([-1.0, 1.0], 10.0 ** np.linspace(-12, 4, 801)).ravel()])
    J, slope = np.array([current_density(v, *SERIES[stack]) for v in drops]).T
    assert np.all(np.isfinite(J)) and np.all(np.diff(J) > 0.0) and np.all(slope > 0.0)
    assert np.all(np.abs(J) <= np.abs(drops) / SERIES[stack][0] * (1 + 1e-12))


def network(phi, signs=(1.0, -1.0)):
    """Three rows joined by a plain face, and by faces with all laws whose owner is first and second; currents and
    slopes."""
    laws = dict(
        sign=np.array(signs),
        resistance=np.array([2.1e-5, 1e-5]),
        rest=np.array([2.3, 0.0]),
        kinetics=np.array([1, 0]),
        exchange=np.array([200.0, 1.0]),
        anodic=np.array([2.0, 1.0]),
        cathodic=np.ones(2),
        thermal_voltage=np.full(2, VT),
        concentration_slope=np.array([0.0, B]),
        threshold=np.array([1.0, THRESHOLD]),
        limiting=np.array([CARBON[0], NO_LIMIT]),
        layer=np.array([CARBON[1], NO_LAYER]),
    )
    ends, half = (np.array([0, 0, 1]), np.array([1, 1, 2])), np.array([[3e-4, 0.0], [1e-5, 3e-5], [0.0, 3e-5]])
    face = np.arange(3)
    sigma = HalfConductivity(np.ones(3), np.full(3, -1), np.zeros((0, 2)))
    network, area = (face, *ends, half, face, *sigma, np.array([1e-6, 0.0, 0.0])), np.array([0.5, 1.0, 2.0])
    current, slope, law_slope = np.empty(3), np.empty(3), np.empty(2)
    plain_conductances(*network, area, slope)
    plain_currents(*ends, phi, None, slope, current)
    law_currents(
        np.array([1, 2]), *network, *ends, phi, None, area[1:], *laws.values(), np.full(2, np.nan), current, law_slope
    )
    slope[1:] = law_slope
    return current, slope


@pytest.mark.parametrize("phi", [(3.0, 0.2, 0.0), (0.1, 0.2, 3.0), (-4.0, 4.0, 0.3), (2.4, 0.1, 0.05)])
@pytest.mark.parametrize("face", [0, 1, 2])
def test_slopes_of_a_network(phi, face):
    """Differences of the whole network's currents against its slopes: derivative to the owner, and minus it to the
    neighbour."""
    ends = ((0, 1), (0, 1), (1, 2))[face]
    for row, sign in zip(ends, (1.0, -1.0), strict=True):

        def along(x, row=row, sign=sign):
            at = np.array(phi)
            at[row] += x
            current, slope = network(at)
            return current[face], sign * slope[face]

        check_slope(along, 0.0, (0.02, 0.01, 0.005))


def test_the_side_of_the_owner_only_turns_the_sign():
    """Owner first with (a, b) is neighbour first with potentials swapped: the same current the other way."""
    one, other = network(np.array([3.0, 0.2, 0.0])), network(np.array([0.2, 3.0, 0.0]), signs=(-1.0, -1.0))
    assert one[0][1] == pytest.approx(-other[0][1], rel=1e-3)  # half cells are swapped too: both ways sum alike
    assert one[0][1] > 0.0 and one[1][1] == pytest.approx(other[1][1], rel=1e-3)


def test_facing():
    upward = np.array([-1.0, -0.6, -0.5, 0.0, 0.5, 0.6, 1.0])
    masks = np.array([facing_mask(facing, upward) for facing in ("down", "side", "up")])
    assert np.all(masks.sum(0) == 1) and facing_mask("any", upward).all()
    assert masks[0].tolist() == [True, True, False, False, False, False, False]


def stack_of(laws, m=3, facing=(-1.0, 0.0, 1.0)):
    spec = Interface(name="i", between=("a", "b"), laws=laws)
    return stack_laws([spec], np.arange(m), np.zeros(m, int), np.ones(m, int), np.zeros(m, int), np.array(facing))


def test_resistances_add_up_by_facing():
    stack = stack_of(
        [
            {"kind": "contact", "electric": "1 ohm m2"},
            {"kind": "contact", "electric": "2 ohm m2", "heat": "second"},
            {"kind": "resistance", "resistance": "4 ohm m2", "facing": "down"},
            {"kind": "resistance", "resistance": "8 ohm m2", "facing": "side", "heat": "half"},
        ]
    )
    assert stack.resistance.tolist() == [7.0, 11.0, 3.0]
    assert np.all(stack.kinetics == 0) and np.all(stack.equilibrium == 0.0)


def test_equilibrium_of_the_process_is_marked():
    assert np.isnan(stack_of([{"kind": "equilibrium"}]).equilibrium).all()
    assert stack_of([{"kind": "equilibrium", "potential": "1.2 V"}]).equilibrium.tolist() == [1.2] * 3


@pytest.mark.parametrize(
    "twice",
    [
        [{"kind": "equilibrium"}, {"kind": "equilibrium", "potential": "1 V"}],
        [
            {"kind": "asinh", "exchange_current_density": "1 A/m2", "transfer_number": 2},
            {"kind": "butler_volmer", "exchange_current_density": "1 A/m2", "anodic": 1, "cathodic": 1},
        ],
        [
            {"kind": "linear", "resistance": "1 ohm m2"},
            {"kind": "tafel", "exchange_current_density": "1 A/m2", "slope": "1 V"},
        ],
        [{"kind": "concentration", "slope": "1 V/K", "threshold": "1 A/m2"}] * 2,
        [{"kind": "reversible_heat", "share": 0.1}] * 2,
        [{"kind": "limiting_current", "limit": "1 A/cm2", "at": "1200 K"}] * 2,
        [{"kind": "bubble_layer", "coverage_offset": 0.03}] * 2,
    ],
)
def test_laws_that_stand_once(twice):
    with pytest.raises(CaseError, match="'i' has more than one law"):
        stack_of(twice)


@pytest.mark.parametrize(
    "law",
    [
        {"kind": "contact", "electric": "-1 ohm m2"},
        {"kind": "asinh", "exchange_current_density": "0 A/m2", "transfer_number": 2},
        {"kind": "resistance", "resistance": "1 ohm"},
        {"kind": "reversible_heat", "share": 1.2},
        {"kind": "films"},
        {"kind": "butler_volmer", "exchange_current_density": "1 A/m2", "anodic": 0, "cathodic": 1},
        {"kind": "limiting_current", "limit": "0 A/m2", "at": "1200 K"},
        {"kind": "linear"},
        {"kind": "linear", "resistance": "0 ohm m2"},
        {"kind": "linear", "resistance": "1 ohm m2", "transfer_number": 1},
        {"kind": "linear", "exchange_current_density": "1 A/m2"},
        {"kind": "tafel", "exchange_current_density": "1 A/m2"},
        {"kind": "tafel", "exchange_current_density": "1 A/m2", "slope": "1 V", "transfer_number": 1},
        {"kind": "tafel", "exchange_current_density": "1 A/m2", "slope": "-1 V"},
        {"kind": "bubble_layer", "coverage_offset": 0.4},
        {"kind": "bubble_layer", "coverage_offset": -0.6},
    ],
)
def test_bad_input(law):
    with pytest.raises(ValidationError):
        Interface(name="i", between=("a", "b"), laws=[law])
