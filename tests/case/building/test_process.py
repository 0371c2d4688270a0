"""[process] of a case: which model of the current efficiency, what it needs, and what a run says about bath, efficiency
and anodes."""

import numpy as np
import pytest
from tests.physics.test_energy_identity import NOMINAL, cell, efficiency
from tests.verification.checkers import box

import oxycell
from oxycell.case.building.build import build
from oxycell.case.building.process import process_model
from oxycell.case.case import Case
from oxycell.case.solving.solve import solve_case
from oxycell.case.writing import plain_data
from oxycell.cell.electrochemistry import limiting_current_density
from oxycell.errors import CaseError


def changed(changes, **parameters):
    return cell(NOMINAL | parameters).replaced(changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"process.current_efficiency": None}, "process.current_efficiency: missing"),
        ({"process.current_efficiency": 1.2}, "process.current_efficiency: 1.2 is out of range"),
        ({"process.current_efficiency_model": "dewing1991"}, "not used by the model dewing1991; allowed: leave it out"),
        ({"process.current_efficiency_model": "guess"}, "allowed: given, dewing1991, mass_transfer"),
        ({"process.cathode_area": "0 m2"}, "out of range; allowed: > 0 m2"),
        ({"process.metal_transfer": "0 m/s"}, "process.metal_transfer: 0 m/s is out of range"),
    ],
)
def test_refusals(changes, words):
    with pytest.raises(CaseError, match="process.current_efficiency|process") as caught:
        changed(changes)
    assert words in str(caught.value)


def test_a_model_needs_a_bath():
    data = Case.model_validate({"process": {"current_efficiency_model": "dewing1991"}})
    with pytest.raises(CaseError, match=r"current_efficiency_model: dewing1991 needs \[bath\]"):
        process_model(data)


def test_mass_transfer_needs_a_cathode():
    laws = [{"kind": "equilibrium"}, {"kind": "reversible_heat", "share": 0.8}]
    alone = [{"name": "anode_bath", "between": ["anode", "bath"], "laws": laws}]
    with pytest.raises(CaseError, match="process.cathode_area: is needed"):
        build(changed({"interfaces": alone}, model="mass_transfer"))
    process = build(
        changed({"interfaces": alone, "process.cathode_area": "2 m2"}, model="mass_transfer")
    ).problem.electric.process
    assert process.at(6000.0, 0.0).cathode_density == 3000.0


def test_stated_cathode_area():
    """Half the area, twice the density, half the loss beyond 1 %."""
    made = [oxycell.report(solve_case(changed({"process.cathode_area": area}, model="mass_transfer")))["productivity"]
            for area in ("1 m2", "0.5 m2")]  # fmt: skip
    assert [each["cathode_current_density_A_m2"] for each in made] == pytest.approx([6000.0, 12000.0])
    lost = [0.99 - each["current_efficiency"] for each in made]
    assert lost[1] / lost[0] == pytest.approx(0.5, rel=0.03)  # the second bath is a little colder


def test_half_a_cell_is_a_cell():
    """The model cut by a symmetry plane has the density, efficiency and temperature of the whole."""
    whole = changed({}, model="mass_transfer")
    half = whole.replaced({"mesh.symmetry": ["x"], "terminals.0.current": "12000 A"})
    one, two = oxycell.report(solve_case(whole)), oxycell.report(solve_case(half))
    for block, key in (("productivity", "cathode_current_density_A_m2"), ("productivity", "current_efficiency")):
        assert one[block][key] == pytest.approx(two[block][key], rel=1e-9)
    assert two["productivity"]["aluminium_kg_per_day"] == pytest.approx(
        2.0 * one["productivity"]["aluminium_kg_per_day"], rel=1e-9
    )
    assert not oxycell.report.closed(two)


def test_warnings_of_a_run_reach_its_report():
    """Models used outside their range, by temperature and by composition, and an efficiency outside its own."""
    report = oxycell.report(solve_case(cell(NOMINAL | {"model": "dewing1991", "excess": 24.0, "target": 1150.0})))
    told = "\n".join(report["warnings"])
    for words in (
        "bath: conductivity model hives1996: temperature 11",
        "bath: liquidus model solheim1996: excess AlF3 24 wt % is 4 above its range 0 to 20 wt %",
        "process: current efficiency model dewing1991: excess AlF3 24 wt % is 10 above its range 4 to 14 wt %",
    ):
        assert words in told
    assert "density" not in told
    told = "\n".join(
        oxycell.report(solve_case(cell(NOMINAL | {"model": "mass_transfer", "target": 1150.0})))["warnings"]
    )
    assert (
        "bath: density model kvande1985: temperature 11" in told
        and "bath: dissolved aluminium model yoshida1972" in told
    )


def test_limiting_current():
    """6000 A/m² on a flat anode are over 0.8 i_lim or not, by the coefficient; the share of the area is all or
    nothing."""
    nominal = cell(NOMINAL)
    limit = limiting_current_density(1.0, float(nominal.bath.density(1183.0)[0]), 4.0)
    for factor, told in ((0.97, True), (1.03, False)):
        case = nominal.replaced({"process.alumina_transfer": f"{6000.0 / (0.8 * limit) * factor!r} m/s"})
        lines = [line for line in solve_case(case).warnings if "limiting current" in line]
        assert len(lines) == told
        if told:
            assert lines[0].startswith("anodes: 1e+02 % of their area") or lines[0].startswith(
                "anodes: 100 % of their area"
            )
            assert lines[0].endswith("(0.73 A/cm2 at 4 wt % alumina): anode-failure risk")


def test_limiting_current_on_a_part_of_the_anode():
    """A quarter of the anode stands 2 cm above the metal, the rest 8 cm: where the near part is over the limit, its
    bottom is told."""
    boxes = [box("metal", "m_metal", (0.0, 1.0), z=(0.0, 0.2)), box("bath", "m_bath", (0.0, 1.0), z=(0.2, 0.28)),
             box("anode", "m_anode", (0.0, 1.0), z=(0.28, 0.5)), box("foot", "m_anode", (0.0, 0.25), z=(0.22, 0.28)),
             box("carbon", "m_carbon", (0.0, 1.0), z=(-0.4, 0.0))]  # fmt: skip
    nominal = cell(NOMINAL)
    interfaces = plain_data(nominal)["interfaces"]
    interfaces.append(interfaces[0] | {"name": "foot_bath", "between": ["foot", "bath"]})
    films = {"anode": "1100 W/m2/K", "foot": "1100 W/m2/K", "metal": "1200 W/m2/K"}
    case = nominal.replaced(
        {
            "boxes": boxes,
            "lumps.0.films": films,
            "mesh.size": "250 mm",
            "process.alumina_transfer": "2e-4 m/s",
            "interfaces": interfaces,
        }
    )
    limit = limiting_current_density(2e-4, float(case.bath.density(1183.0)[0]), 4.0)
    solution = solve_case(case)
    assert not any("limiting" in line for line in solution.warnings)
    electric, faces = solution.record["electric"], solution.record["faces"]
    chosen = np.concatenate([law["index"] for law in electric["laws"].values() if law["part"] == "anode_activation"])
    area = faces["area"][electric["face"][chosen]]
    density = np.abs(electric["current"][chosen]) / area
    middle = 0.5 * (np.sort(density)[-5] + density.max())
    over = 100.0 * area[density > middle].sum() / area.sum()
    told = solve_case(
        case.replaced({"process.alumina_transfer": f"{float(2e-4 * middle / (0.8 * limit))!r} m/s"})
    ).warnings
    assert any(line.startswith(f"anodes: {over:.2g} % of their area") for line in told), (over, told)


def test_carbon_has_its_own_limit():
    case = changed({"process.alumina_transfer": "1e-7 m/s"}, reaction="carbon")
    assert not any("limiting current" in line for line in solve_case(case).warnings)


def test_efficiency_of_the_state():
    """Dewing's efficiency is that of the temperature found, which the efficiency itself moves."""
    p = NOMINAL | {"model": "dewing1991"}
    warmer, colder = (
        oxycell.report(solve_case(cell(p).replaced({"process.feed_temperature": t}))) for t in ("600 K", "300 K")
    )
    found = [
        (r["heat"]["lump_temperatures_K"]["bath"], r["productivity"]["current_efficiency"]) for r in (warmer, colder)
    ]
    assert found[0][0] > found[1][0] + 1.0 and found[0][1] < found[1][1]
    for T, x in found:
        assert x == pytest.approx(efficiency(p, T), rel=1e-12)


def test_potassium_bath_runs():
    """KF–AlF3 of cryolite ratio 1.3 at 760 °C: rest potential 2.337 V, 1.12 S/cm in the gap, told where its models
    end."""
    kf = 95.6 * 1.3 * 58.0967 / (1.3 * 58.0967 + 83.976748)
    bath = {
        "excess_alf3": 95.6 - kf,
        "kf": kf,
        "alumina": 4.4,
        "liquidus_model": "kf_alf3",
        "conductivity_model": "kf_alf3",
        "saturation_model": "kf_alf3",
        "density_model": "naalf4_kalf4",
    }
    case = cell(NOMINAL | {"target": 979.0, "below": 100.0})
    case = case.replaced({"bath": bath, "boxes.2.material": "bath", "boxes.2.part": "bath_ohmic"})
    report = oxycell.report(solve_case(case))
    T, parts = report["heat"]["lump_temperatures_K"]["bath"], report["voltage"]["parts"]
    assert T == pytest.approx(1033.15, abs=6.0)
    assert parts["reversible"] == pytest.approx(2.337 - 5.3e-4 * (T - 1033.15), abs=1e-3)
    assert parts["bath_ohmic"] == pytest.approx(6000.0 * 0.05 / (944.0 * np.exp(-2200.0 / T)), rel=1e-6)
    told = [line for line in report["warnings"] if line.startswith("bath: ")]
    assert told == ["bath: liquidus model kf_alf3: alumina 4.4 wt % is 4.4 above its range 0 to 0 wt %"]
    assert not oxycell.report.closed(report)
