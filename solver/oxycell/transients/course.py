"""How a run over time went: one row for each step, what it adds up to, whether that closes, and what was met."""

import json
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from oxycell.transients.sums import added, energy

Row = dict[str, Any]

STEP = "energy_of_a_step"
"""Name of the energy identity of a step among the ledgers; that of an instant is called `energy`."""


class Course:
    """Rows and sums of a run.

    Attributes
    ----------
    rows : list of dict, the first at the start, one for each step after it and one right after each jump
    sums : dict name → float, since the start, see `transients.sums.flows`
    steps, rejected, iterations : int, since the start
    worst : dict name → float, relative residual of each ledger in the step where it was farthest from its limit
    limits : dict name → float, its limit there
    alerts : dict name → dict, what was met on the way; see `alert`
    begun : float [J], enthalpy of the cell at the start
    floor : float [J], estimated round-off of the energy since then
    inventory : dict name → float [kg], of the cell at the start
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.sums: dict[str, float] = {}
        self.steps, self.rejected, self.iterations = 0, 0, 0
        self.worst: dict[str, float] = {}
        self.limits: dict[str, float] = {}
        self.alerts: dict[str, Row] = {}
        self.begun, self.floor = 0.0, 0.0
        self.inventory: dict[str, float] = {}

    @property
    def columns(self) -> list[str]:
        """Names of the columns, those of the first row."""
        return list(self.rows[0]) if self.rows else []

    def add(self, row: Row) -> Row:
        """Add a row; returns it with the columns of the first."""
        kept = {name: row.get(name) for name in (self.columns or row)}
        self.rows.append(kept)
        return kept

    def count(self, sums: dict[str, float], rejected: int, iterations: int) -> None:
        """Count a step."""
        self.sums = added(self.sums, sums)
        self.steps, self.rejected, self.iterations = self.steps + 1, self.rejected + rejected, iterations

    def close(self, name: str, relative: float | None, limit: float) -> None:
        """Take note of a ledger of a step; what is no number counts as infinite."""
        found = math.inf if relative is None or math.isnan(relative) else relative
        if name not in self.worst or found * self.limits[name] > self.worst[name] * limit:
            self.worst[name], self.limits[name] = found, limit

    def alert(self, time: float, entries: Iterable[Row]) -> None:
        """Take note of the alerts of a state, see `report.alerts`.

        Parameters
        ----------
        time : float [s]
        entries : dicts with `kind` and `message`

        Notes
        -----
        Of those of a kind, place and limit the one farthest beyond is kept with its time, and first and last time.
        """
        for entry in entries:
            name = " ".join(str(entry[key]) for key in ("kind", "region", "limit", "terminal") if key in entry)
            past, far = self.alerts.get(name), farthest(entry)
            if past is None or far > past["farthest"]:
                kept = {key: value for key, value in entry.items() if value is not None}
                kept |= {"time_s": time, "farthest": far}
            else:
                kept = past
            self.alerts[name] = kept | {"first_s": time if past is None else past["first_s"], "last_s": time}

    def energy(self, enthalpy: float) -> dict[str, float]:
        """The energy identity since the start, at an enthalpy of the cell [J]."""
        return energy(self.sums, enthalpy - self.begun, self.floor)

    def record(self) -> dict[str, Any]:
        """Nested dict of arrays, what the record of the last state holds of it."""
        return {
            "names": self.columns,
            "values": np.array([[_float(row[name]) for name in self.columns] for row in self.rows]),
            "sums": dict(self.sums),
            "worst": dict(self.worst),
            "limits": dict(self.limits),
            "alerts": {name: dict(entry) for name, entry in self.alerts.items()},
            "steps": self.steps,
            "rejected": self.rejected,
            "iterations": self.iterations,
        }

    def content(self) -> dict[str, Any]:
        """What a checkpoint keeps of it; rows as JSON, whose numbers come back bit for bit."""
        return vars(self) | {"rows": json.dumps(self.rows)}

    @classmethod
    def of(cls, content: dict[str, Any]) -> "Course":
        """The Course of a checkpoint."""
        course = cls()
        vars(course).update(content | {"rows": json.loads(content["rows"])})
        return course


def farthest(entry: Row) -> float:
    """How far an alert is beyond its limit, to be compared among alerts of a kind; 0 where nothing tells."""
    if "superheat_K" in entry:
        return float(entry["limit_K"] - entry["superheat_K"])
    return float(entry.get("beyond_K") or entry.get("times") or 0.0)


def _float(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
