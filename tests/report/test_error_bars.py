"""Grid convergence index: covers the known limit of sequences that converge, flags those that do not."""

import pytest

from oxycell.report.error_bars import convergence, error_bars, renewed


def sequence(limit, constant, order, meshes):
    """Values limit + C h^p on h, h/2, h/4."""
    return [limit + constant * 0.5 ** (order * i) for i in range(meshes)]


@pytest.mark.parametrize("constant", [0.4, -3.0])
@pytest.mark.parametrize("order", [1.0, 4.0 / 3.0, 2.0])
def test_two_meshes_cover_first_order_and_better(order, constant):
    values = sequence(7.0, constant, order, 2)
    uncertainty, observed, flag = convergence(values)
    assert abs(values[-1] - 7.0) <= uncertainty * (1 + 1e-12) and observed is None and flag is None


@pytest.mark.parametrize("order", [0.6, 1.0, 1.5, 2.0, 2.8])
def test_three_meshes_observe_the_order_and_cover_the_limit(order):
    values = sequence(7.0, 0.4, order, 3)
    uncertainty, observed, flag = convergence(values)
    assert observed == pytest.approx(order, rel=1e-9) and flag is None
    error = abs(values[-1] - 7.0)
    assert error <= uncertainty and (order > 2.0 or uncertainty == pytest.approx(1.25 * error))


def test_two_meshes_do_not_cover_lower_orders():
    """Counter-test: what the method states it cannot do, it cannot do."""
    values = sequence(7.0, 0.4, 0.5, 2)
    assert abs(values[-1] - 7.0) > convergence(values)[0]


@pytest.mark.parametrize(("values", "words"), [
    ([1.0, 3.0, 2.0], "oscillates"), ([1.0, 2.0, 3.0], "do not shrink"), ([1.0, 1.0, 2.0], "do not shrink"),
    ([1.0, 2.0, 2.9], "observed order"), ([1.0, 2.0, 2.0], "observed order")])  # fmt: skip
def test_what_does_not_converge_is_flagged_with_a_wide_bar(values, words):
    uncertainty, _, flag = convergence(values)
    assert words in flag and uncertainty == pytest.approx(3.0 * max(abs(a - b) for a, b in zip(values, values[1:], strict=False)))


def test_round_off_is_not_taken_for_divergence():
    uncertainty, order, flag = convergence([1.0, 1.0 + 1e-13, 1.0 - 3e-13])
    assert flag is None and order is None and uncertainty < 1e-12


def report_of(value, cells, ledge=()):
    return {"status": {"cells": cells, "wall_seconds": value}, "voltage": {"cell_V": value, "parts": {"a": value, "b": 1.0}},
            "anodes": {"list": [{"name": "one", "current_A": 2.0 * value, "count": 1}]}, "ledge": {"mean_m": None, "profile": list(ledge)},
            "probes": {"p": {"at_m": [0.1, 0.2, 0.3], "temperature_K": 300.0 + value}}}


def test_figures_that_all_meshes_have_and_that_change():
    values = sequence(3.0, 1.0, 2.0, 3)
    block = error_bars([report_of(v, 8**i, ledge=[{"z_m": v}] * i) for i, v in enumerate(values)], [1, 2, 4])
    bar = {key: entry["uncertainty"] for key, entry in block["figures"].items()}
    assert list(block["figures"]) == ["voltage.cell_V", "voltage.parts.a", "anodes.list.0.current_A", "probes.p.temperature_K"]
    assert block["meshes"][-1] == {"cells": 64, "subdivisions": 4} and "three meshes" in block["method"]
    assert bar["anodes.list.0.current_A"] == pytest.approx(2.0 * bar["voltage.cell_V"]) != 0.0


def test_block_follows_a_report_made_again():
    values = sequence(3.0, 1.0, 2.0, 2)
    block = error_bars([report_of(v, 8**i) for i, v in enumerate(values)], [1, 2])
    assert renewed(block, report_of(values[-1], 8)) == block
    other = renewed(block, report_of(values[-1] * 1.01, 8))["figures"]["voltage.cell_V"]
    assert other["values"] == [values[0], values[-1] * 1.01] and other["uncertainty"] != block["figures"]["voltage.cell_V"]["uncertainty"]
