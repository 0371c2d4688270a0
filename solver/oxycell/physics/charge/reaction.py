"""The cell reaction: the current that carries it, where the metal is produced, and the process at that current
density."""

from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.numerics.reductions import total


class CellReaction:
    """The cell reaction of a process on the electrodes of a charge balance.

    Parameters
    ----------
    electric : Electric, with its process
    """

    def __init__(self, electric: Any) -> None:
        self.electric, self.process = electric, electric.process

    @cached_property
    def faces(self) -> tuple[Ints, Floats]:
        """Faces that carry the reaction (k,) int, positions in the electric domain, and their signs (k,), see
        LawStack."""
        laws = self.electric.laws
        return laws.face[laws.reacting], laws.sign[laws.reacting]

    @cached_property
    def cathode(self) -> Ints:
        """Faces on which the metal is produced (k,) int, positions in the electric domain: an electrode law, no rest
        potential."""
        kinds = [{law.kind for law in spec.laws} for spec in self.electric.interfaces]
        made = [bool(kind & {"concentration", "reversible_heat"}) and "equilibrium" not in kind for kind in kinds]
        return self.electric.laws.face[np.array([*made, False])[self.electric.laws.interface]]

    def current(self, currents: Any) -> float:
        """Current through the faces that carry the reaction [A], of the model; `currents`: Currents."""
        face, sign = self.faces
        return total(sign * currents.current[face])

    def process_at(self, currents: Any) -> Any:
        """The process at the current density on the cathode, for models of the current efficiency that depend on it."""
        copies = self.electric.mesh.multiplicity
        return self.process.at(copies * self.current(currents), copies * total(currents.area(self.cathode)))
