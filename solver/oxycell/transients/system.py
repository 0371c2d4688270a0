"""A case over time as what is integrated: the problem at an instant, and what a stage of a step says of the cell."""

import gc
from collections.abc import Callable
from typing import Any

import numpy as np

from oxycell.case.building.build import Built, build
from oxycell.case.building.storage import Storing, composition, initial_amounts
from oxycell.case.building.timeline import Timeline
from oxycell.case.solving.record import make_record
from oxycell.case.solving.solve import warnings
from oxycell.cell.bath import SOLUTES
from oxycell.errors import CaseError
from oxycell.physics.problem import Problem
from oxycell.report import figures_of
from oxycell.report.figure import Tree
from oxycell.report.solved import Solved as Figures
from oxycell.solution import Solution
from oxycell.solvers.transient.stages import Solved
from oxycell.state import State
from oxycell.transients.sums import BLOCKS, flows

CHANGED = 0.02
"""Change of a weight percent of the bath from which on its other properties are renewed."""

LARGE = 20_000
"""Cells of a problem from which on its memory is worth the time it takes to find it, a tenth of a second and more."""


class CaseSystem:
    """A case with `[transient]` at every instant.

    Parameters
    ----------
    case : Case
    timeline : Timeline
    fields : mapping or None, see `oxycell.solve`
    released : function called before another problem is built, for others to let go of the one before

    Attributes
    ----------
    bath : Bath or None, composition in use; it follows what freezes in steps of `CHANGED`
    storing : Storing
    mesh_hash : str or None, of the mesh of the run, once it is known
    """

    def __init__(
        self, case: Any, timeline: Timeline, fields: Any = None, released: Callable[[], None] = lambda: None
    ) -> None:
        self.case, self.timeline, self._fields, self._released = case, timeline, fields, released
        self.bath: Any = None
        self.storing = Storing(case.transient.composition == "coupled")
        self._built: dict[tuple[int, Any], tuple[Any, Built]] = {}
        self._figures: tuple[Solved, Figures] | None = None
        self.mesh_hash: str | None = None

    def built(self, time: float, side: str = "after") -> Built:
        """Built as the case is at a time [s], on a side of a jump there."""
        stated = self.timeline.case_at(time, side)
        key = id(stated), self.bath
        if key not in self._built:
            at = stated.model_copy(update={"time": time})
            if self.bath is not None:
                at = at.model_copy(update={"bath": self.bath})
            self.forget()
            built = build(at, self._fields, self.storing)
            self._check(built)
            self._built[key] = stated, built
        return self._built[key][1]

    def problem(self, time: float, side: str) -> Problem:
        """See `solvers.transient.System`."""
        self._figures = None  # of the stage before
        return self.built(time, side).problem

    def forget(self) -> None:
        """Let go of the problem, and have others let go of it."""
        large = any(built.mesh.n_cells > LARGE for _, built in self._built.values())
        self._figures = None
        self._built.clear()
        self._released()
        if large:  # a problem and its parts refer to each other
            gc.collect()

    def start(self, built: Built, state: State) -> dict[str, np.ndarray]:
        """Amounts at the start, at a State of a steady Built of the case there; sets what holds from then on."""
        evaluation = built.problem.evaluate(state)
        if built.problem.thermal is not None and built.problem.thermal.ledge is not None:
            self.storing = self.storing._replace(melts_at=built.problem.thermal.ledge.liquidus)
        here = self.built(self.timeline.start, "before")
        if here.stored is None:
            return here.problem.amounts(state)
        known = initial_amounts(here.stored, here.materials, state, evaluation, here.case)
        if here.stored.freezing is not None:
            known["frozen"] = np.zeros(here.stored.freezing.rows.size)
        return here.problem.amounts(state, known)

    def follow(self, solved: Solved) -> None:
        """Let the properties of the bath follow its composition."""
        stored = self.of(solved).stored
        if stored is None or stored.liquidus_of is None:
            return
        now = composition(self.case.bath, solved.amounts["solutes"], self.liquid_bath(solved))
        used = self.bath or self.case.bath
        if max(abs(getattr(now, name) - getattr(used, name)) for name in SOLUTES) >= CHANGED:
            self.bath = now

    def liquid_bath(self, solved: Solved) -> float:
        """Mass of the liquid bath of the model [kg]."""
        stored = self.of(solved).stored
        assert stored is not None
        return float(solved.amounts["pools"][stored.pools.bath] - solved.amounts["frozen"].sum())

    def flows(self, solved: Solved) -> dict[str, float]:
        """What is summed over time, per second, of the whole cell; see `transients.sums`."""
        return flows(self._figures_of(solved).tree(*BLOCKS))

    def figures(self, solved: Solved) -> Tree:
        """The report of a stage."""
        return self._figures_of(solved).tree()

    def _figures_of(self, solved: Solved) -> Figures:
        if self._figures is None or self._figures[0] is not solved:
            self._figures = None  # makes room
            self._figures = solved, figures_of(self.solution(solved))
        return self._figures[1]

    def solution(self, solved: Solved, status: dict[str, Any] | None = None) -> Solution:
        """Solution of a stage as if it were a state of its own; `status`: see `solve_case`."""
        built = self.of(solved)
        status = status or {"converged": True, "message": "converged"}
        record = make_record(built, solved.state, solved.evaluation, status)
        return Solution(built.case, "", built.mesh, record, status)

    def warnings(self, solved: Solved) -> list[str]:
        """What the user should know of a stage."""
        return warnings(self.of(solved), solved.state, solved.evaluation)

    def of(self, solved: Solved) -> Built:
        """Built that a stage was solved with."""
        ((_, built),) = self._built.values()
        assert built.problem is solved.evaluation.problem
        return built

    def _check(self, built: Built) -> None:
        if self.mesh_hash is None:
            self.mesh_hash = built.mesh.hash
        elif built.mesh.hash != self.mesh_hash:
            raise CaseError(
                f"transient.schedule: at {built.case.time:.6g} s the mesh differs from that at the start; allowed: "
                "values that leave it as it is"
            )
