"""Option models → TOML text that reads back to equal models; every default written out, quantities in SI with units."""

import re

from oxycell.options import Options, tag_of

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_WIDTH = 120


def plain_data(options, stated_only=False):
    """An option model as nested dicts, lists, texts and numbers, keys as in the case file.

    Options that are None are left out; a None that is the value of a user's own key becomes "none".

    Parameters
    ----------
    options : Options
    stated_only : bool, leave out what was not given but taken from the defaults
    """
    return _without_none(options, options.model_dump(mode="json", by_alias=True, exclude_unset=stated_only))


def _without_none(value, data):
    """Drop the None fields of models; `value` is the model that `data` was dumped from."""
    if isinstance(value, Options):
        names = {field.alias or name: name for name, field in type(value).model_fields.items()}
        tag = tag_of(type(value))
        kind = dict([tag]) if tag else {}  # tells the members of a union apart, stated or not
        rest = {
            key: _without_none(getattr(value, names[key]), entry) for key, entry in data.items() if entry is not None
        }
        return kind | rest
    if isinstance(value, dict):
        return {key: "none" if data[key] is None else _without_none(entry, data[key]) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_without_none(entry, part) for entry, part in zip(value, data, strict=True)]
    return data


def write_toml(data):
    """TOML text of nested data.

    Lists of small tables become one line per entry and come first; larger ones become `[[tables]]`.

    Parameters
    ----------
    data : dict of texts, numbers, lists and dicts, without None

    Returns
    -------
    str
    """
    return "\n".join(_table((), data)).strip() + "\n"


def _table(path, data):
    inline = {key: value for key, value in data.items() if not _has_header(key, value, top=not path)}
    rows = [f"{_key(key)} = {_block(value, len(_key(key)) + 3)}" for key, value in inline.items()]
    for key, value in data.items():
        if key in inline:
            continue
        here = (*path, key)
        name = ".".join(_key(part) for part in here)
        for entry in value if isinstance(value, list) else [value]:
            body = _table(here, entry)
            header = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
            only_tables = body and body[0] == "" and not isinstance(value, list)
            rows += body if only_tables else ["", header, *body]
    return rows


def _has_header(key, value, top):
    """Whether a value becomes a `[table]` or `[[tables]]` rather than `key = …`."""
    if isinstance(value, dict):
        return bool(value) and (top or not _flat(value) or len(_value(value)) > _WIDTH - len(key))
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        return top and not all(_flat(entry) for entry in value)
    return False


def _flat(table):
    """Whether a table holds no tables and no lists of tables."""
    entries = [part for value in table.values() for part in (value if isinstance(value, list) else [value])]
    return not any(isinstance(part, dict | list) for part in entries)


def _block(value, indent):
    """A value; a list that holds tables or is too long takes one line an entry."""
    line = _value(value)
    tables = isinstance(value, list) and value and isinstance(value[0], dict)
    if isinstance(value, list) and value and (tables or len(line) + indent > _WIDTH):
        return "[\n" + "".join(f"  {_value(entry)},\n" for entry in value) + "]"
    return line


def _value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    return "{ " + ", ".join(f"{_key(key)} = {_value(entry)}" for key, entry in value.items()) + " }" if value else "{}"


def _key(key):
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text):
    escaped = "".join(
        _ESCAPES.get(c, c) if c in _ESCAPES or (c >= " " and c != "\x7f") else f"\\u{ord(c):04x}" for c in text
    )
    return f'"{escaped}"'
