"""Which nodes of a graph hang together."""

import numpy as np
from numba import njit


@njit(cache=True)
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
