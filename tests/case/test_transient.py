"""`[transient]` and its schedules: times that are hit, values on both sides of them, cases that stay the same object;
every message is one line that names the key."""

import json
import math
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxycell.case.building.build import build, expand
from oxycell.case.building.timeline import Timeline
from oxycell.case.explain import explain
from oxycell.case.load import load, load_text
from oxycell.errors import CaseError
from oxycell.inspection import resolved
from oxycell.mesh.moving import shifts

H = 3600.0
BAR = """\
schema = "oxycell-case/1"
title = "a bar"
boxes = [
    { name = "rod", material = "steel_low_carbon", x = ["0 m", "0.2 m"], y = ["0 m", "0.05 m"], z = ["0 m", "0.05 m"] },
    { name = "plate", material = "mica", x = ["0.2 m", "0.3 m"], y = ["0 m", "0.05 m"], z = ["0 m", "0.05 m"] },
]
surfaces = [{ name = "begin", of = "rod", sides = ["x-"] }, { name = "top", of = "rod", sides = ["z+"] }]
terminals = [
    { name = "in", surfaces = ["begin"], current = "500 A" },
    { name = "out", surfaces = ["top"], potential = { time = ["0 h", "4 h"], value = [0.0, 1.0] } },
]
sources = [{ name = "heater", regions = ["plate"], total_heat = "40 W" }]
interfaces = [
    { name = "joint", between = ["rod", "plate"], where = { x = ["0.1 m", "0.2 m"] }, laws = [
        { kind = "contact", thermal = "1e-4 K m2/W" },
    ] },
]
conditions = [
    { on = ["top"], laws = [
        { kind = "convection", coefficient = "9 W/m2/K", fluid = { time = [
            "1 h", "3 h", "5 h"], value = [300.0, 300.0, 310.0] } },
    ] },
]

[mesh]
size = "10 cm"

[materials.mica]
thermal_conductivity = "0.5 W/m/K"

[process]
current_efficiency = 0.9

[bath]
excess_alf3 = 10
alumina = 4

[transient]
end = "10 h"
outputs = "4 h"
"""
CURRENT = (
    'terminals.0.current" = { time = ["0 h", "6 h", "6 h", "8 h"], value = ["500 A", "0.6 kA", "400 A", "500 A"] }'
)


def bar(schedule="", old="", new=""):
    """The bar with lines of [transient.schedule]."""
    text = BAR + "[transient.schedule]\n" + schedule
    assert old in text
    return load_text(text.replace(old, new, 1))


def timeline(schedule="", old="", new=""):
    return Timeline(bar(schedule, old, new))


def table(key, times, values):
    """A line of [transient.schedule]: times in hours."""
    return f"'{key}' = {{ time = {json.dumps([f'{time} h' for time in times])}, value = {json.dumps(list(values))} }}\n"


@pytest.fixture(scope="module")
def kraz():
    return load("kraz-140ka")


def with_transient(case, schedule, **options):
    return case.replaced({"transient": {"end": "24 h", "schedule": schedule, **options}})


# Times


def test_kinks_jumps_outputs_and_events():
    found = timeline(f'"{CURRENT}')
    assert (found.start, found.end) == (0.0, 10 * H)
    assert found.outputs == (0.0, 4 * H, 8 * H, 10 * H)
    # Of the fluid 3 h and 5 h, of the potential 4 h, of the current 6 h and 8 h; 1 h lies in a constant stretch.
    assert found.kinks == (3 * H, 4 * H, 5 * H, 6 * H, 8 * H)
    assert found.jumps == (6 * H,)
    assert found.events == (3 * H, 4 * H, 5 * H, 6 * H, 8 * H, 10 * H)


def test_run_begins_at_the_time_of_the_case():
    found = timeline(f'"{CURRENT}', 'title = "a bar"', 'time = "5 h"')
    assert found.outputs == (5 * H, 9 * H, 10 * H) and found.kinks == (6 * H, 8 * H)


def test_outputs_as_a_list():
    found = timeline("", 'outputs = "4 h"', 'outputs = ["30 min", "2 h"]')
    assert found.outputs == (0.0, 0.5 * H, 2 * H, 10 * H) and set(found.outputs[1:]) < set(found.events)


def test_times_that_differ_by_rounding_are_one():
    """Ten times 0.1 s, a kink of one table and the jump of another: one float, at which both tables are followed."""
    later = math.nextafter(0.3, 1.0)
    found = Timeline(
        bar(
            f'"sources.0.total_heat" = {{ time = ["0 s", "{later} s", "{later} s"], value = ["1 W", "1 W", "2 W"] }}\n'
            '"terminals.0.current" = { time = ["0.3 s", "1 s"], value = ["5 A", "6 A"] }'
        ).replaced({"transient.end": "1 s", "transient.outputs": "0.1 s", "terminals.1.potential": "0 V"})
    )
    assert found.outputs == (0.0, 0.1, 0.2, later, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    assert found.jumps == (later,) and found.kinks == (later,) and len(found.events) == 10
    assert found.values_at(later, "after") == {"sources.0.total_heat": 2.0, "terminals.0.current": 5.0}
    assert found.constant(0.0, later) and not found.constant(later, 1.0)


def test_end_is_hit_exactly():
    found = Timeline(bar().replaced({"transient.end": "0.3 s", "transient.outputs": "0.1 s"}))
    assert found.outputs == (0.0, 0.1, 0.2, 0.3)


# Values


def test_values_before_and_after_a_jump_and_on_a_ramp():
    found = timeline(f'"{CURRENT}')
    current = "terminals.0.current"
    assert found.values_at(3 * H)[current] == 550.0
    assert found.values_at(6 * H, "before")[current] == 600.0 and found.values_at(6 * H, "after")[current] == 400.0
    assert found.values_at(6.5 * H)[current] == 425.0
    for time in (-1.0, 0.0):  # held before the first point and beyond the last
        assert found.values_at(time)[current] == 500.0
    assert found.values_at(1e9, "before")[current] == 500.0
    with pytest.raises(ValueError, match="side is 'left'"):
        found.values_at(0.0, "left")


def test_cases_have_the_values_and_no_transient():
    found = timeline(f'"{CURRENT}')
    before, after = found.case_at(6 * H, "before"), found.case_at(6 * H, "after")
    assert before.terminals[0].current == 600.0 and after.terminals[0].current == 400.0
    assert before.transient is None and before.time == 6 * H
    assert after == bar(f'"{CURRENT}').replaced({"transient": None, "time": "6 h", "terminals.0.current": "400 A"})


def test_numbers_with_offset_units_are_interpolated_in_kelvin():
    case = bar().replaced({"conditions.0.laws.0.fluid": "300 K"})
    warmer = {"time": ["0 h", "10 h"], "value": ["0 degC", "373.15 K"]}
    found = Timeline(case.replaced({"transient.schedule": {"conditions.0.laws.0.fluid": warmer}}))
    assert found.case_at(5 * H).conditions[0].laws[0].fluid == pytest.approx(323.15, abs=1e-12)


def test_pure_numbers():
    found = timeline(table("process.current_efficiency", (0, 10), (0.8, 0.9)))
    assert found.case_at(2.5 * H).process.current_efficiency == pytest.approx(0.825, abs=1e-15)


def test_keys_with_names_in_quotes():
    key = 'materials."mica".thermal_conductivity'
    found = timeline(table(key, (0, 10), ("1 W/m/K", "2 W/m/K")))
    assert found.case_at(5 * H).materials["mica"].thermal_conductivity == 1.5


def test_choices_jump():
    models = ("hives1996", "hives1996", "wang1992", "wang1992")
    found = timeline(table("bath.conductivity_model", (0, 2, 2, 3), models), 'outputs = "4 h"', 'composition = "fixed"')
    assert [found.case_at(2 * H, side).bath.conductivity_model for side in ("before", "after")] == [
        "hives1996",
        "wang1992",
    ]
    assert found.jumps == (2 * H,)


def test_tables_over_time_stay_in_the_case():
    """They are followed by `build`, which evaluates them at the time of the case."""
    found = Timeline(bar().replaced({"process": None}))
    case = found.case_at(4.5 * H)
    assert case.conditions[0].laws[0].fluid.time == (H, 3 * H, 5 * H)
    assert build(case).case.conditions[0].laws[0].fluid == pytest.approx(307.5, abs=1e-12)
    assert build(found.case_at(0.5 * H)).case.terminals[1].potential == 0.125


# Constant stretches


def test_constant_stretches_give_one_object():
    steps = table("terminals.0.current", (0, 6, 6, 8, 8), ("500 A", "500 A", "400 A", "400 A", "500 A"))
    found = Timeline(bar(steps).replaced({"terminals.1.potential": "0 V", "conditions.0.laws.0.fluid": "300 K"}))
    first, low = found.case_at(0.0), found.case_at(6 * H, "after")
    assert first is found.case_at(5 * H) is found.case_at(6 * H, "before")
    assert first is found.case_at(8 * H) is found.case_at(10 * H, "before")  # the same values again
    assert low is found.case_at(8 * H, "before") is not first
    assert (first.time, low.time) == (0.0, 6 * H)
    assert found.constant(0.0, 6 * H) and found.constant(6 * H, 8 * H) and not found.constant(0.0, 7 * H)


def test_tables_of_the_case_itself_break_constant_stretches():
    found = timeline(old='{ time = ["0 h", "4 h"], value = [0.0, 1.0] }', new='"0 V"')
    assert found.case_at(0.0) is found.case_at(3 * H) and found.constant(0.0, 3 * H)
    ramp = found.case_at(4 * H)
    assert ramp is found.case_at(4 * H) and ramp is not found.case_at(4.5 * H) and ramp.time == 4 * H
    assert not found.constant(3 * H, 5 * H) and not found.constant(3.2 * H, 3.3 * H)
    assert found.case_at(5 * H) is found.case_at(9 * H)


def test_the_answer_does_not_depend_on_what_was_asked_before():
    """A run that is continued asks later times only."""
    steps = table("terminals.0.current", (0, 6, 6, 8, 8), ("500 A", "500 A", "400 A", "400 A", "500 A"))
    one, other = (timeline(steps) for _ in range(2))
    times = [(time * H, side) for time in (0, 2, 4.5, 6, 7, 8, 9, 10) for side in ("before", "after")]
    forward = [one.case_at(*time) for time in times]
    backward = [other.case_at(*time) for time in reversed(times)]
    assert forward == backward[::-1]


def test_jump_at_the_start_counts_after_it():
    found = timeline(table("terminals.0.current", (0, 0, 1), ("500 A", "100 A", "100 A")))
    assert found.case_at(0.0, "before").terminals[0].current == 500.0
    assert found.case_at(0.0, "after").terminals[0].current == 100.0
    assert found.jumps == (0.0,) and 0.0 not in found.events


numbers = st.floats(-1e6, 1e6, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 24), numbers, numbers, st.booleans()), min_size=2, max_size=8, unique_by=lambda p: p[0]
    ),
    st.lists(st.floats(0.0, 24.0), min_size=1, max_size=10),
)
def test_any_table_is_followed(points, asked):
    """Against numpy's interpolation between jumps; every time at which the slope changes is an event."""
    points = sorted(points)
    times, values = [], []
    for hour, before, after, jumps in points:
        times += [hour * H] * (2 if jumps else 1)
        values += [before, after] if jumps else [before]
    if len(times) < 2:
        return
    source = {"sources.0.total_heat": {"time": [f"{time} s" for time in times], "value": [f"{v!r} W" for v in values]}}
    case = bar().replaced({"terminals.1.potential": "0 V", "conditions.0.laws.0.fluid": "300 K"})
    case = case.replaced({"transient": {"end": "24 h", "outputs": "24 h", "schedule": source}})
    found = Timeline(case)
    bends = {time for time in times if 0.0 < time < 24 * H}
    assert set(found.kinks) <= bends and list(found.kinks) == sorted(found.kinks)
    for low, high in zip((0.0, *found.kinks), (*found.kinks, 24 * H), strict=True):
        ends = [found.case_at(low, "after"), found.case_at(high, "before")]
        begin, end = (case.sources[0].total_heat for case in ends)
        for share in (0.25, 0.5, 0.75):  # linear in between
            there = found.case_at(low + share * (high - low)).sources[0].total_heat
            assert there == pytest.approx(begin + share * (end - begin), rel=1e-9, abs=1e-6)
        assert found.constant(low, high) == (begin == end)
        assert (ends[0] is ends[1]) == (begin == end)
    for time in (hour * H for hour in asked if hour * H not in times):
        after = np.searchsorted(times, time)
        near = slice(max(after - 1, 0), after + 1)  # beyond the ends one point, which is held
        expected = np.interp(time, times[near], values[near])
        assert found.case_at(time).sources[0].total_heat == pytest.approx(expected, rel=1e-9, abs=1e-6)
    for time in found.jumps:
        assert found.case_at(time, "before") != found.case_at(time, "after")


# Cells


def test_values_of_a_cell(kraz):
    steps = {"time": ["0 h", "6 h", "6 h"], "value": ["140 kA", "140 kA", "112 kA"]}
    board = {"time": ["0 h", "1 h"], "value": ["0.12 W/m/K", "1.2 W/m/K"]}
    found = Timeline(with_transient(kraz, {"operation.line_current": steps, "cell.top.lid_board_conductivity": board}))
    assert found.kinks == (H, 6 * H) and found.jumps == (6 * H,)
    before, after = (expand(found.case_at(6 * H, side)) for side in ("before", "after"))
    assert before.boxes == after.boxes
    ratio = [case.terminals[0].current or case.terminals[1].current for case in (before, after)]
    assert ratio[1] / ratio[0] == pytest.approx(0.8, rel=1e-14)


def test_lengths_that_move_the_geometry(kraz):
    """The metal rises below anodes that stand still; what closes the top of the bath stays where it is."""
    tables = {
        key: {"time": ["0 h", "24 h"], "value": [f"{first} mm", f"{last} mm"]}
        for key, first, last in (
            ("cell.anodes.gap", 65, 51.3),
            ("cell.pools.metal_depth", 220, 233.7),
            ("cell.top.lip_height", 60, 46.3),
        )
    }
    found = Timeline(with_transient(kraz, tables))
    before, after = (expand(found.case_at(time)) for time in (0.0, 12 * H))
    by = shifts(before.boxes, before.mesh, after.boxes)
    moved = dict(zip(by["z"].planes.round(6), by["z"].by.round(9), strict=True))
    assert {plane for plane, shift in moved.items() if shift} == {0.22, 0.44}  # surfaces of metal and bath
    assert moved[0.22] == moved[0.44] == 0.00685 and moved[0.285] == moved[0.5] == 0.0
    assert not by["x"].by.any() and not by["y"].by.any()


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        (
            "cell.anodes.gap",
            ("65 mm", "200 mm"),
            ".value.1: cell: anodes.gap with anodes.thickness: the top of the plates is 0.52 m; allowed: at most the",
        ),
        (
            "cell.pools.metal_depth",
            ("220 mm", "230 mm"),
            ": 0.23 m at 3600 s: boxes 'side.block' and 'freeboard.lip' meet at z = 0.5 m at the start and move apart, "
            "by 0 m and 0.01 m; allowed: boxes that move together there, or do not meet at the start",
        ),
        ("cell.mesh.edge", ("20 mm", "15 mm"), "changes the mesh, whose cells have to stay the same during a run"),
        ("cell.anodes.material", ("inert_fe_ni_cu", "inert_fe_ni_cu"), '"inert_fe_ni_cu" cannot vary continuously'),
        ("process.reaction", ("oxygen", "carbon"), "can only jump"),
        ("bath.alumina", (4.0, 3.0), "follows from what freezes, is fed and used"),
    ],
)
def test_what_a_cell_cannot_change(kraz, key, values, words):
    with pytest.raises(CaseError, match=re.escape(words)) as error:
        Timeline(with_transient(kraz, {key: {"time": ["0 h", "1 h"], "value": list(values)}}))
    assert str(error.value).startswith(f'transient.schedule."{key}"') and "\n" not in str(error.value)


# Round trip and inspection


@pytest.mark.parametrize("outputs", ["4 h", ["1 h", "2 h"]])
def test_reads_back_equal(tmp_path, outputs):
    case = bar(
        f'"{CURRENT}\n'
        + table("process.current_efficiency", (0, 1), (0.9, 1))
        + table('materials."a b".density', (0, 1), (1.5, 2)),
    ).replaced({"transient.outputs": outputs, "transient.initial": "uniform", "transient.step": "1 min"})
    (tmp_path / "case.toml").write_text(case.to_toml())
    again = load(tmp_path)
    assert again == case and again.to_toml() == case.to_toml()
    assert again.transient.schedule["terminals.0.current"].value == ("500 A", "0.6 kA", "400 A", "500 A")


def test_values_keep_their_kind():
    case = load_text(BAR + '[transient.schedule]\n"a" = { time = ["0 s", "1 s", "2 s"], value = [true, 1, "true"] }')
    values = case.transient.schedule["a"].value
    assert [type(value) for value in values] == [bool, float, str] and values == (True, 1.0, "true")


def test_resolved_case_reads_back_equal(tmp_path, kraz):
    steps = {"time": ["0 h", "6 h", "6 h"], "value": ["140 kA", "140 kA", "112 kA"]}
    case = with_transient(kraz, {"operation.line_current": steps})
    (tmp_path / "case.toml").write_text(case.to_toml())
    text = resolved(tmp_path)
    assert text.startswith("# Schedules of operation.line_current act through [cell]")
    assert load_text(text) == expand(case)
    with pytest.raises(CaseError, match=r'^transient.schedule."operation.line_current": acts through \[cell\]'):
        Timeline(load_text(text))


def test_resolved_checks_the_schedule(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(BAR + "[transient.schedule]\n" + table("terminals.0.current", (0, 1), ("1 A", "1 K")))
    line = BAR.count("\n") + 2
    with pytest.raises(CaseError) as error:
        resolved(tmp_path)
    assert str(error.value) == (
        f'{path}:{line}: transient.schedule."terminals.0.current".value.1: "K" is not a unit of this quantity; '
        "allowed: any unit that converts to A"
    )


def test_message_finds_a_key_with_quotes_in_its_line(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(BAR + "[transient.schedule]\n\n" + table('materials."a b".density', (0, 1), (1.0, "x")))
    with pytest.raises(CaseError, match=rf"^{path}:{BAR.count(chr(10)) + 3}: transient.schedule"):
        resolved(tmp_path)


def test_every_option_is_explained():
    keys = [entry.key for entry in explain("transient")]
    assert keys[0] == "transient" and "transient.schedule.NAME.value" in keys and len(keys) == 27
    assert all(entry.meaning for entry in explain("transient"))
    assert {entry.key: entry.allowed for entry in explain("transient")}["transient.outputs"] == "value or list"


def test_folder_of_a_run_is_found_beside_the_case(tmp_path):
    run = tmp_path / "before"
    run.mkdir()
    (tmp_path / "case.toml").write_text(BAR + 'initial = "before"\n')
    options = load(tmp_path).transient
    assert options.initial == str(run)
    with pytest.raises(CaseError, match="is not the folder of a finished run; allowed"):
        options.initial_folder()
    for name in ("fields.hdf", "report.json"):
        (run / name).write_text("")
    assert options.initial_folder() == run
    assert bar().transient.initial_folder() is None


# What is wrong


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            '"terminals.0.current" = { time = ["0 h", "2 h", "1 h"], value = ["1 A", "1 A", "1 A"] }',
            '"terminals.0.current".time.2: 3600 s after 7200 s; allowed: times that do not decrease, two equal for a '
            "jump",
        ),
        (
            '"terminals.0.current" = { time = ["1 h", "1 h", "60 min"], value = ["1 A", "1 A", "1 A"] }',
            '"terminals.0.current".time.2: a third point at 3600 s; allowed: two, the values before and after a jump',
        ),
        (
            '"terminals.0.current" = { time = ["0 h", "1 h"], value = ["1 A", "1 A", "1 A"] }',
            '"terminals.0.current": 2 times and 3 values; allowed: as many of both',
        ),
        ('"a" = { time = ["0 h"], value = ["1 A"] }', '"a".time: 1 entry; allowed: at least 2 (and 1 more)'),
        ('"a" = { time = ["0 h", "1 h"] }', '"a".value: missing; allowed: value at each point'),
        ('"a" = { times = ["0 h", "1 h"] }', '"a".times: unknown key, did you mean "time"?; allowed: time, value'),
        ('"a" = { time = [0, 1], value = [1, 2] }', '"a".time.0: 0 has no unit; allowed: any unit that converts to s'),
        ('"a" = { time = ["0 h", "1 h"], value = [1, [2]] }', '"a".value.1: [2] is of the wrong kind; allowed:'),
        (
            'operation.line_current = { time = ["0 h", "1 h"], value = ["1 A", "1 A"] }',
            'operation: a dotted key stands in quotes here; allowed: "operation.line_current" = { time, value }',
        ),
    ],
)
def test_wrong_tables(line, message):
    with pytest.raises(CaseError) as error:
        bar(line)
    said = str(error.value).replace("schedule.a.", 'schedule."a".').replace('"a":', '"a":')
    assert re.sub(r"^case:\d+: transient.schedule.", "", said).startswith(message) and "\n" not in said


@pytest.mark.parametrize(
    ("key", "values", "message"),
    [
        ("terminals.0.curent", ("1 A", "2 A"), ': unknown key, did you mean "current"?; allowed: name, '),
        ("terminal.0.current", ("1 A", "2 A"), ': unknown key, did you mean "terminals"?; allowed: operation, '),
        ("terminals.7.current", ("1 A", "2 A"), ": 7: no such entry; allowed: 0 to 1"),
        ("terminals..current", ("1 A", "2 A"), ': is not a dotted key; allowed: for example "operation.line_current"'),
        ("terminals", ("1 A", "2 A"), ": cannot change over time; allowed: values of operation, "),
        ("terminals.0", ("1 A", "2 A"), ": is a table or list; allowed: the dotted key of one number in it"),
        ("mesh.size", ("1 cm", "2 cm"), ": cannot change over time; allowed: values of operation, "),
        ("physics.thermal", (True, False), ": cannot change over time; allowed: values of operation, "),
        ("solver.tolerance", (0.1, 0.2), ": cannot change over time; allowed: values of operation, "),
        (
            "boxes.0.name",
            ("a", "b"),
            '.value.0: "a" cannot vary continuously; allowed: keys of numbers, in operation, ',
        ),
        ("boxes.0.z.1", ("1 mm", "-1 mm"), ".value.1: boxes.0: z = [0.0 m, -0.001 m] of box "),
        ("transient.end", ("1 h", "2 h"), ": cannot change over time; allowed: values of operation, "),
        ("cell.anodes.gap", ("1 cm", "2 cm"), ": the case has no [cell]; allowed: values it has"),
        (
            "operation.line_current",
            ("1 kA", "2 kA"),
            ": acts through [cell], which the case does not have; allowed: values of terminals, conditions, lumps",
        ),
        (
            "sources.0.name",
            ("a", "b"),
            '.value.0: "a" cannot vary continuously; allowed: keys of numbers, in operation, ',
        ),
        ("conditions.0.laws.0.kind", ("convection",) * 2, '.value.0: "convection" cannot vary continuously; allowed: '),
        ("materials.mica.insulator", (True, True), ".value.0: true cannot vary continuously; allowed: keys of numbers"),
        (
            "interfaces.0.where.x.0",
            ("0.1 m", "0.15 m"),
            ": says to which faces a law applies, which cannot change over time",
        ),
        ("terminals.1.potential", ("1 V", "2 V"), ": terminals.1.potential is a table over time already; allowed: one"),
        ("terminals.1.potential.value.0", (1.0, 2.0), ": terminals.1.potential is a table over time already; allowed"),
        ("process.current_efficiency", (0.9, 1.1), ".value.1: 1.1 is out of range; allowed: ≤ 1"),
        ("process.current_efficiency", ("90 %", "1"), '.value.0: "90 %" is of the wrong kind; allowed: a number'),
        ("sources.0.total_heat", ("1 W", 2.0), ".value.1: 2.0 has no unit; allowed: any unit that converts to W"),
        ("bath.conductivity_model", ("hives1996", "hive"), '.value.1: "hive" is not known, nearest is "hives1996"; '),
        (
            "process.reaction",
            ("oxygen", "carbon"),
            '.value.1: "carbon" after "oxygen" is not a number and can only jump; allowed: two equal times',
        ),
        ("bath.excess_alf3", (10, 99), ".value.1: 99 is out of range; allowed: ≤ 60"),
    ],
)
def test_wrong_keys_and_values(key, values, message):
    case = bar().replaced({"transient.composition": "fixed"})
    with pytest.raises(CaseError) as error:
        Timeline(case.replaced({"transient.schedule": {key: {"time": ["0 h", "1 h"], "value": list(values)}}}))
    said = str(error.value).replace("schedule.terminals:", 'schedule."terminals":')
    assert said.startswith(f'transient.schedule."{key}"{message}') and "\n" not in str(error.value)


def test_values_that_contradict_each_other_only_together():
    case = bar().replaced({"transient.composition": "fixed", "bath.excess_alf3": 1})
    both = {
        "bath.excess_alf3": {"time": ["0 h", "1 h"], "value": [10, 60]},
        "bath.kf": {"time": ["0 h", "1 h"], "value": [0, 70]},
    }
    with pytest.raises(
        CaseError, match=r"^transient.schedule: at 3600 s, before any jump: bath: the additions come to"
    ):
        Timeline(case.replaced({"transient.schedule": both}))


def test_one_key_in_two_spellings():
    line = table("terminals.0.current", (0, 1), ("1 A", "2 A"))
    with pytest.raises(CaseError, match="is the same as terminals.0.current; allowed: one table for each"):
        timeline(line + line.replace("terminals.0", "terminals.00"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transient.end": "0 s"}, "transient.end: 0 s is not after the start, time = 0 s; allowed: a later time"),
        ({"time": "11 h"}, "transient.end: 36000 s is not after the start, time = 39600 s; allowed: a later time"),
        (
            {"transient.outputs": "1 ms"},
            "transient.outputs: every 0.001 s makes 3.6e+07 outputs; allowed: at most 100000",
        ),
        (
            {"transient.outputs": ["1 h", "11 h"]},
            "transient.outputs.1: 39600 s is outside the run; allowed: 0 to 36000 s",
        ),
        (
            {"terminals.1.potential": {"time": ["1 h", "3600.00001 s"], "value": [0.0, 1.0]}},
            "terminals.1.potential.time.1: 1e-05 s after the point before it, too close for a run of 36000 s; allowed: "
            "at least 0.000144 s, or in [transient.schedule] two equal times",
        ),
        ({"transient": None}, "transient: the case has no such section; allowed: [transient] with end"),
        (
            {"operating_point": {"unknown": "a", "between": [0.0, 1.0], "target": "superheat", "value": "1 K"}},
            "operating_point: belongs to a steady state; allowed: [operating_point] or [transient]",
        ),
    ],
)
def test_wrong_times(changes, message):
    with pytest.raises(CaseError, match=f"^{re.escape(message)}$"):
        Timeline(bar().replaced(changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transient.outputs": "0 s"}, "transient.outputs: 0 s is out of range; allowed: > 0 s"),
        (
            {"transient.outputs": ["2 h", "1 h"]},
            "transient.outputs.1: 3600 s after 7200 s; allowed: times that increase",
        ),
        (
            {"transient.outputs": "1 kg"},
            'transient.outputs: "kg" is not a unit of this quantity; allowed: any unit that',
        ),
        ({"transient.tolerance": "0.3 degC"}, "transient.tolerance: 273.45 K is out of range; allowed: ≤ 10 K"),
        ({"transient.composition": "free"}, 'transient.composition: "free" is not known; allowed: coupled, fixed'),
        ({"transient.step": "0 s"}, "transient.step: 0 s is out of range; allowed: > 0 s"),
        (
            {"transient.first_step": "3 h"},
            "transient.first_step: 10800 s is above longest_step, 7200 s; allowed: at most that",
        ),
        ({"transient.initial": " "}, 'transient.initial: " " is not a name; allowed: text that is not empty'),
    ],
)
def test_wrong_options(changes, message):
    with pytest.raises(CaseError) as error:
        bar().replaced(changes)
    assert str(error.value).startswith(f"replaced: {message}")


def test_misspelt_initial_state():
    options = bar().replaced({"transient.initial": "stedy"}).transient
    with pytest.raises(CaseError) as error:
        options.initial_folder()
    assert str(error.value) == (
        'transient.initial: "stedy" is not the folder of a finished run, nearest is "steady"; allowed: "steady", '
        '"uniform" or such a folder'
    )


# Documentation

PAGE = (Path(__file__).parents[2] / "docs" / "transient.md").read_text(encoding="utf-8")
BLOCKS = {kind: re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for kind in ("toml", "python")}


def test_schedules_of_the_page_are_possible(kraz):
    """Those of a cell in the flagship, those of conditions and lumps in it written out."""
    schedule = {}
    for block in BLOCKS["toml"]:
        data = tomllib.loads(block)
        if "feed" not in data.get("transient", {}) and "preheat" not in data.get("cell", {}):
            schedule |= data.get("transient", {}).get("schedule", {})
    inside = {key: table for key, table in schedule.items() if key.startswith(("operation", "cell", "emissions"))}
    assert len(inside) == 6 and len(schedule) == 8
    Timeline(with_transient(kraz, inside))
    written = expand(kraz)
    conditions = [spec for spec in written.conditions if spec.laws[0].kind == "convection"]
    other = {key: table for key, table in schedule.items() if key not in inside}
    Timeline(with_transient(written.model_copy(update={"conditions": tuple(conditions)}), other))


def test_python_of_the_page_runs(tmp_path, monkeypatch, capsys, kraz):
    (tmp_path / "case.toml").write_text(kraz.to_toml() + BLOCKS["toml"][0])
    monkeypatch.chdir(tmp_path)
    exec(BLOCKS["python"][0], {})
    assert "(21600.0, 36000.0)" in capsys.readouterr().out
