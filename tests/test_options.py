"""Option models: quantities with units, ranges, frozen, no unknown keys."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from oxycell.options import Options, Quantity, fraction, non_negative, option, positive
from oxycell.physics.varying import ByPosition, Varying


class Sample(Options):
    """A model with one option of each kind."""

    length: Quantity["m"] = positive("a length", 0.5)
    resistance: Quantity["ohm m2"] = non_negative("a resistance", 0.0)
    share: float = fraction("a share", 0.5)
    count: int = option("a count", 1, ge=1)
    span: tuple[Quantity["m"], Quantity["m"]] = option("an extent", (0.0, 1.0))


class Whole(Options):
    """A model with another inside, and with quantities by name."""

    part: Sample = option("a part", Sample())
    sizes: dict[str, Quantity["m"] | None] = option("sizes", {})


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


def test_numbers_in_si_where_they_are_said_to_be():
    """As many as the options have, also in models and tables within; `model_validate` goes on asking for units."""
    assert Sample.in_si(length=0.05, resistance=1, span=(0, 2.0), share=0.25) == Sample(
        length="0.05 m", resistance="1 ohm m2", span=["0 m", "2 m"], share=0.25
    )
    assert Whole.in_si(part={"length": 0.1}, sizes={"a": 0.3, "b": None}) == Whole(
        part=Sample(length="0.1 m"), sizes={"a": "0.3 m", "b": None}
    )
    with pytest.raises(ValidationError, match="has no unit"):
        Whole.model_validate({"part": {"length": 0.1}})


def test_what_was_stated_is_known_either_way():
    assert Sample.in_si(length=0.05).model_fields_set == Sample(length="5 cm").model_fields_set == {"length"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": 0.0},
        {"length": True},
        {"length": None},
        {"length": float("nan")},
        {"length": float("inf")},
        {"resistance": -1.0},
        {"span": (1.0,)},
        {"share": 1.1},
        {"count": 1.5},
        {"lenght": 1.0},
    ],
)
def test_numbers_in_si_are_checked(wrong):
    with pytest.raises(ValidationError):
        Sample.in_si(**wrong)


def test_frozen():
    with pytest.raises(ValidationError):
        Sample().length = 1.0


def test_dump_reads_back_equal():
    sample = Sample(length="1 ft", span=["0.1 mm", "7 in"])
    assert Sample.model_validate(sample.model_dump(mode="json")) == sample


def test_schema_names_the_unit():
    assert Sample.model_json_schema()["properties"]["length"]["unit"] == "m"


@pytest.mark.parametrize(
    "declared",
    [positive("speed"), non_negative("speed"), fraction("speed"), option("speed", 1.0, lt=3.0)],
)
def test_a_range_on_what_may_be_a_table_is_refused(declared):
    """It would compare a table with a number, with a TypeError at the first case that states one."""
    for table in (Varying, ByPosition, ByPosition | None):
        with pytest.raises(
            TypeError, match=r"^Wind\.speed has a range and may be a table; allowed: the range at the num"
        ):
            type("Wind", (Options,), {"__annotations__": {"speed": Quantity["m/s"] | table}, "speed": declared})


def test_a_range_of_the_number_alone_is_kept():
    class Wind(Options):
        """A number > 0 or a table."""

        speed: Annotated[Quantity["m/s"], Field(gt=0.0)] | ByPosition = option("speed")

    assert Wind(speed="2 m/s").speed == 2.0
    assert Wind(speed={"value": [1, 2], "x": ["0 m", "1 m"]}).speed.x == (0.0, 1.0)
    with pytest.raises(ValidationError, match="greater than 0"):
        Wind(speed="-2 m/s")
