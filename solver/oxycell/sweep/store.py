"""The folder of a sweep: its plan, a run folder for each case, and a state of each case that is written last and at
once."""

import contextlib
import fcntl
import json
import os
import shutil
from pathlib import Path

from oxycell.errors import CaseError, FileError

WAITING, STARTED, FINISHED, FAILED, SET_ASIDE = "waiting", "started", "finished", "failed", "set aside"
OVER = (FINISHED, FAILED, SET_ASIDE)
TRIES, STARTS = 3, 12
"""Deaths after which a case is set aside: while it was run, and before it was begun, which need not be its own
fault."""


class Claimed(Exception):
    """Another process has this case in hand."""


class Store:
    """Folder of a sweep.

    Parameters
    ----------
    folder : path

    Notes
    -----
    `plan.json`; `cases/NAME.toml`, complete case files; `cases/NAME/`, run folders; `states/NAME.json`; then
    `table.csv`, `table.hdf`, `sweep.html`. A process that runs a case holds a lock on its case file, which the system
    releases when it dies.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def open(self, plan):
        """Take up a plan: write it where there is none, else see that it is the same.

        Raises
        ------
        CaseError
            The folder contains a sweep of another plan; the message names what differs.
        FileError
            The folder holds other files, or cannot be written.
        """
        try:
            if (
                self.folder.is_dir()
                and not (self.folder / "plan.json").exists()
                and any(
                    path.name not in ("cases", "states") and not path.name.startswith(".plan.")
                    for path in self.folder.iterdir()
                )
            ):
                raise FileError(f"{self.folder}: contains files not written by a sweep; give another folder with -o")
            (self.folder / "states").mkdir(parents=True, exist_ok=True)
            (self.folder / "cases").mkdir(exist_ok=True)
            for name, text in plan.texts.items():
                if not self.case_file(name).exists():
                    write_at_once(self.case_file(name), text)
            if not self._write_plan(json.dumps(plan.record, indent=1, ensure_ascii=False) + "\n"):
                before = json.loads((self.folder / "plan.json").read_text(encoding="utf-8"))
                if changes := differences(before, json.loads(json.dumps(plan.record))):
                    raise CaseError(
                        f"{self.folder}: contains a sweep of another plan: {'; '.join(changes)}; allowed: the same "
                        "study and version, or another folder with -o"
                    )
        except OSError as error:
            raise FileError(f"{self.folder}: cannot be written: {error.strerror}") from None

    def _write_plan(self, text):
        """Write the plan; whether there was none. Of several processes that start at once, one writes it."""
        staged = self.folder / f".plan.{os.getpid()}"
        staged.write_text(text, encoding="utf-8")
        try:
            os.link(staged, self.folder / "plan.json")
            return True
        except FileExistsError:
            return False
        finally:
            staged.unlink()

    def case_file(self, name):
        """Complete case file of a case."""
        return self.folder / "cases" / f"{name}.toml"

    def run_folder(self, name):
        """Run folder of a case."""
        return self.folder / "cases" / name

    def state(self, name):
        """State of a case: dict with `state`, `deaths` while it was run and `starts` that died before, `message`,
        `exit_code`."""
        try:
            return json.loads((self.folder / "states" / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"state": WAITING, "deaths": 0, "starts": 0, "message": "", "exit_code": None}

    def set_state(self, name, state, message="", exit_code=None, deaths=None, starts=0):
        """Write the state of a case at once; without `deaths` those so far."""
        deaths = self.state(name)["deaths"] if deaths is None else deaths
        found = {"state": state, "deaths": deaths, "starts": starts, "message": message, "exit_code": exit_code}
        write_at_once(self.folder / "states" / f"{name}.json", json.dumps(found, ensure_ascii=False) + "\n")

    def died(self, name, why):
        """Note that a process died with a case in hand; the third time while it was run sets the case aside."""
        found = self.state(name)
        if found["state"] in OVER:
            return
        begun = found["state"] == STARTED
        deaths, starts = found["deaths"] + begun, found["starts"] + (not begun)
        self.clear(name)
        if deaths >= TRIES:
            self.set_state(
                name, SET_ASIDE, f"set aside: its process died {deaths} times, the last time: {why}", deaths=deaths
            )
        elif starts >= STARTS:
            self.set_state(
                name,
                SET_ASIDE,
                f"set aside: {starts} processes died before they began it, the last one: {why}",
                deaths=deaths,
            )
        else:
            self.set_state(name, WAITING, deaths=deaths, starts=starts)

    def clear(self, name):
        """Take away what an unfinished run of a case left."""
        shutil.rmtree(self.run_folder(name), ignore_errors=True)
        for left in (self.folder / "cases").glob(f".{name}.*.part"):
            shutil.rmtree(left, ignore_errors=True)

    @contextlib.contextmanager
    def claim(self, name):
        """Hold a case while it is run.

        Raises
        ------
        Claimed
            Another process holds it.
        """
        with open(self.case_file(name), encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Claimed(name) from None
            if self.state(name)["state"] == STARTED:  # its process is gone, and nobody saw it go
                self.died(name, "for an unknown reason")
            yield

    def missing(self, plan):
        """Names of the cases that are not over, each once, in order but those last whose processes died."""
        states = {name: self.state(name) for name in plan.texts}
        return sorted(
            (name for name, found in states.items() if found["state"] not in OVER),
            key=lambda name: states[name]["deaths"],
        )


@contextlib.contextmanager
def sole(folder):
    """Hold a sweep's folder against a second parent."""
    with open(Path(folder) / "plan.json", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CaseError(
                f"{folder}: another oxycell sweep works in this folder; allowed: wait for it, or another folder"
            ) from None
        yield


def differences(before, now):
    """What differs between the records of two plans, list of str, at most three."""
    words = {"oxycell": "version", "source": "source of oxycell", "case": "base case", "title": "title", "keep": "keep"}
    found = [
        f"{word} {before.get(key)!r}, now {now[key]!r}" for key, word in words.items() if before.get(key) != now[key]
    ]
    if before["cases"] != now["cases"]:
        if len(before["cases"]) != len(now["cases"]):
            found.append(f"{len(before['cases'])} cases, now {len(now['cases'])}")
        pairs = zip(before["cases"], now["cases"], strict=False)
        found += [
            f"case {a['number']} has {a['changes']}, now {b['changes']}"
            if a["changes"] != b["changes"]
            else f"case {a['number']} is no longer the same file"
            for a, b in pairs
            if a != b
        ][:1]
    return found[:3]


def write_at_once(path, text):
    """Write a file so that nobody ever reads half of it."""
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    staged.write_text(text, encoding="utf-8")
    os.replace(staged, path)
