"""Study → plan: the cases in order, each known by the hash of its complete case file."""

import hashlib
from dataclasses import dataclass

from oxycell import runtime
from oxycell.case.load import load_changed
from oxycell.case.overrides import parse_key
from oxycell.errors import CaseError

BASE_BYTES, BASE_SECONDS, SECONDS_PER_CELL = 250e6, 0.5, 70e-6
"""Memory of a process before it solves; time of a case apart from the cells, and for each cell, of the shipped cells
on one core."""

_SAMPLED = 5  # cases whose mesh is built to predict memory and time


@dataclass(frozen=True)
class Planned:
    """One case of a plan: its number from 1, the hash of its case file, what it changes in the base case."""

    number: int
    name: str
    changes: dict


@dataclass(frozen=True)
class Plan:
    """All cases of a study.

    Attributes
    ----------
    study : Study
    cases : list of Planned, in the order of the study; equal cases share a name
    texts : dict name → complete case file
    """

    study: object
    cases: list
    texts: dict

    @property
    def record(self):
        """What is kept of a plan, and what another run of the sweep has to agree with: plain data."""
        return {
            "schema": "oxycell-plan/1",
            "oxycell": runtime.VERSION,
            "source": runtime.source_hash(),
            "case": self.study.case,
            "title": self.study.title,
            "keep": self.study.keep,
            "cases": [{"number": case.number, "name": case.name, "changes": case.changes} for case in self.cases],
        }


def make_plan(study):
    """Check every case of a study and name it.

    Raises
    ------
    CaseError
        A case is wrong; the message names its number and what it changes.
    """
    cases, texts = [], {}
    common = [(parse_key(key), value) for key, value in study.changes.items()]
    for number, changes in enumerate(study.points(), 1):
        label = f"study: case {number} ({', '.join(f'{key} = {value}' for key, value in changes.items())})"
        case, _ = load_changed(
            study.case, [*common, *((parse_key(key), value) for key, value in changes.items())], label
        )
        text = case.to_toml()
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        texts[name] = text
        cases.append(Planned(number, name, changes))
    return Plan(study, cases, texts)


def predict(plan, names):
    """Cells, memory and time of cases, from the meshes of a few of them.

    Parameters
    ----------
    plan : Plan
    names : list of str, cases still to run

    Returns
    -------
    dict
        `built`: meshes built; `cells`: the most; `bytes`: memory of the largest; `seconds`: one core, all of them
    """
    from oxycell.case.building.build import build_mesh, expand, solve_bytes
    from oxycell.case.load import load_text

    if not names:
        return {"built": 0, "cells": 0, "bytes": 0.0, "seconds": 0.0}
    chosen = sorted({round(i * (len(names) - 1) / max(_SAMPLED - 1, 1)) for i in range(_SAMPLED)})
    cells, memory = [], []
    for i in chosen:
        try:
            mesh = build_mesh(expand(load_text(plan.texts[names[i]])))[0]
        except CaseError:  # the case itself will say so
            continue
        cells.append(mesh.n_cells)
        memory.append(solve_bytes(mesh))
    mean = sum(cells) / max(len(cells), 1)
    return {
        "built": len(cells),
        "cells": max(cells, default=0),
        "bytes": BASE_BYTES + max(memory, default=0),
        "seconds": len(names) * (BASE_SECONDS + SECONDS_PER_CELL * mean),
    }
