"""A comparison as text for the console."""

from textwrap import wrap

from oxycell.comparison.differences import NOISE
from oxycell.report.figure import Tree

_INPUTS = 12  # rows shown of the inputs
_COLUMNS, _NAME, _VALUE = 100, 30, 10  # widths of the page and of its columns
_ACROSS = 3  # runs compared with the first in one table: 30 + 10 + 3 · 20 = 100 columns


def text(compared: Tree) -> str:
    """What `compare` returned; tables and sentences stay within 100 columns."""
    runs, lines = compared["runs"], []
    for run in runs:
        mark = "" if run["converged"] else "   NOT CONVERGED: not to be used"
        lines.append(f"{run['label']}  {run['folder']}   {run['title']}{mark}".rstrip())
        for message in run["alerts"]:
            lines += wrap(f"   ALERT {message}", _COLUMNS, subsequent_indent=" " * 9)
    if compared["inputs"]:
        lines += ["", "inputs that differ", *_input_lines(compared["inputs"], runs)]
    if compared["largest"]:
        lines += ["", "largest differences", *_table_lines(compared["largest"], runs, relative=True)]
    for row in compared["claims"]:
        verdicts = ", ".join(
            f"{run['label']} {value or 'not asked'}" for run, value in zip(runs, row["values"], strict=True)
        )
        lines.append(f"claim {row['name']}: {verdicts}")
    for name, rows in compared["tables"].items():
        lines += ["", name, *_table_lines(rows, runs)]
    if compared["break_even"]:
        lines += ["", "break-even: the grid factor at which Scope 1 + factor x AC energy is the same"]
        for row in compared["break_even"]:
            lines += wrap(f"{row['first']} and {row['second']}: {row['why']}", _COLUMNS, subsequent_indent=" " * 9)
    count = (
        f"{compared['same']} figures of the reports are equal, {len(compared['differences'])} differ (--json "
        f"lists them)"
    )
    return "\n".join([*lines, "", count])


def _input_lines(rows, runs):
    width = min(max(len(row["key"]) for row in rows[:_INPUTS]), 44)
    for row in rows[:_INPUTS]:
        values = "".join(
            f"  {run['label']} = {_cut(_short(value), 16)}" for run, value in zip(runs, row["values"], strict=True)
        )
        yield from wrap(f"{_cut(row['key'], width):<{width}}{values}", _COLUMNS, subsequent_indent=" " * (width + 2))
    if len(rows) > _INPUTS:
        yield f"and {len(rows) - _INPUTS} more"


def _short(value):
    """An input in few digits: "1.4285714285714286e-06 ohm" → "1.42857e-06 ohm"; - for none."""
    number, _, unit = str("-" if value is None else value).partition(" ")
    try:
        return f"{float(number):g} {unit}".strip()
    except ValueError:
        return " ".join(filter(None, (number, unit)))


def _cut(words, width):
    return words if len(words) <= width else "…" + words[1 - width :]


def _table_lines(rows, runs, relative=False):
    """Lines of a table: the first run, then of each further run its value and its difference."""
    first, others = 0, range(1, len(runs))
    for start in range(0, len(others), _ACROSS):
        chosen = others[start : start + _ACROSS]
        yield (
            " " * _NAME
            + f"{runs[first]['label']:>{_VALUE}}"
            + "".join(
                f"{runs[i]['label']:>{_VALUE}}{runs[i]['label'] + '-' + runs[first]['label']:>{_VALUE}}" for i in chosen
            )
        )
        for row in rows:
            name = f"{row['figure']} [{row['unit']}]" if row["unit"] else row["figure"]
            yield f"{_cut(name, _NAME):<{_NAME}}{_number(row, first)}" + "".join(
                f"{_number(row, i)}{_difference(row, i, relative)}" for i in chosen
            )


def _number(row, i):
    value, digits = row["values"][i], row["digits"]
    return f"{'-':>{_VALUE}}" if value is None else f"{value:>{_VALUE}.{digits}f}"


def _difference(row, i, relative):
    value, first, digits = row["differences"][i], row["values"][0], row["digits"]
    if value is None or (relative and not first):
        return f"{'-':>{_VALUE}}"
    if abs(value) <= NOISE * abs(row["values"][i]):
        return f"{'=':>{_VALUE}}"
    return f"{100.0 * value / abs(first):>+{_VALUE - 2}.1f} %" if relative else f"{value:>+{_VALUE}.{digits}f}"
