"""Text with a unit to SI numbers and back: "140 kA" → 140e3. The only file that imports pint."""

import re
from functools import cache

from oxycell.errors import CaseError
from oxycell.runtime import keep_numbers, kept_numbers

_POWER = re.compile(r"([^\W\d_])(\d+)(?=([^\W\d_])?)")
_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S.*?)?\s*")


@cache
def _registry():
    import pint

    registry = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    registry.define("percent = 0.01 = %") if "percent" not in registry else None
    return registry


def _expression(unit):
    """The unit as pint reads it: powers written as in "W/m2/K" become "W/m**2/K"."""
    return _POWER.sub(lambda match: f"{match[1]}**{match[2]}" + ("*" if match[3] else ""), unit)


@cache
def _conversion(unit, si):
    """Factor and offset that take a number in `unit` to `si`; those met before come from the cache folder, without loading pint."""
    known = kept_numbers("units")
    key = f"{unit} -> {si}"
    if key not in known:
        known[key] = list(_found_conversion(unit, si))
        keep_numbers("units", known)
    return tuple(known[key])


def _found_conversion(unit, si):
    """Factor and offset as pint says them."""
    import pint

    registry = _registry()
    source, target = _expression(unit), _expression(si)
    try:
        zero = registry.Quantity(0.0, source).to(target).magnitude
        one = registry.Quantity(1.0, source).to(target).magnitude
    except pint.DimensionalityError:
        raise CaseError(f'"{unit}" is not a unit of this quantity; allowed: any unit that converts to {si}') from None
    except Exception:
        raise CaseError(f'"{unit}" is not a unit; allowed: any unit that converts to {si}') from None
    return one - zero, zero


def parse_quantity(text, si):
    """SI value of a text with a unit.

    Parameters
    ----------
    text : str, a number and a unit, for example "140 kA" or "905 degC"
    si : str, the SI unit of the result

    Returns
    -------
    float

    Raises
    ------
    CaseError
        The text is no number with a unit, or the unit does not convert to `si`.
    """
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        raise CaseError(f'"{text}" is not a number with a unit; allowed: for example "1 {si}"')
    number, unit = float(match[1]), match[2]
    if unit is None:
        raise CaseError(f'"{text}" has no unit; allowed: any unit that converts to {si}, for example "{text.strip()} {si}"')
    if unit == si:
        return number
    factor, offset = _conversion(unit, si)
    # Decimal-friendly: 55 mm is 0.055 and not 0.05500000000000001.
    return float(f"{number * factor + offset:.15g}")


def parse_difference(text, si):
    """SI value of a text that is a difference of two quantities: 10 degC is 10 K; else as `parse_quantity`."""
    value, unit = parse_quantity(text, si), unit_of_text(text)
    return value if unit == si else float(f"{value - _conversion(unit, si)[1]:.15g}")


def unit_of_text(text):
    """Unit of a text with a unit, as it is written."""
    match = _NUMBER_AND_UNIT.fullmatch(text)
    return (match[2] or "") if match else ""


def in_unit(value, si, unit):
    """Number that `value` is in another unit.

    Parameters
    ----------
    value : float, in `si`
    si, unit : str
    """
    factor, offset = (1.0, 0.0) if unit == si else _conversion(unit, si)
    return (value - offset) / factor


def format_quantity(value, si):
    """Text that `parse_quantity` turns back into exactly `value`."""
    return f"{repr(value).removesuffix('.0')} {si}"
