"""Electric conductivities that vary with temperature: the resistance of half cells whose ends have different
temperatures."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import prange

from oxycell.arrays import Floats
from oxycell.kernel import inner_kernel, kernel
from oxycell.material import Property, Reciprocal, Scaled
from oxycell.physics.balance import Quantity
from oxycell.physics.heat.face_heat import Series
from oxycell.physics.heat.kirchhoff import beyond, interval
from oxycell.physics.heat.surface_balance import balance_outside
from oxycell.physics.skew import scaled_distance
from oxycell.tabulation import tabulated

_RATIO = 1.25  # most by which a conductivity changes over a piece of its table
_NODES = (0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970263)
_WEIGHTS = (0.17392742256872693, 0.32607257743127307, 0.32607257743127307, 0.17392742256872693)
_SUMMED = 8  # pieces that are summed one by one


class HalfConductivity(NamedTuple):
    """Electric conductivity of every half cell of the electric faces.

    Attributes
    ----------
    cell : (n_cells,) [S/m], at the cell's temperature
    slot : (m,) int, row of each face in `mean`, −1 without
    mean : (k, 2) [S/m], of the half cells of these faces; infinite behind a boundary
    """

    cell: np.ndarray
    slot: np.ndarray
    mean: np.ndarray


def tabulate(materials: Sequence[tuple[Property, Property] | None]) -> Floats:
    """Tables of thermal conductivity and electric resistivity over temperature.

    Parameters
    ----------
    materials : list of (thermal Property, electric Property) or None, one for each material

    Returns
    -------
    (n + m, 5) : of each material the rows of its first point and of the one after its last, and 1 where conductivity is
    stated instead of
        resistivity; behind them of each point its temperature [K], k [W/m/K], resistivity [ohm m] or conductivity
        [S/m], all linear between points and constant outside them, and integrals of k times resistivity [W ohm] and of
        k [W/m] from the first point, or from the last if less resists there
    """
    n, rows, points = len(materials), [], []
    begin = n
    for stated in materials:
        inverse, columns = _table(*stated) if stated else (False, np.zeros((0, 5)))
        rows.append([begin, begin + len(columns), float(inverse), 0.0, 0.0])
        points.append(columns)
        begin += len(columns)
    return np.concatenate([np.array(rows).reshape(n, 5), *points])


def _table(thermal, electric):
    factor = 1.0
    while isinstance(electric, Scaled):
        electric, factor = electric.of, factor * electric.factor
    inverse = not isinstance(electric, Reciprocal)
    stated, value = tabulated(electric if inverse else electric.of)
    value = value * factor if inverse else value / factor
    at, k = tabulated(thermal)
    points = stated
    if inverse:
        number = np.ceil(np.abs(np.diff(np.log(value))) / np.log(_RATIO)).astype(int)
        finer = [
            np.interp(np.geomspace(a, b, n + 1)[1:-1], *_rising(a, b, low, high))
            for a, b, low, high, n in zip(value[:-1], value[1:], stated[:-1], stated[1:], number, strict=True)
            if n > 1
        ]
        points = np.concatenate([points, *finer])
    if at.size > 1:
        points = np.concatenate([points, at])
    points = np.unique(points)
    value, k = np.interp(points, stated, value), np.interp(points, at, k)
    here = points[:-1, None] + np.diff(points)[:, None] * np.array(_NODES)
    resistivity = np.interp(here, points, value)
    resistivity = 1.0 / resistivity if inverse else resistivity
    drops = np.diff(points) * ((np.interp(here, points, k) * resistivity) @ np.array(_WEIGHTS))
    passed = 0.5 * np.diff(points) * (k[1:] + k[:-1])
    if (value[-1] > value[0]) == inverse:  # less resists at the upper end
        drops, passed = (np.r_[-np.cumsum(each[::-1])[::-1], 0.0] for each in (drops, passed))
    else:
        drops, passed = (np.r_[0.0, np.cumsum(each)] for each in (drops, passed))
    return inverse, np.stack([points, k, value, drops, passed], 1)


def _rising(a, b, low, high):
    """Ends of a piece, from value a at `low` to b at `high`, in the order of the values."""
    return ([a, b], [low, high]) if a < b else ([b, a], [high, low])


@inner_kernel
def _linear(column, i, m, T, tables):
    """Value at T [K], which lies in interval i, of a column of the tables."""
    if i == int(tables[m, 0]):
        return tables[i, column]
    if i == int(tables[m, 1]):
        return tables[i - 1, column]
    share = (T - tables[i - 1, 0]) / (tables[i, 0] - tables[i - 1, 0])
    return tables[i - 1, column] + share * (tables[i, column] - tables[i - 1, column])


@inner_kernel
def _piece(i, m, low, high, tables):
    """Means of k times resistivity and of k between two temperatures [K] in interval i."""
    k_low, k_high = _linear(1, i, m, low, tables), _linear(1, i, m, high, tables)
    low, high = _linear(2, i, m, low, tables), _linear(2, i, m, high, tables)
    if tables[m, 2] == 0.0:
        return 0.5 * (k_low + k_high) * 0.5 * (low + high) + (k_high - k_low) * (high - low) / 12.0, 0.5 * (
            k_low + k_high
        )
    mean = 0.0
    for g in range(4):
        value = low + _NODES[g] * (high - low)
        mean += _WEIGHTS[g] * (k_low + _NODES[g] * (k_high - k_low)) / value
    return mean, 0.5 * (k_low + k_high)


@inner_kernel(inline="always")
def _within_a_piece(i, here, there, share, tables):
    """Conductivities [S/m] of both half cells between two temperatures [K] before point i, the first being a share of
    the way.

    The square of k goes straight along the way, as its integral does.
    """
    p, width = i - 1, 1.0 / (tables[i, 0] - tables[i - 1, 0])
    at, at_there = (here - tables[p, 0]) * width, (there - tables[p, 0]) * width
    k, k_there = (
        tables[p, 1] + at * (tables[i, 1] - tables[p, 1]),
        tables[p, 1] + at_there * (tables[i, 1] - tables[p, 1]),
    )
    drop, drop_there = (
        tables[p, 2] + at * (tables[i, 2] - tables[p, 2]),
        tables[p, 2] + at_there * (tables[i, 2] - tables[p, 2]),
    )
    between = np.sqrt(k * k + share * (k_there * k_there - k * k))
    per, per_there = 1.0 / (k + between), 1.0 / (k_there + between)
    drop_between = drop + share * (k + k_there) * per * (drop_there - drop)
    first = 0.5 * (drop + drop_between) + (between - k) * (drop_between - drop) * per / 6.0
    second = 0.5 * (drop_there + drop_between) + (between - k_there) * (drop_between - drop_there) * per_there / 6.0
    return 1.0 / first, 1.0 / second


@inner_kernel
def mean_resistivity(m, one, other, tables):
    """Mean resistivity [ohm m] of material m along a way that heat passes from one temperature [K] to another: ∫ k ρ dT
    / ∫ k dT.

    Notes
    -----
    Along the way dx = k dT/q: with k and ρ any functions of temperature, ∫ ρ dx is exact where heat flows along the way
    alone. By Gauss's rule of four points where conductivities are tabulated, within 1e-9, pieces being short; exact
    where resistivities are.
    """
    low, high = min(one, other), max(one, other)
    i = interval(m, low, tables)
    j = i if i < tables[m, 1] and high < tables[i, 0] else interval(m, high, tables)
    if i == j:
        drop, passed = _piece(i, m, low, high, tables)
        return drop / passed
    drop, passed = _piece(i, m, low, tables[i, 0], tables)
    drop, passed = (tables[i, 0] - low) * drop, (tables[i, 0] - low) * passed
    more, further = _piece(j, m, tables[j - 1, 0], high, tables)
    drop, passed = drop + (high - tables[j - 1, 0]) * more, passed + (high - tables[j - 1, 0]) * further
    if j - i > _SUMMED:
        drop, passed = drop + tables[j - 1, 3] - tables[i, 3], passed + tables[j - 1, 4] - tables[i, 4]
    else:
        for p in range(i + 1, j):
            more, further = _piece(p, m, tables[p - 1, 0], tables[p, 0], tables)
            drop, passed = (
                drop + (tables[p, 0] - tables[p - 1, 0]) * more,
                passed + (tables[p, 0] - tables[p - 1, 0]) * further,
            )
    return drop / passed


@kernel(parallel=True)
def half_conductivities(row, material, T, tau, share, surface, k, tables, mean):
    """Electric conductivity of half cells between the temperatures of their ends.

    Parameters
    ----------
    row : (n, 2) int, of the cells on both sides; material : (n, 2) int, −1 where a half cell is not needed
    T, tau : (n_rows,) [K]
    share : (within,), of the first half cell on the way between both centres, of faces within a material, with nothing
        between its half cells; they come first
    surface : (n − within, 2) [K], temperatures on both sides of the other faces
    k : see Conductivities; tables : see `tabulate`
    mean : (n, 2) [S/m], out; nothing is written where a half cell is not needed

    Notes
    -----
    Heat generated on the face itself is left out: it shifts the temperature there by what is of first order in the
    size of the cells, and with it a share of that order of the half cell's resistance.
    """
    within = share.size
    for n in prange(mean.shape[0]):
        m, here, there, between = material[n, 0], T[row[n, 0]], T[row[n, 1]], np.nan
        if n < within:
            i = interval(m, here, tables)
            if tables[m, 2] == 0.0 and tables[m, 0] < i < tables[m, 1] and tables[i - 1, 0] <= there < tables[i, 0]:
                mean[n, 0], mean[n, 1] = _within_a_piece(i, here, there, share[n], tables)
                continue
            between = beyond(m, here, k[m, 3] * share[n] * (tau[row[n, 0]] - tau[row[n, 1]]), k)
        for side in range(2):
            m = material[n, side]
            if m >= 0:
                at_face = between if n < within else surface[n - within, side]
                mean[n, side] = 1.0 / mean_resistivity(m, T[row[n, side]], at_face, tables)


class VaryingHalves:
    """Coupling: half cells of the electric faces whose conductivity varies between the temperatures of their ends, in a
    problem that solves both.

    Parameters
    ----------
    electric : Electric
    thermal : Thermal
    """

    row_sources: dict[str, str] = {}
    face_sources: dict[str, str] = {}

    def quantities(self) -> dict[str, Quantity]:
        """`half_conductivity`: this and the means of the half cells that vary, as `Electric.conduction` takes them."""
        return {
            "half_conductivity": Quantity(
                ("temperature", "transformed_temperature"), lambda T, tau: (self, self.mean(T, tau))
            )
        }

    def __init__(self, electric: Any, thermal: Any) -> None:
        mesh = electric.mesh
        self.thermal = thermal
        varies = np.array([stated is not None for stated in electric.varying])[mesh.material]
        varies &= thermal.row < thermal.n_rows - len(thermal.lumps)
        if electric.ideal is not None:
            varies &= ~electric.ideal
        owner, neighbour = electric.sides()
        chosen = np.flatnonzero(varies[owner] | varies[neighbour])
        face = electric.face[chosen]
        special = thermal.places(face) if chosen.size else np.zeros(0, np.int64)
        plain = (
            (special < 0)
            & (mesh.neighbour[face] >= 0)
            & (mesh.material[owner[chosen]] == mesh.material[neighbour[chosen]])
        )
        order = np.argsort(~plain, kind="stable")
        chosen, face, special, self.within = chosen[order], face[order], special[order], int(np.count_nonzero(plain))
        sides = np.stack([owner[chosen], neighbour[chosen]], 1)
        self.other = np.flatnonzero(~varies[sides].ravel())  # half cells that have their cell's conductivity
        self.other_cell = sides.ravel()[self.other]
        self.slot = np.full(electric.face.size, -1, np.int32)
        self.slot[chosen] = np.arange(chosen.size, dtype=np.int32)
        asked = varies[sides]
        asked[mesh.neighbour[face] < 0, 1] = False
        material = mesh.material[sides]
        self.rows, self.material = thermal.row[sides], np.where(asked, material, material.dtype.type(-1))
        here = set(np.unique(self.material).tolist())
        self.tables = tabulate([stated if i in here else None for i, stated in enumerate(electric.varying)])
        distance, at = scaled_distance(mesh, face, thermal.factors)
        half = distance[at]
        self.share = half[: self.within, 0] / half[: self.within].sum(1)
        self._look_beside(face[self.within :], special[self.within :], material[self.within :], half[self.within :])

    def _look_beside(self, face, special, material, distance):
        """What the surface temperatures of the faces behind those within a material follow from."""
        thermal, outside = self.thermal, self.thermal.mesh.neighbour[face] < 0
        film, contact = np.full(material.shape, np.nan), np.zeros(face.size)
        film[special >= 0], contact[special >= 0] = (
            thermal.film[special[special >= 0]],
            thermal.contact[special[special >= 0]],
        )
        self.inside, self.outside = np.flatnonzero(~outside), np.flatnonzero(outside)
        self.series = Series(material[self.inside], distance[self.inside], film[self.inside], contact[self.inside])
        self.bare = []
        for at, orientation, laws in thermal.conditions:
            place, orientation, laws = _bare(thermal, face, at, orientation, laws)
            if place.size:
                unfilmed = np.full(place.size, np.nan)
                self.bare.append((place, orientation, laws, (material[place, 0], distance[place, 0], unfilmed)))

    def conductivity(self, cell: Floats, mean: Floats) -> HalfConductivity:
        """HalfConductivity from that of the cells (n_cells,) [S/m], and what `mean` returned, to which half cells that
        do not vary are added."""
        mean.ravel()[self.other] = cell[self.other_cell]
        mean[self.within + self.outside, 1] = np.inf
        return HalfConductivity(cell, self.slot, mean)

    def mean(self, T: Floats, tau: Floats) -> Floats:
        """Conductivity (k, 2) [S/m] of these half cells at temperatures T and their τ (n_rows,) [K]; of those that
        vary."""
        k, found, ends = self.thermal.conductivity.packed, np.empty(self.rows.shape), T[self.rows[self.within :]]
        surface = ends.copy()
        surface[self.inside] = self.series.heat(ends[self.inside], k)[1]
        for place, orientation, laws, (material, distance, film) in self.bare:
            half_cell = material, ends[place, 0], distance, film, k
            ones = np.ones(place.size)
            surface[place, 0] = balance_outside(half_cell, ones, 0.0 * ones, orientation, laws, ends[place, 0])[1]
        half_conductivities(self.rows, self.material, T, tau, self.share, surface, k, self.tables, found)
        return found


def _bare(thermal, face, at, orientation, laws):
    """Which of some mesh faces (n,) int a condition holds on, with their orientation and its laws there."""
    order = np.argsort(face)
    place = np.searchsorted(face, thermal.face[at], sorter=order)
    place = order[np.minimum(place, face.size - 1)] if face.size else np.zeros(at.size, np.int64)
    here = np.flatnonzero(face[place] == thermal.face[at]) if face.size else np.zeros(0, np.int64)
    kept = [
        law.model_copy(
            update={
                name: getattr(law, name)[here]
                for name in type(law).model_fields
                if isinstance(getattr(law, name), np.ndarray)
            }
        )
        for law in laws
    ]
    return place[here], orientation[here], tuple(kept)
