"""Parts of regions and surfaces by place and by the way they face: which faces are meant, and what is refused."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

import oxycell
from oxycell.case.building.build import build
from oxycell.errors import CaseError
from oxycell.mesh.where import Where, looks
from oxycell.verification import places
from oxycell.verification.parts import contact, interface, lump

GUIDE = (Path(__file__).parents[2] / "docs" / "generic-cases.md").read_text(encoding="utf-8")
NORMALS = np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1], [0.6, 0, 0.8], [0.6, 0, -0.8], [0.9, 0, 0.43588989]]
)


@pytest.mark.parametrize(
    "facing, least, found",
    [
        ("any", 0.5, [1, 1, 1, 1, 1, 1, 1, 1]),
        ("up", 0.5, [0, 0, 0, 1, 0, 1, 0, 0]),
        ("down", 0.5, [0, 0, 0, 0, 1, 0, 1, 0]),
        ("side", 0.5, [1, 1, 1, 0, 0, 0, 0, 1]),
        ("up", 0.9, [0, 0, 0, 1, 0, 0, 0, 0]),
        ("side", 0.9, [1, 1, 1, 0, 0, 1, 1, 1]),
        ((3.0, 0.0, 0.0), 0.5, [1, 0, 0, 0, 0, 1, 1, 1]),
        ((1.0, 0.0, 1.0), 0.5, [1, 0, 0, 1, 0, 1, 0, 1]),
        ((0.0, 0.0, -2.0), 0.5, [0, 0, 0, 0, 1, 0, 1, 0]),
    ],
)
def test_ways(facing, least, found):
    assert looks(facing, NORMALS, least).astype(int).tolist() == found


def test_every_face_looks_one_way():
    rng = np.random.default_rng(1)
    normals = rng.normal(size=(500, 3))
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    for least in (0.1, 0.5, 0.99):
        assert np.all(sum(looks(way, normals, least).astype(int) for way in ("up", "down", "side")) == 1)


def test_places():
    points = np.array([[0.0, 0.0, 0.0], [0.2, 0.5, 0.0], [0.2, 0.7, 5.0]])
    assert Where().contains(points).all()
    assert Where(x=("0.1 m", "0.2 m"), y=("0 m", "0.6 m")).contains(points).tolist() == [False, True, False]
    assert Where(z=("-1 mm", "0 m")).contains(points).tolist() == [True, True, False]  # a centre on the end counts


@pytest.mark.parametrize(
    "bad",
    [
        {"facing": "sideways"},
        {"facing": [0, 0, 0]},
        {"facing": [1, 0]},
        {"within": "0 deg"},
        {"within": 30},
        {"x": ["1 m"]},
    ],
)
def test_bad_input(bad):
    with pytest.raises(ValidationError):
        Where(**bad)


def test_the_first_interface_that_fits_a_face_counts():
    """One limited to a place, then one for all: what is left."""
    made = build(oxycell.Case.model_validate(places._bars()))
    mesh, contacts = made.mesh, made.problem.thermal.contact
    y = np.asarray(mesh.face_centre[made.problem.thermal.face[made.problem.thermal.special]])[:, 1]
    between = contacts > 0.0
    assert np.array_equal(contacts[between], np.where(y[between] < 0.4, 0.03, 0.1)) and set(contacts[between]) == {
        0.03,
        0.1,
    }


def changed(case, **changes):
    return oxycell.Case.model_validate(case | changes)


NOWHERE = {"x": ["7 m", "8 m"]}


@pytest.mark.parametrize(
    "case, message",
    [
        (
            changed(places._bars(), interfaces=[interface("i", "a", "b", contact(thermal=1.0), where=NOWHERE)]),
            "interfaces: 'i': where: no face",
        ),
        (
            changed(
                places._bars(), interfaces=[interface("i", "b", "a", contact(thermal=1.0), where={"facing": [1, 0, 0]})]
            ),
            "interfaces: 'i': where: no face",
        ),
        (
            changed(places._bars(), integrals=[{"name": "s", "regions": ["a"], "where": NOWHERE}]),
            "integrals: 's': where: nothing",
        ),
        (
            changed(
                places._case_of("z"),
                lumps=[lump("pool", {"*": 1.0}, films_at=[{"where": {"facing": "side"}, "coefficient": "1 W/m2/K"}])],
            ),
            "lumps: 'pool': films_at.0: no face",
        ),
        (
            changed(
                places._case_of("z"),
                lumps=[lump("pool", {}, films_at=[{"where": {"facing": "up"}, "coefficient": "1 W/m2/K"}])],
            ),
            "'pool' touches 'wall' and has no film for it",
        ),
        (
            changed(
                places._case_of("z"),
                lumps=[lump("pool", {}, films_at=[{"on": ["lid"], "where": {}, "coefficient": "none"}])],
            ),
            "lumps: 'pool': films_at: no region is called 'lid'",
        ),
    ],
)
def test_what_is_nowhere_is_refused(case, message):
    with pytest.raises(CaseError, match=message):
        build(case)


def test_regions_and_planes_face_no_way():
    for what in ({"regions": ["a"]}, {"plane": {"axis": "x", "at": "0.1 m"}}):
        with pytest.raises(ValidationError, match="has no orientation"):
            changed(places._bars(), integrals=[{"name": "s", "where": {"facing": "up"}, **what}])


def test_film_none_by_place():
    """No resistance where the body looks up, a film elsewhere."""
    case = places._case_of("z")
    case["lumps"][0]["films_at"] = [{"where": {"facing": "up"}, "coefficient": "none"}]
    case["lumps"][0]["films"] = {"*": "35 W/m2/K"}
    figures = oxycell.report(oxycell.solve(oxycell.Case.model_validate(case)))
    assert figures["heat"]["losses"]["high"] == pytest.approx(490.0 / (0.15 + 1 / 35.0 + 0.05), rel=1e-12)


def test_part_of_a_plane():
    """Heat through a plane across both bars, in the place of one."""
    integrals = [
        {
            "name": "s",
            "plane": {"axis": "x", "at": "0.07 m"},
            "where": {"y": ["0 m", "0.3 m"], "x": ["0.07 m", "0.07 m"]},
        }
    ]
    figures = oxycell.report(oxycell.solve(changed(places._bars(), integrals=integrals)))
    assert figures["integrals"]["s"]["heat_W"] == pytest.approx(places.FIRST, rel=1e-12)


def test_surface_by_a_vector():
    """Surfaces of a condition by the way they face: as by its side, on a box mesh."""
    case = places._bars()
    by_side = build(oxycell.Case.model_validate(case)).problem.thermal
    case["surfaces"] = [
        {"name": "low", "of": "a", "facing": [-1, 0, 0]},
        {"name": "high", "of": "b", "facing": [1, 0, 0]},
    ]
    by_way = build(oxycell.Case.model_validate(case)).problem.thermal
    assert np.array_equal(by_side.face, by_way.face) and np.array_equal(by_side.path, by_way.path)


def test_written_and_read_again():
    case = changed(
        places._case_of("y"),
        interfaces=places._bars()["interfaces"],
        integrals=[{"name": "s", "regions": ["wall"], "where": NOWHERE}],
    )
    assert oxycell.Case.model_validate(tomllib.loads(case.to_toml())) == case


def test_words_of_the_guide():
    """The example of the guide is one of the vocabulary, and says what stands around it."""
    text = re.search(r"```toml\n(interfaces = \[  +# the first.*?)```", GUIDE, re.DOTALL)[1]
    case = oxycell.Case.model_validate(tomllib.loads(text))
    assert (
        case.interfaces[0].where.facing == "down"
        and case.interfaces[1].where is None
        and case.integrals[0].where.facing == "down"
    )
    assert case.lumps[0].temperature == 955.0 + 273.15 and case.lumps[0].films_at[0].path == "floor"
