"""Every option of every model a case may hold: a number is no truth, a truth no word, nothing is infinite, a name is
not blank."""

import pytest
from pydantic import ValidationError

from oxycell.case.case import Case
from oxycell.case.messages import members
from oxycell.options import Options, option

NOT_A_NUMBER = [True, "yes", "2", "", float("nan"), float("inf"), -float("inf")]


def models():
    found, left = [], [Case]
    while left:
        model = left.pop()
        if model not in found:
            found.append(model)
            left += [inner for field in model.model_fields.values() for inner in members(field.annotation)]
    return found


def accepts(model, name, value):
    """Whether an option takes a value, whatever the others are."""
    try:
        model.__pydantic_validator__.validate_assignment(model.model_construct(), name, value)
    except ValidationError as error:
        return not any(fault["loc"][:1] == (name,) for fault in error.errors())
    except AttributeError:  # a check of the whole model, after that of the option
        return True
    return True


def kinds(annotation):
    """Plain types an annotation may hold, directly or as entries."""
    from typing import get_args

    inner = [kind for part in get_args(annotation) for kind in kinds(part)]
    return [*inner, annotation] if isinstance(annotation, type) else inner


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_nothing_else_is_read_as_a_number_or_a_truth(model):
    for name, field in model.model_fields.items():
        found = set(kinds(field.annotation))
        if str not in found:
            for value in NOT_A_NUMBER:
                assert not accepts(model, name, value) or (value is True and bool in found), (name, value)
        if float in found or int in found:
            assert bool in found or not accepts(model, name, True), name
        if bool in found and float not in found:  # not a list of values of any kind
            assert accepts(model, name, True) and not accepts(model, name, 1) and not accepts(model, name, "true"), name
        if name in ("name", "part", "anode", "path", "like", "file"):
            assert not accepts(model, name, " "), name


def test_models_are_many():
    assert len(models()) > 60


def test_a_model_that_is_not_strict_is_noticed():
    """Counter-test: plain pydantic reads "yes" as a truth and true as 1.0; whole numbers may still come as 3.0."""
    from pydantic import BaseModel

    class Loose(BaseModel):
        number: float = 1.0
        truth: bool = False

    class Strict(Options):
        """The same as options."""

        number: float = option("a number", 1.0)
        whole: int = option("a whole number", 1)
        truth: bool = option("a truth", False)

    assert accepts(Loose, "number", True) and accepts(Loose, "truth", "yes") and accepts(Loose, "number", float("nan"))
    assert (
        not accepts(Strict, "number", True)
        and not accepts(Strict, "truth", "yes")
        and not accepts(Strict, "number", float("nan"))
    )
    assert Strict(whole=3.0).whole == 3 and not accepts(Strict, "whole", 3.5) and Strict(number=2).number == 2.0
