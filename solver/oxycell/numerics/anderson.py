"""Anderson's acceleration of a fixed-point iteration."""

import numpy as np
from numba import prange

from oxycell.kernel import kernel

_DEPENDENT = 1e-9  # smallest eigenvalue of the normalised products of two changes that counts, over the largest
_PARTS = 64  # of sums, fixed, so that they do not depend on the number of threads


class Anderson:
    """Next iterate from the last few: the combination of images whose changes cancel best.

    Parameters
    ----------
    depth : int, changes it looks back on; 0 leaves the iteration as it is

    Notes
    -----
    Anderson (1965), J. ACM 12, 547, in the form of Walker & Ni (2011), SIAM J. Numer. Anal. 49, 1715, eq. 2.2. Changes are kept
    in single precision: they weigh less the smaller they are.
    """

    def __init__(self, depth):
        self.depth = depth
        self._images = self._steps = None
        self.forget()

    def forget(self):
        """Start anew."""
        self._last, self._changes = None, 0

    def next(self, image, step):
        """The next iterate.

        Parameters
        ----------
        image : (n,), what the iteration makes of the present iterate
        step : (m,), image less iterate in those entries, and with those weights, that say how far it is from the fixed point

        Returns
        -------
        (n,)
        """
        if self.depth == 0:
            return image
        last, self._last = self._last, (image, step)
        if last is None:
            return image
        if self._images is None:
            self._images, self._steps = (np.empty((self.depth, v.size), np.float32) for v in (image, step))
            self._products = np.zeros((self.depth, self.depth))
        newest = self._changes % self.depth
        self._changes += 1
        used = min(self._changes, self.depth)
        _change(image, last[0], self._images[newest])
        _change(step, last[1], self._steps[newest])
        products, along = _products(self._steps[:used], newest, step).sum(0)  # in the order of the parts
        self._products[newest, :used] = self._products[:used, newest] = products
        among = self._products[:used, :used]
        size = np.sqrt(np.maximum(np.diagonal(among), 1e-300))
        share = np.linalg.pinv(among / np.outer(size, size), rcond=_DEPENDENT, hermitian=True) @ (along / size) / size
        out = np.empty(image.size)
        _combine(image, share, self._images, out)
        return out


@kernel(parallel=True)
def _change(new, old, out):
    for i in prange(new.size):
        out[i] = new[i] - old[i]


@kernel(parallel=True)
def _products(steps, newest, step):
    """Products of all changes (k, m) with the newest one, and with `step` (m,), in double precision: (parts, 2, k), to be added up."""
    k, m = steps.shape
    part = np.empty((_PARTS, 2, k))
    for n in prange(_PARTS):
        for j in range(k):
            one, other = 0.0, 0.0
            for i in range(n * m // _PARTS, (n + 1) * m // _PARTS):
                one += np.float64(steps[j, i]) * np.float64(steps[newest, i])
                other += np.float64(steps[j, i]) * step[i]
            part[n, 0, j], part[n, 1, j] = one, other
    return part


@kernel(parallel=True)
def _combine(image, share, images, out):
    """out = image − Σ share · images, (n,)."""
    for i in prange(image.size):
        v = image[i]
        for j in range(share.size):
            v -= share[j] * np.float64(images[j, i])
        out[i] = v
