"""A run over time in its folder: written while it goes on, whole whenever the process ends, gone on with later."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from oxycell.case.case import Case
from oxycell.io.checkpoint import Checkpoint, write_checkpoint
from oxycell.io.fields import state_fields, static_fields, write_surfaces
from oxycell.io.files import write_text
from oxycell.io.hdf5 import FIELDS, SURFACES
from oxycell.io.history import HistoryFile
from oxycell.io.temporal import TemporalGrid
from oxycell.processes.drawers import here
from oxycell.report.figure import Tree
from oxycell.run_folder import clear, interrupted_message, is_run_folder, log_text, staged, write_interrupted
from oxycell.runtime import VERSION
from oxycell.solution import Solution

HISTORY, CASE, LOG = "history.csv", "case.toml", "run.log"

Drawing = Callable[[Solution, Tree], Callable[[], Tree]]


class FolderSink:
    """Writes a run over time to its folder while it goes on.

    An earlier run in the folder stands until the first output and the first checkpoint are there.

    Parameters
    ----------
    folder : path
    case : Case with `transient`
    expected : int, number of outputs of the run

    Attributes
    ----------
    folder, expected : as given
    begun : bool, whether the folder holds this run
    """

    def __init__(self, folder: str | Path, case: Case, expected: int = 0) -> None:
        self.folder, self.expected, self._case = Path(folder), expected, case
        self.begun, self._number, self._kept = False, 0, 0.0
        self._rows: list[dict[str, Any]] = []
        self._first: tuple[float, Solution] | None = None
        self._history: HistoryFile | None = None
        self._grid: TemporalGrid | None = None

    def go_on(self, found: Checkpoint) -> None:
        """Go on from a checkpoint of this run; what was written after it is dropped.

        Raises
        ------
        FileError
            A file of the run is missing, damaged or cannot be written.
        """
        content = found.content
        self._number, self.begun, self._kept = found.number + 1, True, content["time"]
        self._history = HistoryFile.resumed(self.folder / HISTORY, content["time"], content["rows"])
        self._grid = TemporalGrid.resumed(self.folder / FIELDS, content["time"], self.expected)
        self._log("running")

    def row(self, row: dict[str, Any]) -> None:
        """A row of history.csv."""
        if self._history is None:
            self._rows.append(row)
        else:
            self._history.append(row)

    def output(self, time: float, solution: Solution) -> None:
        """A step of fields.hdf."""
        if self._grid is None:
            self._first = time, solution
        else:
            self._grid.append(time, state_fields(solution.mesh, solution.record))

    def checkpoint(self, content: dict[str, Any]) -> None:
        """A checkpoint; the first one is where the run begins to be in the folder."""
        if not self.begun:
            self._begin()
        assert self._history is not None
        stamped = content | {"rows": self._history.rows, "case": self._case.to_toml(), "version": VERSION}
        write_checkpoint(self.folder, self._number, stamped)
        self._number, self._kept = self._number + 1, content["time"]

    def _begin(self) -> None:
        """Write the first files beside the folder, and then in place of what is in it."""
        assert self._first is not None
        time, solution = self._first
        with staged(self.folder) as staging:
            write_text(staging / CASE, self._case.to_toml())
            write_text(staging / LOG, log_text({"state": "running"}, []))
            history = HistoryFile(staging / HISTORY)
            for row in self._rows:
                history.append(row)
            static = static_fields(solution.mesh, solution.record)
            grid = TemporalGrid.create(staging / FIELDS, solution.mesh, static, self.expected)
            grid.append(time, state_fields(solution.mesh, solution.record))
            clear(self.folder)
        history.path, grid.path = self.folder / HISTORY, self.folder / FIELDS
        self._history, self._grid, self.begun = history, grid, True
        self._first, self._rows = None, []

    def interrupted(self, steps: Sequence[dict[str, Any]]) -> str:
        """Write that the run was stopped; returns the message it ends with."""
        if self.begun:
            self._log("interrupted")
        elif is_run_folder(self.folder):
            return f"interrupted before the first output; {self.folder} is as it was"
        else:
            write_interrupted(self._case, steps, self.folder)
        return interrupted_message(list(steps), self.folder, self._kept if self.begun else None)

    def finish(self, solution: Solution, figures: Tree, drawing: Drawing = here) -> None:
        """Write what a run leaves when it is over, report.json last."""
        assert self._grid is not None
        write_over(solution, figures, self.folder, self._grid, drawing)

    def _log(self, state: str) -> None:
        write_text(self.folder / LOG, log_text({"state": state}, []))


def write_over(solution: Solution, figures: Tree, folder: Path, grid: TemporalGrid, drawing: Drawing = here) -> None:
    """Write the record, surfaces and report of a run that is over beside its steps and history."""
    from oxycell.report.render import write_report

    grid.finish(solution)
    with staged(folder) as staging:
        drawn = drawing(solution, figures)
        write_surfaces(solution.mesh, solution.record, staging / SURFACES)
        alerts = [f"ALERT: {entry['message']}" for entry in figures["alerts"]]
        write_text(staging / LOG, log_text(solution.status, [*alerts, *solution.warnings]))
        write_report(figures, drawn, staging)


def mark(solution: Solution, figures: Tree, folder: str | Path, drawing: Drawing = here) -> None:
    """Write a run over time that is over once more, with another status."""
    place = Path(folder)
    write_over(solution, figures, place, TemporalGrid.resumed(place / FIELDS, float("inf")), drawing)
