"""Case files: found, read, checked, overridden, written back; every message is one line that names place and key."""

import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxycell.case.building.build import expand
from oxycell.case.explain import explain, schema
from oxycell.case.lines import key_lines
from oxycell.case.load import find_case, load, load_with_source, shipped_cases
from oxycell.case.overrides import parse_override
from oxycell.case.writing import write_toml
from oxycell.errors import CaseError, FileError
from oxycell.physics.electrode.laws import LAWS
from oxycell.physics.heat.boundaries import HEAT_LAWS

TEXT = """\
schema = "oxycell-case/1"
title = "a plate"  # a comment

[operation]
line_current = "140 kA"

[process]
current_efficiency = 0.9

[materials]
foo = { like = "steel_low_carbon", thermal_conductivity = "3 W/m/K" }
[materials.bar]
thermal_conductivity = { temperature = ["300 K", "400 K"], value = [1.0, 2] }

[[boxes]]
name = "a"
material = "foo"
x = ["0 m", "1 m"]
y = ["0 m",
     "1 m"]
z = ["0 m", "5 cm"]

[[interfaces]]
name = "x"
between = ["a", "b"]
laws = [
  { kind = "contact", electric = "4 uohm m2" },
  { kind = "asinh", exchange_current_density = "10 A/m2", transfer_number = 0.5 },
]

[[lumps]]
name = "bath"
regions = ["bath"]
films = { "anode_*.plate" = "1100 W/m2/K", b = "3 W/m2/K" }
"""


@pytest.fixture
def write(tmp_path):
    def write(text=TEXT, name="case.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_found_by_file_folder_and_name(write, tmp_path):
    path = write()
    assert find_case(path) == path
    assert find_case(tmp_path) == path
    for name, shipped in shipped_cases().items():
        assert find_case(name) == shipped


@pytest.mark.parametrize("name", sorted(shipped_cases()))
def test_shipped_case_reads_back_equal(name, write):
    case = load(name)
    again = load(write(case.to_toml()))
    assert again == case
    assert again.to_toml() == case.to_toml()


@pytest.mark.parametrize("name", sorted(shipped_cases()))
def test_expanded_case_reads_back_equal(name, write):
    expanded = expand(load(name))
    assert load(write(expanded.to_toml())) == expanded


@pytest.mark.parametrize("name", sorted(shipped_cases()))
def test_defaults_written_out_change_nothing(name, write):
    case = load(name)
    assert expand(load(write(case.to_toml()))) == expand(case)


def test_written_case_is_complete_and_reads_back_equal(write):
    case = load(write())
    text = case.to_toml()
    assert load(write(text)) == case
    data = tomllib.loads(text)
    assert data["operation"] == {"line_current": "140000 A", "ambient_temperature": "303.15 K"}
    assert data["mesh"]["growth"] == 2.0
    assert "cell" not in data


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("line_current", "line_curent", 5, "operation.line_curent", 'did you mean "line_current"'),
        ("140 kA", "140 km", 5, "operation.line_current", "not a unit of this quantity"),
        ('"140 kA"', "140", 5, "operation.line_current", "has no unit"),
        ("140 kA", "-140 kA", 5, "operation.line_current", "out of range; allowed: ≥ 0 A"),
        ("[process]", "[proces]", 7, "proces", 'did you mean "process"'),
        ("0.9", "1.9", 8, "process.current_efficiency", "allowed: ≤ 1"),
        ("current_efficiency = 0.9", "", 7, "process.current_efficiency", "missing"),
        ("3 W/m/K", "3 W/m", 11, "materials.foo.thermal_conductivity", "not a unit of this quantity"),
        ("value =", "valu =", 13, "materials.bar.thermal_conductivity.valu", 'did you mean "value"'),
        ("[1.0, 2]", '[1.0, "x"]', 13, "materials.bar.thermal_conductivity.value.1", "allowed: a number"),
        ('["0 m", "5 cm"]', '["5 cm", "0 m"]', 15, "boxes.0", "no positive thickness"),
        ('["0 m", "5 cm"]', '["5 cm"]', 21, "boxes.0.z.1", "one more entry"),
        ('     "1 m"', '     "1 V"', 20, "boxes.0.y.1", "not a unit of this quantity"),
        ('"contact"', '"contac"', 27, "interfaces.0.laws.0", 'nearest is "contact"; allowed: contact, insulation'),
        (
            '"contact"',
            '["contact"]',
            27,
            "interfaces.0.laws.0",
            "kind = ['contact'] is not known, nearest is \"contact\"",
        ),
        ('"contact"', "3", 27, "interfaces.0.laws.0", "kind = 3 is not known; allowed: contact, insulation"),
        ('kind = "contact", ', "", 27, "interfaces.0.laws.0", "kind is missing; allowed: contact"),
        ("electric =", "electrc =", 27, "interfaces.0.laws.0.electrc", 'did you mean "electric"'),
        ("= 0.5", '= "a"', 28, "interfaces.0.laws.1.transfer_number", "allowed: a number"),
        ("1100 W/m2/K", "1100 W", 34, 'lumps.0.films."anode_*.plate"', "not a unit of this quantity"),
        ("oxycell-case/1", "oxycell-case/2", 1, "schema", "allowed: oxycell-case/1"),
        ("[[boxes]]", "[boxes]", 15, "boxes", "allowed: a list"),
    ],
)
def test_fault_names_line_key_and_what_is_allowed(write, old, new, line, key, words):
    path = write(TEXT.replace(old, new, 1))
    with pytest.raises(CaseError) as caught:
        load(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{path}:{line}: {key}: ")
    assert words in message
    assert re.search(r"; allowed: |thickness", message)


@pytest.mark.parametrize(
    ("text", "line"),
    [("title = demo", 1), ("a = 1\n[b\n", 2), ("[a]\n[a]\n", 2), ('title = "x', 1), ("a = [1,\n\n", 2)],
)
def test_broken_toml_names_the_line(write, text, line):
    path = write(text)
    with pytest.raises(CaseError, match="not valid TOML") as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_missing_case_names_the_nearest(tmp_path):
    with pytest.raises(CaseError, match="no file, folder or shipped case"):
        load("no-such-case-anywhere")
    with pytest.raises(CaseError, match="no such file"):
        load(tmp_path / "x.toml")
    with pytest.raises(CaseError, match="contains no case.toml"):
        load(tmp_path)


def test_file_that_is_no_text(tmp_path):
    (tmp_path / "case.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseError, match="UTF-8"):
        load(tmp_path)


def test_unreadable_file(write, monkeypatch):
    path = write()

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_text", refuse)
    with pytest.raises(FileError, match="cannot be read"):
        load(path)


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("operation.line_current=150 kA", lambda case: case.operation.line_current == 150e3),
        ('operation.line_current="150 kA"', lambda case: case.operation.line_current == 150e3),
        ("boxes.0.name=lid", lambda case: case.boxes[0].name == "lid"),
        ('boxes.0.x=["0 m", "2 m"]', lambda case: case.boxes[0].x == (0.0, 2.0)),
        ("materials.foo.density=7000 kg/m3", lambda case: case.materials["foo"].density == 7000.0),
        ("mesh.size_x=2 cm", lambda case: case.mesh.size_x == 0.02),
        ("physics.thermal=false", lambda case: case.physics.thermal is False),
        ("title=a = b", lambda case: case.title == "a = b"),
        ('lumps.0.films."anode_*.plate"=5 W/m2/K', lambda case: case.lumps[0].films["anode_*.plate"] == 5.0),
        ('lumps.0.films."a=b"=5 W/m2/K', lambda case: case.lumps[0].films["a=b"] == 5.0),
        ("interfaces.0.laws.1.transfer_number=0.25", lambda case: case.interfaces[0].laws[1].transfer_number == 0.25),
    ],
)
def test_override(write, override, read):
    assert read(load(write(), [override]))


@pytest.mark.parametrize(
    ("override", "key", "words"),
    [
        ("operation.line_curren=1 A", "operation.line_curren", 'did you mean "line_current"'),
        ("operation.line_current=-1 A", "operation.line_current", "out of range"),
        ('boxes.0.x=["1 m", "0 m"]', "boxes.0", "no positive thickness"),
        ("boxes.4.name=a", "boxes.4.name", "no such entry"),
        ("title.x=3", "title.x", "not a table"),
        ("process.reaction=oxygn", "process.reaction", 'nearest is "oxygen"'),
        ("ledge.conductivity=1 W/m/K", "ledge.pools", "missing"),
        ("foo", "foo", "KEY=VALUE"),
        ("=3", "=3", "KEY=VALUE"),
    ],
)
def test_wrong_override_says_so(write, override, key, words):
    with pytest.raises(CaseError) as caught:
        load(write(), [override])
    assert str(caught.value).startswith(f"--set: {key}: ")
    assert words in str(caught.value)


def test_replaced(write):
    case = load(write())
    changed = case.replaced({"operation.line_current": "150 kA", "boxes.0.name": "b", "process": None})
    assert (changed.operation.line_current, changed.boxes[0].name, changed.process) == (150e3, "b", None)
    assert case.operation.line_current == 140e3
    assert case.replaced({}) == case
    assert case.replaced({}).mesh.model_fields_set == case.mesh.model_fields_set
    with pytest.raises(CaseError, match="replaced: operation.line_current: 150 has no unit"):
        case.replaced({"operation.line_current": 150})


def test_error_of_a_later_stage_gets_its_place(write):
    path = write()
    _, source = load_with_source(path, ["mesh.size=1 m"])
    assert str(source.located(CaseError("boxes[0].x: is wrong"))) == f"{path}:18: boxes[0].x: is wrong"
    assert str(source.located(CaseError("interfaces.0.laws: is wrong"))).startswith(f"{path}:26: ")
    assert str(source.located(CaseError("mesh.size: is wrong"))) == "--set: mesh.size: is wrong"
    assert str(source.located(CaseError("nothing fits"))) == f"{path}:1: nothing fits"


def test_lines_of_strange_but_valid_text():
    text = (
        '"a.b".c = """\nx = 1\n"""\n[[t]] # [[t]]\nv = [ # 1,\n  {p = 1}, {q = "}"},\n  [2]]\n'
        "[[t]]\n[t.u]\n'w' = '''\n='''\nlast=1"
    )
    tomllib.loads(text)
    lines = key_lines(text)
    assert lines[("a.b", "c")] == 1
    assert lines[("t", 0, "v", 1, "q")] == 6
    assert lines[("t", 0, "v", 2, 0)] == 7
    assert lines[("t", 1)] == 8
    assert lines[("t", 1, "u", "w")] == 10
    assert lines[("t", 1, "u", "last")] == 12


def _paths(node, path=()):
    if path:
        yield path
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, entry in entries:
        yield from _paths(entry, (*path, key))


_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_values = st.one_of(
    _names, st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False)
)
_trees = st.recursive(
    _values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3), max_leaves=12
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_names, _trees, max_size=4))
def test_written_data_reads_back_and_every_key_has_a_line(data):
    text = write_toml(data)
    assert tomllib.loads(text) == data
    assert set(_paths(data)) <= set(key_lines(text))


def test_override_text():
    assert parse_override("a.0.b=[1, 2]") == (("a", "0", "b"), [1, 2])
    assert parse_override("a=plain words") == (("a",), "plain words")
    assert parse_override("a=-5 mm") == (("a",), "-5 mm")


def test_explain_knows_every_option():
    entries = {entry.key: entry for entry in explain()}
    assert entries["operation.line_current"].unit == "A"
    assert entries["operation.line_current"].default == "required"
    assert entries["operation.ambient_temperature"].default == "303.15 K"
    assert entries["process.reaction"].allowed == "oxygen, carbon"
    assert entries["boxes[].x"].unit == "m"
    assert entries["interfaces[].laws[] (contact).electric"].allowed == "≥ 0"
    assert all(entry.meaning for entry in entries.values() if not entry.key.endswith("kind"))


@pytest.mark.parametrize(
    ("key", "first"),
    [
        ("line_current", "operation.line_current"),
        ("boxes.0.name", "boxes[].name"),
        ("materials.foo.density", "materials.NAME.density"),
        ("mesh", "mesh"),
    ],
)
def test_explain_finds(key, first):
    assert explain(key)[0].key == first


@pytest.mark.parametrize("kind", [*HEAT_LAWS, *LAWS])
def test_explain_finds_the_kind_of_a_law(kind):
    keys = [entry.key for entry in explain(kind)]
    assert any(f"({kind}).kind" in key for key in keys)
    whole = [entry.key for entry in explain() if f"({kind})" in entry.key or f"({kind}," in entry.key]
    assert whole and set(whole) <= set(keys)


def test_explain_of_a_kind_lists_no_other():
    keys = [entry.key for entry in explain("linear")]
    laws = "interfaces[].laws[] "
    assert f"{laws}(asinh, butler_volmer, linear, tafel).part" in keys and not any("(asinh)" in key for key in keys)
    assert all("linear" in key for key in keys)
    contact = [entry.key for entry in explain("contact")]  # an option has that name too
    assert contact[0] == "cell (prebake).rods.contact" and f"{laws}(contact).electric" in contact
    prebake = [entry.key for entry in explain("prebake")]  # with what all cells have in common
    assert "cell (prebake).rods.contact" in prebake and "cell.electrodes" not in prebake
    assert {entry.key for entry in explain("cell") if "(" not in entry.key} - {"cell"} < set(prebake)


def test_explain_names_the_nearest():
    with pytest.raises(CaseError, match="nearest is operation.line_current"):
        explain("line_curent")
    with pytest.raises(CaseError, match="nearest is convection"):
        explain("convecton")


def test_schema_is_json():
    assert '"line_current"' in schema()
