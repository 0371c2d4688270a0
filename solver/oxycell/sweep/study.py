"""The study file: a base case and the keys that vary; data only, nothing in it is executed."""

import math
import re
from itertools import product
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from oxycell.case.load import load_text, read_text, shipped_folder
from oxycell.case.overrides import parse_key
from oxycell.errors import CaseError
from oxycell.options import Options, Quantity, option, positive

_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*")


class Axis(Options):
    """Values of one key, or of several that change together; axes are multiplied."""

    key: str | None = option("dotted key of the case", None)
    values: tuple[Any, ...] | None = option("its values", None, min_length=1)
    range: tuple[Any, Any] | None = option("its first and last value, with one unit", None)
    count: int | None = option("values in the range", None, ge=2)
    spacing: Literal["linear", "log"] = option("how they are spaced", "linear")
    together: dict[str, tuple[Any, ...]] | None = option(
        "several keys and equally many values of each, varied together", None
    )
    label: str = option("its name in figures (default: the last words of its key)", "")

    @model_validator(mode="after")
    def _one_form(self):
        if self.together is not None:
            if self.key is not None or self.values is not None or self.range is not None:
                raise ValueError("states together and a key of its own; allowed: one of them")
            if len({len(values) for values in self.together.values()}) != 1 or not next(iter(self.together.values())):
                raise ValueError("together needs as many values of every key, at least one")
        elif self.key is None or (self.values is None) == (self.range is None):
            raise ValueError("an axis needs key with values, key with range and count, or together")
        elif (self.range is None) != (self.count is None):
            raise ValueError("range and count go together")
        return self

    def points(self):
        """Changes at each of its values: list of dict key → value."""
        if self.together is not None:
            return [dict(zip(self.together, row, strict=True)) for row in zip(*self.together.values(), strict=True)]
        if self.values is not None:
            return [{self.key: value} for value in self.values]
        (low, unit), (high, other) = (split(value, self.key) for value in self.range)
        if unit != other:
            raise CaseError(
                f"axes: {self.key}: range in {unit or 'pure numbers'} and {other or 'pure numbers'}; allowed: one unit"
            )
        if self.spacing == "log" and not 0.0 < low < high:
            raise CaseError(f"axes: {self.key}: allowed for log spacing: an increasing range above 0")
        space = np.linspace if self.spacing == "linear" else np.geomspace
        return [{self.key: joined(value, unit)} for value in space(low, high, self.count)]


class Distributed(Options):
    """A key that follows a distribution."""

    key: str = option("dotted key of the case")
    distribution: Literal["uniform", "log-uniform", "triangular", "normal"] = option("its distribution", "uniform")
    low: Any = option("minimum value; of a normal distribution: its lower truncation", None)
    high: Any = option("maximum value; of a normal distribution: its upper truncation", None)
    mode: Any = option("most probable value of a triangular distribution", None)
    mean: Any = option("mean of a normal distribution", None)
    deviation: Any = option("standard deviation of a normal distribution, before truncation", None)
    label: str = option("its name in figures (default: the last words of its key)", "")

    @model_validator(mode="after")
    def _needed(self):
        needed = {"triangular": ("low", "mode", "high"), "normal": ("mean", "deviation")}.get(
            self.distribution, ("low", "high")
        )
        allowed = (*needed, "low", "high")
        for name in ("low", "high", "mode", "mean", "deviation"):
            if name in needed and getattr(self, name) is None:
                raise ValueError(f"a {self.distribution} distribution needs {', '.join(needed)}")
            if name not in allowed and getattr(self, name) is not None:
                raise ValueError(
                    f"a {self.distribution} distribution has no {name}; allowed: {', '.join(dict.fromkeys(allowed))}"
                )
        return self

    def at(self, share):
        """Values at shares (n,) of the probability below them: list of texts with unit, or numbers."""
        from scipy import stats

        stated = {
            name: split(value, self.key)
            for name in ("low", "high", "mode", "mean", "deviation")
            if (value := getattr(self, name)) is not None
        }
        units = {unit for _, unit in stated.values()}
        if len(units) != 1:
            raise CaseError(f"samples: {self.key}: units {', '.join(sorted(units))}; allowed: one unit")
        v = {name: value for name, (value, _) in stated.items()}
        low, high = v.get("low", -math.inf), v.get("high", math.inf)
        if (
            not low < high
            or not low <= v.get("mode", low) <= high
            or v.get("deviation", 1.0) <= 0.0
            or (self.distribution == "log-uniform" and low <= 0.0)
        ):
            raise CaseError(
                f"samples: {self.key}: allowed: low < high, mode between them, deviation > 0, low > 0 for log-uniform"
            )
        if self.distribution == "uniform":
            law = stats.uniform(low, high - low)
        elif self.distribution == "log-uniform":
            law = stats.loguniform(low, high)
        elif self.distribution == "triangular":
            law = stats.triang((v["mode"] - low) / (high - low), low, high - low)
        else:
            law = stats.truncnorm(
                (low - v["mean"]) / v["deviation"], (high - v["mean"]) / v["deviation"], v["mean"], v["deviation"]
            )
        return [joined(value, units.copy().pop()) for value in law.ppf(share)]


class Samples(Options):
    """Points that fill a space of several keys evenly; each is run with every point of the axes."""

    method: Literal["latin-hypercube", "sobol"] = option("how points are distributed", "sobol")
    count: int = option("points; for sobol a power of two keeps its balance", ge=1)
    seed: int = option("seed of the scrambling; the same seed gives the same points", ge=0)
    over: tuple[Distributed, ...] = option("keys and their distributions", min_length=1)

    def points(self):
        """Changes at each point: list of dict key → value."""
        from scipy.stats import qmc

        if self.method == "sobol":
            found = qmc.Sobol(len(self.over), seed=self.seed).random_base2(math.ceil(math.log2(self.count)))[
                : self.count
            ]
        else:
            found = qmc.LatinHypercube(len(self.over), seed=self.seed).random(self.count)
        columns = [spec.at(found[:, i]) for i, spec in enumerate(self.over)]
        return [dict(zip([spec.key for spec in self.over], row, strict=True)) for row in zip(*columns, strict=True)]


class Study(Options):
    """A study: what `oxycell sweep` runs."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, populate_by_name=False)

    format: Literal["oxycell-study/1"] = Field(alias="schema", description="format of this file")
    title: str = option("question of the study", "")
    case: str = option("base case: a file or folder next to the study, or a shipped case")
    changes: dict[str, Any] = option("changes to the base case in all cases, dotted key → value", {})
    axes: tuple[Axis, ...] = option("what varies in steps", ())
    samples: Samples | None = option("what varies by distribution", None)
    figures: tuple[str, ...] = option("figures of the report that the page draws, by dotted key", ())
    keep: Literal["report", "fields"] = option(
        "what is kept of each case: report and log, or the whole run folder", "report"
    )
    time_limit: Quantity["s"] = positive("time after which a case counts as failed", 6 * 3600.0)
    slurm: dict[str, Any] = option(
        "for --executor slurm: submitit's parameters, without \"slurm_\" where Slurm's own", {}
    )
    dask: dict[str, Any] = option(
        "for --executor dask: arguments of distributed.Client; none: a cluster on this machine", {}
    )

    @model_validator(mode="after")
    def _keys_once(self):
        keys = [key for axis in self.axes for key in (axis.together or [axis.key])]
        keys += [spec.key for spec in self.samples.over] if self.samples else []
        if not keys:
            raise ValueError("nothing varies; allowed: axes, samples or both")
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"key {key!r} varies twice; allowed: once")
        return self

    def points(self):
        """Changes of every case: list of dict key → value, the last axis running fastest."""
        parts = [axis.points() for axis in self.axes] + ([self.samples.points()] if self.samples else [])
        return [{key: value for part in combined for key, value in part.items()} for combined in product(*parts)]


def load_study(path):
    """Read and check a study file.

    Returns
    -------
    Study

    Raises
    ------
    CaseError
        One line: FILE:LINE: key: what is wrong; what is allowed.
    FileError
        The file cannot be read.
    """
    path = Path(path)
    path = path / "study.toml" if path.is_dir() else path
    if not path.is_file():
        raise CaseError(
            f"{path}: there is no such study; allowed: a .toml file, a folder with a study.toml, or a shipped one: "
            f"{', '.join(shipped_studies())}"
        )
    study = load_text(read_text(path), str(path), Study)
    for key in (*study.changes, *study.points()[0]):
        parse_key(key)
    beside = path.parent / study.case
    return study.model_copy(update={"case": str(beside)}) if beside.exists() else study


def shipped_studies():
    """Studies that come with oxycell: name → study file."""
    return {path.parent.name: path for path in sorted(shipped_folder("cases").glob("*/study.toml"))}


def split(value, key):
    """Number and unit of a value of a study: "45 mm" → (45.0, "mm"), 0.9 → (0.9, "")."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), ""
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise CaseError(f'{key}: {value!r} is not a number with a unit; allowed: for example "45 mm", or a pure number')
    return float(match[1]), match[2]


def joined(value, unit):
    """Value of a case file from a number and a unit."""
    return f"{float(value)!r} {unit}" if unit else float(value)
