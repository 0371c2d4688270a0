"""Probes, lines and integrals in a case: what is wrong with one is said in a line before anything is solved; runs keep
what they meant."""

import csv
import json

import pytest
from tests.verification.checkers import box, case_of, fixed, layers, material, surface

import oxycell
from oxycell.case.building.build import build
from oxycell.case.explain import explain
from oxycell.case.load import load
from oxycell.errors import CaseError
from oxycell.run import report_again, run

BLOCK = dict(
    materials={"m": material(1.0, 1.0), "i": material(k=1.0)},
    boxes=[*layers(("left", "m", 0.5), ("right", "i", 0.5)), box("hole", "void", (0.1, 0.2), (0.4, 0.6), (0.4, 0.6))],
    mesh={"size": "0.5 m", "symmetry": ["y"]},
    surfaces=[surface("begin", "left", "x-"), surface("top", "left", "z+"), surface("end", "right", "x+")],
    interfaces=[{"name": "seam", "between": ["left", "right"], "laws": [{"kind": "contact", "thermal": "1 m2 K/W"}]}],
    terminals=[
        {"name": "in", "surfaces": ["begin"], "current": "1 A"},
        {"name": "out", "surfaces": ["top"], "potential": "0 V"},
    ],
    conditions=[{"on": ["begin"], "laws": [fixed(400.0)]}, {"on": ["end"], "laws": [fixed(300.0)]}],
)


def point(*at):
    return [f"{value} m" for value in at]


def probe(*at, **more):
    return {"probes": [{"name": "p", "at": point(*at)} | more]}


def line(start, end, **more):
    return {"lines": [{"name": "l", "start": point(*start), "end": point(*end)} | more]}


def integral(**over):
    return {"integrals": [{"name": "i"} | over]}


@pytest.mark.parametrize(("stated", "message"), [
    (probe(0.15, 0.5, 0.5), r"probes: 'p': \(0.15, 0.5, 0.5\) m lies in empty space; allowed: a point in a region"),
    (probe(1.5, 0.5, 0.5), "outside the mesh; allowed: x from 0 to 1 m"),
    (probe(0.5, -0.5, 0.5), "behind the symmetry plane y = 0; allowed: y ≥ 0"),
    (probe(0.5, 0.3, 0.3), "lies between 'left' and 'right'; allowed: region, one of them"),
    (probe(0.3, 0.3, 0.3, region="lefd"), "probes: 'p': region: nothing is called 'lefd'; nearest is 'left'"),
    (probe(0.3, 0.3, 0.3, region="right"), "is not in 'right' but in 'left'"),
    ({"probes": [{"name": "p", "at": point(0.3, 0.3, 0.3)}] * 2}, "probes: 'p' is used twice"),
    (line((2.0, 0.0, 0.0), (3.0, 0.0, 0.0)), "lines: 'l': passes through no cell; the first point lies outside "
                                             "the mesh"),
    (line((0.5, 0.1, 0.1), (0.5, 0.9, 0.1)), "runs between 'left' and 'right'; allowed: regions, one of them"),
    (line((0.0, 0.1, 0.1), (1.0, 0.1, 0.1), regions=["rihgt"]), "lines: 'l': regions: nothing is called 'rihgt'; "
                                                                "nearest is 'right'"),
    (integral(surfaces=["tpo"]), "integrals: 'i': nothing is called 'tpo'; nearest is 'top'"),
    (integral(regions=["midle"]), "integrals: 'i': nothing is called 'midle'"),
    (integral(interface="seem"), "integrals: 'i': no interface is called 'seem'; nearest is 'seam'"),
    (integral(between=["left", "left"]), "integrals: 'i': its regions share no face"),
    (integral(plane={"axis": "z", "at": "1.5 m"}), "the plane z = 1.5 m cuts nothing of it; allowed: above 0 m, "
                                                   "up to 1 m"),
    (integral(plane={"axis": "x", "at": "0.8 m", "of": ["left"]}), "cuts nothing of it"),
])  # fmt: skip
def test_errors_name_the_entry_and_what_is_allowed(stated, message):
    with pytest.raises(CaseError, match=message):
        build(case_of(**BLOCK | stated))


@pytest.mark.parametrize(("key", "text", "message"), [
    ("probes", '[[probes]]\nname = "a.b"\nat = ["0 m", "0 m", "0 m"]', "'a.b' is also a key and a file name"),
    ("lines", '[[lines]]\nname = "l"\nstart = ["0 m", "0 m", "0 m"]\nend = ["0 m", "0 m", "0 m"]', "has no length"),
    ("integrals", '[[integrals]]\nname = "i"', "needs exactly one of surfaces, regions, interface, between, plane"),
    ("integrals", '[[integrals]]\nname = "i"\ninterface = "a"\nregions = ["b"]', "needs exactly one of"),
    ("probes", '[[probes]]\nname = "p"\nat = ["0 m", "0 m", "0 m"]\nquantities = ["entropy"]', "quantities"),
])  # fmt: skip
def test_errors_of_a_file_name_the_line(tmp_path, key, text, message):
    (tmp_path / "case.toml").write_text(f'schema = "oxycell-case/1"\n\n{text}\n', encoding="utf-8")
    with pytest.raises(CaseError, match=message) as error:
        load(str(tmp_path / "case.toml"))
    assert "\n" not in str(error.value) and key in str(error.value)


def test_quantity_that_is_not_solved_for():
    with pytest.raises(
        CaseError, match="heat_flux is not solved for; allowed: temperature, electric_potential, current_density"
    ):
        build(case_of(**BLOCK | {"physics": {"thermal": False}} | probe(0.3, 0.3, 0.3, quantities=["heat_flux"])))


def test_quantities_asked_for_and_no_others():
    found = oxycell.report(
        oxycell.run.solve(case_of(**BLOCK | probe(0.8, 0.3, 0.3, quantities=["temperature", "electric_potential"])))
    )
    entry = found["probes"]["p"]
    assert set(entry) == {"at_m", "region", "temperature_K", "electric_potential_V"}
    assert entry["region"] == "right" and entry["electric_potential_V"] is None, "an insulator has no potential"


def test_vocabulary_is_explained():
    for key in ("probes.at", "lines.points", "integrals.plane.axis"):
        assert explain(key)[0].meaning


def test_run_and_report_again_without_a_solve(tmp_path):
    """The folder's report, made again from its fields, has the same numbers; the file of the line has the report's
    columns."""
    case = case_of(
        **BLOCK
        | probe(0.3, 0.3, 0.3)
        | line((0.0, 0.5, 0.5), (1.0, 0.5, 0.5), points=11)
        | integral(plane={"axis": "x", "at": "0.3 m"})
    )
    (tmp_path / "case.toml").write_text(case.to_toml(), encoding="utf-8")
    _, figures, folder = run(str(tmp_path / "case.toml"), folder=tmp_path / "run")
    written = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    again = report_again(folder)[1]
    for block in ("probes", "lines", "integrals"):
        assert written[block] == figures[block] == again[block] != {}
    with open(folder / "lines" / "l.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["temperature_K"]) for row in rows] == written["lines"]["l"]["temperature_K"]
    assert [row["region"] for row in rows] == ["left"] * 6 + ["right"] * 6
    assert [float(row["x_m"]) for row in rows][:3] == [0.0, 0.1, 0.2], "empty space has no rows"
    assert (folder / "figures" / "line_l.png").is_file()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="probes"' in page and 'id="figure-line_l"' in page
