"""The tangent of a ledge whose front takes up and gives off heat of melting within a step."""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Bools, Floats, Ints
from oxycell.kernel import kernel
from oxycell.numerics.operators import Operator
from oxycell.physics.stage import Stored

_FLATTEST = 0.1  # slope of a line through a front, at least, over what it was
_NEAREST = 1e-3  # share of the way between two nodes that a front is away from the first one, at least


class Pinned(NamedTuple):
    """Fronts within columns, each between two nodes of its column: cell centres, or its wall and the first cell.

    Attributes
    ----------
    cell : (n,) int, cell beyond each front among those of the columns, −1 where there is no front
    share : (n,), way from the node before to that cell at which the front is, by thermal resistance
    slope : (n,) [m³/K], by how much the frozen volume falls with the temperature at the front
    """

    cell: Ints
    share: Floats
    slope: Floats


class FrontTangent:
    """What heat of melting makes of the tangent.

    Parameters
    ----------
    thermal : Thermal, with a ledge

    Notes
    -----
    The heat of melting enters a column at its far end, but follows the temperatures T₀, T₁ of the nodes on both sides
    of its front: Λ((1 − w) T₀ + w T₁), w the share of the way at which the front is, which is Λ times the temperature F
    of the place where it was. With short steps Λ is thousands of times any conductance, and lumped on one of the nodes
    it would keep the gradient from turning about the front. So F takes the place of T₁ in the operator: the conductance
    from T₀ to it is 1/w of that to T₁, and Λ a shift of its row. What is before the front is then solved for exactly, F
    says how far the front moves, and T₁ and what is beyond, where heat passes unchanged, are on the straight line
    through T₀ and the new front; by that line, not by its linearisation, whose error Λ would multiply.
    """

    def __init__(self, thermal: Any) -> None:
        ledge, links = thermal.ledge, thermal.links
        self.ledge, self.thermal = ledge, thermal
        own = thermal.own[ledge.cell].astype(np.int64)
        self.rows = own
        through = np.flatnonzero(links.through)
        first, second = links.place[through].T
        self.inward = np.full(ledge.cell.size, -1, np.int64)
        self.inward[np.maximum(first, second)] = (
            through  # that to its wall of a column's first cell, which has no other
        )
        self.before = np.r_[-1, own[:-1]]
        self.before[ledge.first[:-1]] = thermal.row[ledge.wall_cell]

    @cached_property
    def _area(self) -> Floats:
        mesh = self.thermal.mesh
        found: Floats = mesh.cell_volume[self.ledge.cell] / (self.ledge.end - self.ledge.start)
        return found

    def pinned(self, thickness: Floats, steepness: Floats, conductance: Floats, covered: Bools) -> Pinned:
        """Where fronts are.

        Parameters
        ----------
        thickness : (n,) [m]; steepness : (m,) [K/m], see Front; conductance : (k,) [W/K], of the links
        covered : (n,) bool, columns that had a ledge before the step: frozen through they have no front; a bare wall
            on which iterations freeze too much has one at the far end
        """
        ledge, k = self.ledge, float(self.thermal.conductivity.reference[self.thermal.frozen])
        n = thickness.size
        cell, share, slope = np.full(n, -1), np.ones(n), np.zeros(n)
        pin(
            ledge.first,
            ledge.start,
            ledge.end,
            thickness,
            steepness,
            ledge.volume / (ledge.end - ledge.start),
            conductance[self.inward] / (k * self._area),
            cell,
            share,
            slope,
        )
        cell[covered & (thickness >= ledge.end[ledge.last])] = -1
        return Pinned(cell, share, slope)

    def at_front(self, pinned: Pinned, change: Floats) -> Floats:
        """Change of temperature at the place of each front (n,) [K], 0 without, for changes of the rows (n_rows,)."""
        cell = np.maximum(pinned.cell, 0)
        found = (1.0 - pinned.share) * change[self.before[cell]] + pinned.share * change[self.rows[cell]]
        return np.where(pinned.cell >= 0, found, 0.0)

    def fill(self, conductance: Floats, shift: Floats, pinned: Pinned, latent: Floats) -> None:
        """Put fronts into an operator: its conductances of links (k,), and shifts (n_rows,); latent (n,) [W/K]: Λ."""
        at = np.flatnonzero(pinned.cell >= 0)
        cell = pinned.cell[at]
        conductance[self.inward[cell]] /= pinned.share[at]
        shift[self.rows[cell]] += latent[at]

    def place(self, pinned: Pinned, stored: Stored, heat: Any, residual: Floats, change: Floats) -> None:
        """Put fronts where an operator that was filled as above says, and nodes of their columns from there on with
        them.

        Parameters
        ----------
        pinned : Pinned; stored : Stored; heat : Heat, all of the temperatures before
        residual : (n_rows,) [W], there
        change : (n_rows,) [K], what the operator made of it; changed
        """
        k = float(self.thermal.conductivity.reference[self.thermal.frozen])
        ledge, front = self.ledge, stored.front
        conductance = heat.conductance[self.inward]
        columns = ledge.start, ledge.end, conductance / (k * self._area), conductance
        fronts = front.thickness, front.steepness, pinned.cell, stored.latent * pinned.slope, stored.slope
        follow(ledge.first, columns, fronts, self.rows, self.before, stored.liquidus, heat.T, residual, change)


def fill_stored(operator: Operator, heat: Any, stored: Stored) -> None:
    """What is stored in a time step into the operator of the heat balance, filled but for that; `heat`: Heat."""
    thermal, slopes = heat.thermal, heat.slopes()
    operator.shift += stored.slope / slopes
    if stored.front is None or heat.conductance is None:
        return
    tangent, pinned = thermal.front_tangent, thermal.pinned(heat, stored)
    latent = stored.latent * pinned.slope / slopes[tangent.rows[np.maximum(pinned.cell, 0)]]
    tangent.fill(operator.conductance, operator.shift, pinned, latent)


@kernel
def pin(first, start, end, thickness, steepness, area, inward, cell, share, slope):
    """See `FrontTangent.pinned`; area : (m,) [m²], of what freezes; inward : (m,) [1/m], conductance from a cell
    inwards over k and area; cell, share, slope : (n,), out."""
    for c in range(thickness.size):
        t, last = thickness[c], first[c + 1] - 1
        if t <= 0.0:
            continue
        e = first[c]
        while e < last and 0.5 * (start[e] + end[e]) <= t:
            e += 1
        inside = e
        while inside > first[c] and start[inside] > t:
            inside -= 1
        cell[c] = e
        share[c] = max(1.0 - inward[e] * (0.5 * (start[e] + end[e]) - t), _NEAREST)
        slope[c] = area[inside] / max(steepness[e], 1e-6)


@kernel
def follow(first, columns, fronts, rows, before, liquidus, T, residual, change):
    """See `FrontTangent.place`.

    Parameters
    ----------
    columns : start, end (m,) [m], conductance of each cell inwards over k and area (m,) [1/m], and itself (m,) [W/K]
    fronts : thickness (n,) [m], steepness (m,) [K/m], cell (n,), latent (n,) [W/K], capacity (n_rows,) [W/K]
    rows, before : (m,) int, of each cell and of the node inwards of it; T : (n_rows,) [K]; the rest: see there
    """
    start, end, inward, conductance = columns
    thickness, steepness, cell, latent, capacity = fronts
    for c in range(cell.size):
        if cell[c] < 0:
            continue
        e, last = cell[c], first[c + 1] - 1
        warmer = change[rows[e]]
        steep = max(steepness[e], 1e-6)
        # Beyond the column's end it is frozen through, up to where it would be if the column went on by a cell.
        t = min(max(thickness[c] - warmer / steep, 0.0), 2.0 * end[last] - start[last])
        while e > first[c] and 0.5 * (start[e - 1] + end[e - 1]) >= t:
            e -= 1
        node = T[before[e]] + change[before[e]]
        share = 1.0 - inward[e] * (0.5 * (start[e] + end[e]) - t)
        if share > _NEAREST and node < liquidus:
            rise = (liquidus - node) / share
        else:  # at the node itself: what passes is what comes from beyond, less what freezes and melts
            rise = T[rows[e]] - T[before[e]] - latent[c] * warmer / conductance[e]
            for j in range(e, last + 1):
                rise += residual[rows[j]] / conductance[e]
        rise = max(rise, _FLATTEST * steep / inward[e])
        passes, node = conductance[e] * rise, node + rise
        if e == cell[c]:
            passes += capacity[rows[e]] * warmer
        for j in range(e, last + 1):
            if j > e:
                node += passes / conductance[j]
            if j < last:  # what it takes up, and gives to columns on both sides
                taken = conductance[j] * (T[rows[j]] - T[before[j]])
                taken -= conductance[j + 1] * (T[rows[j + 1]] - T[rows[j]])
                passes -= taken + residual[rows[j]]
            change[rows[j]] = node - T[rows[j]]
