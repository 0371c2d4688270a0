"""`oxycell compare`: signed differences to the first run, break-even grid factors, readable in 100 columns."""

import copy
import json
from pathlib import Path

import pytest

from oxycell.cli import main
from oxycell.comparison import compare, text
from oxycell.errors import FileError


def report_of(volts=4.9, energy=16.6, scope1=0.0, lid=40e3, verdict="holds"):
    return {
        "schema": "oxycell-report/1",
        "title": "a cell",
        "status": {"converged": True, "wall_seconds": volts},
        "terminals": {"beam": {"current_A": 140e3}, "ground": {"current_A": -140e3}},
        "voltage": {"cell_V": volts, "parts": {"reversible": 2.26, "bath_ohmic": volts - 2.26, "anode_film": 0.0}},
        "heat": {
            "generated_W": 230e3 + lid,
            "process_W": 385e3,
            "external_W": 0.0,
            "losses": {"lid": lid, "rods": 230e3},
            "lump_temperatures_K": {"bath": 1178.15},
        },
        "ledge": {"mean_m": 0.1, "min_m": 0.09, "max_m": None},
        "anodes": {
            "list": [
                {"name": "a", "current_A": 4400.0, "count": 16, "max_temperature_K": 1180.0},
                {"name": "b", "current_A": 4350.0, "count": 16, "max_temperature_K": 1179.0},
            ],
            "non_uniformity": 0.0114,
        },
        "productivity": {
            "current_efficiency": 0.887,
            "aluminium_kg_per_day": 1000.0,
            "specific_energy_kWh_per_kg": energy,
        },
        "emissions": {
            "scope1_t": scope1,
            "ac_energy_kWh_per_kg": energy,
            "total_t": scope1 + 0.024 * energy,
            "grid_factor_kg_per_kWh": 0.024,
        },
        "claims": [{"name": "metal_per_day", "verdict": verdict}],
        "warnings": [],
        "provenance": {"created": volts},
    }


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Writes reports to run folders a, b, c … of an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def write(*reports, cases=()):
        names = "abcdefg"[: len(reports)]
        for name, figures in zip(names, reports, strict=True):
            Path(name).mkdir()
            Path(name, "report.json").write_text(json.dumps(figures))
        for name, case in zip(names, cases, strict=False):
            Path(name, "case.toml").write_text(case)
        return [Path(name) for name in names]

    return write


def row(compared, table, figure):
    return next(entry for entry in compared["tables"][table] if entry["figure"] == figure)


def test_differences_are_signed_and_to_the_first(place):
    compared = compare(place(report_of(4.9), report_of(5.0), report_of(4.7, lid=30e3)))
    assert row(compared, "voltage", "cell voltage")["differences"] == pytest.approx([0.0, 0.1, -0.2])
    assert row(compared, "voltage", "bath ohmic")["differences"] == pytest.approx([0.0, 0.1, -0.2])
    assert row(compared, "heat", "lost by lid")["values"] == [40.0, 40.0, 30.0]
    assert row(compared, "bath and ledge", "bath")["values"] == pytest.approx([905.0] * 3)
    assert row(compared, "anodes", "mean current")["values"] == pytest.approx([4.375] * 3)
    assert row(compared, "anodes", "anodes")["values"] == [32] * 3
    assert [entry["figure"] for entry in compared["tables"]["voltage"]] == [
        "cell voltage",
        "reversible",
        "bath ohmic",
    ]  # no zero rows
    assert "ledge, max" not in {entry["figure"] for entry in compared["tables"]["bath and ledge"]}


def test_every_difference_of_the_reports_is_listed_largest_first(place):
    compared = compare(place(report_of(4.9, lid=40e3), report_of(5.0, lid=20e3)))
    keys = [entry["key"] for entry in compared["differences"]]
    assert keys[0] == "heat.losses.lid" and "voltage.cell_V" in keys
    assert not any(key.startswith(("provenance", "status.wall_seconds")) for key in keys)
    leaves = len(keys) + compared["same"]
    assert compare(place_again(compared))["same"] == leaves


def place_again(compared):
    """The first run of a comparison, twice."""
    return [Path(compared["runs"][0]["folder"])] * 2


def test_words_and_columns(place):
    shown = text(
        compare(place(report_of(4.9), report_of(5.0, verdict="does not hold"), report_of(4.7), report_of(4.8)))
    )
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 100
    volts = [line for line in lines if line.startswith("cell voltage")][-1]
    assert volts.split() == ["cell", "voltage", "[V]", "4.900", "5.000", "+0.100", "4.700", "-0.200", "4.800", "-0.100"]
    assert "reversible [V]" in shown and next(line for line in lines if line.startswith("reversible")).count("=") == 3
    assert "claim metal_per_day: A holds, B does not hold, C holds, D holds" in shown
    assert shown.index("largest differences") < shown.index("\nvoltage") < shown.index("break-even")
    assert "e-" not in shown.replace("break-even", "").replace("one-", "")


def test_many_runs_go_on_below_with_the_first_repeated(place):
    shown = text(compare(place(*(report_of(4.9 + 0.1 * i) for i in range(6)))))
    headers = [
        line.split() for line in shown.splitlines() if line.split()[:1] == ["A"] and "B-A" in line or "E-A" in line
    ]
    assert ["A", "B", "B-A", "C", "C-A", "D", "D-A"] in headers and ["A", "E", "E-A", "F", "F-A"] in headers
    assert max(map(len, shown.splitlines())) <= 100


def test_break_even_of_the_dossier(place):
    compared = compare(place(report_of(energy=16.6), report_of(energy=12.6), report_of(energy=13.8, scope1=1.96)))
    by_pair = {entry["first"] + entry["second"]: entry for entry in compared["break_even"]}
    assert by_pair["AC"]["grid_factor_kg_per_kWh"] == pytest.approx(0.70, rel=1e-9) and by_pair["AC"]["better"] == "A"
    assert "alike at 700 g/kWh = (1.960 - 0.000)/(16.600 - 13.800)" in by_pair["AC"]["why"]
    assert (
        "cleaner electricity A emits less, with dirtier C; China (582) lies below, India (713) lies above"
        in by_pair["AC"]["why"]
    )
    assert by_pair["BC"] | {"why": ""} == {
        "first": "B",
        "second": "C",
        "grid_factor_kg_per_kWh": None,
        "better": "B",
        "why": "",
    }
    assert by_pair["BC"]["why"].startswith("B emits less on any electricity")
    assert by_pair["AB"]["why"].startswith("B emits less wherever electricity carries CO2")
    same = compare([Path("a"), Path("a")])
    assert (
        same["break_even"][0]["why"].startswith("alike on any electricity")
        and same["largest"] == []
        and same["differences"] == []
    )


def test_inputs_that_differ(place):
    first = 'title = "one"\n[operation]\nline_current = "140000 A"\nambient_temperature = "303.15 K"\n'
    folders = place(
        report_of(), report_of(5.0), cases=(first, first.replace("140000", "150000") + "[section]\ncells = 8\n")
    )
    compared = compare(folders)
    assert compared["inputs"] == [
        {"key": "operation.line_current", "values": ["140000 A", "150000 A"]},
        {"key": "section.cells", "values": [None, 8]},
    ]
    assert "operation.line_current  A = 140000 A  B = 150000 A" in text(compared)


def test_inputs_are_short_and_the_mesh_comes_last(place):
    first = 'claims = ["a"]\n[mesh]\nsize = "0.1 m"\n[cell.busbars]\nresistance = "1.4285714285714286e-06 ohm"\n'
    compared = compare(place(report_of(), report_of(), cases=(first, '[mesh]\nsize = "0.2 m"\n')))
    assert [entry["key"] for entry in compared["inputs"]] == ["cell.busbars.resistance", "mesh.size"]
    many = compare([Path("a"), Path("b"), Path("a"), Path("a"), Path("b")])
    assert max(map(len, text(many).splitlines())) <= 100 and "E = -" in text(many)
    assert "A = 1.42857e-06 ohm  B = -" in text(compared)


def test_verdicts_are_compared_between_runs_that_were_asked(place):
    silent = report_of() | {"claims": []}
    assert compare(place(report_of(), silent))["claims"] == []


def test_runs_of_different_kinds(place):
    """A run without process, thermal balance or anodes is compared in what both have."""
    bare = {
        "schema": "oxycell-report/1",
        "title": "",
        "status": {"converged": False},
        "voltage": {"cell_V": 0.1, "parts": {"bar": 0.1}},
        "heat": {"generated_W": 0.0, "losses": {}},
        "anodes": {"list": []},
        "emissions": {"scope1_t": None, "ac_energy_kWh_per_kg": None},
    }
    compared = compare(place(report_of(), bare))
    assert compared["break_even"] == [] and row(compared, "voltage", "bar")["differences"] == [None, None]
    assert row(compared, "heat", "lost by lid")["values"] == [40.0, None]
    shown = text(compared)
    assert "NOT CONVERGED" in shown and "carbon" not in shown


def test_command(place, capsys):
    folders = place(report_of(4.9), report_of(5.0))
    assert main(["compare", *map(str, folders)]) == 0
    assert "+0.100" in capsys.readouterr().out
    assert main(["compare", *map(str, folders), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(compare(folders)))


def test_a_folder_without_a_report(place):
    folders = place(report_of())
    with pytest.raises(FileError, match="report.json"):
        compare([*folders, Path("nowhere")])


def test_a_changed_figure_is_never_equal(place):
    """Counter-test: whatever single number of a report changes, it is among the differences."""
    first = report_of()
    second = copy.deepcopy(first)
    second["ledge"]["min_m"] *= 1.0 + 1e-9
    compared = compare(place(first, second))
    assert [entry["key"] for entry in compared["differences"]] == ["ledge.min_m"]
    assert [entry["figure"] for entry in compared["largest"]] == ["ledge, min"]
