"""Do iterations depend on where a mesh is fine? Each shipped cell on its default mesh and on some that are finer here
and there.

`python -m benchmarks --only refinements [--cases A B] [--meshes 5]`: intervals of the default mesh drawn at random, at
most two across each axis, have two to four times as many cells; for `kraz-140ka` also the stated refinements along its
sides and under its metal. Meshes of more than `LARGEST` times as many cells as the default one are left out. `ALLOWED`
is what this project asks for.
"""

import numpy as np

import oxycell
from benchmarks.accuracy import CASES
from benchmarks.tables import table
from oxycell.case.building.build import expand
from oxycell.errors import OxycellError
from oxycell.mesh.build import planes_and_cells

ALLOWED = 1.5  # iterations over those of the default mesh
LARGEST = 4.0  # cells over those of the default mesh
STATED = {
    "kraz-140ka": {  # name → refinements (axis, from, to [m], cells)
        "under the metal": [("z", -0.06, 0.0, 12)],
        "along y": [("y", 1.6, 1.9, 40)],
        "height of the ledge": [("z", 0.0, 0.44, 44)],
        "along x": [("x", 4.4, 4.75, 40)],
        "y and height": [("y", 1.6, 1.9, 40), ("z", 0.0, 0.44, 44)],
        "x, y and height": [("y", 1.6, 1.9, 40), ("z", 0.0, 0.44, 44), ("x", 4.4, 4.75, 40)],
    }
}


def at_random(case, rng):
    """A name and changes of a case: two to four times as many cells in up to six intervals of its mesh."""
    expanded = expand(case)
    changes, said = {}, []
    for axis, (planes, cells) in planes_and_cells(expanded.boxes, expanded.mesh).items():
        cells = np.array(cells)
        for at in rng.choice(cells.size, min(2, cells.size), replace=False):
            by = int(rng.integers(2, 5))
            cells[at] *= by
            said.append(f"{axis} {planes[at]:.2f} × {by}")
        changes[f"mesh.cells_{axis}"] = cells.tolist()
    return ", ".join(said), changes


def lattice_cells(case):
    """Cells of the mesh of a case, those of empty space included."""
    expanded = expand(case)
    return int(np.prod([sum(cells) for _, cells in planes_and_cells(expanded.boxes, expanded.mesh).values()]))


def stated(refinements):
    """Changes of a case that add refinements to its mesh."""
    return {
        "mesh.refinements": [
            {"axis": axis, "extent": (f"{low} m", f"{high} m"), "cells": cells}
            for axis, low, high, cells in refinements
        ]
    }


def main(cases=CASES, meshes=5, seed=1):
    """Print the table; 1 if a mesh takes more iterations than allowed."""
    rows, missed = [("case", "finer", "cells", "iterations", "over the default mesh's", "")], 0
    for name in cases:
        case, rng = oxycell.load(name), np.random.default_rng(seed)
        most = LARGEST * lattice_cells(case)
        default = oxycell.solve(case).status
        rows.append((name, "nothing", f"{default['cells']:,}", str(default["outer_iterations"]), "1", ""))
        tried = [(said, stated(refinements)) for said, refinements in STATED.get(name, {}).items()]
        tried += [at_random(case, rng) for _ in range(meshes)]
        for said, changes in tried:
            finer = case.replaced(changes)
            if lattice_cells(finer) > most:
                continue
            try:
                status = oxycell.solve(finer).status
                ratio = status["outer_iterations"] / default["outer_iterations"]
                row = name, said, f"{status['cells']:,}", str(status["outer_iterations"]), f"{ratio:.2f}"
                met = ratio <= ALLOWED
            except OxycellError as error:
                row, met = (name, said, "", "", str(error)), False
            rows.append((*row, "met" if met else "missed"))
            missed += not met
    print(table(rows))
    return int(missed > 0)
