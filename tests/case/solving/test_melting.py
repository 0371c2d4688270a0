"""Materials that melt: what their words make, where the front is found, how it is reported and drawn."""

import copy
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.integrate import quad

import oxycell
from oxycell.case.building.materials import build_materials
from oxycell.case.case import Melting
from oxycell.case.solving.melting import rise
from oxycell.errors import CaseError
from oxycell.io.fields import volume_fields
from oxycell.material import Constant, Scaled, Tabulated, joined
from oxycell.report.sections import section_figures
from oxycell.verification import melting
from oxycell.verification.parts import cut, fixed, on

GUIDE = (Path(__file__).parents[3] / "docs" / "generic-cases.md").read_text(encoding="utf-8")


def solved(case):
    return oxycell.solve(oxycell.Case.model_validate(case))


def test_two_properties_joined():
    """Each up to half the range from the melting point, straight between; valid where they are."""
    below, above = Tabulated([400.0, 900.0, 1300.0], [3.0, 2.0, 1.2], "W/m/K"), Constant(0.5, "W/m/K")
    both = joined(below, above, 1000.0, 20.0)
    T = np.array([100.0, 650.0, 990.0, 1000.0, 1010.0, 3000.0])
    assert both.at(T) == pytest.approx([3.0, 2.5, 1.82, 1.16, 0.5, 0.5], rel=1e-12)
    assert (both.lower, both.upper) == (400.0, np.inf) and both.excess([500.0, 3000.0]) == 0.0
    assert joined(above, below, 800.0, 20.0).at([700.0, 810.0, 900.0]) == pytest.approx([0.5, 2.18, 2.0], rel=1e-12)


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_integral_of_a_conductivity(factor):
    """Against quadrature, piece by piece; the plain product k (T − start) would be seen."""
    k = Tabulated([400.0, 900.0, 1300.0], [3.0, 2.0, 1.2], "W/m/K")
    for T in (100.0, 400.0, 700.0, 1100.0, 1250.0, 1500.0):
        exact = quad(lambda x: float(k.at(x)), 1000.0, T, points=(400.0, 900.0, 1300.0), limit=200)[0]
        assert rise(Scaled(k, factor), 1000.0, np.array([T])) == pytest.approx([exact], rel=1e-12)
        assert abs(exact - float(k.at(T)) * (T - 1000.0)) > 1.0
    assert rise(Constant(7.0, "W/m/K"), 1000.0, np.array([900.0])) == [-100.0]


def test_words_of_a_material():
    text = re.search(r"```toml\n(\[materials.bath_at_rest.melting.*?)```", GUIDE, re.DOTALL)[1]
    found = build_materials(oxycell.Case.model_validate(tomllib.loads(text)), ["bath_at_rest"])["bath_at_rest"]
    assert found.melting == 905.0 + 273.15
    assert found.thermal_conductivity.at([1100.0, 1200.0]).tolist() == [1.5, 0.8]
    assert found.electrical_conductivity.at([1100.0, 1200.0]).tolist() == [1e-6, 180.0]
    assert not found.warnings(np.array([300.0, 2000.0]), ("thermal_conductivity", "electrical_conductivity"))


BOTH = {"solid": {"thermal_conductivity": "2 W/m/K"}, "liquid": {"thermal_conductivity": "1 W/m/K"}}


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"liquid": {}}, "thermal_conductivity is stated below the melting point only"),
        ({"solid": {}}, "thermal_conductivity is stated above the melting point only"),
        ({"solid": {}, "liquid": {}}, "states no conductivity"),
        ({"width": "3000 K"}, "width reaches to 0 K"),
        ({"solid": {"thermal_conductivity": {"polynomial": [1.0], "between": ["1 K", "2 K"]}}}, "is a polynomial"),
        ({"solid": {"thermal_conductivity": "0 W/m/K"}}, "greater than 0"),
        ({"temperature": "0 K"}, "greater than 0"),
    ],
)
def test_bad_input(wrong, message):
    with pytest.raises(ValidationError, match=message):
        Melting.model_validate({"temperature": "1200 K"} | BOTH | wrong)


def test_one_conductivity_is_stated_once():
    case = copy.deepcopy(melting._crust())
    case["materials"]["m"]["thermal_conductivity"] = "1 W/m/K"
    with pytest.raises(
        CaseError, match="materials.m.thermal_conductivity: is stated in addition to those of solid and liquid"
    ):
        solved(case)


@pytest.mark.parametrize("side, liquid", [(-1.0, 0.0), (1.0, 0.1225)])
def test_without_a_front(side, liquid):
    """All frozen or all molten: no front, and the volumes say which."""
    case = melting._crust() | {
        "conditions": [on("low", fixed(melting.MELTS + 50 * side)), on("high", fixed(melting.MELTS + 90 * side))]
    }
    found = oxycell.report(solved(case))["melting"]["m"]
    assert found["front"] is None and found["liquid_m3"] == pytest.approx(liquid, abs=1e-15)
    assert found["liquid_m3"] + found["solid_m3"] == pytest.approx(0.1225, rel=1e-12)


def test_front_on_a_plane():
    """Linear temperature: every crossing lies on 2x + y = 1.5, from x = 0.25 to 0.75; area 1 m² along x, half along
    y."""
    solution = solved(melting._tilted())
    front = oxycell.report(solution)["melting"]["m"]["front"]
    assert np.allclose(solution.record["melting"]["m"]["point"] @ [2.0, 1.0, 0.0], 1.5, atol=1e-9)
    assert (
        front["x_m"]["mean"] == pytest.approx(0.5, abs=0.05)
        and front["x_m"]["min"] >= 0.25
        and front["x_m"]["max"] <= 0.75
    )
    assert front["area_along_x_m2"] == pytest.approx(1.0, rel=1e-9) and front["area_along_y_m2"] == pytest.approx(
        0.5, abs=0.15
    )
    shares, centre = solution.record["melting"]["m"]["liquid_fraction"], np.asarray(solution.mesh.cell_centre[:])
    value = centre @ [2.0, 1.0, 0.0] - 1.5
    assert (
        np.all(shares[value > 0.35] == 1.0)
        and np.all(shares[value < -0.35] == 0.0)
        and np.all(np.diff(shares[np.argsort(value)]) > -0.2)
    )


def test_fields_and_picture():
    """Share of liquid in the volume fields; the front in the picture of the temperature, named in its legend."""
    solution = solved(melting._tilted())
    fields = volume_fields(solution.mesh, solution.record)
    assert fields["liquid_fraction"][0].min() == 0.0 and fields["liquid_fraction"][0].max() == 1.0
    made = {
        name: figure for name, _, _, figure in section_figures(solution.mesh, solution.record, oxycell.report(solution))
    }
    figure = next(figure for name, figure in made.items() if name.startswith("temperature"))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["m melts, 927 °C"]
    drawn = [
        line
        for axes in figure.axes
        for line in axes.collections
        if getattr(line, "levels", None) is not None and len(line.levels) == 1
    ]
    assert any(abs(float(line.levels[0]) - (1200.0 - 273.15)) < 1e-9 for line in drawn)


def test_lumps_do_not_melt():
    """A stirred pool of such a material has one temperature and no front."""
    case = melting._crust() | {"mesh": cut(1, 1, (5, 5))}
    case["boxes"] = [
        case["boxes"][0] | {"z": ["0 m", "0.1 m"]},
        case["boxes"][0] | {"name": "pool", "z": ["0.1 m", "0.25 m"]},
    ]
    case["surfaces"] = [{"name": "low", "of": "bath", "sides": ["z-"]}, {"name": "high", "of": "pool", "sides": ["z+"]}]
    case["lumps"] = [{"name": "pool", "regions": ["pool"], "films": {"*": "100 W/m2/K"}}]
    solution = solved(case)
    assert solution.record["melting"]["m"]["cell"].size == 5 == np.count_nonzero(solution.mesh.region == 0)


def test_what_is_said_to_melt_has_no_limit_there():
    """Solidus and melting point of the library material do not count where the case says how it melts; others and
    stated ones do."""
    melts = {
        "temperature": "646 degC",
        "solid": {"thermal_conductivity": "200 W/m/K"},
        "liquid": {"thermal_conductivity": "90 W/m/K"},
    }

    def kinds(**more):
        case = oxycell.Case.model_validate({"materials": {"m": {"like": "aluminium_conductor", **more}}})
        return [limit.kind for limit in build_materials(case, ["m"])["m"].limits]

    assert "solidus" in kinds() and kinds(melting=melts) == [
        kind for kind in kinds() if kind not in ("freezing", "solidus", "melting")
    ]
    assert "solidus" in kinds(melting=melts, limits={"solidus": "700 degC"})
