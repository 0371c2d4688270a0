"""Write a report: report.json in full precision, one self-contained report.html, and the figures as PNG."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from oxycell.io.files import make_folder, replaced, write_text
from oxycell.report import report_failures
from oxycell.report.figure import Tree
from oxycell.report.labels import readable
from oxycell.report.probes import line_table
from oxycell.report.registry import FIGURES, figure_of
from oxycell.report.showing import at, bar_shown, keys_of, listed, unit_shown, value_shown, words_of

TEMPLATE = "report.html.j2"

LAID_OUT = (
    "provenance",
    "status",
    "alerts",
    "balance",
    "transient",
    "terminals",
    "voltage",
    "heat",
    "anodes",
    "ledge",
    "shells",
    "masses",
    "melting",
    "productivity",
    "emissions",
    "section",
    "claims",
    "probes",
    "lines",
    "integrals",
    "operating_point",
    "error_bars",
)
"""Blocks that the template has a place for; figures of others are in sections of their own after these."""


def write_report(report: Tree, drawn: Callable[[], Tree], folder: str | Path) -> None:
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
    place = make_folder(folder)
    _template()  # takes its time while others draw
    pictures = [picture for _, picture in sorted(drawn().items())]
    make_folder(place / "figures")
    for name, _, _, png in pictures:
        with replaced(place / "figures" / f"{name}.png") as temporary:
            temporary.write_bytes(png)
    for name, line in report["lines"].items():
        write_text(make_folder(place / "lines") / f"{name}.csv", line_table(line))
    write_text(place / "report.html", html(report, pictures))
    write_text(place / "report.json", json.dumps(report, indent=1, allow_nan=False, ensure_ascii=False) + "\n")


def html(report: Tree, pictures: Iterable[tuple[str, str, str, bytes]]) -> str:
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
        integral_rows=integral_rows(report),
        page=Page(report),
        sections=[name for name in embedded if name.partition("_")[0] in ("temperature", "current", "potential")],
    )


class Page:
    """What the template asks of a report: figures by their dotted keys, as the registry says that they are shown.

    Attributes
    ----------
    placed : set of str, keys of the figures (with `*`) that the page has shown so far
    """

    def __init__(self, report: Tree):
        self.report = report
        self.placed: set[str] = set()

    def value(self, key: str, digits: int | None = None, bar: bool = True) -> str:
        """A figure in the unit that it is shown in, with its error bar; `digits` other than those of its entry."""
        figure = self._placed(key)
        shown, value = figure.display, at(self.report, key)
        if isinstance(value, list):
            return vector_text([shown.value(one) for one in value])
        return _written(shown, value, digits) + (bar_shown(self.report, key) if bar else "")

    def plain(self, key: str) -> str:
        """A figure with five digits in all, in the unit that it is shown in, with its error bar."""
        self._placed(key)
        return figure_text(value_shown(self.report, key)) + bar_shown(self.report, key)

    def total(self, key: str) -> str:
        """Sum over the names of a figure, in the unit that it is shown in."""
        figure = self._placed(key)
        return _written(figure.display, sum(at(self.report, one) for one in keys_of(self.report, figure)), 2)

    def columns(self, prefix: str) -> list[str]:
        """Last parts of the keys that begin with a prefix, of numbers that are listed on the page."""
        return [
            figure.parts[-1]
            for figure in FIGURES.values()
            if "html" in figure.views and figure.is_number and figure.key.rpartition(".")[0] == prefix
        ]

    def stated(self, block: str) -> list[str]:
        """Keys of the numbers of a block that are listed on the page, with a value or without."""
        return [f"{block}.{last}" for last in self.columns(block)]

    def label(self, key: str) -> str:
        """What a figure is, in words."""
        return words_of(key)

    def unit(self, key: str) -> str:
        """Unit that a figure is shown in; a dash for a pure number."""
        self._placed(key)
        return unit_shown(key) or "–"

    def heading(self, key: str) -> str:
        """Heading of a column of a figure: words and unit."""
        self._placed(key)
        unit = unit_shown(key)
        return f"{words_of(key)} ({unit})" if unit else words_of(key)

    def rest(self, *blocks: str) -> list[str]:
        """Keys of the numbers of blocks that are listed on the page and have not been placed yet."""
        return [key for key in listed(self.report, "html", *blocks) if self._figure(key).key not in self.placed]

    def other_blocks(self) -> list[str]:
        """Blocks with such numbers that have no section of their own."""
        return list(
            dict.fromkeys(key.partition(".")[0] for key in self.rest() if key.partition(".")[0] not in LAID_OUT)
        )

    def _placed(self, key):
        """The figure of a key, which the page shows."""
        figure = self._figure(key)
        self.placed.add(figure.key)
        return figure

    @staticmethod
    def _figure(key):
        """The figure of a key, which there is."""
        return figure_of(key)


def _written(shown, value, digits=None):
    """A value as it is shown; `digits` other than those of `shown`, and a dash for none."""
    value = shown.value(value)
    if value is None:
        return "–"
    digits = shown.digits if digits is None else digits
    if shown.fine is not None and 0.0 < abs(value) < 0.1:
        digits = shown.fine
    return figure_text(value) if digits is None else fixed(value, digits)


@cache
def _template():
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(readable=readable, figure=figure_text, fixed=fixed, power=power_text)
    return environment.get_template(TEMPLATE)


CARDS = {
    "voltage.cell_V": 3,
    "productivity.electrolyte_temperature_K": 1,
    "productivity.specific_energy_kWh_per_kg": 2,
    "productivity.aluminium_kg_per_day": 0,
    "productivity.oxygen_kg_per_day": 0,
    "heat.generated_W": 1,
    "ledge.mean_m": 0,
    "emissions.total_t": 2,
}
"""Headline figures, and digits behind the point."""


def cards(report: Tree) -> list[tuple[str, str, str]]:
    """Headline figures: list of (label, value, unit); none for what is not solved."""
    rows = []
    for key, digits in CARDS.items():
        value = value_shown(report, key)
        if value is not None and (key != "heat.generated_W" or report["heat"]["losses"]):
            label = words_of(key)
            unit = f"{bar_shown(report, key)} {unit_shown(key)}".strip()
            rows.append((label[0].upper() + label[1:], fixed(value, digits), unit))
    return rows


def integral_rows(report: Tree) -> list[Tree]:
    """Rows of the table of integrals, one for each, two for an interface, one of each side: what they are over, and the
    keys of their figures."""
    rows = []
    for name, found in report["integrals"].items():
        for side in ("first", "second") if "first" in found else ("",):
            key, inner = f"integrals.{name}", f"integrals.{name}.{side}" if side else f"integrals.{name}"
            rows.append(
                {
                    "name": name,
                    "over": found["kind"] + (f", {side} side" if side else ""),
                    "size": f"{key}.{'area_m2' if 'area_m2' in found else 'volume_m3'}",
                    "current": f"{key}.current_A",
                    "heat": f"{inner}.{'joule_heat_W' if found['kind'] == 'region' else 'heat_W'}",
                    "temperature": f"{inner}.temperature_K",
                    "potential": f"{inner}.electric_potential_V.mean",
                }
            )
    return rows


def vector_text(values: Sequence[float | None] | None) -> str:
    """Three numbers; a dash for none."""
    return "–" if not values or None in values else ", ".join(map(figure_text, values))


def figure_text(value: Any) -> str:
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


def power_text(value: float | None) -> str:
    """A number as a power of ten with two digits; a dash for none."""
    return "–" if value is None else f"{value:.1e}".replace("-", "−")


def fixed(value: float | None, digits: int) -> str:
    """A number with so many digits behind the point, thin spaces between thousands; a dash for none."""
    return "–" if value is None else f"{value:,.{digits}f}".replace(",", "\u202f").replace("-", "−")
