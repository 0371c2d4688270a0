"""One `[cell]`, several kinds: which is meant, what messages, overrides, `explain` and the written case say of it."""

import tomllib

import pytest

from oxycell.case.building.build import expand
from oxycell.case.case import Case
from oxycell.case.explain import explain, schema
from oxycell.case.load import load, load_with_source
from oxycell.cell.geometry import CELLS
from oxycell.cell.options import Pools
from oxycell.errors import CaseError
from oxycell.options import Options, Quantity, defaults, positive, tag_of

HEAD = """
[operation]
line_current = "140 kA"
[process]
reaction = "{reaction}"
current_efficiency = 0.9
[bath]
excess_alf3 = 12
caf2 = 5
alumina = 3
[cell]
electrodes = "{kind}"
"""


@pytest.fixture
def written(tmp_path):
    """Writes a case of some kind with further lines of [cell]; → its path."""

    def write(kind, more=""):
        path = tmp_path / "case.toml"
        path.write_text(HEAD.format(kind=kind, reaction="carbon" if kind == "prebake" else "oxygen") + more)
        return path

    return write


@pytest.mark.parametrize("kind", CELLS)
def test_each_kind_is_chosen_written_back_and_expanded(kind, written):
    case = load(written(kind))
    assert type(case.cell) is CELLS[kind][0] and case.cell.electrodes == kind
    again = Case.model_validate(tomllib.loads(case.to_toml()))
    assert again == case and type(again.cell) is type(case.cell)
    changed = case.replaced({"operation.line_current": "141 kA"})
    assert changed.cell == case.cell and type(changed.cell) is type(case.cell)
    boxes = expand(case)
    assert (
        boxes.cell is None
        and boxes.boxes
        and expand(Case.model_validate(tomllib.loads(boxes.to_toml()))).boxes == boxes.boxes
    )


@pytest.mark.parametrize("kind", CELLS)
def test_overrides_reach_each_kind(kind, written):
    case = load(written(kind), ["cell.bars.seal_resistance=0.06 K m2/W", "cell.symmetry=half"])
    assert case.cell.bars.seal_resistance == 0.06 and case.cell.symmetry == "half"
    assert case.replaced({"cell.bars.seal_resistance": "0.07 K m2/W"}).cell.bars.seal_resistance == 0.07


@pytest.mark.parametrize("kind", CELLS)
def test_built_without_saying_its_kind_it_keeps_it(kind):
    """A cell made by its class states no `electrodes`; what is written of it does."""
    head = tomllib.loads(HEAD.format(kind=kind, reaction="carbon" if kind == "prebake" else "oxygen"))
    case = Case.model_validate({**head, "cell": CELLS[kind][0]()})
    assert case.replaced({"title": "x"}).cell == case.cell


def test_left_out_the_kind_is_horizontal(written):
    path = written("horizontal")
    path.write_text(path.read_text().replace('electrodes = "horizontal"', ""))
    assert load(path).cell.electrodes == "horizontal"


@pytest.mark.parametrize(
    ("kind", "more", "message"),
    [
        (
            "prebek",
            "",
            r'cell: electrodes = "prebek" is not known, nearest is "prebake"; allowed: horizontal, vertical, prebake',
        ),
        (
            "prebake",
            '[cell.rods]\nstub_lenght = "0.2 m"',
            r'cell.rods.stub_lenght: unknown key, did you mean "stub_length"\?',
        ),
        (
            "prebake",
            '[cell.stems]\nside = "0.2 m"',
            r"cell.stems: unknown key.*; allowed: electrodes, symmetry, pools, anodes, rods",
        ),
        ("horizontal", '[cell.rods]\nside = "0.2 m"', r"cell.rods: unknown key"),
        ("prebake", '[cell.anodes]\ngap = "-3 mm"', r"cell.anodes.gap: -0.003 m is out of range; allowed: > 0 m"),
        ("prebake", '[cell.anodes]\ngap = "3 V"', r"cell.anodes.gap: .*V"),
        ("prebake", "[cell.anodes.kinetics]\ncoverage_factr = 1", r'did you mean "coverage_factor"'),
    ],
)
def test_faults_name_the_key_of_the_kind_that_was_meant(kind, more, message, written):
    path = written(kind, more)
    with pytest.raises(CaseError, match=message) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:") and "\n" not in str(caught.value)


def test_a_cell_that_is_no_table(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text("cell = 5\n")
    with pytest.raises(CaseError, match="cell: 5 is of the wrong kind; allowed: a table"):
        load(path)


def test_faults_of_the_expansion_are_placed(written):
    path = written("prebake").with_name("other.toml")
    path.write_text(written("prebake").read_text().replace('"carbon"', '"oxygen"'))
    case, source = load_with_source(path)
    with pytest.raises(CaseError, match="process.reaction: oxygen is not possible with carbon anodes") as caught:
        expand(case)
    assert f"{path}:5: process.reaction" in str(source.located(caught.value))


def test_explain_says_once_what_all_kinds_have():
    keys = [entry.key for entry in explain("cell")]
    assert keys.count("cell.symmetry") == 1 and "cell.pools.ledge_conductivity" in keys
    assert "cell (prebake).rods.stub_diameter" in keys and "cell (horizontal).pools.length" in keys
    assert len(keys) == len(set(keys))
    prebake = next(entry for entry in explain("cell.pools.length") if "prebake" in entry.key)
    assert prebake.default == "6.85 m" and prebake.unit == "m" and prebake.allowed == "> 0"
    assert all(name in schema() for name in ("PrebakeCell", "HorizontalCell", "stub_diameter"))


def test_defaults_change_a_subclass_alone():
    class Some(Options):
        a: Quantity["m"] = positive("a length", 1.0)
        b: Quantity["m"] = positive("another", 2.0)

    @defaults(b=3.0)
    class Other(Some):
        pass

    assert (Other().a, Other().b, Some().b) == (1.0, 3.0, 2.0)
    assert Other.model_fields["b"].description == "another" and Other(b="4 m").b == 4.0
    with pytest.raises(ValueError, match="greater than 0"):
        Other(b="-4 m")
    assert Pools().length == 9.3 and CELLS["prebake"][0]().pools.length == 6.85


def test_tags_tell_kinds_apart():
    assert [tag_of(model) for model, _ in CELLS.values()] == [("electrodes", kind) for kind in CELLS]
    assert tag_of(Pools) is None
