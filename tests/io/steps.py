"""What a file of steps must be at any moment, for tests: a grid whose fields say the time, and what is wrong with a
file of it."""

import h5py
import numpy as np

from oxycell.mesh.build import lattice_mesh


def box(n):
    """A box mesh of n³ cells in two regions."""
    edges = [np.linspace(0.0, 1.0, n + 1)] * 3
    region = np.zeros((n, n, n), np.int32)
    region[n // 2 :] = 1
    return lattice_mesh(edges, region, ["low", "high"], ["steel", "bath"], ())


def static(mesh):
    return {"region": (mesh.region, {"names": list(mesh.region_names)})}


def fields(n_cells, time):
    """Fields of which every value says the time."""
    return {
        "temperature": (np.full(n_cells, time), {"units": "K"}),
        "current_density": (np.outer(np.full(n_cells, time), [1.0, 2.0, 4.0]), {"units": "A/m2"}),
        "state": (np.full(n_cells, int(time)), {"names": ["a", "b"]}),
    }


def problems(path):
    """What is wrong with a file of steps whose fields say the time, one line each; what a reader goes by is read as a
    reader does."""
    found = []
    with h5py.File(path, "r") as file:
        grid = file["VTKHDF"]
        n_cells = int(grid["NumberOfCells"][0])
        if grid["CellData/region"].shape != (n_cells,) or len(np.unique(grid["CellData/region"])) != 2:
            found.append("static field")
        steps, count = grid["Steps"], int(grid["Steps"].attrs["NSteps"])
        times = steps["Values"][...]
        if times.size != count:
            found.append(f"{times.size} times of {count} steps: VTK writes beyond its memory")
        if count < 1 or (np.diff(times) <= 0).any():
            found.append(f"times {times}")
        for k, time in enumerate(times[:count]):
            for name, (expected, _) in fields(n_cells, time).items():
                row = steps["CellDataOffsets"][name][k]
                if not np.array_equal(grid["CellData"][name][row : row + n_cells], expected):
                    found.append(f"{name} at step {k}")
    return found


def seen_by_vtk(path):
    """Steps of a file as VTK's reader gives them: list of (time, dict name → array); a single one has no
    time."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline
    from vtkmodules.vtkIOHDF import vtkHDFReader

    reader = vtkHDFReader()
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    found = []
    for time in reader.GetOutputInformation(0).Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS()) or [None]:
        if time is None:
            reader.Update()
        else:
            reader.UpdateTimeStep(time)
        data = reader.GetOutputDataObject(0).GetCellData()
        arrays = [data.GetArray(i) for i in range(data.GetNumberOfArrays())]
        found.append((time, {array.GetName(): vtk_to_numpy(array).copy() for array in arrays}))
    return found
