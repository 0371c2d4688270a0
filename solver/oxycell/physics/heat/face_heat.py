"""Heat through faces inside the model: half cells, contacts, films, radiating gas spaces and walls with a ledge."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import prange

from oxycell.arrays import Floats
from oxycell.constants import STEFAN_BOLTZMANN
from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.heat.kirchhoff import conductivity_at, is_constant, piece_at, risen, temperature_at
from oxycell.physics.heat.series import half_cells_in_series
from oxycell.physics.ledge.ledge import wall_flux

SERIES, RADIATING_OWNER, RADIATING_NEIGHBOUR, LEDGE_OWNER, LEDGE_NEIGHBOUR, BOUNDARY, SHELL_OWNER, SHELL_NEIGHBOUR = (
    range(8)
)
"""What a face does: resistances in series; a radiating lump, or the film of a pool that freezes in cells or in a layer
of no cells, on one side; the outside."""


class Interfaces(NamedTuple):
    """Special faces: what is on their two sides and between.

    Attributes
    ----------
    a, b : (s,) int, rows of the heat balance of owner and neighbour
    owner, neighbour : (s,) int, cells
    at : (s,) int, row of each face in the distances, see `Thermal.distance`
    film : (s, 2) [m² K/W], contact : (s,) [m² K/W], emissivity : (s,), see Thermal
    area : (s,) [m²]
    """

    a: np.ndarray
    b: np.ndarray
    owner: np.ndarray
    neighbour: np.ndarray
    at: np.ndarray
    film: np.ndarray
    contact: np.ndarray
    emissivity: np.ndarray
    area: np.ndarray


class Fronts(NamedTuple):
    """What is frozen on special faces.

    Attributes
    ----------
    liquidus : [K], of all fronts
    melting : (s,) [W/m²], heat that what melts within a time step takes
    resistance : (s,) [m² K/W], of a shell, 0 without; holds : (s,), see `physics/ledge/shells.py`
    """

    liquidus: float
    melting: np.ndarray
    resistance: np.ndarray
    holds: np.ndarray

    @classmethod
    def none(cls, n: int, liquidus: float = 0.0) -> "Fronts":
        """Nothing frozen on n faces."""
        return cls(liquidus, np.zeros(n), np.zeros(n), np.zeros(n))


class Exchange(NamedTuple):
    """Heat that special faces exchange, and how it changes.

    Attributes
    ----------
    leaving, entering : (s,) [W], leaving the owner's side, entering the neighbour's
    surface : (s, 2) [K], surface temperatures on both sides
    slope, shift : (s, 2) [W/K], see Heat
    """

    leaving: np.ndarray
    entering: np.ndarray
    surface: np.ndarray
    slope: np.ndarray
    shift: np.ndarray

    @classmethod
    def empty(cls, n: int) -> "Exchange":
        """Room for n faces; slopes and shifts are 0."""
        return cls(np.empty(n), np.empty(n), np.empty((n, 2)), np.zeros((n, 2)), np.zeros((n, 2)))


@kernel
def radiating_surface(solid, gas, behind, film, emissivity):
    """Temperature of a surface between a solid and a gas space it exchanges heat with by film and radiation.

    Parameters
    ----------
    solid, gas : [K], beyond the resistance `behind` [m² K/W], and of the gas space; heat generated on the way raises
        `solid` by that heat times the resistance behind it
    film : [m² K/W]; emissivity : effective, between surface and gas space

    Returns
    -------
    T : [K], root of (solid − T)/behind = (T − gas)/film + ε σ (T⁴ − gas⁴)
    slope : [W/m²/K] of the right-hand side at T

    Notes
    -----
    Newton's method; the right-hand side is convex and increasing, so it converges from above without a safeguard.
    """
    T = max(solid, gas)
    if behind == 0.0:
        return solid, 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * abs(solid) ** 3
    for _ in range(60):
        cube = T * T * abs(T)
        slope = 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * cube
        out = (T - gas) / film + emissivity * STEFAN_BOLTZMANN * (T * cube - gas * abs(gas) ** 3)
        step = ((solid - T) / behind - out) / (1.0 / behind + slope)
        T += step
        if abs(step) <= 1e-14 * abs(T):
            break
    return T, 1.0 / film + 4.0 * emissivity * STEFAN_BOLTZMANN * abs(T) ** 3


@inner_kernel(inline="always")
def _owner_side(f, a, tau, rise):
    """Value on the owner's side of a face, with the deferred correction there."""
    here = tau[a[f]]
    if rise is not None:
        here = here + rise[f, 0]
    return here


@kernel(parallel=True)
def plain_surfaces(face, a, tau, rise, owner, material, distance, at, area, leaving, k, surface):
    """Surface temperatures of plain faces, which have the same on both sides.

    Parameters
    ----------
    face : (p,) int, mesh faces; a : (m,) int, row of the owner, of these faces first
    tau : (n,) [K]; rise : (m, 2) [K] or None, see Skew
    owner, area : of the mesh faces; material : of the cells; distance, at : see `Thermal.distance`; k : see
        Conductivities
    leaving : (m,) [W]; surface : (m, 2) [K], out
    """
    for f in prange(face.size):
        m = material[owner[face[f]]]
        tau_a = _owner_side(f, a, tau, rise)
        surface[f, 0] = temperature_at(m, tau_a - leaving[f] / area[face[f]] * distance[at[f], 0] / k[m, 3], k)
        surface[f, 1] = surface[f, 0]


@kernel(parallel=True)
def face_heat(kind, interfaces, T, rise, material, distance, k, source, fronts, out):
    """Heat through every special face that is not at the outside.

    Parameters
    ----------
    kind : (n_inner,) int, of those faces; interfaces : Interfaces, these first
    T : (n,) [K]; rise : (s, 2) [K] or None, see Skew
    material : (n_cells,) int; distance : see `Thermal.distance`; k : see Conductivities
    source : (s, 2) [W], heat generated on the owner's and the neighbour's side
    fronts : Fronts
    out : Exchange

    Notes
    -----
    Half cell, surface, interface, surface, half cell in series; heat generated on a surface leaves to both sides by the
    resistances it sees, so the surface temperatures are eliminated exactly. A half cell resists by the integral mean of
    its conductivity between the temperatures of its ends. Behind a ledge, whose front is at the liquidus, and behind a
    shell what is generated on the wall goes into the wall and what is generated on the front into the pool. Heat of
    melting of a shell counts as the pool's, which so gives what the solid takes; see `physics/ledge/shells.py`.
    """
    a, b, owner, neighbour = interfaces.a, interfaces.b, interfaces.owner, interfaces.neighbour
    at, film, contact = interfaces.at, interfaces.film, interfaces.contact
    emissivity, area = interfaces.emissivity, interfaces.area
    leaving, entering = out.leaving, out.entering
    surface, slope, shift = out.surface, out.slope, out.shift
    liquidus, melting = fronts.liquidus, fronts.melting
    for f in prange(kind.size):
        A, R = area[f], contact[f]
        one = side_of_face(f, 0, a, owner, T, rise, material, distance, at, k, film)
        other = side_of_face(f, 1, b, neighbour, T, rise, material, distance, at, k, film)
        Ta, Tb = one[1], other[1]
        if kind[f] == SERIES:
            ra, rb, more_a, more_b = half_cells_in_series(one, other, R, source[f, 0] / A, source[f, 1] / A, k)
            g = 1.0 / (ra + R + rb)
            to_more = A / (more_a + R + more_b)
            slope[f, 0], slope[f, 1] = to_more * _weight(one, more_a, k), to_more * _weight(other, more_b, k)
            leaving[f] = A * g * (Ta - Tb) - g * (source[f, 0] * (R + rb) + source[f, 1] * rb)
            entering[f] = leaving[f] + source[f, 0] + source[f, 1]
            surface[f, 0], surface[f, 1] = Ta - leaving[f] * ra / A, Tb + entering[f] * rb / A
            continue
        # From the lump, gas or freezing pool, to the solid, whichever comes first.
        first = kind[f] == RADIATING_OWNER or kind[f] == LEDGE_OWNER or kind[f] == SHELL_OWNER
        at_lump, at_solid = (source[f, 0], source[f, 1]) if first else (source[f, 1], source[f, 0])
        pool, wall = (one, other) if first else (other, one)
        if kind[f] == SHELL_OWNER or kind[f] == SHELL_NEIGHBOUR:
            _with_shell(f, first, pool, wall, R, at_lump, at_solid, A, k, fronts, out)
            continue
        lump, solid, film_lump = pool[1], wall[1], pool[3]
        if kind[f] == RADIATING_OWNER or kind[f] == RADIATING_NEIGHBOUR:
            half_solid, more, front, out_slope = _behind_radiating(
                pool, wall, R, at_lump / A, at_solid / A, emissivity[f], k
            )
            q = (front - lump) / film_lump + emissivity[f] * STEFAN_BOLTZMANN * (
                front * abs(front) ** 3 - lump * abs(lump) ** 3
            )
            left = -A * q
            entered = left + at_lump + at_solid
            conductance = A / (more + R + 1.0 / out_slope)
            of_lump = (1.0 / film_lump + 4.0 * emissivity[f] * STEFAN_BOLTZMANN * abs(lump) ** 3) / out_slope
        else:
            _, half_solid, _, more = half_cells_in_series(pool, wall, R, at_lump / A, at_solid / A, k)
            behind = half_solid + R
            q, frozen = wall_flux(lump, solid, liquidus, film_lump, behind, melting[f])
            total = film_lump + behind
            left = (
                A * q
                - at_lump * (frozen + (1.0 - frozen) * behind / total)
                - at_solid * (1.0 - frozen) * half_solid / total
            )
            entered = left + at_lump + at_solid
            side = 0 if first else 1
            conductance, of_lump = A * (1.0 - frozen) / (film_lump + R + more), 1.0
            shift[f, side] = A * frozen / film_lump
            front = lump - left / A * film_lump
        at_pool, at_wall = (0, 1) if first else (1, 0)
        slope[f, at_pool], slope[f, at_wall] = conductance * of_lump, conductance * _weight(wall, more, k)
        leaving[f], entering[f] = (left, entered) if first else (-entered, -left)
        surface[f, at_pool], surface[f, at_wall] = front, solid + entered / A * half_solid


@inner_kernel
def _with_shell(f, first, pool, solid, contact, at_pool, at_solid, area, k, fronts, out):
    """Heat between a pool and a solid on which a shell may be frozen, into `out`; at_pool, at_solid : [W] generated;
    the rest: see `face_heat`."""
    p, w = (0, 1) if first else (1, 0)
    resistance, liquidus = fronts.resistance[f], fronts.liquidus
    if resistance > 0.0:
        at_front = pool[0], liquidus, pool[2], resistance
        _, half, _, more = half_cells_in_series(at_front, solid, contact, 0.0, 0.0, k)
        behind = contact + half if liquidus <= solid[1] else resistance + contact + half
        entered = area * (liquidus - solid[1]) / behind + at_solid
        out.shift[f, p] = area / pool[3]
        out.shift[f, w] = area * (1.0 - fronts.holds[f]) / (behind - half + more) * _weight(solid, more, k)
        out.surface[f, p] = liquidus
    else:
        made, made_solid = at_pool / area - fronts.melting[f], at_solid / area
        film, half, more_film, more = half_cells_in_series(pool, solid, contact, made, made_solid, k)
        g = 1.0 / (film + contact + half)
        left = area * g * (pool[1] - solid[1] - made * (contact + half) - made_solid * half)
        entered = left + area * (made + made_solid)
        to_more = area / (more_film + contact + more)
        out.slope[f, p], out.slope[f, w] = to_more, to_more * _weight(solid, more, k)
        out.surface[f, p] = pool[1] - left * film / area
    out.surface[f, w] = solid[1] + entered / area * half
    left = entered - at_pool - at_solid
    out.leaving[f], out.entering[f] = (left, entered) if first else (-entered, -left)


@inner_kernel(inline="always")
def side_of_face(f, side, row, cell, T, rise, material, distance, at, k, film):
    """One side of a special face, 0 the owner's, as `half_cells_in_series` takes it; row, cell : of that side."""
    here, m = T[row[f]], material[cell[f]]
    if rise is not None and np.isnan(film[f, side]):
        here = risen(m, here, rise[f, 0] if side == 0 else -rise[f, 1], k)
    return m, here, distance[at[f], side], film[f, side]


@inner_kernel
def _weight(side, more, k):
    """k* over the conductivity at the surface of a side, whose half cell resists a change of heat by `more`; 1 for a
    film."""
    return 1.0 if more == 0.0 or not np.isnan(side[3]) else more * k[side[0], 3] / side[2]


@inner_kernel
def _behind_radiating(gas, solid, contact, at_gas, at_solid, emissivity, k):
    """Half cell of a solid whose surface exchanges heat with a radiating gas space.

    Parameters
    ----------
    gas, solid : sides, as `half_cells_in_series` takes them; contact [m² K/W]; at_gas, at_solid : [W/m²], heat
        generated on both surfaces

    Returns
    -------
    behind, more : [m² K/W] of the half cell; front, slope : of `radiating_surface`

    Notes
    -----
    Newton's method for the temperature of the surface, where there is no contact and the conductivity goes straight to
    it; else with the exchange of the surface as a straight line through the last state, before which the half cell is
    exact.
    """
    m, T, distance, film = solid
    if contact == 0.0 and np.isnan(film) and not is_constant(m, k):
        value, rise, low, high = piece_at(m, T, k)
        g, b = value / distance, 0.5 * rise / distance  # of the half cell, as `half_cells_in_series` has them
        front = max(T, gas[1])
        for _ in range(20):
            x, cube = T - front, front * front * abs(front)
            slope = 1.0 / gas[3] + 4.0 * emissivity * STEFAN_BOLTZMANN * cube
            out = (front - gas[1]) / gas[3] + emissivity * STEFAN_BOLTZMANN * (front * cube - gas[1] * abs(gas[1]) ** 3)
            step = ((g - b * x) * x + at_solid + at_gas - out) / (g - 2.0 * b * x + slope)
            front += step
            if abs(step) <= 1e-14 * abs(front):
                break
        x, slope = T - front, 1.0 / gas[3] + 4.0 * emissivity * STEFAN_BOLTZMANN * abs(front) ** 3
        if low <= front <= high and abs(step) <= 1e-13 * abs(front):
            return 1.0 / (g - b * x), 1.0 / (g - 2.0 * b * x), front, slope
    behind = film if not np.isnan(film) else distance / conductivity_at(m, T, k)
    more = behind
    for _ in range(60):
        front, slope = radiating_surface(
            T + at_solid * behind + at_gas * (behind + contact), gas[1], behind + contact, gas[3], emissivity
        )
        if not np.isnan(film) or is_constant(m, k):
            break
        out = (front - gas[1]) / gas[3] + emissivity * STEFAN_BOLTZMANN * (
            front * abs(front) ** 3 - gas[1] * abs(gas[1]) ** 3
        )
        line = gas[0], front - out / slope, gas[2], 1.0 / slope
        _, found, _, more = half_cells_in_series(line, solid, contact, at_gas, at_solid, k)
        if abs(found - behind) <= 1e-13 * behind:
            break
        behind = found
    return behind, more, front, slope


@dataclass(frozen=True)
class Series:
    """Interfaces that generate no heat.

    Attributes
    ----------
    material : (n, 2) int; distance : (n, 2) [m], of both half cells; film : (n, 2) [m² K/W], NaN where a half cell is
    contact : (n,) [m² K/W]
    """

    material: np.ndarray
    distance: np.ndarray
    film: np.ndarray
    contact: np.ndarray

    @cached_property
    def _given(self):
        """What `face_heat` takes of them, its kernel compiled already: positions of both sides, materials, distances
        and their rows."""
        n = self.contact.size
        sides = np.arange(2 * n, dtype=np.int32).reshape(n, 2)
        material, distance = self.material.astype(np.int16).ravel(), np.array(self.distance)
        for array in (material, distance):
            array.flags.writeable = False  # as those of a mesh
        return sides[:, 0].copy(), sides[:, 1].copy(), material, distance, np.arange(n, dtype=np.int32)

    def heat(self, T: Floats, k: Floats) -> tuple[Floats, Floats, Floats]:
        """Heat from the first side to the second between temperatures T (n, 2) [K] of the centres; k : see
        Conductivities.

        Returns
        -------
        q : (n,) [W/m²]; surface : (n, 2) [K]; slope : (n, 2) [W/m²/K], of q to τ of the first side and, counted down,
            of the second
        """
        n = self.contact.size
        one, other, material, distance, at = self._given
        nothing, none_made, out = np.zeros(n), np.zeros((n, 2)), Exchange.empty(n)
        sides = Interfaces(one, other, one, other, at, self.film, self.contact, nothing, nothing + 1.0)
        kind = np.full(n, SERIES, np.int8)
        face_heat(kind, sides, T.ravel(), none_made, material, distance, k, none_made, Fronts.none(n), out)
        return out.leaving, out.surface, out.slope
