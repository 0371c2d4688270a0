"""Alerts: each raised by a state that deserves it, and silent just inside the limit."""

import json

import numpy as np
import pytest
from tests.verification.checkers import box, case_of, check_ledger, layers, material, solved, surface

import oxycell
from oxycell.case.building.limits import stated_limits
from oxycell.case.limits import LimitOptions
from oxycell.cell.electrochemistry import limiting_current_density
from oxycell.cell.materials import MATERIALS
from oxycell.cli import main
from oxycell.constants import ZERO_CELSIUS
from oxycell.errors import CaseError
from oxycell.material import BASES, LIMITS, Limit
from oxycell.report.alerts import LEAST_SUPERHEAT

STEADY = {"electric": False}
BATH = {"excess_alf3": 20.0, "alumina": 4.0, "caf2": 4.0}


def kinds(report):
    return [entry["kind"] for entry in report["alerts"]]


def slab(hot, cold, limits, cells=7, filling=None):
    """A slab of 1 m between two fixed temperatures: T falls in a straight line."""
    return solved(
        materials={"m": material(k=2.0, limits=limits)},
        boxes=layers(("slab", "m", 1.0), side=0.5),
        mesh={"size": f"{1.0 / cells!r} m"},
        physics=STEADY,
        surfaces=[surface("hot", "slab", "x-"), surface("cold", "slab", "x+")],
        conditions=[
            {"on": ["hot"], "laws": [{"kind": "fixed_temperature", "temperature": f"{hot!r} K"}]},
            {"on": ["cold"], "laws": [{"kind": "fixed_temperature", "temperature": f"{cold!r} K"}]},
        ],
    )


# Materials


@pytest.mark.parametrize("name", MATERIALS)
def test_limits_of_the_library_say_where_they_come_from(name):
    """Every material has one, in kelvin, with basis and source, above the temperatures its properties are given at."""
    limits = MATERIALS[name].limits
    assert limits and len({limit.kind for limit in limits}) == len(limits)
    for limit in limits:
        assert limit.kind in LIMITS and limit.basis in BASES[:4] and len(limit.source) > 8
        assert 600.0 < limit.temperature < 4000.0
    upper = [limit.temperature for limit in limits if LIMITS[limit.kind] > 0]
    assert upper, "a material that nothing limits upwards"


def test_stated_limits_win_over_those_of_the_library():
    known = (Limit("solidus", 1300.0, "book", "L"), Limit("oxidation", 1000.0, "book", "L"))
    assert stated_limits(LimitOptions(), known) == known
    spec = {"solidus": "1200 K", "service": "900 K", "ignore": ["oxidation"], "source": "maker"}
    stated = stated_limits(LimitOptions.model_validate(spec), known)
    assert stated == (Limit("solidus", 1200.0, "maker", "user"), Limit("service", 900.0, "maker", "user"))


def test_a_material_like_another_has_its_limits():
    solution = solved(
        materials={"rod": {"like": "aluminium_conductor", "area_factor": 0.5, "limits": {"softening": "500 K"}}},
        boxes=layers(("a", "rod", 1.0)),
        physics=STEADY,
        surfaces=[surface("end", "a", "x-")],
        conditions=[{"on": ["end"], "laws": [{"kind": "fixed_temperature", "temperature": "600 K"}]}],
    )
    assert dict(
        zip(solution.record["limits"]["kind"], solution.record["limits"]["temperature"], strict=True)
    ) == pytest.approx({"softening": 500.0, "solidus": 646.0 + ZERO_CELSIUS})
    (alert,) = oxycell.report(solution)["alerts"]
    assert (alert["limit"], alert["basis"], alert["source"]) == ("softening", "user", "the case")


@pytest.mark.parametrize("limits", [{"solidus": "-3 K"}, {"solids": "900 K"}, {"ignore": ["rust"]}, {"solidus": 900.0}])
def test_limits_are_checked(limits):
    with pytest.raises((CaseError, ValueError)):
        case_of(materials={"m": {"limits": limits}})


# Limits of use


@pytest.mark.parametrize("limit", [901.0, 777.7, 640.0, 500.5, 402.0])
def test_share_beyond_a_limit_in_a_slab(limit):
    """Between 1000 and 400 K the share above L is (1000 − L)/600, exactly, on seven cells, wherever L lies in a
    cell."""
    (alert,) = check_ledger(slab(1000.0, 400.0, {"service": f"{limit!r} K"}))["alerts"]
    assert alert["kind"] == "limit_of_use" and alert["region"] == "slab" and alert["limit"] == "service"
    assert alert["extreme_K"] == pytest.approx(1000.0, rel=1e-9)  # the surface, not the first cell
    assert alert["beyond_K"] == pytest.approx(1000.0 - limit, rel=1e-8)
    assert alert["share"] == pytest.approx((1000.0 - limit) / 600.0, rel=1e-7)
    assert alert["volume_m3"] == pytest.approx(0.25 * alert["share"], rel=1e-9)


def test_share_beyond_a_limit_in_a_slanted_field():
    """T = 400 + 300 (x + y) on a unit square: the share above L is known for every L, and met with order two or
    nearly."""

    def plane(x, y, z):
        return 400.0 + 300.0 * (x + y)

    law = {"kind": "fixed_temperature", "temperature": {"field": "plane"}}
    errors = []
    for size in ("0.25 m", "0.125 m", "0.0625 m"):
        case = case_of(
            materials={"m": material(k=2.0, limits={"service": "760 K"})},
            boxes=layers(("slab", "m", 1.0)),
            mesh={"size": size, "size_z": "1 m"},
            physics=STEADY,
            surfaces=[surface("around", "slab", "x-", "x+", "y-", "y+")],
            conditions=[{"on": ["around"], "laws": [law]}],
        )
        (alert,) = oxycell.report(oxycell.solve(case, fields={"plane": plane}))["alerts"]
        errors.append(abs(alert["share"] - 0.5 * 0.8**2))
    assert errors[-1] < 1e-3 and errors[-1] < 0.3 * errors[0]


def test_share_of_cells_alone_would_be_coarser():
    """Counter-test: with surfaces as warm as the cells behind them the share goes in steps of a cell, and none lies
    above 930 K."""
    solution = slab(1000.0, 400.0, {"service": "930 K"}, 4)
    assert oxycell.report(solution)["alerts"][0]["share"] == pytest.approx(70.0 / 600.0, rel=1e-7)
    temperature, thermal = solution.record["cells"]["temperature"], solution.record["thermal"]
    thermal["surface_temperature"][:, 0] = temperature[solution.mesh.owner[thermal["face"]]]
    thermal["surface_temperature"][:, 1] = temperature[solution.mesh.neighbour[thermal["face"]]]
    assert kinds(oxycell.report(solution)) == []  # the first cell has 925 K


def test_no_alert_just_inside_a_limit():
    assert kinds(oxycell.report(slab(1000.0, 400.0, {"service": "1000.001 K"}))) == []
    assert kinds(oxycell.report(slab(1000.0, 400.0, {"service": "999.999 K"}))) == ["limit_of_use"]
    assert kinds(oxycell.report(slab(1000.0, 400.0, {"freezing": "399.999 K"}))) == []
    (cold,) = oxycell.report(slab(1000.0, 400.0, {"freezing": "400.001 K"}))["alerts"]
    assert "below its freezing point" in cold["message"] and cold["beyond_K"] == pytest.approx(1e-3, rel=1e-6)


def test_regions_that_differ_by_number_count_as_one_and_melting_comes_first():
    boxes = [box("bar_1", "m", (0.0, 0.5)), box("bar_2", "m", (0.5, 1.0)), box("wall", "n", (1.0, 1.5))]
    solution = solved(
        materials={
            "m": material(k=2.0, limits={"solidus": "900 K", "softening": "500 K"}),
            "n": material(k=2.0, limits={"service": "420 K"}),
        },
        boxes=boxes,
        mesh={"size": "0.1 m"},
        physics=STEADY,
        surfaces=[surface("hot", "bar_1", "x-"), surface("cold", "wall", "x+")],
        conditions=[
            {"on": ["hot"], "laws": [{"kind": "fixed_temperature", "temperature": "1000 K"}]},
            {"on": ["cold"], "laws": [{"kind": "fixed_temperature", "temperature": "400 K"}]},
        ],
    )
    alerts = oxycell.report(solution)["alerts"]
    assert [(entry["region"], entry["limit"]) for entry in alerts] == [
        ("bar_*", "solidus"),
        ("bar_*", "softening"),
        ("wall", "service"),
    ]
    assert alerts[0]["hottest_region"] == "bar_1" and alerts[0]["share"] == pytest.approx(0.25, abs=0.02)
    assert alerts[1]["share"] == pytest.approx(1.0)


@pytest.mark.parametrize(("resistance", "expected"), [("10 nohm m2", []), ("40 uohm m2", ["solidus", "softening"])])
def test_bad_joint(resistance, expected):
    """Bolts that hardly press: solid aluminium far above its solidus, converged, its ledger closed; the joint as
    shipped is fine."""
    report = check_ledger(
        oxycell.solve(oxycell.load("bolted-busbar").replaced({"interfaces.0.laws.0.electric": resistance}))
    )
    assert report["status"]["converged"]
    assert sorted(
        {entry["limit"] for entry in report["alerts"] if entry["material"] == "aluminium_conductor"}
    ) == sorted(expected)
    if expected:
        assert report["alerts"][0]["limit"] == "solidus" and report["alerts"][0]["beyond_K"] > 500.0


# The electrolyte


def pool(watts):
    """Bath in a box heated by `watts`, cooled through a brick; its temperature above that of the air goes with the
    heat."""
    return oxycell.report(
        solved(
            boxes=[
                box("melt", "bath", (0.0, 0.4), (0.0, 0.4), (0.0, 0.4)),
                box("wall", "brick", (0.4, 0.5), (0.0, 0.4), (0.0, 0.4)),
            ],
            materials={"brick": material(k=1.2)},
            lumps=[{"name": "bath", "regions": ["melt"], "films": {"*": "500 W/m2/K"}}],
            surfaces=[surface("out", "wall", "x+")],
            sources=[{"name": "heater", "regions": ["melt"], "total_heat": f"{watts!r} W"}],
            conditions=[
                {"on": ["out"], "laws": [{"kind": "convection", "coefficient": "400 W/m2/K", "fluid": "25 degC"}]}
            ],
            process={"current_efficiency": 0.9},
            bath=BATH,
            physics=STEADY,
            mesh={"size": "50 mm"},
        )
    )


@pytest.mark.parametrize(("superheat", "expected"), [(1.99, ["superheat"]), (2.01, [])])
def test_superheat(superheat, expected):
    liquidus = case_of(bath=BATH).bath.liquidus()
    resistance = 1.0 / (0.16 * 500.0) + 0.1 / (1.2 * 0.16) + 1.0 / (0.16 * 400.0)
    report = pool((liquidus + superheat - 298.15) / resistance)
    assert kinds(report) == expected
    if expected:
        assert report["alerts"][0]["superheat_K"] == pytest.approx(superheat, abs=1e-5) and LEAST_SUPERHEAT == 2.0


def electrolysis(density):
    """A plate of inert anode over bath, at a current density [A/m²] that is the same everywhere."""
    return oxycell.report(
        solved(
            boxes=[
                box("metal", "copper", (0.0, 1.0), z=(0.0, 0.2)),
                box("melt", "bath", (0.0, 1.0), z=(0.2, 0.25)),
                box("plate", "copper", (0.0, 1.0), z=(0.25, 0.35), anode="plate"),
            ],
            materials={"copper": material(1e6)},
            mesh={"size": "0.2 m"},
            physics={"thermal": False, "temperature": "1180 K"},
            process={"current_efficiency": 0.9},
            bath=BATH,
            interfaces=[{"name": "anode", "between": ["plate", "melt"], "laws": [{"kind": "equilibrium"}]}],
            surfaces=[surface("up", "plate", "z+"), surface("down", "metal", "z-")],
            terminals=[
                {"name": "in", "surfaces": ["up"], "current": f"{density!r} A"},
                {"name": "out", "surfaces": ["down"], "potential": "0 V"},
            ],
        )
    )


@pytest.mark.parametrize(("share", "expected"), [(0.999, []), (1.001, ["limiting_current"])])
def test_limiting_current_of_inert_anodes(share, expected):
    bath = case_of(bath=BATH).bath
    limit = limiting_current_density(6e-5, float(bath.density(1180.0)[0]), bath.alumina)
    report = electrolysis(share * limit)
    assert kinds(report) == expected
    if expected:
        assert report["alerts"][0]["share"] == pytest.approx(1.0) and report["alerts"][0]["times"] == pytest.approx(
            share, rel=1e-6
        )


@pytest.mark.parametrize(("share", "expected"), [(0.999, []), (1.001, ["limiting_current"])])
def test_limiting_current_of_a_law(share, expected):
    solution = solved(
        materials={"m": material(40.0), "n": material(90.0)},
        boxes=layers(("a", "m", 0.4), ("b", "n", 0.2)),
        mesh={"size": "0.2 m"},
        interfaces=[
            {
                "name": "i",
                "between": ["a", "b"],
                "laws": [{"kind": "limiting_current", "limit": "0.02 A/cm2", "at": "1180 K"}],
            }
        ],
        surfaces=[surface("begin", "a", "x-"), surface("end", "b", "x+")],
        physics={"thermal": False, "temperature": "1180 K"},
        terminals=[
            {"name": "in", "surfaces": ["begin"], "current": f"{200.0 * share!r} A"},
            {"name": "out", "surfaces": ["end"], "potential": "0 V"},
        ],
    )
    report = oxycell.report(solution)
    assert kinds(report) == expected
    if expected:
        assert report["alerts"][0]["region"] == "a" and report["alerts"][0]["limit_A_m2"] == pytest.approx(200.0)


# Currents that do not flow, bodies that nothing cools


def parted(law, high="2 V", size="0.1 m", **more):
    return oxycell.report(
        solved(
            materials={"m": material(40.0)},
            boxes=[*layers(("left", "m", 0.2), ("right", "m", 0.2))],
            mesh={"size": size},
            interfaces=[{"name": "between", "between": ["left", "right"], "laws": [law]}],
            surfaces=[surface("begin", "left", "x-"), surface("end", "right", "x+")],
            physics={"thermal": False, "temperature": "300 K"},
            terminals=[
                {"name": "high", "surfaces": ["begin"], "potential": high},
                {"name": "low", "surfaces": ["end"], "potential": "0 V"},
            ],
            **more,
        )
    )


@pytest.mark.parametrize("size", ["0.1 m", "20 mm"])
def test_electrodes_parted_by_insulation(size):
    """On 40 cells, and on more than sixteen bits count."""
    report = parted({"kind": "insulation"}, size=size)
    assert report["status"]["cells"] > 32767 or size == "0.1 m"
    assert kinds(report) == ["no_current", "no_current"] and report["voltage"]["cell_V"] is None
    assert [entry["terminal"] for entry in report["alerts"]] == ["high", "low"]


def test_no_alert_where_the_least_current_can_pass():
    """Counter-test: a contact of 1e5 ohm m² is no insulation; electrodes at one potential carry none and need none."""
    assert kinds(parted({"kind": "contact", "electric": "1e5 ohm m2"})) == []
    assert kinds(parted({"kind": "contact", "electric": "1e-5 ohm m2"}, high="0 V")) == []


def island(*conditions, **more):
    """A wall with conditions, and a block beside it that touches nothing."""
    return case_of(
        materials={"m": material(k=2.0)},
        boxes=[box("wall", "m", (0.0, 0.2)), box("island", "m", (0.3, 0.4)), box("rest", "m", (0.4, 0.5))],
        mesh={"size": "0.1 m"},
        physics=STEADY | {"temperature": "400 K"},
        surfaces=[surface("hot", "wall", "x-"), surface("cold", "wall", "x+"), surface("beyond", "rest", "x+")],
        conditions=[
            {"on": ["hot"], "laws": [{"kind": "fixed_temperature", "temperature": "500 K"}]},
            {"on": ["cold"], "laws": [{"kind": "convection", "coefficient": "5 W/m2/K", "fluid": "300 K"}]},
            *conditions,
        ],
        **more,
    )


def test_body_without_heat_exchange():
    report = oxycell.report(oxycell.solve(island()))
    assert kinds(report) == ["no_heat_exchange"] * 2 and [entry["region"] for entry in report["alerts"]] == [
        "island",
        "rest",
    ]
    assert report["alerts"][0]["temperature_K"] == pytest.approx(400.0)
    nothing = {"on": ["beyond"], "laws": [{"kind": "radiation", "emissivity": 0.0, "surroundings": "300 K"}]}
    assert len(oxycell.report(oxycell.solve(island(nothing)))["alerts"]) == 2


def test_no_alert_where_the_least_heat_can_pass():
    """Counter-test: next to no film on one of its surfaces determines the temperature of the body."""
    film = {"on": ["beyond"], "laws": [{"kind": "convection", "coefficient": "1e-3 W/m2/K", "fluid": "350 K"}]}
    report = check_ledger(oxycell.solve(island(film)))
    assert kinds(report) == []


@pytest.mark.parametrize(
    "more",
    [
        {"sources": [{"name": "heater", "regions": ["island"], "total_heat": "10 W"}]},
        {"conditions": [{"on": ["beyond"], "laws": [{"kind": "heat_flux", "value": "5 W/m2"}]}]},
    ],
)
def test_heat_without_a_way_out_is_refused_by_name(more):
    conditions = more.pop("conditions", ())
    with pytest.raises(CaseError, match="conditions: heat generated in island, rest cannot leave"):
        oxycell.solve(island(*conditions, **more))


def test_current_through_a_body_that_nothing_cools_is_refused_by_name():
    bars = dict(
        materials={"m": material(1e5, 2.0)},
        boxes=[box("cooled", "m", (0.0, 0.2)), box("bare", "m", (0.3, 0.5))],
        mesh={"size": "0.1 m"},
        surfaces=[surface("cold", "cooled", "x-"), surface("in", "bare", "x-"), surface("out", "bare", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["in"], "current": "10 A"},
            {"name": "out", "surfaces": ["out"], "potential": "0 V"},
        ],
        conditions=[{"on": ["cold"], "laws": [{"kind": "fixed_temperature", "temperature": "300 K"}]}],
    )
    bars["boxes"][0]["electric"] = False
    with pytest.raises(CaseError, match="heat generated in bare cannot leave"):
        oxycell.solve(case_of(**bars))


# Files and commands

HOT = """\
title = "a slab"
boxes = [{ name = "slab", material = "m", x = ["0 m", "1 m"], y = ["0 m", "1 m"], z = ["0 m", "1 m"] }]
surfaces = [{ name = "hot", of = "slab", sides = ["x-"] }, { name = "cold", of = "slab", sides = ["x+"] }]
conditions = [
  { on = ["hot"], laws = [{ kind = "fixed_temperature", temperature = "1000 K" }] },
  { on = ["cold"], laws = [{ kind = "fixed_temperature", temperature = "400 K" }] },
]
physics = { electric = false }
[mesh]
size = "0.2 m"
[materials.m]
thermal_conductivity = "2 W/m/K"
limits = { service = "900 K", source = "the maker" }
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.toml").write_text(HOT)
    return tmp_path


def read(folder):
    return json.loads((folder / "report.json").read_text())


def test_run_shows_alerts_first_and_strict_ends_with_3(place, capsys):
    assert main(["run", ".", "-o", "loose"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(
        "ALERT"
    ) and "slab (m) reaches 726.9 °C, 100 K above its maximum service temperature" in " ".join(lines)
    page = (place / "loose" / "report.html").read_text()
    assert 0 < page.index('<div class="red" id="alerts"') < page.index('class="badges"')
    assert "These figures must not be used" not in page
    assert "ALERT: slab (m)" in (place / "loose" / "run.log").read_text()

    assert main(["run", ".", "-o", "strict", "--strict"]) == 3
    out, err = capsys.readouterr()
    assert (
        "ALERT" in out
        and err.splitlines()[-1].startswith("error: --strict: 1 alert: slab (m) reaches")
        and err.count("error:") == 1
    )
    for name in ("report.html", "fields.hdf", "surfaces.hdf", "history.csv", "case.toml", "run.log"):
        assert (place / "strict" / name).is_file()
    report = read(place / "strict")
    assert (
        report["status"]["strict"]
        and report["status"]["converged"]
        and report["alerts"] == read(place / "loose")["alerts"]
    )
    assert "These figures must not be used" in (place / "strict" / "report.html").read_text()


def test_strict_is_silent_without_alerts(place, capsys):
    """Counter-test: just inside the limit the run ends with 0 and is not marked."""
    assert main(["run", ".", "-o", "out", "--strict", "--set", "materials.m.limits.service=1000.001 K"]) == 0
    assert read(place / "out")["alerts"] == [] and not read(place / "out")["status"]["strict"]
    assert (
        "ALERT" not in capsys.readouterr().out and '<div class="red"' not in (place / "out" / "report.html").read_text()
    )


def test_report_reproduces_alerts_from_the_fields(place, capsys):
    assert main(["run", ".", "-o", "out", "-q"]) == 0
    before = read(place / "out")["alerts"]
    (place / "out" / "report.json").unlink()
    assert main(["report", "out"]) == 0
    assert read(place / "out")["alerts"] == before != []
    assert "ALERT" in capsys.readouterr().out
    assert main(["run", "--resume", "out", "--strict", "-q"]) == 3  # finished: marked, and not solved again
    assert main(["report", "out"]) == 3
    assert read(place / "out")["alerts"] == before and read(place / "out")["status"]["strict"]


def test_alerts_follow_the_stored_fields(place):
    """Counter-test: the figures come from the stored temperatures and not from a stored text."""
    solution = oxycell.solve(oxycell.load("case.toml"))
    assert kinds(oxycell.report(solution)) == ["limit_of_use"]
    solution.record["cells"]["temperature"] -= 150.0
    solution.record["thermal"]["surface_temperature"] -= 150.0
    assert kinds(oxycell.report(solution)) == []


def test_compare_and_sweep_show_alerts(place, capsys):
    assert main(["run", ".", "-o", "hot", "-q"]) == 0
    assert main(["run", ".", "-o", "cool", "-q", "--set", "materials.m.limits.service=1100 K"]) == 0
    assert main(["compare", "cool", "hot"]) == 0
    out = capsys.readouterr().out
    assert out.count("ALERT slab (m)") == 1 and all(len(line) <= 100 for line in out.splitlines())
    (place / "study.toml").write_text(
        'schema = "oxycell-study/1"\ncase = "case.toml"\n'
        '[[axes]]\nkey = "materials.m.limits.service"\nvalues = ["900 K", "1100 K"]\n'
    )
    assert main(["sweep", "study.toml", "-o", "swept", "-q", "--processes", "1"]) == 0
    page, table = (place / "swept" / "sweep.html").read_text(), (place / "swept" / "table.csv").read_text()
    assert page.count("<td class=red>slab (m)") == 1 and "Alerts" in page
    head, first, second = table.splitlines()
    assert "alerts" in head.split(",") and "slab (m) reaches" in first and "slab (m) reaches" not in second


def test_pools_count_by_their_own_temperature():
    """Liquid metal above its freezing point beside a cold wall raises nothing: a stirred pool has one temperature."""
    solution = solved(
        boxes=[box("pad", "aluminium_liquid", (0.0, 0.5)), box("wall", "m", (0.5, 0.7))],
        materials={"m": material(k=5.0)},
        lumps=[{"name": "metal", "regions": ["pad"], "films": {"*": "30 W/m2/K"}}],
        physics=STEADY,
        mesh={"size": "0.1 m"},
        sources=[{"name": "heater", "regions": ["pad"], "total_heat": "10 kW"}],
        surfaces=[surface("out", "wall", "x+")],
        conditions=[{"on": ["out"], "laws": [{"kind": "convection", "coefficient": "30 W/m2/K", "fluid": "300 K"}]}],
    )
    thermal = solution.record["thermal"]
    assert float(np.min(thermal["surface_temperature"])) < 933.0 < float(thermal["lump_temperature"][0])
    assert oxycell.report(solution)["alerts"] == []
