"""Anderson's acceleration of a fixed-point iteration."""

import numpy as np
from numba import njit

_DEPENDENT = 1e-9  # smallest eigenvalue of the normalised products of two changes that counts, over the largest


class Anderson:
    """Next iterate from the last few: the combination of images whose changes cancel best.

    Parameters
    ----------
    depth : int, changes it looks back on; 0 leaves the iteration as it is

    Notes
    -----
    Anderson (1965), J. ACM 12, 547, in the form of Walker & Ni (2011), SIAM J. Numer. Anal. 49, 1715, eq. 2.2. Changes are kept
    in single precision: they weigh less the smaller they are. Sums run in one order, so that bits do not depend on threads.
    """

    def __init__(self, depth):
        self.depth = depth
        self.forget()

    def forget(self):
        """Start anew."""
        self._last, self._images, self._steps, self._products = None, [], [], np.zeros((0, 0))

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
        if self._last is not None:
            self._images = [*self._images, (image - self._last[0]).astype(np.float32)][-self.depth:]
            self._steps = [*self._steps, (step - self._last[1]).astype(np.float32)][-self.depth:]
            products, older = np.zeros((len(self._steps),) * 2), len(self._steps) - 1
            products[:older, :older] = self._products[self._products.shape[0] - older:, self._products.shape[0] - older:]
            products[older] = products[:, older] = [_product(one, self._steps[-1]) for one in self._steps]
            self._products = products
        self._last = image.copy(), step.copy()
        if not self._steps:
            return image
        size = np.sqrt(np.maximum(np.diagonal(self._products), 1e-300))
        along = np.array([_product(one, step) for one in self._steps])
        share = np.linalg.pinv(self._products / np.outer(size, size), rcond=_DEPENDENT, hermitian=True) @ (along / size) / size
        out = image.copy()
        for s, change in zip(share, self._images, strict=True):
            out -= s * change
        return out


@njit(cache=True)
def _product(a, b):
    """a·b in double precision, in order."""
    total = 0.0
    for i in range(a.size):
        total += np.float64(a[i]) * np.float64(b[i])
    return total
