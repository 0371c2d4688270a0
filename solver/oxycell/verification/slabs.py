"""Heat in a row of cells, exact in time: what a run on a mesh approaches as its steps get shorter.

Shares nothing with the solver but the finite volumes themselves: half cells in series between centres, so that the
error in time is told from that of the mesh.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.linalg import eigh

from oxycell.arrays import Floats

Layer = tuple[int, float, float, float]
"""Cells, thickness [m], k [W/m/K], ρc [J/m³/K]."""


class Slab:
    """Cells one behind the other, the temperatures ahead of both ends given.

    Parameters
    ----------
    layers : sequence of Layer
    low, high : float [m² K/W] or None, resistance ahead of an end; None: no heat passes
    contacts : sequence of float [m² K/W], between the layers; default: none
    heated : float [W/m³], heat generated everywhere
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        low: float | None = None,
        high: float | None = None,
        contacts: Sequence[float] | None = None,
        heated: float = 0.0,
    ) -> None:
        width, k, capacity, joint = [], [], [], []
        for number, (cells, thickness, conductivity, stored) in enumerate(layers):
            if number:
                joint += [contacts[number - 1] if contacts else 0.0]
            joint += [0.0] * (cells - 1)
            width += [thickness / cells] * cells
            k += [conductivity] * cells
            capacity += [stored * thickness / cells] * cells
        self.width, self.capacity = np.array(width), np.array(capacity)
        self.half = 0.5 * self.width / np.array(k)
        self.centre = np.cumsum(self.width) - 0.5 * self.width
        self.between = 1.0 / (self.half[1:] + self.half[:-1] + np.array(joint))
        self.low, self.high = low, high
        matrix = np.diag(-self.between, 1) + np.diag(-self.between, -1)
        matrix -= np.diag(matrix.sum(axis=1))
        self.given = np.zeros((self.width.size, 2))
        for end, (resistance, cell) in enumerate(((low, 0), (high, -1))):
            if resistance is not None:
                conductance = 1.0 / (resistance + self.half[cell])
                matrix[cell, cell] += conductance
                self.given[cell, end] = conductance
        self.root = np.sqrt(self.capacity)
        self.rates, self.modes = eigh(matrix / np.outer(self.root, self.root))
        self.drive = self.modes.T @ (self.given / self.root[:, None])
        self.source = self.modes.T @ (heated * self.width / self.root)

    def follow(self, start: float | Floats, times: Sequence[float] | Floats, ends: Any) -> Floats:
        """Temperatures of the cells at the points of a table over time.

        Parameters
        ----------
        start : float or (n,) [K], at the first time
        times : (m,) [s], increasing
        ends : (m, 2) [K], ahead of both ends, linear between the times

        Returns
        -------
        (m, n) [K]
        """
        state = self.modes.T @ (self.root * np.broadcast_to(np.asarray(start, float), self.width.shape))
        found = [state]
        for begin, end, first, last in zip(times[:-1], times[1:], ends[:-1], ends[1:], strict=True):
            once, linear = _phi(self.rates * (end - begin))
            before = self.drive @ np.asarray(first, float) + self.source
            after = self.drive @ np.asarray(last, float) + self.source
            state = np.exp(-self.rates * (end - begin)) * state + (end - begin) * (
                once * before + linear * (after - before)
            )
            found.append(state)
        states: Floats = (np.array(found) @ self.modes.T) / self.root
        return states

    def after(self, start: float | Floats, time: float, low: float = 0.0, high: float = 0.0) -> Floats:
        """Temperatures of the cells (n,) [K] a time [s] after a uniform start or one by cells, both ends constant."""
        last: Floats = self.follow(start, (0.0, time), np.broadcast_to((low, high), (2, 2)))[-1]
        return last

    def stored(self, T: Floats, start: float) -> float:
        """Heat [J/m²] that temperatures (n,) [K] hold beyond a start."""
        return float(self.capacity @ (T - start))

    def skin(self, T: Floats, ahead: float) -> float:
        """Temperature [K] of the surface of the high end."""
        return T[-1] + (ahead - T[-1]) * self.half[-1] / (self.high + self.half[-1])

    def at(self, T: Floats, x: float) -> float:
        """Temperature [K] at a place [m], straight between centres."""
        return float(np.interp(x, self.centre, T))


def _phi(z: Floats) -> tuple[Floats, Floats]:
    """(1 − e^−z)/z and (e^−z − 1 + z)/z², z (n,) ≥ 0."""
    small = np.where(z < 1e-3, z, 0.0)
    large = np.where(z < 1e-3, 1.0, z)
    first = np.where(z < 1e-3, 1.0 - small / 2.0 + small**2 / 6.0 - small**3 / 24.0, -np.expm1(-large) / large)
    second = np.where(
        z < 1e-3, 0.5 - small / 6.0 + small**2 / 24.0 - small**3 / 120.0, (np.expm1(-large) + large) / large**2
    )
    return first, second
