"""The flagship's meshes: the shipped case, made coarser or finer by overrides of its mesh options alone."""

CASE = "kraz-140ka"

_COARSER = ("mesh.size=400 mm", "cell.mesh.cover_cells=1")

MESHES = {
    "coarse": (*_COARSER, "mesh.growth=20", "cell.mesh.gap_cells=1", "cell.mesh.plate_cells=1", "cell.mesh.edge=200 mm"),
    "default": (),
    "fine": (*_COARSER, "mesh.growth=10", "cell.mesh.gap_cells=3", "cell.mesh.plate_cells=2", "mesh.subdivisions=2"),
    "large": ("mesh.subdivisions=2",),
}
"""Name → overrides of the case; about 59 k, 217 k, 0.75 M and 1.74 M cells."""

QUICK = ("coarse", "default")
FULL = ("coarse", "default", "fine")
