"""Anderson's acceleration of a fixed-point iteration."""

import numpy as np
from numba import prange

from oxycell.arrays import Floats
from oxycell.kernel import kernel

_DEPENDENT = 1e-9  # smallest eigenvalue of the normalised products of two changes that counts, over the largest
_BLOCK, _LARGEST = 32, 32767.0  # entries of a block of changes, and what the largest change in it is kept as
_PARTS = 64  # of sums, fixed, so that they do not depend on the number of threads


class Anderson:
    """Next iterate from the last few: the combination of images whose changes cancel best.

    Parameters
    ----------
    depth : int, changes it looks back on; 0 leaves the iteration as it is

    Notes
    -----
    Anderson (1965), J. ACM 12, 547, in the form of Walker & Ni (2011), SIAM J. Numer. Anal. 49, 1715, eq. 2.2. Changes
    are kept in 16 bits: they weigh less the smaller they are.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self._images: _Changes | None = None
        self._steps: _Changes | None = None
        self.forget()

    def forget(self) -> None:
        """Restart."""
        self._last: tuple[Floats, Floats] | None = None
        self._changes = 0

    def next(self, image: Floats, step: Floats) -> Floats:
        """The next iterate.

        Parameters
        ----------
        image : (n,), what the iteration makes of the present iterate
        step : (m,), image less iterate in those entries, and with those weights, that say how far it is from the fixed
            point

        Returns
        -------
        (n,)
        """
        if self.depth == 0:
            return image
        last, self._last = self._last, (image, step)
        if last is None:
            return image
        if self._images is None or self._steps is None:
            self._images, self._steps = _Changes(self.depth, image.size), _Changes(self.depth, step.size)
            self._products = np.zeros((self.depth, self.depth))
        newest = self._changes % self.depth
        self._changes += 1
        used = min(self._changes, self.depth)
        images, steps = self._images, self._steps
        _change(image, last[0], images.value[newest], images.unit[newest])
        _change(step, last[1], steps.value[newest], steps.unit[newest])
        products, along = _products(steps.value[:used], steps.unit[:used], newest, step).sum(
            0
        )  # in the order of the parts
        self._products[newest, :used] = self._products[:used, newest] = products
        among = self._products[:used, :used]
        size = np.sqrt(np.maximum(np.diagonal(among), 1e-300))
        share = np.linalg.pinv(among / np.outer(size, size), rcond=_DEPENDENT, hermitian=True) @ (along / size) / size
        out = np.empty(image.size)
        _combine(image, share, images.value, images.unit, out)
        return out


class _Changes:
    """Changes of a vector in 16 bits, in units of their own for every block, 32767 of which are the largest change in
    it.

    Parameters
    ----------
    depth, n : int, how many, and of how many entries
    """

    def __init__(self, depth: int, n: int) -> None:
        self.value, self.unit = np.empty((depth, n), np.int16), np.empty((depth, -(-n // _BLOCK)), np.float32)


@kernel(parallel=True)
def _change(new, old, value, unit):
    """value · unit = new − old, (n,) and (blocks,), out."""
    for b in prange(unit.size):
        first, last, largest = np.uint64(b * _BLOCK), np.uint64(min((b + 1) * _BLOCK, new.size)), 0.0
        for i in range(first, last):
            largest = max(largest, abs(new[i] - old[i]))
        unit[b] = largest / _LARGEST
        per = 1.0 / np.float64(unit[b]) if unit[b] > 0.0 else 0.0
        for i in range(first, last):
            value[i] = np.int16(np.floor(per * (new[i] - old[i]) + 0.5))


@kernel(parallel=True)
def _products(value, unit, newest, step):
    """Products of all changes, (k, m) and (k, blocks), with the newest one, and with `step` (m,): (parts, 2, k), to be
    added up."""
    k, blocks = unit.shape
    part = np.empty((_PARTS, 2, k))
    for n in prange(_PARTS):
        for j in range(k):
            part[n, 0, j], part[n, 1, j] = 0.0, 0.0
        for b in range(n * blocks // _PARTS, (n + 1) * blocks // _PARTS):
            first, last = np.uint64(b * _BLOCK), np.uint64(min((b + 1) * _BLOCK, step.size))
            for j in range(k):
                one, other = np.int64(0), 0.0
                for i in range(first, last):
                    one += np.int64(np.int32(value[j, i]) * np.int32(value[newest, i]))
                    other += value[j, i] * step[i]
                part[n, 0, j] += np.float64(unit[j, b]) * unit[newest, b] * one
                part[n, 1, j] += unit[j, b] * other
    return part


@kernel(parallel=True)
def _combine(image, share, value, unit, out):
    """out = image − Σ share · changes, (n,)."""
    for b in prange(unit.shape[1]):
        first, last = np.uint64(b * _BLOCK), np.uint64(min((b + 1) * _BLOCK, image.size))
        for i in range(first, last):
            out[i] = image[i]
        for j in range(share.size):
            by = share[j] * unit[j, b]
            for i in range(first, last):
                out[i] -= by * value[j, i]
