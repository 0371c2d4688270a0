"""The state on a coarser mesh of boxes as first guess on a finer one."""

import numpy as np


def prolonged(coarse, u, fine):
    """First guess of a coupled problem from the state of the same case on a coarser mesh of boxes.

    Parameters
    ----------
    coarse, fine : Coupled, with the same regions, terminals and lumps
    u : (n_coarse,), the state on the coarser mesh

    Returns
    -------
    (n_fine,) : between centres of cells of one region values go along straight lines, beyond the last one of them they go on; rows that
        have no such cell keep the fine problem's own first guess
    """
    guess, n = fine.start(), fine.n_electric
    places = _Places(coarse.mesh, fine.mesh)
    if fine.electric is not None:
        cells = fine.electric.cells
        found = places.carry(coarse.electric.potential(u[:coarse.n_electric]))[cells]
        guess[:cells.size] = np.where(np.isnan(found), guess[:cells.size], found)
        guess[cells.size:n] = u[coarse.electric.cells.size:coarse.n_electric]
    if fine.thermal is not None:
        T, own = u[coarse.n_electric:], fine.thermal.own
        found = places.carry(np.where(coarse.thermal.own >= 0, T[coarse.thermal.own], np.nan))
        known = np.flatnonzero((own >= 0) & ~np.isnan(found))
        guess[n + own[known]] = found[known]
        guess[n + fine.thermal.lump_row] = T[coarse.thermal.lump_row]
    return guess


class _Places:
    """Where the cells of a finer lattice lie in a coarser one of the same boxes."""

    def __init__(self, coarse, fine):
        number = np.full([n + 2 for n in coarse.lattice.shape], -1, np.int32)  # with a rim of empty space
        number[tuple(coarse.lattice.ijk.T + 1)] = np.arange(coarse.n_cells, dtype=np.int32)
        name = {region: i for i, region in enumerate(coarse.region_names)}
        same = np.array([name.get(region, -1) for region in fine.region_names])[fine.region]
        self._region, self._same, self._number, self._ijk = coarse.region, same, number, fine.lattice.ijk
        self._at, self._steps = [], []
        for edges, finer in zip(coarse.lattice.edges, fine.lattice.edges, strict=True):
            centre, own = 0.5 * (edges[1:] + edges[:-1]), 0.5 * (finer[1:] + finer[:-1])
            at = np.clip(np.searchsorted(edges, own), 1, centre.size)
            rimmed = np.r_[np.nan, centre, np.nan]
            side = np.where(own < rimmed[at], -1, 1)
            self._at.append(at)
            self._steps.append([(towards, (own - rimmed[at]) / (rimmed[at + towards] - rimmed[at])) for towards in (side, -side)])
        self._cell = self._cells(*self._at)

    def _cells(self, *at):
        """Coarse cell at given places along each axis, for every fine cell; −1 where there is none of its region."""
        cell = self._number[tuple(along[i] for along, i in zip(at, self._ijk.T, strict=True))]
        return np.where((cell >= 0) & (self._region[cell] == self._same), cell, -1)

    def carry(self, value):
        """Values of the coarse cells (n_coarse,), NaN where there is none, at the centres of the fine cells (n_fine,)."""
        value = np.r_[value, np.nan]  # of no cell
        here = value[self._cell]
        found = here.copy()
        for axis, steps in enumerate(self._steps):
            rise = np.full(here.size, np.nan)
            for towards, share in steps:
                at = [along + towards if a == axis else along for a, along in enumerate(self._at)]
                rise = np.where(np.isnan(rise), share[self._ijk[:, axis]] * (value[self._cells(*at)] - here), rise)
            found += np.where(np.isnan(rise), 0.0, rise)
        return found
