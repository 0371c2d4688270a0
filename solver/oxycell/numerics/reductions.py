"""Reductions: what all cells, rows or faces come to together. The one place where the solve path adds up over a mesh.

Balances, couplings and solvers reduce here and nowhere else (`tests/numerics/test_reductions.py` sees to it): where a
mesh is cut into parts, one for each process, the parts are added up in this file. Sums along an axis, of what faces
give to their rows, and those within kernels are local and stay where they are. The linear solvers of `numerics/lattice`
and `numerics/aggregation` add up in the order of their own blocks; GCROT of SciPy, which two searches call, by BLAS.

The order of a sum is numpy's: pairwise for `total`, that of BLAS for `dot` and `norm`.
"""

import numpy as np
from numpy.typing import ArrayLike

from oxycell.arrays import Array, Ints
from oxycell.kernel import kernel


def total(values: ArrayLike) -> float:
    """Sum of an array of any shape, pairwise, as a float; 0 of nothing."""
    return float(np.sum(values))


def totals(group: Ints, values: Array, n: int) -> Array:
    """Sums of what belongs to each group: group (k,) int, values (k,) → (n,); in the order of the values."""
    return np.bincount(group, values, n)


def largest(values: ArrayLike, least: float = 0.0) -> float:
    """Largest entry of an array, or `least` if none is larger, as a float."""
    return float(np.max(values, initial=least))


def smallest(values: ArrayLike, most: float = 0.0) -> float:
    """Smallest entry of an array, or `most` if none is smaller, as a float."""
    return float(np.min(values, initial=most))


def largest_size(values: ArrayLike, least: float = 0.0) -> float:
    """Largest absolute value of an array, or `least` if none is larger, as a float."""
    return largest(np.abs(values), least)


@kernel
def largest_where(values, counts):
    """Largest absolute value among those entries (n,) that count (n,) bool; 0 of nothing."""
    found = 0.0
    for i in range(values.size):
        if counts[i]:
            found = max(found, abs(values[i]))
    return found


def span(values: ArrayLike) -> float:
    """Largest less smallest entry of an array that is not empty, as a float."""
    return float(np.ptp(values))


def dot(one: Array, other: Array) -> float:
    """Sum of the products of two arrays (n,), as a float."""
    return float(one @ other)


def norm(values: Array) -> float:
    """Euclidean norm of an array (n,), as a float."""
    return float(np.linalg.norm(values))


def everywhere(holds: ArrayLike) -> bool:
    """Whether all of an array of truths hold; true of nothing."""
    return bool(np.all(holds))


def anywhere(holds: ArrayLike) -> bool:
    """Whether any of an array of truths holds; false of nothing."""
    return bool(np.any(holds))
