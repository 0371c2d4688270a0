"""The shipped cell by one thread and by two: the same bits of every number that is stored."""

import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

_CHILD = "import sys, oxycell; oxycell.solve(oxycell.load('kraz-140ka')).write(sys.argv[1])"


@pytest.mark.slow
def test_bits_do_not_depend_on_threads(tmp_path):
    """On a mesh large enough for the kernels with threads, levels of the multigrid among them."""
    for threads in ("1", "2"):
        environment = {**os.environ, "NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        subprocess.run(
            [sys.executable, "-c", _CHILD, tmp_path / threads], env=environment, check=True, capture_output=True
        )
    with h5py.File(tmp_path / "1" / "fields.hdf") as one, h5py.File(tmp_path / "2" / "fields.hdf") as other:
        numbers = []

        def compare(name, item):
            if isinstance(item, h5py.Dataset) and item.dtype.kind in "iuf":
                numbers.append(name)
                assert np.array_equal(item[()], other[name][()], equal_nan=item.dtype.kind == "f"), name

        one.visititems(compare)
    assert {"oxycell/cells/temperature", "oxycell/cells/electric_potential", "oxycell/thermal/heat_owner"} <= set(
        numbers
    )
