"""A run folder: what it holds, whether one may be written, and that it is written completely or not at all."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from oxycell.errors import FileError
from oxycell.processes.drawers import here
from oxycell.units import format_duration

FILES = (
    "report.json",
    "case.toml",
    "fields.hdf",
    "surfaces.hdf",
    "report.html",
    "figures",
    "lines",
    "history.csv",
    "run.log",
)
"""What a run folder holds besides checkpoints; report.json is written last and removed first."""


def read_report(folder):
    """The report.json of a run folder."""
    path = Path(folder) / "report.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise FileError(f"{path}: is not a report of oxycell") from None


def write_folder(solution, folder, figures=None, drawing=here):
    """Write a run folder with fields and report, completely or not at all.

    Parameters
    ----------
    solution : Solution
    folder : path; a folder that an earlier run wrote is replaced, files of others in it stay
    figures : dict or None, the report if it is there already
    drawing : see `run`
    """
    from oxycell.io.hdf5 import write_run
    from oxycell.report import report
    from oxycell.report.render import write_report

    check_folder(folder)
    figures = report(solution) if figures is None else figures
    with staged(folder) as staging:
        drawn = drawing(solution, figures)
        write_run(solution, staging)
        write_report(figures, drawn, staging)
        if not (staging / "run.log").exists():
            alerts = [f"ALERT: {entry['message']}" for entry in figures["alerts"]]
            (staging / "run.log").write_text(log_text(solution.status, [*alerts, *solution.warnings]), encoding="utf-8")
        clear(folder)


def write_interrupted(case, history, folder):
    """Write what a later `--resume` needs after a run was stopped."""
    with staged(folder) as staging:
        (staging / "case.toml").write_text(case.to_toml(), encoding="utf-8")
        (staging / "run.log").write_text(log_text({"state": "interrupted"}, history), encoding="utf-8")
        clear(folder)


def interrupted_message(history: list[dict], folder: str | Path, kept: float | None = None) -> str:
    """What a run that was stopped says last; `history`: the steps its progress was told of; `kept`: time of the state
    from which it goes on [s], if it is known."""
    last = history[-1] if history else {}
    what = f"stopped at {format_duration(last['time'])}" if "end" in last else "interrupted"
    where = "" if kept is None or kept == last.get("time") else f" from {format_duration(kept)}"
    return f'{what}; continue{where} with "oxycell run --resume {folder}"'


def log_text(status, lines):
    """Text of run.log."""
    head = ["oxycell run", *(f"{key}: {value}" for key, value in status.items())]
    return "\n".join([*head, *map(str, lines)]) + "\n"


def check_folder(folder):
    """Raise FileError unless a run may be written to a folder: empty, missing or an earlier run, and writable."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FileError(f"{folder}: is a file, not a folder; give another with -o")
    if folder.is_dir() and any(folder.iterdir()) and not is_run_folder(folder):
        raise FileError(f"{folder}: contains files not written by oxycell; give another folder with -o")
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    try:
        os.rmdir(tempfile.mkdtemp(prefix=".oxycell-", dir=place))
    except OSError as error:
        raise FileError(f"{folder}: cannot be written: {error.strerror}") from None


def is_run_folder(folder):
    """Whether a run of oxycell wrote this folder."""
    folder = Path(folder)
    return (folder / "case.toml").is_file() and ((folder / "run.log").is_file() or (folder / "fields.hdf").is_file())


def clear(folder):
    """Take the files of an earlier run out of a folder, the report first: without it a folder counts as unfinished."""
    from oxycell.io.checkpoint import remove_checkpoints

    for name in FILES:
        path = Path(folder) / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    remove_checkpoints(folder)


class staged:
    """A temporary folder next to `folder`; on leaving without an error its files appear in `folder`, else nothing
    does."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.made = []

    def __enter__(self):
        for parent in reversed(self.folder.parents):
            if not parent.exists():
                self._make(parent)
        try:
            self.staging = Path(
                tempfile.mkdtemp(prefix=f".{self.folder.name}.", suffix=".part", dir=self.folder.parent)
            )
        except OSError as error:
            raise FileError(f"{self.folder}: cannot be written: {error.strerror}") from None
        return self.staging

    def _make(self, parent):
        try:
            parent.mkdir()
        except OSError as error:
            raise FileError(f"{parent}: cannot make this folder: {error.strerror}") from None
        self.made.append(parent)

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self._publish()
            elif isinstance(error, OSError):
                raise FileError(f"{self.folder}: cannot be written: {error.strerror or error}") from None
        finally:
            shutil.rmtree(self.staging, ignore_errors=True)
            if kind is not None:
                for parent in reversed(self.made):
                    if not any(parent.iterdir()):
                        parent.rmdir()

    def _publish(self):
        try:
            if not self.folder.exists():
                mask = os.umask(0)
                os.umask(mask)
                os.chmod(self.staging, 0o777 & ~mask)
                os.replace(self.staging, self.folder)
                return
            entries = sorted(self.staging.iterdir(), key=lambda entry: entry.name == "report.json")
            for entry in entries:
                target = self.folder / entry.name
                if target.is_dir():
                    shutil.rmtree(target)
                os.replace(entry, target)
        except OSError as error:
            raise FileError(f"{self.folder}: cannot be written: {error.strerror}") from None
