"""Block `claims`: published statements about a cell compared with a run."""

from typing import Any

from oxycell.case.published import statements
from oxycell.report.figure import AS_NAMED, TEXT, Figure, Tree
from oxycell.report.statements import COMPARISONS, UNKNOWN, Finding, Run


def claims(case: Any, figures: Tree) -> list[Tree]:
    """Block `claims`: every statement of the sets a case asks for.

    Parameters
    ----------
    case : Case
    figures : dict with the blocks `productivity`, `emissions`, `anodes`, `terminals` and `voltage`

    Returns
    -------
    list of dict : `name`, `text`, `source`, `date`, `tag`, `published`, `computed`, `verdict`, `why`, `numbers`
    """
    made = figures["productivity"]
    asked = [statement for statement in statements().values() if set(statement.sets) & set(case.claims)]
    if made["specific_energy_kWh_per_kg"] is None or not figures["anodes"]["list"]:
        found = [
            Finding(UNKNOWN, "nothing", "The run has no metal, voltage and anodes to compare with.", {}) for _ in asked
        ]
    elif case.process.reaction != "oxygen":
        found = [
            Finding(UNKNOWN, "nothing", "The statement is about cells that evolve oxygen; this one burns carbon.", {})
            for _ in asked
        ]
    else:
        current = sum(abs(terminal["current_A"]) for terminal in figures["terminals"].values()) / 2.0
        run = Run(case, made, figures["emissions"], figures["anodes"], current, figures["voltage"]["cell_V"])
        found = [COMPARISONS[statement.about](statement.values, run) for statement in asked]
    return [
        {
            "name": statement.name,
            "text": statement.text,
            "source": statement.source,
            "date": statement.date,
            "tag": statement.tag,
            "published": statement.published,
            "computed": finding.computed,
            "verdict": finding.verdict,
            "why": finding.why,
            "numbers": finding.numbers,
        }
        for statement, finding in zip(asked, found, strict=True)
    ]


def _claims(solved):
    blocks = ("productivity", "emissions", "anodes", "terminals", "voltage")
    return claims(solved.case, {name: solved.block(name) for name in blocks})


def _text(key, label, formula):
    return Figure(f"claims.*.{key}", TEXT, label, formula, views=())


FIGURES = (
    Figure(
        "claims",
        TEXT,
        "published statements",
        "published figures against productivity, emissions, anodes and voltage of this report",
        compute=_claims,
        note="see [claims](claims.md)",
        views=(),
    ),
    _text("name", "name", "of the statement"),
    _text("text", "statement", "in our words"),
    _text("source", "source", "of the statement"),
    _text("date", "date", "of the statement"),
    _text("tag", "basis", "L looked up, M from memory"),
    _text("published", "published", "what the statement says"),
    _text("computed", "computed", "what this run gives"),
    _text("verdict", "verdict", "computed against published"),
    _text("why", "reason", "composed of the numbers of the entry"),
    Figure(
        "claims.*.numbers.*",
        AS_NAMED,
        "numbers of the reason",
        "by the statement, from productivity, emissions, anodes and voltage of this report",
        views=(),
    ),
)
