"""Result of a solve: the case that made it, the mesh, the record of every term, and how it went."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from oxycell.mesh.mesh import Mesh


@dataclass(frozen=True, eq=False)
class Solution:
    """A solved problem; every number of a report is a sum over `record`.

    Attributes
    ----------
    case : Case
    case_text : str, the resolved case as TOML
    mesh : Mesh
    record : nested dict of float64 and int arrays, scalars and lists of str: state, face terms and row terms, of the
        model [SI]; its keys are listed in docs/formats.md
    status : dict, how the solve ended
    history : list of dict, one row for each outer iteration
    warnings : list of str
    provenance : dict of str
    log : str, text of run.log
    writer : function (solution, folder) behind `write`, given by the driver
    """

    case: Any
    case_text: str
    mesh: Mesh
    record: dict[str, Any]
    status: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    provenance: dict[str, Any] = field(default_factory=dict)
    log: str = ""
    writer: Callable[[Any, str | Path], None] | None = field(default=None, repr=False)

    @property
    def converged(self) -> bool:
        """Whether the solve reached its tolerances."""
        return bool(self.record["status"]["converged"])

    @property
    def course(self) -> dict[str, np.ndarray]:
        """What a run over time went through: name of a column → array (n_rows,), the first row at the start, one for
        each step after it and one right after each jump, at the time of the row before; empty for a steady state.

        `course["time"]` [s]; every other name says its unit, or is the dotted key of a number of report.json, in its
        unit: `course["voltage.cell_V"]`. NaN where a row has no value.
        """
        found = self.record.get("course")
        if found is None:
            return {}
        return dict(zip(found["names"], np.asarray(found["values"], np.float64).T, strict=True))

    def failed(self, failures: Sequence[str]) -> Self:
        """The same with failures, a list of str, written into its status and warnings."""
        status = {**self.record["status"], "converged": False, "message": "; ".join(failures)}
        return replace(
            self, record={**self.record, "status": status}, status=status, warnings=[*self.warnings, *failures]
        )

    def strict(self) -> Self:
        """The same, marked as failed if it has alerts: its report counts them as failures."""
        status = {**self.record["status"], "strict": True}
        return replace(self, record={**self.record, "status": status}, status=status)

    def write(self, folder: str | Path) -> None:
        """Write the run folder.

        Parameters
        ----------
        folder : path, created if it does not exist

        Raises
        ------
        FileError
            The folder or a file in it cannot be written.
        """
        if self.writer is None:
            raise TypeError("this solution has no writer; use oxycell.io.hdf5.write_run(solution, folder)")
        self.writer(self, folder)
