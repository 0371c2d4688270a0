"""The verification suite notices seeded faults: a few here, all by `python -m tests.verification.seed_faults`, a
quarter of an hour."""

from pathlib import Path

import pytest
from tests.verification.faults import FAULTS
from tests.verification.seed_faults import PAGE, ordered, page, places_of, published, score, seeded

import oxycell

FEW = {
    "volumes halved": "source-by-volume",
    "jump of a joint from second to first": "jump-of-a-joint",
    "view factor ignored": "surface-half-seen",
    "aluminium with two electrons": "aluminium-per-day",
}


@pytest.mark.parametrize("name", FAULTS)
def test_text_stands_once(name):
    """Sources move on: a fault whose text is gone, or has become ambiguous, is stated anew."""
    file, before, after = FAULTS[name]
    text = (Path(oxycell.__path__[0]) / file).read_text(encoding="utf-8")
    places = places_of(text, before)
    assert len(places) == 1, f"{before!r} stands {len(places)} times in {file}"
    compile(seeded(text, places[0], after), file, "exec")


def test_page_is_up_to_date():
    """Every fault stands in the page, and the checks detected at least nine tenths of them."""
    detected = published()
    assert list(detected) == list(FAULTS) and set(detected.values()) - {None} <= set(ordered())
    assert sum(check is not None for check in detected.values()) >= 0.9 * len(FAULTS)
    assert PAGE.read_text(encoding="utf-8") == page(detected, len(ordered()))


@pytest.mark.slow
def test_few_are_noticed():
    """By one check each, without which a copy passes."""
    found = score(FEW, list(FEW.values()))
    assert {name: result[0] for name, result in found.items() if result} == FEW
