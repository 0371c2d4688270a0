"""What a solve answers: numbers of the report, and values of the record with the place they stand at."""

from functools import cached_property
from typing import Any

import numpy as np

import oxycell


class Answer:
    """A solution as a check reads it, from the report and the documented record only.

    Parameters
    ----------
    solution : Solution
    """

    def __init__(self, solution):
        self.solution, self.mesh, self.record = solution, solution.mesh, solution.record

    @cached_property
    def report(self):
        """The report, as in report.json."""
        return oxycell.report(self.solution)

    def loss(self, path):
        """Heat to the outside [W] that is reported under a path."""
        return self.report["heat"]["losses"][path]

    def made(self, source):
        """Heat of a source [W]."""
        return self.report["heat"]["sources_W"][source]

    def lump(self, name):
        """Temperature of a lump [K]."""
        return self.report["heat"]["lump_temperatures_K"][name]

    def current(self, terminal):
        """Current into the body [A]."""
        return self.report["terminals"][terminal]["current_A"]

    def potential(self, terminal):
        """Potential of a terminal [V], outside its external resistance."""
        return self.report["terminals"][terminal]["potential_V"]

    def part(self, name):
        """Voltage part [V]: a region or an interface; with a process those of the report."""
        return self.report["voltage"]["parts"][name]

    def probe(self, name):
        """Values at a point, a dict by quantity and unit."""
        return self.report["probes"][name]

    def integral(self, name):
        """Totals and means, a dict by quantity and unit."""
        return self.report["integrals"][name]

    def summed(self, name: str) -> float:
        """What a run over time adds up to, by the name of the sum."""
        return self.record["course"]["sums"][name]

    def history(self, column: str) -> Any:
        """A column of the history of a run over time (n_rows,)."""
        course = self.record["course"]
        return np.asarray(course["values"])[:, list(course["names"]).index(column)]

    @property
    def cells(self):
        """Centres (n, 3) [m]."""
        return np.asarray(self.mesh.cell_centre[:])

    @property
    def temperature(self):
        """Of the cells (n,) [K]."""
        return self.record["cells"]["temperature"]

    @property
    def electric_potential(self):
        """Of the cells (n,) [V]; NaN where nothing conducts."""
        return self.record["cells"]["electric_potential"]

    def norm(self, difference):
        """Root of the volume mean of squares of a value of every cell (n,)."""
        volume = self.record["cells"]["volume"]
        return float(np.sqrt(np.sum(volume * difference**2) / np.sum(volume)))

    def outer(self, path):
        """Surface temperatures (n,) [K], areas (n,) [m²] and centres (n, 3) [m] of the outer faces reported under a
        loss path."""
        thermal = self.record["thermal"]
        here = thermal["path"] == self.record["names"]["paths"].index(path)
        faces = thermal["face"][here]
        return (
            thermal["surface_temperature"][here, 0],
            self.record["faces"]["area"][faces],
            np.asarray(self.mesh.face_centre[faces]),
        )

    def surface_temperature(self, path):
        """Mean over the faces reported under a loss path [K]."""
        temperature, area, _ = self.outer(path)
        return float(np.sum(temperature * area) / np.sum(area))

    def between(self, first, second):
        """Mean temperatures [K] of the faces of two regions where they touch, on the first's and on the second's
        side."""
        faces, names = self.record["faces"], self.mesh.region_names
        thermal, region = self.record["thermal"], self.mesh.region
        face = thermal["face"]
        inner = faces["neighbour"][face] >= 0
        one, other = region[faces["owner"][face]], np.where(inner, region[faces["neighbour"][face]], -1)
        a, b = names.index(first), names.index(second)
        forward, backward = (one == a) & (other == b), (one == b) & (other == a)
        area = faces["area"][face]
        found = []
        for side in (0, 1):
            values = np.r_[
                thermal["surface_temperature"][forward, side], thermal["surface_temperature"][backward, 1 - side]
            ]
            weights = np.r_[area[forward], area[backward]]
            found.append(float(np.sum(values * weights) / np.sum(weights)))
        return tuple(found)

    def across(self, axis, place):
        """Mean temperature [K] of the faces whose centres lie in the plane axis = place [m]."""
        thermal, number = self.record["thermal"], "xyz".index(axis)
        face = thermal["face"]
        here = (np.abs(np.asarray(self.mesh.face_centre[face])[:, number] - place) < 1e-9) & (
            np.abs(np.asarray(self.mesh.normal[face])[:, number]) > 0.5
        )
        weights = self.record["faces"]["area"][face[here]]
        return float(np.sum(thermal["surface_temperature"][here].mean(1) * weights) / np.sum(weights))
