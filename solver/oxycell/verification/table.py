"""The verification table: a line for each check on the screen, a page for the documentation."""

from itertools import groupby

from oxycell.verification.check import PHYSICS

HEADING = (
    f"{'check':<30} {'exact':>13} {'computed':>13} {'unit':<4} {'error':>8} {'allowed':>8}  {'order':<16} {'s':>5}"
)

PAGE = """\
# Verification

Problems with known solutions, solved as a user would solve them: a case file, the public Python interface, numbers of
the report and of the record. Written by `oxycell verify -o docs/verification.md`; `oxycell verify` regenerates the
table on your machine, `oxycell verify NAME` one line of it, and exit code 6 means that a result is wrong. The cases and
their exact solutions are in `solver/oxycell/verification/`, one function each. This page checks whether the equations
are solved correctly; for comparison with measurements see [validation](validation.md).

**Error** is the difference between computed and exact value divided by the exact value, for temperatures divided by the
temperature difference that drives the problem, on the last of the **meshes** (cells along a typical length). Where the
scheme is exact, one mesh is used and the allowed error is that of round-off and solver tolerance. Elsewhere the
**order** of convergence between the last two meshes has to lie in the theoretical range: 2, or less where the solution
is singular, as stated for the problem.

Problems in **time** are solved on one mesh with fixed numbers of steps (`transient.step`), which stand in the place of
the meshes; for those of the daily wave it is steps between two points of the table. The error is that against the
exact solution, mesh and all; the order is that of the error in time alone: against the exact solution of the equations
on the same cells, or, where that is not known, between successive numbers of steps. It has to be 1.9 to 2.1. Without
a check, because this version does not model it: alumina that differs from place to place in the bath.

"""


_COLUMNS = (
    "check",
    "problem",
    "source",
    "exact",
    "computed",
    "unit",
    "meshes or steps",
    "error",
    "allowed",
    "order",
    "allowed",
)
_LABELS = {"time": "in time"}


def line(result):
    """One line of the table on the screen."""
    check, order = result.check, ""
    if len(check.meshes) > 1:
        order = f"{_number(result.order, '.2f')} in {check.order[0]:g}..{check.order[1]:g}"
    error = _number(result.errors[-1] if result.errors else None, ".1e")
    return (
        f"{check.name:<30} {result.exact:>13.8g} {result.measured:>13.8g} {check.unit:<4} {error:>8} "
        f"{check.tolerance:>8.1e}  "
        f"{order:<16} {result.seconds:>5.2f}" + "".join(f"\n  FAILED: {failure}" for failure in result.failures)
    )


def page(results):
    """The table as a page of the documentation, Markdown.

    Parameters
    ----------
    results : sequence of Result, in the order of the checks
    """
    count = {kind: sum(result.check.physics == kind for result in results) for kind in PHYSICS}
    text = [
        PAGE,
        f"{len(results)} checks: {', '.join(f'{number} {_LABELS.get(kind, kind)}' for kind, number in count.items())}; "
        f"{sum(result.passed for result in results)} pass.\n",
    ]
    for physics, group in groupby(
        sorted(results, key=lambda result: list(count).index(result.check.physics)), lambda r: r.check.physics
    ):
        text += [
            f"\n## {physics.capitalize()}\n",
            f"| {' | '.join(_COLUMNS)} |",
            "|" + "---|" * len(_COLUMNS),
        ]
        text += [_row(result) for result in group]
    return "\n".join(text) + "\n"


def _row(result):
    check = result.check
    orders = (
        (_number(result.order, ".2f"), f"{check.order[0]:g}–{check.order[1]:g}") if len(check.meshes) > 1 else ("", "")
    )
    error = _number(result.errors[-1] if result.errors else None, ".1e")
    cells = (
        f"`{check.name}`",
        f"{check.kind}: {check.title}",
        check.source,
        f"{result.exact:.8g}",
        f"{result.measured:.8g}" + ("" if result.passed else " **FAILED**"),
        check.unit,
        ", ".join(map(str, check.meshes)) if len(check.meshes) > 1 else "",
        error,
        f"{check.tolerance:.1e}",
        *orders,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _number(value, form):
    return "none" if value is None else format(value, form)
