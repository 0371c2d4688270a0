"""A case over time as what is integrated: the problem at an instant, and what a stage of a step says of the cell."""

import gc
import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from oxycell.case.building.build import SOLVE_BYTES, Built, build, expand
from oxycell.case.building.masses import AS_USED
from oxycell.case.building.meshing import build_mesh
from oxycell.case.building.storage import Storing, initial_amounts
from oxycell.case.building.timeline import Timeline
from oxycell.case.solving.record import make_record
from oxycell.case.solving.solve import warnings
from oxycell.cell.bath import SOLUTES, composition
from oxycell.errors import CaseError
from oxycell.mesh.moving import Ground
from oxycell.physics.heat.gradient import largest_gradients
from oxycell.physics.heat.masses import Supply
from oxycell.physics.problem import Problem
from oxycell.report import figures_of
from oxycell.report.figure import Tree
from oxycell.report.solved import Solved as Figures
from oxycell.solution import Solution
from oxycell.solvers.transient.stages import Solved
from oxycell.state import State
from oxycell.transients.inventory import liquid_bath
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
    places : str, identity of the faces with laws, terminals and losses and of the ledge's columns, once it is known
    """

    def __init__(
        self, case: Any, timeline: Timeline, fields: Any = None, released: Callable[[], None] = lambda: None
    ) -> None:
        self.case, self.timeline, self._fields, self._released = case, timeline, fields, released
        self.bath: Any = None
        options = case.transient
        slush = options.at_liquidus == "slush"
        self.storing = Storing(
            options.composition == "coupled", slush=slush, feed=options.feed, tapping=options.tapping
        )
        self._built: dict[tuple[int, Any], tuple[Any, Built]] = {}
        self._figures: tuple[Solved, Figures] | None = None
        self.places = ""

    @cached_property
    def ground(self) -> Ground:
        """Ground of the run: the mesh at its start, before any jump there, which is kept and stretched."""
        case = expand(self.timeline.case_at(self.timeline.start, "before"))
        mesh, moves = build_mesh(case, SOLVE_BYTES)
        return Ground(mesh, moves, case.boxes, case.mesh)

    def built(self, time: float, side: str = "after") -> Built:
        """Built as the case is at a time [s], on a side of a jump there."""
        stated = self.timeline.case_at(time, side)
        key = id(stated), self.bath
        if key not in self._built:
            at = stated.model_copy(update={"time": time})
            if self.bath is not None:
                at = at.model_copy(update={"bath": self.bath})
            self.forget()
            built = build(at, self._fields, self.storing, self.ground)
            self._check(built, time, side)
            self._built[key] = stated, built
        return self._built[key][1]

    def problem(self, time: float, side: str) -> Problem:
        """See `solvers.transient.System`."""
        self._figures = None  # of the stage before
        return self.built(time, side).problem

    def supply(self, time: float, side: str) -> Supply | None:
        """See `solvers.transient.System`."""
        return None if self.timeline.supply is None else self.timeline.supply.at(time, side)

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
        if built.problem.thermal is not None:
            self.storing = self.storing._replace(melts_at=built.problem.thermal.liquidus)
        here = self.built(self.timeline.start, "before")
        if here.stored is None:
            return here.problem.amounts(state)
        steady = self.case.transient.initial == "steady"
        supply = None if self.timeline.supply is None else self.timeline.supply.before(self.timeline.start)
        slow = (self.storing.feed or AS_USED).stock
        known = initial_amounts(here.stored, here.materials, state, evaluation, here.case, steady, supply, slow)
        if here.stored.freezing is not None:
            known["frozen"] = np.zeros(here.stored.freezing.rows.size)
        return here.problem.amounts(state, known)

    def follow(self, solved: Solved) -> None:
        """Let the properties of the bath follow its composition."""
        stored = self.of(solved).stored
        if stored is None or stored.liquidus_of is None:
            return
        now = composition(self.case.bath, solved.amounts["solutes"], liquid_bath(stored, solved))
        used = self.bath or self.case.bath
        if max(abs(getattr(now, name) - getattr(used, name)) for name in SOLUTES) >= CHANGED:
            self.bath = now

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

    def solution(self, solved: Solved, status: dict[str, Any] | None = None, gradients: bool = False) -> Solution:
        """Solution of a stage as if it were a state of its own; `status`: see `solve_case`; with the temperature
        gradients of its cells or without."""
        built = self.of(solved)
        status = status or {"converged": True, "message": "converged"}
        record = make_record(built, solved.state, solved.evaluation, status)
        if gradients and built.problem.thermal is not None:
            record["cells"]["temperature_gradient"] = largest_gradients(solved.evaluation)
        return Solution(built.case, "", built.mesh, record, status)

    def warnings(self, solved: Solved) -> list[str]:
        """What the user should know of a stage."""
        return warnings(self.of(solved), solved.state, solved.evaluation)

    def of(self, solved: Solved) -> Built:
        """Built that a stage was solved with."""
        ((_, built),) = self._built.values()
        assert built.problem is solved.evaluation.problem
        return built

    def _check(self, built: Built, time: float, side: str) -> None:
        """CaseError where a mesh that moved has other faces with laws, or another ledge, than that of the start."""
        if self.places and built.mesh is self.ground.mesh:
            return
        found = _places(built)
        self.places = self.places or found
        if found != self.places:
            raise self.timeline.refused(
                time,
                side,
                "surfaces, laws or columns of the ledge are on other faces than at the start; allowed: lengths that "
                "leave them where they are among the cells",
            )

    def content(self) -> dict[str, Any]:
        """What a checkpoint keeps of it."""
        ((_, built),) = self._built.values()
        return {
            "mesh": self.ground.mesh.hash,
            "mesh_now": built.mesh.hash,
            "places": self.places,
            "bath": None if self.bath is None else [float(getattr(self.bath, name)) for name in SOLUTES],
            "melts_at": self.storing.melts_at,
        }

    def resume(self, content: dict[str, Any]) -> None:
        """Go on from what a checkpoint has; CaseError where the mesh is another one."""
        if self.ground.mesh.hash != content["mesh"]:
            file = self.case.mesh.file
            changed = "the mesh" if file is None else f"mesh.file: {file}"
            raise CaseError(f"{changed} has changed since the run began; allowed: the one it began with, or a new run")
        self.places = content["places"]
        if content["bath"] is not None:
            update = dict(zip(SOLUTES, content["bath"], strict=True))
            self.bath = self.case.bath.model_copy(update=update)
        self.storing = self.storing._replace(melts_at=content["melts_at"])


def _places(built: Built) -> str:
    """Identity of the faces with laws, terminals and losses, and of the cells a ledge grows in: SHA-256."""
    electric, thermal = built.problem.electric, built.problem.thermal
    digest = hashlib.sha256()
    arrays: list[np.ndarray] = []
    if electric is not None:
        arrays += [electric.face, electric.terminal, electric.laws.face]
    if thermal is not None:
        arrays += [thermal.face, thermal.path, thermal.kind]
        if thermal.ledge is not None:
            arrays += [thermal.ledge.face, thermal.ledge.first, thermal.ledge.cell]
    for array in arrays:
        digest.update(np.ascontiguousarray(array, np.int32).data)
    return digest.hexdigest()
