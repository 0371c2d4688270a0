"""`[transient]` of a case: how long it runs, what it writes and how exactly it steps, and what changes over time."""

from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictFloat, ValidationInfo, field_validator, model_validator

from oxycell.errors import CaseError
from oxycell.options import Misplaced, Name, Options, Quantity, fraction, non_negative, option, positive

INITIAL = ("steady", "uniform")
"""Initial states that go by a name; anything else is the folder of a run."""


class Schedule(Options):
    """A value of the case over time: linear between points, constant beyond them, a jump at two equal times."""

    time: tuple[Quantity["s"], ...] = option(
        "times of the points, never decreasing; at two equal ones the value jumps", min_length=2
    )
    value: tuple[StrictBool | StrictFloat | str, ...] = option(
        "value at each point, written as the case would write it; numbers are interpolated in SI, true/false and "
        "choices change at jumps only",
        min_length=2,
    )

    @field_validator("time")
    @classmethod
    def _in_order(cls, times: tuple[float, ...]) -> tuple[float, ...]:
        for number, (before, here) in enumerate(pairwise(times), 1):
            if here < before:
                raise Misplaced(
                    (number,),
                    f"{here:.6g} s after {before:.6g} s; allowed: times that do not decrease, two equal for a jump",
                )
            if number > 1 and times[number - 2] == here:
                raise Misplaced(
                    (number,), f"a third point at {here:.6g} s; allowed: two, the values before and after a jump"
                )
        return times

    @model_validator(mode="after")
    def _as_many(self) -> Self:
        if len(self.time) != len(self.value):
            raise ValueError(f"{len(self.time)} times and {len(self.value)} values; allowed: as many of both")
        return self


class Feed(Options):
    """Alumina that is fed, well mixed into the bath as it dissolves. Without this section as much is fed as the cell
    uses, and dissolves at once."""

    rate: Annotated[Quantity["kg/s"], Field(ge=0.0)] | None = option(
        "alumina that is fed to the whole cell, over time by transient.schedule", None
    )
    relative: float | None = option(
        "alumina that is fed over what the current uses at the time, over time by transient.schedule", None, ge=0.0
    )
    dose: Annotated[Quantity["kg"], Field(gt=0.0)] | None = option(
        "alumina of a single dose instead of a rate; each is an event", None
    )
    interval: Annotated[Quantity["s"], Field(gt=0.0)] | None = option(
        "time between doses, and from the start to the first of them", None
    )
    fast_share: float = fraction("share that dissolves fast, the rest slowly [L: 0.4 to 0.7]", 0.6)
    fast_time: Quantity["s"] = non_negative("time constant of what dissolves fast, 0: at once [L: 10 to 30 s]", 20.0)
    slow_rate: Quantity["1/s"] = positive(
        "rate of what dissolves slowly, times one less the relative saturation of the bath [L: 0.002 to 0.005 1/s]",
        0.003,
    )
    stock: Annotated[Quantity["kg"], Field(ge=0.0)] | None = option(
        "slow alumina that is not dissolved at the start; without it as much as dissolves at the rate of feeding there",
        None,
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = {"rate": self.rate, "relative": self.relative, "dose": self.dose}
        stated = [name for name, value in ways.items() if value is not None]
        if len(stated) != 1:
            raise ValueError(
                f"states {' and '.join(stated) or 'none'} of rate, relative and dose; allowed: one of them"
            )
        if (self.dose is None) != (self.interval is None):
            raise ValueError("dose and interval go together; allowed: both or none")
        return self


class Tapping(Options):
    """Metal that is tapped. Without this section what is made leaves at once."""

    mass: Quantity["kg"] = positive("metal that is tapped each time, of the whole cell")
    times: Annotated[Quantity["s"], Field(gt=0.0)] | tuple[Quantity["s"], ...] = option(
        "interval between tappings, the first one interval after the start, or a list of times at which they begin; an "
        "empty list: none"
    )
    duration: Quantity["s"] = positive("how long each takes", 600.0)
    pool: Name = option("lump of the metal", "metal")


class Transient(Options):
    """A run over time: states from `time` of the case to `end`, under values that change by `schedule` and by the
    tables over time of the case itself."""

    end: Quantity["s"] = option("time at which the run ends; it begins at `time` of the case")
    outputs: Annotated[Quantity["s"], Field(gt=0.0)] | tuple[Quantity["s"], ...] = option(
        "interval between outputs, or a list of times; start and end are always among them", 3600.0
    )
    tolerance: Quantity["K"] = option(
        "permitted error of a step, in the temperature of the pools; that of the ledge is 1 mm for each K of it",
        0.3,
        gt=0.0,
        le=10.0,
    )
    initial: Name = option(
        'state at the start: "steady" (under the values at the start, before a jump there), "uniform" (temperatures of '
        "[physics] and `start` of lumps), or the folder of a finished run",
        "steady",
    )
    composition: Literal["coupled", "fixed"] = option(
        "whether the bath, and its liquidus with it, changes with what freezes, melts, is fed and used", "coupled"
    )
    at_liquidus: Literal["stop", "slush"] = option(
        "where the bath has cooled to its liquidus: the run stops, exit code 3, or goes on with slush, a bath at its "
        "liquidus in which crystals float",
        "stop",
    )
    step: Quantity["s"] | None = option(
        "size of all steps, without control of their error, shortened only to meet events; for studies of the order",
        None,
        gt=0.0,
    )
    first_step: Quantity["s"] = positive("size of the first step; one after values change is no shorter", 60.0)
    longest_step: Quantity["s"] = positive("maximum size of a step", 7200.0)
    feed: Feed | None = option("alumina that is fed; without it as much as is used", None)
    tapping: Tapping | None = option("metal that is tapped; without it as much as is made, at all times", None)
    schedule: dict[Name, Schedule] = option(
        'values over time: dotted key of a number of the case in quotes, such as "operation.line_current", → table', {}
    )

    @field_validator("outputs")
    @classmethod
    def _in_order(cls, outputs: float | tuple[float, ...]) -> float | tuple[float, ...]:
        for number, (before, here) in enumerate(pairwise(outputs) if isinstance(outputs, tuple) else (), 1):
            if not before < here:
                raise Misplaced((number,), f"{here:.6g} s after {before:.6g} s; allowed: times that increase")
        return outputs

    @field_validator("initial")
    @classmethod
    def _found(cls, value: str, info: ValidationInfo) -> str:
        """A folder next to the case file is found from any working folder."""
        folder = (info.context or {}).get("folder")
        if folder and value not in INITIAL and not Path(value).is_absolute() and (Path(folder) / value).is_dir():
            return str((Path(folder) / value).resolve())
        return value

    @field_validator("schedule", mode="before")
    @classmethod
    def _in_quotes(cls, tables: Any) -> Any:
        """TOML reads a dotted key without quotes as tables in tables."""
        for key, table in tables.items() if isinstance(tables, dict) else ():
            path, node = [key], table
            while isinstance(node, dict) and len(node) and not {"time", "value"} & {*node}:
                inner, node = next(iter(node.items()))
                path.append(inner)
                if isinstance(node, dict) and {"time", "value"} & {*node}:
                    raise Misplaced(
                        (key,), f'a dotted key stands in quotes here; allowed: "{".".join(path)}" = {{ time, value }}'
                    )
        return tables

    @model_validator(mode="after")
    def _ordered_steps(self) -> Self:
        if self.first_step > self.longest_step:
            raise Misplaced(
                ("first_step",),
                f"{self.first_step:.6g} s is above longest_step, {self.longest_step:.6g} s; allowed: at most that",
            )
        return self

    def initial_folder(self) -> Path | None:
        """Run folder with the state at the start; None where `initial` is a name.

        Raises
        ------
        CaseError
            It is not the folder of a finished run.
        """
        if self.initial in INITIAL:
            return None
        folder = Path(self.initial)
        if (folder / "fields.hdf").is_file() and (folder / "report.json").is_file():
            return folder
        close = get_close_matches(self.initial, INITIAL, 1, 0.6)
        hint = f', nearest is "{close[0]}"' if close else ""
        raise CaseError(
            f'transient.initial: "{self.initial}" is not the folder of a finished run{hint}; allowed: "steady", '
            '"uniform" or such a folder'
        )
