"""Interface laws: slopes, monotony for every real current, inverses, limits, and the current through laws in series."""

import numpy as np
import pytest
from pydantic import ValidationError
from tests.verification.checkers import check_slope

from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError
from oxycell.mesh.where import facing_mask
from oxycell.physics.charge.conduction import Faces, law_currents, plain_conductances, plain_currents
from oxycell.physics.charge.resistivity import HalfConductivity
from oxycell.physics.electrode import laws as every_law
from oxycell.physics.electrode.carbon import drop_bubbles, overpotential_limiting
from oxycell.physics.electrode.drops import (
    ASINH,
    BUBBLE_LAYER,
    BUTLER_VOLMER,
    CONCENTRATION,
    CURVED,
    LIMITING_CURRENT,
    LINEAR,
    TAFEL,
    WIDTH,
    LawsAt,
    drop,
    drops_of,
    overpotential_concentration,
    overpotentials,
)
from oxycell.physics.electrode.interfaces import Interface
from oxycell.physics.electrode.laws import LAWS as ALL_LAWS
from oxycell.physics.electrode.roots import Series, current_density
from oxycell.physics.electrode.stack import stack_laws

T = 1180.0
VT = GAS_CONSTANT * T / FARADAY
ACTIVATION = {  # branch, J0, n or anodic, b or cathodic
    "asinh": (ASINH, 200.0, 2.0),
    "asinh, slow": (ASINH, 1e-3, 0.5),
    "butler_volmer": (BUTLER_VOLMER, 200.0, 0.5, 0.5),
    "butler_volmer, lopsided": (BUTLER_VOLMER, 50.0, 0.3, 1.4),
    "butler_volmer, slow": (BUTLER_VOLMER, 1e-6, 1.5, 0.5),
    "linear": (LINEAR, 200.0, 1.5, 0.0),
    "tafel": (TAFEL, 700.0, 0.5, 0.0),
    "tafel, slow": (TAFEL, 1e-6, 2.0, 0.0),
}
B, THRESHOLD = 0.058, 2570.0
CURRENTS = [-1e8, -3e4, -700.0, -1.0, -1e-3, 1e-3, 1.0, 700.0, 2000.0, 2570.0, 4000.0, 3e4, 1e8]


def padded(*numbers):
    return (*numbers, *[0.0] * (WIDTH - len(numbers)))


def activation(name):
    branch, *numbers = ACTIVATION[name]
    return lambda J: drop(branch, padded(*numbers), J, T)


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
        assert drop(BUTLER_VOLMER, padded(200.0, 1.0, 1.0), J, T) == pytest.approx(
            drop(ASINH, padded(200.0, 1.0), J, T), rel=1e-12
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

    def dropped(J, T, **law):
        stack = stack_of([law], 1, (0.0,))
        return drop(stack.branch[0], tuple(stack.parameters[0]), J, T)

    assert dropped(-250.0, 300.0, kind="linear", resistance="4e-5 ohm m2") == (-0.01, 4e-5)
    stated = {"kind": "tafel", "exchange_current_density": "2 A/m2", "slope": "120 mV"}
    assert [dropped(2000.0, T, **stated)[0] for T in (300.0, 1200.0)] == [pytest.approx(0.36, rel=1e-14)] * 2
    thermal = {"kind": "tafel", "exchange_current_density": "2 A/m2", "transfer_number": 0.5}
    assert dropped(2000.0, 1180.0, **thermal)[0] == pytest.approx(VT / 0.5 * np.log(1000.0), rel=1e-14)


def test_asinh_has_its_limits():
    """Linear R T J/(2 n F J0) at small currents, Tafel (R T/n F) ln(J/J0) at large ones; physics notes: 0.117 V per
    decade."""
    _, exchange, n = ACTIVATION["asinh"]
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


def current_at(voltage, resistance, *drops):
    """Current density and slope of laws in series on one face."""
    branch = np.array([branch for branch, *_ in drops], np.int64)
    parameters = np.array([padded(*numbers) for _, *numbers in drops]).reshape(len(drops), WIDTH)
    return current_density(Series(voltage, resistance, T, 0, len(drops)), branch, parameters)


CARBON = (LIMITING_CURRENT, 20800.0, T, 0.0, 2.0), (BUBBLE_LAYER, 213.0, 1.0, 0.0335)
DEPLETED = (CONCENTRATION, B / T, THRESHOLD)
SERIES = {  # resistance, laws
    "ohmic": (2e-5,),
    "asinh": (2e-5, (ASINH, 200.0, 2.0)),
    "slow asinh": (1e-9, (ASINH, 1e-3, 2.0)),
    "all": (1e-6, (ASINH, 200.0, 2.0), DEPLETED),
    "butler_volmer": (2e-5, (BUTLER_VOLMER, 50.0, 0.3, 1.4), DEPLETED),
    "tafel": (2e-5, (TAFEL, 700.0, 0.5, 0.0)),
    "slow tafel": (1e-9, (TAFEL, 1e-3, 2.0, 0.0)),
    "linear": (2e-5, (LINEAR, 200.0, 2.0, 0.0), DEPLETED),
    "only concentration": (1e-7, DEPLETED),
    "carbon": (2e-5, (ASINH, 53.65, 1.08), *CARBON),
}


def series_drop(J, resistance, *laws):
    """Drop of the laws in series, written anew for J of one sign."""
    total = resistance * J
    for branch, first, second, *more in laws:
        x = abs(J) / first
        if branch == ASINH:
            total += np.sign(J) * VT / second * np.log(0.5 * x + np.sqrt(0.25 * x * x + 1.0))
        elif branch == LINEAR:
            total += VT / (second * first) * J
        elif branch == TAFEL:
            total += np.sign(J) * VT / second * (np.log(x) if x > np.e else x / np.e)
        elif branch == CONCENTRATION:
            total += B / 8.0 * np.log1p((max(J, 0.0) / THRESHOLD) ** 8)
        elif branch == LIMITING_CURRENT:
            total += overpotential_limiting(J, VT / 2, first)[0]
        else:
            total += drop_bubbles(J, first, second, *more)[0]
    return total


@pytest.mark.parametrize("stack", [name for name in SERIES if name != "butler_volmer"])
@pytest.mark.parametrize("J", [-2e5, -30.0, 0.0, 0.4, 2000.0, 2800.0, 6000.0, 1e6])
def test_current_through_a_series_of_laws(stack, J):
    found, _ = current_at(series_drop(J, *SERIES[stack]), *SERIES[stack])
    assert found == pytest.approx(J, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("stack", SERIES)
@pytest.mark.parametrize("voltage", [-4.0, -0.3, -1e-3, 1e-3, 0.05, 0.3, 3.0])
def test_slope_of_the_current(stack, voltage):
    check_slope(lambda v: current_at(v, *SERIES[stack]), voltage, steps(voltage))


def test_a_wrong_slope_of_the_current_is_seen():
    with pytest.raises(AssertionError):
        check_slope(lambda v: (current_at(v, *SERIES["all"])[0], 1.0 / SERIES["all"][0]), 0.3, steps(0.3))


@pytest.mark.parametrize("stack", SERIES)
def test_current_rises_with_the_drop_however_large(stack):
    drops = np.unique(np.r_[0.0, np.outer([-1.0, 1.0], 10.0 ** np.linspace(-12, 4, 801)).ravel()])
    J, slope = np.array([current_at(v, *SERIES[stack]) for v in drops]).T
    assert np.all(np.isfinite(J)) and np.all(np.diff(J) > 0.0) and np.all(slope > 0.0)
    assert np.all(np.abs(J) <= np.abs(drops) / SERIES[stack][0] * (1 + 1e-12))


def network(phi, signs=(1.0, -1.0)):
    """Three rows joined by a plain face, and by faces with all laws whose owner is first and second; currents and
    slopes."""
    drops = [(ASINH, 200.0, 2.0), CARBON[0], DEPLETED]
    laws = LawsAt(
        face=np.array([1, 2]),
        sign=np.array(signs),
        temperature=np.full(2, T),
        resistance=np.array([2.1e-5, 1e-5]),
        rest=np.array([2.3, 0.0]),
        first=np.array([0, 2, 3]),
        branch=np.array([branch for branch, *_ in drops]),
        parameters=np.array([padded(*numbers) for _, *numbers in drops]),
    )
    ends, half = (np.array([0, 0, 1]), np.array([1, 1, 2])), np.array([[3e-4, 0.0], [1e-5, 3e-5], [0.0, 3e-5]])
    faces = Faces(np.arange(3), *ends, *ends, half, np.arange(3), np.array([1e-6, 0.0, 0.0]))
    sigma, area = HalfConductivity(np.ones(3), np.full(3, -1), np.zeros((0, 2))), np.array([0.5, 1.0, 2.0])
    current, slope, law_slope = np.empty(3), np.empty(3), np.empty(2)
    plain_conductances(faces, sigma, area, slope)
    plain_currents(*ends, phi, None, slope, current)
    law_currents(laws, faces, sigma, phi, None, area[1:], np.full(2, np.nan), current, law_slope)
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
    return stack_laws([spec], np.arange(m), np.zeros(m, int), np.ones(m, int), *np.zeros((2, m), int), np.array(facing))


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
    assert not stack.has(ASINH).any() and np.all(stack.equilibrium == 0.0)
    assert [(placed.at.tolist(), placed.law.place) for placed in stack.placed] == [
        ([0, 1, 2], "half"),
        ([0, 1, 2], "second"),
        ([0], "first"),
        ([1], "half"),
    ]


def test_equilibrium_of_the_process_is_marked():
    stack = stack_of([{"kind": "equilibrium"}])
    assert np.isnan(stack.equilibrium).all() and stack.reacting.all()
    assert stack_of([{"kind": "equilibrium", "potential": "1.2 V"}]).equilibrium.tolist() == [1.2] * 3


class Process:
    """An equilibrium potential and an entropic voltage that tell temperatures apart."""

    def reversible_potential(self, T):
        return 1e-3 * T, np.full_like(T, 1e-3)

    def peltier_voltage(self, T):
        return 1e-4 * T, np.full_like(T, 1e-4)


def test_laws_at_temperatures():
    """What the state gives takes its place: rest potential, entropic voltage, conductivity on the second side."""
    laws = [
        {"kind": "bubble_layer", "coverage_offset": 0.03},
        {"kind": "reversible_heat", "share": 0.25, "heat": "second"},
        {"kind": "equilibrium"},
        {"kind": "asinh", "exchange_current_density": "200 A/m2", "transfer_number": 2},
    ]
    spec = Interface(name="i", between=("a", "b"), laws=laws)
    m = np.arange(3)
    stack = stack_laws([spec], m, 0 * m, 0 * m + 1, np.array([0, 1, 1]), np.array([2, 1, 0]), -np.ones(3))
    temperature, sigma = np.array([1000.0, 1100.0, 1200.0]), np.array([5.0, 6.0, 7.0])
    found, peltier = stack.at(temperature, sigma, Process())
    assert found.temperature.tolist() == [1000.0, 1100.0, 1100.0]
    assert found.rest == pytest.approx([1.0, 1.1, 1.1], rel=1e-14)
    assert peltier == pytest.approx([0.025, 0.0275, 0.0275], rel=1e-14)
    bubbles = stack.placed[0].rows
    assert found.parameters[bubbles].tolist() == [[5.0 + s, 1.0, 0.03, 0.0] for s in (2.0, 1.0, 0.0)]
    assert np.isnan(stack.parameters[bubbles, 0]).all()  # the stack itself stays as it was
    assert found.first.tolist() == [0, 2, 4, 6] and found.branch[:6].tolist() == [ASINH, BUBBLE_LAYER] * 3
    J = np.array([4000.0, 8000.0, -8000.0])
    alone = [
        drop(ASINH, padded(200.0, 2.0), J[k], found.temperature[k])[0] + drop_bubbles(J[k], sigma[2 - k], 1.0, 0.03)[0]
        for k in range(3)
    ]
    assert overpotentials(J, found).tolist() == alone
    at_rest = stack.placed[2]
    assert drops_of(at_rest.law.branch, found.parameters[at_rest.rows], J, found.temperature) == pytest.approx(
        found.rest
    )


@pytest.mark.parametrize("laws", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
def test_drops_are_summed_in_one_order(laws):
    """However a case lists them: to the last bit the same."""
    stated = [
        {"kind": "limiting_current", "limit": "2 A/cm2", "at": "1200 K"},
        {"kind": "bubble_layer", "coverage_offset": 0.03},
        {"kind": "concentration", "slope": "5e-5 V/K", "threshold": "2570 A/m2"},
        {"kind": "tafel", "exchange_current_density": "7 A/m2", "slope": "120 mV"},
    ]
    stack = stack_of([stated[i] for i in laws], facing=(-1.0, 0.0, -1.0))
    found, _ = stack.at(np.full(1, T), np.full(1, 213.0), None)
    J = np.array([7700.0, 3100.0, 12345.6])
    numbers = (7.0, 1.0, 0.12 * (1.0 / np.log(10.0))), (5e-5, 2570.0), (2e4, 1200.0, 0.0, 2.0), (213.0, 1.0, 0.03)
    expected = []
    for k in range(3):
        parts = [
            drop(branch, padded(*n), J[k], T)[0]
            for branch, n in zip((TAFEL, CONCENTRATION, LIMITING_CURRENT, BUBBLE_LAYER), numbers, strict=True)
        ]
        expected.append(parts[0] + parts[1] + parts[2] + (parts[3] if k != 1 else 0.0))
    assert overpotentials(J, found).tolist() == expected


EXAMPLES = {
    "Contact": {"electric": "2e-6 ohm m2"},
    "Insulation": {},
    "Equilibrium": {"potential": "1.2 V"},
    "ReversibleHeat": {"share": 0.3},
    "Asinh": {"exchange_current_density": "200 A/m2", "transfer_number": 2},
    "ButlerVolmer": {"exchange_current_density": "50 A/m2", "anodic": 0.3, "cathodic": 1.4},
    "Linear": {"resistance": "4e-5 ohm m2"},
    "Tafel": {"exchange_current_density": "7 A/m2", "transfer_number": 1.5},
    "Resistance": {"resistance": "2e-5 ohm m2"},
    "Concentration": {"slope": "5e-5 V/K", "threshold": "2570 A/m2"},
    "LimitingCurrent": {"limit": "2 A/cm2", "at": "1200 K", "slope": "10 A/m2/K"},
    "BubbleLayer": {"coverage_offset": 0.03},
}


@pytest.mark.parametrize("law", ALL_LAWS.values(), ids=lambda law: law.__name__)
def test_every_law_has_a_branch(law):
    """What a class states of itself fits what `drop` does: value, slope, monotony, linearity, and how it is booked."""
    made = law.model_validate(EXAMPLES[law.__name__])
    stack = stack_of([{"kind": made.kind} | EXAMPLES[law.__name__]], 1, (-1.0,))
    numbers = made.numbers()
    if numbers is None:
        assert law.branch is None and not stack.placed
        return
    assert len(numbers) <= WIDTH and (made.given is not None) == np.isnan(numbers[0])
    assert made.place is not None or made.kind == "equilibrium"
    parameters = padded(*numbers)
    if made.given:
        parameters = (213.0, *parameters[1:])
    value, slope = np.array([drop(law.branch, parameters, J, T) for J in CURRENTS]).T
    assert np.all(np.isfinite(value)) and np.all(slope >= 0.0) and np.all(np.diff(value) >= 0.0)
    assert np.all(slope == slope[0]) == law.linear
    for J in CURRENTS:
        check_slope(lambda x: drop(law.branch, parameters, x, T), J, steps(J), noise=1e-17)
    assert made.default_part or law.branch < CURVED and not hasattr(made, "part")


def test_branches_are_distinct():
    """Contact and resistance share theirs; every class with numbers stands in the list; others drop NaN."""
    known = [law.branch for law in ALL_LAWS.values() if law.branch is not None]
    assert len(known) == len(set(known)) + 1
    assert np.isnan(drop(max(known) + 1, padded(1.0), 1.0, T)).all()
    classes = {
        law
        for law in vars(every_law).values()
        if isinstance(law, type) and issubclass(law, every_law.InterfaceLaw) and law is not every_law.InterfaceLaw
    }
    assert classes == set(ALL_LAWS.values()) and set(EXAMPLES) == {law.__name__ for law in classes}


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
