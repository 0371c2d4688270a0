"""The state on a coarser mesh of boxes as initial guess on a finer one."""

import numpy as np

from oxycell.arrays import Floats
from oxycell.kernel import kernel
from oxycell.mesh.mesh import Mesh
from oxycell.physics.problem import Problem
from oxycell.state import State


def prolonged(coarse: Problem, state: State, fine: Problem) -> State:
    """Initial guess of a problem from the state of the same case on a coarser mesh of boxes.

    Parameters
    ----------
    coarse, fine : Problem, with the same balances, regions, terminals and lumps
    state : State, on the coarser mesh

    Returns
    -------
    State : between centres of cells of one region values go along straight lines, beyond the last one of them they go
        on; rows that have no such cell keep the fine problem's own initial guess
    """
    guess = fine.start()
    places = _Places(coarse.mesh, fine.mesh)
    for before, balance in zip(coarse.balances, fine.balances, strict=True):
        values, own = guess[balance.field], balance.own
        found = places.carry(before.cell_values(state[before.field]))
        known = np.flatnonzero((own >= 0) & ~np.isnan(found))
        values[own[known]] = found[known]
        values[balance.shared_rows] = state[before.field][before.shared_rows]
    return guess


class _Places:
    """Where the cells of a finer lattice lie in a coarser one of the same boxes."""

    def __init__(self, coarse: Mesh, fine: Mesh) -> None:
        assert coarse.lattice is not None and fine.lattice is not None
        number = np.full([n + 2 for n in coarse.lattice.shape], -1, np.int32)  # with a rim of empty space
        number[tuple(coarse.lattice.ijk.T + 1)] = np.arange(coarse.n_cells, dtype=np.int32)
        name = {region: i for i, region in enumerate(coarse.region_names)}
        same = np.array([name.get(region, -1) for region in fine.region_names])
        at, share = [], []
        for edges, finer in zip(coarse.lattice.edges, fine.lattice.edges, strict=True):
            centre, own = 0.5 * (edges[1:] + edges[:-1]), 0.5 * (finer[1:] + finer[:-1])
            at.append(np.clip(np.searchsorted(edges, own), 1, centre.size))
            rimmed = np.r_[np.nan, centre, np.nan]
            away = own - rimmed[at[-1]]
            share.append(np.stack([away / (rimmed[at[-1] + towards] - rimmed[at[-1]]) for towards in (-1, 1)], 1))
        begin = np.cumsum([0, *(len(along) for along in at[:-1])])
        self._grids = (
            number,
            coarse.region,
            same,
            fine.region,
            fine.lattice.ijk,
            begin,
            np.concatenate(at),
            np.concatenate(share),
        )

    def carry(self, value: Floats) -> Floats:
        """Values of the coarse cells (n_coarse,), NaN where there is none, at the centres of the fine cells
        (n_fine,)."""
        found = np.empty(self._grids[3].size)
        _carry(value, *self._grids, found)
        return found


@kernel
def _carry(value, number, region, same, fine_region, ijk, begin, at, share, found):
    """Values (n_coarse,) at the centres of the fine cells (n_fine,), out; NaN where no coarse cell of the same region
    lies there.

    Parameters
    ----------
    number : (nx + 2, ny + 2, nz + 2) int, coarse cell at each place, −1 without
    region : (n_coarse,), fine_region : (n_fine,) int; same : (n_regions,) int, number among the coarse ones of each
        fine one
    ijk : (n_fine, 3) int; begin : (3,) int, where each axis begins in at and share
    at : (n,) int, coarse place along its axis of each place on the fine grid; share : (n, 2), way from the centre there
        that the fine one lies towards the centre below and above, < 0 where it lies on the other side
    """
    flat, stride = number.ravel(), (number.shape[1] * number.shape[2], number.shape[2], 1)
    for c in range(found.size):
        place, mine = 0, same[fine_region[c]]
        for axis in range(3):
            place += stride[axis] * at[begin[axis] + ijk[c, axis]]
        cell = flat[place]
        if cell < 0 or region[cell] != mine:
            found[c] = np.nan
            continue
        here = value[cell]
        found[c] = here
        for axis in range(3):
            along = begin[axis] + ijk[c, axis]
            below, above = share[along, 0], share[along, 1]
            # towards the side it lies on, or if there is no value on that side, away from the one on the other
            for towards in (-1, 1) if below > 0.0 else (1, -1):
                beside = flat[place + towards * stride[axis]]
                rise = np.nan
                if beside >= 0 and region[beside] == mine:
                    rise = (below if towards < 0 else above) * (value[beside] - here)
                if not np.isnan(rise):
                    found[c] += rise
                    break
