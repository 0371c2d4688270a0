"""The cell reaction: the current that carries it, where the metal is produced, and the process at that current
density."""

from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Ints
from oxycell.numerics.reductions import total
from oxycell.physics.electrode.stack import LawStack


class CellReaction:
    """The cell reaction of a process on the electrodes of a charge balance.

    Parameters
    ----------
    laws : LawStack; interfaces : tuple of Interface, whose laws these are
    multiplicity : int, of the mesh
    process : Process or None

    Notes
    -----
    It does not hold the balance, which holds it: a cycle would keep both, and the mesh, in memory until Python looks
    for garbage.
    """

    def __init__(self, laws: LawStack, interfaces: tuple, multiplicity: int, process: Any) -> None:
        self.laws, self.interfaces, self.multiplicity, self.process = laws, interfaces, multiplicity, process

    @cached_property
    def faces(self) -> tuple[Ints, Ints]:
        """Faces that carry the reaction (k,) int, positions in the electric domain, and their signs (k,), see
        LawStack."""
        return self.laws.face[self.laws.reacting], self.laws.sign[self.laws.reacting]

    @cached_property
    def cathode(self) -> Ints:
        """Faces on which the metal is produced (k,) int, positions in the electric domain: an electrode law, no rest
        potential."""
        kinds = [{law.kind for law in spec.laws} for spec in self.interfaces]
        made = [bool(kind & {"concentration", "reversible_heat"}) and "equilibrium" not in kind for kind in kinds]
        return self.laws.face[np.array([*made, False])[self.laws.interface]]

    def current(self, currents: Any) -> float:
        """Current through the faces that carry the reaction [A], of the model; `currents`: Currents."""
        face, sign = self.faces
        return total(sign * currents.current[face])

    def process_at(self, currents: Any) -> Any:
        """The process at the current density on the cathode, for models of the current efficiency that depend on it."""
        copies = self.multiplicity
        return self.process.at(copies * self.current(currents), copies * total(currents.area(self.cathode)))
