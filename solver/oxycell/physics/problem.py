"""The problem: balances on the state they share, and couplings between them, as one residual."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

import numpy as np

from oxycell.arrays import Floats
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.reductions import total
from oxycell.physics.balance import Balance, Coupling, Quantity, RoundOff, RowTerm, closed
from oxycell.physics.evaluation import Evaluation
from oxycell.physics.stage import Stage, Stored, stored_by
from oxycell.state import Field, Layout, State


class Problem:
    """Balances and couplings on a mesh.

    Parameters
    ----------
    mesh : Mesh
    balances : sequence of Balance, in the order of their rows
    couplings : sequence of Coupling, see `physics/balance.py`
    given : dict name → value, quantities that are the same at every state: the temperature where it is not solved for
    start : dict name of a field → initial guess (rows,), where it is not the balance's own

    Attributes
    ----------
    layout : Layout, of the balances' fields
    quantities : dict name → Quantity: all that balances and couplings give. Of each balance NAME they are also what
        makes up its rows, NAME_sources, a tuple of RowTerm, and NAME_face_sources, a tuple of (name, faces, amounts);
        NAME_residual, the sum of its terms into each row, and NAME_reactions, what keeps rows at a given value;
        NAME_flow and NAME_floor, what residuals are compared with; NAME_storage, a Stored at a `stage` of a time step,
        None without; NAME_counted, rows (bool) whose value means
        something, and NAME_weights, (rows,) how much a change of each counts, None: all alike; of each field
        FIELD_correction, its deferred correction on the faces

    Raises
    ------
    ValueError
        A quantity is read that nothing gives, or given twice.
    """

    def __init__(
        self,
        mesh: Mesh,
        balances: Sequence[Balance],
        couplings: Sequence[Coupling] = (),
        given: Mapping[str, Any] | None = None,
        start: Mapping[str, Floats] | None = None,
    ) -> None:
        self.mesh, self.balances, self.couplings = mesh, tuple(balances), tuple(couplings)
        self._by_name = {balance.name: balance for balance in self.balances}
        self._start = start or {}
        self._inputs: dict[tuple[str, frozenset[str]], frozenset[str]] = {}
        self.layout = Layout(
            [Field(b.field, b.field_unit, b.n_rows, b.scale, b.difference) for b in self.balances],
        )
        found = {name: _constant(value) for name, value in (given or {}).items()}
        for balance in self.balances:
            _add(found, balance.quantities())
        for coupling in self.couplings:
            _add(found, coupling.quantities())
        found.setdefault("front", _constant(None))
        found.setdefault("stage", _constant(None))
        for balance in self.balances:
            found.setdefault(f"{balance.name}_counted", _constant(np.ones(balance.n_rows, bool)))
            found.setdefault(f"{balance.name}_weights", _constant(None))
            found.setdefault(f"{balance.name}_storage", Quantity(("stage", balance.field), partial(stored_by, balance)))
            _add(found, self._of_balance(balance))
        self.quantities = _resolved(found, self.layout)

    def balance(self, name: str) -> Any:
        """The balance of this name, None if it is not solved."""
        return self._by_name.get(name)

    @cached_property
    def electric(self) -> Any:
        """Balance of charge, or None."""
        return self.balance("charge")

    @cached_property
    def thermal(self) -> Any:
        """Balance of heat, or None."""
        return self.balance("heat")

    def initial_guess(self, balance: Balance) -> Floats:
        """Initial guess of the field of a balance (rows,)."""
        return self._start[balance.field] if balance.field in self._start else balance.start()

    def start(self, correctable: bool = True) -> State:
        """Initial guess: State; `correctable`: with its deferred corrections, of 0, which solving needs."""
        values = {balance.field: self.initial_guess(balance) for balance in self.balances}
        nothing = {b.field: b.no_correction() for b in self.balances} if correctable else None
        return State(self.layout, self.layout.vector(values), nothing)

    def evaluate(
        self, state: State, lagged: Mapping[str, Any] | None = None, before: Evaluation | None = None
    ) -> Evaluation:
        """Evaluation of a state; see there."""
        return Evaluation(self, state, lagged, before)

    def residual(self, state: State, previous: State | None = None, dt: float | None = None) -> Floats:
        """Residual of all balances: the net amount into each row, less what it stores.

        Parameters
        ----------
        state, previous : State, now and a time step ago; without `previous` the steady residual
        dt : float [s], the time between them

        Returns
        -------
        (size,) [A, W and other units of the balances], 0 in rows of given value
        """
        stage = None
        if previous is not None:
            assert dt is not None, "a time step has a length"
            stage = Stage(1.0 / dt, self.amounts(previous))
        evaluation = self.evaluate(state, {} if stage is None else {"stage": stage})
        return self.layout.vector({balance.field: evaluation.of(balance, "residual") for balance in self.balances})

    def amounts(self, state: State, known: Mapping[str, Any] | None = None) -> dict[str, Floats]:
        """What is stored at a State: name → array, see `Stored.amounts`; `known`: amounts that do not follow from a
        state, where there are any."""
        nothing = {balance.name: np.zeros(balance.n_rows) for balance in self.balances}
        evaluation = self.evaluate(state, {"stage": Stage(0.0, {**nothing, **(known or {})})})
        stored = [evaluation.of(balance, "storage") for balance in self.balances]
        return {name: amount for each in stored if each is not None for name, amount in each.amounts.items()}

    def correction_residual(self, state: State) -> dict[str, Floats]:
        """Residual of the deferred corrections: what the fluxes of a State ask for, less what it has.

        Together with `residual` it is a function of the state alone, on every mesh: its corrections are unknowns of the
        state.

        Returns
        -------
        dict name of a field → array as in `State.corrections`, of the fields that have one
        """
        evaluation = self.evaluate(state)
        return {
            balance.field: evaluation[balance.terms_name].asked_correction() - state.corrections[balance.field]
            for balance in self.balances
            if balance.correction is not None
        }

    def inputs(self, name: str, lagged: frozenset[str] = frozenset()) -> frozenset[str]:
        """What a quantity depends on.

        Parameters
        ----------
        name : str; lagged : frozenset of str, quantities that are kept at their value of another state

        Returns
        -------
        frozenset of str : fields, `FIELD.correction`, and lagged quantities
        """
        key = name, lagged
        if key not in self._inputs:
            if name in lagged or name in self.layout.rows or ".correction" in name:
                self._inputs[key] = frozenset([name])
            else:
                reads = self.quantities[name].reads
                self._inputs[key] = frozenset().union(*(self.inputs(read, lagged) for read in reads))
        return self._inputs[key]

    def _of_balance(self, balance: Balance) -> dict[str, Quantity]:
        """Quantities that every balance has, see the class."""
        name, field = balance.name, balance.field
        rows = [balance.own_sources] if balance.own_sources else []
        rows += [coupling.row_sources[name] for coupling in self.couplings if name in coupling.row_sources]
        faces = [coupling.face_sources[name] for coupling in self.couplings if name in coupling.face_sources]
        return {
            f"{name}_sources": Quantity(tuple(rows), _joined_rows),
            f"{name}_face_sources": Quantity(tuple(faces), lambda *parts: sum(parts, ())),
            f"{field}_correction": Quantity(
                (f"{field}.correction",),
                lambda held: None if held is None or balance.correction is None else balance.correction.on_faces(held),
            ),
            f"{name}_balance": Quantity(
                (balance.terms_name, f"{name}_storage"),
                lambda terms, stored: closed(terms, balance.n_rows, balance.fixed_rows, stored),
            ),
            f"{name}_residual": Quantity((f"{name}_balance",), itemgetter(0)),
            f"{name}_reactions": Quantity((f"{name}_balance",), itemgetter(1)),
            f"{name}_flow": Quantity(
                (balance.terms_name, f"{name}_reactions", f"{name}_storage"), partial(_flow, balance)
            ),
            f"{name}_floor": Quantity((balance.terms_name, f"{name}_storage", field), partial(_floor, balance)),
        }


def _constant(value: Any) -> Quantity:
    return Quantity((), lambda: value)


def _add(found: dict[str, Quantity], more: Mapping[str, Quantity]) -> None:
    for name, quantity in more.items():
        if name in found:
            raise ValueError(f"quantity {name!r} is given twice")
        found[name] = quantity


def _resolved(quantities: Mapping[str, Quantity], layout: Layout) -> dict[str, Quantity]:
    """The same with the names of optional reads, which end in a question mark, as they are, or as that of nothing."""
    found, known = {"nothing": _constant(None)}, quantities.keys() | layout.rows.keys()
    for name, quantity in quantities.items():
        reads = []
        for read in quantity.reads:
            wanted, optional = read.rstrip("?"), read.endswith("?")
            if wanted not in known and not wanted.endswith(".correction"):
                if not optional:
                    raise ValueError(f"quantity {name!r} reads {wanted!r}, which nothing gives")
                wanted = "nothing"
            reads.append(wanted)
        found[name] = quantity._replace(reads=tuple(reads))
    return found


def _flow(balance: Balance, terms: Any, reactions: Floats, stored: Stored | None) -> float:
    """What the residual of a balance is compared with: how much passes, is generated or stored."""
    found = balance.flow(terms, reactions)
    if stored is None:
        return found
    return max(found, 0.5 * sum(total(np.abs(term.value)) for term in stored.terms))


def _floor(balance: Balance, terms: Any, stored: Stored | None, values: Floats) -> RoundOff:
    """Round-off of the terms of a balance, and of what is stored."""
    found = balance.floor(terms)
    return found if stored is None else found.storing(stored.slope * np.abs(values))


def _joined_rows(*parts: tuple[RowTerm, ...]) -> tuple[RowTerm, ...]:
    """Tuple of RowTerm from several, each of a name of its own."""
    found: dict[str, RowTerm] = {}
    for term in sum(parts, ()):
        name = f"{term.name} {len(found)}" if term.name in found else term.name
        found[name] = term._replace(name=name)
    return tuple(found.values())
