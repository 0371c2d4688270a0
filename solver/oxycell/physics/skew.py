"""Non-orthogonal cells: what two-point fluxes neglect there."""

from dataclasses import dataclass

import numpy as np

from oxycell.arrays import Array, Bools, Floats, Ints
from oxycell.kernel import kernel
from oxycell.mesh.mesh import Mesh
from oxycell.numerics.reductions import largest

SQUARE = 1e-7  # non-orthogonality of the lines between centres up to which two-point fluxes are exact enough


@dataclass(frozen=True)
class Skew:
    """Corrections of the faces of a balance, on meshes that are not orthogonal.

    Behind a face a cell shows the value at its centre, moved to the face along the mean flux density q in the cell. The
    drop from centre to face, for a flux density J out of the face at x (from the centre), with normal n, at distance d,
    is

        (x · q̃ + s d (J − n · q)) / k,    q = B⁻¹ Σ A J x,    q̃ = F⁻¹ q + s (Σ A d n (n · q − J)) / V,    B = Σ A x n

    with F the factors on the conductivity along the axes and s one over their mean (both 1 where it is the same in all
    directions). It is exact for linear fields on any cell with plane faces, and for warped ones up to their warp; the
    matrix from fluxes to drops is symmetric and positive: mimetic finite differences (Brezzi, Lipnikov & Simoncini,
    Math. Models Methods Appl. Sci. 15 (2005) 1533, with the distances as stabilisation); on tetrahedra the lowest-order
    Raviart–Thomas element. A balance takes θ s d J/k implicitly, θ being the middle of the spectrum of that matrix over
    s d, and the rest as a deferred correction of the potential: the iteration then contracts.

    Attributes
    ----------
    cells : (m, 2) int, cells whose drop is corrected on the owner's and the neighbour's side, −1 where there is none
    arm : (m, 2, 3) [m], from the owner's centre to the face, and from the face to the neighbour's
    normal : (m, 3), from owner to neighbour; area : (m,) [m²]
    distance : (m, 2) [m], of both sides as the balance takes it: θ s d
    plain : (m, 2) [m], d; stabilised : (m, 2) [m], s d
    factors : (n_cells, 3), F; inverse : (n_cells, 3, 3) [1/m³], B⁻¹; spread : (n_cells, 3, 3), Σ A d n n over V; volume
        : (n_cells,) [m³]
    """

    cells: np.ndarray
    arm: np.ndarray
    normal: np.ndarray
    area: np.ndarray
    distance: np.ndarray
    plain: np.ndarray
    stabilised: np.ndarray
    factors: np.ndarray
    inverse: np.ndarray
    spread: np.ndarray
    volume: np.ndarray

    def rises(self, flux: tuple[Floats, Floats], conductivity: Floats, halves: Floats | None = None) -> Floats:
        """Rise in potential from owner to neighbour in both half cells (m, 2) [V or K], beyond what their resistance
        takes.

        Parameters
        ----------
        flux : pair of (m,) [A or W], from owner to neighbour, leaving the owner and entering the neighbour
        conductivity : (n_cells,) [S/m or W/m/K]; halves : (m, 2), of both half cells, None: that of their cells
        """
        both, halves = np.stack(flux, 1), conductivity[self.cells] if halves is None else halves
        sums, found = np.zeros((self.volume.size, 2, 3)), np.empty(both.shape)
        sum_moments(self.cells, self.arm, self.normal, self.plain, both, sums)
        mean = np.einsum("cij,cj->ci", self.inverse, sums[:, 0])
        off = np.einsum("cij,cj->ci", self.spread, mean) - sums[:, 1] / self.volume[:, None]
        moved = mean / self.factors + off / np.mean(self.factors, 1)[:, None]
        rises_of_faces(
            self.cells,
            self.arm,
            self.normal,
            self.area,
            self.distance,
            self.stabilised,
            both,
            mean,
            moved,
            halves,
            found,
        )
        return found

    @property
    def size(self) -> int:
        """Number of corrections: two for each face."""
        return 2 * self.area.size

    def on_faces(self, rises: Floats) -> Floats:
        """Corrections of both half cells of every face (m, 2), as stored (m, 2)."""
        return rises


def scaled_distance(mesh: Mesh, face: Ints, factors: Floats | None) -> tuple[Array, Ints]:
    """Distances (k, 2) [m] of faces on a lattice over the factors of the conductivity along them, and the row of each
    face in them (m,)."""
    if factors is None:
        return mesh.distance_rows(face)
    along = np.argmax(np.abs(mesh.normal[face]), axis=1)
    return mesh.distance[face] / np.stack([factors[side, along] for side in sides_of(mesh, face)], 1), np.arange(
        face.size
    )


def sides_of(mesh: Mesh, face: Ints) -> tuple[Ints, Ints]:
    """Owner and neighbour (the owner at a boundary) of faces (m,) int."""
    owner, neighbour = mesh.owner[face], mesh.neighbour[face]
    return owner, np.where(neighbour < 0, owner, neighbour)


def find_skew(mesh: Mesh, face: Ints, conducts: Bools, factors: Floats | None = None) -> Skew | None:
    """The corrections of a balance, None where its mesh needs none.

    Parameters
    ----------
    mesh : Mesh
    face : (m,) int, its faces
    conducts : (m, 2) bool, sides on which a half cell conducts
    factors : (n_cells, 3) or None, on the conductivity along x, y, z
    """
    if mesh.lattice is not None:
        return None
    cell = np.stack([mesh.owner, mesh.neighbour], 1)
    arm = np.stack(
        [mesh.face_centre - mesh.cell_centre[mesh.owner], mesh.cell_centre[mesh.neighbour] - mesh.face_centre], 1
    )
    # Inside, the whole way from centre to centre counts: both half cells end at one point of the face, wherever that
    # is.
    way = np.where(mesh.neighbour[face, None] < 0, arm[face, 0], arm[face].sum(1))
    along = np.einsum("fi,fi->f", way, mesh.normal[face])
    if largest(np.linalg.norm(way - along[:, None] * mesh.normal[face], axis=1) / along) <= SQUARE and factors is None:
        return None
    factors = np.ones((mesh.n_cells, 3)) if factors is None else factors
    box, spread = np.zeros((mesh.n_cells, 3, 3)), np.zeros((mesh.n_cells, 3, 3))
    for side in (0, 1):
        at = np.flatnonzero(cell[:, side] >= 0)
        outer = mesh.area[at, None, None] * mesh.normal[at, None, :]
        np.add.at(box, cell[at, side], outer * arm[at, side, :, None])
        np.add.at(spread, cell[at, side], outer * (mesh.distance[at, side, None] * mesh.normal[at])[:, :, None])
    spread /= mesh.cell_volume[:, None, None]
    inverse = np.asarray(np.linalg.inv(box), float)
    middle = _middles(mesh, cell, arm, inverse, spread, factors)
    cells, plain = np.where(conducts, cell[face], -1).astype(np.int32), mesh.distance[face]
    stabilised = plain / np.where(cells >= 0, np.mean(factors, 1)[cells], 1.0)
    distance = stabilised * np.where(cells >= 0, middle[cells], 1.0)
    return Skew(
        cells,
        arm[face],
        np.asarray(mesh.normal[face]),
        mesh.area[face],
        distance,
        plain,
        stabilised,
        factors,
        inverse,
        spread,
        mesh.cell_volume,
    )


def _middles(mesh: Mesh, cell: Ints, arm: Floats, inverse: Floats, spread: Floats, factors: Floats) -> Floats:
    """Middle of the spectrum of each cell's matrix from fluxes to drops over that of its two-point drops (n_cells,)."""
    of, side = (
        np.concatenate(parts)
        for parts in zip(
            *((cell[cell[:, s] >= 0, s], np.full(np.count_nonzero(cell[:, s] >= 0), s)) for s in (0, 1)), strict=True
        )
    )
    face = np.concatenate([np.flatnonzero(cell[:, s] >= 0) for s in (0, 1)])
    order = np.argsort(of, kind="stable")
    face, side = face[order], side[order]
    count = np.bincount(of, minlength=mesh.n_cells)
    first, middle = np.cumsum(count) - count, np.ones(mesh.n_cells)
    for m in np.unique(count):
        here = np.flatnonzero(count == m)
        entry = first[here][:, None] + np.arange(m)
        f, s = face[entry], side[entry]
        x, n = arm[f, s], np.asarray(mesh.normal[f.ravel()]).reshape(*f.shape, 3)  # signs of both drop out below
        root = np.sqrt(mesh.distance[f, s] * mesh.area[f])  # drops over root(d/A), fluxes times root(d/A)
        x, n = x * (mesh.area[f] / root)[..., None], n * root[..., None]
        mean = np.einsum("cij,cfj->cif", inverse[here], x)
        along = (np.mean(factors[here], 1)[:, None] / factors[here])[:, :, None] * mean
        moved = (
            along
            + np.einsum("cij,cjf->cif", spread[here], mean)
            - np.swapaxes(n, 1, 2) / mesh.cell_volume[here, None, None]
        )
        matrix = np.eye(m) + np.einsum("cfi,cig->cfg", x, moved) - np.einsum("cfi,cig->cfg", n, mean)
        values = np.linalg.eigvalsh(0.5 * (matrix + np.swapaxes(matrix, 1, 2)))
        middle[here] = 0.5 * (values[:, 0] + values[:, -1])
    return middle


@kernel
def sum_moments(cells, arm, normal, plain, flux, sums):
    """Σ A J x and Σ A d n J of every cell, added to sums (n_cells, 2, 3); the rest: see Skew."""
    for f in range(cells.shape[0]):
        for s in range(2):
            c = cells[f, s]
            if c >= 0:
                for i in range(3):
                    sums[c, 0, i] += flux[f, s] * arm[f, s, i]
                    sums[c, 1, i] += flux[f, s] * plain[f, s] * normal[f, i]


@kernel
def rises_of_faces(cells, arm, normal, area, distance, plain, flux, mean, moved, conductivity, found):
    """Rises (m, 2), out, from the mean flux densities of the cells, q and q̃ (n_cells, 3); the rest: see Skew."""
    for f in range(cells.shape[0]):
        for s in range(2):
            c = cells[f, s]
            if c < 0:
                found[f, s] = 0.0
                continue
            drop = 0.0
            for i in range(3):
                drop += arm[f, s, i] * moved[c, i] - plain[f, s] * normal[f, i] * mean[c, i]
            found[f, s] = ((distance[f, s] - plain[f, s]) * flux[f, s] / area[f] - drop) / conductivity[f, s]
