"""A stack anode | bath | metal | carbon with every law of a cell: its voltage in closed form, its energy identity, and
what breaks it."""

import numpy as np
import pytest
from tests.verification.checkers import box, check_ledger, convection, material, solved, surface, terminal_potential

import oxycell
from oxycell.case.building.build import build
from oxycell.cell.electrochemistry import Process
from oxycell.cell.thermochemistry import SPECIES
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.physics.problem import Problem
from oxycell.solvers.criteria import relative_size, size

BATH = {"excess_alf3": 20.0, "alumina": 4.0, "caf2": 4.0}
SIGMA = {"anode": 1e4, "bath": 180.0, "metal": 3.4e6, "carbon": 3e4}
THICKNESS = {"carbon": 0.4, "metal": 0.2, "bath": 0.05, "anode": 0.3}


def stack(
    current=6000.0,
    process=None,
    bath=None,
    thermal=True,
    temperature=1180.0,
    films=(1100.0, 1200.0, 1250.0),
    outer=(9.0, 6.0),
    **changes,
):
    """Four layers, 1 m² across, carbon at the bottom; the anode's face looks down into the bath."""
    boxes, place = [], 0.0
    for name, thickness in THICKNESS.items():
        boxes.append(box(name, f"m_{name}", (0.0, 1.0), z=(place, place + thickness)))
        place = round(place + thickness, 9)
    share = (process or {}).get("anode_heat_fraction", 0.8)
    parts = dict(
        process={"current_efficiency": 0.9} | (process or {}),
        physics={"thermal": thermal, "temperature": f"{temperature} K"},
        materials={f"m_{name}": material(sigma, 25.0) for name, sigma in SIGMA.items()},
        boxes=boxes,
        mesh={"size": "1 m", "size_z": "0.1 m"},
        surfaces=[surface("top", "anode", "z+"), surface("bottom", "carbon", "z-")],
        terminals=[
            {
                "name": "in",
                "surfaces": ["top"],
                "current": f"{current!r} A",
                "surface_resistance": "4e-6 ohm",
                "external_resistance": "1e-5 ohm",
            },
            {
                "name": "out",
                "surfaces": ["bottom"],
                "potential": "0 V",
                "surface_resistance": "7e-6 ohm",
                "part": "external",
            },
        ],
        interfaces=[
            {
                "name": "anode_bath",
                "between": ["anode", "bath"],
                "temperature_side": "second",
                "laws": [
                    {"kind": "equilibrium"},
                    {"kind": "asinh", "exchange_current_density": "200 A/m2", "transfer_number": 2},
                    {"kind": "resistance", "resistance": "2e-6 ohm m2"},
                    {"kind": "reversible_heat", "share": share},
                    {
                        "kind": "resistance",
                        "resistance": "1.67e-5 ohm m2",
                        "facing": "down",
                        "part": "bubbles",
                        "heat": "second",
                    },
                ],
            },
            {
                "name": "bath_metal",
                "between": ["bath", "metal"],
                "temperature_side": "first",
                "laws": [
                    {"kind": "concentration", "slope": "4.7e-5 V/K", "threshold": "2570 A/m2"},
                    {"kind": "reversible_heat", "share": 1.0 - share, "heat": "second"},
                ],
            },
            {
                "name": "metal_carbon",
                "between": ["metal", "carbon"],
                "laws": [{"kind": "contact", "electric": "6e-6 ohm m2", "thermal": "1e-4 K m2/W"}],
            },
        ],
    )
    if thermal:
        parts |= dict(
            lumps=[
                {
                    "name": "bath",
                    "regions": ["bath"],
                    "films": {"anode": f"{films[0]} W/m2/K", "metal": f"{films[1]} W/m2/K"},
                },
                {"name": "metal", "regions": ["metal"], "films": {"bath": None, "carbon": f"{films[2]} W/m2/K"}},
            ],
            conditions=[
                {"on": ["top"], "laws": [convection(outer[0], 310.0)]},
                {"on": ["bottom"], "laws": [convection(outer[1], 305.0)]},
            ],
        )
    if bath:
        parts["bath"] = bath
    return solved(**parts | changes)


def polynomial(species, T):
    """Enthalpy and Gibbs energy over R from the seven coefficients, written anew: h = Σ a_i T^i/i + a6, s = a1 ln T + Σ
    … + a7."""
    a = next((c for _, high, c in SPECIES[species] if high > T))
    h = sum(a[i] * T ** (i + 1) / (i + 1) for i in range(5)) + a[5]
    s = a[0] * np.log(T) + sum(a[i] * T**i / i for i in range(1, 5)) + a[6]
    return GAS_CONSTANT * h, GAS_CONSTANT * (h - T * s)


def reaction(T):
    """ΔH and ΔG of Al2O3 → 2 Al + 3/2 O2 [J/mol]."""
    return 2 * np.array(polynomial("Al", T)) + 1.5 * np.array(polynomial("O2", T)) - np.array(polynomial("Al2O3", T))


def voltage(current, T=1180.0, bar=1.0):
    """Cell voltage by hand at 1 m²: rest, activation, scale and bubbles, bath and solids, concentration, contact,
    clamp, flex, busbar."""
    rest = reaction(T)[1] / (6 * FARADAY) + 1.5 * GAS_CONSTANT * T / (6 * FARADAY) * np.log(bar)
    activation = GAS_CONSTANT * T / (2 * FARADAY) * np.arcsinh(current / 400.0)
    concentration = T * 4.7e-5 / 8.0 * np.log1p((current / 2570.0) ** 8) if current > 0 else 0.0
    ohmic = sum(THICKNESS[name] / SIGMA[name] for name in SIGMA)
    return rest + activation + concentration + current * (2e-6 + 1.67e-5 + ohmic + 6e-6 + 4e-6 + 7e-6 + 1e-5)


@pytest.mark.parametrize("current", [10.0, 2570.0, 6000.0, 12000.0])
@pytest.mark.parametrize("size", ["1 m", "8 mm"])
def test_voltage_of_the_isothermal_stack(size, current):
    solution = stack(current, thermal=False, mesh={"size": "1 m", "size_z": size})
    report = check_ledger(solution)
    assert report["voltage"]["cell_V"] == pytest.approx(voltage(current), abs=1e-9)
    assert sum(report["voltage"]["parts"].values()) == pytest.approx(voltage(current), abs=1e-9)
    parts = report["voltage"]["parts"]
    assert parts["reversible"] == pytest.approx(
        2.2495, abs=2e-3
    )  # the linear fit of the physics notes, 2.92295 − 5.7163e-4 T
    assert parts["bubbles"] == pytest.approx(1.67e-5 * current, rel=1e-9) and parts["anode_film"] == pytest.approx(
        2e-6 * current, rel=1e-9
    )
    assert parts["external"] == pytest.approx(1.7e-5 * current, rel=1e-9) and parts["contacts"] == pytest.approx(
        1e-5 * current, rel=1e-9
    )


def test_pressure_and_temperature_of_the_reaction():
    solution = stack(process={"gas_pressure": "1.2 bar"}, thermal=False, temperature=1240.0)
    assert oxycell.report(solution)["voltage"]["cell_V"] == pytest.approx(voltage(6000.0, 1240.0, 1.2), abs=1e-9)


def test_a_law_left_out_is_seen():
    """Counter-test: without the bubbles the closed form is missed by their drop."""
    laws = [
        {"kind": "equilibrium"},
        {"kind": "asinh", "exchange_current_density": "200 A/m2", "transfer_number": 2},
        {"kind": "resistance", "resistance": "2e-6 ohm m2"},
    ]
    changed = [{"name": "anode_bath", "between": ["anode", "bath"], "laws": laws}]
    solution = stack(thermal=False, interfaces=changed)
    missing = voltage(6000.0) - oxycell.report(solution)["voltage"]["cell_V"]
    assert missing > 6000.0 * 1.67e-5


def test_thermal_stack_at_its_own_temperatures():
    """With temperatures solved the voltage is that of the bath's temperature, and the heat leaves at both ends."""
    solution = stack()
    report = check_ledger(solution)
    bath, metal = solution.record["thermal"]["lump_temperature"]
    assert report["voltage"]["cell_V"] == pytest.approx(voltage(6000.0, bath), abs=1e-8)
    assert metal < bath
    V = report["voltage"]["cell_V"]
    losses = report["heat"]["losses"]
    top = 6000.0 * V  # watts in
    enthalpy = 0.9 * (reaction(bath)[0] + polynomial("Al2O3", bath)[0] - polynomial("Al2O3", 298.15)[0]) / (6 * FARADAY)
    assert report["heat"]["process_W"] == pytest.approx(6000.0 * enthalpy, rel=1e-9)
    assert sum(losses.values()) + report["heat"]["process_W"] + report["heat"]["external_W"] == pytest.approx(
        top, rel=1e-8
    )
    assert report["heat"]["external_W"] == pytest.approx(6000.0**2 * 1.7e-5, rel=1e-9)


def test_metal_between_bath_and_carbon_by_hand():
    """The metal's balance: what the bath's film brings, concentration and reversible heat, its Joule heat, half the
    contact's."""
    solution = stack()
    bath, metal = solution.record["thermal"]["lump_temperature"]
    report = oxycell.report(solution)
    H, G = reaction(bath)
    peltier = (H - 1.2e5 - G) / (6 * FARADAY)
    made = 6000.0 * (bath * 4.7e-5 / 8 * np.log1p((6000.0 / 2570.0) ** 8) - 0.2 * peltier) + 6000.0**2 * 0.2 / 3.4e6
    down = (
        report["heat"]["losses"]["bottom"] - 6000.0**2 * 0.4 / 3e4 - 6000.0**2 * 6e-6
    )  # what the metal gives the carbon
    assert 1200.0 * (bath - metal) + made == pytest.approx(down, rel=1e-6)


def random_process(seed):
    rng = np.random.default_rng(seed)
    process = {
        "current_efficiency": float(rng.uniform(0.6, 1.0)),
        "anode_heat_fraction": float(rng.uniform(0.0, 1.0)),
        "dissolution_enthalpy": f"{float(rng.uniform(0.5e5, 2e5))!r} J/mol",
        "feed_temperature": f"{float(rng.uniform(300.0, 900.0))!r} K",
        "reaction": str(rng.choice(["oxygen", "carbon"])),
        "gas_pressure": f"{float(rng.uniform(0.5, 1.5))!r} bar",
    }
    bath = BATH | {"alumina": float(rng.uniform(2.0, 5.0)), "excess_alf3": float(rng.uniform(10.0, 22.0))}
    outer = tuple(float(x) for x in rng.uniform(5.0, 11.0, 2))
    return dict(
        current=float(rng.uniform(4000.0, 9000.0)),
        process=process,
        bath=bath,
        outer=outer,
        films=tuple(float(x) for x in rng.uniform(300.0, 2000.0, 3)),
    )


@pytest.mark.parametrize("seed", range(16))
def test_energy_identity_for_any_parameters(seed):
    """I·V = losses + external + process, for any efficiency, split of the reversible heat, dissolution, composition and
    film."""
    report = check_ledger(stack(**random_process(seed)))
    heat = report["heat"]
    current, cell = report["terminals"]["in"]["current_A"], report["voltage"]["cell_V"]
    assert sum(heat["losses"].values()) + heat["external_W"] + heat["process_W"] == pytest.approx(
        current * cell, rel=1e-8
    )
    assert heat["generated_W"] == pytest.approx(
        current * (cell - report["voltage"]["external_V"]) - heat["process_W"], rel=1e-8
    )


BROKEN = {
    "no reversible heat": ("peltier_voltage", lambda self, T: (0.0 * T, 0.0 * T)),
    "half the reversible heat": (
        "peltier_voltage",
        lambda self, T, f=Process.peltier_voltage: tuple(0.5 * v for v in f(self, T)),
    ),
    "feed without dissolution": (
        "alumina_feed_voltage",
        lambda self, T: tuple(self.efficiency(T)[0] / (6 * FARADAY) * v for v in self._warming("Al2O3", T)),
    ),
    "recombination without dissolution": (
        "recombination_voltage",
        lambda self, T: tuple(v / (6 * FARADAY) for v in self.reaction.back_heat(T)),
    ),
    "no feed": ("alumina_feed_voltage", lambda self, T: (0.0 * T, 0.0 * T)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_term_left_out_breaks_the_identity(monkeypatch, name):
    """The members are independent: process uptake is not what the sources happen to leave."""
    method, wrong = BROKEN[name]
    monkeypatch.setattr(Process, method, wrong)
    report = oxycell.report(stack())
    failures = oxycell.report.closed(report)
    assert any(failure.startswith("energy does not close") for failure in failures), failures
    assert report["balance"]["heat"]["closed"] and report["balance"]["electric_power"]["closed"]
    assert report["balance"]["energy"]["relative"] > 1e-3


def test_split_of_the_reversible_heat_moves_only_electrodes():
    """f_a moves heat between anode and metal: the voltage feels it only by the bath's temperature, the total not at
    all."""
    reports = [check_ledger(stack(process={"anode_heat_fraction": share})) for share in (0.4, 1.0)]
    made = [
        report["heat"]["sources_W"]["reversible_heat"] / report["terminals"]["in"]["current_A"] for report in reports
    ]
    assert made[0] == pytest.approx(made[1], rel=0.05) and made[0] < -0.4
    tops = [report["heat"]["losses"]["top"] / sum(report["heat"]["losses"].values()) for report in reports]
    assert tops[1] < tops[0]


@pytest.mark.parametrize("start", [298.15, 900.0, 1700.0])
def test_the_state_does_not_depend_on_the_start(start):
    cold, other = stack(), stack(temperature=start)
    assert terminal_potential(other, "in") == pytest.approx(terminal_potential(cold, "in"), abs=1e-8)
    assert other.record["cells"]["temperature"] == pytest.approx(cold.record["cells"]["temperature"], abs=1e-4)


@pytest.mark.parametrize("law_side", ["first", "second"])
def test_reversible_heat_at_the_metal_takes_the_bath_temperature(law_side):
    """One temperature of the electrolyte for all thermochemistry, whichever side an interface takes for its own
    laws."""
    interfaces = [
        {
            "name": "anode_bath",
            "between": ["anode", "bath"],
            "laws": [{"kind": "equilibrium"}, {"kind": "reversible_heat", "share": 0.8}],
        },
        {
            "name": "bath_metal",
            "between": ["bath", "metal"],
            "temperature_side": law_side,
            "laws": [{"kind": "reversible_heat", "share": 0.2, "heat": "second"}],
        },
    ]
    check_ledger(stack(interfaces=interfaces, current=9000.0))


def test_same_bits_again():
    one, other = stack(), stack()
    for block in ("cells", "electric", "thermal"):
        for key, value in one.record[block].items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(value, other.record[block][key], equal_nan=True), (block, key)


@pytest.fixture
def begun():
    """A coarse cell, and a state of it in which currents flow."""
    problem = build(oxycell.load("kraz-140ka").replaced({"mesh.size": "400 mm", "mesh.growth": 20})).problem
    state = problem.start()
    state.potential[:] += np.linspace(0.0, 4.5, state.potential.size)
    return problem, state


def differ(one, other, balance):
    """By how much the residuals of a balance differ at two evaluations, over what flows at the second one."""
    return size(one.of(balance, "residual") - other.of(balance, "residual"), other.of(balance, "flow"))


def test_an_evaluation_does_not_depend_on_the_one_before(begun):
    """Electrode laws and outer surfaces that begin at a state nearby, or far away, end where they end without one."""
    problem, state = begun
    charge, heat = problem.balances
    alone = problem.evaluate(state)
    for volts, kelvin in ((1e-3, 0.1), (-2.0, 150.0)):
        shape = np.linspace(0.0, 1.0, charge.n_rows)
        moved = state.replaced(potential=state.potential + volts * shape, temperature=state.temperature + kelvin)
        other = problem.evaluate(moved)
        assert differ(other, alone, charge) > 1e-6 and relative_size(other, heat) > 0.0
        after = problem.evaluate(state, before=other)
        assert differ(after, alone, charge) < 1e-11 and differ(after, alone, heat) < 1e-11
        at_others = other.replaced("potential", state.potential)  # at the other's temperatures
        again = problem.evaluate(moved.replaced(potential=state.potential))
        assert differ(at_others, again, charge) < 1e-11


def test_what_an_evaluation_let_go_of_comes_again(begun):
    problem, state = begun
    e = problem.evaluate(state)
    before = {balance.name: e.of(balance, "residual") for balance in problem.balances}
    temperature = e.cell_temperature
    e.release("potential")
    assert e.cell_temperature is temperature and "heat" not in e and "currents" not in e and "conduction" in e
    for balance in problem.balances:
        assert size(e.of(balance, "residual") - before[balance.name], e.of(balance, "flow")) < 1e-11
    e.keep("heat")
    assert "heat" in e and "currents" not in e and "cell_temperature" not in e


def test_what_a_quantity_depends_on_follows_from_what_it_reads(begun):
    """Only what depends on what moved is recomputed; a quantity that lags stands for what it depends on."""
    problem, state = begun
    assert problem.inputs("cell_temperature") == {"temperature"}
    assert problem.inputs("currents") >= {"potential", "temperature", "potential.correction"}
    assert "temperature" not in problem.inputs("open_area", frozenset(["charge_front"]))
    one = problem.evaluate(state)
    currents, temperature = one.currents, one.cell_temperature
    hotter = problem.evaluate(state.replaced(temperature=state.temperature + 1.0), before=one)
    assert "currents" not in hotter and "cell_temperature" not in hotter
    livelier = problem.evaluate(state.replaced(potential=1.1 * state.potential), before=one)
    assert livelier.cell_temperature is temperature and livelier.currents is not currents
    lagged = problem.evaluate(state, {"charge_front": one.front}, before=one)
    assert lagged.cell_temperature is temperature and "currents" not in lagged


def test_quantities_that_nothing_gives_or_two_give_are_refused(begun):
    problem, _ = begun
    charge, heat = problem.balances
    with pytest.raises(
        ValueError, match="'volumetric_heat' reads 'cell_temperature', which nothing gives|nothing gives"
    ):
        Problem(problem.mesh, [charge])
    with pytest.raises(ValueError, match="'cell_temperature' is given twice"):
        Problem(problem.mesh, [charge, heat], given={"cell_temperature": np.zeros(3)})


def test_residual_is_the_sum_of_the_terms_in_the_record_s_units(begun):
    """Of every balance: its named terms, and none besides; counter-test: one left out is missed."""
    problem, state = begun
    e = problem.evaluate(state)
    for balance in problem.balances:
        terms = e[balance.terms_name].terms
        assert len({term.name for term in terms}) == len(terms) > 1
        sums = np.zeros(balance.n_rows)
        for term in terms:
            term.add_to(sums)
        sums[balance.fixed_rows] = 0.0
        assert np.array_equal(sums, e.of(balance, "residual"))
        without_first = np.zeros(balance.n_rows)
        for term in terms[1:]:
            term.add_to(without_first)
        assert not np.array_equal(without_first, sums)
