"""What is wrong with a case, in one line: where, which key, what, and what is allowed instead."""

import re
import types
import typing
from dataclasses import dataclass, field
from difflib import get_close_matches

from pydantic import ValidationError

from oxycell.case.lines import line_of
from oxycell.errors import CaseError
from oxycell.options import Options, tag_of

_KEY_FIRST = re.compile(r'([A-Za-z_]\w*(?:[.\[](?:"[^"]*"|[^\s:"]*))*): ')
_KEY_PARTS = re.compile(r'"([^"]*)"|([^.\[\]"]+)')

_ENTRY = re.compile(r"([a-z]+)\.(\d+)(?=[.:])")
_ENTRY_BY_NAME = re.compile(r"([a-z]+): '([^']*)'")

_BARE = re.compile(r"[A-Za-z0-9_-]+")

_LIMITS = {
    "greater_than": ("gt", ">"),
    "greater_than_equal": ("ge", "≥"),
    "less_than": ("lt", "<"),
    "less_than_equal": ("le", "≤"),
}
_KINDS = {
    "string": "text in quotes",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "tuple": "a list",
    "list": "a list",
    "model": "a table",
    "dict": "a table",
}


@dataclass(frozen=True)
class Source:
    """Where the data of a case came from.

    Attributes
    ----------
    name : str, the file as the user would call it
    lines : path → line in it
    overrides : paths that did not come from the file
    label : what stands in place of FILE:LINE for those
    """

    name: str = "case"
    lines: dict = field(default_factory=dict)
    overrides: tuple = ()
    label: str = "--set"

    def where(self, path):
        """FILE:LINE of a path, or the label of the override it came from."""
        if any(path[: len(key)] == key or (path and key[: len(path)] == path) for key in self.overrides):
            return self.label
        line = line_of(path, self.lines)
        if line is None and path and any(key[0] == path[0] for key in self.overrides):
            return self.label
        if not self.lines:
            return self.name
        return f"{self.name}:{line or 1}"

    def error(self, path, message):
        """The CaseError that says where, which key, and what."""
        key = dotted(path)
        return CaseError(f"{self.where(path)}: {key}: {message}" if key else f"{self.where(path)}: {message}")

    def located(self, error):
        """An error of a later stage with the place put before it, if it begins with a key of the case."""
        message = " ".join(str(error).split())
        match = _KEY_FIRST.match(message)
        if match is None:  # a key with marks of its own, or none
            return CaseError(f"{self.where(getattr(error, 'place', None) or ())}: {message}")
        parts = _KEY_PARTS.findall(match[1])
        path = tuple(int(part) if part.isdecimal() else quoted or part for quoted, part in parts)
        return CaseError(f"{self.where(getattr(error, 'place', None) or path)}: {message}")


def as_stated(error, case, expanded):
    """An error about an expanded case as one about what its user stated.

    Parameters
    ----------
    error : CaseError, that begins with a key such as "interfaces.3.between" or "interfaces: 'joint'"
    case, expanded : Case, as stated and with `[cell]` written out, whose entries come first

    Returns
    -------
    CaseError : entries counted as in the file, those of the cell under its key; `place` is the path of an entry that
        goes by its name
    """
    message = str(error)
    numbered, named = _ENTRY.match(message), _ENTRY_BY_NAME.match(message)
    if numbered and isinstance(getattr(case, numbered[1], None), tuple):
        number = int(numbered[2]) - len(getattr(expanded, numbered[1])) + len(getattr(case, numbered[1]))
        if number < 0:
            return CaseError(f"cell: {message}")
        return CaseError(f"{numbered[1]}.{number}{message[numbered.end() :]}")
    found = CaseError(message)
    if named and isinstance(getattr(case, named[1], None), tuple):
        names = [getattr(spec, "name", None) for spec in getattr(case, named[1])]
        if named[2] in names:
            found.place = (named[1], names.index(named[2]))
    return found


def dotted(path):
    """A path as dotted key, with quotes around names that TOML would want in quotes."""
    return ".".join(str(part) if _BARE.fullmatch(str(part)) else f'"{part}"' for part in path)


def validate(model, data, source, context=None):
    """An option model from data.

    Parameters
    ----------
    model : class of Options
    data : nested dicts, lists, texts and numbers
    source : Source
    context : dict or None, handed to the validators

    Raises
    ------
    CaseError
        With one line: the first fault in the order of the file.
    """
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        faults = _faults(error, data)
    order = {path: number for number, path in enumerate(source.lines)}
    misspelt = {path[:-1] for path, fault in faults if fault["type"] == "extra_forbidden"}
    likely = [pair for pair in faults if pair[1]["type"] != "missing" or pair[0][:-1] not in misspelt]
    path, fault = min(likely, key=lambda pair: _position(pair[0], order))
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    raise source.error(path, _message(model, data, path, fault) + more)


def _position(path, order):
    for length in range(len(path), 0, -1):
        if path[:length] in order:
            return order[path[:length]]
    return len(order)


def _faults(error, data):
    """(path, fault) for each wrong value; of the tries of a union only the one that was meant."""
    found = {}
    for fault in error.errors(include_url=False):
        path = _data_path(fault, data) + getattr(fault.get("ctx", {}).get("error"), "path", ())
        if path not in found or fault["type"] == "value_error":
            found[path] = fault
    return [
        (path, fault)
        for path, fault in found.items()
        if not any(len(other) > len(path) and other[: len(path)] == path for other in found)
    ]


def _data_path(fault, data):
    """The fault's place in the data: pydantic's own without the labels of union members."""
    path, node = [], data
    *_, last = fault["loc"] or (None,)
    for part in fault["loc"]:
        inside_list = isinstance(node, list | tuple) and isinstance(part, int)
        if (isinstance(node, dict) and part in node) or (inside_list and part < len(node)):
            node = node[part]
            path.append(part)
        elif part is last and fault["type"] in ("missing", "extra_forbidden"):
            path.append(part)
    return tuple(path)


def _message(model, data, path, fault):
    kind, context = fault["type"], fault.get("ctx", {})
    owner = model_at(model, data, path[:-1])
    if kind == "extra_forbidden":
        return unknown_key(str(path[-1]), option_names(owner) if owner else [])
    if kind == "missing":
        if owner is None or isinstance(path[-1], int):
            return "value missing; allowed: a list with one more entry"
        return f"missing; allowed: {_expected(owner, path[-1])}"
    if kind == "value_error":
        return str(context["error"])
    if kind in _LIMITS:
        key, sign = _LIMITS[kind]
        unit, value = _unit(owner, path), fault["input"]
        shown = value if isinstance(value, str) else f"{value:.6g}{unit}"
        return f"{shown} is out of range; allowed: {sign} {context[key]:.6g}{unit}"
    if kind == "literal_error":
        choices = [choice.strip("'") for choice in re.split(r", | or ", context["expected"])]
        return _not_a_choice(fault["input"], choices)
    if kind == "union_tag_invalid":
        name, choices = _tags(model, data, path)
        stated = fault["input"].get(name, context["tag"]) if isinstance(fault["input"], dict) else context["tag"]
        return f"{name} = " + _not_a_choice(stated, choices)
    if kind == "union_tag_not_found" and isinstance(fault["input"], dict):
        name, choices = _tags(model, data, path)
        return f"the key {name} is missing; allowed: {', '.join(choices)}"
    if kind == "union_tag_not_found":
        return f"{_shown(fault['input'])} is of the wrong kind; allowed: a table"
    if kind in ("too_short", "too_long"):
        count = context.get("min_length", context.get("max_length"))
        least = "at least " if kind == "too_short" else ""
        number = context["actual_length"]
        return f"{number or 'no'} {'entry' if number == 1 else 'entries'}; allowed: {least}{count}"
    if kind == "finite_number":
        return f"{_shown(fault['input'])} is not a finite number; allowed: a finite number"
    for start, wanted in _KINDS.items():
        if kind.startswith(start):
            return f"{_shown(fault['input'])} is of the wrong kind; allowed: {wanted}"
    return f"{fault['msg']}; allowed: see `oxycell explain`"


def _tags(model, data, path):
    """The key that tells the members of a union apart, and its values, at a path that ends in one."""
    while isinstance(path[-1], int):
        path = path[:-1]
    found = field_of(model_at(model, data, path[:-1]), path[-1])
    tags = [tag for tag in map(tag_of, members(found.annotation)) if tag]
    return tags[0][0], [value for _, value in tags]


def _not_a_choice(value, choices):
    close = get_close_matches(str(value), choices, 1, 0.5)
    hint = f", nearest is {_shown(close[0])}" if close else ""
    return f"{_shown(value)} is not known{hint}; allowed: {', '.join(choices)}"


def _shown(value):
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def unknown_key(key, names):
    """Message for a key that does not exist, with the nearest one that does."""
    close = get_close_matches(key, names, 1, 0.5)
    hint = f', did you mean "{close[0]}"?' if close else ""
    allowed = ", ".join(names) if names else "no keys here"
    return f"unknown key{hint}; allowed: {allowed}"


def option_names(model):
    """Keys of an option model as the case file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def field_of(model, key):
    """The field of a model behind a key of the case file, or None."""
    for name, found in model.model_fields.items():
        if key in (name, found.alias):
            return found
    return None


def unit_of(found):
    """SI unit of an option, or an empty text."""
    for annotation in (found.annotation, *found.metadata, found):
        unit = _unit_in(annotation)
        if unit:
            return unit
    return ""


def _unit_in(annotation):
    extra = getattr(annotation, "json_schema_extra", None)
    if isinstance(extra, dict) and "unit" in extra:
        return extra["unit"]
    for part in (*getattr(annotation, "__metadata__", ()), *typing.get_args(annotation)):
        if isinstance(part, type) and issubclass(part, Options):
            continue
        unit = _unit_in(part)
        if unit:
            return unit
    return ""


def _unit(owner, path):
    names = [part for part in path if isinstance(part, str)]
    found = field_of(owner, names[-1]) if owner and names else None
    unit = unit_of(found) if found else ""
    return f" {unit}" if unit else ""


def _expected(owner, key):
    found = field_of(owner, key)
    if found is None:
        return "a value"
    unit = unit_of(found)
    meaning = found.description or "a value"
    return f'{meaning}, for example "1 {unit}"' if unit else meaning


def members(annotation):
    """Option models an annotation may hold, directly, as entries of a list or as values of a table."""
    if isinstance(annotation, type) and issubclass(annotation, Options):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in members(part)]


def model_at(model, data, path):
    """The option model that a path of the data belongs to, or None if it is a table of free names."""
    options, free = [model], False
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
        if isinstance(part, int) or free:
            free = False
        else:
            found = [field_of(option, part) for option in options]
            annotations = [entry.annotation for entry in found if entry is not None]
            options = [entry for annotation in annotations for entry in members(annotation)]
            free = any(_is_free_table(annotation) for annotation in annotations) and isinstance(data, dict)
            if free and not any(isinstance(value, dict) for value in data.values()):
                return None if not options else options[0]
        if isinstance(data, dict) and not free:
            options = [entry for entry in options if _fits(entry, data)] or options
    return options[0] if options and not free else None


def _is_free_table(annotation):
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return any(_is_free_table(part) for part in typing.get_args(annotation))
    return typing.get_origin(annotation) is dict


def _fits(model, data):
    """Whether a table can be meant as this member of a union."""
    tag = tag_of(model)
    return tag is None or data.get(tag[0]) == tag[1]
