"""Quantities over time that are told of a run, from the columns of its record."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oxycell.arrays import Floats
from oxycell.report.figure import Shown, Tree

_PERCENT_BY_MASS = Shown("wt %", digits=2)
_DIFFERENCE = Shown("K", digits=2)
_POWER = Shown("kW", 1e-3, digits=1)


@dataclass(frozen=True)
class Curve:
    """A quantity over time.

    Attributes
    ----------
    key : str, under transient.course
    unit, label, formula : str, as of a Figure
    found : function of the columns → (n_rows,) or None where there is none
    shown : Shown or None, as of a Figure
    """

    key: str
    unit: str
    label: str
    formula: str
    found: Callable[["Columns"], Floats | None]
    shown: Shown | None = None


class Columns:
    """Columns of a course by their names.

    Parameters
    ----------
    course : dict, `course` of a record
    """

    def __init__(self, course: Tree) -> None:
        self.names, self._values = list(course["names"]), np.asarray(course["values"], float)

    def __getitem__(self, name: str) -> Floats | None:
        """A column (n_rows,); None where there is none of that name, or nothing in it."""
        if name not in self.names:
            return None
        values: Floats = self._values[:, self.names.index(name)]
        return values if np.isfinite(values).any() else None

    def under(self, begin: str, end: str = "") -> dict[str, Floats]:
        """Columns whose names begin and end with something, by what is between."""
        found = {}
        for name in self.names:
            if name.startswith(begin) and name.endswith(end) and len(name) > len(begin) + len(end):
                values = self[name]
                if values is not None:
                    found[name[len(begin) : len(name) - len(end)]] = values
        return found


def _of(name: str) -> Callable[[Columns], Floats | None]:
    return lambda columns: columns[name]


def _current(columns: Columns) -> Floats | None:
    found = columns.under("terminals.", ".current_A")
    return 0.5 * np.sum([np.abs(values) for values in found.values()], axis=0) if found else None


def _volts(columns: Columns) -> Floats | None:
    closed, opened = columns["voltage.cell_V"], columns["voltage.open_circuit_V"]
    if closed is None or opened is None:
        return closed if opened is None else opened
    return np.where(np.isfinite(closed), closed, opened)


def _lost(columns: Columns) -> Floats | None:
    found = columns.under("heat.losses.")
    return np.asarray(np.sum(list(found.values()), axis=0)) if found else None


def _hottest(columns: Columns) -> Floats | None:
    found = columns.under("anodes.", ".max_temperature_K")
    return np.max(list(found.values()), axis=0) if found else None


CURVES = (
    Curve("current_A", "A", "current", "½ Σ |terminals.*.current_A|", _current),
    Curve("cell_V", "V", "cell voltage", "voltage.cell_V; without current voltage.open_circuit_V", _volts),
    Curve(
        "bath_K",
        "K",
        "bath",
        "productivity.electrolyte_temperature_K",
        _of("productivity.electrolyte_temperature_K"),
    ),
    Curve("liquidus_K", "K", "liquidus", "ledge/liquidus", _of("liquidus_K")),
    Curve(
        "superheat_K",
        "K",
        "superheat, coldest pool",
        "temperature of the coldest pool − liquidus_K",
        _of("superheat_K"),
        _DIFFERENCE,
    ),
    Curve("ledge_mean_m", "m", "ledge, mean", "ledge.mean_m", _of("ledge.mean_m")),
    Curve("ledge_min_m", "m", "ledge, min", "ledge.min_m", _of("ledge.min_m")),
    Curve("shell_mean_m", "m", "shells, mean", "shells.mean_m", _of("shells.mean_m")),
    Curve("shell_max_m", "m", "shells, max", "shells.max_m", _of("shells.max_m")),
    Curve("shell_area_m2", "m2", "area under shells", "shells.frozen_area_m2", _of("shells.frozen_area_m2")),
    Curve("bath_kg", "kg", "liquid bath", "mass of the bath that is not frozen", _of("bath_kg"), Shown("kg", digits=1)),
    Curve("frozen_kg", "kg", "frozen bath", "mass of the bath that is frozen", _of("frozen_kg"), Shown("kg", digits=1)),
    Curve(
        "excess_alf3",
        "wt %",
        "excess AlF3",
        "mass of it over that of the liquid bath",
        _of("bath.excess_alf3"),
        _PERCENT_BY_MASS,
    ),
    Curve(
        "alumina",
        "wt %",
        "alumina",
        "mass of it over that of the liquid bath",
        _of("bath.alumina"),
        _PERCENT_BY_MASS,
    ),
    Curve(
        "saturation",
        "wt %",
        "alumina at saturation",
        "that the bath can dissolve, as it is",
        _of("saturation"),
        _PERCENT_BY_MASS,
    ),
    Curve("stock_kg", "kg", "alumina not dissolved", "fed and not dissolved", _of("stock_kg"), Shown("kg", digits=1)),
    Curve("metal_kg", "kg", "metal", "mass of the pool that is tapped", _of("metal_kg"), Shown("kg", digits=1)),
    Curve("generated_W", "W", "heat generated", "heat.generated_W", _of("heat.generated_W"), _POWER),
    Curve("lost_W", "W", "heat lost", "Σ heat.losses", _lost, _POWER),
    Curve("stored_W", "W", "heat stored", "heat.stored_W", _of("heat.stored_W"), _POWER),
    Curve("hottest_anode_K", "K", "hottest anode", "largest of anodes.list.*.max_temperature_K", _hottest),
)
"""What is told of a run over time."""


def curves(record: Tree) -> tuple[Floats, dict[str, Floats]]:
    """Times since the start of a run and what was found at them.

    Parameters
    ----------
    record : dict with `course`

    Returns
    -------
    time : (n_rows,) [s]
    dict key of a Curve → (n_rows,); without those that the run has not
    """
    columns = Columns(record["course"])
    time = columns["time"]
    assert time is not None
    found = {curve.key: curve.found(columns) for curve in CURVES}
    return time, {key: values for key, values in found.items() if values is not None}
