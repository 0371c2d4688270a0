"""Block `error_bars`: which figures have ±, and what is made of figures that belong together."""

import pytest

from oxycell.report.error_bars import bar_text, error_bars, renewed


def sequence(limit, constant, order, meshes):
    """Values limit + C h^p on h, h/2, h/4."""
    return [limit + constant * 0.5 ** (order * i) for i in range(meshes)]


def report_of(value, cells, ledge=()):
    return {
        "status": {"cells": cells, "wall_seconds": value},
        "voltage": {"cell_V": value, "parts": {"a": value, "b": 1.0}},
        "anodes": {"list": [{"name": "one", "current_A": 2.0 * value, "count": 1}]},
        "ledge": {"mean_m": None, "profile": list(ledge)},
        "probes": {"p": {"at_m": [0.1, 0.2, 0.3], "temperature_K": 300.0 + value}},
    }


def test_figures_that_all_meshes_have_and_that_change():
    values = sequence(3.0, 1.0, 2.0, 3)
    block = error_bars([report_of(v, 8**i, ledge=[{"z_m": v}] * i) for i, v in enumerate(values)], [1, 2, 4])
    bar = {key: entry["uncertainty"] for key, entry in block["figures"].items()}
    assert list(block["figures"]) == [
        "voltage.cell_V",
        "voltage.parts.a",
        "anodes.list.0.current_A",
        "probes.p.temperature_K",
    ]
    assert block["meshes"][-1] == {"cells": 64, "subdivisions": 4} and "three meshes" in block["method"]
    assert bar["anodes.list.0.current_A"] == pytest.approx(2.0 * bar["voltage.cell_V"]) != 0.0


def test_block_follows_a_report_made_again():
    values = sequence(3.0, 1.0, 2.0, 2)
    block = error_bars([report_of(v, 8**i) for i, v in enumerate(values)], [1, 2])
    assert renewed(block, report_of(values[-1], 8)) == block
    other = renewed(block, report_of(values[-1] * 1.01, 8))["figures"]["voltage.cell_V"]
    assert (
        other["values"] == [values[0], values[-1] * 1.01]
        and other["uncertainty"] != block["figures"]["voltage.cell_V"]["uncertainty"]
    )


def ledge_of(mean, least, most):
    return {"status": {"cells": 1}, "ledge": {"mean_m": mean, "min_m": least, "max_m": most, "heat_W": 1e4 * mean}}


def test_ledge_is_given_a_lower_order_than_the_rest():
    figures = error_bars([ledge_of(0.1, 0.08, 0.2), ledge_of(0.12, 0.1, 0.22)], [1, 2])["figures"]
    assert figures["ledge.mean_m"]["uncertainty"] == pytest.approx(3.018 * 0.02, rel=1e-3)
    assert figures["ledge.heat_W"]["uncertainty"] == pytest.approx(2.0 * 200.0)
    assert (
        figures["ledge.mean_m"]["basis"] == "order 0.5 assumed"
        and figures["ledge.heat_W"]["basis"] == "order 1 assumed"
    )


def test_thickness_that_by_chance_does_not_change_takes_from_its_like():
    """Its least and greatest thickness move by 2 and 4 mm, the mean by a hundredth: half of the median ± of the three
    counts."""
    figures = error_bars([ledge_of(0.1, 0.08, 0.2), ledge_of(0.10001, 0.082, 0.204)], [1, 2])["figures"]
    assert figures["ledge.mean_m"]["uncertainty"] == pytest.approx(0.5 * figures["ledge.min_m"]["uncertainty"])
    assert (
        figures["ledge.mean_m"]["basis"] == "figures of its kind"
        and figures["ledge.min_m"]["basis"] == "order 0.5 assumed"
    )


def anodes_of(*currents):
    listed = [{"name": str(i), "current_A": current, "count": 2} for i, current in enumerate(currents)]
    mean = sum(currents) / len(currents)
    return {
        "status": {"cells": 1},
        "anodes": {"list": listed, "non_uniformity": (max(currents) - min(currents)) / mean},
    }


def test_spread_whose_sign_turns_is_as_open_as_the_currents_it_is_made_of():
    """Anode 0 falls from 2 % above the mean to 2 % below: the spread stays 4 % and tells nothing."""
    figures = error_bars([anodes_of(102.0, 98.0), anodes_of(98.0, 102.0)], [1, 2])["figures"]
    assert "anodes.non_uniformity" not in figures, "a spread that does not change at all has no entry"
    figures = error_bars([anodes_of(102.0, 98.0), anodes_of(98.1, 101.9)], [1, 2])["figures"]
    assert figures["anodes.non_uniformity"]["uncertainty"] == pytest.approx(2 * 2.0 * 3.9 / 100.0)
    assert figures["anodes.non_uniformity"]["basis"] == "currents of its two anodes"


@pytest.mark.parametrize(("uncertainty", "scale", "text"), [
    (0.0391, 1.0, " ± 0.039"), (0.2354, 1e3, " ± 240"), (4.251, 1.0, " ± 4.3"), (0.9996, 1.0, " ± 1"), (3e-7, 1.0, ""),
    (0.0123, 1e3, " ± 12")])  # fmt: skip
def test_two_digits(uncertainty, scale, text):
    report = {"error_bars": {"figures": {"a.b": {"values": [1000.0], "uncertainty": uncertainty, "flag": None}}}}
    assert bar_text(report, "a.b", scale) == text and bar_text(report, "a.c") == ""
    report["error_bars"]["figures"]["a.b"]["flag"] = "oscillates"
    assert bar_text(report, "a.b", scale) == (f"{text} (!)" if text else "")


def test_front_in_a_melting_material_counts_as_the_place_of_a_ledge():
    """Its place passes through cells, too: the block `melting` has bars, with the low order."""
    reports = [
        {
            "status": {"cells": 1},
            "melting": {"m": {"temperature_K": 1200.0, "solid_m3": z, "front": {"z_m": {"mean": z}}}},
        }
        for z in (0.15, 0.16)
    ]
    figures = error_bars(reports, [1, 2])["figures"]
    assert figures["melting.m.front.z_m.mean"]["uncertainty"] == pytest.approx(3.018 * 0.01, rel=1e-3)
    assert set(figures) == {"melting.m.solid_m3", "melting.m.front.z_m.mean"}
