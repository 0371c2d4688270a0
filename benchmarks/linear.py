"""One linear system, zero start, to the same true residual: all contestants in turns."""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.processes import GaveUp
from benchmarks.systems import relative_residual

RESIDUAL = 1e-8
"""‖b − A x‖₂ / ‖b‖₂ that every solver has to reach, computed here."""

_TIGHTER = 10.0**-0.5
_ONLY_ONCE, _ONCE = ("fast", "other"), 6.0  # contestants of these kinds that take longer [s] are timed once
_SHORT, _MORE = 2.0, 3  # [s] and what is shorter than this has so many times the rounds


def compare(system, contestants, rounds, left, patience):
    """Time contestants on one system.

    Parameters
    ----------
    system : path of a stored system
    contestants : sequence of Contestant
    rounds : int, after the one that finds each one's own tolerance; slow peers take no part, short solves in more
    left : function, [s] wanted → [s] that are left of it for one solve
    patience : [s], after which a single solve is given up

    Returns
    -------
    dict : name → its fastest round (seconds by phase; total is that of one solve) with iterations, tolerance, residual,
        memory; or why it failed
    """
    found, runs = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "x.npy"
        for one in contestants:
            try:
                found[one.name], first = _calibrate(one, system, answer, lambda: left(patience))
            except GaveUp as error:
                found[one.name] = {"failed": str(error)}
            else:
                runs[one.name] = [first]
        for turn in range(_MORE * rounds):
            for one in contestants:
                first = runs[one.name][0]["total"] if one.name in runs else np.inf
                if first < (_ONCE if one.kind in _ONLY_ONCE else patience) and (turn < rounds or first < _SHORT):
                    try:
                        run = _solve(one, system, found[one.name]["tolerance"], answer, left(patience))
                    except GaveUp:
                        continue  # its first run stands
                    runs[one.name].append(run["seconds"])
    for name, done in runs.items():
        found[name]["seconds"] = min(done, key=lambda seconds: seconds["total"]) | {
            phase: min(one[phase] for one in done) for phase in ("topology", "refresh", "solve") if phase in done[0]
        }
        found[name]["rounds"] = len(done)
    for one in contestants:
        if one.process.system is not None:
            one.process.ask("drop", 60.0)
            one.process.system = None
    return found


def _solve(one, system, tolerance, answer, patience):
    if one.process.system != str(system):
        one.process.ask("load", 300.0, folder=str(system))
        one.process.system = str(system)
    return one.process.ask("solve", patience, tolerance=tolerance, answer=str(answer), **one.options)


def _calibrate(one, system, answer, limit):
    """Loosest tolerance, in steps of √10, at which a contestant's answer has the residual wanted; what it did, its
    seconds."""
    tolerance, residual, memory = one.first_tolerance, np.inf, None
    while tolerance > 1e-14:
        run = _solve(one, system, tolerance, answer, limit())
        memory = max(filter(None, (memory, run["memory"])), default=None)
        residual = relative_residual(system, np.load(answer))
        if residual <= RESIDUAL:
            return {
                "iterations": run["iterations"],
                "residual": residual,
                "tolerance": tolerance,
                "memory": memory,
            }, run["seconds"]
        tolerance *= _TIGHTER
    raise GaveUp(f"residual {residual:.1e}")
