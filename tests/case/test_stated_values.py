"""What a user states is checked before it is used: values of materials, names, numbers, truths, and laws that would act
twice or never.

Every refusal here is of an input that was accepted, or ended in an internal error, before these checks existed: a check
that is taken out makes its row fail.
"""

import re

import numpy as np
import pytest
from pydantic import ValidationError
from tests.verification.checkers import check_ledger

import oxycell
from oxycell.case.building.build import build
from oxycell.case.load import load, load_with_source
from oxycell.cli import main
from oxycell.errors import CaseError
from oxycell.material import least_of_polynomial

TEXT = """\
title = "a plate between two rods"
[mesh]
size = "100 mm"
[physics]
electric = false
temperature = "300 K"
[materials.mica]
thermal_conductivity = "0.5 W/m/K"
[[boxes]]
name = "rod"
material = "steel_low_carbon"
x = ["0 m", "1 m"]
y = ["0 m", "0.2 m"]
z = ["0 m", "0.2 m"]
[[boxes]]
name = "plate"
material = "mica"
x = ["1 m", "1.1 m"]
y = ["0 m", "0.2 m"]
z = ["0 m", "0.2 m"]
[[boxes]]
name = "tail"
material = "steel_low_carbon"
x = ["1.1 m", "2 m"]
y = ["0 m", "0.2 m"]
z = ["0 m", "0.2 m"]
[[surfaces]]
name = "begin"
of = "rod"
sides = ["x-"]
[[surfaces]]
name = "end"
of = "tail"
sides = ["x+"]
[[surfaces]]
name = "above"
of = "*"
sides = ["z+"]
[[interfaces]]
name = "joint"
between = ["rod", "plate"]
laws = [{ kind = "contact", thermal = "1e-4 K m2/W" }]
[[conditions]]
on = ["begin"]
laws = [{ kind = "fixed_temperature", temperature = "400 K" }]
[[conditions]]
on = ["end"]
path = "far"
laws = [{ kind = "convection", coefficient = "20 W/m2/K", fluid = "300 K" }]
"""
K = 'thermal_conductivity = "0.5 W/m/K"'
MELTING = (
    'melting = {{ temperature = "350 K", solid = {{ thermal_conductivity = {} }}, '
    'liquid = {{ thermal_conductivity = "1 W/m/K" }} }}'
)
LUMP = (
    '[[lumps]]\nname = "pool"\nregions = ["plate"]\ntemperature = "350 K"\nfilms = {{ "*" = "100 W/m2/K" '
    "}}\nfilms_at = {}\n"
)
CONVECTION = '[{ kind = "convection", coefficient = "5 W/m2/K", fluid = "300 K" }]'


@pytest.fixture
def refused(tmp_path, capsys):
    """Run a text; its one line on stderr after FILE, as (line number, rest), once exit code 2 is seen."""

    def refused(text):
        path = tmp_path / "case.toml"
        path.write_text(text, encoding="utf-8")
        assert main(["run", str(path), "-q", "-o", str(tmp_path / "run")]) == 2
        printed = capsys.readouterr().err
        assert printed.count("\n") == 1 and printed.startswith(f"error: {path}:")
        line, rest = re.fullmatch(r":(\d+): (.*)\n", printed.removeprefix(f"error: {path}")).groups()
        assert "; allowed: " in rest
        return int(line), rest

    return refused


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


VALUES = {
    "negative": ('"-1 W/m/K"', "", "-1 W/m/K is out of range; allowed: > 0 W/m/K"),
    "zero": ('"0 W/m/K"', "", "0 W/m/K is out of range"),
    "falling": ('{ temperature = ["600 K", "300 K"], value = [20, 10] }', ".temperature.1", "300 K after 600 K"),
    "step": ('{ temperature = ["300 K", "450 K", "450 K"], value = [1, 1, 2] }', ".temperature.2", "450 K after 450 K"),
    "one point": ('{ temperature = ["300 K"], value = [10] }', ".temperature", "1 entry; allowed: at least 2"),
    "no point": ("{ temperature = [], value = [] }", ".temperature", "no entries; allowed: at least 2"),
    "uneven": ('{ temperature = ["300 K", "400 K"], value = [1, 2, 3] }', "", "2 temperatures and 3 values"),
    "negative value": (
        '{ temperature = ["300 K", "400 K"], value = [10, -5] }',
        ".value.1",
        "-5 is out of range; allowed: > 0",
    ),
    "zero value": ('{ temperature = ["300 K", "400 K"], value = [0, 5] }', ".value.0", "0 is out of range"),
    "nan value": ('{ temperature = ["300 K", "400 K"], value = [1.0, nan] }', ".value.1", "nan is not a finite number"),
    "endless value": (
        '{ temperature = ["300 K", "400 K"], value = [1.0, inf] }',
        ".value.1",
        "inf is not a finite number",
    ),
    "truth": ('{ temperature = ["300 K", "400 K"], value = [1.0, true] }', ".value.1", "allowed: a number"),
    "below absolute zero": (
        '{ temperature = ["-300 degC", "400 K"], value = [1.0, 2.0] }',
        ".temperature.0",
        "out of range",
    ),
    "polynomial falls below zero at its end": (
        '{ polynomial = [1.0, -0.01], reference = "300 K", between = ["300 K", "1300 K"] }',
        ".polynomial",
        "is -9 at 1300 K; allowed: > 0 everywhere",
    ),
    "polynomial dips below zero within": (
        '{ polynomial = [0.9, -0.02, 1e-4], reference = "300 K", between = ["300 K", "600 K"] }',
        ".polynomial",
        "is -0.1 at 400 K",
    ),
    "polynomial touches zero": (
        '{ polynomial = [1.0, -0.02, 1e-4], reference = "300 K", between = ["300 K", "500 K"] }',
        ".polynomial",
        "at 400 K",
    ),
    "polynomial overflows": (
        '{ polynomial = [1.0, 1e308], reference = "300 K", between = ["300 K", "500 K"] }',
        ".polynomial",
        "is not a finite number",
    ),
    "polynomial of nan": (
        '{ polynomial = [1.0, nan], between = ["300 K", "500 K"] }',
        ".polynomial.1",
        "nan is not a finite number",
    ),
    "range falls": ('{ polynomial = [1.0], between = ["500 K", "300 K"] }', ".between", "between must increase"),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_of_materials(name, refused):
    stated, below, words = VALUES[name]
    line, rest = refused(TEXT.replace(K, f"thermal_conductivity = {stated}"))
    assert line == line_of(TEXT, K)
    assert rest.startswith(f"materials.mica.thermal_conductivity{below}: ") and words in rest


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("electrical_conductivity", "S/m"),
        ("electrical_resistivity", "ohm m"),
        ("density", "kg/m3"),
        ("heat_capacity", "J/kg/K"),
    ],
)
def test_values_of_every_property(key, unit, refused):
    for stated in (
        f'"0 {unit}"',
        f'"-1 {unit}"',
        '{ temperature = ["300 K", "400 K"], value = [1, -1] }',
        '{ polynomial = [1.0, -0.01], between = ["300 K", "400 K"] }',
    ):
        line, rest = refused(TEXT.replace(K, f"{K}\n{key} = {stated}"))
        assert line == line_of(TEXT, K) + 1 and rest.startswith(f"materials.mica.{key}")


def test_resistivity_without_an_inverse(refused):
    assert (
        "1e-310 ohm m is out of range" in refused(TEXT.replace(K, f'{K}\nelectrical_resistivity = "1e-310 ohm m"'))[1]
    )


@pytest.mark.parametrize(("stated", "words"), [(row[0], row[2]) for row in VALUES.values()])
def test_values_of_materials_from_python(stated, words, tmp_path):
    import tomllib

    (tmp_path / "case.toml").write_text(TEXT, encoding="utf-8")
    case, value = load(tmp_path), tomllib.loads(f"value = {stated}")["value"]
    key = "materials.mica.thermal_conductivity"
    with pytest.raises(CaseError, match=f"^replaced: {key}.*{re.escape(words)}"):
        case.replaced({key: value})
    with pytest.raises(ValidationError, match="materials"):
        oxycell.Case.model_validate({"materials": {"mica": {"thermal_conductivity": value}}})


@pytest.mark.parametrize(
    "coefficients", [[1.0], [1.0, -2e-3], [0.9, -0.02, 1e-4], [2.0, 1e-3, -5e-6, 4e-9], [1.0, 0.0, 0.0, 0.0, 1e-10]]
)
def test_least_value_of_a_polynomial(coefficients):
    """Against a search over 200001 points; the counter-case is the search over the ends alone, which misses every
    dip."""
    T = np.linspace(280.0, 900.0, 200_001)
    values = np.polynomial.polynomial.polyval(T - 350.0, coefficients)
    at, least = least_of_polynomial(coefficients, 350.0, 280.0, 900.0)
    assert least == pytest.approx(values.min(), abs=1e-9)
    assert np.polynomial.polynomial.polyval(at - 350.0, coefficients) == pytest.approx(least)
    assert least <= min(values[0], values[-1])


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "words"),
    [
        ('name = "rod"', 'name = ""', 'name = "rod"', "boxes.0.name", '"" is not a name'),
        ('name = "rod"', 'name = "  "', 'name = "rod"', "boxes.0.name", "is not a name"),
        ('name = "begin"', 'name = ""', 'name = "begin"', "surfaces.0.name", "is not a name"),
        ('path = "far"', 'path = ""', 'path = "far"', "conditions.1.path", "is not a name"),
        ('on = ["begin"]', "on = []", 'on = ["begin"]', "conditions.0.on", "no entries; allowed: at least 1"),
        ('sides = ["x-"]', "sides = []", 'sides = ["x-"]', "surfaces.0.sides", "no entries"),
        ('name = "joint"', 'name = "joint"\non = []', "between =", "interfaces.0.on", "no entries"),
        (
            "electric = false",
            'electric = "yes"',
            "electric = false",
            "physics.electric",
            '"yes" is of the wrong kind; allowed: true or false',
        ),
        ("electric = false", "electric = 0", "electric = false", "physics.electric", "allowed: true or false"),
        (
            'size = "100 mm"',
            'size = "100 mm"\ngrowth = true',
            "[physics]",
            "mesh.growth",
            "True is of the wrong kind; allowed: a number",
        ),
        ('size = "100 mm"', 'size = "100 mm"\ngrowth = "2.0"', "[physics]", "mesh.growth", "allowed: a number"),
        ('size = "100 mm"', 'size = "100 mm"\ngrowth = inf', "[physics]", "mesh.growth", "inf is not a finite number"),
        (
            'size = "100 mm"',
            'size = "100 mm"\nsubdivisions = true',
            "[physics]",
            "mesh.subdivisions",
            "allowed: a whole number",
        ),
        (
            'size = "100 mm"',
            'size = "100 mm"\nsubdivisions = "2"',
            "[physics]",
            "mesh.subdivisions",
            "allowed: a whole number",
        ),
        (
            "[[boxes]]",
            "[process]\ncurrent_efficiency = nan\n[[boxes]]",
            'name = "rod"',
            "process.current_efficiency",
            "nan",
        ),
        (
            "[[boxes]]",
            "[process]\ncurrent_efficiency = 0.9\ndewing_constant = inf\n[[boxes]]",
            'material = "steel',
            "process.dewing_constant",
            "inf is not a finite number",
        ),
        (
            'between = ["rod", "plate"]',
            'between = ["rod", "tail"]',
            "between =",
            "interfaces.0.between",
            "'rod' and 'tail' of 'joint' do not touch, 'rod' touches plate",
        ),
        (
            '"contact", thermal = "1e-4 K m2/W" }]',
            '"contact" }]\n[[interfaces]]\nname = "joint"\nbetween = ["plate", "tail"]\nlaws = []',
            None,
            "interfaces.1.name",
            '"joint" is named twice',
        ),
        (
            K,
            'density = "2000 kg/m3"',
            "[materials.mica]",
            "materials.mica.thermal_conductivity",
            "is needed for the balances that are solved",
        ),
        (
            K,
            MELTING.format('{ temperature = ["400 K", "300 K"], value = [1, 2] }'),
            K,
            "materials.mica.melting.solid.thermal_conductivity.temperature.1",
            "300 K after 400 K",
        ),
        (
            K,
            MELTING.format('"0 W/m/K"'),
            K,
            "materials.mica.melting.solid.thermal_conductivity",
            "0 W/m/K is out of range",
        ),
        (
            K,
            MELTING.format('"1 W/m/K"') + f"\n{K}",
            None,
            "materials.mica.thermal_conductivity",
            "is stated in addition to those of solid",
        ),
        (
            'between = ["rod", "plate"]',
            'between = ["rod", "tail"]\nwhere = { facing = "side" }',
            "between =",
            "interfaces.0.between",
            "'rod' and 'tail' of 'joint' do not touch, 'rod' touches plate",
        ),
        (
            'name = "joint"',
            'name = "joint"\nwhere = { facing = [1, 0, true] }',
            "between =",
            "interfaces.0.where.facing.2",
            "True is of the wrong kind",
        ),
        (
            "[[conditions]]",
            LUMP.format('[{ where = {}, coefficient = "1 W/m2/K", path = " " }]'),
            None,
            "lumps.0.films_at.0.path",
            "is not a name",
        ),
        (
            "[[conditions]]",
            LUMP.format('[{ on = [], where = {}, coefficient = "1 W/m2/K" }]'),
            None,
            "lumps.0.films_at.0.on",
            "no entries",
        ),
        (
            "[[conditions]]",
            LUMP.format("[]")
            + '[[sources]]\nname = "pool held"\nregions = ["rod"]\ntotal_heat = "1 W"\n[[conditions]]',
            None,
            "sources.0.name",
            "'pool held' is the heat that keeps the lump 'pool'",
        ),
    ],
)
def test_accepted_without_a_word_before(old, new, at, key, words, refused):
    line, rest = refused(TEXT.replace(old, new, 1))
    if at is not None:
        assert line == line_of(TEXT, at)
    assert rest.startswith(f"{key}: ") and words in rest


def test_a_face_under_two_laws_that_share_a_path(refused):
    flank = '[[surfaces]]\nname = "flank"\nof = "tail"\nsides = ["z+"]\n'
    text = TEXT.replace("[[interfaces]]", flank + "[[interfaces]]")
    text += f'[[conditions]]\non = ["above"]\npath = "far"\nlaws = {CONVECTION}\n'
    line, rest = refused(text + f'[[conditions]]\non = ["flank"]\npath = "far"\nlaws = {CONVECTION}\n')
    assert rest.startswith(
        "conditions.3.on: surface 'flank' has faces in common with 'above' of condition 2, both reported under 'far'"
    )
    assert line == text.count("\n") + 2


def test_faces_through_which_current_is_given_twice(refused):
    fed = '[[conditions]]\non = ["{}"]\nlaws = [{{ kind = "current_density", value = "10 A/m2" }}]\n'
    text = TEXT.replace("electric = false\n", "").replace('material = "mica"', 'material = "steel_low_carbon"')
    text = text.replace(
        "[[interfaces]]",
        '[[surfaces]]\nname = "flank"\nof = "tail"\nsides = ["z+"]\n[[terminals]]\nname = "out"\n'
        'surfaces = ["end"]\npotential = "0 V"\n[[interfaces]]',
    ) + fed.format("above")
    line, rest = refused(text + fed.format("flank"))
    assert rest.startswith(
        "conditions.3: surface 'flank' has faces in common with 'above', whose current is also prescribed"
    )
    assert line == text.count("\n") + 1


def test_laws_that_are_meant_to_add_up_still_do(tmp_path):
    """Convection and radiation by two conditions on one surface, and two fluxes, are sums."""
    more = (
        '[[conditions]]\non = ["end"]\npath = "far"\nlaws = [{ kind = "radiation", emissivity = 0.5, '
        'surroundings = "300 K" }]\n'
    )
    fluxes = '[[conditions]]\non = ["above"]\nlaws = [{ kind = "heat_flux", value = "10 W/m2" }]\n' * 2
    (tmp_path / "case.toml").write_text(TEXT + more + fluxes, encoding="utf-8")
    report = oxycell.report(oxycell.solve(load(tmp_path)))
    assert report["heat"]["losses"]["above"] == pytest.approx(-20.0 * 2.0 * 0.2, rel=1e-9)


def test_entries_beside_a_cell_are_counted_as_in_the_file(tmp_path):
    """The cell's own interfaces come first once it is written out; messages count those of the file, and find its
    line."""
    shipped = oxycell.case.load.find_case("kraz-140ka").read_text(encoding="utf-8")
    text = shipped + '\n[[interfaces]]\nname = "mine"\nbetween = ["bath", "shell.*"]\nlaws = []\n'
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    case, source = load_with_source(path)
    with pytest.raises(
        CaseError, match=r"^interfaces\.0\.between: 'bath' and 'shell\.\*' of 'mine' do not touch"
    ) as caught:
        build(case)
    assert str(source.located(caught.value)).startswith(f"{path}:{text.count(chr(10)) - 1}: interfaces.0.between: ")
    taken = text.replace('"mine"', '"bath_metal"')
    names = [spec.name for spec in oxycell.case.building.build.expand(load("kraz-140ka")).interfaces]
    path.write_text(taken.replace("bath_metal", names[0]), encoding="utf-8")
    with pytest.raises(
        CaseError, match=rf'^interfaces\.0\.name: "{names[0]}" is the name of one that \[cell\] generates'
    ):
        build(load(path))


@pytest.mark.parametrize(
    "new",
    [
        'between = ["rod", "tail"]',
        'between = ["rod", "tail"]\nwhere = { facing = "up" }',
        'between = ["rod", "plate"]\nwhere = { facing = "up" }',
    ],
)
def test_interface_that_may_fit_no_face(new, tmp_path):
    text = TEXT.replace('between = ["rod", "plate"]', f"{new}\noptional = true")
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    build(load(tmp_path))


def test_currents_alone_need_no_thermal_conductivity(tmp_path):
    """1 mΩ by hand: 1 m of 2e4 S/m and 0.05 m²; with the heat balance too, the same case is refused."""
    text = """\
[mesh]
size = "100 mm"
[physics]
thermal = false
[materials.alloy]
electrical_conductivity = "2e4 S/m"
[[boxes]]
name = "bar"
material = "alloy"
x = ["0 m", "1 m"]
y = ["0 m", "0.25 m"]
z = ["0 m", "0.2 m"]
[[surfaces]]
name = "begin"
of = "bar"
sides = ["x-"]
[[surfaces]]
name = "end"
of = "bar"
sides = ["x+"]
[[terminals]]
name = "in"
surfaces = ["begin"]
current = "10 A"
[[terminals]]
name = "out"
surfaces = ["end"]
potential = "0 V"
"""
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    solution = oxycell.solve(load(path))
    check_ledger(solution)
    assert oxycell.report(solution)["voltage"]["cell_V"] == pytest.approx(10.0 / (2e4 * 0.05), rel=1e-9)
    path.write_text(text.replace("thermal = false", "thermal = true"), encoding="utf-8")
    with pytest.raises(CaseError, match=r"^materials\.alloy\.thermal_conductivity: is needed"):
        build(load(path))


def test_stirred_regions_need_no_thermal_conductivity(tmp_path):
    lump = '[[lumps]]\nname = "pool"\nregions = ["plate"]\nfilms = { "*" = "100 W/m2/K" }\n'
    (tmp_path / "case.toml").write_text(TEXT.replace(K, 'density = "2000 kg/m3"') + lump, encoding="utf-8")
    solution = oxycell.solve(load(tmp_path))
    check_ledger(solution)
