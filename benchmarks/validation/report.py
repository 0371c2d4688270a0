"""Comparisons as tables of text that Markdown reads too, and their place in `docs/validation.md`."""

from pathlib import Path

from benchmarks.tables import table

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
KINDS = {
    "measured": "Against measurements",
    "model": "Against other programs",
    "compiled": "Against compiled tables",
}
TITLES = ("row", "quantity", "unit", "S", "D", "E", "u_num", "u_input", "u_D", "u_val", "E / u_val", "")
SHOWN = {"drop_160x160": "base, mV", "saved_160x174": "higher saves", "saved_174x174": "wider saves"}


def row(comparison):
    """A comparison as texts, one for each of `TITLES`."""
    digits, entry = comparison.digits, comparison.published
    quantity, error = entry.quantity, f"{comparison.error:+.{digits}f}"
    if comparison.rms is not None:
        quantity += f": {comparison.points} points, worst at {comparison.where}"
        error = f"rms {comparison.rms:.{digits}f}, worst {error}"
    return [
        f"`{comparison.name}`",
        quantity,
        entry.unit,
        f"{comparison.simulated:.{digits}f}",
        f"{comparison.data:.{digits}f}",
        error,
        *(_uncertainty(u) for u in (comparison.u_num, comparison.u_input, entry.uncertainty, comparison.uncertainty)),
        f"{comparison.ratio:.2f}",
        comparison.verdict if comparison.verdict == "within" else f"**{comparison.verdict}**",
    ]


def _uncertainty(value):
    return f"{value:.2g}" if value else "–"


def blocks(comparisons, details=None):
    """The tables, by the mark of their place in the page.

    Parameters
    ----------
    comparisons : list of Comparison
    details : dict of `cathode.cathode`, with the effects of `cells.voltage` as "voltage", or None

    Returns
    -------
    dict of str → text
    """
    found = {
        kind: table([list(TITLES), *(row(one) for one in comparisons if one.published.kind == kind)]) for kind in KINDS
    }
    if details is not None:
        found |= {"meshes": _meshes(details), "inputs": _inputs(details), "voltage": _voltage(details["voltage"])}
    return found


def _meshes(details):
    rows = [["figure, mV", *(f"h/{n}" if n > 1 else "h (shipped)" for n in (1, 2, 3)), "h → 0", "order"]]
    for key, one in details["limits"].items():
        order = "none" if one["order"] is None else f"{one['order']:.2f}"
        rows.append(
            [key.replace("_", " "), *(f"{mesh[key]:.2f}" for mesh in details["meshes"]), f"{one['limit']:.2f}", order]
        )
    return table(rows)


def _inputs(details):
    rows = [["unspecified input, and its spread", *SHOWN.values()]]
    rows += [[name, *(f"{effect[key]:+.2f}" for key in SHOWN)] for name, effect in details["inputs"].items()]
    rows += [
        [f"not counted: {name}", *(_both(effect[key]) for key in SHOWN)]
        for name, effect in details["uncounted"].items()
    ]
    return table(rows)


def _voltage(effects):
    return table(
        [["unspecified input, and its spread", "V"], *([name, f"{effect:+.3f}"] for name, effect in effects.items())]
    )


def _both(pair):
    """Changes at the lower and upper bound; of one bound where the other is the case itself."""
    return ", ".join(f"{change:+.2f}" for change in pair if change != 0.0)


def publish(found, page=PAGE):
    """Replace what stands between the marks `<!-- NAME -->` and `<!-- end NAME -->` of the page by the tables of that
    name."""
    text = page.read_text(encoding="utf-8")
    for name, block in found.items():
        before, rest = text.split(f"<!-- {name} -->\n")
        after = rest.split(f"<!-- end {name} -->")[1]
        text = f"{before}<!-- {name} -->\n\n{block}\n\n<!-- end {name} -->{after}"
    page.write_text(text, encoding="utf-8")
