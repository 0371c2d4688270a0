"""The triad of McCalpin's STREAM, in numba."""

from numba import njit, prange


@njit(parallel=True, cache=True)
def triad(a, b, c, passes):
    """a = b + 3 c, `passes` times; all (n,)."""
    for _ in range(passes):
        for i in prange(a.size):
            a[i] = b[i] + 3.0 * c[i]
