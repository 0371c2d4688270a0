"""What the residual of the charge balance is compared with: the currents that flow, and the round-off of what was
summed."""

from typing import Any

import numpy as np

from oxycell.mesh.connected import connected_parts
from oxycell.numerics.operators import sum_sizes
from oxycell.numerics.reductions import anywhere, largest, largest_size, total, totals
from oxycell.physics.balance import RoundOff

_EPS = float(np.finfo(float).eps)


def flow(electric: Any, currents: Any) -> float:
    """Half of all currents into and out of the body [A], of one that nothing drives at least the largest through a
    face with laws: it may circulate; `currents`: Currents of an Electric."""
    at = electric.at_terminals
    through = totals(electric.terminal[at], currents.current[at], len(electric.terminals))
    stated = max((abs(terminal.current or 0.0) for terminal in electric.terminals), default=0.0)
    elsewhere = total(np.abs(electric.fed))
    if electric.boundary_currents is not None:
        elsewhere += total(np.abs(currents.current[electric.boundary_currents.index]))
    if not electric.driven:
        stated = largest_size(currents.current[electric.laws.face])
    return max(0.5 * (total(np.abs(through)) + elsewhere), stated)


def floor(electric: Any, currents: Any) -> RoundOff:
    """RoundOff [A] of Currents of an Electric: of the net current into each row, 0 in those of known terminals; of what
    crosses the terminals and surfaces with boundary currents. Of a body that nothing drives by its largest potential:
    which of its parts is at 0 V says nothing then."""
    phi = currents.phi if electric.driven else np.full_like(currents.phi, largest_size(currents.phi))

    def of_rows():
        rows, first = np.zeros(electric.n_rows), electric.cells.size
        sum_sizes(electric.a, electric.b, currents.slope, phi, True, rows)
        rows[first:] += electric.behind * np.abs(phi[first:])
        rows[first:][electric.known] = 0.0
        return _EPS * rows

    def crossing():
        size, at = np.abs(phi), electric.at_terminals
        if electric.boundary_currents is not None:
            at = np.r_[at, electric.boundary_currents.index]
        return _EPS * total(currents.conductance[at] * np.maximum(size[electric.a[at]], size[electric.b[at]]))

    def bound():
        return _EPS * largest(currents.slope) * largest_size(phi)

    return RoundOff(of_rows, crossing, bound)


def is_driven(electric: Any) -> bool:
    """Whether a current is stated anywhere that is not 0, or potentials that differ on one body."""
    if any(terminal.current for terminal in electric.terminals) or anywhere(electric.fed):
        return True
    at, n, behind = electric.to_known, electric.cells.size, np.flatnonzero(electric.behind)
    potential = np.array([terminal.given_potential or 0.0 for terminal in electric.terminals])
    given = np.full(at.size, np.nan)
    given[electric.b[at] >= n] = potential[electric.b[at][electric.b[at] >= n] - n]
    if electric.boundary_currents is not None:
        if anywhere(electric.boundary_currents.density):
            return True
        given[np.searchsorted(at, electric.boundary_currents.index)] = electric.boundary_currents.potential
    joins = electric.b >= 0
    joins[at] = False
    given, row = np.r_[given, potential[behind]], np.r_[electric.a[at], n + behind]
    body = connected_parts(electric.n_rows, electric.a[joins], electric.b[joins])[row]
    known = ~np.isnan(given)
    highest, lowest = np.full(electric.n_rows, -np.inf), np.full(electric.n_rows, np.inf)
    np.maximum.at(highest, body[known], given[known])
    np.minimum.at(lowest, body[known], given[known])
    return anywhere(highest > lowest)
