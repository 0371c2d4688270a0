"""docs/validation.md says what the code computes, rows are read rightly, and published data carry source and
uncertainty."""

import math
import re
import tomllib
from dataclasses import replace

import pytest
from benchmarks.validation import cathode, cells, comparison, properties, report
from benchmarks.validation.__main__ import CHEAP

from oxycell.case.load import shipped_folder
from oxycell.cell import bath as electrolyte
from oxycell.constants import FARADAY, MOLAR_MASS, faraday_rate

FILES = sorted(comparison.PUBLISHED.glob("*/published.toml"))
COLUMNS = {title: i for i, title in enumerate(report.TITLES)}


def rows_of(text):
    """Row name → cells, of every table of the page whose first column holds names."""
    lines = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| `")
    ]
    return {cells[0].strip("`"): cells for cells in lines if len(cells) == len(report.TITLES)}


@pytest.fixture(scope="module")
def page():
    return report.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("rows", CHEAP, ids=[rows.__name__ for rows in CHEAP])
def test_page_holds_what_is_computed(rows, page):
    written = rows_of(page)
    for one in rows():
        assert written[one.name] == report.row(one)


def test_page_would_not_hold_a_wrong_law(page, monkeypatch):
    """Counter-test: a liquidus 1 K off is seen."""
    model = electrolyte.LIQUIDUS["solheim1996"]
    wrong = replace(model, function=lambda bath: model.function(bath) + 1.0)
    monkeypatch.setitem(electrolyte.LIQUIDUS, "solheim1996", wrong)
    off = properties.liquidus()[0]
    assert rows_of(page)[off.name] != report.row(off)


def test_cathode_block_is_as_the_pages_say(page):
    """Drops and savings on the shipped mesh, to 0.2 mV, in the page and in the README of the case."""
    found, written = cathode.figures(), rows_of(page)
    readme = (shipped_folder("cases") / cathode.CASE / "README.md").read_text(encoding="utf-8")
    for key, value in found.items():
        shown = written[f"cathode-{key.replace('_', '-')}"]
        assert float(shown[COLUMNS["S"]]) == pytest.approx(value, abs=0.2)
        assert f"| {shown[COLUMNS['S']]} ±" in readme
        assert f"{shown[COLUMNS['S']]} ± {float(shown[COLUMNS['u_val']]):.1f}" in readme


def test_spread_of_an_open_input_is_as_the_page_says(page):
    name = next(name for name in cathode.INPUTS if name.startswith("resistivity of the bars"))
    effect = comparison.study(cathode.figures, [cathode.INPUTS[name]], {})[0]
    shown = next(line for line in page.splitlines() if line.startswith(f"| {name}"))
    for key, cell in zip(report.SHOWN, shown.strip("|").split("|")[1:], strict=True):
        assert float(cell) == pytest.approx(effect[key], abs=0.1)


def test_rows_of_the_page_add_up(page):
    """u_val from its three parts, the ratio and the verdict from E and u_val, as far as two digits carry; misses are
    told in words."""
    written = rows_of(page)
    words = "\n".join(line for line in page.splitlines() if not line.startswith("|"))
    assert len(written) > 20
    for name, cells_ in written.items():
        parts = [
            0.0 if cells_[COLUMNS[key]] == "–" else float(cells_[COLUMNS[key]]) for key in ("u_num", "u_input", "u_D")
        ]
        total, ratio = float(cells_[COLUMNS["u_val"]]), float(cells_[COLUMNS["E / u_val"]])
        assert math.hypot(*parts) == pytest.approx(total, rel=0.1)
        error = float(re.match(r"(?:rms )?([+-]?[\d.]+)", cells_[COLUMNS["E"]])[1])
        half_a_digit = 0.5 * 10.0 ** -len(cells_[COLUMNS["S"]].partition(".")[2])
        assert abs(abs(error) / total - ratio) <= 0.1 * ratio + 1.1 * half_a_digit / total
        assert cells_[-1] == ("within" if ratio <= 1.0 else "**missed**")
        if ratio > 1.0:
            assert f"`{name}`" in words or f"`{name.partition('-')[0]}-*`" in words, (
                f"{name} is missed and not spoken of"
            )


def entry(**changes):
    return (
        comparison.Published("q", "V", 1.0, 0.03, "measured", "s", "b", {})
        if not changes
        else replace(entry(), **changes)
    )


def test_error_and_uncertainty():
    one = comparison.against("x", entry(), 1.06, u_num=0.02, u_input=0.06)
    assert (one.error, one.uncertainty) == (pytest.approx(0.06), pytest.approx(0.07))
    assert one.verdict == "within"
    assert comparison.against("x", entry(), 0.92, u_num=0.02, u_input=0.06).verdict == "missed"
    assert report.row(comparison.against("x", entry(), 0.92))[-1] == "**missed**"


def test_sets_count_by_their_root_mean_square_and_show_their_worst():
    points = [("a", 1.0, 1.0), ("b", 1.05, 1.0), ("c", 0.99, 1.0)]
    one = comparison.against_set("x", entry(value=None), points)
    assert (one.where, one.points, one.error) == ("b", 3, pytest.approx(0.05))
    assert one.rms == pytest.approx(math.sqrt((0.05**2 + 0.01**2) / 3.0))
    assert one.verdict == "within" and replace(one, rms=0.031).verdict == "missed"


def test_study_halves_the_difference():
    effects = comparison.study(
        lambda x: 3.0 * x["a"] + x["b"], [({"a": 1.0}, {"a": 2.0}, comparison.EVENLY_LIKELY)], {"a": 5.0, "b": 1.0}
    )
    assert effects == [pytest.approx(0.5 * 3.0 / math.sqrt(3.0))]


@pytest.mark.parametrize("order", [0.7, 4.0 / 3.0, 2.0])
def test_limit_is_exact_for_a_power(order):
    found = cathode.limit([5.0 - 2.0 * n**-order for n in (1, 2, 3)])
    assert found["limit"] == pytest.approx(5.0, abs=1e-9) and found["order"] == pytest.approx(order, abs=1e-9)
    assert found["u_num"] == pytest.approx(1.25 / 1.15 * 2.0, rel=1e-8)


@pytest.mark.parametrize("values", [[1.0, 1.2, 1.1], [1.0, 1.1, 1.3], [1.0, 1.1, 1.1]], ids=["turns", "grows", "stops"])
def test_no_order_no_limit(values):
    found = cathode.limit(values)
    assert found["order"] is None and found["u_num"] == pytest.approx(3.0 * (max(values) - min(values)))


def test_tables_go_between_their_marks(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("a\n<!-- x -->\nold\n<!-- end x -->\nb\n", encoding="utf-8")
    report.publish({"x": "new"}, path)
    assert path.read_text(encoding="utf-8") == "a\n<!-- x -->\n\nnew\n\n<!-- end x -->\nb\n"
    with pytest.raises(ValueError, match="unpack"):
        report.publish({"y": "new"}, path)


@pytest.mark.parametrize("path", FILES, ids=[path.parent.name for path in FILES])
def test_published_data_are_complete(path):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert data["tag"] in ("L", "M") and data["source"] and data["seen"] and {"given", "not_given"} <= set(data)
    for one in comparison.published(path.parent.name).values():
        assert one.kind in report.KINDS and one.uncertainty > 0.0 and one.basis and one.unit and one.source


def test_every_published_value_is_held_against_the_code(page):
    values = sum(len(comparison.published(path.parent.name)) for path in FILES)
    assert len(rows_of(page)) == values


def test_published_voltages_follow_from_their_tables():
    """ΔG/6F of the tabulated Gibbs energies of formation: the elements and metallic aluminium count 0."""
    for name, one in comparison.published("thermochemistry").items():
        if "alumina" in one.more:
            moles = {"carbon_1200": 1.5, "carbon_monoxide_1200": 3.0}.get(name, 0.0)
            volts = 1e3 * (moles * one.more.get("gas", 0.0) - one.more["alumina"]) / (6.0 * FARADAY)
            assert one.value == pytest.approx(volts, abs=6e-6)


def test_published_current_efficiency_follows_from_the_capacity():
    line = comparison.published("current-efficiency")["line"]
    full = line.more["cells"] * 365.0 * 86400.0 * faraday_rate(line.more["current"], MOLAR_MASS["Al"], 3.0)
    assert line.value == pytest.approx(100.0 * line.more["capacity"] / full, abs=0.01)


@pytest.mark.slow
def test_voltage_of_the_carbon_cell_is_as_the_page_says(page):
    """To 40 mV, which the mesh of the shipped case leaves open; cells as wide at the walls and under the floor as
    elsewhere."""
    shown = float(rows_of(page)["voltage-175ka"][COLUMNS["S"]])
    assert cells.cell_voltage({"cell.mesh.floor": "100 mm", "cell.mesh.side": "1 m"}) == pytest.approx(shown, abs=0.04)


def test_published_balance_adds_up():
    values = {name: one.value for name, one in comparison.published("energy-balance").items()}
    assert values["alumina"] + values["anodes"] + values["reaction"] == pytest.approx(values["consumption"], abs=1.0)
    assert cells.INSIDE - values["consumption"] == values["lost"]
