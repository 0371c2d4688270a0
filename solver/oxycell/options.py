"""What options are made of: frozen models, and numbers that carry unit, range and meaning.

A model declares each option once; case checking, error messages, `oxycell explain`, the JSON schema
and the writing back of a resolved case all follow from that declaration.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Self, TypeVar, Union, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    ValidationInfo,
)
from pydantic_core import PydanticKnownError, core_schema

from oxycell.errors import CaseError
from oxycell.units import format_quantity, parse_quantity

_Model = TypeVar("_Model", bound=BaseModel)


def _taken_literally(schema: Any) -> Any:
    """The same schema with its plain types strict; whole numbers may come as 3.0 and as numpy's."""
    if isinstance(schema, list | tuple):
        return type(schema)(_taken_literally(part) for part in schema)
    if not isinstance(schema, dict):
        return schema
    found = {
        key: part if key in ("default", "metadata", "expected") else _taken_literally(part)
        for key, part in schema.items()
    }
    if schema.get("type") in ("float", "bool"):
        return found | {"strict": True}
    choices = schema.get("expected", ()) if schema.get("type") == "literal" else ()
    if schema.get("type") == "int" or any(isinstance(choice, int) for choice in choices):
        return core_schema.no_info_before_validator_function(_no_text_or_truth, schema)
    function = schema.get("function")
    wrapped = isinstance(function, dict) and function.get("function") is _no_text_or_truth
    return schema if wrapped else found


def _no_text_or_truth(value: Any) -> Any:
    if isinstance(value, bool | str | bytes):
        raise PydanticKnownError("int_type")
    return value


_IN_SI = "numbers with a unit are in SI"
"""Key of the context a model is validated with."""


class Options(BaseModel):
    """Base of every option model: frozen, unknown keys forbidden; numbers are finite and, like truths, nothing else is
    read as one."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=False,
        populate_by_name=True,
        allow_inf_nan=False,
        defer_build=True,  # a model within others never needs a validator of its own
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """The schema as pydantic makes it, with "yes" no truth, and neither "2" nor true a number."""
        return _taken_literally(handler(source))

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """TypeError for a range that pydantic would compare with a table: it is of numbers alone."""
        for name, field in cls.model_fields.items():
            if any(isinstance(part, Gt | Ge | Lt | Le) for part in field.metadata) and _may_be_table(field.annotation):
                raise TypeError(
                    f"{cls.__name__}.{name} has a range and may be a table; allowed: the range at the number, "
                    f"Annotated[Quantity[UNIT], Field(gt=0.0)] | …, with option(…)"
                )

    @classmethod
    def in_si(cls, **values: Any) -> Self:
        """The options with these values, those with a unit as numbers in SI.

        A case file states text with units; code that works in SI hands its numbers over by this method. All else is
        checked as in a case file.

        Raises
        ------
        pydantic.ValidationError
            A value is not allowed.
        """
        return cls.model_validate(values, context={_IN_SI: True})


def _may_be_table(annotation: Any) -> bool:
    """Whether a type may hold options."""
    if isinstance(annotation, type) and issubclass(annotation, Options):
        return True
    return any(_may_be_table(part) for part in get_args(annotation))


class Misplaced(ValueError):
    """A fault deeper in an option than the check that found it; `path` leads there from the option."""

    def __init__(self, path: Iterable[str | int], message: str) -> None:
        super().__init__(message)
        self.path = tuple(path)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError(f'"{value}" is not a name; allowed: text that is not empty')
    return value


Name = Annotated[str, AfterValidator(_not_blank)]
"""The type of what is called by its name: not blank."""

TAGS = ("kind", "electrodes")
"""Options that tell the members of a union apart; each member allows one value of its own."""


def tag_of(model: type[BaseModel]) -> tuple[str, str] | None:
    """(option, value) that tells this member of a union from the others, or None."""
    for name in TAGS:
        choices = get_args(model.model_fields[name].annotation) if name in model.model_fields else ()
        if len(choices) == 1:
            return name, choices[0]
    return None


def union_of(*registries: Mapping[str, type[BaseModel]]) -> Any:
    """The type of an option that is one of the models in some registries, distinguished by their `kind`.

    Parameters
    ----------
    *registries : mappings kind → class of options, each with `kind: Literal[KIND] = KIND`; read once, here

    Returns
    -------
    a type for an option; its members are in the order of the registries

    Raises
    ------
    TypeError
        A registry calls a model by something else than its own kind, or two registries share a kind. Both are mistakes
        in the program: no case can cause them.
    """
    models: dict[str, type[BaseModel]] = {}
    for registry in registries:
        for kind, model in registry.items():
            own = tag_of(model)
            if own is None or own[0] != "kind":
                raise TypeError(f'{model.__name__} has no kind of its own; allowed: kind: Literal["{kind}"] = "{kind}"')
            if own[1] != kind:
                raise TypeError(f'{model.__name__} is registered as "{kind}"; allowed: its own kind, "{own[1]}"')
            if kind in models:
                raise TypeError(f'two laws are of the kind "{kind}": {models[kind].__name__} and {model.__name__}')
            models[kind] = model
    if not models:
        raise TypeError("no model is registered; allowed: at least one")
    if len(models) == 1:
        return next(iter(models.values()))
    return Annotated[Union[tuple(models.values())], Field(discriminator="kind")]  # noqa: UP007


def defaults(**values: Any) -> Callable[[type[_Model]], type[_Model]]:
    """Decorator of a subclass of options: the same options with other defaults, in SI."""

    def changed(model: type[_Model]) -> type[_Model]:
        for name, value in values.items():
            model.model_fields[name].default = value
        model.model_rebuild(force=True)
        return model

    return changed


class Quantity(float):
    """`Quantity["W/m2/K"]` is the type of an option with a unit: text in the case file, SI number inside and in
    `Options.in_si`.

    To a type checker it is a float; there are no objects of this class.
    """

    def __class_getitem__(cls, unit: str) -> Any:
        def read(value: Any, info: ValidationInfo) -> Any:
            if isinstance(value, str):
                try:
                    return parse_quantity(value, unit)
                except CaseError as error:
                    raise ValueError(str(error)) from None
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f'must be text with a unit; allowed: for example "1 {unit}"')
            if (info.context or {}).get(_IN_SI):
                return float(value)
            raise ValueError(
                f'{value!r} has no unit; allowed: any unit that converts to {unit}, for example "{value} {unit}"'
            )

        def check(value: float) -> float:
            if not math.isfinite(value):
                raise ValueError("must be finite; allowed: a finite number")
            return value

        return Annotated[
            float,
            Field(json_schema_extra={"unit": unit, "type": "string", "examples": [f"1 {unit}"]}),
            BeforeValidator(lambda value, info: check(read(value, info))),
            PlainSerializer(lambda value: format_quantity(float(value), unit), when_used="json"),
        ]


def positive(meaning: str, default: Any = ...) -> Any:
    """An option > 0; `default` in SI."""
    return Field(default, gt=0.0, description=meaning)


def non_negative(meaning: str, default: Any = ...) -> Any:
    """An option ≥ 0; `default` in SI."""
    return Field(default, ge=0.0, description=meaning)


def fraction(meaning: str, default: Any = ...) -> Any:
    """An option between 0 and 1."""
    return Field(default, ge=0.0, le=1.0, description=meaning)


def option(meaning: str, default: Any = ..., **limits: Any) -> Any:
    """Any other option; `limits` as pydantic's Field takes them."""
    return Field(default, description=meaning, **limits)
