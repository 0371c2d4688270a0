"""The expansion of a prebake cell: areas, volumes and heights by hand, symmetry, laws after Haupin, what does not
fit."""

import numpy as np
import pytest
from pydantic import ValidationError
from tests.cell.test_geometry import PATHS, check_outside, contact_area, meshed, named, width
from tests.verification.checkers import check_ledger

from oxycell.case.building.build import expand as expand_case
from oxycell.case.case import Case
from oxycell.case.load import load
from oxycell.case.solving.solve import solve_case
from oxycell.cell.geometry import expand
from oxycell.cell.prebake_laws import coverage_offset, limiting_current, reaction_limit
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError
from oxycell.mesh.build import build_mesh
from oxycell.physics.electrode.carbon import coverage_at

HEAD = {
    "operation": {"line_current": "140 kA"},
    "process": {"reaction": "carbon", "current_efficiency": 0.93},
    "bath": {"excess_alf3": 12, "caf2": 5, "alumina": 3},
}


def case(head=HEAD, **cell):
    return Case.model_validate({**head, "cell": {"electrodes": "prebake", **cell}})


def expanded(**cell):
    given = case(**cell)
    return expand(given.cell, given.operation, given.process, given.bath)


@pytest.fixture(scope="module")
def default():
    return expanded()


@pytest.fixture(scope="module")
def mesh(default):
    return meshed(default, size="600 mm", growth=50.0)[0]


def test_shipped_case_is_the_default_cell_and_meshes():
    given = load("prebake-140ka")
    assert given.cell == case().cell
    whole = expand_case(given)
    mesh, moves = build_mesh(whole.boxes, whole.mesh)
    assert moves == [] and 100_000 < mesh.n_cells < 250_000


def test_anodes_by_hand(default):
    """16 blocks, 16.47 m² of bottoms, 0.850 A/cm² (cells.md C)."""
    blocks = [box for box in default["boxes"] if box.name.endswith(".carbon")]
    bottoms = sum(width(box, "x") * width(box, "y") for box in blocks)
    assert len(blocks) == 16 and bottoms == pytest.approx(16.472, rel=1e-12)
    assert 140e3 / bottoms / 1e4 == pytest.approx(0.850, abs=5e-4)
    stub = named(default, "anode_01.stub")[0]
    assert width(stub, "x") * width(stub, "y") == pytest.approx(np.pi / 4 * 0.15**2, rel=1e-7)
    iron = named(default, "anode_01.iron")[0]
    assert width(iron, "x") ** 2 == pytest.approx(np.pi / 4 * 0.178**2, rel=1e-7) and width(iron, "z") == pytest.approx(
        0.11
    )
    assert len(named(default, "anode_01.stub")) == 4 and len({box.anode for box in default["boxes"] if box.anode}) == 16


def test_heights(default):
    assert named(default, "anode_16.carbon")[0].z == (0.219, 0.619)
    assert named(default, "anode_16.stub")[0].z == (0.509, 0.819) and named(default, "anode_16.yoke")[0].z == (
        0.819,
        0.939,
    )
    assert named(default, "anode_16.rod")[0].z == (0.939, 3.139)
    assert named(default, "bath")[0].z == (0.17, 0.37) and named(default, "gas")[0].z == (0.37, 0.42)
    assert named(default, "cover.crust")[0].z == (0.42, 0.54) and named(default, "cover.anodes")[0].z == (0.54, 0.739)
    shell = named(default, "shell.bottom")[0]
    assert width(shell, "x") * width(shell, "y") == pytest.approx(28.7, rel=5e-3)  # cells.md C, bottom
    assert named(default, "bar_24")[0].y == (0.2, 2.2)


def test_areas_and_volumes_on_the_mesh(mesh):
    """Whole-cell sums against hand sums: pool at the side blocks, blocks, immersed anode faces, stub contacts,
    carbon."""
    assert contact_area(mesh, "bath", "metal") == pytest.approx(6.85 * 3.90, rel=1e-9)
    assert contact_area(mesh, "cathode.block_*", "metal") == pytest.approx(12 * 0.50 * 3.40, rel=1e-9)
    immersed = 0.71 * 1.45 + 2 * (0.71 + 1.45) * 0.151
    assert contact_area(mesh, "anode_*.carbon", "bath") == pytest.approx(16 * immersed, rel=1e-9)
    round_iron, square = np.pi * 0.178 * 0.11, np.sqrt(4 / np.pi)
    ring = np.pi / 4 * (0.178**2 - 0.15**2)
    assert contact_area(mesh, "anode_*.iron", "anode_*.carbon") == pytest.approx(
        64 * (round_iron * square + ring), rel=1e-7
    )
    assert contact_area(mesh, "bath", "side.block") == pytest.approx(2 * (6.85 + 3.90) * 0.20, rel=1e-9)
    volume = {
        name: mesh.cell_volume[mesh.cells(name)].sum() * mesh.multiplicity
        for name in ("anode_*.carbon", "metal", "anode_*.stub")
    }
    assert volume["anode_*.carbon"] == pytest.approx(
        16 * (0.71 * 1.45 * 0.40 - 4 * np.pi / 4 * 0.178**2 * 0.11), rel=1e-7
    )
    slope = 0.10 * (2 * (6.85 + 3.90) * 0.10 - 4 * 0.10**2) + 0.05 * (2 * (6.85 + 3.90) * 0.05 - 4 * 0.05**2)
    assert volume["metal"] == pytest.approx(6.85 * 3.90 * 0.17 - slope, rel=1e-9)
    assert volume["anode_*.stub"] == pytest.approx(64 * np.pi / 4 * 0.15**2 * 0.31, rel=1e-7)


def test_no_planes_merge_and_every_outer_face_has_one_surface(default, mesh):
    assert meshed(default, size="600 mm", growth=50.0)[1] == []
    check_outside(default, mesh)
    assert {condition.path for condition in default["conditions"]} == PATHS


def test_interfaces_meet_and_carbon_is_reached_through_iron_alone(default, mesh):
    for interface in default["interfaces"]:
        assert contact_area(mesh, *interface.between) > 0.0, interface.name
    laws = {interface.name: interface.laws for interface in default["interfaces"]}
    assert [law.kind for law in laws["stub_carbon"]] == ["insulation", "contact"]
    assert [law.kind for law in laws["anode_bath"]] == [
        "equilibrium",
        "asinh",
        "limiting_current",
        "bubble_layer",
        "reversible_heat",
    ]


def test_a_square_stub_has_the_contact_resistance_of_a_round_one(default):
    side, down, _ = next(i for i in default["interfaces"] if i.name == "iron_carbon").laws
    iron = named(default, "anode_01.iron")[0]
    drawn = 4 * width(iron, "x") * 0.11
    assert side.resistance / drawn == pytest.approx(2e-6 / (np.pi * 0.178 * 0.11), rel=1e-8)
    assert (side.facing, down.facing, down.resistance) == ("side", "down", 2e-6)


def test_laws_give_the_printed_overvoltages(default):
    """physics.md 4.1 and 4.4: T = 1236 K, 3 wt %, 0.79 A/cm²: 0.492 V, limit 2.08 A/cm² for one anode of 1.03 m²."""
    thermal = GAS_CONSTANT * 1236.0 / FARADAY
    assert thermal / 1.08 * np.arcsinh(7900.0 / (2 * reaction_limit(3.0))) == pytest.approx(0.492, abs=5e-4)
    assert thermal / 1.08 == pytest.approx(1236.0 / 12533.0, rel=1e-4)
    limit, slope = limiting_current(3.0, 0.71 * 1.45)
    assert limit + slope * (1236.0 - 1323.0) == pytest.approx(2.08e4, rel=2e-3)
    assert coverage_at(7870.0, 1.0, coverage_offset(1.09, 3.0, 1.8)) == pytest.approx(0.606, abs=5e-4)
    law = {law.kind: law for law in default["interfaces"][0].laws}
    assert (
        law["asinh"].exchange_current_density == pytest.approx(29.0 * 3**0.56) and law["asinh"].transfer_number == 1.08
    )
    assert law["limiting_current"].limit == pytest.approx(limit) and law["limiting_current"].slope == pytest.approx(
        slope
    )
    assert law["bubble_layer"].coverage_offset == pytest.approx(coverage_offset(1.091, 3.0, 1.8), abs=1e-4)


def test_alumina_reaches_the_laws():
    head = {**HEAD, "bath": {"excess_alf3": 12, "caf2": 5, "alumina": 5}}
    given = case(head, anodes={"kinetics": {"coverage_factor": 0.9}})
    laws = {law.kind: law for law in expand_case(given).interfaces[0].laws}
    assert laws["asinh"].exchange_current_density == pytest.approx(29.0 * 5**0.56)
    assert laws["bubble_layer"].coverage_factor == 0.9


@pytest.mark.parametrize(("alumina", "message"), [(1.7, "anode effect"), (0.1, "limiting current is zero")])
def test_too_little_alumina_is_refused(alumina, message):
    with pytest.raises(CaseError, match=message):
        expand_case(case({**HEAD, "bath": {"excess_alf3": 12, "caf2": 5, "alumina": alumina}}))


def test_an_oxygen_process_is_refused():
    with pytest.raises(CaseError, match="process.reaction: oxygen is not possible with carbon anodes; allowed: carbon"):
        expand_case(case({**HEAD, "process": {"current_efficiency": 0.9}}))


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({"anodes": {"raised": {"anode_17": "10 mm"}}}, "anode_17"),
        ({"anodes": {"raised": {"anode_12": "5 mm"}}}, "symmetry"),
        ({"anodes": {"disconnected": ["anode_03"]}}, "symmetry"),
        ({"symmetry": "full", "anodes": {"raised": {"anode_12": "-49 mm"}}}, "metal surface"),
        ({"anodes": {"pitch": "0.70 m"}}, "anodes.pitch"),
        ({"anodes": {"per_row": 7}}, "symmetry"),
        ({"anodes": {"gap": "210 mm"}}, "bath surface"),
        ({"rods": {"stub_pitch": "0.5 m"}}, "anodes.length"),
        ({"rods": {"stub_pitch": "0.1 m"}}, "stub_pitch"),
        ({"rods": {"hole_depth": "0.41 m"}}, "hole_depth"),
        ({"rods": {"stub_length": "0.1 m"}}, "stub_length"),
        ({"cover": {"step": "0.13 m"}}, "cover.step"),
        ({"cover": {"rim": "0.45 m"}}, "cover.rim"),
        ({"cover": {"cavity": "0.2 m"}}, "top of the crust"),
        ({"cover": {"cavity": "0.085 m"}}, "cover.cavity"),
        ({"cathode": {"blocks": 14}}, "pools.length"),
        ({"bars": {"width": "0.5 m"}}, "cathode.width"),
    ],
)
def test_what_does_not_fit_is_named(cell, message):
    with pytest.raises(ValidationError, match=message):
        case(**cell)


SMALL = {  # two anodes of one stub in a row over four blocks: for the electric field alone
    "pools": {"length": "2.4 m", "width": "2.4 m"},
    "anodes": {"per_row": 2, "length": "0.7 m"},
    "rods": {"stubs": 1},
    "cathode": {"blocks": 4, "length": "1.9 m"},
    "mesh": {"gap_cells": 3, "bath_cells": 2, "edge": "5 cm"},
}


def solved(symmetry):
    head = {**HEAD, "operation": {"line_current": "35 kA"}, "physics": {"thermal": False, "temperature": "963 degC"}}
    return solve_case(case({**head, "mesh": {"size": "600 mm", "growth": 50.0}}, symmetry=symmetry, **SMALL))


def test_parts_of_a_cell_give_the_voltage_of_the_whole():
    reports = {symmetry: check_ledger(solved(symmetry)) for symmetry in ("quarter", "half", "full")}
    whole = reports["full"]["voltage"]
    for symmetry in ("quarter", "half"):
        assert reports[symmetry]["voltage"]["cell_V"] == pytest.approx(whole["cell_V"], rel=1e-9), symmetry
        for part, volts in whole["parts"].items():
            assert reports[symmetry]["voltage"]["parts"][part] == pytest.approx(volts, rel=1e-8, abs=1e-12), part
    assert (
        whole["parts"]["anode_activation"] > 0.4
        and whole["parts"]["anode_concentration"] > 0.01
        and whole["parts"]["bubbles"] > 0.05
    )
