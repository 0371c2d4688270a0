"""What a ledge touches other than its walls: the floor it stands on, a lip above it, an anode."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.mesh.mesh import Mesh
from oxycell.physics.ledge.ledge import Front, LedgeColumns, Links


@dataclass(frozen=True)
class Touched:
    """Faces between cells of ledge columns and other solids than their walls, of which a ledge may cover a part.

    A cell at the front is frozen from its wall's side up to the front and open beyond. The solid below it is colder
    under the one part than under the other, by a straight line between the centres of its cells along the column. Were
    it as warm under both, a front would sit in the middle of a broad cell less stably than at its ends, and the foot of
    the ledge would follow the mesh.

    Attributes
    ----------
    link : (t,) int, among the links; side : (t,) int, the solid's side of the face, 0 the owner's; row : (t,) int, the
        solid's heat row
    position : (t,) int, among the special faces, −1 for none
    place : (t,) int, cell among those of the columns; start, end : (t,) [m], its extent along the column
    nearer, farther : (t,) int, the face of the same kind on the wall's side and on the other, itself where there is
        none
    """

    link: np.ndarray
    side: np.ndarray
    row: np.ndarray
    position: np.ndarray
    place: np.ndarray
    start: np.ndarray
    end: np.ndarray
    nearer: np.ndarray
    farther: np.ndarray

    def shifts(self, T: Floats, slopes: Floats, front: Front) -> tuple[Floats, Floats, Floats]:
        """By how much τ (t,) [K] of the frozen part of each cell is below that of its centre, that of the solid under
        it below that of the solid's centre, and that of the solid under the open part above it.

        Parameters
        ----------
        T : (n_rows,) [K]; slopes : (t,), dτ/dT of the solids; front : Front

        Notes
        -----
        What touches is the frozen part of a cell, and not its line's continuation beyond the front, which may be
        hundreds of kelvins hotter: with that, a front that enters a broad cell above a floor would heat the floor.
        """
        solid, frozen = T[self.row], front.solid[self.place]
        width, centre = self.end - self.start, 0.5 * (self.start + self.end)
        at_front = (frozen > 0.0) & (frozen < 1.0)

        def along(other):
            apart = centre[other] - centre
            return np.where(
                at_front & (apart != 0.0), slopes * (solid[other] - solid) / np.where(apart != 0.0, apart, 1.0), 0.0
            )

        colder = 0.5 * (1.0 - frozen) * width * along(self.nearer)
        warmer = 0.5 * frozen * width * along(self.farther)
        return front.colder[self.place], colder, warmer

    def on_links(self, frozen: Floats, under: Floats, links: Links) -> Floats:
        """Rises of τ (k, 2) [K] on both sides of the links: for what frozen bath and the solid under it are colder by
        (t,)."""
        found = np.zeros((links.face.size, 2))
        found[self.link, self.side], found[self.link, 1 - self.side] = -under, -frozen
        return found

    def on_faces(self, warmer: Floats, rise: Floats | None, faces: int) -> Floats:
        """Corrections (faces, 2) [K] of the special faces, as LinearFlux counts them, of what is under open parts;
        `rise` : others or None."""
        rise, at = np.zeros((faces, 2)) if rise is None else rise.copy(), self.position >= 0
        rise[self.position[at], self.side[at]] += np.where(self.side[at] == 0, 1.0, -1.0) * warmer[at]
        return rise


def touched(ledge: LedgeColumns, links: Links, mesh: Mesh, places: Callable[[Ints], Ints]) -> Touched:
    """The Touched of a ledge.

    Parameters
    ----------
    ledge : LedgeColumns; links : Links; mesh : Mesh
    places : function of mesh faces (k,) int, their positions among the special faces, −1 for others
    """
    link = np.flatnonzero(~links.through & ~links.frozen.all(1))
    side = np.where(links.frozen[link, 0], 1, 0)
    at, face = np.arange(link.size), links.face[link]
    place = links.place[link, 1 - side].astype(np.int64)
    column = np.repeat(np.arange(ledge.face.size), np.diff(ledge.first))
    direction = 2 * np.argmax(np.abs(mesh.normal[face]), 1) + side
    key = 6 * place + direction
    order = np.argsort(key)

    def beside(step):
        other = np.clip(place + step, 0, column.size - 1)
        found = (
            order[np.minimum(np.searchsorted(key, 6 * other + direction, sorter=order), max(link.size - 1, 0))]
            if link.size
            else at
        )
        return np.where((key[found] == 6 * other + direction) & (column[other] == column[place]), found, at)

    row = np.where(side == 0, links.a[link], links.b[link])
    return Touched(link, side, row, places(face), place, ledge.start[place], ledge.end[place], beside(-1), beside(1))
