"""The page of a sweep: failures first, small multiples of the figures over what varies, and a table that sorts."""

import base64
import io
import math
from html import escape

from oxycell.report.showing import is_number, shown, unit_shown, words_of
from oxycell.sweep.store import FINISHED

_USUAL = (
    "voltage.cell_V",
    "heat.lump_temperatures_K.bath",
    "productivity.specific_energy_kWh_per_kg",
    "heat.generated_W",
    "ledge.mean_m",
    "ledge.min_m",
)
_LINES = 7  # values of a second axis that get a line of their own; more: a map
_SHOWN = 24  # columns of the table in addition to those of the axes


def page(plan, columns):
    """HTML text of the page, with everything in it."""
    keys = list(plan.cases[0].changes)
    picture = small_multiples(plan, columns)
    parts = [
        f"<h1>{escape(plan.study.title or 'Sweep')}</h1>",
        f"<p>{_counts(columns)} Base case {escape(str(plan.study.case))}.</p>",
        _failures(columns, keys),
        _alerts(columns, keys),
    ]
    if picture is not None:
        coded = base64.b64encode(picture).decode()
        parts.append(
            "<h2>Figures</h2><p>Crosses: cases without a result.</p>"
            f'<img alt="figures over what varies" src="data:image/png;base64,{coded}">'
        )
    parts += [
        "<h2>Cases</h2><p>A click on a heading sorts. All figures are in table.csv and table.hdf.</p>",
        _table(plan, columns, keys),
    ]
    return _FRAME.format(title=escape(plan.study.title or "Sweep"), body="\n".join(parts))


def _counts(columns):
    states = columns["state"][1]
    return (
        f"{len(states)} cases: " + ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)) + "."
    )


def _point(columns, keys, i):
    """What case i changes, in words."""
    return ", ".join(f"{key} = {_text(columns[key][1][i])} {columns[key][0]}".strip() for key in keys)


def _alerts(columns, keys):
    """Cases that converged to a state that no engineer would accept."""
    rows = [
        f"<tr><td>{columns['number'][1][i]}</td><td>{escape(_point(columns, keys, i))}</td><td "
        f"class=red>{escape(text)}</td></tr>"
        for i, text in enumerate(columns["alerts"][1])
        if text
    ]
    if not rows:
        return ""
    return (
        "<h2 class=red>Alerts</h2><table><thead><tr><th>case</th><th>changes</th><th>alert</th></tr></thead><tbody>"
        + "".join(rows)
        + "</tbody></table>"
    )


def _failures(columns, keys):
    rows = []
    for i, state in enumerate(columns["state"][1]):
        if state != FINISHED:
            point = _point(columns, keys, i)
            log = columns["log"][1][i]
            rows.append(
                f"<tr><td>{columns['number'][1][i]}</td><td>{escape(point)}</td><td>{escape(state)}</td>"
                f'<td>{escape(columns["message"][1][i])}</td><td><a href="{escape(log)}">log</a></td></tr>'
            )
    if not rows:
        return "<p>No case failed.</p>"
    return (
        "<h2>Failures</h2><table><thead><tr><th>case</th><th>changes</th><th>state</th><th>why</th><th></th></tr></thead><tbody>"
        + "".join(rows)
        + "</tbody></table>"
    )


def chosen(plan, columns):
    """Keys of the figures that the page draws, of the study's choice or else of the usual ones that are there."""
    return [key for key in plan.study.figures or _USUAL if key in columns and _numbers(columns[key][1])]


def _label(key):
    """A figure as a heading: its words and the unit that it is shown in."""
    unit = unit_shown(key)
    return f"{words_of(key)} [{unit}]" if unit else words_of(key)


def _axis(key):
    """A key that varies as a heading: its last two parts in words."""
    return " ".join(key.split(".")[-2:]).replace("_", " ")


def _unit(unit):
    return "°C" if unit == "degC" else unit


def _numbers(values):
    return [value for value in values if is_number(value)]


def small_multiples(plan, columns):
    """PNG bytes: a panel a figure, over the axis with the most values, a colour for each value of the next; None
    without any number.

    Keys that change together count as one axis, under the name of the first.
    """
    study, figures = plan.study, chosen(plan, columns)
    varying = [(next(iter(axis.together)) if axis.together else axis.key, axis.label) for axis in study.axes]
    varying += [(spec.key, spec.label) for spec in study.samples.over] if study.samples else []
    keys, labels = [key for key, _ in varying], {key: label or _axis(key) for key, label in varying}
    numeric = [key for key in keys if len(_numbers(columns[key][1])) == len(plan.cases)]
    if not figures or not numeric:
        return None
    across = max(numeric, key=lambda key: len(set(columns[key][1])))
    others = [key for key in keys if key != across]
    lines = len(others) == 1 and study.samples is None and len(set(columns[others[0]][1])) <= _LINES
    from matplotlib import rc_context

    from oxycell.report.style import RC

    with rc_context(RC):
        return _drawn(
            columns, figures, labels, across, others[0] if lines else None, "o-" if lines or not others else "o"
        )


def _drawn(columns, figures, labels, across, second, style):
    """PNG bytes of the panels; `second` is the key that gives the colours, or None."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from oxycell.report.style import BLUE, DPI, GREEN, INK, ORANGE, PINK, YELLOW, open_axes

    width = min(3, len(figures))
    rows = math.ceil(len(figures) / width)
    figure = Figure(figsize=(3.6 * width, 2.9 * rows + (0.5 if second else 0.1)), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    x, groups = columns[across][1], list(dict.fromkeys(columns[second][1])) if second else [None]
    of = columns[second][1] if second else [None] * len(x)
    for at, key in enumerate(figures):
        axes = figure.add_subplot(rows, width, at + 1)
        open_axes(axes)
        values = [shown(key, value) if is_number(value) else None for value in columns[key][1]]
        for number, (colour, group) in enumerate(
            zip((BLUE, ORANGE, GREEN, PINK, YELLOW, INK, "#7a5195"), groups, strict=False)
        ):
            points = sorted((a, b) for a, b, g in zip(x, values, of, strict=True) if b is not None and g == group)
            name = f"{_text(group)} {columns[second][0]}".strip() if second else None
            axes.plot(
                *zip(*points, strict=True) if points else ((), ()),
                style,
                color=colour,
                markersize=3.5,
                linewidth=1.2,
                label=name,
            )
            lost = [a for a, b, g in zip(x, values, of, strict=True) if b is None and g == group]
            axes.plot(
                lost,
                [0.03 + 0.04 * number] * len(lost),
                "x",
                color=colour,
                markersize=5,
                transform=axes.get_xaxis_transform(),
            )
        axes.set_title(_label(key), loc="left")
        axes.set_xlabel(labels[across] + (f" [{_unit(columns[across][0])}]" if columns[across][0] else ""))
        if at == 0 and second:
            figure.legend(
                *axes.get_legend_handles_labels(), title=labels[second], ncols=len(groups), loc="outside upper left"
            )
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _table(plan, columns, keys):
    drawn = chosen(plan, columns)
    varying = [
        name
        for name, (_, values) in columns.items()
        if name not in (*keys, "number")
        and not name.startswith("balance")
        and _numbers(values)
        and len(set(values)) > 1
    ]
    shown = ["number", "state", *keys, *drawn, *[name for name in varying if name not in drawn][:_SHOWN]]
    head = "".join(
        f"<th>{escape(name)}{f'<br>[{escape(unit)}]' if (unit := columns[name][0]) else ''}</th>" for name in shown
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-v="{escape(str(columns[name][1][i]))}">{escape(_text(columns[name][1][i]))}</td>'
            for name in shown
        )
        + "</tr>"
        for i in range(len(plan.cases))
    )
    return f"<div class=wide><table class=sorts><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _text(value):
    return "" if value is None else f"{value:.5g}" if isinstance(value, float) else str(value)


_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 15px/1.45 system-ui, sans-serif; color: #1f2933; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }}
h1 {{ font-size: 1.5rem }} h2 {{ font-size: 1.15rem; margin-top: 2rem }} img {{ max-width: 100% }}
table {{ border-collapse: collapse; font-size: 13px }}
td, th {{ padding: .25rem .6rem; border-bottom: 1px solid #d9dee3; text-align: left; vertical-align: bottom }}
.red {{ color: #b00020 }} .sorts th {{ cursor: pointer }} .wide {{ overflow-x: auto }}
tbody tr:hover {{ background: #f2f5f7 }}
</style></head><body>
{body}
<script>
for (const table of document.querySelectorAll("table.sorts")) {{
  table.querySelectorAll("th").forEach((th, column) => {{
    let up = false;
    th.addEventListener("click", () => {{
      up = !up;
      const value = row => row.children[column].dataset.v;
      const rows = [...table.tBodies[0].rows].sort((a, b) => {{
        const [p, q] = [value(a), value(b)], both = p !== "" && q !== "" && !isNaN(p) && !isNaN(q);
        return (both ? p - q : p.localeCompare(q)) * (up ? 1 : -1);
      }});
      table.tBodies[0].append(...rows);
    }});
  }});
}}
</script></body></html>
"""
