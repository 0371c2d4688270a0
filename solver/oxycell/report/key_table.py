"""The table of the keys of report.json in docs/formats.md, from the entries of figures.

`python -m oxycell.report.key_table docs/formats.md` regenerates it.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from oxycell.report.figure import Figure
from oxycell.report.registry import FIGURES
from oxycell.report.solved import NEEDS

BEGIN = "<!-- figures: written by `python -m oxycell.report.key_table docs/formats.md` -->\n"
END = "<!-- end of figures -->\n"
HEAD = "| key | unit | is | from | needs |\n|---|---|---|---|---|\n"


def key_table(figures: Iterable[Figure]) -> str:
    """The table as Markdown, a row for each figure, then what the needs mean.

    Parameters
    ----------
    figures : sequence of Figure
    """
    rows = [
        " | ".join(
            (
                f"`{figure.key}`",
                figure.unit,
                _cell(figure.words("") or "by name") + (f"; {_cell(figure.note)}" if figure.note else ""),
                _cell(figure.formula),
                ", ".join(figure.needs),
            )
        )
        for figure in figures
    ]
    needs = "; ".join(f"`{name}`: {words}" for name, (words, _) in NEEDS.items())
    return HEAD + "".join(f"| {row} |\n" for row in rows) + f"\nNeeds: {needs}; any other name is that of a balance.\n"


def _cell(text):
    return text.replace("|", "\\|").strip()


def replaced(page: str, figures: Iterable[Figure]) -> str:
    """The text of a page with the table between its marks regenerated.

    Raises
    ------
    ValueError
        The page has no such marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no place for the table of figures")
    return before + BEGIN + key_table(figures) + END + after


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(replaced(path.read_text(encoding="utf-8"), FIGURES.values()), encoding="utf-8")
