"""Types of arrays in signatures: they say what an array holds; shapes and units are given in the docstrings."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.integer[Any]]
Bools: TypeAlias = NDArray[np.bool_]
Array: TypeAlias = NDArray[Any]
Chosen: TypeAlias = slice | Ints
"""Which of the faces, rows or entries are meant."""
