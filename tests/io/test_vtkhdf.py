"""The files open in VTK's own reader, and hold nothing that a reader chokes on."""

import h5py
import numpy as np
import pytest
from synthetic import stack_solution

from oxycell.io.fields import surface_fields
from oxycell.io.hdf5 import write_run
from oxycell.io.vtkhdf import store, write_grid


def read(path):
    """Cells and cell arrays by VTK's reader."""
    vtk = pytest.importorskip("vtkmodules.vtkIOHDF")
    from vtkmodules.util.numpy_support import vtk_to_numpy

    reader = vtk.vtkHDFReader()
    reader.SetFileName(str(path))
    reader.Update()
    grid = reader.GetOutputDataObject(0)
    data = grid.GetCellData()
    return grid, {data.GetArrayName(i): vtk_to_numpy(data.GetArray(i)) for i in range(data.GetNumberOfArrays())}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    write_run(stack_solution(), folder)
    return folder


def test_vtk_reads_the_volume(folder):
    grid, fields = read(folder / "fields.hdf")
    assert grid.GetNumberOfCells() == 3 and {grid.GetCellType(i) for i in range(3)} == {12}
    assert grid.GetBounds() == (0.0, 1.0, 0.0, 1.0, 0.0, 3.0)
    assert fields["temperature"] == pytest.approx([1170.0, 1178.0, 1100.0])
    assert fields["electric_potential"] == pytest.approx([0.09, 0.35, 2.9])
    assert fields["current_density"] == pytest.approx(np.array([[0.0, 0.0, -100.0]] * 3))
    assert fields["joule_heat"] == pytest.approx([10.0, 40.0, 10.0])
    assert np.isnan(fields["heat_flux"][1]).all() and np.isfinite(fields["heat_flux"][[0, 2]]).all()
    assert fields["region"].tolist() == [0, 1, 2] and fields["region"].dtype == np.int32
    assert fields["anode"].tolist() == [-1, -1, 0]
    with h5py.File(folder / "fields.hdf") as file:
        cells = file["VTKHDF/CellData"]
        assert list(cells["region"].attrs["names"]) == ["metal", "bath", "anode"]
        assert cells["temperature"].attrs["units"] == "K" and cells["temperature"].dtype == np.float32


def test_vtk_reads_the_surfaces(folder):
    solution = stack_solution()
    grid, fields = read(folder / "surfaces.hdf")
    face, expected = surface_fields(solution.mesh, solution.record)
    assert grid.GetNumberOfCells() == face.size and {grid.GetCellType(i) for i in range(face.size)} == {9}
    assert set(fields) == set(expected)
    for name, (array, _) in expected.items():
        assert fields[name] == pytest.approx(array.astype(fields[name].dtype), nan_ok=True), name
    anode = fields["anode"] == 0
    assert anode.sum() == 1
    assert fields["overpotential"][anode] == pytest.approx(0.1)
    jump = fields["potential_owner"] - fields["potential_neighbour"]
    assert abs(jump[anode]) == pytest.approx(2.3, abs=1e-6)
    assert np.nanmax(fields["ledge_thickness"]) == pytest.approx(0.1)
    assert np.isnan(fields["ledge_thickness"]).sum() == face.size - 1


def test_nothing_forbidden_is_stored(folder):
    for name in ("fields.hdf", "surfaces.hdf"):
        with h5py.File(folder / name) as file:
            grid = file["VTKHDF"]
            assert list(grid.attrs["Version"]) == [1, 0] and "Steps" not in grid
            kind = grid.attrs.get_id("Type").get_type()
            assert not kind.is_variable_str() and kind.get_cset() == h5py.h5t.CSET_ASCII

            def check(path, item):
                if isinstance(item, h5py.Dataset):
                    assert item.dtype.kind in "iuf", path
                    assert not (item.ndim == 2 and item.shape[1] == 1), path
                    assert item.compression in (None, "gzip"), path
                    assert "/" not in path.split("CellData/")[-1] and "." not in path, path

            grid.visititems(check)
            assert not len(grid["FieldData"]) and not len(grid["PointData"])


def test_long_arrays_are_compressed_in_even_chunks(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        data = store(file, "x", np.zeros((300_000, 3)))
        assert (
            data.chunks == (100_000, 3) and data.compression == "gzip" and data.compression_opts == 1 and data.shuffle
        )


def test_triangles_and_quads(tmp_path):
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [2, 0, 0]], float)
    write_grid(
        tmp_path / "s.hdf", points, [0, 1, 2, 3, 1, 4, 2], [0, 4, 7], [9, 5], {"a": (np.array([1.0, np.nan]), {})}
    )
    grid, fields = read(tmp_path / "s.hdf")
    assert [grid.GetCellType(i) for i in range(2)] == [9, 5]
    assert fields["a"][0] == 1.0 and np.isnan(fields["a"][1])
