"""How steeply and how fast the solids of a run over time heat up: gradients and rates by region."""

import re
from typing import Any

import numpy as np

from oxycell.arrays import Ints
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.reductions import largest
from oxycell.physics.heat.gradient import largest_gradients
from oxycell.report.figure import Tree
from oxycell.solvers.transient.stages import Solved
from oxycell.state import State

HOUR = 3600.0


class Heating:
    """Largest temperature gradients and heating rates in the regions of solids, of one state after the other; regions
    whose names differ by their numbers only count as one."""

    def __init__(self) -> None:
        self._cells: dict[str, Ints] | None = None
        self._before: State | None = None

    def begin(self, state: State) -> None:
        """Take the State that the next step begins with."""
        self._before = state

    def columns(self, solved: Solved, step: float | None) -> Tree:
        """Columns `regions.NAME.gradient_K_per_m` and `regions.NAME.heating_K_per_h` of a state, `step` [s] after the
        one before, which counts as that from then on; nothing where heat is not solved."""
        thermal = solved.evaluation.problem.thermal
        if thermal is None:
            return {}
        if self._cells is None:
            self._cells = _solids(thermal.mesh, thermal.row == thermal.own)
        gradient, rate = largest_gradients(solved.evaluation), None
        if step is not None and self._before is not None:
            rate = np.abs(solved.state.temperature - self._before.temperature) / step * HOUR
        self._before = solved.state
        found: Tree = {}
        for name, cells in self._cells.items():
            found[f"regions.{name}.gradient_K_per_m"] = largest(gradient[cells])
            found[f"regions.{name}.heating_K_per_h"] = None if rate is None else largest(rate[thermal.row[cells]])
        return found


def _solids(mesh: Mesh, solid: Any) -> dict[str, Ints]:
    """Cells (k,) int of the regions of solids (n_cells,) bool, by their names."""
    names = [re.sub(r"\d+", "*", name) for name in mesh.region_names]
    found: dict[str, Ints] = {}
    for group in dict.fromkeys(names):
        alike = [number for number, name in enumerate(names) if name == group]
        cells = np.flatnonzero(solid & np.isin(mesh.region, alike))
        if cells.size:
            found[group if len(alike) > 1 else mesh.region_names[alike[0]]] = cells
    return found
