"""Everything the balances and couplings of a problem give at one state, each quantity computed when it is first
needed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from oxycell.arrays import Floats
from oxycell.physics.balance import Balance, Quantity
from oxycell.state import State

_NOTHING = object()


class Evaluation:
    """Named quantities at one state: `evaluation["currents"]`, `evaluation.currents`.

    What a quantity depends on follows from what it reads (`Problem.inputs`): fields, their deferred corrections and
    quantities that are lagged. A quantity is taken over from another evaluation where none of these differ, and
    released where one of them moves.

    Parameters
    ----------
    problem : Problem
    state : State
    lagged : dict name → value, of quantities that are kept at their value of another state
    before : Evaluation or None, of a state nearby
    """

    def __init__(
        self, problem: Any, state: State, lagged: Mapping[str, Any] | None = None, before: "Evaluation | None" = None
    ) -> None:
        self.problem, self.state, self._lagged = problem, state, lagged or {}
        self._known: dict[str, Any] = {}
        self._hints: dict[str, Any] = {}
        if before is not None:
            self._hints = before._latest_hints()
            self._take(before)

    def __getitem__(self, name: str) -> Any:
        if name in self._lagged:
            return self._lagged[name]
        if name in self.state:
            return self.state[name]
        if name not in self._known:
            self._known[name] = self._computed(self.problem.quantities[name], name)
        return self._known[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.problem.quantities:
            raise AttributeError(f"an evaluation has no quantity {name!r}")
        return self[name]

    def __contains__(self, name: str) -> bool:
        """Whether a quantity is known already, or lagged."""
        return name in self._known or name in self._lagged

    def of(self, balance: Balance, what: str) -> Any:
        """A quantity of a balance: its "residual", "reactions", "flow", "floor", …, see `Problem.quantities`;
        `balance`: Balance."""
        return self[f"{balance.name}_{what}"]

    def replaced(self, field: str, values: Floats) -> "Evaluation":
        """Evaluation with other values (rows,) of one field, for which this one is freed."""
        self.release(field)
        found = Evaluation(self.problem, self.state.replaced(**{field: values}), self._lagged)
        found._known, found._hints = dict(self._known), self._hints
        return found

    def release(self, *inputs: str) -> None:
        """Discard what depends on these inputs; it is recomputed when next asked for."""
        self._hints = self._latest_hints()
        moved = set(inputs)
        self._known = {name: value for name, value in self._known.items() if not moved & self._inputs(name)}

    def keep(self, *names: str) -> None:
        """Let go of all quantities but these."""
        self._hints = self._latest_hints()
        self._known = {name: self._known[name] for name in names if name in self._known}

    def _computed(self, quantity: Quantity, name: str) -> Any:
        values = [self._read(read) for read in quantity.reads]
        if quantity.hint is None:
            return quantity.compute(*values)
        return quantity.compute(*values, nearby=self._hints.get(name))

    def _read(self, name: str) -> Any:
        field, is_correction, _ = name.partition(".correction")
        return self.state.corrections.get(field) if is_correction else self[name]

    def _inputs(self, name: str) -> frozenset[str]:
        return self.problem.inputs(name, frozenset(self._lagged))

    def _take(self, before: "Evaluation") -> None:
        differs: dict[str, bool] = {}
        for name, value in before._known.items():
            inputs = self._inputs(name) | before._inputs(name)
            for each in inputs - differs.keys():
                differs[each] = self._differs(before, each)
            if not any(differs[each] for each in inputs):
                self._known[name] = value

    def _differs(self, before: "Evaluation", name: str) -> bool:
        if name in self._lagged or name in before._lagged:
            return self._lagged.get(name, _NOTHING) is not before._lagged.get(name, _NOTHING)
        one, other = self._read(name), before._read(name)
        return one is not other and (name.endswith(".correction") or not np.array_equal(one, other))

    def _latest_hints(self) -> dict[str, Any]:
        """Where iterations at a state nearby may begin: name → hint, of this state or the last before it that has
        one."""
        hints = dict(self._hints)
        for name, value in self._known.items():
            hint = self.problem.quantities[name].hint
            if hint is not None and value is not None:
                hints[name] = hint(value)
        return hints
