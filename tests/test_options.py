"""Option models: quantities with units, ranges, frozen, no unknown keys."""

import pytest
from pydantic import ValidationError

from oxycell.options import Options, Quantity, fraction, non_negative, option, positive


class Sample(Options):
    """A model with one option of each kind."""

    length: Quantity["m"] = positive("a length", 0.5)
    resistance: Quantity["ohm m2"] = non_negative("a resistance", 0.0)
    share: float = fraction("a share", 0.5)
    count: int = option("a count", 1, ge=1)
    span: tuple[Quantity["m"], Quantity["m"]] = option("an extent", (0.0, 1.0))


def test_text_becomes_si():
    assert Sample(length="5 cm").length == 0.05
    assert Sample(span=["1 mm", "2 mm"]).span == (0.001, 0.002)


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": 0.05},
        {"length": True},
        {"length": "0 m"},
        {"length": "-1 m"},
        {"length": "1e999 m"},
        {"length": "1 kg"},
        {"resistance": "-1 ohm m2"},
        {"share": 1.1},
        {"count": 0},
        {"span": ["1 m"]},
        {"lenght": "1 m"},
    ],
)
def test_wrong_values_are_refused(wrong):
    with pytest.raises(ValidationError):
        Sample.model_validate(wrong)


def test_frozen():
    with pytest.raises(ValidationError):
        Sample().length = 1.0


def test_dump_reads_back_equal():
    sample = Sample(length="1 ft", span=["0.1 mm", "7 in"])
    assert Sample.model_validate(sample.model_dump(mode="json")) == sample


def test_schema_names_the_unit():
    assert Sample.model_json_schema()["properties"]["length"]["unit"] == "m"
