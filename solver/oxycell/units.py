"""Text with a unit to SI numbers and back: "140 kA" → 140e3. The only file that imports pint."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Any

from oxycell.errors import CaseError
from oxycell.runtime import keep_numbers, kept_numbers

_POWER = re.compile(r"([^\W\d_])(\d+)(?=([^\W\d_])?)")
_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(\S.*?)?\s*")

_LETTER = "[^\\W\\d_⁰¹²³⁴⁵⁶⁷⁸⁹]"
_NAME = rf"°?{_LETTER}+(?:_{_LETTER}+)*"
_EXPONENT = r"(?:\s*(?:\^|\*\*)\s*[+-]?[0-9]+|[0-9]+|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
_BETWEEN = rf"(?:\s*[/*·⋅]\s*|\s+|(?<=[0-9⁰¹²³⁴⁵⁶⁷⁸⁹])(?={_LETTER}))"
_FACTOR = rf"{_NAME}{_EXPONENT}?"
_PRODUCT = rf"{_FACTOR}(?:{_BETWEEN}{_FACTOR})*"
_PART = rf"(?:{_FACTOR}|\(\s*{_PRODUCT}\s*\){_EXPONENT}?)"
_UNIT = re.compile(rf"(?:1\s*/\s*)?{_PART}(?:{_BETWEEN}{_PART})*|%|°")
"""A unit text: names with whole powers between the signs of a product or quotient. A number is none of it, but for the
1 of "1/K"."""

_USUAL = (
    "A",
    "mA",
    "kA",
    "V",
    "mV",
    "kV",
    "W",
    "kW",
    "MW",
    "m",
    "um",
    "mm",
    "cm",
    "km",
    "ft",
    "K",
    "degC",
    "degF",
    "ohm",
    "uohm",
    "mohm",
    "S",
    "kg",
    "g",
    "mg",
    "t",
    "Pa",
    "kPa",
    "MPa",
    "bar",
    "J",
    "kJ",
    "MJ",
    "mol",
    "s",
    "min",
    "h",
    "day",
    "year",
    "kWh",
    "MWh",
    "percent",
)
"""Names that a misspelt one may have been meant as."""


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    registry.define("percent = 0.01 = %") if "percent" not in registry else None
    return registry


def _expression(unit: str) -> str:
    """The unit as pint reads it: powers written as in "W/m2/K" become "W/m**2/K"."""
    return _POWER.sub(lambda match: f"{match[1]}**{match[2]}" + ("*" if match[3] else ""), unit)


@cache
def _conversion(unit: str, si: str) -> tuple[float, float]:
    """Factor and offset that take a number in `unit` to `si`; those met before come from the cache folder, without
    loading pint."""
    known = kept_numbers("units")
    key = f"{unit} -> {si}"
    if key not in known:
        known[key] = list(_found_conversion(unit, si))
        keep_numbers("units", known)
    return tuple(known[key])


def _found_conversion(unit: str, si: str) -> tuple[float, float]:
    """Factor and offset as pint says them, who drops marks it does not know and works sums out: neither gets as far as
    that.

    A "ton" may be of 2000 lb, of 2240 lb or of 1000 kg; pint's is the first.
    """
    if _UNIT.fullmatch(unit) is None:
        raise CaseError(
            f'"{unit}" is not a unit; allowed: names and integer powers of units, combined by spaces, *, / or '
            f"brackets, "
            f'such as "{si}"'
        )
    import pint

    registry = _registry()
    for name in re.findall(_NAME, unit):
        meanings = registry.parse_unit_name(name)
        if not meanings and name != "per":
            close = get_close_matches(name.lower(), [usual.lower() for usual in _USUAL], 1, 0.6)
            hint = next((f', nearest is "{usual}"' for usual in _USUAL if close and usual.lower() == close[0]), "")
            raise CaseError(f'"{unit}" is not a unit{hint}; allowed: any unit that converts to {si}')
        if any(root == "ton" for _, root, _ in meanings) and "short_ton" not in name:
            raise CaseError(
                f'"{name}" has several meanings; allowed: "t" (1000 kg) or "short_ton" (2000 lb, 907.18474 kg)'
            )
    source, target = _expression(unit), _expression(si)
    try:
        zero = registry.Quantity(0.0, source).to(target).magnitude
        one = registry.Quantity(1.0, source).to(target).magnitude
    except pint.DimensionalityError:
        raise CaseError(f'"{unit}" is not a unit of this quantity; allowed: any unit that converts to {si}') from None
    except Exception:
        raise CaseError(f'"{unit}" is not a unit; allowed: any unit that converts to {si}') from None
    return one - zero, zero


def parse_quantity(text: str, si: str) -> float:
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
        The text is not a number with a unit, or the unit does not convert to `si`.
    """
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        raise CaseError(f'"{text}" is not a number with a unit; allowed: for example "1 {si}"')
    number, unit = float(match[1]), match[2]
    if unit is None:
        raise CaseError(
            f'"{text}" has no unit; allowed: any unit that converts to {si}, for example "{text.strip()} {si}"'
        )
    if unit == si:
        return number
    factor, offset = _conversion(unit, si)
    # Decimal-friendly: 55 mm is 0.055 and not 0.05500000000000001.
    return float(f"{number * factor + offset:.15g}")


def parse_difference(text: str, si: str) -> float:
    """SI value of a text that is a difference of two quantities: 10 degC is 10 K; else as `parse_quantity`."""
    value, unit = parse_quantity(text, si), unit_of_text(text)
    return value if unit == si else float(f"{value - _conversion(unit, si)[1]:.15g}")


def unit_of_text(text: str) -> str:
    """Unit of a text with a unit, as it is written."""
    match = _NUMBER_AND_UNIT.fullmatch(text)
    return (match[2] or "") if match else ""


def in_unit(value: float, si: str, unit: str) -> float:
    """Number that `value` is in another unit.

    Parameters
    ----------
    value : float, in `si`
    si, unit : str
    """
    factor, offset = (1.0, 0.0) if unit == si else _conversion(unit, si)
    return (value - offset) / factor


def format_quantity(value: float, si: str) -> str:
    """Text that `parse_quantity` turns back into exactly `value`."""
    return f"{repr(value).removesuffix('.0')} {si}"


def format_duration(seconds: float) -> str:
    """Time span as a person reads it: "45 s", "12 min 30 s", "3 h 20 min", "72 h"."""
    if seconds < 0.0:
        return f"-{format_duration(-seconds)}"
    if round(seconds) < 60:
        return f"{seconds:.3g} s"
    parts, names = divmod(round(seconds), 60), ("min", "s")
    if round(seconds) >= 3600:
        parts, names = divmod(round(seconds / 60.0), 60), ("h", "min")
    return " ".join(f"{part} {name}" for part, name in zip(parts, names, strict=True) if part)
