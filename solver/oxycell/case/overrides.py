"""Changes to a case by dotted keys: `operation.line_current=150 kA`, `boxes.0.name=lid`."""

import tomllib

from oxycell.errors import CaseError


def parse_override(text):
    """Path and value of KEY=VALUE.

    Parameters
    ----------
    text : str; KEY is dotted, with quotes around names that hold dots; VALUE is TOML, or else plain text

    Returns
    -------
    path : tuple of str
    value : text, number, bool, list or dict
    """
    # An equals sign may occur in a quoted key, so the split is tried at each.
    pieces = text.split("=")
    for cut in range(1, len(pieces)):
        key, value = "=".join(pieces[:cut]), "=".join(pieces[cut:])
        try:
            return parse_key(key), parse_value(value)
        except CaseError:
            continue
    raise CaseError(f'--set: {text}: is not KEY=VALUE; allowed: for example "operation.line_current=150 kA"')


def parse_key(key):
    """Path of a dotted key: "boxes.0.name" → ("boxes", "0", "name")."""
    try:
        node = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        raise CaseError(f'{key}: is not a dotted key; allowed: for example "boxes.0.name"') from None
    path = []
    while isinstance(node, dict):
        if len(node) != 1:
            raise CaseError(f'{key!r}: is not a dotted key; allowed: for example "boxes.0.name"')
        ((part, node),) = node.items()
        path.append(part)
    return tuple(path)


def parse_value(text):
    """A TOML value, or the text itself where it is none."""
    text = text.strip()
    if "\n" not in text:
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            pass
    return text


def changed(data, path, value):
    """Nested data with one value set; missing tables on the path are created.

    Parameters
    ----------
    data : dict or list; not changed itself
    path : tuple of str; decimal numbers count the entries of lists from 0
    value : the new value; None takes the key out

    Returns
    -------
    data : a copy that shares what did not change
    path : tuple of str and int, the path with list indices as numbers
    """
    key, rest = path[0], path[1:]
    if isinstance(data, list):
        if not key.isdecimal() or int(key) >= len(data):
            raise CaseError(f"{key}: no such entry; allowed: 0 to {len(data) - 1}")
        index = int(key)
        entry, below = changed(data[index], rest, value) if rest else (value, ())
        return [*data[:index], *([] if entry is None else [entry]), *data[index + 1 :]], (index, *below)
    if not isinstance(data, dict):
        raise CaseError(f"{key}: the key above it holds a value, not a table; allowed: to set that key itself")
    if not rest:
        return {name: entry for name, entry in {**data, key: value}.items() if entry is not None}, (key,)
    entry, below = changed(data.get(key, {}), rest, value)
    return {**data, key: entry}, (key, *below)
