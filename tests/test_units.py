"""Text with a unit to SI and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxycell import runtime, units
from oxycell.errors import CaseError
from oxycell.units import format_quantity, parse_quantity


@pytest.mark.parametrize(
    ("text", "si", "value"),
    [
        ("140 kA", "A", 140e3),
        ("905 degC", "K", 1178.15),
        ("905 °C", "K", 1178.15),
        ("1178.15 K", "K", 1178.15),
        ("55 mm", "m", 0.055),
        ("-5 mm", "m", -0.005),
        ("1e-3m", "m", 1e-3),
        ("4 uohm m2", "ohm m2", 4e-6),
        ("4 µΩ·m²", "ohm m2", 4e-6),
        ("0.6 A/cm2", "A/m2", 6000.0),
        ("0.6 A/cm^2", "A/m2", 6000.0),
        ("1 kW/m2/K", "W/m2/K", 1000.0),
        ("0.2 m2K/W", "K m2/W", 0.2),
        ("2.085 g/cm3", "kg/m3", 2085.0),
        ("24 g/kWh", "kg/kWh", 0.024),
        ("1.8 S/cm", "S/m", 180.0),
        ("120 kJ/mol", "J/mol", 120e3),
        ("0.5 mV/K", "V/K", 5e-4),
        ("1 bar", "Pa", 1e5),
        ("10 W/(m2 K)", "W/m2/K", 10.0),
        ("10 W m^-2 K^-1", "W/m2/K", 10.0),
        ("10 W·m⁻²·K⁻¹", "W/m2/K", 10.0),
        ("10 mV/degC", "V/K", 0.01),
        ("3 m per s", "m/s", 3.0),
        ("0.4 t/MWh", "kg/kWh", 0.4),
        ("0.4 tonne/MWh", "kg/kWh", 0.4),
        ("1 short_ton/MWh", "kg/kWh", 0.90718474),
        ("3 kilonewton/m2", "Pa", 3000.0),
    ],
)
def test_value_in_si(text, si, value):
    assert parse_quantity(text, si) == pytest.approx(value, rel=1e-14)


def test_decimal_numbers_stay_decimal():
    assert parse_quantity("55 mm", "m") == 0.055


@pytest.mark.parametrize(
    ("text", "si", "message"),
    [
        ("140 km", "A", "not a unit of this quantity"),
        ("140 apples", "A", '"apples" is not a unit'),
        ("140", "A", "has no unit"),
        ("kA", "A", "not a number with a unit"),
        ("", "A", "not a number with a unit"),
        ("1,5 kA", "A", "is not a unit"),
        ("4 uohm", "ohm m2", "not a unit of this quantity"),
        ("140 KA", "A", 'nearest is "kA"'),
        ("905 degc", "K", 'nearest is "degC"'),
        *(
            (text, "kg/kWh", 'several meanings; allowed: "t" .*or "short_ton"')
            for text in ("1 ton/MWh", "1 tons/MWh", "1 kton/GWh")
        ),
    ],
)
def test_wrong_text_names_what_is_allowed(text, si, message):
    with pytest.raises(CaseError, match=message) as caught:
        parse_quantity(text, si)
    assert "allowed" in str(caught.value)


@pytest.mark.parametrize("mark", list("?!,;:.'\"#@&$|~=<>{}[]\\_+-%^") + [" 2", "*2", "/2", "+1 m", "//s"])
def test_marks_that_are_no_unit_and_sums_are_refused(mark):
    """What drops them, or works them out, reads "2 m?" as 2 m and "2 m,s" as 2 ms."""
    for text in (f"2 m{mark}", f"2 m{mark} "):
        with pytest.raises(CaseError, match="is not a unit; allowed: names and integer powers of units"):
            parse_quantity(text, "m")


@pytest.mark.parametrize(
    "text", ["2 m,s", "2 2*m", "2 (3 m)", "1/2 m", "1,000 m", "1 000 m", "1_000 m", "2 .5 m", "٣ m"]
)
def test_a_second_number_is_refused(text):
    with pytest.raises(CaseError, match="is not a "):
        parse_quantity(text, "m")


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["m", "ohm m2", "W/m2/K", "K", "kg/kWh"]))
def test_written_quantity_reads_back_to_the_same_bits(value, si):
    assert parse_quantity(format_quantity(value, si), si) == value


def test_conversions_are_kept_between_processes(tmp_path, monkeypatch):
    """What one process found, the next one reads; a damaged file counts as none."""
    monkeypatch.setattr(runtime, "cache_folder", lambda: str(tmp_path))
    found = units._found_conversion

    def fails(unit, si):
        raise AssertionError("the units were looked up again")

    try:
        units._conversion.cache_clear()
        assert parse_quantity("3 ft", "m") == 0.9144
        units._conversion.cache_clear()
        monkeypatch.setattr(units, "_found_conversion", fails)
        assert parse_quantity("3 ft", "m") == 0.9144
        for text in ("{", "[]", '{"ft -> m": ["a", "b"]}'):
            (tmp_path / "units.json").write_text(text)
            units._conversion.cache_clear()
            with pytest.raises(AssertionError, match="looked up again"):
                parse_quantity("3 ft", "m")
        monkeypatch.setattr(units, "_found_conversion", found)
        assert parse_quantity("3 ft", "m") == 0.9144
    finally:
        units._conversion.cache_clear()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (0.00125, "0.00125 s"),
        (59.4, "59.4 s"),
        (59.6, "1 min"),
        (90.0, "1 min 30 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h"),
        (12_000.0, "3 h 20 min"),
        (86_400.0, "24 h"),
        (-600.0, "-10 min"),
    ],
)
def test_durations(seconds, text):
    assert units.format_duration(seconds) == text
