"""One solve after another until a figure of the report takes the value that was asked for: `[operating_point]` of a
case."""

from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise

import numpy as np

from oxycell.case.building.build import expand
from oxycell.case.messages import dotted
from oxycell.case.overrides import parse_key
from oxycell.case.solving.solve import first_guess
from oxycell.case.writing import plain_data
from oxycell.errors import CaseError, Frozen, NotConverged
from oxycell.limits import CHARGE_LIMIT, HEAT_LIMIT
from oxycell.mesh.build import planes_and_cells
from oxycell.numerics.bracketing import Trial, find_root
from oxycell.report import report
from oxycell.report.operating_point import DIFFERENCES, target, trend_when_freezing
from oxycell.report.registry import unit_of
from oxycell.units import format_quantity, in_unit, parse_difference, parse_quantity, unit_of_text

_HOT = 1000.0  # [K] of which temperature differences of a cell are taken [E]
_ROUND_OFF = 1e-14  # relative, of a figure
FROZEN, FAILED = "the bath freezes", "does not converge"


@dataclass(frozen=True)
class Scalar:
    """A number as the case writes it: unit in SI (empty for a pure number), and the unit it is shown in."""

    key: str
    unit: str
    shown_unit: str

    def text(self, value):
        """As a case file states it, to full precision."""
        return format_quantity(value, self.unit) if self.unit else value

    def shown(self, value):
        """As a person reads it."""
        return f"{in_unit(value, self.unit, self.shown_unit):.6g} {self.shown_unit}" if self.unit else f"{value:.6g}"


@dataclass(frozen=True)
class Question:
    """A checked `[operating_point]`: which number between which, for which figure to be what, all in SI."""

    unknown: Scalar
    low: float
    high: float
    start: float | None
    target: Scalar
    value: float
    tolerance: float
    solves: int

    @property
    def interval(self):
        """Where the unknown may lie, as a person reads it."""
        return f"{self.unknown.shown(self.low)} to {self.unknown.shown(self.high)}"


def solve_operating_point(case, solve_as_stated, progress=None):
    """Find the value of the unknown and solve with it.

    Parameters
    ----------
    case : Case with `operating_point`
    solve_as_stated : (case, progress) → (solution, figures), as `run.solve_with_report` without an operating point
    progress : function called with a dict after each step and each solve, or None

    Returns
    -------
    solution : Solution, its case has the value found in place of the unknown
    figures : dict, its report with the block `operating_point`

    Raises
    ------
    CaseError
        The question makes no sense for this case.
    NotConverged
        No value between the limits gives the figure; `solution` is the nearest that was found.
    """
    question = check(case)
    case = with_cells_held(case, question)
    history, found = [], {}

    def ask(x):
        number, shown = len(found) + 1, question.unknown.shown(x)

        def step(row):
            history.append({"solve": number, "unknown": x, **row})
            if progress:
                progress(row | {"solve": number})

        outcome, y = "solved", None
        try:
            solution, figures = solve_as_stated(case.replaced({question.unknown.key: question.unknown.text(x)}), step)
            y = target(solution.case, solution.record, figures, question.target.key)
            if y is None:
                outcome = "has no such figure"
        except NotConverged as error:
            solution, outcome = error.solution, FROZEN if isinstance(error, Frozen) else FAILED
        _keep_nearest(found, x, y, outcome, solution, question.value)
        if progress:
            progress({"solve": number, "tried": f"{question.unknown.key} = {shown}: " + _outcome(question, y, outcome)})
        side = trend_when_freezing(question.target.key) if outcome == FROZEN else 0
        return Trial(x, None, side) if y is None else Trial(x, y - question.value, int(np.sign(y - question.value)))

    trials = find_root(ask, question.low, question.high, question.start, question.tolerance, question.solves)
    best = next((x for x, (*_, solution) in found.items() if solution is not None), None)
    solution = None if best is None else _recorded(found[best][2], question, best, found, history)
    if trials[-1].y is None or abs(trials[-1].y) > question.tolerance:
        message = failure(question, trials, found)
        raise NotConverged(message, solution=solution and solution.failed([message]))
    return solution, report(solution)


def _keep_nearest(found, x, y, outcome, solution, value):
    """Add a trial to x → (figure, outcome, solution); only the one nearest to the value keeps its solution."""
    held = next((key for key, entry in found.items() if entry[2] is not None), None)
    nearer = held is None or found[held][0] is None or (y is not None and abs(y - value) < abs(found[held][0] - value))
    if held is not None and nearer:
        found[held] = (*found[held][:2], None)
    found[x] = (y, outcome, solution if nearer else None)


def _recorded(solution, question, x, found, history):
    """The solution with the search in its record, its history and its status."""
    tried = {
        "value": x,
        "asked": question.value,
        "tolerance": question.tolerance,
        "unknown_unit": question.unknown.unit,
        "tried": np.array(list(found)),
        "target": np.array([np.nan if y is None else y for y, *_ in found.values()]),
        "outcome": [outcome for _, outcome, _ in found.values()],
    }
    status = {**solution.record["status"], "outer_iterations": len(history)}
    record = {**solution.record, "status": status, "operating_point": tried}
    return replace(solution, record=record, status=status, history=history)


def _outcome(question, y, outcome):
    return (
        outcome
        if y is None
        else f"{question.target.key} = {question.target.shown(y)}, asked {question.target.shown(question.value)}"
    )


def failure(question, trials, found):
    """Why no value was found, with what was seen at the ends of the interval and on both sides of where solutions
    end."""
    ordered = sorted(trials, key=lambda trial: trial.x)
    told = {ordered[0].x, ordered[-1].x}
    for a, b in pairwise(ordered):
        if (a.y is None) != (b.y is None) or (a.y is not None and a.side * b.side < 0):
            told |= {a.x, b.x}
    seen = [
        f"at {question.unknown.shown(trial.x)} "
        + (found[trial.x][1] if trial.y is None else f"it is {question.target.shown(found[trial.x][0])}")
        for trial in ordered
        if trial.x in told
    ]
    return (
        f"operating point: in {len(trials)} solves no {question.unknown.key} from {question.interval} was found that "
        f"gives {question.target.key} = {question.target.shown(question.value)}; {'; '.join(seen)}"
    )


def check(case):
    """The question of a case, checked before anything is solved.

    Raises
    ------
    CaseError
        The unknown is no number of the case, the target none of its report, a unit is wrong, the interval empty.
    """
    asked = case.operating_point
    unit, start = _unknown(case, asked.unknown)
    low, high = (_value(text, unit, "between") for text in asked.between)
    if not low < high:
        raise CaseError(
            f"operating_point.between: {asked.between[0]} to {asked.between[1]} is not an interval; allowed: the "
            f"smaller first"
        )
    for value, text in zip((low, high), asked.between, strict=True):
        try:
            expand(case.replaced({asked.unknown: format_quantity(value, unit) if unit else value}))
        except CaseError as error:
            raise CaseError(
                f"operating_point.between: {text} is not possible: {str(error).removeprefix('replaced: ')}"
            ) from None
    guess = first_guess(case)
    target(case, guess.record, report(guess), asked.target)
    wanted = unit_of(asked.target)
    difference = asked.target in DIFFERENCES
    value = _value(asked.value, wanted, "value", difference)
    tolerance = 1e-4 * abs(value) if asked.tolerance is None else _value(asked.tolerance, wanted, "tolerance", True)
    if not tolerance > 0.0:
        raise CaseError(
            "operating_point.tolerance: must be more than 0; allowed: the permitted deviation of the figure"
        )
    least = _resolved(guess.case, value, difference)
    if tolerance < least:
        raise CaseError(
            f"operating_point.tolerance: {tolerance:.3g} {wanted} is below the accuracy of a solve, solver.tolerance "
            f"times the ledger's limit of the value: {least:.3g} {wanted}; allowed: that or more, or a smaller "
            "solver.tolerance"
        )
    return Question(
        Scalar(asked.unknown, unit, _shown_unit(asked.between[0], unit)),
        low,
        high,
        start,
        Scalar(asked.target, wanted, "K" if difference else _shown_unit(asked.value, wanted)),
        value,
        tolerance,
        asked.solves,
    )


def _resolved(case, value, difference):
    """Error [SI] that a figure of this value may have in a solve that converged: by the share that balances may be."""
    share = case.solver.tolerance * (HEAT_LIMIT if case.physics.thermal else CHARGE_LIMIT)
    return max(share, _ROUND_OFF) * (_HOT if difference else abs(value))


def _unknown(case, key):
    """Unit and present value of a number of the case."""
    data = {name: entry for name, entry in plain_data(case).items() if name != "operating_point"}
    values, wanted = dict(_values(data, ())), dotted(parse_key(key))
    if wanted not in values:
        last, numbers = wanted.rsplit(".", 1)[-1], [name for name, number in values.items() if number]
        near = [name for name in numbers if name.rsplit(".", 1)[-1] == last] or get_close_matches(
            wanted, numbers, 1, 0.5
        )
        hint = f", nearest is {near[0]}" if near else ""
        raise CaseError(
            f"operating_point.unknown: {key}: the case gives no value of this name{hint}; allowed: the dotted key "
            f"of a number"
        )
    if values[wanted] is None:
        raise CaseError(
            f"operating_point.unknown: {key}: is not a number that can vary continuously; allowed: the dotted key of "
            f"such a number"
        )
    return values[wanted]


def _values(node, path):
    """(dotted key, what it holds) of every value of plain data: (unit, SI value) of a number that is no count, None of
    others."""
    if isinstance(node, dict | list):
        for key, entry in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _values(entry, (*path, key))
    elif isinstance(node, str) and (unit := unit_of_text(node)):
        yield dotted(path), (unit, float(node.removesuffix(unit)))
    else:
        yield dotted(path), ("", node) if isinstance(node, float) else None


def _value(stated, unit, key, difference=False):
    """A number of `[operating_point]` in SI; text with a unit where it has one."""
    if bool(unit) != isinstance(stated, str):
        allowed = f"text with a unit that converts to {unit}" if unit else "a number without a unit"
        raise CaseError(f"operating_point.{key}: {stated!r}: allowed: {allowed}")
    if not unit:
        return float(stated)
    try:
        return (parse_difference if difference else parse_quantity)(stated, unit)
    except CaseError as error:
        raise CaseError(f"operating_point.{key}: {error}") from None


def _shown_unit(stated, unit):
    return unit_of_text(stated) if unit else ""


def with_cells_held(case, question):
    """The case with as many cells between mesh planes as it has in the middle of the interval.

    Numbers that follow a dimension would jump where the dimension passes a limit, and the figure with them.
    """
    if case.mesh.file is not None:
        return case
    key, text = question.unknown.key, question.unknown.text
    ends, middle = [], question.low + 0.5 * (question.high - question.low)
    for x in (question.low, middle, question.high):
        there = expand(case.replaced({key: text(x)}))
        ends.append(planes_and_cells(there.boxes, there.mesh))
    changes = {}
    for axis in "xyz":
        (low, _), (_, cells), (high, _) = (end[axis] for end in ends)
        if low.size != high.size or low.size != len(cells) + 1:
            raise CaseError(
                f"operating_point.between: {question.interval}: mesh planes across {axis} merge or separate in it, and "
                "the figure would jump; allowed: a narrower interval"
            )
        if not np.array_equal(low, high):
            changes[f"mesh.cells_{axis}"] = list(cells)
    return case.replaced(changes)
