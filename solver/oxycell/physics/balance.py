"""What a balance is: the contract between balances, couplings, the problem they make and the solvers.

A balance solves for one field. It states what it `reads` from other balances and couplings and what it gives them, as
named quantities; its terms are one of these. Everything else follows from the terms: the residual is their sum, the
record and the report hold the same terms.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.operators import Operator, sum_through, sum_to_rows
from oxycell.numerics.reductions import largest, total

_EPS = float(np.finfo(float).eps)


class Quantity(NamedTuple):
    """How a named quantity follows from others.

    Attributes
    ----------
    reads : tuple of str, names of fields and other quantities
    compute : function of their values, in this order
    hint : function of its value → what iterations within `compute` may begin with at a state nearby, given as the
        keyword `nearby`; or None
    """

    reads: tuple[str, ...]
    compute: Callable[..., Any]
    hint: Callable[[Any], Any] | None = None


class RowTerm(NamedTuple):
    """What is generated in rows [unit of the balance]; rows < 0 are left out.

    Attributes
    ----------
    name : str; rows : (k,) int; value : (k,)
    """

    name: str
    rows: np.ndarray
    value: np.ndarray

    def add_to(self, net: Floats) -> None:
        """Add it to what enters each row (n_rows,)."""
        sum_to_rows(self.rows, self.value, net)


class FaceTerm(NamedTuple):
    """What passes faces [unit of the balance]; rows < 0 are outside.

    Attributes
    ----------
    name : str; a, b : (m,) int, rows it leaves and enters; leaving, entering : (m,)
    """

    name: str
    a: np.ndarray
    b: np.ndarray
    leaving: np.ndarray
    entering: np.ndarray

    def add_to(self, net: Floats) -> None:
        """Add it to what enters each row (n_rows,)."""
        sum_through(self.a, self.b, self.leaving, self.entering, net)


class Term(Protocol):
    """A named term of a balance."""

    @property
    def name(self) -> str:
        """What it is called in the record."""

    def add_to(self, net: Floats) -> None:
        """Add it to what enters each row (n_rows,)."""


class Terms(Protocol):
    """What `evaluate` of a balance returns."""

    @property
    def terms(self) -> "tuple[Term, ...]":
        """Named terms, each with `add_to`; in this order they are summed."""


class RoundOff:
    """Estimated round-off of a balance, each part computed when it is first needed.

    Parameters
    ----------
    rows : () → (n_rows,), of the net amount of each row
    crossing : () → float, of what crosses the boundary
    bound : () → float, roughly the most it can be in a row, in one pass over the field
    """

    def __init__(self, rows: Callable[[], Floats], crossing: Callable[[], float], bound: Callable[[], float]) -> None:
        self._rows, self._crossing, self._bound = rows, crossing, bound

    @cached_property
    def rows(self) -> Floats:
        """(n_rows,)."""
        return self._rows()

    @cached_property
    def crossing(self) -> float:
        """Of what crosses the boundary."""
        return self._crossing()

    @cached_property
    def bound(self) -> float:
        """Roughly the most it can be in a row."""
        return self._bound()

    @cached_property
    def outside(self) -> float:
        """Of the sum of all rows: of what crosses the boundary, and of the rows' own sums."""
        return self.crossing + _EPS * total(self.rows)

    def storing(self, amounts: Floats) -> "RoundOff":
        """That with what rows store: amounts (n_rows,), slope of the storage times the size of the field."""
        return RoundOff(
            lambda: self.rows + _EPS * amounts,
            lambda: self.crossing + _EPS * total(amounts),
            lambda: self.bound + _EPS * largest(amounts),
        )


class StepLimit(NamedTuple):
    """How far a field may move in one step.

    Attributes
    ----------
    longest : float, largest change of a row that counts; a step in which one changes more is shortened
    lowest : float, no row that counts falls below
    clips : bool, whether each row's change is limited to `longest`, which grows while steps are shortened
    """

    longest: float = np.inf
    lowest: float = -np.inf
    clips: bool = False


class Correction(Protocol):
    """What two-point fluxes leave out, as a deferred correction: `Skew`, `LinearFlux`."""

    def on_faces(self, rises: Floats) -> Floats:
        """Correction of the potential in both half cells of every face (m, 2), from corrections as the state keeps
        them."""


class Balance(Protocol):
    """Balance of one conserved quantity.

    Attributes
    ----------
    name : str, "charge", "heat"; unit : str, of its terms
    field, field_unit : str, what it is solved for; scale, difference : float, see `state.Field`
    terms_name : str, the quantity its terms are; own_sources : str or None, one with terms of its own that lie in rows
    passes : str, what passes faces, for messages: "currents"
    n_rows : int; mesh : Mesh
    fixed_rows : (k,) int, rows whose value is given (Dirichlet conditions): their residual is 0
    limit : float, largest relative residual of a converged run
    driven : bool, whether something drives it that has to stand out of round-off
    condensed : bool, whether it is solved at every staggered iteration; else it takes one linear step
    correction : Skew, LinearFlux or None, what two-point fluxes leave out
    """

    name: str
    unit: str
    field: str
    field_unit: str
    scale: float
    difference: float
    own_sources: str | None
    passes: str
    mesh: Mesh
    n_rows: int
    fixed_rows: Ints
    limit: float
    driven: bool
    condensed: bool

    @property
    def terms_name(self) -> str:
        """The quantity its terms are."""

    @property
    def correction(self) -> "Correction | None":
        """What two-point fluxes leave out."""

    @property
    def own(self) -> Ints:
        """(n_cells,) int, row that belongs to a cell alone, −1 without."""

    @property
    def shared_rows(self) -> Ints:
        """(k,) int, rows of what has one value on every mesh: terminals, lumps."""

    @property
    def shared_names(self) -> list[str]:
        """What these are, for messages."""

    def cell_of_row(self, row: int) -> int:
        """A cell that a row belongs to."""

    def cell_values(self, values: Floats) -> Floats:
        """Values of the cells (n_cells,), NaN outside, from those of the rows (n_rows,)."""

    def start(self) -> Floats:
        """Initial guess (n_rows,)."""

    def quantities(self) -> dict[str, Quantity]:
        """Name → Quantity of what it gives to others, its terms among them."""

    def stored(self, values: Floats) -> tuple[Floats, Floats] | None:
        """What each row holds (n_rows,) [unit times s] at values of its field (n_rows,), and the slope of that; None:
        nothing."""

    def flow(self, terms: Any, reactions: Floats) -> float:
        """What the residual is compared with: how much passes or is generated; `reactions`: see `closed`."""

    def floor(self, terms: Any) -> RoundOff:
        """Round-off of the terms."""

    def operator(self) -> Operator:
        """An empty Operator with its connectivity."""

    def fill(self, operator: Operator, terms: Any, stored: Any = None) -> None:
        """Tangent of the residual, other fields lagged, into the operator; `stored`: Stored in a time step, or None."""

    def step(self, operator: Operator, terms: Any, residual: Floats, tolerance: float, stored: Any = None) -> Floats:
        """Step (n_rows,) of its field for a residual (n_rows,), by the operator filled with these terms."""

    def step_limit(self, controls: Any) -> StepLimit:
        """How far its field may move in one step; `controls`: StepControls."""

    def diagonal(self, operator: Operator, terms: Any) -> Floats:
        """Diagonal (n_rows,) of the tangent to its field, of rows as they count."""

    def preconditioner(self, operator: Operator, terms: Any, tolerance: float) -> Callable[[Floats], Floats]:
        """Function of a residual (n_rows,) that returns a step (n_rows,) of its field."""

    def allowed_share(self, evaluation: Any, values: Floats, step: Floats, lost: float, gained: float) -> float:
        """Share of a step (n_rows,) from values (n_rows,) that may be taken; `evaluation`: Evaluation there; `lost`,
        `gained`: shares of a superheat."""

    def no_correction(self) -> Floats | None:
        """Deferred correction of a field that is the same everywhere, as `State.corrections` keeps it."""


class Coupling(Protocol):
    """What passes between balances.

    Attributes
    ----------
    row_sources : dict name of a balance → quantity, a tuple of RowTerm that are terms of that balance
    face_sources : dict name of a balance → quantity, a tuple of (name, faces, amounts) generated on faces of that
        balance
    """

    row_sources: dict[str, str]
    face_sources: dict[str, str]

    def quantities(self) -> dict[str, Quantity]:
        """Name → Quantity of what it gives."""


def closed(terms: Terms, n_rows: int, fixed_rows: Ints, stored: "Terms | None" = None) -> tuple[Floats, Floats]:
    """The sum of all Terms, in their order.

    Parameters
    ----------
    terms : Terms; n_rows : int
    stored : Terms or None, of what is stored in a time step
    fixed_rows : (k,) int, rows whose value is given

    Returns
    -------
    residual : (n_rows,), net amount into each row, 0 in those of given value
    reactions : (k,), what has to be added to these to keep them at their value
    """
    residual = np.zeros(n_rows)
    for term in (*terms.terms, *(stored.terms if stored is not None else ())):
        term.add_to(residual)
    reactions = -residual[fixed_rows]
    residual[fixed_rows] = 0.0
    return residual, reactions
