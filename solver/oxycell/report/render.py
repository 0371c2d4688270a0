"""Write a report: report.json in full precision, one self-contained report.html, and the figures as PNG."""

import base64
import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from oxycell.constants import ZERO_CELSIUS
from oxycell.io.files import make_folder, replaced, write_text
from oxycell.report import report_failures
from oxycell.report.error_bars import bar_text
from oxycell.report.labels import readable
from oxycell.report.probes import line_table

TEMPLATE = "report.html.j2"


def write_report(report, drawn, folder):
    """Write report.json, report.html, figures/*.png and lines/*.csv, each completely or not at all.

    Parameters
    ----------
    report : dict, the result of `oxycell.report` for a solution
    drawn : function without arguments → its pictures, see `oxycell.report.drawing.draw`
    folder : path, created if it does not exist

    Raises
    ------
    FileError
        The folder or a file in it cannot be written.
    """
    folder = make_folder(folder)
    _template()  # takes its time while others draw
    pictures = [picture for _, picture in sorted(drawn().items())]
    make_folder(folder / "figures")
    for name, _, _, png in pictures:
        with replaced(folder / "figures" / f"{name}.png") as temporary:
            temporary.write_bytes(png)
    for name, line in report["lines"].items():
        write_text(make_folder(folder / "lines") / f"{name}.csv", line_table(line))
    write_text(folder / "report.html", html(report, pictures))
    write_text(folder / "report.json", json.dumps(report, indent=1, allow_nan=False, ensure_ascii=False) + "\n")


def html(report, pictures):
    """The report as one HTML page; pictures : list of (file name, title, caption, PNG as bytes)."""
    embedded = {
        name: {"title": title, "caption": caption, "data": base64.b64encode(png).decode()}
        for name, title, caption, png in pictures
    }
    return _template().render(
        r=report,
        pictures=embedded,
        failures=report_failures(report),
        cards=cards(report),
        kw=kilowatts,
        integral_rows=integral_rows(report),
        bar=lambda key, scale=1.0: bar_text(report, key, scale),
        sections=[name for name in embedded if name.partition("_")[0] in ("temperature", "current", "potential")],
    )


@cache
def _template():
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        readable=readable, figure=figure_text, celsius=celsius, fixed=fixed, power=power_text, vector=vector_text
    )
    return environment.get_template(TEMPLATE)


def cards(report):
    """Headline figures: list of (label, value, unit)."""
    made, heat = report["productivity"], report["heat"]
    electrolyte = made.get("electrolyte_temperature_K")
    rows = [
        ("Cell voltage", fixed(report["voltage"]["cell_V"], 3), "V", bar_text(report, "voltage.cell_V")),
        ("Electrolyte", celsius(electrolyte), "°C", bar_text(report, "productivity.electrolyte_temperature_K")),
        (
            "Specific energy, DC",
            fixed(made["specific_energy_kWh_per_kg"], 2),
            "kWh/kg",
            bar_text(report, "productivity.specific_energy_kWh_per_kg"),
        ),
        (
            "Aluminium",
            fixed(made["aluminium_kg_per_day"], 0),
            "kg/day",
            bar_text(report, "productivity.aluminium_kg_per_day"),
        ),
        ("Oxygen", fixed(made["oxygen_kg_per_day"], 0), "kg/day", bar_text(report, "productivity.oxygen_kg_per_day")),
        (
            "Heat loss",
            fixed(sum(heat["losses"].values()) / 1e3, 1) if heat["losses"] else "–",
            "kW",
            bar_text(report, "heat.generated_W", 1e-3),
        ),
        (
            "Ledge, mean",
            fixed(None if report["ledge"]["mean_m"] is None else 1e3 * report["ledge"]["mean_m"], 0),
            "mm",
            bar_text(report, "ledge.mean_m", 1e3),
        ),
        ("Scope 1 + 2", fixed(report["emissions"]["total_t"], 2), "t CO₂e/t", bar_text(report, "emissions.total_t")),
    ]
    return [(label, value, f"{bar} {unit}".strip()) for label, value, unit, bar in rows if value != "–"]


def integral_rows(report):
    """Rows of the table of integrals: one for each, two for an interface, one of each side."""
    rows = []
    for name, found in report["integrals"].items():
        sides = [("", found)] if "first" not in found else [(side, found | found[side]) for side in ("first", "second")]
        for side, values in sides:
            rows.append(
                {
                    "name": name,
                    "over": found["kind"] + (f", {side} side" if side else ""),
                    "key": f"integrals.{name}",
                    "side": f".{side}" if side else "",
                    "heat_key": ".joule_heat_W" if found["kind"] == "region" else ".heat_W",
                    "size": values.get("area_m2", values.get("volume_m3")),
                    "current": values.get("current_A"),
                    "heat": values.get("heat_W", values.get("joule_heat_W")),
                    "temperature": values["temperature_K"],
                    "potential": values.get("electric_potential_V", {"mean": None}),
                }
            )
    return rows


def vector_text(values):
    """Three numbers; a dash for none."""
    return "–" if not values or None in values else ", ".join(map(figure_text, values))


def figure_text(value):
    """A number with five significant digits, thousands apart; a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if value == 0:
        return "0"
    if abs(value) < 1e-3 or abs(value) >= 1e7:
        return f"{value:.3e}".replace("-", "−")
    digits = (
        0
        if isinstance(value, int) or abs(value) >= 1e5
        else max(0, 5 - len(f"{abs(value):.0f}"))
        if abs(value) >= 1
        else 4
    )
    return fixed(value, digits)


def power_text(value):
    """A number as a power of ten with two digits; a dash for none."""
    return "–" if value is None else f"{value:.1e}".replace("-", "−")


def fixed(value, digits):
    """A number with so many digits behind the point, thin spaces between thousands; a dash for none."""
    return "–" if value is None else f"{value:,.{digits}f}".replace(",", "\u202f").replace("-", "−")


def celsius(kelvin):
    """Temperature in °C with one digit."""
    return "–" if kelvin is None else fixed(kelvin - ZERO_CELSIUS, 1)


def kilowatts(watt):
    """Power in kW with two digits, more where it is small."""
    if watt is None:
        return "–"
    return fixed(watt / 1e3, 2 if abs(watt) >= 100.0 or watt == 0.0 else 5)
