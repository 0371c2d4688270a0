"""Sources in regions, boundary currents, floating bodies, and values that vary."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from tests.verification.checkers import check_ledger

import oxycell
from oxycell.errors import CaseError
from oxycell.verification.answer import Answer
from oxycell.verification.parts import box, convection, cut, fed, fixed, held, layers, material, on, surface

GUIDE = (Path(__file__).parents[3] / "docs" / "generic-cases.md").read_text(encoding="utf-8")
ENDS = [surface("begin", "bar", "x-"), surface("end", "bar", "x+")]
SIGMA, K, AREA = 200.0, 5.0, 0.06


def bar(n=8, length=0.5, **more):
    """Bar of 0.2 m by 0.3 m along x."""
    return {
        "boxes": [box("bar", "m", (0.0, length), (0.0, 0.2), (0.0, 0.3))],
        "materials": {"m": material(SIGMA, K)},
        "mesh": cut(n),
        "surfaces": ENDS,
        **more,
    }


def solved(case, fields=None):
    solution = oxycell.solve(oxycell.Case.model_validate(case), fields=fields)
    check_ledger(solution)
    return solution, oxycell.report(solution)


def refused(case, match, fields=None):
    with pytest.raises(CaseError, match=match):
        oxycell.solve(oxycell.Case.model_validate(case), fields=fields)


def warm(**source):
    return bar(
        physics={"electric": False},
        conditions=[on("begin", fixed(300.0))],
        sources=[{"name": "s", "regions": ["bar"], **source}],
    )


@pytest.mark.parametrize(
    "source",
    [
        {"heat": "2e4 W/m3"},
        {"total_heat": f"{2e4 * AREA * 0.5} W"},
        {"heat": {"field": "s"}},
        {"heat": {"x": ["0 m", "1 m"], "value": [2e4, 2e4]}},
    ],
)
def test_heat_made_evenly(source):
    """qL²/2k above the cold end, less (h/2)² q/2k at the last cell's centre; all of it leaves there."""
    solution, report = solved(
        warm(**source), {"s": lambda x, y, z: 2e4} if "heat" in source and "field" in source["heat"] else None
    )
    assert report["heat"]["sources_W"]["s"] == pytest.approx(2e4 * AREA * 0.5, rel=1e-12)
    assert report["heat"]["losses"]["begin"] == pytest.approx(2e4 * AREA * 0.5, rel=1e-8)
    x, h = np.asarray(solution.mesh.cell_centre)[:, 0], 0.5 / 8
    exact = 300.0 + 2e4 * (0.5 * x - x**2 / 2) / K  # differences of half cells are exact for a parabola but for h²/8
    np.testing.assert_allclose(solution.record["cells"]["temperature"], exact + 2e4 * h**2 / 8 / K, rtol=1e-8)


def test_heat_by_temperature():
    """q = 3e4 − 50 (T − 300): T − 300 = 600 (1 − 1/(1 + 50 d/G)) in one cell of depth d behind conductance G."""
    case = warm(heat={"temperature": ["300 K", "900 K"], "value": [3e4, 0.0]}) | {"mesh": cut(1)}
    solution, report = solved(case)
    g = K / 0.25
    rise = 3e4 * 0.5 / (g + 50.0 * 0.5)
    assert solution.record["cells"]["temperature"][0] == pytest.approx(300.0 + rise, rel=1e-9)
    assert report["heat"]["sources_W"]["s"] == pytest.approx(g * rise * AREA, rel=1e-8)


def test_totals_are_of_the_whole_model():
    """Half a model takes half of the total, and reports all of it."""
    case = warm(total_heat="400 W") | {"mesh": cut(8) | {"symmetry": ["y"]}}
    solution, report = solved(case)
    assert report["heat"]["sources_W"]["s"] == pytest.approx(400.0, rel=1e-12)
    assert solution.mesh.multiplicity == 2


def test_several_sources_add_up():
    case = warm(heat="1e4 W/m3")
    case["sources"].append({"name": "sink", "regions": ["b*"], "total_heat": "-100 W"})
    _, report = solved(case)
    assert report["heat"]["losses"]["begin"] == pytest.approx(1e4 * AREA * 0.5 - 100.0, rel=1e-8)
    assert report["heat"]["sources_W"]["sink"] == pytest.approx(-100.0)


@pytest.mark.parametrize("source", [{"current": "1000 A/m3"}, {"total_current": "30 A"}])
def test_current_fed_evenly(source):
    """j L²/2σ from one end to the other, all of it out of the terminal; it heats as its drops say."""
    case = bar(
        terminals=[held("end", 0.0)],
        conditions=[on("end", fixed(300.0))],
        sources=[{"name": "of cells", "regions": ["bar"], **source}],
    )
    solution, report = solved(case)
    assert report["terminals"]["end"]["current_A"] == pytest.approx(-30.0, rel=1e-9)
    x, h = 0.5 - np.asarray(solution.mesh.cell_centre)[:, 0], 0.5 / 8
    exact = 1000.0 * (0.5 * x - x**2 / 2 + h**2 / 8) / SIGMA
    np.testing.assert_allclose(solution.record["cells"]["electric_potential"], exact, rtol=1e-9)
    # ∫ (j x)²/σ dx over the bar, by the trapezoids that half cells with the current of their faces make
    assert report["heat"]["sources_W"]["joule"] == pytest.approx(
        AREA * 1000.0**2 * 0.5**3 / 3 / SIGMA * (1 + 0.5 / 8**2), rel=1e-9
    )


def test_current_density_by_place():
    """A density that rises from 0 to 600 A/m² across the end: 300 A/m² in the mean."""
    case = bar(
        4,
        terminals=[held("end", 0.0)],
        physics={"thermal": False},
        conditions=[on("begin", {"kind": "current_density", "value": {"y": ["0 m", "0.2 m"], "value": [0.0, 600.0]}})],
    )
    case["mesh"] = cut(4, 5)
    _, report = solved(case)
    assert report["terminals"]["end"]["current_A"] == pytest.approx(-300.0 * AREA, rel=1e-9)


def test_two_densities_on_a_surface_add_up():
    case = bar(
        terminals=[held("end", 0.0)],
        physics={"thermal": False},
        conditions=[
            on(
                "begin",
                {"kind": "current_density", "value": "100 A/m2"},
                {"kind": "current_density", "value": "25 A/m2"},
            )
        ],
    )
    _, report = solved(case)
    assert report["terminals"]["end"]["current_A"] == pytest.approx(-125.0 * AREA, rel=1e-9)


@pytest.mark.parametrize("given", [{"y": ["0 m", "0.2 m"], "value": [1.0, 3.0]}, {"field": "outside"}])
def test_potential_by_place(given):
    """A potential linear in y on both y sides and both ends is linear within."""
    case = bar(physics={"thermal": False}, conditions=[on("all", {"kind": "fixed_potential", "potential": given})])
    case |= {"mesh": cut(4, 5), "surfaces": [surface("all", "bar", "x-", "x+", "y-", "y+")]}
    solution, _ = solved(case, {"outside": lambda x, y, z: 1.0 + 10.0 * y} if "field" in given else None)
    y = np.asarray(solution.mesh.cell_centre)[:, 1]
    np.testing.assert_allclose(solution.record["cells"]["electric_potential"], 1.0 + 10.0 * y, rtol=1e-10)


def floating(out="-400 A/m2", **more):
    case = bar(
        physics={"thermal": False},
        conditions=[
            on("begin", {"kind": "current_density", "value": "400 A/m2"}),
            on("end", {"kind": "current_density", "value": out}),
        ],
    )
    case["boxes"][0] |= {"floating": True} | more
    return case


def test_floating_body():
    """Its drop is that of the current that passes; a net current is refused, and so is one that nobody declared."""
    solution, _ = solved(floating())
    phi, x = solution.record["cells"]["electric_potential"], np.asarray(solution.mesh.cell_centre)[:, 0]
    np.testing.assert_allclose(phi - phi[0], -400.0 * (x - x[0]) / SIGMA, rtol=0, atol=1e-10)
    refused(floating("-399 A/m2"), r"'bar' is floating and 0.06 A more enter it than leave it")
    refused(floating(floating=False), "no reference potential; allowed: one terminal with potential")


def test_floating_body_beside_a_fed_one():
    """A body apart from the terminals keeps no current and says so only where it is not declared."""
    case = {
        "boxes": layers(("bar", "m", 0.5), ("gap", "air", 0.1), ("plate", "m", 0.1), side=0.2),
        "mesh": cut((4, 1, 2)),
        "materials": {"m": material(SIGMA, K), "air": material(k=0.1)},
        "surfaces": [surface("begin", "bar", "x-"), surface("end", "bar", "y-")],
        "physics": {"thermal": False},
        "terminals": [fed("begin", 8.0), held("end", 0.0)],
    }
    refused(case, "plate conducts but reaches no terminal; allowed: .*floating = true")
    case["boxes"][2]["floating"] = True
    solution, report = solved(case)
    assert report["terminals"]["end"]["current_A"] == pytest.approx(-8.0, rel=1e-9)
    assert solution.status["outer_iterations"] < 10, "what is held is a row of the floating body, not one of the bar"


def test_arrays_for_cells_and_faces():
    """Functions and arrays of the same values give the same bits."""
    case = warm(heat={"field": "made"}) | {
        "conditions": [on("begin", {"kind": "fixed_temperature", "temperature": {"field": "cold"}})]
    }

    def made(x, y, z):
        return 1e4 * (1.0 + x)

    first, _ = solved(case, {"made": made, "cold": lambda x, y, z: 300.0 + 0.0 * x})
    arrays = {"made": made(*np.asarray(first.mesh.cell_centre).T), "cold": np.full(first.mesh.n_faces, 300.0)}
    second, _ = solved(case, arrays)
    assert np.array_equal(first.record["cells"]["temperature"], second.record["cells"]["temperature"])
    assert "cold, made" in oxycell.report(second)["provenance"]["fields"]
    refused(
        case,
        r"fields: 'made' has the shape \(3,\); allowed: 8 values, one for each cell",
        arrays | {"made": np.zeros(3)},
    )
    refused(case, "fields: 'made' is not a finite number at", arrays | {"made": lambda x, y, z: np.nan * x})
    refused(case, "the case uses no field 'mode'.*'made'", arrays | {"mode": 1.0})
    refused(case, "sources.0.heat: field 'made' is not given", {"cold": arrays["cold"]})


def test_film_by_place_and_by_temperature():
    """Films by a table over y, each half of the end with its own; and by the temperature of the surface."""
    case = warm(total_heat="60 W") | {
        "mesh": cut(1, 2),
        "conditions": [
            on("begin", convection(0.0, 300.0) | {"coefficient": {"y": ["0.05 m", "0.15 m"], "value": [10.0, 30.0]}})
        ],
    }
    solution, report = solved(case)
    assert report["heat"]["losses"]["begin"] == pytest.approx(60.0, rel=1e-8)
    T = np.sort(solution.record["cells"]["temperature"])
    assert T[0] < T[1]
    case["conditions"] = [
        on(
            "begin",
            convection(0.0, 300.0) | {"coefficient": {"temperature": ["300 K", "400 K"], "value": [10.0, 30.0]}},
        )
    ]
    solution, _ = solved(case | {"mesh": cut(1)})
    flux = 60.0 / AREA
    rise = np.roots([0.2, 10.0, -flux]).max()  # of the surface: (10 + 0.2 rise) rise = flux
    assert solution.record["cells"]["temperature"][0] == pytest.approx(300.0 + rise + flux * 0.25 / K, rel=1e-8)


def by_time(*values):
    """Table over an hour."""
    return {"time": ["0 h", "1 h"], "value": list(values)}


@pytest.mark.parametrize(
    ("time", "share"), [("-1 h", 0.0), ("0 s", 0.0), ("15 min", 0.25), ("3600 s", 1.0), ("2 h", 1.0)]
)
def test_heat_and_film_by_time(time, share):
    """Straight lines between the points, held beyond; what leaves is made, and the surface is warmer by the film."""
    case = warm(heat=by_time(1e4, 3e4)) | {
        "time": time,
        "conditions": [
            on("begin", convection(1.0, 300.0) | {"coefficient": by_time(20.0, 40.0), "fluid": by_time(300.0, 500.0)})
        ],
    }
    solution, report = solved(case)
    made, film = 1e4 + 2e4 * share, 20.0 + 20.0 * share
    assert report["heat"]["sources_W"]["s"] == pytest.approx(made * AREA * 0.5, rel=1e-12)
    assert Answer(solution).surface_temperature("begin") == pytest.approx(
        300.0 + 200.0 * share + made * 0.5 / film, rel=1e-8
    )
    assert (
        report["time_s"]
        == solution.case.time
        == {"-1 h": -3600.0, "0 s": 0.0, "15 min": 900.0, "3600 s": 3600.0, "2 h": 7200.0}[time]
    )


def test_current_and_potential_by_time():
    """Current of one terminal, potential of the other, a density, and the temperature at which the bar conducts."""
    case = bar(
        time="30 min",
        physics={"thermal": False, "temperature": by_time(300.0, 500.0)},
        conditions=[on("end", {"kind": "current_density", "value": by_time(0.0, 200.0)})],
        terminals=[
            fed("begin", 1.0) | {"current": by_time(10.0, 30.0)},
            held("side", 0.0) | {"potential": by_time(1.0, 2.0)},
        ],
    )
    case["surfaces"] = [*ENDS, surface("side", "bar", "z+")]
    case["materials"] = {"m": material(((300.0, 500.0), (1e7, 3e7)), K)}
    _, report = solved(case)
    assert report["terminals"]["begin"]["current_A"] == pytest.approx(20.0, rel=1e-9)
    assert report["terminals"]["side"]["current_A"] == pytest.approx(-20.0 - 100.0 * AREA, rel=1e-9)
    assert report["terminals"]["side"]["potential_V"] == pytest.approx(1.5, rel=1e-12)
    case["physics"]["temperature"] = "400 K"
    _, again = solved(case)
    assert again["terminals"]["begin"]["potential_V"] == report["terminals"]["begin"]["potential_V"]


def test_time_of_a_case_is_changed_like_any_value():
    """The text of the case keeps its tables: another time, another state."""
    case = oxycell.Case.model_validate(warm(heat=by_time(0.0, 2e4)) | {"time": "1 h"})
    text = oxycell.solve(case).case_text
    assert tomllib.loads(text)["time"] == "3600 s" and "[0.0, 20000.0]" in text
    later = oxycell.Case.model_validate(tomllib.loads(text)).replaced({"time": "30 min"})
    assert oxycell.report(oxycell.solve(later))["heat"]["sources_W"]["s"] == pytest.approx(1e4 * AREA * 0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time": "3 m"}, '"m" is not a unit of this quantity; allowed: any unit that converts to s'),
        ({"time": 3.0}, "3.0 has no unit"),
        (
            {"conditions": [on("begin", convection(1.0, 300.0) | {"coefficient": by_time(5.0, -5.0)})]},
            "conditions.0.laws.0.coefficient: -5 is out of range; allowed: > 0",
        ),
        (
            {"conditions": [on("begin", fixed(300.0) | {"temperature": by_time(0.0, 5.0)})]},
            "laws.0.temperature: 0 is out of range",
        ),
        (
            {"terminals": [held("end", 0.0) | {"potential": {"x": ["0 m", "1 m"], "value": [0.0, 1.0]}}]},
            "is the same at all positions and temperatures; allowed: a number or a table over time",
        ),
        (
            {"terminals": [held("end", 0.0) | {"current": by_time(0.0, 1.0)}]},
            "needs one of current, potential and node_potential",
        ),
    ],
)
def test_times_that_make_no_sense(change, message):
    with pytest.raises(Exception, match=re.escape(message)):
        oxycell.solve(oxycell.Case.model_validate(warm(heat="1 W/m3") | change))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({}, "has no value; allowed: heat, total_heat, current or total_current"),
        ({"heat": "1 W/m3", "total_heat": "1 W"}, "states heat and total_heat; allowed: one of them"),
        ({"heat": "1 W"}, "W/m3"),
        ({"heat": {"x": ["0 m", "1 m"], "value": [1.0]}}, "2 points and 1 values; allowed: as many of both"),
        ({"heat": {"x": ["1 m", "0 m"], "value": [1.0, 2.0]}}, "x must increase"),
        ({"heat": {"time": ["1 s", "0 s"], "value": [1.0, 2.0]}}, "time must increase"),
        (
            {"heat": {"time": ["0 m", "1 m"], "value": [1.0, 2.0]}},
            "is not a unit of this quantity; allowed: any unit that converts to s",
        ),
        (
            {"heat": {"time": ["0 s", "1 s"], "x": ["0 m", "1 m"], "value": [1.0, 2.0]}},
            "one of temperature, time, x, y, z",
        ),
        (
            {"heat": {"x": ["0 m", "1 m"], "y": ["0 m", "1 m"], "value": [1.0, 2.0]}},
            "one of temperature, time, x, y, z",
        ),
        (
            {"current": {"temperature": ["300 K", "400 K"], "value": [1.0, 2.0]}},
            "cannot vary with temperature; allowed: time, x, y",
        ),
        ({"heat": {"field": "a", "x": ["0 m", "1 m"]}}, "states a field and a table; allowed: one of them"),
    ],
)
def test_sources_that_make_no_sense(source, message):
    with pytest.raises(Exception, match=re.escape(message)):
        oxycell.solve(oxycell.Case.model_validate(warm(**source)))


def test_names_of_sources():
    refused(
        warm(heat="1 W/m3") | {"sources": [{"name": "s", "regions": ["bat"], "heat": "1 W/m3"}]},
        "sources.0.regions: .*'bar'",
    )
    twice = warm(heat="1 W/m3")
    twice["sources"] *= 2
    refused(twice, "sources.0.name: 's' is named twice")
    with pytest.raises(Exception, match="has the name of a term of the balance"):
        oxycell.Case.model_validate(warm() | {"sources": [{"name": "joule", "regions": ["bar"], "heat": "1 W/m3"}]})


def test_surfaces_are_fed_once():
    case = bar(
        terminals=[held("end", 0.0)],
        physics={"thermal": False},
        conditions=[on("end", {"kind": "current_density", "value": "1 A/m2"})],
    )
    refused(case, "surface 'end' also belongs to the terminal 'end'; allowed: one of the two")
    twice = [
        on("begin", {"kind": "current_density", "value": "1 A/m2"}, {"kind": "fixed_potential", "potential": "1 V"})
    ]
    refused(case | {"conditions": twice}, "has a fixed potential and another law; allowed: one or the other")
    case["materials"] = {"m": material(k=1.0)}
    with pytest.raises(CaseError):
        oxycell.solve(oxycell.Case.model_validate(case))


def test_guide_runs_as_printed():
    """The three boxes of the guide: at most 40 lines, all of the heater's and the current's heat leaves."""
    text = re.search(r"```toml\n(schema.*?)```", GUIDE, re.DOTALL)[1]
    assert len(text.splitlines()) <= 40
    _, report = solved(tomllib.loads(text))
    assert report["heat"]["sources_W"]["heater"] == pytest.approx(40.0)
    assert sum(report["heat"]["losses"].values()) == pytest.approx(
        40.0 + report["heat"]["sources_W"]["joule"], rel=1e-7
    )
    later = re.search(r"```toml\n(time.*?)```", GUIDE, re.DOTALL)[1]
    _, report = solved(tomllib.loads(text) | tomllib.loads(later))
    assert report["terminals"]["in"]["current_A"] == pytest.approx(375.0, rel=1e-9)


def test_melting_of_the_guide():
    """Wherever the front lies between the planes of the mesh: what both sides conduct adds up."""
    text = re.search(r"```toml\n(\[materials.bath_at_rest.*?)```", GUIDE, re.DOTALL)[1]
    case = bar(physics={"electric": False}, materials={"m": tomllib.loads(text)["materials"]["bath_at_rest"]})
    melts, drop = 905.0 + 273.15, 100.0  # K, W/m on either side
    case["conditions"] = [on("begin", fixed(melts - drop / 1.5)), on("end", fixed(melts + drop / 0.8))]
    _, report = solved(case)
    assert report["heat"]["losses"]["begin"] == pytest.approx(drop / 0.25 * AREA, rel=1e-8)
    case["conditions"][0] = on("begin", fixed(melts - 1.02 * drop / 1.5))
    _, report = solved(case)
    assert report["heat"]["losses"]["begin"] == pytest.approx(2.02 * drop / 0.5 * AREA, rel=1e-8)


def test_polynomial_conductivity():
    """k = 2 + 0.01 (T − 300): the heat through a bar is its mean conductivity's, by Kirchhoff; other forms are
    refused."""
    k = {"polynomial": [2.0, 0.01], "reference": "300 K", "between": ["250 K", "900 K"]}
    case = bar(64, physics={"electric": False}, conditions=[on("begin", fixed(300.0)), on("end", fixed(700.0))])
    case["materials"] = {"m": {"thermal_conductivity": k}}
    _, report = solved(case)
    assert report["heat"]["losses"]["begin"] == pytest.approx(4.0 * 400.0 / 0.5 * AREA, rel=1e-4)
    for wrong, message in (
        ({"polynomial": [1.0]}, "needs temperature and value, or polynomial and between"),
        (k | {"value": [1.0]}, "needs temperature and value, or polynomial and between"),
        (k | {"between": ["900 K", "300 K"]}, "between must increase"),
    ):
        with pytest.raises(Exception, match=message):
            oxycell.Case.model_validate(case | {"materials": {"m": {"thermal_conductivity": wrong}}})


@pytest.mark.parametrize(("axis", "factor"), [("x", 3.0), ("y", 1.0)])
def test_conductivity_by_direction(axis, factor):
    """Current and heat along x pass with its factor; those of other directions change nothing."""
    factors = [factor if a == axis else 1.0 for a in "xyz"]
    case = bar(
        terminals=[fed("begin", 12.0), held("end", 0.0)],
        conditions=[on("begin", fixed(400.0)), on("end", fixed(300.0))],
    )
    case["materials"]["m"] |= {"electrical_anisotropy": factors, "thermal_anisotropy": factors}
    _, report = solved(case)
    assert report["voltage"]["cell_V"] == pytest.approx(12.0 * 0.5 / SIGMA / AREA / factors[0], rel=1e-9)
    made = 12.0 * report["voltage"]["cell_V"]
    assert report["heat"]["losses"]["end"] == pytest.approx(K * factors[0] * 100.0 / 0.5 * AREA + made / 2, rel=1e-8)


def test_no_direction_conducts_nothing():
    case = bar()
    case["materials"]["m"]["thermal_anisotropy"] = [1.0, 0.0, 1.0]
    with pytest.raises(Exception, match="greater than 0"):
        oxycell.Case.model_validate(case)
