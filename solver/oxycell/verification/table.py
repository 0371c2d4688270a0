"""The verification table: a line for each check on the screen, a page for the documentation."""

from itertools import groupby

HEADING = (
    f"{'check':<30} {'exact':>13} {'computed':>13} {'unit':<4} {'error':>8} {'allowed':>8}  {'order':<16} {'s':>5}"
)

PAGE = """\
# Verification

Problems whose answer is known otherwise, solved as a user would solve them: a case in the public vocabulary, the
public Python interface, numbers of the report and of the record. Written by `oxycell verify -o docs/verification.md`;
`oxycell verify` makes the table anew on your machine, `oxycell verify NAME` one line of it, and exit code 6 says that
one is wrong. The cases stand with their exact answers in `solver/oxycell/verification/`, a function each. This page
asks whether the equations are solved right; what measurements say of them is on another, [validation](validation.md).

**Error** is the difference of computed and exact answer over the exact one, of temperatures over the difference of
temperature that drives the problem, on the last of the **meshes** (cells along a typical length). Where the scheme is
exact there is one mesh, and what is allowed is round-off and the solver's own tolerance. Elsewhere the **order** of
convergence between the last two meshes has to lie in the range that theory gives: 2, less where the solution is
singular, as the problem's line says.

"""


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
    count = {
        kind: sum(result.check.physics == kind for result in results) for kind in ("thermal", "electric", "coupled")
    }
    text = [
        PAGE,
        f"{len(results)} checks: {', '.join(f'{number} {kind}' for kind, number in count.items())}; "
        f"{sum(result.passed for result in results)} pass.\n",
    ]
    for physics, group in groupby(
        sorted(results, key=lambda result: list(count).index(result.check.physics)), lambda r: r.check.physics
    ):
        text += [
            f"\n## {physics.capitalize()}\n",
            "| check | problem | source | exact | computed | unit | meshes | error | allowed | order | allowed |",
            "|---|---|---|---|---|---|---|---|---|---|---|",
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
