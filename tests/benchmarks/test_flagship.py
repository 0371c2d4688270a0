"""The flagship's coupled solve as the suite watches it: phases that add up, and the first guess on a coarser mesh kept
apart."""

import numpy as np
import pytest
from benchmarks.processes import Process
from benchmarks.systems import load

WITH_A_FIRST_GUESS = """
from pathlib import Path
from benchmarks import flagship

class Contestant(flagship.Contestant):
    def found(self, least, folder):
        from oxycell.case.solving import coarser
        coarser._LEAST = least
        found = self._solve("coarse", True)
        self._save(Path(folder))
        return found
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """(what was measured, folder of the systems) without and with a first guess on a coarser mesh."""
    place, results = tmp_path_factory.mktemp("flagship"), []
    (place / "watched.py").write_text(WITH_A_FIRST_GUESS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(place))
        process = Process("watched")
    try:
        for least in (1_000_000, 1000):
            results.append(
                (process.ask("found", 300.0, least=least, folder=str(place / str(least))), place / str(least))
            )
    finally:
        process.close()
    return results


def test_phases_add_up(found):
    for one, _ in found:
        seconds = one["seconds"]
        parts = sum(s for name, s in seconds.items() if name not in ("linear", "total"))
        assert parts == pytest.approx(seconds["total"], rel=1e-9)
        assert all(0.0 < s < seconds["total"] for name, s in seconds.items() if name != "total")


def test_solves_of_the_coarser_mesh_count_apart(found):
    without, guessed = (one for one, _ in found)
    assert set(without["linear_solves"]) == {"electric", "thermal"}
    assert set(guessed["linear_solves"]) == {"electric", "thermal", "electric first guess", "thermal first guess"}
    for one in (without, guessed):
        turns = sum(one["turns"].values())
        assert (
            turns <= one["linear_solves"]["thermal"] < 2 * turns
        )  # more than one where the tangent of a turn is not symmetric
        assert all(one["linear_iterations"][name] >= solves > 0 for name, solves in one["linear_solves"].items())
    assert sum(guessed["turns"].values()) < sum(without["turns"].values())


def test_systems_are_those_of_the_mesh_itself(found):
    for one, folder in found:
        for when in ("first", "converged"):
            stored = [
                load(folder / f"{name} {when}", ("rhs", "row", "shift", "conductance"))
                for name in ("electric", "thermal")
            ]
            assert sum(s["rhs"].size for s in stored) == one["unknowns"]
            assert all(s["row"].size == one["lattice_cells"] and s["shift"].size == s["rhs"].size for s in stored)
    first, converged = (
        load(folder / f"thermal {when}", ("conductance",))["conductance"] for when in ("first", "converged")
    )
    assert not np.array_equal(first, converged)
