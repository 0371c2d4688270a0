"""The values of a case over time: which times a run has to hit, and the case at each of them."""

from bisect import bisect_left, insort
from dataclasses import replace
from itertools import pairwise
from typing import Any

from oxycell.case.building.schedules import (
    Course,
    Value,
    check_layout,
    layout,
    over_time,
    scheduled,
    without_schedule,
)
from oxycell.case.building.supply import supply_over_time
from oxycell.case.case import Case
from oxycell.case.messages import dotted
from oxycell.errors import CaseError
from oxycell.mesh.moving import shifts
from oxycell.units import format_quantity

_SAME = 1e-9
"""Times closer than this share of the run are one."""
_APART = 4.0
"""Points of one table have to be so many times farther apart, so that no two of them become one."""
_MOST_OUTPUTS = 100_000


class Timeline:
    """Times and values of a run over time.

    Attributes
    ----------
    start, end : float [s]
    outputs : tuple of float [s], increasing; start and end are among them
    kinks : tuple of float [s], increasing, strictly between start and end: where a value over time bends or jumps
    jumps : tuple of float [s], increasing, from start on and before end: where a value over time jumps
    events : tuple of float [s], increasing: what steps have to end at, kinks and outputs after the start, end included
    supply : SupplyOverTime or None, what is fed and tapped where masses are counted

    Times of different tables and outputs that differ by less than 1e-9 of the run are one and the same float.
    """

    def __init__(self, case: Case) -> None:
        """Check the schedule of a case.

        Parameters
        ----------
        case : Case with `transient`, not expanded

        Raises
        ------
        CaseError
            The end is not after the start; an output lies outside; a table cannot be followed. The message begins with
            the key.
        """
        options = case.transient
        if options is None:
            raise CaseError("transient: the case has no such section; allowed: [transient] with end")
        if case.operating_point is not None:
            raise CaseError("operating_point: belongs to a steady state; allowed: [operating_point] or [transient]")
        self.start, self.end = case.time, options.end
        if not self.end > self.start:
            raise CaseError(
                f"transient.end: {self.end:.6g} s is not after the start, time = {self.start:.6g} s; allowed: a later "
                "time"
            )
        self._case, self._cases = case, dict[tuple[Value, ...], Case]()
        self._recent: tuple[tuple[Any, ...], Case] | None = None
        joined = _Joined(self.start, self.end)
        changing = scheduled(case)
        steady = without_schedule(case, {})
        self._scheduled = [
            _followed(course, joined, dotted(("transient", "schedule", course.key))) for course in changing
        ]
        self._courses = self._scheduled + [_followed(course, joined, course.key) for course in over_time(steady)]
        self.supply = supply_over_time(
            options, self.start, self.end, lambda course, key: _followed(course, joined, key)
        )
        self._supplied = (
            []
            if self.supply is None
            else [course for course in (self.supply.fed, self.supply.relative) if course.key in options.schedule]
        )
        kinks = {time for course in self._courses for time in course.kinks()}
        kinks |= set() if self.supply is None else self.supply.kinks()
        self.kinks = tuple(sorted(time for time in kinks if self.start < time < self.end))
        self.jumps = tuple(time for time in (self.start, *self.kinks) if self._jumps_at(time))
        self.outputs = tuple(_outputs(options.outputs, joined))
        self.events = tuple(sorted({*self.kinks, *self.outputs} - {self.start}))
        self._constant: dict[tuple[Value, ...], float] = {}
        for low, high in pairwise((self.start, *self.kinks, self.end)):
            if self.constant(low, high):
                self._constant.setdefault(self._values(low, "after"), low)
        self._check_all()

    def case_at(self, time: float, side: str = "after") -> Case:
        """The case at an instant, as a steady one: without `transient`, scheduled values put in.

        Parameters
        ----------
        time : float [s]
        side : "before" or "after", which value counts where one jumps

        Returns
        -------
        Case
            Tables over time that the case states itself stay in it; its `time` is the instant they are to be taken at.
            Whenever all values are those of a constant stretch, the one object of that stretch, whose `time` is the
            beginning of the first stretch with these values.
        """
        values = self._values(time, side)
        instant = self._constant.get(values)
        if instant is not None:
            if values not in self._cases:
                self._cases[values] = self._made(instant, values)
            return self._cases[values]
        if self._recent is None or self._recent[0] != (time, *values):
            self._recent = (time, *values), self._made(time, values)
        return self._recent[1]

    def values_at(self, time: float, side: str = "after") -> dict[str, Value]:
        """Scheduled values at an instant: dotted key → number in SI, true/false or choice."""
        courses = [*self._scheduled, *self._supplied]
        return {course.key: course.at(time, _checked(side)) for course in courses}

    def constant(self, low: float, high: float) -> bool:
        """Whether nothing changes strictly between two times [s] of the run."""
        inside = any(low < time < high for time in self.kinks)
        return not inside and self._values(low, "after") == self._values(high, "before")

    def _values(self, time: float, side: str) -> tuple[Value, ...]:
        side = _checked(side)
        return tuple(course.at(time, side) for course in self._courses)

    def _jumps_at(self, time: float) -> bool:
        courses = [*self._courses, *self._supplied]
        return any(course.at(time, "before") != course.at(time, "after") for course in courses)

    def _made(self, time: float, values: tuple[Value, ...]) -> Case:
        changes = {course.key: course.stated(value) for course, value in zip(self._scheduled, values, strict=False)}
        return without_schedule(self._case, {"time": format_quantity(float(time), "s"), **changes})

    def _check_all(self) -> None:
        """CaseError where values that are allowed one by one contradict each other at some time, or boxes do not stay
        in order."""
        first = None
        several = len(self._scheduled) > 1 or any(course.moves for course in self._scheduled)
        for time in (self.start, *self.kinks, self.end) if several else ():
            for side in ("before", "after"):
                try:
                    found = layout(self.case_at(time, side))
                    first = first or found
                    check_layout(found, first)
                    shifts(first.boxes, first.mesh, found.boxes)
                except CaseError as error:
                    raise self.refused(time, side, str(error).removeprefix("replaced: ")) from None

    def refused(self, time: float, side: str, why: str) -> CaseError:
        """CaseError about a case that cannot be at a time [s], on a side of a jump there, with the values of what moves
        the geometry."""
        moving = {course.key: course.stated(course.at(time, side)) for course in self._scheduled if course.moves}
        if not moving:
            return CaseError(f"transient.schedule: at {time:.10g} s, {side} any jump: {why}")
        (key, value), *others = moving.items()
        place = ("transient", "schedule", key)
        more = "".join(f", with {dotted((other,))} = {there}" for other, there in others)
        error = CaseError(f"{dotted(place)}: {value} at {time:.10g} s{more}: {why}")
        error.place = place
        return error


class _Joined:
    """Times of a run, those that differ by rounding joined: each time becomes the first that was met near it."""

    def __init__(self, start: float, end: float) -> None:
        self.start, self.end = start, end
        self.near = _SAME * (end - start)
        self.known = [start, end]

    def __call__(self, time: float) -> float:
        number = bisect_left(self.known, time)
        for known in self.known[max(number - 1, 0) : number + 1]:
            if abs(known - time) <= self.near:
                return known
        insort(self.known, time)
        return time


def _followed(course: Course, joined: _Joined, key: str) -> Course:
    """A course with the times of the run."""
    least = _APART * joined.near
    for number, (before, here) in enumerate(pairwise(course.times), 1):
        if before < here < before + least:
            raise CaseError(
                f"{key}.time.{number}: {here - before:.3g} s after the point before it, too close for a run of "
                f"{joined.end - joined.start:.6g} s; allowed: at least {least:.3g} s, or in [transient.schedule] two "
                "equal times"
            )
    return replace(course, times=tuple(joined(time) for time in course.times))


def _outputs(stated: float | tuple[float, ...], joined: _Joined) -> list[float]:
    """Times of output [s], increasing, start and end among them."""
    start, end = joined.start, joined.end
    if isinstance(stated, tuple):
        for number, time in enumerate(stated):
            if not start - joined.near <= time <= end + joined.near:
                raise CaseError(
                    f"transient.outputs.{number}: {time:.6g} s is outside the run; allowed: {start:.6g} to {end:.6g} s"
                )
        times = list(stated)
    else:
        whole = (end - start) / stated
        if whole > _MOST_OUTPUTS:
            raise CaseError(
                f"transient.outputs: every {stated:.6g} s makes {whole:.3g} outputs; allowed: at most {_MOST_OUTPUTS}"
            )
        # Decimal-friendly: three times 0.1 s is 0.3 s.
        times = [float(f"{start + count * stated:.15g}") for count in range(1, int(whole) + 1)]
    return sorted({start, end, *map(joined, times)})


def _checked(side: str) -> str:
    if side not in ("before", "after"):
        raise ValueError(f'side is {side!r}; allowed: "before", "after"')
    return side
