"""Each figure is one entry, and every place that shows figures takes it from there."""

import copy
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console
from synthetic import CASE_TEXT, PROCESS_TEXT, stack_solution

from oxycell.comparison import compare, text
from oxycell.console import summary
from oxycell.report import closed, report, report_failures
from oxycell.report.figure import ABSENT, TEXT, Figure, Shown, entry, find, put
from oxycell.report.key_table import replaced
from oxycell.report.registry import FIGURES, TABLES, figure_of, register, registered, unit_of, unregister
from oxycell.report.render import LAID_OUT, figure_text, html
from oxycell.report.showing import at, keys_of
from oxycell.report.solved import NEEDS, Solved
from oxycell.report.unregistered import unregistered
from oxycell.sweep.store import FINISHED, Store
from oxycell.sweep.table import csv_text, make_columns

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"
EXAMPLE = PAGE.with_name("adding-a-figure.md")
MADE_UP = Figure(
    "heat.made_up_W",
    "W",
    "heat of an example",
    "2 × heat.generated_W",
    ("heat",),
    lambda solved: 2.0 * solved["heat.generated_W"],
    views=("html", "compare", "console"),
)
OF_A_BLOCK = Figure(
    "example.sides.*.length_m",
    "m",
    "length of {}",
    "stated here",
    compute=lambda solved: {"left": 0.5, "right": 0.25},
)


@pytest.fixture(scope="module")
def cell():
    return stack_solution(text=PROCESS_TEXT)


def shown(figures):
    buffer = io.StringIO()
    Console(file=buffer, width=300, highlight=False, markup=False).print(summary(figures))
    return buffer.getvalue()


def written(folder, figures):
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(figures), encoding="utf-8")
    return folder


def columns(folder, *reports):
    """Columns of the table of a sweep whose cases have these reports."""
    (folder / "states").mkdir(parents=True)
    store = Store(folder)
    cases = [SimpleNamespace(number=i, name=f"case-{i}", changes={"mesh.size": f"{i} mm"}) for i in range(len(reports))]
    for case, figures in zip(cases, reports, strict=True):
        written(store.run_folder(case.name), figures)
        store.set_state(case.name, FINISHED)
    return make_columns(store, SimpleNamespace(cases=cases))


@pytest.mark.parametrize("figure", [MADE_UP, OF_A_BLOCK], ids=["in a block", "a block of its own"])
def test_a_further_figure_is_one_entry(figure, cell, tmp_path):
    """Counter-test: none of these places knows it before it is registered."""

    def places(folder):
        figures = report(cell)
        (tmp_path / folder).mkdir()
        runs = [written(tmp_path / folder / name, figures) for name in "ab"]
        return {
            "report": keys_of(figures, figure),
            "sources": figures["sources"].get(figure.key),
            "page": html(figures, []),
            "summary": shown(figures),
            "comparison": text(compare(runs)),
            "table": csv_text(columns(tmp_path / folder / "sweep", figures)).splitlines()[0],
            "formats": replaced(PAGE.read_text(encoding="utf-8"), FIGURES.values()),
        }

    with registered(figure):
        found = places("with")
    before = places("without")
    assert before["report"] == [] and before["sources"] is None and found["sources"] == figure.formula
    if figure is MADE_UP:
        made = 2.0 * report(cell)["heat"]["generated_W"]
        assert report_value(cell, figure) == made
        words, values, heads = ["heat of an example"], [figure_text(made / 1e3)], ["heat.made_up_W [W]"]
    else:
        words, values = ["length of left", "length of right"], ["500.00", "250.00"]
        heads = ["example.sides.left.length_m [m]", "example.sides.right.length_m [m]"]
    assert len(found["report"]) == len(words)
    for word in words:
        assert word in found["page"] and word in found["comparison"]
        assert word not in before["page"] and word not in before["comparison"]
    assert all(f'<td class="n">{value}</td>' in found["page"] for value in values)
    assert all(head in found["table"] for head in heads) and not any(head in before["table"] for head in heads)
    assert f"`{figure.key}`" in found["formats"] and f"`{figure.key}`" not in before["formats"]
    assert ("heat of an example" in found["summary"]) == (figure is MADE_UP)


def test_example_of_the_page(cell):
    """docs/adding-a-figure.md: its code registers a figure that the report then has."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", EXAMPLE.read_text(encoding="utf-8"), re.M | re.S)
    assert "lost_share" not in report(cell)["heat"]
    try:
        exec(code, {})
        figures = report(cell)
    finally:
        unregister("heat.lost_share")
    lost, volts = sum(figures["heat"]["losses"].values()), figures["voltage"]["cell_V"]
    assert figures["heat"]["lost_share"] == pytest.approx(lost / (100.0 * volts), rel=1e-12)
    assert "lost_share" not in report(cell)["heat"]


def report_value(cell, figure):
    with registered(figure):
        return at(report(cell), figure.key)


def test_figures_are_stated_whole():
    assert len(FIGURES) == sum(map(len, TABLES)), "a key twice"
    for key, figure in FIGURES.items():
        assert key == figure.key and figure.label and figure.formula and figure.unit is not None, key
        assert set(figure.needs) <= set(NEEDS), key
        assert set(figure.views) <= {"html", "compare", "console"}, key
        assert figure.parts[0] in LAID_OUT or not figure.views, key


ENDINGS = {
    "_kWh_per_kg": "kWh/kg", "_kg_per_day": "kg/day", "_kg_per_kWh": "kg/kWh", "_m_per_year": "m/year",
    "_K_per_m": "K/m", "_K_per_h": "K/h", "_kg_per_hour": "kg/h",
    "_kg_per_t": "kg/t", "_t_per_year": "t/year", "_kWh_per_year": "kWh/year", "_A_m2": "A/m2", "_W_m2": "W/m2",
    "_m2": "m2", "_m3": "m3", "_m": "m", "_V": "V", "_A": "A", "_W": "W", "_K": "K", "_t": "t/t", "_s": "s",
}  # fmt: skip


def contradictions(figures):
    """Figures whose unit is not the one that their key ends with."""
    found = []
    for figure in figures:
        parts = (f"_{part}" for part in reversed(figure.parts))
        said = next((unit for part in parts for ending, unit in ENDINGS.items() if part.endswith(ending)), None)
        if said is not None and figure.is_number and figure.unit != said:
            found.append(figure.key)
    return found


def test_units_are_those_of_the_keys():
    assert contradictions(FIGURES.values()) == []
    wrong = replace(FIGURES["heat.generated_W"], unit="V")
    assert contradictions([wrong]) == ["heat.generated_W"], "counter-test"


def test_no_number_without_a_figure(cell):
    for solution in (cell, stack_solution(), stack_solution(("x", "y"), PROCESS_TEXT)):
        figures = report(solution)
        assert unregistered(figures) == [] and set(figures["sources"]) >= set(FIGURES)
    figures["heat"]["another_W"] = 1.0
    figures["anodes"]["list"][0]["share"] = 0.5
    assert unregistered(figures) == ["heat.another_W", "anodes.list.0.share"], "counter-test"


def test_page_of_formats_is_that_of_the_figures():
    page = PAGE.read_text(encoding="utf-8")
    assert replaced(page, FIGURES.values()) == page, "python -m oxycell.report.key_table docs/formats.md"
    other = [replace(figure, unit="ft") if figure.key == "ledge.mean_m" else figure for figure in FIGURES.values()]
    assert replaced(page, other) != page, "counter-test"
    with pytest.raises(ValueError, match="no place"):
        replaced("# Formats", FIGURES.values())


@pytest.mark.parametrize(
    ("key", "figure"),
    [
        ("voltage.parts.anode_1.plate", "voltage.parts.*"),
        ("anodes.list.3.current_A", "anodes.list.*.current_A"),
        ("integrals.a.b.first.temperature_K.mean", "integrals.*.*.temperature_K.mean"),
        ("balance.heat.absolute", "balance.*.absolute"),
        ("balance.heat", "balance.heat"),
        ("probes.p.heat_flux_W_m2.2", "probes.*.heat_flux_W_m2"),
        ("heat.nothing_W", None),
    ],
)
def test_keys_of_a_report_find_their_figure(key, figure):
    found = figure_of(key)
    assert (None if found is None else found.key) == figure


def test_names_with_dots_are_found(cell):
    figures = copy.deepcopy(report(cell))
    figures["voltage"]["parts"] = {"anode_1.plate": 0.25, "anode_1": 0.5}
    assert at(figures, "voltage.parts.anode_1.plate") == 0.25 and at(figures, "voltage.parts.anode_1") == 0.5
    assert at(figures, "voltage.parts.anode_1.stem") is None and at(figures, "anodes.list.7.current_A") is None
    assert keys_of(figures, FIGURES["voltage.parts.*"]) == ["voltage.parts.anode_1.plate", "voltage.parts.anode_1"]


def test_what_is_put_under_a_key_is_found_there():
    tree = {}
    put(tree, ["a", "*", "b"], {"x": 1.0, "y": ABSENT})
    put(tree, ["a", "*", "c"], {"x": 2.0, "y": 3.0})
    put(tree, ["l", "*", "b"], [1.0, 2.0])
    put(tree, ["l", "*", "c"], [3.0, ABSENT])
    put(tree, ["e", "*"], {})
    put(tree, ["n"], None)
    assert tree == {
        "a": {"x": {"b": 1.0, "c": 2.0}, "y": {"c": 3.0}},
        "l": [{"b": 1.0, "c": 3.0}, {"b": 2.0}],
        "e": {},
        "n": None,
    }
    assert entry(tree, ["a", "*", "b"]) == {"x": 1.0, "y": ABSENT} and entry(tree, ["l", "*", "b"]) == [1.0, 2.0]


def test_needs_that_are_not_met_leave_a_figure_out(cell):
    gone = replace(cell, record={key: value for key, value in cell.record.items() if key not in ("thermal", "ledge")})
    other = replace(MADE_UP, key="heat.none_W", absent=ABSENT)
    of_another_balance = replace(MADE_UP, key="heat.of_tracer_W", needs=("tracer",), absent=0.0)
    with registered(MADE_UP, other, of_another_balance):
        heat = report(gone)["heat"]
        assert heat["made_up_W"] is None and "none_W" not in heat and heat["of_tracer_W"] == 0.0
    with pytest.raises(ValueError, match="there already"):
        register(FIGURES["heat.generated_W"])


def test_a_figure_computed_from_itself_is_told(cell):
    one = Figure("a.one", "", "one", "a.two", compute=lambda solved: solved["a.two"])
    two = Figure("a.two", "", "two", "a.one", compute=lambda solved: solved["a.one"])
    with registered(one, two), pytest.raises(RuntimeError, match=re.escape("a.one -> a.two -> a.one")):
        report(cell)


def test_each_figure_is_computed_once(cell):
    calls = []
    counted = Figure("a.one", "", "one", "counted", compute=lambda solved: calls.append(1) or 1.0)
    twice = Figure("a.two", "", "two", "2 × a.one", compute=lambda solved: solved["a.one"] + solved["a.one"])
    solved = Solved(cell.case, cell.mesh, cell.record, figures=(twice, counted))
    assert solved.tree() == {"a": {"two": 2.0, "one": 1.0}} and calls == [1]


def test_text_and_numbers_as_shown():
    assert Shown("°C", shift=-273.15).value(300.0) == pytest.approx(26.85) and Shown("kW", 1e-3).value(None) is None
    assert find({"a.*": Figure("a.*", TEXT, "", "")}, "a.b").key == "a.*"
    assert unit_of("status.message") == unit_of("operating_point.value") == "" and unit_of("superheat") == "K"


# A further balance: 3 rows in a line, 6 mol/s made in the first, of which 1 leaves at the first face, 2 mol/s taken up
# on the face between the second and the third, 3 mol/s that leave the third row.
def tracer(**changes):
    return {
        "unit": "mol/s",
        "n_rows": 3,
        "floor": 1e-15,
        "floor_sum": 1e-15,
        "faces": {
            "00 inside": {
                "row_owner": np.array([0, 1]),
                "row_neighbour": np.array([1, 2]),
                "leaving": np.array([5.0, 5.0]),
                "entering": np.array([5.0, 3.0]),
            },
            "01 outside": {
                "row_owner": np.array([-1, 2]),
                "row_neighbour": np.array([0, -1]),
                "leaving": np.array([-1.0, 3.0]),
                "entering": np.array([-1.0, 3.0]),
            },
        },
        "sources": {"dissolution": {"row": np.array([0]), "value": np.array([6.0])}},
        "face_sources": {"uptake": {"index": np.array([1]), "value": np.array([-2.0])}},
        "stored": 0.0,
    } | changes


def faces_of(name, **arrays):
    """The faces of the tracer with other arrays in one of their groups."""
    faces = tracer()["faces"]
    return {"faces": faces | {name: faces[name] | {key: np.array(value) for key, value in arrays.items()}}}


LESS = faces_of("01 outside", leaving=[-1.0, 2.5], entering=[-1.0, 2.5])


def with_tracer(cell, **changes):
    return replace(cell, record=cell.record | {"balances": {"tracer": tracer(**changes)}})


def test_a_further_balance_stands_in_the_ledger(cell, tmp_path):
    figures = report(with_tracer(cell))
    member = figures["balance"]["tracer"]
    assert member["closed"] and member["absolute"] == 0.0 and member["unit"] == "mol/s" and member["limit"] == 1e-8
    assert report_failures(figures) == [] and "tracer 0.0e+00 (limit 1e-08)" in shown(figures)
    assert "<td>tracer</td>" in html(figures, []) and unregistered(figures) == []
    assert columns(tmp_path, figures)["balance.tracer.absolute"] == ("mol/s", [0.0])
    assert list(figures["balance"]) == ["charge", "electric_power", "heat", "voltage", "energy", "tracer"]


@pytest.mark.parametrize(
    ("changes", "residual"),
    [
        ({"sources": {}}, 6.0),
        ({"face_sources": {}}, 2.0),
        (faces_of("00 inside", entering=[4.0, 3.0]), 1.0),
        (LESS, 0.5),
        ({"stored": np.array([0.0, 0.0, 0.25])}, 0.25),
    ],
)
def test_terms_that_do_not_add_up_open_it(changes, residual, cell):
    """Counter-test: a source, a flux or what is stored that is off by so much [mol/s]."""
    figures = report(with_tracer(cell, **changes))
    assert figures["balance"]["tracer"]["absolute"] == pytest.approx(residual)
    assert [line for line in closed(figures) if line.startswith("tracer does not close")]


def test_rows_that_gain_what_they_store_close(cell):
    figures = report(with_tracer(cell, **LESS, stored=np.array([0.0, 0.0, 0.5]), limit=1e-9))
    assert figures["balance"]["tracer"]["closed"] and figures["balance"]["tracer"]["limit"] == 1e-9


def test_report_says_nothing_of_balances_that_the_case_has_not():
    assert "tracer" not in report(stack_solution(text=CASE_TEXT))["balance"]
