"""The sweep: missing cases of a plan are handed to an executor, deaths are counted, and the table is built from what is
there."""

import time
from pathlib import Path

from oxycell import runtime
from oxycell.errors import CaseError, Interrupted, SweepFailed, one_line
from oxycell.sweep.executors import make_executor, share
from oxycell.sweep.local import OutOfTime
from oxycell.sweep.plan import make_plan, predict
from oxycell.sweep.store import FAILED, FINISHED, OVER, SET_ASIDE, WAITING, Store, sole
from oxycell.sweep.study import load_study, shipped_studies
from oxycell.sweep.table import write_tables
from oxycell.sweep.work import run_case

_PAUSES = {"local": 0.01}  # [s] between looks at what is running; of others:
_PAUSE = 1.0


def sweep(path, folder=None, executor="local", processes=None, retry=False, progress=None):
    """Run what is missing of a study and write its table.

    Parameters
    ----------
    path : study file
    folder : path of the sweep, None: `runs/` and the name of the study
    executor : name of an executor, or one: an object with `submit` whose futures have `done` and `exception`
    processes : int or None, of the local executor; None: one for each core
    retry : bool, run cases that failed or were set aside once more
    progress : called with (number of cases over, number of all, name, state), or None

    Returns
    -------
    dict state → number of cases; folder : Path

    Raises
    ------
    SweepFailed
        Cases failed or were set aside; the table is written all the same.
    """
    study, store, plan = _opened(path, folder)
    with sole(store.folder):
        if retry:
            for name in plan.texts:
                if (found := store.state(name)["state"]) in OVER and found != FINISHED:
                    store.clear(name)
                    store.set_state(name, WAITING, deaths=0)
        waiting = store.missing(plan)
        if waiting:
            processes, threads = share(processes)
            if executor == "local":
                processes = _within_memory(predict(plan, waiting)["bytes"], min(processes, len(waiting)))
            _run_all(store, plan, waiting, executor, processes, threads, progress)
        return _summed(store, plan), store.folder


def find_study(study):
    """Path of the study a user means: a file, a folder with a study.toml, or a shipped study by its name."""
    path = Path(study)
    return path if path.exists() else shipped_studies().get(study, path)


def listing(path, processes=None):
    """Lines of a dry run: every case with its changes, and what all of them are predicted to take."""
    plan = make_plan(load_study(path))
    digits = len(str(len(plan.cases)))
    for case in plan.cases:
        yield (
            f"{case.number:{digits}}  {case.name}  "
            f"{', '.join(f'{key} = {value}' for key, value in case.changes.items())}"
        )
    found, (processes, threads) = predict(plan, list(plan.texts)), share(processes)
    fit = _within_memory(found["bytes"], min(processes, len(plan.texts)))
    yield (
        f"{len(plan.cases)} "
        f"cases{'' if len(plan.texts) == len(plan.cases) else f', {len(plan.texts)} of them different'}; "
        f"{found['cells']:,} cells at most, from the meshes of {found['built']}; {found['bytes'] / 1e9:.1f} GB each; "
        f"{fit} at once with {threads} {'thread' if threads == 1 else 'threads'} each; about "
        f"{_duration(found['seconds'] / fit)}"
    )
    yield (
        "predicted from 2.5 kB and 70 µs a cell and 0.5 s a case on one core, as shipped cells take; an "
        "operating point takes several"
    )


def _duration(seconds):
    return (
        f"{seconds:.0f} s"
        if seconds < 100
        else f"{seconds / 60:.0f} min"
        if seconds < 6000
        else f"{seconds / 3600:.1f} h"
    )


def run_one(path, folder, number):
    """Run one case of a study by its number from 1, as job arrays do; the table is left to a later `sweep`."""
    study, store, plan = _opened(path, folder)
    if not 1 <= number <= len(plan.cases):
        raise CaseError(f"--index {number}: the study has no such case; allowed: 1 to {len(plan.cases)}")
    name = plan.cases[number - 1].name
    state = run_case(store.folder, name, study.keep)
    if state in OVER and state != FINISHED:
        raise SweepFailed(f"case {number}: {store.state(name)['message']}")
    return state, store.run_folder(name)


def _opened(path, folder):
    study = load_study(path)
    plan = make_plan(study)
    place = Path(path)
    name = (
        place.resolve().name
        if place.is_dir()
        else place.resolve().parent.name
        if place.name == "study.toml"
        else place.stem
    )
    store = Store(folder if folder is not None else Path("runs") / name)
    store.open(plan)
    return study, store, plan


def _within_memory(needed, processes):
    """As many processes of `needed` bytes each as fit into the memory that is left, at least one."""
    free = runtime.memory_left()
    return processes if not needed or free is None else max(1, min(processes, int(free // needed)))


def _run_all(store, plan, waiting, executor, processes, threads, progress):
    study = plan.study
    pause = _PAUSES.get(executor, _PAUSE) if isinstance(executor, str) else _PAUSES["local"]
    handed = make_executor(executor, study, store.folder, processes, threads) if isinstance(executor, str) else executor
    at_once = processes if executor == "local" else len(waiting)
    waiting, running = list(waiting), {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                name = waiting.pop(0)
                running[name] = handed.submit(run_case, str(store.folder), name, study.keep)
            for name in [name for name, future in running.items() if future.done()]:
                error = running.pop(name).exception()
                if error is not None:
                    if isinstance(error, OutOfTime):
                        store.clear(name)
                        store.set_state(name, FAILED, str(error), SweepFailed.exit_code)
                    else:
                        store.died(name, one_line(error)[-300:] or type(error).__name__)
                found = store.state(name)["state"]
                if found not in OVER:
                    waiting.append(name)
                elif progress:
                    progress(len(plan.texts) - len(waiting) - len(running), len(plan.texts), name, found)
            time.sleep(pause)
    except (KeyboardInterrupt, Interrupted) as error:
        stopped = Interrupted(
            f"interrupted with {len(waiting) + len(running)} of {len(plan.texts)} cases missing; the same "
            "command continues"
        )
        stopped.exit_code = getattr(error, "exit_code", Interrupted.exit_code)
        raise stopped from error
    finally:
        if isinstance(executor, str):
            handed.shutdown()


def _summed(store, plan):
    """Write the tables; numbers of cases by state. Raises SweepFailed for those that failed."""
    write_tables(store, plan)
    states = [store.state(case.name)["state"] for case in plan.cases]
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    bad = [case.number for case, state in zip(plan.cases, states, strict=True) if state != FINISHED]
    if bad:
        aside = counts.get(SET_ASIDE, 0)
        raise SweepFailed(
            f"{len(bad)} of {len(states)} cases failed{f', {aside} of them set aside' if aside else ''}: number "
            f"{', '.join(map(str, bad[:12]))}{' …' if len(bad) > 12 else ''}; why is in {store.folder / 'table.csv'}"
        )
    return counts
