"""Bodies of ideal conductor: one potential, no drop and no heat, whatever stands around them."""

import numpy as np
import pytest
from tests.mesh.samples import halves_file
from tests.verification.checkers import check_ledger

import oxycell
from oxycell.errors import CaseError
from oxycell.io.fields import current_density, joule_heat
from oxycell.verification.parts import box, fed, film, fixed, held, interface, material, on, surface

IDEAL = {"thermal_conductivity": "10 W/m/K", "ideal_conductor": True}


def trough(plate=IDEAL, **more):
    """Melt 1 m long with a plate across the lower half of its depth, which takes up current on one side and gives it
    off on the other."""
    return {
        "physics": {"thermal": False},
        "boxes": [
            box("melt", "melt", (0.0, 1.0), (0.0, 0.2), (0.0, 0.4)),
            box("plate", "plate", (0.4, 0.6), (0.0, 0.2), (0.0, 0.2)),
        ],
        "materials": {"melt": material(20.0), "plate": plate},
        "mesh": {"size": "0.05 m", "size_y": "0.2 m"},
        "surfaces": [surface("left", "melt", "x-"), surface("right", "melt", "x+"), surface("below", "plate", "z-")],
        "terminals": [held("left", 3.0), held("right", 0.0)],
    } | more


def solved(case):
    solution = oxycell.solve(oxycell.Case.model_validate(case))
    check_ledger(solution)
    return solution, oxycell.report(solution)


def through(case):
    """Current from left to right [A]."""
    return solved(case)[1]["terminals"]["left"]["current_A"]


def refused(case, match):
    with pytest.raises(CaseError, match=match):
        oxycell.solve(oxycell.Case.model_validate(case))


def test_is_the_limit_of_good_conductors():
    limit = through(trough())
    apart = [abs(through(trough(material(sigma))) - limit) for sigma in (2e4, 2e5)]
    assert apart[0] / apart[1] == pytest.approx(10.0, rel=0.02) and apart[1] < 1e-3 * limit
    assert abs(through(trough(material(200.0))) - limit) > 0.02 * limit  # a good melt is none


def test_electrodes_on_both_sides_of_a_floating_body():
    """The plate's potential is where what enters leaves; the laws on its faces see their own currents."""
    laws = [
        interface(
            "skin", "plate", "melt", {"kind": "asinh", "exchange_current_density": "3 A/m2", "transfer_number": 1.0}
        )
    ]
    solution, _ = solved(trough(interfaces=laws))
    record, mesh = solution.record, solution.mesh
    inside = mesh.cells("plate")
    potential = record["cells"]["electric_potential"]
    assert np.ptp(potential[inside]) == 0.0 and 0.5 < potential[inside][0] < 2.5
    assert (
        np.isnan(current_density(mesh, record)[inside]).all()
        and not np.isnan(current_density(mesh, record)[~inside]).any()
    )
    assert not joule_heat(mesh, record)[inside].any()
    electric = record["electric"]
    owner, neighbour = mesh.owner[electric["face"]], mesh.neighbour[electric["face"]]
    to_plate = (neighbour >= 0) & (inside[owner] ^ inside[np.maximum(neighbour, 0)])
    current = electric["current"][to_plate] * np.where(inside[owner[to_plate]], -1.0, 1.0)
    assert abs(current.sum()) < 1e-9 * np.abs(current).sum() and np.abs(current).sum() > 1.0


def test_terminal_on_an_ideal_conductor():
    """A grid of copper that feeds melt on one side: resistance of terminal, contact and melt in series."""
    case = {
        "boxes": [box("grid", "grid", (0.0, 0.1)), box("melt", "melt", (0.1, 0.6))],
        "materials": {"grid": IDEAL, "melt": material(20.0, 2.0)},
        "mesh": {"size": "0.1 m"},
        "interfaces": [interface("joint", "grid", "melt", film(0.004))],
        "surfaces": [surface("low", "grid", "x-"), surface("high", "melt", "x+")],
        "terminals": [fed("low", 50.0, surface_resistance=0.02), held("high", 0.0)],
        "conditions": [on("high", fixed(300.0))],
    }
    solution, figures = solved(case)
    assert figures["terminals"]["low"]["potential_V"] == pytest.approx(50.0 * (0.02 + 0.004 + 0.5 / 20.0), rel=1e-10)
    assert figures["heat"]["losses"]["high"] == pytest.approx(2500.0 * (0.02 + 0.004 + 0.5 / 20.0), rel=1e-8)


def test_on_skew_cells(tmp_path):
    """Half of a cube of tetrahedra: the other half's resistance is exact, on cells that corrections hold for."""
    halves_file(tmp_path / "cube.msh", 4, "tetra")
    case = {
        "physics": {"thermal": False},
        "mesh": {"file": str(tmp_path / "cube.msh")},
        "regions": [{"name": "left", "material": "plate"}, {"name": "right", "material": "melt"}],
        "materials": {"melt": material(20.0), "plate": IDEAL},
        "surfaces": [surface("low", "left", "x-"), surface("high", "right", "x+")],
        "terminals": [fed("low", 50.0, surface_resistance=0.02), held("high", 0.0)],
        "conditions": [{"on": ["skin"], "laws": []}],
    }
    solution, figures = solved(case)
    assert figures["terminals"]["low"]["potential_V"] == pytest.approx(50.0 * (0.02 + 0.5 / 20.0), rel=1e-8)
    assert np.ptp(solution.record["cells"]["electric_potential"][solution.mesh.cells("left")]) == 0.0


def test_refusals():
    below = [held("left", 3.0), held("below", 0.0)]
    refused(
        trough(terminals=below),
        "surface 'below' of 'below' belongs to an ideal conductor; allowed: surface_resistance above 0",
    )
    refused(
        trough(IDEAL | {"insulator": True}),
        "plate: states more than one of insulator, ideal_conductor and a conductivity",
    )
    refused(
        trough(integrals=[{"name": "half", "plane": {"axis": "x", "at": "0.5 m"}}]),
        "'half': the plane cuts an ideal conductor",
    )
    two = trough()
    two["boxes"].append(box("other", "plate", (0.6, 0.7), (0.0, 0.2), (0.0, 0.2)))
    assert through(two) > through(trough())  # one longer body
    law = {"kind": "asinh", "exchange_current_density": "3 A/m2", "transfer_number": 1.0}
    refused(
        two | {"interfaces": [interface("seam", "plate", "other", law)]},
        "'seam' lies between two ideal conductors and has no",
    )
    assert through(two | {"interfaces": [interface("seam", "plate", "other", film(1e3))]}) < through(two)
