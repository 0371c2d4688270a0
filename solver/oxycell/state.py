"""The unknowns of a problem: named fields on one vector, the deferred corrections that go with them, and the time."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats


class Field(NamedTuple):
    """One unknown field.

    Attributes
    ----------
    name, unit : str
    size : int, rows
    scale : float [unit], errors of this size in different fields count alike
    difference : float [unit], change over which residuals are differenced
    """

    name: str
    unit: str
    size: int
    scale: float
    difference: float


class Layout:
    """Which rows of the vector belong to which field.

    Parameters
    ----------
    fields : sequence of Field, in the order of their rows

    Attributes
    ----------
    fields : dict name → Field
    rows : dict name → slice
    size : int, of the vector
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = {field.name: field for field in fields}
        ends = np.cumsum([0, *(field.size for field in fields)]).tolist()
        self.rows = {field.name: slice(*ends[i : i + 2]) for i, field in enumerate(fields)}
        self.size = ends[-1]

    def vector(self, values: Mapping[str, Floats]) -> Floats:
        """Vector (size,) of a dict name → (rows,) with every field."""
        return np.concatenate([np.zeros(0), *(values[name] for name in self.rows)])

    def filled(self, attribute: str) -> Floats:
        """Vector (size,) with an attribute of each field, as `scale`, in its rows."""
        return self.vector(
            {name: np.full(field.size, getattr(field, attribute)) for name, field in self.fields.items()}
        )


class State:
    """Named fields as views on one vector: `state["temperature"]`, `state.temperature`.

    Parameters
    ----------
    layout : Layout
    vector : (size,)
    corrections : dict name of a field → its deferred correction as the balance keeps it, None or left out where it has
        none, see `solvers/deferred_correction.py`
    time : float [s]
    """

    __slots__ = ("corrections", "layout", "time", "vector")

    def __init__(
        self, layout: Layout, vector: Floats, corrections: Mapping[str, Any] | None = None, time: float = 0.0
    ) -> None:
        self.layout, self.vector, self.corrections, self.time = layout, vector, corrections or {}, time

    def __getitem__(self, name: str) -> Floats:
        return self.vector[self.layout.rows[name]]

    def __getattr__(self, name: str) -> Floats:
        if name.startswith("_") or name not in self.layout.rows:
            raise AttributeError(f"the state has no field {name!r}; it has {', '.join(self.layout.rows)}")
        return self[name]

    def __contains__(self, name: str) -> bool:
        return name in self.layout.rows

    def moved(self, vector: Floats) -> "State":
        """The same with another vector (size,)."""
        return State(self.layout, vector, self.corrections, self.time)

    def corrected(self, corrections: Mapping[str, Any] | None) -> "State":
        """The same with other deferred corrections, see the class."""
        return State(self.layout, self.vector, corrections, self.time)

    def replaced(self, **fields: Floats) -> "State":
        """A copy with other values (rows,) of some fields."""
        return self.moved(self.layout.vector({name: fields.get(name, self[name]) for name in self.layout.rows}))
