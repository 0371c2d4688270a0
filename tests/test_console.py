"""The summary on the terminal shows ± beside its figures, and nothing where there is none."""

import copy
import io
import re

import pytest
from benchmarks.coverage.smooth import ohmic_bar
from rich.console import Console
from tests.verification.checkers import case_of

from oxycell.console import summary
from oxycell.report.error_bars import error_bars
from oxycell.run import solve_with_report


@pytest.fixture(scope="module")
def reports():
    """Reports of a bar whose resistivity rises with its temperature: voltage and heat change with the mesh."""
    return [solve_with_report(case_of(**ohmic_bar.pose(n).case))[1] for n in (4, 8, 16)]


def text_of(figures):
    buffer = io.StringIO()
    Console(file=buffer, width=300, highlight=False, markup=False).print(summary(figures))
    return buffer.getvalue()


def printed(figures):
    """Label → text of the rows that have one."""
    rows = (re.split(r"\s{2,}", line.rstrip(), maxsplit=1) for line in text_of(figures).splitlines())
    return {row[0]: row[-1] for row in rows}


def with_bars(reports):
    return copy.deepcopy(reports[-1]) | {"error_bars": error_bars(reports, [2**i for i in range(len(reports))])}


def test_no_bars_no_sign(reports):
    assert "±" not in str(printed(reports[-1]))


@pytest.mark.parametrize("meshes", [2, 3])
def test_bars_stand_beside_figures(reports, meshes):
    rows = printed(with_bars(reports[-meshes:]))
    heat = reports[-1]["heat"]
    assert heat["losses"]["ends"] > 0.0 and " ± " in rows["heat generated"] and "±" not in rows["heat lost"]
    assert rows["±"].startswith("discretisation error, from meshes of ")
    assert f"and {reports[-1]['status']['cells']:,} cells" in rows["±"]
    assert ("two give no order" in rows["±"]) == (meshes == 2)
    assert heat["generated_W"] > 0.0


def test_marks_what_does_not_converge(reports):
    figures = with_bars(reports)
    figures["error_bars"]["figures"]["heat.generated_W"] |= {"flag": "oscillates from mesh to mesh"}
    rows = printed(figures)
    assert "(!)" in rows["heat generated"] and "follow no order, marked (!)" in rows["±"]


ROWS = {
    "voltage.cell_V": 1.0,
    "voltage.parts.bubbles": 1.0,
    "heat.generated_W": 1e-3,
    "heat.losses.lid": 1e-3,
    "heat.lump_temperatures_K.bath": 1.0,
    "ledge.mean_m": 1e3,
    "ledge.min_m": 1e3,
    "ledge.max_m": 1e3,
    "anodes.list.0.current_A": 1e-3,
    "anodes.list.1.current_A": 1e-3,
    "anodes.non_uniformity": 100.0,
    "productivity.aluminium_kg_per_day": 1.0,
    "productivity.specific_energy_kWh_per_kg": 1.0,
    "emissions.scope2_t": 1.0,
}
"""Figures of the summary, and the scale they are shown in."""


def test_every_row_takes_its_own_bar():
    """± are numbered, so that none is read from the key of another figure."""
    figures = {
        "status": {"converged": True},
        "balance": {key: {"relative": 0.0} for key in ("charge", "electric_power", "heat")},
        "voltage": {"cell_V": 4.5, "parts": {"bubbles": 0.1}},
        "ledge": {"mean_m": 0.1, "min_m": 0.05, "max_m": 0.2},
        "heat": {"generated_W": 2e5, "losses": {"lid": 2e5}, "process_W": 0.0, "lump_temperatures_K": {"bath": 1200.0}},
        "productivity": {"aluminium_kg_per_day": 1000.0, "specific_energy_kWh_per_kg": 15.0},
        "anodes": {"list": [{"current_A": 4000.0}, {"current_A": 5000.0}], "non_uniformity": 0.22},
        "emissions": {"total_t": 1.0, "scope1_t": 0.0, "scope2_t": 1.0, "grid_factor_kg_per_kWh": 0.1},
    }
    bars = {
        key: {"values": [1.0, 1.0], "uncertainty": (11 + i) / scale, "flag": None}
        for i, (key, scale) in enumerate(ROWS.items())
    }
    text = text_of(figures | {"error_bars": {"meshes": [{"cells": 8}, {"cells": 64}], "figures": bars}})
    for i, key in enumerate(ROWS):
        assert re.search(rf" ± {11 + i}\b", text), key
    assert text.count(" ± ") == len(ROWS)
