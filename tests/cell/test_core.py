"""The metal core of a ceramic anode plate: where it lies, what the stem stands on, what does not fit."""

import pytest

import oxycell
from oxycell.case.building.build import build, expand
from oxycell.errors import CaseError

COARSE = {
    "mesh.size": "600 mm",
    "mesh.growth": 50.0,
    "cell.mesh.gap_cells": 3,
    "cell.mesh.plate_cells": 2,
    "cell.mesh.cover_cells": 1,
}
CORE = {"cell.anodes.core": {"cover": "20 mm"}}


def boxes(case, name):
    return [box for box in expand(case).boxes if box.name == name]


def test_the_shell_covers_the_core_on_all_sides_and_the_stem_stands_on_it():
    case = oxycell.load("kraz-140ka").replaced(CORE)
    (plate,), (core,), (stem,) = (boxes(case, f"anode_20.{part}") for part in ("plate", "core", "stem"))
    for axis in "xyz":
        (low, high), (inner_low, inner_high) = getattr(plate, axis), getattr(core, axis)
        assert inner_low - low == pytest.approx(0.020, abs=1e-9) and high - inner_high == pytest.approx(0.020, abs=1e-9)
    assert core.material == "ni_alloy_stem" and core.anode == "anode_20" and core.part == "anode_ohmic"
    assert stem.z[0] == core.z[1]


def test_bath_touches_the_shell_only():
    mesh = build(oxycell.load("kraz-140ka").replaced(COARSE | CORE)).mesh
    names = mesh.region_names
    inner = slice(0, mesh.n_internal)
    beside = {
        tuple(sorted((names[a], names[b])))
        for a, b in set(
            zip(mesh.region[mesh.owner[inner]].tolist(), mesh.region[mesh.neighbour[inner]].tolist(), strict=True)
        )
    }
    touched = {
        other
        for pair in beside
        if any(name.endswith(".core") for name in pair)
        for other in pair
        if not other.endswith(".core")
    }
    assert {name.split(".")[-1] for name in touched} == {"plate", "stem"}


@pytest.mark.parametrize("cover", ["50 mm", "49.8 mm", "0.2 m"])
def test_a_cover_that_leaves_no_core_is_refused(cover):
    with pytest.raises(
        CaseError, match="anodes.core.cover on both sides is .*; allowed: less than the plate's thickness"
    ):
        oxycell.load("kraz-140ka").replaced({"cell.anodes.core": {"cover": cover}})


def test_without_it_nothing_changes():
    assert not boxes(oxycell.load("kraz-140ka"), "anode_20.core")
