"""Half cells of a balance: which distance takes the drop on each side of a face, and what two-point fluxes leave
out."""

from functools import cached_property

import numpy as np

from oxycell.arrays import Array, Bools, Floats, Ints
from oxycell.mesh.mesh import Mesh
from oxycell.physics.linear_flux import LinearFlux, find_linear_flux
from oxycell.physics.skew import Skew, find_skew, scaled_distance


class HalfCells:
    """What balances of charge and of heat share; they have `mesh`, `face`, `factors`, `linear_flux` and `_halves`, (m,
    2) bool, sides on which a half cell takes a drop."""

    mesh: Mesh
    face: Ints
    factors: Floats | None
    linear_flux: bool

    @property
    def _halves(self) -> Bools:
        raise NotImplementedError

    @cached_property
    def distance(self) -> tuple[Array, Ints]:
        """Distances (k, 2) [m] that take the drops, and the row of each face in them (m,).

        They are over the factor of the conductivity along them, and of non-orthogonal cells θ times as long.
        """
        if self.skew is not None:
            return self.skew.distance, np.arange(self.face.size)
        return scaled_distance(self.mesh, self.face, self.factors)

    @cached_property
    def skew(self) -> Skew | None:
        """Skew of its faces, or None on an orthogonal mesh."""
        return find_skew(self.mesh, self.face, self._halves, self.factors)

    @cached_property
    def correction(self) -> Skew | LinearFlux | None:
        """Skew or LinearFlux of its faces, None where two-point fluxes are all there is."""
        if self.linear_flux and self.mesh.lattice is not None:
            return find_linear_flux(self.mesh, self.face, self._halves, self.factors)
        return self.skew

    def no_correction(self) -> Floats | None:
        """Deferred correction of a field that is the same everywhere, None without a correction."""
        of = self.correction
        return None if of is None else of.rises((np.zeros(of.area.size),) * 2, np.ones(self.mesh.n_cells))
