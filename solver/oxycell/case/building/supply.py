"""Case → alumina that is fed and metal that is tapped at every time of a run."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from oxycell.arrays import Floats
from oxycell.case.building.masses import AS_USED
from oxycell.case.building.schedules import OVER_TIME, Course
from oxycell.case.messages import Source, dotted, validate
from oxycell.case.transient import Feed, Schedule, Tapping, Transient
from oxycell.errors import CaseError
from oxycell.physics.heat.masses import Supply


class SupplyOverTime(NamedTuple):
    """What is fed and tapped over time.

    Attributes
    ----------
    fed, relative, tapped : Course, as in `physics.heat.masses.Supply`
    doses : dict time [s] → fast and slow alumina (2,) [kg] of the whole cell that is fed at once then
    mean : [kg/s], of doses
    """

    fed: Course
    relative: Course
    tapped: Course
    doses: dict[float, Floats]
    mean: float

    def at(self, time: float, side: str) -> Supply:
        """Supply at a time [s]; `side`: "before" or "after", which value counts where one jumps."""
        return Supply(*(float(course.at(time, side)) for course in (self.fed, self.relative, self.tapped)))

    def before(self, start: float) -> Supply:
        """Supply before the start [s], at which the stock settled: of single doses their mean."""
        found = self.at(start, "before")
        return found._replace(fed=found.fed + self.mean)

    def kinks(self) -> set[float]:
        """Times [s] at which it bends or jumps."""
        return {*self.doses, *self.fed.kinks(), *self.relative.kinks(), *self.tapped.kinks()}


def supply_over_time(
    options: Transient, start: float, end: float, followed: Callable[[Course, str], Course]
) -> SupplyOverTime | None:
    """What `[transient.feed]` and `[transient.tapping]` say; None without either.

    Parameters
    ----------
    options : Transient; start, end : [s], of the run
    followed : function of a Course and its key → the Course with the times of the run, see `Timeline`

    Raises
    ------
    CaseError
        Times outside the run or in each other, or a table of a value that is not there.
    """
    tables = {key: table for key, table in options.schedule.items() if key in OVER_TIME}
    if options.feed is None and tables:
        raise _refused(("schedule", next(iter(tables))), "there is no [transient.feed]; allowed: with it")
    if options.feed is None and options.tapping is None:
        return None
    feed = options.feed or AS_USED
    courses = []
    for key in OVER_TIME:
        name = key.rpartition(".")[2]
        stated = getattr(feed, name)
        if key in tables and stated is None:
            raise _refused(("schedule", key), f"transient.feed states no {name}; allowed: tables of what it states")
        course = _course(key, name, tables[key]) if key in tables else _constant(key, stated or 0.0, start)
        courses.append(followed(course, dotted(("transient", "schedule", key))))
    doses, mean = {}, 0.0
    if feed.dose is not None and feed.interval is not None:
        mean = feed.dose / feed.interval
        single = feed.dose * np.array([feed.fast_share, 1.0 - feed.fast_share])
        times = _every(feed.interval, start, end, ("feed", "interval"))
        doses = dict.fromkeys(followed(Course("", times, (0.0,) * len(times)), "transient.feed.interval").times, single)
    tapped = followed(_tapped(options.tapping, start, end), "transient.tapping.times")
    rate, relative = courses
    return SupplyOverTime(rate, relative, tapped, doses, mean)


def _constant(key: str, value: float, start: float) -> Course:
    return Course(key, (start, start), (value, value))


def _course(key: str, name: str, table: Schedule) -> Course:
    """A table of `[transient.schedule]` in SI, each value tried in the section."""
    values = []
    for number, value in enumerate(table.value):
        try:
            values.append(getattr(validate(Feed, {name: value}, Source(label="value")), name))
        except CaseError as error:
            said = str(error).removeprefix("value: ").removeprefix(f"{name}: ")
            raise _refused(("schedule", key, "value", number), said) from None
    return Course(key, table.time, tuple(values))


def _every(interval: float, start: float, end: float, path: tuple[str, ...]) -> tuple[float, ...]:
    """Times [s] after each interval from the start on, before the end."""
    if interval >= end - start:
        raise _refused(path, f"{interval:.6g} s is not within the run; allowed: below {end - start:.6g} s")
    count = int(np.ceil((end - start) / interval * (1.0 - 1e-12)))
    return tuple(float(f"{start + number * interval:.15g}") for number in range(1, count))


def _refused(path: tuple[str | int, ...], message: str) -> CaseError:
    place = ("transient", *path)
    error = CaseError(f"{dotted(place)}: {message}")
    error.place = place
    return error


def _tapped(tapping: Tapping | None, start: float, end: float) -> Course:
    """Metal that is tapped over time [kg/s]."""
    key, path = "transient.tapping.times", ("tapping", "times")
    if tapping is None:
        return _constant(key, 0.0, start)
    listed = isinstance(tapping.times, tuple)
    times = tapping.times if isinstance(tapping.times, tuple) else _every(tapping.times, start, end, path)
    rate, points, values = tapping.mass / tapping.duration, [start, start], [0.0, 0.0]
    for number, time in enumerate(times):
        place = (*path, number) if listed else path
        if not start <= time < end:
            raise _refused(place, f"{time:.6g} s is outside the run; allowed: from {start:.6g} to before {end:.6g} s")
        if number and time < times[number - 1] + tapping.duration:
            raise _refused(
                place,
                f"{time:.6g} s is before the tapping at {times[number - 1]:.6g} s has ended; allowed: from "
                f"{times[number - 1] + tapping.duration:.6g} s on",
            )
        points += [time, time, time + tapping.duration, time + tapping.duration]
        values += [0.0, rate, rate, 0.0]
    return Course(key, tuple(points), tuple(values))
