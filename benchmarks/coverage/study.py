"""Whether the truth lies inside ±: problems with exact answers, factors from half of them tried on the rest."""

import math
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.coverage import edges, fronts, kinetics, layered, smooth
from benchmarks.coverage.known import KINDS
from benchmarks.tables import table
from oxycell.case.case import Case
from oxycell.report.convergence import ACROSS_FRONT, LOW_ORDER, PLAIN, ROUND_OFF
from oxycell.report.error_bars import error_bars, kind_of
from oxycell.run import solve_with_report

PROBLEMS = (*edges.PROBLEMS, *smooth.PROBLEMS, *layered.PROBLEMS, *kinetics.PROBLEMS, *fronts.PROBLEMS)
PAGE, MARKS = Path(__file__).parents[2] / "docs" / "error-bars.md", ("<!-- coverage -->", "<!-- end -->")
WANTED, CALIBRATED = 0.90, 0.95
"""Share of figures whose truth has to lie inside ±; share the factors are calibrated to."""


@dataclass(frozen=True)
class Held:
    """A figure's ± held against the truth.

    Attributes
    ----------
    problem, kind, key : str
    meshes : int, how many ± rests on
    number : mesh number of the coarsest of them
    entry : dict of `error_bars`
    truth : float
    half : 0 or 1; factors from the one are tried on the other
    """

    problem: str
    kind: str
    key: str
    meshes: int
    number: int
    entry: dict
    truth: float
    half: int

    @property
    def error(self):
        """Of the value on the finest mesh."""
        return abs(self.entry["values"][-1] - self.truth)

    @property
    def inside(self):
        """Whether the truth lies inside ±."""
        return bool(self.error <= self.entry["uncertainty"])

    @property
    def width(self):
        """± over the true error."""
        return self.entry["uncertainty"] / self.error if self.error else math.inf

    @property
    def exact(self):
        """Whether no mesh errs: figures that the scheme has exactly tell nothing about ±."""
        size = ROUND_OFF * max(abs(self.truth), *map(abs, self.entry["values"]))
        return all(abs(value - self.truth) <= size for value in self.entry["values"])


def solved(problem):
    """Reports of a problem: for each of its sequences the mesh numbers, the reports and the exact values."""
    for numbers in problem.numbers:
        posed = [problem.pose(n) for n in numbers]
        yield (
            numbers,
            [solve_with_report(Case.model_validate(one.case), None, one.fields)[1] for one in posed],
            posed[-1].exact,
        )


def held(problem, half, bars=error_bars):
    """All figures of a problem held against the truth, from two and from three meshes.

    Parameters
    ----------
    problem : Known
    half : see `Held`
    bars : what makes the block `error_bars`
    """
    found = []
    for numbers, reports, exact in solved(problem):
        for meshes in (2, 3):
            for i in range(len(reports) - meshes + 1):
                figures = bars(reports[i : i + meshes], numbers[i : i + meshes])["figures"]
                found += [
                    Held(problem.name, problem.kind, key, meshes, numbers[i], figures[key], truth, half)
                    for key, truth in exact.items()
                    if key in figures
                ]
    return [one for one in found if not one.exact]


def study(problems=PROBLEMS, say=lambda text: None):
    """Every problem held against the truth; problems of each kind count in turn to the first and to the second half."""
    found = []
    for kind in KINDS:
        for i, problem in enumerate(problem for problem in problems if problem.kind == kind):
            start = time.perf_counter()
            found += held(problem, i % 2)
            say(f"{problem.name}: {time.perf_counter() - start:.1f} s")
    return found


def covered(several):
    """Share of figures whose truth lies inside ±; NaN of none."""
    several = list(several)
    return sum(one.inside for one in several) / len(several) if several else math.nan


def factor_needed(several, share=CALIBRATED):
    """Least number that ± must be multiplied with for a share of the figures to be inside."""
    needed = sorted(one.error / one.entry["uncertainty"] if one.entry["uncertainty"] else math.inf for one in several)
    return needed[min(math.ceil(share * len(needed)), len(needed)) - 1]


def coverage_rows(found):
    """Rows of the table by kind of problem, for two and three meshes."""
    rows = [
        (
            "meshes",
            "problems of kind",
            "problems",
            "figures",
            "truth inside ±",
            "in the first half",
            "in the second half",
            "median of ±/error",
            "nine tenths below",
        )
    ]
    for meshes in (2, 3):
        mine = [one for one in found if one.meshes == meshes]
        for kind in (*KINDS, "all"):
            here = [one for one in mine if kind in (one.kind, "all")]
            if here:
                widths = sorted(one.width for one in here)
                rows.append(
                    (
                        str(meshes),
                        kind,
                        str(len({one.problem for one in here})),
                        str(len(here)),
                        *(
                            f"{100 * covered(one for one in here if one.half in halves):.1f} %"
                            for halves in ((0, 1), (0,), (1,))
                        ),
                        f"{statistics.median(widths):.2f}",
                        f"{widths[int(0.9 * len(widths))]:.1f}",
                    )
                )
    return rows


def factor_rows(found):
    """Rows: the factors in use, what either half alone needs of them for 95 % of its figures, and what that makes of
    the other half."""
    rows = [
        (
            "meshes",
            "figures",
            "number",
            "factor in use",
            "first half needs",
            "second half with that",
            "second half needs",
            "first half with that",
        )
    ]
    for meshes in (2, 3):
        for name, kind in (
            ("place of a ledge, peaks", LOW_ORDER),
            ("heat into a ledge", ACROSS_FRONT),
            ("others", PLAIN),
        ):
            here = [one for one in found if one.meshes == meshes and kind_of(one.key) is kind and not one.entry["flag"]]
            halves = [[one for one in here if one.half == half] for half in (0, 1)]
            if all(halves):
                use = (kind.two / (2.0**kind.order - 1.0)) if meshes == 2 else kind.three
                row = [str(meshes), name, str(len(here)), f"{use:.2f}"]
                for mine, other in (halves, halves[::-1]):
                    needed = factor_needed(mine)
                    inside = sum(one.error <= needed * one.entry["uncertainty"] for one in other) / len(other)
                    row += [f"{use * needed:.2f}", f"{100 * inside:.1f} %"]
                rows.append(tuple(row))
    return rows


def missed_rows(found):
    """Rows: figures whose truth lies outside, worst of each problem's figures, with the factor that was wanting."""
    worst = {}
    for one in found:
        if not one.inside:
            key = one.meshes, one.problem, one.key
            if key not in worst or one.width < worst[key].width:
                worst[key] = one
    count = {key: sum((one.meshes, one.problem, one.key) == key and not one.inside for one in found) for key in worst}
    return [
        ("meshes", "problem", "figure", "times outside", "error/±, worst", "± rests on"),
        *(
            (
                str(key[0]),
                key[1],
                f"`{key[2]}`",
                str(count[key]),
                f"{1.0 / one.width:.2f}" if one.width > 1e-6 else "no change",
                one.entry["basis"],
            )
            for key, one in worst.items()
        ),
    ]


def problem_rows(problems):
    """Rows: what was solved."""
    return [
        ("problem", "kind", "meshes", "what, and what makes it hard", "exact answer from"),
        *(
            (
                f"`{one.name}`",
                one.kind,
                "; ".join(", ".join(map(str, numbers)) for numbers in one.numbers),
                one.title,
                one.source,
            )
            for one in problems
        ),
    ]


def as_text(found, problems=PROBLEMS):
    """All tables."""
    return "\n\n".join(
        [
            f"Coverage on {len({one.problem for one in found})} problems with exact answers:",
            table(coverage_rows(found)),
            f"Factors, and what puts {100 * CALIBRATED:.0f} % of the figures inside that are not flagged:",
            table(factor_rows(found)),
            "Where the truth lies outside:",
            table(missed_rows(found)),
            "The problems:",
            table(problem_rows(problems)),
        ]
    )


def main(publish=False):
    """Measure, print the tables, put them into docs/error-bars.md if asked; exit code 0, or 1 where too few figures
    hold the truth."""
    found = study(say=lambda text: print(text, file=sys.stderr, flush=True))
    text = as_text(found)
    print(text)
    if publish:
        before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
        PAGE.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{rest.split(MARKS[1])[1]}", encoding="utf-8")
    return int(any(covered(one for one in found if one.meshes == meshes) < WANTED for meshes in (2, 3)))
