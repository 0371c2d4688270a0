"""Named tuples of arrays that kernels of the lattice take: what all levels are made of.

All levels lie one after the other in flat arrays, each in the order of `lattice.strips`; a position is an index of
these.
"""

from typing import NamedTuple

import numpy as np

from oxycell.numerics.lattice.strips import Runs


class Network(NamedTuple):
    """Conductances between the cells of all levels and from them to a fixed value.

    Attributes
    ----------
    x, y, z : (positions,) float32, conductance to the next cell along each axis
    shift : (positions,) float32, of the diagonal: what a cell loses at the value 1 when its neighbours have it too, to
        the outside and by couplings
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    shift: np.ndarray


class Couplings(NamedTuple):
    """Conductances between cells and the global rows.

    Attributes
    ----------
    first : int, first coupling of every level (levels + 1,), or of every plane of one level (planes + 1,)
    cell, lump : (n,) int, flat position and number of the global row a coupling joins
    conductance : (n,)
    """

    first: np.ndarray
    cell: np.ndarray
    lump: np.ndarray
    conductance: np.ndarray


class Bottom(NamedTuple):
    """The coarsest level, solved exactly.

    Attributes
    ----------
    position : (n,) int, flat positions of its cells in use
    factor : (n, width + n_lumps), lump_factor : (n_lumps, n_lumps), pivot : (n + n_lumps,), see `factor_banded`
    work : (n + n_lumps,), right-hand side and solution
    """

    position: np.ndarray
    factor: np.ndarray
    lump_factor: np.ndarray
    pivot: np.ndarray
    work: np.ndarray


class Levels(NamedTuple):
    """All levels of a lattice, with the vectors of one cycle.

    Attributes
    ----------
    n, large : int, number of levels; how many of the finest are worth more than one thread
    planes : (levels + 1,) int, first plane of each level among all planes
    runs : Runs of all levels
    children : (planes + 1,) int, first fine plane of each coarse plane; level 0 is left out
    parent : (positions,) uint32, flat position of the coarse cell
    network : Network; inverse : (positions,) float32, 1/diagonal, 0 where nothing touches a cell
    couplings : Couplings, level by level
    merged : (n_couplings,) int, coupling of the next level that each one is part of
    bottom : Bottom
    x, y, b : (positions,) float32, two iterates and the right-hand side
    x_lump, b_lump : (n_lumps,) float64, the same of the global rows
    """

    n: int
    large: int
    planes: np.ndarray
    runs: Runs
    children: np.ndarray
    parent: np.ndarray
    network: Network
    inverse: np.ndarray
    couplings: Couplings
    merged: np.ndarray
    bottom: Bottom
    x: np.ndarray
    y: np.ndarray
    b: np.ndarray
    x_lump: np.ndarray
    b_lump: np.ndarray
