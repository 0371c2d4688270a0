"""Which nodes of a graph hang together, and where each of them is named."""

import numpy as np

from oxycell.arrays import Ints
from oxycell.kernel import kernel


@kernel
def connected_parts(n, a, b):
    """Part each of n nodes belongs to, joined by edges.

    Parameters
    ----------
    n : int
    a, b : (m,) int, nodes each edge joins

    Returns
    -------
    (n,) int32, the lowest node of the part

    Notes
    -----
    Union-find with path halving: Tarjan & van Leeuwen (1984), J. ACM 31, 245.
    """
    above = np.empty(n, np.int32)
    for i in range(n):
        above[i] = i
    for e in range(a.size):
        i, j = a[e], b[e]
        while above[i] != i:
            above[i] = above[above[i]]
            i = above[i]
        while above[j] != j:
            above[j] = above[above[j]]
            j = above[j]
        if i < j:
            above[j] = i
        else:
            above[i] = j
    for i in range(n):  # a node never points up, so its parent's part is known already
        above[i] = above[above[i]]
    return above


@kernel
def places_of(number, n):
    """Position of each of the numbers 0 … n − 1.

    Parameters
    ----------
    number : (m,) int; those < 0 are left out
    n : int

    Returns
    -------
    places : (k,) int32, those of 0 first, those of each number increasing
    first : (n + 1,) int, where those of each number begin in them
    """
    first = np.zeros(n + 1, np.int64)
    for i in number:
        if i >= 0:
            first[i + 1] += 1
    for i in range(n):
        first[i + 1] += first[i]
    end, places = first[:-1].copy(), np.empty(first[n], np.int32)
    for p in range(number.size):
        i = number[p]
        if i >= 0:
            places[end[i]] = p
            end[i] += 1
    return places, first


def positions_in(among: Ints, wanted: Ints) -> Ints:
    """Where numbers stand among others: position of each of `wanted` (k,) int in `among` (n,) int, −1 without."""
    order = np.argsort(among)
    at = order[np.minimum(np.searchsorted(among, wanted, sorter=order), among.size - 1)]
    return np.where(among[at] == wanted, at, -1)
