"""Fluxes that vary linearly within a box cell: what two-point fluxes, which take them as constant up to the centre,
leave out."""

from dataclasses import dataclass

import numpy as np
from numba import prange

from oxycell.arrays import Bools, Floats, Ints
from oxycell.kernel import kernel
from oxycell.mesh.mesh import Mesh


@dataclass(frozen=True)
class LinearFlux:
    """Corrections of the faces of a balance on a lattice: the lowest-order Raviart–Thomas element on boxes.

    A cell shows its mean value. With a flux density that is linear between its two faces across an axis, J on the one
    in question and J' on the one opposite, the mean differs from the value on the face by

        d (2 J + J')/(3 k) = d J/k + d (J' − J)/(3 k),    d half the cell's width

    The balance takes the first part implicitly, as its two-point flux; the second is a deferred correction of the
    potential, held from one iteration to the next, of one size and opposite sign at both faces. The matrix from fluxes
    to drops is symmetric and positive, its spectrum over that of the two-point drops within 1/3 and 1. Raviart &
    Thomas (1977), Lect. Notes Math. 606, 292; two-point fluxes are the same element with its mass matrix lumped
    (Russell & Wheeler (1983), in The Mathematics of Reservoir Simulation, SIAM, ch. 2).

    Attributes
    ----------
    low, high : (e,) int, for each cell and axis: position among the faces of the balance of the face at its lower and
        upper end, −1 where nothing passes; outer : (e,) bool, the lower one is a boundary face, whose normal points
        down the axis
    cell : (e,) int; third : (e,) [m], d/3 over the factor of the conductivity along the axis
    entry : (m, 2) int, entry of the owner's and of the neighbour's side of each face, −1 where a side has no half cell
    area : (m,) [m²]
    """

    low: np.ndarray
    high: np.ndarray
    outer: np.ndarray
    cell: np.ndarray
    third: np.ndarray
    entry: np.ndarray
    area: np.ndarray

    @property
    def size(self) -> int:
        """Number of corrections: entries."""
        return self.cell.size

    def rises(self, flux: tuple[Floats, Floats], conductivity: Floats, halves: Floats | None = None) -> Floats:
        """Rises (e,) [V or K], positive where the flux density grows along the axis.

        Parameters
        ----------
        flux : pair of (m,) [A or W], from owner to neighbour, leaving the owner and entering the neighbour
        conductivity : (n_cells,) [S/m or W/m/K]; halves : not used
        """
        found = np.empty(self.cell.size)
        flux_differences(self.low, self.high, self.outer, self.cell, self.third, *flux, self.area, conductivity, found)
        return found

    def on_faces(self, rises: Floats) -> Floats:
        """The correction of the potential from owner to neighbour in both half cells of every face (m, 2), from
        corrections (e,)."""
        found = np.empty(self.entry.shape)
        spread(self.entry, rises, found)
        return found


def find_linear_flux(mesh: Mesh, face: Ints, conducts: Bools, factors: Floats | None = None) -> LinearFlux:
    """The corrections of a balance on a lattice.

    Parameters
    ----------
    mesh : Mesh with a lattice
    face : (m,) int, its faces
    conducts : (m, 2) bool, sides on which a half cell conducts
    factors : (n_cells, 3) or None, on the conductivity along x, y, z
    """
    assert mesh.lattice is not None
    owner, neighbour = mesh.owner[face], mesh.neighbour[face]
    normal = mesh.normal[face]
    axis = np.argmax(np.abs(normal), 1)
    upwards = normal[np.arange(face.size), axis] > 0.0
    inner = neighbour >= 0
    position = np.arange(face.size, dtype=np.int32)
    low, high = np.full(3 * mesh.n_cells, -1, np.int32), np.full(3 * mesh.n_cells, -1, np.int32)
    here = 3 * owner.astype(np.int64) + axis
    there = 3 * neighbour[inner].astype(np.int64) + axis[inner]
    high[here[upwards]], low[here[~upwards]] = position[upwards], position[~upwards]
    low[there] = position[inner]
    used = np.zeros(3 * mesh.n_cells, bool)
    used[here[conducts[:, 0]]] = True
    used[there[conducts[inner, 1]]] = True
    number = np.where(used, np.cumsum(used, dtype=np.int32) - np.int32(1), np.int32(-1))
    entry = np.full((face.size, 2), -1, np.int32)
    entry[:, 0] = np.where(conducts[:, 0], number[here], -1)
    entry[inner, 1] = np.where(conducts[inner, 1], number[there], -1)
    kept = np.flatnonzero(used)
    cell, along = (part.astype(np.int32) for part in np.divmod(kept, 3))
    third = np.choose(along, [w[mesh.lattice.ijk[cell, a]] for a, w in enumerate(mesh.lattice.widths)]) / 6.0
    if factors is not None:
        third /= factors[cell, along]
    low, high = low[kept], high[kept]
    return LinearFlux(low, high, (low >= 0) & ~inner[low], cell, third, entry, mesh.area[face])


@kernel(parallel=True)
def flux_differences(low, high, outer, cell, third, leaving, entering, area, conductivity, found):
    """Difference of the flux densities at both ends of every entry, times d/3 over the conductivity (e,), out; the
    rest: see LinearFlux."""
    for e in prange(found.size):
        difference = 0.0
        if high[e] >= 0:
            difference += leaving[high[e]] / area[high[e]]
        if low[e] >= 0:
            if outer[e]:
                difference += leaving[low[e]] / area[low[e]]
            else:
                difference -= entering[low[e]] / area[low[e]]
        found[e] = third[e] * difference / conductivity[cell[e]]


@kernel(parallel=True)
def spread(entry, rises, found):
    """Rises of both sides of every face (m, 2), out: at the owner's they raise, at the neighbour's they lower."""
    for f in prange(entry.shape[0]):
        one, other = entry[f, 0], entry[f, 1]
        found[f, 0] = rises[one] if one >= 0 else 0.0
        found[f, 1] = -rises[other] if other >= 0 else 0.0
