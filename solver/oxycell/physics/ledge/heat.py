"""Heat between frozen bath and other solids, where the conductivity of one of them varies with temperature."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.mesh.connected import positions_in
from oxycell.physics.heat.face_heat import Series
from oxycell.physics.heat.kirchhoff import risen_rows, transform_rows
from oxycell.physics.ledge.ledge import Front


class LedgeHeat:
    """Heat through the links of a ledge, and surface temperatures next to it.

    Parameters
    ----------
    thermal : Thermal, with a ledge
    """

    def __init__(self, thermal: Any) -> None:
        self.mesh, self.ledge, self.links, self.own = thermal.mesh, thermal.ledge, thermal.links, thermal.own
        self.conductivity, self.reference, self.frozen = thermal.conductivity, thermal.reference, thermal.frozen
        self.row_material = thermal.row_material
        self.contact = thermal.contact[thermal.ledge_face - thermal.plain]
        self._special, self._plain = thermal.face[thermal.special], thermal.plain

    @cached_property
    def linked_solids(self) -> tuple[Ints, Ints, Ints]:
        """Links to cells that are solid anyhow: which they are (k,) int, their positions among the faces of the heat
        balance (k,) int, the solid's side (k,) int."""
        linked = np.flatnonzero(~self.links.frozen.all(1))
        position = positions_in(self._special, self.links.face[linked])
        linked, position = linked[position >= 0], position[position >= 0] + self._plain
        return linked, position, np.where(self.links.frozen[linked, 0], 1, 0)

    @cached_property
    def _walls(self):
        """Series of the ledge's wall faces: the wall's half cell and that of frozen bath."""
        mesh, ledge = self.mesh, self.ledge
        material = np.stack(
            [mesh.material[ledge.wall_cell], np.full(ledge.face.size, self.frozen, mesh.material.dtype)], 1
        )
        distance = mesh.distance[ledge.face]
        distance = np.where((mesh.owner[ledge.face] == ledge.wall_cell)[:, None], distance, distance[:, ::-1])
        return Series(material, distance, np.full(distance.shape, np.nan), self.contact)

    @cached_property
    def bent(self) -> Ints:
        """Links (k,) int between frozen bath and another solid, where the conductivity of one of them varies."""
        at = np.flatnonzero(~self.links.frozen.all(1))
        return at[self.conductivity.varies[self._touching(at).material].any(1)]

    @cached_property
    def _bent(self):
        """Series of the bent links."""
        return self._touching(self.bent)

    @property
    def bends(self) -> bool:
        """Whether the conductivity of frozen bath varies."""
        return self.conductivity.varies[self.frozen]

    @cached_property
    def materials(self) -> Ints:
        """Materials of the rows on both sides of the links (k, 2) int."""
        return self.row_material[np.stack([self.links.a, self.links.b], 1)]

    @cached_property
    def bent_materials(self) -> Ints:
        """Those of the bent links (n, 2) int."""
        return self.materials[self.bent]

    @cached_property
    def _bent_resistance(self):
        """Resistance of the bent links (n,) [m² K/W] at k*."""
        return (self._bent.distance / self.conductivity.packed[self._bent.material, 3]).sum(1) + self._bent.contact

    def _touching(self, at):
        """Series of links `at` (n,) int between frozen bath and another solid."""
        mesh, links = self.mesh, self.links
        cells = np.stack([mesh.owner[links.face[at]], mesh.neighbour[links.face[at]]], 1)
        material = np.where(links.frozen[at], self.frozen, mesh.material[cells]).astype(mesh.material.dtype)
        return Series(material, mesh.distance[links.face[at]], np.full(material.shape, np.nan), links.contact[at])

    def walls(self, T: Floats, rise: Floats | None = None) -> Floats:
        """τ (n,) [K] of frozen bath at the wall of each column.

        Parameters
        ----------
        T : (n_rows,) [K]; rise : (n,) [K] or None, of τ in the wall's half cell
        """
        ledge, series = self.ledge, self._walls
        cells = np.stack([T[self.own[ledge.wall_cell]], T[self.own[ledge.cell[ledge.first[:-1]]]]], 1)
        rise = None if rise is None else np.stack([rise, np.zeros(rise.size)], 1)
        surface = series.heat(self._risen(series, cells, rise), self.conductivity.packed)[1][:, 1].copy()
        tau = np.empty(surface.size)
        transform_rows(series.material[:, 1].copy(), surface, self.conductivity.packed, tau)
        return tau

    def linked(self, T: Floats, tau: Floats, front: Front, rise: Floats) -> tuple[Floats, Floats | None, Floats]:
        """Heat through the links, by the integral means of conductivities.

        Parameters
        ----------
        T, tau : (n_rows,) [K]; front : Front; rise : (k, 2) [K], of τ on both sides of the links

        Returns
        -------
        conductance : (k,) [W/K], of the tangent to τ; lean : non-symmetric part of those between materials, see Heat;
            linked : (k,) [W]
        """
        links, frozen = self.links, np.broadcast_to(self.conductivity.reference[self.frozen], self.ledge.cell.shape)
        conductance = links.conductance(self.mesh, self.reference, frozen, front.solid)
        linked = (tau[links.a] + rise[:, 0] - tau[links.b] - rise[:, 1]) * conductance
        at, series, k = self.bent, self._bent, self.conductivity.packed
        if not at.size:
            return conductance, None, linked
        cells = np.stack([T[links.a[at]], T[links.b[at]]], 1)
        q, _, slope = series.heat(self._risen(series, cells, rise[at]), k)
        area = conductance[at] * self._bent_resistance
        conductance[at] = area * np.sqrt(slope[:, 0] * slope[:, 1])
        linked[at] = area * q
        return conductance, np.sqrt(slope[:, 0] / slope[:, 1]), linked

    def beside_walls(self, at: Ints, T: Floats, rise: Floats) -> Floats:
        """Temperatures of both surfaces (n, 2) [K] where frozen bath touches solids other than its walls, if they touch
        without a contact.

        Parameters
        ----------
        at : (n,) int, links; T : (n_rows,) [K]; rise : (k, 2) [K], of τ on both sides of all links
        """
        links, series = self.links, replace(self._touching(at), contact=np.zeros(at.size))
        cells = self._risen(series, np.stack([T[links.a[at]], T[links.b[at]]], 1), rise[at])
        return series.heat(cells, self.conductivity.packed)[1]

    def _risen(self, series, T, rise):
        """Temperatures (n, 2) [K] of both sides, from those of the cells and corrections of their τ (n, 2) [K] or
        None."""
        if rise is None:
            return T
        return np.stack(
            [
                risen_rows(
                    series.material[:, i].copy(),
                    T[:, i].copy(),
                    rise[:, i].copy(),
                    series.film[:, i].copy(),
                    self.conductivity.packed,
                )
                for i in (0, 1)
            ],
            1,
        )
