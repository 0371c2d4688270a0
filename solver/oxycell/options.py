"""What options are made of: frozen models, and numbers that carry unit, range and meaning.

A model declares each option once; case checking, error messages, `oxycell explain`, the JSON schema
and the writing back of a resolved case all follow from that declaration.
"""

import math
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from oxycell.errors import CaseError
from oxycell.units import format_quantity, parse_quantity


class Options(BaseModel):
    """Base of every option model: frozen, unknown keys forbidden."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, populate_by_name=True)


TAGS = ("kind", "electrodes")
"""Options that tell the members of a union apart; each member allows one value of its own."""


def tag_of(model):
    """(option, value) that tells this member of a union from the others, or None."""
    for name in TAGS:
        choices = get_args(model.model_fields[name].annotation) if name in model.model_fields else ()
        if len(choices) == 1:
            return name, choices[0]
    return None


def defaults(**values):
    """Decorator of a subclass of options: the same options with other defaults, in SI."""
    def changed(model):
        for name, value in values.items():
            model.model_fields[name].default = value
        model.model_rebuild(force=True)
        return model

    return changed


class Quantity:
    """`Quantity["W/m2/K"]` is the type of an option with a unit: text in the case file, SI number inside."""

    def __class_getitem__(cls, unit):
        def read(value: Any) -> Any:
            if isinstance(value, str):
                try:
                    return parse_quantity(value, unit)
                except CaseError as error:
                    raise ValueError(str(error)) from None
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f'must be text with a unit, for example "1 {unit}"')
            raise ValueError(f'{value!r} has no unit; allowed: any unit that converts to {unit}, for example "{value} {unit}"')

        def check(value: float) -> float:
            if not math.isfinite(value):
                raise ValueError("must be finite")
            return value

        return Annotated[
            float,
            Field(json_schema_extra={"unit": unit, "type": "string", "examples": [f"1 {unit}"]}),
            BeforeValidator(lambda value: check(read(value))),
            PlainSerializer(lambda value: format_quantity(float(value), unit), when_used="json"),
        ]


def positive(meaning, default=...):
    """An option > 0; `default` in SI."""
    return Field(default, gt=0.0, description=meaning)


def non_negative(meaning, default=...):
    """An option ≥ 0; `default` in SI."""
    return Field(default, ge=0.0, description=meaning)


def fraction(meaning, default=...):
    """An option between 0 and 1."""
    return Field(default, ge=0.0, le=1.0, description=meaning)


def option(meaning, default=..., **limits):
    """Any other option; `limits` as pydantic's Field takes them."""
    return Field(default, description=meaning, **limits)
