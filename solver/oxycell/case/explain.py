"""Every option of a case with unit, range, default and meaning, and the JSON schema for editors."""

import json
import re
import types
import typing
from dataclasses import dataclass, replace
from difflib import get_close_matches

from annotated_types import Ge, Gt, Le, Lt
from pydantic_core import PydanticUndefined

from oxycell.case.case import Case
from oxycell.case.messages import members, unit_of
from oxycell.case.writing import plain_data
from oxycell.errors import CaseError
from oxycell.options import Options, tag_of
from oxycell.units import format_quantity

_LABEL = re.compile(r" \(([^)]*)\)")  # kinds of a union that have an option
_SIGNS = ((Gt, "gt", ">"), (Ge, "ge", "≥"), (Lt, "lt", "<"), (Le, "le", "≤"))


@dataclass(frozen=True)
class Entry:
    """One option.

    Attributes
    ----------
    key : str, "boxes[].name"; `NAME` stands for a name of the user's choice, `(kind)` distinguishes members of a union
    unit, allowed, default, meaning : str, empty where there is none
    """

    key: str
    unit: str
    allowed: str
    default: str
    meaning: str


def explain(key=None):
    """Options whose key fits.

    Parameters
    ----------
    key : str or None; a whole key, a section such as "cell.anodes", a last part such as "line_current", or a kind such
        as "convection", whose options follow those that have the name; None: all

    Returns
    -------
    list of Entry

    Raises
    ------
    CaseError
        No option fits; names the nearest.
    """
    entries = list(_entries(Case, ""))
    if key is None:
        return entries
    wanted = [part for part in _parts(key) if not part.isdecimal()]
    found = [entry for entry in entries if _parts(entry.key)[: len(wanted)] == wanted]
    found = found or [entry for entry in entries if _matches_free_names(_parts(entry.key), wanted)]
    found = found or [entry for entry in entries if _contains(_parts(entry.key), wanted)]
    found += [entry for entry in _of_kind(entries, key) if entry not in found]
    if not found:
        names = {".".join(_parts(entry.key)) for entry in entries}
        known = {kind: kind for entry in entries for kind in _kinds(entry)}
        known |= {name.rsplit(".", 1)[-1]: name for name in sorted(names, reverse=True)} | {
            name: name for name in names
        }
        close = get_close_matches(key, sorted(known), 1, 0.6)
        close = [
            known[name] for name in close or get_close_matches(wanted[-1] if wanted else key, sorted(known), 1, 0.6)
        ]
        hint = f", nearest is {close[0]}" if close else ""
        raise CaseError(f"explain: {key}: is not an option{hint}; allowed: the keys that `oxycell explain` lists")
    return found


def schema():
    """JSON schema of a case file, as text."""
    return json.dumps(Case.model_json_schema(by_alias=True), indent=2, ensure_ascii=False)


def _parts(key):
    """ "boxes[].laws[] (contact).part" → ["boxes", "laws", "part"]."""
    words = key.replace("[]", "").split(".")
    return [word.split(" (")[0] for word in words if word]


def _matches_free_names(parts, wanted):
    return len(parts) >= len(wanted) and all(a in (b, "NAME") for a, b in zip(parts, wanted, strict=False))


def _contains(parts, wanted):
    return any(parts[start : start + len(wanted)] == wanted for start in range(1, len(parts)))


def _kinds(entry):
    """Names of the members of unions that an entry belongs to, in the labels of its key."""
    return [kind for label in _LABEL.findall(entry.key) for kind in label.split(", ")]


def _of_kind(entries, kind):
    """Entries of the members of unions that have this name, with what all members have in common."""
    labels = ((entry.key, label) for entry in entries for label in _LABEL.finditer(entry.key))
    unions = {key[: label.start()] for key, label in labels if kind in label[1].split(", ")}
    found = []
    for entry in entries:
        for union in unions:
            rest, label = entry.key.removeprefix(union), _LABEL.match(entry.key, len(union))
            if rest != entry.key and (kind in label[1].split(", ") if label else rest.startswith(".")):
                found.append(entry)
                break
    return found


def _entries(model, prefix):
    """Entries of a model and of the models inside it."""
    for name, field in model.model_fields.items():
        key = prefix + (field.alias or name)
        inner = members(field.annotation)
        yield Entry(key, _unit(field), _allowed(field, inner), _default(field), field.description or "")
        listed = (
            "[]" if _holds(field.annotation, (list, tuple)) else ".NAME" if _holds(field.annotation, (dict,)) else ""
        )
        if len(inner) > 1 and all(map(tag_of, inner)):
            yield from _union_entries(inner, f"{key}{listed}")
            continue
        for member in inner:
            label = f" ({member.__name__.lower()})" if _mixed(field, inner) else ""
            yield from _entries(member, f"{key}{listed}{label}.")


def _union_entries(union, prefix):
    """Entries of models distinguished by a tag; what several have in common is listed once, what all have in common
    without label."""
    found: dict[Entry, list[str]] = {}
    for member in union:
        for entry in _entries(member, ""):
            found.setdefault(entry, []).append(tag_of(member)[1])
    for entry, kinds in found.items():
        label = "" if len(kinds) == len(union) else f" ({', '.join(kinds)})"
        yield replace(entry, key=f"{prefix}{label}.{entry.key}")


def _mixed(field, inner):
    """Whether a value may be written either plainly or as a table."""
    return bool(inner) and bool(unit_of(field))


def _has_plain(annotation):
    """Whether one of several types a value may have is a number."""
    parts = typing.get_args(annotation) if typing.get_origin(annotation) in (typing.Union, types.UnionType) else ()
    return any(part is float or float in typing.get_args(part) for part in parts)


def _holds(annotation, kinds):
    if typing.get_origin(annotation) in kinds:
        return True
    return any(_holds(part, kinds) for part in typing.get_args(annotation))


def _unit(field):
    return unit_of(field)


def _allowed(field, inner):
    limits = [
        f"{sign} {getattr(part, name):g}"
        for part in field.metadata
        for kind, name, sign in _SIGNS
        if isinstance(part, kind)
    ]
    if limits:
        return " and ".join(limits)
    choices = _choices(field.annotation)
    if choices:
        return ", ".join(str(choice) for choice in choices)
    kinds = [model.__name__.lower() for model in inner]
    if _holds(field.annotation, (list, tuple)):
        return "value or list" if unit_of(field) and _has_plain(field.annotation) else "list"
    if _holds(field.annotation, (dict,)):
        return "table"
    if inner and not _mixed(field, inner):
        return "table"
    if kinds:
        return "value or table"
    names = {str: "text", bool: "true, false", int: "whole number", float: "number"}
    plain = [names[kind] for kind in names if kind is field.annotation or kind in typing.get_args(field.annotation)]
    return "" if unit_of(field) else ", ".join(plain)


def _choices(annotation):
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    return [choice for part in typing.get_args(annotation) for choice in _choices(part)]


def _default(field):
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined:
        return "none"
    unit = unit_of(field)
    if unit and isinstance(value, int | float):
        return format_quantity(float(value), unit)
    if isinstance(value, Options):
        return ""
    if isinstance(value, tuple | list):
        value = [plain_data(entry) if isinstance(entry, Options) else entry for entry in value]
        return (
            f"{len(value)} entries" if value and isinstance(value[0], dict) else ", ".join(map(str, value)) or "empty"
        )
    if isinstance(value, dict):
        return "empty" if not value else f"{len(value)} entries"
    return str(value).lower() if isinstance(value, bool) else str(value)
