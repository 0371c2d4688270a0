"""How a run over time went: one row for each step, what it adds up to, and whether that closes."""

import json
from typing import Any

import numpy as np

from oxycell.transients.sums import added, energy

Row = dict[str, Any]


class Course:
    """Rows and sums of a run.

    Attributes
    ----------
    rows : list of dict, the first at the start, one for each step after it
    sums : dict name → float, since the start, see `transients.sums.flows`
    steps, rejected, iterations : int, since the start
    worst : dict name → float, largest relative residual of each ledger of a step
    begun : float [J], enthalpy of the cell at the start
    inventory : dict name → float [kg], of the cell at the start
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.sums: dict[str, float] = {}
        self.steps, self.rejected, self.iterations = 0, 0, 0
        self.worst: dict[str, float] = {}
        self.begun = 0.0
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

    def close(self, name: str, relative: float) -> None:
        """Take note of a ledger of a step."""
        self.worst[name] = max(self.worst.get(name, 0.0), relative)

    def energy(self, enthalpy: float) -> dict[str, float]:
        """The energy identity since the start, at an enthalpy of the cell [J]."""
        return energy(self.sums, enthalpy - self.begun)

    def record(self) -> dict[str, Any]:
        """Nested dict of arrays, what the record of the last state holds of it."""
        return {
            "names": self.columns,
            "values": np.array([[_float(row[name]) for name in self.columns] for row in self.rows]),
            "sums": dict(self.sums),
            "worst": dict(self.worst),
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


def _float(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
