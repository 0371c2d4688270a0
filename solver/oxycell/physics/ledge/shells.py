"""Bath frozen in layers thinner than a cell, on faces where a solid touches a pool: shells on plates, on a floor, on a
lid that hangs into the bath."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.kernel import inner_kernel, kernel
from oxycell.physics.heat.face_heat import Interfaces, side_of_face
from oxycell.physics.heat.kirchhoff import conductivity_at, mean_conductivity
from oxycell.physics.heat.series import half_cells_in_series
from oxycell.physics.heat.through import open_area, special_rise_at
from oxycell.physics.ledge.ledge import Front

_ROUNDS = 40  # of thickness and conductivities, at most
_CLOSE = 1e-15  # [m² K/W] change of the resistance of a shell at which it is found
_LEAST_GIVEN = 1e-3  # [W/m²] that a pool gives to the front of a steady shell at least


class Shelled(NamedTuple):
    """Shells at a state.

    Attributes
    ----------
    thickness : (k,) [m], 0 where a face is bare
    resistance : (k,) [m² K/W]
    holds : (k,) 0 to 1, share by which a shell that grows takes back what more heat a colder solid would get: 1 in a
        steady state
    melting : (k,) [W/m²], heat that takes the last of a shell where a face is bare
    area : (k,) [m²], of the faces, less what a ledge covers of them
    """

    thickness: Floats
    resistance: Floats
    holds: Floats
    melting: Floats
    area: Floats

    @property
    def volume(self) -> Floats:
        """(k,) [m³]."""
        return self.thickness * self.area


@dataclass(frozen=True)
class Shells:
    """Faces between pools and solids on which bath freezes in a layer that has no cells of its own.

    Attributes
    ----------
    at : (k,) int, positions among the special faces, increasing
    side : (k,) int, side of the pool, 0 the owner's
    row : (k,) int, heat row of the pool
    frozen : int, frozen bath among the materials
    liquidus : [K], of its front in a steady state

    Notes
    -----
    The front is at the liquidus, so the pool gives it h (T_pool − T_liq); the solid takes q = (T_liq − T)/(S/k + R);
    what is missing is heat of melting: ρ L dS/dt = q − h (T_pool − T_liq), S ≥ 0. S is local to its face and is solved
    for together with q. In a steady state both heats are equal. The layer stores latent heat only: its temperature
    counts as the liquidus.
    """

    at: Ints
    side: Ints
    row: Ints
    frozen: int
    liquidus: float

    def shelled(
        self,
        thermal: Any,
        T: Floats,
        rise: Floats | None,
        front: Front | None,
        liquidus: float,
        latent: float = 0.0,
        known: Floats | None = None,
    ) -> Shelled:
        """Shells at temperatures T (n_rows,) [K].

        Parameters
        ----------
        thermal : Thermal; rise : (m, 2) [K] or None, deferred corrections of τ on its faces
        front : Front of a ledge or None
        liquidus : [K], of the front
        latent : [W/m³], heat of melting by volume times the rate of a time step; 0: steady
        known : (k,) [m³] or None, what a shell holds if nothing of it freezes or melts

        Returns
        -------
        Shelled
        """
        k, s = self.at.size, thermal.special
        area = self.area(thermal, front)
        out = Shelled(np.empty(k), np.empty(k), np.empty(k), np.empty(k), area)
        nothing, (owner, neighbour) = np.zeros(0), thermal.special_sides
        sides = Interfaces(
            thermal.a[s],
            thermal.b[s],
            owner,
            neighbour,
            thermal.special_at,
            thermal.film,
            thermal.contact,
            nothing,
            nothing,
        )
        cells = thermal.mesh.material, thermal.distance[0], thermal.conductivity.packed
        layer = float(liquidus), float(latent), self.frozen
        thickness = np.zeros(k) if known is None else known / area
        freeze_shells(
            self.at, self.side, sides, T, special_rise_at(thermal, T, rise, front), *cells, layer, thickness, out
        )
        return out

    def area(self, thermal: Any, front: Front | None) -> Floats:
        """(k,) [m²], of the faces, less what a Front of a ledge covers of them."""
        return open_area(thermal, front)[self.at]

    def faces(self, thermal: Any) -> Ints:
        """(k,) int, mesh faces, increasing with `at`."""
        found: Ints = thermal.face[thermal.plain + self.at]
        return found


@kernel
def freeze_shells(at, pool_side, sides, T, rise, material, distance, k, layer, known, out):
    """See `Shells.shelled`.

    Parameters
    ----------
    at, pool_side : (k,) int, see Shells; sides : Interfaces, of all special faces; T, rise, material, distance, k : see
        `face_heat`; layer : liquidus [K], latent [W/m³], frozen bath among the materials; known : (k,) [m]
    out : Shelled
    """
    liquidus, latent, frozen = layer
    thickness, resistance, holds, melting = out.thickness, out.resistance, out.holds, out.melting
    a, b, owner, neighbour, places = sides.a, sides.b, sides.owner, sides.neighbour, sides.at
    film, contact = sides.film, sides.contact
    for i in range(at.size):
        f = at[i]
        one = side_of_face(f, 0, a, owner, T, rise, material, distance, places, k, film)
        other = side_of_face(f, 1, b, neighbour, T, rise, material, distance, places, k, film)
        pool, solid = (one, other) if pool_side[i] == 0 else (other, one)
        found = shell(pool, solid, contact[f], liquidus, latent, known[i], frozen, k)
        thickness[i], resistance[i], holds[i] = found
        melting[i] = latent * max(known[i], 0.0) if found[0] == 0.0 else 0.0


@inner_kernel
def shell(pool, solid, contact, liquidus, latent, known, frozen, k):
    """A shell on one face.

    Parameters
    ----------
    pool, solid : sides, as `half_cells_in_series` takes them; contact [m² K/W]
    liquidus [K]; latent [W/m³]; known [m]; frozen : material; k : see Conductivities

    Returns
    -------
    thickness [m]; resistance [m² K/W]; holds : see Shelled

    Notes
    -----
    With x = S/k + R the balance of the front, latent (S − known) = (T_liq − T)/x − given, is a parabola in x; half cell
    and layer resist by integral means of their conductivities, which are found in turns. A solid above the liquidus
    melts the layer from behind, through R alone.
    """
    given, colder = (pool[1] - liquidus) / pool[3], liquidus - solid[1]
    conductivity, resistance, thickness, behind, x = conductivity_at(frozen, liquidus, k), 0.0, 0.0, 0.0, 0.0
    for _ in range(_ROUNDS):
        front = pool[0], liquidus, pool[2], resistance
        _, half, _, _ = half_cells_in_series(front, solid, contact, 0.0, 0.0, k)
        behind = half + contact
        if colder <= 0.0:
            x = behind
            thickness = known + (colder / behind - given) / latent if latent > 0.0 and behind > 0.0 else 0.0
        elif latent == 0.0:
            x = colder / max(given, _LEAST_GIVEN)
            thickness = conductivity * (x - behind)
        else:
            a, b = latent * conductivity, given - latent * (conductivity * behind + known)
            root = np.sqrt(b * b + 4.0 * a * colder)
            x = (root - b) / (2.0 * a) if b <= 0.0 else 2.0 * colder / (root + b)
            thickness = conductivity * (x - behind)
        if thickness <= 0.0:
            return 0.0, 0.0, 0.0
        before, resistance = resistance, thickness / conductivity
        surface = liquidus - colder * resistance / max(x, resistance)
        conductivity = mean_conductivity(frozen, liquidus, surface, k)
        if abs(resistance - before) <= _CLOSE + 1e-13 * resistance:
            break
    if colder <= 0.0:
        return thickness, resistance, 0.0
    steep = colder / (conductivity * x * x)
    return thickness, resistance, steep / (latent + steep)
